/*
 * tuplesort.c
 *		Sorting of rows.
 *
 * Rows are collected in memory.  If they all fit they are sorted there.  If
 * not, each memory-full is sorted and written as a run (tuplesort_tape.c).
 * If only the first N are wanted and N of them fit, a heap of N rows is kept
 * with the last of them on top: a new row that sorts behind it is dropped at
 * once, any other replaces it.
 *
 * Corresponds to PostgreSQL's utils/sort/tuplesort.c, for heap rows.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "miscadmin.h"
#include "tuplesort_internal.h"
#include "utils/memutils.h"

#define INITIAL_MEMTUPSIZE 1024

/* partitions up to this size are sorted by insertion */
#define INSERTION_SORT_SIZE 7

Tuplesortstate *
tuplesort_begin_heap(TupleDesc tupDesc, int nkeys, AttrNumber *attNums,
                     Oid *sortOperators, Oid *sortCollations,
                     bool *nullsFirstFlags, int workMem, int sortopt)
{
	MemoryContext maincontext = AllocSetContextCreate(
		CurrentMemoryContext, "TupleSort main", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(maincontext);
	Tuplesortstate *state = palloc0_object(Tuplesortstate);

	Assert(nkeys > 0);
	state->status = TSS_INITIAL;
	state->maincontext = maincontext;
	state->tuplecontext = AllocSetContextCreate(maincontext, "Caller tuples",
	                                            ALLOCSET_DEFAULT_SIZES);
	state->tupDesc = tupDesc;
	state->nKeys = nkeys;
	state->sortopt = sortopt;
	state->direction = 1;
	state->allowedMem = Max(workMem, 64) * INT64CONST(1024);
	state->sortKeys = palloc0_array(SortSupportData, nkeys);
	for (int i = 0; i < nkeys; i++)
	{
		SortSupport key = &state->sortKeys[i];

		key->ssup_cxt = maincontext;
		key->ssup_collation = sortCollations[i];
		key->ssup_nulls_first = nullsFirstFlags[i];
		key->ssup_attno = attNums[i];
		PrepareSortSupportFromOrderingOp(sortOperators[i], key);
	}
	state->memtupsize = INITIAL_MEMTUPSIZE;
	state->memtuples = palloc_array(SortTuple, state->memtupsize);
	state->growmemtuples = true;
	state->availMem = state->allowedMem - GetMemoryChunkSpace(state->memtuples);
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
tuplesort_end(Tuplesortstate *state)
{
	if (state->tapefile != NULL)
		BufFileClose(state->tapefile);
	MemoryContextDelete(state->maincontext);
}

/* ------------------------------------------------------------------------
 *		Order
 * ------------------------------------------------------------------------
 */

void
tuplesort_set_key1(Tuplesortstate *state, SortTuple *stup)
{
	stup->datum1 = heap_getattr(stup->tuple, state->sortKeys[0].ssup_attno,
	                            state->tupDesc, &stup->isnull1);
}

int
tuplesort_comparetup(const SortTuple *a, const SortTuple *b,
                     Tuplesortstate *state)
{
	SortSupport key = state->sortKeys;
	int compare =
		ApplySortComparator(a->datum1, a->isnull1, b->datum1, b->isnull1, key);

	for (int i = 1; compare == 0 && i < state->nKeys; i++)
	{
		Datum datum1;
		Datum datum2;
		bool isnull1;
		bool isnull2;

		key++;
		datum1 =
			heap_getattr(a->tuple, key->ssup_attno, state->tupDesc, &isnull1);
		datum2 =
			heap_getattr(b->tuple, key->ssup_attno, state->tupDesc, &isnull2);
		compare = ApplySortComparator(datum1, isnull1, datum2, isnull2, key);
	}
	return compare * state->direction;
}

static inline void
swap_tuples(SortTuple *a, SortTuple *b)
{
	SortTuple t = *a;

	*a = *b;
	*b = t;
}

static SortTuple *
median_of_3(SortTuple *a, SortTuple *b, SortTuple *c, Tuplesortstate *state)
{
	if (tuplesort_comparetup(a, b, state) < 0)
		return tuplesort_comparetup(b, c, state) < 0   ? b
		       : tuplesort_comparetup(a, c, state) < 0 ? c
		                                               : a;
	return tuplesort_comparetup(b, c, state) > 0   ? b
	       : tuplesort_comparetup(a, c, state) < 0 ? a
	                                               : c;
}

static void
insertion_sort(SortTuple *a, int n, Tuplesortstate *state)
{
	for (int i = 1; i < n; i++)
	{
		SortTuple t = a[i];
		int j = i;

		for (; j > 0 && tuplesort_comparetup(&a[j - 1], &t, state) > 0; j--)
			a[j] = a[j - 1];
		a[j] = t;
	}
}

static bool
is_sorted(const SortTuple *a, int n, Tuplesortstate *state)
{
	for (int i = 1; i < n; i++)
	{
		if ((i & 1023) == 0)
			CHECK_FOR_INTERRUPTS();
		if (tuplesort_comparetup(&a[i - 1], &a[i], state) > 0)
			return false;
	}
	return true;
}

/*
 * Quicksort with three ways (less, equal, greater), so that many equal keys
 * cost nothing; the larger part is done by the loop, so that the recursion
 * is never deep.
 */
static void
qsort_tuples(SortTuple *a, int n, Tuplesortstate *state)
{
	while (n > INSERTION_SORT_SIZE)
	{
		SortTuple *mid = &a[n / 2];
		SortTuple pivot;
		int lt = 0;
		int gt = n;
		int i = 0;

		CHECK_FOR_INTERRUPTS();
		if (n > 40)
		{
			int d = n / 8;

			mid = median_of_3(
				median_of_3(&a[0], &a[d], &a[2 * d], state),
				median_of_3(&a[n / 2 - d], &a[n / 2], &a[n / 2 + d], state),
				median_of_3(&a[n - 1 - 2 * d], &a[n - 1 - d], &a[n - 1], state),
				state);
		}
		else
			mid = median_of_3(&a[0], mid, &a[n - 1], state);
		pivot = *mid;
		/* [0,lt) less, [lt,i) equal, [i,gt) unknown, [gt,n) greater */
		while (i < gt)
		{
			int cmp = tuplesort_comparetup(&a[i], &pivot, state);

			if (cmp < 0)
				swap_tuples(&a[lt++], &a[i++]);
			else if (cmp > 0)
				swap_tuples(&a[i], &a[--gt]);
			else
				i++;
		}
		if (lt < n - gt)
		{
			qsort_tuples(a, lt, state);
			a += gt;
			n -= gt;
		}
		else
		{
			qsort_tuples(a + gt, n - gt, state);
			n = lt;
		}
	}
	insertion_sort(a, n, state);
}

void
tuplesort_sort_memtuples(Tuplesortstate *state)
{
	if (!is_sorted(state->memtuples, state->memtupcount, state))
		qsort_tuples(state->memtuples, state->memtupcount, state);
}

/* ------------------------------------------------------------------------
 *		The heap: its first by tuplesort_comparetup is on top
 * ------------------------------------------------------------------------
 */

void
tuplesort_heap_insert(Tuplesortstate *state, const SortTuple *tuple)
{
	SortTuple *a = state->memtuples;
	int j = state->memtupcount++;

	Assert(state->memtupcount <= state->memtupsize);
	while (j > 0)
	{
		int i = (j - 1) >> 1;

		if (tuplesort_comparetup(tuple, &a[i], state) >= 0)
			break;
		a[j] = a[i];
		j = i;
	}
	a[j] = *tuple;
}

void
tuplesort_heap_replace_top(Tuplesortstate *state, const SortTuple *tuple)
{
	SortTuple *a = state->memtuples;
	SortTuple t = *tuple; /* may lie in the array */
	int n = state->memtupcount;
	int i = 0;

	for (;;)
	{
		int j = 2 * i + 1;

		if (j >= n)
			break;
		if (j + 1 < n && tuplesort_comparetup(&a[j], &a[j + 1], state) > 0)
			j++;
		if (tuplesort_comparetup(&t, &a[j], state) <= 0)
			break;
		a[i] = a[j];
		i = j;
	}
	a[i] = t;
}

void
tuplesort_heap_delete_top(Tuplesortstate *state)
{
	if (--state->memtupcount > 0)
		tuplesort_heap_replace_top(state,
		                           &state->memtuples[state->memtupcount]);
}

static void
free_sort_tuple(Tuplesortstate *state, SortTuple *stup)
{
	state->availMem += GetMemoryChunkSpace(stup->tuple);
	heap_freetuple(stup->tuple);
	stup->tuple = NULL;
}

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
		else if (tuplesort_comparetup(&stup, &state->memtuples[0], state) <= 0)
			free_sort_tuple(state, &stup);
		else
		{
			free_sort_tuple(state, &state->memtuples[0]);
			tuplesort_heap_replace_top(state, &stup);
		}
	}
	state->boundUsed = true;
	state->status = TSS_BOUNDED;
}

static void
sort_bounded_heap(Tuplesortstate *state)
{
	state->direction = 1;
	tuplesort_sort_memtuples(state);
}

/* ------------------------------------------------------------------------
 *		Rows in
 * ------------------------------------------------------------------------
 */

/* Room for more rows in the array, if memory allows. */
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
	state->availMem += GetMemoryChunkSpace(state->memtuples);
	state->memtuples =
		repalloc_huge(state->memtuples, newsize * sizeof(SortTuple));
	state->availMem -= GetMemoryChunkSpace(state->memtuples);
	state->memtupsize = (int) newsize;
	return true;
}

static void
note_space(Tuplesortstate *state)
{
	state->maxSpace = Max(state->maxSpace, state->allowedMem - state->availMem);
}

static void
puttuple_initial(Tuplesortstate *state, SortTuple *stup)
{
	/* the array always has room for one more */
	state->memtuples[state->memtupcount++] = *stup;
	if (state->bounded &&
	    (state->memtupcount > state->bound * 2 ||
	     (state->memtupcount > state->bound && state->availMem < 0)))
	{
		note_space(state);
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
tuplesort_puttupleslot(Tuplesortstate *state, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(state->tuplecontext);
	SortTuple stup = {0};

	CHECK_FOR_INTERRUPTS();
	if (state->status == TSS_BOUNDED)
	{
		/* no copy of a row that is dropped at once */
		stup.datum1 =
			slot_getattr(slot, state->sortKeys[0].ssup_attno, &stup.isnull1);
		if (ApplySortComparator(
				stup.datum1, stup.isnull1, state->memtuples[0].datum1,
				state->memtuples[0].isnull1, state->sortKeys) > 0)
		{
			MemoryContextSwitchTo(old);
			return;
		}
	}
	stup.tuple = ExecCopySlotHeapTuple(slot);
	tuplesort_set_key1(state, &stup);
	state->availMem -= GetMemoryChunkSpace(stup.tuple);
	switch (state->status)
	{
		case TSS_INITIAL:
			puttuple_initial(state, &stup);
			break;
		case TSS_BOUNDED:
			if (tuplesort_comparetup(&stup, &state->memtuples[0], state) <= 0)
				free_sort_tuple(state, &stup);
			else
			{
				free_sort_tuple(state, &state->memtuples[0]);
				tuplesort_heap_replace_top(state, &stup);
			}
			break;
		case TSS_BUILDRUNS:
			state->memtuples[state->memtupcount++] = stup;
			if (state->memtupcount >= state->memtupsize || state->availMem < 0)
				tuplesort_dump_run(state);
			break;
		default:
			elog(ERROR, "invalid tuplesort state");
	}
	MemoryContextSwitchTo(old);
}

void
tuplesort_performsort(Tuplesortstate *state)
{
	MemoryContext old = MemoryContextSwitchTo(state->maincontext);

	note_space(state);
	switch (state->status)
	{
		case TSS_INITIAL:
			tuplesort_sort_memtuples(state);
			state->status = TSS_SORTEDINMEM;
			break;
		case TSS_BOUNDED:
			sort_bounded_heap(state);
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
	state->eof_reached = false;
	MemoryContextSwitchTo(old);
}

/* ------------------------------------------------------------------------
 *		Rows out
 * ------------------------------------------------------------------------
 */

/* "current" is the number of rows up to the one that was read last. */
static HeapTuple
memory_next(Tuplesortstate *state, bool forward)
{
	if (forward)
	{
		if (state->current < state->memtupcount)
			return state->memtuples[state->current++].tuple;
		state->eof_reached = true;
		/* a caller that wants more than the bound would get a wrong answer */
		if (state->boundUsed && state->current >= state->bound)
			elog(ERROR, "retrieved too many tuples in a bounded sort");
		return NULL;
	}
	if (state->eof_reached)
		state->eof_reached = false;
	else if (state->current > 0)
		state->current--;
	return state->current > 0 ? state->memtuples[state->current - 1].tuple
	                          : NULL;
}

bool
tuplesort_gettupleslot(Tuplesortstate *state, bool forward,
                       TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(state->maincontext);
	HeapTuple tuple = NULL;

	switch (state->status)
	{
		case TSS_SORTEDINMEM:
			tuple = memory_next(state, forward);
			break;
		case TSS_SORTEDONTAPE:
			tuple = tuplesort_tape_next(state, forward);
			break;
		case TSS_FINALMERGE:
			Assert(forward);
			CHECK_FOR_INTERRUPTS();
			tuple = tuplesort_merge_next(state);
			break;
		default:
			elog(ERROR, "invalid tuplesort state");
	}
	MemoryContextSwitchTo(old);
	if (tuple == NULL)
	{
		ExecClearTuple(slot);
		return false;
	}
	ExecStoreHeapTuple(tuple, slot, false);
	return true;
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
	bool disk = state->tapefile != NULL;

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
