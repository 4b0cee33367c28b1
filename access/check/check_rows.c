/*
 * check_rows.c
 *		Agreement of an index with its table, row for row.
 *
 * The index's check has noted the TIDs that its entries name; here they are
 * compared with the rows that can be seen, and with the line pointers there are.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/vector_support.h"
#include "catalog/index.h"
#include "check_internal.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

HTAB *
check_tid_table(const char *name, Size entrysize)
{
	HASHCTL ctl = {0};

	ctl.keysize = sizeof(ItemPointerData);
	ctl.entrysize = entrysize;
	ctl.hcxt = CurrentMemoryContext;
	return hash_create(name, 1024, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Does the row in the slot belong into the index? */
static bool
IsIndexed(const VectorSupport *support, IndexInfo *info, TupleTableSlot *slot,
          EState *estate)
{
	MemoryContext old;
	Datum values[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];
	void *value;
	bool result;

	ResetPerTupleExprContext(estate);
	if (!IndexHoldsRow(info, slot, estate))
		return false;
	old = MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));
	FormIndexDatum(info, slot, estate, values, isnull);
	result = !isnull[0] && VectorFormValue(support, values[0], &value);
	MemoryContextSwitchTo(old);
	return result;
}

/*
 * Is every visible row in the index, under its root's TID, and no other.  The
 * versions of a HOT chain are all in it or none: columns of expressions and
 * predicates are columns of the index.
 */
static void
CheckRows(CheckState *cs, Relation heap, Relation index,
          const VectorSupport *support, HTAB *rows)
{
	TableScanDesc scan = table_beginscan(heap, GetActiveSnapshot(), 0, NULL);
	TupleTableSlot *slot = table_slot_create(heap, NULL);
	IndexInfo *info = BuildIndexInfo(index);
	EState *estate = CreateExecutorState();
	OffsetNumber roots[MaxHeapTuplesPerPage];
	BlockNumber roots_of = InvalidBlockNumber;

	GetPerTupleExprContext(estate)->ecxt_scantuple = slot;
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		ItemPointerData tid = slot->tts_tid;
		BlockNumber block = ItemPointerGetBlockNumber(&tid);
		OffsetNumber off = ItemPointerGetOffsetNumber(&tid);
		bool indexed = IsIndexed(support, info, slot, estate);
		bool found;

		CHECK_FOR_INTERRUPTS();
		if (block != roots_of)
		{
			Buffer buffer = ReadBuffer(heap, block);

			LockBuffer(buffer, BUFFER_LOCK_SHARE);
			heap_get_root_tuples(BufferGetPage(buffer), roots);
			UnlockReleaseBuffer(buffer);
			roots_of = block;
		}
		if (roots[off - 1] != InvalidOffsetNumber)
			ItemPointerSet(&tid, block, roots[off - 1]);
		found = hash_search(rows, &tid, HASH_FIND, NULL) != NULL;
		if (found != indexed)
			check_report(cs, heap, block, off,
			             indexed ? "the row is not in index \"%s\""
			                     : "the row should not be in index \"%s\"",
			             RelationGetRelationName(index));
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	FreeExecutorState(estate);
}

/* Does every row that the index names have a line pointer. */
static void
CheckDangling(CheckState *cs, Relation heap, Relation index, HTAB *rows)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(heap);
	HASH_SEQ_STATUS status;
	ItemPointerData *tid;

	hash_seq_init(&status, rows);
	while ((tid = hash_seq_search(&status)) != NULL)
	{
		BlockNumber block = ItemPointerGetBlockNumber(tid);
		OffsetNumber off = ItemPointerGetOffsetNumber(tid);
		bool used = false;

		if (block < nblocks)
		{
			Buffer buffer = ReadBuffer(heap, block);
			Page page = BufferGetPage(buffer);

			LockBuffer(buffer, BUFFER_LOCK_SHARE);
			used = !PageIsNew(page) && off <= PageGetMaxOffsetNumber(page) &&
			       ItemIdIsUsed(PageGetItemId(page, off));
			UnlockReleaseBuffer(buffer);
		}
		if (!used)
			check_report(cs, heap, block, off,
			             "index \"%s\" names the row, but there is none",
			             RelationGetRelationName(index));
	}
}

void
check_index_rows(CheckState *cs, Relation heap, Relation index,
                 const struct VectorSupport *support, HTAB *rows)
{
	CheckDangling(cs, heap, index, rows);
	CheckRows(cs, heap, index, support, rows);
}
