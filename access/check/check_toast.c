/*
 * check_toast.c
 *		The index of a TOAST relation: is it a tree, and do its entries lead to
 *		their chunks.
 *
 * Each level is walked from left to right.  A page's entries are in order and
 * not less than its low; its low is the key of the entry that leads to it, and
 * the pages of a level are those that the level above names, in that order.
 * Every block of the file is in the tree, free, or new.
 *
 * The rules are those of access/toast/toast_index.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/toast_index.h"
#include "check_internal.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

typedef struct TreeCheck
{
	CheckState *cs;
	Relation toastrel;
	Relation index;
	BlockNumber nblocks;
	bool *seen; /* by block */
} TreeCheck;

/* A page below, as the level above names it. */
typedef struct Downlink
{
	BlockNumber block;
	uint64 low;
} Downlink;

static bool
PageLooksRight(TreeCheck *tc, Page page, BlockNumber block, int level)
{
	int count;

	if (block >= tc->nblocks || block == TOAST_INDEX_METAPAGE)
	{
		check_report(tc->cs, tc->index, block, 0, "is not a page of the tree");
		return false;
	}
	if (tc->seen[block])
	{
		check_report(tc->cs, tc->index, block, 0, "is there twice");
		return false;
	}
	tc->seen[block] = true;
	if (PageIsNew(page) ||
	    ToastIndexPageOpaque(page)->page_id != TOAST_INDEX_PAGE_ID ||
	    ToastIndexPageOpaque(page)->level != level)
	{
		check_report(tc->cs, tc->index, block, 0, "is not a page of level %d",
		             level);
		return false;
	}
	count = ToastIndexPageCount(page);
	if (count < 0 || count > TOAST_INDEX_ENTRIES_PER_PAGE)
	{
		check_report(tc->cs, tc->index, block, 0, "has %d entries", count);
		return false;
	}
	return true;
}

/* A copy of a page of the tree, if it is one. */
static bool
ReadTreePage(TreeCheck *tc, BlockNumber block, int level, char *copy)
{
	Buffer buffer;

	if (block < tc->nblocks)
	{
		buffer = ReadBuffer(tc->index, block);
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		memcpy(copy, BufferGetPage(buffer), BLCKSZ);
		UnlockReleaseBuffer(buffer);
	}
	return PageLooksRight(tc, copy, block, level);
}

static void
CheckChunk(TreeCheck *tc, BlockNumber block, int at,
           const ToastIndexEntry *entry)
{
	TupleDesc desc = RelationGetDescr(tc->toastrel);
	Buffer buffer;
	Page page;
	HeapTupleData tup;
	bool isnull;

	if (entry->block >= RelationGetNumberOfBlocks(tc->toastrel))
	{
		check_report(tc->cs, tc->index, block, at,
		             "leads to block %u, which is not there", entry->block);
		return;
	}
	buffer = ReadBuffer(tc->toastrel, entry->block);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	if (PageIsNew(page) || entry->offset < FirstOffsetNumber ||
	    entry->offset > PageGetMaxOffsetNumber(page) ||
	    !ItemIdIsUsed(PageGetItemId(page, entry->offset)))
		check_report(tc->cs, tc->index, block, at,
		             "leads to (%u,%u), where no chunk is", entry->block,
		             entry->offset);
	else if (ItemIdIsNormal(PageGetItemId(page, entry->offset)))
	{
		tup.t_data = (HeapTupleHeader) PageGetItem(
			page, PageGetItemId(page, entry->offset));
		tup.t_len = ItemIdGetLength(PageGetItemId(page, entry->offset));
		tup.t_tableOid = RelationGetRelid(tc->toastrel);
		ItemPointerSet(&tup.t_self, entry->block, entry->offset);
		if (DatumGetObjectId(heap_getattr(&tup, 1, desc, &isnull)) !=
		        entry->chunk_id ||
		    DatumGetUInt32(heap_getattr(&tup, 2, desc, &isnull)) !=
		        entry->chunk_seq)
			check_report(tc->cs, tc->index, block, at,
			             "leads to (%u,%u), which is another chunk",
			             entry->block, entry->offset);
	}
	UnlockReleaseBuffer(buffer);
}

/* The entries of a page; those above the leaves are added to links. */
static void
CheckEntries(TreeCheck *tc, Page page, BlockNumber block, int level,
             List **links)
{
	ToastIndexEntry *entries = ToastIndexPageEntries(page);
	uint64 low = ToastIndexPageOpaque(page)->low;

	for (int i = 0; i < ToastIndexPageCount(page); i++)
	{
		uint64 key = ToastIndexEntryKey(&entries[i]);

		if (i > 0 && key <= ToastIndexEntryKey(&entries[i - 1]))
			check_report(tc->cs, tc->index, block, i, "is out of order");
		if (level == 0 ? key < low : i == 0 && key != low)
			check_report(tc->cs, tc->index, block, i,
			             "does not go with its page's low");
		if (level == 0)
			CheckChunk(tc, block, i, &entries[i]);
		else
		{
			Downlink *link = palloc_object(Downlink);

			link->block = entries[i].block;
			link->low = key;
			*links = lappend(*links, link);
		}
	}
	if (level > 0 && ToastIndexPageCount(page) == 0)
		check_report(tc->cs, tc->index, block, 0, "leads nowhere");
}

/* The pages that links name; returns those of the level below. */
static List *
CheckLevel(TreeCheck *tc, int level, List *links)
{
	PGAlignedBlock copy;
	Page page = copy.data;
	List *below = NIL;
	BlockNumber next = InvalidBlockNumber;
	uint64 last = 0;
	ListCell *lc;

	foreach (lc, links)
	{
		Downlink *link = lfirst(lc);
		int count;

		CHECK_FOR_INTERRUPTS();
		if (!ReadTreePage(tc, link->block, level, page))
			return NIL;
		if (foreach_current_index(lc) > 0 && next != link->block)
			check_report(tc->cs, tc->index, link->block, 0,
			             "is not what the page on its left leads to");
		if (ToastIndexPageOpaque(page)->low != link->low)
			check_report(tc->cs, tc->index, link->block, 0,
			             "has another low than the entry that leads to it");
		count = ToastIndexPageCount(page);
		if (foreach_current_index(lc) > 0 && count > 0 &&
		    ToastIndexEntryKey(&ToastIndexPageEntries(page)[0]) <= last)
			check_report(tc->cs, tc->index, link->block, 0,
			             "begins before its left neighbour ends");
		CheckEntries(tc, page, link->block, level, &below);
		if (count > 0)
			last = ToastIndexEntryKey(&ToastIndexPageEntries(page)[count - 1]);
		next = ToastIndexPageOpaque(page)->next;
	}
	if (BlockNumberIsValid(next))
		check_report(tc->cs, tc->index, next, 0,
		             "is on level %d, but nothing leads to it", level);
	return below;
}

static void
CheckFreePages(TreeCheck *tc, BlockNumber block)
{
	PGAlignedBlock copy;

	while (BlockNumberIsValid(block) &&
	       ReadTreePage(tc, block, TOAST_INDEX_FREE_LEVEL, copy.data))
		block = ToastIndexPageOpaque(copy.data)->next;
	/* what a crash left of an extension is zero */
	for (block = TOAST_INDEX_METAPAGE + 1; block < tc->nblocks; block++)
	{
		Buffer buffer;

		if (tc->seen[block])
			continue;
		CHECK_FOR_INTERRUPTS();
		buffer = ReadBuffer(tc->index, block);
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		if (!PageIsNew(BufferGetPage(buffer)))
			check_report(tc->cs, tc->index, block, 0,
			             "is neither in the tree nor free");
		UnlockReleaseBuffer(buffer);
	}
}

void
check_toast_index(CheckState *cs, Relation toastrel, Relation index)
{
	TreeCheck tc = {.cs = cs,
	                .toastrel = toastrel,
	                .index = index,
	                .nblocks = RelationGetNumberOfBlocks(index)};
	ToastIndexMeta meta;
	Buffer buffer = ReadBuffer(index, TOAST_INDEX_METAPAGE);
	PGAlignedBlock root;
	Downlink link;
	List *links;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	meta = *ToastIndexPageMeta(BufferGetPage(buffer));
	UnlockReleaseBuffer(buffer);
	if (meta.magic != TOAST_INDEX_MAGIC ||
	    meta.version != TOAST_INDEX_VERSION ||
	    meta.level >= TOAST_INDEX_MAX_LEVELS)
	{
		check_report(cs, index, TOAST_INDEX_METAPAGE, 0,
		             "is not the meta page of a toast index");
		return;
	}
	tc.seen = palloc0_array(bool, tc.nblocks);
	if (!ReadTreePage(&tc, meta.root, meta.level, root.data))
		return;
	tc.seen[meta.root] = false;
	link.block = meta.root;
	link.low = ToastIndexPageOpaque(root.data)->low;
	if (meta.level > 0 && ToastIndexPageCount(root.data) < 2)
		check_report(cs, index, meta.root, 0, "is a root with one page below");
	links = list_make1(&link);
	for (int level = meta.level; level >= 0; level--)
		links = CheckLevel(&tc, level, links);
	CheckFreePages(&tc, meta.free);
	pfree(tc.seen);
}
