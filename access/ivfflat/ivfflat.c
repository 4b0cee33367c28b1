/*
 * ivfflat.c
 *	  The access method ivfflat: its routine, options, settings and cost.
 */
#include "postgres.h"

#include "access/bitvec.h"
#include "access/genam.h"
#include "access/halfvec.h"
#include "access/ivfflat.h"
#include "access/reloptions.h"
#include "access/toast_compression.h"
#include "access/vector.h"
#include "access/vector_index.h"
#include "commands/progress.h"
#include "utils/guc.h"

PG_PER_THREAD int ivfflat_probes = IVFFLAT_DEFAULT_PROBES;
PG_PER_THREAD int ivfflat_iterative_scan = IVFFLAT_ITERATIVE_SCAN_OFF;
PG_PER_THREAD int ivfflat_max_probes = IVFFLAT_MAX_LISTS;
PG_PER_THREAD int ivfflat_build_seed = 0; /* 0: at random */

static const struct config_enum_entry iterative_scan_options[] = {
	{"off", IVFFLAT_ITERATIVE_SCAN_OFF, false},
	{"relaxed_order", IVFFLAT_ITERATIVE_SCAN_RELAXED, false},
	{NULL, 0, false},
};

/* Which options an ivfflat index has; made once, before any fork. */
static relopt_kind ivfflat_relopt_kind;

void
ivfflat_init(void)
{
	ivfflat_relopt_kind = add_reloption_kind();
	add_int_reloption(ivfflat_relopt_kind, "lists", "Number of inverted lists",
	                  IVFFLAT_DEFAULT_LISTS, IVFFLAT_MIN_LISTS,
	                  IVFFLAT_MAX_LISTS, AccessExclusiveLock);
	DefineCustomIntVariable("ivfflat.probes", "Sets the number of probes",
	                        "Valid range is 1..lists.", &ivfflat_probes,
	                        IVFFLAT_DEFAULT_PROBES, IVFFLAT_MIN_LISTS,
	                        IVFFLAT_MAX_LISTS, PGC_USERSET, 0);
	DefineCustomEnumVariable(
		"ivfflat.iterative_scan", "Sets the mode for iterative scans", NULL,
		&ivfflat_iterative_scan, IVFFLAT_ITERATIVE_SCAN_OFF,
		iterative_scan_options, PGC_USERSET, 0);
	DefineCustomIntVariable("ivfflat.max_probes",
	                        "Sets the max number of probes for iterative scans",
	                        NULL, &ivfflat_max_probes, IVFFLAT_MAX_LISTS,
	                        IVFFLAT_MIN_LISTS, IVFFLAT_MAX_LISTS, PGC_USERSET,
	                        0);
	DefineCustomIntVariable("ivfflat.build_seed",
	                        "Sets what builds draw samples and centers by; 0: "
	                        "each by another",
	                        NULL, &ivfflat_build_seed, 0, 0, INT_MAX,
	                        PGC_USERSET, 0);
	MarkGUCPrefixReserved("ivfflat");
}

int
IvfflatGetLists(Relation index)
{
	IvfflatOptions *opts = (IvfflatOptions *) index->rd_options;

	return opts ? opts->lists : IVFFLAT_DEFAULT_LISTS;
}

/* By support function 3: what k-means clusters, and how. */
static const struct
{
	PGFunction function;
	KMeansElement element;
	KMeansMetric metric;
} kmeans_distances[] = {
	{l2_distance, KMEANS_FLOAT, KMEANS_L2},
	{vector_spherical_distance, KMEANS_FLOAT, KMEANS_SPHERICAL},
	{halfvec_l2_distance, KMEANS_HALF, KMEANS_L2},
	{halfvec_spherical_distance, KMEANS_HALF, KMEANS_SPHERICAL},
	{hamming_distance, KMEANS_BIT, KMEANS_HAMMING},
};

void
IvfflatInitSupport(IvfflatSupport *support, Relation index)
{
	Form_pg_attribute attr = TupleDescAttr(RelationGetDescr(index), 0);
	FmgrInfo *kmeans =
		index_getprocinfo(index, 1, IVFFLAT_KMEANS_DISTANCE_PROC);
	int dim = attr->atttypmod;

	/* the column may have lost its length since the index was built */
	if (dim < 0)
		IvfflatGetMetaPageInfo(index, NULL, &dim);
	VectorIndexInitSupport(&support->value, index, "ivfflat",
	                       VectorGetTypeInfo(index, IVFFLAT_TYPE_INFO_PROC),
	                       dim);
	support->kmeans_norm = VectorOptionalProc(index, IVFFLAT_KMEANS_NORM_PROC);
	support->compression =
		(char) (CompressionMethodIsValid(attr->attcompression)
	                ? attr->attcompression
	                : default_toast_compression);
	for (int i = 0; i < (int) lengthof(kmeans_distances); i++)
		if (kmeans_distances[i].function == kmeans->fn_addr)
		{
			support->element = kmeans_distances[i].element;
			support->metric = kmeans_distances[i].metric;
			return;
		}
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("type not supported for ivfflat index")));
}

static bytea *
ivfflatoptions(Datum reloptions, bool validate)
{
	static const relopt_parse_elt tab[] = {
		{"lists", RELOPT_TYPE_INT, offsetof(IvfflatOptions, lists)},
	};

	return (bytea *) build_reloptions(reloptions, validate, ivfflat_relopt_kind,
	                                  sizeof(IvfflatOptions), tab,
	                                  lengthof(tab));
}

static char *
ivfflatbuildphasename(int64 phasenum)
{
	switch (phasenum)
	{
		case PROGRESS_CREATEIDX_SUBPHASE_INITIALIZE:
			return "initializing";
		case PROGRESS_IVFFLAT_PHASE_KMEANS:
			return "performing k-means";
		case PROGRESS_IVFFLAT_PHASE_ASSIGN:
			return "assigning tuples";
		case PROGRESS_IVFFLAT_PHASE_LOAD:
			return "loading tuples";
		default:
			return NULL;
	}
}

static bool
ivfflatvalidate(Oid opclassoid)
{
	return true;
}

/* A scan reads as much of the index as it probes of the lists. */
static double
ProbedShare(Relation index, double tuples)
{
	int lists;

	IvfflatGetMetaPageInfo(index, &lists, NULL);
	return Min((double) ivfflat_probes / lists, 1.0);
}

static void
ivfflatcostestimate(struct PlannerInfo *root, struct IndexPath *path,
                    double loop_count, Cost *startup_cost, Cost *total_cost,
                    Selectivity *selectivity, double *correlation,
                    double *index_pages)
{
	static const VectorCostModel model = {.startup_share = ProbedShare,
	                                      .sequential = 0.5,
	                                      .startup_sequential = 0.5};

	VectorCostEstimate(&model, root, path, loop_count, startup_cost, total_cost,
	                   selectivity, correlation, index_pages);
}

Datum
ivfflathandler(PG_FUNCTION_ARGS)
{
	IndexAmRoutine *am = VectorIndexRoutine(5);

	am->ambuild = ivfflatbuild;
	am->amestimatebuild = ivfflatestimatebuild;
	am->ambuildempty = ivfflatbuildempty;
	am->aminsert = ivfflatinsert;
	am->ambulkdelete = ivfflatbulkdelete;
	am->amvacuumcleanup = ivfflatvacuumcleanup;
	am->amcostestimate = ivfflatcostestimate;
	am->amoptions = ivfflatoptions;
	am->ambuildphasename = ivfflatbuildphasename;
	am->amvalidate = ivfflatvalidate;
	am->ambeginscan = ivfflatbeginscan;
	am->amrescan = ivfflatrescan;
	am->amgettuple = ivfflatgettuple;
	am->amendscan = ivfflatendscan;
	PG_RETURN_POINTER(am);
}
