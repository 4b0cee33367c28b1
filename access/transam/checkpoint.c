/*
 * checkpoint.c
 *		Checkpoints, and replay of the log's own records.
 *
 * A checkpoint makes replay begin later.  Its redo pointer is a place in the
 * log such that everything logged before it is in the files: replay needs only
 * what comes after.  The order of the steps is the whole protocol:
 *
 *	1. With all insertion locks held, the redo pointer becomes the place where
 *	   the next record will go.  Whoever changes a page from now on logs it with
 *	   its image, so that a torn write of it can be repaired.
 *	2. Counters are read: ids given out later are in the log after the redo
 *	   pointer.
 *	3. Who was between logging something and making it true elsewhere (commit
 *	   record and commit log; a hint's image and its dirty page) is waited for:
 *	   he set DELAY_CHKPT_START before he logged.
 *	4. Commit log, dirty pages, then fsync of all files that were written.
 *	5. The checkpoint's record, flushed.
 *	6. The control file names it.  Only from here on does it count.
 *	7. Files that were dropped before it go, and segments of the log before the
 *	   redo pointer.
 *
 * A crash before 6 leaves the former checkpoint in force, whose segments are
 * all there still; a crash after 6 leaves files too many, which the next
 * checkpoint removes.
 *
 * The last one of a life, and the one that ends recovery, run alone: their
 * record is their redo pointer, and anything inserted in between is a PANIC.
 *
 * Corresponds to the same functions of PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include <time.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "access/xloginsert.h"
#include "access/xlogutils.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "postmaster/bgwriter.h"
#include "storage/bufmgr.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/standbydefs.h"
#include "storage/sync.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#define DELAY_POLL_MS 10

/* Who has a delay flag set, as he was seen. */
typedef struct DelayingProcess
{
	ProcNumber procno;
	int pid;
	LocalTransactionId lxid;
} DelayingProcess;

/* ---------------------------------------------------------------------------
 * Lines in the server's log
 * ---------------------------------------------------------------------------
 */

static void
LogCheckpointStart(int flags)
{
	if (log_checkpoints)
		ereport(
			LOG,
			(errmsg("checkpoint starting:%s%s%s%s%s%s%s%s",
		            (flags & CHECKPOINT_IS_SHUTDOWN) ? " shutdown" : "",
		            (flags & CHECKPOINT_END_OF_RECOVERY) ? " end-of-recovery"
		                                                 : "",
		            (flags & CHECKPOINT_IMMEDIATE) ? " immediate" : "",
		            (flags & CHECKPOINT_FORCE) ? " force" : "",
		            (flags & CHECKPOINT_WAIT) ? " wait" : "",
		            (flags & CHECKPOINT_CAUSE_XLOG) ? " wal" : "",
		            (flags & CHECKPOINT_CAUSE_TIME) ? " time" : "",
		            (flags & CHECKPOINT_FLUSH_ALL) ? " flush-all" : "")));
}

static long
ms_between(TimestampTz start, TimestampTz end)
{
	return end > start ? (long) ((end - start) / 1000) : 0;
}

static void
LogCheckpointEnd(XLogRecPtr prior_redo)
{
	CheckpointStatsData *s = &CheckpointStats;
	long write_ms;
	long sync_ms;
	long total_ms;
	long longest_ms;
	long average_ms;

	s->ckpt_end_t = GetCurrentTimestamp();
	if (!log_checkpoints)
		return;
	write_ms = ms_between(s->ckpt_write_t, s->ckpt_sync_t);
	sync_ms = ms_between(s->ckpt_sync_t, s->ckpt_sync_end_t);
	total_ms = ms_between(s->ckpt_start_t, s->ckpt_end_t);
	longest_ms = (long) (s->ckpt_longest_sync / 1000);
	average_ms = s->ckpt_sync_rels > 0
	                 ? (long) (s->ckpt_agg_sync_time / s->ckpt_sync_rels / 1000)
	                 : 0;
	ereport(
		LOG,
		(errmsg("checkpoint complete: wrote %d buffers (%.1f%%); %d WAL "
	            "file(s) added, %d removed, %d recycled; write=%ld.%03d s, "
	            "sync=%ld.%03d s, total=%ld.%03d s; sync files=%d, "
	            "longest=%ld.%03d s, average=%ld.%03d s; distance=%d kB",
	            s->ckpt_bufs_written,
	            (double) s->ckpt_bufs_written * 100 / NBuffers,
	            s->ckpt_segs_added, s->ckpt_segs_removed, s->ckpt_segs_recycled,
	            write_ms / 1000, (int) (write_ms % 1000), sync_ms / 1000,
	            (int) (sync_ms % 1000), total_ms / 1000,
	            (int) (total_ms % 1000), s->ckpt_sync_rels, longest_ms / 1000,
	            (int) (longest_ms % 1000), average_ms / 1000,
	            (int) (average_ms % 1000),
	            (int) ((RedoRecPtr - prior_redo) / 1024))));
}

/* ---------------------------------------------------------------------------
 * The steps
 * ---------------------------------------------------------------------------
 */

/*
 * Waits for those who have the flag set now; who sets it later has logged after
 * the redo pointer.  The insertion locks that we have held order his store of
 * the flag before our look at it.
 */
static void
WaitForDelaying(int flag, uint32 wait_event)
{
	DelayingProcess *list = palloc(sizeof(*list) * ProcGlobal->allProcCount);
	int n = 0;

	for (uint32 i = 0; i < ProcGlobal->allProcCount; i++)
	{
		volatile PGPROC *proc = &ProcGlobal->allProcs[i];

		if ((proc->delayChkptFlags & flag) == 0)
			continue;
		list[n].procno = (ProcNumber) i;
		list[n].pid = proc->pid;
		list[n].lxid = proc->vxid.lxid;
		n++;
	}
	for (int i = 0; i < n; i++)
	{
		volatile PGPROC *proc = &ProcGlobal->allProcs[list[i].procno];

		while ((proc->delayChkptFlags & flag) != 0 &&
		       proc->pid == list[i].pid && proc->vxid.lxid == list[i].lxid)
		{
			AbsorbSyncRequests();
			(void) WaitLatch(NULL, WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
			                 DELAY_POLL_MS, wait_event);
		}
	}
	pfree(list);
}

/* Everything that is dirty to disk. */
static void
CheckPointGuts(XLogRecPtr checkPointRedo, int flags)
{
	INJECTION_POINT("checkpoint-guts");
	CheckpointStats.ckpt_write_t = GetCurrentTimestamp();
	CheckPointCLOG();
	CheckPointBuffers(flags);

	INJECTION_POINT("checkpoint-sync");
	CheckpointStats.ckpt_sync_t = GetCurrentTimestamp();
	ProcessSyncRequests();
	CheckpointStats.ckpt_sync_end_t = GetCurrentTimestamp();
}

/*
 * Step 1.  False: nothing worth a checkpoint was logged since the last one.
 */
static bool
DetermineRedo(int flags, CheckPoint *checkPoint)
{
	/* this takes each insertion lock, so it comes first */
	XLogRecPtr last_important = GetLastImportantRecPtr();

	WALInsertLockAcquireExclusive();
	if ((flags & (CHECKPOINT_IS_SHUTDOWN | CHECKPOINT_END_OF_RECOVERY |
	              CHECKPOINT_FORCE)) == 0 &&
	    last_important == ControlFile->checkPoint)
	{
		WALInsertLockRelease();
		return false;
	}
	checkPoint->fullPageWrites = XLogCtl->fullPageWrites;
	checkPoint->redo = XLogNextRecordStart();
	SetRedoRecPtr(checkPoint->redo);
	WALInsertLockRelease();
	return true;
}

/* Step 2. */
static void
ReadCounters(bool shutdown, CheckPoint *checkPoint)
{
	LWLockAcquire(XidGenLock, LW_SHARED);
	checkPoint->nextXid = ShmemVariableCache->nextXid.value;
	checkPoint->oldestXid = ShmemVariableCache->oldestXid;
	checkPoint->oldestXidDB = ShmemVariableCache->oldestXidDB;
	LWLockRelease(XidGenLock);

	/* What is prefetched may be given out without a record. */
	LWLockAcquire(OidGenLock, LW_SHARED);
	checkPoint->nextOid = ShmemVariableCache->nextOid;
	if (!shutdown)
		checkPoint->nextOid += ShmemVariableCache->oidCount;
	LWLockRelease(OidGenLock);

	checkPoint->nextMulti = ControlFile->checkPointCopy.nextMulti;
	checkPoint->nextMultiOffset = ControlFile->checkPointCopy.nextMultiOffset;
	checkPoint->oldestMulti = ControlFile->checkPointCopy.oldestMulti;
	checkPoint->oldestMultiDB = ControlFile->checkPointCopy.oldestMultiDB;
}

/* Step 6. */
static void
PublishCheckpoint(const CheckPoint *checkPoint, bool shutdown)
{
	LWLockAcquire(ControlFileLock, LW_EXCLUSIVE);
	if (shutdown)
		ControlFile->state = DB_SHUTDOWNED;
	ControlFile->checkPoint = ProcLastRecPtr;
	ControlFile->checkPointCopy = *checkPoint;
	ControlFile->minRecoveryPoint = InvalidXLogRecPtr;
	ControlFile->minRecoveryPointTLI = 0;
	SpinLockAcquire(&XLogCtl->info_lck);
	ControlFile->unloggedLSN = XLogCtl->unloggedLSN;
	SpinLockRelease(&XLogCtl->info_lck);
	INJECTION_POINT_CRITICAL("checkpoint-control-file");
	UpdateControlFile();
	LWLockRelease(ControlFileLock);

	SpinLockAcquire(&XLogCtl->info_lck);
	XLogCtl->ckptFullXid.value = checkPoint->nextXid;
	SpinLockRelease(&XLogCtl->info_lck);
}

/* Step 7. */
static void
CleanUpAfterCheckpoint(XLogRecPtr prior_redo, XLogRecPtr recptr, bool shutdown)
{
	TimeLineID tli = ControlFile->checkPointCopy.ThisTimeLineID;
	XLogSegNo segno;

	INJECTION_POINT("checkpoint-post");
	SyncPostCheckpoint();
	if (!XLogRecPtrIsInvalid(prior_redo))
		UpdateCheckPointDistanceEstimate(RedoRecPtr - prior_redo);
	XLByteToSeg(RedoRecPtr, segno, wal_segment_size);
	KeepLogSeg(recptr, &segno);
	segno--;
	RemoveOldXlogFiles(segno, RedoRecPtr, recptr, tli);
	if (!shutdown)
		PreallocXlogFiles(recptr, tli);
}

void
CreateCheckPoint(int flags)
{
	bool shutdown =
		(flags & (CHECKPOINT_IS_SHUTDOWN | CHECKPOINT_END_OF_RECOVERY)) != 0;
	CheckPoint checkPoint;
	XLogRecPtr recptr;
	XLogRecPtr prior_redo;

	if (RecoveryInProgress() && (flags & CHECKPOINT_END_OF_RECOVERY) == 0)
		elog(ERROR, "can't create a checkpoint during recovery");

	memset(&CheckpointStats, 0, sizeof(CheckpointStats));
	CheckpointStats.ckpt_start_t = GetCurrentTimestamp();
	INJECTION_POINT("checkpoint-begin");
	/* what is dropped from here on is the next one's to remove */
	SyncPreCheckpoint();

	if (flags & CHECKPOINT_IS_SHUTDOWN)
	{
		LWLockAcquire(ControlFileLock, LW_EXCLUSIVE);
		ControlFile->state = DB_SHUTDOWNING;
		UpdateControlFile();
		LWLockRelease(ControlFileLock);
	}
	memset(&checkPoint, 0, sizeof(checkPoint));
	checkPoint.time = (int64) time(NULL);
	checkPoint.ThisTimeLineID = checkPoint.PrevTimeLineID =
		ControlFile->checkPointCopy.ThisTimeLineID;

	START_CRIT_SECTION();
	if (!DetermineRedo(flags, &checkPoint))
	{
		END_CRIT_SECTION();
		ereport(DEBUG1, (errmsg_internal("checkpoint skipped because system is "
		                                 "idle")));
		return;
	}
	END_CRIT_SECTION();
	LogCheckpointStart(flags);
	INJECTION_POINT("checkpoint-redo-set");
	ReadCounters(shutdown, &checkPoint);
	WaitForDelaying(DELAY_CHKPT_START, WAIT_EVENT_CHECKPOINT_DELAY_START);

	CheckPointGuts(checkPoint.redo, flags);

	WaitForDelaying(DELAY_CHKPT_COMPLETE, WAIT_EVENT_CHECKPOINT_DELAY_COMPLETE);
	if (!shutdown && XLogStandbyInfoActive())
		LogStandbySnapshot();

	INJECTION_POINT("checkpoint-record");
	START_CRIT_SECTION();
	XLogBeginInsert();
	XLogRegisterData((char *) &checkPoint, sizeof(checkPoint));
	recptr = XLogInsert(RM_XLOG_ID, shutdown ? XLOG_CHECKPOINT_SHUTDOWN
	                                         : XLOG_CHECKPOINT_ONLINE);
	XLogFlush(recptr);
	if (shutdown && checkPoint.redo != ProcLastRecPtr)
		ereport(PANIC, (errmsg("concurrent write-ahead log activity while "
		                       "database system is shutting down")));
	prior_redo = ControlFile->checkPointCopy.redo;
	PublishCheckpoint(&checkPoint, shutdown);
	END_CRIT_SECTION();

	CleanUpAfterCheckpoint(prior_redo, recptr, shutdown);
	LogCheckpointEnd(prior_redo);
}

void
ShutdownXLOG(void)
{
	ereport(LOG, (errmsg("shutting down")));
	CreateCheckPoint(CHECKPOINT_IS_SHUTDOWN | CHECKPOINT_IMMEDIATE);
}

/* ---------------------------------------------------------------------------
 * Replay
 * ---------------------------------------------------------------------------
 */

static void
redo_next_oid(Oid nextOid)
{
	LWLockAcquire(OidGenLock, LW_EXCLUSIVE);
	ShmemVariableCache->nextOid = nextOid;
	ShmemVariableCache->oidCount = 0;
	LWLockRelease(OidGenLock);
}

static void
redo_checkpoint(const CheckPoint *checkPoint, bool shutdown)
{
	LWLockAcquire(XidGenLock, LW_EXCLUSIVE);
	if (shutdown || ShmemVariableCache->nextXid.value < checkPoint->nextXid)
		ShmemVariableCache->nextXid.value = checkPoint->nextXid;
	LWLockRelease(XidGenLock);
	/* an online one's is older than the records of assignment around it */
	if (shutdown)
		redo_next_oid(checkPoint->nextOid);
	if (shutdown || TransactionIdPrecedes(ShmemVariableCache->oldestXid,
	                                      checkPoint->oldestXid))
		SetTransactionIdLimit(checkPoint->oldestXid, checkPoint->oldestXidDB);
}

static void
redo_full_page_images(XLogReaderState *record, bool for_hint)
{
	for (int block_id = 0; block_id <= XLogRecMaxBlockId(record); block_id++)
	{
		Buffer buffer;

		if (!XLogRecHasBlockRef(record, block_id))
			continue;
		if (!XLogRecHasBlockImage(record, block_id))
		{
			if (!for_hint)
				elog(ERROR, "XLOG_FPI record did not contain a full-page "
				            "image");
			continue;
		}
		if (XLogReadBufferForRedo(record, block_id, &buffer) != BLK_RESTORED)
			elog(ERROR, "unexpected XLogReadBufferForRedo result when "
			            "restoring backup block");
		UnlockReleaseBuffer(buffer);
	}
}

static void
redo_parameter_change(const xl_parameter_change *xlrec)
{
	LWLockAcquire(ControlFileLock, LW_EXCLUSIVE);
	ControlFile->MaxConnections = xlrec->MaxConnections;
	ControlFile->max_worker_processes = xlrec->max_worker_processes;
	ControlFile->max_wal_senders = xlrec->max_wal_senders;
	ControlFile->max_prepared_xacts = xlrec->max_prepared_xacts;
	ControlFile->max_locks_per_xact = xlrec->max_locks_per_xact;
	ControlFile->wal_level = xlrec->wal_level;
	ControlFile->wal_log_hints = xlrec->wal_log_hints;
	ControlFile->track_commit_timestamp = xlrec->track_commit_timestamp;
	UpdateControlFile();
	LWLockRelease(ControlFileLock);
}

void
xlog_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;
	char *data = XLogRecGetData(record);

	switch (info)
	{
		case XLOG_CHECKPOINT_SHUTDOWN:
		case XLOG_CHECKPOINT_ONLINE:
		{
			CheckPoint checkPoint;

			memcpy(&checkPoint, data, sizeof(checkPoint));
			if (checkPoint.ThisTimeLineID !=
			    ControlFile->checkPointCopy.ThisTimeLineID)
				ereport(PANIC,
				        (errmsg("unexpected timeline ID %u (should be %u) in "
				                "checkpoint record",
				                checkPoint.ThisTimeLineID,
				                ControlFile->checkPointCopy.ThisTimeLineID)));
			redo_checkpoint(&checkPoint, info == XLOG_CHECKPOINT_SHUTDOWN);
			break;
		}
		case XLOG_NEXTOID:
		{
			Oid nextOid;

			memcpy(&nextOid, data, sizeof(Oid));
			redo_next_oid(nextOid);
			break;
		}
		case XLOG_FPI:
		case XLOG_FPI_FOR_HINT:
			redo_full_page_images(record, info == XLOG_FPI_FOR_HINT);
			break;
		case XLOG_PARAMETER_CHANGE:
		{
			xl_parameter_change xlrec;

			memcpy(&xlrec, data, sizeof(xlrec));
			redo_parameter_change(&xlrec);
			break;
		}
		case XLOG_NOOP:
		case XLOG_SWITCH:
		case XLOG_BACKUP_END:
		case XLOG_RESTORE_POINT:
		case XLOG_FPW_CHANGE:
		case XLOG_END_OF_RECOVERY:
		case XLOG_OVERWRITE_CONTRECORD:
			/* nothing that a page or a counter would show */
			break;
		default:
			elog(PANIC, "xlog_redo: unknown op code %u", info);
	}
}
