/*
 * nodeNestloop.c
 *		For every row of the outer child, all rows of the inner one that match.
 *
 * The inner child is begun again for each outer row.  A left join shows an
 * outer row without a match once, with NULLs.
 *
 * Corresponds to PostgreSQL's executor/nodeNestloop.c.
 */
#include "postgres.h"

#include "executor/execExpr.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"

/* The pair at hand as a row, if the remaining conditions let it pass. */
static TupleTableSlot *
filter_and_project(NestLoopState *node)
{
	if (ExecQual(node->ps.qual, node->ps.ps_ExprContext))
		return ExecProject(node->ps.ps_ProjInfo);
	InstrCountFiltered2(node, 1);
	return NULL;
}

/* LATERAL: what the inner side refers to of the outer row. */
static void
set_inner_params(NestLoopState *node, NestLoop *plan, TupleTableSlot *outer)
{
	ListCell *lc;

	foreach (lc, plan->nestParams)
	{
		NestLoopParam *param = lfirst_node(NestLoopParam, lc);
		ParamExecData *prm =
			&node->ps.state->es_param_exec_vals[param->paramno];

		prm->execPlan = NULL;
		prm->value =
			slot_getattr(outer, param->paramval->varattno, &prm->isnull);
	}
	ExecMarkParamsChanged(innerPlanState(node));
}

static TupleTableSlot *
ExecNestLoop(PlanState *pstate)
{
	NestLoopState *node = (NestLoopState *) pstate;
	NestLoop *plan = (NestLoop *) pstate->plan;
	ExprContext *econtext = node->ps.ps_ExprContext;
	TupleTableSlot *result;

	ResetExprContext(econtext);
	for (;;)
	{
		TupleTableSlot *inner;

		CHECK_FOR_INTERRUPTS();
		if (node->nl_NeedNewOuter)
		{
			TupleTableSlot *outer = ExecProcNode(outerPlanState(node));

			if (TupIsNull(outer))
				return NULL;
			econtext->ecxt_outertuple = outer;
			node->nl_NeedNewOuter = false;
			node->nl_MatchedOuter = false;
			if (plan->nestParams != NIL)
				set_inner_params(node, plan, outer);
			ExecReScan(innerPlanState(node));
		}
		inner = ExecProcNode(innerPlanState(node));
		if (TupIsNull(inner))
		{
			node->nl_NeedNewOuter = true;
			if (node->jointype != JOIN_LEFT || node->nl_MatchedOuter)
				continue;
			econtext->ecxt_innertuple = node->nl_NullInnerTupleSlot;
			result = filter_and_project(node);
			if (result != NULL)
				return result;
			continue;
		}
		econtext->ecxt_innertuple = inner;
		if (ExecQual(node->joinqual, econtext))
		{
			node->nl_MatchedOuter = true;
			if (plan->inner_unique)
				node->nl_NeedNewOuter = true;
			result = filter_and_project(node);
			if (result != NULL)
				return result;
		}
		else
			InstrCountFiltered1(node, 1);
		ResetExprContext(econtext);
	}
}

PlanState *
ExecInitNestLoop(NestLoop *node, EState *estate, int eflags)
{
	NestLoopState *state = makeNode(NestLoopState);

	if (node->jointype != JOIN_INNER && node->jointype != JOIN_LEFT)
		elog(ERROR, "unrecognized join type: %d", (int) node->jointype);
	state->ps.plan = (Plan *) node;
	state->ps.state = estate;
	state->ps.ExecProcNode = ExecNestLoop;
	ExecAssignExprContext(estate, &state->ps);
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	/* read again for every outer row */
	innerPlanState(state) =
		ExecInitNode(innerPlan(node), estate, eflags | EXEC_FLAG_REWIND);
	ExecInitResultTupleSlotTL(&state->ps);
	ExecAssignProjectionInfo(&state->ps, NULL);
	state->ps.qual = ExecInitQual(node->plan.qual, &state->ps);
	state->jointype = node->jointype;
	state->joinqual = ExecInitQual(node->joinqual, &state->ps);
	state->nl_NullInnerTupleSlot = ExecInitExtraTupleSlot(
		estate, innerPlanState(state)->ps_ResultTupleDesc);
	ExecStoreAllNullTuple(state->nl_NullInnerTupleSlot);
	state->nl_NeedNewOuter = true;
	return &state->ps;
}

void
ExecReScanNestLoop(NestLoopState *node)
{
	/* the inner child begins again with the next outer row */
	ExecReScan(outerPlanState(node));
	node->nl_NeedNewOuter = true;
	node->nl_MatchedOuter = false;
}
