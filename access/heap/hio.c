/*
 * hio.c
 *		Room for a tuple: the page in use or the relation's target block, the pages
 *		that a bulk insert extended by itself, what the free space map says, the
 *		last block, a new page.
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

/* A search for a page with room for a row. */
typedef struct RoomSearch
{
	Relation relation;
	Size wanted;
	Buffer other; /* pinned, or InvalidBuffer: to be locked with the page */
	BulkInsertState bistate;
	Buffer *vmbuffer;
	Buffer *vmbuffer_other;
	BlockNumber tried; /* not by the map's advice, the last one */
	Size freespace;    /* of the page that was looked at last */
} RoomSearch;

/* The block, pinned; for a bulk insert it is the page in use then. */
static Buffer
PinBlock(RoomSearch *r, BlockNumber block)
{
	BulkInsertState bistate = r->bistate;
	Buffer buffer;

	if (r->other != InvalidBuffer && BufferGetBlockNumber(r->other) == block)
		return r->other;
	if (bistate == NULL)
		return ReadBufferExtended(r->relation, MAIN_FORKNUM, block, RBM_NORMAL,
		                          NULL);
	if (bistate->current_buf != InvalidBuffer &&
	    BufferGetBlockNumber(bistate->current_buf) == block)
	{
		IncrBufferRefCount(bistate->current_buf);
		return bistate->current_buf;
	}
	ReleaseBulkInsertStatePin(bistate);
	buffer = ReadBufferExtended(r->relation, MAIN_FORKNUM, block, RBM_NORMAL,
	                            bistate->strategy);
	IncrBufferRefCount(buffer);
	bistate->current_buf = buffer;
	return buffer;
}

/*
 * The block, and other's page, pinned and locked, if it has room; else
 * InvalidBuffer, nothing locked and other still pinned.
 */
static Buffer
TryBlock(RoomSearch *r, BlockNumber block)
{
	Buffer buffer = PinBlock(r, block);
	Page page = BufferGetPage(buffer);

	LockPages(buffer, r->other);
	if (PageIsNew(page))
	{
		PageInit(page, BLCKSZ, 0);
		MarkBufferDirty(buffer);
	}
	PinMapPages(r->relation, buffer, r->other, r->vmbuffer, r->vmbuffer_other);
	r->freespace = PageGetHeapFreeSpace(page);
	if (r->freespace >= r->wanted)
		return buffer;
	UnlockPages(buffer, r->other);
	if (buffer != r->other)
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

/*
 * The page in use, or the target block: who truncates makes us forget that one,
 * so the file need not be asked whether it is still there.
 */
static Buffer
TryPageInUse(RoomSearch *r)
{
	BlockNumber target;

	if (r->bistate != NULL && r->bistate->current_buf != InvalidBuffer)
		target = BufferGetBlockNumber(r->bistate->current_buf);
	else
		target = RelationGetTargetBlock(r->relation);
	if (target == InvalidBlockNumber)
	{
		BlockNumber nblocks = RelationGetNumberOfBlocks(r->relation);

		if (nblocks == 0)
			return InvalidBuffer;
		target = nblocks - 1;
	}
	r->tried = target;
	return TryBlock(r, target);
}

/* A bulk insert's own new pages, in order: the map does not know of them. */
static Buffer
TryOwnNewPages(RoomSearch *r)
{
	BulkInsertState bistate = r->bistate;

	while (bistate != NULL && bistate->next_free != InvalidBlockNumber)
	{
		Buffer buffer;

		r->tried = bistate->next_free++;
		if (bistate->next_free > bistate->last_free)
			bistate->next_free = bistate->last_free = InvalidBlockNumber;
		buffer = TryBlock(r, r->tried);
		if (buffer != InvalidBuffer)
			return buffer;
	}
	return InvalidBuffer;
}

/*
 * Where the map says there is room; it may be wrong.  A bulk insert makes no map
 * where there is none.
 */
static Buffer
TryByMap(RoomSearch *r)
{
	BlockNumber target =
		r->tried == InvalidBlockNumber || r->bistate != NULL
			? GetPageWithFreeSpace(r->relation, r->wanted)
			: RecordAndGetPageWithFreeSpace(r->relation, r->tried, r->freespace,
	                                        r->wanted);

	while (target != InvalidBlockNumber)
	{
		Buffer buffer;

		CHECK_FOR_INTERRUPTS();
		buffer = TryBlock(r, target);
		if (buffer != InvalidBuffer)
			return buffer;
		target = RecordAndGetPageWithFreeSpace(r->relation, target,
		                                       r->freespace, r->wanted);
	}
	return InvalidBuffer;
}

/* The last block, which a bulk insert has tried. */
static Buffer
TryLastBlock(RoomSearch *r)
{
	BlockNumber nblocks;

	if (r->bistate != NULL)
		return InvalidBuffer;
	nblocks = RelationGetNumberOfBlocks(r->relation);
	if (nblocks == 0 || nblocks - 1 == r->tried)
		return InvalidBuffer;
	return TryBlock(r, nblocks - 1);
}

/* A new page with room for len; its number is above the other's. */
static Buffer
MakePage(RoomSearch *r, Size len)
{
	for (;;)
	{
		Buffer buffer = ExtendHeap(r->relation, r->bistate);

		if (r->other != InvalidBuffer)
		{
			if (!ConditionalLockBuffer(r->other))
			{
				LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
				LockPages(buffer, r->other);
			}
			PinMapPages(r->relation, buffer, r->other, r->vmbuffer,
			            r->vmbuffer_other);
			if (PageGetHeapFreeSpace(BufferGetPage(buffer)) < len)
			{
				/* somebody else found it meanwhile */
				UnlockPages(buffer, r->other);
				ReleaseBuffer(buffer);
				continue;
			}
		}
		Assert(PageGetHeapFreeSpace(BufferGetPage(buffer)) >= len);
		return buffer;
	}
}

Buffer
RelationGetBufferForTuple(Relation relation, Size len, Buffer otherBuffer,
                          int options, BulkInsertState bistate,
                          Buffer *vmbuffer, Buffer *vmbuffer_other)
{
	RoomSearch r = {.relation = relation,
	                .other = otherBuffer,
	                .bistate = bistate,
	                .vmbuffer = vmbuffer,
	                .vmbuffer_other = vmbuffer_other,
	                .tried = InvalidBlockNumber};
	Buffer buffer;

	len = MAXALIGN(len);
	if (len > MaxHeapTupleSize)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("row is too big: size %zu, maximum size %zu",
		                       len, (Size) MaxHeapTupleSize)));
	/* a page that was filled stays open for updates; a new one takes any row */
	r.wanted = Min(
		len + RelationGetTargetPageFreeSpace(relation, HEAP_DEFAULT_FILLFACTOR),
		NEARLY_EMPTY_FREE_SPACE);
	r.wanted = Max(r.wanted, len);

	buffer = TryPageInUse(&r);
	if (buffer == InvalidBuffer)
		buffer = TryOwnNewPages(&r);
	if (buffer == InvalidBuffer && (options & TABLE_INSERT_SKIP_FSM) == 0)
		buffer = TryByMap(&r);
	if (buffer == InvalidBuffer)
		buffer = TryLastBlock(&r);
	if (buffer == InvalidBuffer)
		buffer = MakePage(&r, len);
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
