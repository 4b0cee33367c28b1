/*
 * executor/instrument.h
 *		Counters of buffer use, of this process.
 */
#ifndef INSTRUMENT_H
#define INSTRUMENT_H

#include "portability/instr_time.h"

typedef struct BufferUsage
{
	int64 shared_blks_hit;
	int64 shared_blks_read;
	int64 shared_blks_dirtied;
	int64 shared_blks_written;
	instr_time blk_read_time;
	instr_time blk_write_time;
} BufferUsage;

extern BufferUsage pgBufferUsage;

/* dst += add - sub */
extern void BufferUsageAccumDiff(BufferUsage *dst, const BufferUsage *add,
                                 const BufferUsage *sub);
/* A worker's use since the start, into shared memory; added up by the leader. */
extern void InstrStartParallelQuery(void);
extern void InstrEndParallelQuery(BufferUsage *bufusage);
extern void InstrAccumParallelQuery(BufferUsage *bufusage);

#endif /* INSTRUMENT_H */
