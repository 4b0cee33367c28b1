/*
 * heapam_visibility.c
 *		Who sees a row version.
 *
 * 1.	The caller holds the page's content lock, shared at least.
 * 2.	Own transaction first, then "is it running" (snapshot or process array),
 *		then the commit log: a committing one is in the log before it leaves the
 *		array.
 * 3.	What is final is noted in hint bits; single stores, lost without harm.
 *		That a transaction committed is noted only when its record is on disk,
 *		or will be before the page is: a crash may still undo the commit.
 * 4.	There are no multixacts: xmax is one transaction, that deletes, updates
 *		or only locks.
 *
 * Corresponds to PostgreSQL's heapam_visibility.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xlog.h"
#include "storage/bufmgr.h"
#include "storage/procarray.h"
#include "utils/snapmgr.h"

typedef enum XidFate
{
	XID_OWN,
	XID_RUNNING,
	XID_COMMITTED,
	XID_ABORTED
} XidFate;

/* xid: whose commit is noted, or InvalidTransactionId. */
static void
SetHintBits(HeapTupleHeader tuple, Buffer buffer, uint16 infomask,
            TransactionId xid)
{
	if (TransactionIdIsValid(xid))
	{
		XLogRecPtr lsn = TransactionIdGetCommitLSN(xid);

		if (!XLogRecPtrIsInvalid(lsn) && BufferIsPermanent(buffer) &&
		    XLogNeedsFlush(lsn) && BufferGetLSNAtomic(buffer) < lsn)
			return;
	}
	tuple->t_infomask |= infomask;
	MarkBufferDirtyHint(buffer, true);
}

/* snapshot NULL: as of now. */
static inline XidFate
FateOfXid(TransactionId xid, Snapshot snapshot)
{
	if (TransactionIdIsCurrentTransactionId(xid))
		return XID_OWN;
	if (snapshot != NULL ? XidInMVCCSnapshot(xid, snapshot)
	                     : TransactionIdIsInProgress(xid))
		return XID_RUNNING;
	return TransactionIdDidCommit(xid) ? XID_COMMITTED : XID_ABORTED;
}

/* Of the inserter, by the hint bits if they say it. */
static inline XidFate
FateOfXmin(HeapTupleHeader tuple, Snapshot snapshot, Buffer buffer)
{
	XidFate fate;

	if (HeapTupleHeaderXminFrozen(tuple))
		return XID_COMMITTED;
	if (tuple->t_infomask & HEAP_XMIN_COMMITTED)
		return snapshot != NULL &&
		               !TransactionIdIsCurrentTransactionId(
						   HeapTupleHeaderGetRawXmin(tuple)) &&
		               XidInMVCCSnapshot(HeapTupleHeaderGetRawXmin(tuple),
		                                 snapshot)
		           ? XID_RUNNING
		           : XID_COMMITTED;
	if (tuple->t_infomask & HEAP_XMIN_INVALID)
		return XID_ABORTED;
	fate = FateOfXid(HeapTupleHeaderGetRawXmin(tuple), snapshot);
	if (fate == XID_COMMITTED)
		SetHintBits(tuple, buffer, HEAP_XMIN_COMMITTED,
		            HeapTupleHeaderGetRawXmin(tuple));
	else if (fate == XID_ABORTED)
		SetHintBits(tuple, buffer, HEAP_XMIN_INVALID, InvalidTransactionId);
	return fate;
}

/* Of the deleter; a row without one, or only locked: XID_ABORTED. */
static inline XidFate
FateOfXmax(HeapTupleHeader tuple, Snapshot snapshot, Buffer buffer)
{
	TransactionId xmax = HeapTupleHeaderGetRawXmax(tuple);
	XidFate fate;

	if ((tuple->t_infomask & HEAP_XMAX_INVALID) ||
	    HEAP_XMAX_IS_LOCKED_ONLY(tuple->t_infomask))
		return XID_ABORTED;
	if (tuple->t_infomask & HEAP_XMAX_COMMITTED)
		return snapshot != NULL && XidInMVCCSnapshot(xmax, snapshot)
		           ? XID_RUNNING
		           : XID_COMMITTED;
	fate = FateOfXid(xmax, snapshot);
	if (fate == XID_COMMITTED)
		SetHintBits(tuple, buffer, HEAP_XMAX_COMMITTED, xmax);
	else if (fate == XID_ABORTED)
		SetHintBits(tuple, buffer, HEAP_XMAX_INVALID, InvalidTransactionId);
	return fate;
}

static bool
HeapTupleSatisfiesMVCC(HeapTupleHeader tuple, Snapshot snapshot, Buffer buffer)
{
	switch (FateOfXmin(tuple, snapshot, buffer))
	{
		case XID_OWN:
			if (HeapTupleHeaderGetCmin(tuple) >= snapshot->curcid)
				return false;
			break;
		case XID_COMMITTED:
			break;
		default:
			return false;
	}
	switch (FateOfXmax(tuple, snapshot, buffer))
	{
		case XID_OWN:
			return HeapTupleHeaderGetCmax(tuple) >= snapshot->curcid;
		case XID_COMMITTED:
			return false;
		default:
			return true;
	}
}

/* As of now, with what this command did. */
static bool
HeapTupleSatisfiesSelf(HeapTupleHeader tuple, Buffer buffer)
{
	XidFate fate = FateOfXmin(tuple, NULL, buffer);

	if (fate == XID_RUNNING || fate == XID_ABORTED)
		return false;
	fate = FateOfXmax(tuple, NULL, buffer);
	return fate == XID_RUNNING || fate == XID_ABORTED;
}

/*
 * As SatisfiesSelf, but what others have in progress counts as if it were done
 * (inserts) or not (deletes); snapshot tells by whom.
 */
static bool
HeapTupleSatisfiesDirty(HeapTupleHeader tuple, Snapshot snapshot, Buffer buffer)
{
	snapshot->xmin = snapshot->xmax = InvalidTransactionId;
	switch (FateOfXmin(tuple, NULL, buffer))
	{
		case XID_ABORTED:
			return false;
		case XID_RUNNING:
			snapshot->xmin = HeapTupleHeaderGetRawXmin(tuple);
			return true;
		default:
			break;
	}
	switch (FateOfXmax(tuple, NULL, buffer))
	{
		case XID_RUNNING:
			snapshot->xmax = HeapTupleHeaderGetRawXmax(tuple);
			return true;
		case XID_ABORTED:
			return true;
		default:
			return false;
	}
}

bool
HeapTupleSatisfiesVisibility(HeapTuple tup, Snapshot snapshot, Buffer buffer)
{
	switch (snapshot->snapshot_type)
	{
		case SNAPSHOT_MVCC:
			return HeapTupleSatisfiesMVCC(tup->t_data, snapshot, buffer);
		case SNAPSHOT_SELF:
			return HeapTupleSatisfiesSelf(tup->t_data, buffer);
		case SNAPSHOT_ANY:
			return true;
		case SNAPSHOT_DIRTY:
			return HeapTupleSatisfiesDirty(tup->t_data, snapshot, buffer);
	}
	elog(ERROR, "unsupported snapshot type %d", (int) snapshot->snapshot_type);
	return false;
}

/* Is somebody else's lock on the row still held. */
static bool
LockedByOther(HeapTupleHeader tuple, Buffer buffer)
{
	TransactionId xmax = HeapTupleHeaderGetRawXmax(tuple);

	if ((tuple->t_infomask & HEAP_XMAX_INVALID) ||
	    !HEAP_XMAX_IS_LOCKED_ONLY(tuple->t_infomask) ||
	    TransactionIdIsCurrentTransactionId(xmax))
		return false;
	if (TransactionIdIsInProgress(xmax))
		return true;
	SetHintBits(tuple, buffer, HEAP_XMAX_INVALID, InvalidTransactionId);
	return false;
}

/* The transaction's own lock on the row is no obstacle: TM_Ok. */
TM_Result
HeapTupleSatisfiesUpdate(HeapTuple tup, CommandId curcid, Buffer buffer)
{
	HeapTupleHeader tuple = tup->t_data;

	switch (FateOfXmin(tuple, NULL, buffer))
	{
		case XID_OWN:
			if (HeapTupleHeaderGetCmin(tuple) >= curcid)
				return TM_Invisible;
			break;
		case XID_COMMITTED:
			break;
		default:
			return TM_Invisible;
	}
	switch (FateOfXmax(tuple, NULL, buffer))
	{
		case XID_OWN:
			return HeapTupleHeaderGetCmax(tuple) >= curcid ? TM_SelfModified
			                                               : TM_Invisible;
		case XID_RUNNING:
			return TM_BeingModified;
		case XID_COMMITTED:
			return ItemPointerEquals(&tup->t_self, &tuple->t_ctid) ? TM_Deleted
			                                                       : TM_Updated;
		default:
			return LockedByOther(tuple, buffer) ? TM_BeingModified : TM_Ok;
	}
}

HTSV_Result
HeapTupleSatisfiesVacuum(HeapTuple tup, TransactionId OldestXmin, Buffer buffer)
{
	HeapTupleHeader tuple = tup->t_data;

	switch (FateOfXmin(tuple, NULL, buffer))
	{
		case XID_OWN:
			return FateOfXmax(tuple, NULL, buffer) == XID_OWN
			           ? HEAPTUPLE_DELETE_IN_PROGRESS
			           : HEAPTUPLE_INSERT_IN_PROGRESS;
		case XID_RUNNING:
			return HEAPTUPLE_INSERT_IN_PROGRESS;
		case XID_ABORTED:
			return HEAPTUPLE_DEAD;
		case XID_COMMITTED:
			break;
	}
	switch (FateOfXmax(tuple, NULL, buffer))
	{
		case XID_OWN:
		case XID_RUNNING:
			return HEAPTUPLE_DELETE_IN_PROGRESS;
		case XID_COMMITTED:
			return TransactionIdPrecedes(HeapTupleHeaderGetRawXmax(tuple),
			                             OldestXmin)
			           ? HEAPTUPLE_DEAD
			           : HEAPTUPLE_RECENTLY_DEAD;
		default:
			(void) LockedByOther(tuple, buffer);
			return HEAPTUPLE_LIVE;
	}
}

/* By what the hint bits say alone: false does not mean that somebody sees it. */
bool
HeapTupleIsSurelyDead(HeapTuple tup, TransactionId OldestXmin)
{
	HeapTupleHeader tuple = tup->t_data;

	if (!HeapTupleHeaderXminCommitted(tuple))
		return HeapTupleHeaderXminInvalid(tuple);
	if ((tuple->t_infomask & HEAP_XMAX_INVALID) ||
	    HEAP_XMAX_IS_LOCKED_ONLY(tuple->t_infomask) ||
	    (tuple->t_infomask & HEAP_XMAX_COMMITTED) == 0)
		return false;
	return TransactionIdPrecedes(HeapTupleHeaderGetRawXmax(tuple), OldestXmin);
}
