/*
 * primnodes.h
 *		Expression nodes, as the analyzer makes them and the executor compiles
 *		them.
 *
 * Every expression node starts with a NodeTag; "location" is the byte offset
 * in the query text of its start, -1 if unknown.
 *
 * Corresponds to PostgreSQL's nodes/primnodes.h.
 */
#ifndef PRIMNODES_H
#define PRIMNODES_H

#include "access/attnum.h"
#include "nodes/nodes.h"
#include "nodes/pg_list.h"

typedef struct Alias
{
	NodeTag type;
	char *aliasname;
	List *colnames; /* Strings */
} Alias;

typedef struct RangeVar
{
	NodeTag type;
	char *catalogname;
	char *schemaname;
	char *relname;
	bool inh;
	char relpersistence;
	Alias *alias;
	int location;
} RangeVar;

typedef struct Expr
{
	NodeTag type;
} Expr;

/* varno of a Var that is read from a child plan's output */
#define INNER_VAR (-1)
#define OUTER_VAR (-2)
#define INDEX_VAR (-3)
#define IS_SPECIAL_VARNO(varno) ((int) (varno) < 0)

typedef struct Var
{
	Expr xpr;
	int varno; /* range table index, 1-based, or a special number above */
	AttrNumber varattno; /* 0 = whole row, negative = system column */
	Oid vartype;
	int32 vartypmod;
	Oid varcollid;
	Index varlevelsup; /* 0 = this query, >0 = that many levels out */
	Index varnosyn;    /* varno as written, before planning */
	AttrNumber varattnosyn;
	int location;
} Var;

typedef struct Const
{
	Expr xpr;
	Oid consttype;
	int32 consttypmod;
	Oid constcollid;
	int constlen;
	Datum constvalue;
	bool constisnull;
	bool constbyval;
	int location;
} Const;

typedef enum ParamKind
{
	PARAM_EXTERN, /* $n, from ParamListInfo */
	PARAM_EXEC,   /* value of an init plan */
	PARAM_SUBLINK,
	PARAM_MULTIEXPR
} ParamKind;

typedef struct Param
{
	Expr xpr;
	ParamKind paramkind;
	int paramid;
	Oid paramtype;
	int32 paramtypmod;
	Oid paramcollid;
	int location;
} Param;

typedef struct Aggref
{
	Expr xpr;
	Oid aggfnoid;
	Oid aggtype; /* result */
	Oid aggcollid;
	Oid inputcollid;
	Oid aggtranstype;
	List *aggargtypes; /* OIDs */
	List *args;        /* TargetEntries */
	List *aggdistinct; /* SortGroupClauses: count(DISTINCT x) */
	Expr *aggfilter;
	bool aggstar;
	Index agglevelsup;
	int aggno; /* set by the planner: index of the state */
	int location;
} Aggref;

typedef enum CoercionContext
{
	COERCION_IMPLICIT,
	COERCION_ASSIGNMENT,
	COERCION_PLPGSQL,
	COERCION_EXPLICIT
} CoercionContext;

typedef enum CoercionForm
{
	COERCE_EXPLICIT_CALL,
	COERCE_EXPLICIT_CAST,
	COERCE_IMPLICIT_CAST,
	COERCE_SQL_SYNTAX
} CoercionForm;

typedef struct FuncExpr
{
	Expr xpr;
	Oid funcid;
	Oid funcresulttype;
	bool funcretset;
	bool funcvariadic;
	CoercionForm funcformat;
	Oid funccollid;
	Oid inputcollid;
	List *args;
	int location;
} FuncExpr;

typedef struct OpExpr
{
	Expr xpr;
	Oid opno;
	Oid opfuncid;
	Oid opresulttype;
	bool opretset;
	Oid opcollid;
	Oid inputcollid;
	List *args; /* one or two */
	int location;
} OpExpr;

typedef OpExpr DistinctExpr; /* a IS DISTINCT FROM b: opno is "=" */
typedef OpExpr NullIfExpr;   /* NULLIF(a, b): opno is "=" */

typedef enum BoolExprType
{
	AND_EXPR,
	OR_EXPR,
	NOT_EXPR
} BoolExprType;

typedef struct BoolExpr
{
	Expr xpr;
	BoolExprType boolop;
	List *args;
	int location;
} BoolExpr;

typedef enum SubLinkType
{
	EXISTS_SUBLINK,
	ALL_SUBLINK,
	ANY_SUBLINK,
	ROWCOMPARE_SUBLINK,
	EXPR_SUBLINK,
	MULTIEXPR_SUBLINK,
	ARRAY_SUBLINK,
	CTE_SUBLINK
} SubLinkType;

typedef struct SubLink
{
	Expr xpr;
	SubLinkType subLinkType;
	int subLinkId;
	Node *testexpr;
	List *operName;
	Node *subselect; /* Query */
	int location;
} SubLink;

/*
 * A planned sub-select.  As an init plan it stands in Plan.initPlan, and its
 * value is read from the Param in setParam.  One that depends on the row, or
 * compares its rows with something, stands in the expression: args are values
 * of the row, set into the Params of parParam before it runs.
 */
typedef struct SubPlan
{
	Expr xpr;
	SubLinkType subLinkType;
	int plan_id; /* 1-based index into PlannedStmt.subplans */
	char *plan_name;
	Node *testexpr; /* ANY, ALL: comparison with the Params of paramIds */
	List *paramIds; /* PARAM_EXEC ids of the sub-select's columns in testexpr */
	Oid firstColType;
	int32 firstColTypmod;
	Oid firstColCollation;
	List *setParam; /* init plan: ids of the PARAM_EXEC Params it sets */
	List *parParam; /* ids of the PARAM_EXEC Params that args go to */
	List *args;
	Cost startup_cost;
	Cost per_call_cost;
} SubPlan;

typedef struct RelabelType
{
	Expr xpr;
	Expr *arg;
	Oid resulttype;
	int32 resulttypmod;
	Oid resultcollid;
	CoercionForm relabelformat;
	int location;
} RelabelType;

typedef struct CoerceViaIO
{
	Expr xpr;
	Expr *arg;
	Oid resulttype;
	Oid resultcollid;
	CoercionForm coerceformat;
	int location;
} CoerceViaIO;

/* elemexpr makes one element of another, for which a CaseTestExpr stands */
typedef struct ArrayCoerceExpr
{
	Expr xpr;
	Expr *arg;
	Expr *elemexpr;
	Oid resulttype;
	int32 resulttypmod;
	Oid resultcollid;
	CoercionForm coerceformat;
	int location;
} ArrayCoerceExpr;

/* array[subscript], with several subscripts [i][j]; read only */
typedef struct SubscriptingRef
{
	Expr xpr;
	Oid refcontainertype;
	Oid refelemtype; /* of the result */
	int32 reftypmod;
	Oid refcollid;
	List *refupperindexpr; /* int4 expressions */
	Expr *refexpr;         /* the array */
} SubscriptingRef;

typedef struct CaseExpr
{
	Expr xpr;
	Oid casetype;
	Oid casecollid;
	Expr *arg;
	List *args; /* CaseWhens */
	Expr *defresult;
	int location;
} CaseExpr;

typedef struct CaseWhen
{
	Expr xpr;
	Expr *expr;
	Expr *result;
	int location;
} CaseWhen;

/* the value of CASE x ..., inside the WHENs */
typedef struct CaseTestExpr
{
	Expr xpr;
	Oid typeId;
	int32 typeMod;
	Oid collation;
} CaseTestExpr;

typedef struct CoalesceExpr
{
	Expr xpr;
	Oid coalescetype;
	Oid coalescecollid;
	List *args;
	int location;
} CoalesceExpr;

typedef enum MinMaxOp
{
	IS_GREATEST,
	IS_LEAST
} MinMaxOp;

typedef struct MinMaxExpr
{
	Expr xpr;
	Oid minmaxtype;
	Oid minmaxcollid;
	Oid inputcollid;
	MinMaxOp op;
	List *args;
	int location;
} MinMaxExpr;

/* ARRAY[...], of one dimension */
typedef struct ArrayExpr
{
	Expr xpr;
	Oid array_typeid;
	Oid array_collid;
	Oid element_typeid;
	List *elements; /* of the element type, or of the array type if multidims */
	bool multidims;
	int location;
} ArrayExpr;

/* scalar op ANY (array), scalar op ALL (array) */
typedef struct ScalarArrayOpExpr
{
	Expr xpr;
	Oid opno; /* of the scalar and an element */
	Oid opfuncid;
	bool useOr; /* ANY */
	Oid inputcollid;
	List *args; /* the scalar, the array */
	int location;
} ScalarArrayOpExpr;

typedef enum SQLValueFunctionOp
{
	SVFOP_CURRENT_DATE,
	SVFOP_CURRENT_TIME,
	SVFOP_CURRENT_TIME_N,
	SVFOP_CURRENT_TIMESTAMP,
	SVFOP_CURRENT_TIMESTAMP_N,
	SVFOP_LOCALTIME,
	SVFOP_LOCALTIME_N,
	SVFOP_LOCALTIMESTAMP,
	SVFOP_LOCALTIMESTAMP_N,
	SVFOP_CURRENT_ROLE,
	SVFOP_CURRENT_USER,
	SVFOP_USER,
	SVFOP_SESSION_USER,
	SVFOP_CURRENT_CATALOG,
	SVFOP_CURRENT_SCHEMA
} SQLValueFunctionOp;

typedef struct SQLValueFunction
{
	Expr xpr;
	SQLValueFunctionOp op;
	Oid type;
	int32 typmod;
	int location;
} SQLValueFunction;

typedef enum NullTestType
{
	IS_NULL,
	IS_NOT_NULL
} NullTestType;

typedef struct NullTest
{
	Expr xpr;
	Expr *arg;
	NullTestType nulltesttype;
	bool argisrow;
	int location;
} NullTest;

typedef enum BoolTestType
{
	IS_TRUE,
	IS_NOT_TRUE,
	IS_FALSE,
	IS_NOT_FALSE,
	IS_UNKNOWN,
	IS_NOT_UNKNOWN
} BoolTestType;

typedef struct BooleanTest
{
	Expr xpr;
	Expr *arg;
	BoolTestType booltesttype;
	int location;
} BooleanTest;

typedef struct TargetEntry
{
	Expr xpr;
	Expr *expr;
	AttrNumber resno; /* 1-based */
	char *resname;
	Index ressortgroupref; /* nonzero if named by a SortGroupClause */
	Oid resorigtbl;        /* table and column that it shows, 0 if none */
	AttrNumber resorigcol;
	bool resjunk; /* not part of the result */
} TargetEntry;

typedef struct RangeTblRef
{
	NodeTag type;
	int rtindex;
} RangeTblRef;

typedef struct JoinExpr
{
	NodeTag type;
	JoinType jointype;
	Node *larg;
	Node *rarg;
	Node *quals;
	int rtindex;
} JoinExpr;

typedef struct FromExpr
{
	NodeTag type;
	List *fromlist; /* RangeTblRefs, JoinExprs */
	Node *quals;
} FromExpr;

#endif /* PRIMNODES_H */
