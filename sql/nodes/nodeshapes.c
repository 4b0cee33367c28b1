/*
 * nodeshapes.c
 *		The table of node shapes.
 *
 * One line a kind of node.  PostgreSQL writes out a function for each use; here
 * copyObject, expression_tree_walker and expression_tree_mutator read this.
 */
#include "postgres.h"

#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"
#include "nodeshapes.h"

#define AT(type, field) offsetof(type, field)
#define SHAPE(type, ...) [T_##type] = {.size = sizeof(type), ##__VA_ARGS__}
/* a node of expressions without expressions in it */
#define LEAF(type) SHAPE(type, .in_expressions = true)
#define OPERATOR(tag)                \
	[tag] = {.size = sizeof(OpExpr), \
	         .in_expressions = true, \
	         .expressions = {AT(OpExpr, args)}}
/* an expression with one, two or three in it */
#define EXPR1(type, a, ...)                                           \
	SHAPE(type, .in_expressions = true, .expressions = {AT(type, a)}, \
	      ##__VA_ARGS__)
#define EXPR2(type, a, b, ...)          \
	SHAPE(type, .in_expressions = true, \
	      .expressions = {AT(type, a), AT(type, b)}, ##__VA_ARGS__)
#define EXPR3(type, a, b, c)            \
	SHAPE(type, .in_expressions = true, \
	      .expressions = {AT(type, a), AT(type, b), AT(type, c)})

static const NodeShape shapes[] = {
	SHAPE(Integer),
	SHAPE(Float, .strings = {AT(Float, fval)}),
	SHAPE(Boolean),
	SHAPE(String, .strings = {AT(String, sval)}),

	LEAF(Var),
	LEAF(Const),
	LEAF(Param),
	LEAF(CaseTestExpr),
	LEAF(SQLValueFunction),
	LEAF(RangeTblRef),
	LEAF(SortGroupClause),
	OPERATOR(T_OpExpr),
	OPERATOR(T_DistinctExpr),
	OPERATOR(T_NullIfExpr),
	EXPR1(FuncExpr, args),
	EXPR1(BoolExpr, args),
	EXPR1(RelabelType, arg),
	EXPR1(CoerceViaIO, arg),
	EXPR2(ArrayCoerceExpr, arg, elemexpr),
	EXPR2(SubscriptingRef, refupperindexpr, refexpr),
	EXPR3(CaseExpr, arg, args, defresult),
	EXPR2(CaseWhen, expr, result),
	EXPR1(CoalesceExpr, args),
	EXPR1(MinMaxExpr, args),
	EXPR1(ArrayExpr, elements),
	EXPR1(ScalarArrayOpExpr, args),
	EXPR1(NullTest, arg),
	EXPR1(BooleanTest, arg),
	EXPR2(Aggref, args, aggfilter,
          .other_nodes = {AT(Aggref, aggargtypes), AT(Aggref, aggdistinct)}),
	EXPR2(SubLink, testexpr, subselect, .other_nodes = {AT(SubLink, operName)}),
	EXPR2(SubPlan, testexpr, args,
          .other_nodes = {AT(SubPlan, paramIds), AT(SubPlan, setParam),
                          AT(SubPlan, parParam)},
          .strings = {AT(SubPlan, plan_name)}),
	EXPR1(TargetEntry, expr, .strings = {AT(TargetEntry, resname)}),
	EXPR2(FromExpr, fromlist, quals),
	EXPR3(JoinExpr, larg, rarg, quals),
	EXPR1(CommonTableExpr, ctequery,
          .other_nodes = {AT(CommonTableExpr, aliascolnames)},
          .strings = {AT(CommonTableExpr, ctename)}),

	SHAPE(Alias, .other_nodes = {AT(Alias, colnames)},
          .strings = {AT(Alias, aliasname)}),
	SHAPE(RangeVar, .other_nodes = {AT(RangeVar, alias)},
          .strings = {AT(RangeVar, catalogname), AT(RangeVar, schemaname),
                      AT(RangeVar, relname)}),
	SHAPE(TypeName, .other_nodes = {AT(TypeName, names), AT(TypeName, typmods),
                                    AT(TypeName, arrayBounds)}),
	SHAPE(DefElem, .other_nodes = {AT(DefElem, arg)},
          .strings = {AT(DefElem, defnamespace), AT(DefElem, defname)}),
	SHAPE(RowMarkClause),
	SHAPE(SetOperationStmt,
          .other_nodes = {AT(SetOperationStmt, larg),
                          AT(SetOperationStmt, rarg),
                          AT(SetOperationStmt, colTypes),
                          AT(SetOperationStmt, colTypmods),
                          AT(SetOperationStmt, colCollations),
                          AT(SetOperationStmt, groupClauses)}),
	SHAPE(RangeTblEntry,
          .other_nodes =
              {AT(RangeTblEntry, subquery), AT(RangeTblEntry, funcexpr),
               AT(RangeTblEntry, values_lists), AT(RangeTblEntry, coltypes),
               AT(RangeTblEntry, coltypmods), AT(RangeTblEntry, colcollations),
               AT(RangeTblEntry, alias), AT(RangeTblEntry, eref)},
          .strings = {AT(RangeTblEntry, ctename)}),
	/* its utilityStmt is no node */
	SHAPE(Query,
          .other_nodes = {AT(Query, utilityQuery), AT(Query, cteList),
                          AT(Query, rtable), AT(Query, jointree),
                          AT(Query, targetList), AT(Query, returningList),
                          AT(Query, groupClause), AT(Query, havingQual),
                          AT(Query, rowMarks), AT(Query, distinctClause),
                          AT(Query, sortClause), AT(Query, limitOffset),
                          AT(Query, setOperations), AT(Query, limitCount)}),
	/* nor is its stmt */
	SHAPE(RawStmt),
};

const NodeShape *
node_shape(NodeTag tag)
{
	if ((unsigned) tag >= lengthof(shapes) || shapes[tag].size == 0)
		return NULL;
	return &shapes[tag];
}
