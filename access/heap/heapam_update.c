/*
 * heapam_update.c
 *		New versions of rows, with HOT.
 *
 * The new version goes to the old one's page if it fits.  If moreover no column
 * of any index changed, it gets no index entries: it is marked heap-only, the
 * old one HOT-updated, and index scans find it by t_ctid from the version that
 * the entries point to (the root).
 *
 * 1.	A HOT chain lies on one page; its members are linked by t_ctid, and each
 *		one's xmax is the next one's xmin.
 * 2.	Index entries point to the root's line pointer, which stays as long as
 *		there are any.
 * 3.	All members agree in the columns of all indexes that were there at the
 *		time of the update, ready for inserts or not.
 * 4.	If the new version goes to another page, the row is first locked by this
 *		transaction (in the log too): the page's lock is given up to find room
 *		elsewhere.  Two pages are locked in the order of their blocks.
 *
 * Corresponds to heap_update in PostgreSQL's heapam.c.
 */
#include "postgres.h"

#include "access/attnum.h"
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
#include "nodes/bitmapset.h"
#include "utils/datum.h"
#include "utils/injection_point.h"

/* Did any of the columns change, in its stored bytes. */
static bool
ColumnsChanged(Relation relation, const Bitmapset *columns, HeapTuple oldtup,
               HeapTuple newtup)
{
	TupleDesc desc = RelationGetDescr(relation);
	int x = -1;

	while ((x = bms_next_member(columns, x)) >= 0)
	{
		AttrNumber attnum = x + FirstLowInvalidHeapAttributeNumber;
		Form_pg_attribute att;
		Datum oldvalue;
		Datum newvalue;
		bool oldnull;
		bool newnull;

		/* an expression on the row or a system column: any change counts */
		if (attnum <= 0)
			return true;
		att = TupleDescAttr(desc, attnum - 1);
		oldvalue = heap_getattr(oldtup, attnum, desc, &oldnull);
		newvalue = heap_getattr(newtup, attnum, desc, &newnull);
		if (oldnull != newnull)
			return true;
		if (!oldnull &&
		    !datumIsEqual(oldvalue, newvalue, att->attbyval, att->attlen))
			return true;
	}
	return false;
}

/* What the data of both versions has in common at its ends. */
static void
CommonEnds(HeapTuple oldtup, HeapTuple newtup, uint16 *prefixlen,
           uint16 *suffixlen)
{
	char *olddata = GETSTRUCT(oldtup);
	char *newdata = GETSTRUCT(newtup);
	int oldlen = oldtup->t_len - oldtup->t_data->t_hoff;
	int newlen = newtup->t_len - newtup->t_data->t_hoff;
	int shorter = Min(oldlen, newlen);
	int n = 0;

	while (n < shorter && newdata[n] == olddata[n])
		n++;
	/* below that the length takes more than it saves */
	*prefixlen = n < 3 ? 0 : n;
	shorter -= *prefixlen;
	n = 0;
	while (n < shorter && newdata[newlen - n - 1] == olddata[oldlen - n - 1])
		n++;
	*suffixlen = n < 3 ? 0 : n;
}

static void
LogUpdate(Buffer oldbuf, Buffer newbuf, HeapTuple oldtup, HeapTuple newtup,
          uint8 flags)
{
	Page page = BufferGetPage(newbuf);
	HeapTupleHeader td = newtup->t_data;
	xl_heap_update xlrec = {.flags = flags};
	xl_heap_header xlhdr;
	uint16 prefixlen = 0;
	uint16 suffixlen = 0;
	uint8 info =
		HeapTupleHeaderIsHeapOnly(td) ? XLOG_HEAP_HOT_UPDATE : XLOG_HEAP_UPDATE;
	uint8 bufflags = REGBUF_STANDARD;
	char *data = (char *) td + td->t_hoff;
	int datalen = newtup->t_len - td->t_hoff;
	XLogRecPtr recptr;

	/* Not if an image of the page is taken: the record must do without. */
	if (oldbuf == newbuf && !XLogCheckBufferNeedsBackup(newbuf))
		CommonEnds(oldtup, newtup, &prefixlen, &suffixlen);
	if (prefixlen > 0)
		xlrec.flags |= XLH_UPDATE_PREFIX_FROM_OLD;
	if (suffixlen > 0)
		xlrec.flags |= XLH_UPDATE_SUFFIX_FROM_OLD;
	if (ItemPointerGetOffsetNumber(&newtup->t_self) == FirstOffsetNumber &&
	    PageGetMaxOffsetNumber(page) == FirstOffsetNumber)
	{
		info |= XLOG_HEAP_INIT_PAGE;
		bufflags |= REGBUF_WILL_INIT;
	}
	xlrec.old_offnum = ItemPointerGetOffsetNumber(&oldtup->t_self);
	xlrec.old_xmax = HeapTupleHeaderGetRawXmax(oldtup->t_data);
	xlrec.old_infobits_set = heap_infobits(oldtup->t_data);
	xlrec.new_offnum = ItemPointerGetOffsetNumber(&newtup->t_self);
	xlrec.new_xmax = HeapTupleHeaderGetRawXmax(td);
	xlhdr.t_infomask2 = td->t_infomask2;
	xlhdr.t_infomask = td->t_infomask;
	xlhdr.t_hoff = td->t_hoff;

	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, SizeOfHeapUpdate);
	XLogRegisterBuffer(0, newbuf, bufflags);
	if (oldbuf != newbuf)
		XLogRegisterBuffer(1, oldbuf, REGBUF_STANDARD);
	if (prefixlen > 0)
		XLogRegisterBufData(0, (char *) &prefixlen, sizeof(uint16));
	if (suffixlen > 0)
		XLogRegisterBufData(0, (char *) &suffixlen, sizeof(uint16));
	XLogRegisterBufData(0, (char *) &xlhdr, SizeOfHeapHeader);
	if (td->t_hoff > SizeofHeapTupleHeader)
		XLogRegisterBufData(0, (char *) td + SizeofHeapTupleHeader,
		                    td->t_hoff - SizeofHeapTupleHeader);
	if (datalen > prefixlen + suffixlen)
		XLogRegisterBufData(0, data + prefixlen,
		                    datalen - prefixlen - suffixlen);
	recptr = XLogInsert(RM_HEAP_ID, info);
	if (oldbuf != newbuf)
		PageSetLSN(BufferGetPage(oldbuf), recptr);
	PageSetLSN(page, recptr);
}

/* The row is this transaction's from now on, its page is given up. */
static void
LockRowGivePageUp(Relation relation, HeapChange *change, TransactionId xid,
                  CommandId cid, bool iscombo)
{
	HeapTuple oldtup = &change->tup;

	START_CRIT_SECTION();
	heap_mark_locked(relation, change->buffer, change->vmbuffer, oldtup, xid,
	                 LockTupleNoKeyExclusive);
	/* the log does not need it: it means nothing to others */
	HeapTupleHeaderSetCmax(oldtup->t_data, cid, iscombo);
	END_CRIT_SECTION();
	LockBuffer(change->buffer, BUFFER_LOCK_UNLOCK);
}

/*
 * The old version locked, its page given up and taken again together with one
 * that has room; that may be the same after all.
 */
static Buffer
RoomForUpdate(Relation relation, HeapChange *change, HeapTuple newtup,
              TransactionId xid, CommandId cid, bool iscombo, Buffer *vmbuffer)
{
	LockRowGivePageUp(relation, change, xid, cid, iscombo);
	INJECTION_POINT("heap-update-find-room");
	return RelationGetBufferForTuple(relation, newtup->t_len, change->buffer, 0,
	                                 NULL, vmbuffer, &change->vmbuffer);
}

/*
 * The new version made narrower while the page is not locked; the pin keeps the
 * old one where it is.
 */
static HeapTuple
ToastForUpdate(Relation relation, HeapChange *change, HeapTuple newtup,
               TransactionId xid, CommandId cid, bool iscombo)
{
	BlockNumber block = BufferGetBlockNumber(change->buffer);
	Page page = BufferGetPage(change->buffer);
	HeapTuple result;

	LockRowGivePageUp(relation, change, xid, cid, iscombo);
	INJECTION_POINT("heap-update-toast");
	result =
		heap_prepare_insert(relation, newtup, &change->tup, xid, cid, 0, NULL);
	for (;;)
	{
		if (PageIsAllVisible(page))
			visibilitymap_pin(relation, block, &change->vmbuffer);
		LockBuffer(change->buffer, BUFFER_LOCK_EXCLUSIVE);
		if (!PageIsAllVisible(page) ||
		    visibilitymap_pin_ok(block, change->vmbuffer))
			return result;
		LockBuffer(change->buffer, BUFFER_LOCK_UNLOCK);
	}
}

/* Both pages are locked and the new one has room. */
static void
PutUpdate(Relation relation, HeapChange *change, HeapTuple newtup,
          Buffer newbuf, Buffer newvmbuffer, TransactionId xid, CommandId cid,
          bool iscombo, bool hot)
{
	HeapTupleHeader old = change->tup.t_data;
	Buffer buffer = change->buffer;
	uint8 flags = 0;

	START_CRIT_SECTION();
	PageSetPrunable(BufferGetPage(buffer), xid);
	if (newbuf != buffer)
		PageSetFull(BufferGetPage(buffer));
	if (hot)
	{
		HeapTupleHeaderSetHotUpdated(old);
		HeapTupleHeaderSetHeapOnly(newtup->t_data);
	}
	else
	{
		HeapTupleHeaderClearHotUpdated(old);
		HeapTupleHeaderClearHeapOnly(newtup->t_data);
	}
	RelationPutHeapTuple(relation, newbuf, newtup);
	old->t_infomask &= ~(HEAP_XMAX_BITS | HEAP_MOVED);
	old->t_infomask2 &= ~HEAP_KEYS_UPDATED;
	HeapTupleHeaderSetXmax(old, xid);
	HeapTupleHeaderSetCmax(old, cid, iscombo);
	old->t_ctid = newtup->t_self;
	if (heap_clear_all_visible(relation, buffer, change->vmbuffer))
		flags |= XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED;
	if (newbuf != buffer &&
	    heap_clear_all_visible(relation, newbuf, newvmbuffer))
		flags |= XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED;
	if (newbuf != buffer)
		MarkBufferDirty(newbuf);
	MarkBufferDirty(buffer);
	INJECTION_POINT_CRITICAL("heap-update-log");
	if (RelationNeedsWAL(relation))
		LogUpdate(buffer, newbuf, &change->tup, newtup, flags);
	END_CRIT_SECTION();
}

TM_Result
heap_update(Relation relation, ItemPointer otid, HeapTuple newtup,
            CommandId cid, bool wait, TM_FailureData *tmfd,
            LockTupleMode *lockmode, TU_UpdateIndexes *update_indexes)
{
	TransactionId xid = GetCurrentTransactionId();
	ItemPointerData old = *otid;
	HeapTuple given = newtup;
	Bitmapset *indexed;
	HeapChange change;
	TM_Result result;
	Buffer newbuf;
	Buffer newvmbuffer = InvalidBuffer;
	CommandId newcid;
	bool iscombo;
	bool hot;

	/* Reads the catalogs: before any page is locked. */
	indexed = RelationGetIndexAttrBitmap(relation, INDEX_ATTR_BITMAP_ALL);
	*lockmode = LockTupleNoKeyExclusive;
	*update_indexes = TU_None;
	result = heap_begin_change(relation, &old, cid, wait, *lockmode,
	                           XLTW_Update, &change);
	if (result != TM_Ok)
	{
		if (result != TM_Invisible)
			heap_fill_failure(&change.tup, result, tmfd);
		heap_end_change(relation, &change, *lockmode);
		bms_free(indexed);
		if (result == TM_Invisible)
			ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			                errmsg("attempted to update invisible tuple")));
		return result;
	}

	hot = !ColumnsChanged(relation, indexed, &change.tup, newtup);
	newcid = cid;
	HeapTupleHeaderAdjustCmax(change.tup.t_data, &cid, &iscombo);
	INJECTION_POINT("heap-update");
	if (heap_tuple_needs_toast(relation, newtup) ||
	    (change.tup.t_data->t_infomask & HEAP_HASEXTERNAL) != 0)
		newtup = ToastForUpdate(relation, &change, given, xid, cid, iscombo);
	else
		newtup =
			heap_prepare_insert(relation, given, NULL, xid, newcid, 0, NULL);
	HeapTupleHeaderSetCmin(newtup->t_data, newcid);
	newtup->t_data->t_infomask |= HEAP_UPDATED;

	newbuf = change.buffer;
	if (PageGetHeapFreeSpace(BufferGetPage(change.buffer)) <
	    MAXALIGN(newtup->t_len))
		newbuf = RoomForUpdate(relation, &change, newtup, xid, cid, iscombo,
		                       &newvmbuffer);
	hot = hot && newbuf == change.buffer;
	PutUpdate(relation, &change, newtup, newbuf, newvmbuffer, xid, cid, iscombo,
	          hot);
	if (newtup != given)
	{
		given->t_self = newtup->t_self;
		given->t_tableOid = newtup->t_tableOid;
		if (HeapTupleIsHeapOnly(newtup))
			HeapTupleHeaderSetHeapOnly(given->t_data);
		heap_freetuple(newtup);
	}
	given->t_data->t_ctid = given->t_self;

	if (newbuf != change.buffer)
		UnlockReleaseBuffer(newbuf);
	if (newvmbuffer != InvalidBuffer)
		ReleaseBuffer(newvmbuffer);
	heap_end_change(relation, &change, *lockmode);
	bms_free(indexed);
	pgstat_count_heap_update(relation, hot);
	if (!hot)
		*update_indexes = TU_All;
	return TM_Ok;
}
