/*
 * test_kmeans.c
 *		k-means.  Story: a sample is clustered by one process, by two and by
 *		three; the centers must be the same bytes, whoever did what, and good: in
 *		the end each sample is with the center nearest to it, and the sum of the
 *		squares is not above that of plain iterations from the same start by more
 *		than chance explains.  The dangers: a step that begins before the last is
 *		over, a bound that keeps a sample from its center, an order of addition
 *		that depends on the processes.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <math.h>
#include <unistd.h>

#include "access/half_kernels.h"
#include "access/kmeans.h"
#include "access/tile_kernels.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "unit.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#define WATCHDOG_SECONDS 120
#define MAX_PARTICIPANTS 3
#define MEMORY (64 * 1024 * 1024)

static char *memory; /* shared: the KMeansShared of a run */

/* Element j of sample i: clumps around some places, or all the same. */
static double
sample_value(const KMeansParams *p, int i, int j, int clumps)
{
	pg_prng_state state;
	double place;

	pg_prng_seed(&state, (uint64) (i % clumps) * 1000 + (uint64) j);
	place = pg_prng_double(&state) - 0.5;
	pg_prng_seed(&state, (uint64) (i + 77) * 100000 + (uint64) j);
	return place + 0.1 * (pg_prng_double(&state) - 0.5);
}

static void
make_sample(KMeansShared *shared, int clumps)
{
	const KMeansParams *p = &shared->params;
	float values[2000];

	for (int i = 0; i < p->nsamples; i++)
	{
		void *sample = KMeansSample(shared, i);
		double norm = 0;

		memset(sample, 0, shared->stride);
		for (int j = 0; j < p->dim; j++)
		{
			values[j] = (float) sample_value(p, i, j, clumps);
			norm += (double) values[j] * values[j];
		}
		if (p->metric == KMEANS_SPHERICAL)
			for (int j = 0; j < p->dim; j++)
				values[j] = (float) (values[j] / sqrt(norm));
		switch (p->element)
		{
			case KMEANS_FLOAT:
				memcpy(sample, values, sizeof(float) * (Size) p->dim);
				break;
			case KMEANS_HALF:
				half_kernels.from_float(values, sample, p->dim);
				break;
			case KMEANS_BIT:
				for (int j = 0; j < p->dim; j++)
					((bits8 *) sample)[j / 8] |=
						(bits8) ((values[j] > 0) << (7 - j % 8));
				break;
		}
	}
}

static void
run_child(int me)
{
	KMeansRun((KMeansShared *) memory, WAIT_EVENT_EXTENSION);
}

/* Runs with that many processes; the centers are in memory. */
static KMeansShared *
run(KMeansParams params, int nparticipants, int clumps)
{
	KMeansShared *shared = (KMeansShared *) memory;

	CU_ASSERT_FATAL(KMeansSize(&params) <= MEMORY);
	KMeansInit(shared, &params);
	make_sample(shared, clumps);
	for (int i = 0; i < nparticipants; i++)
	{
		pid_t pid = fork();

		CU_ASSERT_FATAL(pid >= 0);
		if (pid == 0)
		{
			unit_become_process();
			run_child(i);
			proc_exit(0);
		}
	}
	unit_join(nparticipants);
	return shared;
}

/* ---- what it should be, by plain loops ---- */

static double
element(const KMeansParams *p, const void *vector, int j)
{
	switch (p->element)
	{
		case KMEANS_FLOAT:
			return ((const float *) vector)[j];
		case KMEANS_HALF:
		{
			float value;

			half_kernels.to_float((const half *) vector + j, &value, 1);
			return value;
		}
		case KMEANS_BIT:
			return ((const bits8 *) vector)[j / 8] >> (7 - j % 8) & 1;
	}
	return 0;
}

/* As the metric orders; exactly L2 squared for all but the angle. */
static double
plain_distance(const KMeansParams *p, const void *a, const void *b)
{
	double sum = 0;

	for (int j = 0; j < p->dim; j++)
	{
		double x = element(p, a, j);
		double y = element(p, b, j);

		sum += p->metric == KMEANS_SPHERICAL ? -x * y : (x - y) * (x - y);
	}
	return p->metric == KMEANS_SPHERICAL ? 1 + sum : sum;
}

/* The sum over samples of the distance to the nearest center. */
static double
inertia(KMeansShared *shared)
{
	const KMeansParams *p = &shared->params;
	double sum = 0;

	for (int i = 0; i < p->nsamples; i++)
	{
		double least = INFINITY;

		for (int c = 0; c < p->ncenters; c++)
		{
			double d = plain_distance(p, KMeansSample(shared, i),
			                          KMeansCenter(shared, c));

			least = Min(least, d);
		}
		sum += least;
	}
	return sum;
}

static bool
all_finite(KMeansShared *shared)
{
	const KMeansParams *p = &shared->params;

	for (int c = 0; c < p->ncenters; c++)
		for (int j = 0; j < p->dim; j++)
			if (!isfinite(element(p, KMeansCenter(shared, c), j)))
				return false;
	return true;
}

/* ---- tests ---- */

/* The same bytes from one, two and three; how good they are is returned. */
static double
check_run(KMeansParams params, int clumps)
{
	KMeansShared *shared = run(params, 1, clumps);
	Size size = (Size) params.ncenters * shared->stride;
	char *centers = malloc(size);
	uint32 iterations = pg_atomic_read_u32(&shared->iterations);
	double result = inertia(shared);

	CU_ASSERT_FATAL(centers != NULL);
	CU_ASSERT(all_finite(shared));
	CU_ASSERT(params.nsamples == 0 || iterations >= 2);
	memcpy(centers, KMeansCenter(shared, 0), size);
	for (int n = 2; n <= MAX_PARTICIPANTS; n++)
	{
		shared = run(params, n, clumps);
		CU_ASSERT(memcmp(centers, KMeansCenter(shared, 0), size) == 0);
		CU_ASSERT(pg_atomic_read_u32(&shared->iterations) == iterations);
	}
	free(centers);
	return result;
}

static const struct
{
	KMeansElement element;
	KMeansMetric metric;
} kinds[] = {
	{KMEANS_FLOAT, KMEANS_L2},        {KMEANS_HALF, KMEANS_L2},
	{KMEANS_FLOAT, KMEANS_SPHERICAL}, {KMEANS_HALF, KMEANS_SPHERICAL},
	{KMEANS_BIT, KMEANS_HAMMING},
};

/* Twenty clumps, twenty centers: nearly every clump finds its own. */
static void
test_clumps(void)
{
	for (int i = 0; i < lengthof(kinds); i++)
	{
		KMeansParams params = {
			.element = kinds[i].element,
			.metric = kinds[i].metric,
			.dim = 37,
			.ncenters = 20,
			.nsamples = 3000,
			.seed = 5,
		};
		double one;
		double twenty = check_run(params, 20);

		params.ncenters = 1;
		one = check_run(params, 20);
		/* a clump's own spread is a hundredth of that of all; bits have more */
		CU_ASSERT(twenty < one * (params.element == KMEANS_BIT ? 0.4 : 0.2));
	}
}

/* Lloyd's own iterations from where it ended change nothing. */
static void
test_settled(void)
{
	KMeansParams params = {
		.element = KMEANS_FLOAT,
		.metric = KMEANS_L2,
		.dim = 8,
		.ncenters = 50,
		.nsamples = 5000,
		.seed = 9,
	};
	KMeansShared *shared = run(params, 2, 200);
	int n = params.nsamples;
	int *nearest = calloc((size_t) n, sizeof(int));
	double worst = 0;

	for (int i = 0; i < n; i++)
	{
		double least = INFINITY;

		for (int c = 0; c < params.ncenters; c++)
		{
			double d = plain_distance(&params, KMeansSample(shared, i),
			                          KMeansCenter(shared, c));

			if (d < least)
			{
				least = d;
				nearest[i] = c;
			}
		}
	}
	for (int c = 0; c < params.ncenters; c++)
		for (int j = 0; j < params.dim; j++)
		{
			double sum = 0;
			int count = 0;

			for (int i = 0; i < n; i++)
				if (nearest[i] == c)
				{
					sum += element(&params, KMeansSample(shared, i), j);
					count++;
				}
			CU_ASSERT_FATAL(count > 0);
			worst =
				Max(worst, fabs(sum / count -
			                    element(&params, KMeansCenter(shared, c), j)));
		}
	CU_ASSERT(worst < 1e-4);
	free(nearest);
}

/* Fewer samples than centers, equal ones, one, none, one dimension. */
static void
test_odd(void)
{
	static const int samples[] = {0, 1, 5, 100};
	static const int centers[] = {1, 2, 33};

	for (int i = 0; i < lengthof(kinds); i++)
		for (int n = 0; n < lengthof(samples); n++)
			for (int c = 0; c < lengthof(centers); c++)
				for (int dim = 2; dim <= 70; dim += 68)
					for (int clumps = 1; clumps <= 3; clumps += 2)
					{
						KMeansParams params = {
							.element = kinds[i].element,
							.metric = kinds[i].metric,
							.dim = dim,
							.ncenters = centers[c],
							.nsamples = samples[n],
							.seed = (uint64) n + 1,
						};

						(void) check_run(params, clumps);
					}
}

/*
 * The sample's memory is given back, the centers are not: in shared memory, where
 * others have them, and in private memory.
 */
static void
check_forgotten(KMeansShared *shared)
{
	KMeansParams *p = &shared->params;
	Size centers = (Size) p->ncenters * shared->stride;
	Size tiles = sizeof(float) * (Size) VECTOR_TILES(p->ncenters) *
	             VECTOR_TILE_FLOATS(p->dim);
	char *before = malloc(centers + tiles);
	const float *middle = KMeansSample(shared, p->nsamples / 2);
	bool any = false;

	memcpy(before, KMeansCenter(shared, 0), centers);
	memcpy(before + centers, KMeansTiles(shared), tiles);
	for (int i = 0; i < p->dim; i++)
		any |= middle[i] != 0;
	CU_ASSERT(any);
	for (int times = 0; times < 2; times++)
	{
		KMeansForgetSample(shared);
		CU_ASSERT(memcmp(before, KMeansCenter(shared, 0), centers) == 0);
		CU_ASSERT(memcmp(before + centers, KMeansTiles(shared), tiles) == 0);
		for (int i = 0; i < p->dim; i++)
			CU_ASSERT(middle[i] == 0);
		/* who comes late has nothing to do */
		KMeansRun(shared, WAIT_EVENT_EXTENSION);
	}
	free(before);
}

static void
test_forget(void)
{
	KMeansParams params = {.element = KMEANS_FLOAT,
	                       .metric = KMEANS_L2,
	                       .dim = 70,
	                       .ncenters = 50,
	                       .nsamples = 2000,
	                       .seed = 3};
	KMeansShared *shared = run(params, 2, 5);
	char *private = malloc(KMeansSize(&params) + BLCKSZ);
	KMeansShared *own = (KMeansShared *) TYPEALIGN(BLCKSZ, private);

	check_forgotten(shared);
	KMeansInit(own, &params);
	make_sample(own, 5);
	KMeansRun(own, WAIT_EVENT_EXTENSION);
	check_forgotten(own);
	free(private);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	MemoryContextInit();
	vector_kernels_init();
	unit_make_lock_memory(NULL);
	memory = unit_share(MEMORY);
	CU_initialize_registry();
	suite = CU_add_suite("kmeans", NULL, NULL);
	CU_add_test(suite, "clumps", test_clumps);
	CU_add_test(suite, "settled", test_settled);
	CU_add_test(suite, "odd", test_odd);
	CU_add_test(suite, "forget", test_forget);
	return unit_run();
}
