/*
 * kmeans.c
 *		Litmus tests of k-means by several.
 *
 * The dangers: a block that two do, or nobody; a step that begins before the
 * last is over; a number that is read where somebody writes already the next; a
 * late comer that finds the program of another step.  In every order the
 * centers must be those that one process finds alone, to the last bit.
 */
#include "litmus.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../unit/unit.h"
#include "access/kmeans.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/wait_event.h"

#define DIM 2
#define NCENTERS 3
#define NSAMPLES 300 /* two blocks */

static const KMeansParams params = {
	.element = KMEANS_FLOAT,
	.metric = KMEANS_L2,
	.dim = DIM,
	.ncenters = NCENTERS,
	.nsamples = NSAMPLES,
	.seed = 5,
};
static KMeansShared *shared;
static float (*expected)[DIM];
static int expected_blocks = 0; /* of the first order, without preemption */

static void
init(void)
{
	KMeansInit(shared, &params);
	for (int i = 0; i < NSAMPLES; i++)
	{
		float *sample = KMeansSample(shared, i);

		sample[0] = (float) (i % 3) * 1.5F + (float) (i * 37 % 101) / 50;
		sample[1] = (float) (i * 53 % 97) / 97;
	}
}

static void
body(int me)
{
	KMeansRun(shared, WAIT_EVENT_EXTENSION);
}

/* Comes when the others may be anywhere, or gone. */
static void
body_one_late(int me)
{
	if (me != 0)
		litmus_step("come");
	KMeansRun(shared, WAIT_EVENT_EXTENSION);
}

/* By all together. */
static int
blocks_done(void)
{
	int n = 0;

	for (int i = 0; i < InjectionStepCount(); i++)
		n += strcmp(InjectionStepChoiceAt(i)->point, "kmeans-block") == 0;
	return n;
}

static void
check(void)
{
	if (expected_blocks == 0)
		expected_blocks = blocks_done();
	litmus_check(blocks_done() == expected_blocks);
	for (int i = 0; i < NCENTERS; i++)
		litmus_check(memcmp(KMeansCenter(shared, i), expected[i],
		                    sizeof(expected[i])) == 0);
	litmus_check(BarrierParticipants(&shared->barrier) == 0);
}

static const LitmusTest tests[] = {
	{"kmeans-two", 2, 1, init, body, check},
	{"kmeans-late", 2, 1, init, body_one_late, check},
	{"kmeans-three", 3, 0, init, body, check},
};

static bool
run_alone(void)
{
	int status;

	init();
	if (fork() == 0)
	{
		unit_become_process();
		KMeansRun(shared, WAIT_EVENT_EXTENSION);
		for (int i = 0; i < NCENTERS; i++)
			memcpy(expected[i], KMeansCenter(shared, i), sizeof(expected[i]));
		proc_exit(0);
	}
	return wait(&status) > 0 && status == 0;
}

int
main(int argc, char **argv)
{
	unit_make_lock_memory(NULL);
	shared = unit_share(KMeansSize(&params));
	expected = unit_share(NCENTERS * sizeof(*expected));
	if (!run_alone())
		return 2;
	return litmus_main(argc, argv, tests, lengthof(tests));
}
