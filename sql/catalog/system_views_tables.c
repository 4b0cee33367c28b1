/*
 * system_views_tables.c
 *		The views of what was done to tables and indexes: pg_stat_all_tables,
 *		pg_stat_all_indexes, and each once more for what users made and for the
 *		system's own; and to the database, pg_stat_database.
 *
 * Columns are PostgreSQL 15's, in its order.  Each row is read by itself.
 */
#include "postgres.h"

#include <string.h>

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/catalog_schema.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* Which relations a view is about. */
typedef enum Whose
{
	ALL_RELATIONS,
	SYSTEM_RELATIONS,
	USER_RELATIONS
} Whose;

/* An index and its table. */
typedef struct IndexOf
{
	Oid indexrelid;
	Oid indrelid;
} IndexOf;

static bool
IsSystemSchema(const char *name)
{
	return name != NULL && (strcmp(name, "pg_catalog") == 0 ||
	                        strcmp(name, "information_schema") == 0 ||
	                        strncmp(name, "pg_toast", 8) == 0);
}

/* Is it one of them; *schema is its schema's name. */
static bool
Shows(Whose whose, Form_pg_class form, char **schema)
{
	if (!OidIsValid(form->relfilenode) || (form->relkind != RELKIND_RELATION &&
	                                       form->relkind != RELKIND_TOASTVALUE))
		return false;
	*schema = get_namespace_name(form->relnamespace);
	return whose == ALL_RELATIONS ||
	       IsSystemSchema(*schema) == (whose == SYSTEM_RELATIONS);
}

static List *
AllIndexes(void)
{
	Relation rel = table_open(IndexRelationId, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(IndexRelationId), 0, NULL);
	List *result = NIL;
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_index form = (Form_pg_index) GETSTRUCT(tuple);
		IndexOf *index = palloc_object(IndexOf);

		index->indexrelid = form->indexrelid;
		index->indrelid = form->indrelid;
		result = lappend(result, index);
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

typedef void (*RelationAction)(ViewRow *row, Form_pg_class form,
                               const char *schema, List *indexes);

static void
for_each_table(Tuplestorestate *store, TupleDesc desc, Whose whose,
               RelationAction action)
{
	List *indexes = AllIndexes();
	Relation pg_class = table_open(RelationRelationId, AccessShareLock);
	TableScanDesc scan = table_beginscan(
		pg_class, GetCatalogSnapshot(RelationRelationId), 0, NULL);
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		ViewRow row = {.store = store, .desc = desc};
		char *schema;

		if (Shows(whose, form, &schema))
			action(&row, form, schema, indexes);
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
}

/* ---- tables ---- */

static const SystemViewColumn tables_columns[] = {
	{"relid", OIDOID},
	{"schemaname", NAMEOID},
	{"relname", NAMEOID},
	{"seq_scan", INT8OID},
	{"seq_tup_read", INT8OID},
	{"idx_scan", INT8OID},
	{"idx_tup_fetch", INT8OID},
	{"n_tup_ins", INT8OID},
	{"n_tup_upd", INT8OID},
	{"n_tup_del", INT8OID},
	{"n_tup_hot_upd", INT8OID},
	{"n_live_tup", INT8OID},
	{"n_dead_tup", INT8OID},
	{"n_mod_since_analyze", INT8OID},
	{"n_ins_since_vacuum", INT8OID},
	{"last_vacuum", TIMESTAMPTZOID},
	{"last_autovacuum", TIMESTAMPTZOID},
	{"last_analyze", TIMESTAMPTZOID},
	{"last_autoanalyze", TIMESTAMPTZOID},
	{"vacuum_count", INT8OID},
	{"autovacuum_count", INT8OID},
	{"analyze_count", INT8OID},
	{"autoanalyze_count", INT8OID},
};

/* NULLs: the table has no index. */
static void
put_index_sums(ViewRow *row, Oid relid, List *indexes,
               PgStat_Counter tuples_fetched)
{
	PgStat_Counter scans = 0;
	PgStat_Counter fetched = tuples_fetched;
	bool any = false;
	ListCell *lc;

	foreach (lc, indexes)
	{
		IndexOf *index = lfirst(lc);
		PgStat_StatTabEntry stat;

		if (index->indrelid != relid)
			continue;
		any = true;
		(void) pgstat_fetch_stat_tabentry(index->indexrelid, &stat);
		scans += stat.numscans;
		fetched += stat.tuples_fetched;
	}
	if (any)
	{
		put_int8(row, scans);
		put_int8(row, fetched);
	}
	else
	{
		put_null(row);
		put_null(row);
	}
}

static void
put_table(ViewRow *row, Form_pg_class form, const char *schema, List *indexes)
{
	PgStat_StatTabEntry stat;

	(void) pgstat_fetch_stat_tabentry(form->oid, &stat);
	put_oid(row, form->oid);
	put_name(row, schema);
	put_name(row, NameStr(form->relname));
	put_int8(row, stat.numscans);
	put_int8(row, stat.tuples_returned);
	put_index_sums(row, form->oid, indexes, stat.tuples_fetched);
	put_int8(row, stat.n_tup_ins);
	put_int8(row, stat.n_tup_upd);
	put_int8(row, stat.n_tup_del);
	put_int8(row, stat.n_tup_hot_upd);
	put_int8(row, stat.n_live_tup);
	put_int8(row, stat.n_dead_tup);
	put_int8(row, stat.n_mod_since_analyze);
	put_int8(row, stat.n_ins_since_vacuum);
	put_timestamp(row, stat.last_vacuum);
	put_timestamp(row, stat.last_autovacuum);
	put_timestamp(row, stat.last_analyze);
	put_timestamp(row, stat.last_autoanalyze);
	put_int8(row, stat.vacuum_count);
	put_int8(row, stat.autovacuum_count);
	put_int8(row, stat.analyze_count);
	put_int8(row, stat.autoanalyze_count);
	finish_row(row);
}

static void
fill_all_tables(Tuplestorestate *store, TupleDesc desc)
{
	for_each_table(store, desc, ALL_RELATIONS, put_table);
}

static void
fill_sys_tables(Tuplestorestate *store, TupleDesc desc)
{
	for_each_table(store, desc, SYSTEM_RELATIONS, put_table);
}

static void
fill_user_tables(Tuplestorestate *store, TupleDesc desc)
{
	for_each_table(store, desc, USER_RELATIONS, put_table);
}

/* ---- indexes ---- */

static const SystemViewColumn indexes_columns[] = {
	{"relid", OIDOID},         {"indexrelid", OIDOID},
	{"schemaname", NAMEOID},   {"relname", NAMEOID},
	{"indexrelname", NAMEOID}, {"idx_scan", INT8OID},
	{"idx_tup_read", INT8OID}, {"idx_tup_fetch", INT8OID},
};

static void
put_indexes(ViewRow *first, Form_pg_class form, const char *schema,
            List *indexes)
{
	ListCell *lc;

	foreach (lc, indexes)
	{
		IndexOf *index = lfirst(lc);
		ViewRow row = {.store = first->store, .desc = first->desc};
		PgStat_StatTabEntry stat;
		char *name;

		if (index->indrelid != form->oid)
			continue;
		name = get_rel_name(index->indexrelid);
		if (name == NULL) /* dropped meanwhile */
			continue;
		(void) pgstat_fetch_stat_tabentry(index->indexrelid, &stat);
		put_oid(&row, form->oid);
		put_oid(&row, index->indexrelid);
		put_name(&row, schema);
		put_name(&row, NameStr(form->relname));
		put_name(&row, name);
		put_int8(&row, stat.numscans);
		put_int8(&row, stat.tuples_returned);
		put_int8(&row, stat.tuples_fetched);
		finish_row(&row);
	}
}

static void
fill_all_indexes(Tuplestorestate *store, TupleDesc desc)
{
	for_each_table(store, desc, ALL_RELATIONS, put_indexes);
}

static void
fill_sys_indexes(Tuplestorestate *store, TupleDesc desc)
{
	for_each_table(store, desc, SYSTEM_RELATIONS, put_indexes);
}

static void
fill_user_indexes(Tuplestorestate *store, TupleDesc desc)
{
	for_each_table(store, desc, USER_RELATIONS, put_indexes);
}

/* ---- the database ---- */

static const SystemViewColumn database_columns[] = {
	{"datid", OIDOID},
	{"datname", NAMEOID},
	{"numbackends", INT4OID},
	{"xact_commit", INT8OID},
	{"xact_rollback", INT8OID},
	{"blks_read", INT8OID},
	{"blks_hit", INT8OID},
	{"tup_returned", INT8OID},
	{"tup_fetched", INT8OID},
	{"tup_inserted", INT8OID},
	{"tup_updated", INT8OID},
	{"tup_deleted", INT8OID},
	{"conflicts", INT8OID},
	{"temp_files", INT8OID},
	{"temp_bytes", INT8OID},
	{"deadlocks", INT8OID},
	{"checksum_failures", INT8OID},
	{"checksum_last_failure", TIMESTAMPTZOID},
	{"blk_read_time", FLOAT8OID},
	{"blk_write_time", FLOAT8OID},
	{"session_time", FLOAT8OID},
	{"active_time", FLOAT8OID},
	{"idle_in_transaction_time", FLOAT8OID},
	{"sessions", INT8OID},
	{"sessions_abandoned", INT8OID},
	{"sessions_fatal", INT8OID},
	{"sessions_killed", INT8OID},
	{"stats_reset", TIMESTAMPTZOID},
};

static int
count_backends(void)
{
	PgBackendStatus *status = palloc(sizeof(PgBackendStatus));
	int n = 0;

	for (int i = 0; i < PROCARRAY_SLOTS; i++)
		n +=
			pgstat_read_backend(i, status) && OidIsValid(status->st_databaseid);
	pfree(status);
	return n;
}

static void
put_milliseconds(ViewRow *row, PgStat_Counter microseconds)
{
	put_datum(row, Float8GetDatum(microseconds / 1000.0));
}

static void
fill_database(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	PgStat_StatDBEntry stat;
	TimestampTz stats_reset;

	pgstat_fetch_stat_dbentry(&stat, &stats_reset);
	put_oid(&row, MyDatabaseId);
	put_name(&row, get_database_name(MyDatabaseId));
	put_int4(&row, count_backends());
	put_int8(&row, stat.xact_commit);
	put_int8(&row, stat.xact_rollback);
	put_int8(&row, stat.blks_read);
	put_int8(&row, stat.blks_hit);
	put_int8(&row, stat.tup_returned);
	put_int8(&row, stat.tup_fetched);
	put_int8(&row, stat.tup_inserted);
	put_int8(&row, stat.tup_updated);
	put_int8(&row, stat.tup_deleted);
	put_int8(&row, 0); /* conflicts: nobody follows another server */
	put_int8(&row, stat.temp_files);
	put_int8(&row, stat.temp_bytes);
	put_int8(&row, stat.deadlocks);
	put_int8(&row, stat.checksum_failures);
	put_null(&row);            /* checksum_last_failure */
	put_milliseconds(&row, 0); /* blk_read_time, without track_io_timing */
	put_milliseconds(&row, 0); /* blk_write_time */
	put_milliseconds(&row, stat.session_time);
	put_milliseconds(&row, stat.active_time);
	put_milliseconds(&row, stat.idle_in_transaction_time);
	put_int8(&row, stat.sessions);
	put_int8(&row, stat.sessions_abandoned);
	put_int8(&row, stat.sessions_fatal);
	put_int8(&row, stat.sessions_killed);
	put_timestamp(&row, stats_reset);
	finish_row(&row);
}

const SystemView table_views[] = {
	VIEW(12904, "pg_stat_all_tables", tables_columns, fill_all_tables),
	VIEW(12905, "pg_stat_user_tables", tables_columns, fill_user_tables),
	VIEW(12906, "pg_stat_sys_tables", tables_columns, fill_sys_tables),
	VIEW(12907, "pg_stat_all_indexes", indexes_columns, fill_all_indexes),
	VIEW(12908, "pg_stat_user_indexes", indexes_columns, fill_user_indexes),
	VIEW(12909, "pg_stat_sys_indexes", indexes_columns, fill_sys_indexes),
	VIEW(12912, "pg_stat_database", database_columns, fill_database),
	{InvalidOid, NULL, 0, NULL, 0, NULL},
};
