/*
 * parallel_worker.c
 *		The worker's side of a ParallelContext: become a copy of the leader as
 *		far as the database is concerned, run the entry point, say goodbye.
 *
 * The order of the steps matters:
 * 1.	The exit callback that detaches the segment is registered before any
 *		database state exists, so it runs after all of that has been cleaned up.
 * 2.	The error queue comes next: errors before it reach only the server log,
 *		and the leader learns of them as "failed to initialize".
 * 3.	The lock group is joined before any lock is taken: the leader may hold
 *		AccessExclusiveLock on what we are about to open.
 * 4.	Snapshots are restored while the leader still advertises the xmin they
 *		need, so that nothing they see can be removed in between.
 * 5.	Settings are restored after snapshots, as checking them may read
 *		catalogs.
 *
 * A worker that finds its leader gone returns quietly: nobody listens.
 *
 * Corresponds to PostgreSQL's access/transam/parallel.c.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/pqmq.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "parallel/index_build.h"
#include "parallel/parallel_internal.h"
#include "parallel_sum.h"
#include "postmaster/bgworker.h"
#include "storage/dsm.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "tcop/tcopprot.h"
#include "utils/combocid.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"
#include "utils/trace.h"

/* Entry points by name: function addresses are not passed between processes. */
static const struct
{
	const char *fn_name;
	parallel_worker_main_type fn_addr;
} InternalParallelWorkers[] = {
	{"ParallelIndexBuildMain", ParallelIndexBuildMain},
	{"ParallelSumMain", ParallelSumMain},
};

/* The leader's state in the segment; NULL in other processes. */
FixedParallelState *MyFixedParallelState = NULL;

/* The leader's pid, for signals at exit. */
static pid_t ParallelLeaderPid;

static void ParallelWorkerShutdown(int code, Datum arg);
static parallel_worker_main_type
LookupParallelWorkerFunction(const char *libraryname, const char *funcname);

/* The segment that the launch names; its table of contents. */
static shm_toc *
AttachSegment(Datum handle, dsm_segment **seg)
{
	shm_toc *toc;

	*seg = dsm_attach(DatumGetUInt32(handle));
	if (*seg == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("could not map dynamic shared memory segment")));
	toc = shm_toc_attach(PARALLEL_MAGIC, dsm_segment_address(*seg));
	if (toc == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		     errmsg("invalid magic number in dynamic shared memory segment")));

	MyFixedParallelState = shm_toc_lookup(toc, PARALLEL_KEY_FIXED, false);
	Assert(MyFixedParallelState->magic == FIXED_PARALLEL_STATE_MAGIC);
	ParallelLeaderPid = MyFixedParallelState->parallel_leader_pid;
	ParallelLeaderProcNumber =
		MyFixedParallelState->parallel_leader_proc_number;
	return toc;
}

/* From here on the leader hears of errors. */
static void
AttachErrorQueue(dsm_segment *seg, shm_toc *toc)
{
	char *space = shm_toc_lookup(toc, PARALLEL_KEY_ERROR_QUEUE, false);
	shm_mq *mq = (shm_mq *) (space + (Size) ParallelWorkerNumber *
	                                     PARALLEL_ERROR_QUEUE_SIZE);
	shm_mq_handle *mqh;

	INJECTION_POINT("parallel-worker-attach-queue");
	shm_mq_set_sender(mq, MyProc);
	mqh = shm_mq_attach(mq, seg, NULL);
	/* who ends here is known to the leader, and says nothing */
	INJECTION_POINT("parallel-worker-redirect");
	pq_redirect_to_shm_mq(seg, mqh);
	pq_set_parallel_leader(ParallelLeaderPid, ParallelLeaderProcNumber);
	BUILD_STEP("parallel-worker-attached", ParallelWorkerNumber);
}

/* The transaction, as the leader's is. */
static void
RestoreTransaction(shm_toc *toc)
{
	INJECTION_POINT("parallel-worker-restore-transaction");
	StartParallelWorkerTransaction(
		shm_toc_lookup(toc, PARALLEL_KEY_TRANSACTION_STATE, false));
	RestoreComboCIDState(shm_toc_lookup(toc, PARALLEL_KEY_COMBO_CID, false));
}

static void
RestoreSnapshots(shm_toc *toc)
{
	Snapshot tsnapshot;
	Snapshot asnapshot;
	char *space;

	INJECTION_POINT("parallel-worker-restore-snapshot");
	space = shm_toc_lookup(toc, PARALLEL_KEY_ACTIVE_SNAPSHOT, false);
	asnapshot = RestoreSnapshot(space);
	space = shm_toc_lookup(toc, PARALLEL_KEY_TRANSACTION_SNAPSHOT, true);
	tsnapshot = space != NULL ? RestoreSnapshot(space) : asnapshot;
	RestoreTransactionSnapshot(tsnapshot,
	                           MyFixedParallelState->parallel_leader_pgproc);
	PushActiveSnapshot(asnapshot);

	/* What was cached while we connected was seen with other eyes. */
	InvalidateSystemCaches();
}

static void
RestoreSettings(shm_toc *toc)
{
	INJECTION_POINT("parallel-worker-restore-gucs");
	RestoreGUCState(shm_toc_lookup(toc, PARALLEL_KEY_GUC, false));
	SetUserIdAndSecContext(MyFixedParallelState->current_user_id,
	                       MyFixedParallelState->sec_context);
}

void
ParallelWorkerMain(Datum main_arg)
{
	FixedParallelState *fps;
	parallel_worker_main_type entrypt;
	dsm_segment *seg;
	shm_toc *toc;
	char *space;
	StringInfoData msgbuf;

	InitializingParallelWorker = true;

	/* An orderly FATAL at the next check for interrupts. */
	pqsignal(SIGTERM, die);
	BackgroundWorkerUnblockSignals();

	Assert(ParallelWorkerNumber == -1);
	memcpy(&ParallelWorkerNumber, MyBgworkerEntry->bgw_extra, sizeof(int));
	BUILD_STEP("parallel-worker-started", ParallelWorkerNumber);

	/* Segments and memory need an owner before there is a transaction. */
	if (CurrentResourceOwner == NULL)
		CurrentResourceOwner = ResourceOwnerCreate(NULL, "parallel worker");
	CurrentMemoryContext = AllocSetContextCreate(
		TopMemoryContext, "Parallel worker", ALLOCSET_DEFAULT_SIZES);
	toc = AttachSegment(main_arg, &seg);
	fps = MyFixedParallelState;

	/* Step 1; the mapping outlives any resource owner. */
	dsm_pin_mapping(seg);
	before_shmem_exit(ParallelWorkerShutdown, PointerGetDatum(seg));

	/* Step 2. */
	AttachErrorQueue(seg, toc);

	/* Step 3. */
	if (!BecomeLockGroupMember(fps->parallel_leader_pgproc,
	                           fps->parallel_leader_pid))
		return;
	BUILD_STEP("parallel-worker-joined-group", ParallelWorkerNumber);

	SetParallelStartTimestamps(fps->xact_ts, fps->stmt_ts);
	space = shm_toc_lookup(toc, PARALLEL_KEY_ENTRYPOINT, false);
	entrypt = LookupParallelWorkerFunction(space, space + strlen(space) + 1);

	INJECTION_POINT("parallel-worker-connect");
	BackgroundWorkerInitializeConnectionByOid(fps->database_id,
	                                          fps->authenticated_user_id, 0);
	RestoreTransaction(toc);

	/* Step 4. */
	RestoreSnapshots(toc);

	/* Step 5. */
	RestoreSettings(toc);

	InitializingParallelWorker = false;
	BUILD_STEP("parallel-worker-state-restored", ParallelWorkerNumber);

	EnterParallelMode();
	entrypt(seg, toc);
	ExitParallelMode();
	INJECTION_POINT("parallel-worker-end-transaction");

	PopActiveSnapshot();
	EndParallelWorkerTransaction();

	/* All went well: the leader need not listen any more. */
	BUILD_STEP("parallel-worker-done", ParallelWorkerNumber);
	pq_beginmessage(&msgbuf, 'X');
	pq_endmessage(&msgbuf);
}

/*
 * Exit callback, after the transaction and all that is in it have gone.
 */
static void
ParallelWorkerShutdown(int code, Datum arg)
{
	INJECTION_POINT_NOTHROW("parallel-worker-shutdown");
	(void) SendProcSignal(ParallelLeaderPid, PROCSIG_PARALLEL_MESSAGE,
	                      ParallelLeaderProcNumber);
	dsm_detach((dsm_segment *) DatumGetPointer(arg));

	INJECTION_POINT_NOTHROW("parallel-worker-detached");
	/*
	 * Once more: a leader that looked between the first signal and the end of
	 * the queue would sleep on.
	 */
	(void) SendProcSignal(ParallelLeaderPid, PROCSIG_PARALLEL_MESSAGE,
	                      ParallelLeaderProcNumber);
}

/*
 * End of the last WAL record that this worker wrote: the leader's commit waits
 * for it.
 */
void
ParallelWorkerReportLastRecEnd(XLogRecPtr last_xlog_end)
{
	FixedParallelState *fps = MyFixedParallelState;

	Assert(fps != NULL);
	SpinLockAcquire(&fps->mutex);
	if (fps->last_xlog_end < last_xlog_end)
		fps->last_xlog_end = last_xlog_end;
	SpinLockRelease(&fps->mutex);
}

void
ParallelWorkerReportProgress(int index, int64 increment)
{
	StringInfoData msgbuf;

	Assert(IsParallelWorker());
	pq_beginmessage(&msgbuf, 'P');
	pq_sendint32(&msgbuf, index);
	pq_sendint64(&msgbuf, increment);
	pq_endmessage(&msgbuf);
}

static parallel_worker_main_type
LookupParallelWorkerFunction(const char *libraryname, const char *funcname)
{
	int i;

	if (strcmp(libraryname, "postgres") == 0)
	{
		for (i = 0; i < (int) lengthof(InternalParallelWorkers); i++)
		{
			if (strcmp(InternalParallelWorkers[i].fn_name, funcname) == 0)
				return InternalParallelWorkers[i].fn_addr;
		}
	}
	elog(ERROR, "internal function \"%s\" not found", funcname);
	return NULL;
}
