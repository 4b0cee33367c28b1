/*
 * freespace.c
 *		The free space map: a tree of pages, three levels, over the blocks of a
 *		table.
 *
 * 1.	A slot of a bottom page is a block's room in steps of 32 bytes, rounded
 *		down; a slot of an upper page is the maximum of a page below.
 * 2.	Nothing is logged and an upper page may be wrong: what a page below has
 *		contradicts is corrected by the search that found out; vacuum makes the
 *		upper pages right.  A page that cannot be read is taken for zeros.
 * 3.	At most one page is locked at a time.
 * 4.	Pages of the tree lie in the file in depth-first order.
 *
 * Corresponds to PostgreSQL's freespace.c.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "access/xloginsert.h"
#include "access/xlogutils.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/freespace.h"
#include "storage/fsm_internals.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

#define FSM_CATEGORIES 256
#define FSM_CAT_STEP (BLCKSZ / FSM_CATEGORIES)
/* The most that a request can need: category 255 is for it. */
#define MaxFSMRequestSize \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData + sizeof(ItemIdData)))

#define FSM_TREE_DEPTH 3
#define FSM_ROOT_LEVEL (FSM_TREE_DEPTH - 1)
#define FSM_BOTTOM_LEVEL 0

typedef struct FSMAddress
{
	int level;     /* 0: bottom */
	int logpageno; /* within its level */
} FSMAddress;

static const FSMAddress FSM_ROOT_ADDRESS = {FSM_ROOT_LEVEL, 0};

/* ---- categories ---- */

static uint8
space_avail_to_cat(Size avail)
{
	Assert(avail < BLCKSZ);
	if (avail >= MaxFSMRequestSize)
		return 255;
	return (uint8) Min(avail / FSM_CAT_STEP, 254);
}

static Size
space_cat_to_avail(uint8 cat)
{
	return cat == 255 ? MaxFSMRequestSize : cat * FSM_CAT_STEP;
}

/* Rounded up. */
static uint8
space_needed_to_cat(Size needed)
{
	Size cat;

	if (needed > MaxFSMRequestSize)
		elog(ERROR, "invalid FSM request size %zu", needed);
	if (needed == 0)
		return 1;
	cat = (needed + FSM_CAT_STEP - 1) / FSM_CAT_STEP;
	return (uint8) Min(cat, 255);
}

/* ---- addresses ---- */

static FSMAddress
fsm_get_location(BlockNumber heapblk, int *slot)
{
	FSMAddress addr = {FSM_BOTTOM_LEVEL, (int) (heapblk / SlotsPerFSMPage)};

	*slot = heapblk % SlotsPerFSMPage;
	return addr;
}

static BlockNumber
fsm_get_heap_blk(FSMAddress addr, int slot)
{
	return (BlockNumber) addr.logpageno * SlotsPerFSMPage + slot;
}

static FSMAddress
fsm_get_parent(FSMAddress child, int *slot)
{
	FSMAddress parent = {child.level + 1,
	                     child.logpageno / (int) SlotsPerFSMPage};

	*slot = child.logpageno % SlotsPerFSMPage;
	return parent;
}

static FSMAddress
fsm_get_child(FSMAddress parent, int slot)
{
	FSMAddress child = {parent.level - 1,
	                    parent.logpageno * (int) SlotsPerFSMPage + slot};

	return child;
}

/* Before a page come the pages of each level up to its first leaf. */
static BlockNumber
fsm_logical_to_physical(FSMAddress addr)
{
	BlockNumber leafno = addr.logpageno;
	BlockNumber pages = 0;

	for (int l = 0; l < addr.level; l++)
		leafno *= SlotsPerFSMPage;
	for (int l = 0; l < FSM_TREE_DEPTH; l++)
	{
		pages += leafno + 1;
		leafno /= SlotsPerFSMPage;
	}
	/* those below it on the way to the first leaf come after it */
	pages -= addr.level;
	return pages - 1;
}

/* ---- pages ---- */

static void
fsm_extend(Relation rel, BlockNumber fsm_nblocks)
{
	SMgrRelation reln = RelationGetSmgr(rel);

	while (!smgrhasblock(reln, FSM_FORKNUM, fsm_nblocks - 1))
	{
		INJECTION_POINT("freespace-extend");
		ReleaseBuffer(
			ExtendBufferedRel(BMR_REL(rel), FSM_FORKNUM, NULL,
		                      EB_CREATE_FORK_IF_NEEDED | EB_CLEAR_SIZE_CACHE));
	}
}

/* Pinned; InvalidBuffer if it is not there and is not to be made. */
static Buffer
fsm_readbuf(Relation rel, FSMAddress addr, bool extend)
{
	BlockNumber block = fsm_logical_to_physical(addr);
	SMgrRelation reln = RelationGetSmgr(rel);
	Buffer buf;

	if (!smgrhasblock(reln, FSM_FORKNUM, block))
	{
		if (!extend)
			return InvalidBuffer;
		fsm_extend(rel, block + 1);
	}
	buf = ReadBufferExtended(rel, FSM_FORKNUM, block, RBM_ZERO_ON_ERROR, NULL);
	if (PageIsNew(BufferGetPage(buf)))
	{
		LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
		if (PageIsNew(BufferGetPage(buf)))
			PageInit(BufferGetPage(buf), BLCKSZ, 0);
		LockBuffer(buf, BUFFER_LOCK_UNLOCK);
	}
	return buf;
}

/* Sets a slot; with minValue > 0 searches the page at once; else -1. */
static int
fsm_set_and_search(Relation rel, FSMAddress addr, uint16 slot, uint8 newValue,
                   uint8 minValue)
{
	Buffer buf = fsm_readbuf(rel, addr, true);
	int newslot = -1;

	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	if (fsm_set_avail(BufferGetPage(buf), slot, newValue))
		MarkBufferDirtyHint(buf, false);
	if (minValue != 0)
		newslot = fsm_search_avail(buf, minValue,
		                           addr.level == FSM_BOTTOM_LEVEL, true);
	UnlockReleaseBuffer(buf);
	return newslot;
}

static BlockNumber
fsm_search(Relation rel, uint8 min_cat)
{
	FSMAddress addr = FSM_ROOT_ADDRESS;
	int restarts = 0;

	for (;;)
	{
		Buffer buf = fsm_readbuf(rel, addr, false);
		uint8 max_avail = 0;
		int slot = -1;

		CHECK_FOR_INTERRUPTS();
		if (BufferIsValid(buf))
		{
			LockBuffer(buf, BUFFER_LOCK_SHARE);
			slot = fsm_search_avail(buf, min_cat,
			                        addr.level == FSM_BOTTOM_LEVEL, false);
			if (slot < 0)
				max_avail = fsm_get_max_avail(BufferGetPage(buf));
			UnlockReleaseBuffer(buf);
		}
		if (slot >= 0)
		{
			BlockNumber block;

			if (addr.level != FSM_BOTTOM_LEVEL)
			{
				addr = fsm_get_child(addr, slot);
				continue;
			}
			block = fsm_get_heap_blk(addr, slot);
			if (block < RelationGetNumberOfBlocks(rel))
				return block;
			/* It was truncated, or a crash lost its growth. */
			(void) fsm_set_and_search(rel, addr, slot, 0, 0);
			if (restarts++ > 10000)
				return InvalidBlockNumber;
			addr = FSM_ROOT_ADDRESS;
		}
		else if (addr.level == FSM_ROOT_LEVEL)
			return InvalidBlockNumber;
		else
		{
			/* The parent promised more than is here: tell it. */
			int parentslot;
			FSMAddress parent = fsm_get_parent(addr, &parentslot);

			(void) fsm_set_and_search(rel, parent, parentslot, max_avail, 0);
			/* others change the map too: not for ever */
			if (restarts++ > 10000)
				return InvalidBlockNumber;
			addr = FSM_ROOT_ADDRESS;
		}
	}
}

/* ---- for tables ---- */

BlockNumber
GetPageWithFreeSpace(Relation rel, Size spaceNeeded)
{
	return fsm_search(rel, space_needed_to_cat(spaceNeeded));
}

/* First in the same bottom page: it is at hand, and near. */
BlockNumber
RecordAndGetPageWithFreeSpace(Relation rel, BlockNumber oldPage,
                              Size oldSpaceAvail, Size spaceNeeded)
{
	uint8 search_cat = space_needed_to_cat(spaceNeeded);
	int slot;
	FSMAddress addr = fsm_get_location(oldPage, &slot);
	int found = fsm_set_and_search(
		rel, addr, slot, space_avail_to_cat(oldSpaceAvail), search_cat);

	if (found >= 0)
	{
		BlockNumber block = fsm_get_heap_blk(addr, found);

		if (block < RelationGetNumberOfBlocks(rel))
			return block;
	}
	return fsm_search(rel, search_cat);
}

void
RecordPageWithFreeSpace(Relation rel, BlockNumber heapBlk, Size spaceAvail)
{
	int slot;
	FSMAddress addr = fsm_get_location(heapBlk, &slot);

	(void) fsm_set_and_search(rel, addr, slot, space_avail_to_cat(spaceAvail),
	                          0);
}

void
XLogRecordPageWithFreeSpace(RelFileNode rnode, BlockNumber heapBlk,
                            Size spaceAvail)
{
	int slot;
	FSMAddress addr = fsm_get_location(heapBlk, &slot);
	Buffer buf = XLogReadBufferExtended(rnode, FSM_FORKNUM,
	                                    fsm_logical_to_physical(addr),
	                                    RBM_ZERO_ON_ERROR, InvalidBuffer);
	Page page;

	if (!BufferIsValid(buf))
		return;
	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	page = BufferGetPage(buf);
	if (PageIsNew(page))
		PageInit(page, BLCKSZ, 0);
	if (fsm_set_avail(page, slot, space_avail_to_cat(spaceAvail)))
		MarkBufferDirty(buf);
	UnlockReleaseBuffer(buf);
}

Size
GetRecordedFreeSpace(Relation rel, BlockNumber heapBlk)
{
	int slot;
	FSMAddress addr = fsm_get_location(heapBlk, &slot);
	Buffer buf = fsm_readbuf(rel, addr, false);
	uint8 cat;

	if (!BufferIsValid(buf))
		return 0;
	cat = fsm_get_avail(BufferGetPage(buf), slot);
	ReleaseBuffer(buf);
	return space_cat_to_avail(cat);
}

BlockNumber
FreeSpaceMapPrepareTruncateRel(Relation rel, BlockNumber nblocks)
{
	int first_removed_slot;
	FSMAddress addr = fsm_get_location(nblocks, &first_removed_slot);
	SMgrRelation reln = RelationGetSmgr(rel);
	BlockNumber keep;
	Buffer buf;

	if (!smgrexists(reln, FSM_FORKNUM))
		return InvalidBlockNumber;
	if (first_removed_slot == 0)
	{
		keep = fsm_logical_to_physical(addr);
		return smgrnblocks(reln, FSM_FORKNUM) <= keep ? InvalidBlockNumber
		                                              : keep;
	}
	/* The last page that stays forgets the blocks that go. */
	buf = fsm_readbuf(rel, addr, false);
	if (!BufferIsValid(buf))
		return InvalidBlockNumber;
	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	START_CRIT_SECTION();
	if (fsm_truncate_avail(BufferGetPage(buf), first_removed_slot))
	{
		/* not as a hint: a hint may be lost, the truncation is not */
		MarkBufferDirty(buf);
		if (!RecoveryInProgress() && RelationNeedsWAL(rel) &&
		    XLogHintBitIsNeeded())
			(void) log_newpage_buffer(buf, false);
	}
	END_CRIT_SECTION();
	UnlockReleaseBuffer(buf);
	keep = fsm_logical_to_physical(addr) + 1;
	return smgrnblocks(reln, FSM_FORKNUM) <= keep ? InvalidBlockNumber : keep;
}

/* The page's maximum after its children are right; *eof: it is not there. */
static uint8
fsm_vacuum_page(Relation rel, FSMAddress addr, BlockNumber start,
                BlockNumber end, bool *eof)
{
	Buffer buf = fsm_readbuf(rel, addr, false);
	Page page;
	uint8 max_avail;

	*eof = !BufferIsValid(buf);
	if (*eof)
		return 0;
	page = BufferGetPage(buf);
	if (addr.level > FSM_BOTTOM_LEVEL)
	{
		uint64 blocks_per_slot = 1;
		uint64 first = 0;
		int start_slot;
		int end_slot;
		bool child_eof = false;

		for (int l = FSM_BOTTOM_LEVEL; l < addr.level; l++)
			blocks_per_slot *= SlotsPerFSMPage;
		first = (uint64) addr.logpageno * SlotsPerFSMPage * blocks_per_slot;
		start_slot =
			start <= first ? 0 : (int) ((start - first) / blocks_per_slot);
		end_slot = end <= first ? -1
		                        : (int) Min((end - 1 - first) / blocks_per_slot,
		                                    SlotsPerFSMPage - 1);
		for (int slot = start_slot; slot <= end_slot; slot++)
		{
			uint8 child_avail = 0;

			CHECK_FOR_INTERRUPTS();
			if (!child_eof)
				child_avail = fsm_vacuum_page(rel, fsm_get_child(addr, slot),
				                              start, end, &child_eof);
			if (fsm_get_avail(page, slot) != child_avail)
			{
				LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
				(void) fsm_set_avail(page, slot, child_avail);
				MarkBufferDirtyHint(buf, false);
				LockBuffer(buf, BUFFER_LOCK_UNLOCK);
			}
		}
	}
	max_avail = fsm_get_max_avail(page);
	/* Searches begin at the front again, so that a table can shrink. */
	LockBuffer(buf, BUFFER_LOCK_SHARE);
	((FSMPage) PageGetContents(page))->fp_next_slot = 0;
	LockBuffer(buf, BUFFER_LOCK_UNLOCK);
	ReleaseBuffer(buf);
	return max_avail;
}

void
FreeSpaceMapVacuum(Relation rel)
{
	bool eof;

	(void) fsm_vacuum_page(rel, FSM_ROOT_ADDRESS, 0, InvalidBlockNumber, &eof);
}

void
FreeSpaceMapVacuumRange(Relation rel, BlockNumber start, BlockNumber end)
{
	bool eof;

	if (end > start)
		(void) fsm_vacuum_page(rel, FSM_ROOT_ADDRESS, start, end, &eof);
}
