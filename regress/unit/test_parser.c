/*
 * test_parser.c
 *		From text to Query, as far as no table is named.  Story: what the
 *		grammar and the analysis say of wrong statements, and where in the text,
 *		is what PostgreSQL 15 says; what they make of right ones has the types
 *		and names that it has.
 *
 * The search path is empty, so that only compiled rows are asked for names.
 */
#include "postgres.h"

#include <CUnit/Basic.h>

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parser.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/memutils.h"

static Query *
analyze(const char *text)
{
	List *raw = pg_parse_query(text);
	Oid *types = NULL;
	int ntypes = 0;

	CU_ASSERT_EQUAL_FATAL(list_length(raw), 1);
	return parse_analyze_varparams(linitial(raw), text, &types, &ntypes);
}

/* ---- the grammar ---- */

static void
test_statements(void)
{
	const char *text = "SELECT 1; BEGIN ;; EXPLAIN SELECT 2";
	List *raw = pg_parse_query(text);
	RawStmt *stmt;

	CU_ASSERT_EQUAL_FATAL(list_length(raw), 3);
	stmt = list_nth(raw, 0);
	CU_ASSERT_EQUAL(stmt->stmt->node_case, PG_QUERY__NODE__NODE_SELECT_STMT);
	CU_ASSERT_EQUAL(stmt->stmt_len, 8);
	stmt = list_nth(raw, 1);
	CU_ASSERT_EQUAL(stmt->stmt->node_case,
	                PG_QUERY__NODE__NODE_TRANSACTION_STMT);
	CU_ASSERT_EQUAL(stmt->stmt_location, 9);
	stmt = list_nth(raw, 2);
	CU_ASSERT_EQUAL(stmt->stmt->node_case, PG_QUERY__NODE__NODE_EXPLAIN_STMT);
	CU_ASSERT_EQUAL(stmt->stmt_len, 0);
	CU_ASSERT_PTR_NULL(pg_parse_query(""));
	CU_ASSERT_PTR_NULL(pg_parse_query(" ; -- nothing"));
}

/* EXPLAIN CREATE INDEX: where the statements are, as of any others. */
static void
test_explained_index(void)
{
	const char *text = "SELECT 1; EXPLAIN (costs off) CREATE UNIQUE INDEX ON t "
					   "(a); /* x; */ EXPLAIN VERBOSE CREATE INDEX ON t (b)";
	List *raw = pg_parse_query(text);
	RawStmt *stmt;

	CU_ASSERT_EQUAL_FATAL(list_length(raw), 3);
	for (int i = 1; i < 3; i++)
	{
		PgQuery__ExplainStmt *explain;

		stmt = list_nth(raw, i);
		CU_ASSERT_EQUAL_FATAL(stmt->stmt->node_case,
		                      PG_QUERY__NODE__NODE_EXPLAIN_STMT);
		explain = stmt->stmt->explain_stmt;
		CU_ASSERT_EQUAL(explain->n_options, 1);
		CU_ASSERT_EQUAL_FATAL(explain->query->node_case,
		                      PG_QUERY__NODE__NODE_INDEX_STMT);
		CU_ASSERT_EQUAL(explain->query->index_stmt->unique, i == 1);
	}
	stmt = list_nth(raw, 1);
	CU_ASSERT(stmt->stmt_location <= 10);
	CU_ASSERT_EQUAL(stmt->stmt_location + stmt->stmt_len,
	                strchr(text + 10, ';') - text);
	stmt = list_nth(raw, 2);
	CU_ASSERT(stmt->stmt_location <= strstr(text, "EXPLAIN V") - text);
	CU_ASSERT_EQUAL(stmt->stmt_len, 0);
}

/* ---- types and names of output columns ---- */

typedef struct ColumnCase
{
	const char *text;
	Oid type;
	const char *name;
} ColumnCase;

static const ColumnCase columns[] = {
	{"SELECT 1", INT4OID, "?column?"},
	{"SELECT 3000000000", INT8OID, "?column?"},
	{"SELECT 'x'", TEXTOID, "?column?"},
	{"SELECT NULL", TEXTOID, "?column?"},
	{"SELECT NULL AS nothing", TEXTOID, "nothing"},
	{"SELECT 1 + 1", INT4OID, "?column?"},
	{"SELECT 1 + 3000000000", INT8OID, "?column?"},
	{"SELECT 1 < 2 AND NOT 3 = 4", BOOLOID, "?column?"},
	{"SELECT '7'::int8", INT8OID, "int8"},
	{"SELECT abs(-5)", INT4OID, "abs"},
	{"SELECT CASE WHEN 1 = 1 THEN 2 ELSE 3 END", INT4OID, "case"},
	{"SELECT CASE 1 WHEN 2 THEN 'a' END", TEXTOID, "case"},
	{"SELECT CASE WHEN 1 = 1 THEN 2 ELSE 3000000000 END", INT8OID, "case"},
	{"SELECT COALESCE(NULL, 3)", INT4OID, "coalesce"},
	{"SELECT NULLIF(1, 1)", INT4OID, "nullif"},
	{"SELECT GREATEST(1, 2)", INT4OID, "greatest"},
	{"SELECT LEAST(1, 2)", INT4OID, "least"},
	{"SELECT CURRENT_USER", NAMEOID, "current_user"},
	{"SELECT 1 IN (1, 2)", BOOLOID, "?column?"},
	{"SELECT 2 BETWEEN 1 AND 3", BOOLOID, "?column?"},
	{"SELECT 1 IS NULL", BOOLOID, "?column?"},
	{"SELECT (1 = 1) IS TRUE", BOOLOID, "?column?"},
	{"SELECT 1 IS DISTINCT FROM 2", BOOLOID, "?column?"},
	{"SELECT 'a' || 'b'", TEXTOID, "?column?"},
	{"SELECT count(*)", INT8OID, "count"},
	{"SELECT (SELECT 5 AS five)", INT4OID, "five"},
	{"SELECT EXISTS (SELECT 1)", BOOLOID, "exists"},
	{"SELECT a + 1 FROM (SELECT 1 AS a) s", INT4OID, "?column?"},
	{"SELECT s.b FROM (SELECT 1, 'x') s (a, b)", TEXTOID, "b"},
	{"SELECT * FROM (VALUES (1), (3000000000)) v", INT8OID, "column1"},
	{"VALUES (NULL), ('x')", TEXTOID, "column1"},
	{"WITH w AS (SELECT 1 AS n) SELECT n FROM w", INT4OID, "n"},
	{"WITH w (m) AS (SELECT 1 AS n) SELECT w.m FROM w", INT4OID, "m"},
};

static void
test_columns(void)
{
	for (size_t i = 0; i < lengthof(columns); i++)
	{
		const ColumnCase *c = &columns[i];
		Query *query = analyze(c->text);
		TargetEntry *tle = linitial(query->targetList);

		if (exprType((Node *) tle->expr) != c->type ||
		    strcmp(tle->resname, c->name) != 0)
		{
			printf("%s: \"%s\" of type %u\n", c->text, tle->resname,
			       exprType((Node *) tle->expr));
			CU_FAIL("wrong type or name");
		}
	}
}

/* ---- errors ---- */

typedef struct ErrorCase
{
	const char *text;
	int sqlstate;
	int position;
	const char *message;
	const char *hint;
} ErrorCase;

static const ErrorCase errors[] = {
	{"SELEC 1", ERRCODE_SYNTAX_ERROR, 1, "syntax error at or near \"SELEC\"",
     NULL},
	{"SELECT (", ERRCODE_SYNTAX_ERROR, 9, "syntax error at end of input", NULL},
	{"SELECT 'x", ERRCODE_SYNTAX_ERROR, 8,
     "unterminated quoted string at or near \"'x\"", NULL},
	{"SELECT nothing", ERRCODE_UNDEFINED_COLUMN, 8,
     "column \"nothing\" does not exist", NULL},
	/* positions count characters, not bytes */
	{"SELECT '\xc3\xa4\xc3\xb6', nothing", ERRCODE_UNDEFINED_COLUMN, 14,
     "column \"nothing\" does not exist", NULL},
	{"SELECT *", ERRCODE_SYNTAX_ERROR, 8,
     "SELECT * with no tables specified is not valid", NULL},
	{"SELECT nosuch(1, 'x')", ERRCODE_UNDEFINED_FUNCTION, 8,
     "function nosuch(integer, unknown) does not exist",
     "No function matches the given name and argument types. You might need to "
     "add explicit type casts."},
	{"SELECT 1 + true", ERRCODE_UNDEFINED_FUNCTION, 10,
     "operator does not exist: integer + boolean",
     "No operator matches the given name and argument types. You might need to "
     "add explicit type casts."},
	{"SELECT 'abc'::int4", ERRCODE_INVALID_TEXT_REPRESENTATION, 8,
     "invalid input syntax for type integer: \"abc\"", NULL},
	{"SELECT 1::nosuch", ERRCODE_UNDEFINED_OBJECT, 11,
     "type \"nosuch\" does not exist", NULL},
	{"SELECT 1 WHERE 2", ERRCODE_DATATYPE_MISMATCH, 16,
     "argument of WHERE must be type boolean, not type integer", NULL},
	{"SELECT 1 LIMIT true", ERRCODE_DATATYPE_MISMATCH, 16,
     "argument of LIMIT must be type bigint, not type boolean", NULL},
	{"SELECT a FROM (SELECT 1) s (a) LIMIT a", ERRCODE_INVALID_COLUMN_REFERENCE,
     38, "argument of LIMIT must not contain variables", NULL},
	{"SELECT 1 ORDER BY 2", ERRCODE_INVALID_COLUMN_REFERENCE, 19,
     "ORDER BY position 2 is not in select list", NULL},
	{"SELECT 1 ORDER BY 'x'", ERRCODE_SYNTAX_ERROR, 19,
     "non-integer constant in ORDER BY", NULL},
	{"SELECT 1 AS a, 2 AS a ORDER BY a", ERRCODE_AMBIGUOUS_COLUMN, 32,
     "ORDER BY \"a\" is ambiguous", NULL},
	{"SELECT a, count(*) FROM (SELECT 1 AS a) s", ERRCODE_GROUPING_ERROR, 8,
     "column \"s.a\" must appear in the GROUP BY clause or be used in an "
     "aggregate function",
     NULL},
	{"SELECT 1 WHERE count(*) > 0", ERRCODE_GROUPING_ERROR, 16,
     "aggregate functions are not allowed in WHERE", NULL},
	{"SELECT count(count(*))", ERRCODE_GROUPING_ERROR, 14,
     "aggregate function calls cannot be nested", NULL},
	{"SELECT 1 GROUP BY count(*)", ERRCODE_GROUPING_ERROR, 19,
     "aggregate functions are not allowed in GROUP BY", NULL},
	{"SELECT version(*)", ERRCODE_WRONG_OBJECT_TYPE, 8,
     "version(*) specified, but version is not an aggregate function", NULL},
	{"SELECT (SELECT 1, 2)", ERRCODE_SYNTAX_ERROR, 8,
     "subquery must return only one column", NULL},
	{"VALUES (1), (2, 3)", ERRCODE_SYNTAX_ERROR, 14,
     "VALUES lists must all be the same length", NULL},
	{"SELECT CASE WHEN true THEN 1 ELSE true END", ERRCODE_DATATYPE_MISMATCH,
     28, "CASE types boolean and integer cannot be matched", NULL},
	{"SELECT DEFAULT", ERRCODE_SYNTAX_ERROR, 8,
     "DEFAULT is not allowed in this context", NULL},
	{"SELECT number FROM (SELECT 1 AS numbers) s", ERRCODE_UNDEFINED_COLUMN, 8,
     "column \"number\" does not exist",
     "Perhaps you meant to reference the column \"s.numbers\"."},
	{"SELECT s.b FROM (SELECT 1 AS a) s", ERRCODE_UNDEFINED_COLUMN, 8,
     "column s.b does not exist", NULL},
	{"SELECT a FROM (SELECT 1 AS a, 2 AS a) s", ERRCODE_AMBIGUOUS_COLUMN, 8,
     "column reference \"a\" is ambiguous", NULL},
	{"SELECT * FROM (SELECT 1) s (a, b)", ERRCODE_INVALID_COLUMN_REFERENCE, 0,
     "table \"s\" has 1 columns available but 2 columns specified", NULL},
	{"WITH w AS (SELECT 1), w AS (SELECT 2) SELECT 3", ERRCODE_DUPLICATE_ALIAS,
     23, "WITH query name \"w\" specified more than once", NULL},
	{"SELECT $1 IS NULL", ERRCODE_INDETERMINATE_DATATYPE, 0,
     "could not determine data type of parameter $1", NULL},
	{"SELECT DISTINCT 1 ORDER BY 1 + 1", ERRCODE_INVALID_COLUMN_REFERENCE, 28,
     "for SELECT DISTINCT, ORDER BY expressions must appear in select list",
     NULL},
	{"SELECT a FROM (SELECT 1) x (a), (SELECT 2) y (a)",
     ERRCODE_AMBIGUOUS_COLUMN, 8, "column reference \"a\" is ambiguous", NULL},
	{"SELECT 1 FROM (SELECT 1) x (a), (SELECT 2) x (a)",
     ERRCODE_DUPLICATE_ALIAS, 0, "table name \"x\" specified more than once",
     NULL},
	{"SELECT 1 FROM (SELECT 1) x (a) JOIN (SELECT 2) y (b) USING (c)",
     ERRCODE_UNDEFINED_COLUMN, 0,
     "column \"c\" specified in USING clause does not exist in left table",
     NULL},
	{"SELECT 1 WHERE 1 IN (SELECT 1, 2)", ERRCODE_SYNTAX_ERROR, 18,
     "subquery has too many columns", NULL},
	{"SELECT 1 UNION SELECT 2, 3", ERRCODE_SYNTAX_ERROR, 23,
     "each UNION query must have the same number of columns", NULL},
	{"MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE",
     ERRCODE_FEATURE_NOT_SUPPORTED, 0, "MERGE is not supported", NULL},
};

static ErrorData *
error_of(const char *text)
{
	MemoryContext context = CurrentMemoryContext;
	ErrorData *volatile edata = NULL;

	PG_TRY();
	{
		analyze(text);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		edata = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	return edata;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
test_errors(void)
{
	for (size_t i = 0; i < lengthof(errors); i++)
	{
		const ErrorCase *c = &errors[i];
		ErrorData *e = error_of(c->text);

		if (e == NULL)
		{
			printf("%s: no error\n", c->text);
			CU_FAIL("no error");
		}
		else if (e->sqlerrcode != c->sqlstate || e->cursorpos != c->position ||
		         !same_text(e->message, c->message) ||
		         !same_text(e->hint, c->hint))
		{
			printf("%s: %s at %d: %s (%s)\n", c->text,
			       unpack_sql_state(e->sqlerrcode), e->cursorpos, e->message,
			       e->hint ? e->hint : "no hint");
			CU_FAIL("wrong error");
		}
	}
}

/* ---- shapes ---- */

/* A parameter's type is told by its use. */
static void
test_parameters(void)
{
	const char *text = "SELECT $2::text, $1 + 1, $3 LIMIT $4";
	List *raw = pg_parse_query(text);
	Oid *types = NULL;
	int ntypes = 0;

	parse_analyze_varparams(linitial(raw), text, &types, &ntypes);
	CU_ASSERT_EQUAL_FATAL(ntypes, 4);
	CU_ASSERT_EQUAL(types[0], INT4OID);
	CU_ASSERT_EQUAL(types[1], TEXTOID);
	CU_ASSERT_EQUAL(types[2], TEXTOID);
	CU_ASSERT_EQUAL(types[3], INT8OID);
}

static void
test_clauses(void)
{
	Query *query = analyze("SELECT b, count(*) FROM (VALUES (1, 2)) v (a, b) "
	                       "WHERE a > 0 GROUP BY b HAVING count(*) > 1 "
	                       "ORDER BY 2 DESC, b LIMIT 3 OFFSET 4");
	SortGroupClause *sort;
	RangeTblEntry *rte;

	CU_ASSERT_TRUE(query->hasAggs);
	CU_ASSERT_EQUAL_FATAL(list_length(query->sortClause), 2);
	CU_ASSERT_EQUAL(list_length(query->groupClause), 1);
	CU_ASSERT_EQUAL(list_length(query->targetList), 2);
	CU_ASSERT_PTR_NOT_NULL(query->havingQual);
	CU_ASSERT_PTR_NOT_NULL(query->jointree->quals);
	CU_ASSERT_EQUAL(exprType(query->limitCount), INT8OID);
	CU_ASSERT_EQUAL(exprType(query->limitOffset), INT8OID);
	sort = linitial(query->sortClause);
	CU_ASSERT_TRUE(sort->nulls_first);
	CU_ASSERT_EQUAL(get_sortgroupclause_tle(sort, query->targetList)->resno, 2);
	rte = linitial(query->rtable);
	CU_ASSERT_EQUAL(rte->rtekind, RTE_SUBQUERY);
	CU_ASSERT_STRING_EQUAL(rte->eref->aliasname, "v");

	/* a sort key that is not shown is a hidden column */
	query = analyze("SELECT a FROM (SELECT 1, 2) s (a, b) ORDER BY b + 1");
	CU_ASSERT_EQUAL(list_length(query->targetList), 2);
	CU_ASSERT_TRUE(((TargetEntry *) lsecond(query->targetList))->resjunk);

	/* and one that is shown is not computed twice */
	query = analyze("SELECT a + 1 FROM (SELECT 1) s (a) ORDER BY a + 1");
	CU_ASSERT_EQUAL(list_length(query->targetList), 1);
}

/* A join shows the columns of both sides, those of USING once and first. */
static void
test_joins(void)
{
	Query *query = analyze("SELECT *, x.b AS xb FROM (SELECT 1, 2) x (a, b) "
	                       "LEFT JOIN (SELECT 3, 4) y (c, b) USING (b)");
	static const char *const names[] = {"b", "a", "c", "xb"};
	JoinExpr *join;
	Var *var;

	CU_ASSERT_EQUAL_FATAL(list_length(query->targetList), 4);
	for (int i = 0; i < 4; i++)
	{
		TargetEntry *tle = list_nth(query->targetList, i);

		CU_ASSERT_STRING_EQUAL(tle->resname, names[i]);
	}
	var = (Var *) ((TargetEntry *) linitial(query->targetList))->expr;
	CU_ASSERT_EQUAL(var->varno, 1);
	CU_ASSERT_EQUAL(var->varattno, 2);
	CU_ASSERT_EQUAL_FATAL(list_length(query->jointree->fromlist), 1);
	join = linitial(query->jointree->fromlist);
	CU_ASSERT_TRUE_FATAL(IsA(join, JoinExpr));
	CU_ASSERT_EQUAL(join->jointype, JOIN_LEFT);
	CU_ASSERT_TRUE(IsA(join->quals, OpExpr));

	query = analyze("SELECT x.a, y.a FROM (SELECT 1) x (a), (SELECT 2) y (a) "
	                "WHERE x.a IN (SELECT 5)");
	CU_ASSERT_EQUAL(list_length(query->jointree->fromlist), 2);
	CU_ASSERT_TRUE(query->hasSubLinks);
}

static void
test_utility(void)
{
	Query *query = analyze("BEGIN");

	CU_ASSERT_EQUAL(query->commandType, CMD_UTILITY);
	CU_ASSERT_PTR_NULL(query->utilityQuery);
	CU_ASSERT_PTR_NULL(query_returning_rows(query));
	query = analyze("EXPLAIN SELECT 1");
	CU_ASSERT_EQUAL(query->commandType, CMD_UTILITY);
	CU_ASSERT_PTR_NOT_NULL_FATAL(query->utilityQuery);
	CU_ASSERT_EQUAL(query->utilityQuery->commandType, CMD_SELECT);
}

/* ---- trees as a catalog's text ---- */

/* Whatever the text: a tree, or an error. */
static void
read_damaged(const char *text)
{
	MemoryContext old = CurrentMemoryContext;
	MemoryContext cxt =
		AllocSetContextCreate(old, "damaged", ALLOCSET_DEFAULT_SIZES);

	MemoryContextSwitchTo(cxt);
	PG_TRY();
	{
		(void) stringToNode(text);
	}
	PG_CATCH();
	{
		FlushErrorState();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
}

static void
test_stored_trees(void)
{
	static const char instead[] = "(){}[]<>: 9-\\";
	Query *query = analyze(
		"SELECT a + 1, -a, b || 'x', a IS NULL, b IS NOT NULL, a = 1 IS TRUE, "
		"NOT a = 1 AND b = 'y' OR a > 2, a IS DISTINCT FROM 3, NULLIF(a, 4), "
		"a IN (1, 2), a <> ALL (ARRAY[5, a]), (ARRAY[a, 7])[a], "
		"CASE a WHEN 1 THEN b ELSE 'z' END, CASE WHEN a > 1 THEN b END, "
		"COALESCE(a, 9), GREATEST(a, 10), LEAST(b, 'w'), a::text, "
		"b::name, "
		"ARRAY[a]::text[], length(b), NULL::int4, 1.5, "
		"ARRAY[ARRAY[a]], b LIKE 'x%', 11::int8, 'text longer than a Datum' "
		"FROM (SELECT 1, 'b'::text) x (a, b)");
	List *trees = NIL;
	ListCell *lc;
	char *text;
	List *copy;
	int len;

	foreach (lc, query->targetList)
		trees =
			lappend(trees, castNode(TargetEntry, (Node *) lfirst(lc))->expr);
	text = nodeToString(trees);
	copy = stringToNode(text);
	CU_ASSERT_TRUE(equal(copy, trees));
	/* places are forgotten, nothing else */
	text = nodeToString(copy);
	CU_ASSERT_STRING_EQUAL(nodeToString(stringToNode(text)), text);
	CU_ASSERT_PTR_NULL(stringToNode("<>"));

	len = (int) strlen(text);
	for (int i = 0; i < len; i++)
	{
		char saved = text[i];

		text[i] = '\0';
		read_damaged(text);
		text[i] = instead[i % (sizeof(instead) - 1)];
		read_damaged(text);
		text[i] = saved;
	}
}

int
main(void)
{
	CU_pSuite suite;

	MemoryContextInit();
	InitializeGUCOptions();
	SetConfigOption("search_path", "", PGC_POSTMASTER, PGC_S_ARGV);
	CU_initialize_registry();
	suite = CU_add_suite("parser", NULL, NULL);
	CU_add_test(suite, "statements", test_statements);
	CU_add_test(suite, "explained_index", test_explained_index);
	CU_add_test(suite, "types and names of columns", test_columns);
	CU_add_test(suite, "errors", test_errors);
	CU_add_test(suite, "parameters", test_parameters);
	CU_add_test(suite, "clauses", test_clauses);
	CU_add_test(suite, "joins", test_joins);
	CU_add_test(suite, "utility statements", test_utility);
	CU_add_test(suite, "trees as a catalog's text", test_stored_trees);
	return unit_run();
}
