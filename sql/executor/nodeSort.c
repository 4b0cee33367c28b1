/*
 * nodeSort.c
 *		The child's rows, sorted.
 *
 * Corresponds to PostgreSQL's executor/nodeSort.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/tuplesort.h"

static void
sort_input(SortState *node)
{
	Sort *plan = (Sort *) node->ss.ps.plan;
	EState *estate = node->ss.ps.state;
	PlanState *outer = outerPlanState(node);
	ScanDirection dir = estate->es_direction;
	int sortopt = TUPLESORT_NONE;
	Tuplesortstate *sort;

	/* the child is always run forward */
	estate->es_direction = ForwardScanDirection;
	if (node->randomAccess)
		sortopt |= TUPLESORT_RANDOMACCESS;
	if (node->bounded)
		sortopt |= TUPLESORT_ALLOWBOUNDED;
	sort = tuplesort_begin_heap(outer->ps_ResultTupleDesc, plan->numCols,
	                            plan->sortColIdx, plan->sortOperators,
	                            plan->collations, plan->nullsFirst, work_mem,
	                            NULL, sortopt);
	if (node->bounded)
		tuplesort_set_bound(sort, node->bound);
	node->tuplesortstate = sort;
	for (;;)
	{
		TupleTableSlot *slot = ExecProcNode(outer);

		if (TupIsNull(slot))
			break;
		tuplesort_puttupleslot(sort, slot);
	}
	tuplesort_performsort(sort);
	estate->es_direction = dir;
	node->sort_Done = true;
	node->bounded_Done = node->bounded;
	node->bound_Done = node->bound;
}

static TupleTableSlot *
ExecSort(PlanState *pstate)
{
	SortState *node = (SortState *) pstate;
	TupleTableSlot *slot = node->ss.ps.ps_ResultTupleSlot;

	CHECK_FOR_INTERRUPTS();
	if (!node->sort_Done)
		sort_input(node);
	(void) tuplesort_gettupleslot(
		node->tuplesortstate,
		ScanDirectionIsForward(node->ss.ps.state->es_direction), slot);
	return slot;
}

PlanState *
ExecInitSort(Sort *node, EState *estate, int eflags)
{
	SortState *state = makeNode(SortState);

	state->ss.ps.plan = (Plan *) node;
	state->ss.ps.state = estate;
	state->ss.ps.ExecProcNode = ExecSort;
	state->randomAccess =
		(eflags & (EXEC_FLAG_REWIND | EXEC_FLAG_BACKWARD | EXEC_FLAG_MARK)) !=
		0;
	/* the child's rows are read once */
	eflags &= ~(EXEC_FLAG_REWIND | EXEC_FLAG_BACKWARD | EXEC_FLAG_MARK);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ss.ps);
	return &state->ss.ps;
}

static void
drop_sort(SortState *node)
{
	ExecClearTuple(node->ss.ps.ps_ResultTupleSlot);
	if (node->tuplesortstate != NULL)
		tuplesort_end(node->tuplesortstate);
	node->tuplesortstate = NULL;
	node->sort_Done = false;
}

void
ExecEndSort(SortState *node)
{
	drop_sort(node);
}

void
ExecReScanSort(SortState *node)
{
	if (!node->sort_Done)
		return;
	ExecClearTuple(node->ss.ps.ps_ResultTupleSlot);
	if (!node->ss.ps.chgParam && node->randomAccess &&
	    node->bounded == node->bounded_Done && node->bound == node->bound_Done)
	{
		tuplesort_rescan(node->tuplesortstate);
		return;
	}
	drop_sort(node);
	ExecReScan(outerPlanState(node));
}
