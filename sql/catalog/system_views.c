/*
 * system_views.c
 *		The relations without a file: the tables of them, one for each file that
 *		fills some.
 *
 * Compiled catalogs have PostgreSQL's OIDs; views have fixed ones of ours,
 * 12000 to 12999, since PostgreSQL gives its views whatever is free there.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/heap.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/system_views.h"

/* What no file of its own fills; the last row of a table has no name. */
static const SystemView views[] = {
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};

static const SystemView *const tables[] = {
	views,         stat_views,   table_views, session_views,
	catalog_views, empty_views,  pgss_views,  held_views,
	fault_views,   direct_views, hba_views,
};

const SystemView *
SystemViewByNumber(int n)
{
	Assert(n >= 0);
	for (int t = 0; t < lengthof(tables); t++)
		for (const SystemView *view = tables[t]; view->name != NULL; view++)
			if (n-- == 0)
				return view;
	return NULL;
}

const SystemView *
GetSystemView(Oid relid)
{
	const SystemView *view;

	/* Asked for every relation of every query. */
	if (relid >= FirstNormalObjectId)
		return NULL;
	for (int n = 0; (view = SystemViewByNumber(n)) != NULL; n++)
	{
		if (view->oid == relid)
			return view;
	}
	return NULL;
}

const SystemView *
GetFunctionView(Oid funcid)
{
	const SystemView *view;

	for (int n = 0; (view = SystemViewByNumber(n)) != NULL; n++)
	{
		if (OidIsValid(funcid) && view->function == funcid)
			return view;
	}
	return NULL;
}

void
CreateSystemView(const SystemView *view)
{
	NewRelation newrel = {
		.relid = view->oid,
		.relname = view->name,
		.relnamespace =
			view->extension ? PG_PUBLIC_NAMESPACE : PG_CATALOG_NAMESPACE,
		.owner = BOOTSTRAP_SUPERUSERID,
		.relkind = view->relkind,
		.relpersistence = RELPERSISTENCE_PERMANENT,
		.tupdesc = CreateTemplateTupleDesc(view->ncolumns),
	};

	for (int i = 0; i < view->ncolumns; i++)
		TupleDescInitEntry(newrel.tupdesc, i + 1, view->columns[i].name,
		                   view->columns[i].typeoid, -1, 0);
	heap_create_with_catalog(&newrel);
}
