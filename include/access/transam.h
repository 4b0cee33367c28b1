/*
 * access/transam.h
 *		Transaction ids: special values, comparison modulo 2^32, assignment and
 *		status.
 */
#ifndef TRANSAM_H
#define TRANSAM_H

#include "access/xlogdefs.h"

#define InvalidTransactionId ((TransactionId) 0)
#define BootstrapTransactionId ((TransactionId) 1)
#define FrozenTransactionId ((TransactionId) 2)
#define FirstNormalTransactionId ((TransactionId) 3)
#define MaxTransactionId ((TransactionId) 0xFFFFFFFF)
#define FirstGenbkiObjectId 10000
#define FirstNormalObjectId 16384

#define TransactionIdIsValid(xid) ((xid) != InvalidTransactionId)
#define TransactionIdIsNormal(xid) ((xid) >= FirstNormalTransactionId)
#define TransactionIdEquals(id1, id2) ((id1) == (id2))
#define TransactionIdStore(xid, dest) (*(dest) = (xid))
#define TransactionIdAdvance(dest)             \
	do                                         \
	{                                          \
		(dest)++;                              \
		if ((dest) < FirstNormalTransactionId) \
			(dest) = FirstNormalTransactionId; \
	} while (0)

/* Epoch in the high half. */
typedef struct FullTransactionId
{
	uint64 value;
} FullTransactionId;

#define XidFromFullTransactionId(x) ((uint32) (x).value)
#define EpochFromFullTransactionId(x) ((uint32) ((x).value >> 32))
#define U64FromFullTransactionId(x) ((x).value)

static inline bool
TransactionIdPrecedes(TransactionId id1, TransactionId id2)
{
	if (!TransactionIdIsNormal(id1) || !TransactionIdIsNormal(id2))
		return id1 < id2;
	return (int32) (id1 - id2) < 0;
}

static inline bool
TransactionIdPrecedesOrEquals(TransactionId id1, TransactionId id2)
{
	return id1 == id2 || TransactionIdPrecedes(id1, id2);
}

static inline bool
TransactionIdFollows(TransactionId id1, TransactionId id2)
{
	return TransactionIdPrecedes(id2, id1);
}

static inline bool
TransactionIdFollowsOrEquals(TransactionId id1, TransactionId id2)
{
	return TransactionIdPrecedesOrEquals(id2, id1);
}

/* What GetNewTransactionId and snapshots share; "TransamVariables" in shmem. */
typedef struct VariableCacheData
{
	Oid nextOid;               /* [L:OidGenLock] */
	uint32 oidCount;           /* [L:OidGenLock] */
	FullTransactionId nextXid; /* [L:XidGenLock] */
	/* limits against wrap-around; the first is the least datfrozenxid */
	TransactionId oldestXid;    /* [L:XidGenLock] */
	TransactionId xidVacLimit;  /* [L:XidGenLock] autovacuum must */
	TransactionId xidWarnLimit; /* [L:XidGenLock] WARNINGs */
	TransactionId xidStopLimit; /* [L:XidGenLock] no more xids */
	TransactionId xidWrapLimit; /* [L:XidGenLock] rows would be lost */
	Oid oldestXidDB;            /* [L:XidGenLock] whose oldestXid is */
	FullTransactionId latestCompletedXid; /* [L:ProcArrayLock] */
} VariableCacheData;

typedef VariableCacheData *VariableCache;

extern VariableCache ShmemVariableCache;

#define TransactionIdRetreat(dest) \
	do                             \
	{                              \
		(dest)--;                  \
	} while ((dest) < FirstNormalTransactionId)

static inline FullTransactionId
FullTransactionIdFromEpochAndXid(uint32 epoch, TransactionId xid)
{
	FullTransactionId result = {((uint64) epoch << 32) | xid};

	return result;
}

extern Size VarsupShmemSize(void);
extern void VarsupShmemInit(void);
/* Counters out of ControlFile at start, and into it at a clean stop. */
extern void StartupTransactionCounters(void);
extern void CheckPointTransactionCounters(void);

/* Its record is on disk, or lsn says where it ends. */
extern void TransactionIdCommit(TransactionId xid);
extern void TransactionIdAsyncCommit(TransactionId xid, XLogRecPtr lsn);
extern void TransactionIdAbort(TransactionId xid);
/* How far the log must be on disk before the commit may show on a page. */
extern XLogRecPtr TransactionIdGetCommitLSN(TransactionId xid);
/* Replay: xid was in use. */
extern void AdvanceNextFullTransactionIdPastXid(TransactionId xid);
/* oldest_datfrozenxid moved: the points of warning and of refusal too. */
extern void
SetTransactionIdLimit(TransactionId oldest_datfrozenxid, Oid oldest_datoid);
extern bool ForceTransactionIdLimitUpdate(void);
extern bool TransactionIdDidCommit(TransactionId transactionId);
extern bool TransactionIdDidAbort(TransactionId transactionId);
extern FullTransactionId GetNewTransactionId(bool isSubXact);
extern FullTransactionId ReadNextFullTransactionId(void);
extern Oid GetNewObjectId(void);

#endif /* TRANSAM_H */
