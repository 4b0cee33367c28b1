/*
 * parser/parse_utilcmd.h
 *		Analysis of the expressions in utility statements.
 *
 * Corresponds to PostgreSQL's parser/parse_utilcmd.h.
 */
#ifndef PARSE_UTILCMD_H
#define PARSE_UTILCMD_H

#include "parser/parse_node.h"

/* What CREATE INDEX says in expressions; Vars of varno 1 are the table's. */
typedef struct IndexStmtExprs
{
	List *elements;     /* per column: its expression, NULL if it is a name */
	List *colnames;     /* per column: what its expression suggests, or NULL */
	Node *where_clause; /* NULL: none */
} IndexStmtExprs;

/* the table is open and locked */
extern IndexStmtExprs *
transformIndexStmt(Relation rel, const PgQuery__IndexStmt *stmt,
                   const char *queryString);

#endif /* PARSE_UTILCMD_H */
