/*
 * kmeans_vectors.c
 *		Vectors of k-means: distances and sums of each kind of element, and centers
 *		made of them.
 *
 * Distances of floats and halves are computed between eight samples and sixteen
 * centers at a time (access/tile_kernels.h).
 */
#include "postgres.h"

#include <math.h>

#include "access/bit_kernels.h"
#include "access/half_kernels.h"
#include "access/vector_kernels.h"

#include "kmeans_internal.h"

/* The kernels' distance as the metric's. */
static inline float
finish_distance(KMeansMetric metric, float d)
{
	switch (metric)
	{
		case KMEANS_L2:
			return sqrtf(d);
		case KMEANS_SPHERICAL:
			/* d is the negative inner product of two unit vectors */
			d = Max(-1.0f, Min(1.0f, -d));
			return (float) (acos((double) d) / M_PI);
		case KMEANS_HAMMING:
			break;
	}
	return d;
}

float
KMeansDistance(const KMeansParams *p, const void *a, const void *b)
{
	bool l2 = p->metric == KMEANS_L2;
	float d = 0;

	switch (p->element)
	{
		case KMEANS_FLOAT:
			d = l2 ? vector_kernels.l2_squared(a, b, p->dim)
			       : vector_kernels.negative_inner_product(a, b, p->dim);
			break;
		case KMEANS_HALF:
			d = l2 ? half_kernels.l2_squared(a, b, p->dim)
			       : half_kernels.negative_inner_product(a, b, p->dim);
			break;
		case KMEANS_BIT:
			d = bit_kernels.one[BIT_METRIC_HAMMING](a, b, p->dim);
			break;
	}
	return finish_distance(p->metric, d);
}

/* Of a vector that is none of bits. */
static const float *
as_floats(const KMeansParams *p, const void *vector, float *scratch)
{
	if (p->element == KMEANS_FLOAT)
		return vector;
	half_kernels.to_float(vector, scratch, p->dim);
	return scratch;
}

void
KMeansFillTile(KMeans *km, float *tile, int column, const void *vector)
{
	tile_set(tile, column, as_floats(km->p, vector, km->floats), km->p->dim);
}

/*
 * From n vectors that follow each other, at most VECTOR_TILE_POINTS, to those of
 * a tile, or if they are of bits to nto others; into km->result, each
 * VECTOR_TILE_WIDTH behind the one before.
 */
void
KMeansDistances(KMeans *km, const void *from, int n, const float *tile,
                const void *const *to, int nto)
{
	const KMeansParams *p = km->p;
	const float *points[VECTOR_TILE_POINTS];

	if (p->element == KMEANS_BIT)
		for (int i = 0; i < n; i++)
			bit_kernels.many[BIT_METRIC_HAMMING](
				(const bits8 *) from + (Size) i * km->shared->stride,
				(const bits8 *const *) to, nto, p->dim,
				km->result + i * VECTOR_TILE_WIDTH);
	else
	{
		for (int i = 0; i < VECTOR_TILE_POINTS; i++)
			points[i] = i >= n
			                ? points[0]
			                : as_floats(p,
			                            (const char *) from +
			                                (Size) i * km->shared->stride,
			                            km->points + (Size) i * (Size) p->dim);
		tile_kernels
			.distances[p->metric == KMEANS_L2 ? VECTOR_METRIC_L2_SQUARED
		                                      : VECTOR_METRIC_NEGATIVE_IP](
				points, tile, p->dim, NULL, km->result, VECTOR_TILE_WIDTH);
	}
	for (int i = 0; i < n; i++)
		for (int c = 0; c < nto; c++)
			km->result[i * VECTOR_TILE_WIDTH + c] = finish_distance(
				p->metric, km->result[i * VECTOR_TILE_WIDTH + c]);
}

void
KMeansAddToSum(KMeans *km, float *sum, const void *vector)
{
	int dim = km->p->dim;

	if (km->p->element == KMEANS_BIT)
		for (int i = 0; i < dim; i++)
			sum[i] +=
				(float) (((const bits8 *) vector)[i / 8] >> (7 - i % 8) & 1);
	else
		tile_kernels.add(sum, as_floats(km->p, vector, km->floats), dim);
}

/* Of length 1, if it has one. */
static void
normalize(float *a, int dim)
{
	double norm = sqrt(vector_kernels.norm_squared(a, dim));

	if (norm > 0)
		for (int i = 0; i < dim; i++)
			a[i] = (float) (a[i] / norm);
}

/* km->sum as a center in km->vector. */
void
KMeansSumToVector(KMeans *km)
{
	int dim = km->p->dim;

	if (km->p->metric == KMEANS_SPHERICAL)
		normalize(km->sum, dim);
	switch (km->p->element)
	{
		case KMEANS_FLOAT:
			memcpy(km->vector, km->sum, sizeof(float) * (Size) dim);
			break;
		case KMEANS_HALF:
			half_kernels.from_float(km->sum, km->vector, dim);
			break;
		case KMEANS_BIT:
			memset(km->vector, 0, km->shared->stride);
			for (int i = 0; i < dim; i++)
				((bits8 *) km->vector)[i / 8] |=
					(bits8) ((km->sum[i] > 0.5f) << (7 - i % 8));
			break;
	}
}

/* Numbers that only depend on the seed and on what they are for. */
void
KMeansSeedRandom(KMeans *km, pg_prng_state *state, int purpose, int a, int b)
{
	pg_prng_seed(state, km->p->seed ^ ((uint64) purpose << 60) ^
	                        ((uint64) (uint32) a << 30) ^ (uint64) (uint32) b);
}

/* Anywhere in the unit cube. */
void
KMeansRandomSum(KMeans *km, int purpose, int a, int b)
{
	pg_prng_state state;

	KMeansSeedRandom(km, &state, purpose, a, b);
	for (int i = 0; i < km->p->dim; i++)
		km->sum[i] = (float) pg_prng_double(&state);
}

void
KMeansCopyCenter(KMeans *km, int center, const void *vector)
{
	memcpy(KMeansCenter(km->shared, center), vector, km->shared->stride);
	if (km->tiles != NULL)
		KMeansFillTile(km,
		               km->tiles + (Size) (center / VECTOR_TILE_WIDTH) *
		                               VECTOR_TILE_FLOATS(km->p->dim),
		               center % VECTOR_TILE_WIDTH, vector);
}
