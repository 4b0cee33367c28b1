/*
 * visibilitymap.c
 *		Two bits for each page of a table: all visible, all frozen.
 *
 * The map is a fork of its own: pages with an ordinary header and 8168 bytes
 * of bits, four heap pages to a byte, the lowest bits first.
 *
 * 1.	A set bit is true.  It is cleared under the heap page's exclusive lock
 *		with the change that makes it untrue, by the same record.
 * 2.	It is set under the heap page's exclusive lock too, with a record of its
 *		own, after the page got PD_ALL_VISIBLE.
 * 3.	Lock order: the heap page, then the map's.  The map's page is pinned,
 *		and read or made, before the heap page is locked.
 * 4.	A damaged page of the map reads as zeros: that is always true.
 *
 * Corresponds to PostgreSQL's visibilitymap.c.
 */
#include "postgres.h"

#include "access/heapam_xlog.h"
#include "access/transam.h"
#include "access/visibilitymap.h"
#include "access/xlog.h"
#include "access/xloginsert.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

#define MAPSIZE (BLCKSZ - MAXALIGN(SizeOfPageHeaderData))
#define HEAPBLOCKS_PER_BYTE (8 / BITS_PER_HEAPBLOCK)
#define HEAPBLOCKS_PER_PAGE (MAPSIZE * HEAPBLOCKS_PER_BYTE)

#define HEAPBLK_TO_MAPBLOCK(x) ((x) / HEAPBLOCKS_PER_PAGE)
#define HEAPBLK_TO_MAPBYTE(x) \
	(((x) % HEAPBLOCKS_PER_PAGE) / HEAPBLOCKS_PER_BYTE)
#define HEAPBLK_TO_OFFSET(x) (((x) % HEAPBLOCKS_PER_BYTE) * BITS_PER_HEAPBLOCK)

/* of each two bits the lower, the higher */
#define VISIBLE_MASK64 UINT64CONST(0x5555555555555555)
#define FROZEN_MASK64 UINT64CONST(0xaaaaaaaaaaaaaaaa)

static BlockNumber
MapBlocks(Relation rel)
{
	SMgrRelation reln = RelationGetSmgr(rel);

	return smgrexists(reln, VISIBILITYMAP_FORKNUM)
	           ? smgrnblocks(reln, VISIBILITYMAP_FORKNUM)
	           : 0;
}

/* Pinned; InvalidBuffer if it is not there and is not to be made. */
static Buffer
ReadMap(Relation rel, BlockNumber block, bool extend)
{
	Buffer buffer;

	while (!smgrhasblock(RelationGetSmgr(rel), VISIBILITYMAP_FORKNUM, block))
	{
		Buffer added[1];
		uint32 got;

		if (!extend)
			return InvalidBuffer;
		INJECTION_POINT("visibilitymap-extend");
		ExtendBufferedRelBy(BMR_REL(rel), VISIBILITYMAP_FORKNUM, NULL,
		                    EB_CREATE_FORK_IF_NEEDED | EB_CLEAR_SIZE_CACHE, 1,
		                    added, &got);
		ReleaseBuffer(added[0]);
	}
	buffer = ReadBufferExtended(rel, VISIBILITYMAP_FORKNUM, block,
	                            RBM_ZERO_ON_ERROR, NULL);
	if (PageIsNew(BufferGetPage(buffer)))
	{
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		if (PageIsNew(BufferGetPage(buffer)))
			PageInit(BufferGetPage(buffer), BLCKSZ, 0);
		LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	}
	return buffer;
}

void
visibilitymap_pin(Relation rel, BlockNumber heapBlk, Buffer *vmbuf)
{
	if (visibilitymap_pin_ok(heapBlk, *vmbuf))
		return;
	if (*vmbuf != InvalidBuffer)
		ReleaseBuffer(*vmbuf);
	*vmbuf = InvalidBuffer;
	*vmbuf = ReadMap(rel, HEAPBLK_TO_MAPBLOCK(heapBlk), true);
}

bool
visibilitymap_pin_ok(BlockNumber heapBlk, Buffer vmbuf)
{
	return vmbuf != InvalidBuffer &&
	       BufferGetBlockNumber(vmbuf) == HEAPBLK_TO_MAPBLOCK(heapBlk);
}

bool
visibilitymap_clear(Relation rel, BlockNumber heapBlk, Buffer vmbuf,
                    uint8 flags)
{
	uint8 mask = flags << HEAPBLK_TO_OFFSET(heapBlk);
	uint8 *map;
	bool cleared = false;

	Assert(flags != 0 && (flags & ~VISIBILITYMAP_VALID_BITS) == 0);
	/* frozen without visible is no state */
	Assert(flags != VISIBILITYMAP_ALL_VISIBLE);
	if (!visibilitymap_pin_ok(heapBlk, vmbuf))
		elog(ERROR, "wrong buffer passed to visibilitymap_clear");
	LockBuffer(vmbuf, BUFFER_LOCK_EXCLUSIVE);
	map = (uint8 *) PageGetContents(BufferGetPage(vmbuf)) +
	      HEAPBLK_TO_MAPBYTE(heapBlk);
	if (*map & mask)
	{
		*map &= ~mask;
		MarkBufferDirty(vmbuf);
		cleared = true;
	}
	LockBuffer(vmbuf, BUFFER_LOCK_UNLOCK);
	return cleared;
}

void
visibilitymap_set(Relation rel, BlockNumber heapBlk, Buffer heapBuf,
                  XLogRecPtr recptr, Buffer vmBuf, TransactionId cutoff_xid,
                  uint8 flags)
{
	int shift = HEAPBLK_TO_OFFSET(heapBlk);
	Page page;
	uint8 *map;

	/* redo gives the record's position, and no heap page */
	Assert(XLogRecPtrIsInvalid(recptr) == BufferIsValid(heapBuf));
	Assert(!BufferIsValid(heapBuf) || PageIsAllVisible(BufferGetPage(heapBuf)));
	Assert((flags & VISIBILITYMAP_VALID_BITS) == flags);
	if (!visibilitymap_pin_ok(heapBlk, vmBuf))
		elog(ERROR, "wrong VM buffer passed to visibilitymap_set");
	page = BufferGetPage(vmBuf);
	LockBuffer(vmBuf, BUFFER_LOCK_EXCLUSIVE);
	map = (uint8 *) PageGetContents(page) + HEAPBLK_TO_MAPBYTE(heapBlk);
	if (flags != ((*map >> shift) & VISIBILITYMAP_VALID_BITS))
	{
		START_CRIT_SECTION();
		*map |= flags << shift;
		MarkBufferDirty(vmBuf);
		INJECTION_POINT_CRITICAL("visibilitymap-set-log");
		if (RelationNeedsWAL(rel))
		{
			if (XLogRecPtrIsInvalid(recptr))
			{
				recptr = log_heap_visible(rel->rd_node, heapBuf, vmBuf,
				                          cutoff_xid, flags);
				/* the flag of the page is in the record as well */
				if (XLogHintBitIsNeeded())
					PageSetLSN(BufferGetPage(heapBuf), recptr);
			}
			PageSetLSN(page, recptr);
		}
		END_CRIT_SECTION();
	}
	LockBuffer(vmBuf, BUFFER_LOCK_UNLOCK);
}

uint8
visibilitymap_get_status(Relation rel, BlockNumber heapBlk, Buffer *vmbuf)
{
	const uint8 *map;

	if (!visibilitymap_pin_ok(heapBlk, *vmbuf))
	{
		if (*vmbuf != InvalidBuffer)
			ReleaseBuffer(*vmbuf);
		*vmbuf = InvalidBuffer;
		*vmbuf = ReadMap(rel, HEAPBLK_TO_MAPBLOCK(heapBlk), false);
		if (*vmbuf == InvalidBuffer)
			return 0;
	}
	/* One byte is read at once; what it says may be old. */
	map = (const uint8 *) PageGetContents(BufferGetPage(*vmbuf));
	return (map[HEAPBLK_TO_MAPBYTE(heapBlk)] >> HEAPBLK_TO_OFFSET(heapBlk)) &
	       VISIBILITYMAP_VALID_BITS;
}

void
visibilitymap_count(Relation rel, BlockNumber *all_visible,
                    BlockNumber *all_frozen)
{
	BlockNumber nvisible = 0;
	BlockNumber nfrozen = 0;
	BlockNumber block;

	for (block = 0;; block++)
	{
		Buffer buffer = ReadMap(rel, block, false);
		const uint64 *map;

		if (buffer == InvalidBuffer)
			break;
		map = (const uint64 *) PageGetContents(BufferGetPage(buffer));
		for (Size i = 0; i < MAPSIZE / sizeof(uint64); i++)
		{
			nvisible += __builtin_popcountll(map[i] & VISIBLE_MASK64);
			nfrozen += __builtin_popcountll(map[i] & FROZEN_MASK64);
		}
		ReleaseBuffer(buffer);
	}
	*all_visible = nvisible;
	if (all_frozen != NULL)
		*all_frozen = nfrozen;
}

/* Clears the bits of the blocks that go; called before they do. */
BlockNumber
visibilitymap_prepare_truncate(Relation rel, BlockNumber nheapblocks)
{
	BlockNumber last = HEAPBLK_TO_MAPBLOCK(nheapblocks);
	uint32 byte = HEAPBLK_TO_MAPBYTE(nheapblocks);
	uint8 shift = HEAPBLK_TO_OFFSET(nheapblocks);
	BlockNumber newnblocks = last;

	if (MapBlocks(rel) == 0)
		return InvalidBlockNumber;
	if (byte != 0 || shift != 0)
	{
		Buffer buffer = ReadMap(rel, last, false);
		uint8 *map;

		newnblocks = last + 1;
		if (buffer == InvalidBuffer)
			return InvalidBlockNumber; /* smaller already */
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		map = (uint8 *) PageGetContents(BufferGetPage(buffer));
		START_CRIT_SECTION();
		memset(&map[byte + 1], 0, MAPSIZE - (byte + 1));
		map[byte] &= (1 << shift) - 1;
		MarkBufferDirty(buffer);
		if (!RecoveryInProgress() && RelationNeedsWAL(rel) &&
		    XLogHintBitIsNeeded())
			log_newpage_buffer(buffer, false);
		END_CRIT_SECTION();
		UnlockReleaseBuffer(buffer);
	}
	return MapBlocks(rel) <= newnblocks ? InvalidBlockNumber : newnblocks;
}

XLogRecPtr
log_heap_visible(RelFileNode rnode, Buffer heap_buffer, Buffer vm_buffer,
                 TransactionId cutoff_xid, uint8 vmflags)
{
	xl_heap_visible xlrec;
	uint8 flags = REGBUF_STANDARD;

	Assert(BufferIsValid(heap_buffer) && BufferIsValid(vm_buffer));
	xlrec.cutoff_xid = cutoff_xid;
	xlrec.flags = vmflags;
	XLogBeginInsert();
	XLogRegisterData((char *) &xlrec, SizeOfHeapVisible);
	XLogRegisterBuffer(0, vm_buffer, 0);
	if (!XLogHintBitIsNeeded())
		flags |= REGBUF_NO_IMAGE;
	XLogRegisterBuffer(1, heap_buffer, flags);
	return XLogInsert(RM_HEAP2_ID, XLOG_HEAP2_VISIBLE);
}
