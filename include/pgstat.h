/*
 * pgstat.h
 *		Cumulative statistics: counts of what happens to tables and indexes, for
 *		autovacuum and the views.
 */
#ifndef PGSTAT_H
#define PGSTAT_H

#include "utils/rel.h"
#include "utils/timestamp.h"

#define PGSTAT_STAT_PERMANENT_DIRECTORY "pg_stat"
#define PGSTAT_STAT_PERMANENT_FILENAME "pg_stat/pgstat.stat"
#define PGSTAT_STAT_PERMANENT_TMPFILE "pg_stat/pgstat.tmp"

typedef int64 PgStat_Counter;

/* What a transaction, or several, did to a relation. */
typedef struct PgStat_TableCounts
{
	PgStat_Counter t_numscans;
	PgStat_Counter t_tuples_returned;
	PgStat_Counter t_tuples_fetched;
	/* these count when the transaction ends, whether it commits or not */
	PgStat_Counter t_tuples_inserted;
	PgStat_Counter t_tuples_updated;
	PgStat_Counter t_tuples_hot_updated;
	PgStat_Counter t_tuples_deleted;
} PgStat_TableCounts;

/* Of one relation in this process; never freed, relcache entries point here. */
typedef struct PgStat_TableStatus
{
	Oid t_id;       /* hash key */
	bool t_pending; /* in the list of those that have something to add */
	bool t_dropped; /* by this transaction; so the next */
	bool t_truncated;
	struct PgStat_TableStatus *t_next;
	PgStat_TableCounts t_counts;
	/* rows that the transaction's TRUNCATE made void, should it fail */
	PgStat_Counter t_lost_inserted;
	PgStat_Counter t_lost_updated;
	PgStat_Counter t_lost_deleted;
} PgStat_TableStatus;

/* Of a relation since the last reset; stored in PGSTAT_STAT_PERMANENT_FILENAME. */
typedef struct PgStat_StatTabEntry
{
	Oid relid; /* hash key */
	PgStat_Counter numscans;
	PgStat_Counter tuples_returned;
	PgStat_Counter tuples_fetched;
	PgStat_Counter n_tup_ins;
	PgStat_Counter n_tup_upd;
	PgStat_Counter n_tup_del;
	PgStat_Counter n_tup_hot_upd;
	PgStat_Counter n_live_tup;
	PgStat_Counter n_dead_tup;
	PgStat_Counter n_mod_since_analyze;
	PgStat_Counter n_ins_since_vacuum;
	TimestampTz last_vacuum; /* 0: never; so the others */
	TimestampTz last_autovacuum;
	TimestampTz last_analyze;
	TimestampTz last_autoanalyze;
	PgStat_Counter vacuum_count;
	PgStat_Counter autovacuum_count;
	PgStat_Counter analyze_count;
	PgStat_Counter autoanalyze_count;
} PgStat_StatTabEntry;

/*
 * Of the database since the last reset; every field is a PgStat_Counter, and
 * those of processes are added up.
 */
typedef struct PgStat_StatDBEntry
{
	PgStat_Counter xact_commit;
	PgStat_Counter xact_rollback;
	PgStat_Counter blks_read;
	PgStat_Counter blks_hit;
	PgStat_Counter tup_returned;
	PgStat_Counter tup_fetched;
	PgStat_Counter tup_inserted;
	PgStat_Counter tup_updated;
	PgStat_Counter tup_deleted;
	PgStat_Counter temp_files;
	PgStat_Counter temp_bytes;
	PgStat_Counter deadlocks;
	PgStat_Counter checksum_failures;
	/* of sessions of clients; times in microseconds */
	PgStat_Counter session_time;
	PgStat_Counter active_time;
	PgStat_Counter idle_in_transaction_time;
	PgStat_Counter sessions;
	PgStat_Counter sessions_abandoned;
	PgStat_Counter sessions_fatal;
	PgStat_Counter sessions_killed;
} PgStat_StatDBEntry;

/* How a client's session ends. */
typedef enum SessionEndType
{
	DISCONNECT_NORMAL,
	DISCONNECT_CLIENT_EOF, /* without saying so */
	DISCONNECT_FATAL,
	DISCONNECT_KILLED
} SessionEndType;

/* setting track_counts */
extern bool pgstat_track_counts;

extern Size StatsShmemSize(void);
extern void StatsShmemInit(void);

/* ---- pgstat.c: the file ---- */

/* At a clean start, by the start-up process: reads the file and removes it. */
extern void pgstat_restore_stats(void);
/* After a crash: the file, if there is one, is of another time. */
extern void pgstat_discard_stats(void);
/* The last process of a clean stop writes it; failures are told in the log. */
extern void pgstat_write_stats(void);

/* ---- pgstat_relation.c ---- */

/* NULL: nothing is counted. */
extern PgStat_TableStatus *pgstat_assoc_relation(Relation rel);

static inline PgStat_TableStatus *
pgstat_status(Relation rel)
{
	PgStat_TableStatus *status = rel->pgstat_info;

	return likely(status != NULL && status->t_pending)
	           ? status
	           : pgstat_assoc_relation(rel);
}

#define PGSTAT_COUNT(rel, counter, n)                     \
	do                                                    \
	{                                                     \
		PgStat_TableStatus *status_ = pgstat_status(rel); \
                                                          \
		if (likely(status_ != NULL))                      \
			status_->t_counts.counter += (n);             \
	} while (0)

#define pgstat_count_heap_scan(rel) PGSTAT_COUNT(rel, t_numscans, 1)
#define pgstat_count_heap_getnext(rel) PGSTAT_COUNT(rel, t_tuples_returned, 1)
#define pgstat_count_heap_fetch(rel) PGSTAT_COUNT(rel, t_tuples_fetched, 1)
#define pgstat_count_index_scan(rel) PGSTAT_COUNT(rel, t_numscans, 1)
#define pgstat_count_index_tuples(rel, n) \
	PGSTAT_COUNT(rel, t_tuples_returned, n)

/* This transaction's; they count when it ends. */
extern void pgstat_count_heap_insert(Relation rel, PgStat_Counter n);
extern void pgstat_count_heap_update(Relation rel, bool hot);
extern void pgstat_count_heap_delete(Relation rel);
extern void pgstat_count_truncate(Relation rel);
/*
 * Scans that were not made by this process, at once.  The relation is locked
 * (is_open), or was, by a transaction that is over: if it has been dropped since
 * then nothing is counted.
 */
extern void
pgstat_count_scans(Oid relid, const PgStat_TableCounts *counts, bool is_open);
/* Dead rows that a pruning removed. */
extern void pgstat_update_heap_dead_tuples(Relation rel, int delta);
/* When the transaction commits. */
extern void pgstat_drop_relation(Oid relid);
extern void AtEOXact_PgStat(bool isCommit);

extern void
pgstat_report_vacuum(Oid relid, PgStat_Counter live, PgStat_Counter dead);
extern void
pgstat_report_analyze(Relation rel, PgStat_Counter live, PgStat_Counter dead);
/* False: nothing is known; the copy is zero but for relid. */
extern bool pgstat_fetch_stat_tabentry(Oid relid, PgStat_StatTabEntry *copy);
/* dst goes on where src is. */
extern void pgstat_copy_relation_stats(Relation dst, Relation src);
/* All of them, and one. */
extern void pgstat_reset_counters(void);
extern void pgstat_reset(Oid relid);

/* For pgstat.c: palloc'd copies of all entries; and one that was stored. */
extern PgStat_StatTabEntry *pgstat_copy_entries(int *n);
extern bool pgstat_enter_entry(const PgStat_StatTabEntry *entry);

/* ---- pgstat_database.c ---- */

/* This process's counts; never NULL. */
extern PgStat_StatDBEntry *MyDatabaseStats;
extern SessionEndType pgStatSessionEndCause;

extern Size DatabaseStatsShmemSize(void);
extern void DatabaseStatsShmemInit(void);
/* Once the process has its number. */
extern void pgstat_take_database_slot(void);
extern void AtEOXact_PgStat_Database(bool isCommit);
extern void pgstat_report_deadlock(void);
extern void pgstat_report_checksum_failure(void);
/* of a temporary file that goes */
extern void pgstat_report_tempfile(size_t filesize);
extern void
pgstat_fetch_stat_dbentry(PgStat_StatDBEntry *sum, TimestampTz *stats_reset);
/* at the start, what the file says */
extern void
pgstat_enter_dbentry(const PgStat_StatDBEntry *entry, TimestampTz stats_reset);
extern void pgstat_reset_database(void);

#endif /* PGSTAT_H */
