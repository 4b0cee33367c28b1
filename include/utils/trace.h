/*
 * utils/trace.h
 *		The trace: a ring of events per process in shared memory, and the macro
 *		that marks a step of the build protocol.
 *
 * A ring is written by the process that owns the PGPROC slot and read by
 * anyone: an event is valid if its sequence number, read before and after the
 * rest, is the one expected at that place.
 */
#ifndef TRACE_H
#define TRACE_H

#include "port/atomics.h"
#include "utils/injection_point.h"

#define TRACE_RING_EVENTS 1024 /* a power of two */
#define TRACE_NAME_LEN 40

typedef struct TraceEvent
{
	pg_atomic_uint64 seq;      /* [V] number of the event, from 1; 0: none */
	int64 time_ns;             /* [V] CLOCK_MONOTONIC */
	int64 arg;                 /* [V] what the step says of itself */
	int32 pid;                 /* [V] */
	char name[TRACE_NAME_LEN]; /* [V] null-terminated */
} TraceEvent;

extern Size TraceShmemSize(void);
extern void TraceShmemInit(void);
extern void trace_event(const char *name, int64 arg);
/*
 * Copy the events of a process's ring, oldest first, into events (room for
 * TRACE_RING_EVENTS); returns their number.
 */
extern int trace_read_ring(int procno, TraceEvent *events);

/* One named step: fault injection and trace event in one. */
#define BUILD_STEP(name, arg)               \
	do                                      \
	{                                       \
		trace_event((name), (int64) (arg)); \
		INJECTION_POINT(name);              \
	} while (0)

#endif /* TRACE_H */
