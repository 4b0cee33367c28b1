/*
 * heapam_handler.c
 *		Scanning heap tables: sequential, parallel by chunks, for index builds;
 *		and the table_ functions the rest of the server calls.
 *
 * A page is looked at once, under its shared lock: the offsets of what is
 * visible are noted, the lock is given back, and the rows are handed out while
 * the pin holds the page.  The tuples stay where they are: nothing moves tuples
 * on a page with another's pin.
 *
 * An index build puts the root of a row's HOT chain into the index.
 *
 * A parallel scan hands out chunks that begin large and shrink towards the end,
 * so that all participants finish together; every block goes to exactly one.
 *
 * Corresponds to PostgreSQL's heapam_handler.c, tableam.c, and the scans of
 * heapam.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/genam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "commands/progress.h"
#include "executor/executor.h"
#include "pgstat.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
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
	pgstat_count_heap_scan(scan->rs_base.rs_rd);
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
	/*
	 * A snapshot that is not ours to keep may be taken anew in its place, and
	 * what it sees be pruned, while the scan goes on.
	 */
	if (IsMVCCSnapshot(snapshot) && !snapshot->copied)
	{
		snapshot = RegisterSnapshot(snapshot);
		flags |= SO_TEMP_SNAPSHOT;
	}
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
		INJECTION_POINT("scan-claim-chunk");
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
		INJECTION_POINT("scan-chunk-claimed");
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
		if (scan->rs_nblocks <= scan->rs_startblock)
			return InvalidBlockNumber;
		return forward ? scan->rs_startblock : scan->rs_nblocks - 1;
	}
	if (scan->rs_cblock == InvalidBlockNumber)
		return InvalidBlockNumber;
	if (forward)
		return scan->rs_cblock + 1 < scan->rs_nblocks ? scan->rs_cblock + 1
		                                              : InvalidBlockNumber;
	return scan->rs_cblock > scan->rs_startblock ? scan->rs_cblock - 1
	                                             : InvalidBlockNumber;
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
	if (IsMVCCSnapshot(scan->rs_base.rs_snapshot))
		heap_page_prune_opt(scan->rs_base.rs_rd, scan->rs_cbuf);
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

/* roots, if not NULL: of the page's HOT chains, of the same moment. */
static void
CollectVisible(HeapScanDesc scan, OffsetNumber *roots)
{
	Page page = BufferGetPage(scan->rs_cbuf);
	Snapshot snapshot = scan->rs_base.rs_snapshot;
	HeapTupleData tup;
	OffsetNumber maxoff;
	OffsetNumber off;
	bool all_visible;
	int n = 0;

	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_SHARE);
	/* the flag is cleared under the lock by who changes that */
	all_visible = IsMVCCSnapshot(snapshot) && PageIsAllVisible(page);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (off = FirstOffsetNumber; off <= maxoff; off++)
	{
		if (!ItemIdIsNormal(PageGetItemId(page, off)))
			continue;
		TupleAt(scan, page, off, &tup);
		if (all_visible ||
		    HeapTupleSatisfiesVisibility(&tup, snapshot, scan->rs_cbuf))
			scan->rs_vistuples[n++] = off;
	}
	if (roots != NULL)
		heap_get_root_tuples(page, roots);
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
				pgstat_count_heap_getnext(sscan->rs_rd);
				return &scan->rs_ctup;
			}
		}
		if (!NextPage(scan, forward))
			return NULL;
		CollectVisible(scan, NULL);
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

/* What one row means for an index build under SnapshotAny. */
typedef struct BuildVerdict
{
	bool index;
	bool alive;
	bool live; /* counts */
	bool insert_by_other;
	bool delete_by_other;
	bool broken;         /* an older snapshot would miss a version */
	TransactionId xwait; /* if valid: look again when it is over */
} BuildVerdict;

/* PostgreSQL's table of tuple states. */
static BuildVerdict
JudgeForBuild(HeapTuple tup, TransactionId OldestXmin, Buffer buffer)
{
	BuildVerdict v = {.index = true};
	bool own;

	switch (HeapTupleSatisfiesVacuum(tup, OldestXmin, buffer))
	{
		case HEAPTUPLE_DEAD:
			v.index = false;
			break;
		case HEAPTUPLE_LIVE:
			v.alive = v.live = true;
			break;
		case HEAPTUPLE_RECENTLY_DEAD:
			/*
			 * The entry of its chain's newest version would lead here too, with
			 * a value that this one need not have.
			 */
			v.broken = HeapTupleIsHotUpdated(tup);
			v.index = !v.broken;
			break;
		case HEAPTUPLE_INSERT_IN_PROGRESS:
			own = TransactionIdIsCurrentTransactionId(
				HeapTupleHeaderGetRawXmin(tup->t_data));
			v.alive = true;
			v.live = own;
			v.insert_by_other = !own;
			break;
		case HEAPTUPLE_DELETE_IN_PROGRESS:
			own = TransactionIdIsCurrentTransactionId(
				HeapTupleHeaderGetRawXmax(tup->t_data));
			v.live = v.delete_by_other = !own;
			if (HeapTupleIsHotUpdated(tup))
			{
				/* Which version is indexed depends on how it ends. */
				if (own)
					v.broken = true;
				else
					v.xwait = HeapTupleHeaderGetUpdateXid(tup->t_data);
				v.index = false;
			}
			break;
	}
	return v;
}

/*
 * For an index build under SnapshotAny: notes what goes into the index, and
 * which of it is alive; counts the live rows.
 */
static double
CollectForBuild(HeapScanDesc scan, TransactionId OldestXmin, bool *alive,
                OffsetNumber *roots, bool *broken)
{
	Relation rel = scan->rs_base.rs_rd;
	Page page = BufferGetPage(scan->rs_cbuf);
	bool insert_seen;
	bool delete_seen;
	double live;
	HeapTupleData tup;
	OffsetNumber maxoff;
	OffsetNumber off;
	BuildVerdict v;
	int n;

again:
	insert_seen = delete_seen = false;
	live = 0;
	n = 0;
	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_SHARE);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (off = FirstOffsetNumber; off <= maxoff; off++)
	{
		if (!ItemIdIsNormal(PageGetItemId(page, off)))
			continue;
		TupleAt(scan, page, off, &tup);
		v = JudgeForBuild(&tup, OldestXmin, scan->rs_cbuf);
		if (TransactionIdIsValid(v.xwait))
		{
			/* Our pin keeps the tuples in their places. */
			LockBuffer(scan->rs_cbuf, BUFFER_LOCK_UNLOCK);
			XactLockTableWait(v.xwait, rel, &tup.t_self,
			                  XLTW_InsertIndexUnique);
			CHECK_FOR_INTERRUPTS();
			goto again;
		}
		live += v.live ? 1 : 0;
		insert_seen |= v.insert_by_other;
		delete_seen |= v.delete_by_other;
		*broken |= v.broken;
		if (v.index)
		{
			alive[n] = v.alive;
			scan->rs_vistuples[n++] = off;
		}
	}
	heap_get_root_tuples(page, roots);
	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_UNLOCK);
	scan->rs_ntuples = n;
	/* Catalogs are written by transactions that hold no lock on them. */
	if (RelationGetRelid(rel) < FirstNormalObjectId)
		return live;
	if (insert_seen)
		elog(WARNING, "concurrent insert in progress within table \"%s\"",
		     RelationGetRelationName(rel));
	if (delete_seen)
		elog(WARNING, "concurrent delete in progress within table \"%s\"",
		     RelationGetRelationName(rel));
	return live;
}

/* Where the index entry of the scan's tuple points to. */
static ItemPointerData
RootOf(HeapScanDesc scan, const OffsetNumber *roots)
{
	HeapTuple tup = &scan->rs_ctup;
	ItemPointerData tid = tup->t_self;
	OffsetNumber off = ItemPointerGetOffsetNumber(&tid);

	if (HeapTupleIsHeapOnly(tup))
	{
		if (!OffsetNumberIsValid(roots[off - 1]))
			ereport(ERROR,
			        (errcode(ERRCODE_DATA_CORRUPTED),
			         errmsg_internal(
						 "failed to find parent tuple for heap-only tuple at "
						 "(%u,%u) in table \"%s\"",
						 ItemPointerGetBlockNumber(&tid), off,
						 RelationGetRelationName(scan->rs_base.rs_rd))));
		ItemPointerSetOffsetNumber(&tid, roots[off - 1]);
	}
	return tid;
}

/* An executor state to evaluate expressions of the slot's rows in. */
static EState *
BeginIndexRows(TupleTableSlot *slot)
{
	EState *estate = CreateExecutorState();

	GetPerTupleExprContext(estate)->ecxt_scantuple = slot;
	return estate;
}

static void
EndIndexRows(IndexInfo *info, TupleTableSlot *slot, EState *estate)
{
	ExecDropSingleTupleTableSlot(slot);
	FreeExecutorState(estate);
	ForgetIndexExpressions(info);
}

/* The rows noted of the page in use, as far as the index holds them. */
static void
IndexPage(HeapScanDesc scan, Relation index_rel, IndexInfo *info,
          TupleTableSlot *slot, EState *estate, const bool *alive,
          const OffsetNumber *roots, IndexBuildCallback callback,
          void *callback_state)
{
	MemoryContext rowcxt = GetPerTupleMemoryContext(estate);
	Datum values[INDEX_MAX_KEYS];
	bool isnull[INDEX_MAX_KEYS];
	int i;

	for (i = 0; i < scan->rs_ntuples; i++)
	{
		MemoryContext old;
		ItemPointerData tid;

		CHECK_FOR_INTERRUPTS();
		TupleAt(scan, BufferGetPage(scan->rs_cbuf), scan->rs_vistuples[i],
		        &scan->rs_ctup);
		ExecStoreBufferHeapTuple(&scan->rs_ctup, slot, scan->rs_cbuf);
		MemoryContextReset(rowcxt);
		if (!IndexHoldsRow(info, slot, estate))
			continue;
		old = MemoryContextSwitchTo(rowcxt);
		FormIndexDatum(info, slot, estate, values, isnull);
		tid = RootOf(scan, roots);
		callback(index_rel, &tid, values, isnull, alive == NULL || alive[i],
		         callback_state);
		MemoryContextSwitchTo(old);
	}
}

/*
 * A few blocks, as the snapshot of the scan sees them.  It is not known who
 * locks the table: so no verdict is asked that needs its lock.
 */
double
table_index_build_range_scan(Relation table_rel, Relation index_rel,
                             IndexInfo *index_info, BlockNumber start_blockno,
                             BlockNumber numblocks, IndexBuildCallback callback,
                             void *callback_state, TableScanDesc sscan)
{
	HeapScanDesc scan = (HeapScanDesc) sscan;

	Assert(IsMVCCSnapshot(sscan->rs_snapshot) && sscan->rs_parallel == NULL);
	scan->rs_startblock = Min(start_blockno, scan->rs_nblocks);
	scan->rs_nblocks = scan->rs_startblock +
	                   Min(numblocks, scan->rs_nblocks - scan->rs_startblock);
	return table_index_build_scan(table_rel, index_rel, index_info, false,
	                              false, callback, callback_state, sscan);
}

double
table_index_build_scan(Relation table_rel, Relation index_rel,
                       IndexInfo *index_info, bool allow_sync, bool progress,
                       IndexBuildCallback callback, void *callback_state,
                       TableScanDesc sscan)
{
	TransactionId OldestXmin = InvalidTransactionId;
	bool alive[MaxHeapTuplesPerPage];
	OffsetNumber roots[MaxHeapTuplesPerPage];
	TupleTableSlot *slot;
	EState *estate;
	HeapScanDesc scan;
	double reltuples = 0;
	bool any;

	if (sscan == NULL)
		sscan = index_info->ii_Concurrent
		            ? BeginScan(table_rel, GetTransactionSnapshot(), NULL, 0)
		            : BeginScan(table_rel, SnapshotAny, NULL, 0);
	scan = (HeapScanDesc) sscan;
	any = !IsMVCCSnapshot(sscan->rs_snapshot);
	if (any)
		OldestXmin = GetOldestNonRemovableTransactionId(table_rel);
	if (progress)
		pgstat_progress_update_param(PROGRESS_SCAN_BLOCKS_TOTAL,
		                             scan->rs_nblocks);
	slot = MakeSingleTupleTableSlot(RelationGetDescr(table_rel));
	estate = BeginIndexRows(slot);

	while (NextPage(scan, true))
	{
		if (any)
			reltuples += CollectForBuild(scan, OldestXmin, alive, roots,
			                             &index_info->ii_BrokenHotChain);
		else
		{
			CollectVisible(scan, roots);
			reltuples += scan->rs_ntuples;
		}
		PGSTAT_COUNT(table_rel, t_tuples_returned, scan->rs_ntuples);
		/* Of all participants: blocks handed out so far. */
		if (progress)
			pgstat_progress_update_param(
				PROGRESS_SCAN_BLOCKS_DONE,
				sscan->rs_parallel != NULL
					? Min(pg_atomic_read_u64(
							  &sscan->rs_parallel->phs_nallocated),
			              scan->rs_nblocks)
					: scan->rs_cblock);
		IndexPage(scan, index_rel, index_info, slot, estate, any ? alive : NULL,
		          roots, callback, callback_state);
	}
	if (progress)
		pgstat_progress_update_param(PROGRESS_SCAN_BLOCKS_DONE,
		                             scan->rs_nblocks);
	EndIndexRows(index_info, slot, estate);
	table_endscan(sscan);
	return reltuples;
}

/*
 * Of a TOAST relation: the chunks of rows that no snapshot sees are fetched
 * too, as long as a plain build (SnapshotAny) may meet those rows.  Who is
 * inserting now knows the index that is to be completed.
 */
static void
CollectNotDead(HeapScanDesc scan, TransactionId OldestXmin)
{
	Page page = BufferGetPage(scan->rs_cbuf);
	OffsetNumber maxoff;
	HeapTupleData tup;
	int n = 0;

	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_SHARE);
	maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	for (OffsetNumber off = FirstOffsetNumber; off <= maxoff; off++)
	{
		BuildVerdict v;

		if (!ItemIdIsNormal(PageGetItemId(page, off)))
			continue;
		TupleAt(scan, page, off, &tup);
		Assert(!HeapTupleIsHeapOnly(&tup) && !HeapTupleIsHotUpdated(&tup));
		v = JudgeForBuild(&tup, OldestXmin, scan->rs_cbuf);
		if (v.index && !v.insert_by_other)
			scan->rs_vistuples[n++] = off;
	}
	LockBuffer(scan->rs_cbuf, BUFFER_LOCK_UNLOCK);
	scan->rs_ntuples = n;
}

static int
CompareTids(const void *a, const void *b)
{
	return ItemPointerCompare((ItemPointer) a, (ItemPointer) b);
}

void
table_index_validate_scan(Relation table_rel, Relation index_rel,
                          IndexInfo *index_info, Snapshot snapshot,
                          ValidateIndexState *state)
{
	HeapScanDesc scan = (HeapScanDesc) BeginScan(table_rel, snapshot, NULL, 0);
	TupleTableSlot *slot =
		MakeSingleTupleTableSlot(RelationGetDescr(table_rel));
	EState *estate = BeginIndexRows(slot);
	MemoryContext rowcxt = GetPerTupleMemoryContext(estate);
	OffsetNumber roots[MaxHeapTuplesPerPage];
	bool toast = table_rel->rd_rel->relkind == RELKIND_TOASTVALUE;
	TransactionId OldestXmin = GetOldestNonRemovableTransactionId(table_rel);

	Assert(IsMVCCSnapshot(snapshot));
	pgstat_progress_update_param(PROGRESS_SCAN_BLOCKS_TOTAL, scan->rs_nblocks);
	while (NextPage(scan, true))
	{
		if (toast)
			CollectNotDead(scan, OldestXmin);
		else
			CollectVisible(scan, roots);
		PGSTAT_COUNT(table_rel, t_tuples_returned, scan->rs_ntuples);
		for (int i = 0; i < scan->rs_ntuples; i++)
		{
			Datum values[INDEX_MAX_KEYS];
			bool isnull[INDEX_MAX_KEYS];
			MemoryContext old;
			ItemPointerData root;

			CHECK_FOR_INTERRUPTS();
			TupleAt(scan, BufferGetPage(scan->rs_cbuf), scan->rs_vistuples[i],
			        &scan->rs_ctup);
			state->htups += 1;
			root = RootOf(scan, roots);
			if (state->ntids > 0 &&
			    bsearch(&root, state->tids, state->ntids,
			            sizeof(ItemPointerData), CompareTids) != NULL)
				continue;
			/* One chain has one version that the snapshot sees. */
			ExecStoreBufferHeapTuple(&scan->rs_ctup, slot, scan->rs_cbuf);
			MemoryContextReset(rowcxt);
			if (!IndexHoldsRow(index_info, slot, estate))
				continue;
			old = MemoryContextSwitchTo(rowcxt);
			FormIndexDatum(index_info, slot, estate, values, isnull);
			(void) index_insert(index_rel, values, isnull, &root, table_rel,
			                    index_info->ii_Unique ? UNIQUE_CHECK_YES
			                                          : UNIQUE_CHECK_NO,
			                    false, index_info);
			MemoryContextSwitchTo(old);
			state->tups_inserted += 1;
		}
		pgstat_progress_update_param(PROGRESS_SCAN_BLOCKS_DONE,
		                             scan->rs_cblock + 1);
	}
	EndIndexRows(index_info, slot, estate);
	table_endscan((TableScanDesc) scan);
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

TM_Result
table_tuple_update(Relation rel, ItemPointer otid, TupleTableSlot *slot,
                   CommandId cid, Snapshot snapshot, Snapshot crosscheck,
                   bool wait, TM_FailureData *tmfd, LockTupleMode *lockmode,
                   TU_UpdateIndexes *update_indexes)
{
	bool shouldFree;
	/* a tuple on a page is not ours to change */
	HeapTuple tuple = ExecFetchSlotHeapTuple(
		slot, slot->buffer != InvalidBuffer, &shouldFree);
	TM_Result result;

	tuple->t_tableOid = RelationGetRelid(rel);
	result = heap_update(rel, otid, tuple, cid, wait, tmfd, lockmode,
	                     update_indexes);
	if (result == TM_Ok)
	{
		slot->tts_tid = tuple->t_self;
		slot->tts_tableOid = tuple->t_tableOid;
	}
	if (shouldFree)
		heap_freetuple(tuple);
	return result;
}
