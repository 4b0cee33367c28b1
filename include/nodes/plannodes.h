/*
 * plannodes.h
 *		Plans: what the planner makes of a Query and the executor runs.
 *
 * In a scan's expressions a Var has the range table index of the scanned
 * relation.  In every other node it has OUTER_VAR (or INNER_VAR) and the
 * number of a column of the child's target list.
 *
 * Corresponds to PostgreSQL's nodes/plannodes.h.
 */
#ifndef PLANNODES_H
#define PLANNODES_H

#include "access/sdir.h"
#include "nodes/parsenodes.h"
#include "nodes/primnodes.h"

struct Plan;

typedef struct PlannedStmt
{
	NodeTag type;
	CmdType commandType;
	uint64 queryId;
	bool hasReturning;
	bool canSetTag;
	struct Plan *planTree; /* NULL if CMD_UTILITY */
	List *rtable;          /* RangeTblEntries, subqueries' appended */
	List *resultRelations; /* rt indexes of INSERT's or DELETE's target */
	List *subplans;        /* Plans of SubPlan.plan_id */
	int nParamExec;        /* number of PARAM_EXEC Params */
	PgQuery__Node *utilityStmt;
	Query *utilityQuery; /* EXPLAIN: the analyzed inner statement */
	int stmt_location;   /* -1 if unknown */
	int stmt_len;        /* 0: to the end of the text */
	bool transientPlan;  /* holds values of $n: not to be kept */
	List *lockedRelids;  /* OIDs: FOR UPDATE, here or in a sub-select */
	List *permissions;   /* RelationPermissions of the whole statement */
} PlannedStmt;

/* What the current user must have at each execution. */
typedef struct RelationPermission
{
	Oid relid;
	uint32 required; /* AclMode */
} RelationPermission;

#define exec_subplan_get_plan(plannedstmt, subplan) \
	((struct Plan *) list_nth((plannedstmt)->subplans, (subplan)->plan_id - 1))

typedef struct Plan
{
	NodeTag type;
	Cost startup_cost;
	Cost total_cost;
	Cardinality plan_rows;
	int plan_width; /* bytes of an average row */
	int plan_node_id;
	List *targetlist; /* TargetEntries */
	List *qual;       /* expressions, all of them must be true */
	struct Plan *lefttree;
	struct Plan *righttree;
	List *initPlan; /* SubPlans evaluated at most once */
} Plan;

#define innerPlan(node) (((Plan *) (node))->righttree)
#define outerPlan(node) (((Plan *) (node))->lefttree)

/* One row without a table, or a filter that is the same for all rows. */
typedef struct Result
{
	Plan plan;
	Node *resconstantqual;
} Result;

/* A target list with set-returning functions. */
typedef struct ProjectSet
{
	Plan plan;
} ProjectSet;

typedef struct ModifyTable
{
	Plan plan;
	CmdType operation; /* CMD_INSERT, CMD_UPDATE or CMD_DELETE */
	bool canSetTag;
	Index nominalRelation;
	List *resultRelations; /* rt indexes: one */
	List *returningList;   /* TargetEntries, or NIL */
	AttrNumber rowidAttNo; /* UPDATE, DELETE: the child's ctid column */
} ModifyTable;

/* The rows of one child after the other. */
typedef struct Append
{
	Plan plan;
	List *appendplans;
} Append;

typedef struct Scan
{
	Plan plan;
	Index scanrelid; /* rt index, 0: none */
} Scan;

typedef struct SeqScan
{
	Scan scan;
} SeqScan;

/*
 * indexorderby holds `key operator value` OpExprs with the key, an expression of
 * the table's columns, on the left; value has no Vars.
 */
typedef struct IndexScan
{
	Scan scan;
	Oid indexid;
	List *indexqual;
	List *indexorderby;
	List *indexorderbycols; /* of each the key's column of the index, from 0 */
	List *indexorderbyops;  /* OIDs of the operators that sort the distances */
	ScanDirection indexorderdir;
} IndexScan;

typedef struct SubqueryScan
{
	Scan scan;
	Plan *subplan;
} SubqueryScan;

typedef struct FunctionScan
{
	Scan scan;
	FuncExpr *funcexpr;
	List *coltypes;
	List *coltypmods;
	List *colcollations;
} FunctionScan;

typedef struct ValuesScan
{
	Scan scan;
	List *values_lists; /* Lists of expressions */
} ValuesScan;

/* Rows of a WITH query, which is an init plan of this level or an outer one. */
typedef struct CteScan
{
	Scan scan;
	int ctePlanId; /* of its SubPlan */
	int cteParam;  /* PARAM_EXEC id: the first of its scans is found there */
} CteScan;

/* Rows made by SystemView.fill when the scan begins. */
typedef struct SystemViewScan
{
	Scan scan;
} SystemViewScan;

/* A value of the outer row that the inner side gets by a PARAM_EXEC Param. */
typedef struct NestLoopParam
{
	NodeTag type;
	int paramno;
	Var *paramval; /* OUTER_VAR */
} NestLoopParam;

typedef struct NestLoop
{
	Plan plan;
	JoinType jointype; /* inner or left */
	bool inner_unique;
	List *joinqual;
	List *nestParams; /* LATERAL: NestLoopParams */
} NestLoop;

/* Keeps its child's rows, to be read again. */
typedef struct Material
{
	Plan plan;
} Material;

typedef struct Sort
{
	Plan plan;
	int numCols;
	AttrNumber *sortColIdx; /* columns of the child */
	Oid *sortOperators;
	Oid *collations;
	bool *nullsFirst;
} Sort;

typedef struct Agg
{
	Plan plan;
	AggStrategy aggstrategy;
	int numCols; /* of the grouping, 0 for AGG_PLAIN */
	AttrNumber *grpColIdx;
	Oid *grpOperators; /* equality */
	Oid *grpCollations;
} Agg;

/* Input is sorted: drops rows equal to the one before. */
typedef struct Unique
{
	Plan plan;
	int numCols;
	AttrNumber *uniqColIdx;
	Oid *uniqOperators;
	Oid *uniqCollations;
} Unique;

/*
 * INTERSECT and EXCEPT.  Input is sorted, and has a column that is 0 in a row
 * of the left side and 1 in one of the right.
 */
typedef struct SetOp
{
	Plan plan;
	SetOperation op;
	bool all;
	int numCols;
	AttrNumber *dupColIdx;
	Oid *dupOperators;
	Oid *dupCollations;
	AttrNumber flagColIdx;
} SetOp;

/* A table whose rows LockRows locks. */
typedef struct PlanRowMark
{
	NodeTag type;
	Index rti;
	LockTupleMode mode;
	LockWaitPolicy waitPolicy;
	AttrNumber ctidAttNo; /* column of the child that is the row's place */
} PlanRowMark;

typedef struct LockRows
{
	Plan plan;
	List *rowMarks; /* PlanRowMarks */
} LockRows;

typedef struct Limit
{
	Plan plan;
	Node *limitOffset; /* int8 expression, or NULL */
	Node *limitCount;
	LimitOption limitOption;
} Limit;

#endif /* PLANNODES_H */
