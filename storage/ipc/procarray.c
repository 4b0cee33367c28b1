/*
 * procarray.c
 *		Which transactions run now: snapshots, "is it in progress", horizons.
 *
 * The processes that may run transactions are listed densely; xids[] of
 * ProcGlobal mirrors their xids in the same order, so that a snapshot reads one
 * array.
 *
 * 1.	An xid is removed under exclusive ProcArrayLock together with the
 *		advance of latestCompletedXid: two snapshots agree on the order of
 *		commits.
 * 2.	The commit log says how a transaction ended before it leaves the array;
 *		so readers ask the array first, the log after.
 * 3.	xmin is set under shared ProcArrayLock by its owner (a horizon is
 *		computed with it shared too, but then takes any xid the snapshot can
 *		need).
 * 4.	Order: ProcArrayLock before XidGenLock.
 * 5.	What an MVCC snapshot sees changes only when a transaction with an xid
 *		ends: XactCompletions counts these, under the lock of rule 1.  While the
 *		count stands, a new snapshot would be the same; clients that search by
 *		themselves rely on that (doc/direct-search.md).  An xid that is handed out
 *		meanwhile is above every completed one, invisible to both.
 *
 * Corresponds to PostgreSQL's procarray.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/direct.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

typedef struct ProcArrayStruct
{
	int numProcs;                         /* [L:ProcArrayLock,XidGenLock] */
	int maxProcs;                         /* [C] */
	int pgprocnos[FLEXIBLE_ARRAY_MEMBER]; /* [L:ProcArrayLock,XidGenLock] */
} ProcArrayStruct;

static ProcArrayStruct *procArray = NULL;

static XactCompletions *xactCompletions = NULL;

/* The last xid found to be over. */
static TransactionId cachedXidIsNotInProgress = InvalidTransactionId;

Size
ProcArrayShmemSize(void)
{
	return add_size(offsetof(ProcArrayStruct, pgprocnos),
	                mul_size(sizeof(int), PROCARRAY_SLOTS));
}

Size
ProcArrayPublicShmemSize(void)
{
	return sizeof(XactCompletions);
}

void
CreateSharedProcArray(void)
{
	bool found;
	bool counted;

	procArray = (ProcArrayStruct *) ShmemInitStruct(
		"Proc Array", ProcArrayShmemSize(), &found);
	procArray->numProcs = 0;
	procArray->maxProcs = PROCARRAY_SLOTS;
	xactCompletions = (XactCompletions *) PublicShmemInitStruct(
		XACT_COMPLETIONS_NAME, ProcArrayPublicShmemSize(), &counted);
	if (!counted)
		pg_atomic_init_u64(&xactCompletions->count, 1);
	cachedXidIsNotInProgress = InvalidTransactionId;
}

void
ProcArrayAdd(PGPROC *proc)
{
	int index;

	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	if (procArray->numProcs >= procArray->maxProcs)
		ereport(FATAL, (errcode(ERRCODE_TOO_MANY_CONNECTIONS),
		                errmsg("sorry, too many clients already")));
	index = procArray->numProcs++;
	procArray->pgprocnos[index] = GetNumberFromPGProc(proc);
	proc->pgxactoff = index;
	ProcGlobal->xids[index] = proc->xid;
	ProcGlobal->statusFlags[index] = proc->statusFlags;
	LWLockRelease(XidGenLock);
	LWLockRelease(ProcArrayLock);
}

/*
 * Under the exclusive lock: its release comes before anybody is told of the
 * transaction's end, so who was told reads the new count.
 */
static void
AdvanceLatestCompleted(TransactionId latestXid)
{
	FullTransactionId cur = ShmemVariableCache->latestCompletedXid;

	if (TransactionIdPrecedes(XidFromFullTransactionId(cur), latestXid))
		ShmemVariableCache->latestCompletedXid.value =
			cur.value +
			(uint64) (int32) (latestXid - XidFromFullTransactionId(cur));
	pg_atomic_write_u64(&xactCompletions->count,
	                    pg_atomic_read_u64(&xactCompletions->count) + 1);
}

/* The last one takes the place that becomes free. */
void
ProcArrayRemove(PGPROC *proc, TransactionId latestXid)
{
	int index;
	int last;

	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	index = proc->pgxactoff;
	last = procArray->numProcs - 1;
	Assert(index >= 0 && index <= last);
	Assert(procArray->pgprocnos[index] == GetNumberFromPGProc(proc));
	if (TransactionIdIsValid(ProcGlobal->xids[index]))
		AdvanceLatestCompleted(ProcGlobal->xids[index]);
	if (TransactionIdIsValid(latestXid))
		AdvanceLatestCompleted(latestXid);
	if (index != last)
	{
		procArray->pgprocnos[index] = procArray->pgprocnos[last];
		ProcGlobal->xids[index] = ProcGlobal->xids[last];
		ProcGlobal->statusFlags[index] = ProcGlobal->statusFlags[last];
		GetPGProcByNumber(procArray->pgprocnos[index])->pgxactoff = index;
	}
	ProcGlobal->xids[last] = InvalidTransactionId;
	ProcGlobal->statusFlags[last] = 0;
	proc->xid = InvalidTransactionId;
	procArray->numProcs--;
	LWLockRelease(XidGenLock);
	LWLockRelease(ProcArrayLock);
}

void
ProcArrayEndTransaction(PGPROC *proc, TransactionId latestXid)
{
	INJECTION_POINT_NOTHROW("proc-array-end-transaction");
	if (TransactionIdIsValid(latestXid))
	{
		LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
		Assert(ProcGlobal->xids[proc->pgxactoff] == proc->xid);
		ProcGlobal->xids[proc->pgxactoff] = InvalidTransactionId;
		proc->xid = InvalidTransactionId;
		proc->xmin = InvalidTransactionId;
		proc->vxid.lxid = InvalidLocalTransactionId;
		proc->directShort = false;
		proc->delayChkptFlags = 0;
		proc->statusFlags &= ~PROC_VACUUM_STATE_MASK;
		ProcGlobal->statusFlags[proc->pgxactoff] = proc->statusFlags;
		AdvanceLatestCompleted(latestXid);
		LWLockRelease(ProcArrayLock);
		return;
	}
	Assert(!TransactionIdIsValid(proc->xid));
	/* in this order: who finds no short search, or no vxid, finds no xmin */
	proc->xmin = InvalidTransactionId;
	pg_write_barrier(); /* pairs with the one in GetShortDirectReaders */
	proc->vxid.lxid = InvalidLocalTransactionId;
	proc->directShort = false;
	proc->delayChkptFlags = 0;
	if (proc->statusFlags & PROC_VACUUM_STATE_MASK)
	{
		LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
		proc->statusFlags &= ~PROC_VACUUM_STATE_MASK;
		ProcGlobal->statusFlags[proc->pgxactoff] = proc->statusFlags;
		LWLockRelease(ProcArrayLock);
	}
}

/* snapshot->xip, made at the first call, has room for every process. */
Snapshot
GetSnapshotData(Snapshot snapshot)
{
	TransactionId xmin;
	TransactionId xmax;
	uint64 completions;
	uint32 count = 0;
	int i;

	if (snapshot->xip == NULL)
		snapshot->xip = (TransactionId *) MemoryContextAlloc(
			TopMemoryContext, procArray->maxProcs * sizeof(TransactionId));

	LWLockAcquire(ProcArrayLock, LW_SHARED);
	completions = pg_atomic_read_u64(&xactCompletions->count);
	xmax = XidFromFullTransactionId(ShmemVariableCache->latestCompletedXid);
	TransactionIdAdvance(xmax);
	xmin = xmax;
	if (TransactionIdIsValid(MyProc->xid) &&
	    TransactionIdPrecedes(MyProc->xid, xmin))
		xmin = MyProc->xid;
	for (i = 0; i < procArray->numProcs; i++)
	{
		TransactionId xid = *(volatile TransactionId *) &ProcGlobal->xids[i];

		if (likely(xid == InvalidTransactionId) || i == MyProc->pgxactoff ||
		    TransactionIdFollowsOrEquals(xid, xmax))
			continue;
		if (TransactionIdPrecedes(xid, xmin))
			xmin = xid;
		snapshot->xip[count++] = xid;
	}
	if (!TransactionIdIsValid(MyProc->xmin))
		MyProc->xmin = TransactionXmin = xmin;
	LWLockRelease(ProcArrayLock);

	snapshot->snapshot_type = SNAPSHOT_MVCC;
	snapshot->xmin = xmin;
	snapshot->xmax = xmax;
	snapshot->xcnt = count;
	snapshot->curcid = GetCurrentCommandId(false);
	snapshot->completions = completions;
	snapshot->copied = false;
	snapshot->active_count = 0;
	snapshot->regd_count = 0;
	return snapshot;
}

/* Takes over proc's protection of xmin; false if it is gone. */
bool
ProcArrayInstallRestoredXmin(TransactionId xmin, PGPROC *proc)
{
	bool result = false;

	Assert(TransactionIdIsNormal(xmin));
	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	if (proc->databaseId == MyProc->databaseId &&
	    TransactionIdIsNormal(proc->xmin) &&
	    TransactionIdPrecedesOrEquals(proc->xmin, xmin))
	{
		MyProc->xmin = TransactionXmin = xmin;
		MyProc->statusFlags = (MyProc->statusFlags & ~PROC_XMIN_FLAGS) |
		                      (proc->statusFlags & PROC_XMIN_FLAGS);
		ProcGlobal->statusFlags[MyProc->pgxactoff] = MyProc->statusFlags;
		result = true;
	}
	LWLockRelease(ProcArrayLock);
	return result;
}

bool
TransactionIdIsInProgress(TransactionId xid)
{
	bool found = false;
	int i;

	if (!TransactionIdIsNormal(xid) || xid == cachedXidIsNotInProgress)
		return false;
	if (TransactionIdIsCurrentTransactionId(xid))
		return true;
	LWLockAcquire(ProcArrayLock, LW_SHARED);
	if (TransactionIdPrecedes(
			XidFromFullTransactionId(ShmemVariableCache->latestCompletedXid),
			xid))
		found = true;
	for (i = 0; !found && i < procArray->numProcs; i++)
		found = *(volatile TransactionId *) &ProcGlobal->xids[i] == xid;
	LWLockRelease(ProcArrayLock);
	if (!found)
		cachedXidIsNotInProgress = xid;
	return found;
}

static TransactionId
OldestXid(bool with_xmin)
{
	TransactionId oldest;
	int i;

	LWLockAcquire(ProcArrayLock, LW_SHARED);
	oldest = XidFromFullTransactionId(ShmemVariableCache->latestCompletedXid);
	TransactionIdAdvance(oldest);
	for (i = 0; i < procArray->numProcs; i++)
	{
		PGPROC *proc = GetPGProcByNumber(procArray->pgprocnos[i]);
		TransactionId xid = *(volatile TransactionId *) &ProcGlobal->xids[i];
		TransactionId xmin = *(volatile TransactionId *) &proc->xmin;

		if (TransactionIdIsNormal(xid) && TransactionIdPrecedes(xid, oldest))
			oldest = xid;
		if (with_xmin && !(proc->statusFlags & PROC_IN_VACUUM) &&
		    TransactionIdIsNormal(xmin) && TransactionIdPrecedes(xmin, oldest))
			oldest = xmin;
	}
	LWLockRelease(ProcArrayLock);
	return oldest;
}

PGPROC *
ProcNumberGetProc(ProcNumber procNumber)
{
	PGPROC *proc;

	if (procNumber < 0 || procNumber >= (ProcNumber) ProcGlobal->allProcCount)
		return NULL;
	proc = GetPGProcByNumber(procNumber);
	return *(volatile int *) &proc->pid != 0 ? proc : NULL;
}

TransactionId
GetOldestNonRemovableTransactionId(Relation rel)
{
	/*
	 * Of a temporary table of this session nobody else sees a row: what other
	 * transactions deleted are deeds of this session, and over.
	 */
	if (rel != NULL && rel->rd_islocaltemp)
	{
		TransactionId xid = GetTopTransactionIdIfAny();

		if (!TransactionIdIsValid(xid))
			xid = XidFromFullTransactionId(ReadNextFullTransactionId());
		return xid;
	}
	return OldestXid(true);
}

TransactionId
GetOldestActiveTransactionId(void)
{
	return OldestXid(false);
}

/* No xid is handed out meanwhile: nextXid and the list are of one moment. */
RunningTransactionsData *
GetRunningTransactionData(void)
{
	RunningTransactionsData *running = palloc0_object(RunningTransactionsData);

	running->xids = palloc(sizeof(TransactionId) * PROCARRAY_SLOTS);
	LWLockAcquire(ProcArrayLock, LW_SHARED);
	LWLockAcquire(XidGenLock, LW_SHARED);
	running->nextXid = XidFromFullTransactionId(ShmemVariableCache->nextXid);
	running->oldestRunningXid = running->nextXid;
	running->latestCompletedXid =
		XidFromFullTransactionId(ShmemVariableCache->latestCompletedXid);
	for (int i = 0; i < procArray->numProcs; i++)
	{
		TransactionId xid = ProcGlobal->xids[i];

		if (!TransactionIdIsValid(xid))
			continue;
		running->xids[running->xcnt++] = xid;
		if (TransactionIdPrecedes(xid, running->oldestRunningXid))
			running->oldestRunningXid = xid;
	}
	LWLockRelease(XidGenLock);
	LWLockRelease(ProcArrayLock);
	return running;
}

/*
 * Each session writes its role before it looks at those of the others, under a
 * lock: of two that come at once one at least counts both.
 */
int
CountUserBackends(Oid roleid)
{
	int count = 0;

	LWLockAcquire(ProcArrayLock, LW_SHARED);
	for (int i = 0; i < procArray->numProcs; i++)
	{
		PGPROC *proc = GetPGProcByNumber(procArray->pgprocnos[i]);

		if (proc->pid != 0 && !proc->isBackgroundWorker &&
		    proc->roleId == roleid)
			count++;
	}
	LWLockRelease(ProcArrayLock);
	return count;
}

VirtualTransactionId *
GetCurrentVirtualXIDs(TransactionId limitXmin, bool excludeXmin0, bool allDbs,
                      int excludeVacuum, int *nvxids)
{
	VirtualTransactionId *vxids =
		palloc(sizeof(VirtualTransactionId) * PROCARRAY_SLOTS);
	int n = 0;

	LWLockAcquire(ProcArrayLock, LW_SHARED);
	for (int i = 0; i < procArray->numProcs; i++)
	{
		PGPROC *proc = GetPGProcByNumber(procArray->pgprocnos[i]);
		TransactionId xmin = *(volatile TransactionId *) &proc->xmin;
		VirtualTransactionId vxid;

		if (proc == MyProc || (proc->statusFlags & excludeVacuum) ||
		    (!allDbs && proc->databaseId != MyDatabaseId) ||
		    (excludeXmin0 && !TransactionIdIsValid(xmin)))
			continue;
		if (TransactionIdIsValid(limitXmin) && TransactionIdIsValid(xmin) &&
		    TransactionIdPrecedes(limitXmin, xmin))
			continue;
		GET_VXID_FROM_PGPROC(vxid, *proc);
		if (VirtualTransactionIdIsValid(vxid))
			vxids[n++] = vxid;
	}
	LWLockRelease(ProcArrayLock);
	*nvxids = n;
	return vxids;
}

/*
 * The flag is read after the vxid: if that transaction is over when it is read,
 * nobody waits for the next one, whose search may not have begun.
 */
VirtualTransactionId *
GetShortDirectReaders(int *nvxids)
{
	VirtualTransactionId *vxids =
		palloc(sizeof(VirtualTransactionId) * PROCARRAY_SLOTS);
	int n = 0;

	LWLockAcquire(ProcArrayLock, LW_SHARED);
	for (int i = 0; i < procArray->numProcs; i++)
	{
		PGPROC *proc = GetPGProcByNumber(procArray->pgprocnos[i]);
		VirtualTransactionId vxid;

		GET_VXID_FROM_PGPROC(vxid, *(volatile PGPROC *) proc);
		pg_read_barrier(); /* pairs with those in StartSearch (tcop) and in
		                    * ProcArrayEndTransaction */
		if (proc != MyProc && VirtualTransactionIdIsValid(vxid) &&
		    *(volatile bool *) &proc->directShort)
			vxids[n++] = vxid;
	}
	LWLockRelease(ProcArrayLock);
	*nvxids = n;
	return vxids;
}
