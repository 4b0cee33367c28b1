/*
 * upperplan.c
 *		Grouping, DISTINCT, ORDER BY and LIMIT of a query level.
 *
 * Each candidate of FROM is carried to the end of the level, and the one that
 * is cheapest there is taken: a scan that costs more by itself may save a sort,
 * or be stopped early by LIMIT.
 *
 * Groups come from sorted input.  The columns of GROUP BY and DISTINCT are
 * sorted in an order that serves ORDER BY too, if there is one.
 *
 * Set-returning functions of the target list are evaluated above the sort
 * unless it sorts by one.
 *
 * Corresponds to grouping_planner of PostgreSQL's optimizer/plan/planner.c.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/lsyscache.h"

/* What the level does with the rows. */
typedef struct UpperInfo
{
	List *tlist; /* of the result, junk included */
	bool grouping;
	bool srfs;       /* tlist has set-returning functions */
	bool srfs_early; /* and they are needed for sorting */
	List *groupClause;
	List *srf_input; /* target list below them */
	int64 offset_est;
	int64 count_est;
	double limit_tuples;
} UpperInfo;

/* ------------------------------------------------------------------------
 *		Sort clauses
 * ------------------------------------------------------------------------
 */

static SortGroupClause *
find_clause(List *clauses, Index ref)
{
	ListCell *lc;

	foreach (lc, clauses)
	{
		if (lfirst_node(SortGroupClause, lc)->tleSortGroupRef == ref)
			return lfirst(lc);
	}
	return NULL;
}

/* Are rows in the order "have" in the order "want" too? */
static bool
order_contained(List *want, List *have)
{
	ListCell *lc1;
	ListCell *lc2;

	if (list_length(want) > list_length(have))
		return false;
	forboth(lc1, want, lc2, have)
	{
		SortGroupClause *a = lfirst(lc1);
		SortGroupClause *b = lfirst(lc2);

		if (a->tleSortGroupRef != b->tleSortGroupRef ||
		    a->sortop != b->sortop || a->nulls_first != b->nulls_first)
			return false;
	}
	return true;
}

/* The same columns, those of ORDER BY first and in its way. */
static List *
align_with_sort(List *clauses, List *sortClause)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, sortClause)
	{
		SortGroupClause *sort = lfirst_node(SortGroupClause, lc);
		SortGroupClause *clause = find_clause(clauses, sort->tleSortGroupRef);

		if (clause == NULL || clause->eqop != sort->eqop)
			break;
		result = lappend(result, sort);
	}
	foreach (lc, clauses)
	{
		SortGroupClause *clause = lfirst_node(SortGroupClause, lc);

		if (find_clause(result, clause->tleSortGroupRef) == NULL)
			result = lappend(result, clause);
	}
	return result;
}

static List *
clause_exprs(List *clauses, List *tlist)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, clauses)
		result = lappend(result, get_sortgroupclause_expr(lfirst(lc), tlist));
	return result;
}

/* Columns of the child, their "=" and collations, for Agg and Unique. */
static int
extract_columns(List *clauses, List *tlist, bool skip_constants,
                AttrNumber **cols, Oid **ops, Oid **collations)
{
	int n = 0;
	ListCell *lc;

	*cols = palloc_array(AttrNumber, list_length(clauses) + 1);
	*ops = palloc_array(Oid, list_length(clauses) + 1);
	*collations = palloc_array(Oid, list_length(clauses) + 1);
	foreach (lc, clauses)
	{
		SortGroupClause *clause = lfirst_node(SortGroupClause, lc);
		TargetEntry *tle = get_sortgroupclause_tle(clause, tlist);

		/* equal in all rows; but one column there must be */
		if (skip_constants && IsA(tle->expr, Const) &&
		    (n > 0 || foreach_current_index(lc) + 1 < list_length(clauses)))
			continue;
		(*cols)[n] = tle->resno;
		(*ops)[n] = clause->eqop;
		(*collations)[n] = exprCollation((Node *) tle->expr);
		n++;
	}
	return n;
}

/* ------------------------------------------------------------------------
 *		Target lists of the nodes below
 * ------------------------------------------------------------------------
 */

static List *
add_to_tlist(List *tlist, Expr *expr, Index sortgroupref)
{
	TargetEntry *tle;

	if (sortgroupref == 0 && tlist_member(expr, tlist) != NULL)
		return tlist;
	tle =
		makeTargetEntry(copyObject(expr), list_length(tlist) + 1, NULL, false);
	tle->ressortgroupref = sortgroupref;
	return lappend(tlist, tle);
}

static List *
add_vars_to_tlist(List *tlist, List *vars)
{
	ListCell *lc;

	foreach (lc, vars)
		tlist = add_to_tlist(tlist, lfirst(lc), 0);
	return tlist;
}

/* Below the aggregation: the grouping columns and what the rest is made of. */
static List *
group_input_tlist(PlannerInfo *root, List *tlist)
{
	List *result = NIL;
	List *vars = NIL;
	ListCell *lc;

	foreach (lc, tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (tle->ressortgroupref != 0 &&
		    find_clause(root->parse->groupClause, tle->ressortgroupref))
			result = add_to_tlist(result, tle->expr, tle->ressortgroupref);
		else
			vars = pull_vars((Node *) tle->expr, vars, false);
	}
	vars = pull_vars(root->parse->havingQual, vars, false);
	return add_vars_to_tlist(result, vars);
}

/* Below the set-returning functions: the other columns, and their arguments. */
static List *
srf_input_tlist(List *tlist)
{
	List *result = NIL;
	List *vars = NIL;
	ListCell *lc;

	foreach (lc, tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (expression_returns_set((Node *) tle->expr))
			vars = pull_vars((Node *) tle->expr, vars, true);
		else
			result = add_to_tlist(result, tle->expr, tle->ressortgroupref);
	}
	return add_vars_to_tlist(result, vars);
}

/* ------------------------------------------------------------------------
 *		Nodes
 * ------------------------------------------------------------------------
 */

static Plan *
make_agg(PlannerInfo *root, Plan *child, UpperInfo *info)
{
	Agg *node = makeNode(Agg);
	double ngroups = 1;

	node->plan.targetlist = info->srf_input;
	node->plan.qual = make_ands_implicit((Expr *) root->parse->havingQual);
	node->aggstrategy = info->groupClause == NIL ? AGG_PLAIN : AGG_SORTED;
	if (info->groupClause != NIL)
	{
		ngroups = estimate_num_groups(
			root, clause_exprs(info->groupClause, child->targetlist),
			child->plan_rows);
		child = make_sort(root, child, info->groupClause, -1);
	}
	node->numCols = extract_columns(info->groupClause, child->targetlist, false,
	                                &node->grpColIdx, &node->grpOperators,
	                                &node->grpCollations);
	outerPlan(&node->plan) = child;
	cost_agg(root, node, ngroups);
	return &node->plan;
}

Plan *
make_unique(PlannerInfo *root, Plan *child, List *distinctClause,
            double numGroups)
{
	Unique *node = makeNode(Unique);

	node->numCols = extract_columns(distinctClause, child->targetlist, true,
	                                &node->uniqColIdx, &node->uniqOperators,
	                                &node->uniqCollations);
	outerPlan(&node->plan) = child;
	node->plan.targetlist = pass_through_tlist(child);
	node->plan.startup_cost = child->startup_cost;
	node->plan.total_cost = child->total_cost + cpu_operator_cost *
	                                                child->plan_rows *
	                                                node->numCols;
	node->plan.plan_rows = numGroups;
	node->plan.plan_width = child->plan_width;
	return &node->plan;
}

typedef struct SrfContext
{
	List *srfs; /* calls, each once */
	bool inside;
} SrfContext;

static bool
srf_walker(Node *node, void *context)
{
	SrfContext *cxt = context;
	ListCell *lc;

	if (node == NULL)
		return false;
	if ((IsA(node, FuncExpr) && ((FuncExpr *) node)->funcretset) ||
	    (IsA(node, OpExpr) && ((OpExpr *) node)->opretset))
	{
		if (expression_returns_set(IsA(node, FuncExpr)
		                               ? (Node *) ((FuncExpr *) node)->args
		                               : (Node *) ((OpExpr *) node)->args))
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("nested set-returning functions are not "
			                       "supported")));
		foreach (lc, cxt->srfs)
		{
			if (equal(lfirst(lc), node))
				return false;
		}
		cxt->srfs = lappend(cxt->srfs, node);
		return false;
	}
	return expression_tree_walker(node, srf_walker, context);
}

static Plan *
make_project_set(PlannerInfo *root, Plan *child, List *tlist)
{
	ProjectSet *node = makeNode(ProjectSet);
	Plan *plan = &node->plan;
	SrfContext cxt = {0};
	bool nested = false;
	double srf_rows = 1;
	QualCost target;
	ListCell *lc;

	(void) srf_walker((Node *) tlist, &cxt);
	foreach (lc, tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (expression_returns_set((Node *) tle->expr) &&
		    !(IsA(tle->expr, FuncExpr) && ((FuncExpr *) tle->expr)->funcretset))
			nested = true;
	}
	foreach (lc, cxt.srfs)
	{
		if (IsA(lfirst(lc), FuncExpr))
			srf_rows = Max(srf_rows, function_rows(root, lfirst(lc)));
	}
	plan->targetlist = tlist;
	if (nested)
	{
		/* the functions here, what is made of their rows in a Result above */
		plan->targetlist = pass_through_tlist(child);
		foreach (lc, cxt.srfs)
			plan->targetlist = add_to_tlist(plan->targetlist, lfirst(lc), 0);
	}
	outerPlan(plan) = child;
	cost_tlist(&target, plan->targetlist, root);
	plan->plan_rows = child->plan_rows * srf_rows;
	plan->startup_cost = child->startup_cost + target.startup;
	plan->total_cost =
		child->total_cost + target.startup +
		(cpu_tuple_cost + target.per_tuple) * child->plan_rows +
		(plan->plan_rows - child->plan_rows) * cpu_tuple_cost / 2;
	plan->plan_width = tlist_width(plan->targetlist);
	if (nested)
		return make_result_plan(root, tlist, NULL, plan);
	return plan;
}

/* ------------------------------------------------------------------------
 *		LIMIT
 * ------------------------------------------------------------------------
 */

/* The value of LIMIT or OFFSET, -1 if it is not known; NULL is "none". */
static int64
estimate_limit_value(PlannerInfo *root, Node *node, int64 none)
{
	Const *con;

	if (node == NULL)
		return none;
	con = (Const *) estimate_expression_value(root, node);
	if (!IsA(con, Const))
		return -1;
	return con->constisnull ? none : DatumGetInt64(con->constvalue);
}

static void
preprocess_limit(PlannerInfo *root, UpperInfo *info)
{
	Query *parse = root->parse;
	int64 count = estimate_limit_value(root, parse->limitCount, 0);
	int64 offset = estimate_limit_value(root, parse->limitOffset, 0);

	info->limit_tuples = -1;
	info->count_est = count;
	info->offset_est = offset;
	if (parse->limitCount != NULL)
	{
		Const *con =
			(Const *) estimate_expression_value(root, parse->limitCount);

		/* LIMIT 0 is estimated as one row; 0 means none here */
		if (IsA(con, Const) && !con->constisnull)
			info->count_est = Max(count, 1);
	}
	if (parse->limitOffset != NULL && offset < 0)
	{
		Const *con =
			(Const *) estimate_expression_value(root, parse->limitOffset);

		if (IsA(con, Const))
			info->offset_est = 0;
	}
	if (info->count_est > 0 && info->offset_est >= 0)
		info->limit_tuples =
			(double) info->count_est + (double) info->offset_est;
	root->limit_tuples = info->limit_tuples;
}

static bool
limit_needed(Query *parse)
{
	Const *count = (Const *) parse->limitCount;
	Const *offset = (Const *) parse->limitOffset;

	if (count != NULL && !(IsA(count, Const) && count->constisnull))
		return true;
	return offset != NULL &&
	       !(IsA(offset, Const) &&
	         (offset->constisnull || DatumGetInt64(offset->constvalue) == 0));
}

/* The places of the rows are columns that the planner added: see planner.c. */
static Plan *
make_lockrows(PlannerInfo *root, Plan *child)
{
	LockRows *node = makeNode(LockRows);
	Plan *plan = &node->plan;
	ListCell *lc;

	foreach (lc, root->parse->rowMarks)
	{
		RowMarkClause *clause = lfirst_node(RowMarkClause, lc);
		PlanRowMark *mark = makeNode(PlanRowMark);
		char *name = psprintf("ctid%u", clause->rti);
		ListCell *column;

		mark->rti = clause->rti;
		mark->mode = clause->strength == LCS_FORUPDATE
		                 ? LockTupleExclusive
		                 : LockTupleNoKeyExclusive;
		mark->waitPolicy = clause->waitPolicy;
		foreach (column, child->targetlist)
		{
			TargetEntry *tle = lfirst_node(TargetEntry, column);

			if (tle->resjunk && tle->resname && strcmp(tle->resname, name) == 0)
				mark->ctidAttNo = tle->resno;
		}
		Assert(mark->ctidAttNo > 0);
		node->rowMarks = lappend(node->rowMarks, mark);
	}
	outerPlan(plan) = child;
	plan->targetlist = pass_through_tlist(child);
	plan->startup_cost = child->startup_cost;
	plan->total_cost = child->total_cost + cpu_tuple_cost * child->plan_rows;
	plan->plan_rows = child->plan_rows;
	plan->plan_width = child->plan_width;
	return plan;
}

static Plan *
make_limit(PlannerInfo *root, Plan *child, UpperInfo *info)
{
	Limit *node = makeNode(Limit);

	if (root->parse->limitOption == LIMIT_OPTION_WITH_TIES)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("WITH TIES is not supported")));
	node->limitOffset = root->parse->limitOffset;
	node->limitCount = root->parse->limitCount;
	node->limitOption = LIMIT_OPTION_COUNT;
	outerPlan(&node->plan) = child;
	node->plan.targetlist = pass_through_tlist(child);
	cost_limit(&node->plan, info->offset_est, info->count_est);
	return &node->plan;
}

/* ------------------------------------------------------------------------
 *		The level
 * ------------------------------------------------------------------------
 */

/* Does the sorting of rows need a set-returning function's value? */
static bool
sorts_by_srf(Query *parse)
{
	List *clauses =
		list_concat(list_copy(parse->sortClause), parse->distinctClause);
	ListCell *lc;

	foreach (lc, clauses)
	{
		if (expression_returns_set(
				get_sortgroupclause_expr(lfirst(lc), parse->targetList)))
			return true;
	}
	return parse->distinctClause != NIL;
}

static Plan *
finish_candidate(PlannerInfo *root, Candidate *candidate, UpperInfo *info)
{
	Query *parse = root->parse;
	Plan *plan = candidate->plan;
	List *order = candidate->ordered ? parse->sortClause : NIL;

	if (info->grouping)
	{
		plan = make_agg(root, plan, info);
		order = info->groupClause;
	}
	if (info->srfs && info->srfs_early)
		plan = make_project_set(root, plan, info->tlist);
	if (parse->distinctClause != NIL)
	{
		List *want = align_with_sort(parse->distinctClause, parse->sortClause);

		/* DISTINCT ON: ORDER BY decides which row of a group it is */
		if (list_length(parse->sortClause) > list_length(want))
			want = parse->sortClause;
		if (!order_contained(want, order))
		{
			plan = make_sort(root, plan, want, -1);
			order = want;
		}
		plan = make_unique(
			root, plan, parse->distinctClause,
			estimate_num_groups(
				root, clause_exprs(parse->distinctClause, plan->targetlist),
				plan->plan_rows));
	}
	if (!order_contained(parse->sortClause, order))
		plan = make_sort(root, plan, parse->sortClause,
		                 info->srfs && !info->srfs_early ? -1
		                                                 : info->limit_tuples);
	if (info->srfs && !info->srfs_early)
		plan = make_project_set(root, plan, info->tlist);
	if (parse->rowMarks != NIL)
		plan = make_lockrows(root, plan);
	if (limit_needed(parse))
		plan = make_limit(root, plan, info);
	return plan;
}

/* What the wanted part of the rows costs. */
static Cost
wanted_cost(PlannerInfo *root, Plan *plan)
{
	double fraction = root->tuple_fraction;

	if (fraction <= 0)
		return plan->total_cost;
	if (fraction >= 1)
		fraction = plan->plan_rows > 0 ? fraction / plan->plan_rows : 1;
	fraction = Min(fraction, 1);
	return plan->startup_cost +
	       fraction * (plan->total_cost - plan->startup_cost);
}

Plan *
grouping_planner(PlannerInfo *root)
{
	Query *parse = root->parse;
	UpperInfo info = {0};
	List *scan_tlist;
	List *candidates;
	Plan *best = NULL;
	ListCell *lc;

	info.tlist = parse->targetList;
	info.grouping = parse->groupClause != NIL || parse->hasAggs ||
	                parse->havingQual != NULL;
	info.srfs =
		parse->hasTargetSRFs && expression_returns_set((Node *) info.tlist);
	info.srfs_early = info.srfs && sorts_by_srf(parse);
	info.groupClause = align_with_sort(parse->groupClause, parse->sortClause);
	preprocess_limit(root, &info);

	info.srf_input = info.srfs ? srf_input_tlist(info.tlist) : info.tlist;
	scan_tlist = info.grouping ? group_input_tlist(root, info.srf_input)
	                           : info.srf_input;
	if (parse->setOperations != NULL)
		return finish_candidate(root, plan_set_operations(root), &info);
	candidates = plan_from_clause(
		root, scan_tlist,
		info.grouping || parse->distinctClause != NIL || info.srfs_early
			? NIL
			: parse->sortClause);
	foreach (lc, candidates)
	{
		Plan *plan = finish_candidate(root, lfirst(lc), &info);

		if (best == NULL || wanted_cost(root, plan) < wanted_cost(root, best))
			best = plan;
	}
	return best;
}
