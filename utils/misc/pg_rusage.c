/*
 * pg_rusage.c
 *		Processor time and time that something took, for messages.
 *
 * Corresponds to PostgreSQL's pg_rusage.c.
 */
#include "postgres.h"

#include "utils/pg_rusage.h"

static double
Seconds(const struct timeval *from, const struct timeval *to)
{
	return (double) (to->tv_sec - from->tv_sec) +
	       (double) (to->tv_usec - from->tv_usec) / 1e6;
}

void
pg_rusage_init(PGRUsage *ru0)
{
	getrusage(RUSAGE_SELF, &ru0->ru);
	gettimeofday(&ru0->tv, NULL);
}

const char *
pg_rusage_show(const PGRUsage *ru0)
{
	static char result[100];
	PGRUsage now;

	pg_rusage_init(&now);
	snprintf(result, sizeof(result),
	         "CPU: user: %.2f s, system: %.2f s, elapsed: %.2f s",
	         Seconds(&ru0->ru.ru_utime, &now.ru.ru_utime),
	         Seconds(&ru0->ru.ru_stime, &now.ru.ru_stime),
	         Seconds(&ru0->tv, &now.tv));
	return result;
}
