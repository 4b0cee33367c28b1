/*
 * unit_cluster.c
 *		A small cluster below /tmp and the backends in it (unit.h).
 *
 * There is no postmaster and no checkpointer: the program itself assigns the
 * child slots, and its children do by themselves what they would ask another
 * process for.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "unit.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timeout.h"

#define MAX_CHILDREN 64

void
unit_enter_cluster(char *dir)
{
	static const char *const dirs[] = {"global",  "base",   "base/5",
	                                   "pg_xact", "pg_wal", "pg_tblspc"};

	if (mkdtemp(dir) == NULL || chdir(dir) != 0)
	{
		perror(dir);
		exit(1);
	}
	for (int i = 0; i < lengthof(dirs); i++)
		if (mkdir(dirs[i], 0700) != 0)
		{
			perror(dirs[i]);
			exit(1);
		}
}

/* As unit_run, and removes the cluster. */
int
unit_run_in_cluster(const char *dir)
{
	char command[128];
	int result = unit_run();

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	if (system(command) != 0)
		result = 1;
	return result;
}

void
unit_init_cluster(int buffers, int connections)
{
	MyProcPid = getpid();
	MemoryContextInit();
	InitializeGUCOptions();
	NBuffers = buffers;
	MaxConnections = connections;
	InitializeMaxBackends();
	InitFileAccess();
}

void
unit_make_cluster_memory(void)
{
	InitPostmasterDeathWatchHandle();
	CreateSharedMemoryAndSemaphores();
}

static void
begin_backend(void)
{
	PostmasterPid = getppid();
	MyProcPid = getpid();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	InitializeTimeouts();
	RegisterTimeout(DEADLOCK_TIMEOUT, CheckDeadLockAlert);
	RegisterTimeout(LOCK_TIMEOUT, CheckDeadLockAlert);
	InitProcess();
	BaseInit();
}

void
unit_bootstrap(void)
{
	BootStrapXLOG(true);
	BootStrapCLOG();
	StartupXLOG();
	StartupTransactionCounters();
	TrimCLOG();
}

void
unit_become_only_backend(void)
{
	begin_backend();
	unit_bootstrap();
	InitProcessPhase2();
}

pid_t
unit_start_backend(int me, unit_child_fn fn)
{
	pid_t pid;

	MyPMChildSlot = me + 1;
	MarkPostmasterChildSlotAssigned(MyPMChildSlot);
	pid = fork();
	if (pid != 0)
		return pid;
	/* The watchdog ends the program, and it us. */
	(void) prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* Alone: no checkpointer to ask. */
	IsUnderPostmaster = false;
	on_exit_reset();
	begin_backend();
	InitProcessPhase2();
	CurrentResourceOwner = ResourceOwnerCreate(NULL, "test");
	fn(me);
	proc_exit(0);
}

bool
unit_ended_well(int me, pid_t pid)
{
	int status;

	return pid > 0 && waitpid(pid, &status, 0) == pid &&
	       MarkPostmasterChildSlotUnassigned(me + 1) && status == 0;
}

int
unit_run_backends(int n, unit_child_fn fn)
{
	pid_t pids[MAX_CHILDREN];
	int errors = 0;

	Assert(n <= MAX_CHILDREN);
	for (int i = 0; i < n; i++)
		pids[i] = unit_start_backend(i, fn);
	for (int i = 0; i < n; i++)
		if (!unit_ended_well(i, pids[i]))
			errors++;
	return errors;
}
