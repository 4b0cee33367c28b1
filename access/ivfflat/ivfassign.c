/*
 * ivfassign.c
 *	  Which list a row of a build goes to.
 *
 * Several rows are compared with all centers at once (access/tile_kernels.h).
 * Squares of L2 distances differ by the row's own square from
 *
 *		c*c - 2 * x*c
 *
 * of which the half, c*c/2 - x*c, takes one multiplication per number where the
 * distance takes a subtraction before it: half of the time.  Where x and c are
 * long and near to each other it loses digits.  So the nearest center counts
 * only if no other is as near within what both ways of computing can be wrong
 * by; else, for one row in some hundred, the distances themselves are computed.
 * Either way the list is the one that these would give, so it does not depend on
 * the rows that a row is assigned with.
 *
 * The bound: with u half of FLT_EPSILON a sum of n products in float is wrong by
 * at most n * u times the sum of their absolute values, which is at most
 * |x|^2 + |c|^2 here, and at most four times that in the distance.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "access/half_kernels.h"
#include "access/tile_kernels.h"

#include "ivfbuild.h"

/* Distances of bits computed by one call. */
#define CENTERS_AT_ONCE 64

StaticAssertDecl(IVFFLAT_ROWS_AT_ONCE == VECTOR_TILE_POINTS,
                 "rows are assigned as tiles are");

struct IvfflatAssignment
{
	const IvfflatSupport *support;
	int lists;
	const void **centers; /* of bits: points, by list */
	const float *tiles;   /* of all else */
	float *half_squares;  /* of the centers; whole tiles.  NULL: not L2 */
	double largest_square;
	float *points;    /* IVFFLAT_ROWS_AT_ONCE of halves, as floats */
	float *distances; /* of IVFFLAT_ROWS_AT_ONCE to all centers, whole tiles */
	Size stride;      /* from one row's distances to the next */
};

/* The elements of a point that is none of bits. */
static const float *
AsFloats(const IvfflatSupport *support, const void *point, float *scratch)
{
	if (support->element == KMEANS_FLOAT)
		return point;
	half_kernels.to_float(point, scratch, support->value.dim);
	return scratch;
}

IvfflatAssignment *
IvfflatBeginAssignment(const IvfflatSupport *support, KMeansShared *kmeans,
                       int lists)
{
	IvfflatAssignment *a = palloc0_object(IvfflatAssignment);
	Size dim = (Size) support->value.dim;

	a->support = support;
	a->lists = lists;
	a->stride = (Size) VECTOR_TILES(lists) * VECTOR_TILE_WIDTH;
	a->distances = palloc_array(float, IVFFLAT_ROWS_AT_ONCE * a->stride);
	a->tiles = KMeansTiles(kmeans);
	if (a->tiles == NULL)
	{
		a->centers = palloc_array(const void *, lists);
		for (int i = 0; i < lists; i++)
			a->centers[i] = KMeansCenter(kmeans, i);
		return a;
	}
	a->points = palloc_array(float, IVFFLAT_ROWS_AT_ONCE *dim);
	if (support->metric != KMEANS_L2)
		return a;
	a->half_squares = palloc0_array(float, a->stride);
	for (int i = 0; i < lists; i++)
	{
		double square = vector_kernels.norm_squared(
			AsFloats(support, KMeansCenter(kmeans, i), a->points), (int) dim);

		a->half_squares[i] = (float) (square / 2);
		a->largest_square = Max(a->largest_square, square);
	}
	return a;
}

/* With what the sums begin with, or NULL. */
static void
ComputeTiles(IvfflatAssignment *a, const float *const *points,
             VectorMetric metric, const float *begin)
{
	int dim = a->support->value.dim;

	for (int tile = 0; tile < VECTOR_TILES(a->lists); tile++)
	{
		Size first = (Size) tile * VECTOR_TILE_WIDTH;

		tile_kernels.distances[metric](
			points, a->tiles + (Size) tile * VECTOR_TILE_FLOATS(dim), dim,
			begin ? begin + first : NULL, a->distances + first, a->stride);
	}
}

/* The first of the nearest; 0 for a row that has no distance to any. */
static int
NearestList(const IvfflatAssignment *a, int row)
{
	return Max(
		tile_kernels.least(a->distances + (Size) row * a->stride, a->lists), 0);
}

/* False: the distances themselves must be looked at. */
static bool
AssignByProducts(IvfflatAssignment *a, const float *const *points, int n,
                 int *lists)
{
	int dim = a->support->value.dim;

	ComputeTiles(a, points, VECTOR_METRIC_NEGATIVE_IP, a->half_squares);
	for (int i = 0; i < n; i++)
	{
		const float *row = a->distances + (Size) i * a->stride;
		double squares =
			vector_kernels.norm_squared(points[i], dim) + a->largest_square;
		double wrong = (dim + 4) * (FLT_EPSILON / 2.0) * squares;

		lists[i] = NearestList(a, i);
		if (tile_kernels.up_to(row, a->lists,
		                       (float) (row[lists[i]] + 6 * wrong)) != 1)
			return false;
	}
	return true;
}

static void
AssignBits(IvfflatAssignment *a, const void *const *points, int n, int *lists)
{
	const VectorSupport *support = &a->support->value;

	for (int i = 0; i < n; i++)
	{
		for (int first = 0; first < a->lists; first += CENTERS_AT_ONCE)
			support->distances(points[i], a->centers + first,
			                   Min(CENTERS_AT_ONCE, a->lists - first),
			                   support->dim,
			                   a->distances + (Size) i * a->stride + first);
		lists[i] = NearestList(a, i);
	}
}

void
IvfflatAssignRows(IvfflatAssignment *a, const void *const *rows, int n,
                  int *lists)
{
	Size dim = (Size) a->support->value.dim;
	const float *points[IVFFLAT_ROWS_AT_ONCE];

	Assert(n > 0 && n <= IVFFLAT_ROWS_AT_ONCE);
	if (a->tiles == NULL)
	{
		AssignBits(a, rows, n, lists);
		return;
	}
	for (int i = 0; i < IVFFLAT_ROWS_AT_ONCE; i++)
		points[i] =
			i < n ? AsFloats(a->support, rows[i], a->points + (Size) i * dim)
				  : points[0];
	if (a->half_squares != NULL && AssignByProducts(a, points, n, lists))
		return;
	ComputeTiles(a, points,
	             a->half_squares != NULL ? VECTOR_METRIC_L2_SQUARED
	                                     : VECTOR_METRIC_NEGATIVE_IP,
	             NULL);
	for (int i = 0; i < n; i++)
		lists[i] = NearestList(a, i);
}
