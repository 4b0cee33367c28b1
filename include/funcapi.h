/*
 * funcapi.h
 *		Functions that return sets, a row per call.
 *
 * The function keeps a FuncCallContext in fn_extra between calls.  The caller
 * passes a ReturnSetInfo (nodes/execnodes.h) as resultinfo and reads isDone
 * after each call; it calls again until ExprEndResult.
 */
#ifndef FUNCAPI_H
#define FUNCAPI_H

#include "fmgr.h"
#include "nodes/execnodes.h"

typedef struct FuncCallContext
{
	uint64 call_cntr; /* calls before this one */
	uint64 max_calls;
	void *user_fctx;
	MemoryContext multi_call_memory_ctx; /* lives until the last call */
} FuncCallContext;

extern FuncCallContext *init_MultiFuncCall(PG_FUNCTION_ARGS);
extern FuncCallContext *per_MultiFuncCall(PG_FUNCTION_ARGS);
extern void end_MultiFuncCall(PG_FUNCTION_ARGS, FuncCallContext *funcctx);

#define SRF_IS_FIRSTCALL() (fcinfo->flinfo->fn_extra == NULL)
#define SRF_FIRSTCALL_INIT() init_MultiFuncCall(fcinfo)
#define SRF_PERCALL_SETUP() per_MultiFuncCall(fcinfo)
#define SRF_RETURN_NEXT(_funcctx, _result)                                   \
	do                                                                       \
	{                                                                        \
		(_funcctx)->call_cntr++;                                             \
		((ReturnSetInfo *) fcinfo->resultinfo)->isDone = ExprMultipleResult; \
		PG_RETURN_DATUM(_result);                                            \
	} while (0)
#define SRF_RETURN_DONE(_funcctx)                                       \
	do                                                                  \
	{                                                                   \
		end_MultiFuncCall(fcinfo, _funcctx);                            \
		((ReturnSetInfo *) fcinfo->resultinfo)->isDone = ExprEndResult; \
		PG_RETURN_NULL();                                               \
	} while (0)

/*
 * For a function that puts all its rows at once into rsinfo->setResult, with
 * the columns of rsinfo->setDesc, which are those that the query expects.
 */
extern void InitMaterializedSRF(FunctionCallInfo fcinfo, bits32 flags);

#endif /* FUNCAPI_H */
