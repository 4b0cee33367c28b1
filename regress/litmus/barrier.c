/*
 * barrier.c
 *		Litmus tests of barriers: phases, late comers, leavers.
 *
 * The dangers: one goes on before the last has arrived; one sleeps for ever, as
 * the phase moved on between its look and its sleep, or as the one that it
 * waited for left; a late comer joins a phase that is over; two are chosen in
 * one phase, or nobody is.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "storage/barrier.h"
#include "storage/proclist.h"
#include "utils/wait_event.h"

#define MAX_PHASES 3

typedef struct State
{
	Barrier barrier;
	int phases;
	int in_phase[MAX_PHASES + 1]; /* that have worked in it */
	int elected[MAX_PHASES + 1];  /* by those who arrived at its end */
	int last;                     /* who left as the last */
} State;

static State *state;

static void
make(int participants, int phases)
{
	memset(state, 0, sizeof(*state));
	BarrierInit(&state->barrier, participants);
	state->phases = phases;
}

static void
attach_all(int participants)
{
	make(0, 1);
	for (int i = 0; i < participants; i++)
		(void) BarrierAttach(&state->barrier);
}

static void
init_two(void)
{
	make(2, MAX_PHASES);
}

static void
init_three(void)
{
	make(3, 2);
}

static void
init_dynamic(void)
{
	make(0, 2);
}

static void
init_two_attached(void)
{
	attach_all(2);
}

static void
init_three_attached(void)
{
	attach_all(3);
}

/* The work of a phase; nobody else may go on to the next before it arrives. */
static void
work(int phase)
{
	litmus_check(BarrierPhase(&state->barrier) == phase);
	state->in_phase[phase]++;
	litmus_step("work");
	litmus_check(BarrierPhase(&state->barrier) == phase);
}

static void
arrive(int phase)
{
	if (BarrierArriveAndWait(&state->barrier, WAIT_EVENT_EXTENSION))
		state->elected[phase]++;
}

/* All take part from first to last. */
static void
body_static(int me)
{
	for (int phase = 0; phase < state->phases; phase++)
	{
		work(phase);
		arrive(phase);
		litmus_check(state->in_phase[phase] == state->barrier.participants);
	}
}

/* Each comes when it comes, joins, and stays to the end. */
static void
body_dynamic(int me)
{
	int phase;

	litmus_step("come");
	for (phase = BarrierAttach(&state->barrier); phase < state->phases; phase++)
	{
		work(phase);
		arrive(phase);
	}
	litmus_check(BarrierPhase(&state->barrier) == state->phases);
	if (BarrierDetach(&state->barrier))
		state->last++;
}

/* The last one does not arrive, but leaves. */
static void
body_one_leaves(int me)
{
	if (me == 0)
	{
		litmus_step("before it leaves");
		(void) BarrierDetach(&state->barrier);
		return;
	}
	work(0);
	arrive(0);
	(void) BarrierArriveAndDetach(&state->barrier);
}

static void
body_one_arrives_and_leaves(int me)
{
	work(0);
	if (me == 0)
	{
		(void) BarrierArriveAndDetach(&state->barrier);
		return;
	}
	arrive(0);
}

static void
check_all(int phases, int participants)
{
	litmus_check(BarrierPhase(&state->barrier) == phases);
	for (int phase = 0; phase < state->phases; phase++)
		litmus_check(state->elected[phase] == 1);
	litmus_check(BarrierParticipants(&state->barrier) == participants);
	litmus_check(proclist_is_empty(&state->barrier.condition_variable.wakeup));
}

static void
check_two(void)
{
	check_all(MAX_PHASES, 2);
}

static void
check_three(void)
{
	check_all(2, 3);
}

/* Between two that were alone there may be none: several last ones. */
static void
check_dynamic(void)
{
	check_all(2, 0);
	litmus_check(state->last >= 1);
}

/* The second phase ends when all have arrived or left. */
static void
check_one_leaves(void)
{
	check_all(2, 0);
}

static void
check_one_of_two(void)
{
	check_all(1, 1);
}

static void
check_one_of_three(void)
{
	check_all(1, 2);
}

static const LitmusTest tests[] = {
	{"barrier-two", 2, 2, init_two, body_static, check_two},
	{"barrier-three", 3, 1, init_three, body_static, check_three},
	{"barrier-late", 2, 3, init_dynamic, body_dynamic, check_dynamic},
	{"barrier-late-three", 3, 1, init_dynamic, body_dynamic, check_dynamic},
	{"barrier-leaves", 2, 3, init_two_attached, body_one_leaves,
     check_one_leaves},
	{"barrier-leaves-three", 3, 2, init_three_attached, body_one_leaves,
     check_one_leaves},
	{"barrier-arrives-and-leaves", 2, 3, init_two_attached,
     body_one_arrives_and_leaves, check_one_of_two},
	{"barrier-arrives-and-leaves-three", 3, 2, init_three_attached,
     body_one_arrives_and_leaves, check_one_of_three},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	state = unit_share(sizeof(*state));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
