/*
 * kmeans.c
 *		k-means by Elkan's algorithm, begun by k-means++.
 *
 * The idea: a sample keeps bounds for its distances to the centers, and after the
 * first rounds nearly all are settled by comparing numbers (kmeans_move.c).  The
 * centers to begin with are samples (kmeans_choose.c).  This file has the memory,
 * and who does what when; kmeans_vectors.c knows what vectors are.
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
 * Sources: see access/kmeans.h.
 */
#include "postgres.h"

#include <sys/mman.h>

#include "access/half_kernels.h"
#include "access/kmeans.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"

#include "kmeans_internal.h"

#define KMEANS_MAGIC 0x4B4D4E53

StaticAssertDecl(sizeof(KMeansShared) == 256, "KMeansShared has changed");

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
	s->sums = place(&size, 2 * (Size) KMeansBlocksOf(p->nsamples, SAMPLE_BLOCK),
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

static void
open_view(KMeans *km, KMeansShared *shared, uint32 wait_event_info)
{
	Size dim = (Size) shared->params.dim;
	Size moving = (Size) KMeansMoveBlockSize(&shared->params);

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
	km->sums[1] = km->sums[0] + KMeansBlocksOf(km->p->nsamples, SAMPLE_BLOCK);
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
 * Steps
 * ---------------------------------------------------------------------------
 */

/* Blocks of a step, until there are no more. */
void
KMeansDoBlocks(KMeans *km, int nblocks, BlockFunction function, int arg)
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

/* Without a sample. */
static void
random_block(KMeans *km, int block, int arg)
{
	int first;
	int end;

	KMeansBlockRange(km->p->ncenters, CENTER_BLOCK, block, &first, &end);
	for (int c = first; c < end; c++)
	{
		KMeansRandomSum(km, RANDOM_NO_SAMPLES, 0, c);
		KMeansSumToVector(km);
		KMeansCopyCenter(km, c, km->vector);
	}
}

/* One step; what the next is. */
static KMeansStep
run_step(KMeans *km, KMeansStep step)
{
	int k = km->p->ncenters;
	int sample_blocks = KMeansBlocksOf(km->p->nsamples, SAMPLE_BLOCK);
	int center_blocks = KMeansBlocksOf(k, CENTER_BLOCK);
	uint32 changes;
	int chosen;

	switch (step.kind)
	{
		case STEP_RANDOM:
			KMeansDoBlocks(km, center_blocks, random_block, 0);
			return (KMeansStep){STEP_END};
		case STEP_CHOOSE:
			chosen = step.arg + KMeansChooseCenters(km, step.arg);
			if (chosen < k)
				return (KMeansStep){STEP_CHOOSE, chosen};
			return (KMeansStep){STEP_BETWEEN, 0};
		case STEP_BETWEEN:
			KMeansDoBlocks(km, center_blocks, KMeansBetweenBlock, 0);
			return (KMeansStep){STEP_REASSIGN, step.arg};
		case STEP_REASSIGN:
			KMeansDoBlocks(km, sample_blocks, KMeansReassignBlock, step.arg);
			return (KMeansStep){STEP_MOVE, step.arg};
		case STEP_MOVE:
			changes = pg_atomic_read_u32(
				&km->shared
					 ->changes[(km->step - 1) % lengthof(km->shared->changes)]);
			KMeansDoBlocks(km, KMeansBlocksOf(k, KMeansMoveBlockSize(km->p)),
			               KMeansMoveBlock, step.arg);
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
