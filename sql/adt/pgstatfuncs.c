/*
 * pgstatfuncs.c
 *		SQL functions over the cumulative statistics.
 *
 * Corresponds to PostgreSQL's utils/adt/pgstatfuncs.c.
 */
#include "postgres.h"

#include "fmgr.h"
#include "pgstat.h"
#include "utils/builtins.h"

#define PG_STAT_GET_INT64(name, field)                               \
	Datum pg_stat_get_##name(PG_FUNCTION_ARGS)                       \
	{                                                                \
		PgStat_StatTabEntry entry;                                   \
                                                                     \
		(void) pgstat_fetch_stat_tabentry(PG_GETARG_OID(0), &entry); \
		PG_RETURN_INT64(entry.field);                                \
	}                                                                \
	extern int dummy_##name

#define PG_STAT_GET_TIME(name, field)                                \
	Datum pg_stat_get_##name(PG_FUNCTION_ARGS)                       \
	{                                                                \
		PgStat_StatTabEntry entry;                                   \
                                                                     \
		(void) pgstat_fetch_stat_tabentry(PG_GETARG_OID(0), &entry); \
		if (entry.field == 0)                                        \
			PG_RETURN_NULL();                                        \
		PG_RETURN_DATUM(Int64GetDatum(entry.field));                 \
	}                                                                \
	extern int dummy_##name

PG_STAT_GET_INT64(numscans, numscans);
PG_STAT_GET_INT64(tuples_returned, tuples_returned);
PG_STAT_GET_INT64(tuples_fetched, tuples_fetched);
PG_STAT_GET_INT64(tuples_inserted, n_tup_ins);
PG_STAT_GET_INT64(tuples_updated, n_tup_upd);
PG_STAT_GET_INT64(tuples_deleted, n_tup_del);
PG_STAT_GET_INT64(tuples_hot_updated, n_tup_hot_upd);
PG_STAT_GET_INT64(live_tuples, n_live_tup);
PG_STAT_GET_INT64(dead_tuples, n_dead_tup);
PG_STAT_GET_INT64(mod_since_analyze, n_mod_since_analyze);
PG_STAT_GET_INT64(ins_since_vacuum, n_ins_since_vacuum);
PG_STAT_GET_TIME(last_vacuum_time, last_vacuum);
PG_STAT_GET_TIME(last_autovacuum_time, last_autovacuum);
PG_STAT_GET_TIME(last_analyze_time, last_analyze);
PG_STAT_GET_TIME(last_autoanalyze_time, last_autoanalyze);
PG_STAT_GET_INT64(vacuum_count, vacuum_count);
PG_STAT_GET_INT64(autovacuum_count, autovacuum_count);
PG_STAT_GET_INT64(analyze_count, analyze_count);
PG_STAT_GET_INT64(autoanalyze_count, autoanalyze_count);

Datum
pg_stat_reset(PG_FUNCTION_ARGS)
{
	pgstat_reset_counters();
	PG_RETURN_VOID();
}

Datum
pg_stat_reset_single_table_counters(PG_FUNCTION_ARGS)
{
	pgstat_reset(PG_GETARG_OID(0));
	PG_RETURN_VOID();
}

/* What a transaction counted is there when it has ended: nothing to do. */
Datum
pg_stat_force_next_flush(PG_FUNCTION_ARGS)
{
	PG_RETURN_VOID();
}

/* Each look at the statistics is a new one: nothing to do. */
Datum
pg_stat_clear_snapshot(PG_FUNCTION_ARGS)
{
	PG_RETURN_VOID();
}
