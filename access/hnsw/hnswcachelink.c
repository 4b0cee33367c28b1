/*
 * hnswcachelink.c
 *	  Inserts through the index cache: choice of neighbours, and of the links
 *	  that are given up for a new element.
 *
 * The decisions are those of hnswinsert.c and hnswlink.c, made from codes, as a
 * build makes them, and from lists of numbers.  A point may be changed while it
 * is looked at: that makes another choice, but not a wrong one.  Elements and
 * lists are taken for what they seem only after the entry was found to be what
 * it was; else the caller decides by pages.
 *
 * Pages are changed as ever, under their locks, and what must be true of a list
 * is looked at again there.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "access/hnsw_cache.h"

/* What the heuristic needs to know for points in the cache. */
static VectorSupport
PointSupport(const HnswSearch *s)
{
	VectorSupport support = s->support;

	support.distances = s->cache_distances;
	return support;
}

bool
HnswCachedSelect(HnswSearch *s, const HnswCandidate *from, int n, int lm,
                 HnswCandidate *out, int *nout)
{
	VectorSupport support = PointSupport(s);
	HnswCandidate candidates[HNSW_MAX_CANDIDATES];
	const void *points[HNSW_MAX_CANDIDATES];
	float distances[HNSW_MAX_CANDIDATES];

	for (int i = 0; i < n; i++)
	{
		HnswCacheNode *node = HnswCacheNodeAt(s->cache, s->nodes[from[i].id]);

		if (node == NULL)
			return false;
		points[i] = HnswCachePoint(s->cache, node);
	}
	if (n > 0)
		support.distances(s->cache_query, points, n, support.dim, distances);
	for (int i = 0; i < n; i++)
		candidates[i] = (HnswCandidate){distances[i], from[i].id};
	*nout = HnswSelectNeighbors(&support, candidates, points, n, lm, out);
	return HnswCacheIsCurrent(s->cache);
}

/* Which of lm entries, whose points these are, the heuristic leaves out. */
static int
LeftOut(const HnswSearch *s, const void *from, const void *const *points,
        int lm)
{
	VectorSupport support = PointSupport(s);
	HnswCandidate candidates[HNSW_GRAPH_MAX_LM + 1];
	HnswCandidate chosen[HNSW_GRAPH_MAX_LM];
	const void *ordered[HNSW_GRAPH_MAX_LM + 1];
	float distances[HNSW_GRAPH_MAX_LM + 1];
	bool kept[HNSW_GRAPH_MAX_LM + 1] = {false};
	int count;

	/* points[lm] is that of the new element */
	support.distances(from, points, lm + 1, support.dim, distances);
	for (int i = 0; i <= lm; i++)
	{
		HnswCandidate c = {distances[i], (uint32) i};
		int j = i;

		for (; j > 0 && candidates[j - 1].distance > c.distance; j--)
			candidates[j] = candidates[j - 1];
		candidates[j] = c;
	}
	for (int i = 0; i <= lm; i++)
		ordered[i] = points[candidates[i].id];
	count =
		HnswSelectNeighbors(&support, candidates, ordered, lm + 1, lm, chosen);
	for (int i = 0; i < count; i++)
		kept[chosen[i].id] = true;
	for (int i = 0; i < lm; i++)
	{
		if (!kept[i])
			return i;
	}
	return lm;
}

int
HnswCachedChoose(HnswSearch *s, uint32 from, int lc, uint32 *nodes, int *slot,
                 ItemPointerData *dropped)
{
	const HnswCache *c = s->cache;
	const HnswCacheNode *own = HnswCacheNodeAt(c, s->nodes[from]);
	const void *points[HNSW_GRAPH_MAX_LM + 1];
	const HnswCacheNode *entries[HNSW_GRAPH_MAX_LM];
	int lm = HnswGetLayerM(s->m, lc);
	int n = -1;

	if (own != NULL)
		n = HnswCacheReadList(c, own, &s->elements[from], lc, nodes);
	if (n < lm)
		return n;
	for (int i = 0; i < lm; i++)
	{
		entries[i] = HnswCacheNodeAt(c, nodes[i]);
		if (entries[i] == NULL)
			return -1;
		for (uint32 at = 0; at < c->header.list_offset; at += 64)
			__builtin_prefetch((const char *) entries[i] + at);
		points[i] = HnswCachePoint(c, entries[i]);
	}
	*slot = -1;
	for (int i = 0; i < lm && *slot < 0; i++)
	{
		uint32 version =
			pg_atomic_read_u32((pg_atomic_uint32 *) &entries[i]->version);

		if (version == 0 || (version & 1) != 0)
			return -1;
		if (entries[i]->ntids == 0)
			*slot = i;
	}
	points[lm] = s->cache_query;
	if (*slot < 0)
		*slot = LeftOut(s, HnswCachePoint(c, own), points, lm);
	if (*slot < lm)
		*dropped = entries[*slot]->tid;
	return n;
}

int
HnswCachedReadList(HnswSearch *s, uint32 id, uint32 *nodes)
{
	const HnswCacheNode *node = HnswCacheNodeAt(s->cache, s->nodes[id]);

	if (node == NULL)
		return -1;
	return HnswCacheReadList(s->cache, node, &s->elements[id], 0, nodes);
}

bool
HnswCachedLeadsTo(HnswSearch *s, uint32 from, uint32 to, bool *rows,
                  bool *known)
{
	const HnswCacheNode *node = HnswCacheNodeAt(s->cache, from);
	uint32 nodes[HNSW_GRAPH_MAX_LM];
	HnswPageElement e = {0};
	uint32 version;
	int n;

	*known = false;
	if (node == NULL)
		return false;
	version = pg_atomic_read_u32((pg_atomic_uint32 *) &node->version);
	pg_read_barrier(); /* pairs with EndWrite in hnswcache.c */
	e.level = node->level;
	e.version = node->item_version;
	e.ntids = node->ntids;
	pg_read_barrier(); /* pairs with BeginWrite in hnswcache.c */
	if (version == 0 || (version & 1) != 0 ||
	    pg_atomic_read_u32((pg_atomic_uint32 *) &node->version) != version)
		return false;
	n = HnswCacheReadList(s->cache, node, &e, 0, nodes);
	if (n < 0)
		return false;
	*known = true;
	*rows = e.ntids > 0;
	for (int i = 0; i < n; i++)
	{
		if (nodes[i] == to)
			return true;
	}
	return false;
}
