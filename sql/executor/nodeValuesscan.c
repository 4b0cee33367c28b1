/*
 * nodeValuesscan.c
 *		The rows of VALUES (...), (...).
 *
 * A row's expressions are compiled when it is reached, in memory that is
 * given back with the next row: long lists are used once only.
 *
 * Corresponds to PostgreSQL's executor/nodeValuesscan.c.
 */
#include "postgres.h"

#include "executor/execScan.h"
#include "executor/nodes.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/memutils.h"

static TupleTableSlot *
ValuesNext(ScanState *ss)
{
	ValuesScanState *node = (ValuesScanState *) ss;
	TupleTableSlot *slot = ss->ss_ScanTupleSlot;
	ExprContext *econtext = node->rowcontext;
	MemoryContext old;
	ListCell *lc;

	if (ScanDirectionIsForward(ss->ps.state->es_direction))
	{
		if (node->curr_idx < node->array_len)
			node->curr_idx++;
	}
	else if (node->curr_idx >= 0)
		node->curr_idx--;
	ExecClearTuple(slot);
	if (node->curr_idx < 0 || node->curr_idx >= node->array_len)
		return slot;

	ResetExprContext(econtext);
	old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	foreach (lc, node->exprlists[node->curr_idx])
	{
		int i = foreach_current_index(lc);
		List *states = node->exprstatelists[node->curr_idx];
		ExprState *expr =
			states ? list_nth(states, i) : ExecInitExpr(lfirst(lc), NULL);

		slot->tts_values[i] =
			ExecEvalExpr(expr, econtext, &slot->tts_isnull[i]);
	}
	MemoryContextSwitchTo(old);
	return ExecStoreVirtualTuple(slot);
}

static TupleTableSlot *
ExecValuesScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, ValuesNext);
}

/* The columns are those of the first row. */
static TupleDesc
values_tupdesc(List *exprs)
{
	TupleDesc desc = CreateTemplateTupleDesc(list_length(exprs));
	ListCell *lc;

	foreach (lc, exprs)
	{
		Node *e = lfirst(lc);
		int attno = foreach_current_index(lc) + 1;

		TupleDescInitEntry(desc, attno, NULL, exprType(e), exprTypmod(e), 0);
		TupleDescAttr(desc, attno - 1)->attcollation = exprCollation(e);
	}
	return desc;
}

PlanState *
ExecInitValuesScan(ValuesScan *node, EState *estate, int eflags)
{
	ValuesScanState *state = makeNode(ValuesScanState);
	ScanState *ss = &state->ss;
	ListCell *lc;

	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecValuesScan;
	state->rowcontext = CreateExprContext(estate);
	ExecAssignExprContext(estate, &ss->ps);
	ExecInitScanTupleSlot(estate, ss,
	                      values_tupdesc(linitial(node->values_lists)));
	ss->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->scan.plan.targetlist);
	ExecConditionalAssignProjectionInfo(
		&ss->ps, ss->ss_ScanTupleSlot->tts_tupleDescriptor,
		(int) node->scan.scanrelid);
	ss->ps.qual = ExecInitQual(node->scan.plan.qual, &ss->ps);

	state->curr_idx = -1;
	state->array_len = list_length(node->values_lists);
	state->exprlists = palloc_array(List *, state->array_len);
	state->exprstatelists = palloc0_array(List *, state->array_len);
	foreach (lc, node->values_lists)
	{
		int i = foreach_current_index(lc);

		state->exprlists[i] = lfirst(lc);
		/* a sub-select must be known to the node from the beginning */
		if (contain_subplans((Node *) lfirst(lc)))
			state->exprstatelists[i] = ExecInitExprList(lfirst(lc), &ss->ps);
	}
	return &ss->ps;
}

void
ExecReScanValuesScan(ValuesScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	node->curr_idx = -1;
}
