/*
 * kmeans_choose.c
 *		k-means++: centers to begin with, each with a chance that the ones before
 *		decide.
 *
 * It takes a pass over the samples for each.  Several are taken from one pass: a
 * sample is drawn by the weights of the last pass, and kept with the chance that
 * is left to it after those taken since.  So it has the chance that it should
 * have, and a pass computes the distances to all of them at once.
 */
#include "postgres.h"

#include <math.h>

#include "kmeans_internal.h"

/* A sample by the weights of the step before, whose sum is total. */
static int
draw_sample(KMeans *km, pg_prng_state *state, double total)
{
	int n = km->p->nsamples;
	int nblocks = KMeansBlocksOf(n, SAMPLE_BLOCK);
	const double *sums = km->sums[(km->step + 1) % 2];
	const float *weight = km->weight[(km->step + 1) % 2];
	double left = total * pg_prng_double(state);
	int first;
	int end;
	int block = 0;

	while (block < nblocks - 1 && left > sums[block])
		left -= sums[block++];
	KMeansBlockRange(n, SAMPLE_BLOCK, block, &first, &end);
	for (int i = first; i < end - 1; i++)
	{
		left -= weight[i];
		if (left <= 0)
			return i;
	}
	return end - 1;
}

/* Its weight, with those that were chosen since. */
static float
weight_left(KMeans *km, int sample)
{
	float weight = km->weight[(km->step + 1) % 2][sample];

	for (int i = 0; i < km->nchosen; i++)
	{
		float d = KMeansDistance(km->p, KMeansSample(km->shared, sample),
		                         KMeansSample(km->shared, km->chosen[i]));

		weight = Min(weight, d * d);
	}
	return weight;
}

/*
 * The samples that are the centers from number "center" on, of which there are
 * "most" at most: the first at random, the others by the squares of their
 * distances to the nearest center before.  By everyone for himself: what it
 * reads is not what those who are faster write already.
 */
static void
choose_samples(KMeans *km, int center, int most)
{
	int nblocks = KMeansBlocksOf(km->p->nsamples, SAMPLE_BLOCK);
	const double *sums = km->sums[(km->step + 1) % 2];
	const float *weight = km->weight[(km->step + 1) % 2];
	pg_prng_state state;
	double total = 0;

	KMeansSeedRandom(km, &state, RANDOM_CHOICE, center, 0);
	km->nchosen = 0;
	if (center == 0)
	{
		km->chosen[km->nchosen++] =
			(int) (pg_prng_uint32(&state) % (uint32) km->p->nsamples);
		return;
	}
	for (int i = 0; i < nblocks; i++)
		total += sums[i];
	if (!(total > 0) || isinf(total))
	{
		/* there are no more different ones */
		km->chosen[km->nchosen++] = 0;
		return;
	}
	for (int i = 0; i < DRAWS && km->nchosen < most; i++)
	{
		int sample = draw_sample(km, &state, total);
		double chance = pg_prng_double(&state) * weight[sample];

		if (km->nchosen == 0 || chance < weight_left(km, sample))
			km->chosen[km->nchosen++] = sample;
	}
}

/*
 * Distances of a few samples to the centers just chosen, which become lower
 * bounds; the nearest, and what weight is left.  Returns the sum of that.
 */
static double
weigh_samples(KMeans *km, int first, int n, int center,
              const void *const *chosen)
{
	int k = km->p->ncenters;
	float *weight = km->weight[km->step % 2];
	double sum = 0;

	KMeansDistances(km, KMeansSample(km->shared, first), n, km->tile, chosen,
	                km->nchosen);
	for (int i = first; i < first + n; i++)
	{
		const float *result = km->result + (i - first) * VECTOR_TILE_WIDTH;
		float *lower = km->lower + (Size) i * (Size) k + (Size) center;
		int closest = center == 0 ? 0 : km->closest[i];
		float upper = center == 0 ? result[0] : km->upper[i];

		for (int c = 0; c < km->nchosen; c++)
		{
			lower[c] = result[c];
			if (result[c] < upper)
			{
				upper = result[c];
				closest = center + c;
			}
		}
		km->closest[i] = closest;
		km->upper[i] = upper;
		weight[i] = upper * upper;
		sum += weight[i];
	}
	return sum;
}

static void
weigh_block(KMeans *km, int block, int center)
{
	const void *chosen[CHOICES];
	double sum = 0;
	int first;
	int end;

	for (int i = 0; i < km->nchosen; i++)
		chosen[i] = KMeansSample(km->shared, km->chosen[i]);
	KMeansBlockRange(km->p->nsamples, SAMPLE_BLOCK, block, &first, &end);
	for (int i = first; i < end; i += VECTOR_TILE_POINTS)
		sum += weigh_samples(km, i, Min(VECTOR_TILE_POINTS, end - i), center,
		                     chosen);
	km->sums[km->step % 2][block] = sum;
}

/* Centers from number "center" on, as many as can be had; how many. */
int
KMeansChooseCenters(KMeans *km, int center)
{
	choose_samples(km, center, Min(CHOICES, km->p->ncenters - center));
	for (int i = 0; i < km->nchosen; i++)
	{
		const void *sample = KMeansSample(km->shared, km->chosen[i]);

		/* all write the same; nobody reads it in this step */
		KMeansCopyCenter(km, center + i, sample);
		if (km->tiles != NULL)
			KMeansFillTile(km, km->tile, i, sample);
	}
	KMeansDoBlocks(km, KMeansBlocksOf(km->p->nsamples, SAMPLE_BLOCK),
	               weigh_block, center);
	return km->nchosen;
}
