/*
 * clauses.c
 *		Questions about expressions, and computing what can be computed before
 *		the query runs.
 *
 * eval_const_expressions gives an expression with the same value in every row:
 * functions that are immutable are called if their arguments are constants,
 * strict ones give NULL for a NULL constant without being called, AND, OR, NOT,
 * CASE and COALESCE lose the branches that are decided.  With
 * estimate_expression_value stable functions are called too: the result is
 * good for an estimate only.
 *
 * Calls happen in the executor, under a state of their own, and the result is
 * copied out of it.  An error in the call is an error of planning, as it is in
 * PostgreSQL: 1/0 in a branch that is never reached still fails there unless
 * the branch is dropped before.
 *
 * Corresponds to PostgreSQL's optimizer/util/clauses.c.
 */
#include "postgres.h"

#include "catalog/pg_operator.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planmain.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define BooleanNotEqualOperator 85

typedef struct EvalContext
{
	ParamListInfo boundParams;
	Node *case_val; /* constant that a CaseTestExpr stands for, or NULL */
	bool estimate;  /* stable functions too */
} EvalContext;

static Node *eval_mutator(Node *node, void *context);

/* ------------------------------------------------------------------------
 *		Questions
 * ------------------------------------------------------------------------
 */

/* Does it hold of a function that the node itself calls? */
static bool
check_functions_in_node(Node *node, bool (*check)(Oid funcid, void *context),
                        void *context)
{
	switch (nodeTag(node))
	{
		case T_FuncExpr:
			return check(((FuncExpr *) node)->funcid, context);
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			set_opfuncid((OpExpr *) node);
			return check(((OpExpr *) node)->opfuncid, context);
		case T_ScalarArrayOpExpr:
			return check(((ScalarArrayOpExpr *) node)->opfuncid, context);
		case T_CoerceViaIO:
		{
			CoerceViaIO *expr = (CoerceViaIO *) node;
			Oid in, out, ioparam;
			bool varlena;

			getTypeInputInfo(expr->resulttype, &in, &ioparam);
			getTypeOutputInfo(exprType((Node *) expr->arg), &out, &varlena);
			return check(in, context) || check(out, context);
		}
		default:
			return false;
	}
}

/* Is it less constant than the volatility that is the worst allowed? */
static bool
too_volatile(Oid funcid, void *context)
{
	char found = func_volatile(funcid);

	return found == PROVOLATILE_VOLATILE ||
	       (found == PROVOLATILE_STABLE &&
	        *(char *) context == PROVOLATILE_IMMUTABLE);
}

static bool
volatility_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Query))
		return query_tree_walker((Query *) node, volatility_walker, context, 0);
	if (IsA(node, SQLValueFunction) &&
	    *(char *) context == PROVOLATILE_IMMUTABLE)
		return true;
	if (check_functions_in_node(node, too_volatile, context))
		return true;
	return expression_tree_walker(node, volatility_walker, context);
}

bool
contain_volatile_functions(Node *clause)
{
	char worst = PROVOLATILE_STABLE;

	return volatility_walker(clause, &worst);
}

bool
contain_mutable_functions(Node *clause)
{
	char worst = PROVOLATILE_IMMUTABLE;

	return volatility_walker(clause, &worst);
}

static bool
not_for_workers(Oid funcid, void *context)
{
	return func_parallel(funcid) != PROPARALLEL_SAFE;
}

static bool
parallel_walker(Node *node, void *context)
{
	return node != NULL &&
	       (check_functions_in_node(node, not_for_workers, context) ||
	        expression_tree_walker(node, parallel_walker, context));
}

bool
contain_parallel_unsafe(Node *clause)
{
	return parallel_walker(clause, NULL);
}

/* Is there a node of this kind? */
static bool
kind_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (nodeTag(node) == *(NodeTag *) context)
		return true;
	return expression_tree_walker(node, kind_walker, context);
}

bool
contain_agg_clause(Node *clause)
{
	NodeTag tag = T_Aggref;

	return kind_walker(clause, &tag);
}

bool
contain_var_clause(Node *node)
{
	NodeTag tag = T_Var;

	return kind_walker(node, &tag);
}

bool
contain_subplans(Node *clause)
{
	NodeTag tag = T_SubPlan;

	return kind_walker(clause, &tag);
}

bool
contain_subplans_or_sublinks(Node *clause)
{
	NodeTag tag = T_SubLink;

	return contain_subplans(clause) || kind_walker(clause, &tag);
}

/* ------------------------------------------------------------------------
 *		Calling
 * ------------------------------------------------------------------------
 */

/* The value of an expression without Vars, as a Const. */
static Expr *
evaluate_expr(Expr *expr, Oid result_type, int32 result_typmod,
              Oid result_collation)
{
	EState *estate = CreateExecutorState();
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	ExprState *state = ExecInitExpr(expr, NULL);
	int16 typlen;
	bool typbyval;
	bool isnull;
	Datum value;

	value = ExecEvalExprSwitchContext(state, GetPerTupleExprContext(estate),
	                                  &isnull);
	MemoryContextSwitchTo(old);
	get_typlenbyval(result_type, &typlen, &typbyval);
	if (!isnull)
	{
		if (typlen == -1)
			value = PointerGetDatum(
				pg_detoast_datum((struct varlena *) DatumGetPointer(value)));
		value = datumCopy(value, typbyval, typlen);
	}
	FreeExecutorState(estate);
	return (Expr *) makeConst(result_type, result_typmod, result_collation,
	                          typlen, value, isnull, typbyval);
}

static bool
all_const(List *args)
{
	ListCell *lc;

	foreach (lc, args)
	{
		if (!IsA(lfirst(lc), Const))
			return false;
	}
	return true;
}

static bool
any_null_const(List *args)
{
	ListCell *lc;

	foreach (lc, args)
	{
		if (IsA(lfirst(lc), Const) && ((Const *) lfirst(lc))->constisnull)
			return true;
	}
	return false;
}

static bool
callable_now(Oid funcid, EvalContext *cxt)
{
	char provolatile = func_volatile(funcid);

	return provolatile == PROVOLATILE_IMMUTABLE ||
	       (cxt->estimate && provolatile == PROVOLATILE_STABLE);
}

/*
 * A call of a function with simplified arguments: a constant if it can be had.
 * newexpr is the call itself.
 */
static Node *
simplify_call(Node *newexpr, Oid funcid, List *args, bool retset,
              EvalContext *cxt)
{
	if (retset)
		return newexpr;
	if (func_strict(funcid) && any_null_const(args))
		return (Node *) makeNullConst(exprType(newexpr), exprTypmod(newexpr),
		                              exprCollation(newexpr));
	if (all_const(args) && callable_now(funcid, cxt))
		return (Node *) evaluate_expr((Expr *) newexpr, exprType(newexpr),
		                              exprTypmod(newexpr),
		                              exprCollation(newexpr));
	return newexpr;
}

/* ------------------------------------------------------------------------
 *		Simplifying
 * ------------------------------------------------------------------------
 */

static List *
eval_list(List *list, EvalContext *cxt)
{
	return (List *) expression_tree_mutator((Node *) list, eval_mutator, cxt);
}

static bool
is_bool_const(Node *node, bool *value, bool *isnull)
{
	Const *con = (Const *) node;

	if (!IsA(node, Const))
		return false;
	*isnull = con->constisnull;
	*value = !con->constisnull && DatumGetBool(con->constvalue);
	return true;
}

/*
 * The negation of a condition: by the negator of its operator, or by the rules
 * of De Morgan; else NOT.
 */
Node *
negate_clause(Node *node)
{
	switch (nodeTag(node))
	{
		case T_Const:
		{
			Const *con = (Const *) node;

			if (con->constisnull)
				return makeBoolConst(false, true);
			return makeBoolConst(!DatumGetBool(con->constvalue), false);
		}
		case T_OpExpr:
		{
			OpExpr *op = (OpExpr *) node;
			Oid negator = get_negator(op->opno);
			OpExpr *result;

			if (!OidIsValid(negator))
				break;
			result = makeNode(OpExpr);
			*result = *op;
			result->opno = negator;
			result->opfuncid = get_opcode(negator);
			return (Node *) result;
		}
		case T_ScalarArrayOpExpr:
		{
			ScalarArrayOpExpr *result = makeNode(ScalarArrayOpExpr);
			Oid negator = get_negator(((ScalarArrayOpExpr *) node)->opno);

			if (!OidIsValid(negator))
				break;
			/* none is, therefore all are not */
			*result = *(ScalarArrayOpExpr *) node;
			result->opno = negator;
			result->opfuncid = get_opcode(negator);
			result->useOr = !result->useOr;
			return (Node *) result;
		}
		case T_BoolExpr:
		{
			BoolExpr *expr = (BoolExpr *) node;
			List *args = NIL;
			ListCell *lc;

			if (expr->boolop == NOT_EXPR)
				return linitial(expr->args);
			foreach (lc, expr->args)
				args = lappend(args, negate_clause(lfirst(lc)));
			return (Node *) makeBoolExpr(expr->boolop == AND_EXPR ? OR_EXPR
			                                                      : AND_EXPR,
			                             args, expr->location);
		}
		case T_NullTest:
		{
			NullTest *result = makeNode(NullTest);

			*result = *(NullTest *) node;
			result->nulltesttype =
				result->nulltesttype == IS_NULL ? IS_NOT_NULL : IS_NULL;
			return (Node *) result;
		}
		case T_BooleanTest:
		{
			BooleanTest *result = makeNode(BooleanTest);

			*result = *(BooleanTest *) node;
			/* the kinds stand in pairs */
			result->booltesttype =
				(BoolTestType) ((int) result->booltesttype ^ 1);
			return (Node *) result;
		}
		default:
			break;
	}
	return (Node *) make_notclause((Expr *) node);
}

/*
 * AND and OR: "decides" is the constant that settles the whole; the other one
 * is dropped.  Nested ones of the same kind are flattened.
 */
static Node *
simplify_and_or(BoolExpr *expr, EvalContext *cxt)
{
	bool decides = expr->boolop == OR_EXPR;
	List *todo = list_copy(expr->args);
	List *args = NIL;
	bool have_null = false;

	while (todo != NIL)
	{
		Node *arg = linitial(todo);
		bool value;
		bool isnull;

		todo = list_delete_first(todo);
		arg = eval_mutator(arg, cxt);
		if (IsA(arg, BoolExpr) && ((BoolExpr *) arg)->boolop == expr->boolop)
			args = list_concat(args, ((BoolExpr *) arg)->args);
		else if (!is_bool_const(arg, &value, &isnull))
			args = lappend(args, arg);
		else if (isnull)
			have_null = true;
		else if (value == decides)
			return makeBoolConst(decides, false);
	}
	if (args == NIL)
		return makeBoolConst(!decides, have_null);
	if (have_null)
		args = lappend(args, makeBoolConst(false, true));
	if (list_length(args) == 1)
		return linitial(args);
	return (Node *) makeBoolExpr(expr->boolop, args, expr->location);
}

static Node *
simplify_case(CaseExpr *expr, EvalContext *cxt)
{
	Node *save_case_val = cxt->case_val;
	CaseExpr *result;
	Node *newarg = eval_mutator((Node *) expr->arg, cxt);
	List *newargs = NIL;
	Node *defresult = NULL;
	bool const_true = false;
	ListCell *lc;

	cxt->case_val = newarg != NULL && IsA(newarg, Const) ? newarg : NULL;
	if (cxt->case_val)
		newarg = NULL; /* it has been put in where it was tested */
	foreach (lc, expr->args)
	{
		CaseWhen *oldwhen = lfirst_node(CaseWhen, lc);
		CaseWhen *newwhen;
		Node *cond = eval_mutator((Node *) oldwhen->expr, cxt);
		Node *value;
		bool istrue = false;
		bool isnull;

		if (is_bool_const(cond, &istrue, &isnull))
		{
			if (!istrue)
				continue;
			const_true = true;
		}
		value = eval_mutator((Node *) oldwhen->result, cxt);
		if (const_true)
		{
			defresult = value;
			break;
		}
		newwhen = makeNode(CaseWhen);
		newwhen->expr = (Expr *) cond;
		newwhen->result = (Expr *) value;
		newwhen->location = oldwhen->location;
		newargs = lappend(newargs, newwhen);
	}
	if (!const_true)
		defresult = eval_mutator((Node *) expr->defresult, cxt);
	cxt->case_val = save_case_val;
	if (newargs == NIL)
		return defresult;
	result = makeNode(CaseExpr);
	*result = *expr;
	result->arg = (Expr *) newarg;
	result->args = newargs;
	result->defresult = (Expr *) defresult;
	return (Node *) result;
}

static Node *
simplify_coalesce(CoalesceExpr *expr, EvalContext *cxt)
{
	CoalesceExpr *result;
	List *newargs = NIL;
	ListCell *lc;

	foreach (lc, expr->args)
	{
		Node *e = eval_mutator(lfirst(lc), cxt);

		if (IsA(e, Const))
		{
			if (((Const *) e)->constisnull)
				continue;
			if (newargs == NIL)
				return e;
			newargs = lappend(newargs, e);
			break;
		}
		newargs = lappend(newargs, e);
	}
	if (newargs == NIL)
		return (Node *) makeNullConst(expr->coalescetype, -1,
		                              expr->coalescecollid);
	result = makeNode(CoalesceExpr);
	*result = *expr;
	result->args = newargs;
	return (Node *) result;
}

/* a IS [NOT] DISTINCT FROM b: with a NULL constant the comparison is known */
static Node *
simplify_distinct(DistinctExpr *expr, EvalContext *cxt)
{
	List *args = eval_list(expr->args, cxt);
	DistinctExpr *result = makeNode(DistinctExpr);
	int nnulls = 0;
	ListCell *lc;

	*result = *expr;
	result->args = args;
	set_opfuncid(result);
	foreach (lc, args)
	{
		if (!IsA(lfirst(lc), Const))
			return (Node *) result;
		if (((Const *) lfirst(lc))->constisnull)
			nnulls++;
	}
	if (nnulls == 2)
		return makeBoolConst(false, false);
	if (nnulls == 1)
		return makeBoolConst(true, false);
	if (callable_now(result->opfuncid, cxt))
		return (Node *) evaluate_expr((Expr *) result, BOOLOID, -1, InvalidOid);
	return (Node *) result;
}

static Node *
simplify_boolean_test(BooleanTest *expr, EvalContext *cxt)
{
	BooleanTest *result = makeNode(BooleanTest);
	Node *arg = eval_mutator((Node *) expr->arg, cxt);
	bool value;
	bool isnull;

	*result = *expr;
	result->arg = (Expr *) arg;
	if (!is_bool_const(arg, &value, &isnull))
		return (Node *) result;
	switch (expr->booltesttype)
	{
		case IS_TRUE:
			return makeBoolConst(!isnull && value, false);
		case IS_NOT_TRUE:
			return makeBoolConst(isnull || !value, false);
		case IS_FALSE:
			return makeBoolConst(!isnull && !value, false);
		case IS_NOT_FALSE:
			return makeBoolConst(isnull || value, false);
		case IS_UNKNOWN:
			return makeBoolConst(isnull, false);
		default:
			return makeBoolConst(!isnull, false);
	}
}

/* x::text::type by output and input function */
static Node *
simplify_coerce_via_io(CoerceViaIO *expr, EvalContext *cxt)
{
	CoerceViaIO *result = makeNode(CoerceViaIO);
	Oid infunc, outfunc, ioparam;
	bool varlena;

	*result = *expr;
	result->arg = (Expr *) eval_mutator((Node *) expr->arg, cxt);
	if (!IsA(result->arg, Const))
		return (Node *) result;
	getTypeOutputInfo(exprType((Node *) result->arg), &outfunc, &varlena);
	getTypeInputInfo(result->resulttype, &infunc, &ioparam);
	if (((Const *) result->arg)->constisnull && func_strict(infunc))
		return (Node *) makeNullConst(result->resulttype, -1,
		                              result->resultcollid);
	if (callable_now(outfunc, cxt) && callable_now(infunc, cxt))
		return (Node *) evaluate_expr((Expr *) result, result->resulttype, -1,
		                              result->resultcollid);
	return (Node *) result;
}

static Node *
simplify_array_coerce(ArrayCoerceExpr *expr, EvalContext *cxt)
{
	ArrayCoerceExpr *result = makeNode(ArrayCoerceExpr);
	Node *save_case_val = cxt->case_val;

	*result = *expr;
	result->arg = (Expr *) eval_mutator((Node *) expr->arg, cxt);
	/* the CaseTestExpr in there is not the one of a CASE around */
	cxt->case_val = NULL;
	result->elemexpr = (Expr *) eval_mutator((Node *) expr->elemexpr, cxt);
	cxt->case_val = save_case_val;
	if (IsA(result->arg, Const) &&
	    !(cxt->estimate ? contain_volatile_functions((Node *) result->elemexpr)
	                    : contain_mutable_functions((Node *) result->elemexpr)))
		return (Node *) evaluate_expr((Expr *) result, result->resulttype,
		                              result->resulttypmod,
		                              result->resultcollid);
	return (Node *) result;
}

static Node *
simplify_subscript(SubscriptingRef *expr, EvalContext *cxt)
{
	SubscriptingRef *result = makeNode(SubscriptingRef);

	*result = *expr;
	result->refupperindexpr = eval_list(expr->refupperindexpr, cxt);
	result->refexpr = (Expr *) eval_mutator((Node *) expr->refexpr, cxt);
	if (IsA(result->refexpr, Const) && all_const(result->refupperindexpr))
		return (Node *) evaluate_expr((Expr *) result, result->refelemtype,
		                              result->reftypmod, result->refcollid);
	return (Node *) result;
}

static Node *
simplify_param(Param *param, EvalContext *cxt)
{
	ParamListInfo bound = cxt->boundParams;
	ParamExternData *prm;
	int16 typlen;
	bool typbyval;
	Datum value;
	Const *con;

	if (param->paramkind != PARAM_EXTERN || bound == NULL ||
	    param->paramid <= 0 || param->paramid > bound->numParams)
		return (Node *) copyObject(param);
	prm = &bound->params[param->paramid - 1];
	if (!OidIsValid(prm->ptype) || prm->ptype != param->paramtype ||
	    (!cxt->estimate && !(prm->pflags & PARAM_FLAG_CONST)))
		return (Node *) copyObject(param);
	get_typlenbyval(param->paramtype, &typlen, &typbyval);
	value = prm->isnull || typbyval ? prm->value
	                                : datumCopy(prm->value, typbyval, typlen);
	con = makeConst(param->paramtype, param->paramtypmod, param->paramcollid,
	                typlen, value, prm->isnull, typbyval);
	con->location = param->location;
	return (Node *) con;
}

/*
 * A RelabelType of a constant is the constant with another label; of several
 * only the last one counts, and one that changes nothing is none.
 */
static Node *
simplify_relabel(RelabelType *relabel, EvalContext *cxt)
{
	Node *arg = eval_mutator((Node *) relabel->arg, cxt);
	RelabelType *result;

	if (IsA(arg, Const))
	{
		Const *con = copyObject((Const *) arg);

		con->consttype = relabel->resulttype;
		con->consttypmod = relabel->resulttypmod;
		con->constcollid = relabel->resultcollid;
		return (Node *) con;
	}
	while (IsA(arg, RelabelType))
		arg = (Node *) ((RelabelType *) arg)->arg;
	if (exprType(arg) == relabel->resulttype &&
	    exprTypmod(arg) == relabel->resulttypmod &&
	    exprCollation(arg) == relabel->resultcollid)
		return arg;
	result = makeNode(RelabelType);
	*result = *relabel;
	result->arg = (Expr *) arg;
	return (Node *) result;
}

/* `condition = true` and the like: the condition, or its negation */
static Node *
simplify_boolean_equality(Oid opno, List *args)
{
	Node *left = linitial(args);
	Node *right = lsecond(args);
	bool value;
	bool isnull;

	if (is_bool_const(left, &value, &isnull))
		left = right;
	else if (!is_bool_const(right, &value, &isnull))
		return NULL;
	Assert(!isnull); /* "=" is strict */
	return value == (opno == BooleanEqualOperator) ? left : negate_clause(left);
}

static Node *
simplify_operator(OpExpr *expr, EvalContext *cxt)
{
	OpExpr *op = makeNode(OpExpr);
	Node *result;

	*op = *expr;
	op->args = eval_list(op->args, cxt);
	set_opfuncid(op);
	result =
		simplify_call((Node *) op, op->opfuncid, op->args, op->opretset, cxt);
	if (result == (Node *) op && (op->opno == BooleanEqualOperator ||
	                              op->opno == BooleanNotEqualOperator))
	{
		Node *condition = simplify_boolean_equality(op->opno, op->args);

		if (condition != NULL)
			return condition;
	}
	return result;
}

static bool
is_null_const(const Node *node)
{
	return IsA(node, Const) && ((const Const *) node)->constisnull;
}

static Node *
simplify_function(FuncExpr *func, EvalContext *cxt)
{
	FuncExpr *result = makeNode(FuncExpr);

	*result = *func;
	result->args = eval_list(result->args, cxt);
	return simplify_call((Node *) result, result->funcid, result->args,
	                     result->funcretset, cxt);
}

static Node *
simplify_nullif(NullIfExpr *nullif, EvalContext *cxt)
{
	NullIfExpr *result = makeNode(NullIfExpr);

	*result = *nullif;
	NodeSetTag(result, T_NullIfExpr);
	result->args = eval_list(result->args, cxt);
	/* A null is equal to nothing. */
	if (is_null_const(linitial(result->args)) ||
	    is_null_const(lsecond(result->args)))
		return linitial(result->args);
	set_opfuncid(result);
	if (all_const(result->args) && callable_now(result->opfuncid, cxt))
		return (Node *) evaluate_expr((Expr *) result, result->opresulttype,
		                              exprTypmod((Node *) result),
		                              result->opcollid);
	return (Node *) result;
}

static Node *
simplify_minmax(MinMaxExpr *minmax, EvalContext *cxt)
{
	MinMaxExpr *result = makeNode(MinMaxExpr);

	*result = *minmax;
	result->args = eval_list(result->args, cxt);
	if (all_const(result->args))
		return (Node *) evaluate_expr((Expr *) result, result->minmaxtype, -1,
		                              result->minmaxcollid);
	return (Node *) result;
}

static Node *
simplify_array(ArrayExpr *array, EvalContext *cxt)
{
	ArrayExpr *result = makeNode(ArrayExpr);

	*result = *array;
	result->elements = eval_list(result->elements, cxt);
	if (all_const(result->elements))
		return (Node *) evaluate_expr((Expr *) result, result->array_typeid, -1,
		                              result->array_collid);
	return (Node *) result;
}

static Node *
simplify_scalar_array_op(ScalarArrayOpExpr *op, EvalContext *cxt)
{
	ScalarArrayOpExpr *result = makeNode(ScalarArrayOpExpr);

	*result = *op;
	result->args = eval_list(result->args, cxt);
	if (all_const(result->args) && callable_now(result->opfuncid, cxt))
		return (Node *) evaluate_expr((Expr *) result, BOOLOID, -1, InvalidOid);
	return (Node *) result;
}

static Node *
simplify_null_test(NullTest *test, EvalContext *cxt)
{
	NullTest *result = makeNode(NullTest);

	*result = *test;
	result->arg = (Expr *) eval_mutator((Node *) result->arg, cxt);
	if (IsA(result->arg, Const) && !result->argisrow)
		return makeBoolConst(((Const *) result->arg)->constisnull ==
		                         (result->nulltesttype == IS_NULL),
		                     false);
	return (Node *) result;
}

static Node *
eval_mutator(Node *node, void *context)
{
	EvalContext *cxt = context;

	if (node == NULL)
		return NULL;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_Param:
			return simplify_param((Param *) node, cxt);
		case T_FuncExpr:
			return simplify_function((FuncExpr *) node, cxt);
		case T_OpExpr:
			return simplify_operator((OpExpr *) node, cxt);
		case T_DistinctExpr:
			return simplify_distinct((DistinctExpr *) node, cxt);
		case T_NullIfExpr:
			return simplify_nullif((NullIfExpr *) node, cxt);
		case T_BoolExpr:
			if (((BoolExpr *) node)->boolop == NOT_EXPR)
				return negate_clause(
					eval_mutator(linitial(((BoolExpr *) node)->args), cxt));
			return simplify_and_or((BoolExpr *) node, cxt);
		case T_RelabelType:
			return simplify_relabel((RelabelType *) node, cxt);
		case T_CoerceViaIO:
			return simplify_coerce_via_io((CoerceViaIO *) node, cxt);
		case T_SubscriptingRef:
			return simplify_subscript((SubscriptingRef *) node, cxt);
		case T_ArrayCoerceExpr:
			return simplify_array_coerce((ArrayCoerceExpr *) node, cxt);
		case T_CaseExpr:
			return simplify_case((CaseExpr *) node, cxt);
		case T_CaseTestExpr:
			return copyObject(cxt->case_val ? cxt->case_val : node);
		case T_CoalesceExpr:
			return simplify_coalesce((CoalesceExpr *) node, cxt);
		case T_MinMaxExpr:
			return simplify_minmax((MinMaxExpr *) node, cxt);
		case T_ArrayExpr:
			return simplify_array((ArrayExpr *) node, cxt);
		case T_ScalarArrayOpExpr:
			return simplify_scalar_array_op((ScalarArrayOpExpr *) node, cxt);
		case T_SQLValueFunction:
			if (cxt->estimate)
			{
				SQLValueFunction *svf = (SQLValueFunction *) node;

				return (Node *) evaluate_expr((Expr *) svf, svf->type,
				                              svf->typmod, InvalidOid);
			}
			return copyObject(node);
		case T_NullTest:
			return simplify_null_test((NullTest *) node, cxt);
		case T_BooleanTest:
			return simplify_boolean_test((BooleanTest *) node, cxt);
		case T_Query:
			/* planned, and simplified, on its own */
			return node;
		default:
			return expression_tree_mutator(node, eval_mutator, context);
	}
}

Node *
eval_const_expressions(PlannerInfo *root, Node *node)
{
	EvalContext cxt = {0};

	if (root != NULL && root->glob != NULL)
		cxt.boundParams = root->glob->boundParams;
	return eval_mutator(node, &cxt);
}

Node *
estimate_expression_value(PlannerInfo *root, Node *node)
{
	EvalContext cxt = {.estimate = true};

	if (root != NULL && root->glob != NULL)
		cxt.boundParams = root->glob->boundParams;
	return eval_mutator(node, &cxt);
}
