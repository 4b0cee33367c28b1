/*
 * checkpointer.c
 *		The checkpointer: writes everything dirty every checkpoint_timeout, when
 *		asked, and a last time at a stop; and does the fsyncs of all.
 *
 * Reasons: the clock (checkpoint_timeout), the volume of log since the last one
 * (whoever fills a segment asks, xlogwrite.c), a command, a stop.  A timed one
 * takes its time: it writes so that it ends when checkpoint_completion_target
 * of the interval, by clock and by volume, has passed.
 *
 * Requests.  Who wants a checkpoint adds its flags to ckpt_flags, notes
 * ckpt_started and sets the checkpointer's latch.  With CHECKPOINT_WAIT it then
 * sleeps until a checkpoint that started later is done or has failed: started
 * has moved past what was noted, then done has caught up with it.
 *
 * Sync requests.  A backend that wrote a file leaves a request in a queue
 * (CheckpointerCommLock); the checkpointer moves them into its table
 * (AbsorbSyncRequests) often enough.  When the queue is full it is first
 * cleared of duplicates; if it is full then, the backend syncs the file itself.
 *
 * SIGUSR2 from the postmaster, when all others are gone: the shutdown
 * checkpoint, then exit 0; any other end is a crash.  SIGTERM is ignored, as a
 * backend's last writes need us.
 *
 * Corresponds to PostgreSQL's checkpointer.c.
 */
#include "postgres.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "catalog/pg_control.h"
#include "libpq/pqsignal.h"
#include "pg_stat_statements.h"
#include "pgstat.h"
#include "miscadmin.h"
#include "postmaster/auxprocess.h"
#include "postmaster/bgwriter.h"
#include "postmaster/interrupt.h"
#include "storage/bufmgr.h"
#include "storage/condition_variable.h"
#include "storage/dsm.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "storage/smgr.h"
#include "storage/spin.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/wait_event.h"

#define CHECKPOINTER_MAGIC 0x434b5031

/* The queue absorbs that often during the writes of a checkpoint. */
#define WRITES_PER_ABSORB 1000
/* A nap of a checkpoint that is ahead of its time. */
#define CHECKPOINT_NAP_MS 100
#define ERROR_PAUSE_MS 1000L

typedef struct CheckpointerRequest
{
	SyncRequestType type;
	FileTag ftag;
} CheckpointerRequest;

typedef struct CheckpointerShmemStruct
{
	uint32 magic;     /* [C] */
	slock_t ckpt_lck; /* for the counters */
	int ckpt_started; /* [L:ckpt_lck] checkpoints begun */
	int ckpt_done;    /* [L:ckpt_lck] that ended, well or not: its number */
	int ckpt_failed;  /* [L:ckpt_lck] that failed */
	int ckpt_flags;   /* [L:ckpt_lck] asked for since the last began */
	ConditionVariable start_cv; /* ckpt_started has moved */
	ConditionVariable done_cv;  /* ckpt_done has moved */

	int num_requests; /* [L:CheckpointerCommLock] */
	int max_requests; /* [C] */
	CheckpointerRequest requests[FLEXIBLE_ARRAY_MEMBER];
} CheckpointerShmemStruct;

static CheckpointerShmemStruct *CheckpointerShmem = NULL;

/* In the checkpointer. */
static bool ckpt_active = false;
static time_t ckpt_start_time;
static time_t last_checkpoint_time;
static XLogRecPtr ckpt_start_recptr;
/* what the last look at the schedule found; neither goes back */
static double ckpt_cached_elapsed;

static int
RequestQueueSize(void)
{
	return Max(NBuffers, 64);
}

Size
CheckpointerShmemSize(void)
{
	return add_size(
		offsetof(CheckpointerShmemStruct, requests),
		mul_size((Size) RequestQueueSize(), sizeof(CheckpointerRequest)));
}

void
CheckpointerShmemInit(void)
{
	bool found;

	CheckpointerShmem = (CheckpointerShmemStruct *) ShmemInitStruct(
		"Checkpointer Data", CheckpointerShmemSize(), &found);
	if (found)
		return;
	memset(CheckpointerShmem, 0, offsetof(CheckpointerShmemStruct, requests));
	SpinLockInit(&CheckpointerShmem->ckpt_lck);
	ConditionVariableInit(&CheckpointerShmem->start_cv);
	ConditionVariableInit(&CheckpointerShmem->done_cv);
	CheckpointerShmem->max_requests = RequestQueueSize();
	CheckpointerShmem->magic = CHECKPOINTER_MAGIC;
}

/* ---------------------------------------------------------------------------
 * The process
 * ---------------------------------------------------------------------------
 */

static void
CheckpointEnded(bool failed)
{
	SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
	if (failed)
		CheckpointerShmem->ckpt_failed++;
	CheckpointerShmem->ckpt_done = CheckpointerShmem->ckpt_started;
	SpinLockRelease(&CheckpointerShmem->ckpt_lck);
	ConditionVariableBroadcast(&CheckpointerShmem->done_cv);
	ckpt_active = false;
}

static void
RecoverFromError(MemoryContext context)
{
	error_context_stack = NULL;
	HOLD_INTERRUPTS();
	EmitErrorReport();
	LWLockReleaseAll();
	ConditionVariableCancelSleep();
	AbortBufferIO();
	UnlockBuffers();
	ReleaseAuxProcessResources(false);
	AtEOXact_Buffers(false);
	AtEOXact_SMgr();
	AtEOXact_Files(false);
	if (ckpt_active)
		CheckpointEnded(true);
	MemoryContextSwitchTo(context);
	FlushErrorState();
	MemoryContextReset(context);
	smgrcloseall();
	RESUME_INTERRUPTS();
	(void) WaitLatch(NULL, WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, ERROR_PAUSE_MS,
	                 WAIT_EVENT_CHECKPOINTER_MAIN);
}

/* The stop: nobody else writes any more. */
static void
CheckpointerShutdown(void)
{
	/* From here on an ERROR is the end; the next start then finds no clean
	 * stop. */
	ExitOnAnyError = true;
	AbsorbSyncRequests();
	ShutdownXLOG();
	/* nobody else is left that could count */
	pgstat_write_stats();
	pgss_write_stats();
	proc_exit(0);
}

/* Flags asked for since the last one, with what the clock says. */
static int
CheckpointWanted(time_t now)
{
	int flags;

	SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
	flags = CheckpointerShmem->ckpt_flags;
	SpinLockRelease(&CheckpointerShmem->ckpt_lck);
	if (now - last_checkpoint_time >= CheckPointTimeout)
		flags |= CHECKPOINT_CAUSE_TIME;
	return flags;
}

/* max_wal_size is too small for what is written. */
static void
WarnIfTooFrequent(int flags, time_t now)
{
	int elapsed_secs = (int) (now - last_checkpoint_time);

	if ((flags & CHECKPOINT_CAUSE_XLOG) == 0 ||
	    elapsed_secs >= CheckPointWarning)
		return;
	ereport(LOG,
	        (errmsg(elapsed_secs == 1
	                    ? "checkpoints are occurring too frequently (%d second "
	                      "apart)"
	                    : "checkpoints are occurring too frequently (%d "
	                      "seconds apart)",
	                elapsed_secs),
	         errhint("Consider increasing the configuration parameter "
	                 "\"max_wal_size\".")));
}

static void
DoCheckpoint(int flags)
{
	SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
	flags |= CheckpointerShmem->ckpt_flags;
	CheckpointerShmem->ckpt_flags = 0;
	CheckpointerShmem->ckpt_started++;
	SpinLockRelease(&CheckpointerShmem->ckpt_lck);
	ConditionVariableBroadcast(&CheckpointerShmem->start_cv);

	ckpt_active = true;
	ckpt_start_time = time(NULL);
	WarnIfTooFrequent(flags, ckpt_start_time);
	last_checkpoint_time = ckpt_start_time;
	ckpt_start_recptr = GetInsertRecPtr();
	ckpt_cached_elapsed = 0;
	INJECTION_POINT("checkpointer-begin");
	CreateCheckPoint(flags);
	/* Files that were dropped meanwhile must not be kept open. */
	smgrcloseall();
	CheckpointEnded(false);
}

void
CheckpointerMain(void)
{
	sigjmp_buf local_sigjmp_buf;
	MemoryContext checkpointer_context;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGINT, SIG_IGN);
	pqsignal(SIGTERM, SIG_IGN);
	pqsignal(SIGALRM, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	pqsignal(SIGUSR2, SignalHandlerForShutdownRequest);
	pqsignal(SIGCHLD, SIG_DFL);

	AuxiliaryProcessMainCommon();
	ProcGlobal->checkpointerProc = MyProcNumber;
	last_checkpoint_time = time(NULL);
	checkpointer_context = AllocSetContextCreate(
		TopMemoryContext, "Checkpointer", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(checkpointer_context);

	if (sigsetjmp(local_sigjmp_buf, 1) != 0)
		RecoverFromError(checkpointer_context);
	PG_exception_stack = &local_sigjmp_buf;
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);

	for (;;)
	{
		time_t now;
		int flags;

		ResetLatch(MyLatch);
		AbsorbSyncRequests();
		dsm_remove_orphans();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			(void) ProcessConfigFile(PGC_SIGHUP);
			UpdateFullPageWrites();
		}
		if (ShutdownRequestPending)
			CheckpointerShutdown();

		now = time(NULL);
		flags = CheckpointWanted(now);
		if (flags != 0)
		{
			DoCheckpoint(flags);
			continue;
		}
		(void) WaitLatch(
			MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
			Max(CheckPointTimeout - (long) (now - last_checkpoint_time), 1) *
				1000L,
			WAIT_EVENT_CHECKPOINTER_MAIN);
	}
}

/* Somebody waits, or the end is near: no naps. */
static bool
ImmediateCheckpointRequested(void)
{
	bool result;

	SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
	result = (CheckpointerShmem->ckpt_flags & CHECKPOINT_IMMEDIATE) != 0;
	SpinLockRelease(&CheckpointerShmem->ckpt_lck);
	return result;
}

/*
 * Has the share of the work that is done been earned: are we ahead of both the
 * log's volume and the clock?
 */
static bool
IsCheckpointOnSchedule(double progress)
{
	double elapsed_xlogs;
	double elapsed_time;

	Assert(ckpt_active);
	progress *= CheckPointCompletionTarget;
	if (progress < ckpt_cached_elapsed)
		return false;

	CalculateCheckpointSegments();
	elapsed_xlogs =
		((double) (GetInsertRecPtr() - ckpt_start_recptr) / wal_segment_size) /
		CheckPointSegments;
	elapsed_time = (double) (time(NULL) - ckpt_start_time) / CheckPointTimeout;
	if (progress >= elapsed_xlogs && progress >= elapsed_time)
		return true;
	ckpt_cached_elapsed = Max(elapsed_xlogs, elapsed_time);
	return false;
}

void
CheckpointWriteDelay(int flags, double progress)
{
	static int absorb_counter = WRITES_PER_ABSORB;

	if (!AmCheckpointerProcess())
		return;
	if (!(flags & (CHECKPOINT_IMMEDIATE | CHECKPOINT_IS_SHUTDOWN)) &&
	    !ShutdownRequestPending && !ImmediateCheckpointRequested() &&
	    IsCheckpointOnSchedule(progress))
	{
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			(void) ProcessConfigFile(PGC_SIGHUP);
		}
		AbsorbSyncRequests();
		absorb_counter = WRITES_PER_ABSORB;
		if (WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		              CHECKPOINT_NAP_MS, WAIT_EVENT_CHECKPOINT_WRITE_DELAY) &
		    WL_LATCH_SET)
			ResetLatch(MyLatch);
		return;
	}
	if (--absorb_counter <= 0)
	{
		AbsorbSyncRequests();
		absorb_counter = WRITES_PER_ABSORB;
	}
}

/* ---------------------------------------------------------------------------
 * Requests for checkpoints
 * ---------------------------------------------------------------------------
 */

static void
WakeCheckpointer(void)
{
	ProcNumber procno = *(volatile ProcNumber *) &ProcGlobal->checkpointerProc;

	if (procno != INVALID_PROC_NUMBER)
		SetLatch(&GetPGProcByNumber(procno)->procLatch);
}

void
RequestCheckpoint(int flags)
{
	int old_failed;
	int old_started;
	int new_started;
	int new_failed;

	/* A process that runs alone does it itself. */
	if (!IsUnderPostmaster)
	{
		CreateCheckPoint(flags | CHECKPOINT_IMMEDIATE);
		return;
	}
	INJECTION_POINT("checkpoint-request");
	SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
	old_failed = CheckpointerShmem->ckpt_failed;
	old_started = CheckpointerShmem->ckpt_started;
	CheckpointerShmem->ckpt_flags |= flags | CHECKPOINT_REQUESTED;
	SpinLockRelease(&CheckpointerShmem->ckpt_lck);
	WakeCheckpointer();
	if (!(flags & CHECKPOINT_WAIT))
		return;

	ConditionVariablePrepareToSleep(&CheckpointerShmem->start_cv);
	for (;;)
	{
		SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
		new_started = CheckpointerShmem->ckpt_started;
		SpinLockRelease(&CheckpointerShmem->ckpt_lck);
		if (new_started != old_started)
			break;
		INJECTION_POINT("checkpoint-wait-start");
		ConditionVariableSleep(&CheckpointerShmem->start_cv,
		                       WAIT_EVENT_CHECKPOINT_START);
	}
	ConditionVariableCancelSleep();

	ConditionVariablePrepareToSleep(&CheckpointerShmem->done_cv);
	for (;;)
	{
		int new_done;

		SpinLockAcquire(&CheckpointerShmem->ckpt_lck);
		new_done = CheckpointerShmem->ckpt_done;
		new_failed = CheckpointerShmem->ckpt_failed;
		SpinLockRelease(&CheckpointerShmem->ckpt_lck);
		/* Modulo overflow. */
		if (new_done - new_started >= 0)
			break;
		INJECTION_POINT("checkpoint-wait-done");
		ConditionVariableSleep(&CheckpointerShmem->done_cv,
		                       WAIT_EVENT_CHECKPOINT_DONE);
	}
	ConditionVariableCancelSleep();
	if (new_failed != old_failed)
		ereport(ERROR, (errmsg("checkpoint request failed"),
		                errhint("Consult recent messages in the server log for "
		                        "details.")));
}

/* ---------------------------------------------------------------------------
 * Requests for syncs
 * ---------------------------------------------------------------------------
 */

/*
 * Remove requests that a later equal one makes needless.  The order of what
 * stays is kept: a request to forget a file concerns only those before it.
 */
static bool
CompactCheckpointerRequestQueue(void)
{
	struct RequestLast
	{
		CheckpointerRequest request;
		int slot;
	};
	HASHCTL ctl = {0};
	HTAB *last;
	bool *skip;
	int kept = 0;

	Assert(LWLockHeldByMe(CheckpointerCommLock));
	/* No memory may be asked for there. */
	if (CritSectionCount > 0)
		return false;
	skip = palloc0(sizeof(bool) * CheckpointerShmem->num_requests);
	ctl.keysize = sizeof(CheckpointerRequest);
	ctl.entrysize = sizeof(struct RequestLast);
	ctl.hcxt = CurrentMemoryContext;
	last = hash_create("CompactCheckpointerRequestQueue",
	                   CheckpointerShmem->num_requests, &ctl,
	                   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	for (int n = 0; n < CheckpointerShmem->num_requests; n++)
	{
		bool found;
		struct RequestLast *entry = hash_search(
			last, &CheckpointerShmem->requests[n], HASH_ENTER, &found);

		if (found)
			skip[entry->slot] = true;
		entry->slot = n;
	}
	hash_destroy(last);
	for (int n = 0; n < CheckpointerShmem->num_requests; n++)
		if (!skip[n])
			CheckpointerShmem->requests[kept++] =
				CheckpointerShmem->requests[n];
	pfree(skip);
	if (kept == CheckpointerShmem->num_requests)
		return false;
	ereport(DEBUG1,
	        (errmsg_internal("compacted fsync request queue from %d entries to "
	                         "%d entries",
	                         CheckpointerShmem->num_requests, kept)));
	CheckpointerShmem->num_requests = kept;
	return true;
}

bool
ForwardSyncRequest(const FileTag *ftag, SyncRequestType type)
{
	CheckpointerRequest *request;
	bool too_full;

	if (!IsUnderPostmaster)
		return false;
	if (AmCheckpointerProcess())
		elog(ERROR, "ForwardSyncRequest must not be called in checkpointer");

	LWLockAcquire(CheckpointerCommLock, LW_EXCLUSIVE);
	if (CheckpointerShmem->num_requests >= CheckpointerShmem->max_requests &&
	    !CompactCheckpointerRequestQueue())
	{
		LWLockRelease(CheckpointerCommLock);
		return false;
	}
	request = &CheckpointerShmem->requests[CheckpointerShmem->num_requests++];
	memset(request, 0, sizeof(*request)); /* compared as bytes */
	request->ftag = *ftag;
	request->type = type;
	too_full =
		CheckpointerShmem->num_requests >= CheckpointerShmem->max_requests / 2;
	LWLockRelease(CheckpointerCommLock);
	if (too_full)
		WakeCheckpointer();
	return true;
}

/*
 * Into our table.  A request that is lost would be a file that nobody syncs:
 * so an ERROR on the way is a PANIC.
 */
void
AbsorbSyncRequests(void)
{
	CheckpointerRequest *requests = NULL;
	int n;

	if (!AmCheckpointerProcess())
		return;
	LWLockAcquire(CheckpointerCommLock, LW_EXCLUSIVE);
	n = CheckpointerShmem->num_requests;
	if (n > 0)
	{
		requests = palloc(n * sizeof(CheckpointerRequest));
		memcpy(requests, CheckpointerShmem->requests,
		       n * sizeof(CheckpointerRequest));
	}
	START_CRIT_SECTION();
	CheckpointerShmem->num_requests = 0;
	LWLockRelease(CheckpointerCommLock);
	for (int i = 0; i < n; i++)
		RememberSyncRequest(&requests[i].ftag, requests[i].type);
	END_CRIT_SECTION();
	if (requests != NULL)
		pfree(requests);
}
