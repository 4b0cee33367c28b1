/*
 * commands/prepare.h
 *		Prepared statements: PREPARE, EXECUTE, DEALLOCATE, and the named ones
 *		of the extended protocol.
 */
#ifndef PREPARE_H
#define PREPARE_H

#include "tcop/cmdtag.h"
#include "utils/plancache.h"

struct ParamListInfoData;
struct _DestReceiver;

typedef struct PreparedStatement
{
	char stmt_name[NAMEDATALEN]; /* hash key: must be first */
	CachedPlanSource *plansource;
	bool from_sql; /* by PREPARE */
	TimestampTz prepare_time;
} PreparedStatement;

/* Utility statements PREPARE, EXECUTE, DEALLOCATE. */
extern void PrepareQuery(PgQuery__PrepareStmt *stmt, const char *sourceText,
                         int stmt_location, int stmt_len);
/* intoClause: of the CREATE TABLE AS that dest belongs to, or NULL */
extern void
ExecuteQuery(PgQuery__ExecuteStmt *stmt, PgQuery__IntoClause *intoClause,
             const char *sourceText, struct ParamListInfoData *params,
             struct _DestReceiver *dest, QueryCompletion *qc);
extern void DeallocateQuery(PgQuery__DeallocateStmt *stmt);
/* The plan of an EXECUTE and its parameters, for EXPLAIN EXECUTE. */
extern struct PlannedStmt *
PlanExecuteStmt(PgQuery__ExecuteStmt *stmt, const char *sourceText,
                struct ParamListInfoData *params, const char **query_string,
                struct ParamListInfoData **bound);

extern void StorePreparedStatement(const char *stmt_name,
                                   CachedPlanSource *plansource, bool from_sql);
/* NULL, or ERROR 26000 */
extern PreparedStatement *
FetchPreparedStatement(const char *stmt_name, bool throwError);
extern void DropPreparedStatement(const char *stmt_name, bool showError);
extern void DropAllPreparedStatements(void);
extern void
ForEachPreparedStatement(void (*action)(PreparedStatement *entry, void *arg),
                         void *arg);
/* A copy of the row descriptor of EXECUTE; NULL: no rows. */
extern TupleDesc FetchPreparedStatementResultDesc(PreparedStatement *stmt);
extern List *FetchPreparedStatementTargetList(PreparedStatement *stmt);

#endif /* PREPARE_H */
