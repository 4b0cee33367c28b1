/*
 * parallel_sum.c
 *		Litmus tests of contrib/parallel_sum, the example of doc/faults.md.
 *
 * The dangers: a number that is taken twice or by nobody; a leader that looks
 * between the last part and its count, or sleeps for ever because the last
 * participant's signal came before its count.
 */
#include "litmus.h"

#include "../unit/unit.h"
#include "parallel_sum.h"
#include "storage/proclist.h"

#define N 1500 /* two takes */

static ParallelSum *sum;

static void
init(void)
{
	ParallelSumInit(sum, N);
}

/* The participants after the first are the workers. */
static void
take_part(int me, int participants)
{
	ParallelSumAdd(sum, ParallelSumWork(sum));
	if (me == 0)
		litmus_check(ParallelSumAwait(sum, participants) == N * (N + 1) / 2);
}

static void
body_two(int me)
{
	take_part(me, 2);
}

static void
body_three(int me)
{
	take_part(me, 3);
}

static void
check(void)
{
	litmus_check(sum->total == N * (N + 1) / 2);
	litmus_check(proclist_is_empty(&sum->donecv.wakeup));
}

static const LitmusTest tests[] = {
	{"sum-two", 2, 3, init, body_two, check},
	{"sum-three", 3, 1, init, body_three, check},
};

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	sum = unit_share(sizeof(*sum));
	return litmus_main(argc, argv, tests, lengthof(tests));
}
