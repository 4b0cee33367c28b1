/*
 * tuplesort_tape.c
 *		Sorted runs in temporary files, and their merge.
 *
 * Every run is a stretch of a file.  A merge reads several runs, each through
 * a buffer of its own, and keeps the next entry of each in a heap; pairs go
 * through a tree of merges of two (tuplesort_pairs.c).  As many runs are merged at
 * a time as the memory has buffers for; merged runs go to a new file, and the
 * old one is closed when all its runs are done.  The last merge writes nothing:
 * it goes on while tuples are asked for, unless they will be read again.
 *
 * An item in a file is what it is in memory (its length is in it), then, where
 * it may be read backward, its length again in 8 bytes; a pair is its 16 bytes.
 * All is in multiples of 8 and buffers begin at such a place, so items are used
 * where they lie in the buffer.
 *
 * Corresponds to PostgreSQL's utils/sort/logtape.c and the merge of
 * tuplesort.c; a file per pass instead of recycled blocks.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "tuplesort_internal.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#define MINORDER 6
#define MAXORDER 500
/* what a reader should have at least, in bytes, and at most */
#define MERGE_BUFFER_SIZE (BLCKSZ * 32)
#define MAX_MERGE_BUFFER_SIZE (BLCKSZ * 128)
/* pairs that are written at a time */
#define PAIRS_AT_ONCE 65536
/* how many tuples between two looks for interrupts */
#define INTERRUPT_INTERVAL 256

Tape *
tuplesort_add_tape(Tuplesortstate *state, BufFile *file, off_t start, off_t end)
{
	Tape *tape;

	if (state->ntapes >= state->tapessize)
	{
		int newsize = Max(state->tapessize * 2, 16);

		if (state->tapes == NULL)
			state->tapes =
				MemoryContextAlloc(state->maincontext, newsize * sizeof(Tape));
		else
			state->tapes = repalloc(state->tapes, newsize * sizeof(Tape));
		state->tapessize = newsize;
	}
	tape = &state->tapes[state->ntapes++];
	memset(tape, 0, sizeof(Tape));
	tape->file = file;
	tape->start = start;
	tape->end = end;
	return tape;
}

/* ------------------------------------------------------------------------
 *		Writing
 * ------------------------------------------------------------------------
 */

static void
write_tuple(Tuplesortstate *state, BufFile *file, const SortTuple *stup)
{
	uint64 len;

	if (state->noteKeys)
		sharedsort_note_key(state, (int32) stup->item->extra,
		                    BufFileTell(file));
	BufFileWrite(file, stup->item, stup->item->len);
	if (state->sortopt & TUPLESORT_RANDOMACCESS)
	{
		len = stup->item->len;
		BufFileWrite(file, &len, sizeof(len));
	}
}

/* Pairs in memory are what they are in a file. */
static void
write_pairs(BufFile *file, const SortTuple *pairs, int64 n)
{
	while (n > 0)
	{
		int64 some = Min(n, PAIRS_AT_ONCE);

		CHECK_FOR_INTERRUPTS();
		BufFileWrite(file, pairs, (size_t) some * sizeof(SortTuple));
		pairs += some;
		n -= some;
	}
}

void
tuplesort_write_tuples(Tuplesortstate *state, BufFile *file)
{
	tuplesort_sort_memtuples(state);
	BufFileSeek(file, BufFileSize(file));
	if (state->pairs)
	{
		write_pairs(file, state->memtuples, state->memtupcount);
		return;
	}
	for (int i = 0; i < state->memtupcount; i++)
	{
		if (i % INTERRUPT_INTERVAL == 0)
			CHECK_FOR_INTERRUPTS();
		tuplesort_prefetch(state, i);
		write_tuple(state, file, &state->memtuples[i]);
	}
}

static void
free_items(Tuplesortstate *state)
{
	SortBlock *next;

	if (state->bounded)
		for (int i = 0; i < state->memtupcount; i++)
		{
			SortItem *item = state->memtuples[i].item;

			state->availMem += (int64) GetMemoryChunkSpace(item);
			pfree(item);
		}
	for (SortBlock *block = state->blocks; block != NULL; block = next)
	{
		next = block->next;
		pfree(block);
	}
	state->blocks = NULL;
	state->availMem += state->itemSpace;
	state->itemSpace = 0;
	state->memtupcount = 0;
}

void
tuplesort_dump_run(Tuplesortstate *state)
{
	off_t start;

	INJECTION_POINT("tuplesort-dump-run");
	if (state->tapefile == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(state->maincontext);

		state->tapefile = BufFileCreateTemp(false);
		MemoryContextSwitchTo(old);
	}
	start = BufFileSize(state->tapefile);
	tuplesort_write_tuples(state, state->tapefile);
	tuplesort_add_tape(state, state->tapefile, start,
	                   BufFileSize(state->tapefile));
	state->diskSpace = Max(state->diskSpace, BufFileSize(state->tapefile));
	free_items(state);
}

/* ------------------------------------------------------------------------
 *		Reading
 * ------------------------------------------------------------------------
 */

/* It is made larger if need be; what lies before them in it is gone. */
char *
tuplesort_tape_need(Tuplesortstate *state, Tape *tape, size_t size)
{
	size_t left = tape->nbytes - tape->pos;
	size_t n;

	if (left >= size)
		return tape->buffer + tape->pos;
	if (size > tape->bufsize)
	{
		char *larger = MemoryContextAllocHuge(state->maincontext, size);

		memcpy(larger, tape->buffer + tape->pos, left);
		pfree(tape->buffer);
		tape->buffer = larger;
		tape->bufsize = size;
	}
	else
		memmove(tape->buffer, tape->buffer + tape->pos, left);
	tape->pos = 0;
	n = Min(tape->bufsize - left, (size_t) (tape->end - tape->next));
	if (left + n < size)
		elog(ERROR, "unexpected end of tape");
	BufFileReadAt(tape->file, tape->buffer + left, n, tape->next);
	tape->next += (off_t) n;
	tape->nbytes = left + n;
	return tape->buffer;
}

/* The next of a run in a merge; false at its end. */
static bool
tape_next(Tuplesortstate *state, Tape *tape, SortTuple *stup)
{
	SortItem *item;
	size_t len;

	if (tape->pos >= tape->nbytes && tape->next >= tape->end)
		return false;
	item = (SortItem *) tuplesort_tape_need(state, tape, sizeof(SortItem));
	len = item->len;
	if (len < sizeof(SortItem) || len % MAXIMUM_ALIGNOF != 0)
		elog(ERROR, "unexpected length of an item on tape");
	item = (SortItem *) tuplesort_tape_need(state, tape, len);
	stup->key = item->key;
	stup->item = item;
	tape->pos += len;
	if (state->sortopt & TUPLESORT_RANDOMACCESS)
	{
		/* the length once more: skipped with the next read */
		if (tape->nbytes - tape->pos >= sizeof(uint64))
			tape->pos += sizeof(uint64);
		else
		{
			tape->next += (off_t) (sizeof(uint64) - (tape->nbytes - tape->pos));
			tape->pos = tape->nbytes;
		}
	}
	return true;
}

/* ------------------------------------------------------------------------
 *		Merge: a heap of the next of each run
 * ------------------------------------------------------------------------
 */

static int
merge_order(Tuplesortstate *state)
{
	int64 order = state->allowedMem / (MERGE_BUFFER_SIZE + BLCKSZ);

	return (int) Min(Max(order, MINORDER), MAXORDER);
}

static void
merge_sift_down(Tuplesortstate *state, MergeEntry entry)
{
	MergeEntry *a = state->merge;
	int n = state->nmerge;
	int i = 0;

	for (;;)
	{
		int j = 2 * i + 1;

		if (j >= n)
			break;
		if (j + 1 < n &&
		    tuplesort_compare(&a[j].tuple, &a[j + 1].tuple, state) > 0)
			j++;
		if (tuplesort_compare(&entry.tuple, &a[j].tuple, state) <= 0)
			break;
		a[i] = a[j];
		i = j;
	}
	a[i] = entry;
}

static void
merge_insert(Tuplesortstate *state, MergeEntry entry)
{
	MergeEntry *a = state->merge;
	int j = state->nmerge++;

	while (j > 0)
	{
		int i = (j - 1) >> 1;

		if (tuplesort_compare(&entry.tuple, &a[i].tuple, state) >= 0)
			break;
		a[j] = a[i];
		j = i;
	}
	a[j] = entry;
}

/* Memory for a merge of n runs: a buffer for each. */
static void
begin_readers(Tuplesortstate *state, int first, int n)
{
	int64 blocks = state->pairs ? (int64) PAIR_MERGE_SIZE * (n - 1) : 0;
	size_t size = (size_t) Max((state->allowedMem - blocks) / Max(n, 1), 0);

	size = Max(Min(size - size % BLCKSZ, MAX_MERGE_BUFFER_SIZE), BLCKSZ);
	for (int i = first; i < first + n; i++)
	{
		Tape *tape = &state->tapes[i];

		tape->bufsize = Min(size, (size_t) (tape->end - tape->start));
		tape->bufsize = Max(tape->bufsize, sizeof(SortItem));
		tape->buffer =
			MemoryContextAllocHuge(state->maincontext, tape->bufsize);
		tape->next = tape->start;
		tape->pos = tape->nbytes = 0;
	}
}

/* The heap gets the first of each of n runs. */
static void
begin_heap(Tuplesortstate *state, int first, int n)
{
	state->merge =
		MemoryContextAlloc(state->maincontext, Max(n, 1) * sizeof(MergeEntry));
	state->nmerge = 0;
	state->mergeTopUsed = false;
	for (int i = first; i < first + n; i++)
	{
		MergeEntry entry = {.tape = i};

		if (tape_next(state, &state->tapes[i], &entry.tuple))
			merge_insert(state, entry);
	}
}

static void
begin_merge(Tuplesortstate *state, int first, int n)
{
	begin_readers(state, first, n);
	if (state->pairs)
		state->pairMerge =
			n > 0 ? tuplesort_begin_pairs(state, first, n) : NULL;
	else
		begin_heap(state, first, n);
}

static void
end_merge(Tuplesortstate *state, int first, int n)
{
	for (int i = first; i < first + n; i++)
	{
		pfree(state->tapes[i].buffer);
		state->tapes[i].buffer = NULL;
	}
	if (state->pairs)
		tuplesort_end_pairs(state->pairMerge);
	else
		pfree(state->merge);
	state->merge = NULL;
	state->pairMerge = NULL;
}

/*
 * The one on top is valid until its run is read on, which is why that is put
 * off until the next is wanted.
 */
bool
tuplesort_merge_next(Tuplesortstate *state, SortTuple *stup)
{
	if (state->pairs)
		return tuplesort_next_pair(state->pairMerge, stup);
	if (state->mergeTopUsed)
	{
		MergeEntry entry = {.tape = state->merge[0].tape};

		if (tape_next(state, &state->tapes[entry.tape], &entry.tuple))
			merge_sift_down(state, entry);
		else if (--state->nmerge > 0)
			merge_sift_down(state, state->merge[state->nmerge]);
		state->mergeTopUsed = false;
	}
	if (state->nmerge == 0)
		return false;
	state->mergeTopUsed = true;
	*stup = state->merge[0].tuple;
	return true;
}

/* Merges n runs into one behind what the file has. */
static void
merge_some(Tuplesortstate *state, int first, int n, BufFile *file)
{
	SortTuple stup;
	uint32 count = 0;

	begin_merge(state, first, n);
	if (state->pairs)
		tuplesort_write_merged_pairs(state->pairMerge, file);
	else
		while (tuplesort_merge_next(state, &stup))
		{
			if (count++ % INTERRUPT_INTERVAL == 0)
				CHECK_FOR_INTERRUPTS();
			write_tuple(state, file, &stup);
		}
	end_merge(state, first, n);
}

/* Merges all runs, "order" at a time, into runs of a new file. */
static void
merge_pass(Tuplesortstate *state, int order)
{
	BufFile *newfile = BufFileCreateTemp(false);
	BufFile *oldfile = state->tapefile;
	Tape *oldtapes = state->tapes;
	int total = state->ntapes;
	off_t *ends = palloc_array(off_t, total / order + 1);
	int nnew = 0;
	off_t start = 0;

	INJECTION_POINT("tuplesort-merge-pass");
	for (int first = 0; first < total; first += order)
	{
		merge_some(state, first, Min(order, total - first), newfile);
		ends[nnew++] = BufFileSize(newfile);
	}
	if (oldfile != NULL)
		BufFileClose(oldfile);
	else
		for (int i = 0; i < total; i++)
			BufFileClose(oldtapes[i].file);
	state->tapefile = newfile;
	state->ntapes = 0;
	for (int i = 0; i < nnew; i++)
	{
		tuplesort_add_tape(state, newfile, start, ends[i]);
		start = ends[i];
	}
	pfree(ends);
	state->diskSpace = Max(state->diskSpace, BufFileSize(newfile));
}

static void
free_memtuples(Tuplesortstate *state)
{
	if (state->memtuples == NULL)
		return;
	pfree(state->memtuples); /* the buffers get the memory */
	state->memtuples = NULL;
	state->memtupsize = 0;
}

void
tuplesort_merge_runs(Tuplesortstate *state)
{
	int order = merge_order(state);
	bool reread = (state->sortopt & TUPLESORT_RANDOMACCESS) != 0;

	free_memtuples(state);
	while (state->ntapes > (reread ? 1 : order))
		merge_pass(state, order);
	if (reread)
	{
		Tape *tape = &state->tapes[0];

		tape->bufsize = Min(MERGE_BUFFER_SIZE, (size_t) (tape->end));
		tape->buffer = MemoryContextAlloc(state->maincontext, tape->bufsize);
		state->status = TSS_SORTEDONTAPE;
		return;
	}
	begin_merge(state, 0, state->ntapes);
	state->status = TSS_FINALMERGE;
}

void
tuplesort_merge_to(Tuplesortstate *state, BufFile *file)
{
	int order = merge_order(state);

	free_memtuples(state);
	while (state->ntapes > order)
		merge_pass(state, order);
	state->noteKeys = true;
	merge_some(state, 0, state->ntapes, file);
	state->noteKeys = false;
}

/* ------------------------------------------------------------------------
 *		A result that is one run; "current" is the offset behind the last row
 * ------------------------------------------------------------------------
 */

/* The size bytes at an offset, in the buffer. */
static char *
read_at(Tuplesortstate *state, off_t at, size_t size)
{
	Tape *tape = &state->tapes[0];
	off_t first = tape->next - (off_t) tape->nbytes;

	if (at >= first && at + (off_t) size <= tape->next)
		return tape->buffer + (at - first);
	tape->next = at;
	tape->pos = tape->nbytes = 0;
	return tuplesort_tape_need(state, tape, size);
}

static SortItem *
item_at(Tuplesortstate *state, off_t at)
{
	SortItem *item = (SortItem *) read_at(state, at, sizeof(SortItem));

	return (SortItem *) read_at(state, at, item->len);
}

static off_t
row_before(Tuplesortstate *state, off_t offset)
{
	uint64 len;

	memcpy(&len, read_at(state, offset - (off_t) sizeof(len), sizeof(len)),
	       sizeof(len));
	return offset - (off_t) (len + sizeof(len));
}

bool
tuplesort_tape_next(Tuplesortstate *state, bool forward, SortTuple *stup)
{
	Tape *tape = &state->tapes[0];

	Assert(!state->pairs);
	if (forward)
	{
		if (state->eof_reached || state->current >= tape->end)
		{
			state->eof_reached = true;
			return false;
		}
		stup->item = item_at(state, state->current);
		state->current += (off_t) (stup->item->len + sizeof(uint64));
	}
	else
	{
		if (state->eof_reached)
		{
			state->current = tape->end;
			state->eof_reached = false;
		}
		else if (state->current > tape->start)
			state->current = row_before(state, state->current);
		if (state->current == tape->start)
			return false;
		stup->item = item_at(state, row_before(state, state->current));
	}
	stup->key = stup->item->key;
	return true;
}
