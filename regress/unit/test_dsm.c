/*
 * test_dsm.c
 *		Dynamic segments over the lives of a server: made, shared, given back,
 *		and what a SIGKILL leaves for the next start.
 *
 * Each test forks a process that plays the postmaster in a directory of its
 * own; that one forks the backends.  What is checked in them comes back as an
 * exit code.  What they tell each other goes through a shared page; no schedule
 * depends on time, and a watchdog ends the program when something hangs.
 */
#include "postgres.h"

#include <CUnit/Basic.h>
#include <CUnit/CUnit.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/dsm.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "unit.h"
#include "utils/resowner.h"

#define WATCHDOG_SECONDS 60
#define SEGMENT_SIZE 300000
#define MAX_SEGMENTS (64 + 5 * MaxBackends)

typedef struct TestShared
{
	pg_atomic_uint32 step[4];
	pg_atomic_uint32 callbacks; /* detach callbacks that ran */
	volatile dsm_handle handle;
} TestShared;

static TestShared *shared;
static char base_dir[] = "/tmp/tusk-dsm-XXXXXX";

typedef int (*test_fn)(void);

/* ---- helpers ---- */

/* A data directory, with nothing in it but what segments need; we go there. */
static void
enter_dir(const char *name)
{
	char path[MAXPGPATH];

	snprintf(path, sizeof(path), "%s/%s", base_dir, name);
	(void) mkdir(path, 0700);
	if (chdir(path) != 0)
		_exit(99);
	(void) mkdir(PG_DYNSHMEM_DIR, 0700);
}

/* Whether there is something behind a handle, in the current directory. */
static bool
object_exists(dsm_handle handle)
{
	char path[128];

	snprintf(path, sizeof(path), "/dev/shm/PostgreSQL.%u", handle);
	if (access(path, F_OK) == 0)
		return true;
	snprintf(path, sizeof(path), PG_DYNSHMEM_DIR "/mmap.%u", handle);
	return access(path, F_OK) == 0;
}

static dsm_handle
control_handle(void)
{
	unsigned handle = 0;
	FILE *f = fopen(PG_DYNSHMEM_DIR "/control", "r");

	if (f == NULL)
		return 0;
	if (fscanf(f, "%u", &handle) != 1)
		handle = 0;
	fclose(f);
	return handle;
}

/* Each process has its own watchdog. */
static void
begin_process(void)
{
	on_exit_reset();
	InitProcessGlobals(); /* number and random state */
	alarm(WATCHDOG_SECONDS);
}

/* A life of the server in a directory; the status of its postmaster. */
static int
run_server(const char *dir, int type, test_fn fn)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0)
	{
		begin_process();
		enter_dir(dir);
		dynamic_shared_memory_type = type;
		dsm_postmaster_startup();
		proc_exit(fn());
	}
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT_FATAL(waitpid(pid, &status, 0) == pid);
	return status;
}

/* A backend of it; returns in the postmaster only. */
static pid_t
spawn(test_fn fn)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	begin_process();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitProcess();
	CurrentResourceOwner = ResourceOwnerCreate(NULL, "test");
	proc_exit(fn());
}

/* The first code other than 0 of n children. */
static int
join(int n)
{
	int result = 0;

	while (n-- > 0)
	{
		int status;

		if (wait(&status) < 0 || !WIFEXITED(status))
			return 98;
		if (result == 0)
			result = WEXITSTATUS(status);
	}
	return result;
}

static void
reset_shared(void)
{
	memset(shared, 0, sizeof(*shared));
}

/* ---- a segment's life ---- */

static void
count_callback(dsm_segment *seg, Datum arg)
{
	/* Still mapped: callbacks come before the unmapping. */
	if (dsm_segment_address(seg) != NULL)
		pg_atomic_fetch_add_u32(&shared->callbacks, 1);
}

static int
maker(void)
{
	dsm_segment *seg = dsm_create(SEGMENT_SIZE, 0);

	memset(dsm_segment_address(seg), 'x', SEGMENT_SIZE);
	on_dsm_detach(seg, count_callback, 0);
	shared->handle = dsm_segment_handle(seg);
	unit_reach(&shared->step[0]);
	unit_await(&shared->step[1], 1);
	dsm_detach(seg);
	unit_reach(&shared->step[2]);
	return 0;
}

/* Keeps the segment after its maker has left it. */
static int
keeper(void)
{
	dsm_segment *seg;
	char *p;

	unit_await(&shared->step[0], 1);
	seg = dsm_attach(shared->handle);
	if (seg == NULL || dsm_segment_map_length(seg) < SEGMENT_SIZE)
		return 1;
	if (dsm_find_mapping(shared->handle) != seg)
		return 2;
	on_dsm_detach(seg, count_callback, 0);
	unit_reach(&shared->step[1]);
	unit_await(&shared->step[2], 1);
	p = dsm_segment_address(seg);
	if (p[0] != 'x' || p[SEGMENT_SIZE - 1] != 'x')
		return 3;
	if (!object_exists(shared->handle))
		return 4;
	/* The end of the process does the rest. */
	dsm_pin_mapping(seg);
	return 0;
}

static int
lifecycle(void)
{
	int result;

	spawn(maker);
	spawn(keeper);
	result = join(2);
	if (result == 0 && object_exists(shared->handle))
		result = 5;
	return result;
}

/* Made by one, kept by another, gone with the last; callbacks at both. */
static void
run_lifecycle(int type)
{
	reset_shared();
	CU_ASSERT_EQUAL(run_server("life", type, lifecycle), 0);
	CU_ASSERT_EQUAL(shared->handle & 1, type == DSM_IMPL_MMAP ? 1 : 0);
	CU_ASSERT_EQUAL(pg_atomic_read_u32(&shared->callbacks), 2);
}

static void
test_posix(void)
{
	run_lifecycle(DSM_IMPL_POSIX);
}

static void
test_mmap(void)
{
	run_lifecycle(DSM_IMPL_MMAP);
}

static int
owned(void)
{
	dsm_handle handle = dsm_segment_handle(dsm_create(10000, 0));

	ResourceOwnerRelease(CurrentResourceOwner, RESOURCE_RELEASE_BEFORE_LOCKS,
	                     false, true);
	if (object_exists(handle))
		return 1;
	return dsm_attach(handle) == NULL ? 0 : 2;
}

static int
owned_server(void)
{
	spawn(owned);
	return join(1);
}

/* What a failed statement mapped goes with its resource owner. */
static void
test_resource_owner(void)
{
	CU_ASSERT_EQUAL(run_server("owner", DSM_IMPL_POSIX, owned_server), 0);
}

/* ---- limits ---- */

static int
fill_table(void)
{
	int n = 0;

	while (dsm_create(64, DSM_CREATE_NULL_IF_MAXSEGMENTS) != NULL)
		if (++n > MAX_SEGMENTS)
			return 1;
	return n == MAX_SEGMENTS ? 0 : 2;
}

/*
 * More than any file system has.  Each failure must give its entry back at
 * once, or the table would be full after some: a parallel build that finds no
 * room goes on without workers, and its transaction commits.
 */
static int
fail_often(void)
{
	volatile int errors = 0;

	/* What is tried is said each time; nobody listens here. */
	client_min_messages = log_min_messages = PANIC;
	for (volatile int i = 0; i < MAX_SEGMENTS + 10; i++)
	{
		PG_TRY();
		{
			(void) dsm_create((Size) 1 << 60, 0);
		}
		PG_CATCH();
		{
			FlushErrorState();
			errors++;
		}
		PG_END_TRY();
	}
	if (errors != MAX_SEGMENTS + 10)
		return 3;
	return fill_table();
}

static int
limits_server(void)
{
	int result;

	spawn(fill_table);
	result = join(1);
	if (result != 0)
		return result;
	/* All entries are free again. */
	spawn(fail_often);
	return join(1);
}

static void
test_limits(void)
{
	CU_ASSERT_EQUAL(run_server("limits", DSM_IMPL_MMAP, limits_server), 0);
}

/* ---- what is left behind ---- */

static int
make_and_wait(void)
{
	shared->handle = dsm_segment_handle(dsm_create(10000, 0));
	unit_reach(&shared->step[0]);
	pause();
	return 0;
}

/* All die at once, with a segment mapped. */
static int
killed_server(void)
{
	pid_t backend = spawn(make_and_wait);

	unit_await(&shared->step[0], 1);
	kill(backend, SIGKILL);
	(void) waitpid(backend, NULL, 0);
	kill(getpid(), SIGKILL);
	return 1;
}

static int
do_nothing(void)
{
	return 0;
}

static bool
was_killed(int status)
{
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

/* The next start removes segment and control segment. */
static void
run_leftovers(int type)
{
	dsm_handle control;

	reset_shared();
	CU_ASSERT_FATAL(was_killed(run_server("left", type, killed_server)));
	enter_dir("left");
	control = control_handle();
	CU_ASSERT(control != 0);
	CU_ASSERT(object_exists(shared->handle));
	CU_ASSERT(object_exists(control));
	/* Whatever kind the next one uses. */
	CU_ASSERT_EQUAL(run_server("left", DSM_IMPL_POSIX, do_nothing), 0);
	CU_ASSERT(!object_exists(shared->handle));
	CU_ASSERT(!object_exists(control));
	CU_ASSERT_EQUAL(control_handle(), 0);
}

static void
test_leftovers_posix(void)
{
	run_leftovers(DSM_IMPL_POSIX);
}

static void
test_leftovers_mmap(void)
{
	run_leftovers(DSM_IMPL_MMAP);
}

/*
 * A data directory is copied while its server runs, and the copy is started:
 * the file in it names the original's control segment, which must be let alone.
 */
static void
test_copied_directory(void)
{
	dsm_handle control;
	FILE *f;

	reset_shared();
	CU_ASSERT_FATAL(
		was_killed(run_server("original", DSM_IMPL_POSIX, killed_server)));
	enter_dir("original");
	control = control_handle();
	CU_ASSERT(control != 0);

	enter_dir("copy");
	f = fopen(PG_DYNSHMEM_DIR "/control", "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	fprintf(f, "%u\n", control);
	fclose(f);
	CU_ASSERT_EQUAL(run_server("copy", DSM_IMPL_POSIX, do_nothing), 0);
	CU_ASSERT(object_exists(shared->handle));
	CU_ASSERT(object_exists(control));

	CU_ASSERT_EQUAL(run_server("original", DSM_IMPL_POSIX, do_nothing), 0);
	CU_ASSERT(!object_exists(shared->handle));
	CU_ASSERT(!object_exists(control));
}

/* ---- main ---- */

static void
remove_base_dir(void)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", base_dir);
	(void) !chdir("/");
	(void) !system(command);
}

int
main(int argc, char **argv)
{
	CU_pSuite suite;
	int result;

	begin_process();
	unit_make_lock_memory(NULL);
	shared = unit_share(sizeof(*shared));
	if (mkdtemp(base_dir) == NULL)
		return 2;

	CU_initialize_registry();
	suite = CU_add_suite("dsm", NULL, NULL);
	CU_ADD_TEST(suite, test_posix);
	CU_ADD_TEST(suite, test_mmap);
	CU_ADD_TEST(suite, test_resource_owner);
	CU_ADD_TEST(suite, test_limits);
	CU_ADD_TEST(suite, test_leftovers_posix);
	CU_ADD_TEST(suite, test_leftovers_mmap);
	CU_ADD_TEST(suite, test_copied_directory);
	result = unit_run();
	remove_base_dir();
	return result;
}
