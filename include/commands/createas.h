/*
 * commands/createas.h
 *		CREATE TABLE ... AS and SELECT INTO.
 *
 * Corresponds to PostgreSQL's commands/createas.h.
 */
#ifndef CREATEAS_H
#define CREATEAS_H

#include "nodes/params.h"
#include "nodes/parsenodes.h"
#include "parser/pg_query_tree.h"
#include "tcop/cmdtag.h"
#include "tcop/dest.h"

/*
 * query: the analyzed statement inside.  qc gets "SELECT n", and is left alone
 * if no row was asked for.
 */
extern void ExecCreateTableAs(PgQuery__CreateTableAsStmt *stmt, Query *query,
                              const char *queryString, ParamListInfo params,
                              QueryCompletion *qc);

/*
 * Is there such a relation already?  ERROR 42P07, or with IF NOT EXISTS a
 * NOTICE and true.
 */
extern bool CreateTableAsRelExists(PgQuery__CreateTableAsStmt *stmt);

/* Makes the table when it is started, and puts the rows there. */
extern DestReceiver *CreateIntoRelDestReceiver(PgQuery__IntoClause *intoClause,
                                               const char *queryString);

#endif /* CREATEAS_H */
