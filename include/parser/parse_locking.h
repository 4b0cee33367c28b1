/*
 * parser/parse_locking.h
 *		FOR UPDATE and its kin.
 */
#ifndef PARSE_LOCKING_H
#define PARSE_LOCKING_H

#include "parser/parse_node.h"

/* The clause as it is written. */
extern const char *LCS_asString(const PgQuery__LockingClause *lc);
/* Those of the statement, into qry->rowMarks; the rest of qry is there. */
extern void transformLockingClause(ParseState *pstate, Query *qry,
                                   const PgQuery__SelectStmt *stmt);

#endif /* PARSE_LOCKING_H */
