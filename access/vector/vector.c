/*
 * vector.c
 *	  The type vector: input, output, length coercion, comparison.
 *
 * Texts, codes and the order of the checks are pgvector's, so that an
 * application sees the same error for the same mistake.
 */
#include "postgres.h"

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <float.h>
#include <math.h>

#include "access/vector.h"
#include "access/vector_kernels.h"
#include "access/vector_text.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "nodes/pg_list.h"
#include "utils/builtins.h"
#include "utils/elog.h"
#include "utils/palloc.h"

StaticAssertDecl(offsetof(Vector, x) == 8, "the layout of vector is on disk");

static void
CheckDim(int dim)
{
	if (dim < 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("vector must have at least 1 dimension")));
	if (dim > VECTOR_MAX_DIM)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("vector cannot have more than %d dimensions",
		                       VECTOR_MAX_DIM)));
}

static void
CheckExpectedDim(int32 typmod, int dim)
{
	if (typmod != -1 && typmod != dim)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("expected %d dimensions, not %d", typmod, dim)));
}

static void
CheckElement(float value)
{
	if (isnan(value))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("NaN not allowed in vector")));
	if (isinf(value))
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("infinite value not allowed in vector")));
}

Vector *
InitVector(int dim)
{
	Size size = VECTOR_SIZE(dim);
	Vector *result = palloc0(size);

	SET_VARSIZE(result, size);
	result->dim = (int16) dim;
	return result;
}

/* The whitespace of C, whatever the locale says. */
static inline bool
IsSpace(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char *
SkipSpace(char *p)
{
	while (IsSpace(*p))
		p++;
	return p;
}

static void
SyntaxError(const char *lit, const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
	                errmsg("invalid input syntax for type vector: \"%s\"", lit),
	                detail ? errdetail("%s", detail) : 0));
}

/* One number at *p, which is moved behind it. */
static float
ParseElement(const char *lit, char **p)
{
	char *start = *p;
	float value;

	if (*start == '\0')
		SyntaxError(lit, NULL);
	errno = 0;
	value = VectorElementFromText(start, p);
	if (*p == start)
		SyntaxError(lit, NULL);
	if (errno == ERANGE && isinf(value))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("\"%s\" is out of range for type vector",
		                       pnstrdup(start, *p - start))));
	CheckElement(value);
	return value;
}

Datum
vector_in(PG_FUNCTION_ARGS)
{
	char *lit = PG_GETARG_CSTRING(0);
	int32 typmod = PG_GETARG_INT32(2);
	char *p = SkipSpace(lit);
	int capacity = 1;
	int dim = 0;
	Vector *result;

	if (*p != '[')
		SyntaxError(lit, "Vector contents must start with \"[\".");
	p = SkipSpace(p + 1);
	if (*p == ']')
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("vector must have at least 1 dimension")));

	for (char *c = p; (c = strchr(c, ',')) != NULL; c++)
		if (++capacity >= VECTOR_MAX_DIM)
			break;
	result = InitVector(capacity);

	for (;;)
	{
		if (dim == VECTOR_MAX_DIM)
			CheckDim(dim + 1);
		p = SkipSpace(p);
		Assert(dim < capacity);
		result->x[dim++] = ParseElement(lit, &p);
		p = SkipSpace(p);
		if (*p == ']')
			break;
		if (*p != ',')
			SyntaxError(lit, NULL);
		p++;
	}
	if (*SkipSpace(p + 1) != '\0')
		SyntaxError(lit, "Junk after closing right brace.");
	CheckExpectedDim(typmod, dim);

	/* commas after the closing bracket cannot be: all of it was read */
	Assert(dim == capacity);
	result->dim = (int16) dim;
	SET_VARSIZE(result, VECTOR_SIZE(dim));
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_out(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);
	char *buf = palloc((Size) VECTOR_ELEMENT_TEXT * v->dim + 3);
	char *p = buf;

	*p++ = '[';
	for (int i = 0; i < v->dim; i++)
	{
		if (i > 0)
			*p++ = ',';
		p += VectorElementToText(v->x[i], p);
	}
	*p++ = ']';
	*p = '\0';
	PG_RETURN_CSTRING(buf);
}

Datum
vector_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int32 typmod = PG_GETARG_INT32(2);
	int dim = (uint16) pq_getmsgint(buf, sizeof(int16));
	int unused = (int16) pq_getmsgint(buf, sizeof(int16));
	Vector *result;

	CheckDim(dim);
	CheckExpectedDim(typmod, dim);
	if (unused != 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("expected unused to be 0, not %d", unused)));
	result = InitVector(dim);
	pq_copymsgbytes(buf, result->x, dim * (int) sizeof(float));
	for (int i = 0; i < dim; i++)
	{
		uint32 word;

		memcpy(&word, &result->x[i], sizeof(word));
		word = be32toh(word);
		memcpy(&result->x[i], &word, sizeof(word));
		CheckElement(result->x[i]);
	}
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
	for (int i = 0; i < v->dim; i++)
	{
		uint32 word;

		memcpy(&word, &v->x[i], sizeof(word));
		word = htobe32(word);
		memcpy(buf.data + buf.len, &word, sizeof(word));
		buf.len += (int) sizeof(word);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* There are no arrays: the modifiers come as a List of cstring. */
Datum
vector_typmod_in(PG_FUNCTION_ARGS)
{
	List *mods = (List *) PG_GETARG_POINTER(0);
	int32 dim;

	if (list_length(mods) != 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid type modifier")));
	dim = pg_strtoint32((char *) linitial(mods));
	if (dim < 1)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("dimensions for type vector must be at least 1")));
	if (dim > VECTOR_MAX_DIM)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("dimensions for type vector cannot exceed %d",
		                       VECTOR_MAX_DIM)));
	PG_RETURN_INT32(dim);
}

Datum
vector(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);

	CheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	PG_RETURN_VECTOR_P(v);
}

/* ---------------------------------------------------------------------------
 * Distances
 * ---------------------------------------------------------------------------
 */

static void
CheckDims(Vector *a, Vector *b)
{
	if (a->dim != b->dim)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("different vector dimensions %d and %d", a->dim,
		                       b->dim)));
}

#define GET_PAIR(a, b)                 \
	Vector *a = PG_GETARG_VECTOR_P(0); \
	Vector *b = PG_GETARG_VECTOR_P(1); \
	CheckDims(a, b)

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

/* Rounding may leave [-1, 1]; NaN stays NaN. */
static double
Clamp(double cosine)
{
	if (cosine > 1)
		return 1;
	if (cosine < -1)
		return -1;
	return cosine;
}

Datum
cosine_distance(PG_FUNCTION_ARGS)
{
	float ip, aa, bb;

	GET_PAIR(a, b);

	vector_kernels.cosine(a->x, b->x, a->dim, &ip, &aa, &bb);
	PG_RETURN_FLOAT8(1 - Clamp((double) ip / sqrt((double) aa * (double) bb)));
}

Datum
vector_spherical_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(
		acos(Clamp((double) vector_kernels.inner_product(a->x, b->x, a->dim))) /
		M_PI);
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
			ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			                errmsg("value out of range: overflow")));
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

/* As substring(): counted from 1, what lies before the start is cut off. */
Datum
subvector(PG_FUNCTION_ARGS)
{
	Vector *a = PG_GETARG_VECTOR_P(0);
	int64 start = PG_GETARG_INT32(1);
	int64 count = PG_GETARG_INT32(2);
	int64 end;
	Vector *result;

	if (count < 1)
		CheckDim(0);
	end = Min(start + count, (int64) a->dim + 1);
	start = Max(start, 1);
	CheckDim(end > start ? (int) (end - start) : 0);
	result = InitVector((int) (end - start));
	memcpy(result->x, a->x + start - 1, sizeof(float) * result->dim);
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
			ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			                errmsg("value out of range: underflow")));
	}
	PG_RETURN_VECTOR_P(result);
}

Datum
vector_concat(PG_FUNCTION_ARGS)
{
	Vector *a = PG_GETARG_VECTOR_P(0);
	Vector *b = PG_GETARG_VECTOR_P(1);
	Vector *result;

	CheckDim(a->dim + b->dim);
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
