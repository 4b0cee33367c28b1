/*
 * ivfsample.c
 *	  A sample of a table's rows for k-means.
 *
 * As many blocks of the table as rows are wanted, or all, in their order; of
 * their rows a reservoir, in which each row that was met has the same chance.
 * How many rows are passed by until the next one goes into a full reservoir is
 * computed, not tried row by row (Li, "Reservoir-Sampling Algorithms of Time
 * Complexity O(n(1+log(N/n)))", 1994, algorithm L).
 */
#include "postgres.h"

#include <math.h>

#include "access/tableam.h"
#include "commands/progress.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "ivfbuild.h"

/* Report progress once per so many rows. */
#define REPORT_EVERY_ROWS 256

typedef struct SampleState
{
	const IvfflatSupport *support;
	IvfflatSample *sample;
	pg_prng_state random;
	double w;            /* of algorithm L */
	double rows_to_skip; /* before the next one goes in */
	Snapshot snapshot;
	MemoryContext row_context;
} SampleState;

/* In (0, 1). */
static double
RandomFraction(pg_prng_state *random)
{
	double u;

	do
		u = pg_prng_double(random);
	while (u <= 0);
	return u;
}

static void
ComputeSkip(SampleState *state)
{
	state->w *=
		exp(log(RandomFraction(&state->random)) / state->sample->capacity);
	state->rows_to_skip =
		floor(log(RandomFraction(&state->random)) / log1p(-state->w));
}

static void *
Slot(IvfflatSample *sample, int i)
{
	return sample->vectors + (Size) i * sample->stride;
}

/* What is between two vectors is 0. */
static void
FillSlot(IvfflatSample *sample, void *slot, const void *point, Size size)
{
	memcpy(slot, point, size);
	memset((char *) slot + size, 0, sample->stride - size);
}

static void
ReportSample(const IvfflatSample *sample)
{
	pgstat_progress_update_param(PROGRESS_CREATEIDX_SAMPLE, sample->n + 1);
}

/* A place for the next row; NULL: it is passed by. */
static void *
NextSlot(SampleState *state)
{
	IvfflatSample *sample = state->sample;
	void *slot;

	if (sample->n < sample->capacity)
	{
		slot = Slot(sample, sample->n++);
		if (sample->n % REPORT_EVERY_ROWS == 0)
			ReportSample(sample);
		if (sample->n == sample->capacity)
		{
			state->w = 1;
			ComputeSkip(state);
		}
		return slot;
	}
	if (state->rows_to_skip > 0)
	{
		state->rows_to_skip--;
		return NULL;
	}
	slot = Slot(sample, (int) pg_prng_uint64_range(
							&state->random, 0, (uint64) sample->capacity - 1));
	ComputeSkip(state);
	return slot;
}

bool
IvfflatSampleValue(const IvfflatSupport *support, Datum datum,
                   const void **value)
{
	datum = PointerGetDatum(PG_DETOAST_DATUM(datum));
	if (support->kmeans_norm)
	{
		if (!(DatumGetFloat8(FunctionCall1(support->kmeans_norm, datum)) > 0))
			return false;
		datum = DirectFunctionCall1(support->value.type->normalize, datum);
	}
	*value = DatumGetPointer(datum);
	return true;
}

static void
SampleRow(Relation index, ItemPointer tid, Datum *values, bool *isnull,
          bool tupleIsAlive, void *arg)
{
	SampleState *state = arg;
	const VectorSupport *support = &state->support->value;
	MemoryContext old;
	const void *value;
	void *slot;

	if (isnull[0])
		return;
	/* passed by, unless it does not count at all */
	if (state->rows_to_skip > 0 && state->support->kmeans_norm == NULL)
	{
		state->rows_to_skip--;
		return;
	}
	old = MemoryContextSwitchTo(state->row_context);
	if (IvfflatSampleValue(state->support, values[0], &value))
	{
		int dim = support->type->value_dim(value);

		if (dim != support->dim)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
			                errmsg("expected %d dimensions, not %d",
			                       support->dim, dim)));
		slot = NextSlot(state);
		if (slot != NULL)
			FillSlot(state->sample, slot, VectorPoint(support, value),
			         VARSIZE(value) - support->point_offset);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(state->row_context);
}

/* Of the range; a scan of its own, as the transaction sees the table. */
static void
SampleRange(SampleState *state, Relation heap, Relation index,
            struct IndexInfo *indexInfo, BlockNumber first, BlockNumber end)
{
	if (first == end)
		return;
	CHECK_FOR_INTERRUPTS();
	INJECTION_POINT("ivfflat-sample-blocks");
	(void) table_index_build_range_scan(
		heap, index, indexInfo, first, end - first, SampleRow, state,
		table_beginscan(heap, state->snapshot, 0, NULL));
}

/*
 * Knuth's algorithm S: each block with the chance that is left for it.  Those
 * that follow one another are read at once.
 */
static void
SampleBlocks(SampleState *state, Relation heap, Relation index,
             struct IndexInfo *indexInfo, BlockNumber wanted)
{
	BlockNumber blocks = RelationGetNumberOfBlocks(heap);
	BlockNumber first = 0; /* of those to be read */
	BlockNumber taken = 0;
	BlockNumber blkno;

	wanted = Min(wanted, blocks);
	for (blkno = 0; blkno < blocks && taken < wanted; blkno++)
	{
		double left = (double) (blocks - blkno);

		if (wanted == blocks ||
		    pg_prng_double(&state->random) * left < (double) (wanted - taken))
			taken++;
		else
		{
			SampleRange(state, heap, index, indexInfo, first, blkno);
			first = blkno + 1;
		}
	}
	SampleRange(state, heap, index, indexInfo, first, blkno);
}

void
IvfflatTakeSample(IvfflatSample *sample, const IvfflatSupport *support,
                  Relation heap, Relation index, struct IndexInfo *indexInfo,
                  uint64 seed)
{
	SampleState state = {.support = support, .sample = sample};

	sample->n = 0;
	if (heap == NULL)
		return;
	pg_prng_seed(&state.random, seed);
	state.row_context = AllocSetContextCreate(
		CurrentMemoryContext, "Ivfflat sample row", ALLOCSET_DEFAULT_SIZES);
	state.snapshot = RegisterSnapshot(GetTransactionSnapshot());
	SampleBlocks(&state, heap, index, indexInfo, (BlockNumber) sample->blocks);
	ReportSample(sample);
	UnregisterSnapshot(state.snapshot);
	MemoryContextDelete(state.row_context);
}
