/*
 * timestamp.c
 *		Wall-clock times.
 */
#include "postgres.h"

#include <sys/time.h>
#include <time.h>

#include "utils/timestamp.h"

#define EPOCH_SHIFT_SECS \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

TimestampTz
GetCurrentTimestamp(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ((int64) ts.tv_sec - EPOCH_SHIFT_SECS) * USECS_PER_SEC +
	       ts.tv_nsec / 1000;
}

TimestampTz
time_t_to_timestamptz(int64 tm)
{
	return (tm - EPOCH_SHIFT_SECS) * USECS_PER_SEC;
}

void
TimestampDifference(TimestampTz start_time, TimestampTz stop_time, long *secs,
                    int *microsecs)
{
	int64 diff = Max(stop_time - start_time, 0);

	*secs = (long) (diff / USECS_PER_SEC);
	*microsecs = (int) (diff % USECS_PER_SEC);
}

long
TimestampDifferenceMilliseconds(TimestampTz start_time, TimestampTz stop_time)
{
	int64 diff;

	if (start_time >= stop_time)
		return 0;
	/* rounded up, so that a wait of the result reaches stop_time */
	diff = (stop_time - start_time + 999) / 1000;
	return (long) Min(diff, (int64) INT_MAX);
}

bool
TimestampDifferenceExceeds(TimestampTz start_time, TimestampTz stop_time,
                           int msec)
{
	return stop_time - start_time >= (int64) msec * 1000;
}

const char *
timestamptz_to_str(TimestampTz t)
{
	static char buf[64];
	int64 secs = t / USECS_PER_SEC;
	int usecs = (int) (t % USECS_PER_SEC);
	time_t unix_time;
	struct tm tm;
	char day[32];

	if (usecs < 0)
	{
		usecs += USECS_PER_SEC;
		secs--;
	}
	unix_time = (time_t) (secs + EPOCH_SHIFT_SECS);
	gmtime_r(&unix_time, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d %H:%M:%S", &tm);
	snprintf(buf, sizeof(buf), "%s.%03d UTC", day, usecs / 1000);
	return buf;
}
