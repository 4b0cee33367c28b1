/*
 * heapam_lock.c
 *		Locks on rows.
 *
 * A row is locked by its xmax: the locker's xid with the bits that say that it
 * only locks.  Everybody who wants to change the row then waits for that
 * transaction as for one that changes it.  There are no multixacts: one
 * transaction holds a row's lock, in one of two strengths, and both exclude
 * each other.
 *
 * The lock manager's lock on a tuple is held only while waiting and until the
 * row is marked: it orders those who wait.
 *
 * Corresponds to heap_lock_tuple in PostgreSQL's heapam.c, and to
 * heapam_tuple_lock.
 */
#include "postgres.h"

#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "access/xloginsert.h"
#include "heap_internal.h"
#include "miscadmin.h"
#include "utils/injection_point.h"
#include "utils/snapmgr.h"

/* In the lock manager, for each strength. */
static const LOCKMODE tuple_lock_modes[] = {
	[LockTupleKeyShare] = AccessShareLock,
	[LockTupleShare] = RowShareLock,
	[LockTupleNoKeyExclusive] = ExclusiveLock,
	[LockTupleExclusive] = AccessExclusiveLock,
};

static void
CouldNotLock(Relation relation)
{
	ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
	                errmsg("could not obtain lock on row in relation \"%s\"",
	                       RelationGetRelationName(relation))));
}

bool
heap_acquire_tuplock(Relation relation, ItemPointer tid, LockTupleMode mode,
                     LockWaitPolicy wait_policy, bool *have_tuple_lock)
{
	if (*have_tuple_lock)
		return true;
	switch (wait_policy)
	{
		case LockWaitBlock:
			LockTuple(relation, tid, tuple_lock_modes[mode]);
			break;
		case LockWaitSkip:
			if (!ConditionalLockTuple(relation, tid, tuple_lock_modes[mode]))
				return false;
			break;
		case LockWaitError:
			if (!ConditionalLockTuple(relation, tid, tuple_lock_modes[mode]))
				CouldNotLock(relation);
			break;
	}
	*have_tuple_lock = true;
	return true;
}

void
heap_release_tuplock(Relation relation, ItemPointer tid, LockTupleMode mode)
{
	UnlockTuple(relation, tid, tuple_lock_modes[mode]);
}

/* Waits for the transaction as the policy wants; false: it is not over. */
static bool
WaitForXact(Relation relation, TransactionId xid, ItemPointer tid,
            LockWaitPolicy wait_policy, XLTW_Oper oper)
{
	switch (wait_policy)
	{
		case LockWaitBlock:
			XactLockTableWait(xid, relation, tid, oper);
			break;
		case LockWaitSkip:
			return ConditionalXactLockTableWait(xid);
		case LockWaitError:
			if (!ConditionalXactLockTableWait(xid))
				CouldNotLock(relation);
			break;
	}
	return true;
}

void
heap_mark_locked(Relation relation, Buffer buffer, Buffer vmbuffer,
                 HeapTuple tup, TransactionId xid, LockTupleMode mode)
{
	HeapTupleHeader td = tup->t_data;
	Page page = BufferGetPage(buffer);
	xl_heap_lock xlrec = {.locking_xid = xid};

	Assert(mode >= LockTupleNoKeyExclusive);
	td->t_infomask &= ~(HEAP_XMAX_BITS | HEAP_MOVED);
	td->t_infomask |= HEAP_XMAX_EXCL_LOCK | HEAP_XMAX_LOCK_ONLY;
	td->t_infomask2 &= ~HEAP_KEYS_UPDATED;
	if (mode == LockTupleExclusive)
		td->t_infomask2 |= HEAP_KEYS_UPDATED;
	/* it is the newest version: whatever came after it was rolled back */
	HeapTupleHeaderClearHotUpdated(td);
	HeapTupleHeaderSetXmax(td, xid);
	td->t_ctid = tup->t_self;
	if (PageIsAllVisible(page) &&
	    visibilitymap_clear(relation, BufferGetBlockNumber(buffer), vmbuffer,
	                        VISIBILITYMAP_ALL_FROZEN))
		xlrec.flags |= XLH_LOCK_ALL_FROZEN_CLEARED;
	MarkBufferDirty(buffer);
	INJECTION_POINT_CRITICAL("heap-lock-log");
	if (RelationNeedsWAL(relation))
	{
		XLogRecPtr recptr;

		xlrec.offnum = ItemPointerGetOffsetNumber(&tup->t_self);
		xlrec.infobits_set = heap_infobits(td);
		XLogBeginInsert();
		XLogRegisterBuffer(0, buffer, REGBUF_STANDARD);
		XLogRegisterData((char *) &xlrec, SizeOfHeapLock);
		recptr = XLogInsert(RM_HEAP_ID, XLOG_HEAP_LOCK);
		PageSetLSN(page, recptr);
	}
}

/* Does this transaction hold the row's lock in that strength. */
static bool
LockedByMe(HeapTupleHeader td, LockTupleMode mode)
{
	return (td->t_infomask & HEAP_XMAX_INVALID) == 0 &&
	       HEAP_XMAX_IS_LOCKED_ONLY(td->t_infomask) &&
	       TransactionIdIsCurrentTransactionId(HeapTupleHeaderGetRawXmax(td)) &&
	       (mode < LockTupleExclusive ||
	        (td->t_infomask2 & HEAP_KEYS_UPDATED) != 0);
}

TM_Result
heap_lock_tuple(Relation relation, HeapTuple tuple, CommandId cid,
                LockTupleMode mode, LockWaitPolicy wait_policy, Buffer *buffer,
                TM_FailureData *tmfd)
{
	TransactionId xid = GetCurrentTransactionId();
	ItemPointerData tid = tuple->t_self;
	BlockNumber block = ItemPointerGetBlockNumber(&tid);
	Buffer vmbuffer = InvalidBuffer;
	bool have_tuple_lock = false;
	TM_Result result;

	if (mode < LockTupleNoKeyExclusive)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("shared row locks are not supported")));
	*buffer = ReadBuffer(relation, block);
	for (;;)
	{
		Page page = BufferGetPage(*buffer);
		TransactionId xwait;

		if (PageIsAllVisible(page))
			visibilitymap_pin(relation, block, &vmbuffer);
		LockBuffer(*buffer, BUFFER_LOCK_EXCLUSIVE);
		if (PageIsAllVisible(page) && !visibilitymap_pin_ok(block, vmbuffer))
		{
			LockBuffer(*buffer, BUFFER_LOCK_UNLOCK);
			continue;
		}
		heap_get_tuple(relation, *buffer, &tid, tuple);
		result = HeapTupleSatisfiesUpdate(tuple, cid, *buffer);
		if (result != TM_BeingModified)
			break;
		xwait = HeapTupleHeaderGetRawXmax(tuple->t_data);
		LockBuffer(*buffer, BUFFER_LOCK_UNLOCK);
		if (!heap_acquire_tuplock(relation, &tid, mode, wait_policy,
		                          &have_tuple_lock) ||
		    !WaitForXact(relation, xwait, &tid, wait_policy, XLTW_Lock))
		{
			LockBuffer(*buffer, BUFFER_LOCK_SHARE);
			result = TM_WouldBlock;
			break;
		}
	}
	if (result == TM_Ok && !LockedByMe(tuple->t_data, mode))
	{
		INJECTION_POINT("heap-lock");
		START_CRIT_SECTION();
		heap_mark_locked(relation, *buffer, vmbuffer, tuple, xid, mode);
		END_CRIT_SECTION();
	}
	else if (result != TM_Ok && result != TM_Invisible)
		heap_fill_failure(tuple, result, tmfd);
	LockBuffer(*buffer, BUFFER_LOCK_UNLOCK);
	if (vmbuffer != InvalidBuffer)
		ReleaseBuffer(vmbuffer);
	if (have_tuple_lock)
		heap_release_tuplock(relation, &tid, mode);
	return result;
}

/*
 * From an updated version, given by tmfd, to the next one that is worth trying
 * to lock: TM_Ok and tuple->t_self, or what became of the row.
 */
static TM_Result
NextVersion(Relation relation, HeapTuple tuple, CommandId cid,
            LockWaitPolicy wait_policy, TM_FailureData *tmfd)
{
	TransactionId prior = tmfd->xmax;
	SnapshotData dirty = {0};
	Buffer buffer;

	InitDirtySnapshot(dirty);
	tuple->t_self = tmfd->ctid;
	tmfd->traversed = true;
	for (;;)
	{
		TM_Result result = TM_Ok;
		bool seen;

		CHECK_FOR_INTERRUPTS();
		seen = heap_fetch(relation, &dirty, tuple, &buffer, true);
		/* The line pointer may have been freed, and used by another row. */
		if (tuple->t_data == NULL ||
		    HeapTupleHeaderGetXmin(tuple->t_data) != prior)
			result = TM_Deleted;
		else if (seen && TransactionIdIsValid(dirty.xmin))
			elog(ERROR,
			     "t_xmin %u is uncommitted in tuple (%u,%u) to be updated in "
			     "table \"%s\"",
			     dirty.xmin, ItemPointerGetBlockNumber(&tuple->t_self),
			     ItemPointerGetOffsetNumber(&tuple->t_self),
			     RelationGetRelationName(relation));
		else if (seen && TransactionIdIsValid(dirty.xmax))
		{
			ReleaseBuffer(buffer);
			if (!WaitForXact(relation, dirty.xmax, &tuple->t_self, wait_policy,
			                 XLTW_FetchUpdated))
				return TM_WouldBlock;
			continue;
		}
		else if (seen)
		{
			/* our own update, by a later command than the query's? */
			if (TransactionIdIsCurrentTransactionId(prior) &&
			    HeapTupleHeaderGetCmin(tuple->t_data) >= cid)
			{
				tmfd->xmax = prior;
				tmfd->cmax = HeapTupleHeaderGetCmin(tuple->t_data);
				result = TM_SelfModified;
			}
		}
		else if (ItemPointerEquals(&tuple->t_self, &tuple->t_data->t_ctid))
			result = TM_Deleted;
		else
		{
			prior = HeapTupleHeaderGetUpdateXid(tuple->t_data);
			tuple->t_self = tuple->t_data->t_ctid;
			ReleaseBuffer(buffer);
			continue;
		}
		if (buffer != InvalidBuffer)
			ReleaseBuffer(buffer);
		return result;
	}
}

TM_Result
table_tuple_lock(Relation rel, ItemPointer tid, Snapshot snapshot,
                 TupleTableSlot *slot, CommandId cid, LockTupleMode mode,
                 LockWaitPolicy wait_policy, uint8 flags, TM_FailureData *tmfd)
{
	HeapTupleData tuple = {.t_self = *tid};
	TM_Result result;
	Buffer buffer;

	tmfd->traversed = false;
	for (;;)
	{
		result =
			heap_lock_tuple(rel, &tuple, cid, mode, wait_policy, &buffer, tmfd);
		if (result != TM_Updated ||
		    (flags & TUPLE_LOCK_FLAG_FIND_LAST_VERSION) == 0)
			break;
		ReleaseBuffer(buffer);
		result = NextVersion(rel, &tuple, cid, wait_policy, tmfd);
		if (result != TM_Ok)
		{
			ExecClearTuple(slot);
			return result;
		}
	}
	*tid = tuple.t_self;
	tuple.t_tableOid = RelationGetRelid(rel);
	ExecStoreBufferHeapTuple(&tuple, slot, buffer);
	slot->tts_tableOid = tuple.t_tableOid;
	ReleaseBuffer(buffer);
	return result;
}
