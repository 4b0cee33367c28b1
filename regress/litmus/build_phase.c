/*
 * build_phase.c
 *		Litmus tests of the phase word of parallel builds.
 *
 * The dangers: two that flush; an insert that is under way while the flush
 * reads; an insert in memory after the flush; one that sleeps for ever because
 * the last that left did not see it; all of them again where the flusher makes
 * room and all go back to memory.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "parallel/build_phase.h"

typedef struct State
{
	BuildPhase phase;
	int capacity; /* of the arena */
	int used;
	int growths;
	int inside;
	int in_memory;
	int on_pages;
	int flushes;
	int flushed;
} State;

static State *state;

static void
make(int capacity, int growths)
{
	memset(state, 0, sizeof(*state));
	BuildPhaseInit(&state->phase);
	state->capacity = capacity;
	state->growths = growths;
}

static void
init_full(void)
{
	make(0, 0);
}

static void
init_one(void)
{
	make(1, 0);
}

static void
init_growing(void)
{
	make(0, 1);
}

/* The only one: writes pages, or makes room. */
static void
flush(int capacity)
{
	litmus_check(state->inside == 0);
	litmus_step("alone");
	if (state->capacity != capacity || state->growths > 0)
	{
		if (state->capacity == capacity)
		{
			state->growths--;
			state->capacity++;
		}
		litmus_check(state->inside == 0);
		BuildPhaseResume(&state->phase);
		return;
	}
	state->flushes++;
	state->flushed = state->in_memory;
	litmus_step("flushing");
	litmus_check(state->inside == 0 && state->flushed == state->in_memory);
	BuildPhaseEndFlush(&state->phase);
}

/* A row of that size. */
static void
insert(int size)
{
	while (BuildPhaseEnter(&state->phase))
	{
		int capacity = state->capacity;
		bool full = state->used + size > capacity;

		if (!full)
		{
			state->used += size;
			state->inside++;
			litmus_step("inside");
			litmus_check(state->flushes == 0);
			state->in_memory++;
			state->inside--;
		}
		BuildPhaseLeave(&state->phase);
		if (!full)
			return;
		if (BuildPhaseBeginFlush(&state->phase))
			flush(capacity);
	}
	litmus_check(state->flushes == 1);
	state->on_pages++;
}

static void
body_insert(int me)
{
	insert(1);
}

static void
body_insert_twice(int me)
{
	insert(1);
	insert(1);
}

/* For one it is full, while the other still finds room. */
static void
body_insert_sizes(int me)
{
	insert(1 + me);
}

static void
check_rows(int rows, int in_memory)
{
	litmus_check(state->in_memory + state->on_pages == rows);
	litmus_check(state->in_memory == in_memory);
	litmus_check(state->flushed == (state->flushes ? in_memory : 0));
	litmus_check(state->flushes == (in_memory < rows ? 1 : 0));
	litmus_check(BuildPhaseGet(&state->phase) ==
	             (in_memory < rows ? BUILD_PHASE_PAGES : BUILD_PHASE_MEMORY));
	litmus_check(
		(pg_atomic_read_u64(&state->phase.word) & BUILD_PHASE_COUNT_MASK) == 0);
}

static void
check_two_full(void)
{
	check_rows(2, 0);
}

static void
check_two_one(void)
{
	check_rows(2, 1);
}

static void
check_four_one(void)
{
	check_rows(4, 1);
}

static void
check_three_one(void)
{
	check_rows(3, 1);
}

static void
check_sizes(void)
{
	check_rows(2, state->in_memory);
	litmus_check(state->flushes == 1);
}

static const LitmusTest tests[] = {
	{"phase-full-at-once", 2, 3, init_full, body_insert, check_two_full},
	{"phase-full-at-second", 2, 4, init_one, body_insert, check_two_one},
	{"phase-sizes", 2, 3, init_one, body_insert_sizes, check_sizes},
	{"phase-two-each", 2, 3, init_one, body_insert_twice, check_four_one},
	{"phase-grows", 2, 3, init_growing, body_insert, check_two_one},
	{"phase-three", 3, 2, init_one, body_insert, check_three_one},
	{"phase-three-grow", 3, 1, init_growing, body_insert, check_three_one},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	state = unit_share(sizeof(*state));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
