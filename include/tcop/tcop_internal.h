/*
 * tcop/tcop_internal.h
 *		What the main loop (postgres.c) and the two ways to run statements
 *		(exec_simple.c, exec_extended.c) share.
 */
#ifndef TCOP_INTERNAL_H
#define TCOP_INTERNAL_H

#include "lib/stringinfo.h"
#include "nodes/parsenodes.h"
#include "tcop/dest.h"

/*
 * The transaction around client's commands.  start may be called when one is
 * open already; it also starts the clock of statement_timeout.
 */
extern void start_xact_command(void);
extern void finish_xact_command(void);
extern void disable_statement_timeout(void);

/* The session waits for its client and has nothing in work: others see it. */
extern void ReportIdle(void);

/* COMMIT, ROLLBACK and the like: what a failed transaction still takes. */
extern bool IsTransactionExitStmt(const PgQuery__Node *parsetree);

/* The log: true if the statement was logged before it ran. */
extern bool check_log_statement(List *stmt_list);
/* 0: log nothing; 1: the duration; 2: duration and statement, into msec_str */
extern int check_log_duration(char *msec_str, bool was_logged);

/* Q */
extern void exec_simple_query(const char *query_string);

/* P, B, E, D, C */
extern void exec_parse_message(const char *query_string, const char *stmt_name,
                               Oid *paramTypes, int numParams);
extern void exec_bind_message(StringInfo input_message);
extern void exec_execute_message(const char *portal_name, long max_rows);
extern void exec_describe_statement_message(const char *stmt_name);
extern void exec_describe_portal_message(const char *portal_name);
extern void exec_close_message(int close_type, const char *close_target);
/* A statement by its name, the unnamed one by ""; NULL: there is none. */
extern struct CachedPlanSource *find_plan_source(const char *stmt_name);
/* The unnamed prepared statement goes. */
extern void drop_unnamed_stmt(void);
/* For messages that are reused: once per process. */
extern void InitExtendedProtocol(void);

#endif /* TCOP_INTERNAL_H */
