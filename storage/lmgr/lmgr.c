/*
 * lmgr.c
 *		Heavyweight locks in the words of their users: relations, pages, tuples,
 *		transactions, objects.
 *
 * Taking a lock on a relation for the first time in a transaction also reads
 * the invalidation messages that were sent until then: whoever changed the
 * relation held a conflicting lock and sent them before it released that.
 *
 * Corresponds to PostgreSQL's lmgr.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/backend_progress.h"
#include "utils/inval.h"
#include "utils/rel.h"

static void SetLocktagRelationOid(LOCKTAG *tag, Oid relid);
static void AcceptIfNew(LockAcquireResult res, LOCALLOCK *locallock);

/* Fill in the relation's lock identity from its pg_class row. */
void
RelationInitLockInfo(Relation relation)
{
	relation->rd_lockInfo.lockRelId.relId = RelationGetRelid(relation);
	relation->rd_lockInfo.lockRelId.dbId =
		relation->rd_rel->relisshared ? InvalidOid : MyDatabaseId;
}

static void
SetLocktagRelationOid(LOCKTAG *tag, Oid relid)
{
	Oid dbid = IsSharedRelation(relid) ? InvalidOid : MyDatabaseId;

	SET_LOCKTAG_RELATION(*tag, dbid, relid);
}

/*
 * Read invalidation messages, unless that was done since the lock was taken
 * first.
 */
static void
AcceptIfNew(LockAcquireResult res, LOCALLOCK *locallock)
{
	if (res != LOCKACQUIRE_ALREADY_CLEAR)
	{
		AcceptInvalidationMessages();
		MarkLockClear(locallock);
	}
}

/* ---------------------------------------------------------------------------
 * Relations
 * ---------------------------------------------------------------------------
 */

void
LockRelationOid(Oid relid, LOCKMODE lockmode)
{
	LOCKTAG tag;
	LOCALLOCK *locallock;
	LockAcquireResult res;

	SetLocktagRelationOid(&tag, relid);
	res = LockAcquireExtended(&tag, lockmode, false, false, true, &locallock);
	AcceptIfNew(res, locallock);
}

bool
ConditionalLockRelationOid(Oid relid, LOCKMODE lockmode)
{
	LOCKTAG tag;
	LOCALLOCK *locallock;
	LockAcquireResult res;

	SetLocktagRelationOid(&tag, relid);
	res = LockAcquireExtended(&tag, lockmode, false, true, true, &locallock);
	if (res == LOCKACQUIRE_NOT_AVAIL)
		return false;
	AcceptIfNew(res, locallock);
	return true;
}

void
UnlockRelationId(LockRelId *relid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_RELATION(tag, relid->dbId, relid->relId);
	LockRelease(&tag, lockmode, false);
}

void
UnlockRelationOid(Oid relid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SetLocktagRelationOid(&tag, relid);
	LockRelease(&tag, lockmode, false);
}

#define SET_TAG_OF_RELATION(tag, relation)                            \
	SET_LOCKTAG_RELATION(tag, (relation)->rd_lockInfo.lockRelId.dbId, \
	                     (relation)->rd_lockInfo.lockRelId.relId)

void
LockRelation(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;
	LOCALLOCK *locallock;
	LockAcquireResult res;

	SET_TAG_OF_RELATION(tag, relation);
	res = LockAcquireExtended(&tag, lockmode, false, false, true, &locallock);
	AcceptIfNew(res, locallock);
}

bool
ConditionalLockRelation(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;
	LOCALLOCK *locallock;
	LockAcquireResult res;

	SET_TAG_OF_RELATION(tag, relation);
	res = LockAcquireExtended(&tag, lockmode, false, true, true, &locallock);
	if (res == LOCKACQUIRE_NOT_AVAIL)
		return false;
	AcceptIfNew(res, locallock);
	return true;
}

void
UnlockRelation(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_RELATION(tag, relation);
	LockRelease(&tag, lockmode, false);
}

bool
CheckRelationLockedByMe(Relation relation, LOCKMODE lockmode, bool orstronger)
{
	LOCKTAG tag;

	SET_TAG_OF_RELATION(tag, relation);
	return orstronger ? LockOrStrongerHeldByMe(&tag, lockmode)
	                  : LockHeldByMe(&tag, lockmode);
}

bool
CheckRelationOidLockedByMe(Oid relid, LOCKMODE lockmode, bool orstronger)
{
	LOCKTAG tag;

	SetLocktagRelationOid(&tag, relid);
	return orstronger ? LockOrStrongerHeldByMe(&tag, lockmode)
	                  : LockHeldByMe(&tag, lockmode);
}

bool
LockHasWaitersRelation(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_RELATION(tag, relation);
	return LockHasWaiters(&tag, lockmode, false);
}

void
LockRelationIdForSession(LockRelId *relid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_RELATION(tag, relid->dbId, relid->relId);
	(void) LockAcquire(&tag, lockmode, true, false);
}

void
UnlockRelationIdForSession(LockRelId *relid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_RELATION(tag, relid->dbId, relid->relId);
	LockRelease(&tag, lockmode, true);
}

/* ---------------------------------------------------------------------------
 * Extension, pages, tuples
 * ---------------------------------------------------------------------------
 */

#define SET_TAG_OF_EXTENSION(tag, relation)                                  \
	SET_LOCKTAG_RELATION_EXTEND(tag, (relation)->rd_lockInfo.lockRelId.dbId, \
	                            (relation)->rd_lockInfo.lockRelId.relId)
#define SET_TAG_OF_PAGE(tag, relation, blkno)                     \
	SET_LOCKTAG_PAGE(tag, (relation)->rd_lockInfo.lockRelId.dbId, \
	                 (relation)->rd_lockInfo.lockRelId.relId, blkno)
#define SET_TAG_OF_TUPLE(tag, relation, tid)                       \
	SET_LOCKTAG_TUPLE(tag, (relation)->rd_lockInfo.lockRelId.dbId, \
	                  (relation)->rd_lockInfo.lockRelId.relId,     \
	                  ItemPointerGetBlockNumber(tid),              \
	                  ItemPointerGetOffsetNumber(tid))

void
LockRelationForExtension(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_EXTENSION(tag, relation);
	(void) LockAcquire(&tag, lockmode, false, false);
}

bool
ConditionalLockRelationForExtension(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_EXTENSION(tag, relation);
	return LockAcquire(&tag, lockmode, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

/* How many want to extend it: the more, the more blocks are added at once. */
int
RelationExtensionLockWaiterCount(Relation relation)
{
	LOCKTAG tag;

	SET_TAG_OF_EXTENSION(tag, relation);
	return LockWaiterCount(&tag);
}

void
UnlockRelationForExtension(Relation relation, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_EXTENSION(tag, relation);
	LockRelease(&tag, lockmode, false);
}

void
LockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_PAGE(tag, relation, blkno);
	(void) LockAcquire(&tag, lockmode, false, false);
}

bool
ConditionalLockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_PAGE(tag, relation, blkno);
	return LockAcquire(&tag, lockmode, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

void
UnlockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_PAGE(tag, relation, blkno);
	LockRelease(&tag, lockmode, false);
}

void
LockTuple(Relation relation, ItemPointer tid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_TUPLE(tag, relation, tid);
	(void) LockAcquire(&tag, lockmode, false, false);
}

bool
ConditionalLockTuple(Relation relation, ItemPointer tid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_TUPLE(tag, relation, tid);
	return LockAcquire(&tag, lockmode, false, true) != LOCKACQUIRE_NOT_AVAIL;
}

void
UnlockTuple(Relation relation, ItemPointer tid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_TAG_OF_TUPLE(tag, relation, tid);
	LockRelease(&tag, lockmode, false);
}

/* Until the end of the transaction. */
void
LockDatabaseFrozenIds(LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_DATABASE_FROZEN_IDS(tag, MyDatabaseId);
	(void) LockAcquire(&tag, lockmode, false, false);
}

/* ---------------------------------------------------------------------------
 * Transactions
 * ---------------------------------------------------------------------------
 */

void
XactLockTableInsert(TransactionId xid)
{
	LOCKTAG tag;

	SET_LOCKTAG_TRANSACTION(tag, xid);
	(void) LockAcquire(&tag, ExclusiveLock, false, false);
}

void
XactLockTableDelete(TransactionId xid)
{
	LOCKTAG tag;

	SET_LOCKTAG_TRANSACTION(tag, xid);
	LockRelease(&tag, ExclusiveLock, false);
}

/* For the error context of a wait for a transaction. */
typedef struct XactLockTableWaitInfo
{
	XLTW_Oper oper;
	Relation rel;
	ItemPointer ctid;
} XactLockTableWaitInfo;

static void
XactLockTableWaitErrorCb(void *arg)
{
	static const char *const doing[] = {
		NULL,
		"while updating tuple (%u,%u) in relation \"%s\"",
		"while deleting tuple (%u,%u) in relation \"%s\"",
		"while locking tuple (%u,%u) in relation \"%s\"",
		"while locking updated version (%u,%u) of tuple in relation \"%s\"",
		"while inserting index tuple (%u,%u) in relation \"%s\"",
		"while checking uniqueness of tuple (%u,%u) in relation \"%s\"",
		"while rechecking updated tuple (%u,%u) in relation \"%s\"",
		"while checking exclusion constraint on tuple (%u,%u) in relation "
		"\"%s\"",
	};
	XactLockTableWaitInfo *info = (XactLockTableWaitInfo *) arg;

	if (info->oper != XLTW_None && ItemPointerIsValid(info->ctid) &&
	    RelationIsValid(info->rel))
		errcontext(doing[info->oper], ItemPointerGetBlockNumber(info->ctid),
		           ItemPointerGetOffsetNumber(info->ctid),
		           RelationGetRelationName(info->rel));
}

/*
 * Wait until a transaction has ended.
 */
void
XactLockTableWait(TransactionId xid, Relation rel, ItemPointer ctid,
                  XLTW_Oper oper)
{
	LOCKTAG tag;
	XactLockTableWaitInfo info;
	ErrorContextCallback callback;

	Assert(TransactionIdIsValid(xid));
	Assert(!TransactionIdEquals(xid, GetTopTransactionIdIfAny()));

	if (oper != XLTW_None)
	{
		info.oper = oper;
		info.rel = rel;
		info.ctid = ctid;
		callback.callback = XactLockTableWaitErrorCb;
		callback.arg = &info;
		callback.previous = error_context_stack;
		error_context_stack = &callback;
	}

	/*
	 * An xid is in the ProcArray a moment before its lock is held.  Then we get
	 * the lock at once: look again.
	 */
	SET_LOCKTAG_TRANSACTION(tag, xid);
	do
	{
		(void) LockAcquire(&tag, ShareLock, false, false);
		LockRelease(&tag, ShareLock, false);
		CHECK_FOR_INTERRUPTS();
	} while (TransactionIdIsInProgress(xid));

	if (oper != XLTW_None)
		error_context_stack = callback.previous;
}

bool
ConditionalXactLockTableWait(TransactionId xid)
{
	LOCKTAG tag;

	SET_LOCKTAG_TRANSACTION(tag, xid);
	if (LockAcquire(&tag, ShareLock, false, true) == LOCKACQUIRE_NOT_AVAIL)
		return false;
	LockRelease(&tag, ShareLock, false);
	return !TransactionIdIsInProgress(xid);
}

void
ReportCurrentLocker(VirtualTransactionId vxid)
{
	PGPROC *holder = GetPGProcByNumber(vxid.procNumber);

	/* a slot that has another process by now: only seen for a moment */
	pgstat_progress_update_param(PROGRESS_WAITFOR_CURRENT_PID, holder->pid);
}

void
WaitForLockersMultiple(List *locktags, LOCKMODE lockmode, bool progress)
{
	const int index[] = {PROGRESS_WAITFOR_TOTAL, PROGRESS_WAITFOR_DONE,
	                     PROGRESS_WAITFOR_CURRENT_PID};
	const int64 none[] = {0, 0, 0};
	List *holders = NIL;
	int64 total = 0;
	int64 done = 0;
	ListCell *lc;

	foreach (lc, locktags)
	{
		int count;

		holders = lappend(holders, GetLockConflicts(lfirst(lc), lockmode,
		                                            progress ? &count : NULL));
		if (progress)
			total += count;
	}
	if (progress)
		pgstat_progress_update_param(PROGRESS_WAITFOR_TOTAL, total);
	foreach (lc, holders)
	{
		VirtualTransactionId *vxids = lfirst(lc);

		for (int i = 0; VirtualTransactionIdIsValid(vxids[i]); i++)
		{
			if (progress)
				ReportCurrentLocker(vxids[i]);
			(void) VirtualXactLock(vxids[i], true);
			if (progress)
				pgstat_progress_update_param(PROGRESS_WAITFOR_DONE, ++done);
		}
	}
	if (progress)
		pgstat_progress_update_multi_param(lengthof(index), index, none);
	list_free_deep(holders);
}

void
WaitForLockers(LOCKTAG heaplocktag, LOCKMODE lockmode, bool progress)
{
	List *tags = list_make1(&heaplocktag);

	WaitForLockersMultiple(tags, lockmode, progress);
	list_free(tags);
}

/* ---------------------------------------------------------------------------
 * Other objects
 * ---------------------------------------------------------------------------
 */

void
LockDatabaseObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, classid, objid, objsubid);
	(void) LockAcquire(&tag, lockmode, false, false);
	AcceptInvalidationMessages();
}

void
UnlockDatabaseObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, classid, objid, objsubid);
	LockRelease(&tag, lockmode, false);
}

void
LockSharedObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, InvalidOid, classid, objid, objsubid);
	(void) LockAcquire(&tag, lockmode, false, false);
	AcceptInvalidationMessages();
}

void
UnlockSharedObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode)
{
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, InvalidOid, classid, objid, objsubid);
	LockRelease(&tag, lockmode, false);
}
