/*
 * nodeModifyTable.c
 *		INSERT, UPDATE and DELETE.
 *
 * The child gives the rows to insert, column by column of the table; for an
 * UPDATE the new rows and the places (ctid) of the old ones; or the places of
 * the rows to delete.  With RETURNING each row that was changed is shown;
 * without, the node runs to its end in one call.
 *
 * A row that another transaction changed after the snapshot is waited for (by
 * table_tuple_update and _delete).  Under READ COMMITTED its newest version is
 * then locked and tested (execEPQ.c), and changed if it is still wanted; under
 * REPEATABLE READ that is an error, and the client may run the transaction
 * again.
 *
 * An INSERT of many rows that nobody wants to see goes into the table in
 * batches, as COPY's does: one lock and one record of the log for what fits on
 * a page.  Nothing that runs in between could tell, for a command does not see
 * its own rows.
 *
 * Corresponds to PostgreSQL's executor/nodeModifyTable.c, which inserts row by
 * row.
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
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#define MAX_BATCH_TUPLES 1000
#define MAX_BATCH_BYTES 65536

/* Rows given by the child and not yet in the table. */
typedef struct InsertBatch
{
	MemoryContext context;                   /* of the tuples */
	TupleTableSlot *slots[MAX_BATCH_TUPLES]; /* made when first used */
	int nused;
	Size bytes;
} InsertBatch;

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

/* The child's columns of the table, as a row of its shape, into slot. */
static TupleTableSlot *
fill_tuple(ModifyTableState *node, TupleTableSlot *planSlot,
           TupleTableSlot *slot)
{
	int natts = slot->tts_tupleDescriptor->natts;

	slot_getsomeattrs(planSlot, natts);
	ExecClearTuple(slot);
	memcpy(slot->tts_values, planSlot->tts_values, natts * sizeof(Datum));
	memcpy(slot->tts_isnull, planSlot->tts_isnull, natts * sizeof(bool));
	ExecStoreVirtualTuple(slot);
	slot->tts_tableOid = RelationGetRelid(node->resultRelInfo->ri_RelationDesc);
	return slot;
}

static TupleTableSlot *
new_tuple(ModifyTableState *node, TupleTableSlot *planSlot)
{
	return fill_tuple(node, planSlot, node->mt_newTuple);
}

/* ---- many rows ---- */

/* The rows gathered into the table and, one by one, into its indexes. */
static void
flush_batch(ModifyTableState *node)
{
	EState *estate = node->ps.state;
	ResultRelInfo *info = node->resultRelInfo;
	InsertBatch *batch = node->mt_batch;
	MemoryContext old;

	if (batch == NULL || batch->nused == 0)
		return;
	old = MemoryContextSwitchTo(batch->context);
	table_multi_insert(info->ri_RelationDesc, batch->slots, batch->nused,
	                   estate->es_output_cid, 0, NULL);
	for (int i = 0; i < batch->nused; i++)
	{
		if (info->ri_NumIndices > 0)
		{
			CHECK_FOR_INTERRUPTS();
			(void) ExecInsertIndexTuples(info, batch->slots[i], estate, false,
			                             false, NULL, NIL);
			ResetPerTupleExprContext(estate);
		}
		ExecClearTuple(batch->slots[i]);
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(batch->context);
	batch->nused = 0;
	batch->bytes = 0;
}

static InsertBatch *
make_batch(EState *estate)
{
	InsertBatch *batch =
		MemoryContextAllocZero(estate->es_query_cxt, sizeof(InsertBatch));

	batch->context = AllocSetContextCreate(
		estate->es_query_cxt, "rows to insert", ALLOCSET_DEFAULT_SIZES);
	return batch;
}

/* The row is copied: the child's next one takes its place. */
static void
ExecBatchInsert(ModifyTableState *node, TupleTableSlot *planSlot)
{
	EState *estate = node->ps.state;
	ResultRelInfo *info = node->resultRelInfo;
	InsertBatch *batch = node->mt_batch;
	TupleTableSlot *slot = batch->slots[batch->nused];
	MemoryContext old;
	HeapTuple tuple;

	if (slot == NULL)
	{
		old = MemoryContextSwitchTo(estate->es_query_cxt);
		slot = batch->slots[batch->nused] = ExecInitExtraTupleSlot(
			estate, RelationGetDescr(info->ri_RelationDesc));
		MemoryContextSwitchTo(old);
	}
	fill_tuple(node, planSlot, slot);
	ExecConstraints(info, slot, estate);
	old = MemoryContextSwitchTo(batch->context);
	tuple = ExecCopySlotHeapTuple(slot);
	MemoryContextSwitchTo(old);
	ExecStoreHeapTuple(tuple, slot, false);
	batch->nused++;
	batch->bytes += tuple->t_len;
	if (node->canSetTag)
		estate->es_processed++;
	if (batch->nused == MAX_BATCH_TUPLES || batch->bytes >= MAX_BATCH_BYTES)
		flush_batch(node);
}

/* ---- row by row ---- */

static TupleTableSlot *
ExecInsert(ModifyTableState *node, TupleTableSlot *planSlot)
{
	EState *estate = node->ps.state;
	ResultRelInfo *info = node->resultRelInfo;
	TupleTableSlot *slot = new_tuple(node, planSlot);

	ExecConstraints(info, slot, estate);
	table_tuple_insert(info->ri_RelationDesc, slot, estate->es_output_cid, 0,
	                   NULL);
	if (info->ri_NumIndices > 0)
		(void) ExecInsertIndexTuples(info, slot, estate, false, false, NULL,
		                             NIL);
	if (node->canSetTag)
		estate->es_processed++;
	return ExecProcessReturning(node, slot);
}

/* The row was changed by this command already, or by a function it called. */
static void
check_self_modified(ModifyTableState *node, const TM_FailureData *tmfd)
{
	if (tmfd->cmax != node->ps.state->es_output_cid)
		ereport(
			ERROR,
			(errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
		     errmsg("tuple to be %s was already modified by an operation "
		            "triggered by the current command",
		            node->operation == CMD_UPDATE ? "updated" : "deleted")));
}

static void
serialization_failure(const char *what)
{
	ereport(ERROR,
	        (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
	         errmsg("could not serialize access due to concurrent %s", what)));
}

/*
 * After a conflict: locks the newest version of the row, *tid becomes its
 * place, and returns the plan's row for it; NULL if nothing is left to do.
 */
static TupleTableSlot *
newest_version(ModifyTableState *node, ItemPointer tid, LockTupleMode mode)
{
	EState *estate = node->ps.state;
	EPQState *epqstate = &node->mt_epqstate;
	TM_FailureData tmfd;

	if (IsolationUsesXactSnapshot())
		serialization_failure("update");
	INJECTION_POINT("modify-conflict");
	switch (table_tuple_lock(node->resultRelInfo->ri_RelationDesc, tid,
	                         estate->es_snapshot, epqstate->slots[0],
	                         estate->es_output_cid, mode, LockWaitBlock,
	                         TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &tmfd))
	{
		case TM_Ok:
			return EvalPlanQual(epqstate);
		case TM_SelfModified:
			check_self_modified(node, &tmfd);
			return NULL;
		case TM_Deleted:
			return NULL;
		default:
			elog(ERROR, "unrecognized result of table_tuple_lock");
	}
	return NULL;
}

/* The place of the row to change; copied, as the slot may change under us. */
static ItemPointerData
row_place(ModifyTableState *node, TupleTableSlot *planSlot)
{
	ModifyTable *plan = (ModifyTable *) node->ps.plan;
	bool isnull;
	Datum datum = slot_getattr(planSlot, plan->rowidAttNo, &isnull);

	if (isnull)
		elog(ERROR, "ctid is NULL");
	return *(ItemPointer) DatumGetPointer(datum);
}

/* What a change that did not succeed means: the row to try next, or NULL. */
static TupleTableSlot *
after_failure(ModifyTableState *node, TM_Result result,
              const TM_FailureData *tmfd, ItemPointer tid, LockTupleMode mode)
{
	switch (result)
	{
		case TM_SelfModified:
			check_self_modified(node, tmfd);
			return NULL;
		case TM_Updated:
			return newest_version(node, tid, mode);
		case TM_Deleted:
			if (IsolationUsesXactSnapshot())
				serialization_failure("delete");
			/* it is gone: nothing is left to do */
			return NULL;
		default:
			elog(ERROR, "unrecognized result of a change of a row: %d",
			     (int) result);
	}
	return NULL;
}

/* *updated tells whether the row counts. */
static TupleTableSlot *
ExecUpdate(ModifyTableState *node, TupleTableSlot *planSlot, bool *updated)
{
	EState *estate = node->ps.state;
	ResultRelInfo *info = node->resultRelInfo;
	ItemPointerData tid = row_place(node, planSlot);
	LockTupleMode lockmode = LockTupleNoKeyExclusive;
	TU_UpdateIndexes update_indexes = TU_None;
	TupleTableSlot *slot;
	TM_FailureData tmfd;
	TM_Result result;

	for (;;)
	{
		slot = new_tuple(node, planSlot);
		ExecConstraints(info, slot, estate);
		result = table_tuple_update(info->ri_RelationDesc, &tid, slot,
		                            estate->es_output_cid, estate->es_snapshot,
		                            estate->es_crosscheck_snapshot, true, &tmfd,
		                            &lockmode, &update_indexes);
		if (result == TM_Ok)
			break;
		planSlot = after_failure(node, result, &tmfd, &tid, lockmode);
		if (planSlot == NULL)
		{
			*updated = false;
			return NULL;
		}
	}
	if (info->ri_NumIndices > 0 && update_indexes != TU_None)
		(void) ExecInsertIndexTuples(info, slot, estate, true, false, NULL,
		                             NIL);
	*updated = true;
	if (node->canSetTag)
		estate->es_processed++;
	return ExecProcessReturning(node, slot);
}

/* *deleted tells whether the row counts. */
static TupleTableSlot *
ExecDelete(ModifyTableState *node, TupleTableSlot *planSlot, bool *deleted)
{
	EState *estate = node->ps.state;
	Relation rel = node->resultRelInfo->ri_RelationDesc;
	ItemPointerData tid = row_place(node, planSlot);
	TupleTableSlot *result;
	TM_FailureData tmfd;
	TM_Result deletion;

	for (;;)
	{
		deletion = table_tuple_delete(
			rel, &tid, estate->es_output_cid, estate->es_snapshot,
			estate->es_crosscheck_snapshot, true, &tmfd, false);
		if (deletion == TM_Ok)
			break;
		if (after_failure(node, deletion, &tmfd, &tid, LockTupleExclusive) ==
		    NULL)
		{
			*deleted = false;
			return NULL;
		}
	}
	*deleted = true;
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
		if (node->mt_batch != NULL)
			ExecBatchInsert(node, planSlot);
		else if (node->operation == CMD_INSERT)
			slot = ExecInsert(node, planSlot);
		else if (node->operation == CMD_UPDATE)
			slot = ExecUpdate(node, planSlot, &changed);
		else
			slot = ExecDelete(node, planSlot, &changed);
		if (slot != NULL && changed)
			return slot;
	}
	flush_batch(node);
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
	state->mt_epqstate.planstate = NULL;
	if (node->operation != CMD_INSERT && !(eflags & EXEC_FLAG_EXPLAIN_ONLY))
	{
		Index *rtis = palloc_object(Index);

		*rtis = rti;
		EvalPlanQualInit(&state->mt_epqstate, estate, outerPlan(node), eflags,
		                 1, rtis);
	}
	if (node->operation != CMD_DELETE)
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
	/* a Result alone gives one row */
	if (node->operation == CMD_INSERT && node->returningList == NIL &&
	    !IsA(outerPlan(node), Result) && !(eflags & EXEC_FLAG_EXPLAIN_ONLY))
		state->mt_batch = make_batch(estate);
	return &state->ps;
}

void
ExecEndModifyTable(ModifyTableState *node)
{
	EvalPlanQualEnd(&node->mt_epqstate);
	ExecCloseIndices(node->resultRelInfo);
}
