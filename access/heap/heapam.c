/*
 * heapam.c
 *		Changing heap tables: insert, delete, overwrite in place.
 *
 * 1.	A page changes under its exclusive lock in a critical section: it is
 *		changed, marked dirty, the record is inserted into the log, the page
 *		gets the record's LSN.  No lock on a page is held while waiting for a
 *		transaction.
 * 2.	The xid is assigned, the page of the visibility map is pinned and memory
 *		is allocated before the critical section.
 * 3.	Who waits for a row's changer first takes the row's lock in the lock
 *		manager: those who wait get the row in the order of their coming.
 * 4.	Indexes are the caller's matter, after the heap.
 * 5.	What a SIGKILL leaves behind: a change without its record has not
 *		reached the disk, since a page is written only after its LSN is flushed.
 *
 * Corresponds to PostgreSQL's heapam.c; updates are in heapam_update.c, row
 * locks in heapam_lock.c, replay in heapam_xlog.c.
 */
#include "postgres.h"

#include "access/heapam_xlog.h"
#include "access/heaptoast.h"
#include "access/hio.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xact.h"
#include "access/xloginsert.h"
#include "heap_internal.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/injection_point.h"

static void
SetInsertHeader(Relation relation, HeapTuple tup, TransactionId xid,
                CommandId cid, int options)
{
	HeapTupleHeader td = tup->t_data;

	td->t_infomask &= ~HEAP_XACT_MASK;
	td->t_infomask2 &= ~HEAP2_XACT_MASK;
	td->t_infomask |= HEAP_XMAX_INVALID;
	HeapTupleHeaderSetXmin(td, xid);
	if (options & TABLE_INSERT_FROZEN)
		td->t_infomask |= HEAP_XMIN_FROZEN;
	HeapTupleHeaderSetCmin(td, cid);
	HeapTupleHeaderSetXmax(td, InvalidTransactionId);
	tup->t_tableOid = RelationGetRelid(relation);
}

HeapTuple
heap_prepare_insert(Relation relation, HeapTuple tup, HeapTuple oldtup,
                    TransactionId xid, CommandId cid, int options,
                    BulkInsertState bistate)
{
	HeapTuple narrow = tup;

	if (heap_tuple_needs_toast(relation, tup) ||
	    (oldtup != NULL && HeapTupleHasExternal(oldtup)))
		narrow = heap_toast_insert_or_update(relation, tup, oldtup, options,
		                                     bistate);
	SetInsertHeader(relation, narrow, xid, cid, options);
	return narrow;
}

uint8
heap_infobits(HeapTupleHeader tuple)
{
	uint16 infomask = tuple->t_infomask;
	uint8 bits = 0;

	if (infomask & HEAP_XMAX_IS_MULTI)
		bits |= XLHL_XMAX_IS_MULTI;
	if (infomask & HEAP_XMAX_LOCK_ONLY)
		bits |= XLHL_XMAX_LOCK_ONLY;
	if (infomask & HEAP_XMAX_EXCL_LOCK)
		bits |= XLHL_XMAX_EXCL_LOCK;
	if (infomask & HEAP_XMAX_KEYSHR_LOCK)
		bits |= XLHL_XMAX_KEYSHR_LOCK;
	if (tuple->t_infomask2 & HEAP_KEYS_UPDATED)
		bits |= XLHL_KEYS_UPDATED;
	return bits;
}

bool
heap_clear_all_visible(Relation relation, Buffer buffer, Buffer vmbuffer)
{
	Page page = BufferGetPage(buffer);

	if (!PageIsAllVisible(page))
		return false;
	PageClearAllVisible(page);
	visibilitymap_clear(relation, BufferGetBlockNumber(buffer), vmbuffer,
	                    VISIBILITYMAP_VALID_BITS);
	return true;
}

/* The record of one row, which is on its page already. */
static void
LogInsert(Buffer buffer, HeapTuple tup, bool all_visible_cleared)
{
	Page page = BufferGetPage(buffer);
	OffsetNumber off = ItemPointerGetOffsetNumber(&tup->t_self);
	xl_heap_insert xlrec = {.offnum = off};
	xl_heap_header xlhdr;
	uint8 info = XLOG_HEAP_INSERT;
	uint8 bufflags = REGBUF_STANDARD;
	XLogRecPtr recptr;

	if (all_visible_cleared)
		xlrec.flags |= XLH_INSERT_ALL_VISIBLE_CLEARED;
	/* alone on the page: replay need not read what was there */
	if (off == FirstOffsetNumber &&
	    PageGetMaxOffsetNumber(page) == FirstOffsetNumber)
	{
		info |= XLOG_HEAP_INIT_PAGE;
		bufflags |= REGBUF_WILL_INIT;
	}
	xlhdr.t_infomask2 = tup->t_data->t_infomask2;
	xlhdr.t_infomask = tup->t_data->t_infomask;
	xlhdr.t_hoff = tup->t_data->t_hoff;

	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, SizeOfHeapInsert);
	XLogRegisterBuffer(0, buffer, bufflags);
	XLogRegisterBufData(0, (char *) &xlhdr, SizeOfHeapHeader);
	XLogRegisterBufData(0, (char *) tup->t_data + SizeofHeapTupleHeader,
	                    tup->t_len - SizeofHeapTupleHeader);
	recptr = XLogInsert(RM_HEAP_ID, info);
	PageSetLSN(page, recptr);
}

void
heap_insert(Relation relation, HeapTuple tup, CommandId cid, int options,
            BulkInsertState bistate)
{
	TransactionId xid = GetCurrentTransactionId();
	HeapTuple given = tup;
	Buffer vmbuffer = InvalidBuffer;
	Buffer buffer;
	bool all_visible_cleared;

	tup =
		heap_prepare_insert(relation, given, NULL, xid, cid, options, bistate);
	buffer = RelationGetBufferForTuple(relation, tup->t_len, InvalidBuffer,
	                                   options, bistate, &vmbuffer, NULL);
	INJECTION_POINT("heap-insert");
	START_CRIT_SECTION();
	RelationPutHeapTuple(relation, buffer, tup);
	all_visible_cleared = heap_clear_all_visible(relation, buffer, vmbuffer);
	MarkBufferDirty(buffer);
	INJECTION_POINT_CRITICAL("heap-insert-log");
	if (RelationNeedsWAL(relation))
		LogInsert(buffer, tup, all_visible_cleared);
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
	if (vmbuffer != InvalidBuffer)
		ReleaseBuffer(vmbuffer);
	if (tup != given)
	{
		given->t_self = tup->t_self;
		given->t_tableOid = tup->t_tableOid;
		heap_freetuple(tup);
	}
	given->t_data->t_ctid = given->t_self;
	pgstat_count_heap_insert(relation, 1);
}

/* The record of ntuples rows that were put on one page. */
static void
LogMultiInsert(Buffer buffer, HeapTuple *tuples, int ntuples, bool last,
               bool all_visible_cleared, bool all_frozen_set)
{
	Page page = BufferGetPage(buffer);
	PGAlignedBlock scratch;
	xl_heap_multi_insert *xlrec = (xl_heap_multi_insert *) scratch.data;
	char *at = scratch.data + SizeOfHeapMultiInsert;
	uint8 info = XLOG_HEAP2_MULTI_INSERT;
	uint8 bufflags = REGBUF_STANDARD;
	XLogRecPtr recptr;
	char *data;
	bool init;
	int i;

	init =
		ItemPointerGetOffsetNumber(&tuples[0]->t_self) == FirstOffsetNumber &&
		PageGetMaxOffsetNumber(page) == FirstOffsetNumber + ntuples - 1;
	if (init)
	{
		info |= XLOG_HEAP_INIT_PAGE;
		bufflags |= REGBUF_WILL_INIT;
	}
	memset(scratch.data, 0, SizeOfHeapMultiInsert);
	if (all_visible_cleared)
		xlrec->flags |= XLH_INSERT_ALL_VISIBLE_CLEARED;
	if (all_frozen_set)
		xlrec->flags |= XLH_INSERT_ALL_FROZEN_SET;
	if (last)
		xlrec->flags |= XLH_INSERT_LAST_IN_MULTI;
	xlrec->ntuples = ntuples;
	for (i = 0; i < ntuples && !init; i++)
	{
		xlrec->offsets[i] = ItemPointerGetOffsetNumber(&tuples[i]->t_self);
		at += sizeof(OffsetNumber);
	}
	data = at;
	for (i = 0; i < ntuples; i++)
	{
		HeapTupleHeader td = tuples[i]->t_data;
		xl_multi_insert_tuple *hdr;
		Size len = tuples[i]->t_len - SizeofHeapTupleHeader;

		/* the byte that aligns belongs to the tuple before */
		if ((at - scratch.data) % 2 != 0)
			*at++ = 0;
		hdr = (xl_multi_insert_tuple *) at;
		hdr->datalen = len;
		hdr->t_infomask2 = td->t_infomask2;
		hdr->t_infomask = td->t_infomask;
		hdr->t_hoff = td->t_hoff;
		at += SizeOfMultiInsertTuple;
		memcpy(at, (char *) td + SizeofHeapTupleHeader, len);
		at += len;
	}
	Assert(at - scratch.data <= BLCKSZ);

	XLogBeginInsert();
	XLogRegisterData((char *) xlrec, data - scratch.data);
	XLogRegisterBuffer(0, buffer, bufflags);
	XLogRegisterBufData(0, data, at - data);
	recptr = XLogInsert(RM_HEAP2_ID, info);
	PageSetLSN(page, recptr);
}

/*
 * Before frozen rows go to the empty page that is locked: its page of the map,
 * which may have to be made.  Meanwhile the page is unlocked, but the table is
 * ours alone.
 */
static void
PinMapOfEmptyPage(Relation relation, Buffer buffer, Buffer *vmbuffer)
{
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	visibilitymap_pin(relation, BufferGetBlockNumber(buffer), vmbuffer);
	LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	Assert(PageGetMaxOffsetNumber(BufferGetPage(buffer)) == 0);
}

/*
 * As many as fit on a page under one lock, in one record.  A page that gets
 * frozen rows only is all frozen from its first on.
 */
void
heap_multi_insert(Relation relation, TupleTableSlot **slots, int ntuples,
                  CommandId cid, int options, BulkInsertState bistate)
{
	TransactionId xid = GetCurrentTransactionId();
	HeapTuple *tuples = palloc_array(HeapTuple, Max(ntuples, 1));
	bool *shouldFree = palloc_array(bool, Max(ntuples, 1));
	Size reserve =
		RelationGetTargetPageFreeSpace(relation, HEAP_DEFAULT_FILLFACTOR);
	bool frozen = (options & TABLE_INSERT_FROZEN) != 0;
	Buffer vmbuffer = InvalidBuffer;
	int done = 0;
	int i;

	for (i = 0; i < ntuples; i++)
	{
		HeapTuple narrow;

		tuples[i] = ExecFetchSlotHeapTuple(
			slots[i], slots[i]->buffer != InvalidBuffer, &shouldFree[i]);
		narrow = heap_prepare_insert(relation, tuples[i], NULL, xid, cid,
		                             options, bistate);
		if (narrow != tuples[i])
		{
			if (shouldFree[i])
				heap_freetuple(tuples[i]);
			tuples[i] = narrow;
			shouldFree[i] = true;
		}
	}
	while (done < ntuples)
	{
		int first = done;
		bool all_visible_cleared;
		bool all_frozen_set;
		Buffer buffer;
		Page page;

		CHECK_FOR_INTERRUPTS();
		buffer = RelationGetBufferForTuple(relation, tuples[done]->t_len,
		                                   InvalidBuffer, options, bistate,
		                                   &vmbuffer, NULL);
		page = BufferGetPage(buffer);
		all_frozen_set = frozen && PageGetMaxOffsetNumber(page) == 0;
		if (all_frozen_set)
			PinMapOfEmptyPage(relation, buffer, &vmbuffer);
		INJECTION_POINT("heap-insert");
		START_CRIT_SECTION();
		do
			RelationPutHeapTuple(relation, buffer, tuples[done++]);
		while (done < ntuples && PageGetHeapFreeSpace(page) >=
		                             MAXALIGN(tuples[done]->t_len) + reserve);
		all_visible_cleared =
			!frozen && heap_clear_all_visible(relation, buffer, vmbuffer);
		if (all_frozen_set)
			PageSetAllVisible(page);
		MarkBufferDirty(buffer);
		INJECTION_POINT_CRITICAL("heap-insert-log");
		if (!RelationNeedsWAL(relation))
			/* nothing is logged */;
		else if (ntuples == 1 && !frozen)
			LogInsert(buffer, tuples[0], all_visible_cleared);
		else
			LogMultiInsert(buffer, tuples + first, done - first,
			               done == ntuples, all_visible_cleared,
			               all_frozen_set);
		END_CRIT_SECTION();
		if (all_frozen_set)
			visibilitymap_set(relation, BufferGetBlockNumber(buffer), buffer,
			                  InvalidXLogRecPtr, vmbuffer, InvalidTransactionId,
			                  VISIBILITYMAP_ALL_VISIBLE |
			                      VISIBILITYMAP_ALL_FROZEN);
		UnlockReleaseBuffer(buffer);
	}
	if (vmbuffer != InvalidBuffer)
		ReleaseBuffer(vmbuffer);
	pgstat_count_heap_insert(relation, ntuples);
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

void
heap_get_tuple(Relation relation, Buffer buffer, ItemPointer tid, HeapTuple tup)
{
	Page page = BufferGetPage(buffer);
	OffsetNumber off = ItemPointerGetOffsetNumber(tid);
	ItemId lp;

	if (PageIsNew(page) || off > PageGetMaxOffsetNumber(page) ||
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
heap_begin_change(Relation relation, ItemPointer tid, CommandId cid, bool wait,
                  LockTupleMode mode, XLTW_Oper oper, HeapChange *change)
{
	BlockNumber block = ItemPointerGetBlockNumber(tid);
	Buffer buffer = ReadBuffer(relation, block);
	Page page = BufferGetPage(buffer);

	change->buffer = buffer;
	change->vmbuffer = InvalidBuffer;
	change->have_tuple_lock = false;
	for (;;)
	{
		TransactionId xwait;
		TM_Result result;

		/* The map's page must be pinned before this one is locked. */
		if (PageIsAllVisible(page))
			visibilitymap_pin(relation, block, &change->vmbuffer);
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		if (PageIsAllVisible(page) &&
		    !visibilitymap_pin_ok(block, change->vmbuffer))
		{
			LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
			continue;
		}
		heap_get_tuple(relation, buffer, tid, &change->tup);
		result = HeapTupleSatisfiesUpdate(&change->tup, cid, buffer);
		if (result != TM_BeingModified || !wait)
			return result;

		/* Its end decides; look again then.  Our pin keeps the row there. */
		xwait = HeapTupleHeaderGetRawXmax(change->tup.t_data);
		LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
		(void) heap_acquire_tuplock(relation, tid, mode, LockWaitBlock,
		                            &change->have_tuple_lock);
		INJECTION_POINT("heap-wait-for-row");
		XactLockTableWait(xwait, relation, tid, oper);
	}
}

void
heap_fill_failure(HeapTuple tup, TM_Result result, TM_FailureData *tmfd)
{
	Assert(result != TM_Ok && result != TM_Invisible);
	tmfd->ctid = tup->t_data->t_ctid;
	tmfd->xmax = HeapTupleHeaderGetUpdateXid(tup->t_data);
	tmfd->cmax = result == TM_SelfModified ? HeapTupleHeaderGetCmax(tup->t_data)
	                                       : InvalidCommandId;
}

void
heap_end_change(Relation relation, HeapChange *change, LockTupleMode mode)
{
	UnlockReleaseBuffer(change->buffer);
	if (change->vmbuffer != InvalidBuffer)
		ReleaseBuffer(change->vmbuffer);
	if (change->have_tuple_lock)
		heap_release_tuplock(relation, &change->tup.t_self, mode);
}

TM_Result
heap_delete(Relation relation, ItemPointer tid, CommandId cid, bool wait,
            TM_FailureData *tmfd)
{
	TransactionId xid = GetCurrentTransactionId();
	ItemPointerData self = *tid;
	xl_heap_delete xlrec = {.xmax = xid};
	HeapTupleHeader td;
	HeapTuple toasted = NULL;
	HeapChange change;
	TM_Result result;
	Page page;
	bool iscombo;

	result = heap_begin_change(relation, &self, cid, wait, LockTupleExclusive,
	                           XLTW_Delete, &change);
	if (result != TM_Ok)
	{
		if (result != TM_Invisible)
			heap_fill_failure(&change.tup, result, tmfd);
		heap_end_change(relation, &change, LockTupleExclusive);
		if (result == TM_Invisible)
			ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			                errmsg("attempted to delete invisible tuple")));
		return result;
	}
	td = change.tup.t_data;
	page = BufferGetPage(change.buffer);
	if ((td->t_infomask & HEAP_HASEXTERNAL) != 0)
		toasted = heap_copytuple(&change.tup);
	HeapTupleHeaderAdjustCmax(td, &cid, &iscombo);
	INJECTION_POINT("heap-delete");

	START_CRIT_SECTION();
	PageSetPrunable(page, xid);
	if (heap_clear_all_visible(relation, change.buffer, change.vmbuffer))
		xlrec.flags |= XLH_DELETE_ALL_VISIBLE_CLEARED;
	td->t_infomask &= ~(HEAP_XMAX_BITS | HEAP_MOVED);
	HeapTupleHeaderClearHotUpdated(td);
	td->t_infomask2 |= HEAP_KEYS_UPDATED;
	HeapTupleHeaderSetXmax(td, xid);
	HeapTupleHeaderSetCmax(td, cid, iscombo);
	td->t_ctid = self;
	MarkBufferDirty(change.buffer);
	INJECTION_POINT_CRITICAL("heap-delete-log");
	if (RelationNeedsWAL(relation))
	{
		XLogRecPtr recptr;

		xlrec.offnum = ItemPointerGetOffsetNumber(&self);
		xlrec.infobits_set = heap_infobits(td);
		XLogBeginInsert();
		XLogRegisterData((char *) &xlrec, SizeOfHeapDelete);
		XLogRegisterBuffer(0, change.buffer, REGBUF_STANDARD);
		recptr = XLogInsert(RM_HEAP_ID, XLOG_HEAP_DELETE);
		PageSetLSN(page, recptr);
	}
	END_CRIT_SECTION();
	heap_end_change(relation, &change, LockTupleExclusive);
	if (toasted != NULL)
	{
		heap_toast_delete(relation, toasted);
		heap_freetuple(toasted);
	}
	pgstat_count_heap_delete(relation);
	return TM_Ok;
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
		case TM_Updated:
			elog(ERROR, "tuple concurrently updated");
			break;
		case TM_Deleted:
			elog(ERROR, "tuple concurrently deleted");
			break;
		default:
			elog(ERROR, "unrecognized status of a changed tuple: %d",
			     (int) result);
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
	LockTupleMode lockmode;
	TU_UpdateIndexes update_indexes;

	ExpectOk(heap_update(relation, otid, tup, GetCurrentCommandId(true), true,
	                     &tmfd, &lockmode, &update_indexes));
}
