/*
 * instrument.c
 *		Counters of buffer use, and measurement of plan nodes.
 *
 * Corresponds to PostgreSQL's executor/instrument.c.
 */
#include "postgres.h"

#include "executor/instrument.h"

PG_PER_THREAD BufferUsage pgBufferUsage;
WalUsage pgWalUsage;

/* As they were when this worker began. */
static BufferUsage save_pgBufferUsage;

void
BufferUsageAccumDiff(BufferUsage *dst, const BufferUsage *add,
                     const BufferUsage *sub)
{
	dst->shared_blks_hit += add->shared_blks_hit - sub->shared_blks_hit;
	dst->shared_blks_read += add->shared_blks_read - sub->shared_blks_read;
	dst->shared_blks_dirtied +=
		add->shared_blks_dirtied - sub->shared_blks_dirtied;
	dst->shared_blks_written +=
		add->shared_blks_written - sub->shared_blks_written;
	dst->local_blks_hit += add->local_blks_hit - sub->local_blks_hit;
	dst->local_blks_read += add->local_blks_read - sub->local_blks_read;
	dst->local_blks_dirtied +=
		add->local_blks_dirtied - sub->local_blks_dirtied;
	dst->local_blks_written +=
		add->local_blks_written - sub->local_blks_written;
	dst->temp_blks_read += add->temp_blks_read - sub->temp_blks_read;
	dst->temp_blks_written += add->temp_blks_written - sub->temp_blks_written;
	INSTR_TIME_ACCUM_DIFF(dst->temp_blk_read_time, add->temp_blk_read_time,
	                      sub->temp_blk_read_time);
	INSTR_TIME_ACCUM_DIFF(dst->temp_blk_write_time, add->temp_blk_write_time,
	                      sub->temp_blk_write_time);
	INSTR_TIME_ACCUM_DIFF(dst->blk_read_time, add->blk_read_time,
	                      sub->blk_read_time);
	INSTR_TIME_ACCUM_DIFF(dst->blk_write_time, add->blk_write_time,
	                      sub->blk_write_time);
}

void
WalUsageAccumDiff(WalUsage *dst, const WalUsage *add, const WalUsage *sub)
{
	dst->wal_records += add->wal_records - sub->wal_records;
	dst->wal_fpi += add->wal_fpi - sub->wal_fpi;
	dst->wal_bytes += add->wal_bytes - sub->wal_bytes;
}

Instrumentation *
InstrAlloc(int n, int instrument_options)
{
	Instrumentation *instr = palloc0_array(Instrumentation, n);

	for (int i = 0; i < n; i++)
	{
		instr[i].need_timer = (instrument_options & INSTRUMENT_TIMER) != 0;
		instr[i].need_bufusage = (instrument_options & INSTRUMENT_BUFFERS) != 0;
		instr[i].need_walusage = (instrument_options & INSTRUMENT_WAL) != 0;
	}
	return instr;
}

void
InstrStartNode(Instrumentation *instr)
{
	if (instr->need_timer)
	{
		if (!INSTR_TIME_IS_ZERO(instr->starttime))
			elog(ERROR, "InstrStartNode called twice in a row");
		INSTR_TIME_SET_CURRENT(instr->starttime);
	}
	if (instr->need_bufusage)
		instr->bufusage_start = pgBufferUsage;
	if (instr->need_walusage)
		instr->walusage_start = pgWalUsage;
}

void
InstrStopNode(Instrumentation *instr, double nTuples)
{
	instr->tuplecount += nTuples;
	if (instr->need_timer)
	{
		instr_time now;

		if (INSTR_TIME_IS_ZERO(instr->starttime))
			elog(ERROR, "InstrStopNode called without start");
		INSTR_TIME_SET_CURRENT(now);
		INSTR_TIME_ACCUM_DIFF(instr->counter, now, instr->starttime);
		INSTR_TIME_SET_ZERO(instr->starttime);
	}
	if (instr->need_bufusage)
		BufferUsageAccumDiff(&instr->bufusage, &pgBufferUsage,
		                     &instr->bufusage_start);
	if (instr->need_walusage)
		WalUsageAccumDiff(&instr->walusage, &pgWalUsage,
		                  &instr->walusage_start);
	if (!instr->running)
	{
		instr->running = true;
		instr->firsttuple = INSTR_TIME_GET_DOUBLE(instr->counter);
	}
}

void
InstrEndLoop(Instrumentation *instr)
{
	double totaltime;

	/* nothing was asked of the node in this loop */
	if (!instr->running)
		return;
	totaltime = INSTR_TIME_GET_DOUBLE(instr->counter);
	instr->startup += instr->firsttuple;
	instr->total += totaltime;
	instr->ntuples += instr->tuplecount;
	instr->nloops += 1;

	instr->running = false;
	INSTR_TIME_SET_ZERO(instr->starttime);
	INSTR_TIME_SET_ZERO(instr->counter);
	instr->firsttuple = 0;
	instr->tuplecount = 0;
}

void
InstrStartParallelQuery(void)
{
	save_pgBufferUsage = pgBufferUsage;
}

void
InstrEndParallelQuery(BufferUsage *bufusage)
{
	memset(bufusage, 0, sizeof(BufferUsage));
	BufferUsageAccumDiff(bufusage, &pgBufferUsage, &save_pgBufferUsage);
}

void
InstrAccumParallelQuery(BufferUsage *bufusage)
{
	static const BufferUsage zero;

	BufferUsageAccumDiff(&pgBufferUsage, bufusage, &zero);
}
