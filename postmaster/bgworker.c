/*
 * bgworker.c
 *		Background workers: the table of slots through which backends ask the
 *		postmaster for processes.
 *
 * A slot belongs to the backends (under BackgroundWorkerLock) while in_use is
 * false, and to the postmaster while it is true: the postmaster takes no locks,
 * so ownership changes by that one flag, with barriers around it.  The only
 * thing that a backend may do to a slot in use is to set terminate.
 *
 * A handle is a slot and its generation: when the slot has been given to another
 * worker the handle says that its worker has stopped.
 *
 * Two counters say how many parallel workers there are: one only the backends
 * raise, one only the postmaster.
 *
 * Corresponds to PostgreSQL's bgworker.c.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "postmaster/bgworker.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/pmsignal.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

#define BGWORKER_MAGIC 0x42475731

#define InvalidPid (-1)

typedef struct BackgroundWorkerSlot
{
	bool in_use;             /* [A] whose the slot is; see above */
	bool terminate;          /* [A] set by backends, read by the postmaster */
	pid_t pid;               /* [A] InvalidPid: not started; 0: ended */
	uint64 generation;       /* [L:BackgroundWorkerLock] */
	BackgroundWorker worker; /* by the owner of the slot */
} BackgroundWorkerSlot;

typedef struct BackgroundWorkerArray
{
	uint32 magic;                    /* [C] */
	int total_slots;                 /* [C] */
	uint32 parallel_register_count;  /* [L:BackgroundWorkerLock] */
	uint32 parallel_terminate_count; /* [A] written by the postmaster */
	BackgroundWorkerSlot slot[FLEXIBLE_ARRAY_MEMBER];
} BackgroundWorkerArray;

struct BackgroundWorkerHandle
{
	int slot;
	uint64 generation;
};

static BackgroundWorkerArray *BackgroundWorkerData = NULL;

/* In a worker: what it was asked to do. */
BackgroundWorker *MyBgworkerEntry = NULL;

static void SanityCheckWorker(BackgroundWorker *worker);

Size
BackgroundWorkerShmemSize(void)
{
	return add_size(
		offsetof(BackgroundWorkerArray, slot),
		mul_size(max_worker_processes, sizeof(BackgroundWorkerSlot)));
}

void
BackgroundWorkerShmemInit(void)
{
	bool found;

	BackgroundWorkerData = ShmemInitStruct("Background Worker Data",
	                                       BackgroundWorkerShmemSize(), &found);
	if (found)
		return;
	memset(BackgroundWorkerData, 0, BackgroundWorkerShmemSize());
	BackgroundWorkerData->magic = BGWORKER_MAGIC;
	BackgroundWorkerData->total_slots = max_worker_processes;
}

static void
SanityCheckWorker(BackgroundWorker *worker)
{
	if (!(worker->bgw_flags & BGWORKER_SHMEM_ACCESS))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("background worker \"%s\": background workers "
		                       "without shared memory access are not supported",
		                       worker->bgw_name)));
	if ((worker->bgw_flags & BGWORKER_BACKEND_DATABASE_CONNECTION) &&
	    worker->bgw_start_time == BgWorkerStart_PostmasterStart)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("background worker \"%s\": cannot request database "
		                "access if starting at postmaster start",
		                worker->bgw_name)));
	if (worker->bgw_restart_time != BGW_NEVER_RESTART &&
	    worker->bgw_restart_time < 0)
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("background worker \"%s\": invalid restart interval",
		                worker->bgw_name)));
	if (worker->bgw_restart_time != BGW_NEVER_RESTART &&
	    (worker->bgw_flags & BGWORKER_CLASS_PARALLEL))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("background worker \"%s\": parallel workers may "
		                       "not be configured for restart",
		                       worker->bgw_name)));
	if (worker->bgw_type[0] == '\0')
		strlcpy(worker->bgw_type, worker->bgw_name, BGW_MAXLEN);
}

/*
 * Ask for a worker.  False if there is no slot, or enough parallel workers.
 */
bool
RegisterDynamicBackgroundWorker(BackgroundWorker *worker,
                                BackgroundWorkerHandle **handle)
{
	bool parallel = (worker->bgw_flags & BGWORKER_CLASS_PARALLEL) != 0;
	bool success = false;
	uint64 generation = 0;
	int slotno;

	/* Only the postmaster makes workers. */
	if (!IsUnderPostmaster)
		return false;
	SanityCheckWorker(worker);
	INJECTION_POINT("bgworker-register");

	LWLockAcquire(BackgroundWorkerLock, LW_EXCLUSIVE);
	if (parallel && BackgroundWorkerData->parallel_register_count -
	                        BackgroundWorkerData->parallel_terminate_count >=
	                    (uint32) max_parallel_workers)
	{
		LWLockRelease(BackgroundWorkerLock);
		return false;
	}
	for (slotno = 0; slotno < BackgroundWorkerData->total_slots; slotno++)
	{
		BackgroundWorkerSlot *slot = &BackgroundWorkerData->slot[slotno];

		if (slot->in_use)
			continue;
		memcpy(&slot->worker, worker, sizeof(BackgroundWorker));
		slot->pid = InvalidPid;
		slot->generation++;
		slot->terminate = false;
		generation = slot->generation;
		if (parallel)
			BackgroundWorkerData->parallel_register_count++;

		/* The slot is complete; pairs with the postmaster's read barrier. */
		pg_write_barrier();
		slot->in_use = true;
		success = true;
		break;
	}
	LWLockRelease(BackgroundWorkerLock);

	if (success)
		SendPostmasterSignal(PMSIGNAL_BACKGROUND_WORKER_CHANGE);
	if (success && handle)
	{
		*handle = palloc(sizeof(BackgroundWorkerHandle));
		(*handle)->slot = slotno;
		(*handle)->generation = generation;
	}
	return success;
}

BgwHandleStatus
GetBackgroundWorkerPid(BackgroundWorkerHandle *handle, pid_t *pidp)
{
	BackgroundWorkerSlot *slot;
	pid_t pid;

	Assert(handle->slot < BackgroundWorkerData->total_slots);
	slot = &BackgroundWorkerData->slot[handle->slot];

	/* The postmaster changes pid without the lock: one word, read once. */
	LWLockAcquire(BackgroundWorkerLock, LW_SHARED);
	if (handle->generation != slot->generation || !slot->in_use)
		pid = 0;
	else
		pid = *(volatile pid_t *) &slot->pid;
	LWLockRelease(BackgroundWorkerLock);

	if (pid == 0)
		return BGWH_STOPPED;
	if (pid == InvalidPid)
		return BGWH_NOT_YET_STARTED;
	*pidp = pid;
	return BGWH_STARTED;
}

/* The postmaster signals at start and end if bgw_notify_pid is ours. */
BgwHandleStatus
WaitForBackgroundWorkerStartup(BackgroundWorkerHandle *handle, pid_t *pidp)
{
	for (;;)
	{
		BgwHandleStatus status;
		pid_t pid;

		CHECK_FOR_INTERRUPTS();
		status = GetBackgroundWorkerPid(handle, &pid);
		if (status == BGWH_STARTED)
			*pidp = pid;
		if (status != BGWH_NOT_YET_STARTED)
			return status;
		if (WaitLatch(MyLatch, WL_LATCH_SET | WL_POSTMASTER_DEATH, 0,
		              WAIT_EVENT_BGWORKER_STARTUP) &
		    WL_POSTMASTER_DEATH)
			return BGWH_POSTMASTER_DIED;
		ResetLatch(MyLatch);
	}
}

BgwHandleStatus
WaitForBackgroundWorkerShutdown(BackgroundWorkerHandle *handle)
{
	for (;;)
	{
		BgwHandleStatus status;
		pid_t pid;

		CHECK_FOR_INTERRUPTS();
		status = GetBackgroundWorkerPid(handle, &pid);
		if (status == BGWH_STOPPED)
			return status;
		if (WaitLatch(MyLatch, WL_LATCH_SET | WL_POSTMASTER_DEATH, 0,
		              WAIT_EVENT_BGWORKER_SHUTDOWN) &
		    WL_POSTMASTER_DEATH)
			return BGWH_POSTMASTER_DIED;
		ResetLatch(MyLatch);
	}
}

/* Ask the postmaster to end it; returns at once. */
void
TerminateBackgroundWorker(BackgroundWorkerHandle *handle)
{
	BackgroundWorkerSlot *slot;
	bool signal_postmaster = false;

	Assert(handle->slot < BackgroundWorkerData->total_slots);
	slot = &BackgroundWorkerData->slot[handle->slot];

	LWLockAcquire(BackgroundWorkerLock, LW_EXCLUSIVE);
	if (handle->generation == slot->generation)
	{
		slot->terminate = true;
		signal_postmaster = true;
	}
	LWLockRelease(BackgroundWorkerLock);
	if (signal_postmaster)
		SendPostmasterSignal(PMSIGNAL_BACKGROUND_WORKER_CHANGE);
}

void
BackgroundWorkerBlockSignals(void)
{
	sigprocmask(SIG_SETMASK, &BlockSig, NULL);
}

void
BackgroundWorkerUnblockSignals(void)
{
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);
}

/*
 * Connect a worker to the database, as a user.
 */
void
BackgroundWorkerInitializeConnectionByOid(Oid dboid, Oid useroid, uint32 flags)
{
	if (!(MyBgworkerEntry->bgw_flags & BGWORKER_BACKEND_DATABASE_CONNECTION))
		ereport(FATAL, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("database connection requirement not indicated "
		                       "during registration")));
	InitPostgres(NULL, dboid, NULL, useroid, NULL);
}
