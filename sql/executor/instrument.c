/*
 * instrument.c
 *		Counters of buffer use.
 */
#include "postgres.h"

#include "executor/instrument.h"

BufferUsage pgBufferUsage;

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
	INSTR_TIME_ACCUM_DIFF(dst->blk_read_time, add->blk_read_time,
	                      sub->blk_read_time);
	INSTR_TIME_ACCUM_DIFF(dst->blk_write_time, add->blk_write_time,
	                      sub->blk_write_time);
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
