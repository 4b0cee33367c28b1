/*
 * access/sparsevec_kernels.h
 *	  Distances between sparse vectors, in the best form that this CPU has.
 *
 * A kernel walks two ascending lists of indices once.  The set is chosen with
 * that of the dense kernels, by vector_kernels_init(); until then the scalar
 * one is in force.  Sums are kept in float, as pgvector keeps them; sets may
 * differ in the last bits.  Both vectors have the same dimensions: the caller
 * has seen to it.  A stored value needs no alignment but that of int32.
 */
#ifndef ACCESS_SPARSEVEC_KERNELS_H
#define ACCESS_SPARSEVEC_KERNELS_H

#include "access/sparsevec.h"
#include "access/vector_kernels.h"

typedef float (*SparsevecDistance)(const SparseVector *a,
                                   const SparseVector *b);

typedef struct SparsevecKernels
{
	SparsevecDistance l2_squared;
	SparsevecDistance inner_product;
	SparsevecDistance negative_inner_product;
	SparsevecDistance l1;
} SparsevecKernels;

/* The set in force. */
extern SparsevecKernels sparsevec_kernels;

extern const SparsevecKernels sparsevec_kernels_scalar;
#ifdef __x86_64__
extern const SparsevecKernels sparsevec_kernels_avx2;
#endif

/* The set that goes with an isa that runs here. */
extern const SparsevecKernels *sparsevec_kernels_for(VectorIsa isa);

/* What an index orders by. */
static inline SparsevecDistance
sparsevec_distance_for(VectorMetric metric)
{
	switch (metric)
	{
		case VECTOR_METRIC_L2_SQUARED:
			return sparsevec_kernels.l2_squared;
		case VECTOR_METRIC_NEGATIVE_IP:
			return sparsevec_kernels.negative_inner_product;
		case VECTOR_METRIC_L1:
			return sparsevec_kernels.l1;
	}
	return sparsevec_kernels.l2_squared;
}

#endif /* ACCESS_SPARSEVEC_KERNELS_H */
