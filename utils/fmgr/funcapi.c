/*
 * funcapi.c
 *		State of functions that return a set, between their calls.
 *
 * The state lives in a context below fn_mcxt, so a query that stops early
 * frees it with the rest.
 *
 * Corresponds to PostgreSQL's utils/fmgr/funcapi.c.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/memutils.h"

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
