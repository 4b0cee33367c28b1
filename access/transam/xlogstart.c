/*
 * xlogstart.c
 *		From the control file to a log that can be written: StartupXLOG.
 *
 * The steps, and why in this order:
 *
 *	1. After anything but a clean stop: what the last life wrote without fsync
 *	   is synced, lest a later checkpoint take for safe what only the kernel
 *	   has.
 *	2. The checkpoint's counters become the running ones.
 *	3. Replay (xlogrecovery.c).  Before it, forks of unlogged relations go;
 *	   after it, their init forks are copied.
 *	4. Writing goes on where the log ends.
 *	5. Files of relations whose creation did not commit go.
 *	6. The checkpoint that ends recovery; with it, the next start needs none of
 *	   what was replayed.
 *	7. Last the control file says "in production" and backends may write.
 *
 * A crash anywhere in between begins all of it again, from the same checkpoint
 * or, after 6, from the new one.  Up to 7 nobody but this process writes.
 *
 * Corresponds to StartupXLOG in PostgreSQL's xlog.c.
 */
#include "postgres.h"

#include <sys/stat.h>

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xlog_shared.h"
#include "access/xloginsert.h"
#include "access/xlogrecovery.h"
#include "access/xlogutils.h"
#include "catalog/pg_control.h"
#include "catalog/storage.h"
#include "pg_stat_statements.h"
#include "pgstat.h"
#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/lock.h"
#include "storage/reinit.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/timestamp.h"

/* The log's directories; archive_status can be made again, the log cannot. */
static void
ValidateXLOGDirectoryStructure(void)
{
	struct stat st;

	if (stat(XLOGDIR, &st) != 0 || !S_ISDIR(st.st_mode))
		ereport(FATAL, (errcode(ERRCODE_UNDEFINED_FILE),
		                errmsg("required WAL directory \"%s\" does not exist",
		                       XLOGDIR),
		                errhint("If it was moved, put it back.")));
	if (stat(XLOGDIR "/archive_status", &st) == 0)
	{
		if (!S_ISDIR(st.st_mode))
			ereport(FATAL,
			        (errmsg("required WAL directory \"%s\" does not exist",
			                XLOGDIR "/archive_status")));
		return;
	}
	ereport(LOG, (errmsg("creating missing WAL directory \"%s\"",
	                     XLOGDIR "/archive_status")));
	if (MakePGDirectory(XLOGDIR "/archive_status") < 0)
		ereport(FATAL, (errmsg("could not create missing directory \"%s\": %m",
		                       XLOGDIR "/archive_status")));
}

/* The counters of the checkpoint that replay begins with. */
static void
AdoptCheckpoint(const CheckPoint *checkPoint, bool clean)
{
	StartupTransactionCounters();
	SetRedoRecPtr(checkPoint->redo);
	XLogCtl->fullPageWrites = doPageWrites = checkPoint->fullPageWrites;

	SpinLockAcquire(&XLogCtl->info_lck);
	XLogCtl->ckptFullXid.value = checkPoint->nextXid;
	XLogCtl->unloggedLSN =
		clean ? ControlFile->unloggedLSN : FirstNormalUnloggedLSN;
	SpinLockRelease(&XLogCtl->info_lck);
}

static void
Replay(void)
{
	CheckCLOGFile(XidFromFullTransactionId(ShmemVariableCache->nextXid));
	/* from here on a crash is one in recovery */
	UpdateControlFile();
	INJECTION_POINT("recovery-begin");
	ResetUnloggedRelations(UNLOGGED_RELATION_CLEANUP);
	PerformWalRecovery();
	INJECTION_POINT("recovery-replayed");
}

/* What the log ends with is not continued: say so in the log. */
static void
CreateOverwriteContrecordRecord(XLogRecPtr aborted_lsn, XLogRecPtr pagePtr)
{
	xl_overwrite_contrecord xlrec;
	XLogRecPtr recptr;

	xlrec.overwritten_lsn = aborted_lsn;
	xlrec.overwrite_time = GetCurrentTimestamp();
	ereport(DEBUG1,
	        (errmsg_internal("overwriting contrecord at %X/%X (aborted %X/%X)",
	                         LSN_FORMAT_ARGS(pagePtr),
	                         LSN_FORMAT_ARGS(aborted_lsn))));
	START_CRIT_SECTION();
	XLogMarkOverwriteContrecord(pagePtr);
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, sizeof(xlrec));
	recptr = XLogInsert(RM_XLOG_ID, XLOG_OVERWRITE_CONTRECORD);
	XLogFlush(recptr);
	END_CRIT_SECTION();
}

/* Settings that a reader of the log may want to know. */
static void
XLogReportParameters(void)
{
	xl_parameter_change xlrec;
	XLogRecPtr recptr;

	if (wal_level == ControlFile->wal_level &&
	    wal_log_hints == ControlFile->wal_log_hints &&
	    MaxConnections == ControlFile->MaxConnections &&
	    max_worker_processes == ControlFile->max_worker_processes &&
	    max_locks_per_xact == ControlFile->max_locks_per_xact)
		return;
	memset(&xlrec, 0, sizeof(xlrec));
	xlrec.MaxConnections = MaxConnections;
	xlrec.max_worker_processes = max_worker_processes;
	xlrec.max_wal_senders = ControlFile->max_wal_senders;
	xlrec.max_prepared_xacts = 0;
	xlrec.max_locks_per_xact = max_locks_per_xact;
	xlrec.wal_level = wal_level;
	xlrec.wal_log_hints = wal_log_hints;
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, sizeof(xlrec));
	recptr = XLogInsert(RM_XLOG_ID, XLOG_PARAMETER_CHANGE);
	XLogFlush(recptr);

	/* written with the state, by our caller */
	ControlFile->MaxConnections = MaxConnections;
	ControlFile->max_worker_processes = max_worker_processes;
	ControlFile->max_prepared_xacts = 0;
	ControlFile->max_locks_per_xact = max_locks_per_xact;
	ControlFile->wal_level = wal_level;
	ControlFile->wal_log_hints = wal_log_hints;
	ControlFile->track_commit_timestamp = false;
}

/*
 * What full_page_writes says becomes what insertion does.  Switched on it holds
 * for every record after its own; switched off, for none before.
 */
void
UpdateFullPageWrites(void)
{
	bool in_recovery = RecoveryInProgress();

	if (fullPageWrites == XLogCtl->fullPageWrites && !in_recovery)
		return;
	START_CRIT_SECTION();
	if (fullPageWrites)
	{
		WALInsertLockAcquireExclusive();
		XLogCtl->fullPageWrites = true;
		WALInsertLockRelease();
	}
	if (XLogStandbyInfoActive() && !in_recovery)
	{
		XLogBeginInsert();
		XLogRegisterData((char *) &fullPageWrites, sizeof(bool));
		(void) XLogInsert(RM_XLOG_ID, XLOG_FPW_CHANGE);
	}
	if (!fullPageWrites)
	{
		WALInsertLockAcquireExclusive();
		XLogCtl->fullPageWrites = false;
		WALInsertLockRelease();
	}
	END_CRIT_SECTION();
}

/* Step 4: insertion begins at the end of what was read. */
static void
OpenLogForWriting(const EndOfWalRecoveryInfo *end)
{
	bool broken = !XLogRecPtrIsInvalid(end->missingContrecPtr);

	if (broken)
	{
		Assert(!XLogRecPtrIsInvalid(end->abortedRecPtr));
		XLogBeginInsertionAt(end->missingContrecPtr, end->lastRec,
		                     end->endOfLogTLI, NULL);
	}
	else
		XLogBeginInsertionAt(end->endOfLog, end->lastRec, end->endOfLogTLI,
		                     end->lastPage);
	(void) LocalSetXLogInsertAllowed();
	if (broken)
		CreateOverwriteContrecordRecord(end->abortedRecPtr,
		                                end->missingContrecPtr);
	UpdateFullPageWrites();
}

/* Ids up to the next one are of transactions that have ended, one way or other. */
static void
SetLatestCompletedXid(void)
{
	FullTransactionId next = ShmemVariableCache->nextXid;
	TransactionId xid = XidFromFullTransactionId(next);

	TransactionIdRetreat(xid);
	LWLockAcquire(ProcArrayLock, LW_EXCLUSIVE);
	ShmemVariableCache->latestCompletedXid =
		FullTransactionIdFromEpochAndXid(EpochFromFullTransactionId(next), xid);
	LWLockRelease(ProcArrayLock);
}

void
StartupXLOG(void)
{
	bool clean = ControlFile->state == DB_SHUTDOWNED;
	bool wasShutdown;
	EndOfWalRecoveryInfo *end;

	InRecovery = false;
	ValidateXLOGDirectoryStructure();
	if (!clean)
	{
		RemoveTempXlogFiles();
		SyncDataDirectory();
	}
	InitWalRecovery(ControlFile, &wasShutdown);
	AdoptCheckpoint(&ControlFile->checkPointCopy, clean);
	if (clean)
	{
		pgstat_restore_stats();
		pgss_restore_stats();
	}
	else
	{
		pgstat_discard_stats();
		pgss_discard_stats();
	}
	if (InRecovery)
		Replay();
	end = FinishWalRecovery();
	if (InRecovery)
	{
		XLogCheckInvalidPages();
		ResetUnloggedRelations(UNLOGGED_RELATION_INIT);
	}

	OpenLogForWriting(end);
	SetLatestCompletedXid();
	TrimCLOG();

	if (InRecovery)
	{
		RemoveOrphanedRelationFiles();
		INJECTION_POINT("recovery-checkpoint");
		CreateCheckPoint(CHECKPOINT_END_OF_RECOVERY | CHECKPOINT_IMMEDIATE);
	}
	else
		PreallocXlogFiles(end->endOfLog, end->endOfLogTLI);
	InRecovery = false;
	ShutdownWalRecovery();
	XLogReportParameters();

	CHECK_FOR_INTERRUPTS();
	INJECTION_POINT("startup-open");
	/*
	 * Open from here on: no interrupt may keep that from the postmaster, so
	 * the start-up process takes none any more.
	 */
	HOLD_INTERRUPTS();
	LWLockAcquire(ControlFileLock, LW_EXCLUSIVE);
	ControlFile->state = DB_IN_PRODUCTION;
	UpdateControlFile();
	LWLockRelease(ControlFileLock);
	SetRecoveryState(RECOVERY_STATE_DONE);
	if (!IsUnderPostmaster)
		RESUME_INTERRUPTS();
}
