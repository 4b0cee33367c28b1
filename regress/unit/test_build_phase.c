/*
 * test_build_phase.c
 *		The phase word of parallel builds, with real processes.
 *
 * Eight processes "insert" into an arena of fixed size: a counter in shared
 * memory that each of them moves on, and a list of what was put in.  When one
 * finds it full it tries to become the flusher.  The dangers: two flushers, an
 * insert that is still under way while the flush reads, an insert in memory
 * after the flush, a process that sleeps for ever.  The size of the arena goes
 * from 0 (full at once, for everybody) past the number of all inserts (never
 * full).
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "parallel/build_phase.h"
#include "storage/ipc.h"
#include "unit.h"

#define WATCHDOG_SECONDS 60
#define NPROCS 8
#define NINSERTS 20000

typedef struct TestShared
{
	BuildPhase phase;
	pg_atomic_uint32 started;
	pg_atomic_uint32 used;   /* of the arena */
	pg_atomic_uint32 inside; /* inserts between "has room" and "is linked" */
	pg_atomic_uint32 in_memory;
	pg_atomic_uint32 on_pages;
	pg_atomic_uint32 flushes;
	pg_atomic_uint32 flushed; /* what the flush saw */
	pg_atomic_uint32 errors;
	pg_atomic_uint32 capacity; /* of the arena */
	pg_atomic_uint32 growths;  /* how often it can still be made larger */
} TestShared;

static TestShared *shared;

static void
flush(void)
{
	pg_atomic_fetch_add_u32(&shared->flushes, 1);
	if (pg_atomic_read_u32(&shared->inside) != 0)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	pg_atomic_write_u32(&shared->flushed,
	                    pg_atomic_read_u32(&shared->in_memory));
}

/* Alone: make room, if that can be; before: what it had when it was full. */
static bool
grow(uint32 before)
{
	/* somebody was faster */
	if (pg_atomic_read_u32(&shared->capacity) != before)
		return true;
	if (pg_atomic_read_u32(&shared->growths) == 0)
		return false;
	if (pg_atomic_read_u32(&shared->inside) != 0)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	pg_atomic_sub_fetch_u32(&shared->growths, 1);
	pg_atomic_write_u32(&shared->capacity,
	                    pg_atomic_read_u32(&shared->capacity) * 3 / 2 + 1);
	/* those that found it full have counted too */
	pg_atomic_write_u32(&shared->used, pg_atomic_read_u32(&shared->in_memory));
	return true;
}

static void
insert(void)
{
	while (BuildPhaseEnter(&shared->phase))
	{
		uint32 capacity = pg_atomic_read_u32(&shared->capacity);
		bool full = pg_atomic_fetch_add_u32(&shared->used, 1) >= capacity;

		if (!full)
		{
			pg_atomic_fetch_add_u32(&shared->inside, 1);
			if (BuildPhaseGet(&shared->phase) == BUILD_PHASE_PAGES)
				pg_atomic_fetch_add_u32(&shared->errors, 1);
			pg_atomic_fetch_add_u32(&shared->in_memory, 1);
			pg_atomic_sub_fetch_u32(&shared->inside, 1);
		}
		BuildPhaseLeave(&shared->phase);
		if (!full)
			return;
		if (!BuildPhaseBeginFlush(&shared->phase))
			continue;
		if (grow(capacity))
			BuildPhaseResume(&shared->phase);
		else
		{
			flush();
			BuildPhaseEndFlush(&shared->phase);
		}
	}
	if (BuildPhaseGet(&shared->phase) != BUILD_PHASE_PAGES)
		pg_atomic_fetch_add_u32(&shared->errors, 1);
	pg_atomic_fetch_add_u32(&shared->on_pages, 1);
}

static void
child(void)
{
	int i;

	unit_become_process();

	/* All at once, or the first is done before the last is there. */
	unit_reach(&shared->started);
	unit_await(&shared->started, NPROCS);
	for (i = 0; i < NINSERTS; i++)
		insert();
	proc_exit(0);
}

static void
run(uint32 first, uint32 growths)
{
	uint32 size = first;
	int i;

	memset(shared, 0, sizeof(*shared));
	pg_atomic_write_u32(&shared->capacity, first);
	pg_atomic_write_u32(&shared->growths, growths);
	for (uint32 g = 0; g < growths; g++)
		size = size * 3 / 2 + 1;
	BuildPhaseInit(&shared->phase);
	for (i = 0; i < NPROCS; i++)
	{
		pid_t pid = fork();

		CU_ASSERT_FATAL(pid >= 0);
		if (pid == 0)
			child();
	}
	unit_join(NPROCS);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->errors), 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->in_memory) +
	                    pg_atomic_read_u32(&shared->on_pages),
	                NPROCS * NINSERTS);
	if (size >= NPROCS * NINSERTS)
	{
		CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->flushes), 0);
		CU_ASSERT_EQUAL(BuildPhaseGet(&shared->phase), BUILD_PHASE_MEMORY);
	}
	else
	{
		CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->flushes), 1);
		CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->flushed), size);
		CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->in_memory), size);
		CU_ASSERT_EQUAL(BuildPhaseGet(&shared->phase), BUILD_PHASE_PAGES);
	}
	/* Nobody is left inside. */
	CU_ASSERT_EQUAL(
		pg_atomic_read_u64(&shared->phase.word) & BUILD_PHASE_COUNT_MASK, 0);
}

static void
test_full_at_once(void)
{
	int i;

	for (i = 0; i < 10; i++)
		run(0, 0);
}

static void
test_full_in_the_middle(void)
{
	int i;

	for (i = 0; i < 10; i++)
		run(NPROCS * NINSERTS / 2, 0);
}

/* The last insert of all is the one that finds it full. */
static void
test_full_at_the_last(void)
{
	int i;

	for (i = 0; i < 10; i++)
		run(NPROCS * NINSERTS - 1, 0);
}

static void
test_never_full(void)
{
	run(NPROCS * NINSERTS, 0);
}

/* It goes back to memory, and all that wait go there too. */
static void
test_grows(void)
{
	int i;

	for (i = 0; i < 10; i++)
	{
		run(0, 1);
		run(100, 4);
		run(NPROCS * NINSERTS / 2, 1);
		run(NPROCS * NINSERTS / 2, 5);
	}
}

int
main(int argc, char **argv)
{
	CU_pSuite suite;

	alarm(WATCHDOG_SECONDS);
	unit_make_lock_memory(NULL);
	shared = unit_share(sizeof(*shared));

	CU_initialize_registry();
	suite = CU_add_suite("build_phase", NULL, NULL);
	CU_ADD_TEST(suite, test_full_at_once);
	CU_ADD_TEST(suite, test_full_in_the_middle);
	CU_ADD_TEST(suite, test_full_at_the_last);
	CU_ADD_TEST(suite, test_never_full);
	CU_ADD_TEST(suite, test_grows);
	return unit_run();
}
