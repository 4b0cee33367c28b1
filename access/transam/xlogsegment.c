/*
 * xlogsegment.c
 *		Segment files of the log: made, opened, recycled, removed.
 *
 * A segment exists in full before the first record goes into it: it is filled
 * with zeros under a temporary name, synced, and renamed into place, so that
 * writing the log never allocates space (a full disk is found here) and a sync
 * of it has no metadata to write.  After a checkpoint the segments that nobody
 * needs any more get the names of future ones, as many as the next cycle will
 * want; the rest is removed.  A recycled segment keeps its old contents:
 * readers notice by the page addresses that they are not of this segment.
 *
 * What a SIGKILL leaves: xlogtemp.PID files, which start-up removes
 * (RemoveTempXlogFiles); a future segment more than known of, which is used
 * when its time comes.
 *
 * Locks: ControlFileLock keeps two renames apart that would choose the same
 * name.
 *
 * Corresponds to parts of PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "postmaster/bgwriter.h"
#include "storage/fd.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

/* bytes written at a time when a segment is filled */
#define ZERO_CHUNK (1024 * 1024)

#define ConvertToXSegs(mb) ((mb) / (wal_segment_size / (1024 * 1024)))

int CheckPointSegments = DEFAULT_MAX_WAL_SEGS;

CheckpointStatsData CheckpointStats;

/* The checkpointer's: log made in a cycle, smoothed; and in the last one. */
static double CheckPointDistanceEstimate = 0;
static double PrevCheckPointDistance = 0;

static int
SyncFlag(void)
{
	if (!enableFsync)
		return 0;
	if (sync_method == SYNC_METHOD_OPEN)
		return O_SYNC;
	return sync_method == SYNC_METHOD_OPEN_DSYNC ? O_DSYNC : 0;
}

/* ---------------------------------------------------------------------------
 * Making
 * ---------------------------------------------------------------------------
 */

/* errno of the failure, or 0 */
static int
FillSegment(int fd)
{
	static char zeros[ZERO_CHUNK];

	INJECTION_POINT_CRITICAL("wal-segment-fill");
	pgstat_report_wait_start(WAIT_EVENT_WAL_INIT_WRITE);
	errno = 0;
	if (wal_init_zero)
	{
		for (off_t offset = 0; offset < wal_segment_size;)
		{
			ssize_t n = SYS_SITE_PWRITE("wal-segment-pwrite", fd, zeros,
			                            ZERO_CHUNK, offset);

			if (n <= 0 && errno == EINTR)
				continue;
			if (n <= 0)
				return errno ? errno : ENOSPC;
			offset += n;
		}
	}
	else if (SYS_SITE_PWRITE("wal-segment-pwrite", fd, zeros, 1,
	                         wal_segment_size - 1) != 1)
		return errno ? errno : ENOSPC;
	pgstat_report_wait_end();

	pgstat_report_wait_start(WAIT_EVENT_WAL_INIT_SYNC);
	if (pg_fsync(fd) != 0)
		return errno;
	pgstat_report_wait_end();
	return 0;
}

/*
 * Gives the file tmppath the name of segment *segno or, with find_free, of the
 * first one from there to max_segno that does not exist; *segno tells.  False
 * if there is none or the rename failed; the file is then still there.
 */
static bool
InstallXLogFileSegment(XLogSegNo *segno, char *tmppath, bool find_free,
                       XLogSegNo max_segno, TimeLineID tli)
{
	char path[MAXPGPATH];
	struct stat stat_buf;

	XLogFilePath(path, tli, *segno, wal_segment_size);
	LWLockAcquire(ControlFileLock, LW_EXCLUSIVE);
	if (!find_free)
		(void) durable_unlink(path, DEBUG1);
	else
	{
		while (stat(path, &stat_buf) == 0)
		{
			if (*segno >= max_segno)
			{
				LWLockRelease(ControlFileLock);
				return false;
			}
			(*segno)++;
			XLogFilePath(path, tli, *segno, wal_segment_size);
		}
	}
	INJECTION_POINT_CRITICAL("wal-segment-rename");
	if (durable_rename(tmppath, path, LOG) != 0)
	{
		LWLockRelease(ControlFileLock);
		return false;
	}
	LWLockRelease(ControlFileLock);
	return true;
}

/*
 * The segment exists afterwards.  Returns a descriptor if it was there, else
 * -1; *added: a new file has been made (under this name or a later one, if
 * somebody was faster).
 */
static int
XLogFileInitInternal(XLogSegNo logsegno, TimeLineID logtli, bool *added,
                     char *path)
{
	char tmppath[MAXPGPATH];
	XLogSegNo installed_segno = logsegno;
	XLogSegNo max_segno;
	int save_errno;
	int fd;

	Assert(logtli != 0);
	XLogFilePath(path, logtli, logsegno, wal_segment_size);
	*added = false;
	fd = BasicOpenFile(path, O_RDWR | SyncFlag());
	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not open file \"%s\": %m", path)));

	elog(DEBUG2, "creating and filling new WAL file");
	snprintf(tmppath, sizeof(tmppath), XLOGDIR "/xlogtemp.%d", (int) getpid());
	(void) sys_unlink(tmppath);
	fd = BasicOpenFile(tmppath, O_RDWR | O_CREAT | O_EXCL);
	if (fd < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not create file \"%s\": %m", tmppath)));
	save_errno = FillSegment(fd);
	pgstat_report_wait_end();
	if (save_errno != 0)
	{
		/* What it has taken of a disk that may be full. */
		(void) sys_unlink(tmppath);
		close(fd);
		errno = save_errno;
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not write to file \"%s\": %m", tmppath),
		                save_errno == ENOSPC
		                    ? errhint("A segment of the write-ahead log takes "
		                              "%d MB.  Free disk space.",
		                              wal_segment_size / (1024 * 1024))
		                    : 0));
	}
	if (close(fd) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not close file \"%s\": %m", tmppath)));

	max_segno = logsegno + CheckPointSegments;
	if (InstallXLogFileSegment(&installed_segno, tmppath, true, max_segno,
	                           logtli))
	{
		*added = true;
		elog(DEBUG2, "done creating and filling new WAL file");
	}
	else
		(void) sys_unlink(tmppath);
	return -1;
}

/* Opens the segment, which is made if it does not exist.  ERROR. */
int
XLogFileInit(XLogSegNo logsegno, TimeLineID logtli)
{
	bool ignore_added;
	char path[MAXPGPATH];
	int fd = XLogFileInitInternal(logsegno, logtli, &ignore_added, path);

	if (fd >= 0)
		return fd;
	fd = BasicOpenFile(path, O_RDWR | SyncFlag());
	if (fd < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not open file \"%s\": %m", path)));
	return fd;
}

/* Opens an existing segment for writing.  PANIC. */
int
XLogFileOpen(XLogSegNo segno, TimeLineID tli)
{
	char path[MAXPGPATH];
	int fd;

	XLogFilePath(path, tli, segno, wal_segment_size);
	fd = BasicOpenFile(path, O_RDWR | SyncFlag());
	if (fd < 0)
		ereport(PANIC, (errcode_for_file_access(),
		                errmsg("could not open file \"%s\": %m", path)));
	return fd;
}

void
PreallocXlogFiles(XLogRecPtr endptr, TimeLineID tli)
{
	XLogSegNo logSegNo;
	bool added;
	char path[MAXPGPATH];
	uint64 offset = XLogSegmentOffset(endptr - 1, wal_segment_size);
	int fd;

	if (offset < (uint32) (0.75 * wal_segment_size))
		return;
	XLByteToPrevSeg(endptr, logSegNo, wal_segment_size);
	logSegNo++;
	fd = XLogFileInitInternal(logSegNo, tli, &added, path);
	if (fd >= 0)
		close(fd);
	if (added)
		CheckpointStats.ckpt_segs_added++;
}

/* ---------------------------------------------------------------------------
 * How many
 * ---------------------------------------------------------------------------
 */

/*
 * A checkpoint begins when this much log has been made since the last redo
 * point: with what is made until it completes, max_wal_size is kept.
 */
void
CalculateCheckpointSegments(void)
{
	double target = (double) ConvertToXSegs(max_wal_size_mb) /
	                (1.0 + CheckPointCompletionTarget);

	CheckPointSegments = Max((int) target, 1);
}

bool
XLogCheckpointNeeded(XLogSegNo new_segno)
{
	XLogSegNo old_segno;

	CalculateCheckpointSegments();
	XLByteToSeg(RedoRecPtr, old_segno, wal_segment_size);
	return new_segno >= old_segno + (uint64) (CheckPointSegments - 1);
}

/* Rises at once, falls slowly: a burst will come again. */
void
UpdateCheckPointDistanceEstimate(uint64 nbytes)
{
	PrevCheckPointDistance = nbytes;
	if (CheckPointDistanceEstimate < nbytes)
		CheckPointDistanceEstimate = nbytes;
	else
		CheckPointDistanceEstimate =
			0.90 * CheckPointDistanceEstimate + 0.10 * (double) nbytes;
}

/* The last future segment worth keeping a file for. */
static XLogSegNo
XLOGfileslop(XLogRecPtr lastredoptr)
{
	XLogSegNo minSegNo =
		lastredoptr / wal_segment_size + ConvertToXSegs(min_wal_size_mb) - 1;
	XLogSegNo maxSegNo =
		lastredoptr / wal_segment_size + ConvertToXSegs(max_wal_size_mb) - 1;
	double distance;
	XLogSegNo recycleSegNo;

	distance = (1.0 + CheckPointCompletionTarget) * CheckPointDistanceEstimate;
	distance *= 1.10; /* a little above the estimate */
	recycleSegNo =
		(XLogSegNo) ceil(((double) lastredoptr + distance) / wal_segment_size);
	if (recycleSegNo < minSegNo)
		recycleSegNo = minSegNo;
	if (recycleSegNo > maxSegNo)
		recycleSegNo = maxSegNo;
	return recycleSegNo;
}

void
KeepLogSeg(XLogRecPtr recptr, XLogSegNo *logSegNo)
{
	XLogSegNo currSegNo;
	XLogSegNo keep_segs = ConvertToXSegs(wal_keep_size_mb);

	XLByteToSeg(recptr, currSegNo, wal_segment_size);
	if (keep_segs == 0 || currSegNo - *logSegNo >= keep_segs)
		return;
	*logSegNo = currSegNo <= keep_segs ? 1 : currSegNo - keep_segs;
}

/* ---------------------------------------------------------------------------
 * Recycling and removing
 * ---------------------------------------------------------------------------
 */

XLogSegNo
XLogGetLastRemovedSegno(void)
{
	XLogSegNo lastRemovedSegNo;

	SpinLockAcquire(&XLogCtl->info_lck);
	lastRemovedSegNo = XLogCtl->lastRemovedSegNo;
	SpinLockRelease(&XLogCtl->info_lck);
	return lastRemovedSegNo;
}

/* Told before the file goes: a reader that finds none knows why. */
static void
UpdateLastRemovedPtr(const char *filename)
{
	TimeLineID tli;
	XLogSegNo segno;

	XLogFromFileName(filename, &tli, &segno, wal_segment_size);
	SpinLockAcquire(&XLogCtl->info_lck);
	if (segno > XLogCtl->lastRemovedSegNo)
		XLogCtl->lastRemovedSegNo = segno;
	SpinLockRelease(&XLogCtl->info_lck);
}

void
CheckXLogRemoved(XLogSegNo segno, TimeLineID tli)
{
	char filename[MAXFNAMELEN];

	if (segno > XLogGetLastRemovedSegno())
		return;
	XLogFileName(filename, tli, segno, wal_segment_size);
	ereport(ERROR, (errcode_for_file_access(),
	                errmsg("requested WAL segment %s has already been removed",
	                       filename)));
}

/* *endlogSegNo: the next future segment without a file. */
static void
RemoveXlogFile(const char *segname, XLogSegNo recycleSegNo,
               XLogSegNo *endlogSegNo, TimeLineID insertTLI)
{
	char path[MAXPGPATH];
	struct stat statbuf;

	snprintf(path, MAXPGPATH, XLOGDIR "/%s", segname);
	INJECTION_POINT("wal-segment-remove");
	if (wal_recycle && *endlogSegNo <= recycleSegNo &&
	    lstat(path, &statbuf) == 0 && S_ISREG(statbuf.st_mode) &&
	    statbuf.st_size == wal_segment_size &&
	    InstallXLogFileSegment(endlogSegNo, path, true, recycleSegNo,
	                           insertTLI))
	{
		elog(DEBUG2, "recycled write-ahead log file \"%s\"", segname);
		CheckpointStats.ckpt_segs_recycled++;
		(*endlogSegNo)++;
		return;
	}
	elog(DEBUG2, "removing write-ahead log file \"%s\"", segname);
	if (durable_unlink(path, LOG) == 0)
		CheckpointStats.ckpt_segs_removed++;
}

void
RemoveOldXlogFiles(XLogSegNo segno, XLogRecPtr lastredoptr, XLogRecPtr endptr,
                   TimeLineID insertTLI)
{
	XLogSegNo endlogSegNo;
	XLogSegNo recycleSegNo = XLOGfileslop(lastredoptr);
	char lastoff[MAXFNAMELEN];
	DIR *xldir;
	struct dirent *xlde;

	XLByteToSeg(endptr, endlogSegNo, wal_segment_size);
	XLogFileName(lastoff, 0, segno, wal_segment_size);
	elog(DEBUG2, "attempting to remove WAL segments older than log file %s",
	     lastoff);

	xldir = AllocateDir(XLOGDIR);
	while ((xlde = ReadDir(xldir, XLOGDIR)) != NULL)
	{
		if (!IsXLogFileName(xlde->d_name))
			continue;
		/* whatever the timeline */
		if (strcmp(xlde->d_name + 8, lastoff + 8) > 0)
			continue;
		UpdateLastRemovedPtr(xlde->d_name);
		RemoveXlogFile(xlde->d_name, recycleSegNo, &endlogSegNo, insertTLI);
	}
	FreeDir(xldir);
}

void
RemoveTempXlogFiles(void)
{
	DIR *xldir = AllocateDir(XLOGDIR);
	struct dirent *xlde;

	while ((xlde = ReadDir(xldir, XLOGDIR)) != NULL)
	{
		char path[MAXPGPATH];

		if (strncmp(xlde->d_name, "xlogtemp.", 9) != 0)
			continue;
		snprintf(path, MAXPGPATH, XLOGDIR "/%s", xlde->d_name);
		(void) sys_unlink(path);
		elog(DEBUG2, "removed temporary WAL segment \"%s\"", path);
	}
	FreeDir(xldir);
}
