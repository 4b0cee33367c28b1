/*
 * litmus.h
 *		What the litmus programs share: participants, every order of their steps
 *		within a bound, and what is said when one goes wrong.
 *
 * A test is a handful of operations on a primitive in two or three processes,
 * with real shared memory and the server's own code, compiled so that each
 * atomic operation, barrier and spinlock is a point of the stepper.  Its runs
 * are made in every order that has at most so many preemptions (a switch away
 * from a process that could have gone on), then in random ones.
 */
#ifndef LITMUS_H
#define LITMUS_H

#include "postgres.h"

#include "port/atomics.h"
#include "storage/proc.h"
#include "utils/injection_step.h"

typedef struct LitmusTest
{
	const char *name;
	int participants;
	int preemptions;    /* the bound in make check; one more with --more */
	void (*init)(void); /* in the parent, before each run */
	void (*body)(int me);
	void (*check)(void); /* in the parent, after each run; may be NULL */
	bool free_timeouts;  /* time-outs fire at any moment */
} LitmusTest;

/*
 * Options: --list, --test NAME, --bound N, --random N, --more, --choices LIST,
 * --seed N (with --policy random or pct); 0 if every test passed.
 */
extern int litmus_main(int argc, char **argv, const LitmusTest *tests, int n);

/*
 * For segments and files: goes to a directory of its own, with pg_dynshmem and
 * base in it; litmus_leave_dir removes it, whatever failed tests have left.
 */
extern void litmus_enter_dir(void);
extern void litmus_leave_dir(void);

/* Fails the run; in any process. */
extern void litmus_fail(const char *fmt, ...) pg_attribute_printf(1, 2);
#define litmus_check(condition)                                               \
	do                                                                        \
	{                                                                         \
		if (!(condition))                                                     \
			litmus_fail("%s:%d: not so: %s", __FILE__, __LINE__, #condition); \
	} while (0)

/* A point of the test itself. */
extern void litmus_step(const char *name);

/* The PGPROC of a participant. */
extern PGPROC *litmus_proc(int participant);

#endif
