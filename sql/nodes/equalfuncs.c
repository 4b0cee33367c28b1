/*
 * equalfuncs.c
 *		Equality of expression trees.
 *
 * Positions in the query text do not count, nor does the form in which a cast
 * was written: expressions that compute the same way are equal.  Constants are
 * equal if they are bit for bit.
 *
 * Corresponds to PostgreSQL's nodes/equalfuncs.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/datum.h"

#define SAME(field) (a->field == b->field)
#define SAME_NODE(field) equal(a->field, b->field)
#define SAME_STRING(field) equal_string(a->field, b->field)

static bool
equal_string(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

static bool
equal_list(const List *a, const List *b)
{
	if (a->length != b->length)
		return false;
	for (int i = 0; i < a->length; i++)
	{
		bool same;

		if (a->type == T_List)
			same = equal(a->elements[i].ptr_value, b->elements[i].ptr_value);
		else if (a->type == T_IntList)
			same = a->elements[i].int_value == b->elements[i].int_value;
		else
			same = a->elements[i].oid_value == b->elements[i].oid_value;
		if (!same)
			return false;
	}
	return true;
}

static bool
equal_const(const Const *a, const Const *b)
{
	if (!(SAME(consttype) && SAME(consttypmod) && SAME(constcollid) &&
	      SAME(constlen) && SAME(constisnull) && SAME(constbyval)))
		return false;
	return a->constisnull || datumIsEqual(a->constvalue, b->constvalue,
	                                      a->constbyval, a->constlen);
}

static bool
equal_aggref(const Aggref *a, const Aggref *b)
{
	return SAME(aggfnoid) && SAME(aggtype) && SAME(aggcollid) &&
	       SAME(inputcollid) && SAME_NODE(aggargtypes) && SAME_NODE(args) &&
	       SAME_NODE(aggdistinct) && SAME_NODE(aggfilter) && SAME(aggstar) &&
	       SAME(agglevelsup);
}

static bool
equal_rte(const RangeTblEntry *a, const RangeTblEntry *b)
{
	return SAME(rtekind) && SAME(relid) && SAME(relkind) &&
	       SAME(requiredPerms) && SAME_NODE(subquery) && SAME_NODE(funcexpr) &&
	       SAME_NODE(values_lists) && SAME_STRING(ctename) &&
	       SAME(ctelevelsup) && SAME_NODE(coltypes) && SAME_NODE(coltypmods) &&
	       SAME_NODE(colcollations) && SAME_NODE(alias) && SAME_NODE(eref) &&
	       SAME(lateral) && SAME(inh) && SAME(inFromCl);
}

static bool
equal_query(const Query *a, const Query *b)
{
	if (a->utilityStmt != b->utilityStmt)
		return false;
	return SAME(commandType) && SAME_NODE(utilityQuery) &&
	       SAME(resultRelation) && SAME(hasAggs) && SAME(hasSubLinks) &&
	       SAME(hasTargetSRFs) && SAME_NODE(cteList) && SAME_NODE(rtable) &&
	       SAME_NODE(jointree) && SAME_NODE(targetList) &&
	       SAME_NODE(returningList) && SAME_NODE(groupClause) &&
	       SAME_NODE(rowMarks) && SAME_NODE(havingQual) &&
	       SAME_NODE(distinctClause) && SAME_NODE(sortClause) &&
	       SAME_NODE(limitOffset) && SAME_NODE(limitCount) &&
	       SAME(limitOption) && SAME_NODE(setOperations);
}

#define AS(type)                       \
	const type *a = (const type *) av; \
	const type *b = (const type *) bv

static bool
equal_primnode(const void *av, const void *bv)
{
	switch (nodeTag(av))
	{
		case T_Var:
		{
			AS(Var);
			return SAME(varno) && SAME(varattno) && SAME(vartype) &&
			       SAME(vartypmod) && SAME(varcollid) && SAME(varlevelsup);
		}
		case T_Const:
			return equal_const(av, bv);
		case T_Param:
		{
			AS(Param);
			return SAME(paramkind) && SAME(paramid) && SAME(paramtype) &&
			       SAME(paramtypmod) && SAME(paramcollid);
		}
		case T_Aggref:
			return equal_aggref(av, bv);
		case T_FuncExpr:
		{
			AS(FuncExpr);
			return SAME(funcid) && SAME(funcresulttype) && SAME(funcretset) &&
			       SAME(funcvariadic) && SAME(funccollid) &&
			       SAME(inputcollid) && SAME_NODE(args);
		}
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
		{
			AS(OpExpr);
			return SAME(opno) && SAME(opresulttype) && SAME(opretset) &&
			       SAME(opcollid) && SAME(inputcollid) && SAME_NODE(args);
		}
		case T_BoolExpr:
		{
			AS(BoolExpr);
			return SAME(boolop) && SAME_NODE(args);
		}
		case T_SubLink:
		{
			AS(SubLink);
			return SAME(subLinkType) && SAME(subLinkId) &&
			       SAME_NODE(testexpr) && SAME_NODE(operName) &&
			       SAME_NODE(subselect);
		}
		case T_SetOperationStmt:
		{
			AS(SetOperationStmt);
			return SAME(op) && SAME(all) && SAME_NODE(larg) &&
			       SAME_NODE(rarg) && SAME_NODE(colTypes) &&
			       SAME_NODE(colTypmods) && SAME_NODE(colCollations) &&
			       SAME_NODE(groupClauses);
		}
		case T_SubPlan:
		{
			AS(SubPlan);
			return SAME(subLinkType) && SAME(plan_id) && SAME_NODE(setParam) &&
			       SAME_NODE(testexpr) && SAME_NODE(args);
		}
		case T_RelabelType:
		{
			AS(RelabelType);
			return SAME_NODE(arg) && SAME(resulttype) && SAME(resulttypmod) &&
			       SAME(resultcollid);
		}
		case T_CoerceViaIO:
		{
			AS(CoerceViaIO);
			return SAME_NODE(arg) && SAME(resulttype) && SAME(resultcollid);
		}
		case T_SubscriptingRef:
		{
			AS(SubscriptingRef);
			return SAME(refcontainertype) && SAME(refelemtype) &&
			       SAME(reftypmod) && SAME(refcollid) &&
			       SAME_NODE(refupperindexpr) && SAME_NODE(refexpr);
		}
		case T_ArrayCoerceExpr:
		{
			AS(ArrayCoerceExpr);
			return SAME_NODE(arg) && SAME_NODE(elemexpr) && SAME(resulttype) &&
			       SAME(resulttypmod) && SAME(resultcollid);
		}
		case T_CaseExpr:
		{
			AS(CaseExpr);
			return SAME(casetype) && SAME(casecollid) && SAME_NODE(arg) &&
			       SAME_NODE(args) && SAME_NODE(defresult);
		}
		case T_CaseWhen:
		{
			AS(CaseWhen);
			return SAME_NODE(expr) && SAME_NODE(result);
		}
		case T_CaseTestExpr:
		{
			AS(CaseTestExpr);
			return SAME(typeId) && SAME(typeMod) && SAME(collation);
		}
		case T_CoalesceExpr:
		{
			AS(CoalesceExpr);
			return SAME(coalescetype) && SAME(coalescecollid) &&
			       SAME_NODE(args);
		}
		case T_MinMaxExpr:
		{
			AS(MinMaxExpr);
			return SAME(minmaxtype) && SAME(minmaxcollid) &&
			       SAME(inputcollid) && SAME(op) && SAME_NODE(args);
		}
		case T_ArrayExpr:
		{
			AS(ArrayExpr);
			return SAME(array_typeid) && SAME(array_collid) &&
			       SAME(element_typeid) && SAME_NODE(elements) &&
			       SAME(multidims);
		}
		case T_ScalarArrayOpExpr:
		{
			AS(ScalarArrayOpExpr);
			return SAME(opno) && SAME(useOr) && SAME(inputcollid) &&
			       SAME_NODE(args);
		}
		case T_SQLValueFunction:
		{
			const SQLValueFunction *a = av;
			const SQLValueFunction *b = bv;

			return a->op == b->op && a->type == b->type &&
			       a->typmod == b->typmod;
		}
		case T_NullTest:
		{
			AS(NullTest);
			return SAME_NODE(arg) && SAME(nulltesttype) && SAME(argisrow);
		}
		case T_BooleanTest:
		{
			AS(BooleanTest);
			return SAME_NODE(arg) && SAME(booltesttype);
		}
		case T_TargetEntry:
		{
			AS(TargetEntry);
			return SAME_NODE(expr) && SAME(resno) && SAME_STRING(resname) &&
			       SAME(ressortgroupref) && SAME(resorigtbl) &&
			       SAME(resorigcol) && SAME(resjunk);
		}
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(av));
	}
	return false;
}

bool
equal(const void *av, const void *bv)
{
	if (av == bv)
		return true;
	if (av == NULL || bv == NULL || nodeTag(av) != nodeTag(bv))
		return false;
	check_stack_depth();
	switch (nodeTag(av))
	{
		case T_List:
		case T_IntList:
		case T_OidList:
			return equal_list(av, bv);
		case T_Integer:
		{
			AS(Integer);
			return SAME(ival);
		}
		case T_Float:
		{
			AS(Float);
			return SAME_STRING(fval);
		}
		case T_Boolean:
		{
			AS(Boolean);
			return SAME(boolval);
		}
		case T_String:
		{
			AS(String);
			return SAME_STRING(sval);
		}
		case T_Alias:
		{
			AS(Alias);
			return SAME_STRING(aliasname) && SAME_NODE(colnames);
		}
		case T_RangeTblRef:
		{
			AS(RangeTblRef);
			return SAME(rtindex);
		}
		case T_JoinExpr:
		{
			AS(JoinExpr);
			return SAME(jointype) && SAME_NODE(larg) && SAME_NODE(rarg) &&
			       SAME_NODE(quals) && SAME(rtindex);
		}
		case T_FromExpr:
		{
			AS(FromExpr);
			return SAME_NODE(fromlist) && SAME_NODE(quals);
		}
		case T_RowMarkClause:
		{
			AS(RowMarkClause);
			return SAME(rti) && SAME(strength) && SAME(waitPolicy);
		}
		case T_SortGroupClause:
		{
			AS(SortGroupClause);
			return SAME(tleSortGroupRef) && SAME(eqop) && SAME(sortop) &&
			       SAME(nulls_first);
		}
		case T_CommonTableExpr:
		{
			AS(CommonTableExpr);
			return SAME_STRING(ctename) && SAME_NODE(aliascolnames) &&
			       SAME(ctematerialized) && SAME_NODE(ctequery);
		}
		case T_RangeTblEntry:
			return equal_rte(av, bv);
		case T_Query:
			return equal_query(av, bv);
		default:
			return equal_primnode(av, bv);
	}
}
