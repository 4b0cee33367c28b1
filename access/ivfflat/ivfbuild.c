/*
 * ivfbuild.c
 *	  CREATE INDEX ... USING ivfflat.
 *
 *		sample		rows of the table (ivfsample.c); the leader
 *		k-means		centers of the sample (access/vector/kmeans.c); all
 *		assign		each row to the list whose center is nearest, into a sort by
 *					list and TID; all, each with its share of the table
 *		head		where everything goes; metapage and lists; the leader
 *		load		the lists' pages, each written and logged once (ivfload.c);
 *					all, each some lists
 *
 * A serial build takes the same steps with private memory and one sort.  With
 * the same seed (ivfflat.build_seed) the index is the same, however many
 * participants there were.
 *
 * Invariants
 * 1. The number of rows in each list is known before the first page is written,
 *	  so that the pages of different lists can be written at the same time.
 * 2. Nothing is on pages before all participants have assigned: until then a
 *	  failure leaves nothing but temporary files, which go with the segment.
 *
 * What a SIGKILL leaves: files of the sort and of the new relation, removed by
 * the crash restart.
 *
 * Differs from pgvector: there k-means, the merge of the sort and the load are
 * the leader's alone, and each page is logged twice.
 */
#include "postgres.h"

#include <float.h>
#include <math.h>

#include "access/half.h"
#include "access/htup_details.h"
#include "access/tableam.h"
#include "access/vector_index.h"
#include "commands/progress.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "optimizer/optimizer.h"
#include "storage/shmem.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/trace.h"
#include "utils/wait_event.h"

#include "ivfbuild.h"

#define PARALLEL_KEY_IVFFLAT_SHARED UINT64CONST(0xA000000000000001)
#define PARALLEL_KEY_IVFFLAT_SORT UINT64CONST(0xA000000000000002)
#define PARALLEL_KEY_IVFFLAT_KMEANS UINT64CONST(0xA000000000000003)

#define IVFFLAT_BUILD_MAGIC 0x49564642

/* What the iterations of k-means take of the time of one pass over the sample
 * for each center, and how soon that fades; what assigning and loading as many
 * rows takes of it.  Found by builds of 150,000 rows. */
#define ITERATIONS_COST 7.0
#define ITERATIONS_FADE 8.0
#define ROWS_COST 0.6
/* and what the load takes of assigning, in hundredths */
#define LOAD_COST 70

#define SAMPLES_PER_LIST 50
#define MIN_SAMPLES 10000

/* Claims of lists that each participant makes, about. */
#define LOAD_CLAIMS 8
/* kB for reading the parts of a range of lists */
#define LOAD_MEMORY 4096

/* The largest list has that many times its share: worth a word. */
#define UNBALANCED 10

typedef struct IvfflatShared
{
	uint32 magic;               /* [C] */
	pg_atomic_uint32 next_list; /* [A] that nobody loads */
	pg_atomic_uint64 loaded;    /* [A] tuples on pages */
	pg_atomic_uint64 centered;  /* [A] when the first had the centers */
	pg_atomic_uint64 assigned;  /* [A] when the last had assigned its rows */
	bool load_alone;            /* [O] the leader's: it has loaded all */
	int claim;                  /* [O] the leader's: lists taken at once */
} IvfflatShared;

StaticAssertDecl(sizeof(IvfflatShared) == 40, "IvfflatShared has changed");

typedef struct IvfflatBuildState
{
	Relation heap;
	Relation index;
	struct IndexInfo *indexInfo;
	IvfflatSupport support;
	int lists;
	IndexBuild *build; /* NULL: serial */
	uint64 seed;
	KMeansParams params;
	IvfflatSample sample;
	bool in_place; /* the sample is taken to where k-means works */
	bool noticed;  /* said that there is little data */
	Size
		sample_memory; /* of as large a sample as there may be, and of centers */
	Size memory;       /* of sample, centers and bounds */
	KMeansShared *kmeans;
	IvfflatAssignment *assignment;
	/* rows that have no list yet, in the row context */
	const void *points[IVFFLAT_ROWS_AT_ONCE];
	IndexTuple tuples[IVFFLAT_ROWS_AT_ONCE];
	int nrows;
	IvfflatShared *shared;
	Sharedsort *shared_sort;
	Tuplesortstate *sort;
	int64 *counts; /* of a serial build, by list */
	IvfflatLayout layout;
	MemoryContext row_context; /* of rows; reset when they are assigned */
	double reltuples;
	double indtuples; /* this participant's */
	IndexBuildResult *result;
	/* the leader's: when each step was over, in microseconds */
	uint64 started;
	uint64 sampled;
	uint64 centered;
	uint64 assigned;
	uint64 sorted;
	uint32 iterations; /* of k-means */
} IvfflatBuildState;

/* ---------------------------------------------------------------------------
 * Set-up
 * ---------------------------------------------------------------------------
 */

void
IvfflatCheckDefinition(Relation index)
{
	VectorCheckColumn(index, "ivfflat",
	                  VectorGetTypeInfo(index, IVFFLAT_TYPE_INFO_PROC));
	if (VectorOptionalProc(index, IVFFLAT_KMEANS_NORM_PROC) &&
	    TupleDescAttr(RelationGetDescr(index), 0)->atttypmod == 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("dimensions must be greater than one for this "
		                       "opclass")));
}

static uint64
Microseconds(void)
{
	instr_time now;

	INSTR_TIME_SET_CURRENT(now);
	return INSTR_TIME_GET_MICROSEC(now);
}

static void
InitBuildState(IvfflatBuildState *state, Relation heap, Relation index,
               struct IndexInfo *indexInfo)
{
	memset(state, 0, sizeof(*state));
	state->heap = heap;
	state->index = index;
	state->indexInfo = indexInfo;
	state->lists = IvfflatGetLists(index);
	IvfflatCheckDefinition(index);
	IvfflatInitSupport(&state->support, index);
	state->row_context = AllocSetContextCreate(
		CurrentMemoryContext, "Ivfflat build row", ALLOCSET_DEFAULT_SIZES);
}

static bool
ExceedsMemory(Size bytes)
{
	return bytes / 1024 > (Size) maintenance_work_mem;
}

/*
 * ERROR 54000 if that is more than maintenance_work_mem; needed: what the whole
 * build takes.
 */
static void
CheckMemoryUsage(Size total, Size needed)
{
	if (!ExceedsMemory(total))
		return;
	needed = Max(needed, total);
	ereport(
		ERROR,
		(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
	     errmsg("memory required is %zu MB, "
	            "maintenance_work_mem is %d MB",
	            total / (1024 * 1024) + 1, maintenance_work_mem / 1024),
	     needed > total
	         ? errdetail(
				   "This is without k-means; with it, %zu MB are required.",
				   needed / (1024 * 1024) + 1)
	         : 0,
	     errhint("Set maintenance_work_mem to \"%zuMB\", or build with fewer "
	             "lists.",
	             needed / (1024 * 1024) + 1)));
}

/* How the reference counts: arrays of values with their headers. */
static Size
ArraySize(const IvfflatBuildState *state, Size n)
{
	return add_size(32, mul_size(n, MAXALIGN(state->support.value.value_size)));
}

static Size
KMeansMemory(const IvfflatBuildState *state, Size n)
{
	Size k = (Size) state->lists;
	Size d = (Size) state->support.value.dim;
	Size size = ArraySize(state, k);

	size = add_size(size, mul_size(4, mul_size(k, d)));
	size = add_size(size, mul_size(12, k));
	size = add_size(size, mul_size(8, n));
	size = add_size(size, mul_size(4, mul_size(n, k)));
	return add_size(size, mul_size(4, mul_size(k, k)));
}

/* ---------------------------------------------------------------------------
 * Sample and centers
 * ---------------------------------------------------------------------------
 */

/*
 * How large it may become, and the bytes of it and of the centers, checked.  Of
 * the reference's count are the bytes and the blocks that are read; rows that
 * the table has no room for need no place.
 */
static void
PlanSample(IvfflatBuildState *state)
{
	IvfflatSample *sample = &state->sample;
	double wanted = Max((double) state->lists * SAMPLES_PER_LIST, MIN_SAMPLES);
	double limit = 1;
	Size centers = ArraySize(state, (Size) state->lists);
	Size memory;
	Size needed;

	sample->blocks = 1;
	if (state->heap)
	{
		double rows = (double) RelationGetNumberOfBlocks(state->heap) *
		              MaxHeapTuplesPerPage;

		sample->blocks = (int) Max(Min(wanted, rows), 1);
		limit = VectorRowsLimit(state->heap, state->indexInfo,
		                        &state->support.value);
	}
	sample->capacity = (int) Min(sample->blocks, ceil(limit));
	sample->stride =
		KMeansStride(state->support.element, state->support.value.dim);
	memory = add_size(centers, ArraySize(state, (Size) sample->blocks));
	needed = add_size(memory, KMeansMemory(state, (Size) sample->capacity));
	state->in_place = !ExceedsMemory(needed);
	CheckMemoryUsage(centers, needed);
	CheckMemoryUsage(memory, needed);
	state->sample_memory = memory;
}

Size
IvfflatMemoryNeeded(Relation heap, Relation index, struct IndexInfo *indexInfo,
                    double tuples)
{
	IvfflatBuildState state;
	Size needed;

	InitBuildState(&state, heap, index, indexInfo);
	PlanSample(&state);
	needed = add_size(
		state.sample_memory,
		KMeansMemory(&state, (Size) Min(tuples, state.sample.capacity)));
	CheckMemoryUsage(needed, needed);
	MemoryContextDelete(state.row_context);
	return needed;
}

static void
ReportMemory(Size used)
{
	pgstat_progress_update_param(PROGRESS_CREATEIDX_MEMORY_USED, (int64) used);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_MEMORY_LIMIT,
	                             (int64) maintenance_work_mem * 1024);
}

/* Into sample->vectors. */
static void
TakeSample(IvfflatBuildState *state)
{
	IvfflatSample *sample = &state->sample;
	Size memory = state->sample_memory;

	ReportMemory(memory);
	IvfflatTakeSample(sample, &state->support, state->heap, state->index,
	                  state->indexInfo, state->seed);
	if (state->heap && sample->n < state->lists && !state->noticed)
		ereport(NOTICE,
		        (errmsg("ivfflat index created with little data"),
		         errdetail("This will cause low recall. Rows: %d, lists: %d.",
		                   sample->n, state->lists),
		         errhint("Drop the index until the table has more data.")));
	state->noticed = true;
	memory = add_size(memory, KMeansMemory(state, (Size) sample->n));
	CheckMemoryUsage(memory, memory);
	ReportMemory(memory);
	state->memory = memory;
	state->sampled = Microseconds();
	BUILD_STEP("ivfflat-sampled", (uint32) sample->n);
}

/*
 * What k-means is to do.  If it might take too much memory with as many samples
 * as there may be, they are taken first, to see how many there are.
 */
static void
PlanKMeans(IvfflatBuildState *state)
{
	IvfflatSample *sample = &state->sample;

	state->started = Microseconds();
	pgstat_progress_update_param(PROGRESS_CREATEIDX_SUBPHASE,
	                             PROGRESS_IVFFLAT_PHASE_KMEANS);
	PlanSample(state);
	if (!state->in_place)
	{
		sample->vectors = MemoryContextAllocHuge(
			CurrentMemoryContext,
			mul_size((Size) sample->capacity, sample->stride));
		TakeSample(state);
	}
	state->params = (KMeansParams){
		.element = state->support.element,
		.metric = state->support.metric,
		.dim = state->support.value.dim,
		.ncenters = state->lists,
		.nsamples = state->in_place ? sample->capacity : sample->n,
		.seed = state->seed,
	};
}

/* A build that is told no seed has one of its own. */
static uint64
BuildSeed(void)
{
	return ivfflat_build_seed != 0 ? (uint64) ivfflat_build_seed
	                               : pg_prng_uint64(&pg_global_prng_state);
}

/* The sample, where k-means works. */
static void
FillKMeans(IvfflatBuildState *state, KMeansShared *kmeans)
{
	IvfflatSample *sample = &state->sample;

	KMeansInit(kmeans, &state->params);
	if (state->in_place)
	{
		sample->vectors = KMeansSample(kmeans, 0);
		TakeSample(state);
		KMeansSetSamples(kmeans, sample->n);
	}
	else
	{
		memcpy(KMeansSample(kmeans, 0), sample->vectors,
		       (Size) sample->n * sample->stride);
		pfree(sample->vectors);
	}
	sample->vectors = NULL;
}

/*
 * How far k-means is, in distances as a pass over the sample computes them for
 * each center.  The iterations together take about as long as some passes, the
 * first ones the most of it.
 */
static void
ReportKMeans(KMeansShared *kmeans, void *arg)
{
	double pass =
		(double) kmeans->params.nsamples * (double) kmeans->params.ncenters;
	double rows =
		(double) pgstat_progress_own_param(PROGRESS_CREATEIDX_TUPLES_TOTAL);
	uint32 iterations = pg_atomic_read_u32(&kmeans->iterations);
	double done = (double) pg_atomic_read_u32(&kmeans->chosen) *
	                  (double) kmeans->params.nsamples +
	              pass * ITERATIONS_COST *
	                  (1 - exp(-(double) iterations / ITERATIONS_FADE));
	double total = pass * (1 + ITERATIONS_COST) +
	               rows * ROWS_COST * (double) kmeans->params.ncenters;
	const int index[] = {PROGRESS_CREATEIDX_ITERATIONS,
	                     PROGRESS_CREATEIDX_WORK_DONE,
	                     PROGRESS_CREATEIDX_WORK_TOTAL};

	pgstat_progress_update_multi_param(
		lengthof(index), index,
		(int64[]){iterations, (int64) done, (int64) Max(total, 1)});
}

/* A phase that counts its rows anew, and its time. */
static void
ReportPhase(int64 phase)
{
	pgstat_progress_update_param(PROGRESS_CREATEIDX_WORK_TOTAL, 0);
	pgstat_progress_update_param(
		PROGRESS_CREATEIDX_AFTER,
		phase == PROGRESS_IVFFLAT_PHASE_ASSIGN ? LOAD_COST : 0);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_TUPLES_DONE, 0);
	IndexBuildReportPace(0);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_SUBPHASE, phase);
}

/* What k-means must not have made. */
static void
CheckCenters(IvfflatBuildState *state)
{
	int dim = state->support.value.dim;

	if (state->support.element == KMEANS_BIT)
		return;
	for (int i = 0; i < state->lists; i++)
	{
		const void *center = KMeansCenter(state->kmeans, i);
		double norm = 0;

		for (int j = 0; j < dim; j++)
		{
			float x = state->support.element == KMEANS_HALF
			              ? HalfToFloat4(((const half *) center)[j])
			              : ((const float *) center)[j];

			if (isnan(x))
				elog(ERROR, "NaN detected. Please report a bug.");
			if (isinf(x))
				elog(ERROR, "Infinite value detected. Please report a bug.");
			norm += (double) x * x;
		}
		if (state->support.value.norm && norm == 0)
			elog(ERROR, "Zero norm detected. Please report a bug.");
	}
}

static void
FindCenters(IvfflatBuildState *state)
{
	bool reports = state->build == NULL || state->build->is_leader;

	INJECTION_POINT("ivfflat-kmeans");
	KMeansRunReporting(state->kmeans, WAIT_EVENT_BUILD_KMEANS,
	                   reports ? ReportKMeans : NULL, NULL);
	/* the sort gets maintenance_work_mem, too */
	KMeansForgetSample(state->kmeans);
	if (reports)
		ReportPhase(PROGRESS_IVFFLAT_PHASE_ASSIGN);
	CheckCenters(state);
	state->assignment =
		IvfflatBeginAssignment(&state->support, state->kmeans, state->lists);
}

/* ---------------------------------------------------------------------------
 * Rows
 * ---------------------------------------------------------------------------
 */

/* To the sort, each with its list. */
static void
AssignRows(IvfflatBuildState *state)
{
	int lists[IVFFLAT_ROWS_AT_ONCE];

	if (state->nrows == 0)
		return;
	IvfflatAssignRows(state->assignment, state->points, state->nrows, lists);
	for (int i = 0; i < state->nrows; i++)
	{
		tuplesort_putindextuple(state->sort, lists[i], state->tuples[i]);
		if (state->counts)
			state->counts[lists[i]]++;
	}
	state->nrows = 0;
	MemoryContextReset(state->row_context);
}

/* Rows wait until there are several; AssignRows at the end of the scan. */
static void
CollectRow(Relation index, ItemPointer tid, Datum *values, bool *isnull,
           bool tupleIsAlive, void *arg)
{
	IvfflatBuildState *state = arg;
	const VectorSupport *support = &state->support.value;
	MemoryContext old;
	void *value;

	if (isnull[0])
		return;
	old = MemoryContextSwitchTo(state->row_context);
	if (VectorFormRow(support, values[0], &value))
	{
		state->tuples[state->nrows] =
			IvfflatFormTuple(&state->support, value, tid);
		/* the table's page may be gone when the row is assigned */
		if (DatumGetPointer(values[0]) == (Pointer) value)
			value = memcpy(palloc(VARSIZE(value)), value, VARSIZE(value));
		state->points[state->nrows++] = VectorPoint(support, value);
		IndexBuildCountTuple(state->build, &state->indtuples);
	}
	MemoryContextSwitchTo(old);
	if (state->nrows == IVFFLAT_ROWS_AT_ONCE)
		AssignRows(state);
}

/* Searches that probe the largest list pay for it. */
static void
ReportBalance(IvfflatBuildState *state, IvfflatCountOf count, void *arg)
{
	int64 largest = 0;
	int empty = 0;

	for (int i = 0; i < state->lists; i++)
	{
		int64 n = count(arg, i);

		largest = Max(largest, n);
		empty += n == 0;
	}
	if (state->indtuples < (double) state->lists * UNBALANCED ||
	    (double) largest * state->lists < UNBALANCED * state->indtuples)
		return;
	ereport(
		NOTICE,
		(errmsg("lists of ivfflat index \"%s\" are unbalanced",
	            RelationGetRelationName(state->index)),
	     errdetail("The largest of %d lists has %lld of %.0f rows, and %d "
	               "have none.",
	               state->lists, (long long) largest, state->indtuples, empty),
	     errhint("Searches that probe the largest list read all of its "
	             "rows. Many rows may be equal or nearly so; fewer lists "
	             "may suit them.")));
}

/* ---------------------------------------------------------------------------
 * Parallel build: the coordinator's hooks
 * ---------------------------------------------------------------------------
 */

static void
ParallelEstimate(IndexBuild *build, shm_toc_estimator *estimator)
{
	IvfflatBuildState *state = build->am_private;

	shm_toc_estimate_chunk(estimator, sizeof(IvfflatShared));
	shm_toc_estimate_chunk(
		estimator, tuplesort_estimate_shared(state->result->workers_planned + 1,
	                                         state->lists));
	shm_toc_estimate_chunk(estimator, KMeansSize(&state->params));
	shm_toc_estimate_keys(estimator, 3);
}

static void
ParallelInitialize(IndexBuild *build)
{
	IvfflatBuildState *state = build->am_private;
	int participants = state->result->workers_planned + 1;
	IvfflatShared *shared = shm_toc_allocate(build->toc, sizeof(*shared));
	Sharedsort *sort = shm_toc_allocate(
		build->toc, tuplesort_estimate_shared(participants, state->lists));
	KMeansShared *kmeans =
		shm_toc_allocate(build->toc, KMeansSize(&state->params));

	memset(shared, 0, sizeof(*shared));
	pg_atomic_init_u32(&shared->next_list, 0);
	pg_atomic_init_u64(&shared->loaded, 0);
	pg_atomic_init_u64(&shared->centered, 0);
	pg_atomic_init_u64(&shared->assigned, 0);
	shared->magic = IVFFLAT_BUILD_MAGIC;
	tuplesort_initialize_shared(sort, participants, state->lists, build->seg);
	FillKMeans(state, kmeans);
	state->kmeans = kmeans;
	shm_toc_insert(build->toc, PARALLEL_KEY_IVFFLAT_SHARED, shared);
	shm_toc_insert(build->toc, PARALLEL_KEY_IVFFLAT_SORT, sort);
	shm_toc_insert(build->toc, PARALLEL_KEY_IVFFLAT_KMEANS, kmeans);
}

static void
OpenShared(IvfflatBuildState *state, IndexBuild *build)
{
	state->build = build;
	state->shared =
		shm_toc_lookup(build->toc, PARALLEL_KEY_IVFFLAT_SHARED, false);
	if (state->shared->magic != IVFFLAT_BUILD_MAGIC)
		elog(ERROR, "invalid magic number in ivfflat build area");
	state->shared_sort =
		shm_toc_lookup(build->toc, PARALLEL_KEY_IVFFLAT_SORT, false);
	state->kmeans =
		shm_toc_lookup(build->toc, PARALLEL_KEY_IVFFLAT_KMEANS, false);
}

/* Now, if nobody notes a later time. */
static void
NoteLatest(pg_atomic_uint64 *noted)
{
	uint64 now = Microseconds();
	uint64 seen = pg_atomic_read_u64(noted);

	while (seen < now && !pg_atomic_compare_exchange_u64(noted, &seen, now))
		;
}

static void
ParallelParticipate(IndexBuild *build, double *reltuples, double *indtuples)
{
	IvfflatBuildState *mine = palloc(sizeof(IvfflatBuildState));
	SortCoordinateData coordinate = {.isWorker = true};
	uint64 none = 0;
	int workMem;

	InitBuildState(mine, build->heap, build->index, build->indexInfo);
	build->am_participant = mine;
	OpenShared(mine, build);
	if (!build->is_leader)
		tuplesort_attach_shared(mine->shared_sort, build->seg);
	FindCenters(mine);
	(void) pg_atomic_compare_exchange_u64(&mine->shared->centered, &none,
	                                      Microseconds());
	coordinate.sharedsort = mine->shared_sort;
	workMem = maintenance_work_mem / build->nparticipants;
	mine->sort = tuplesort_begin_index(workMem, &coordinate);
	mine->reltuples = IndexBuildScan(build, CollectRow, mine);
	AssignRows(mine);
	NoteLatest(&mine->shared->assigned);
	tuplesort_performsort(mine->sort);
	tuplesort_end(mine->sort);
	mine->sort = NULL;
	*reltuples = mine->reltuples;
	*indtuples = mine->indtuples;
}

static int64
SharedCount(void *arg, int list)
{
	return tuplesort_shared_count((Sharedsort *) arg, list);
}

/* Tuples of lists from first to before end, from the parts of all. */
static void
LoadShared(IvfflatBuildState *state, int first, int end)
{
	SortCoordinateData coordinate = {
		.nParticipants = tuplesort_shared_parts(state->shared_sort),
		.sharedsort = state->shared_sort};
	Tuplesortstate *sort = tuplesort_begin_index(LOAD_MEMORY, &coordinate);

	tuplesort_set_range(sort, first, end);
	tuplesort_performsort(sort);
	IvfflatLoadLists(state->index, MAIN_FORKNUM, &state->layout, sort, first,
	                 end, &state->shared->loaded,
	                 RelationNeedsWAL(state->index));
	tuplesort_end(sort);
}

static void
ParallelPrepare(IndexBuild *build)
{
	IvfflatBuildState *state = build->am_private;
	int claims = LOAD_CLAIMS * Max(build->nparticipants, 1);

	OpenShared(state, build);
	state->centered = pg_atomic_read_u64(&state->shared->centered);
	state->assigned = pg_atomic_read_u64(&state->shared->assigned);
	state->sorted = Microseconds();
	state->indtuples = build->indtuples;
	ReportPhase(PROGRESS_IVFFLAT_PHASE_LOAD);
	ReportBalance(state, SharedCount, state->shared_sort);
	IvfflatLayOut(&state->layout, &state->support, state->lists, SharedCount,
	              state->shared_sort);
	BUILD_STEP("ivfflat-head", state->layout.start[state->lists]);
	IvfflatWriteHead(state->index, MAIN_FORKNUM, &state->support,
	                 &state->layout, state->kmeans,
	                 RelationNeedsWAL(state->index));
	state->shared->claim = Max(state->lists / claims, 1);
	state->shared->load_alone = state->layout.tuples_per_page == 0;
	if (state->shared->load_alone)
		LoadShared(state, 0, state->lists);
}

static void
ParallelComplete(IndexBuild *build)
{
	IvfflatBuildState *mine = build->am_participant;
	int claim = mine->shared->claim;

	if (!mine->shared->load_alone)
	{
		IvfflatLayOut(&mine->layout, &mine->support, mine->lists, SharedCount,
		              mine->shared_sort);
		for (;;)
		{
			uint32 first = pg_atomic_fetch_add_u32(&mine->shared->next_list,
			                                       (uint32) claim);

			if (first >= (uint32) mine->lists)
				break;
			INJECTION_POINT("ivfflat-load-lists");
			LoadShared(mine, (int) first,
			           Min((int) first + claim, mine->lists));
		}
	}
	MemoryContextDelete(mine->row_context);
	pfree(mine);
}

static void
ParallelFinish(IndexBuild *build)
{
	IvfflatBuildState *state = build->am_private;

	BUILD_STEP("ivfflat-loaded",
	           (uint32) pg_atomic_read_u64(&state->shared->loaded));
	if ((double) pg_atomic_read_u64(&state->shared->loaded) != build->indtuples)
		elog(ERROR, "index \"%s\" has not all of its tuples",
		     RelationGetRelationName(state->index));
	state->reltuples = build->reltuples;
	state->indtuples = build->indtuples;
	state->iterations = pg_atomic_read_u32(&state->kmeans->iterations);
}

/* A leader that takes no part, or has done it, does not see how far it is. */
static void
ParallelReport(IndexBuild *build)
{
	IvfflatBuildState *state = build->am_private;
	IvfflatShared *shared =
		shm_toc_lookup(build->toc, PARALLEL_KEY_IVFFLAT_SHARED, false);

	switch (pgstat_progress_own_param(PROGRESS_CREATEIDX_SUBPHASE))
	{
		case PROGRESS_IVFFLAT_PHASE_KMEANS:
			ReportKMeans(state->kmeans, NULL);
			if (pg_atomic_read_u64(&shared->centered) != 0)
				ReportPhase(PROGRESS_IVFFLAT_PHASE_ASSIGN);
			break;
		case PROGRESS_IVFFLAT_PHASE_LOAD:
			pgstat_progress_update_param(
				PROGRESS_CREATEIDX_TUPLES_DONE,
				(int64) pg_atomic_read_u64(&shared->loaded));
			break;
		default:
			break;
	}
}

const ParallelBuildRoutine ivfflat_parallel_build = {
	.name = "ivfflat",
	.estimate = ParallelEstimate,
	.initialize = ParallelInitialize,
	.participate = ParallelParticipate,
	.prepare = ParallelPrepare,
	.complete = ParallelComplete,
	.finish = ParallelFinish,
	.report = ParallelReport};

/* ---------------------------------------------------------------------------
 * Build
 * ---------------------------------------------------------------------------
 */

static int64
SerialCount(void *arg, int list)
{
	return ((const int64 *) arg)[list];
}

/* Centers in private memory. */
static void
PrivateKMeans(IvfflatBuildState *state)
{
	state->kmeans = MemoryContextAllocExtended(
		CurrentMemoryContext, KMeansSize(&state->params), MCXT_ALLOC_HUGE);
	FillKMeans(state, state->kmeans);
	FindCenters(state);
}

static void
SerialBuild(IndexBuild *build)
{
	IvfflatBuildState *state = build->am_private;
	pg_atomic_uint64 loaded;

	PrivateKMeans(state);
	state->centered = Microseconds();
	state->iterations = pg_atomic_read_u32(&state->kmeans->iterations);
	state->counts = palloc0_array(int64, state->lists);
	state->sort = tuplesort_begin_index(maintenance_work_mem, NULL);
	state->reltuples =
		table_index_build_scan(state->heap, state->index, state->indexInfo,
	                           true, true, CollectRow, state, NULL);
	AssignRows(state);
	IndexBuildReportEnd((int64) state->indtuples);
	state->assigned = Microseconds();
	tuplesort_performsort(state->sort);
	state->sorted = Microseconds();
	ReportPhase(PROGRESS_IVFFLAT_PHASE_LOAD);
	ReportBalance(state, SerialCount, state->counts);
	IvfflatLayOut(&state->layout, &state->support, state->lists, SerialCount,
	              state->counts);
	BUILD_STEP("ivfflat-head", state->layout.start[state->lists]);
	IvfflatWriteHead(state->index, MAIN_FORKNUM, &state->support,
	                 &state->layout, state->kmeans,
	                 RelationNeedsWAL(state->index));
	pg_atomic_init_u64(&loaded, 0);
	IvfflatLoadLists(state->index, MAIN_FORKNUM, &state->layout, state->sort, 0,
	                 state->lists, &loaded, RelationNeedsWAL(state->index));
	if ((double) pg_atomic_read_u64(&loaded) != state->indtuples)
		elog(ERROR, "index \"%s\" has not all of its tuples",
		     RelationGetRelationName(state->index));
	tuplesort_end(state->sort);
	BUILD_STEP("ivfflat-loaded", (uint32) state->indtuples);
}

/* For the log. */
static char *
StepTimes(const IvfflatBuildState *state)
{
	return psprintf("sample %.3f s, k-means %.3f s in %u iterations, "
	                "assignment %.3f s, sort %.3f s, load %.3f s",
	                (double) (state->sampled - state->started) / USECS_PER_SEC,
	                (double) (state->centered - state->sampled) / USECS_PER_SEC,
	                state->iterations,
	                (double) (state->assigned - state->centered) /
	                    USECS_PER_SEC,
	                (double) (state->sorted - state->assigned) / USECS_PER_SEC,
	                (double) (Microseconds() - state->sorted) / USECS_PER_SEC);
}

IndexBuildResult *
ivfflatbuild(Relation heap, Relation index, struct IndexInfo *indexInfo)
{
	IndexBuildResult *result = palloc0(sizeof(IndexBuildResult));
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "Ivfflat build", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	IvfflatBuildState state;
	IndexBuild build = {0};

	InitBuildState(&state, heap, index, indexInfo);
	state.result = result;
	result->workers_planned =
		plan_index_workers(heap, indexInfo->ii_Expressions,
	                       indexInfo->ii_Predicate, &build.workers_limit);
	state.seed = BuildSeed();
	PlanKMeans(&state);
	build.routine = &ivfflat_parallel_build;
	build.heap = heap;
	build.index = index;
	build.indexInfo = indexInfo;
	build.am_private = &state;
	IndexBuildRun(&build, SerialBuild, result);
	result->memory_used = state.memory;
	result->memory_limit = (Size) maintenance_work_mem * 1024;
	result->tuples_in_memory = -1;
	result->steps = MemoryContextStrdup(old, StepTimes(&state));
	result->heap_tuples = state.reltuples;
	result->index_tuples = state.indtuples;
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return result;
}

/*
 * The index of an empty table, as the fork from which an unlogged one begins
 * anew after a crash: logged, though the index itself is not.
 */
void
ivfflatbuildempty(Relation index)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "Ivfflat build", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	IvfflatBuildState state;
	Tuplesortstate *sort;
	pg_atomic_uint64 loaded;

	INJECTION_POINT("ivfflat-build-empty");
	InitBuildState(&state, NULL, index, NULL);
	state.seed = BuildSeed();
	PlanKMeans(&state);
	PrivateKMeans(&state);
	IvfflatLayOut(&state.layout, &state.support, state.lists, NULL, NULL);
	IvfflatWriteHead(index, INIT_FORKNUM, &state.support, &state.layout,
	                 state.kmeans, true);
	sort = tuplesort_begin_index(64, NULL);
	tuplesort_performsort(sort);
	pg_atomic_init_u64(&loaded, 0);
	IvfflatLoadLists(index, INIT_FORKNUM, &state.layout, sort, 0, state.lists,
	                 &loaded, true);
	tuplesort_end(sort);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
