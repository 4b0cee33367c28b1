/*
 * halfvec.c
 *	  The type halfvec: input, output, casts, distances, comparison.
 *
 * What vector.c is for vector.  A half is stored only: texts, sums and
 * arithmetic are those of float, and a result is rounded to half once.
 */
#include "postgres.h"

#include <endian.h>
#include <math.h>

#include "access/half_kernels.h"
#include "access/halfvec.h"
#include "access/vector.h"
#include "access/vector_check.h"
#include "access/vector_text.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/palloc.h"

#define TYPE "halfvec"

StaticAssertDecl(offsetof(HalfVector, x) == 8,
                 "the layout of halfvec is on disk");
StaticAssertDecl(HALFVEC_MAX_DIM == VECTOR_MAX_DIM,
                 "the checks of dimensions are shared");

HalfVector *
InitHalfVector(int dim)
{
	Size size = HALFVEC_SIZE(dim);
	HalfVector *result = palloc0(size);

	SET_VARSIZE(result, size);
	result->dim = (int16) dim;
	return result;
}

half
Float4ToHalf(float value)
{
	half result = Float4ToHalfUnchecked(value);

	if (unlikely(HalfIsInf(result) && !isinf(value)))
	{
		char text[VECTOR_ELEMENT_TEXT];

		float_to_shortest_decimal_buf(value, text);
		ereport(ERROR,
		        (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		         errmsg("\"%s\" is out of range for type halfvec", text)));
	}
	return result;
}

static inline void
CheckElement(half value)
{
	VectorCheckElement(TYPE, HalfToFloat4(value));
}

/* ---------------------------------------------------------------------------
 * Input and output
 * ---------------------------------------------------------------------------
 */

Datum
halfvec_in(PG_FUNCTION_ARGS)
{
	char *lit = PG_GETARG_CSTRING(0);
	int capacity = VectorTextCapacity(lit);
	float *x = palloc(sizeof(float) * capacity);
	HalfVector *result;
	int dim;

	dim = VectorElementsFromText(TYPE, HALF_OVERFLOW, lit, x, capacity);
	VectorCheckExpectedDim(PG_GETARG_INT32(2), dim);
	result = InitHalfVector(dim);
	half_kernels.from_float(x, result->x, dim);
	pfree(x);
	PG_RETURN_HALFVEC_P(result);
}

Datum
halfvec_out(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);
	float *x = palloc(sizeof(float) * v->dim);
	char *text;

	half_kernels.to_float(v->x, x, v->dim);
	text = VectorElementsToText(x, v->dim);
	pfree(x);
	PG_RETURN_CSTRING(text);
}

Datum
halfvec_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int32 typmod = PG_GETARG_INT32(2);
	int dim = (uint16) pq_getmsgint(buf, sizeof(int16));
	int unused = (int16) pq_getmsgint(buf, sizeof(int16));
	HalfVector *result;

	VectorCheckDim(TYPE, dim);
	VectorCheckExpectedDim(typmod, dim);
	VectorCheckUnused(unused);
	result = InitHalfVector(dim);
	pq_copymsgbytes(buf, result->x, dim * (int) sizeof(half));
	for (int i = 0; i < dim; i++)
	{
		result->x[i] = be16toh(result->x[i]);
		CheckElement(result->x[i]);
	}
	PG_RETURN_HALFVEC_P(result);
}

Datum
halfvec_send(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint16(&buf, v->dim);
	pq_sendint16(&buf, v->unused);
	for (int i = 0; i < v->dim; i++)
		pq_sendint16(&buf, v->x[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
halfvec_typmod_in(PG_FUNCTION_ARGS)
{
	List *modifiers = (List *) PG_GETARG_POINTER(0);

	PG_RETURN_INT32(VectorTypmod(TYPE, modifiers, HALFVEC_MAX_DIM));
}

/* ---------------------------------------------------------------------------
 * Casts
 * ---------------------------------------------------------------------------
 */

Datum
halfvec(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);

	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	PG_RETURN_HALFVEC_P(v);
}

Datum
vector_to_halfvec(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);
	HalfVector *result;

	VectorCheckDim(TYPE, v->dim);
	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	result = InitHalfVector(v->dim);
	for (int i = 0; i < v->dim; i++)
		result->x[i] = Float4ToHalf(v->x[i]);
	PG_RETURN_HALFVEC_P(result);
}

Datum
halfvec_to_vector(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);
	Vector *result;

	VectorCheckDim("vector", v->dim);
	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	result = InitVector(v->dim);
	half_kernels.to_float(v->x, result->x, v->dim);
	PG_RETURN_VECTOR_P(result);
}

/* ---------------------------------------------------------------------------
 * Distances
 * ---------------------------------------------------------------------------
 */

#define GET_PAIR(a, b)                      \
	HalfVector *a = PG_GETARG_HALFVEC_P(0); \
	HalfVector *b = PG_GETARG_HALFVEC_P(1); \
	VectorCheckDims(TYPE, a->dim, b->dim)

Datum
halfvec_l2_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(
		sqrt((double) half_kernels.l2_squared(a->x, b->x, a->dim)));
}

Datum
halfvec_l2_squared_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) half_kernels.l2_squared(a->x, b->x, a->dim));
}

Datum
halfvec_inner_product(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) half_kernels.inner_product(a->x, b->x, a->dim));
}

Datum
halfvec_negative_inner_product(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(
		(double) half_kernels.negative_inner_product(a->x, b->x, a->dim));
}

Datum
halfvec_cosine_distance(PG_FUNCTION_ARGS)
{
	float ip, aa, bb;

	GET_PAIR(a, b);

	half_kernels.cosine(a->x, b->x, a->dim, &ip, &aa, &bb);
	PG_RETURN_FLOAT8(VectorCosineDistance(ip, aa, bb));
}

Datum
halfvec_spherical_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(VectorSphericalDistance(
		half_kernels.inner_product(a->x, b->x, a->dim)));
}

Datum
halfvec_l1_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) half_kernels.l1(a->x, b->x, a->dim));
}

/* ---------------------------------------------------------------------------
 * Properties and arithmetic
 * ---------------------------------------------------------------------------
 */

double
halfvec_norm_internal(const HalfVector *a)
{
	return sqrt(half_kernels.norm_squared(a->x, a->dim));
}

Datum
halfvec_vector_dims(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(PG_GETARG_HALFVEC_P(0)->dim);
}

Datum
halfvec_l2_norm(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(halfvec_norm_internal(PG_GETARG_HALFVEC_P(0)));
}

static void
CheckOverflow(const HalfVector *v)
{
	for (int i = 0; i < v->dim; i++)
	{
		if (HalfIsInf(v->x[i]))
			VectorOverflowError();
	}
}

HalfVector *
halfvec_normalize_internal(const HalfVector *a)
{
	double norm = halfvec_norm_internal(a);
	HalfVector *result = InitHalfVector(a->dim);

	if (norm > 0)
	{
		for (int i = 0; i < a->dim; i++)
			result->x[i] =
				Float4ToHalfUnchecked((float) (HalfToFloat4(a->x[i]) / norm));
		CheckOverflow(result);
	}
	return result;
}

Datum
halfvec_l2_normalize(PG_FUNCTION_ARGS)
{
	PG_RETURN_HALFVEC_P(halfvec_normalize_internal(PG_GETARG_HALFVEC_P(0)));
}

Datum
halfvec_subvector(PG_FUNCTION_ARGS)
{
	HalfVector *a = PG_GETARG_HALFVEC_P(0);
	int length;
	int first = VectorSubRange(TYPE, a->dim, PG_GETARG_INT32(1),
	                           PG_GETARG_INT32(2), &length);
	HalfVector *result = InitHalfVector(length);

	memcpy(result->x, a->x + first, sizeof(half) * length);
	PG_RETURN_HALFVEC_P(result);
}

/* Each pair of elements by op, in float, rounded to half. */
#define DEFINE_ARITHMETIC(function, op)                                   \
	static HalfVector *function(const HalfVector *a, const HalfVector *b) \
	{                                                                     \
		HalfVector *result = InitHalfVector(a->dim);                      \
                                                                          \
		for (int i = 0; i < a->dim; i++)                                  \
			result->x[i] = Float4ToHalfUnchecked(                         \
				HalfToFloat4(a->x[i]) op HalfToFloat4(b->x[i]));          \
		CheckOverflow(result);                                            \
		return result;                                                    \
	}

DEFINE_ARITHMETIC(AddHalves, +)
DEFINE_ARITHMETIC(SubtractHalves, -)
DEFINE_ARITHMETIC(MultiplyHalves, *)

Datum
halfvec_add(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_HALFVEC_P(AddHalves(a, b));
}

Datum
halfvec_sub(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_HALFVEC_P(SubtractHalves(a, b));
}

Datum
halfvec_mul(PG_FUNCTION_ARGS)
{
	HalfVector *result;

	GET_PAIR(a, b);

	result = MultiplyHalves(a, b);
	for (int i = 0; i < a->dim; i++)
	{
		if (HalfIsZero(result->x[i]) && !HalfIsZero(a->x[i]) &&
		    !HalfIsZero(b->x[i]))
			VectorUnderflowError();
	}
	PG_RETURN_HALFVEC_P(result);
}

Datum
halfvec_concat(PG_FUNCTION_ARGS)
{
	HalfVector *a = PG_GETARG_HALFVEC_P(0);
	HalfVector *b = PG_GETARG_HALFVEC_P(1);
	HalfVector *result;

	VectorCheckDim(TYPE, a->dim + b->dim);
	result = InitHalfVector(a->dim + b->dim);
	memcpy(result->x, a->x, sizeof(half) * a->dim);
	memcpy(result->x + a->dim, b->x, sizeof(half) * b->dim);
	PG_RETURN_HALFVEC_P(result);
}

/* ---------------------------------------------------------------------------
 * Order
 * ---------------------------------------------------------------------------
 */

int
halfvec_cmp_internal(HalfVector *a, HalfVector *b)
{
	int dim = Min(a->dim, b->dim);

	for (int i = 0; i < dim; i++)
	{
		float x = HalfToFloat4(a->x[i]);
		float y = HalfToFloat4(b->x[i]);

		if (x < y)
			return -1;
		if (x > y)
			return 1;
	}
	return (a->dim > b->dim) - (a->dim < b->dim);
}

#define DEFINE_COMPARISON(name, op)                                        \
	Datum name(PG_FUNCTION_ARGS)                                           \
	{                                                                      \
		PG_RETURN_BOOL(halfvec_cmp_internal(PG_GETARG_HALFVEC_P(0),        \
		                                    PG_GETARG_HALFVEC_P(1)) op 0); \
	}

DEFINE_COMPARISON(halfvec_lt, <)
DEFINE_COMPARISON(halfvec_le, <=)
DEFINE_COMPARISON(halfvec_eq, ==)
DEFINE_COMPARISON(halfvec_ne, !=)
DEFINE_COMPARISON(halfvec_ge, >=)
DEFINE_COMPARISON(halfvec_gt, >)

Datum
halfvec_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(
		halfvec_cmp_internal(PG_GETARG_HALFVEC_P(0), PG_GETARG_HALFVEC_P(1)));
}
