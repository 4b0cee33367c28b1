/*
 * indexconcurrent.c
 *		CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY.
 *
 * Writers go on, so the index becomes known to them in steps, each of them a
 * transaction of its own with a wait before it:
 *
 *	1.	The index is in the catalog, neither ready nor valid.  It only keeps HOT
 *		chains from being made that it could not describe.  WAIT 1: for all who
 *		may write without knowing of it.
 *	2.	What one snapshot sees is built; the index becomes ready: everybody
 *		inserts into it from now on.  WAIT 2: for those who do not know that.
 *	3.	Rows that a second snapshot sees and the index lacks are inserted
 *		(validate_index).  WAIT 3: for all snapshots that are older than that
 *		one: they may need versions that are not in the index.
 *	4.	The index becomes valid: plans use it.
 *
 * Dropping goes the other way: not valid, wait, not ready and dead, wait, gone.
 *
 * Rules
 * 1.	No snapshot is held while waiting: two such commands would wait for each
 *		other.
 * 2.	A session lock on the table lasts over all transactions: nobody drops or
 *		alters it, and no second command of this kind runs on it.
 * 3.	An error, a cancel or a crash in steps 2 to 4 leaves an invalid index,
 *		which costs writers time and serves nobody: DROP INDEX or REINDEX.
 *
 * Corresponds to DefineIndex of PostgreSQL's commands/indexcmds.c, and to
 * index_concurrently_build, validate_index and index_drop of catalog/index.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/heap.h"
#include "catalog/index.h"
#include "commands/defrem.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* TIDs of the index, while they are collected. */
typedef struct TidCollector
{
	ItemPointerData *tids;
	int64 ntids;
	int64 capacity;
} TidCollector;

static void
NextTransaction(void)
{
	if (ActiveSnapshotSet())
		PopActiveSnapshot();
	CommitTransactionCommand();
	StartTransactionCommand();
}

static void
Wait(LockRelId *heap, LOCKMODE lockmode, int phase)
{
	LOCKTAG tag;

	SET_LOCKTAG_RELATION(tag, heap->dbId, heap->relId);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE, phase);
	INJECTION_POINT("concurrent-index-wait");
	WaitForLockers(tag, lockmode, true);
}

/* ---- CREATE ---- */

/* What an error in steps 2 to 4 leaves; arg is the index's OID. */
static void
InvalidIndexContext(void *arg)
{
	errcontext("CREATE INDEX CONCURRENTLY; an index that stays invalid (OID "
	           "%u) can be removed by DROP INDEX or completed by REINDEX INDEX",
	           *(Oid *) arg);
}

static void
BuildStep(Oid heapId, Oid indexId)
{
	Relation heap;
	Relation index;
	IndexInfo *info;

	PushActiveSnapshot(GetTransactionSnapshot());
	INJECTION_POINT("concurrent-index-build");
	heap = table_open(heapId, ShareUpdateExclusiveLock);
	index = index_open(indexId, RowExclusiveLock);
	info = BuildIndexInfo(index);
	info->ii_ReadyForInserts = true;
	info->ii_Concurrent = true;
	info->ii_BrokenHotChain = false;
	index_build(heap, index, info, false, true);
	index_close(index, NoLock);
	table_close(heap, NoLock);
	index_set_state_flags(indexId, INDEX_CREATE_SET_READY);
	INJECTION_POINT("concurrent-index-ready");
}

/* Nothing is dead: it only looks. */
static bool
CollectTid(ItemPointer tid, void *state)
{
	TidCollector *collector = state;

	if (collector->ntids == collector->capacity)
	{
		collector->capacity *= 2;
		collector->tids =
			repalloc_huge(collector->tids, mul_size(collector->capacity,
		                                            sizeof(ItemPointerData)));
	}
	collector->tids[collector->ntids++] = *tid;
	return false;
}

static int
CompareTids(const void *a, const void *b)
{
	return ItemPointerCompare((ItemPointer) a, (ItemPointer) b);
}

static void
validate_index(Oid heapId, Oid indexId, Snapshot snapshot)
{
	Relation heap = table_open(heapId, ShareUpdateExclusiveLock);
	Relation index = index_open(indexId, RowExclusiveLock);
	IndexVacuumInfo vacuum = {.index = index,
	                          .estimated_count = true,
	                          .message_level = DEBUG2,
	                          .num_heap_tuples = -1};
	TidCollector collector = {.capacity = 1024};
	ValidateIndexState state = {0};

	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_VALIDATE_IDXSCAN);
	INJECTION_POINT("concurrent-index-validate");
	collector.tids = palloc(collector.capacity * sizeof(ItemPointerData));
	(void) index_bulk_delete(&vacuum, NULL, CollectTid, &collector);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_VALIDATE_SORT);
	qsort(collector.tids, collector.ntids, sizeof(ItemPointerData),
	      CompareTids);
	state.tids = collector.tids;
	state.ntids = collector.ntids;
	state.itups = collector.ntids;

	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_VALIDATE_TABLESCAN);
	INJECTION_POINT("concurrent-index-validate-scan");
	table_index_validate_scan(heap, index, BuildIndexInfo(index), snapshot,
	                          &state);
	ereport(DEBUG2,
	        (errmsg_internal("validate_index found %.0f heap tuples, %.0f "
	                         "index tuples; inserted %.0f missing tuples",
	                         state.htups, state.itups, state.tups_inserted)));
	pfree(collector.tids);
	index_close(index, NoLock);
	table_close(heap, NoLock);
}

/* The xmin of the snapshot that the index was completed for. */
static TransactionId
ValidateStep(Oid heapId, Oid indexId)
{
	Snapshot snapshot = RegisterSnapshot(GetTransactionSnapshot());
	TransactionId limitXmin = snapshot->xmin;

	PushActiveSnapshot(snapshot);
	validate_index(heapId, indexId, snapshot);
	PopActiveSnapshot();
	UnregisterSnapshot(snapshot);
	return limitXmin;
}

static bool
StillThere(VirtualTransactionId vxid, TransactionId limitXmin)
{
	int n;
	VirtualTransactionId *now = GetOlderVirtualXIDs(
		limitXmin, PROC_IS_AUTOVACUUM | PROC_IN_VACUUM, &n);
	bool found = false;

	for (int i = 0; i < n && !found; i++)
		found = VirtualTransactionIdEquals(now[i], vxid);
	pfree(now);
	return found;
}

/* Until their transactions end, or they are seen without such a snapshot. */
static void
WaitForOlderSnapshots(TransactionId limitXmin)
{
	int n;
	VirtualTransactionId *vxids = GetOlderVirtualXIDs(
		limitXmin, PROC_IS_AUTOVACUUM | PROC_IN_VACUUM, &n);

	pgstat_progress_update_param(PROGRESS_WAITFOR_TOTAL, n);
	for (int i = 0; i < n; i++)
	{
		if (StillThere(vxids[i], limitXmin))
			(void) VirtualXactLock(vxids[i], true);
		pgstat_progress_update_param(PROGRESS_WAITFOR_DONE, i + 1);
	}
	pfree(vxids);
}

void
CompleteConcurrentIndex(Oid heapId, Oid indexId)
{
	LockRelId heap = {.relId = heapId, .dbId = MyDatabaseId};
	ErrorContextCallback callback = {.callback = InvalidIndexContext,
	                                 .arg = &indexId,
	                                 .previous = error_context_stack};
	TransactionId limitXmin;

	LockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
	INJECTION_POINT("concurrent-index-created");
	NextTransaction();
	error_context_stack = &callback;

	Wait(&heap, ShareLock, PROGRESS_CREATEIDX_PHASE_WAIT_1);
	BuildStep(heapId, indexId);
	NextTransaction();

	Wait(&heap, ShareLock, PROGRESS_CREATEIDX_PHASE_WAIT_2);
	limitXmin = ValidateStep(heapId, indexId);
	NextTransaction();

	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_WAIT_3);
	INJECTION_POINT("concurrent-index-wait-snapshots");
	WaitForOlderSnapshots(limitXmin);
	index_set_state_flags(indexId, INDEX_CREATE_SET_VALID);
	CacheInvalidateRelcacheByRelid(heapId);
	error_context_stack = callback.previous;
	UnlockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
}

/* ---- DROP ---- */

void
DropIndexConcurrently(Oid heapId, Oid indexId)
{
	LockRelId heap = {.relId = heapId, .dbId = MyDatabaseId};
	LockRelId index = {.relId = indexId, .dbId = MyDatabaseId};

	if (TransactionIdIsValid(GetTopTransactionIdIfAny()))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("DROP INDEX CONCURRENTLY must be first action "
		                       "in transaction")));
	index_set_state_flags(indexId, INDEX_DROP_CLEAR_VALID);
	LockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
	LockRelationIdForSession(&index, ShareUpdateExclusiveLock);
	NextTransaction();

	/* Queries that planned with it end. */
	Wait(&heap, AccessExclusiveLock, PROGRESS_CREATEIDX_PHASE_WAIT_4);
	INJECTION_POINT("concurrent-index-drop");
	index_set_state_flags(indexId, INDEX_DROP_SET_DEAD);
	NextTransaction();

	/* Writers that insert into it end. */
	Wait(&heap, AccessExclusiveLock, PROGRESS_CREATEIDX_PHASE_WAIT_5);
	LockRelationOid(heapId, ShareUpdateExclusiveLock);
	LockRelationOid(indexId, AccessExclusiveLock);
	PushActiveSnapshot(GetTransactionSnapshot());
	heap_drop_with_catalog(indexId);
	CacheInvalidateRelcacheByRelid(heapId);
	CommandCounterIncrement();
	PopActiveSnapshot();
	UnlockRelationIdForSession(&index, ShareUpdateExclusiveLock);
	UnlockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
}
