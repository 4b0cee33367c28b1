/*
 * tuplesort.c
 *		The states of a sort.
 *
 * What comes in is collected in memory.  If it all fits it is sorted there.  If
 * not, each memory-full is sorted and written as a run (tuplesort_tape.c).
 * If only the first N are wanted and N of them fit, a heap of N is kept with the
 * last of them on top: a new one that sorts behind it is dropped at once, any
 * other replaces it.
 *
 * In a sort by several processes each participant's result is one run in a file
 * that the others can open (parallel/sharedsort.c); a merge of all parts begins
 * with the runs already there.
 *
 * Memory: an entry of 16 bytes each, a scratch array of some of them, and the items themselves cut from blocks,
 * of which the last may be in use in part only.  A bounded sort frees items one
 * by one, so there they are chunks of palloc.
 *
 * Corresponds to PostgreSQL's utils/sort/tuplesort.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "tuplesort_internal.h"
#include "utils/memutils.h"

#define INITIAL_MEMTUPSIZE 1536
#define MIN_BLOCK_SIZE 8192
#define MAX_BLOCK_SIZE (1024 * 1024)
/* the part of the memory that is for sorting, and its entries at most */
#define SCRATCH_SHARE 16
#define MAX_SCRATCH_SIZE 32768
#define SORT_BLOCK_HEADER MAXALIGN(sizeof(SortBlock))

Tuplesortstate *
tuplesort_begin_common(int workMem, SortCoordinate coordinate, int sortopt)
{
	MemoryContext maincontext = AllocSetContextCreate(
		CurrentMemoryContext, "TupleSort main", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(maincontext);
	Tuplesortstate *state = palloc0_object(Tuplesortstate);

	/* parts are read once, and nothing of them is dropped */
	Assert(coordinate == NULL || sortopt == TUPLESORT_NONE);
	state->status = TSS_INITIAL;
	state->maincontext = maincontext;
	state->sortopt = sortopt;
	state->direction = 1;
	state->allowedMem = Max(workMem, 64) * INT64CONST(1024);
	/* the scratch array is not there while rows come in, but is to have room */
	state->scratchsize =
		(int) Min(state->allowedMem / SCRATCH_SHARE / (int64) sizeof(SortTuple),
	              MAX_SCRATCH_SIZE);
	state->allowedMem -= state->scratchsize * (int64) sizeof(SortTuple);
	state->memtupsize = INITIAL_MEMTUPSIZE;
	state->memtuples = palloc_array(SortTuple, state->memtupsize);
	state->growmemtuples = true;
	state->availMem = state->allowedMem - GetMemoryChunkSpace(state->memtuples);
	state->endKey = PG_INT32_MAX;
	if (coordinate != NULL)
	{
		state->coordinate = *coordinate;
		if (coordinate->isWorker)
			state->part = sharedsort_join(coordinate->sharedsort);
	}
	MemoryContextSwitchTo(old);
	return state;
}

void
tuplesort_set_bound(Tuplesortstate *state, int64 bound)
{
	Assert(state->status == TSS_INITIAL && state->memtupcount == 0);
	Assert(state->sortopt & TUPLESORT_ALLOWBOUNDED);
	/* twice the bound must be an array */
	if (bound <= 0 || bound > INT_MAX / 2)
		return;
	state->bounded = true;
	state->bound = bound;
}

void
tuplesort_set_range(Tuplesortstate *state, int32 first, int32 end)
{
	Assert(state->status == TSS_INITIAL && first <= end);
	Assert(state->coordinate.sharedsort != NULL && !state->coordinate.isWorker);
	state->firstKey = first;
	state->endKey = end;
}

void
tuplesort_set_share(Tuplesortstate *state, int share, int nshares)
{
	Assert(state->status == TSS_INITIAL && state->pairs);
	Assert(share >= 0 && share < nshares);
	Assert(state->coordinate.sharedsort != NULL && !state->coordinate.isWorker);
	state->share = share;
	state->nshares = nshares;
}

void
tuplesort_end(Tuplesortstate *state)
{
	if (state->tapefile != NULL)
		BufFileClose(state->tapefile);
	else
		for (int i = 0; i < state->ntapes; i++)
			BufFileClose(state->tapes[i].file);
	MemoryContextDelete(state->maincontext);
}

/* ------------------------------------------------------------------------
 *		Memory
 * ------------------------------------------------------------------------
 */

static SortBlock *
new_block(Tuplesortstate *state, size_t need)
{
	size_t size =
		Min(Max(state->allowedMem / 16, MIN_BLOCK_SIZE), MAX_BLOCK_SIZE);
	SortBlock *block;

	size = Max(size, SORT_BLOCK_HEADER + need);
	block = MemoryContextAllocHuge(state->maincontext, size);
	block->size = size;
	block->used = SORT_BLOCK_HEADER;
	block->next = state->blocks;
	state->blocks = block;
	return block;
}

SortItem *
tuplesort_new_item(Tuplesortstate *state, size_t len)
{
	size_t size = MAXALIGN(sizeof(SortItem) + len);
	SortBlock *block = state->blocks;
	SortItem *item;

	if (state->bounded)
	{
		item = MemoryContextAlloc(state->maincontext, size);
		state->availMem -= (int64) GetMemoryChunkSpace(item);
	}
	else
	{
		if (block == NULL || block->size - block->used < size)
			block = new_block(state, size);
		item = (SortItem *) ((char *) block + block->used);
		block->used += size;
		state->itemSpace += (int64) size;
		state->availMem -= (int64) size;
	}
	item->len = (uint32) size;
	return item;
}

static void
free_item(Tuplesortstate *state, SortItem *item)
{
	state->availMem += (int64) GetMemoryChunkSpace(item);
	pfree(item);
}

/* Room for more entries in the array, if memory allows. */
static bool
grow_memtuples(Tuplesortstate *state)
{
	int64 newsize = (int64) state->memtupsize * 2;
	int64 growth = state->memtupsize * (int64) sizeof(SortTuple);

	if (!state->growmemtuples)
		return false;
	if (growth > state->availMem)
	{
		/* the last time, by what the rows that fit will need */
		int64 used = state->allowedMem - state->availMem;

		state->growmemtuples = false;
		newsize = used > 0
		              ? (int64) (state->memtupsize *
		                         ((double) state->allowedMem / (double) used))
		              : state->memtupsize;
		if ((newsize - state->memtupsize) * (int64) sizeof(SortTuple) >
		    state->availMem)
			return false;
	}
	newsize = Min(newsize, INT_MAX);
	if (newsize <= state->memtupsize)
		return false;
	state->availMem += (int64) GetMemoryChunkSpace(state->memtuples);
	state->memtuples =
		repalloc_huge(state->memtuples, newsize * sizeof(SortTuple));
	state->availMem -= (int64) GetMemoryChunkSpace(state->memtuples);
	state->memtupsize = (int) newsize;
	return true;
}

static void
note_space(Tuplesortstate *state)
{
	state->maxSpace = Max(state->maxSpace, state->allowedMem - state->availMem);
}

/* ------------------------------------------------------------------------
 *		In
 * ------------------------------------------------------------------------
 */

/* Keep the first "bound" of what there is. */
static void
make_bounded_heap(Tuplesortstate *state)
{
	int tupcount = state->memtupcount;

	state->direction = -1;
	state->memtupcount = 0;
	for (int i = 0; i < tupcount; i++)
	{
		SortTuple stup = state->memtuples[i];

		CHECK_FOR_INTERRUPTS();
		if (state->memtupcount < state->bound)
			tuplesort_heap_insert(state, &stup);
		else if (tuplesort_compare(&stup, &state->memtuples[0], state) >= 0)
			free_item(state, stup.item);
		else
		{
			free_item(state, state->memtuples[0].item);
			tuplesort_heap_replace_top(state, &stup);
		}
	}
	state->boundUsed = true;
	state->status = TSS_BOUNDED;
}

static void
put_bounded(Tuplesortstate *state, const SortTuple *stup)
{
	if (tuplesort_compare(stup, &state->memtuples[0], state) >= 0)
		free_item(state, stup->item);
	else
	{
		free_item(state, state->memtuples[0].item);
		tuplesort_heap_replace_top(state, stup);
	}
}

static void
put_initial(Tuplesortstate *state, const SortTuple *stup)
{
	/* the array always has room for one more */
	state->memtuples[state->memtupcount++] = *stup;
	if (state->bounded &&
	    (state->memtupcount > state->bound * 2 ||
	     (state->memtupcount > state->bound && state->availMem < 0)))
	{
		make_bounded_heap(state);
		return;
	}
	if ((state->memtupcount < state->memtupsize || grow_memtuples(state)) &&
	    state->availMem >= 0)
		return;
	note_space(state);
	tuplesort_dump_run(state);
	state->status = TSS_BUILDRUNS;
}

void
tuplesort_put(Tuplesortstate *state, const SortTuple *stup)
{
	switch (state->status)
	{
		case TSS_INITIAL:
			put_initial(state, stup);
			break;
		case TSS_BOUNDED:
			put_bounded(state, stup);
			break;
		case TSS_BUILDRUNS:
			state->memtuples[state->memtupcount++] = *stup;
			if (state->memtupcount >= state->memtupsize || state->availMem < 0)
				tuplesort_dump_run(state);
			break;
		default:
			elog(ERROR, "invalid tuplesort state");
	}
}

/* Nothing was put here: what there is are the parts of others. */
static void
merge_parts(Tuplesortstate *state)
{
	Assert(state->status == TSS_INITIAL && state->memtupcount == 0);
	sharedsort_take(state);
	tuplesort_merge_runs(state);
}

void
tuplesort_performsort(Tuplesortstate *state)
{
	MemoryContext old = MemoryContextSwitchTo(state->maincontext);

	note_space(state);
	if (state->coordinate.sharedsort != NULL)
	{
		if (state->coordinate.isWorker)
		{
			sharedsort_give(state);
			state->status = TSS_FROZEN;
		}
		else
			merge_parts(state);
		MemoryContextSwitchTo(old);
		return;
	}
	switch (state->status)
	{
		case TSS_INITIAL:
			tuplesort_sort_memtuples(state);
			state->status = TSS_SORTEDINMEM;
			break;
		case TSS_BOUNDED:
			state->direction = 1;
			tuplesort_sort_memtuples(state);
			state->status = TSS_SORTEDINMEM;
			break;
		case TSS_BUILDRUNS:
			if (state->memtupcount > 0)
				tuplesort_dump_run(state);
			tuplesort_merge_runs(state);
			break;
		default:
			elog(ERROR, "invalid tuplesort state");
	}
	state->current = 0;
	if (state->status == TSS_SORTEDONTAPE)
		state->current = state->tapes[0].start;
	state->eof_reached = false;
	MemoryContextSwitchTo(old);
}

/* ------------------------------------------------------------------------
 *		Out
 * ------------------------------------------------------------------------
 */

/* "current" is the number of rows up to the one that was read last. */
static bool
memory_next(Tuplesortstate *state, bool forward, SortTuple *stup)
{
	if (forward)
	{
		if (state->current < state->memtupcount)
		{
			tuplesort_prefetch(state, state->current);
			*stup = state->memtuples[state->current++];
			return true;
		}
		state->eof_reached = true;
		/* a caller that wants more than the bound would get a wrong answer */
		if (state->boundUsed && state->current >= state->bound)
			elog(ERROR, "retrieved too many tuples in a bounded sort");
		return false;
	}
	if (state->eof_reached)
		state->eof_reached = false;
	else if (state->current > 0)
		state->current--;
	if (state->current == 0)
		return false;
	*stup = state->memtuples[state->current - 1];
	return true;
}

bool
tuplesort_get(Tuplesortstate *state, bool forward, SortTuple *stup)
{
	switch (state->status)
	{
		case TSS_SORTEDINMEM:
			return memory_next(state, forward, stup);
		case TSS_SORTEDONTAPE:
			return tuplesort_tape_next(state, forward, stup);
		case TSS_FINALMERGE:
			Assert(forward);
			return tuplesort_merge_next(state, stup);
		default:
			elog(ERROR, "invalid tuplesort state");
	}
	return false;
}

void
tuplesort_rescan(Tuplesortstate *state)
{
	Assert(state->sortopt & TUPLESORT_RANDOMACCESS);
	Assert(state->status == TSS_SORTEDINMEM ||
	       state->status == TSS_SORTEDONTAPE);
	state->eof_reached = false;
	state->current =
		state->status == TSS_SORTEDONTAPE ? state->tapes[0].start : 0;
}

/* ------------------------------------------------------------------------
 *		For EXPLAIN
 * ------------------------------------------------------------------------
 */

void
tuplesort_get_stats(Tuplesortstate *state, TuplesortInstrumentation *stats)
{
	bool disk = state->diskSpace > 0;

	stats->spaceType = disk ? SORT_SPACE_TYPE_DISK : SORT_SPACE_TYPE_MEMORY;
	stats->spaceUsed =
		((disk ? (int64) state->diskSpace : state->maxSpace) + 1023) / 1024;
	switch (state->status)
	{
		case TSS_SORTEDINMEM:
			stats->sortMethod = state->boundUsed ? SORT_TYPE_TOP_N_HEAPSORT
			                                     : SORT_TYPE_QUICKSORT;
			break;
		case TSS_SORTEDONTAPE:
			stats->sortMethod = SORT_TYPE_EXTERNAL_SORT;
			break;
		case TSS_FINALMERGE:
			stats->sortMethod = SORT_TYPE_EXTERNAL_MERGE;
			break;
		default:
			stats->sortMethod = SORT_TYPE_STILL_IN_PROGRESS;
			break;
	}
}

const char *
tuplesort_method_name(TuplesortMethod m)
{
	switch (m)
	{
		case SORT_TYPE_STILL_IN_PROGRESS:
			return "still in progress";
		case SORT_TYPE_TOP_N_HEAPSORT:
			return "top-N heapsort";
		case SORT_TYPE_QUICKSORT:
			return "quicksort";
		case SORT_TYPE_EXTERNAL_SORT:
			return "external sort";
		case SORT_TYPE_EXTERNAL_MERGE:
			return "external merge";
	}
	return "unknown";
}

const char *
tuplesort_space_type_name(TuplesortSpaceType t)
{
	return t == SORT_SPACE_TYPE_DISK ? "Disk" : "Memory";
}
