/*
 * parse_clause.c
 *		Clauses of a query but FROM: WHERE, LIMIT, GROUP BY, ORDER BY, DISTINCT.
 *
 * What ORDER BY and GROUP BY name is, in this order, an output column by its
 * name or number as SQL-92 has it, else an expression over the input columns.
 * Either way it ends up in the target list, hidden (resjunk) if it was not
 * there, and a SortGroupClause refers to it by number.
 *
 * Corresponds to PostgreSQL's parser/parse_clause.c; FROM is in parse_from.c.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "parser/analyze.h"
#include "parser/parse_clause.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_oper.h"
#include "parser/parse_relation.h"
#include "parser/parse_target.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/* ---- target of INSERT and DELETE ---- */

int
setTargetTable(ParseState *pstate, const PgQuery__RangeVar *relation,
               bool alsoSource, AclMode required)
{
	RangeVar *rv = pgq_range_var(relation);
	ParseNamespaceItem *nsitem;
	Relation rel;

	rel = parserOpenTable(pstate, rv, RowExclusiveLock);
	pstate->p_target_relation = rel;
	if (RelationGetNamespace(rel) == PG_CATALOG_NAMESPACE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("changing \"%s\" is not supported",
		                       RelationGetRelationName(rel)),
		                errdetail("It is a system catalog or view."),
		                parser_errposition(pstate, rv->location)));
	nsitem = addRangeTableEntryForRelation(pstate, rel, RowExclusiveLock,
	                                       rv->alias, false);
	nsitem->p_rte->requiredPerms = required;
	pstate->p_target_nsitem = nsitem;
	if (alsoSource)
		addNSItemToQuery(pstate, nsitem, true, true, true);
	return nsitem->p_rtindex;
}

/* ---- WHERE, LIMIT ---- */

Node *
transformWhereClause(ParseState *pstate, PgQuery__Node *clause,
                     ParseExprKind exprKind, const char *constructName)
{
	if (clause == NULL)
		return NULL;
	return coerce_to_boolean(pstate, transformExpr(pstate, clause, exprKind),
	                         constructName);
}

static bool
find_var_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		/* a column of an outer query is the same for all rows of this one */
		if (((Var *) node)->varlevelsup > 0)
			return false;
		*(Var **) context = (Var *) node;
		return true;
	}
	if (IsA(node, Query))
		return false;
	return expression_tree_walker(node, find_var_walker, context);
}

Node *
transformLimitClause(ParseState *pstate, PgQuery__Node *clause,
                     ParseExprKind exprKind, const char *constructName,
                     LimitOption limitOption)
{
	Node *qual;
	Var *var = NULL;

	if (limitOption == LIMIT_OPTION_WITH_TIES)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("FETCH FIRST ... WITH TIES is not supported")));
	if (clause == NULL)
		return NULL;
	qual = transformExpr(pstate, clause, exprKind);
	qual = coerce_to_specific_type(pstate, qual, INT8OID, constructName);
	if (find_var_walker(qual, &var))
		ereport(ERROR, (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
		                errmsg("argument of %s must not contain variables",
		                       constructName),
		                parser_errposition(pstate, var->location)));
	return qual;
}

/* ---- naming output columns ---- */

/* The single name that the node is, or NULL. */
static const char *
bare_name(const PgQuery__Node *node)
{
	if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF &&
	    node->column_ref->n_fields == 1 &&
	    node->column_ref->fields[0]->node_case == PG_QUERY__NODE__NODE_STRING)
		return node->column_ref->fields[0]->string->sval;
	return NULL;
}

static TargetEntry *
find_output_by_name(ParseState *pstate, const char *name, List *tlist,
                    ParseExprKind exprKind, int location)
{
	TargetEntry *found = NULL;
	ListCell *lc;

	foreach (lc, tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (tle->resjunk || strcmp(tle->resname, name) != 0)
			continue;
		if (found != NULL && !equal(found->expr, tle->expr))
			ereport(ERROR, (errcode(ERRCODE_AMBIGUOUS_COLUMN),
			                /* translated: a clause, a column */
			                errmsg("%s \"%s\" is ambiguous",
			                       ParseExprKindName(exprKind), name),
			                parser_errposition(pstate, location)));
		if (found == NULL)
			found = tle;
	}
	return found;
}

static TargetEntry *
find_output_by_number(ParseState *pstate, const PgQuery__AConst *aconst,
                      List *tlist, ParseExprKind exprKind)
{
	int target_pos;
	int position = 0;
	ListCell *lc;

	if (aconst->isnull || aconst->val_case != PG_QUERY__A__CONST__VAL_IVAL)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("non-integer constant in %s",
		                       ParseExprKindName(exprKind)),
		                parser_errposition(pstate, aconst->location)));
	target_pos = aconst->ival->ival;
	foreach (lc, tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (!tle->resjunk && ++position == target_pos)
			return tle;
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
	                errmsg("%s position %d is not in select list",
	                       ParseExprKindName(exprKind), target_pos),
	                parser_errposition(pstate, aconst->location)));
	return NULL;
}

/* An expression: the entry that has it already, or a new hidden one. */
static TargetEntry *
findTargetlistEntrySQL99(ParseState *pstate, PgQuery__Node *node, List **tlist,
                         ParseExprKind exprKind)
{
	Node *expr = transformExpr(pstate, node, exprKind);
	TargetEntry *target_result;
	ListCell *lc;

	foreach (lc, *tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (equal(expr, strip_implicit_coercions((Node *) tle->expr)))
			return tle;
	}
	target_result =
		transformTargetEntry(pstate, node, expr, exprKind, NULL, true);
	*tlist = lappend(*tlist, target_result);
	return target_result;
}

static bool
find_agg_walker(Node *node, void *context)
{
	if (node == NULL || IsA(node, Query))
		return false;
	if (IsA(node, Aggref))
	{
		*(Aggref **) context = (Aggref *) node;
		return true;
	}
	return expression_tree_walker(node, find_agg_walker, context);
}

/* Groups cannot be formed by an output column that is computed from them. */
static TargetEntry *
check_groupable(ParseState *pstate, TargetEntry *tle, ParseExprKind exprKind)
{
	Aggref *agg = NULL;

	if (exprKind == EXPR_KIND_GROUP_BY &&
	    find_agg_walker((Node *) tle->expr, &agg))
		ereport(ERROR, (errcode(ERRCODE_GROUPING_ERROR),
		                errmsg("aggregate functions are not allowed in %s",
		                       ParseExprKindName(exprKind)),
		                parser_errposition(pstate, agg->location)));
	return tle;
}

static TargetEntry *
findTargetlistEntrySQL92(ParseState *pstate, PgQuery__Node *node, List **tlist,
                         ParseExprKind exprKind)
{
	const char *name = bare_name(node);
	TargetEntry *tle = NULL;

	/* GROUP BY takes an input column first */
	if (name != NULL &&
	    (exprKind != EXPR_KIND_GROUP_BY ||
	     colNameToVar(pstate, name, node->column_ref->location) == NULL))
		tle = find_output_by_name(pstate, name, *tlist, exprKind,
		                          node->column_ref->location);
	else if (node->node_case == PG_QUERY__NODE__NODE_A_CONST)
		tle = find_output_by_number(pstate, node->a_const, *tlist, exprKind);
	if (tle != NULL)
		return check_groupable(pstate, tle, exprKind);
	return findTargetlistEntrySQL99(pstate, node, tlist, exprKind);
}

/* ---- ORDER BY, GROUP BY, DISTINCT ---- */

Index
assignSortGroupRef(TargetEntry *tle, List *tlist)
{
	Index maxRef = 0;
	ListCell *lc;

	if (tle->ressortgroupref != 0)
		return tle->ressortgroupref;
	foreach (lc, tlist)
		maxRef = Max(maxRef, lfirst_node(TargetEntry, lc)->ressortgroupref);
	tle->ressortgroupref = maxRef + 1;
	return tle->ressortgroupref;
}

bool
targetIsInSortList(TargetEntry *tle, Oid sortop, List *sortList)
{
	ListCell *lc;

	if (tle->ressortgroupref == 0)
		return false;
	foreach (lc, sortList)
	{
		SortGroupClause *scl = lfirst_node(SortGroupClause, lc);

		if (scl->tleSortGroupRef != tle->ressortgroupref)
			continue;
		if (sortop == InvalidOid || sortop == scl->sortop ||
		    sortop == get_commutator(scl->sortop))
			return true;
	}
	return false;
}

/* What is sorted or grouped has a type. */
static Oid
resolve_unknown_entry(ParseState *pstate, TargetEntry *tle)
{
	Oid type = exprType((Node *) tle->expr);

	if (type != UNKNOWNOID)
		return type;
	tle->expr =
		(Expr *) coerce_type(pstate, (Node *) tle->expr, UNKNOWNOID, TEXTOID,
	                         -1, COERCION_IMPLICIT, COERCE_IMPLICIT_CAST, -1);
	return TEXTOID;
}

static List *
addTargetToSortList(ParseState *pstate, TargetEntry *tle, List *sortlist,
                    List *targetlist, const PgQuery__SortBy *sortby)
{
	Oid restype = resolve_unknown_entry(pstate, tle);
	Oid sortop = InvalidOid;
	Oid eqop = InvalidOid;
	bool hashable = false;
	bool reverse = false;
	ParseCallbackState pcbstate;
	SortGroupClause *sortcl;
	int location = sortby->location;

	if (location < 0)
		location = exprLocation((Node *) tle->expr);
	setup_parser_errposition_callback(&pcbstate, pstate, location);
	switch (sortby->sortby_dir)
	{
		case PG_QUERY__SORT_BY_DIR__SORTBY_DESC:
			get_sort_group_operators(restype, false, true, true, NULL, &eqop,
			                         &sortop, &hashable);
			reverse = true;
			break;
		case PG_QUERY__SORT_BY_DIR__SORTBY_USING:
			sortop = compatible_oper_opid(
				pgq_name_list(sortby->use_op, sortby->n_use_op), restype,
				restype, false);
			eqop = get_equality_op_for_ordering_op(sortop, &reverse);
			if (!OidIsValid(eqop))
				ereport(
					ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				     errmsg("operator %s is not a valid ordering operator",
				            pgq_string(sortby->use_op[sortby->n_use_op - 1])),
				     errhint("Ordering operators must be \"<\" or \">\" "
				             "members of btree operator families.")));
			hashable = op_hashjoinable(eqop, restype);
			break;
		default:
			get_sort_group_operators(restype, true, true, false, &sortop, &eqop,
			                         NULL, &hashable);
			break;
	}
	cancel_parser_errposition_callback(&pcbstate);

	if (targetIsInSortList(tle, sortop, sortlist))
		return sortlist; /* sorted by it already */
	sortcl = makeNode(SortGroupClause);
	sortcl->tleSortGroupRef = assignSortGroupRef(tle, targetlist);
	sortcl->eqop = eqop;
	sortcl->sortop = sortop;
	sortcl->hashable = hashable;
	switch (sortby->sortby_nulls)
	{
		case PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST:
			sortcl->nulls_first = true;
			break;
		case PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST:
			sortcl->nulls_first = false;
			break;
		default:
			sortcl->nulls_first = reverse;
			break;
	}
	return lappend(sortlist, sortcl);
}

static List *
addTargetToGroupList(ParseState *pstate, TargetEntry *tle, List *grouplist,
                     List *targetlist, int location)
{
	Oid restype = resolve_unknown_entry(pstate, tle);
	Oid sortop;
	Oid eqop;
	bool hashable;
	ParseCallbackState pcbstate;
	SortGroupClause *grpcl;

	if (targetIsInSortList(tle, InvalidOid, grouplist))
		return grouplist;
	setup_parser_errposition_callback(&pcbstate, pstate, location);
	get_sort_group_operators(restype, false, true, false, &sortop, &eqop, NULL,
	                         &hashable);
	cancel_parser_errposition_callback(&pcbstate);
	if (!OidIsValid(sortop))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("grouping by type %s is not supported",
		                format_type_be(restype)),
		         errdetail("Groups are formed by sorting, and the type has no "
		                   "ordering operator."),
		         parser_errposition(pstate, location)));
	grpcl = makeNode(SortGroupClause);
	grpcl->tleSortGroupRef = assignSortGroupRef(tle, targetlist);
	grpcl->eqop = eqop;
	grpcl->sortop = sortop;
	grpcl->hashable = hashable;
	return lappend(grouplist, grpcl);
}

List *
transformSortClause(ParseState *pstate, PgQuery__Node **orderlist, size_t n,
                    List **targetlist, ParseExprKind exprKind)
{
	List *sortlist = NIL;

	for (size_t i = 0; i < n; i++)
	{
		const PgQuery__SortBy *sortby = orderlist[i]->sort_by;
		TargetEntry *tle = findTargetlistEntrySQL92(pstate, sortby->node,
		                                            targetlist, exprKind);

		sortlist =
			addTargetToSortList(pstate, tle, sortlist, *targetlist, sortby);
	}
	return sortlist;
}

/* The SortGroupClause of the entry, or NULL. */
static SortGroupClause *
sort_clause_of(TargetEntry *tle, List *sortClause)
{
	ListCell *lc;

	if (tle->ressortgroupref == 0)
		return NULL;
	foreach (lc, sortClause)
	{
		SortGroupClause *sgc = lfirst_node(SortGroupClause, lc);

		if (sgc->tleSortGroupRef == tle->ressortgroupref)
			return sgc;
	}
	return NULL;
}

List *
transformGroupClause(ParseState *pstate, PgQuery__Node **grouplist, size_t n,
                     List **targetlist, List *sortClause)
{
	List *result = NIL;

	for (size_t i = 0; i < n; i++)
	{
		PgQuery__Node *node = grouplist[i];
		TargetEntry *tle;
		SortGroupClause *sortcl;

		if (node->node_case == PG_QUERY__NODE__NODE_GROUPING_SET)
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("GROUPING SETS, ROLLUP and CUBE are not supported"),
			         parser_errposition(pstate, pgq_location(node))));
		tle = findTargetlistEntrySQL92(pstate, node, targetlist,
		                               EXPR_KIND_GROUP_BY);
		if (targetIsInSortList(tle, InvalidOid, result))
			continue;
		/* ORDER BY of the same column decides how groups are sorted */
		sortcl = sort_clause_of(tle, sortClause);
		if (sortcl != NULL)
			result = lappend(result, copyObject(sortcl));
		else
			result = addTargetToGroupList(pstate, tle, result, *targetlist,
			                              pgq_location(node));
	}
	return result;
}

List *
transformDistinctClause(ParseState *pstate, List **targetlist, List *sortClause,
                        bool is_agg)
{
	List *result = NIL;
	ListCell *lc;

	/* what is sorted comes first, so that one sort serves both */
	foreach (lc, sortClause)
	{
		SortGroupClause *scl = lfirst_node(SortGroupClause, lc);
		TargetEntry *tle = get_sortgroupclause_tle(scl, *targetlist);

		if (tle->resjunk)
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
			     is_agg ? errmsg("in an aggregate with DISTINCT, ORDER BY "
			                     "expressions must appear in argument list")
			            : errmsg("for SELECT DISTINCT, ORDER BY expressions "
			                     "must appear in select list"),
			     parser_errposition(pstate, exprLocation((Node *) tle->expr))));
		result = lappend(result, copyObject(scl));
	}
	foreach (lc, *targetlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (!tle->resjunk)
			result = addTargetToGroupList(pstate, tle, result, *targetlist,
			                              exprLocation((Node *) tle->expr));
	}
	if (result == NIL)
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         is_agg ? errmsg("an aggregate with DISTINCT must have at "
		                         "least one argument")
		                : errmsg("SELECT DISTINCT must have at least one "
		                         "column")));
	return result;
}

static void
distinct_on_mismatch(ParseState *pstate, const PgQuery__Node *expr)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
	                errmsg("SELECT DISTINCT ON expressions must match initial "
	                       "ORDER BY expressions"),
	                parser_errposition(pstate, pgq_location(expr))));
}

List *
transformDistinctOnClause(ParseState *pstate, PgQuery__Node **distinctlist,
                          size_t n, List **targetlist, List *sortClause)
{
	List *result = NIL;
	List *refs = NIL; /* of the expressions, in their order */
	bool skipped_sortitem = false;
	ListCell *lc;

	for (size_t i = 0; i < n; i++)
	{
		TargetEntry *tle = findTargetlistEntrySQL92(
			pstate, distinctlist[i], targetlist, EXPR_KIND_DISTINCT_ON);

		refs = lappend_int(refs, (int) assignSortGroupRef(tle, *targetlist));
	}
	/* ORDER BY starts with them, in whatever order */
	foreach (lc, sortClause)
	{
		SortGroupClause *scl = lfirst_node(SortGroupClause, lc);

		if (!list_member_int(refs, (int) scl->tleSortGroupRef))
			skipped_sortitem = true;
		else if (!skipped_sortitem)
			result = lappend(result, copyObject(scl));
		else
		{
			size_t i = 0;

			while (list_nth_int(refs, (int) i) != (int) scl->tleSortGroupRef)
				i++;
			distinct_on_mismatch(pstate, distinctlist[i]);
		}
	}
	/* those that ORDER BY does not have may only follow all of it */
	for (size_t i = 0; i < n; i++)
	{
		TargetEntry *tle = get_sortgroupref_tle(
			(Index) list_nth_int(refs, (int) i), *targetlist);

		if (targetIsInSortList(tle, InvalidOid, result))
			continue;
		if (skipped_sortitem)
			distinct_on_mismatch(pstate, distinctlist[i]);
		result = addTargetToGroupList(pstate, tle, result, *targetlist,
		                              pgq_location(distinctlist[i]));
	}
	return result;
}
