/*
 * parser.c
 *		From text to raw statements, by libpg_query.
 *
 * libpg_query is PostgreSQL's own grammar.  It parses in memory of its own
 * (malloc), reports errors in its result rather than by longjmp, and gives the
 * tree as a packed protobuf message, which is unpacked into
 * CurrentMemoryContext here.  Whatever happens, its result is freed.
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

static List *
raw_statements(const PgQueryProtobufParseResult *result)
{
	PgQuery__ParseResult *tree;
	List *stmts = NIL;

	if (result->error != NULL)
		ereport(ERROR, (errcode(grammar_sqlstate(result->error->message)),
		                errmsg("%s", result->error->message),
		                grammar_hint(result->error->message),
		                result->error->cursorpos > 0
		                    ? errposition(result->error->cursorpos)
		                    : 0));
	tree = pg_query__parse_result__unpack(
		pgq_allocator(), result->parse_tree.len,
		(const uint8_t *) result->parse_tree.data);
	if (tree == NULL)
		elog(ERROR, "could not read the parse tree of %zu bytes",
		     result->parse_tree.len);
	for (size_t i = 0; i < tree->n_stmts; i++)
	{
		RawStmt *stmt = makeNode(RawStmt);

		stmt->stmt = tree->stmts[i]->stmt;
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
	List *volatile stmts = NIL;

	check_parse_depth(str);
	result = pg_query_parse_protobuf(str);

	PG_TRY();
	{
		stmts = raw_statements(&result);
	}
	PG_FINALLY();
	{
		pg_query_free_protobuf_parse_result(result);
	}
	PG_END_TRY();
	return stmts;
}

List *
pg_parse_query(const char *query_string)
{
	return raw_parser(query_string);
}
