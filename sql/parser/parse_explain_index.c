/*
 * parse_explain_index.c
 *		EXPLAIN CREATE INDEX, which the grammar does not know.
 *
 * PostgreSQL explains queries only, so its grammar ends at CREATE.  What the
 * scanner makes of the text tells where a statement begins with EXPLAIN, its
 * options, and CREATE [UNIQUE] INDEX.  There the words before CREATE become
 * blanks, and the text is parsed again: every other character stays where it
 * is, so positions, in errors too, are those of the text.  The options are
 * parsed as those of an EXPLAIN SELECT that ends there, and the CREATE INDEX
 * is put into it.
 *
 * Only texts that the grammar has refused come here: nothing else gets slower.
 */
#include "postgres.h"

#include <pg_query.h>

#include "parser/parser.h"
#include "parser/pg_query_tree.h"

typedef struct ScannedText
{
	PgQuery__ScanToken **tokens;
	size_t n;
} ScannedText;

/* A statement that is one: where it begins, and where CREATE stands. */
typedef struct ExplainedIndex
{
	int explain;
	int create;
} ExplainedIndex;

static bool
token_is(const ScannedText *text, size_t i, PgQuery__Token token)
{
	return i < text->n && text->tokens[i]->token == token;
}

/* Behind the options: ( ... ), or ANALYZE and VERBOSE. */
static size_t
skip_options(const ScannedText *text, size_t i)
{
	int depth = 0;

	if (!token_is(text, i, PG_QUERY__TOKEN__ASCII_40))
	{
		if (token_is(text, i, PG_QUERY__TOKEN__ANALYZE) ||
		    token_is(text, i, PG_QUERY__TOKEN__ANALYSE))
			i++;
		if (token_is(text, i, PG_QUERY__TOKEN__VERBOSE))
			i++;
		return i;
	}
	for (; i < text->n; i++)
	{
		if (token_is(text, i, PG_QUERY__TOKEN__ASCII_40))
			depth++;
		else if (token_is(text, i, PG_QUERY__TOKEN__ASCII_41) && --depth == 0)
			return i + 1;
	}
	return i;
}

/* The places, as ExplainedIndexes; found is a copy. */
static List *
find_in_tokens(const ScannedText *text)
{
	List *found = NIL;

	for (size_t i = 0; i < text->n; i++)
	{
		ExplainedIndex *place;
		size_t create;
		size_t index;

		if (!token_is(text, i, PG_QUERY__TOKEN__EXPLAIN) ||
		    (i > 0 && !token_is(text, i - 1, PG_QUERY__TOKEN__ASCII_59)))
			continue;
		create = skip_options(text, i + 1);
		index = create + 1;
		if (token_is(text, index, PG_QUERY__TOKEN__UNIQUE))
			index++;
		if (!token_is(text, create, PG_QUERY__TOKEN__CREATE) ||
		    !token_is(text, index, PG_QUERY__TOKEN__INDEX))
			continue;
		place = palloc_object(ExplainedIndex);
		place->explain = text->tokens[i]->start;
		place->create = text->tokens[create]->start;
		found = lappend(found, place);
	}
	return found;
}

/* Comments are no tokens to the grammar. */
static void
drop_comments(ScannedText *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->n; i++)
	{
		PgQuery__Token token = text->tokens[i]->token;

		if (token != PG_QUERY__TOKEN__SQL_COMMENT &&
		    token != PG_QUERY__TOKEN__C_COMMENT)
			text->tokens[n++] = text->tokens[i];
	}
	text->n = n;
}

static List *
find_explained_indexes(const char *str)
{
	/* volatile is not needed: unchanged after PG_TRY */
	PgQueryScanResult result = pg_query_scan(str);
	PgQuery__ScanResult *scan = NULL;
	List *found = NIL;

	if (result.error == NULL)
		scan = pg_query__scan_result__unpack(NULL, result.pbuf.len,
		                                     (uint8_t *) result.pbuf.data);
	pg_query_free_scan_result(result);
	if (scan == NULL)
		return NIL;
	PG_TRY();
	{
		/* the message is freed by its own list of tokens */
		ScannedText text = {palloc(sizeof(*text.tokens) * (scan->n_tokens + 1)),
		                    scan->n_tokens};

		memcpy(text.tokens, scan->tokens,
		       sizeof(*text.tokens) * scan->n_tokens);
		drop_comments(&text);
		found = find_in_tokens(&text);
	}
	PG_FINALLY();
	{
		pg_query__scan_result__free_unpacked(scan, NULL);
	}
	PG_END_TRY();
	return found;
}

/* Comments too: what is left of one may end the blanks' statement. */
static void
blank(char *text, int from, int to)
{
	memset(text + from, ' ', to - from);
}

/* The statement in which the position lies. */
static RawStmt *
statement_at(List *stmts, int position)
{
	ListCell *lc;

	foreach (lc, stmts)
	{
		RawStmt *raw = lfirst_node(RawStmt, lc);

		if (raw->stmt_location <= position &&
		    (raw->stmt_len == 0 ||
		     position < raw->stmt_location + raw->stmt_len))
			return raw;
	}
	elog(ERROR, "statement not found in its text");
}

/* Put EXPLAIN with its options, as they stand in the text, around it. */
static void
wrap_statement(RawStmt *raw, const char *str, const ExplainedIndex *place)
{
	int end = raw->stmt_location + raw->stmt_len;
	char *prefix =
		psprintf("%*s%.*s SELECT", place->explain, "",
	             place->create - place->explain, str + place->explain);
	RawStmt *explain = linitial_node(RawStmt, raw_parser(prefix));
	PgQuery__Node *query = explain->stmt->explain_stmt->query;

	*query = *raw->stmt;
	raw->stmt = explain->stmt;
	if (raw->stmt_location > place->explain)
	{
		raw->stmt_location = place->explain;
		if (raw->stmt_len != 0)
			raw->stmt_len = end - place->explain;
	}
}

List *
parse_explain_create_index(const char *str)
{
	List *places = find_explained_indexes(str);
	char *blanked;
	List *stmts;
	ListCell *lc;

	if (places == NIL)
		return NIL;
	blanked = pstrdup(str);
	foreach (lc, places)
	{
		ExplainedIndex *place = lfirst(lc);

		blank(blanked, place->explain, place->create);
	}
	stmts = raw_parser(blanked);
	foreach (lc, places)
	{
		ExplainedIndex *place = lfirst(lc);

		wrap_statement(statement_at(stmts, place->create), str, place);
	}
	return stmts;
}
