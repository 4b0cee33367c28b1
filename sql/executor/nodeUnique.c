/*
 * nodeUnique.c
 *		Of rows that are equal in some columns, and come one after the other,
 *		the first.
 *
 * Corresponds to PostgreSQL's executor/nodeUnique.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

static TupleTableSlot *
ExecUnique(PlanState *pstate)
{
	UniqueState *node = (UniqueState *) pstate;
	ExprContext *econtext = node->ps.ps_ExprContext;
	TupleTableSlot *result = node->ps.ps_ResultTupleSlot;

	for (;;)
	{
		TupleTableSlot *slot;

		CHECK_FOR_INTERRUPTS();
		ResetExprContext(econtext);
		slot = ExecProcNode(outerPlanState(node));
		if (TupIsNull(slot))
			return ExecClearTuple(result);
		if (TupIsNull(result))
			return ExecCopySlot(result, slot);
		econtext->ecxt_innertuple = slot;
		econtext->ecxt_outertuple = result;
		if (!ExecQual(node->eqfunction, econtext))
			return ExecCopySlot(result, slot);
	}
}

PlanState *
ExecInitUnique(Unique *node, EState *estate, int eflags)
{
	UniqueState *state = makeNode(UniqueState);
	Oid *eqfuncs = palloc_array(Oid, node->numCols);
	TupleDesc desc;

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecUnique;
	ExecAssignExprContext(estate, &state->ps);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ps);
	desc = outerPlanState(state)->ps_ResultTupleDesc;
	for (int i = 0; i < node->numCols; i++)
		eqfuncs[i] = get_opcode(node->uniqOperators[i]);
	state->eqfunction =
		ExecBuildGroupingEqual(desc, desc, node->numCols, node->uniqColIdx,
	                           eqfuncs, node->uniqCollations, &state->ps);
	return &state->ps;
}

void
ExecReScanUnique(UniqueState *node)
{
	ExecClearTuple(node->ps.ps_ResultTupleSlot);
	ExecReScan(outerPlanState(node));
}
