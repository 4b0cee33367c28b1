/*
 * xlogreserve.c
 *		A record's place in the log, and the copying of it there.
 *
 * The idea: the only thing that insertions do one after the other is to reserve
 * space, a few instructions under a spinlock.  The copying into the shared
 * pages (and the CRC of all but the header before) is done in parallel.  A
 * flush must then know up to where everything has been copied; that is what the
 * insertion locks tell.  An inserter holds one of them from before it reserves
 * until it has copied, and while it has to wait for a page itself it publishes
 * in insertingAt how far it has come.  Whoever flushes waits, lock by lock,
 * until the holder is gone or has come far enough.  A single insertion lock
 * would be simpler and is what made inserters queue up.
 *
 * Invariants
 * 1.	Space is reserved only with an insertion lock held.  So whoever holds
 *		all of them knows that the log up to the insertion point is complete,
 *		and that the redo pointer does not change under an inserter.
 * 2.	An inserter that may sleep in GetXLogBuffer has published a position at
 *		or before which all its bytes are copied: else it would wait for a flush
 *		that waits for it.
 * 3.	Between the reservation and the end of the copy nothing fails: an error
 *		there is a PANIC, because a hole in the log cannot be flushed past.
 *
 * A SIGKILL between the two leaves a hole of zeros or of an old page in shared
 * memory only; the crash reset forgets it, and recovery finds the end of the
 * log before it.
 *
 * Lock order: buffer content locks, insertion lock, WALBufMappingLock or
 * WALWriteLock (never both wanted at once).
 *
 * Corresponds to parts of PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "access/xloginsert.h"
#include "access/xlogrecord.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"

/* room for record data on the rest of the page of ptr */
#define INSERT_FREESPACE(ptr)     \
	((ptr) % XLOG_BLCKSZ == 0 ? 0 \
	                          : XLOG_BLCKSZ - (uint32) ((ptr) % XLOG_BLCKSZ))

XLogRecPtr ProcLastRecPtr = InvalidXLogRecPtr;
XLogRecPtr XactLastRecEnd = InvalidXLogRecPtr;
XLogRecPtr XactLastCommitEnd = InvalidXLogRecPtr;

/* The insertion lock that this process holds. */
static int MyLockNo = 0;
static bool holdingAllLocks = false;

/* ---------------------------------------------------------------------------
 * Insertion locks
 * ---------------------------------------------------------------------------
 */

/*
 * Which one does not matter, so a process keeps to one while that goes well:
 * its cache line is then likely to be here.
 */
void
WALInsertLockAcquire(void)
{
	static int lockToTry = -1;

	if (lockToTry == -1)
		lockToTry = MyProcNumber % NUM_XLOGINSERT_LOCKS;
	MyLockNo = lockToTry;
	if (!LWLockAcquire(&XLogCtl->WALInsertLocks[MyLockNo].l.lock, LW_EXCLUSIVE))
		lockToTry = (lockToTry + 1) % NUM_XLOGINSERT_LOCKS;
}

/* Nobody inserts but us; the last lock's insertingAt stands for all. */
void
WALInsertLockAcquireExclusive(void)
{
	int i;

	for (i = 0; i < NUM_XLOGINSERT_LOCKS - 1; i++)
	{
		WALInsertLock *lock = &XLogCtl->WALInsertLocks[i].l;

		LWLockAcquire(&lock->lock, LW_EXCLUSIVE);
		LWLockUpdateVar(&lock->lock, &lock->insertingAt, UINT64_MAX);
	}
	LWLockAcquire(&XLogCtl->WALInsertLocks[i].l.lock, LW_EXCLUSIVE);
	holdingAllLocks = true;
}

void
WALInsertLockRelease(void)
{
	if (holdingAllLocks)
	{
		holdingAllLocks = false;
		for (int i = 0; i < NUM_XLOGINSERT_LOCKS; i++)
		{
			WALInsertLock *lock = &XLogCtl->WALInsertLocks[i].l;

			LWLockReleaseClearVar(&lock->lock, &lock->insertingAt, 0);
		}
		return;
	}
	LWLockReleaseClearVar(&XLogCtl->WALInsertLocks[MyLockNo].l.lock,
	                      &XLogCtl->WALInsertLocks[MyLockNo].l.insertingAt, 0);
}

/* Invariant 2; pairs with LWLockWaitForVar in WaitXLogInsertionsToFinish. */
static void
WALInsertLockUpdateInsertingAt(XLogRecPtr insertingAt)
{
	WALInsertLock *lock =
		&XLogCtl
			 ->WALInsertLocks[holdingAllLocks ? NUM_XLOGINSERT_LOCKS - 1
	                                          : MyLockNo]
			 .l;

	LWLockUpdateVar(&lock->lock, &lock->insertingAt, insertingAt);
}

/*
 * Until everything before upto has been copied.  Returns up to where all has
 * been, which may be further.  The caller holds no insertion lock that has
 * something before upto to copy.
 */
XLogRecPtr
WaitXLogInsertionsToFinish(XLogRecPtr upto)
{
	XLogRecPtr reservedUpto = GetXLogInsertRecPtr();
	XLogRecPtr finishedUpto;

	Assert(MyProc != NULL);
	if (upto > reservedUpto)
	{
		/* A damaged page's LSN, most likely. */
		ereport(LOG,
		        (errmsg("request to flush past end of generated WAL; "
		                "request %X/%X, current position %X/%X",
		                LSN_FORMAT_ARGS(upto), LSN_FORMAT_ARGS(reservedUpto))));
		upto = reservedUpto;
	}

	INJECTION_POINT_CRITICAL("wal-wait-insertions");
	finishedUpto = reservedUpto;
	for (int i = 0; i < NUM_XLOGINSERT_LOCKS; i++)
	{
		WALInsertLock *lock = &XLogCtl->WALInsertLocks[i].l;
		XLogRecPtr insertingat = InvalidXLogRecPtr;

		do
		{
			uint64 newval = InvalidXLogRecPtr;

			if (LWLockWaitForVar(&lock->lock, &lock->insertingAt, insertingat,
			                     &newval))
			{
				/* Free: whatever it inserts next begins after reservedUpto. */
				insertingat = InvalidXLogRecPtr;
				break;
			}
			insertingat = newval;
		} while (insertingat < upto);

		if (insertingat != InvalidXLogRecPtr && insertingat < finishedUpto)
			finishedUpto = insertingat;
	}
	return finishedUpto;
}

/* The newest record that a checkpoint is worth for. */
XLogRecPtr
GetLastImportantRecPtr(void)
{
	XLogRecPtr res = InvalidXLogRecPtr;

	for (int i = 0; i < NUM_XLOGINSERT_LOCKS; i++)
	{
		WALInsertLock *lock = &XLogCtl->WALInsertLocks[i].l;

		/* exclusive: a shared lock would be one more mode to think about */
		LWLockAcquire(&lock->lock, LW_EXCLUSIVE);
		res = Max(res, lock->lastImportantAt);
		LWLockRelease(&lock->lock);
	}
	return res;
}

/* ---------------------------------------------------------------------------
 * Reserving
 * ---------------------------------------------------------------------------
 */

static void
ReserveXLogInsertLocation(uint32 size, XLogRecPtr *StartPos, XLogRecPtr *EndPos,
                          XLogRecPtr *PrevPtr)
{
	uint64 startbytepos;
	uint64 endbytepos;
	uint64 prevbytepos;

	size = MAXALIGN(size);
	Assert(size > SizeOfXLogRecord);

	SpinLockAcquire(&XLogCtl->insertpos_lck);
	startbytepos = XLogCtl->CurrBytePos;
	endbytepos = startbytepos + size;
	prevbytepos = XLogCtl->PrevBytePos;
	XLogCtl->CurrBytePos = endbytepos;
	XLogCtl->PrevBytePos = startbytepos;
	SpinLockRelease(&XLogCtl->insertpos_lck);

	*StartPos = XLogBytePosToRecPtr(startbytepos);
	*EndPos = XLogBytePosToEndRecPtr(endbytepos);
	*PrevPtr = XLogBytePosToRecPtr(prevbytepos);
	Assert(XLogRecPtrToBytePos(*EndPos) == endbytepos);
}

/*
 * The rest of the segment, for a switch record.  False: the segment has just
 * begun, and nothing is reserved.  All insertion locks held.
 */
static bool
ReserveXLogSwitch(XLogRecPtr *StartPos, XLogRecPtr *EndPos, XLogRecPtr *PrevPtr)
{
	uint32 size = MAXALIGN(SizeOfXLogRecord);
	uint64 startbytepos;
	uint64 endbytepos;
	uint64 prevbytepos;
	XLogRecPtr ptr;
	uint32 segleft;

	/* As we hold all locks, nobody waits for the spinlock meanwhile. */
	SpinLockAcquire(&XLogCtl->insertpos_lck);
	startbytepos = XLogCtl->CurrBytePos;
	ptr = XLogBytePosToEndRecPtr(startbytepos);
	if (XLogSegmentOffset(ptr, wal_segment_size) == 0)
	{
		SpinLockRelease(&XLogCtl->insertpos_lck);
		*EndPos = *StartPos = ptr;
		return false;
	}
	endbytepos = startbytepos + size;
	prevbytepos = XLogCtl->PrevBytePos;
	*StartPos = XLogBytePosToRecPtr(startbytepos);
	*EndPos = XLogBytePosToEndRecPtr(endbytepos);
	segleft = wal_segment_size - XLogSegmentOffset(*EndPos, wal_segment_size);
	if (segleft != wal_segment_size)
	{
		*EndPos += segleft;
		endbytepos = XLogRecPtrToBytePos(*EndPos);
	}
	XLogCtl->CurrBytePos = endbytepos;
	XLogCtl->PrevBytePos = startbytepos;
	SpinLockRelease(&XLogCtl->insertpos_lck);

	*PrevPtr = XLogBytePosToRecPtr(prevbytepos);
	Assert(XLogSegmentOffset(*EndPos, wal_segment_size) == 0);
	return true;
}

/* ---------------------------------------------------------------------------
 * Copying
 * ---------------------------------------------------------------------------
 */

char *
GetXLogBuffer(XLogRecPtr ptr, TimeLineID tli)
{
	static uint64 cachedPage = 0; /* the page found last, and where it is */
	static char *cachedPos = NULL;
	uint64 expectedEndPtr = ptr + XLOG_BLCKSZ - ptr % XLOG_BLCKSZ;
	int idx;

	/* What we have not finished copying into is not replaced. */
	if (ptr / XLOG_BLCKSZ == cachedPage && cachedPos != NULL)
	{
		Assert(((XLogPageHeader) cachedPos)->xlp_magic == XLOG_PAGE_MAGIC);
		Assert(((XLogPageHeader) cachedPos)->xlp_pageaddr ==
		       ptr - (ptr % XLOG_BLCKSZ));
		return cachedPos + ptr % XLOG_BLCKSZ;
	}

	idx = (ptr / XLOG_BLCKSZ) % (XLogCtl->XLogCacheBlck + 1);
	if (pg_atomic_read_u64(&XLogCtl->xlblocks[idx]) != expectedEndPtr)
	{
		XLogRecPtr initializedUpto = ptr;

		/* At a page's first byte of data we have not copied its header. */
		if (ptr % XLOG_BLCKSZ == SizeOfXLogShortPHD &&
		    XLogSegmentOffset(ptr, wal_segment_size) > XLOG_BLCKSZ)
			initializedUpto = ptr - SizeOfXLogShortPHD;
		else if (ptr % XLOG_BLCKSZ == SizeOfXLogLongPHD &&
		         XLogSegmentOffset(ptr, wal_segment_size) < XLOG_BLCKSZ)
			initializedUpto = ptr - SizeOfXLogLongPHD;
		WALInsertLockUpdateInsertingAt(initializedUpto);
		INJECTION_POINT_CRITICAL("wal-page-needed");

		AdvanceXLInsertBuffer(ptr, tli, false);
		if (pg_atomic_read_u64(&XLogCtl->xlblocks[idx]) != expectedEndPtr)
			elog(PANIC, "could not find WAL buffer for %X/%X",
			     LSN_FORMAT_ARGS(ptr));
	}
	else
	{
		/* pairs with the write barrier in AdvanceXLInsertBuffer */
		pg_memory_barrier();
	}
	cachedPage = ptr / XLOG_BLCKSZ;
	cachedPos = XLogCtl->pages + (Size) idx * XLOG_BLCKSZ;
	Assert(((XLogPageHeader) cachedPos)->xlp_magic == XLOG_PAGE_MAGIC);
	return cachedPos + ptr % XLOG_BLCKSZ;
}

/* After a switch record: pages of zeros up to the end of the segment. */
static XLogRecPtr
ZeroRestOfSegment(XLogRecPtr CurrPos, XLogRecPtr EndPos, TimeLineID tli)
{
	/* the page that the record is on is filled by its zeros already */
	if (CurrPos % XLOG_BLCKSZ != 0)
		CurrPos += XLOG_BLCKSZ - CurrPos % XLOG_BLCKSZ;
	while (CurrPos < EndPos)
	{
		char *page = GetXLogBuffer(CurrPos, tli);

		/* the header, too: it says that nothing comes */
		memset(page, 0, SizeOfXLogShortPHD);
		CurrPos += XLOG_BLCKSZ;
	}
	return CurrPos;
}

static void
CopyXLogRecordToWAL(uint32 write_len, bool isLogSwitch, XLogRecData *rdata,
                    XLogRecPtr StartPos, XLogRecPtr EndPos, TimeLineID tli)
{
	XLogRecPtr CurrPos = StartPos;
	char *currpos = GetXLogBuffer(CurrPos, tli);
	uint32 freespace = INSERT_FREESPACE(CurrPos);
	uint32 written = 0;

	/* The length at least is on the first page. */
	Assert(freespace >= sizeof(uint32));

	for (; rdata != NULL; rdata = rdata->next)
	{
		char *rdata_data = rdata->data;
		uint32 rdata_len = rdata->len;

		while (rdata_len > freespace)
		{
			XLogPageHeader pagehdr;
			uint32 header_size;

			memcpy(currpos, rdata_data, freespace);
			rdata_data += freespace;
			rdata_len -= freespace;
			written += freespace;
			CurrPos += freespace;

			/* on the next page, which says how much of us is to come */
			currpos = GetXLogBuffer(CurrPos, tli);
			pagehdr = (XLogPageHeader) currpos;
			pagehdr->xlp_rem_len = write_len - written;
			pagehdr->xlp_info |= XLP_FIRST_IS_CONTRECORD;
			header_size = XLogSegmentOffset(CurrPos, wal_segment_size) == 0
			                  ? SizeOfXLogLongPHD
			                  : SizeOfXLogShortPHD;
			CurrPos += header_size;
			currpos += header_size;
			freespace = INSERT_FREESPACE(CurrPos);
		}
		memcpy(currpos, rdata_data, rdata_len);
		currpos += rdata_len;
		CurrPos += rdata_len;
		freespace -= rdata_len;
		written += rdata_len;
	}
	Assert(written == write_len);

	if (isLogSwitch && XLogSegmentOffset(CurrPos, wal_segment_size) != 0)
		CurrPos = ZeroRestOfSegment(CurrPos, EndPos, tli);
	else
		CurrPos = MAXALIGN(CurrPos);
	if (CurrPos != EndPos)
		elog(PANIC, "space reserved for WAL record does not match what was "
		            "written");
}

/* ---------------------------------------------------------------------------
 * Inserting
 * ---------------------------------------------------------------------------
 */

/* Must the record be made anew, with images?  With an insertion lock. */
static bool
PageImagesOutOfDate(XLogRecPtr fpw_lsn)
{
	bool prevDoPageWrites = doPageWrites;

	if (RedoRecPtr != XLogCtl->RedoRecPtr)
	{
		Assert(RedoRecPtr < XLogCtl->RedoRecPtr);
		RedoRecPtr = XLogCtl->RedoRecPtr;
	}
	doPageWrites = XLogCtl->fullPageWrites;
	return doPageWrites &&
	       (!prevDoPageWrites ||
	        (fpw_lsn != InvalidXLogRecPtr && fpw_lsn <= RedoRecPtr));
}

/*
 * Inserts the chain of chunks; the first one begins with the record's header,
 * complete but for xl_prev and the CRC.  fpw_lsn: see XLogRecordAssemble.
 * Returns the record's end, or InvalidXLogRecPtr: make it anew with
 * GetFullPageWriteInfo's new answer.
 */
XLogRecPtr
XLogInsertRecord(XLogRecData *rdata, XLogRecPtr fpw_lsn, uint8 flags,
                 int num_fpi, bool topxid_included)
{
	XLogRecord *rechdr = (XLogRecord *) rdata->data;
	uint8 info = rechdr->xl_info & ~XLR_INFO_MASK;
	bool isLogSwitch = rechdr->xl_rmid == RM_XLOG_ID && info == XLOG_SWITCH;
	TimeLineID insertTLI = XLogCtl->InsertTimeLineID;
	XLogRecPtr StartPos;
	XLogRecPtr EndPos;
	bool inserted = true;

	Assert(rdata->len >= SizeOfXLogRecord);
	if (!XLogInsertAllowed())
		elog(ERROR, "cannot make new WAL entries during recovery");

	START_CRIT_SECTION();
	if (isLogSwitch)
		WALInsertLockAcquireExclusive();
	else
		WALInsertLockAcquire();

	if (!isLogSwitch && PageImagesOutOfDate(fpw_lsn))
	{
		WALInsertLockRelease();
		END_CRIT_SECTION();
		return InvalidXLogRecPtr;
	}

	if (isLogSwitch)
		inserted = ReserveXLogSwitch(&StartPos, &EndPos, &rechdr->xl_prev);
	else
		ReserveXLogInsertLocation(rechdr->xl_tot_len, &StartPos, &EndPos,
		                          &rechdr->xl_prev);
	INJECTION_POINT_CRITICAL("wal-insert-reserved");

	if (inserted)
	{
		pg_crc32c rdata_crc = rechdr->xl_crc;

		COMP_CRC32C(rdata_crc, rechdr, offsetof(XLogRecord, xl_crc));
		FIN_CRC32C(rdata_crc);
		rechdr->xl_crc = rdata_crc;
		CopyXLogRecordToWAL(rechdr->xl_tot_len, isLogSwitch, rdata, StartPos,
		                    EndPos, insertTLI);
		if ((flags & XLOG_MARK_UNIMPORTANT) == 0)
		{
			int lockno = holdingAllLocks ? NUM_XLOGINSERT_LOCKS - 1 : MyLockNo;

			XLogCtl->WALInsertLocks[lockno].l.lastImportantAt = StartPos;
		}
		INJECTION_POINT_CRITICAL("wal-insert-copied");
	}
	WALInsertLockRelease();
	END_CRIT_SECTION();

	/* A switch is worth nothing until the old segment is complete on disk. */
	if (isLogSwitch)
	{
		XLogFlush(EndPos);
		if (inserted)
		{
			/* the record's end, not that of the zeros behind it */
			EndPos = StartPos + SizeOfXLogRecord;
			if (StartPos / XLOG_BLCKSZ != EndPos / XLOG_BLCKSZ)
			{
				if (XLogSegmentOffset(EndPos, wal_segment_size) ==
				    EndPos % XLOG_BLCKSZ)
					EndPos += SizeOfXLogLongPHD;
				else
					EndPos += SizeOfXLogShortPHD;
			}
		}
	}
	ProcLastRecPtr = StartPos;
	XactLastRecEnd = EndPos;
	return EndPos;
}

XLogRecPtr
RequestXLogSwitch(bool mark_unimportant)
{
	XLogBeginInsert();
	if (mark_unimportant)
		XLogSetRecordFlags(XLOG_MARK_UNIMPORTANT);
	return XLogInsert(RM_XLOG_ID, XLOG_SWITCH);
}

/*
 * The OIDs up to nextOid may be used.  Need not be flushed: an OID that is used
 * is in a page whose record comes later.
 */
void
XLogPutNextOid(Oid nextOid)
{
	XLogBeginInsert();
	XLogRegisterData((char *) &nextOid, sizeof(Oid));
	(void) XLogInsert(RM_XLOG_ID, XLOG_NEXTOID);
}

/* The page must be the next one that insertion writes, with nothing on it. */
void
XLogMarkOverwriteContrecord(XLogRecPtr missingContrecPtr)
{
	XLogPageHeader pagehdr;

	Assert(missingContrecPtr % XLOG_BLCKSZ == 0);
	Assert(GetXLogInsertRecPtr() == missingContrecPtr);
	WALInsertLockAcquire();
	pagehdr = (XLogPageHeader) GetXLogBuffer(missingContrecPtr,
	                                         XLogCtl->InsertTimeLineID);
	pagehdr->xlp_info |= XLP_FIRST_IS_OVERWRITE_CONTRECORD;
	WALInsertLockRelease();
}
