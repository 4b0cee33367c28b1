/*
 * costsize.c
 *		Costs of plan nodes.
 *
 * Costs are in units of one page read in sequence.  startup_cost is what is
 * spent before the first row, total_cost what is spent when all rows are
 * fetched; a LIMIT is charged the part between them that it fetches.  The
 * formulas are PostgreSQL 15's, so EXPLAIN shows the same figures for the same
 * sizes.  A node type that is switched off costs disable_cost more, so that it
 * is chosen only if there is no other way.
 *
 * Corresponds to PostgreSQL's optimizer/path/costsize.c, and to
 * genericcostestimate of utils/adt/selfuncs.c.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_proc.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/lsyscache.h"
#include "utils/selfuncs.h"

#define LOG2(x) (log(x) / 0.693147180559945)
#define MAXIMUM_ROWCOUNT 1e100

/* an external sort's merge: blocks of buffer per input run, and their number */
#define TAPE_BUFFER_OVERHEAD BLCKSZ
#define MERGE_BUFFER_SIZE (BLCKSZ * 32)
#define MINORDER 6
#define MAXORDER 500

double
clamp_row_est(double nrows)
{
	if (isnan(nrows) || nrows > MAXIMUM_ROWCOUNT)
		return MAXIMUM_ROWCOUNT;
	if (nrows <= 1)
		return 1;
	return rint(nrows);
}

/* ------------------------------------------------------------------------
 *		Expressions
 * ------------------------------------------------------------------------
 */

static Cost
function_cost(Oid funcid)
{
	Form_pg_proc proc = GetProcForm(funcid);

	return (proc ? proc->procost : 1) * cpu_operator_cost;
}

static bool
cost_walker(Node *node, void *context)
{
	QualCost *cost = context;

	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_FuncExpr:
			cost->per_tuple += function_cost(((FuncExpr *) node)->funcid);
			break;
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			set_opfuncid((OpExpr *) node);
			cost->per_tuple += function_cost(((OpExpr *) node)->opfuncid);
			break;
		case T_ScalarArrayOpExpr:
		{
			ScalarArrayOpExpr *expr = (ScalarArrayOpExpr *) node;

			/* on average half of the elements are compared */
			cost->per_tuple += function_cost(expr->opfuncid) * 0.5 *
			                   estimate_array_length(lsecond(expr->args));
			break;
		}
		case T_CoerceViaIO:
		{
			CoerceViaIO *expr = (CoerceViaIO *) node;
			Oid iofunc;
			Oid ioparam;
			bool varlena;

			getTypeInputInfo(expr->resulttype, &iofunc, &ioparam);
			cost->per_tuple += function_cost(iofunc);
			getTypeOutputInfo(exprType((Node *) expr->arg), &iofunc, &varlena);
			cost->per_tuple += function_cost(iofunc);
			break;
		}
		case T_MinMaxExpr:
		case T_SQLValueFunction:
			cost->per_tuple += cpu_operator_cost;
			break;
		case T_Aggref:
			/* the Agg node is charged for it */
			return false;
		case T_SubPlan:
			cost->startup += ((SubPlan *) node)->startup_cost;
			cost->per_tuple += ((SubPlan *) node)->per_call_cost;
			return false;
		default:
			break;
	}
	return expression_tree_walker(node, cost_walker, context);
}

void
cost_qual_eval_node(QualCost *cost, Node *qual, PlannerInfo *root)
{
	cost->startup = 0;
	cost->per_tuple = 0;
	(void) cost_walker(qual, cost);
}

void
cost_qual_eval(QualCost *cost, List *quals, PlannerInfo *root)
{
	cost_qual_eval_node(cost, (Node *) quals, root);
}

void
cost_tlist(QualCost *cost, List *tlist, PlannerInfo *root)
{
	cost_qual_eval_node(cost, (Node *) tlist, root);
}

int
tlist_width(List *tlist)
{
	int64 width = 0;
	ListCell *lc;

	foreach (lc, tlist)
	{
		Node *expr = (Node *) lfirst_node(TargetEntry, lc)->expr;

		width += get_typavgwidth(exprType(expr), exprTypmod(expr));
	}
	return (int) Min(width, INT_MAX);
}

/* ------------------------------------------------------------------------
 *		Scans
 * ------------------------------------------------------------------------
 */

/*
 * A scan without an index: rel->tuples rows are tested, and plan_rows of them,
 * which is set, get the target list.
 */
void
cost_scan(PlannerInfo *root, Plan *plan, RelOptInfo *rel)
{
	QualCost qual;
	QualCost target;
	Cost startup = 0;
	Cost run = 0;
	Cost per_tuple = cpu_tuple_cost;

	switch (nodeTag(plan))
	{
		case T_SeqScan:
			if (!enable_seqscan)
				startup += disable_cost;
			run += seq_page_cost * rel->pages;
			break;
		case T_SubqueryScan:
			startup += rel->subplan->startup_cost;
			run += rel->subplan->total_cost - rel->subplan->startup_cost;
			break;
		case T_FunctionScan:
		{
			QualCost func;

			/* all rows are made before the first is returned */
			cost_qual_eval_node(
				&func, (Node *) ((FunctionScan *) plan)->funcexpr, root);
			startup += func.startup + func.per_tuple;
			break;
		}
		case T_ValuesScan:
			per_tuple += cpu_operator_cost;
			break;
		case T_CteScan:
			/* for the store */
			per_tuple += cpu_tuple_cost;
			break;
		default:
			break;
	}
	cost_qual_eval(&qual, plan->qual, root);
	cost_tlist(&target, plan->targetlist, root);
	startup += qual.startup + target.startup;
	run += (per_tuple + qual.per_tuple) * rel->tuples;
	run += target.per_tuple * plan->plan_rows;
	plan->startup_cost = startup;
	plan->total_cost = startup + run;
	plan->plan_width = tlist_width(plan->targetlist);
}

/*
 * Pages that must be read to fetch that many rows at random places of a table,
 * by the formula of Mackert and Lohman: a page is read again if the cache has
 * dropped it meanwhile.
 */
double
index_pages_fetched(double tuples_fetched, BlockNumber pages,
                    double index_pages, PlannerInfo *root)
{
	double T = pages > 1 ? (double) pages : 1;
	double total_pages = Max(root->total_table_pages + index_pages, 1);
	double b = effective_cache_size * T / total_pages;
	double fetched;
	double lim;

	Assert(T <= total_pages || root->total_table_pages == 0);
	b = b <= 1 ? 1 : ceil(b);
	if (T <= b)
	{
		fetched = (2 * T * tuples_fetched) / (2 * T + tuples_fetched);
		return fetched >= T ? T : ceil(fetched);
	}
	lim = (2 * T * b) / (2 * T - b);
	if (tuples_fetched <= lim)
		fetched = (2 * T * tuples_fetched) / (2 * T + tuples_fetched);
	else
		fetched = b + (tuples_fetched - lim) * (T - b) / T;
	return ceil(fetched);
}

void
cost_index(PlannerInfo *root, IndexScan *plan, IndexOptInfo *index)
{
	Plan *p = &plan->scan.plan;
	RelOptInfo *rel = index->rel;
	IndexPath path = {0};
	Cost index_startup;
	Cost index_total;
	Selectivity selectivity;
	double correlation;
	double index_pages;
	double tuples_fetched;
	double pages_fetched;
	Cost min_io = 0;
	Cost max_io;
	QualCost qual;
	QualCost target;
	Cost startup = 0;
	Cost run;

	if (!enable_indexscan)
		startup += disable_cost;
	path.indexinfo = index;
	path.indexclauses = plan->indexqual;
	path.indexorderbys = plan->indexorderby;
	index->amcostestimate(root, &path, 1, &index_startup, &index_total,
	                      &selectivity, &correlation, &index_pages);
	startup += index_startup;
	run = index_total - index_startup;

	tuples_fetched = clamp_row_est(selectivity * rel->tuples);
	max_io = index_pages_fetched(tuples_fetched, rel->pages,
	                             (double) index->pages, root) *
	         random_page_cost;
	pages_fetched = ceil(selectivity * rel->pages);
	if (pages_fetched > 0)
		min_io = random_page_cost + (pages_fetched - 1) * seq_page_cost;
	run += max_io + correlation * correlation * (min_io - max_io);

	cost_qual_eval(&qual, p->qual, root);
	cost_tlist(&target, p->targetlist, root);
	startup += qual.startup + target.startup;
	run += (cpu_tuple_cost + qual.per_tuple) * tuples_fetched;
	run += target.per_tuple * p->plan_rows;
	p->startup_cost = startup;
	p->total_cost = startup + run;
	p->plan_width = tlist_width(p->targetlist);
}

/* Evaluation of the sides of the operators that are not the column. */
static Cost
other_operands_cost(PlannerInfo *root, List *clauses)
{
	Cost cost = 0;
	ListCell *lc;

	foreach (lc, clauses)
	{
		OpExpr *op = lfirst(lc);
		QualCost other;

		if (!IsA(op, OpExpr) || list_length(op->args) != 2)
			continue;
		cost_qual_eval_node(&other, lsecond(op->args), root);
		cost += other.startup + other.per_tuple;
	}
	return cost;
}

/* The conditions of a partial index are conditions of what is read from it. */
static List *
add_predicate_to_index_quals(IndexOptInfo *index, List *quals)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, index->indpred)
	{
		if (!predicate_implied_by(list_make1(lfirst(lc)), quals))
			result = lappend(result, lfirst(lc));
	}
	return list_concat(result, quals);
}

void
genericcostestimate(PlannerInfo *root, IndexPath *path, double loop_count,
                    GenericCosts *costs)
{
	IndexOptInfo *index = path->indexinfo;
	List *quals = path->indexclauses;
	List *orderbys = path->indexorderbys;
	double num_sa_scans = costs->num_sa_scans > 0 ? costs->num_sa_scans : 1;
	double num_scans;
	double ntuples;
	double npages;
	Cost arg_cost;
	Cost op_cost;

	costs->indexSelectivity = clauselist_selectivity(
		root, add_predicate_to_index_quals(index, quals));
	ntuples = costs->numIndexTuples;
	if (ntuples <= 0)
	{
		ntuples = costs->indexSelectivity * index->rel->tuples;
		ntuples = rint(ntuples / num_sa_scans);
	}
	ntuples = Max(Min(ntuples, index->tuples), 1);
	npages = index->pages > 1 && index->tuples > 1
	             ? ceil(ntuples * index->pages / index->tuples)
	             : 1;

	costs->spc_random_page_cost = random_page_cost;
	num_scans = num_sa_scans * loop_count;
	if (num_scans > 1)
		costs->indexTotalCost =
			index_pages_fetched(npages * num_scans, index->pages,
		                        (double) index->pages, root) *
			random_page_cost / loop_count;
	else
		costs->indexTotalCost = npages * random_page_cost;

	arg_cost =
		other_operands_cost(root, quals) + other_operands_cost(root, orderbys);
	op_cost = cpu_operator_cost * (list_length(quals) + list_length(orderbys));
	costs->indexStartupCost = arg_cost;
	costs->indexTotalCost += arg_cost;
	costs->indexTotalCost +=
		ntuples * num_sa_scans * (cpu_index_tuple_cost + op_cost);
	costs->indexCorrelation = 0;
	costs->numIndexPages = npages;
	costs->numIndexTuples = ntuples;
	costs->num_sa_scans = num_sa_scans;
}

/* ------------------------------------------------------------------------
 *		What stands above scans
 * ------------------------------------------------------------------------
 */

/* What it costs to read the rows of a node once more. */
static void
cost_rescan(Plan *plan, Cost *startup, Cost *total)
{
	double nbytes;

	*startup = plan->startup_cost;
	*total = plan->total_cost;
	switch (nodeTag(plan))
	{
		case T_FunctionScan:
			/* its rows are kept */
			*startup = 0;
			*total = plan->total_cost - plan->startup_cost;
			break;
		case T_CteScan:
		case T_Material:
		case T_Sort:
			*startup = 0;
			*total = plan->plan_rows *
			         (IsA(plan, CteScan) ? cpu_tuple_cost : cpu_operator_cost);
			nbytes = relation_byte_size(plan->plan_rows, plan->plan_width);
			if (nbytes > work_mem * 1024.0)
				*total += seq_page_cost * ceil(nbytes / BLCKSZ);
			break;
		default:
			break;
	}
}

/* Keeping the child's rows: bookkeeping now, pages of a file if they are many. */
void
cost_material(Plan *plan)
{
	Plan *child = outerPlan(plan);
	double nbytes = relation_byte_size(child->plan_rows, child->plan_width);

	plan->startup_cost = child->startup_cost;
	plan->total_cost =
		child->total_cost + 2 * cpu_operator_cost * child->plan_rows;
	if (nbytes > work_mem * 1024.0)
		plan->total_cost += seq_page_cost * ceil(nbytes / BLCKSZ);
	plan->plan_rows = child->plan_rows;
	plan->plan_width = child->plan_width;
}

/* plan_rows is set; the inner side is read anew for every outer row */
void
cost_nestloop(PlannerInfo *root, NestLoop *plan)
{
	Plan *p = &plan->plan;
	Plan *outer = outerPlan(p);
	Plan *inner = innerPlan(p);
	double outer_rows = Max(outer->plan_rows, 1);
	double inner_rows = Max(inner->plan_rows, 1);
	QualCost qual;
	QualCost target;
	Cost rescan_startup;
	Cost rescan_total;
	Cost startup = outer->startup_cost + inner->startup_cost;
	Cost run = outer->total_cost - outer->startup_cost;

	if (!enable_nestloop)
		startup += disable_cost;
	cost_rescan(inner, &rescan_startup, &rescan_total);
	run += inner->total_cost - inner->startup_cost;
	run += (outer_rows - 1) * rescan_total;
	cost_qual_eval_node(&qual, (Node *) plan->joinqual, root);
	startup += qual.startup;
	run += (cpu_tuple_cost + qual.per_tuple) * outer_rows * inner_rows;
	cost_qual_eval(&qual, p->qual, root);
	startup += qual.startup;
	run += qual.per_tuple * p->plan_rows;
	cost_tlist(&target, p->targetlist, root);
	startup += target.startup;
	run += target.per_tuple * p->plan_rows;
	p->startup_cost = startup;
	p->total_cost = startup + run;
	p->plan_width = tlist_width(p->targetlist);
}

double
relation_byte_size(double tuples, int width)
{
	return tuples * (MAXALIGN(width) + MAXALIGN(SizeofHeapTupleHeader));
}

static double
merge_order(double allowed_mem)
{
	double order =
		floor(allowed_mem / (2.0 * TAPE_BUFFER_OVERHEAD + MERGE_BUFFER_SIZE));

	return Max(MINORDER, Min(order, MAXORDER));
}

/* A Sort of its child's rows; limit_tuples: only so many are wanted. */
void
cost_sort(Plan *plan, double limit_tuples)
{
	Plan *child = outerPlan(plan);
	double tuples = Max(child->plan_rows, 2.0);
	double input_bytes = relation_byte_size(tuples, child->plan_width);
	double output_tuples = tuples;
	double output_bytes = input_bytes;
	double mem_bytes = work_mem * 1024.0;
	Cost comparison = 2.0 * cpu_operator_cost;
	Cost startup = child->total_cost;

	if (!enable_sort)
		startup += disable_cost;
	if (limit_tuples > 0 && limit_tuples < tuples)
	{
		output_tuples = limit_tuples;
		output_bytes = relation_byte_size(output_tuples, child->plan_width);
	}
	if (output_bytes > mem_bytes)
	{
		double npages = ceil(input_bytes / BLCKSZ);
		double nruns = input_bytes / mem_bytes;
		double order = merge_order(mem_bytes);
		double log_runs = 1;

		startup += comparison * tuples * LOG2(tuples);
		if (nruns > order)
			log_runs = ceil(log(nruns) / log(order));
		startup += 2.0 * npages * log_runs *
		           (seq_page_cost * 0.75 + random_page_cost * 0.25);
	}
	else if (tuples > 2 * output_tuples || input_bytes > mem_bytes)
		startup += comparison * tuples * LOG2(2.0 * output_tuples);
	else
		startup += comparison * tuples * LOG2(tuples);
	plan->startup_cost = startup;
	plan->total_cost = startup + cpu_operator_cost * tuples;
	plan->plan_rows = child->plan_rows;
	plan->plan_width = child->plan_width;
}

typedef struct AggCosts
{
	PlannerInfo *root;
	QualCost trans;
	QualCost final;
	List *seen; /* Aggrefs */
} AggCosts;

static bool
agg_cost_walker(Node *node, void *context)
{
	AggCosts *costs = context;
	Aggref *agg = (Aggref *) node;
	Form_pg_aggregate form;
	QualCost args;
	ListCell *lc;

	if (node == NULL)
		return false;
	if (!IsA(node, Aggref))
		return expression_tree_walker(node, agg_cost_walker, context);
	foreach (lc, costs->seen)
	{
		if (((Aggref *) lfirst(lc))->aggno == agg->aggno)
			return false;
	}
	costs->seen = lappend(costs->seen, agg);
	form = GetAggregateForm(agg->aggfnoid);
	if (form != NULL)
	{
		costs->trans.per_tuple += function_cost(form->aggtransfn);
		if (OidIsValid(form->aggfinalfn))
			costs->final.per_tuple += function_cost(form->aggfinalfn);
	}
	cost_qual_eval_node(&args, (Node *) agg->args, costs->root);
	costs->trans.startup += args.startup;
	costs->trans.per_tuple += args.per_tuple;
	if (agg->aggfilter)
	{
		cost_qual_eval_node(&args, (Node *) agg->aggfilter, costs->root);
		costs->trans.startup += args.startup;
		costs->trans.per_tuple += args.per_tuple;
	}
	return false;
}

void
cost_agg(PlannerInfo *root, Agg *plan, double numGroups)
{
	Plan *p = &plan->plan;
	Plan *child = outerPlan(p);
	AggCosts aggs = {.root = root};
	QualCost qual;
	QualCost target;

	(void) agg_cost_walker((Node *) p->targetlist, &aggs);
	(void) agg_cost_walker((Node *) p->qual, &aggs);
	if (plan->aggstrategy == AGG_PLAIN)
	{
		p->startup_cost = child->total_cost + aggs.trans.startup +
		                  aggs.trans.per_tuple * child->plan_rows +
		                  aggs.final.startup + aggs.final.per_tuple;
		p->total_cost = p->startup_cost + cpu_tuple_cost;
		p->plan_rows = 1;
	}
	else
	{
		p->startup_cost = child->startup_cost;
		p->total_cost = child->total_cost + aggs.trans.startup +
		                aggs.trans.per_tuple * child->plan_rows +
		                cpu_operator_cost * plan->numCols * child->plan_rows +
		                aggs.final.startup + aggs.final.per_tuple * numGroups;
		if (aggs.seen != NIL)
			p->total_cost += cpu_tuple_cost * numGroups;
		p->plan_rows = numGroups;
	}
	if (p->qual != NIL)
	{
		cost_qual_eval(&qual, p->qual, root);
		p->startup_cost += qual.startup;
		p->total_cost += qual.startup + p->plan_rows * qual.per_tuple;
		p->plan_rows =
			clamp_row_est(p->plan_rows * clauselist_selectivity(root, p->qual));
	}
	cost_tlist(&target, p->targetlist, root);
	p->startup_cost += target.startup;
	p->total_cost += target.startup + target.per_tuple * p->plan_rows;
	p->plan_width = tlist_width(p->targetlist);
}

/* One row, or a projection or one-time test of the child's rows. */
void
cost_result(PlannerInfo *root, Result *plan)
{
	Plan *p = &plan->plan;
	Plan *child = outerPlan(p);
	QualCost target;
	QualCost qual;

	cost_tlist(&target, p->targetlist, root);
	cost_qual_eval_node(&qual, plan->resconstantqual, root);
	if (child == NULL)
	{
		p->plan_rows = 1;
		p->startup_cost = target.startup;
		p->total_cost = target.startup + cpu_tuple_cost + target.per_tuple;
		p->startup_cost += qual.startup + qual.per_tuple;
		p->total_cost += qual.startup + qual.per_tuple;
	}
	else
	{
		/* a one-time test has been added to the child's cost */
		p->plan_rows = child->plan_rows;
		p->startup_cost = child->startup_cost;
		p->total_cost = child->total_cost;
		if (plan->resconstantqual == NULL)
		{
			p->startup_cost += target.startup;
			p->total_cost += target.startup +
			                 (cpu_tuple_cost + target.per_tuple) * p->plan_rows;
		}
	}
	p->plan_width = tlist_width(p->targetlist);
}

/* estimates of OFFSET and LIMIT: 0 none, -1 not known: a tenth of the rows */
void
cost_limit(Plan *plan, int64 offset_est, int64 count_est)
{
	Plan *child = outerPlan(plan);
	double input_rows = child->plan_rows;
	Cost input_run = child->total_cost - child->startup_cost;

	plan->startup_cost = child->startup_cost;
	plan->total_cost = child->total_cost;
	plan->plan_rows = input_rows;
	plan->plan_width = child->plan_width;
	if (offset_est != 0)
	{
		double rows = offset_est > 0 ? (double) offset_est
		                             : clamp_row_est(input_rows * 0.10);

		rows = Min(rows, plan->plan_rows);
		if (input_rows > 0)
			plan->startup_cost += input_run * rows / input_rows;
		plan->plan_rows = Max(plan->plan_rows - rows, 1);
	}
	if (count_est != 0)
	{
		double rows = count_est > 0 ? (double) count_est
		                            : clamp_row_est(input_rows * 0.10);

		rows = Min(rows, plan->plan_rows);
		if (input_rows > 0)
			plan->total_cost =
				plan->startup_cost + input_run * rows / input_rows;
		plan->plan_rows = Max(rows, 1);
	}
}
