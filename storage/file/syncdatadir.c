/*
 * syncdatadir.c
 *		fsync of a whole data directory, after a crash.
 *
 * A life that ended in disorder may have written pages without syncing them.
 * Replay leaves a page alone that it finds up to date, and so nobody would ask
 * for its sync any more; yet the next checkpoint would count on it.  So all is
 * synced once before replay.  The kernel is first told to begin with all files,
 * so that it can order the writes.
 *
 * Corresponds to SyncDataDirectory in PostgreSQL's fd.c.
 */
#include "postgres.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/fd.h"
#include "utils/guc.h"
#include "utils/injection_point.h"

/* Calls action for everything below path, path last. */
static void
walkdir(const char *path, void (*action)(const char *fname, bool isdir))
{
	DIR *dir = AllocateDir(path);
	struct dirent *de;

	while ((de = ReadDirExtended(dir, path, LOG)) != NULL)
	{
		char subpath[MAXPGPATH * 2];
		struct stat st;

		CHECK_FOR_INTERRUPTS();
		if (strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0)
			continue;
		snprintf(subpath, sizeof(subpath), "%s/%s", path, de->d_name);
		if (lstat(subpath, &st) != 0)
			continue;
		if (S_ISDIR(st.st_mode))
			walkdir(subpath, action);
		else if (S_ISREG(st.st_mode))
			action(subpath, false);
	}
	FreeDir(dir);
	action(path, true);
}

static void
pre_sync_fname(const char *fname, bool isdir)
{
	int fd;

	if (isdir)
		return;
	fd = OpenTransientFile(fname, O_RDONLY);
	if (fd < 0)
		return;
	pg_flush_data(fd, 0, 0);
	(void) CloseTransientFile(fd);
}

static void
datadir_fsync_fname(const char *fname, bool isdir)
{
	INJECTION_POINT("sync-data-directory");
	/* what we may not even open was not written by us */
	(void) fsync_fname_ext(fname, isdir, true, FATAL);
}

/* The data directory; the log may lie elsewhere, behind a symbolic link. */
static void
walk_all(void (*action)(const char *fname, bool isdir))
{
	struct stat st;

	if (lstat("pg_wal", &st) == 0 && S_ISLNK(st.st_mode))
		walkdir("pg_wal", action);
	walkdir(".", action);
}

void
SyncDataDirectory(void)
{
	if (!enableFsync)
		return;
	walk_all(pre_sync_fname);
	walk_all(datadir_fsync_fname);
}
