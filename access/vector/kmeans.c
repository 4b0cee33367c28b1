/*
 * kmeans.c
 *		k-means by Elkan's algorithm, begun by k-means++.
 *
 * The idea: a sample keeps a bound from above for the distance to its center
 * and one from below for that to every other, and distances between centers
 * tell which of these need not be looked at; after the first rounds nearly all
 * are settled by comparing numbers.
 *
 * When a center moves no bound is written: what is kept is a bound as if its
 * center stood where it began, and by how much each has moved since is taken
 * from it (or added) when it is looked at.
 *
 * k-means++ takes one center after another, each with a chance that the ones
 * before decide, and a pass over the samples for each.  Several are taken from
 * one pass: a sample is drawn by the weights of the last pass, and kept with the
 * chance that is left to it after those taken since.  So it has the chance that it
 * should have, and a pass computes the distances to all of them at once.
 *
 * Distances of floats and halves are computed between eight samples and sixteen
 * centers at a time (access/tile_kernels.h).
 *
 * Several processes take steps together; between steps there is a barrier, whose
 * phase is the step's number.  A step is cut into blocks that are claimed one by
 * one:
 *
 *		choose c	centers from c on; distances of the samples of a block to
 *					them, the nearest so far and, for the next choice, the sum
 *					of their weights
 *		between		rows of the distances between centers
 *		reassign	samples of a block to nearer centers
 *		move		centers of a block to the middle of their samples
 *
 * Who comes later attaches to the barrier and takes part in the step that the
 * others are in; who comes after the end finds that step to be the end.
 *
 * Rules
 * 1.	The result does not depend on who did a block.  Sums over samples are
 *		made block by block and added in the order of blocks, or center by center
 *		in the order of samples; random numbers come from the seed and from what
 *		they are for.
 * 2.	What everybody needs to know next (the center chosen, whether it is over)
 *		each works out for itself from what lies there, so that one barrier a
 *		step is enough.  What is read for that is not written in the step that
 *		follows: weights and their sums are there twice.
 * 3.	What the next step is stands in program before the barrier is passed, so
 *		whoever attaches to the next phase finds it.
 * 4.	claimed[step % 4] is set to 0 by the one that the barrier before the last
 *		chose: nobody has used it since, and nobody will before the next.
 *
 * A participant that fails takes all with it, as everywhere in a parallel build.
 * A SIGKILL leaves nothing but the memory, which is the caller's.
 *
 * Sources: see access/kmeans.h.  Bounds and empty centers are as pgvector has
 * them; there one process does it all.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>
#include <sys/mman.h>

#include "access/bit_kernels.h"
#include "access/half_kernels.h"
#include "access/kmeans.h"
#include "access/tile_kernels.h"
#include "access/vector_kernels.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"

#define KMEANS_MAGIC 0x4B4D4E53

StaticAssertDecl(sizeof(KMeansShared) == 256, "KMeansShared has changed");

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

/* ---------------------------------------------------------------------------
 * Memory
 * ---------------------------------------------------------------------------
 */

Size
KMeansStride(KMeansElement element, int dim)
{
	switch (element)
	{
		case KMEANS_FLOAT:
			return MAXALIGN(sizeof(float) * (Size) dim);
		case KMEANS_HALF:
			return MAXALIGN(sizeof(half) * (Size) dim);
		case KMEANS_BIT:
			return MAXALIGN(((Size) dim + 7) / 8);
	}
	return 0;
}

static int
blocks_of(int n, int size)
{
	return n / size + (n % size != 0);
}

/* Room for n things of a size; its offset. */
static Size
place(Size *size, Size n, Size each)
{
	Size at = CACHELINEALIGN(*size);

	*size = add_size(at, mul_size(n, each));
	return at;
}

static Size
lay_out(KMeansShared *s, const KMeansParams *p)
{
	Size size = sizeof(KMeansShared);
	Size n = (Size) p->nsamples;
	Size k = (Size) p->ncenters;

	s->stride = KMeansStride(p->element, p->dim);
	s->samples = place(&size, n, s->stride);
	s->centers = place(&size, k, s->stride);
	s->lower = place(&size, mul_size(n, k), sizeof(float));
	s->upper = place(&size, n, sizeof(float));
	s->weight = place(&size, mul_size(2, n), sizeof(float));
	s->closest = place(&size, n, sizeof(int));
	s->halfdistance = place(&size, mul_size(k, k), sizeof(float));
	s->nearest = place(&size, k, sizeof(float));
	s->moved = place(&size, k, sizeof(float));
	s->changed = place(&size, k, sizeof(pg_atomic_uint32));
	s->tiles = 0;
	if (p->element != KMEANS_BIT)
		s->tiles = place(&size,
		                 mul_size((Size) VECTOR_TILES(p->ncenters),
		                          VECTOR_TILE_FLOATS(p->dim)),
		                 sizeof(float));
	s->sums = place(&size, 2 * (Size) blocks_of(p->nsamples, SAMPLE_BLOCK),
	                sizeof(double));
	return size;
}

Size
KMeansSize(const KMeansParams *params)
{
	KMeansShared layout;

	return lay_out(&layout, params);
}

static void
write_program(KMeansShared *shared, uint32 number, KMeansStep step)
{
	pg_atomic_write_u64(&shared->program[number % lengthof(shared->program)],
	                    (uint64) step.kind << 32 | (uint32) step.arg);
}

static KMeansStep
read_program(KMeansShared *shared, uint32 number)
{
	uint64 word = pg_atomic_read_u64(
		&shared->program[number % lengthof(shared->program)]);

	return (KMeansStep){(KMeansKind) (word >> 32), (int) (uint32) word};
}

void
KMeansInit(KMeansShared *shared, const KMeansParams *params)
{
	Assert(params->dim > 0 && params->ncenters > 0 && params->nsamples >= 0);
	Assert((params->element == KMEANS_BIT) ==
	       (params->metric == KMEANS_HAMMING));
	memset(shared, 0, sizeof(*shared));
	shared->params = *params;
	(void) lay_out(shared, params);
	memset((char *) shared + shared->moved, 0,
	       sizeof(float) * (Size) params->ncenters);
	for (int i = 0; i < params->ncenters; i++)
		pg_atomic_init_u32(
			(pg_atomic_uint32 *) ((char *) shared + shared->changed) + i, 1);
	if (shared->tiles != 0)
		memset((char *) shared + shared->tiles, 0,
		       sizeof(float) * (Size) VECTOR_TILES(params->ncenters) *
		           VECTOR_TILE_FLOATS(params->dim));
	BarrierInit(&shared->barrier, 0);
	for (int i = 0; i < lengthof(shared->claimed); i++)
	{
		pg_atomic_init_u32(&shared->claimed[i], 0);
		pg_atomic_init_u32(&shared->changes[i], 0);
		pg_atomic_init_u64(&shared->program[i], 0);
	}
	KMeansSetSamples(shared, params->nsamples);
	pg_atomic_init_u32(&shared->chosen, 0);
	pg_atomic_init_u32(&shared->iterations, 0);
	shared->magic = KMEANS_MAGIC;
}

void
KMeansSetSamples(KMeansShared *shared, int nsamples)
{
	Assert(nsamples >= 0 && nsamples <= shared->params.nsamples);
	shared->params.nsamples = nsamples;
	write_program(shared, 0,
	              (KMeansStep){nsamples > 0 ? STEP_CHOOSE : STEP_RANDOM});
}

static inline void *
at_offset(KMeansShared *shared, Size offset)
{
	return (char *) shared + offset;
}

void *
KMeansSample(KMeansShared *shared, int i)
{
	return at_offset(shared, shared->samples + (Size) i * shared->stride);
}

void *
KMeansCenter(KMeansShared *shared, int i)
{
	return at_offset(shared, shared->centers + (Size) i * shared->stride);
}

const float *
KMeansTiles(KMeansShared *shared)
{
	return shared->tiles == 0 ? NULL : at_offset(shared, shared->tiles);
}

/* Centers that are moved as one block: whole tiles, which share no cache line. */
static int
move_block_size(const KMeansParams *p)
{
	return VECTOR_TILE_WIDTH *
	       blocks_of(VECTOR_TILES(p->ncenters), MOVE_BLOCKS);
}

static void
open_view(KMeans *km, KMeansShared *shared, uint32 wait_event_info)
{
	Size dim = (Size) shared->params.dim;
	Size moving = (Size) move_block_size(&shared->params);

	memset(km, 0, sizeof(*km));
	km->shared = shared;
	km->p = &shared->params;
	km->wait_event_info = wait_event_info;
	km->lower = at_offset(shared, shared->lower);
	km->upper = at_offset(shared, shared->upper);
	km->weight[0] = at_offset(shared, shared->weight);
	km->weight[1] = km->weight[0] + km->p->nsamples;
	km->closest = at_offset(shared, shared->closest);
	km->halfdistance = at_offset(shared, shared->halfdistance);
	km->nearest = at_offset(shared, shared->nearest);
	km->moved = at_offset(shared, shared->moved);
	km->changed = at_offset(shared, shared->changed);
	if (shared->tiles != 0)
		km->tiles = at_offset(shared, shared->tiles);
	km->sums[0] = at_offset(shared, shared->sums);
	km->sums[1] = km->sums[0] + blocks_of(km->p->nsamples, SAMPLE_BLOCK);
	km->tile = palloc0_array(float, VECTOR_TILE_FLOATS(dim));
	km->sums_of_block = MemoryContextAllocHuge(
		CurrentMemoryContext, mul_size(mul_size(moving, dim), sizeof(float)));
	km->counts = palloc_array(int, moving);
	km->below = palloc_array(int, km->p->ncenters);
	km->sum = palloc_array(float, dim);
	km->vector = palloc0(shared->stride);
	km->floats = palloc_array(float, dim);
	km->points = palloc_array(float, VECTOR_TILE_POINTS *dim);
	km->result = palloc_array(float, VECTOR_TILE_POINTS *VECTOR_TILE_WIDTH);
}

static void
close_view(KMeans *km)
{
	pfree(km->tile);
	pfree(km->sums_of_block);
	pfree(km->counts);
	pfree(km->below);
	pfree(km->sum);
	pfree(km->vector);
	pfree(km->floats);
	pfree(km->points);
	pfree(km->result);
}

/* ---------------------------------------------------------------------------
 * Elements
 * ---------------------------------------------------------------------------
 */

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

static float
distance(const KMeansParams *p, const void *a, const void *b)
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

static void
fill_tile(KMeans *km, float *tile, int column, const void *vector)
{
	tile_set(tile, column, as_floats(km->p, vector, km->floats), km->p->dim);
}

/*
 * From n vectors that follow each other, at most VECTOR_TILE_POINTS, to those of
 * a tile, or if they are of bits to nto others; into km->result, each
 * VECTOR_TILE_WIDTH behind the one before.
 */
static void
distances(KMeans *km, const void *from, int n, const float *tile,
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

static void
add_to_sum(KMeans *km, float *sum, const void *vector)
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
static void
sum_to_vector(KMeans *km)
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
static void
seed_random(KMeans *km, pg_prng_state *state, int purpose, int a, int b)
{
	pg_prng_seed(state, km->p->seed ^ ((uint64) purpose << 60) ^
	                        ((uint64) (uint32) a << 30) ^ (uint64) (uint32) b);
}

/* Anywhere in the unit cube. */
static void
random_sum(KMeans *km, int purpose, int a, int b)
{
	pg_prng_state state;

	seed_random(km, &state, purpose, a, b);
	for (int i = 0; i < km->p->dim; i++)
		km->sum[i] = (float) pg_prng_double(&state);
}

/* ---------------------------------------------------------------------------
 * Steps
 * ---------------------------------------------------------------------------
 */

/* Blocks of a step, until there are no more. */
static void
do_blocks(KMeans *km, int nblocks, BlockFunction function, int arg)
{
	pg_atomic_uint32 *claimed =
		&km->shared->claimed[km->step % lengthof(km->shared->claimed)];
	uint32 block;

	while ((block = pg_atomic_fetch_add_u32(claimed, 1)) < (uint32) nblocks)
	{
		CHECK_FOR_INTERRUPTS();
		INJECTION_POINT("kmeans-block");
		function(km, (int) block, arg);
	}
}

/* Wait for the others; then comes the step that is written down. */
static void
end_step(KMeans *km, KMeansStep next)
{
	KMeansShared *shared = km->shared;
	uint32 after = (km->step + 2) % lengthof(shared->claimed);

	write_program(shared, km->step + 1, next);
	if (BarrierArriveAndWait(&shared->barrier, km->wait_event_info))
	{
		pg_atomic_write_u32(&shared->claimed[after], 0);
		pg_atomic_write_u32(&shared->changes[after], 0);
	}
	km->step++;
}

/* The samples of a block. */
static void
block_range(int n, int size, int block, int *first, int *end)
{
	*first = block * size;
	*end = Min(*first + size, n);
}

/* ---- k-means++ ---- */

static void
copy_center(KMeans *km, int center, const void *vector)
{
	memcpy(KMeansCenter(km->shared, center), vector, km->shared->stride);
	if (km->tiles != NULL)
		fill_tile(km,
		          km->tiles + (Size) (center / VECTOR_TILE_WIDTH) *
		                          VECTOR_TILE_FLOATS(km->p->dim),
		          center % VECTOR_TILE_WIDTH, vector);
}

/* A sample by the weights of the step before, whose sum is total. */
static int
draw_sample(KMeans *km, pg_prng_state *state, double total)
{
	int n = km->p->nsamples;
	int nblocks = blocks_of(n, SAMPLE_BLOCK);
	const double *sums = km->sums[(km->step + 1) % 2];
	const float *weight = km->weight[(km->step + 1) % 2];
	double left = total * pg_prng_double(state);
	int first;
	int end;
	int block = 0;

	while (block < nblocks - 1 && left > sums[block])
		left -= sums[block++];
	block_range(n, SAMPLE_BLOCK, block, &first, &end);
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
		float d = distance(km->p, KMeansSample(km->shared, sample),
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
	int nblocks = blocks_of(km->p->nsamples, SAMPLE_BLOCK);
	const double *sums = km->sums[(km->step + 1) % 2];
	const float *weight = km->weight[(km->step + 1) % 2];
	pg_prng_state state;
	double total = 0;

	seed_random(km, &state, RANDOM_CHOICE, center, 0);
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

	distances(km, KMeansSample(km->shared, first), n, km->tile, chosen,
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
	block_range(km->p->nsamples, SAMPLE_BLOCK, block, &first, &end);
	for (int i = first; i < end; i += VECTOR_TILE_POINTS)
		sum += weigh_samples(km, i, Min(VECTOR_TILE_POINTS, end - i), center,
		                     chosen);
	km->sums[km->step % 2][block] = sum;
}

/* Centers from number "center" on, as many as can be had; how many. */
static int
choose_centers(KMeans *km, int center)
{
	choose_samples(km, center, Min(CHOICES, km->p->ncenters - center));
	for (int i = 0; i < km->nchosen; i++)
	{
		const void *sample = KMeansSample(km->shared, km->chosen[i]);

		/* all write the same; nobody reads it in this step */
		copy_center(km, center + i, sample);
		if (km->tiles != NULL)
			fill_tile(km, km->tile, i, sample);
	}
	do_blocks(km, blocks_of(km->p->nsamples, SAMPLE_BLOCK), weigh_block,
	          center);
	return km->nchosen;
}

/* ---- Elkan's iterations ---- */

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
	distances(km, KMeansCenter(km->shared, first), n, floats, to, nto);
	for (int i = 0; i < n; i++)
		for (int c = 0; c < nto; c++)
			km->halfdistance[(Size) (first + i) * (Size) k +
			                 (Size) (start + c)] =
				0.5f * km->result[i * VECTOR_TILE_WIDTH + c];
}

static void
between_block(KMeans *km, int block, int arg)
{
	int k = km->p->ncenters;
	int first;
	int end;

	block_range(k, CENTER_BLOCK, block, &first, &end);
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
		upper = distance(p, vector, KMeansCenter(km->shared, closest));
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
		d = distance(p, vector, KMeansCenter(km->shared, c));
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

static void
reassign_block(KMeans *km, int block, int iteration)
{
	uint32 changes = 0;
	int first;
	int end;

	block_range(km->p->nsamples, SAMPLE_BLOCK, block, &first, &end);
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
		random_sum(km, RANDOM_EMPTY, iteration, center);
	sum_to_vector(km);
	km->moved[center] +=
		distance(km->p, KMeansCenter(km->shared, center), km->vector);
	copy_center(km, center, km->vector);
}

/*
 * Each center's samples are added in their order.  A center whose samples are
 * those that it is the middle of stays where it is.
 */
static void
move_block(KMeans *km, int block, int iteration)
{
	Size dim = (Size) km->p->dim;
	bool any = false;
	int first;
	int end;

	block_range(km->p->ncenters, move_block_size(km->p), block, &first, &end);
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
		add_to_sum(km, km->sums_of_block + (Size) c * dim,
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

/* Without a sample. */
static void
random_block(KMeans *km, int block, int arg)
{
	int first;
	int end;

	block_range(km->p->ncenters, CENTER_BLOCK, block, &first, &end);
	for (int c = first; c < end; c++)
	{
		random_sum(km, RANDOM_NO_SAMPLES, 0, c);
		sum_to_vector(km);
		copy_center(km, c, km->vector);
	}
}

/* One step; what the next is. */
static KMeansStep
run_step(KMeans *km, KMeansStep step)
{
	int k = km->p->ncenters;
	int sample_blocks = blocks_of(km->p->nsamples, SAMPLE_BLOCK);
	int center_blocks = blocks_of(k, CENTER_BLOCK);
	uint32 changes;
	int chosen;

	switch (step.kind)
	{
		case STEP_RANDOM:
			do_blocks(km, center_blocks, random_block, 0);
			return (KMeansStep){STEP_END};
		case STEP_CHOOSE:
			chosen = step.arg + choose_centers(km, step.arg);
			if (chosen < k)
				return (KMeansStep){STEP_CHOOSE, chosen};
			return (KMeansStep){STEP_BETWEEN, 0};
		case STEP_BETWEEN:
			do_blocks(km, center_blocks, between_block, 0);
			return (KMeansStep){STEP_REASSIGN, step.arg};
		case STEP_REASSIGN:
			do_blocks(km, sample_blocks, reassign_block, step.arg);
			return (KMeansStep){STEP_MOVE, step.arg};
		case STEP_MOVE:
			changes = pg_atomic_read_u32(
				&km->shared
					 ->changes[(km->step - 1) % lengthof(km->shared->changes)]);
			do_blocks(km, blocks_of(k, move_block_size(km->p)), move_block,
			          step.arg);
			pg_atomic_write_u32(&km->shared->iterations, (uint32) step.arg + 1);
			if ((changes == 0 && step.arg != 0) ||
			    step.arg + 1 == KMEANS_MAX_ITERATIONS)
				return (KMeansStep){STEP_END};
			return (KMeansStep){STEP_BETWEEN, step.arg + 1};
		case STEP_END:
			break;
	}
	return (KMeansStep){STEP_END};
}

/* How many centers there are before a step of this kind. */
static uint32
centers_chosen(const KMeansShared *shared, KMeansStep next)
{
	return (uint32) (next.kind == STEP_CHOOSE ? next.arg
	                                          : shared->params.ncenters);
}

void
KMeansRun(KMeansShared *shared, uint32 wait_event_info)
{
	KMeansRunReporting(shared, wait_event_info, NULL, NULL);
}

void
KMeansRunReporting(KMeansShared *shared, uint32 wait_event_info,
                   void (*report)(KMeansShared *shared, void *arg), void *arg)
{
	KMeans km;
	KMeansStep step;
	KMeansStep next;

	if (shared->magic != KMEANS_MAGIC)
		elog(ERROR, "invalid magic number in k-means area");
	open_view(&km, shared, wait_event_info);
	km.step = (uint32) BarrierAttach(&shared->barrier);
	/* others may have come far already */
	if (report != NULL)
		report(shared, arg);
	while ((step = read_program(shared, km.step)).kind != STEP_END)
	{
		INJECTION_POINT("kmeans-step");
		next = run_step(&km, step);
		pg_atomic_write_u32(&shared->chosen, centers_chosen(shared, next));
		end_step(&km, next);
		if (report != NULL)
			report(shared, arg);
	}
	(void) BarrierDetach(&shared->barrier);
	close_view(&km);
}

/* Whole pages between two offsets; what is not done costs memory only. */
static void
give_back(KMeansShared *shared, Size first, Size end)
{
	char *from = (char *) TYPEALIGN(BLCKSZ, at_offset(shared, first));
	char *to = (char *) TYPEALIGN_DOWN(BLCKSZ, at_offset(shared, end));

	if (from >= to)
		return;
	/* of memory that is not shared only the other can be had */
	if (madvise(from, (size_t) (to - from), MADV_REMOVE) != 0)
		(void) madvise(from, (size_t) (to - from), MADV_DONTNEED);
}

void
KMeansForgetSample(KMeansShared *shared)
{
	Assert(read_program(shared, (uint32) BarrierPhase(&shared->barrier)).kind ==
	       STEP_END);
	give_back(shared, shared->samples, shared->centers);
	give_back(shared, shared->lower, shared->nearest);
}
