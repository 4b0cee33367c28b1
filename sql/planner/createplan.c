/*
 * createplan.c
 *		Scans and joins: FROM and WHERE of a query level.
 *
 * FROM is a list of items that are joined by inner joins; an item is a range
 * table entry or a left join of two items.  Conditions sink to the lowest place
 * where all their columns are there; those without columns are tested once, by
 * a Result above everything.  Joins are nested loops, of each two sides the
 * cheaper order, in the order of FROM.
 *
 * A level that reads one table has a candidate per index that gives the rows
 * in the order of the level's ORDER BY, beside the sequential scan.
 *
 * Corresponds to parts of PostgreSQL's optimizer/plan/{initsplan,createplan}.c
 * and optimizer/path/allpaths.c.
 */
#include "postgres.h"

#include "catalog/system_views.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/lsyscache.h"

/* An item of FROM while joins are planned. */
typedef struct FromItem
{
	Plan *plan;
	RelidMask relids;
} FromItem;

static FromItem
plan_item(PlannerInfo *root, Node *jtnode, List **quals, List *needed);

/* ------------------------------------------------------------------------
 *		Node makers
 * ------------------------------------------------------------------------
 */

List *
pass_through_tlist(Plan *child)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, child->targetlist)
		result = lappend(result, flatCopyTargetEntry(lfirst(lc)));
	return result;
}

Plan *
make_result_plan(PlannerInfo *root, List *tlist, Node *constqual, Plan *child)
{
	Result *node = makeNode(Result);

	node->plan.targetlist = tlist;
	node->resconstantqual = constqual;
	outerPlan(&node->plan) = child;
	cost_result(root, node);
	return &node->plan;
}

Plan *
make_sort(PlannerInfo *root, Plan *child, List *sortClause, double limit_tuples)
{
	Sort *node = makeNode(Sort);
	int n = list_length(sortClause);
	ListCell *lc;

	node->sortColIdx = palloc_array(AttrNumber, n);
	node->sortOperators = palloc_array(Oid, n);
	node->collations = palloc_array(Oid, n);
	node->nullsFirst = palloc_array(bool, n);
	foreach (lc, sortClause)
	{
		SortGroupClause *clause = lfirst_node(SortGroupClause, lc);
		TargetEntry *tle = get_sortgroupclause_tle(clause, child->targetlist);
		bool seen = false;

		for (int i = 0; i < node->numCols; i++)
			seen |= node->sortColIdx[i] == tle->resno;
		/* the same for all rows, or sorted by already */
		if (seen || IsA(tle->expr, Const))
			continue;
		node->sortColIdx[node->numCols] = tle->resno;
		node->sortOperators[node->numCols] = clause->sortop;
		node->collations[node->numCols] = exprCollation((Node *) tle->expr);
		node->nullsFirst[node->numCols] = clause->nulls_first;
		node->numCols++;
	}
	if (node->numCols == 0)
		return child;
	outerPlan(&node->plan) = child;
	node->plan.targetlist = pass_through_tlist(child);
	cost_sort(&node->plan, limit_tuples);
	return &node->plan;
}

/* ------------------------------------------------------------------------
 *		Scans
 * ------------------------------------------------------------------------
 */

/* Cheap conditions first. */
static List *
order_quals(PlannerInfo *root, List *quals)
{
	int n = list_length(quals);
	Cost *costs = palloc_array(Cost, n + 1);
	Node **items = palloc_array(Node *, n + 1);
	List *result = NIL;
	int count = 0;
	ListCell *lc;

	foreach (lc, quals)
	{
		QualCost cost;
		int at = count++;

		cost_qual_eval_node(&cost, lfirst(lc), root);
		for (; at > 0 && costs[at - 1] > cost.per_tuple; at--)
		{
			costs[at] = costs[at - 1];
			items[at] = items[at - 1];
		}
		costs[at] = cost.per_tuple;
		items[at] = lfirst(lc);
	}
	for (int i = 0; i < n; i++)
		result = lappend(result, items[i]);
	return result;
}

static Scan *
make_scan_node(RangeTblEntry *rte, RelOptInfo *rel)
{
	switch (rte->rtekind)
	{
		case RTE_RELATION:
			if (GetSystemView(rte->relid) != NULL)
				return &makeNode(SystemViewScan)->scan;
			return &makeNode(SeqScan)->scan;
		case RTE_SUBQUERY:
		{
			SubqueryScan *node = makeNode(SubqueryScan);

			node->subplan = rel->subplan;
			return &node->scan;
		}
		case RTE_FUNCTION:
		{
			FunctionScan *node = makeNode(FunctionScan);

			node->funcexpr = rte->funcexpr;
			node->coltypes = rte->coltypes;
			node->coltypmods = rte->coltypmods;
			node->colcollations = rte->colcollations;
			return &node->scan;
		}
		case RTE_VALUES:
		{
			ValuesScan *node = makeNode(ValuesScan);

			node->values_lists = rte->values_lists;
			return &node->scan;
		}
		default:
			elog(ERROR, "unexpected range table entry of kind %d",
			     (int) rte->rtekind);
	}
}

static RelOptInfo *
find_base_rel(PlannerInfo *root, Index rti)
{
	RelOptInfo *rel = root->simple_rel_array[rti];

	if (rel == NULL)
	{
		rel = build_simple_rel(root, rti);
		root->simple_rel_array[rti] = rel;
		root->total_table_pages += rel->pages;
	}
	return rel;
}

/* The scan that needs no index. */
static Plan *
plain_scan(PlannerInfo *root, Index rti, List *quals, List *tlist)
{
	RangeTblEntry *rte =
		list_nth_node(RangeTblEntry, root->parse->rtable, (int) rti - 1);
	RelOptInfo *rel = find_base_rel(root, rti);
	Scan *scan = make_scan_node(rte, rel);

	scan->scanrelid = rti;
	scan->plan.targetlist = tlist;
	scan->plan.qual = order_quals(root, quals);
	rel->rows = rel->tuples * clauselist_selectivity(root, quals);
	/* an empty sub-select or VALUES is estimated as one row too */
	rel->rows = clamp_row_est(rel->rows);
	scan->plan.plan_rows = rel->rows;
	cost_scan(root, &scan->plan, rel);
	return &scan->plan;
}

Plan *
plan_subquery_scan(PlannerInfo *root, Index rti, List *tlist)
{
	return plain_scan(root, rti, NIL, tlist);
}

/* Scans of indexes that give the order of the sort clause. */
static List *
ordered_scans(PlannerInfo *root, Index rti, List *quals, List *tlist,
              List *sortClause)
{
	RelOptInfo *rel = find_base_rel(root, rti);
	SortGroupClause *clause;
	TargetEntry *tle;
	List *result = NIL;
	ListCell *lc;

	if (list_length(sortClause) != 1)
		return NIL;
	clause = linitial_node(SortGroupClause, sortClause);
	tle = get_sortgroupclause_tle(clause, tlist);
	foreach (lc, rel->indexlist)
	{
		IndexOptInfo *index = lfirst(lc);
		Expr *orderby = match_index_to_order(index, tle->expr, clause);
		IndexScan *scan;

		if (orderby == NULL)
			continue;
		scan = makeNode(IndexScan);
		scan->scan.scanrelid = rti;
		scan->scan.plan.targetlist = tlist;
		scan->scan.plan.qual = order_quals(root, quals);
		scan->scan.plan.plan_rows = rel->rows;
		scan->indexid = index->indexoid;
		scan->indexorderby = list_make1(orderby);
		scan->indexorderbyops = list_make1_oid(clause->sortop);
		scan->indexorderdir = ForwardScanDirection;
		cost_index(root, scan, index);
		result = lappend(result, scan);
	}
	return result;
}

/* ------------------------------------------------------------------------
 *		Joins
 * ------------------------------------------------------------------------
 */

/* Take the conditions that can be tested with these entries out of *quals. */
static List *
take_quals(List **quals, RelidMask relids)
{
	List *taken = NIL;
	List *rest = NIL;
	ListCell *lc;

	foreach (lc, *quals)
	{
		if ((pull_varnos(lfirst(lc)) & ~relids) == 0)
			taken = lappend(taken, lfirst(lc));
		else
			rest = lappend(rest, lfirst(lc));
	}
	*quals = rest;
	return taken;
}

/* Vars of these entries that anything above needs, as a target list. */
static List *
needed_tlist(List *needed, RelidMask relids)
{
	List *tlist = NIL;
	ListCell *lc;

	foreach (lc, needed)
	{
		Var *var = lfirst_node(Var, lc);

		if (RELID_BIT(var->varno) & relids)
			tlist = lappend(tlist, makeTargetEntry((Expr *) copyObject(var),
			                                       list_length(tlist) + 1, NULL,
			                                       false));
	}
	return tlist;
}

static Plan *
make_nestloop(PlannerInfo *root, JoinType jointype, Plan *outer, Plan *inner,
              List *joinqual, List *otherqual, List *tlist)
{
	NestLoop *node = makeNode(NestLoop);
	double rows = outer->plan_rows * inner->plan_rows;

	node->jointype = jointype;
	node->joinqual = order_quals(root, joinqual);
	node->plan.qual = order_quals(root, otherqual);
	node->plan.targetlist = tlist;
	outerPlan(&node->plan) = outer;
	innerPlan(&node->plan) = inner;
	rows *= clauselist_selectivity(root, joinqual);
	if (jointype == JOIN_LEFT)
		rows = Max(rows, outer->plan_rows);
	rows *= clauselist_selectivity(root, otherqual);
	node->plan.plan_rows = clamp_row_est(rows);
	cost_nestloop(root, node);
	return &node->plan;
}

static FromItem
inner_join(PlannerInfo *root, FromItem a, FromItem b, List **quals,
           List *needed)
{
	FromItem result;
	List *joinqual;
	List *tlist;
	Plan *swapped;

	result.relids = a.relids | b.relids;
	joinqual = take_quals(quals, result.relids);
	tlist = needed_tlist(needed, result.relids);
	result.plan =
		make_nestloop(root, JOIN_INNER, a.plan, b.plan, joinqual, NIL, tlist);
	swapped =
		make_nestloop(root, JOIN_INNER, b.plan, a.plan, joinqual, NIL, tlist);
	if (swapped->total_cost < result.plan->total_cost)
		result.plan = swapped;
	return result;
}

/*
 * quals are conditions on the join's result.  Those on the left side only may
 * sort its rows out beforehand; of ON, those on the right side only.
 */
static FromItem
plan_outer_join(PlannerInfo *root, JoinExpr *join, List **quals, List *needed)
{
	Node *left = join->larg;
	Node *right = join->rarg;
	List *on = make_ands_implicit((Expr *) join->quals);
	List *otherqual;
	FromItem outer;
	FromItem inner;
	FromItem result;

	if (join->jointype == JOIN_RIGHT)
	{
		left = join->rarg;
		right = join->larg;
	}
	else if (join->jointype != JOIN_LEFT)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("FULL JOIN is not supported")));
	outer = plan_item(root, left, quals, needed);
	inner = plan_item(root, right, &on, needed);
	result.relids = outer.relids | inner.relids;
	otherqual = take_quals(quals, result.relids);
	result.plan = make_nestloop(root, JOIN_LEFT, outer.plan, inner.plan, on,
	                            otherqual, needed_tlist(needed, result.relids));
	return result;
}

/* Items joined by inner joins, and all of quals that they have columns for. */
static FromItem
plan_items(PlannerInfo *root, List *items, List **quals, List *needed)
{
	FromItem result = plan_item(root, linitial(items), quals, needed);

	for (int i = 1; i < list_length(items); i++)
	{
		FromItem next = plan_item(root, list_nth(items, i), quals, needed);

		result = inner_join(root, result, next, quals, needed);
	}
	return result;
}

static FromItem
plan_item(PlannerInfo *root, Node *jtnode, List **quals, List *needed)
{
	FromItem result;

	if (IsA(jtnode, RangeTblRef))
	{
		int rti = ((RangeTblRef *) jtnode)->rtindex;

		result.relids = RELID_BIT(rti);
		result.plan =
			plain_scan(root, (Index) rti, take_quals(quals, result.relids),
		               needed_tlist(needed, result.relids));
		return result;
	}
	if (IsA(jtnode, FromExpr))
	{
		FromExpr *from = (FromExpr *) jtnode;

		*quals = list_concat(make_ands_implicit((Expr *) from->quals), *quals);
		return plan_items(root, from->fromlist, quals, needed);
	}
	else
	{
		JoinExpr *join = castNode(JoinExpr, jtnode);

		if (join->jointype != JOIN_INNER)
			return plan_outer_join(root, join, quals, needed);
		*quals = list_concat(make_ands_implicit((Expr *) join->quals), *quals);
		return plan_items(root, list_make2(join->larg, join->rarg), quals,
		                  needed);
	}
}

/* ------------------------------------------------------------------------
 *		FROM and WHERE
 * ------------------------------------------------------------------------
 */

static List *
add_candidate(List *candidates, Plan *plan, bool ordered)
{
	Candidate *candidate = palloc(sizeof(Candidate));

	candidate->plan = plan;
	candidate->ordered = ordered;
	return lappend(candidates, candidate);
}

/* Conditions that are the same for all rows. */
static List *
take_constant_quals(List **quals)
{
	List *taken = NIL;
	List *rest = NIL;
	ListCell *lc;

	foreach (lc, *quals)
	{
		Node *clause = lfirst(lc);

		if (contain_var_clause(clause) || contain_volatile_functions(clause))
			rest = lappend(rest, clause);
		else
			taken = lappend(taken, clause);
	}
	*quals = rest;
	return taken;
}

static bool
is_never_true(List *quals)
{
	ListCell *lc;

	foreach (lc, quals)
	{
		Const *con = lfirst(lc);

		if (IsA(con, Const) &&
		    (con->constisnull || !DatumGetBool(con->constvalue)))
			return true;
	}
	return false;
}

/* No row at all: the rest need not be read. */
static Plan *
make_empty_result(PlannerInfo *root, List *tlist)
{
	Plan *plan = make_result_plan(
		root, tlist, (Node *) list_make1(makeBoolConst(false, false)), NULL);

	plan->startup_cost = 0;
	plan->total_cost = 0;
	plan->plan_rows = 0;
	plan->plan_width = 0;
	return plan;
}

static bool
outer_join_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, JoinExpr) && ((JoinExpr *) node)->jointype != JOIN_INNER)
		return true;
	return (IsA(node, JoinExpr) || IsA(node, FromExpr) || IsA(node, List)) &&
	       expression_tree_walker(node, outer_join_walker, context);
}

static bool
has_outer_join(Node *jtnode)
{
	return outer_join_walker(jtnode, NULL);
}

/*
 * Vars that the conditions of a join tree, or of a list, need above the scans.
 * Without outer joins a scan tests the conditions on its columns itself.
 */
static List *
join_vars(Node *node, List *vars, bool all)
{
	ListCell *lc;

	if (node == NULL || IsA(node, RangeTblRef))
		return vars;
	if (IsA(node, FromExpr))
	{
		foreach (lc, ((FromExpr *) node)->fromlist)
			vars = join_vars(lfirst(lc), vars, all);
		node = (Node *) make_ands_implicit((Expr *) ((FromExpr *) node)->quals);
	}
	else if (IsA(node, JoinExpr))
	{
		vars = join_vars(((JoinExpr *) node)->larg, vars, all);
		vars = join_vars(((JoinExpr *) node)->rarg, vars, all);
		node = (Node *) make_ands_implicit((Expr *) ((JoinExpr *) node)->quals);
	}
	foreach (lc, (List *) node)
	{
		RelidMask relids = pull_varnos(lfirst(lc));

		if (all || (relids & (relids - 1)) != 0)
			vars = pull_vars(lfirst(lc), vars, false);
	}
	return vars;
}

static Node *
single_item(Node *jtnode, List **quals)
{
	while (IsA(jtnode, FromExpr) &&
	       list_length(((FromExpr *) jtnode)->fromlist) == 1)
	{
		FromExpr *from = (FromExpr *) jtnode;

		*quals = list_concat(make_ands_implicit((Expr *) from->quals), *quals);
		jtnode = linitial(from->fromlist);
	}
	return jtnode;
}

List *
plan_from_clause(PlannerInfo *root, List *tlist, List *sortClause)
{
	Query *parse = root->parse;
	List *quals = NIL;
	List *constquals;
	List *candidates = NIL;
	Node *item = single_item((Node *) parse->jointree, &quals);
	ListCell *lc;

	constquals = take_constant_quals(&quals);
	if (is_never_true(constquals))
		return add_candidate(NIL, make_empty_result(root, tlist), true);

	if (IsA(item, FromExpr) && ((FromExpr *) item)->fromlist == NIL)
	{
		quals = list_concat(
			quals, make_ands_implicit((Expr *) ((FromExpr *) item)->quals));
		return add_candidate(
			NIL,
			make_result_plan(root, tlist,
		                     (Node *) list_concat(constquals, quals), NULL),
			false);
	}
	if (IsA(item, RangeTblRef))
	{
		Index rti = (Index) ((RangeTblRef *) item)->rtindex;

		candidates =
			add_candidate(NIL, plain_scan(root, rti, quals, tlist), false);
		foreach (lc, ordered_scans(root, rti, quals, tlist, sortClause))
			candidates = add_candidate(candidates, lfirst(lc), true);
	}
	else
	{
		List *needed = pull_vars((Node *) tlist, NIL, false);
		FromItem join;

		needed = join_vars((Node *) quals, needed,
		                   has_outer_join((Node *) parse->jointree));
		needed = join_vars((Node *) parse->jointree, needed,
		                   has_outer_join((Node *) parse->jointree));
		join = plan_item(root, item, &quals, needed);
		constquals = list_concat(constquals, take_constant_quals(&quals));
		if (quals != NIL)
			elog(ERROR, "conditions were left over from the joins");
		if (is_never_true(constquals))
			return add_candidate(NIL, make_empty_result(root, tlist), true);
		/* the last join computes what is wanted */
		join.plan->targetlist = tlist;
		if (IsA(join.plan, NestLoop))
			cost_nestloop(root, (NestLoop *) join.plan);
		candidates = add_candidate(NIL, join.plan, false);
	}
	if (constquals != NIL)
	{
		QualCost cost;

		cost_qual_eval(&cost, constquals, root);
		foreach (lc, candidates)
		{
			Candidate *candidate = lfirst(lc);

			/* shown as the scan's cost */
			candidate->plan->startup_cost += cost.startup + cost.per_tuple;
			candidate->plan->total_cost += cost.startup + cost.per_tuple;
			candidate->plan =
				make_result_plan(root, pass_through_tlist(candidate->plan),
			                     (Node *) constquals, candidate->plan);
		}
	}
	return candidates;
}
