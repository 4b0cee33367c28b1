/*
 * nodeModifyTable.c
 *		INSERT and DELETE.
 *
 * The child gives the rows to insert, column by column of the table, or the
 * places (ctid) of the rows to delete.  With RETURNING each row that was
 * changed is shown; without, the node runs to its end in one call.
 *
 * Corresponds to PostgreSQL's executor/nodeModifyTable.c.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* Does what the child gives still fit the table? */
static void
ExecCheckPlanOutput(Relation resultRel, TupleDesc given)
{
	TupleDesc desc = RelationGetDescr(resultRel);

	if (given->natts < desc->natts)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("table row type and query-specified row type do not "
		                "match"),
		         errdetail("Query has too few columns.")));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		Oid type = TupleDescAttr(given, i)->atttypid;

		if (type != att->atttypid)
			ereport(ERROR,
			        (errcode(ERRCODE_DATATYPE_MISMATCH),
			         errmsg("table row type and query-specified row type do "
			                "not match"),
			         errdetail("Table has type %s at ordinal position %d, but "
			                   "query expects %s.",
			                   format_type_be(att->atttypid), i + 1,
			                   format_type_be(type))));
	}
}

static TupleTableSlot *
ExecProcessReturning(ModifyTableState *node, TupleTableSlot *slot)
{
	ProjectionInfo *proj = node->resultRelInfo->ri_projectReturning;

	if (proj == NULL)
		return NULL;
	proj->pi_exprContext->ecxt_scantuple = slot;
	return ExecProject(proj);
}

static TupleTableSlot *
ExecInsert(ModifyTableState *node, TupleTableSlot *planSlot)
{
	EState *estate = node->ps.state;
	ResultRelInfo *info = node->resultRelInfo;
	Relation rel = info->ri_RelationDesc;
	TupleTableSlot *slot = node->mt_newTuple;
	int natts = slot->tts_tupleDescriptor->natts;

	slot_getsomeattrs(planSlot, natts);
	ExecClearTuple(slot);
	memcpy(slot->tts_values, planSlot->tts_values, natts * sizeof(Datum));
	memcpy(slot->tts_isnull, planSlot->tts_isnull, natts * sizeof(bool));
	ExecStoreVirtualTuple(slot);
	slot->tts_tableOid = RelationGetRelid(rel);

	ExecConstraints(info, slot, estate);
	table_tuple_insert(rel, slot, estate->es_output_cid, 0, NULL);
	if (info->ri_NumIndices > 0)
		(void) ExecInsertIndexTuples(info, slot, estate, false, false, NULL,
		                             NIL);
	if (node->canSetTag)
		estate->es_processed++;
	return ExecProcessReturning(node, slot);
}

/* Whether this command deleted the row. */
static bool
delete_row(ModifyTableState *node, ItemPointer tid)
{
	EState *estate = node->ps.state;
	TM_FailureData tmfd;

	switch (table_tuple_delete(node->resultRelInfo->ri_RelationDesc, tid,
	                           estate->es_output_cid, estate->es_snapshot,
	                           estate->es_crosscheck_snapshot, true, &tmfd,
	                           false))
	{
		case TM_Ok:
			return true;
		case TM_SelfModified:
			/* by this command already, or by a function that it called */
			if (tmfd.cmax != estate->es_output_cid)
				ereport(ERROR,
				        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				         errmsg("tuple to be deleted was already modified by "
				                "an operation triggered by the current "
				                "command")));
			return false;
		case TM_Updated:
			if (IsolationUsesXactSnapshot())
				ereport(ERROR,
				        (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				         errmsg("could not serialize access due to concurrent "
				                "update")));
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("deleting a row that was updated meanwhile is not "
			                "supported")));
			return false;
		case TM_Deleted:
			if (IsolationUsesXactSnapshot())
				ereport(ERROR,
				        (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				         errmsg("could not serialize access due to concurrent "
				                "delete")));
			/* it is gone: nothing is left to do */
			return false;
		default:
			elog(ERROR, "unrecognized result of table_tuple_delete");
	}
	return false;
}

/* *deleted tells whether the row counts. */
static TupleTableSlot *
ExecDelete(ModifyTableState *node, TupleTableSlot *planSlot, bool *deleted)
{
	ModifyTable *plan = (ModifyTable *) node->ps.plan;
	EState *estate = node->ps.state;
	Relation rel = node->resultRelInfo->ri_RelationDesc;
	ItemPointerData tid;
	TupleTableSlot *result;
	Datum datum;
	bool isnull;

	datum = slot_getattr(planSlot, plan->rowidAttNo, &isnull);
	if (isnull)
		elog(ERROR, "ctid is NULL");
	/* the slot may change under us */
	tid = *(ItemPointer) DatumGetPointer(datum);
	*deleted = delete_row(node, &tid);
	if (!*deleted)
		return NULL;
	if (node->canSetTag)
		estate->es_processed++;
	if (node->resultRelInfo->ri_projectReturning == NULL)
		return NULL;
	if (!table_tuple_fetch_row_version(rel, &tid, SnapshotAny,
	                                   node->mt_oldTuple))
		elog(ERROR, "failed to fetch deleted tuple for DELETE RETURNING");
	result = ExecProcessReturning(node, node->mt_oldTuple);
	/* it outlives the page's pin */
	ExecMaterializeSlot(result);
	ExecClearTuple(node->mt_oldTuple);
	return result;
}

static TupleTableSlot *
ExecModifyTable(PlanState *pstate)
{
	ModifyTableState *node = (ModifyTableState *) pstate;
	EState *estate = node->ps.state;

	if (node->mt_done)
		return NULL;
	for (;;)
	{
		TupleTableSlot *planSlot;
		TupleTableSlot *slot = NULL;
		bool changed = true;

		CHECK_FOR_INTERRUPTS();
		ResetPerTupleExprContext(estate);
		if (node->ps.ps_ExprContext)
			ResetExprContext(node->ps.ps_ExprContext);
		planSlot = ExecProcNode(outerPlanState(node));
		if (TupIsNull(planSlot))
			break;
		if (node->operation == CMD_INSERT)
			slot = ExecInsert(node, planSlot);
		else
			slot = ExecDelete(node, planSlot, &changed);
		if (slot != NULL && changed)
			return slot;
	}
	node->mt_done = true;
	return NULL;
}

static void
init_returning(ModifyTableState *state, ModifyTable *node, EState *estate)
{
	PlanState *ps = &state->ps;

	/* the rows of the node are those of the RETURNING list */
	ps->ps_ResultTupleDesc = ExecTypeFromTL(node->returningList);
	if (node->returningList == NIL)
		return;
	ps->ps_ResultTupleSlot =
		ExecInitExtraTupleSlot(estate, ps->ps_ResultTupleDesc);
	ExecAssignExprContext(estate, ps);
	state->resultRelInfo->ri_projectReturning = ExecBuildProjectionInfo(
		node->returningList, ps->ps_ExprContext, ps->ps_ResultTupleSlot, ps,
		RelationGetDescr(state->resultRelInfo->ri_RelationDesc));
}

PlanState *
ExecInitModifyTable(ModifyTable *node, EState *estate, int eflags)
{
	ModifyTableState *state = makeNode(ModifyTableState);
	Index rti = linitial_int(node->resultRelations);
	Relation rel = ExecGetRangeTableRelation(estate, rti);

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecModifyTable;
	state->operation = node->operation;
	state->canSetTag = node->canSetTag;
	state->resultRelInfo = makeNode(ResultRelInfo);
	InitResultRelInfo(state->resultRelInfo, rel, rti);
	CheckValidResultRel(rel, node->operation);

	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	if (node->operation == CMD_INSERT)
	{
		ExecCheckPlanOutput(rel, outerPlanState(state)->ps_ResultTupleDesc);
		state->mt_newTuple =
			ExecInitExtraTupleSlot(estate, RelationGetDescr(rel));
		if (!(eflags & EXEC_FLAG_EXPLAIN_ONLY))
			ExecOpenIndices(state->resultRelInfo, false);
	}
	else
		state->mt_oldTuple =
			ExecInitExtraTupleSlot(estate, RelationGetDescr(rel));
	init_returning(state, node, estate);
	return &state->ps;
}

void
ExecEndModifyTable(ModifyTableState *node)
{
	ExecCloseIndices(node->resultRelInfo);
}
