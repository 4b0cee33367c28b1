/*
 * tcop/utility.h
 *		Statements that have no plan.
 */
#ifndef UTILITY_H
#define UTILITY_H

#include "access/tupdesc.h"
#include "nodes/parsenodes.h"
#include "tcop/cmdtag.h"

struct PlannedStmt;
struct ParamListInfoData;
struct _DestReceiver;

typedef enum ProcessUtilityContext
{
	PROCESS_UTILITY_TOPLEVEL, /* sent by the client */
	PROCESS_UTILITY_QUERY,    /* inside EXECUTE or the like */
	PROCESS_UTILITY_SUBCOMMAND
} ProcessUtilityContext;

/* Takes the place of standard_ProcessUtility, which it calls itself. */
typedef void (*ProcessUtility_hook_type)(
	struct PlannedStmt *pstmt, const char *queryString, bool readOnlyTree,
	ProcessUtilityContext context, struct ParamListInfoData *params,
	struct _DestReceiver *dest, QueryCompletion *qc);
extern ProcessUtility_hook_type ProcessUtility_hook;

/*
 * Run pstmt->utilityStmt.  queryString is the source text that the statement
 * lies in.  qc may be NULL; else it is left alone by statements whose tag is
 * the one of CreateCommandTag.  Rows (SHOW, EXPLAIN, EXECUTE, FETCH) go to
 * dest.
 */
extern void ProcessUtility(struct PlannedStmt *pstmt, const char *queryString,
                           bool readOnlyTree, ProcessUtilityContext context,
                           struct ParamListInfoData *params,
                           struct _DestReceiver *dest, QueryCompletion *qc);

extern void
standard_ProcessUtility(struct PlannedStmt *pstmt, const char *queryString,
                        bool readOnlyTree, ProcessUtilityContext context,
                        struct ParamListInfoData *params,
                        struct _DestReceiver *dest, QueryCompletion *qc);

/* Does the statement return rows, and which; NULL if unknown or none. */
extern bool UtilityReturnsTuples(const PgQuery__Node *parsetree);
extern TupleDesc UtilityTupleDescriptor(const PgQuery__Node *parsetree);

/* The tag of a raw statement of any kind. */
extern CommandTag CreateCommandTag(const PgQuery__Node *parsetree);
extern CommandTag PlannedStmtCommandTag(const struct PlannedStmt *pstmt);
/* May it run in a read-only transaction? */
extern bool CommandIsReadOnly(const struct PlannedStmt *pstmt);
extern void PreventCommandIfReadOnly(const char *cmdname);
extern void PreventCommandIfParallelMode(const char *cmdname);

#endif /* UTILITY_H */
