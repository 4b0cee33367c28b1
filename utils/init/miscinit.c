/*
 * miscinit.c
 *		The start of a process, its latch and its directory.  Its user is in
 *		session_user.c.
 *
 * Corresponds to PostgreSQL's miscinit.c; a postmaster child asks the kernel
 * to be killed with its parent, so that a killed postmaster leaves no orphan.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "pg_stat_statements.h"
#include "postmaster/autovacuum.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* Room that a deep recursion must leave: the kernel's limit less this. */
#define STACK_DEPTH_SLOP (512 * 1024)
#define DEFAULT_STACK_DEPTH (2 * 1024 * 1024)

static Latch LocalLatchData;
static char *stack_base = NULL;

void
InitProcessGlobals(void)
{
	MyProcPid = (int) getpid();
	MyStartTimestamp = GetCurrentTimestamp();
	MyStartTime = (int64) time(NULL);
	/* A child must not repeat its parent's random numbers. */
	pg_prng_seed(&pg_global_prng_state,
	             ((uint64) MyProcPid << 40) ^ (uint64) MyStartTimestamp);
}

/* Until the process has a PGPROC, and again when it gives it back. */
void
InitProcessLocalLatch(void)
{
	MyLatch = &LocalLatchData;
	InitLatch(MyLatch);
}

void
InitPostmasterChild(void)
{
	pid_t parent = PostmasterPid;

	IsUnderPostmaster = true;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		ereport(FATAL, (errmsg("could not arrange to end with the parent "
		                       "process: %m")));
	/* It may have died before that call. */
	if (parent != 0 && getppid() != parent)
		_exit(1);
	InitProcessGlobals();
	on_exit_reset();
	InitializeLatchSupport();
	InitProcessLocalLatch();
	/* The postmaster's terminal's signals are not for us. */
	(void) setsid();
}

void
SwitchToSharedLatch(void)
{
	Assert(MyLatch == &LocalLatchData);
	Assert(MyProc != NULL);
	MyLatch = &MyProc->procLatch;
	pgstat_set_wait_event_storage(&MyProc->wait_event_info);
	/* What set the private latch must not be lost. */
	SetLatch(MyLatch);
}

void
SwitchBackToLocalLatch(void)
{
	Assert(MyLatch != &LocalLatchData);
	pgstat_reset_wait_event_storage();
	MyLatch = &LocalLatchData;
	SetLatch(MyLatch);
}

void
InitializeMaxBackends(void)
{
	MaxBackends = MaxConnections + max_worker_processes + AUTOVACUUM_SLOTS;
	if (MaxBackends > (int) MAX_BACKENDS)
		ereport(FATAL,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("too many server processes configured"),
		         errdetail("max_connections (%d) plus max_worker_processes "
		                   "(%d) plus autovacuum_max_workers (%d) must be less "
		                   "than %d.",
		                   MaxConnections, max_worker_processes,
		                   autovacuum_max_workers, (int) MAX_BACKENDS)));
}

const char *
GetBackendTypeDesc(BackendType backendType)
{
	switch (backendType)
	{
		case B_INVALID:
			return "not initialized";
		case B_BACKEND:
			return "client backend";
		case B_BG_WORKER:
			return "background worker";
		case B_BG_WRITER:
			return "background writer";
		case B_CHECKPOINTER:
			return "checkpointer";
		case B_STARTUP:
			return "startup";
		case B_WAL_WRITER:
			return "walwriter";
		case B_LOGGER:
			return "logger";
		case B_POSTMASTER:
			return "postmaster";
	}
	return "unknown process type";
}

/* ---- directory ---- */

void
SetDataDir(const char *dir)
{
	char *path = realpath(dir, NULL);

	if (path == NULL)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not access directory \"%s\": %m", dir),
		                errhint("Create it with \"tusk init -D %s\".", dir)));
	free(DataDir);
	DataDir = path;
}

void
ChangeToDataDir(void)
{
	struct stat st;

	if (stat(DataDir, &st) != 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not read permissions of directory "
		                       "\"%s\": %m",
		                       DataDir)));
	if (!S_ISDIR(st.st_mode))
		ereport(FATAL,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("specified data directory \"%s\" is not a directory",
		                DataDir)));
	if (st.st_uid != geteuid())
		ereport(FATAL,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("data directory \"%s\" has wrong ownership", DataDir),
		         errhint("The server must be started by the user that owns "
		                 "the data directory.")));
	if (st.st_mode & (S_IWGRP | S_IRWXO))
		ereport(
			FATAL,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		     errmsg("data directory \"%s\" has invalid permissions", DataDir),
		     errdetail("Permissions should be u=rwx (0700) or u=rwx,g=rx "
		               "(0750).")));
	if (chdir(DataDir) != 0)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not change directory to \"%s\": %m", DataDir)));
}

/* ---- small things ---- */

void
pg_usleep(long microsec)
{
	struct timespec delay;

	if (microsec <= 0)
		return;
	delay.tv_sec = microsec / 1000000L;
	delay.tv_nsec = (microsec % 1000000L) * 1000;
	(void) nanosleep(&delay, NULL);
}

void
set_stack_base(void)
{
	stack_base = __builtin_frame_address(0);
}

bool
stack_is_deeper_than(long bytes)
{
	char here;
	long depth;

	if (stack_base == NULL)
		return false;
	depth = (long) ((intptr_t) stack_base - (intptr_t) &here);
	return (depth < 0 ? -depth : depth) > bytes;
}

bool
stack_is_too_deep(void)
{
	static long limit = 0;

	if (limit == 0)
	{
		struct rlimit rlim;

		limit = DEFAULT_STACK_DEPTH;
		if (getrlimit(RLIMIT_STACK, &rlim) == 0 &&
		    rlim.rlim_cur != RLIM_INFINITY &&
		    rlim.rlim_cur > STACK_DEPTH_SLOP + 100 * 1024)
			limit = Min(limit, (long) (rlim.rlim_cur - STACK_DEPTH_SLOP));
	}
	return stack_is_deeper_than(limit);
}

void
check_stack_depth(void)
{
	if (stack_is_too_deep())
		ereport(ERROR,
		        (errcode(ERRCODE_STATEMENT_TOO_COMPLEX),
		         errmsg("stack depth limit exceeded"),
		         errhint("Write the statement with less nesting, or raise the "
		                 "stack limit (\"ulimit -s\") of the server.")));
}

/* ---- libraries ---- */

/* What PostgreSQL loads from files; load may be NULL: there is nothing to do. */
static const struct
{
	const char *name;
	void (*load)(void);
} libraries[] = {
	{"pg_stat_statements", pgss_load},
	{"vector", NULL},
};

static void
load_library(const char *name)
{
	for (int i = 0; i < lengthof(libraries); i++)
	{
		if (strcmp(libraries[i].name, name) != 0)
			continue;
		if (libraries[i].load)
			libraries[i].load();
		return;
	}
	ereport(FATAL,
	        (errcode(ERRCODE_UNDEFINED_FILE),
	         errmsg("could not access file \"%s\": No such file or directory",
	                name),
	         errdetail("Libraries are compiled into the server; it has "
	                   "\"pg_stat_statements\" and \"vector\"."),
	         errhint("Remove the name from shared_preload_libraries.")));
}

/* Names with commas, blanks and double quotes between and around them. */
void
process_shared_preload_libraries(void)
{
	char *copy = pstrdup(shared_preload_libraries_string);
	char *rest = NULL;

	for (char *name = strtok_r(copy, ", \t\"", &rest); name != NULL;
	     name = strtok_r(NULL, ", \t\"", &rest))
		load_library(name);
	pfree(copy);
}
