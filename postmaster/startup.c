/*
 * startup.c
 *		The start-up process: from what the last life left to a running cluster.
 *
 * After a clean stop the files are the cluster.  After anything else they are a
 * mixture of what was written and what was not, and there is no log that could
 * tell the one from the other: they are moved aside, whole, into
 * pg_lost.YYYYMMDD-HHMMSS, an empty cluster is made in their place, and a
 * WARNING says so.  Nothing is deleted.
 *
 * The reset itself may be interrupted at any line.  The file pg_reset exists
 * from before the first file is moved until the new cluster is on disk; a start
 * that finds it begins again.  pg_control stays where it is (a copy goes
 * along), so that the directory is a data directory at every moment.
 *
 * Last of all the control file says "in production".  Once that is written the
 * process exits with 0, whatever signal came: the postmaster then knows that the
 * cluster is open and needs a clean stop.
 *
 * Corresponds to PostgreSQL's startup.c and StartupXLOG.
 */
#include "postgres.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "bootstrap/bootstrap.h"
#include "catalog/pg_control.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "postmaster/startup.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "tcop/tcopprot.h"
#include "utils/backend_status.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

#define RESET_FILE "pg_reset"
#define LOST_DIR_PREFIX "pg_lost."

bool ClusterNeedsReset = false;

bool
ClusterResetInProgress(void)
{
	return access(RESET_FILE, F_OK) == 0;
}

static void
RenameOrDie(const char *from, const char *to)
{
	if (rename(from, to) != 0 && errno != ENOENT)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not rename file \"%s\" to \"%s\": %m",
		                       from, to)));
}

static void
MakeDirOrDie(const char *path)
{
	if (MakePGDirectory(path) != 0 && errno != EEXIST)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not create directory \"%s\": %m", path)));
}

static void
WriteFileOrDie(const char *path, const char *data, size_t len)
{
	int fd;

	errno = 0;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	          pg_file_create_mode);
	if (fd < 0 || write(fd, data, len) != (ssize_t) len || fsync(fd) != 0 ||
	    close(fd) != 0)
	{
		if (errno == 0)
			errno = ENOSPC;
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not write file \"%s\": %m", path)));
	}
}

/* global/ but for the control file, of which a copy goes along. */
static void
MoveGlobal(const char *lost)
{
	char path[MAXPGPATH];
	char target[MAXPGPATH];
	DIR *dir = AllocateDir("global");
	struct dirent *de;

	snprintf(path, sizeof(path), "%s/global", lost);
	MakeDirOrDie(path);
	while ((de = ReadDir(dir, "global")) != NULL)
	{
		if (de->d_name[0] == '.' || strcmp(de->d_name, "pg_control") == 0)
			continue;
		snprintf(path, sizeof(path), "global/%s", de->d_name);
		snprintf(target, sizeof(target), "%s/global/%s", lost, de->d_name);
		RenameOrDie(path, target);
	}
	FreeDir(dir);
	snprintf(target, sizeof(target), "%s/%s", lost, XLOG_CONTROL_FILE);
	WriteFileOrDie(target, (const char *) ControlFile, sizeof(ControlFileData));
}

/* The directory's name; it did not exist before. */
static char *
MakeLostDir(void)
{
	time_t now = time(NULL);
	struct tm tm;
	char stamp[32];

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof(stamp), "%Y%m%d-%H%M%S", &tm);
	for (int n = 0;; n++)
	{
		char *name = n == 0 ? psprintf(LOST_DIR_PREFIX "%s", stamp)
		                    : psprintf(LOST_DIR_PREFIX "%s.%d", stamp, n);

		if (MakePGDirectory(name) == 0)
			return name;
		if (errno != EEXIST)
			ereport(FATAL,
			        (errcode_for_file_access(),
			         errmsg("could not create directory \"%s\": %m", name)));
		pfree(name);
	}
}

/*
 * Everything of the old cluster out of the way, and the empty directories for
 * the new one.  What an interrupted reset has made of a new cluster is moved
 * like anything else.
 */
static char *
MoveAside(void)
{
	static const char *const whole[] = {"base", "pg_xact", "pg_wal"};
	char *lost;

	WriteFileOrDie(RESET_FILE, "reset\n", 6);
	fsync_fname(".", true);
	INJECTION_POINT("startup-reset-begin");

	lost = MakeLostDir();
	for (int i = 0; i < lengthof(whole); i++)
	{
		char target[MAXPGPATH];

		snprintf(target, sizeof(target), "%s/%s", lost, whole[i]);
		RenameOrDie(whole[i], target);
		MakeDirOrDie(whole[i]);
	}
	MoveGlobal(lost);
	MakeDirOrDie("base/5");
	fsync_fname(lost, true);
	fsync_fname("global", true);
	fsync_fname(".", true);
	INJECTION_POINT("startup-reset-moved");
	return lost;
}

static void
ResetCluster(void)
{
	bool resumed = ClusterResetInProgress();
	DBState old_state = ControlFile->state;
	TimestampTz last_seen = time_t_to_timestamptz(ControlFile->time);
	char *lost;

	ereport(LOG, (errmsg("database system was not properly shut down; last "
	                     "known up at %s",
	                     timestamptz_to_str(last_seen))));
	lost = MoveAside();
	BootstrapCluster();
	INJECTION_POINT("startup-reset-made");
	if (durable_unlink(RESET_FILE, LOG) != 0)
		ereport(FATAL, (errmsg("could not finish the reset of the cluster")));
	ereport(WARNING,
	        (errmsg("the database was not stopped cleanly and is empty now"),
	         errdetail("Its state was \"%s\"%s.  What was in it has been moved "
	                   "to \"%s/%s\".",
	                   DBStateName(old_state),
	                   resumed ? " and an earlier reset was not finished" : "",
	                   DataDir, lost),
	         errhint("Only a clean stop keeps the data, as there is no "
	                 "write-ahead log.  Load it again, then remove that "
	                 "directory.")));
}

static void
OpenCluster(void)
{
	if (ClusterNeedsReset)
		ResetCluster();
	else
		ereport(LOG, (errmsg("database system was shut down at %s",
		                     timestamptz_to_str(
								 time_t_to_timestamptz(ControlFile->time)))));
	StartupXLOG();
	StartupTransactionCounters();
	TrimCLOG();
	CHECK_FOR_INTERRUPTS();
	INJECTION_POINT("startup-open");

	/* Open from here on: no interrupt may keep that from the postmaster. */
	HOLD_INTERRUPTS();
	ControlFile->state = DB_IN_PRODUCTION;
	UpdateControlFile();
}

void
StartupProcessMain(void)
{
	pqsignal(SIGHUP, SIG_IGN);
	pqsignal(SIGINT, SIG_IGN);
	pqsignal(SIGTERM, die);
	pqsignal(SIGALRM, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);

	/* A place among those that run transactions: it may make catalogs. */
	InitializeTimeouts();
	InitProcess();
	BaseInit();
	InitProcessPhase2();
	CreateAuxProcessResourceOwner();
	CurrentResourceOwner = AuxProcessResourceOwner;
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);

	OpenCluster();
	proc_exit(0);
}
