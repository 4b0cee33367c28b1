/*
 * lockfile.c
 *		One server per data directory, and per socket.
 *
 * Two files guard the directory.  postmaster.lock is locked with flock by the
 * postmaster; the descriptor is inherited by every child and never unlocked by
 * hand, so the lock is free exactly when the last process of that server is
 * gone, however it went.  postmaster.pid tells people and programs who it is.
 * A process number in a file may have been given to another process since; a
 * lock cannot be wrong like that, so it alone decides.  A socket outside the
 * directory may belong to a server of another directory: then the process
 * number is all there is to look at.
 *
 * After a SIGKILL of the postmaster its children are killed by the kernel; a
 * start right after it may find them dying, so it waits a moment before it
 * refuses.
 *
 * Corresponds to the part of PostgreSQL's miscinit.c about lock files, where
 * the System V segment is what is inherited.
 */
#include "postgres.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/pidfile.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* How long those that are dying may take, and how often we look. */
#define FLOCK_PATIENCE_MS 3000
#define FLOCK_LOOK_MS 20

#define LOCK_FILE_TRIES 100
#define MAX_HOLDERS_NAMED 16

/* Files to remove when we leave, newest first. */
static List *lock_files = NIL;

/* The locked descriptor; held until the end of the process. */
static int data_dir_lock_fd = -1;

static void
UnlinkLockFiles(int status, Datum arg)
{
	ListCell *cell;

	foreach (cell, lock_files)
		unlink((char *) lfirst(cell));
	lock_files = NIL;
	ereport(LOG, (errmsg("database system is shut down")));
}

static void
RememberLockFile(const char *filename)
{
	MemoryContext oldcontext = MemoryContextSwitchTo(TopMemoryContext);

	if (lock_files == NIL)
		on_proc_exit(UnlinkLockFiles, 0);
	lock_files = lcons(pstrdup(filename), lock_files);
	MemoryContextSwitchTo(oldcontext);
}

/* The process number in a lock file; 0 if there is none to be read. */
static pid_t
PidInLockFile(const char *filename)
{
	char buffer[32];
	int fd = open(filename, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return 0;
	n = read(fd, buffer, sizeof(buffer) - 1);
	close(fd);
	if (n <= 0)
		return 0;
	buffer[n] = '\0';
	return (pid_t) strtol(buffer, NULL, 10);
}

static bool
HasOpen(const char *pid, const struct stat *wanted)
{
	char path[64];
	DIR *dir;
	struct dirent *de;
	bool result = false;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	dir = opendir(path);
	if (dir == NULL)
		return false;
	while (!result && (de = readdir(dir)) != NULL)
	{
		struct stat st;

		result = fstatat(dirfd(dir), de->d_name, &st, 0) == 0 &&
		         st.st_dev == wanted->st_dev && st.st_ino == wanted->st_ino;
	}
	closedir(dir);
	return result;
}

/*
 * Which other processes have the lock file open: "12, 13"; *postmaster_holds
 * tells whether one of them is postmaster_pid, *first is the first found.
 */
static char *
LockHolders(pid_t postmaster_pid, bool *postmaster_holds, pid_t *first)
{
	StringInfoData buf;
	struct stat wanted;
	DIR *dir;
	struct dirent *de;
	int found = 0;

	initStringInfo(&buf);
	*postmaster_holds = false;
	*first = 0;
	dir = opendir("/proc");
	if (dir == NULL || fstat(data_dir_lock_fd, &wanted) != 0)
	{
		if (dir != NULL)
			closedir(dir);
		return buf.data;
	}
	while ((de = readdir(dir)) != NULL)
	{
		pid_t pid = (pid_t) strtol(de->d_name, NULL, 10);

		if (pid <= 0 || pid == (pid_t) MyProcPid ||
		    !HasOpen(de->d_name, &wanted))
			continue;
		if (found == 0)
			*first = pid;
		if (pid == postmaster_pid)
			*postmaster_holds = true;
		if (++found <= MAX_HOLDERS_NAMED)
			appendStringInfo(&buf, "%s%d", found > 1 ? ", " : "", (int) pid);
	}
	closedir(dir);
	if (found > MAX_HOLDERS_NAMED)
		appendStringInfo(&buf, " and %d more", found - MAX_HOLDERS_NAMED);
	return buf.data;
}

static void
RefuseDataDir(void)
{
	pid_t pid = PidInLockFile(DIRECTORY_LOCK_FILE);
	bool postmaster_holds;
	pid_t first;
	char *holders = LockHolders(pid, &postmaster_holds, &first);

	if (postmaster_holds || pid == 0)
		ereport(FATAL,
		        (errcode(ERRCODE_LOCK_FILE_EXISTS),
		         errmsg("lock file \"%s\" already exists", DIRECTORY_LOCK_FILE),
		         errdetail("The data directory is in use by the processes with "
		                   "PIDs %s.",
		                   holders[0] ? holders : "(not to be seen)"),
		         errhint("Is another postmaster (PID %d) running in data "
		                 "directory \"%s\"?",
		                 (int) (pid != 0 ? pid : first), DataDir)));
	ereport(
		FATAL,
		(errcode(ERRCODE_LOCK_FILE_EXISTS),
	     errmsg("lock file \"%s\" already exists", DIRECTORY_LOCK_FILE),
	     errdetail("The postmaster (PID %d) has ended, but processes that it "
	               "started still run: PIDs %s.",
	               (int) pid, holders[0] ? holders : "(not to be seen)"),
	     errhint("Terminate any old server processes associated with data "
	             "directory \"%s\".",
	             DataDir)));
}

/* Ended, but its parent has not looked yet: some never do, in containers. */
static bool
IsZombie(pid_t pid)
{
	char path[64];
	char line[256];
	FILE *f;
	char *end = NULL;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int) pid);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	/* The state comes after the name, which may have any characters. */
	if (fgets(line, sizeof(line), f) != NULL)
		end = strrchr(line, ')');
	fclose(f);
	return end != NULL && (end[2] == 'Z' || end[2] == 'X');
}

/*
 * Is that process there, and not one that we are or come from (a number left
 * by a container's earlier life is often that of our own shell)?
 */
static bool
IsOtherProcess(pid_t pid)
{
	if (pid <= 0 || pid == (pid_t) MyProcPid || pid == getppid())
		return false;
	if (kill(pid, 0) != 0 && (errno == ESRCH || errno == EPERM))
		return false;
	return !IsZombie(pid);
}

/* A socket's lock that an earlier life of this data directory left? */
static bool
NamesOurDataDir(const char *filename)
{
	char line[MAXPGPATH + 2] = "";
	FILE *f = fopen(filename, "r");

	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) == NULL ||
	    fgets(line, sizeof(line), f) == NULL)
		line[0] = '\0';
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	return strcmp(line, DataDir) == 0;
}

/*
 * Is the postmaster that the lock file names at work?  While a process ends it
 * is there for a moment without its files.
 */
static bool
PostmasterHolds(void)
{
	pid_t pid = PidInLockFile(DIRECTORY_LOCK_FILE);
	struct stat wanted;
	char name[32];

	if (!IsOtherProcess(pid) || fstat(data_dir_lock_fd, &wanted) != 0)
		return false;
	snprintf(name, sizeof(name), "%d", (int) pid);
	return HasOpen(name, &wanted);
}

/* The lock that lasts as long as any process of this server. */
static void
LockDataDir(void)
{
	TimestampTz start = GetCurrentTimestamp();

	data_dir_lock_fd = open(DIRECTORY_FLOCK_FILE, O_RDWR | O_CREAT | O_CLOEXEC,
	                        pg_file_create_mode);
	if (data_dir_lock_fd < 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not create lock file \"%s\": %m",
		                       DIRECTORY_FLOCK_FILE)));
	while (flock(data_dir_lock_fd, LOCK_EX | LOCK_NB) != 0)
	{
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			ereport(
				FATAL,
				(errcode_for_file_access(),
			     errmsg("could not lock file \"%s\": %m", DIRECTORY_FLOCK_FILE),
			     errhint("The file system of the data directory must "
			             "support flock().")));
		if (PostmasterHolds() ||
		    TimestampDifferenceExceeds(start, GetCurrentTimestamp(),
		                               FLOCK_PATIENCE_MS))
			RefuseDataDir();
		(void) WaitLatch(NULL, WL_TIMEOUT, FLOCK_LOOK_MS,
		                 WAIT_EVENT_LOCK_FILE_CREATE_READ);
	}
}

/* The first five lines, into a file that must be new. */
static void
WriteLockFile(int fd, const char *filename, const char *socketDir)
{
	char buffer[MAXPGPATH * 2 + 256];
	int len;

	len = snprintf(buffer, sizeof(buffer), "%d\n%s\n%lld\n%d\n%s\n", MyProcPid,
	               DataDir, (long long) MyStartTime, PostPortNumber, socketDir);
	errno = 0;
	if (write(fd, buffer, len) != len || fsync(fd) != 0 || close(fd) != 0)
	{
		int save_errno = errno ? errno : ENOSPC;

		unlink(filename);
		errno = save_errno;
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not write lock file \"%s\": %m", filename)));
	}
	RememberLockFile(filename);
}

static void
RemoveOldLockFile(const char *filename)
{
	if (unlink(filename) != 0 && errno != ENOENT)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not remove old lock file \"%s\": %m", filename),
		         errhint("The file seems accidentally left over, but it "
		                 "could not be removed. Please remove the file "
		                 "by hand and try again.")));
}

void
CreateDataDirLockFile(void)
{
	int fd;

	LockDataDir();
	/* With the lock in hand whatever is there is an earlier life's. */
	RemoveOldLockFile(DIRECTORY_LOCK_FILE);
	fd = open(DIRECTORY_LOCK_FILE, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
	          pg_file_create_mode);
	if (fd < 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not create lock file \"%s\": %m",
		                       DIRECTORY_LOCK_FILE)));
	WriteLockFile(fd, DIRECTORY_LOCK_FILE, "");
}

void
CreateSocketLockFile(const char *socketfile, const char *socketDir)
{
	char filename[MAXPGPATH];
	int fd = -1;

	snprintf(filename, sizeof(filename), "%s.lock", socketfile);
	for (int try = 0; fd < 0; try++)
	{
		pid_t other;

		fd = open(filename, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
		          pg_file_create_mode);
		if (fd >= 0)
			break;
		if ((errno != EEXIST && errno != EACCES) || try >= LOCK_FILE_TRIES)
			ereport(FATAL, (errcode_for_file_access(),
			                errmsg("could not create lock file \"%s\": %m",
			                       filename)));
		other = PidInLockFile(filename);
		/* We hold our directory's lock: no server of it can be alive. */
		if (IsOtherProcess(other) && !NamesOurDataDir(filename))
			ereport(FATAL,
			        (errcode(ERRCODE_LOCK_FILE_EXISTS),
			         errmsg("lock file \"%s\" already exists", filename),
			         errhint("Is another postmaster (PID %d) using socket file "
			                 "\"%s\"?",
			                 (int) other, socketfile)));
		RemoveOldLockFile(filename);
	}
	WriteLockFile(fd, filename, socketDir);
}

/*
 * Sets one line of postmaster.pid.  The file is written in one piece and never
 * shortened, so that no reader sees half of it: a line is only replaced by one
 * of its length, or added.
 */
void
AddToDataDirLockFile(int target_line, const char *str)
{
	char src[BLCKSZ];
	StringInfoData dest;
	const char *p = src;
	int fd;
	ssize_t n;

	fd = open(DIRECTORY_LOCK_FILE, O_RDWR | O_CLOEXEC);
	n = fd < 0 ? -1 : pread(fd, src, sizeof(src) - 1, 0);
	if (n < 0)
	{
		ereport(LOG, (errcode_for_file_access(),
		              errmsg("could not read from file \"%s\": %m",
		                     DIRECTORY_LOCK_FILE)));
		if (fd >= 0)
			close(fd);
		return;
	}
	src[n] = '\0';

	initStringInfo(&dest);
	for (int line = 1; line < target_line; line++)
	{
		const char *end = strchr(p, '\n');

		if (end != NULL)
		{
			appendBinaryStringInfo(&dest, p, (int) (end - p) + 1);
			p = end + 1;
		}
		else
			appendStringInfoChar(&dest, '\n');
	}
	appendStringInfo(&dest, "%s\n", str);
	p = strchr(p, '\n');
	if (p != NULL)
		appendStringInfoString(&dest, p + 1);

	if (pwrite(fd, dest.data, dest.len, 0) != dest.len || fsync(fd) != 0)
		ereport(LOG, (errcode_for_file_access(),
		              errmsg("could not write to file \"%s\": %m",
		                     DIRECTORY_LOCK_FILE)));
	close(fd);
	pfree(dest.data);
}

bool
RecheckDataDirLockFile(void)
{
	pid_t pid;

	if (access(DIRECTORY_LOCK_FILE, F_OK) != 0 &&
	    (errno == ENOENT || errno == ENOTDIR))
	{
		ereport(LOG, (errcode_for_file_access(),
		              errmsg("could not open file \"%s\": %m",
		                     DIRECTORY_LOCK_FILE)));
		return false;
	}
	pid = PidInLockFile(DIRECTORY_LOCK_FILE);
	if (pid == 0 || pid == (pid_t) MyProcPid)
		return true;
	ereport(LOG,
	        (errmsg("lock file \"%s\" contains wrong PID: %ld instead of %ld",
	                DIRECTORY_LOCK_FILE, (long) pid, (long) MyProcPid)));
	return false;
}

/* Keep cleaners of /tmp away. */
void
TouchSocketLockFiles(void)
{
	ListCell *cell;

	foreach (cell, lock_files)
		if (strcmp((char *) lfirst(cell), DIRECTORY_LOCK_FILE) != 0)
			(void) utime((char *) lfirst(cell), NULL);
}
