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
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/shmem.h"

VariableCache ShmemVariableCache = NULL;

/* The last answer of the commit log; statuses never change once final. */
static TransactionId cachedFetchXid = InvalidTransactionId;
static XidStatus cachedFetchXidStatus;

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
}

void
CheckPointTransactionCounters(void)
{
	LWLockAcquire(XidGenLock, LW_SHARED);
	ControlFile->checkPointCopy.nextXid = ShmemVariableCache->nextXid.value;
	LWLockRelease(XidGenLock);
	LWLockAcquire(OidGenLock, LW_SHARED);
	ControlFile->checkPointCopy.nextOid = ShmemVariableCache->nextOid;
	LWLockRelease(OidGenLock);
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
	ExtendCLOG(xid);

	ShmemVariableCache->nextXid.value++;
	if (!TransactionIdIsNormal(
			XidFromFullTransactionId(ShmemVariableCache->nextXid)))
		ShmemVariableCache->nextXid = FullTransactionIdFromEpochAndXid(
			EpochFromFullTransactionId(ShmemVariableCache->nextXid),
			FirstNormalTransactionId);

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
		ShmemVariableCache->nextOid = FirstNormalObjectId;
	result = ShmemVariableCache->nextOid++;
	LWLockRelease(OidGenLock);
	return result;
}

static XidStatus
TransactionLogFetch(TransactionId xid)
{
	XidStatus status;

	if (xid == cachedFetchXid)
		return cachedFetchXidStatus;
	if (!TransactionIdIsNormal(xid))
		return TransactionIdIsValid(xid) ? TRANSACTION_STATUS_COMMITTED
		                                 : TRANSACTION_STATUS_ABORTED;
	status = TransactionIdGetStatus(xid);
	if (status != TRANSACTION_STATUS_IN_PROGRESS)
	{
		cachedFetchXid = xid;
		cachedFetchXidStatus = status;
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
	TransactionIdSetStatus(xid, TRANSACTION_STATUS_COMMITTED);
}

void
TransactionIdAbort(TransactionId xid)
{
	TransactionIdSetStatus(xid, TRANSACTION_STATUS_ABORTED);
}
