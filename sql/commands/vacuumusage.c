/*
 * vacuumusage.c
 *		What VACUUM or ANALYZE of a table has cost: buffers, log, processor and
 *		time, for VERBOSE and for the server's log.
 *
 * Corresponds to parts of PostgreSQL's vacuumlazy.c and analyze.c.
 */
#include "postgres.h"

#include "commands/vacuum.h"
#include "postmaster/autovacuum.h"

void
vacuum_usage_start(VacuumUsage *start)
{
	pg_rusage_init(&start->ru0);
	start->buffers = pgBufferUsage;
	start->wal = pgWalUsage;
	start->started = GetCurrentTimestamp();
}

bool
vacuum_usage_logged(const VacuumUsage *start, const VacuumParams *params)
{
	return AmAutoVacuumWorkerProcess() && params->log_min_duration >= 0 &&
	       (params->log_min_duration == 0 ||
	        TimestampDifferenceExceeds(start->started, GetCurrentTimestamp(),
	                                   params->log_min_duration));
}

/* Megabytes in a second. */
static double
Rate(int64 blocks, double seconds)
{
	return seconds > 0 ? blocks * (BLCKSZ / (1024.0 * 1024.0)) / seconds : 0;
}

void
vacuum_usage_show(const VacuumUsage *start, StringInfo buf, bool wal)
{
	const BufferUsage *from = &start->buffers;
	/* of a temporary table they are local */
	int64 hit = pgBufferUsage.shared_blks_hit - from->shared_blks_hit +
	            pgBufferUsage.local_blks_hit - from->local_blks_hit;
	int64 miss = pgBufferUsage.shared_blks_read - from->shared_blks_read +
	             pgBufferUsage.local_blks_read - from->local_blks_read;
	int64 dirtied =
		pgBufferUsage.shared_blks_dirtied - from->shared_blks_dirtied;
	double elapsed = (GetCurrentTimestamp() - start->started) / 1000000.0;

	appendStringInfo(buf,
	                 "avg read rate: %.3f MB/s, avg write rate: %.3f MB/s\n",
	                 Rate(miss, elapsed), Rate(dirtied, elapsed));
	appendStringInfo(buf,
	                 "buffer usage: %lld hits, %lld misses, %lld dirtied\n",
	                 (long long) hit, (long long) miss, (long long) dirtied);
	if (wal)
		appendStringInfo(
			buf, "WAL usage: %lld records, %lld full page images, %llu bytes\n",
			(long long) (pgWalUsage.wal_records - start->wal.wal_records),
			(long long) (pgWalUsage.wal_fpi - start->wal.wal_fpi),
			(unsigned long long) (pgWalUsage.wal_bytes - start->wal.wal_bytes));
	appendStringInfo(buf, "system usage: %s", pg_rusage_show(&start->ru0));
}
