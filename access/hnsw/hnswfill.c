/*
 * hnswfill.c
 *	  What fills the lists of layer 0 that vacuum makes short.
 *
 * An element that has lost neighbours gets the nearest of what those were
 * linked to.  Looking at that list by list would read each of these vectors for
 * every list that has lost the same neighbour, some thirty times, from all over
 * the index.  So it is done by those that go, one after the other: the vectors
 * around one are read once, and measured against each of the elements whose
 * lists it leaves.  Each of these keeps the nearest, as many as it has room for.
 *
 * HnswFillAdd notes the short lists of some blocks, as many as half of
 * maintenance_work_mem holds, HnswFillOffer does this for all of them, and
 * HnswFillGoTo and HnswFillTake, in the same order of blocks, tell what was
 * found for one.
 *
 * Inserts go on meanwhile; whoever changes a list looks at it again.  No one
 * but vacuum removes elements, or changes the lists of those that go.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "commands/vacuum.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#include "hnswvacuum.h"

/* More elements than a block can have. */
#define LISTS_PER_BLOCK 128

StaticAssertDecl(LISTS_PER_BLOCK *offsetof(HnswElementTupleData, data) > BLCKSZ,
                 "elements have a header");

/* Vectors that are measured at once. */
#define DISTANCES_AT_ONCE 16

#define KNOWN_BITS 512

/* A list that is short. */
typedef struct ShortList
{
	ItemPointerData tid; /* of its element */
	uint16 nlive;        /* entries that stay */
	uint16 nfound;       /* of what may fill it */
	/* a bit for each of both, by hash: what has none there is in neither */
	uint64 known[KNOWN_BITS / 64];
} ShortList;

/* An entry that goes; list: the number of the list that it is in. */
typedef struct LostEntry
{
	ItemPointerData tid;
	uint32 list;
} LostEntry;

struct HnswFill
{
	HnswVacuumState *vs;
	MemoryContext context; /* of one that goes */
	int lm;
	ShortList *lists;
	ItemPointerData *live;  /* lm for each list */
	ItemPointerData *found; /* lm for each list, nearest first */
	float *distance;        /* of those */
	uint32 nlists;
	uint32 max_lists;
	LostEntry *lost;
	uint32 nlost;
	uint32 max_lost;
	/* the lists of the block that is asked for now */
	uint32 block_begin;
	uint32 block_end;
};

HnswFill *
HnswFillCreate(HnswVacuumState *vs)
{
	HnswFill *fill = palloc0(sizeof(HnswFill));
	Size each;
	Size budget = mul_size(maintenance_work_mem, 1024) / 2;

	fill->vs = vs;
	fill->lm = HnswGetLayerM(vs->m, 0);
	each = sizeof(ShortList) + fill->lm * (2 * sizeof(ItemPointerData) +
	                                       sizeof(float) + sizeof(LostEntry));
	fill->max_lists =
		(uint32) Max(Min(budget / each, vs->stats->num_index_tuples), 0) +
		LISTS_PER_BLOCK;
	fill->max_lost = fill->max_lists * fill->lm;
	fill->context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw vacuum fill", ALLOCSET_DEFAULT_SIZES);
	fill->lists = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(fill->max_lists, sizeof(ShortList)),
		MCXT_ALLOC_HUGE);
	fill->live = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(fill->max_lost, sizeof(ItemPointerData)),
		MCXT_ALLOC_HUGE);
	fill->found = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(fill->max_lost, sizeof(ItemPointerData)),
		MCXT_ALLOC_HUGE);
	fill->distance = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(fill->max_lost, sizeof(float)),
		MCXT_ALLOC_HUGE);
	fill->lost = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(fill->max_lost, sizeof(LostEntry)),
		MCXT_ALLOC_HUGE);
	return fill;
}

void
HnswFillReset(HnswFill *fill)
{
	fill->nlists = 0;
	fill->nlost = 0;
	fill->block_begin = fill->block_end = 0;
}

bool
HnswFillIsFull(const HnswFill *fill)
{
	return fill->nlists + LISTS_PER_BLOCK > fill->max_lists;
}

static inline uint32
KnownBit(const ItemPointerData *tid)
{
	uint32 hash = ItemPointerGetBlockNumberNoCheck(tid) * 2654435769U +
	              ItemPointerGetOffsetNumberNoCheck(tid) * 2246822519U;

	return (hash >> 16) % KNOWN_BITS;
}

static inline void
NoteKnown(ShortList *list, const ItemPointerData *tid)
{
	uint32 bit = KnownBit(tid);

	list->known[bit / 64] |= UINT64CONST(1) << (bit % 64);
}

static inline bool
MayBeKnown(const ShortList *list, const ItemPointerData *tid)
{
	uint32 bit = KnownBit(tid);

	return (list->known[bit / 64] >> (bit % 64)) & 1;
}

void
HnswFillAdd(HnswFill *fill, const ItemPointerData *tid,
            const ItemPointerData *live, int nlive, const ItemPointerData *dead,
            int ndead)
{
	ShortList *list = &fill->lists[fill->nlists];

	Assert(fill->nlists < fill->max_lists);
	Assert(nlive + ndead <= fill->lm);
	list->tid = *tid;
	list->nlive = (uint16) nlive;
	list->nfound = 0;
	memset(list->known, 0, sizeof(list->known));
	NoteKnown(list, tid);
	for (int i = 0; i < nlive; i++)
		NoteKnown(list, &live[i]);
	memcpy(fill->live + (Size) fill->nlists * fill->lm, live,
	       nlive * sizeof(ItemPointerData));
	for (int i = 0; i < ndead; i++)
	{
		fill->lost[fill->nlost].tid = dead[i];
		fill->lost[fill->nlost].list = fill->nlists;
		fill->nlost++;
	}
	fill->nlists++;
}

static int
CompareLost(const void *a, const void *b)
{
	const LostEntry *x = a;
	const LostEntry *y = b;
	int order =
		ItemPointerCompare((ItemPointer) &x->tid, (ItemPointer) &y->tid);

	return order != 0 ? order : (x->list > y->list) - (x->list < y->list);
}

/* The element may fill the list, if it is near enough and not there. */
static void
Offer(HnswFill *fill, uint32 n, const ItemPointerData *tid, float distance)
{
	ShortList *list = &fill->lists[n];
	const ItemPointerData *live = fill->live + (Size) n * fill->lm;
	ItemPointerData *found = fill->found + (Size) n * fill->lm;
	float *dist = fill->distance + (Size) n * fill->lm;
	int room = fill->lm - list->nlive;
	int at = list->nfound;

	if (at == room && (room == 0 || !(distance < dist[at - 1])))
		return;
	if (MayBeKnown(list, tid) && (HnswHasTid(live, list->nlive, tid) ||
	                              HnswHasTid(found, list->nfound, tid) ||
	                              HnswHasTid(&list->tid, 1, tid)))
		return;
	NoteKnown(list, tid);
	if (list->nfound < room)
		list->nfound++;
	else
		at--;
	for (; at > 0 && dist[at - 1] > distance; at--)
	{
		dist[at] = dist[at - 1];
		found[at] = found[at - 1];
	}
	dist[at] = distance;
	found[at] = *tid;
}

/* What stays of the neighbours of one that goes, with the vectors. */
typedef struct Neighborhood
{
	int n;
	ItemPointerData tids[HNSW_GRAPH_MAX_LM];
	const void *points[HNSW_GRAPH_MAX_LM];
} Neighborhood;

static const void *
PointOf(HnswSearch *s, uint32 id)
{
	return HnswPoint(&s->support, HnswSearchValue(s, id));
}

static void
ReadNeighborhood(HnswFill *fill, HnswSearch *s, const ItemPointerData *tid,
                 Neighborhood *around)
{
	uint32 ids[HNSW_GRAPH_MAX_LM];
	uint32 id = HnswSearchElement(s, tid);
	int count = HnswReadNeighbors(s, &s->elements[id], 0, around->tids);
	int live = 0;

	for (int i = 0; i < count; i++)
		if (!HnswIsDeleting(fill->vs, &around->tids[i]))
			around->tids[live++] = around->tids[i];
	HnswSearchElements(s, around->tids, live, ids);
	around->n = 0;
	for (int i = 0; i < live; i++)
	{
		if (s->elements[ids[i]].ntids == 0)
			continue;
		around->tids[around->n] = s->elements[ids[i]].tid;
		around->points[around->n++] = PointOf(s, ids[i]);
	}
}

/* All that one that goes leaves behind, to the lists that it leaves. */
static void
OfferNeighborhood(HnswFill *fill, const LostEntry *lost, uint32 nlost)
{
	HnswVacuumState *vs = fill->vs;
	MemoryContext old = MemoryContextSwitchTo(fill->context);
	HnswSearch *s =
		HnswSearchCreate(vs->index, &vs->support, NULL, vs->m, 1, false);
	ItemPointerData *tids = palloc(nlost * sizeof(ItemPointerData));
	uint32 *ids = palloc(nlost * sizeof(uint32));
	Neighborhood around;

	ReadNeighborhood(fill, s, &lost[0].tid, &around);
	for (uint32 i = 0; i < nlost; i++)
		tids[i] = fill->lists[lost[i].list].tid;
	HnswSearchElements(s, tids, (int) nlost, ids);
	for (uint32 i = 0; i < nlost && around.n > 0; i++)
	{
		const void *point = PointOf(s, ids[i]);

		for (int from = 0; from < around.n; from += DISTANCES_AT_ONCE)
		{
			int k = Min(around.n - from, DISTANCES_AT_ONCE);
			float dist[DISTANCES_AT_ONCE];

			vs->support.distances(point, around.points + from, k,
			                      vs->support.dim, dist);
			for (int j = 0; j < k; j++)
				Offer(fill, lost[i].list, &around.tids[from + j], dist[j]);
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextReset(fill->context);
}

void
HnswFillOffer(HnswFill *fill)
{
	uint32 end;

	qsort(fill->lost, fill->nlost, sizeof(LostEntry), CompareLost);
	for (uint32 begin = 0; begin < fill->nlost; begin = end)
	{
		vacuum_delay_point();
		for (end = begin + 1; end < fill->nlost; end++)
			if (!HnswHasTid(&fill->lost[begin].tid, 1, &fill->lost[end].tid))
				break;
		INJECTION_POINT("hnsw-vacuum-fill");
		OfferNeighborhood(fill, fill->lost + begin, end - begin);
	}
}

void
HnswFillGoTo(HnswFill *fill, BlockNumber blkno)
{
	fill->block_begin = fill->block_end;
	while (fill->block_end < fill->nlists &&
	       ItemPointerGetBlockNumber(&fill->lists[fill->block_end].tid) ==
	           blkno)
		fill->block_end++;
}

int
HnswFillTake(HnswFill *fill, const ItemPointerData *tid,
             ItemPointerData *entries)
{
	for (uint32 i = fill->block_begin; i < fill->block_end; i++)
	{
		const ShortList *list = &fill->lists[i];

		if (!HnswHasTid(&list->tid, 1, tid))
			continue;
		memcpy(entries, fill->found + (Size) i * fill->lm,
		       list->nfound * sizeof(ItemPointerData));
		return list->nfound;
	}
	return 0;
}
