/*
 * utils/snapshot.h
 *		Snapshots: what a statement may see.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include "lib/ilist.h"

typedef enum SnapshotType
{
	SNAPSHOT_MVCC = 0,
	SNAPSHOT_SELF,
	SNAPSHOT_ANY,
	SNAPSHOT_DIRTY /* as SELF, and what is in progress; tells who is at it */
} SnapshotType;

typedef struct SnapshotData *Snapshot;

#define InvalidSnapshot ((Snapshot) NULL)

typedef struct SnapshotData
{
	SnapshotType snapshot_type;
	/* MVCC; of a dirty one: the running inserter and deleter, if any */
	TransactionId xmin; /* all below are over */
	TransactionId xmax; /* all from here on are not visible */
	TransactionId *xip; /* in progress, xmin <= xid < xmax */
	uint32 xcnt;
	bool copied;
	CommandId curcid;   /* own changes of earlier commands are visible */
	uint64 completions; /* MVCC: XactCompletions (storage/direct.h) when it was
	                     * taken; 0: not known */
	uint32 active_count;
	uint32 regd_count;
	dlist_node link; /* in the list of registered snapshots */
} SnapshotData;

#endif /* SNAPSHOT_H */
