/*
 * access/xlog_internal.h
 *		Pages and files of the write-ahead log, PostgreSQL 15's; the table of
 *		resource managers; records of the resource manager XLOG.
 *
 * The log is a sequence of segment files of wal_segment_size bytes, each of
 * 8 kB pages with a header; a record continues on the next page behind its
 * header.
 */
#ifndef XLOG_INTERNAL_H
#define XLOG_INTERNAL_H

#include "access/rmgr.h"
#include "access/xlogdefs.h"
#include "lib/stringinfo.h"
#include "storage/block.h"

#define XLOG_PAGE_MAGIC 0xD110

typedef struct XLogPageHeaderData
{
	uint16 xlp_magic;
	uint16 xlp_info; /* XLP_* */
	TimeLineID xlp_tli;
	XLogRecPtr xlp_pageaddr;
	uint32 xlp_rem_len; /* of the continued record, what is still to come,
						 * this page's part included */
} XLogPageHeaderData;

#define SizeOfXLogShortPHD MAXALIGN(sizeof(XLogPageHeaderData))

typedef XLogPageHeaderData *XLogPageHeader;

/* at the start of a segment */
typedef struct XLogLongPageHeaderData
{
	XLogPageHeaderData std;
	uint64 xlp_sysid;
	uint32 xlp_seg_size;
	uint32 xlp_xlog_blcksz;
} XLogLongPageHeaderData;

#define SizeOfXLogLongPHD MAXALIGN(sizeof(XLogLongPageHeaderData))
StaticAssertDecl(SizeOfXLogShortPHD == 24, "format of PostgreSQL");
StaticAssertDecl(SizeOfXLogLongPHD == 40, "format of PostgreSQL");

typedef XLogLongPageHeaderData *XLogLongPageHeader;

#define XLP_FIRST_IS_CONTRECORD 0x0001
#define XLP_LONG_HEADER 0x0002
#define XLP_BKP_REMOVABLE 0x0004
#define XLP_FIRST_IS_OVERWRITE_CONTRECORD 0x0008
#define XLP_ALL_FLAGS 0x000F

#define XLogPageHeaderSize(hdr)                              \
	(((hdr)->xlp_info & XLP_LONG_HEADER) ? SizeOfXLogLongPHD \
	                                     : SizeOfXLogShortPHD)

#ifndef XLOG_BLCKSZ
#define XLOG_BLCKSZ 8192
#endif
#define WalSegMinSize 1024 * 1024
#define WalSegMaxSize 1024 * 1024 * 1024
#define DEFAULT_XLOG_SEG_SIZE (16 * 1024 * 1024)
#define DEFAULT_MIN_WAL_SEGS 5
#define DEFAULT_MAX_WAL_SEGS 64

#define IsPowerOf2(x) (x > 0 && ((x) & ((x) -1)) == 0)
#define IsValidWalSegSize(size) \
	(IsPowerOf2(size) && ((size) >= WalSegMinSize && (size) <= WalSegMaxSize))

#define XLogSegmentsPerXLogId(wal_segsz_bytes) \
	(UINT64CONST(0x100000000) / (wal_segsz_bytes))
#define XLogSegNoOffsetToRecPtr(segno, offset, wal_segsz_bytes, dest) \
	(dest) = (segno) * (wal_segsz_bytes) + (offset)
#define XLogSegmentOffset(xlogptr, wal_segsz_bytes) \
	((xlogptr) & ((wal_segsz_bytes) -1))
/* the segment of a byte; of the byte before (an end position) */
#define XLByteToSeg(xlrp, logSegNo, wal_segsz_bytes) \
	logSegNo = (xlrp) / (wal_segsz_bytes)
#define XLByteToPrevSeg(xlrp, logSegNo, wal_segsz_bytes) \
	logSegNo = ((xlrp) -1) / (wal_segsz_bytes)
#define XLByteInSeg(xlrp, logSegNo, wal_segsz_bytes) \
	(((xlrp) / (wal_segsz_bytes)) == (logSegNo))
#define XLByteInPrevSeg(xlrp, logSegNo, wal_segsz_bytes) \
	((((xlrp) -1) / (wal_segsz_bytes)) == (logSegNo))
/* could a record start here (after the first header of the log) */
#define XRecOffIsValid(xlrp) ((xlrp) % XLOG_BLCKSZ >= SizeOfXLogShortPHD)

#define XLOGDIR "pg_wal"
#define MAXFNAMELEN 64
#define XLOG_FNAME_LEN 24

static inline void
XLogFileName(char *fname, TimeLineID tli, XLogSegNo logSegNo,
             int wal_segsz_bytes)
{
	snprintf(fname, MAXFNAMELEN, "%08X%08X%08X", tli,
	         (uint32) (logSegNo / XLogSegmentsPerXLogId(wal_segsz_bytes)),
	         (uint32) (logSegNo % XLogSegmentsPerXLogId(wal_segsz_bytes)));
}

static inline void
XLogFilePath(char *path, TimeLineID tli, XLogSegNo logSegNo,
             int wal_segsz_bytes)
{
	snprintf(path, MAXPGPATH, XLOGDIR "/%08X%08X%08X", tli,
	         (uint32) (logSegNo / XLogSegmentsPerXLogId(wal_segsz_bytes)),
	         (uint32) (logSegNo % XLogSegmentsPerXLogId(wal_segsz_bytes)));
}

static inline bool
IsXLogFileName(const char *fname)
{
	return strlen(fname) == XLOG_FNAME_LEN &&
	       strspn(fname, "0123456789ABCDEF") == XLOG_FNAME_LEN;
}

static inline void
XLogFromFileName(const char *fname, TimeLineID *tli, XLogSegNo *logSegNo,
                 int wal_segsz_bytes)
{
	uint32 log = 0;
	uint32 seg = 0;

	if (sscanf(fname, "%08X%08X%08X", tli, &log, &seg) != 3)
		*tli = 0;
	*logSegNo = (uint64) log * XLogSegmentsPerXLogId(wal_segsz_bytes) + seg;
}

/* records of RM_XLOG_ID; their codes are in catalog/pg_control.h */
typedef struct xl_parameter_change
{
	int MaxConnections;
	int max_worker_processes;
	int max_wal_senders;
	int max_prepared_xacts;
	int max_locks_per_xact;
	int wal_level;
	bool wal_log_hints;
	bool track_commit_timestamp;
} xl_parameter_change;

typedef struct xl_restore_point
{
	TimestampTz rp_time;
	char rp_name[MAXFNAMELEN];
} xl_restore_point;

typedef struct xl_overwrite_contrecord
{
	XLogRecPtr overwritten_lsn; /* start of the broken record */
	TimestampTz overwrite_time;
} xl_overwrite_contrecord;

typedef struct xl_end_of_recovery
{
	TimestampTz end_time;
	TimeLineID ThisTimeLineID;
	TimeLineID PrevTimeLineID;
} xl_end_of_recovery;

struct XLogReaderState;

/* What a resource manager can do with its records (rmgr.c). */
typedef struct RmgrData
{
	const char *rm_name; /* NULL: there is none with this number */
	void (*rm_redo)(struct XLogReaderState *record);
	void (*rm_desc)(StringInfo buf, struct XLogReaderState *record);
	const char *(*rm_identify)(uint8 info);
	void (*rm_startup)(void);
	void (*rm_cleanup)(void);
	void (*rm_mask)(char *pagedata, BlockNumber blkno);
} RmgrData;

extern void xlog_redo(struct XLogReaderState *record);
extern void xlog_desc(StringInfo buf, struct XLogReaderState *record);
extern const char *xlog_identify(uint8 info);

/* A record, and the blocks it refers to, in words. */
extern void xlog_outdesc(StringInfo buf, struct XLogReaderState *record);
extern void xlog_block_info(StringInfo buf, struct XLogReaderState *record);

extern const RmgrData RmgrTable[];
extern void RmgrStartup(void);
extern void RmgrCleanup(void);
/* PANIC: a record of nobody's */
extern void RmgrNotFound(RmgrId rmid);

static inline bool
RmgrIdExists(RmgrId rmid)
{
	return rmid <= RM_MAX_BUILTIN_ID && RmgrTable[rmid].rm_name != NULL;
}

static inline const RmgrData *
GetRmgr(RmgrId rmid)
{
	if (unlikely(!RmgrIdExists(rmid)))
		RmgrNotFound(rmid);
	return &RmgrTable[rmid];
}

#endif /* XLOG_INTERNAL_H */
