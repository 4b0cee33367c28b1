/*
 * copyfuncs.c
 *		Deep copies of expressions, queries and the lists and values in them.
 *
 * Raw parse trees (libpg_query's messages) are not nodes; a Query's
 * utilityStmt is copied by packing and unpacking it.
 *
 * Corresponds to PostgreSQL's nodes/copyfuncs.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/pg_query_tree.h"
#include "utils/datum.h"

#define COPY_NODE(n, field) ((n)->field = copyObjectImpl((n)->field))
#define COPY_STRING(n, field) \
	((n)->field = (n)->field ? pstrdup((n)->field) : NULL)

/* a copy whose fields still point into the original */
#define FLATCOPY(n, type) \
	type *n = (type *) palloc(sizeof(type)); \
	memcpy(n, from, sizeof(type))

static List *
copy_list(const List *from)
{
	List *list = palloc(sizeof(List));

	*list = *from;
	list->max_length = Max(from->length, 1);
	list->elements = palloc(list->max_length * sizeof(ListCell));
	for (int i = 0; i < from->length; i++)
	{
		if (from->type == T_List)
			list->elements[i].ptr_value =
				copyObjectImpl(from->elements[i].ptr_value);
		else
			list->elements[i] = from->elements[i];
	}
	return list;
}

static RangeTblEntry *
copy_rte(const RangeTblEntry *from)
{
	FLATCOPY(n, RangeTblEntry);

	COPY_NODE(n, subquery);
	COPY_NODE(n, funcexpr);
	COPY_NODE(n, values_lists);
	COPY_STRING(n, ctename);
	COPY_NODE(n, coltypes);
	COPY_NODE(n, coltypmods);
	COPY_NODE(n, colcollations);
	COPY_NODE(n, alias);
	COPY_NODE(n, eref);
	return n;
}

static Query *
copy_query(const Query *from)
{
	FLATCOPY(n, Query);

	n->utilityStmt = pgq_copy_node(from->utilityStmt);
	COPY_NODE(n, utilityQuery);
	COPY_NODE(n, cteList);
	COPY_NODE(n, rtable);
	COPY_NODE(n, jointree);
	COPY_NODE(n, targetList);
	COPY_NODE(n, returningList);
	COPY_NODE(n, groupClause);
	COPY_NODE(n, havingQual);
	COPY_NODE(n, rowMarks);
	COPY_NODE(n, distinctClause);
	COPY_NODE(n, sortClause);
	COPY_NODE(n, limitOffset);
	COPY_NODE(n, setOperations);
	COPY_NODE(n, limitCount);
	return n;
}

void *
copyObjectImpl(const void *from)
{
	if (from == NULL)
		return NULL;
	check_stack_depth();
	switch (nodeTag(from))
	{
		case T_List:
		case T_IntList:
		case T_OidList:
			return copy_list(from);
		case T_Integer:
		{
			FLATCOPY(n, Integer);
			return n;
		}
		case T_Float:
		{
			FLATCOPY(n, Float);
			COPY_STRING(n, fval);
			return n;
		}
		case T_Boolean:
		{
			FLATCOPY(n, Boolean);
			return n;
		}
		case T_String:
		{
			FLATCOPY(n, String);
			COPY_STRING(n, sval);
			return n;
		}
		case T_Alias:
		{
			FLATCOPY(n, Alias);
			COPY_STRING(n, aliasname);
			COPY_NODE(n, colnames);
			return n;
		}
		case T_RangeVar:
		{
			FLATCOPY(n, RangeVar);
			COPY_STRING(n, catalogname);
			COPY_STRING(n, schemaname);
			COPY_STRING(n, relname);
			COPY_NODE(n, alias);
			return n;
		}
		case T_TypeName:
		{
			FLATCOPY(n, TypeName);
			COPY_NODE(n, names);
			COPY_NODE(n, typmods);
			COPY_NODE(n, arrayBounds);
			return n;
		}
		case T_DefElem:
		{
			FLATCOPY(n, DefElem);
			COPY_STRING(n, defnamespace);
			COPY_STRING(n, defname);
			COPY_NODE(n, arg);
			return n;
		}
		case T_Var:
		{
			FLATCOPY(n, Var);
			return n;
		}
		case T_Const:
		{
			FLATCOPY(n, Const);
			if (!n->constbyval && !n->constisnull)
				n->constvalue =
					datumCopy(n->constvalue, n->constbyval, n->constlen);
			return n;
		}
		case T_Param:
		{
			FLATCOPY(n, Param);
			return n;
		}
		case T_Aggref:
		{
			FLATCOPY(n, Aggref);
			COPY_NODE(n, aggargtypes);
			COPY_NODE(n, args);
			COPY_NODE(n, aggdistinct);
			COPY_NODE(n, aggfilter);
			return n;
		}
		case T_FuncExpr:
		{
			FLATCOPY(n, FuncExpr);
			COPY_NODE(n, args);
			return n;
		}
		case T_OpExpr:
		case T_DistinctExpr:
		case T_NullIfExpr:
		{
			FLATCOPY(n, OpExpr);
			COPY_NODE(n, args);
			return n;
		}
		case T_BoolExpr:
		{
			FLATCOPY(n, BoolExpr);
			COPY_NODE(n, args);
			return n;
		}
		case T_SubLink:
		{
			FLATCOPY(n, SubLink);
			COPY_NODE(n, testexpr);
			COPY_NODE(n, operName);
			COPY_NODE(n, subselect);
			return n;
		}
		case T_SetOperationStmt:
		{
			FLATCOPY(n, SetOperationStmt);
			COPY_NODE(n, larg);
			COPY_NODE(n, rarg);
			COPY_NODE(n, colTypes);
			COPY_NODE(n, colTypmods);
			COPY_NODE(n, colCollations);
			COPY_NODE(n, groupClauses);
			return n;
		}
		case T_SubPlan:
		{
			FLATCOPY(n, SubPlan);
			COPY_STRING(n, plan_name);
			COPY_NODE(n, testexpr);
			COPY_NODE(n, paramIds);
			COPY_NODE(n, setParam);
			COPY_NODE(n, parParam);
			COPY_NODE(n, args);
			return n;
		}
		case T_RelabelType:
		{
			FLATCOPY(n, RelabelType);
			COPY_NODE(n, arg);
			return n;
		}
		case T_CoerceViaIO:
		{
			FLATCOPY(n, CoerceViaIO);
			COPY_NODE(n, arg);
			return n;
		}
		case T_SubscriptingRef:
		{
			FLATCOPY(n, SubscriptingRef);
			COPY_NODE(n, refupperindexpr);
			COPY_NODE(n, refexpr);
			return n;
		}
		case T_ArrayCoerceExpr:
		{
			FLATCOPY(n, ArrayCoerceExpr);
			COPY_NODE(n, arg);
			COPY_NODE(n, elemexpr);
			return n;
		}
		case T_CaseExpr:
		{
			FLATCOPY(n, CaseExpr);
			COPY_NODE(n, arg);
			COPY_NODE(n, args);
			COPY_NODE(n, defresult);
			return n;
		}
		case T_CaseWhen:
		{
			FLATCOPY(n, CaseWhen);
			COPY_NODE(n, expr);
			COPY_NODE(n, result);
			return n;
		}
		case T_CaseTestExpr:
		{
			FLATCOPY(n, CaseTestExpr);
			return n;
		}
		case T_CoalesceExpr:
		{
			FLATCOPY(n, CoalesceExpr);
			COPY_NODE(n, args);
			return n;
		}
		case T_MinMaxExpr:
		{
			FLATCOPY(n, MinMaxExpr);
			COPY_NODE(n, args);
			return n;
		}
		case T_ArrayExpr:
		{
			FLATCOPY(n, ArrayExpr);
			COPY_NODE(n, elements);
			return n;
		}
		case T_ScalarArrayOpExpr:
		{
			FLATCOPY(n, ScalarArrayOpExpr);
			COPY_NODE(n, args);
			return n;
		}
		case T_SQLValueFunction:
		{
			FLATCOPY(n, SQLValueFunction);
			return n;
		}
		case T_NullTest:
		{
			FLATCOPY(n, NullTest);
			COPY_NODE(n, arg);
			return n;
		}
		case T_BooleanTest:
		{
			FLATCOPY(n, BooleanTest);
			COPY_NODE(n, arg);
			return n;
		}
		case T_TargetEntry:
		{
			FLATCOPY(n, TargetEntry);
			COPY_NODE(n, expr);
			COPY_STRING(n, resname);
			return n;
		}
		case T_RangeTblRef:
		{
			FLATCOPY(n, RangeTblRef);
			return n;
		}
		case T_JoinExpr:
		{
			FLATCOPY(n, JoinExpr);
			COPY_NODE(n, larg);
			COPY_NODE(n, rarg);
			COPY_NODE(n, quals);
			return n;
		}
		case T_FromExpr:
		{
			FLATCOPY(n, FromExpr);
			COPY_NODE(n, fromlist);
			COPY_NODE(n, quals);
			return n;
		}
		case T_SortGroupClause:
		{
			FLATCOPY(n, SortGroupClause);
			return n;
		}
		case T_RowMarkClause:
		{
			FLATCOPY(n, RowMarkClause);
			return n;
		}
		case T_CommonTableExpr:
		{
			FLATCOPY(n, CommonTableExpr);
			COPY_STRING(n, ctename);
			COPY_NODE(n, aliascolnames);
			COPY_NODE(n, ctequery);
			return n;
		}
		case T_RangeTblEntry:
			return copy_rte(from);
		case T_Query:
			return copy_query(from);
		case T_RawStmt:
		{
			FLATCOPY(n, RawStmt);
			n->stmt = pgq_copy_node(n->stmt);
			return n;
		}
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(from));
	}
	return NULL;
}
