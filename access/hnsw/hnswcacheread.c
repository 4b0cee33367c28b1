/*
 * hnswcacheread.c
 *	  The reader's part of an hnsw index in the index cache.
 *
 * hnswcache.c says what is there.  Nothing is locked or written here: whatever
 * was read counts if the entry is current after it (HnswCacheIsCurrent), and
 * every number is checked before something is looked up by it.  libtusk has
 * this file too.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "libpq/client_step.h"

/* Searches that codes may fail to serve before nobody tries any more. */
#define MAX_UNFIT 64

pg_atomic_uint32 *
HnswCacheItemPlace(const HnswCache *c, const ItemPointerData *tid)
{
	const HnswCacheHeader *h = &c->header;
	BlockNumber blkno = ItemPointerGetBlockNumberNoCheck(tid);
	uint32 off = ItemPointerGetOffsetNumberNoCheck(tid);
	uint32 place = blkno / h->blocks_per_chunk;
	char *chunk = IndexCacheChunk(c->entry, HNSW_CACHE_ITEMS, place);

	if (chunk == NULL || off < FirstOffsetNumber || off > h->items_per_block)
		return NULL;
	return (pg_atomic_uint32 *) chunk +
	       (blkno - place * h->blocks_per_chunk) * h->items_per_block +
	       (off - FirstOffsetNumber);
}

uint32
HnswCacheLookup(const HnswCache *c, const ItemPointerData *tid)
{
	pg_atomic_uint32 *place = HnswCacheItemPlace(c, tid);

	/* 0 becomes HNSW_GRAPH_NONE */
	return place ? pg_atomic_read_u32(place) - 1 : HNSW_GRAPH_NONE;
}

uint32 *
HnswCacheUpperList(const HnswCache *c, uint32 upper, int lc)
{
	uint32 per_chunk = c->header.uppers_per_chunk;
	uint32 m = c->header.m;
	uint32 at = (upper - 1) % per_chunk + (lc - 1) * m;
	char *chunk =
		IndexCacheChunk(c->entry, HNSW_CACHE_UPPER, (upper - 1) / per_chunk);

	if (upper == 0 || chunk == NULL || at + m > per_chunk)
		return NULL;
	return (uint32 *) chunk + at;
}

bool
HnswCacheOpen(HnswCache *c, Relation index, const VectorSupport *support)
{
	if (IndexCache == NULL || !enable_index_cache ||
	    RelationUsesLocalBuffers(index))
		return false;
	c->entry = IndexCacheFind(&index->rd_node);
	if (c->entry == NULL)
		return false;
	c->version = pg_atomic_read_u64(&c->entry->version);
	if ((c->version & INDEX_CACHE_STATE_MASK) != INDEX_CACHE_VALID)
		return false;
	pg_read_barrier(); /* pairs with SetVersion in indexcache.c */
	memcpy(&c->header, c->entry->am, sizeof(c->header));
	if (!RelFileNodeEquals(c->entry->rnode, index->rd_node) ||
	    !HnswCacheIsCurrent(c))
		return false;
	IndexCacheTouch(c->entry);
	return c->header.dim == support->dim &&
	       (int32) pg_atomic_read_u32(&c->header.unfit) < MAX_UNFIT;
}

int
HnswCacheReadList(const HnswCache *c, const HnswCacheNode *node,
                  const HnswPageElement *e, int lc, uint32 *ids)
{
	int m = c->header.m;
	int lm = HnswGetLayerM(m, lc);

	for (int i = 0; i < 2; i++)
	{
		uint32 version =
			pg_atomic_read_u32((pg_atomic_uint32 *) &node->list_version);
		const uint32 *list = HnswCacheList0(c, node);
		int n = 0;

		if (version == 0 || (version & 1) != 0)
			return -1;
		CLIENT_STEP("direct-list-version");
		pg_read_barrier(); /* pairs with EndWrite */
		/* the element was deleted, and perhaps its place used again */
		if (node->list_item_version != e->version ||
		    node->list_count != (e->level + 2) * m || lc > e->level)
			return -1;
		if (lc > 0)
			list = HnswCacheUpperList(
				c, *(const volatile uint32 *) &node->upper, lc);
		for (; list != NULL && n < lm; n++)
		{
			ids[n] = *(const volatile uint32 *) &list[n];
			if (ids[n] == HNSW_GRAPH_NONE)
				break;
		}
		CLIENT_STEP("direct-list-copied");
		pg_read_barrier(); /* pairs with BeginWrite */
		if (pg_atomic_read_u32((pg_atomic_uint32 *) &node->list_version) ==
		    version)
			return n;
	}
	return -1;
}
