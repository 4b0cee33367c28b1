/*
 * pg_query_tree.h
 *		Raw parse trees: libpg_query's protobuf messages, unpacked into the
 *		current memory context.
 *
 * A node is a PgQuery__Node, a tagged union: switch on node->node_case
 * (PG_QUERY__NODE__NODE_...) and use the member of that name, for instance
 * PG_QUERY__NODE__NODE_INDEX_STMT and node->index_stmt.  Repeated fields are
 * an array of pointers and a count (n_...).  Absent strings are "" rather than
 * NULL, absent messages are NULL.
 *
 * What commands need of it as ordinary nodes (options, names, types) the
 * functions below convert.
 */
#ifndef PG_QUERY_TREE_H
#define PG_QUERY_TREE_H

#include "nodes/nodes.h"
#include "nodes/pg_list.h"

#include <pg_query/pg_query.pb-c.h>

struct RangeVar;
struct TypeName;
struct DefElem;
struct Alias;

/* a List of String of a list of string nodes (qualified names) */
extern List *pgq_name_list(PgQuery__Node **nodes, size_t n);
/* the text of a PgQuery__String node; error if it is something else */
extern char *pgq_string(const PgQuery__Node *node);
/* RangeVar, TypeName, DefElem of their messages, in CurrentMemoryContext */
extern struct RangeVar *pgq_range_var(const PgQuery__RangeVar *rv);
extern struct TypeName *pgq_type_name(const PgQuery__TypeName *tn);
extern struct DefElem *pgq_def_elem(const PgQuery__DefElem *de);
/* a List of DefElem of a list of def_elem nodes */
extern List *pgq_def_elems(PgQuery__Node **nodes, size_t n);
/* Integer, Float, Boolean, String, TypeName, List of a value node */
extern Node *pgq_value(const PgQuery__Node *node);
/* name of a statement kind for messages: "CreateStmt", "ALTER SYSTEM", ... */
extern const char *pgq_node_name(const PgQuery__Node *node);

/* Alias, or NULL for NULL */
extern struct Alias *pgq_alias(const PgQuery__Alias *alias);
/* where it begins in the source text, -1 if unknown */
extern int pgq_location(const PgQuery__Node *node);
/* a deep copy in CurrentMemoryContext; NULL for NULL */
extern PgQuery__Node *pgq_copy_node(const PgQuery__Node *node);
extern PgQuery__ParseResult *
pgq_copy_parse_result(const PgQuery__ParseResult *result);

#endif /* PG_QUERY_TREE_H */
