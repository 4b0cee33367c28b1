/*
 * access/xlog_shared.h
 *		Shared state of the write-ahead log, and the steps that start-up and
 *		checkpoints share with insertion and writing.
 *
 * For access/transam only.  Two kinds of position: an LSN counts every byte of
 * the log; a byte position counts only the bytes that records can use (pages
 * without their headers), so that reserving space is one addition.
 */
#ifndef XLOG_SHARED_H
#define XLOG_SHARED_H

#include "access/transam.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "catalog/pg_control.h"
#include "port/atomics.h"
#include "storage/lwlock.h"
#include "storage/procnumber.h"
#include "storage/spin.h"

/* Who inserts holds one of them; who must stop insertion holds all. */
#define NUM_XLOGINSERT_LOCKS 8

typedef struct WALInsertLock
{
	LWLock lock;
	pg_atomic_uint64 insertingAt; /* [A] the holder has copied all before it;
								   * 0: says nothing */
	XLogRecPtr lastImportantAt;   /* [L:lock] start of the last record that
								   * a checkpoint is worth for */
} WALInsertLock;

typedef union WALInsertLockPadded
{
	WALInsertLock l;
	char pad[PG_CACHE_LINE_SIZE];
} WALInsertLockPadded;

#define XLOGCTL_MAGIC 0x584c4f47

typedef struct XLogCtlData
{
	uint32 magic; /* [C] */

	/* where the next record goes: the one hot spot of insertion */
	slock_t insertpos_lck;
	uint64 CurrBytePos; /* [L:insertpos_lck] end of what is reserved */
	uint64 PrevBytePos; /* [L:insertpos_lck] start of the last record */
	char pad1[PG_CACHE_LINE_SIZE];

	/* changed with all insertion locks, read with one */
	XLogRecPtr RedoRecPtr; /* [L:WALInsertLocks] */
	bool fullPageWrites;   /* [L:WALInsertLocks] */

	WALInsertLockPadded *WALInsertLocks; /* [C] */
	char *pages;                         /* [C] XLOGbuffers pages */
	pg_atomic_uint64 *xlblocks; /* [A] per page: LSN of its end when it is
								 * initialised, 0 while it is being */
	int XLogCacheBlck;          /* [C] number of pages - 1 */
	char pad2[PG_CACHE_LINE_SIZE];

	pg_atomic_uint64 InitializedUpTo; /* [A] written under
									   * WALBufMappingLock */
	pg_atomic_uint64 logWriteResult;  /* [A] written under WALWriteLock */
	pg_atomic_uint64 logFlushResult;  /* [A] likewise; after logWriteResult */
	pg_atomic_uint64 logFlushRequest; /* [A] only raised: others wait for it */
	char pad3[PG_CACHE_LINE_SIZE];

	slock_t info_lck;
	XLogRecPtr RedoRecPtrInfo;         /* [L:info_lck] copy of RedoRecPtr */
	XLogRecPtr asyncXactLSN;           /* [L:info_lck] newest async commit */
	XLogSegNo lastRemovedSegNo;        /* [L:info_lck] */
	FullTransactionId ckptFullXid;     /* [L:info_lck] nextXid of the last
									 * checkpoint */
	RecoveryState SharedRecoveryState; /* [L:info_lck] DONE is final */
	XLogRecPtr unloggedLSN;            /* [L:info_lck] */
	TimeLineID InsertTimeLineID;       /* [C] once recovery is over */
	TimeLineID PrevTimeLineID;         /* [C] likewise */
	bool WalWriterSleeping;            /* [L:info_lck] set its latch */
} XLogCtlData;

extern XLogCtlData *XLogCtl;

/* This process's copies; refreshed by insertion and GetRedoRecPtr. */
extern XLogRecPtr RedoRecPtr;
extern bool doPageWrites;

/* ---- start-up ---- */

/*
 * Insertion goes on at EndOfLog; LastRec is the record before.  lastPage: the
 * page of EndOfLog up to there, or NULL if EndOfLog begins one.  Everything
 * before counts as written and flushed.
 */
extern void XLogBeginInsertionAt(XLogRecPtr EndOfLog, XLogRecPtr LastRec,
                                 TimeLineID tli, const char *lastPage);
/*
 * The record that ended at a page's end is not continued: insertion goes on at
 * that page, whose first record will be OVERWRITE_CONTRECORD.  After
 * XLogBeginInsertionAt(missingContrecPtr, ...).
 */
extern void XLogMarkOverwriteContrecord(XLogRecPtr missingContrecPtr);
extern void SetRecoveryState(RecoveryState state);

/* ---- checkpoints ---- */

extern void WALInsertLockAcquire(void);
extern void WALInsertLockAcquireExclusive(void);
extern void WALInsertLockRelease(void);
/* All insertion locks held: shared and local copies. */
extern void SetRedoRecPtr(XLogRecPtr redo);

/* ---- positions ---- */

extern XLogRecPtr XLogBytePosToRecPtr(uint64 bytepos);
extern XLogRecPtr XLogBytePosToEndRecPtr(uint64 bytepos);
extern uint64 XLogRecPtrToBytePos(XLogRecPtr ptr);

/* ---- writing (xlogwrite.c) ---- */

typedef struct XLogwrtRqst
{
	XLogRecPtr Write;
	XLogRecPtr Flush;
} XLogwrtRqst;

/* The page buffer of ptr, initialised, and the byte in it. */
extern char *GetXLogBuffer(XLogRecPtr ptr, TimeLineID tli);
extern XLogRecPtr WaitXLogInsertionsToFinish(XLogRecPtr upto);
extern void
AdvanceXLInsertBuffer(XLogRecPtr upto, TimeLineID tli, bool opportunistic);
extern int openLogFile; /* the segment that this process writes; -1: none */
extern void XLogFileClose(void);

/* ---- segment files (xlogsegment.c) ---- */

extern XLogSegNo XLogSegmentOf(XLogRecPtr ptr);
/* Makes segments ahead of ptr, if it is far into its own. */
extern void PreallocXlogFiles(XLogRecPtr endptr, TimeLineID tli);
/*
 * Every segment up to segno is recycled or removed; lastredoptr and endptr say
 * how many future ones are worth having.
 */
extern void RemoveOldXlogFiles(XLogSegNo segno, XLogRecPtr lastredoptr,
                               XLogRecPtr endptr, TimeLineID insertTLI);
/* Segments beyond endptr that a crash left: they may hold old records. */
extern void RemoveTempXlogFiles(void);
/* Lowers *logSegNo to what wal_keep_size wants to stay. */
extern void KeepLogSeg(XLogRecPtr recptr, XLogSegNo *logSegNo);
/* After a checkpoint: how much log a cycle makes. */
extern void UpdateCheckPointDistanceEstimate(uint64 nbytes);
/* Is it time for a checkpoint, by the volume of log; new_segno: being filled. */
extern bool XLogCheckpointNeeded(XLogSegNo new_segno);

#endif /* XLOG_SHARED_H */
