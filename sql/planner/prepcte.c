/*
 * prepcte.c
 *		WITH queries.
 *
 * One that is used once, or that says NOT MATERIALIZED, takes the place of its
 * name, as a sub-select of its own in each place; but not if it calls volatile
 * functions or locks rows.  Any other is an init plan of the level that it
 * stands at, and is scanned by its name, wherever that is (nodeCtescan.c).  One
 * that nobody uses is not planned.
 *
 * The list is in an order in which each uses only those before it.
 *
 * Corresponds to the WITH part of PostgreSQL's optimizer/plan/subselect.c, and
 * to IncrementVarSublevelsUp of rewrite/rewriteManip.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"

/* ------------------------------------------------------------------------
 *		Levels
 * ------------------------------------------------------------------------
 */

typedef struct SublevelsContext
{
	int delta;
	int min;
} SublevelsContext;

static bool
increment_walker(Node *node, void *context)
{
	SublevelsContext *cxt = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var) && (int) ((Var *) node)->varlevelsup >= cxt->min)
		((Var *) node)->varlevelsup += cxt->delta;
	else if (IsA(node, Aggref) &&
	         (int) ((Aggref *) node)->agglevelsup >= cxt->min)
		((Aggref *) node)->agglevelsup += cxt->delta;
	else if (IsA(node, Query))
	{
		cxt->min++;
		IncrementVarSublevelsUp(node, cxt->delta, cxt->min);
		cxt->min--;
		return false;
	}
	return expression_tree_walker(node, increment_walker, context);
}

void
IncrementVarSublevelsUp(Node *node, int delta_sublevels_up,
                        int min_sublevels_up)
{
	SublevelsContext cxt = {delta_sublevels_up, min_sublevels_up};
	ListCell *lc;

	check_stack_depth();
	if (!IsA(node, Query))
	{
		(void) increment_walker(node, &cxt);
		return;
	}
	foreach (lc, ((Query *) node)->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_CTE && (int) rte->ctelevelsup >= cxt.min)
			rte->ctelevelsup += delta_sublevels_up;
	}
	(void) query_tree_walker((Query *) node, increment_walker, &cxt, 0);
}

/* ------------------------------------------------------------------------
 *		In the place of the name
 * ------------------------------------------------------------------------
 */

/* Levels of WITH lists, the innermost first. */
typedef struct CteLevel
{
	struct CteLevel *outer;
	Query *query;
} CteLevel;

static void inline_ctes_recurse(Query *query, CteLevel *outer);

static bool
inline_ctes_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		inline_ctes_recurse((Query *) node, context);
		return false;
	}
	return expression_tree_walker(node, inline_ctes_walker, context);
}

static CommonTableExpr *
find_cte(RangeTblEntry *rte, CteLevel *level)
{
	ListCell *lc;

	for (Index up = rte->ctelevelsup; up > 0 && level != NULL; up--)
		level = level->outer;
	if (level != NULL)
	{
		foreach (lc, level->query->cteList)
		{
			CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

			if (strcmp(cte->ctename, rte->ctename) == 0)
				return cte;
		}
	}
	elog(ERROR, "could not find WITH query \"%s\"", rte->ctename);
}

/* Does it change or lock rows? */
static bool
contain_dml(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
	{
		Query *query = (Query *) node;

		return query->commandType != CMD_SELECT || query->rowMarks != NIL ||
		       query_tree_walker(query, contain_dml, context, 0);
	}
	return expression_tree_walker(node, contain_dml, context);
}

static bool
is_inlined(CommonTableExpr *cte)
{
	if (cte->ctematerialized == CTEMaterializeAlways ||
	    (cte->ctematerialized == CTEMaterializeDefault &&
	     cte->cterefcount != 1))
		return false;
	return !contain_dml((Node *) cte->ctequery, NULL) &&
	       !contain_volatile_functions((Node *) cte->ctequery);
}

static void
inline_ctes_recurse(Query *query, CteLevel *outer)
{
	CteLevel level = {outer, query};
	List *kept = NIL;
	ListCell *lc;

	check_stack_depth();
	foreach (lc, query->cteList)
		inline_ctes_recurse(lfirst_node(CommonTableExpr, lc)->ctequery, &level);
	foreach (lc, query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);
		CommonTableExpr *cte;

		if (rte->rtekind != RTE_CTE)
			continue;
		cte = find_cte(rte, &level);
		if (!is_inlined(cte))
			continue;
		rte->rtekind = RTE_SUBQUERY;
		rte->ctename = NULL;
		rte->subquery = copyObject(cte->ctequery);
		if (rte->ctelevelsup > 0)
			IncrementVarSublevelsUp((Node *) rte->subquery,
			                        (int) rte->ctelevelsup, 1);
	}
	(void) query_tree_walker(query, inline_ctes_walker, &level,
	                         QTW_IGNORE_CTE_SUBQUERIES);
	foreach (lc, query->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);

		if (cte->cterefcount > 0 && !is_inlined(cte))
			kept = lappend(kept, cte);
	}
	query->cteList = kept;
}

void
inline_ctes(Query *query)
{
	inline_ctes_recurse(query, NULL);
}

/* ------------------------------------------------------------------------
 *		Computed once
 * ------------------------------------------------------------------------
 */

void
SS_process_ctes(PlannerInfo *root)
{
	PlannerGlobal *glob = root->glob;
	ListCell *lc;

	foreach (lc, root->parse->cteList)
	{
		CommonTableExpr *cte = lfirst_node(CommonTableExpr, lc);
		SubPlan *subplan = makeNode(SubPlan);
		Plan *plan = subquery_planner(glob, cte->ctequery, root, 0)->plan;

		/* nothing in it can refer to this level's tables */
		Assert(root->plan_params == NIL);
		glob->subplans = lappend(glob->subplans, plan);
		subplan->subLinkType = CTE_SUBLINK;
		subplan->plan_id = list_length(glob->subplans);
		subplan->plan_name = psprintf("CTE %s", cte->ctename);
		subplan->setParam = list_make1_int(glob->nParamExec++);
		subplan->per_call_cost = plan->total_cost;
		root->init_plans = lappend(root->init_plans, subplan);
		root->cte_plans = lappend(root->cte_plans, subplan);
	}
}

SubPlan *
find_cte_subplan(PlannerInfo *root, RangeTblEntry *rte)
{
	ListCell *lc1;
	ListCell *lc2;

	for (Index up = rte->ctelevelsup; up > 0 && root != NULL; up--)
		root = root->parent_root;
	if (root != NULL)
	{
		/* while one of the list is planned, those before it are there */
		forboth(lc1, root->parse->cteList, lc2, root->cte_plans)
		{
			if (strcmp(lfirst_node(CommonTableExpr, lc1)->ctename,
			           rte->ctename) == 0)
				return lfirst(lc2);
		}
	}
	elog(ERROR, "could not find plan of WITH query \"%s\"", rte->ctename);
}
