/*
 * proc.c
 *		The array of PGPROCs, and the sleep for heavyweight locks.
 *
 * Every process that touches shared memory owns a PGPROC from InitProcess to
 * ProcKill: its semaphore and latch, its place in all wait queues, its
 * transaction's numbers.  The array never moves and slots are never given back
 * to the system, so a stale pointer reads a wrong process at worst: who follows
 * one checks pid or the lock that protects what it reads.
 *
 * Sleeping for a heavyweight lock.  The partition lock protects the queue of a
 * lock.  JoinWaitQueue finds the place and enters it; ProcSleep waits for the
 * latch with no lock held.  The process that releases or leaves does everything
 * that a grant changes (ProcLockWakeup), so a waiter that is killed after the
 * grant simply owns the lock.  After deadlock_timeout the waiter itself looks
 * for a deadlock: locks rarely wait so long, and the check is dear.
 *
 * Invariants
 * 1.	waitLock is set exactly while the process is in that lock's queue.
 * 2.	waitStatus is written by the owner before it enters the queue, and by
 *		whoever takes it out of the queue, under the partition lock.
 * 3.	A lock group's leader keeps its PGPROC until the last member has left
 *		it, as members' fields are protected by a lock that its number chooses.
 *
 * Locks: ProcStructLock (a spinlock) for the free lists; partition locks, in
 * ascending order, for the rest.
 *
 * Corresponds to PostgreSQL's proc.c.  Different: no recovery conflicts and no
 * WAL senders; page locks conflict inside a lock group.
 */
#include "postgres.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "access/transam.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/injection_point.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#define PROC_HDR_MAGIC 0x50484452

StaticAssertDecl(sizeof(PGPROC) % PG_CACHE_LINE_SIZE == 0,
                 "PGPROCs must not share cache lines");

/* GUCs, in ms */
int DeadlockTimeout = 1000;
int StatementTimeout = 0;
int LockTimeout = 0;
int IdleInTransactionSessionTimeout = 0;
bool log_lock_waits = false;

/* This process's PGPROC; NULL before InitProcess and after ProcKill. */
PGPROC *MyProc = NULL;

/* The shared header; the same address in every server process. */
PROC_HDR *ProcGlobal = NULL;

/* Protects the free lists; leaf. */
static slock_t *ProcStructLock = NULL;

/* The last NUM_AUXILIARY_PROCS of the array, by pid, not on a free list. */
static PGPROC *AuxiliaryProcs = NULL;

/* Set by the handler of DEADLOCK_TIMEOUT, read by ProcSleep. */
static volatile sig_atomic_t got_deadlock_timeout;

/* The state that the last check found. */
static DeadLockState deadlock_state = DS_NOT_YET_CHECKED;

static void InitProcCommon(void);
static void ProcKill(int code, Datum arg);
static void AuxiliaryProcKill(int code, Datum arg);
static void RemoveProcFromArray(int code, Datum arg);
static void LeaveLockGroup(PGPROC *proc);
static DeadLockState CheckDeadLock(void);
static void ReportLockWait(LOCALLOCK *locallock, ProcWaitStatus status);

/* ---------------------------------------------------------------------------
 * Shared memory
 * ---------------------------------------------------------------------------
 */

Size
ProcGlobalShmemSize(void)
{
	Size total = PROCARRAY_SLOTS;
	Size size = 0;

	size = add_size(size, sizeof(PROC_HDR));
	size = add_size(size, mul_size(total, sizeof(PGPROC)));
	size = add_size(size, mul_size(total, sizeof(TransactionId)));
	size = add_size(size, mul_size(total, sizeof(uint8)));
	size = add_size(size, sizeof(slock_t));
	return add_size(size, 4 * PG_CACHE_LINE_SIZE);
}

/* How many semaphores InitProcGlobal takes. */
int
ProcGlobalSemas(void)
{
	return PROCARRAY_SLOTS;
}

/*
 * Make the array and the free lists.  Postmaster only; again at a reset.
 */
void
InitProcGlobal(void)
{
	uint32 total = PROCARRAY_SLOTS;
	PGPROC *procs;
	bool found;
	uint32 i;

	ProcGlobal =
		(PROC_HDR *) ShmemInitStruct("Proc Header", sizeof(PROC_HDR), &found);
	Assert(!found);

	ProcGlobal->magic = PROC_HDR_MAGIC;
	dlist_init(&ProcGlobal->freeProcs);
	dlist_init(&ProcGlobal->autovacFreeProcs);
	dlist_init(&ProcGlobal->bgworkerFreeProcs);
	pg_atomic_init_u32(&ProcGlobal->procArrayGroupFirst,
	                   (uint32) INVALID_PROC_NUMBER);
	ProcGlobal->walwriterProc = INVALID_PROC_NUMBER;
	ProcGlobal->checkpointerProc = INVALID_PROC_NUMBER;
	ProcGlobal->spins_per_delay = 100;

	procs = (PGPROC *) TYPEALIGN(
		PG_CACHE_LINE_SIZE, ShmemAlloc(add_size(mul_size(total, sizeof(PGPROC)),
	                                            PG_CACHE_LINE_SIZE)));
	memset(procs, 0, total * sizeof(PGPROC));
	ProcGlobal->allProcs = procs;
	ProcGlobal->allProcCount = total;
	ProcGlobal->xids =
		(TransactionId *) ShmemAlloc(total * sizeof(TransactionId));
	memset(ProcGlobal->xids, 0, total * sizeof(TransactionId));
	LWLockNoteGroup(&procs[0].fpInfoLock, (int) total, sizeof(PGPROC));
	ProcGlobal->statusFlags = (uint8 *) ShmemAlloc(total * sizeof(uint8));
	memset(ProcGlobal->statusFlags, 0, total * sizeof(uint8));

	for (i = 0; i < total; i++)
	{
		PGPROC *proc = &procs[i];
		int j;

		proc->magic = PGPROC_MAGIC;
		proc->sem = PGSemaphoreCreate();
		InitSharedLatch(&proc->procLatch);
		LWLockInitialize(&proc->fpInfoLock, LWTRANCHE_LOCK_FASTPATH);
		for (j = 0; j < NUM_LOCK_PARTITIONS; j++)
			dlist_init(&proc->myProcLocks[j]);
		dlist_init(&proc->lockGroupMembers);
		pg_atomic_init_u32(&proc->procArrayGroupNext,
		                   (uint32) INVALID_PROC_NUMBER);
		pg_atomic_init_u64(&proc->waitStart, 0);
		proc->vxid.procNumber = INVALID_PROC_NUMBER;

		/* Background workers have the last of the backends' slots. */
		if (i >= (uint32) MaxBackends)
			continue;
		if (i < (uint32) MaxConnections)
			proc->procgloballist = &ProcGlobal->freeProcs;
		else
			proc->procgloballist = &ProcGlobal->bgworkerFreeProcs;
		dlist_push_tail(proc->procgloballist, &proc->links);
	}
	AuxiliaryProcs = &procs[MaxBackends];

	ProcStructLock = (slock_t *) ShmemAlloc(sizeof(slock_t));
	SpinLockInit(ProcStructLock);
}

/* ---------------------------------------------------------------------------
 * Life of a process
 * ---------------------------------------------------------------------------
 */

/*
 * Take a PGPROC for a backend or background worker.  From here on this process
 * must leave through proc_exit, or all of shared memory is reset.
 */
void
InitProcess(void)
{
	dlist_head *procgloballist;

	if (ProcGlobal == NULL)
		elog(PANIC, "proc header uninitialized");
	if (MyProc != NULL)
		elog(ERROR, "you already exist");
	Assert(ProcGlobal->magic == PROC_HDR_MAGIC);

	INJECTION_POINT("proc-init");
	/* The postmaster must know before shared memory is touched. */
	if (IsUnderPostmaster)
		RegisterPostmasterChildActive();

	procgloballist = IsBackgroundWorker ? &ProcGlobal->bgworkerFreeProcs
	                                    : &ProcGlobal->freeProcs;

	SpinLockAcquire(ProcStructLock);
	set_spins_per_delay(ProcGlobal->spins_per_delay);
	if (!dlist_is_empty(procgloballist))
		MyProc =
			dlist_container(PGPROC, links, dlist_pop_head_node(procgloballist));
	SpinLockRelease(ProcStructLock);

	if (MyProc == NULL)
		ereport(FATAL, (errcode(ERRCODE_TOO_MANY_CONNECTIONS),
		                errmsg("sorry, too many clients already")));
	Assert(MyProc->magic == PGPROC_MAGIC);
	Assert(MyProc->procgloballist == procgloballist);

	MyProc->isBackgroundWorker = IsBackgroundWorker;
	MyProc->isRegularBackend = !IsBackgroundWorker;
	InitProcCommon();
	MyProc->pid = MyProcPid;

	on_shmem_exit(ProcKill, 0);
	InitLWLockAccess();
	InitDeadLockChecking();
}

/*
 * Second half, when the process can take LWLocks: become visible to snapshots.
 */
void
InitProcessPhase2(void)
{
	Assert(MyProc != NULL);
	INJECTION_POINT("proc-array-add");
	ProcArrayAdd(MyProc);
	on_shmem_exit(RemoveProcFromArray, 0);
}

/*
 * Take a PGPROC for an auxiliary process.  It runs no transactions and is not
 * in the ProcArray.
 */
void
InitAuxiliaryProcess(void)
{
	PGPROC *auxproc = NULL;
	int proctype;

	if (ProcGlobal == NULL || AuxiliaryProcs == NULL)
		elog(PANIC, "proc header uninitialized");
	if (MyProc != NULL)
		elog(ERROR, "you already exist");

	if (IsUnderPostmaster)
		RegisterPostmasterChildActive();

	SpinLockAcquire(ProcStructLock);
	set_spins_per_delay(ProcGlobal->spins_per_delay);
	for (proctype = 0; proctype < NUM_AUXILIARY_PROCS; proctype++)
	{
		if (AuxiliaryProcs[proctype].pid == 0)
		{
			auxproc = &AuxiliaryProcs[proctype];
			auxproc->pid = MyProcPid; /* taken */
			break;
		}
	}
	SpinLockRelease(ProcStructLock);
	if (auxproc == NULL)
		elog(FATAL, "all AuxiliaryProcs are in use");

	MyProc = auxproc;
	MyProc->isBackgroundWorker = false;
	MyProc->isRegularBackend = false;
	InitProcCommon();

	on_shmem_exit(AuxiliaryProcKill, Int32GetDatum(proctype));
	InitLWLockAccess();
}

/* The fields that every new owner starts with. */
static void
InitProcCommon(void)
{
	int i;

	MyProcNumber = GetNumberFromPGProc(MyProc);

	MyProc->waitStatus = PROC_WAIT_STATUS_OK;
	MyProc->xid = InvalidTransactionId;
	MyProc->xmin = InvalidTransactionId;
	MyProc->vxid.procNumber = INVALID_PROC_NUMBER;
	MyProc->vxid.lxid = InvalidLocalTransactionId;
	MyProc->databaseId = InvalidOid;
	MyProc->roleId = InvalidOid;
	MyProc->tempNamespaceId = InvalidOid;
	MyProc->delayChkptFlags = 0;
	MyProc->statusFlags = 0;
	MyProc->directReader = false;
	MyProc->directShort = false;
	MyProc->lwWaiting = LW_WS_NOT_WAITING;
	MyProc->lwWaitMode = 0;
	MyProc->waitLock = NULL;
	MyProc->waitProcLock = NULL;
	MyProc->heldLocks = 0;
	pg_atomic_write_u64(&MyProc->waitStart, 0);
	MyProc->fpVXIDLock = false;
	MyProc->fpLocalTransactionId = InvalidLocalTransactionId;
	MyProc->procArrayGroupMember = false;
	Assert(MyProc->lockGroupLeader == NULL);
	Assert(dlist_is_empty(&MyProc->lockGroupMembers));
	Assert(MyProc->cvWaitLink.next == 0 && MyProc->cvWaitLink.prev == 0);
	Assert(MyProc->lwWaitLink.next == 0 && MyProc->lwWaitLink.prev == 0);
	for (i = 0; i < NUM_LOCK_PARTITIONS; i++)
		Assert(dlist_is_empty(&MyProc->myProcLocks[i]));

	OwnLatch(&MyProc->procLatch);
	SwitchToSharedLatch();
	pgstat_set_wait_event_storage(&MyProc->wait_event_info);

	/* A forerunner may have died between a wake-up and its sleep. */
	PGSemaphoreReset(MyProc->sem);
}

static void
RemoveProcFromArray(int code, Datum arg)
{
	Assert(MyProc != NULL);
	INJECTION_POINT_NOTHROW("proc-array-remove");
	ProcArrayRemove(MyProc, InvalidTransactionId);
}

/*
 * Give the PGPROC back; nearly the last exit callback.
 */
static void
ProcKill(int code, Datum arg)
{
	PGPROC *proc;

	Assert(MyProc != NULL);
	if (MyProc->pid != (int) getpid())
		elog(PANIC, "ProcKill() called in child process");
	INJECTION_POINT_NOTHROW("proc-kill");

	LWLockReleaseAll();
	ConditionVariableCancelSleep();
	LeaveLockGroup(MyProc);

	SwitchBackToLocalLatch();
	pgstat_reset_wait_event_storage();

	proc = MyProc;
	MyProc = NULL;
	MyProcNumber = INVALID_PROC_NUMBER;
	DisownLatch(&proc->procLatch);

	proc->vxid.procNumber = INVALID_PROC_NUMBER;
	proc->vxid.lxid = InvalidLocalTransactionId;

	SpinLockAcquire(ProcStructLock);
	proc->pid = 0;
	/* Invariant 3: a leader with members is freed by the last of them. */
	if (proc->lockGroupLeader == NULL)
	{
		Assert(dlist_is_empty(&proc->lockGroupMembers));
		dlist_push_tail(proc->procgloballist, &proc->links);
	}
	ProcGlobal->spins_per_delay =
		update_spins_per_delay(ProcGlobal->spins_per_delay);
	SpinLockRelease(ProcStructLock);
}

static void
AuxiliaryProcKill(int code, Datum arg)
{
	int proctype = DatumGetInt32(arg);
	PGPROC *proc;

	Assert(proctype >= 0 && proctype < NUM_AUXILIARY_PROCS);
	if (MyProc->pid != (int) getpid())
		elog(PANIC, "AuxiliaryProcKill() called in child process");
	INJECTION_POINT_NOTHROW("proc-kill-auxiliary");
	Assert(MyProc == &AuxiliaryProcs[proctype]);

	LWLockReleaseAll();
	ConditionVariableCancelSleep();
	SwitchBackToLocalLatch();
	pgstat_reset_wait_event_storage();

	proc = MyProc;
	MyProc = NULL;
	MyProcNumber = INVALID_PROC_NUMBER;
	DisownLatch(&proc->procLatch);

	SpinLockAcquire(ProcStructLock);
	proc->pid = 0; /* free */
	ProcGlobal->spins_per_delay =
		update_spins_per_delay(ProcGlobal->spins_per_delay);
	SpinLockRelease(ProcStructLock);
}

/* Are there n free slots for regular backends?  *nfree: how many, up to n. */
bool
HaveNFreeProcs(int n, int *nfree)
{
	dlist_iter iter;

	*nfree = 0;
	SpinLockAcquire(ProcStructLock);
	dlist_foreach (iter, &ProcGlobal->freeProcs)
	{
		(*nfree)++;
		if (*nfree == n)
			break;
	}
	SpinLockRelease(ProcStructLock);
	return *nfree == n;
}

/* ---------------------------------------------------------------------------
 * Lock groups
 * ---------------------------------------------------------------------------
 */

/*
 * Become leader of a group of one.  Stays so until exit.
 */
void
BecomeLockGroupLeader(void)
{
	LWLock *leader_lwlock;

	if (MyProc->lockGroupLeader == MyProc)
		return;
	INJECTION_POINT("lock-group-lead");
	Assert(MyProc->lockGroupLeader == NULL); /* no group in a group */

	leader_lwlock = LockHashPartitionLockByProc(MyProc);
	LWLockAcquire(leader_lwlock, LW_EXCLUSIVE);
	MyProc->lockGroupLeader = MyProc;
	dlist_push_head(&MyProc->lockGroupMembers, &MyProc->lockGroupLink);
	LWLockRelease(leader_lwlock);
}

/*
 * Join a leader's group, before any heavyweight lock is taken.  False if the
 * leader has gone, and its PGPROC perhaps is another process's by now: pid and
 * leadership are checked under the lock that both would have to change under.
 */
bool
BecomeLockGroupMember(PGPROC *leader, int pid)
{
	LWLock *leader_lwlock;
	bool ok = false;

	Assert(MyProc != leader);
	Assert(MyProc->lockGroupLeader == NULL);
	Assert(pid != 0);

	INJECTION_POINT("lock-group-join");
	leader_lwlock = LockHashPartitionLockByProc(leader);
	LWLockAcquire(leader_lwlock, LW_EXCLUSIVE);
	if (leader->pid == pid && leader->lockGroupLeader == leader)
	{
		ok = true;
		MyProc->lockGroupLeader = leader;
		dlist_push_tail(&leader->lockGroupMembers, &MyProc->lockGroupLink);
	}
	LWLockRelease(leader_lwlock);
	return ok;
}

/*
 * At exit.  The last one to leave frees a leader that left before.
 */
static void
LeaveLockGroup(PGPROC *proc)
{
	PGPROC *leader = proc->lockGroupLeader;
	LWLock *leader_lwlock;

	if (leader == NULL)
		return;

	INJECTION_POINT_NOTHROW("lock-group-leave");
	leader_lwlock = LockHashPartitionLockByProc(leader);
	LWLockAcquire(leader_lwlock, LW_EXCLUSIVE);
	Assert(!dlist_is_empty(&leader->lockGroupMembers));
	dlist_delete(&proc->lockGroupLink);
	if (dlist_is_empty(&leader->lockGroupMembers))
	{
		/*
		 * A leader that has finished its exit (pid 0) left it to us to free its
		 * PGPROC; one that has not will find that it has no group any more and
		 * free it itself.  The spinlock decides which.
		 */
		SpinLockAcquire(ProcStructLock);
		leader->lockGroupLeader = NULL;
		if (leader != proc && leader->pid == 0)
			dlist_push_tail(leader->procgloballist, &leader->links);
		SpinLockRelease(ProcStructLock);
	}
	if (leader != proc)
		proc->lockGroupLeader = NULL;
	LWLockRelease(leader_lwlock);
}

/* ---------------------------------------------------------------------------
 * Waiting for heavyweight locks
 * ---------------------------------------------------------------------------
 */

/*
 * At the end of a transaction; session locks stay at commit.
 */
void
ProcReleaseLocks(bool isCommit)
{
	if (MyProc == NULL)
		return;
	LockErrorCleanup();
	LockReleaseAll(DEFAULT_LOCKMETHOD, !isCommit);
	LockReleaseAll(USER_LOCKMETHOD, false);
}

/*
 * Enter the queue of a lock, partition lock held exclusively and still held on
 * return.
 *
 * The place is the tail, unless somebody in the queue waits for what we (or our
 * group) hold: we go before the first such, as it could not be served before us
 * anyway.  If that one in turn holds what we want, nobody could ever move.
 *
 * Returns WAITING (in the queue), OK (granted after all) or ERROR (deadlock,
 * remembered for DeadLockReport; or dontWait).
 */
ProcWaitStatus
JoinWaitQueue(LOCALLOCK *locallock, LockMethod lockMethodTable, bool dontWait)
{
	LOCKMODE lockmode = locallock->tag.mode;
	LOCK *lock = locallock->lock;
	PROCLOCK *proclock = locallock->proclock;
	LOCKMASK myHeldLocks = proclock->holdMask;
	PGPROC *leader = NULL;
	PGPROC *insert_before = NULL;
	dlist_iter iter;

	Assert(LWLockHeldByMeInMode(LockHashPartitionLock(locallock->hashcode),
	                            LW_EXCLUSIVE));

	/* For locks that conflict inside a group, the group does not matter. */
	if (!LockTagConflictsInGroup(&lock->tag))
		leader = MyProc->lockGroupLeader;

	if (leader != NULL)
	{
		dlist_foreach (iter, &lock->procLocks)
		{
			PROCLOCK *other = dlist_container(PROCLOCK, lockLink, iter.cur);

			if (other->groupLeader == leader)
				myHeldLocks |= other->holdMask;
		}
	}

	if (myHeldLocks != 0)
	{
		LOCKMASK aheadRequests = 0;

		dlist_foreach (iter, &lock->waitProcs)
		{
			PGPROC *proc = dlist_container(PGPROC, waitLink, iter.cur);

			/* Our own group neither blocks us nor waits for us. */
			if (leader != NULL && leader == proc->lockGroupLeader)
				continue;

			if (lockMethodTable->conflictTab[proc->waitLockMode] & myHeldLocks)
			{
				if (lockMethodTable->conflictTab[lockmode] & proc->heldLocks)
				{
					RememberSimpleDeadLock(MyProc, lockmode, lock, proc);
					return PROC_WAIT_STATUS_ERROR;
				}
				if ((lockMethodTable->conflictTab[lockmode] & aheadRequests) ==
				        0 &&
				    !LockCheckConflicts(lockMethodTable, lockmode, lock,
				                        proclock))
				{
					GrantLock(lock, proclock, lockmode);
					return PROC_WAIT_STATUS_OK;
				}
				insert_before = proc;
				break;
			}
			aheadRequests |= LOCKBIT_ON(proc->waitLockMode);
		}
	}

	if (dontWait)
		return PROC_WAIT_STATUS_ERROR;

	if (insert_before != NULL)
		dlist_insert_before(&insert_before->waitLink, &MyProc->waitLink);
	else
		dlist_push_tail(&lock->waitProcs, &MyProc->waitLink);
	lock->waitMask |= LOCKBIT_ON(lockmode);

	MyProc->heldLocks = myHeldLocks;
	MyProc->waitLock = lock;
	MyProc->waitProcLock = proclock;
	MyProc->waitLockMode = lockmode;
	MyProc->waitStatus = PROC_WAIT_STATUS_WAITING;
	return PROC_WAIT_STATUS_WAITING;
}

/*
 * People come before an autovacuum, unless it must keep xids from wrapping
 * around.  The process may have ended or gone on meanwhile: a cancel too many
 * costs it one table, which the next round comes to.
 */
static void
CancelBlockingAutovacuum(void)
{
	PGPROC *autovac = GetBlockingAutoVacuumPgproc();
	uint8 flags;
	int pid;

	if (autovac == NULL)
		return;
	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	flags = autovac->statusFlags;
	pid = autovac->pid;
	LWLockRelease(ProcArrayLock);
	if ((flags & PROC_IS_AUTOVACUUM) == 0 ||
	    (flags & PROC_VACUUM_FOR_WRAPAROUND) != 0 || pid == 0)
		return;
	ereport(DEBUG1, (errmsg_internal(
						"sending cancel to blocking autovacuum PID %d", pid)));
	if (kill(pid, SIGINT) < 0 && errno != ESRCH)
		ereport(WARNING,
		        (errmsg("could not send signal to process %d: %m", pid)));
}

/*
 * In the queue: sleep until granted (OK) or found in a deadlock (ERROR).  No
 * lock is held.  An interrupt's ERROR leaves through abort processing, where
 * LockErrorCleanup takes us out of the queue.
 */
/*
 * Of those that hold what I wait for, the ones that do so only for a client that
 * searches by itself are asked to let it go (tcop/direct.h): they wait for that
 * client's next message, so nothing else would tell them.
 */
static void
AskDirectReaders(LOCALLOCK *locallock)
{
	LWLock *partitionLock = LockHashPartitionLock(locallock->hashcode);
	LOCKMASK conflicts = GetLockTagsMethodTable(&locallock->tag.lock)
	                         ->conflictTab[locallock->tag.mode];
	ProcNumber *readers = NULL;
	int n = 0;
	dlist_iter iter;

	/* those on pages, which are held for moments, come free by themselves */
	if (LockTagConflictsInGroup(&locallock->tag.lock))
		return;
	LWLockAcquire(partitionLock, LW_SHARED);
	dlist_foreach (iter, &locallock->lock->procLocks)
	{
		PROCLOCK *other = dlist_container(PROCLOCK, lockLink, iter.cur);
		PGPROC *proc = other->tag.myProc;

		if (proc == MyProc || (other->holdMask & conflicts) == 0 ||
		    !*(volatile bool *) &proc->directReader)
			continue;
		if (readers == NULL)
			readers = palloc_array(ProcNumber, MaxBackends);
		if (n < MaxBackends)
			readers[n++] = GetNumberFromPGProc(proc);
	}
	LWLockRelease(partitionLock);
	for (int i = 0; i < n; i++)
	{
		INJECTION_POINT("direct-conflict-signal");
		(void) SendProcSignal(GetPGProcByNumber(readers[i])->pid,
		                      PROCSIG_DIRECT_CONFLICT, readers[i]);
	}
	if (readers != NULL)
		pfree(readers);
}

ProcWaitStatus
ProcSleep(LOCALLOCK *locallock)
{
	ProcWaitStatus myWaitStatus;

	Assert(!LWLockHeldByMe(LockHashPartitionLock(locallock->hashcode)));
	INJECTION_POINT("lock-wait");

	deadlock_state = DS_NOT_YET_CHECKED;
	got_deadlock_timeout = false;

	/*
	 * Timers before the sleep; their handlers only set the latch.  Both are
	 * started together so that the lock timeout counts from now too.
	 */
	if (LockTimeout > 0)
	{
		EnableTimeoutParams timeouts[2];

		timeouts[0].id = DEADLOCK_TIMEOUT;
		timeouts[0].type = TMPARAM_AFTER;
		timeouts[0].delay_ms = DeadlockTimeout;
		timeouts[1].id = LOCK_TIMEOUT;
		timeouts[1].type = TMPARAM_AFTER;
		timeouts[1].delay_ms = LockTimeout;
		enable_timeouts(timeouts, 2);
	}
	else
		enable_timeout_after(DEADLOCK_TIMEOUT, DeadlockTimeout);
	pg_atomic_write_u64(&MyProc->waitStart, (uint64) GetCurrentTimestamp());
	/* nobody waits for a snapshot that is gone, maybe with what I wait for */
	if (!TransactionIdIsValid(MyProc->xmin))
		VirtualXactLockHandOver();
	AskDirectReaders(locallock);

	do
	{
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
		                 PG_WAIT_LOCK | locallock->tag.lock.locktag_type);
		ResetLatch(MyLatch);
		if (got_deadlock_timeout)
		{
			got_deadlock_timeout = false;
			deadlock_state = CheckDeadLock();
			if (deadlock_state == DS_BLOCKED_BY_AUTOVACUUM)
				CancelBlockingAutovacuum();
		}
		CHECK_FOR_INTERRUPTS();

		/*
		 * Read without the lock: it changes once, from WAITING, and what the
		 * grantor wrote before is visible through the latch's barriers.
		 */
		myWaitStatus = *((volatile ProcWaitStatus *) &MyProc->waitStatus);

		if (log_lock_waits && deadlock_state != DS_NOT_YET_CHECKED)
			ReportLockWait(locallock, myWaitStatus);
	} while (myWaitStatus == PROC_WAIT_STATUS_WAITING);

	/*
	 * The lock timeout's indicator goes too: if it fired just now the lock came
	 * in time, and the next wait must not be blamed.
	 */
	if (LockTimeout > 0)
	{
		DisableTimeoutParams timeouts[2];

		timeouts[0].id = DEADLOCK_TIMEOUT;
		timeouts[0].keep_indicator = false;
		timeouts[1].id = LOCK_TIMEOUT;
		timeouts[1].keep_indicator = false;
		disable_timeouts(timeouts, 2);
	}
	else
		disable_timeout(DEADLOCK_TIMEOUT, false);
	pg_atomic_write_u64(&MyProc->waitStart, 0);
	return myWaitStatus;
}

/*
 * Take a process out of a wait queue and wake it; partition lock held.
 */
void
ProcWakeup(PGPROC *proc, ProcWaitStatus waitStatus)
{
	Assert(proc->waitLock != NULL);
	Assert(proc->waitStatus == PROC_WAIT_STATUS_WAITING);

	dlist_delete(&proc->waitLink);
	INJECTION_POINT_NOTHROW("lock-wake");
	proc->waitLock = NULL;
	proc->waitProcLock = NULL;
	pg_write_barrier(); /* before the status that ProcSleep reads */
	proc->waitStatus = waitStatus;
	SetLatch(&proc->procLatch);
}

/*
 * Something was released or left the queue: grant what can be granted, in
 * order, nobody overtaking one that it conflicts with.  Partition lock held.
 */
void
ProcLockWakeup(LockMethod lockMethodTable, LOCK *lock)
{
	LOCKMASK aheadRequests = 0;
	dlist_mutable_iter iter;

	dlist_foreach_modify (iter, &lock->waitProcs)
	{
		PGPROC *proc = dlist_container(PGPROC, waitLink, iter.cur);
		LOCKMODE lockmode = proc->waitLockMode;

		if ((lockMethodTable->conflictTab[lockmode] & aheadRequests) == 0 &&
		    !LockCheckConflicts(lockMethodTable, lockmode, lock,
		                        proc->waitProcLock))
		{
			GrantLock(lock, proc->waitProcLock, lockmode);
			ProcWakeup(proc, PROC_WAIT_STATUS_OK);
		}
		else
			aheadRequests |= LOCKBIT_ON(lockmode);
	}
}

/*
 * Look for a deadlock that this process is part of.  All partitions are locked:
 * the graph goes anywhere.
 */
static DeadLockState
CheckDeadLock(void)
{
	DeadLockState result;
	int i;

	INJECTION_POINT("lock-check-deadlock");
	for (i = 0; i < NUM_LOCK_PARTITIONS; i++)
		LWLockAcquire(LockHashPartitionLockByIndex(i), LW_EXCLUSIVE);

	if (MyProc->waitLock == NULL)
		result = DS_NO_DEADLOCK; /* granted meanwhile */
	else
	{
		result = DeadLockCheck(MyProc);
		if (result == DS_HARD_DEADLOCK)
		{
			/* We are the victim: leave the queue; ProcSleep sees ERROR. */
			Assert(MyProc->waitLock != NULL);
			RemoveFromWaitQueue(MyProc,
			                    LockTagHashCode(&MyProc->waitLock->tag));
		}
	}

	for (i = NUM_LOCK_PARTITIONS; --i >= 0;)
		LWLockRelease(LockHashPartitionLockByIndex(i));
	return result;
}

/* Handler of DEADLOCK_TIMEOUT: runs in a signal handler. */
void
CheckDeadLockAlert(void)
{
	int save_errno = errno;

	got_deadlock_timeout = true;

	/* The sleeper may be about to wait again: the latch keeps it awake. */
	SetLatch(MyLatch);
	errno = save_errno;
}

/* log_lock_waits: one message per check and one when the wait is over. */
static void
ReportLockWait(LOCALLOCK *locallock, ProcWaitStatus status)
{
	static DeadLockState reported = DS_NOT_YET_CHECKED;
	StringInfoData buf;
	const char *modename;
	long secs;
	int usecs;
	long msecs;

	if (status == PROC_WAIT_STATUS_WAITING && reported == deadlock_state)
		return;
	reported = deadlock_state;

	initStringInfo(&buf);
	DescribeLockTag(&buf, &locallock->tag.lock);
	modename = GetLockmodeName(locallock->tag.lock.locktag_lockmethodid,
	                           locallock->tag.mode);
	TimestampDifference((TimestampTz) pg_atomic_read_u64(&MyProc->waitStart),
	                    GetCurrentTimestamp(), &secs, &usecs);
	msecs = secs * 1000 + usecs / 1000;
	usecs = usecs % 1000;

	if (deadlock_state == DS_SOFT_DEADLOCK)
		ereport(LOG, (errmsg("process %d avoided deadlock for %s on %s by "
		                     "rearranging queue order after %ld.%03d ms",
		                     MyProcPid, modename, buf.data, msecs, usecs)));
	else if (deadlock_state == DS_HARD_DEADLOCK)
		ereport(LOG, (errmsg("process %d detected deadlock while waiting for "
		                     "%s on %s after %ld.%03d ms",
		                     MyProcPid, modename, buf.data, msecs, usecs)));

	if (status == PROC_WAIT_STATUS_WAITING)
		ereport(
			LOG,
			(errmsg("process %d still waiting for %s on %s after %ld.%03d ms",
		            MyProcPid, modename, buf.data, msecs, usecs)));
	else if (status == PROC_WAIT_STATUS_OK)
		ereport(LOG, (errmsg("process %d acquired %s on %s after %ld.%03d ms",
		                     MyProcPid, modename, buf.data, msecs, usecs)));
	if (status != PROC_WAIT_STATUS_WAITING)
		reported = DS_NOT_YET_CHECKED;
	pfree(buf.data);
}

bool
IsWaitingForLock(void)
{
	return GetAwaitedLock() != NULL;
}

/*
 * A wait for a heavyweight lock ended by an error: leave the queue, or keep
 * books of a grant that came just before.  Does nothing if there was no wait.
 */
void
LockErrorCleanup(void)
{
	LOCALLOCK *lockAwaited;
	LWLock *partitionLock;
	DisableTimeoutParams timeouts[2];

	HOLD_INTERRUPTS();

	lockAwaited = GetAwaitedLock();
	if (lockAwaited == NULL)
	{
		RESUME_INTERRUPTS();
		return;
	}

	INJECTION_POINT_NOTHROW("lock-error-cleanup");
	/* The lock timeout's indicator is kept: it may be why we are here. */
	timeouts[0].id = DEADLOCK_TIMEOUT;
	timeouts[0].keep_indicator = false;
	timeouts[1].id = LOCK_TIMEOUT;
	timeouts[1].keep_indicator = true;
	disable_timeouts(timeouts, 2);
	pg_atomic_write_u64(&MyProc->waitStart, 0);

	partitionLock = LockHashPartitionLock(lockAwaited->hashcode);
	LWLockAcquire(partitionLock, LW_EXCLUSIVE);
	if (MyProc->waitLock != NULL)
		RemoveFromWaitQueue(MyProc, lockAwaited->hashcode);
	else if (MyProc->waitStatus == PROC_WAIT_STATUS_OK)
		GrantAwaitedLock();
	ResetAwaitedLock();
	LWLockRelease(partitionLock);

	RESUME_INTERRUPTS();
}

/* ---------------------------------------------------------------------------
 * Plain signals between processes
 * ---------------------------------------------------------------------------
 */

/* Wait for ProcSendSignal; may return without one. */
void
ProcWaitForSignal(uint32 wait_event_info)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
	                 wait_event_info);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

void
ProcSendSignal(ProcNumber procNumber)
{
	Assert(procNumber >= 0 && procNumber < (int) ProcGlobal->allProcCount);
	SetLatch(&GetPGProcByNumber(procNumber)->procLatch);
}
