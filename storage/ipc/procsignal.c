/*
 * procsignal.c
 *		SIGUSR1 with reasons: a flag per process and reason, then the signal.
 *
 * The slot of a process is at its ProcNumber.  The pid in it says whose it is;
 * a sender checks it under the slot's spinlock, which the owner takes to come
 * and go, so a flag never ends up with a successor.
 *
 * Corresponds to PostgreSQL's procsignal.c.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "access/parallel.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "storage/sinval.h"
#include "storage/spin.h"
#include "tcop/direct.h"
#include "utils/injection_point.h"
#include "utils/injection_step.h"

#define PROCSIGNAL_MAGIC 0x50534731

typedef struct ProcSignalSlot
{
	slock_t mutex;        /* for coming, going, and sending */
	pg_atomic_uint32 pid; /* [L:mutex], read without it in scans; 0: free */
	int32 cancel_key;     /* [L:mutex] */
	volatile sig_atomic_t flags[NUM_PROCSIGNALS]; /* [A] */
} ProcSignalSlot;

typedef struct ProcSignalHeader
{
	uint32 magic; /* [C] */
	ProcSignalSlot slot[FLEXIBLE_ARRAY_MEMBER];
} ProcSignalHeader;

static ProcSignalHeader *ProcSignal = NULL;
static ProcSignalSlot *MyProcSignalSlot = NULL;

static void CleanupProcSignalState(int status, Datum arg);

Size
ProcSignalShmemSize(void)
{
	return add_size(offsetof(ProcSignalHeader, slot),
	                mul_size(PROCARRAY_SLOTS, sizeof(ProcSignalSlot)));
}

void
ProcSignalShmemInit(void)
{
	bool found;
	int i;

	ProcSignal = (ProcSignalHeader *) ShmemInitStruct(
		"ProcSignal", ProcSignalShmemSize(), &found);
	if (found)
		return;
	memset(ProcSignal, 0, ProcSignalShmemSize());
	ProcSignal->magic = PROCSIGNAL_MAGIC;
	for (i = 0; i < PROCARRAY_SLOTS; i++)
	{
		SpinLockInit(&ProcSignal->slot[i].mutex);
		pg_atomic_init_u32(&ProcSignal->slot[i].pid, 0);
	}
}

void
ProcSignalInit(int32 cancel_key)
{
	ProcSignalSlot *slot;
	uint32 old_pid;

	Assert(MyProcNumber >= 0 && MyProcNumber < PROCARRAY_SLOTS);
	slot = &ProcSignal->slot[MyProcNumber];

	INJECTION_POINT("procsignal-init");
	SpinLockAcquire(&slot->mutex);
	old_pid = pg_atomic_read_u32(&slot->pid);
	memset((void *) slot->flags, 0, sizeof(slot->flags));
	slot->cancel_key = cancel_key;
	pg_atomic_write_u32(&slot->pid, (uint32) MyProcPid);
	SpinLockRelease(&slot->mutex);

	if (old_pid != 0)
		elog(LOG,
		     "process %d taking over ProcSignal slot %d, but it's not empty",
		     MyProcPid, MyProcNumber);
	MyProcSignalSlot = slot;
	on_shmem_exit(CleanupProcSignalState, 0);
}

static void
CleanupProcSignalState(int status, Datum arg)
{
	ProcSignalSlot *slot = MyProcSignalSlot;

	INJECTION_POINT_NOTHROW("procsignal-leave");
	/* A signal from now on finds no slot, and does nothing. */
	MyProcSignalSlot = NULL;
	SpinLockAcquire(&slot->mutex);
	pg_atomic_write_u32(&slot->pid, 0);
	slot->cancel_key = 0;
	SpinLockRelease(&slot->mutex);
}

static bool
SendTo(ProcSignalSlot *slot, pid_t pid, ProcSignalReason reason)
{
	bool ok;

	SpinLockAcquire(&slot->mutex);
	ok = pg_atomic_read_u32(&slot->pid) == (uint32) pid;
	if (ok)
		slot->flags[reason] = true;
	SpinLockRelease(&slot->mutex);
	return ok;
}

static int
SendSigusr1(pid_t pid)
{
	int result = kill(pid, SIGUSR1);

	if (STEP_IS_ON())
		InjectionStepSignalled((int) pid);
	return result;
}

int
SendProcSignal(pid_t pid, ProcSignalReason reason, ProcNumber procNumber)
{
	int i;

	INJECTION_POINT_NOTHROW("procsignal-send");
	if (procNumber != INVALID_PROC_NUMBER)
	{
		Assert(procNumber < PROCARRAY_SLOTS);
		if (SendTo(&ProcSignal->slot[procNumber], pid, reason))
			return SendSigusr1(pid);
	}
	else
	{
		for (i = PROCARRAY_SLOTS; --i >= 0;)
		{
			ProcSignalSlot *slot = &ProcSignal->slot[i];

			if (pg_atomic_read_u32(&slot->pid) == (uint32) pid &&
			    SendTo(slot, pid, reason))
				return SendSigusr1(pid);
		}
	}
	errno = ESRCH;
	return -1;
}

void
SendCancelRequest(int backendPID, int32 cancelAuthCode)
{
	int i;

	if (backendPID == 0)
		return;
	INJECTION_POINT("cancel-request");
	for (i = 0; i < PROCARRAY_SLOTS; i++)
	{
		ProcSignalSlot *slot = &ProcSignal->slot[i];
		bool match;

		if (pg_atomic_read_u32(&slot->pid) != (uint32) backendPID)
			continue;
		SpinLockAcquire(&slot->mutex);
		match = pg_atomic_read_u32(&slot->pid) == (uint32) backendPID;
		if (match && slot->cancel_key != 0 &&
		    slot->cancel_key == cancelAuthCode)
		{
			/* Under the mutex: the process cannot have become another. */
			kill(backendPID, SIGINT);
			SpinLockRelease(&slot->mutex);
			return;
		}
		SpinLockRelease(&slot->mutex);
		if (match)
		{
			ereport(LOG, (errmsg("wrong key in cancel request for process %d",
			                     backendPID)));
			return;
		}
	}
	ereport(LOG, (errmsg("PID %d in cancel request did not match any process",
	                     backendPID)));
}

static bool
CheckProcSignal(ProcSignalReason reason)
{
	volatile ProcSignalSlot *slot = MyProcSignalSlot;

	if (slot == NULL || !slot->flags[reason])
		return false;
	slot->flags[reason] = false;
	return true;
}

void
procsignal_sigusr1_handler(int postgres_signal_arg)
{
	int save_errno = errno;

	INJECTION_POINT_NOTHROW("procsignal-receive");
	if (CheckProcSignal(PROCSIG_CATCHUP_INTERRUPT))
		HandleCatchupInterrupt();
	if (CheckProcSignal(PROCSIG_PARALLEL_MESSAGE))
		HandleParallelMessageInterrupt();
	if (CheckProcSignal(PROCSIG_DIRECT_CONFLICT))
		HandleDirectConflictInterrupt();
	SetLatch(MyLatch);
	errno = save_errno;
}
