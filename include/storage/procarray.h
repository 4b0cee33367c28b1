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
extern Size ProcArrayPublicShmemSize(void);
extern void CreateSharedProcArray(void);
extern void ProcArrayAdd(struct PGPROC *proc);
extern void ProcArrayRemove(struct PGPROC *proc, TransactionId latestXid);
extern void
ProcArrayEndTransaction(struct PGPROC *proc, TransactionId latestXid);
extern Snapshot GetSnapshotData(Snapshot snapshot);
extern bool
ProcArrayInstallRestoredXmin(TransactionId xmin, struct PGPROC *proc);
extern bool TransactionIdIsInProgress(TransactionId xid);
/* The process of that number, which may be gone at any time; NULL: none. */
extern struct PGPROC *ProcNumberGetProc(ProcNumber procNumber);
/*
 * Rows deleted by xids before it are seen by nobody any more: nobody who can
 * see rel, if rel is not NULL.
 */
extern TransactionId
GetOldestNonRemovableTransactionId(struct RelationData *rel);
extern TransactionId GetOldestActiveTransactionId(void);

/* Sessions of that role, this one too. */
extern int CountUserBackends(Oid roleid);

/*
 * The transactions of others: of this database unless allDbs, that have none of
 * the status flags of excludeVacuum, whose snapshots have an xmin <= limitXmin
 * if that is valid; excludeXmin0 leaves out those without a snapshot.
 * palloc'd.
 */
extern VirtualTransactionId *
GetCurrentVirtualXIDs(TransactionId limitXmin, bool excludeXmin0, bool allDbs,
                      int excludeVacuum, int *nvxids);

/*
 * The transactions of others that are there for a short direct search, which
 * runs (PGPROC.directShort).  palloc'd.
 */
extern VirtualTransactionId *GetShortDirectReaders(int *nvxids);

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
