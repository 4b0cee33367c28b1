/*
 * execExpr.c
 *		Compilation of expressions into steps.
 *
 * The tree is walked once, when the plan is set up: functions are looked up,
 * their arguments' places are fixed, and what remains for every row is a
 * straight run over an array (execExprInterp.c).  Columns that an expression
 * uses are taken out of the tuple by one step at its start, up to the highest
 * of them, so that the steps which read a column only index an array.
 *
 * Corresponds to PostgreSQL's executor/execExpr.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/execExpr.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planner.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* Highest column used of each of the three tuples. */
typedef struct LastAttnumInfo
{
	AttrNumber last_inner;
	AttrNumber last_outer;
	AttrNumber last_scan;
} LastAttnumInfo;

static void
ExecInitExprRec(Expr *node, ExprState *state, Datum *resv, bool *resnull);

void
ExprEvalPushStep(ExprState *es, const ExprEvalStep *s)
{
	if (es->steps == NULL)
	{
		es->steps_alloc = 16;
		es->steps = palloc_array(ExprEvalStep, es->steps_alloc);
	}
	else if (es->steps_len == es->steps_alloc)
	{
		es->steps_alloc *= 2;
		es->steps = repalloc(es->steps, es->steps_alloc * sizeof(ExprEvalStep));
	}
	es->steps[es->steps_len++] = *s;
}

static bool
get_last_attnums_walker(Node *node, void *context)
{
	LastAttnumInfo *info = context;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		Var *var = (Var *) node;

		switch (var->varno)
		{
			case INNER_VAR:
				info->last_inner = Max(info->last_inner, var->varattno);
				break;
			case OUTER_VAR:
				info->last_outer = Max(info->last_outer, var->varattno);
				break;
			default:
				info->last_scan = Max(info->last_scan, var->varattno);
				break;
		}
		return false;
	}
	/* arguments of an aggregate are evaluated by the Agg node */
	if (IsA(node, Aggref))
		return false;
	return expression_tree_walker(node, get_last_attnums_walker, context);
}

static void
ExecPushFetchSteps(ExprState *state, const LastAttnumInfo *info)
{
	ExprEvalStep scratch = {0};

	if (info->last_inner > 0)
	{
		scratch.opcode = EEOP_INNER_FETCHSOME;
		scratch.d.fetch.last_var = info->last_inner;
		ExprEvalPushStep(state, &scratch);
	}
	if (info->last_outer > 0)
	{
		scratch.opcode = EEOP_OUTER_FETCHSOME;
		scratch.d.fetch.last_var = info->last_outer;
		ExprEvalPushStep(state, &scratch);
	}
	if (info->last_scan > 0)
	{
		scratch.opcode = EEOP_SCAN_FETCHSOME;
		scratch.d.fetch.last_var = info->last_scan;
		ExprEvalPushStep(state, &scratch);
	}
}

static void
ExecCreateExprSetupSteps(ExprState *state, Node *node)
{
	LastAttnumInfo info = {0, 0, 0};

	(void) get_last_attnums_walker(node, &info);
	ExecPushFetchSteps(state, &info);
}

static void
push_done(ExprState *state)
{
	ExprEvalStep scratch = {.opcode = EEOP_DONE};

	ExprEvalPushStep(state, &scratch);
	ExecReadyExpr(state);
}

ExprState *
ExecInitExpr(Expr *node, PlanState *parent)
{
	ExprState *state;

	if (node == NULL)
		return NULL;
	state = makeNode(ExprState);
	state->expr = node;
	state->parent = parent;
	ExecCreateExprSetupSteps(state, (Node *) node);
	ExecInitExprRec(node, state, &state->resvalue, &state->resnull);
	push_done(state);
	return state;
}

ExprState *
ExecInitExprWithParams(Expr *node, ParamListInfo ext_params)
{
	ExprState *state = ExecInitExpr(node, NULL);

	if (state != NULL)
		state->ext_params = ext_params;
	return state;
}

/* The conditions of a list, ANDed; one that is not true ends the evaluation. */
ExprState *
ExecInitQual(List *qual, PlanState *parent)
{
	ExprState *state;
	List *adjust_jumps = NIL;
	ListCell *lc;

	if (qual == NIL)
		return NULL;
	state = makeNode(ExprState);
	state->expr = (Expr *) qual;
	state->parent = parent;
	ExecCreateExprSetupSteps(state, (Node *) qual);
	foreach (lc, qual)
	{
		ExprEvalStep scratch = {.opcode = EEOP_QUAL,
		                        .resvalue = &state->resvalue,
		                        .resnull = &state->resnull};

		ExecInitExprRec(lfirst(lc), state, &state->resvalue, &state->resnull);
		ExprEvalPushStep(state, &scratch);
		adjust_jumps = lappend_int(adjust_jumps, state->steps_len - 1);
	}
	foreach (lc, adjust_jumps)
		state->steps[lfirst_int(lc)].d.jump.jumpdone = state->steps_len;
	push_done(state);
	return state;
}

List *
ExecInitExprList(List *nodes, PlanState *parent)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, nodes)
		result = lappend(result, ExecInitExpr(lfirst(lc), parent));
	return result;
}

ProjectionInfo *
ExecBuildProjectionInfo(List *targetList, ExprContext *econtext,
                        TupleTableSlot *slot, PlanState *parent,
                        TupleDesc inputDesc)
{
	ProjectionInfo *projInfo = makeNode(ProjectionInfo);
	ExprState *state = &projInfo->pi_state;
	ListCell *lc;

	projInfo->pi_exprContext = econtext;
	state->type = T_ExprState;
	state->expr = (Expr *) targetList;
	state->parent = parent;
	state->resultslot = slot;
	ExecCreateExprSetupSteps(state, (Node *) targetList);
	foreach (lc, targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);
		ExprEvalStep scratch = {0};
		Var *var = (Var *) tle->expr;

		if (var != NULL && IsA(var, Var) && var->varattno > 0)
		{
			scratch.opcode = var->varno == INNER_VAR   ? EEOP_ASSIGN_INNER_VAR
			                 : var->varno == OUTER_VAR ? EEOP_ASSIGN_OUTER_VAR
			                                           : EEOP_ASSIGN_SCAN_VAR;
			scratch.d.assign_var.attnum = var->varattno - 1;
			scratch.d.assign_var.resultnum = tle->resno - 1;
			ExprEvalPushStep(state, &scratch);
			continue;
		}
		/* straight into the row, unless the expression needs its own result */
		ExecInitExprRec(tle->expr, state, &state->resvalue, &state->resnull);
		scratch.opcode = EEOP_ASSIGN_TMP;
		scratch.d.assign_tmp.resultnum = tle->resno - 1;
		ExprEvalPushStep(state, &scratch);
	}
	push_done(state);
	return projInfo;
}

ExprState *
ExecPrepareExpr(Expr *node, EState *estate)
{
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	ExprState *result = ExecInitExpr(expression_planner(node), NULL);

	if (result != NULL)
		result->ext_params = estate->es_param_list_info;
	MemoryContextSwitchTo(old);
	return result;
}

List *
ExecPrepareExprList(List *nodes, EState *estate)
{
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	List *result = NIL;
	ListCell *lc;

	foreach (lc, nodes)
		result = lappend(result, ExecPrepareExpr(lfirst(lc), estate));
	MemoryContextSwitchTo(old);
	return result;
}

ExprState *
ExecPrepareQual(List *qual, EState *estate)
{
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	ExprState *result =
		ExecInitQual((List *) expression_planner((Expr *) qual), NULL);

	if (result != NULL)
		result->ext_params = estate->es_param_list_info;
	MemoryContextSwitchTo(old);
	return result;
}

static void
ExecInitFunc(ExprEvalStep *scratch, Expr *node, List *args, Oid funcid,
             Oid inputcollid, ExprState *state)
{
	int nargs = list_length(args);
	FmgrInfo *flinfo = palloc0_object(FmgrInfo);
	FunctionCallInfo fcinfo;
	ListCell *lc;
	int argno = 0;

	if (nargs > FUNC_MAX_ARGS)
		ereport(ERROR,
		        (errcode(ERRCODE_TOO_MANY_ARGUMENTS),
		         errmsg("cannot pass more than %d arguments to a function",
		                FUNC_MAX_ARGS)));
	CheckFunctionPrivilege(funcid);
	fmgr_info(funcid, flinfo);
	flinfo->fn_expr = node;
	if (flinfo->fn_retset)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("set-valued function called in context that "
		                       "cannot accept a set")));
	fcinfo = palloc0(SizeForFunctionCallInfo(nargs));
	InitFunctionCallInfoData(*fcinfo, flinfo, nargs, inputcollid, NULL, NULL);
	foreach (lc, args)
	{
		Expr *arg = lfirst(lc);

		if (IsA(arg, Const))
		{
			fcinfo->args[argno].value = ((Const *) arg)->constvalue;
			fcinfo->args[argno].isnull = ((Const *) arg)->constisnull;
		}
		else
			ExecInitExprRec(arg, state, &fcinfo->args[argno].value,
			                &fcinfo->args[argno].isnull);
		argno++;
	}
	scratch->opcode = !flinfo->fn_strict || nargs == 0 ? EEOP_FUNCEXPR
	                  : nargs == 2                     ? EEOP_FUNCEXPR_STRICT_2
	                                                   : EEOP_FUNCEXPR_STRICT;
	scratch->d.func.finfo = flinfo;
	scratch->d.func.fcinfo_data = fcinfo;
	scratch->d.func.fn_addr = flinfo->fn_addr;
	scratch->d.func.nargs = nargs;
}

static void
init_var(Var *var, ExprState *state, ExprEvalStep *scratch)
{
	static const ExprEvalOp ops[3][2] = {{EEOP_INNER_VAR, EEOP_INNER_SYSVAR},
	                                     {EEOP_OUTER_VAR, EEOP_OUTER_SYSVAR},
	                                     {EEOP_SCAN_VAR, EEOP_SCAN_SYSVAR}};
	int which = var->varno == INNER_VAR ? 0 : var->varno == OUTER_VAR ? 1 : 2;

	if (var->varattno == 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("whole-row references are not supported")));
	scratch->opcode = ops[which][var->varattno < 0];
	scratch->d.var.attnum =
		var->varattno < 0 ? var->varattno : var->varattno - 1;
	ExprEvalPushStep(state, scratch);
}

static void
init_boolexpr(BoolExpr *boolexpr, ExprState *state, ExprEvalStep *scratch)
{
	int nargs = list_length(boolexpr->args);
	bool is_and = boolexpr->boolop == AND_EXPR;
	List *adjust_jumps = NIL;
	ListCell *lc;

	if (boolexpr->boolop == NOT_EXPR)
	{
		ExecInitExprRec(linitial(boolexpr->args), state, scratch->resvalue,
		                scratch->resnull);
		scratch->opcode = EEOP_BOOL_NOT;
		ExprEvalPushStep(state, scratch);
		return;
	}
	scratch->d.boolexpr.anynull = palloc_object(bool);
	foreach (lc, boolexpr->args)
	{
		int off = foreach_current_index(lc);

		ExecInitExprRec(lfirst(lc), state, scratch->resvalue, scratch->resnull);
		if (off == 0)
			scratch->opcode =
				is_and ? EEOP_BOOL_AND_STEP_FIRST : EEOP_BOOL_OR_STEP_FIRST;
		else if (off + 1 == nargs)
			scratch->opcode =
				is_and ? EEOP_BOOL_AND_STEP_LAST : EEOP_BOOL_OR_STEP_LAST;
		else
			scratch->opcode = is_and ? EEOP_BOOL_AND_STEP : EEOP_BOOL_OR_STEP;
		ExprEvalPushStep(state, scratch);
		adjust_jumps = lappend_int(adjust_jumps, state->steps_len - 1);
	}
	foreach (lc, adjust_jumps)
		state->steps[lfirst_int(lc)].d.boolexpr.jumpdone = state->steps_len;
}

static void
init_case(CaseExpr *caseExpr, ExprState *state, Datum *resv, bool *resnull)
{
	List *adjust_jumps = NIL;
	ListCell *lc;
	Datum *caseval = NULL;
	bool *casenull = NULL;
	ExprEvalStep scratch = {.resvalue = resv, .resnull = resnull};

	if (caseExpr->arg != NULL)
	{
		caseval = palloc_object(Datum);
		casenull = palloc_object(bool);
		ExecInitExprRec(caseExpr->arg, state, caseval, casenull);
	}
	foreach (lc, caseExpr->args)
	{
		CaseWhen *when = lfirst_node(CaseWhen, lc);
		Datum *save_val = state->innermost_caseval;
		bool *save_null = state->innermost_casenull;
		int whenstep;

		state->innermost_caseval = caseval;
		state->innermost_casenull = casenull;
		ExecInitExprRec(when->expr, state, resv, resnull);
		state->innermost_caseval = save_val;
		state->innermost_casenull = save_null;

		scratch.opcode = EEOP_JUMP_IF_NOT_TRUE;
		ExprEvalPushStep(state, &scratch);
		whenstep = state->steps_len - 1;
		ExecInitExprRec(when->result, state, resv, resnull);
		scratch.opcode = EEOP_JUMP;
		ExprEvalPushStep(state, &scratch);
		adjust_jumps = lappend_int(adjust_jumps, state->steps_len - 1);
		state->steps[whenstep].d.jump.jumpdone = state->steps_len;
	}
	if (caseExpr->defresult != NULL)
		ExecInitExprRec(caseExpr->defresult, state, resv, resnull);
	else
	{
		scratch.opcode = EEOP_CONST;
		scratch.d.constval.value = (Datum) 0;
		scratch.d.constval.isnull = true;
		ExprEvalPushStep(state, &scratch);
	}
	foreach (lc, adjust_jumps)
		state->steps[lfirst_int(lc)].d.jump.jumpdone = state->steps_len;
}

static void
init_coalesce(CoalesceExpr *coalesce, ExprState *state, ExprEvalStep *scratch)
{
	List *adjust_jumps = NIL;
	ListCell *lc;

	foreach (lc, coalesce->args)
	{
		ExecInitExprRec(lfirst(lc), state, scratch->resvalue, scratch->resnull);
		scratch->opcode = EEOP_JUMP_IF_NOT_NULL;
		ExprEvalPushStep(state, scratch);
		adjust_jumps = lappend_int(adjust_jumps, state->steps_len - 1);
	}
	foreach (lc, adjust_jumps)
		state->steps[lfirst_int(lc)].d.jump.jumpdone = state->steps_len;
}

static void
init_iocoerce(CoerceViaIO *iocoerce, ExprState *state, ExprEvalStep *scratch)
{
	FmgrInfo *finfo_out = palloc0_object(FmgrInfo);
	FmgrInfo *finfo_in = palloc0_object(FmgrInfo);
	FunctionCallInfo fcinfo = palloc0(SizeForFunctionCallInfo(3));
	Oid iofunc;
	Oid typioparam;
	bool typisvarlena;

	ExecInitExprRec(iocoerce->arg, state, scratch->resvalue, scratch->resnull);
	getTypeOutputInfo(exprType((Node *) iocoerce->arg), &iofunc, &typisvarlena);
	fmgr_info(iofunc, finfo_out);
	getTypeInputInfo(iocoerce->resulttype, &iofunc, &typioparam);
	fmgr_info(iofunc, finfo_in);
	InitFunctionCallInfoData(*fcinfo, finfo_in, 3, InvalidOid, NULL, NULL);
	fcinfo->args[1].value = ObjectIdGetDatum(typioparam);
	fcinfo->args[2].value = Int32GetDatum(-1);
	scratch->opcode = EEOP_IOCOERCE;
	scratch->d.iocoerce.finfo_out = finfo_out;
	scratch->d.iocoerce.fcinfo_data_in = fcinfo;
	scratch->d.iocoerce.in_strict = finfo_in->fn_strict;
	ExprEvalPushStep(state, scratch);
}

static void
init_minmax(MinMaxExpr *minmax, ExprState *state, ExprEvalStep *scratch)
{
	int n = list_length(minmax->args);
	TypeCacheEntry *typentry =
		lookup_type_cache(minmax->minmaxtype, TYPECACHE_CMP_PROC);
	FmgrInfo *finfo = palloc0_object(FmgrInfo);
	FunctionCallInfo fcinfo = palloc0(SizeForFunctionCallInfo(2));
	ListCell *lc;

	if (!OidIsValid(typentry->cmp_proc))
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_FUNCTION),
		         errmsg("could not identify a comparison function for type %s",
		                format_type_be(minmax->minmaxtype))));
	fmgr_info(typentry->cmp_proc, finfo);
	InitFunctionCallInfoData(*fcinfo, finfo, 2, minmax->inputcollid, NULL,
	                         NULL);
	scratch->opcode = EEOP_MINMAX;
	scratch->d.minmax.values = palloc_array(Datum, n);
	scratch->d.minmax.nulls = palloc_array(bool, n);
	scratch->d.minmax.nelems = n;
	scratch->d.minmax.op = minmax->op;
	scratch->d.minmax.fcinfo_data = fcinfo;
	foreach (lc, minmax->args)
	{
		int off = foreach_current_index(lc);

		ExecInitExprRec(lfirst(lc), state, &scratch->d.minmax.values[off],
		                &scratch->d.minmax.nulls[off]);
	}
	ExprEvalPushStep(state, scratch);
}

static void
init_array(ArrayExpr *arr, ExprState *state, ExprEvalStep *scratch)
{
	int n = list_length(arr->elements);
	ListCell *lc;

	scratch->opcode = EEOP_ARRAYEXPR;
	scratch->d.arrayexpr.values = palloc_array(Datum, n + 1);
	scratch->d.arrayexpr.nulls = palloc_array(bool, n + 1);
	scratch->d.arrayexpr.nelems = n;
	scratch->d.arrayexpr.multidims = arr->multidims;
	scratch->d.arrayexpr.elemtype = arr->element_typeid;
	get_typlenbyvalalign(arr->element_typeid, &scratch->d.arrayexpr.elemlen,
	                     &scratch->d.arrayexpr.elembyval,
	                     &scratch->d.arrayexpr.elemalign);
	foreach (lc, arr->elements)
	{
		int off = foreach_current_index(lc);

		ExecInitExprRec(lfirst(lc), state, &scratch->d.arrayexpr.values[off],
		                &scratch->d.arrayexpr.nulls[off]);
	}
	ExprEvalPushStep(state, scratch);
}

/* The cast of an element is an expression of its own. */
static void
init_array_coerce(ArrayCoerceExpr *acoerce, ExprState *state,
                  ExprEvalStep *scratch)
{
	ArrayCoerceInfo *info = palloc0_object(ArrayCoerceInfo);
	ExprState *elemstate = makeNode(ExprState);

	ExecInitExprRec(acoerce->arg, state, scratch->resvalue, scratch->resnull);
	info->sourcetype = get_element_type(exprType((Node *) acoerce->arg));
	get_typlenbyvalalign(info->sourcetype, &info->sourcelen, &info->sourcebyval,
	                     &info->sourcealign);
	info->resulttype = get_element_type(acoerce->resulttype);
	get_typlenbyvalalign(info->resulttype, &info->resultlen, &info->resultbyval,
	                     &info->resultalign);

	elemstate->expr = acoerce->elemexpr;
	elemstate->parent = state->parent;
	elemstate->ext_params = state->ext_params;
	elemstate->innermost_caseval = &info->element;
	elemstate->innermost_casenull = &info->elementnull;
	ExecInitExprRec(acoerce->elemexpr, elemstate, &elemstate->resvalue,
	                &elemstate->resnull);
	push_done(elemstate);
	/* the element itself, and the end */
	if (elemstate->steps_len > 2 ||
	    elemstate->steps[0].opcode != EEOP_CASE_TESTVAL)
		info->elemstate = elemstate;
	scratch->opcode = EEOP_ARRAYCOERCE;
	scratch->d.arraycoerce.info = info;
	ExprEvalPushStep(state, scratch);
}

static void
init_subscript(SubscriptingRef *ref, ExprState *state, ExprEvalStep *scratch)
{
	SubscriptInfo *info = palloc0_object(SubscriptInfo);
	ListCell *lc;

	ExecInitExprRec(ref->refexpr, state, scratch->resvalue, scratch->resnull);
	info->indexes = palloc0_array(Datum, list_length(ref->refupperindexpr));
	info->indexnulls = palloc0_array(bool, list_length(ref->refupperindexpr));
	foreach (lc, ref->refupperindexpr)
	{
		ExecInitExprRec(lfirst(lc), state, &info->indexes[info->nindexes],
		                &info->indexnulls[info->nindexes]);
		info->nindexes++;
	}
	info->elemtype = ref->refelemtype;
	get_typlenbyvalalign(info->elemtype, &info->elemlen, &info->elembyval,
	                     &info->elemalign);
	scratch->opcode = EEOP_SUBSCRIPT;
	scratch->d.subscript.info = info;
	ExprEvalPushStep(state, scratch);
}

static void
init_scalar_array_op(ScalarArrayOpExpr *expr, ExprState *state,
                     ExprEvalStep *scratch)
{
	ScalarArrayOpInfo *info = palloc0_object(ScalarArrayOpInfo);
	FmgrInfo *finfo = palloc0_object(FmgrInfo);
	Expr *scalar = linitial(expr->args);
	Expr *array = lsecond(expr->args);

	fmgr_info(expr->opfuncid, finfo);
	finfo->fn_expr = (Node *) expr;
	info->fcinfo = palloc0(SizeForFunctionCallInfo(2));
	InitFunctionCallInfoData(*info->fcinfo, finfo, 2, expr->inputcollid, NULL,
	                         NULL);
	info->useOr = expr->useOr;
	info->constant = IsA(array, Const);
	info->nelems = -1;
	info->elemtype = get_base_element_type(exprType((Node *) array));
	get_typlenbyvalalign(info->elemtype, &info->elemlen, &info->elembyval,
	                     &info->elemalign);
	ExecInitExprRec(scalar, state, &info->fcinfo->args[0].value,
	                &info->fcinfo->args[0].isnull);
	ExecInitExprRec(array, state, &info->array, &info->arraynull);
	scratch->opcode = EEOP_SCALARARRAYOP;
	scratch->d.scalararrayop.info = info;
	ExprEvalPushStep(state, scratch);
}

static void
init_param(Param *param, ExprState *state, ExprEvalStep *scratch)
{
	switch (param->paramkind)
	{
		case PARAM_EXEC:
			scratch->opcode = EEOP_PARAM_EXEC;
			break;
		case PARAM_EXTERN:
			scratch->opcode = EEOP_PARAM_EXTERN;
			break;
		default:
			elog(ERROR, "unrecognized paramkind: %d", (int) param->paramkind);
	}
	scratch->d.param.paramid = param->paramid;
	scratch->d.param.paramtype = param->paramtype;
	ExprEvalPushStep(state, scratch);
}

static void
init_opexpr(Expr *node, ExprState *state, ExprEvalStep *scratch)
{
	OpExpr *op = (OpExpr *) node;

	if (!OidIsValid(op->opfuncid))
		op->opfuncid = get_opcode(op->opno);
	ExecInitFunc(scratch, node, op->args, op->opfuncid, op->inputcollid, state);
	if (IsA(node, DistinctExpr))
		scratch->opcode = EEOP_DISTINCT;
	else if (IsA(node, NullIfExpr))
		scratch->opcode = EEOP_NULLIF;
	ExprEvalPushStep(state, scratch);
}

/* Steps that put the value of node into *resv and *resnull. */
static void
ExecInitExprRec(Expr *node, ExprState *state, Datum *resv, bool *resnull)
{
	ExprEvalStep scratch = {0};

	check_stack_depth();
	Assert(node != NULL);
	scratch.resvalue = resv;
	scratch.resnull = resnull;
	switch (nodeTag(node))
	{
		case T_Var:
			init_var((Var *) node, state, &scratch);
			break;
		case T_Const:
			scratch.opcode = EEOP_CONST;
			scratch.d.constval.value = ((Const *) node)->constvalue;
			scratch.d.constval.isnull = ((Const *) node)->constisnull;
			ExprEvalPushStep(state, &scratch);
			break;
		case T_Param:
			init_param((Param *) node, state, &scratch);
			break;
		case T_Aggref:
			scratch.opcode = EEOP_AGGREF;
			scratch.d.aggref.aggno = ((Aggref *) node)->aggno;
			ExprEvalPushStep(state, &scratch);
			break;
		case T_FuncExpr:
			ExecInitFunc(&scratch, node, ((FuncExpr *) node)->args,
			             ((FuncExpr *) node)->funcid,
			             ((FuncExpr *) node)->inputcollid, state);
			ExprEvalPushStep(state, &scratch);
			break;
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			init_opexpr(node, state, &scratch);
			break;
		case T_BoolExpr:
			init_boolexpr((BoolExpr *) node, state, &scratch);
			break;
		case T_RelabelType:
			ExecInitExprRec(((RelabelType *) node)->arg, state, resv, resnull);
			break;
		case T_CoerceViaIO:
			init_iocoerce((CoerceViaIO *) node, state, &scratch);
			break;
		case T_SubscriptingRef:
			init_subscript((SubscriptingRef *) node, state, &scratch);
			break;
		case T_ArrayCoerceExpr:
			init_array_coerce((ArrayCoerceExpr *) node, state, &scratch);
			break;
		case T_CaseExpr:
			init_case((CaseExpr *) node, state, resv, resnull);
			break;
		case T_CaseTestExpr:
			if (state->innermost_caseval == NULL)
				elog(ERROR, "CaseTestExpr outside of a CASE");
			scratch.opcode = EEOP_CASE_TESTVAL;
			scratch.d.casetest.value = state->innermost_caseval;
			scratch.d.casetest.isnull = state->innermost_casenull;
			ExprEvalPushStep(state, &scratch);
			break;
		case T_CoalesceExpr:
			init_coalesce((CoalesceExpr *) node, state, &scratch);
			break;
		case T_MinMaxExpr:
			init_minmax((MinMaxExpr *) node, state, &scratch);
			break;
		case T_ArrayExpr:
			init_array((ArrayExpr *) node, state, &scratch);
			break;
		case T_ScalarArrayOpExpr:
			init_scalar_array_op((ScalarArrayOpExpr *) node, state, &scratch);
			break;
		case T_SubPlan:
			if (state->parent == NULL)
				elog(ERROR, "sub-select outside of a plan");
			scratch.opcode = EEOP_SUBPLAN;
			scratch.d.subplan.state =
				ExecInitExprSubPlan((SubPlan *) node, state->parent);
			ExprEvalPushStep(state, &scratch);
			break;
		case T_SQLValueFunction:
			scratch.opcode = EEOP_SQLVALUEFUNCTION;
			scratch.d.sqlvaluefunction.svf = (SQLValueFunction *) node;
			ExprEvalPushStep(state, &scratch);
			break;
		case T_NullTest:
			ExecInitExprRec(((NullTest *) node)->arg, state, resv, resnull);
			scratch.opcode = ((NullTest *) node)->nulltesttype == IS_NULL
			                     ? EEOP_NULLTEST_ISNULL
			                     : EEOP_NULLTEST_ISNOTNULL;
			ExprEvalPushStep(state, &scratch);
			break;
		case T_BooleanTest:
			ExecInitExprRec(((BooleanTest *) node)->arg, state, resv, resnull);
			scratch.opcode = EEOP_BOOLTEST;
			scratch.d.booltest.type = ((BooleanTest *) node)->booltesttype;
			ExprEvalPushStep(state, &scratch);
			break;
		case T_TargetEntry:
			ExecInitExprRec(((TargetEntry *) node)->expr, state, resv, resnull);
			break;
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(node));
	}
}

ExprState *
ExecBuildGroupingEqual(TupleDesc ldesc, TupleDesc rdesc, int numCols,
                       const AttrNumber *keyCols, const Oid *eqfunctions,
                       const Oid *collations, PlanState *parent)
{
	ExprState *state = makeNode(ExprState);
	LastAttnumInfo info = {0, 0, 0};
	List *adjust_jumps = NIL;
	ListCell *lc;

	state->parent = parent;
	for (int i = 0; i < numCols; i++)
		info.last_inner = Max(info.last_inner, keyCols[i]);
	info.last_outer = info.last_inner;
	ExecPushFetchSteps(state, &info);
	/* the last column first: it is the likeliest to differ */
	for (int i = numCols - 1; i >= 0; i--)
	{
		FmgrInfo *finfo = palloc0_object(FmgrInfo);
		FunctionCallInfo fcinfo = palloc0(SizeForFunctionCallInfo(2));
		ExprEvalStep scratch = {0};

		fmgr_info(eqfunctions[i], finfo);
		InitFunctionCallInfoData(*fcinfo, finfo, 2, collations[i], NULL, NULL);
		scratch.opcode = EEOP_INNER_VAR;
		scratch.d.var.attnum = keyCols[i] - 1;
		scratch.resvalue = &fcinfo->args[0].value;
		scratch.resnull = &fcinfo->args[0].isnull;
		ExprEvalPushStep(state, &scratch);
		scratch.opcode = EEOP_OUTER_VAR;
		scratch.resvalue = &fcinfo->args[1].value;
		scratch.resnull = &fcinfo->args[1].isnull;
		ExprEvalPushStep(state, &scratch);

		scratch.opcode = EEOP_NOT_DISTINCT;
		scratch.resvalue = &state->resvalue;
		scratch.resnull = &state->resnull;
		scratch.d.func.finfo = finfo;
		scratch.d.func.fcinfo_data = fcinfo;
		scratch.d.func.fn_addr = finfo->fn_addr;
		scratch.d.func.nargs = 2;
		ExprEvalPushStep(state, &scratch);
		scratch.opcode = EEOP_QUAL;
		ExprEvalPushStep(state, &scratch);
		adjust_jumps = lappend_int(adjust_jumps, state->steps_len - 1);
	}
	foreach (lc, adjust_jumps)
		state->steps[lfirst_int(lc)].d.jump.jumpdone = state->steps_len;
	push_done(state);
	return state;
}
