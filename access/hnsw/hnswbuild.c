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
 * 2. The flush happens once: in InsertRow, or at the end by the leader; the
 *	  packing once at most, before it.
 * 3. Each page is written once: where every element goes is computed before
 *	  the first page, so its neighbours' TIDs are known.
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
#include "access/table.h"
#include "access/tableam.h"
#include "access/xloginsert.h"
#include "catalog/index.h"
#include "catalog/pg_type.h"
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

#define PARALLEL_KEY_HNSW_AREA UINT64CONST(0xA000000000000001)

#define MEBIBYTE ((Size) 1024 * 1024)
#define HUGE_PAGE_SIZE (2 * MEBIBYTE)

/* For how many the chunks of a parallel arena are meant to suffice. */
#define MAX_PARTICIPANTS 65

/* Report progress of a serial build once per so many tuples. */
#define REPORT_EVERY_TUPLES 64
#define REPORT_MEMORY_EVERY 256

typedef struct HnswBuildState
{
	Relation heap;
	Relation index;
	struct IndexInfo *indexInfo;
	HnswSupport support;
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
	Form_pg_attribute attr = TupleDescAttr(RelationGetDescr(index), 0);
	const HnswTypeInfo *type = HnswGetTypeInfo(index);

	/* its values differ in length, but bit's operator classes take it */
	if (attr->atttypid == VARBITOID)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("type not supported for hnsw index")));
	if (attr->atttypmod < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("column does not have dimensions")));
	if (attr->atttypmod > type->maxDimensions)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("column cannot have more than %d dimensions "
		                       "for hnsw index",
		                       type->maxDimensions),
		                type->hint ? errhint("%s", type->hint) : 0));
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

static BlockNumber
ToastBlocks(Relation heap)
{
	Relation toast;
	BlockNumber blocks;

	if (!OidIsValid(heap->rd_rel->reltoastrelid))
		return 0;
	toast = table_open(heap->rd_rel->reltoastrelid, AccessShareLock);
	blocks = RelationGetNumberOfBlocks(toast);
	table_close(toast, AccessShareLock);
	return blocks;
}

/* Does each row take the bytes of its value on pages, of heap or TOAST. */
static bool
ValuesAreStoredWhole(const HnswBuildState *state)
{
	AttrNumber attnum = state->indexInfo->ii_IndexAttrNumbers[0];
	char storage;

	if (attnum <= 0 || state->support.value_size == 0)
		return false;
	storage =
		TupleDescAttr(RelationGetDescr(state->heap), attnum - 1)->attstorage;
	return storage == TYPSTORAGE_EXTERNAL || storage == TYPSTORAGE_PLAIN;
}

/*
 * Bytes that the graph of all rows that fit into the heap's blocks takes: more
 * than that no build needs.
 */
static Size
GraphSizeLimit(HnswBuildState *state, int participants)
{
	double blocks = RelationGetNumberOfBlocks(state->heap);
	double toast_blocks = ToastBlocks(state->heap);
	double rows = blocks * MaxHeapTuplesPerPage + 1;
	double value_bytes = (blocks + toast_blocks) * BLCKSZ;

	if (ValuesAreStoredWhole(state))
	{
		/* in the row, or out of line */
		Size row = MAXALIGN(SizeofHeapTupleHeader) + sizeof(ItemIdData) +
		           MAXALIGN(state->support.value_size - 3);
		double per_page = floor((double) (BLCKSZ - SizeOfPageHeaderData) / row);

		rows = blocks * per_page +
		       toast_blocks * BLCKSZ / state->support.value_size + 1;
	}
	return add_size(HnswGraphEstimate(rows, state->m, &state->support,
	                                  value_bytes, participants),
	                2 * MEBIBYTE);
}

static Size
MaintenanceBytes(void)
{
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
	return area > MEBIBYTE ? area - MEBIBYTE + sizeof(HnswGraph) : 0;
}

Size
HnswArenaSize(Relation heap, struct IndexInfo *indexInfo,
              const HnswSupport *support, int m, bool parallel, Size *overhead)
{
	HnswBuildState state = {
		.heap = heap, .indexInfo = indexInfo, .support = *support, .m = m};

	*overhead = parallel ? 4 * MEBIBYTE : 0;
	return parallel ? UsableArea(ParallelAreaSize(&state, MAX_PARTICIPANTS))
	                : Min(MaintenanceBytes(), GraphSizeLimit(&state, 1));
}

/* ---------------------------------------------------------------------------
 * Flush
 * ---------------------------------------------------------------------------
 */

/* Where an element and its neighbour tuple go. */
typedef struct TuplePlaces
{
	BlockNumber blkno;
	BlockNumber nblkno;
	OffsetNumber offno;
	OffsetNumber noffno;
} TuplePlaces;

static inline bool
ElementInUse(HnswElement e)
{
	return e->ntids > 0;
}

/* Give every element and neighbour tuple its place; returns the last block. */
static BlockNumber
PlaceElements(HnswBuildState *state, uint32 used, TuplePlaces *places)
{
	HnswPlace place;

	HnswFirstPlace(&place);
	/* the newest first, as the reference's list has them */
	for (uint32 id = used; id-- > 0;)
	{
		HnswElement e = HnswGraphElement(state->graph, id);
		Size esize;
		Size nsize;

		if (!ElementInUse(e))
			continue;
		CHECK_FOR_INTERRUPTS();
		esize =
			HNSW_ELEMENT_TUPLE_SIZE(HnswBuilderValueSize(state->builder, id));
		nsize = HNSW_NEIGHBOR_TUPLE_SIZE(e->level, state->m);
		if (esize > HNSW_MAX_SIZE || nsize > HNSW_MAX_SIZE)
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			                errmsg("index tuple too large")));
		HnswPlaceElement(&place, esize, nsize);
		places[id].blkno = place.blkno;
		places[id].offno = place.offno;
		HnswPlaceNeighbors(&place, nsize);
		places[id].nblkno = place.blkno;
		places[id].noffno = place.offno;
	}
	return place.blkno;
}

/* The next block of the index, zero and locked exclusively. */
static Buffer
NewBuffer(Relation index, BlockNumber expected)
{
	Buffer buf;
	uint32 n;

	/* nobody else can extend: invariant 1 */
	ExtendBufferedRelBy(BMR_REL(index), MAIN_FORKNUM, NULL,
	                    EB_SKIP_EXTENSION_LOCK | EB_LOCK_FIRST, 1, &buf, &n);
	if (BufferGetBlockNumber(buf) != expected)
		elog(ERROR, "index \"%s\" is not empty",
		     RelationGetRelationName(index));
	return buf;
}

static void
FinishBuffer(Buffer buf)
{
	MarkBufferDirty(buf);
	UnlockReleaseBuffer(buf);
}

/* The page under construction of a flush. */
typedef struct FlushPage
{
	Relation index;
	Buffer buf;
	BlockNumber blkno;
	BlockNumber last;
} FlushPage;

static void
StartPage(FlushPage *p, BlockNumber blkno)
{
	Page page;

	CHECK_FOR_INTERRUPTS();
	p->blkno = blkno;
	p->buf = NewBuffer(p->index, blkno);
	page = BufferGetPage(p->buf);
	HnswInitPage(page);
	if (blkno < p->last)
		HnswPageGetOpaque(page)->nextblkno = blkno + 1;
}

static void
AddItem(FlushPage *p, BlockNumber blkno, OffsetNumber offno, void *tuple,
        Size size)
{
	if (blkno != p->blkno)
	{
		Assert(blkno == p->blkno + 1);
		FinishBuffer(p->buf);
		StartPage(p, blkno);
	}
	if (PageAddItem(BufferGetPage(p->buf), (Item) tuple, size,
	                InvalidOffsetNumber, false, false) != offno)
		elog(ERROR, "failed to add index item to \"%s\"",
		     RelationGetRelationName(p->index));
}

static void
FormNeighborTuple(HnswGraph *g, HnswElement e, const TuplePlaces *places,
                  HnswNeighborTuple ntup)
{
	int slot = 0;

	ntup->type = HNSW_NEIGHBOR_TUPLE_TYPE;
	ntup->version = 1;
	ntup->count = (uint16) ((e->level + 2) * g->m);
	for (int lc = e->level; lc >= 0; lc--)
	{
		HnswList *list = HnswElementList(g, e, lc);

		for (int i = 0; i < HnswGraphLayerM(g, lc); i++, slot++)
		{
			const TuplePlaces *n;

			if (i >= list->length)
			{
				ItemPointerSetInvalid(&ntup->indextids[slot]);
				continue;
			}
			Assert(ElementInUse(HnswGraphElement(g, list->ids[i])));
			n = &places[list->ids[i]];
			ItemPointerSet(&ntup->indextids[slot], n->blkno, n->offno);
		}
	}
}

/* Both tuples of an element, to their places. */
static void
WriteElement(HnswBuildState *state, FlushPage *p, uint32 id,
             const TuplePlaces *places)
{
	HnswGraph *g = state->graph;
	HnswElement e = HnswGraphElement(g, id);
	const TuplePlaces *place = &places[id];
	PGAlignedBlock scratch;
	HnswElementTuple etup = (HnswElementTuple) scratch.data;
	HnswNeighborTuple ntup = (HnswNeighborTuple) scratch.data;
	ItemPointerData tids[HNSW_HEAPTIDS];
	Size size = HnswBuilderValueSize(state->builder, id);

	size = HNSW_ELEMENT_TUPLE_SIZE(size);
	for (int i = 0; i < e->ntids; i++)
		tids[i] = *HnswElementTid(g, e, i);
	memset(scratch.data, 0, size);
	HnswFormElementTuple(etup, e->level, tids, e->ntids,
	                     HnswBuilderValue(state->builder, id));
	ItemPointerSet(&etup->neighbortid, place->nblkno, place->noffno);
	AddItem(p, place->blkno, place->offno, etup, size);

	size = HNSW_NEIGHBOR_TUPLE_SIZE(e->level, state->m);
	memset(scratch.data, 0, size);
	FormNeighborTuple(g, e, places, ntup);
	AddItem(p, place->nblkno, place->noffno, ntup, size);
}

/* Write the whole graph to pages; the caller is alone with it. */
static void
FlushGraph(HnswBuildState *state)
{
	HnswGraph *g = state->graph;
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	uint64 top = pg_atomic_read_u64(&g->entry);
	uint32 links;
	TuplePlaces *places;
	HnswEntryPoint entry;
	FlushPage p;
	Buffer buf;

	HnswBuilderCatchUp(state->builder);
	BUILD_STEP("hnsw-flush-start", used);
	links = HnswGraphConnect(state->builder);
	BUILD_STEP("hnsw-flush-connect", links);
	places = MemoryContextAllocExtended(state->graph_context,
	                                    mul_size(used, sizeof(TuplePlaces)),
	                                    MCXT_ALLOC_HUGE);
	p.index = state->index;
	p.last = PlaceElements(state, used, places);

	entry.level = -1;
	ItemPointerSetInvalid(&entry.tid);
	if (top != 0)
	{
		uint32 id = (uint32) top;

		entry.level = HnswGraphElement(g, id)->level;
		ItemPointerSet(&entry.tid, places[id].blkno, places[id].offno);
	}
	buf = NewBuffer(state->index, HNSW_METAPAGE_BLKNO);
	HnswInitMetaPage(BufferGetPage(buf), state->support.dim, state->m,
	                 state->ef_construction, &entry, p.last);
	FinishBuffer(buf);

	StartPage(&p, HNSW_HEAD_BLKNO);
	for (uint32 id = used; id-- > 0;)
	{
		if (ElementInUse(HnswGraphElement(g, id)))
			WriteElement(state, &p, id, places);
	}
	Assert(p.blkno == p.last);
	FinishBuffer(p.buf);
	pfree(places);
	BUILD_STEP("hnsw-flush-end", p.last);
}

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
	FlushGraph(state);
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
	int dim;

	if (isnull[0])
		return;
	old = MemoryContextSwitchTo(state->row_context);
	if (HnswFormValue(&state->support, values[0], &value))
	{
		dim = state->support.type->value_dim(value);
		if (dim != state->support.dim)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
			                errmsg("expected %d dimensions, not %d",
			                       state->support.dim, dim)));
		InsertRow(state, value, tid);
		state->indtuples++;
		if (state->build)
			IndexBuildReportTuple(state->build);
		else if ((int64) state->indtuples % REPORT_EVERY_TUPLES == 0)
			IndexBuildReportTuples((int64) state->indtuples);
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

static void
ParallelParticipate(IndexBuild *build, double *reltuples, double *indtuples)
{
	HnswBuildState mine;
	HnswGraph *graph =
		shm_toc_lookup(build->toc, PARALLEL_KEY_HNSW_AREA, false);

	if (graph->magic != HNSW_GRAPH_MAGIC)
		elog(ERROR, "invalid magic number in hnsw build area");
	InitBuildState(&mine, build->heap, build->index, build->indexInfo);
	mine.build = build;
	UseGraph(&mine, graph);
	mine.reltuples = IndexBuildScan(build, BuildCallback, &mine);
	*reltuples = mine.reltuples;
	*indtuples = mine.indtuples;
	if (build->is_leader)
		ereport(DEBUG1, (errmsg_internal("leader processed %lld tuples",
		                                 (long long) mine.reltuples)));
	else
		ereport(DEBUG1, (errmsg_internal("worker processed %lld tuples",
		                                 (long long) mine.reltuples)));
	FreeBuildState(&mine);
}

/* All participants are done. */
static void
ParallelFinish(IndexBuild *build)
{
	HnswBuildState *state = build->am_private;
	HnswGraph *graph =
		shm_toc_lookup(build->toc, PARALLEL_KEY_HNSW_AREA, false);

	if (BuildPhaseBeginFlush(&graph->phase))
	{
		UseGraph(state, graph);
		FlushGraph(state);
		BuildPhaseEndFlush(&graph->phase);
	}
	state->reltuples = build->reltuples;
	state->indtuples = build->indtuples;
	NoteMemory(state, graph);
}

const ParallelBuildRoutine hnsw_parallel_build = {
	.name = "hnsw",
	.estimate = ParallelEstimate,
	.initialize = ParallelInitialize,
	.participate = ParallelParticipate,
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
SerialBuild(HnswBuildState *state)
{
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
	IndexBuildReportTuples((int64) state->indtuples);
	if (BuildPhaseBeginFlush(&state->graph->phase))
	{
		FlushGraph(state);
		BuildPhaseEndFlush(&state->graph->phase);
	}
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
	IndexBuildReportStart(&build, result->workers_planned);
	if (!IndexBuildParallel(&build, result->workers_planned))
		SerialBuild(&state);
	IndexBuildReportEnd((int64) state.indtuples);
	result->workers_launched = build.nworkers_launched;
	result->workers_limit = build.workers_limit;

	/* Nothing was logged so far: each page once, as it is now. */
	INJECTION_POINT("hnsw-log-pages");
	if (RelationNeedsWAL(index))
		log_newpage_range(index, MAIN_FORKNUM, 0,
		                  RelationGetNumberOfBlocks(index), true);

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
