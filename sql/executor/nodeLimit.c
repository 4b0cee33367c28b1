/*
 * nodeLimit.c
 *		The rows from OFFSET on, LIMIT of them.
 *
 * Both are computed at the first fetch.  The child is told how many rows will
 * be wanted of it at most: a sort then keeps only these.
 *
 * Corresponds to PostgreSQL's executor/nodeLimit.c, forward and without WITH
 * TIES.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"

static void
recompute_limits(LimitState *node)
{
	ExprContext *econtext = node->ps.ps_ExprContext;
	Datum val;
	bool isnull;

	node->offset = 0;
	if (node->limitOffset != NULL)
	{
		val = ExecEvalExprSwitchContext(node->limitOffset, econtext, &isnull);
		/* NULL is no offset */
		if (!isnull)
			node->offset = DatumGetInt64(val);
		if (node->offset < 0)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE),
			         errmsg("OFFSET must not be negative")));
	}
	node->count = 0;
	node->noCount = true;
	if (node->limitCount != NULL)
	{
		val = ExecEvalExprSwitchContext(node->limitCount, econtext, &isnull);
		if (!isnull)
		{
			node->count = DatumGetInt64(val);
			if (node->count < 0)
				ereport(ERROR,
				        (errcode(ERRCODE_INVALID_ROW_COUNT_IN_LIMIT_CLAUSE),
				         errmsg("LIMIT must not be negative")));
			node->noCount = false;
		}
	}
	node->position = 0;
	node->subSlot = NULL;
	node->lstate = LIMIT_RESCAN;
	if (node->noCount || node->count > PG_INT64_MAX - node->offset)
		ExecSetTupleBound(-1, outerPlanState(node));
	else
		ExecSetTupleBound(node->count + node->offset, outerPlanState(node));
}

/* Over the rows before the offset; false: there are no others. */
static bool
skip_to_offset(LimitState *node)
{
	if (!node->noCount && node->count <= 0)
		return false;
	while (node->position < node->offset)
	{
		TupleTableSlot *slot;

		CHECK_FOR_INTERRUPTS();
		slot = ExecProcNode(outerPlanState(node));
		if (TupIsNull(slot))
			return false;
		node->position++;
	}
	return true;
}

static TupleTableSlot *
ExecLimit(PlanState *pstate)
{
	LimitState *node = (LimitState *) pstate;
	TupleTableSlot *slot;

	CHECK_FOR_INTERRUPTS();
	switch (node->lstate)
	{
		case LIMIT_INITIAL:
			recompute_limits(node);
			/* FALLTHROUGH */
		case LIMIT_RESCAN:
			if (!skip_to_offset(node))
			{
				node->lstate = LIMIT_EMPTY;
				return NULL;
			}
			node->lstate = LIMIT_INWINDOW;
			break;
		case LIMIT_INWINDOW:
			break;
		default:
			return NULL;
	}
	if (!node->noCount && node->position - node->offset >= node->count)
	{
		node->lstate = LIMIT_WINDOWEND;
		return NULL;
	}
	slot = ExecProcNode(outerPlanState(node));
	if (TupIsNull(slot))
	{
		node->lstate = LIMIT_SUBPLANEOF;
		return NULL;
	}
	node->subSlot = slot;
	node->position++;
	return slot;
}

PlanState *
ExecInitLimit(Limit *node, EState *estate, int eflags)
{
	LimitState *state = makeNode(LimitState);

	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecLimit;
	state->lstate = LIMIT_INITIAL;
	ExecAssignExprContext(estate, &state->ps);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	state->limitOffset = ExecInitExpr((Expr *) node->limitOffset, &state->ps);
	state->limitCount = ExecInitExpr((Expr *) node->limitCount, &state->ps);
	state->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->plan.targetlist);
	return &state->ps;
}

void
ExecReScanLimit(LimitState *node)
{
	/* the bound is set before the child starts again */
	recompute_limits(node);
	ExecReScan(outerPlanState(node));
}
