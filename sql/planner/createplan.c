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
 * An item that refers to its neighbours (LATERAL, a function's arguments) has
 * Params in their place.  It is an inner side; the nested loop whose outer side
 * has the column sets the Param for every outer row.
 *
 * A level has a candidate per index that gives a table's rows in the order of
 * the level's ORDER BY, beside the one of sequential scans.  In a join that
 * table is the outermost: a nested loop keeps the order of its outer side.
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
	bool ordered;  /* as the index of the context gives it */
	List *lateral; /* PlannerParamItems that are still to be set */
} FromItem;

/* A scan of an index that gives the rows in the wanted order. */
typedef struct OrderedScan
{
	Index rti;
	IndexOptInfo *index;
	Expr *orderby;
	Oid sortop;
} OrderedScan;

/* What planning of the joins wants. */
typedef struct JoinContext
{
	PlannerInfo *root;
	List *needed;         /* Vars that are needed above the scans */
	OrderedScan *ordered; /* to be the outermost, or NULL */
} JoinContext;

static FromItem plan_item(JoinContext *cxt, Node *jtnode, List **quals);

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
		case RTE_CTE:
		{
			CteScan *node = makeNode(CteScan);

			node->ctePlanId = rel->cte->plan_id;
			node->cteParam = linitial_int(rel->cte->setParam);
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

/* Is it changed or locked?  A newer version of a row may have to be tested. */
static bool
is_target_rel(PlannerInfo *root, Index rti)
{
	ListCell *lc;

	if ((Index) root->parse->resultRelation == rti)
		return true;
	foreach (lc, root->parse->rowMarks)
	{
		if (lfirst_node(RowMarkClause, lc)->rti == rti)
			return true;
	}
	return false;
}

/*
 * The conditions that a scan of the index has to test: not those that all of its
 * rows satisfy.
 */
static List *
remaining_quals(PlannerInfo *root, OrderedScan *ordered, List *quals)
{
	List *predicate = ordered->index->indpred;
	List *result = NIL;
	ListCell *lc;

	if (predicate == NIL || is_target_rel(root, ordered->rti))
		return quals;
	foreach (lc, quals)
	{
		if (contain_mutable_functions(lfirst(lc)) ||
		    !predicate_implied_by(list_make1(lfirst(lc)), predicate))
			result = lappend(result, lfirst(lc));
	}
	return result;
}

/* NULL: the index may lack rows that the conditions ask for. */
static Plan *
ordered_scan(PlannerInfo *root, OrderedScan *ordered, List *quals, List *tlist)
{
	RelOptInfo *rel = ordered->index->rel;
	IndexScan *scan = makeNode(IndexScan);

	if (!predicate_implied_by(ordered->index->indpred, quals))
		return NULL;
	scan->scan.scanrelid = ordered->rti;
	scan->scan.plan.targetlist = tlist;
	scan->scan.plan.qual =
		order_quals(root, remaining_quals(root, ordered, quals));
	scan->scan.plan.plan_rows = rel->rows;
	scan->indexid = ordered->index->indexoid;
	scan->indexorderby = list_make1(ordered->orderby);
	/* match_index_to_order */
	scan->indexorderbycols = list_make1_int(0);
	scan->indexorderbyops = list_make1_oid(ordered->sortop);
	scan->indexorderdir = ForwardScanDirection;
	cost_index(root, scan, ordered->index);
	return &scan->scan.plan;
}

/* Scans of indexes that give the order of the sort clause: OrderedScans. */
static List *
find_ordered_scans(PlannerInfo *root, List *tlist, List *sortClause)
{
	SortGroupClause *clause;
	TargetEntry *tle;
	RelidMask relids;
	RelOptInfo *rel;
	Index rti;
	List *result = NIL;
	ListCell *lc;

	if (list_length(sortClause) != 1)
		return NIL;
	clause = linitial_node(SortGroupClause, sortClause);
	tle = get_sortgroupclause_tle(clause, tlist);
	relids = pull_varnos((Node *) tle->expr);
	if (relids == 0 || (relids & (relids - 1)) != 0)
		return NIL;
	rti = (Index) __builtin_ctzll(relids) + 1;
	rel = find_base_rel(root, rti);
	foreach (lc, rel->indexlist)
	{
		IndexOptInfo *index = lfirst(lc);
		Expr *orderby = match_index_to_order(index, tle->expr, clause);
		OrderedScan *ordered;

		if (orderby == NULL)
			continue;
		ordered = palloc(sizeof(OrderedScan));
		ordered->rti = rti;
		ordered->index = index;
		ordered->orderby = orderby;
		ordered->sortop = clause->sortop;
		result = lappend(result, ordered);
	}
	return result;
}

/* ------------------------------------------------------------------------
 *		Joins
 * ------------------------------------------------------------------------
 */

/*
 * Take the conditions that can be tested with these entries out of *quals.  One
 * without columns (but with a volatile function, or of an outer join) belongs
 * to the join that it was written for: it stays.
 */
static List *
take_quals(List **quals, RelidMask relids)
{
	List *taken = NIL;
	List *rest = NIL;
	ListCell *lc;

	foreach (lc, *quals)
	{
		RelidMask used = pull_varnos(lfirst(lc));

		if (used != 0 && (used & ~relids) == 0)
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

/*
 * The items that a row of these entries gives a value to, as NestLoopParams;
 * *rest are the others.
 */
static List *
lateral_values(List *lateral, RelidMask relids, List **rest)
{
	List *result = NIL;
	ListCell *lc;

	*rest = NIL;
	foreach (lc, lateral)
	{
		PlannerParamItem *item = lfirst(lc);
		NestLoopParam *param;

		if (!(RELID_BIT(item->var->varno) & relids))
		{
			*rest = lappend(*rest, item);
			continue;
		}
		param = makeNode(NestLoopParam);
		param->paramno = item->paramid;
		param->paramval = item->var;
		result = lappend(result, param);
	}
	return result;
}

/* Does it keep its rows, or are they others each time? */
static bool
keeps_rows(Plan *plan)
{
	return IsA(plan, FunctionScan) || IsA(plan, CteScan) || IsA(plan, Sort) ||
	       IsA(plan, Material);
}

static Plan *
make_material(Plan *child)
{
	Material *node = makeNode(Material);

	outerPlan(&node->plan) = child;
	node->plan.targetlist = pass_through_tlist(child);
	cost_material(&node->plan);
	return &node->plan;
}

static Plan *
nestloop_plan(PlannerInfo *root, JoinType jointype, Plan *outer, Plan *inner,
              List *joinqual, List *otherqual, List *nestParams, List *tlist)
{
	NestLoop *node = makeNode(NestLoop);
	double rows = outer->plan_rows * inner->plan_rows;

	node->jointype = jointype;
	node->joinqual = order_quals(root, joinqual);
	node->plan.qual = order_quals(root, otherqual);
	node->nestParams = nestParams;
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

/* The cheaper of reading the inner side anew and of keeping its rows. */
static Plan *
make_nestloop(PlannerInfo *root, JoinType jointype, Plan *outer, Plan *inner,
              List *joinqual, List *otherqual, List *nestParams, bool lateral,
              List *tlist)
{
	Plan *plan = nestloop_plan(root, jointype, outer, inner, joinqual,
	                           otherqual, nestParams, tlist);
	Plan *other;

	/* with Params of its neighbours it has other rows for each outer row */
	if (lateral || !enable_material || keeps_rows(inner))
		return plan;
	other = nestloop_plan(root, jointype, outer, make_material(inner), joinqual,
	                      otherqual, nestParams, tlist);
	return other->total_cost < plan->total_cost ? other : plan;
}

/* b may refer to a */
static FromItem
inner_join(JoinContext *cxt, FromItem a, FromItem b, List **quals)
{
	PlannerInfo *root = cxt->root;
	FromItem result;
	List *joinqual;
	List *nestParams;
	List *tlist;
	Plan *swapped;

	result.relids = a.relids | b.relids;
	result.ordered = a.ordered;
	nestParams = lateral_values(b.lateral, a.relids, &result.lateral);
	result.lateral = list_concat(result.lateral, a.lateral);
	joinqual = take_quals(quals, result.relids);
	tlist = needed_tlist(cxt->needed, result.relids);
	result.plan = make_nestloop(root, JOIN_INNER, a.plan, b.plan, joinqual, NIL,
	                            nestParams, b.lateral != NIL, tlist);
	if (a.ordered || nestParams != NIL)
		return result;
	swapped = make_nestloop(root, JOIN_INNER, b.plan, a.plan, joinqual, NIL,
	                        NIL, a.lateral != NIL, tlist);
	if (swapped->total_cost < result.plan->total_cost)
		result.plan = swapped;
	return result;
}

/*
 * quals are conditions on the join's result.  Those on the left side only may
 * sort its rows out beforehand; of ON, those on the right side only.
 */
static FromItem
plan_outer_join(JoinContext *cxt, JoinExpr *join, List **quals)
{
	Node *left = join->larg;
	Node *right = join->rarg;
	List *on = make_ands_implicit((Expr *) join->quals);
	List *otherqual;
	List *nestParams;
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
	outer = plan_item(cxt, left, quals);
	inner = plan_item(cxt, right, &on);
	result.relids = outer.relids | inner.relids;
	result.ordered = outer.ordered;
	nestParams = lateral_values(inner.lateral, outer.relids, &result.lateral);
	result.lateral = list_concat(result.lateral, outer.lateral);
	otherqual = take_quals(quals, result.relids);
	result.plan = make_nestloop(cxt->root, JOIN_LEFT, outer.plan, inner.plan,
	                            on, otherqual, nestParams, inner.lateral != NIL,
	                            needed_tlist(cxt->needed, result.relids));
	return result;
}

static bool
rti_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, RangeTblRef))
		return ((RangeTblRef *) node)->rtindex == *(int *) context;
	/* conditions have no RangeTblRefs */
	return (IsA(node, FromExpr) || IsA(node, JoinExpr) || IsA(node, List)) &&
	       expression_tree_walker(node, rti_walker, context);
}

/* The items, the one with the ordered scan first. */
static List *
ordered_item_first(JoinContext *cxt, List *items)
{
	List *result = NIL;
	ListCell *lc;
	int rti;

	if (cxt->ordered == NULL)
		return items;
	rti = (int) cxt->ordered->rti;
	foreach (lc, items)
	{
		if (rti_walker(lfirst(lc), &rti))
			result = lcons(lfirst(lc), result);
		else
			result = lappend(result, lfirst(lc));
	}
	return result;
}

/* Does it refer to an item among these? */
static bool
depends_on(const FromItem *item, RelidMask relids)
{
	ListCell *lc;

	foreach (lc, item->lateral)
	{
		if (RELID_BIT(((PlannerParamItem *) lfirst(lc))->var->varno) & relids)
			return true;
	}
	return false;
}

/*
 * Items joined by inner joins, and all of quals that they have columns for.  In
 * their order, but that an item comes after those that it refers to.
 */
static FromItem
plan_items(JoinContext *cxt, List *jtnodes, List **quals)
{
	int n = list_length(jtnodes);
	FromItem *items = palloc_array(FromItem, n);
	RelidMask missing = 0;
	FromItem result = {0};
	ListCell *lc;

	foreach (lc, ordered_item_first(cxt, jtnodes))
	{
		FromItem item = plan_item(cxt, lfirst(lc), quals);

		items[foreach_current_index(lc)] = item;
		missing |= item.relids;
	}
	while (n > 0)
	{
		int next = 0;

		while (next < n && depends_on(&items[next], missing))
			next++;
		if (next == n)
			elog(ERROR, "items of FROM refer to each other");
		missing &= ~items[next].relids;
		result = result.plan == NULL
		             ? items[next]
		             : inner_join(cxt, result, items[next], quals);
		n--;
		memmove(&items[next], &items[next + 1], sizeof(FromItem) * (n - next));
	}
	return result;
}

static FromItem
plan_scan_item(JoinContext *cxt, Index rti, List **quals)
{
	FromItem result;
	List *scanquals;
	List *tlist;

	result.relids = RELID_BIT(rti);
	result.lateral = find_base_rel(cxt->root, rti)->lateral_params;
	result.ordered = cxt->ordered != NULL && cxt->ordered->rti == rti;
	scanquals = take_quals(quals, result.relids);
	tlist = needed_tlist(cxt->needed, result.relids);
	result.plan = NULL;
	if (result.ordered)
		result.plan = ordered_scan(cxt->root, cxt->ordered, scanquals, tlist);
	if (result.plan == NULL)
	{
		result.ordered = false;
		result.plan = plain_scan(cxt->root, rti, scanquals, tlist);
	}
	return result;
}

static FromItem
plan_item(JoinContext *cxt, Node *jtnode, List **quals)
{
	if (IsA(jtnode, RangeTblRef))
		return plan_scan_item(cxt, (Index) ((RangeTblRef *) jtnode)->rtindex,
		                      quals);
	if (IsA(jtnode, FromExpr))
	{
		FromExpr *from = (FromExpr *) jtnode;

		*quals = list_concat(make_ands_implicit((Expr *) from->quals), *quals);
		return plan_items(cxt, from->fromlist, quals);
	}
	else
	{
		JoinExpr *join = castNode(JoinExpr, jtnode);

		if (join->jointype != JOIN_INNER)
			return plan_outer_join(cxt, join, quals);
		*quals = list_concat(make_ands_implicit((Expr *) join->quals), *quals);
		return plan_items(cxt, list_make2(join->larg, join->rarg), quals);
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

/* Vars that the tables of a join tree take from their neighbours. */
static List *
lateral_vars(PlannerInfo *root, Node *jtnode, List *vars)
{
	ListCell *lc;

	if (IsA(jtnode, RangeTblRef))
	{
		RelOptInfo *rel =
			find_base_rel(root, (Index) ((RangeTblRef *) jtnode)->rtindex);

		foreach (lc, rel->lateral_params)
			vars = pull_vars((Node *) ((PlannerParamItem *) lfirst(lc))->var,
			                 vars, false);
	}
	else if (IsA(jtnode, FromExpr))
	{
		foreach (lc, ((FromExpr *) jtnode)->fromlist)
			vars = lateral_vars(root, lfirst(lc), vars);
	}
	else
	{
		vars = lateral_vars(root, ((JoinExpr *) jtnode)->larg, vars);
		vars = lateral_vars(root, ((JoinExpr *) jtnode)->rarg, vars);
	}
	return vars;
}

/*
 * The joins of item, with the conditions that are left; what of them is the
 * same for all rows goes to *constquals.  ordered: NULL, or the scan that gives
 * the order; then the result is NULL if the joins do not keep it.
 */
static Plan *
plan_joins(PlannerInfo *root, Node *item, List *quals, List *tlist,
           OrderedScan *ordered, List **constquals)
{
	Node *jointree = (Node *) root->parse->jointree;
	bool outer_joins = has_outer_join(jointree);
	JoinContext cxt = {root, NIL, ordered};
	List *jointree_quals = NIL;
	FromItem join;
	NestLoop *top;

	cxt.needed = pull_vars((Node *) tlist, NIL, false);
	cxt.needed = join_vars((Node *) quals, cxt.needed, outer_joins);
	cxt.needed = join_vars(jointree, cxt.needed, outer_joins);
	cxt.needed = lateral_vars(root, item, cxt.needed);
	jointree_quals = list_copy(quals);
	join = plan_item(&cxt, item, &jointree_quals);
	*constquals = take_constant_quals(&jointree_quals);
	/* what is left has no columns: it is tested for every row of the joins */
	if (pull_varnos((Node *) jointree_quals) != 0)
		elog(ERROR, "conditions were left over from the joins");
	top = castNode(NestLoop, join.plan);
	if (top->jointype == JOIN_INNER)
		top->joinqual = list_concat(top->joinqual, jointree_quals);
	else
		top->plan.qual = list_concat(top->plan.qual, jointree_quals);
	if (join.lateral != NIL)
		elog(ERROR, "an item of FROM refers to one that it is not joined to");
	if (ordered != NULL && !join.ordered)
		return NULL;
	/* the last join computes what is wanted */
	join.plan->targetlist = tlist;
	cost_nestloop(root, top);
	return join.plan;
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
		foreach (lc, find_ordered_scans(root, tlist, sortClause))
		{
			Plan *plan = ordered_scan(root, lfirst(lc), quals, tlist);

			if (plan != NULL)
				candidates = add_candidate(candidates, plan, true);
		}
	}
	else
	{
		List *more;
		Plan *plan = plan_joins(root, item, quals, tlist, NULL, &more);

		constquals = list_concat(constquals, more);
		if (is_never_true(constquals))
			return add_candidate(NIL, make_empty_result(root, tlist), true);
		candidates = add_candidate(NIL, plan, false);
		/*
		 * An index for distances returns not all rows: without hash joins the
		 * costs alone would take it where PostgreSQL reads and sorts all.
		 */
		if (parse->limitCount == NULL && root->tuple_fraction <= 0)
			sortClause = NIL;
		foreach (lc, find_ordered_scans(root, tlist, sortClause))
		{
			plan = plan_joins(root, item, quals, tlist, lfirst(lc), &more);
			if (plan != NULL)
				candidates = add_candidate(candidates, plan, true);
		}
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
