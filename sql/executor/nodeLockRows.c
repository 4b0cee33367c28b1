/*
 * nodeLockRows.c
 *		SELECT ... FOR UPDATE and FOR NO KEY UPDATE.
 *
 * Each row of the child is locked, by the places (ctid) that it carries in
 * columns of its own, before it is shown.  One that another transaction changed
 * since the snapshot is an error under REPEATABLE READ; else its newest version
 * is locked and shown, if the query still wants it (execEPQ.c).  The node is
 * below LIMIT, so that no row is locked that is not shown, but above ORDER BY:
 * a newest version is shown in the old one's turn.
 *
 * Corresponds to PostgreSQL's executor/nodeLockRows.c.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xact.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

static void
serialization_failure(void)
{
	ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
	                errmsg("could not serialize access due to concurrent "
	                       "update")));
}

/*
 * Locks the mark's row, the epq state's n-th; false if it is not to be shown.
 * *changed: it is not the version that the snapshot sees.
 */
static bool
lock_row(LockRowsState *node, PlanRowMark *mark, int n, TupleTableSlot *row,
         bool *changed)
{
	EState *estate = node->ps.state;
	Relation rel = ExecGetRangeTableRelation(estate, mark->rti);
	TM_FailureData tmfd;
	ItemPointerData tid;
	Datum datum;
	bool isnull;

	datum = slot_getattr(row, mark->ctidAttNo, &isnull);
	if (isnull)
		elog(ERROR, "ctid is NULL");
	tid = *(ItemPointer) DatumGetPointer(datum);
	INJECTION_POINT("lock-rows");
	switch (table_tuple_lock(
		rel, &tid, estate->es_snapshot, node->lr_epqstate.slots[n],
		estate->es_output_cid, mark->mode, mark->waitPolicy,
		IsolationUsesXactSnapshot() ? 0 : TUPLE_LOCK_FLAG_FIND_LAST_VERSION,
		&tmfd))
	{
		case TM_Ok:
			*changed |= tmfd.traversed;
			return true;
		case TM_WouldBlock:
			/* SKIP LOCKED */
			return false;
		case TM_SelfModified:
			/* by this command: it is not to lock its own work */
			return false;
		case TM_Updated:
			if (IsolationUsesXactSnapshot())
				serialization_failure();
			elog(ERROR, "unexpected table_tuple_lock status: TM_Updated");
			return false;
		case TM_Deleted:
			if (IsolationUsesXactSnapshot())
				serialization_failure();
			return false;
		default:
			elog(ERROR, "unrecognized table_tuple_lock status");
	}
	return false;
}

static TupleTableSlot *
ExecLockRows(PlanState *pstate)
{
	LockRowsState *node = (LockRowsState *) pstate;
	List *marks = ((LockRows *) node->ps.plan)->rowMarks;

	for (;;)
	{
		TupleTableSlot *slot = ExecProcNode(outerPlanState(node));
		bool changed = false;
		bool wanted = true;
		ListCell *lc;

		CHECK_FOR_INTERRUPTS();
		if (TupIsNull(slot))
			return NULL;
		foreach (lc, marks)
		{
			wanted = lock_row(node, lfirst_node(PlanRowMark, lc),
			                  foreach_current_index(lc), slot, &changed);
			if (!wanted)
				break;
		}
		if (wanted && changed)
		{
			slot = EvalPlanQual(&node->lr_epqstate);
			wanted = slot != NULL;
		}
		if (wanted)
			return slot;
	}
}

PlanState *
ExecInitLockRows(LockRows *node, EState *estate, int eflags)
{
	LockRowsState *state = makeNode(LockRowsState);
	int nrels = list_length(node->rowMarks);
	Index *rtis = palloc_array(Index, nrels);
	ListCell *lc;

	foreach (lc, node->rowMarks)
		rtis[foreach_current_index(lc)] = lfirst_node(PlanRowMark, lc)->rti;
	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecLockRows;
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	state->ps.ps_ResultTupleDesc = outerPlanState(state)->ps_ResultTupleDesc;
	state->ps.ps_ResultTupleSlot = outerPlanState(state)->ps_ResultTupleSlot;
	EvalPlanQualInit(&state->lr_epqstate, estate, outerPlan(node), eflags,
	                 nrels, rtis);
	return &state->ps;
}

void
ExecEndLockRows(LockRowsState *node)
{
	EvalPlanQualEnd(&node->lr_epqstate);
}
