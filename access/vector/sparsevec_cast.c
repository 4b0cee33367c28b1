/*
 * sparsevec_cast.c
 *	  Casts between sparsevec and vector, halfvec, arrays.
 *
 * What becomes sparse loses its zeros, -0 among them.  Each cast checks the
 * limits of its target, in pgvector's order: dimensions, typmod, elements.
 */
#include "postgres.h"

#include "access/half.h"
#include "access/halfvec.h"
#include "access/sparsevec.h"
#include "access/sparsevec_check.h"
#include "access/vector.h"
#include "access/vector_array.h"
#include "access/vector_check.h"

/* The elements of x that are not zero. */
static SparseVector *
FloatsToSparsevec(const float *x, int dim)
{
	SparseVector *result;
	float *values;
	int nnz = 0;

	for (int i = 0; i < dim; i++)
		nnz += x[i] != 0;
	SparsevecCheckNnz(nnz, dim);
	result = InitSparseVector(dim, nnz);
	values = SPARSEVEC_VALUES(result);
	nnz = 0;
	for (int i = 0; i < dim; i++)
	{
		if (x[i] == 0)
			continue;
		VectorCheckElement("sparsevec", x[i]);
		result->indices[nnz] = i;
		values[nnz++] = x[i];
	}
	return result;
}

Datum
array_to_sparsevec(PG_FUNCTION_ARGS)
{
	int dim;
	float *x =
		VectorArrayToFloats("sparsevec", SPARSEVEC_MAX_DIM,
	                        PG_GETARG_ARRAYTYPE_P(0), PG_GETARG_INT32(1), &dim);

	PG_RETURN_SPARSEVEC_P(FloatsToSparsevec(x, dim));
}

Datum
vector_to_sparsevec(PG_FUNCTION_ARGS)
{
	Vector *v = PG_GETARG_VECTOR_P(0);

	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	PG_RETURN_SPARSEVEC_P(FloatsToSparsevec(v->x, v->dim));
}

Datum
halfvec_to_sparsevec(PG_FUNCTION_ARGS)
{
	HalfVector *v = PG_GETARG_HALFVEC_P(0);
	float *x = palloc(sizeof(float) * v->dim);

	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	for (int i = 0; i < v->dim; i++)
		x[i] = HalfToFloat4(v->x[i]);
	PG_RETURN_SPARSEVEC_P(FloatsToSparsevec(x, v->dim));
}

/* Input lets no other index in: only a damaged page can have one. */
static inline void
CheckStoredIndex(const SparseVector *v, int i)
{
	if (unlikely(v->indices[i] < 0 || v->indices[i] >= v->dim))
		elog(ERROR, "index out of bounds");
}

Datum
sparsevec_to_vector(PG_FUNCTION_ARGS)
{
	SparseVector *v = PG_GETARG_SPARSEVEC_P(0);
	const float *values = SPARSEVEC_VALUES(v);
	Vector *result;

	VectorCheckDim("vector", v->dim);
	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	result = InitVector(v->dim);
	for (int i = 0; i < v->nnz; i++)
	{
		CheckStoredIndex(v, i);
		result->x[v->indices[i]] = values[i];
	}
	PG_RETURN_VECTOR_P(result);
}

Datum
sparsevec_to_halfvec(PG_FUNCTION_ARGS)
{
	SparseVector *v = PG_GETARG_SPARSEVEC_P(0);
	const float *values = SPARSEVEC_VALUES(v);
	HalfVector *result;

	VectorCheckDim("halfvec", v->dim);
	VectorCheckExpectedDim(PG_GETARG_INT32(1), v->dim);
	result = InitHalfVector(v->dim);
	for (int i = 0; i < v->nnz; i++)
	{
		CheckStoredIndex(v, i);
		result->x[v->indices[i]] = Float4ToHalf(values[i]);
	}
	PG_RETURN_HALFVEC_P(result);
}
