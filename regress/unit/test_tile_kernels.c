/*
 * test_tile_kernels.c
 *		Distances between eight points and the sixteen arrays of a tile, and the
 *		rows of numbers that k-means looks at.
 *
 * The dangers: a column or a point taken for another, a tail of a row that is
 * left out or read beyond its end, a NaN that hides a number or settles a bound,
 * and a distance that depends on the points beside it, of which the bytes of an
 * index would tell how many participants built it.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>

#include "access/tile_kernels.h"
#include "common/pg_prng.h"
#include "unit.h"

#define MAX_DIM 70
#define W VECTOR_TILE_WIDTH
#define P VECTOR_TILE_POINTS
#define STRIDE (W + 3)
#define UNTOUCHED 12345.0f
#define MAX_ROW 67

static pg_prng_state state;

static float
random_float(void)
{
	return (float) (pg_prng_double(&state) * 4 - 2);
}

static void
check(float got, float want, double terms, int dim)
{
	CU_ASSERT(fabs((double) got - (double) want) <=
	          (dim + 1) * (double) FLT_EPSILON * (terms + FLT_MIN));
}

static void
check_distances(const TileKernels *k, int dim)
{
	float points[P][MAX_DIM];
	float arrays[W][MAX_DIM];
	float tile[W * MAX_DIM];
	float out[P * STRIDE];
	float again[P * STRIDE];
	float begin[W];
	float more[P * W];
	const float *p[P];
	const float *same[P];

	for (int i = 0; i < P; i++)
		for (int j = 0; j < dim; j++)
			points[i][j] = random_float();
	for (int c = 0; c < W; c++)
	{
		begin[c] = (float) c;
		for (int j = 0; j < dim; j++)
			arrays[c][j] = random_float();
		tile_set(tile, c, arrays[c], dim);
	}
	for (int i = 0; i < P; i++)
	{
		p[i] = points[i];
		same[i] = points[P - 1];
	}
	for (int metric = VECTOR_METRIC_L2_SQUARED;
	     metric <= VECTOR_METRIC_NEGATIVE_IP; metric++)
	{
		for (int i = 0; i < P * STRIDE; i++)
			out[i] = UNTOUCHED;
		k->distances[metric](p, tile, dim, NULL, out, STRIDE);
		k->distances[metric](same, tile, dim, NULL, again, STRIDE);
		k->distances[metric](same, tile, dim, begin, more, W);
		for (int i = 0; i < P; i++)
		{
			for (int c = 0; c < W; c++)
			{
				double terms = 0;
				float want = metric == VECTOR_METRIC_L2_SQUARED
				                 ? vector_kernels_scalar.l2_squared(
									   points[i], arrays[c], dim)
				                 : vector_kernels_scalar.negative_inner_product(
									   points[i], arrays[c], dim);

				for (int j = 0; j < dim; j++)
					terms += 2 * ((double) points[i][j] * points[i][j] +
					              (double) arrays[c][j] * arrays[c][j]);
				check(out[i * STRIDE + c], want, terms, dim);
				check(more[i * W + c] - begin[c], again[i * STRIDE + c],
				      terms + begin[c], dim);
				CU_ASSERT(again[i * STRIDE + c] == out[(P - 1) * STRIDE + c]);
			}
			for (int c = W; c < STRIDE; c++)
				if (i < P - 1)
					CU_ASSERT(out[i * STRIDE + c] == UNTOUCHED);
		}
	}
}

static void
check_least(const TileKernels *k, int n)
{
	float a[MAX_ROW + 1];

	for (int i = 0; i <= n; i++)
		a[i] = 5;
	a[n] = -1; /* beyond the end */
	CU_ASSERT(k->least(a, n) == (n > 0 ? 0 : -1));
	for (int i = 0; i < n; i++)
	{
		a[i] = 4;
		CU_ASSERT(k->least(a, n) == i);
		a[n - 1] = 4;
		CU_ASSERT(k->least(a, n) == i);
		a[n - 1] = 5;
		if (i > 0)
			a[i - 1] = NAN;
		a[i] = 4;
		CU_ASSERT(k->least(a, n) == i);
		if (i > 0)
			a[i - 1] = 5;
		a[i] = 5;
	}
	for (int i = 0; i < n; i++)
		a[i] = NAN;
	CU_ASSERT(k->least(a, n) == -1);
	if (n > 0)
	{
		a[n - 1] = INFINITY;
		CU_ASSERT(k->least(a, n) == n - 1);
	}
}

static void
check_up_to(const TileKernels *k, int n)
{
	float a[MAX_ROW + 1];

	for (int i = 0; i <= n; i++)
		a[i] = (float) (i % 10);
	for (int limit = -1; limit < 10; limit++)
	{
		int want = 0;

		for (int i = 0; i < n; i++)
			want += a[i] <= (float) limit;
		CU_ASSERT(k->up_to(a, n, (float) limit) == want);
	}
	if (n > 0)
		a[n - 1] = NAN;
	CU_ASSERT(k->up_to(a, n, -1) == (n > 0 ? 1 : 0));
	CU_ASSERT(k->up_to(a, n, NAN) == n);
}

static void
check_below(const TileKernels *k, int n)
{
	float bound[MAX_ROW + 1];
	float shift[MAX_ROW + 1];
	float other[MAX_ROW + 1];
	int out[MAX_ROW + 1];
	int want = 0;
	int found;

	for (int i = 0; i <= n; i++)
	{
		bound[i] = (float) (i % 7);
		shift[i] = (float) (i % 3);
		other[i] = (float) (i % 5);
	}
	bound[n] = shift[n] = other[n] = -100;
	if (n > 3)
		bound[3] = NAN;
	if (n > 8)
		other[8] = NAN;
	for (int upper = -3; upper < 8; upper++)
	{
		found = k->below((float) upper, bound, shift, other, n, out);
		want = 0;
		for (int i = 0; i < n; i++)
			if (!((float) upper <= bound[i] - shift[i]) &&
			    !((float) upper <= other[i]))
			{
				CU_ASSERT(want < found && out[want] == i);
				want++;
			}
		CU_ASSERT(found == want);
	}
}

static void
check_add(const TileKernels *k, int n)
{
	float sum[MAX_ROW + 1];
	float a[MAX_ROW + 1];

	for (int i = 0; i <= n; i++)
	{
		sum[i] = (float) i;
		a[i] = 0.5f;
	}
	k->add(sum, a, n);
	for (int i = 0; i < n; i++)
		CU_ASSERT(sum[i] == (float) i + 0.5f);
	CU_ASSERT(sum[n] == (float) n);
}

static void
check_isa(VectorIsa isa)
{
	const TileKernels *k = tile_kernels_for(isa);

	if (k == NULL)
		return; /* this CPU has it not */
	CU_ASSERT(k->isa == isa);
	for (int dim = 0; dim <= MAX_DIM; dim++)
		check_distances(k, dim);
	for (int n = 0; n <= MAX_ROW; n++)
	{
		check_least(k, n);
		check_below(k, n);
		check_up_to(k, n);
		check_add(k, n);
	}
}

static void
test_scalar(void)
{
	check_isa(VECTOR_ISA_SCALAR);
}

static void
test_avx2(void)
{
	check_isa(VECTOR_ISA_AVX2);
}

static void
test_avx512(void)
{
	check_isa(VECTOR_ISA_AVX512);
}

static void
test_choice(void)
{
	VectorIsa isa = vector_kernels_init();

	CU_ASSERT(tile_kernels.isa == isa);
	CU_ASSERT(VECTOR_TILES(0) == 0 && VECTOR_TILES(1) == 1);
	CU_ASSERT(VECTOR_TILES(W) == 1 && VECTOR_TILES(W + 1) == 2);
}

int
main(void)
{
	CU_pSuite suite;

	pg_prng_seed(&state, 3);
	CU_initialize_registry();
	suite = CU_add_suite("tile kernels", NULL, NULL);
	CU_add_test(suite, "scalar", test_scalar);
	CU_add_test(suite, "avx2", test_avx2);
	CU_add_test(suite, "avx512", test_avx512);
	CU_add_test(suite, "choice", test_choice);
	return unit_run();
}
