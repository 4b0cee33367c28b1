/*
 * parallel.c
 *		The leader's side of a ParallelContext.
 *
 * A context is a DSM segment with a table of contents, some background workers,
 * and one error queue for each.  The leader fills the segment with its own
 * state (settings, transaction, snapshots), so that a worker sees the database
 * exactly as the leader does; the worker's side is parallel_worker.c.
 *
 * Invariants
 * 1.	The segment is complete before the first worker is registered.  Nothing
 *		in it but what says so changes afterwards.
 * 2.	The leader is leader of a lock group before the first worker is
 *		registered, and stays alive until the last one has gone: after
 *		DestroyParallelContext no worker of the context runs any more, so locks
 *		and files may go.  Abort destroys before it releases locks.
 * 3.	Messages are read from inside CHECK_FOR_INTERRUPTS, wherever the leader
 *		is.  A worker's ERROR therefore leaves whatever wait the leader is in.
 *		Whoever waits for workers by other means than their queues must first
 *		call WaitForParallelWorkersToAttach: one that dies before it attached
 *		sends no message.
 * 4.	A context leaves the list before it is taken apart: an error on the way
 *		does not come across it again.
 * 5.	Fewer workers than asked for, or none, is no error.  Only those launched
 *		count.
 *
 * Who cleans up: an ERROR, AtEOXact_Parallel; a worker's SIGKILL, the crash
 * restart; the leader's SIGKILL too, and the segment goes with the control
 * segment's record of it.
 *
 * Corresponds to PostgreSQL's access/transam/parallel.c.  Different: if the
 * segment cannot be had for want of space, the context goes on without workers
 * and says so; extension and page locks conflict between the members.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "lib/stringinfo.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/pqmq.h"
#include "miscadmin.h"
#include "parallel/parallel_internal.h"
#include "postmaster/bgworker.h"
#include "storage/dsm.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/combocid.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/injection_step.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/trace.h"
#include "utils/wait_event.h"

StaticAssertDecl(PARALLEL_ERROR_QUEUE_SIZE % MAXIMUM_ALIGNOF == 0,
                 "error queues must stay aligned");

/* All contexts of this backend, newest first. */
static dlist_head pcxt_list = DLIST_STATIC_INIT(pcxt_list);

static dsm_segment *CreateSegmentOrNothing(Size segsize);
static void FillFixedState(ParallelContext *pcxt);
static void SerializeBackendState(ParallelContext *pcxt);
static void CreateErrorQueues(ParallelContext *pcxt, char *space);
static void
ProcessParallelMessage(ParallelContext *pcxt, int i, StringInfo msg);
static void WaitForParallelWorkersToExit(ParallelContext *pcxt);
static void ReportFailedInitialize(void) pg_attribute_noreturn();

/*
 * A new context for up to nworkers workers, all running function_name.
 */
ParallelContext *
CreateParallelContext(const char *library_name, const char *function_name,
                      int nworkers)
{
	MemoryContext oldcontext;
	ParallelContext *pcxt;

	Assert(IsInParallelMode());
	Assert(nworkers >= 0);

	oldcontext = MemoryContextSwitchTo(TopTransactionContext);
	pcxt = palloc0(sizeof(ParallelContext));
	pcxt->nworkers = nworkers;
	pcxt->nworkers_to_launch = nworkers;
	pcxt->library_name = pstrdup(library_name);
	pcxt->function_name = pstrdup(function_name);
	pcxt->error_context_stack = error_context_stack;
	shm_toc_initialize_estimator(&pcxt->estimator);
	dlist_push_head(&pcxt_list, &pcxt->node);
	MemoryContextSwitchTo(oldcontext);

	BUILD_STEP("parallel-context-created", nworkers);
	return pcxt;
}

/*
 * Make the segment and fill in what every worker needs; the caller's estimates
 * are in pcxt->estimator.  pcxt->seg is NULL afterwards if there can be no
 * workers.
 */
void
InitializeParallelDSM(ParallelContext *pcxt)
{
	MemoryContext oldcontext;
	Size guc_len = 0;
	Size combocidlen = 0;
	Size tsnaplen = 0;
	Size asnaplen = 0;
	Size tstatelen = 0;
	Size segsize;
	Snapshot transaction_snapshot = GetTransactionSnapshot();
	Snapshot active_snapshot = GetActiveSnapshot();

	oldcontext = MemoryContextSwitchTo(TopTransactionContext);

	/* With interrupts held off the error queues could never be read. */
	if (!INTERRUPTS_CAN_BE_PROCESSED())
		pcxt->nworkers = 0;

	shm_toc_estimate_chunk(&pcxt->estimator, sizeof(FixedParallelState));
	shm_toc_estimate_keys(&pcxt->estimator, 1);
	if (pcxt->nworkers > 0)
	{
		guc_len = EstimateGUCStateSpace();
		shm_toc_estimate_chunk(&pcxt->estimator, guc_len);
		combocidlen = EstimateComboCIDStateSpace();
		shm_toc_estimate_chunk(&pcxt->estimator, combocidlen);
		if (IsolationUsesXactSnapshot())
		{
			tsnaplen = EstimateSnapshotSpace(transaction_snapshot);
			shm_toc_estimate_chunk(&pcxt->estimator, tsnaplen);
			shm_toc_estimate_keys(&pcxt->estimator, 1);
		}
		asnaplen = EstimateSnapshotSpace(active_snapshot);
		shm_toc_estimate_chunk(&pcxt->estimator, asnaplen);
		tstatelen = EstimateTransactionStateSpace();
		shm_toc_estimate_chunk(&pcxt->estimator, tstatelen);
		shm_toc_estimate_chunk(
			&pcxt->estimator,
			mul_size(PARALLEL_ERROR_QUEUE_SIZE, pcxt->nworkers));
		shm_toc_estimate_chunk(&pcxt->estimator,
		                       strlen(pcxt->library_name) +
		                           strlen(pcxt->function_name) + 2);
		shm_toc_estimate_keys(&pcxt->estimator, 6);
	}
	segsize = shm_toc_estimate(&pcxt->estimator);
	BUILD_STEP("parallel-dsm-estimated", (int64) segsize);

	if (pcxt->nworkers > 0)
		pcxt->seg = CreateSegmentOrNothing(segsize);
	if (pcxt->seg != NULL)
		pcxt->toc = shm_toc_create(PARALLEL_MAGIC,
		                           dsm_segment_address(pcxt->seg), segsize);
	else
	{
		/* The toc still works, for callers that fill it in any case. */
		pcxt->nworkers = 0;
		pcxt->private_memory =
			MemoryContextAllocHuge(TopMemoryContext, segsize);
		pcxt->toc =
			shm_toc_create(PARALLEL_MAGIC, pcxt->private_memory, segsize);
	}
	BUILD_STEP("parallel-dsm-created", pcxt->nworkers);

	FillFixedState(pcxt);
	if (pcxt->nworkers > 0)
	{
		char *space;

		SerializeBackendState(pcxt);

		pcxt->worker = palloc0(sizeof(ParallelWorkerInfo) * pcxt->nworkers);
		space = shm_toc_allocate(
			pcxt->toc, mul_size(PARALLEL_ERROR_QUEUE_SIZE, pcxt->nworkers));
		CreateErrorQueues(pcxt, space);
		shm_toc_insert(pcxt->toc, PARALLEL_KEY_ERROR_QUEUE, space);

		space =
			shm_toc_allocate(pcxt->toc, strlen(pcxt->library_name) +
		                                    strlen(pcxt->function_name) + 2);
		strcpy(space, pcxt->library_name);
		strcpy(space + strlen(pcxt->library_name) + 1, pcxt->function_name);
		shm_toc_insert(pcxt->toc, PARALLEL_KEY_ENTRYPOINT, space);
	}
	pcxt->nworkers_to_launch = pcxt->nworkers;
	MemoryContextSwitchTo(oldcontext);
}

/*
 * A segment, or NULL if there are too many or no space for one: then the work
 * is done without workers.  Every other error is one.
 */
static dsm_segment *
CreateSegmentOrNothing(Size segsize)
{
	MemoryContext oldcontext = CurrentMemoryContext;
	dsm_segment *volatile seg = NULL;

	PG_TRY();
	{
		INJECTION_POINT("parallel-create-segment");
		seg = dsm_create(segsize, DSM_CREATE_NULL_IF_MAXSEGMENTS);
	}
	PG_CATCH();
	{
		ErrorData *edata;

		MemoryContextSwitchTo(oldcontext);
		edata = CopyErrorData();
		if (edata->sqlerrcode != ERRCODE_DISK_FULL &&
		    edata->sqlerrcode != ERRCODE_OUT_OF_MEMORY)
			PG_RE_THROW();

		/* dsm_create has undone what it did. */
		FlushErrorState();
		ereport(NOTICE,
		        (errmsg("going on without parallel workers: no dynamic shared "
		                "memory segment of %zu bytes could be had",
		                segsize),
		         errdetail("%s", edata->message),
		         edata->hint ? errhint("%s", edata->hint) : 0));
		FreeErrorData(edata);
	}
	PG_END_TRY();
	return seg;
}

static void
FillFixedState(ParallelContext *pcxt)
{
	FixedParallelState *fps;

	INJECTION_POINT("parallel-fill-fixed-state");
	fps = (FixedParallelState *) shm_toc_allocate(pcxt->toc,
	                                              sizeof(FixedParallelState));
	memset(fps, 0, sizeof(FixedParallelState));
	fps->magic = FIXED_PARALLEL_STATE_MAGIC;
	fps->database_id = MyDatabaseId;
	fps->authenticated_user_id = GetAuthenticatedUserId();
	GetUserIdAndSecContext(&fps->current_user_id, &fps->sec_context);
	fps->parallel_leader_pgproc = MyProc;
	fps->parallel_leader_pid = MyProcPid;
	fps->parallel_leader_proc_number = MyProcNumber;
	fps->xact_ts = GetCurrentTransactionStartTimestamp();
	fps->stmt_ts = GetCurrentStatementStartTimestamp();
	SpinLockInit(&fps->mutex);
	fps->last_xlog_end = 0;
	shm_toc_insert(pcxt->toc, PARALLEL_KEY_FIXED, fps);
}

/*
 * Settings, combo command ids, snapshots, transaction.
 */
static void
SerializeBackendState(ParallelContext *pcxt)
{
	Snapshot transaction_snapshot = GetTransactionSnapshot();
	Snapshot active_snapshot = GetActiveSnapshot();
	Size len;
	char *space;

	INJECTION_POINT("parallel-serialize-state");
	len = EstimateGUCStateSpace();
	space = shm_toc_allocate(pcxt->toc, len);
	SerializeGUCState(len, space);
	shm_toc_insert(pcxt->toc, PARALLEL_KEY_GUC, space);

	len = EstimateComboCIDStateSpace();
	space = shm_toc_allocate(pcxt->toc, len);
	SerializeComboCIDState(len, space);
	shm_toc_insert(pcxt->toc, PARALLEL_KEY_COMBO_CID, space);

	/* In READ COMMITTED the active snapshot is all there is. */
	if (IsolationUsesXactSnapshot())
	{
		len = EstimateSnapshotSpace(transaction_snapshot);
		space = shm_toc_allocate(pcxt->toc, len);
		SerializeSnapshot(transaction_snapshot, space);
		shm_toc_insert(pcxt->toc, PARALLEL_KEY_TRANSACTION_SNAPSHOT, space);
	}
	len = EstimateSnapshotSpace(active_snapshot);
	space = shm_toc_allocate(pcxt->toc, len);
	SerializeSnapshot(active_snapshot, space);
	shm_toc_insert(pcxt->toc, PARALLEL_KEY_ACTIVE_SNAPSHOT, space);

	len = EstimateTransactionStateSpace();
	space = shm_toc_allocate(pcxt->toc, len);
	SerializeTransactionState(len, space);
	shm_toc_insert(pcxt->toc, PARALLEL_KEY_TRANSACTION_STATE, space);
}

/* One queue per worker, this process the reader of all. */
static void
CreateErrorQueues(ParallelContext *pcxt, char *space)
{
	int i;

	INJECTION_POINT("parallel-create-queues");
	for (i = 0; i < pcxt->nworkers; i++)
	{
		shm_mq *mq = shm_mq_create(space + (Size) i * PARALLEL_ERROR_QUEUE_SIZE,
		                           PARALLEL_ERROR_QUEUE_SIZE);

		shm_mq_set_receiver(mq, MyProc);
		pcxt->worker[i].error_mqh = shm_mq_attach(mq, pcxt->seg, NULL);
	}
}

/*
 * Make a context that has run ready to be launched again.
 */
void
ReinitializeParallelDSM(ParallelContext *pcxt)
{
	FixedParallelState *fps;
	MemoryContext oldcontext;

	oldcontext = MemoryContextSwitchTo(TopTransactionContext);
	if (pcxt->nworkers_launched > 0)
	{
		WaitForParallelWorkersToFinish(pcxt);
		WaitForParallelWorkersToExit(pcxt);
		pcxt->nworkers_launched = 0;
		pfree(pcxt->known_attached_workers);
		pcxt->known_attached_workers = NULL;
		pcxt->nknown_attached_workers = 0;
	}
	fps = shm_toc_lookup(pcxt->toc, PARALLEL_KEY_FIXED, false);
	fps->last_xlog_end = 0;

	if (pcxt->nworkers > 0)
		CreateErrorQueues(
			pcxt, shm_toc_lookup(pcxt->toc, PARALLEL_KEY_ERROR_QUEUE, false));
	MemoryContextSwitchTo(oldcontext);
}

void
ReinitializeParallelWorkers(ParallelContext *pcxt, int nworkers_to_launch)
{
	Assert(pcxt->nworkers >= nworkers_to_launch);
	pcxt->nworkers_to_launch = Min(pcxt->nworkers, nworkers_to_launch);
}

/*
 * Register the workers.  Fewer than asked for may come: nworkers_launched.
 */
void
LaunchParallelWorkers(ParallelContext *pcxt)
{
	MemoryContext oldcontext;
	BackgroundWorker worker;
	bool any_registrations_failed = false;
	int i;

	if (pcxt->nworkers == 0 || pcxt->nworkers_to_launch == 0)
		return;
	Assert(pcxt->seg != NULL);

	BUILD_STEP("parallel-launch", pcxt->nworkers_to_launch);

	/* Invariant 2. */
	BecomeLockGroupLeader();

	oldcontext = MemoryContextSwitchTo(TopTransactionContext);
	memset(&worker, 0, sizeof(worker));
	snprintf(worker.bgw_name, BGW_MAXLEN, "parallel worker for PID %d",
	         MyProcPid);
	snprintf(worker.bgw_type, BGW_MAXLEN, "parallel worker");
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS |
	                   BGWORKER_BACKEND_DATABASE_CONNECTION |
	                   BGWORKER_CLASS_PARALLEL;
	worker.bgw_start_time = BgWorkerStart_ConsistentState;
	worker.bgw_restart_time = BGW_NEVER_RESTART;
	snprintf(worker.bgw_library_name, sizeof(worker.bgw_library_name),
	         "postgres");
	snprintf(worker.bgw_function_name, BGW_MAXLEN, "ParallelWorkerMain");
	worker.bgw_main_arg = UInt32GetDatum(dsm_segment_handle(pcxt->seg));
	worker.bgw_notify_pid = MyProcPid;

	for (i = 0; i < pcxt->nworkers_to_launch; i++)
	{
		memcpy(worker.bgw_extra, &i, sizeof(int));
		INJECTION_POINT("parallel-launch-worker");
		if (!any_registrations_failed &&
		    RegisterDynamicBackgroundWorker(&worker,
		                                    &pcxt->worker[i].bgwhandle))
		{
			/* From now on a wait on the queue ends if the worker never comes. */
			shm_mq_set_handle(pcxt->worker[i].error_mqh,
			                  pcxt->worker[i].bgwhandle);
			pcxt->nworkers_launched++;
		}
		else
		{
			/*
			 * No slot now, so none for the next either.  The queue would never
			 * see a sender: let it go, or finishing would wait for it.
			 */
			any_registrations_failed = true;
			pcxt->worker[i].bgwhandle = NULL;
			shm_mq_detach(pcxt->worker[i].error_mqh);
			pcxt->worker[i].error_mqh = NULL;
		}
	}
	if (pcxt->nworkers_launched > 0)
	{
		pcxt->known_attached_workers =
			palloc0(sizeof(bool) * pcxt->nworkers_launched);
		pcxt->nknown_attached_workers = 0;
	}
	MemoryContextSwitchTo(oldcontext);
	if (STEP_IS_ON())
		InjectionStepExpect(pcxt->nworkers_launched);

	BUILD_STEP("parallel-launched", pcxt->nworkers_launched);
}

/*
 * Wait until each worker has attached to its queue (or is done).  ERROR if one
 * ended before that: it could not tell us anything.
 */
void
WaitForParallelWorkersToAttach(ParallelContext *pcxt)
{
	if (pcxt->nworkers_launched == 0)
		return;
#ifdef TUSK_DEFECT_NO_WAIT_FOR_ATTACH
	return;
#endif

	BUILD_STEP("parallel-wait-attach", pcxt->nworkers_launched);
	for (;;)
	{
		int i;

		/* Reads the queues, which may mark workers as attached. */
		CHECK_FOR_INTERRUPTS();

		for (i = 0; i < pcxt->nworkers_launched; i++)
		{
			BgwHandleStatus status;
			shm_mq *mq;
			pid_t pid;

			if (pcxt->known_attached_workers[i])
				continue;

			/* Finished cleanly: then it was attached. */
			if (pcxt->worker[i].error_mqh == NULL)
			{
				pcxt->known_attached_workers[i] = true;
				pcxt->nknown_attached_workers++;
				continue;
			}

			status = GetBackgroundWorkerPid(pcxt->worker[i].bgwhandle, &pid);
			mq = shm_mq_get_queue(pcxt->worker[i].error_mqh);
			if (status == BGWH_STARTED)
			{
				if (shm_mq_get_sender(mq) != NULL)
				{
					pcxt->known_attached_workers[i] = true;
					pcxt->nknown_attached_workers++;
				}
			}
			else if (status == BGWH_STOPPED)
			{
				if (shm_mq_get_sender(mq) == NULL)
					ReportFailedInitialize();

				/* Its messages, or their lack, are seen when it is drained. */
				pcxt->known_attached_workers[i] = true;
				pcxt->nknown_attached_workers++;
			}
		}

		if (pcxt->nknown_attached_workers >= pcxt->nworkers_launched)
			break;
		INJECTION_POINT("parallel-attach-not-yet");

		/*
		 * The postmaster signals us when one starts or stops, but nobody when
		 * one attaches: look again soon.
		 */
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 10,
		                 WAIT_EVENT_BGWORKER_STARTUP);
		ResetLatch(MyLatch);
	}
	Assert(pcxt->nknown_attached_workers == pcxt->nworkers_launched);
}

static void
ReportFailedInitialize(void)
{
	ereport(ERROR,
	        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
	         errmsg("parallel worker failed to initialize"),
	         errhint("More details may be available in the server log.")));
	pg_unreachable();
}

/*
 * Wait until all workers have said that they are done; their errors are raised
 * here at the latest.
 */
void
WaitForParallelWorkersToFinish(ParallelContext *pcxt)
{
	BUILD_STEP("parallel-wait-finish", pcxt->nworkers_launched);
	for (;;)
	{
		bool anyone_alive = false;
		int nfinished = 0;
		int i;

		CHECK_FOR_INTERRUPTS();

		for (i = 0; i < pcxt->nworkers_launched; i++)
		{
			if (pcxt->worker[i].error_mqh == NULL)
				++nfinished;
			else if (pcxt->known_attached_workers[i])
			{
				/* Will send a message, or its queue's end will be noticed. */
				anyone_alive = true;
				break;
			}
		}

		if (!anyone_alive)
		{
			if (nfinished >= pcxt->nworkers_launched)
				break;

			/* Has one stopped that never attached? */
			for (i = 0; i < pcxt->nworkers_launched; i++)
			{
				pid_t pid;
				shm_mq *mq;

				if (pcxt->worker[i].error_mqh == NULL ||
				    pcxt->worker[i].bgwhandle == NULL ||
				    GetBackgroundWorkerPid(pcxt->worker[i].bgwhandle, &pid) !=
				        BGWH_STOPPED)
					continue;

				/*
				 * It may have attached, sent and gone since we looked: what it
				 * sent comes first.
				 */
				mq = shm_mq_get_queue(pcxt->worker[i].error_mqh);
				if (shm_mq_get_sender(mq) == NULL)
					ReportFailedInitialize();
			}
		}

		INJECTION_POINT("parallel-finish-not-yet");
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, -1,
		                 WAIT_EVENT_PARALLEL_FINISH);
		ResetLatch(MyLatch);
	}

	/* Our commit must make the workers' WAL durable too. */
	if (pcxt->toc != NULL)
	{
		FixedParallelState *fps =
			shm_toc_lookup(pcxt->toc, PARALLEL_KEY_FIXED, false);

		if (fps->last_xlog_end > XactLastRecEnd)
			XactLastRecEnd = fps->last_xlog_end;
	}
}

/*
 * Wait until the workers' processes have ended.
 */
static void
WaitForParallelWorkersToExit(ParallelContext *pcxt)
{
	int i;

	for (i = 0; i < pcxt->nworkers_launched; i++)
	{
		BgwHandleStatus status;

		if (pcxt->worker == NULL || pcxt->worker[i].bgwhandle == NULL)
			continue;

		status = WaitForBackgroundWorkerShutdown(pcxt->worker[i].bgwhandle);

		/*
		 * The postmaster is gone: we cannot know whether the worker is, and so
		 * must not go on with what it might still use.
		 */
		if (status == BGWH_POSTMASTER_DIED)
			ereport(
				FATAL,
				(errcode(ERRCODE_ADMIN_SHUTDOWN),
			     errmsg("postmaster exited during a parallel transaction")));

		pfree(pcxt->worker[i].bgwhandle);
		pcxt->worker[i].bgwhandle = NULL;
	}
}

/*
 * Stop the workers that still run, wait for their end, give everything back.
 */
void
DestroyParallelContext(ParallelContext *pcxt)
{
	int i;

	/* An error here finds the context in the list, and comes here again. */
	BUILD_STEP("parallel-destroy", pcxt->nworkers_launched);
	/* Invariant 4; from here on nothing raises an error. */
	dlist_delete(&pcxt->node);

	if (pcxt->worker != NULL)
	{
		for (i = 0; i < pcxt->nworkers; i++)
		{
			if (pcxt->worker[i].error_mqh == NULL)
				continue;
			if (pcxt->worker[i].bgwhandle != NULL)
			{
				INJECTION_POINT_NOTHROW("parallel-terminate-worker");
				TerminateBackgroundWorker(pcxt->worker[i].bgwhandle);
			}
			shm_mq_detach(pcxt->worker[i].error_mqh);
			pcxt->worker[i].error_mqh = NULL;
		}
	}

	/*
	 * A worker that is being terminated may still be attached: the segment goes
	 * with the last of them.
	 */
	if (pcxt->seg != NULL)
	{
		dsm_detach(pcxt->seg);
		pcxt->seg = NULL;
	}
	if (pcxt->private_memory != NULL)
	{
		pfree(pcxt->private_memory);
		pcxt->private_memory = NULL;
	}
	pcxt->toc = NULL;

	/* Whatever asks us to stop, locks go only after the workers. */
	HOLD_INTERRUPTS();
	INJECTION_POINT_NOTHROW("parallel-wait-exit");
	WaitForParallelWorkersToExit(pcxt);
	RESUME_INTERRUPTS();

	if (pcxt->worker != NULL)
		pfree(pcxt->worker);
	if (pcxt->known_attached_workers != NULL)
		pfree(pcxt->known_attached_workers);
	pfree(pcxt->library_name);
	pfree(pcxt->function_name);
	pfree(pcxt);
}

bool
ParallelContextActive(void)
{
	return !dlist_is_empty(&pcxt_list);
}

/* ---------------------------------------------------------------------------
 * Messages
 * ---------------------------------------------------------------------------
 */

/*
 * Read all queues until they are empty; from ProcessInterrupts.
 */
void
ProcessParallelMessages(void)
{
	static MemoryContext hpm_context = NULL;
	MemoryContext oldcontext;
	dlist_iter iter;

	/* No second reading on top of this one. */
	HOLD_INTERRUPTS();

	/* Of our own, as we may be called in anybody's. */
	if (hpm_context == NULL)
		hpm_context = AllocSetContextCreate(
			TopMemoryContext, "HandleParallelMessages", ALLOCSET_DEFAULT_SIZES);
	else
		MemoryContextReset(hpm_context);
	oldcontext = MemoryContextSwitchTo(hpm_context);

	/* Before reading: what comes later sets it again. */
	ParallelMessagePending = false;

	dlist_foreach (iter, &pcxt_list)
	{
		ParallelContext *pcxt =
			dlist_container(ParallelContext, node, iter.cur);
		int i;

		if (pcxt->worker == NULL)
			continue;
		for (i = 0; i < pcxt->nworkers_launched; i++)
		{
			/* A message may end the queue. */
			while (pcxt->worker[i].error_mqh != NULL)
			{
				shm_mq_result res;
				Size nbytes;
				void *data;
				StringInfoData msg;

				res = shm_mq_receive(pcxt->worker[i].error_mqh, &nbytes, &data,
				                     true);
				if (res == SHM_MQ_WOULD_BLOCK)
					break;
				if (res == SHM_MQ_DETACHED)
					ereport(ERROR,
					        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					         errmsg("lost connection to parallel worker")));

				initStringInfo(&msg);
				appendBinaryStringInfo(&msg, data, (int) nbytes);
				ProcessParallelMessage(pcxt, i, &msg);
				pfree(msg.data);
			}
		}
	}

	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(hpm_context);
	RESUME_INTERRUPTS();
}

static void
ProcessParallelMessage(ParallelContext *pcxt, int i, StringInfo msg)
{
	char msgtype;

	INJECTION_POINT("parallel-message");
	if (pcxt->known_attached_workers != NULL &&
	    !pcxt->known_attached_workers[i])
	{
		pcxt->known_attached_workers[i] = true;
		pcxt->nknown_attached_workers++;
	}

	msgtype = (char) pq_getmsgbyte(msg);
	switch (msgtype)
	{
		case 'E':
		case 'N':
		{
			ErrorData edata;
			ErrorContextCallback *save_error_context_stack;

			pq_parse_errornotice(msg, &edata);

			/* The end of a worker is no reason for the leader to exit. */
			edata.elevel = Min(edata.elevel, ERROR);

			if (edata.context)
				edata.context =
					psprintf("%s\n%s", edata.context, "parallel worker");
			else
				edata.context = pstrdup("parallel worker");

			/*
				 * Where the leader happens to be says nothing about it; where
				 * it started the workers does.
				 */
			save_error_context_stack = error_context_stack;
			error_context_stack = pcxt->error_context_stack;
			ThrowErrorData(&edata);
			error_context_stack = save_error_context_stack;
			break;
		}

		case 'P':
		{
			int index = pq_getmsgint(msg, 4);
			int64 incr = pq_getmsgint64(msg);

			pq_getmsgend(msg);
			pgstat_progress_incr_param(index, incr);
			break;
		}

		case 'X':
			shm_mq_detach(pcxt->worker[i].error_mqh);
			pcxt->worker[i].error_mqh = NULL;
			break;

		default:
			elog(ERROR,
			     "unrecognized message type received from parallel worker: %c "
			     "(message length %d bytes)",
			     msgtype, msg->len);
	}
}

/*
 * At the end of a transaction: nothing may be left at commit; abort destroys
 * what is there, before it releases locks.
 */
void
AtEOXact_Parallel(bool isCommit)
{
	while (!dlist_is_empty(&pcxt_list))
	{
		ParallelContext *pcxt =
			dlist_container(ParallelContext, node, dlist_head_node(&pcxt_list));

		if (isCommit)
			elog(WARNING, "leaked parallel context");
		DestroyParallelContext(pcxt);
	}
}
