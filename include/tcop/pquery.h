/*
 * tcop/pquery.h
 *		Running portals.
 */
#ifndef PQUERY_H
#define PQUERY_H

#include "utils/portal.h"

struct PlannedStmt;
struct _DestReceiver;

extern Portal ActivePortal;

#define FETCH_ALL LONG_MAX

typedef enum FetchDirection
{
	FETCH_FORWARD,
	FETCH_BACKWARD,
	FETCH_ABSOLUTE,
	FETCH_RELATIVE
} FetchDirection;

extern PortalStrategy ChoosePortalStrategy(List *stmts);
/* Target list of what the portal returns; NIL: no rows, or a utility's. */
extern List *FetchPortalTargetList(Portal portal);
extern List *FetchStatementTargetList(struct PlannedStmt *pstmt);
extern void PortalStart(Portal portal, struct ParamListInfoData *params,
                        int eflags, Snapshot snapshot);
extern void PortalSetResultFormat(Portal portal, int nFormats, int16 *formats);
/* True: the portal is at its end.  count FETCH_ALL: all rows. */
extern bool PortalRun(Portal portal, long count, bool isTopLevel, bool run_once,
                      struct _DestReceiver *dest, struct _DestReceiver *altdest,
                      QueryCompletion *qc);
/* Rows of FETCH; forward only.  Returns their number. */
extern uint64 PortalRunFetch(Portal portal, FetchDirection fdirection,
                             long count, struct _DestReceiver *dest);
extern bool PlannedStmtRequiresSnapshot(struct PlannedStmt *pstmt);

#endif /* PQUERY_H */
