/*
 * utils/pg_rusage.h
 *		Processor time and time that something took.
 */
#ifndef PG_RUSAGE_H
#define PG_RUSAGE_H

#include <sys/resource.h>
#include <sys/time.h>

typedef struct PGRUsage
{
	struct timeval tv;
	struct rusage ru;
} PGRUsage;

extern void pg_rusage_init(PGRUsage *ru0);
/*
 * Since then: "CPU: user: 0.01 s, system: 0.00 s, elapsed: 0.02 s"; in a buffer
 * that the next call overwrites.
 */
extern const char *pg_rusage_show(const PGRUsage *ru0);

#endif /* PG_RUSAGE_H */
