/*
 * sparsevec.c
 *	  The type sparsevec: input, output, distances, comparison.
 *
 * What vector.c is for vector, for vectors most of whose elements are zero.
 * Zeros are never stored: equal vectors have equal bytes.
 */
#include "postgres.h"

#include <endian.h>
#include <math.h>

#include "access/sparsevec.h"
#include "access/sparsevec_check.h"
#include "access/sparsevec_kernels.h"
#include "access/vector_check.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "nodes/pg_list.h"
#include "utils/elog.h"
#include "utils/palloc.h"

#define TYPE "sparsevec"

StaticAssertDecl(offsetof(SparseVector, indices) == 16,
                 "the layout of sparsevec is on disk");

SparseVector *
InitSparseVector(int dim, int nnz)
{
	Size size = SPARSEVEC_SIZE(nnz);
	SparseVector *result = palloc0(size);

	SET_VARSIZE(result, size);
	result->dim = dim;
	result->nnz = nnz;
	return result;
}

void
SparsevecCheckNnz(int32 nnz, int32 dim)
{
	if (nnz < 0)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("sparsevec cannot have negative number of elements")));
	if (nnz > SPARSEVEC_MAX_NNZ)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("sparsevec cannot have more than %d non-zero elements",
		                SPARSEVEC_MAX_NNZ)));
	if (nnz > dim)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		     errmsg("sparsevec cannot have more elements than dimensions")));
}

void
SparsevecCheckIndex(const int32 *indices, int i, int32 dim)
{
	int32 index = indices[i];

	if (index < 0 || index >= dim)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("sparsevec index out of bounds")));
	if (i > 0 && index < indices[i - 1])
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("sparsevec indices must be in ascending order")));
	if (i > 0 && index == indices[i - 1])
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_EXCEPTION),
		         errmsg("sparsevec indices must not contain duplicates")));
}

/* ---------------------------------------------------------------------------
 * Input and output
 * ---------------------------------------------------------------------------
 */

Datum
sparsevec_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_SPARSEVEC_P(
		SparsevecFromText(PG_GETARG_CSTRING(0), PG_GETARG_INT32(2)));
}

Datum
sparsevec_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(SparsevecToText(PG_GETARG_SPARSEVEC_P(0)));
}

/* n numbers of four bytes, which the network has with the upper byte first. */
static void
ReceiveWords(StringInfo buf, void *to, int n)
{
	char *p = to;

	pq_copymsgbytes(buf, to, n * (int) sizeof(uint32));
	for (int i = 0; i < n; i++, p += sizeof(uint32))
	{
		uint32 word;

		memcpy(&word, p, sizeof(word));
		word = be32toh(word);
		memcpy(p, &word, sizeof(word));
	}
}

static void
SendWords(StringInfo buf, const void *from, int n)
{
	const char *p = from;

	enlargeStringInfo(buf, n * (int) sizeof(uint32));
	for (int i = 0; i < n; i++, p += sizeof(uint32))
	{
		uint32 word;

		memcpy(&word, p, sizeof(word));
		word = htobe32(word);
		memcpy(buf->data + buf->len, &word, sizeof(word));
		buf->len += (int) sizeof(word);
	}
}

Datum
sparsevec_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int32 typmod = PG_GETARG_INT32(2);
	int32 dim = (int32) pq_getmsgint(buf, sizeof(int32));
	int32 nnz = (int32) pq_getmsgint(buf, sizeof(int32));
	int32 unused = (int32) pq_getmsgint(buf, sizeof(int32));
	SparseVector *result;
	float *values;

	VectorCheckDimUpTo(TYPE, dim, SPARSEVEC_MAX_DIM);
	SparsevecCheckNnz(nnz, dim);
	VectorCheckExpectedDim(typmod, dim);
	VectorCheckUnused(unused);
	result = InitSparseVector(dim, nnz);
	values = SPARSEVEC_VALUES(result);
	ReceiveWords(buf, result->indices, nnz);
	for (int i = 0; i < nnz; i++)
		SparsevecCheckIndex(result->indices, i, dim);
	ReceiveWords(buf, values, nnz);
	for (int i = 0; i < nnz; i++)
	{
		VectorCheckElement(TYPE, values[i]);
		if (values[i] == 0)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
			                errmsg("binary representation of sparsevec cannot "
			                       "contain zero values")));
	}
	PG_RETURN_SPARSEVEC_P(result);
}

Datum
sparsevec_send(PG_FUNCTION_ARGS)
{
	SparseVector *v = PG_GETARG_SPARSEVEC_P(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint32(&buf, v->dim);
	pq_sendint32(&buf, v->nnz);
	pq_sendint32(&buf, v->unused);
	SendWords(&buf, v->indices, v->nnz);
	SendWords(&buf, SPARSEVEC_VALUES(v), v->nnz);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

Datum
sparsevec_typmod_in(PG_FUNCTION_ARGS)
{
	List *modifiers = (List *) PG_GETARG_POINTER(0);

	PG_RETURN_INT32(VectorTypmod(TYPE, modifiers, SPARSEVEC_MAX_DIM));
}

Datum
sparsevec(PG_FUNCTION_ARGS)
{
	SparseVector *v = PG_GETARG_SPARSEVEC_P(0);

	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	PG_RETURN_SPARSEVEC_P(v);
}

/* ---------------------------------------------------------------------------
 * Distances
 * ---------------------------------------------------------------------------
 */

#define GET_PAIR(a, b)                          \
	SparseVector *a = PG_GETARG_SPARSEVEC_P(0); \
	SparseVector *b = PG_GETARG_SPARSEVEC_P(1); \
	VectorCheckDims(TYPE, a->dim, b->dim)

Datum
sparsevec_l2_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(sqrt((double) sparsevec_kernels.l2_squared(a, b)));
}

Datum
sparsevec_l2_squared_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) sparsevec_kernels.l2_squared(a, b));
}

Datum
sparsevec_inner_product(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) sparsevec_kernels.inner_product(a, b));
}

Datum
sparsevec_negative_inner_product(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) sparsevec_kernels.negative_inner_product(a, b));
}

/* The sum of the squares in float: what lies far from 1 overflows to infinity. */
static float
SquaredNorm(const SparseVector *v)
{
	const float *values = SPARSEVEC_VALUES(v);

	return vector_kernels.inner_product(values, values, v->nnz);
}

Datum
sparsevec_cosine_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8(VectorCosineDistance(sparsevec_kernels.inner_product(a, b),
	                                      SquaredNorm(a), SquaredNorm(b)));
}

Datum
sparsevec_l1_distance(PG_FUNCTION_ARGS)
{
	GET_PAIR(a, b);

	PG_RETURN_FLOAT8((double) sparsevec_kernels.l1(a, b));
}

/* ---------------------------------------------------------------------------
 * Properties
 * ---------------------------------------------------------------------------
 */

double
sparsevec_norm_internal(const SparseVector *a)
{
	return sqrt(vector_kernels.norm_squared(SPARSEVEC_VALUES(a), a->nnz));
}

Datum
sparsevec_l2_norm(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(sparsevec_norm_internal(PG_GETARG_SPARSEVEC_P(0)));
}

SparseVector *
sparsevec_normalize_internal(const SparseVector *a)
{
	const float *values = SPARSEVEC_VALUES(a);
	double norm = sparsevec_norm_internal(a);
	float *quotients = palloc(sizeof(float) * Max(a->nnz, 1));
	int nnz = 0;
	SparseVector *result;

	for (int i = 0; i < a->nnz; i++)
	{
		quotients[i] = (float) (values[i] / norm);
		if (isinf(quotients[i]))
			VectorOverflowError();
		nnz += quotients[i] != 0;
	}
	result = InitSparseVector(a->dim, nnz);
	nnz = 0;
	for (int i = 0; i < a->nnz; i++)
	{
		if (quotients[i] == 0)
			continue;
		result->indices[nnz] = a->indices[i];
		SPARSEVEC_VALUES(result)[nnz++] = quotients[i];
	}
	pfree(quotients);
	return result;
}

Datum
sparsevec_l2_normalize(PG_FUNCTION_ARGS)
{
	PG_RETURN_SPARSEVEC_P(
		sparsevec_normalize_internal(PG_GETARG_SPARSEVEC_P(0)));
}

/* ---------------------------------------------------------------------------
 * Order
 * ---------------------------------------------------------------------------
 */

/*
 * As the dense vectors: an element that only one of the two has is compared
 * with the other's zero, if the other has so many dimensions.
 */
int
sparsevec_cmp_internal(SparseVector *a, SparseVector *b)
{
	const float *x = SPARSEVEC_VALUES(a);
	const float *y = SPARSEVEC_VALUES(b);
	int n = Min(a->nnz, b->nnz);
	int i = 0;

	while (i < n && a->indices[i] == b->indices[i] && x[i] == y[i])
		i++;
	if (i < a->nnz && i < b->nnz)
	{
		if (a->indices[i] < b->indices[i])
			return x[i] < 0 ? -1 : 1;
		if (a->indices[i] > b->indices[i])
			return y[i] < 0 ? 1 : -1;
		return x[i] < y[i] ? -1 : 1;
	}
	if (i < a->nnz && a->indices[i] < b->dim)
		return x[i] < 0 ? -1 : 1;
	if (i < b->nnz && b->indices[i] < a->dim)
		return y[i] < 0 ? 1 : -1;
	return (a->dim > b->dim) - (a->dim < b->dim);
}

#define DEFINE_COMPARISON(name, op)                                            \
	Datum name(PG_FUNCTION_ARGS)                                               \
	{                                                                          \
		PG_RETURN_BOOL(sparsevec_cmp_internal(PG_GETARG_SPARSEVEC_P(0),        \
		                                      PG_GETARG_SPARSEVEC_P(1)) op 0); \
	}

DEFINE_COMPARISON(sparsevec_lt, <)
DEFINE_COMPARISON(sparsevec_le, <=)
DEFINE_COMPARISON(sparsevec_eq, ==)
DEFINE_COMPARISON(sparsevec_ne, !=)
DEFINE_COMPARISON(sparsevec_ge, >=)
DEFINE_COMPARISON(sparsevec_gt, >)

Datum
sparsevec_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(sparsevec_cmp_internal(PG_GETARG_SPARSEVEC_P(0),
	                                       PG_GETARG_SPARSEVEC_P(1)));
}
