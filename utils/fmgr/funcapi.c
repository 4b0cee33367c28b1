/*
 * funcapi.c
 *		Functions that return a set: state between calls, or a store of rows.
 *
 * The state lives in a context below fn_mcxt, so a query that stops early
 * frees it with the rest.
 *
 * Corresponds to PostgreSQL's utils/fmgr/funcapi.c.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

FuncCallContext *
init_MultiFuncCall(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsi = (ReturnSetInfo *) fcinfo->resultinfo;
	FuncCallContext *context;
	MemoryContext memory;

	if (rsi == NULL || !IsA(rsi, ReturnSetInfo))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("set-valued function called in context that "
		                       "cannot accept a set")));
	Assert(fcinfo->flinfo->fn_extra == NULL);
	memory =
		AllocSetContextCreate(fcinfo->flinfo->fn_mcxt, "SRF multi-call context",
	                          ALLOCSET_SMALL_SIZES);
	context = MemoryContextAllocZero(memory, sizeof(FuncCallContext));
	context->multi_call_memory_ctx = memory;
	fcinfo->flinfo->fn_extra = context;
	return context;
}

FuncCallContext *
per_MultiFuncCall(PG_FUNCTION_ARGS)
{
	return (FuncCallContext *) fcinfo->flinfo->fn_extra;
}

void
end_MultiFuncCall(PG_FUNCTION_ARGS, FuncCallContext *funcctx)
{
	fcinfo->flinfo->fn_extra = NULL;
	MemoryContextDelete(funcctx->multi_call_memory_ctx);
}

void
InitMaterializedSRF(FunctionCallInfo fcinfo, bits32 flags)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;

	if (rsinfo == NULL || !IsA(rsinfo, ReturnSetInfo))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("set-valued function called in context that "
		                       "cannot accept a set")));
	if ((rsinfo->allowedModes & SFRM_Materialize) == 0 ||
	    rsinfo->expectedDesc == NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("functions that return rows are supported only "
		                       "in FROM")));
	old = MemoryContextSwitchTo(rsinfo->econtext->ecxt_per_query_memory);
	rsinfo->returnMode = SFRM_Materialize;
	rsinfo->setDesc = CreateTupleDescCopy(rsinfo->expectedDesc);
	rsinfo->setResult = tuplestore_begin_heap(
		(rsinfo->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(old);
}
