/*
 * tuplestore.c
 *		Rows kept for reading later.
 *
 * As long as they fit in the memory granted they are in an array; then all go
 * to a temporary file, each with its length before and after it, so that the
 * file can be read in both directions.  "current" is the place behind the row
 * that was read last: an index, or an offset in the file.
 *
 * There may be several read positions, of which one is in use: its place is in
 * the store itself, those of the others in readptrs.
 *
 * Corresponds to PostgreSQL's utils/sort/tuplestore.c with whole heap tuples.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/tuptable.h"
#include "miscadmin.h"
#include "storage/buffile.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

typedef struct ReadPointer
{
	int64 current;
	bool eof_reached;
} ReadPointer;

struct Tuplestorestate
{
	bool interXact;
	bool eof_reached; /* a forward read found no more */
	int64 allowedMem;
	int64 availMem;        /* may be negative */
	MemoryContext context; /* of the array and the rows */
	HeapTuple *memtuples;
	int64 memtupcount;
	int64 memtupsize;
	int64 tuples;    /* rows in the store */
	BufFile *myfile; /* NULL: they are in memory */
	int64 current;
	ReadPointer *readptrs; /* NULL: only the first; the active one's is stale */
	int nreadptrs;
	int activeptr;
};

/* before the bytes of a row in the file; its length follows them again */
typedef struct TupleOnDisk
{
	uint32 len;
	Oid tableOid;
	ItemPointerData self;
} TupleOnDisk;

Tuplestorestate *
tuplestore_begin_heap(bool randomAccess, bool interXact, int maxKBytes)
{
	Tuplestorestate *state = palloc0_object(Tuplestorestate);

	state->interXact = interXact;
	state->allowedMem = maxKBytes * INT64CONST(1024);
	state->availMem = state->allowedMem;
	state->context = AllocSetContextCreate(
		CurrentMemoryContext, "tuplestore tuples", ALLOCSET_DEFAULT_SIZES);
	return state;
}

int
tuplestore_alloc_read_pointer(Tuplestorestate *state, int eflags)
{
	if (state->readptrs == NULL)
	{
		state->readptrs = MemoryContextAllocZero(GetMemoryChunkContext(state),
		                                         2 * sizeof(ReadPointer));
		state->nreadptrs = 1;
	}
	else
		state->readptrs = repalloc(state->readptrs, (state->nreadptrs + 1) *
		                                                sizeof(ReadPointer));
	state->readptrs[state->nreadptrs].current = state->current;
	state->readptrs[state->nreadptrs].eof_reached = state->eof_reached;
	return state->nreadptrs++;
}

void
tuplestore_select_read_pointer(Tuplestorestate *state, int ptr)
{
	Assert(ptr >= 0 && ptr < Max(state->nreadptrs, 1));
	if (ptr == state->activeptr)
		return;
	state->readptrs[state->activeptr].current = state->current;
	state->readptrs[state->activeptr].eof_reached = state->eof_reached;
	state->activeptr = ptr;
	state->current = state->readptrs[ptr].current;
	state->eof_reached = state->readptrs[ptr].eof_reached;
}

/* Every way of reading is always possible. */
void
tuplestore_set_eflags(Tuplestorestate *state, int eflags)
{
}

static void
forget_tuples(Tuplestorestate *state)
{
	MemoryContextReset(state->context);
	state->memtuples = NULL;
	state->memtupcount = 0;
	state->memtupsize = 0;
	state->availMem = state->allowedMem;
}

void
tuplestore_clear(Tuplestorestate *state)
{
	if (state->myfile != NULL)
		BufFileClose(state->myfile);
	state->myfile = NULL;
	forget_tuples(state);
	state->tuples = 0;
	state->current = 0;
	state->eof_reached = false;
	for (int i = 0; i < state->nreadptrs; i++)
	{
		state->readptrs[i].current = 0;
		state->readptrs[i].eof_reached = false;
	}
}

void
tuplestore_end(Tuplestorestate *state)
{
	if (state->myfile != NULL)
		BufFileClose(state->myfile);
	MemoryContextDelete(state->context);
	if (state->readptrs != NULL)
		pfree(state->readptrs);
	pfree(state);
}

static void
write_tuple(Tuplestorestate *state, HeapTuple tuple)
{
	TupleOnDisk head = {
		.len = tuple->t_len,
		.tableOid = tuple->t_tableOid,
		.self = tuple->t_self,
	};

	BufFileWrite(state->myfile, &head, sizeof(head));
	BufFileWrite(state->myfile, tuple->t_data, tuple->t_len);
	BufFileWrite(state->myfile, &head.len, sizeof(head.len));
}

/* From numbers of rows to offsets in the file. */
static void
note_offset(Tuplestorestate *state, int64 row, int64 row_current,
            const int64 *rows)
{
	int64 offset = BufFileTell(state->myfile);

	if (row == row_current)
		state->current = offset;
	for (int i = 0; i < state->nreadptrs; i++)
	{
		if (row == rows[i])
			state->readptrs[i].current = offset;
	}
}

/* Memory is used up: everything goes to a file. */
static void
dump_tuples(Tuplestorestate *state)
{
	/* the file's buffer lives as long as the store itself */
	MemoryContext old = MemoryContextSwitchTo(GetMemoryChunkContext(state));
	int64 current = state->current;
	int64 *rows = palloc_array(int64, Max(state->nreadptrs, 1));

	for (int i = 0; i < state->nreadptrs; i++)
		rows[i] = state->readptrs[i].current;
	state->myfile = BufFileCreateTemp(state->interXact);
	MemoryContextSwitchTo(old);
	for (int64 i = 0; i < state->memtupcount; i++)
	{
		CHECK_FOR_INTERRUPTS();
		note_offset(state, i, current, rows);
		write_tuple(state, state->memtuples[i]);
	}
	note_offset(state, state->memtupcount, current, rows);
	pfree(rows);
	forget_tuples(state);
}

static void
grow_memtuples(Tuplestorestate *state)
{
	int64 newsize = Max(state->memtupsize * 2, 1024);

	if (state->memtuples == NULL)
		state->memtuples =
			MemoryContextAllocHuge(state->context, newsize * sizeof(HeapTuple));
	else
	{
		state->availMem += GetMemoryChunkSpace(state->memtuples);
		state->memtuples =
			repalloc_huge(state->memtuples, newsize * sizeof(HeapTuple));
	}
	state->availMem -= GetMemoryChunkSpace(state->memtuples);
	state->memtupsize = newsize;
}

/* The tuple is in state->context and the store's from now on. */
static void
puttuple_common(Tuplestorestate *state, HeapTuple tuple)
{
	state->tuples++;
	/* other positions at the end have one more to come */
	for (int i = 0; i < state->nreadptrs; i++)
	{
		if (i == state->activeptr || !state->readptrs[i].eof_reached)
			continue;
		state->readptrs[i].eof_reached = false;
		state->readptrs[i].current =
			state->myfile ? BufFileSize(state->myfile) : state->memtupcount;
	}
	if (state->myfile == NULL)
	{
		if (state->memtupcount >= state->memtupsize)
			grow_memtuples(state);
		state->memtuples[state->memtupcount++] = tuple;
		state->availMem -= GetMemoryChunkSpace(tuple);
		if (state->availMem < 0)
			dump_tuples(state);
		return;
	}
	BufFileSeek(state->myfile, BufFileSize(state->myfile));
	write_tuple(state, tuple);
	heap_freetuple(tuple);
}

void
tuplestore_puttupleslot(Tuplestorestate *state, TupleTableSlot *slot)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);
	HeapTuple tuple = ExecCopySlotHeapTuple(slot);

	MemoryContextSwitchTo(old);
	puttuple_common(state, tuple);
}

void
tuplestore_puttuple(Tuplestorestate *state, HeapTuple tuple)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);
	HeapTuple copy = heap_copytuple(tuple);

	MemoryContextSwitchTo(old);
	puttuple_common(state, copy);
}

void
tuplestore_putvalues(Tuplestorestate *state, TupleDesc tdesc, Datum *values,
                     bool *isnull)
{
	MemoryContext old = MemoryContextSwitchTo(state->context);
	HeapTuple tuple = heap_form_tuple(tdesc, values, isnull);

	MemoryContextSwitchTo(old);
	puttuple_common(state, tuple);
}

/* Moves the read position; *at is the row that was passed. */
static bool
advance_memory(Tuplestorestate *state, bool forward, int64 *at)
{
	if (forward)
	{
		if (state->eof_reached || state->current >= state->memtupcount)
		{
			state->eof_reached = true;
			return false;
		}
		*at = state->current++;
		return true;
	}
	if (state->eof_reached)
	{
		/* the last row is the one that was read last */
		state->current = state->memtupcount;
		state->eof_reached = false;
	}
	else if (state->current > 0)
		state->current--;
	if (state->current == 0)
		return false;
	*at = state->current - 1;
	return true;
}

static uint32
length_before(Tuplestorestate *state, int64 offset)
{
	uint32 len;

	BufFileSeek(state->myfile, offset - sizeof(len));
	BufFileReadExact(state->myfile, &len, sizeof(len));
	return sizeof(TupleOnDisk) + len + sizeof(len);
}

static bool
advance_file(Tuplestorestate *state, bool forward, int64 *at)
{
	BufFile *file = state->myfile;
	TupleOnDisk head;

	if (forward)
	{
		if (state->eof_reached || state->current >= BufFileSize(file))
		{
			state->eof_reached = true;
			return false;
		}
		*at = state->current;
		BufFileSeek(file, state->current);
		BufFileReadExact(file, &head, sizeof(head));
		state->current += sizeof(head) + head.len + sizeof(uint32);
		return true;
	}
	if (state->eof_reached)
	{
		state->current = BufFileSize(file);
		state->eof_reached = false;
	}
	else if (state->current > 0)
		state->current -= length_before(state, state->current);
	if (state->current == 0)
		return false;
	*at = state->current - length_before(state, state->current);
	return true;
}

static bool
advance(Tuplestorestate *state, bool forward, int64 *at)
{
	return state->myfile == NULL ? advance_memory(state, forward, at)
	                             : advance_file(state, forward, at);
}

/* In CurrentMemoryContext; *next: the place behind it. */
static HeapTuple
read_tuple(Tuplestorestate *state, int64 at, int64 *next)
{
	TupleOnDisk head;
	HeapTuple tuple;

	BufFileSeek(state->myfile, at);
	BufFileReadExact(state->myfile, &head, sizeof(head));
	*next = at + sizeof(head) + head.len + sizeof(uint32);
	tuple = palloc(HEAPTUPLESIZE + head.len);
	tuple->t_len = head.len;
	tuple->t_self = head.self;
	tuple->t_tableOid = head.tableOid;
	tuple->t_data = (HeapTupleHeader) ((char *) tuple + HEAPTUPLESIZE);
	BufFileReadExact(state->myfile, tuple->t_data, head.len);
	return tuple;
}

bool
tuplestore_gettupleslot(Tuplestorestate *state, bool forward, bool copy,
                        TupleTableSlot *slot)
{
	MemoryContext old;
	HeapTuple tuple;
	int64 at;
	int64 next;

	/* forwards the row's length need not be read beforehand */
	if (state->myfile != NULL && forward && !state->eof_reached &&
	    state->current < BufFileSize(state->myfile))
	{
		old = MemoryContextSwitchTo(slot->tts_mcxt);
		tuple = read_tuple(state, state->current, &next);
		MemoryContextSwitchTo(old);
		state->current = next;
		ExecStoreHeapTuple(tuple, slot, true);
		return true;
	}
	if (!advance(state, forward, &at))
	{
		ExecClearTuple(slot);
		return false;
	}
	if (state->myfile == NULL && !copy)
	{
		ExecStoreHeapTuple(state->memtuples[at], slot, false);
		return true;
	}
	old = MemoryContextSwitchTo(slot->tts_mcxt);
	tuple = state->myfile == NULL ? heap_copytuple(state->memtuples[at])
	                              : read_tuple(state, at, &next);
	MemoryContextSwitchTo(old);
	ExecStoreHeapTuple(tuple, slot, true);
	return true;
}

bool
tuplestore_advance(Tuplestorestate *state, bool forward)
{
	int64 at;

	return advance(state, forward, &at);
}

bool
tuplestore_skiptuples(Tuplestorestate *state, int64 ntuples, bool forward)
{
	while (ntuples-- > 0)
	{
		CHECK_FOR_INTERRUPTS();
		if (!tuplestore_advance(state, forward))
			return false;
	}
	return true;
}

int64
tuplestore_tuple_count(Tuplestorestate *state)
{
	return state->tuples;
}

bool
tuplestore_in_memory(Tuplestorestate *state)
{
	return state->myfile == NULL;
}

bool
tuplestore_ateof(Tuplestorestate *state)
{
	return state->eof_reached;
}

void
tuplestore_rescan(Tuplestorestate *state)
{
	state->current = 0;
	state->eof_reached = false;
}
