/*
 * portalcmds.c
 *		Cursors, and the end of a portal's executor.
 *
 * A cursor is a portal with a name that DECLARE made.  It goes forward only and
 * ends with its transaction.
 *
 * Corresponds to PostgreSQL's portalcmds.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/portalcmds.h"
#include "executor/executor.h"
#include "nodes/plannodes.h"
#include "parser/analyze.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"

/* options of a DeclareCursorStmt, PostgreSQL's numbers */
#define DECLARE_BINARY 0x0001
#define DECLARE_SCROLL 0x0002
#define DECLARE_HOLD 0x0020

static void
check_cursor_options(PgQuery__DeclareCursorStmt *stmt, bool isTopLevel)
{
	if (stmt->portalname[0] == '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_CURSOR_NAME),
		                errmsg("invalid cursor name: must not be empty")));
	if (stmt->options & DECLARE_HOLD)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cursors WITH HOLD are not supported")));
	if (stmt->options & DECLARE_SCROLL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("SCROLL cursors are not supported")));
	RequireTransactionBlock(isTopLevel, "DECLARE CURSOR");
}

void
PerformCursorOpen(PgQuery__DeclareCursorStmt *stmt, const char *sourceText,
                  int stmt_location, ParamListInfo params, bool isTopLevel)
{
	Portal portal;
	MemoryContext oldcontext;
	RawStmt *raw;
	Query *query;
	PlannedStmt *plan;
	Oid *types = NULL;
	int ntypes = 0;

	check_cursor_options(stmt, isTopLevel);
	portal = CreatePortal(stmt->portalname, false, false);

	/* The trees of the message go with it: the portal gets its own. */
	oldcontext = MemoryContextSwitchTo(portal->portalContext);
	sourceText = pstrdup(sourceText);
	raw = ReparseStatement(sourceText, stmt_location);
	params = copyParamList(params);
	if (params)
	{
		ntypes = params->numParams;
		types = palloc_array(Oid, Max(ntypes, 1));
		for (int i = 0; i < ntypes; i++)
			types[i] = params->params[i].ptype;
	}
	query = parse_analyze_fixedparams(raw, sourceText, types, ntypes);
	if (query->commandType != CMD_SELECT)
		elog(ERROR, "DECLARE CURSOR must specify a query");
	plan = pg_plan_query(query, sourceText,
	                     stmt->options | CURSOR_OPT_FAST_PLAN, params);
	PortalDefineQuery(portal, NULL, sourceText, CMDTAG_SELECT,
	                  list_make1(plan));
	MemoryContextSwitchTo(oldcontext);

	portal->cursorOptions = stmt->options | CURSOR_OPT_NO_SCROLL;
	PortalStart(portal, params, 0, GetActiveSnapshot());
	Assert(portal->strategy == PORTAL_ONE_SELECT);
}

static FetchDirection
fetch_direction(PgQuery__FetchDirection direction)
{
	switch (direction)
	{
		case PG_QUERY__FETCH_DIRECTION__FETCH_BACKWARD:
			return FETCH_BACKWARD;
		case PG_QUERY__FETCH_DIRECTION__FETCH_ABSOLUTE:
			return FETCH_ABSOLUTE;
		case PG_QUERY__FETCH_DIRECTION__FETCH_RELATIVE:
			return FETCH_RELATIVE;
		default:
			return FETCH_FORWARD;
	}
}

void
PerformPortalFetch(PgQuery__FetchStmt *stmt, DestReceiver *dest,
                   QueryCompletion *qc)
{
	Portal portal;
	uint64 nprocessed;

	if (stmt->portalname[0] == '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_CURSOR_NAME),
		                errmsg("invalid cursor name: must not be empty")));
	portal = GetPortalByName(stmt->portalname);
	if (!PortalIsValid(portal))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_CURSOR),
		         errmsg("cursor \"%s\" does not exist", stmt->portalname)));
	if (stmt->ismove)
		dest = None_Receiver;
	nprocessed = PortalRunFetch(portal, fetch_direction(stmt->direction),
	                            (long) stmt->how_many, dest);
	if (qc)
		SetQueryCompletion(qc, stmt->ismove ? CMDTAG_MOVE : CMDTAG_FETCH,
		                   nprocessed);
}

void
PerformPortalClose(const char *name)
{
	Portal portal;

	if (name == NULL || name[0] == '\0')
	{
		PortalHashTableDeleteAll();
		return;
	}
	portal = GetPortalByName(name);
	if (!PortalIsValid(portal))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_CURSOR),
		                errmsg("cursor \"%s\" does not exist", name)));
	PortalDrop(portal, false);
}

/*
 * After a failure nothing of the executor is touched: the resource owner and
 * the memory context see to what it held.
 */
void
PortalCleanup(Portal portal)
{
	QueryDesc *queryDesc = portal->queryDesc;

	if (queryDesc == NULL)
		return;
	/* Not a second time, should this fail. */
	portal->queryDesc = NULL;
	if (portal->status != PORTAL_FAILED)
	{
		ResourceOwner saveResourceOwner = CurrentResourceOwner;

		if (portal->resowner)
			CurrentResourceOwner = portal->resowner;
		ExecutorFinish(queryDesc);
		ExecutorEnd(queryDesc);
		FreeQueryDesc(queryDesc);
		CurrentResourceOwner = saveResourceOwner;
	}
}
