/*
 * timing.h: clocks and medians, for the benchmarks in C.
 *
 * Times are microseconds.
 */
#ifndef BENCH_TIMING_H
#define BENCH_TIMING_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double
time_us(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double) ts.tv_sec * 1e6 + (double) ts.tv_nsec * 1e-3;
}

/* A process's processor time so far; the kernel counts it exactly there. */
static inline double
processor_us_of(int pid)
{
	char path[64];
	unsigned long long ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	f = fopen(path, "r");
	if (f == NULL || fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	if (f != NULL)
		fclose(f);
	return (double) ns / 1e3;
}

static inline int
compare_times(const void *a, const void *b)
{
	double x = *(const double *) a;
	double y = *(const double *) b;

	return (x > y) - (x < y);
}

/* Sorts the values. */
static inline double
median(double *values, int n)
{
	qsort(values, (size_t) n, sizeof(double), compare_times);
	return values[n / 2];
}

#endif /* BENCH_TIMING_H */
