/*
 * vector_kernels.h
 *	  Distances between arrays of float, in the best form that this CPU has.
 *
 * The set is chosen once, by vector_kernels_init(), from cpuid; until then the
 * scalar reference is in force, so a call is right at any time.  All sums are
 * kept in float, as pgvector does; norms in double.  The sets may differ from
 * each other in the last bits, because they add in another order.
 *
 * Arrays need no alignment (64 bytes is fastest); lengths from 0 on are legal.
 */
#ifndef ACCESS_VECTOR_KERNELS_H
#define ACCESS_VECTOR_KERNELS_H

typedef enum VectorIsa
{
	VECTOR_ISA_SCALAR,
	VECTOR_ISA_AVX2,
	VECTOR_ISA_AVX512
} VectorIsa;

/* What an index orders by; each is one function of two arrays. */
typedef enum VectorMetric
{
	VECTOR_METRIC_L2_SQUARED,
	VECTOR_METRIC_NEGATIVE_IP,
	VECTOR_METRIC_L1
} VectorMetric;

#define VECTOR_NMETRICS 3

typedef float (*VectorDistance)(const float *a, const float *b, int dim);

/*
 * Distances from q to the n arrays that v points to, out[i] for v[i].  Several
 * are computed at once, and those to come are prefetched, which is worth more
 * than half of the time when they are not in the cache.
 */
typedef void (*VectorDistances)(const float *q, const float *const *v, int n,
                                int dim, float *out);

typedef struct VectorKernels
{
	VectorIsa isa;
	const char *name;
	VectorDistance l2_squared;
	VectorDistance inner_product;
	VectorDistance negative_inner_product;
	VectorDistance l1;
	VectorDistances many[VECTOR_NMETRICS];

	/* *ip = sum a*b, *aa = sum a*a, *bb = sum b*b, in one pass */
	void (*cosine)(const float *a, const float *b, int dim, float *ip,
	               float *aa, float *bb);

	/* sum of the squares, in double */
	double (*norm_squared)(const float *a, int dim);
} VectorKernels;

/* The set in force. */
extern VectorKernels vector_kernels;

extern const VectorKernels vector_kernels_scalar;
#ifdef __x86_64__
extern const VectorKernels vector_kernels_avx2;
extern const VectorKernels vector_kernels_avx512;
#endif

/*
 * Choose the best sets that the CPU and the operating system support, those for
 * halves (access/half_kernels.h) and sparse vectors too; may be called any number of times.
 * Returns what was chosen.
 */
extern VectorIsa vector_kernels_init(void);

/* The set for an isa, or NULL if it cannot run here. */
extern const VectorKernels *vector_kernels_for(VectorIsa isa);

static inline VectorDistance
vector_distance_for(VectorMetric metric)
{
	switch (metric)
	{
		case VECTOR_METRIC_L2_SQUARED:
			return vector_kernels.l2_squared;
		case VECTOR_METRIC_NEGATIVE_IP:
			return vector_kernels.negative_inner_product;
		case VECTOR_METRIC_L1:
			return vector_kernels.l1;
	}
	return vector_kernels.l2_squared;
}

#endif /* ACCESS_VECTOR_KERNELS_H */
