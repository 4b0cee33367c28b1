/*
 * nodeshapes.h
 *		Which fields of a node are nodes and strings: what copies, walkers and
 *		mutators need to know of it.
 */
#ifndef NODESHAPES_H
#define NODESHAPES_H

#include "nodes/nodes.h"

/* Lists of offsets end with 0, which is the tag's. */
typedef struct NodeShape
{
	uint16 size;
	bool in_expressions;    /* walkers and mutators may meet it */
	uint16 expressions[4];  /* fields that they go into, in this order */
	uint16 other_nodes[15]; /* that are copied too */
	uint16 strings[4];      /* char *, copied too */
} NodeShape;

/* NULL: a node that has none, such as a list. */
extern const NodeShape *node_shape(NodeTag tag);

#define NODE_FIELD(node, offset) ((void **) ((char *) (node) + (offset)))

#endif
