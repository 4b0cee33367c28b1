/*
 * access/xlog.h
 *		The write-ahead log: writing, flushing, checkpoints.
 */
#ifndef XLOG_H
#define XLOG_H

#include "access/xlogdefs.h"
#include "lib/stringinfo.h"
#include "storage/block.h"

struct XLogRecData;

/* wal_sync_method */
#define SYNC_METHOD_FSYNC 0
#define SYNC_METHOD_FDATASYNC 1
#define SYNC_METHOD_OPEN 2 /* O_SYNC */
#define SYNC_METHOD_OPEN_DSYNC 4
#define DEFAULT_SYNC_METHOD SYNC_METHOD_FDATASYNC

typedef enum WalLevel
{
	WAL_LEVEL_MINIMAL = 0,
	WAL_LEVEL_REPLICA,
	WAL_LEVEL_LOGICAL
} WalLevel;

typedef enum WalCompression
{
	WAL_COMPRESSION_NONE = 0,
	WAL_COMPRESSION_PGLZ,
	WAL_COMPRESSION_LZ4
} WalCompression;

typedef enum
{
	SYNCHRONOUS_COMMIT_OFF,
	SYNCHRONOUS_COMMIT_LOCAL_FLUSH,
	SYNCHRONOUS_COMMIT_REMOTE_WRITE,
	SYNCHRONOUS_COMMIT_REMOTE_FLUSH,
	SYNCHRONOUS_COMMIT_REMOTE_APPLY
} SyncCommitLevel;

#define SYNCHRONOUS_COMMIT_ON SYNCHRONOUS_COMMIT_REMOTE_FLUSH

/* settings; sizes in MB but XLOGbuffers (pages), times in ms or us as PG's */
extern PGDLLIMPORT int wal_level;
extern PGDLLIMPORT int sync_method;
extern PGDLLIMPORT int synchronous_commit; /* SyncCommitLevel */
extern PGDLLIMPORT bool fullPageWrites;
extern PGDLLIMPORT bool wal_log_hints;
extern PGDLLIMPORT int wal_compression; /* WalCompression */
extern PGDLLIMPORT bool wal_init_zero;
extern PGDLLIMPORT bool wal_recycle;
extern PGDLLIMPORT int XLOGbuffers; /* -1: by shared_buffers */
extern PGDLLIMPORT int wal_segment_size;
extern PGDLLIMPORT int min_wal_size_mb;
extern PGDLLIMPORT int max_wal_size_mb;
extern PGDLLIMPORT int wal_keep_size_mb;
extern PGDLLIMPORT int CommitDelay;
extern PGDLLIMPORT int CommitSiblings;
/*
 * Segments until the checkpointer is asked for one.  The settings that it comes
 * from may have changed: whoever reads it has it calculated before.
 */
extern PGDLLIMPORT int CheckPointSegments;
extern void CalculateCheckpointSegments(void);

/* The last record of this process, and that of its transaction. */
extern PGDLLIMPORT XLogRecPtr ProcLastRecPtr;
extern PGDLLIMPORT XLogRecPtr XactLastRecEnd;
extern PGDLLIMPORT XLogRecPtr XactLastCommitEnd;

#define XLogArchivingActive() (false)
#define XLogIsNeeded() (wal_level >= WAL_LEVEL_REPLICA)
#define XLogStandbyInfoActive() (wal_level >= WAL_LEVEL_REPLICA)
#define XLogLogicalInfoActive() (wal_level >= WAL_LEVEL_LOGICAL)
/* Must a hint bit's page be imaged before it may be written? */
#define XLogHintBitIsNeeded() (DataChecksumsEnabled() || wal_log_hints)

#define CHECKPOINT_IS_SHUTDOWN 0x0001
#define CHECKPOINT_END_OF_RECOVERY 0x0002
#define CHECKPOINT_IMMEDIATE 0x0004
#define CHECKPOINT_FORCE 0x0008
#define CHECKPOINT_FLUSH_ALL 0x0010
#define CHECKPOINT_WAIT 0x0020
#define CHECKPOINT_REQUESTED 0x0040
#define CHECKPOINT_CAUSE_XLOG 0x0080
#define CHECKPOINT_CAUSE_TIME 0x0100

/* flags of XLogSetRecordFlags */
#define XLOG_INCLUDE_ORIGIN 0x01
#define XLOG_MARK_UNIMPORTANT 0x02 /* alone no reason for a checkpoint */

typedef enum RecoveryState
{
	RECOVERY_STATE_CRASH = 0,
	RECOVERY_STATE_ARCHIVE,
	RECOVERY_STATE_DONE
} RecoveryState;

/* What the checkpoint did, for the log line. */
typedef struct CheckpointStatsData
{
	TimestampTz ckpt_start_t;
	TimestampTz ckpt_write_t;
	TimestampTz ckpt_sync_t;
	TimestampTz ckpt_sync_end_t;
	TimestampTz ckpt_end_t;
	int ckpt_bufs_written;
	int ckpt_segs_added;
	int ckpt_segs_removed;
	int ckpt_segs_recycled;
	int ckpt_sync_rels;
	uint64 ckpt_longest_sync;
	uint64 ckpt_agg_sync_time;
} CheckpointStatsData;

extern PGDLLIMPORT CheckpointStatsData CheckpointStats;

/* inserting and flushing */
extern XLogRecPtr
XLogInsertRecord(struct XLogRecData *rdata, XLogRecPtr fpw_lsn, uint8 flags,
                 int num_fpi, bool topxid_included);
extern void XLogFlush(XLogRecPtr record);
extern bool XLogBackgroundFlush(void);
extern bool XLogNeedsFlush(XLogRecPtr record);
extern void XLogSetAsyncXactLSN(XLogRecPtr asyncXactLSN);
extern XLogRecPtr RequestXLogSwitch(bool mark_unimportant);
extern void XLogPutNextOid(Oid nextOid);

/* segments */
extern int XLogFileInit(XLogSegNo logsegno, TimeLineID logtli);
extern int XLogFileOpen(XLogSegNo segno, TimeLineID tli);
extern XLogSegNo XLogGetLastRemovedSegno(void);
extern void CheckXLogRemoved(XLogSegNo segno, TimeLineID tli);

/* positions */
extern XLogRecPtr GetRedoRecPtr(void);
extern XLogRecPtr GetInsertRecPtr(void);
extern XLogRecPtr GetFlushRecPtr(TimeLineID *insertTLI);
/* The end of the last record; where the next one would start. */
extern XLogRecPtr GetXLogInsertRecPtr(void);
extern XLogRecPtr XLogNextRecordStart(void);
extern XLogRecPtr GetXLogWriteRecPtr(void);
extern XLogRecPtr GetLastImportantRecPtr(void);
extern TimeLineID GetWALInsertionTimeLine(void);
extern void
GetFullPageWriteInfo(XLogRecPtr *RedoRecPtr_p, bool *doPageWrites_p);
/* pages written and WAL bytes for unlogged relations' fake LSNs */
extern XLogRecPtr GetFakeLSNForUnloggedRel(void);

/* start, checkpoint, stop (xlogstart.c, checkpoint.c) */
extern Size XLOGShmemSize(void);
extern void XLOGShmemInit(void);
extern void BootStrapXLOG(bool data_checksums);
extern void StartupXLOG(void);
extern void ShutdownXLOG(void);
/*
 * Everything dirty to disk, a record and the control file.  The
 * checkpointer's, or that of the start-up process or a lone process.
 */
extern void CreateCheckPoint(int flags);
extern bool RecoveryInProgress(void);
extern RecoveryState GetRecoveryState(void);
extern bool XLogInsertAllowed(void);
extern int LocalSetXLogInsertAllowed(void);
extern void UpdateFullPageWrites(void);
extern void issue_xlog_fsync(int fd, XLogSegNo segno, TimeLineID tli);

#endif /* XLOG_H */
