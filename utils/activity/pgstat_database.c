/*
 * pgstat_database.c
 *		Counts of what happens in the database: pg_stat_database.
 *
 * Each process counts in a slot of its own in shared memory, by its number, so
 * that nothing is shared at the end of a transaction; the sum of all slots and
 * of what processes that are gone have left is the answer.
 *
 * 1.	A slot is written by its owner alone; when it leaves it moves its counts
 *		to the base under the lock, so that no reader misses them or has them
 *		twice.
 * 2.	A reset takes the present sum off the base: slots are not touched.
 *
 * What a SIGKILL leaves: shared memory is made anew, and the counts with it.
 *
 * Corresponds to PostgreSQL's pgstat_database.c, for one database.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/shmem.h"

#define DATABASE_STATS_MAGIC 0x50475344

/* On lines of its own, as it changes with every transaction. */
typedef union StatsSlot
{
	PgStat_StatDBEntry counts; /* [O] */
	char pad[TYPEALIGN(PG_CACHE_LINE_SIZE, sizeof(PgStat_StatDBEntry))];
} StatsSlot;

typedef struct DatabaseStats
{
	uint32 magic; /* [C] DATABASE_STATS_MAGIC */
	LWLock lock;
	PgStat_StatDBEntry base;                /* [L:lock] */
	TimestampTz stats_reset;                /* [L:lock] 0: never */
	StatsSlot slots[FLEXIBLE_ARRAY_MEMBER]; /* by process number */
} DatabaseStats;

static DatabaseStats *control = NULL;

/* Until there is a slot, and after it. */
static PgStat_StatDBEntry nowhere;
PgStat_StatDBEntry *MyDatabaseStats = &nowhere;

SessionEndType pgStatSessionEndCause = DISCONNECT_NORMAL;

Size
DatabaseStatsShmemSize(void)
{
	return add_size(offsetof(DatabaseStats, slots),
	                mul_size((Size) PROCARRAY_SLOTS, sizeof(StatsSlot)));
}

void
DatabaseStatsShmemInit(void)
{
	bool found;

	control = ShmemInitStruct("Database statistics", DatabaseStatsShmemSize(),
	                          &found);
	if (!found)
	{
		control->magic = DATABASE_STATS_MAGIC;
		LWLockInitialize(&control->lock, LWTRANCHE_PGSTATS_DATA);
		LWLockNoteGroup(&control->lock, 1, sizeof(LWLock));
	}
	Assert(control->magic == DATABASE_STATS_MAGIC);
}

/* to += sign * from: all fields are counters */
static void
add_counts(PgStat_StatDBEntry *to, const PgStat_StatDBEntry *from, int sign)
{
	PgStat_Counter *sum = (PgStat_Counter *) to;
	const volatile PgStat_Counter *counts =
		(const volatile PgStat_Counter *) from;

	for (Size i = 0; i < sizeof(*to) / sizeof(PgStat_Counter); i++)
		sum[i] += sign * counts[i];
}

static void
count_session_end(void)
{
	switch (pgStatSessionEndCause)
	{
		case DISCONNECT_CLIENT_EOF:
			MyDatabaseStats->sessions_abandoned++;
			break;
		case DISCONNECT_FATAL:
			MyDatabaseStats->sessions_fatal++;
			break;
		case DISCONNECT_KILLED:
			MyDatabaseStats->sessions_killed++;
			break;
		case DISCONNECT_NORMAL:
			break;
	}
}

static void
leave_slot(int code, Datum arg)
{
	PgStat_StatDBEntry *slot = MyDatabaseStats;

	if (MyBackendType == B_BACKEND)
		count_session_end();
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	add_counts(&control->base, slot, 1);
	memset(slot, 0, sizeof(*slot));
	LWLockRelease(&control->lock);
	MyDatabaseStats = &nowhere;
}

void
pgstat_take_database_slot(void)
{
	if (control == NULL || MyProcNumber < 0)
		return;
	MyDatabaseStats = &control->slots[MyProcNumber].counts;
	on_shmem_exit(leave_slot, (Datum) 0);
}

void
AtEOXact_PgStat_Database(bool isCommit)
{
	/* its leader counts what a parallel worker did */
	if (IsParallelWorker())
		return;
	if (isCommit)
		MyDatabaseStats->xact_commit++;
	else
		MyDatabaseStats->xact_rollback++;
	MyDatabaseStats->blks_read =
		pgBufferUsage.shared_blks_read + pgBufferUsage.local_blks_read;
	MyDatabaseStats->blks_hit =
		pgBufferUsage.shared_blks_hit + pgBufferUsage.local_blks_hit;
}

void
pgstat_report_deadlock(void)
{
	MyDatabaseStats->deadlocks++;
}

void
pgstat_report_checksum_failure(void)
{
	MyDatabaseStats->checksum_failures++;
}

void
pgstat_report_tempfile(size_t filesize)
{
	MyDatabaseStats->temp_files++;
	MyDatabaseStats->temp_bytes += filesize;
}

/* With the lock. */
static void
sum_up(PgStat_StatDBEntry *sum)
{
	*sum = control->base;
	for (int i = 0; i < PROCARRAY_SLOTS; i++)
		add_counts(sum, &control->slots[i].counts, 1);
}

void
pgstat_fetch_stat_dbentry(PgStat_StatDBEntry *sum, TimestampTz *stats_reset)
{
	memset(sum, 0, sizeof(*sum));
	*stats_reset = 0;
	if (control == NULL)
		return;
	LWLockAcquire(&control->lock, LW_SHARED);
	sum_up(sum);
	*stats_reset = control->stats_reset;
	LWLockRelease(&control->lock);
}

void
pgstat_enter_dbentry(const PgStat_StatDBEntry *entry, TimestampTz stats_reset)
{
	if (control == NULL)
		return;
	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	control->base = *entry;
	control->stats_reset = stats_reset;
	LWLockRelease(&control->lock);
}

void
pgstat_reset_database(void)
{
	PgStat_StatDBEntry sum;

	LWLockAcquire(&control->lock, LW_EXCLUSIVE);
	sum_up(&sum);
	add_counts(&control->base, &sum, -1);
	control->stats_reset = GetCurrentTimestamp();
	LWLockRelease(&control->lock);
}
