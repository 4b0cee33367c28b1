/*
 * access/xlogdefs.h: positions in the write-ahead log.
 */
#ifndef XLOG_DEFS_H
#define XLOG_DEFS_H

/* A byte position in the log. */
typedef uint64 XLogRecPtr;

#define InvalidXLogRecPtr 0
#define XLogRecPtrIsInvalid(r) ((r) == InvalidXLogRecPtr)

/* The form in which users see a position: ereport(... LSN_FORMAT_ARGS(lsn)). */
#define LSN_FORMAT_ARGS(lsn) ((uint32) ((lsn) >> 32)), ((uint32) (lsn))

typedef uint64 XLogSegNo;
typedef uint32 TimeLineID;

#endif /* XLOG_DEFS_H */
