/*
 * unit_process.c
 *		The tests' processes: how they begin, meet and end (unit.h).
 */
#include "postgres.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "unit.h"

int
unit_run(void)
{
	unsigned failures;

	CU_basic_set_mode(CU_BRM_VERBOSE);
	CU_basic_run_tests();
	failures = CU_get_number_of_failures();
	CU_cleanup_registry();
	return failures == 0 ? 0 : 1;
}

void *
unit_share(Size size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
	{
		perror("mmap");
		exit(2);
	}
	return memory;
}

void
unit_reach(pg_atomic_uint32 *step)
{
	pg_atomic_fetch_add_u32(step, 1);
}

void
unit_await(pg_atomic_uint32 *step, uint32 n)
{
	while (pg_atomic_read_u32(step) < n)
		sched_yield();
}

void
unit_become_process(void)
{
	on_exit_reset();
	MyProcPid = (int) getpid();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitProcess();
}

void
unit_join(int n)
{
	while (n-- > 0)
	{
		int status;

		CU_ASSERT_FATAL(wait(&status) > 0);
		CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
}
