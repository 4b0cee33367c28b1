/*
 * pgstat_relation.c
 *		Counts of what happens to tables.
 *
 * A process counts for itself, per transaction and table, and adds to the shared
 * table when the transaction ends: how many rows live and how many are dead
 * depends on the outcome.  Nothing is logged or kept over a restart.  A server
 * with more than MAX_TABLES tables in use counts for those that came first.
 *
 * What a SIGKILL leaves: the counts of its transaction are missing; the shared
 * table is made anew with the rest of shared memory.
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

#define PGSTAT_MAGIC 0x50475354
#define MAX_TABLES 4096

typedef struct StatsControl
{
	uint32 magic; /* [C] PGSTAT_MAGIC */
	LWLock lock;  /* protects the entries of the hash table */
} StatsControl;

/* Of one table in this transaction. */
typedef struct PendingTab
{
	Oid relid;
	int64 ins;
	int64 upd;
	int64 hot;
	int64 del;
	bool dropped;
	struct PendingTab *next;
} PendingTab;

static StatsControl *control = NULL;
static HTAB *tables = NULL; /* [L:control->lock] of PgStat_StatTabEntry */

/* of the running transaction, in TopMemoryContext */
static PendingTab *pending = NULL;

Size
StatsShmemSize(void)
{
	return add_size(
		MAXALIGN(sizeof(StatsControl)),
		hash_estimate_size(MAX_TABLES, sizeof(PgStat_StatTabEntry)));
}

void
StatsShmemInit(void)
{
	HASHCTL ctl = {.keysize = sizeof(Oid),
	               .entrysize = sizeof(PgStat_StatTabEntry)};
	bool found;

	control =
		ShmemInitStruct("Table statistics", sizeof(StatsControl), &found);
	if (!found)
	{
		control->magic = PGSTAT_MAGIC;
		LWLockInitialize(&control->lock, LWTRANCHE_PGSTATS_DATA);
	}
	Assert(control->magic == PGSTAT_MAGIC);
	tables = ShmemInitHash("Table statistics hash", MAX_TABLES, MAX_TABLES,
	                       &ctl, HASH_ELEM | HASH_BLOBS | HASH_FIXED_SIZE);
}

/* ---- counting ---- */

static PendingTab *
PendingOf(Oid relid)
{
	PendingTab *tab;

	for (tab = pending; tab != NULL; tab = tab->next)
		if (tab->relid == relid)
			return tab;
	tab = MemoryContextAllocZero(TopMemoryContext, sizeof(PendingTab));
	tab->relid = relid;
	tab->next = pending;
	pending = tab;
	return tab;
}

void
pgstat_count_heap_insert(Oid relid, int64 n)
{
	PendingOf(relid)->ins += n;
}

void
pgstat_count_heap_update(Oid relid, bool hot)
{
	PendingTab *tab = PendingOf(relid);

	tab->upd++;
	if (hot)
		tab->hot++;
}

void
pgstat_count_heap_delete(Oid relid)
{
	PendingOf(relid)->del++;
}

/* With the lock held; NULL: the table is full. */
static PgStat_StatTabEntry *
EnterTable(Oid relid)
{
	bool found;
	PgStat_StatTabEntry *entry =
		hash_search(tables, &relid, HASH_ENTER_NULL, &found);

	if (entry != NULL && !found)
	{
		memset(entry, 0, sizeof(*entry));
		entry->relid = relid;
	}
	return entry;
}

static void
AddPending(PgStat_StatTabEntry *entry, const PendingTab *tab, bool isCommit)
{
	entry->n_tup_ins += tab->ins;
	entry->n_tup_upd += tab->upd;
	entry->n_tup_hot_upd += tab->hot;
	entry->n_tup_del += tab->del;
	entry->n_ins_since_vacuum += tab->ins;
	if (isCommit)
	{
		entry->n_live_tup = Max(entry->n_live_tup + tab->ins - tab->del, 0);
		entry->n_dead_tup += tab->upd + tab->del;
		entry->n_mod_since_analyze += tab->ins + tab->upd + tab->del;
	}
	else
		entry->n_dead_tup += tab->ins + tab->upd;
}

void
AtEOXact_PgStat(bool isCommit)
{
	PendingTab *tab = pending;

	if (tab == NULL || tables == NULL)
		return;
	pending = NULL;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	for (PendingTab *t = tab; t != NULL; t = t->next)
	{
		PgStat_StatTabEntry *entry;

		if (t->dropped && isCommit)
		{
			(void) hash_search(tables, &t->relid, HASH_REMOVE, NULL);
			continue;
		}
		entry = EnterTable(t->relid);
		if (entry != NULL)
			AddPending(entry, t, isCommit);
	}
	LWLockRelease(&control->lock);
	while (tab != NULL)
	{
		PendingTab *next = tab->next;

		pfree(tab);
		tab = next;
	}
}

void
pgstat_update_heap_dead_tuples(Oid relid, int delta)
{
	PgStat_StatTabEntry *entry;

	if (delta <= 0 || tables == NULL)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = hash_search(tables, &relid, HASH_FIND, NULL);
	if (entry != NULL)
		entry->n_dead_tup = Max(entry->n_dead_tup - delta, 0);
	LWLockRelease(&control->lock);
}

/* ---- reports of commands ---- */

void
pgstat_report_vacuum(Oid relid, double live, double dead)
{
	TimestampTz now = GetCurrentTimestamp();
	PgStat_StatTabEntry *entry;

	if (tables == NULL)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = EnterTable(relid);
	if (entry != NULL)
	{
		entry->n_live_tup = (int64) live;
		entry->n_dead_tup = (int64) dead;
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
pgstat_report_analyze(Oid relid, double live, double dead)
{
	TimestampTz now = GetCurrentTimestamp();
	PgStat_StatTabEntry *entry;

	if (tables == NULL)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	entry = EnterTable(relid);
	if (entry != NULL)
	{
		PendingTab *tab = PendingOf(relid);

		/* what this transaction did is added when it commits */
		entry->n_live_tup = Max((int64) live - tab->ins + tab->del, 0);
		entry->n_dead_tup = Max((int64) dead - tab->upd - tab->del, 0);
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
	if (tables == NULL)
		return false;
	LWLockAcquire(&control->lock, LW_SHARED);
	entry = hash_search(tables, &relid, HASH_FIND, NULL);
	if (entry != NULL)
		*copy = *entry;
	LWLockRelease(&control->lock);
	return entry != NULL;
}

void
pgstat_drop_relation(Oid relid)
{
	PendingOf(relid)->dropped = true;
}
