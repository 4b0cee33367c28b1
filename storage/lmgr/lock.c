/*
 * lock.c
 *		The heavyweight lock manager.
 *
 * Two shared hash tables: LOCK by tag, PROCLOCK by (LOCK, PGPROC), each in
 * NUM_LOCK_PARTITIONS partitions chosen by the tag's hash code, each partition
 * under one LWLock.  A PROCLOCK's hash code is derived so that it falls into
 * its LOCK's partition.  A private table (LOCALLOCK by tag and mode) counts how
 * often this process took what, and for which resource owner: taking a lock
 * again never touches shared memory.
 *
 * Lock groups.  A parallel leader and its workers are one owner: they do not
 * conflict with each other, or a worker would wait for ever for a table that
 * its waiting leader has locked.  Relation extension and page locks are the
 * exception: they protect steps that two members must not take at once.
 *
 * Invariants, checked where they are cheap
 * 1.	nRequested >= nGranted >= 0, each the sum of its array; a mode's bit is
 *		in grantMask exactly while granted[mode] > 0, in waitMask exactly while
 *		requested[mode] > granted[mode].
 * 2.	A LOCK exists while nRequested > 0, a PROCLOCK while it holds a mode or
 *		its process waits through it.
 * 3.	While an extension lock is held no heavyweight lock is requested; while
 *		a page lock is held only an extension lock.  The deadlock detector
 *		relies on it.
 * 4.	The tables' space is checked at acquisition: ERROR 53200 with the
 *		setting to raise.
 *
 * There is no fast path for weak relation locks: sixteen partitions are enough
 * for the processes that this service has.  The one lock that every transaction
 * takes, on its virtual xid, does have one (lockvxid.c).
 *
 * What owners do with many locks at once is in lockowner.c, what is asked of
 * the tables in lockstatus.c.
 *
 * Corresponds to PostgreSQL's lock.c.
 */
#include "postgres.h"

#include "lock_internal.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"

/* GUC */
int max_locks_per_xact = 64;

#define NLOCKENTS() mul_size(max_locks_per_xact, MaxBackends)

/* Modes that each mode conflicts with. */
static const LOCKMASK LockConflicts[] = {
	0,
	/* AccessShareLock */
	LOCKBIT_ON(AccessExclusiveLock),
	/* RowShareLock */
	LOCKBIT_ON(ExclusiveLock) | LOCKBIT_ON(AccessExclusiveLock),
	/* RowExclusiveLock */
	LOCKBIT_ON(ShareLock) | LOCKBIT_ON(ShareRowExclusiveLock) |
		LOCKBIT_ON(ExclusiveLock) | LOCKBIT_ON(AccessExclusiveLock),
	/* ShareUpdateExclusiveLock */
	LOCKBIT_ON(ShareUpdateExclusiveLock) | LOCKBIT_ON(ShareLock) |
		LOCKBIT_ON(ShareRowExclusiveLock) | LOCKBIT_ON(ExclusiveLock) |
		LOCKBIT_ON(AccessExclusiveLock),
	/* ShareLock */
	LOCKBIT_ON(RowExclusiveLock) | LOCKBIT_ON(ShareUpdateExclusiveLock) |
		LOCKBIT_ON(ShareRowExclusiveLock) | LOCKBIT_ON(ExclusiveLock) |
		LOCKBIT_ON(AccessExclusiveLock),
	/* ShareRowExclusiveLock */
	LOCKBIT_ON(RowExclusiveLock) | LOCKBIT_ON(ShareUpdateExclusiveLock) |
		LOCKBIT_ON(ShareLock) | LOCKBIT_ON(ShareRowExclusiveLock) |
		LOCKBIT_ON(ExclusiveLock) | LOCKBIT_ON(AccessExclusiveLock),
	/* ExclusiveLock */
	LOCKBIT_ON(RowShareLock) | LOCKBIT_ON(RowExclusiveLock) |
		LOCKBIT_ON(ShareUpdateExclusiveLock) | LOCKBIT_ON(ShareLock) |
		LOCKBIT_ON(ShareRowExclusiveLock) | LOCKBIT_ON(ExclusiveLock) |
		LOCKBIT_ON(AccessExclusiveLock),
	/* AccessExclusiveLock */
	LOCKBIT_ON(AccessShareLock) | LOCKBIT_ON(RowShareLock) |
		LOCKBIT_ON(RowExclusiveLock) | LOCKBIT_ON(ShareUpdateExclusiveLock) |
		LOCKBIT_ON(ShareLock) | LOCKBIT_ON(ShareRowExclusiveLock) |
		LOCKBIT_ON(ExclusiveLock) | LOCKBIT_ON(AccessExclusiveLock),
};

static const char *const lock_mode_names[] = {
	"INVALID",
	"AccessShareLock",
	"RowShareLock",
	"RowExclusiveLock",
	"ShareUpdateExclusiveLock",
	"ShareLock",
	"ShareRowExclusiveLock",
	"ExclusiveLock",
	"AccessExclusiveLock",
};

/* Both methods have the same modes. */
static const LockMethodData default_lockmethod = {
	MaxLockMode,
	LockConflicts,
	lock_mode_names,
};

/* The shared tables and the private one. */
HTAB *LockMethodLockHash;
HTAB *LockMethodProcLockHash;
HTAB *LockMethodLocalHash;

/* The lock that this process waits for, and for whom; NULL: none. */
static LOCALLOCK *awaitedLock;
static ResourceOwner awaitedOwner;

/* Invariant 3. */
static int nExtensionLocksHeld = 0;
static int nPageLocksHeld = 0;

static uint32 proclock_hash(const void *key, Size keysize);
static void AbandonRequest(LOCK *lock, PROCLOCK *proclock, uint32 hashcode,
                           LOCKMODE lockmode);
static void RemoveProcLock(PROCLOCK *proclock, uint32 hashcode);
static void GrantLockLocal(LOCALLOCK *locallock, ResourceOwner owner);
static void RemoveLocalLock(LOCALLOCK *locallock);
static void CountHeldLock(const LOCALLOCK *locallock, int by);
static void WaitOnLock(LOCALLOCK *locallock, ResourceOwner owner);

/* ---------------------------------------------------------------------------
 * Shared memory and tables
 * ---------------------------------------------------------------------------
 */

Size
LockShmemSize(void)
{
	Size size = 0;
	Size n = NLOCKENTS();

	size = add_size(size, hash_estimate_size(n, sizeof(LOCK)));
	size = add_size(size, hash_estimate_size(mul_size(n, 2), sizeof(PROCLOCK)));
	/* the estimates are not exact */
	return add_size(size, size / 10);
}

/*
 * Make or attach the shared tables, and make the private one.
 */
void
InitLocks(void)
{
	HASHCTL info;
	long n = (long) NLOCKENTS();

	memset(&info, 0, sizeof(info));
	info.keysize = sizeof(LOCKTAG);
	info.entrysize = sizeof(LOCK);
	info.num_partitions = NUM_LOCK_PARTITIONS;
	LockMethodLockHash = ShmemInitHash("LOCK hash", n / 2, n, &info,
	                                   HASH_ELEM | HASH_BLOBS | HASH_PARTITION);

	/* Typically every lock is held by two. */
	memset(&info, 0, sizeof(info));
	info.keysize = sizeof(PROCLOCKTAG);
	info.entrysize = sizeof(PROCLOCK);
	info.hash = proclock_hash;
	info.num_partitions = NUM_LOCK_PARTITIONS;
	LockMethodProcLockHash =
		ShmemInitHash("PROCLOCK hash", n, 2 * n, &info,
	                  HASH_ELEM | HASH_FUNCTION | HASH_PARTITION);

	InitLockManagerAccess();
}

/*
 * The private table.  A postmaster that resets shared memory empties it.
 */
void
InitLockManagerAccess(void)
{
	HASHCTL info;

	if (LockMethodLocalHash)
		hash_destroy(LockMethodLocalHash);
	memset(&info, 0, sizeof(info));
	info.keysize = sizeof(LOCALLOCKTAG);
	info.entrysize = sizeof(LOCALLOCK);
	LockMethodLocalHash =
		hash_create("LOCALLOCK hash", 16, &info, HASH_ELEM | HASH_BLOBS);
	awaitedLock = NULL;
	nExtensionLocksHeld = 0;
	nPageLocksHeld = 0;
}

LockMethod
GetLocksMethodTable(const LOCK *lock)
{
	Assert(LOCK_LOCKMETHOD(*lock) == DEFAULT_LOCKMETHOD ||
	       LOCK_LOCKMETHOD(*lock) == USER_LOCKMETHOD);
	return &default_lockmethod;
}

LockMethod
GetLockTagsMethodTable(const LOCKTAG *locktag)
{
	Assert(locktag->locktag_lockmethodid == DEFAULT_LOCKMETHOD ||
	       locktag->locktag_lockmethodid == USER_LOCKMETHOD);
	return &default_lockmethod;
}

const char *
GetLockmodeName(LOCKMETHODID lockmethodid, LOCKMODE mode)
{
	Assert(mode > 0 && mode <= MaxLockMode);
	return lock_mode_names[mode];
}

bool
DoLockModesConflict(LOCKMODE mode1, LOCKMODE mode2)
{
	return (LockConflicts[mode1] & LOCKBIT_ON(mode2)) != 0;
}

bool
LockTagConflictsInGroup(const LOCKTAG *locktag)
{
	return locktag->locktag_type == LOCKTAG_RELATION_EXTEND ||
	       locktag->locktag_type == LOCKTAG_PAGE;
}

uint32
LockTagHashCode(const LOCKTAG *locktag)
{
	return get_hash_value(LockMethodLockHash, locktag);
}

/*
 * Hash of a PROCLOCK's key: its LOCK's, with the process mixed into the bits
 * that do not choose the partition.
 */
uint32
ProcLockHashCode(const PROCLOCKTAG *proclocktag, uint32 hashcode)
{
	uint32 proc = (uint32) GetNumberFromPGProc(proclocktag->myProc);

	return hashcode ^ (proc << LOG2_NUM_LOCK_PARTITIONS);
}

/* The same when the table itself asks: the LOCK's tag is hashed again. */
static uint32
proclock_hash(const void *key, Size keysize)
{
	const PROCLOCKTAG *proclocktag = (const PROCLOCKTAG *) key;

	Assert(keysize == sizeof(PROCLOCKTAG));
	return ProcLockHashCode(proclocktag,
	                        LockTagHashCode(&proclocktag->myLock->tag));
}

/* ---------------------------------------------------------------------------
 * Acquisition
 * ---------------------------------------------------------------------------
 */

LockAcquireResult
LockAcquire(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock,
            bool dontWait)
{
	return LockAcquireExtended(locktag, lockmode, sessionLock, dontWait, true,
	                           NULL);
}

/*
 * The private entry of a lock, made if there is none, with room for one more
 * owner: GrantLockLocal must not fail.
 */
static LOCALLOCK *
EnterLocalLock(const LOCKTAG *locktag, LOCKMODE lockmode)
{
	LOCALLOCKTAG localtag;
	LOCALLOCK *locallock;
	bool found;

	memset(&localtag, 0, sizeof(localtag));
	localtag.lock = *locktag;
	localtag.mode = lockmode;
	locallock = (LOCALLOCK *) hash_search(LockMethodLocalHash, &localtag,
	                                      HASH_ENTER, &found);
	if (!found)
	{
		locallock->hashcode = LockTagHashCode(locktag);
		locallock->lock = NULL;
		locallock->proclock = NULL;
		locallock->nLocks = 0;
		locallock->lockCleared = false;
		locallock->numLockOwners = 0;
		locallock->maxLockOwners = 8;
		locallock->lockOwners = NULL;
		locallock->lockOwners = (LOCALLOCKOWNER *) MemoryContextAlloc(
			TopMemoryContext,
			locallock->maxLockOwners * sizeof(LOCALLOCKOWNER));
	}
	else if (locallock->numLockOwners >= locallock->maxLockOwners)
	{
		int newsize = locallock->maxLockOwners * 2;

		locallock->lockOwners = (LOCALLOCKOWNER *) repalloc(
			locallock->lockOwners, newsize * sizeof(LOCALLOCKOWNER));
		locallock->maxLockOwners = newsize;
	}
	return locallock;
}

/*
 * Ours if nobody stands against it; else in the queue, where those who wait
 * already go first if we conflict with what they want.  Partition locked.
 */
static ProcWaitStatus
GrantOrQueue(LOCALLOCK *locallock, LockMethod lockMethodTable, bool dontWait)
{
	LOCK *lock = locallock->lock;
	LOCKMODE lockmode = locallock->tag.mode;

	if ((lockMethodTable->conflictTab[lockmode] & lock->waitMask) != 0 ||
	    LockCheckConflicts(lockMethodTable, lockmode, lock,
	                       locallock->proclock))
		return JoinWaitQueue(locallock, lockMethodTable, dontWait);
	GrantLock(lock, locallock->proclock, lockmode);
	return PROC_WAIT_STATUS_OK;
}

/*
 * The full form.  reportMemoryError false: NOT_AVAIL instead of an ERROR when
 * the table is full.  *locallockp: the private entry, NULL if not obtained.
 */
LockAcquireResult
LockAcquireExtended(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock,
                    bool dontWait, bool reportMemoryError,
                    LOCALLOCK **locallockp)
{
	LockMethod lockMethodTable = GetLockTagsMethodTable(locktag);
	LOCALLOCK *locallock;
	PROCLOCK *proclock;
	ResourceOwner owner = sessionLock ? NULL : CurrentResourceOwner;
	LWLock *partitionLock;
	ProcWaitStatus waitResult;

	if (lockmode <= 0 || lockmode > lockMethodTable->numLockModes)
		elog(ERROR, "unrecognized lock mode: %d", lockmode);

	INJECTION_POINT("lock-acquire");
	locallock = EnterLocalLock(locktag, lockmode);
	if (locallockp)
		*locallockp = locallock;

	if (locallock->nLocks > 0)
	{
		GrantLockLocal(locallock, owner);
		return locallock->lockCleared ? LOCKACQUIRE_ALREADY_CLEAR
		                              : LOCKACQUIRE_ALREADY_HELD;
	}

	/* Invariant 3. */
	Assert(nExtensionLocksHeld == 0);
	Assert(nPageLocksHeld == 0 ||
	       locktag->locktag_type == LOCKTAG_RELATION_EXTEND);

	partitionLock = LockHashPartitionLock(locallock->hashcode);
	LWLockAcquire(partitionLock, LW_EXCLUSIVE);

	proclock = SetupLockInTable(MyProc, locktag, locallock->hashcode, lockmode);
	if (proclock == NULL)
	{
		LWLockRelease(partitionLock);
		if (locallock->nLocks == 0)
			RemoveLocalLock(locallock);
		if (locallockp)
			*locallockp = NULL;
		if (reportMemoryError)
			ereport(
				ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of shared memory"),
			     errhint(
					 "You might need to increase max_locks_per_transaction.")));
		return LOCKACQUIRE_NOT_AVAIL;
	}
	locallock->proclock = proclock;
	locallock->lock = proclock->tag.myLock;

	waitResult = GrantOrQueue(locallock, lockMethodTable, dontWait);
	if (waitResult == PROC_WAIT_STATUS_ERROR)
	{
		/* Not obtained without having waited: as if we had never asked. */
		AbandonRequest(locallock->lock, proclock, locallock->hashcode,
		               lockmode);
		LWLockRelease(partitionLock);
		RemoveLocalLock(locallock);
		if (locallockp)
			*locallockp = NULL;
		if (!dontWait)
			DeadLockReport();
		return LOCKACQUIRE_NOT_AVAIL;
	}

	if (waitResult == PROC_WAIT_STATUS_WAITING)
	{
		/*
		 * From here the cleanup of an error must find the wait.  Set before the
		 * partition lock, which holds off interrupts, is released.
		 */
		awaitedLock = locallock;
		awaitedOwner = owner;
		LWLockRelease(partitionLock);
		WaitOnLock(locallock, owner);
		/* The grantor did the shared part. */
		Assert((proclock->holdMask & LOCKBIT_ON(lockmode)) != 0);
	}
	else
	{
		GrantLockLocal(locallock, owner);
		LWLockRelease(partitionLock);
	}
	return LOCKACQUIRE_OK;
}

/* Invalidation messages were read since this lock was taken. */
void
MarkLockClear(LOCALLOCK *locallock)
{
	Assert(locallock->nLocks > 0);
	locallock->lockCleared = true;
}

/*
 * Find or make LOCK and PROCLOCK, and count the request; partition locked.
 * NULL: no space.
 */
PROCLOCK *
SetupLockInTable(PGPROC *proc, const LOCKTAG *locktag, uint32 hashcode,
                 LOCKMODE lockmode)
{
	LOCK *lock;
	PROCLOCK *proclock;
	PROCLOCKTAG proclocktag;
	bool found;

	lock = (LOCK *) hash_search_with_hash_value(
		LockMethodLockHash, locktag, hashcode, HASH_ENTER_NULL, &found);
	if (lock == NULL)
		return NULL;
	if (!found)
	{
		lock->grantMask = 0;
		lock->waitMask = 0;
		dlist_init(&lock->procLocks);
		dlist_init(&lock->waitProcs);
		lock->nRequested = 0;
		lock->nGranted = 0;
		memset(lock->requested, 0, sizeof(lock->requested));
		memset(lock->granted, 0, sizeof(lock->granted));
	}

	proclocktag.myLock = lock;
	proclocktag.myProc = proc;
	proclock = (PROCLOCK *) hash_search_with_hash_value(
		LockMethodProcLockHash, &proclocktag,
		ProcLockHashCode(&proclocktag, hashcode), HASH_ENTER_NULL, &found);
	if (proclock == NULL)
	{
		if (lock->nRequested == 0)
		{
			Assert(dlist_is_empty(&lock->procLocks));
			if (!hash_search_with_hash_value(LockMethodLockHash, &lock->tag,
			                                 hashcode, HASH_REMOVE, NULL))
				elog(PANIC, "lock table corrupted");
		}
		return NULL;
	}
	if (!found)
	{
		/* A group is joined before the first lock: this stays right. */
		proclock->groupLeader =
			proc->lockGroupLeader != NULL ? proc->lockGroupLeader : proc;
		proclock->holdMask = 0;
		proclock->releaseMask = 0;
		dlist_push_tail(&lock->procLocks, &proclock->lockLink);
		dlist_push_tail(&proc->myProcLocks[LockHashPartition(hashcode)],
		                &proclock->procLink);
	}

	lock->nRequested++;
	lock->requested[lockmode]++;
	Assert(lock->nRequested > 0 && lock->requested[lockmode] > 0);

	/* The same mode twice is counted in the LOCALLOCK, never here. */
	if (proclock->holdMask & LOCKBIT_ON(lockmode))
		elog(ERROR, "lock %s on object %u/%u/%u is already held",
		     lock_mode_names[lockmode], lock->tag.locktag_field1,
		     lock->tag.locktag_field2, lock->tag.locktag_field3);
	return proclock;
}

/* Undo SetupLockInTable for a request that did not enter the queue. */
static void
AbandonRequest(LOCK *lock, PROCLOCK *proclock, uint32 hashcode,
               LOCKMODE lockmode)
{
	lock->nRequested--;
	lock->requested[lockmode]--;
	Assert(lock->nRequested >= lock->nGranted);
	CleanUpLock(lock, proclock, &default_lockmethod, hashcode, false);
}

/*
 * Would this mode conflict with what others hold?  Waiters are not looked at.
 */
bool
LockCheckConflicts(LockMethod lockMethodTable, LOCKMODE lockmode, LOCK *lock,
                   PROCLOCK *proclock)
{
	LOCKMASK conflictMask = lockMethodTable->conflictTab[lockmode];
	bool group_counts;
	dlist_iter iter;

	if ((conflictMask & lock->grantMask) == 0)
		return false;

	group_counts = LockTagConflictsInGroup(&lock->tag);
	dlist_foreach (iter, &lock->procLocks)
	{
		PROCLOCK *other = dlist_container(PROCLOCK, lockLink, iter.cur);

		if (other == proclock || (other->holdMask & conflictMask) == 0)
			continue;
		if (!group_counts && other->groupLeader == proclock->groupLeader)
			continue;
		return true;
	}
	return false;
}

/* Shared part of a grant; partition locked. */
void
GrantLock(LOCK *lock, PROCLOCK *proclock, LOCKMODE lockmode)
{
	lock->nGranted++;
	lock->granted[lockmode]++;
	lock->grantMask |= LOCKBIT_ON(lockmode);
	if (lock->granted[lockmode] == lock->requested[lockmode])
		lock->waitMask &= LOCKBIT_OFF(lockmode);
	proclock->holdMask |= LOCKBIT_ON(lockmode);
	Assert(lock->nGranted > 0 && lock->nGranted <= lock->nRequested);
}

/* Private part of a grant. */
static void
GrantLockLocal(LOCALLOCK *locallock, ResourceOwner owner)
{
	LOCALLOCKOWNER *lockOwners = locallock->lockOwners;
	int i;

	Assert(locallock->numLockOwners < locallock->maxLockOwners);

	locallock->nLocks++;
	if (locallock->nLocks == 1)
		CountHeldLock(locallock, 1);
	for (i = 0; i < locallock->numLockOwners; i++)
	{
		if (lockOwners[i].owner == owner)
		{
			lockOwners[i].nLocks++;
			return;
		}
	}
	lockOwners[i].owner = owner;
	lockOwners[i].nLocks = 1;
	locallock->numLockOwners++;
	if (owner != NULL)
		ResourceOwnerRememberLock(owner, locallock);
}

static void
CountHeldLock(const LOCALLOCK *locallock, int by)
{
	if (LOCALLOCK_LOCKTAG(*locallock) == LOCKTAG_RELATION_EXTEND)
		nExtensionLocksHeld += by;
	else if (LOCALLOCK_LOCKTAG(*locallock) == LOCKTAG_PAGE)
		nPageLocksHeld += by;
	Assert(nExtensionLocksHeld >= 0 && nPageLocksHeld >= 0);
}

/*
 * In the queue: wait.
 */
static void
WaitOnLock(LOCALLOCK *locallock, ResourceOwner owner)
{
	/*
	 * An ERROR from an interrupt passes through here; abort processing
	 * (LockErrorCleanup) then finds awaitedLock.
	 */
	if (ProcSleep(locallock) != PROC_WAIT_STATUS_OK)
	{
		/* The deadlock check took us out of the queue already. */
		awaitedLock = NULL;
		RemoveLocalLock(locallock);
		DeadLockReport();
	}
	GrantLockLocal(locallock, owner);
	awaitedLock = NULL;
}

LOCALLOCK *
GetAwaitedLock(void)
{
	return awaitedLock;
}

void
ResetAwaitedLock(void)
{
	awaitedLock = NULL;
}

/* The lock came although the wait ends by an error: it is ours to release. */
void
GrantAwaitedLock(void)
{
	GrantLockLocal(awaitedLock, awaitedOwner);
}

/*
 * Take a process out of the queue it waits in; partition locked.  It finds
 * waitStatus ERROR.
 */
void
RemoveFromWaitQueue(PGPROC *proc, uint32 hashcode)
{
	LOCK *waitLock = proc->waitLock;
	PROCLOCK *proclock = proc->waitProcLock;
	LOCKMODE lockmode = proc->waitLockMode;

	Assert(waitLock != NULL);
	Assert(proc->waitStatus == PROC_WAIT_STATUS_WAITING);
	Assert(!dlist_is_empty(&waitLock->waitProcs));

	dlist_delete(&proc->waitLink);
	waitLock->nRequested--;
	waitLock->requested[lockmode]--;
	Assert(waitLock->nRequested >= waitLock->nGranted);
	if (waitLock->granted[lockmode] == waitLock->requested[lockmode])
		waitLock->waitMask &= LOCKBIT_OFF(lockmode);

	proc->waitLock = NULL;
	proc->waitProcLock = NULL;
	proc->waitStatus = PROC_WAIT_STATUS_ERROR;

	/* Those behind us may go on now. */
	CleanUpLock(waitLock, proclock, GetLocksMethodTable(waitLock), hashcode,
	            true);
}

/* ---------------------------------------------------------------------------
 * Release
 * ---------------------------------------------------------------------------
 */

/*
 * Shared part of a release.  True if somebody who waits may profit.
 */
bool
UnGrantLock(LOCK *lock, LOCKMODE lockmode, PROCLOCK *proclock,
            LockMethod lockMethodTable)
{
	Assert(lock->nRequested > 0 && lock->requested[lockmode] > 0);
	Assert(lock->nGranted > 0 && lock->granted[lockmode] > 0);

	lock->nRequested--;
	lock->requested[lockmode]--;
	lock->nGranted--;
	lock->granted[lockmode]--;
	if (lock->granted[lockmode] == 0)
		lock->grantMask &= LOCKBIT_OFF(lockmode);
	proclock->holdMask &= LOCKBIT_OFF(lockmode);

	return (lockMethodTable->conflictTab[lockmode] & lock->waitMask) != 0;
}

/*
 * After a release or an abandoned request: remove what nobody uses, wake those
 * who can go on.
 */
void
CleanUpLock(LOCK *lock, PROCLOCK *proclock, LockMethod lockMethodTable,
            uint32 hashcode, bool wakeupNeeded)
{
	/* Waiting through it?  Then it stays. */
	if (proclock->holdMask == 0 &&
	    proclock->tag.myProc->waitProcLock != proclock)
		RemoveProcLock(proclock, hashcode);

	if (lock->nRequested == 0)
	{
		Assert(dlist_is_empty(&lock->procLocks));
		if (!hash_search_with_hash_value(LockMethodLockHash, &lock->tag,
		                                 hashcode, HASH_REMOVE, NULL))
			elog(PANIC, "lock table corrupted");
	}
	else if (wakeupNeeded)
		ProcLockWakeup(lockMethodTable, lock);
}

static void
RemoveProcLock(PROCLOCK *proclock, uint32 hashcode)
{
	PROCLOCKTAG tag = proclock->tag;

	dlist_delete(&proclock->lockLink);
	dlist_delete(&proclock->procLink);
	if (!hash_search_with_hash_value(LockMethodProcLockHash, &tag,
	                                 ProcLockHashCode(&tag, hashcode),
	                                 HASH_REMOVE, NULL))
		elog(PANIC, "proclock table corrupted");
}

static void
RemoveLocalLock(LOCALLOCK *locallock)
{
	int i;

	for (i = locallock->numLockOwners - 1; i >= 0; i--)
	{
		if (locallock->lockOwners[i].owner != NULL)
			ResourceOwnerForgetLock(locallock->lockOwners[i].owner, locallock);
	}
	locallock->numLockOwners = 0;
	if (locallock->lockOwners != NULL)
		pfree(locallock->lockOwners);
	locallock->lockOwners = NULL;

	if (locallock->nLocks > 0)
		CountHeldLock(locallock, -1);
	if (!hash_search(LockMethodLocalHash, &locallock->tag, HASH_REMOVE, NULL))
		elog(WARNING, "locallock table corrupted");
}

/*
 * Release once; the shared lock goes with the last release.  False with a
 * WARNING if it is not held.
 */
bool
LockRelease(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock)
{
	LockMethod lockMethodTable = GetLockTagsMethodTable(locktag);
	ResourceOwner owner = sessionLock ? NULL : CurrentResourceOwner;
	LOCALLOCKTAG localtag;
	LOCALLOCK *locallock;
	LOCK *lock;
	PROCLOCK *proclock;
	LWLock *partitionLock;
	bool wakeupNeeded;
	int i;

	if (lockmode <= 0 || lockmode > lockMethodTable->numLockModes)
		elog(ERROR, "unrecognized lock mode: %d", lockmode);

	memset(&localtag, 0, sizeof(localtag));
	localtag.lock = *locktag;
	localtag.mode = lockmode;
	locallock = (LOCALLOCK *) hash_search(LockMethodLocalHash, &localtag,
	                                      HASH_FIND, NULL);
	if (locallock == NULL || locallock->nLocks <= 0)
	{
		elog(WARNING, "you don't own a lock of type %s",
		     lockMethodTable->lockModeNames[lockmode]);
		return false;
	}

	for (i = locallock->numLockOwners - 1; i >= 0; i--)
	{
		if (locallock->lockOwners[i].owner == owner)
			break;
	}
	if (i < 0)
	{
		elog(WARNING, "you don't own a lock of type %s",
		     lockMethodTable->lockModeNames[lockmode]);
		return false;
	}
	if (--locallock->lockOwners[i].nLocks == 0)
	{
		if (owner != NULL)
			ResourceOwnerForgetLock(owner, locallock);
		locallock->numLockOwners--;
		locallock->lockOwners[i] =
			locallock->lockOwners[locallock->numLockOwners];
	}

	if (locallock->nLocks > 1)
	{
		locallock->nLocks--;
		return true;
	}
	locallock->lockCleared = false;

	INJECTION_POINT_NOTHROW("lock-release");
	partitionLock = LockHashPartitionLock(locallock->hashcode);
	LWLockAcquire(partitionLock, LW_EXCLUSIVE);
	lock = locallock->lock;
	proclock = locallock->proclock;
	Assert(proclock->tag.myProc == MyProc && proclock->tag.myLock == lock);
	if (!(proclock->holdMask & LOCKBIT_ON(lockmode)))
		elog(PANIC, "lock table corrupted");

	wakeupNeeded = UnGrantLock(lock, lockmode, proclock, lockMethodTable);
	CleanUpLock(lock, proclock, lockMethodTable, locallock->hashcode,
	            wakeupNeeded);
	LWLockRelease(partitionLock);
	RemoveLocalLock(locallock);
	return true;
}

/*
 * Release everything of a method that this process holds; session locks only if
 * allLocks.  At the end of a transaction: one pass over the partitions.
 */
void
LockReleaseAll(LOCKMETHODID lockmethodid, bool allLocks)
{
	HASH_SEQ_STATUS status;
	LOCALLOCK *locallock;
	int partition;

	INJECTION_POINT_NOTHROW("lock-release-all");
	/* The virtual transaction's own lock is kept elsewhere. */
	if (lockmethodid == DEFAULT_LOCKMETHOD)
		VirtualXactLockTableCleanup();

	hash_seq_init(&status, LockMethodLocalHash);
	while ((locallock = (LOCALLOCK *) hash_seq_search(&status)) != NULL)
	{
		int64 nsession = 0;
		int i;

		/* Left over from an acquisition that failed half-way. */
		if (locallock->nLocks == 0)
		{
			RemoveLocalLock(locallock);
			continue;
		}
		if (LOCALLOCK_LOCKMETHOD(*locallock) != lockmethodid)
			continue;

		if (!allLocks)
		{
			LOCALLOCKOWNER *lockOwners = locallock->lockOwners;

			for (i = 0; i < locallock->numLockOwners; i++)
			{
				if (lockOwners[i].owner == NULL)
					nsession = lockOwners[i].nLocks;
				else
					ResourceOwnerForgetLock(lockOwners[i].owner, locallock);
			}
			if (nsession > 0)
			{
				lockOwners[0].owner = NULL;
				lockOwners[0].nLocks = nsession;
				locallock->numLockOwners = 1;
				locallock->nLocks = nsession;
				continue;
			}
			locallock->numLockOwners = 0;
		}

		/* Only this process writes or reads releaseMask. */
		locallock->proclock->releaseMask |= LOCKBIT_ON(locallock->tag.mode);
		RemoveLocalLock(locallock);
	}

	for (partition = 0; partition < NUM_LOCK_PARTITIONS; partition++)
	{
		dlist_head *procLocks = &MyProc->myProcLocks[partition];
		LWLock *partitionLock;
		dlist_mutable_iter iter;

		/*
		 * Looked at without the lock: only we add to it, but for a transfer of
		 * our virtual xid's lock, which was seen to above.
		 */
		if (dlist_is_empty(procLocks))
			continue;

		partitionLock = LockHashPartitionLockByIndex(partition);
		LWLockAcquire(partitionLock, LW_EXCLUSIVE);
		dlist_foreach_modify (iter, procLocks)
		{
			PROCLOCK *proclock = dlist_container(PROCLOCK, procLink, iter.cur);
			LOCK *lock = proclock->tag.myLock;
			LockMethod lockMethodTable = GetLocksMethodTable(lock);
			bool wakeupNeeded = false;
			LOCKMODE mode;

			Assert(proclock->tag.myProc == MyProc);
			if (LOCK_LOCKMETHOD(*lock) != lockmethodid)
				continue;
			if (allLocks)
				proclock->releaseMask = proclock->holdMask;
			if (proclock->releaseMask == 0 && proclock->holdMask != 0)
				continue;
			Assert((proclock->releaseMask & ~proclock->holdMask) == 0);

			for (mode = 1; mode <= lockMethodTable->numLockModes; mode++)
			{
				if (proclock->releaseMask & LOCKBIT_ON(mode))
					wakeupNeeded |=
						UnGrantLock(lock, mode, proclock, lockMethodTable);
			}
			proclock->releaseMask = 0;
			CleanUpLock(lock, proclock, lockMethodTable,
			            LockTagHashCode(&lock->tag), wakeupNeeded);
		}
		LWLockRelease(partitionLock);
	}
}

void
AtAbort_Locks(void)
{
	LockErrorCleanup();
}
