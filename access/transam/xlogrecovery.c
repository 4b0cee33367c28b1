/*
 * xlogrecovery.c
 *		Replaying the log: from the last checkpoint's redo pointer to where the
 *		log ends.
 *
 * The control file names the last checkpoint, that names where replay has to
 * begin.  From there each record is handed to its resource manager, until one
 * cannot be read.  That is how a log ends: the rest of the segment is zeros, or
 * what an older use of the file left (its pages have other addresses), or a
 * record that was being written (its CRC is wrong, or its continuation is
 * missing).  None of these is an error, for a record is acknowledged only when
 * it is whole on disk.
 *
 * What is an error: a log that ends although it goes on.  Segments are synced
 * before the next one is begun, so one that carries its own address in its
 * first page proves that everything before it was written.  Found behind the
 * end, it says that a segment is missing or damaged, and that acknowledged work
 * would be lost silently; the start is refused then (check_nothing_follows).
 *
 * A record whose first part is there and whose continuation is not (the crash
 * came between two segments) stays where it is.  Writing goes on at the page
 * that should have continued it, with a flag and a record that say so
 * (XLOG_OVERWRITE_CONTRECORD), so that later readers pass over it.
 *
 * Replay is done by the start-up process alone.  A crash in the middle of it
 * begins it again: routines look at a page's LSN before they change it.
 *
 * Corresponds to PostgreSQL's xlogrecovery.c, crash recovery only.
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogreader.h"
#include "access/xlogrecord.h"
#include "access/xlogrecovery.h"
#include "access/xlogutils.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "postmaster/startup.h"
#include "storage/fd.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/pg_rusage.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* All private to the start-up process. */
static XLogReaderState *xlogreader = NULL;
static XLogRecPtr CheckPointLoc = InvalidXLogRecPtr;
static XLogRecPtr RedoStartLSN = InvalidXLogRecPtr;
static TimeLineID CheckPointTLI = 0;

/* the segment that is open, and what may be said about the last read */
static int readFile = -1;
static XLogSegNo readSegNo = 0;
/* the highest segment that was looked into: see check_nothing_follows */
static XLogSegNo highestSegNo = 0;

/* where a record without continuation was met */
static XLogRecPtr abortedRecPtr = InvalidXLogRecPtr;
static XLogRecPtr missingContrecPtr = InvalidXLogRecPtr;

/* ---------------------------------------------------------------------------
 * Reading
 * ---------------------------------------------------------------------------
 */

static void
close_read_file(void)
{
	if (readFile >= 0)
		close(readFile);
	readFile = -1;
}

/*
 * Gives the reader a page.  A file that is missing or too short ends the log;
 * one that cannot be read does not: nobody knows what is in it.
 */
static int
XLogPageRead(XLogReaderState *state, XLogRecPtr targetPagePtr, int reqLen,
             XLogRecPtr targetRecPtr, char *readBuf)
{
	uint32 offset = XLogSegmentOffset(targetPagePtr, wal_segment_size);
	char path[MAXPGPATH];
	XLogSegNo segno;
	ssize_t nread;

	XLByteToSeg(targetPagePtr, segno, wal_segment_size);
	XLogFilePath(path, CheckPointTLI, segno, wal_segment_size);
	highestSegNo = Max(highestSegNo, segno);
	if (readFile >= 0 && segno != readSegNo)
		close_read_file();
	if (readFile < 0)
	{
		INJECTION_POINT("recovery-open-segment");
		readFile = BasicOpenFile(path, O_RDONLY);
		if (readFile < 0 && errno == ENOENT)
		{
			ereport(DEBUG2, (errcode_for_file_access(),
			                 errmsg("could not open file \"%s\": %m", path)));
			return -1;
		}
		if (readFile < 0)
			ereport(FATAL, (errcode_for_file_access(),
			                errmsg("could not open file \"%s\": %m", path)));
		readSegNo = segno;
	}

	INJECTION_POINT("recovery-read-page");
	pgstat_report_wait_start(WAIT_EVENT_WAL_READ);
	nread = sys_pread(readFile, readBuf, XLOG_BLCKSZ, offset);
	pgstat_report_wait_end();
	if (nread < 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not read from log segment %s, offset %u: "
		                       "%m",
		                       path + strlen(XLOGDIR "/"), offset)));
	if (nread != XLOG_BLCKSZ)
	{
		ereport(LOG, (errcode(ERRCODE_DATA_CORRUPTED),
		              errmsg("could not read from log segment %s, offset %u: "
		                     "read %d of %d",
		                     path + strlen(XLOGDIR "/"), offset, (int) nread,
		                     XLOG_BLCKSZ)));
		return -1;
	}
	state->seg.ws_tli = CheckPointTLI;
	return XLOG_BLCKSZ;
}

/* The next record; NULL, with the reason in the server's log, at the end. */
static XLogRecord *
ReadRecord(int emode)
{
	char *errormsg = NULL;
	XLogRecord *record = XLogReadRecord(xlogreader, &errormsg);

	if (record != NULL)
		return record;
	if (!XLogRecPtrIsInvalid(xlogreader->abortedRecPtr))
	{
		abortedRecPtr = xlogreader->abortedRecPtr;
		missingContrecPtr = xlogreader->missingContrecPtr;
	}
	close_read_file();
	if (errormsg != NULL)
		ereport(emode, (errmsg_internal("%s", errormsg)));
	return NULL;
}

/* NULL, with the reason in the server's log, if that is no checkpoint. */
static XLogRecord *
ReadCheckpointRecord(XLogRecPtr RecPtr)
{
	XLogRecord *record;
	uint8 info;

	if (!XRecOffIsValid(RecPtr))
	{
		ereport(LOG, (errmsg("invalid checkpoint location")));
		return NULL;
	}
	XLogBeginRead(xlogreader, RecPtr);
	record = ReadRecord(LOG);
	if (record == NULL)
		return NULL;
	info = record->xl_info & ~XLR_INFO_MASK;
	if (record->xl_rmid != RM_XLOG_ID)
		ereport(LOG,
		        (errmsg("invalid resource manager ID in checkpoint record")));
	else if (info != XLOG_CHECKPOINT_SHUTDOWN && info != XLOG_CHECKPOINT_ONLINE)
		ereport(LOG, (errmsg("invalid xl_info in checkpoint record")));
	else if (XLogRecGetDataLen(xlogreader) != sizeof(CheckPoint))
		ereport(LOG, (errmsg("invalid length of checkpoint record")));
	else
		return record;
	return NULL;
}

/* The name of the segment that RecPtr is in, for messages. */
static const char *
segment_of(XLogRecPtr RecPtr)
{
	static char name[MAXFNAMELEN];
	XLogSegNo segno;

	XLByteToSeg(RecPtr, segno, wal_segment_size);
	XLogFileName(name, CheckPointTLI, segno, wal_segment_size);
	return name;
}

/* What the control file knows has no fractions of a second. */
static const char *
str_time(int64 seconds)
{
	static char result[40];
	const char *full =
		timestamptz_to_str(time_t_to_timestamptz((time_t) seconds));

	snprintf(result, sizeof(result), "%.*s UTC", (int) strcspn(full, "."),
	         full);
	return result;
}

/* ---------------------------------------------------------------------------
 * Where to begin
 * ---------------------------------------------------------------------------
 */

static void
report_control_file_state(const ControlFileData *file)
{
	switch (file->state)
	{
		case DB_SHUTDOWNED:
			ereport(LOG, (errmsg("database system was shut down at %s",
			                     str_time(file->time))));
			break;
		case DB_SHUTDOWNED_IN_RECOVERY:
			ereport(LOG,
			        (errmsg("database system was shut down in recovery at %s",
			                str_time(file->time))));
			break;
		case DB_SHUTDOWNING:
			ereport(LOG, (errmsg("database system shutdown was interrupted; "
			                     "last known up at %s",
			                     str_time(file->time))));
			break;
		case DB_IN_CRASH_RECOVERY:
			ereport(
				LOG,
				(errmsg("database system was interrupted while in recovery at "
			            "%s",
			            str_time(file->time)),
			     errhint(
					 "This probably means that some data is corrupted and "
					 "you will have to use the last backup for recovery.")));
			break;
		case DB_IN_ARCHIVE_RECOVERY:
			ereport(
				LOG,
				(errmsg("database system was interrupted while in recovery at "
			            "log time %s",
			            str_time(file->checkPointCopy.time)),
			     errhint("If this has occurred more than once some data might "
			             "be corrupted and you might need to choose an earlier "
			             "recovery target.")));
			break;
		case DB_IN_PRODUCTION:
			ereport(LOG, (errmsg("database system was interrupted; last known "
			                     "up at %s",
			                     str_time(file->time))));
			break;
		default:
			ereport(FATAL,
			        (errcode(ERRCODE_DATA_CORRUPTED),
			         errmsg("control file contains invalid database cluster "
			                "state")));
	}
}

void
InitWalRecovery(ControlFileData *ControlFile, bool *wasShutdown_ptr)
{
	CheckPoint checkPoint;
	XLogRecord *record;

	if (!XRecOffIsValid(ControlFile->checkPoint))
		ereport(FATAL,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("control file contains invalid checkpoint location")));
	report_control_file_state(ControlFile);

	CheckPointLoc = ControlFile->checkPoint;
	CheckPointTLI = ControlFile->checkPointCopy.ThisTimeLineID;
	RedoStartLSN = ControlFile->checkPointCopy.redo;
	abortedRecPtr = missingContrecPtr = InvalidXLogRecPtr;

	xlogreader = XLogReaderAllocate(
		wal_segment_size, NULL, XL_ROUTINE(.page_read = XLogPageRead), NULL);
	if (xlogreader == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
		                errdetail("Failed while allocating a WAL reading "
		                          "processor.")));
	xlogreader->system_identifier = ControlFile->system_identifier;

	record = ReadCheckpointRecord(CheckPointLoc);
	if (record == NULL)
		ereport(FATAL,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("could not locate a valid checkpoint record at %X/%X",
		                LSN_FORMAT_ARGS(CheckPointLoc)),
		         errdetail("It should be in \"%s/%s\".", XLOGDIR,
		                   segment_of(CheckPointLoc)),
		         errhint("If that file was moved or removed, put it back.  "
		                 "Without it the cluster cannot be brought to a "
		                 "consistent state.")));
	ereport(DEBUG1, (errmsg_internal("checkpoint record is at %X/%X",
	                                 LSN_FORMAT_ARGS(CheckPointLoc))));
	memcpy(&checkPoint, XLogRecGetData(xlogreader), sizeof(CheckPoint));
	*wasShutdown_ptr =
		(record->xl_info & ~XLR_INFO_MASK) == XLOG_CHECKPOINT_SHUTDOWN;
	RedoStartLSN = checkPoint.redo;

	if (checkPoint.redo > CheckPointLoc)
		ereport(FATAL, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg("invalid redo in checkpoint record")));
	if (checkPoint.redo < CheckPointLoc)
	{
		XLogBeginRead(xlogreader, checkPoint.redo);
		if (ReadRecord(LOG) == NULL)
			ereport(
				FATAL,
				(errcode(ERRCODE_DATA_CORRUPTED),
			     errmsg("could not find redo location referenced by checkpoint "
			            "record"),
			     errdetail("It is %X/%X, in \"%s/%s\".",
			               LSN_FORMAT_ARGS(checkPoint.redo), XLOGDIR,
			               segment_of(checkPoint.redo)),
			     errhint("If that file was moved or removed, put it back.")));
		if (*wasShutdown_ptr)
			ereport(FATAL, (errcode(ERRCODE_DATA_CORRUPTED),
			                errmsg("invalid redo record in shutdown "
			                       "checkpoint")));
		InRecovery = true;
	}
	else if (ControlFile->state != DB_SHUTDOWNED)
		InRecovery = true;
	if (!TransactionIdIsNormal((TransactionId) checkPoint.nextXid))
		ereport(FATAL, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg("invalid next transaction ID")));

	if (InRecovery)
	{
		ereport(LOG, (errmsg("database system was not properly shut down; "
		                     "automatic recovery in progress")));
		ControlFile->state = DB_IN_CRASH_RECOVERY;
	}
	ControlFile->checkPointCopy = checkPoint;
}

/* ---------------------------------------------------------------------------
 * Replay
 * ---------------------------------------------------------------------------
 */

static void
rm_redo_error_callback(void *arg)
{
	XLogReaderState *record = (XLogReaderState *) arg;
	StringInfoData buf;

	initStringInfo(&buf);
	xlog_outdesc(&buf, record);
	xlog_block_info(&buf, record);
	errcontext("WAL redo at %X/%X for %s", LSN_FORMAT_ARGS(record->ReadRecPtr),
	           buf.data);
	pfree(buf.data);
}

/*
 * The record after one without continuation: the reader has passed over that
 * one, and this says that whoever wrote it meant to.
 */
static void
VerifyOverwriteContrecord(xl_overwrite_contrecord *xlrec,
                          XLogReaderState *state)
{
	if (xlrec->overwritten_lsn != state->overwrittenRecPtr)
		ereport(FATAL,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg_internal("mismatching overwritten LSN %X/%X -> %X/%X",
		                         LSN_FORMAT_ARGS(xlrec->overwritten_lsn),
		                         LSN_FORMAT_ARGS(state->overwrittenRecPtr))));
	abortedRecPtr = missingContrecPtr = InvalidXLogRecPtr;
	ereport(LOG, (errmsg("successfully skipped missing contrecord at %X/%X, "
	                     "overwritten at %s",
	                     LSN_FORMAT_ARGS(xlrec->overwritten_lsn),
	                     timestamptz_to_str(xlrec->overwrite_time))));
	state->overwrittenRecPtr = InvalidXLogRecPtr;
}

static void
ApplyWalRecord(XLogRecord *record)
{
	ErrorContextCallback errcallback;

	errcallback.callback = rm_redo_error_callback;
	errcallback.arg = xlogreader;
	errcallback.previous = error_context_stack;
	error_context_stack = &errcallback;

	/* No id that the log shows may be given out again. */
	AdvanceNextFullTransactionIdPastXid(record->xl_xid);

	if (record->xl_rmid == RM_XLOG_ID &&
	    (record->xl_info & ~XLR_INFO_MASK) == XLOG_OVERWRITE_CONTRECORD)
		VerifyOverwriteContrecord(
			(xl_overwrite_contrecord *) XLogRecGetData(xlogreader), xlogreader);
	INJECTION_POINT("recovery-apply-record");
	if (GetRmgr(record->xl_rmid)->rm_redo == NULL)
		RmgrNotFound(record->xl_rmid);
	GetRmgr(record->xl_rmid)->rm_redo(xlogreader);
	error_context_stack = errcallback.previous;
}

static void
report_redo_progress(void)
{
	long secs;
	int usecs;

	if (has_startup_progress_timeout_expired(&secs, &usecs))
		ereport(LOG, (errmsg("redo in progress, elapsed time: %ld.%02d s, "
		                     "current LSN: %X/%X",
		                     secs, usecs / 10000,
		                     LSN_FORMAT_ARGS(xlogreader->ReadRecPtr))));
}

void
PerformWalRecovery(void)
{
	MemoryContext redo_context;
	MemoryContext oldcontext;
	XLogRecord *record;
	PGRUsage usage;
	XLogRecPtr last_applied;

	/* From the redo pointer, or from what follows a checkpoint that is one. */
	if (RedoStartLSN < CheckPointLoc)
	{
		XLogBeginRead(xlogreader, RedoStartLSN);
		record = ReadRecord(FATAL);
	}
	else
	{
		XLogBeginRead(xlogreader, CheckPointLoc);
		(void) ReadRecord(FATAL);
		record = ReadRecord(LOG);
	}
	if (record == NULL)
	{
		ereport(LOG, (errmsg("redo is not required")));
		return;
	}

	pg_rusage_init(&usage);
	/* What a routine allocates goes with its record. */
	redo_context = AllocSetContextCreate(TopMemoryContext, "WAL redo",
	                                     ALLOCSET_DEFAULT_SIZES);
	RmgrStartup();
	ereport(LOG, (errmsg("redo starts at %X/%X",
	                     LSN_FORMAT_ARGS(xlogreader->ReadRecPtr))));
	begin_startup_progress_phase();
	last_applied = InvalidXLogRecPtr;
	do
	{
		CHECK_FOR_INTERRUPTS();
		/* the clock costs as much as a small record: asked once a page */
		if (last_applied / XLOG_BLCKSZ != xlogreader->ReadRecPtr / XLOG_BLCKSZ)
			report_redo_progress();
		last_applied = xlogreader->ReadRecPtr;
		/* the reader's buffers outlive the record */
		oldcontext = MemoryContextSwitchTo(redo_context);
		ApplyWalRecord(record);
		MemoryContextSwitchTo(oldcontext);
		MemoryContextReset(redo_context);
		record = ReadRecord(LOG);
	} while (record != NULL);
	RmgrCleanup();
	MemoryContextDelete(redo_context);

	ereport(LOG,
	        (errmsg("redo done at %X/%X system usage: %s",
	                LSN_FORMAT_ARGS(last_applied), pg_rusage_show(&usage))));
	RedoStartLSN = last_applied;
	CheckPointLoc = last_applied;
}

/* ---------------------------------------------------------------------------
 * Where it ends
 * ---------------------------------------------------------------------------
 */

/* Whether the file was written as the segment that its name says. */
static bool
segment_is_in_use(XLogSegNo segno)
{
	char path[MAXPGPATH];
	XLogLongPageHeaderData header;
	XLogRecPtr start;
	int fd;
	ssize_t nread;

	XLogFilePath(path, CheckPointTLI, segno, wal_segment_size);
	fd = BasicOpenFile(path, O_RDONLY);
	if (fd < 0)
		return false;
	nread = sys_pread(fd, &header, sizeof(header), 0);
	close(fd);
	XLogSegNoOffsetToRecPtr(segno, 0, wal_segment_size, start);
	return nread == (ssize_t) sizeof(header) &&
	       header.std.xlp_magic == XLOG_PAGE_MAGIC &&
	       (header.std.xlp_info & XLP_LONG_HEADER) != 0 &&
	       header.std.xlp_pageaddr == start &&
	       header.xlp_sysid == xlogreader->system_identifier;
}

/*
 * Is there log behind the segments that were looked into?  Files kept for later
 * use have higher names, too, but the addresses of their former ones.
 */
static void
check_nothing_follows(XLogRecPtr endOfLog)
{
	DIR *dir = AllocateDir(XLOGDIR);
	struct dirent *de;
	XLogSegNo found = 0;

	while ((de = ReadDir(dir, XLOGDIR)) != NULL)
	{
		TimeLineID tli;
		XLogSegNo segno;

		if (!IsXLogFileName(de->d_name))
			continue;
		XLogFromFileName(de->d_name, &tli, &segno, wal_segment_size);
		if (tli == CheckPointTLI && segno > highestSegNo &&
		    segment_is_in_use(segno) && (found == 0 || segno < found))
			found = segno;
	}
	FreeDir(dir);
	if (found != 0)
	{
		char damaged[MAXFNAMELEN];
		char next[MAXFNAMELEN];

		XLogFileName(damaged, CheckPointTLI, highestSegNo, wal_segment_size);
		XLogFileName(next, CheckPointTLI, found, wal_segment_size);
		ereport(
			FATAL,
			(errcode(ERRCODE_DATA_CORRUPTED),
		     errmsg("the write-ahead log is missing or damaged after %X/%X",
		            LSN_FORMAT_ARGS(endOfLog)),
		     errdetail("\"%s/%s\" cannot be read to its end, but \"%s\" "
		               "follows it.",
		               XLOGDIR, damaged, next),
		     errhint("If that file was moved or removed, put it back.  To go "
		             "on without what comes after %X/%X, move \"%s\" and all "
		             "later ones out of \"%s\".",
		             LSN_FORMAT_ARGS(endOfLog), next, XLOGDIR)));
	}
}

EndOfWalRecoveryInfo *
FinishWalRecovery(void)
{
	EndOfWalRecoveryInfo *result = palloc0(sizeof(*result));
	XLogRecPtr endOfLog;

	/* The last good record once more: its page is where writing goes on. */
	result->lastRec = CheckPointLoc;
	result->lastRecTLI = CheckPointTLI;
	XLogBeginRead(xlogreader, result->lastRec);
	if (ReadRecord(FATAL) == NULL)
		ereport(FATAL,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("could not read the last record of the write-ahead log "
		                "at %X/%X again",
		                LSN_FORMAT_ARGS(result->lastRec))));
	endOfLog = xlogreader->EndRecPtr;
	if (InRecovery)
		check_nothing_follows(endOfLog);

	result->endOfLog = endOfLog;
	result->endOfLogTLI = CheckPointTLI;
	if (endOfLog % XLOG_BLCKSZ != 0)
	{
		XLogRecPtr pageBeginPtr = endOfLog - (endOfLog % XLOG_BLCKSZ);
		uint32 len = (uint32) (endOfLog % XLOG_BLCKSZ);
		char *page = palloc(XLOG_BLCKSZ);

		Assert(xlogreader->segoff ==
		       XLogSegmentOffset(pageBeginPtr, wal_segment_size));
		/* what a crash left behind the last record is not kept */
		memcpy(page, xlogreader->readBuf, len);
		memset(page + len, 0, XLOG_BLCKSZ - len);
		result->lastPageBeginPtr = pageBeginPtr;
		result->lastPage = page;
	}
	else
	{
		result->lastPageBeginPtr = endOfLog;
		result->lastPage = NULL;
	}
	result->abortedRecPtr = abortedRecPtr;
	result->missingContrecPtr = missingContrecPtr;
	return result;
}

void
ShutdownWalRecovery(void)
{
	close_read_file();
	if (xlogreader != NULL)
		XLogReaderFree(xlogreader);
	xlogreader = NULL;
}
