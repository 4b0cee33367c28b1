/*
 * parse_setop.c
 *		UNION, INTERSECT and EXCEPT.
 *
 * Each SELECT of the tree is analysed as a query of its own and becomes a
 * sub-select in the range table; the tree itself becomes SetOperationStmts.
 * The result has the column names of the leftmost SELECT and types that all of
 * them can be brought to.  A literal of unknown type is given its type here, in
 * the SELECT that it stands in; all other conversions are the planner's.
 *
 * Corresponds to the second half of transformSetOperationStmt in PostgreSQL's
 * parser/analyze.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parse_coerce.h"
#include "parser/parse_relation.h"
#include "parser/parse_setop.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

static Node *transform_tree(ParseState *pstate, const PgQuery__SelectStmt *stmt,
                            List **targetlist);

/* Does it refer to a relation of the level that the members are in? */
static bool
same_level_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varlevelsup == 1;
	if (IsA(node, Query))
		return false;
	return expression_tree_walker(node, same_level_walker, context);
}

/* One SELECT: a sub-select in the range table. */
static Node *
transform_leaf(ParseState *pstate, const PgQuery__SelectStmt *stmt,
               List **targetlist)
{
	ParseState *sub_pstate = make_parsestate(pstate);
	PgQuery__Node node;
	Query *query;
	StringInfoData name;
	ListCell *lc;

	if (stmt->into_clause != NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("INTO is only allowed on first SELECT of "
		                "UNION/INTERSECT/EXCEPT"),
		         parser_errposition(pstate, stmt->into_clause->rel->location)));
	pg_query__node__init(&node);
	node.node_case = PG_QUERY__NODE__NODE_SELECT_STMT;
	node.select_stmt = unvolatize(PgQuery__SelectStmt *, stmt);
	/* what is unknown may get its type from the other members */
	sub_pstate->p_resolve_unknowns = false;
	query = transformStmt(sub_pstate, &node);
	free_parsestate(sub_pstate);
	if (query_tree_walker(query, same_level_walker, NULL, 0))
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
		         errmsg("UNION/INTERSECT/EXCEPT member statement cannot refer "
		                "to other relations of same query level")));

	*targetlist = NIL;
	foreach (lc, query->targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (!tle->resjunk)
			*targetlist = lappend(*targetlist, tle);
	}
	initStringInfo(&name);
	appendStringInfo(&name, "*SELECT* %d", list_length(pstate->p_rtable) + 1);
	(void) addRangeTableEntryForSubquery(pstate, query,
	                                     makeAlias(name.data, NIL), false);
	return (Node *) makeRangeTblRef(list_length(pstate->p_rtable));
}

/*
 * A member's column as the common type.  The result counts only if it is the
 * type of a literal or parameter that is settled by it.
 */
static void
unify_member_column(ParseState *pstate, TargetEntry *tle, Oid coltype,
                    const char *context)
{
	Node *expr = (Node *) tle->expr;
	bool unknown = exprType(expr) == UNKNOWNOID;

	if (!unknown)
		(void) coerce_to_common_type(pstate, expr, coltype, context);
	else if (IsA(expr, Const) || IsA(expr, Param))
		tle->expr =
			(Expr *) coerce_to_common_type(pstate, expr, coltype, context);
}

static const char *
setop_name(PgQuery__SetOperation op)
{
	switch (op)
	{
		case PG_QUERY__SET_OPERATION__SETOP_UNION:
			return "UNION";
		case PG_QUERY__SET_OPERATION__SETOP_INTERSECT:
			return "INTERSECT";
		default:
			return "EXCEPT";
	}
}

/* Types of the columns of both sides together. */
static void
unify_columns(ParseState *pstate, SetOperationStmt *setop, List *left,
              List *right, const char *context, List **targetlist)
{
	ListCell *lc1;
	ListCell *lc2;

	*targetlist = NIL;
	forboth(lc1, left, lc2, right)
	{
		TargetEntry *ltle = lfirst_node(TargetEntry, lc1);
		TargetEntry *rtle = lfirst_node(TargetEntry, lc2);
		List *both = list_make2(ltle->expr, rtle->expr);
		Node *best;
		Oid coltype = select_common_type(pstate, both, context, &best);
		int32 coltypmod;
		Oid collation = get_typcollation(coltype);
		Const *result;

		unify_member_column(pstate, ltle, coltype, context);
		unify_member_column(pstate, rtle, coltype, context);
		coltypmod = select_common_typmod(
			pstate, list_make2(ltle->expr, rtle->expr), coltype);
		setop->colTypes = lappend_oid(setop->colTypes, coltype);
		setop->colTypmods = lappend_int(setop->colTypmods, coltypmod);
		setop->colCollations = lappend_oid(setop->colCollations, collation);
		if (setop->op != SETOP_UNION || !setop->all)
		{
			SortGroupClause *clause = makeNode(SortGroupClause);
			ParseCallbackState pcbstate;

			setup_parser_errposition_callback(&pcbstate, pstate,
			                                  exprLocation(best));
			get_sort_group_operators(coltype, true, true, false,
			                         &clause->sortop, &clause->eqop, NULL,
			                         &clause->hashable);
			cancel_parser_errposition_callback(&pcbstate);
			setop->groupClauses = lappend(setop->groupClauses, clause);
		}
		/* for the operation above: a value of that type */
		result = makeNullConst(coltype, coltypmod, collation);
		result->location = exprLocation(best);
		*targetlist =
			lappend(*targetlist,
		            makeTargetEntry((Expr *) result,
		                            list_length(*targetlist) + 1, NULL, false));
	}
}

static SetOperationStmt *
transform_setop(ParseState *pstate, const PgQuery__SelectStmt *stmt,
                List **targetlist)
{
	SetOperationStmt *setop = makeNode(SetOperationStmt);
	const char *context = setop_name(stmt->op);
	List *left;
	List *right;

	setop->op = stmt->op == PG_QUERY__SET_OPERATION__SETOP_UNION ? SETOP_UNION
	            : stmt->op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT
	                ? SETOP_INTERSECT
	                : SETOP_EXCEPT;
	setop->all = stmt->all;
	setop->larg = transform_tree(pstate, stmt->larg, &left);
	setop->rarg = transform_tree(pstate, stmt->rarg, &right);
	if (list_length(left) != list_length(right))
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("each %s query must have the same number of columns",
		                context),
		         parser_errposition(pstate, exprLocation((Node *) right))));
	unify_columns(pstate, setop, left, right, context, targetlist);
	return setop;
}

static Node *
transform_tree(ParseState *pstate, const PgQuery__SelectStmt *stmt,
               List **targetlist)
{
	check_stack_depth();
	/* with clauses of its own it is a query of its own */
	if (stmt->op == PG_QUERY__SET_OPERATION__SETOP_NONE ||
	    stmt->n_sort_clause > 0 || stmt->limit_offset != NULL ||
	    stmt->limit_count != NULL || stmt->n_locking_clause > 0 ||
	    stmt->with_clause != NULL)
		return transform_leaf(pstate, stmt, targetlist);
	return (Node *) transform_setop(pstate, stmt, targetlist);
}

static int
leftmost_member(Node *node)
{
	while (IsA(node, SetOperationStmt))
		node = ((SetOperationStmt *) node)->larg;
	return castNode(RangeTblRef, node)->rtindex;
}

List *
transformSetOperationTree(ParseState *pstate, const PgQuery__SelectStmt *stmt,
                          Node **setOperations)
{
	List *ignored;
	SetOperationStmt *setop = transform_setop(pstate, stmt, &ignored);
	int leftmost = leftmost_member((Node *) setop);
	RangeTblEntry *rte =
		list_nth_node(RangeTblEntry, pstate->p_rtable, leftmost - 1);
	List *targetlist = NIL;

	for (int i = 0; i < list_length(setop->colTypes); i++)
	{
		TargetEntry *lefttle =
			get_tle_by_resno(rte->subquery->targetList, (AttrNumber) (i + 1));
		Var *var =
			makeVar(leftmost, lefttle->resno, list_nth_oid(setop->colTypes, i),
		            list_nth_int(setop->colTypmods, i),
		            list_nth_oid(setop->colCollations, i), 0);

		var->location = exprLocation((Node *) lefttle->expr);
		targetlist = lappend(targetlist,
		                     makeTargetEntry((Expr *) var, (AttrNumber) (i + 1),
		                                     pstrdup(lefttle->resname), false));
	}
	*setOperations = (Node *) setop;
	return targetlist;
}
