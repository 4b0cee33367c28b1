/*
 * nodeSubplan.c
 *		Sub-selects that do not depend on the row: init plans.
 *
 * Each has one or more PARAM_EXEC Params in the expressions of the query.
 * Until the value is there a Param points at the SubPlanState; the first that
 * is read runs the plan and sets them all.
 *
 * Corresponds to PostgreSQL's executor/nodeSubplan.c, for init plans.
 */
#include "postgres.h"

#include "executor/execExpr.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/datum.h"
#include "utils/memutils.h"

static void
mark_params(SubPlanState *node)
{
	ListCell *lc;

	foreach (lc, node->subplan->setParam)
		node->estate->es_param_exec_vals[lfirst_int(lc)].execPlan = node;
}

SubPlanState *
ExecInitSubPlan(SubPlan *subplan, PlanState *parent)
{
	SubPlanState *node = palloc0_object(SubPlanState);
	EState *estate = parent->state;

	node->subplan = subplan;
	node->estate = estate;
	node->planstate =
		list_nth(estate->es_subplanstates, subplan->plan_id - 1);
	mark_params(node);
	return node;
}

static void
set_param(EState *estate, int paramid, Datum value, bool isnull,
          Form_pg_attribute att)
{
	ParamExecData *prm = &estate->es_param_exec_vals[paramid];

	prm->execPlan = NULL;
	prm->isnull = isnull;
	prm->value = (Datum) 0;
	if (!isnull)
		prm->value = att == NULL
			? value
			: datumCopy(value, att->attbyval, att->attlen);
}

/* The columns of the only row. */
static void
set_row(SubPlanState *node, TupleTableSlot *slot)
{
	ListCell *lc;
	int col = 1;

	foreach (lc, node->subplan->setParam)
	{
		bool isnull;
		Datum value = slot_getattr(slot, col, &isnull);

		set_param(node->estate, lfirst_int(lc), value, isnull,
		          TupleDescAttr(slot->tts_tupleDescriptor, col - 1));
		col++;
	}
}

static void
run_plan(SubPlanState *node)
{
	SubPlan *subplan = node->subplan;
	bool exists = subplan->subLinkType == EXISTS_SUBLINK;
	bool found = false;
	ListCell *lc;

	if (subplan->subLinkType != EXISTS_SUBLINK &&
	    subplan->subLinkType != EXPR_SUBLINK &&
	    subplan->subLinkType != ROWCOMPARE_SUBLINK)
		elog(ERROR, "unrecognized subplan type: %d",
		     (int) subplan->subLinkType);
	for (;;)
	{
		TupleTableSlot *slot;

		CHECK_FOR_INTERRUPTS();
		slot = ExecProcNode(node->planstate);
		if (TupIsNull(slot))
			break;
		if (found)
			ereport(ERROR,
			        (errcode(ERRCODE_CARDINALITY_VIOLATION),
			         errmsg("more than one row returned by a subquery used as "
			                "an expression")));
		found = true;
		if (exists)
			break;
		set_row(node, slot);
	}
	if (exists)
		set_param(node->estate, linitial_int(subplan->setParam),
		          BoolGetDatum(found), false, NULL);
	else if (!found)
	{
		foreach (lc, subplan->setParam)
			set_param(node->estate, lfirst_int(lc), (Datum) 0, true, NULL);
	}
}

void
ExecSetParamPlan(SubPlanState *node, ExprContext *econtext)
{
	EState *estate = node->estate;
	ScanDirection dir = estate->es_direction;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);

	check_stack_depth();
	/* the outer plan may be running backward */
	estate->es_direction = ForwardScanDirection;
	run_plan(node);
	estate->es_direction = dir;
	MemoryContextSwitchTo(old);
}

/* To be run again when a Param is next read. */
void
ExecReScanSetParamPlan(SubPlanState *node)
{
	ExecReScan(node->planstate);
	mark_params(node);
}
