/*
 * access/sparsevec.h
 *	  The type "sparsevec": the elements of a vector that are not zero.
 *
 * Layout and limits are pgvector's.  Indices count from 0 here and in the
 * binary format, from 1 in texts.
 */
#ifndef ACCESS_SPARSEVEC_H
#define ACCESS_SPARSEVEC_H

#include "fmgr.h"

#define SPARSEVEC_MAX_DIM 1000000000
#define SPARSEVEC_MAX_NNZ 16000

/* A varlena with a 4-byte header wherever this struct is used. */
typedef struct SparseVector
{
	int32 vl_len_; /* varlena header: use SET_VARSIZE and VARSIZE */
	int32 dim;     /* number of dimensions, 1..SPARSEVEC_MAX_DIM */
	int32 nnz;     /* elements that are there, 0..SPARSEVEC_MAX_NNZ */
	int32 unused;  /* always 0: part of what a byte comparison compares */
	int32 indices[FLEXIBLE_ARRAY_MEMBER]; /* ascending, no two the same */
	/* nnz floats follow: finite, none of them zero */
} SparseVector;

#define SPARSEVEC_SIZE(_nnz) \
	(offsetof(SparseVector, indices) + (_nnz) * (sizeof(int32) + sizeof(float)))
#define SPARSEVEC_VALUES(x) ((float *) ((x)->indices + (x)->nnz))

/* As for vector: a copy if the value has a short varlena header. */
#define DatumGetSparseVector(d) ((SparseVector *) PG_DETOAST_DATUM(d))
#define PG_GETARG_SPARSEVEC_P(n) DatumGetSparseVector(PG_GETARG_DATUM(n))
#define PG_RETURN_SPARSEVEC_P(x) PG_RETURN_POINTER(x)

/* In the current context; indices and values are all zeros. */
extern SparseVector *InitSparseVector(int dim, int nnz);
extern int sparsevec_cmp_internal(SparseVector *a, SparseVector *b);
extern double sparsevec_norm_internal(const SparseVector *a);

/*
 * A new vector a / |a| in the current context, without the elements that became
 * zero.  An element that leaves the range of float raises 22003.
 */
extern SparseVector *sparsevec_normalize_internal(const SparseVector *a);

/* input and output */
extern Datum sparsevec_in(PG_FUNCTION_ARGS);
extern Datum sparsevec_out(PG_FUNCTION_ARGS);
extern Datum sparsevec_recv(PG_FUNCTION_ARGS);
extern Datum sparsevec_send(PG_FUNCTION_ARGS);
extern Datum sparsevec_typmod_in(PG_FUNCTION_ARGS);

/* casts: (value, int4, bool) */
extern Datum sparsevec(PG_FUNCTION_ARGS);
extern Datum vector_to_sparsevec(PG_FUNCTION_ARGS);
extern Datum sparsevec_to_vector(PG_FUNCTION_ARGS);
extern Datum halfvec_to_sparsevec(PG_FUNCTION_ARGS);
extern Datum sparsevec_to_halfvec(PG_FUNCTION_ARGS);
extern Datum array_to_sparsevec(PG_FUNCTION_ARGS);

/* distances: (sparsevec, sparsevec) -> float8 */
extern Datum sparsevec_l2_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_l2_squared_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_inner_product(PG_FUNCTION_ARGS);
extern Datum sparsevec_negative_inner_product(PG_FUNCTION_ARGS);
extern Datum sparsevec_cosine_distance(PG_FUNCTION_ARGS);
extern Datum sparsevec_l1_distance(PG_FUNCTION_ARGS);

/* properties */
extern Datum sparsevec_l2_norm(PG_FUNCTION_ARGS);
extern Datum sparsevec_l2_normalize(PG_FUNCTION_ARGS);

/* order: that of the dense vectors */
extern Datum sparsevec_lt(PG_FUNCTION_ARGS);
extern Datum sparsevec_le(PG_FUNCTION_ARGS);
extern Datum sparsevec_eq(PG_FUNCTION_ARGS);
extern Datum sparsevec_ne(PG_FUNCTION_ARGS);
extern Datum sparsevec_ge(PG_FUNCTION_ARGS);
extern Datum sparsevec_gt(PG_FUNCTION_ARGS);
extern Datum sparsevec_cmp(PG_FUNCTION_ARGS);

#endif /* ACCESS_SPARSEVEC_H */
