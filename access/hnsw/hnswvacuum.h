/*
 * hnswvacuum.h
 *	  What the passes of hnsw's vacuum share.
 */
#ifndef ACCESS_HNSWVACUUM_H
#define ACCESS_HNSWVACUUM_H

#include "access/hnsw.h"
#include "storage/bufmgr.h"

/* Longer items are elements, whose values no pass looks at. */
#define HNSW_PREFETCH_ALL 256

/* A block's part of a set of items: bit offset % 64 of word offset / 64. */
typedef struct HnswItemSetBlock
{
	uint32 start;  /* of its words */
	uint32 nwords; /* 0: none of its items is in the set */
} HnswItemSetBlock;

/*
 * A set of items of the index, asked far more often than it grows: a row of
 * bits for each block that has any.
 */
typedef struct HnswItemSet
{
	HnswItemSetBlock *blocks;
	uint32 nblocks; /* room in blocks */
	uint64 *words;
	uint32 nwords;
	uint32 capacity; /* room in words */
	uint64 count;
} HnswItemSet;

typedef struct HnswVacuumState
{
	Relation index;
	IndexBulkDeleteResult *stats;
	IndexBulkDeleteCallback callback;
	void *callback_state;
	BufferAccessStrategy strategy;
	HnswItemSet deleting;
	VectorSupport support;
	int m;
	int ef_construction;
	/* the live elements of the highest level, and the second of them */
	HnswEntryPoint highest;
	HnswEntryPoint fallback;
	bool many_go;                 /* more elements than rows that stay */
	MemoryContext repair_context; /* of one element */
} HnswVacuumState;

static inline Buffer
HnswReadVacuumBuffer(HnswVacuumState *vs, BlockNumber blkno)
{
	return ReadBufferExtended(vs->index, MAIN_FORKNUM, blkno, RBM_NORMAL,
	                          vs->strategy);
}

static inline bool
HnswIsDeleting(const HnswVacuumState *vs, const ItemPointerData *tid)
{
	const HnswItemSet *set = &vs->deleting;
	BlockNumber blkno = ItemPointerGetBlockNumberNoCheck(tid);
	OffsetNumber off = ItemPointerGetOffsetNumberNoCheck(tid);

	return blkno < set->nblocks && off / 64 < set->blocks[blkno].nwords &&
	       ((set->words[set->blocks[blkno].start + off / 64] >> (off % 64)) &
	        1) != 0;
}

/*
 * What a pass looks at on a page: the head of each element and each list on
 * layer 0.  They are far apart, and a pass has the next page's to wait for.
 */
static inline void
HnswPrefetchItems(Page page)
{
	OffsetNumber max = PageIsNew(page) ? 0 : PageGetMaxOffsetNumber(page);

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		ItemId iid = PageGetItemId(page, off);
		Size len = ItemIdGetLength(iid);

		if (len > HNSW_PREFETCH_ALL)
			len = offsetof(HnswElementTupleData, data);
		for (Size at = 0; at < len; at += PG_CACHE_LINE_SIZE)
			__builtin_prefetch((char *) page + ItemIdGetOffset(iid) + at);
	}
}

/* A live element; it may be a better entry point than those known so far. */
static inline void
HnswNoteLive(HnswVacuumState *vs, const ItemPointerData *tid, int level)
{
	HnswEntryPoint point = {*tid, level};

	if (vs->highest.level >= 0 && HnswTidEquals(tid, &vs->highest.tid))
		return;
	if (level > vs->highest.level)
	{
		vs->fallback = vs->highest;
		vs->highest = point;
	}
	else if (level > vs->fallback.level)
		vs->fallback = point;
}

/* hnswreach.c */
extern uint32 HnswReachAll(HnswVacuumState *vs);

static inline bool
HnswHasTid(const ItemPointerData *tids, int n, const ItemPointerData *tid)
{
	for (int i = 0; i < n; i++)
	{
		if (HnswTidEquals(&tids[i], tid))
			return true;
	}
	return false;
}

/* hnswfill.c */
typedef struct HnswFill HnswFill;

extern HnswFill *HnswFillCreate(HnswVacuumState *vs);
/* No list is noted. */
extern void HnswFillReset(HnswFill *fill);
/* There is no room for another list. */
extern bool HnswFillIsFull(const HnswFill *fill);
/* The element's list of layer 0 loses dead[ndead] and keeps live[nlive]. */
extern void HnswFillAdd(HnswFill *fill, const ItemPointerData *tid,
                        const ItemPointerData *live, int nlive,
                        const ItemPointerData *dead, int ndead);
/* Find what fills the lists that were added. */
extern void HnswFillOffer(HnswFill *fill);
/* The next elements asked for are of this block. */
extern void HnswFillGoTo(HnswFill *fill, BlockNumber blkno);
/* What fills the element's list; returns how many, nearest first. */
extern int HnswFillTake(HnswFill *fill, const ItemPointerData *tid,
                        ItemPointerData *entries);

/* hnswrepair.c */
extern void HnswRepairGraph(HnswVacuumState *vs);

#endif /* ACCESS_HNSWVACUUM_H */
