/*
 * outfuncs.c
 *		Expression trees as text, for the catalogs.
 *
 *		{LABEL :field value ...}	a node
 *		(item item)					a list of nodes
 *		<>							none
 *
 * A value of a Const is written byte by byte, whatever its type, so that no
 * function of the type is called.  readfuncs.c reads the text back.
 *
 * Corresponds to PostgreSQL's nodes/outfuncs.c.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodefields.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "utils/datum.h"

static void out_node(StringInfo buf, const void *obj);

/* "4 [ 1 0 0 0 0 0 0 0 ]": all bytes of the Datum, or of what it points to */
static void
out_datum(StringInfo buf, const Const *con)
{
	Size length;
	Size nbytes;
	const char *bytes;

	if (con->constisnull)
	{
		appendStringInfoString(buf, "<>");
		return;
	}
	length = datumGetSize(con->constvalue, con->constbyval, con->constlen);
	nbytes = con->constbyval ? sizeof(Datum) : length;
	bytes = con->constbyval ? (const char *) &con->constvalue
	                        : (const char *) DatumGetPointer(con->constvalue);
	appendStringInfo(buf, "%u [ ", (unsigned) length);
	for (Size i = 0; i < nbytes; i++)
		appendStringInfo(buf, "%d ", (signed char) bytes[i]);
	appendStringInfoChar(buf, ']');
}

static void
out_field(StringInfo buf, const void *node, const NodeField *field)
{
	static const char *const boolops[] = {
		[AND_EXPR] = "and", [OR_EXPR] = "or", [NOT_EXPR] = "not"};
	const void *at = (const char *) node + field->offset;

	appendStringInfo(buf, " :%s ", field->name);
	switch ((NodeFieldKind) field->kind)
	{
		case FIELD_INT:
		case FIELD_LOCATION:
			appendStringInfo(buf, "%d", *(const int *) at);
			break;
		case FIELD_UINT:
			appendStringInfo(buf, "%u", *(const unsigned *) at);
			break;
		case FIELD_INT16:
			appendStringInfo(buf, "%d", *(const int16 *) at);
			break;
		case FIELD_BOOL:
			appendStringInfoString(buf, *(const bool *) at ? "true" : "false");
			break;
		case FIELD_NODE:
			out_node(buf, *(const void *const *) at);
			break;
		case FIELD_BOOLOP:
			appendStringInfoString(buf, boolops[*(const BoolExprType *) at]);
			break;
		case FIELD_DATUM:
			out_datum(buf, (const Const *) node);
			break;
		case FIELD_ABSENT_UINT:
			appendStringInfoChar(buf, '0');
			break;
		case FIELD_ABSENT_NODE:
			appendStringInfoString(buf, "<>");
			break;
	}
}

static void
out_list(StringInfo buf, const List *list)
{
	ListCell *lc;

	appendStringInfoChar(buf, '(');
	foreach (lc, list)
	{
		if (foreach_current_index(lc) > 0)
			appendStringInfoChar(buf, ' ');
		out_node(buf, lfirst(lc));
	}
	appendStringInfoChar(buf, ')');
}

static void
out_node(StringInfo buf, const void *obj)
{
	const NodeFields *form;

	check_stack_depth();
	if (obj == NULL)
	{
		appendStringInfoString(buf, "<>");
		return;
	}
	if (IsA(obj, List))
	{
		out_list(buf, obj);
		return;
	}
	form = node_fields(nodeTag(obj));
	if (form == NULL)
		elog(ERROR, "could not dump unrecognized node type: %d",
		     (int) nodeTag(obj));
	appendStringInfo(buf, "{%s", form->label);
	for (const NodeField *field = form->fields; field->name != NULL; field++)
		out_field(buf, obj, field);
	appendStringInfoChar(buf, '}');
}

char *
nodeToString(const void *obj)
{
	StringInfoData buf;

	initStringInfo(&buf);
	out_node(&buf, obj);
	return buf.data;
}
