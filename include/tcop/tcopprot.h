/*
 * tcop/tcopprot.h
 *		The main loop of a backend, as other folders see it.
 */
#ifndef TCOPPROT_H
#define TCOPPROT_H

#include "nodes/parsenodes.h"
#include "tcop/dest.h"

struct PlannedStmt;
struct ParamListInfoData;

extern const char *debug_query_string; /* statement being run, or NULL */

/* Where the rows of the client's statements go. */
extern CommandDest whereToSendOutput;

/* ms between looks whether the client is still there; 0: never */
extern int client_connection_check_interval;
/* What log_statement logs. */
typedef enum LogStmtLevel
{
	LOGSTMT_NONE,
	LOGSTMT_DDL,
	LOGSTMT_MOD,
	LOGSTMT_ALL
} LogStmtLevel;
extern int log_statement;

/*
 * A backend from the end of authentication to its end: signal handlers,
 * BaseInit, InitPostgres, BackendKeyData, then the client's messages.  The
 * process has its Port (pq_init done) and its PGPROC.
 */
extern void
PostgresMain(const char *dbname, const char *username) pg_attribute_noreturn();
/* Its second part: message after message, until proc_exit. */
extern void PostgresMainLoop(void) pg_attribute_noreturn();
/* Signal handlers shared with background workers. */
extern void die(int signo);
extern void StatementCancelHandler(int signo);
extern void quickdie(int signo) pg_attribute_noreturn();

/* ERROR 25P02 in a failed transaction, but for what ends it; NULL: nothing. */
extern void RejectInAbortedTransaction(RawStmt *parsetree);

/* From text to plan: the parser's and the planner's. */
extern List *pg_parse_query(const char *query_string);
extern struct PlannedStmt *
pg_plan_query(Query *querytree, const char *query_string, int cursorOptions,
              struct ParamListInfoData *boundParams);

#endif /* TCOPPROT_H */
