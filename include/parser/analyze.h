/*
 * parser/analyze.h
 *		Parse analysis: from a raw statement to a Query.
 *
 * Corresponds to PostgreSQL's parser/analyze.h.
 */
#ifndef ANALYZE_H
#define ANALYZE_H

#include "parser/parse_node.h"
#include "utils/queryjumble.h"

/* Called with every analysed statement; jstate NULL: no identifier, or of a
 * utility statement. */
typedef void (*post_parse_analyze_hook_type)(ParseState *pstate, Query *query,
                                             JumbleState *jstate);
extern post_parse_analyze_hook_type post_parse_analyze_hook;

/* numParams types; a type of 0 or a parameter beyond is an error */
extern Query *
parse_analyze_fixedparams(RawStmt *parseTree, const char *sourceText,
                          const Oid *paramTypes, int numParams);
/*
 * Types of 0 are deduced from use; the array grows (repalloc'd or palloc'd in
 * the current context).  ERROR 42P18 if one cannot be told.
 */
extern Query *
parse_analyze_varparams(RawStmt *parseTree, const char *sourceText,
                        Oid **paramTypes, int *numParams);

/*
 * The last step of both, also for a statement that stands in another one: its
 * identifier, and the hook.
 */
extern void identify_query(ParseState *pstate, Query *query);

/* Of a Query below parentParseState; for sub-selects. */
extern Query *
parse_sub_analyze(PgQuery__Node *parseTree, ParseState *parentParseState);
extern Query *transformTopLevelStmt(ParseState *pstate, RawStmt *parseTree);
extern Query *transformStmt(ParseState *pstate, PgQuery__Node *parseTree);

/* Does executing or analysing it need a snapshot? (not: SET, BEGIN, ...) */
extern bool analyze_requires_snapshot(RawStmt *parseTree);
/* Does the statement return rows, and which Query does? NULL: none. */
extern Query *query_returning_rows(Query *query);

#endif /* ANALYZE_H */
