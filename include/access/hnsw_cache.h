/*
 * hnsw_cache.h
 *	  An hnsw index in the index cache (storage/indexcache.h).
 *
 * See access/hnsw/hnswcache.c.
 */
#ifndef ACCESS_HNSW_CACHE_H
#define ACCESS_HNSW_CACHE_H

#include "access/hnsw.h"
#include "storage/indexcache.h"

#define HNSW_CACHE_MAGIC 0x484e4343

/* Parts of an entry. */
#define HNSW_CACHE_NODES 0
#define HNSW_CACHE_ITEMS 1 /* number + 1 of the node, by block and offset */
#define HNSW_CACHE_UPPER 2 /* lists of the layers above 0 */

/* In the entry; what follows from the index is constant. */
typedef struct HnswCacheHeader
{
	uint32 magic;           /* [C] */
	uint16 m;               /* [C] */
	bool exact;             /* [C] points are those of values, not codes */
	int dim;                /* [C] */
	uint32 point_offset;    /* [C] in a node */
	uint32 list_offset;     /* [C] in a node */
	uint32 node_size;       /* [C] */
	uint32 nodes_per_chunk; /* [C] */
	int node_shift;         /* [C] a number is place of chunk << shift | rest */
	uint32 items_per_block; /* [C] */
	uint32 blocks_per_chunk; /* [C] */
	uint32 uppers_per_chunk; /* [C] numbers of nodes that a chunk holds */
	uint32 nnodes;           /* [L:entry's lock] */
	uint32 upper_used;       /* [L:entry's lock] of all chunks */
	pg_atomic_uint32 unfit;  /* [A] searches that codes did not serve, less
	                           * those that they did */
} HnswCacheHeader;

StaticAssertDecl(sizeof(HnswCacheHeader) <= INDEX_CACHE_AM_SIZE,
                 "what hnsw keeps in an entry");

/*
 * An element with its list.  Each half is changed by who has its page locked
 * exclusively, or by the loader, who has it locked in share mode; readers take
 * nothing from a half whose version is odd, 0, or changes meanwhile.  After this
 * come the point and the numbers of the neighbours on layer 0.
 */
typedef struct HnswCacheNode
{
	pg_atomic_uint32 version;      /* [A] of the element; 0: never known */
	pg_atomic_uint32 list_version; /* [A] the same of the list */
	ItemPointerData tid;           /* [C] before a number is anywhere */
	ItemPointerData neighbortid;   /* [V:version] */
	uint8 level;                   /* [V:version] */
	uint8 item_version;            /* [V:version] */
	uint8 ntids;                   /* [V:version] */
	uint8 deleted;                 /* [V:version] */
	uint8 list_item_version;       /* [V:list_version] */
	uint8 unused;
	uint16 list_count; /* [V:list_version] slots of the neighbour tuple */
	uint32 upper;      /* [V:list_version] place of the upper lists, + 1 */
	uint32 upper_room; /* [V:list_version] numbers that have room there */
} HnswCacheNode;

/* One process's view of the entry, at one version of it. */
typedef struct HnswCache
{
	IndexCacheEntry *entry;
	uint64 version;
	HnswCacheHeader header; /* a copy */
} HnswCache;

/* hnswcacheread.c */

/* False: it is not there, or not for this session. */
extern bool
HnswCacheOpen(HnswCache *c, Relation index, const VectorSupport *support);
/* Where the number + 1 of the item's node is; NULL: no chunk there. */
extern pg_atomic_uint32 *
HnswCacheItemPlace(const HnswCache *c, const ItemPointerData *tid);
/* Number of the node, HNSW_GRAPH_NONE: not known. */
extern uint32 HnswCacheLookup(const HnswCache *c, const ItemPointerData *tid);
/* A layer above 0; NULL: there is none, or the place was read too late. */
extern uint32 *HnswCacheUpperList(const HnswCache *c, uint32 upper, int lc);
/*
 * Numbers of the neighbours on a layer of an element, as it was known (level,
 * version); -1: the pages know.
 */
extern int HnswCacheReadList(const HnswCache *c, const HnswCacheNode *node,
                             const HnswPageElement *e, int lc, uint32 *ids);

/* hnswcache.c */

/* Have the index loaded if nobody has.  No locks are held. */
extern void HnswCacheLoad(Relation index, const VectorSupport *support);
/*
 * The item has changed.  Called after each change of a page of elements, with
 * the content lock still held from before it.
 */
extern void HnswCacheChanged(Relation index, const VectorSupport *support,
                             Buffer buf, OffsetNumber off);
/* The same of several items; before: the page as it was, items in their places. */
extern void HnswCacheChangedPage(Relation index, const VectorSupport *support,
                                 Buffer buf, const char *before);
/* What differs from the page, in the current context; NULL: nothing. */
extern char *HnswCacheCompare(Relation index, const VectorSupport *support,
                              Buffer buf, OffsetNumber off);

static inline bool
HnswCacheIsCurrent(const HnswCache *c)
{
	return IndexCacheIsCurrent(c->entry, c->version);
}

/* NULL: there is no such node (the number was read too late). */
static inline HnswCacheNode *
HnswCacheNodeAt(const HnswCache *c, uint32 id)
{
	const HnswCacheHeader *h = &c->header;
	uint32 inside = id & ((1u << h->node_shift) - 1);
	char *chunk =
		IndexCacheChunk(c->entry, HNSW_CACHE_NODES, id >> h->node_shift);

	if (unlikely(chunk == NULL || inside >= h->nodes_per_chunk))
		return NULL;
	return (HnswCacheNode *) (chunk + (Size) inside * h->node_size);
}

static inline char *
HnswCachePoint(const HnswCache *c, const HnswCacheNode *node)
{
	return (char *) node + c->header.point_offset;
}

static inline uint32 *
HnswCacheList0(const HnswCache *c, const HnswCacheNode *node)
{
	return (uint32 *) ((char *) node + c->header.list_offset);
}

/* The element's list is most likely read next. */
static inline void
HnswCachePrefetchList(const HnswSearch *s, uint32 id, int lc)
{
	const HnswCache *c = s->cache;
	const HnswCacheNode *node = HnswCacheNodeAt(c, s->nodes[id]);

	if (lc > 0 || node == NULL)
		return;
	for (uint32 at = c->header.list_offset; at < c->header.node_size; at += 64)
		__builtin_prefetch((const char *) node + at);
}

/* hnswcachesearch.c; s->cache is not NULL */

#ifdef TUSK_CLIENT
/* Before the thread's TopMemoryContext goes. */
extern void HnswSearchForgetMarks(void);
#endif
/* Search through the cache from now on, if the index is there. */
extern void HnswSearchUseCache(HnswSearch *s);
/* Numbers of from's neighbours that were not visited; -1: no cache any more. */
extern int HnswCachedNeighbors(HnswSearch *s, uint32 from, int lc, uint32 *ids);
/* Number of the element, HNSW_GRAPH_NONE: no cache any more. */
extern uint32 HnswCachedElement(HnswSearch *s, const ItemPointerData *tid);
/* Is it an element that the search knows?  HNSW_GRAPH_NONE: no. */
extern uint32 HnswCachedKnown(HnswSearch *s, const ItemPointerData *tid);
/* Go on by pages. */
extern void HnswSearchLeaveCache(HnswSearch *s);
/* The element's number if the search knows the node, or HNSW_GRAPH_NONE. */
extern uint32 HnswCachedNumber(const HnswSearch *s, uint32 node);

/* hnswcachelink.c; s->cache is not NULL, elements were met through it */

/* HnswSelectNeighbors of n elements.  False: decide by pages. */
extern bool HnswCachedSelect(HnswSearch *s, const HnswCandidate *from, int n,
                             int lm, HnswCandidate *out, int *nout);
/*
 * Which slot of from's list is to go for the element that is searched for.
 * Returns how many the list has, with their nodes; if they are all that it can
 * have, *slot is the one, with what is in it (as many: none).  -1: the pages
 * know.  All of that counts if the entry is current after it.
 */
extern int HnswCachedChoose(HnswSearch *s, uint32 from, int lc, uint32 *nodes,
                            int *slot, ItemPointerData *dropped);
/* Nodes of the element's list on layer 0; -1: the page knows. */
extern int HnswCachedReadList(HnswSearch *s, uint32 id, uint32 *nodes);
/* Is there a link on layer 0 between the nodes?  *rows: the first has some. */
extern bool HnswCachedLeadsTo(HnswSearch *s, uint32 from, uint32 to, bool *rows,
                              bool *known);

#endif /* ACCESS_HNSW_CACHE_H */
