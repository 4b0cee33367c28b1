/*
 * parse_target.c
 *		Target lists of SELECT, INSERT and RETURNING.
 *
 * Corresponds to PostgreSQL's parser/parse_target.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_relation.h"
#include "parser/parse_target.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* ---- output columns ---- */

TargetEntry *
transformTargetEntry(ParseState *pstate, PgQuery__Node *node, Node *expr,
                     ParseExprKind exprKind, char *colname, bool resjunk)
{
	if (expr == NULL)
		expr = transformExpr(pstate, node, exprKind);
	if (colname == NULL && !resjunk)
		colname = FigureColname(node);
	return makeTargetEntry((Expr *) expr, (AttrNumber) pstate->p_next_resno++,
	                       colname, resjunk);
}

/* "*": all columns of all tables of this level */
static List *
expand_all_tables(ParseState *pstate, int location)
{
	List *target = NIL;
	bool found_table = false;
	ListCell *lc;

	foreach (lc, pstate->p_namespace)
	{
		ParseNamespaceItem *nsitem = lfirst(lc);

		if (!nsitem->p_cols_visible)
			continue;
		found_table = true;
		target =
			list_concat(target, expandNSItemAttrs(pstate, nsitem, location));
	}
	if (!found_table)
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("SELECT * with no tables specified is not valid"),
		         parser_errposition(pstate, location)));
	return target;
}

/* "t.*", "schema.t.*" */
static List *
expand_one_table(ParseState *pstate, const PgQuery__ColumnRef *cref)
{
	int n = cref->n_fields;
	const char *relname;
	const char *schemaname = NULL;
	ParseNamespaceItem *nsitem;
	int levels_up;

	if (n > 4)
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("improper qualified name (too many dotted names): %s",
		                NameListToString(
							pgq_name_list(cref->fields, cref->n_fields - 1))),
		         parser_errposition(pstate, cref->location)));
	relname = pgq_string(cref->fields[n - 2]);
	if (n >= 3)
		schemaname = pgq_string(cref->fields[n - 3]);
	nsitem = refnameNamespaceItem(pstate, schemaname, relname, cref->location,
	                              &levels_up);
	if (nsitem == NULL)
		errorMissingRTE(pstate, schemaname, relname, cref->location);
	if (levels_up > 0)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("subqueries that refer to columns of the outer query "
		                "are not supported"),
		         parser_errposition(pstate, cref->location)));
	return expandNSItemAttrs(pstate, nsitem, cref->location);
}

/* The column reference if its last field is a star. */
static const PgQuery__ColumnRef *
star_reference(const PgQuery__Node *node)
{
	const PgQuery__ColumnRef *cref;

	if (node == NULL || node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF)
		return NULL;
	cref = node->column_ref;
	if (cref->fields[cref->n_fields - 1]->node_case !=
	    PG_QUERY__NODE__NODE_A_STAR)
		return NULL;
	return cref;
}

List *
transformTargetList(ParseState *pstate, PgQuery__Node **targetlist, size_t n,
                    ParseExprKind exprKind)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
	{
		const PgQuery__ResTarget *res = targetlist[i]->res_target;
		const PgQuery__ColumnRef *cref = star_reference(res->val);

		if (cref != NULL)
		{
			List *columns = cref->n_fields == 1
			                    ? expand_all_tables(pstate, cref->location)
			                    : expand_one_table(pstate, cref);

			result = list_concat(result, columns);
			continue;
		}
		result = lappend(result, transformTargetEntry(
									 pstate, res->val, NULL, exprKind,
									 res->name != NULL && res->name[0] != '\0'
										 ? pstrdup(res->name)
										 : NULL,
									 false));
	}
	return result;
}

List *
transformExpressionList(ParseState *pstate, PgQuery__Node **exprs, size_t n,
                        ParseExprKind exprKind, bool allowDefault)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
	{
		PgQuery__Node *expr = exprs[i];
		const PgQuery__ColumnRef *cref = star_reference(expr);

		if (cref != NULL)
		{
			ListCell *lc;
			List *columns = cref->n_fields == 1
			                    ? expand_all_tables(pstate, cref->location)
			                    : expand_one_table(pstate, cref);

			foreach (lc, columns)
				result = lappend(result, lfirst_node(TargetEntry, lc)->expr);
			continue;
		}
		/* NULL stands for DEFAULT */
		if (allowDefault &&
		    expr->node_case == PG_QUERY__NODE__NODE_SET_TO_DEFAULT)
			result = lappend(result, NULL);
		else
			result = lappend(result, transformExpr(pstate, expr, exprKind));
	}
	return result;
}

void
resolveTargetListUnknowns(ParseState *pstate, List *targetlist)
{
	ListCell *lc;

	foreach (lc, targetlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (exprType((Node *) tle->expr) == UNKNOWNOID)
			tle->expr = (Expr *) coerce_type(
				pstate, (Node *) tle->expr, UNKNOWNOID, TEXTOID, -1,
				COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
	}
}

/* of a subquery in FROM, or of the WITH query that the entry refers to */
static List *
subquery_target_list(ParseState *pstate, RangeTblEntry *rte)
{
	Index levelsup;

	if (rte->rtekind == RTE_SUBQUERY)
		return rte->subquery->targetList;
	for (levelsup = rte->ctelevelsup; levelsup > 0; levelsup--)
		pstate = pstate->parentParseState;
	return scanNameSpaceForCTE(pstate, rte->ctename, &levelsup)
	    ->ctequery->targetList;
}

void
markTargetListOrigins(ParseState *pstate, List *targetlist)
{
	ListCell *lc;

	foreach (lc, targetlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);
		Var *var = (Var *) tle->expr;
		RangeTblEntry *rte;

		if (!IsA(var, Var) || var->varlevelsup > 0)
			continue;
		rte = list_nth_node(RangeTblEntry, pstate->p_rtable, var->varno - 1);
		if (rte->rtekind == RTE_RELATION)
		{
			tle->resorigtbl = rte->relid;
			tle->resorigcol = var->varattno;
		}
		else if ((rte->rtekind == RTE_SUBQUERY || rte->rtekind == RTE_CTE) &&
		         var->varattno > 0)
		{
			List *sublist = subquery_target_list(pstate, rte);
			TargetEntry *ste = get_tle_by_resno(sublist, var->varattno);

			if (ste == NULL)
				elog(ERROR, "subquery %s does not have attribute %d",
				     rte->eref->aliasname, var->varattno);
			tle->resorigtbl = ste->resorigtbl;
			tle->resorigcol = ste->resorigcol;
		}
	}
}

/* ---- columns that are stored ---- */

Expr *
transformAssignedExpr(ParseState *pstate, Expr *expr, ParseExprKind exprKind,
                      const char *colname, int attrno, int location)
{
	Relation rd = pstate->p_target_relation;
	Form_pg_attribute att;
	Oid type_id;
	Node *result;

	if (attrno <= 0)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("cannot assign to system column \"%s\"", colname),
		         parser_errposition(pstate, location)));
	att = TupleDescAttr(RelationGetDescr(rd), attrno - 1);
	/* no column has a default but NULL */
	if (expr == NULL)
		return (Expr *) makeNullConst(att->atttypid, att->atttypmod,
		                              att->attcollation);

	type_id = exprType((Node *) expr);
	result = coerce_to_target_type(
		pstate, (Node *) expr, type_id, att->atttypid, att->atttypmod,
		COERCION_ASSIGNMENT, COERCE_IMPLICIT_CAST, -1);
	if (result == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_DATATYPE_MISMATCH),
		         errmsg("column \"%s\" is of type %s but expression is of type "
		                "%s",
		                colname, format_type_be(att->atttypid),
		                format_type_be(type_id)),
		         errhint("You will need to rewrite or cast the expression."),
		         parser_errposition(pstate, exprLocation((Node *) expr))));
	return (Expr *) result;
}

List *
checkInsertTargets(ParseState *pstate, PgQuery__Node **cols, size_t n,
                   List **attrnos)
{
	Relation rel = pstate->p_target_relation;
	TupleDesc desc = RelationGetDescr(rel);
	List *names = NIL;

	*attrnos = NIL;
	if (n == 0)
	{
		for (int i = 0; i < desc->natts; i++)
		{
			Form_pg_attribute att = TupleDescAttr(desc, i);

			if (att->attisdropped)
				continue;
			names = lappend(names, makeString(pstrdup(NameStr(att->attname))));
			*attrnos = lappend_int(*attrnos, i + 1);
		}
		return names;
	}
	for (size_t i = 0; i < n; i++)
	{
		const PgQuery__ResTarget *col = cols[i]->res_target;
		int attrno = attnameAttNum(rel, col->name, false);

		if (attrno == InvalidAttrNumber)
			ereport(ERROR,
			        (errcode(ERRCODE_UNDEFINED_COLUMN),
			         errmsg("column \"%s\" of relation \"%s\" does not exist",
			                col->name, RelationGetRelationName(rel)),
			         parser_errposition(pstate, col->location)));
		if (col->n_indirection > 0)
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("assignment to a part of a column is not "
			                       "supported"),
			                parser_errposition(pstate, col->location)));
		if (list_member_int(*attrnos, attrno))
			ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
			                errmsg("column \"%s\" specified more than once",
			                       col->name),
			                parser_errposition(pstate, col->location)));
		names = lappend(names, makeString(pstrdup(col->name)));
		*attrnos = lappend_int(*attrnos, attrno);
	}
	return names;
}

/* ---- names of output columns ---- */

/* How good a name is: none, one of last resort, one that fits. */
typedef enum NameStrength
{
	NAME_NONE,
	NAME_WEAK,
	NAME_GOOD
} NameStrength;

static NameStrength
value_function_name(PgQuery__SQLValueFunctionOp op, const char **name)
{
	switch (op)
	{
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_DATE:
			*name = "current_date";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME:
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIME_N:
			*name = "current_time";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP:
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_TIMESTAMP_N:
			*name = "current_timestamp";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME:
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIME_N:
			*name = "localtime";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP:
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_LOCALTIMESTAMP_N:
			*name = "localtimestamp";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_ROLE:
			*name = "current_role";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_USER:
			*name = "current_user";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_USER:
			*name = "user";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_SESSION_USER:
			*name = "session_user";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_CATALOG:
			*name = "current_catalog";
			break;
		case PG_QUERY__SQLVALUE_FUNCTION_OP__SVFOP_CURRENT_SCHEMA:
			*name = "current_schema";
			break;
		default:
			return NAME_NONE;
	}
	return NAME_GOOD;
}

static NameStrength
last_string(PgQuery__Node **nodes, size_t n, const char **name)
{
	for (size_t i = n; i-- > 0;)
	{
		if (nodes[i]->node_case == PG_QUERY__NODE__NODE_STRING)
		{
			*name = nodes[i]->string->sval;
			return NAME_GOOD;
		}
	}
	return NAME_NONE;
}

static NameStrength
figure_colname(const PgQuery__Node *node, const char **name)
{
	NameStrength strength;

	if (node == NULL)
		return NAME_NONE;
	switch (node->node_case)
	{
		case PG_QUERY__NODE__NODE_COLUMN_REF:
			return last_string(node->column_ref->fields,
			                   node->column_ref->n_fields, name);
		case PG_QUERY__NODE__NODE_A_INDIRECTION:
			strength = last_string(node->a_indirection->indirection,
			                       node->a_indirection->n_indirection, name);
			if (strength != NAME_NONE)
				return strength;
			return figure_colname(node->a_indirection->arg, name);
		case PG_QUERY__NODE__NODE_FUNC_CALL:
			return last_string(node->func_call->funcname,
			                   node->func_call->n_funcname, name);
		case PG_QUERY__NODE__NODE_A_EXPR:
			if (node->a_expr->kind != PG_QUERY__A__EXPR__KIND__AEXPR_NULLIF)
				return NAME_NONE;
			*name = "nullif";
			return NAME_GOOD;
		case PG_QUERY__NODE__NODE_TYPE_CAST:
			strength = figure_colname(node->type_cast->arg, name);
			if (strength > NAME_WEAK || node->type_cast->type_name == NULL)
				return strength;
			last_string(node->type_cast->type_name->names,
			            node->type_cast->type_name->n_names, name);
			return NAME_WEAK;
		case PG_QUERY__NODE__NODE_COLLATE_CLAUSE:
			return figure_colname(node->collate_clause->arg, name);
		case PG_QUERY__NODE__NODE_SUB_LINK:
			switch (node->sub_link->sub_link_type)
			{
				case PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK:
					*name = "exists";
					return NAME_GOOD;
				case PG_QUERY__SUB_LINK_TYPE__ARRAY_SUBLINK:
					*name = "array";
					return NAME_GOOD;
				case PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK:
				{
					const PgQuery__SelectStmt *stmt =
						node->sub_link->subselect->select_stmt;

					/* as the one column of the subquery */
					while (stmt->op != PG_QUERY__SET_OPERATION__SETOP_NONE &&
					       stmt->larg != NULL)
						stmt = stmt->larg;
					if (stmt->n_target_list == 0)
						return NAME_NONE;
					if (stmt->target_list[0]->res_target->name[0] != '\0')
					{
						*name = stmt->target_list[0]->res_target->name;
						return NAME_GOOD;
					}
					return figure_colname(stmt->target_list[0]->res_target->val,
					                      name);
				}
				default:
					return NAME_NONE;
			}
		case PG_QUERY__NODE__NODE_CASE_EXPR:
			strength = figure_colname(node->case_expr->defresult, name);
			if (strength > NAME_WEAK)
				return strength;
			*name = "case";
			return NAME_WEAK;
		case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
			*name = "array";
			return NAME_GOOD;
		case PG_QUERY__NODE__NODE_ROW_EXPR:
			*name = "row";
			return NAME_GOOD;
		case PG_QUERY__NODE__NODE_COALESCE_EXPR:
			*name = "coalesce";
			return NAME_GOOD;
		case PG_QUERY__NODE__NODE_MIN_MAX_EXPR:
			*name = node->min_max_expr->op == PG_QUERY__MIN_MAX_OP__IS_GREATEST
			            ? "greatest"
			            : "least";
			return NAME_GOOD;
		case PG_QUERY__NODE__NODE_SQLVALUE_FUNCTION:
			return value_function_name(node->sqlvalue_function->op, name);
		case PG_QUERY__NODE__NODE_GROUPING_FUNC:
			*name = "grouping";
			return NAME_GOOD;
		default:
			return NAME_NONE;
	}
}

char *
FigureIndexColname(const PgQuery__Node *node)
{
	const char *name = NULL;

	if (figure_colname(node, &name) == NAME_NONE || name == NULL)
		return NULL;
	return pstrdup(name);
}

char *
FigureColname(const PgQuery__Node *node)
{
	char *name = FigureIndexColname(node);

	return name != NULL ? name : pstrdup("?column?");
}
