/*
 * storage/procarray.h
 *		The array of processes that may run transactions.
 */
#ifndef PROCARRAY_H
#define PROCARRAY_H

#include "storage/lock.h"
#include "utils/snapshot.h"

struct PGPROC;
struct RelationData;

extern Size ProcArrayShmemSize(void);
extern void CreateSharedProcArray(void);
extern void ProcArrayAdd(struct PGPROC *proc);
extern void ProcArrayRemove(struct PGPROC *proc, TransactionId latestXid);
extern void ProcArrayEndTransaction(struct PGPROC *proc,
                                    TransactionId latestXid);
extern Snapshot GetSnapshotData(Snapshot snapshot);
extern bool ProcArrayInstallRestoredXmin(TransactionId xmin,
                                         struct PGPROC *proc);
extern bool TransactionIdIsInProgress(TransactionId xid);
/* Rows deleted by xids before it are seen by nobody any more. */
extern TransactionId
GetOldestNonRemovableTransactionId(struct RelationData *rel);
extern TransactionId GetOldestActiveTransactionId(void);

/*
 * The others of this database that hold a snapshot with xmin <= limitXmin and
 * have none of the status flags of excludeFlags; palloc'd.
 */
extern VirtualTransactionId *
GetOlderVirtualXIDs(TransactionId limitXmin, int excludeFlags, int *nvxids);

/* Who runs with an xid, in CurrentMemoryContext. */
typedef struct RunningTransactionsData
{
	int xcnt;
	TransactionId nextXid;
	TransactionId oldestRunningXid;
	TransactionId latestCompletedXid;
	TransactionId *xids;
} RunningTransactionsData;

extern RunningTransactionsData *GetRunningTransactionData(void);

#endif /* PROCARRAY_H */
