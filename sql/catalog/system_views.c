/*
 * system_views.c
 *		The table of relations without a file.
 *
 * Compiled catalogs have PostgreSQL's OIDs; views have fixed ones of ours,
 * 9900 to 9999, since PostgreSQL gives its views whatever is free.
 */
#include "postgres.h"

#include "catalog/pg_class.h"
#include "catalog/system_views.h"

static const SystemView views[] = {
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};

const SystemView *
SystemViewByNumber(int n)
{
	Assert(n >= 0);
	return n < (int) lengthof(views) - 1 ? &views[n] : NULL;
}

const SystemView *
GetSystemView(Oid relid)
{
	const SystemView *view;

	for (int n = 0; (view = SystemViewByNumber(n)) != NULL; n++)
	{
		if (view->oid == relid)
			return view;
	}
	return NULL;
}
