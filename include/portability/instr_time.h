/*
 * portability/instr_time.h
 *		Times for measuring intervals: nanoseconds of CLOCK_MONOTONIC.
 */
#ifndef INSTR_TIME_H
#define INSTR_TIME_H

#include <time.h>

typedef struct instr_time
{
	int64 ticks;
} instr_time;

static inline instr_time
pg_clock_gettime_ns(void)
{
	struct timespec ts;
	instr_time now;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now.ticks = (int64) ts.tv_sec * 1000000000 + ts.tv_nsec;
	return now;
}

#define INSTR_TIME_IS_ZERO(t) ((t).ticks == 0)
#define INSTR_TIME_SET_ZERO(t) ((t).ticks = 0)
#define INSTR_TIME_SET_CURRENT(t) ((t) = pg_clock_gettime_ns())
#define INSTR_TIME_ADD(x, y) ((x).ticks += (y).ticks)
#define INSTR_TIME_SUBTRACT(x, y) ((x).ticks -= (y).ticks)
#define INSTR_TIME_ACCUM_DIFF(x, y, z) ((x).ticks += (y).ticks - (z).ticks)
#define INSTR_TIME_GET_DOUBLE(t) ((double) (t).ticks / 1e9)
#define INSTR_TIME_GET_MILLISEC(t) ((double) (t).ticks / 1e6)
#define INSTR_TIME_GET_MICROSEC(t) ((t).ticks / 1000)

#endif /* INSTR_TIME_H */
