/*
 * access/bit_kernels.h
 *	  Distances between strings of bits, in the best form that this CPU has.
 *
 * As access/vector_kernels.h; vector_kernels_init() chooses both sets.  The
 * sets give the same results: they count, and counts are exact.
 *
 * dim is a number of bits.  A string has (dim + 7) / 8 bytes, of which the
 * bits behind dim are 0 (utils/varbit.h); it needs no alignment.
 */
#ifndef ACCESS_BIT_KERNELS_H
#define ACCESS_BIT_KERNELS_H

#include "access/vector_kernels.h"

/* What an index of bit strings orders by. */
typedef enum BitMetric
{
	BIT_METRIC_HAMMING,
	BIT_METRIC_JACCARD
} BitMetric;

#define BIT_NMETRICS 2

typedef float (*BitDistance)(const bits8 *a, const bits8 *b, int dim);

/*
 * Distances from q to the n strings that v points to, out[i] for v[i]: several
 * at once, those to come prefetched.
 */
typedef void (*BitDistances)(const bits8 *q, const bits8 *const *v, int n,
                             int dim, float *out);

typedef struct BitKernels
{
	VectorIsa isa;
	const char *name;
	/* bits that differ */
	uint64 (*count_xor)(const bits8 *a, const bits8 *b, int dim);
	/* bits that both have, and that one of them has */
	void (*count_and_or)(const bits8 *a, const bits8 *b, int dim,
	                     uint64 *in_both, uint64 *in_any);
	BitDistance one[BIT_NMETRICS];
	BitDistances many[BIT_NMETRICS];
} BitKernels;

/* The set in force. */
extern BitKernels bit_kernels;

extern const BitKernels bit_kernels_scalar;
#ifdef __x86_64__
extern const BitKernels bit_kernels_avx2;
extern const BitKernels bit_kernels_avx512;
#endif

/* The set for an isa, or NULL if it cannot run here. */
extern const BitKernels *bit_kernels_for(VectorIsa isa);

/* Choose the best set; vector_kernels_init() calls it. */
extern void bit_kernels_init(void);

/* Strings that share no bit are 1 apart, also if there are no bits at all. */
static inline double
jaccard_from_counts(uint64 in_both, uint64 in_any)
{
	return in_both == 0 ? 1.0 : 1.0 - (double) in_both / (double) in_any;
}

#endif /* ACCESS_BIT_KERNELS_H */
