/*
 * nodeAgg.c
 *		Aggregates, over all rows or over groups of rows that come together.
 *
 * An aggregate has a state that its transition function makes from the state
 * and a row's arguments, and a final function that makes the result from the
 * state (pg_aggregate).  A state of a by-reference type lives in aggcontext,
 * which is reset for each group; the functions run in the memory of the input
 * row.  Arguments of an aggregate with DISTINCT are sorted first and each is
 * used once.
 *
 * Corresponds to PostgreSQL's executor/nodeAgg.c, plain and sorted.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_aggregate.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"
#include "nodes/nodeFuncs.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

typedef struct AggStatePerAggData
{
	Aggref *aggref;
	int numArguments;
	ExprState **args;
	ExprState *filter; /* FILTER (WHERE ...) */
	FmgrInfo transfn;
	FunctionCallInfo transfn_fcinfo;
	bool has_finalfn;
	FmgrInfo finalfn;
	Datum initValue;
	bool initValueIsNull;
	int16 transtypeLen;
	bool transtypeByVal;
	int16 resulttypeLen;
	bool resulttypeByVal;
	/* the state */
	Datum transValue;
	bool transValueIsNull;
	bool noTransValue; /* none yet: the first argument becomes it */
	/* DISTINCT */
	TupleDesc sortdesc; /* the arguments as a row; NULL: all are used */
	TupleTableSlot *sortslot;
	TupleTableSlot *uniqslot;
	ExprState *equalfn;
	Tuplesortstate *sortstate;
} AggStatePerAggData;

int
AggCheckCallContext(FunctionCallInfo fcinfo, MemoryContext *aggcontext)
{
	if (fcinfo->context != NULL && IsA(fcinfo->context, AggState))
	{
		if (aggcontext != NULL)
			*aggcontext = ((AggState *) fcinfo->context)->aggcontext;
		return AGG_CONTEXT_AGGREGATE;
	}
	if (aggcontext != NULL)
		*aggcontext = NULL;
	return 0;
}

/* ------------------------------------------------------------------------
 *		Rows into states
 * ------------------------------------------------------------------------
 */

static void
begin_distinct(AggStatePerAgg peragg)
{
	int n = peragg->numArguments;
	AttrNumber *cols = palloc_array(AttrNumber, n);
	Oid *ops = palloc_array(Oid, n);
	Oid *collations = palloc_array(Oid, n);
	bool *nullsfirst = palloc0_array(bool, n);

	for (int i = 0; i < n; i++)
	{
		Form_pg_attribute att = TupleDescAttr(peragg->sortdesc, i);

		cols[i] = i + 1;
		get_sort_group_operators(att->atttypid, true, false, false, &ops[i],
		                         NULL, NULL, NULL);
		collations[i] = att->attcollation;
	}
	if (peragg->sortstate != NULL)
		tuplesort_end(peragg->sortstate);
	peragg->sortstate =
		tuplesort_begin_heap(peragg->sortdesc, n, cols, ops, collations,
	                         nullsfirst, work_mem, NULL, TUPLESORT_NONE);
}

static void
initialize_aggregates(AggState *node)
{
	MemoryContextReset(node->aggcontext);
	for (int i = 0; i < node->numaggs; i++)
	{
		AggStatePerAgg peragg = &node->peragg[i];

		if (peragg->sortdesc != NULL)
			begin_distinct(peragg);
		peragg->transValueIsNull = peragg->initValueIsNull;
		peragg->noTransValue = peragg->initValueIsNull;
		peragg->transValue = (Datum) 0;
		if (!peragg->initValueIsNull)
		{
			MemoryContext old = MemoryContextSwitchTo(node->aggcontext);

			peragg->transValue =
				datumCopy(peragg->initValue, peragg->transtypeByVal,
			              peragg->transtypeLen);
			MemoryContextSwitchTo(old);
		}
	}
}

/* The arguments are in transfn_fcinfo->args[1..]. */
static void
advance_transition(AggState *node, AggStatePerAgg peragg)
{
	FunctionCallInfo fcinfo = peragg->transfn_fcinfo;
	MemoryContext old;
	Datum newval;

	if (peragg->transfn.fn_strict)
	{
		for (int i = 1; i <= peragg->numArguments; i++)
		{
			if (fcinfo->args[i].isnull)
				return;
		}
		if (peragg->noTransValue)
		{
			old = MemoryContextSwitchTo(node->aggcontext);
			peragg->transValue =
				datumCopy(fcinfo->args[1].value, peragg->transtypeByVal,
			              peragg->transtypeLen);
			peragg->transValueIsNull = false;
			peragg->noTransValue = false;
			MemoryContextSwitchTo(old);
			return;
		}
		/* the function made NULL of it: that stays */
		if (peragg->transValueIsNull)
			return;
	}
	old = MemoryContextSwitchTo(node->tmpcontext->ecxt_per_tuple_memory);
	fcinfo->args[0].value = peragg->transValue;
	fcinfo->args[0].isnull = peragg->transValueIsNull;
	fcinfo->isnull = false;
	newval = FunctionCallInvoke(fcinfo);
	/* a new value is kept, the old one is not needed any more */
	if (!peragg->transtypeByVal &&
	    DatumGetPointer(newval) != DatumGetPointer(peragg->transValue))
	{
		if (!fcinfo->isnull)
		{
			MemoryContextSwitchTo(node->aggcontext);
			newval = datumCopy(newval, false, peragg->transtypeLen);
		}
		if (!peragg->transValueIsNull)
			pfree(DatumGetPointer(peragg->transValue));
	}
	peragg->transValue = newval;
	peragg->transValueIsNull = fcinfo->isnull;
	MemoryContextSwitchTo(old);
}

static void
advance_aggregate(AggState *node, AggStatePerAgg peragg)
{
	ExprContext *econtext = node->tmpcontext;
	FunctionCallInfo fcinfo = peragg->transfn_fcinfo;

	if (peragg->filter != NULL && !ExecQual(peragg->filter, econtext))
		return;
	if (peragg->sortdesc != NULL)
	{
		TupleTableSlot *slot = ExecClearTuple(peragg->sortslot);

		for (int i = 0; i < peragg->numArguments; i++)
			slot->tts_values[i] = ExecEvalExprSwitchContext(
				peragg->args[i], econtext, &slot->tts_isnull[i]);
		ExecStoreVirtualTuple(slot);
		/* NULL is nothing to a strict function */
		if (!peragg->transfn.fn_strict || !slot->tts_isnull[0])
			tuplesort_puttupleslot(peragg->sortstate, slot);
		ExecClearTuple(slot);
		return;
	}
	for (int i = 0; i < peragg->numArguments; i++)
	{
		NullableDatum *arg = &fcinfo->args[i + 1];

		arg->value =
			ExecEvalExprSwitchContext(peragg->args[i], econtext, &arg->isnull);
	}
	advance_transition(node, peragg);
}

/* econtext->ecxt_outertuple of tmpcontext is the row. */
static void
advance_aggregates(AggState *node)
{
	for (int i = 0; i < node->numaggs; i++)
		advance_aggregate(node, &node->peragg[i]);
	ResetExprContext(node->tmpcontext);
}

/* DISTINCT: the sorted arguments, each once. */
static void
process_distinct(AggState *node, AggStatePerAgg peragg)
{
	ExprContext *econtext = node->tmpcontext;
	FunctionCallInfo fcinfo = peragg->transfn_fcinfo;
	TupleTableSlot *slot = peragg->sortslot;
	TupleTableSlot *prev = peragg->uniqslot;

	tuplesort_performsort(peragg->sortstate);
	ExecClearTuple(prev);
	while (tuplesort_gettupleslot(peragg->sortstate, true, slot))
	{
		CHECK_FOR_INTERRUPTS();
		econtext->ecxt_innertuple = slot;
		econtext->ecxt_outertuple = prev;
		if (!TupIsNull(prev) && ExecQual(peragg->equalfn, econtext))
			continue;
		slot_getallattrs(slot);
		for (int i = 0; i < peragg->numArguments; i++)
		{
			fcinfo->args[i + 1].value = slot->tts_values[i];
			fcinfo->args[i + 1].isnull = slot->tts_isnull[i];
		}
		advance_transition(node, peragg);
		ResetExprContext(econtext);
		ExecCopySlot(prev, slot);
	}
	ExecClearTuple(slot);
	ExecClearTuple(prev);
	tuplesort_end(peragg->sortstate);
	peragg->sortstate = NULL;
}

/* ------------------------------------------------------------------------
 *		States into results
 * ------------------------------------------------------------------------
 */

static void
finalize_aggregate(AggState *node, AggStatePerAgg peragg, Datum *result,
                   bool *isnull)
{
	MemoryContext old = MemoryContextSwitchTo(
		node->ss.ps.ps_ExprContext->ecxt_per_tuple_memory);

	if (peragg->has_finalfn)
	{
		LOCAL_FCINFO(fcinfo, 1);

		InitFunctionCallInfoData(*fcinfo, &peragg->finalfn, 1,
		                         peragg->aggref->inputcollid, node, NULL);
		fcinfo->args[0].value = peragg->transValue;
		fcinfo->args[0].isnull = peragg->transValueIsNull;
		if (peragg->finalfn.fn_strict && peragg->transValueIsNull)
		{
			*result = (Datum) 0;
			*isnull = true;
		}
		else
		{
			*result = FunctionCallInvoke(fcinfo);
			*isnull = fcinfo->isnull;
		}
	}
	else
	{
		*result = peragg->transValue;
		*isnull = peragg->transValueIsNull;
	}
	/* the state goes with its group, the result with the row */
	if (!*isnull && !peragg->resulttypeByVal)
		*result = datumCopy(*result, false, peragg->resulttypeLen);
	MemoryContextSwitchTo(old);
}

/* NULL: HAVING drops the group. */
static TupleTableSlot *
project_group(AggState *node)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	for (int i = 0; i < node->numaggs; i++)
	{
		if (node->peragg[i].sortdesc != NULL)
			process_distinct(node, &node->peragg[i]);
		finalize_aggregate(node, &node->peragg[i], &econtext->ecxt_aggvalues[i],
		                   &econtext->ecxt_aggnulls[i]);
	}
	econtext->ecxt_outertuple = node->firstSlot;
	if (ExecQual(node->ss.ps.qual, econtext))
		return ExecProject(node->ss.ps.ps_ProjInfo);
	InstrCountFiltered1(node, 1);
	return NULL;
}

/* A group's first row is there, in grp_firstTuple; the next group's follows. */
static void
read_group(AggState *node)
{
	ExprContext *tmpcontext = node->tmpcontext;

	ExecStoreHeapTuple(node->grp_firstTuple, node->firstSlot, true);
	node->grp_firstTuple = NULL;
	tmpcontext->ecxt_outertuple = node->firstSlot;
	advance_aggregates(node);
	for (;;)
	{
		TupleTableSlot *slot = ExecProcNode(outerPlanState(node));

		CHECK_FOR_INTERRUPTS();
		if (TupIsNull(slot))
		{
			node->agg_done = true;
			return;
		}
		tmpcontext->ecxt_innertuple = slot;
		tmpcontext->ecxt_outertuple = node->firstSlot;
		if (!ExecQual(node->eqfunction, tmpcontext))
		{
			node->grp_firstTuple = ExecCopySlotHeapTuple(slot);
			return;
		}
		tmpcontext->ecxt_outertuple = slot;
		advance_aggregates(node);
	}
}

static TupleTableSlot *
agg_sorted(AggState *node)
{
	while (!node->agg_done)
	{
		TupleTableSlot *result;

		CHECK_FOR_INTERRUPTS();
		ResetExprContext(node->ss.ps.ps_ExprContext);
		if (node->grp_firstTuple == NULL)
		{
			TupleTableSlot *slot = ExecProcNode(outerPlanState(node));

			if (TupIsNull(slot))
			{
				node->agg_done = true;
				break;
			}
			node->grp_firstTuple = ExecCopySlotHeapTuple(slot);
		}
		initialize_aggregates(node);
		read_group(node);
		result = project_group(node);
		if (result != NULL)
			return result;
	}
	return NULL;
}

/* One group, also of no rows. */
static TupleTableSlot *
agg_plain(AggState *node)
{
	if (node->agg_done)
		return NULL;
	ResetExprContext(node->ss.ps.ps_ExprContext);
	initialize_aggregates(node);
	ExecStoreAllNullTuple(node->firstSlot);
	for (;;)
	{
		TupleTableSlot *slot = ExecProcNode(outerPlanState(node));

		CHECK_FOR_INTERRUPTS();
		if (TupIsNull(slot))
			break;
		node->tmpcontext->ecxt_outertuple = slot;
		advance_aggregates(node);
	}
	node->agg_done = true;
	return project_group(node);
}

static TupleTableSlot *
ExecAgg(PlanState *pstate)
{
	AggState *node = (AggState *) pstate;

	CHECK_FOR_INTERRUPTS();
	return ((Agg *) pstate->plan)->aggstrategy == AGG_PLAIN ? agg_plain(node)
	                                                        : agg_sorted(node);
}

/* ------------------------------------------------------------------------
 *		Setting up
 * ------------------------------------------------------------------------
 */

static bool
find_aggrefs_walker(Node *node, void *context)
{
	AggState *state = context;

	if (node == NULL)
		return false;
	if (IsA(node, Aggref))
	{
		Aggref *aggref = (Aggref *) node;

		/* equal aggregates have the same number */
		state->aggs = lappend(state->aggs, aggref);
		state->numaggs = Max(state->numaggs, aggref->aggno + 1);
		return false;
	}
	return expression_tree_walker(node, find_aggrefs_walker, context);
}

static Datum
initial_value(Oid transtype, const char *str)
{
	Oid typinput;
	Oid typioparam;

	getTypeInputInfo(transtype, &typinput, &typioparam);
	return OidInputFunctionCall(typinput, pstrdup(str), typioparam, -1);
}

static void
init_distinct(AggState *state, AggStatePerAgg peragg)
{
	EState *estate = state->ss.ps.state;
	int n = peragg->numArguments;
	AttrNumber *cols = palloc_array(AttrNumber, n);
	Oid *eqfuncs = palloc_array(Oid, n);
	Oid *collations = palloc_array(Oid, n);

	peragg->sortdesc = ExecTypeFromTL(peragg->aggref->args);
	peragg->sortslot = ExecInitExtraTupleSlot(estate, peragg->sortdesc);
	peragg->uniqslot = ExecInitExtraTupleSlot(estate, peragg->sortdesc);
	for (int i = 0; i < n; i++)
	{
		Form_pg_attribute att = TupleDescAttr(peragg->sortdesc, i);
		Oid eqop;

		cols[i] = i + 1;
		get_sort_group_operators(att->atttypid, true, true, false, NULL, &eqop,
		                         NULL, NULL);
		eqfuncs[i] = get_opcode(eqop);
		collations[i] = att->attcollation;
	}
	peragg->equalfn =
		ExecBuildGroupingEqual(peragg->sortdesc, peragg->sortdesc, n, cols,
	                           eqfuncs, collations, &state->ss.ps);
}

static void
init_peragg(AggState *state, AggStatePerAgg peragg, Aggref *aggref)
{
	Form_pg_aggregate form = GetAggregateForm(aggref->aggfnoid);
	Oid transtype;
	ListCell *lc;
	int n = list_length(aggref->args);

	if (form == NULL)
		elog(ERROR, "cache lookup failed for aggregate %u", aggref->aggfnoid);
	transtype = OidIsValid(aggref->aggtranstype) ? aggref->aggtranstype
	                                             : form->aggtranstype;
	peragg->aggref = aggref;
	peragg->numArguments = n;
	peragg->args = palloc_array(ExprState *, Max(n, 1));
	foreach (lc, aggref->args)
	{
		Node *arg = lfirst(lc);

		if (IsA(arg, TargetEntry))
			arg = (Node *) ((TargetEntry *) arg)->expr;
		peragg->args[foreach_current_index(lc)] =
			ExecInitExpr((Expr *) arg, &state->ss.ps);
	}
	if (aggref->aggfilter != NULL)
		peragg->filter =
			ExecInitQual(list_make1(aggref->aggfilter), &state->ss.ps);

	fmgr_info(form->aggtransfn, &peragg->transfn);
	peragg->transfn.fn_expr = aggref;
	peragg->transfn_fcinfo = palloc0(SizeForFunctionCallInfo(n + 1));
	InitFunctionCallInfoData(*peragg->transfn_fcinfo, &peragg->transfn, n + 1,
	                         aggref->inputcollid, state, NULL);
	peragg->has_finalfn = OidIsValid(form->aggfinalfn);
	if (peragg->has_finalfn)
	{
		fmgr_info(form->aggfinalfn, &peragg->finalfn);
		peragg->finalfn.fn_expr = aggref;
	}
	get_typlenbyval(transtype, &peragg->transtypeLen, &peragg->transtypeByVal);
	get_typlenbyval(aggref->aggtype, &peragg->resulttypeLen,
	                &peragg->resulttypeByVal);
	peragg->initValueIsNull = form->agginitval == NULL;
	if (!peragg->initValueIsNull)
		peragg->initValue = initial_value(transtype, form->agginitval);
	if (aggref->aggdistinct != NIL)
		init_distinct(state, peragg);
}

static void
init_grouping(AggState *state, Agg *node)
{
	TupleDesc desc = outerPlanState(state)->ps_ResultTupleDesc;
	Oid *eqfuncs = palloc_array(Oid, node->numCols);

	for (int i = 0; i < node->numCols; i++)
		eqfuncs[i] = get_opcode(node->grpOperators[i]);
	state->eqfunction =
		ExecBuildGroupingEqual(desc, desc, node->numCols, node->grpColIdx,
	                           eqfuncs, node->grpCollations, &state->ss.ps);
}

PlanState *
ExecInitAgg(Agg *node, EState *estate, int eflags)
{
	AggState *state = makeNode(AggState);
	ListCell *lc;

	if (node->aggstrategy == AGG_HASHED)
		elog(ERROR, "unrecognized aggregation strategy");
	state->ss.ps.plan = (Plan *) node;
	state->ss.ps.state = estate;
	state->ss.ps.ExecProcNode = ExecAgg;
	state->tmpcontext = CreateExprContext(estate);
	ExecAssignExprContext(estate, &state->ss.ps);
	state->aggcontext = AllocSetContextCreate(
		CurrentMemoryContext, "Aggregate states", ALLOCSET_DEFAULT_SIZES);
	/* the child's rows are read once */
	eflags &= ~EXEC_FLAG_REWIND;
	outerPlanState(state) = ExecInitNode(outerPlan(node), estate, eflags);
	state->firstSlot = ExecInitExtraTupleSlot(
		estate, outerPlanState(state)->ps_ResultTupleDesc);
	ExecInitResultTupleSlotTL(&state->ss.ps);
	ExecAssignProjectionInfo(&state->ss.ps, NULL);
	state->ss.ps.qual = ExecInitQual(node->plan.qual, &state->ss.ps);

	(void) find_aggrefs_walker((Node *) node->plan.targetlist, state);
	(void) find_aggrefs_walker((Node *) node->plan.qual, state);
	state->peragg = palloc0_array(AggStatePerAggData, Max(state->numaggs, 1));
	foreach (lc, state->aggs)
	{
		Aggref *aggref = lfirst(lc);

		if (state->peragg[aggref->aggno].aggref == NULL)
			init_peragg(state, &state->peragg[aggref->aggno], aggref);
	}
	state->ss.ps.ps_ExprContext->ecxt_aggvalues =
		palloc0_array(Datum, Max(state->numaggs, 1));
	state->ss.ps.ps_ExprContext->ecxt_aggnulls =
		palloc0_array(bool, Max(state->numaggs, 1));
	if (node->aggstrategy == AGG_SORTED)
		init_grouping(state, node);
	return &state->ss.ps;
}

void
ExecEndAgg(AggState *node)
{
	for (int i = 0; i < node->numaggs; i++)
	{
		if (node->peragg[i].sortstate != NULL)
			tuplesort_end(node->peragg[i].sortstate);
	}
}

void
ExecReScanAgg(AggState *node)
{
	ExecClearTuple(node->firstSlot);
	if (node->grp_firstTuple != NULL)
		heap_freetuple(node->grp_firstTuple);
	node->grp_firstTuple = NULL;
	node->agg_done = false;
	MemoryContextReset(node->aggcontext);
	ExecReScan(outerPlanState(node));
}
