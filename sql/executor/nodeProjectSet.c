/*
 * nodeProjectSet.c
 *		Rows for a target list with functions that return sets.
 *
 * Each input row gives as many rows as the longest of its sets has; a set that
 * is at its end shows NULL.
 *
 * Corresponds to PostgreSQL's executor/nodeProjectSet.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* A row of the present input row; NULL: it has none left. */
static TupleTableSlot *
ExecProjectSRF(ProjectSetState *node, bool continuing)
{
	TupleTableSlot *result = node->ps.ps_ResultTupleSlot;
	ExprContext *econtext = node->ps.ps_ExprContext;
	MemoryContext old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	bool hasresult = false;

	ExecClearTuple(result);
	node->pending_srf_tuples = false;
	for (int i = 0; i < node->nelems; i++)
	{
		Datum *value = &result->tts_values[i];
		bool *isnull = &result->tts_isnull[i];
		ExprDoneCond *isdone = &node->elemdone[i];

		if (node->elems[i] == NULL)
		{
			*value = ExecEvalExpr(node->exprs[i], econtext, isnull);
			*isdone = ExprSingleResult;
			continue;
		}
		if (continuing && *isdone == ExprEndResult)
		{
			*value = (Datum) 0;
			*isnull = true;
			continue;
		}
		*value = ExecMakeFunctionResultSet(node->elems[i], econtext,
		                                   node->argcontext, isnull, isdone);
		if (*isdone != ExprEndResult)
			hasresult = true;
		if (*isdone == ExprMultipleResult)
			node->pending_srf_tuples = true;
	}
	MemoryContextSwitchTo(old);
	return hasresult ? ExecStoreVirtualTuple(result) : NULL;
}

static TupleTableSlot *
ExecProjectSet(PlanState *pstate)
{
	ProjectSetState *node = (ProjectSetState *) pstate;
	ExprContext *econtext = node->ps.ps_ExprContext;
	TupleTableSlot *result;

	CHECK_FOR_INTERRUPTS();
	ResetExprContext(econtext);
	if (node->pending_srf_tuples)
	{
		result = ExecProjectSRF(node, true);
		if (result != NULL)
			return result;
	}
	for (;;)
	{
		TupleTableSlot *outer = ExecProcNode(outerPlanState(node));

		if (TupIsNull(outer))
			return NULL;
		MemoryContextReset(node->argcontext);
		econtext->ecxt_outertuple = outer;
		result = ExecProjectSRF(node, false);
		if (result != NULL)
			return result;
		ResetExprContext(econtext);
	}
}

PlanState *
ExecInitProjectSet(ProjectSet *node, EState *estate, int eflags)
{
	ProjectSetState *state = makeNode(ProjectSetState);
	ListCell *lc;

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecProjectSet;
	ExecAssignExprContext(estate, &state->ps);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	ExecInitResultTupleSlotTL(&state->ps);

	state->nelems = list_length(node->plan.targetlist);
	state->elems = palloc0_array(SetExprState *, state->nelems);
	state->exprs = palloc0_array(ExprState *, state->nelems);
	state->elemdone = palloc0_array(ExprDoneCond, state->nelems);
	foreach (lc, node->plan.targetlist)
	{
		Expr *expr = lfirst_node(TargetEntry, lc)->expr;
		int i = foreach_current_index(lc);

		if (IsA(expr, FuncExpr) && ((FuncExpr *) expr)->funcretset)
			state->elems[i] =
				ExecInitFunctionResultSet((FuncExpr *) expr, &state->ps);
		else
			state->exprs[i] = ExecInitExpr(expr, &state->ps);
	}
	state->argcontext =
		AllocSetContextCreate(CurrentMemoryContext, "tSRF function arguments",
	                          ALLOCSET_DEFAULT_SIZES);
	return &state->ps;
}

void
ExecReScanProjectSet(ProjectSetState *node)
{
	node->pending_srf_tuples = false;
	for (int i = 0; i < node->nelems; i++)
	{
		if (node->elems[i] != NULL)
			ExecResetFunctionResultSet(node->elems[i]);
	}
	ExecReScan(outerPlanState(node));
}
