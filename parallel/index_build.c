/*
 * index_build.c
 *		The coordinator of parallel index builds.
 *
 * One for all access methods: what differs between them is what lies in the
 * segment and what a participant does with a tuple, and that is in their hooks
 * (ParallelBuildRoutine).  What is easy to get wrong is here, once.
 *
 * The protocol, by its steps (each an injection point and a trace event):
 *
 *		leader										worker
 *		build-enter
 *		  parallel-context-created
 *		build-estimated
 *		  parallel-dsm-created		none: serial
 *		build-initialized
 *		  parallel-launched			none: serial	  parallel-worker-started
 *													  parallel-worker-attached
 *													  parallel-worker-joined-group
 *													  parallel-worker-state-restored
 *													build-relations-opened
 *		build-participant (number)					build-participant (number)
 *		  scan and insert							  scan and insert
 *		build-participant-done						build-participant-done
 *		  parallel-wait-attach						  parallel-worker-done
 *		build-wait-participants						build-wait-prepared
 *		build-prepared
 *		build-complete								build-complete
 *		build-wait-complete							build-complete-done
 *		build-finish
 *		  parallel-wait-finish
 *		  parallel-destroy
 *		build-exit
 *
 * Invariants
 * 1.	Participants are numbered without gaps in order of arrival.  The number
 *		of a worker process will not do: the leader takes part too, and a launch
 *		may leave gaps.
 * 2.	The end is counted against the workers launched (and the leader), never
 *		against those asked for.
 * 3.	A participant adds its sums and its 1 to the count in one locked step,
 *		after everything that it did is in the shared structures.  Who sees the
 *		count complete sees all of it.
 *		The same holds for the second count, of those that have completed.
 * 4.	The leader makes sure that every worker has attached to its error queue
 *		before it waits for the count: from then on a worker's end cannot go
 *		unnoticed.
 * 5.	Each block of the heap goes to exactly one participant, and a
 *		participant that fails takes the whole build with it: every row is seen
 *		once.
 *
 * Waits: the leader's for a count (condition variable workersdonecv, wait events
 * ParallelCreateIndexScan and BuildComplete); it ends by the last participant's
 * signal, by the error of one (raised by the interrupt check in the wait), or by
 * a cancel.  A worker's for the leader (preparedcv, BuildPrepare): a leader that
 * fails ends its workers.
 *
 * Corresponds to the parallel part of PostgreSQL's nbtsort.c and pgvector's
 * hnswbuild.c, which each index type there repeats for itself.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/parallel.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/index.h"
#include "commands/progress.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "optimizer/planmain.h"
#include "parallel/index_build.h"
#include "storage/bufmgr.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "tcop/tcopprot.h"
#include "utils/backend_progress.h"
#include "utils/backend_status.h"
#include "utils/injection_point.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/trace.h"
#include "utils/wait_event.h"

/* Report progress once per so many tuples; of a serial build. */
#define REPORT_EVERY_TUPLES 256
#define REPORT_SERIAL_EVERY 64

/* And while waiting for others, in ms. */
#define REPORT_EVERY_MS 100

/* So many blocks tell how many rows a table has. */
#define TRUSTED_BLOCKS 16

/* The access methods that can: workers find them by name. */
static const ParallelBuildRoutine *const ParallelBuildRoutines[] = {
	&hnsw_parallel_build,
	&ivfflat_parallel_build,
};

static const ParallelBuildRoutine *LookupRoutine(const char *name);
static Snapshot BuildSnapshot(IndexBuild *build);
static void EstimateBuild(IndexBuild *build, Snapshot snapshot, int request);
static void InitializeBuild(IndexBuild *build, Snapshot snapshot, int request);
static void EndBuild(IndexBuild *build, Snapshot snapshot);
static void Participate(IndexBuild *build);
static void WaitForParticipants(IndexBuild *build);
static void LetParticipantsComplete(IndexBuild *build);
static void WaitForCompletion(IndexBuild *build);
static void AwaitPrepared(IndexBuild *build);
static void Complete(IndexBuild *build);
static void StartParticipantProgress(IndexBuild *build);
static void ReportOwnTuples(IndexBuild *build);
static void ReportProgress(IndexBuild *build);
static void ReportLaunched(IndexBuild *build);
static Size SizeOfShared(int nparticipants);

/* ---------------------------------------------------------------------------
 * Leader
 * ---------------------------------------------------------------------------
 */

void
IndexBuildRun(IndexBuild *build, void (*serial)(IndexBuild *build),
              struct IndexBuildResult *result)
{
	IndexBuildReportStart(build, result->workers_planned);
	if (!IndexBuildParallel(build, result->workers_planned))
		serial(build);
	result->workers_launched = build->nworkers_launched;
	result->workers_limit = build->workers_limit;
}

bool
IndexBuildParallel(IndexBuild *build, int request)
{
	Snapshot snapshot;

	Assert(build->routine != NULL);
	Assert(strlen(build->routine->name) < INDEX_BUILD_NAME_LEN);
	Assert(LookupRoutine(build->routine->name) == build->routine);

	/* A worker cannot lead. */
	if (request <= 0 || IsParallelWorker())
		return false;

	build->is_leader = true;
	build->participant = -1;

	BUILD_STEP("build-enter", request);
	EnterParallelMode();
	build->pcxt =
		CreateParallelContext("postgres", "ParallelIndexBuildMain", request);
	snapshot = BuildSnapshot(build);

	EstimateBuild(build, snapshot, request);
	InitializeParallelDSM(build->pcxt);
	if (build->pcxt->seg == NULL)
	{
		build->workers_limit = INDEX_WORKERS_NO_SEGMENT;
		ReportLaunched(build);
		EndBuild(build, snapshot);
		return false;
	}

	InitializeBuild(build, snapshot, build->pcxt->nworkers);
	LaunchParallelWorkers(build->pcxt);
	build->nworkers_launched = build->pcxt->nworkers_launched;
	if (build->nworkers_launched < request)
		build->workers_limit = INDEX_WORKERS_NO_PROCESS;
	ReportLaunched(build);
	if (build->pcxt->nworkers_launched == 0)
	{
		EndBuild(build, snapshot);
		return false;
	}
	/* Invariant 2. */
	build->nparticipants = build->pcxt->nworkers_launched +
	                       (parallel_leader_participation ? 1 : 0);
	ereport(DEBUG1, (errmsg_internal("using %d parallel workers",
	                                 build->pcxt->nworkers_launched)));

	if (parallel_leader_participation)
		Participate(build);

	/* Invariant 4. */
	WaitForParallelWorkersToAttach(build->pcxt);
	WaitForParticipants(build);
	IndexBuildReportEnd((int64) build->indtuples);

	build->routine->prepare(build);
	LetParticipantsComplete(build);
	if (parallel_leader_participation)
		Complete(build);
	WaitForCompletion(build);

	BUILD_STEP("build-finish", build->nparticipants);
	build->routine->finish(build);

	WaitForParallelWorkersToFinish(build->pcxt);
	EndBuild(build, snapshot);
	return true;
}

/*
 * A concurrent build sees what one snapshot sees; any other sees every row and
 * decides row by row.
 */
static Snapshot
BuildSnapshot(IndexBuild *build)
{
	if (build->indexInfo->ii_Concurrent)
		return RegisterSnapshot(GetTransactionSnapshot());
	return SnapshotAny;
}

static Size
SizeOfShared(int nparticipants)
{
	return add_size(offsetof(IndexBuildShared, participant),
	                mul_size(nparticipants, sizeof(IndexBuildParticipant)));
}

static void
EstimateBuild(IndexBuild *build, Snapshot snapshot, int request)
{
	shm_toc_estimator *estimator = &build->pcxt->estimator;

	shm_toc_estimate_chunk(estimator, SizeOfShared(request + 1));
	shm_toc_estimate_chunk(estimator,
	                       table_parallelscan_estimate(build->heap, snapshot));
	shm_toc_estimate_keys(estimator, 2);
	if (debug_query_string)
	{
		shm_toc_estimate_chunk(estimator, strlen(debug_query_string) + 1);
		shm_toc_estimate_keys(estimator, 1);
	}
	build->routine->estimate(build, estimator);
	BUILD_STEP("build-estimated", 0);
}

static void
InitializeBuild(IndexBuild *build, Snapshot snapshot, int request)
{
	IndexBuildShared *shared;
	int i;

	build->seg = build->pcxt->seg;
	build->toc = build->pcxt->toc;

	shared = (IndexBuildShared *) shm_toc_allocate(build->toc,
	                                               SizeOfShared(request + 1));
	memset(shared, 0, SizeOfShared(request + 1));
	shared->magic = INDEX_BUILD_MAGIC;
	strlcpy(shared->routine_name, build->routine->name, INDEX_BUILD_NAME_LEN);
	shared->heaprelid = RelationGetRelid(build->heap);
	shared->indexrelid = RelationGetRelid(build->index);
	shared->isconcurrent = build->indexInfo->ii_Concurrent;
	shared->brokenhotchain = false;
	shared->nparticipants_max = request + 1;
	pg_atomic_init_u32(&shared->next_participant, 0);
	ConditionVariableInit(&shared->workersdonecv);
	ConditionVariableInit(&shared->preparedcv);
	SpinLockInit(&shared->mutex);
	for (i = 0; i < request + 1; i++)
		pg_atomic_init_u64(&shared->participant[i].tuples_done, 0);
	shm_toc_insert(build->toc, PARALLEL_KEY_INDEX_BUILD, shared);
	build->shared = shared;

	build->pscan = (ParallelTableScanDesc) shm_toc_allocate(
		build->toc, table_parallelscan_estimate(build->heap, snapshot));
	table_parallelscan_initialize(build->heap, build->pscan, snapshot);
	shm_toc_insert(build->toc, PARALLEL_KEY_INDEX_BUILD_SCAN, build->pscan);

	if (debug_query_string)
	{
		Size len = strlen(debug_query_string) + 1;
		char *query = (char *) shm_toc_allocate(build->toc, len);

		memcpy(query, debug_query_string, len);
		shm_toc_insert(build->toc, PARALLEL_KEY_INDEX_BUILD_QUERY, query);
	}
	build->routine->initialize(build);
	BUILD_STEP("build-initialized", request);
}

/*
 * Wait until all participants have done their share, then take the sums.
 */
static void
WaitForParticipants(IndexBuild *build)
{
	IndexBuildShared *shared = build->shared;

	BUILD_STEP("build-wait-participants", build->nparticipants);
	ConditionVariablePrepareToSleep(&shared->workersdonecv);
	for (;;)
	{
		bool done;

		SpinLockAcquire(&shared->mutex);
		done = shared->nparticipantsdone == build->nparticipants;
		if (done)
		{
			build->reltuples = shared->reltuples;
			build->indexInfo->ii_BrokenHotChain = shared->brokenhotchain;
			build->indtuples = shared->indtuples;
		}
		SpinLockRelease(&shared->mutex);

		ReportProgress(build);
		if (done)
			break;
		INJECTION_POINT("build-not-all-done");

		/* The time-out is for the progress report only. */
		(void) ConditionVariableTimedSleep(
			&shared->workersdonecv, REPORT_EVERY_MS,
			WAIT_EVENT_PARALLEL_CREATE_INDEX_SCAN);
	}
	ConditionVariableCancelSleep();
	BUILD_STEP("build-reltuples-folded", (int64) build->reltuples);
}

static void
LetParticipantsComplete(IndexBuild *build)
{
	IndexBuildShared *shared = build->shared;

	BUILD_STEP("build-prepared", 0);
	SpinLockAcquire(&shared->mutex);
	shared->prepared = true;
	SpinLockRelease(&shared->mutex);
	INJECTION_POINT("build-broadcast-prepared");
	ConditionVariableBroadcast(&shared->preparedcv);
}

/* Wait until all participants have completed. */
static void
WaitForCompletion(IndexBuild *build)
{
	IndexBuildShared *shared = build->shared;

	BUILD_STEP("build-wait-complete", build->nparticipants);
	ConditionVariablePrepareToSleep(&shared->workersdonecv);
	for (;;)
	{
		bool done;

		SpinLockAcquire(&shared->mutex);
		done = shared->ncomplete == build->nparticipants;
		if (done)
			WalUsageAdd(&pgWalUsage, &shared->walusage);
		SpinLockRelease(&shared->mutex);
		if (done)
			break;
		if (build->routine->report != NULL)
			build->routine->report(build);
		/* The time-out is for the progress report only. */
		(void) ConditionVariableTimedSleep(
			&shared->workersdonecv, REPORT_EVERY_MS, WAIT_EVENT_BUILD_COMPLETE);
	}
	ConditionVariableCancelSleep();
}

static void
EndBuild(IndexBuild *build, Snapshot snapshot)
{
	DestroyParallelContext(build->pcxt);
	build->pcxt = NULL;
	build->seg = NULL;
	build->toc = NULL;
	build->shared = NULL;
	build->pscan = NULL;
	if (IsMVCCSnapshot(snapshot))
		UnregisterSnapshot(snapshot);
	ExitParallelMode();
	BUILD_STEP("build-exit", 0);
}

/* ---------------------------------------------------------------------------
 * Worker
 * ---------------------------------------------------------------------------
 */

/*
 * Entry point of a worker; the state of the leader has been restored.
 */
void
ParallelIndexBuildMain(dsm_segment *seg, shm_toc *toc)
{
	IndexBuild build = {0};
	IndexBuildShared *shared;
	LOCKMODE heapLockmode;
	LOCKMODE indexLockmode;
	char *query;

	query = shm_toc_lookup(toc, PARALLEL_KEY_INDEX_BUILD_QUERY, true);
	debug_query_string = query;
	pgstat_report_activity(STATE_RUNNING, debug_query_string);

	shared = shm_toc_lookup(toc, PARALLEL_KEY_INDEX_BUILD, false);
	if (shared->magic != INDEX_BUILD_MAGIC)
		elog(ERROR, "invalid magic number in shared state of index build");

	/* The leader's modes: the lock group makes them free. */
	heapLockmode = shared->isconcurrent ? ShareUpdateExclusiveLock : ShareLock;
	indexLockmode =
		shared->isconcurrent ? RowExclusiveLock : AccessExclusiveLock;

	build.routine = LookupRoutine(shared->routine_name);
	build.heap = table_open(shared->heaprelid, heapLockmode);
	build.index = index_open(shared->indexrelid, indexLockmode);
	build.indexInfo = BuildIndexInfo(build.index);
	build.indexInfo->ii_Concurrent = shared->isconcurrent;
	build.toc = toc;
	build.seg = seg;
	build.shared = shared;
	build.pscan = shm_toc_lookup(toc, PARALLEL_KEY_INDEX_BUILD_SCAN, false);
	build.is_leader = false;
	build.nparticipants = shared->nparticipants_max;
	BUILD_STEP("build-relations-opened", ParallelWorkerNumber);

	Participate(&build);
	AwaitPrepared(&build);
	Complete(&build);

	index_close(build.index, indexLockmode);
	table_close(build.heap, heapLockmode);
}

/* ---------------------------------------------------------------------------
 * Every participant
 * ---------------------------------------------------------------------------
 */

static void
Participate(IndexBuild *build)
{
	IndexBuildShared *shared = build->shared;
	double reltuples = 0;
	double indtuples = 0;

	/* Invariant 1. */
	build->participant =
		(int) pg_atomic_fetch_add_u32(&shared->next_participant, 1);
	Assert(build->participant < shared->nparticipants_max);
	BUILD_STEP("build-participant", build->participant);

	StartParticipantProgress(build);

	build->routine->participate(build, &reltuples, &indtuples);
	ereport(DEBUG1, (errmsg_internal("%s processed %lld tuples",
	                                 build->is_leader ? "leader" : "worker",
	                                 (long long) reltuples)));
	ReportOwnTuples(build);

	/* Invariant 3. */
	BUILD_STEP("build-participant-done", build->participant);
	SpinLockAcquire(&shared->mutex);
	shared->nparticipantsdone++;
	shared->reltuples += reltuples;
	shared->brokenhotchain |= build->indexInfo->ii_BrokenHotChain;
	shared->indtuples += indtuples;
	SpinLockRelease(&shared->mutex);

	INJECTION_POINT("build-signal-done");
	/* Only the leader waits on it. */
	ConditionVariableSignal(&shared->workersdonecv);
}

/* Wait until the leader has prepared. */
static void
AwaitPrepared(IndexBuild *build)
{
	IndexBuildShared *shared = build->shared;

	BUILD_STEP("build-wait-prepared", build->participant);
	ConditionVariablePrepareToSleep(&shared->preparedcv);
	for (;;)
	{
		bool prepared;

		SpinLockAcquire(&shared->mutex);
		prepared = shared->prepared;
		SpinLockRelease(&shared->mutex);
		if (prepared)
			break;
		INJECTION_POINT("build-not-prepared");
		ConditionVariableSleep(&shared->preparedcv, WAIT_EVENT_BUILD_PREPARE);
	}
	ConditionVariableCancelSleep();
}

static void
Complete(IndexBuild *build)
{
	IndexBuildShared *shared = build->shared;

	BUILD_STEP("build-complete", build->participant);
	build->routine->complete(build);
	BUILD_STEP("build-complete-done", build->participant);
	SpinLockAcquire(&shared->mutex);
	shared->ncomplete++;
	/* the leader counts its own anyway */
	if (!build->is_leader)
		WalUsageAdd(&shared->walusage, &pgWalUsage);
	SpinLockRelease(&shared->mutex);
	ConditionVariableSignal(&shared->workersdonecv);
}

double
IndexBuildScan(IndexBuild *build, IndexBuildCallback callback,
               void *callback_state)
{
	BUILD_STEP("build-scan", build->participant);
	build->scan = table_beginscan_parallel(build->heap, build->pscan);

	/* The leader's report of blocks covers all: the counter is shared. */
	return table_index_build_scan(build->heap, build->index, build->indexInfo,
	                              true, build->is_leader, callback,
	                              callback_state, build->scan);
}

void
IndexBuildReportTuple(IndexBuild *build)
{
	pg_atomic_uint64 *mine =
		&build->shared->participant[build->participant].tuples_done;
	uint64 done = pg_atomic_read_u64(mine) + 1;

	/* Nobody else writes it: no atomic addition is needed. */
	pg_atomic_write_u64(mine, done);
	if (done % REPORT_EVERY_TUPLES == 0)
	{
		ReportOwnTuples(build);
		if (build->is_leader)
			ReportProgress(build);
	}
}

void
IndexBuildCountTuple(IndexBuild *build, double *indtuples)
{
	(*indtuples)++;
	if (build != NULL)
		IndexBuildReportTuple(build);
	else if ((int64) *indtuples % REPORT_SERIAL_EVERY == 0)
		IndexBuildReportTuples((int64) *indtuples);
}

/* A row of pg_stat_progress_build_participants begins. */
static void
StartParticipantProgress(IndexBuild *build)
{
	if (!build->is_leader)
	{
		pgstat_progress_start_command(PROGRESS_COMMAND_CREATE_INDEX,
		                              RelationGetRelid(build->heap));
		pgstat_progress_update_param(PROGRESS_CREATEIDX_INDEX_OID,
		                             RelationGetRelid(build->index));
		pgstat_progress_update_param(PROGRESS_CREATEIDX_LEADER_PID,
		                             MyProc->lockGroupLeader->pid);
	}
	pgstat_progress_update_param(PROGRESS_CREATEIDX_OWN_INDEX_OID,
	                             RelationGetRelid(build->index));
	pgstat_progress_update_param(PROGRESS_CREATEIDX_PARTICIPANT,
	                             build->participant + 1);
}

static void
ReportOwnTuples(IndexBuild *build)
{
	pgstat_progress_update_param(
		PROGRESS_CREATEIDX_OWN_TUPLES,
		(int64) pg_atomic_read_u64(
			&build->shared->participant[build->participant].tuples_done));
}

/* The sum over all participants into the leader's slot. */
static void
ReportProgress(IndexBuild *build)
{
	uint64 sum = 0;
	int i;

	for (i = 0; i < build->shared->nparticipants_max; i++)
		sum += pg_atomic_read_u64(&build->shared->participant[i].tuples_done);
	/* a leader that takes no part does not see the blocks go */
	pgstat_progress_update_param(
		PROGRESS_SCAN_BLOCKS_DONE,
		(int64) Min(pg_atomic_read_u64(&build->pscan->phs_nallocated),
	                build->pscan->phs_nblocks));
	IndexBuildReportTuples((int64) sum);
	if (build->routine->report != NULL)
		build->routine->report(build);
}

/* ---------------------------------------------------------------------------
 * Progress of any build
 * ---------------------------------------------------------------------------
 */

void
IndexBuildReportStart(IndexBuild *build, int workers_planned)
{
	int64 now = GetCurrentTimestamp();
	BlockNumber blocks;
	double tuples;
	const int index[] = {
		PROGRESS_CREATEIDX_TUPLES_TOTAL,    PROGRESS_SCAN_BLOCKS_TOTAL,
		PROGRESS_CREATEIDX_WORKERS_PLANNED, PROGRESS_CREATEIDX_WORKERS_LIMIT,
		PROGRESS_CREATEIDX_STARTED,         PROGRESS_CREATEIDX_PACE_STARTED,
		PROGRESS_CREATEIDX_PACE_TUPLES};

	estimate_rel_size(build->heap, &blocks, &tuples);
	pgstat_progress_update_multi_param(
		lengthof(index), index,
		(int64[]){(int64) tuples, RelationGetNumberOfBlocks(build->heap),
	              workers_planned, build->workers_limit, now, now, 0});
}

static void
ReportLaunched(IndexBuild *build)
{
	const int index[] = {PROGRESS_CREATEIDX_WORKERS_LAUNCHED,
	                     PROGRESS_CREATEIDX_WORKERS_LIMIT};
	const int64 val[] = {build->nworkers_launched, build->workers_limit};

	pgstat_progress_update_multi_param(lengthof(index), index, val);
}

void
IndexBuildReportTuples(int64 done)
{
	const int index[] = {PROGRESS_CREATEIDX_TUPLES_DONE,
	                     PROGRESS_CREATEIDX_TUPLES_TOTAL};
	int64 blocks = pgstat_progress_own_param(PROGRESS_SCAN_BLOCKS_DONE);
	int64 blocks_total = pgstat_progress_own_param(PROGRESS_SCAN_BLOCKS_TOTAL);
	int64 total = pgstat_progress_own_param(PROGRESS_CREATEIDX_TUPLES_TOTAL);

	/* the block in work, and the first few, say little */
	if (blocks > TRUSTED_BLOCKS && blocks < blocks_total)
		total = (int64) ((double) done * blocks_total / blocks);
	pgstat_progress_update_multi_param(lengthof(index), index,
	                                   (int64[]){done, Max(total, done)});
}

void
IndexBuildReportPace(int64 done)
{
	const int index[] = {PROGRESS_CREATEIDX_PACE_STARTED,
	                     PROGRESS_CREATEIDX_PACE_TUPLES};

	pgstat_progress_update_multi_param(lengthof(index), index,
	                                   (int64[]){GetCurrentTimestamp(), done});
}

void
IndexBuildReportEnd(int64 done)
{
	const int index[] = {PROGRESS_CREATEIDX_TUPLES_DONE,
	                     PROGRESS_CREATEIDX_TUPLES_TOTAL};

	pgstat_progress_update_multi_param(lengthof(index), index,
	                                   (int64[]){done, done});
}

static const ParallelBuildRoutine *
LookupRoutine(const char *name)
{
	int i;

	for (i = 0; i < (int) lengthof(ParallelBuildRoutines); i++)
	{
		if (strcmp(ParallelBuildRoutines[i]->name, name) == 0)
			return ParallelBuildRoutines[i];
	}
	elog(ERROR, "parallel build routine \"%s\" not found", name);
	return NULL;
}
