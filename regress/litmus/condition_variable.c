/*
 * condition_variable.c
 *		Litmus tests of condition variables.
 *
 * The dangers: a signal between the test of the predicate and the sleep; one
 * that is taken by a sleeper that leaves (CancelSleep) while another one sleeps
 * on; a broadcast that misses a sleeper, or never ends because those that it
 * woke are back in the list; a list that is not empty when all have gone.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "storage/condition_variable.h"
#include "storage/proclist.h"
#include "storage/spin.h"
#include "utils/wait_event.h"

#define EVENT WAIT_EVENT_BUILD_PREPARE

typedef struct State
{
	ConditionVariable cv;
	ConditionVariable other;
	slock_t mutex;
	int items;
	int taken;
	pg_atomic_uint32 flag;
	pg_atomic_uint32 stop;
} State;

static State *state;

static void
init(void)
{
	ConditionVariableInit(&state->cv);
	ConditionVariableInit(&state->other);
	SpinLockInit(&state->mutex);
	state->items = 0;
	state->taken = 0;
	pg_atomic_init_u32(&state->flag, 0);
	pg_atomic_init_u32(&state->stop, 0);
}

static void
check_empty(void)
{
	litmus_check(proclist_is_empty(&state->cv.wakeup));
	litmus_check(proclist_is_empty(&state->other.wakeup));
}

static uint32
flag(void)
{
	litmus_step("test");
	return pg_atomic_read_u32(&state->flag);
}

static void
raise_flag(void)
{
	litmus_step("change");
	pg_atomic_fetch_add_u32(&state->flag, 1);
	litmus_step("changed");
}

static void
await_flag(uint32 value)
{
	ConditionVariablePrepareToSleep(&state->cv);
	while (flag() < value)
		ConditionVariableSleep(&state->cv, EVENT);
	ConditionVariableCancelSleep();
}

static void
body_signal(int me)
{
	if (me == 0)
		await_flag(1);
	else
	{
		raise_flag();
		ConditionVariableSignal(&state->cv);
	}
}

/* Without PrepareToSleep: the first sleep returns at once, to test again. */
static void
body_unprepared(int me)
{
	if (me != 0)
	{
		raise_flag();
		ConditionVariableSignal(&state->cv);
		return;
	}
	while (flag() < 1)
		ConditionVariableSleep(&state->cv, EVENT);
	ConditionVariableCancelSleep();
}

/* The last of two signals is the one that counts. */
static void
body_twice(int me)
{
	if (me == 0)
		await_flag(2);
	else
		for (int i = 0; i < 2; i++)
		{
			raise_flag();
			ConditionVariableSignal(&state->cv);
		}
}

static void
body_broadcast(int me)
{
	if (me != 0)
		await_flag(1);
	else
	{
		raise_flag();
		ConditionVariableBroadcast(&state->cv);
	}
}

/* Those that the first broadcast wakes are back in the list for the second. */
static void
body_broadcast_twice(int me)
{
	if (me != 0)
		await_flag(2);
	else
		for (int i = 0; i < 2; i++)
		{
			raise_flag();
			ConditionVariableBroadcast(&state->cv);
		}
}

/* A broadcast and a signal at once: one may take the other's marker. */
static void
body_broadcast_and_signal(int me)
{
	if (me == 2)
		await_flag(2);
	else
	{
		raise_flag();
		if (me == 0)
			ConditionVariableBroadcast(&state->cv);
		else
			ConditionVariableSignal(&state->cv);
	}
}

static bool
take_item(void)
{
	bool found;

	SpinLockAcquire(&state->mutex);
	found = state->items > 0;
	if (found)
	{
		state->items--;
		state->taken++;
	}
	SpinLockRelease(&state->mutex);
	return found;
}

static void
put_item(void)
{
	SpinLockAcquire(&state->mutex);
	state->items++;
	SpinLockRelease(&state->mutex);
}

/*
 * Two wait for an item each; each item is told to one.  Who leaves with a
 * signal that it did not need must pass it on.
 */
static void
body_items(int me)
{
	if (me == 0)
	{
		for (int i = 0; i < 2; i++)
		{
			put_item();
			ConditionVariableSignal(&state->cv);
		}
		return;
	}
	ConditionVariablePrepareToSleep(&state->cv);
	while (!take_item())
		ConditionVariableSleep(&state->cv, EVENT);
	ConditionVariableCancelSleep(); /* a signal goes on to the next one */
}

/* One of the two that wait gives up by its time-out, whatever it was told. */
static void
body_giving_up(int me)
{
	bool taken = false;

	if (me == 0)
	{
		put_item();
		ConditionVariableSignal(&state->cv);
		return;
	}
	ConditionVariablePrepareToSleep(&state->cv);
	while (!(taken = take_item()))
		if (me == 1)
		{
			if (ConditionVariableTimedSleep(&state->cv, 1, EVENT))
				break;
		}
		else
			ConditionVariableSleep(&state->cv, EVENT);
	ConditionVariableCancelSleep(); /* a signal goes on to the next one */

	/* The other one must not sleep for an item that is not there. */
	if (me == 1 && taken)
	{
		put_item();
		ConditionVariableSignal(&state->cv);
	}
}

static void
check_items(void)
{
	litmus_check(state->items == 0 && state->taken == 2);
	check_empty();
}

/* A loop within a loop: the outer one's place is lost, and taken again. */
static void
body_nested(int me)
{
	if (me == 0)
	{
		pg_atomic_fetch_add_u32(&state->stop, 1);
		ConditionVariableSignal(&state->other);
		raise_flag();
		ConditionVariableSignal(&state->cv);
		return;
	}
	ConditionVariablePrepareToSleep(&state->cv);
	if (flag() < 1)
	{
		ConditionVariablePrepareToSleep(&state->other);
		while (pg_atomic_read_u32(&state->stop) == 0)
			ConditionVariableSleep(&state->other, EVENT);
		ConditionVariableCancelSleep();
	}
	while (flag() < 1)
		ConditionVariableSleep(&state->cv, EVENT);
	ConditionVariableCancelSleep();
}

/* Who waits is also the one that wakes: each needs the other. */
static void
body_in_turn(int me)
{
	ConditionVariable *mine = me == 0 ? &state->cv : &state->other;
	ConditionVariable *others = me == 0 ? &state->other : &state->cv;

	for (uint32 turn = 0; turn < 2; turn++)
	{
		ConditionVariablePrepareToSleep(mine);
		while (pg_atomic_read_u32(&state->flag) != turn * 2 + (uint32) me)
			ConditionVariableSleep(mine, EVENT);
		ConditionVariableCancelSleep();
		pg_atomic_fetch_add_u32(&state->flag, 1);
		ConditionVariableSignal(others);
	}
}

static const LitmusTest tests[] = {
	{"cv-signal", 2, 4, init, body_signal, check_empty},
	{"cv-unprepared", 2, 4, init, body_unprepared, check_empty},
	{"cv-signal-twice", 2, 3, init, body_twice, check_empty},
	{"cv-broadcast", 3, 2, init, body_broadcast, check_empty},
	{"cv-broadcast-twice", 3, 2, init, body_broadcast_twice, check_empty},
	{"cv-broadcast-and-signal", 3, 2, init, body_broadcast_and_signal,
     check_empty},
	{"cv-items", 3, 2, init, body_items, check_items},
	{"cv-giving-up", 3, 1, init, body_giving_up, check_empty, true},
	{"cv-nested", 2, 3, init, body_nested, check_empty},
	{"cv-in-turn", 2, 3, init, body_in_turn, check_empty},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	state = unit_share(sizeof(*state));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
