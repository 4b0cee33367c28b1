/*
 * clog.c
 *		The commit log: two bits for each transaction in pages of 8192 bytes,
 *		pg_xact/XXXX, 32 pages a file, no header.
 *
 * Pages are cached in slots of the public segment, which attached clients read
 * without a lock (access/clog_slots.h).  In this process all access is under
 * XactSLRULock: shared to read a cached page, exclusive to change bits and to
 * bring pages in.  The file is small and the transfer one page, so it happens
 * under the lock.
 *
 * The bits are not logged: the commit record is, and its replay sets them.  A
 * page made by the log's ZEROPAGE is the one thing that is.  Two rules follow:
 * 1.	A commit that waits for its record sets the bits after the flush.  One
 *		that does not leaves the record's position in the page's lsn, and the
 *		page is written only when the log is on disk up to there.
 * 2.	A checkpoint waits for those between record and bits
 *		(DELAY_CHKPT_START): its replay begins behind the record and would not
 *		set them.
 *
 * A SIGKILL leaves bits at "in progress", which with no such process running
 * means aborted.
 *
 * Corresponds to PostgreSQL's clog.c and, as far as needed, slru.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/clog.h"
#include "access/clog_slots.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "access/xlogutils.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

#define CLOG_PAGES_PER_SEGMENT 32

/* In the public segment. */
static ClogShared *clog = NULL;

/* The start-up process: no more records follow, see ClogPageIO. */
static bool replayIsOver = false;

Size
CLOGShmemSize(void)
{
	return 0;
}

Size
CLOGPublicShmemSize(void)
{
	return sizeof(ClogShared);
}

void
CLOGShmemInit(void)
{
	bool found;
	int i;

	clog = (ClogShared *) PublicShmemInitStruct("Xact", sizeof(ClogShared),
	                                            &found);
	if (found)
		return;
	for (i = 0; i < CLOG_NUM_SLOTS; i++)
		clog->slots[i].page = CLOG_NO_PAGE;
}

/* errno 0: the file ends before. */
static void
ReportReadError(int32 page, const char *path, off_t offset, int elevel)
{
	ereport(elevel,
	        (errcode_for_file_access(),
	         errmsg("could not access status of transaction %u",
	                (uint32) page * CLOG_XACTS_PER_PAGE),
	         offset < 0 ? errdetail("Could not open file \"%s\": %m.", path)
	         : errno != 0
	             ? errdetail("Could not read from file \"%s\" at offset %lld: "
	                         "%m.",
	                         path, (long long) offset)
	             : errdetail("Could not read from file \"%s\" at offset %lld: "
	                         "read too few bytes.",
	                         path, (long long) offset)));
}

static void
SegmentPath(int32 segment, char *path)
{
	snprintf(path, MAXPGPATH, "pg_xact/%04X", segment);
}

/* The segment's file; made, and its name synced, if the page is the first. */
static int
OpenSegment(const char *path, bool isWrite)
{
	int fd = OpenTransientFile(path, isWrite ? O_RDWR : O_RDONLY);

	if (fd >= 0 || errno != ENOENT || !isWrite)
		return fd;
	INJECTION_POINT("clog-new-segment");
	fd = OpenTransientFile(path, O_RDWR | O_CREAT);
	if (fd >= 0)
		fsync_fname("pg_xact", true);
	return fd;
}

/*
 * Reads or writes one page.  In replay a page that the file has not is zeros:
 * a commit may be replayed of which the log page was truncated away later.
 * Else it is one that must be there, and no transaction is called aborted
 * instead.
 */
static void
ClogPageIO(int32 page, char *data, bool isWrite, bool sync)
{
	char path[MAXPGPATH];
	off_t offset = (off_t) (page % CLOG_PAGES_PER_SEGMENT) * BLCKSZ;
	bool zeros_allowed = !isWrite && InRecovery && !replayIsOver;
	ssize_t n;
	int fd;

	SegmentPath(page / CLOG_PAGES_PER_SEGMENT, path);
	fd = OpenSegment(path, isWrite);
	if (fd < 0)
	{
		if (!zeros_allowed || errno != ENOENT)
			ReportReadError(page, path, -1, ERROR);
		memset(data, 0, BLCKSZ);
		return;
	}
	errno = 0;
	n = isWrite ? SYS_SITE_PWRITE("clog-pwrite", fd, data, BLCKSZ, offset)
	            : SYS_SITE("clog-pread", sys_pread(fd, data, BLCKSZ, offset));
	if (n == 0 && zeros_allowed)
	{
		memset(data, 0, BLCKSZ);
		n = BLCKSZ;
	}
	if (n != BLCKSZ && !isWrite)
		ReportReadError(page, path, offset, ERROR);
	if (n != BLCKSZ)
	{
		if (errno == 0)
			errno = ENOSPC;
		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("could not access status of transaction %u",
		                (uint32) page * CLOG_XACTS_PER_PAGE),
		         errdetail("Could not write to file \"%s\" at offset %lld: "
		                   "%m.",
		                   path, (long long) offset)));
	}
	if (isWrite && sync && pg_fsync(fd) != 0)
		ereport(data_sync_elevel(ERROR),
		        (errcode_for_file_access(),
		         errmsg("could not fsync file \"%s\": %m", path)));
	if (CloseTransientFile(fd) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not close file \"%s\": %m", path)));
}

/*
 * Before replay, which would take a lost page for one of zeros: is the page of
 * the last checkpoint's next xid there?  It was written by that checkpoint,
 * unless the xid is the first one of its page.
 */
void
CheckCLOGFile(TransactionId nextXid)
{
	int32 page = TransactionIdToPage(nextXid);
	off_t end = (off_t) (page % CLOG_PAGES_PER_SEGMENT + 1) * BLCKSZ;
	char path[MAXPGPATH];
	struct stat st;

	replayIsOver = false;
	if (nextXid % CLOG_XACTS_PER_PAGE == 0)
		return;
	SegmentPath(page / CLOG_PAGES_PER_SEGMENT, path);
	if (stat(path, &st) != 0)
		ReportReadError(page, path, -1, FATAL);
	errno = 0;
	if (st.st_size < end)
		ReportReadError(page, path, end - BLCKSZ, FATAL);
}

/* XactSLRULock exclusive.  The log first. */
static void
WriteSlot(ClogSlot *slot)
{
	if (!XLogRecPtrIsInvalid(slot->lsn) && !InRecovery)
		XLogFlush(slot->lsn);
	ClogPageIO(slot->page, slot->data, true, true);
	slot->dirty = 0;
	slot->lsn = InvalidXLogRecPtr;
}

static ClogSlot *
FindSlot(int32 page)
{
	int i;

	for (i = 0; i < CLOG_NUM_SLOTS; i++)
		if (clog->slots[i].page == page)
			return &clog->slots[i];
	return NULL;
}

/* XactSLRULock exclusive.  zero: the page is new. */
static ClogSlot *
BringInPage(int32 page, bool zero)
{
	ClogSlot *slot = FindSlot(page);
	int i;

	Assert(LWLockHeldByMeInMode(XactSLRULock, LW_EXCLUSIVE));
	if (slot != NULL && zero)
	{
		/* a record that is replayed again */
		pg_atomic_fetch_add_u64(&slot->version, 1);
		memset(slot->data, 0, BLCKSZ);
		slot->dirty = 1;
	}
	if (slot != NULL)
		return slot;
	slot = &clog->slots[0];
	for (i = 1; i < CLOG_NUM_SLOTS; i++)
		if (clog->slots[i].used < slot->used)
			slot = &clog->slots[i];
	if (slot->page != CLOG_NO_PAGE && slot->dirty)
		WriteSlot(slot);
	slot->dirty = 0;
	slot->lsn = InvalidXLogRecPtr;
	pg_atomic_fetch_add_u64(&slot->version, 1);
	slot->page = CLOG_NO_PAGE;
	pg_write_barrier(); /* who sees new data sees that it is not the old page */
	if (zero)
		memset(slot->data, 0, BLCKSZ);
	else
		ClogPageIO(page, slot->data, false, false);
	slot->dirty = zero;
	slot->used = ++clog->stamp;
	pg_write_barrier(); /* who sees the number sees its data */
	slot->page = page;
	return slot;
}

void
TransactionIdSetStatus(TransactionId xid, XidStatus status, XLogRecPtr lsn)
{
	ClogSlot *slot;
	char *byte;
	int shift = TransactionIdToShift(xid);
	int current;

	Assert(TransactionIdIsNormal(xid));
	LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
	slot = BringInPage(TransactionIdToPage(xid), false);
	byte = slot->data + TransactionIdToByte(xid);
	current = (*byte >> shift) & CLOG_XACT_BITMASK;
	Assert(current == TRANSACTION_STATUS_IN_PROGRESS || current == status ||
	       InRecovery);
	if (lsn > slot->lsn)
		slot->lsn = lsn;
	if (current != status)
	{
		/* one store: a reader without lock sees the old byte or the new */
		*(volatile char *) byte =
			(char) ((*byte & ~(CLOG_XACT_BITMASK << shift)) |
		            (status << shift));
		slot->dirty = 1;
	}
	LWLockRelease(XactSLRULock);
}

XidStatus
TransactionIdGetStatus(TransactionId xid, XLogRecPtr *lsn)
{
	int32 page = TransactionIdToPage(xid);
	ClogSlot *slot;
	XidStatus status;

	LWLockAcquire(XactSLRULock, LW_SHARED);
	slot = FindSlot(page);
	if (slot == NULL)
	{
		LWLockRelease(XactSLRULock);
		LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
		slot = BringInPage(page, false);
	}
	status =
		(slot->data[TransactionIdToByte(xid)] >> TransactionIdToShift(xid)) &
		CLOG_XACT_BITMASK;
	*lsn = slot->lsn;
	LWLockRelease(XactSLRULock);
	return status;
}

/* Is an xid of the page in use? */
static bool
PageIsInUse(uint32 page)
{
	TransactionId oldest;
	TransactionId next;

	if (page > TransactionIdToPage(MaxTransactionId))
		return false;
	LWLockAcquire(XidGenLock, LW_SHARED);
	oldest = ShmemVariableCache->oldestXid;
	next = XidFromFullTransactionId(ShmemVariableCache->nextXid);
	LWLockRelease(XidGenLock);
	/* both are pages of a circle */
	return (page - TransactionIdToPage(oldest)) %
	           (TransactionIdToPage(MaxTransactionId) + 1) <=
	       (uint32) (TransactionIdToPage(next) - TransactionIdToPage(oldest)) %
	           (TransactionIdToPage(MaxTransactionId) + 1);
}

int
CLOGBringInPage(uint32 page)
{
	ClogSlot *slot;

	if (!PageIsInUse(page))
		return -1;
	INJECTION_POINT("clog-bring-in");
	LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
	slot = BringInPage((int32) page, false);
	LWLockRelease(XactSLRULock);
	return (int) (slot - clog->slots);
}

/* XactSLRULock exclusive.  The page is flushed only behind its record. */
static void
ZeroCLOGPage(int32 page, bool writeXlog)
{
	ClogSlot *slot = BringInPage(page, true);

	if (writeXlog)
	{
		XLogBeginInsert();
		XLogRegisterData((char *) &page, sizeof(page));
		slot->lsn = XLogInsert(RM_CLOG_ID, CLOG_ZEROPAGE);
	}
}

void
ExtendCLOG(TransactionId newestXact)
{
	if (newestXact % CLOG_XACTS_PER_PAGE != 0 &&
	    newestXact != FirstNormalTransactionId)
		return;
	LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
	ZeroCLOGPage(TransactionIdToPage(newestXact), true);
	LWLockRelease(XactSLRULock);
}

void
BootStrapCLOG(void)
{
	char *zeros = palloc0(BLCKSZ);

	ClogPageIO(0, zeros, true, true);
	pfree(zeros);
}

void
TrimCLOG(void)
{
	TransactionId xid = XidFromFullTransactionId(ShmemVariableCache->nextXid);
	Size byteno = TransactionIdToByte(xid);
	ClogSlot *slot;

	replayIsOver = true;
	LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
	if (xid % CLOG_XACTS_PER_PAGE != 0)
	{
		slot = BringInPage(TransactionIdToPage(xid), false);
		slot->data[byteno] &= (1 << TransactionIdToShift(xid)) - 1;
		memset(slot->data + byteno + 1, 0, BLCKSZ - byteno - 1);
		slot->dirty = 1;
	}
	LWLockRelease(XactSLRULock);
}

void
CheckPointCLOG(void)
{
	int i;

	LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
	for (i = 0; i < CLOG_NUM_SLOTS; i++)
	{
		ClogSlot *slot = &clog->slots[i];

		if (slot->page == CLOG_NO_PAGE || !slot->dirty)
			continue;
		WriteSlot(slot);
	}
	LWLockRelease(XactSLRULock);
}

/*
 * Does every xid of page1 precede every xid of page2; modulo 2^32.  The two may
 * be almost half of all xids apart, so both ends of page2 are looked at; the
 * special xids at the start of page 0 are not compared.
 */
static bool
CLOGPagePrecedes(int32 page1, int32 page2)
{
	TransactionId xid1 = (TransactionId) page1 * CLOG_XACTS_PER_PAGE +
	                     FirstNormalTransactionId + 1;
	TransactionId xid2 = (TransactionId) page2 * CLOG_XACTS_PER_PAGE +
	                     FirstNormalTransactionId + 1;

	return TransactionIdPrecedes(xid1, xid2) &&
	       TransactionIdPrecedes(xid1, xid2 + CLOG_XACTS_PER_PAGE - 1);
}

/* Slots whose pages are needed no more are emptied, dirty or not. */
static void
ForgetOldPages(int32 cutoffPage)
{
	LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
	for (int i = 0; i < CLOG_NUM_SLOTS; i++)
	{
		ClogSlot *slot = &clog->slots[i];

		if (slot->page == CLOG_NO_PAGE ||
		    !CLOGPagePrecedes(slot->page, cutoffPage))
			continue;
		pg_atomic_fetch_add_u64(&slot->version, 1);
		slot->page = CLOG_NO_PAGE;
		slot->dirty = 0;
		slot->lsn = InvalidXLogRecPtr;
	}
	LWLockRelease(XactSLRULock);
}

/* The number of files with old pages only; they are removed if asked. */
static int
OldSegments(int32 cutoffPage, bool remove)
{
	DIR *dir = AllocateDir("pg_xact");
	struct dirent *entry;
	int found = 0;

	while ((entry = ReadDir(dir, "pg_xact")) != NULL)
	{
		char path[MAXPGPATH];
		int32 segment;

		if (strlen(entry->d_name) != 4 ||
		    strspn(entry->d_name, "0123456789ABCDEF") != 4)
			continue;
		segment = (int32) strtol(entry->d_name, NULL, 16);
		if (!CLOGPagePrecedes(segment * CLOG_PAGES_PER_SEGMENT, cutoffPage) ||
		    !CLOGPagePrecedes((segment + 1) * CLOG_PAGES_PER_SEGMENT - 1,
		                      cutoffPage))
			continue;
		found++;
		if (!remove)
			continue;
		snprintf(path, sizeof(path), "pg_xact/%s", entry->d_name);
		INJECTION_POINT("clog-unlink");
		if (sys_unlink(path) != 0)
			ereport(LOG, (errcode_for_file_access(),
			              errmsg("could not remove file \"%s\": %m", path)));
	}
	FreeDir(dir);
	return found;
}

/* The record is on disk before a file goes. */
void
TruncateCLOG(TransactionId oldestXact, Oid oldestxid_datoid)
{
	xl_clog_truncate xlrec = {
		.pageno = TransactionIdToPage(oldestXact),
		.oldestXact = oldestXact,
		.oldestXactDb = oldestxid_datoid,
	};

	if (OldSegments(xlrec.pageno, false) == 0)
		return;
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, sizeof(xlrec));
	XLogFlush(XLogInsert(RM_CLOG_ID, CLOG_TRUNCATE));
	INJECTION_POINT("clog-truncate");
	ForgetOldPages(xlrec.pageno);
	(void) OldSegments(xlrec.pageno, true);
}

void
clog_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	if (info == CLOG_ZEROPAGE)
	{
		int32 page;

		memcpy(&page, XLogRecGetData(record), sizeof(page));
		LWLockAcquire(XactSLRULock, LW_EXCLUSIVE);
		ZeroCLOGPage(page, false);
		LWLockRelease(XactSLRULock);
	}
	else if (info == CLOG_TRUNCATE)
	{
		xl_clog_truncate xlrec;

		memcpy(&xlrec, XLogRecGetData(record), sizeof(xlrec));
		ForgetOldPages(xlrec.pageno);
		(void) OldSegments(xlrec.pageno, true);
	}
	else
		elog(PANIC, "clog_redo: unknown op code %u", info);
}

void
clog_desc(StringInfo buf, XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	if (info == CLOG_ZEROPAGE)
	{
		int32 page;

		memcpy(&page, XLogRecGetData(record), sizeof(page));
		appendStringInfo(buf, "page %d", page);
	}
	else if (info == CLOG_TRUNCATE)
	{
		xl_clog_truncate xlrec;

		memcpy(&xlrec, XLogRecGetData(record), sizeof(xlrec));
		appendStringInfo(buf, "page %d; oldestXact %u", xlrec.pageno,
		                 xlrec.oldestXact);
	}
}

const char *
clog_identify(uint8 info)
{
	switch (info & ~XLR_INFO_MASK)
	{
		case CLOG_ZEROPAGE:
			return "ZEROPAGE";
		case CLOG_TRUNCATE:
			return "TRUNCATE";
		default:
			return NULL;
	}
}
