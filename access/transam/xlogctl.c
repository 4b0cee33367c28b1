/*
 * xlogctl.c
 *		The write-ahead log's shared state: memory, positions, settings, and the
 *		first segment of a new cluster.
 *
 * Two kinds of position.  An LSN counts every byte of the log.  A byte position
 * counts only what records can use, leaving out the headers at the start of
 * every page and the longer one of every segment, so that to reserve space is
 * one addition under a spinlock; the conversions are done outside of it.
 *
 * What has been written and flushed is told by two atomics that only grow.
 * Whoever changes them holds WALWriteLock and sets "written" first; whoever
 * reads them reads "flushed" first, and so never sees more flushed than
 * written.
 *
 * Reading order of the log: this file, xlogreserve.c (a record's place and its
 * copying), xlogwrite.c (buffers, writing, flushing), xlogsegment.c (files),
 * xloginsert.c (what a record is made of), xlogreader.c (reading back).
 *
 * Corresponds to parts of PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "access/xlogrecord.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "storage/shmem.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

/* ---- settings ---- */

int wal_level = WAL_LEVEL_MINIMAL;
int sync_method = DEFAULT_SYNC_METHOD;
int synchronous_commit = SYNCHRONOUS_COMMIT_ON;
bool fullPageWrites = true;
bool wal_log_hints = false;
int wal_compression = WAL_COMPRESSION_NONE;
bool wal_init_zero = true;
bool wal_recycle = true;
int XLOGbuffers = -1;
int wal_segment_size = DEFAULT_XLOG_SEG_SIZE;
int min_wal_size_mb = DEFAULT_MIN_WAL_SEGS * DEFAULT_XLOG_SEG_SIZE / 1048576;
int max_wal_size_mb = DEFAULT_MAX_WAL_SEGS * DEFAULT_XLOG_SEG_SIZE / 1048576;
int wal_keep_size_mb = 0;
int CommitDelay = 0;
int CommitSiblings = 5;

/* bytes of a page, and of a segment, that records can use */
#define UsableBytesInPage (XLOG_BLCKSZ - SizeOfXLogShortPHD)
#define UsableBytesInSegment                                         \
	((uint64) (wal_segment_size / XLOG_BLCKSZ) * UsableBytesInPage - \
	 (SizeOfXLogLongPHD - SizeOfXLogShortPHD))

#define MIN_XLOG_BUFFERS 8

XLogCtlData *XLogCtl = NULL;

XLogRecPtr RedoRecPtr = InvalidXLogRecPtr;
bool doPageWrites = true;

/* False once this process has seen the end of recovery: it is final. */
static bool LocalRecoveryInProgress = true;

/*
 * -1: ask RecoveryInProgress; 1: allowed (the end of recovery writes records
 * itself); 0: not.
 */
static int LocalXLogInsertAllowed = -1;

/* ---------------------------------------------------------------------------
 * Shared memory
 * ---------------------------------------------------------------------------
 */

/* wal_buffers, or by default a share of shared_buffers up to a segment. */
static int
NumXLogBuffers(void)
{
	int nbuffers = XLOGbuffers;

	if (nbuffers < 0)
	{
		nbuffers = NBuffers / 32;
		if (nbuffers > wal_segment_size / XLOG_BLCKSZ)
			nbuffers = wal_segment_size / XLOG_BLCKSZ;
	}
	return Max(nbuffers, MIN_XLOG_BUFFERS);
}

Size
XLOGShmemSize(void)
{
	int nbuffers = NumXLogBuffers();
	Size size = sizeof(XLogCtlData);

	/* SHOW tells what is in use. */
	if (XLOGbuffers != nbuffers)
	{
		char buf[32];

		snprintf(buf, sizeof(buf), "%d", nbuffers);
		SetConfigOption("wal_buffers", buf, PGC_POSTMASTER,
		                XLOGbuffers < 0 ? PGC_S_DYNAMIC_DEFAULT
		                                : PGC_S_OVERRIDE);
		/* set to -1 by somebody: a default does not win over that */
		if (XLOGbuffers != nbuffers)
			SetConfigOption("wal_buffers", buf, PGC_POSTMASTER, PGC_S_OVERRIDE);
	}
	size = add_size(
		size, mul_size(sizeof(WALInsertLockPadded), NUM_XLOGINSERT_LOCKS + 1));
	size = add_size(size, mul_size(sizeof(pg_atomic_uint64), nbuffers));
	size = add_size(size, XLOG_BLCKSZ); /* alignment */
	return add_size(size, mul_size(XLOG_BLCKSZ, nbuffers));
}

void
XLOGShmemInit(void)
{
	bool found;
	char *allocptr;
	int nbuffers = NumXLogBuffers();

	XLogCtl = ShmemInitStruct("XLOG Ctl", XLOGShmemSize(), &found);
	LocalRecoveryInProgress = true;
	LocalXLogInsertAllowed = -1;
	if (found)
		return;

	memset(XLogCtl, 0, sizeof(XLogCtlData));
	XLogCtl->magic = XLOGCTL_MAGIC;
	allocptr = (char *) (XLogCtl + 1);

	allocptr = (char *) TYPEALIGN(PG_CACHE_LINE_SIZE, allocptr);
	XLogCtl->WALInsertLocks = (WALInsertLockPadded *) allocptr;
	allocptr += sizeof(WALInsertLockPadded) * NUM_XLOGINSERT_LOCKS;
	for (int i = 0; i < NUM_XLOGINSERT_LOCKS; i++)
	{
		WALInsertLock *lock = &XLogCtl->WALInsertLocks[i].l;

		LWLockInitialize(&lock->lock, LWTRANCHE_WAL_INSERT);
		pg_atomic_init_u64(&lock->insertingAt, InvalidXLogRecPtr);
		lock->lastImportantAt = InvalidXLogRecPtr;
	}
	LWLockNoteGroup(&XLogCtl->WALInsertLocks[0].l.lock, NUM_XLOGINSERT_LOCKS,
	                sizeof(WALInsertLockPadded));

	XLogCtl->xlblocks = (pg_atomic_uint64 *) allocptr;
	allocptr += sizeof(pg_atomic_uint64) * nbuffers;
	for (int i = 0; i < nbuffers; i++)
		pg_atomic_init_u64(&XLogCtl->xlblocks[i], InvalidXLogRecPtr);

	allocptr = (char *) TYPEALIGN(XLOG_BLCKSZ, allocptr);
	XLogCtl->pages = allocptr;
	XLogCtl->XLogCacheBlck = nbuffers - 1;

	SpinLockInit(&XLogCtl->insertpos_lck);
	SpinLockInit(&XLogCtl->info_lck);
	pg_atomic_init_u64(&XLogCtl->InitializedUpTo, 0);
	pg_atomic_init_u64(&XLogCtl->logWriteResult, 0);
	pg_atomic_init_u64(&XLogCtl->logFlushResult, 0);
	XLogCtl->fullPageWrites = fullPageWrites;
	XLogCtl->SharedRecoveryState = RECOVERY_STATE_CRASH;
	XLogCtl->unloggedLSN = FirstNormalUnloggedLSN;
}

/* ---------------------------------------------------------------------------
 * Positions
 * ---------------------------------------------------------------------------
 */

/*
 * LSN of a byte position.  The two differ where it is a page's first usable
 * byte: as a record's start it lies behind the page's header, as a record's end
 * at the header's start.
 */
static XLogRecPtr
BytePosToLSN(uint64 bytepos, bool is_end)
{
	uint64 fullsegs = bytepos / UsableBytesInSegment;
	uint64 bytesleft = bytepos % UsableBytesInSegment;
	uint64 seg_offset;

	if (bytesleft < XLOG_BLCKSZ - SizeOfXLogLongPHD)
	{
		/* in the segment's first page */
		seg_offset = bytesleft;
		if (!is_end || bytesleft != 0)
			seg_offset += SizeOfXLogLongPHD;
	}
	else
	{
		uint64 fullpages;

		bytesleft -= XLOG_BLCKSZ - SizeOfXLogLongPHD;
		fullpages = bytesleft / UsableBytesInPage;
		bytesleft = bytesleft % UsableBytesInPage;
		seg_offset = XLOG_BLCKSZ + fullpages * XLOG_BLCKSZ + bytesleft;
		if (!is_end || bytesleft != 0)
			seg_offset += SizeOfXLogShortPHD;
	}
	return fullsegs * wal_segment_size + seg_offset;
}

XLogRecPtr
XLogBytePosToRecPtr(uint64 bytepos)
{
	return BytePosToLSN(bytepos, false);
}

XLogRecPtr
XLogBytePosToEndRecPtr(uint64 bytepos)
{
	return BytePosToLSN(bytepos, true);
}

uint64
XLogRecPtrToBytePos(XLogRecPtr ptr)
{
	uint64 fullsegs = ptr / wal_segment_size;
	uint32 seg_offset = XLogSegmentOffset(ptr, wal_segment_size);
	uint32 fullpages = seg_offset / XLOG_BLCKSZ;
	uint32 offset = seg_offset % XLOG_BLCKSZ;
	uint64 result = fullsegs * UsableBytesInSegment;

	if (fullpages == 0)
	{
		if (offset > 0)
		{
			Assert(offset >= SizeOfXLogLongPHD);
			result += offset - SizeOfXLogLongPHD;
		}
		return result;
	}
	result += (XLOG_BLCKSZ - SizeOfXLogLongPHD) +
	          (uint64) (fullpages - 1) * UsableBytesInPage;
	if (offset > 0)
	{
		Assert(offset >= SizeOfXLogShortPHD);
		result += offset - SizeOfXLogShortPHD;
	}
	return result;
}

XLogSegNo
XLogSegmentOf(XLogRecPtr ptr)
{
	return ptr / wal_segment_size;
}

static uint64
ReadCurrBytePos(void)
{
	uint64 bytepos;

	SpinLockAcquire(&XLogCtl->insertpos_lck);
	bytepos = XLogCtl->CurrBytePos;
	SpinLockRelease(&XLogCtl->insertpos_lck);
	return bytepos;
}

/* The end of the last record, copied or not. */
XLogRecPtr
GetXLogInsertRecPtr(void)
{
	return XLogBytePosToEndRecPtr(ReadCurrBytePos());
}

/* The same: there is no cheaper, older value to be had. */
XLogRecPtr
GetInsertRecPtr(void)
{
	return GetXLogInsertRecPtr();
}

/* Behind the header, if that is at the start of a page. */
XLogRecPtr
XLogNextRecordStart(void)
{
	return XLogBytePosToRecPtr(ReadCurrBytePos());
}

XLogRecPtr
GetXLogWriteRecPtr(void)
{
	return pg_atomic_read_u64(&XLogCtl->logWriteResult);
}

XLogRecPtr
GetFlushRecPtr(TimeLineID *insertTLI)
{
	if (insertTLI)
		*insertTLI = XLogCtl->InsertTimeLineID;
	return pg_atomic_read_u64(&XLogCtl->logFlushResult);
}

TimeLineID
GetWALInsertionTimeLine(void)
{
	Assert(!RecoveryInProgress());
	return XLogCtl->InsertTimeLineID;
}

/*
 * Where the last checkpoint began; a newer one than this process has seen may
 * just be about to be set.
 */
XLogRecPtr
GetRedoRecPtr(void)
{
	XLogRecPtr ptr;

	SpinLockAcquire(&XLogCtl->info_lck);
	ptr = XLogCtl->RedoRecPtrInfo;
	SpinLockRelease(&XLogCtl->info_lck);
	if (RedoRecPtr < ptr)
		RedoRecPtr = ptr;
	return RedoRecPtr;
}

/* This process's copies, perhaps out of date: insertion checks. */
void
GetFullPageWriteInfo(XLogRecPtr *RedoRecPtr_p, bool *doPageWrites_p)
{
	*RedoRecPtr_p = RedoRecPtr;
	*doPageWrites_p = doPageWrites;
}

void
SetRedoRecPtr(XLogRecPtr redo)
{
	RedoRecPtr = XLogCtl->RedoRecPtr = redo;
	SpinLockAcquire(&XLogCtl->info_lck);
	XLogCtl->RedoRecPtrInfo = redo;
	SpinLockRelease(&XLogCtl->info_lck);
}

/* Unlogged relations that want LSNs get them from here. */
XLogRecPtr
GetFakeLSNForUnloggedRel(void)
{
	XLogRecPtr nextUnloggedLSN;

	SpinLockAcquire(&XLogCtl->info_lck);
	nextUnloggedLSN = XLogCtl->unloggedLSN++;
	SpinLockRelease(&XLogCtl->info_lck);
	return nextUnloggedLSN;
}

/* ---------------------------------------------------------------------------
 * Recovery or not
 * ---------------------------------------------------------------------------
 */

bool
RecoveryInProgress(void)
{
	if (!LocalRecoveryInProgress)
		return false;
	LocalRecoveryInProgress = GetRecoveryState() != RECOVERY_STATE_DONE;

	/*
	 * Insertion's state was set before the recovery's; the release of info_lck
	 * after the one, and our acquisition for the other, order them.
	 */
	return LocalRecoveryInProgress;
}

RecoveryState
GetRecoveryState(void)
{
	RecoveryState state;

	SpinLockAcquire(&XLogCtl->info_lck);
	state = XLogCtl->SharedRecoveryState;
	SpinLockRelease(&XLogCtl->info_lck);
	return state;
}

void
SetRecoveryState(RecoveryState state)
{
	SpinLockAcquire(&XLogCtl->info_lck);
	XLogCtl->SharedRecoveryState = state;
	SpinLockRelease(&XLogCtl->info_lck);
}

bool
XLogInsertAllowed(void)
{
	if (LocalXLogInsertAllowed >= 0)
		return LocalXLogInsertAllowed == 1;
	if (RecoveryInProgress())
		return false;
	LocalXLogInsertAllowed = 1;
	return true;
}

/* At the end of recovery, for its own records; returns what to go back to. */
int
LocalSetXLogInsertAllowed(void)
{
	int oldXLogAllowed = LocalXLogInsertAllowed;

	LocalXLogInsertAllowed = 1;
	return oldXLogAllowed;
}

/* ---------------------------------------------------------------------------
 * Beginning to insert
 * ---------------------------------------------------------------------------
 */

void
XLogBeginInsertionAt(XLogRecPtr EndOfLog, XLogRecPtr LastRec, TimeLineID tli,
                     const char *lastPage)
{
	uint32 page_offset = EndOfLog % XLOG_BLCKSZ;

	XLogCtl->InsertTimeLineID = tli;
	XLogCtl->PrevTimeLineID = tli;
	XLogCtl->PrevBytePos = XLogRecPtrToBytePos(LastRec);
	XLogCtl->CurrBytePos = XLogRecPtrToBytePos(EndOfLog);

	for (int i = 0; i <= XLogCtl->XLogCacheBlck; i++)
		pg_atomic_write_u64(&XLogCtl->xlblocks[i], InvalidXLogRecPtr);
	if (page_offset != 0)
	{
		XLogRecPtr pageBeginPtr = EndOfLog - page_offset;
		int idx = (pageBeginPtr / XLOG_BLCKSZ) % (XLogCtl->XLogCacheBlck + 1);
		char *page = XLogCtl->pages + (Size) idx * XLOG_BLCKSZ;

		/* What follows the last good record is not ours to keep. */
		Assert(lastPage != NULL);
		memcpy(page, lastPage, page_offset);
		memset(page + page_offset, 0, XLOG_BLCKSZ - page_offset);
		pg_atomic_write_u64(&XLogCtl->xlblocks[idx],
		                    pageBeginPtr + XLOG_BLCKSZ);
		pg_atomic_write_u64(&XLogCtl->InitializedUpTo,
		                    pageBeginPtr + XLOG_BLCKSZ);
	}
	else
		pg_atomic_write_u64(&XLogCtl->InitializedUpTo, EndOfLog);

	pg_atomic_write_u64(&XLogCtl->logWriteResult, EndOfLog);
	pg_write_barrier();
	pg_atomic_write_u64(&XLogCtl->logFlushResult, EndOfLog);
}

/*
 * The first segment, with a record of the checkpoint that the new control file
 * holds.  StartupXLOG then finds a cluster that was stopped in order.
 */
void
BootStrapXLOG(bool data_checksums)
{
	CheckPoint checkPoint;
	PGAlignedBlock buffer = {{0}};
	XLogPageHeader page = (XLogPageHeader) buffer.data;
	XLogLongPageHeader longpage = (XLogLongPageHeader) page;
	XLogRecord *record;
	char *recptr;
	pg_crc32c crc;
	int fd;

	StaticAssertStmt(XLOG_BLCKSZ == BLCKSZ, "one buffer is one page");
	BootStrapControlFile(data_checksums);
	checkPoint = ControlFile->checkPointCopy;
	Assert(checkPoint.redo == wal_segment_size + SizeOfXLogLongPHD);

	page->xlp_magic = XLOG_PAGE_MAGIC;
	page->xlp_info = XLP_LONG_HEADER;
	page->xlp_tli = checkPoint.ThisTimeLineID;
	page->xlp_pageaddr = wal_segment_size;
	longpage->xlp_sysid = ControlFile->system_identifier;
	longpage->xlp_seg_size = wal_segment_size;
	longpage->xlp_xlog_blcksz = XLOG_BLCKSZ;

	recptr = (char *) page + SizeOfXLogLongPHD;
	record = (XLogRecord *) recptr;
	record->xl_prev = 0;
	record->xl_xid = InvalidTransactionId;
	record->xl_tot_len =
		SizeOfXLogRecord + SizeOfXLogRecordDataHeaderShort + sizeof(checkPoint);
	record->xl_info = XLOG_CHECKPOINT_SHUTDOWN;
	record->xl_rmid = RM_XLOG_ID;
	recptr += SizeOfXLogRecord;
	*(recptr++) = (char) XLR_BLOCK_ID_DATA_SHORT;
	*(recptr++) = sizeof(checkPoint);
	memcpy(recptr, &checkPoint, sizeof(checkPoint));

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, (char *) record + SizeOfXLogRecord,
	            record->xl_tot_len - SizeOfXLogRecord);
	COMP_CRC32C(crc, (char *) record, offsetof(XLogRecord, xl_crc));
	FIN_CRC32C(crc);
	record->xl_crc = crc;

	fd = XLogFileInit(1, checkPoint.ThisTimeLineID);
	INJECTION_POINT("wal-bootstrap-write");
	errno = 0;
	pgstat_report_wait_start(WAIT_EVENT_WAL_BOOTSTRAP_WRITE);
	if (sys_pwrite(fd, page, XLOG_BLCKSZ, 0) != XLOG_BLCKSZ)
	{
		if (errno == 0)
			errno = ENOSPC;
		ereport(PANIC,
		        (errcode_for_file_access(),
		         errmsg("could not write bootstrap write-ahead log file: %m")));
	}
	pgstat_report_wait_end();
	pgstat_report_wait_start(WAIT_EVENT_WAL_BOOTSTRAP_SYNC);
	if (pg_fsync(fd) != 0)
		ereport(PANIC,
		        (errcode_for_file_access(),
		         errmsg("could not fsync bootstrap write-ahead log file: %m")));
	pgstat_report_wait_end();
	if (close(fd) != 0)
		ereport(PANIC,
		        (errcode_for_file_access(),
		         errmsg("could not close bootstrap write-ahead log file: %m")));
}
