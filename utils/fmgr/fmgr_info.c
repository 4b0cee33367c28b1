/*
 * fmgr_info.c
 *		From a function's OID to the C function, and calls by OID.
 *
 * The row of pg_proc holds the address.  A row without one is a function that
 * PostgreSQL has and this server has not: calling it is ERROR 0A000.
 *
 * Corresponds to the lookup half of PostgreSQL's utils/fmgr/fmgr.c.
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "fmgr.h"
#include "lib/stringinfo.h"
#include "nodes/nodeFuncs.h"

void
fmgr_info_cxt(Oid functionId, FmgrInfo *finfo, MemoryContext mcxt)
{
	Form_pg_proc proc = GetProcForm(functionId);

	if (proc == NULL)
		elog(ERROR, "cache lookup failed for function %u", functionId);
	if (proc->fn_addr == NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("function \"%s\" is not supported",
		                       NameStr(proc->proname))));
	memset(finfo, 0, sizeof(*finfo));
	finfo->fn_addr = proc->fn_addr;
	finfo->fn_oid = functionId;
	finfo->fn_nargs = proc->pronargs;
	finfo->fn_strict = proc->proisstrict;
	finfo->fn_retset = proc->proretset;
	finfo->fn_mcxt = mcxt;
}

void
fmgr_info(Oid functionId, FmgrInfo *finfo)
{
	fmgr_info_cxt(functionId, finfo, CurrentMemoryContext);
}

Oid
get_fn_expr_argtype(FmgrInfo *flinfo, int argnum)
{
	Node *expr = flinfo ? flinfo->fn_expr : NULL;
	List *args;

	if (expr == NULL)
		return InvalidOid;
	/* an aggregate's first argument is its state */
	if (IsA(expr, Aggref))
		return argnum == 0 ? ((Aggref *) expr)->aggtranstype
		       : argnum <= list_length(((Aggref *) expr)->aggargtypes)
		           ? list_nth_oid(((Aggref *) expr)->aggargtypes, argnum - 1)
		           : InvalidOid;
	if (IsA(expr, FuncExpr))
		args = ((FuncExpr *) expr)->args;
	else if (IsA(expr, OpExpr))
		args = ((OpExpr *) expr)->args;
	else
		return InvalidOid;
	if (argnum < 0 || argnum >= list_length(args))
		return InvalidOid;
	return exprType((Node *) list_nth(args, argnum));
}

Datum
FunctionCall0Coll(FmgrInfo *flinfo, Oid collation)
{
	LOCAL_FCINFO(fcinfo, 1);
	Datum result;

	InitFunctionCallInfoData(*fcinfo, flinfo, 0, collation, NULL, NULL);
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		elog(ERROR, "function %u returned NULL", flinfo->fn_oid);
	return result;
}

Datum
OidFunctionCall0Coll(Oid functionId, Oid collation)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return FunctionCall0Coll(&flinfo, collation);
}

Datum
OidFunctionCall1Coll(Oid functionId, Oid collation, Datum arg1)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return FunctionCall1Coll(&flinfo, collation, arg1);
}

Datum
OidFunctionCall2Coll(Oid functionId, Oid collation, Datum arg1, Datum arg2)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return FunctionCall2Coll(&flinfo, collation, arg1, arg2);
}

Datum
OidFunctionCall3Coll(Oid functionId, Oid collation, Datum arg1, Datum arg2,
                     Datum arg3)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return FunctionCall3Coll(&flinfo, collation, arg1, arg2, arg3);
}

Datum
OidInputFunctionCall(Oid functionId, char *str, Oid typioparam, int32 typmod)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return InputFunctionCall(&flinfo, str, typioparam, typmod);
}

char *
OidOutputFunctionCall(Oid functionId, Datum val)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return OutputFunctionCall(&flinfo, val);
}

Datum
OidReceiveFunctionCall(Oid functionId, struct StringInfoData *buf,
                       Oid typioparam, int32 typmod)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return ReceiveFunctionCall(&flinfo, buf, typioparam, typmod);
}

bytea *
OidSendFunctionCall(Oid functionId, Datum val)
{
	FmgrInfo flinfo;

	fmgr_info(functionId, &flinfo);
	return SendFunctionCall(&flinfo, val);
}
