/*
 * subselect.c
 *		Sub-selects in expressions.
 *
 * A sub-select that refers to nothing outside is an init plan: it runs when its
 * value is first needed, at most once, and the expression reads the value from
 * a PARAM_EXEC Param.  Sub-selects that depend on the outer row, and the kinds
 * that compare a row with many, are refused; IN as a condition of WHERE has
 * become a join by then (prepjointree.c).
 *
 * Corresponds to PostgreSQL's optimizer/plan/subselect.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"

/* EXISTS asks for a row, not for what is in it or in which order. */
static void
simplify_exists(Query *query)
{
	if (query->commandType != CMD_SELECT || query->hasAggs ||
	    query->groupClause != NIL || query->havingQual != NULL ||
	    query->hasTargetSRFs || query->limitOffset != NULL ||
	    query->limitCount != NULL)
		return;
	query->targetList = NIL;
	query->distinctClause = NIL;
	query->sortClause = NIL;
}

static Node *
make_initplan(PlannerInfo *root, SubLink *sublink)
{
	PlannerGlobal *glob = root->glob;
	Query *query = (Query *) sublink->subselect;
	SubPlan *subplan = makeNode(SubPlan);
	PlannerInfo *subroot;
	Plan *plan;
	Param *param;
	StringInfoData name;

	subplan->subLinkType = sublink->subLinkType;
	if (sublink->subLinkType == EXPR_SUBLINK)
	{
		Node *expr =
			(Node *) linitial_node(TargetEntry, query->targetList)->expr;

		subplan->firstColType = exprType(expr);
		subplan->firstColTypmod = exprTypmod(expr);
		subplan->firstColCollation = exprCollation(expr);
	}
	else
	{
		simplify_exists(query);
		subplan->firstColType = BOOLOID;
		subplan->firstColTypmod = -1;
	}
	/* EXISTS stops at the first row, a value may have only one */
	subroot = subquery_planner(glob, query, root,
	                           sublink->subLinkType == EXISTS_SUBLINK ? 1.0
	                                                                  : 0.0);
	plan = subroot->plan;
	glob->subplans = lappend(glob->subplans, plan);
	subplan->plan_id = list_length(glob->subplans);
	param = makeParam(PARAM_EXEC, glob->nParamExec++, subplan->firstColType,
	                  subplan->firstColTypmod, subplan->firstColCollation);
	param->location = sublink->location;
	subplan->setParam = list_make1_int(param->paramid);
	initStringInfo(&name);
	appendStringInfo(&name, "InitPlan %d (returns $%d)", subplan->plan_id,
	                 param->paramid);
	subplan->plan_name = name.data;
	if (sublink->subLinkType == EXISTS_SUBLINK)
		subplan->per_call_cost =
			plan->startup_cost + (plan->total_cost - plan->startup_cost) /
		                             clamp_row_est(plan->plan_rows);
	else
		subplan->per_call_cost = plan->total_cost;
	root->init_plans = lappend(root->init_plans, subplan);
	return (Node *) param;
}

static Node *
sublinks_mutator(Node *node, void *context)
{
	PlannerInfo *root = context;

	if (node == NULL)
		return NULL;
	if (IsA(node, SubLink))
	{
		SubLink *sublink = (SubLink *) node;

		switch (sublink->subLinkType)
		{
			case EXPR_SUBLINK:
			case EXISTS_SUBLINK:
				return make_initplan(root, sublink);
			case ANY_SUBLINK:
			case ALL_SUBLINK:
				ereport(ERROR,
				        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				         errmsg("this use of IN, ANY or ALL with a sub-select "
				                "is not supported"),
				         errhint("IN is supported as a condition of WHERE, "
				                 "combined with others by AND.")));
				break;
			case ARRAY_SUBLINK:
				ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				                errmsg("ARRAY(SELECT ...) is not supported")));
				break;
			default:
				ereport(ERROR,
				        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				         errmsg("this kind of sub-select is not supported")));
		}
	}
	return expression_tree_mutator(node, sublinks_mutator, context);
}

Node *
SS_process_sublinks(PlannerInfo *root, Node *expr)
{
	if (!contain_subplans_or_sublinks(expr))
		return expr;
	return sublinks_mutator(expr, root);
}

/* The level's init plans belong to its top node, which pays for them. */
void
SS_attach_initplans(PlannerInfo *root, Plan *plan)
{
	Cost cost = 0;
	ListCell *lc;

	foreach (lc, root->init_plans)
	{
		SubPlan *subplan = lfirst_node(SubPlan, lc);

		cost += subplan->startup_cost + subplan->per_call_cost;
	}
	plan->startup_cost += cost;
	plan->total_cost += cost;
	if (IsA(plan, Result) && ((Result *) plan)->resconstantqual &&
	    outerPlan(plan))
	{
		/* a one-time test shows its child's cost */
		outerPlan(plan)->startup_cost += cost;
		outerPlan(plan)->total_cost += cost;
	}
	plan->initPlan = list_concat(plan->initPlan, root->init_plans);
}
