/*
 * parse_special.c
 *		Expressions with a syntax of their own: IN, BETWEEN, CASE, COALESCE,
 *		subqueries and the like.
 *
 * Most become operators: x IN (a, b) is x = ANY (ARRAY[a, b]), x BETWEEN a AND
 * b is x >= a AND x <= b.
 *
 * Corresponds to parts of PostgreSQL's parser/parse_expr.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_func.h"
#include "parser/parse_oper.h"
#include "parser/parse_special.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/*
 * left op right, for raw operands, as an operand of boolop; each call analyses
 * them anew.
 */
static Node *
transform_comparison(ParseState *pstate, BoolExprType boolop, const char *op,
                     PgQuery__Node *left, PgQuery__Node *right, int location)
{
	Node *last_srf = pstate->p_last_srf;
	Node *lexpr = transformExprRecurse(pstate, left);
	Node *rexpr = transformExprRecurse(pstate, right);
	Node *cmp;

	cmp = (Node *) make_op(pstate, list_make1(makeString(pstrdup(op))), lexpr,
	                       rexpr, last_srf, location);
	return coerce_to_boolean(pstate, cmp, boolop == AND_EXPR ? "AND" : "OR");
}

static void
check_row_operand(ParseState *pstate, const PgQuery__Node *expr, int location)
{
	if (expr != NULL && expr->node_case == PG_QUERY__NODE__NODE_ROW_EXPR)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("comparisons of rows are not supported"),
		                parser_errposition(pstate, location)));
}

/* ---- arrays and sets of values ---- */

/* Elements of ARRAY[...] coerced to one type, a given one or their common one. */
static List *
coerce_elements(ParseState *pstate, List *elements, Oid element_type,
                int32 typmod, bool explicit)
{
	List *result = NIL;
	ListCell *lc;

	foreach (lc, elements)
	{
		Node *e = lfirst(lc);
		Node *newe;

		if (!explicit)
		{
			result = lappend(result, coerce_to_common_type(
										 pstate, e, element_type, "ARRAY"));
			continue;
		}
		newe =
			coerce_to_target_type(pstate, e, exprType(e), element_type, typmod,
		                          COERCION_EXPLICIT, COERCE_EXPLICIT_CAST, -1);
		if (newe == NULL)
			ereport(ERROR, (errcode(ERRCODE_CANNOT_COERCE),
			                errmsg("cannot cast type %s to %s",
			                       format_type_be(exprType(e)),
			                       format_type_be(element_type)),
			                parser_errposition(pstate, exprLocation(e))));
		result = lappend(result, newe);
	}
	return result;
}

static Node *
make_array_expr(Oid array_type, Oid element_type, List *elements,
                bool multidims, int location)
{
	ArrayExpr *newa = makeNode(ArrayExpr);

	newa->array_typeid = array_type;
	newa->array_collid = get_typcollation(array_type);
	newa->element_typeid = element_type;
	newa->elements = elements;
	newa->multidims = multidims;
	newa->location = location;
	return (Node *) newa;
}

Node *
transformArrayExpr(ParseState *pstate, const PgQuery__AArrayExpr *a,
                   Oid array_type, Oid element_type, int32 typmod)
{
	bool explicit = OidIsValid(array_type);
	List *elements = NIL;
	bool multidims = false;

	for (size_t i = 0; i < a->n_elements; i++)
	{
		Node *e;

		if (a->elements[i]->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR)
			e = transformArrayExpr(pstate, a->elements[i]->a_array_expr,
			                       array_type, element_type, typmod);
		else
			e = transformExprRecurse(pstate, a->elements[i]);
		multidims |= type_is_array(exprType(e));
		elements = lappend(elements, e);
	}
	if (!explicit)
	{
		Oid common;

		if (elements == NIL)
			ereport(ERROR,
			        (errcode(ERRCODE_INDETERMINATE_DATATYPE),
			         errmsg("cannot determine type of empty array"),
			         errhint("Explicitly cast to the desired type, for example "
			                 "ARRAY[]::integer[]."),
			         parser_errposition(pstate, a->location)));
		common = select_common_type(pstate, elements, "ARRAY", NULL);
		array_type = multidims ? common : get_array_type(common);
		element_type = multidims ? get_element_type(common) : common;
		if (!OidIsValid(element_type))
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_OBJECT),
			         errmsg("could not find element type for data type %s",
			                format_type_be(common)),
			         parser_errposition(pstate, a->location)));
		if (!OidIsValid(array_type))
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
			                errmsg("could not find array type for data type %s",
			                       format_type_be(element_type)),
			                parser_errposition(pstate, a->location)));
	}
	return make_array_expr(
		array_type, element_type,
		coerce_elements(pstate, elements, multidims ? array_type : element_type,
	                    typmod, explicit),
		multidims, a->location);
}

static bool
contains_var_walker(Node *node, void *context)
{
	if (node == NULL || IsA(node, Query))
		return false;
	if (IsA(node, Var))
		return true;
	return expression_tree_walker(node, contains_var_walker, context);
}

/* The type that the operand and all values go to, if it has arrays. */
static Oid
common_array_type(ParseState *pstate, Node *lexpr, List *values,
                  Oid *scalar_type)
{
	List *all = lcons(lexpr, list_copy(values));
	ListCell *lc;

	*scalar_type = select_common_type(pstate, all, NULL, NULL);
	if (!OidIsValid(*scalar_type))
		return InvalidOid;
	foreach (lc, all)
	{
		Oid type = exprType(lfirst(lc));

		if (!can_coerce_type(1, &type, scalar_type, COERCION_IMPLICIT))
			return InvalidOid;
	}
	return get_array_type(*scalar_type);
}

/*
 * x IN (a, b, c): a comparison with the array of those values that are the same
 * for every row, if there are several; with the others one by one.
 */
Node *
transformAExprIn(ParseState *pstate, const PgQuery__AExpr *a)
{
	bool useOr = strcmp(pgq_string(a->name[0]), "<>") != 0;
	List *opname = pgq_name_list(a->name, a->n_name);
	const PgQuery__List *values = a->rexpr->list;
	List *rexprs = NIL; /* all, or those with columns */
	List *rvars = NIL;
	List *rnonvars = NIL;
	List *args = NIL;
	Node *lexpr;
	ListCell *lc;

	check_row_operand(pstate, a->lexpr, a->location);
	lexpr = transformExprRecurse(pstate, a->lexpr);
	for (size_t i = 0; i < values->n_items; i++)
	{
		Node *rexpr;

		check_row_operand(pstate, values->items[i], a->location);
		rexpr = transformExprRecurse(pstate, values->items[i]);
		rexprs = lappend(rexprs, rexpr);
		if (contains_var_walker(rexpr, NULL))
			rvars = lappend(rvars, rexpr);
		else
			rnonvars = lappend(rnonvars, rexpr);
	}
	if (list_length(rnonvars) > 1)
	{
		Oid scalar_type;
		Oid array_type =
			common_array_type(pstate, lexpr, rnonvars, &scalar_type);

		if (OidIsValid(array_type))
		{
			List *elements = NIL;

			foreach (lc, rnonvars)
				elements =
					lappend(elements, coerce_to_common_type(pstate, lfirst(lc),
				                                            scalar_type, "IN"));
			args = list_make1(make_scalar_array_op(
				pstate, opname, useOr, lexpr,
				make_array_expr(array_type, scalar_type, elements, false, -1),
				a->location));
			rexprs = rvars;
		}
	}
	foreach (lc, rexprs)
	{
		Node *cmp =
			(Node *) make_op(pstate, opname, copyObject(lexpr), lfirst(lc),
		                     pstate->p_last_srf, a->location);

		args = lappend(args, coerce_to_boolean(pstate, cmp, "IN"));
	}
	if (list_length(args) == 1)
		return linitial(args);
	return (Node *) makeBoolExpr(useOr ? OR_EXPR : AND_EXPR, args, a->location);
}

Node *
transformAExprOpArray(ParseState *pstate, const PgQuery__AExpr *a)
{
	Node *lexpr = transformExprRecurse(pstate, a->lexpr);
	Node *rexpr = transformExprRecurse(pstate, a->rexpr);

	return (Node *) make_scalar_array_op(
		pstate, pgq_name_list(a->name, a->n_name),
		a->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY, lexpr, rexpr,
		a->location);
}

/* ---- array[subscript] ---- */

static Node *
transform_subscript(ParseState *pstate, PgQuery__Node *raw)
{
	Node *index = transformExprRecurse(pstate, raw);
	Oid type = exprType(index);

	index =
		coerce_to_target_type(pstate, index, type, INT4OID, -1,
	                          COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
	if (index == NULL)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("array subscript must have type integer"),
		                parser_errposition(pstate, pgq_location(raw))));
	return index;
}

Node *
transformIndirection(ParseState *pstate, const PgQuery__AIndirection *ind)
{
	SubscriptingRef *ref = makeNode(SubscriptingRef);
	Node *container = transformExprRecurse(pstate, ind->arg);
	int location = exprLocation(container);

	for (size_t i = 0; i < ind->n_indirection; i++)
	{
		const PgQuery__Node *item = ind->indirection[i];

		if (item->node_case != PG_QUERY__NODE__NODE_A_INDICES)
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("fields of values are not supported"),
			                parser_errposition(pstate, location)));
		if (item->a_indices->is_slice)
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("slices of arrays are not supported"),
			                parser_errposition(pstate, location)));
	}
	if (ind->n_indirection > MAXDIM)
		ArrayCheckNDim((int) ind->n_indirection);
	ref->refcontainertype = exprType(container);
	ref->refelemtype = get_element_type(ref->refcontainertype);
	if (ref->refcontainertype == NAMEOID)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("subscripts of type name are not supported"),
		                parser_errposition(pstate, location)));
	if (!OidIsValid(ref->refelemtype))
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("cannot subscript type %s because it does not support "
		                "subscripting",
		                format_type_be(ref->refcontainertype)),
		         parser_errposition(pstate, location)));
	ref->reftypmod = exprTypmod(container);
	ref->refcollid = get_typcollation(ref->refelemtype);
	ref->refexpr = (Expr *) container;
	for (size_t i = 0; i < ind->n_indirection; i++)
		ref->refupperindexpr = lappend(
			ref->refupperindexpr,
			transform_subscript(pstate, ind->indirection[i]->a_indices->uidx));
	return (Node *) ref;
}

Node *
transformAExprBetween(ParseState *pstate, const PgQuery__AExpr *a)
{
	PgQuery__Node *x = a->lexpr;
	PgQuery__Node *low = a->rexpr->list->items[0];
	PgQuery__Node *high = a->rexpr->list->items[1];
	int loc = a->location;
	bool negated = a->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN ||
	               a->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM;
	bool symmetric = a->kind == PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM ||
	                 a->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM;
	const char *from = negated ? "<" : ">=";
	const char *to = negated ? ">" : "<=";
	BoolExprType inner = negated ? OR_EXPR : AND_EXPR;
	BoolExprType outer = negated ? AND_EXPR : OR_EXPR;
	List *args;
	Node *result;

	args = list_make1(transform_comparison(pstate, inner, from, x, low, loc));
	args = lappend(args, transform_comparison(pstate, inner, to, x, high, loc));
	result = (Node *) makeBoolExpr(inner, args, loc);
	if (!symmetric)
		return result;
	args = list_make1(transform_comparison(pstate, inner, from, x, high, loc));
	args = lappend(args, transform_comparison(pstate, inner, to, x, low, loc));
	args = list_make2(result, makeBoolExpr(inner, args, loc));
	return (Node *) makeBoolExpr(outer, args, loc);
}

/* ---- nulls ---- */

static bool
is_null_literal(const PgQuery__Node *node)
{
	return node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
	       node->a_const->isnull;
}

static Node *
make_null_test(Node *arg, NullTestType type, int location)
{
	NullTest *nt = makeNode(NullTest);

	nt->arg = (Expr *) arg;
	nt->nulltesttype = type;
	nt->argisrow = false;
	nt->location = location;
	return (Node *) nt;
}

Node *
transformAExprDistinct(ParseState *pstate, const PgQuery__AExpr *a)
{
	bool not_distinct = a->kind == PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT;
	Node *last_srf = pstate->p_last_srf;
	Node *lexpr;
	Node *rexpr;
	Expr *result;

	check_row_operand(pstate, a->lexpr, a->location);
	if (is_null_literal(a->lexpr) || is_null_literal(a->rexpr))
	{
		PgQuery__Node *arg = is_null_literal(a->rexpr) ? a->lexpr : a->rexpr;

		return make_null_test(transformExprRecurse(pstate, arg),
		                      not_distinct ? IS_NULL : IS_NOT_NULL,
		                      a->location);
	}
	lexpr = transformExprRecurse(pstate, a->lexpr);
	rexpr = transformExprRecurse(pstate, a->rexpr);
	result = make_op(pstate, pgq_name_list(a->name, a->n_name), lexpr, rexpr,
	                 last_srf, a->location);
	if (((OpExpr *) result)->opresulttype != BOOLOID)
		ereport(
			ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
		     errmsg("IS DISTINCT FROM requires = operator to yield boolean"),
		     parser_errposition(pstate, a->location)));
	NodeSetTag(result, T_DistinctExpr);
	if (not_distinct)
		result = makeBoolExpr(NOT_EXPR, list_make1(result), a->location);
	return (Node *) result;
}

Node *
transformAExprNullIf(ParseState *pstate, const PgQuery__AExpr *a)
{
	Node *last_srf = pstate->p_last_srf;
	Node *lexpr = transformExprRecurse(pstate, a->lexpr);
	Node *rexpr = transformExprRecurse(pstate, a->rexpr);
	OpExpr *result;

	result = (OpExpr *) make_op(pstate, pgq_name_list(a->name, a->n_name),
	                            lexpr, rexpr, last_srf, a->location);
	if (result->opresulttype != BOOLOID)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("NULLIF requires = operator to yield boolean"),
		                parser_errposition(pstate, a->location)));
	/* the value is that of the first operand */
	result->opresulttype = exprType(linitial(result->args));
	result->opcollid = exprCollation(linitial(result->args));
	NodeSetTag(result, T_NullIfExpr);
	return (Node *) result;
}

Node *
transformNullTest(ParseState *pstate, const PgQuery__NullTest *n)
{
	return make_null_test(transformExprRecurse(pstate, n->arg),
	                      n->nulltesttype == PG_QUERY__NULL_TEST_TYPE__IS_NULL
	                          ? IS_NULL
	                          : IS_NOT_NULL,
	                      n->location);
}

Node *
transformBooleanTest(ParseState *pstate, const PgQuery__BooleanTest *b)
{
	static const struct
	{
		BoolTestType type;
		const char *clause;
	} tests[] = {
		[PG_QUERY__BOOL_TEST_TYPE__IS_TRUE] = {IS_TRUE, "IS TRUE"},
		[PG_QUERY__BOOL_TEST_TYPE__IS_NOT_TRUE] = {IS_NOT_TRUE, "IS NOT TRUE"},
		[PG_QUERY__BOOL_TEST_TYPE__IS_FALSE] = {IS_FALSE, "IS FALSE"},
		[PG_QUERY__BOOL_TEST_TYPE__IS_NOT_FALSE] = {IS_NOT_FALSE,
	                                                "IS NOT FALSE"},
		[PG_QUERY__BOOL_TEST_TYPE__IS_UNKNOWN] = {IS_UNKNOWN, "IS UNKNOWN"},
		[PG_QUERY__BOOL_TEST_TYPE__IS_NOT_UNKNOWN] = {IS_NOT_UNKNOWN,
	                                                  "IS NOT UNKNOWN"},
	};
	BooleanTest *result = makeNode(BooleanTest);
	Node *arg = transformExprRecurse(pstate, b->arg);

	result->booltesttype = tests[b->booltesttype].type;
	result->arg =
		(Expr *) coerce_to_boolean(pstate, arg, tests[b->booltesttype].clause);
	result->location = b->location;
	return (Node *) result;
}

/* ---- choices ---- */

/* What returns a set cannot be computed conditionally. */
static void
check_no_srf(ParseState *pstate, Node *last_srf, const char *construct)
{
	if (pstate->p_last_srf != last_srf)
		ereport(
			ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		     errmsg("set-returning functions are not allowed in %s", construct),
		     errhint("You might be able to move the set-returning function "
		             "into a LATERAL FROM item."),
		     parser_errposition(pstate, exprLocation(pstate->p_last_srf))));
}

/* The value that the WHENs of CASE x compare with. */
static CaseTestExpr *
make_case_placeholder(ParseState *pstate, CaseExpr *newc)
{
	CaseTestExpr *placeholder = makeNode(CaseTestExpr);

	if (exprType((Node *) newc->arg) == UNKNOWNOID)
		newc->arg = (Expr *) coerce_to_common_type(pstate, (Node *) newc->arg,
		                                           TEXTOID, "CASE");
	placeholder->typeId = exprType((Node *) newc->arg);
	placeholder->typeMod = exprTypmod((Node *) newc->arg);
	placeholder->collation = exprCollation((Node *) newc->arg);
	return placeholder;
}

Node *
transformCaseExpr(ParseState *pstate, const PgQuery__CaseExpr *c)
{
	CaseExpr *newc = makeNode(CaseExpr);
	Node *last_srf = pstate->p_last_srf;
	CaseTestExpr *placeholder = NULL;
	List *resultexprs = NIL;
	ListCell *lc;

	newc->location = c->location;
	newc->arg = (Expr *) transformExprRecurse(pstate, c->arg);
	if (newc->arg != NULL)
		placeholder = make_case_placeholder(pstate, newc);
	for (size_t i = 0; i < c->n_args; i++)
	{
		const PgQuery__CaseWhen *w = c->args[i]->case_when;
		CaseWhen *neww = makeNode(CaseWhen);
		Node *cond = transformExprRecurse(pstate, w->expr);

		if (placeholder != NULL)
			cond =
				(Node *) make_op(pstate, list_make1(makeString(pstrdup("="))),
			                     copyObject((Node *) placeholder), cond,
			                     pstate->p_last_srf, w->location);
		neww->expr = (Expr *) coerce_to_boolean(pstate, cond, "CASE/WHEN");
		neww->result = (Expr *) transformExprRecurse(pstate, w->result);
		neww->location = w->location;
		newc->args = lappend(newc->args, neww);
		resultexprs = lappend(resultexprs, neww->result);
	}
	newc->defresult = (Expr *) transformExprRecurse(pstate, c->defresult);
	if (newc->defresult == NULL)
		newc->defresult = (Expr *) makeConst(UNKNOWNOID, -1, InvalidOid, -2,
		                                     (Datum) 0, true, false);
	/* the default counts as the first when choosing the type */
	resultexprs = lcons(newc->defresult, resultexprs);
	newc->casetype = select_common_type(pstate, resultexprs, "CASE", NULL);
	newc->casecollid = get_typcollation(newc->casetype);
	newc->defresult = (Expr *) coerce_to_common_type(
		pstate, (Node *) newc->defresult, newc->casetype, "CASE/ELSE");
	foreach (lc, newc->args)
	{
		CaseWhen *w = lfirst_node(CaseWhen, lc);

		w->result = (Expr *) coerce_to_common_type(pstate, (Node *) w->result,
		                                           newc->casetype, "CASE/WHEN");
	}
	check_no_srf(pstate, last_srf, "CASE");
	return (Node *) newc;
}

/* Analyse the arguments and coerce them to their common type. */
static List *
transform_alternatives(ParseState *pstate, PgQuery__Node **args, size_t n,
                       const char *construct, Oid *type)
{
	List *exprs = NIL;
	List *result = NIL;
	ListCell *lc;

	for (size_t i = 0; i < n; i++)
		exprs = lappend(exprs, transformExprRecurse(pstate, args[i]));
	*type = select_common_type(pstate, exprs, construct, NULL);
	foreach (lc, exprs)
		result = lappend(result, coerce_to_common_type(pstate, lfirst(lc),
		                                               *type, construct));
	return result;
}

Node *
transformCoalesceExpr(ParseState *pstate, const PgQuery__CoalesceExpr *c)
{
	CoalesceExpr *newc = makeNode(CoalesceExpr);
	Node *last_srf = pstate->p_last_srf;

	newc->args = transform_alternatives(pstate, c->args, c->n_args, "COALESCE",
	                                    &newc->coalescetype);
	newc->coalescecollid = get_typcollation(newc->coalescetype);
	newc->location = c->location;
	check_no_srf(pstate, last_srf, "COALESCE");
	return (Node *) newc;
}

Node *
transformMinMaxExpr(ParseState *pstate, const PgQuery__MinMaxExpr *m)
{
	MinMaxExpr *newm = makeNode(MinMaxExpr);
	bool greatest = m->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST;

	newm->op = greatest ? IS_GREATEST : IS_LEAST;
	newm->args = transform_alternatives(pstate, m->args, m->n_args,
	                                    greatest ? "GREATEST" : "LEAST",
	                                    &newm->minmaxtype);
	newm->minmaxcollid = get_typcollation(newm->minmaxtype);
	newm->inputcollid = select_input_collation(newm->args);
	newm->location = m->location;
	return (Node *) newm;
}

/* ---- values of the session ---- */

Node *
transformSQLValueFunction(ParseState *pstate,
                          const PgQuery__SQLValueFunction *f)
{
	SQLValueFunction *svf = makeNode(SQLValueFunction);

	/* the message's values are ours, moved by one */
	svf->op = (SQLValueFunctionOp) (f->op - 1);
	svf->typmod = f->typmod;
	svf->location = f->location;
	switch (svf->op)
	{
		case SVFOP_CURRENT_TIMESTAMP:
			svf->type = TIMESTAMPTZOID;
			svf->typmod = -1;
			break;
		case SVFOP_CURRENT_ROLE:
		case SVFOP_CURRENT_USER:
		case SVFOP_USER:
		case SVFOP_SESSION_USER:
		case SVFOP_CURRENT_CATALOG:
		case SVFOP_CURRENT_SCHEMA:
			svf->type = NAMEOID;
			svf->typmod = -1;
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("CURRENT_DATE, CURRENT_TIME, LOCALTIME and "
			                       "LOCALTIMESTAMP are not supported"),
			                errhint("Use CURRENT_TIMESTAMP or now()."),
			                parser_errposition(pstate, f->location)));
	}
	return (Node *) svf;
}

/* ---- subqueries ---- */

static const char *
sublink_not_allowed(ParseExprKind kind)
{
	switch (kind)
	{
		case EXPR_KIND_COLUMN_DEFAULT:
			return "cannot use subquery in DEFAULT expression";
		case EXPR_KIND_INDEX_EXPRESSION:
			return "cannot use subquery in index expression";
		case EXPR_KIND_INDEX_PREDICATE:
			return "cannot use subquery in index predicate";
		case EXPR_KIND_EXECUTE_PARAMETER:
			return "cannot use subquery in EXECUTE parameter";
		default:
			return NULL;
	}
}

static int
count_visible_columns(List *targetList)
{
	int n = 0;
	ListCell *lc;

	foreach (lc, targetList)
	{
		if (!lfirst_node(TargetEntry, lc)->resjunk)
			n++;
	}
	return n;
}

/* x op ANY (SELECT y ...): a comparison of x and a Param that stands for y */
static void
transform_sublink_test(ParseState *pstate, const PgQuery__SubLink *s,
                       Query *query, SubLink *result)
{
	Node *lefthand;
	TargetEntry *tle;
	Param *param;
	Node *test;

	check_row_operand(pstate, s->testexpr, s->location);
	lefthand = transformExprRecurse(pstate, s->testexpr);
	if (count_visible_columns(query->targetList) != 1)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                count_visible_columns(query->targetList) > 1
		                    ? errmsg("subquery has too many columns")
		                    : errmsg("subquery has too few columns"),
		                parser_errposition(pstate, s->location)));
	tle = linitial_node(TargetEntry, query->targetList);
	param = makeParam(PARAM_SUBLINK, tle->resno, exprType((Node *) tle->expr),
	                  exprTypmod((Node *) tle->expr),
	                  exprCollation((Node *) tle->expr));
	/* x IN (SELECT ...) has no operator name */
	result->operName = s->n_oper_name > 0
	                       ? pgq_name_list(s->oper_name, s->n_oper_name)
	                       : list_make1(makeString(pstrdup("=")));
	test = (Node *) make_op(pstate, result->operName, lefthand, (Node *) param,
	                        pstate->p_last_srf, s->location);
	if (exprType(test) != BOOLOID)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("row comparison operator must yield type boolean, not "
		                "type %s",
		                format_type_be(exprType(test))),
		         parser_errposition(pstate, s->location)));
	result->testexpr = test;
}

Node *
transformSubLink(ParseState *pstate, const PgQuery__SubLink *s)
{
	SubLink *result = makeNode(SubLink);
	const char *err = sublink_not_allowed(pstate->p_expr_kind);
	Query *query;

	if (err != NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("%s", err),
		         parser_errposition(pstate, s->location)));
	switch (s->sub_link_type)
	{
		case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK:
			result->subLinkType = EXISTS_SUBLINK;
			break;
		case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK:
			result->subLinkType = EXPR_SUBLINK;
			break;
		case PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK:
			result->subLinkType = ANY_SUBLINK;
			break;
		case PG_QUERY__SUB_LINK_TYPE__ALL_SUBLINK:
			result->subLinkType = ALL_SUBLINK;
			break;
		case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK:
			result->subLinkType = ARRAY_SUBLINK;
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("this kind of subquery is not supported"),
			                parser_errposition(pstate, s->location)));
	}
	pstate->p_hasSubLinks = true;
	query = parse_sub_analyze(s->subselect, pstate);
	if (query->commandType != CMD_SELECT)
		elog(ERROR, "unexpected non-SELECT command in SubLink");
	if ((result->subLinkType == EXPR_SUBLINK ||
	     result->subLinkType == ARRAY_SUBLINK) &&
	    count_visible_columns(query->targetList) != 1)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("subquery must return only one column"),
		                parser_errposition(pstate, s->location)));
	if (result->subLinkType == ANY_SUBLINK ||
	    result->subLinkType == ALL_SUBLINK)
		transform_sublink_test(pstate, s, query, result);
	result->subselect = (Node *) query;
	result->location = s->location;
	if (result->subLinkType == ARRAY_SUBLINK &&
	    !OidIsValid(exprType((Node *) result)))
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
		     errmsg("could not find array type for data type %s",
		            format_type_be(exprType(
						(Node *) linitial_node(TargetEntry, query->targetList)
							->expr))),
		     parser_errposition(pstate, s->location)));
	return (Node *) result;
}
