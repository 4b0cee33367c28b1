/*
 * nodeMaterial.c
 *		Keeps the child's rows in a tuplestore, so that the inner side of a
 *		nested loop is computed once.
 *
 * The child is read as far as rows are asked for; another pass begins with what
 * the store has.
 *
 * Corresponds to PostgreSQL's executor/nodeMaterial.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

static TupleTableSlot *
ExecMaterial(PlanState *pstate)
{
	MaterialState *node = (MaterialState *) pstate;
	TupleTableSlot *result = node->ss.ps.ps_ResultTupleSlot;
	TupleTableSlot *slot;

	CHECK_FOR_INTERRUPTS();
	if (node->tuplestorestate == NULL)
	{
		MemoryContext old =
			MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);

		node->tuplestorestate = tuplestore_begin_heap(true, false, work_mem);
		MemoryContextSwitchTo(old);
	}
	if (tuplestore_gettupleslot(node->tuplestorestate, true, false, result))
		return result;
	if (node->eof_underlying)
		return ExecClearTuple(result);
	slot = ExecProcNode(outerPlanState(node));
	if (TupIsNull(slot))
	{
		node->eof_underlying = true;
		return ExecClearTuple(result);
	}
	/* the place of reading stays behind the last row */
	tuplestore_puttupleslot(node->tuplestorestate, slot);
	(void) tuplestore_advance(node->tuplestorestate, true);
	return ExecCopySlot(result, slot);
}

PlanState *
ExecInitMaterial(Material *node, EState *estate, int eflags)
{
	MaterialState *state = makeNode(MaterialState);

	state->ss.ps.plan = (Plan *) node;
	state->ss.ps.state = estate;
	state->ss.ps.ExecProcNode = ExecMaterial;
	/* the child's rows are read once */
	eflags &= ~(EXEC_FLAG_REWIND | EXEC_FLAG_BACKWARD | EXEC_FLAG_MARK);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ss.ps);
	return &state->ss.ps;
}

void
ExecEndMaterial(MaterialState *node)
{
	ExecClearTuple(node->ss.ps.ps_ResultTupleSlot);
	if (node->tuplestorestate != NULL)
		tuplestore_end(node->tuplestorestate);
	node->tuplestorestate = NULL;
}

void
ExecReScanMaterial(MaterialState *node)
{
	ExecClearTuple(node->ss.ps.ps_ResultTupleSlot);
	if (node->tuplestorestate == NULL)
		return;
	if (!node->ss.ps.chgParam)
	{
		tuplestore_rescan(node->tuplestorestate);
		return;
	}
	tuplestore_end(node->tuplestorestate);
	node->tuplestorestate = NULL;
	node->eof_underlying = false;
	ExecReScan(outerPlanState(node));
}
