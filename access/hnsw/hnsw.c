/*
 * hnsw.c
 *	  The access method hnsw: its routine, options, settings and cost.
 */
#include "postgres.h"

#include <math.h>

#include "access/hnsw.h"
#include "access/reloptions.h"
#include "access/vector_index.h"
#include "access/vector_kernels.h"
#include "commands/progress.h"
#include "utils/guc.h"

PG_PER_THREAD int hnsw_ef_search = HNSW_DEFAULT_EF_SEARCH;
PG_PER_THREAD int hnsw_build_spill = HNSW_BUILD_SPILL_PACK;
PG_PER_THREAD int hnsw_iterative_scan = HNSW_ITERATIVE_SCAN_RELAXED;
PG_PER_THREAD int hnsw_max_scan_tuples = 20000;
PG_PER_THREAD double hnsw_scan_mem_multiplier = 1; /* of work_mem */

static const struct config_enum_entry build_spill_options[] = {
	{"pack", HNSW_BUILD_SPILL_PACK, false},
	{"page_inserts", HNSW_BUILD_SPILL_PAGE_INSERTS, false},
	{NULL, 0, false}};

static const struct config_enum_entry iterative_scan_options[] = {
	{"off", HNSW_ITERATIVE_SCAN_OFF, false},
	{"relaxed_order", HNSW_ITERATIVE_SCAN_RELAXED, false},
	{"strict_order", HNSW_ITERATIVE_SCAN_STRICT, false},
	{NULL, 0, false},
};

/* Which options an hnsw index has; made once, before any fork. */
static relopt_kind hnsw_relopt_kind;

/*
 * Called once by the postmaster at start (and by a process that runs alone):
 * children inherit all of it.
 */
void
hnsw_init(void)
{
	vector_kernels_init();
	hnsw_relopt_kind = add_reloption_kind();
	add_int_reloption(hnsw_relopt_kind, "m", "Max number of connections",
	                  HNSW_DEFAULT_M, HNSW_MIN_M, HNSW_MAX_M,
	                  AccessExclusiveLock);
	add_int_reloption(hnsw_relopt_kind, "ef_construction",
	                  "Size of the dynamic candidate list for construction",
	                  HNSW_DEFAULT_EF_CONSTRUCTION, HNSW_MIN_EF_CONSTRUCTION,
	                  HNSW_MAX_EF_CONSTRUCTION, AccessExclusiveLock);

	DefineCustomIntVariable(
		"hnsw.ef_search",
		"Sets the size of the dynamic candidate list for search",
		"Valid range is 1..1000.", &hnsw_ef_search, HNSW_DEFAULT_EF_SEARCH,
		HNSW_MIN_EF_SEARCH, HNSW_MAX_EF_SEARCH, PGC_USERSET, 0);
	DefineCustomEnumVariable(
		"hnsw.build_spill",
		"Sets what a build does when its graph no longer fits into "
		"maintenance_work_mem",
		NULL, &hnsw_build_spill, HNSW_BUILD_SPILL_PACK, build_spill_options,
		PGC_USERSET, 0);
	DefineCustomEnumVariable("hnsw.iterative_scan",
	                         "Sets the mode for iterative scans", NULL,
	                         &hnsw_iterative_scan, HNSW_ITERATIVE_SCAN_RELAXED,
	                         iterative_scan_options, PGC_USERSET, 0);
	DefineCustomIntVariable(
		"hnsw.max_scan_tuples",
		"Sets the max number of tuples to visit for iterative scans", NULL,
		&hnsw_max_scan_tuples, 20000, 1, INT_MAX, PGC_USERSET, 0);
	DefineCustomRealVariable(
		"hnsw.scan_mem_multiplier",
		"Sets the multiple of work_mem to use for iterative scans", NULL,
		&hnsw_scan_mem_multiplier, 1, 1, 1000, PGC_USERSET, 0);
	MarkGUCPrefixReserved("hnsw");
}

int
HnswGetM(Relation index)
{
	HnswOptions *opts = (HnswOptions *) index->rd_options;

	return opts ? opts->m : HNSW_DEFAULT_M;
}

int
HnswGetEfConstruction(Relation index)
{
	HnswOptions *opts = (HnswOptions *) index->rd_options;

	return opts ? opts->efConstruction : HNSW_DEFAULT_EF_CONSTRUCTION;
}

void
HnswInitSupport(VectorSupport *support, Relation index)
{
	int dim = TupleDescAttr(RelationGetDescr(index), 0)->atttypmod;
	int m;

	/* the column may have lost its length since the index was built */
	if (dim < 0)
		HnswGetMetaPageInfo(index, &m, &dim, NULL, NULL);
	VectorIndexInitSupport(support, index, "hnsw",
	                       VectorGetTypeInfo(index, HNSW_TYPE_INFO_PROC), dim);
}

static bytea *
hnswoptions(Datum reloptions, bool validate)
{
	static const relopt_parse_elt tab[] = {
		{"m", RELOPT_TYPE_INT, offsetof(HnswOptions, m)},
		{"ef_construction", RELOPT_TYPE_INT,
	     offsetof(HnswOptions, efConstruction)},
	};

	return (bytea *) build_reloptions(reloptions, validate, hnsw_relopt_kind,
	                                  sizeof(HnswOptions), tab, lengthof(tab));
}

static char *
hnswbuildphasename(int64 phasenum)
{
	switch (phasenum)
	{
		case PROGRESS_CREATEIDX_SUBPHASE_INITIALIZE:
			return "initializing";
		case PROGRESS_HNSW_PHASE_LOAD:
			return "loading tuples";
		default:
			return NULL;
	}
}

static bool
hnswvalidate(Oid opclassoid)
{
	return true;
}

/*
 * The part of the index that a search touches: one path from the top, and on
 * layer 0 the more, the larger ef_search is against the index.
 */
static double
SearchedShare(Relation index, double tuples)
{
	double entry_level;
	double layer0_max;
	double layer0_selectivity;
	double share;
	int m;

	if (tuples <= 0)
		return 1;
	HnswGetMetaPageInfo(index, &m, NULL, NULL, NULL);
	entry_level = (int) (log(tuples) / log(m));
	layer0_max = 2.0 * m * hnsw_ef_search;
	layer0_selectivity =
		0.55 * log(tuples) / (log(m) * (1 + log((double) hnsw_ef_search)));
	share = (entry_level * m + layer0_max * layer0_selectivity) / tuples;
	return Min(share, 1);
}

static void
hnswcostestimate(struct PlannerInfo *root, struct IndexPath *path,
                 double loop_count, Cost *startup_cost, Cost *total_cost,
                 Selectivity *selectivity, double *correlation,
                 double *index_pages)
{
	static const VectorCostModel model = {.startup_share = SearchedShare,
	                                      .startup_sequential = 1};

	VectorCostEstimate(&model, root, path, loop_count, startup_cost, total_cost,
	                   selectivity, correlation, index_pages);
}

Datum
hnswhandler(PG_FUNCTION_ARGS)
{
	IndexAmRoutine *am = VectorIndexRoutine(3);

	am->ambuild = hnswbuild;
	am->amestimatebuild = hnswestimatebuild;
	am->ambuildempty = hnswbuildempty;
	am->aminsert = hnswinsert;
	am->ambulkdelete = hnswbulkdelete;
	am->amvacuumcleanup = hnswvacuumcleanup;
	am->amcostestimate = hnswcostestimate;
	am->amoptions = hnswoptions;
	am->ambuildphasename = hnswbuildphasename;
	am->amvalidate = hnswvalidate;
	am->ambeginscan = hnswbeginscan;
	am->amrescan = hnswrescan;
	am->amgettuple = hnswgettuple;
	am->amendscan = hnswendscan;
	PG_RETURN_POINTER(am);
}
