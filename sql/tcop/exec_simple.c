/*
 * exec_simple.c
 *		The simple protocol: a text with any number of statements.
 *
 * All are parsed before the first runs.  Each then goes through analysis,
 * planning and a portal with the empty name.  More than one in a message are
 * one transaction (an implicit block) unless BEGIN, COMMIT or ROLLBACK stand
 * between them.
 *
 * Corresponds to exec_simple_query in PostgreSQL's postgres.c.
 */
#include "postgres.h"

#include "access/printtup.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "nodes/plannodes.h"
#include "parser/analyze.h"
#include "tcop/pquery.h"
#include "tcop/tcop_internal.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/backend_status.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

static PlannedStmt *
analyze_and_plan(RawStmt *parsetree, const char *query_string)
{
	bool snapshot_set = false;
	Query *query;
	PlannedStmt *plan;

	if (analyze_requires_snapshot(parsetree))
	{
		PushActiveSnapshot(GetTransactionSnapshot());
		snapshot_set = true;
	}
	query = parse_analyze_fixedparams(parsetree, query_string, NULL, 0);
	plan = pg_plan_query(query, query_string, CURSOR_OPT_PARALLEL_OK, NULL);
	/* The portal takes its own when it runs. */
	if (snapshot_set)
		PopActiveSnapshot();
	return plan;
}

/* Rows of a cursor that was declared BINARY are binary. */
static int16
result_format(const PgQuery__Node *stmt)
{
	Portal cursor;

	if (stmt->node_case != PG_QUERY__NODE__NODE_FETCH_STMT ||
	    stmt->fetch_stmt->ismove)
		return 0;
	cursor = GetPortalByName(stmt->fetch_stmt->portalname);
	return PortalIsValid(cursor) &&
	               (cursor->cursorOptions & CURSOR_OPT_BINARY) != 0
	           ? 1
	           : 0;
}

static void
run_in_portal(RawStmt *parsetree, PlannedStmt *plan, const char *query_string,
              MemoryContext outer, QueryCompletion *qc)
{
	CommandDest dest = whereToSendOutput;
	int16 format = result_format(parsetree->stmt);
	DestReceiver *receiver;
	Portal portal = CreatePortal("", true, true);

	portal->visible = false;
	PortalDefineQuery(portal, NULL, query_string,
	                  CreateCommandTag(parsetree->stmt), list_make1(plan));
	PortalStart(portal, NULL, 0, InvalidSnapshot);
	PortalSetResultFormat(portal, 1, &format);

	receiver = CreateDestReceiver(dest);
	if (dest == DestRemote)
		SetRemoteDestReceiverParams(receiver, portal);
	MemoryContextSwitchTo(outer);

	(void) PortalRun(portal, FETCH_ALL, true, true, receiver, receiver, qc);
	receiver->rDestroy(receiver);
	PortalDrop(portal, false);
}

static void
exec_one_statement(RawStmt *parsetree, const char *query_string, bool is_last,
                   bool use_implicit_block)
{
	MemoryContext per_parsetree_context = NULL;
	MemoryContext oldcontext;
	QueryCompletion qc;
	PlannedStmt *plan;

	BeginCommand(CreateCommandTag(parsetree->stmt), whereToSendOutput);
	RejectInAbortedTransaction(parsetree);
	start_xact_command();
	/* A COMMIT before this one has ended the block. */
	if (use_implicit_block)
		BeginImplicitTransactionBlock();
	CHECK_FOR_INTERRUPTS();

	/* A long script shall not keep all its trees until its end. */
	if (!is_last)
	{
		per_parsetree_context = AllocSetContextCreate(
			MessageContext, "per-parsetree message context",
			ALLOCSET_DEFAULT_SIZES);
		oldcontext = MemoryContextSwitchTo(per_parsetree_context);
	}
	else
		oldcontext = MemoryContextSwitchTo(MessageContext);

	plan = analyze_and_plan(parsetree, query_string);
	CHECK_FOR_INTERRUPTS();
	InitializeQueryCompletion(&qc);
	run_in_portal(parsetree, plan, query_string, oldcontext, &qc);

	if (is_last)
	{
		/*
		 * The commit comes before CommandComplete: the client that has seen
		 * that may rely on it.
		 */
		if (use_implicit_block)
			EndImplicitTransactionBlock();
		finish_xact_command();
	}
	else if (parsetree->stmt->node_case ==
	         PG_QUERY__NODE__NODE_TRANSACTION_STMT)
		finish_xact_command();
	else
	{
		CommandCounterIncrement();
		/* The next statement has its own time. */
		disable_statement_timeout();
	}
	EndCommand(&qc, whereToSendOutput, false);
	if (per_parsetree_context)
		MemoryContextDelete(per_parsetree_context);
}

void
exec_simple_query(const char *query_string)
{
	MemoryContext oldcontext;
	List *parsetree_list;
	ListCell *lc;
	bool use_implicit_block;
	bool was_logged;
	char msec_str[32];

	debug_query_string = query_string;
	pgstat_report_activity(STATE_RUNNING, query_string);
	start_xact_command();
	/* It would only take memory: a simple query ends its usefulness. */
	drop_unnamed_stmt();

	oldcontext = MemoryContextSwitchTo(MessageContext);
	parsetree_list = pg_parse_query(query_string);
	was_logged = check_log_statement(parsetree_list);
	if (was_logged)
		ereport(LOG,
		        (errmsg("statement: %s", query_string), errhidestmt(true)));
	MemoryContextSwitchTo(oldcontext);

	use_implicit_block = list_length(parsetree_list) > 1;
	foreach (lc, parsetree_list)
		exec_one_statement(lfirst_node(RawStmt, lc), query_string,
		                   lnext(parsetree_list, lc) == NULL,
		                   use_implicit_block);
	finish_xact_command();
	if (parsetree_list == NIL)
		NullCommand(whereToSendOutput);

	switch (check_log_duration(msec_str, was_logged))
	{
		case 1:
			ereport(LOG,
			        (errmsg("duration: %s ms", msec_str), errhidestmt(true)));
			break;
		case 2:
			ereport(LOG, (errmsg("duration: %s ms  statement: %s", msec_str,
			                     query_string),
			              errhidestmt(true)));
			break;
	}
	debug_query_string = NULL;
}
