/*
 * test_lmgr.c
 *		Semaphores, spinlocks, LWLocks, condition variables and heavyweight
 *		locks, each with real processes on real shared memory.
 *
 * The parent makes the server's shared memory and forks children that take a
 * PGPROC each, as backends do.  Children meet at counters in shared memory; who
 * must see that another one waits for a lock looks into that one's PGPROC.  No
 * schedule depends on time.  A watchdog ends the program when something hangs.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/spin.h"
#include "unit.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timeout.h"

/* Longest that the whole program may take before it counts as hung. */
#define WATCHDOG_SECONDS 60

#define NCHILDREN 8

/* What the processes of a test share; made anew for each test. */
typedef struct TestShared
{
	LWLockPadded lwlock;
	ConditionVariable cv;
	slock_t spin;
	pg_atomic_uint64 var;
	pg_atomic_uint32 step[8]; /* meeting points */
	pg_atomic_uint32 readers; /* inside, shared */
	pg_atomic_uint32 maxreaders;
	pg_atomic_uint32 writers; /* inside, exclusive */
	pg_atomic_uint32 errors;
	uint64 plain[4];            /* protected by the lock under test */
	ProcNumber proc[NCHILDREN]; /* of the children, by number */
	int granted_order[NCHILDREN];
	pg_atomic_uint32 ngranted;
} TestShared;

static TestShared *shared;
static int nforked;

typedef int (*child_fn)(int me);

/* ---- helpers ---- */

static void
lock_timeout_handler(void)
{
	QueryCancelPending = true;
	InterruptPending = true;
	SetLatch(MyLatch);
}

static void
reset_shared(void)
{
	int i;

	memset(shared, 0, sizeof(*shared));
	for (i = 0; i < NCHILDREN; i++)
		shared->proc[i] = INVALID_PROC_NUMBER;
	LWLockInitialize(&shared->lwlock.lock, LWTRANCHE_FIRST_USER_DEFINED);
	ConditionVariableInit(&shared->cv);
	SpinLockInit(&shared->spin);
	nforked = 0;
}

static void
become_backend(int me)
{
	unit_become_process();
	InitializeTimeouts();
	RegisterTimeout(DEADLOCK_TIMEOUT, CheckDeadLockAlert);
	RegisterTimeout(LOCK_TIMEOUT, lock_timeout_handler);
	CurrentResourceOwner = ResourceOwnerCreate(NULL, "test");
	shared->proc[me] = MyProcNumber;
}

static void
spawn(child_fn fn)
{
	int me = nforked++;
	pid_t pid = fork();

	if (pid == 0)
	{
		int rc;

		become_backend(me);
		rc = fn(me);
		LockErrorCleanup();
		LockReleaseAll(DEFAULT_LOCKMETHOD, true);
		proc_exit(rc);
	}
	CU_ASSERT_FATAL(pid > 0);
}

/* All children must have ended with code 0. */
static void
join_all(void)
{
	unit_join(nforked);
	nforked = 0;
}

/* A child's PGPROC, once it has one. */
static PGPROC *
proc_of(int child)
{
	while (*(volatile ProcNumber *) &shared->proc[child] == INVALID_PROC_NUMBER)
		sched_yield();
	return GetPGProcByNumber(shared->proc[child]);
}

/* Until that child is in the queue of a heavyweight lock. */
static void
await_waiting(int child)
{
	PGPROC *proc = proc_of(child);

	while (*(LOCK *volatile *) &proc->waitLock == NULL)
		sched_yield();
}

static LOCKTAG
relation_tag(Oid relid)
{
	LOCKTAG tag;

	SET_LOCKTAG_RELATION(tag, 5, relid);
	return tag;
}

/* Acquire; 0, or the SQLSTATE of the error raised. */
static int
try_acquire(const LOCKTAG *tag, LOCKMODE mode)
{
	volatile int result = 0;

	PG_TRY();
	{
		(void) LockAcquire(tag, mode, false, false);
	}
	PG_CATCH();
	{
		ErrorData *edata;

		MemoryContextSwitchTo(TopMemoryContext);
		edata = CopyErrorData();
		FlushErrorState();
		result = edata->sqlerrcode;
		LWLockReleaseAll();
		LockErrorCleanup();
	}
	PG_END_TRY();
	return result;
}

/* ---- semaphores ---- */

static int
sem_child(int me)
{
	int i;

	if (me == 0)
	{
		unit_reach(&shared->step[0]);
		for (i = 0; i < 1000; i++)
			PGSemaphoreLock(MyProc->sem);
		if (PGSemaphoreTryLock(MyProc->sem))
			return 1;
		return 0;
	}
	unit_await(&shared->step[0], 1);
	for (i = 0; i < 500; i++)
		PGSemaphoreUnlock(proc_of(0)->sem);
	return 0;
}

/* Every post is one lock, from whichever process. */
static void
test_semaphore(void)
{
	reset_shared();
	spawn(sem_child);
	spawn(sem_child);
	spawn(sem_child);
	join_all();
}

/* ---- spinlocks ---- */

static int
spin_child(int me)
{
	int i;

	unit_reach(&shared->step[0]);
	unit_await(&shared->step[0], 4);
	for (i = 0; i < 20000; i++)
	{
		SpinLockAcquire(&shared->spin);
		shared->plain[0]++;
		SpinLockRelease(&shared->spin);
	}
	return 0;
}

static void
test_spinlock(void)
{
	int i;

	reset_shared();
	for (i = 0; i < 4; i++)
		spawn(spin_child);
	join_all();
	CU_ASSERT_EQUAL(shared->plain[0], 80000);
}

/* ---- LWLocks ---- */

static int
lwlock_mixed_child(int me)
{
	LWLock *lock = &shared->lwlock.lock;
	int i;

	unit_reach(&shared->step[0]);
	unit_await(&shared->step[0], NCHILDREN);
	for (i = 0; i < 20000; i++)
	{
		if ((i + me) % 4 == 0)
		{
			LWLockAcquire(lock, LW_EXCLUSIVE);
			if (pg_atomic_fetch_add_u32(&shared->writers, 1) != 0 ||
			    pg_atomic_read_u32(&shared->readers) != 0)
				pg_atomic_fetch_add_u32(&shared->errors, 1);
			shared->plain[0]++;
			shared->plain[1]++;
			pg_atomic_sub_fetch_u32(&shared->writers, 1);
			LWLockRelease(lock);
		}
		else
		{
			LWLockAcquire(lock, LW_SHARED);
			pg_atomic_fetch_add_u32(&shared->readers, 1);
			if (pg_atomic_read_u32(&shared->writers) != 0 ||
			    shared->plain[0] != shared->plain[1])
				pg_atomic_fetch_add_u32(&shared->errors, 1);
			pg_atomic_sub_fetch_u32(&shared->readers, 1);
			LWLockRelease(lock);
		}
	}
	return InterruptHoldoffCount == 0 ? 0 : 1;
}

/*
 * Eight processes, a quarter of the acquisitions exclusive.  The danger: two
 * writers, a reader beside a writer, a lost wake-up (then it hangs).
 */
static void
test_lwlock_contention(void)
{
	int i;

	reset_shared();
	for (i = 0; i < NCHILDREN; i++)
		spawn(lwlock_mixed_child);
	join_all();
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(shared->plain[0], NCHILDREN * 20000 / 4);
}

static int
lwlock_shared_child(int me)
{
	LWLockAcquire(&shared->lwlock.lock, LW_SHARED);
	unit_reach(&shared->step[0]);
	unit_await(&shared->step[0], 4); /* only if all can be inside at once */
	if (LWLockConditionalAcquire(&shared->lwlock.lock, LW_EXCLUSIVE))
		return 1;
	if (!LWLockHeldByMeInMode(&shared->lwlock.lock, LW_SHARED))
		return 2;
	unit_reach(&shared->step[1]);
	unit_await(&shared->step[1], 4);
	LWLockRelease(&shared->lwlock.lock);
	return LWLockHeldByMe(&shared->lwlock.lock) ? 3 : 0;
}

/* Shared holders are inside together. */
static void
test_lwlock_shared(void)
{
	int i;

	reset_shared();
	for (i = 0; i < 4; i++)
		spawn(lwlock_shared_child);
	join_all();
}

static int
lwlock_or_wait_child(int me)
{
	LWLock *lock = &shared->lwlock.lock;

	if (me == 0)
	{
		/* As after an error, which sets the count to 0 by itself. */
		LWLockAcquire(lock, LW_EXCLUSIVE);
		InterruptHoldoffCount = 0;
		LWLockReleaseAll();
		if (InterruptHoldoffCount != 0 || LWLockHeldByMe(lock))
			return 1;

		LWLockAcquire(lock, LW_EXCLUSIVE);
		unit_reach(&shared->step[0]);
		while (*(volatile uint8 *) &proc_of(1)->lwWaiting != LW_WS_WAITING)
			sched_yield();
		shared->plain[0] = 1;
		LWLockRelease(lock); /* the last time: the other may have it now */
		return 0;
	}
	unit_await(&shared->step[0], 1);

	/*
	 * It returns without the lock if it slept; if the release came between
	 * queueing and sleep it has it.
	 */
	if (LWLockAcquireOrWait(lock, LW_EXCLUSIVE))
		LWLockRelease(lock);
	if (shared->plain[0] != 1 || LWLockHeldByMe(lock))
		return 2;
	if (!LWLockAcquireOrWait(lock, LW_EXCLUSIVE))
		return 3;
	LWLockRelease(lock);
	return 0;
}

static void
test_lwlock_acquire_or_wait(void)
{
	reset_shared();
	spawn(lwlock_or_wait_child);
	spawn(lwlock_or_wait_child);
	join_all();
}

static int
lwlock_var_child(int me)
{
	LWLock *lock = &shared->lwlock.lock;
	uint64 seen = 0;

	if (me == 0)
	{
		uint64 v;

		LWLockAcquire(lock, LW_EXCLUSIVE);
		unit_reach(&shared->step[0]);
		for (v = 1; v <= 1000; v++)
			LWLockUpdateVar(lock, &shared->var, v);
		LWLockReleaseClearVar(lock, &shared->var, 0);
		return 0;
	}
	unit_await(&shared->step[0], 1);
	for (;;)
	{
		uint64 now = 0;

		if (LWLockWaitForVar(lock, &shared->var, seen, &now))
			break; /* free */
		/* 0 is the cleared variable, just before the release */
		if (now <= seen && now != 0)
			return 1;
		seen = now;
	}
	return 0;
}

/* A variable is followed until the lock is free; values only go up. */
static void
test_lwlock_wait_for_var(void)
{
	reset_shared();
	spawn(lwlock_var_child);
	spawn(lwlock_var_child);
	spawn(lwlock_var_child);
	join_all();
}

/* ---- condition variables ---- */

static int
cv_pingpong_child(int me)
{
	int i;

	for (i = 0; i < 2000; i++)
	{
		ConditionVariablePrepareToSleep(&shared->cv);
		while (pg_atomic_read_u64(&shared->var) % 2 != (uint64) me)
			ConditionVariableSleep(&shared->cv, 0);
		ConditionVariableCancelSleep();
		pg_atomic_fetch_add_u64(&shared->var, 1);
		ConditionVariableBroadcast(&shared->cv);
	}
	return 0;
}

/* Two processes in turn: one lost wake-up and it hangs. */
static void
test_cv_pingpong(void)
{
	reset_shared();
	spawn(cv_pingpong_child);
	spawn(cv_pingpong_child);
	join_all();
	CU_ASSERT_EQUAL(pg_atomic_read_u64(&shared->var), 4000);
}

static int
cv_broadcast_child(int me)
{
	if (me == 0)
	{
		unit_await(&shared->step[0], NCHILDREN - 1);
		pg_atomic_write_u64(&shared->var, 1);
		ConditionVariableBroadcast(&shared->cv);
		return 0;
	}
	ConditionVariablePrepareToSleep(&shared->cv);
	unit_reach(&shared->step[0]);
	while (pg_atomic_read_u64(&shared->var) == 0)
		ConditionVariableSleep(&shared->cv, 0);
	ConditionVariableCancelSleep();
	return 0;
}

static void
test_cv_broadcast(void)
{
	int i;

	reset_shared();
	for (i = 0; i < NCHILDREN; i++)
		spawn(cv_broadcast_child);
	join_all();
}

static int
cv_timeout_child(int me)
{
	/* The first call only prepares. */
	if (ConditionVariableTimedSleep(&shared->cv, 10, 0))
		return 1;
	if (!ConditionVariableTimedSleep(&shared->cv, 10, 0))
		return 2;
	if (ConditionVariableCancelSleep())
		return 3; /* nobody had signalled */

	ConditionVariablePrepareToSleep(&shared->cv);
	ConditionVariableSignal(&shared->cv); /* to ourselves */
	if (!ConditionVariableCancelSleep())
		return 4;
	return 0;
}

static void
test_cv_timeout(void)
{
	reset_shared();
	spawn(cv_timeout_child);
	join_all();
}

static bool
is_last_sleeper(void)
{
	bool last;

	SpinLockAcquire(&shared->cv.mutex);
	last = shared->cv.wakeup.tail == MyProcNumber;
	SpinLockRelease(&shared->cv.mutex);
	return last;
}

/*
 * Child 0 sleeps in front of child 1.  The one signal goes to it, and a cancel
 * comes as it wakes: the signal must go on to child 1, or that sleeps for ever.
 */
static int
cv_cancel_child(int me)
{
	volatile bool cancelled = false;

	if (me == 1)
	{
		unit_await(&shared->step[0], 1);
		ConditionVariablePrepareToSleep(&shared->cv);
		while (pg_atomic_read_u64(&shared->var) == 0)
			ConditionVariableSleep(&shared->cv, 0);
		ConditionVariableCancelSleep();
		return 0;
	}

	ConditionVariablePrepareToSleep(&shared->cv);
	unit_reach(&shared->step[0]);
	while (is_last_sleeper())
		sched_yield();
	pg_atomic_write_u64(&shared->var, 1);
	ConditionVariableSignal(&shared->cv); /* to ourselves */
	QueryCancelPending = true;
	InterruptPending = true;
	PG_TRY();
	{
		ConditionVariableSleep(&shared->cv, 0);
	}
	PG_CATCH();
	{
		cancelled = true;
		FlushErrorState();
		ConditionVariableCancelSleep();
	}
	PG_END_TRY();
	return cancelled ? 0 : 1;
}

static void
test_cv_cancel(void)
{
	reset_shared();
	spawn(cv_cancel_child);
	spawn(cv_cancel_child);
	join_all();
}

/* ---- heavyweight locks ---- */

static int
conflict_child(int me)
{
	LOCKTAG tag = relation_tag(1000);
	LOCKMODE held;
	LOCKMODE wanted;

	for (held = 1; held <= MaxLockMode; held++)
	{
		if (me == 0)
		{
			if (LockAcquire(&tag, held, false, false) != LOCKACQUIRE_OK)
				return 1;
		}
		unit_reach(&shared->step[0]);
		unit_await(&shared->step[0], 2 * held);
		if (me == 1)
		{
			for (wanted = 1; wanted <= MaxLockMode; wanted++)
			{
				bool got = LockAcquire(&tag, wanted, false, true) !=
				           LOCKACQUIRE_NOT_AVAIL;

				if (got == DoLockModesConflict(held, wanted))
					pg_atomic_fetch_add_u32(&shared->errors, 1);
				if (got)
					LockRelease(&tag, wanted, false);
			}
		}
		unit_reach(&shared->step[1]);
		unit_await(&shared->step[1], 2 * held);
		if (me == 0 && !LockRelease(&tag, held, false))
			return 2;
	}
	return 0;
}

/* All 64 pairs of modes against the documented table. */
static void
test_lock_conflicts(void)
{
	static const char *const table[] = {
		/* rows: held 1..8; columns: wanted 1..8; x: conflict */
		".......x", "......xx", "....xxxx", "...xxxxx",
		"..xx.xxx", "..xxxxxx", ".xxxxxxx", "xxxxxxxx",
	};
	int i;
	int j;

	for (i = 0; i < 8; i++)
	{
		for (j = 0; j < 8; j++)
			CU_ASSERT_EQUAL(DoLockModesConflict(i + 1, j + 1),
			                table[i][j] == 'x');
	}
	reset_shared();
	spawn(conflict_child);
	spawn(conflict_child);
	join_all();
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
}

static int
counting_child(int me)
{
	LOCKTAG tag = relation_tag(1001);

	if (LockAcquire(&tag, ShareLock, false, false) != LOCKACQUIRE_OK ||
	    LockAcquire(&tag, ShareLock, false, false) !=
	        LOCKACQUIRE_ALREADY_HELD ||
	    LockAcquire(&tag, ShareLock, true, false) != LOCKACQUIRE_ALREADY_HELD)
		return 1;
	LockRelease(&tag, ShareLock, false);
	if (!LockHeldByMe(&tag, ShareLock) ||
	    !LockOrStrongerHeldByMe(&tag, RowShareLock) ||
	    LockHeldByMe(&tag, ExclusiveLock))
		return 2;

	/* The end of a transaction leaves the session's share. */
	LockReleaseAll(DEFAULT_LOCKMETHOD, false);
	if (!LockHeldByMe(&tag, ShareLock))
		return 3;
	LockReleaseSession(DEFAULT_LOCKMETHOD);
	return LockHeldByMe(&tag, ShareLock) ? 4 : 0;
}

static void
test_lock_counting(void)
{
	reset_shared();
	spawn(counting_child);
	join_all();
}

static int
queue_child(int me)
{
	LOCKTAG tag = relation_tag(1002);

	if (me == 0)
	{
		if (try_acquire(&tag, ShareLock) != 0)
			return 1;
		unit_reach(&shared->step[0]);
		await_waiting(3);
		return 0; /* released at exit */
	}
	/* 1: exclusive, 2: share behind it, 3: share; each after the one before */
	if (me == 1)
		unit_await(&shared->step[0], 1);
	else
	{
		unit_await(&shared->step[0], 1);
		await_waiting(me - 1);
	}
	if (try_acquire(&tag, me == 1 ? ExclusiveLock : ShareLock) != 0)
		return 2;
	shared->granted_order[pg_atomic_fetch_add_u32(&shared->ngranted, 1)] = me;
	LockRelease(&tag, me == 1 ? ExclusiveLock : ShareLock, false);
	return 0;
}

/* A share request waits behind an exclusive one although it could be granted. */
static void
test_lock_queue_order(void)
{
	int i;

	reset_shared();
	for (i = 0; i < 4; i++)
		spawn(queue_child);
	join_all();
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->ngranted), 3);
	CU_ASSERT_EQUAL(shared->granted_order[0], 1);
}

static int
timeout_child(int me)
{
	LOCKTAG tag = relation_tag(1003);

	if (me == 0)
	{
		if (try_acquire(&tag, AccessExclusiveLock) != 0)
			return 1;
		unit_reach(&shared->step[0]);
		unit_await(&shared->step[1], 1);
		return 0;
	}
	unit_await(&shared->step[0], 1);
	LockTimeout = 20;
	if (try_acquire(&tag, AccessShareLock) != ERRCODE_LOCK_NOT_AVAILABLE)
		return 2;
	if (LockHeldByMe(&tag, AccessShareLock) || MyProc->waitLock != NULL)
		return 3;
	LockTimeout = 0;
	unit_reach(&shared->step[1]);
	/* The queue is in order: the next attempt works. */
	return try_acquire(&tag, AccessShareLock);
}

static void
test_lock_timeout(void)
{
	reset_shared();
	spawn(timeout_child);
	spawn(timeout_child);
	join_all();
}

static int
deadlock_child(int me)
{
	int n = 3;
	LOCKTAG mine = relation_tag(1100 + me);
	LOCKTAG next = relation_tag(1100 + (me + 1) % n);
	int rc;

	/* One of them looks; the others would only look later. */
	DeadlockTimeout = me == 0 ? 10 : 30000;
	if (try_acquire(&mine, ExclusiveLock) != 0)
		return 1;
	unit_reach(&shared->step[0]);
	unit_await(&shared->step[0], n);
	if (me == 0)
	{
		await_waiting(1);
		await_waiting(2);
	}
	rc = try_acquire(&next, ExclusiveLock);
	if (me == 0)
		return rc == ERRCODE_T_R_DEADLOCK_DETECTED ? 0 : 2;
	return rc;
}

/* A cycle of three: the one that looks is the victim, the others go on. */
static void
test_deadlock_hard(void)
{
	int i;

	reset_shared();
	for (i = 0; i < 3; i++)
		spawn(deadlock_child);
	join_all();
}

static int
deadlock_upgrade_child(int me)
{
	LOCKTAG tag = relation_tag(1200);
	int rc;

	DeadlockTimeout = 30000;
	if (try_acquire(&tag, ShareLock) != 0)
		return 1;
	unit_reach(&shared->step[0]);
	unit_await(&shared->step[0], 2);
	if (me == 1)
		await_waiting(0);
	rc = try_acquire(&tag, ExclusiveLock);

	/* The second sees it on entering the queue, without the timeout. */
	if (me == 1)
		return rc == ERRCODE_T_R_DEADLOCK_DETECTED ? 0 : 2;
	return rc;
}

static void
test_deadlock_on_upgrade(void)
{
	reset_shared();
	spawn(deadlock_upgrade_child);
	spawn(deadlock_upgrade_child);
	join_all();
}

static int
deadlock_soft_child(int me)
{
	LOCKTAG a = relation_tag(1300);
	LOCKTAG b = relation_tag(1301);

	/*
	 * 0 holds share on A, 1 queues for exclusive on A, 2 (which holds B) queues
	 * for share on A behind 1, and 0 wants B.  0 waits for 2, 2 waits for 1
	 * only by the order of the queue, 1 waits for 0.  Letting 2 overtake 1
	 * solves it.
	 */
	DeadlockTimeout = me == 0 ? 10 : 30000;
	switch (me)
	{
		case 0:
			if (try_acquire(&a, ShareLock) != 0)
				return 1;
			unit_reach(&shared->step[0]);
			unit_await(&shared->step[1], 1);
			await_waiting(2);
			if (try_acquire(&b, ExclusiveLock) != 0)
				return 2;
			shared
				->granted_order[pg_atomic_fetch_add_u32(&shared->ngranted, 1)] =
				0;
			return 0;
		case 1:
			unit_await(&shared->step[0], 1);
			unit_reach(&shared->step[2]);
			if (try_acquire(&a, ExclusiveLock) != 0)
				return 3;
			shared
				->granted_order[pg_atomic_fetch_add_u32(&shared->ngranted, 1)] =
				1;
			return 0;
		default:
			if (try_acquire(&b, ExclusiveLock) != 0)
				return 4;
			unit_await(&shared->step[2], 1);
			await_waiting(1);
			unit_reach(&shared->step[1]);
			if (try_acquire(&a, ShareLock) != 0)
				return 5;
			shared
				->granted_order[pg_atomic_fetch_add_u32(&shared->ngranted, 1)] =
				2;
			return 0;
	}
}

/* A cycle that only the order of a queue makes: nobody fails. */
static void
test_deadlock_soft(void)
{
	int i;

	reset_shared();
	for (i = 0; i < 3; i++)
		spawn(deadlock_soft_child);
	join_all();
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->ngranted), 3);
	CU_ASSERT_EQUAL(shared->granted_order[0], 2);
	CU_ASSERT_EQUAL(shared->granted_order[2], 1);
}

static int
group_child(int me)
{
	LOCKTAG rel = relation_tag(1400);
	LOCKTAG ext;
	LOCKTAG page;

	SET_LOCKTAG_RELATION_EXTEND(ext, 5, 1400);
	SET_LOCKTAG_PAGE(page, 5, 1400, 0);

	if (me == 0)
	{
		BecomeLockGroupLeader();
		if (try_acquire(&rel, AccessExclusiveLock) != 0 ||
		    try_acquire(&page, ExclusiveLock) != 0 ||
		    try_acquire(&ext, ExclusiveLock) != 0)
			return 1;
		unit_reach(&shared->step[0]);
		unit_await(&shared->step[1], 2); /* the others have looked */
		LockRelease(&ext, ExclusiveLock, false);
		LockRelease(&page, ExclusiveLock, false);
		unit_reach(&shared->step[2]);
		/* The leader goes first: its PGPROC must stay for the member. */
		return 0;
	}
	unit_await(&shared->step[0], 1);
	if (me == 1)
	{
		PGPROC *leader = proc_of(0);
		int rc = 0;

		if (BecomeLockGroupMember(leader, leader->pid + 1))
			return 2; /* not that process */
		if (!BecomeLockGroupMember(leader, leader->pid))
			return 3;
		if (LockAcquire(&rel, AccessExclusiveLock, false, true) ==
		    LOCKACQUIRE_NOT_AVAIL)
			rc = 4;
		if (LockAcquire(&page, ExclusiveLock, false, true) !=
		    LOCKACQUIRE_NOT_AVAIL)
			rc = 5;
		if (LockAcquire(&ext, ExclusiveLock, false, true) !=
		    LOCKACQUIRE_NOT_AVAIL)
			rc = 6;
		unit_reach(&shared->step[1]);
		unit_await(&shared->step[2], 1);
		if (rc == 0 && (try_acquire(&page, ExclusiveLock) != 0 ||
		                try_acquire(&ext, ExclusiveLock) != 0))
			rc = 7;
		while (*(volatile int *) &leader->pid != 0)
			sched_yield();
		return rc;
	}

	/* Not in the group: shut out. */
	if (LockAcquire(&rel, AccessShareLock, false, true) !=
	    LOCKACQUIRE_NOT_AVAIL)
		return 8;
	unit_reach(&shared->step[1]);
	return 0;
}

/*
 * Members share relation locks, conflict on page and extension locks, and a
 * leader that exits before its member leaves nothing broken.
 */
static void
test_lock_group(void)
{
	int nfree;
	int before;

	HaveNFreeProcs(MaxConnections, &before);
	reset_shared();
	spawn(group_child);
	spawn(group_child);
	spawn(group_child);
	join_all();
	HaveNFreeProcs(MaxConnections, &nfree);
	CU_ASSERT_EQUAL(nfree, before);
}

static int
stress_child(int me)
{
	unsigned seed = (unsigned) me + 1;
	int i;

	DeadlockTimeout = 5;
	for (i = 0; i < 3000; i++)
	{
		LOCKTAG a = relation_tag(1500 + rand_r(&seed) % 4);
		LOCKTAG b = relation_tag(1500 + rand_r(&seed) % 4);
		LOCKMODE m1 = 1 + rand_r(&seed) % MaxLockMode;
		LOCKMODE m2 = 1 + rand_r(&seed) % MaxLockMode;
		int rc = try_acquire(&a, m1);

		if (rc == 0)
			rc = try_acquire(&b, m2);
		if (rc != 0 && rc != ERRCODE_T_R_DEADLOCK_DETECTED)
			return 1;
		LockReleaseAll(DEFAULT_LOCKMETHOD, true);
	}
	return 0;
}

/*
 * Random modes on four relations: many deadlocks, none of them may stay, and
 * the table is empty afterwards.
 */
static void
test_lock_stress(void)
{
	int i;
	LockData *data;

	reset_shared();
	for (i = 0; i < 6; i++)
		spawn(stress_child);
	join_all();
	data = GetLockStatusData();
	CU_ASSERT_EQUAL(data->nelements, 0);
}

static int
vxid_child(int me)
{
	VirtualTransactionId vxid;

	if (me == 0)
	{
		MyProc->vxid.procNumber = MyProcNumber;
		MyProc->vxid.lxid = 7;
		GET_VXID_FROM_PGPROC(vxid, *MyProc);
		VirtualXactLockTableInsert(vxid);
		unit_reach(&shared->step[0]);
		await_waiting(1);
		shared->plain[0] = 1;
		MyProc->vxid.lxid = InvalidLocalTransactionId;
		LockReleaseAll(DEFAULT_LOCKMETHOD, true);
		return 0;
	}
	unit_await(&shared->step[0], 1);
	vxid.procNumber = shared->proc[0];
	vxid.localTransactionId = 7;
	if (VirtualXactLock(vxid, false))
		return 1;
	if (!VirtualXactLock(vxid, true) || shared->plain[0] != 1)
		return 2;
	return VirtualXactLock(vxid, false) ? 0 : 3;
}

/* Waiting for a virtual transaction moves its lock where it can be awaited. */
static void
test_virtual_xact(void)
{
	reset_shared();
	spawn(vxid_child);
	spawn(vxid_child);
	join_all();
}

int
main(int argc, char **argv)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_make_lock_memory(NULL);
	shared = unit_share(sizeof(*shared));

	CU_initialize_registry();
	suite = CU_add_suite("lmgr", NULL, NULL);
	CU_ADD_TEST(suite, test_semaphore);
	CU_ADD_TEST(suite, test_spinlock);
	CU_ADD_TEST(suite, test_lwlock_contention);
	CU_ADD_TEST(suite, test_lwlock_shared);
	CU_ADD_TEST(suite, test_lwlock_acquire_or_wait);
	CU_ADD_TEST(suite, test_lwlock_wait_for_var);
	CU_ADD_TEST(suite, test_cv_pingpong);
	CU_ADD_TEST(suite, test_cv_broadcast);
	CU_ADD_TEST(suite, test_cv_timeout);
	CU_ADD_TEST(suite, test_cv_cancel);
	CU_ADD_TEST(suite, test_lock_conflicts);
	CU_ADD_TEST(suite, test_lock_counting);
	CU_ADD_TEST(suite, test_lock_queue_order);
	CU_ADD_TEST(suite, test_lock_timeout);
	CU_ADD_TEST(suite, test_deadlock_hard);
	CU_ADD_TEST(suite, test_deadlock_on_upgrade);
	CU_ADD_TEST(suite, test_deadlock_soft);
	CU_ADD_TEST(suite, test_lock_group);
	CU_ADD_TEST(suite, test_lock_stress);
	CU_ADD_TEST(suite, test_virtual_xact);
	return unit_run();
}
