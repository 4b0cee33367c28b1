/*
 * parser.c
 *		From text to raw statements, by libpg_query.
 *
 * libpg_query is PostgreSQL's own grammar.  It parses in memory of its own
 * (malloc), reports errors in its result rather than by longjmp, and would give
 * the tree as a packed protobuf message.  Packing and unpacking take longer
 * than parsing, most of all with the values of many rows: so the two functions
 * with which it packs the result are replaced here (the build makes its own
 * ones weak), and the tree is copied into CurrentMemoryContext as it is.
 *
 * The copy is made inside of libpg_query's call: an error there is kept until
 * the call is over, as its memory is given back then.  Whatever happens, its
 * result is freed.
 *
 * It keeps no SQLSTATE: nearly all it can say is a syntax error, the others are
 * told by their text.
 */
#include "postgres.h"

#include <pg_query.h>

#include "nodes/parsenodes.h"
#include "parser/parse_depth.h"
#include "parser/parser.h"
#include "parser/pg_query_tree.h"
#include "utils/memutils.h"

/* Messages of the grammar that are not syntax errors. */
static const struct
{
	const char *text;
	int sqlstate;
} grammar_errors[] = {
	{"not yet implemented", ERRCODE_FEATURE_NOT_SUPPORTED},
	{"is not supported", ERRCODE_FEATURE_NOT_SUPPORTED},
	{"not yet supported", ERRCODE_FEATURE_NOT_SUPPORTED},
	{"cannot be marked", ERRCODE_FEATURE_NOT_SUPPORTED},
	{"out of memory", ERRCODE_OUT_OF_MEMORY},
	{"stack depth limit exceeded", ERRCODE_STATEMENT_TOO_COMPLEX},
	{"invalid byte sequence", ERRCODE_CHARACTER_NOT_IN_REPERTOIRE},
	{"Failed to open pipe", ERRCODE_INSUFFICIENT_RESOURCES},
};

static int
grammar_sqlstate(const char *message)
{
	for (size_t i = 0; i < lengthof(grammar_errors); i++)
	{
		if (strstr(message, grammar_errors[i].text) != NULL)
			return grammar_errors[i].sqlstate;
	}
	return ERRCODE_SYNTAX_ERROR;
}

/* libpg_query drops hints; these are the grammar's. */
static int
grammar_hint(const char *message)
{
	if (strcmp(message, "subquery in FROM must have an alias") == 0)
		return errhint("For example, FROM (SELECT ...) [AS] foo.");
	if (strcmp(message, "VALUES in FROM must have an alias") == 0)
		return errhint("For example, FROM (VALUES ...) [AS] foo.");
	return 0;
}

/* What pg_query__parse_result__pack has left for raw_parser. */
static PgQuery__ParseResult *parsed = NULL;
static ErrorData *parse_error = NULL;

/* Nothing is packed. */
size_t
pg_query__parse_result__get_packed_size(const PgQuery__ParseResult *message)
{
	return 0;
}

size_t
pg_query__parse_result__pack(const PgQuery__ParseResult *message, uint8_t *out)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		parsed = pgq_copy_parse_result(message);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		parse_error = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	return 0;
}

static void
report_grammar_error(const PgQueryError *error)
{
	ereport(ERROR, (errcode(grammar_sqlstate(error->message)),
	                errmsg("%s", error->message), grammar_hint(error->message),
	                error->cursorpos > 0 ? errposition(error->cursorpos) : 0));
}

/*
 * SELECT INTO is CREATE TABLE AS in other words: from here on it is one.  INTO
 * stands in the first SELECT of a UNION.  Where no table can be made it stays,
 * and the analysis refuses it.
 */
static void
lift_select_into(PgQuery__Node *stmt)
{
	PgQuery__SelectStmt *first;
	PgQuery__CreateTableAsStmt *create;
	PgQuery__Node *query;

	switch (stmt->node_case)
	{
		case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
			lift_select_into(stmt->explain_stmt->query);
			return;
		case PG_QUERY__NODE__NODE_PREPARE_STMT:
			lift_select_into(stmt->prepare_stmt->query);
			return;
		case PG_QUERY__NODE__NODE_SELECT_STMT:
			break;
		default:
			return;
	}
	first = stmt->select_stmt;
	while (first->larg != NULL)
		first = first->larg;
	if (first->into_clause == NULL)
		return;
	query = palloc_object(PgQuery__Node);
	*query = *stmt;
	create = palloc_object(PgQuery__CreateTableAsStmt);
	pg_query__create_table_as_stmt__init(create);
	create->query = query;
	create->into = first->into_clause;
	create->objtype = PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;
	create->is_select_into = true;
	first->into_clause = NULL;
	stmt->node_case = PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT;
	stmt->create_table_as_stmt = create;
}

static List *
raw_statements(const PgQuery__ParseResult *tree)
{
	List *stmts = NIL;

	for (size_t i = 0; i < tree->n_stmts; i++)
	{
		RawStmt *stmt = makeNode(RawStmt);

		stmt->stmt = tree->stmts[i]->stmt;
		lift_select_into(stmt->stmt);
		stmt->stmt_location = tree->stmts[i]->stmt_location;
		stmt->stmt_len = tree->stmts[i]->stmt_len;
		stmts = lappend(stmts, stmt);
	}
	return stmts;
}

List *
raw_parser(const char *str)
{
	/* volatile is not needed: unchanged after PG_TRY */
	PgQueryProtobufParseResult result;
	List *volatile explained = NIL;

	check_parse_depth(str);
	parsed = NULL;
	parse_error = NULL;
	result = pg_query_parse_protobuf(str);

	PG_TRY();
	{
		if (result.error != NULL)
		{
			explained = parse_explain_create_index(str);
			if (explained == NIL)
				report_grammar_error(result.error);
		}
	}
	PG_FINALLY();
	{
		pg_query_free_protobuf_parse_result(result);
	}
	PG_END_TRY();
	if (explained != NIL)
		return explained;
	if (parse_error != NULL)
		ReThrowError(parse_error);
	Assert(parsed != NULL);
	return raw_statements(parsed);
}

List *
pg_parse_query(const char *query_string)
{
	return raw_parser(query_string);
}
