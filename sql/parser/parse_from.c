/*
 * parse_from.c
 *		FROM: tables, subqueries, functions, joins.
 *
 * Each item becomes a node of the join tree and the namespace items that names
 * see of it.  A join has no range table entry: its columns are columns of the
 * tables below it, the one of USING that of the side that has it in every row
 * of the result.
 *
 * Corresponds to the first half of PostgreSQL's parser/parse_clause.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parse_clause.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_oper.h"
#include "parser/parse_relation.h"
#include "parser/parse_target.h"

static Node *
transformFromClauseItem(ParseState *pstate, PgQuery__Node *n, List **namespace);

/* ---- tables, subqueries, functions ---- */

static ParseNamespaceItem *
transformTableEntry(ParseState *pstate, const PgQuery__RangeVar *rv)
{
	RangeVar *relation = pgq_range_var(rv);

	if (relation->schemaname == NULL)
	{
		Index levelsup;
		CommonTableExpr *cte =
			scanNameSpaceForCTE(pstate, relation->relname, &levelsup);

		if (cte != NULL)
			return addRangeTableEntryForCTE(pstate, cte, levelsup,
			                                relation->alias, true,
			                                relation->location);
	}
	return addRangeTableEntry(pstate, relation, relation->alias, true);
}

static ParseNamespaceItem *
transformRangeSubselect(ParseState *pstate, const PgQuery__RangeSubselect *r)
{
	List *save_namespace = pstate->p_namespace;
	ParseExprKind save_kind = pstate->p_expr_kind;
	ParseNamespaceItem *nsitem;
	Query *query;

	if (r->alias == NULL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("subquery in FROM must have an alias")));
	/* sees its neighbours only if it is LATERAL */
	if (!r->lateral)
		pstate->p_namespace = NIL;
	pstate->p_expr_kind = EXPR_KIND_FROM_SUBSELECT;
	query = parse_sub_analyze(r->subquery, pstate);
	pstate->p_expr_kind = save_kind;
	pstate->p_namespace = save_namespace;
	nsitem =
		addRangeTableEntryForSubquery(pstate, query, pgq_alias(r->alias), true);
	nsitem->p_rte->lateral = r->lateral;
	return nsitem;
}

/* Are there columns of this query, not of one around it? */
static bool
contain_own_vars(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
		return ((Var *) node)->varlevelsup == 0;
	return expression_tree_walker(node, contain_own_vars, context);
}

static ParseNamespaceItem *
transformRangeFunction(ParseState *pstate, const PgQuery__RangeFunction *r)
{
	const char *what = NULL;
	ParseNamespaceItem *nsitem;
	PgQuery__Node *fexpr;
	Node *call;

	if (r->ordinality)
		what = "WITH ORDINALITY";
	else if (r->is_rowsfrom || r->n_functions != 1)
		what = "ROWS FROM";
	else if (r->n_coldeflist > 0)
		what = "a column definition list";
	if (what != NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("%s is not supported for functions in FROM", what)));

	/* each function is a list of the call and its column definitions */
	fexpr = r->functions[0]->list->items[0];
	pstate->p_last_srf = NULL;
	call = transformExpr(pstate, fexpr, EXPR_KIND_FROM_FUNCTION);
	if (!IsA(call, FuncExpr))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("only calls of functions are supported in FROM"),
		                parser_errposition(pstate, pgq_location(fexpr))));
	nsitem = addRangeTableEntryForFunction(pstate, FigureColname(fexpr),
	                                       (FuncExpr *) call,
	                                       pgq_alias(r->alias), true);
	/* it sees the tables before it, which makes it LATERAL */
	nsitem->p_rte->lateral = contain_own_vars(call, NULL);
	return nsitem;
}

/* ---- joins ---- */

/* Columns by name, of one side of a join or of the join itself. */
typedef struct ColumnList
{
	List *names; /* Strings */
	ParseNamespaceColumn *columns;
} ColumnList;

static void
add_column(ColumnList *list, void *name, const ParseNamespaceColumn *column)
{
	int n = list_length(list->names);

	list->names = lappend(list->names, name);
	if (n == 0)
		list->columns = palloc_array(ParseNamespaceColumn, 16);
	else if (n >= 16 && (n & (n - 1)) == 0)
		list->columns =
			repalloc(list->columns, 2 * n * sizeof(ParseNamespaceColumn));
	list->columns[n] = *column;
}

/* What can be seen of the items without a table's name. */
static ColumnList
visible_columns(List *namespace)
{
	ColumnList result = {NIL, NULL};
	ListCell *lc;

	foreach (lc, namespace)
	{
		ParseNamespaceItem *nsitem = lfirst(lc);

		if (!nsitem->p_cols_visible)
			continue;
		for (int i = 0; i < list_length(nsitem->p_names->colnames); i++)
		{
			if (nsitem->p_nscolumns[i].p_varattno != 0)
				add_column(&result, list_nth(nsitem->p_names->colnames, i),
				           &nsitem->p_nscolumns[i]);
		}
	}
	return result;
}

/* Index of the column of that name; -1: none; -2: several. */
static int
column_index(const ColumnList *list, const char *name)
{
	int result = -1;

	for (int i = 0; i < list_length(list->names); i++)
	{
		if (strcmp(strVal(list_nth(list->names, i)), name) != 0)
			continue;
		if (result >= 0)
			return -2;
		result = i;
	}
	return result;
}

static int
using_column(const ColumnList *list, const char *name, const char *side)
{
	int result = column_index(list, name);

	if (result == -2)
		ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_COLUMN),
		                errmsg("common column name \"%s\" appears more than "
		                       "once in %s table",
		                       name, side)));
	if (result < 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
		                errmsg("column \"%s\" specified in USING clause does "
		                       "not exist in %s table",
		                       name, side)));
	return result;
}

static Node *
column_var(const ParseNamespaceColumn *column)
{
	return (Node *) makeVar(column->p_varno, column->p_varattno,
	                        column->p_vartype, column->p_vartypmod,
	                        column->p_varcollid, 0);
}

/* The names that USING lists, or those that both sides of NATURAL have. */
static List *
using_names(const PgQuery__JoinExpr *j, const ColumnList *left,
            const ColumnList *right)
{
	List *names = NIL;
	ListCell *lc;

	if (!j->is_natural)
		return pgq_name_list(j->using_clause, j->n_using_clause);
	foreach (lc, left->names)
	{
		if (column_index(right, strVal(lfirst(lc))) != -1)
			names = lappend(names, lfirst(lc));
	}
	return names;
}

/* Of two columns that USING makes one, that which has the value. */
static const ParseNamespaceColumn *
merged_column(ParseState *pstate, JoinType jointype, const char *name,
              const ParseNamespaceColumn *left,
              const ParseNamespaceColumn *right)
{
	List *both = list_make2(column_var(left), column_var(right));
	Oid type = select_common_type(pstate, both, "JOIN/USING", NULL);

	if (jointype != JOIN_RIGHT && left->p_vartype == type)
		return left;
	if (jointype != JOIN_LEFT && right->p_vartype == type)
		return right;
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("USING with columns of different types is not "
	                       "supported for outer joins"),
	                errdetail("The column is \"%s\".", name)));
	return NULL;
}

/* Conditions of USING; result gets the merged columns, then the others. */
static Node *
transformJoinUsingClause(ParseState *pstate, JoinType jointype, List *names,
                         const ColumnList *left, const ColumnList *right,
                         ColumnList *result)
{
	bool *left_used = palloc0_array(bool, list_length(left->names) + 1);
	bool *right_used = palloc0_array(bool, list_length(right->names) + 1);
	Node *quals = NULL;

	for (int i = 0; i < list_length(names); i++)
	{
		const char *name = strVal(list_nth(names, i));
		int l;
		int r;
		Node *qual;

		for (int k = 0; k < i; k++)
		{
			if (strcmp(strVal(list_nth(names, k)), name) == 0)
				ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
				                errmsg("column name \"%s\" appears more than "
				                       "once in USING clause",
				                       name)));
		}
		l = using_column(left, name, "left");
		r = using_column(right, name, "right");
		left_used[l] = right_used[r] = true;
		qual = (Node *) make_op(pstate, list_make1(makeString(pstrdup("="))),
		                        column_var(&left->columns[l]),
		                        column_var(&right->columns[r]), NULL, -1);
		quals =
			make_and_qual(quals, coerce_to_boolean(pstate, qual, "JOIN/USING"));
		add_column(result, list_nth(names, i),
		           merged_column(pstate, jointype, name, &left->columns[l],
		                         &right->columns[r]));
	}
	for (int i = 0; i < list_length(left->names); i++)
	{
		if (!left_used[i])
			add_column(result, list_nth(left->names, i), &left->columns[i]);
	}
	for (int i = 0; i < list_length(right->names); i++)
	{
		if (!right_used[i])
			add_column(result, list_nth(right->names, i), &right->columns[i]);
	}
	return quals;
}

static JoinType
join_type(const PgQuery__JoinExpr *j)
{
	switch (j->jointype)
	{
		case PG_QUERY__JOIN_TYPE__JOIN_INNER:
			return JOIN_INNER;
		case PG_QUERY__JOIN_TYPE__JOIN_LEFT:
			return JOIN_LEFT;
		case PG_QUERY__JOIN_TYPE__JOIN_RIGHT:
			return JOIN_RIGHT;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("FULL JOIN is not supported")));
			return JOIN_FULL;
	}
}

static Node *
transformJoinOnClause(ParseState *pstate, PgQuery__Node *quals, List *namespace)
{
	List *save_namespace = pstate->p_namespace;
	Node *result;

	/* sees the two sides and nothing else of this level */
	pstate->p_namespace = namespace;
	result = transformWhereClause(pstate, quals, EXPR_KIND_JOIN_ON, "JOIN/ON");
	pstate->p_namespace = save_namespace;
	return result;
}

/* The join as names see it: with an alias only that, else its tables too. */
static List *
join_namespace(const PgQuery__JoinExpr *j, List *sides, ColumnList *columns)
{
	Alias *alias = pgq_alias(j->alias);
	ParseNamespaceItem *nsitem;
	ListCell *lc;

	if (alias != NULL)
	{
		int nalias = list_length(alias->colnames);

		if (nalias > list_length(columns->names))
			ereport(ERROR,
			        (errcode(ERRCODE_SYNTAX_ERROR),
			         errmsg("column alias list for \"%s\" has too many entries",
			                alias->aliasname)));
		for (int i = 0; i < nalias; i++)
			lfirst(list_nth_cell(columns->names, i)) =
				list_nth(alias->colnames, i);
		nsitem = makeJoinNSItem(makeAlias(alias->aliasname, columns->names),
		                        columns->columns);
		return list_make1(nsitem);
	}
	foreach (lc, sides)
		((ParseNamespaceItem *) lfirst(lc))->p_cols_visible = false;
	nsitem = makeJoinNSItem(makeAlias("unnamed_join", columns->names),
	                        columns->columns);
	nsitem->p_rel_visible = false;
	return lappend(sides, nsitem);
}

static Node *
transformJoinExpr(ParseState *pstate, const PgQuery__JoinExpr *j,
                  List **namespace)
{
	JoinExpr *join = makeNode(JoinExpr);
	List *save_namespace = pstate->p_namespace;
	List *l_namespace;
	List *r_namespace;
	List *sides;
	ColumnList left;
	ColumnList right;
	ColumnList columns = {NIL, NULL};

	if (j->join_using_alias != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("an alias for USING is not supported")));
	join->jointype = join_type(j);
	join->larg = transformFromClauseItem(pstate, j->larg, &l_namespace);
	/* the left side of a right join has no row where a LATERAL item wants one */
	if (join->jointype != JOIN_RIGHT)
		pstate->p_namespace =
			list_concat(list_copy(pstate->p_namespace), l_namespace);
	join->rarg = transformFromClauseItem(pstate, j->rarg, &r_namespace);
	pstate->p_namespace = save_namespace;
	checkNameSpaceConflicts(pstate, l_namespace, r_namespace);

	left = visible_columns(l_namespace);
	right = visible_columns(r_namespace);
	sides = list_concat(list_copy(l_namespace), r_namespace);
	join->quals = transformJoinUsingClause(pstate, join->jointype,
	                                       using_names(j, &left, &right), &left,
	                                       &right, &columns);
	if (j->quals != NULL)
		join->quals = transformJoinOnClause(pstate, j->quals, sides);
	*namespace = join_namespace(j, sides, &columns);
	return (Node *) join;
}

/* ---- all of them ---- */

static Node *
transformFromClauseItem(ParseState *pstate, PgQuery__Node *n, List **namespace)
{
	ParseNamespaceItem *nsitem = NULL;

	check_stack_depth();
	switch (n->node_case)
	{
		case PG_QUERY__NODE__NODE_RANGE_VAR:
			nsitem = transformTableEntry(pstate, n->range_var);
			break;
		case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
			nsitem = transformRangeSubselect(pstate, n->range_subselect);
			break;
		case PG_QUERY__NODE__NODE_RANGE_FUNCTION:
			nsitem = transformRangeFunction(pstate, n->range_function);
			break;
		case PG_QUERY__NODE__NODE_JOIN_EXPR:
			return transformJoinExpr(pstate, n->join_expr, namespace);
		case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("TABLESAMPLE is not supported"),
			                parser_errposition(
								pstate, n->range_table_sample->location)));
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("%s is not supported in FROM", pgq_node_name(n))));
	}
	*namespace = list_make1(nsitem);
	return (Node *) makeRangeTblRef(nsitem->p_rtindex);
}

void
transformFromClause(ParseState *pstate, PgQuery__Node **frmList, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		List *namespace;
		Node *item = transformFromClauseItem(pstate, frmList[i], &namespace);

		checkNameSpaceConflicts(pstate, pstate->p_namespace, namespace);
		pstate->p_joinlist = lappend(pstate->p_joinlist, item);
		pstate->p_namespace =
			list_concat(list_copy(pstate->p_namespace), namespace);
	}
}
