/*
 * pgss_view.c
 *		pg_stat_statements: its views and functions.
 *
 * Columns are those of version 1.10.  There is no JIT: its columns are 0.
 *
 * Corresponds to the SQL functions of PostgreSQL's pg_stat_statements.c.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "catalog/view_row.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "pgss.h"
#include "utils/acl.h"
#include "utils/numeric.h"

static void
check_loaded(void)
{
	if (pgss == NULL)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("pg_stat_statements must be loaded via "
		                       "shared_preload_libraries")));
}

/* ------------------------------------------------------------------------
 *		pg_stat_statements
 * ------------------------------------------------------------------------
 */

static const SystemViewColumn statements_columns[] = {
	{"userid", OIDOID},
	{"dbid", OIDOID},
	{"toplevel", BOOLOID},
	{"queryid", INT8OID},
	{"query", TEXTOID},
	{"plans", INT8OID},
	{"total_plan_time", FLOAT8OID},
	{"min_plan_time", FLOAT8OID},
	{"max_plan_time", FLOAT8OID},
	{"mean_plan_time", FLOAT8OID},
	{"stddev_plan_time", FLOAT8OID},
	{"calls", INT8OID},
	{"total_exec_time", FLOAT8OID},
	{"min_exec_time", FLOAT8OID},
	{"max_exec_time", FLOAT8OID},
	{"mean_exec_time", FLOAT8OID},
	{"stddev_exec_time", FLOAT8OID},
	{"rows", INT8OID},
	{"shared_blks_hit", INT8OID},
	{"shared_blks_read", INT8OID},
	{"shared_blks_dirtied", INT8OID},
	{"shared_blks_written", INT8OID},
	{"local_blks_hit", INT8OID},
	{"local_blks_read", INT8OID},
	{"local_blks_dirtied", INT8OID},
	{"local_blks_written", INT8OID},
	{"temp_blks_read", INT8OID},
	{"temp_blks_written", INT8OID},
	{"blk_read_time", FLOAT8OID},
	{"blk_write_time", FLOAT8OID},
	{"temp_blk_read_time", FLOAT8OID},
	{"temp_blk_write_time", FLOAT8OID},
	{"wal_records", INT8OID},
	{"wal_fpi", INT8OID},
	{"wal_bytes", NUMERICOID},
	{"jit_functions", INT8OID},
	{"jit_generation_time", FLOAT8OID},
	{"jit_inlining_count", INT8OID},
	{"jit_inlining_time", FLOAT8OID},
	{"jit_optimization_count", INT8OID},
	{"jit_optimization_time", FLOAT8OID},
	{"jit_emission_count", INT8OID},
	{"jit_emission_time", FLOAT8OID},
};

static void
put_double(ViewRow *row, double value)
{
	put_datum(row, Float8GetDatum(value));
}

static void
put_millisec(ViewRow *row, instr_time time)
{
	put_double(row, INSTR_TIME_GET_MILLISEC(time));
}

static void
put_times(ViewRow *row, const Counters *c, pgssStoreKind kind)
{
	put_int8(row, c->calls[kind]);
	put_double(row, c->total_time[kind]);
	put_double(row, c->min_time[kind]);
	put_double(row, c->max_time[kind]);
	put_double(row, c->mean_time[kind]);
	/* of all calls, not of a sample */
	put_double(row, c->calls[kind] > 1
	                    ? sqrt(c->sum_var_time[kind] / c->calls[kind])
	                    : 0);
}

static void
put_usage(ViewRow *row, const BufferUsage *buffers, const WalUsage *wal)
{
	char buf[32];

	put_int8(row, buffers->shared_blks_hit);
	put_int8(row, buffers->shared_blks_read);
	put_int8(row, buffers->shared_blks_dirtied);
	put_int8(row, buffers->shared_blks_written);
	put_int8(row, buffers->local_blks_hit);
	put_int8(row, buffers->local_blks_read);
	put_int8(row, buffers->local_blks_dirtied);
	put_int8(row, buffers->local_blks_written);
	put_int8(row, buffers->temp_blks_read);
	put_int8(row, buffers->temp_blks_written);
	put_millisec(row, buffers->blk_read_time);
	put_millisec(row, buffers->blk_write_time);
	put_millisec(row, buffers->temp_blk_read_time);
	put_millisec(row, buffers->temp_blk_write_time);
	put_int8(row, wal->wal_records);
	put_int8(row, wal->wal_fpi);
	/* may be larger than a bigint */
	snprintf(buf, sizeof(buf), UINT64_FORMAT, wal->wal_bytes);
	put_datum(row, DirectFunctionCall3(numeric_in, CStringGetDatum(buf),
	                                   ObjectIdGetDatum(InvalidOid),
	                                   Int32GetDatum(-1)));
}

static void
put_no_jit(ViewRow *row)
{
	for (int i = 0; i < 4; i++)
	{
		put_int8(row, 0);
		put_double(row, 0);
	}
}

static void
put_entry(ViewRow *row, pgssEntry *entry, char *texts, Size texts_size,
          bool all)
{
	Counters c;
	bool visible = all || entry->key.userid == GetUserId();

	SpinLockAcquire(&entry->mutex);
	c = entry->counters;
	SpinLockRelease(&entry->mutex);
	if (IS_STICKY(c))
		return;
	put_datum(row, ObjectIdGetDatum(entry->key.userid));
	put_datum(row, ObjectIdGetDatum(entry->key.dbid));
	put_bool(row, entry->key.toplevel);
	if (visible)
	{
		put_int8(row, (int64) entry->key.queryid);
		put_text(row, pgss_text_fetch(entry->query_offset, entry->query_len,
		                              texts, texts_size));
	}
	else
	{
		put_null(row);
		put_text(row, texts ? "<insufficient privilege>" : NULL);
	}
	put_times(row, &c, PGSS_PLAN);
	put_times(row, &c, PGSS_EXEC);
	put_int8(row, c.rows);
	put_usage(row, &c.buffers, &c.wal);
	put_no_jit(row);
	finish_row(row);
}

/* Nothing under the lock raises an error but for want of memory. */
static void
fill(Tuplestorestate *store, TupleDesc desc, bool showtext)
{
	ViewRow row = {.store = store, .desc = desc};
	char *texts = NULL;
	Size texts_size = 0;
	HASH_SEQ_STATUS scan;
	pgssEntry *entry;
	bool all;

	check_loaded();
	all = has_privs_of_role(GetUserId(), ROLE_PG_READ_ALL_STATS);
	LWLockAcquire(&pgss->lock, LW_SHARED);
	if (showtext)
		texts = pgss_text_load(&texts_size);
	hash_seq_init(&scan, pgss_hash);
	while ((entry = hash_seq_search(&scan)) != NULL)
		put_entry(&row, entry, texts, texts_size, all);
	LWLockRelease(&pgss->lock);
	if (texts != NULL)
		pfree(texts);
}

static void
fill_statements(Tuplestorestate *store, TupleDesc desc)
{
	fill(store, desc, true);
}

/* ------------------------------------------------------------------------
 *		pg_stat_statements_info
 * ------------------------------------------------------------------------
 */

static const SystemViewColumn info_columns[] = {
	{"dealloc", INT8OID},
	{"stats_reset", TIMESTAMPTZOID},
};

static void
fill_info(Tuplestorestate *store, TupleDesc desc)
{
	ViewRow row = {.store = store, .desc = desc};
	int64 dealloc;
	TimestampTz stats_reset;

	check_loaded();
	SpinLockAcquire(&pgss->mutex);
	dealloc = pgss->dealloc;
	stats_reset = pgss->stats_reset;
	SpinLockRelease(&pgss->mutex);
	put_int8(&row, dealloc);
	put_timestamp(&row, stats_reset);
	finish_row(&row);
}

/* ------------------------------------------------------------------------
 *		Functions
 * ------------------------------------------------------------------------
 */

Datum
pg_stat_statements(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	fill(rsinfo->setResult, rsinfo->setDesc, PG_GETARG_BOOL(0));
	return (Datum) 0;
}

Datum
pg_stat_statements_info(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	fill_info(rsinfo->setResult, rsinfo->setDesc);
	return (Datum) 0;
}

static bool
matches(const pgssEntry *entry, Oid userid, Oid dbid, uint64 queryid)
{
	return (userid == InvalidOid || entry->key.userid == userid) &&
	       (dbid == InvalidOid || entry->key.dbid == dbid) &&
	       (queryid == 0 || entry->key.queryid == queryid);
}

/* userid, dbid, queryid: 0 or not given is any. */
Datum
pg_stat_statements_reset(PG_FUNCTION_ARGS)
{
	Oid userid = PG_NARGS() > 0 ? PG_GETARG_OID(0) : InvalidOid;
	Oid dbid = PG_NARGS() > 1 ? PG_GETARG_OID(1) : InvalidOid;
	uint64 queryid = PG_NARGS() > 2 ? (uint64) PG_GETARG_INT64(2) : 0;
	HASH_SEQ_STATUS scan;
	pgssEntry *entry;

	check_loaded();
	LWLockAcquire(&pgss->lock, LW_EXCLUSIVE);
	hash_seq_init(&scan, pgss_hash);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		if (matches(entry, userid, dbid, queryid))
			hash_search(pgss_hash, &entry->key, HASH_REMOVE, NULL);
	}
	if (hash_get_num_entries(pgss_hash) == 0)
	{
		pgss_text_forget();
		SpinLockAcquire(&pgss->mutex);
		pgss->dealloc = 0;
		pgss->stats_reset = GetCurrentTimestamp();
		SpinLockRelease(&pgss->mutex);
	}
	LWLockRelease(&pgss->lock);
	PG_RETURN_VOID();
}

const SystemView pgss_views[] = {
	{12910, "pg_stat_statements", RELKIND_VIEW, statements_columns,
     lengthof(statements_columns), fill_statements, PGSS_EXTENSION,
     F_PG_STAT_STATEMENTS},
	{12911, "pg_stat_statements_info", RELKIND_VIEW, info_columns,
     lengthof(info_columns), fill_info, PGSS_EXTENSION,
     F_PG_STAT_STATEMENTS_INFO},
	{InvalidOid, NULL, 0, NULL, 0, NULL, NULL, InvalidOid},
};
