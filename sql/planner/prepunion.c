/*
 * prepunion.c
 *		UNION, INTERSECT and EXCEPT.
 *
 * The members are planned like sub-selects in FROM; their columns are brought
 * to the common types in the scan of the sub-select, which disappears if there
 * is nothing to do.  UNION ALL is an Append.  UNION is an Append of all members
 * of a chain of UNIONs, sorted, without duplicates.  INTERSECT and EXCEPT mark
 * the rows with the side that they come from and count them by a SetOp over the
 * sorted whole.
 *
 * All nodes here have the target list of the whole, Vars of the leftmost
 * member: only the number of a column counts.
 *
 * Corresponds to PostgreSQL's optimizer/prep/prepunion.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "parser/parse_coerce.h"
#include "utils/lsyscache.h"

static Plan *
plan_member(PlannerInfo *root, Node *node, SetOperationStmt *setop, int flag);

/*
 * Columns 1..n of the whole, with the marks that sorting by all of them needs;
 * with a column for the side if flag is not negative.
 */
static List *
setop_tlist(PlannerInfo *root, int flag)
{
	List *tlist = NIL;
	ListCell *lc;

	foreach (lc, root->parse->targetList)
	{
		TargetEntry *tle = flatCopyTargetEntry(lfirst(lc));

		tle->ressortgroupref = (Index) tle->resno;
		tlist = lappend(tlist, tle);
	}
	if (flag >= 0)
		tlist = lappend(
			tlist, makeTargetEntry((Expr *) makeConst(INT4OID, -1, InvalidOid,
		                                              4, Int32GetDatum(flag),
		                                              false, true),
		                           (AttrNumber) (list_length(tlist) + 1),
		                           pstrdup("flag"), true));
	return tlist;
}

/* Sort clauses of all columns. */
static List *
setop_sort_clauses(SetOperationStmt *setop)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, setop->groupClauses)
	{
		SortGroupClause *clause = makeNode(SortGroupClause);

		*clause = *lfirst_node(SortGroupClause, lc);
		clause->tleSortGroupRef = (Index) (foreach_current_index(lc) + 1);
		result = lappend(result, clause);
	}
	return result;
}

/* A SELECT, its columns as the common types. */
static Plan *
plan_leaf(PlannerInfo *root, RangeTblRef *ref, SetOperationStmt *setop,
          int flag)
{
	Query *sub =
		list_nth_node(RangeTblEntry, root->parse->rtable, ref->rtindex - 1)
			->subquery;
	List *whole = setop_tlist(root, flag);
	List *tlist = NIL;
	bool converted = false;
	Plan *plan;
	ListCell *lc;

	foreach (lc, whole)
	{
		TargetEntry *tle = flatCopyTargetEntry(lfirst(lc));
		TargetEntry *subtle = get_tle_by_resno(sub->targetList, tle->resno);
		int i = tle->resno - 1;

		tle->ressortgroupref = 0;
		if (i < list_length(setop->colTypes))
		{
			Node *expr = (Node *) makeVarFromTargetEntry(ref->rtindex, subtle);

			if (exprType(expr) != list_nth_oid(setop->colTypes, i))
			{
				converted = true;
				expr = eval_const_expressions(
					root, coerce_to_common_type(
							  NULL, expr, list_nth_oid(setop->colTypes, i),
							  "UNION/INTERSECT/EXCEPT"));
			}
			tle->expr = (Expr *) expr;
		}
		tlist = lappend(tlist, tle);
	}
	plan = plan_subquery_scan(root, (Index) ref->rtindex, tlist);
	/* rows that are only passed on cost nothing */
	if (setop->op == SETOP_UNION && setop->all && !converted)
	{
		Plan *subplan = root->simple_rel_array[ref->rtindex]->subplan;

		plan->startup_cost = subplan->startup_cost;
		plan->total_cost = subplan->total_cost;
	}
	return plan;
}

/* Members of a chain of the same UNION. */
static List *
plan_union_members(PlannerInfo *root, SetOperationStmt *setop, Node *node,
                   List *plans)
{
	SetOperationStmt *other = (SetOperationStmt *) node;

	check_stack_depth();
	if (IsA(node, SetOperationStmt) && other->op == setop->op &&
	    other->all == setop->all && equal(other->colTypes, setop->colTypes))
	{
		plans = plan_union_members(root, setop, other->larg, plans);
		return plan_union_members(root, setop, other->rarg, plans);
	}
	return lappend(plans, plan_member(root, node, setop, -1));
}

static Plan *
make_append(PlannerInfo *root, List *plans, List *tlist)
{
	Append *node = makeNode(Append);
	Plan *plan = &node->plan;
	ListCell *lc;

	node->appendplans = plans;
	plan->targetlist = tlist;
	plan->startup_cost = ((Plan *) linitial(plans))->startup_cost;
	foreach (lc, plans)
	{
		Plan *member = lfirst(lc);

		plan->total_cost += member->total_cost;
		plan->plan_rows += member->plan_rows;
		plan->plan_width = Max(plan->plan_width, member->plan_width);
	}
	/* moving a row on costs half of what processing one does */
	plan->total_cost += 0.5 * cpu_tuple_cost * plan->plan_rows;
	return plan;
}

static Plan *
make_setop(PlannerInfo *root, Plan *child, SetOperationStmt *setop, List *tlist)
{
	SetOp *node = makeNode(SetOp);
	Plan *plan = &node->plan;
	int n = list_length(setop->groupClauses);
	ListCell *lc;

	node->op = setop->op;
	node->all = setop->all;
	node->numCols = n;
	node->dupColIdx = palloc_array(AttrNumber, n + 1);
	node->dupOperators = palloc_array(Oid, n + 1);
	node->dupCollations = palloc_array(Oid, n + 1);
	foreach (lc, setop->groupClauses)
	{
		int i = foreach_current_index(lc);

		node->dupColIdx[i] = (AttrNumber) (i + 1);
		node->dupOperators[i] = lfirst_node(SortGroupClause, lc)->eqop;
		node->dupCollations[i] = list_nth_oid(setop->colCollations, i);
	}
	node->flagColIdx = (AttrNumber) (n + 1);
	plan->targetlist = tlist;
	outerPlan(plan) = child;
	plan->startup_cost = child->startup_cost;
	plan->total_cost =
		child->total_cost + cpu_operator_cost * child->plan_rows * n;
	plan->plan_rows = clamp_row_est(child->plan_rows * 0.1);
	plan->plan_width = tlist_width(tlist);
	return plan;
}

/* flag: of a column to add, -1: none */
static Plan *
plan_setop(PlannerInfo *root, SetOperationStmt *setop, int flag)
{
	Plan *plan;

	check_stack_depth();
	if (setop->op == SETOP_UNION)
	{
		List *members = plan_union_members(root, setop, setop->larg, NIL);

		members = plan_union_members(root, setop, setop->rarg, members);
		plan = make_append(root, members, setop_tlist(root, -1));
		if (!setop->all && setop->groupClauses != NIL)
		{
			List *clauses = setop_sort_clauses(setop);

			plan = make_sort(root, plan, clauses, -1);
			plan = make_unique(root, plan, clauses, plan->plan_rows);
		}
	}
	else
	{
		Plan *left = plan_member(root, setop->larg, setop, 0);
		Plan *right = plan_member(root, setop->rarg, setop, 1);

		plan = make_append(root, list_make2(left, right), setop_tlist(root, 0));
		plan = make_sort(root, plan, setop_sort_clauses(setop), -1);
		plan = make_setop(root, plan, setop, setop_tlist(root, -1));
	}
	if (flag >= 0)
		plan = make_result_plan(root, setop_tlist(root, flag), NULL, plan);
	return plan;
}

static Plan *
plan_member(PlannerInfo *root, Node *node, SetOperationStmt *setop, int flag)
{
	if (IsA(node, RangeTblRef))
		return plan_leaf(root, (RangeTblRef *) node, setop, flag);
	return plan_setop(root, (SetOperationStmt *) node, flag);
}

/* Does sorting by the columns from the first on give this order? */
static bool
is_column_order(List *sortClause, List *targetList, List *groupClauses)
{
	ListCell *lc1;
	ListCell *lc2;
	AttrNumber resno = 1;

	if (list_length(sortClause) > list_length(groupClauses))
		return false;
	forboth(lc1, sortClause, lc2, groupClauses)
	{
		SortGroupClause *sort = lfirst_node(SortGroupClause, lc1);
		SortGroupClause *group = lfirst_node(SortGroupClause, lc2);

		if (get_sortgroupclause_tle(sort, targetList)->resno != resno++ ||
		    sort->sortop != group->sortop || sort->nulls_first)
			return false;
	}
	return true;
}

Candidate *
plan_set_operations(PlannerInfo *root)
{
	SetOperationStmt *setop =
		castNode(SetOperationStmt, root->parse->setOperations);
	Plan *plan = plan_setop(root, setop, -1);
	Candidate *candidate = palloc(sizeof(Candidate));

	/* with the marks of ORDER BY */
	plan->targetlist = copyObject(root->parse->targetList);
	candidate->plan = plan;
	candidate->ordered = is_column_order(
		root->parse->sortClause, root->parse->targetList, setop->groupClauses);
	return candidate;
}
