/*
 * lockowner.c
 *		What a session or a resource owner does with all of its locks.
 *
 * A LOCALLOCK's count is the sum of its owners' (NULL: the session).  One
 * owner's share goes back at once if others still have the lock; the last one's
 * goes through LockRelease.
 *
 * Corresponds to a part of PostgreSQL's lock.c.
 */
#include "postgres.h"

#include "lock_internal.h"
#include "utils/resowner.h"

static void ReleaseLockIfHeld(LOCALLOCK *locallock, bool sessionLock);
static void LockReassignOwner(LOCALLOCK *locallock, ResourceOwner parent);

/* Release all session locks of a method. */
void
LockReleaseSession(LOCKMETHODID lockmethodid)
{
	HASH_SEQ_STATUS status;
	LOCALLOCK *locallock;

	hash_seq_init(&status, LockMethodLocalHash);
	while ((locallock = (LOCALLOCK *) hash_seq_search(&status)) != NULL)
	{
		if (LOCALLOCK_LOCKMETHOD(*locallock) == lockmethodid)
			ReleaseLockIfHeld(locallock, true);
	}
}

/*
 * Release what conflicts inside a lock group, of whatever owner.  At abort,
 * before anything is waited for: a member of the group may wait for it with
 * interrupts held off, and would never see that its leader wants it to end.
 */
void
LockReleaseConflictingInGroup(void)
{
	ResourceOwner save = CurrentResourceOwner;
	HASH_SEQ_STATUS status;
	LOCALLOCK *locallock;

	hash_seq_init(&status, LockMethodLocalHash);
	while ((locallock = (LOCALLOCK *) hash_seq_search(&status)) != NULL)
	{
		if (!LockTagConflictsInGroup(&locallock->tag.lock))
			continue;
		/* it is gone after its last owner's share */
		for (int n = locallock->numLockOwners; n > 0; n--)
		{
			CurrentResourceOwner = locallock->lockOwners[0].owner;
			ReleaseLockIfHeld(locallock, CurrentResourceOwner == NULL);
		}
	}
	CurrentResourceOwner = save;
}

/*
 * Release what the current resource owner holds; locallocks NULL: search for
 * them.
 */
void
LockReleaseCurrentOwner(LOCALLOCK **locallocks, int nlocks)
{
	if (locallocks == NULL)
	{
		HASH_SEQ_STATUS status;
		LOCALLOCK *locallock;

		hash_seq_init(&status, LockMethodLocalHash);
		while ((locallock = (LOCALLOCK *) hash_seq_search(&status)) != NULL)
			ReleaseLockIfHeld(locallock, false);
	}
	else
	{
		int i;

		for (i = nlocks - 1; i >= 0; i--)
			ReleaseLockIfHeld(locallocks[i], false);
	}
}

/* All that one owner has of a lock. */
static void
ReleaseLockIfHeld(LOCALLOCK *locallock, bool sessionLock)
{
	ResourceOwner owner = sessionLock ? NULL : CurrentResourceOwner;
	LOCALLOCKOWNER *lockOwners = locallock->lockOwners;
	int i;

	for (i = locallock->numLockOwners - 1; i >= 0; i--)
	{
		if (lockOwners[i].owner != owner)
			continue;
		if (lockOwners[i].nLocks < locallock->nLocks)
		{
			/* Others have it too: only our share goes. */
			locallock->nLocks -= lockOwners[i].nLocks;
			locallock->numLockOwners--;
			if (owner != NULL)
				ResourceOwnerForgetLock(owner, locallock);
			lockOwners[i] = lockOwners[locallock->numLockOwners];
		}
		else
		{
			Assert(lockOwners[i].nLocks == locallock->nLocks);
			lockOwners[i].nLocks = 1;
			locallock->nLocks = 1;
			if (!LockRelease(&locallock->tag.lock, locallock->tag.mode,
			                 sessionLock))
				elog(WARNING, "ReleaseLockIfHeld: failed??");
		}
		break;
	}
}

/* Hand what the current resource owner holds to its parent. */
void
LockReassignCurrentOwner(LOCALLOCK **locallocks, int nlocks)
{
	ResourceOwner parent = ResourceOwnerGetParent(CurrentResourceOwner);

	Assert(parent != NULL);
	if (locallocks == NULL)
	{
		HASH_SEQ_STATUS status;
		LOCALLOCK *locallock;

		hash_seq_init(&status, LockMethodLocalHash);
		while ((locallock = (LOCALLOCK *) hash_seq_search(&status)) != NULL)
			LockReassignOwner(locallock, parent);
	}
	else
	{
		int i;

		for (i = nlocks - 1; i >= 0; i--)
			LockReassignOwner(locallocks[i], parent);
	}
}

static void
LockReassignOwner(LOCALLOCK *locallock, ResourceOwner parent)
{
	LOCALLOCKOWNER *lockOwners = locallock->lockOwners;
	int ic = -1;
	int ip = -1;
	int i;

	for (i = locallock->numLockOwners - 1; i >= 0; i--)
	{
		if (lockOwners[i].owner == CurrentResourceOwner)
			ic = i;
		else if (lockOwners[i].owner == parent)
			ip = i;
	}
	if (ic < 0)
		return;

	if (ip < 0)
	{
		lockOwners[ic].owner = parent;
		ResourceOwnerRememberLock(parent, locallock);
	}
	else
	{
		lockOwners[ip].nLocks += lockOwners[ic].nLocks;
		locallock->numLockOwners--;
		if (ic < locallock->numLockOwners)
			lockOwners[ic] = lockOwners[locallock->numLockOwners];
	}
	ResourceOwnerForgetLock(CurrentResourceOwner, locallock);
}
