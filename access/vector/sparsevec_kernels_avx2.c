/*
 * sparsevec_kernels_avx2.c
 *	  Distances of sparse vectors with AVX2.
 *
 * Eight indices of one list are compared with eight of the other at once, the
 * second in eight arrangements: that finds all pairs of the two blocks.  Then
 * the block whose last index is the smaller one is done with (or both are),
 * and the next one takes its place.  A step costs about as much as two or
 * three of the scalar merge and moves eight elements at least.
 *
 * The arrangements are lane i to lane i xor r, for r from 0 to 7: each is its
 * own inverse, and but for one exchange of the halves it stays within them,
 * which is cheap.
 *
 * The last block of a list is filled up with an index that no vector has, each
 * list with its own, and the value 0, by masked loads: nothing behind the
 * arrays is read.
 *
 * An inner product only needs the pairs.  The other distances need the
 * elements without a partner too: each block has a mask of those that have met
 * theirs, and what is left counts when the block is done with.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>
#include <limits.h>

#include "access/sparsevec_kernels.h"

#define TARGET __attribute__((target("avx2,fma")))
#define INLINE static inline __attribute__((always_inline))

#define LANES 8
#define FILL_A INT_MAX
#define FILL_B (INT_MAX - 1)

StaticAssertDecl(SPARSEVEC_MAX_DIM < FILL_B, "no index is a fill");

typedef enum Metric
{
	L2_SQUARED,
	INNER_PRODUCT,
	L1
} Metric;

/* Up to eight elements of one vector. */
typedef struct Block
{
	__m256i indices;
	__m256 values;
	int32 last; /* the largest index */
} Block;

TARGET INLINE float
hsum(__m256 v)
{
	__m128 s =
		_mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));

	s = _mm_add_ps(s, _mm_movehl_ps(s, s));
	s = _mm_add_ss(s, _mm_shuffle_ps(s, s, 1));
	return _mm_cvtss_f32(s);
}

/* The block from element i on; there is at least one element. */
TARGET INLINE void
load_block(Block *block, const SparseVector *v, int i, int32 fill)
{
	const int32 *indices = v->indices + i;
	const float *values = SPARSEVEC_VALUES(v) + i;
	int n = v->nnz - i;

	if (likely(n >= LANES))
	{
		block->indices = _mm256_loadu_si256((const __m256i *) indices);
		block->values = _mm256_loadu_ps(values);
		block->last = indices[LANES - 1];
	}
	else
	{
		__m256i there = _mm256_cmpgt_epi32(
			_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));

		block->indices =
			_mm256_blendv_epi8(_mm256_set1_epi32(fill),
		                       _mm256_maskload_epi32(indices, there), there);
		block->values = _mm256_maskload_ps(values, there);
		block->last = indices[n - 1];
	}
}

/* What a difference makes; an element without a partner differs from 0. */
TARGET INLINE __m256
add_difference(Metric metric, __m256 sum, __m256 d)
{
	if (metric == L1)
		return _mm256_add_ps(sum, _mm256_andnot_ps(_mm256_set1_ps(-0.0f), d));
	return _mm256_fmadd_ps(d, d, sum);
}

/* The pairs of a with one arrangement of b: their lanes. */
TARGET INLINE __m256
add_pairs(Metric metric, const Block *a, __m256i indices, __m256 values,
          __m256 *sum)
{
	__m256 equal = _mm256_castsi256_ps(_mm256_cmpeq_epi32(a->indices, indices));

	if (metric == INNER_PRODUCT)
		*sum = _mm256_fmadd_ps(_mm256_and_ps(a->values, equal), values, *sum);
	else
		*sum = add_difference(
			metric, *sum,
			_mm256_and_ps(_mm256_sub_ps(a->values, values), equal));
	return equal;
}

#define ARRANGED_INT(v, order) _mm256_shuffle_epi32(v, order)
#define ARRANGED(v, order) _mm256_permute_ps(v, order)

/* lane i xor 1, xor 2, xor 3 */
#define XOR_1 0xB1
#define XOR_2 0x4E
#define XOR_3 0x1B

/* The four arrangements within the halves: the lanes of a and of b. */
TARGET INLINE void
add_half(Metric metric, const Block *a, __m256i indices, __m256 values,
         __m256 *sum, __m256 *met_a, __m256 *met_b)
{
	__m256 equal[4];

	equal[0] = add_pairs(metric, a, indices, values, &sum[0]);
	equal[1] = add_pairs(metric, a, ARRANGED_INT(indices, XOR_1),
	                     ARRANGED(values, XOR_1), &sum[1]);
	equal[2] = add_pairs(metric, a, ARRANGED_INT(indices, XOR_2),
	                     ARRANGED(values, XOR_2), &sum[0]);
	equal[3] = add_pairs(metric, a, ARRANGED_INT(indices, XOR_3),
	                     ARRANGED(values, XOR_3), &sum[1]);
	if (metric == INNER_PRODUCT)
		return;
	*met_a =
		_mm256_or_ps(*met_a, _mm256_or_ps(_mm256_or_ps(equal[0], equal[1]),
	                                      _mm256_or_ps(equal[2], equal[3])));
	equal[1] = ARRANGED(equal[1], XOR_1);
	equal[3] = _mm256_or_ps(equal[2], ARRANGED(equal[3], XOR_1));
	equal[3] = ARRANGED(equal[3], XOR_2);
	*met_b = _mm256_or_ps(equal[0], _mm256_or_ps(equal[1], equal[3]));
}

/* All pairs of two blocks. */
TARGET INLINE void
add_blocks(Metric metric, const Block *a, const Block *b, __m256 *sum,
           __m256 *met_a, __m256 *met_b)
{
	__m256 straight = _mm256_setzero_ps();
	__m256 crossed = _mm256_setzero_ps();

	add_half(metric, a, b->indices, b->values, sum, met_a, &straight);
	add_half(metric, a, _mm256_permute2x128_si256(b->indices, b->indices, 1),
	         _mm256_permute2f128_ps(b->values, b->values, 1), sum, met_a,
	         &crossed);
	if (metric == INNER_PRODUCT)
		return;
	*met_b = _mm256_or_ps(
		*met_b,
		_mm256_or_ps(straight, _mm256_permute2f128_ps(crossed, crossed, 1)));
}

/* The elements from i on: those in the first block that met none, and all. */
TARGET INLINE __m256
add_rest(Metric metric, const SparseVector *v, int i, __m256 met, __m256 sum)
{
	for (; i < v->nnz; i += LANES)
	{
		Block block;

		load_block(&block, v, i, FILL_A);
		sum = add_difference(metric, sum, _mm256_andnot_ps(met, block.values));
		met = _mm256_setzero_ps();
	}
	return sum;
}

/* A block that is done with: what met none counts, and the mask begins anew. */
TARGET INLINE __m256
add_done(Metric metric, const Block *block, __m256 done, __m256 *met,
         __m256 sum)
{
	__m256 alone = _mm256_andnot_ps(*met, _mm256_and_ps(block->values, done));

	*met = _mm256_andnot_ps(done, *met);
	return add_difference(metric, sum, alone);
}

TARGET INLINE float
distance(Metric metric, const SparseVector *a, const SparseVector *b)
{
	__m256 sum[2] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
	__m256 met_a = _mm256_setzero_ps();
	__m256 met_b = _mm256_setzero_ps();
	int i = 0;
	int j = 0;

	while (i < a->nnz && j < b->nnz)
	{
		Block block_a;
		Block block_b;
		int32 done_a;
		int32 done_b;

		load_block(&block_a, a, i, FILL_A);
		load_block(&block_b, b, j, FILL_B);
		done_a = -(block_a.last <= block_b.last);
		done_b = -(block_b.last <= block_a.last);
		add_blocks(metric, &block_a, &block_b, sum, &met_a, &met_b);
		if (metric != INNER_PRODUCT)
		{
			sum[0] = add_done(metric, &block_a,
			                  _mm256_castsi256_ps(_mm256_set1_epi32(done_a)),
			                  &met_a, sum[0]);
			sum[1] = add_done(metric, &block_b,
			                  _mm256_castsi256_ps(_mm256_set1_epi32(done_b)),
			                  &met_b, sum[1]);
		}
		i += LANES & done_a;
		j += LANES & done_b;
	}
	if (metric != INNER_PRODUCT)
	{
		sum[0] = add_rest(metric, a, i, met_a, sum[0]);
		sum[1] = add_rest(metric, b, j, met_b, sum[1]);
	}
	return hsum(_mm256_add_ps(sum[0], sum[1]));
}

TARGET static float
l2_squared_avx2(const SparseVector *a, const SparseVector *b)
{
	return distance(L2_SQUARED, a, b);
}

TARGET static float
inner_product_avx2(const SparseVector *a, const SparseVector *b)
{
	return distance(INNER_PRODUCT, a, b);
}

TARGET static float
negative_inner_product_avx2(const SparseVector *a, const SparseVector *b)
{
	return -distance(INNER_PRODUCT, a, b);
}

TARGET static float
l1_avx2(const SparseVector *a, const SparseVector *b)
{
	return distance(L1, a, b);
}

const SparsevecKernels sparsevec_kernels_avx2 = {
	l2_squared_avx2, inner_product_avx2, negative_inner_product_avx2, l1_avx2};

#endif /* __x86_64__ */
