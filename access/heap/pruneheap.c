/*
 * pruneheap.c
 *		Removing what nobody sees any more from a page, without the indexes.
 *
 * 1.	Needs a cleanup lock: others who have the page pinned may hold pointers
 *		to its tuples.  It is never waited for on the way of a query.
 * 2.	A root's line pointer stays, for the entries of indexes: it is
 *		redirected to the first member of its chain that may still be seen, or
 *		becomes dead.  Only VACUUM, after the indexes, makes a dead one unused.
 * 3.	Members without index entries become unused at once.
 * 4.	Tuples do not change their line pointers, only their place on the page.
 *
 * Corresponds to PostgreSQL's pruneheap.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/xloginsert.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

/* What is to be done to a page. */
typedef struct PruneState
{
	Page page;
	BlockNumber block;
	TransactionId new_prune_xid; /* oldest that may make more to prune */
	TransactionId latestRemovedXid;
	int nredirected; /* pairs */
	int ndead;
	int nunused;
	OffsetNumber redirected[MaxHeapTuplesPerPage * 2];
	OffsetNumber nowdead[MaxHeapTuplesPerPage];
	OffsetNumber nowunused[MaxHeapTuplesPerPage];
	/* by offset: decided already */
	bool marked[MaxHeapTuplesPerPage + 1];
	/* by offset: HTSV_Result of a normal one, else -1 */
	int8 htsv[MaxHeapTuplesPerPage + 1];
} PruneState;

void
heap_page_prune_opt(Relation relation, Buffer buffer)
{
	Page page = BufferGetPage(buffer);
	TransactionId prune_xid = ((PageHeader) page)->pd_prune_xid;
	TransactionId oldest;
	int ndeleted = 0;
	int nnewlpdead = 0;
	Size minfree;

	/* Looked at without a lock: only hints, looked at again below. */
	if (!TransactionIdIsValid(prune_xid) || CritSectionCount > 0)
		return;
	if (TransactionIdIsNormal(MyProc->xmin) &&
	    !TransactionIdPrecedes(prune_xid, MyProc->xmin))
		return;
	minfree = RelationGetTargetPageFreeSpace(relation, HEAP_DEFAULT_FILLFACTOR);
	minfree = Max(minfree, BLCKSZ / 10);
	if (!PageIsFull(page) && PageGetHeapFreeSpace(page) >= minfree)
		return;
	oldest = GetOldestNonRemovableTransactionId(relation);
	if (!TransactionIdPrecedes(prune_xid, oldest) ||
	    !ConditionalLockBufferForCleanup(buffer))
		return;
	if (PageIsFull(page) || PageGetHeapFreeSpace(page) < minfree)
		ndeleted = heap_page_prune(relation, buffer, oldest, &nnewlpdead, NULL);
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	/* line pointers that are dead now are still vacuum's */
	pgstat_update_heap_dead_tuples(relation, ndeleted - nnewlpdead);
}

static HeapTupleHeader
TupleHeaderAt(PruneState *state, OffsetNumber off)
{
	return (HeapTupleHeader) PageGetItem(state->page,
	                                     PageGetItemId(state->page, off));
}

static void
RecordPrunable(PruneState *state, TransactionId xid)
{
	if (TransactionIdIsNormal(xid) &&
	    (!TransactionIdIsValid(state->new_prune_xid) ||
	     TransactionIdPrecedes(xid, state->new_prune_xid)))
		state->new_prune_xid = xid;
}

static void
RecordRedirect(PruneState *state, OffsetNumber from, OffsetNumber to)
{
	state->redirected[state->nredirected * 2] = from;
	state->redirected[state->nredirected * 2 + 1] = to;
	state->nredirected++;
	state->marked[from] = state->marked[to] = true;
}

static void
RecordDead(PruneState *state, OffsetNumber off)
{
	state->nowdead[state->ndead++] = off;
	state->marked[off] = true;
}

static void
RecordUnused(PruneState *state, OffsetNumber off)
{
	state->nowunused[state->nunused++] = off;
	state->marked[off] = true;
}

/*
 * The members of the chain of root, up to the last that is dead or, if there
 * is none, as far as it matters.  *latestdead: that last one, or invalid; what
 * comes before it is seen by nobody either.
 */
static int
FollowChain(PruneState *state, OffsetNumber root, OffsetNumber *chain,
            OffsetNumber *latestdead)
{
	OffsetNumber maxoff = PageGetMaxOffsetNumber(state->page);
	OffsetNumber off = root;
	TransactionId prior = InvalidTransactionId;
	int n = 0;

	*latestdead = InvalidOffsetNumber;
	while (off >= FirstOffsetNumber && off <= maxoff && !state->marked[off])
	{
		ItemId lp = PageGetItemId(state->page, off);
		bool dead = false;
		bool recently_dead = false;
		HeapTupleHeader td;

		if (ItemIdIsRedirected(lp))
		{
			if (n > 0)
				break; /* the tuple's place was used again, as a root */
			chain[n++] = off;
			off = ItemIdGetRedirect(lp);
			continue;
		}
		if (!ItemIdIsNormal(lp))
			break;
		td = TupleHeaderAt(state, off);
		if (TransactionIdIsValid(prior) && HeapTupleHeaderGetXmin(td) != prior)
			break;
		chain[n++] = off;
		switch ((HTSV_Result) state->htsv[off])
		{
			case HEAPTUPLE_DEAD:
				dead = true;
				break;
			case HEAPTUPLE_RECENTLY_DEAD:
				recently_dead = true;
				RecordPrunable(state, HeapTupleHeaderGetUpdateXid(td));
				break;
			case HEAPTUPLE_DELETE_IN_PROGRESS:
				RecordPrunable(state, HeapTupleHeaderGetUpdateXid(td));
				break;
			case HEAPTUPLE_LIVE:
			case HEAPTUPLE_INSERT_IN_PROGRESS:
				break;
		}
		if (dead)
		{
			*latestdead = off;
			HeapTupleHeaderAdvanceLatestRemovedXid(td,
			                                       &state->latestRemovedXid);
		}
		else if (!recently_dead)
			break;
		if (!HeapTupleHeaderIsHotUpdated(td) ||
		    ItemPointerGetBlockNumber(&td->t_ctid) != state->block)
			break;
		prior = HeapTupleHeaderGetUpdateXid(td);
		off = ItemPointerGetOffsetNumber(&td->t_ctid);
	}
	return n;
}

/* Decides about the chain that begins at root; how many tuples go. */
static int
PruneChain(PruneState *state, OffsetNumber root)
{
	OffsetNumber chain[MaxHeapTuplesPerPage];
	ItemId rootlp = PageGetItemId(state->page, root);
	OffsetNumber latestdead;
	int ndeleted = 0;
	int n;
	int i;

	if (ItemIdIsNormal(rootlp))
	{
		HeapTupleHeader td = TupleHeaderAt(state, root);

		/*
		 * No root.  A dead one whose update never was committed is reached by
		 * no chain: the version before it has another xmax by now, or none.
		 */
		if (HeapTupleHeaderIsHeapOnly(td))
		{
			if (state->htsv[root] != HEAPTUPLE_DEAD ||
			    HeapTupleHeaderIsHotUpdated(td))
				return 0;
			RecordUnused(state, root);
			HeapTupleHeaderAdvanceLatestRemovedXid(td,
			                                       &state->latestRemovedXid);
			return 1;
		}
	}

	n = FollowChain(state, root, chain, &latestdead);
	if (latestdead != InvalidOffsetNumber)
	{
		for (i = 1; i < n && chain[i - 1] != latestdead; i++)
		{
			RecordUnused(state, chain[i]);
			ndeleted++;
		}
		if (ItemIdIsNormal(rootlp))
			ndeleted++;
		if (i >= n)
			RecordDead(state, root);
		else
			RecordRedirect(state, root, chain[i]);
	}
	else if (n < 2 && ItemIdIsRedirected(rootlp))
		/* it leads nowhere; should not happen, but would never go */
		RecordDead(state, root);
	return ndeleted;
}

static void
LogPrune(Buffer buffer, PruneState *state)
{
	xl_heap_prune xlrec;
	XLogRecPtr recptr;

	xlrec.latestRemovedXid = state->latestRemovedXid;
	xlrec.nredirected = state->nredirected;
	xlrec.ndead = state->ndead;
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, SizeOfHeapPrune);
	XLogRegisterBuffer(0, buffer, REGBUF_STANDARD);
	if (state->nredirected > 0)
		XLogRegisterBufData(0, (char *) state->redirected,
		                    state->nredirected * sizeof(OffsetNumber) * 2);
	if (state->ndead > 0)
		XLogRegisterBufData(0, (char *) state->nowdead,
		                    state->ndead * sizeof(OffsetNumber));
	if (state->nunused > 0)
		XLogRegisterBufData(0, (char *) state->nowunused,
		                    state->nunused * sizeof(OffsetNumber));
	recptr = XLogInsert(RM_HEAP2_ID, XLOG_HEAP2_PRUNE);
	PageSetLSN(state->page, recptr);
}

int
heap_page_prune(Relation relation, Buffer buffer, TransactionId OldestXmin,
                int *nnewlpdead, OffsetNumber *off_loc)
{
	PruneState state = {.page = BufferGetPage(buffer),
	                    .block = BufferGetBlockNumber(buffer)};
	OffsetNumber maxoff = PageGetMaxOffsetNumber(state.page);
	PageHeader header = (PageHeader) state.page;
	HeapTupleData tup;
	OffsetNumber off;
	int ndeleted = 0;

	Assert(BufferIsExclusiveLocked(buffer));
	tup.t_tableOid = RelationGetRelid(relation);
	/* All at once: the same answer for a tuple wherever it is asked. */
	for (off = FirstOffsetNumber; off <= maxoff; off++)
	{
		ItemId lp = PageGetItemId(state.page, off);

		state.htsv[off] = -1;
		if (!ItemIdIsNormal(lp))
			continue;
		if (off_loc != NULL)
			*off_loc = off;
		tup.t_data = (HeapTupleHeader) PageGetItem(state.page, lp);
		tup.t_len = ItemIdGetLength(lp);
		ItemPointerSet(&tup.t_self, state.block, off);
		state.htsv[off] = HeapTupleSatisfiesVacuum(&tup, OldestXmin, buffer);
	}
	for (off = FirstOffsetNumber; off <= maxoff; off++)
	{
		ItemId lp = PageGetItemId(state.page, off);

		if (state.marked[off] || !ItemIdIsUsed(lp) || ItemIdIsDead(lp))
			continue;
		if (off_loc != NULL)
			*off_loc = off;
		ndeleted += PruneChain(&state, off);
	}
	if (off_loc != NULL)
		*off_loc = InvalidOffsetNumber;

	INJECTION_POINT("heap-prune");
	if (state.nredirected > 0 || state.ndead > 0 || state.nunused > 0)
	{
		START_CRIT_SECTION();
		heap_page_prune_execute(buffer, state.redirected, state.nredirected,
		                        state.nowdead, state.ndead, state.nowunused,
		                        state.nunused);
		header->pd_prune_xid = state.new_prune_xid;
		PageClearFull(state.page);
		MarkBufferDirty(buffer);
		INJECTION_POINT_CRITICAL("heap-prune-log");
		if (RelationNeedsWAL(relation))
			LogPrune(buffer, &state);
		END_CRIT_SECTION();
	}
	else if (header->pd_prune_xid != state.new_prune_xid ||
	         PageIsFull(state.page))
	{
		/* Only hints: lost without harm. */
		header->pd_prune_xid = state.new_prune_xid;
		PageClearFull(state.page);
		MarkBufferDirtyHint(buffer, true);
	}
	if (nnewlpdead != NULL)
		*nnewlpdead = state.ndead;
	return ndeleted;
}

void
heap_page_prune_execute(Buffer buffer, OffsetNumber *redirected,
                        int nredirected, OffsetNumber *nowdead, int ndead,
                        OffsetNumber *nowunused, int nunused)
{
	Page page = BufferGetPage(buffer);
	int i;

	for (i = 0; i < nredirected; i++)
	{
		ItemId from = PageGetItemId(page, redirected[i * 2]);

		ItemIdSetRedirect(from, redirected[i * 2 + 1]);
	}
	for (i = 0; i < ndead; i++)
	{
		ItemId lp = PageGetItemId(page, nowdead[i]);

		ItemIdSetDead(lp);
	}
	for (i = 0; i < nunused; i++)
	{
		ItemId lp = PageGetItemId(page, nowunused[i]);

		ItemIdSetUnused(lp);
	}
	PageRepairFragmentation(page);
}

void
heap_get_root_tuples(Page page, OffsetNumber *root_offsets)
{
	OffsetNumber maxoff = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);
	OffsetNumber root;

	memset(root_offsets, 0, MaxHeapTuplesPerPage * sizeof(OffsetNumber));
	for (root = FirstOffsetNumber; root <= maxoff; root++)
	{
		ItemId lp = PageGetItemId(page, root);
		TransactionId prior = InvalidTransactionId;
		OffsetNumber next;
		HeapTupleHeader td;

		if (ItemIdIsNormal(lp))
		{
			td = (HeapTupleHeader) PageGetItem(page, lp);
			if (HeapTupleHeaderIsHeapOnly(td))
				continue;
			root_offsets[root - 1] = root;
			if (!HeapTupleHeaderIsHotUpdated(td))
				continue;
			next = ItemPointerGetOffsetNumber(&td->t_ctid);
			prior = HeapTupleHeaderGetUpdateXid(td);
		}
		else if (ItemIdIsRedirected(lp))
			next = ItemIdGetRedirect(lp);
		else
			continue;

		while (next >= FirstOffsetNumber && next <= maxoff)
		{
			lp = PageGetItemId(page, next);
			if (!ItemIdIsNormal(lp))
				break;
			td = (HeapTupleHeader) PageGetItem(page, lp);
			if (TransactionIdIsValid(prior) &&
			    HeapTupleHeaderGetXmin(td) != prior)
				break;
			root_offsets[next - 1] = root;
			if (!HeapTupleHeaderIsHotUpdated(td))
				break;
			next = ItemPointerGetOffsetNumber(&td->t_ctid);
			prior = HeapTupleHeaderGetUpdateXid(td);
		}
	}
}

/*
 * The latest xid whose effects go with the tuple.  A tuple of a transaction
 * that did not commit, or that deleted its own, matters to nobody.
 */
void
HeapTupleHeaderAdvanceLatestRemovedXid(HeapTupleHeader tuple,
                                       TransactionId *latestRemovedXid)
{
	TransactionId xmin = HeapTupleHeaderGetXmin(tuple);
	TransactionId xmax = HeapTupleHeaderGetUpdateXid(tuple);

	if (!HeapTupleHeaderXminCommitted(tuple) &&
	    (HeapTupleHeaderXminInvalid(tuple) || !TransactionIdDidCommit(xmin)))
		return;
	if (xmax != xmin && TransactionIdFollows(xmax, *latestRemovedXid))
		*latestRemovedXid = xmax;
}
