/*
 * utils/injection_step.h
 *		The stepper: participants run one at a time, from point to point, in an
 *		order that a seed or a list of choices gives.
 *
 * A participant that comes to a point stops there until it is chosen; the one
 * that stops makes the choice itself.  Exactly one runs at a time, so a run is
 * told by the list of choices, and can be made again.
 *
 * Points are injection points, the places where the primitives really sleep
 * (InjectionStepLatchSleep, InjectionStepSleep) or spin (InjectionStepYield),
 * and, in code compiled with STEP_ACCESSES, each atomic operation, barrier and
 * spinlock (port/atomics.h, storage/s_lock.h).
 *
 * Who sleeps is chosen only if what it sleeps on has happened.  When all sleep
 * and nothing is on its way from outside, the run has come to a deadlock or
 * lost a wake-up: that is found at once, and needs no time-out.
 */
#ifndef INJECTION_STEP_H
#define INJECTION_STEP_H

#include "port/atomics.h"

#define STEP_MAX_PARTICIPANTS 8
#define STEP_MAX_CHOICES 65536
#define STEP_MAX_PATTERNS 64
#define STEP_NAME_LEN 48

typedef enum StepPolicy
{
	STEP_CHOICES, /* those given, then: go on with the one that runs */
	STEP_RANDOM,  /* any that can, each time */
	STEP_PCT      /* random priorities, lowered at depth - 1 random steps */
} StepPolicy;

typedef enum StepVerdict
{
	STEP_NOT_DONE,
	STEP_DONE,     /* all participants have left */
	STEP_DEADLOCK, /* all sleep */
	STEP_LIVELOCK, /* all that do not sleep spin */
	STEP_DIVERGED, /* a given choice could not be made */
	STEP_TOO_LONG, /* more choices than max_steps */
	STEP_STALLED   /* the one that ran came to no point: the watchdog */
} StepVerdict;

typedef struct StepOptions
{
	StepPolicy policy;
	uint64 seed;
	int depth;          /* of STEP_PCT */
	int length;         /* of STEP_PCT: steps that a run is guessed to have */
	int participants;   /* that must have come before the first choice */
	int max_steps;      /* 0: STEP_MAX_CHOICES */
	int grace_ms;       /* how long all may sleep; 0: nobody is outside */
	bool free_timeouts; /* a time-out may fire at any time, not only at last */
	int leader_pid;     /* server: the backend that is participant 0 ... */
	const char *from;   /* ... from this point on ... */
	const char *to;     /* ... to this one */
	const char *points; /* patterns of the points that count, "a-*|b"; NULL:
	                      * all */
	const uint8 *choices; /* of STEP_CHOICES */
	int nchoices;
} StepOptions;

/* One choice, and what it was made from. */
typedef struct StepChoice
{
	const char *point; /* where the chosen one stood */
	const void *place; /* in the code, of an access; else NULL */
	uint8 participant; /* the chosen one */
	uint8 enabled;     /* a bit for each that could have been chosen */
	int8 previous;     /* the one that ran before if it could go on, or -1 */
	bool timed_out;    /* its time-out fired */
} StepChoice;

/* This process takes part in a run. */
extern bool injection_step_active;

/* [A] not 0 while there is a run; a private zero before shared memory is. */
extern pg_atomic_uint32 *injection_step_on;

extern void InjectionStepShmemInit(void);

/* ---- the one that drives ---- */

extern void InjectionStepBegin(const StepOptions *options);
/* Lets go whoever is stopped. */
extern void InjectionStepEnd(void);
extern StepVerdict InjectionStepVerdict(void);
extern const char *InjectionStepVerdictName(StepVerdict verdict);
/* Waits for a verdict; STEP_NOT_DONE after the time. */
extern StepVerdict InjectionStepAwait(int timeout_ms);
/* The choices of the run. */
extern int InjectionStepCount(void);
extern const StepChoice *InjectionStepChoiceAt(int i);
/* Where a participant is now; NULL: not there. */
extern const char *InjectionStepWhere(int participant, const char **state);
/* Time-outs that fired because nothing else could go on: the name, or NULL. */
extern const char *InjectionStepTimeout(void);

/* ---- participants ---- */

extern void InjectionStepJoin(int participant);
extern void InjectionStepLeave(void);

/* From InjectionPointRun, of every process while there is a run. */
extern void InjectionStepAt(const char *name);
/* In code compiled with STEP_ACCESSES. */
extern void InjectionStepAccess(void);
extern void InjectionStepSpinLock(bool acquire);

/* ---- the primitives ---- */

/*
 * In the place of a sleep of *timeout ms (-1: for ever): until the latch's
 * owner has been signalled; *timeout becomes 0.  False: the time-out fired.
 */
extern bool InjectionStepLatchSleep(long *timeout, uint32 wait_event_info);
/* Before a sleep that ends when ready(arg), asked by any participant. */
extern void
InjectionStepSleep(const char *name, bool (*ready)(void *arg), void *arg);
/* In a spinning loop, which has slept so often; false: spin on. */
extern bool InjectionStepYield(int sleeps);
/* The latch of a process that may sleep has been set. */
extern void InjectionStepLatchSet(int pid);
/* A signal has been sent to a process. */
extern void InjectionStepSignalled(int pid);

/* ---- the server's processes ---- */

/* The leader has asked for so many workers. */
extern void InjectionStepExpect(int nworkers);
/* The postmaster has told the leader of the start or the end of a worker. */
extern void InjectionStepNotified(int leader_pid, bool started);

#define STEP_IS_ON() unlikely(CMM_LOAD_SHARED(injection_step_on->value) != 0)

#endif /* INJECTION_STEP_H */
