/*
 * nodefields.h
 *		The text form of expression nodes: label and fields of each kind, as
 *		nodeToString writes and stringToNode reads them.
 */
#ifndef NODEFIELDS_H
#define NODEFIELDS_H

#include "nodes/nodes.h"

typedef enum NodeFieldKind
{
	FIELD_INT = 1,     /* int, int32, enums */
	FIELD_UINT,        /* Oid, Index */
	FIELD_INT16,       /* AttrNumber */
	FIELD_BOOL,        /* true, false */
	FIELD_NODE,        /* a node, a list of nodes, or <> */
	FIELD_LOCATION,    /* written as it is, read as unknown */
	FIELD_BOOLOP,      /* and, or, not */
	FIELD_DATUM,       /* the value of a Const: its last field */
	FIELD_ABSENT_UINT, /* PostgreSQL's, not here: 0 */
	FIELD_ABSENT_NODE  /* <> */
} NodeFieldKind;

typedef struct NodeField
{
	const char *name; /* NULL ends the list */
	uint16 kind;
	uint16 offset;
} NodeField;

typedef struct NodeFields
{
	const char *label; /* "OPEXPR" */
	NodeField fields[12];
} NodeFields;

/* NULL: nodes of that kind have no text form */
extern const NodeFields *node_fields(NodeTag tag);
/* the kind that a label of that length names; false: none */
extern bool node_by_label(const char *label, int len, NodeTag *tag);

#endif
