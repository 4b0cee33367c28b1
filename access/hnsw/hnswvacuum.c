/*
 * hnswvacuum.c
 *	  Removal of dead rows from an hnsw index.
 *
 * An element whose rows are all dead still holds the graph together: it can
 * only go when nothing leads to it.  Hence the order, which is strict:
 *
 * 1. RemoveHeapTids: TIDs of dead rows go.  Elements without TIDs are noted in
 *	  the set "deleting"; searches still pass through them.
 * 2. After every insert in flight is over (UPDATE exclusive, for a moment),
 *	  HnswReachAll: links are added until every live element reaches every other
 *	  without "deleting".  Then HnswRepairGraph: lists lose what is in
 *	  "deleting", short ones are filled, and another element becomes the entry
 *	  point if that is to go.  If more than half of all go, most lists are
 *	  made anew, and HnswReachAll sees to what that may have cut off.
 * 3. ConfirmRepaired: again inserts in flight are waited for; then no live
 *	  element may lead to one in "deleting".
 * 4. MarkDeleted: after every search in flight is over (SCAN exclusive, for a
 *	  moment; those of clients in their own processes are not valid any more,
 *	  storage/direct.h), the elements are marked, emptied, and their version raised.
 *	  Their places can be used again.
 *
 * An insert links only to elements with TIDs as it saw them.  One that was
 * emptied just after is found by pass 2, because the insert is over by then;
 * one emptied before is never linked.  So "deleting" is complete after pass 1
 * and nothing is added to the lists of its members' neighbours later.
 *
 * A scan that goes on after pass 4 has begun may stand on members.  What it
 * finds marked it passes by, and the version tells what was used again.
 *
 * Each page, or element with its neighbour page, is one record.  A crash
 * between the passes leaves elements without TIDs, which the next vacuum finds,
 * and all that is live is reached at every moment, but for the time in which
 * many lists are made anew.
 * One in pass 4 leaves such that lead to elements that are marked, or used
 * again: no path leads to them.
 */
#include "postgres.h"

#include "access/hnsw_cache.h"
#include "access/xloginsert.h"
#include "commands/vacuum.h"
#include "miscadmin.h"
#include "storage/direct.h"
#include "storage/lmgr.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#include "hnswvacuum.h"

/* Waits until whoever holds the lock in share mode now has let it go. */
static void
Barrier(Relation index, BlockNumber lock)
{
	LockPage(index, lock, ExclusiveLock);
	UnlockPage(index, lock, ExclusiveLock);
}

/* ---------------------------------------------------------------------------
 * Pass 1
 * ---------------------------------------------------------------------------
 */

/* Makes room for items of the block, up to max; what is new is zero. */
static void
ExtendItemSet(HnswItemSet *set, BlockNumber blkno, OffsetNumber max)
{
	uint32 need = max / 64 + 1;

	if (blkno >= set->nblocks)
	{
		uint32 nblocks = Max(blkno + 1, set->nblocks * 2);

		set->blocks = repalloc_huge(
			set->blocks, mul_size(nblocks, sizeof(HnswItemSetBlock)));
		memset(set->blocks + set->nblocks, 0,
		       (nblocks - set->nblocks) * sizeof(HnswItemSetBlock));
		set->nblocks = nblocks;
	}
	if (set->nwords + need > set->capacity)
	{
		set->capacity = Max(set->nwords + need, set->capacity * 2);
		set->words =
			repalloc_huge(set->words, mul_size(set->capacity, sizeof(uint64)));
	}
	memset(set->words + set->nwords, 0, need * sizeof(uint64));
	set->blocks[blkno].start = set->nwords;
	set->blocks[blkno].nwords = need;
	set->nwords += need;
}

/* max: the last item of the block, which is added to by one visit only. */
static void
AddDeleting(HnswVacuumState *vs, BlockNumber blkno, OffsetNumber off,
            OffsetNumber max)
{
	HnswItemSet *set = &vs->deleting;

	if (blkno >= set->nblocks || set->blocks[blkno].nwords == 0)
		ExtendItemSet(set, blkno, max);
	Assert(off / 64 < set->blocks[blkno].nwords);
	set->words[set->blocks[blkno].start + off / 64] |= UINT64CONST(1)
	                                                   << (off % 64);
	set->count++;
}

/* TIDs of the element that stay are moved to the front. */
static void
CompactTids(HnswElementTuple etup, uint16 dead)
{
	int kept = 0;

	for (int i = 0; i < HNSW_HEAPTIDS; i++)
		if (ItemPointerIsValid(&etup->heaptids[i]) && !(dead & (1 << i)))
			etup->heaptids[kept++] = etup->heaptids[i];
	for (; kept < HNSW_HEAPTIDS; kept++)
		ItemPointerSetInvalid(&etup->heaptids[kept]);
}

/* The block after it in the chain. */
static BlockNumber
RemoveHeapTidsOfPage(HnswVacuumState *vs, BlockNumber blkno)
{
	Buffer buf = HnswReadVacuumBuffer(vs, blkno);
	uint16 dead[MaxOffsetNumber + 1];
	bool any = false;
	BlockNumber next;
	OffsetNumber max;
	Page page;

	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	page = BufferGetPage(buf);
	HnswPrefetchItems(page);
	max = PageGetMaxOffsetNumber(page);
	next = HnswPageGetOpaque(page)->nextblkno;
	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		HnswElementTuple etup =
			(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));
		ItemPointerData tid;
		int live = 0;

		dead[off] = 0;
		if (etup->type != HNSW_ELEMENT_TUPLE_TYPE)
			continue;
#ifndef TUSK_DEFECT_DELETED_TAKEN_FOR_EMPTIED
		/* One that is deleted has no TIDs, and must not be taken for emptied. */
		if (etup->deleted)
			continue;
#endif
		for (int i = 0;
		     i < HNSW_HEAPTIDS && ItemPointerIsValid(&etup->heaptids[i]); i++)
		{
			if (vs->callback(&etup->heaptids[i], vs->callback_state))
			{
				dead[off] |= 1 << i;
				vs->stats->tuples_removed++;
			}
			else
			{
				live++;
				vs->stats->num_index_tuples++;
			}
		}
		if (dead[off] != 0)
			any = true;
		ItemPointerSet(&tid, blkno, off);
		if (live == 0)
			AddDeleting(vs, blkno, off, max);
		else
			HnswNoteLive(vs, &tid, etup->level);
	}
	if (any)
	{
		GenericXLogState *state = GenericXLogStart(vs->index);
		PGAlignedBlock before;

		memcpy(before.data, page, BLCKSZ);
		page = GenericXLogRegisterBuffer(state, buf, 0);
		for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
			if (dead[off] != 0)
				CompactTids((HnswElementTuple) PageGetItem(
								page, PageGetItemId(page, off)),
				            dead[off]);
		GenericXLogFinish(state);
		HnswCacheChangedPage(vs->index, &vs->support, buf, before.data);
	}
	UnlockReleaseBuffer(buf);
	return next;
}

static void
RemoveHeapTids(HnswVacuumState *vs)
{
	BlockNumber blkno = HNSW_HEAD_BLKNO;

	vs->highest.level = -1;
	vs->fallback.level = -1;
	while (BlockNumberIsValid(blkno))
	{
		vacuum_delay_point();
		blkno = RemoveHeapTidsOfPage(vs, blkno);
		INJECTION_POINT("hnsw-vacuum-page");
	}
}

/* ---------------------------------------------------------------------------
 * Pass 3
 * ---------------------------------------------------------------------------
 */

static void
ConfirmRepaired(HnswVacuumState *vs)
{
	BlockNumber blkno = HNSW_HEAD_BLKNO;

	Barrier(vs->index, HNSW_UPDATE_LOCK);
	INJECTION_POINT("hnsw-vacuum-confirm");
	while (BlockNumberIsValid(blkno))
	{
		Buffer buf;
		Page page;
		OffsetNumber max;

		vacuum_delay_point();
		buf = HnswReadVacuumBuffer(vs, blkno);
		LockBuffer(buf, BUFFER_LOCK_SHARE);
		page = BufferGetPage(buf);
		HnswPrefetchItems(page);
		max = PageGetMaxOffsetNumber(page);
		for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
		{
			HnswElementTuple etup =
				(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));
			HnswNeighborTuple ntup;
			BlockNumber nblkno;
			Buffer nbuf = buf;
			Page npage = page;

			if (etup->type != HNSW_ELEMENT_TUPLE_TYPE || etup->deleted ||
			    !ItemPointerIsValid(&etup->heaptids[0]))
				continue;
			nblkno = ItemPointerGetBlockNumber(&etup->neighbortid);
			if (nblkno != blkno)
			{
				nbuf = HnswReadVacuumBuffer(vs, nblkno);
				LockBuffer(nbuf, BUFFER_LOCK_SHARE);
				npage = BufferGetPage(nbuf);
			}
			ntup = (HnswNeighborTuple) PageGetItem(
				npage, PageGetItemId(npage, ItemPointerGetOffsetNumber(
												&etup->neighbortid)));
			for (int i = 0; i < ntup->count; i++)
				if (ItemPointerIsValid(&ntup->indextids[i]) &&
				    HnswIsDeleting(vs, &ntup->indextids[i]))
					elog(ERROR, "hnsw graph not repaired");
			if (nbuf != buf)
				UnlockReleaseBuffer(nbuf);
		}
		blkno = HnswPageGetOpaque(page)->nextblkno;
		UnlockReleaseBuffer(buf);
	}
}

/* ---------------------------------------------------------------------------
 * Pass 4
 * ---------------------------------------------------------------------------
 */

/* The element at off of the page in buf, which is locked for cleanup. */
static void
MarkElement(HnswVacuumState *vs, Buffer buf, OffsetNumber off)
{
	GenericXLogState *state = GenericXLogStart(vs->index);
	Page page = GenericXLogRegisterBuffer(state, buf, 0);
	HnswElementTuple etup =
		(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));
	Size size = ItemIdGetLength(PageGetItemId(page, off));
	BlockNumber nblkno = ItemPointerGetBlockNumber(&etup->neighbortid);
	Buffer nbuf = buf;
	Page npage = page;
	HnswNeighborTuple ntup;
	OffsetNumber noff;

	if (nblkno != BufferGetBlockNumber(buf))
	{
		nbuf = HnswReadVacuumBuffer(vs, nblkno);
		LockBuffer(nbuf, BUFFER_LOCK_EXCLUSIVE);
		npage = GenericXLogRegisterBuffer(state, nbuf, 0);
	}
	ntup = (HnswNeighborTuple) PageGetItem(
		npage,
		PageGetItemId(npage, ItemPointerGetOffsetNumber(&etup->neighbortid)));

	etup->deleted = 1;
	memset(&etup->data, 0, size - offsetof(HnswElementTupleData, data));
	for (int i = 0; i < ntup->count; i++)
		ItemPointerSetInvalid(&ntup->indextids[i]);
	/* what a search remembers of the old element must not match a new one */
	etup->version = etup->version >= 15 ? 1 : etup->version + 1;
	ntup->version = etup->version;
	noff = ItemPointerGetOffsetNumber(&etup->neighbortid);
	GenericXLogFinish(state);
	HnswCacheChanged(vs->index, &vs->support, buf, off);
	HnswCacheChanged(vs->index, &vs->support, nbuf, noff);
	if (nbuf != buf)
		UnlockReleaseBuffer(nbuf);
	INJECTION_POINT("hnsw-vacuum-marked");
}

static void
MarkDeleted(HnswVacuumState *vs)
{
	BlockNumber blkno = HNSW_HEAD_BLKNO;
	BlockNumber insertPage = InvalidBlockNumber;

	/*
	 * No search that began before still stands on one of them: clients' are not
	 * valid any more, backends' are waited for.
	 */
	DirectRaiseVersion(&vs->index->rd_node);
	Barrier(vs->index, HNSW_SCAN_LOCK);
	INJECTION_POINT("hnsw-vacuum-mark");
	while (BlockNumberIsValid(blkno))
	{
		Buffer buf;
		Page page;
		OffsetNumber max;

		vacuum_delay_point();
		buf = HnswReadVacuumBuffer(vs, blkno);
		LockBufferForCleanup(buf);
		page = BufferGetPage(buf);
		HnswPrefetchItems(page);
		max = PageGetMaxOffsetNumber(page);
		for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
		{
			HnswElementTuple etup =
				(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));

			if (etup->type != HNSW_ELEMENT_TUPLE_TYPE)
				continue;
			if (!etup->deleted)
			{
				if (ItemPointerIsValid(&etup->heaptids[0]))
					continue;
				MarkElement(vs, buf, off);
			}
			if (!BlockNumberIsValid(insertPage))
				insertPage = blkno;
		}
		blkno = HnswPageGetOpaque(page)->nextblkno;
		UnlockReleaseBuffer(buf);
		INJECTION_POINT("hnsw-vacuum-marked-page");
	}
	INJECTION_POINT("hnsw-vacuum-insert-page");
	if (BlockNumberIsValid(insertPage))
		HnswUpdateMetaPage(vs->index, NULL, false, insertPage, false);
}

/* ---------------------------------------------------------------------------
 * The access method's
 * ---------------------------------------------------------------------------
 */

/*
 * All pages are read several times, and many at random.  So an index that fits
 * into shared_buffers is had there, which needs no strategy.
 */
static BufferAccessStrategy
ChooseStrategy(const IndexVacuumInfo *info)
{
	if (RelationGetNumberOfBlocks(info->index) < (BlockNumber) NBuffers / 8 * 7)
		return NULL;
	return info->strategy != NULL ? info->strategy
	                              : GetAccessStrategy(BAS_BULKREAD);
}

IndexBulkDeleteResult *
hnswbulkdelete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
               IndexBulkDeleteCallback callback, void *callback_state)
{
	HnswVacuumState vs = {0};

	if (stats == NULL)
		stats = palloc0(sizeof(IndexBulkDeleteResult));
	vs.index = info->index;
	vs.stats = stats;
	vs.callback = callback;
	vs.callback_state = callback_state;
	vs.strategy = ChooseStrategy(info);
	vs.ef_construction = HnswGetEfConstruction(info->index);
	HnswInitSupport(&vs.support, info->index);
	HnswGetMetaPageInfo(info->index, &vs.m, NULL, NULL, NULL);
	vs.deleting.blocks = palloc(sizeof(HnswItemSetBlock));
	vs.deleting.words = palloc(sizeof(uint64));
	vs.repair_context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw vacuum repair", ALLOCSET_DEFAULT_SIZES);

	RemoveHeapTids(&vs);
	INJECTION_POINT("hnsw-vacuum-tids-removed");
	/* Those that saw TIDs which are gone have linked by now. */
	Barrier(vs.index, HNSW_UPDATE_LOCK);
	INJECTION_POINT("hnsw-vacuum-barrier");
	(void) HnswReachAll(&vs);
	INJECTION_POINT("hnsw-vacuum-reached");
	HnswRepairGraph(&vs);
	/* short lists cannot keep all that was there before a search */
	if (vs.many_go)
		(void) HnswReachAll(&vs);
	INJECTION_POINT("hnsw-vacuum-repaired");
	ConfirmRepaired(&vs);
	MarkDeleted(&vs);

	pfree(vs.deleting.blocks);
	pfree(vs.deleting.words);
	MemoryContextDelete(vs.repair_context);
	return stats;
}

IndexBulkDeleteResult *
hnswvacuumcleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats)
{
	if (info->analyze_only || stats == NULL)
		return stats;
	stats->num_pages = RelationGetNumberOfBlocks(info->index);
	return stats;
}
