/*
 * subselect.c
 *		Sub-selects in expressions.
 *
 * A sub-select that refers to nothing outside is an init plan: it runs when its
 * value is first needed, at most once, and the expression reads the value from
 * a PARAM_EXEC Param.
 *
 * While a sub-select is planned, each Var of an outer level that it uses
 * becomes a PARAM_EXEC Param and is noted in that level's plan_params.  The
 * sub-select is then a SubPlan of the expression, with the Vars as arguments,
 * and runs for every row.  So do the kinds that compare a value with many rows;
 * but IN as a condition of WHERE that refers to nothing outside has become a
 * join by then (prepjointree.c).
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
	    query->rowMarks != NIL || query->groupClause != NIL ||
	    query->havingQual != NULL || query->hasTargetSRFs ||
	    query->setOperations != NULL || query->limitOffset != NULL ||
	    query->limitCount != NULL)
		return;
	query->targetList = NIL;
	query->distinctClause = NIL;
	query->sortClause = NIL;
}

/* ------------------------------------------------------------------------
 *		References to outer levels
 * ------------------------------------------------------------------------
 */

static Node *
param_of_outer_var(PlannerInfo *root, Var *var)
{
	PlannerInfo *owner = root;
	PlannerParamItem *item = NULL;
	Var *own;
	Param *param;
	ListCell *lc;

	for (Index up = var->varlevelsup; up > 0 && owner != NULL; up--)
		owner = owner->parent_root;
	if (owner == NULL)
		elog(ERROR, "reference to a query level that does not exist");
	own = copyObject(var);
	own->varlevelsup = 0;
	foreach (lc, owner->plan_params)
	{
		PlannerParamItem *other = lfirst(lc);

		if (equal(other->var, own))
			item = other;
	}
	if (item == NULL)
	{
		item = palloc(sizeof(PlannerParamItem));
		item->var = own;
		item->paramid = root->glob->nParamExec++;
		owner->plan_params = lappend(owner->plan_params, item);
	}
	param = makeParam(PARAM_EXEC, item->paramid, var->vartype, var->vartypmod,
	                  var->varcollid);
	param->location = var->location;
	return (Node *) param;
}

typedef struct CorrelationContext
{
	PlannerInfo *root;
	bool own_level; /* also Vars of the level itself */
} CorrelationContext;

static Node *
correlation_mutator(Node *node, void *context)
{
	CorrelationContext *cxt = context;

	if (node == NULL)
		return NULL;
	if (IsA(node, Var) && (cxt->own_level || ((Var *) node)->varlevelsup > 0))
		return param_of_outer_var(cxt->root, (Var *) node);
	if (IsA(node, Aggref) && ((Aggref *) node)->agglevelsup > 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("aggregates of an outer query are not "
		                       "supported")));
	/* a sub-select's turn comes when it is planned */
	if (IsA(node, Query))
		return node;
	return expression_tree_mutator(node, correlation_mutator, context);
}

Node *
SS_replace_correlation_vars(PlannerInfo *root, Node *expr)
{
	CorrelationContext cxt = {root, false};

	return correlation_mutator(expr, &cxt);
}

Node *
SS_replace_lateral_vars(PlannerInfo *root, Node *expr)
{
	CorrelationContext cxt = {root, true};

	return correlation_mutator(expr, &cxt);
}

static bool
outer_reference_walker(Node *node, void *context)
{
	Index *depth = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varlevelsup > *depth;
	if (IsA(node, Query))
	{
		bool result;

		(*depth)++;
		result =
			query_tree_walker((Query *) node, outer_reference_walker, depth, 0);
		(*depth)--;
		return result;
	}
	return expression_tree_walker(node, outer_reference_walker, context);
}

bool
SS_has_outer_references(Query *query)
{
	Index depth = 0;

	return query_tree_walker(query, outer_reference_walker, &depth, 0);
}

/* ------------------------------------------------------------------------
 *		Sub-selects
 * ------------------------------------------------------------------------
 */

/* The Param that the comparison of ANY and ALL has for a column. */
static Node *
testexpr_mutator(Node *node, void *context)
{
	SubPlan *subplan = context;

	if (node == NULL)
		return NULL;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_SUBLINK)
	{
		Param *param = copyObject((Param *) node);

		param->paramkind = PARAM_EXEC;
		param->paramid = list_nth_int(subplan->paramIds, param->paramid - 1);
		return (Node *) param;
	}
	return expression_tree_mutator(node, testexpr_mutator, context);
}

static void
set_subplan_name(SubPlan *subplan, int paramid)
{
	StringInfoData name;

	initStringInfo(&name);
	if (paramid >= 0)
		appendStringInfo(&name, "InitPlan %d (returns $%d)", subplan->plan_id,
		                 paramid);
	else
		appendStringInfo(&name, "SubPlan %d", subplan->plan_id);
	subplan->plan_name = name.data;
}

static Node *
make_subplan(PlannerInfo *root, SubLink *sublink, Node *testexpr)
{
	PlannerGlobal *glob = root->glob;
	Query *query = (Query *) sublink->subselect;
	SubPlan *subplan = makeNode(SubPlan);
	List *save_params = root->plan_params;
	PlannerInfo *subroot;
	List *params;
	Param *param;
	Plan *plan;
	ListCell *lc;

	subplan->subLinkType = sublink->subLinkType;
	if (sublink->subLinkType == EXISTS_SUBLINK)
	{
		simplify_exists(query);
		subplan->firstColType = BOOLOID;
		subplan->firstColTypmod = -1;
	}
	else
	{
		Node *expr =
			(Node *) linitial_node(TargetEntry, query->targetList)->expr;

		subplan->firstColType = exprType(expr);
		subplan->firstColTypmod = exprTypmod(expr);
		subplan->firstColCollation = exprCollation(expr);
	}

	/* EXISTS stops at the first row */
	root->plan_params = NIL;
	subroot = subquery_planner(
		glob, query, root, sublink->subLinkType == EXISTS_SUBLINK ? 1.0 : 0.0);
	params = root->plan_params;
	root->plan_params = save_params;
	plan = subroot->plan;
	glob->subplans = lappend(glob->subplans, plan);
	subplan->plan_id = list_length(glob->subplans);
	if (sublink->subLinkType == EXISTS_SUBLINK)
		subplan->per_call_cost =
			plan->startup_cost + (plan->total_cost - plan->startup_cost) /
									 clamp_row_est(plan->plan_rows);
	else
		subplan->per_call_cost = plan->total_cost;

	if (params == NIL && sublink->subLinkType != ANY_SUBLINK &&
	    sublink->subLinkType != ALL_SUBLINK)
	{
		param = makeParam(PARAM_EXEC, glob->nParamExec++,
		                  exprType((Node *) subplan), subplan->firstColTypmod,
		                  subplan->firstColCollation);
		param->location = sublink->location;
		subplan->setParam = list_make1_int(param->paramid);
		set_subplan_name(subplan, param->paramid);
		root->init_plans = lappend(root->init_plans, subplan);
		return (Node *) param;
	}
	foreach (lc, params)
	{
		PlannerParamItem *item = lfirst(lc);

		subplan->parParam = lappend_int(subplan->parParam, item->paramid);
		subplan->args = lappend(subplan->args, item->var);
	}
	if (testexpr != NULL)
	{
		subplan->paramIds = list_make1_int(glob->nParamExec++);
		subplan->testexpr = testexpr_mutator(testexpr, subplan);
	}
	set_subplan_name(subplan, -1);
	return (Node *) subplan;
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
			case ARRAY_SUBLINK:
			case ANY_SUBLINK:
			case ALL_SUBLINK:
				return make_subplan(root, sublink,
				                    sublinks_mutator(sublink->testexpr, root));
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
