/*
 * access/halfvec.h
 *	  The type "halfvec": a dense array of half-precision numbers.
 *
 * As access/vector.h, in half of the space; layout and limits are pgvector's.
 */
#ifndef ACCESS_HALFVEC_H
#define ACCESS_HALFVEC_H

#include "access/half.h"
#include "fmgr.h"

#define HALFVEC_MAX_DIM 16000

/* A varlena with a 4-byte header wherever this struct is used. */
typedef struct HalfVector
{
	int32 vl_len_; /* varlena header: use SET_VARSIZE and VARSIZE */
	int16 dim;     /* number of elements, 1..HALFVEC_MAX_DIM */
	int16 unused;  /* always 0: part of what a byte comparison compares */
	half x[FLEXIBLE_ARRAY_MEMBER];
} HalfVector;

#define HALFVEC_SIZE(_dim) (offsetof(HalfVector, x) + sizeof(half) * (_dim))

/* As for vector: a copy if the value has a short varlena header. */
#define DatumGetHalfVector(d) ((HalfVector *) PG_DETOAST_DATUM(d))
#define PG_GETARG_HALFVEC_P(n) DatumGetHalfVector(PG_GETARG_DATUM(n))
#define PG_RETURN_HALFVEC_P(x) PG_RETURN_POINTER(x)

/* In the current context, all zeros. */
extern HalfVector *InitHalfVector(int dim);
extern int halfvec_cmp_internal(HalfVector *a, HalfVector *b);
extern double halfvec_norm_internal(const HalfVector *a);

/*
 * A new vector a / |a| in the current context; the zero vector stays zero.
 * An element that leaves the range of half raises 22003.
 */
extern HalfVector *halfvec_normalize_internal(const HalfVector *a);

/* input and output */
extern Datum halfvec_in(PG_FUNCTION_ARGS);
extern Datum halfvec_out(PG_FUNCTION_ARGS);
extern Datum halfvec_recv(PG_FUNCTION_ARGS);
extern Datum halfvec_send(PG_FUNCTION_ARGS);
extern Datum halfvec_typmod_in(PG_FUNCTION_ARGS);

/* casts: (value, int4, bool) */
extern Datum halfvec(PG_FUNCTION_ARGS);
extern Datum vector_to_halfvec(PG_FUNCTION_ARGS);
extern Datum halfvec_to_vector(PG_FUNCTION_ARGS);

/* distances: (halfvec, halfvec) -> float8 */
extern Datum halfvec_l2_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_squared_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_inner_product(PG_FUNCTION_ARGS);
extern Datum halfvec_negative_inner_product(PG_FUNCTION_ARGS);
extern Datum halfvec_cosine_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_spherical_distance(PG_FUNCTION_ARGS);
extern Datum halfvec_l1_distance(PG_FUNCTION_ARGS);

/* properties and arithmetic */
extern Datum halfvec_vector_dims(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_norm(PG_FUNCTION_ARGS);
extern Datum halfvec_l2_normalize(PG_FUNCTION_ARGS);
extern Datum halfvec_subvector(PG_FUNCTION_ARGS);
extern Datum halfvec_add(PG_FUNCTION_ARGS);
extern Datum halfvec_sub(PG_FUNCTION_ARGS);
extern Datum halfvec_mul(PG_FUNCTION_ARGS);
extern Datum halfvec_concat(PG_FUNCTION_ARGS);

/* order: element by element, then the shorter is less */
extern Datum halfvec_lt(PG_FUNCTION_ARGS);
extern Datum halfvec_le(PG_FUNCTION_ARGS);
extern Datum halfvec_eq(PG_FUNCTION_ARGS);
extern Datum halfvec_ne(PG_FUNCTION_ARGS);
extern Datum halfvec_ge(PG_FUNCTION_ARGS);
extern Datum halfvec_gt(PG_FUNCTION_ARGS);
extern Datum halfvec_cmp(PG_FUNCTION_ARGS);

#endif /* ACCESS_HALFVEC_H */
