/*
 * nodeCtescan.c
 *		The rows of a WITH query that is computed once.
 *
 * The query's plan is an init plan that nobody runs: its rows are fetched when
 * one of its scans needs one that is not in the store yet.  So no more rows are
 * computed than are read.
 *
 * 1.	The scans of a WITH query find each other by the value of a PARAM_EXEC
 *		Param, where the first one that is made (the leader) puts itself.
 * 2.	When what the query depends on has changed, the query's top node is
 *		marked (chgParam).  The first of the scans that begins anew empties the
 *		store and lets the query begin anew; the others find it unmarked.
 *
 * Corresponds to PostgreSQL's executor/nodeCtescan.c.
 */
#include "postgres.h"

#include "executor/execScan.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

static TupleTableSlot *
CteScanNext(ScanState *ss)
{
	CteScanState *node = (CteScanState *) ss;
	CteScanState *leader = node->leader;
	TupleTableSlot *slot = ss->ss_ScanTupleSlot;
	TupleTableSlot *row;

	tuplestore_select_read_pointer(leader->cte_table, node->readptr);
	/* a copy: the store may move its rows to a file */
	if (!tuplestore_ateof(leader->cte_table) &&
	    tuplestore_gettupleslot(leader->cte_table, true, true, slot))
		return slot;
	if (leader->eof_cte)
		return ExecClearTuple(slot);
	row = ExecProcNode(leader->cteplanstate);
	if (TupIsNull(row))
	{
		leader->eof_cte = true;
		return ExecClearTuple(slot);
	}
	/* another scan may have read meanwhile; this one does not read the row */
	tuplestore_select_read_pointer(leader->cte_table, node->readptr);
	tuplestore_puttupleslot(leader->cte_table, row);
	return ExecCopySlot(slot, row);
}

static TupleTableSlot *
ExecCteScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, CteScanNext);
}

static void
join_leader(CteScanState *state, ParamExecData *prm, EState *estate)
{
	state->leader = (CteScanState *) DatumGetPointer(prm->value);
	if (state->leader != NULL)
	{
		Tuplestorestate *store = state->leader->cte_table;

		state->readptr = tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND);
		tuplestore_select_read_pointer(store, state->readptr);
		tuplestore_rescan(store);
		return;
	}
	prm->value = PointerGetDatum(state);
	prm->isnull = false;
	state->leader = state;
	state->cte_table = tuplestore_begin_heap(true, false, work_mem);
	state->readptr = 0;
}

PlanState *
ExecInitCteScan(CteScan *node, EState *estate, int eflags)
{
	CteScanState *state = makeNode(CteScanState);
	ScanState *ss = &state->ss;

	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecCteScan;
	ExecAssignExprContext(estate, &ss->ps);
	state->cteplanstate =
		list_nth(estate->es_subplanstates, node->ctePlanId - 1);
	join_leader(state, &estate->es_param_exec_vals[node->cteParam], estate);
	ExecInitScanTupleSlot(estate, ss, state->cteplanstate->ps_ResultTupleDesc);
	ss->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->scan.plan.targetlist);
	ExecConditionalAssignProjectionInfo(&ss->ps,
	                                    state->cteplanstate->ps_ResultTupleDesc,
	                                    (int) node->scan.scanrelid);
	ss->ps.qual = ExecInitQual(node->scan.plan.qual, &ss->ps);
	return &ss->ps;
}

void
ExecEndCteScan(CteScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->leader == node)
		tuplestore_end(node->cte_table);
}

void
ExecReScanCteScan(CteScanState *node)
{
	CteScanState *leader = node->leader;

	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (leader->cteplanstate->chgParam)
	{
		tuplestore_clear(leader->cte_table);
		leader->eof_cte = false;
		ExecReScan(leader->cteplanstate);
	}
	tuplestore_select_read_pointer(leader->cte_table, node->readptr);
	tuplestore_rescan(leader->cte_table);
}
