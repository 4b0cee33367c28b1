/*
 * nodefields.c
 *		The table of the text forms of expression nodes.
 *
 * Labels, fields and their order are PostgreSQL 15's, so that pg_index.indexprs
 * and indpred read there as here.  There they are written out twice, in
 * outfuncs.c and readfuncs.c; here both read this table.
 */
#include "postgres.h"

#include "nodefields.h"
#include "nodes/primnodes.h"

/* of the struct "T" */
#define F(kind, name)                          \
	{                                          \
#name, FIELD_##kind, offsetof(T, name) \
	}
#define ABSENT(kind, name)            \
	{                                 \
#name, FIELD_ABSENT_##kind, 0 \
	}
#define LOCATION F(LOCATION, location)

/* an operator and its kin: the kinds that share struct OpExpr */
#define T OpExpr
#define OPERATOR(tag, text)                                               \
	[tag] = {text,                                                        \
	         {F(UINT, opno), F(UINT, opfuncid), F(UINT, opresulttype),    \
	          F(BOOL, opretset), F(UINT, opcollid), F(UINT, inputcollid), \
	          F(NODE, args), LOCATION}}

static const NodeFields forms[] = {
	OPERATOR(T_OpExpr, "OPEXPR"),
	OPERATOR(T_DistinctExpr, "DISTINCTEXPR"),
	OPERATOR(T_NullIfExpr, "NULLIFEXPR"),
#undef T
#define T Var
	[T_Var] = {"VAR",
               {F(INT, varno), F(INT16, varattno), F(UINT, vartype),
                F(INT, vartypmod), F(UINT, varcollid), F(UINT, varlevelsup),
                F(UINT, varnosyn), F(INT16, varattnosyn), LOCATION}},
#undef T
#define T Const
	[T_Const] = {"CONST",
                 {F(UINT, consttype), F(INT, consttypmod), F(UINT, constcollid),
                  F(INT, constlen), F(BOOL, constbyval), F(BOOL, constisnull),
                  LOCATION, F(DATUM, constvalue)}},
#undef T
#define T FuncExpr
	[T_FuncExpr] = {"FUNCEXPR",
                    {F(UINT, funcid), F(UINT, funcresulttype),
                     F(BOOL, funcretset), F(BOOL, funcvariadic),
                     F(INT, funcformat), F(UINT, funccollid),
                     F(UINT, inputcollid), F(NODE, args), LOCATION}},
#undef T
#define T ScalarArrayOpExpr
	[T_ScalarArrayOpExpr] = {"SCALARARRAYOPEXPR",
                             {F(UINT, opno), F(UINT, opfuncid),
                              ABSENT(UINT, hashfuncid), ABSENT(UINT, negfuncid),
                              F(BOOL, useOr), F(UINT, inputcollid),
                              F(NODE, args), LOCATION}},
#undef T
#define T BoolExpr
	[T_BoolExpr] = {"BOOLEXPR", {F(BOOLOP, boolop), F(NODE, args), LOCATION}},
#undef T
#define T SubscriptingRef
	[T_SubscriptingRef] = {"SUBSCRIPTINGREF",
                           {F(UINT, refcontainertype),
                            F(UINT, refelemtype),
                            {"refrestype", FIELD_UINT,
                             offsetof(SubscriptingRef, refelemtype)},
                            F(INT, reftypmod),
                            F(UINT, refcollid),
                            F(NODE, refupperindexpr),
                            ABSENT(NODE, reflowerindexpr),
                            F(NODE, refexpr),
                            ABSENT(NODE, refassgnexpr)}},
#undef T
#define T RelabelType
	[T_RelabelType] = {"RELABELTYPE",
                       {F(NODE, arg), F(UINT, resulttype), F(INT, resulttypmod),
                        F(UINT, resultcollid), F(INT, relabelformat),
                        LOCATION}},
#undef T
#define T CoerceViaIO
	[T_CoerceViaIO] = {"COERCEVIAIO",
                       {F(NODE, arg), F(UINT, resulttype),
                        F(UINT, resultcollid), F(INT, coerceformat), LOCATION}},
#undef T
#define T ArrayCoerceExpr
	[T_ArrayCoerceExpr] = {"ARRAYCOERCEEXPR",
                           {F(NODE, arg), F(NODE, elemexpr),
                            F(UINT, resulttype), F(INT, resulttypmod),
                            F(UINT, resultcollid), F(INT, coerceformat),
                            LOCATION}},
#undef T
#define T CaseExpr
	[T_CaseExpr] = {"CASEEXPR",
                    {F(UINT, casetype), F(UINT, casecollid), F(NODE, arg),
                     F(NODE, args), F(NODE, defresult), LOCATION}},
#undef T
#define T CaseWhen
	[T_CaseWhen] = {"CASEWHEN", {F(NODE, expr), F(NODE, result), LOCATION}},
#undef T
#define T CaseTestExpr
	[T_CaseTestExpr] = {"CASETESTEXPR",
                        {F(UINT, typeId), F(INT, typeMod), F(UINT, collation)}},
#undef T
#define T ArrayExpr
	[T_ArrayExpr] = {"ARRAYEXPR",
                     {F(UINT, array_typeid), F(UINT, array_collid),
                      F(UINT, element_typeid), F(NODE, elements),
                      F(BOOL, multidims), LOCATION}},
#undef T
#define T CoalesceExpr
	[T_CoalesceExpr] = {"COALESCEEXPR",
                        {F(UINT, coalescetype), F(UINT, coalescecollid),
                         F(NODE, args), LOCATION}},
#undef T
#define T MinMaxExpr
	[T_MinMaxExpr] = {"MINMAXEXPR",
                      {F(UINT, minmaxtype), F(UINT, minmaxcollid),
                       F(UINT, inputcollid), F(INT, op), F(NODE, args),
                       LOCATION}},
#undef T
#define T NullTest
	[T_NullTest] = {"NULLTEST",
                    {F(NODE, arg), F(INT, nulltesttype), F(BOOL, argisrow),
                     LOCATION}},
#undef T
#define T BooleanTest
	[T_BooleanTest] = {"BOOLEANTEST",
                       {F(NODE, arg), F(INT, booltesttype), LOCATION}},
#undef T
};

const NodeFields *
node_fields(NodeTag tag)
{
	if ((unsigned) tag >= lengthof(forms) || forms[tag].label == NULL)
		return NULL;
	return &forms[tag];
}

bool
node_by_label(const char *label, int len, NodeTag *tag)
{
	for (unsigned i = 0; i < lengthof(forms); i++)
	{
		if (forms[i].label != NULL && (int) strlen(forms[i].label) == len &&
		    memcmp(forms[i].label, label, len) == 0)
		{
			*tag = (NodeTag) i;
			return true;
		}
	}
	return false;
}
