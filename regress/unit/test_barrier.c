/*
 * test_barrier.c
 *		Barriers, with real processes.
 *
 * Eight processes work in phases: each adds to the counter of the phase, and
 * behind the barrier the counter must tell of all that took part.  The dangers:
 * one goes on before the last has arrived, one sleeps for ever as the phase
 * moved on between its test and its sleep or as the one it waited for left, two
 * are chosen in one phase, or none.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/barrier.h"
#include "storage/ipc.h"
#include "unit.h"
#include "utils/wait_event.h"

#define WATCHDOG_SECONDS 60
#define NPROCS 8
#define NPHASES 3000

typedef struct TestShared
{
	Barrier barrier;
	pg_atomic_uint32 started;
	pg_atomic_uint32 attached;
	pg_atomic_uint32 errors;
	pg_atomic_uint32 last; /* how many were the last to leave */
	pg_atomic_uint32 arrived[NPHASES + 1];
	pg_atomic_uint32 elected[NPHASES + 1];
} TestShared;

static TestShared *shared;

static void
check(bool ok)
{
	if (!ok)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
}

static void
start(int participants, void (*work)(int me))
{
	memset(shared, 0, sizeof(*shared));
	BarrierInit(&shared->barrier, participants);
	for (int i = 0; i < NPROCS; i++)
	{
		pid_t pid = fork();

		CU_ASSERT_FATAL(pid >= 0);
		if (pid == 0)
		{
			unit_become_process();
			unit_reach(&shared->started);
			unit_await(&shared->started, NPROCS);
			work(i);
			proc_exit(0);
		}
	}
	unit_join(NPROCS);
	CU_ASSERT(pg_atomic_read_u32(&shared->errors) == 0);
}

/* ---- all take part from first to last ---- */

static void
work_static(int me)
{
	for (int phase = 0; phase < NPHASES; phase++)
	{
		check(BarrierPhase(&shared->barrier) == phase);
		pg_atomic_fetch_add_u32(&shared->arrived[phase], 1);
		if (BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION))
			pg_atomic_fetch_add_u32(&shared->elected[phase], 1);
		check(pg_atomic_read_u32(&shared->arrived[phase]) == NPROCS);
	}
}

static void
test_static(void)
{
	start(NPROCS, work_static);
	CU_ASSERT(BarrierPhase(&shared->barrier) == NPHASES);
	for (int phase = 0; phase < NPHASES; phase++)
		CU_ASSERT(pg_atomic_read_u32(&shared->elected[phase]) == 1);
}

/* ---- they come and go ---- */

/*
 * The process of number 0 stays; the others attach for some phases, leave, now
 * with and now without arriving, and come again.  Nobody arrives in a phase
 * after it is over.
 */
static void
work_dynamic(int me)
{
	pg_prng_state random;
	int phase = BarrierAttach(&shared->barrier);

	pg_prng_seed(&random, (uint64) me + 1);
	unit_reach(&shared->attached);
	unit_await(&shared->attached, NPROCS);
	while (phase < NPHASES)
	{
		bool elected;

		check(BarrierPhase(&shared->barrier) == phase);
		if (me != 0 && pg_prng_uint64_range(&random, 0, 3) == 0)
		{
			if (pg_prng_uint64_range(&random, 0, 1) == 0)
				check(!BarrierDetach(&shared->barrier));
			else
				check(!BarrierArriveAndDetach(&shared->barrier));
			phase = BarrierAttach(&shared->barrier);
			continue;
		}
		pg_atomic_fetch_add_u32(&shared->arrived[phase], 1);
		elected = BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION);
		if (elected)
			pg_atomic_fetch_add_u32(&shared->elected[phase], 1);
		phase++;
	}
	if (BarrierArriveAndDetach(&shared->barrier))
		pg_atomic_fetch_add_u32(&shared->last, 1);
}

static void
test_dynamic(void)
{
	start(0, work_dynamic);
	CU_ASSERT(BarrierParticipants(&shared->barrier) == 0);
	CU_ASSERT(pg_atomic_read_u32(&shared->last) >= 1);
	for (int phase = 0; phase < NPHASES; phase++)
	{
		CU_ASSERT(pg_atomic_read_u32(&shared->arrived[phase]) >= 1);
		CU_ASSERT(pg_atomic_read_u32(&shared->elected[phase]) == 1);
	}
}

/* ---- one alone, and one that only watches others go ---- */

static void
work_alone(int me)
{
	if (me != 0)
		return;
	check(BarrierAttach(&shared->barrier) == 0);
	check(BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION));
	check(BarrierPhase(&shared->barrier) == 1);
	check(BarrierDetach(&shared->barrier));
	/* it left, so the phase is as it was */
	check(BarrierAttach(&shared->barrier) == 1);
	check(BarrierArriveAndDetach(&shared->barrier));
	check(BarrierAttach(&shared->barrier) == 2);
	check(BarrierDetach(&shared->barrier));
}

static void
test_alone(void)
{
	start(0, work_alone);
}

/* Those that wait are let go by the ones that leave. */
static void
work_left(int me)
{
	(void) BarrierAttach(&shared->barrier);
	pg_atomic_fetch_add_u32(&shared->arrived[0], 1);
	unit_await(&shared->arrived[0], NPROCS);
	if (me % 2 == 0)
		check(!BarrierDetach(&shared->barrier));
	else
	{
		if (BarrierArriveAndWait(&shared->barrier, WAIT_EVENT_EXTENSION))
			pg_atomic_fetch_add_u32(&shared->elected[0], 1);
		check(BarrierPhase(&shared->barrier) == 1);
	}
}

static void
test_left(void)
{
	start(0, work_left);
	CU_ASSERT(pg_atomic_read_u32(&shared->elected[0]) == 1);
	CU_ASSERT(BarrierParticipants(&shared->barrier) == NPROCS / 2);
}

int
main(void)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_make_lock_memory(NULL);
	shared = unit_share(sizeof(TestShared));
	CU_initialize_registry();
	suite = CU_add_suite("barrier", NULL, NULL);
	CU_ADD_TEST(suite, test_static);
	CU_ADD_TEST(suite, test_dynamic);
	CU_ADD_TEST(suite, test_alone);
	CU_ADD_TEST(suite, test_left);
	return unit_run();
}
