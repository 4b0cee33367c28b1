/*
 * commands/portalcmds.h
 *		Cursors: DECLARE, FETCH, MOVE, CLOSE.
 */
#ifndef PORTALCMDS_H
#define PORTALCMDS_H

#include "tcop/cmdtag.h"
#include "utils/portal.h"

struct ParamListInfoData;
struct _DestReceiver;

extern void
PerformCursorOpen(PgQuery__DeclareCursorStmt *stmt, const char *sourceText,
                  int stmt_location, struct ParamListInfoData *params,
                  bool isTopLevel);
extern void PerformPortalFetch(PgQuery__FetchStmt *stmt,
                               struct _DestReceiver *dest, QueryCompletion *qc);
/* name "": all */
extern void PerformPortalClose(const char *name);
/* The cleanup hook of every portal: ends its executor. */
extern void PortalCleanup(Portal portal);

#endif /* PORTALCMDS_H */
