/*
 * xlogstart.c
 *		Opening the log for insertion at start.
 *
 * The cluster was stopped in order, or has just been made: the log is read from
 * the last checkpoint on to find where it ends, and insertion goes on there.
 *
 * Corresponds to part of PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "access/xlogreader.h"
#include "catalog/pg_control.h"
#include "storage/fd.h"

static void
open_segment(XLogReaderState *state, XLogSegNo nextSegNo, TimeLineID *tli_p)
{
	char path[MAXPGPATH];

	XLogFilePath(path, *tli_p, nextSegNo, state->segcxt.ws_segsize);
	state->seg.ws_file = BasicOpenFile(path, O_RDONLY);
	if (state->seg.ws_file < 0)
		ereport(FATAL, (errcode_for_file_access(),
		                errmsg("could not open file \"%s\": %m", path)));
}

static void
close_segment(XLogReaderState *state)
{
	close(state->seg.ws_file);
	state->seg.ws_file = -1;
}

/* A segment that is not there is the end of the log. */
static int
read_page(XLogReaderState *state, XLogRecPtr targetPagePtr, int reqLen,
          XLogRecPtr targetRecPtr, char *readBuf)
{
	char path[MAXPGPATH];
	WALReadError errinfo;

	XLogFilePath(path, 1, XLogSegmentOf(targetPagePtr),
	             state->segcxt.ws_segsize);
	if (access(path, R_OK) != 0)
		return -1;
	if (!WALRead(state, readBuf, targetPagePtr, XLOG_BLCKSZ, 1, &errinfo))
		return -1;
	return XLOG_BLCKSZ;
}

void
StartupXLOG(void)
{
	XLogReaderState *reader;
	XLogRecPtr last = InvalidXLogRecPtr;
	XLogRecPtr end;
	PGAlignedBlock page;
	WALReadError errinfo;
	char *errormsg;

	reader = XLogReaderAllocate(
		wal_segment_size, NULL,
		XL_ROUTINE(.page_read = read_page, .segment_open = open_segment,
	               .segment_close = close_segment),
		NULL);
	if (reader == NULL)
		ereport(FATAL, (errcode(ERRCODE_OUT_OF_MEMORY),
		                errmsg("out of memory"),
		                errdetail("Failed while allocating a WAL reading "
		                          "processor.")));
	reader->system_identifier = ControlFile->system_identifier;
	XLogBeginRead(reader, ControlFile->checkPoint);
	while (XLogReadRecord(reader, &errormsg) != NULL)
		last = reader->ReadRecPtr;
	if (XLogRecPtrIsInvalid(last))
		ereport(FATAL,
		        (errmsg("could not locate a valid checkpoint record"),
		         errormsg ? errdetail_internal("%s", errormsg) : 0));
	end = reader->EndRecPtr;
	if (end % XLOG_BLCKSZ != 0 &&
	    !WALRead(reader, page.data, end - end % XLOG_BLCKSZ, XLOG_BLCKSZ, 1,
	             &errinfo))
		ereport(FATAL, (errmsg("could not read the last page of the log")));
	XLogReaderFree(reader);

	XLogBeginInsertionAt(end, last, 1, page.data);
	SetRedoRecPtr(ControlFile->checkPointCopy.redo);
	SetRecoveryState(RECOVERY_STATE_DONE);
}
