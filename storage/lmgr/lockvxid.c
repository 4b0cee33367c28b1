/*
 * lockvxid.c
 *		The lock that each transaction holds on its virtual xid.
 *
 * Nearly nobody ever waits for it, so it stays in the PGPROC (fpVXIDLock, under
 * fpInfoLock) and costs no shared table.  Who wants to wait moves it into the
 * main table first; its owner finds it gone from the PGPROC at the end of the
 * transaction and releases it there.
 *
 * Some wait only as long as the transaction has an old snapshot
 * (VirtualXactLockWhile).  A process that has none and is about to sleep for
 * another lock, maybe one of theirs, hands its own over: it releases it, so that
 * all who wait for it look again, and has it in its PGPROC as before.  PostgreSQL
 * does not: there two concurrent builds on a table may end in a deadlock.
 *
 * Corresponds to a part of PostgreSQL's lock.c.
 */
#include "postgres.h"

#include "lock_internal.h"
#include "miscadmin.h"
#include "utils/injection_point.h"

/* Release a lock that has no LOCALLOCK. */
static void
LockRefindAndRelease(PGPROC *proc, LOCKTAG *locktag, LOCKMODE lockmode)
{
	uint32 hashcode = LockTagHashCode(locktag);
	LWLock *partitionLock = LockHashPartitionLock(hashcode);
	LockMethod methodTable = GetLockTagsMethodTable(locktag);
	LOCK *lock;
	PROCLOCK *proclock;
	PROCLOCKTAG proclocktag;
	bool wakeupNeeded;

	LWLockAcquire(partitionLock, LW_EXCLUSIVE);
	lock = (LOCK *) hash_search_with_hash_value(LockMethodLockHash, locktag,
	                                            hashcode, HASH_FIND, NULL);
	if (lock == NULL)
		elog(PANIC, "failed to re-find shared lock object");
	proclocktag.myLock = lock;
	proclocktag.myProc = proc;
	proclock = (PROCLOCK *) hash_search_with_hash_value(
		LockMethodProcLockHash, &proclocktag,
		ProcLockHashCode(&proclocktag, hashcode), HASH_FIND, NULL);
	if (proclock == NULL || !(proclock->holdMask & LOCKBIT_ON(lockmode)))
		elog(PANIC, "failed to re-find shared proclock object");

	wakeupNeeded = UnGrantLock(lock, lockmode, proclock, methodTable);
	CleanUpLock(lock, proclock, methodTable, hashcode, wakeupNeeded);
	LWLockRelease(partitionLock);
}

/*
 * At the start of a transaction: it holds ExclusiveLock on its virtual xid.
 */
void
VirtualXactLockTableInsert(VirtualTransactionId vxid)
{
	Assert(VirtualTransactionIdIsValid(vxid));

	LWLockAcquire(&MyProc->fpInfoLock, LW_EXCLUSIVE);
	Assert(MyProc->fpVXIDLock == false);
	MyProc->fpVXIDLock = true;
	MyProc->fpLocalTransactionId = vxid.localTransactionId;
	LWLockRelease(&MyProc->fpInfoLock);
}

/*
 * At its end; from the main table if somebody moved it there to wait for it.
 */
void
VirtualXactLockTableCleanup(void)
{
	bool fastpath;
	LocalTransactionId lxid;

	LWLockAcquire(&MyProc->fpInfoLock, LW_EXCLUSIVE);
	fastpath = MyProc->fpVXIDLock;
	lxid = MyProc->fpLocalTransactionId;
	MyProc->fpVXIDLock = false;
	MyProc->fpLocalTransactionId = InvalidLocalTransactionId;
	LWLockRelease(&MyProc->fpInfoLock);

	if (!fastpath && LocalTransactionIdIsValid(lxid))
	{
		VirtualTransactionId vxid;
		LOCKTAG locktag;

		vxid.procNumber = MyProcNumber;
		vxid.localTransactionId = lxid;
		SET_LOCKTAG_VIRTUALTRANSACTION(locktag, vxid);
		LockRefindAndRelease(MyProc, &locktag, ExclusiveLock);
	}
}

/*
 * Its lock goes into the main table, where one can wait for it.  Not if it has
 * ended: false.
 */
static bool
MoveVirtualXactLock(VirtualTransactionId vxid, LOCKTAG *tag)
{
	PGPROC *proc = GetPGProcByNumber(vxid.procNumber);

	INJECTION_POINT("virtual-xact-move-lock");
	LWLockAcquire(&proc->fpInfoLock, LW_EXCLUSIVE);
	if (proc->pid == 0 || proc->fpLocalTransactionId != vxid.localTransactionId)
	{
		LWLockRelease(&proc->fpInfoLock);
		return false;
	}
	if (proc->fpVXIDLock)
	{
		uint32 hashcode = LockTagHashCode(tag);
		LWLock *partitionLock = LockHashPartitionLock(hashcode);
		PROCLOCK *proclock;

		LWLockAcquire(partitionLock, LW_EXCLUSIVE);
		proclock = SetupLockInTable(proc, tag, hashcode, ExclusiveLock);
		if (proclock == NULL)
		{
			LWLockRelease(partitionLock);
			LWLockRelease(&proc->fpInfoLock);
			ereport(
				ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of shared memory"),
			     errhint(
					 "You might need to increase max_locks_per_transaction.")));
		}
		GrantLock(proclock->tag.myLock, proclock, ExclusiveLock);
		LWLockRelease(partitionLock);
		proc->fpVXIDLock = false;
	}
	LWLockRelease(&proc->fpInfoLock);
	return true;
}

/*
 * Wait until a virtual transaction has ended (true); without wait: has it?
 */
bool
VirtualXactLock(VirtualTransactionId vxid, bool wait)
{
	if (!wait)
	{
		PGPROC *proc = GetPGProcByNumber(vxid.procNumber);
		bool ended;

		Assert(VirtualTransactionIdIsValid(vxid));
		LWLockAcquire(&proc->fpInfoLock, LW_EXCLUSIVE);
		ended = proc->pid == 0 ||
		        proc->fpLocalTransactionId != vxid.localTransactionId;
		LWLockRelease(&proc->fpInfoLock);
		return ended;
	}
	VirtualXactLockWhile(vxid, NULL, NULL);
	return true;
}

/*
 * The condition is asked once the lock can be waited for: from then on its owner
 * hands it over, if the condition may have become false, before it sleeps.
 */
void
VirtualXactLockWhile(VirtualTransactionId vxid, VirtualXactCondition condition,
                     void *arg)
{
	LOCKTAG tag;

	Assert(VirtualTransactionIdIsValid(vxid));
	SET_LOCKTAG_VIRTUALTRANSACTION(tag, vxid);
	while (MoveVirtualXactLock(vxid, &tag) &&
	       (condition == NULL || condition(vxid, arg)))
	{
		INJECTION_POINT("virtual-xact-wait");
		(void) LockAcquire(&tag, ShareLock, false, false);
		LockRelease(&tag, ShareLock, false);
	}
}

void
VirtualXactLockHandOver(void)
{
	VirtualTransactionId vxid;
	LOCKTAG tag;

	LWLockAcquire(&MyProc->fpInfoLock, LW_EXCLUSIVE);
	vxid.procNumber = MyProcNumber;
	vxid.localTransactionId = MyProc->fpLocalTransactionId;
	if (!MyProc->fpVXIDLock &&
	    LocalTransactionIdIsValid(vxid.localTransactionId))
	{
		SET_LOCKTAG_VIRTUALTRANSACTION(tag, vxid);
		LockRefindAndRelease(MyProc, &tag, ExclusiveLock);
		MyProc->fpVXIDLock = true;
	}
	LWLockRelease(&MyProc->fpInfoLock);
}
