/*
 * parser/parse_special.h
 *		Between parse_expr.c and parse_special.c only.
 */
#ifndef PARSE_SPECIAL_H
#define PARSE_SPECIAL_H

#include "parser/parse_node.h"

/* of the kind of expression that pstate->p_expr_kind says; NULL gives NULL */
extern Node *transformExprRecurse(ParseState *pstate, PgQuery__Node *expr);

/* array_type InvalidOid: that of the elements' common type */
extern Node *
transformArrayExpr(ParseState *pstate, const PgQuery__AArrayExpr *a,
                   Oid array_type, Oid element_type, int32 typmod);
extern Node *transformAExprOpArray(ParseState *pstate, const PgQuery__AExpr *a);
extern Node *
transformAExprDistinct(ParseState *pstate, const PgQuery__AExpr *a);
extern Node *transformAExprNullIf(ParseState *pstate, const PgQuery__AExpr *a);
extern Node *transformAExprIn(ParseState *pstate, const PgQuery__AExpr *a);
extern Node *transformAExprBetween(ParseState *pstate, const PgQuery__AExpr *a);
/* array[subscript] */
extern Node *
transformIndirection(ParseState *pstate, const PgQuery__AIndirection *ind);
extern Node *transformSubLink(ParseState *pstate, const PgQuery__SubLink *s);
extern Node *transformCaseExpr(ParseState *pstate, const PgQuery__CaseExpr *c);
extern Node *
transformCoalesceExpr(ParseState *pstate, const PgQuery__CoalesceExpr *c);
extern Node *
transformMinMaxExpr(ParseState *pstate, const PgQuery__MinMaxExpr *m);
extern Node *transformSQLValueFunction(ParseState *pstate,
                                       const PgQuery__SQLValueFunction *f);
extern Node *transformNullTest(ParseState *pstate, const PgQuery__NullTest *n);
extern Node *
transformBooleanTest(ParseState *pstate, const PgQuery__BooleanTest *b);

#endif /* PARSE_SPECIAL_H */
