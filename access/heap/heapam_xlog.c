/*
 * heapam_xlog.c
 *		Replay of the heap's records.
 *
 * Each function does to the pages what the logged change did to them, hint bits
 * and command ids aside.  RedoPage is the frame of all that change one page:
 * the redo_ functions are called only for a page that needs it.  A page whose
 * LSN is past the record has the change already; the map's bits are cleared all
 * the same, since a bit too few does no harm.  Pages that lose tuples need a
 * cleanup lock, as at run time.
 *
 * Corresponds to the redo functions of PostgreSQL's heapam.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xlog.h"
#include "access/xlogutils.h"
#include "catalog/pg_control.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

/* Room for any tuple, aligned. */
typedef union TupleBuffer
{
	HeapTupleHeaderData hdr;
	char data[MaxHeapTupleSize];
	double align;
} TupleBuffer;

/* Does a record's change to its block 0, which is locked. */
typedef void (*page_redo)(XLogReaderState *record, Buffer buffer);

static void
FixInfomask(uint8 infobits, HeapTupleHeader td)
{
	td->t_infomask &= ~(HEAP_XMAX_BITS | HEAP_MOVED);
	td->t_infomask2 &= ~HEAP_KEYS_UPDATED;
	if (infobits & XLHL_XMAX_IS_MULTI)
		td->t_infomask |= HEAP_XMAX_IS_MULTI;
	if (infobits & XLHL_XMAX_LOCK_ONLY)
		td->t_infomask |= HEAP_XMAX_LOCK_ONLY;
	if (infobits & XLHL_XMAX_EXCL_LOCK)
		td->t_infomask |= HEAP_XMAX_EXCL_LOCK;
	if (infobits & XLHL_XMAX_KEYSHR_LOCK)
		td->t_infomask |= HEAP_XMAX_KEYSHR_LOCK;
	if (infobits & XLHL_KEYS_UPDATED)
		td->t_infomask2 |= HEAP_KEYS_UPDATED;
}

static void
ClearMapBits(RelFileNode rnode, BlockNumber block, uint8 bits)
{
	Relation rel = CreateFakeRelcacheEntry(rnode);
	Buffer vmbuffer = InvalidBuffer;

	visibilitymap_pin(rel, block, &vmbuffer);
	visibilitymap_clear(rel, block, vmbuffer, bits);
	ReleaseBuffer(vmbuffer);
	FreeFakeRelcacheEntry(rel);
}

static HeapTupleHeader
TupleOnPage(Page page, OffsetNumber off)
{
	ItemId lp;

	if (off > PageGetMaxOffsetNumber(page) ||
	    !ItemIdIsNormal(lp = PageGetItemId(page, off)))
		elog(PANIC, "invalid lp");
	return (HeapTupleHeader) PageGetItem(page, lp);
}

/* Block 0, made anew or read. */
static XLogRedoAction
PageForRedo(XLogReaderState *record, bool cleanup_lock, Buffer *buffer)
{
	if ((XLogRecGetInfo(record) & XLOG_HEAP_INIT_PAGE) == 0)
		return XLogReadBufferForRedoExtended(record, 0, RBM_NORMAL,
		                                     cleanup_lock, buffer);
	*buffer = XLogInitBufferForRedo(record, 0);
	PageInit(BufferGetPage(*buffer), BufferGetPageSize(*buffer), 0);
	return BLK_NEEDS_REDO;
}

static void
PutTuple(Page page, TupleBuffer *tuple, Size len, OffsetNumber off)
{
	if (PageGetMaxOffsetNumber(page) + 1 < off)
		elog(PANIC, "invalid max offset number");
	if (PageAddItem(page, (Item) &tuple->hdr, len, off, true, true) ==
	    InvalidOffsetNumber)
		elog(PANIC, "failed to add tuple");
}

static void
FinishPage(Buffer buffer, XLogRecPtr lsn)
{
	PageSetLSN(BufferGetPage(buffer), lsn);
	MarkBufferDirty(buffer);
}

static void
RedoPage(XLogReaderState *record, bool cleanup_lock, page_redo redo)
{
	Buffer buffer;

	if (PageForRedo(record, cleanup_lock, &buffer) == BLK_NEEDS_REDO)
	{
		redo(record, buffer);
		FinishPage(buffer, record->EndRecPtr);
	}
	if (BufferIsValid(buffer))
		UnlockReleaseBuffer(buffer);
}

/* As RedoPage; the map's bits of the block are cleared whatever the page. */
static void
RedoPageAndMap(XLogReaderState *record, uint8 bits, page_redo redo)
{
	RelFileNode rnode;
	BlockNumber block;

	XLogRecGetBlockTag(record, 0, &rnode, NULL, &block);
	if (bits != 0)
		ClearMapBits(rnode, block, bits);
	RedoPage(record, false, redo);
}

/* ---- one page ---- */

/* A new tuple as it is logged: its header's fields, what follows the header. */
static void
PutLoggedTuple(XLogReaderState *record, Buffer buffer, OffsetNumber off,
               const xl_heap_header *xlhdr, const char *data, Size datalen)
{
	TupleBuffer tuple;

	if (datalen > MaxHeapTupleSize - SizeofHeapTupleHeader)
		elog(PANIC, "invalid tuple length");
	memset(&tuple.hdr, 0, SizeofHeapTupleHeader);
	memcpy(tuple.data + SizeofHeapTupleHeader, data, datalen);
	tuple.hdr.t_infomask2 = xlhdr->t_infomask2;
	tuple.hdr.t_infomask = xlhdr->t_infomask;
	tuple.hdr.t_hoff = xlhdr->t_hoff;
	HeapTupleHeaderSetXmin(&tuple.hdr, XLogRecGetXid(record));
	HeapTupleHeaderSetCmin(&tuple.hdr, FirstCommandId);
	ItemPointerSet(&tuple.hdr.t_ctid, BufferGetBlockNumber(buffer), off);
	PutTuple(BufferGetPage(buffer), &tuple, datalen + SizeofHeapTupleHeader,
	         off);
}

static void
redo_insert(XLogReaderState *record, Buffer buffer)
{
	xl_heap_insert *xlrec = (xl_heap_insert *) XLogRecGetData(record);
	xl_heap_header xlhdr;
	Size datalen;
	char *data = XLogRecGetBlockData(record, 0, &datalen);

	Assert(datalen > SizeOfHeapHeader);
	memcpy(&xlhdr, data, SizeOfHeapHeader);
	PutLoggedTuple(record, buffer, xlrec->offnum, &xlhdr,
	               data + SizeOfHeapHeader, datalen - SizeOfHeapHeader);
	if (xlrec->flags & XLH_INSERT_ALL_VISIBLE_CLEARED)
		PageClearAllVisible(BufferGetPage(buffer));
}

static void
heap_xlog_insert(XLogReaderState *record)
{
	xl_heap_insert *xlrec = (xl_heap_insert *) XLogRecGetData(record);

	RedoPageAndMap(record,
	               xlrec->flags & XLH_INSERT_ALL_VISIBLE_CLEARED
	                   ? VISIBILITYMAP_VALID_BITS
	                   : 0,
	               redo_insert);
}

static void
redo_multi_insert(XLogReaderState *record, Buffer buffer)
{
	xl_heap_multi_insert *xlrec =
		(xl_heap_multi_insert *) XLogRecGetData(record);
	bool init = (XLogRecGetInfo(record) & XLOG_HEAP_INIT_PAGE) != 0;
	Size len;
	char *data = XLogRecGetBlockData(record, 0, &len);
	char *at = data;

	for (int i = 0; i < xlrec->ntuples; i++)
	{
		OffsetNumber off = init ? FirstOffsetNumber + i : xlrec->offsets[i];
		xl_multi_insert_tuple logged;
		xl_heap_header xlhdr;

		at = data + SHORTALIGN(at - data);
		memcpy(&logged, at, SizeOfMultiInsertTuple);
		at += SizeOfMultiInsertTuple;
		xlhdr.t_infomask2 = logged.t_infomask2;
		xlhdr.t_infomask = logged.t_infomask;
		xlhdr.t_hoff = logged.t_hoff;
		PutLoggedTuple(record, buffer, off, &xlhdr, at, logged.datalen);
		at += logged.datalen;
	}
	if (at - data != len)
		elog(PANIC, "total tuple length mismatch");
	if (xlrec->flags & XLH_INSERT_ALL_VISIBLE_CLEARED)
		PageClearAllVisible(BufferGetPage(buffer));
	if (xlrec->flags & XLH_INSERT_ALL_FROZEN_SET)
		PageSetAllVisible(BufferGetPage(buffer));
}

static void
heap_xlog_multi_insert(XLogReaderState *record)
{
	xl_heap_multi_insert *xlrec =
		(xl_heap_multi_insert *) XLogRecGetData(record);

	RedoPageAndMap(record,
	               xlrec->flags & XLH_INSERT_ALL_VISIBLE_CLEARED
	                   ? VISIBILITYMAP_VALID_BITS
	                   : 0,
	               redo_multi_insert);
}

static void
redo_delete(XLogReaderState *record, Buffer buffer)
{
	xl_heap_delete *xlrec = (xl_heap_delete *) XLogRecGetData(record);
	Page page = BufferGetPage(buffer);
	HeapTupleHeader td = TupleOnPage(page, xlrec->offnum);

	FixInfomask(xlrec->infobits_set, td);
	HeapTupleHeaderClearHotUpdated(td);
	HeapTupleHeaderSetXmax(td, xlrec->xmax);
	HeapTupleHeaderSetCmax(td, FirstCommandId, false);
	ItemPointerSet(&td->t_ctid, BufferGetBlockNumber(buffer), xlrec->offnum);
	PageSetPrunable(page, XLogRecGetXid(record));
	if (xlrec->flags & XLH_DELETE_ALL_VISIBLE_CLEARED)
		PageClearAllVisible(page);
}

static void
heap_xlog_delete(XLogReaderState *record)
{
	xl_heap_delete *xlrec = (xl_heap_delete *) XLogRecGetData(record);

	RedoPageAndMap(record,
	               xlrec->flags & XLH_DELETE_ALL_VISIBLE_CLEARED
	                   ? VISIBILITYMAP_VALID_BITS
	                   : 0,
	               redo_delete);
}

static void
redo_lock(XLogReaderState *record, Buffer buffer)
{
	xl_heap_lock *xlrec = (xl_heap_lock *) XLogRecGetData(record);
	HeapTupleHeader td = TupleOnPage(BufferGetPage(buffer), xlrec->offnum);

	FixInfomask(xlrec->infobits_set, td);
	if (HEAP_XMAX_IS_LOCKED_ONLY(td->t_infomask))
	{
		HeapTupleHeaderClearHotUpdated(td);
		ItemPointerSet(&td->t_ctid, BufferGetBlockNumber(buffer),
		               xlrec->offnum);
	}
	HeapTupleHeaderSetXmax(td, xlrec->locking_xid);
	HeapTupleHeaderSetCmax(td, FirstCommandId, false);
}

static void
heap_xlog_lock(XLogReaderState *record)
{
	xl_heap_lock *xlrec = (xl_heap_lock *) XLogRecGetData(record);

	RedoPageAndMap(record,
	               xlrec->flags & XLH_LOCK_ALL_FROZEN_CLEARED
	                   ? VISIBILITYMAP_ALL_FROZEN
	                   : 0,
	               redo_lock);
}

static void
redo_inplace(XLogReaderState *record, Buffer buffer)
{
	xl_heap_inplace *xlrec = (xl_heap_inplace *) XLogRecGetData(record);
	Page page = BufferGetPage(buffer);
	HeapTupleHeader td = TupleOnPage(page, xlrec->offnum);
	Size newlen;
	char *newtup = XLogRecGetBlockData(record, 0, &newlen);

	if (ItemIdGetLength(PageGetItemId(page, xlrec->offnum)) - td->t_hoff !=
	    newlen)
		elog(PANIC, "wrong tuple length");
	memcpy((char *) td + td->t_hoff, newtup, newlen);
}

static void
redo_prune(XLogReaderState *record, Buffer buffer)
{
	xl_heap_prune *xlrec = (xl_heap_prune *) XLogRecGetData(record);
	Size datalen;
	OffsetNumber *redirected =
		(OffsetNumber *) XLogRecGetBlockData(record, 0, &datalen);
	OffsetNumber *end = (OffsetNumber *) ((char *) redirected + datalen);
	OffsetNumber *nowdead = redirected + xlrec->nredirected * 2;
	OffsetNumber *nowunused = nowdead + xlrec->ndead;

	/* pd_prune_xid and PD_PAGE_FULL are hints; they stay as they are */
	heap_page_prune_execute(buffer, redirected, xlrec->nredirected, nowdead,
	                        xlrec->ndead, nowunused, end - nowunused);
}

static void
redo_vacuum(XLogReaderState *record, Buffer buffer)
{
	xl_heap_vacuum *xlrec = (xl_heap_vacuum *) XLogRecGetData(record);
	Page page = BufferGetPage(buffer);
	OffsetNumber *nowunused =
		(OffsetNumber *) XLogRecGetBlockData(record, 0, NULL);

	for (int i = 0; i < xlrec->nunused; i++)
	{
		ItemId lp = PageGetItemId(page, nowunused[i]);

		Assert(ItemIdIsDead(lp) && !ItemIdHasStorage(lp));
		ItemIdSetUnused(lp);
	}
	PageTruncateLinePointerArray(page);
}

static void
redo_freeze_page(XLogReaderState *record, Buffer buffer)
{
	xl_heap_freeze_page *xlrec = (xl_heap_freeze_page *) XLogRecGetData(record);
	xl_heap_freeze_tuple *tuples =
		(xl_heap_freeze_tuple *) XLogRecGetBlockData(record, 0, NULL);

	for (int i = 0; i < xlrec->ntuples; i++)
		heap_execute_freeze_tuple(
			TupleOnPage(BufferGetPage(buffer), tuples[i].offset), &tuples[i]);
}

/* ---- two pages ---- */

/* The new version of the record, its ends from the old one; its length. */
static Size
AssembleUpdate(XLogReaderState *record, HeapTupleHeader old, Size oldlen,
               TupleBuffer *tuple)
{
	xl_heap_update *xlrec = (xl_heap_update *) XLogRecGetData(record);
	Size datalen;
	char *data = XLogRecGetBlockData(record, 0, &datalen);
	char *end = data + datalen;
	char *newp = tuple->data + SizeofHeapTupleHeader;
	uint16 prefixlen = 0;
	uint16 suffixlen = 0;
	xl_heap_header xlhdr;
	Size headlen;

	if (xlrec->flags & XLH_UPDATE_PREFIX_FROM_OLD)
	{
		memcpy(&prefixlen, data, sizeof(uint16));
		data += sizeof(uint16);
	}
	if (xlrec->flags & XLH_UPDATE_SUFFIX_FROM_OLD)
	{
		memcpy(&suffixlen, data, sizeof(uint16));
		data += sizeof(uint16);
	}
	memcpy(&xlhdr, data, SizeOfHeapHeader);
	data += SizeOfHeapHeader;
	headlen = xlhdr.t_hoff - SizeofHeapTupleHeader;
	if (end < data + headlen || (prefixlen + suffixlen > 0 && old == NULL) ||
	    (end - data) + prefixlen + suffixlen >
	        MaxHeapTupleSize - SizeofHeapTupleHeader)
		elog(PANIC, "invalid tuple length");

	memset(&tuple->hdr, 0, SizeofHeapTupleHeader);
	memcpy(newp, data, headlen);
	newp += headlen;
	data += headlen;
	if (prefixlen > 0)
		memcpy(newp, (char *) old + old->t_hoff, prefixlen);
	newp += prefixlen;
	memcpy(newp, data, end - data);
	newp += end - data;
	if (suffixlen > 0)
		memcpy(newp, (char *) old + oldlen - suffixlen, suffixlen);
	newp += suffixlen;

	tuple->hdr.t_infomask2 = xlhdr.t_infomask2;
	tuple->hdr.t_infomask = xlhdr.t_infomask;
	tuple->hdr.t_hoff = xlhdr.t_hoff;
	HeapTupleHeaderSetXmin(&tuple->hdr, XLogRecGetXid(record));
	HeapTupleHeaderSetCmin(&tuple->hdr, FirstCommandId);
	HeapTupleHeaderSetXmax(&tuple->hdr, xlrec->new_xmax);
	return newp - tuple->data;
}

static void
heap_xlog_update(XLogReaderState *record, bool hot_update)
{
	xl_heap_update *xlrec = (xl_heap_update *) XLogRecGetData(record);
	RelFileNode rnode;
	BlockNumber oldblk;
	BlockNumber newblk;
	ItemPointerData newtid;
	Buffer obuffer;
	Buffer nbuffer;
	XLogRedoAction oldaction;
	XLogRedoAction newaction;
	HeapTupleHeader old = NULL;
	Size oldlen = 0;
	TupleBuffer tuple;
	bool same;

	XLogRecGetBlockTag(record, 0, &rnode, NULL, &newblk);
	same = !XLogRecGetBlockTagExtended(record, 1, NULL, NULL, &oldblk, NULL);
	if (same)
		oldblk = newblk;
	Assert(same || !hot_update);
	ItemPointerSet(&newtid, newblk, xlrec->new_offnum);
	if (xlrec->flags & XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED)
		ClearMapBits(rnode, oldblk, VISIBILITYMAP_VALID_BITS);
	if (xlrec->flags & XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED)
		ClearMapBits(rnode, newblk, VISIBILITYMAP_VALID_BITS);

	/*
	 * Both pages stay locked together: nobody finds the row in two places, or
	 * in none.
	 */
	oldaction = XLogReadBufferForRedo(record, same ? 0 : 1, &obuffer);
	if (oldaction == BLK_NEEDS_REDO)
	{
		Page page = BufferGetPage(obuffer);

		old = TupleOnPage(page, xlrec->old_offnum);
		oldlen = ItemIdGetLength(PageGetItemId(page, xlrec->old_offnum));
		FixInfomask(xlrec->old_infobits_set, old);
		if (hot_update)
			HeapTupleHeaderSetHotUpdated(old);
		else
			HeapTupleHeaderClearHotUpdated(old);
		HeapTupleHeaderSetXmax(old, xlrec->old_xmax);
		HeapTupleHeaderSetCmax(old, FirstCommandId, false);
		old->t_ctid = newtid;
		PageSetPrunable(page, XLogRecGetXid(record));
		if (xlrec->flags & XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED)
			PageClearAllVisible(page);
		FinishPage(obuffer, record->EndRecPtr);
	}

	if (same)
	{
		nbuffer = obuffer;
		newaction = oldaction;
	}
	else
		newaction = PageForRedo(record, false, &nbuffer);
	if (newaction == BLK_NEEDS_REDO)
	{
		Page page = BufferGetPage(nbuffer);
		Size len = AssembleUpdate(record, old, oldlen, &tuple);

		tuple.hdr.t_ctid = newtid;
		PutTuple(page, &tuple, len, xlrec->new_offnum);
		if (xlrec->flags & XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED)
			PageClearAllVisible(page);
		FinishPage(nbuffer, record->EndRecPtr);
	}
	if (BufferIsValid(nbuffer) && nbuffer != obuffer)
		UnlockReleaseBuffer(nbuffer);
	if (BufferIsValid(obuffer))
		UnlockReleaseBuffer(obuffer);
}

static void
heap_xlog_visible(XLogReaderState *record)
{
	xl_heap_visible *xlrec = (xl_heap_visible *) XLogRecGetData(record);
	XLogRecPtr lsn = record->EndRecPtr;
	Buffer vmbuffer = InvalidBuffer;
	RelFileNode rnode;
	BlockNumber block;
	Buffer buffer;

	XLogRecGetBlockTag(record, 1, &rnode, NULL, &block);
	if (XLogReadBufferForRedo(record, 1, &buffer) == BLK_NEEDS_REDO)
	{
		/*
		 * Without checksums the page's LSN stays: its image may not be in the
		 * log, and the flag alone can be lost and found again.
		 */
		PageSetAllVisible(BufferGetPage(buffer));
		if (XLogHintBitIsNeeded())
			PageSetLSN(BufferGetPage(buffer), lsn);
		MarkBufferDirty(buffer);
	}
	if (BufferIsValid(buffer))
		UnlockReleaseBuffer(buffer);

	/* Even if the heap page is gone: a later record truncates the map. */
	if (XLogReadBufferForRedoExtended(record, 0, RBM_ZERO_ON_ERROR, false,
	                                  &vmbuffer) == BLK_NEEDS_REDO)
	{
		Relation rel;

		if (PageIsNew(BufferGetPage(vmbuffer)))
			PageInit(BufferGetPage(vmbuffer), BLCKSZ, 0);
		LockBuffer(vmbuffer, BUFFER_LOCK_UNLOCK);
		rel = CreateFakeRelcacheEntry(rnode);
		visibilitymap_pin(rel, block, &vmbuffer);
		visibilitymap_set(rel, block, InvalidBuffer, lsn, vmbuffer,
		                  xlrec->cutoff_xid, xlrec->flags);
		ReleaseBuffer(vmbuffer);
		FreeFakeRelcacheEntry(rel);
	}
	else if (BufferIsValid(vmbuffer))
		UnlockReleaseBuffer(vmbuffer);
}

/* ---- by kind of record ---- */

void
heap_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	switch (info & XLOG_HEAP_OPMASK)
	{
		case XLOG_HEAP_INSERT:
			heap_xlog_insert(record);
			break;
		case XLOG_HEAP_DELETE:
			heap_xlog_delete(record);
			break;
		case XLOG_HEAP_UPDATE:
			heap_xlog_update(record, false);
			break;
		case XLOG_HEAP_HOT_UPDATE:
			heap_xlog_update(record, true);
			break;
		case XLOG_HEAP_LOCK:
			heap_xlog_lock(record);
			break;
		case XLOG_HEAP_INPLACE:
			RedoPage(record, false, redo_inplace);
			break;
		default:
			elog(PANIC, "heap_redo: unknown op code %u", info);
	}
}

void
heap2_redo(XLogReaderState *record)
{
	uint8 info = XLogRecGetInfo(record) & ~XLR_INFO_MASK;

	switch (info & XLOG_HEAP_OPMASK)
	{
		case XLOG_HEAP2_PRUNE:
			RedoPage(record, true, redo_prune);
			break;
		case XLOG_HEAP2_VACUUM:
			/* no tuple moves: no cleanup lock */
			RedoPage(record, false, redo_vacuum);
			break;
		case XLOG_HEAP2_FREEZE_PAGE:
			RedoPage(record, false, redo_freeze_page);
			break;
		case XLOG_HEAP2_VISIBLE:
			heap_xlog_visible(record);
			break;
		case XLOG_HEAP2_MULTI_INSERT:
			heap_xlog_multi_insert(record);
			break;
		default:
			elog(PANIC, "heap2_redo: unknown op code %u", info);
	}
}
