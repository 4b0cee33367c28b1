/*
 * nodeFuncs.c
 *		Type, collation and position of expressions; walks over them.
 *
 * A kind of node that is new to primnodes.h gets a case in exprType,
 * exprTypmod, exprCollation, exprLocation, the walker and the mutator here, and
 * in copyfuncs.c and equalfuncs.c.
 *
 * Corresponds to PostgreSQL's nodes/nodeFuncs.c.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodeshapes.h"
#include "utils/lsyscache.h"

/* The entry whose value a scalar sub-select gives. */
static TargetEntry *
sublink_target(const SubLink *sublink)
{
	Query *qtree = (Query *) sublink->subselect;

	Assert(qtree != NULL && IsA(qtree, Query));
	return linitial_node(TargetEntry, qtree->targetList);
}

Oid
exprType(const Node *expr)
{
	if (expr == NULL)
		return InvalidOid;
	switch (nodeTag(expr))
	{
		case T_Var:
			return ((const Var *) expr)->vartype;
		case T_Const:
			return ((const Const *) expr)->consttype;
		case T_Param:
			return ((const Param *) expr)->paramtype;
		case T_Aggref:
			return ((const Aggref *) expr)->aggtype;
		case T_FuncExpr:
			return ((const FuncExpr *) expr)->funcresulttype;
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			return ((const OpExpr *) expr)->opresulttype;
		case T_BoolExpr:
		case T_NullTest:
		case T_BooleanTest:
			return BOOLOID;
		case T_SubLink:
			if (((const SubLink *) expr)->subLinkType == EXPR_SUBLINK)
				return exprType(
					(Node *) sublink_target((const SubLink *) expr)->expr);
			if (((const SubLink *) expr)->subLinkType == ARRAY_SUBLINK)
				return get_array_type(exprType(
					(Node *) sublink_target((const SubLink *) expr)->expr));
			return BOOLOID;
		case T_SubPlan:
			if (((const SubPlan *) expr)->subLinkType == EXPR_SUBLINK)
				return ((const SubPlan *) expr)->firstColType;
			if (((const SubPlan *) expr)->subLinkType == ARRAY_SUBLINK)
				return get_array_type(((const SubPlan *) expr)->firstColType);
			return BOOLOID;
		case T_RelabelType:
			return ((const RelabelType *) expr)->resulttype;
		case T_CoerceViaIO:
			return ((const CoerceViaIO *) expr)->resulttype;
		case T_ArrayCoerceExpr:
			return ((const ArrayCoerceExpr *) expr)->resulttype;
		case T_SubscriptingRef:
			return ((const SubscriptingRef *) expr)->refelemtype;
		case T_CaseExpr:
			return ((const CaseExpr *) expr)->casetype;
		case T_CaseTestExpr:
			return ((const CaseTestExpr *) expr)->typeId;
		case T_CoalesceExpr:
			return ((const CoalesceExpr *) expr)->coalescetype;
		case T_MinMaxExpr:
			return ((const MinMaxExpr *) expr)->minmaxtype;
		case T_ArrayExpr:
			return ((const ArrayExpr *) expr)->array_typeid;
		case T_ScalarArrayOpExpr:
			return BOOLOID;
		case T_SQLValueFunction:
			return ((const SQLValueFunction *) expr)->type;
		case T_TargetEntry:
			return exprType((Node *) ((const TargetEntry *) expr)->expr);
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(expr));
	}
	return InvalidOid;
}

/* The typmod that all results have, if they and the default agree. */
static int32
common_typmod(Oid type, Node *first, List *exprs)
{
	int32 typmod;
	ListCell *lc;

	if (exprType(first) != type)
		return -1;
	typmod = exprTypmod(first);
	if (typmod < 0)
		return -1;
	foreach (lc, exprs)
	{
		Node *e = lfirst(lc);

		if (IsA(e, CaseWhen))
			e = (Node *) ((CaseWhen *) e)->result;
		if (exprType(e) != type || exprTypmod(e) != typmod)
			return -1;
	}
	return typmod;
}

int32
exprTypmod(const Node *expr)
{
	int32 typmod;

	if (expr == NULL)
		return -1;
	switch (nodeTag(expr))
	{
		case T_Var:
			return ((const Var *) expr)->vartypmod;
		case T_Const:
			return ((const Const *) expr)->consttypmod;
		case T_Param:
			return ((const Param *) expr)->paramtypmod;
		case T_FuncExpr:
			return exprIsLengthCoercion(expr, &typmod) ? typmod : -1;
		case T_NullIfExpr:
			return exprTypmod(linitial(((const NullIfExpr *) expr)->args));
		case T_SubLink:
			if (((const SubLink *) expr)->subLinkType == EXPR_SUBLINK ||
			    ((const SubLink *) expr)->subLinkType == ARRAY_SUBLINK)
				return exprTypmod(
					(Node *) sublink_target((const SubLink *) expr)->expr);
			return -1;
		case T_SubPlan:
			if (((const SubPlan *) expr)->subLinkType == EXPR_SUBLINK ||
			    ((const SubPlan *) expr)->subLinkType == ARRAY_SUBLINK)
				return ((const SubPlan *) expr)->firstColTypmod;
			return -1;
		case T_RelabelType:
			return ((const RelabelType *) expr)->resulttypmod;
		case T_ArrayCoerceExpr:
			return ((const ArrayCoerceExpr *) expr)->resulttypmod;
		case T_SubscriptingRef:
			return ((const SubscriptingRef *) expr)->reftypmod;
		case T_CaseExpr:
		{
			const CaseExpr *c = (const CaseExpr *) expr;

			if (c->defresult == NULL)
				return -1;
			return common_typmod(c->casetype, (Node *) c->defresult, c->args);
		}
		case T_CaseTestExpr:
			return ((const CaseTestExpr *) expr)->typeMod;
		case T_CoalesceExpr:
		{
			const CoalesceExpr *c = (const CoalesceExpr *) expr;

			return common_typmod(c->coalescetype, linitial(c->args), c->args);
		}
		case T_MinMaxExpr:
		{
			const MinMaxExpr *m = (const MinMaxExpr *) expr;

			return common_typmod(m->minmaxtype, linitial(m->args), m->args);
		}
		case T_SQLValueFunction:
			return ((const SQLValueFunction *) expr)->typmod;
		case T_TargetEntry:
			return exprTypmod((Node *) ((const TargetEntry *) expr)->expr);
		default:
			return -1;
	}
}

/* Is it a call of a cast function that applies a typmod, and which? */
bool
exprIsLengthCoercion(const Node *expr, int32 *coercedTypmod)
{
	const FuncExpr *func = (const FuncExpr *) expr;
	int nargs;
	Const *second;

	if (coercedTypmod != NULL)
		*coercedTypmod = -1;
	if (expr == NULL || !IsA(expr, FuncExpr))
		return false;
	if (func->funcformat != COERCE_EXPLICIT_CAST &&
	    func->funcformat != COERCE_IMPLICIT_CAST)
		return false;
	nargs = list_length(func->args);
	if (nargs < 2 || nargs > 3)
		return false;
	second = lsecond(func->args);
	if (!IsA(second, Const) || second->consttype != INT4OID ||
	    second->constisnull)
		return false;
	if (coercedTypmod != NULL)
		*coercedTypmod = DatumGetInt32(second->constvalue);
	return true;
}

Oid
exprCollation(const Node *expr)
{
	if (expr == NULL)
		return InvalidOid;
	switch (nodeTag(expr))
	{
		case T_Var:
			return ((const Var *) expr)->varcollid;
		case T_Const:
			return ((const Const *) expr)->constcollid;
		case T_Param:
			return ((const Param *) expr)->paramcollid;
		case T_Aggref:
			return ((const Aggref *) expr)->aggcollid;
		case T_FuncExpr:
			return ((const FuncExpr *) expr)->funccollid;
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			return ((const OpExpr *) expr)->opcollid;
		case T_SubLink:
			if (((const SubLink *) expr)->subLinkType == EXPR_SUBLINK ||
			    ((const SubLink *) expr)->subLinkType == ARRAY_SUBLINK)
				return exprCollation(
					(Node *) sublink_target((const SubLink *) expr)->expr);
			return InvalidOid;
		case T_SubPlan:
			if (((const SubPlan *) expr)->subLinkType == EXPR_SUBLINK ||
			    ((const SubPlan *) expr)->subLinkType == ARRAY_SUBLINK)
				return ((const SubPlan *) expr)->firstColCollation;
			return InvalidOid;
		case T_RelabelType:
			return ((const RelabelType *) expr)->resultcollid;
		case T_CoerceViaIO:
			return ((const CoerceViaIO *) expr)->resultcollid;
		case T_ArrayCoerceExpr:
			return ((const ArrayCoerceExpr *) expr)->resultcollid;
		case T_SubscriptingRef:
			return ((const SubscriptingRef *) expr)->refcollid;
		case T_CaseExpr:
			return ((const CaseExpr *) expr)->casecollid;
		case T_CaseTestExpr:
			return ((const CaseTestExpr *) expr)->collation;
		case T_CoalesceExpr:
			return ((const CoalesceExpr *) expr)->coalescecollid;
		case T_MinMaxExpr:
			return ((const MinMaxExpr *) expr)->minmaxcollid;
		case T_ArrayExpr:
			return ((const ArrayExpr *) expr)->array_collid;
		case T_SQLValueFunction:
			if (((const SQLValueFunction *) expr)->type == NAMEOID)
				return C_COLLATION_OID;
			return InvalidOid;
		case T_TargetEntry:
			return exprCollation((Node *) ((const TargetEntry *) expr)->expr);
		default:
			return InvalidOid;
	}
}

Oid
exprInputCollation(const Node *expr)
{
	if (expr == NULL)
		return InvalidOid;
	switch (nodeTag(expr))
	{
		case T_Aggref:
			return ((const Aggref *) expr)->inputcollid;
		case T_FuncExpr:
			return ((const FuncExpr *) expr)->inputcollid;
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
			return ((const OpExpr *) expr)->inputcollid;
		case T_MinMaxExpr:
			return ((const MinMaxExpr *) expr)->inputcollid;
		case T_ScalarArrayOpExpr:
			return ((const ScalarArrayOpExpr *) expr)->inputcollid;
		default:
			return InvalidOid;
	}
}

/* The smaller of two positions of which either may be unknown. */
static int
leftmostLoc(int loc1, int loc2)
{
	if (loc1 < 0)
		return loc2;
	if (loc2 < 0)
		return loc1;
	return Min(loc1, loc2);
}

int
exprLocation(const Node *expr)
{
	if (expr == NULL)
		return -1;
	switch (nodeTag(expr))
	{
		case T_RangeVar:
			return ((const RangeVar *) expr)->location;
		case T_Var:
			return ((const Var *) expr)->location;
		case T_Const:
			return ((const Const *) expr)->location;
		case T_Param:
			return ((const Param *) expr)->location;
		case T_Aggref:
			return ((const Aggref *) expr)->location;
		case T_FuncExpr:
		{
			const FuncExpr *f = (const FuncExpr *) expr;

			return leftmostLoc(f->location, exprLocation((Node *) f->args));
		}
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
		{
			const OpExpr *o = (const OpExpr *) expr;

			return leftmostLoc(o->location, exprLocation((Node *) o->args));
		}
		case T_BoolExpr:
		{
			const BoolExpr *b = (const BoolExpr *) expr;

			return leftmostLoc(b->location, exprLocation((Node *) b->args));
		}
		case T_SubLink:
			return leftmostLoc(
				((const SubLink *) expr)->location,
				exprLocation(((const SubLink *) expr)->testexpr));
		case T_RelabelType:
			return leftmostLoc(
				((const RelabelType *) expr)->location,
				exprLocation((Node *) ((const RelabelType *) expr)->arg));
		case T_CoerceViaIO:
			return leftmostLoc(
				((const CoerceViaIO *) expr)->location,
				exprLocation((Node *) ((const CoerceViaIO *) expr)->arg));
		case T_SubscriptingRef:
			return exprLocation(
				(Node *) ((const SubscriptingRef *) expr)->refexpr);
		case T_ArrayCoerceExpr:
			return leftmostLoc(
				((const ArrayCoerceExpr *) expr)->location,
				exprLocation((Node *) ((const ArrayCoerceExpr *) expr)->arg));
		case T_CaseExpr:
			return ((const CaseExpr *) expr)->location;
		case T_CaseWhen:
			return ((const CaseWhen *) expr)->location;
		case T_CoalesceExpr:
			return ((const CoalesceExpr *) expr)->location;
		case T_MinMaxExpr:
			return ((const MinMaxExpr *) expr)->location;
		case T_ArrayExpr:
			return ((const ArrayExpr *) expr)->location;
		case T_ScalarArrayOpExpr:
		{
			const ScalarArrayOpExpr *s = (const ScalarArrayOpExpr *) expr;

			return leftmostLoc(s->location, exprLocation((Node *) s->args));
		}
		case T_SQLValueFunction:
			return ((const SQLValueFunction *) expr)->location;
		case T_NullTest:
			return leftmostLoc(
				((const NullTest *) expr)->location,
				exprLocation((Node *) ((const NullTest *) expr)->arg));
		case T_BooleanTest:
			return leftmostLoc(
				((const BooleanTest *) expr)->location,
				exprLocation((Node *) ((const BooleanTest *) expr)->arg));
		case T_TargetEntry:
			return exprLocation((Node *) ((const TargetEntry *) expr)->expr);
		case T_List:
		{
			ListCell *lc;

			/* the first that knows: arguments stand in order */
			foreach (lc, (const List *) expr)
			{
				int loc = exprLocation(lfirst(lc));

				if (loc >= 0)
					return loc;
			}
			return -1;
		}
		default:
			return -1;
	}
}

Node *
strip_implicit_coercions(Node *node)
{
	if (node == NULL)
		return NULL;
	if (IsA(node, FuncExpr))
	{
		FuncExpr *f = (FuncExpr *) node;

		if (f->funcformat == COERCE_IMPLICIT_CAST)
			return strip_implicit_coercions(linitial(f->args));
	}
	else if (IsA(node, RelabelType))
	{
		RelabelType *r = (RelabelType *) node;

		if (r->relabelformat == COERCE_IMPLICIT_CAST)
			return strip_implicit_coercions((Node *) r->arg);
	}
	else if (IsA(node, CoerceViaIO))
	{
		CoerceViaIO *c = (CoerceViaIO *) node;

		if (c->coerceformat == COERCE_IMPLICIT_CAST)
			return strip_implicit_coercions((Node *) c->arg);
	}
	else if (IsA(node, ArrayCoerceExpr))
	{
		ArrayCoerceExpr *c = (ArrayCoerceExpr *) node;

		if (c->coerceformat == COERCE_IMPLICIT_CAST)
			return strip_implicit_coercions((Node *) c->arg);
	}
	return node;
}

Node *
relabel_to_typmod(Node *expr, int32 typmod)
{
	if (exprTypmod(expr) == typmod)
		return expr;
	return (Node *) makeRelabelType((Expr *) expr, exprType(expr), typmod,
	                                exprCollation(expr), COERCE_EXPLICIT_CAST);
}

static bool
returns_set_walker(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, FuncExpr) && ((FuncExpr *) node)->funcretset)
		return true;
	if (IsA(node, OpExpr) && ((OpExpr *) node)->opretset)
		return true;
	/* what an aggregate or a sub-select makes of a set is not a set */
	if (IsA(node, Aggref) || IsA(node, SubLink) || IsA(node, Query))
		return false;
	return expression_tree_walker(node, returns_set_walker, context);
}

bool
expression_returns_set(Node *clause)
{
	return returns_set_walker(clause, NULL);
}

static bool
contain_aggs_walker(Node *node, void *context)
{
	if (node == NULL || IsA(node, Query))
		return false;
	if (IsA(node, Aggref))
		return true;
	return expression_tree_walker(node, contain_aggs_walker, context);
}

bool
contain_aggs(Node *clause)
{
	return contain_aggs_walker(clause, NULL);
}

static const NodeShape *
expression_shape(Node *node)
{
	const NodeShape *shape = node_shape(nodeTag(node));

	if (shape == NULL || !shape->in_expressions)
		elog(ERROR, "unrecognized node type: %d", (int) nodeTag(node));
	return shape;
}

bool
expression_tree_walker(Node *node, tree_walker_callback walker, void *context)
{
	ListCell *lc;

	if (node == NULL)
		return false;
	check_stack_depth();
	if (IsA(node, Query))
		return false; /* the walker goes into it, by query_tree_walker */
	if (IsA(node, List))
	{
		foreach (lc, (List *) node)
		{
			if (walker(lfirst(lc), context))
				return true;
		}
		return false;
	}
	for (const uint16 *field = expression_shape(node)->expressions; *field;
	     field++)
	{
		if (walker(*NODE_FIELD(node, *field), context))
			return true;
	}
	return false;
}

bool
query_tree_walker(Query *query, tree_walker_callback walker, void *context,
                  int flags)
{
	ListCell *lc;

	if (walker((Node *) query->targetList, context) ||
	    walker((Node *) query->returningList, context) ||
	    walker((Node *) query->jointree, context) ||
	    walker(query->havingQual, context) ||
	    walker(query->limitOffset, context) ||
	    walker(query->limitCount, context))
		return true;
	if (!(flags & QTW_IGNORE_CTE_SUBQUERIES) &&
	    walker((Node *) query->cteList, context))
		return true;
	foreach (lc, query->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		switch (rte->rtekind)
		{
			case RTE_SUBQUERY:
				if (!(flags & QTW_IGNORE_RT_SUBQUERIES) &&
				    walker((Node *) rte->subquery, context))
					return true;
				break;
			case RTE_FUNCTION:
				if (walker((Node *) rte->funcexpr, context))
					return true;
				break;
			case RTE_VALUES:
				if (walker((Node *) rte->values_lists, context))
					return true;
				break;
			default:
				break;
		}
	}
	return false;
}

bool
query_or_expression_tree_walker(Node *node, tree_walker_callback walker,
                                void *context, int flags)
{
	if (node != NULL && IsA(node, Query))
		return query_tree_walker((Query *) node, walker, context, flags);
	return walker(node, context);
}

Node *
expression_tree_mutator(Node *node, tree_mutator_callback mutator,
                        void *context)
{
	const NodeShape *shape;
	Node *n;

	if (node == NULL)
		return NULL;
	check_stack_depth();
	if (IsA(node, Query))
		return copyObject(node);
	if (IsA(node, List))
	{
		List *result = NIL;
		ListCell *lc;

		foreach (lc, (List *) node)
			result = lappend(result, mutator(lfirst(lc), context));
		return (Node *) result;
	}
	shape = expression_shape(node);
	if (shape->expressions[0] == 0)
		return copyObject(node);
	n = palloc(shape->size);
	memcpy(n, node, shape->size);
	for (const uint16 *field = shape->expressions; *field; field++)
		*NODE_FIELD(n, *field) = mutator(*NODE_FIELD(n, *field), context);
	return n;
}

void
set_opfuncid(OpExpr *opexpr)
{
	if (opexpr->opfuncid == InvalidOid)
		opexpr->opfuncid = get_opcode(opexpr->opno);
}

TargetEntry *
get_tle_by_resno(List *tlist, AttrNumber resno)
{
	ListCell *lc;

	foreach (lc, tlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (tle->resno == resno)
			return tle;
	}
	return NULL;
}

TargetEntry *
get_sortgroupref_tle(Index sortref, List *targetList)
{
	ListCell *lc;

	foreach (lc, targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (tle->ressortgroupref == sortref)
			return tle;
	}
	elog(ERROR, "ORDER/GROUP BY expression not found in targetlist");
	return NULL;
}

TargetEntry *
get_sortgroupclause_tle(SortGroupClause *sgClause, List *targetList)
{
	return get_sortgroupref_tle(sgClause->tleSortGroupRef, targetList);
}

Node *
get_sortgroupclause_expr(SortGroupClause *sgClause, List *targetList)
{
	return (Node *) get_sortgroupclause_tle(sgClause, targetList)->expr;
}

TargetEntry *
tlist_member(Expr *node, List *targetlist)
{
	ListCell *lc;

	foreach (lc, targetlist)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);

		if (equal(node, tle->expr))
			return tle;
	}
	return NULL;
}
