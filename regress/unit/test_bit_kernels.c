/*
 * test_bit_kernels.c
 *	  Every kernel for strings of bits against the scalar one, and that one
 *	  against counting bit by bit.
 *
 * The danger is in the tails, at addresses that are not aligned, where a
 * kernel reads past the end, and where counts in bytes run over (a string of
 * ones, longer than 31 registers of 32 bytes).  All lengths from 0 on, at
 * every offset from an aligned address, with the strings' ends against a page
 * that may not be read; groups of 0 to 11 strings for the kernels that take
 * several.  Counts are exact, so results must be equal.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/bit_kernels.h"
#include "unit.h"

#define MAX_BYTES 3000
#define ALL_BITS 2100 /* every number of bits up to here */
#define MAX_GROUP 11

static bits8 *fenced[MAX_GROUP + 1];

/* The last byte before a page without access; MAX_BYTES + 64 before it. */
static bits8 *
fenced_end(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page < MAX_BYTES + 64 || p == MAP_FAILED ||
	    mprotect(p + page, page, PROT_NONE) != 0)
		abort();
	return (bits8 *) (p + page);
}

static uint32 seed = 12345;

static bits8
random_byte(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (bits8) (seed >> 24);
}

/* how: 0 random, 1 ones, 2 zeros, 3 few ones */
static void
fill(int i, int how)
{
	for (int j = 1; j <= MAX_BYTES + 64; j++)
	{
		bits8 b = random_byte();

		if (how == 1)
			b = 0xFF;
		else if (how == 2 || (how == 3 && b > 20))
			b = 0;
		fenced[i][-j] = b;
	}
}

/* The string of dim bits that ends shift bytes before the fence, pad 0. */
static const bits8 *
string_of(int i, int dim, int shift)
{
	int nbytes = (dim + 7) / 8;

	if (dim % 8 != 0)
		fenced[i][-1 - shift] &= (bits8) (0xFF << (8 - dim % 8));
	return fenced[i] - nbytes - shift;
}

static void
count_bits(const bits8 *a, const bits8 *b, int dim, uint64 *differ,
           uint64 *in_both, uint64 *in_any)
{
	*differ = *in_both = *in_any = 0;
	for (int i = 0; i < dim; i++)
	{
		int x = a[i / 8] >> (7 - i % 8) & 1;
		int y = b[i / 8] >> (7 - i % 8) & 1;

		*differ += x ^ y;
		*in_both += x & y;
		*in_any += x | y;
	}
}

static void
check_pair(const BitKernels *k, const bits8 *a, const bits8 *b, int dim)
{
	uint64 differ, in_both, in_any, got_both, got_any;
	float jaccard;

	count_bits(a, b, dim, &differ, &in_both, &in_any);
	CU_ASSERT_EQUAL(k->count_xor(a, b, dim), differ);
	k->count_and_or(a, b, dim, &got_both, &got_any);
	CU_ASSERT_EQUAL(got_both, in_both);
	CU_ASSERT_EQUAL(got_any, in_any);
	CU_ASSERT_EQUAL(k->one[BIT_METRIC_HAMMING](a, b, dim), (float) differ);
	jaccard =
		in_both == 0 ? 1 : (float) (1 - (double) in_both / (double) in_any);
	CU_ASSERT_EQUAL(k->one[BIT_METRIC_JACCARD](a, b, dim), jaccard);
}

static void
check_groups(const BitKernels *k, const bits8 *q, const bits8 *const *v,
             int dim)
{
	for (int metric = 0; metric < BIT_NMETRICS; metric++)
	{
		for (int n = 0; n <= MAX_GROUP; n++)
		{
			float out[MAX_GROUP + 1];

			for (int i = 0; i <= MAX_GROUP; i++)
				out[i] = -1;
			k->many[metric](q, v, n, dim, out);
			for (int i = 0; i < n; i++)
				CU_ASSERT_EQUAL(out[i],
				                bit_kernels_scalar.one[metric](q, v[i], dim));
			CU_ASSERT_EQUAL(out[n], -1);
		}
	}
}

static void
check_length(const BitKernels *k, int dim)
{
	const bits8 *v[MAX_GROUP];
	const bits8 *q;

	/* one side also away from the fence, at every alignment */
	for (int i = 0; i <= MAX_GROUP; i++)
		fill(i, i % 4);
	q = string_of(MAX_GROUP, dim, dim / 8 % 64);
	for (int i = 0; i < MAX_GROUP; i++)
		v[i] = string_of(i, dim, 0);
	for (int i = 0; i < MAX_GROUP; i++)
	{
		check_pair(k, q, v[i], dim);
		/* v[1] and v[5] are all ones, v[2] has none */
		check_pair(k, v[i], v[1], dim);
	}
	check_groups(k, q, v, dim);
}

static void
test_isa(VectorIsa isa)
{
	const BitKernels *k = bit_kernels_for(isa);

	if (k == NULL)
		return; /* this CPU has it not */
	for (int dim = 0; dim <= ALL_BITS; dim++)
		check_length(k, dim);
	for (int nbytes = ALL_BITS / 8; nbytes <= MAX_BYTES; nbytes += 31)
		check_length(k, nbytes * 8 - nbytes % 8);
}

static void
test_scalar(void)
{
	const bits8 a[] = {0xF0, 0x80};
	const bits8 b[] = {0x3C, 0x80};

	CU_ASSERT_EQUAL(bit_kernels_scalar.one[BIT_METRIC_HAMMING](a, b, 9), 4);
	CU_ASSERT_EQUAL(bit_kernels_scalar.one[BIT_METRIC_JACCARD](a, b, 9),
	                (float) (1 - 3.0 / 7));
	CU_ASSERT_EQUAL(bit_kernels_scalar.one[BIT_METRIC_HAMMING](a, b, 0), 0);
	CU_ASSERT_EQUAL(bit_kernels_scalar.one[BIT_METRIC_JACCARD](a, b, 0), 1);
	test_isa(VECTOR_ISA_SCALAR);
}

static void
test_avx2(void)
{
	test_isa(VECTOR_ISA_AVX2);
}

static void
test_avx512(void)
{
	test_isa(VECTOR_ISA_AVX512);
}

/* Every alignment of both sides, at lengths around those of registers. */
static void
test_alignment(void)
{
	static const int lengths[] = {1,  7,  8,  31, 32,  33,  63,
	                              64, 65, 95, 96, 127, 128, 200};

	for (int isa = VECTOR_ISA_SCALAR; isa <= VECTOR_ISA_AVX512; isa++)
	{
		const BitKernels *k = bit_kernels_for(isa);

		if (k == NULL)
			continue;
		for (int i = 0; i < (int) lengthof(lengths); i++)
		{
			for (int x = 0; x < 64; x++)
			{
				fill(0, 0);
				fill(1, 0);
				for (int y = 0; y < 64; y++)
					check_pair(k, string_of(0, lengths[i] * 8, x),
					           string_of(1, lengths[i] * 8, y), lengths[i] * 8);
			}
		}
	}
}

static void
test_choice(void)
{
	vector_kernels_init();
	CU_ASSERT_PTR_NOT_NULL(bit_kernels_for(bit_kernels.isa));
	for (int isa = VECTOR_ISA_SCALAR; isa <= VECTOR_ISA_AVX512; isa++)
	{
		if (bit_kernels_for(isa) != NULL)
			CU_ASSERT(bit_kernels.isa >= (VectorIsa) isa);
	}
}

int
main(void)
{
	CU_pSuite suite;

	CU_initialize_registry();
	for (int i = 0; i <= MAX_GROUP; i++)
		fenced[i] = fenced_end();
	suite = CU_add_suite("bit kernels", NULL, NULL);
	CU_add_test(suite, "scalar", test_scalar);
	CU_add_test(suite, "avx2", test_avx2);
	CU_add_test(suite, "avx512", test_avx512);
	CU_add_test(suite, "alignment", test_alignment);
	CU_add_test(suite, "choice", test_choice);
	return unit_run();
}
