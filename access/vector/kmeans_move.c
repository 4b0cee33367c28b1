/*
 * kmeans_move.c
 *		An iteration of k-means: the distances between centers, samples to nearer
 *		ones, and those to the middle of their samples.
 *
 * A sample keeps a bound from above for the distance to its center and one from
 * below for that to every other, and distances between centers tell which of
 * these need not be looked at.  When a center moves no bound is written: what is
 * kept is a bound as if its center stood where it began, and by how much each has
 * moved since is taken from it (or added) when it is looked at.
 *
 * Bounds and empty centers are as pgvector has them; there one process does it
 * all.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "miscadmin.h"

#include "kmeans_internal.h"

/* Halves of the distances of n centers to one tile's. */
static void
between_tile(KMeans *km, int first, int n, int tile)
{
	int k = km->p->ncenters;
	int start = tile * VECTOR_TILE_WIDTH;
	int nto = Min(VECTOR_TILE_WIDTH, k - start);
	const void *to[VECTOR_TILE_WIDTH];
	const float *floats = NULL;

	for (int c = 0; c < nto; c++)
		to[c] = KMeansCenter(km->shared, start + c);
	if (km->tiles != NULL)
		floats = km->tiles + (Size) tile * VECTOR_TILE_FLOATS(km->p->dim);
	KMeansDistances(km, KMeansCenter(km->shared, first), n, floats, to, nto);
	for (int i = 0; i < n; i++)
		for (int c = 0; c < nto; c++)
			km->halfdistance[(Size) (first + i) * (Size) k +
			                 (Size) (start + c)] =
				0.5f * km->result[i * VECTOR_TILE_WIDTH + c];
}

void
KMeansBetweenBlock(KMeans *km, int block, int arg)
{
	int k = km->p->ncenters;
	int first;
	int end;

	KMeansBlockRange(k, CENTER_BLOCK, block, &first, &end);
	for (int i = first; i < end; i += VECTOR_TILE_POINTS)
		for (int tile = 0; tile < VECTOR_TILES(k); tile++)
		{
			CHECK_FOR_INTERRUPTS();
			between_tile(km, i, Min(VECTOR_TILE_POINTS, end - i), tile);
		}
	for (int i = first; i < end; i++)
	{
		float *row = km->halfdistance + (Size) i * (Size) k;
		int nearest;

		/* a center is never looked at in place of itself */
		row[i] = FLT_MAX;
		nearest = tile_kernels.least(row, k);
		km->nearest[i] = nearest < 0 ? FLT_MAX : row[nearest];
	}
}

/* Read before it is written: most have changed already, and all look at them. */
static inline void
note_change(KMeans *km, int center)
{
	if (pg_atomic_read_u32(&km->changed[center]) == 0)
		pg_atomic_write_u32(&km->changed[center], 1);
}

/*
 * The center of a sample; true if it is another one than before.  Comparisons
 * are such that a bound that is no number settles nothing.
 */
static bool
reassign(KMeans *km, int sample, bool stale)
{
	const KMeansParams *p = km->p;
	int k = p->ncenters;
	const float *moved = km->moved;
	float *lower = km->lower + (Size) sample * (Size) k;
	const void *vector = KMeansSample(km->shared, sample);
	int closest = km->closest[sample];
	float upper = km->upper[sample] + moved[closest];
	const float *half = km->halfdistance + (Size) closest * (Size) k;
	bool changed = false;
	int nbelow;

	if (upper <= km->nearest[closest])
		return false;
	if (stale)
	{
		upper = KMeansDistance(p, vector, KMeansCenter(km->shared, closest));
		lower[closest] = upper + moved[closest];
		km->upper[sample] = upper - moved[closest];
		if (upper <= km->nearest[closest])
			return false;
	}
	nbelow = tile_kernels.below(upper, lower, moved, half, k, km->below);
	for (int i = 0; i < nbelow; i++)
	{
		int c = km->below[i];
		float d;

		if (upper <= lower[c] - moved[c] || upper <= half[c])
			continue;
		d = KMeansDistance(p, vector, KMeansCenter(km->shared, c));
		lower[c] = d + moved[c];
		if (d < upper)
		{
			note_change(km, closest);
			note_change(km, c);
			closest = c;
			upper = d;
			half = km->halfdistance + (Size) closest * (Size) k;
			changed = true;
		}
	}
	km->closest[sample] = closest;
	km->upper[sample] = upper - moved[closest];
	return changed;
}

void
KMeansReassignBlock(KMeans *km, int block, int iteration)
{
	uint32 changes = 0;
	int first;
	int end;

	KMeansBlockRange(km->p->nsamples, SAMPLE_BLOCK, block, &first, &end);
	for (int i = first; i < end; i++)
	{
		/* a sample may be compared with all centers */
		CHECK_FOR_INTERRUPTS();
		changes += reassign(km, i, iteration > 0);
	}
	if (changes > 0)
		pg_atomic_fetch_add_u32(
			&km->shared->changes[km->step % lengthof(km->shared->changes)],
			changes);
}

/* Sums that ran over are held at the ends of what there is. */
static void
sum_to_mean(KMeans *km, int count)
{
	for (int i = 0; i < km->p->dim; i++)
	{
		if (isinf(km->sum[i]))
			km->sum[i] = km->sum[i] > 0 ? FLT_MAX : -FLT_MAX;
		km->sum[i] /= (float) count;
	}
}

/* km->sum has the sum of "count" samples. */
static void
move_center(KMeans *km, int center, int count, int iteration)
{
	if (count > 0)
		sum_to_mean(km, count);
	else
		KMeansRandomSum(km, RANDOM_EMPTY, iteration, center);
	KMeansSumToVector(km);
	km->moved[center] +=
		KMeansDistance(km->p, KMeansCenter(km->shared, center), km->vector);
	KMeansCopyCenter(km, center, km->vector);
}

/*
 * Each center's samples are added in their order.  A center whose samples are
 * those that it is the middle of stays where it is.
 */
void
KMeansMoveBlock(KMeans *km, int block, int iteration)
{
	Size dim = (Size) km->p->dim;
	bool any = false;
	int first;
	int end;

	KMeansBlockRange(km->p->ncenters, KMeansMoveBlockSize(km->p), block, &first,
	                 &end);
	memset(km->sums_of_block, 0, sizeof(float) * (Size) (end - first) * dim);
	for (int c = first; c < end; c++)
	{
		km->counts[c - first] =
			pg_atomic_exchange_u32(&km->changed[c], 0) ? 0 : SETTLED;
		any |= km->counts[c - first] != SETTLED;
	}
	if (!any)
		return;
	for (int i = 0; i < km->p->nsamples; i++)
	{
		int c = km->closest[i] - first;

		if (i % SAMPLE_BLOCK == 0)
			CHECK_FOR_INTERRUPTS();
		if (c < 0 || c >= end - first || km->counts[c] == SETTLED)
			continue;
		KMeansAddToSum(km, km->sums_of_block + (Size) c * dim,
		               KMeansSample(km->shared, i));
		km->counts[c]++;
	}
	for (int c = first; c < end; c++)
	{
		CHECK_FOR_INTERRUPTS();
		if (km->counts[c - first] == SETTLED)
			continue;
		if (km->counts[c - first] == 0)
			/* it gets another place in each iteration */
			pg_atomic_write_u32(&km->changed[c], 1);
		memcpy(km->sum, km->sums_of_block + (Size) (c - first) * dim,
		       sizeof(float) * dim);
		move_center(km, c, km->counts[c - first], iteration);
	}
}
