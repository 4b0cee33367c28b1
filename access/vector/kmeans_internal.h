/*
 * kmeans_internal.h
 *	  What the files of k-means share: one participant's view, and what the steps
 *	  are made of (kmeans.c has the idea and the rules).
 */
#ifndef KMEANS_INTERNAL_H
#define KMEANS_INTERNAL_H

#include "access/kmeans.h"
#include "access/tile_kernels.h"
#include "common/pg_prng.h"

#define SAMPLE_BLOCK 256
#define CENTER_BLOCK 16
/* blocks that the centers are moved in: each reads all assignments */
#define MOVE_BLOCKS 16
/* distances of bits computed by one call */
#define BATCH 64
/* centers chosen in one step, and draws until no more are tried for */
#define CHOICES VECTOR_TILE_WIDTH
#define DRAWS 64

/* A center's count that stands for one that need not be moved. */
#define SETTLED (-1)

/* What random numbers are for. */
#define RANDOM_CHOICE 1
#define RANDOM_EMPTY 2
#define RANDOM_NO_SAMPLES 3

/* What a step does, and for which center or in which iteration. */
typedef enum KMeansKind
{
	STEP_RANDOM,
	STEP_CHOOSE,
	STEP_BETWEEN,
	STEP_REASSIGN,
	STEP_MOVE,
	STEP_END
} KMeansKind;

typedef struct KMeansStep
{
	KMeansKind kind;
	int arg;
} KMeansStep;

/* One participant's view. */
typedef struct KMeans
{
	KMeansShared *shared;
	const KMeansParams *p;
	uint32 step;
	uint32 wait_event_info;
	/* in shared memory */
	float *lower;
	float *upper;
	float *weight[2];
	int *closest;
	float *halfdistance;
	float *nearest;
	float *moved;
	pg_atomic_uint32 *changed; /* has won or lost samples since it moved */
	float *tiles;              /* NULL: bits */
	double *sums[2];
	/* our own */
	int chosen[CHOICES]; /* samples that become centers */
	int nchosen;
	float *tile; /* of these */
	float *sum;  /* of a center's samples */
	float *sums_of_block;
	int *counts;   /* of these */
	int *below;    /* centers to be looked at */
	void *vector;  /* one, while it is made */
	float *floats; /* of a vector of halves */
	float *points; /* of VECTOR_TILE_POINTS of them */
	float *result; /* distances from VECTOR_TILE_POINTS samples */
} KMeans;

typedef void (*BlockFunction)(KMeans *km, int block, int arg);

/* ---- kmeans.c ---- */

/* Blocks of a step, until there are no more. */
extern void
KMeansDoBlocks(KMeans *km, int nblocks, BlockFunction function, int arg);

static inline int
KMeansBlocksOf(int n, int size)
{
	return n / size + (n % size != 0);
}

/* What a block has of n things. */
static inline void
KMeansBlockRange(int n, int size, int block, int *first, int *end)
{
	*first = block * size;
	*end = Min(*first + size, n);
}

/* Centers that are moved as one block: whole tiles, which share no cache line. */
static inline int
KMeansMoveBlockSize(const KMeansParams *p)
{
	return VECTOR_TILE_WIDTH *
	       KMeansBlocksOf(VECTOR_TILES(p->ncenters), MOVE_BLOCKS);
}

/* ---- kmeans_vectors.c: vectors of each kind of element ---- */

extern float
KMeansDistance(const KMeansParams *p, const void *a, const void *b);

/* A vector into a column of a tile; not of bits. */
extern void
KMeansFillTile(KMeans *km, float *tile, int column, const void *vector);

/*
 * From n vectors that follow each other, at most VECTOR_TILE_POINTS, to those of
 * a tile, or if they are of bits to nto others; into km->result, each
 * VECTOR_TILE_WIDTH behind the one before.
 */
extern void KMeansDistances(KMeans *km, const void *from, int n,
                            const float *tile, const void *const *to, int nto);

extern void KMeansAddToSum(KMeans *km, float *sum, const void *vector);

/* km->sum as a center in km->vector. */
extern void KMeansSumToVector(KMeans *km);

/* km->sum anywhere in the unit cube. */
extern void KMeansRandomSum(KMeans *km, int purpose, int a, int b);

/* Numbers that only depend on the seed and on what they are for. */
extern void
KMeansSeedRandom(KMeans *km, pg_prng_state *state, int purpose, int a, int b);

/* The vector becomes the center of that number, also in the tiles. */
extern void KMeansCopyCenter(KMeans *km, int center, const void *vector);

/* ---- kmeans_choose.c: k-means++ ---- */

/* Centers from number "center" on, as many as can be had; how many. */
extern int KMeansChooseCenters(KMeans *km, int center);

/* ---- kmeans_move.c: the steps of an iteration, block by block ---- */

extern void KMeansBetweenBlock(KMeans *km, int block, int arg);
extern void KMeansReassignBlock(KMeans *km, int block, int iteration);
extern void KMeansMoveBlock(KMeans *km, int block, int iteration);

#endif /* KMEANS_INTERNAL_H */
