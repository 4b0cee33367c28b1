/*
 * s_lock.c
 *		What happens when a spinlock is not free at once.
 *
 * Spin for a while, then sleep, longer each time: the holder may have lost its
 * CPU, and on one CPU spinning would only keep it from going on.  How long to
 * spin before the first sleep is learnt: a wait that ended without a sleep
 * raises the estimate, one that slept lowers it.  Each process keeps its own
 * and folds it into the shared one when it ends.
 *
 * A wait of some thousand sleeps means that the holder died or forgot: PANIC,
 * and the reset of shared memory repairs it.
 *
 * Corresponds to PostgreSQL's s_lock.c.
 */
#include "postgres.h"

#include <time.h>

#include "common/pg_prng.h"
#include "storage/s_lock.h"
#include "utils/injection_step.h"
#include "utils/wait_event.h"

#define MIN_SPINS_PER_DELAY 10
#define MAX_SPINS_PER_DELAY 1000
#define NUM_DELAYS 1000
#define MIN_DELAY_USEC 1000L
#define MAX_DELAY_USEC 1000000L
#define DEFAULT_SPINS_PER_DELAY 100

/* This process's estimate. */
static int spins_per_delay = DEFAULT_SPINS_PER_DELAY;

static void s_lock_stuck(const char *file, int line, const char *func)
	pg_attribute_noreturn();

/*
 * Wait for a spinlock that was found taken.  Returns the number of sleeps.
 */
int
s_lock(slock_t *lock, const char *file, int line, const char *func)
{
	SpinDelayStatus delay;

	init_spin_delay(&delay, file, line, func);
	while (TAS_SPIN(lock))
		perform_spin_delay(&delay);
	finish_spin_delay(&delay);
	return delay.delays;
}

/*
 * One turn of a spinning loop; sleeps when it has spun for long enough.
 */
void
perform_spin_delay(SpinDelayStatus *status)
{
	struct timespec ts;

	if (unlikely(injection_step_active) && InjectionStepYield(status->delays))
		return;
	SPIN_DELAY();
	if (++status->spins < spins_per_delay)
		return;

	if (++status->delays > NUM_DELAYS)
		s_lock_stuck(status->file, status->line, status->func);
	if (status->cur_delay == 0)
		status->cur_delay = MIN_DELAY_USEC;

	pgstat_report_wait_start(WAIT_EVENT_SPIN_DELAY);
	ts.tv_sec = status->cur_delay / 1000000;
	ts.tv_nsec = (long) (status->cur_delay % 1000000) * 1000;
	(void) nanosleep(&ts, NULL); /* a signal may cut it short: no harm */
	pgstat_report_wait_end();

	/* A random factor keeps several waiters from marching in step. */
	status->cur_delay +=
		(int) (status->cur_delay * pg_prng_double(&pg_global_prng_state) + 0.5);
	if (status->cur_delay > MAX_DELAY_USEC)
		status->cur_delay = MIN_DELAY_USEC;
	status->spins = 0;
}

/*
 * After the wait: learn from it.
 */
void
finish_spin_delay(SpinDelayStatus *status)
{
	if (status->cur_delay == 0)
		spins_per_delay = Min(spins_per_delay + 100, MAX_SPINS_PER_DELAY);
	else
		spins_per_delay = Max(spins_per_delay - 1, MIN_SPINS_PER_DELAY);
}

/* At process start: take the shared estimate. */
void
set_spins_per_delay(int shared_spins_per_delay)
{
	spins_per_delay = shared_spins_per_delay;
}

/* At process end: the new shared estimate, a slow moving average. */
int
update_spins_per_delay(int shared_spins_per_delay)
{
	return (shared_spins_per_delay * 15 + spins_per_delay) / 16;
}

static void
s_lock_stuck(const char *file, int line, const char *func)
{
	elog(PANIC, "stuck spinlock detected at %s, %s:%d",
	     func ? func : "(unknown)", file, line);
	pg_unreachable();
}
