/*
 * parser/parser.h
 *		From text to raw statements.
 *
 * Corresponds to PostgreSQL's parser/parser.h.
 */
#ifndef PARSER_H
#define PARSER_H

#include "nodes/parsenodes.h"

/*
 * A List of RawStmt, in CurrentMemoryContext.  ERROR 42601 "syntax error at or
 * near ..." with the cursor position, and what else the grammar rejects.
 */
extern List *raw_parser(const char *str);
/*
 * parse_explain_index.c: of a text that the grammar refuses.  NIL: there is no
 * EXPLAIN CREATE INDEX in it; else as raw_parser.
 */
extern List *parse_explain_create_index(const char *str);
/* the same, under the name that the main loop uses */
extern List *pg_parse_query(const char *query_string);

#endif /* PARSER_H */
