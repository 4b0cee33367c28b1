/*
 * xlogdesc.c
 *		Records of the log in words, as pg_waldump 15 shows them: for messages
 *		of recovery, where one must know which record failed.
 *
 * Corresponds to PostgreSQL's rmgrdesc/xlogdesc.c.
 */
#include "postgres.h"

#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlogreader.h"
#include "access/xlogrecord.h"
#include "catalog/pg_control.h"
#include "utils/timestamp.h"

static const char *
WalLevelName(int level)
{
	switch (level)
	{
		case WAL_LEVEL_MINIMAL:
			return "minimal";
		case WAL_LEVEL_REPLICA:
			return "replica";
		case WAL_LEVEL_LOGICAL:
			return "logical";
		default:
			return "?";
	}
}

static void
DescribeCheckPoint(StringInfo buf, const CheckPoint *checkpoint, bool shutdown)
{
	appendStringInfo(
		buf,
		"redo %X/%X; tli %u; prev tli %u; fpw %s; xid %u:%u; oid %u; multi "
		"%u; offset %u; oldest xid %u in DB %u; oldest multi %u in DB %u; "
		"oldest/newest commit timestamp xid: %u/%u; oldest running xid %u; "
		"%s",
		LSN_FORMAT_ARGS(checkpoint->redo), checkpoint->ThisTimeLineID,
		checkpoint->PrevTimeLineID,
		checkpoint->fullPageWrites ? "true" : "false",
		(uint32) (checkpoint->nextXid >> 32), (uint32) checkpoint->nextXid,
		checkpoint->nextOid, checkpoint->nextMulti, checkpoint->nextMultiOffset,
		checkpoint->oldestXid, checkpoint->oldestXidDB, checkpoint->oldestMulti,
		checkpoint->oldestMultiDB, checkpoint->oldestCommitTsXid,
		checkpoint->newestCommitTsXid, checkpoint->oldestActiveXid,
		shutdown ? "shutdown" : "online");
}

static void
DescribeParameterChange(StringInfo buf, const xl_parameter_change *xlrec)
{
	appendStringInfo(buf,
	                 "max_connections=%d max_worker_processes=%d "
	                 "max_wal_senders=%d max_prepared_xacts=%d "
	                 "max_locks_per_xact=%d wal_level=%s wal_log_hints=%s "
	                 "track_commit_timestamp=%s",
	                 xlrec->MaxConnections, xlrec->max_worker_processes,
	                 xlrec->max_wal_senders, xlrec->max_prepared_xacts,
	                 xlrec->max_locks_per_xact, WalLevelName(xlrec->wal_level),
	                 xlrec->wal_log_hints ? "on" : "off",
	                 xlrec->track_commit_timestamp ? "on" : "off");
}

void
xlog_desc(StringInfo buf, XLogReaderState *record)
{
	char *rec = XLogRecGetData(record);
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	switch (info)
	{
		case XLOG_CHECKPOINT_SHUTDOWN:
		case XLOG_CHECKPOINT_ONLINE:
			DescribeCheckPoint(buf, (CheckPoint *) rec,
			                   info == XLOG_CHECKPOINT_SHUTDOWN);
			break;
		case XLOG_NEXTOID:
			appendStringInfo(buf, "%u", *(Oid *) rec);
			break;
		case XLOG_RESTORE_POINT:
			appendStringInfoString(buf, ((xl_restore_point *) rec)->rp_name);
			break;
		case XLOG_BACKUP_END:
			appendStringInfo(buf, "%X/%X",
			                 LSN_FORMAT_ARGS(*(XLogRecPtr *) rec));
			break;
		case XLOG_PARAMETER_CHANGE:
			DescribeParameterChange(buf, (xl_parameter_change *) rec);
			break;
		case XLOG_FPW_CHANGE:
			appendStringInfoString(buf, *(bool *) rec ? "true" : "false");
			break;
		case XLOG_END_OF_RECOVERY:
		{
			xl_end_of_recovery *xlrec = (xl_end_of_recovery *) rec;

			appendStringInfo(buf, "tli %u; prev tli %u; time %s",
			                 xlrec->ThisTimeLineID, xlrec->PrevTimeLineID,
			                 timestamptz_to_str(xlrec->end_time));
			break;
		}
		case XLOG_OVERWRITE_CONTRECORD:
		{
			xl_overwrite_contrecord *xlrec = (xl_overwrite_contrecord *) rec;

			appendStringInfo(buf, "lsn %X/%X; time %s",
			                 LSN_FORMAT_ARGS(xlrec->overwritten_lsn),
			                 timestamptz_to_str(xlrec->overwrite_time));
			break;
		}
	}
}

const char *
xlog_identify(uint8 info)
{
	switch (info & ~XLR_INFO_MASK)
	{
		case XLOG_CHECKPOINT_SHUTDOWN:
			return "CHECKPOINT_SHUTDOWN";
		case XLOG_CHECKPOINT_ONLINE:
			return "CHECKPOINT_ONLINE";
		case XLOG_NOOP:
			return "NOOP";
		case XLOG_NEXTOID:
			return "NEXTOID";
		case XLOG_SWITCH:
			return "SWITCH";
		case XLOG_BACKUP_END:
			return "BACKUP_END";
		case XLOG_PARAMETER_CHANGE:
			return "PARAMETER_CHANGE";
		case XLOG_RESTORE_POINT:
			return "RESTORE_POINT";
		case XLOG_FPW_CHANGE:
			return "FPW_CHANGE";
		case XLOG_END_OF_RECOVERY:
			return "END_OF_RECOVERY";
		case XLOG_OVERWRITE_CONTRECORD:
			return "OVERWRITE_CONTRECORD";
		case XLOG_FPI:
			return "FPI";
		case XLOG_FPI_FOR_HINT:
			return "FPI_FOR_HINT";
		default:
			return NULL;
	}
}

/* "Heap/INSERT: off 1 flags 0x00", without the blocks. */
void
xlog_outdesc(StringInfo buf, XLogReaderState *record)
{
	const RmgrData *rmgr = &RmgrTable[XLogRecGetRmid(record)];
	uint8 info = XLogRecGetInfo(record);
	const char *id = rmgr->rm_identify ? rmgr->rm_identify(info) : NULL;

	appendStringInfo(buf, "%s/", rmgr->rm_name ? rmgr->rm_name : "?");
	if (id == NULL)
		appendStringInfo(buf, "UNKNOWN (%X): ", info & ~XLR_INFO_MASK);
	else
		appendStringInfo(buf, "%s: ", id);
	if (rmgr->rm_desc)
		rmgr->rm_desc(buf, record);
}

/* "; blkref #0: rel 1663/5/16384, blk 2 FPW" for each block. */
void
xlog_block_info(StringInfo buf, XLogReaderState *record)
{
	for (int block_id = 0; block_id <= XLogRecMaxBlockId(record); block_id++)
	{
		RelFileNode rnode;
		ForkNumber forknum;
		BlockNumber blk;

		if (!XLogRecGetBlockTagExtended(record, block_id, &rnode, &forknum,
		                                &blk, NULL))
			continue;
		appendStringInfo(buf, "; blkref #%d: rel %u/%u/%u", block_id,
		                 rnode.spcNode, rnode.dbNode, rnode.relNode);
		if (forknum != MAIN_FORKNUM)
			appendStringInfo(buf, ", fork %u", forknum);
		appendStringInfo(buf, ", blk %u", blk);
		if (XLogRecHasBlockImage(record, block_id))
			appendStringInfoString(buf, " FPW");
	}
}
