/*
 * catalog/pg_control.h: the control file global/pg_control, 296 bytes as in
 * PostgreSQL 15, zero-padded to 8192.
 *
 * It says where the last checkpoint's record is and whether the stop was clean;
 * what is of use fits into one sector, which a crash does not tear.  Names of
 * the access functions are PostgreSQL's where it has them (ReadControlFile,
 * UpdateControlFile).
 */
#ifndef PG_CONTROL_H
#define PG_CONTROL_H

#include "access/xlogdefs.h"
#include "lib/stringinfo.h"
#include "port/pg_crc32c.h"

#define PG_CONTROL_VERSION 1300
#define MOCK_AUTH_NONCE_LEN 32
#define PG_CONTROL_MAX_SAFE_SIZE 512
#define PG_CONTROL_FILE_SIZE 8192
#define XLOG_CONTROL_FILE "global/pg_control"
#define FLOATFORMAT_VALUE 1234567.0
#define FirstNormalUnloggedLSN ((XLogRecPtr) 1000)

/* records of RM_XLOG_ID */
#define XLOG_CHECKPOINT_SHUTDOWN 0x00
#define XLOG_CHECKPOINT_ONLINE 0x10
#define XLOG_NOOP 0x20
#define XLOG_NEXTOID 0x30
#define XLOG_SWITCH 0x40
#define XLOG_BACKUP_END 0x50
#define XLOG_PARAMETER_CHANGE 0x60
#define XLOG_RESTORE_POINT 0x70
#define XLOG_FPW_CHANGE 0x80
#define XLOG_END_OF_RECOVERY 0x90
#define XLOG_FPI_FOR_HINT 0xA0
#define XLOG_FPI 0xB0
#define XLOG_OVERWRITE_CONTRECORD 0xD0

/* the state of the counters at a checkpoint */
typedef struct CheckPoint
{
	XLogRecPtr redo;
	TimeLineID ThisTimeLineID;
	TimeLineID PrevTimeLineID;
	bool fullPageWrites;
	uint64 nextXid; /* with the epoch in the high half */
	Oid nextOid;
	uint32 nextMulti;
	uint32 nextMultiOffset;
	TransactionId oldestXid;
	Oid oldestXidDB;
	uint32 oldestMulti;
	Oid oldestMultiDB;
	int64 time; /* Unix seconds */
	TransactionId oldestCommitTsXid;
	TransactionId newestCommitTsXid;
	TransactionId oldestActiveXid; /* 0 at a shutdown */
} CheckPoint;

typedef enum DBState
{
	DB_STARTUP = 0,
	DB_SHUTDOWNED,
	DB_SHUTDOWNED_IN_RECOVERY,
	DB_SHUTDOWNING,
	DB_IN_CRASH_RECOVERY,
	DB_IN_ARCHIVE_RECOVERY,
	DB_IN_PRODUCTION
} DBState;

typedef struct ControlFileData
{
	uint64 system_identifier;
	uint32 pg_control_version;
	uint32 catalog_version_no;
	DBState state;
	int64 time;            /* of the last update, Unix seconds */
	XLogRecPtr checkPoint; /* position of the last checkpoint's record */
	CheckPoint checkPointCopy;
	XLogRecPtr unloggedLSN;
	XLogRecPtr minRecoveryPoint;
	TimeLineID minRecoveryPointTLI;
	XLogRecPtr backupStartPoint;
	XLogRecPtr backupEndPoint;
	bool backupEndRequired;
	int wal_level;
	bool wal_log_hints;
	int MaxConnections;
	int max_worker_processes;
	int max_wal_senders;
	int max_prepared_xacts;
	int max_locks_per_xact;
	bool track_commit_timestamp;
	uint32 maxAlign;
	double floatFormat;
	uint32 blcksz;
	uint32 relseg_size;
	uint32 xlog_blcksz;
	uint32 xlog_seg_size;
	uint32 nameDataLen;
	uint32 indexMaxKeys;
	uint32 toast_max_chunk_size;
	uint32 loblksize;
	bool float8ByVal;
	uint32 data_checksum_version; /* 0: off */
	char mock_authentication_nonce[MOCK_AUTH_NONCE_LEN];
	pg_crc32c crc; /* of everything before */
} ControlFileData;

StaticAssertDecl(sizeof(CheckPoint) == 88, "CheckPoint is 88 bytes on disk");
StaticAssertDecl(sizeof(ControlFileData) == 296,
                 "the control file is 296 bytes");
StaticAssertDecl(offsetof(ControlFileData, crc) == 288,
                 "the CRC of the control file is at byte 288");

/*
 * This process's copy of the control file (private memory); read by
 * ReadControlFile, inherited by fork.  NULL before.
 */
extern ControlFileData *ControlFile;

/*
 * Makes a new control file for a cluster without user data and writes it:
 * state DB_SHUTDOWNED, a new system identifier, checksums as asked.
 */
extern void BootStrapControlFile(bool data_checksums);
/* Reads and checks it; FATAL with the reason when it cannot be used. */
extern void ReadControlFile(void);
/* Sets time and CRC, writes ControlFile in place and fsyncs it. */
extern void UpdateControlFile(void);
/*
 * Reads DIR/global/pg_control without ereport, for tools and for the check at
 * start.  False with errno (0: short or wrong CRC).
 */
extern bool PeekControlFile(const char *datadir, ControlFileData *out);
extern uint64 GetSystemIdentifier(void);
extern bool DataChecksumsEnabled(void);
extern const char *DBStateName(DBState state);

#endif /* PG_CONTROL_H */
