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
	agg->agglevelsup = 0;
	pstate->p_hasAggs = true;
}

/* ---- beside ---- */

typedef struct UngroupedContext
{
	ParseState *pstate;
	List *groupExprs;
} UngroupedContext;

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
		if (equal(node, lfirst(lc)))
			return false;
	}
	if (IsA(node, Var))
	{
		Var *var = (Var *) node;
		RangeTblEntry *rte;

		if (var->varlevelsup > 0)
			return false;
		rte = list_nth_node(RangeTblEntry, context->pstate->p_rtable,
		                    var->varno - 1);
		ereport(ERROR,
		        (errcode(ERRCODE_GROUPING_ERROR),
		         errmsg("column \"%s.%s\" must appear in the GROUP BY clause "
		                "or be used in an aggregate function",
		                rte->eref->aliasname,
		                get_rte_attribute_name(rte, var->varattno)),
		         parser_errposition(context->pstate, var->location)));
	}
	if (IsA(node, Query))
		return false; /* sees no columns of this level */
	return expression_tree_walker(node, check_ungrouped_walker, arg);
}

void
parseCheckAggregates(ParseState *pstate, Query *qry)
{
	UngroupedContext context;
	ListCell *lc;

	context.pstate = pstate;
	context.groupExprs = NIL;
	foreach (lc, qry->groupClause)
		context.groupExprs =
			lappend(context.groupExprs,
		            get_sortgroupclause_expr(lfirst(lc), qry->targetList));
	check_ungrouped_walker((Node *) qry->targetList, &context);
	check_ungrouped_walker(qry->havingQual, &context);
}
