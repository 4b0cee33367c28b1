/*
 * kernels_bit_avx2.c
 *	  Kernels for strings of bits for AVX2 with POPCNT.
 *
 * AVX2 has no instruction that counts bits: a shuffle looks up the counts of
 * half bytes, 32 bytes at a time, and the counts of bytes (8 at most, so 31
 * rounds fit a byte) are added up across.  Tails and strings of less than 32
 * bytes are counted word by word.
 */
#include "postgres.h"

#ifdef __x86_64__

#include <immintrin.h>

#include "access/bit_kernels.h"

#define TARGET __attribute__((target("avx2,popcnt")))
#define INLINE static inline __attribute__((always_inline))

#define GROUP 4

/* bytes of a register, and how many of them before counts must be added up */
#define WIDTH 32
#define ROUNDS 31

/* counts of the bits of each byte */
TARGET INLINE __m256i
popcount_bytes(__m256i x)
{
	const __m256i counts =
		_mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1,
	                     1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
	const __m256i low = _mm256_set1_epi8(0x0F);

	return _mm256_add_epi8(
		_mm256_shuffle_epi8(counts, _mm256_and_si256(x, low)),
		_mm256_shuffle_epi8(counts,
	                        _mm256_and_si256(_mm256_srli_epi16(x, 4), low)));
}

/* the sum of the bytes */
TARGET INLINE uint64
sum_bytes(__m256i x)
{
	__m256i four = _mm256_sad_epu8(x, _mm256_setzero_si256());
	__m128i two = _mm_add_epi64(_mm256_castsi256_si128(four),
	                            _mm256_extracti128_si256(four, 1));

	return (uint64) _mm_cvtsi128_si64(two) + (uint64) _mm_extract_epi64(two, 1);
}

TARGET INLINE __m256i
load(const bits8 *p)
{
	return _mm256_loadu_si256((const __m256i *) p);
}

/* The next at most eight bytes; what is missing of them is 0. */
INLINE uint64
load_word(const bits8 *p, int nbytes)
{
	uint64 word = 0;

	if (likely(nbytes >= (int) sizeof(word)))
		memcpy(&word, p, sizeof(word));
	else
	{
		/* a call of memcpy would cost more */
		for (int i = 0; i < nbytes; i++)
			word |= (uint64) p[i] << (8 * i);
	}
	return word;
}

/* the bytes from i on, word by word */
TARGET INLINE uint64
count_xor_tail(const bits8 *a, const bits8 *b, int i, int nbytes)
{
	uint64 count = 0;

	for (; i < nbytes; i += 8)
		count += __builtin_popcountll(load_word(a + i, nbytes - i) ^
		                              load_word(b + i, nbytes - i));
	return count;
}

TARGET INLINE void
count_and_or_tail(const bits8 *a, const bits8 *b, int i, int nbytes,
                  uint64 *in_both, uint64 *in_any)
{
	for (; i < nbytes; i += 8)
	{
		uint64 x = load_word(a + i, nbytes - i);
		uint64 y = load_word(b + i, nbytes - i);

		*in_both += __builtin_popcountll(x & y);
		*in_any += __builtin_popcountll(x | y);
	}
}

/* where the registers' part of a run that starts at i ends */
INLINE int
run_end(int i, int nbytes)
{
	return i + Min((nbytes - i) / WIDTH, ROUNDS) * WIDTH;
}

TARGET static uint64
count_xor_avx2(const bits8 *a, const bits8 *b, int dim)
{
	int nbytes = (dim + 7) / 8;
	uint64 count = 0;
	int i = 0;

	while (nbytes - i >= WIDTH)
	{
		__m256i s = _mm256_setzero_si256();
		int end = run_end(i, nbytes);

		for (; i < end; i += WIDTH)
			s = _mm256_add_epi8(
				s, popcount_bytes(_mm256_xor_si256(load(a + i), load(b + i))));
		count += sum_bytes(s);
	}
	return count + count_xor_tail(a, b, i, nbytes);
}

TARGET static void
count_and_or_avx2(const bits8 *a, const bits8 *b, int dim, uint64 *in_both,
                  uint64 *in_any)
{
	int nbytes = (dim + 7) / 8;
	int i = 0;

	*in_both = *in_any = 0;
	while (nbytes - i >= WIDTH)
	{
		__m256i both = _mm256_setzero_si256(), any = both;
		int end = run_end(i, nbytes);

		for (; i < end; i += WIDTH)
		{
			__m256i x = load(a + i), y = load(b + i);

			both =
				_mm256_add_epi8(both, popcount_bytes(_mm256_and_si256(x, y)));
			any = _mm256_add_epi8(any, popcount_bytes(_mm256_or_si256(x, y)));
		}
		*in_both += sum_bytes(both);
		*in_any += sum_bytes(any);
	}
	count_and_or_tail(a, b, i, nbytes, in_both, in_any);
}

TARGET static float
hamming_avx2(const bits8 *a, const bits8 *b, int dim)
{
	return (float) count_xor_avx2(a, b, dim);
}

TARGET static float
jaccard_avx2(const bits8 *a, const bits8 *b, int dim)
{
	uint64 in_both, in_any;

	count_and_or_avx2(a, b, dim, &in_both, &in_any);
	return (float) jaccard_from_counts(in_both, in_any);
}

/*
 * Ask for the lines of the next strings while the group at k is worked on.
 * The strings are short beside the time that a line takes to come: all of it
 * is asked for at once.
 */
INLINE void
prefetch_group(const bits8 *const *v, int from, int n, int nbytes)
{
	for (int j = from; j < from + GROUP && j < n; j++)
	{
		for (int i = 0; i < nbytes; i += 64)
			__builtin_prefetch(v[j] + i);
	}
}

#define DEFINE_MANY(name)                                                      \
	TARGET static void name##_many_avx2(const bits8 *q, const bits8 *const *v, \
	                                    int n, int dim, float *out)            \
	{                                                                          \
		for (int k = 0; k < n; k++)                                            \
		{                                                                      \
			if (k % GROUP == 0)                                                \
				prefetch_group(v, k + GROUP, n, (dim + 7) / 8);                \
			out[k] = name##_avx2(q, v[k], dim);                                \
		}                                                                      \
	}

DEFINE_MANY(hamming)
DEFINE_MANY(jaccard)

const BitKernels bit_kernels_avx2 = {
	.isa = VECTOR_ISA_AVX2,
	.name = "avx2",
	.count_xor = count_xor_avx2,
	.count_and_or = count_and_or_avx2,
	.one = {[BIT_METRIC_HAMMING] = hamming_avx2,
            [BIT_METRIC_JACCARD] = jaccard_avx2},
	.many = {[BIT_METRIC_HAMMING] = hamming_many_avx2,
             [BIT_METRIC_JACCARD] = jaccard_many_avx2}};

#endif /* __x86_64__ */
