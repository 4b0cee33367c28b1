/*
 * parser/parse_cte.h
 *		WITH.
 *
 * Corresponds to PostgreSQL's parser/parse_cte.h.
 */
#ifndef PARSE_CTE_H
#define PARSE_CTE_H

#include "parser/parse_node.h"

/* fills p_ctenamespace */
extern void
transformWithClause(ParseState *pstate, const PgQuery__WithClause *withClause);

#endif /* PARSE_CTE_H */
