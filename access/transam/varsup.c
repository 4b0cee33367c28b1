/*
 * varsup.c
 *		Handing out transaction ids and object ids; the status of transactions
 *		in the words of their users.
 *
 * 1.	An xid is in the process array (PGPROC and the dense mirror) before
 *		XidGenLock is released: no snapshot can take a running one for over,
 *		for its xmax, read later under ProcArrayLock, is latestCompletedXid + 1.
 * 2.	The page of the commit log exists before the xid is handed out.
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
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/shmem.h"

/* OIDs that one record of the log allows to be handed out. */
#define VAR_OID_PREFETCH 8192

/* From the oldest xid: half of all, less 3 and 40 millions. */
#define XID_WRAP_DISTANCE (MaxTransactionId >> 1)
#define XID_STOP_MARGIN 3000000
#define XID_WARN_MARGIN 40000000
#define XID_VACUUM_AGE 200000000

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
	ShmemVariableCache->xactCompletionCount = 1;
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

void
SetTransactionIdLimit(TransactionId oldest_datfrozenxid, Oid oldest_datoid)
{
	TransactionId wrap;

	if (!TransactionIdIsNormal(oldest_datfrozenxid))
		oldest_datfrozenxid = FirstNormalTransactionId;
	wrap = XidAfter(oldest_datfrozenxid, XID_WRAP_DISTANCE);
	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	ShmemVariableCache->oldestXid = oldest_datfrozenxid;
	ShmemVariableCache->oldestXidDB = oldest_datoid;
	ShmemVariableCache->xidWrapLimit = wrap;
	ShmemVariableCache->xidStopLimit = XidAfter(wrap, -XID_STOP_MARGIN);
	ShmemVariableCache->xidWarnLimit = XidAfter(wrap, -XID_WARN_MARGIN);
	ShmemVariableCache->xidVacLimit =
		XidAfter(oldest_datfrozenxid, XID_VACUUM_AGE);
	LWLockRelease(XidGenLock);
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

/* XidGenLock held, and released before an error. */
static void
CheckXidLimits(TransactionId xid)
{
	TransactionId wrap = ShmemVariableCache->xidWrapLimit;

	if (!IsUnderPostmaster || !TransactionIdIsValid(wrap) ||
	    TransactionIdPrecedes(xid, ShmemVariableCache->xidWarnLimit))
		return;
	if (TransactionIdFollowsOrEquals(xid, ShmemVariableCache->xidStopLimit))
	{
		LWLockRelease(XidGenLock);
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("database is not accepting commands to avoid "
		                "wraparound data loss in database \"%s\"",
		                "postgres"),
		         errhint("Stop the postmaster and vacuum that database in "
		                 "single-user mode.")));
	}
	ereport(WARNING,
	        (errmsg("database \"%s\" must be vacuumed within %u transactions",
	                "postgres", wrap - xid),
	         errhint("To avoid a database shutdown, execute a database-wide "
	                 "VACUUM in that database.")));
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
	CheckXidLimits(xid);
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
