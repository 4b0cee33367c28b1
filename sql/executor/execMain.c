/*
 * execMain.c
 *		Start, run and end of a plan.
 *
 * ExecutorStart builds the state tree of the plan; ExecutorRun pulls rows from
 * its top and hands them to the receiver; ExecutorEnd closes what was opened.
 * An error at any point leaves pins, references and temporary files to the
 * resource owner and the memory to the portal's context.
 *
 * Corresponds to PostgreSQL's executor/execMain.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "executor/executor.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "tcop/utility.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

ExecutorStart_hook_type ExecutorStart_hook = NULL;
ExecutorRun_hook_type ExecutorRun_hook = NULL;
ExecutorFinish_hook_type ExecutorFinish_hook = NULL;
ExecutorEnd_hook_type ExecutorEnd_hook = NULL;

QueryDesc *
CreateQueryDesc(PlannedStmt *plannedstmt, const char *sourceText,
                Snapshot snapshot, Snapshot crosscheck_snapshot,
                DestReceiver *dest, ParamListInfo params,
                int instrument_options)
{
	QueryDesc *qd = palloc0_object(QueryDesc);

	qd->operation = plannedstmt->commandType;
	qd->plannedstmt = plannedstmt;
	qd->sourceText = sourceText;
	qd->snapshot = RegisterSnapshot(snapshot);
	qd->crosscheck_snapshot =
		crosscheck_snapshot ? RegisterSnapshot(crosscheck_snapshot) : NULL;
	qd->dest = dest;
	qd->params = params;
	qd->instrument_options = instrument_options;
	return qd;
}

void
FreeQueryDesc(QueryDesc *qdesc)
{
	Assert(qdesc->estate == NULL);
	UnregisterSnapshot(qdesc->snapshot);
	if (qdesc->crosscheck_snapshot)
		UnregisterSnapshot(qdesc->crosscheck_snapshot);
	pfree(qdesc);
}

static JunkFilter *
init_junk_filter(EState *estate, List *targetList)
{
	JunkFilter *jf = palloc0_object(JunkFilter);
	TupleDesc desc = ExecCleanTypeFromTL(targetList);
	ListCell *lc;
	int n = 0;

	jf->jf_natts = desc->natts;
	jf->jf_cleanMap = palloc_array(AttrNumber, Max(desc->natts, 1));
	foreach (lc, targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (!tle->resjunk)
			jf->jf_cleanMap[n++] = tle->resno;
	}
	jf->jf_resultSlot = ExecInitExtraTupleSlot(estate, desc);
	return jf;
}

static TupleTableSlot *
ExecFilterJunk(JunkFilter *jf, TupleTableSlot *slot)
{
	TupleTableSlot *result = jf->jf_resultSlot;

	slot_getallattrs(slot);
	ExecClearTuple(result);
	for (int i = 0; i < jf->jf_natts; i++)
	{
		int j = jf->jf_cleanMap[i] - 1;

		result->tts_values[i] = slot->tts_values[j];
		result->tts_isnull[i] = slot->tts_isnull[j];
	}
	return ExecStoreVirtualTuple(result);
}

static void
InitPlan(QueryDesc *queryDesc, int eflags)
{
	PlannedStmt *stmt = queryDesc->plannedstmt;
	Plan *plan = stmt->planTree;
	EState *estate = queryDesc->estate;
	ListCell *lc;

	ExecInitRangeTable(estate, stmt->rtable);
	estate->es_plannedstmt = stmt;
	/* init plans first: the nodes that use them look for their state */
	foreach (lc, stmt->subplans)
		estate->es_subplanstates = lappend(
			estate->es_subplanstates, ExecInitNode(lfirst(lc), estate, eflags));

	queryDesc->planstate = ExecInitNode(plan, estate, eflags);
	queryDesc->tupDesc = queryDesc->planstate->ps_ResultTupleDesc;
	if (queryDesc->operation == CMD_SELECT &&
	    ExecCleanTargetListLength(plan->targetlist) !=
	        list_length(plan->targetlist))
	{
		estate->es_junkFilter = init_junk_filter(estate, plan->targetlist);
		queryDesc->tupDesc =
			estate->es_junkFilter->jf_resultSlot->tts_tupleDescriptor;
	}
}

static bool
IsTempTable(Oid relid)
{
	return isTempNamespace(get_rel_namespace(relid));
}

/* Rows of this session's temporary tables may change all the same. */
static void
ExecCheckXactReadOnly(PlannedStmt *stmt)
{
	ListCell *lc;

	if (!XactReadOnly)
		return;
	foreach (lc, stmt->resultRelations)
		if (!IsTempTable(
				list_nth_node(RangeTblEntry, stmt->rtable, lfirst_int(lc) - 1)
					->relid))
			PreventCommandIfReadOnly(
				GetCommandTagName(PlannedStmtCommandTag(stmt)));
	foreach (lc, stmt->lockedRelids)
		if (!IsTempTable(lfirst_oid(lc)))
			PreventCommandIfReadOnly("SELECT FOR UPDATE");
}

/*
 * At each execution: a plan may be older than the privileges.  A superuser has
 * all of them.
 */
static void
ExecCheckPermissions(const PlannedStmt *stmt)
{
	ListCell *lc;

	if (stmt->permissions == NIL || superuser())
		return;
	foreach (lc, stmt->permissions)
	{
		RelationPermission *one = lfirst(lc);
		AclMode has = pg_class_aclmask(one->relid, GetUserId(), one->required,
		                               ACLMASK_ALL);

		/* says which kind of relation it is */
		if (has != one->required)
			CheckRelationPrivilege(one->relid, one->required & ~has);
	}
}

void
ExecutorStart(QueryDesc *queryDesc, int eflags)
{
	/* a prepared statement's analysis was another message's */
	pgstat_report_query_id(queryDesc->plannedstmt->queryId, false);
	if (ExecutorStart_hook)
		ExecutorStart_hook(queryDesc, eflags);
	else
		standard_ExecutorStart(queryDesc, eflags);
}

void
standard_ExecutorStart(QueryDesc *queryDesc, int eflags)
{
	PlannedStmt *stmt = queryDesc->plannedstmt;
	EState *estate;
	MemoryContext old;

	Assert(queryDesc->estate == NULL);
	ExecCheckPermissions(stmt);
	if (!(eflags & EXEC_FLAG_EXPLAIN_ONLY))
	{
		ExecCheckXactReadOnly(stmt);
		if (stmt->commandType != CMD_SELECT)
			PreventCommandIfParallelMode(
				GetCommandTagName(PlannedStmtCommandTag(stmt)));
	}
	estate = CreateExecutorState();
	queryDesc->estate = estate;
	old = MemoryContextSwitchTo(estate->es_query_cxt);

	estate->es_param_list_info = queryDesc->params;
	if (stmt->nParamExec > 0)
		estate->es_param_exec_vals =
			palloc0_array(ParamExecData, stmt->nParamExec);
	estate->es_sourceText = queryDesc->sourceText;
	if (queryDesc->operation != CMD_SELECT || stmt->lockedRelids != NIL)
		estate->es_output_cid = GetCurrentCommandId(true);
	estate->es_snapshot = RegisterSnapshot(queryDesc->snapshot);
	if (queryDesc->crosscheck_snapshot)
		estate->es_crosscheck_snapshot =
			RegisterSnapshot(queryDesc->crosscheck_snapshot);
	estate->es_top_eflags = eflags;
	estate->es_instrument = queryDesc->instrument_options;

	InitPlan(queryDesc, eflags);
	MemoryContextSwitchTo(old);
}

static void
ExecutePlan(EState *estate, PlanState *planstate, bool sendTuples,
            uint64 numberTuples, ScanDirection direction, DestReceiver *dest)
{
	bool is_select = estate->es_plannedstmt->commandType == CMD_SELECT;
	uint64 current = 0;

	estate->es_direction = direction;
	for (;;)
	{
		TupleTableSlot *slot;

		ResetPerTupleExprContext(estate);
		slot = ExecProcNode(planstate);
		if (TupIsNull(slot))
			break;
		if (estate->es_junkFilter != NULL)
			slot = ExecFilterJunk(estate->es_junkFilter, slot);
		if (sendTuples && !dest->receiveSlot(slot, dest))
			break;
		if (is_select)
			estate->es_processed++;
		current++;
		if (numberTuples != 0 && numberTuples == current)
			break;
	}
}

void
ExecutorRun(QueryDesc *queryDesc, ScanDirection direction, uint64 count,
            bool execute_once)
{
	if (ExecutorRun_hook)
		ExecutorRun_hook(queryDesc, direction, count, execute_once);
	else
		standard_ExecutorRun(queryDesc, direction, count, execute_once);
}

void
standard_ExecutorRun(QueryDesc *queryDesc, ScanDirection direction,
                     uint64 count, bool execute_once)
{
	EState *estate = queryDesc->estate;
	DestReceiver *dest = queryDesc->dest;
	bool sendTuples;
	MemoryContext old;

	Assert(estate != NULL);
	Assert(!(estate->es_top_eflags & EXEC_FLAG_EXPLAIN_ONLY));
	old = MemoryContextSwitchTo(estate->es_query_cxt);
	if (queryDesc->totaltime)
		InstrStartNode(queryDesc->totaltime);
	estate->es_processed = 0;
	sendTuples = queryDesc->operation == CMD_SELECT ||
	             queryDesc->plannedstmt->hasReturning;
	if (sendTuples)
		dest->rStartup(dest, queryDesc->operation, queryDesc->tupDesc);
	if (direction != NoMovementScanDirection)
	{
		if (execute_once && queryDesc->already_executed)
			elog(ERROR, "can't re-execute query flagged for single execution");
		queryDesc->already_executed = true;
		ExecutePlan(estate, queryDesc->planstate, sendTuples, count, direction,
		            dest);
	}
	if (sendTuples)
		dest->rShutdown(dest);
	if (queryDesc->totaltime)
		InstrStopNode(queryDesc->totaltime, (double) estate->es_processed);
	MemoryContextSwitchTo(old);
}

void
ExecutorFinish(QueryDesc *queryDesc)
{
	if (ExecutorFinish_hook)
		ExecutorFinish_hook(queryDesc);
	else
		standard_ExecutorFinish(queryDesc);
}

void
standard_ExecutorFinish(QueryDesc *queryDesc)
{
	/* no triggers: nothing is left to do after the last row */
	queryDesc->estate->es_finished = true;
}

void
ExecutorEnd(QueryDesc *queryDesc)
{
	if (ExecutorEnd_hook)
		ExecutorEnd_hook(queryDesc);
	else
		standard_ExecutorEnd(queryDesc);
}

void
standard_ExecutorEnd(QueryDesc *queryDesc)
{
	EState *estate = queryDesc->estate;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	ListCell *lc;

	ExecEndNode(queryDesc->planstate);
	foreach (lc, estate->es_subplanstates)
		ExecEndNode(lfirst(lc));
	foreach (lc, estate->es_tupleTable)
		ExecClearTuple(lfirst(lc));
	ExecCloseRangeTableRelations(estate);
	UnregisterSnapshot(estate->es_snapshot);
	if (estate->es_crosscheck_snapshot)
		UnregisterSnapshot(estate->es_crosscheck_snapshot);
	MemoryContextSwitchTo(old);
	FreeExecutorState(estate);
	queryDesc->tupDesc = NULL;
	queryDesc->estate = NULL;
	queryDesc->planstate = NULL;
	queryDesc->totaltime = NULL;
}

void
ExecutorRewind(QueryDesc *queryDesc)
{
	MemoryContext old = MemoryContextSwitchTo(queryDesc->estate->es_query_cxt);

	ExecReScan(queryDesc->planstate);
	MemoryContextSwitchTo(old);
}

/* ------------------------------------------------------------------------
 *		Targets of INSERT, UPDATE, DELETE and COPY
 * ------------------------------------------------------------------------
 */

void
CheckValidResultRel(Relation resultRel, CmdType operation)
{
	const char *name = RelationGetRelationName(resultRel);

	switch (resultRel->rd_rel->relkind)
	{
		case RELKIND_RELATION:
			break;
		case RELKIND_VIEW:
			ereport(ERROR,
			        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			         operation == CMD_DELETE
			             ? errmsg("cannot delete from view \"%s\"", name)
			         : operation == CMD_UPDATE
			             ? errmsg("cannot update view \"%s\"", name)
			             : errmsg("cannot insert into view \"%s\"", name)));
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
			                errmsg("cannot change relation \"%s\"", name)));
	}
	/* catalogs are changed by their own commands only */
	if (RelationGetNamespace(resultRel) == PG_CATALOG_NAMESPACE)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied: \"%s\" is a system catalog",
		                       name)));
}

void
InitResultRelInfo(ResultRelInfo *resultRelInfo, Relation resultRelationDesc,
                  Index resultRelationIndex)
{
	memset(resultRelInfo, 0, sizeof(ResultRelInfo));
	resultRelInfo->type = T_ResultRelInfo;
	resultRelInfo->ri_RangeTableIndex = resultRelationIndex;
	resultRelInfo->ri_RelationDesc = resultRelationDesc;
}

/* The row as text for error details: "(1, null, [1,2,3])". */
static char *
ExecBuildSlotValueDescription(TupleTableSlot *slot, int maxfieldlen)
{
	TupleDesc tupdesc = slot->tts_tupleDescriptor;
	StringInfoData buf;

	slot_getallattrs(slot);
	initStringInfo(&buf);
	appendStringInfoChar(&buf, '(');
	for (int i = 0; i < tupdesc->natts; i++)
	{
		char *val = "null";
		int len;

		if (!slot->tts_isnull[i])
		{
			Oid foutoid;
			bool typisvarlena;

			getTypeOutputInfo(TupleDescAttr(tupdesc, i)->atttypid, &foutoid,
			                  &typisvarlena);
			val = OidOutputFunctionCall(foutoid, slot->tts_values[i]);
		}
		if (i > 0)
			appendStringInfoString(&buf, ", ");
		len = (int) strlen(val);
		if (len <= maxfieldlen)
			appendStringInfoString(&buf, val);
		else
		{
			/* not in the middle of a UTF-8 character */
			len = maxfieldlen;
			while (len > 0 && ((unsigned char) val[len] & 0xC0) == 0x80)
				len--;
			appendBinaryStringInfo(&buf, val, len);
			appendStringInfoString(&buf, "...");
		}
	}
	appendStringInfoChar(&buf, ')');
	return buf.data;
}

void
ExecConstraints(ResultRelInfo *resultRelInfo, TupleTableSlot *slot,
                EState *estate)
{
	Relation rel = resultRelInfo->ri_RelationDesc;
	TupleDesc tupdesc = RelationGetDescr(rel);

	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupdesc, i);

		if (!att->attnotnull)
			continue;
		slot_getsomeattrs(slot, i + 1);
		if (slot->tts_isnull[i])
			ereport(
				ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
			     errmsg("null value in column \"%s\" of relation \"%s\" "
			            "violates not-null constraint",
			            NameStr(att->attname), RelationGetRelationName(rel)),
			     errdetail("Failing row contains %s.",
			               ExecBuildSlotValueDescription(slot, 64))));
	}
}
