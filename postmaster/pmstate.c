/*
 * pmstate.c
 *		The postmaster's state machine: what the end of a child means, who is
 *		stopped when, and how all begin again after a crash.
 *
 *		STARTUP --start-up process exits 0--> RUN
 *		RUN --fast stop, or smart and no client left--> STOP_BACKENDS
 *		STOP_BACKENDS --SIGTERM to those that serve clients--> WAIT_BACKENDS
 *		WAIT_BACKENDS --none left, in order--> SHUTDOWN (last checkpoint)
 *		WAIT_BACKENDS --none left, crash or immediate--> WAIT_DEAD_END
 *		SHUTDOWN --checkpointer exits 0--> WAIT_DEAD_END
 *		any --a child dies in disorder--> WAIT_BACKENDS (WAIT_DEAD_END from
 *			SHUTDOWN on), with SIGQUIT to all
 *		WAIT_DEAD_END --nobody left--> NO_CHILDREN: exit, or after a crash
 *			shared memory is made anew and STARTUP comes again
 *
 * Invariants
 * 1.	The state is changed by UpdatePMState only, and every event (end of a
 *		child, request to stop) ends with PostmasterStateMachine.
 * 2.	A child is in disorder if it exits with other than 0 or 1, by a signal,
 *		or without having given back its place in shared memory.  A dead-end
 *		child touches nothing shared: its end never matters.
 * 3.	Shared memory is made anew only in NO_CHILDREN.
 * 4.	A stop asked for during a crash reset is remembered and honoured in
 *		NO_CHILDREN.
 *
 * Corresponds to the second half of PostgreSQL's postmaster.c, without the
 * states for archiving, replication and I/O workers.
 */
#include "postgres.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/pg_control.h"
#include "libpq/crypt.h"
#include "miscadmin.h"
#include "postmaster/postmaster.h"
#include "postmaster/postmaster_internal.h"
#include "postmaster/startup.h"
#include "storage/dsm.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/pmsignal.h"
#include "storage/shmem.h"
#include "utils/backend_status.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"

#define MAX_BGWORKERS_TO_LAUNCH 100

#define EXIT_STATUS_0(st) ((st) == 0)
#define EXIT_STATUS_1(st) (WIFEXITED(st) && WEXITSTATUS(st) == 1)

PMState pmState = PM_INIT;
ShutdownMode Shutdown = NoShutdown;
StartupStatusEnum StartupStatus = STARTUP_NOT_RUNNING;
bool FatalError = false;
bool connsAllowed = true;
time_t AbortStartTime = 0;
bool StartWorkerNeeded = true;
bool HaveCrashedWorker = false;

/* The auxiliary processes; NULL: does not run. */
static PMChild *StartupPMChild = NULL;
static PMChild *CheckpointerPMChild = NULL;
static PMChild *BgWriterPMChild = NULL;
static PMChild *WalWriterPMChild = NULL;

static void HandleChildCrash(int pid, int exitstatus, const char *procname);

static const char *
PMStateName(PMState state)
{
	static const char *const names[] = {"PM_INIT",          "PM_STARTUP",
	                                    "PM_RUN",           "PM_STOP_BACKENDS",
	                                    "PM_WAIT_BACKENDS", "PM_SHUTDOWN",
	                                    "PM_WAIT_DEAD_END", "PM_NO_CHILDREN"};

	return names[state];
}

void
UpdatePMState(PMState newState)
{
	elog(DEBUG1, "updating PMState from %s to %s", PMStateName(pmState),
	     PMStateName(newState));
	pmState = newState;
}

/* ---------------------------------------------------------------------------
 * Signals to children
 * ---------------------------------------------------------------------------
 */

/* Children lead a process group each: what they started goes with them. */
static void
signal_child(pid_t pid, int signal)
{
	if (kill(pid, signal) < 0)
		elog(DEBUG3, "kill(%ld,%d) failed: %m", (long) pid, signal);
	switch (signal)
	{
		case SIGINT:
		case SIGTERM:
		case SIGQUIT:
		case SIGKILL:
		case SIGABRT:
			if (kill(-pid, signal) < 0)
				elog(DEBUG3, "kill(%ld,%d) failed: %m", (long) -pid, signal);
			break;
		default:
			break;
	}
}

static uint32
ChildBit(const PMChild *child)
{
	return child->child_slot == 0 ? BTYPE_DEAD_END
	                              : BTYPE_BIT(child->bkend_type);
}

static void
SignalSome(int signal, uint32 mask)
{
	dlist_iter iter;

	dlist_foreach (iter, &ActiveChildList)
	{
		PMChild *child = dlist_container(PMChild, elem, iter.cur);

		if ((ChildBit(child) & mask) == 0)
			continue;
		elog(DEBUG4, "sending signal %d to %s (PID %d)", signal,
		     PostmasterChildName(child->bkend_type), (int) child->pid);
		signal_child(child->pid, signal);
	}
}

void
SignalChildren(int signal)
{
	SignalSome(signal, BTYPES_ALL);
}

int
CountChildren(uint32 mask)
{
	dlist_iter iter;
	int count = 0;

	dlist_foreach (iter, &ActiveChildList)
		if (ChildBit(dlist_container(PMChild, elem, iter.cur)) & mask)
			count++;
	return count;
}

void
TerminateChildren(int signal)
{
	SignalSome(signal, BTYPES_ALL);
	if (StartupPMChild != NULL &&
	    (signal == SIGQUIT || signal == SIGKILL || signal == SIGABRT))
		StartupStatus = STARTUP_SIGNALED;
}

/* SIGQUIT to all, and the clock until SIGKILL. */
static void
QuitAll(QuitSignalReason reason)
{
	/* who is ended so clears nothing behind him */
	PublicShmemInvalidate();
	SetQuitSignalReason(reason);
	TerminateChildren(SIGQUIT);
	if (AbortStartTime == 0)
		AbortStartTime = time(NULL);
}

/* An immediate stop. */
void
StopAtOnce(void)
{
	QuitAll(PMQUIT_FOR_STOP);
	if (pmState < PM_WAIT_BACKENDS)
		UpdatePMState(PM_WAIT_BACKENDS);
	else if (pmState == PM_SHUTDOWN)
	{
		ConfigurePostmasterWaitSet(false);
		UpdatePMState(PM_WAIT_DEAD_END);
	}
}

/* ---------------------------------------------------------------------------
 * Starting children
 * ---------------------------------------------------------------------------
 */

static PMChild *
StartChildProcess(BackendType btype)
{
	PMChild *pmchild = AssignPostmasterChildSlot(btype);
	ChildStartupData data = {0};

	INJECTION_POINT_POSTMASTER("postmaster-start-auxiliary");
	if (pmchild == NULL)
	{
		ereport(LOG, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
		              errmsg("no postmaster child slot available for %s",
		                     PostmasterChildName(btype))));
		return NULL;
	}
	pmchild->pid = PostmasterChildLaunch(pmchild, &data);
	if (pmchild->pid < 0)
	{
		int save_errno = errno;

		(void) ReleasePostmasterChildSlot(pmchild);
		errno = save_errno;
		ereport(LOG,
		        (errmsg("could not fork %s: %m", PostmasterChildName(btype))));
		/* Without it there is no cluster. */
		if (btype == B_STARTUP)
			ExitPostmaster(1);
		return NULL;
	}
	return pmchild;
}

void
StartStartupProcess(void)
{
	UpdatePMState(PM_STARTUP);
	StartupPMChild = StartChildProcess(B_STARTUP);
	StartupStatus = STARTUP_RUNNING;
}

static bool
StartBackgroundWorker(RegisteredBgWorker *rw)
{
	ChildStartupData data = {.rw = rw};
	PMChild *pmchild;
	pid_t pid;

	Assert(rw->rw_pid == 0);
	INJECTION_POINT_POSTMASTER("postmaster-start-worker");
	pmchild = AssignPostmasterChildSlot(B_BG_WORKER);
	if (pmchild == NULL)
	{
		ereport(
			LOG,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
		     errmsg("no slot available for new background worker process")));
		rw->rw_crashed_at = GetCurrentTimestamp();
		return false;
	}
	pmchild->rw = rw;
	ereport(DEBUG1,
	        (errmsg_internal("starting background worker process \"%s\"",
	                         rw->rw_worker.bgw_name)));
	pid = PostmasterChildLaunch(pmchild, &data);
	if (pid < 0)
	{
		ereport(LOG, (errmsg("could not fork background worker process: %m")));
		(void) ReleasePostmasterChildSlot(pmchild);
		rw->rw_crashed_at = GetCurrentTimestamp();
		return false;
	}
	pmchild->pid = pid;
	rw->rw_pid = pid;
	ReportBackgroundWorkerPID(rw);
	return true;
}

static bool
WorkerShouldStartNow(BgWorkerStartTime start_time)
{
	switch (pmState)
	{
		case PM_RUN:
#ifdef TUSK_DEFECT_NO_WORKER_IN_SMART_STOP
			return connsAllowed;
#endif
			return true;
		case PM_STARTUP:
			return start_time == BgWorkerStart_PostmasterStart;
		default:
			return false;
	}
}

/* Some at a time, so that other events get their turn. */
static void
maybe_start_bgworkers(void)
{
	TimestampTz now = 0;
	int num_launched = 0;
	dlist_mutable_iter iter;

	if (FatalError)
	{
		StartWorkerNeeded = false;
		HaveCrashedWorker = false;
		return;
	}
	StartWorkerNeeded = false;
	HaveCrashedWorker = false;

	dlist_foreach_modify (iter, &BackgroundWorkerList)
	{
		RegisteredBgWorker *rw =
			dlist_container(RegisteredBgWorker, rw_lnode, iter.cur);

		if (rw->rw_pid != 0)
			continue;
		if (rw->rw_terminate)
		{
			ForgetBackgroundWorker(rw);
			continue;
		}
		if (rw->rw_crashed_at != 0)
		{
			if (rw->rw_worker.bgw_restart_time == BGW_NEVER_RESTART)
			{
				pid_t notify_pid = rw->rw_worker.bgw_notify_pid;

				ForgetBackgroundWorker(rw);
				if (notify_pid != 0)
					kill(notify_pid, SIGUSR1);
				continue;
			}
			if (now == 0)
				now = GetCurrentTimestamp();
			if (!TimestampDifferenceExceeds(rw->rw_crashed_at, now,
			                                rw->rw_worker.bgw_restart_time *
			                                    1000))
			{
				HaveCrashedWorker = true;
				continue;
			}
		}
		if (!WorkerShouldStartNow(rw->rw_worker.bgw_start_time))
			continue;
		rw->rw_crashed_at = 0;
		if (!StartBackgroundWorker(rw) ||
		    ++num_launched >= MAX_BGWORKERS_TO_LAUNCH)
		{
			StartWorkerNeeded = true;
			return;
		}
	}
}

void
LaunchMissingBackgroundProcesses(void)
{
	if (pmState == PM_RUN && !FatalError)
	{
		if (CheckpointerPMChild == NULL)
			CheckpointerPMChild = StartChildProcess(B_CHECKPOINTER);
		if (BgWriterPMChild == NULL)
			BgWriterPMChild = StartChildProcess(B_BG_WRITER);
		if (WalWriterPMChild == NULL)
			WalWriterPMChild = StartChildProcess(B_WAL_WRITER);
	}
	if (StartWorkerNeeded || HaveCrashedWorker)
		maybe_start_bgworkers();
}

CAC_state
canAcceptConnections(void)
{
	if (pmState != PM_RUN)
	{
		if (Shutdown > NoShutdown)
			return CAC_SHUTDOWN;
		if (!FatalError && pmState == PM_STARTUP)
			return CAC_STARTUP;
		return CAC_RECOVERY;
	}
	return connsAllowed ? CAC_OK : CAC_SHUTDOWN;
}

/* ---------------------------------------------------------------------------
 * The end of children
 * ---------------------------------------------------------------------------
 */

static void
LogChildExit(int lev, const char *procname, int pid, int exitstatus)
{
	char activity_buffer[PGBE_ACTIVITY_SIZE];
	const char *activity = NULL;

	if (!EXIT_STATUS_0(exitstatus))
		activity = pgstat_get_crashed_backend_activity(pid, activity_buffer,
		                                               sizeof(activity_buffer));
	if (WIFEXITED(exitstatus))
		ereport(lev, (errmsg("%s (PID %d) exited with exit code %d", procname,
		                     pid, WEXITSTATUS(exitstatus)),
		              activity ? errdetail("Failed process was running: %s",
		                                   activity)
		                       : 0));
	else if (WIFSIGNALED(exitstatus))
		ereport(
			lev,
			(errmsg("%s (PID %d) was terminated by signal %d: %s", procname,
		            pid, WTERMSIG(exitstatus), strsignal(WTERMSIG(exitstatus))),
		     activity ? errdetail("Failed process was running: %s", activity)
		              : 0));
	else
		ereport(lev, (errmsg("%s (PID %d) exited with unrecognized status %d",
		                     procname, pid, exitstatus)));
}

/* Nothing that is shared can be trusted: all must go. */
static void
HandleFatalError(void)
{
	INJECTION_POINT_POSTMASTER("postmaster-child-crashed");
	QuitAll(PMQUIT_FOR_CRASH);
	FatalError = true;
	if (pmState < PM_WAIT_BACKENDS)
		UpdatePMState(PM_WAIT_BACKENDS);
	else if (pmState == PM_SHUTDOWN)
	{
		ConfigurePostmasterWaitSet(false);
		UpdatePMState(PM_WAIT_DEAD_END);
	}
}

static void
HandleChildCrash(int pid, int exitstatus, const char *procname)
{
	/* It is one of those that we are ending already. */
	if (FatalError || Shutdown == ImmediateShutdown)
		return;
	LogChildExit(LOG, procname, pid, exitstatus);
	ereport(LOG, (errmsg("terminating any other active server processes")));
	HandleFatalError();
}

/* A backend or a background worker. */
static void
CleanupBackend(PMChild *child, int exitstatus)
{
	pid_t pid = child->pid;
	RegisteredBgWorker *rw = child->rw;
	bool notify = child->bgworker_notify;
	bool dead_end = child->child_slot == 0;
	bool crashed = !EXIT_STATUS_0(exitstatus) && !EXIT_STATUS_1(exitstatus);
	char namebuf[BGW_MAXLEN + 32];
	const char *procname = PostmasterChildName(child->bkend_type);

	if (rw != NULL)
	{
		snprintf(namebuf, sizeof(namebuf), "background worker \"%s\"",
		         rw->rw_worker.bgw_type);
		procname = namebuf;
	}
	/* It may have left by _exit(0), or a library's exit. */
	if (!ReleasePostmasterChildSlot(child))
		crashed = true;
	if (dead_end)
		return;
	if (crashed)
	{
		HandleChildCrash(pid, exitstatus, procname);
		return;
	}
	if (notify)
		BackgroundWorkerStopNotifications(pid);
	if (rw == NULL)
	{
		LogChildExit(DEBUG2, procname, pid, exitstatus);
		return;
	}
	if (!EXIT_STATUS_0(exitstatus))
		rw->rw_crashed_at = GetCurrentTimestamp();
	else
	{
		rw->rw_crashed_at = 0;
		rw->rw_terminate = true; /* it has done what it was to do */
	}
	rw->rw_pid = 0;
	LogChildExit(EXIT_STATUS_0(exitstatus) ? DEBUG1 : LOG, procname, pid,
	             exitstatus);
	ReportBackgroundWorkerExit(rw);
	HaveCrashedWorker = true;
}

/* From here on clients are served. */
static void
StartupIsDone(void)
{
	INJECTION_POINT_POSTMASTER("postmaster-startup-done");
	StartupStatus = STARTUP_DONE;
	FatalError = false;
	AbortStartTime = 0;
	/* What the start-up process wrote is what children inherit. */
	ReadControlFile();
	if (Shutdown > NoShutdown)
		return;
	PublicShmemValidate();
	connsAllowed = true;
	/* the launcher of autovacuum, whose slot nobody else asks for */
	BackgroundWorkerStateChange(true);
	StartWorkerNeeded = true;
	UpdatePMState(PM_RUN);
	LaunchMissingBackgroundProcesses();
	ereport(LOG, (errmsg("database system is ready to accept connections")));
	AddToDataDirLockFile(LOCK_FILE_LINE_PM_STATUS, PM_STATUS_READY);
}

static void
CleanupStartupProcess(PMChild *child, int exitstatus)
{
	int pid = (int) child->pid;
	bool signaled = StartupStatus == STARTUP_SIGNALED;

	StartupPMChild = NULL;
	(void) ReleasePostmasterChildSlot(child);
	StartupStatus = STARTUP_NOT_RUNNING;

	if (Shutdown > NoShutdown &&
	    (EXIT_STATUS_0(exitstatus) || EXIT_STATUS_1(exitstatus)))
	{
		if (EXIT_STATUS_0(exitstatus))
			StartupIsDone();
		if (pmState < PM_WAIT_BACKENDS)
			UpdatePMState(PM_WAIT_BACKENDS);
		return;
	}
	if (EXIT_STATUS_0(exitstatus) && !signaled)
	{
		StartupIsDone();
		return;
	}
	if (signaled)
		return;
	LogChildExit(LOG, PostmasterChildName(B_STARTUP), pid, exitstatus);
	ereport(LOG, (errmsg("aborting startup due to startup process failure")));
	ExitPostmaster(1);
}

static void
CleanupCheckpointer(PMChild *child, int exitstatus)
{
	int pid = (int) child->pid;

	CheckpointerPMChild = NULL;
	(void) ReleasePostmasterChildSlot(child);
	if (EXIT_STATUS_0(exitstatus) && pmState == PM_SHUTDOWN)
	{
		/* Everything is on disk. */
		ConfigurePostmasterWaitSet(false);
		UpdatePMState(PM_WAIT_DEAD_END);
		SignalChildren(SIGTERM);
		return;
	}
	HandleChildCrash(pid, exitstatus, PostmasterChildName(B_CHECKPOINTER));
}

/* The background writer or the WAL writer: started again if it was an exit. */
static void
CleanupWriter(PMChild **slot, int exitstatus)
{
	PMChild *child = *slot;
	int pid = (int) child->pid;
	BackendType btype = child->bkend_type;

	*slot = NULL;
	(void) ReleasePostmasterChildSlot(child);
	if (!EXIT_STATUS_0(exitstatus))
		HandleChildCrash(pid, exitstatus, PostmasterChildName(btype));
}

void
ReapChildren(void)
{
	int pid;
	int exitstatus;

	while ((pid = (int) waitpid(-1, &exitstatus, WNOHANG)) > 0)
	{
		PMChild *child = FindPostmasterChildByPid(pid);

		INJECTION_POINT_POSTMASTER("postmaster-reap-child");
		if (child == NULL)
			LogChildExit(DEBUG1, "untracked child process", pid, exitstatus);
		else if (child == StartupPMChild)
			CleanupStartupProcess(child, exitstatus);
		else if (child == CheckpointerPMChild)
			CleanupCheckpointer(child, exitstatus);
		else if (child == BgWriterPMChild)
			CleanupWriter(&BgWriterPMChild, exitstatus);
		else if (child == WalWriterPMChild)
			CleanupWriter(&WalWriterPMChild, exitstatus);
		else
			CleanupBackend(child, exitstatus);
	}
	PostmasterStateMachine();
}

/* ---------------------------------------------------------------------------
 * The machine
 * ---------------------------------------------------------------------------
 */

/* Those whose work needs what only the others' end makes final. */
#define SERVING_CHILDREN                                                      \
	(BTYPE_BIT(B_BACKEND) | BTYPE_BIT(B_BG_WORKER) | BTYPE_BIT(B_BG_WRITER) | \
	 BTYPE_BIT(B_WAL_WRITER) | BTYPE_BIT(B_STARTUP))

static void
LeaveWaitBackends(void)
{
	bool in_disorder = Shutdown >= ImmediateShutdown || FatalError;
	uint32 awaited = SERVING_CHILDREN;

	if (in_disorder)
		awaited |= BTYPE_BIT(B_CHECKPOINTER);
	if (CountChildren(awaited) > 0)
		return;
	/* Also if the cluster was never brought up: nothing to write then. */
	if (!in_disorder && StartupStatus == STARTUP_DONE)
	{
		if (CheckpointerPMChild == NULL)
			CheckpointerPMChild = StartChildProcess(B_CHECKPOINTER);
		if (CheckpointerPMChild != NULL)
		{
			UpdatePMState(PM_SHUTDOWN);
			signal_child(CheckpointerPMChild->pid, SIGUSR2);
			return;
		}
		/* No last checkpoint, no clean stop. */
		FatalError = true;
	}
	ConfigurePostmasterWaitSet(false);
	UpdatePMState(PM_WAIT_DEAD_END);
	SignalSome(SIGQUIT, BTYPE_DEAD_END);
}

/* All gone after a crash: everything shared anew, in place. */
static void
RestartAfterCrash(void)
{
	if (!restart_after_crash)
	{
		ereport(LOG, (errmsg("shutting down because \"restart_after_crash\" is "
		                     "off")));
		ExitPostmaster(1);
	}
	ereport(LOG, (errmsg("all server processes terminated; reinitializing")));
	INJECTION_POINT_POSTMASTER("postmaster-crash-reset");
	if (remove_temp_files_after_crash)
		RemovePgTempFiles();
	RemoveVerifiersTmp();
	ResetBackgroundWorkerCrashTimes();
	shmem_exit(1);
	INJECTION_POINT_POSTMASTER("postmaster-create-shmem");
	CreateSharedMemoryAndSemaphores();
	dsm_postmaster_startup();
	/* what the last start-up process and the checkpointer wrote */
	ReadControlFile();
	AddToDataDirLockFile(LOCK_FILE_LINE_PM_STATUS, PM_STATUS_STARTING);
	StartStartupProcess();
	AbortStartTime = 0;
	ConfigurePostmasterWaitSet(true);
}

void
PostmasterStateMachine(void)
{
	if (pmState == PM_RUN && !connsAllowed &&
	    CountChildren(BTYPE_BIT(B_BACKEND)) == 0)
		UpdatePMState(PM_STOP_BACKENDS);

	if (pmState == PM_STOP_BACKENDS)
	{
		/* Backends may be waiting for workers that will never start. */
		ForgetUnstartedBackgroundWorkers();
		SignalSome(SIGTERM, SERVING_CHILDREN);
		UpdatePMState(PM_WAIT_BACKENDS);
	}
	if (pmState == PM_WAIT_BACKENDS)
		LeaveWaitBackends();
	if (pmState == PM_WAIT_DEAD_END && CountChildren(BTYPES_ALL) == 0)
		UpdatePMState(PM_NO_CHILDREN);
	if (pmState != PM_NO_CHILDREN)
		return;

	if (Shutdown > NoShutdown)
	{
		if (FatalError)
		{
			ereport(LOG, (errmsg("abnormal database system shutdown")));
			ExitPostmaster(1);
		}
		ExitPostmaster(0);
	}
	if (FatalError)
		RestartAfterCrash();
}
