/*
 * lwlock.c
 *		Litmus tests of LWLocks.
 *
 * The dangers: two inside at once; a release that sees no waiter while one goes
 * to sleep; a wake-up that nobody uses while another sleeps (RELEASE_OK lost);
 * a post of the semaphore too few or too many; a lock that is not free when all
 * have left.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/pg_sema.h"
#include "utils/wait_event.h"

#define FREE_LOCK \
	((uint32) 1 << 30) /* nobody holds, nobody waits, RELEASE_OK */

typedef struct State
{
	LWLockPadded lock;
	pg_atomic_uint64 var;
	pg_atomic_uint64 ready;
	pg_atomic_uint64 seen;
	int readers;
	int writers;
	int count;
} State;

static State *state;

static void
init(void)
{
	LWLockInitialize(&state->lock.lock, LWTRANCHE_FIRST_USER_DEFINED);
	pg_atomic_init_u64(&state->var, 1);
	pg_atomic_init_u64(&state->ready, 0);
	pg_atomic_init_u64(&state->seen, 0);
	state->readers = 0;
	state->writers = 0;
	state->count = 0;
}

/* No post is left over, and the lock is as it was made. */
static void
end_participant(void)
{
	litmus_check(!PGSemaphoreTryLock(MyProc->sem));
	litmus_check(MyProc->lwWaiting == 0);
}

static void
check_free(void)
{
	litmus_check(pg_atomic_read_u32(&state->lock.lock.state) == FREE_LOCK);
	litmus_check(state->readers == 0 && state->writers == 0);
}

static void
write_once(void)
{
	int count;

	LWLockAcquire(&state->lock.lock, LW_EXCLUSIVE);
	state->writers++;
	litmus_check(state->writers == 1 && state->readers == 0);
	count = state->count;
	litmus_step("inside");
	litmus_check(state->writers == 1 && state->readers == 0);
	state->count = count + 1;
	state->writers--;
	LWLockRelease(&state->lock.lock);
}

static void
read_once(void)
{
	LWLockAcquire(&state->lock.lock, LW_SHARED);
	state->readers++;
	litmus_check(state->writers == 0);
	litmus_step("inside");
	litmus_check(state->writers == 0);
	state->readers--;
	LWLockRelease(&state->lock.lock);
}

static void
wait_latch(void)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, -1,
	                 WAIT_EVENT_BUILD_PREPARE);
	ResetLatch(MyLatch);
}

static void
body_write(int me)
{
	write_once();
	end_participant();
}

static void
body_write_twice(int me)
{
	write_once();
	write_once();
	end_participant();
}

static void
check_two(void)
{
	litmus_check(state->count == 2);
	check_free();
}

static void
check_three(void)
{
	litmus_check(state->count == 3);
	check_free();
}

static void
check_four(void)
{
	litmus_check(state->count == 4);
	check_free();
}

static void
body_one_writer(int me)
{
	if (me == 0)
		write_once();
	else
		read_once();
	end_participant();
}

static void
body_one_reader(int me)
{
	if (me == 0)
		read_once();
	else
		write_once();
	end_participant();
}

/*
 * A holder moves a variable on and releases; the others wait for that, and must
 * not sleep past it.
 */
static void
body_variable(int me)
{
	uint64 value = 1;

	if (me == 0)
	{
		LWLockAcquire(&state->lock.lock, LW_EXCLUSIVE);
		LWLockUpdateVar(&state->lock.lock, &state->var, 2);
		litmus_step("inside");
		LWLockReleaseClearVar(&state->lock.lock, &state->var, 0);
	}
	else
	{
		uint64 seen = 0;

		while (!LWLockWaitForVar(&state->lock.lock, &state->var, value, &seen))
		{
			litmus_check(seen != value);
			value = seen;
		}
	}
	end_participant();
}

/*
 * The holder keeps the lock until the other one has seen the variable move on:
 * that one must be woken by the update, not by the release.
 */
static void
body_variable_seen(int me)
{
	if (me == 0)
	{
		LWLockAcquire(&state->lock.lock, LW_EXCLUSIVE);
		pg_atomic_write_u64(&state->ready, 1);
		SetLatch(&litmus_proc(1)->procLatch);
		litmus_step("inside");
		LWLockUpdateVar(&state->lock.lock, &state->var, 2);
		while (pg_atomic_read_u64(&state->seen) == 0)
			wait_latch();
		LWLockReleaseClearVar(&state->lock.lock, &state->var, 0);
	}
	else
	{
		uint64 seen = 0;

		while (pg_atomic_read_u64(&state->ready) == 0)
			wait_latch();
		litmus_check(
			!LWLockWaitForVar(&state->lock.lock, &state->var, 1, &seen));
		litmus_check(seen == 2);
		pg_atomic_write_u64(&state->seen, 1);
		SetLatch(&litmus_proc(0)->procLatch);
	}
	end_participant();
}

/* One that watches and one that wants the lock, in one queue. */
static void
body_watcher(int me)
{
	uint64 seen;

	if (me == 2)
		(void) LWLockWaitForVar(&state->lock.lock, &state->var, 1, &seen);
	else
		write_once();
	end_participant();
}

/* One does it for all: who had to wait does not get the lock. */
static void
body_or_wait(int me)
{
	if (LWLockAcquireOrWait(&state->lock.lock, LW_EXCLUSIVE))
	{
		state->writers++;
		litmus_check(state->writers == 1);
		litmus_step("inside");
		state->count++;
		state->writers--;
		LWLockRelease(&state->lock.lock);
	}
	else
		litmus_check(state->count > 0);
	end_participant();
}

/* Posts that are meant for something else are neither lost nor taken. */
static void
body_other_posts(int me)
{
	if (me == 0)
		PGSemaphoreUnlock(litmus_proc(1)->sem);
	write_once();
	if (me == 1)
		PGSemaphoreLock(MyProc->sem);
	end_participant();
}

static void
body_conditional(int me)
{
	if (me == 0)
		write_once();
	else if (LWLockConditionalAcquire(&state->lock.lock, LW_SHARED))
	{
		litmus_check(state->writers == 0);
		LWLockRelease(&state->lock.lock);
	}
	end_participant();
}

static const LitmusTest tests[] = {
	{"lwlock-two-writers", 2, 4, init, body_write, check_two},
	{"lwlock-writers-again", 2, 4, init, body_write_twice, check_four},
	{"lwlock-three-writers", 3, 2, init, body_write, check_three},
	{"lwlock-one-writer-two-readers", 3, 2, init, body_one_writer, check_free},
	{"lwlock-one-reader-two-writers", 3, 2, init, body_one_reader, check_two},
	{"lwlock-variable", 2, 4, init, body_variable, check_free},
	{"lwlock-variable-seen", 2, 4, init, body_variable_seen, check_free},
	{"lwlock-watcher-and-writers", 3, 2, init, body_watcher, check_two},
	{"lwlock-acquire-or-wait", 2, 4, init, body_or_wait, check_free},
	{"lwlock-other-posts", 2, 4, init, body_other_posts, check_two},
	{"lwlock-conditional", 2, 4, init, body_conditional, check_free},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	state = unit_share(sizeof(*state));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
