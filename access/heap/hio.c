/*
 * hio.c
 *		Room for a tuple: the page in use, the relation's target block, the last
 *		block, the pages a bulk insert extended by itself, a new page.
 *
 * Space inside older pages is found through the free space map, which is asked
 * when the target block is full, and told what was found there.  A bulk insert
 * extends by more and more pages at a time (at most BULK_EXTEND_MAX) and alone
 * knows of those it has not used: it asks the map when they are used up.  What is
 * left of them stays as zero pages, until vacuum tells the map.
 *
 * Corresponds to PostgreSQL's hio.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/hio.h"
#include "access/visibilitymap.h"
#include "miscadmin.h"
#include "storage/freespace.h"
#include "utils/memutils.h"

#define BULK_EXTEND_MAX 32
/* A page with that much room is as good as a new one. */
#define NEARLY_EMPTY_FREE_SPACE \
	(MaxHeapTupleSize - MaxHeapTuplesPerPage / 8 * sizeof(ItemIdData))

void
RelationPutHeapTuple(Relation relation, Buffer buffer, HeapTuple tuple)
{
	Page page = BufferGetPage(buffer);
	OffsetNumber offnum;

	offnum = PageAddItem(page, (Item) tuple->t_data, tuple->t_len,
	                     InvalidOffsetNumber, false, true);
	if (offnum == InvalidOffsetNumber)
		elog(PANIC, "failed to add tuple to page");
	ItemPointerSet(&tuple->t_self, BufferGetBlockNumber(buffer), offnum);
	((HeapTupleHeader) PageGetItem(page, PageGetItemId(page, offnum)))->t_ctid =
		tuple->t_self;
}

/* Both pages, in the order of blocks; other may be invalid or the same. */
static void
LockPages(Buffer buffer, Buffer other)
{
	if (other == InvalidBuffer || other == buffer)
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	else if (BufferGetBlockNumber(buffer) < BufferGetBlockNumber(other))
	{
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		LockBuffer(other, BUFFER_LOCK_EXCLUSIVE);
	}
	else
	{
		LockBuffer(other, BUFFER_LOCK_EXCLUSIVE);
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	}
}

static void
UnlockPages(Buffer buffer, Buffer other)
{
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	if (other != InvalidBuffer && other != buffer)
		LockBuffer(other, BUFFER_LOCK_UNLOCK);
}

static bool
NeedsMapPin(Buffer buffer, Buffer vmbuffer)
{
	return PageIsAllVisible(BufferGetPage(buffer)) &&
	       !visibilitymap_pin_ok(BufferGetBlockNumber(buffer), vmbuffer);
}

/*
 * Pins the map's pages for those that are all visible; for that the pages are
 * unlocked and locked again.
 */
static void
PinMapPages(Relation relation, Buffer buffer, Buffer other, Buffer *vmbuffer,
            Buffer *vmbuffer_other)
{
	if (other == buffer)
	{
		vmbuffer = vmbuffer_other;
		other = InvalidBuffer;
	}
	for (;;)
	{
		bool need = NeedsMapPin(buffer, *vmbuffer);
		bool need_other =
			other != InvalidBuffer && NeedsMapPin(other, *vmbuffer_other);

		if (!need && !need_other)
			return;
		UnlockPages(buffer, other);
		if (need)
			visibilitymap_pin(relation, BufferGetBlockNumber(buffer), vmbuffer);
		if (need_other)
			visibilitymap_pin(relation, BufferGetBlockNumber(other),
			                  vmbuffer_other);
		LockPages(buffer, other);
	}
}

/*
 * The block, and other's page, pinned and locked, if it has room; else
 * InvalidBuffer, nothing locked and other still pinned.  *freespace: what it
 * has.
 */
static Buffer
TryBlock(Relation relation, BlockNumber block, Size len, Buffer other,
         BulkInsertState bistate, Buffer *vmbuffer, Buffer *vmbuffer_other,
         Size *freespace)
{
	Buffer buffer;
	Page page;

	if (other != InvalidBuffer && BufferGetBlockNumber(other) == block)
		buffer = other;
	else if (bistate != NULL && bistate->current_buf != InvalidBuffer &&
	         BufferGetBlockNumber(bistate->current_buf) == block)
	{
		buffer = bistate->current_buf;
		IncrBufferRefCount(buffer);
	}
	else
	{
		if (bistate != NULL)
			ReleaseBulkInsertStatePin(bistate);
		buffer = ReadBufferExtended(relation, MAIN_FORKNUM, block, RBM_NORMAL,
		                            bistate != NULL ? bistate->strategy : NULL);
		if (bistate != NULL)
		{
			IncrBufferRefCount(buffer);
			bistate->current_buf = buffer;
		}
	}
	page = BufferGetPage(buffer);
	LockPages(buffer, other);
	if (PageIsNew(page))
	{
		PageInit(page, BLCKSZ, 0);
		MarkBufferDirty(buffer);
	}
	PinMapPages(relation, buffer, other, vmbuffer, vmbuffer_other);
	*freespace = PageGetHeapFreeSpace(page);
	if (*freespace >= len)
		return buffer;
	UnlockPages(buffer, other);
	if (buffer != other)
		ReleaseBuffer(buffer);
	return InvalidBuffer;
}

static Buffer
ExtendHeap(Relation relation, BulkInsertState bistate)
{
	Buffer buffers[BULK_EXTEND_MAX];
	uint32 want = 1;
	uint32 got = 0;
	BlockNumber first;
	uint32 i;

	if (bistate != NULL)
	{
		want = Min(Max(bistate->already_extended_by, 1), BULK_EXTEND_MAX);
		ReleaseBulkInsertStatePin(bistate);
	}
	first = ExtendBufferedRelBy(BMR_REL(relation), MAIN_FORKNUM,
	                            bistate != NULL ? bistate->strategy : NULL,
	                            EB_LOCK_FIRST, want, buffers, &got);
	for (i = 1; i < got; i++)
		ReleaseBuffer(buffers[i]);
	PageInit(BufferGetPage(buffers[0]), BLCKSZ, 0);
	MarkBufferDirty(buffers[0]);
	if (bistate != NULL)
	{
		bistate->already_extended_by += got;
		bistate->next_free = got > 1 ? first + 1 : InvalidBlockNumber;
		bistate->last_free = got > 1 ? first + got - 1 : InvalidBlockNumber;
		IncrBufferRefCount(buffers[0]);
		bistate->current_buf = buffers[0];
	}
	return buffers[0];
}

Buffer
RelationGetBufferForTuple(Relation relation, Size len, Buffer otherBuffer,
                          int options, BulkInsertState bistate,
                          Buffer *vmbuffer, Buffer *vmbuffer_other)
{
	BlockNumber target = InvalidBlockNumber;
	BlockNumber nblocks;
	BlockNumber tried = InvalidBlockNumber;
	Size wanted;
	Size freespace = 0;
	Buffer buffer;

	len = MAXALIGN(len);
	if (len > MaxHeapTupleSize)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("row is too big: size %zu, maximum size %zu",
		                       len, (Size) MaxHeapTupleSize)));
	/* a page that was filled stays open for updates; a new one takes any row */
	wanted = Min(
		len + RelationGetTargetPageFreeSpace(relation, HEAP_DEFAULT_FILLFACTOR),
		NEARLY_EMPTY_FREE_SPACE);
	wanted = Max(wanted, len);

	/*
	 * 1. The page in use, or the target block: who truncates makes us forget
	 * that one, so the file need not be asked whether it is still there.
	 */
	if (bistate != NULL && bistate->current_buf != InvalidBuffer)
		target = BufferGetBlockNumber(bistate->current_buf);
	else
		target = RelationGetTargetBlock(relation);
	if (target == InvalidBlockNumber)
	{
		nblocks = RelationGetNumberOfBlocks(relation);
		target = nblocks > 0 ? nblocks - 1 : InvalidBlockNumber;
	}
	if (target != InvalidBlockNumber)
	{
		buffer = TryBlock(relation, target, wanted, otherBuffer, bistate,
		                  vmbuffer, vmbuffer_other, &freespace);
		tried = target;
		if (buffer != InvalidBuffer)
			goto found;
	}

	/* 2. Own new pages, in order: the map does not know of them. */
	while (bistate != NULL && bistate->next_free != InvalidBlockNumber)
	{
		tried = bistate->next_free++;
		if (bistate->next_free > bistate->last_free)
			bistate->next_free = bistate->last_free = InvalidBlockNumber;
		buffer = TryBlock(relation, tried, wanted, otherBuffer, bistate,
		                  vmbuffer, vmbuffer_other, &freespace);
		if (buffer != InvalidBuffer)
			goto found;
	}

	/*
	 * 3. Where the map says there is room; it may be wrong.  A bulk insert makes
	 * no map where there is none.
	 */
	if ((options & TABLE_INSERT_SKIP_FSM) == 0)
	{
		target = tried == InvalidBlockNumber || bistate != NULL
		             ? GetPageWithFreeSpace(relation, wanted)
		             : RecordAndGetPageWithFreeSpace(relation, tried, freespace,
		                                             wanted);
		while (target != InvalidBlockNumber)
		{
			CHECK_FOR_INTERRUPTS();
			buffer = TryBlock(relation, target, wanted, otherBuffer, bistate,
			                  vmbuffer, vmbuffer_other, &freespace);
			if (buffer != InvalidBuffer)
				goto found;
			target = RecordAndGetPageWithFreeSpace(relation, target, freespace,
			                                       wanted);
		}
	}

	/* 4. The last block, which a bulk insert tries once. */
	nblocks = bistate == NULL ? RelationGetNumberOfBlocks(relation) : 0;
	if (nblocks > 0 && nblocks - 1 != tried)
	{
		buffer = TryBlock(relation, nblocks - 1, wanted, otherBuffer, bistate,
		                  vmbuffer, vmbuffer_other, &freespace);
		if (buffer != InvalidBuffer)
			goto found;
	}

	/* 5. A new page; its number is above the other's. */
	for (;;)
	{
		buffer = ExtendHeap(relation, bistate);
		if (otherBuffer == InvalidBuffer)
			break;
		if (!ConditionalLockBuffer(otherBuffer))
		{
			LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
			LockPages(buffer, otherBuffer);
		}
		PinMapPages(relation, buffer, otherBuffer, vmbuffer, vmbuffer_other);
		if (PageGetHeapFreeSpace(BufferGetPage(buffer)) >= len)
			break;
		/* somebody else found it meanwhile */
		UnlockPages(buffer, otherBuffer);
		ReleaseBuffer(buffer);
	}
	Assert(PageGetHeapFreeSpace(BufferGetPage(buffer)) >= len);

found:
	RelationSetTargetBlock(relation, BufferGetBlockNumber(buffer));
	return buffer;
}

BulkInsertState
GetBulkInsertState(void)
{
	BulkInsertState bistate = palloc0_object(BulkInsertStateData);

	bistate->strategy = GetAccessStrategy(BAS_BULKWRITE);
	bistate->current_buf = InvalidBuffer;
	bistate->next_free = InvalidBlockNumber;
	bistate->last_free = InvalidBlockNumber;
	return bistate;
}

BulkInsertState
GetToastBulkInsertState(BulkInsertState bistate)
{
	if (bistate == NULL)
		return NULL;
	if (bistate->toast == NULL)
	{
		/* the row's memory is not the load's */
		bistate->toast = MemoryContextAllocZero(GetMemoryChunkContext(bistate),
		                                        sizeof(BulkInsertStateData));
		bistate->toast->strategy = bistate->strategy;
		bistate->toast->current_buf = InvalidBuffer;
		bistate->toast->next_free = InvalidBlockNumber;
		bistate->toast->last_free = InvalidBlockNumber;
	}
	return bistate->toast;
}

void
ReleaseBulkInsertStatePin(BulkInsertState bistate)
{
	if (bistate->current_buf != InvalidBuffer)
		ReleaseBuffer(bistate->current_buf);
	bistate->current_buf = InvalidBuffer;
}

void
FreeBulkInsertState(BulkInsertState bistate)
{
	if (bistate->toast != NULL)
	{
		ReleaseBulkInsertStatePin(bistate->toast);
		pfree(bistate->toast);
	}
	ReleaseBulkInsertStatePin(bistate);
	FreeAccessStrategy(bistate->strategy);
	pfree(bistate);
}
