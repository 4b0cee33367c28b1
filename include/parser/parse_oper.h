/*
 * parser/parse_oper.h
 *		Which operator is meant.
 *
 * Corresponds to PostgreSQL's parser/parse_oper.h.
 */
#ifndef PARSE_OPER_H
#define PARSE_OPER_H

#include "parser/parse_node.h"

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

/*
 * "<", "=", ">" of a type for ORDER BY, GROUP BY, DISTINCT; those not wanted
 * may be NULL.  ERROR 42883 if one that is needed does not exist.
 */
extern void get_sort_group_operators(Oid argtype, bool needLT, bool needEQ,
                                     bool needGT, Oid *ltOpr, Oid *eqOpr,
                                     Oid *gtOpr, bool *isHashable);

/* ltree is NULL for a prefix operator; the operands are coerced */
extern Expr *make_op(ParseState *pstate, List *opname, Node *ltree, Node *rtree,
                     Node *last_srf, int location);

#endif /* PARSE_OPER_H */
