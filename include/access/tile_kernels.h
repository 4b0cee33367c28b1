/*
 * tile_kernels.h
 *	  Distances between several arrays of float and several others.
 *
 * A tile holds VECTOR_TILE_WIDTH arrays turned over: number i of all of them,
 * then number i + 1 of all of them.  One register has a number of each, so that
 * sums need no adding up across a register, and a tile is read once for
 * VECTOR_TILE_POINTS points.  That makes such distances three times as fast as
 * those from one array to many; turning over pays if a tile is used often.
 *
 * Every sum is made in the order of the numbers, in float, so a distance does not
 * depend on the points that it is computed with.  The sets differ in the last
 * bits from each other and from vector_kernels.
 *
 * Chosen with vector_kernels, by vector_kernels_init().
 */
#ifndef TILE_KERNELS_H
#define TILE_KERNELS_H

#include "access/vector_kernels.h"

#define VECTOR_TILE_WIDTH 16
#define VECTOR_TILE_POINTS 8

/* Tiles that n arrays need, and the floats of one. */
#define VECTOR_TILES(n) \
	((n) / VECTOR_TILE_WIDTH + ((n) % VECTOR_TILE_WIDTH != 0))
#define VECTOR_TILE_FLOATS(dim) ((Size) VECTOR_TILE_WIDTH * (Size) (dim))

/*
 * From each of VECTOR_TILE_POINTS points, of which several may be the same, to
 * each array of the tile; those of point i at out + i * stride.  begin: what the
 * sums begin with, a number for each array; or NULL.
 */
typedef void (*TileDistances)(const float *const *points, const float *tile,
                              int dim, const float *begin, float *out,
                              Size stride);

typedef struct TileKernels
{
	VectorIsa isa;
	/* L2 squared, negative inner product; there is none for L1 */
	TileDistances distances[VECTOR_NMETRICS];
	/* The first of the least numbers; NaN is none.  -1: all are. */
	int (*least)(const float *a, int n);
	/* How many are not greater than limit; NaN counts. */
	int (*up_to)(const float *a, int n, float limit);
	/*
	 * The i, ascending, for which neither upper <= bound[i] - shift[i] nor
	 * upper <= other[i]; how many there are.  Room for n.
	 */
	int (*below)(float upper, const float *bound, const float *shift,
	             const float *other, int n, int *out);
	/* sum[i] += a[i] */
	void (*add)(float *sum, const float *a, int n);
} TileKernels;

/* The set in force. */
extern TileKernels tile_kernels;

/* The set for an isa, or NULL if it cannot run here. */
extern const TileKernels *tile_kernels_for(VectorIsa isa);

/* Array number "column" of a tile. */
static inline void
tile_set(float *tile, int column, const float *a, int dim)
{
	for (int i = 0; i < dim; i++)
		tile[(Size) i * VECTOR_TILE_WIDTH + (Size) column] = a[i];
}

#endif /* TILE_KERNELS_H */
