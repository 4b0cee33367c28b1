/*
 * kernels_bit.c
 *	  The choice of the kernels for strings of bits, and their scalar reference.
 *
 * The scalar set is the definition that the others are tested against for all
 * lengths (regress/unit/test_bit_kernels.c).
 */
#include "postgres.h"

#include "access/bit_kernels.h"

/* The next at most eight bytes; what is missing of them is 0. */
static inline uint64
load_word(const bits8 *p, int nbytes)
{
	uint64 word = 0;

	memcpy(&word, p, Min(nbytes, (int) sizeof(word)));
	return word;
}

static uint64
count_xor_scalar(const bits8 *a, const bits8 *b, int dim)
{
	int nbytes = (dim + 7) / 8;
	uint64 count = 0;

	for (int i = 0; i < nbytes; i += 8)
		count += __builtin_popcountll(load_word(a + i, nbytes - i) ^
		                              load_word(b + i, nbytes - i));
	return count;
}

static void
count_and_or_scalar(const bits8 *a, const bits8 *b, int dim, uint64 *in_both,
                    uint64 *in_any)
{
	int nbytes = (dim + 7) / 8;

	*in_both = *in_any = 0;
	for (int i = 0; i < nbytes; i += 8)
	{
		uint64 x = load_word(a + i, nbytes - i);
		uint64 y = load_word(b + i, nbytes - i);

		*in_both += __builtin_popcountll(x & y);
		*in_any += __builtin_popcountll(x | y);
	}
}

static float
hamming_scalar(const bits8 *a, const bits8 *b, int dim)
{
	return (float) count_xor_scalar(a, b, dim);
}

static float
jaccard_scalar(const bits8 *a, const bits8 *b, int dim)
{
	uint64 in_both, in_any;

	count_and_or_scalar(a, b, dim, &in_both, &in_any);
	return (float) jaccard_from_counts(in_both, in_any);
}

static void
hamming_many_scalar(const bits8 *q, const bits8 *const *v, int n, int dim,
                    float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = hamming_scalar(q, v[i], dim);
}

static void
jaccard_many_scalar(const bits8 *q, const bits8 *const *v, int n, int dim,
                    float *out)
{
	for (int i = 0; i < n; i++)
		out[i] = jaccard_scalar(q, v[i], dim);
}

#define SCALAR_KERNELS                                                      \
	{                                                                       \
		.isa = VECTOR_ISA_SCALAR, .name = "scalar",                         \
		.count_xor = count_xor_scalar, .count_and_or = count_and_or_scalar, \
		.one = {[BIT_METRIC_HAMMING] = hamming_scalar,                      \
		        [BIT_METRIC_JACCARD] = jaccard_scalar},                     \
		.many = {                                                           \
			[BIT_METRIC_HAMMING] = hamming_many_scalar,                     \
			[BIT_METRIC_JACCARD] = jaccard_many_scalar                      \
		}                                                                   \
	}

const BitKernels bit_kernels_scalar = SCALAR_KERNELS;

/* Set before the first child is forked, constant afterwards. */
BitKernels bit_kernels = SCALAR_KERNELS;

const BitKernels *
bit_kernels_for(VectorIsa isa)
{
	/* what the operating system saves is asked there */
	if (vector_kernels_for(isa) == NULL)
		return NULL;
	switch (isa)
	{
		case VECTOR_ISA_SCALAR:
			return &bit_kernels_scalar;
#ifdef __x86_64__
		case VECTOR_ISA_AVX2:
			if (__builtin_cpu_supports("popcnt"))
				return &bit_kernels_avx2;
			break;
		case VECTOR_ISA_AVX512:
			if (__builtin_cpu_supports("avx512bw") &&
			    __builtin_cpu_supports("avx512vpopcntdq"))
				return &bit_kernels_avx512;
			break;
#endif
		default:
			break;
	}
	return NULL;
}

void
bit_kernels_init(void)
{
	const BitKernels *best = bit_kernels_for(VECTOR_ISA_AVX512);

	if (best == NULL)
		best = bit_kernels_for(VECTOR_ISA_AVX2);
	if (best == NULL)
		best = &bit_kernels_scalar;
	bit_kernels = *best;
}
