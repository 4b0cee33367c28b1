/*
 * heapam_inplace.c
 *		Rows that are overwritten where they are, for all to see at once and
 *		whatever becomes of the transaction.
 *
 * Counts and frozen xids of the catalogs are kept so.  The caller has a copy of
 * the row, which may be out of date:
 *
 * 1.	Who changes the row meanwhile is waited for; then there is a newer
 *		version, and the caller looks for it.  The wait ends when that
 *		transaction has told everybody what it changed.
 * 2.	The line pointer may lead to another row by now: nothing kept the old
 *		version since the copy was made.  A tuple is the one that was copied
 *		if it has the same xmin, since no transaction that is over inserts.
 * 3.	What is written back is what the row holds under the lock of its page,
 *		but for what the caller changes: no other such change is undone.
 *
 * The other way round nothing is done, as in PostgreSQL 15: who makes a new
 * version of a row of a catalog writes the counts of the copy that he began with,
 * and a change in place since then is gone.  Counts are estimates, which the next
 * VACUUM or ANALYZE corrects; a relfrozenxid that goes back is less than it could
 * be, and the rows are frozen all the same: the next VACUUM comes early.
 *
 * Corresponds to heap_inplace_lock and its like in PostgreSQL's heapam.c.
 */
#include "postgres.h"

#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/xact.h"
#include "access/xloginsert.h"
#include "heap_internal.h"
#include "miscadmin.h"
#include "utils/injection_point.h"

/* The locked page's tuple that was copied, if it is still there. */
static bool
FindCopied(Buffer buffer, HeapTuple copy, HeapTuple tup)
{
	Page page = BufferGetPage(buffer);
	OffsetNumber off = ItemPointerGetOffsetNumber(&copy->t_self);
	ItemId lp;

	if (PageIsNew(page) || off > PageGetMaxOffsetNumber(page))
		return false;
	lp = PageGetItemId(page, off);
	if (!ItemIdIsNormal(lp))
		return false;
	tup->t_data = (HeapTupleHeader) PageGetItem(page, lp);
	tup->t_len = ItemIdGetLength(lp);
	tup->t_self = copy->t_self;
	tup->t_tableOid = copy->t_tableOid;
	return HeapTupleHeaderGetRawXmin(tup->t_data) ==
	       HeapTupleHeaderGetRawXmin(copy->t_data);
}

bool
heap_inplace_lock(Relation relation, HeapTuple tuple, Buffer *buffer)
{
	HeapTupleData tup;
	TM_Result result;
	TransactionId xwait;

	*buffer = ReadBuffer(relation, ItemPointerGetBlockNumber(&tuple->t_self));
	LockBuffer(*buffer, BUFFER_LOCK_EXCLUSIVE);
	if (!FindCopied(*buffer, tuple, &tup))
	{
		heap_inplace_unlock(*buffer);
		return false;
	}
	result =
		HeapTupleSatisfiesUpdate(&tup, GetCurrentCommandId(false), *buffer);
	if (result == TM_Ok && tup.t_len == tuple->t_len)
	{
		memcpy(tuple->t_data, tup.t_data, tup.t_len);
		return true;
	}
	xwait = HeapTupleHeaderGetRawXmax(tup.t_data);
	heap_inplace_unlock(*buffer);
	if (result != TM_Updated && result != TM_Deleted &&
	    result != TM_BeingModified)
		elog(ERROR, "row (%u,%u) of \"%s\" cannot be overwritten: %d",
		     ItemPointerGetBlockNumber(&tup.t_self),
		     ItemPointerGetOffsetNumber(&tup.t_self),
		     RelationGetRelationName(relation), (int) result);
	INJECTION_POINT("heap-inplace-wait");
	XactLockTableWait(xwait, relation, &tuple->t_self, XLTW_Update);
	return false;
}

void
heap_inplace_update_and_unlock(Relation relation, HeapTuple tuple,
                               Buffer buffer)
{
	HeapTupleData tup;
	Size len = tuple->t_len - tuple->t_data->t_hoff;

	heap_get_tuple(relation, buffer, &tuple->t_self, &tup);
	Assert(tup.t_len == tuple->t_len &&
	       tup.t_data->t_hoff == tuple->t_data->t_hoff);
	START_CRIT_SECTION();
	memcpy(GETSTRUCT(&tup), GETSTRUCT(tuple), len);
	MarkBufferDirty(buffer);
	INJECTION_POINT_CRITICAL("heap-inplace-log");
	if (RelationNeedsWAL(relation))
	{
		xl_heap_inplace xlrec;
		XLogRecPtr recptr;

		xlrec.offnum = ItemPointerGetOffsetNumber(&tuple->t_self);
		XLogBeginInsert();
		XLogRegisterData((char *) &xlrec, SizeOfHeapInplace);
		XLogRegisterBuffer(0, buffer, REGBUF_STANDARD);
		XLogRegisterBufData(0, GETSTRUCT(&tup), len);
		recptr = XLogInsert(RM_HEAP_ID, XLOG_HEAP_INPLACE);
		PageSetLSN(BufferGetPage(buffer), recptr);
	}
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buffer);
}

void
heap_inplace_unlock(Buffer buffer)
{
	UnlockReleaseBuffer(buffer);
}
