/*
 * utils/snapmgr.h
 *		Taking, keeping and passing on snapshots.
 */
#ifndef SNAPMGR_H
#define SNAPMGR_H

#include "utils/snapshot.h"

extern SnapshotData SnapshotSelfData;
extern SnapshotData SnapshotAnyData;
#define SnapshotSelf (&SnapshotSelfData)
#define SnapshotAny (&SnapshotAnyData)
#define InitDirtySnapshot(snapshotdata) \
	((snapshotdata).snapshot_type = SNAPSHOT_DIRTY)
#define IsMVCCSnapshot(snapshot) ((snapshot)->snapshot_type == SNAPSHOT_MVCC)

extern TransactionId TransactionXmin;
/* This transaction has taken a snapshot: its isolation level stands. */
extern bool FirstSnapshotSet;

extern Snapshot GetTransactionSnapshot(void);
extern Snapshot GetLatestSnapshot(void);
extern Snapshot GetCatalogSnapshot(Oid relid);
extern void InvalidateCatalogSnapshot(void);
extern void SnapshotSetCommandId(CommandId curcid);
extern void PushActiveSnapshot(Snapshot snapshot);
extern void PushCopiedSnapshot(Snapshot snapshot);
extern void UpdateActiveSnapshotCommandId(void);
extern void PopActiveSnapshot(void);
extern Snapshot GetActiveSnapshot(void);
extern bool ActiveSnapshotSet(void);
extern Snapshot RegisterSnapshot(Snapshot snapshot);
extern void UnregisterSnapshot(Snapshot snapshot);
/*
 * A statement that has read nothing yet gives up its snapshot while it waits, so
 * that nobody waits for that, and goes on with a new one in the same place.  Not
 * if it is the whole transaction's: false.  An error ends it too.
 */
extern bool SuspendSnapshot(Snapshot snapshot);
extern void RenewSnapshot(Snapshot snapshot);
/* none but the one that a REPEATABLE READ transaction has */
extern bool ThereAreNoPriorRegisteredSnapshots(void);
extern void AtEOXact_Snapshot(bool isCommit, bool resetXmin);
extern bool XidInMVCCSnapshot(TransactionId xid, Snapshot snapshot);

extern Size EstimateSnapshotSpace(Snapshot snapshot);
extern void SerializeSnapshot(Snapshot snapshot, char *start_address);
extern Snapshot RestoreSnapshot(char *start_address);
/* source_pgproc is the PGPROC whose xmin keeps the snapshot's rows alive */
extern void RestoreTransactionSnapshot(Snapshot snapshot, void *source_pgproc);

#endif /* SNAPMGR_H */
