/*
 * parser/parse_target.h
 *		Target lists.
 */
#ifndef PARSE_TARGET_H
#define PARSE_TARGET_H

#include "parser/parse_node.h"

/* "*" and "t.*" are expanded where the kind is a SELECT or RETURNING list */
extern List *transformTargetList(ParseState *pstate, PgQuery__Node **targetlist,
                                 size_t n, ParseExprKind exprKind);
extern List *
transformExpressionList(ParseState *pstate, PgQuery__Node **exprs, size_t n,
                        ParseExprKind exprKind, bool allowDefault);
extern TargetEntry *
transformTargetEntry(ParseState *pstate, PgQuery__Node *node, Node *expr,
                     ParseExprKind exprKind, char *colname, bool resjunk);
extern void resolveTargetListUnknowns(ParseState *pstate, List *targetlist);
extern void markTargetListOrigins(ParseState *pstate, List *targetlist);
/* expr made fit to be stored in the column; expr NULL stands for DEFAULT */
extern Expr *
transformAssignedExpr(ParseState *pstate, Expr *expr, ParseExprKind exprKind,
                      const char *colname, int attrno, int location);
/* attrnos gets the column numbers; without cols, every column */
extern List *checkInsertTargets(ParseState *pstate, PgQuery__Node **cols,
                                size_t n, List **attrnos);
/* the name an output column gets that has none */
extern char *FigureColname(const PgQuery__Node *node);
/* of a column of an index; NULL: the expression suggests none */
extern char *FigureIndexColname(const PgQuery__Node *node);

#endif /* PARSE_TARGET_H */
