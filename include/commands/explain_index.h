/*
 * commands/explain_index.h
 *		EXPLAIN CREATE INDEX.
 *
 * PostgreSQL has nothing of the kind.
 */
#ifndef EXPLAIN_INDEX_H
#define EXPLAIN_INDEX_H

#include "commands/explain.h"

/* Appends the estimate to es->str; with ANALYZE the index is built. */
extern void ExplainCreateIndex(PgQuery__IndexStmt *stmt, ExplainState *es,
                               const char *queryString);

#endif /* EXPLAIN_INDEX_H */
