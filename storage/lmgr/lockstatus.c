/*
 * lockstatus.c
 *		Questions to the heavyweight lock manager: what is held, by whom, and
 *		who waits.
 *
 * The answer is of the moment of asking; what this process holds itself stays.
 *
 * Corresponds to a part of PostgreSQL's lock.c.
 */
#include "postgres.h"

#include "lock_internal.h"
#include "miscadmin.h"
#include "utils/memutils.h"

bool
LockHeldByMe(const LOCKTAG *locktag, LOCKMODE lockmode)
{
	LOCALLOCKTAG localtag;
	LOCALLOCK *locallock;

	memset(&localtag, 0, sizeof(localtag));
	localtag.lock = *locktag;
	localtag.mode = lockmode;
	locallock = (LOCALLOCK *) hash_search(LockMethodLocalHash, &localtag,
	                                      HASH_FIND, NULL);
	return locallock != NULL && locallock->nLocks > 0;
}

bool
LockOrStrongerHeldByMe(const LOCKTAG *locktag, LOCKMODE lockmode)
{
	LOCKMODE mode;

	for (mode = lockmode; mode <= MaxLockMode; mode++)
	{
		if (LockHeldByMe(locktag, mode))
			return true;
	}
	return false;
}

/* Does anybody wait for a mode that conflicts with this one, which we hold? */
bool
LockHasWaiters(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock)
{
	LOCALLOCKTAG localtag;
	LOCALLOCK *locallock;
	LWLock *partitionLock;
	LOCKMASK conflictMask;
	bool hasWaiters;

	memset(&localtag, 0, sizeof(localtag));
	localtag.lock = *locktag;
	localtag.mode = lockmode;
	locallock = (LOCALLOCK *) hash_search(LockMethodLocalHash, &localtag,
	                                      HASH_FIND, NULL);
	if (locallock == NULL || locallock->nLocks <= 0)
	{
		elog(WARNING, "you don't own a lock of type %s",
		     GetLockmodeName(locktag->locktag_lockmethodid, lockmode));
		return false;
	}
	partitionLock = LockHashPartitionLock(locallock->hashcode);
	LWLockAcquire(partitionLock, LW_SHARED);
	conflictMask = GetLockTagsMethodTable(locktag)->conflictTab[lockmode];
	hasWaiters = (conflictMask & locallock->lock->waitMask) != 0;
	LWLockRelease(partitionLock);
	return hasWaiters;
}

/* Requests of a lock, granted or waiting. */
int
LockWaiterCount(const LOCKTAG *locktag)
{
	uint32 hashcode = LockTagHashCode(locktag);
	LWLock *partitionLock = LockHashPartitionLock(hashcode);
	LOCK *lock;
	int waiters = 0;

	LWLockAcquire(partitionLock, LW_SHARED);
	lock = (LOCK *) hash_search_with_hash_value(LockMethodLockHash, locktag,
	                                            hashcode, HASH_FIND, NULL);
	if (lock != NULL)
		waiters = lock->nRequested;
	LWLockRelease(partitionLock);
	return waiters;
}

/*
 * The virtual transactions that hold a mode conflicting with this one, but for
 * our own.  An array in the current context, ended by an invalid entry.
 */
VirtualTransactionId *
GetLockConflicts(const LOCKTAG *locktag, LOCKMODE lockmode, int *countp)
{
	uint32 hashcode = LockTagHashCode(locktag);
	LWLock *partitionLock = LockHashPartitionLock(hashcode);
	LOCKMASK conflictMask =
		GetLockTagsMethodTable(locktag)->conflictTab[lockmode];
	VirtualTransactionId *vxids;
	LOCK *lock;
	int count = 0;

	vxids = (VirtualTransactionId *) palloc0(sizeof(VirtualTransactionId) *
	                                         (PROCARRAY_SLOTS + 1));

	LWLockAcquire(partitionLock, LW_SHARED);
	lock = (LOCK *) hash_search_with_hash_value(LockMethodLockHash, locktag,
	                                            hashcode, HASH_FIND, NULL);
	if (lock != NULL)
	{
		dlist_iter iter;

		dlist_foreach (iter, &lock->procLocks)
		{
			PROCLOCK *proclock = dlist_container(PROCLOCK, lockLink, iter.cur);
			PGPROC *proc = proclock->tag.myProc;
			VirtualTransactionId vxid;

			if (proc == MyProc || (proclock->holdMask & conflictMask) == 0)
				continue;
			GET_VXID_FROM_PGPROC(vxid, *proc);
			if (VirtualTransactionIdIsValid(vxid))
				vxids[count++] = vxid;
		}
	}
	LWLockRelease(partitionLock);

	SetInvalidVirtualTransactionId(vxids[count]);
	if (countp)
		*countp = count;
	return vxids;
}

/*
 * A picture of the table for pg_locks: all partitions at one moment.
 */
LockData *
GetLockStatusData(void)
{
	LockData *data = (LockData *) palloc(sizeof(LockData));
	HASH_SEQ_STATUS seqstat;
	PROCLOCK *proclock;
	int els = 0;
	int el = 0;
	int i;

	for (i = 0; i < NUM_LOCK_PARTITIONS; i++)
		LWLockAcquire(LockHashPartitionLockByIndex(i), LW_SHARED);

	els = (int) hash_get_num_entries(LockMethodProcLockHash) +
	      (int) ProcGlobal->allProcCount;
	data->locks = (LockInstanceData *) palloc0(sizeof(LockInstanceData) * els);

	hash_seq_init(&seqstat, LockMethodProcLockHash);
	while ((proclock = (PROCLOCK *) hash_seq_search(&seqstat)) != NULL)
	{
		PGPROC *proc = proclock->tag.myProc;
		LOCK *lock = proclock->tag.myLock;
		LockInstanceData *instance = &data->locks[el++];

		instance->locktag = lock->tag;
		instance->holdMask = proclock->holdMask;
		instance->waitLockMode =
			proc->waitLock == lock ? proc->waitLockMode : NoLock;
		GET_VXID_FROM_PGPROC(instance->vxid, *proc);
		instance->pid = proc->pid;
		instance->leaderPid = proclock->groupLeader->pid;
		instance->fastpath = false;
		instance->waitStart =
			instance->waitLockMode != NoLock
				? (TimestampTz) pg_atomic_read_u64(&proc->waitStart)
				: 0;
	}
	for (i = NUM_LOCK_PARTITIONS; --i >= 0;)
		LWLockRelease(LockHashPartitionLockByIndex(i));

	/* The virtual transactions' locks on themselves. */
	for (i = 0; i < (int) ProcGlobal->allProcCount && el < els; i++)
	{
		PGPROC *proc = GetPGProcByNumber(i);

		if (proc->pid == 0)
			continue;
		LWLockAcquire(&proc->fpInfoLock, LW_SHARED);
		if (proc->fpVXIDLock)
		{
			LockInstanceData *instance = &data->locks[el++];
			VirtualTransactionId vxid;

			vxid.procNumber = i;
			vxid.localTransactionId = proc->fpLocalTransactionId;
			SET_LOCKTAG_VIRTUALTRANSACTION(instance->locktag, vxid);
			instance->holdMask = LOCKBIT_ON(ExclusiveLock);
			instance->waitLockMode = NoLock;
			instance->vxid = vxid;
			instance->pid = proc->pid;
			instance->leaderPid = proc->pid;
			instance->fastpath = true;
			instance->waitStart = 0;
		}
		LWLockRelease(&proc->fpInfoLock);
	}
	data->nelements = el;
	return data;
}
