/*
 * nodeAppend.c
 *		The rows of one child after the other: UNION ALL.
 *
 * Corresponds to PostgreSQL's executor/nodeAppend.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"

static TupleTableSlot *
ExecAppend(PlanState *pstate)
{
	AppendState *node = (AppendState *) pstate;

	for (;;)
	{
		TupleTableSlot *slot;

		CHECK_FOR_INTERRUPTS();
		if (node->as_whichplan >= node->as_nplans)
			return ExecClearTuple(node->ps.ps_ResultTupleSlot);
		slot = ExecProcNode(node->appendplans[node->as_whichplan]);
		if (!TupIsNull(slot))
			return slot;
		node->as_whichplan++;
	}
}

PlanState *
ExecInitAppend(Append *node, EState *estate, int eflags)
{
	AppendState *state = makeNode(AppendState);
	ListCell *lc;

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecAppend;
	state->appendplans =
		palloc_array(PlanState *, list_length(node->appendplans));
	foreach (lc, node->appendplans)
		state->appendplans[state->as_nplans++] =
			ExecInitNode(lfirst(lc), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ps);
	return &state->ps;
}

void
ExecEndAppend(AppendState *node)
{
	for (int i = 0; i < node->as_nplans; i++)
		ExecEndNode(node->appendplans[i]);
}

void
ExecReScanAppend(AppendState *node)
{
	node->as_whichplan = 0;
	for (int i = 0; i < node->as_nplans; i++)
		ExecReScan(node->appendplans[i]);
}
