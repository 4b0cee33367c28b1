/*
 * execSRF.c
 *		Functions that return sets.
 *
 * A function answers value by value, called again until it says that it has
 * no more, or puts all its rows into a store at once.  In FROM the rows
 * always end in a store; in a target list they are taken one by one.
 *
 * Corresponds to PostgreSQL's executor/execSRF.c.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

SetExprState *
ExecInitFunctionResultSet(FuncExpr *expr, PlanState *parent)
{
	SetExprState *fcache = palloc0_object(SetExprState);
	int nargs = list_length(expr->args);

	fcache->expr = expr;
	fcache->args = ExecInitExprList(expr->args, parent);
	CheckFunctionPrivilege(expr->funcid);
	fmgr_info(expr->funcid, &fcache->func);
	fcache->func.fn_expr = expr;
	fcache->fcinfo = palloc0(SizeForFunctionCallInfo(nargs));
	InitFunctionCallInfoData(*fcache->fcinfo, &fcache->func, nargs,
	                         expr->inputcollid, NULL, NULL);
	return fcache;
}

/* Arguments in argContext, which lives as long as the calls for one set. */
static void
eval_args(SetExprState *fcache, ExprContext *econtext, MemoryContext argContext)
{
	MemoryContext old = MemoryContextSwitchTo(argContext);
	ListCell *lc;

	foreach (lc, fcache->args)
	{
		NullableDatum *arg = &fcache->fcinfo->args[foreach_current_index(lc)];

		arg->value = ExecEvalExpr(lfirst(lc), econtext, &arg->isnull);
	}
	MemoryContextSwitchTo(old);
}

static bool
has_null_arg(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < fcinfo->nargs; i++)
	{
		if (fcinfo->args[i].isnull)
			return true;
	}
	return false;
}

static Datum
call_function(SetExprState *fcache, ReturnSetInfo *rsinfo, bool *isNull)
{
	FunctionCallInfo fcinfo = fcache->fcinfo;
	Datum result;

	fcinfo->resultinfo = rsinfo;
	fcinfo->isnull = false;
	rsinfo->isDone = ExprSingleResult;
	result = FunctionCallInvoke(fcinfo);
	*isNull = fcinfo->isnull;
	fcinfo->resultinfo = NULL;
	return result;
}

void
ExecResetFunctionResultSet(SetExprState *fcache)
{
	if (fcache->funcResultStore != NULL)
	{
		ExecClearTuple(fcache->funcResultSlot);
		tuplestore_end(fcache->funcResultStore);
		fcache->funcResultStore = NULL;
	}
	fcache->setArgsValid = false;
	/* a call that is not finished keeps its state here: it begins anew */
	fcache->func.fn_extra = NULL;
}

static Datum
next_of_store(SetExprState *fcache, bool *isNull, ExprDoneCond *isDone)
{
	TupleTableSlot *slot = fcache->funcResultSlot;

	if (tuplestore_gettupleslot(fcache->funcResultStore, true, false, slot))
	{
		*isDone = ExprMultipleResult;
		return slot_getattr(slot, 1, isNull);
	}
	ExecResetFunctionResultSet(fcache);
	*isDone = ExprEndResult;
	*isNull = true;
	return (Datum) 0;
}

Datum
ExecMakeFunctionResultSet(SetExprState *fcache, ExprContext *econtext,
                          MemoryContext argContext, bool *isNull,
                          ExprDoneCond *isDone)
{
	ReturnSetInfo rsinfo = {
		.type = T_ReturnSetInfo,
		.econtext = econtext,
		.allowedModes = SFRM_ValuePerCall | SFRM_Materialize,
		.returnMode = SFRM_ValuePerCall,
	};
	Datum result;

	check_stack_depth();
	if (fcache->funcResultStore != NULL)
		return next_of_store(fcache, isNull, isDone);
	if (!fcache->setArgsValid)
		eval_args(fcache, econtext, argContext);
	fcache->setArgsValid = false;
	if (fcache->func.fn_strict && has_null_arg(fcache->fcinfo))
	{
		*isDone = ExprEndResult;
		*isNull = true;
		return (Datum) 0;
	}
	result = call_function(fcache, &rsinfo, isNull);
	*isDone = rsinfo.isDone;
	if (rsinfo.returnMode == SFRM_ValuePerCall)
	{
		fcache->setArgsValid = rsinfo.isDone == ExprMultipleResult;
		return result;
	}
	if (rsinfo.setResult == NULL)
	{
		*isDone = ExprEndResult;
		*isNull = true;
		return (Datum) 0;
	}
	if (rsinfo.setDesc == NULL || rsinfo.setDesc->natts != 1)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("functions that return rows are supported only "
		                       "in FROM")));
	if (fcache->funcResultSlot == NULL)
	{
		MemoryContext old =
			MemoryContextSwitchTo(econtext->ecxt_per_query_memory);

		fcache->funcResultSlot =
			MakeSingleTupleTableSlot(CreateTupleDescCopy(rsinfo.setDesc));
		MemoryContextSwitchTo(old);
	}
	fcache->funcResultStore = rsinfo.setResult;
	return next_of_store(fcache, isNull, isDone);
}

static void
check_row_type(TupleDesc expected, TupleDesc got)
{
	bool same = expected->natts == got->natts;

	for (int i = 0; same && i < got->natts; i++)
		same = TupleDescAttr(expected, i)->atttypid ==
		       TupleDescAttr(got, i)->atttypid;
	if (!same)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("function return row and query-specified "
		                       "return row do not match")));
}

struct Tuplestorestate *
ExecMakeTableFunctionResult(SetExprState *setexpr, ExprContext *econtext,
                            MemoryContext argContext, TupleDesc expectedDesc,
                            bool randomAccess)
{
	ReturnSetInfo rsinfo = {
		.type = T_ReturnSetInfo,
		.econtext = econtext,
		.expectedDesc = expectedDesc,
		.allowedModes =
			SFRM_ValuePerCall | SFRM_Materialize | SFRM_Materialize_Preferred,
		.returnMode = SFRM_ValuePerCall,
	};
	MemoryContext query_cxt = econtext->ecxt_per_query_memory;
	MemoryContext old;
	Tuplestorestate *store = NULL;

	if (randomAccess)
		rsinfo.allowedModes |= SFRM_Materialize_Random;
	MemoryContextReset(argContext);
	setexpr->func.fn_extra = NULL;
	eval_args(setexpr, econtext, argContext);
	old = MemoryContextSwitchTo(query_cxt);
	if (setexpr->func.fn_strict && has_null_arg(setexpr->fcinfo))
	{
		store = tuplestore_begin_heap(randomAccess, false, work_mem);
		MemoryContextSwitchTo(old);
		return store;
	}
	for (;;)
	{
		Datum result;
		bool isnull;

		CHECK_FOR_INTERRUPTS();
		ResetExprContext(econtext);
		MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
		result = call_function(setexpr, &rsinfo, &isnull);
		MemoryContextSwitchTo(query_cxt);
		if (rsinfo.returnMode == SFRM_Materialize)
		{
			store = rsinfo.setResult;
			if (rsinfo.setDesc != NULL)
				check_row_type(expectedDesc, rsinfo.setDesc);
			break;
		}
		if (rsinfo.isDone == ExprEndResult)
			break;
		if (expectedDesc->natts != 1)
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("functions that return rows one by one are not "
			                "supported")));
		if (store == NULL)
			store = tuplestore_begin_heap(randomAccess, false, work_mem);
		tuplestore_putvalues(store, expectedDesc, &result, &isnull);
		if (rsinfo.isDone != ExprMultipleResult)
			break;
	}
	if (store == NULL)
		store = tuplestore_begin_heap(randomAccess, false, work_mem);
	MemoryContextSwitchTo(old);
	return store;
}
