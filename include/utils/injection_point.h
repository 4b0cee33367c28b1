/*
 * utils/injection_point.h
 *		Named places in the code where a test may make something happen.
 *
 * A point costs one load and a predictable branch while nothing is armed
 * anywhere.  The table of armed points is in shared memory, outside what a
 * crash reset clears, and is read without locks, so that a point works in
 * every process and inside locks.
 *
 *		name=action[,nth=N][,times=N][,pid=PID]
 *
 * actions: error, notice, wait (until woken), kill (SIGKILL to itself),
 * fatal, panic, sleep:MS.  nth: from which passage on; times: how often (1 for
 * kill unless given, so that it fires once and not at every restart).
 * TUSK_INJECTION_POINTS in the environment of the postmaster arms points at
 * start, several separated by ";".
 */
#ifndef INJECTION_POINT_H
#define INJECTION_POINT_H

#include "port/atomics.h"

#define INJ_NAME_MAXLEN 64
#define INJ_MAX_POINTS 32

typedef enum InjectionAction
{
	INJ_ERROR,
	INJ_NOTICE,
	INJ_WAIT,
	INJ_KILL,
	INJ_FATAL,
	INJ_PANIC,
	INJ_SLEEP
} InjectionAction;

/* [A] number of armed points; a private zero until shared memory is there */
extern pg_atomic_uint32 *injection_points_armed;

#define INJECTION_POINT(name)                                          \
	do                                                                 \
	{                                                                  \
		if (unlikely(pg_atomic_read_u32(injection_points_armed) != 0)) \
			InjectionPointRun(name);                                   \
	} while (0)

/* For code that behaves otherwise while a point of that name is armed. */
#define IS_INJECTION_POINT_ATTACHED(name)                         \
	(unlikely(pg_atomic_read_u32(injection_points_armed) != 0) && \
	 InjectionPointIsAttached(name))

extern Size InjectionPointShmemSize(void);
extern void InjectionPointShmemInit(void);
extern void InjectionPointArmFromEnvironment(void);

extern void InjectionPointRun(const char *name);
extern bool InjectionPointIsAttached(const char *name);
/* ERROR 22023: a bad action; 53400: no slot left; 42710: armed already */
extern void InjectionPointAttach(const char *name, const char *action);
extern bool InjectionPointDetach(const char *name);
/* Wake those that wait at the point; ERROR 42704 if nobody does. */
extern void InjectionPointWakeup(const char *name);
/* The wait event of a process that waits: the name of its point, a copy. */
extern const char *InjectionPointWaitName(uint32 waitslot);
/* Passages while armed. */
extern uint64 InjectionPointHits(const char *name);

#endif /* INJECTION_POINT_H */
