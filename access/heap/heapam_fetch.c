/*
 * heapam_fetch.c
 *		Single rows: by TID, and by the TIDs of indexes along HOT chains.
 *
 * An index entry points to a chain's root: its line pointer may be redirected,
 * and the versions after the root follow by t_ctid on the same page, each with
 * the xmin that the one before has as xmax.  Where that breaks the chain ends:
 * the place was used again.
 *
 * Corresponds to the fetching functions of PostgreSQL's heapam.c and
 * heapam_handler.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/transam.h"
#include "miscadmin.h"
#include "storage/procarray.h"
#include "utils/snapmgr.h"

bool
heap_fetch(Relation relation, Snapshot snapshot, HeapTuple tuple,
           Buffer *userbuf, bool keep_buf)
{
	OffsetNumber off = ItemPointerGetOffsetNumber(&tuple->t_self);
	Buffer buffer =
		ReadBuffer(relation, ItemPointerGetBlockNumber(&tuple->t_self));
	Page page = BufferGetPage(buffer);
	bool valid = false;

	tuple->t_data = NULL;
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	if (!PageIsNew(page) && off <= PageGetMaxOffsetNumber(page) &&
	    ItemIdIsNormal(PageGetItemId(page, off)))
	{
		ItemId lp = PageGetItemId(page, off);

		tuple->t_data = (HeapTupleHeader) PageGetItem(page, lp);
		tuple->t_len = ItemIdGetLength(lp);
		tuple->t_tableOid = RelationGetRelid(relation);
		valid = HeapTupleSatisfiesVisibility(tuple, snapshot, buffer);
	}
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	*userbuf = buffer;
	if (!valid && (!keep_buf || tuple->t_data == NULL))
	{
		ReleaseBuffer(buffer);
		*userbuf = InvalidBuffer;
		tuple->t_data = NULL;
	}
	return valid;
}

bool
heap_hot_search_buffer(ItemPointer tid, Relation relation, Buffer buffer,
                       Snapshot snapshot, HeapTuple heapTuple, bool *all_dead,
                       TransactionId *oldest_xmin, bool first_call)
{
	Page page = BufferGetPage(buffer);
	OffsetNumber maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	OffsetNumber off = ItemPointerGetOffsetNumber(tid);
	TransactionId prior = InvalidTransactionId;
	bool at_root = first_call;
	bool skip = !first_call;

	if (all_dead != NULL)
		*all_dead = first_call;
	heapTuple->t_tableOid = RelationGetRelid(relation);
	while (off >= FirstOffsetNumber && off <= maxoff)
	{
		ItemId lp = PageGetItemId(page, off);

		if (!ItemIdIsNormal(lp))
		{
			/* Only the root can be redirected. */
			if (!ItemIdIsRedirected(lp) || !at_root)
				break;
			off = ItemIdGetRedirect(lp);
			at_root = false;
			continue;
		}
		heapTuple->t_data = (HeapTupleHeader) PageGetItem(page, lp);
		heapTuple->t_len = ItemIdGetLength(lp);
		ItemPointerSet(&heapTuple->t_self, BufferGetBlockNumber(buffer), off);
		/* A heap-only tuple is no root: the entry's row is gone. */
		if (at_root && HeapTupleIsHeapOnly(heapTuple))
			break;
		if (TransactionIdIsValid(prior) &&
		    HeapTupleHeaderGetXmin(heapTuple->t_data) != prior)
			break;
		if (!skip)
		{
			if (HeapTupleSatisfiesVisibility(heapTuple, snapshot, buffer))
			{
				ItemPointerSetOffsetNumber(tid, off);
				if (all_dead != NULL)
					*all_dead = false;
				return true;
			}
		}
		skip = false;
		if (all_dead != NULL && *all_dead)
		{
			if (!TransactionIdIsValid(*oldest_xmin))
				*oldest_xmin = GetOldestNonRemovableTransactionId(relation);
			*all_dead = HeapTupleIsSurelyDead(heapTuple, *oldest_xmin);
		}
		if (!HeapTupleIsHotUpdated(heapTuple))
			break;
		Assert(ItemPointerGetBlockNumber(&heapTuple->t_data->t_ctid) ==
		       BufferGetBlockNumber(buffer));
		off = ItemPointerGetOffsetNumber(&heapTuple->t_data->t_ctid);
		at_root = false;
		prior = HeapTupleHeaderGetUpdateXid(heapTuple->t_data);
	}
	return false;
}

void
heap_get_latest_tid(Relation relation, Snapshot snapshot, ItemPointer tid)
{
	ItemPointerData ctid = *tid;
	TransactionId prior = InvalidTransactionId;

	for (;;)
	{
		HeapTupleData tuple = {.t_self = ctid};
		bool last;
		Buffer buffer;

		CHECK_FOR_INTERRUPTS();
		if (heap_fetch(relation, snapshot, &tuple, &buffer, true))
			*tid = ctid;
		if (buffer == InvalidBuffer)
			return;
		last = (TransactionIdIsValid(prior) &&
		        HeapTupleHeaderGetXmin(tuple.t_data) != prior) ||
		       (tuple.t_data->t_infomask & HEAP_XMAX_INVALID) != 0 ||
		       HEAP_XMAX_IS_LOCKED_ONLY(tuple.t_data->t_infomask) ||
		       ItemPointerEquals(&tuple.t_self, &tuple.t_data->t_ctid);
		ctid = tuple.t_data->t_ctid;
		prior = HeapTupleHeaderGetUpdateXid(tuple.t_data);
		ReleaseBuffer(buffer);
		if (last)
			return;
	}
}

bool
table_tuple_fetch_row_version(Relation rel, ItemPointer tid, Snapshot snapshot,
                              TupleTableSlot *slot)
{
	HeapTupleData tup = {.t_self = *tid};
	Buffer buffer;

	if (!heap_fetch(rel, snapshot, &tup, &buffer, false))
	{
		ExecClearTuple(slot);
		return false;
	}
	ExecStoreBufferHeapTuple(&tup, slot, buffer);
	ReleaseBuffer(buffer);
	return true;
}

void
table_tuple_get_latest_tid(Relation rel, Snapshot snapshot, ItemPointer tid)
{
	heap_get_latest_tid(rel, snapshot, tid);
}

IndexFetchTableData *
table_index_fetch_begin(Relation rel)
{
	IndexFetchTableData *scan = palloc0_object(IndexFetchTableData);

	scan->rel = rel;
	scan->xs_cbuf = InvalidBuffer;
	scan->oldest_xmin = InvalidTransactionId;
	return scan;
}

void
table_index_fetch_reset(IndexFetchTableData *scan)
{
	if (scan->xs_cbuf != InvalidBuffer)
		ReleaseBuffer(scan->xs_cbuf);
	scan->xs_cbuf = InvalidBuffer;
}

void
table_index_fetch_end(IndexFetchTableData *scan)
{
	table_index_fetch_reset(scan);
	pfree(scan);
}

bool
table_index_fetch_tuple(IndexFetchTableData *scan, ItemPointer tid,
                        Snapshot snapshot, TupleTableSlot *slot,
                        bool *call_again, bool *all_dead)
{
	HeapTupleData tup = {0};
	bool first_call = !*call_again;
	bool found;

	if (first_call)
	{
		Buffer before = scan->xs_cbuf;

		scan->xs_cbuf = ReleaseAndReadBuffer(scan->xs_cbuf, scan->rel,
		                                     ItemPointerGetBlockNumber(tid));
		if (scan->xs_cbuf != before && IsMVCCSnapshot(snapshot))
			heap_page_prune_opt(scan->rel, scan->xs_cbuf);
	}
	LockBuffer(scan->xs_cbuf, BUFFER_LOCK_SHARE);
	found =
		heap_hot_search_buffer(tid, scan->rel, scan->xs_cbuf, snapshot, &tup,
	                           all_dead, &scan->oldest_xmin, first_call);
	LockBuffer(scan->xs_cbuf, BUFFER_LOCK_UNLOCK);
	if (!found)
	{
		*call_again = false;
		ExecClearTuple(slot);
		return false;
	}
	/* A snapshot proper sees one version of a row. */
	*call_again = !IsMVCCSnapshot(snapshot);
	ExecStoreBufferHeapTuple(&tup, slot, scan->xs_cbuf);
	slot->tts_tableOid = tup.t_tableOid;
	return true;
}
