/*
 * copyfuncs.c
 *		Deep copies of expressions, queries and the lists and values in them.
 *
 * Raw parse trees (libpg_query's messages) are not nodes; a Query's
 * utilityStmt is copied by packing and unpacking it.
 *
 * Corresponds to PostgreSQL's nodes/copyfuncs.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "nodeshapes.h"
#include "parser/pg_query_tree.h"
#include "utils/datum.h"

static List *
copy_list(const List *from)
{
	List *list = palloc(sizeof(List));

	*list = *from;
	list->max_length = Max(from->length, 1);
	list->elements = palloc(list->max_length * sizeof(ListCell));
	for (int i = 0; i < from->length; i++)
	{
		if (from->type == T_List)
			list->elements[i].ptr_value =
				copyObjectImpl(from->elements[i].ptr_value);
		else
			list->elements[i] = from->elements[i];
	}
	return list;
}

static void
copy_node(void **field)
{
	*field = copyObjectImpl(*field);
}

static void
copy_string(void **field)
{
	if (*field != NULL)
		*field = pstrdup(*field);
}

/* What is neither node nor string and yet not a part of the struct. */
static void
copy_the_rest(Node *n)
{
	if (IsA(n, Const))
	{
		Const *c = (Const *) n;

		if (!c->constbyval && !c->constisnull)
			c->constvalue =
				datumCopy(c->constvalue, c->constbyval, c->constlen);
	}
	else if (IsA(n, Query))
	{
		Query *query = (Query *) n;

		query->utilityStmt = pgq_copy_node(query->utilityStmt);
	}
	else if (IsA(n, RawStmt))
	{
		RawStmt *raw = (RawStmt *) n;

		raw->stmt = pgq_copy_node(raw->stmt);
	}
}

void *
copyObjectImpl(const void *from)
{
	const NodeShape *shape;
	Node *n;

	if (from == NULL)
		return NULL;
	check_stack_depth();
	if (IsA(from, List) || IsA(from, IntList) || IsA(from, OidList))
		return copy_list(from);
	shape = node_shape(nodeTag(from));
	if (shape == NULL)
		elog(ERROR, "unrecognized node type: %d", (int) nodeTag(from));
	n = palloc(shape->size);
	memcpy(n, from, shape->size);
	for (const uint16 *field = shape->expressions; *field; field++)
		copy_node(NODE_FIELD(n, *field));
	for (const uint16 *field = shape->other_nodes; *field; field++)
		copy_node(NODE_FIELD(n, *field));
	for (const uint16 *field = shape->strings; *field; field++)
		copy_string(NODE_FIELD(n, *field));
	copy_the_rest(n);
	return n;
}
