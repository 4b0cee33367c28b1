/*
 * xlogreader.c
 *		Reading records of the log: finding, checking, taking apart.
 *
 * The log has no mark at its end.  A record is believed if the headers of the
 * pages that it is on are what they must be at that place, if its own header is
 * plausible and links to the record before, if the pages that continue it say
 * so with the right length, and if its CRC fits.  Behind the end lie zeros, or
 * pages of a recycled segment with other addresses, or a page of an unfinished
 * write; some check fails then, which is how the end is known.  Hence nothing
 * here raises an error: XLogReadRecord returns NULL and says why.
 *
 * A record's length is garbage until its header is checked, and its header may
 * lie on two pages: memory for a long record is taken as its pages come in.
 *
 * Corresponds to PostgreSQL's xlogreader.c; records are decoded one at a time,
 * without the queue that its prefetcher reads ahead in.
 */
#include "postgres.h"

#include <unistd.h>

#include "access/transam.h"
#include "access/xlog_internal.h"
#include "access/xlogreader.h"
#include "access/xlogrecord.h"
#include "catalog/pg_control.h"
#include "port/sys.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#define FIRST_RECORD_BUFFER (5 * XLOG_BLCKSZ)

static void report_invalid_record(XLogReaderState *state, const char *fmt, ...)
	pg_attribute_printf(2, 3);
static int
ReadPageInternal(XLogReaderState *state, XLogRecPtr pageptr, int reqLen);
static bool ValidXLogRecordHeader(XLogReaderState *state, XLogRecPtr RecPtr,
                                  XLogRecPtr PrevRecPtr, XLogRecord *record,
                                  bool randAccess);
static bool
ValidXLogRecord(XLogReaderState *state, XLogRecord *record, XLogRecPtr recptr);

static void
report_invalid_record(XLogReaderState *state, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(state->errormsg_buf, MAX_ERRORMSG_LEN, fmt, args);
	va_end(args);
}

/* ---------------------------------------------------------------------------
 * Life cycle
 * ---------------------------------------------------------------------------
 */

XLogReaderState *
XLogReaderAllocate(int wal_segment_size, const char *waldir,
                   XLogReaderRoutine *routine, void *private_data)
{
	XLogReaderState *state = palloc_extended(
		sizeof(XLogReaderState), MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);

	if (state == NULL)
		return NULL;
	state->routine = *routine;
	state->private_data = private_data;
	state->seg.ws_file = -1;
	state->segcxt.ws_segsize = wal_segment_size;
	if (waldir)
		strlcpy(state->segcxt.ws_dir, waldir, MAXPGPATH);
	state->readBuf = palloc_extended(XLOG_BLCKSZ, MCXT_ALLOC_NO_OOM);
	state->errormsg_buf =
		palloc_extended(MAX_ERRORMSG_LEN + 1, MCXT_ALLOC_NO_OOM);
	state->readRecordBuf =
		palloc_extended(FIRST_RECORD_BUFFER, MCXT_ALLOC_NO_OOM);
	state->readRecordBufSize = FIRST_RECORD_BUFFER;
	if (!state->readBuf || !state->errormsg_buf || !state->readRecordBuf)
	{
		XLogReaderFree(state);
		return NULL;
	}
	state->errormsg_buf[0] = '\0';
	return state;
}

void
XLogReaderFree(XLogReaderState *state)
{
	if (state->seg.ws_file != -1 && state->routine.segment_close)
		state->routine.segment_close(state);
	if (state->decode_buffer)
		pfree(state->decode_buffer);
	if (state->readRecordBuf)
		pfree(state->readRecordBuf);
	if (state->errormsg_buf)
		pfree(state->errormsg_buf);
	if (state->readBuf)
		pfree(state->readBuf);
	pfree(state);
}

void
XLogReaderInvalReadState(XLogReaderState *state)
{
	state->seg.ws_segno = 0;
	state->segoff = 0;
	state->readLen = 0;
}

void
XLogBeginRead(XLogReaderState *state, XLogRecPtr RecPtr)
{
	Assert(!XLogRecPtrIsInvalid(RecPtr));
	state->DecodeRecPtr = InvalidXLogRecPtr;
	state->ReadRecPtr = InvalidXLogRecPtr;
	state->EndRecPtr = RecPtr;
	state->NextRecPtr = RecPtr;
	state->record = NULL;
}

/* ---------------------------------------------------------------------------
 * Records
 * ---------------------------------------------------------------------------
 */

/* At least doubled, so that growing page by page stays linear. */
static bool
GrowRecordBuffer(XLogReaderState *state, uint32 needed, uint32 used)
{
	uint32 newsize = state->readRecordBufSize;
	char *newbuf;

	if (needed <= newsize)
		return true;
	if (needed > XLogRecordMaxSize)
		return false;
	newsize = Max(needed, Min(2 * newsize, (uint32) XLogRecordMaxSize));
	newbuf = palloc_extended(newsize, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE);
	if (newbuf == NULL)
		return false;
	memcpy(newbuf, state->readRecordBuf, used);
	pfree(state->readRecordBuf);
	state->readRecordBuf = newbuf;
	state->readRecordBufSize = newsize;
	return true;
}

typedef enum AssembleResult
{
	ASSEMBLE_OK,
	ASSEMBLE_FAIL,
	ASSEMBLE_OVERWRITTEN /* given up by its writer: go on at *pageptr */
} AssembleResult;

/*
 * A record that goes on behind its first page, into readRecordBuf.  *pageptr:
 * the page last looked at; state->NextRecPtr is set on success.
 */
static AssembleResult
AssembleRecord(XLogReaderState *state, XLogRecPtr RecPtr, XLogRecPtr *pageptr,
               uint32 total_len, bool gotheader, bool randAccess)
{
	uint32 gotlen = XLOG_BLCKSZ - RecPtr % XLOG_BLCKSZ;
	XLogRecord *record;
	XLogPageHeader pageHeader;
	uint32 pageHeaderSize;

	memcpy(state->readRecordBuf, state->readBuf + RecPtr % XLOG_BLCKSZ, gotlen);
	do
	{
		uint32 len;
		int readOff;

		*pageptr += XLOG_BLCKSZ;
		readOff = ReadPageInternal(
			state, *pageptr,
			Min(total_len - gotlen + SizeOfXLogShortPHD, XLOG_BLCKSZ));
		if (readOff < 0)
			return ASSEMBLE_FAIL;
		Assert(SizeOfXLogShortPHD <= readOff);
		pageHeader = (XLogPageHeader) state->readBuf;

		/* The writer came back after a crash and wrote over the rest. */
		if (pageHeader->xlp_info & XLP_FIRST_IS_OVERWRITE_CONTRECORD)
		{
			state->overwrittenRecPtr = RecPtr;
			return ASSEMBLE_OVERWRITTEN;
		}
		if (!(pageHeader->xlp_info & XLP_FIRST_IS_CONTRECORD))
		{
			report_invalid_record(state, "there is no contrecord flag at %X/%X",
			                      LSN_FORMAT_ARGS(RecPtr));
			return ASSEMBLE_FAIL;
		}
		if (pageHeader->xlp_rem_len == 0 ||
		    (uint64) total_len != (uint64) pageHeader->xlp_rem_len + gotlen)
		{
			report_invalid_record(
				state, "invalid contrecord length %u (expected %lld) at %X/%X",
				pageHeader->xlp_rem_len, ((long long) total_len) - gotlen,
				LSN_FORMAT_ARGS(RecPtr));
			return ASSEMBLE_FAIL;
		}

		pageHeaderSize = XLogPageHeaderSize(pageHeader);
		len = Min(XLOG_BLCKSZ - pageHeaderSize, pageHeader->xlp_rem_len);
		if (readOff < pageHeaderSize + len)
			readOff = ReadPageInternal(state, *pageptr, pageHeaderSize + len);
		if (readOff < 0)
			return ASSEMBLE_FAIL;
		if (!GrowRecordBuffer(state, gotlen + len, gotlen))
		{
			report_invalid_record(state, "record length %u at %X/%X too long",
			                      total_len, LSN_FORMAT_ARGS(RecPtr));
			return ASSEMBLE_FAIL;
		}
		memcpy(state->readRecordBuf + gotlen, state->readBuf + pageHeaderSize,
		       len);
		gotlen += len;

		record = (XLogRecord *) state->readRecordBuf;
		if (!gotheader)
		{
			if (!ValidXLogRecordHeader(state, RecPtr, state->DecodeRecPtr,
			                           record, randAccess))
				return ASSEMBLE_FAIL;
			gotheader = true;
		}
	} while (gotlen < total_len);

	if (!ValidXLogRecord(state, record, RecPtr))
		return ASSEMBLE_FAIL;
	state->NextRecPtr =
		*pageptr + pageHeaderSize + MAXALIGN(pageHeader->xlp_rem_len);
	return ASSEMBLE_OK;
}

/*
 * Reads the page of *RecPtr, which goes on behind the page's header if it is
 * the page's beginning.  False: no record can begin there.
 */
static bool
ReadPageOfRecord(XLogReaderState *state, XLogRecPtr *RecPtr)
{
	XLogRecPtr targetPagePtr = *RecPtr - *RecPtr % XLOG_BLCKSZ;
	uint32 targetRecOff = *RecPtr % XLOG_BLCKSZ;
	XLogPageHeader header = (XLogPageHeader) state->readBuf;
	uint32 pageHeaderSize;

	if (ReadPageInternal(state, targetPagePtr,
	                     Min(targetRecOff + SizeOfXLogRecord, XLOG_BLCKSZ)) < 0)
		return false;
	pageHeaderSize = XLogPageHeaderSize(header);
	if (targetRecOff == 0)
	{
		*RecPtr += pageHeaderSize;
		targetRecOff = pageHeaderSize;
		/* the header took some of what was asked for */
		if (ReadPageInternal(state, targetPagePtr,
		                     targetRecOff + SizeOfXLogRecord) < 0)
			return false;
	}
	else if (targetRecOff < pageHeaderSize)
	{
		report_invalid_record(state, "invalid record offset at %X/%X",
		                      LSN_FORMAT_ARGS(*RecPtr));
		return false;
	}
	if ((header->xlp_info & XLP_FIRST_IS_CONTRECORD) &&
	    targetRecOff == pageHeaderSize)
	{
		report_invalid_record(state, "contrecord is requested by %X/%X",
		                      LSN_FORMAT_ARGS(*RecPtr));
		return false;
	}
	return true;
}

/*
 * What of the record's header is on its first page: the length always, the
 * rest (*gotheader) perhaps not.
 */
static bool
CheckBeginOfRecord(XLogReaderState *state, XLogRecPtr RecPtr,
                   XLogRecord *record, bool randAccess, bool *gotheader)
{
	*gotheader = RecPtr % XLOG_BLCKSZ <= XLOG_BLCKSZ - SizeOfXLogRecord;
	if (*gotheader)
		return ValidXLogRecordHeader(state, RecPtr, state->DecodeRecPtr, record,
		                             randAccess);
	if (record->xl_tot_len < SizeOfXLogRecord)
	{
		report_invalid_record(
			state, "invalid record length at %X/%X: wanted %u, got %u",
			LSN_FORMAT_ARGS(RecPtr), (uint32) SizeOfXLogRecord,
			record->xl_tot_len);
		return false;
	}
	return true;
}

/*
 * The record at state->NextRecPtr, checked; NextRecPtr goes on to the next.
 * *lsn: where it begins.  NULL with errormsg_buf (perhaps empty).
 */
static XLogRecord *
FetchRecord(XLogReaderState *state, XLogRecPtr *lsn)
{
	XLogRecPtr RecPtr = state->NextRecPtr;
	bool randAccess = XLogRecPtrIsInvalid(state->DecodeRecPtr);
	bool gotheader;
	bool crosses = false;
	XLogRecPtr targetPagePtr;
	uint32 targetRecOff;
	uint32 total_len;
	XLogRecord *record;

	state->errormsg_buf[0] = '\0';
	state->abortedRecPtr = InvalidXLogRecPtr;
	state->missingContrecPtr = InvalidXLogRecPtr;
	Assert(!randAccess || XRecOffIsValid(RecPtr) || RecPtr % XLOG_BLCKSZ == 0);

restart:
	state->currRecPtr = RecPtr;
	if (!ReadPageOfRecord(state, &RecPtr))
		goto err;
	targetRecOff = RecPtr % XLOG_BLCKSZ;
	targetPagePtr = RecPtr - targetRecOff;
	record = (XLogRecord *) (state->readBuf + targetRecOff);
	total_len = record->xl_tot_len;
	if (!CheckBeginOfRecord(state, RecPtr, record, randAccess, &gotheader))
		goto err;

	if (total_len > XLOG_BLCKSZ - targetRecOff)
	{
		crosses = true;
		switch (AssembleRecord(state, RecPtr, &targetPagePtr, total_len,
		                       gotheader, randAccess))
		{
			case ASSEMBLE_OVERWRITTEN:
				crosses = false;
				RecPtr = targetPagePtr;
				goto restart;
			case ASSEMBLE_FAIL:
				goto err;
			case ASSEMBLE_OK:
				record = (XLogRecord *) state->readRecordBuf;
		}
	}
	else
	{
		if (ReadPageInternal(state, targetPagePtr, targetRecOff + total_len) <
		    0)
			goto err;
		if (!ValidXLogRecord(state, record, RecPtr))
			goto err;
		state->NextRecPtr = RecPtr + MAXALIGN(total_len);
	}
	state->DecodeRecPtr = RecPtr;
	*lsn = RecPtr;

	/* Behind a switch record is nothing up to the end of the segment. */
	if (record->xl_rmid == RM_XLOG_ID &&
	    (record->xl_info & ~XLR_INFO_MASK) == XLOG_SWITCH)
	{
		state->NextRecPtr += state->segcxt.ws_segsize - 1;
		state->NextRecPtr -=
			XLogSegmentOffset(state->NextRecPtr, state->segcxt.ws_segsize);
	}
	return record;

err:
	if (crosses)
	{
		/* Whoever writes next begins on that page, not at the record. */
		state->abortedRecPtr = RecPtr;
		state->missingContrecPtr = targetPagePtr;
	}
	/* The page may be incomplete: read it again the next time. */
	XLogReaderInvalReadState(state);
	return NULL;
}

XLogRecord *
XLogReadRecord(XLogReaderState *state, char **errormsg)
{
	XLogRecPtr lsn = InvalidXLogRecPtr;
	XLogRecord *record;
	size_t required;

	*errormsg = NULL;
	state->record = NULL;
	record = FetchRecord(state, &lsn);
	if (record == NULL)
	{
		if (state->errormsg_buf[0] != '\0')
			*errormsg = state->errormsg_buf;
		return NULL;
	}

	required = DecodeXLogRecordRequiredSpace(record->xl_tot_len);
	if (required > state->decode_buffer_size)
	{
		if (state->decode_buffer)
			pfree(state->decode_buffer);
		state->decode_buffer_size = 0;
		state->decode_buffer =
			palloc_extended(required, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE);
		if (state->decode_buffer == NULL)
		{
			report_invalid_record(state, "record length %u at %X/%X too long",
			                      record->xl_tot_len, LSN_FORMAT_ARGS(lsn));
			*errormsg = state->errormsg_buf;
			return NULL;
		}
		state->decode_buffer_size = required;
	}
	if (!DecodeXLogRecord(state, (DecodedXLogRecord *) state->decode_buffer,
	                      record, lsn, errormsg))
		return NULL;
	state->record = (DecodedXLogRecord *) state->decode_buffer;
	state->record->next_lsn = state->NextRecPtr;
	state->ReadRecPtr = lsn;
	state->EndRecPtr = state->NextRecPtr;
	return &state->record->header;
}

/*
 * Steps over continued records: a page's first record begins behind what is
 * left of the one before.
 */
XLogRecPtr
XLogFindNextRecord(XLogReaderState *state, XLogRecPtr RecPtr)
{
	XLogRecPtr tmpRecPtr = RecPtr;
	XLogRecPtr found = InvalidXLogRecPtr;
	char *errormsg;

	Assert(!XLogRecPtrIsInvalid(RecPtr));
	for (;;)
	{
		uint32 targetRecOff = tmpRecPtr % XLOG_BLCKSZ;
		XLogRecPtr targetPagePtr = tmpRecPtr - targetRecOff;
		XLogPageHeader header;
		uint32 pageHeaderSize;

		if (ReadPageInternal(state, targetPagePtr, SizeOfXLogLongPHD) < 0)
			goto done;
		header = (XLogPageHeader) state->readBuf;
		pageHeaderSize = XLogPageHeaderSize(header);
		if (!(header->xlp_info & XLP_FIRST_IS_CONTRECORD))
		{
			tmpRecPtr = targetPagePtr + pageHeaderSize;
			break;
		}
		if (MAXALIGN(header->xlp_rem_len) <= XLOG_BLCKSZ - pageHeaderSize)
		{
			tmpRecPtr =
				targetPagePtr + pageHeaderSize + MAXALIGN(header->xlp_rem_len);
			break;
		}
		tmpRecPtr = targetPagePtr + XLOG_BLCKSZ;
	}

	XLogBeginRead(state, tmpRecPtr);
	while (XLogReadRecord(state, &errormsg) != NULL)
	{
		if (RecPtr <= state->ReadRecPtr)
		{
			found = state->ReadRecPtr;
			XLogBeginRead(state, found);
			return found;
		}
	}
done:
	XLogReaderInvalReadState(state);
	return InvalidXLogRecPtr;
}

/* ---------------------------------------------------------------------------
 * Pages
 * ---------------------------------------------------------------------------
 */

/* At least reqLen bytes of the page, with a good header; -1 if not. */
static int
ReadPageInternal(XLogReaderState *state, XLogRecPtr pageptr, int reqLen)
{
	int segsize = state->segcxt.ws_segsize;
	uint32 targetPageOff = XLogSegmentOffset(pageptr, segsize);
	XLogSegNo targetSegNo = pageptr / segsize;
	XLogPageHeader hdr;
	int readLen;

	Assert(pageptr % XLOG_BLCKSZ == 0 && reqLen <= XLOG_BLCKSZ);
	if (targetSegNo == state->seg.ws_segno && targetPageOff == state->segoff &&
	    reqLen <= state->readLen)
		return state->readLen;
	state->readLen = 0;

	/*
	 * A segment's first page has the long header, with the system identifier:
	 * checked before anything of the segment is believed.
	 */
	if (targetSegNo != state->seg.ws_segno && targetPageOff != 0)
	{
		XLogRecPtr targetSegmentPtr = pageptr - targetPageOff;

		readLen = state->routine.page_read(state, targetSegmentPtr, XLOG_BLCKSZ,
		                                   state->currRecPtr, state->readBuf);
		if (readLen < 0)
			goto err;
		Assert(readLen == XLOG_BLCKSZ);
		if (!XLogReaderValidatePageHeader(state, targetSegmentPtr,
		                                  state->readBuf))
			goto err;
	}

	readLen = state->routine.page_read(state, pageptr,
	                                   Max(reqLen, (int) SizeOfXLogShortPHD),
	                                   state->currRecPtr, state->readBuf);
	if (readLen < 0)
		goto err;
	if (readLen <= SizeOfXLogShortPHD)
		goto err;
	hdr = (XLogPageHeader) state->readBuf;
	if (readLen < XLogPageHeaderSize(hdr))
	{
		readLen =
			state->routine.page_read(state, pageptr, XLogPageHeaderSize(hdr),
		                             state->currRecPtr, state->readBuf);
		if (readLen < 0)
			goto err;
	}
	if (!XLogReaderValidatePageHeader(state, pageptr, (char *) hdr))
		goto err;

	state->seg.ws_segno = targetSegNo;
	state->segoff = targetPageOff;
	state->readLen = readLen;
	return readLen;

err:
	XLogReaderInvalReadState(state);
	return -1;
}

static bool
ValidateLongHeader(XLogReaderState *state, XLogLongPageHeader longhdr)
{
	if (state->system_identifier &&
	    longhdr->xlp_sysid != state->system_identifier)
	{
		report_invalid_record(
			state,
			"WAL file is from different database system: WAL file database "
			"system identifier is %llu, pg_control database system identifier "
			"is %llu",
			(unsigned long long) longhdr->xlp_sysid,
			(unsigned long long) state->system_identifier);
		return false;
	}
	if (longhdr->xlp_seg_size != state->segcxt.ws_segsize)
	{
		report_invalid_record(state,
		                      "WAL file is from different database system: "
		                      "incorrect segment size in page header");
		return false;
	}
	if (longhdr->xlp_xlog_blcksz != XLOG_BLCKSZ)
	{
		report_invalid_record(state,
		                      "WAL file is from different database system: "
		                      "incorrect XLOG_BLCKSZ in page header");
		return false;
	}
	return true;
}

bool
XLogReaderValidatePageHeader(XLogReaderState *state, XLogRecPtr recptr,
                             char *phdr)
{
	XLogPageHeader hdr = (XLogPageHeader) phdr;
	int segsize = state->segcxt.ws_segsize;
	XLogSegNo segno = recptr / segsize;
	uint32 offset = XLogSegmentOffset(recptr, segsize);
	char fname[MAXFNAMELEN];

	Assert(recptr % XLOG_BLCKSZ == 0);
	XLogFileName(fname, state->seg.ws_tli, segno, segsize);
	if (hdr->xlp_magic != XLOG_PAGE_MAGIC)
	{
		report_invalid_record(
			state, "invalid magic number %04X in log segment %s, offset %u",
			hdr->xlp_magic, fname, offset);
		return false;
	}
	if ((hdr->xlp_info & ~XLP_ALL_FLAGS) != 0 ||
	    (!(hdr->xlp_info & XLP_LONG_HEADER) && offset == 0))
	{
		report_invalid_record(
			state, "invalid info bits %04X in log segment %s, offset %u",
			hdr->xlp_info, fname, offset);
		return false;
	}
	if ((hdr->xlp_info & XLP_LONG_HEADER) &&
	    !ValidateLongHeader(state, (XLogLongPageHeader) hdr))
		return false;

	/* A page of a recycled segment. */
	if (hdr->xlp_pageaddr != recptr)
	{
		report_invalid_record(
			state, "unexpected pageaddr %X/%X in log segment %s, offset %u",
			LSN_FORMAT_ARGS(hdr->xlp_pageaddr), fname, offset);
		return false;
	}

	/* When pages are read in order, their timelines do not go back. */
	if (recptr > state->latestPagePtr && hdr->xlp_tli < state->latestPageTLI)
	{
		report_invalid_record(state,
		                      "out-of-sequence timeline ID %u (after %u) in "
		                      "log segment %s, offset %u",
		                      hdr->xlp_tli, state->latestPageTLI, fname,
		                      offset);
		return false;
	}
	state->latestPagePtr = recptr;
	state->latestPageTLI = hdr->xlp_tli;
	return true;
}

static bool
ValidXLogRecordHeader(XLogReaderState *state, XLogRecPtr RecPtr,
                      XLogRecPtr PrevRecPtr, XLogRecord *record,
                      bool randAccess)
{
	if (record->xl_tot_len < SizeOfXLogRecord)
	{
		report_invalid_record(
			state, "invalid record length at %X/%X: wanted %u, got %u",
			LSN_FORMAT_ARGS(RecPtr), (uint32) SizeOfXLogRecord,
			record->xl_tot_len);
		return false;
	}
	if (!RmgrIdIsValid(record->xl_rmid))
	{
		report_invalid_record(state, "invalid resource manager ID %u at %X/%X",
		                      record->xl_rmid, LSN_FORMAT_ARGS(RecPtr));
		return false;
	}
	/* At a random place all we know is that it links backwards. */
	if (randAccess ? !(record->xl_prev < RecPtr)
	               : record->xl_prev != PrevRecPtr)
	{
		report_invalid_record(
			state, "record with incorrect prev-link %X/%X at %X/%X",
			LSN_FORMAT_ARGS(record->xl_prev), LSN_FORMAT_ARGS(RecPtr));
		return false;
	}
	return true;
}

static bool
ValidXLogRecord(XLogReaderState *state, XLogRecord *record, XLogRecPtr recptr)
{
	pg_crc32c crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, (char *) record + SizeOfXLogRecord,
	            record->xl_tot_len - SizeOfXLogRecord);
	COMP_CRC32C(crc, (char *) record, offsetof(XLogRecord, xl_crc));
	FIN_CRC32C(crc);
	if (!EQ_CRC32C(record->xl_crc, crc))
	{
		report_invalid_record(
			state,
			"incorrect resource manager data checksum in record at %X/%X",
			LSN_FORMAT_ARGS(recptr));
		return false;
	}
	return true;
}

/*
 * For page_read callbacks over segment files.  False: errinfo says what went
 * wrong (wre_read 0: the file is short).
 */
bool
WALRead(XLogReaderState *state, char *buf, XLogRecPtr startptr, Size count,
        TimeLineID tli, WALReadError *errinfo)
{
	int segsize = state->segcxt.ws_segsize;

	while (count > 0)
	{
		uint32 startoff = XLogSegmentOffset(startptr, segsize);
		XLogSegNo segno = startptr / segsize;
		size_t segbytes = Min(count, (Size) (segsize - startoff));
		ssize_t readbytes;

		if (state->seg.ws_file < 0 || state->seg.ws_segno != segno ||
		    tli != state->seg.ws_tli)
		{
			if (state->seg.ws_file >= 0)
				state->routine.segment_close(state);
			state->seg.ws_tli = tli;
			state->routine.segment_open(state, segno, &tli);
			Assert(state->seg.ws_file >= 0);
			state->seg.ws_tli = tli;
			state->seg.ws_segno = segno;
		}
		errno = 0;
		pgstat_report_wait_start(WAIT_EVENT_WAL_READ);
		readbytes = sys_pread(state->seg.ws_file, buf, segbytes, startoff);
		pgstat_report_wait_end();
		if (readbytes <= 0)
		{
			if (errno == EINTR)
				continue;
			errinfo->wre_errno = errno;
			errinfo->wre_req = segbytes;
			errinfo->wre_read = readbytes;
			errinfo->wre_off = startoff;
			errinfo->wre_seg = state->seg;
			return false;
		}
		startptr += readbytes;
		count -= readbytes;
		buf += readbytes;
	}
	return true;
}
