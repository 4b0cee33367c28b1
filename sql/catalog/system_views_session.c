/*
 * system_views_session.c
 *		The views of what the session itself has: pg_prepared_statements,
 *		pg_cursors.
 *
 * Columns are PostgreSQL 15's, in its order.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "commands/prepare.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/portal.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

/* What a callback needs to put a row. */
typedef struct ViewStore
{
	Tuplestorestate *store;
	TupleDesc desc;
} ViewStore;

/* ---- pg_prepared_statements ---- */

static const SystemViewColumn prepared_columns[] = {
	{"name", TEXTOID},
	{"statement", TEXTOID},
	{"prepare_time", TIMESTAMPTZOID},
	{"parameter_types", REGTYPEARRAYOID},
	{"from_sql", BOOLOID},
	{"generic_plans", INT8OID},
	{"custom_plans", INT8OID},
};

static Datum
type_array(const Oid *types, int n)
{
	Datum *elems = palloc_array(Datum, Max(n, 1));

	for (int i = 0; i < n; i++)
		elems[i] = ObjectIdGetDatum(types[i]);
	return PointerGetDatum(
		construct_array(elems, n, REGTYPEOID, sizeof(Oid), true, TYPALIGN_INT));
}

static void
put_prepared_statement(PreparedStatement *entry, void *arg)
{
	ViewStore *view = arg;
	CachedPlanSource *source = entry->plansource;
	bool nulls[lengthof(prepared_columns)] = {false};
	Datum values[lengthof(prepared_columns)] = {
		CStringGetTextDatum(entry->stmt_name),
		CStringGetTextDatum(source->query_string),
		Int64GetDatum(entry->prepare_time),
		type_array(source->param_types, source->num_params),
		BoolGetDatum(entry->from_sql),
		Int64GetDatum(source->num_generic_plans),
		Int64GetDatum(source->num_custom_plans),
	};

	tuplestore_putvalues(view->store, view->desc, values, nulls);
}

static void
fill_prepared_statements(Tuplestorestate *store, TupleDesc desc)
{
	ViewStore view = {store, desc};

	ForEachPreparedStatement(put_prepared_statement, &view);
}

/* ---- pg_cursors ---- */

static const SystemViewColumn cursor_columns[] = {
	{"name", TEXTOID},          {"statement", TEXTOID},
	{"is_holdable", BOOLOID},   {"is_binary", BOOLOID},
	{"is_scrollable", BOOLOID}, {"creation_time", TIMESTAMPTZOID},
};

static void
put_cursor(Portal portal, void *arg)
{
	ViewStore *view = arg;
	bool nulls[lengthof(cursor_columns)] = {false};
	Datum values[lengthof(cursor_columns)] = {
		CStringGetTextDatum(portal->name),
		CStringGetTextDatum(portal->sourceText ? portal->sourceText : ""),
		BoolGetDatum(false),
		BoolGetDatum((portal->cursorOptions & CURSOR_OPT_BINARY) != 0),
		BoolGetDatum(false),
		Int64GetDatum(portal->creation_time),
	};

	if (portal->visible)
		tuplestore_putvalues(view->store, view->desc, values, nulls);
}

static void
fill_cursors(Tuplestorestate *store, TupleDesc desc)
{
	ViewStore view = {store, desc};

	ForEachPortal(put_cursor, &view);
}

#define VIEW(oid, name, columns, fill)                            \
	{                                                             \
		oid, name, RELKIND_VIEW, columns, lengthof(columns), fill \
	}

const SystemView session_views[] = {
	VIEW(12077, "pg_cursors", cursor_columns, fill_cursors),
	VIEW(12095, "pg_prepared_statements", prepared_columns,
         fill_prepared_statements),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
