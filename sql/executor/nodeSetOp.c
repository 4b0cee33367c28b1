/*
 * nodeSetOp.c
 *		INTERSECT and EXCEPT of two inputs that come sorted as one, each row
 *		with a mark of its side.
 *
 * Rows that are equal in the columns compared come together.  From how many of
 * a group are of which side follows how often its row is returned.
 *
 * Corresponds to PostgreSQL's executor/nodeSetOp.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

static int64
rows_to_return(const SetOp *plan, int64 nleft, int64 nright)
{
	if (plan->op == SETOP_INTERSECT)
		return plan->all ? Min(nleft, nright) : nleft > 0 && nright > 0;
	return plan->all ? Max(nleft - nright, 0) : nleft > 0 && nright == 0;
}

/* The row that a group begins with, in groupSlot; false at the end. */
static bool
begin_group(SetOpState *node)
{
	TupleTableSlot *slot;

	if (node->nextTuple != NULL)
	{
		ExecStoreHeapTuple(node->nextTuple, node->groupSlot, true);
		node->nextTuple = NULL;
		return true;
	}
	slot = ExecProcNode(outerPlanState(node));
	if (TupIsNull(slot))
		return false;
	(void) ExecCopySlot(node->groupSlot, slot);
	return true;
}

/* Read a group; numOutput says how often its row is to be returned. */
static bool
read_group(SetOpState *node)
{
	const SetOp *plan = (const SetOp *) node->ps.plan;
	ExprContext *econtext = node->ps.ps_ExprContext;
	int64 count[2] = {0, 0};
	TupleTableSlot *slot;
	bool isnull;

	if (node->setop_done || !begin_group(node))
		return false;
	slot = node->groupSlot;
	for (;;)
	{
		count[DatumGetInt32(slot_getattr(slot, plan->flagColIdx, &isnull))]++;
		CHECK_FOR_INTERRUPTS();
		ResetExprContext(econtext);
		slot = ExecProcNode(outerPlanState(node));
		if (TupIsNull(slot))
		{
			node->setop_done = true;
			break;
		}
		econtext->ecxt_innertuple = slot;
		econtext->ecxt_outertuple = node->groupSlot;
		if (!ExecQual(node->eqfunction, econtext))
		{
			node->nextTuple = ExecCopySlotHeapTuple(slot);
			break;
		}
	}
	node->numOutput = rows_to_return(plan, count[0], count[1]);
	return true;
}

static TupleTableSlot *
ExecSetOp(PlanState *pstate)
{
	SetOpState *node = (SetOpState *) pstate;
	TupleTableSlot *result = node->ps.ps_ResultTupleSlot;
	int ncolumns = result->tts_tupleDescriptor->natts;

	while (node->numOutput == 0)
	{
		if (!read_group(node))
			return ExecClearTuple(result);
	}
	node->numOutput--;
	/* without the mark, which is the last column */
	ExecClearTuple(result);
	slot_getsomeattrs(node->groupSlot, ncolumns);
	memcpy(result->tts_values, node->groupSlot->tts_values,
	       sizeof(Datum) * ncolumns);
	memcpy(result->tts_isnull, node->groupSlot->tts_isnull,
	       sizeof(bool) * ncolumns);
	return ExecStoreVirtualTuple(result);
}

PlanState *
ExecInitSetOp(SetOp *node, EState *estate, int eflags)
{
	SetOpState *state = makeNode(SetOpState);
	Oid *eqfuncs = palloc_array(Oid, node->numCols + 1);
	TupleDesc desc;

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecSetOp;
	ExecAssignExprContext(estate, &state->ps);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ps);
	desc = outerPlanState(state)->ps_ResultTupleDesc;
	state->groupSlot = ExecInitExtraTupleSlot(estate, desc);
	for (int i = 0; i < node->numCols; i++)
		eqfuncs[i] = get_opcode(node->dupOperators[i]);
	state->eqfunction =
		ExecBuildGroupingEqual(desc, desc, node->numCols, node->dupColIdx,
	                           eqfuncs, node->dupCollations, &state->ps);
	return &state->ps;
}

void
ExecReScanSetOp(SetOpState *node)
{
	ExecClearTuple(node->ps.ps_ResultTupleSlot);
	ExecClearTuple(node->groupSlot);
	if (node->nextTuple != NULL)
		heap_freetuple(node->nextTuple);
	node->nextTuple = NULL;
	node->numOutput = 0;
	node->setop_done = false;
	ExecReScan(outerPlanState(node));
}
