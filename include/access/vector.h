/*
 * vector.h
 *	  The type "vector": a dense array of single-precision numbers.
 *
 * Layout and limits are pgvector's: a value written here is read there and the
 * other way round.  The functions below are the SQL-callable ones; their rows
 * of pg_proc are in sql/catalog.  All are immutable and strict.
 */
#ifndef ACCESS_VECTOR_H
#define ACCESS_VECTOR_H

#include "fmgr.h"

#define VECTOR_MAX_DIM 16000

/* A varlena with a 4-byte header wherever this struct is used. */
typedef struct Vector
{
	int32 vl_len_; /* varlena header: use SET_VARSIZE and VARSIZE */
	int16 dim;     /* number of elements, 1..VECTOR_MAX_DIM */
	int16 unused;  /* always 0: part of what a byte comparison compares */
	float x[FLEXIBLE_ARRAY_MEMBER];
} Vector;

#define VECTOR_SIZE(_dim) (offsetof(Vector, x) + sizeof(float) * (_dim))

/*
 * A heap tuple may hold a short varlena header: the macro returns a plain copy
 * then, and the value itself otherwise.
 */
#define DatumGetVector(d) ((Vector *) PG_DETOAST_DATUM(d))
#define PG_GETARG_VECTOR_P(n) DatumGetVector(PG_GETARG_DATUM(n))
#define PG_RETURN_VECTOR_P(x) PG_RETURN_POINTER(x)

extern Vector *InitVector(int dim);
extern int vector_cmp_internal(Vector *a, Vector *b);
extern double vector_norm_internal(const Vector *a);

/*
 * A new vector a / |a| in the current context; the zero vector stays zero.
 * An element that leaves the range of float raises 22003.
 */
extern Vector *vector_normalize_internal(const Vector *a);

/* input and output */
extern Datum vector_in(PG_FUNCTION_ARGS);
extern Datum vector_out(PG_FUNCTION_ARGS);
extern Datum vector_recv(PG_FUNCTION_ARGS);
extern Datum vector_send(PG_FUNCTION_ARGS);
extern Datum vector_typmod_in(PG_FUNCTION_ARGS);

/* the length coercion vector(vector, int4, bool) */
extern Datum vector(PG_FUNCTION_ARGS);

/* distances: (vector, vector) -> float8 */
extern Datum l2_distance(PG_FUNCTION_ARGS);
extern Datum vector_l2_squared_distance(PG_FUNCTION_ARGS);
extern Datum inner_product(PG_FUNCTION_ARGS);
extern Datum vector_negative_inner_product(PG_FUNCTION_ARGS);
extern Datum cosine_distance(PG_FUNCTION_ARGS);
extern Datum vector_spherical_distance(PG_FUNCTION_ARGS);
extern Datum l1_distance(PG_FUNCTION_ARGS);

/* properties and arithmetic */
extern Datum vector_dims(PG_FUNCTION_ARGS);
extern Datum vector_norm(PG_FUNCTION_ARGS);
extern Datum l2_normalize(PG_FUNCTION_ARGS);
extern Datum subvector(PG_FUNCTION_ARGS);
extern Datum vector_add(PG_FUNCTION_ARGS);
extern Datum vector_sub(PG_FUNCTION_ARGS);
extern Datum vector_mul(PG_FUNCTION_ARGS);
extern Datum vector_concat(PG_FUNCTION_ARGS);

/* order: element by element, then the shorter is less */
extern Datum vector_lt(PG_FUNCTION_ARGS);
extern Datum vector_le(PG_FUNCTION_ARGS);
extern Datum vector_eq(PG_FUNCTION_ARGS);
extern Datum vector_ne(PG_FUNCTION_ARGS);
extern Datum vector_ge(PG_FUNCTION_ARGS);
extern Datum vector_gt(PG_FUNCTION_ARGS);
extern Datum vector_cmp(PG_FUNCTION_ARGS);

#endif /* ACCESS_VECTOR_H */
