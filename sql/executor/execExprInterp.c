/*
 * execExprInterp.c
 *		The loop that runs the steps of an expression.
 *
 * One dispatch per step, through a table of label addresses.  What is rare or
 * long is in functions of its own, so that the loop's registers stay few.
 *
 * Corresponds to PostgreSQL's executor/execExprInterp.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/execExpr.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

static Datum
ExecInterpExpr(ExprState *state, ExprContext *econtext, bool *isnull);

/* A constant alone needs no loop. */
static Datum
ExecJustConst(ExprState *state, ExprContext *econtext, bool *isnull)
{
	*isnull = state->steps[0].d.constval.isnull;
	return state->steps[0].d.constval.value;
}

void
ExecReadyExpr(ExprState *state)
{
	if (state->steps_len == 2 && state->steps[0].opcode == EEOP_CONST)
		state->evalfunc = ExecJustConst;
	else
		state->evalfunc = ExecInterpExpr;
}

static void
ExecEvalParamExec(ExprEvalStep *op, ExprContext *econtext)
{
	ParamExecData *prm = &econtext->ecxt_param_exec_vals[op->d.param.paramid];

	if (unlikely(prm->execPlan != NULL))
		ExecSetParamPlan(prm->execPlan, econtext);
	*op->resvalue = prm->value;
	*op->resnull = prm->isnull;
}

static void
ExecEvalParamExtern(ExprState *state, ExprEvalStep *op, ExprContext *econtext)
{
	ParamListInfo info = econtext->ecxt_param_list_info;
	int id = op->d.param.paramid;

	if (info == NULL)
		info = state->ext_params;
	if (likely(info != NULL && id > 0 && id <= info->numParams))
	{
		ParamExternData *prm = &info->params[id - 1];

		if (likely(OidIsValid(prm->ptype)))
		{
			if (unlikely(prm->ptype != op->d.param.paramtype))
				ereport(ERROR,
				        (errcode(ERRCODE_DATATYPE_MISMATCH),
				         errmsg("type of parameter %d (%s) does not match that "
				                "when preparing the plan (%s)",
				                id, format_type_be(prm->ptype),
				                format_type_be(op->d.param.paramtype))));
			*op->resvalue = prm->value;
			*op->resnull = prm->isnull;
			return;
		}
	}
	ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
	                errmsg("no value found for parameter %d", id)));
}

static void
ExecEvalBoolTest(ExprEvalStep *op)
{
	bool null = *op->resnull;
	bool value = !null && DatumGetBool(*op->resvalue);
	bool result = false;

	switch (op->d.booltest.type)
	{
		case IS_TRUE:
			result = value;
			break;
		case IS_NOT_TRUE:
			result = !value;
			break;
		case IS_FALSE:
			result = !null && !value;
			break;
		case IS_NOT_FALSE:
			result = null || value;
			break;
		case IS_UNKNOWN:
			result = null;
			break;
		case IS_NOT_UNKNOWN:
			result = !null;
			break;
	}
	*op->resvalue = BoolGetDatum(result);
	*op->resnull = false;
}

static void
ExecEvalIOCoerce(ExprEvalStep *op)
{
	FunctionCallInfo fcinfo = op->d.iocoerce.fcinfo_data_in;
	char *str = NULL;

	if (!*op->resnull)
		str = OutputFunctionCall(op->d.iocoerce.finfo_out, *op->resvalue);
	if (str == NULL && op->d.iocoerce.in_strict)
		return; /* NULL stays NULL */
	fcinfo->args[0].value = PointerGetDatum(str);
	fcinfo->args[0].isnull = str == NULL;
	fcinfo->isnull = false;
	*op->resvalue = FunctionCallInvoke(fcinfo);
	*op->resnull = fcinfo->isnull;
}

/* IS DISTINCT FROM, or its negation: NULLs are equal to each other. */
static void
ExecEvalDistinct(ExprEvalStep *op, bool negate)
{
	FunctionCallInfo fcinfo = op->d.func.fcinfo_data;
	bool distinct;

	if (fcinfo->args[0].isnull || fcinfo->args[1].isnull)
		distinct = fcinfo->args[0].isnull != fcinfo->args[1].isnull;
	else
	{
		fcinfo->isnull = false;
		distinct = !DatumGetBool(op->d.func.fn_addr(fcinfo));
	}
	*op->resvalue = BoolGetDatum(distinct != negate);
	*op->resnull = false;
}

static void
ExecEvalNullIf(ExprEvalStep *op)
{
	FunctionCallInfo fcinfo = op->d.func.fcinfo_data;

	if (!fcinfo->args[0].isnull && !fcinfo->args[1].isnull)
	{
		Datum result;

		fcinfo->isnull = false;
		result = op->d.func.fn_addr(fcinfo);
		if (!fcinfo->isnull && DatumGetBool(result))
		{
			*op->resvalue = (Datum) 0;
			*op->resnull = true;
			return;
		}
	}
	*op->resvalue = fcinfo->args[0].value;
	*op->resnull = fcinfo->args[0].isnull;
}

static void
ExecEvalMinMax(ExprEvalStep *op)
{
	FunctionCallInfo fcinfo = op->d.minmax.fcinfo_data;

	*op->resnull = true;
	*op->resvalue = (Datum) 0;
	for (int i = 0; i < op->d.minmax.nelems; i++)
	{
		int cmp;

		if (op->d.minmax.nulls[i])
			continue;
		if (*op->resnull)
		{
			*op->resvalue = op->d.minmax.values[i];
			*op->resnull = false;
			continue;
		}
		fcinfo->args[0].value = *op->resvalue;
		fcinfo->args[1].value = op->d.minmax.values[i];
		fcinfo->args[0].isnull = fcinfo->args[1].isnull = false;
		fcinfo->isnull = false;
		cmp = DatumGetInt32(FunctionCallInvoke(fcinfo));
		if (op->d.minmax.op == IS_GREATEST ? cmp < 0 : cmp > 0)
			*op->resvalue = op->d.minmax.values[i];
	}
}

/* OIDs of the functions that some of these are also available as */
#define F_CURRENT_USER 745
#define F_SESSION_USER 746
#define F_CURRENT_DATABASE 861
#define F_CURRENT_SCHEMA 1402

static void
ExecEvalSQLValueFunction(ExprEvalStep *op)
{
	Oid func;

	*op->resnull = false;
	switch (op->d.sqlvaluefunction.svf->op)
	{
		case SVFOP_CURRENT_TIMESTAMP:
		case SVFOP_CURRENT_TIMESTAMP_N:
			*op->resvalue =
				Int64GetDatum(GetCurrentTransactionStartTimestamp());
			return;
		case SVFOP_CURRENT_ROLE:
		case SVFOP_CURRENT_USER:
		case SVFOP_USER:
			func = F_CURRENT_USER;
			break;
		case SVFOP_SESSION_USER:
			func = F_SESSION_USER;
			break;
		case SVFOP_CURRENT_CATALOG:
			func = F_CURRENT_DATABASE;
			break;
		case SVFOP_CURRENT_SCHEMA:
			func = F_CURRENT_SCHEMA;
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("dates and local times are not supported")));
	}
	*op->resvalue = OidFunctionCall0(func);
}

static Datum
ExecInterpExpr(ExprState *state, ExprContext *econtext, bool *isnull)
{
	/* in the order of ExprEvalOp */
	static const void *const dispatch[] = {&&l_done,
	                                       &&l_inner_fetchsome,
	                                       &&l_outer_fetchsome,
	                                       &&l_scan_fetchsome,
	                                       &&l_inner_var,
	                                       &&l_outer_var,
	                                       &&l_scan_var,
	                                       &&l_inner_sysvar,
	                                       &&l_outer_sysvar,
	                                       &&l_scan_sysvar,
	                                       &&l_assign_inner_var,
	                                       &&l_assign_outer_var,
	                                       &&l_assign_scan_var,
	                                       &&l_assign_tmp,
	                                       &&l_const,
	                                       &&l_funcexpr,
	                                       &&l_funcexpr_strict,
	                                       &&l_funcexpr_strict_2,
	                                       &&l_and_step_first,
	                                       &&l_and_step,
	                                       &&l_and_step_last,
	                                       &&l_or_step_first,
	                                       &&l_or_step,
	                                       &&l_or_step_last,
	                                       &&l_not,
	                                       &&l_qual,
	                                       &&l_jump,
	                                       &&l_jump_if_not_null,
	                                       &&l_jump_if_not_true,
	                                       &&l_isnull,
	                                       &&l_isnotnull,
	                                       &&l_booltest,
	                                       &&l_param_exec,
	                                       &&l_param_extern,
	                                       &&l_case_testval,
	                                       &&l_iocoerce,
	                                       &&l_distinct,
	                                       &&l_not_distinct,
	                                       &&l_nullif,
	                                       &&l_sqlvaluefunction,
	                                       &&l_minmax,
	                                       &&l_arrayexpr,
	                                       &&l_arraycoerce,
	                                       &&l_subscript,
	                                       &&l_scalararrayop,
	                                       &&l_subplan,
	                                       &&l_aggref};
	ExprEvalStep *op = state->steps;
	TupleTableSlot *resultslot = state->resultslot;
	TupleTableSlot *innerslot = econtext->ecxt_innertuple;
	TupleTableSlot *outerslot = econtext->ecxt_outertuple;
	TupleTableSlot *scanslot = econtext->ecxt_scantuple;

	StaticAssertStmt(lengthof(dispatch) == EEOP_AGGREF + 1,
	                 "a label for every opcode");

#define DISPATCH() goto *dispatch[op->opcode]
#define NEXT()      \
	do              \
	{               \
		op++;       \
		DISPATCH(); \
	} while (0)
#define JUMP_TO(stepno)             \
	do                              \
	{                               \
		op = &state->steps[stepno]; \
		DISPATCH();                 \
	} while (0)

	DISPATCH();

l_done:
	*isnull = state->resnull;
	return state->resvalue;

l_inner_fetchsome:
	if (innerslot->tts_nvalid < op->d.fetch.last_var)
		slot_getsomeattrs(innerslot, op->d.fetch.last_var);
	NEXT();
l_outer_fetchsome:
	if (outerslot->tts_nvalid < op->d.fetch.last_var)
		slot_getsomeattrs(outerslot, op->d.fetch.last_var);
	NEXT();
l_scan_fetchsome:
	if (scanslot->tts_nvalid < op->d.fetch.last_var)
		slot_getsomeattrs(scanslot, op->d.fetch.last_var);
	NEXT();

l_inner_var:
	*op->resvalue = innerslot->tts_values[op->d.var.attnum];
	*op->resnull = innerslot->tts_isnull[op->d.var.attnum];
	NEXT();
l_outer_var:
	*op->resvalue = outerslot->tts_values[op->d.var.attnum];
	*op->resnull = outerslot->tts_isnull[op->d.var.attnum];
	NEXT();
l_scan_var:
	*op->resvalue = scanslot->tts_values[op->d.var.attnum];
	*op->resnull = scanslot->tts_isnull[op->d.var.attnum];
	NEXT();
l_inner_sysvar:
	*op->resvalue = slot_getattr(innerslot, op->d.var.attnum, op->resnull);
	NEXT();
l_outer_sysvar:
	*op->resvalue = slot_getattr(outerslot, op->d.var.attnum, op->resnull);
	NEXT();
l_scan_sysvar:
	*op->resvalue = slot_getattr(scanslot, op->d.var.attnum, op->resnull);
	NEXT();

l_assign_inner_var:
	resultslot->tts_values[op->d.assign_var.resultnum] =
		innerslot->tts_values[op->d.assign_var.attnum];
	resultslot->tts_isnull[op->d.assign_var.resultnum] =
		innerslot->tts_isnull[op->d.assign_var.attnum];
	NEXT();
l_assign_outer_var:
	resultslot->tts_values[op->d.assign_var.resultnum] =
		outerslot->tts_values[op->d.assign_var.attnum];
	resultslot->tts_isnull[op->d.assign_var.resultnum] =
		outerslot->tts_isnull[op->d.assign_var.attnum];
	NEXT();
l_assign_scan_var:
	resultslot->tts_values[op->d.assign_var.resultnum] =
		scanslot->tts_values[op->d.assign_var.attnum];
	resultslot->tts_isnull[op->d.assign_var.resultnum] =
		scanslot->tts_isnull[op->d.assign_var.attnum];
	NEXT();
l_assign_tmp:
	resultslot->tts_values[op->d.assign_tmp.resultnum] = state->resvalue;
	resultslot->tts_isnull[op->d.assign_tmp.resultnum] = state->resnull;
	NEXT();

l_const:
	*op->resvalue = op->d.constval.value;
	*op->resnull = op->d.constval.isnull;
	NEXT();

l_funcexpr_strict:
{
	NullableDatum *args = op->d.func.fcinfo_data->args;

	for (int i = 0; i < op->d.func.nargs; i++)
	{
		if (args[i].isnull)
		{
			*op->resnull = true;
			op++;
			DISPATCH();
		}
	}
}
	/* no NULL: call it */
l_funcexpr:
{
	FunctionCallInfo fcinfo = op->d.func.fcinfo_data;
	Datum d;

	fcinfo->isnull = false;
	d = op->d.func.fn_addr(fcinfo);
	*op->resvalue = d;
	*op->resnull = fcinfo->isnull;
}
	NEXT();
l_funcexpr_strict_2:
{
	FunctionCallInfo fcinfo = op->d.func.fcinfo_data;

	if (fcinfo->args[0].isnull | fcinfo->args[1].isnull)
		*op->resnull = true;
	else
	{
		Datum d;

		fcinfo->isnull = false;
		d = op->d.func.fn_addr(fcinfo);
		*op->resvalue = d;
		*op->resnull = fcinfo->isnull;
	}
}
	NEXT();

	/*
	 * False decides an AND, true an OR; without such an argument one NULL
	 * makes the result NULL.
	 */
l_and_step_first:
	*op->d.boolexpr.anynull = false;
l_and_step:
	if (*op->resnull)
		*op->d.boolexpr.anynull = true;
	else if (!DatumGetBool(*op->resvalue))
		JUMP_TO(op->d.boolexpr.jumpdone);
	NEXT();
l_and_step_last:
	if (!*op->resnull && DatumGetBool(*op->resvalue) && *op->d.boolexpr.anynull)
	{
		*op->resvalue = (Datum) 0;
		*op->resnull = true;
	}
	NEXT();
l_or_step_first:
	*op->d.boolexpr.anynull = false;
l_or_step:
	if (*op->resnull)
		*op->d.boolexpr.anynull = true;
	else if (DatumGetBool(*op->resvalue))
		JUMP_TO(op->d.boolexpr.jumpdone);
	NEXT();
l_or_step_last:
	if (!*op->resnull && !DatumGetBool(*op->resvalue) &&
	    *op->d.boolexpr.anynull)
	{
		*op->resvalue = (Datum) 0;
		*op->resnull = true;
	}
	NEXT();
l_not:
	*op->resvalue = BoolGetDatum(!DatumGetBool(*op->resvalue));
	NEXT();

l_qual:
	if (*op->resnull || !DatumGetBool(*op->resvalue))
	{
		*op->resnull = false;
		*op->resvalue = BoolGetDatum(false);
		JUMP_TO(op->d.jump.jumpdone);
	}
	NEXT();
l_jump:
	JUMP_TO(op->d.jump.jumpdone);
l_jump_if_not_null:
	if (!*op->resnull)
		JUMP_TO(op->d.jump.jumpdone);
	NEXT();
l_jump_if_not_true:
	if (*op->resnull || !DatumGetBool(*op->resvalue))
		JUMP_TO(op->d.jump.jumpdone);
	NEXT();

l_isnull:
	*op->resvalue = BoolGetDatum(*op->resnull);
	*op->resnull = false;
	NEXT();
l_isnotnull:
	*op->resvalue = BoolGetDatum(!*op->resnull);
	*op->resnull = false;
	NEXT();
l_booltest:
	ExecEvalBoolTest(op);
	NEXT();

l_param_exec:
	ExecEvalParamExec(op, econtext);
	NEXT();
l_param_extern:
	ExecEvalParamExtern(state, op, econtext);
	NEXT();
l_case_testval:
	*op->resvalue = *op->d.casetest.value;
	*op->resnull = *op->d.casetest.isnull;
	NEXT();
l_iocoerce:
	ExecEvalIOCoerce(op);
	NEXT();
l_distinct:
	ExecEvalDistinct(op, false);
	NEXT();
l_not_distinct:
	ExecEvalDistinct(op, true);
	NEXT();
l_nullif:
	ExecEvalNullIf(op);
	NEXT();
l_sqlvaluefunction:
	ExecEvalSQLValueFunction(op);
	NEXT();
l_subplan:
	*op->resvalue = ExecSubPlan(op->d.subplan.state, econtext, op->resnull);
	NEXT();
l_minmax:
	ExecEvalMinMax(op);
	NEXT();
l_arrayexpr:
	ExecEvalArrayExpr(op);
	NEXT();
l_arraycoerce:
	ExecEvalArrayCoerce(op, econtext);
	NEXT();
l_subscript:
	ExecEvalSubscript(op);
	NEXT();
l_scalararrayop:
	ExecEvalScalarArrayOp(op);
	NEXT();
l_aggref:
	*op->resvalue = econtext->ecxt_aggvalues[op->d.aggref.aggno];
	*op->resnull = econtext->ecxt_aggnulls[op->d.aggref.aggno];
	NEXT();
}
