/*
 * heapam_handler.c
 *		Scanning heap tables: sequential, parallel by chunks, for index builds,
 *		by TID; and the table_ functions the rest of the server calls.
 *
 * A page is looked at once, under its shared lock: the offsets of what is
 * visible are noted, the lock is given back, and the rows are handed out while
 * the pin holds the page.  The tuples stay where they are: nothing moves tuples
 * on a page with another's pin.
 *
 * A parallel scan hands out chunks that begin large and shrink towards the end,
 * so that all participants finish together; every block goes to exactly one.
 *
 * Corresponds to PostgreSQL's heapam_handler.c, tableam.c, and the scans of
 * heapam.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#define PARALLEL_SEQSCAN_NCHUNKS 2048
#define PARALLEL_SEQSCAN_RAMPDOWN_CHUNKS 64
#define PARALLEL_SEQSCAN_MAX_CHUNK_SIZE 8192

/* rs_flags: the snapshot is unregistered at the end */
#define SO_TEMP_SNAPSHOT (1 << 9)

static void
StartScan(HeapScanDesc scan)
{
	ParallelTableScanDesc pscan = scan->rs_base.rs_parallel;

	scan->rs_nblocks = pscan != NULL
	                       ? pscan->phs_nblocks
	                       : RelationGetNumberOfBlocks(scan->rs_base.rs_rd);
	if (scan->rs_strategy == NULL && scan->rs_nblocks > NBuffers / 4)
		scan->rs_strategy = GetAccessStrategy(BAS_BULKREAD);
	scan->rs_inited = false;
	scan->rs_cblock = InvalidBlockNumber;
	scan->rs_cbuf = InvalidBuffer;
	scan->rs_ctup.t_data = NULL;
	scan->rs_ctup.t_tableOid = RelationGetRelid(scan->rs_base.rs_rd);
	scan->rs_cindex = scan->rs_ntuples = 0;
	scan->phsw_nallocated = 0;
	scan->phsw_chunk_remaining = 0;
	scan->phsw_chunk_size = 1;
	while (scan->phsw_chunk_size <
	           scan->rs_nblocks / PARALLEL_SEQSCAN_NCHUNKS &&
	       scan->phsw_chunk_size < PARALLEL_SEQSCAN_MAX_CHUNK_SIZE)
		scan->phsw_chunk_size <<= 1;
}

static TableScanDesc
BeginScan(Relation rel, Snapshot snapshot, ParallelTableScanDesc pscan,
          uint32 flags)
{
	HeapScanDesc scan = palloc0_object(HeapScanDescData);

	RelationIncrementReferenceCount(rel);
	scan->rs_base.rs_rd = rel;
	scan->rs_base.rs_snapshot = snapshot;
	scan->rs_base.rs_flags = flags;
	scan->rs_base.rs_parallel = pscan;
	StartScan(scan);
	return (TableScanDesc) scan;
}

TableScanDesc
table_beginscan(Relation rel, Snapshot snapshot, int nkeys, ScanKey key)
{
	Assert(nkeys == 0);
	return BeginScan(rel, snapshot, NULL, 0);
}

void
table_rescan(TableScanDesc sscan, ScanKey key)
{
	HeapScanDesc scan = (HeapScanDesc) sscan;

	if (scan->rs_cbuf != InvalidBuffer)
		ReleaseBuffer(scan->rs_cbuf);
	StartScan(scan);
}

void
table_endscan(TableScanDesc sscan)
{
	HeapScanDesc scan = (HeapScanDesc) sscan;

	if (scan->rs_cbuf != InvalidBuffer)
		ReleaseBuffer(scan->rs_cbuf);
	RelationDecrementReferenceCount(sscan->rs_rd);
	if (scan->rs_strategy != NULL)
		FreeAccessStrategy(scan->rs_strategy);
	if (sscan->rs_flags & SO_TEMP_SNAPSHOT)
		UnregisterSnapshot(sscan->rs_snapshot);
	pfree(scan);
}

static BlockNumber
NextParallelBlock(HeapScanDesc scan)
{
	ParallelTableScanDesc pscan = scan->rs_base.rs_parallel;

	if (scan->phsw_chunk_remaining > 0)
	{
		scan->phsw_nallocated++;
		scan->phsw_chunk_remaining--;
	}
	else
	{
		/* Near the end the chunks are halved, again and again. */
		if (scan->phsw_chunk_size > 1 &&
		    pg_atomic_read_u64(&pscan->phs_nallocated) +
		            (uint64) scan->phsw_chunk_size *
		                PARALLEL_SEQSCAN_RAMPDOWN_CHUNKS >
		        scan->rs_nblocks)
			scan->phsw_chunk_size >>= 1;
		scan->phsw_nallocated = pg_atomic_fetch_add_u64(&pscan->phs_nallocated,
		                                                scan->phsw_chunk_size);
		scan->phsw_chunk_remaining = scan->phsw_chunk_size - 1;
	}
	if (scan->phsw_nallocated >= scan->rs_nblocks)
	{
		scan->phsw_chunk_remaining = 0;
		return InvalidBlockNumber;
	}
	return (BlockNumber) scan->phsw_nallocated;
}

static BlockNumber
NextBlock(HeapScanDesc scan, bool forward)
{
	if (scan->rs_base.rs_parallel != NULL)
		return NextParallelBlock(scan);
	if (!scan->rs_inited)
	{
		if (scan->rs_nblocks == 0)
			return InvalidBlockNumber;
		return forward ? 0 : scan->rs_nblocks - 1;
	}
	if (scan->rs_cblock == InvalidBlockNumber)
		return InvalidBlockNumber;
	if (forward)
		return scan->rs_cblock + 1 < scan->rs_nblocks ? scan->rs_cblock + 1
		                                              : InvalidBlockNumber;
	return scan->rs_cblock > 0 ? scan->rs_cblock - 1 : InvalidBlockNumber;
}

/* Moves to the next page, pinned; false at the end. */
static bool
NextPage(HeapScanDesc scan, bool forward)
{
	BlockNumber block = NextBlock(scan, forward);

	CHECK_FOR_INTERRUPTS();
	scan->rs_inited = true;
	if (scan->rs_cbuf != InvalidBuffer)
		ReleaseBuffer(scan->rs_cbuf);
	scan->rs_cbuf = InvalidBuffer;
	scan->rs_cblock = block;
	if (block == InvalidBlockNumber)
		return false;
	scan->rs_cbuf = ReadBufferExtended(scan->rs_base.rs_rd, MAIN_FORKNUM, block,
	                                   RBM_NORMAL, scan->rs_strategy);
	return true;
}

static inline void
TupleAt(HeapScanDesc scan, Page page, OffsetNumber off, HeapTuple tup)
{
	ItemId lp = PageGetItemId(page, off);

	tup->t_data = (HeapTupleHeader) PageGetItem(page, lp);
	tup->t_len = ItemIdGetLength(lp);
	tup->t_tableOid = RelationGetRelid(scan->rs_base.rs_rd);
	ItemPointerSet(&tup->t_self, scan->rs_cblock, off);
}

static void
CollectVisible(HeapScanDesc scan)
{
	Page page = BufferGetPage(scan->rs_cbuf);
	Snapshot snapshot = scan->rs_base.rs_snapshot;
	HeapTupleData tup;
	OffsetNumber maxoff;
	OffsetNumber off;
	int n = 0;

	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_SHARE);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (off = FirstOffsetNumber; off <= maxoff; off++)
	{
		if (!ItemIdIsNormal(PageGetItemId(page, off)))
			continue;
		TupleAt(scan, page, off, &tup);
		if (HeapTupleSatisfiesVisibility(&tup, snapshot, scan->rs_cbuf))
			scan->rs_vistuples[n++] = off;
	}
	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_UNLOCK);
	scan->rs_ntuples = n;
}

HeapTuple
heap_getnext(TableScanDesc sscan, ScanDirection direction)
{
	HeapScanDesc scan = (HeapScanDesc) sscan;
	bool forward = !ScanDirectionIsBackward(direction);

	for (;;)
	{
		if (scan->rs_cbuf != InvalidBuffer)
		{
			scan->rs_cindex += forward ? 1 : -1;
			if (scan->rs_cindex >= 0 && scan->rs_cindex < scan->rs_ntuples)
			{
				TupleAt(scan, BufferGetPage(scan->rs_cbuf),
				        scan->rs_vistuples[scan->rs_cindex], &scan->rs_ctup);
				return &scan->rs_ctup;
			}
		}
		if (!NextPage(scan, forward))
			return NULL;
		CollectVisible(scan);
		scan->rs_cindex = forward ? -1 : scan->rs_ntuples;
	}
}

bool
table_scan_getnextslot(TableScanDesc sscan, ScanDirection direction,
                       TupleTableSlot *slot)
{
	HeapTuple tup = heap_getnext(sscan, direction);

	if (tup == NULL)
	{
		ExecClearTuple(slot);
		return false;
	}
	ExecStoreBufferHeapTuple(tup, slot, ((HeapScanDesc) sscan)->rs_cbuf);
	return true;
}

Size
table_parallelscan_estimate(Relation rel, Snapshot snapshot)
{
	Size size = MAXALIGN(sizeof(ParallelTableScanDescData));

	if (IsMVCCSnapshot(snapshot))
		size = add_size(size, EstimateSnapshotSpace(snapshot));
	return size;
}

void
table_parallelscan_initialize(Relation rel, ParallelTableScanDesc pscan,
                              Snapshot snapshot)
{
	pscan->phs_relid = RelationGetRelid(rel);
	pscan->phs_nblocks = RelationGetNumberOfBlocks(rel);
	pscan->phs_snapshot_off = MAXALIGN(sizeof(ParallelTableScanDescData));
	pscan->phs_snapshot_any = !IsMVCCSnapshot(snapshot);
	pg_atomic_init_u64(&pscan->phs_nallocated, 0);
	if (!pscan->phs_snapshot_any)
		SerializeSnapshot(snapshot, (char *) pscan + pscan->phs_snapshot_off);
	else
		Assert(snapshot == SnapshotAny);
}

TableScanDesc
table_beginscan_parallel(Relation rel, ParallelTableScanDesc pscan)
{
	Snapshot snapshot = SnapshotAny;
	uint32 flags = 0;

	Assert(RelationGetRelid(rel) == pscan->phs_relid);
	if (!pscan->phs_snapshot_any)
	{
		snapshot = RegisterSnapshot(
			RestoreSnapshot((char *) pscan + pscan->phs_snapshot_off));
		flags |= SO_TEMP_SNAPSHOT;
	}
	return BeginScan(rel, snapshot, pscan, flags);
}

/*
 * For an index build under SnapshotAny: notes what goes into the index, and
 * which of it is alive; counts the live rows.
 */
static double
CollectForBuild(HeapScanDesc scan, TransactionId OldestXmin, bool *alive)
{
	Relation rel = scan->rs_base.rs_rd;
	Page page = BufferGetPage(scan->rs_cbuf);
	bool is_system = RelationGetRelid(rel) < FirstNormalObjectId;
	bool insert_seen = false;
	bool delete_seen = false;
	double live = 0;
	HeapTupleData tup;
	OffsetNumber maxoff;
	OffsetNumber off;
	int n = 0;

	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_SHARE);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (off = FirstOffsetNumber; off <= maxoff; off++)
	{
		bool own;

		if (!ItemIdIsNormal(PageGetItemId(page, off)))
			continue;
		TupleAt(scan, page, off, &tup);
		switch (HeapTupleSatisfiesVacuum(&tup, OldestXmin, scan->rs_cbuf))
		{
			case HEAPTUPLE_DEAD:
				continue;
			case HEAPTUPLE_LIVE:
				alive[n] = true;
				live += 1;
				break;
			case HEAPTUPLE_RECENTLY_DEAD:
				alive[n] = false;
				break;
			case HEAPTUPLE_INSERT_IN_PROGRESS:
				own = TransactionIdIsCurrentTransactionId(
					HeapTupleHeaderGetRawXmin(tup.t_data));
				alive[n] = true;
				live += own ? 1 : 0;
				insert_seen |= !own && !is_system;
				break;
			case HEAPTUPLE_DELETE_IN_PROGRESS:
				own = TransactionIdIsCurrentTransactionId(
					HeapTupleHeaderGetRawXmax(tup.t_data));
				alive[n] = false;
				live += own ? 0 : 1;
				delete_seen |= !own && !is_system;
				break;
		}
		scan->rs_vistuples[n++] = off;
	}
	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_UNLOCK);
	scan->rs_ntuples = n;
	if (insert_seen)
		elog(WARNING, "concurrent insert in progress within table \"%s\"",
		     RelationGetRelationName(rel));
	if (delete_seen)
		elog(WARNING, "concurrent delete in progress within table \"%s\"",
		     RelationGetRelationName(rel));
	return live;
}

/* The rows noted of the page in use, to the callback. */
static void
IndexPage(HeapScanDesc scan, Relation index_rel, IndexInfo *info,
          TupleTableSlot *slot, const bool *alive, MemoryContext rowcxt,
          IndexBuildCallback callback, void *callback_state)
{
	Datum values[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];
	int i;
	int k;

	for (i = 0; i < scan->rs_ntuples; i++)
	{
		MemoryContext old;
		ItemPointerData tid;

		CHECK_FOR_INTERRUPTS();
		TupleAt(scan, BufferGetPage(scan->rs_cbuf), scan->rs_vistuples[i],
		        &scan->rs_ctup);
		ExecStoreBufferHeapTuple(&scan->rs_ctup, slot, scan->rs_cbuf);
		MemoryContextReset(rowcxt);
		old = MemoryContextSwitchTo(rowcxt);
		for (k = 0; k < info->ii_NumIndexAttrs; k++)
			values[k] =
				slot_getattr(slot, info->ii_IndexAttrNumbers[k], &isnull[k]);
		tid = scan->rs_ctup.t_self;
		callback(index_rel, &tid, values, isnull, alive == NULL || alive[i],
		         callback_state);
		MemoryContextSwitchTo(old);
	}
}

double
table_index_build_scan(Relation table_rel, Relation index_rel,
                       IndexInfo *index_info, bool allow_sync, bool progress,
                       IndexBuildCallback callback, void *callback_state,
                       TableScanDesc sscan)
{
	TransactionId OldestXmin = InvalidTransactionId;
	bool alive[MaxHeapTuplesPerPage];
	TupleTableSlot *slot;
	MemoryContext rowcxt;
	HeapScanDesc scan;
	double reltuples = 0;
	bool any;

	Assert(index_info->ii_Expressions == NIL &&
	       index_info->ii_Predicate == NIL);
	if (sscan == NULL)
		sscan = index_info->ii_Concurrent
		            ? BeginScan(table_rel,
		                        RegisterSnapshot(GetTransactionSnapshot()),
		                        NULL, SO_TEMP_SNAPSHOT)
		            : BeginScan(table_rel, SnapshotAny, NULL, 0);
	scan = (HeapScanDesc) sscan;
	any = !IsMVCCSnapshot(sscan->rs_snapshot);
	if (any)
		OldestXmin = GetOldestNonRemovableTransactionId(table_rel);
	if (progress)
		pgstat_progress_update_param(PROGRESS_SCAN_BLOCKS_TOTAL,
		                             scan->rs_nblocks);
	slot = MakeSingleTupleTableSlot(RelationGetDescr(table_rel));
	rowcxt = AllocSetContextCreate(CurrentMemoryContext, "Index build row",
	                               ALLOCSET_DEFAULT_SIZES);

	while (NextPage(scan, true))
	{
		if (any)
			reltuples += CollectForBuild(scan, OldestXmin, alive);
		else
		{
			CollectVisible(scan);
			reltuples += scan->rs_ntuples;
		}
		/* Of all participants: blocks handed out so far. */
		if (progress)
			pgstat_progress_update_param(
				PROGRESS_SCAN_BLOCKS_DONE,
				sscan->rs_parallel != NULL
					? Min(pg_atomic_read_u64(
							  &sscan->rs_parallel->phs_nallocated),
			              scan->rs_nblocks)
					: scan->rs_cblock);
		IndexPage(scan, index_rel, index_info, slot, any ? alive : NULL, rowcxt,
		          callback, callback_state);
	}
	if (progress)
		pgstat_progress_update_param(PROGRESS_SCAN_BLOCKS_DONE,
		                             scan->rs_nblocks);
	ExecDropSingleTupleTableSlot(slot);
	MemoryContextDelete(rowcxt);
	table_endscan(sscan);
	return reltuples;
}

bool
heap_fetch(Relation relation, Snapshot snapshot, HeapTuple tuple,
           Buffer *userbuf)
{
	OffsetNumber off = ItemPointerGetOffsetNumber(&tuple->t_self);
	Buffer buffer =
		ReadBuffer(relation, ItemPointerGetBlockNumber(&tuple->t_self));
	Page page = BufferGetPage(buffer);
	bool valid = false;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	if (!PageIsNew(page) && off <= PageGetMaxOffsetNumber(page) &&
	    ItemIdIsNormal(PageGetItemId(page, off)))
	{
		ItemId lp = PageGetItemId(page, off);

		tuple->t_data = (HeapTupleHeader) PageGetItem(page, lp);
		tuple->t_len = ItemIdGetLength(lp);
		tuple->t_tableOid = RelationGetRelid(relation);
		valid = HeapTupleSatisfiesVisibility(tuple, snapshot, buffer);
	}
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	*userbuf = buffer;
	if (!valid)
	{
		ReleaseBuffer(buffer);
		*userbuf = InvalidBuffer;
		tuple->t_data = NULL;
	}
	return valid;
}

bool
table_tuple_fetch_row_version(Relation rel, ItemPointer tid, Snapshot snapshot,
                              TupleTableSlot *slot)
{
	HeapTupleData tup = {.t_self = *tid};
	Buffer buffer;

	if (!heap_fetch(rel, snapshot, &tup, &buffer))
	{
		ExecClearTuple(slot);
		return false;
	}
	ExecStoreBufferHeapTuple(&tup, slot, buffer);
	ReleaseBuffer(buffer);
	return true;
}

IndexFetchTableData *
table_index_fetch_begin(Relation rel)
{
	IndexFetchTableData *scan = palloc0_object(IndexFetchTableData);

	scan->rel = rel;
	scan->xs_cbuf = InvalidBuffer;
	return scan;
}

void
table_index_fetch_reset(IndexFetchTableData *scan)
{
	if (scan->xs_cbuf != InvalidBuffer)
		ReleaseBuffer(scan->xs_cbuf);
	scan->xs_cbuf = InvalidBuffer;
}

void
table_index_fetch_end(IndexFetchTableData *scan)
{
	table_index_fetch_reset(scan);
	pfree(scan);
}

/* Without HOT a TID is one version. */
bool
table_index_fetch_tuple(IndexFetchTableData *scan, ItemPointer tid,
                        Snapshot snapshot, TupleTableSlot *slot,
                        bool *call_again, bool *all_dead)
{
	*call_again = false;
	if (all_dead != NULL)
		*all_dead = false;
	table_index_fetch_reset(scan);
	if (!table_tuple_fetch_row_version(scan->rel, tid, snapshot, slot))
		return false;
	scan->xs_cbuf = slot->buffer;
	IncrBufferRefCount(scan->xs_cbuf);
	return true;
}

TupleTableSlot *
table_slot_create(Relation relation, List **reglist)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(relation));

	if (reglist != NULL)
		*reglist = lappend(*reglist, slot);
	return slot;
}

void
table_multi_insert(Relation rel, TupleTableSlot **slots, int nslots,
                   CommandId cid, int options, BulkInsertState bistate)
{
	heap_multi_insert(rel, slots, nslots, cid, options, bistate);
}

void
table_tuple_insert(Relation rel, TupleTableSlot *slot, CommandId cid,
                   int options, BulkInsertState bistate)
{
	heap_multi_insert(rel, &slot, 1, cid, options, bistate);
}

TM_Result
table_tuple_delete(Relation rel, ItemPointer tid, CommandId cid,
                   Snapshot snapshot, Snapshot crosscheck, bool wait,
                   TM_FailureData *tmfd, bool changingPart)
{
	return heap_delete(rel, tid, cid, wait, tmfd);
}
