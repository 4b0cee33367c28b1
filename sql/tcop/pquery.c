/*
 * pquery.c
 *		Running portals: a query row by row, a statement to its end, rows of
 *		either to a receiver.
 *
 * The strategy (ChoosePortalStrategy) says which.  ONE_SELECT runs the
 * executor as far as rows are asked for.  ONE_RETURNING and UTIL_SELECT run to
 * their end at the first row that is asked for, into a tuplestore that the
 * rows are then taken from: half a change must not depend on whether the
 * client reads on.  MULTI_QUERY has no rows.
 *
 * Whatever happens in a portal happens with its resource owner and in its
 * memory context; on ERROR it becomes PORTAL_FAILED.
 *
 * Corresponds to PostgreSQL's pquery.c; portals go forward only.
 */
#include "postgres.h"

#include "access/xact.h"
#include "executor/executor.h"
#include "executor/tstoreReceiver.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "tcop/dest.h"
#include "tcop/pquery.h"
#include "tcop/utility.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

/* The portal that runs now, the innermost if it runs another. */
Portal ActivePortal = NULL;

PortalStrategy
ChoosePortalStrategy(List *stmts)
{
	PlannedStmt *pstmt;

	if (list_length(stmts) != 1)
		return PORTAL_MULTI_QUERY;
	pstmt = linitial_node(PlannedStmt, stmts);
	if (pstmt->commandType == CMD_SELECT)
		return PORTAL_ONE_SELECT;
	if (pstmt->commandType == CMD_UTILITY)
		return UtilityReturnsTuples(pstmt->utilityStmt) ? PORTAL_UTIL_SELECT
		                                                : PORTAL_MULTI_QUERY;
	return pstmt->hasReturning ? PORTAL_ONE_RETURNING : PORTAL_MULTI_QUERY;
}

List *
FetchStatementTargetList(PlannedStmt *pstmt)
{
	PgQuery__Node *stmt = pstmt->utilityStmt;

	if (pstmt->commandType == CMD_UTILITY)
	{
		/* Those of the cursor or the prepared statement behind it. */
		if (stmt && stmt->node_case == PG_QUERY__NODE__NODE_FETCH_STMT)
		{
			Portal portal = GetPortalByName(stmt->fetch_stmt->portalname);

			return portal ? FetchPortalTargetList(portal) : NIL;
		}
		return NIL;
	}
	if (pstmt->commandType == CMD_SELECT || pstmt->hasReturning)
		return pstmt->planTree->targetlist;
	return NIL;
}

List *
FetchPortalTargetList(Portal portal)
{
	PlannedStmt *pstmt = PortalGetPrimaryStmt(portal);

	if (portal->strategy == PORTAL_MULTI_QUERY || pstmt == NULL)
		return NIL;
	return FetchStatementTargetList(pstmt);
}

/* ---- what one switches to while a portal runs, and back ---- */

typedef struct PortalEnvironment
{
	Portal activePortal;
	ResourceOwner resourceOwner;
	ResourceOwner topTransactionResourceOwner;
	MemoryContext portalContext;
	MemoryContext memoryContext;
	MemoryContext topTransactionContext;
} PortalEnvironment;

static void
enter_portal(Portal portal, PortalEnvironment *save)
{
	save->activePortal = ActivePortal;
	save->resourceOwner = CurrentResourceOwner;
	save->topTransactionResourceOwner = TopTransactionResourceOwner;
	save->portalContext = PortalContext;
	save->memoryContext = CurrentMemoryContext;
	save->topTransactionContext = TopTransactionContext;
	ActivePortal = portal;
	if (portal->resowner)
		CurrentResourceOwner = portal->resowner;
	PortalContext = portal->portalContext;
	MemoryContextSwitchTo(PortalContext);
}

/* The command may have ended the transaction that the caller was in. */
static void
leave_portal(PortalEnvironment *save)
{
	if (save->memoryContext == save->topTransactionContext)
		MemoryContextSwitchTo(TopTransactionContext);
	else
		MemoryContextSwitchTo(save->memoryContext);
	if (save->resourceOwner == save->topTransactionResourceOwner)
		CurrentResourceOwner = TopTransactionResourceOwner;
	else
		CurrentResourceOwner = save->resourceOwner;
	PortalContext = save->portalContext;
	ActivePortal = save->activePortal;
}

/* ---- start ---- */

static void
start_select(Portal portal, ParamListInfo params, int eflags, Snapshot snapshot)
{
	QueryDesc *queryDesc;

	PushActiveSnapshot(snapshot ? snapshot : GetTransactionSnapshot());
	queryDesc = CreateQueryDesc(linitial_node(PlannedStmt, portal->stmts),
	                            portal->sourceText, GetActiveSnapshot(),
	                            InvalidSnapshot, None_Receiver, params, 0);
	ExecutorStart(queryDesc, eflags);
	portal->queryDesc = queryDesc;
	portal->tupDesc = queryDesc->tupDesc;
	PopActiveSnapshot();
}

void
PortalStart(Portal portal, ParamListInfo params, int eflags, Snapshot snapshot)
{
	PortalEnvironment save;

	Assert(PortalIsValid(portal));
	Assert(portal->status == PORTAL_DEFINED);

	enter_portal(portal, &save);
	PG_TRY();
	{
		PlannedStmt *pstmt = PortalGetPrimaryStmt(portal);

		INJECTION_POINT("portal-start");
		portal->portalParams = params;
		portal->strategy = ChoosePortalStrategy(portal->stmts);
		switch (portal->strategy)
		{
			case PORTAL_ONE_SELECT:
				start_select(portal, params, eflags, snapshot);
				break;
			case PORTAL_ONE_RETURNING:
				portal->tupDesc =
					ExecCleanTypeFromTL(pstmt->planTree->targetlist);
				break;
			case PORTAL_UTIL_SELECT:
				portal->tupDesc = UtilityTupleDescriptor(pstmt->utilityStmt);
				break;
			case PORTAL_MULTI_QUERY:
				portal->tupDesc = NULL;
				break;
		}
		portal->atStart = true;
		portal->atEnd = false;
		portal->portalPos = 0;
	}
	PG_CATCH();
	{
		MarkPortalFailed(portal);
		leave_portal(&save);
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave_portal(&save);
	portal->status = PORTAL_READY;
}

/* No format code: all text; one: for all columns; else one per column. */
void
PortalSetResultFormat(Portal portal, int nFormats, int16 *formats)
{
	int natts;

	if (portal->tupDesc == NULL)
		return;
	natts = portal->tupDesc->natts;
	if (nFormats > 1 && nFormats != natts)
		ereport(ERROR,
		        (errcode(ERRCODE_PROTOCOL_VIOLATION),
		         errmsg("bind message has %d result formats but query has %d "
		                "columns",
		                nFormats, natts)));
	portal->formats = (int16 *) MemoryContextAlloc(
		portal->portalContext, Max(natts, 1) * sizeof(int16));
	for (int i = 0; i < natts; i++)
		portal->formats[i] = nFormats == 0   ? 0
		                     : nFormats == 1 ? formats[0]
		                                     : formats[i];
}

/* ---- run ---- */

bool
PlannedStmtRequiresSnapshot(PlannedStmt *pstmt)
{
	if (pstmt->commandType != CMD_UTILITY)
		return true;
	switch (pstmt->utilityStmt->node_case)
	{
		/* Some must run before the transaction's first snapshot is taken. */
		case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
		case PG_QUERY__NODE__NODE_LOCK_STMT:
		case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
		case PG_QUERY__NODE__NODE_VARIABLE_SHOW_STMT:
		case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
		case PG_QUERY__NODE__NODE_FETCH_STMT:
		case PG_QUERY__NODE__NODE_CLOSE_PORTAL_STMT:
		case PG_QUERY__NODE__NODE_LISTEN_STMT:
		case PG_QUERY__NODE__NODE_NOTIFY_STMT:
		case PG_QUERY__NODE__NODE_UNLISTEN_STMT:
		case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
		case PG_QUERY__NODE__NODE_DISCARD_STMT:
			return false;
		default:
			return true;
	}
}

/* A planned statement without rows for the client, to its end. */
static void
ProcessQuery(PlannedStmt *plan, const char *sourceText, ParamListInfo params,
             DestReceiver *dest, QueryCompletion *qc)
{
	QueryDesc *queryDesc =
		CreateQueryDesc(plan, sourceText, GetActiveSnapshot(), InvalidSnapshot,
	                    dest, params, 0);

	ExecutorStart(queryDesc, 0);
	ExecutorRun(queryDesc, ForwardScanDirection, 0, true);
	if (qc)
	{
		CommandTag tag = PlannedStmtCommandTag(plan);

		SetQueryCompletion(qc, tag, queryDesc->estate->es_processed);
	}
	ExecutorFinish(queryDesc);
	ExecutorEnd(queryDesc);
	FreeQueryDesc(queryDesc);
}

static void
PortalRunUtility(Portal portal, PlannedStmt *pstmt, bool isTopLevel,
                 DestReceiver *dest, QueryCompletion *qc)
{
	bool snapshot_set = false;

	if (PlannedStmtRequiresSnapshot(pstmt))
	{
		PushActiveSnapshot(GetTransactionSnapshot());
		snapshot_set = true;
	}
	INJECTION_POINT("portal-run-utility");
	ProcessUtility(pstmt, portal->sourceText, false,
	               isTopLevel ? PROCESS_UTILITY_TOPLEVEL
	                          : PROCESS_UTILITY_QUERY,
	               portal->portalParams, dest, qc);
	/* The command may have switched contexts or ended the transaction. */
	MemoryContextSwitchTo(portal->portalContext);
	if (snapshot_set && ActiveSnapshotSet())
		PopActiveSnapshot();
}

static void
PortalRunMulti(Portal portal, bool isTopLevel, DestReceiver *dest,
               DestReceiver *altdest, QueryCompletion *qc)
{
	ListCell *lc;

	/* A client that sent Execute expects no rows of what has none. */
	if (dest->mydest == DestRemoteExecute)
		dest = None_Receiver;
	if (altdest->mydest == DestRemoteExecute)
		altdest = None_Receiver;

	foreach (lc, portal->stmts)
	{
		PlannedStmt *pstmt = lfirst_node(PlannedStmt, lc);

		CHECK_FOR_INTERRUPTS();
		if (pstmt->commandType != CMD_UTILITY)
		{
			PushActiveSnapshot(GetTransactionSnapshot());
			ProcessQuery(pstmt, portal->sourceText, portal->portalParams, dest,
			             qc);
			PopActiveSnapshot();
		}
		else
			PortalRunUtility(portal, pstmt, isTopLevel, dest, qc);
		/* The transaction, and with it the portal's owner, may be over. */
		if (portal->stmts == NIL)
			break;
	}
	if (qc && qc->commandTag == CMDTAG_UNKNOWN &&
	    portal->qc.commandTag != CMDTAG_UNKNOWN)
		CopyQueryCompletion(qc, &portal->qc);
}

static void
FillPortalStore(Portal portal, bool isTopLevel)
{
	DestReceiver *treceiver;
	QueryCompletion qc;

	InitializeQueryCompletion(&qc);
	PortalCreateHoldStore(portal);
	treceiver = CreateDestReceiver(DestTuplestore);
	SetTuplestoreDestReceiverParams(treceiver, portal->holdStore,
	                                portal->holdContext, false);
	if (portal->strategy == PORTAL_ONE_RETURNING)
		PortalRunMulti(portal, isTopLevel, treceiver, None_Receiver, &qc);
	else
		PortalRunUtility(portal, linitial_node(PlannedStmt, portal->stmts),
		                 isTopLevel, treceiver, &qc);
	/* EXECUTE is what it executed. */
	if (qc.commandTag != CMDTAG_UNKNOWN)
		CopyQueryCompletion(&portal->qc, &qc);
	treceiver->rDestroy(treceiver);
}

/* count 0: all */
static uint64
RunFromStore(Portal portal, uint64 count, DestReceiver *dest)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(portal->tupDesc);
	uint64 current_tuple_count = 0;

	dest->rStartup(dest, CMD_SELECT, portal->tupDesc);
	for (;;)
	{
		MemoryContext oldcontext = MemoryContextSwitchTo(portal->holdContext);
		bool ok = tuplestore_gettupleslot(portal->holdStore, true, false, slot);

		MemoryContextSwitchTo(oldcontext);
		if (!ok)
			break;
		if (!dest->receiveSlot(slot, dest))
			break;
		ExecClearTuple(slot);
		current_tuple_count++;
		if (count && count == current_tuple_count)
			break;
	}
	dest->rShutdown(dest);
	ExecDropSingleTupleTableSlot(slot);
	return current_tuple_count;
}

/*
 * At most count rows.  At the end only if fewer came than were asked for: that
 * there are no more shows at the next call.
 */
static uint64
PortalRunSelect(Portal portal, long count, bool run_once, DestReceiver *dest)
{
	QueryDesc *queryDesc = portal->queryDesc;
	uint64 limit = (count == FETCH_ALL) ? 0 : (uint64) count;
	uint64 nprocessed = 0;

	if (queryDesc)
		queryDesc->dest = dest;
	if (portal->atEnd || count <= 0)
	{
		/* Still the client gets the shape of the rows. */
		dest->rStartup(dest, CMD_SELECT, portal->tupDesc);
		dest->rShutdown(dest);
	}
	else if (portal->holdStore)
		nprocessed = RunFromStore(portal, limit, dest);
	else
	{
		PushActiveSnapshot(queryDesc->snapshot);
		ExecutorRun(queryDesc, ForwardScanDirection, limit, run_once);
		nprocessed = queryDesc->estate->es_processed;
		PopActiveSnapshot();
	}
	if (nprocessed > 0)
		portal->atStart = false;
	if (count > 0 && (limit == 0 || nprocessed < limit))
		portal->atEnd = true;
	portal->portalPos += nprocessed;
	return nprocessed;
}

bool
PortalRun(Portal portal, long count, bool isTopLevel, bool run_once,
          DestReceiver *dest, DestReceiver *altdest, QueryCompletion *qc)
{
	volatile bool result = false;
	PortalEnvironment save;

	Assert(PortalIsValid(portal));
	if (qc)
		InitializeQueryCompletion(qc);
	MarkPortalActive(portal);

	enter_portal(portal, &save);
	PG_TRY();
	{
		INJECTION_POINT("portal-run");
		if (portal->strategy == PORTAL_MULTI_QUERY)
		{
			PortalRunMulti(portal, isTopLevel, dest, altdest, qc);
			MarkPortalDone(portal);
			result = true;
		}
		else
		{
			uint64 nprocessed;

			if (portal->strategy != PORTAL_ONE_SELECT && !portal->holdStore)
				FillPortalStore(portal, isTopLevel);
			nprocessed = PortalRunSelect(portal, count, run_once, dest);
			if (qc && portal->qc.commandTag != CMDTAG_UNKNOWN)
				SetQueryCompletion(qc, portal->qc.commandTag, nprocessed);
			portal->status = PORTAL_READY;
			result = portal->atEnd;
		}
	}
	PG_CATCH();
	{
		MarkPortalFailed(portal);
		leave_portal(&save);
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave_portal(&save);
	return result;
}

/* ---- FETCH ---- */

/* How many rows forward that is; ERROR if it is another way. */
static long
forward_count(Portal portal, FetchDirection fdirection, long count)
{
	if (fdirection == FETCH_ABSOLUTE)
	{
		/* The row of that number: those before it are left out. */
		if (count <= 0 || (uint64) count <= portal->portalPos)
			goto backward;
		return count - (long) portal->portalPos;
	}
	if (fdirection == FETCH_BACKWARD || count < 0)
		goto backward;
	/* FORWARD 0 and RELATIVE 0 fetch the current row again. */
	if (count == 0)
		goto backward;
	return count;

backward:
	ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
	                errmsg("cursor can only scan forward"),
	                errhint("Rows are fetched once and in order: use FETCH, "
	                        "FETCH FORWARD n or FETCH ALL.")));
}

uint64
PortalRunFetch(Portal portal, FetchDirection fdirection, long count,
               DestReceiver *dest)
{
	volatile uint64 result = 0;
	PortalEnvironment save;

	Assert(PortalIsValid(portal));
	MarkPortalActive(portal);
	enter_portal(portal, &save);
	PG_TRY();
	{
		long forward;

		if (portal->strategy == PORTAL_MULTI_QUERY)
			elog(ERROR, "unsupported portal strategy");
		forward = forward_count(portal, fdirection, count);
		if (portal->strategy != PORTAL_ONE_SELECT && !portal->holdStore)
			FillPortalStore(portal, false);
		if (fdirection == FETCH_ABSOLUTE || fdirection == FETCH_RELATIVE)
		{
			if (forward > 1)
				(void) PortalRunSelect(portal, forward - 1, false,
				                       None_Receiver);
			forward = 1;
		}
		result = PortalRunSelect(portal, forward, false, dest);
	}
	PG_CATCH();
	{
		MarkPortalFailed(portal);
		leave_portal(&save);
		PG_RE_THROW();
	}
	PG_END_TRY();
	portal->status = PORTAL_READY;
	leave_portal(&save);
	return result;
}
