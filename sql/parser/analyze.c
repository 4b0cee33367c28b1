/*
 * analyze.c
 *		Parse analysis: from a raw statement to a Query.
 *
 * The analysis names tables, columns, types, functions and operators by OID,
 * and locks what it names: from here on the statement means what it means,
 * whatever happens to names.  Statements that are not SELECT, INSERT,
 * UPDATE or DELETE are wrapped as they are; of EXPLAIN, DECLARE CURSOR and
 * CREATE TABLE AS the statement inside is analysed at once.
 *
 * The target list of an INSERT is complete: one entry for every column of the
 * table, in its order, NULL where the statement gives no value.
 *
 * Corresponds to PostgreSQL's parser/analyze.c, and to what its rewriter does
 * to the target list of an INSERT.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parse_agg.h"
#include "parser/parse_clause.h"
#include "parser/parse_coerce.h"
#include "parser/parse_cte.h"
#include "parser/parse_expr.h"
#include "parser/parse_locking.h"
#include "parser/parse_param.h"
#include "parser/parse_relation.h"
#include "parser/parse_setop.h"
#include "parser/parse_target.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

static Query *
transformSelectStmt(ParseState *pstate, const PgQuery__SelectStmt *stmt);
static Query *
transformSetOperationStmt(ParseState *pstate, const PgQuery__SelectStmt *stmt);
static Query *
transformValuesClause(ParseState *pstate, const PgQuery__SelectStmt *stmt);
static Query *
transformInsertStmt(ParseState *pstate, const PgQuery__InsertStmt *stmt);
static Query *
transformDeleteStmt(ParseState *pstate, const PgQuery__DeleteStmt *stmt);
static Query *
transformUpdateStmt(ParseState *pstate, const PgQuery__UpdateStmt *stmt);

post_parse_analyze_hook_type post_parse_analyze_hook = NULL;

/* ---- entry points ---- */

static ParseState *
make_top_parsestate(const char *sourceText)
{
	ParseState *pstate = make_parsestate(NULL);

	pstate->p_sourcetext = sourceText;
	return pstate;
}

void
identify_query(ParseState *pstate, Query *query)
{
	JumbleState *jstate = NULL;

	if (IsQueryIdEnabled())
		jstate = JumbleQuery(query, pstate->p_sourcetext);
	if (post_parse_analyze_hook)
		post_parse_analyze_hook(pstate, query, jstate);
	pgstat_report_query_id(query->queryId, false);
}

Query *
parse_analyze_fixedparams(RawStmt *parseTree, const char *sourceText,
                          const Oid *paramTypes, int numParams)
{
	ParseState *pstate = make_top_parsestate(sourceText);
	Query *query;

	if (numParams > 0)
		setup_parse_fixed_parameters(pstate, paramTypes, numParams);
	query = transformTopLevelStmt(pstate, parseTree);
	identify_query(pstate, query);
	free_parsestate(pstate);
	return query;
}

Query *
parse_analyze_varparams(RawStmt *parseTree, const char *sourceText,
                        Oid **paramTypes, int *numParams)
{
	ParseState *pstate = make_top_parsestate(sourceText);
	Query *query;

	setup_parse_variable_parameters(pstate, paramTypes, numParams);
	query = transformTopLevelStmt(pstate, parseTree);
	check_variable_parameters(pstate, query);
	/* EXPLAIN of CREATE TABLE AS has two inside each other */
	for (Query *inner = query->utilityQuery; inner != NULL;
	     inner = inner->utilityQuery)
		check_variable_parameters(pstate, inner);
	identify_query(pstate, query);
	free_parsestate(pstate);
	return query;
}

Query *
parse_sub_analyze(PgQuery__Node *parseTree, ParseState *parentParseState)
{
	ParseState *pstate = make_parsestate(parentParseState);
	Query *query;

	query = transformStmt(pstate, parseTree);
	free_parsestate(pstate);
	return query;
}

Query *
transformTopLevelStmt(ParseState *pstate, RawStmt *parseTree)
{
	Query *result = transformStmt(pstate, parseTree->stmt);

	result->stmt_location = parseTree->stmt_location;
	result->stmt_len = parseTree->stmt_len;
	return result;
}

static Query *
make_query(CmdType commandType)
{
	Query *qry = makeNode(Query);

	qry->commandType = commandType;
	qry->querySource = QSRC_ORIGINAL;
	qry->canSetTag = true;
	return qry;
}

Query *
transformStmt(ParseState *pstate, PgQuery__Node *parseTree)
{
	Query *result;

	check_stack_depth();
	switch (parseTree->node_case)
	{
		case PG_QUERY__NODE__NODE_SELECT_STMT:
			if (parseTree->select_stmt->n_values_lists > 0)
				return transformValuesClause(pstate, parseTree->select_stmt);
			if (parseTree->select_stmt->op !=
			    PG_QUERY__SET_OPERATION__SETOP_NONE)
				return transformSetOperationStmt(pstate,
				                                 parseTree->select_stmt);
			return transformSelectStmt(pstate, parseTree->select_stmt);
		case PG_QUERY__NODE__NODE_INSERT_STMT:
			return transformInsertStmt(pstate, parseTree->insert_stmt);
		case PG_QUERY__NODE__NODE_DELETE_STMT:
			return transformDeleteStmt(pstate, parseTree->delete_stmt);
		case PG_QUERY__NODE__NODE_UPDATE_STMT:
			return transformUpdateStmt(pstate, parseTree->update_stmt);
		case PG_QUERY__NODE__NODE_MERGE_STMT:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("%s is not supported", pgq_node_name(parseTree))));
			return NULL;
		default:
			break;
	}

	result = make_query(CMD_UTILITY);
	result->utilityStmt = parseTree;
	if (parseTree->node_case == PG_QUERY__NODE__NODE_EXPLAIN_STMT)
		result->utilityQuery =
			transformStmt(pstate, parseTree->explain_stmt->query);
	else if (parseTree->node_case == PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT)
		result->utilityQuery =
			transformStmt(pstate, parseTree->declare_cursor_stmt->query);
	else if (parseTree->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT)
		result->utilityQuery =
			transformStmt(pstate, parseTree->create_table_as_stmt->query);
	return result;
}

bool
analyze_requires_snapshot(RawStmt *parseTree)
{
	switch (parseTree->stmt->node_case)
	{
		case PG_QUERY__NODE__NODE_SELECT_STMT:
		case PG_QUERY__NODE__NODE_INSERT_STMT:
		case PG_QUERY__NODE__NODE_DELETE_STMT:
		case PG_QUERY__NODE__NODE_UPDATE_STMT:
		case PG_QUERY__NODE__NODE_MERGE_STMT:
		case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
		case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
		case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
			return true;
		default:
			return false;
	}
}

Query *
query_returning_rows(Query *query)
{
	switch (query->commandType)
	{
		case CMD_SELECT:
			return query;
		case CMD_INSERT:
		case CMD_UPDATE:
		case CMD_DELETE:
			return query->returningList != NIL ? query : NULL;
		default:
			return NULL;
	}
}

/* ---- what every query has ---- */

/* Range table, joins and flags, as the analysis left them in pstate. */
static void
finish_query(ParseState *pstate, Query *qry, Node *qual)
{
	qry->cteList = pstate->p_ctenamespace;
	qry->rtable = pstate->p_rtable;
	qry->jointree = makeFromExpr(pstate->p_joinlist, qual);
	qry->hasAggs = pstate->p_hasAggs;
	qry->hasSubLinks = pstate->p_hasSubLinks;
	qry->hasTargetSRFs = pstate->p_hasTargetSRFs;
}

static LimitOption
limit_option(PgQuery__LimitOption option)
{
	switch (option)
	{
		case PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_WITH_TIES:
			return LIMIT_OPTION_WITH_TIES;
		default:
			return LIMIT_OPTION_COUNT;
	}
}

static void
transform_limits(ParseState *pstate, Query *qry,
                 const PgQuery__SelectStmt *stmt)
{
	qry->limitOption = limit_option(stmt->limit_option);
	qry->limitOffset =
		transformLimitClause(pstate, stmt->limit_offset, EXPR_KIND_OFFSET,
	                         "OFFSET", qry->limitOption);
	qry->limitCount = transformLimitClause(
		pstate, stmt->limit_count, EXPR_KIND_LIMIT, "LIMIT", qry->limitOption);
}

static void
check_select_supported(ParseState *pstate, const PgQuery__SelectStmt *stmt)
{
	const char *what = NULL;

	if (stmt->into_clause != NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("SELECT ... INTO is not allowed here"),
		         parser_errposition(pstate, stmt->into_clause->rel->location)));
	if (stmt->n_window_clause > 0)
		what = "window functions are";
	else if (stmt->group_distinct)
		what = "GROUP BY DISTINCT is";
	if (what != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("%s not supported", what)));
}

/* ---- SELECT ---- */

static Query *
transformSelectStmt(ParseState *pstate, const PgQuery__SelectStmt *stmt)
{
	Query *qry = make_query(CMD_SELECT);
	Node *qual;

	check_select_supported(pstate, stmt);
	if (stmt->with_clause != NULL)
		transformWithClause(pstate, stmt->with_clause);
	transformFromClause(pstate, stmt->from_clause, stmt->n_from_clause);
	qry->targetList =
		transformTargetList(pstate, stmt->target_list, stmt->n_target_list,
	                        EXPR_KIND_SELECT_TARGET);
	markTargetListOrigins(pstate, qry->targetList);
	qual = transformWhereClause(pstate, stmt->where_clause, EXPR_KIND_WHERE,
	                            "WHERE");
	qry->havingQual = transformWhereClause(pstate, stmt->having_clause,
	                                       EXPR_KIND_HAVING, "HAVING");
	/* before GROUP BY and DISTINCT: they follow its order where they can */
	qry->sortClause =
		transformSortClause(pstate, stmt->sort_clause, stmt->n_sort_clause,
	                        &qry->targetList, EXPR_KIND_ORDER_BY);
	qry->groupClause =
		transformGroupClause(pstate, stmt->group_clause, stmt->n_group_clause,
	                         &qry->targetList, qry->sortClause);
	if (stmt->n_distinct_clause == 0)
		qry->distinctClause = NIL;
	else if (stmt->distinct_clause[0]->node_case ==
	         PG_QUERY__NODE__NODE__NOT_SET)
		qry->distinctClause = transformDistinctClause(pstate, &qry->targetList,
		                                              qry->sortClause, false);
	else
		qry->distinctClause = transformDistinctOnClause(
			pstate, stmt->distinct_clause, stmt->n_distinct_clause,
			&qry->targetList, qry->sortClause);
	transform_limits(pstate, qry, stmt);
	if (pstate->p_resolve_unknowns)
		resolveTargetListUnknowns(pstate, qry->targetList);

	finish_query(pstate, qry, qual);
	if (qry->hasAggs || qry->groupClause != NIL || qry->havingQual != NULL)
		parseCheckAggregates(pstate, qry);
	transformLockingClause(pstate, qry, stmt);
	return qry;
}

/* ---- UNION, INTERSECT, EXCEPT ---- */

/* The columns of the result, for ORDER BY to see. */
static ParseNamespaceItem *
setop_namespace(List *targetList)
{
	ParseNamespaceItem *nsitem = palloc0(sizeof(ParseNamespaceItem));
	List *names = NIL;
	ListCell *lc;

	nsitem->p_nscolumns =
		palloc0(sizeof(ParseNamespaceColumn) * list_length(targetList));
	foreach (lc, targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);
		Var *var = castNode(Var, tle->expr);
		ParseNamespaceColumn *column =
			&nsitem->p_nscolumns[foreach_current_index(lc)];

		column->p_varno = var->varno;
		column->p_varattno = var->varattno;
		column->p_vartype = var->vartype;
		column->p_vartypmod = var->vartypmod;
		column->p_varcollid = var->varcollid;
		names = lappend(names, makeString(pstrdup(tle->resname)));
	}
	nsitem->p_names = makeAlias("unnamed_setop", names);
	nsitem->p_cols_visible = true;
	return nsitem;
}

static Query *
transformSetOperationStmt(ParseState *pstate, const PgQuery__SelectStmt *stmt)
{
	Query *qry = make_query(CMD_SELECT);
	const PgQuery__SelectStmt *first = stmt;
	int ncolumns;

	check_select_supported(pstate, stmt);
	while (first->larg != NULL)
		first = first->larg;
	check_select_supported(pstate, first);
	if (stmt->with_clause != NULL)
		transformWithClause(pstate, stmt->with_clause);
	qry->targetList =
		transformSetOperationTree(pstate, stmt, &qry->setOperations);
	ncolumns = list_length(qry->targetList);
	pstate->p_namespace = list_make1(setop_namespace(qry->targetList));
	qry->sortClause =
		transformSortClause(pstate, stmt->sort_clause, stmt->n_sort_clause,
	                        &qry->targetList, EXPR_KIND_ORDER_BY);
	pstate->p_namespace = NIL;
	if (list_length(qry->targetList) != ncolumns)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		     errmsg("invalid UNION/INTERSECT/EXCEPT ORDER BY clause"),
		     errdetail("Only result column names can be used, not expressions "
		               "or functions."),
		     errhint("Add the expression/function to every SELECT, or move "
		             "the UNION into a FROM clause."),
		     parser_errposition(
				 pstate, exprLocation(list_nth(qry->targetList, ncolumns)))));
	transform_limits(pstate, qry, stmt);
	finish_query(pstate, qry, NULL);
	transformLockingClause(pstate, qry, stmt);
	return qry;
}

/* ---- VALUES ---- */

/*
 * Row n of a VALUES, as a List of expressions.  NULL stands for DEFAULT where
 * that is allowed.  *length is that of the rows before, -1 for the first.
 */
static List *
transform_values_row(ParseState *pstate, const PgQuery__SelectStmt *stmt,
                     size_t n, bool allowDefault, int *length)
{
	const PgQuery__List *raw = stmt->values_lists[n]->list;
	List *row = transformExpressionList(pstate, raw->items, raw->n_items,
	                                    EXPR_KIND_VALUES, allowDefault);

	if (*length < 0)
		*length = list_length(row);
	else if (list_length(row) != *length)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("VALUES lists must all be the same length"),
		                parser_errposition(
							pstate, pgq_location(stmt->values_lists[n]))));
	return row;
}

/* Give each column of the rows one type. */
static void
unify_values_columns(ParseState *pstate, List *rows, List **coltypes,
                     List **coltypmods, List **colcollations)
{
	int ncolumns = list_length(linitial(rows));

	*coltypes = *coltypmods = *colcollations = NIL;
	for (int i = 0; i < ncolumns; i++)
	{
		List *column = NIL;
		Oid coltype;
		int32 coltypmod;
		ListCell *lc;

		foreach (lc, rows)
			column = lappend(column, list_nth(lfirst_node(List, lc), i));
		coltype = select_common_type(pstate, column, "VALUES", NULL);
		column = NIL;
		foreach (lc, rows)
		{
			ListCell *cell = list_nth_cell(lfirst_node(List, lc), i);

			lfirst(cell) =
				coerce_to_common_type(pstate, lfirst(cell), coltype, "VALUES");
			column = lappend(column, lfirst(cell));
		}
		coltypmod = select_common_typmod(pstate, column, coltype);
		*coltypes = lappend_oid(*coltypes, coltype);
		*coltypmods = lappend_int(*coltypmods, coltypmod);
		*colcollations = lappend_oid(*colcollations, get_typcollation(coltype));
	}
}

/* VALUES as a query of its own, or in FROM */
static Query *
transformValuesClause(ParseState *pstate, const PgQuery__SelectStmt *stmt)
{
	Query *qry = make_query(CMD_SELECT);
	ParseNamespaceItem *nsitem;
	List *rows = NIL;
	int length = -1;
	List *coltypes;
	List *coltypmods;
	List *colcollations;

	check_select_supported(pstate, stmt);
	if (stmt->n_locking_clause > 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		     errmsg("%s cannot be applied to VALUES",
		            LCS_asString(stmt->locking_clause[0]->locking_clause))));
	if (stmt->with_clause != NULL)
		transformWithClause(pstate, stmt->with_clause);
	for (size_t i = 0; i < stmt->n_values_lists; i++)
		rows = lappend(rows,
		               transform_values_row(pstate, stmt, i, false, &length));
	unify_values_columns(pstate, rows, &coltypes, &coltypmods, &colcollations);
	nsitem = addRangeTableEntryForValues(pstate, rows, coltypes, coltypmods,
	                                     colcollations, NULL, true);
	addNSItemToQuery(pstate, nsitem, true, true, true);
	qry->targetList = expandNSItemAttrs(pstate, nsitem, -1);
	qry->sortClause =
		transformSortClause(pstate, stmt->sort_clause, stmt->n_sort_clause,
	                        &qry->targetList, EXPR_KIND_ORDER_BY);
	transform_limits(pstate, qry, stmt);
	finish_query(pstate, qry, NULL);
	return qry;
}

/* ---- INSERT ---- */

/* The columns an INSERT names, all of them if it names none. */
typedef struct InsertTargets
{
	List *names;
	List *attrnos;
	PgQuery__Node **cols; /* as written, n_cols of them */
	size_t n_cols;
} InsertTargets;

/* Coerce a row to the target columns. */
static List *
transformInsertRow(ParseState *pstate, List *exprlist,
                   const InsertTargets *targets)
{
	List *result = NIL;

	if (list_length(exprlist) > list_length(targets->attrnos))
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("INSERT has more expressions than target columns"),
		         parser_errposition(
					 pstate, exprLocation(list_nth(
								 exprlist, list_length(targets->attrnos))))));
	if (targets->n_cols > 0 && list_length(exprlist) < targets->n_cols)
		ereport(
			ERROR,
			(errcode(ERRCODE_SYNTAX_ERROR),
		     errmsg("INSERT has more target columns than expressions"),
		     parser_errposition(
				 pstate, pgq_location(targets->cols[list_length(exprlist)]))));
	for (int i = 0; i < list_length(exprlist); i++)
	{
		int location =
			i < targets->n_cols ? pgq_location(targets->cols[i]) : -1;

		result = lappend(
			result, transformAssignedExpr(
						pstate, list_nth(exprlist, i), EXPR_KIND_INSERT_TARGET,
						strVal(list_nth(targets->names, i)),
						list_nth_int(targets->attrnos, i), location));
	}
	return result;
}

/*
 * INSERT ... SELECT: the query goes to the range table.  A literal or parameter
 * without a type in its list takes the type of the column it goes to; so it is
 * that very node, not an output column of the query, that is assigned.
 */
static List *
transform_insert_select(ParseState *pstate, PgQuery__Node *select_stmt,
                        const InsertTargets *targets)
{
	ParseState *sub_pstate = make_parsestate(pstate);
	ParseNamespaceItem *nsitem;
	Query *selectQuery;
	List *exprList = NIL;
	List *result;
	ListCell *lc;

	sub_pstate->p_resolve_unknowns = false;
	selectQuery = transformStmt(sub_pstate, select_stmt);
	free_parsestate(sub_pstate);
	if (selectQuery->commandType != CMD_SELECT)
		elog(ERROR, "unexpected non-SELECT command in INSERT ... SELECT");

	nsitem = addRangeTableEntryForSubquery(pstate, selectQuery,
	                                       makeAlias("*SELECT*", NIL), false);
	addNSItemToQuery(pstate, nsitem, true, false, false);
	foreach (lc, selectQuery->targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);
		Var *var;

		if (tle->resjunk)
			continue;
		/* not copied: what a parameter's type is found to be holds for both */
		if ((IsA(tle->expr, Const) || IsA(tle->expr, Param)) &&
		    exprType((Node *) tle->expr) == UNKNOWNOID)
		{
			exprList = lappend(exprList, tle->expr);
			continue;
		}
		var = makeVarFromTargetEntry(nsitem->p_rtindex, tle);
		var->location = exprLocation((Node *) tle->expr);
		exprList = lappend(exprList, var);
	}
	result = transformInsertRow(pstate, exprList, targets);
	/* nothing refers to those that are left; still they need a type */
	resolveTargetListUnknowns(pstate, selectQuery->targetList);
	return result;
}

/* INSERT ... VALUES with several rows: they go to the range table. */
static List *
transform_insert_values(ParseState *pstate, const PgQuery__SelectStmt *stmt,
                        const InsertTargets *targets)
{
	List *coerced = NIL;
	List *coltypes = NIL;
	List *coltypmods = NIL;
	List *colcollations = NIL;
	int length = -1;
	ParseNamespaceItem *nsitem;
	ListCell *lc;

	for (size_t n = 0; n < stmt->n_values_lists; n++)
	{
		List *row = transform_values_row(pstate, stmt, n, true, &length);

		coerced = lappend(coerced, transformInsertRow(pstate, row, targets));
	}
	foreach (lc, (List *) linitial(coerced))
	{
		Node *value = lfirst(lc);

		coltypes = lappend_oid(coltypes, exprType(value));
		coltypmods = lappend_int(coltypmods, exprTypmod(value));
		colcollations = lappend_oid(colcollations, exprCollation(value));
	}
	nsitem = addRangeTableEntryForValues(pstate, coerced, coltypes, coltypmods,
	                                     colcollations, NULL, true);
	addNSItemToQuery(pstate, nsitem, true, false, false);
	return expandNSItemVars(nsitem, -1, NULL);
}

/* One entry for every column of the table: given values and NULLs. */
static List *
complete_target_list(Relation rel, List *exprList, const InsertTargets *targets)
{
	TupleDesc desc = RelationGetDescr(rel);
	List *result = NIL;

	for (int attrno = 1; attrno <= desc->natts; attrno++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, attrno - 1);
		Expr *expr = NULL;

		for (int i = 0; i < list_length(exprList); i++)
		{
			if (list_nth_int(targets->attrnos, i) == attrno)
				expr = list_nth(exprList, i);
		}
		if (att->attisdropped)
			expr = (Expr *) makeNullConst(INT4OID, -1, InvalidOid);
		else if (expr == NULL)
			expr = (Expr *) makeNullConst(att->atttypid, att->atttypmod,
			                              att->attcollation);
		result = lappend(result, makeTargetEntry(expr, attrno,
		                                         pstrdup(NameStr(att->attname)),
		                                         false));
	}
	return result;
}

static List *
transformReturningList(ParseState *pstate, PgQuery__Node **list, size_t n)
{
	int save_next_resno = pstate->p_next_resno;
	List *rlist;

	if (n == 0)
		return NIL;
	pstate->p_next_resno = 1;
	rlist = transformTargetList(pstate, list, n, EXPR_KIND_RETURNING);
	if (rlist == NIL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("RETURNING must have at least one column"),
		                parser_errposition(pstate, pgq_location(list[0]))));
	markTargetListOrigins(pstate, rlist);
	if (pstate->p_resolve_unknowns)
		resolveTargetListUnknowns(pstate, rlist);
	pstate->p_next_resno = save_next_resno;
	return rlist;
}

/* Values of one row are the target list; more rows are read from a VALUES. */
static List *
transform_insert_source(ParseState *pstate, PgQuery__Node *source,
                        const InsertTargets *targets)
{
	const PgQuery__SelectStmt *select;
	const PgQuery__List *row;

	if (source == NULL)
		return NIL; /* DEFAULT VALUES */
	select = source->select_stmt;
	if (select->n_values_lists == 0 || select->n_sort_clause > 0 ||
	    select->limit_offset != NULL || select->limit_count != NULL ||
	    select->n_locking_clause > 0 || select->with_clause != NULL)
		return transform_insert_select(pstate, source, targets);
	if (select->n_values_lists > 1)
		return transform_insert_values(pstate, select, targets);
	row = select->values_lists[0]->list;
	return transformInsertRow(
		pstate,
		transformExpressionList(pstate, row->items, row->n_items,
	                            EXPR_KIND_VALUES_SINGLE, true),
		targets);
}

static Query *
transformInsertStmt(ParseState *pstate, const PgQuery__InsertStmt *stmt)
{
	Query *qry = make_query(CMD_INSERT);
	InsertTargets targets = {NIL, NIL, stmt->cols, stmt->n_cols};
	List *exprList;

	if (stmt->on_conflict_clause != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("ON CONFLICT is not supported"),
		                parser_errposition(
							pstate, stmt->on_conflict_clause->location)));
	if (stmt->override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_SYSTEM_VALUE ||
	    stmt->override == PG_QUERY__OVERRIDING_KIND__OVERRIDING_USER_VALUE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("OVERRIDING is not supported")));
	if (stmt->with_clause != NULL)
		transformWithClause(pstate, stmt->with_clause);
	qry->resultRelation =
		setTargetTable(pstate, stmt->relation, false, ACL_INSERT);
	targets.names =
		checkInsertTargets(pstate, stmt->cols, stmt->n_cols, &targets.attrnos);
	exprList = transform_insert_source(pstate, stmt->select_stmt, &targets);
	qry->targetList =
		complete_target_list(pstate->p_target_relation, exprList, &targets);
	if (stmt->n_returning_list > 0)
	{
		/* RETURNING sees the new row and nothing else */
		pstate->p_namespace = NIL;
		addNSItemToQuery(pstate, pstate->p_target_nsitem, false, true, true);
		qry->returningList = transformReturningList(
			pstate, stmt->returning_list, stmt->n_returning_list);
	}
	finish_query(pstate, qry, NULL);
	return qry;
}

/* ---- DELETE ---- */

static Query *
transformDeleteStmt(ParseState *pstate, const PgQuery__DeleteStmt *stmt)
{
	Query *qry = make_query(CMD_DELETE);
	Node *qual;

	if (stmt->with_clause != NULL)
		transformWithClause(pstate, stmt->with_clause);
	qry->resultRelation =
		setTargetTable(pstate, stmt->relation, true, ACL_DELETE);
	transformFromClause(pstate, stmt->using_clause, stmt->n_using_clause);
	qual = transformWhereClause(pstate, stmt->where_clause, EXPR_KIND_WHERE,
	                            "WHERE");
	qry->returningList = transformReturningList(pstate, stmt->returning_list,
	                                            stmt->n_returning_list);
	finish_query(pstate, qry, qual);
	return qry;
}

/* ---- UPDATE ---- */

/*
 * What a column is set to; NULL for DEFAULT.  In (a, b) = ROW(...) the grammar
 * gives each column the whole row and its place in it.
 */
static Expr *
transform_update_source(ParseState *pstate, PgQuery__Node *val)
{
	if (val->node_case == PG_QUERY__NODE__NODE_MULTI_ASSIGN_REF)
	{
		const PgQuery__MultiAssignRef *ref = val->multi_assign_ref;
		const PgQuery__RowExpr *row;

		if (ref->source->node_case != PG_QUERY__NODE__NODE_ROW_EXPR)
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("source for a multiple-column UPDATE item must be "
			                "a ROW() expression"),
			         parser_errposition(pstate, pgq_location(ref->source))));
		row = ref->source->row_expr;
		if (row->n_args != ref->ncolumns)
			ereport(ERROR,
			        (errcode(ERRCODE_SYNTAX_ERROR),
			         errmsg("number of columns does not match number of "
			                "values"),
			         parser_errposition(pstate, pgq_location(ref->source))));
		val = row->args[ref->colno - 1];
	}
	if (val->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT)
		return NULL;
	return (Expr *) transformExpr(pstate, val, EXPR_KIND_UPDATE_SOURCE);
}

/* Entries of the columns that are set; the planner adds the others. */
static List *
transformUpdateTargetList(ParseState *pstate, PgQuery__Node **list, size_t n)
{
	Relation rel = pstate->p_target_relation;
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
	{
		const PgQuery__ResTarget *target = list[i]->res_target;
		Expr *source = transform_update_source(pstate, target->val);
		int attrno = attnameAttNum(rel, target->name, true);
		Expr *expr;

		if (attrno == InvalidAttrNumber)
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_COLUMN),
			         errmsg("column \"%s\" of relation \"%s\" does not exist",
			                target->name, RelationGetRelationName(rel)),
			         parser_errposition(pstate, target->location)));
		if (target->n_indirection > 0)
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("assignment to a part of a column is not "
			                       "supported"),
			                parser_errposition(pstate, target->location)));
		expr = transformAssignedExpr(pstate, source, EXPR_KIND_UPDATE_TARGET,
		                             target->name, attrno, target->location);
		if (get_tle_by_resno(result, (AttrNumber) attrno) != NULL)
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("multiple assignments to same column \"%s\"",
			                       target->name)));
		result = lappend(result, makeTargetEntry(expr, (AttrNumber) attrno,
		                                         pstrdup(target->name), false));
	}
	return result;
}

static Query *
transformUpdateStmt(ParseState *pstate, const PgQuery__UpdateStmt *stmt)
{
	Query *qry = make_query(CMD_UPDATE);
	Node *qual;

	if (stmt->with_clause != NULL)
		transformWithClause(pstate, stmt->with_clause);
	qry->resultRelation =
		setTargetTable(pstate, stmt->relation, true, ACL_UPDATE);
	transformFromClause(pstate, stmt->from_clause, stmt->n_from_clause);
	qual = transformWhereClause(pstate, stmt->where_clause, EXPR_KIND_WHERE,
	                            "WHERE");
	qry->returningList = transformReturningList(pstate, stmt->returning_list,
	                                            stmt->n_returning_list);
	qry->targetList = transformUpdateTargetList(pstate, stmt->target_list,
	                                            stmt->n_target_list);
	finish_query(pstate, qry, qual);
	return qry;
}
