/*
 * parser/parse_clause.h
 *		Clauses of a query: FROM, WHERE, ORDER BY, GROUP BY, DISTINCT, LIMIT.
 *
 * Corresponds to PostgreSQL's parser/parse_clause.h.
 */
#ifndef PARSE_CLAUSE_H
#define PARSE_CLAUSE_H

#include "parser/parse_node.h"
#include "utils/acl.h"

extern void
transformFromClause(ParseState *pstate, PgQuery__Node **frmList, size_t n);
/* opens the target table, locks it; its range table index */
extern int setTargetTable(ParseState *pstate, const PgQuery__RangeVar *relation,
                          bool alsoSource, AclMode required);
extern Node *
transformWhereClause(ParseState *pstate, PgQuery__Node *clause,
                     ParseExprKind exprKind, const char *constructName);
extern Node *
transformLimitClause(ParseState *pstate, PgQuery__Node *clause,
                     ParseExprKind exprKind, const char *constructName,
                     LimitOption limitOption);
extern List *
transformGroupClause(ParseState *pstate, PgQuery__Node **grouplist, size_t n,
                     List **targetlist, List *sortClause);
extern List *
transformSortClause(ParseState *pstate, PgQuery__Node **orderlist, size_t n,
                    List **targetlist, ParseExprKind exprKind);
extern List *transformDistinctClause(ParseState *pstate, List **targetlist,
                                     List *sortClause, bool is_agg);
/* DISTINCT ON (...): ORDER BY says which row of each group it is */
extern List *
transformDistinctOnClause(ParseState *pstate, PgQuery__Node **distinctlist,
                          size_t n, List **targetlist, List *sortClause);
extern Index assignSortGroupRef(TargetEntry *tle, List *tlist);
extern bool targetIsInSortList(TargetEntry *tle, Oid sortop, List *sortList);

#endif /* PARSE_CLAUSE_H */
