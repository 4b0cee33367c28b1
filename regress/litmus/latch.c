/*
 * latch.c
 *		Litmus tests of latches.
 *
 * The dangers: a SetLatch between the owner's test and its sleep, or between
 * its look at the latch and its saying that it may sleep; a reset that forgets
 * a set whose reason was not looked at; a signal left over from an earlier set
 * that is taken for a new one.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/wait_event.h"

#define EVENT WAIT_EVENT_BUILD_PREPARE

typedef struct State
{
	pg_atomic_uint32 flag[2];
	pg_atomic_uint32 turn;
} State;

static State *state;

static void
init(void)
{
	pg_atomic_init_u32(&state->flag[0], 0);
	pg_atomic_init_u32(&state->flag[1], 0);
	pg_atomic_init_u32(&state->turn, 0);
}

static uint32
flag(int i)
{
	litmus_step("test");
	return pg_atomic_read_u32(&state->flag[i]);
}

static void
raise_flag(int i)
{
	litmus_step("change");
	pg_atomic_fetch_add_u32(&state->flag[i], 1);
	litmus_step("changed");
}

static void
wait_latch(void)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, -1, EVENT);
}

/* Test, wait, reset. */
static void
body_set(int me)
{
	if (me == 1)
	{
		raise_flag(0);
		SetLatch(&litmus_proc(0)->procLatch);
		return;
	}
	while (flag(0) == 0)
	{
		wait_latch();
		ResetLatch(MyLatch);
	}
}

/* Reset, test, wait. */
static void
body_reset_first(int me)
{
	if (me == 1)
	{
		raise_flag(0);
		SetLatch(&litmus_proc(0)->procLatch);
		return;
	}
	for (;;)
	{
		ResetLatch(MyLatch);
		if (flag(0) != 0)
			break;
		wait_latch();
	}
}

static void
body_set_twice(int me)
{
	if (me == 1)
	{
		for (int i = 0; i < 2; i++)
		{
			raise_flag(0);
			SetLatch(&litmus_proc(0)->procLatch);
		}
		return;
	}
	while (flag(0) < 2)
	{
		wait_latch();
		ResetLatch(MyLatch);
	}
}

/* Two that set one latch, for a reason each. */
static void
body_two_setters(int me)
{
	if (me > 0)
	{
		raise_flag(me - 1);
		SetLatch(&litmus_proc(0)->procLatch);
		return;
	}
	while (flag(0) == 0 || flag(1) == 0)
	{
		wait_latch();
		ResetLatch(MyLatch);
	}
}

/* One that sets its own latch, as handlers of signals do. */
static void
body_own(int me)
{
	if (me == 1)
	{
		raise_flag(0);
		SetLatch(&litmus_proc(0)->procLatch);
		return;
	}
	SetLatch(MyLatch);
	while (flag(0) == 0)
	{
		wait_latch();
		ResetLatch(MyLatch);
	}
}

/* Back and forth. */
static void
body_in_turn(int me)
{
	for (uint32 turn = 0; turn < 2; turn++)
	{
		while (pg_atomic_read_u32(&state->turn) != turn * 2 + (uint32) me)
		{
			wait_latch();
			ResetLatch(MyLatch);
		}
		pg_atomic_fetch_add_u32(&state->turn, 1);
		SetLatch(&litmus_proc(1 - me)->procLatch);
	}
}

/* A time-out at any moment, also of one that is set just then. */
static void
body_time_out(int me)
{
	if (me == 1)
	{
		raise_flag(0);
		SetLatch(&litmus_proc(0)->procLatch);
		return;
	}
	for (int i = 0; i < 2 && flag(0) == 0; i++)
	{
		int events = WaitLatch(
			MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 1, EVENT);

		litmus_check(events == WL_LATCH_SET || events == WL_TIMEOUT);
		litmus_check(events != WL_LATCH_SET || flag(0) == 1);
		ResetLatch(MyLatch);
	}
	while (flag(0) == 0)
	{
		wait_latch();
		ResetLatch(MyLatch);
	}
}

static const LitmusTest tests[] = {
	{"latch-set", 2, 5, init, body_set},
	{"latch-reset-first", 2, 5, init, body_reset_first},
	{"latch-set-twice", 2, 4, init, body_set_twice},
	{"latch-two-setters", 3, 2, init, body_two_setters},
	{"latch-own", 2, 4, init, body_own},
	{"latch-in-turn", 2, 4, init, body_in_turn},
	{"latch-time-out", 2, 2, init, body_time_out, NULL, true},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	state = unit_share(sizeof(*state));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
