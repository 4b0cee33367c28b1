/*
 * test_code_bounds.c
 *		Bounds of distances that codes tell.  Story: points of many kinds, far
 *		and near, equal, huge, denormal, of one number and of two thousand, are
 *		coded; for each set of distances of codes, and each set of kernels of
 *		floats and halves, the bound is compared with the distance.  The danger: a
 *		bound above the distance, by a last bit even, and an index scan leaves out
 *		a row that it would have found; or one so low that nothing is left out.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "access/half.h"
#include "access/half_kernels.h"
#include "access/vector_codes.h"
#include "common/pg_prng.h"
#include "unit.h"

#define MAX_DIM 2000
#define GROUP 11

typedef enum Kind
{
	RANDOM,
	INTEGERS,
	NEAR,         /* to the query */
	SAME,         /* as the query, or but for one number */
	FAR_FROM_0,   /* and near to each other */
	CONSTANT,     /* all numbers of a point are one */
	ONE_LARGE,    /* number among small ones */
	ON_THE_STEPS, /* of their codes, which lose nothing */
	GREAT,        /* as great as bounds are told of, and somewhat beyond */
	HUGE,         /* distances overflow */
	SMALL,        /* squares underflow */
	DENORMAL,
	ZERO,
	NKINDS
} Kind;

static pg_prng_state prng;
static float query[MAX_DIM];
static float points[GROUP][MAX_DIM];
static half half_query[MAX_DIM];
static half half_points[GROUP][MAX_DIM];
static char
	memory[GROUP + 1]
		  [TYPEALIGN(16, VECTOR_CODE_SIZE(MAX_DIM))] pg_attribute_aligned(16);

static float
between(double low, double high)
{
	return (float) (low + (high - low) * pg_prng_double(&prng));
}

static float
make_number(Kind kind, int i, int j)
{
	switch (kind)
	{
		case RANDOM:
			return between(-1, 1);
		case INTEGERS:
			return (float) (pg_prng_uint64(&prng) % 219);
		case NEAR:
			return query[j] * (1 + between(-1e-3, 1e-3));
		case SAME:
			return j == i ? query[j] + 1 : query[j];
		case FAR_FROM_0:
			return 1000 + between(-0.01, 0.01);
		case CONSTANT:
			return (float) i / 3;
		case ONE_LARGE:
			return j == i ? 5e4f : between(-0.01, 0.01);
		case ON_THE_STEPS:
			return (float) (j < 2 ? j * 255 : pg_prng_uint64(&prng) % 256) /
			       256;
		case GREAT:
			return between(-1, 1) * (i % 2 ? 1e12f : 1.2e12f);
		case HUGE:
			return between(-3e38, 3e38);
		case SMALL:
			return between(-1e-20, 1e-20);
		case DENORMAL:
			return between(0, 1e-41);
		default:
			return 0;
	}
}

static VectorCode *
code_of(int i)
{
	return (VectorCode *) memory[i];
}

static void
make_points(Kind kind, int dim)
{
	Kind of_query = kind == NEAR || kind == SAME ? RANDOM : kind;

	for (int j = 0; j < dim; j++)
		query[j] = make_number(of_query, 7, j);
	for (int i = 0; i < GROUP; i++)
	{
		for (int j = 0; j < dim; j++)
			points[i][j] = make_number(kind, i, j);
	}
}

/* Bounds of all points, by one set of distances of codes; false: none. */
static bool
make_bounds(VectorCodeSet set, VectorMetric metric, int dim, float *bounds)
{
	VectorCodeDistances distances = vector_code_distances_for(set, metric);
	float errors[3][GROUP];
	float ones[GROUP];
	const void *codes[GROUP];
	VectorCodeError error;
	VectorCodeQuery q;

	if (distances == NULL)
		return false;
	for (int i = 0; i < GROUP; i++)
	{
		codes[i] = code_of(i);
		vector_encode(points[i], dim, code_of(i));
		vector_code_error(points[i], dim, code_of(i), &error);
		errors[0][i] = error.error;
		errors[1][i] = error.reach;
		errors[2][i] = error.length;
	}
	vector_encode(query, dim, code_of(GROUP));
	vector_code_error(query, dim, code_of(GROUP), &error);
	if (!vector_code_query(&q, metric, dim, &error))
		return false;
	distances(code_of(GROUP), codes, GROUP, dim, bounds);
	/* one by one as several at once */
	memcpy(ones, bounds, sizeof(ones));
	for (int i = 0; i < GROUP; i++)
		vector_code_lower_bounds(&q, &errors[0][i], &errors[1][i],
		                         &errors[2][i], 1, &ones[i]);
	vector_code_lower_bounds(&q, errors[0], errors[1], errors[2], GROUP,
	                         bounds);
	CU_ASSERT_EQUAL(memcmp(ones, bounds, sizeof(ones)), 0);
	return true;
}

/* How many bounds are above the distances. */
static int
count_above(const float *bounds, const float *distances)
{
	int above = 0;

	for (int i = 0; i < GROUP; i++)
		above += isnan(bounds[i]) || bounds[i] > distances[i];
	return above;
}

static void
check_floats(VectorMetric metric, int dim, const float *bounds, Kind kind)
{
	for (int isa = 0; isa <= VECTOR_ISA_AVX512; isa++)
	{
		const VectorKernels *kernels = vector_kernels_for((VectorIsa) isa);
		float distances[GROUP];

		if (kernels == NULL)
			continue;
		for (int i = 0; i < GROUP; i++)
			distances[i] =
				metric == VECTOR_METRIC_L2_SQUARED
					? kernels->l2_squared(query, points[i], dim)
					: kernels->negative_inner_product(query, points[i], dim);
		CU_ASSERT_EQUAL(count_above(bounds, distances), 0);
		if (kind != RANDOM || dim < 64)
			continue;
		/* and they say something */
		for (int i = 0; i < GROUP; i++)
			CU_ASSERT(bounds[i] > (metric == VECTOR_METRIC_L2_SQUARED
			                           ? 0.97f * distances[i]
			                           : distances[i] - 0.01f * (float) dim));
	}
}

static void
check_kind(Kind kind, int dim)
{
	make_points(kind, dim);
	for (int set = 0; set < VECTOR_NCODE_SETS; set++)
	{
		for (int metric = 0; metric < 2; metric++)
		{
			float bounds[GROUP];

			if (make_bounds((VectorCodeSet) set, (VectorMetric) metric, dim,
			                bounds))
				check_floats((VectorMetric) metric, dim, bounds, kind);
		}
	}
}

static void
test_floats(void)
{
	pg_prng_seed(&prng, 9);
	for (int kind = 0; kind < NKINDS; kind++)
	{
		for (int dim = 1; dim <= MAX_DIM; dim += dim < 140 ? 1 : 93)
			check_kind((Kind) kind, dim);
		for (int again = 0; again < 200; again++)
			check_kind((Kind) kind, 1 + again % 40);
		check_kind((Kind) kind, MAX_DIM);
	}
}

/* Points that halves can be, by the kernels of halves. */
static void
test_halves(void)
{
	static const Kind kinds[] = {RANDOM, INTEGERS, NEAR, ONE_LARGE, ZERO};

	pg_prng_seed(&prng, 10);
	for (int k = 0; k < (int) lengthof(kinds); k++)
	{
		for (int dim = 1; dim <= MAX_DIM; dim += dim < 70 ? 1 : 211)
		{
			make_points(kinds[k], dim);
			half_kernels.from_float(query, half_query, dim);
			half_kernels.to_float(half_query, query, dim);
			for (int i = 0; i < GROUP; i++)
			{
				half_kernels.from_float(points[i], half_points[i], dim);
				half_kernels.to_float(half_points[i], points[i], dim);
			}
			for (int isa = 0; isa <= VECTOR_ISA_AVX512; isa++)
			{
				const HalfKernels *kernels = half_kernels_for((VectorIsa) isa);
				float distances[GROUP];
				float bounds[GROUP];

				if (kernels == NULL)
					continue;
				for (int i = 0; i < GROUP; i++)
					distances[i] =
						kernels->l2_squared(half_query, half_points[i], dim);
				CU_ASSERT(make_bounds(VECTOR_CODES_SCALAR,
				                      VECTOR_METRIC_L2_SQUARED, dim, bounds));
				CU_ASSERT_EQUAL(count_above(bounds, distances), 0);
				for (int i = 0; i < GROUP; i++)
					distances[i] = kernels->negative_inner_product(
						half_query, half_points[i], dim);
				CU_ASSERT(make_bounds(VECTOR_CODES_SCALAR,
				                      VECTOR_METRIC_NEGATIVE_IP, dim, bounds));
				CU_ASSERT_EQUAL(count_above(bounds, distances), 0);
			}
		}
	}
}

/* A query, or a point, of which nothing can be said. */
static void
test_none(void)
{
	float bounds[GROUP];

	pg_prng_seed(&prng, 11);
	make_points(HUGE, 16);
	CU_ASSERT_FALSE(
		make_bounds(VECTOR_CODES_SCALAR, VECTOR_METRIC_L2_SQUARED, 16, bounds));
	for (int j = 0; j < 16; j++)
		query[j] = 0;
	CU_ASSERT(
		make_bounds(VECTOR_CODES_SCALAR, VECTOR_METRIC_L2_SQUARED, 16, bounds));
	for (int i = 0; i < GROUP; i++)
		CU_ASSERT_EQUAL(bounds[i], 0);
	CU_ASSERT(make_bounds(VECTOR_CODES_SCALAR, VECTOR_METRIC_NEGATIVE_IP, 16,
	                      bounds));
	for (int i = 0; i < GROUP; i++)
		CU_ASSERT_EQUAL(bounds[i], -INFINITY);
}

int
main(void)
{
	CU_pSuite suite;

	vector_kernels_init();
	CU_initialize_registry();
	suite = CU_add_suite("code bounds", NULL, NULL);
	CU_add_test(suite, "floats", test_floats);
	CU_add_test(suite, "halves", test_halves);
	CU_add_test(suite, "none", test_none);
	return unit_run();
}
