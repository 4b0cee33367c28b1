/*
 * setrefs.c
 *		Last step of planning a level: what expressions refer to.
 *
 * A scan's Vars get the number that their table has in the statement's flat
 * range table.  In all other nodes an expression that the child computes
 * becomes a Var of the child's column, OUTER_VAR or INNER_VAR.  A node is
 * treated before its children: it is matched against the child's target list
 * as it was planned.
 *
 * A SubqueryScan that only passes rows on is dropped.
 *
 * Corresponds to PostgreSQL's optimizer/plan/setrefs.c.
 */
#include "postgres.h"

#include "access/table.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/rel.h"

/* Whose columns an expression may refer to. */
typedef struct RefContext
{
	List *outer_tlist;
	List *inner_tlist;
} RefContext;

static Plan *set_plan_refs(PlannerInfo *root, Plan *plan);

static void
fix_opfuncid(Node *node)
{
	if (node == NULL)
		return;
	if (IsA(node, OpExpr) || IsA(node, DistinctExpr) || IsA(node, NullIfExpr))
		set_opfuncid((OpExpr *) node);
}

/* ---- scans ---- */

static Node *
fix_scan_mutator(Node *node, void *context)
{
	int rtoffset = *(int *) context;
	Node *result;

	if (node == NULL)
		return NULL;
	if (IsA(node, Var))
	{
		Var *var = copyObject((Var *) node);

		Assert(var->varlevelsup == 0);
		if (!IS_SPECIAL_VARNO(var->varno))
			var->varno += rtoffset;
		if (var->varnosyn > 0)
			var->varnosyn += (Index) rtoffset;
		return (Node *) var;
	}
	result = expression_tree_mutator(node, fix_scan_mutator, context);
	fix_opfuncid(result);
	return result;
}

static void *
fix_scan_expr(PlannerInfo *root, void *expr)
{
	return fix_scan_mutator(expr, &root->rtoffset);
}

/* ---- nodes above ---- */

static Node *
column_ref(int varno, TargetEntry *tle, Node *node)
{
	Var *var = makeVarFromTargetEntry(varno, tle);

	if (IsA(node, Var))
	{
		var->varnosyn = ((Var *) node)->varnosyn;
		var->varattnosyn = ((Var *) node)->varattnosyn;
		var->location = ((Var *) node)->location;
	}
	return (Node *) var;
}

static Node *
find_column(RefContext *cxt, Node *node)
{
	TargetEntry *tle = tlist_member((Expr *) node, cxt->outer_tlist);

	if (tle != NULL)
		return column_ref(OUTER_VAR, tle, node);
	tle = tlist_member((Expr *) node, cxt->inner_tlist);
	if (tle != NULL)
		return column_ref(INNER_VAR, tle, node);
	return NULL;
}

static Node *
fix_upper_mutator(Node *node, void *context)
{
	Node *result;

	if (node == NULL)
		return NULL;
	if (IsA(node, Const) || IsA(node, Param))
		return copyObject(node);
	if (!IsA(node, List) && !IsA(node, TargetEntry))
	{
		result = find_column(context, node);
		if (result != NULL)
			return result;
	}
	if (IsA(node, Var))
		elog(ERROR, "variable not found in subplan target list");
	result = expression_tree_mutator(node, fix_upper_mutator, context);
	fix_opfuncid(result);
	return result;
}

/* A sort or grouping column is found by its mark, the rest by equality. */
static List *
fix_upper_tlist(List *tlist, RefContext *cxt)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, tlist)
	{
		TargetEntry *tle = flatCopyTargetEntry(lfirst(lc));
		TargetEntry *sub = NULL;

		if (tle->ressortgroupref != 0 && !IsA(tle->expr, Const))
		{
			ListCell *lc2;

			foreach (lc2, cxt->outer_tlist)
			{
				TargetEntry *other = lfirst_node(TargetEntry, lc2);

				if (other->ressortgroupref == tle->ressortgroupref &&
				    equal(other->expr, tle->expr))
					sub = other;
			}
		}
		tle->expr =
			(Expr *) (sub ? column_ref(OUTER_VAR, sub, (Node *) tle->expr)
		                  : fix_upper_mutator((Node *) tle->expr, cxt));
		result = lappend(result, tle);
	}
	return result;
}

static void
set_upper_references(Plan *plan)
{
	RefContext cxt = {outerPlan(plan)->targetlist, NIL};

	plan->targetlist = fix_upper_tlist(plan->targetlist, &cxt);
	plan->qual = (List *) fix_upper_mutator((Node *) plan->qual, &cxt);
}

/* The n-th column is the child's n-th. */
static void
set_pass_through_references(Plan *plan)
{
	ListCell *lc1;
	ListCell *lc2;
	List *result = NIL;

	forboth(lc1, plan->targetlist, lc2, outerPlan(plan)->targetlist)
	{
		TargetEntry *tle = flatCopyTargetEntry(lfirst(lc1));
		TargetEntry *sub = lfirst_node(TargetEntry, lc2);

		tle->expr = (Expr *) column_ref(OUTER_VAR, sub, (Node *) sub->expr);
		result = lappend(result, tle);
	}
	plan->targetlist = result;
}

static void
set_join_references(NestLoop *join)
{
	RefContext cxt = {outerPlan(join)->targetlist, innerPlan(join)->targetlist};
	List *nestParams = NIL;
	ListCell *lc;

	join->plan.targetlist = fix_upper_tlist(join->plan.targetlist, &cxt);
	join->plan.qual =
		(List *) fix_upper_mutator((Node *) join->plan.qual, &cxt);
	join->joinqual = (List *) fix_upper_mutator((Node *) join->joinqual, &cxt);
	foreach (lc, join->nestParams)
	{
		NestLoopParam *param = makeNode(NestLoopParam);

		*param = *lfirst_node(NestLoopParam, lc);
		param->paramval =
			(Var *) fix_upper_mutator((Node *) param->paramval, &cxt);
		nestParams = lappend(nestParams, param);
	}
	join->nestParams = nestParams;
}

/* ---- sub-selects ---- */

static bool
is_trivial_subqueryscan(SubqueryScan *scan)
{
	ListCell *lc1;
	ListCell *lc2;
	AttrNumber attno = 1;

	if (scan->scan.plan.qual != NIL ||
	    list_length(scan->scan.plan.targetlist) !=
	        list_length(scan->subplan->targetlist))
		return false;
	forboth(lc1, scan->scan.plan.targetlist, lc2, scan->subplan->targetlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc1);
		TargetEntry *sub = lfirst_node(TargetEntry, lc2);
		Var *var = (Var *) tle->expr;

		if (tle->resjunk != sub->resjunk || !IsA(var, Var) ||
		    (Index) var->varno != scan->scan.scanrelid ||
		    var->varattno != attno++)
			return false;
	}
	return true;
}

static Plan *
set_subqueryscan_references(PlannerInfo *root, SubqueryScan *scan)
{
	Plan *plan = &scan->scan.plan;
	ListCell *lc1;
	ListCell *lc2;

	if (is_trivial_subqueryscan(scan))
	{
		Plan *sub = scan->subplan;

		forboth(lc1, plan->targetlist, lc2, sub->targetlist)
		{
			TargetEntry *tle = lfirst_node(TargetEntry, lc1);
			TargetEntry *subtle = lfirst_node(TargetEntry, lc2);

			subtle->resname = tle->resname;
			subtle->resorigtbl = tle->resorigtbl;
			subtle->resorigcol = tle->resorigcol;
		}
		sub->initPlan = list_concat(plan->initPlan, sub->initPlan);
		return sub;
	}
	plan->targetlist = fix_scan_expr(root, plan->targetlist);
	plan->qual = fix_scan_expr(root, plan->qual);
	scan->scan.scanrelid += (Index) root->rtoffset;
	return plan;
}

/* ---- physical target lists ---- */

/*
 * A scan whose columns the node above picks by number returns the rows as they
 * are: that saves a projection.
 */
static void
use_physical_tlist(PlannerInfo *root, Plan *plan)
{
	RangeTblEntry *rte;
	Relation rel;
	TupleDesc tupdesc;
	List *tlist = NIL;
	Index rti;
	ListCell *lc;

	if (!IsA(plan, SeqScan) && !IsA(plan, IndexScan) &&
	    !IsA(plan, SubqueryScan))
		return;
	foreach (lc, plan->targetlist)
	{
		Var *var = (Var *) lfirst_node(TargetEntry, lc)->expr;

		if (!IsA(var, Var) || var->varattno <= 0)
			return;
	}
	rti = ((Scan *) plan)->scanrelid;
	if (IsA(plan, SubqueryScan))
	{
		foreach (lc, ((SubqueryScan *) plan)->subplan->targetlist)
		{
			TargetEntry *tle = lfirst_node(TargetEntry, lc);

			tlist = lappend(
				tlist,
				makeTargetEntry((Expr *) makeVarFromTargetEntry((int) rti, tle),
			                    tle->resno, NULL, tle->resjunk));
		}
		plan->targetlist = tlist;
		return;
	}
	rte = list_nth_node(RangeTblEntry, root->parse->rtable, (int) rti - 1);
	rel = table_open(rte->relid, NoLock);
	tupdesc = RelationGetDescr(rel);
	for (AttrNumber attno = 1; attno <= tupdesc->natts; attno++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, attno - 1);
		Var *var;

		if (att->attisdropped)
		{
			tlist = NIL;
			break;
		}
		var = makeVar((int) rti, attno, att->atttypid, att->atttypmod,
		              att->attcollation, 0);
		tlist =
			lappend(tlist, makeTargetEntry((Expr *) var, attno, NULL, false));
	}
	table_close(rel, NoLock);
	if (tlist != NIL)
		plan->targetlist = tlist;
}

/* ---- the tree ---- */

static void
set_scan_references(PlannerInfo *root, Plan *plan)
{
	plan->targetlist = fix_scan_expr(root, plan->targetlist);
	plan->qual = fix_scan_expr(root, plan->qual);
	((Scan *) plan)->scanrelid += (Index) root->rtoffset;
	switch (nodeTag(plan))
	{
		case T_IndexScan:
		{
			IndexScan *scan = (IndexScan *) plan;

			scan->indexqual = fix_scan_expr(root, scan->indexqual);
			scan->indexorderby = fix_scan_expr(root, scan->indexorderby);
			break;
		}
		case T_FunctionScan:
		{
			FunctionScan *scan = (FunctionScan *) plan;

			scan->funcexpr = fix_scan_expr(root, scan->funcexpr);
			break;
		}
		case T_ValuesScan:
		{
			ValuesScan *scan = (ValuesScan *) plan;

			scan->values_lists = fix_scan_expr(root, scan->values_lists);
			break;
		}
		default:
			break;
	}
}

/* The n-th column of an Append is the n-th of each child. */
static Plan *
set_append_references(PlannerInfo *root, Append *node)
{
	List *tlist = NIL;
	ListCell *lc;

	foreach (lc, node->plan.targetlist)
	{
		TargetEntry *tle = flatCopyTargetEntry(lfirst(lc));

		tle->expr = (Expr *) makeVarFromTargetEntry(OUTER_VAR, tle);
		tlist = lappend(tlist, tle);
	}
	node->plan.targetlist = tlist;
	foreach (lc, node->appendplans)
		lfirst(lc) = set_plan_refs(root, lfirst(lc));
	return &node->plan;
}

static void
set_modifytable_references(PlannerInfo *root, ModifyTable *node)
{
	node->returningList = fix_scan_expr(root, node->returningList);
	node->plan.targetlist = node->returningList;
	node->nominalRelation += (Index) root->rtoffset;
	node->resultRelations =
		list_make1_int(linitial_int(node->resultRelations) + root->rtoffset);
}

static Plan *
set_plan_refs(PlannerInfo *root, Plan *plan)
{
	ListCell *lc;

	if (plan == NULL)
		return NULL;
	check_stack_depth();
	switch (nodeTag(plan))
	{
		case T_SeqScan:
		case T_IndexScan:
		case T_FunctionScan:
		case T_ValuesScan:
		case T_CteScan:
		case T_SystemViewScan:
			set_scan_references(root, plan);
			break;
		case T_SubqueryScan:
			return set_subqueryscan_references(root, (SubqueryScan *) plan);
		case T_Result:
		{
			Result *result = (Result *) plan;

			result->resconstantqual =
				fix_scan_expr(root, result->resconstantqual);
			if (outerPlan(plan) == NULL)
				plan->targetlist = fix_scan_expr(root, plan->targetlist);
			else if (result->resconstantqual != NULL)
				set_pass_through_references(plan);
			else
				set_upper_references(plan);
			break;
		}
		case T_Agg:
			/* grouping columns are known by their place already */
			if (((Agg *) plan)->numCols == 0)
				use_physical_tlist(root, outerPlan(plan));
			set_upper_references(plan);
			break;
		case T_ProjectSet:
			set_upper_references(plan);
			break;
		case T_Append:
			return set_append_references(root, (Append *) plan);
		case T_Material:
		case T_Sort:
		case T_Unique:
		case T_SetOp:
			set_pass_through_references(plan);
			break;
		case T_LockRows:
			set_pass_through_references(plan);
			foreach (lc, ((LockRows *) plan)->rowMarks)
				lfirst_node(PlanRowMark, lc)->rti += (Index) root->rtoffset;
			break;
		case T_Limit:
			set_pass_through_references(plan);
			((Limit *) plan)->limitOffset =
				fix_scan_expr(root, ((Limit *) plan)->limitOffset);
			((Limit *) plan)->limitCount =
				fix_scan_expr(root, ((Limit *) plan)->limitCount);
			break;
		case T_NestLoop:
			use_physical_tlist(root, outerPlan(plan));
			use_physical_tlist(root, innerPlan(plan));
			set_join_references((NestLoop *) plan);
			break;
		case T_ModifyTable:
			set_modifytable_references(root, (ModifyTable *) plan);
			break;
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(plan));
	}
	plan->lefttree = set_plan_refs(root, plan->lefttree);
	plan->righttree = set_plan_refs(root, plan->righttree);
	return plan;
}

Plan *
set_plan_references(PlannerInfo *root, Plan *plan)
{
	return set_plan_refs(root, plan);
}

/* ---- numbers ---- */

static void
number_nodes(Plan *plan, int *next)
{
	if (plan == NULL)
		return;
	plan->plan_node_id = (*next)++;
	if (IsA(plan, Append))
	{
		ListCell *lc;

		foreach (lc, ((Append *) plan)->appendplans)
			number_nodes(lfirst(lc), next);
	}
	number_nodes(plan->lefttree, next);
	number_nodes(plan->righttree, next);
	if (IsA(plan, SubqueryScan))
		number_nodes(((SubqueryScan *) plan)->subplan, next);
}

void
number_plan_nodes(Plan *plan, List *subplans)
{
	int next = 0;
	ListCell *lc;

	number_nodes(plan, &next);
	foreach (lc, subplans)
		number_nodes(lfirst(lc), &next);
}
