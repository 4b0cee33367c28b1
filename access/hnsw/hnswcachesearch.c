/*
 * hnswcachesearch.c
 *	  Search of an hnsw index through the index cache.
 *
 * A search is the same as on pages (hnswsearch.c); here is how it comes by an
 * element's neighbours and their distances.  An element that it meets becomes
 * a record, as on pages, but it is found by the number of its node in a flat
 * array, the distance is that of codes, and its item is not read.  What the
 * search has found in the end is read from the pages (HnswSearchSettle), and
 * ordered by the exact distances.
 *
 * Nothing is locked.  Whatever is taken from a node counts if its version is
 * the same after it; after each step the search asks whether the entry is still
 * the one that it began with.  If not, the step is forgotten and the search
 * goes on by pages, with all that it knows.
 *
 * Codes do not tell everything apart: points may be far from 0 and close to
 * each other.  If their error, as the found elements have it, is not small
 * beside the differences of the distances, layer 0 is searched again by pages
 * from what was found; if that is the rule, the entry is not used any more.
 * Of an iterative scan in strict order each batch must begin behind the one
 * before: what something nearer may still follow is kept for the next.
 */
#include "postgres.h"

#include <math.h>

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "libpq/client_step.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

/* The error of a code, beside the distances from nearest to furthest. */
#define CODE_ERROR 0.5f

/*
 * How much greater the error of what a search has passed over may be than that
 * of what it has found.
 */
#define IN_ORDER_MARGIN 3.0f

/* In strict order more depends on it: little must be held back. */
#define IN_ORDER_ERROR 0.1f

/* Marks that are not in use, and are kept for the next searches. */
#define SPARE_MARKS 2

/*
 * By number of a node: serial number of the search that met it << 32 | its
 * element's number.  Not zeroed from one search to the next.
 */
typedef struct HnswMarks
{
	uint64 *marks;
	uint32 size;
	uint32 serial;
	struct HnswMarks *next;
	MemoryContextCallback callback;
} HnswMarks;

static PG_PER_THREAD HnswMarks *spare;
static PG_PER_THREAD int nspare;

/* ---------------------------------------------------------------------------
 * Marks
 * ---------------------------------------------------------------------------
 */

static void
GiveBackMarks(void *arg)
{
	HnswMarks *marks = arg;

	if (nspare >= SPARE_MARKS)
	{
		pfree(marks->marks);
		pfree(marks);
		return;
	}
	marks->next = spare;
	spare = marks;
	nspare++;
}

#ifdef TUSK_CLIENT
/* A thread ends, and its memory goes with them. */
void
HnswSearchForgetMarks(void)
{
	spare = NULL;
	nspare = 0;
}
#endif

static void
WidenMarks(HnswMarks *marks, uint32 size)
{
	marks->marks = repalloc_huge(marks->marks, mul_size(size, sizeof(uint64)));
	memset(marks->marks + marks->size, 0,
	       (size - marks->size) * sizeof(uint64));
	marks->size = size;
}

/* For one search, whose memory context gives them back. */
static HnswMarks *
TakeMarks(MemoryContext context, uint32 size)
{
	HnswMarks *marks = spare;

	if (marks)
	{
		spare = marks->next;
		nspare--;
	}
	else
	{
		marks = MemoryContextAllocZero(TopMemoryContext, sizeof(HnswMarks));
		marks->size = 1024;
		marks->marks = MemoryContextAllocZero(TopMemoryContext,
		                                      marks->size * sizeof(uint64));
	}
	marks->callback.func = GiveBackMarks;
	marks->callback.arg = marks;
	MemoryContextRegisterResetCallback(context, &marks->callback);
	if (marks->size < size)
		WidenMarks(marks, size);
	if (++marks->serial == 0)
	{
		memset(marks->marks, 0, marks->size * sizeof(uint64));
		marks->serial = 1;
	}
	return marks;
}

static inline uint32
Known(const HnswSearch *s, uint32 node)
{
	uint64 mark;

	if (unlikely(node >= s->marks->size))
		return HNSW_GRAPH_NONE;
	mark = s->marks->marks[node];
	return mark >> 32 == s->marks->serial ? (uint32) mark : HNSW_GRAPH_NONE;
}

uint32
HnswCachedNumber(const HnswSearch *s, uint32 node)
{
	return Known(s, node);
}

static inline void
Mark(HnswSearch *s, uint32 node, uint32 id)
{
	/* elements were added since the search began */
	if (unlikely(node >= s->marks->size))
		WidenMarks(s->marks, node + node / 8 + 1024);
	s->marks->marks[node] = (uint64) s->marks->serial << 32 | id;
}

/* ---------------------------------------------------------------------------
 * In and out
 * ---------------------------------------------------------------------------
 */

void
HnswSearchUseCache(HnswSearch *s)
{
	HnswCache *c = palloc(sizeof(HnswCache));
	const HnswCacheHeader *h = &c->header;
	uint32 nodes;

	if (s->query == NULL || !HnswCacheOpen(c, s->index, &s->support) ||
	    h->m != s->m)
	{
		pfree(c);
		return;
	}
	s->cache_query = s->query_point;
	s->cache_distances = s->support.distances;
	if (!h->exact)
	{
		void *code = palloc(s->support.code_size);

		s->support.encode(s->query_point, s->support.dim, code);
		s->cache_query = code;
		s->cache_distances = s->support.code_distances;
	}
	nodes = h->nnodes / h->nodes_per_chunk + 1;
	s->marks = TakeMarks(s->context, nodes << h->node_shift);
	s->nodes = MemoryContextAllocHuge(s->context, s->capacity * sizeof(uint32));
	s->cache = c;
}

void
HnswSearchLeaveCache(HnswSearch *s)
{
	s->cache = NULL;
	HnswSearchRehash(s);
}

/* ---------------------------------------------------------------------------
 * Elements
 * ---------------------------------------------------------------------------
 */

/* A node that is being read, and the version that it had at the beginning. */
typedef struct NodeRead
{
	const HnswCacheNode *node;
	uint32 id;
	uint32 version;
} NodeRead;

static inline bool
BeginNode(NodeRead *r)
{
	r->version = pg_atomic_read_u32((pg_atomic_uint32 *) &r->node->version);
	return r->version != 0 && (r->version & 1) == 0;
}

/*
 * A record of the node, with its distance.  False: it has changed, and what is
 * in the record but for the TID is worth nothing.
 */
static inline bool
AddNode(HnswSearch *s, const NodeRead *r, float distance)
{
	const HnswCacheNode *node = r->node;
	uint32 id = HnswSearchAdd(s, &node->tid);
	HnswPageElement *e = &s->elements[id];
	bool deleted = node->deleted;

	e->neighbortid = node->neighbortid;
	e->level = node->level;
	e->version = node->item_version;
	e->ntids = node->ntids;
	e->gone = false;
	e->loaded = false;
	e->out = false;
	e->distance = HnswOrderDistance(distance);
	e->value = NULL;
	s->nodes[id] = r->id;
	Mark(s, r->id, id);
	CLIENT_STEP("direct-node-copied");
	pg_read_barrier(); /* pairs with BeginWrite in hnswcache.c */
	return pg_atomic_read_u32((pg_atomic_uint32 *) &node->version) ==
	           r->version &&
	       r->version != 0 && (r->version & 1) == 0 && !deleted;
}

/*
 * Records of n nodes, at most HNSW_GRAPH_MAX_LM, that are not known yet; false:
 * the entry is not what it was.  Then there may be records that say nothing.
 */
static bool
AddNodes(HnswSearch *s, NodeRead *reads, int n)
{
	const void *points[HNSW_GRAPH_MAX_LM];
	float distances[HNSW_GRAPH_MAX_LM];
	uint32 bad[HNSW_GRAPH_MAX_LM];
	int nbad = 0;

	for (int i = 0; i < n; i++)
	{
		(void) BeginNode(&reads[i]);
		points[i] = HnswCachePoint(s->cache, reads[i].node);
	}
	CLIENT_STEP("direct-nodes-versions");
	pg_read_barrier(); /* pairs with EndWrite in hnswcache.c */
	if (n > 0)
		s->cache_distances(s->cache_query, points, n, s->support.dim,
		                   distances);
	for (int i = 0; i < n; i++)
	{
		if (!AddNode(s, &reads[i], distances[i]))
			bad[nbad++] = s->nelements - 1;
	}
	if (!HnswCacheIsCurrent(s->cache))
		return false;
	/* being changed, or not known yet: the page says what it is */
	for (int i = 0; i < nbad; i += HNSW_LOAD_BATCH)
		HnswSearchLoad(s, bad + i, Min(nbad - i, HNSW_LOAD_BATCH));
	return true;
}

/* Prepare to read a node; false: there is none of that number. */
static inline bool
FindNode(const HnswSearch *s, uint32 id, NodeRead *r)
{
	r->id = id;
	r->node = HnswCacheNodeAt(s->cache, id);
	if (unlikely(r->node == NULL))
		return false;
	for (uint32 at = 0; at < s->cache->header.list_offset; at += 64)
		__builtin_prefetch((const char *) r->node + at);
	return true;
}

uint32
HnswCachedKnown(HnswSearch *s, const ItemPointerData *tid)
{
	uint32 node = HnswCacheLookup(s->cache, tid);
	uint32 id = node == HNSW_GRAPH_NONE ? node : Known(s, node);

	/* what was read of an entry that is gone is not what it seems */
	if (id != HNSW_GRAPH_NONE && !HnswTidEquals(tid, &s->elements[id].tid))
		return HNSW_GRAPH_NONE;
	return id;
}

uint32
HnswCachedElement(HnswSearch *s, const ItemPointerData *tid)
{
	uint32 before = s->nelements;
	uint32 node = HnswCacheLookup(s->cache, tid);
	NodeRead read;
	uint32 id;

	if (node != HNSW_GRAPH_NONE && HnswCacheIsCurrent(s->cache))
	{
		id = Known(s, node);
		if (id != HNSW_GRAPH_NONE)
			return id;
		if (FindNode(s, node, &read) && AddNodes(s, &read, 1))
			return before;
	}
	s->nelements = before;
	HnswSearchLeaveCache(s);
	return HNSW_GRAPH_NONE;
}

/* ---------------------------------------------------------------------------
 * Neighbours
 * ---------------------------------------------------------------------------
 */

/* Numbers of the nodes on a list; -1: one of them is not known. */
static int
ReadNodes(HnswSearch *s, uint32 from, int lc, uint32 *nodes)
{
	const HnswPageElement *e = &s->elements[from];
	const HnswCacheNode *node = HnswCacheNodeAt(s->cache, s->nodes[from]);
	ItemPointerData tids[HNSW_GRAPH_MAX_LM];
	int n = node ? HnswCacheReadList(s->cache, node, e, lc, nodes) : -1;

	if (n >= 0)
		return n;
	n = HnswReadNeighbors(s, e, lc, tids);
	for (int i = 0; i < n; i++)
	{
		nodes[i] = HnswCacheLookup(s->cache, &tids[i]);
		if (nodes[i] == HNSW_GRAPH_NONE)
			return -1;
	}
	return n;
}

int
HnswCachedNeighbors(HnswSearch *s, uint32 from, int lc, uint32 *ids)
{
	uint32 before = s->nelements;
	uint32 nodes[HNSW_GRAPH_MAX_LM];
	NodeRead reads[HNSW_GRAPH_MAX_LM];
	int n = ReadNodes(s, from, lc, nodes);
	int nnew = 0;
	int nids = 0;
	bool ok = n >= 0;

	for (int i = 0; i < n; i++)
		__builtin_prefetch(&s->marks->marks[Min(nodes[i], s->marks->size - 1)]);
	for (int i = 0; i < n && ok; i++)
	{
		uint32 id = Known(s, nodes[i]);

		if (id == HNSW_GRAPH_NONE)
			ok = FindNode(s, nodes[i], &reads[nnew++]);
		else if (s->elements[id].epoch != s->epoch)
			ids[nids++] = id;
	}
	if (ok && AddNodes(s, reads, nnew))
	{
		for (int i = 0; i < nnew; i++)
			ids[nids++] = before + (uint32) i;
		return nids;
	}
	s->nelements = before;
	HnswSearchLeaveCache(s);
	return -1;
}

/* ---------------------------------------------------------------------------
 * The end of a search
 * ---------------------------------------------------------------------------
 */

/*
 * Load what of the candidates is not loaded, and give all their exact
 * distances; those that are gone are taken out.  Returns how many are left;
 * *error: the greatest difference of a distance and the one before.
 */
static int
LoadCandidates(HnswSearch *s, HnswCandidate *c, int n, float *error)
{
	int left = 0;

	*error = 0;
	for (int i = 0; i < n;)
	{
		uint32 ids[HNSW_LOAD_BATCH];
		uint8 version[HNSW_LOAD_BATCH];
		int nids = 0;

		CHECK_FOR_INTERRUPTS();
		for (int j = i; j < n && j < i + HNSW_LOAD_BATCH; j++)
		{
			uint32 id = c[j].id & ~HNSW_EXPANDED;

			if (s->elements[id].loaded)
				continue;
			version[nids] = s->elements[id].version;
			ids[nids++] = id;
		}
		HnswSearchLoad(s, ids, nids);
		/* another one by now: none that the search has met */
		for (int j = 0; j < nids; j++)
		{
			if (s->elements[ids[j]].version != version[j])
				s->elements[ids[j]].gone = s->cut_off = true;
		}
		for (int end = Min(n, i + HNSW_LOAD_BATCH); i < end; i++)
		{
			HnswPageElement *e = &s->elements[c[i].id & ~HNSW_EXPANDED];

			if (e->gone)
				continue;
			*error = Max(*error, fabsf(e->distance - c[i].distance));
			c[left].id = c[i].id;
			c[left++].distance = e->distance;
		}
	}
	return left;
}

static void
OrderPool(HnswSearch *s)
{
	for (int i = 1; i < s->npool; i++)
	{
		HnswCandidate c = s->pool[i];
		int j = i;

		for (; j > 0 && s->pool[j - 1].distance > c.distance; j--)
			s->pool[j] = s->pool[j - 1];
		s->pool[j] = c;
	}
}

/*
 * Codes do not serve: from the pool, by pages.  What the search has met by codes
 * is read when it is met again.
 */
static void
SearchAgain(HnswSearch *s, int ef, int lc)
{
	int64 visited = s->nvisited;

	s->ndiscarded = 0;
	s->nheap = 0;
	HnswSearchLeaveCache(s);
	HnswSearchLayer(s, ef, lc);
	s->nvisited += visited;
}

/*
 * What was passed over is at least so far away.  What of the pool is further
 * comes out with the next batch, or it would come before something nearer.
 */
static void
HoldBack(HnswSearch *s, float distance)
{
	while (s->npool > 1 && s->pool[s->npool - 1].distance > distance)
	{
		HnswCandidate c = s->pool[--s->npool];

		c.id |= HNSW_EXPANDED;
		HnswSearchDiscard(s, c);
	}
}

/*
 * The same for a search that goes on, which must not come back to what it gave
 * out: with all that it has in the order of exact distances.
 */
static void
ContinueOnPages(HnswSearch *s, int ef)
{
	while (s->npool > 0)
	{
		HnswCandidate c = s->pool[--s->npool];

		c.id |= HNSW_EXPANDED;
		HnswSearchDiscard(s, c);
	}
	HnswSearchSettleDiscarded(s);
	HnswSearchLeaveCache(s);
	HnswSearchContinue(s, ef);
}

/* What came of codes for this search, for those to come. */
static void
CountUnfit(const HnswCache *c, bool unfit)
{
#ifndef TUSK_CLIENT /* which only reads there */
	pg_atomic_uint32 *count = &((HnswCacheHeader *) c->entry->am)->unfit;

	if (unfit)
		pg_atomic_fetch_add_u32(count, 1);
	else if (pg_atomic_read_u32(count) > 0 &&
	         pg_atomic_read_u32(count) <= PG_INT32_MAX)
		pg_atomic_fetch_sub_u32(count, 1);
#endif
}

void
HnswSearchSettle(HnswSearch *s, int ef, int lc)
{
	bool by_code = s->cache != NULL && !s->cache->header.exact;
	bool full = s->npool >= ef;
	float reach = s->npool > 0 ? s->pool[s->npool - 1].distance : 0;
	float error;

	s->npool = LoadCandidates(s, s->pool, s->npool, &error);
	OrderPool(s);
	/* not full: all that can be reached was found, nothing was passed over */
	if (s->npool == 0 || !full)
		return;
	if (by_code)
	{
		float range = s->pool[s->npool - 1].distance - s->pool[0].distance;
		bool unfit = error > CODE_ERROR * range;

		if (!s->continued)
			CountUnfit(s->cache, unfit);
		if (s->in_order)
			unfit = error > IN_ORDER_ERROR * range;
		if (unfit && !s->continued)
			SearchAgain(s, Max(ef, s->npool), lc);
		else if (unfit && s->in_order)
			ContinueOnPages(s, ef);
	}
	if (s->cache && s->in_order)
		HoldBack(s, reach - IN_ORDER_MARGIN * error);
}

void
HnswSearchSettleDiscarded(HnswSearch *s)
{
	float error;

	s->ndiscarded = LoadCandidates(s, s->discarded, s->ndiscarded, &error);
	s->nheap = 0; /* their order is another one */
}
