/*
 * vector.c
 *	  The type vector: input, output, length coercion, distances, comparison.
 *
 * Texts, codes and the order of the checks are pgvector's, so that an
 * application sees the same error for the same mistake.
 */
#include "postgres.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <math.h>

#include "access/vector.h"
#include "access/vector_check.h"
#include "access/vector_kernels.h"
#include "access/vector_text.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "nodes/pg_list.h"
#include "utils/elog.h"
#include "utils/palloc.h"

#define TYPE "vector"

StaticAssertDecl(offsetof(Vector, x) == 8, "the layout of vector is on disk");

Vector *
InitVector(int dim)
{
	Size size = VECTOR_SIZE(dim);
	Vector *result = palloc0(size);

	SET_VARSIZE(result, size);
	result->dim = (int16) dim;
	return result;
}

Datum
vector_in(PG_FUNCTION_ARGS)
{
	char *lit = PG_GETARG_CSTRING(0);
	int capacity = VectorTextCapacity(lit);
	Vector *result = InitVector(capacity);
	int dim;

	dim = VectorElementsFromText(TYPE, INFINITY, lit, result->x, capacity);
	VectorCheckExpectedDim(PG_GETARG_INT32(2), dim);
	result->dim = (int16) dim;
	SET_VARSIZE(result, VECTOR_SIZE(dim));
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_out(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);

	PG_RETURN_CSTRING(VectorElementsToText(v->x, v->dim));
}

/*
 * To network byte order or from it; without alignment on either side.  true:
 * all floats are finite, if to is in host byte order.
 */
static bool
SwapElements(const char *from, char *to, int dim)
{
	const uint32 exponent = 0x7f800000;
	uint32 infinite = 0;
	int i = 0;

#ifdef __SSE2__
	const __m128i exponents = _mm_set1_epi32((int) exponent);
	__m128i found = _mm_setzero_si128();

	for (; i + 4 <= dim; i += 4)
	{
		__m128i v = _mm_loadu_si128((const __m128i *) (from + (Size) i * 4));

		/* the bytes of each half, then the halves of each word */
		v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
		v = _mm_shufflelo_epi16(v, _MM_SHUFFLE(2, 3, 0, 1));
		v = _mm_shufflehi_epi16(v, _MM_SHUFFLE(2, 3, 0, 1));
		_mm_storeu_si128((__m128i *) (to + (Size) i * 4), v);
		found = _mm_or_si128(
			found, _mm_cmpeq_epi32(_mm_and_si128(v, exponents), exponents));
	}
	infinite = (uint32) _mm_movemask_epi8(found);
#endif
	for (; i < dim; i++)
	{
		uint32 word;

		memcpy(&word, from + (Size) i * 4, 4);
		word = __builtin_bswap32(word);
		memcpy(to + (Size) i * 4, &word, 4);
		infinite |= (uint32) ((word & exponent) == exponent);
	}
	return infinite == 0;
}

Datum
vector_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int32 typmod = PG_GETARG_INT32(2);
	int dim = (uint16) pq_getmsgint(buf, sizeof(int16));
	int unused = (int16) pq_getmsgint(buf, sizeof(int16));
	Vector *result;

	VectorCheckDim(TYPE, dim);
	VectorCheckExpectedDim(typmod, dim);
	VectorCheckUnused(unused);
	result = InitVector(dim);
	if (!SwapElements(pq_getmsgbytes(buf, dim * (int) sizeof(float)),
	                  (char *) result->x, dim))
		for (int i = 0; i < dim; i++)
			VectorCheckElement(TYPE, result->x[i]);
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_send(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint16(&buf, v->dim);
	pq_sendint16(&buf, v->unused);
	enlargeStringInfo(&buf, v->dim * (int) sizeof(float));
	(void) SwapElements((const char *) v->x, buf.data + buf.len, v->dim);
	buf.len += v->dim * (int) sizeof(float);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
vector_typmod_in(PG_FUNCTION_ARGS)
{
	List *modifiers = (List *) PG_GETARG_POINTER(0);

	PG_RETURN_INT32(VectorTypmod(TYPE, modifiers, VECTOR_MAX_DIM));
}

Datum
vector(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);

	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	PG_RETURN_VECTOR_P(v);
}

/* ---------------------------------------------------------------------------
 * Distances
 * ---------------------------------------------------------------------------
 */

#define GET_PAIR(a, b)                 \
	Vector *a = PG_GETARG_VECTOR_P(0); \
	Vector *b = PG_GETARG_VECTOR_P(1); \
	VectorCheckDims(TYPE, a->dim, b->dim)

Datum
l2_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(
		sqrt((double) vector_kernels.l2_squared(a->x, b->x, a->dim)));
}

Datum
vector_l2_squared_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) vector_kernels.l2_squared(a->x, b->x, a->dim));
}

Datum
inner_product(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) vector_kernels.inner_product(a->x, b->x, a->dim));
}

Datum
vector_negative_inner_product(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(
		(double) vector_kernels.negative_inner_product(a->x, b->x, a->dim));
}

Datum
cosine_distance(PG_FUNCTION_ARGS)
{
	float ip, aa, bb;

	GET_PAIR(a, b);

	vector_kernels.cosine(a->x, b->x, a->dim, &ip, &aa, &bb);
	PG_RETURN_FLOAT8(VectorCosineDistance(ip, aa, bb));
}

Datum
vector_spherical_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(VectorSphericalDistance(
		vector_kernels.inner_product(a->x, b->x, a->dim)));
}

Datum
l1_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) vector_kernels.l1(a->x, b->x, a->dim));
}

/* ---------------------------------------------------------------------------
 * Properties and arithmetic
 * ---------------------------------------------------------------------------
 */

double
vector_norm_internal(const Vector *a)
{
	return sqrt(vector_kernels.norm_squared(a->x, a->dim));
}

Datum
vector_dims(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(PG_GETARG_VECTOR_P(0)->dim);
}

Datum
vector_norm(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(vector_norm_internal(PG_GETARG_VECTOR_P(0)));
}

static void
CheckOverflow(const Vector *v)
{
	for (int i = 0; i < v->dim; i++)
	{
		if (isinf(v->x[i]))
			VectorOverflowError();
	}
}

Vector *
vector_normalize_internal(const Vector *a)
{
	double norm = vector_norm_internal(a);
	Vector *result = InitVector(a->dim);

	if (norm > 0)
	{
		for (int i = 0; i < a->dim; i++)
			result->x[i] = (float) (a->x[i] / norm);
		CheckOverflow(result);
	}
	return result;
}

Datum
l2_normalize(PG_FUNCTION_ARGS)
{
	PG_RETURN_VECTOR_P(vector_normalize_internal(PG_GETARG_VECTOR_P(0)));
}

Datum
subvector(PG_FUNCTION_ARGS)
{
	Vector *a = PG_GETARG_VECTOR_P(0);
	int length;
	int first = VectorSubRange(TYPE, a->dim, PG_GETARG_INT32(1),
	                           PG_GETARG_INT32(2), &length);
	Vector *result = InitVector(length);

	memcpy(result->x, a->x + first, sizeof(float) * length);
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_add(PG_FUNCTION_ARGS)
{
	Vector *result;

	GET_PAIR(a, b);

	result = InitVector(a->dim);
	for (int i = 0; i < a->dim; i++)
		result->x[i] = a->x[i] + b->x[i];
	CheckOverflow(result);
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_sub(PG_FUNCTION_ARGS)
{
	Vector *result;

	GET_PAIR(a, b);

	result = InitVector(a->dim);
	for (int i = 0; i < a->dim; i++)
		result->x[i] = a->x[i] - b->x[i];
	CheckOverflow(result);
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_mul(PG_FUNCTION_ARGS)
{
	Vector *result;

	GET_PAIR(a, b);

	result = InitVector(a->dim);
	for (int i = 0; i < a->dim; i++)
		result->x[i] = a->x[i] * b->x[i];
	CheckOverflow(result);
	for (int i = 0; i < a->dim; i++)
	{
		if (result->x[i] == 0 && a->x[i] != 0 && b->x[i] != 0)
			VectorUnderflowError();
	}
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_concat(PG_FUNCTION_ARGS)
{
	Vector *a = PG_GETARG_VECTOR_P(0);
	Vector *b = PG_GETARG_VECTOR_P(1);
	Vector *result;

	VectorCheckDim(TYPE, a->dim + b->dim);
	result = InitVector(a->dim + b->dim);
	memcpy(result->x, a->x, sizeof(float) * a->dim);
	memcpy(result->x + a->dim, b->x, sizeof(float) * b->dim);
	PG_RETURN_VECTOR_P(result);
}

/* ---------------------------------------------------------------------------
 * Order
 * ---------------------------------------------------------------------------
 */

int
vector_cmp_internal(Vector *a, Vector *b)
{
	int dim = Min(a->dim, b->dim);

	for (int i = 0; i < dim; i++)
	{
		if (a->x[i] < b->x[i])
			return -1;
		if (a->x[i] > b->x[i])
			return 1;
	}
	return (a->dim > b->dim) - (a->dim < b->dim);
}

#define DEFINE_COMPARISON(name, op)                                      \
	Datum name(PG_FUNCTION_ARGS)                                         \
	{                                                                    \
		PG_RETURN_BOOL(vector_cmp_internal(PG_GETARG_VECTOR_P(0),        \
		                                   PG_GETARG_VECTOR_P(1)) op 0); \
	}

DEFINE_COMPARISON(vector_lt, <)
DEFINE_COMPARISON(vector_le, <=)
DEFINE_COMPARISON(vector_eq, ==)
DEFINE_COMPARISON(vector_ne, !=)
DEFINE_COMPARISON(vector_ge, >=)
DEFINE_COMPARISON(vector_gt, >)

Datum
vector_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(
		vector_cmp_internal(PG_GETARG_VECTOR_P(0), PG_GETARG_VECTOR_P(1)));
}
