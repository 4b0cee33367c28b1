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
 * 1.	No snapshot is held while waiting, for a lock neither: two such commands
 *		would wait for each other.  Who had one when WAIT 3 began and has none
 *		when he begins to wait is not waited for any longer (lockvxid.c).
 * 2.	A session lock on the table lasts over all transactions: nobody drops or
 *		alters it, and no second command of this kind runs on it.
 * 3.	An error, a cancel or a crash in steps 2 to 4 leaves an invalid index,
 *		which costs writers time and serves nobody: DROP INDEX or REINDEX.  The
 *		error's hint says so.
 * 4.	WAIT 3 leaves out those that carry PROC_IN_SAFE_IC: they build an index
 *		of another table and look at nothing else.  But the values that they
 *		index may be out of line, and they fetch those through the index of a
 *		TOAST relation: who builds such an index waits for them too.
 *
 * Corresponds to DefineIndex and WaitForOlderSnapshots of PostgreSQL's
 * commands/indexcmds.c, and to index_drop of catalog/index.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "commands/indexconcurrent.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* ---- what all of them do ---- */

void
ConcurrentIndexReleaseSnapshot(void)
{
	if (ActiveSnapshotSet())
		PopActiveSnapshot();
	InvalidateCatalogSnapshot();
}

/* Of the transaction that has begun and done nothing yet. */
static void
set_indexsafe_procflags(void)
{
	Assert(!TransactionIdIsValid(MyProc->xid) &&
	       !TransactionIdIsValid(MyProc->xmin));
	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	MyProc->statusFlags |= PROC_IN_SAFE_IC;
	ProcGlobal->statusFlags[MyProc->pgxactoff] = MyProc->statusFlags;
	LWLockRelease(ProcArrayLock);
}

void
ConcurrentIndexNextTransaction(bool safe)
{
	if (ActiveSnapshotSet())
		PopActiveSnapshot();
	CommitTransactionCommand();
	StartTransactionCommand();
	if (safe)
		set_indexsafe_procflags();
}

void
ConcurrentIndexWait(List *heaps, LOCKMODE lockmode, int phase)
{
	List *tags = NIL;
	ListCell *lc;

	Assert(!TransactionIdIsValid(MyProc->xmin)); /* rule 1 */
	foreach (lc, heaps)
	{
		LockRelId *heap = lfirst(lc);
		LOCKTAG *tag = palloc_object(LOCKTAG);

		SET_LOCKTAG_RELATION(*tag, heap->dbId, heap->relId);
		tags = lappend(tags, tag);
	}
	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE, phase);
	INJECTION_POINT("concurrent-index-wait");
	WaitForLockersMultiple(tags, lockmode, true);
	list_free_deep(tags);
}

/* Whose snapshots are waited for. */
typedef struct OlderSnapshots
{
	TransactionId limitXmin;
	int exclude; /* status flags of those that are not */
} OlderSnapshots;

static bool
HasOlderSnapshot(VirtualTransactionId vxid, void *arg)
{
	const OlderSnapshots *older = arg;
	int n;
	VirtualTransactionId *now = GetCurrentVirtualXIDs(
		older->limitXmin, true, false, older->exclude, &n);
	bool found = false;

	for (int i = 0; i < n && !found; i++)
		found = VirtualTransactionIdEquals(now[i], vxid);
	pfree(now);
	return found;
}

/* Until their transactions end, or they are seen without such a snapshot. */
static void
WaitForOlderSnapshots(TransactionId limitXmin, int exclude)
{
	OlderSnapshots older = {limitXmin, exclude};
	int n;
	VirtualTransactionId *vxids =
		GetCurrentVirtualXIDs(limitXmin, true, false, exclude, &n);

	Assert(!TransactionIdIsValid(MyProc->xmin)); /* rule 1 */
	pgstat_progress_update_param(PROGRESS_WAITFOR_TOTAL, n);
	for (int i = 0; i < n; i++)
	{
		if (HasOlderSnapshot(vxids[i], &older))
		{
			ReportCurrentLocker(vxids[i]);
			VirtualXactLockWhile(vxids[i], HasOlderSnapshot, &older);
		}
		pgstat_progress_update_param(PROGRESS_WAITFOR_DONE, i + 1);
	}
	pfree(vxids);
}

void
ConcurrentIndexValidate(Oid heapId, Oid indexId, bool safe)
{
	Snapshot snapshot = RegisterSnapshot(GetTransactionSnapshot());
	TransactionId limitXmin = snapshot->xmin;
	int exclude = PROC_IS_AUTOVACUUM | PROC_IN_VACUUM;

	if (get_rel_relkind(heapId) != RELKIND_TOASTVALUE) /* rule 4 */
		exclude |= PROC_IN_SAFE_IC;
	PushActiveSnapshot(snapshot);
	validate_index(heapId, indexId, snapshot);
	PopActiveSnapshot();
	UnregisterSnapshot(snapshot);
	ConcurrentIndexNextTransaction(safe);

	pgstat_progress_update_param(PROGRESS_CREATEIDX_PHASE,
	                             PROGRESS_CREATEIDX_PHASE_WAIT_3);
	INJECTION_POINT("concurrent-index-wait-snapshots");
	WaitForOlderSnapshots(limitXmin, exclude);
}

/* ---- what a failure leaves ---- */

static void
AddHint(void *arg)
{
	ConcurrentIndexHint *hint = arg;

	if (geterrlevel() >= ERROR && hint->hint != NULL)
		errhint_more("%s", hint->hint);
}

void
PushConcurrentIndexHint(ConcurrentIndexHint *hint, const char *text)
{
	hint->hint = text;
	hint->callback.callback = AddHint;
	hint->callback.arg = hint;
	hint->callback.previous = error_context_stack;
	error_context_stack = &hint->callback;
}

void
PopConcurrentIndexHint(ConcurrentIndexHint *hint)
{
	Assert(error_context_stack == &hint->callback);
	error_context_stack = hint->callback.previous;
}

static char *
InvalidIndexHint(Oid indexId)
{
	const char *name = quote_qualified_identifier(
		get_namespace_name(get_rel_namespace(indexId)), get_rel_name(indexId));

	return MemoryContextStrdup(
		PortalContext,
		psprintf(
			"The index is left invalid: it is kept up to date once it is "
			"ready, but no query uses it. Remove it with DROP INDEX %s, or "
			"complete it with REINDEX INDEX %s.",
			name, name));
}

/* ---- CREATE ---- */

void
CompleteConcurrentIndex(Oid heapId, Oid indexId, bool safe)
{
	LockRelId heap = {.relId = heapId, .dbId = MyDatabaseId};
	char *text = InvalidIndexHint(indexId);
	ConcurrentIndexHint hint;
	LockRelId *waitfor = MemoryContextAlloc(PortalContext, sizeof(LockRelId));

	*waitfor = heap;
	LockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
	INJECTION_POINT("concurrent-index-created");
	pgstat_progress_update_param(PROGRESS_CREATEIDX_INDEX_OID, indexId);
	ConcurrentIndexNextTransaction(safe);
	PushConcurrentIndexHint(&hint, text);

	ConcurrentIndexWait(list_make1(waitfor), ShareLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_1);
	PushActiveSnapshot(GetTransactionSnapshot());
	index_concurrently_build(heapId, indexId);
	ConcurrentIndexNextTransaction(safe);

	ConcurrentIndexWait(list_make1(waitfor), ShareLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_2);
	ConcurrentIndexValidate(heapId, indexId, safe);

	/*
	 * Who gets the lock next changes the rows that we change here, and must
	 * find this transaction ended.
	 */
	LockRelationOid(heapId, ShareUpdateExclusiveLock);
	index_set_state_flags(indexId, INDEX_CREATE_SET_VALID);
	CacheInvalidateRelcacheByRelid(heapId);
	INJECTION_POINT("concurrent-index-valid");
	PopConcurrentIndexHint(&hint);
	UnlockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
}

/* ---- DROP ---- */

static char *
HalfDroppedHint(Oid indexId)
{
	return MemoryContextStrdup(
		PortalContext,
		psprintf("The index is left invalid. Remove it with DROP INDEX %s.",
	             quote_qualified_identifier(
					 get_namespace_name(get_rel_namespace(indexId)),
					 get_rel_name(indexId))));
}

void
DropIndexConcurrently(Oid heapId, Oid indexId)
{
	LockRelId heap = {.relId = heapId, .dbId = MyDatabaseId};
	LockRelId index = {.relId = indexId, .dbId = MyDatabaseId};
	LockRelId *waitfor = MemoryContextAlloc(PortalContext, sizeof(LockRelId));
	ConcurrentIndexHint hint;
	char *text;

	if (TransactionIdIsValid(GetTopTransactionIdIfAny()))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("DROP INDEX CONCURRENTLY must be first action "
		                       "in transaction")));
	*waitfor = heap;
	text = HalfDroppedHint(indexId);
	index_set_state_flags(indexId, INDEX_DROP_CLEAR_VALID);
	LockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
	LockRelationIdForSession(&index, ShareUpdateExclusiveLock);
	ConcurrentIndexNextTransaction(false);
	PushConcurrentIndexHint(&hint, text);

	/* Queries that planned with it end. */
	ConcurrentIndexWait(list_make1(waitfor), AccessExclusiveLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_4);
	INJECTION_POINT("concurrent-index-drop");
	index_concurrently_set_dead(heapId, indexId);
	ConcurrentIndexNextTransaction(false);

	/* Writers that insert into it end. */
	ConcurrentIndexWait(list_make1(waitfor), AccessExclusiveLock,
	                    PROGRESS_CREATEIDX_PHASE_WAIT_5);
	PushActiveSnapshot(GetTransactionSnapshot());
	index_drop(indexId, true);
	PopActiveSnapshot();
	PopConcurrentIndexHint(&hint);
	UnlockRelationIdForSession(&index, ShareUpdateExclusiveLock);
	UnlockRelationIdForSession(&heap, ShareUpdateExclusiveLock);
}
