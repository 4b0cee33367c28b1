/*
 * standby.c
 *		The record of who runs, written at each checkpoint.
 *
 * A follower would begin its snapshots with it.  Crash recovery needs none:
 * what has no outcome at the end of the log has aborted.  It is written because
 * wal_level "replica" promises it to the readers of the log.
 *
 * Corresponds to that part of PostgreSQL's standby.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "storage/procarray.h"
#include "storage/standbydefs.h"

XLogRecPtr
LogStandbySnapshot(void)
{
	RunningTransactionsData *running = GetRunningTransactionData();
	xl_running_xacts xlrec = {
		.xcnt = running->xcnt,
		.nextXid = running->nextXid,
		.oldestRunningXid = running->oldestRunningXid,
		.latestCompletedXid = running->latestCompletedXid,
	};
	XLogRecPtr lsn;

	XLogBeginInsert();
	XLogSetRecordFlags(XLOG_MARK_UNIMPORTANT);
	XLogRegisterData((char *) &xlrec, MinSizeOfXactRunningXacts);
	if (xlrec.xcnt > 0)
		XLogRegisterData((char *) running->xids,
		                 xlrec.xcnt * (int) sizeof(TransactionId));
	lsn = XLogInsert(RM_STANDBY_ID, XLOG_RUNNING_XACTS);
	XLogSetAsyncXactLSN(lsn);
	pfree(running->xids);
	pfree(running);
	return lsn;
}

void
standby_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	if (info == XLOG_RUNNING_XACTS)
	{
		xl_running_xacts *xlrec = (xl_running_xacts *) XLogRecGetData(record);
		TransactionId last = xlrec->nextXid;

		TransactionIdRetreat(last);
		AdvanceNextFullTransactionIdPastXid(last);
	}
	else if (info != XLOG_STANDBY_LOCK && info != XLOG_INVALIDATIONS)
		elog(PANIC, "standby_redo: unknown op code %u", info);
}

void
standby_desc(StringInfo buf, XLogReaderState *record)
{
	xl_running_xacts *xlrec = (xl_running_xacts *) XLogRecGetData(record);

	if ((XLogRecGetInfo(record) & ~XLR_INFO_MASK) != XLOG_RUNNING_XACTS)
		return;
	appendStringInfo(
		buf, "nextXid %u latestCompletedXid %u oldestRunningXid %u",
		xlrec->nextXid, xlrec->latestCompletedXid, xlrec->oldestRunningXid);
	if (xlrec->xcnt > 0)
	{
		appendStringInfo(buf, "; %d xacts:", xlrec->xcnt);
		for (int i = 0; i < xlrec->xcnt; i++)
			appendStringInfo(buf, " %u", xlrec->xids[i]);
	}
}

const char *
standby_identify(uint8 info)
{
	switch (info & ~XLR_INFO_MASK)
	{
		case XLOG_STANDBY_LOCK:
			return "LOCK";
		case XLOG_RUNNING_XACTS:
			return "RUNNING_XACTS";
		case XLOG_INVALIDATIONS:
			return "INVALIDATIONS";
		default:
			return NULL;
	}
}
