/*
 * pseudotypes.c
 *		Input and output of types that are no values: cstring and void, which
 *		can be shown, and the rest, which cannot.
 *
 * Corresponds to PostgreSQL's utils/adt/pseudotypes.c.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"

Datum
cstring_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(PG_GETARG_CSTRING(0)));
}

Datum
cstring_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(PG_GETARG_CSTRING(0)));
}

Datum
cstring_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int nbytes;

	PG_RETURN_CSTRING(pq_getmsgtext(buf, buf->len - buf->cursor, &nbytes));
}

Datum
cstring_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(cstring_to_text(PG_GETARG_CSTRING(0)));
}

Datum
void_in(PG_FUNCTION_ARGS)
{
	PG_RETURN_VOID();
}

Datum
void_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(""));
}

Datum
void_recv(PG_FUNCTION_ARGS)
{
	PG_RETURN_VOID();
}

Datum
void_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(cstring_to_text(""));
}

#define NO_INPUT(function, type)                                            \
	Datum function##_in(PG_FUNCTION_ARGS)                                   \
	{                                                                       \
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),             \
		                errmsg("cannot accept a value of type %s", type))); \
		PG_RETURN_VOID();                                                   \
	}

#define NO_OUTPUT(function, type)                                            \
	Datum function##_out(PG_FUNCTION_ARGS)                                   \
	{                                                                        \
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),              \
		                errmsg("cannot display a value of type %s", type))); \
		PG_RETURN_VOID();                                                    \
	}

#define NO_VALUE(function, type) \
	NO_INPUT(function, type)     \
	NO_OUTPUT(function, type)

NO_VALUE(any, "any")
NO_VALUE(anyelement, "anyelement")
NO_VALUE(anynonarray, "anynonarray")
NO_INPUT(anyarray, "anyarray")
NO_VALUE(anycompatible, "anycompatible")
NO_VALUE(anycompatiblenonarray, "anycompatiblenonarray")
NO_VALUE(internal, "internal")
NO_VALUE(trigger, "trigger")
NO_VALUE(event_trigger, "event_trigger")
NO_VALUE(language_handler, "language_handler")
NO_VALUE(fdw_handler, "fdw_handler")
NO_VALUE(index_am_handler, "index_am_handler")
NO_VALUE(tsm_handler, "tsm_handler")
NO_VALUE(table_am_handler, "table_am_handler")
NO_VALUE(pg_ddl_command, "pg_ddl_command")
NO_INPUT(pg_node_tree, "pg_node_tree")

Datum
pg_node_tree_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(text_to_cstring(PG_GETARG_TEXT_PP(0)));
}

Datum
pg_node_tree_send(PG_FUNCTION_ARGS)
{
	PG_RETURN_BYTEA_P(cstring_to_text(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
