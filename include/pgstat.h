/*
 * pgstat.h
 *		Counts of what happens to tables, for autovacuum and the views.
 */
#ifndef PGSTAT_H
#define PGSTAT_H

#include "utils/timestamp.h"

/* Of a table since the server started. */
typedef struct PgStat_StatTabEntry
{
	Oid relid; /* hash key */
	int64 n_tup_ins;
	int64 n_tup_upd;
	int64 n_tup_del;
	int64 n_tup_hot_upd;
	int64 n_live_tup;
	int64 n_dead_tup;
	int64 n_mod_since_analyze;
	int64 n_ins_since_vacuum;
	TimestampTz last_vacuum; /* 0: never; so the others */
	TimestampTz last_autovacuum;
	TimestampTz last_analyze;
	TimestampTz last_autoanalyze;
	int64 vacuum_count;
	int64 autovacuum_count;
	int64 analyze_count;
	int64 autoanalyze_count;
} PgStat_StatTabEntry;

extern Size StatsShmemSize(void);
extern void StatsShmemInit(void);

/* This transaction's; they count when it ends. */
extern void pgstat_count_heap_insert(Oid relid, int64 n);
extern void pgstat_count_heap_update(Oid relid, bool hot);
extern void pgstat_count_heap_delete(Oid relid);
/* Dead rows that a pruning removed. */
extern void pgstat_update_heap_dead_tuples(Oid relid, int delta);
extern void AtEOXact_PgStat(bool isCommit);

extern void pgstat_report_vacuum(Oid relid, double live, double dead);
extern void pgstat_report_analyze(Oid relid, double live, double dead);
/* False: nothing is known; the copy is zero but for relid. */
extern bool pgstat_fetch_stat_tabentry(Oid relid, PgStat_StatTabEntry *copy);
/* When the transaction commits. */
extern void pgstat_drop_relation(Oid relid);

#endif /* PGSTAT_H */
