/*
 * pg_stat_statements.c
 *		What statements took: counting.
 *
 * Hooks at the ends of analysis, planning, execution and utility statements add
 * to an entry of a table in shared memory, one for each user, database and
 * identifier of a query (utils/queryjumble.h).  The texts are in a file
 * (pgss_text.c), an entry has the place of its own.
 *
 * 1.	An entry is found and added to under the shared lock and its spinlock;
 *		it is made or removed under the exclusive one.
 * 2.	A text is written before its entry is made: who sees the entry can read
 *		the text.
 * 3.	A text with $n can only be made when the query is analysed, where the
 *		places of the constants are known.  So the entry is made then, without
 *		a call (sticky), and is not shown until there is one.
 * 4.	When the table is full a twentieth of it goes, the least used.  What an
 *		entry is worth decays each time that this happens.
 * 5.	A statement that fails is not counted.
 *
 * What a SIGKILL leaves: as the process may have held a lock all counts are
 * gone with the rest of shared memory, and the file of the texts is removed when
 * the table is made anew.
 *
 * Corresponds to PostgreSQL 15's contrib/pg_stat_statements, version 1.10.
 */
#include "postgres.h"

#include <math.h>

#include "access/parallel.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "pgss.h"
#include "storage/shmem.h"
#include "tcop/utility.h"
#include "utils/guc.h"

/* How entries are valued; all are PostgreSQL's. */
#define USAGE_EXEC 1.0
#define USAGE_INIT 1.0
#define ASSUMED_MEDIAN_INIT 10.0
#define ASSUMED_LENGTH_INIT 1024
#define USAGE_DECREASE_FACTOR 0.99
#define STICKY_DECREASE_FACTOR 0.50
#define USAGE_DEALLOC_PERCENT 5
#define MIN_DEALLOC 10

typedef enum PGSSTrackLevel
{
	PGSS_TRACK_NONE,
	PGSS_TRACK_TOP, /* what clients send */
	PGSS_TRACK_ALL  /* also what statements run */
} PGSSTrackLevel;

static const struct config_enum_entry track_options[] = {
	{"none", PGSS_TRACK_NONE, false},
	{"top", PGSS_TRACK_TOP, false},
	{"all", PGSS_TRACK_ALL, false},
	{NULL, 0, false}};

/* settings */
int pgss_max = 5000;
bool pgss_save = true;
static int pgss_track = PGSS_TRACK_TOP;
static bool pgss_track_utility = true;
static bool pgss_track_planning = false;

pgssSharedState *pgss = NULL;
HTAB *pgss_hash = NULL;

/* shared_preload_libraries names it */
static bool loaded = false;

/* Statements that run inside of each other in this process. */
static int exec_nested_level = 0;
static int plan_nested_level = 0;

static bool
tracked(int level)
{
	return !IsParallelWorker() &&
	       (pgss_track == PGSS_TRACK_ALL ||
	        (pgss_track == PGSS_TRACK_TOP && level == 0));
}

/* ------------------------------------------------------------------------
 *		The table
 * ------------------------------------------------------------------------
 */

void
pgss_make_key(pgssHashKey *key, uint64 queryid, bool toplevel)
{
	memset(key, 0, sizeof(*key));
	key->userid = GetUserId();
	key->dbid = MyDatabaseId;
	key->queryid = queryid;
	key->toplevel = toplevel;
}

/* The identifier is a hash already. */
static uint32
hash_key(const void *key, Size keysize)
{
	const pgssHashKey *k = key;

	return (uint32) (k->queryid ^ (k->queryid >> 32)) ^ k->userid ^ k->toplevel;
}

Size
PgssShmemSize(void)
{
	if (!loaded)
		return 0;
	return add_size(MAXALIGN(sizeof(pgssSharedState)),
	                hash_estimate_size(pgss_max, sizeof(pgssEntry)));
}

void
PgssShmemInit(void)
{
	HASHCTL ctl = {.keysize = sizeof(pgssHashKey),
	               .entrysize = sizeof(pgssEntry),
	               .hash = hash_key};
	bool found;

	if (!loaded)
		return;
	pgss =
		ShmemInitStruct("pg_stat_statements", sizeof(pgssSharedState), &found);
	if (!found)
	{
		pgss->magic = PGSS_MAGIC;
		LWLockInitialize(&pgss->lock, LWTRANCHE_PG_STAT_STATEMENTS);
		LWLockNoteGroup(&pgss->lock, 1, sizeof(LWLock));
		pgss->cur_median_usage = ASSUMED_MEDIAN_INIT;
		pgss->mean_query_len = ASSUMED_LENGTH_INIT;
		SpinLockInit(&pgss->mutex);
		pgss->stats_reset = GetCurrentTimestamp();
		pgss_text_forget();
	}
	Assert(pgss->magic == PGSS_MAGIC);
	pgss_hash =
		ShmemInitHash("pg_stat_statements hash", pgss_max, pgss_max, &ctl,
	                  HASH_ELEM | HASH_BLOBS | HASH_FUNCTION | HASH_FIXED_SIZE);
}

static int
compare_usage(const void *a, const void *b)
{
	double left = (*(pgssEntry *const *) a)->counters.usage;
	double right = (*(pgssEntry *const *) b)->counters.usage;

	return left < right ? -1 : left > right;
}

/* Make room: the lock is held exclusively. */
static void
dealloc_entries(void)
{
	pgssEntry **entries =
		palloc(hash_get_num_entries(pgss_hash) * sizeof(pgssEntry *));
	HASH_SEQ_STATUS scan;
	pgssEntry *entry;
	Size total_len = 0;
	int ntexts = 0;
	int n = 0;
	int nvictims;

	hash_seq_init(&scan, pgss_hash);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		entries[n++] = entry;
		entry->counters.usage *= IS_STICKY(entry->counters)
		                             ? STICKY_DECREASE_FACTOR
		                             : USAGE_DECREASE_FACTOR;
		if (entry->query_len >= 0)
		{
			total_len += entry->query_len + 1;
			ntexts++;
		}
	}
	qsort(entries, n, sizeof(pgssEntry *), compare_usage);
	if (n > 0)
		pgss->cur_median_usage = entries[n / 2]->counters.usage;
	pgss->mean_query_len =
		ntexts > 0 ? total_len / ntexts : ASSUMED_LENGTH_INIT;

	nvictims = Min(Max(MIN_DEALLOC, n * USAGE_DEALLOC_PERCENT / 100), n);
	for (int i = 0; i < nvictims; i++)
		hash_search(pgss_hash, &entries[i]->key, HASH_REMOVE, NULL);
	pfree(entries);

	SpinLockAcquire(&pgss->mutex);
	pgss->dealloc++;
	SpinLockRelease(&pgss->mutex);
}

pgssEntry *
pgss_entry_alloc(const pgssHashKey *key, Size query_offset, int query_len,
                 bool sticky)
{
	pgssEntry *entry;
	bool found;

	Assert(LWLockHeldByMeInMode(&pgss->lock, LW_EXCLUSIVE));
	while (hash_get_num_entries(pgss_hash) >= pgss_max)
		dealloc_entries();
	entry = hash_search(pgss_hash, key, HASH_ENTER, &found);
	if (!found)
	{
		memset(&entry->counters, 0, sizeof(Counters));
		entry->counters.usage = sticky ? pgss->cur_median_usage : USAGE_INIT;
		SpinLockInit(&entry->mutex);
		entry->query_offset = query_offset;
		entry->query_len = query_len;
	}
	return entry;
}

/* The mean and the squares by Welford's way: no large numbers are subtracted. */
static void
count_time(Counters *c, pgssStoreKind kind, double time)
{
	double old_mean = c->mean_time[kind];

	c->calls[kind]++;
	c->total_time[kind] += time;
	if (c->calls[kind] == 1)
	{
		c->min_time[kind] = c->max_time[kind] = c->mean_time[kind] = time;
		return;
	}
	c->mean_time[kind] += (time - old_mean) / c->calls[kind];
	c->sum_var_time[kind] += (time - old_mean) * (time - c->mean_time[kind]);
	c->min_time[kind] = Min(c->min_time[kind], time);
	c->max_time[kind] = Max(c->max_time[kind], time);
}

static void
count_use(pgssEntry *entry, pgssStoreKind kind, double total_time, uint64 rows,
          const BufferUsage *bufusage, const WalUsage *walusage)
{
	static const BufferUsage no_buffers;
	static const WalUsage no_wal;
	Counters *c = &entry->counters;

	SpinLockAcquire(&entry->mutex);
	/* a real call ends the advance that the entry had */
	if (IS_STICKY(*c))
		c->usage = USAGE_INIT;
	count_time(c, kind, total_time);
	c->rows += rows;
	BufferUsageAccumDiff(&c->buffers, bufusage, &no_buffers);
	WalUsageAccumDiff(&c->wal, walusage, &no_wal);
	c->usage += USAGE_EXEC;
	SpinLockRelease(&entry->mutex);
}

/*
 * The entry of a query that has none; the shared lock is held, and is
 * exchanged for the exclusive one.  NULL: the text cannot be stored.
 */
static pgssEntry *
make_entry(const pgssHashKey *key, const char *query, int query_len,
           bool sticky)
{
	pgssEntry *entry = NULL;
	Size offset;
	int gc_count;
	bool need_gc;
	bool stored = pgss_text_store(query, query_len, &offset, &gc_count);

	need_gc = pgss_text_need_gc();
	LWLockRelease(&pgss->lock);
	LWLockAcquire(&pgss->lock, LW_EXCLUSIVE);
	/* the file may have been rewritten in between, without this text */
	if (stored && pgss->gc_count != gc_count)
		stored = pgss_text_store(query, query_len, &offset, &gc_count);
	if (stored)
		entry = pgss_entry_alloc(key, offset, query_len, sticky);
	if (stored && need_gc)
		pgss_text_gc();
	return entry;
}

/* kind PGSS_INVALID: only make the entry, with the text that jstate gives. */
static void
pgss_store(const char *query, uint64 queryId, int location, int len,
           pgssStoreKind kind, double total_time, uint64 rows,
           const BufferUsage *bufusage, const WalUsage *walusage,
           JumbleState *jstate)
{
	char *normalized = NULL;
	pgssHashKey key;
	pgssEntry *entry;

	if (pgss == NULL || queryId == 0 || query == NULL)
		return;
	pgss_make_key(&key, queryId, exec_nested_level == 0);
	LWLockAcquire(&pgss->lock, LW_SHARED);
	entry = hash_search(pgss_hash, &key, HASH_FIND, NULL);
	if (entry == NULL)
	{
		query = CleanQuerytext(query, &location, &len);
		if (jstate != NULL)
		{
			/* takes its time, and may fail */
			LWLockRelease(&pgss->lock);
			normalized = pgss_normalize(jstate, query, location, &len);
			LWLockAcquire(&pgss->lock, LW_SHARED);
		}
		entry = make_entry(&key, normalized ? normalized : query, len,
		                   jstate != NULL);
	}
	if (entry != NULL && kind != PGSS_INVALID)
		count_use(entry, kind, total_time, rows, bufusage, walusage);
	LWLockRelease(&pgss->lock);
	if (normalized)
		pfree(normalized);
}

/* ------------------------------------------------------------------------
 *		Hooks
 * ------------------------------------------------------------------------
 */

/* EXECUTE is what it executes; the others are not counted at all. */
static bool
is_handled_utility(const PgQuery__Node *stmt)
{
	return stmt->node_case != PG_QUERY__NODE__NODE_EXECUTE_STMT &&
	       stmt->node_case != PG_QUERY__NODE__NODE_PREPARE_STMT &&
	       stmt->node_case != PG_QUERY__NODE__NODE_DEALLOCATE_STMT;
}

static void
pgss_post_parse_analyze(ParseState *pstate, Query *query, JumbleState *jstate)
{
	if (!tracked(exec_nested_level))
		return;
	if (query->commandType == CMD_UTILITY)
	{
		/* what it executes reports its own */
		if (pgss_track_utility && !is_handled_utility(query->utilityStmt))
			query->queryId = 0;
		return;
	}
	/* a text without constants can wait until the end */
	if (jstate != NULL && jstate->clocations_count > 0)
		pgss_store(pstate->p_sourcetext, query->queryId, query->stmt_location,
		           query->stmt_len, PGSS_INVALID, 0, 0, NULL, NULL, jstate);
}

/* What a step takes, from measure_begin to measure_end. */
typedef struct Measure
{
	BufferUsage buffers_before;
	WalUsage wal_before;
	instr_time start;
	BufferUsage buffers;
	WalUsage wal;
	double total_ms;
} Measure;

static void
measure_begin(Measure *m)
{
	m->buffers_before = pgBufferUsage;
	m->wal_before = pgWalUsage;
	INSTR_TIME_SET_CURRENT(m->start);
}

static void
measure_end(Measure *m)
{
	instr_time duration;

	INSTR_TIME_SET_CURRENT(duration);
	INSTR_TIME_SUBTRACT(duration, m->start);
	m->total_ms = INSTR_TIME_GET_MILLISEC(duration);
	memset(&m->buffers, 0, sizeof(BufferUsage));
	memset(&m->wal, 0, sizeof(WalUsage));
	BufferUsageAccumDiff(&m->buffers, &pgBufferUsage, &m->buffers_before);
	WalUsageAccumDiff(&m->wal, &pgWalUsage, &m->wal_before);
}

static PlannedStmt *
pgss_planner(Query *parse, const char *query_string, int cursorOptions,
             ParamListInfo boundParams)
{
	Measure measure;
	PlannedStmt *result;

	if (!pgss_track_planning || parse->queryId == 0 ||
	    !tracked(plan_nested_level + exec_nested_level))
		return standard_planner(parse, query_string, cursorOptions,
		                        boundParams);
	measure_begin(&measure);
	plan_nested_level++;
	PG_TRY();
	{
		result =
			standard_planner(parse, query_string, cursorOptions, boundParams);
	}
	PG_FINALLY();
	{
		plan_nested_level--;
	}
	PG_END_TRY();
	measure_end(&measure);
	pgss_store(query_string, result->queryId, result->stmt_location,
	           result->stmt_len, PGSS_PLAN, measure.total_ms, 0,
	           &measure.buffers, &measure.wal, NULL);
	return result;
}

static void
pgss_ExecutorStart(QueryDesc *queryDesc, int eflags)
{
	standard_ExecutorStart(queryDesc, eflags);
	if (queryDesc->plannedstmt->queryId != 0 && queryDesc->totaltime == NULL &&
	    tracked(exec_nested_level))
	{
		MemoryContext old =
			MemoryContextSwitchTo(queryDesc->estate->es_query_cxt);

		queryDesc->totaltime = InstrAlloc(1, INSTRUMENT_ALL);
		MemoryContextSwitchTo(old);
	}
}

static void
pgss_ExecutorRun(QueryDesc *queryDesc, ScanDirection direction, uint64 count,
                 bool execute_once)
{
	exec_nested_level++;
	PG_TRY();
	{
		standard_ExecutorRun(queryDesc, direction, count, execute_once);
	}
	PG_FINALLY();
	{
		exec_nested_level--;
	}
	PG_END_TRY();
}

static void
pgss_ExecutorEnd(QueryDesc *queryDesc)
{
	PlannedStmt *stmt = queryDesc->plannedstmt;

	if (stmt->queryId != 0 && queryDesc->totaltime != NULL &&
	    tracked(exec_nested_level))
	{
		Instrumentation *total = queryDesc->totaltime;

		InstrEndLoop(total);
		pgss_store(queryDesc->sourceText, stmt->queryId, stmt->stmt_location,
		           stmt->stmt_len, PGSS_EXEC, total->total * 1000.0,
		           queryDesc->estate->es_processed, &total->bufusage,
		           &total->walusage, NULL);
	}
	standard_ExecutorEnd(queryDesc);
}

/* Rows that a utility statement gave or took. */
static uint64
utility_rows(const QueryCompletion *qc)
{
	if (qc == NULL)
		return 0;
	switch (qc->commandTag)
	{
		case CMDTAG_COPY:
		case CMDTAG_FETCH:
		case CMDTAG_SELECT:
			return qc->nprocessed;
		default:
			return 0;
	}
}

static void
pgss_ProcessUtility(PlannedStmt *pstmt, const char *queryString,
                    bool readOnlyTree, ProcessUtilityContext context,
                    ParamListInfo params, DestReceiver *dest,
                    QueryCompletion *qc)
{
	/* of a transaction's end the statement's memory goes as well */
	uint64 queryId = pstmt->queryId;
	int location = pstmt->stmt_location;
	int len = pstmt->stmt_len;
	Measure measure;

	if (!pgss_track_utility || !tracked(exec_nested_level) ||
	    !is_handled_utility(pstmt->utilityStmt))
	{
		standard_ProcessUtility(pstmt, queryString, readOnlyTree, context,
		                        params, dest, qc);
		return;
	}
	measure_begin(&measure);
	exec_nested_level++;
	PG_TRY();
	{
		standard_ProcessUtility(pstmt, queryString, readOnlyTree, context,
		                        params, dest, qc);
	}
	PG_FINALLY();
	{
		exec_nested_level--;
	}
	PG_END_TRY();
	measure_end(&measure);
	pgss_store(queryString, queryId, location, len, PGSS_EXEC, measure.total_ms,
	           utility_rows(qc), &measure.buffers, &measure.wal, NULL);
}

/* ------------------------------------------------------------------------
 *		Start
 * ------------------------------------------------------------------------
 */

void
pgss_define_settings(void)
{
	DefineCustomIntVariable("pg_stat_statements.max",
	                        "Sets the maximum number of statements tracked by "
	                        "pg_stat_statements.",
	                        NULL, &pgss_max, 5000, 100, INT_MAX / 2,
	                        PGC_POSTMASTER, 0);
	DefineCustomEnumVariable("pg_stat_statements.track",
	                         "Selects which statements are tracked by "
	                         "pg_stat_statements.",
	                         NULL, &pgss_track, PGSS_TRACK_TOP, track_options,
	                         PGC_SUSET, 0);
	DefineCustomBoolVariable("pg_stat_statements.track_utility",
	                         "Selects whether utility commands are tracked by "
	                         "pg_stat_statements.",
	                         NULL, &pgss_track_utility, true, PGC_SUSET, 0);
	DefineCustomBoolVariable("pg_stat_statements.track_planning",
	                         "Selects whether planning duration is tracked by "
	                         "pg_stat_statements.",
	                         NULL, &pgss_track_planning, false, PGC_SUSET, 0);
	DefineCustomBoolVariable("pg_stat_statements.save",
	                         "Save pg_stat_statements statistics across server "
	                         "shutdowns.",
	                         NULL, &pgss_save, true, PGC_SIGHUP, 0);
	MarkGUCPrefixReserved("pg_stat_statements");
}

void
pgss_load(void)
{
	loaded = true;
	EnableQueryId();
	post_parse_analyze_hook = pgss_post_parse_analyze;
	planner_hook = pgss_planner;
	ExecutorStart_hook = pgss_ExecutorStart;
	ExecutorRun_hook = pgss_ExecutorRun;
	ExecutorEnd_hook = pgss_ExecutorEnd;
	ProcessUtility_hook = pgss_ProcessUtility;
}
