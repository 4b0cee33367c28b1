/*
 * test_vector_codes.c
 *	  Codes of vectors: what they lose, and every set of distances against the
 *	  scalar one and against the numbers.
 *
 * All lengths from 0 on, groups of 0 to 9, each code's end as near to a page
 * that may not be read as its alignment allows.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/vector_codes.h"
#include "unit.h"

#define MAX_DIM 300
#define MAX_GROUP 9

static char *fences[MAX_GROUP + 1];
static uint32 seed = 54321;

static float
random_float(float low, float high)
{
	seed = seed * 1664525u + 1013904223u;
	return (float) (low + ((double) high - low) * (seed >> 8) / (1u << 24));
}

/* Where a code of that length ends just before the fence. */
static VectorCode *
code_at(int i, int dim)
{
	return (VectorCode *) (fences[i] - TYPEALIGN(4, VECTOR_CODE_SIZE(dim)));
}

static void
make_fences(void)
{
	long page = sysconf(_SC_PAGESIZE);

	for (int i = 0; i <= MAX_GROUP; i++)
	{
		char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE) != 0)
			abort();
		fences[i] = p + page;
	}
}

static void
fill(float *x, int dim, float low, float high)
{
	for (int i = 0; i < dim; i++)
		x[i] = random_float(low, high);
}

static void
test_decode(void)
{
	static const float ranges[][2] = {{-1, 1},          {0, 255},
	                                  {100, 101},       {-3e38f, 3e38f},
	                                  {1e-40f, 2e-40f}, {7, 7}};
	float x[MAX_DIM];

	for (int r = 0; r < (int) lengthof(ranges); r++)
	{
		for (int dim = 0; dim <= MAX_DIM; dim += 7)
		{
			VectorCode *code = code_at(0, dim);
			double step = ((double) ranges[r][1] - ranges[r][0]) / 255;

			fill(x, dim, ranges[r][0], ranges[r][1]);
			vector_encode(x, dim, code);
			for (int i = 0; i < dim; i++)
			{
				double y = code->offset + (double) code->scale * code->x[i];

				/* half a step, what the floats of the code lose, denormals */
				CU_ASSERT(fabs(y - x[i]) <=
				          0.501 * step + 2e-5 * fabs(x[i]) + 1e-38);
			}
		}
	}
}

static void
test_set(VectorCodeSet set, VectorMetric metric)
{
	VectorCodeDistances scalar =
		vector_code_distances_for(VECTOR_CODES_SCALAR, metric);
	VectorCodeDistances distances = vector_code_distances_for(set, metric);

	if (distances == NULL)
		return; /* this CPU has it not */
	for (int dim = 0; dim <= MAX_DIM; dim++)
	{
		float x[MAX_GROUP + 1][MAX_DIM];
		const void *v[MAX_GROUP];
		float low = dim % 3 == 0 ? 0 : -1;

		for (int i = 0; i <= MAX_GROUP; i++)
		{
			fill(x[i], dim, low, 1);
			vector_encode(x[i], dim, code_at(i, dim));
			if (i > 0)
				v[i - 1] = code_at(i, dim);
		}
		for (int n = 0; n <= MAX_GROUP; n++)
		{
			float out[MAX_GROUP + 1];
			float want[MAX_GROUP];

			out[n] = 4711;
			distances(code_at(0, dim), v, n, dim, out);
			scalar(code_at(0, dim), v, n, dim, want);
			CU_ASSERT_EQUAL(out[n], 4711);
			for (int i = 0; i < n; i++)
			{
				const void *q = code_at(0, dim);
				double exact = 0;
				float back;

				/* the heuristic knows duplicates by that */
				distances(v[i], &q, 1, dim, &back);
				CU_ASSERT(back == out[i]);
				for (int j = 0; j < dim; j++)
				{
					double a = x[0][j];
					double b = x[i + 1][j];

					exact += metric == VECTOR_METRIC_L2_SQUARED
					             ? (a - b) * (a - b)
					             : -a * b;
				}
				CU_ASSERT(fabsf(out[i] - want[i]) <= 1e-5f * (dim + 1));
				CU_ASSERT(fabs(out[i] - exact) <=
				          0.01 + 0.03 * sqrt((double) dim));
			}
		}
	}
}

static void
test_sets(void)
{
	for (int set = 0; set < VECTOR_NCODE_SETS; set++)
	{
		test_set((VectorCodeSet) set, VECTOR_METRIC_L2_SQUARED);
		test_set((VectorCodeSet) set, VECTOR_METRIC_NEGATIVE_IP);
	}
}

/* The best that can run here, from vector_kernels_init on. */
static void
test_best_set(void)
{
	VectorCodeDistances best = NULL;

	for (int set = VECTOR_NCODE_SETS - 1; set >= 0 && best == NULL; set--)
		best = vector_code_distances_for((VectorCodeSet) set,
		                                 VECTOR_METRIC_L2_SQUARED);
	CU_ASSERT(best != NULL);
	CU_ASSERT(vector_code_distances(VECTOR_METRIC_L2_SQUARED) == best);
	CU_ASSERT(vector_code_distances(VECTOR_METRIC_NEGATIVE_IP) != NULL);
	CU_ASSERT(vector_code_distances(VECTOR_METRIC_L1) == NULL);
}

/* Numbers whose products overflow: some distance, never "not a number". */
static void
test_overflow(void)
{
	float x[40];
	float y[40];
	float out[2];
	const void *v[2] = {code_at(1, 40), code_at(2, 40)};

	fill(x, 40, -3e38f, 3e38f);
	fill(y, 40, 1e38f, 3e38f);
	vector_encode(x, 40, code_at(0, 40));
	vector_encode(y, 40, code_at(1, 40));
	vector_encode(x, 40, code_at(2, 40));
	for (int set = 0; set < VECTOR_NCODE_SETS; set++)
	{
		for (int metric = 0; metric < 2; metric++)
		{
			VectorCodeDistances distances = vector_code_distances_for(
				(VectorCodeSet) set, (VectorMetric) metric);

			if (distances == NULL)
				continue;
			distances(code_at(0, 40), v, 2, 40, out);
			CU_ASSERT(!isnan(out[0]) && !isnan(out[1]));
		}
	}
}

int
main(void)
{
	CU_pSuite suite;

	vector_kernels_init();
	make_fences();
	CU_initialize_registry();
	suite = CU_add_suite("vector codes", NULL, NULL);
	CU_add_test(suite, "decode", test_decode);
	CU_add_test(suite, "sets", test_sets);
	CU_add_test(suite, "best set", test_best_set);
	CU_add_test(suite, "overflow", test_overflow);
	return unit_run();
}
