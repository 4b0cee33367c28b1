/*
 * parse_agg.c
 *		Where aggregates may stand, and what may stand beside them.
 *
 * Aggregates are computed over the rows that WHERE left, group by group.  So
 * they cannot stand in what comes before, nor inside each other; and beside
 * them only what is constant within a group has a value.
 *
 * Corresponds to PostgreSQL's parser/parse_agg.c.
 */
#include "postgres.h"

#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_agg.h"
#include "parser/parse_clause.h"
#include "parser/parse_expr.h"
#include "parser/parse_relation.h"

/* ---- where ---- */

static void
check_agg_placement(ParseState *pstate, int location)
{
	switch (pstate->p_expr_kind)
	{
		case EXPR_KIND_OTHER:
		case EXPR_KIND_HAVING:
		case EXPR_KIND_SELECT_TARGET:
		case EXPR_KIND_ORDER_BY:
		case EXPR_KIND_DISTINCT_ON:
			return;
		default:
			ereport(ERROR, (errcode(ERRCODE_GROUPING_ERROR),
			                errmsg("aggregate functions are not allowed in %s",
			                       ParseExprKindPlace(pstate->p_expr_kind)),
			                parser_errposition(pstate, location)));
	}
}

static bool
find_agg_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Aggref))
	{
		*(Aggref **) context = (Aggref *) node;
		return true;
	}
	if (IsA(node, Query))
		return false; /* of another level */
	return expression_tree_walker(node, find_agg_walker, context);
}

typedef struct LevelContext
{
	bool own;   /* a column of the query itself was seen */
	bool outer; /* one of a query around it was seen */
} LevelContext;

static bool
level_walker(Node *node, void *context)
{
	LevelContext *cxt = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		if (((Var *) node)->varlevelsup == 0)
			cxt->own = true;
		else
			cxt->outer = true;
		return false;
	}
	return expression_tree_walker(node, level_walker, context);
}

/* An aggregate over columns of an outer query only belongs to that query. */
static bool
of_outer_level(Node *args)
{
	LevelContext cxt = {false, false};

	(void) level_walker(args, &cxt);
	return cxt.outer && !cxt.own;
}

void
transformAggregateCall(ParseState *pstate, Aggref *agg, List *args,
                       bool agg_distinct)
{
	List *tlist = NIL;
	Aggref *inner = NULL;
	AttrNumber resno = 1;
	ListCell *lc;

	foreach (lc, args)
		tlist =
			lappend(tlist, makeTargetEntry(lfirst(lc), resno++, NULL, false));
	if (agg_distinct)
		agg->aggdistinct = transformDistinctClause(pstate, &tlist, NIL, true);
	agg->args = tlist;

	if (find_agg_walker((Node *) args, &inner) ||
	    find_agg_walker((Node *) agg->aggfilter, &inner))
		ereport(ERROR, (errcode(ERRCODE_GROUPING_ERROR),
		                errmsg("aggregate function calls cannot be nested"),
		                parser_errposition(pstate, inner->location)));
	check_agg_placement(pstate, agg->location);
	if (of_outer_level((Node *) tlist))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("aggregates of an outer query are not supported"),
		         parser_errposition(pstate, agg->location)));
	agg->agglevelsup = 0;
	pstate->p_hasAggs = true;
}

/* ---- beside ---- */

typedef struct UngroupedContext
{
	ParseState *pstate;
	List *groupExprs;
	Index sublevels_up; /* how deep in subqueries the walk is */
} UngroupedContext;

/* Is it a grouping column, as a subquery refers to it? */
static bool
is_group_column(Var *var, List *groupExprs)
{
	ListCell *lc;

	foreach (lc, groupExprs)
	{
		Var *group = lfirst(lc);

		if (IsA(group, Var) && group->varno == var->varno &&
		    group->varattno == var->varattno)
			return true;
	}
	return false;
}

static bool
check_ungrouped_walker(Node *node, void *arg)
{
	UngroupedContext *context = arg;
	ListCell *lc;

	if (node == NULL || IsA(node, Const) || IsA(node, Param))
		return false;
	if (IsA(node, Aggref))
		return false; /* its arguments are per row */
	foreach (lc, context->groupExprs)
	{
		if (context->sublevels_up == 0 && equal(node, lfirst(lc)))
			return false;
	}
	if (IsA(node, Var))
	{
		Var *var = (Var *) node;
		RangeTblEntry *rte;

		if (var->varlevelsup != context->sublevels_up ||
		    is_group_column(var, context->groupExprs))
			return false;
		rte = list_nth_node(RangeTblEntry, context->pstate->p_rtable,
		                    var->varno - 1);
		ereport(ERROR,
		        (errcode(ERRCODE_GROUPING_ERROR),
		         context->sublevels_up == 0
		             ? errmsg("column \"%s.%s\" must appear in the GROUP BY "
		                      "clause or be used in an aggregate function",
		                      rte->eref->aliasname,
		                      get_rte_attribute_name(rte, var->varattno))
		             : errmsg("subquery uses ungrouped column \"%s.%s\" from "
		                      "outer query",
		                      rte->eref->aliasname,
		                      get_rte_attribute_name(rte, var->varattno)),
		         parser_errposition(context->pstate, var->location)));
	}
	if (IsA(node, Query))
	{
		context->sublevels_up++;
		(void) query_tree_walker((Query *) node, check_ungrouped_walker, arg,
		                         0);
		context->sublevels_up--;
		return false;
	}
	return expression_tree_walker(node, check_ungrouped_walker, arg);
}

void
parseCheckAggregates(ParseState *pstate, Query *qry)
{
	UngroupedContext context;
	ListCell *lc;

	context.pstate = pstate;
	context.groupExprs = NIL;
	context.sublevels_up = 0;
	foreach (lc, qry->groupClause)
		context.groupExprs =
			lappend(context.groupExprs,
		            get_sortgroupclause_expr(lfirst(lc), qry->targetList));
	check_ungrouped_walker((Node *) qry->targetList, &context);
	check_ungrouped_walker(qry->havingQual, &context);
}
