/*
 * parser/parse_oper.h
 *		Which operator is meant.
 *
 * Corresponds to PostgreSQL's parser/parse_oper.h.
 */
#ifndef PARSE_OPER_H
#define PARSE_OPER_H

#include "parser/parse_node.h"
#include "utils/typcache.h" /* get_sort_group_operators */

/*
 * The operator of a binary expression with these operand types, unknown ones
 * included, by exact match or by the rules of candidates.  InvalidOid if
 * noError, else ERROR 42883 or 42725.
 */
extern Oid oper(ParseState *pstate, List *opname, Oid ltypeId, Oid rtypeId,
                bool noError, int location);
extern Oid left_oper(ParseState *pstate, List *opname, Oid arg, bool noError,
                     int location);
extern Oid compatible_oper_opid(List *op, Oid arg1, Oid arg2, bool noError);
/* exact types; ERROR 42883 unless noError */
extern Oid LookupOperName(ParseState *pstate, List *opername, Oid oprleft,
                          Oid oprright, bool noError, int location);

/* ltree is NULL for a prefix operator; the operands are coerced */
extern Expr *make_op(ParseState *pstate, List *opname, Node *ltree, Node *rtree,
                     Node *last_srf, int location);

/* ltree op ANY/ALL (rtree) */
extern Expr *make_scalar_array_op(ParseState *pstate, List *opname, bool useOr,
                                  Node *ltree, Node *rtree, int location);

#endif /* PARSE_OPER_H */
