/*
 * prepjointree.c
 *		Changes of a Query before it is planned: simple sub-selects become part
 *		of it.
 *
 * A sub-select in FROM that only picks rows and columns disappears: its tables
 * join the outer FROM, its conditions the outer WHERE, and what it computes
 * takes the place of the columns' Vars.  So an ORDER BY outside can use an
 * index of a table inside.
 *
 * `x IN (SELECT y ...)` as a condition of its own becomes a join with the
 * different values of y: a row finds at most one equal value, and NULLs find
 * none, as IN wants it.
 *
 * Corresponds to PostgreSQL's optimizer/prep/prepjointree.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* ------------------------------------------------------------------------
 *		Sub-selects in FROM
 * ------------------------------------------------------------------------
 */

static Node *
offset_mutator(Node *node, void *context)
{
	int offset = *(int *) context;

	if (node == NULL)
		return NULL;
	switch (nodeTag(node))
	{
		case T_Var:
		{
			Var *var = copyObject((Var *) node);

			if (var->varlevelsup == 0)
			{
				var->varno += offset;
				if (var->varnosyn > 0)
					var->varnosyn += (Index) offset;
			}
			return (Node *) var;
		}
		case T_RangeTblRef:
		{
			RangeTblRef *ref = copyObject((RangeTblRef *) node);

			ref->rtindex += offset;
			return (Node *) ref;
		}
		case T_JoinExpr:
		{
			JoinExpr *join = (JoinExpr *) expression_tree_mutator(
				node, offset_mutator, context);

			if (join->rtindex > 0)
				join->rtindex += offset;
			return (Node *) join;
		}
		case T_Query:
			return node;
		default:
			return expression_tree_mutator(node, offset_mutator, context);
	}
}

Node *
offset_var_nodes(Node *node, int offset)
{
	return offset_mutator(node, &offset);
}

/* The Vars of one entry become the expressions of its target list. */
typedef struct ReplaceContext
{
	int varno;
	List *targetlist;
} ReplaceContext;

static Node *
replace_mutator(Node *node, void *context)
{
	ReplaceContext *cxt = context;

	if (node == NULL)
		return NULL;
	if (IsA(node, Var))
	{
		Var *var = (Var *) node;

		if (var->varno == cxt->varno && var->varlevelsup == 0)
		{
			TargetEntry *tle = get_tle_by_resno(cxt->targetlist, var->varattno);

			if (tle == NULL)
				elog(ERROR, "sub-select has no column %d", var->varattno);
			return copyObject((Node *) tle->expr);
		}
		return copyObject(node);
	}
	if (IsA(node, Query))
		return node;
	return expression_tree_mutator(node, replace_mutator, context);
}

/* Is a column of the entry used as a whole row? */
static bool
wholerow_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varno == *(int *) context &&
		       ((Var *) node)->varlevelsup == 0 &&
		       ((Var *) node)->varattno <= 0;
	return expression_tree_walker(node, wholerow_walker, context);
}

static bool
is_simple_subquery(Query *sub)
{
	return sub->commandType == CMD_SELECT && !sub->hasAggs &&
	       !sub->hasTargetSRFs && sub->groupClause == NIL &&
	       sub->havingQual == NULL && sub->sortClause == NIL &&
	       sub->distinctClause == NIL && sub->limitOffset == NULL &&
	       sub->limitCount == NULL && sub->cteList == NIL &&
	       sub->setOperations == NULL && sub->rowMarks == NIL &&
	       !contain_volatile_functions((Node *) sub->targetList);
}

/*
 * The entry's tables and conditions instead of it; returns its FROM list.
 * Conditions of equal cost are tested in PostgreSQL's order: the query's own,
 * then those of what became part of it, inner ones first.
 */
static List *
splice_subquery(Query *query, int rtindex, bool spliced_too)
{
	RangeTblEntry *rte =
		list_nth_node(RangeTblEntry, query->rtable, rtindex - 1);
	Query *sub = rte->subquery;
	int offset = list_length(query->rtable);
	ReplaceContext cxt;
	FromExpr *from;
	ListCell *lc;

	/* one level less around its WITH names; Vars of other levels: none */
	IncrementVarSublevelsUp((Node *) sub, -1, 1);
	cxt.varno = rtindex;
	cxt.targetlist = (List *) offset_mutator((Node *) sub->targetList, &offset);
	from = (FromExpr *) offset_mutator((Node *) sub->jointree, &offset);
	query->rtable = list_concat(query->rtable, sub->rtable);
	query->hasSubLinks |= sub->hasSubLinks;

#define REPLACE(field) \
	(query->field = (void *) replace_mutator((Node *) query->field, &cxt))
	REPLACE(targetList);
	REPLACE(returningList);
	REPLACE(havingQual);
	REPLACE(jointree);
#undef REPLACE
	foreach (lc, query->rtable)
	{
		RangeTblEntry *other = lfirst_node(RangeTblEntry, lc);

		if (other->rtekind == RTE_FUNCTION)
			other->funcexpr =
				(FuncExpr *) replace_mutator((Node *) other->funcexpr, &cxt);
	}
	query->jointree->quals =
		spliced_too ? make_and_qual(from->quals, query->jointree->quals)
					: make_and_qual(query->jointree->quals, from->quals);

	/* nothing refers to it any more, and its name is free */
	rte->rtekind = RTE_RESULT;
	rte->subquery = NULL;
	rte->alias = NULL;
	rte->eref = makeAlias("*RESULT*", NIL);
	return from->fromlist;
}

/* Put items in the place of the n-th of FROM. */
static void
replace_from_item(Query *query, int n, List *items)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, query->jointree->fromlist)
	{
		if (foreach_current_index(lc) == n)
			result = list_concat(result, items);
		else
			result = lappend(result, lfirst(lc));
	}
	query->jointree->fromlist = result;
}

/* Does a sub-select anywhere in it refer to a level above its own? */
static bool
correlation_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varlevelsup > 0;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, correlation_walker, context,
		                         0);
	return expression_tree_walker(node, correlation_walker, context);
}

/* spliced_too: the query itself is about to become part of another one */
static void
pull_up_recurse(Query *query, bool spliced_too)
{
	int n = 0;

	check_stack_depth();
	/* levels would have to be counted anew */
	if (correlation_walker((Node *) query, NULL))
		return;
	while (n < list_length(query->jointree->fromlist))
	{
		Node *item = list_nth(query->jointree->fromlist, n);
		RangeTblEntry *rte;
		int rtindex;
		List *items;

		n++;
		if (!IsA(item, RangeTblRef))
			continue;
		rtindex = ((RangeTblRef *) item)->rtindex;
		rte = list_nth_node(RangeTblEntry, query->rtable, rtindex - 1);
		if (rte->rtekind != RTE_SUBQUERY ||
		    !is_simple_subquery(rte->subquery) ||
		    wholerow_walker((Node *) query->targetList, &rtindex) ||
		    wholerow_walker((Node *) query->jointree, &rtindex))
			continue;
		convert_any_sublinks(rte->subquery);
		pull_up_recurse(rte->subquery, true);
		items = splice_subquery(query, rtindex, spliced_too);
		replace_from_item(query, n - 1, items);
		n += list_length(items) - 1;
	}
}

void
pull_up_subqueries(Query *query)
{
	pull_up_recurse(query, false);
}

/* ------------------------------------------------------------------------
 *		IN
 * ------------------------------------------------------------------------
 */

/* SELECT DISTINCT of the sub-select's only column. */
static Query *
make_distinct_query(Query *sub)
{
	Query *query = makeNode(Query);
	RangeTblEntry *rte = makeNode(RangeTblEntry);
	TargetEntry *subtle = linitial_node(TargetEntry, sub->targetList);
	TargetEntry *tle;
	SortGroupClause *clause = makeNode(SortGroupClause);

	rte->rtekind = RTE_SUBQUERY;
	rte->subquery = sub;
	rte->eref = makeAlias(
		"unnamed_subquery",
		list_make1(makeString(subtle->resname ? subtle->resname : "?column?")));
	rte->inFromCl = true;

	tle = makeTargetEntry((Expr *) makeVarFromTargetEntry(1, subtle), 1,
	                      subtle->resname, false);
	tle->ressortgroupref = 1;
	clause->tleSortGroupRef = 1;
	get_sort_group_operators(exprType((Node *) tle->expr), true, true, false,
	                         &clause->sortop, &clause->eqop, NULL, NULL);

	query->commandType = CMD_SELECT;
	query->canSetTag = true;
	query->rtable = list_make1(rte);
	query->jointree = makeFromExpr(list_make1(makeRangeTblRef(1)), NULL);
	query->targetList = list_make1(tle);
	query->distinctClause = list_make1(clause);
	return query;
}

/* The sub-select's column in the comparison becomes the new entry's. */
static Node *
sublink_param_mutator(Node *node, void *context)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, Param) && ((Param *) node)->paramkind == PARAM_SUBLINK)
	{
		Param *param = (Param *) node;

		return (Node *) makeVar(*(int *) context, (AttrNumber) param->paramid,
		                        param->paramtype, param->paramtypmod,
		                        param->paramcollid, 0);
	}
	return expression_tree_mutator(node, sublink_param_mutator, context);
}

/* Is it `expression = ANY (sub-select of one column)`? */
static bool
is_simple_in(Node *clause)
{
	SubLink *sublink = (SubLink *) clause;
	OpExpr *op;

	if (!IsA(clause, SubLink) || sublink->subLinkType != ANY_SUBLINK ||
	    sublink->testexpr == NULL || !IsA(sublink->testexpr, OpExpr))
		return false;
	op = (OpExpr *) sublink->testexpr;
	if (list_length(op->args) != 2 ||
	    ((Query *) sublink->subselect)->rowMarks != NIL ||
	    list_length(((Query *) sublink->subselect)->targetList) != 1 ||
	    SS_has_outer_references((Query *) sublink->subselect))
		return false;
	return op_mergejoinable(op->opno, exprType(linitial(op->args))) &&
	       !contain_volatile_functions(linitial(op->args));
}

void
convert_any_sublinks(Query *query)
{
	List *quals;
	List *result = NIL;
	ListCell *lc;

	if (!query->hasSubLinks || query->jointree->quals == NULL)
		return;
	quals = make_ands_implicit((Expr *) query->jointree->quals);
	foreach (lc, quals)
	{
		SubLink *sublink = lfirst(lc);
		RangeTblEntry *rte;
		int rtindex;

		if (!is_simple_in((Node *) sublink))
		{
			result = lappend(result, sublink);
			continue;
		}
		rte = makeNode(RangeTblEntry);
		rte->rtekind = RTE_SUBQUERY;
		/* one level more around it */
		IncrementVarSublevelsUp(sublink->subselect, 1, 1);
		rte->subquery = make_distinct_query((Query *) sublink->subselect);
		rte->eref =
			makeAlias("ANY_subquery", list_make1(makeString("?column?")));
		rte->inFromCl = true;
		query->rtable = lappend(query->rtable, rte);
		rtindex = list_length(query->rtable);
		query->jointree->fromlist =
			lappend(query->jointree->fromlist, makeRangeTblRef(rtindex));
		result =
			lappend(result, sublink_param_mutator(sublink->testexpr, &rtindex));
	}
	query->jointree->quals = (Node *) make_ands_explicit(result);
}
