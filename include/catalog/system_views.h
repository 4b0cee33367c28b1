/*
 * catalog/system_views.h
 *		Relations whose rows are made when they are read: views of the server's
 *		state, and catalogs whose rows are compiled in.
 *
 * Each has rows in pg_class and pg_attribute, made with the cluster (or with its
 * extension), and no file.  The planner turns a scan of one into a SystemViewScan, which calls
 * fill and then reads the store.  A new one is a line in one of the tables below;
 * a server that knows it does not start with a cluster that was made before
 * (catalog/catversion.h).
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
	const char *name; /* in pg_catalog, but for those of an extension */
	char relkind;     /* RELKIND_VIEW, or RELKIND_RELATION: compiled catalog */
	const SystemViewColumn *columns;
	int ncolumns;
	/* puts every row there is now into the store */
	void (*fill)(struct Tuplestorestate *store, TupleDesc desc);
	/*
	 * NULL, or: there while the extension is created, in its schema; and the
	 * function of pg_proc whose result has the same columns
	 */
	const char *extension;
	Oid function;
} SystemView;

/* The tables of the files that fill them; the last row has no name. */
extern const SystemView stat_views[];    /* system_views_stat.c */
extern const SystemView table_views[];   /* system_views_tables.c */
extern const SystemView session_views[]; /* system_views_session.c */
extern const SystemView held_views[];    /* system_views_held.c */
extern const SystemView direct_views[];  /* system_views_direct.c */
extern const SystemView fault_views[];   /* system_views_fault.c */
extern const SystemView hba_views[];     /* system_views_hba.c */
extern const SystemView catalog_views[]; /* system_views_catalogs.c */
extern const SystemView empty_views[];   /* system_views_empty.c */
extern const SystemView pgss_views[];    /* contrib/pg_stat_statements */

/* NULL: relid is not one */
extern const SystemView *GetSystemView(Oid relid);
/* whose columns a function that returns records has; NULL: unknown */
extern const SystemView *GetFunctionView(Oid funcid);
/* the n-th, from 0; NULL after the last */
extern const SystemView *SystemViewByNumber(int n);

/* The view's rows of pg_class and pg_attribute. */
extern void CreateSystemView(const SystemView *view);

#endif /* SYSTEM_VIEWS_H */
