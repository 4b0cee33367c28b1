/*
 * varsup.c
 *		Handing out transaction ids and object ids; the status of transactions
 *		in the words of their users.
 *
 * 1.	An xid is in the process array (PGPROC and the dense mirror) before
 *		XidGenLock is released: no snapshot can take a running one for over,
 *		for its xmax, read later under ProcArrayLock, is latestCompletedXid + 1.
 * 2.	The page of the commit log exists before the xid is handed out.
 * 3.	Ids are compared modulo 2^32, so the oldest one in use must stay less
 *		than 2^31 behind the next.  autovacuum_freeze_max_age after it tables
 *		are vacuumed whatever the settings say; 40 millions before the end each
 *		new xid is a WARNING, 3 millions before it there is none to be had.
 *		Reading and VACUUM need none.
 *
 * Corresponds to PostgreSQL's varsup.c and transam.c.
 */
#include "postgres.h"

#include "access/clog.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlogutils.h"
#include "catalog/pg_control.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "postmaster/autovacuum.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"

/* OIDs that one record of the log allows to be handed out. */
#define VAR_OID_PREFETCH 8192

/* From the oldest xid: half of all, less 3 and 40 millions. */
#define XID_WRAP_DISTANCE (MaxTransactionId >> 1)
#define XID_STOP_MARGIN 3000000
#define XID_WARN_MARGIN 40000000
/* Past the point where tables must be vacuumed: the launcher is woken so often. */
#define XID_WAKE_EVERY 65536

/* Where what happens, as far as the words need it. */
typedef struct XidLimits
{
	TransactionId vacuum;
	TransactionId warn;
	TransactionId stop;
	TransactionId wrap;
	Oid oldestXidDB;
} XidLimits;

VariableCache ShmemVariableCache = NULL;

/* The last answer of the commit log; statuses never change once final. */
static TransactionId cachedFetchXid = InvalidTransactionId;
static XidStatus cachedFetchXidStatus;
static XLogRecPtr cachedCommitLSN;

Size
VarsupShmemSize(void)
{
	return sizeof(VariableCacheData);
}

void
VarsupShmemInit(void)
{
	bool found;

	ShmemVariableCache = (VariableCache) ShmemInitStruct(
		"TransamVariables", sizeof(VariableCacheData), &found);
	cachedFetchXid = InvalidTransactionId;
}

void
StartupTransactionCounters(void)
{
	TransactionId xid;

	ShmemVariableCache->nextXid.value = ControlFile->checkPointCopy.nextXid;
	ShmemVariableCache->nextOid =
		Max(ControlFile->checkPointCopy.nextOid, (Oid) FirstNormalObjectId);
	ShmemVariableCache->oidCount = 0;
	if (!TransactionIdIsNormal(
			XidFromFullTransactionId(ShmemVariableCache->nextXid)))
		ShmemVariableCache->nextXid =
			FullTransactionIdFromEpochAndXid(0, FirstNormalTransactionId);
	xid = XidFromFullTransactionId(ShmemVariableCache->nextXid);
	TransactionIdRetreat(xid);
	ShmemVariableCache->latestCompletedXid = FullTransactionIdFromEpochAndXid(
		EpochFromFullTransactionId(ShmemVariableCache->nextXid), xid);
	SetTransactionIdLimit(ControlFile->checkPointCopy.oldestXid,
	                      ControlFile->checkPointCopy.oldestXidDB);
}

void
CheckPointTransactionCounters(void)
{
	LWLockAcquire(XidGenLock, LW_SHARED);
	ControlFile->checkPointCopy.nextXid = ShmemVariableCache->nextXid.value;
	ControlFile->checkPointCopy.oldestXid = ShmemVariableCache->oldestXid;
	ControlFile->checkPointCopy.oldestXidDB = ShmemVariableCache->oldestXidDB;
	LWLockRelease(XidGenLock);
	LWLockAcquire(OidGenLock, LW_SHARED);
	/* those that a record already allowed need no other */
	ControlFile->checkPointCopy.nextOid =
		ShmemVariableCache->nextOid + ShmemVariableCache->oidCount;
	LWLockRelease(OidGenLock);
}

static void
AdvanceNextXid(void)
{
	ShmemVariableCache->nextXid.value++;
	if (!TransactionIdIsNormal(
			XidFromFullTransactionId(ShmemVariableCache->nextXid)))
		ShmemVariableCache->nextXid = FullTransactionIdFromEpochAndXid(
			EpochFromFullTransactionId(ShmemVariableCache->nextXid),
			FirstNormalTransactionId);
}

void
AdvanceNextFullTransactionIdPastXid(TransactionId xid)
{
	TransactionId next;
	uint32 epoch;

	Assert(InRecovery || !IsUnderPostmaster);
	if (!TransactionIdIsNormal(xid))
		return;
	/* nobody else changes it during recovery: reading needs no lock */
	next = XidFromFullTransactionId(ShmemVariableCache->nextXid);
	if (TransactionIdPrecedes(xid, next))
		return;
	epoch = EpochFromFullTransactionId(ShmemVariableCache->nextXid);
	if (xid < next)
		epoch++;
	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	ShmemVariableCache->nextXid = FullTransactionIdFromEpochAndXid(epoch, xid);
	AdvanceNextXid();
	LWLockRelease(XidGenLock);
}

static TransactionId
XidAfter(TransactionId xid, uint32 distance)
{
	xid += distance;
	if (xid < FirstNormalTransactionId)
		xid += FirstNormalTransactionId;
	return xid;
}

/* The database as its users call it, if that can be found out here. */
static const char *
NameForLimit(Oid datoid)
{
	char *name = IsTransactionState() ? get_database_name(datoid) : NULL;

	return name != NULL ? psprintf("\"%s\"", name)
	                    : psprintf("with OID %u", datoid);
}

static void
WarnOfLimit(TransactionId xid, const XidLimits *limits)
{
	ereport(WARNING,
	        (errmsg("database %s must be vacuumed within %u transactions",
	                NameForLimit(limits->oldestXidDB), limits->wrap - xid),
	         errhint("To avoid a database shutdown, execute a database-wide "
	                 "VACUUM in that database.\n"
	                 "You might also need to commit or roll back old prepared "
	                 "transactions, or drop stale replication slots.")));
}

void
SetTransactionIdLimit(TransactionId oldest_datfrozenxid, Oid oldest_datoid)
{
	XidLimits limits;
	TransactionId next;
	bool moved;

	if (!TransactionIdIsNormal(oldest_datfrozenxid))
		oldest_datfrozenxid = FirstNormalTransactionId;
	limits.wrap = XidAfter(oldest_datfrozenxid, XID_WRAP_DISTANCE);
	limits.stop = XidAfter(limits.wrap, -XID_STOP_MARGIN);
	limits.warn = XidAfter(limits.wrap, -XID_WARN_MARGIN);
	limits.oldestXidDB = oldest_datoid;

	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	moved = ShmemVariableCache->oldestXid != oldest_datfrozenxid;
	ShmemVariableCache->oldestXid = oldest_datfrozenxid;
	ShmemVariableCache->oldestXidDB = oldest_datoid;
	ShmemVariableCache->xidVacLimit =
		XidAfter(oldest_datfrozenxid, autovacuum_freeze_max_age);
	ShmemVariableCache->xidWarnLimit = limits.warn;
	ShmemVariableCache->xidStopLimit = limits.stop;
	ShmemVariableCache->xidWrapLimit = limits.wrap;
	limits.vacuum = ShmemVariableCache->xidVacLimit;
	next = XidFromFullTransactionId(ShmemVariableCache->nextXid);
	LWLockRelease(XidGenLock);

	ereport(DEBUG1,
	        (errmsg_internal("transaction ID wrap limit is %u, limited by "
	                         "database with OID %u",
	                         limits.wrap, oldest_datoid)));
	if (InRecovery || !IsUnderPostmaster)
		return;
	/* One round went far, but not far enough: the next, at once. */
	if (moved && TransactionIdFollowsOrEquals(next, limits.vacuum))
		AutoVacuumWakeLauncher();
	if (TransactionIdFollowsOrEquals(next, limits.warn))
		WarnOfLimit(next, &limits);
}

bool
ForceTransactionIdLimitUpdate(void)
{
	bool force;

	LWLockAcquire(XidGenLock, LW_SHARED);
	force = !TransactionIdIsValid(ShmemVariableCache->xidVacLimit) ||
	        TransactionIdFollowsOrEquals(
				XidFromFullTransactionId(ShmemVariableCache->nextXid),
				ShmemVariableCache->xidVacLimit);
	LWLockRelease(XidGenLock);
	return force;
}

/*
 * The next xid is old enough for xidVacLimit.  No lock is held: the words may
 * go to a client that does not read.
 */
static void
CheckXidLimits(TransactionId xid, const XidLimits *limits)
{
	if (!IsUnderPostmaster)
		return;
	if (xid % XID_WAKE_EVERY == 0)
		AutoVacuumWakeLauncher();
	INJECTION_POINT("xid-limit");
	if (TransactionIdFollowsOrEquals(xid, limits->stop))
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("database is not accepting commands to avoid "
		                "wraparound data loss in database %s",
		                NameForLimit(limits->oldestXidDB)),
		         errhint("Stop the postmaster and vacuum that database in "
		                 "single-user mode.\n"
		                 "You might also need to commit or roll back old "
		                 "prepared transactions, or drop stale replication "
		                 "slots.")));
	if (TransactionIdFollowsOrEquals(xid, limits->warn))
		WarnOfLimit(xid, limits);
}

FullTransactionId
GetNewTransactionId(bool isSubXact)
{
	FullTransactionId full_xid;
	TransactionId xid;

	Assert(!isSubXact);
	if (IsInParallelMode())
		elog(ERROR, "cannot assign TransactionIds during a parallel operation");

	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	full_xid = ShmemVariableCache->nextXid;
	xid = XidFromFullTransactionId(full_xid);
	if (TransactionIdIsValid(ShmemVariableCache->xidVacLimit) &&
	    TransactionIdFollowsOrEquals(xid, ShmemVariableCache->xidVacLimit))
	{
		XidLimits limits = {.vacuum = ShmemVariableCache->xidVacLimit,
		                    .warn = ShmemVariableCache->xidWarnLimit,
		                    .stop = ShmemVariableCache->xidStopLimit,
		                    .wrap = ShmemVariableCache->xidWrapLimit,
		                    .oldestXidDB = ShmemVariableCache->oldestXidDB};

		LWLockRelease(XidGenLock);
		CheckXidLimits(xid, &limits);
		LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
		full_xid = ShmemVariableCache->nextXid;
		xid = XidFromFullTransactionId(full_xid);
	}
	ExtendCLOG(xid);
	AdvanceNextXid();

	Assert(ProcGlobal->xids[MyProc->pgxactoff] == InvalidTransactionId);
	MyProc->xid = xid;
	ProcGlobal->xids[MyProc->pgxactoff] = xid;
	LWLockRelease(XidGenLock);
	return full_xid;
}

FullTransactionId
ReadNextFullTransactionId(void)
{
	FullTransactionId full_xid;

	LWLockAcquire(XidGenLock, LW_SHARED);
	full_xid = ShmemVariableCache->nextXid;
	LWLockRelease(XidGenLock);
	return full_xid;
}

Oid
GetNewObjectId(void)
{
	Oid result;

	LWLockAcquire(OidGenLock, LW_EXCLUSIVE);
	if (ShmemVariableCache->nextOid < FirstNormalObjectId)
	{
		ShmemVariableCache->nextOid = FirstNormalObjectId;
		ShmemVariableCache->oidCount = 0;
	}
	/* One that was handed out is not handed out again after a crash. */
	if (ShmemVariableCache->oidCount == 0)
	{
		XLogPutNextOid(ShmemVariableCache->nextOid + VAR_OID_PREFETCH);
		ShmemVariableCache->oidCount = VAR_OID_PREFETCH;
	}
	result = ShmemVariableCache->nextOid++;
	ShmemVariableCache->oidCount--;
	LWLockRelease(OidGenLock);
	return result;
}

static XidStatus
TransactionLogFetch(TransactionId xid)
{
	XidStatus status;
	XLogRecPtr lsn;

	if (xid == cachedFetchXid)
		return cachedFetchXidStatus;
	if (!TransactionIdIsNormal(xid))
		return TransactionIdIsValid(xid) ? TRANSACTION_STATUS_COMMITTED
		                                 : TRANSACTION_STATUS_ABORTED;
	status = TransactionIdGetStatus(xid, &lsn);
	if (status != TRANSACTION_STATUS_IN_PROGRESS)
	{
		cachedFetchXid = xid;
		cachedFetchXidStatus = status;
		cachedCommitLSN = lsn;
	}
	return status;
}

bool
TransactionIdDidCommit(TransactionId transactionId)
{
	return TransactionLogFetch(transactionId) == TRANSACTION_STATUS_COMMITTED;
}

bool
TransactionIdDidAbort(TransactionId transactionId)
{
	return TransactionLogFetch(transactionId) == TRANSACTION_STATUS_ABORTED;
}

void
TransactionIdCommit(TransactionId xid)
{
	TransactionIdSetStatus(xid, TRANSACTION_STATUS_COMMITTED,
	                       InvalidXLogRecPtr);
}

void
TransactionIdAsyncCommit(TransactionId xid, XLogRecPtr lsn)
{
	TransactionIdSetStatus(xid, TRANSACTION_STATUS_COMMITTED, lsn);
}

XLogRecPtr
TransactionIdGetCommitLSN(TransactionId xid)
{
	XLogRecPtr lsn;

	if (xid == cachedFetchXid)
		return cachedCommitLSN;
	if (!TransactionIdIsNormal(xid))
		return InvalidXLogRecPtr;
	(void) TransactionIdGetStatus(xid, &lsn);
	return lsn;
}

void
TransactionIdAbort(TransactionId xid)
{
	TransactionIdSetStatus(xid, TRANSACTION_STATUS_ABORTED, InvalidXLogRecPtr);
}
