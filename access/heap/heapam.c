/*
 * heapam.c
 *		Changing heap tables: insert, delete, update.
 *
 * 1.	A page changes under its exclusive lock in a critical section, is marked
 *		dirty in it, and no lock is held while waiting for a transaction.
 * 2.	The xid is assigned before any buffer is locked.
 * 3.	Indexes are the caller's matter, after the heap.
 *
 * Corresponds to PostgreSQL's heapam.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/hio.h"
#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "storage/lmgr.h"

static void
heap_prepare_insert(Relation relation, HeapTuple tup, TransactionId xid,
                    CommandId cid)
{
	HeapTupleHeader td = tup->t_data;

	td->t_infomask &= ~HEAP_XACT_MASK;
	td->t_infomask2 &= ~HEAP2_XACT_MASK;
	td->t_infomask |= HEAP_XMAX_INVALID;
	HeapTupleHeaderSetXmin(td, xid);
	HeapTupleHeaderSetCmin(td, cid);
	HeapTupleHeaderSetXmax(td, InvalidTransactionId);
	tup->t_tableOid = RelationGetRelid(relation);
}

void
heap_insert(Relation relation, HeapTuple tup, CommandId cid, int options,
            BulkInsertState bistate)
{
	TransactionId xid = GetCurrentTransactionId();
	Buffer buffer;

	heap_prepare_insert(relation, tup, xid, cid);
	buffer = RelationGetBufferForTuple(relation, tup->t_len, options, bistate);
	START_CRIT_SECTION();
	RelationPutHeapTuple(relation, buffer, tup);
	MarkBufferDirty(buffer);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
	tup->t_data->t_ctid = tup->t_self;
}

/* As many as fit on a page under one lock. */
void
heap_multi_insert(Relation relation, TupleTableSlot **slots, int ntuples,
                  CommandId cid, int options, BulkInsertState bistate)
{
	TransactionId xid = GetCurrentTransactionId();
	HeapTuple *tuples = palloc_array(HeapTuple, Max(ntuples, 1));
	bool *shouldFree = palloc_array(bool, Max(ntuples, 1));
	int done = 0;
	int i;

	for (i = 0; i < ntuples; i++)
	{
		tuples[i] = ExecFetchSlotHeapTuple(
			slots[i], slots[i]->buffer != InvalidBuffer, &shouldFree[i]);
		heap_prepare_insert(relation, tuples[i], xid, cid);
	}
	while (done < ntuples)
	{
		Buffer buffer;
		Page page;

		CHECK_FOR_INTERRUPTS();
		buffer = RelationGetBufferForTuple(relation, tuples[done]->t_len,
		                                   options, bistate);
		page = BufferGetPage(buffer);
		START_CRIT_SECTION();
		do
			RelationPutHeapTuple(relation, buffer, tuples[done++]);
		while (done < ntuples &&
		       PageGetHeapFreeSpace(page) >= MAXALIGN(tuples[done]->t_len));
		MarkBufferDirty(buffer);
		END_CRIT_SECTION();
		UnlockReleaseBuffer(buffer);
	}
	for (i = 0; i < ntuples; i++)
	{
		slots[i]->tts_tid = tuples[i]->t_self;
		slots[i]->tts_tableOid = tuples[i]->t_tableOid;
		if (shouldFree[i])
			heap_freetuple(tuples[i]);
	}
	pfree(tuples);
	pfree(shouldFree);
}

/* The locked page's tuple at tid; ERROR if there is none. */
static void
GetTuple(Relation relation, Buffer buffer, ItemPointer tid, HeapTuple tup)
{
	Page page = BufferGetPage(buffer);
	OffsetNumber off = ItemPointerGetOffsetNumber(tid);
	ItemId lp;

	if (off > PageGetMaxOffsetNumber(page) ||
	    !ItemIdIsNormal(lp = PageGetItemId(page, off)))
	{
		UnlockReleaseBuffer(buffer);
		elog(ERROR, "no tuple at (%u,%u) in table \"%s\"",
		     ItemPointerGetBlockNumber(tid), off,
		     RelationGetRelationName(relation));
	}
	tup->t_data = (HeapTupleHeader) PageGetItem(page, lp);
	tup->t_len = ItemIdGetLength(lp);
	tup->t_self = *tid;
	tup->t_tableOid = RelationGetRelid(relation);
}

TM_Result
heap_delete(Relation relation, ItemPointer tid, CommandId cid, bool wait,
            TM_FailureData *tmfd)
{
	TransactionId xid = GetCurrentTransactionId();
	ItemPointerData self = *tid;
	HeapTupleData tp;
	HeapTupleHeader td;
	TM_Result result;
	Buffer buffer;
	Page page;
	bool iscombo;

	buffer = ReadBuffer(relation, ItemPointerGetBlockNumber(&self));
	page = BufferGetPage(buffer);
	for (;;)
	{
		TransactionId xwait;

		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		GetTuple(relation, buffer, &self, &tp);
		td = tp.t_data;
		result = HeapTupleSatisfiesUpdate(&tp, cid, buffer);
		if (result != TM_BeingModified || !wait)
			break;
		/* Its end decides; look again then. */
		xwait = HeapTupleHeaderGetRawXmax(td);
		LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
		XactLockTableWait(xwait, relation, &self, XLTW_Delete);
	}
	if (result == TM_Invisible)
	{
		UnlockReleaseBuffer(buffer);
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		                errmsg("attempted to delete invisible tuple")));
	}
	if (result != TM_Ok)
	{
		tmfd->ctid = td->t_ctid;
		tmfd->xmax = HeapTupleHeaderGetRawXmax(td);
		tmfd->cmax = result == TM_SelfModified ? HeapTupleHeaderGetCmax(td)
		                                       : InvalidCommandId;
		UnlockReleaseBuffer(buffer);
		return result;
	}

	HeapTupleHeaderAdjustCmax(td, &cid, &iscombo);
	START_CRIT_SECTION();
	PageSetPrunable(page, xid);
	((PageHeader) page)->pd_flags &= ~PD_ALL_VISIBLE;
	td->t_infomask &= ~(HEAP_XMAX_BITS | HEAP_MOVED);
	td->t_infomask2 &= ~HEAP_HOT_UPDATED;
	td->t_infomask2 |= HEAP_KEYS_UPDATED;
	HeapTupleHeaderSetXmax(td, xid);
	HeapTupleHeaderSetCmax(td, cid, iscombo);
	td->t_ctid = self;
	MarkBufferDirty(buffer);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
	return TM_Ok;
}

/*
 * Delete, insert, then link.  Until the link is set the old version looks
 * deleted, but others first wait for our end.
 */
TM_Result
heap_update(Relation relation, ItemPointer otid, HeapTuple newtup,
            CommandId cid, bool wait, TM_FailureData *tmfd)
{
	ItemPointerData old = *otid;
	TM_Result result = heap_delete(relation, &old, cid, wait, tmfd);
	TransactionId xid = GetCurrentTransactionId();
	HeapTupleData tp;
	Buffer buffer;

	if (result != TM_Ok)
		return result;
	heap_prepare_insert(relation, newtup, xid, cid);
	newtup->t_data->t_infomask |= HEAP_UPDATED;
	buffer = RelationGetBufferForTuple(relation, newtup->t_len, 0, NULL);
	START_CRIT_SECTION();
	RelationPutHeapTuple(relation, buffer, newtup);
	MarkBufferDirty(buffer);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
	newtup->t_data->t_ctid = newtup->t_self;

	buffer = ReadBuffer(relation, ItemPointerGetBlockNumber(&old));
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	GetTuple(relation, buffer, &old, &tp);
	START_CRIT_SECTION();
	tp.t_data->t_ctid = newtup->t_self;
	MarkBufferDirty(buffer);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
	return TM_Ok;
}

void
heap_inplace_update(Relation relation, HeapTuple tuple)
{
	HeapTupleData tp;
	Buffer buffer;

	buffer = ReadBuffer(relation, ItemPointerGetBlockNumber(&tuple->t_self));
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	GetTuple(relation, buffer, &tuple->t_self, &tp);
	if (tp.t_len != tuple->t_len || tp.t_data->t_hoff != tuple->t_data->t_hoff)
	{
		UnlockReleaseBuffer(buffer);
		elog(ERROR, "wrong tuple length");
	}
	START_CRIT_SECTION();
	memcpy(GETSTRUCT(&tp), GETSTRUCT(tuple), tp.t_len - tp.t_data->t_hoff);
	MarkBufferDirty(buffer);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
}

void
simple_heap_insert(Relation relation, HeapTuple tup)
{
	heap_insert(relation, tup, GetCurrentCommandId(true), 0, NULL);
}

static void
ExpectOk(TM_Result result)
{
	switch (result)
	{
		case TM_Ok:
			return;
		case TM_SelfModified:
			elog(ERROR, "tuple already updated by self");
			break;
		default:
			elog(ERROR, "tuple concurrently updated");
	}
}

void
simple_heap_delete(Relation relation, ItemPointer tid)
{
	TM_FailureData tmfd;

	ExpectOk(
		heap_delete(relation, tid, GetCurrentCommandId(true), true, &tmfd));
}

void
simple_heap_update(Relation relation, ItemPointer otid, HeapTuple tup)
{
	TM_FailureData tmfd;

	ExpectOk(heap_update(relation, otid, tup, GetCurrentCommandId(true), true,
	                     &tmfd));
}
