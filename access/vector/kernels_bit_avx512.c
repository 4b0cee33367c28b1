/*
 * kernels_bit_avx512.c
 *	  Kernels for strings of bits for AVX-512 (F, BW and VPOPCNTDQ).
 *
 * One instruction counts the bits of eight words; a tail is one masked load of
 * bytes, whose zeros count for nothing.  "many" does four strings side by
 * side: the parts of q are loaded once, and what the next four strings need is
 * on its way meanwhile.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "access/bit_kernels.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vpopcntdq")))
#define INLINE static inline __attribute__((always_inline))

#define GROUP 4

/* bytes of a register, and the mask of the first left ones */
#define WIDTH 64
#define TAIL_MASK(left) ((__mmask64) ((UINT64_C(1) << (left)) - 1))
#define ALL_BYTES (~(__mmask64) 0)

#define COUNT(acc, x) ((acc) = _mm512_add_epi64((acc), _mm512_popcnt_epi64(x)))

/* the next strings' line at byte i */
INLINE void
prefetch_group(const bits8 *const *v, int from, int n, int i)
{
	for (int j = from; j < from + GROUP && j < n; j++)
		__builtin_prefetch(v[j] + i);
}

TARGET static uint64
count_xor_avx512(const bits8 *a, const bits8 *b, int dim)
{
	int nbytes = (dim + 7) / 8;
	__m512i s = _mm512_setzero_si512(), t = s;
	int i = 0;

	for (; i + 2 * WIDTH <= nbytes; i += 2 * WIDTH)
	{
		COUNT(s, _mm512_xor_si512(_mm512_loadu_si512(a + i),
		                          _mm512_loadu_si512(b + i)));
		COUNT(t, _mm512_xor_si512(_mm512_loadu_si512(a + i + WIDTH),
		                          _mm512_loadu_si512(b + i + WIDTH)));
	}
	for (; i < nbytes; i += WIDTH)
	{
		__mmask64 m = nbytes - i >= WIDTH ? ALL_BYTES : TAIL_MASK(nbytes - i);

		COUNT(s, _mm512_xor_si512(_mm512_maskz_loadu_epi8(m, a + i),
		                          _mm512_maskz_loadu_epi8(m, b + i)));
	}
	return (uint64) _mm512_reduce_add_epi64(_mm512_add_epi64(s, t));
}

TARGET static void
count_and_or_avx512(const bits8 *a, const bits8 *b, int dim, uint64 *in_both,
                    uint64 *in_any)
{
	int nbytes = (dim + 7) / 8;
	__m512i both = _mm512_setzero_si512(), any = both;

	for (int i = 0; i < nbytes; i += WIDTH)
	{
		__mmask64 m = nbytes - i >= WIDTH ? ALL_BYTES : TAIL_MASK(nbytes - i);
		__m512i x = _mm512_maskz_loadu_epi8(m, a + i);
		__m512i y = _mm512_maskz_loadu_epi8(m, b + i);

		COUNT(both, _mm512_and_si512(x, y));
		COUNT(any, _mm512_or_si512(x, y));
	}
	*in_both = (uint64) _mm512_reduce_add_epi64(both);
	*in_any = (uint64) _mm512_reduce_add_epi64(any);
}

TARGET static float
hamming_avx512(const bits8 *a, const bits8 *b, int dim)
{
	return (float) count_xor_avx512(a, b, dim);
}

TARGET static float
jaccard_avx512(const bits8 *a, const bits8 *b, int dim)
{
	uint64 in_both, in_any;

	count_and_or_avx512(a, b, dim, &in_both, &in_any);
	return (float) jaccard_from_counts(in_both, in_any);
}

/* one register of q against the same of each string of the group */
TARGET INLINE void
hamming_step(__m512i *s, __m512i x, const bits8 *const *v, int i, __mmask64 m)
{
	for (int j = 0; j < GROUP; j++)
		COUNT(s[j], _mm512_xor_si512(x, _mm512_maskz_loadu_epi8(m, v[j] + i)));
}

TARGET INLINE void
jaccard_step(__m512i *both, __m512i *any, __m512i x, const bits8 *const *v,
             int i, __mmask64 m)
{
	for (int j = 0; j < GROUP; j++)
	{
		__m512i y = _mm512_maskz_loadu_epi8(m, v[j] + i);

		COUNT(both[j], _mm512_and_si512(x, y));
		COUNT(any[j], _mm512_or_si512(x, y));
	}
}

TARGET static void
hamming_many_avx512(const bits8 *q, const bits8 *const *v, int n, int dim,
                    float *out)
{
	int nbytes = (dim + 7) / 8;
	int k = 0;

	for (; k + GROUP <= n; k += GROUP)
	{
		__m512i s[GROUP];
		int i = 0;

		for (int j = 0; j < GROUP; j++)
			s[j] = _mm512_setzero_si512();
		for (; i + WIDTH <= nbytes; i += WIDTH)
		{
			prefetch_group(v, k + GROUP, n, i);
			hamming_step(s, _mm512_loadu_si512(q + i), v + k, i, ALL_BYTES);
		}
		if (i < nbytes)
		{
			__mmask64 m = TAIL_MASK(nbytes - i);

			prefetch_group(v, k + GROUP, n, i);
			hamming_step(s, _mm512_maskz_loadu_epi8(m, q + i), v + k, i, m);
		}
		for (int j = 0; j < GROUP; j++)
			out[k + j] = (float) _mm512_reduce_add_epi64(s[j]);
	}
	for (; k < n; k++)
		out[k] = hamming_avx512(q, v[k], dim);
}

TARGET static void
jaccard_many_avx512(const bits8 *q, const bits8 *const *v, int n, int dim,
                    float *out)
{
	int nbytes = (dim + 7) / 8;
	int k = 0;

	for (; k + GROUP <= n; k += GROUP)
	{
		__m512i both[GROUP], any[GROUP];
		int i = 0;

		for (int j = 0; j < GROUP; j++)
			both[j] = any[j] = _mm512_setzero_si512();
		for (; i + WIDTH <= nbytes; i += WIDTH)
		{
			prefetch_group(v, k + GROUP, n, i);
			jaccard_step(both, any, _mm512_loadu_si512(q + i), v + k, i,
			             ALL_BYTES);
		}
		if (i < nbytes)
		{
			__mmask64 m = TAIL_MASK(nbytes - i);

			prefetch_group(v, k + GROUP, n, i);
			jaccard_step(both, any, _mm512_maskz_loadu_epi8(m, q + i), v + k, i,
			             m);
		}
		for (int j = 0; j < GROUP; j++)
			out[k + j] = (float) jaccard_from_counts(
				(uint64) _mm512_reduce_add_epi64(both[j]),
				(uint64) _mm512_reduce_add_epi64(any[j]));
	}
	for (; k < n; k++)
		out[k] = jaccard_avx512(q, v[k], dim);
}

const BitKernels bit_kernels_avx512 = {
	.isa = VECTOR_ISA_AVX512,
	.name = "avx512",
	.count_xor = count_xor_avx512,
	.count_and_or = count_and_or_avx512,
	.one = {[BIT_METRIC_HAMMING] = hamming_avx512,
            [BIT_METRIC_JACCARD] = jaccard_avx512},
	.many = {[BIT_METRIC_HAMMING] = hamming_many_avx512,
             [BIT_METRIC_JACCARD] = jaccard_many_avx512}};

#endif /* __x86_64__ */
