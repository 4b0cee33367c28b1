/*
 * catalog/system_views.h
 *		Relations whose rows are made when they are read: views of the server's
 *		state, and catalogs whose rows are compiled in.
 *
 * Each has rows in pg_class and pg_attribute, made with the cluster, and no
 * file.  The planner turns a scan of one into a SystemViewScan, which calls
 * fill and then reads the store.  A new one is a line in one of the
 * tables below and takes effect in clusters made afterwards.
 */
#ifndef SYSTEM_VIEWS_H
#define SYSTEM_VIEWS_H

#include "access/tupdesc.h"

struct Tuplestorestate;

typedef struct SystemViewColumn
{
	const char *name;
	Oid typeoid;
} SystemViewColumn;

typedef struct SystemView
{
	Oid oid;
	const char *name; /* in pg_catalog */
	char relkind;     /* RELKIND_VIEW, or RELKIND_RELATION: compiled catalog */
	const SystemViewColumn *columns;
	int ncolumns;
	/* puts every row there is now into the store */
	void (*fill)(struct Tuplestorestate *store, TupleDesc desc);
} SystemView;

/* The tables of the files that fill them; the last row has no name. */
extern const SystemView stat_views[];    /* system_views_stat.c */
extern const SystemView table_views[];   /* system_views_tables.c */
extern const SystemView session_views[]; /* system_views_session.c */
extern const SystemView catalog_views[]; /* system_views_catalogs.c */
extern const SystemView empty_views[];   /* system_views_empty.c */

/* NULL: relid is not one */
extern const SystemView *GetSystemView(Oid relid);
/* the n-th, from 0; NULL after the last */
extern const SystemView *SystemViewByNumber(int n);

#endif /* SYSTEM_VIEWS_H */
