/*
 * nodeSubplan.c
 *		Sub-selects in expressions.
 *
 * One that does not depend on the row is an init plan.  It has a PARAM_EXEC
 * Param in the expressions of the query.  Until the value is there the Param
 * points at the SubPlanState; the first that is read runs the plan.
 *
 * One that depends on the row gets the row's values by Params and runs for
 * every row.  Before that all nodes of its plan are told that what they have
 * kept (sorted rows, a function's rows, values of init plans) is out of date:
 * there is no record of which node depends on which Param.
 *
 * Of a sub-select that is compared with something (IN, ANY, ALL), or is made
 * an array, all rows are fetched first.  They are kept for the next row of the
 * query if they do not depend on it.
 *
 * Corresponds to PostgreSQL's executor/nodeSubplan.c.
 */
#include "postgres.h"

#include "executor/execExpr.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

static void
mark_params(SubPlanState *node)
{
	ListCell *lc;

	/* of a WITH query the scans take rows as they need them */
	if (node->subplan->subLinkType == CTE_SUBLINK)
		return;
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
	node->planstate = list_nth(estate->es_subplanstates, subplan->plan_id - 1);
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
		prm->value =
			att == NULL ? value : datumCopy(value, att->attbyval, att->attlen);
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

/* ---- rows that are compared, or are elements ---- */

static void
forget_rows(SubPlanState *node)
{
	if (node->rowcontext != NULL)
		MemoryContextReset(node->rowcontext);
	node->rows_fetched = false;
	node->nvalues = 0;
	node->values = NULL;
	node->nulls = NULL;
}

/* The first column of all rows, into rowcontext. */
static void
fetch_rows(SubPlanState *node)
{
	int size = 64;
	MemoryContext old;

	if (node->rowcontext == NULL)
		node->rowcontext =
			AllocSetContextCreate(node->estate->es_query_cxt, "Sub-select rows",
		                          ALLOCSET_DEFAULT_SIZES);
	forget_rows(node);
	old = MemoryContextSwitchTo(node->rowcontext);
	node->values = palloc_array(Datum, size);
	node->nulls = palloc_array(bool, size);
	MemoryContextSwitchTo(old);
	for (;;)
	{
		TupleTableSlot *slot = ExecProcNode(node->planstate);
		Form_pg_attribute att;
		Datum value;
		bool isnull;

		CHECK_FOR_INTERRUPTS();
		if (TupIsNull(slot))
			break;
		value = slot_getattr(slot, 1, &isnull);
		att = TupleDescAttr(slot->tts_tupleDescriptor, 0);
		old = MemoryContextSwitchTo(node->rowcontext);
		if (node->nvalues == size)
		{
			size *= 2;
			node->values = repalloc_huge(node->values, sizeof(Datum) * size);
			node->nulls = repalloc_huge(node->nulls, sizeof(bool) * size);
		}
		node->nulls[node->nvalues] = isnull;
		node->values[node->nvalues++] =
			isnull ? (Datum) 0 : datumCopy(value, att->attbyval, att->attlen);
		MemoryContextSwitchTo(old);
	}
	node->rows_fetched = true;
}

/* in CurrentMemoryContext */
static Datum
rows_as_array(SubPlanState *node)
{
	Oid elemtype = node->subplan->firstColType;
	int16 typlen;
	bool typbyval;
	char typalign;

	if (node->nvalues == 0)
		return PointerGetDatum(construct_empty_array(elemtype));
	get_typlenbyvalalign(elemtype, &typlen, &typbyval, &typalign);
	return PointerGetDatum(construct_array_nulls(node->values, node->nulls,
	                                             node->nvalues, elemtype,
	                                             typlen, typbyval, typalign));
}

/* ---- init plans ---- */

static void
run_plan(SubPlanState *node)
{
	SubPlan *subplan = node->subplan;
	bool exists = subplan->subLinkType == EXISTS_SUBLINK;
	bool found = false;
	ListCell *lc;

	if (subplan->subLinkType == ARRAY_SUBLINK)
	{
		fetch_rows(node);
		set_param(node->estate, linitial_int(subplan->setParam),
		          rows_as_array(node), false, NULL);
		forget_rows(node);
		return;
	}
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
	/* a WITH query begins anew with the first of its scans that does */
	if (node->subplan->subLinkType == CTE_SUBLINK)
		return;
	ExecReScan(node->planstate);
	mark_params(node);
}

/* ---- sub-selects that run for each row ---- */

SubPlanState *
ExecInitExprSubPlan(SubPlan *subplan, PlanState *parent)
{
	SubPlanState *node = palloc0_object(SubPlanState);
	EState *estate = parent->state;

	node->subplan = subplan;
	node->estate = estate;
	node->planstate = list_nth(estate->es_subplanstates, subplan->plan_id - 1);
	node->args = ExecInitExprList(subplan->args, parent);
	node->testexpr = ExecInitExpr((Expr *) subplan->testexpr, parent);
	parent->subPlan = lappend(parent->subPlan, node);
	return node;
}

static void
mark_list_changed(List *subplanstates)
{
	ListCell *lc;

	foreach (lc, subplanstates)
	{
		SubPlanState *node = lfirst(lc);

		node->rows_fetched = false;
		ExecMarkParamsChanged(node->planstate);
	}
}

/* What this node and those below keep is out of date at the next rescan. */
void
ExecMarkParamsChanged(PlanState *planstate)
{
	if (planstate == NULL)
		return;
	check_stack_depth();
	planstate->chgParam = true;
	mark_list_changed(planstate->initPlan);
	mark_list_changed(planstate->subPlan);
	ExecMarkParamsChanged(planstate->lefttree);
	ExecMarkParamsChanged(planstate->righttree);
	if (IsA(planstate, SubqueryScanState))
		ExecMarkParamsChanged(((SubqueryScanState *) planstate)->subplan);
	else if (IsA(planstate, AppendState))
	{
		AppendState *append = (AppendState *) planstate;

		for (int i = 0; i < append->as_nplans; i++)
			ExecMarkParamsChanged(append->appendplans[i]);
	}
}

/* Give it the row's values, and let it begin anew. */
static void
begin_subplan(SubPlanState *node, ExprContext *econtext)
{
	ListCell *lc1;
	ListCell *lc2;

	forboth(lc1, node->subplan->parParam, lc2, node->args)
	{
		ParamExecData *prm = &node->estate->es_param_exec_vals[lfirst_int(lc1)];

		prm->execPlan = NULL;
		prm->value =
			ExecEvalExprSwitchContext(lfirst(lc2), econtext, &prm->isnull);
	}
	if (node->subplan->parParam != NIL)
		ExecMarkParamsChanged(node->planstate);
	ExecReScan(node->planstate);
}

/* x op ANY or ALL of the rows, with three-valued logic */
static Datum
compare_rows(SubPlanState *node, ExprContext *econtext, bool *isNull)
{
	bool all = node->subplan->subLinkType == ALL_SUBLINK;
	ParamExecData *prm =
		&node->estate
			 ->es_param_exec_vals[linitial_int(node->subplan->paramIds)];
	bool anynull = false;

	for (int i = 0; i < node->nvalues; i++)
	{
		Datum result;
		bool resnull;

		prm->execPlan = NULL;
		prm->value = node->values[i];
		prm->isnull = node->nulls[i];
		result = ExecEvalExprSwitchContext(node->testexpr, econtext, &resnull);
		if (resnull)
			anynull = true;
		else if (DatumGetBool(result) != all)
		{
			/* decided */
			*isNull = false;
			return BoolGetDatum(!all);
		}
	}
	*isNull = anynull;
	return BoolGetDatum(all && !anynull);
}

/* EXISTS, or the value of the only row, in the memory of the query's row. */
static Datum
run_for_value(SubPlanState *node, ExprContext *econtext, bool *isNull)
{
	bool exists = node->subplan->subLinkType == EXISTS_SUBLINK;
	TupleTableSlot *slot = ExecProcNode(node->planstate);
	Form_pg_attribute att;
	MemoryContext old;
	Datum value;

	*isNull = false;
	if (exists)
		return BoolGetDatum(!TupIsNull(slot));
	if (TupIsNull(slot))
	{
		*isNull = true;
		return (Datum) 0;
	}
	value = slot_getattr(slot, 1, isNull);
	if (!*isNull)
	{
		att = TupleDescAttr(slot->tts_tupleDescriptor, 0);
		old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
		value = datumCopy(value, att->attbyval, att->attlen);
		MemoryContextSwitchTo(old);
	}
	slot = ExecProcNode(node->planstate);
	if (!TupIsNull(slot))
		ereport(ERROR,
		        (errcode(ERRCODE_CARDINALITY_VIOLATION),
		         errmsg("more than one row returned by a subquery used as "
		                "an expression")));
	return value;
}

Datum
ExecSubPlan(SubPlanState *node, ExprContext *econtext, bool *isNull)
{
	EState *estate = node->estate;
	ScanDirection dir = estate->es_direction;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	SubLinkType type = node->subplan->subLinkType;
	Datum result;

	CHECK_FOR_INTERRUPTS();
	check_stack_depth();
	/* the outer plan may be running backward */
	estate->es_direction = ForwardScanDirection;
	if (!node->rows_fetched)
		begin_subplan(node, econtext);
	if (type == EXPR_SUBLINK || type == EXISTS_SUBLINK)
		result = run_for_value(node, econtext, isNull);
	else
	{
		if (!node->rows_fetched)
			fetch_rows(node);
		if (type == ARRAY_SUBLINK)
		{
			*isNull = false;
			MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
			result = rows_as_array(node);
			MemoryContextSwitchTo(estate->es_query_cxt);
		}
		else
			result = compare_rows(node, econtext, isNull);
		node->rows_fetched = node->subplan->parParam == NIL;
	}
	estate->es_direction = dir;
	MemoryContextSwitchTo(old);
	return result;
}
