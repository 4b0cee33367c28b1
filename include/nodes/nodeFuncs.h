/*
 * nodes/nodeFuncs.h
 *		What is asked of any expression, and walks over expression trees.
 *
 * A walker returns true to stop the walk.  A walker calls
 * expression_tree_walker on the nodes it does not treat itself; a mutator
 * likewise, and returns the node that takes the place of the one it was given.
 * Lists are walked element by element; a Query stands under a SubLink only and
 * is given to the walker itself, which may go on with query_tree_walker.
 *
 * Corresponds to PostgreSQL's nodes/nodeFuncs.h.
 */
#ifndef NODEFUNCS_H
#define NODEFUNCS_H

#include "nodes/parsenodes.h"

/* InvalidOid for NULL */
extern Oid exprType(const Node *expr);
extern int32 exprTypmod(const Node *expr); /* -1: none */
extern bool exprIsLengthCoercion(const Node *expr, int32 *coercedTypmod);
extern Oid exprCollation(const Node *expr);
extern Oid exprInputCollation(const Node *expr);
/* leftmost byte offset of the expression in the query text, or -1 */
extern int exprLocation(const Node *expr);

/* the expression without the casts at its top that nobody wrote */
extern Node *strip_implicit_coercions(Node *node);
/* one more RelabelType if the typmod differs; typmod -1: the input */
extern Node *relabel_to_typmod(Node *expr, int32 typmod);

extern bool expression_returns_set(Node *clause);
extern bool contain_aggs(Node *clause);

typedef bool (*tree_walker_callback)(Node *node, void *context);
typedef Node *(*tree_mutator_callback)(Node *node, void *context);

extern bool
expression_tree_walker(Node *node, tree_walker_callback walker, void *context);
extern Node *expression_tree_mutator(Node *node, tree_mutator_callback mutator,
                                     void *context);

#define QTW_IGNORE_RT_SUBQUERIES 0x01
#define QTW_IGNORE_CTE_SUBQUERIES 0x02
/* all expressions of a Query: target list, quals, sub-queries, VALUES, ... */
extern bool query_tree_walker(Query *query, tree_walker_callback walker,
                              void *context, int flags);
extern bool
query_or_expression_tree_walker(Node *node, tree_walker_callback walker,
                                void *context, int flags);

/* fills opfuncid where it is not set */
extern void set_opfuncid(OpExpr *opexpr);

/* is the output column of that number among them, and which entry is it */
extern TargetEntry *get_tle_by_resno(List *tlist, AttrNumber resno);
extern TargetEntry *get_sortgroupref_tle(Index sortref, List *targetList);
extern TargetEntry *
get_sortgroupclause_tle(SortGroupClause *sgClause, List *targetList);
extern Node *
get_sortgroupclause_expr(SortGroupClause *sgClause, List *targetList);
/* the entry whose expression equals this one, or NULL */
extern TargetEntry *tlist_member(Expr *node, List *targetlist);

#endif /* NODEFUNCS_H */
