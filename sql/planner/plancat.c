/*
 * plancat.c
 *		What the planner reads of the catalogs: sizes and indexes of tables;
 *		and how many workers an index build gets.
 *
 * The number of pages is asked of the file, so it is true; the rows per page
 * come from the last count that pg_class has, or from the width of a row.
 *
 * Corresponds to PostgreSQL's optimizer/util/plancat.c.
 */
#include "postgres.h"

#include <math.h>

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "catalog/index.h"
#include "catalog/pg_proc.h"
#include "catalog/system_views.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* rows that are expected of a view of the server's state */
#define SYSTEM_VIEW_ROWS 100

/* functions whose number of rows follows from their arguments */
#define F_GENERATE_SERIES_STEP_INT4 1066
#define F_GENERATE_SERIES_INT4 1067
#define F_GENERATE_SERIES_STEP_INT8 1068
#define F_GENERATE_SERIES_INT8 1069

/* Average bytes of a row's data, from the columns' types. */
static int32
rel_data_width(Relation rel)
{
	TupleDesc tupdesc = RelationGetDescr(rel);
	int64 width = 0;

	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, i);

		if (!att->attisdropped)
			width += get_typavgwidth(att->atttypid, att->atttypmod);
	}
	return (int32) Min(width, INT_MAX);
}

/*
 * A table that was never counted and is small gets ten pages: it will probably
 * grow before the plan is used the last time.  The first page of an index has no
 * rows.
 */
void
estimate_rel_size(Relation rel, BlockNumber *pages, double *tuples)
{
	BlockNumber curpages = RelationGetNumberOfBlocks(rel);
	double relpages = rel->rd_rel->relpages;
	double reltuples = rel->rd_rel->reltuples;
	double density;

	if (curpages < 10 && reltuples < 0 &&
	    rel->rd_rel->relkind == RELKIND_RELATION)
		curpages = 10;
	*pages = curpages;
	*tuples = 0;
	if (curpages == 0)
		return;
	if (rel->rd_rel->relkind == RELKIND_INDEX && relpages > 0)
	{
		curpages--;
		relpages--;
	}
	if (reltuples >= 0 && relpages > 0)
		density = reltuples / relpages;
	else
	{
		Size width = (Size) rel_data_width(rel) +
		             MAXALIGN(SizeofHeapTupleHeader) + sizeof(ItemIdData);

		/* whole rows per page */
		density = (double) ((BLCKSZ - SizeOfPageHeaderData) / width);
	}
	*tuples = rint(density * curpages);
}

static IndexOptInfo *
get_index_info(RelOptInfo *rel, Oid indexoid)
{
	Relation index = index_open(indexoid, AccessShareLock);
	IndexAmRoutine *am = index->rd_indam;
	IndexOptInfo *info = NULL;
	IndexInfo *ii = NULL;
	bool valid = index->rd_index->indisvalid;

#ifdef TUSK_DEFECT_INVALID_INDEX_USED
	valid = true;
#endif
	/* indcheckxmin: older snapshots would miss rows in it */
	if (valid && (!index->rd_index->indcheckxmin ||
	              TransactionIdPrecedes(index->rd_indexxmin, TransactionXmin)))
		ii = BuildIndexInfo(index);
	if (ii != NULL)
	{
		info = palloc0(sizeof(IndexOptInfo));
		info->indexoid = indexoid;
		info->rel = rel;
		info->pages = RelationGetNumberOfBlocks(index);
		info->tuples = rel->tuples;
		if (ii->ii_Predicate != NIL)
		{
			estimate_rel_size(index, &info->pages, &info->tuples);
			info->tuples = Min(info->tuples, rel->tuples);
		}
		info->nkeycolumns = ii->ii_NumIndexKeyAttrs;
		info->indexkeys = palloc_array(AttrNumber, ii->ii_NumIndexKeyAttrs);
		info->opfamily = palloc_array(Oid, ii->ii_NumIndexKeyAttrs);
		info->indexcollations = palloc_array(Oid, ii->ii_NumIndexKeyAttrs);
		for (int i = 0; i < ii->ii_NumIndexKeyAttrs; i++)
		{
			info->indexkeys[i] = ii->ii_IndexAttrNumbers[i];
			info->opfamily[i] = index->rd_opfamily[i];
			info->indexcollations[i] = index->rd_indcollation[i];
		}
		/* stored expressions have varno 1 */
		info->indexprs = (List *) offset_var_nodes((Node *) ii->ii_Expressions,
		                                           (int) rel->relid - 1);
		info->indpred = (List *) offset_var_nodes((Node *) ii->ii_Predicate,
		                                          (int) rel->relid - 1);
		info->amcanorderbyop = am->amcanorderbyop;
		info->amcostestimate = am->amcostestimate;
	}
	/* the lock stays: the plan depends on the index */
	index_close(index, NoLock);
	return info;
}

static void
get_relation_info(RelOptInfo *rel, RangeTblEntry *rte)
{
	Relation relation;
	ListCell *lc;

	if (GetSystemView(rte->relid) != NULL)
	{
		rel->tuples = SYSTEM_VIEW_ROWS;
		return;
	}
	relation = table_open(rte->relid, NoLock);
	estimate_rel_size(relation, &rel->pages, &rel->tuples);
	foreach (lc, RelationGetIndexList(relation))
	{
		IndexOptInfo *info = get_index_info(rel, lfirst_oid(lc));

		if (info != NULL)
			rel->indexlist = lappend(rel->indexlist, info);
	}
	table_close(relation, NoLock);
}

static bool
integer_const(PlannerInfo *root, Node *node, double *value)
{
	Const *con = (Const *) estimate_expression_value(root, node);

	if (!IsA(con, Const) || con->constisnull)
		return false;
	*value = con->constlen == 4 ? (double) DatumGetInt32(con->constvalue)
	                            : (double) DatumGetInt64(con->constvalue);
	return true;
}

/* Rows that a call of a function returns. */
double
function_rows(PlannerInfo *root, FuncExpr *func)
{
	Form_pg_proc proc = GetProcForm(func->funcid);
	double first;
	double last;
	double step = 1;

	if (!func->funcretset)
		return 1;
	switch (func->funcid)
	{
		case F_GENERATE_SERIES_STEP_INT4:
		case F_GENERATE_SERIES_INT4:
		case F_GENERATE_SERIES_STEP_INT8:
		case F_GENERATE_SERIES_INT8:
			if (!integer_const(root, linitial(func->args), &first) ||
			    !integer_const(root, lsecond(func->args), &last) ||
			    (list_length(func->args) > 2 &&
			     !integer_const(root, lthird(func->args), &step)) ||
			    step == 0)
				break;
			return clamp_row_est(floor((last - first + step) / step));
		default:
			break;
	}
	return proc && proc->prorows > 0 ? proc->prorows : 1000;
}

RelOptInfo *
build_simple_rel(PlannerInfo *root, Index relid)
{
	RangeTblEntry *rte =
		list_nth_node(RangeTblEntry, root->parse->rtable, (int) relid - 1);
	RelOptInfo *rel = palloc0(sizeof(RelOptInfo));

	/* what of its neighbours it refers to is collected in plan_params */
	Assert(root->plan_params == NIL);
	rel->relid = relid;
	switch (rte->rtekind)
	{
		case RTE_RELATION:
			rel->reloid = rte->relid;
			get_relation_info(rel, rte);
			break;
		case RTE_SUBQUERY:
			rel->subroot = subquery_planner(root->glob, rte->subquery, root, 0);
			rel->subplan = rel->subroot->plan;
			rel->tuples = rel->subplan->plan_rows;
			break;
		case RTE_CTE:
			rel->cte = find_cte_subplan(root, rte);
			rel->subplan =
				list_nth(root->glob->subplans, rel->cte->plan_id - 1);
			rel->tuples = rel->subplan->plan_rows;
			break;
		case RTE_FUNCTION:
			rel->tuples = function_rows(root, rte->funcexpr);
			rte->funcexpr->args = (List *) SS_replace_lateral_vars(
				root, (Node *) rte->funcexpr->args);
			break;
		case RTE_VALUES:
			rel->tuples = list_length(rte->values_lists);
			break;
		default:
			elog(ERROR, "unexpected range table entry of kind %d",
			     (int) rte->rtekind);
	}
	rel->lateral_params = root->plan_params;
	root->plan_params = NIL;
	rel->rows = rel->tuples;
	return rel;
}

/* ------------------------------------------------------------------------
 *		Index builds
 * ------------------------------------------------------------------------
 */

/* One worker at the threshold, one more for each time the table triples. */
static int
compute_parallel_worker(BlockNumber heap_blocks, int max_workers)
{
	int64 threshold = Max(min_parallel_table_scan_size, 1);
	int workers = 1;

	if (heap_blocks < (BlockNumber) min_parallel_table_scan_size)
		return 0;
	while ((int64) heap_blocks >= threshold * 3)
	{
		workers++;
		threshold *= 3;
		if (threshold > INT_MAX / 3)
			break;
	}
	return Min(workers, max_workers);
}

/* By the table's size, as long as each participant has its 32 MB. */
static int
workers_by_size(Relation heap, IndexWorkersLimit *limit)
{
	BlockNumber pages;
	double tuples;
	int workers;

	estimate_rel_size(heap, &pages, &tuples);
	workers = compute_parallel_worker(pages, max_parallel_maintenance_workers);
	*limit = workers < max_parallel_maintenance_workers
	             ? INDEX_WORKERS_TABLE_SIZE
	             : INDEX_WORKERS_MAINTENANCE;
	/* the leader is a participant too */
	while (workers > 0 && maintenance_work_mem / (workers + 1) < 32 * 1024)
	{
		workers--;
		*limit = INDEX_WORKERS_MEMORY;
	}
	return workers;
}

int
plan_index_workers(Relation heap, List *expressions, List *predicate,
                   IndexWorkersLimit *limit)
{
	int setting = RelationGetParallelWorkers(heap, -1);

	*limit = INDEX_WORKERS_MAINTENANCE;
	if (!IsUnderPostmaster)
		*limit = INDEX_WORKERS_STANDALONE;
	else if (max_parallel_maintenance_workers == 0)
		return 0;
	else if (heap->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
		*limit = INDEX_WORKERS_TEMPORARY;
	else if (contain_parallel_unsafe((Node *) expressions) ||
	         contain_parallel_unsafe((Node *) predicate))
		*limit = INDEX_WORKERS_UNSAFE;
	else if (setting == -1)
		return workers_by_size(heap, limit);
	else if (setting < max_parallel_maintenance_workers)
	{
		*limit = INDEX_WORKERS_TABLE_OPTION;
		return setting;
	}
	else
		return max_parallel_maintenance_workers;
	return 0;
}

int
plan_create_index_workers(Oid tableOid, Oid indexOid)
{
	Relation heap = table_open(tableOid, NoLock);
	Relation index = index_open(indexOid, NoLock);
	IndexWorkersLimit limit;
	int workers = plan_index_workers(heap, RelationGetIndexExpressions(index),
	                                 RelationGetIndexPredicate(index), &limit);

	index_close(index, NoLock);
	table_close(heap, NoLock);
	return workers;
}

const char *
index_workers_limit_name(IndexWorkersLimit limit)
{
	switch (limit)
	{
		case INDEX_WORKERS_MAINTENANCE:
			return "max_parallel_maintenance_workers";
		case INDEX_WORKERS_TABLE_OPTION:
			return "parallel_workers of the table";
		case INDEX_WORKERS_TABLE_SIZE:
			return "table size and min_parallel_table_scan_size";
		case INDEX_WORKERS_MEMORY:
			return "maintenance_work_mem, 32 MB for each participant";
		case INDEX_WORKERS_TEMPORARY:
			return "temporary table";
		case INDEX_WORKERS_UNSAFE:
			return "function that is not parallel safe";
		case INDEX_WORKERS_STANDALONE:
			return "single-user mode";
		case INDEX_WORKERS_NO_SEGMENT:
			return "no shared memory segment";
		case INDEX_WORKERS_NO_PROCESS:
			return "max_parallel_workers or max_worker_processes";
		case INDEX_WORKERS_UNKNOWN:
			break;
	}
	return NULL;
}
