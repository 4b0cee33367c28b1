/*
 * nodeResult.c
 *		One row without a table, or the child's rows if a condition that is the
 *		same for all of them holds.
 *
 * Corresponds to PostgreSQL's executor/nodeResult.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"

static TupleTableSlot *
ExecResult(PlanState *pstate)
{
	ResultState *node = (ResultState *) pstate;
	ExprContext *econtext = node->ps.ps_ExprContext;

	CHECK_FOR_INTERRUPTS();
	if (node->rs_checkqual)
	{
		node->rs_checkqual = false;
		if (!ExecQual(node->resconstantqual, econtext))
			node->rs_done = true;
	}
	for (;;)
	{
		ResetExprContext(econtext);
		if (node->rs_done)
			return NULL;
		if (outerPlanState(node) != NULL)
		{
			TupleTableSlot *outer = ExecProcNode(outerPlanState(node));

			if (TupIsNull(outer))
				return NULL;
			econtext->ecxt_outertuple = outer;
		}
		else
			node->rs_done = true;
		if (ExecQual(node->ps.qual, econtext))
			return ExecProject(node->ps.ps_ProjInfo);
		InstrCountFiltered1(node, 1);
	}
}

PlanState *
ExecInitResult(Result *node, EState *estate, int eflags)
{
	ResultState *state = makeNode(ResultState);

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecResult;
	state->rs_checkqual = node->resconstantqual != NULL;
	ExecAssignExprContext(estate, &state->ps);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ps);
	ExecAssignProjectionInfo(&state->ps, NULL);
	state->ps.qual = ExecInitQual(node->plan.qual, &state->ps);
	/* the condition is a list of conditions to be ANDed, or one */
	if (node->resconstantqual != NULL)
		state->resconstantqual =
			ExecInitQual(IsA(node->resconstantqual, List)
		                     ? (List *) node->resconstantqual
		                     : list_make1(node->resconstantqual),
		                 &state->ps);
	return &state->ps;
}

void
ExecReScanResult(ResultState *node)
{
	node->rs_done = false;
	node->rs_checkqual = node->resconstantqual != NULL;
	if (outerPlanState(node) != NULL)
		ExecReScan(outerPlanState(node));
}
