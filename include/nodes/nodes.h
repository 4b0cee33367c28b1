/*
 * nodes.h
 *		The tag that every tree node, executor state and tagged object starts
 *		with, and the enums that several node headers share.
 *
 * A node is a palloc'd struct whose first field is a NodeTag.  Raw parse trees
 * are not nodes: they are libpg_query's protobuf messages, see
 * parser/pg_query_tree.h.
 *
 * Corresponds to PostgreSQL's nodes/nodes.h.
 */
#ifndef NODES_H
#define NODES_H

typedef enum NodeTag
{
	T_Invalid = 0,

	/* executor state (execnodes.h) */
	T_IndexInfo,
	T_ExprContext,
	T_ProjectionInfo,
	T_ResultRelInfo,
	T_EState,
	T_TupleTableSlot,

	/* plans (plannodes.h) */
	T_Plan,
	T_Result,
	T_ProjectSet,
	T_ModifyTable,
	T_Append,
	T_SeqScan,
	T_IndexScan,
	T_SubqueryScan,
	T_FunctionScan,
	T_ValuesScan,
	T_CteScan,
	T_SystemViewScan,
	T_NestLoop,
	T_NestLoopParam,
	T_Material,
	T_Sort,
	T_Agg,
	T_Unique,
	T_SetOp,
	T_Limit,
	T_LockRows,
	T_PlanRowMark,

	/* plan states (execnodes.h) */
	T_PlanState,
	T_ResultState,
	T_ModifyTableState,
	T_AppendState,
	T_SeqScanState,
	T_IndexScanState,
	T_SubqueryScanState,
	T_FunctionScanState,
	T_ValuesScanState,
	T_CteScanState,
	T_SystemViewScanState,
	T_NestLoopState,
	T_MaterialState,
	T_SortState,
	T_AggState,
	T_ProjectSetState,
	T_UniqueState,
	T_SetOpState,
	T_LimitState,
	T_LockRowsState,

	/* expressions (primnodes.h) */
	T_Alias,
	T_RangeVar,
	T_Var,
	T_Const,
	T_Param,
	T_Aggref,
	T_FuncExpr,
	T_OpExpr,
	T_DistinctExpr,
	T_NullIfExpr,
	T_BoolExpr,
	T_SubLink,
	T_SubPlan,
	T_RelabelType,
	T_CoerceViaIO,
	T_ArrayCoerceExpr,
	T_SubscriptingRef,
	T_CaseExpr,
	T_CaseWhen,
	T_CaseTestExpr,
	T_CoalesceExpr,
	T_MinMaxExpr,
	T_ArrayExpr,
	T_ScalarArrayOpExpr,
	T_SQLValueFunction,
	T_NullTest,
	T_BooleanTest,
	T_TargetEntry,
	T_RangeTblRef,
	T_JoinExpr,
	T_FromExpr,
	T_ExprState,
	T_AggrefExprState,

	/* planner (pathnodes.h) */
	T_PlannerInfo,
	T_PlannerGlobal,
	T_RelOptInfo,
	T_IndexOptInfo,
	T_Path,
	T_IndexPath,
	T_RestrictInfo,

	/* memory contexts (memnodes.h) */
	T_AllocSetContext,
	T_SlabContext,
	T_GenerationContext,

	/* values and lists */
	T_Integer,
	T_Float,
	T_Boolean,
	T_String,
	T_List,
	T_IntList,
	T_OidList,

	/* parse trees after analysis (parsenodes.h) */
	T_RawStmt,
	T_Query,
	T_PlannedStmt,
	T_RangeTblEntry,
	T_SortGroupClause,
	T_RowMarkClause,
	T_DefElem,
	T_TypeName,
	T_CommonTableExpr,
	T_SetOperationStmt,

	/* objects that carry a tag */
	T_IndexAmRoutine,
	T_TableAmRoutine,
	T_TriggerData,
	T_TIDBitmap,
	T_ReturnSetInfo,
	T_WindowObjectData
} NodeTag;

typedef struct Node
{
	NodeTag type;
} Node;

#define nodeTag(nodeptr) (((const Node *) (nodeptr))->type)

/* a zeroed node of the given size; newNode is what makeNode expands to */
#define newNode(size, tag)                             \
	({                                                 \
		Node *newNode_result = (Node *) palloc0(size); \
		newNode_result->type = (tag);                  \
		newNode_result;                                \
	})

#define makeNode(_type_) ((_type_ *) newNode(sizeof(_type_), T_##_type_))
#define NodeSetTag(nodeptr, t) (((Node *) (nodeptr))->type = (t))
#define IsA(nodeptr, _type_) (nodeTag(nodeptr) == T_##_type_)
#define castNode(_type_, nodeptr)                              \
	({                                                         \
		Node *castNode_n = (Node *) (nodeptr);                 \
		Assert(castNode_n == NULL || IsA(castNode_n, _type_)); \
		(_type_ *) castNode_n;                                 \
	})

/* deep equality of two expression trees; locations are not compared */
extern bool equal(const void *a, const void *b);
/* deep copy into CurrentMemoryContext */
extern void *copyObjectImpl(const void *from);
#define copyObject(obj) ((__typeof__(obj)) copyObjectImpl(obj))
/* an expression, or a list of them, as a catalog's text; and back from it */
extern char *nodeToString(const void *obj);
extern void *stringToNode(const char *str);

typedef double Selectivity; /* fraction of rows, 0..1 */
typedef double Cost;        /* in units of one sequential page fetch */
typedef double Cardinality; /* estimated rows */

typedef enum CmdType
{
	CMD_UNKNOWN,
	CMD_SELECT,
	CMD_UPDATE,
	CMD_INSERT,
	CMD_DELETE,
	CMD_MERGE,
	CMD_UTILITY,
	CMD_NOTHING
} CmdType;

typedef enum JoinType
{
	JOIN_INNER,
	JOIN_LEFT,
	JOIN_FULL,
	JOIN_RIGHT,
	JOIN_SEMI,
	JOIN_ANTI
} JoinType;

typedef enum AggStrategy
{
	AGG_PLAIN,  /* one group: all rows */
	AGG_SORTED, /* groups arrive together, input is sorted */
	AGG_HASHED
} AggStrategy;

typedef enum SetOperation
{
	SETOP_NONE,
	SETOP_UNION,
	SETOP_INTERSECT,
	SETOP_EXCEPT
} SetOperation;

typedef enum LimitOption
{
	LIMIT_OPTION_COUNT,
	LIMIT_OPTION_WITH_TIES,
	LIMIT_OPTION_DEFAULT
} LimitOption;

typedef enum OnConflictAction
{
	ONCONFLICT_NONE,
	ONCONFLICT_NOTHING,
	ONCONFLICT_UPDATE
} OnConflictAction;

#endif /* NODES_H */
