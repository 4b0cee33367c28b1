/*
 * access/clog.h
 *		The status of every transaction: pg_xact, two bits each.
 */
#ifndef CLOG_H
#define CLOG_H

#include "access/xlogreader.h"
#include "lib/stringinfo.h"

typedef int XidStatus;

/* records of the resource manager CLOG; ZEROPAGE holds an int page number */
#define CLOG_ZEROPAGE 0x00
#define CLOG_TRUNCATE 0x10

typedef struct xl_clog_truncate
{
	int pageno;
	TransactionId oldestXact;
	Oid oldestXactDb;
} xl_clog_truncate;

extern void clog_redo(XLogReaderState *record);
extern void clog_desc(StringInfo buf, XLogReaderState *record);
extern const char *clog_identify(uint8 info);

#define TRANSACTION_STATUS_IN_PROGRESS 0x00
#define TRANSACTION_STATUS_COMMITTED 0x01
#define TRANSACTION_STATUS_ABORTED 0x02
#define TRANSACTION_STATUS_SUB_COMMITTED 0x03

/*
 * lsn: the log up to there is on disk before the page is written; valid only
 * for a commit that did not wait for its record.
 */
extern void
TransactionIdSetStatus(TransactionId xid, XidStatus status, XLogRecPtr lsn);
/* *lsn: a position at or behind the commit's record, or InvalidXLogRecPtr. */
extern XidStatus TransactionIdGetStatus(TransactionId xid, XLogRecPtr *lsn);

/*
 * The slot (access/clog_slots.h) that has the page of the log, which is read if
 * need be; -1: it is none that xids in use are on.
 */
extern int CLOGBringInPage(uint32 page);

/* shares of the private and of the public segment */
extern Size CLOGShmemSize(void);
extern Size CLOGPublicShmemSize(void);
extern void CLOGShmemInit(void);
/* The first page of a new cluster, written and synced. */
extern void BootStrapCLOG(void);
/* Before replay; FATAL if the page of the last checkpoint's nextXid is lost. */
extern void CheckCLOGFile(TransactionId nextXid);
/*
 * Replay is over.  Bits from the next xid on are of transactions that never
 * were: zero them.
 */
extern void TrimCLOG(void);
/* Write and sync every dirty page. */
extern void CheckPointCLOG(void);
/* Make room for a new xid; XidGenLock held. */
extern void ExtendCLOG(TransactionId newestXact);
/* Files of which every xid precedes oldestXact go. */
extern void TruncateCLOG(TransactionId oldestXact, Oid oldestxid_datoid);

#endif /* CLOG_H */
