/*
 * lmgr.h
 *		Heavyweight locks on relations, pages, transactions and other SQL
 *		objects, in the words of their users; lock.h is the mechanism.
 *
 * All may wait (interruptibly, with deadlock detection and lock_timeout) unless
 * the name says Conditional; all are released at the end of the transaction at
 * the latest, but for the session locks.
 */
#ifndef LMGR_H
#define LMGR_H

#include "nodes/pg_list.h"
#include "storage/block.h"
#include "storage/itemptr.h"
#include "storage/lock.h"
#include "utils/rel.h"

/* Why a transaction waits for another one: shown in error contexts. */
typedef enum XLTW_Oper
{
	XLTW_None,
	XLTW_Update,
	XLTW_Delete,
	XLTW_Lock,
	XLTW_LockUpdated,
	XLTW_InsertIndex,
	XLTW_InsertIndexUnique,
	XLTW_FetchUpdated,
	XLTW_RecheckExclusionConstr
} XLTW_Oper;

extern void RelationInitLockInfo(Relation relation);

/* Relations by OID; the first acquisition processes invalidation messages. */
extern void LockRelationOid(Oid relid, LOCKMODE lockmode);
extern bool ConditionalLockRelationOid(Oid relid, LOCKMODE lockmode);
extern void UnlockRelationId(LockRelId *relid, LOCKMODE lockmode);
extern void UnlockRelationOid(Oid relid, LOCKMODE lockmode);

extern void LockRelation(Relation relation, LOCKMODE lockmode);
extern bool ConditionalLockRelation(Relation relation, LOCKMODE lockmode);
extern void UnlockRelation(Relation relation, LOCKMODE lockmode);
extern bool
CheckRelationLockedByMe(Relation relation, LOCKMODE lockmode, bool orstronger);
extern bool
CheckRelationOidLockedByMe(Oid relid, LOCKMODE lockmode, bool orstronger);
extern bool LockHasWaitersRelation(Relation relation, LOCKMODE lockmode);

/* Locks that outlive the transaction. */
extern void LockRelationIdForSession(LockRelId *relid, LOCKMODE lockmode);
extern void UnlockRelationIdForSession(LockRelId *relid, LOCKMODE lockmode);

/*
 * The right to add blocks.  Conflicts inside a lock group too; no other
 * heavyweight lock may be requested while it is held.
 */
extern void LockRelationForExtension(Relation relation, LOCKMODE lockmode);
extern void UnlockRelationForExtension(Relation relation, LOCKMODE lockmode);
extern bool
ConditionalLockRelationForExtension(Relation relation, LOCKMODE lockmode);
extern int RelationExtensionLockWaiterCount(Relation relation);

/*
 * Pages (the index AMs' own protocols).  Conflicts inside a lock group too;
 * while one is held only an extension lock may be requested.
 */
extern void LockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode);
extern bool
ConditionalLockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode);
extern void UnlockPage(Relation relation, BlockNumber blkno, LOCKMODE lockmode);

extern void LockTuple(Relation relation, ItemPointer tid, LOCKMODE lockmode);
extern bool
ConditionalLockTuple(Relation relation, ItemPointer tid, LOCKMODE lockmode);
extern void UnlockTuple(Relation relation, ItemPointer tid, LOCKMODE lockmode);

/* Each transaction with an xid holds ExclusiveLock on it until its end. */
/* Who moves pg_database.datfrozenxid, from reading pg_class on. */
extern void LockDatabaseFrozenIds(LOCKMODE lockmode);
extern void XactLockTableInsert(TransactionId xid);
extern void XactLockTableDelete(TransactionId xid);
extern void XactLockTableWait(TransactionId xid, Relation rel, ItemPointer ctid,
                              XLTW_Oper oper);
extern bool ConditionalXactLockTableWait(TransactionId xid);

/*
 * Wait until every transaction that holds a conflicting lock at the call has
 * ended; those of all tags (of LOCKTAG *) are found before the first wait.
 * progress: lockers_total, lockers_done and current_locker_pid are reported.
 */
extern void
WaitForLockers(LOCKTAG heaplocktag, LOCKMODE lockmode, bool progress);
extern void
WaitForLockersMultiple(List *locktags, LOCKMODE lockmode, bool progress);
/* The pid of who runs the transaction as locker that is waited for now. */
extern void ReportCurrentLocker(VirtualTransactionId vxid);

extern void
LockDatabaseObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode);
extern void UnlockDatabaseObject(Oid classid, Oid objid, uint16 objsubid,
                                 LOCKMODE lockmode);
extern void
LockSharedObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode);
extern void
UnlockSharedObject(Oid classid, Oid objid, uint16 objsubid, LOCKMODE lockmode);

#endif /* LMGR_H */
