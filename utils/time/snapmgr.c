/*
 * snapmgr.c
 *		Snapshots in use: the stack of active ones, the registered ones, and
 *		what they allow to be removed.
 *
 * GetTransactionSnapshot and GetCatalogSnapshot return static snapshots that
 * the next call overwrites: whoever keeps one pushes or registers it, which
 * copies it.  MyProc->xmin protects the oldest in use; it goes to 0 when there
 * is none, so a transaction that waits for its client holds back nothing.
 *
 * Corresponds to PostgreSQL's snapmgr.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "lib/ilist.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

SnapshotData SnapshotSelfData = {SNAPSHOT_SELF};
SnapshotData SnapshotAnyData = {SNAPSHOT_ANY};
TransactionId TransactionXmin = FirstNormalTransactionId;

static SnapshotData CurrentSnapshotData = {SNAPSHOT_MVCC};
static SnapshotData LatestSnapshotData = {SNAPSHOT_MVCC};
static SnapshotData CatalogSnapshotData = {SNAPSHOT_MVCC};

static Snapshot CurrentSnapshot = NULL;
static Snapshot CatalogSnapshot = NULL;
/* REPEATABLE READ: the transaction's, registered. */
static Snapshot FirstXactSnapshot = NULL;
bool FirstSnapshotSet = false;
/* Given up for the time of a wait, see SuspendSnapshot. */
static Snapshot SuspendedSnapshot = NULL;

typedef struct ActiveSnapshotElt
{
	Snapshot as_snap;
	struct ActiveSnapshotElt *as_next;
} ActiveSnapshotElt;

static ActiveSnapshotElt *ActiveSnapshot = NULL;
static dlist_head RegisteredSnapshots = DLIST_STATIC_INIT(RegisteredSnapshots);

static void ReleaseSnapshotReference(Datum res);

static const ResourceOwnerDesc snapshot_resowner_desc = {
	.name = "snapshot reference",
	.release_phase = RESOURCE_RELEASE_AFTER_LOCKS,
	.release_priority = RELEASE_PRIO_SNAPSHOT_REFS,
	.ReleaseResource = ReleaseSnapshotReference,
};

/* As in shared memory; the xids follow. */
typedef struct SerializedSnapshotData
{
	TransactionId xmin;
	TransactionId xmax;
	uint32 xcnt;
	CommandId curcid;
} SerializedSnapshotData;

static Snapshot
CopySnapshot(Snapshot snapshot)
{
	Snapshot copy;

	Assert(snapshot != NULL);
	copy = (Snapshot) MemoryContextAlloc(
		TopTransactionContext,
		sizeof(SnapshotData) + snapshot->xcnt * sizeof(TransactionId));
	*copy = *snapshot;
	copy->xip = (TransactionId *) (copy + 1);
	if (snapshot->xcnt > 0)
		memcpy(copy->xip, snapshot->xip,
		       snapshot->xcnt * sizeof(TransactionId));
	copy->copied = true;
	copy->active_count = 0;
	copy->regd_count = 0;
	return copy;
}

/* Lets MyProc->xmin go as far as the snapshots in use allow. */
static void
SnapshotResetXmin(void)
{
	TransactionId oldest = InvalidTransactionId;
	ActiveSnapshotElt *as;
	dlist_iter iter;

	if (MyProc == NULL || !TransactionIdIsValid(MyProc->xmin) ||
	    CatalogSnapshot != NULL)
		return;
	dlist_foreach (iter, &RegisteredSnapshots)
	{
		Snapshot s = dlist_container(SnapshotData, link, iter.cur);

		if (s != SuspendedSnapshot && (!TransactionIdIsValid(oldest) ||
		                               TransactionIdPrecedes(s->xmin, oldest)))
			oldest = s->xmin;
	}
	for (as = ActiveSnapshot; as != NULL; as = as->as_next)
		if (as->as_snap != SuspendedSnapshot &&
		    (!TransactionIdIsValid(oldest) ||
		     TransactionIdPrecedes(as->as_snap->xmin, oldest)))
			oldest = as->as_snap->xmin;
	if (!TransactionIdIsValid(oldest))
		MyProc->xmin = TransactionXmin = InvalidTransactionId;
	else if (TransactionIdPrecedes(MyProc->xmin, oldest))
		MyProc->xmin = TransactionXmin = oldest;
}

static void
FreeIfUnused(Snapshot snapshot)
{
	if (snapshot->copied && snapshot->active_count == 0 &&
	    snapshot->regd_count == 0)
		pfree(snapshot);
	SnapshotResetXmin();
}

Snapshot
GetTransactionSnapshot(void)
{
	if (!FirstSnapshotSet)
	{
		InvalidateCatalogSnapshot();
		CurrentSnapshot = GetSnapshotData(&CurrentSnapshotData);
		if (IsolationUsesXactSnapshot())
		{
			CurrentSnapshot = CopySnapshot(CurrentSnapshot);
			FirstXactSnapshot = CurrentSnapshot;
			FirstXactSnapshot->regd_count++;
			dlist_push_tail(&RegisteredSnapshots, &FirstXactSnapshot->link);
		}
		FirstSnapshotSet = true;
		return CurrentSnapshot;
	}
	if (IsolationUsesXactSnapshot())
		return CurrentSnapshot;
	InvalidateCatalogSnapshot();
	CurrentSnapshot = GetSnapshotData(&CurrentSnapshotData);
	return CurrentSnapshot;
}

Snapshot
GetLatestSnapshot(void)
{
	if (!FirstSnapshotSet)
		return GetTransactionSnapshot();
	return GetSnapshotData(&LatestSnapshotData);
}

Snapshot
GetCatalogSnapshot(Oid relid)
{
	if (CatalogSnapshot == NULL)
		CatalogSnapshot = GetSnapshotData(&CatalogSnapshotData);
	return CatalogSnapshot;
}

void
InvalidateCatalogSnapshot(void)
{
	if (CatalogSnapshot == NULL)
		return;
	CatalogSnapshot = NULL;
	SnapshotResetXmin();
}

void
SnapshotSetCommandId(CommandId curcid)
{
	if (FirstSnapshotSet && CurrentSnapshot != NULL)
		CurrentSnapshot->curcid = curcid;
}

void
PushActiveSnapshot(Snapshot snapshot)
{
	ActiveSnapshotElt *elt = (ActiveSnapshotElt *) MemoryContextAlloc(
		TopTransactionContext, sizeof(ActiveSnapshotElt));

	if (!snapshot->copied || snapshot == CurrentSnapshot)
		snapshot = CopySnapshot(snapshot);
	elt->as_snap = snapshot;
	elt->as_next = ActiveSnapshot;
	snapshot->active_count++;
	ActiveSnapshot = elt;
}

void
PushCopiedSnapshot(Snapshot snapshot)
{
	PushActiveSnapshot(CopySnapshot(snapshot));
}

void
UpdateActiveSnapshotCommandId(void)
{
	Assert(ActiveSnapshot != NULL);
	Assert(ActiveSnapshot->as_snap->active_count == 1);
	Assert(ActiveSnapshot->as_snap->regd_count == 0);
	ActiveSnapshot->as_snap->curcid = GetCurrentCommandId(false);
}

void
PopActiveSnapshot(void)
{
	ActiveSnapshotElt *elt = ActiveSnapshot;

	Assert(elt != NULL && elt->as_snap->active_count > 0);
	ActiveSnapshot = elt->as_next;
	elt->as_snap->active_count--;
	FreeIfUnused(elt->as_snap);
	pfree(elt);
}

Snapshot
GetActiveSnapshot(void)
{
	Assert(ActiveSnapshot != NULL);
	return ActiveSnapshot->as_snap;
}

bool
ActiveSnapshotSet(void)
{
	return ActiveSnapshot != NULL;
}

Snapshot
RegisterSnapshot(Snapshot snapshot)
{
	if (snapshot == InvalidSnapshot)
		return snapshot;
	INJECTION_POINT("snapshot-register");
	if (!snapshot->copied)
		snapshot = CopySnapshot(snapshot);
	ResourceOwnerEnlarge(CurrentResourceOwner);
	if (snapshot->regd_count++ == 0)
		dlist_push_tail(&RegisteredSnapshots, &snapshot->link);
	ResourceOwnerRemember(CurrentResourceOwner, PointerGetDatum(snapshot),
	                      &snapshot_resowner_desc);
	return snapshot;
}

static void
ReleaseSnapshotReference(Datum res)
{
	Snapshot snapshot = (Snapshot) DatumGetPointer(res);

	Assert(snapshot->regd_count > 0);
	INJECTION_POINT_NOTHROW("snapshot-release");
	if (--snapshot->regd_count == 0)
		dlist_delete(&snapshot->link);
	FreeIfUnused(snapshot);
}

void
UnregisterSnapshot(Snapshot snapshot)
{
	if (snapshot == InvalidSnapshot)
		return;
	ResourceOwnerForget(CurrentResourceOwner, PointerGetDatum(snapshot),
	                    &snapshot_resowner_desc);
	ReleaseSnapshotReference(PointerGetDatum(snapshot));
}

bool
SuspendSnapshot(Snapshot snapshot)
{
	Assert(SuspendedSnapshot == NULL && snapshot->copied);
	if (IsolationUsesXactSnapshot())
		return false;
	SuspendedSnapshot = snapshot;
	InvalidateCatalogSnapshot();
	SnapshotResetXmin();
	return true;
}

void
RenewSnapshot(Snapshot snapshot)
{
	Snapshot now;

	Assert(SuspendedSnapshot == snapshot);
	InvalidateCatalogSnapshot();
	now = GetSnapshotData(&LatestSnapshotData);
	snapshot->xip = (TransactionId *) MemoryContextAlloc(
		TopTransactionContext, Max(now->xcnt, 1) * sizeof(TransactionId));
	memcpy(snapshot->xip, now->xip, now->xcnt * sizeof(TransactionId));
	snapshot->xcnt = now->xcnt;
	snapshot->xmin = now->xmin;
	snapshot->xmax = now->xmax;
	SuspendedSnapshot = NULL;
}

bool
ThereAreNoPriorRegisteredSnapshots(void)
{
	return dlist_is_empty(&RegisteredSnapshots) ||
	       !dlist_has_next(&RegisteredSnapshots, RegisteredSnapshots.head.next);
}

/* The snapshots' memory goes with TopTransactionContext. */
void
AtEOXact_Snapshot(bool isCommit, bool resetXmin)
{
	if (FirstXactSnapshot != NULL)
		dlist_delete(&FirstXactSnapshot->link);
	FirstXactSnapshot = NULL;
	CatalogSnapshot = NULL;
	if (isCommit)
	{
		if (!dlist_is_empty(&RegisteredSnapshots))
			elog(WARNING, "registered snapshots seem to remain after cleanup");
		if (ActiveSnapshot != NULL)
			elog(WARNING, "snapshot still active at end of transaction");
	}
	ActiveSnapshot = NULL;
	SuspendedSnapshot = NULL;
	dlist_init(&RegisteredSnapshots);
	CurrentSnapshot = NULL;
	FirstSnapshotSet = false;
	if (resetXmin)
		SnapshotResetXmin();
}

bool
XidInMVCCSnapshot(TransactionId xid, Snapshot snapshot)
{
	uint32 i;

	if (TransactionIdPrecedes(xid, snapshot->xmin))
		return false;
	if (TransactionIdFollowsOrEquals(xid, snapshot->xmax))
		return true;
	for (i = 0; i < snapshot->xcnt; i++)
		if (snapshot->xip[i] == xid)
			return true;
	return false;
}

Size
EstimateSnapshotSpace(Snapshot snapshot)
{
	Assert(IsMVCCSnapshot(snapshot));
	return sizeof(SerializedSnapshotData) +
	       snapshot->xcnt * sizeof(TransactionId);
}

void
SerializeSnapshot(Snapshot snapshot, char *start_address)
{
	SerializedSnapshotData s = {snapshot->xmin, snapshot->xmax, snapshot->xcnt,
	                            snapshot->curcid};

	INJECTION_POINT("snapshot-serialize");
	memcpy(start_address, &s, sizeof(s));
	if (s.xcnt > 0)
		memcpy(start_address + sizeof(s), snapshot->xip,
		       s.xcnt * sizeof(TransactionId));
}

Snapshot
RestoreSnapshot(char *start_address)
{
	SerializedSnapshotData s;
	SnapshotData snapshot = {SNAPSHOT_MVCC};

	INJECTION_POINT("snapshot-restore");
	memcpy(&s, start_address, sizeof(s));
	snapshot.xmin = s.xmin;
	snapshot.xmax = s.xmax;
	snapshot.xcnt = s.xcnt;
	snapshot.curcid = s.curcid;
	snapshot.xip = (TransactionId *) (start_address + sizeof(s));
	return CopySnapshot(&snapshot);
}

/*
 * What the leader calls the transaction's snapshot is this process's too.  Its
 * rows stay while the leader advertises its xmin, which we take over.
 */
void
RestoreTransactionSnapshot(Snapshot snapshot, void *source_pgproc)
{
	Assert(!FirstSnapshotSet);
	InvalidateCatalogSnapshot();
	CurrentSnapshot = GetSnapshotData(&CurrentSnapshotData);
	if (snapshot->xcnt > 0)
		memcpy(CurrentSnapshot->xip, snapshot->xip,
		       snapshot->xcnt * sizeof(TransactionId));
	CurrentSnapshot->xmin = snapshot->xmin;
	CurrentSnapshot->xmax = snapshot->xmax;
	CurrentSnapshot->xcnt = snapshot->xcnt;
	CurrentSnapshot->curcid = snapshot->curcid;
	INJECTION_POINT("snapshot-install-xmin");
	if (!ProcArrayInstallRestoredXmin(snapshot->xmin, source_pgproc))
		ereport(ERROR,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("could not import the requested snapshot"),
		         errdetail("The source transaction is not running anymore.")));
	if (IsolationUsesXactSnapshot())
	{
		CurrentSnapshot = CopySnapshot(CurrentSnapshot);
		FirstXactSnapshot = CurrentSnapshot;
		FirstXactSnapshot->regd_count++;
		dlist_push_tail(&RegisteredSnapshots, &FirstXactSnapshot->link);
	}
	FirstSnapshotSet = true;
}
