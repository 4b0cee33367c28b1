/*
 * hnswbuild.c
 *	  CREATE INDEX ... USING hnsw.
 *
 * The graph is built in an arena (hnswgraph.c) while it fits, and written to
 * pages once; rows that come after that are inserted on pages.  Serial and
 * parallel builds differ only in where the arena lies: private memory, or a
 * chunk of the segment that the coordinator (parallel/index_build.c) made.
 *
 * Every row goes through the same steps (InsertRow):
 *	  enter the phase word in phase memory, insert, leave; or
 *	  found the arena full (nothing linked): leave, try to become the flusher;
 *	  the winner packs the graph (hnswarena.c), and all go on in memory, or, if
 *	  that was done, writes the pages, and all go on there; or
 *	  phase pages: insert on pages.
 *
 * Invariants
 * 1. Between BuildPhaseBeginFlush and BuildPhaseEndFlush nobody else touches
 *	  arena or index; the flusher may be any participant.
 * 2. The flush happens once: in InsertRow, or at the end; the packing once at
 *	  most, before it.
 * 3. What is in memory at the end of a parallel build is written by all
 *	  participants (hnswflush.c).
 *
 * What a SIGKILL leaves: the arena goes with its segment, the new relation's
 * files with the crash restart.  An ERROR is the coordinator's business; the
 * serial arena goes with its memory context.
 *
 * Differs from pgvector: no flush, allocator and entry-wait locks (phase word,
 * atomic cursor, atomic entry point), elements are placed before they are
 * written, an arena is no larger than the table can need.
 */
#include "postgres.h"

#include <math.h>
#include <sys/mman.h>

#include "access/hnsw.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/vector_index.h"
#include "access/xloginsert.h"
#include "catalog/index.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "optimizer/planner.h"
#include "parallel/index_build.h"
#include "storage/fd.h"
#include "storage/lmgr.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/trace.h"

#include "hnswflush.h"

#define PARALLEL_KEY_HNSW_AREA UINT64CONST(0xA000000000000001)

#define MEBIBYTE ((Size) 1024 * 1024)
#define HUGE_PAGE_SIZE (2 * MEBIBYTE)

/* For how many the chunks of a parallel arena are meant to suffice. */
#define MAX_PARTICIPANTS 65

/* Report the memory used once per so many tuples. */
#define REPORT_MEMORY_EVERY 256

typedef struct HnswBuildState
{
	Relation heap;
	Relation index;
	struct IndexInfo *indexInfo;
	VectorSupport support;
	int m;
	int ef_construction;
	IndexBuild *build; /* NULL: serial */
	Size area_size;    /* of a parallel build: the table grows meanwhile */
	HnswGraph *graph;
	HnswBuilder *builder;
	File values_file;            /* of who made it */
	MemoryContext graph_context; /* arena of a serial build; the builder */
	MemoryContext row_context;   /* reset after each row */
	double reltuples;
	double indtuples; /* this participant's */
	bool on_pages;    /* this participant knows that the graph was written */
	IndexBuildResult *result;
} HnswBuildState;

/* ---------------------------------------------------------------------------
 * Set-up
 * ---------------------------------------------------------------------------
 */

void
HnswCheckDefinition(Relation index)
{
	VectorCheckColumn(index, "hnsw",
	                  VectorGetTypeInfo(index, HNSW_TYPE_INFO_PROC));
	if (HnswGetEfConstruction(index) / 2 < HnswGetM(index))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("ef_construction must be greater than or equal to "
		                "2 * m")));
}

static void
InitBuildState(HnswBuildState *state, Relation heap, Relation index,
               struct IndexInfo *indexInfo)
{
	memset(state, 0, sizeof(*state));
	state->heap = heap;
	state->index = index;
	state->indexInfo = indexInfo;
	state->m = HnswGetM(index);
	state->ef_construction = HnswGetEfConstruction(index);
	HnswCheckDefinition(index);
	HnswInitSupport(&state->support, index);
	state->graph_context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw build graph", ALLOCSET_DEFAULT_SIZES);
	state->row_context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw build row", ALLOCSET_DEFAULT_SIZES);
}

static void
FreeBuildState(HnswBuildState *state)
{
	if (state->builder)
		HnswBuilderClose(state->builder);
	if (state->values_file > 0)
		FileClose(state->values_file);
	MemoryContextDelete(state->graph_context);
	MemoryContextDelete(state->row_context);
}

/* What a graph that is full may be packed with. */
static void
PrepareToPack(HnswBuildState *state, HnswGraph *graph)
{
	if (hnsw_build_spill == HNSW_BUILD_SPILL_PACK)
		state->values_file = HnswArenaCreateFile(graph);
}

/*
 * Bytes that the graph of all rows that fit into the heap's blocks takes: more
 * than that no build needs.
 */
static Size
GraphSizeLimit(HnswBuildState *state, int participants)
{
	double blocks = (double) RelationGetNumberOfBlocks(state->heap) +
	                VectorToastBlocks(state->heap);
	double rows =
		VectorRowsLimit(state->heap, state->indexInfo, &state->support);

	return add_size(HnswGraphEstimate(rows, state->m, &state->support,
	                                  blocks * BLCKSZ, participants),
	                2 * MEBIBYTE);
}

static Size
MaintenanceBytes(void)
{
#ifdef TUSK_DEFECT_SIZE_IN_32_BITS
	return (uint32) maintenance_work_mem * 1024;
#endif
	return Min(mul_size(maintenance_work_mem, 1024), SIZE_MAX / 2);
}

/*
 * The area of a parallel build: maintenance_work_mem, less what the rest of
 * the segment may take, so that 64 MB fit into a /dev/shm of that size.
 */
static Size
ParallelAreaSize(HnswBuildState *state, int participants)
{
	Size area = MaintenanceBytes();

	if (area > 3 * MEBIBYTE)
		area -= 3 * MEBIBYTE;
	return Min(area, GraphSizeLimit(state, participants));
}

/* What of it is the arena: not the reference's margin; below it nothing. */
static Size
UsableArea(Size area)
{
#ifdef TUSK_DEFECT_AREA_SIZE_WRAPS
	return area - MEBIBYTE + sizeof(HnswGraph);
#endif
	return area > MEBIBYTE ? area - MEBIBYTE + sizeof(HnswGraph) : 0;
}

Size
HnswArenaSize(Relation heap, struct IndexInfo *indexInfo,
              const VectorSupport *support, int m, bool parallel,
              Size *overhead)
{
	HnswBuildState state = {
		.heap = heap, .indexInfo = indexInfo, .support = *support, .m = m};

	*overhead = parallel ? 4 * MEBIBYTE : 0;
	return parallel ? UsableArea(ParallelAreaSize(&state, MAX_PARTICIPANTS))
	                : Min(MaintenanceBytes(), GraphSizeLimit(&state, 1));
}

/* ---------------------------------------------------------------------------
 * When memory is full
 * ---------------------------------------------------------------------------
 */

static void
ReportMemory(HnswGraph *g)
{
	const int index[] = {PROGRESS_CREATEIDX_MEMORY_USED,
	                     PROGRESS_CREATEIDX_MEMORY_LIMIT};
	const int64 val[] = {(int64) HnswGraphUsed(g), (int64) g->limit};

	pgstat_progress_update_multi_param(lengthof(index), index, val);
}

/* What the graph took, at the end. */
static void
NoteMemory(HnswBuildState *state, HnswGraph *g)
{
	ReportMemory(g);
	state->result->memory_used = HnswGraphUsed(g);
	state->result->memory_limit = g->limit;
	state->result->memory_packed = g->packed;
	state->result->tuples_in_memory =
		g->full_after > 0 ? (double) (g->full_after - 1) : -1;
}

/* Rows inserted so far by all. */
static double
TuplesDone(HnswBuildState *state)
{
	double sum = 0;

	if (state->build == NULL)
		return state->indtuples;
	for (int i = 0; i < state->build->shared->nparticipants_max; i++)
		sum += (double) pg_atomic_read_u64(
			&state->build->shared->participant[i].tuples_done);
	return sum;
}

static void
FlushBecauseFull(HnswBuildState *state)
{
	double done = TuplesDone(state);

	state->graph->full_after = (uint64) done + 1;
	ereport(NOTICE,
	        (errmsg("hnsw graph no longer fits into maintenance_work_mem after "
	                "%lld tuples",
	                (long long) done),
	         errdetail("Building will take significantly more time."),
	         errhint("Increase maintenance_work_mem to speed up builds.")));
	HnswFlushGraph(state->index, state->builder);
}

/* False: there is no more.  The caller is alone in the phase. */
static bool
MakeRoom(HnswBuildState *state)
{
	/* somebody was faster, after this one had found it full */
	if (state->builder->packed != state->graph->packed)
		return true;
	if (!HnswGraphPack(state->builder))
		return false;
	ereport(DEBUG1, (errmsg_internal("hnsw graph was packed after %lld tuples",
	                                 (long long) TuplesDone(state))));
	return true;
}

/* ---------------------------------------------------------------------------
 * Rows
 * ---------------------------------------------------------------------------
 */

static void
InsertRow(HnswBuildState *state, const void *value, ItemPointer tid)
{
	BuildPhase *phase = &state->graph->phase;

	while (BuildPhaseEnter(phase))
	{
		HnswInsertResult result;

		HnswBuilderCatchUp(state->builder);
		result = HnswGraphInsert(state->builder, value, tid);
		/* nothing is linked yet if it was full */
		BuildPhaseLeave(phase);
		if (result != HNSW_FULL)
			return;
		BUILD_STEP("hnsw-graph-full", 0);
		if (!BuildPhaseBeginFlush(phase))
			continue;
		if (MakeRoom(state))
			BuildPhaseResume(phase);
		else
		{
			FlushBecauseFull(state);
			BuildPhaseEndFlush(phase);
		}
	}
	/* from here on rows take longer: the rest is reckoned from here */
	if (!state->on_pages && (state->build == NULL || state->build->is_leader))
	{
		ReportMemory(state->graph);
		IndexBuildReportPace((int64) TuplesDone(state));
	}
	state->on_pages = true;
	HnswInsertOnPages(state->index, &state->support, value, tid, true);
}

static void
BuildCallback(Relation index, ItemPointer tid, Datum *values, bool *isnull,
              bool tupleIsAlive, void *arg)
{
	HnswBuildState *state = arg;
	MemoryContext old;
	void *value;

	if (isnull[0])
		return;
	old = MemoryContextSwitchTo(state->row_context);
	if (VectorFormRow(&state->support, values[0], &value))
	{
		InsertRow(state, value, tid);
		IndexBuildCountTuple(state->build, &state->indtuples);
		if ((int64) state->indtuples % REPORT_MEMORY_EVERY == 0 &&
		    !state->on_pages && (!state->build || state->build->is_leader))
			ReportMemory(state->graph);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(state->row_context);
}

/* The private things that a participant needs for an arena. */
static void
UseGraph(HnswBuildState *state, HnswGraph *graph)
{
	MemoryContext old = MemoryContextSwitchTo(state->graph_context);

	state->graph = graph;
	state->builder = HnswBuilderCreate(graph, &state->support);
	MemoryContextSwitchTo(old);
}

/*
 * All rows are in.  What is in memory is made ready to be written and logged; if
 * the graph is on pages already, those are to be logged: nothing was so far.
 */
static void
PrepareFlush(HnswBuildState *state)
{
	HnswGraph *graph = state->graph;

	if (BuildPhaseBeginFlush(&graph->phase))
	{
		HnswFlushPrepare(state->index, state->builder);
		BuildPhaseEndFlush(&graph->phase);
	}
	else
		HnswFlushPrepareLog(state->index, graph);
}

/* ---------------------------------------------------------------------------
 * Parallel build: the coordinator's hooks
 * ---------------------------------------------------------------------------
 */

static void
ParallelEstimate(IndexBuild *build, shm_toc_estimator *estimator)
{
	HnswBuildState *state = build->am_private;

	state->area_size = ParallelAreaSize(state, MAX_PARTICIPANTS);
	shm_toc_estimate_chunk(estimator,
	                       add_size(sizeof(HnswGraph), state->area_size));
	shm_toc_estimate_keys(estimator, 1);
}

static void
ParallelInitialize(IndexBuild *build)
{
	HnswBuildState *state = build->am_private;
	Size usable = UsableArea(state->area_size);
	void *arena = shm_toc_allocate(
		build->toc, add_size(sizeof(HnswGraph), state->area_size));

	HnswGraphInit(arena, usable, state->m, state->ef_construction,
	              HnswGetMaxLevel(state->m), &state->support, true,
	              LWTRANCHE_HNSW_BUILD);
	PrepareToPack(state, arena);
	ReportMemory(arena);
	shm_toc_insert(build->toc, PARALLEL_KEY_HNSW_AREA, arena);
}

static HnswGraph *
ParallelGraph(IndexBuild *build)
{
	HnswGraph *graph =
		shm_toc_lookup(build->toc, PARALLEL_KEY_HNSW_AREA, false);

	if (graph->magic != HNSW_GRAPH_MAGIC)
		elog(ERROR, "invalid magic number in hnsw build area");
	return graph;
}

static void
ParallelParticipate(IndexBuild *build, double *reltuples, double *indtuples)
{
	HnswGraph *graph = ParallelGraph(build);
	HnswBuildState *mine = palloc(sizeof(HnswBuildState));

	InitBuildState(mine, build->heap, build->index, build->indexInfo);
	mine->build = build;
	build->am_participant = mine;
	UseGraph(mine, graph);
	mine->reltuples = IndexBuildScan(build, BuildCallback, mine);
	*reltuples = mine->reltuples;
	*indtuples = mine->indtuples;
}

static void
ParallelPrepare(IndexBuild *build)
{
	HnswBuildState *state = build->am_private;

	UseGraph(state, ParallelGraph(build));
	PrepareFlush(state);
}

/* A participant's share of the pages: written, if they are not, and logged. */
static void
ParallelComplete(IndexBuild *build)
{
	HnswBuildState *mine = build->am_participant;

	INJECTION_POINT("hnsw-log-pages");
	HnswFlushShare(build->index, mine->builder, true);
	FreeBuildState(mine);
	pfree(mine);
}

/* All participants are done; without the leader, if it took no part. */
static void
ParallelFinish(IndexBuild *build)
{
	HnswBuildState *state = build->am_private;

	BUILD_STEP("hnsw-flush-end", state->graph->flush_last);
	state->reltuples = build->reltuples;
	state->indtuples = build->indtuples;
	NoteMemory(state, state->graph);
}

const ParallelBuildRoutine hnsw_parallel_build = {
	.name = "hnsw",
	.estimate = ParallelEstimate,
	.initialize = ParallelInitialize,
	.participate = ParallelParticipate,
	.prepare = ParallelPrepare,
	.complete = ParallelComplete,
	.finish = ParallelFinish};

/* ---------------------------------------------------------------------------
 * Build
 * ---------------------------------------------------------------------------
 */

/*
 * Private memory for an arena.  A search jumps all over it and waits for page
 * tables too: huge pages, if the kernel gives them, save some of that.
 */
static void *
AllocateArena(HnswBuildState *state, Size size)
{
	char *arena =
		MemoryContextAllocExtended(state->graph_context, size, MCXT_ALLOC_HUGE);
	uintptr_t first = TYPEALIGN(HUGE_PAGE_SIZE, arena);
	uintptr_t end = TYPEALIGN_DOWN(HUGE_PAGE_SIZE, arena + size);

	/* advice: without it the build is only slower */
	if (end > first)
		(void) madvise((void *) first, end - first, MADV_HUGEPAGE);
	return arena;
}

static void
SerialBuild(IndexBuild *build)
{
	HnswBuildState *state = build->am_private;
	Size size = Min(MaintenanceBytes(), GraphSizeLimit(state, 1));
	void *arena;

	/* not touched before it is used */
	size = Max(size, sizeof(HnswGraph) + 64);
	arena = AllocateArena(state, size);
	UseGraph(state, HnswGraphInit(arena, size, state->m, state->ef_construction,
	                              HnswGetMaxLevel(state->m), &state->support,
	                              false, LWTRANCHE_HNSW_BUILD));
	PrepareToPack(state, state->graph);
	ReportMemory(state->graph);
	state->reltuples =
		table_index_build_scan(state->heap, state->index, state->indexInfo,
	                           true, true, BuildCallback, state, NULL);
	IndexBuildReportEnd((int64) state->indtuples);
	PrepareFlush(state);
	INJECTION_POINT("hnsw-log-pages");
	HnswFlushShare(state->index, state->builder, true);
	BUILD_STEP("hnsw-flush-end", state->graph->flush_last);
	NoteMemory(state, state->graph);
}

IndexBuildResult *
hnswbuild(Relation heap, Relation index, struct IndexInfo *indexInfo)
{
	IndexBuildResult *result = palloc0(sizeof(IndexBuildResult));
	HnswBuildState state;
	IndexBuild build = {0};

	InitBuildState(&state, heap, index, indexInfo);
	state.result = result;
	result->workers_planned =
		HnswPlanWorkers(heap, indexInfo, &build.workers_limit);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_SUBPHASE,
	                             PROGRESS_HNSW_PHASE_LOAD);
	build.routine = &hnsw_parallel_build;
	build.heap = heap;
	build.index = index;
	build.indexInfo = indexInfo;
	build.am_private = &state;
	IndexBuildRun(&build, SerialBuild, result);
	result->heap_tuples = state.reltuples;
	result->index_tuples = state.indtuples;
	FreeBuildState(&state);
	return result;
}

/*
 * The index of an empty table, as the fork from which an unlogged one begins
 * anew after a crash: logged, though the index itself is not.
 */
void
hnswbuildempty(Relation index)
{
	HnswEntryPoint none = {.level = -1};
	HnswBuildState state;

	InitBuildState(&state, NULL, index, NULL);
	ItemPointerSetInvalid(&none.tid);
	for (BlockNumber block = HNSW_METAPAGE_BLKNO; block <= HNSW_HEAD_BLKNO;
	     block++)
	{
		Buffer buf = ExtendBufferedRel(BMR_REL(index), INIT_FORKNUM, NULL,
		                               EB_LOCK_FIRST);
		Page page = BufferGetPage(buf);

		Assert(BufferGetBlockNumber(buf) == block);
		INJECTION_POINT("hnsw-build-empty");
		START_CRIT_SECTION();
		if (block == HNSW_METAPAGE_BLKNO)
			HnswInitMetaPage(page, state.support.dim, state.m,
			                 state.ef_construction, &none, HNSW_HEAD_BLKNO);
		else
			HnswInitPage(page);
		MarkBufferDirty(buf);
		(void) log_newpage_buffer(buf, true);
		END_CRIT_SECTION();
		UnlockReleaseBuffer(buf);
	}
	FreeBuildState(&state);
}
