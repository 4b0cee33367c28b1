/*
 * hnswreach.c
 *	  A step of vacuum: every live element of an hnsw index is reached on layer
 *	  0.
 *
 * An element that goes may have been the only way to others.  Its neighbours
 * are repaired (hnswvacuum.c, pass 2), but the repair of one list knows nothing
 * of the lists that are gone.  So the graph is walked from the entry point, and
 * each live element that was not met is linked to the nearest one that was.
 *
 * The walk takes three bits per item and goes over the blocks in order, as long
 * as there are blocks with elements whose links are to be followed: a few
 * rounds over the index, however far apart its neighbours are.
 *
 * Inserts go on meanwhile.  Items that come after the count are not watched:
 * inserts see to their own (hnswlink.c).  Races with them can leave an element
 * out, for the next vacuum.  hnswconnect.c does the same in memory.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "commands/vacuum.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

typedef struct Walk
{
	Relation index;
	BufferAccessStrategy strategy;
	const HnswSupport *support;
	HnswSearch *reader;     /* reads lists */
	HnswPageElement *batch; /* those to follow of one block */
	int m;
	int dim;
	int ef;
	BlockNumber nblocks;
	uint32 *first; /* number of each block's first item, and of all */
	uint64 *live;  /* bits, by item */
	uint64 *reached;
	uint64 *followed;
	uint64 *pending; /* bits, by block: some of its items are to be followed */
} Walk;

static inline bool
GetBit(const uint64 *bits, uint32 i)
{
	return (bits[i / 64] >> (i % 64)) & 1;
}

static inline void
SetBit(uint64 *bits, uint32 i)
{
	bits[i / 64] |= UINT64CONST(1) << (i % 64);
}

static inline void
ClearBit(uint64 *bits, uint32 i)
{
	bits[i / 64] &= ~(UINT64CONST(1) << (i % 64));
}

static uint64 *
MakeBits(uint32 n)
{
	return MemoryContextAllocExtended(CurrentMemoryContext,
	                                  mul_size(n / 64 + 1, sizeof(uint64)),
	                                  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static Buffer
ReadShared(const Walk *w, BlockNumber blkno)
{
	Buffer buf = ReadBufferExtended(w->index, MAIN_FORKNUM, blkno, RBM_NORMAL,
	                                w->strategy);

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	return buf;
}

static bool
IsLive(Page page, OffsetNumber off)
{
	HnswElementTuple etup =
		(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));

	return etup->type == HNSW_ELEMENT_TUPLE_TYPE && !etup->deleted &&
	       ItemPointerIsValid(&etup->heaptids[0]);
}

/* Number the items of all blocks. */
static void
CountItems(Walk *w)
{
	uint64 n = 0;

	w->nblocks = RelationGetNumberOfBlocks(w->index);
	w->first = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(w->nblocks + 1, sizeof(uint32)),
		MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (BlockNumber blkno = HNSW_HEAD_BLKNO; blkno < w->nblocks; blkno++)
	{
		Buffer buf = ReadShared(w, blkno);

		vacuum_delay_point();
		w->first[blkno] = (uint32) n;
		if (!PageIsNew(BufferGetPage(buf)))
			n += PageGetMaxOffsetNumber(BufferGetPage(buf));
		UnlockReleaseBuffer(buf);
		if (n > PG_UINT32_MAX)
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			                errmsg("index \"%s\" has too many items",
			                       RelationGetRelationName(w->index))));
	}
	w->first[w->nblocks] = (uint32) n;
	w->live = MakeBits((uint32) n);
	w->reached = MakeBits((uint32) n);
	w->followed = MakeBits((uint32) n);
	w->pending = MakeBits(w->nblocks);
}

static void
FindLive(Walk *w)
{
	for (BlockNumber blkno = HNSW_HEAD_BLKNO; blkno < w->nblocks; blkno++)
	{
		Buffer buf;
		uint32 n = w->first[blkno + 1] - w->first[blkno];

		if (n == 0)
			continue;
		vacuum_delay_point();
		buf = ReadShared(w, blkno);
		for (uint32 i = 0; i < n; i++)
		{
			if (IsLive(BufferGetPage(buf), FirstOffsetNumber + i))
				SetBit(w->live, w->first[blkno] + i);
		}
		UnlockReleaseBuffer(buf);
	}
}

/* The item's number; false: it is not watched. */
static bool
ItemNumber(const Walk *w, const ItemPointerData *tid, uint32 *item)
{
	BlockNumber blkno = ItemPointerGetBlockNumber(tid);
	OffsetNumber off = ItemPointerGetOffsetNumber(tid);

	if (blkno >= w->nblocks || off < FirstOffsetNumber ||
	    off > w->first[blkno + 1] - w->first[blkno])
		return false;
	*item = w->first[blkno] + off - FirstOffsetNumber;
	return GetBit(w->live, *item);
}

static void
Reach(Walk *w, const ItemPointerData *tid)
{
	uint32 item;

	if (!ItemNumber(w, tid, &item) || GetBit(w->reached, item))
		return;
	SetBit(w->reached, item);
	SetBit(w->pending, ItemPointerGetBlockNumber(tid));
}

/* Follow the links of what was reached on the block. */
static void
FollowBlock(Walk *w, BlockNumber blkno)
{
	int n = 0;
	Buffer buf = ReadShared(w, blkno);
	Page page = BufferGetPage(buf);

	ClearBit(w->pending, blkno);
	for (uint32 item = w->first[blkno]; item < w->first[blkno + 1]; item++)
	{
		HnswElementTuple etup;

		if (!GetBit(w->reached, item) || GetBit(w->followed, item))
			continue;
		SetBit(w->followed, item);
		etup = (HnswElementTuple) PageGetItem(
			page,
			PageGetItemId(page, FirstOffsetNumber + (item - w->first[blkno])));
		w->batch[n].neighbortid = etup->neighbortid;
		w->batch[n].level = etup->level;
		w->batch[n++].version = etup->version;
	}
	UnlockReleaseBuffer(buf);

	for (int i = 0; i < n; i++)
	{
		ItemPointerData tids[HNSW_GRAPH_MAX_LM];
		int count = HnswReadNeighbors(w->reader, &w->batch[i], 0, tids);

		for (int j = 0; j < count; j++)
			Reach(w, &tids[j]);
	}
}

static void
Follow(Walk *w)
{
	bool again = true;

	while (again)
	{
		again = false;
		for (BlockNumber blkno = 0; blkno < w->nblocks; blkno++)
		{
			/* most blocks have nothing to do in most rounds */
			if (blkno % 64 == 0 && w->pending[blkno / 64] == 0)
			{
				blkno += 63;
				continue;
			}
			if (!GetBit(w->pending, blkno))
				continue;
			vacuum_delay_point();
			FollowBlock(w, blkno);
			again = true;
		}
	}
}

/* The nearest of the pool that the walk has met, or that it does not watch. */
static bool
NearestReached(const Walk *w, const HnswSearch *s, uint32 id, uint32 *from)
{
	for (int i = 0; i < s->npool; i++)
	{
		const HnswPageElement *e = &s->elements[s->pool[i].id];
		uint32 item;

		if (s->pool[i].id == id || e->ntids == 0)
			continue;
		if (!ItemNumber(w, &e->tid, &item) || GetBit(w->reached, item))
		{
			*from = s->pool[i].id;
			return true;
		}
	}
	return false;
}

static Vector *
CopyValue(const Walk *w, const ItemPointerData *tid)
{
	Buffer buf = ReadShared(w, ItemPointerGetBlockNumber(tid));
	Page page = BufferGetPage(buf);
	HnswElementTuple etup = (HnswElementTuple) PageGetItem(
		page, PageGetItemId(page, ItemPointerGetOffsetNumber(tid)));
	Vector *value = palloc(VECTOR_SIZE(w->dim));

	memcpy(value, &etup->data, VECTOR_SIZE(w->dim));
	UnlockReleaseBuffer(buf);
	return value;
}

/* Link the element to the nearest one that was reached. */
static void
Connect(Walk *w, const ItemPointerData *tid)
{
	HnswEntryPoint entry;
	HnswSearch *s;
	uint32 id;
	uint32 from;

	LockPage(w->index, HNSW_UPDATE_LOCK, ShareLock);
	HnswGetMetaPageInfo(w->index, &w->m, &w->dim, &entry, NULL);
	s = HnswSearchCreate(w->index, w->support->metric, CopyValue(w, tid), w->m,
	                     w->dim, w->ef, true);
	id = HnswSearchElement(s, tid);
	if (HnswSearchStart(s, &entry))
	{
		for (int lc = entry.level; lc > 0; lc--)
			HnswSearchLayer(s, 1, lc);
		HnswSearchLayer(s, w->ef, 0);
		if (!NearestReached(w, s, id, &from))
		{
			/* the layers above led to where layer 0 does not */
			(void) HnswSearchStart(s, &entry);
			HnswSearchLayer(s, w->ef, 0);
		}
		INJECTION_POINT("hnsw-vacuum-reach");
		if (NearestReached(w, s, id, &from))
			(void) HnswConnect(s, id, from, false);
	}
	UnlockPage(w->index, HNSW_UPDATE_LOCK, ShareLock);
}

/*
 * Returns how many elements had to be linked.  Takes UPDATE in share mode for
 * each; the caller sees to it that no other vacuum is there.
 */
uint32
HnswReachAll(Relation index, const HnswSupport *support, int ef,
             BufferAccessStrategy strategy)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw reach", ALLOCSET_DEFAULT_SIZES);
	MemoryContext one = AllocSetContextCreate(context, "Hnsw reach element",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Walk w = {.index = index, .support = support, .ef = ef};
	HnswEntryPoint entry;
	uint32 linked = 0;

	w.strategy = strategy;
	HnswGetMetaPageInfo(index, &w.m, &w.dim, &entry, NULL);
	w.reader =
		HnswSearchCreate(index, support->metric, NULL, w.m, w.dim, 1, false);
	w.batch = palloc(MaxOffsetNumber * sizeof(HnswPageElement));
	CountItems(&w);
	FindLive(&w);
	if (entry.level >= 0)
		Reach(&w, &entry.tid);
	Follow(&w);
	for (BlockNumber blkno = HNSW_HEAD_BLKNO; blkno < w.nblocks; blkno++)
	{
		for (uint32 item = w.first[blkno]; item < w.first[blkno + 1]; item++)
		{
			ItemPointerData tid;

			if (!GetBit(w.live, item) || GetBit(w.reached, item))
				continue;
			vacuum_delay_point();
			ItemPointerSet(&tid, blkno,
			               FirstOffsetNumber + (item - w.first[blkno]));
			MemoryContextSwitchTo(one);
			Connect(&w, &tid);
			MemoryContextReset(one);
			MemoryContextSwitchTo(context);
			Reach(&w, &tid);
			Follow(&w);
			linked++;
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return linked;
}
