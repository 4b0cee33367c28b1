/*
 * hnswreach.c
 *	  A step of vacuum: every live element of an hnsw index reaches every other
 *	  on layer 0, and needs none without rows for it.
 *
 * An element that goes may have been the only way to others, and the only way
 * out of others.  The repair of one list (hnswvacuum.c, pass 2) knows nothing of
 * the lists that will be gone.  A search would never return the former, and one
 * that the layers above have led to the latter would return no others.
 *
 * So, before anything is taken away, the live elements from which no way leads
 * to the entry point are found, in rounds, and get a link to the nearest that
 * has one.  Then the graph is walked from the entry point, and each live element
 * that was not met is linked to the nearest that was.  That takes away no way
 * back: what a list gives up, it reaches by two links (hnswlink.c, rule 1).  If
 * the entry point itself has no rows any more, the live element that will take
 * its place is the root of both: the highest, those included that came since
 * the rows were looked at.
 *
 * Both take four bits per item and go over the blocks in order, as long as there
 * are blocks with elements whose links are to be looked at: a few rounds over
 * the index, however far apart its neighbours are.
 *
 * Inserts go on meanwhile.  Items that come after the count are not watched:
 * inserts see to their own (hnswlink.c).  hnswconnect.c does the same in memory.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "commands/vacuum.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#include "hnswvacuum.h"

/* Of the search for a link that the usual width does not find. */
#define WIDE_EF HNSW_MAX_CANDIDATES

/* An element whose links are to be looked at. */
typedef struct Followed
{
	uint32 item;
	int count; /* of its list; -1: that is on another block */
	HnswPageElement element;
} Followed;

typedef struct Walk
{
	HnswVacuumState *vs;
	Relation index;
	const VectorSupport *support;
	HnswSearch *reader;     /* reads lists of other blocks */
	Followed *batch;        /* those to follow of one block */
	ItemPointerData *lists; /* theirs, lm slots each */
	int m;
	int ef;
	ItemPointerData root;
	BlockNumber nblocks;
	uint32 *first;   /* number of each block's first item, and of all */
	uint32 capacity; /* items that there is room for, while they are counted */
	uint64 *live;    /* bits, by item */
	uint64 *reached;
	uint64 *followed;
	uint64 *back;    /* a way leads to the entry point */
	uint64 *pending; /* bits, by block: some items' links are to be read */
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

static Size
BitsSize(uint32 n)
{
	return mul_size(n / 64 + 1, sizeof(uint64));
}

static uint64 *
MakeBits(uint32 n)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, BitsSize(n),
	                                  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static Buffer
ReadShared(const Walk *w, BlockNumber blkno)
{
	Buffer buf = HnswReadVacuumBuffer(w->vs, blkno);

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	return buf;
}

static bool
IsLive(const HnswElementTupleData *etup)
{
	return etup->type == HNSW_ELEMENT_TUPLE_TYPE && !etup->deleted &&
	       ItemPointerIsValid(&etup->heaptids[0]);
}

/* Room for items up to n. */
static void
GrowLive(Walk *w, uint64 n)
{
	Size old = BitsSize(w->capacity);

	if (n > PG_UINT32_MAX)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		                errmsg("index \"%s\" has too many items",
		                       RelationGetRelationName(w->index))));
	if (n <= w->capacity)
		return;
	w->capacity = (uint32) Min(Max(n, (uint64) w->capacity * 2), PG_UINT32_MAX);
	w->live = repalloc_huge(w->live, BitsSize(w->capacity));
	memset((char *) w->live + old, 0, BitsSize(w->capacity) - old);
}

/* Number the items of the page and note those that are live. */
static void
CountPage(Walk *w, Page page, BlockNumber blkno)
{
	uint32 first = w->first[blkno];
	OffsetNumber max = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);

	GrowLive(w, (uint64) first + max);
	HnswPrefetchItems(page);
	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		HnswElementTuple etup =
			(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));
		ItemPointerData tid;

		if (!IsLive(etup))
			continue;
		ItemPointerSet(&tid, blkno, off);
		HnswNoteLive(w->vs, &tid, etup->level);
		SetBit(w->live, first + off - FirstOffsetNumber);
		SetBit(w->pending, blkno);
	}
	w->first[blkno + 1] = first + max;
}

static void
CountItems(Walk *w)
{
	uint32 n;

	w->nblocks = RelationGetNumberOfBlocks(w->index);
	w->first = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(w->nblocks + 1, sizeof(uint32)),
		MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	w->pending = MakeBits(w->nblocks);
	w->capacity = w->nblocks;
	w->live = MakeBits(w->capacity);
	for (BlockNumber blkno = HNSW_HEAD_BLKNO; blkno < w->nblocks; blkno++)
	{
		Buffer buf = ReadShared(w, blkno);

		vacuum_delay_point();
		CountPage(w, BufferGetPage(buf), blkno);
		UnlockReleaseBuffer(buf);
	}
	n = w->first[w->nblocks];
	w->reached = MakeBits(n);
	w->followed = MakeBits(n);
	w->back = MakeBits(n);
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

/* The element's list on layer 0 if it is on the same page; else -1. */
static int
CopyList(const Walk *w, Page page, BlockNumber blkno,
         const HnswElementTupleData *etup, ItemPointerData *tids)
{
	OffsetNumber off = ItemPointerGetOffsetNumber(&etup->neighbortid);
	int lm = HnswGetLayerM(w->m, 0);
	HnswNeighborTuple ntup;
	int n = 0;

	if (ItemPointerGetBlockNumber(&etup->neighbortid) != blkno ||
	    off < FirstOffsetNumber || off > PageGetMaxOffsetNumber(page))
		return -1;
	ntup = (HnswNeighborTuple) PageGetItem(page, PageGetItemId(page, off));
	if (ntup->type != HNSW_NEIGHBOR_TUPLE_TYPE ||
	    ntup->version != etup->version ||
	    ntup->count != (etup->level + 2) * w->m)
		return -1;
	memcpy(tids, ntup->indextids + HnswLayerStart(etup->level, w->m, 0),
	       lm * sizeof(ItemPointerData));
	while (n < lm && ItemPointerIsValid(&tids[n]))
		n++;
	return n;
}

/*
 * Copy the elements of the block that have a bit in one set and not in the
 * other to batch; returns how many.
 */
static int
CollectBlock(Walk *w, BlockNumber blkno, const uint64 *in, const uint64 *out)
{
	int n = 0;
	Buffer buf = ReadShared(w, blkno);
	Page page = BufferGetPage(buf);

	HnswPrefetchItems(page);
	for (uint32 item = w->first[blkno]; item < w->first[blkno + 1]; item++)
	{
		OffsetNumber off = FirstOffsetNumber + (item - w->first[blkno]);
		Followed *f = &w->batch[n];
		HnswElementTuple etup;

		if (!GetBit(in, item) || GetBit(out, item))
			continue;
		etup = (HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));
		f->item = item;
		f->element.neighbortid = etup->neighbortid;
		f->element.level = etup->level;
		f->element.version = etup->version;
		f->count = CopyList(w, page, blkno, etup,
		                    w->lists + n * HnswGetLayerM(w->m, 0));
		n++;
	}
	UnlockReleaseBuffer(buf);
	return n;
}

/* The list of the n-th of the batch; returns its length. */
static int
FollowedList(const Walk *w, int n, ItemPointerData **tids)
{
	const Followed *f = &w->batch[n];

	*tids = w->lists + n * HnswGetLayerM(w->m, 0);
	return f->count >= 0 ? f->count
	                     : HnswReadNeighbors(w->reader, &f->element, 0, *tids);
}

/* Follow the links of what was reached on the block. */
static bool
FollowBlock(Walk *w, BlockNumber blkno)
{
	int n = CollectBlock(w, blkno, w->reached, w->followed);

	ClearBit(w->pending, blkno);
	for (int i = 0; i < n; i++)
	{
		ItemPointerData *tids;
		int count = FollowedList(w, i, &tids);

		SetBit(w->followed, w->batch[i].item);
		for (int j = 0; j < count; j++)
			Reach(w, &tids[j]);
	}
	return n > 0;
}

/* Find what of the block has a way back; true: some has that had none. */
static bool
FollowBlockBack(Walk *w, BlockNumber blkno)
{
	int n = CollectBlock(w, blkno, w->live, w->back);
	int found = 0;

	for (int i = 0; i < n; i++)
	{
		ItemPointerData *tids;
		int count = FollowedList(w, i, &tids);

		for (int j = 0; j < count; j++)
		{
			uint32 item;

			if (!ItemNumber(w, &tids[j], &item) || !GetBit(w->back, item))
				continue;
			SetBit(w->back, w->batch[i].item);
			found++;
			break;
		}
	}
	if (found == n)
		ClearBit(w->pending, blkno);
	return found > 0;
}

/* Rounds over the pending blocks, until one changes nothing. */
static void
Rounds(Walk *w, bool (*follow)(Walk *w, BlockNumber blkno))
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
			again |= follow(w, blkno);
		}
	}
}

/* The nearest of the pool that has the bit, or that is not watched. */
static bool
NearestWith(const Walk *w, const uint64 *bits, const HnswSearch *s, uint32 id,
            uint32 *from)
{
	for (int i = 0; i < s->npool; i++)
	{
		const HnswPageElement *e = &s->elements[s->pool[i].id];
		uint32 item;

		if (s->pool[i].id == id || e->ntids == 0)
			continue;
		if (!ItemNumber(w, &e->tid, &item) || GetBit(bits, item))
		{
			*from = s->pool[i].id;
			return true;
		}
	}
	return false;
}

static void *
CopyValue(const Walk *w, const ItemPointerData *tid)
{
	Buffer buf = ReadShared(w, ItemPointerGetBlockNumber(tid));
	void *value = HnswCopyValue(w->index, w->support, BufferGetPage(buf),
	                            ItemPointerGetOffsetNumber(tid));

	UnlockReleaseBuffer(buf);
	return value;
}

/* A search for what the element can be linked to, from the pool. */
static bool
SearchWith(const Walk *w, const uint64 *bits, HnswSearch *s, uint32 id,
           uint32 *other)
{
	HnswSearchWider(s, w->ef, 0);
	if (NearestWith(w, bits, s, id, other))
		return true;
	HnswSearchWider(s, WIDE_EF, 0);
	return NearestWith(w, bits, s, id, other);
}

/*
 * Link the element and the nearest that has the bit, or else the root: that one
 * to it if the bits are those of the reached ones, else it to that one.
 */
static void
Connect(Walk *w, const ItemPointerData *tid, const uint64 *bits)
{
	HnswEntryPoint entry;
	HnswSearch *s;
	uint32 id;
	uint32 other;

	LockPage(w->index, HNSW_UPDATE_LOCK, ShareLock);
	HnswGetMetaPageInfo(w->index, &w->m, NULL, &entry, NULL);
	s = HnswSearchCreate(w->index, w->support, CopyValue(w, tid), w->m,
	                     Max(w->ef, WIDE_EF), false);
	id = HnswSearchElement(s, tid);
	other = HnswSearchElement(s, &w->root);
	(void) HnswSearchStart(s, &entry);
	for (int lc = entry.level; lc > 0; lc--)
		HnswSearchLayer(s, 1, lc);
	if (!SearchWith(w, bits, s, id, &other))
	{
		/* the layers above led to where layer 0 does not */
		(void) HnswSearchStart(s, &entry);
		(void) SearchWith(w, bits, s, id, &other);
	}
	INJECTION_POINT("hnsw-vacuum-reach");
	if (bits == w->back)
		HnswLinkOut(s, id, other);
	else
		(void) HnswLinkFrom(s, id, other, false);
	UnlockPage(w->index, HNSW_UPDATE_LOCK, ShareLock);
}

/* Connect all live elements that have no bit; returns how many. */
static uint32
ConnectAll(Walk *w, uint64 *bits)
{
	MemoryContext one = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw reach element", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	uint32 linked = 0;

	for (BlockNumber blkno = HNSW_HEAD_BLKNO; blkno < w->nblocks; blkno++)
	{
		for (uint32 item = w->first[blkno]; item < w->first[blkno + 1]; item++)
		{
			ItemPointerData tid;

			if (!GetBit(w->live, item) || GetBit(bits, item))
				continue;
			vacuum_delay_point();
			ItemPointerSet(&tid, blkno,
			               FirstOffsetNumber + (item - w->first[blkno]));
			MemoryContextSwitchTo(one);
			Connect(w, &tid, bits);
			MemoryContextReset(one);
			MemoryContextSwitchTo(old);
			linked++;
			if (bits == w->back)
			{
				SetBit(w->back, item);
				Rounds(w, FollowBlockBack);
			}
			else
			{
				Reach(w, &tid);
				Rounds(w, FollowBlock);
			}
		}
	}
	MemoryContextDelete(one);
	return linked;
}

/*
 * Returns how many links were needed.  Notes the highest live elements; the
 * first is the root if the entry point has no rows.  Takes UPDATE in share mode
 * for each link; the caller sees to it that no other vacuum is there.
 */
uint32
HnswReachAll(HnswVacuumState *vs)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw reach", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Walk w = {.vs = vs,
	          .index = vs->index,
	          .support = &vs->support,
	          .ef = vs->ef_construction};
	HnswEntryPoint entry;
	uint32 linked = 0;
	uint32 item;

	w.m = vs->m;
	w.reader = HnswSearchCreate(w.index, w.support, NULL, w.m, 1, false);
	w.batch = palloc(MaxOffsetNumber * sizeof(Followed));
	w.lists = palloc(MaxOffsetNumber * HnswGetLayerM(w.m, 0) *
	                 sizeof(ItemPointerData));
	CountItems(&w);
	HnswGetMetaPageInfo(w.index, &w.m, NULL, &entry, NULL);
	/* not watched: without rows, or newer than the count */
	if (entry.level < 0 || !ItemNumber(&w, &entry.tid, &item))
		entry = vs->highest;
	if (entry.level >= 0 && ItemNumber(&w, &entry.tid, &item))
	{
		w.root = entry.tid;
		SetBit(w.back, item);
		Rounds(&w, FollowBlockBack);
		linked = ConnectAll(&w, w.back);
		Reach(&w, &w.root);
		Rounds(&w, FollowBlock);
		linked += ConnectAll(&w, w.reached);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return linked;
}
