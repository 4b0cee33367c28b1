/*
 * utils/ruleutils.h
 *		From expression trees back to text: EXPLAIN, pg_get_indexdef.
 *
 * A context says what a Var's number means: the columns of one relation, or
 * the range table and the children of the plan node that is being shown.
 *
 * Corresponds to PostgreSQL's utils/ruleutils.h.
 */
#ifndef RULEUTILS_H
#define RULEUTILS_H

#include "nodes/parsenodes.h"

struct Plan;
struct PlannedStmt;

/*
 * Vars of varno 1 are columns of the relation, whose names are read here: it
 * need not be locked.  NIL if it is gone.
 */
extern List *deparse_context_for(const char *aliasname, Oid relid);
/* One unique name per range table entry, as EXPLAIN shows them. */
extern List *select_rtable_names_for_explain(List *rtable);
extern List *
deparse_context_for_plan_tree(struct PlannedStmt *pstmt, List *rtable_names);
/* What INNER_VAR, OUTER_VAR and INDEX_VAR mean in this node. */
extern List *set_deparse_context_plan(List *dpcontext, struct Plan *plan);
/* forceprefix: columns always with their table's name */
extern char *deparse_expression(Node *expr, List *dpcontext, bool forceprefix,
                                bool showimplicit);

#define PRETTYFLAG_PAREN 0x0001  /* parentheses only where they are needed */
#define PRETTYFLAG_INDENT 0x0002 /* CASE on several lines */
#define GET_PRETTY_FLAGS(pretty) \
	((pretty) ? PRETTYFLAG_PAREN | PRETTYFLAG_INDENT : PRETTYFLAG_INDENT)
extern char *
deparse_expression_pretty(Node *expr, List *dpcontext, bool forceprefix,
                          bool showimplicit, int prettyFlags);
/* ruleparens.c: does it read back without parentheses of its own there? */
extern bool isSimpleNode(Node *node, Node *parentNode);
/* ... as the name of a function and its arguments in parentheses? */
extern bool looks_like_function(Node *node);

/* CREATE INDEX ...; NULL and missing_ok, or ERROR, if there is no such index */
extern char *pg_get_indexdef_string(Oid indexrelid, bool missing_ok);
/* only the columns, with commas */
extern char *pg_get_indexdef_columns(Oid indexrelid);

/* NULL if there is no such relation */
extern char *generate_relation_name(Oid relid);
extern char *generate_qualified_relation_name(Oid relid);
extern char *generate_operator_name(Oid operid);

#endif /* RULEUTILS_H */
