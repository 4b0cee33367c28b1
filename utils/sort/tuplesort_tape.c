/*
 * tuplesort_tape.c
 *		Sorted runs in a temporary file, and their merge.
 *
 * Every run is a stretch of the file.  A merge reads several runs, each
 * through a buffer of its own, and keeps the next row of each in a heap.  As
 * many runs are merged at a time as the memory has buffers for; merged runs
 * go to a new file, and the old one is closed when all its runs are done.
 * The last merge writes nothing: it goes on while rows are asked for, unless
 * they will be read again.
 *
 * A row in the file is its length, place and table, its bytes, and the length
 * again, for reading backward.
 *
 * Corresponds to PostgreSQL's utils/sort/logtape.c and the merge of
 * tuplesort.c; a file per pass instead of recycled blocks.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "tuplesort_internal.h"
#include "utils/memutils.h"

#define MINORDER 6
#define MAXORDER 500
/* what a reader should have at least, in bytes */
#define MERGE_BUFFER_SIZE (BLCKSZ * 32)

typedef struct TupleOnTape
{
	uint32 len;
	Oid tableOid;
	ItemPointerData self;
} TupleOnTape;

static void
write_tuple(BufFile *file, HeapTuple tuple)
{
	TupleOnTape head = {
		.len = tuple->t_len,
		.tableOid = tuple->t_tableOid,
		.self = tuple->t_self,
	};

	BufFileWrite(file, &head, sizeof(head));
	BufFileWrite(file, tuple->t_data, tuple->t_len);
	BufFileWrite(file, &head.len, sizeof(head.len));
}

static Tape *
add_tape(Tuplesortstate *state, off_t start, off_t end)
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
	tape->start = start;
	tape->end = end;
	return tape;
}

void
tuplesort_dump_run(Tuplesortstate *state)
{
	off_t start;

	tuplesort_sort_memtuples(state);
	if (state->tapefile == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(state->maincontext);

		state->tapefile = BufFileCreateTemp(false);
		MemoryContextSwitchTo(old);
	}
	start = BufFileSize(state->tapefile);
	BufFileSeek(state->tapefile, start);
	for (int i = 0; i < state->memtupcount; i++)
	{
		if ((i & 255) == 0)
			CHECK_FOR_INTERRUPTS();
		write_tuple(state->tapefile, state->memtuples[i].tuple);
	}
	add_tape(state, start, BufFileSize(state->tapefile));
	state->diskSpace = BufFileSize(state->tapefile);
	state->memtupcount = 0;
	MemoryContextReset(state->tuplecontext);
	state->availMem = state->allowedMem - GetMemoryChunkSpace(state->memtuples);
}

/* ------------------------------------------------------------------------
 *		Reading a run
 * ------------------------------------------------------------------------
 */

static void
tape_read(Tuplesortstate *state, Tape *tape, void *ptr, size_t size)
{
	char *to = ptr;

	while (size > 0)
	{
		size_t n;

		if (tape->pos >= tape->nbytes)
		{
			n = Min(state->bufferSize, (size_t) (tape->end - tape->next));
			if (n == 0)
				elog(ERROR, "unexpected end of tape");
			BufFileReadAt(state->tapefile, tape->buffer, n, tape->next);
			tape->next += n;
			tape->nbytes = n;
			tape->pos = 0;
		}
		n = Min(size, tape->nbytes - tape->pos);
		memcpy(to, tape->buffer + tape->pos, n);
		tape->pos += n;
		to += n;
		size -= n;
	}
}

/* Room for a row of len bytes in tape->current. */
static HeapTuple
tape_room(Tuplesortstate *state, Tape *tape, const TupleOnTape *head)
{
	size_t need = HEAPTUPLESIZE + head->len;
	HeapTuple tuple;

	if (tape->currentsize < need)
	{
		if (tape->current != NULL)
			pfree(tape->current);
		tape->currentsize = Max(need, 256);
		tape->current =
			MemoryContextAlloc(state->maincontext, tape->currentsize);
	}
	tuple = tape->current;
	tuple->t_len = head->len;
	tuple->t_self = head->self;
	tuple->t_tableOid = head->tableOid;
	tuple->t_data = (HeapTupleHeader) ((char *) tuple + HEAPTUPLESIZE);
	return tuple;
}

/* The next row of a run in a merge; false at its end. */
static bool
tape_next(Tuplesortstate *state, int tapenum, SortTuple *stup)
{
	Tape *tape = &state->tapes[tapenum];
	TupleOnTape head;
	uint32 trailer;

	if (tape->pos >= tape->nbytes && tape->next >= tape->end)
		return false;
	tape_read(state, tape, &head, sizeof(head));
	stup->tuple = tape_room(state, tape, &head);
	tape_read(state, tape, stup->tuple->t_data, head.len);
	tape_read(state, tape, &trailer, sizeof(trailer));
	if (trailer != head.len)
		elog(ERROR, "unexpected end of data");
	stup->srctape = tapenum;
	tuplesort_set_key1(state, stup);
	return true;
}

/* ------------------------------------------------------------------------
 *		Merge
 * ------------------------------------------------------------------------
 */

static int
merge_order(Tuplesortstate *state)
{
	int64 order = state->allowedMem / (MERGE_BUFFER_SIZE + BLCKSZ);

	return (int) Min(Max(order, MINORDER), MAXORDER);
}

/* The heap gets the first row of each of n runs. */
static void
begin_merge(Tuplesortstate *state, int first, int n)
{
	state->bufferSize = Max(state->allowedMem / n, BLCKSZ);
	state->bufferSize -= state->bufferSize % BLCKSZ;
	state->memtupcount = 0;
	state->mergeTopUsed = false;
	for (int i = first; i < first + n; i++)
	{
		Tape *tape = &state->tapes[i];
		SortTuple stup;

		tape->buffer = MemoryContextAllocHuge(
			state->maincontext,
			Min(state->bufferSize, (size_t) (tape->end - tape->start)));
		tape->next = tape->start;
		tape->pos = tape->nbytes = 0;
		if (tape_next(state, i, &stup))
			tuplesort_heap_insert(state, &stup);
	}
}

static void
end_merge(Tuplesortstate *state, int first, int n)
{
	for (int i = first; i < first + n; i++)
	{
		Tape *tape = &state->tapes[i];

		pfree(tape->buffer);
		if (tape->current != NULL)
			pfree(tape->current);
		tape->buffer = NULL;
		tape->current = NULL;
		tape->currentsize = 0;
	}
}

/*
 * The row on top is valid until its run is read on, which is why that is put
 * off until the next is wanted.
 */
HeapTuple
tuplesort_merge_next(Tuplesortstate *state)
{
	if (state->mergeTopUsed)
	{
		SortTuple stup;

		if (tape_next(state, state->memtuples[0].srctape, &stup))
			tuplesort_heap_replace_top(state, &stup);
		else
			tuplesort_heap_delete_top(state);
		state->mergeTopUsed = false;
	}
	if (state->memtupcount == 0)
		return NULL;
	state->mergeTopUsed = true;
	return state->memtuples[0].tuple;
}

/* Merges all runs, "order" at a time, into runs of a new file. */
static void
merge_pass(Tuplesortstate *state, int order)
{
	BufFile *newfile = BufFileCreateTemp(false);
	Tape *newtapes = NULL;
	int nnew = 0;
	int total = state->ntapes;

	newtapes = palloc0_array(Tape, total / order + 1);
	for (int first = 0; first < total; first += order)
	{
		int n = Min(order, total - first);
		HeapTuple tuple;

		newtapes[nnew].start = BufFileSize(newfile);
		begin_merge(state, first, n);
		while ((tuple = tuplesort_merge_next(state)) != NULL)
		{
			CHECK_FOR_INTERRUPTS();
			write_tuple(newfile, tuple);
		}
		end_merge(state, first, n);
		newtapes[nnew++].end = BufFileSize(newfile);
	}
	BufFileClose(state->tapefile);
	pfree(state->tapes);
	state->tapefile = newfile;
	state->tapes = newtapes;
	state->ntapes = nnew;
	state->tapessize = total / order + 1;
	state->diskSpace = Max(state->diskSpace, BufFileSize(newfile));
}

void
tuplesort_merge_runs(Tuplesortstate *state)
{
	int order = merge_order(state);
	bool reread = (state->sortopt & TUPLESORT_RANDOMACCESS) != 0;

	/* the array now holds a row per run; the buffers get the memory */
	pfree(state->memtuples);
	state->memtupsize = Min(order, state->ntapes);
	state->memtuples = MemoryContextAlloc(
		state->maincontext, state->memtupsize * sizeof(SortTuple));
	while (state->ntapes > (reread ? 1 : order))
		merge_pass(state, order);
	if (state->ntapes == 1)
	{
		state->status = TSS_SORTEDONTAPE;
		state->current = state->tapes[0].start;
		return;
	}
	begin_merge(state, 0, state->ntapes);
	state->status = TSS_FINALMERGE;
}

/* ------------------------------------------------------------------------
 *		A result that is one run; "current" is the offset behind the last row
 * ------------------------------------------------------------------------
 */

static HeapTuple
read_at(Tuplesortstate *state, off_t at)
{
	Tape *tape = &state->tapes[0];
	TupleOnTape head;
	HeapTuple tuple;

	BufFileSeek(state->tapefile, at);
	BufFileReadExact(state->tapefile, &head, sizeof(head));
	tuple = tape_room(state, tape, &head);
	BufFileReadExact(state->tapefile, tuple->t_data, head.len);
	return tuple;
}

static off_t
row_before(Tuplesortstate *state, off_t offset)
{
	uint32 len;

	BufFileSeek(state->tapefile, offset - sizeof(len));
	BufFileReadExact(state->tapefile, &len, sizeof(len));
	return offset - (off_t) (sizeof(TupleOnTape) + len + sizeof(len));
}

HeapTuple
tuplesort_tape_next(Tuplesortstate *state, bool forward)
{
	Tape *tape = &state->tapes[0];
	HeapTuple tuple;

	if (forward)
	{
		if (state->eof_reached || state->current >= tape->end)
		{
			state->eof_reached = true;
			return NULL;
		}
		tuple = read_at(state, state->current);
		state->current += sizeof(TupleOnTape) + tuple->t_len + sizeof(uint32);
		return tuple;
	}
	if (state->eof_reached)
	{
		state->current = tape->end;
		state->eof_reached = false;
	}
	else if (state->current > tape->start)
		state->current = row_before(state, state->current);
	if (state->current == tape->start)
		return NULL;
	return read_at(state, row_before(state, state->current));
}
