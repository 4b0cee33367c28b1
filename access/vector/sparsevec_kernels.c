/*
 * sparsevec_kernels.c
 *	  Distances of sparse vectors: the choice of a set and the scalar one.
 *
 * Both lists of indices ascend, so one pass over both finds the pairs.  Which
 * list is behind is as good as random: a branch on it is mispredicted every
 * other time, which costs more than the step itself.  So a step has no branch:
 * an element takes part if its index is not the larger one, and the same
 * comparison moves its position.
 */
#include "postgres.h"

#include <math.h>

#include "access/sparsevec_kernels.h"

/* value, or 0 if taken is 0: no branch, and no product with infinity */
static inline float
Taken(float value, int32 taken)
{
	uint32 bits;

	memcpy(&bits, &value, sizeof(bits));
	bits &= (uint32) -taken;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/*
 * STEP(sum, d) adds what a difference d of two elements makes; an element
 * without a partner differs from zero.
 */
#define DEFINE_DIFFERENCE(name, STEP)                               \
	static float name(const SparseVector *a, const SparseVector *b) \
	{                                                               \
		const float *x = SPARSEVEC_VALUES(a);                       \
		const float *y = SPARSEVEC_VALUES(b);                       \
		float sum = 0;                                              \
		int i = 0;                                                  \
		int j = 0;                                                  \
                                                                    \
		while (i < a->nnz && j < b->nnz)                            \
		{                                                           \
			int32 take_a = a->indices[i] <= b->indices[j];          \
			int32 take_b = b->indices[j] <= a->indices[i];          \
			float d = Taken(x[i], take_a) - Taken(y[j], take_b);    \
                                                                    \
			STEP(sum, d);                                           \
			i += take_a;                                            \
			j += take_b;                                            \
		}                                                           \
		for (; i < a->nnz; i++)                                     \
			STEP(sum, x[i]);                                        \
		for (; j < b->nnz; j++)                                     \
			STEP(sum, y[j]);                                        \
		return sum;                                                 \
	}

#define STEP_L2(sum, d) ((sum) += (d) * (d))
#define STEP_L1(sum, d) ((sum) += fabsf(d))

DEFINE_DIFFERENCE(l2_squared_scalar, STEP_L2)
DEFINE_DIFFERENCE(l1_scalar, STEP_L1)

static float
inner_product_scalar(const SparseVector *a, const SparseVector *b)
{
	const float *x = SPARSEVEC_VALUES(a);
	const float *y = SPARSEVEC_VALUES(b);
	float sum = 0;
	int i = 0;
	int j = 0;

	while (i < a->nnz && j < b->nnz)
	{
		int32 take_a = a->indices[i] <= b->indices[j];
		int32 take_b = b->indices[j] <= a->indices[i];

		sum += Taken(x[i], take_a) * Taken(y[j], take_b);
		i += take_a;
		j += take_b;
	}
	return sum;
}

static float
negative_inner_product_scalar(const SparseVector *a, const SparseVector *b)
{
	return -inner_product_scalar(a, b);
}

#define SCALAR_SET                                   \
	{                                                \
		l2_squared_scalar, inner_product_scalar,     \
			negative_inner_product_scalar, l1_scalar \
	}

const SparsevecKernels sparsevec_kernels_scalar = SCALAR_SET;
SparsevecKernels sparsevec_kernels = SCALAR_SET;

const SparsevecKernels *
sparsevec_kernels_for(VectorIsa isa)
{
#ifdef __x86_64__
	if (isa >= VECTOR_ISA_AVX2)
		return &sparsevec_kernels_avx2;
#endif
	return &sparsevec_kernels_scalar;
}
