/*
 * readfuncs.c
 *		Expression trees from their text: see outfuncs.c.
 *
 * The text comes out of a catalog; what it should not be is an error, never a
 * read outside of it.  Places in the text of the statement are not known any
 * more: locations are -1.
 *
 * Corresponds to PostgreSQL's nodes/read.c and nodes/readfuncs.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "nodefields.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "nodeshapes.h"

/* The next token, and what follows it. */
typedef struct Reader
{
	const char *token;
	int len; /* 0: the end */
	const char *rest;
} Reader;

static void *read_node(Reader *reader);

static void
advance(Reader *reader)
{
	const char *p = reader->rest;

	while (*p == ' ' || *p == '\n' || *p == '\t')
		p++;
	reader->token = p;
	if (*p != '\0' && strchr("(){}", *p) != NULL)
		p++;
	else
		p += strcspn(p, " \n\t(){}");
	reader->len = (int) (p - reader->token);
	reader->rest = p;
}

static bool
token_is(const Reader *reader, const char *text)
{
	return reader->len == (int) strlen(text) &&
	       memcmp(reader->token, text, reader->len) == 0;
}

static void
bad_token(const Reader *reader)
{
	elog(ERROR, "badly formatted node string \"%.32s\"...",
	     reader->len > 0 ? reader->token : "");
}

static void
expect(Reader *reader, const char *text)
{
	if (!token_is(reader, text))
		bad_token(reader);
	advance(reader);
}

static int64
read_number(Reader *reader)
{
	char *end;
	int64 value;

	if (reader->len == 0)
		bad_token(reader);
	errno = 0;
	value = strtoll(reader->token, &end, 10);
	if (end != reader->token + reader->len || errno != 0)
		bad_token(reader);
	advance(reader);
	return value;
}

static bool
read_bool(Reader *reader)
{
	bool value = token_is(reader, "true");

	if (!value && !token_is(reader, "false"))
		bad_token(reader);
	advance(reader);
	return value;
}

static BoolExprType
read_boolop(Reader *reader)
{
	BoolExprType op = AND_EXPR;

	if (token_is(reader, "or"))
		op = OR_EXPR;
	else if (token_is(reader, "not"))
		op = NOT_EXPR;
	else if (!token_is(reader, "and"))
		bad_token(reader);
	advance(reader);
	return op;
}

/* The fields before it say what it is. */
static Datum
read_datum(Reader *reader, const Const *con)
{
	Datum value = 0;
	int64 length;
	Size nbytes;
	char *bytes;

	if (con->constisnull)
	{
		expect(reader, "<>");
		return value;
	}
	length = read_number(reader);
	/* as many digits and spaces are left at least */
	if (length < 0 || (con->constbyval && length > (int64) sizeof(Datum)) ||
	    (!con->constbyval && length * 2 > (int64) strlen(reader->token)))
		bad_token(reader);
	expect(reader, "[");
	nbytes = con->constbyval ? sizeof(Datum) : (Size) length;
	bytes = con->constbyval ? (char *) &value : palloc(nbytes);
	for (Size i = 0; i < nbytes; i++)
		bytes[i] = (char) read_number(reader);
	expect(reader, "]");
	return con->constbyval ? value : PointerGetDatum(bytes);
}

static void
read_field(Reader *reader, void *node, const NodeField *field)
{
	void *at = (char *) node + field->offset;

	if (reader->len < 2 || reader->token[0] != ':' ||
	    reader->len - 1 != (int) strlen(field->name) ||
	    memcmp(reader->token + 1, field->name, reader->len - 1) != 0)
		bad_token(reader);
	advance(reader);
	switch ((NodeFieldKind) field->kind)
	{
		case FIELD_INT:
			*(int *) at = (int) read_number(reader);
			break;
		case FIELD_LOCATION:
			(void) read_number(reader);
			*(int *) at = -1;
			break;
		case FIELD_UINT:
			*(unsigned *) at = (unsigned) read_number(reader);
			break;
		case FIELD_INT16:
			*(int16 *) at = (int16) read_number(reader);
			break;
		case FIELD_BOOL:
			*(bool *) at = read_bool(reader);
			break;
		case FIELD_NODE:
			*(void **) at = read_node(reader);
			break;
		case FIELD_BOOLOP:
			*(BoolExprType *) at = read_boolop(reader);
			break;
		case FIELD_DATUM:
			*(Datum *) at = read_datum(reader, (Const *) node);
			break;
		case FIELD_ABSENT_UINT:
			(void) read_number(reader);
			break;
		case FIELD_ABSENT_NODE:
			expect(reader, "<>");
			break;
	}
}

static List *
read_list(Reader *reader)
{
	List *list = NIL;

	while (!token_is(reader, ")"))
		list = lappend(list, read_node(reader));
	advance(reader);
	return list;
}

static void *
read_node(Reader *reader)
{
	NodeTag tag;
	Node *node;

	check_stack_depth();
	if (token_is(reader, "<>"))
	{
		advance(reader);
		return NULL;
	}
	if (token_is(reader, "("))
	{
		advance(reader);
		return read_list(reader);
	}
	expect(reader, "{");
	if (!node_by_label(reader->token, reader->len, &tag))
		bad_token(reader);
	advance(reader);
	node = palloc0(node_shape(tag)->size);
	NodeSetTag(node, tag);
	for (const NodeField *field = node_fields(tag)->fields; field->name != NULL;
	     field++)
		read_field(reader, node, field);
	expect(reader, "}");
	return node;
}

void *
stringToNode(const char *str)
{
	Reader reader = {.rest = str};
	void *result;

	advance(&reader);
	result = read_node(&reader);
	if (reader.len != 0)
		bad_token(&reader);
	return result;
}
