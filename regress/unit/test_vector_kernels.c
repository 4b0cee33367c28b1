/*
 * test_vector_kernels.c
 *	  Every distance kernel against the scalar reference.
 *
 * The danger is in the tails: a kernel that works on 64, 32, 16 or 8 numbers
 * at a time is wrong first at the lengths between, at unaligned addresses, and
 * when it reads past the end.  All lengths from 0 on, at every offset from an
 * aligned address, with the arrays' ends against a page that may not be read;
 * groups of 0 to 11 arrays for the kernels that take several.  The bound is
 * that of adding n products in float in any order: n * 2^-23 of the sum of the
 * absolute terms.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/vector_kernels.h"
#include "unit.h"

#define MAX_DIM 300
#define MAX_GROUP 11

static float *fenced[MAX_GROUP + 1]; /* each has MAX_DIM + 16 numbers */

/* The last float before a page without access. */
static float *
fenced_end(void)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE) != 0)
		abort();
	return (float *) (p + page);
}

static uint32 seed = 12345;

static float
random_float(void)
{
	seed = seed * 1664525u + 1013904223u;
	return (float) ((int32) seed) / (float) (1u << 28);
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

static void
test_isa(VectorIsa isa)
{
	const VectorKernels *k = vector_kernels_for(isa);
	const VectorKernels *ref = &vector_kernels_scalar;

	if (k == NULL)
		return; /* this CPU has it not */

	for (int dim = 0; dim <= MAX_DIM; dim++)
	{
		int shift = dim % 16;
		const float *v[MAX_GROUP + 1];
		float out[MAX_GROUP];
		float ip, aa, bb, rip, raa, rbb;
		double l1 = 0;
		double sq = 0;
		double norm = 0;

		for (int i = 0; i <= MAX_GROUP; i++)
			v[i] = fenced[i] - dim;
		/* one side also away from the fence, at every alignment */
		v[MAX_GROUP] = fenced[MAX_GROUP] - dim - shift;

		for (int i = 0; i < dim; i++)
		{
			double a = v[0][i];
			double b = v[MAX_GROUP][i];

			l1 += fabs(a) + fabs(b);
			sq += a * a + b * b;
			norm += a * a;
		}
		check(k->l2_squared(v[0], v[MAX_GROUP], dim),
		      ref->l2_squared(v[0], v[MAX_GROUP], dim), 2 * sq, dim);
		check(k->inner_product(v[0], v[MAX_GROUP], dim),
		      ref->inner_product(v[0], v[MAX_GROUP], dim), sq, dim);
		check(k->negative_inner_product(v[0], v[MAX_GROUP], dim),
		      ref->negative_inner_product(v[0], v[MAX_GROUP], dim), sq, dim);
		check(k->l1(v[0], v[MAX_GROUP], dim), ref->l1(v[0], v[MAX_GROUP], dim),
		      l1, dim);
		k->cosine(v[0], v[MAX_GROUP], dim, &ip, &aa, &bb);
		ref->cosine(v[0], v[MAX_GROUP], dim, &rip, &raa, &rbb);
		check(ip, rip, sq, dim);
		check(aa, raa, sq, dim);
		check(bb, rbb, sq, dim);
		CU_ASSERT(
			fabs(k->norm_squared(v[0], dim) - ref->norm_squared(v[0], dim)) <=
			(dim + 1) * DBL_EPSILON * norm);

		for (int metric = 0; metric < VECTOR_NMETRICS; metric++)
		{
			for (int n = 0; n <= MAX_GROUP; n++)
			{
				k->many[metric](v[0], v, n, dim, out);
				for (int i = 0; i < n; i++)
				{
					float want;
					double terms = 0;

					ref->many[metric](v[0], v + i, 1, dim, &want);
					for (int j = 0; j < dim; j++)
						terms += 2 * (v[0][j] * v[0][j] + v[i][j] * v[i][j]) +
						         fabs(v[0][j]) + fabs(v[i][j]);
					check(out[i], want, terms, dim);
				}
			}
		}
	}
}

static void
test_scalar(void)
{
	float a[3] = {1, 2, 3};
	float b[3] = {4, -5, 6};

	CU_ASSERT_EQUAL(vector_kernels_scalar.l2_squared(a, b, 3), 67);
	CU_ASSERT_EQUAL(vector_kernels_scalar.inner_product(a, b, 3), 12);
	CU_ASSERT_EQUAL(vector_kernels_scalar.negative_inner_product(a, b, 3), -12);
	CU_ASSERT_EQUAL(vector_kernels_scalar.l1(a, b, 3), 13);
	CU_ASSERT_EQUAL(vector_kernels_scalar.norm_squared(b, 3), 77);
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

/* Infinity is a distance, NaN comes only from infinities: no check hides it. */
static void
test_overflow(void)
{
	float a[40];
	float b[40];

	for (int i = 0; i < 40; i++)
	{
		a[i] = 3e38f;
		b[i] = -3e38f;
	}
	for (int isa = VECTOR_ISA_SCALAR; isa <= VECTOR_ISA_AVX512; isa++)
	{
		const VectorKernels *k = vector_kernels_for(isa);

		if (k == NULL)
			continue;
		CU_ASSERT(isinf(k->l2_squared(a, b, 40)));
		CU_ASSERT(isinf(k->inner_product(a, a, 40)));
		CU_ASSERT(isinf(k->l1(a, b, 40)));
	}
}

static void
test_choice(void)
{
	VectorIsa isa = vector_kernels_init();

	CU_ASSERT_PTR_NOT_NULL(vector_kernels_for(isa));
	CU_ASSERT_EQUAL(vector_kernels.isa, isa);
	CU_ASSERT_EQUAL(vector_distance_for(VECTOR_METRIC_L1), vector_kernels.l1);
}

int
main(void)
{
	CU_pSuite suite;

	CU_initialize_registry();
	for (int i = 0; i <= MAX_GROUP; i++)
	{
		fenced[i] = fenced_end();
		for (int j = 1; j <= MAX_DIM + 16; j++)
			fenced[i][-j] = random_float();
	}
	suite = CU_add_suite("vector kernels", NULL, NULL);
	CU_add_test(suite, "scalar", test_scalar);
	CU_add_test(suite, "avx2", test_avx2);
	CU_add_test(suite, "avx512", test_avx512);
	CU_add_test(suite, "overflow", test_overflow);
	CU_add_test(suite, "choice", test_choice);
	return unit_run();
}
