/*
 * parse_expr.c
 *		Analysis of expressions: from the raw tree to typed nodes.
 *
 * transformExprRecurse goes by the kind of raw node.  Operators, functions and
 * casts are resolved by parse_oper, parse_func and parse_coerce; the forms that
 * have a syntax of their own (CASE, IN, BETWEEN, ...) are made of them in
 * parse_special.c.
 *
 * Corresponds to PostgreSQL's parser/parse_expr.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_func.h"
#include "parser/parse_oper.h"
#include "parser/parse_relation.h"
#include "parser/parse_special.h"
#include "parser/parse_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* ---- kinds ---- */

static const struct
{
	const char *name;  /* of the clause */
	const char *place; /* in "... are not allowed in ..." */
} expr_kinds[] = {
	[EXPR_KIND_NONE] = {"invalid expression context", NULL},
	[EXPR_KIND_OTHER] = {"extension expression", NULL},
	[EXPR_KIND_JOIN_ON] = {"JOIN/ON", "JOIN conditions"},
	[EXPR_KIND_JOIN_USING] = {"JOIN/USING", "JOIN conditions"},
	[EXPR_KIND_FROM_SUBSELECT] = {"sub-SELECT in FROM",
                                  "FROM clause of their own query level"},
	[EXPR_KIND_FROM_FUNCTION] = {"function in FROM", "functions in FROM"},
	[EXPR_KIND_WHERE] = {"WHERE", NULL},
	[EXPR_KIND_HAVING] = {"HAVING", NULL},
	[EXPR_KIND_FILTER] = {"FILTER", NULL},
	[EXPR_KIND_SELECT_TARGET] = {"SELECT", NULL},
	[EXPR_KIND_INSERT_TARGET] = {"INSERT", NULL},
	[EXPR_KIND_UPDATE_SOURCE] = {"UPDATE", NULL},
	[EXPR_KIND_UPDATE_TARGET] = {"UPDATE", NULL},
	[EXPR_KIND_GROUP_BY] = {"GROUP BY", NULL},
	[EXPR_KIND_ORDER_BY] = {"ORDER BY", NULL},
	[EXPR_KIND_DISTINCT_ON] = {"DISTINCT ON", NULL},
	[EXPR_KIND_LIMIT] = {"LIMIT", NULL},
	[EXPR_KIND_OFFSET] = {"OFFSET", NULL},
	[EXPR_KIND_RETURNING] = {"RETURNING", NULL},
	[EXPR_KIND_VALUES] = {"VALUES", NULL},
	[EXPR_KIND_VALUES_SINGLE] = {"VALUES", NULL},
	[EXPR_KIND_COLUMN_DEFAULT] = {"DEFAULT", "DEFAULT expressions"},
	[EXPR_KIND_INDEX_EXPRESSION] = {"index expression", "index expressions"},
	[EXPR_KIND_INDEX_PREDICATE] = {"index predicate", "index predicates"},
	[EXPR_KIND_EXECUTE_PARAMETER] = {"EXECUTE", "EXECUTE parameters"},
};

const char *
ParseExprKindName(ParseExprKind exprKind)
{
	return expr_kinds[exprKind].name;
}

const char *
ParseExprKindPlace(ParseExprKind exprKind)
{
	return expr_kinds[exprKind].place != NULL ? expr_kinds[exprKind].place
	                                          : expr_kinds[exprKind].name;
}

Node *
transformExpr(ParseState *pstate, PgQuery__Node *expr, ParseExprKind exprKind)
{
	ParseExprKind save = pstate->p_expr_kind;
	Node *result;

	Assert(exprKind != EXPR_KIND_NONE);
	pstate->p_expr_kind = exprKind;
	result = transformExprRecurse(pstate, expr);
	pstate->p_expr_kind = save;
	return result;
}

static void
not_supported(ParseState *pstate, const char *what, int location)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("%s not supported", what),
	                parser_errposition(pstate, location)));
}

/* ---- columns and parameters ---- */

static void
check_columns_allowed(ParseState *pstate, const PgQuery__ColumnRef *cref)
{
	if (pstate->p_expr_kind == EXPR_KIND_COLUMN_DEFAULT)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("cannot use column reference in DEFAULT expression"),
		         parser_errposition(pstate, cref->location)));
}

/* A bare name: a column, or what a table's name as a value would be. */
static Node *
transformBareColumnRef(ParseState *pstate, const PgQuery__ColumnRef *cref)
{
	const char *colname = pgq_string(cref->fields[0]);
	Node *node = colNameToVar(pstate, colname, cref->location);
	int levels_up;

	if (node != NULL)
		return node;
	if (refnameNamespaceItem(pstate, NULL, colname, cref->location,
	                         &levels_up) != NULL)
		not_supported(pstate, "whole rows as values are", cref->location);
	errorMissingColumn(pstate, NULL, colname, cref->location);
}

/* [[catalog.]schema.]table.column */
static Node *
transformQualifiedColumnRef(ParseState *pstate, const PgQuery__ColumnRef *cref)
{
	int n = cref->n_fields;
	const char *relname = pgq_string(cref->fields[n - 2]);
	const char *schemaname = n >= 3 ? pgq_string(cref->fields[n - 3]) : NULL;
	const char *colname;
	ParseNamespaceItem *nsitem;
	Node *node;
	int levels_up;

	if (n == 4 && strcmp(pgq_string(cref->fields[0]), "postgres") != 0)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("cross-database references are not implemented: %s",
		                NameListToString(
							pgq_name_list(cref->fields, cref->n_fields))),
		         parser_errposition(pstate, cref->location)));
	nsitem = refnameNamespaceItem(pstate, schemaname, relname, cref->location,
	                              &levels_up);
	if (nsitem == NULL)
		errorMissingRTE(pstate, schemaname, relname, cref->location);
	if (cref->fields[n - 1]->node_case == PG_QUERY__NODE__NODE_A_STAR)
		not_supported(pstate, "whole rows as values are", cref->location);
	colname = pgq_string(cref->fields[n - 1]);
	node =
		scanNSItemForColumn(pstate, nsitem, levels_up, colname, cref->location);
	if (node == NULL)
		errorMissingColumn(pstate, relname, colname, cref->location);
	return node;
}

static Node *
transformColumnRef(ParseState *pstate, const PgQuery__ColumnRef *cref)
{
	check_columns_allowed(pstate, cref);
	if (cref->n_fields == 1)
		return transformBareColumnRef(pstate, cref);
	if (cref->n_fields <= 4)
		return transformQualifiedColumnRef(pstate, cref);
	ereport(
		ERROR,
		(errcode(ERRCODE_SYNTAX_ERROR),
	     errmsg("improper qualified name (too many dotted names): %s",
	            NameListToString(pgq_name_list(cref->fields, cref->n_fields))),
	     parser_errposition(pstate, cref->location)));
	return NULL;
}

static Node *
transformParamRef(ParseState *pstate, const PgQuery__ParamRef *pref)
{
	Node *result = NULL;

	if (pstate->p_paramref_hook != NULL)
		result = pstate->p_paramref_hook(pstate, pref);
	if (result == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_PARAMETER),
		                errmsg("there is no parameter $%d", pref->number),
		                parser_errposition(pstate, pref->location)));
	return result;
}

/* ---- operators and functions ---- */

static Node *
transformAExprOp(ParseState *pstate, const PgQuery__AExpr *a)
{
	Node *last_srf = pstate->p_last_srf;
	Node *lexpr;
	Node *rexpr;

	if (a->lexpr != NULL &&
	    a->lexpr->node_case == PG_QUERY__NODE__NODE_ROW_EXPR)
		not_supported(pstate, "comparisons of rows are", a->location);
	lexpr = transformExprRecurse(pstate, a->lexpr);
	rexpr = transformExprRecurse(pstate, a->rexpr);
	return (Node *) make_op(pstate, pgq_name_list(a->name, a->n_name), lexpr,
	                        rexpr, last_srf, a->location);
}

static Node *
transformAExpr(ParseState *pstate, const PgQuery__AExpr *a)
{
	switch (a->kind)
	{
		case PG_QUERY__A__EXPR__KIND__AEXPR_OP:
		case PG_QUERY__A__EXPR__KIND__AEXPR_LIKE:
		case PG_QUERY__A__EXPR__KIND__AEXPR_ILIKE:
		case PG_QUERY__A__EXPR__KIND__AEXPR_SIMILAR:
			return transformAExprOp(pstate, a);
		case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ANY:
		case PG_QUERY__A__EXPR__KIND__AEXPR_OP_ALL:
			return transformAExprOpArray(pstate, a);
		case PG_QUERY__A__EXPR__KIND__AEXPR_DISTINCT:
		case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT:
			return transformAExprDistinct(pstate, a);
		case PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF:
			return transformAExprNullIf(pstate, a);
		case PG_QUERY__A__EXPR__KIND__AEXPR_IN:
			return transformAExprIn(pstate, a);
		case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN:
		case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN:
		case PG_QUERY__A__EXPR__KIND__AEXPR_BETWEEN_SYM:
		case PG_QUERY__A__EXPR__KIND__AEXPR_NOT_BETWEEN_SYM:
			return transformAExprBetween(pstate, a);
		default:
			elog(ERROR, "unrecognized A_Expr kind: %d", (int) a->kind);
			return NULL;
	}
}

static Node *
transformBoolExpr(ParseState *pstate, const PgQuery__BoolExpr *b)
{
	List *args = NIL;
	BoolExprType boolop;
	const char *opname;

	switch (b->boolop)
	{
		case PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR:
			boolop = AND_EXPR;
			opname = "AND";
			break;
		case PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR:
			boolop = OR_EXPR;
			opname = "OR";
			break;
		default:
			boolop = NOT_EXPR;
			opname = "NOT";
			break;
	}
	for (size_t i = 0; i < b->n_args; i++)
	{
		Node *arg = transformExprRecurse(pstate, b->args[i]);

		args = lappend(args, coerce_to_boolean(pstate, arg, opname));
	}
	return (Node *) makeBoolExpr(boolop, args, b->location);
}

static Node *
transformFuncCall(ParseState *pstate, const PgQuery__FuncCall *fn)
{
	Node *last_srf = pstate->p_last_srf;
	List *targs = NIL;

	for (size_t i = 0; i < fn->n_args; i++)
	{
		if (fn->args[i]->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR)
			not_supported(pstate, "named arguments are",
			              pgq_location(fn->args[i]));
		targs = lappend(targs, transformExprRecurse(pstate, fn->args[i]));
	}
	return ParseFuncOrColumn(pstate,
	                         pgq_name_list(fn->funcname, fn->n_funcname), targs,
	                         last_srf, fn, fn->location);
}

/* ---- casts ---- */

static Node *
transformTypeCast(ParseState *pstate, const PgQuery__TypeCast *tc)
{
	TypeName *typeName = pgq_type_name(tc->type_name);
	Oid targetType;
	int32 targetTypmod;
	Oid inputType;
	Oid elementType;
	int location = tc->location;
	Node *expr;
	Node *result;

	typenameTypeIdAndMod(pstate, typeName, &targetType, &targetTypmod);
	elementType = get_element_type(targetType);
	if (OidIsValid(elementType) &&
	    tc->arg->node_case == PG_QUERY__NODE__NODE_A_ARRAY_EXPR)
		expr = transformArrayExpr(pstate, tc->arg->a_array_expr, targetType,
		                          elementType, targetTypmod);
	else
		expr = transformExprRecurse(pstate, tc->arg);
	inputType = exprType(expr);
	if (inputType == InvalidOid)
		return expr;
	if (location < 0)
		location = typeName->location;
	result = coerce_to_target_type(pstate, expr, inputType, targetType,
	                               targetTypmod, COERCION_EXPLICIT,
	                               COERCE_EXPLICIT_CAST, location);
	if (result == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_CANNOT_COERCE),
		         errmsg("cannot cast type %s to %s", format_type_be(inputType),
		                format_type_be(targetType)),
		         parser_coercion_errposition(pstate, location, expr)));
	return result;
}

/* Strings compare by bytes here, whatever the collation's name. */
static Node *
transformCollateClause(ParseState *pstate, const PgQuery__CollateClause *c)
{
	Node *arg = transformExprRecurse(pstate, c->arg);
	Oid argtype = exprType(arg);
	ParseCallbackState pcbstate;
	Oid collOid;

	if (!type_is_collatable(argtype) && argtype != UNKNOWNOID)
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
		                errmsg("collations are not supported by type %s",
		                       format_type_be(argtype)),
		                parser_errposition(pstate, c->location)));
	setup_parser_errposition_callback(&pcbstate, pstate, c->location);
	collOid =
		get_collation_oid(pgq_name_list(c->collname, c->n_collname), false);
	cancel_parser_errposition_callback(&pcbstate);
	if (collOid != DEFAULT_COLLATION_OID && collOid != C_COLLATION_OID)
		not_supported(pstate, "collations but \"default\" and \"C\" are",
		              c->location);
	return arg;
}

/* ---- all of them ---- */

Node *
transformExprRecurse(ParseState *pstate, PgQuery__Node *expr)
{
	if (expr == NULL)
		return NULL;
	check_stack_depth();
	switch (expr->node_case)
	{
		case PG_QUERY__NODE__NODE_COLUMN_REF:
			return transformColumnRef(pstate, expr->column_ref);
		case PG_QUERY__NODE__NODE_PARAM_REF:
			return transformParamRef(pstate, expr->param_ref);
		case PG_QUERY__NODE__NODE_A_CONST:
			return (Node *) make_const(pstate, expr->a_const);
		case PG_QUERY__NODE__NODE_A_EXPR:
			return transformAExpr(pstate, expr->a_expr);
		case PG_QUERY__NODE__NODE_BOOL_EXPR:
			return transformBoolExpr(pstate, expr->bool_expr);
		case PG_QUERY__NODE__NODE_FUNC_CALL:
			return transformFuncCall(pstate, expr->func_call);
		case PG_QUERY__NODE__NODE_TYPE_CAST:
			return transformTypeCast(pstate, expr->type_cast);
		case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
			return transformCollateClause(pstate, expr->collate_clause);
		case PG_QUERY__NODE__NODE_SUB_LINK:
			return transformSubLink(pstate, expr->sub_link);
		case PG_QUERY__NODE__NODE_CASE_EXPR:
			return transformCaseExpr(pstate, expr->case_expr);
		case PG_QUERY__NODE__NODE_COALESCE_EXPR:
			return transformCoalesceExpr(pstate, expr->coalesce_expr);
		case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
			return transformMinMaxExpr(pstate, expr->min_max_expr);
		case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
			return transformSQLValueFunction(pstate, expr->sqlvalue_function);
		case PG_QUERY__NODE__NODE_NULL_TEST:
			return transformNullTest(pstate, expr->null_test);
		case PG_QUERY__NODE__NODE_BOOLEAN_TEST:
			return transformBooleanTest(pstate, expr->boolean_test);
		case PG_QUERY__NODE__NODE_SET_TO_DEFAULT:
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("DEFAULT is not allowed in this context"),
			                parser_errposition(pstate, pgq_location(expr))));
			break;
		case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
			return transformArrayExpr(pstate, expr->a_array_expr, InvalidOid,
			                          InvalidOid, -1);
		case PG_QUERY__NODE__NODE_A_INDIRECTION:
			return transformIndirection(pstate, expr->a_indirection);
		case PG_QUERY__NODE__NODE_ROW_EXPR:
			not_supported(pstate, "rows as values are", pgq_location(expr));
			break;
		case PG_QUERY__NODE__NODE_CURRENT_OF_EXPR:
			not_supported(pstate, "WHERE CURRENT OF is", -1);
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("%s is not supported as an expression",
			                       pgq_node_name(expr)),
			                parser_errposition(pstate, pgq_location(expr))));
	}
	return NULL;
}
