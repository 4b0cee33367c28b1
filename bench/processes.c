/*
 * processes.c: processes of the server's own code without a server.
 */
#include "postgres.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "miscadmin.h"
#include "processes.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timeout.h"

void
give_up(const char *what)
{
	perror(what);
	exit(1);
}

double
bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec * 1e-9;
}

void
make_directories(const char *const *names, int n)
{
	for (int i = 0; i < n; i++)
		if (mkdir(names[i], 0700) != 0 && errno != EEXIST)
			give_up(names[i]);
}

void
begin_server_code(void)
{
	MyProcPid = getpid();
	InitProcessGlobals();
	MemoryContextInit();
	InitializeGUCOptions();
}

void
make_server_memory(int processes)
{
	MaxConnections = 2 * processes;
	InitializeMaxBackends();
	InitFileAccess();
	InitPostmasterDeathWatchHandle();
	CreateSharedMemoryAndSemaphores();
}

void *
share_memory(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	               MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		give_up("mmap");
	return p;
}

static void
become_backend(void)
{
	IsUnderPostmaster = false;
	PostmasterPid = getppid();
	MyProcPid = getpid();
	on_exit_reset();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitializeTimeouts();
	InitProcess();
	BaseInit();
	InitProcessPhase2();
}

void
run_processes(int n, void (*fn)(int me))
{
	pid_t *pids = calloc((size_t) n, sizeof(*pids));
	int failed = 0;

	fflush(NULL);
	for (int i = 0; i < n; i++)
	{
		MyPMChildSlot = i + 1;
		MarkPostmasterChildSlotAssigned(MyPMChildSlot);
		pids[i] = fork();
		if (pids[i] == 0)
		{
			become_backend();
			fn(i);
			proc_exit(0);
		}
		if (pids[i] < 0)
			give_up("could not fork");
	}
	for (int i = 0; i < n; i++)
	{
		int status;

		waitpid(pids[i], &status, 0);
		failed += !MarkPostmasterChildSlotUnassigned(i + 1) || status != 0;
	}
	free(pids);
	if (failed == 0)
		return;
	fprintf(stderr, "%d processes failed\n", failed);
	exit(1);
}
