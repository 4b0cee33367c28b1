/*
 * executor/instrument.h
 *		Counters of buffer use of this process, and measurement of plan nodes.
 *
 * Corresponds to PostgreSQL's executor/instrument.h.
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
	int64 local_blks_hit;
	int64 local_blks_read;
	int64 local_blks_dirtied;
	int64 local_blks_written;
	int64 temp_blks_read;
	int64 temp_blks_written;
	instr_time blk_read_time;
	instr_time blk_write_time;
	instr_time temp_blk_read_time;
	instr_time temp_blk_write_time;
} BufferUsage;

extern PG_PER_THREAD BufferUsage pgBufferUsage;

/* What this process has put into the log. */
typedef struct WalUsage
{
	int64 wal_records;
	int64 wal_fpi; /* full page images */
	uint64 wal_bytes;
} WalUsage;

extern WalUsage pgWalUsage;

static inline void
WalUsageAdd(WalUsage *dst, const WalUsage *add)
{
	dst->wal_records += add->wal_records;
	dst->wal_fpi += add->wal_fpi;
	dst->wal_bytes += add->wal_bytes;
}

typedef enum InstrumentOption
{
	INSTRUMENT_TIMER = 1 << 0,
	INSTRUMENT_BUFFERS = 1 << 1,
	INSTRUMENT_ROWS = 1 << 2,
	INSTRUMENT_WAL = 1 << 3,
	INSTRUMENT_ALL = INT_MAX
} InstrumentOption;

/*
 * One node's measurements.  A loop is the time between two rescans; the
 * first group of fields is about the current one, the second about all.
 */
typedef struct Instrumentation
{
	bool need_timer;
	bool need_bufusage;
	bool need_walusage;
	bool running;         /* has returned a row in this loop */
	instr_time starttime; /* of the current call, or 0 */
	instr_time counter;   /* in this loop */
	double firsttuple;    /* seconds to the first row */
	double tuplecount;
	BufferUsage bufusage_start;
	WalUsage walusage_start;

	double startup;
	double total;
	double ntuples;
	double ntuples2; /* node-specific */
	double nloops;
	double nfiltered1; /* dropped by a scan's or a join's condition */
	double nfiltered2; /* dropped by other conditions */
	BufferUsage bufusage;
	WalUsage walusage;
} Instrumentation;

extern Instrumentation *InstrAlloc(int n, int instrument_options);
extern void InstrStartNode(Instrumentation *instr);
extern void InstrStopNode(Instrumentation *instr, double nTuples);
extern void InstrEndLoop(Instrumentation *instr);

/* dst += add - sub */
extern void BufferUsageAccumDiff(BufferUsage *dst, const BufferUsage *add,
                                 const BufferUsage *sub);
extern void
WalUsageAccumDiff(WalUsage *dst, const WalUsage *add, const WalUsage *sub);
/* A worker's use since the start, into shared memory; added up by the leader. */
extern void InstrStartParallelQuery(void);
extern void InstrEndParallelQuery(BufferUsage *bufusage);
extern void InstrAccumParallelQuery(BufferUsage *bufusage);

#endif /* INSTRUMENT_H */
