/*
 * parser/parse_expr.h
 *		Analysis of expressions.
 */
#ifndef PARSE_EXPR_H
#define PARSE_EXPR_H

#include "parser/parse_node.h"

/* NULL gives NULL; the result may be of type unknown */
extern Node *
transformExpr(ParseState *pstate, PgQuery__Node *expr, ParseExprKind exprKind);
/* "WHERE", "ORDER BY", ...: the clause for messages */
extern const char *ParseExprKindName(ParseExprKind exprKind);
/* "functions in FROM" and the like, for aggregates that stand there */
extern const char *ParseExprKindPlace(ParseExprKind exprKind);

#endif /* PARSE_EXPR_H */
