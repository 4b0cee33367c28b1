/*
 * utils/timestamp.h
 *		Wall-clock times: microseconds since 2000-01-01 00:00 UTC.
 */
#ifndef TIMESTAMP_H
#define TIMESTAMP_H

#define POSTGRES_EPOCH_JDATE 2451545
#define UNIX_EPOCH_JDATE 2440588
#define SECS_PER_DAY 86400
#define USECS_PER_SEC INT64CONST(1000000)
#define DT_NOBEGIN PG_INT64_MIN
#define DT_NOEND PG_INT64_MAX
#define TimestampTzPlusMilliseconds(tz, ms) ((tz) + ((ms) * (int64) 1000))

extern TimestampTz GetCurrentTimestamp(void);
extern void TimestampDifference(TimestampTz start_time, TimestampTz stop_time,
                                long *secs, int *microsecs);
/* 0 if stop_time is not later; INT_MAX at most. */
extern long
TimestampDifferenceMilliseconds(TimestampTz start_time, TimestampTz stop_time);
extern bool TimestampDifferenceExceeds(TimestampTz start_time,
                                       TimestampTz stop_time, int msec);
/* "2026-11-21 03:50:00.123 UTC", in a static buffer. */
extern const char *timestamptz_to_str(TimestampTz t);
extern TimestampTz time_t_to_timestamptz(int64 tm);

#endif /* TIMESTAMP_H */
