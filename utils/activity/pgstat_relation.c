/*
 * pgstat_relation.c
 *		Counts of what happens to tables and indexes.
 *
 * A process counts for itself, per relation, and adds to the shared table when
 * its transaction ends: how many rows live and how many are dead depends on the
 * outcome, and a scan need not take a lock for every row.  Nothing is logged; a
 * clean stop stores the table (pgstat.c).  A server with more than
 * MAX_RELATIONS relations in use counts for those that came first.
 *
 * 1.	A relation's counts in this process are found once for each transaction
 *		and kept in its relcache entry; they are never freed.
 * 2.	Those with something to add are in a list, until the end of the
 *		transaction.
 *
 * What a SIGKILL leaves: the counts of its transaction are missing; the shared
 * table is made anew with the rest of shared memory, empty.
 *
 * Corresponds to PostgreSQL's pgstat_relation.c.
 */
#include "postgres.h"

#include "pgstat.h"
#include "postmaster/autovacuum.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#define PGSTAT_MAGIC 0x50475355
#define MAX_RELATIONS 8192

bool pgstat_track_counts = true;

typedef struct StatsControl
{
	uint32 magic; /* [C] PGSTAT_MAGIC */
	LWLock lock;  /* protects the entries of the hash table */
} StatsControl;

static StatsControl *control = NULL;
static HTAB *shared = NULL; /* [L:control->lock] of PgStat_StatTabEntry */

/* Of this process: all there ever were, and those with something to add. */
static HTAB *statuses = NULL;
static PgStat_TableStatus *pending = NULL;

Size
StatsShmemSize(void)
{
	return add_size(
		MAXALIGN(sizeof(StatsControl)),
		hash_estimate_size(MAX_RELATIONS, sizeof(PgStat_StatTabEntry)));
}

void
StatsShmemInit(void)
{
	HASHCTL ctl = {.keysize = sizeof(Oid),
	               .entrysize = sizeof(PgStat_StatTabEntry)};
	bool found;

	control =
		ShmemInitStruct("Relation statistics", sizeof(StatsControl), &found);
	if (!found)
	{
		control->magic = PGSTAT_MAGIC;
		LWLockInitialize(&control->lock, LWTRANCHE_PGSTATS_DATA);
		LWLockNoteGroup(&control->lock, 1, sizeof(LWLock));
	}
	Assert(control->magic == PGSTAT_MAGIC);
	shared =
		ShmemInitHash("Relation statistics hash", MAX_RELATIONS, MAX_RELATIONS,
	                  &ctl, HASH_ELEM | HASH_BLOBS | HASH_FIXED_SIZE);
}

/* ---- counting ---- */

static PgStat_TableStatus *
StatusOf(Oid relid)
{
	PgStat_TableStatus *status;
	bool found;

	if (statuses == NULL)
	{
		HASHCTL ctl = {.keysize = sizeof(Oid),
		               .entrysize = sizeof(PgStat_TableStatus),
		               .hcxt = TopMemoryContext};

		statuses = hash_create("Relation statistics of this process", 64, &ctl,
		                       HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	status = hash_search(statuses, &relid, HASH_ENTER, &found);
	if (!found)
	{
		memset(status, 0, sizeof(*status));
		status->t_id = relid;
	}
	if (!status->t_pending)
	{
		status->t_pending = true;
		status->t_next = pending;
		pending = status;
	}
	return status;
}

PgStat_TableStatus *
pgstat_assoc_relation(Relation rel)
{
	if (!pgstat_track_counts || shared == NULL)
		return NULL;
	rel->pgstat_info = StatusOf(RelationGetRelid(rel));
	return rel->pgstat_info;
}

void
pgstat_count_heap_insert(Relation rel, PgStat_Counter n)
{
	PGSTAT_COUNT(rel, t_tuples_inserted, n);
}

void
pgstat_count_heap_update(Relation rel, bool hot)
{
	PGSTAT_COUNT(rel, t_tuples_updated, 1);
	if (hot)
		PGSTAT_COUNT(rel, t_tuples_hot_updated, 1);
}

void
pgstat_count_heap_delete(Relation rel)
{
	PGSTAT_COUNT(rel, t_tuples_deleted, 1);
}

/*
 * What was done up to here is void if the transaction commits, what comes after
 * it if not: only the one or the other counts.
 */
void
pgstat_count_truncate(Relation rel)
{
	PgStat_TableStatus *status = pgstat_status(rel);

	if (status == NULL)
		return;
	if (!status->t_truncated)
	{
		status->t_lost_inserted = status->t_counts.t_tuples_inserted;
		status->t_lost_updated = status->t_counts.t_tuples_updated;
		status->t_lost_deleted = status->t_counts.t_tuples_deleted;
	}
	else
	{
		/* of these nothing stays, whatever comes */
		status->t_counts.t_tuples_inserted = status->t_lost_inserted;
		status->t_counts.t_tuples_updated = status->t_lost_updated;
		status->t_counts.t_tuples_deleted = status->t_lost_deleted;
	}
	status->t_truncated = true;
}

void
pgstat_drop_relation(Oid relid)
{
	if (shared != NULL)
		StatusOf(relid)->t_dropped = true;
}

/* ---- the shared table ---- */

/* With the lock held; NULL: the table is full. */
static PgStat_StatTabEntry *
EnterRelation(Oid relid)
{
	bool found;
	PgStat_StatTabEntry *entry =
		hash_search(shared, &relid, HASH_ENTER_NULL, &found);

	if (entry != NULL && !found)
	{
		memset(entry, 0, sizeof(*entry));
		entry->relid = relid;
	}
	return entry;
}

static void
AddPending(PgStat_StatTabEntry *entry, const PgStat_TableStatus *status,
           bool isCommit)
{
	const PgStat_TableCounts *counts = &status->t_counts;
	PgStat_Counter ins = counts->t_tuples_inserted;
	PgStat_Counter upd = counts->t_tuples_updated;
	PgStat_Counter del = counts->t_tuples_deleted;

	if (status->t_truncated && isCommit)
	{
		entry->n_live_tup = entry->n_dead_tup = entry->n_ins_since_vacuum = 0;
		ins -= status->t_lost_inserted;
		upd -= status->t_lost_updated;
		del -= status->t_lost_deleted;
	}
	else if (status->t_truncated)
	{
		/* the file that later rows went to is gone */
		ins = status->t_lost_inserted;
		upd = status->t_lost_updated;
		del = status->t_lost_deleted;
	}
	entry->numscans += counts->t_numscans;
	entry->tuples_returned += counts->t_tuples_returned;
	entry->tuples_fetched += counts->t_tuples_fetched;
	entry->n_tup_ins += ins;
	entry->n_tup_upd += upd;
	entry->n_tup_hot_upd += counts->t_tuples_hot_updated;
	entry->n_tup_del += del;
	if (isCommit)
		entry->n_mod_since_analyze += ins + upd + del;
	entry->n_ins_since_vacuum += ins;
	if (isCommit)
	{
		entry->n_live_tup = Max(entry->n_live_tup + ins - del, 0);
		entry->n_dead_tup += upd + del;
	}
	else
		entry->n_dead_tup += ins + upd;
}

static void
CountForDatabase(const PgStat_TableCounts *counts)
{
	MyDatabaseStats->tup_returned += counts->t_tuples_returned;
	MyDatabaseStats->tup_fetched += counts->t_tuples_fetched;
	MyDatabaseStats->tup_inserted += counts->t_tuples_inserted;
	MyDatabaseStats->tup_updated += counts->t_tuples_updated;
	MyDatabaseStats->tup_deleted += counts->t_tuples_deleted;
}

void
AtEOXact_PgStat(bool isCommit)
{
	PgStat_TableStatus *status = pending;

	AtEOXact_PgStat_Database(isCommit);
	if (status == NULL)
		return;
	pending = NULL;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	for (PgStat_TableStatus *s = status; s != NULL; s = s->t_next)
	{
		PgStat_StatTabEntry *entry;

		CountForDatabase(&s->t_counts);
		if (s->t_dropped && isCommit)
		{
			(void) hash_search(shared, &s->t_id, HASH_REMOVE, NULL);
			continue;
		}
		entry = EnterRelation(s->t_id);
		if (entry != NULL)
			AddPending(entry, s, isCommit);
	}
	LWLockRelease(&control->lock);
	while (status != NULL)
	{
		PgStat_TableStatus *next = status->t_next;
		Oid relid = status->t_id;

		memset(status, 0, sizeof(*status));
		status->t_id = relid;
		status = next;
	}
}

void
pgstat_count_scans(Oid relid, const PgStat_TableCounts *counts, bool is_open)
{
	PgStat_StatTabEntry *entry;

	if (shared == NULL || !pgstat_track_counts)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = is_open ? EnterRelation(relid)
	                : hash_search(shared, &relid, HASH_FIND, NULL);
	if (entry != NULL)
	{
		entry->numscans += counts->t_numscans;
		entry->tuples_returned += counts->t_tuples_returned;
		entry->tuples_fetched += counts->t_tuples_fetched;
		CountForDatabase(counts);
	}
	LWLockRelease(&control->lock);
}

void
pgstat_update_heap_dead_tuples(Relation rel, int delta)
{
	Oid relid = RelationGetRelid(rel);
	PgStat_StatTabEntry *entry;

	if (delta <= 0 || shared == NULL || !pgstat_track_counts)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = hash_search(shared, &relid, HASH_FIND, NULL);
	if (entry != NULL)
		entry->n_dead_tup = Max(entry->n_dead_tup - delta, 0);
	LWLockRelease(&control->lock);
}

/* ---- reports of commands ---- */

void
pgstat_report_vacuum(Oid relid, PgStat_Counter live, PgStat_Counter dead)
{
	TimestampTz now = GetCurrentTimestamp();
	PgStat_StatTabEntry *entry;

	if (shared == NULL || !pgstat_track_counts)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = EnterRelation(relid);
	if (entry != NULL)
	{
		entry->n_live_tup = live;
		entry->n_dead_tup = dead;
		entry->n_ins_since_vacuum = 0;
		if (AmAutoVacuumWorkerProcess())
		{
			entry->last_autovacuum = now;
			entry->autovacuum_count++;
		}
		else
		{
			entry->last_vacuum = now;
			entry->vacuum_count++;
		}
	}
	LWLockRelease(&control->lock);
}

void
pgstat_report_analyze(Relation rel, PgStat_Counter live, PgStat_Counter dead)
{
	TimestampTz now = GetCurrentTimestamp();
	PgStat_TableStatus *status = pgstat_status(rel);
	PgStat_StatTabEntry *entry;

	if (status == NULL)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = EnterRelation(RelationGetRelid(rel));
	if (entry != NULL)
	{
		const PgStat_TableCounts *counts = &status->t_counts;

		/* what this transaction did is added when it commits */
		entry->n_live_tup =
			Max(live - counts->t_tuples_inserted + counts->t_tuples_deleted, 0);
		entry->n_dead_tup =
			Max(dead - counts->t_tuples_updated - counts->t_tuples_deleted, 0);
		entry->n_mod_since_analyze = 0;
		if (AmAutoVacuumWorkerProcess())
		{
			entry->last_autoanalyze = now;
			entry->autoanalyze_count++;
		}
		else
		{
			entry->last_analyze = now;
			entry->analyze_count++;
		}
	}
	LWLockRelease(&control->lock);
}

bool
pgstat_fetch_stat_tabentry(Oid relid, PgStat_StatTabEntry *copy)
{
	PgStat_StatTabEntry *entry;

	memset(copy, 0, sizeof(*copy));
	copy->relid = relid;
	if (shared == NULL)
		return false;
	LWLockAcquire(&control->lock, LW_SHARED);
	entry = hash_search(shared, &relid, HASH_FIND, NULL);
	if (entry != NULL)
		*copy = *entry;
	LWLockRelease(&control->lock);
	return entry != NULL;
}

void
pgstat_copy_relation_stats(Relation dst, Relation src)
{
	Oid srcid = RelationGetRelid(src);
	PgStat_StatTabEntry *from;
	PgStat_StatTabEntry *to;

	if (shared == NULL)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	from = hash_search(shared, &srcid, HASH_FIND, NULL);
	to = from != NULL ? EnterRelation(RelationGetRelid(dst)) : NULL;
	if (to != NULL)
	{
		*to = *from;
		to->relid = RelationGetRelid(dst);
	}
	LWLockRelease(&control->lock);
}

static void
ClearEntry(PgStat_StatTabEntry *entry)
{
	Oid relid = entry->relid;

	memset(entry, 0, sizeof(*entry));
	entry->relid = relid;
}

void
pgstat_reset(Oid relid)
{
	PgStat_StatTabEntry *entry;

	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = hash_search(shared, &relid, HASH_FIND, NULL);
	if (entry != NULL)
		ClearEntry(entry);
	LWLockRelease(&control->lock);
}

void
pgstat_reset_counters(void)
{
	HASH_SEQ_STATUS scan;
	PgStat_StatTabEntry *entry;

	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	hash_seq_init(&scan, shared);
	while ((entry = hash_seq_search(&scan)) != NULL)
		ClearEntry(entry);
	LWLockRelease(&control->lock);
	pgstat_reset_database();
}

/* ---- for the file ---- */

PgStat_StatTabEntry *
pgstat_copy_entries(int *n)
{
	PgStat_StatTabEntry *copies =
		palloc(sizeof(PgStat_StatTabEntry) * MAX_RELATIONS);
	HASH_SEQ_STATUS scan;
	PgStat_StatTabEntry *entry;

	*n = 0;
	LWLockAcquire(&control->lock, LW_SHARED);
	hash_seq_init(&scan, shared);
	while ((entry = hash_seq_search(&scan)) != NULL)
		copies[(*n)++] = *entry;
	LWLockRelease(&control->lock);
	return copies;
}

bool
pgstat_enter_entry(const PgStat_StatTabEntry *entry)
{
	PgStat_StatTabEntry *target;

	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	target = EnterRelation(entry->relid);
	if (target != NULL)
		*target = *entry;
	LWLockRelease(&control->lock);
	return target != NULL;
}
