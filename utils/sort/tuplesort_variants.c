/*
 * tuplesort_variants.c
 *		What is sorted: rows, index tuples with an integer in front, pairs of an
 *		integer and a TID.
 *
 * Each gives a number to sort by, and what decides where numbers are equal.
 * A row's number is that of its first key (sortsupport.c), turned over for a
 * descending order; a NULL has the least or the greatest of all.  Where the
 * type has no such number all values have the same, and comparing does it all.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/itemptr.h"
#include "tuplesort_internal.h"
#include "utils/memutils.h"

#define SIGN_BIT (UINT64CONST(1) << 63)

/* ------------------------------------------------------------------------
 *		Rows
 *
 *		An item's data: the TID in 8 bytes (its last two: how many bytes are
 *		padding), then the tuple; extra: the table.
 * ------------------------------------------------------------------------
 */

#define ROW_HEADER 8
#define ROW_PADDING_AT 6

static uint64
row_key(Datum value, bool isnull, SortSupport key)
{
	uint64 number = 1;

	if (isnull)
		return key->ssup_nulls_first ? 0 : PG_UINT64_MAX;
	if (key->abbreviate != NULL)
		number = key->abbreviate(value, key);
	return key->ssup_reverse ? ~number : number;
}

static void
row_tuple(const SortItem *item, HeapTuple tuple)
{
	char *data = SortItemData(item);
	uint16 padding;

	memcpy(&tuple->t_self, data, sizeof(ItemPointerData));
	memcpy(&padding, data + ROW_PADDING_AT, sizeof(padding));
	tuple->t_tableOid = item->extra;
	tuple->t_len =
		(uint32) (item->len - sizeof(SortItem) - ROW_HEADER - padding);
	tuple->t_data = (HeapTupleHeader) (data + ROW_HEADER);
}

/*
 * Their first keys' numbers are equal.  So are these keys, if numbers say all,
 * but for a NULL, which has the number of a value at the end.
 */
static int
compare_rows(const SortTuple *a, const SortTuple *b, Tuplesortstate *state)
{
	HeapTupleData rowa;
	HeapTupleData rowb;
	int first = state->sortKeys[0].abbrev_exact && a->key != 0 &&
	            a->key != PG_UINT64_MAX;

	if (first == state->nKeys)
		return 0;
	row_tuple(a->item, &rowa);
	row_tuple(b->item, &rowb);
	for (int i = first; i < state->nKeys; i++)
	{
		SortSupport key = &state->sortKeys[i];
		bool nulla;
		bool nullb;
		Datum keya =
			heap_getattr(&rowa, key->ssup_attno, state->tupDesc, &nulla);
		Datum keyb =
			heap_getattr(&rowb, key->ssup_attno, state->tupDesc, &nullb);
		int cmp = ApplySortComparator(keya, nulla, keyb, nullb, key);

		if (cmp != 0)
			return cmp;
	}
	return 0;
}

Tuplesortstate *
tuplesort_begin_heap(TupleDesc tupDesc, int nkeys, AttrNumber *attNums,
                     Oid *sortOperators, Oid *sortCollations,
                     bool *nullsFirstFlags, int workMem,
                     SortCoordinate coordinate, int sortopt)
{
	Tuplesortstate *state =
		tuplesort_begin_common(workMem, coordinate, sortopt);
	MemoryContext old = MemoryContextSwitchTo(state->maincontext);

	Assert(nkeys > 0);
	state->tupDesc = tupDesc;
	state->nKeys = nkeys;
	state->compare_equal = compare_rows;
	state->sortKeys = palloc0_array(SortSupportData, nkeys);
	for (int i = 0; i < nkeys; i++)
	{
		SortSupport key = &state->sortKeys[i];

		key->ssup_cxt = state->maincontext;
		key->ssup_collation = sortCollations[i];
		key->ssup_nulls_first = nullsFirstFlags[i];
		key->ssup_attno = attNums[i];
		PrepareSortSupportFromOrderingOp(sortOperators[i], key);
	}
	MemoryContextSwitchTo(old);
	return state;
}

void
tuplesort_puttupleslot(Tuplesortstate *state, TupleTableSlot *slot)
{
	SortSupport key = &state->sortKeys[0];
	SortTuple stup;
	HeapTuple tuple;
	bool isnull;
	bool should_free;
	Datum value = slot_getattr(slot, key->ssup_attno, &isnull);
	char *data;
	uint16 padding;

	CHECK_FOR_INTERRUPTS();
	stup.key = row_key(value, isnull, key);
	/* no copy of a row that is dropped at once */
	if (state->status == TSS_BOUNDED && stup.key > state->memtuples[0].key)
		return;
	tuple = ExecFetchSlotHeapTuple(slot, false, &should_free);
	stup.item = tuplesort_new_item(state, ROW_HEADER + tuple->t_len);
	stup.item->key = stup.key;
	stup.item->extra = tuple->t_tableOid;
	padding = (uint16) (stup.item->len - sizeof(SortItem) - ROW_HEADER -
	                    tuple->t_len);
	data = SortItemData(stup.item);
	memcpy(data, &tuple->t_self, sizeof(ItemPointerData));
	memcpy(data + ROW_PADDING_AT, &padding, sizeof(padding));
	memcpy(data + ROW_HEADER, tuple->t_data, tuple->t_len);
	memset(data + ROW_HEADER + tuple->t_len, 0, padding);
	if (should_free)
		heap_freetuple(tuple);
	tuplesort_put(state, &stup);
}

bool
tuplesort_gettupleslot(Tuplesortstate *state, bool forward,
                       TupleTableSlot *slot)
{
	SortTuple stup;

	if (!tuplesort_get(state, forward, &stup))
	{
		ExecClearTuple(slot);
		return false;
	}
	row_tuple(stup.item, &state->out);
	ExecStoreHeapTuple(&state->out, slot, false);
	return true;
}

/* ------------------------------------------------------------------------
 *		Index tuples with an integer in front
 *
 *		An item's data: the tuple; extra: the integer.  Its number has the
 *		integer and behind it the block of the TID, so that tuples are looked at
 *		only to order what points to one block.
 * ------------------------------------------------------------------------
 */

static int
compare_index_tuples(const SortTuple *a, const SortTuple *b,
                     Tuplesortstate *state)
{
	IndexTuple tuplea = (IndexTuple) SortItemData(a->item);
	IndexTuple tupleb = (IndexTuple) SortItemData(b->item);

	return ItemPointerCompare(&tuplea->t_tid, &tupleb->t_tid);
}

Tuplesortstate *
tuplesort_begin_index(int workMem, SortCoordinate coordinate)
{
	Tuplesortstate *state =
		tuplesort_begin_common(workMem, coordinate, TUPLESORT_NONE);

	state->compare_equal = compare_index_tuples;
	return state;
}

void
tuplesort_putindextuple(Tuplesortstate *state, int32 key, IndexTuple itup)
{
	Size size = IndexTupleSize(itup);
	SortTuple stup;

	stup.item = tuplesort_new_item(state, size);
	/* the integer, then as much of the TID as there is room for */
	stup.key = ((uint64) (uint32) key << 32 ^ SIGN_BIT) |
	           ItemPointerGetBlockNumberNoCheck(&itup->t_tid);
	stup.item->key = stup.key;
	stup.item->extra = (uint32) key;
	memcpy(SortItemData(stup.item), itup, size);
	memset(SortItemData(stup.item) + size, 0,
	       stup.item->len - sizeof(SortItem) - size);
	tuplesort_put(state, &stup);
}

IndexTuple
tuplesort_getindextuple(Tuplesortstate *state, int32 *key)
{
	SortTuple stup;

	if (!tuplesort_get(state, true, &stup))
		return NULL;
	*key = (int32) stup.item->extra;
	return (IndexTuple) SortItemData(stup.item);
}

/* ------------------------------------------------------------------------
 *		Pairs of an integer and a TID
 * ------------------------------------------------------------------------
 */

static int
compare_tids(const SortTuple *a, const SortTuple *b, Tuplesortstate *state)
{
	return (a->tid > b->tid) - (a->tid < b->tid);
}

Tuplesortstate *
tuplesort_begin_int8_tid(int workMem, SortCoordinate coordinate)
{
	Tuplesortstate *state =
		tuplesort_begin_common(workMem, coordinate, TUPLESORT_NONE);

	state->pairs = true;
	state->compare_equal = compare_tids;
	return state;
}

void
tuplesort_putint8tid(Tuplesortstate *state, int64 key, ItemPointer tid)
{
	SortTuple stup = {
		.key = (uint64) key ^ SIGN_BIT,
		.tid = (uint64) ItemPointerGetBlockNumberNoCheck(tid) << 16 |
	           ItemPointerGetOffsetNumberNoCheck(tid),
	};

	tuplesort_put(state, &stup);
}

bool
tuplesort_getint8tid(Tuplesortstate *state, int64 *key, ItemPointer tid)
{
	SortTuple stup;

	if (!tuplesort_get(state, true, &stup))
		return false;
	*key = (int64) (stup.key ^ SIGN_BIT);
	ItemPointerSet(tid, (BlockNumber) (stup.tid >> 16),
	               (OffsetNumber) (stup.tid & 0xffff));
	return true;
}
