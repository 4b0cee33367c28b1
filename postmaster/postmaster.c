/*
 * postmaster.c
 *		The supervisor: starts the service, forks every process of it, and
 *		outlives whatever one of them does.
 *
 * Rules
 * 1.	The postmaster takes no lock and waits for no child: what is shared may
 *		be damaged by any of them at any time.  It reads PMSignalState and the
 *		background workers' slots, and believes neither.
 * 2.	A signal handler sets a flag and the latch; the work is done in
 *		ServerLoop: a stop first, then settings, ends of children, requests of
 *		children, at last new connections.
 * 3.	What is made at the start in private memory (child slots, sockets, lock
 *		files) stays over a crash restart.
 *
 * What a SIGKILL of the postmaster leaves: nothing that runs (the kernel kills
 * its children), the lock files and dynamic segments, which the next start
 * removes (lockfile.c, dsm.c), and a cluster that was not stopped cleanly
 * (startup.c).
 *
 * The states and their changes are in pmstate.c.  Corresponds to PostgreSQL's
 * postmaster.c.
 */
#include "postgres.h"

#include <getopt.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/hnsw.h"
#include "access/ivfflat.h"
#include "access/reloptions.h"
#include "catalog/pg_control.h"
#include "defects.h"
#include "libpq/crypt.h"
#include "libpq/hba.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "pg_stat_statements.h"
#include "postmaster/pmsocket.h"
#include "postmaster/postmaster.h"
#include "postmaster/postmaster_internal.h"
#include "postmaster/startup.h"
#include "storage/dsm.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"
#include "utils/wait_event.h"

#define SECS_PER_MINUTE 60
#define TOUCH_INTERVAL_SECS (58 * SECS_PER_MINUTE)
/* So long it waits for its first client. */
#define FIRST_CLIENT_MS 60000
/* So often it looks whether any is left. */
#define CLIENTS_RECHECK_MS 200
#define MAX_SLEEP_MS (60 * 1000L)

bool ClientAuthInProgress = false;

/* What the handlers were told; ServerLoop acts. */
static volatile sig_atomic_t pending_pm_pmsignal;
static volatile sig_atomic_t pending_pm_child_exit;
static volatile sig_atomic_t pending_pm_reload_request;
static volatile sig_atomic_t pending_pm_shutdown_request;
static volatile sig_atomic_t pending_pm_fast_shutdown_request;
static volatile sig_atomic_t pending_pm_immediate_shutdown_request;

/* Latch and listening sockets. */
static WaitEventSet *pm_wait_set = NULL;

static void ServerLoop(void) pg_attribute_noreturn();

/* ---------------------------------------------------------------------------
 * Signal handlers
 * ---------------------------------------------------------------------------
 */

static void
handle_pm_pmsignal_signal(int signo)
{
	pending_pm_pmsignal = true;
	SetLatch(MyLatch);
}

static void
handle_pm_reload_request_signal(int signo)
{
	pending_pm_reload_request = true;
	SetLatch(MyLatch);
}

static void
handle_pm_child_exit_signal(int signo)
{
	pending_pm_child_exit = true;
	SetLatch(MyLatch);
}

static void
handle_pm_shutdown_request_signal(int signo)
{
	switch (signo)
	{
		case SIGTERM:
			pending_pm_shutdown_request = true;
			break;
		case SIGINT:
			pending_pm_fast_shutdown_request = true;
			pending_pm_shutdown_request = true;
			break;
		case SIGQUIT:
			pending_pm_immediate_shutdown_request = true;
			pending_pm_shutdown_request = true;
			break;
	}
	SetLatch(MyLatch);
}

bool
PostmasterShutdownRequested(void)
{
	return pending_pm_shutdown_request;
}

static void
dummy_handler(int signo)
{
}

static void
InstallSignalHandlers(void)
{
	pqinitmask();
	sigprocmask(SIG_SETMASK, &BlockSig, NULL);

	pqsignal(SIGHUP, handle_pm_reload_request_signal);
	pqsignal(SIGINT, handle_pm_shutdown_request_signal);
	pqsignal(SIGQUIT, handle_pm_shutdown_request_signal);
	pqsignal(SIGTERM, handle_pm_shutdown_request_signal);
	pqsignal(SIGALRM, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, handle_pm_pmsignal_signal);
	pqsignal(SIGUSR2, dummy_handler); /* not inherited as "ignored" */
	pqsignal(SIGCHLD, handle_pm_child_exit_signal);
	pqsignal(SIGTTIN, SIG_IGN);
	pqsignal(SIGTTOU, SIG_IGN);
	pqsignal(SIGXFSZ, SIG_IGN); /* an error of write() tells more */

	InitializeLatchSupport();
	InitProcessLocalLatch();
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);
}

/* ---------------------------------------------------------------------------
 * Start
 * ---------------------------------------------------------------------------
 */

static void
try_help(void)
{
	write_stderr("Try \"postmaster --help\" for more information.\n");
	ExitPostmaster(2);
}

/* Exit status 2 is for a command line or settings that make no sense. */
static void
ParseArguments(int argc, char **argv)
{
	const char *dir = getenv("PGDATA");
	char *name;
	char *value;
	int opt;

	opterr = 1;
	while ((opt = getopt(argc, argv, "c:D:k:p:")) != -1)
	{
		switch (opt)
		{
			case 'c':
				ParseLongOption(optarg, &name, &value);
				if (value == NULL)
				{
					write_stderr("postmaster: -c %s requires a value\n",
					             optarg);
					ExitPostmaster(2);
				}
				SetConfigOption(name, value, PGC_POSTMASTER, PGC_S_ARGV);
				pfree(name);
				pfree(value);
				break;
			case 'D':
				dir = optarg;
				break;
			case 'k':
				SetConfigOption("unix_socket_directories", optarg,
				                PGC_POSTMASTER, PGC_S_ARGV);
				break;
			case 'p':
				SetConfigOption("port", optarg, PGC_POSTMASTER, PGC_S_ARGV);
				break;
			default:
				try_help();
		}
	}
	if (optind < argc)
	{
		write_stderr("postmaster: invalid argument: \"%s\"\n", argv[optind]);
		try_help();
	}
	if (dir == NULL)
	{
		write_stderr("postmaster does not know where to find the data "
		             "directory: give -D DIR or set PGDATA\n");
		ExitPostmaster(2);
	}
	SetDataDir(dir);
}

/*
 * The directory is ours, and nobody else may write there.  Who runs as another
 * user (root, say) would leave files that the owner cannot read.
 */
static void
CheckDataDirOwner(void)
{
	struct stat st;

	if (stat(".", &st) != 0)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not read permissions of directory \"%s\": %m",
		                DataDir)));
	if (st.st_uid != geteuid())
		ereport(FATAL,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("data directory \"%s\" has wrong ownership", DataDir),
		         errhint("The server must be started by the user that owns the "
		                 "data directory.")));
	if (st.st_mode & (S_IWGRP | S_IRWXO))
		ereport(
			FATAL,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		     errmsg("data directory \"%s\" has invalid permissions", DataDir),
		     errdetail("Permissions should be u=rwx (0700) or u=rwx,g=rx "
		               "(0750).")));
}

/*
 * The directory is a cluster of this version, and our own: the catalogs of a
 * cluster of PostgreSQL are not where ours are, so all its tables would be
 * files that nobody knows, to be removed by recovery.  initdb leaves a map of
 * relation files there; ours has none.
 */
static void
CheckDataDir(void)
{
	char version[16] = "";
	FILE *f = fopen("PG_VERSION", "r");
	char *line;

	if (f == NULL)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("\"%s\" is not a valid data directory", DataDir),
		         errdetail("File \"%s/PG_VERSION\" is missing.", DataDir),
		         errhint("Make one with \"tusk init -D %s\".", DataDir)));
	line = fgets(version, sizeof(version), f);
	fclose(f);
	version[strcspn(version, "\n")] = '\0';
	if (line == NULL || strcmp(version, "15") != 0)
		ereport(FATAL,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("database files are incompatible with server"),
		         errdetail("The data directory was initialized by version %s, "
		                   "which is not compatible with this version %s.",
		                   version[0] ? version : "(unknown)", "15.20")));
	if (access("global/pg_filenode.map", F_OK) == 0)
		ereport(FATAL,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("data directory \"%s\" is a cluster of PostgreSQL",
		                DataDir),
		         errdetail("File \"global/pg_filenode.map\" is there, which "
		                   "only initdb makes."),
		         errhint("Start it by pg_ctl; \"tusk init -D DIR\" makes a "
		                 "directory for this server.")));
}

/* Everything up to the first fork. */
static void
PrepareSharedState(void)
{
	InjectionPointShmemInit();
	InjectionPointArmFromEnvironment();
	ReadControlFile();

	InitializeMaxBackends();
	InitPostmasterChildSlots();
	CreateSharedMemoryAndSemaphores();
	dsm_postmaster_startup();
	set_max_safe_fds();
	InitPostmasterDeathWatchHandle();
}

void
PostmasterMain(int argc, char **argv)
{
	char shmem_line[64];

	InitProcessGlobals();
	PostmasterPid = (pid_t) MyProcPid;
	IsPostmasterEnvironment = true;
	MyBackendType = B_POSTMASTER;
	umask(S_IRWXG | S_IRWXO);
	InstallSignalHandlers();

	InitializeGUCOptions();
	hnsw_init();
	ivfflat_init();
	pgss_define_settings();
	InitHeapReloptions();
	ParseArguments(argc, argv);
	if (!ProcessConfigFile(PGC_POSTMASTER))
		ExitPostmaster(2);
	ChangeToDataDir();
	CheckDataDir();
	CheckDataDirOwner();
	SetConfigOption("data_directory", DataDir, PGC_INTERNAL, PGC_S_OVERRIDE);
	if (geteuid() == 0)
		ereport(WARNING,
		        (errmsg("the server is run by root"),
		         errhint("Outside a container, run it as a user of its own.")));

	CreateDataDirLockFile();
	process_shared_preload_libraries();
	PrepareSharedState();

	WARN_OF_DEFECT();
	ereport(LOG, (errmsg("starting PostgreSQL %s, data directory \"%s\"",
	                     GetConfigOption("server_version", false), DataDir)));
	if (!load_hba())
		ereport(FATAL, (errmsg("could not load %s", hba_file_path())));
	/* only those who come in by a map need it, and the log says what is wrong */
	(void) load_ident();
	OpenServerSockets();
	snprintf(shmem_line, sizeof(shmem_line), "%9lu %9lu", 0UL, 0UL);
	AddToDataDirLockFile(LOCK_FILE_LINE_SHMEM_KEY, shmem_line);
	RemovePgTempFiles();
	RemoveVerifiersTmp();
	AddToDataDirLockFile(LOCK_FILE_LINE_PM_STATUS, PM_STATUS_STARTING);

	ConfigurePostmasterWaitSet(true);
	StartStartupProcess();
	ServerLoop();
}

void
ExitPostmaster(int status)
{
	proc_exit(status);
}

void
ClosePostmasterPorts(void)
{
	if (pm_wait_set != NULL)
		FreeWaitEventSet(pm_wait_set);
	pm_wait_set = NULL;

	/* First: nobody else may keep the pipe's write end open. */
	if (close(postmaster_alive_fds[POSTMASTER_FD_OWN]) < 0)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg_internal("could not close postmaster death monitoring "
		                         "pipe in child process: %m")));
	postmaster_alive_fds[POSTMASTER_FD_OWN] = -1;
	CloseServerSockets();
}

/* ---------------------------------------------------------------------------
 * The loop
 * ---------------------------------------------------------------------------
 */

void
ConfigurePostmasterWaitSet(bool accept_connections)
{
	if (pm_wait_set != NULL)
		FreeWaitEventSet(pm_wait_set);
	pm_wait_set = CreateWaitEventSet(
		TopMemoryContext, 1 + (accept_connections ? NumListenSockets : 0));
	AddWaitEventToSet(pm_wait_set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch,
	                  NULL);
	for (int i = 0; accept_connections && i < NumListenSockets; i++)
		AddWaitEventToSet(pm_wait_set, WL_SOCKET_ACCEPT, ListenSockets[i], NULL,
		                  NULL);
}

/* Milliseconds until there is something to do that no event tells of. */
static long
DetermineSleepTime(void)
{
	TimestampTz next_wakeup = 0;
	dlist_iter iter;

	if (AbortStartTime != 0)
	{
		long seconds =
			SIGKILL_CHILDREN_AFTER_SECS - (long) (time(NULL) - AbortStartTime);

		return Max(seconds * 1000, 0);
	}
	if (Shutdown > NoShutdown)
		return MAX_SLEEP_MS;
	if (StartWorkerNeeded)
		return 0;
	if (!HaveCrashedWorker)
		return MAX_SLEEP_MS;

	dlist_foreach (iter, &BackgroundWorkerList)
	{
		RegisteredBgWorker *rw =
			dlist_container(RegisteredBgWorker, rw_lnode, iter.cur);
		TimestampTz wakeup;

		if (rw->rw_pid != 0)
			continue;
		/* To be forgotten, which maybe_start_bgworkers does. */
		if (rw->rw_terminate ||
		    (rw->rw_crashed_at != 0 &&
		     rw->rw_worker.bgw_restart_time == BGW_NEVER_RESTART))
			return 0;
		if (rw->rw_crashed_at == 0)
			continue;
		wakeup = rw->rw_crashed_at +
		         (int64) rw->rw_worker.bgw_restart_time * 1000000;
		if (next_wakeup == 0 || wakeup < next_wakeup)
			next_wakeup = wakeup;
	}
	if (next_wakeup == 0)
		return MAX_SLEEP_MS;
	return Min(MAX_SLEEP_MS, TimestampDifferenceMilliseconds(
								 GetCurrentTimestamp(), next_wakeup));
}

static long
SleepTime(void)
{
	long timeout = DetermineSleepTime();

	return stop_without_clients >= 0 ? Min(timeout, CLIENTS_RECHECK_MS)
	                                 : timeout;
}

static void
process_pm_shutdown_request(void)
{
	ShutdownMode mode = SmartShutdown;

	if (pending_pm_immediate_shutdown_request)
		mode = ImmediateShutdown;
	else if (pending_pm_fast_shutdown_request)
		mode = FastShutdown;
	pending_pm_shutdown_request = false;
	pending_pm_fast_shutdown_request = false;
	pending_pm_immediate_shutdown_request = false;

	INJECTION_POINT_POSTMASTER("postmaster-shutdown-request");
	/* Never back to a milder one. */
	if (Shutdown >= mode)
		return;
	Shutdown = mode;
	ereport(LOG, (errmsg("received %s shutdown request",
	                     mode == SmartShutdown  ? "smart"
	                     : mode == FastShutdown ? "fast"
	                                            : "immediate")));
	AddToDataDirLockFile(LOCK_FILE_LINE_PM_STATUS, PM_STATUS_STOPPING);
	switch (mode)
	{
		case SmartShutdown:
			if (pmState == PM_RUN)
				connsAllowed = false;
			else if (pmState == PM_STARTUP)
				UpdatePMState(PM_STOP_BACKENDS);
			break;
		case FastShutdown:
			if (pmState == PM_RUN)
				ereport(LOG, (errmsg("aborting any active transactions")));
			if (pmState == PM_RUN || pmState == PM_STARTUP)
				UpdatePMState(PM_STOP_BACKENDS);
			break;
		default:
			StopAtOnce();
			break;
	}
	PostmasterStateMachine();
}

static void
process_pm_reload_request(void)
{
	pending_pm_reload_request = false;
	if (Shutdown > SmartShutdown)
		return;
	ereport(LOG, (errmsg("received SIGHUP, reloading configuration files")));
	(void) ProcessConfigFile(PGC_SIGHUP);
	if (!load_hba())
		ereport(LOG, (errmsg("%s was not reloaded", hba_file_path())));
	if (!load_ident())
		ereport(LOG, (errmsg("%s was not reloaded", ident_file_path())));
	SignalChildren(SIGHUP);
}

static void
process_pm_pmsignal(void)
{
	pending_pm_pmsignal = false;
	if (CheckPostmasterSignal(PMSIGNAL_BACKGROUND_WORKER_CHANGE))
	{
		INJECTION_POINT_POSTMASTER("postmaster-worker-change");
		BackgroundWorkerStateChange(pmState < PM_STOP_BACKENDS);
		StartWorkerNeeded = true;
	}
	if (CheckPostmasterSignal(PMSIGNAL_ADVANCE_STATE_MACHINE))
		PostmasterStateMachine();
}

/* Tell a client for which no process could be made; it must not block us. */
static void
report_fork_failure_to_client(int sock, int errnum)
{
	char buffer[256];
	ssize_t rc;

	/* The form of old protocols, which all understand before the start-up. */
	snprintf(buffer, sizeof(buffer),
	         "Ecould not fork new process for connection: %s\n",
	         strerror(errnum));
	do
		rc = send(sock, buffer, strlen(buffer) + 1, MSG_NOSIGNAL);
	while (rc < 0 && errno == EINTR);
}

static void
BackendStartup(int sock)
{
	ChildStartupData data = {.client_sock = sock};
	PMChild *child = NULL;
	pid_t pid;

	INJECTION_POINT_POSTMASTER("postmaster-accept");
	data.cac = canAcceptConnections();
	if (data.cac == CAC_OK)
	{
		child = AssignPostmasterChildSlot(B_BACKEND);
		if (child == NULL)
			data.cac = CAC_TOOMANY;
	}
	if (data.cac != CAC_OK)
		child = AllocDeadEndChild();
	if (child == NULL)
	{
		ereport(LOG, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		return;
	}
	pid = PostmasterChildLaunch(child, &data);
	if (pid < 0)
	{
		int save_errno = errno;

		(void) ReleasePostmasterChildSlot(child);
		errno = save_errno;
		ereport(LOG, (errmsg("could not fork new process for connection: %m")));
		report_fork_failure_to_client(sock, save_errno);
		return;
	}
	child->pid = pid;
	ereport(DEBUG2,
	        (errmsg_internal("forked new %s, pid=%d socket=%d",
	                         child->child_slot ? "client backend"
	                                           : "dead-end client backend",
	                         (int) pid, sock)));
}

static void
KillTheRecalcitrant(void)
{
	if (AbortStartTime == 0 || (Shutdown < ImmediateShutdown && !FatalError) ||
	    time(NULL) - AbortStartTime < SIGKILL_CHILDREN_AFTER_SECS)
		return;
	ereport(LOG, (errmsg("issuing %s to recalcitrant children", "SIGKILL")));
	TerminateChildren(SIGKILL);
	AbortStartTime = 0;
}

/* What is looked at by the clock. */
static void
Housekeeping(void)
{
	static time_t last_lockfile_recheck = 0;
	static time_t last_touch = 0;
	time_t now = time(NULL);

	if (last_touch == 0)
		last_touch = last_lockfile_recheck = now;
	if (now - last_lockfile_recheck >= SECS_PER_MINUTE)
	{
		/* Somebody else may be in the directory, or it is gone. */
		if (!RecheckDataDirLockFile())
		{
			ereport(LOG, (errmsg("performing immediate shutdown because data "
			                     "directory lock file is invalid")));
			kill(MyProcPid, SIGQUIT);
		}
		last_lockfile_recheck = now;
	}
	if (now - last_touch >= TOUCH_INTERVAL_SECS)
	{
		TouchSocketFiles();
		TouchSocketLockFiles();
		last_touch = now;
	}
}

/* A server that was started for its clients (libtusk's autostart). */
static void
StopWithoutClients(void)
{
	static bool served = false;
	static TimestampTz alone_since = 0;
	TimestampTz now = GetCurrentTimestamp();

	if (stop_without_clients < 0 || Shutdown > NoShutdown)
		return;
	if (pmState != PM_RUN || alone_since == 0)
	{
		served = false;
		alone_since = now;
	}
	else if (CountChildren(BTYPE_BIT(B_BACKEND)) > 0)
	{
		served = true;
		alone_since = now;
	}
	else if (TimestampDifferenceExceeds(
				 alone_since, now,
				 served ? stop_without_clients
						: Max(stop_without_clients, FIRST_CLIENT_MS)))
	{
		ereport(LOG, (errmsg("shutting down because no client is left and "
		                     "\"stop_without_clients\" is set")));
		pending_pm_fast_shutdown_request = true;
		process_pm_shutdown_request();
	}
}

static void
ServerLoop(void)
{
	WaitEvent events[MAXLISTEN + 1];

	for (;;)
	{
		int nevents =
			WaitEventSetWait(pm_wait_set, SleepTime(), events, lengthof(events),
		                     WAIT_EVENT_POSTMASTER_MAIN);

		for (int i = 0; i < nevents; i++)
		{
			if (events[i].events & WL_LATCH_SET)
				ResetLatch(MyLatch);

			if (pending_pm_shutdown_request)
				process_pm_shutdown_request();
			if (pending_pm_reload_request)
				process_pm_reload_request();
			if (pending_pm_child_exit)
			{
				pending_pm_child_exit = false;
				ReapChildren();
			}
			if (pending_pm_pmsignal)
				process_pm_pmsignal();

			if (events[i].events & WL_SOCKET_ACCEPT)
			{
				int sock = AcceptConnection(events[i].fd);

				if (sock >= 0)
				{
					BackendStartup(sock);
					close(sock);
				}
			}
		}
		LaunchMissingBackgroundProcesses();
		KillTheRecalcitrant();
		Housekeeping();
		StopWithoutClients();
	}
}

bool
PostmasterMarkPIDForWorkerNotify(int pid)
{
	PMChild *child = FindPostmasterChildByPid(pid);

	if (child == NULL)
		return false;
	child->bgworker_notify = true;
	return true;
}
