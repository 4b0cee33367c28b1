/*
 * durable.c
 *		fsync, and names that outlive a power failure.
 *
 * A failed fsync leaves unknown what is on disk, and the next one may succeed
 * without having written it: data_sync_elevel makes PANIC of the ERROR unless
 * data_sync_retry is set.  A rename or unlink is durable once its directory has
 * been synced.
 *
 * Corresponds to a part of PostgreSQL's storage/file/fd.c.
 */
#include "postgres.h"

#include <errno.h>
#include <unistd.h>

#include "port/sys.h"
#include "storage/fd.h"
#include "utils/guc.h"
#include "utils/injection_point.h"

bool data_sync_retry = false;

int
pg_fsync(int fd)
{
	int rc;

	if (!enableFsync)
		return 0;
	do
		rc = sys_fsync(fd);
	while (rc == -1 && errno == EINTR);
	return rc;
}

int
pg_fdatasync(int fd)
{
	int rc;

	if (!enableFsync)
		return 0;
	do
		rc = sys_fdatasync(fd);
	while (rc == -1 && errno == EINTR);
	return rc;
}

/* Asks the kernel to start writing; a hint, so failures are only logged. */
void
pg_flush_data(int fd, off_t offset, off_t amount)
{
	if (!enableFsync)
		return;
	if (sync_file_range(fd, offset, amount, SYNC_FILE_RANGE_WRITE) != 0 &&
	    errno != ENOSYS && errno != EINTR)
		ereport(DEBUG1, (errcode_for_file_access(),
		                 errmsg("could not flush dirty data: %m")));
}

int
pg_truncate(const char *path, off_t length)
{
	int rc;

	do
		rc = sys_truncate(path, length);
	while (rc == -1 && errno == EINTR);
	return rc;
}

int
data_sync_elevel(int elevel)
{
	/* after a failed fsync the kernel may have dropped the pages */
	return data_sync_retry ? elevel : PANIC;
}

int
fsync_fname_ext(const char *fname, bool isdir, bool ignore_perm, int elevel)
{
	int fd = OpenTransientFile(fname, isdir ? O_RDONLY : O_RDWR);
	int rc;

	if (fd < 0)
	{
		if ((isdir && (errno == EISDIR || errno == EACCES)) ||
		    (ignore_perm && errno == EACCES))
			return 0;
		ereport(elevel, (errcode_for_file_access(),
		                 errmsg("could not open file \"%s\": %m", fname)));
		return -1;
	}
	rc = pg_fsync(fd);
	/* some file systems cannot sync a directory */
	if (rc != 0 && !(isdir && (errno == EBADF || errno == EINVAL)))
	{
		int save_errno = errno;

		CloseTransientFile(fd);
		errno = save_errno;
		ereport(elevel, (errcode_for_file_access(),
		                 errmsg("could not fsync file \"%s\": %m", fname)));
		return -1;
	}
	if (CloseTransientFile(fd) != 0)
	{
		ereport(elevel, (errcode_for_file_access(),
		                 errmsg("could not close file \"%s\": %m", fname)));
		return -1;
	}
	return 0;
}

void
fsync_fname(const char *fname, bool isdir)
{
	fsync_fname_ext(fname, isdir, false, data_sync_elevel(ERROR));
}

static int
fsync_parent_path(const char *fname, int elevel)
{
	char parent[MAXPGPATH];
	char *slash;

	strlcpy(parent, fname, sizeof(parent));
	slash = strrchr(parent, '/');
	if (slash == NULL)
		strlcpy(parent, ".", sizeof(parent));
	else if (slash == parent)
		parent[1] = '\0';
	else
		*slash = '\0';
	return fsync_fname_ext(parent, true, false, elevel);
}

int
durable_rename(const char *oldfile, const char *newfile, int elevel)
{
	int fd;

	if (fsync_fname_ext(oldfile, false, false, elevel) != 0)
		return -1;
	fd = OpenTransientFile(newfile, O_RDWR);
	if (fd >= 0)
	{
		/* the replaced file too, lest its old name shows half of it */
		int rc = pg_fsync(fd);

		CloseTransientFile(fd);
		if (rc != 0)
		{
			ereport(elevel,
			        (errcode_for_file_access(),
			         errmsg("could not fsync file \"%s\": %m", newfile)));
			return -1;
		}
	}
	else if (errno != ENOENT)
	{
		ereport(elevel, (errcode_for_file_access(),
		                 errmsg("could not open file \"%s\": %m", newfile)));
		return -1;
	}
	if (sys_rename(oldfile, newfile) < 0)
	{
		ereport(elevel, (errcode_for_file_access(),
		                 errmsg("could not rename file \"%s\" to \"%s\": %m",
		                        oldfile, newfile)));
		return -1;
	}
	if (fsync_fname_ext(newfile, false, false, elevel) != 0)
		return -1;
	return fsync_parent_path(newfile, elevel);
}

int
durable_unlink(const char *fname, int elevel)
{
	if (sys_unlink(fname) < 0)
	{
		ereport(elevel, (errcode_for_file_access(),
		                 errmsg("could not remove file \"%s\": %m", fname)));
		return -1;
	}
	return fsync_parent_path(fname, elevel);
}
