/*
 * heapam_freeze.c
 *		Making rows independent of the commit log.
 *
 * A tuple whose xmin is so old that everybody sees it gets both hint bits of
 * xmin, which nothing else sets: frozen.  An xmax of that age can only be of a
 * transaction that locked the row or did not commit, and goes.
 *
 * What is to be done is decided under the page's lock, then logged and done in
 * one critical section (heap_prepare_freeze_tuple, log_heap_freeze,
 * heap_execute_freeze_tuple).
 *
 * Corresponds to the freezing in PostgreSQL's heapam.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/xloginsert.h"
#include "utils/rel.h"

static void
NotBefore(TransactionId xid, TransactionId relfrozenxid, const char *which)
{
	if (TransactionIdPrecedes(xid, relfrozenxid))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg_internal("found %s %u from before relfrozenxid "
		                                "%u",
		                                which, xid, relfrozenxid)));
}

static void
Stays(TransactionId xid, TransactionId *relfrozenxid_out)
{
	if (TransactionIdPrecedes(xid, *relfrozenxid_out))
		*relfrozenxid_out = xid;
}

static void
NoMulti(HeapTupleHeader tuple)
{
	if (tuple->t_infomask & HEAP_XMAX_IS_MULTI)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg_internal("found multixact %u, which this server "
		                                "does not write",
		                                HeapTupleHeaderGetRawXmax(tuple))));
}

bool
heap_prepare_freeze_tuple(HeapTupleHeader tuple, TransactionId relfrozenxid,
                          TransactionId cutoff_xid, xl_heap_freeze_tuple *frz,
                          bool *totally_frozen, TransactionId *relfrozenxid_out)
{
	TransactionId xmin = HeapTupleHeaderGetXmin(tuple);
	TransactionId xmax = HeapTupleHeaderGetRawXmax(tuple);
	bool xmin_frozen = true;
	bool xmax_gone = true;
	bool changed = false;

	memset(frz, 0, sizeof(*frz)); /* the padding goes to the log too */
	frz->t_infomask2 = tuple->t_infomask2;
	frz->t_infomask = tuple->t_infomask;
	frz->xmax = xmax;

	if (TransactionIdIsNormal(xmin))
	{
		NotBefore(xmin, relfrozenxid, "xmin");
		xmin_frozen = TransactionIdPrecedes(xmin, cutoff_xid);
		if (xmin_frozen)
		{
			if (!TransactionIdDidCommit(xmin))
				ereport(ERROR,
				        (errcode(ERRCODE_DATA_CORRUPTED),
				         errmsg_internal("uncommitted xmin %u from before xid "
				                         "cutoff %u needs to be frozen",
				                         xmin, cutoff_xid)));
			frz->t_infomask |= HEAP_XMIN_FROZEN;
			changed = true;
		}
		else
			Stays(xmin, relfrozenxid_out);
	}

	NoMulti(tuple);
	if (TransactionIdIsNormal(xmax))
	{
		NotBefore(xmax, relfrozenxid, "xmax");
		xmax_gone = TransactionIdPrecedes(xmax, cutoff_xid);
		if (xmax_gone)
		{
			/* A committed deleter of that age makes the tuple dead. */
			if (!HEAP_XMAX_IS_LOCKED_ONLY(tuple->t_infomask) &&
			    TransactionIdDidCommit(xmax))
				ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
				                errmsg_internal(
									"cannot freeze committed xmax %u", xmax)));
			frz->xmax = InvalidTransactionId;
			frz->t_infomask &= ~HEAP_XMAX_BITS;
			frz->t_infomask |= HEAP_XMAX_INVALID;
			frz->t_infomask2 &= ~(HEAP_HOT_UPDATED | HEAP_KEYS_UPDATED);
			changed = true;
		}
		else
			Stays(xmax, relfrozenxid_out);
	}
	else if (TransactionIdIsValid(xmax) &&
	         (tuple->t_infomask & HEAP_XMAX_INVALID) == 0)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg_internal("found xmax %u (infomask 0x%04x) not "
		                                "frozen, not multi, not normal",
		                                xmax, tuple->t_infomask)));
	*totally_frozen = xmin_frozen && xmax_gone;
	return changed;
}

void
heap_execute_freeze_tuple(HeapTupleHeader tuple, xl_heap_freeze_tuple *frz)
{
	HeapTupleHeaderSetXmax(tuple, frz->xmax);
	tuple->t_infomask = frz->t_infomask;
	tuple->t_infomask2 = frz->t_infomask2;
}

bool
heap_freeze_tuple(HeapTupleHeader tuple, TransactionId relfrozenxid,
                  TransactionId cutoff_xid)
{
	TransactionId out = cutoff_xid;
	xl_heap_freeze_tuple frz;
	bool totally_frozen;

	if (!heap_prepare_freeze_tuple(tuple, relfrozenxid, cutoff_xid, &frz,
	                               &totally_frozen, &out))
		return false;
	heap_execute_freeze_tuple(tuple, &frz);
	return true;
}

bool
heap_tuple_would_freeze(HeapTupleHeader tuple, TransactionId cutoff_xid,
                        TransactionId *relfrozenxid_out)
{
	TransactionId xids[2] = {HeapTupleHeaderGetXmin(tuple),
	                         HeapTupleHeaderGetRawXmax(tuple)};
	bool would = false;

	NoMulti(tuple);
	for (int i = 0; i < 2; i++)
	{
		if (!TransactionIdIsNormal(xids[i]))
			continue;
		Stays(xids[i], relfrozenxid_out);
		if (TransactionIdPrecedes(xids[i], cutoff_xid))
			would = true;
	}
	return would;
}

bool
heap_tuple_needs_eventual_freeze(HeapTupleHeader tuple)
{
	return TransactionIdIsNormal(HeapTupleHeaderGetXmin(tuple)) ||
	       TransactionIdIsValid(HeapTupleHeaderGetRawXmax(tuple));
}

/* In the critical section that freezes them; the caller sets the page's LSN. */
XLogRecPtr
log_heap_freeze(Relation reln, Buffer buffer, TransactionId cutoff_xid,
                xl_heap_freeze_tuple *tuples, int ntuples)
{
	xl_heap_freeze_page xlrec;

	Assert(RelationNeedsWAL(reln));
	Assert(ntuples > 0);
	xlrec.cutoff_xid = cutoff_xid;
	xlrec.ntuples = ntuples;
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, SizeOfHeapFreezePage);
	XLogRegisterBuffer(0, buffer, REGBUF_STANDARD);
	XLogRegisterBufData(0, (char *) tuples,
	                    ntuples * sizeof(xl_heap_freeze_tuple));
	return XLogInsert(RM_HEAP2_ID, XLOG_HEAP2_FREEZE_PAGE);
}
