/*
 * vector_codes.h
 *	  Vectors in one byte per number: distances that are nearly right, from a
 *	  quarter of the memory.
 *
 * A code holds the numbers in 255 steps from the vector's smallest to its
 * greatest, so that nothing need be known of other vectors.  The error of a
 * number is half a step at most; those of many numbers cancel out, and that of
 * a squared distance between neighbours is below a hundredth of it.
 *
 * There are codes for the metrics that a product of two codes tells: L2 and
 * inner product.
 */
#ifndef ACCESS_VECTOR_CODES_H
#define ACCESS_VECTOR_CODES_H

#include "access/vector_kernels.h"

/* The number is offset + scale * x[i]. */
typedef struct VectorCode
{
	float scale;
	float offset;
	float norm; /* sum of the squares of what is decoded */
	int32 sum;  /* of x */
	int8 x[FLEXIBLE_ARRAY_MEMBER];
} VectorCode;

#define VECTOR_CODE_SIZE(dim) (offsetof(VectorCode, x) + (dim))

/* From the code q to the n codes that v points to, out[i] for v[i]. */
typedef void (*VectorCodeDistances)(const void *q, const void *const *v, int n,
                                    int dim, float *out);

extern void vector_encode(const float *x, int dim, VectorCode *code);

typedef enum VectorCodeSet
{
	VECTOR_CODES_SCALAR,
	VECTOR_CODES_AVX2,
	VECTOR_CODES_VNNI
} VectorCodeSet;

#define VECTOR_NCODE_SETS 3

/* NULL: the set cannot run here, or the metric has no codes. */
extern VectorCodeDistances
vector_code_distances_for(VectorCodeSet set, VectorMetric metric);

/* Part of vector_kernels_init: before there are other processes or threads. */
extern void vector_code_kernels_init(void);

/*
 * Of the best set that this CPU has (before vector_kernels_init the scalar one);
 * NULL: the metric has no codes.
 */
extern VectorCodeDistances vector_code_distances(VectorMetric metric);

/* ---- code_bounds.c: what codes tell for certain ---- */

/*
 * How far a point may be from its code, nothing of it too small.  A point with
 * numbers so great that floats might overflow has an infinite error.
 */
typedef struct VectorCodeError
{
	float error;  /* length of the difference from what is decoded */
	float reach;  /* of what is decoded, the number furthest from 0 */
	float length; /* of the point, and of what is decoded */
} VectorCodeError;

extern void vector_code_error(const float *x, int dim, const VectorCode *code,
                              VectorCodeError *error);

/* What bounds are made of, of one query. */
typedef struct VectorCodeQuery
{
	VectorMetric metric;
	VectorCodeError own;
	float rounding; /* what it does to a distance of codes, by reach */
	float kernel;   /* what rounding leaves of a distance of floats at least */
	float by_error; /* what a row's error takes from an inner product, ... */
	float by_length;
	float by_reach;
} VectorCodeQuery;

/* False: nothing can be said of distances from this query. */
extern bool vector_code_query(VectorCodeQuery *q, VectorMetric metric, int dim,
                              const VectorCodeError *own);

/*
 * From distances of codes, as VectorCodeDistances has them, to what the
 * distances of the points are at least, as any kernel of floats or halves
 * computes them.  The errors are those of the n points.
 */
extern void
vector_code_lower_bounds(const VectorCodeQuery *q, const float *error,
                         const float *reach, const float *length, int n,
                         float *distances);

#endif /* ACCESS_VECTOR_CODES_H */
