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
 * found for one.  The more lists there are at once, the fewer times the vectors
 * around one that goes are read.  So what is kept of a list is little: of its
 * entries a mark of 16 bits (what has the mark of one of them is not offered;
 * one of 2,000 is so left out by chance), of what it has lost the ranks among
 * those that go.
 *
 * If the index is in the index cache, its codes are measured, which are near
 * enough to tell what is near.  If it goes from there, what was measured in vain
 * is measured again on pages; lists may have some of both then.
 *
 * Inserts go on meanwhile; whoever changes a list looks at it again.  No one
 * but vacuum removes elements, or changes the lists of those that go.
 */
#include "postgres.h"

#include "access/hnsw_cache.h"
#include "commands/vacuum.h"
#include "miscadmin.h"
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

/* Marks are compared so many at once, as one vector. */
#define MARKS_AT_ONCE 8

typedef uint16 Marks __attribute__((vector_size(MARKS_AT_ONCE * 2)));

/* Of those before, so many vectors are kept at least. */
#define VECTORS_KNOWN 400

/* A list that is short. */
typedef struct ShortList
{
	ItemPointerData tid; /* of its element */
	uint16 nmarks;       /* vectors: of the entries that stay, and its own */
	uint16 room;
	uint16 nfound;
	uint32 found; /* place of the first */
} ShortList;

/* What may fill a list; nearest first. */
typedef struct FoundEntry
{
	float distance;
	ItemPointerData tid;
} FoundEntry;

/* The list has lost the one that goes which has this rank. */
typedef struct LostEntry
{
	uint32 list;
	uint32 rank;
} LostEntry;

struct HnswFill
{
	HnswVacuumState *vs;
	MemoryContext context; /* of some that go */
	int lm;
	int marks_per_list;
	ShortList *lists;
	Marks *marks; /* marks_per_list for each list */
	uint32 nlists;
	uint32 max_lists;
	FoundEntry *found;
	uint32 nfound; /* room that is given to lists */
	uint32 max_found;
	LostEntry *lost;
	uint32 *losers; /* lists of lost in the order of ranks */
	uint32 nlost;
	uint32 max_lost;
	uint32 *ranks; /* of those that go: by word of the set, of its first */
	uint32 *first; /* by rank, and behind the last: the first of losers */
	bool *offered; /* by rank */
	bool cached;   /* points are those of the index cache */
	HnswCache cache;
	PointDistances distances; /* of points, or of codes */
	/* those of the block that HnswFillGoTo was told last, end not included */
	uint32 block_begin;
	uint32 block_end;
};

static void *
AllocHuge(Size n, Size size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, mul_size(n, size),
	                                  MCXT_ALLOC_HUGE);
}

/* Number those that go, in the order of their TIDs. */
static void
RankDeleting(HnswFill *fill)
{
	const HnswItemSet *set = &fill->vs->deleting;
	uint32 rank = 0;

	if (set->count >= PG_UINT32_MAX)
		elog(ERROR, "too many elements of an hnsw index are to be removed");
	fill->ranks = AllocHuge(set->nwords + 1, sizeof(uint32));
	fill->first = AllocHuge(set->count + 2, sizeof(uint32));
	fill->offered = AllocHuge(set->count + 1, sizeof(bool));
	for (BlockNumber blkno = 0; blkno < set->nblocks; blkno++)
	{
		const HnswItemSetBlock *block = &set->blocks[blkno];

		for (uint32 i = block->start; i < block->start + block->nwords; i++)
		{
			fill->ranks[i] = rank;
			rank += (uint32) __builtin_popcountll(set->words[i]);
		}
	}
	Assert(rank == set->count);
}

HnswFill *
HnswFillCreate(HnswVacuumState *vs)
{
	HnswFill *fill = palloc0(sizeof(HnswFill));
	int lm = HnswGetLayerM(vs->m, 0);
	Size budget = mul_size(maintenance_work_mem, 1024) / 2;
	/* of a list on an average: room, and what it has lost */
	int room = Max(lm / 4, 1);
	int lost = Max(lm / 8, 1);
	Size each;

	fill->vs = vs;
	fill->lm = lm;
	fill->marks_per_list = (lm + MARKS_AT_ONCE) / MARKS_AT_ONCE;
	each = sizeof(ShortList) + fill->marks_per_list * sizeof(Marks) +
	       room * sizeof(FoundEntry) +
	       lost * (sizeof(LostEntry) + sizeof(uint32));
	fill->max_lists =
		(uint32) Max(Min(Min(budget / each, PG_UINT32_MAX / lm / 2),
	                     vs->stats->num_index_tuples),
	                 0) +
		LISTS_PER_BLOCK;
	fill->max_found = fill->max_lists * room + LISTS_PER_BLOCK * lm;
	fill->max_lost = fill->max_lists * lost + LISTS_PER_BLOCK * lm;
	fill->context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw vacuum fill", ALLOCSET_DEFAULT_SIZES);
	fill->lists = AllocHuge(fill->max_lists, sizeof(ShortList));
	fill->marks =
		AllocHuge(fill->max_lists, fill->marks_per_list * sizeof(Marks));
	fill->found = AllocHuge(fill->max_found, sizeof(FoundEntry));
	fill->lost = AllocHuge(fill->max_lost, sizeof(LostEntry));
	fill->losers = AllocHuge(fill->max_lost, sizeof(uint32));
	RankDeleting(fill);
	HnswFillReset(fill);
	return fill;
}

void
HnswFillReset(HnswFill *fill)
{
	fill->nlists = 0;
	fill->nfound = 0;
	fill->nlost = 0;
	fill->block_begin = fill->block_end = 0;
	memset(fill->first, 0, (fill->vs->deleting.count + 2) * sizeof(uint32));
	memset(fill->offered, 0, fill->vs->deleting.count * sizeof(bool));
}

bool
HnswFillIsFull(const HnswFill *fill)
{
	uint32 entries = LISTS_PER_BLOCK * fill->lm;

	return fill->nlists + LISTS_PER_BLOCK > fill->max_lists ||
	       fill->nfound + entries > fill->max_found ||
	       fill->nlost + entries > fill->max_lost;
}

/* Of one that goes. */
static uint32
RankOf(const HnswFill *fill, const ItemPointerData *tid)
{
	const HnswItemSet *set = &fill->vs->deleting;
	OffsetNumber off = ItemPointerGetOffsetNumber(tid);
	uint32 word = set->blocks[ItemPointerGetBlockNumber(tid)].start + off / 64;
	uint64 before = (UINT64CONST(1) << (off % 64)) - 1;

	return fill->ranks[word] +
	       (uint32) __builtin_popcountll(set->words[word] & before);
}

static inline uint16
MarkOf(const ItemPointerData *tid)
{
	uint32 hash = ItemPointerGetBlockNumberNoCheck(tid) * 2654435769U +
	              ItemPointerGetOffsetNumberNoCheck(tid) * 2246822519U;

	return (uint16) (hash >> 16);
}

/* Is it one of those in the n vectors? */
static inline bool
HasMark(const Marks *marks, int n, uint16 mark)
{
	Marks all = {mark, mark, mark, mark, mark, mark, mark, mark};
	Marks has = {0};
	uint64 words[sizeof(Marks) / sizeof(uint64)];

	for (int i = 0; i < n; i++)
		has |= (Marks) (marks[i] == all);
	memcpy(words, &has, sizeof(has));
	return (words[0] | words[1]) != 0;
}

void
HnswFillAdd(HnswFill *fill, const ItemPointerData *tid,
            const ItemPointerData *live, int nlive, const ItemPointerData *dead,
            int ndead)
{
	ShortList *list = &fill->lists[fill->nlists];
	Marks *marks = fill->marks + (Size) fill->nlists * fill->marks_per_list;

	Assert(fill->nlists < fill->max_lists);
	Assert(nlive + ndead <= fill->lm);
	list->tid = *tid;
	list->nmarks = (uint16) (nlive / MARKS_AT_ONCE + 1);
	list->room = (uint16) (fill->lm - nlive);
	list->nfound = 0;
	list->found = fill->nfound;
	fill->nfound += list->room;
	for (int i = 0; i < list->nmarks * MARKS_AT_ONCE; i++)
		marks[i / MARKS_AT_ONCE][i % MARKS_AT_ONCE] =
			MarkOf(i < nlive ? &live[i] : tid);
	for (int i = 0; i < ndead; i++)
	{
		uint32 rank = RankOf(fill, &dead[i]);

		fill->lost[fill->nlost].list = fill->nlists;
		fill->lost[fill->nlost++].rank = rank;
		/* a count so far, two places on */
		fill->first[rank + 2]++;
	}
	fill->nlists++;
}

/* The element, whose mark the list has not, may fill it if it is near enough. */
static inline void
Offer(HnswFill *fill, ShortList *list, const ItemPointerData *tid,
      float distance)
{
	FoundEntry *found = fill->found + list->found;
	int at = list->nfound;

	if (at == list->room && (at == 0 || !(distance < found[at - 1].distance)))
		return;
	for (int i = 0; i < list->nfound; i++)
	{
		if (HnswTidEquals(&found[i].tid, tid))
			return;
	}
	if (list->nfound < list->room)
		list->nfound++;
	else
		at--;
	for (; at > 0 && found[at - 1].distance > distance; at--)
		found[at] = found[at - 1];
	found[at].distance = distance;
	found[at].tid = *tid;
}

/* The neighbours of one that goes: what stays, with the vectors. */
typedef struct Neighborhood
{
	int n;
	ItemPointerData tids[HNSW_GRAPH_MAX_LM];
	uint16 marks[HNSW_GRAPH_MAX_LM];
	const void *points[HNSW_GRAPH_MAX_LM];
	int ndead; /* and what goes */
	ItemPointerData dead[HNSW_GRAPH_MAX_LM];
} Neighborhood;

/* The same as ReadPoints from the index cache; false: it has not all of them. */
static bool
CachedPoints(const HnswFill *fill, const ItemPointerData *tids, int n,
             const void **points)
{
	const HnswCache *c = &fill->cache;
	HnswCacheNode *nodes[HNSW_GRAPH_MAX_LM];

	for (int i = 0; i < n; i++)
	{
		uint32 id = HnswCacheLookup(c, &tids[i]);

		nodes[i] = id == HNSW_GRAPH_NONE ? NULL : HnswCacheNodeAt(c, id);
		if (nodes[i] == NULL)
			return false;
		for (uint32 at = 0; at < c->header.list_offset;
		     at += PG_CACHE_LINE_SIZE)
			__builtin_prefetch((const char *) nodes[i] + at);
	}
	for (int i = 0; i < n; i++)
	{
		/* if it is being written: the point of what stays never changes */
		if (pg_atomic_read_u32(&nodes[i]->version) == 0)
			return false;
		points[i] = nodes[i]->ntids > 0 ? HnswCachePoint(c, nodes[i]) : NULL;
	}
	return HnswCacheIsCurrent(c);
}

/*
 * Points, or codes, of n elements, HNSW_GRAPH_MAX_LM at most; NULL for one
 * without rows.  False: they are to be had from pages, all of a neighbourhood.
 */
static bool
ReadPoints(const HnswFill *fill, HnswSearch *s, const ItemPointerData *tids,
           int n, const void **points)
{
	uint32 ids[HNSW_GRAPH_MAX_LM];

	Assert(n <= HNSW_GRAPH_MAX_LM);
	if (fill->cached)
		return CachedPoints(fill, tids, n, points);
	HnswSearchElements(s, tids, n, ids);
	for (int i = 0; i < n; i++)
		points[i] = s->elements[ids[i]].ntids > 0
		                ? VectorPoint(&s->support, HnswSearchValue(s, ids[i]))
		                : NULL;
	return true;
}

static void
ReadNeighborhood(const HnswFill *fill, HnswSearch *s,
                 const ItemPointerData *tid, Neighborhood *around)
{
	uint32 id = HnswSearchElement(s, tid);
	int count = HnswReadNeighbors(s, &s->elements[id], 0, around->tids);

	around->n = 0;
	around->ndead = 0;
	for (int i = 0; i < count; i++)
	{
		if (HnswIsDeleting(fill->vs, &around->tids[i]))
		{
			around->dead[around->ndead++] = around->tids[i];
			continue;
		}
		around->tids[around->n] = around->tids[i];
		around->marks[around->n++] = MarkOf(&around->tids[i]);
	}
}

/* What is around and not in the list, to the list, whose element is at point. */
static void
OfferAround(HnswFill *fill, uint32 n, const Neighborhood *around,
            const void *point)
{
	ShortList *list = &fill->lists[n];
	const Marks *marks = fill->marks + (Size) n * fill->marks_per_list;
	const void *points[HNSW_GRAPH_MAX_LM];
	int which[HNSW_GRAPH_MAX_LM];
	int count = 0;

	for (int i = 0; i < around->n; i++)
	{
		if (around->points[i] == NULL ||
		    HasMark(marks, list->nmarks, around->marks[i]))
			continue;
		which[count] = i;
		points[count++] = around->points[i];
	}
	for (int from = 0; from < count; from += DISTANCES_AT_ONCE)
	{
		int k = Min(count - from, DISTANCES_AT_ONCE);
		float dist[DISTANCES_AT_ONCE];

		fill->distances(point, points + from, k, fill->vs->support.dim, dist);
		for (int j = 0; j < k; j++)
			Offer(fill, list, &around->tids[which[from + j]], dist[j]);
	}
}

/* What will be asked of the list soon; returns its element's TID. */
static ItemPointerData
PrefetchList(const HnswFill *fill, uint32 n)
{
	const ShortList *list = &fill->lists[n];
	const char *marks =
		(const char *) (fill->marks + (Size) n * fill->marks_per_list);
	const char *found = (const char *) (fill->found + list->found);

	for (Size at = 0; at < list->nmarks * sizeof(Marks);
	     at += PG_CACHE_LINE_SIZE)
		__builtin_prefetch(marks + at);
	for (Size at = 0; at < list->room * sizeof(FoundEntry);
	     at += PG_CACHE_LINE_SIZE)
		__builtin_prefetch(found + at);
	return list->tid;
}

static void
UsePages(HnswFill *fill)
{
	fill->cached = false;
	fill->distances = fill->vs->support.distances;
}

/* If the index is there. */
static void
UseCache(HnswFill *fill)
{
	const HnswVacuumState *vs = fill->vs;

	UsePages(fill);
	fill->cached = HnswCacheOpen(&fill->cache, vs->index, &vs->support) &&
	               fill->cache.header.m == vs->m;
	if (fill->cached && !fill->cache.header.exact)
		fill->distances = vs->support.code_distances;
}

/* Have the lists that lost one beside each other. */
static void
SortLost(HnswFill *fill)
{
	/* first[rank + 1] becomes the next place for rank, and so the end */
	for (uint64 i = 2; i < fill->vs->deleting.count + 2; i++)
		fill->first[i] += fill->first[i - 1];
	for (uint32 i = 0; i < fill->nlost; i++)
		fill->losers[fill->first[fill->lost[i].rank + 1]++] =
			fill->lost[i].list;
}

/* Has any list, to which nothing was offered yet, lost it? */
static bool
IsLost(const HnswFill *fill, const ItemPointerData *tid)
{
	uint32 rank = RankOf(fill, tid);

	return !fill->offered[rank] && fill->first[rank] < fill->first[rank + 1];
}

/* What is around to the lists that lost the one of the rank; as ReadPoints. */
static bool
OfferToLosers(HnswFill *fill, HnswSearch *s, Neighborhood *around, uint32 rank)
{
	uint32 end = fill->first[rank + 1];

	if (!ReadPoints(fill, s, around->tids, around->n, around->points))
		return false;
	for (uint32 i = fill->first[rank]; i < end; i += HNSW_LOAD_BATCH)
	{
		const uint32 *lists = fill->losers + i;
		int n = (int) Min(end - i, HNSW_LOAD_BATCH);
		ItemPointerData tids[HNSW_LOAD_BATCH];
		const void *points[HNSW_LOAD_BATCH];

		for (int j = 0; j < n; j++)
			tids[j] = PrefetchList(fill, lists[j]);
		if (!ReadPoints(fill, s, tids, n, points))
			return false;
		for (int j = 0; j < n; j++)
		{
			if (points[j] != NULL)
				OfferAround(fill, lists[j], around, points[j]);
		}
	}
	return true;
}

/*
 * All that one that goes leaves behind, to the lists that it leaves.  True:
 * *tid, of its neighbours, is the next.
 */
static bool
OfferNeighborhood(HnswFill *fill, HnswSearch *s, ItemPointerData *tid)
{
	uint32 rank = RankOf(fill, tid);
	Neighborhood around;

	INJECTION_POINT("hnsw-vacuum-fill");
	fill->offered[rank] = true;
	for (uint32 i = fill->first[rank]; i < fill->first[rank + 1]; i++)
		__builtin_prefetch(&fill->lists[fill->losers[i]]);
	ReadNeighborhood(fill, s, tid, &around);
	if (!OfferToLosers(fill, s, &around, rank))
	{
		INJECTION_POINT("hnsw-vacuum-fill-pages");
		UsePages(fill);
		s->keep_values = true;
		(void) OfferToLosers(fill, s, &around, rank);
	}
	for (int i = 0; i < around.ndead; i++)
	{
		*tid = around.dead[i];
		if (IsLost(fill, tid))
			return true;
	}
	return false;
}

/*
 * The same of all that are linked to it, each after the one before: most of
 * what is around the next is known then, and in the processor's caches.
 */
static void
OfferFrom(HnswFill *fill, ItemPointerData tid)
{
	bool more = true;

	while (more)
	{
		HnswVacuumState *vs = fill->vs;
		MemoryContext old = MemoryContextSwitchTo(fill->context);
		HnswSearch *s =
			HnswSearchCreate(vs->index, &vs->support, NULL, vs->m, 1, false);

		s->keep_values = !fill->cached;
		while (more && s->nelements < VECTORS_KNOWN)
		{
			vacuum_delay_point();
			more = OfferNeighborhood(fill, s, &tid);
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(fill->context);
	}
}

void
HnswFillOffer(HnswFill *fill)
{
	const HnswItemSet *set = &fill->vs->deleting;

	SortLost(fill);
	UseCache(fill);
	for (BlockNumber blkno = 0; blkno < set->nblocks; blkno++)
	{
		for (uint32 i = 0; i < set->blocks[blkno].nwords; i++)
		{
			uint64 word = set->words[set->blocks[blkno].start + i];

			for (; word != 0; word &= word - 1)
			{
				ItemPointerData tid;

				ItemPointerSet(&tid, blkno,
				               i * 64 + (uint32) __builtin_ctzll(word));
				if (IsLost(fill, &tid))
					OfferFrom(fill, tid);
			}
		}
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
		for (int j = 0; j < list->nfound; j++)
			entries[j] = fill->found[list->found + j].tid;
		return list->nfound;
	}
	return 0;
}
