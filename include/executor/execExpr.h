/*
 * executor/execExpr.h
 *		Steps of a compiled expression.
 *
 * An expression is an array of steps run from the first to EEOP_DONE; jumps
 * are indexes into it.  A step puts its value where its user wants it
 * (resvalue, resnull): the argument slot of a function call, the expression's
 * result, a column of a projected row.
 *
 * Corresponds to PostgreSQL's executor/execExpr.h.
 */
#ifndef EXEC_EXPR_H
#define EXEC_EXPR_H

#include "nodes/execnodes.h"

typedef enum ExprEvalOp
{
	EEOP_DONE,
	/* take columns 1..last_var of the tuple apart */
	EEOP_INNER_FETCHSOME,
	EEOP_OUTER_FETCHSOME,
	EEOP_SCAN_FETCHSOME,
	/* a column already taken apart */
	EEOP_INNER_VAR,
	EEOP_OUTER_VAR,
	EEOP_SCAN_VAR,
	EEOP_INNER_SYSVAR,
	EEOP_OUTER_SYSVAR,
	EEOP_SCAN_SYSVAR,
	/* column to column of the result row */
	EEOP_ASSIGN_INNER_VAR,
	EEOP_ASSIGN_OUTER_VAR,
	EEOP_ASSIGN_SCAN_VAR,
	/* the expression's result to a column of the result row */
	EEOP_ASSIGN_TMP,
	EEOP_CONST,
	EEOP_FUNCEXPR,
	EEOP_FUNCEXPR_STRICT,
	EEOP_FUNCEXPR_STRICT_2, /* two arguments: operators */
	/* AND and OR keep in *anynull whether a NULL was seen */
	EEOP_BOOL_AND_STEP_FIRST,
	EEOP_BOOL_AND_STEP,
	EEOP_BOOL_AND_STEP_LAST,
	EEOP_BOOL_OR_STEP_FIRST,
	EEOP_BOOL_OR_STEP,
	EEOP_BOOL_OR_STEP_LAST,
	EEOP_BOOL_NOT,
	EEOP_QUAL, /* jump with false unless true */
	EEOP_JUMP,
	EEOP_JUMP_IF_NOT_NULL,
	EEOP_JUMP_IF_NOT_TRUE,
	EEOP_NULLTEST_ISNULL,
	EEOP_NULLTEST_ISNOTNULL,
	EEOP_BOOLTEST,
	EEOP_PARAM_EXEC,
	EEOP_PARAM_EXTERN,
	EEOP_CASE_TESTVAL,
	EEOP_IOCOERCE,
	EEOP_DISTINCT,
	EEOP_NOT_DISTINCT,
	EEOP_NULLIF,
	EEOP_SQLVALUEFUNCTION,
	EEOP_MINMAX,
	EEOP_ARRAYEXPR,
	EEOP_ARRAYCOERCE,
	EEOP_SUBSCRIPT,
	EEOP_SCALARARRAYOP,
	EEOP_SUBPLAN,
	EEOP_AGGREF
} ExprEvalOp;

typedef struct ExprEvalStep
{
	ExprEvalOp opcode;
	Datum *resvalue;
	bool *resnull;
	union
	{
		struct
		{
			int last_var;
		} fetch;
		struct
		{
			int attnum; /* from 0; a system column's own number */
		} var;
		struct
		{
			int attnum;
			int resultnum; /* column of the result row, from 0 */
		} assign_var;
		struct
		{
			int resultnum;
		} assign_tmp;
		struct
		{
			Datum value;
			bool isnull;
		} constval;
		struct
		{
			FmgrInfo *finfo;
			FunctionCallInfo fcinfo_data;
			PGFunction fn_addr;
			int nargs;
		} func;
		struct
		{
			bool *anynull;
			int jumpdone;
		} boolexpr;
		struct
		{
			int jumpdone;
		} jump;
		struct
		{
			BoolTestType type;
		} booltest;
		struct
		{
			int paramid; /* PARAM_EXTERN: from 1 */
			Oid paramtype;
		} param;
		struct
		{
			Datum *value;
			bool *isnull;
		} casetest;
		struct
		{
			FmgrInfo *finfo_out;
			FunctionCallInfo fcinfo_data_in;
			bool in_strict;
		} iocoerce;
		struct
		{
			SQLValueFunction *svf;
		} sqlvaluefunction;
		struct
		{
			Datum *values;
			bool *nulls;
			int nelems;
			MinMaxOp op;
			FunctionCallInfo fcinfo_data; /* the type's comparison */
		} minmax;
		struct
		{
			Datum *values;
			bool *nulls;
			int nelems;
			Oid elemtype;
			int16 elemlen;
			bool elembyval;
			char elemalign;
			bool multidims;
		} arrayexpr;
		struct
		{
			struct ArrayCoerceInfo *info;
		} arraycoerce;
		struct
		{
			struct SubscriptInfo *info;
		} subscript;
		struct
		{
			struct ScalarArrayOpInfo *info;
		} scalararrayop;
		struct
		{
			SubPlanState *state;
		} subplan;
		struct
		{
			int aggno;
		} aggref;
	} d;
} ExprEvalStep;

/* scalar op ANY/ALL (array) */
typedef struct ScalarArrayOpInfo
{
	FunctionCallInfo fcinfo; /* its first argument is the scalar */
	bool useOr;
	Datum array;
	bool arraynull;
	Oid elemtype;
	int16 elemlen;
	bool elembyval;
	char elemalign;
	bool constant; /* the array is: it is taken apart once */
	Datum *elems;
	bool *elemnulls;
	int nelems;
} ScalarArrayOpInfo;

/* array::othertype[] */
typedef struct ArrayCoerceInfo
{
	ExprState *elemstate; /* NULL: the elements are not changed */
	Datum element;        /* what elemstate reads */
	bool elementnull;
	Oid sourcetype; /* of the elements */
	int16 sourcelen;
	bool sourcebyval;
	char sourcealign;
	Oid resulttype;
	int16 resultlen;
	bool resultbyval;
	char resultalign;
} ArrayCoerceInfo;

/* array[i] */
typedef struct SubscriptInfo
{
	Datum *indexes;
	bool *indexnulls;
	int nindexes;
	Oid elemtype;
	int16 elemlen;
	bool elembyval;
	char elemalign;
} SubscriptInfo;

/* append a step; execExpr.c */
extern void ExprEvalPushStep(ExprState *es, const ExprEvalStep *s);
/* execExprInterp.c */
extern void ExecReadyExpr(ExprState *state);
/* execExprArray.c */
extern void ExecEvalArrayExpr(ExprEvalStep *op);
extern void ExecEvalArrayCoerce(ExprEvalStep *op, ExprContext *econtext);
extern void ExecEvalSubscript(ExprEvalStep *op);
extern void ExecEvalScalarArrayOp(ExprEvalStep *op);
/* nodeSubplan.c: run an init plan and set its Params */
extern void ExecSetParamPlan(SubPlanState *node, ExprContext *econtext);
extern void ExecReScanSetParamPlan(SubPlanState *node);
extern SubPlanState *ExecInitSubPlan(SubPlan *subplan, PlanState *parent);
/* Params of the plan have new values: nothing that its nodes keep is good */
extern void ExecMarkParamsChanged(PlanState *planstate);
/* a sub-select in an expression; its state is added to parent->subPlan */
extern SubPlanState *ExecInitExprSubPlan(SubPlan *subplan, PlanState *parent);
extern Datum
ExecSubPlan(SubPlanState *node, ExprContext *econtext, bool *isNull);

#endif /* EXEC_EXPR_H */
