/*
 * test_half_kernels.c
 *	  Conversions of halves, and every kernel for them against the scalar one.
 *
 * A half that is rounded wrongly by the last bit, once more or the other way at
 * a tie, makes an index that differs from pgvector's: every half, every middle
 * between two and the floats beside it are tried.  The kernels are wrong first
 * in their tails, at odd addresses and where they read past the end: all
 * lengths from 0 on, the arrays' ends against a page that may not be read, at
 * every even offset from a line; groups of 0 to 11 arrays.  The bound is that
 * of adding n products in float in any order: n * 2^-23 of the sum of the
 * absolute terms.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/half_kernels.h"
#include "unit.h"

#define MAX_DIM 300
#define MAX_GROUP 11
#define MAX_SHIFT 32

static half *fenced[MAX_GROUP + 1]; /* each has MAX_DIM + MAX_SHIFT halves */

/* Behind the last half before a page without access. */
static half *
fenced_end(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE) != 0)
		abort();
	return (half *) (p + page);
}

static uint32 seed = 12345;

static float
random_float(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (float) ((int32) seed) / (float) (1u << 28);
}

static float
float_of_bits(uint32 bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint32
bits_of_float(float value)
{
	uint32 bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* What the digits of a half say, by the definition. */
static double
meaning(half h)
{
	int exponent = (h >> 10) & 0x1F;
	double value = exponent == 0 ? ldexp(h & 0x3FF, -24)
	                             : ldexp(1024 + (h & 0x3FF), exponent - 25);

	return h & 0x8000 ? -value : value;
}

static void
test_to_float(void)
{
	int wrong = 0;

	for (uint32 h = 0; h < 0x10000; h++)
	{
		float value = HalfToFloat4((half) h);

		if (HalfIsNan((half) h))
			wrong += !isnan(value);
		else if (HalfIsInf((half) h))
			wrong += !isinf(value) || !signbit(value) != !(h >> 15);
		else
			wrong += (double) value != meaning((half) h) ||
			         !signbit(value) != !(h >> 15);
		wrong += HalfIsZero((half) h) != (value == 0);
		/* a NaN comes back quiet, all others as they were */
		wrong += Float4ToHalfUnchecked(value) !=
		         (half) (h | (HalfIsNan((half) h) ? 0x200 : 0));
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/* The middle between two neighbours goes to the even one, its sides apart. */
static void
test_rounding(void)
{
	int wrong = 0;

	for (uint32 h = 0; h < 0x7BFF; h++)
	{
		float middle =
			(float) ((meaning((half) h) + meaning((half) (h + 1))) / 2);
		uint32 bits = bits_of_float(middle);
		half even = (half) (h & 1 ? h + 1 : h);

		wrong += Float4ToHalfUnchecked(middle) != even;
		wrong += Float4ToHalfUnchecked(-middle) != (even | 0x8000);
		wrong += Float4ToHalfUnchecked(float_of_bits(bits - 1)) != h;
		wrong += Float4ToHalfUnchecked(float_of_bits(bits + 1)) != h + 1;
	}
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT_EQUAL(Float4ToHalfUnchecked(65519.996f), 0x7BFF);
	CU_ASSERT_EQUAL(Float4ToHalfUnchecked(HALF_OVERFLOW), 0x7C00);
	CU_ASSERT_EQUAL(Float4ToHalfUnchecked(-FLT_MAX), 0xFC00);
	CU_ASSERT_EQUAL(Float4ToHalfUnchecked(-INFINITY), 0xFC00);
	CU_ASSERT_EQUAL(Float4ToHalfUnchecked(-1e-8f), 0x8000);
	CU_ASSERT_EQUAL(Float4ToHalfUnchecked(FLT_TRUE_MIN), 0);
	CU_ASSERT_EQUAL(HalfToFloat4(0x7BFF), HALF_MAX);
	CU_ASSERT(HalfIsNan(Float4ToHalfUnchecked(NAN)));
}

static void
check(float got, float want, double terms, int dim)
{
	double bound = (dim + 1) * (double) FLT_EPSILON * (terms + FLT_MIN);

	if (!(fabs((double) got - (double) want) <= bound))
	{
		printf("dim %d: %.9g instead of %.9g\n", dim, got, want);
		CU_FAIL("kernel differs from the reference");
	}
}

/* The sums of the absolute terms of |a - b|, and of (a - b)^2 and a*b. */
static double
terms_of(const half *a, const half *b, int dim)
{
	double terms = 0;

	for (int i = 0; i < dim; i++)
	{
		double x = meaning(a[i]);
		double y = meaning(b[i]);

		terms += 2 * (x * x + y * y) + fabs(x) + fabs(y);
	}
	return terms;
}

static void
test_single(const HalfKernels *k, const half *a, const half *b, int dim)
{
	const HalfKernels *ref = &half_kernels_scalar;
	double terms = terms_of(a, b, dim);
	float ip, aa, bb, rip, raa, rbb;

	check(k->l2_squared(a, b, dim), ref->l2_squared(a, b, dim), terms, dim);
	check(k->inner_product(a, b, dim), ref->inner_product(a, b, dim), terms,
	      dim);
	check(k->negative_inner_product(a, b, dim),
	      ref->negative_inner_product(a, b, dim), terms, dim);
	check(k->l1(a, b, dim), ref->l1(a, b, dim), terms, dim);
	k->cosine(a, b, dim, &ip, &aa, &bb);
	ref->cosine(a, b, dim, &rip, &raa, &rbb);
	check(ip, rip, terms, dim);
	check(aa, raa, terms, dim);
	check(bb, rbb, terms, dim);
	CU_ASSERT(fabs(k->norm_squared(b, dim) - ref->norm_squared(b, dim)) <=
	          (dim + 1) * DBL_EPSILON * terms);
}

static void
test_groups(const HalfKernels *k, const half *const *v, int dim)
{
	for (int metric = 0; metric < VECTOR_NMETRICS; metric++)
	{
		for (int n = 0; n <= MAX_GROUP; n++)
		{
			float out[MAX_GROUP + 1];

			out[n] = 12345;
			k->many[metric](v[0], v, n, dim, out);
			CU_ASSERT_EQUAL(out[n], 12345);
			for (int i = 0; i < n; i++)
			{
				float want;

				half_kernels_scalar.many[metric](v[0], v + i, 1, dim, &want);
				check(out[i], want, terms_of(v[0], v[i], dim), dim);
			}
		}
	}
}

/* There and back; what lies behind the end stays as it was. */
static void
test_conversion(const HalfKernels *k, const half *a, int dim)
{
	float x[MAX_DIM + 1];
	half back[MAX_DIM + 1];
	int wrong = 0;

	x[dim] = 12345;
	back[dim] = 12345;
	k->to_float(a, x, dim);
	k->from_float(x, back, dim);
	CU_ASSERT_EQUAL(x[dim], 12345);
	CU_ASSERT_EQUAL(back[dim], 12345);
	for (int i = 0; i < dim; i++)
		wrong += x[i] != HalfToFloat4(a[i]) || back[i] != a[i];
	CU_ASSERT_EQUAL(wrong, 0);
}

/* Floats of all sizes are rounded alike. */
static void
test_same_rounding(const HalfKernels *k)
{
	float x[128];
	half got[128];
	int wrong = 0;

	for (uint32 bits = 0; bits < 0xFFFF0000; bits += 128 * 4099)
	{
		for (int i = 0; i < 128; i++)
			x[i] = float_of_bits(bits + (uint32) i * 4099);
		k->from_float(x, got, 128);
		for (int i = 0; i < 128; i++)
			wrong += got[i] != Float4ToHalfUnchecked(x[i]);
	}
	for (uint32 h = 0; h < 0x10000; h += 128)
	{
		half in[128];

		for (int i = 0; i < 128; i++)
			in[i] = (half) (h + i);
		k->to_float(in, x, 128);
		for (int i = 0; i < 128; i++)
			wrong += bits_of_float(x[i]) != bits_of_float(HalfToFloat4(in[i]));
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

static void
test_isa(VectorIsa isa)
{
	const HalfKernels *k = half_kernels_for(isa);

	if (k == NULL)
		return; /* this CPU has it not */
	CU_ASSERT_EQUAL(k->isa, isa);
	for (int dim = 0; dim <= MAX_DIM; dim++)
	{
		const half *v[MAX_GROUP];

		for (int i = 0; i < MAX_GROUP; i++)
			v[i] = fenced[i] - dim;
		/* one side also away from the fence, at every alignment */
		for (int shift = 0; shift < MAX_SHIFT; shift++)
			test_single(k, v[0], fenced[MAX_GROUP] - dim - shift, dim);
		test_groups(k, v, dim);
		test_conversion(k, v[0], dim);
	}
	test_same_rounding(k);
}

static void
test_scalar(void)
{
	half a[3] = {0x3C00, 0x4000, 0x4200}; /* 1, 2, 3 */
	half b[3] = {0x4400, 0xC500, 0x4600}; /* 4, -5, 6 */

	CU_ASSERT_EQUAL(half_kernels_scalar.l2_squared(a, b, 3), 67);
	CU_ASSERT_EQUAL(half_kernels_scalar.inner_product(a, b, 3), 12);
	CU_ASSERT_EQUAL(half_kernels_scalar.negative_inner_product(a, b, 3), -12);
	CU_ASSERT_EQUAL(half_kernels_scalar.l1(a, b, 3), 13);
	CU_ASSERT_EQUAL(half_kernels_scalar.norm_squared(b, 3), 77);
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

/* Sums are floats: the largest halves do not overflow, nor do their squares. */
static void
test_large(void)
{
	half a[40];
	half b[40];

	for (int i = 0; i < 40; i++)
	{
		a[i] = 0x7BFF;
		b[i] = 0xFBFF;
	}
	for (int isa = VECTOR_ISA_SCALAR; isa <= VECTOR_ISA_AVX512; isa++)
	{
		const HalfKernels *k = half_kernels_for(isa);

		if (k == NULL)
			continue;
		CU_ASSERT_EQUAL(k->inner_product(a, a, 1), 4290774016.0f);
		check(k->inner_product(a, a, 40), 40 * 4290774016.0f, 40 * 4290774016.0,
		      40);
		check(k->l2_squared(a, b, 40), 160 * 4290774016.0f, 160 * 4290774016.0,
		      40);
		CU_ASSERT_EQUAL(k->l1(a, b, 40), 40 * 131008.0f);
	}
}

static void
test_choice(void)
{
	VectorIsa isa = vector_kernels_init();

	CU_ASSERT_PTR_NOT_NULL(half_kernels_for(half_kernels.isa));
	CU_ASSERT(half_kernels.isa <= isa);
	CU_ASSERT_EQUAL(half_distance_for(VECTOR_METRIC_L2_SQUARED),
	                half_kernels.l2_squared);
	CU_ASSERT_EQUAL(half_distance_for(VECTOR_METRIC_NEGATIVE_IP),
	                half_kernels.negative_inner_product);
	CU_ASSERT_EQUAL(half_distance_for(VECTOR_METRIC_L1), half_kernels.l1);
}

int
main(void)
{
	CU_pSuite suite;

	CU_initialize_registry();
	for (int i = 0; i <= MAX_GROUP; i++)
	{
		fenced[i] = fenced_end();
		for (int j = 1; j <= MAX_DIM + MAX_SHIFT; j++)
			fenced[i][-j] = Float4ToHalfUnchecked(random_float());
	}
	suite = CU_add_suite("half kernels", NULL, NULL);
	CU_add_test(suite, "to float", test_to_float);
	CU_add_test(suite, "rounding", test_rounding);
	CU_add_test(suite, "scalar", test_scalar);
	CU_add_test(suite, "avx2", test_avx2);
	CU_add_test(suite, "avx512", test_avx512);
	CU_add_test(suite, "large", test_large);
	CU_add_test(suite, "choice", test_choice);
	return unit_run();
}
