/*
 * xlogwrite.c
 *		The log's buffers, and getting them to disk.
 *
 * The buffers are a ring: the page with LSN p is always in buffer
 * (p / XLOG_BLCKSZ) mod their number.  xlblocks says for each which page's end
 * it holds.  A buffer is prepared for a new page (AdvanceXLInsertBuffer) when
 * the old one has been written.
 *
 * Group commit: whoever needs the log on disk up to a point first waits until
 * all before it is copied, then for WALWriteLock; who gets it writes and syncs
 * everything that is complete, not only what it needs.  Those who waited find
 * their part done (LWLockAcquireOrWait returns without the lock) and leave.
 *
 * Invariants
 * 1.	logWriteResult <= LSN of the insertion point, logFlushResult <=
 *		logWriteResult; both only grow, and only under WALWriteLock.
 * 2.	A page is written only after all insertions into the part that is
 *		written have finished (WaitXLogInsertionsToFinish), and the last page
 *		may be written again when it is fuller.
 * 3.	A buffer is replaced only under WALBufMappingLock and only when its page
 *		is written; xlblocks of it is 0 meanwhile.
 * 4.	A failed write or sync is a PANIC: what is on disk is unknown, and no
 *		later sync tells.  Hence all of it runs in critical sections.
 *
 * A SIGKILL at any point leaves the log on disk complete up to logFlushResult;
 * what follows may be there or not, recovery finds where it ends.
 *
 * Lock order: WALBufMappingLock and WALWriteLock are not held together but for
 * a holder of WALBufMappingLock that has released it first.
 *
 * Corresponds to parts of PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "postmaster/bgwriter.h"
#include "postmaster/walwriter.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#define XLogRecPtrToBufIdx(recptr) \
	(((recptr) / XLOG_BLCKSZ) % (XLogCtl->XLogCacheBlck + 1))
#define NextBufIdx(idx) ((idx) == XLogCtl->XLogCacheBlck ? 0 : (idx) + 1)

/* This process's copy of what is written and flushed; may lag behind. */
static XLogwrtRqst LogwrtResult = {0, 0};

/* The segment that this process has open for writing. */
int openLogFile = -1;
static XLogSegNo openLogSegNo = 0;
static TimeLineID openLogTLI = 0;
static int openLogSyncMethod = 0;

/* "Flushed" first: it never exceeds "written", whichever is read. */
static void
RefreshXLogWriteResult(void)
{
	LogwrtResult.Flush = pg_atomic_read_u64(&XLogCtl->logFlushResult);
	pg_read_barrier(); /* pairs with PublishXLogWriteResult */
	LogwrtResult.Write = pg_atomic_read_u64(&XLogCtl->logWriteResult);
}

/* WALWriteLock held. */
static void
PublishXLogWriteResult(void)
{
	Assert(LogwrtResult.Flush <= LogwrtResult.Write);
	pg_atomic_write_u64(&XLogCtl->logWriteResult, LogwrtResult.Write);
	pg_write_barrier(); /* pairs with RefreshXLogWriteResult */
	pg_atomic_write_u64(&XLogCtl->logFlushResult, LogwrtResult.Flush);
}

/* ---------------------------------------------------------------------------
 * The open segment
 * ---------------------------------------------------------------------------
 */

static int
SyncBit(int method)
{
	if (!enableFsync)
		return 0;
	switch (method)
	{
		case SYNC_METHOD_OPEN:
			return O_SYNC;
		case SYNC_METHOD_OPEN_DSYNC:
			return O_DSYNC;
		default:
			return 0;
	}
}

void
XLogFileClose(void)
{
	Assert(openLogFile >= 0);
	if (close(openLogFile) != 0)
	{
		char xlogfname[MAXFNAMELEN];
		int save_errno = errno;

		XLogFileName(xlogfname, openLogTLI, openLogSegNo, wal_segment_size);
		errno = save_errno;
		ereport(PANIC, (errcode_for_file_access(),
		                errmsg("could not close file \"%s\": %m", xlogfname)));
	}
	openLogFile = -1;
	ReleaseExternalFD();
}

/* The segment with the byte before endptr, made if it is not there. */
static void
OpenSegmentForWrite(XLogRecPtr endptr, TimeLineID tli, bool may_create)
{
	XLogSegNo segno;

	XLByteToPrevSeg(endptr, segno, wal_segment_size);

	/* The setting may have changed: what was written so goes to disk first. */
	if (openLogFile >= 0 && openLogSyncMethod != SyncBit(sync_method))
	{
		issue_xlog_fsync(openLogFile, openLogSegNo, openLogTLI);
		XLogFileClose();
	}
	if (openLogFile >= 0 && openLogSegNo == segno)
		return;
	if (openLogFile >= 0)
		XLogFileClose();
	openLogSegNo = segno;
	openLogTLI = tli;
	openLogFile =
		may_create ? XLogFileInit(segno, tli) : XLogFileOpen(segno, tli);
	openLogSyncMethod = SyncBit(sync_method);
	ReserveExternalFD();
}

/* A failure is PANIC. */
void
issue_xlog_fsync(int fd, XLogSegNo segno, TimeLineID tli)
{
	const char *msg = NULL;
	char xlogfname[MAXFNAMELEN];
	int save_errno;

	if (!enableFsync || sync_method == SYNC_METHOD_OPEN ||
	    sync_method == SYNC_METHOD_OPEN_DSYNC)
		return;

	INJECTION_POINT_CRITICAL("wal-fsync");
	pgstat_report_wait_start(WAIT_EVENT_WAL_SYNC);
	switch (sync_method)
	{
		case SYNC_METHOD_FSYNC:
			if (pg_fsync(fd) != 0)
				msg = "could not fsync file \"%s\": %m";
			break;
		case SYNC_METHOD_FDATASYNC:
			if (pg_fdatasync(fd) != 0)
				msg = "could not fdatasync file \"%s\": %m";
			break;
		default:
			elog(PANIC, "unrecognized wal_sync_method: %d", sync_method);
	}
	save_errno = errno;
	pgstat_report_wait_end();
	if (msg == NULL)
		return;
	XLogFileName(xlogfname, tli, segno, wal_segment_size);
	errno = save_errno;
	ereport(PANIC, (errcode_for_file_access(), errmsg(msg, xlogfname)));
}

/* ---------------------------------------------------------------------------
 * Buffers
 * ---------------------------------------------------------------------------
 */

static void
InitXLogPage(char *page, XLogRecPtr pageaddr, TimeLineID tli)
{
	XLogPageHeader header = (XLogPageHeader) page;

	memset(page, 0, XLOG_BLCKSZ);
	header->xlp_magic = XLOG_PAGE_MAGIC;
	header->xlp_info = XLP_BKP_REMOVABLE;
	header->xlp_tli = tli;
	header->xlp_pageaddr = pageaddr;
	if (XLogSegmentOffset(pageaddr, wal_segment_size) == 0)
	{
		XLogLongPageHeader longheader = (XLogLongPageHeader) page;

		longheader->xlp_sysid = ControlFile->system_identifier;
		longheader->xlp_seg_size = wal_segment_size;
		longheader->xlp_xlog_blcksz = XLOG_BLCKSZ;
		header->xlp_info |= XLP_LONG_HEADER;
	}
}

static void XLogWrite(XLogwrtRqst WriteRqst, TimeLineID tli, bool flexible);

/*
 * The page that ends at endptr is written, by us if need be; and with it what
 * is complete of the pages behind, up to a share of the buffers, so that not
 * every page is a write and a round of locks of its own.
 */
static void
EvictOldPage(XLogRecPtr endptr, TimeLineID tli)
{
	XLogRecPtr most =
		endptr + (XLogRecPtr) (XLogCtl->XLogCacheBlck / 4) * XLOG_BLCKSZ;
	XLogRecPtr complete = WaitXLogInsertionsToFinish(endptr);
	XLogwrtRqst WriteRqst = {.Write = Min(most, complete), .Flush = 0};

	/* whole pages: another round would write a part of one again */
	WriteRqst.Write -= WriteRqst.Write % XLOG_BLCKSZ;
	Assert(WriteRqst.Write >= endptr);
	LWLockAcquire(WALWriteLock, LW_EXCLUSIVE);
	RefreshXLogWriteResult();
	if (LogwrtResult.Write < endptr)
		XLogWrite(WriteRqst, tli, false);
	LWLockRelease(WALWriteLock);
}

/*
 * Prepares pages up to the one of upto.  Opportunistic: as many as can be had
 * without a write.  May sleep: see invariant 2 of xlogreserve.c.
 */
void
AdvanceXLInsertBuffer(XLogRecPtr upto, TimeLineID tli, bool opportunistic)
{
	LWLockAcquire(WALBufMappingLock, LW_EXCLUSIVE);
	for (;;)
	{
		XLogRecPtr pageBegin = pg_atomic_read_u64(&XLogCtl->InitializedUpTo);
		int nextidx = XLogRecPtrToBufIdx(pageBegin);
		XLogRecPtr oldEnd;

		if (upto < pageBegin && !opportunistic)
			break;
		oldEnd = pg_atomic_read_u64(&XLogCtl->xlblocks[nextidx]);
		if (LogwrtResult.Write < oldEnd)
			RefreshXLogWriteResult();
		if (LogwrtResult.Write < oldEnd)
		{
			if (opportunistic)
				break;
			/* Others may insert into pages that are ready meanwhile. */
			LWLockRelease(WALBufMappingLock);
			INJECTION_POINT_CRITICAL("wal-buffers-full");
			EvictOldPage(oldEnd, tli);
			LWLockAcquire(WALBufMappingLock, LW_EXCLUSIVE);
			continue;
		}

		/* Invariant 3; the barriers pair with the one in GetXLogBuffer. */
		pg_atomic_write_u64(&XLogCtl->xlblocks[nextidx], InvalidXLogRecPtr);
		INJECTION_POINT_NOTHROW("wal-page-init");
		pg_write_barrier();
		InitXLogPage(XLogCtl->pages + (Size) nextidx * XLOG_BLCKSZ, pageBegin,
		             tli);
		pg_write_barrier();
		pg_atomic_write_u64(&XLogCtl->xlblocks[nextidx],
		                    pageBegin + XLOG_BLCKSZ);
		pg_atomic_write_u64(&XLogCtl->InitializedUpTo, pageBegin + XLOG_BLCKSZ);
	}
	LWLockRelease(WALBufMappingLock);
}

/* ---------------------------------------------------------------------------
 * Writing
 * ---------------------------------------------------------------------------
 */

/* Adjacent buffers into the open segment. */
static void
WritePages(char *from, Size nbytes, uint32 startoffset)
{
	INJECTION_POINT_CRITICAL("wal-write");
	while (nbytes > 0)
	{
		ssize_t written;

		errno = 0;
		pgstat_report_wait_start(WAIT_EVENT_WAL_WRITE);
		written = SYS_SITE_PWRITE("wal-pwrite", openLogFile, from, nbytes,
		                          startoffset);
		pgstat_report_wait_end();
		if (written <= 0)
		{
			char xlogfname[MAXFNAMELEN];
			int save_errno = errno;

			if (save_errno == EINTR)
				continue;
			XLogFileName(xlogfname, openLogTLI, openLogSegNo, wal_segment_size);
			errno = save_errno == 0 ? ENOSPC : save_errno;
			ereport(PANIC, (errcode_for_file_access(),
			                errmsg("could not write to log file %s at offset "
			                       "%u, length %zu: %m",
			                       xlogfname, startoffset, nbytes)));
		}
		nbytes -= written;
		from += written;
		startoffset += written;
	}
}

/* A segment is complete and written. */
static void
FinishSegment(TimeLineID tli)
{
	issue_xlog_fsync(openLogFile, openLogSegNo, tli);
	LogwrtResult.Flush = LogwrtResult.Write;
	PublishXLogWriteResult();
	INJECTION_POINT_CRITICAL("wal-segment-finished");

	/* Checked with our copy first, then with the shared value. */
	if (IsUnderPostmaster && XLogCheckpointNeeded(openLogSegNo))
	{
		(void) GetRedoRecPtr();
		if (XLogCheckpointNeeded(openLogSegNo))
			RequestCheckpoint(CHECKPOINT_CAUSE_XLOG);
	}
}

/*
 * Writes up to WriteRqst.Write and syncs up to WriteRqst.Flush, both at least
 * and not beyond what is complete.  WALWriteLock held, critical section,
 * LogwrtResult up to date.  Flexible: may stop at a convenient boundary.
 */
static void
XLogWrite(XLogwrtRqst WriteRqst, TimeLineID tli, bool flexible)
{
	int curridx = XLogRecPtrToBufIdx(LogwrtResult.Write);
	int npages = 0; /* adjacent in memory and file, not yet written */
	int startidx = 0;
	uint32 startoffset = 0;

	Assert(CritSectionCount > 0);
	while (LogwrtResult.Write < WriteRqst.Write)
	{
		XLogRecPtr EndPtr = pg_atomic_read_u64(&XLogCtl->xlblocks[curridx]);
		bool ispartialpage;
		bool last_iteration;
		bool finishing_seg;

		/* The page is there until it is written: nobody replaces it. */
		if (LogwrtResult.Write >= EndPtr)
			elog(PANIC, "xlog write request %X/%X is past end of log %X/%X",
			     LSN_FORMAT_ARGS(LogwrtResult.Write), LSN_FORMAT_ARGS(EndPtr));
		LogwrtResult.Write = EndPtr;
		ispartialpage = WriteRqst.Write < LogwrtResult.Write;

		if (npages == 0)
		{
			OpenSegmentForWrite(EndPtr, tli, true);
			startidx = curridx;
			startoffset =
				XLogSegmentOffset(EndPtr - XLOG_BLCKSZ, wal_segment_size);
		}
		npages++;

		last_iteration = WriteRqst.Write <= LogwrtResult.Write;
		finishing_seg = !ispartialpage &&
		                startoffset + npages * XLOG_BLCKSZ >= wal_segment_size;
		if (last_iteration || curridx == XLogCtl->XLogCacheBlck ||
		    finishing_seg)
		{
			WritePages(XLogCtl->pages + (Size) startidx * XLOG_BLCKSZ,
			           (Size) npages * XLOG_BLCKSZ, startoffset);
			npages = 0;
			if (finishing_seg)
				FinishSegment(tli);
		}
		if (ispartialpage)
		{
			LogwrtResult.Write = WriteRqst.Write;
			break;
		}
		curridx = NextBufIdx(curridx);
		if (flexible && npages == 0)
			break;
	}
	Assert(npages == 0);

	if (LogwrtResult.Flush < WriteRqst.Flush &&
	    LogwrtResult.Flush < LogwrtResult.Write)
	{
		if (sync_method != SYNC_METHOD_OPEN &&
		    sync_method != SYNC_METHOD_OPEN_DSYNC)
		{
			/* What is not synced is all in the last segment. */
			OpenSegmentForWrite(LogwrtResult.Write, tli, false);
			issue_xlog_fsync(openLogFile, openLogSegNo, tli);
		}
		LogwrtResult.Flush = LogwrtResult.Write;
	}
	PublishXLogWriteResult();
}

/* ---------------------------------------------------------------------------
 * Flushing
 * ---------------------------------------------------------------------------
 */

/*
 * Are at least min others in transactions that write and are not waiting for a
 * lock?  A look without locks: the answer is only a guess in any case.
 */
static bool
MinimumActiveBackends(int min)
{
	int count = 0;

	if (min == 0)
		return true;
	for (int i = 0; i < MaxBackends; i++)
	{
		volatile PGPROC *proc = GetPGProcByNumber(i);

		if (proc == MyProc || proc->pid == 0 ||
		    proc->xid == InvalidTransactionId || proc->waitLock != NULL)
			continue;
		if (++count >= min)
			return true;
	}
	return false;
}

/*
 * The log is on disk up to record when this returns.  In recovery it is there
 * already, wherever a page's LSN points.
 */
void
XLogFlush(XLogRecPtr record)
{
	TimeLineID tli = XLogCtl->InsertTimeLineID;
	XLogwrtRqst WriteRqst;

	if (!XLogInsertAllowed())
		return;
	if (record <= LogwrtResult.Flush)
		return;

	INJECTION_POINT_CRITICAL("wal-flush");
	START_CRIT_SECTION();
	for (;;)
	{
		XLogRecPtr insertpos;

		RefreshXLogWriteResult();
		if (record <= LogwrtResult.Flush)
			break;
		insertpos = WaitXLogInsertionsToFinish(record);

		/* Not obtained: somebody has flushed meanwhile, perhaps enough. */
		if (!LWLockAcquireOrWait(WALWriteLock, LW_EXCLUSIVE))
			continue;
		RefreshXLogWriteResult();
		if (record <= LogwrtResult.Flush)
		{
			LWLockRelease(WALWriteLock);
			break;
		}

		/*
		 * Sleep so that more commits fit into this flush, if there are others
		 * who could commit.  We hold the lock: they gather behind it.
		 */
		if (CommitDelay > 0 && enableFsync && IsUnderPostmaster &&
		    MinimumActiveBackends(CommitSiblings))
		{
			pgstat_report_wait_start(WAIT_EVENT_COMMIT_DELAY);
			pg_usleep(CommitDelay);
			pgstat_report_wait_end();
			insertpos = WaitXLogInsertionsToFinish(insertpos);
		}
		WriteRqst.Write = insertpos;
		WriteRqst.Flush = insertpos;
		XLogWrite(WriteRqst, tli, false);
		LWLockRelease(WALWriteLock);
		break;
	}
	END_CRIT_SECTION();

	/*
	 * A page with an LSN from the future.  An ERROR, so that this page cannot
	 * be written but the server goes on.
	 */
	if (LogwrtResult.Flush < record)
		elog(ERROR,
		     "xlog flush request %X/%X is not satisfied --- flushed only to "
		     "%X/%X",
		     LSN_FORMAT_ARGS(record), LSN_FORMAT_ARGS(LogwrtResult.Flush));
}

bool
XLogNeedsFlush(XLogRecPtr record)
{
	if (!XLogInsertAllowed())
		return false;
	if (record <= LogwrtResult.Flush)
		return false;
	RefreshXLogWriteResult();
	return record > LogwrtResult.Flush;
}

/*
 * The WAL writer's round: writes the pages that are full, or, when there is
 * none, up to the last asynchronous commit; so that such a commit is on disk
 * within three rounds.  Syncs every wal_writer_delay or wal_writer_flush_after
 * pages.  True: it has done something.
 */
bool
XLogBackgroundFlush(void)
{
	static TimestampTz lastflush = 0;
	TimeLineID tli = XLogCtl->InsertTimeLineID;
	XLogwrtRqst WriteRqst;
	bool flexible = true;
	TimestampTz now;
	uint64 flushblocks;

	if (RecoveryInProgress())
		return false;

	WriteRqst.Write = GetXLogInsertRecPtr();
	WriteRqst.Write -= WriteRqst.Write % XLOG_BLCKSZ;
	RefreshXLogWriteResult();
	if (WriteRqst.Write <= LogwrtResult.Flush)
	{
		SpinLockAcquire(&XLogCtl->info_lck);
		WriteRqst.Write = XLogCtl->asyncXactLSN;
		SpinLockRelease(&XLogCtl->info_lck);
		flexible = false; /* to the end, even of a page */
	}
	if (WriteRqst.Write <= LogwrtResult.Flush)
	{
		/* Let go of a segment that others have gone beyond: it may vanish. */
		if (openLogFile >= 0 &&
		    !XLByteInPrevSeg(LogwrtResult.Write, openLogSegNo,
		                     wal_segment_size))
			XLogFileClose();
		return false;
	}

	now = GetCurrentTimestamp();
	flushblocks =
		WriteRqst.Write / XLOG_BLCKSZ - LogwrtResult.Flush / XLOG_BLCKSZ;
	if (WalWriterFlushAfter == 0 || lastflush == 0 ||
	    TimestampDifferenceExceeds(lastflush, now, WalWriterDelay) ||
	    flushblocks >= WalWriterFlushAfter)
	{
		WriteRqst.Flush = WriteRqst.Write;
		lastflush = now;
	}
	else
		WriteRqst.Flush = 0; /* written only */

	START_CRIT_SECTION();
	WaitXLogInsertionsToFinish(WriteRqst.Write);
	LWLockAcquire(WALWriteLock, LW_EXCLUSIVE);
	RefreshXLogWriteResult();
	if (WriteRqst.Write > LogwrtResult.Write ||
	    WriteRqst.Flush > LogwrtResult.Flush)
		XLogWrite(WriteRqst, tli, flexible);
	LWLockRelease(WALWriteLock);
	END_CRIT_SECTION();

	/* Pages made ready now are not made ready by those who insert. */
	AdvanceXLInsertBuffer(InvalidXLogRecPtr, tli, true);
	return true;
}

/*
 * A commit that nobody waits for: the WAL writer sees to it.  It comes by on
 * its own; it is woken only when it sleeps long, or when so much has gathered
 * that it would sync at once.
 */
void
XLogSetAsyncXactLSN(XLogRecPtr asyncXactLSN)
{
	XLogRecPtr prevAsyncXactLSN;
	ProcNumber walwriter;
	bool sleeping;

	SpinLockAcquire(&XLogCtl->info_lck);
	sleeping = XLogCtl->WalWriterSleeping;
	prevAsyncXactLSN = XLogCtl->asyncXactLSN;
	if (prevAsyncXactLSN < asyncXactLSN)
		XLogCtl->asyncXactLSN = asyncXactLSN;
	SpinLockRelease(&XLogCtl->info_lck);

	/* Whoever told of a later one has done the rest, too. */
	if (asyncXactLSN <= prevAsyncXactLSN)
		return;
	if (!sleeping)
	{
		uint64 flushblocks;

		RefreshXLogWriteResult();
		if (asyncXactLSN <= LogwrtResult.Flush)
			return;
		flushblocks =
			asyncXactLSN / XLOG_BLCKSZ - LogwrtResult.Flush / XLOG_BLCKSZ;
		if (WalWriterFlushAfter > 0 && flushblocks < WalWriterFlushAfter)
			return;
	}
	walwriter = *(volatile ProcNumber *) &ProcGlobal->walwriterProc;
	if (walwriter != INVALID_PROC_NUMBER)
		SetLatch(&GetPGProcByNumber(walwriter)->procLatch);
}

void
SetWalWriterSleeping(bool sleeping)
{
	SpinLockAcquire(&XLogCtl->info_lck);
	XLogCtl->WalWriterSleeping = sleeping;
	SpinLockRelease(&XLogCtl->info_lck);
}
