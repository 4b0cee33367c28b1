/*
 * lwlock.c
 *		Lightweight locks.
 *
 * The idea: one 32-bit word holds everything that decides whether a lock can be
 * had (the number of shared holders, or one exclusive one), so the uncontended
 * paths are one compare-and-swap to acquire and one subtraction to release.
 * Only those who must wait touch the wait list, which a bit of the same word
 * protects.  A lock made of a spinlock and counters would serialise all readers
 * on the spinlock: that is what this replaces.
 *
 * The state word:
 *		bit 31			LW_FLAG_HAS_WAITERS		the wait list is not empty
 *		bit 30			LW_FLAG_RELEASE_OK		a release should wake waiters
 *		bit 29			LW_FLAG_LOCKED			the wait list is locked
 *		bit 18			LW_VAL_EXCLUSIVE		held exclusively
 *		bits 0..17		number of shared holders
 *
 * Invariants
 * 1.	A process that did not get the lock puts itself in the queue and then
 *		tries once more.  The holder may have released between the first try and
 *		the queueing, and would have seen no waiter to wake.
 * 2.	There is no hand-over: a woken process competes again.  A running
 *		process may overtake it, which keeps the lock busy instead of idle while
 *		the sleeper is being scheduled.
 * 3.	RELEASE_OK is cleared when lockers were woken, and set again by the
 *		first of them that runs.  Until then releases wake nobody else: that
 *		would only add processes that find the lock taken.
 * 4.	lwWaiting of a PGPROC goes NOT_WAITING -> WAITING (by its owner, wait
 *		list locked) -> PENDING_WAKEUP (by the waker, wait list locked) ->
 *		NOT_WAITING (by the waker, after a write barrier, when it does not look
 *		at the link any more).  Only then may the owner use the link again.
 * 5.	The semaphore of a PGPROC is shared by all waits of that process: a post
 *		that was not for this wait is counted and given back at its end.
 * 6.	Interrupts are held off from acquisition to release, so that an
 *		interrupt never runs while the protected data is half changed.
 *
 * A SIGKILL of a holder leaves the lock held, one of a waiter leaves the queue
 * with a dead member: both are repaired by the reset of all shared memory that
 * follows, and by nothing less.
 *
 * Locks and their order: the wait-list bit is a leaf (a spinlock).  The order
 * of the LWLocks themselves is in README.md.
 *
 * Corresponds to PostgreSQL's lwlock.c; the statistics code is left out.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/proclist.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#define LW_FLAG_HAS_WAITERS ((uint32) 1 << 31)
#define LW_FLAG_RELEASE_OK ((uint32) 1 << 30)
#define LW_FLAG_LOCKED ((uint32) 1 << 29)

#define LW_VAL_SHARED 1

#define LW_SHARED_MASK ((uint32) MAX_BACKENDS)
#define LW_LOCK_MASK (LW_SHARED_MASK | LW_VAL_EXCLUSIVE)

StaticAssertDecl((MAX_BACKENDS & (MAX_BACKENDS + 1)) == 0,
                 "MAX_BACKENDS + 1 must be a power of two");
StaticAssertDecl((LW_LOCK_MASK & (LW_FLAG_HAS_WAITERS | LW_FLAG_RELEASE_OK |
                                  LW_FLAG_LOCKED)) == 0,
                 "LWLock holders and flags must not overlap");
StaticAssertDecl(sizeof(LWLock) <= LWLOCK_PADDED_SIZE, "LWLock too large");

/* A process holds few locks at a time; this is far above what is needed. */
#define MAX_SIMUL_LWLOCKS 200

typedef struct LWLockHandle
{
	LWLock *lock;
	LWLockMode mode;
} LWLockHandle;

/* What lies before MainLWLockArray in shared memory. */
typedef struct LWLockShmemHeader
{
	uint32 magic;                  /* [C] */
	pg_atomic_uint32 next_tranche; /* [A] next id of LWLockNewTrancheId */
} LWLockShmemHeader;

#define LWLOCK_SHMEM_MAGIC 0x4c574c4b

/* The fixed locks; the same address in every server process. */
LWLockPadded *MainLWLockArray = NULL;

/* Likewise. */
static LWLockShmemHeader *LWLockHeader = NULL;

/* Locks that this process holds, in order of acquisition. */
static int num_held_lwlocks = 0;
static LWLockHandle held_lwlocks[MAX_SIMUL_LWLOCKS];

/*
 * Where the locks of the main segments are, for LWLockNextHeld.  Written by the
 * postmaster while it makes shared memory, inherited by all.
 */
typedef struct LWLockGroup
{
	LWLock *first;
	int count;
	Size stride;
} LWLockGroup;

#define MAX_LWLOCK_GROUPS 16

static LWLockGroup lwlock_groups[MAX_LWLOCK_GROUPS];
static int num_lwlock_groups = 0;

/* Names of tranches from LWTRANCHE_FIRST_USER_DEFINED on, per process. */
static const char **LWLockTrancheNames = NULL;
static int LWLockTrancheNamesAllocated = 0;

static const char *const IndividualLWLockNames[NUM_INDIVIDUAL_LWLOCKS] = {
#define PG_LWLOCK(number, name) [number] = #name,
#include "storage/lwlocklist.h"
#undef PG_LWLOCK
};

static const char *const BuiltinTrancheNames[] = {
	"XactBuffer",     "WALInsert",   "BufferContent",    "LockFastPath",
	"BufferMapping",  "LockManager", "ParallelQueryDSA", "SharedTupleStore",
	"ParallelAppend", "PgStatsData", "HnswBuild",        "pg_stat_statements",
	"IndexCache",
};

StaticAssertDecl(lengthof(BuiltinTrancheNames) ==
                     LWTRANCHE_FIRST_USER_DEFINED - NUM_INDIVIDUAL_LWLOCKS,
                 "missing entries in BuiltinTrancheNames");

static const char *GetLWTrancheName(uint16 trancheId);
static bool LWLockAttemptLock(LWLock *lock, LWLockMode mode);
static void LWLockWaitListLock(LWLock *lock);
static void LWLockWaitListUnlock(LWLock *lock);
static void LWLockWakeup(LWLock *lock);
static void LWLockQueueSelf(LWLock *lock, LWLockMode mode);
static void LWLockDequeueSelf(LWLock *lock);
static int LWLockSleep(LWLock *lock);
static void LWLockRepostExtra(int extraWaits);
static LWLockMode LWLockForget(LWLock *lock);
static void LWLockDrop(LWLock *lock, LWLockMode mode);
static bool LWLockConflictsWithVar(LWLock *lock, pg_atomic_uint64 *valptr,
                                   uint64 oldval, uint64 *newval, bool *result);

/* ---------------------------------------------------------------------------
 * Start-up
 * ---------------------------------------------------------------------------
 */

/* Space for the header and the fixed locks. */
Size
LWLockShmemSize(void)
{
	Size size;

	size = mul_size(NUM_FIXED_LWLOCKS, sizeof(LWLockPadded));
	size = add_size(size, sizeof(LWLockShmemHeader));
	return add_size(size, LWLOCK_PADDED_SIZE);
}

/*
 * Make the fixed locks.  In the postmaster, before anything that takes a lock;
 * again at a reset after a crash.  Tranche ids are given out again then, in the
 * same order, so that names which children inherit stay right.
 */
void
CreateLWLocks(void)
{
	if (!IsUnderPostmaster)
	{
		char *ptr = ShmemAlloc(LWLockShmemSize());
		int i;

		LWLockHeader = (LWLockShmemHeader *) ptr;
		LWLockHeader->magic = LWLOCK_SHMEM_MAGIC;
		pg_atomic_init_u32(&LWLockHeader->next_tranche,
		                   LWTRANCHE_FIRST_USER_DEFINED);

		ptr += sizeof(LWLockShmemHeader);
		MainLWLockArray = (LWLockPadded *) TYPEALIGN(LWLOCK_PADDED_SIZE, ptr);
		for (i = 0; i < NUM_FIXED_LWLOCKS; i++)
		{
			int tranche = i;

			if (i >= LOCK_MANAGER_LWLOCK_OFFSET)
				tranche = LWTRANCHE_LOCK_MANAGER;
			else if (i >= BUFFER_MAPPING_LWLOCK_OFFSET)
				tranche = LWTRANCHE_BUFFER_MAPPING;
			LWLockInitialize(&MainLWLockArray[i].lock, tranche);
		}
		/* the first locks that are made: all others are made anew after them */
		num_lwlock_groups = 0;
		LWLockNoteGroup(&MainLWLockArray[0].lock, NUM_FIXED_LWLOCKS,
		                sizeof(LWLockPadded));
	}
	Assert(LWLockHeader->magic == LWLOCK_SHMEM_MAGIC);
}

/* At the start of a process with a PGPROC: it holds nothing yet. */
void
InitLWLockAccess(void)
{
	Assert(num_held_lwlocks == 0);
}

/*
 * A new tranche id, the same for all processes: kept by the caller in shared
 * memory.
 */
int
LWLockNewTrancheId(void)
{
	return (int) pg_atomic_fetch_add_u32(&LWLockHeader->next_tranche, 1);
}

/*
 * Name a tranche in this process.  The string must live as long as the process.
 */
void
LWLockRegisterTranche(int tranche_id, const char *tranche_name)
{
	int n = tranche_id - LWTRANCHE_FIRST_USER_DEFINED;

	if (n < 0)
		return;
	if (n >= LWLockTrancheNamesAllocated)
	{
		int newalloc = Max(16, n * 2);

		if (LWLockTrancheNames == NULL)
			LWLockTrancheNames = (const char **) MemoryContextAllocZero(
				TopMemoryContext, newalloc * sizeof(char *));
		else
		{
			LWLockTrancheNames = (const char **) repalloc(
				LWLockTrancheNames, newalloc * sizeof(char *));
			memset(LWLockTrancheNames + LWLockTrancheNamesAllocated, 0,
			       (newalloc - LWLockTrancheNamesAllocated) * sizeof(char *));
		}
		LWLockTrancheNamesAllocated = newalloc;
	}
	LWLockTrancheNames[n] = tranche_name;
}

void
LWLockInitialize(LWLock *lock, int tranche_id)
{
	pg_atomic_init_u32(&lock->state, LW_FLAG_RELEASE_OK);
	lock->tranche = (uint16) tranche_id;
	proclist_init(&lock->waiters);
}

/* ---------------------------------------------------------------------------
 * What is held
 * ---------------------------------------------------------------------------
 */

void
LWLockNoteGroup(LWLock *first, int count, Size stride)
{
	Assert(!IsUnderPostmaster);
	if (num_lwlock_groups >= MAX_LWLOCK_GROUPS)
		elog(PANIC, "too many groups of LWLocks");
	lwlock_groups[num_lwlock_groups++] =
		(LWLockGroup){.first = first, .count = count, .stride = stride};
}

bool
LWLockNextHeld(int *position, LWLockHeld *held)
{
	int before = 0; /* locks of the groups passed by */

	for (int g = 0; g < num_lwlock_groups; g++)
	{
		const LWLockGroup *group = &lwlock_groups[g];

		for (; *position < before + group->count; (*position)++)
		{
			int number = *position - before;
			LWLock *lock =
				(LWLock *) ((char *) group->first + number * group->stride);
			uint32 state = pg_atomic_read_u32(&lock->state);

			if ((state & (LW_LOCK_MASK | LW_FLAG_HAS_WAITERS)) == 0)
				continue;
			held->tranche = GetLWTrancheName(lock->tranche);
			held->number = number;
			held->exclusive = (state & LW_VAL_EXCLUSIVE) != 0;
			held->holders =
				held->exclusive ? 1 : (int) (state & LW_SHARED_MASK);
			held->has_waiters = (state & LW_FLAG_HAS_WAITERS) != 0;
			(*position)++;
			return true;
		}
		before += group->count;
	}
	return false;
}

const char *
GetLWLockIdentifier(uint32 classId, uint16 eventId)
{
	Assert(classId == PG_WAIT_LWLOCK);
	return GetLWTrancheName(eventId);
}

/* ---------------------------------------------------------------------------
 * Acquisition
 * ---------------------------------------------------------------------------
 */

bool
LWLockAcquire(LWLock *lock, LWLockMode mode)
{
	bool result = true;
	int extraWaits = 0;

	Assert(mode == LW_SHARED || mode == LW_EXCLUSIVE);
	/* Without a PGPROC only the postmaster runs, at start: nobody contends. */
	Assert(!(MyProc == NULL && IsUnderPostmaster));

	if (num_held_lwlocks >= MAX_SIMUL_LWLOCKS)
		elog(ERROR, "too many LWLocks taken");

	HOLD_INTERRUPTS();
	INJECTION_POINT_NOTHROW("lwlock-acquire");

	for (;;)
	{
		if (!LWLockAttemptLock(lock, mode))
			break;

		INJECTION_POINT_NOTHROW("lwlock-queue");
		LWLockQueueSelf(lock, mode);
		INJECTION_POINT_NOTHROW("lwlock-queued");

		/* Invariant 1: it may have been released before we were in the queue. */
		if (!LWLockAttemptLock(lock, mode))
		{
			LWLockDequeueSelf(lock);
			break;
		}

		extraWaits += LWLockSleep(lock);

		/* Invariant 3: we run, so the next release may wake others. */
		pg_atomic_fetch_or_u32(&lock->state, LW_FLAG_RELEASE_OK);
		result = false;
	}

	held_lwlocks[num_held_lwlocks].lock = lock;
	held_lwlocks[num_held_lwlocks++].mode = mode;

	LWLockRepostExtra(extraWaits);
	return result;
}

bool
LWLockConditionalAcquire(LWLock *lock, LWLockMode mode)
{
	Assert(mode == LW_SHARED || mode == LW_EXCLUSIVE);

	if (num_held_lwlocks >= MAX_SIMUL_LWLOCKS)
		elog(ERROR, "too many LWLocks taken");

	HOLD_INTERRUPTS();
	INJECTION_POINT_NOTHROW("lwlock-acquire-conditional");
	if (LWLockAttemptLock(lock, mode))
	{
		RESUME_INTERRUPTS();
		return false;
	}
	held_lwlocks[num_held_lwlocks].lock = lock;
	held_lwlocks[num_held_lwlocks++].mode = mode;
	return true;
}

/*
 * For work that one process does for all (a WAL flush): who had to wait finds
 * it done and has no use for the lock.
 */
bool
LWLockAcquireOrWait(LWLock *lock, LWLockMode mode)
{
	bool mustwait;
	int extraWaits = 0;

	Assert(mode == LW_SHARED || mode == LW_EXCLUSIVE);

	if (num_held_lwlocks >= MAX_SIMUL_LWLOCKS)
		elog(ERROR, "too many LWLocks taken");

	HOLD_INTERRUPTS();
	INJECTION_POINT_NOTHROW("lwlock-acquire-or-wait");
	mustwait = LWLockAttemptLock(lock, mode);
	if (mustwait)
	{
		LWLockQueueSelf(lock, LW_WAIT_UNTIL_FREE);
		mustwait = LWLockAttemptLock(lock, mode);
		if (mustwait)
			extraWaits = LWLockSleep(lock);
		else
			LWLockDequeueSelf(lock);
	}
	LWLockRepostExtra(extraWaits);

	if (mustwait)
	{
		RESUME_INTERRUPTS();
		return false;
	}
	held_lwlocks[num_held_lwlocks].lock = lock;
	held_lwlocks[num_held_lwlocks++].mode = mode;
	return true;
}

/*
 * Wait until the lock is free (true), or *valptr is not oldval any more (false,
 * with the value in *newval).  The lock itself is not taken.  What the holder
 * did before it released the lock, or moved the value on, is seen.
 */
bool
LWLockWaitForVar(LWLock *lock, pg_atomic_uint64 *valptr, uint64 oldval,
                 uint64 *newval)
{
	int extraWaits = 0;
	bool result = false;

	HOLD_INTERRUPTS();
	for (;;)
	{
		if (!LWLockConflictsWithVar(lock, valptr, oldval, newval, &result))
			break;

		INJECTION_POINT_NOTHROW("lwlock-wait-for-var");
		LWLockQueueSelf(lock, LW_WAIT_UNTIL_FREE);

		/*
		 * The holder's release must wake us even if lockers that were woken
		 * earlier have not run yet.
		 */
		pg_atomic_fetch_or_u32(&lock->state, LW_FLAG_RELEASE_OK);

		if (!LWLockConflictsWithVar(lock, valptr, oldval, newval, &result))
		{
			LWLockDequeueSelf(lock);
			break;
		}
		extraWaits += LWLockSleep(lock);
	}
	LWLockRepostExtra(extraWaits);
	RESUME_INTERRUPTS();

	/* The holder's work comes before its release or UpdateVar, as we saw it. */
	pg_read_barrier();
	return result;
}

/*
 * As holder: move the variable on, and wake those who wait for it.
 */
void
LWLockUpdateVar(LWLock *lock, pg_atomic_uint64 *valptr, uint64 val)
{
	proclist_head wakeup;
	proclist_mutable_iter iter;

	/*
	 * A full barrier; pairs with the queueing (an atomic read-modify-write)
	 * before the second test in LWLockWaitForVar: either that sees the value,
	 * or we see the waiter.
	 */
	pg_atomic_exchange_u64(valptr, val);
	INJECTION_POINT_NOTHROW("lwlock-update-var");

	proclist_init(&wakeup);
	LWLockWaitListLock(lock);
	Assert(pg_atomic_read_u32(&lock->state) & LW_VAL_EXCLUSIVE);

	/* Those who wait for the variable are at the head of the queue. */
	proclist_foreach_modify (iter, &lock->waiters, lwWaitLink)
	{
		PGPROC *waiter = GetPGProcByNumber(iter.cur);

		if (waiter->lwWaitMode != LW_WAIT_UNTIL_FREE)
			break;
		proclist_delete(&lock->waiters, iter.cur, lwWaitLink);
		proclist_push_tail(&wakeup, iter.cur, lwWaitLink);
		Assert(waiter->lwWaiting == LW_WS_WAITING);
		waiter->lwWaiting = LW_WS_PENDING_WAKEUP;
	}
	if (proclist_is_empty(&lock->waiters))
		pg_atomic_fetch_and_u32(&lock->state, ~LW_FLAG_HAS_WAITERS);
	LWLockWaitListUnlock(lock);

	proclist_foreach_modify (iter, &wakeup, lwWaitLink)
	{
		PGPROC *waiter = GetPGProcByNumber(iter.cur);

		proclist_delete(&wakeup, iter.cur, lwWaitLink);
		pg_write_barrier(); /* invariant 4; pairs with LWLockSleep */
		*(volatile uint8 *) &waiter->lwWaiting = LW_WS_NOT_WAITING;
		PGSemaphoreUnlock(waiter->sem);
	}
}

/* ---------------------------------------------------------------------------
 * Release
 * ---------------------------------------------------------------------------
 */

void
LWLockRelease(LWLock *lock)
{
	LWLockMode mode = LWLockForget(lock);

	INJECTION_POINT_NOTHROW("lwlock-release");
	LWLockDrop(lock, mode);
	RESUME_INTERRUPTS();
}

/* Release an exclusively held lock with a variable, setting that to val. */
void
LWLockReleaseClearVar(LWLock *lock, pg_atomic_uint64 *valptr, uint64 val)
{
	pg_atomic_exchange_u64(valptr, val);
	LWLockRelease(lock);
}

/*
 * Release all that this process holds: at abort and exit.  The count of
 * held-off interrupts was reset by the error; it ends as it was.
 */
void
LWLockReleaseAll(void)
{
	if (num_held_lwlocks > 0)
		INJECTION_POINT_NOTHROW("lwlock-release-all");
	while (num_held_lwlocks > 0)
	{
		HOLD_INTERRUPTS(); /* matched by the release */
		LWLockRelease(held_lwlocks[num_held_lwlocks - 1].lock);
	}
}

/* For assertions: is it held by this process? */
bool
LWLockHeldByMe(LWLock *lock)
{
	int i;

	for (i = 0; i < num_held_lwlocks; i++)
	{
		if (held_lwlocks[i].lock == lock)
			return true;
	}
	return false;
}

/* One of an array of locks that lie stride bytes apart? */
bool
LWLockAnyHeldByMe(LWLock *lock, int nlocks, size_t stride)
{
	char *begin = (char *) lock;
	char *end = begin + nlocks * stride;
	int i;

	for (i = 0; i < num_held_lwlocks; i++)
	{
		char *held = (char *) held_lwlocks[i].lock;

		if (held >= begin && held < end && (held - begin) % stride == 0)
			return true;
	}
	return false;
}

bool
LWLockHeldByMeInMode(LWLock *lock, LWLockMode mode)
{
	int i;

	for (i = 0; i < num_held_lwlocks; i++)
	{
		if (held_lwlocks[i].lock == lock && held_lwlocks[i].mode == mode)
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * Helpers
 * ---------------------------------------------------------------------------
 */

static const char *
GetLWTrancheName(uint16 trancheId)
{
	int n;

	if (trancheId < NUM_INDIVIDUAL_LWLOCKS)
		return IndividualLWLockNames[trancheId]
		           ? IndividualLWLockNames[trancheId]
		           : "extension";
	if (trancheId < LWTRANCHE_FIRST_USER_DEFINED)
		return BuiltinTrancheNames[trancheId - NUM_INDIVIDUAL_LWLOCKS];

	n = trancheId - LWTRANCHE_FIRST_USER_DEFINED;
	if (n >= LWLockTrancheNamesAllocated || LWLockTrancheNames[n] == NULL)
		return "extension";
	return LWLockTrancheNames[n];
}

/*
 * Try once.  Returns true if the caller must wait.
 */
static bool
LWLockAttemptLock(LWLock *lock, LWLockMode mode)
{
	uint32 old_state = pg_atomic_read_u32(&lock->state);

	for (;;)
	{
		uint32 desired_state = old_state;
		bool lock_free;

		if (mode == LW_EXCLUSIVE)
		{
			lock_free = (old_state & LW_LOCK_MASK) == 0;
			if (lock_free)
				desired_state += LW_VAL_EXCLUSIVE;
		}
		else
		{
			lock_free = (old_state & LW_VAL_EXCLUSIVE) == 0;
			if (lock_free)
				desired_state += LW_VAL_SHARED;
		}

		/*
		 * Swap in the unchanged value too when it is not free: what we found is
		 * then the current value, and the access is a full barrier.
		 */
		if (pg_atomic_compare_exchange_u32(&lock->state, &old_state,
		                                   desired_state))
			return !lock_free;
	}
}

static void
LWLockWaitListLock(LWLock *lock)
{
	for (;;)
	{
		SpinDelayStatus delay;

		if (!(pg_atomic_fetch_or_u32(&lock->state, LW_FLAG_LOCKED) &
		      LW_FLAG_LOCKED))
			return;

		init_local_spin_delay(&delay);
		while (pg_atomic_read_u32(&lock->state) & LW_FLAG_LOCKED)
			perform_spin_delay(&delay);
		finish_spin_delay(&delay);
	}
}

static void
LWLockWaitListUnlock(LWLock *lock)
{
	uint32 old_state PG_USED_FOR_ASSERTS_ONLY;

	old_state = pg_atomic_fetch_and_u32(&lock->state, ~LW_FLAG_LOCKED);
	Assert(old_state & LW_FLAG_LOCKED);
}

/*
 * Wake those at the head of the queue who can go on together: one that wants
 * it exclusively, or all that want it shared.
 */
static void
LWLockWakeup(LWLock *lock)
{
	bool new_release_ok = true;
	bool wokeup_somebody = false;
	proclist_head wakeup;
	proclist_mutable_iter iter;
	uint32 old_state;

	proclist_init(&wakeup);
	LWLockWaitListLock(lock);

	proclist_foreach_modify (iter, &lock->waiters, lwWaitLink)
	{
		PGPROC *waiter = GetPGProcByNumber(iter.cur);

		if (wokeup_somebody && waiter->lwWaitMode == LW_EXCLUSIVE)
			continue;

		proclist_delete(&lock->waiters, iter.cur, lwWaitLink);
		proclist_push_tail(&wakeup, iter.cur, lwWaitLink);

		if (waiter->lwWaitMode != LW_WAIT_UNTIL_FREE)
		{
			/* Invariant 3. */
			new_release_ok = false;
			wokeup_somebody = true;
		}

		Assert(waiter->lwWaiting == LW_WS_WAITING);
		waiter->lwWaiting = LW_WS_PENDING_WAKEUP;

		if (waiter->lwWaitMode == LW_EXCLUSIVE)
			break;
	}

	Assert(proclist_is_empty(&wakeup) ||
	       (pg_atomic_read_u32(&lock->state) & LW_FLAG_HAS_WAITERS));

	/* New flags, and the wait list unlocked, in one step. */
	old_state = pg_atomic_read_u32(&lock->state);
	for (;;)
	{
		uint32 desired_state = old_state & ~LW_FLAG_LOCKED;

		if (new_release_ok)
			desired_state |= LW_FLAG_RELEASE_OK;
		else
			desired_state &= ~LW_FLAG_RELEASE_OK;
		if (proclist_is_empty(&lock->waiters))
			desired_state &= ~LW_FLAG_HAS_WAITERS;
		if (pg_atomic_compare_exchange_u32(&lock->state, &old_state,
		                                   desired_state))
			break;
	}

	proclist_foreach_modify (iter, &wakeup, lwWaitLink)
	{
		PGPROC *waiter = GetPGProcByNumber(iter.cur);

		proclist_delete(&wakeup, iter.cur, lwWaitLink);
		INJECTION_POINT_NOTHROW("lwlock-wake-one");

		/*
		 * Invariant 4: as soon as the waiter sees NOT_WAITING it may queue
		 * itself elsewhere.  Pairs with the read loop in LWLockSleep.
		 */
		pg_write_barrier();
		*(volatile uint8 *) &waiter->lwWaiting = LW_WS_NOT_WAITING;
		PGSemaphoreUnlock(waiter->sem);
	}
}

/*
 * Put this process into the queue.
 */
static void
LWLockQueueSelf(LWLock *lock, LWLockMode mode)
{
	if (MyProc == NULL)
		elog(PANIC, "cannot wait without a PGPROC structure");
	if (MyProc->lwWaiting != LW_WS_NOT_WAITING)
		elog(PANIC, "queueing for lock while waiting on another one");

	LWLockWaitListLock(lock);
	pg_atomic_fetch_or_u32(&lock->state, LW_FLAG_HAS_WAITERS);
	MyProc->lwWaiting = LW_WS_WAITING;
	MyProc->lwWaitMode = mode;

	/* Those who only watch do not wait behind those who want the lock. */
	if (mode == LW_WAIT_UNTIL_FREE)
		proclist_push_head(&lock->waiters, MyProcNumber, lwWaitLink);
	else
		proclist_push_tail(&lock->waiters, MyProcNumber, lwWaitLink);
	LWLockWaitListUnlock(lock);
}

/*
 * We got the lock after queueing: leave the queue.
 */
static void
LWLockDequeueSelf(LWLock *lock)
{
	bool on_waitlist;

	INJECTION_POINT_NOTHROW("lwlock-dequeue");
	LWLockWaitListLock(lock);
	on_waitlist = MyProc->lwWaiting == LW_WS_WAITING;
	if (on_waitlist)
		proclist_delete(&lock->waiters, MyProcNumber, lwWaitLink);
	if (proclist_is_empty(&lock->waiters) &&
	    (pg_atomic_read_u32(&lock->state) & LW_FLAG_HAS_WAITERS))
		pg_atomic_fetch_and_u32(&lock->state, ~LW_FLAG_HAS_WAITERS);
	LWLockWaitListUnlock(lock);

	if (on_waitlist)
		MyProc->lwWaiting = LW_WS_NOT_WAITING;
	else
	{
		int extraWaits = 0;

		/*
		 * Somebody chose us to be woken meanwhile and may have cleared
		 * RELEASE_OK for it; nobody else would set it again.  The post of the
		 * semaphore is on its way: absorb it.
		 */
		pg_atomic_fetch_or_u32(&lock->state, LW_FLAG_RELEASE_OK);
		for (;;)
		{
			PGSemaphoreLock(MyProc->sem);
			if (*(volatile uint8 *) &MyProc->lwWaiting == LW_WS_NOT_WAITING)
				break;
			extraWaits++;
		}
		LWLockRepostExtra(extraWaits);
	}
}

/*
 * Queued: sleep until woken.  Returns the number of posts that were meant for
 * something else.
 */
static int
LWLockSleep(LWLock *lock)
{
	int extraWaits = 0;

	INJECTION_POINT_NOTHROW("lwlock-sleep");
	pgstat_report_wait_start(PG_WAIT_LWLOCK | lock->tranche);
	for (;;)
	{
		PGSemaphoreLock(MyProc->sem);
		if (*(volatile uint8 *) &MyProc->lwWaiting == LW_WS_NOT_WAITING)
			break;
		extraWaits++;
	}
	pg_read_barrier(); /* pairs with the write barrier of the waker */
	pgstat_report_wait_end();
	INJECTION_POINT_NOTHROW("lwlock-woken");
	return extraWaits;
}

static void
LWLockRepostExtra(int extraWaits)
{
	while (extraWaits-- > 0)
		PGSemaphoreUnlock(MyProc->sem);
}

/*
 * Take a lock off the list of those held; usually it is the last.
 */
static LWLockMode
LWLockForget(LWLock *lock)
{
	LWLockMode mode;
	int i;

	for (i = num_held_lwlocks; --i >= 0;)
	{
		if (lock == held_lwlocks[i].lock)
			break;
	}
	if (i < 0)
		elog(ERROR, "lock %s is not held", GetLWTrancheName(lock->tranche));

	mode = held_lwlocks[i].mode;
	num_held_lwlocks--;
	for (; i < num_held_lwlocks; i++)
		held_lwlocks[i] = held_lwlocks[i + 1];
	return mode;
}

static void
LWLockDrop(LWLock *lock, LWLockMode mode)
{
	uint32 new_state;

	/* A full barrier: what we changed is visible before the lock is free. */
	new_state = pg_atomic_sub_fetch_u32(
		&lock->state, mode == LW_EXCLUSIVE ? LW_VAL_EXCLUSIVE : LW_VAL_SHARED);
	Assert(!(new_state & LW_VAL_EXCLUSIVE));

	if ((new_state & (LW_FLAG_HAS_WAITERS | LW_FLAG_RELEASE_OK)) ==
	        (LW_FLAG_HAS_WAITERS | LW_FLAG_RELEASE_OK) &&
	    (new_state & LW_LOCK_MASK) == 0)
	{
		INJECTION_POINT_NOTHROW("lwlock-wake");
		LWLockWakeup(lock);
	}
}

/*
 * Must LWLockWaitForVar go on waiting?  If not, its result is set.
 */
static bool
LWLockConflictsWithVar(LWLock *lock, pg_atomic_uint64 *valptr, uint64 oldval,
                       uint64 *newval, bool *result)
{
	uint64 value;

	if (!(pg_atomic_read_u32(&lock->state) & LW_VAL_EXCLUSIVE))
	{
		*result = true;
		return false;
	}

	/* State before value; pairs with the exchange in LWLockUpdateVar. */
	pg_memory_barrier();
	value = pg_atomic_read_u64(valptr);
	if (value != oldval)
	{
		*result = false;
		*newval = value;
		return false;
	}
	return true;
}
