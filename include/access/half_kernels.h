/*
 * access/half_kernels.h
 *	  Distances between arrays of half, in the best form that this CPU has.
 *
 * As access/vector_kernels.h, whose rules hold: elements become floats on
 * their way into the registers (which is exact), and the sums are floats.
 * vector_kernels_init() chooses both sets.
 */
#ifndef ACCESS_HALF_KERNELS_H
#define ACCESS_HALF_KERNELS_H

#include "access/half.h"
#include "access/vector_kernels.h"

typedef float (*HalfDistance)(const half *a, const half *b, int dim);

/* Distances from q to the n arrays that v points to, out[i] for v[i]. */
typedef void (*HalfDistances)(const half *q, const half *const *v, int n,
                              int dim, float *out);

typedef struct HalfKernels
{
	VectorIsa isa;
	const char *name;
	HalfDistance l2_squared;
	HalfDistance inner_product;
	HalfDistance negative_inner_product;
	HalfDistance l1;
	HalfDistances many[VECTOR_NMETRICS];

	/* *ip = sum a*b, *aa = sum a*a, *bb = sum b*b, in one pass */
	void (*cosine)(const half *a, const half *b, int dim, float *ip, float *aa,
	               float *bb);

	/* sum of the squares, in double */
	double (*norm_squared)(const half *a, int dim);

	/* conversion, exact to float, to the nearest half back (unchecked) */
	void (*to_float)(const half *a, float *out, int dim);
	void (*from_float)(const float *a, half *out, int dim);
} HalfKernels;

/* The set in force. */
extern HalfKernels half_kernels;

extern const HalfKernels half_kernels_scalar;
#ifdef __x86_64__
extern const HalfKernels half_kernels_avx2;
extern const HalfKernels half_kernels_avx512;
#endif

/* The set for an isa, or NULL if it cannot run here. */
extern const HalfKernels *half_kernels_for(VectorIsa isa);

/* Choose the best set; vector_kernels_init() calls it. */
extern void half_kernels_init(void);

static inline HalfDistance
half_distance_for(VectorMetric metric)
{
	switch (metric)
	{
		case VECTOR_METRIC_L2_SQUARED:
			return half_kernels.l2_squared;
		case VECTOR_METRIC_NEGATIVE_IP:
			return half_kernels.negative_inner_product;
		case VECTOR_METRIC_L1:
			return half_kernels.l1;
	}
	return half_kernels.l2_squared;
}

#endif /* ACCESS_HALF_KERNELS_H */
