/*
 * storage/standbydefs.h
 *		Records of the resource manager Standby: who runs, for followers.
 */
#ifndef STANDBYDEFS_H
#define STANDBYDEFS_H

#include "access/xlogreader.h"
#include "lib/stringinfo.h"

#define XLOG_STANDBY_LOCK 0x00
#define XLOG_RUNNING_XACTS 0x10
#define XLOG_INVALIDATIONS 0x20

typedef struct xl_running_xacts
{
	int xcnt;
	int subxcnt;
	bool subxid_overflow;
	TransactionId nextXid;
	TransactionId oldestRunningXid;
	TransactionId latestCompletedXid;
	TransactionId xids[FLEXIBLE_ARRAY_MEMBER];
} xl_running_xacts;

#define MinSizeOfXactRunningXacts offsetof(xl_running_xacts, xids)

extern void standby_redo(XLogReaderState *record);
extern void standby_desc(StringInfo buf, XLogReaderState *record);
extern const char *standby_identify(uint8 info);
/* Logs the running transactions; the record's end. */
extern XLogRecPtr LogStandbySnapshot(void);

#endif /* STANDBYDEFS_H */
