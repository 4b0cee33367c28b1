/*
 * commands/explain.h
 *		EXPLAIN.
 *
 * Corresponds to PostgreSQL's commands/explain.h, FORMAT TEXT and JSON.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "executor/execdesc.h"
#include "lib/stringinfo.h"
#include "parser/pg_query_tree.h"

typedef enum ExplainFormat
{
	EXPLAIN_FORMAT_TEXT,
	EXPLAIN_FORMAT_JSON
} ExplainFormat;

typedef struct ExplainState
{
	StringInfo str;
	ExplainFormat format;
	bool verbose;
	bool analyze;
	bool costs;
	bool buffers;
	bool timing;
	bool summary;
	bool settings;
	int indent;           /* levels */
	List *grouping_stack; /* explain_format.c */
	List *rtable;
	List *rtable_names; /* of char * */
	List *deparse_cxt;
	PlannedStmt *pstmt;
} ExplainState;

extern void
ExplainQuery(PgQuery__ExplainStmt *stmt, Query *inner, const char *queryString,
             ParamListInfo params, DestReceiver *dest);
extern TupleDesc ExplainResultDesc(PgQuery__ExplainStmt *stmt);

extern ExplainState *NewExplainState(void);
/*
 * plan and explain one statement; planduration NULL: not shown; into:
 * of the CREATE TABLE AS around it, or NULL
 */
extern void ExplainOneQuery(Query *query, int cursorOptions,
                            PgQuery__IntoClause *into, ExplainState *es,
                            const char *queryString, ParamListInfo params);
extern void
ExplainOnePlan(PlannedStmt *plannedstmt, PgQuery__IntoClause *into,
               ExplainState *es, const char *queryString, ParamListInfo params,
               const instr_time *planduration, const BufferUsage *bufusage);
/* an EXPLAIN EXECUTE of a prepared statement (prepare.c) */
extern void ExplainExecuteQuery(PgQuery__ExecuteStmt *execstmt,
                                PgQuery__IntoClause *into, ExplainState *es,
                                const char *queryString, ParamListInfo params);
/* the plan tree of a started query, appended to es->str */
extern void ExplainPrintPlan(ExplainState *es, QueryDesc *queryDesc);

#endif /* EXPLAIN_H */
