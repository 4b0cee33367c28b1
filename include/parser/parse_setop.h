/*
 * parser/parse_setop.h
 *		UNION, INTERSECT and EXCEPT.
 */
#ifndef PARSE_SETOP_H
#define PARSE_SETOP_H

#include "parser/parse_node.h"

/*
 * The members go to pstate's range table.  Returns the target list of the
 * whole: Vars of the leftmost member, with the common types.
 */
extern List *
transformSetOperationTree(ParseState *pstate, const PgQuery__SelectStmt *stmt,
                          Node **setOperations);

#endif /* PARSE_SETOP_H */
