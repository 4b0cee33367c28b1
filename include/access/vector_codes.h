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

/* Of the best set that this CPU has; NULL: the metric has no codes. */
extern VectorCodeDistances vector_code_distances(VectorMetric metric);

#endif /* ACCESS_VECTOR_CODES_H */
