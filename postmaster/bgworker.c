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
 * A handle is a slot and its generation: when the slot has been given to
 * another worker the handle says that its worker has stopped.
 *
 * Two counters say how many parallel workers there are: one only the backends
 * raise, one only the postmaster.
 *
 * From the postmaster's side a slot may hold anything, as any process may have
 * written over it: strings are copied with their length bounded and reduced to
 * ASCII, and the process to notify must be one of its own children.
 *
 * Corresponds to PostgreSQL's bgworker.c.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "access/parallel.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "postmaster/autovacuum.h"
#include "postmaster/bgworker_internals.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "tcop/tcopprot.h"
#include "utils/injection_point.h"
#include "utils/injection_step.h"
#include "utils/memutils.h"
#include "utils/timeout.h"
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

/* In the postmaster: all that it knows of, running or not. */
dlist_head BackgroundWorkerList = DLIST_STATIC_INIT(BackgroundWorkerList);

/* Functions by name: addresses are not passed between processes. */
static const struct
{
	const char *fn_name;
	bgworker_main_type fn_addr;
} InternalBGWorkers[] = {
	{"ParallelWorkerMain", ParallelWorkerMain},
	{"AutoVacLauncherMain", AutoVacLauncherMain},
	{"AutoVacWorkerMain", AutoVacWorkerMain},
};

/* In a worker: what it was asked to do. */
BackgroundWorker *MyBgworkerEntry = NULL;

static void SanityCheckWorker(BackgroundWorker *worker);

Size
BackgroundWorkerShmemSize(void)
{
	return add_size(offsetof(BackgroundWorkerArray, slot),
	                mul_size(BGWORKER_SLOTS, sizeof(BackgroundWorkerSlot)));
}

void
BackgroundWorkerShmemInit(void)
{
	BackgroundWorkerSlot *launcher;
	bool found;

	BackgroundWorkerData = ShmemInitStruct("Background Worker Data",
	                                       BackgroundWorkerShmemSize(), &found);
	if (found)
		return;
	memset(BackgroundWorkerData, 0, BackgroundWorkerShmemSize());
	BackgroundWorkerData->magic = BGWORKER_MAGIC;
	BackgroundWorkerData->total_slots = BGWORKER_SLOTS;
	/* The launcher of autovacuum is asked for by nobody. */
	launcher = &BackgroundWorkerData->slot[BGWORKER_SLOTS - 1];
	AutoVacuumLauncherEntry(&launcher->worker);
	launcher->pid = InvalidPid;
	launcher->in_use = true;
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
	BackgroundWorkerHandle *made = NULL;
	bool success = false;
	uint64 generation = 0;
	int slotno;

	/* Only the postmaster makes workers. */
	if (!IsUnderPostmaster)
		return false;
	SanityCheckWorker(worker);
	INJECTION_POINT("bgworker-register");
	/* Now: a worker without a handle could not be stopped. */
	if (handle)
		made = palloc(sizeof(BackgroundWorkerHandle));

	LWLockAcquire(BackgroundWorkerLock, LW_EXCLUSIVE);
	if (parallel && BackgroundWorkerData->parallel_register_count -
	                        BackgroundWorkerData->parallel_terminate_count >=
	                    (uint32) max_parallel_workers)
	{
		LWLockRelease(BackgroundWorkerLock);
		if (made)
			pfree(made);
		return false;
	}
	for (slotno = 0; slotno < BackgroundWorkerData->total_slots; slotno++)
	{
		BackgroundWorkerSlot *slot = &BackgroundWorkerData->slot[slotno];

		/* The first ones are not for autovacuum, the rest only for it. */
		if (slot->in_use ||
		    (slotno >= max_worker_processes) !=
		        ((worker->bgw_flags & BGWORKER_AUTOVACUUM) != 0))
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
	{
		INJECTION_POINT_NOTHROW("bgworker-registered");
		SendPostmasterSignal(PMSIGNAL_BACKGROUND_WORKER_CHANGE);
	}
	if (success && handle)
	{
		*handle = made;
		(*handle)->slot = slotno;
		(*handle)->generation = generation;
	}
	else if (made)
		pfree(made);
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
		INJECTION_POINT("bgworker-wait-startup");
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
		INJECTION_POINT_NOTHROW("bgworker-wait-shutdown");
		if (WaitLatch(MyLatch, WL_LATCH_SET | WL_POSTMASTER_DEATH, 0,
		              WAIT_EVENT_BGWORKER_SHUTDOWN) &
		    WL_POSTMASTER_DEATH)
			return BGWH_POSTMASTER_DIED;
		ResetLatch(MyLatch);
	}
}

const char *
GetBackgroundWorkerTypeByPid(pid_t pid)
{
	char *result = NULL;

	LWLockAcquire(BackgroundWorkerLock, LW_SHARED);
	for (int i = 0; i < BackgroundWorkerData->total_slots; i++)
	{
		BackgroundWorkerSlot *slot = &BackgroundWorkerData->slot[i];

		if (!slot->in_use || *(volatile pid_t *) &slot->pid != pid)
			continue;
		result = pstrdup(slot->worker.bgw_type);
		break;
	}
	LWLockRelease(BackgroundWorkerLock);
	return result;
}

bool
GetBackgroundWorkerSlot(int slotno, char **name, pid_t *pid)
{
	BackgroundWorkerSlot *slot;

	if (slotno >= BackgroundWorkerData->total_slots)
		return false;
	slot = &BackgroundWorkerData->slot[slotno];
	LWLockAcquire(BackgroundWorkerLock, LW_SHARED);
	*name = slot->in_use ? pstrdup(slot->worker.bgw_name) : NULL;
	*pid = *(volatile pid_t *) &slot->pid;
	LWLockRelease(BackgroundWorkerLock);
	return true;
}

/* Ask the postmaster to end it; returns at once. */
void
TerminateBackgroundWorker(BackgroundWorkerHandle *handle)
{
	BackgroundWorkerSlot *slot;
	bool signal_postmaster = false;

	Assert(handle->slot < BackgroundWorkerData->total_slots);
	slot = &BackgroundWorkerData->slot[handle->slot];

	INJECTION_POINT_NOTHROW("bgworker-terminate");
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

/* ---------------------------------------------------------------------------
 * The postmaster's side
 * ---------------------------------------------------------------------------
 */

static RegisteredBgWorker *
FindRegisteredWorkerBySlotNumber(int slotno)
{
	dlist_iter iter;

	dlist_foreach (iter, &BackgroundWorkerList)
	{
		RegisteredBgWorker *rw =
			dlist_container(RegisteredBgWorker, rw_lnode, iter.cur);

		if (rw->rw_shmem_slot == slotno)
			return rw;
	}
	return NULL;
}

/* Terminated at the last byte whatever the source; odd characters as '?'. */
static void
ascii_safe_strlcpy(char *dest, const char *src, size_t destsiz)
{
	size_t i;

	for (i = 0; i < destsiz - 1 && src[i] != '\0'; i++)
		dest[i] = (src[i] >= 32 && src[i] < 127) ? src[i] : '?';
	dest[i] = '\0';
}

/* Give the slot back to the backends. */
static void
FreeSlot(BackgroundWorkerSlot *slot, bool parallel)
{
	if (parallel)
		BackgroundWorkerData->parallel_terminate_count++;
	/* All that was written before; pairs with the lock of the next taker. */
	pg_memory_barrier();
	slot->in_use = false;
}

/* A slot that has come into use since we looked last. */
static void
AdoptWorker(BackgroundWorkerSlot *slot, int slotno, bool allow_new_workers)
{
	RegisteredBgWorker *rw = NULL;

	INJECTION_POINT_POSTMASTER("bgworker-adopt");
	if (!allow_new_workers)
		slot->terminate = true;
	if (!slot->terminate)
	{
		rw = MemoryContextAllocExtended(TopMemoryContext, sizeof(*rw),
		                                MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);
		if (rw == NULL)
		{
			ereport(LOG,
			        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
			slot->terminate = true;
		}
	}
	if (rw == NULL)
	{
		pid_t notify_pid = slot->worker.bgw_notify_pid;

		slot->pid = 0;
		FreeSlot(slot, (slot->worker.bgw_flags & BGWORKER_CLASS_PARALLEL) != 0);
		if (notify_pid != 0 && PostmasterMarkPIDForWorkerNotify(notify_pid))
			kill(notify_pid, SIGUSR1);
		return;
	}

	ascii_safe_strlcpy(rw->rw_worker.bgw_name, slot->worker.bgw_name,
	                   BGW_MAXLEN);
	ascii_safe_strlcpy(rw->rw_worker.bgw_type, slot->worker.bgw_type,
	                   BGW_MAXLEN);
	ascii_safe_strlcpy(rw->rw_worker.bgw_library_name,
	                   slot->worker.bgw_library_name, BGW_MAXLEN);
	ascii_safe_strlcpy(rw->rw_worker.bgw_function_name,
	                   slot->worker.bgw_function_name, BGW_MAXLEN);
	rw->rw_worker.bgw_flags = slot->worker.bgw_flags;
	rw->rw_worker.bgw_start_time = slot->worker.bgw_start_time;
	rw->rw_worker.bgw_restart_time = slot->worker.bgw_restart_time;
	rw->rw_worker.bgw_main_arg = slot->worker.bgw_main_arg;
	memcpy(rw->rw_worker.bgw_extra, slot->worker.bgw_extra, BGW_EXTRALEN);
	rw->rw_worker.bgw_notify_pid = slot->worker.bgw_notify_pid;
	if (rw->rw_worker.bgw_notify_pid != 0 &&
	    !PostmasterMarkPIDForWorkerNotify(rw->rw_worker.bgw_notify_pid))
	{
		elog(DEBUG1, "worker notification PID %ld is not valid",
		     (long) rw->rw_worker.bgw_notify_pid);
		rw->rw_worker.bgw_notify_pid = 0;
	}
	rw->rw_shmem_slot = slotno;
	dlist_push_head(&BackgroundWorkerList, &rw->rw_lnode);
	ereport(DEBUG1, (errmsg_internal("registering background worker \"%s\"",
	                                 rw->rw_worker.bgw_name)));
}

/* Backends have asked for workers, or for the end of some. */
void
BackgroundWorkerStateChange(bool allow_new_workers)
{
	if (BackgroundWorkerData->total_slots != BGWORKER_SLOTS)
	{
		ereport(LOG, (errmsg("inconsistent background worker state "
		                     "(max_worker_processes=%d, total slots=%d)",
		                     max_worker_processes,
		                     BackgroundWorkerData->total_slots)));
		return;
	}
	for (int slotno = 0; slotno < BGWORKER_SLOTS; slotno++)
	{
		BackgroundWorkerSlot *slot = &BackgroundWorkerData->slot[slotno];
		RegisteredBgWorker *rw;

		if (!*(volatile bool *) &slot->in_use)
			continue;
		/* Pairs with the write barrier of the registration. */
		pg_read_barrier();
		rw = FindRegisteredWorkerBySlotNumber(slotno);
		if (rw == NULL)
		{
			AdoptWorker(slot, slotno, allow_new_workers);
			continue;
		}
		if (slot->terminate && !rw->rw_terminate)
		{
			rw->rw_terminate = true;
			if (rw->rw_pid != 0)
				kill(rw->rw_pid, SIGTERM);
			else
				ReportBackgroundWorkerPID(rw); /* it will never start */
		}
	}
}

/* It will not start (again): frees slot and entry. */
void
ForgetBackgroundWorker(RegisteredBgWorker *rw)
{
	BackgroundWorkerSlot *slot = &BackgroundWorkerData->slot[rw->rw_shmem_slot];

	Assert(rw->rw_shmem_slot < BGWORKER_SLOTS);
	Assert(slot->in_use);
	INJECTION_POINT_POSTMASTER("bgworker-forget");
	ereport(DEBUG1, (errmsg_internal("unregistering background worker \"%s\"",
	                                 rw->rw_worker.bgw_name)));
	FreeSlot(slot, (rw->rw_worker.bgw_flags & BGWORKER_CLASS_PARALLEL) != 0);
	dlist_delete(&rw->rw_lnode);
	pfree(rw);
}

/* Who asked for a worker looks again. */
static void
Notify(pid_t pid, bool started)
{
	kill(pid, SIGUSR1);
	if (STEP_IS_ON())
		InjectionStepNotified((int) pid, started);
}

/* Publish that it runs, or that it does not. */
void
ReportBackgroundWorkerPID(RegisteredBgWorker *rw)
{
	INJECTION_POINT_POSTMASTER("bgworker-report-pid");
	BackgroundWorkerData->slot[rw->rw_shmem_slot].pid = rw->rw_pid;
	if (rw->rw_worker.bgw_notify_pid != 0)
		Notify(rw->rw_worker.bgw_notify_pid, rw->rw_pid != 0);
}

/*
 * Publish its end.  The slot is free before whoever waits is woken, so that it
 * may use it at once.
 */
void
ReportBackgroundWorkerExit(RegisteredBgWorker *rw)
{
	pid_t notify_pid = rw->rw_worker.bgw_notify_pid;

	INJECTION_POINT_POSTMASTER("bgworker-report-exit");
	BackgroundWorkerData->slot[rw->rw_shmem_slot].pid = rw->rw_pid;
	if (rw->rw_terminate || rw->rw_worker.bgw_restart_time == BGW_NEVER_RESTART)
		ForgetBackgroundWorker(rw);
	if (notify_pid != 0)
		Notify(notify_pid, false);
}

/* The process with that number has ended: another may get the number. */
void
BackgroundWorkerStopNotifications(pid_t pid)
{
	dlist_iter iter;

	dlist_foreach (iter, &BackgroundWorkerList)
	{
		RegisteredBgWorker *rw =
			dlist_container(RegisteredBgWorker, rw_lnode, iter.cur);

		if (rw->rw_worker.bgw_notify_pid == pid)
			rw->rw_worker.bgw_notify_pid = 0;
	}
}

/* At a stop: whoever waits for the start of one must not wait for ever. */
void
ForgetUnstartedBackgroundWorkers(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify (iter, &BackgroundWorkerList)
	{
		RegisteredBgWorker *rw =
			dlist_container(RegisteredBgWorker, rw_lnode, iter.cur);
		pid_t notify_pid = rw->rw_worker.bgw_notify_pid;

		if (BackgroundWorkerData->slot[rw->rw_shmem_slot].pid == InvalidPid &&
		    notify_pid != 0)
		{
			ForgetBackgroundWorker(rw);
			kill(notify_pid, SIGUSR1);
		}
	}
}

/*
 * After a crash, before shared memory is made anew.  Every worker was asked for
 * by a backend that is gone, so all are forgotten; the counters start at zero.
 */
void
ResetBackgroundWorkerCrashTimes(void)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify (iter, &BackgroundWorkerList)
	{
		RegisteredBgWorker *rw =
			dlist_container(RegisteredBgWorker, rw_lnode, iter.cur);

		dlist_delete(&rw->rw_lnode);
		pfree(rw);
	}
}

/* ---------------------------------------------------------------------------
 * The worker
 * ---------------------------------------------------------------------------
 */

/*
 * Before the worker has handlers of its own: an end at any point, in order.
 */
static void
bgworker_die(int signo)
{
	sigprocmask(SIG_SETMASK, &BlockSig, NULL);
	ereport(FATAL, (errcode(ERRCODE_ADMIN_SHUTDOWN),
	                errmsg("terminating background worker \"%s\" due to "
	                       "administrator command",
	                       MyBgworkerEntry->bgw_type)));
}

static bgworker_main_type
LookupBackgroundWorkerFunction(const char *funcname)
{
	for (int i = 0; i < lengthof(InternalBGWorkers); i++)
		if (strcmp(InternalBGWorkers[i].fn_name, funcname) == 0)
			return InternalBGWorkers[i].fn_addr;
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_FUNCTION),
	                errmsg("internal function \"%s\" not found", funcname)));
}

/*
 * The worker's function is called with signals blocked: it sets its handlers,
 * then calls BackgroundWorkerUnblockSignals.
 */
void
BackgroundWorkerMain(BackgroundWorker *worker)
{
	sigjmp_buf local_sigjmp_buf;
	bgworker_main_type entrypt;
	bool connects =
		(worker->bgw_flags & BGWORKER_BACKEND_DATABASE_CONNECTION) != 0;

	IsBackgroundWorker = true;
	MyBgworkerEntry =
		MemoryContextAlloc(TopMemoryContext, sizeof(BackgroundWorker));
	memcpy(MyBgworkerEntry, worker, sizeof(BackgroundWorker));

	pqsignal(SIGINT, connects ? StatementCancelHandler : SIG_IGN);
	pqsignal(SIGUSR1, connects ? procsignal_sigusr1_handler : SIG_IGN);
	pqsignal(SIGTERM, bgworker_die);
	pqsignal(SIGHUP, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);
	InitializeTimeouts(); /* SIGALRM */

	if (sigsetjmp(local_sigjmp_buf, 1) != 0)
	{
		/* An ERROR is the end of a worker; it says why, to all that listen. */
		error_context_stack = NULL;
		HOLD_INTERRUPTS();
		BackgroundWorkerUnblockSignals();
		EmitErrorReport();
		proc_exit(1);
	}
	PG_exception_stack = &local_sigjmp_buf;

	INJECTION_POINT("bgworker-init");
	InitProcess();
	BaseInit();
	INJECTION_POINT("bgworker-start");
	entrypt = LookupBackgroundWorkerFunction(worker->bgw_function_name);
	entrypt(worker->bgw_main_arg);
	proc_exit(0);
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
