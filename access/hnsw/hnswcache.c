/*
 * hnswcache.c
 *	  An hnsw index in the index cache: what is there, and how it stays true.
 *
 * On pages an element costs a search some 14 cache misses: mapping table,
 * buffer descriptor, page header, line pointer, the value, the neighbours.
 * Here it is one node, found by a number of 32 bits: the point's code (8 bits a
 * dimension; the point itself where the metric has no codes), the numbers of
 * its neighbours on layer 0, and what a search asks of the element.  Rows and
 * exact distances are read from the pages, of the few that a search has found.
 *
 *	items   by block and offset: number + 1 of the node that the element is, or
 *			that the neighbour tuple belongs to; 0: not known
 *	nodes   handed out in order, never given back
 *	upper   numbers of neighbours above layer 0, layer 1 first
 *
 * Rules
 * 1. Who changes a page of elements tells the cache what has changed
 *	  (HnswCacheChanged) before he lets go of the exclusive content lock, in a
 *	  critical section: so nobody sees the new page and the old node, and what
 *	  goes wrong in between is a reset of shared memory.  A reader who finds the
 *	  old node reads as if he had come before the change.
 * 2. The loader enters the index first, as LOADING, and reads the pages then,
 *	  each under its share lock: a change that he did not see finds the entry.
 * 3. A node has two halves, each of one page: the element and its list.  They
 *	  have versions of their own, odd while they are written.
 * 4. A number gets its TID before it is in a list or among the items.  What is
 *	  not known yet has version 0, and is read from its page.
 * 5. An element and its neighbour tuple keep their places, and so each other,
 *	  when they are used again (hnswinsert.c).
 * 6. No room for a change, or a page that is none of hnsw's: the entry goes.
 * 7. A node that is not deleted keeps its point as long as its element has the
 *	  same version: only vacuum takes values away, and it raises the version.
 *
 * The flush of a build does not tell: nobody searches the index before it is
 * over, and a relfilenode that is built anew was truncated, which drops the
 * entry.  What a build inserts on pages after that goes by the cache, as any
 * insert.  Nor does replay tell, which comes before all searches.
 *
 * Readers need hnswcacheread.c alone.
 *
 * Lock order: page lock -> content lock -> IndexCacheLock -> the entry's lock.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "access/vector_codes.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#define NODE_ALIGN 64
/* A point's numbers begin on a line of their own. */
#define CODE_OFFSET (NODE_ALIGN - offsetof(VectorCode, x))

/* Numbers of nodes are of 32 bits. */
#define MAX_PER_CHUNK (1u << 21)

StaticAssertDecl(sizeof(HnswCacheNode) <= CODE_OFFSET, "a node's first line");

/* ---------------------------------------------------------------------------
 * Layout
 * ---------------------------------------------------------------------------
 */

/* False: nothing of this index can be in the cache. */
static bool
InitHeader(HnswCacheHeader *h, const VectorSupport *support, int m)
{
	Size chunk = IndexCache->chunk_size;
	Size usable = BLCKSZ - MAXALIGN(SizeOfPageHeaderData) -
	              MAXALIGN(sizeof(HnswPageOpaqueData));
	Size item;
	Size size;

	memset(h, 0, sizeof(*h));
	h->magic = HNSW_CACHE_MAGIC;
	h->m = (uint16) m;
	h->dim = support->dim;
	h->exact = support->code_size == 0;
	h->point_offset = h->exact ? NODE_ALIGN : CODE_OFFSET;
	size = h->exact ? support->value_size - support->point_offset
	                : support->code_size;
	h->list_offset = (uint32) TYPEALIGN(16, h->point_offset + size);
	h->node_size = (uint32) TYPEALIGN(
		NODE_ALIGN, h->list_offset + HnswGetLayerM(m, 0) * sizeof(uint32));
	h->nodes_per_chunk = (uint32) Min(chunk / h->node_size, MAX_PER_CHUNK);
	while (h->nodes_per_chunk > (1u << h->node_shift))
		h->node_shift++;
	item = Min(HNSW_ELEMENT_TUPLE_SIZE(support->value_size),
	           HNSW_NEIGHBOR_TUPLE_SIZE(0, m));
	h->items_per_block = (uint32) (usable / (item + sizeof(ItemIdData))) + 1;
	h->blocks_per_chunk =
		(uint32) (chunk / (h->items_per_block * sizeof(uint32)));
	h->uppers_per_chunk = (uint32) (chunk / sizeof(uint32));
	return h->nodes_per_chunk > 0;
}

/* Chunks for so many blocks, and some for what inserts will add. */
static Size
ChunksNeeded(const HnswCacheHeader *h, const VectorSupport *support,
             BlockNumber nblocks)
{
	Size usable = BLCKSZ - MAXALIGN(SizeOfPageHeaderData) -
	              MAXALIGN(sizeof(HnswPageOpaqueData));
	Size pair = HNSW_ELEMENT_TUPLE_SIZE(support->value_size) +
	            HNSW_NEIGHBOR_TUPLE_SIZE(0, h->m) + 2 * sizeof(ItemIdData);
	double nodes = (double) nblocks * Max(usable / pair, 1);
	double uppers = nodes / (h->m - 1) * h->m;
	double chunks = nodes / h->nodes_per_chunk +
	                (double) nblocks / h->blocks_per_chunk +
	                uppers / h->uppers_per_chunk;

	return (Size) (chunks * 17 / 16) + INDEX_CACHE_PARTS;
}

/* ---------------------------------------------------------------------------
 * Finding and making nodes
 * ---------------------------------------------------------------------------
 */

static inline HnswCacheHeader *
SharedHeader(const HnswCache *c)
{
	return (HnswCacheHeader *) c->entry->am;
}

/* A new number for the element at tid.  The entry's lock is held. */
static uint32
MakeNode(HnswCache *c, const ItemPointerData *tid)
{
	HnswCacheHeader *h = SharedHeader(c);
	uint32 place = h->nnodes / h->nodes_per_chunk;
	uint32 inside = h->nnodes % h->nodes_per_chunk;
	uint32 id = (place << h->node_shift) | inside;

	if (inside == 0 &&
	    IndexCacheAddChunk(c->entry, HNSW_CACHE_NODES, place) == NULL)
		return HNSW_GRAPH_NONE;
	h->nnodes++;
	HnswCacheNodeAt(c, id)->tid = *tid;
	pg_write_barrier(); /* pairs with the dependent reads of a number */
	return id;
}

/* The same, if the item has none yet, and its place among the items. */
static uint32
EnterItem(HnswCache *c, const ItemPointerData *tid, uint32 id)
{
	LWLock *lock = IndexCacheEntryLock(c->entry);
	pg_atomic_uint32 *place;

	LWLockAcquire(lock, LW_EXCLUSIVE);
	place = HnswCacheItemPlace(c, tid);
	if (place == NULL)
	{
		uint32 at =
			ItemPointerGetBlockNumberNoCheck(tid) / c->header.blocks_per_chunk;

		if (IndexCacheChunk(c->entry, HNSW_CACHE_ITEMS, at) == NULL)
			(void) IndexCacheAddChunk(c->entry, HNSW_CACHE_ITEMS, at);
		place = HnswCacheItemPlace(c, tid);
	}
	if (place == NULL)
		id = HNSW_GRAPH_NONE;
	else if (pg_atomic_read_u32(place) != 0)
		id = pg_atomic_read_u32(place) - 1;
	else
	{
		if (id == HNSW_GRAPH_NONE)
			id = MakeNode(c, tid);
		pg_atomic_write_u32(place, id + 1);
	}
	LWLockRelease(lock);
	return id;
}

/* The number of the element at tid; HNSW_GRAPH_NONE: no room. */
static uint32
NumberOf(HnswCache *c, const ItemPointerData *tid)
{
	uint32 id = HnswCacheLookup(c, tid);

	return id != HNSW_GRAPH_NONE ? id : EnterItem(c, tid, HNSW_GRAPH_NONE);
}

/* ---------------------------------------------------------------------------
 * Filling nodes from items of a page that is locked.  False: they cannot.
 * ---------------------------------------------------------------------------
 */

static void
BeginWrite(pg_atomic_uint32 *version)
{
	pg_atomic_write_u32(version, pg_atomic_read_u32(version) | 1);
	pg_write_barrier(); /* pairs with who reads a half */
}

static void
EndWrite(pg_atomic_uint32 *version)
{
	uint32 next = pg_atomic_read_u32(version) + 1;

	pg_write_barrier(); /* pairs with who reads a half */
	pg_atomic_write_u32(version, next == 0 ? 2 : next);
}

static int
CountTids(const HnswElementTupleData *etup)
{
	int n = 0;

	while (n < HNSW_HEAPTIDS && ItemPointerIsValid(&etup->heaptids[n]))
		n++;
	return n;
}

static void
FormPoint(const HnswCache *c, const VectorSupport *support,
          const HnswElementTupleData *etup, void *point)
{
	const void *from = VectorPoint(support, &etup->data);

	if (c->header.exact)
		memcpy(point, from, support->value_size - support->point_offset);
	else
		support->encode(from, support->dim, point);
}

static bool
IsElement(const VectorSupport *support, const HnswElementTupleData *etup,
          Size len)
{
	Size room = len - offsetof(HnswElementTupleData, data);

	if (len < offsetof(HnswElementTupleData, data) + support->value_size)
		return false;
	return etup->deleted ||
	       support->type->fits(&etup->data, room, support->dim);
}

static bool
SetElement(HnswCache *c, const VectorSupport *support,
           const ItemPointerData *tid, const HnswElementTupleData *etup,
           Size len)
{
	HnswCacheNode *node;
	uint32 id;
	bool same;

	if (!IsElement(support, etup, len))
		return false;
	id = NumberOf(c, tid);
	if (id == HNSW_GRAPH_NONE)
		return false;
	if (HnswCacheLookup(c, &etup->neighbortid) != id &&
	    EnterItem(c, &etup->neighbortid, id) != id)
		return false;
	node = HnswCacheNodeAt(c, id);
	/* a place is deleted before it gets another value (rule 7) */
	same = pg_atomic_read_u32(&node->version) != 0 && !node->deleted &&
	       node->item_version == etup->version;
	BeginWrite(&node->version);
	node->neighbortid = etup->neighbortid;
	node->level = etup->level;
	node->item_version = etup->version;
	node->ntids = (uint8) CountTids(etup);
	node->deleted = etup->deleted;
	if (!etup->deleted && !same)
		FormPoint(c, support, etup, HnswCachePoint(c, node));
	EndWrite(&node->version);
	return true;
}

/* Room for n numbers above layer 0; false: there is none. */
static bool
MakeUpper(HnswCache *c, HnswCacheNode *node, uint32 n)
{
	LWLock *lock = IndexCacheEntryLock(c->entry);
	HnswCacheHeader *h = SharedHeader(c);
	uint32 per_chunk = h->uppers_per_chunk;
	bool made = true;

	if (node->upper_room >= n)
		return true;
	LWLockAcquire(lock, LW_EXCLUSIVE);
	if (h->upper_used % per_chunk + n > per_chunk)
		h->upper_used += per_chunk - h->upper_used % per_chunk;
	if (IndexCacheChunk(c->entry, HNSW_CACHE_UPPER,
	                    h->upper_used / per_chunk) == NULL)
		made = IndexCacheAddChunk(c->entry, HNSW_CACHE_UPPER,
		                          h->upper_used / per_chunk) != NULL;
	if (made)
	{
		node->upper = h->upper_used + 1;
		node->upper_room = n;
		h->upper_used += n;
	}
	LWLockRelease(lock);
	return made;
}

/*
 * The numbers of lm slots; was: NULL, or what list has the numbers of.  False:
 * no room.
 */
static bool
SetNumbers(HnswCache *c, uint32 *list, const ItemPointerData *tids,
           const ItemPointerData *was, int lm)
{
	for (int i = 0; i < lm; i++)
	{
		if (!was || !HnswTidEquals(&was[i], &tids[i]))
			__builtin_prefetch(HnswCacheItemPlace(c, &tids[i]));
	}
	for (int i = 0; i < lm; i++)
	{
		if (was && HnswTidEquals(&was[i], &tids[i]))
			continue;
		list[i] = HNSW_GRAPH_NONE;
		if (!ItemPointerIsValid(&tids[i]))
			continue;
		list[i] = NumberOf(c, &tids[i]);
		if (list[i] == HNSW_GRAPH_NONE)
			return false;
	}
	return true;
}

/* was: NULL, or the tuple that the node was set from. */
static bool
SetList(HnswCache *c, const ItemPointerData *tid,
        const HnswNeighborTupleData *ntup, Size len,
        const HnswNeighborTupleData *was)
{
	uint32 id = HnswCacheLookup(c, tid);
	int m = c->header.m;
	int level = ntup->count / m - 2;
	HnswCacheNode *node;
	bool set;

	if (ntup->count % m != 0 || level < 0 || level > HnswGetMaxLevel(m) ||
	    len < offsetof(HnswNeighborTupleData, indextids) +
	              ntup->count * sizeof(ItemPointerData))
		return false;
	/* the loader has not come to its element */
	if (id == HNSW_GRAPH_NONE)
		return true;
	node = HnswCacheNodeAt(c, id);
	if (pg_atomic_read_u32(&node->list_version) == 0 ||
	    (was && was->count != ntup->count))
		was = NULL;
	BeginWrite(&node->list_version);
	node->list_item_version = ntup->version;
	node->list_count = ntup->count;
	set = MakeUpper(c, node, (uint32) (level * m));
	for (int lc = 0; lc <= level && set; lc++)
	{
		int start = HnswLayerStart(level, m, lc);

		set = SetNumbers(c,
		                 lc == 0 ? HnswCacheList0(c, node)
		                         : HnswCacheUpperList(c, node->upper, lc),
		                 ntup->indextids + start,
		                 was ? was->indextids + start : NULL,
		                 HnswGetLayerM(m, lc));
	}
	if (set)
		EndWrite(&node->list_version);
	return set;
}

/* was: NULL, or the item that was there before, as long as this one. */
static bool
SetItem(HnswCache *c, const VectorSupport *support, Page page,
        BlockNumber blkno, OffsetNumber off, const void *was)
{
	ItemId iid = PageGetItemId(page, off);
	ItemPointerData tid;
	uint8 *item;

	ItemPointerSet(&tid, blkno, off);
	if (!ItemIdIsNormal(iid))
		return false;
	item = (uint8 *) PageGetItem(page, iid);
	if (*item == HNSW_ELEMENT_TUPLE_TYPE)
		return SetElement(c, support, &tid, (HnswElementTuple) item,
		                  ItemIdGetLength(iid));
	if (*item == HNSW_NEIGHBOR_TUPLE_TYPE)
		return SetList(c, &tid, (HnswNeighborTuple) item, ItemIdGetLength(iid),
		               was);
	return false;
}

static bool
SetPage(HnswCache *c, const VectorSupport *support, Page page,
        BlockNumber blkno)
{
	OffsetNumber max = PageGetMaxOffsetNumber(page);

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		if (!SetItem(c, support, page, blkno, off, NULL))
			return false;
	}
	return true;
}

/* The lines of the item's node that a change writes. */
static void
PrefetchNode(const HnswCache *c, const ItemPointerData *tid)
{
	uint32 id = HnswCacheLookup(c, tid);
	const char *node;

	if (id == HNSW_GRAPH_NONE)
		return;
	node = (const char *) HnswCacheNodeAt(c, id);
	__builtin_prefetch(node, 1);
	for (uint32 at = c->header.list_offset; at < c->header.node_size;
	     at += NODE_ALIGN)
		__builtin_prefetch(node + at, 1);
}

/* The same of what differs from the page before; its items are where they were. */
static bool
SetDifference(HnswCache *c, const VectorSupport *support, Page page,
              const char *before, BlockNumber blkno)
{
	OffsetNumber max = PageGetMaxOffsetNumber(page);

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		ItemPointerData tid;

		ItemPointerSet(&tid, blkno, off);
		PrefetchNode(c, &tid);
	}
	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		ItemId iid = PageGetItemId(page, off);
		const char *was = before + ItemIdGetOffset(iid);

		if (memcmp(page + ItemIdGetOffset(iid), was, ItemIdGetLength(iid)) !=
		        0 &&
		    !SetItem(c, support, page, blkno, off, was))
			return false;
	}
	return true;
}

/* ---------------------------------------------------------------------------
 * Changes
 * ---------------------------------------------------------------------------
 */

/* The entry in whatever state; IndexCacheLock is held. */
static bool
FindEntry(HnswCache *c, Relation index)
{
	c->entry = IndexCacheFind(&index->rd_node);
	if (c->entry == NULL)
		return false;
	c->version = pg_atomic_read_u64(&c->entry->version);
	memcpy(&c->header, c->entry->am, sizeof(c->header));
	Assert(c->header.magic == HNSW_CACHE_MAGIC);
	return true;
}

/* off: InvalidOffsetNumber, then before is the page as it was. */
static void
Changed(Relation index, const VectorSupport *support, Buffer buf,
        OffsetNumber off, const char *before)
{
	HnswCache c;
	bool set = true;

	Assert(BufferIsExclusiveLocked(buf));
	START_CRIT_SECTION();
	INJECTION_POINT_CRITICAL("hnsw-cache-change");
	LWLockAcquire(IndexCacheLock, LW_SHARED);
	if (FindEntry(&c, index))
	{
		Page page = BufferGetPage(buf);
		BlockNumber blkno = BufferGetBlockNumber(buf);

		if (off == InvalidOffsetNumber)
			set = SetDifference(&c, support, page, before, blkno);
		else
			set = SetItem(&c, support, page, blkno, off, NULL);
	}
	LWLockRelease(IndexCacheLock);
	if (!set)
		IndexCacheDrop(&index->rd_node);
	END_CRIT_SECTION();
}

/* May there be an entry to keep true? */
static bool
MayBeCached(Relation index)
{
	return IndexCache != NULL && !RelationUsesLocalBuffers(index) &&
	       IndexCacheFind(&index->rd_node) != NULL;
}

void
HnswCacheChanged(Relation index, const VectorSupport *support, Buffer buf,
                 OffsetNumber off)
{
	if (MayBeCached(index))
		Changed(index, support, buf, off, NULL);
}

void
HnswCacheChangedPage(Relation index, const VectorSupport *support, Buffer buf,
                     const char *before)
{
	if (MayBeCached(index))
		Changed(index, support, buf, InvalidOffsetNumber, before);
}

/* ---------------------------------------------------------------------------
 * Loading
 * ---------------------------------------------------------------------------
 */

static void
DropLoading(int code, Datum arg)
{
	HnswCache *c = (HnswCache *) DatumGetPointer(arg);

	IndexCacheDropEntry(c->entry, c->version);
}

/* False: it did not fit, or the entry is gone. */
static bool
LoadPages(HnswCache *c, Relation index, const VectorSupport *support)
{
	BufferAccessStrategy strategy = GetAccessStrategy(BAS_BULKREAD);
	BlockNumber blkno = HNSW_HEAD_BLKNO;
	bool set = true;

	/* pages that come behind the end are told by who appends them */
	while (blkno < RelationGetNumberOfBlocks(index) && set)
	{
		BlockNumber end = RelationGetNumberOfBlocks(index);

		for (; blkno < end && set; blkno++)
		{
			Buffer buf;

			CHECK_FOR_INTERRUPTS();
			INJECTION_POINT("hnsw-cache-load");
			buf = ReadBufferExtended(index, MAIN_FORKNUM, blkno, RBM_NORMAL,
			                         strategy);
			LockBuffer(buf, BUFFER_LOCK_SHARE);
			LWLockAcquire(IndexCacheLock, LW_SHARED);
			set = HnswCacheIsCurrent(c) &&
			      (PageIsNew(BufferGetPage(buf)) ||
			       SetPage(c, support, BufferGetPage(buf), blkno));
			LWLockRelease(IndexCacheLock);
			UnlockReleaseBuffer(buf);
		}
	}
	FreeAccessStrategy(strategy);
	return set;
}

void
HnswCacheLoad(Relation index, const VectorSupport *support)
{
	HnswCache c;
	bool loaded = false;
	int m;

	if (IndexCache == NULL || !enable_index_cache || support->value_size == 0 ||
	    RelationUsesLocalBuffers(index) ||
	    IndexCacheFind(&index->rd_node) != NULL ||
	    IndexCacheIsRefused(&index->rd_node))
		return;
	HnswGetMetaPageInfo(index, &m, NULL, NULL, NULL);
	if (!InitHeader(&c.header, support, m))
		return;
	c.entry = IndexCacheBeginLoad(
		&index->rd_node,
		ChunksNeeded(&c.header, support, RelationGetNumberOfBlocks(index)),
		&c.header, sizeof(c.header), &c.version);
	if (c.entry == NULL)
	{
		IndexCacheRefuse(&index->rd_node, INDEX_CACHE_NO_ROOM_SEARCHES);
		return;
	}
	PG_ENSURE_ERROR_CLEANUP(DropLoading, PointerGetDatum(&c));
	{
		loaded = LoadPages(&c, index, support);
		INJECTION_POINT("hnsw-cache-loaded");
	}
	PG_END_ENSURE_ERROR_CLEANUP(DropLoading, PointerGetDatum(&c));
	if (loaded)
		(void) IndexCacheEndLoad(c.entry, c.version);
	else
	{
		IndexCacheDropEntry(c.entry, c.version);
		IndexCacheRefuse(&index->rd_node, INDEX_CACHE_REFUSED_SEARCHES);
	}
}

/* ---------------------------------------------------------------------------
 * Comparing with a page, which is locked: for tusk_check
 * ---------------------------------------------------------------------------
 */

static const char *
CompareElement(const HnswCache *c, const VectorSupport *support,
               const HnswCacheNode *node, const HnswElementTupleData *etup)
{
	if (node->level != etup->level || node->item_version != etup->version ||
	    node->ntids != CountTids(etup) || node->deleted != etup->deleted ||
	    !HnswTidEquals(&node->neighbortid, &etup->neighbortid))
		return "another element";
	if (!etup->deleted)
	{
		Size size = c->header.exact
		                ? support->value_size - support->point_offset
		                : support->code_size;
		void *point = palloc(size);

		FormPoint(c, support, etup, point);
		if (memcmp(point, HnswCachePoint(c, node), size) != 0)
			return "another value";
	}
	return NULL;
}

static const char *
CompareList(const HnswCache *c, const HnswCacheNode *node,
            const HnswNeighborTupleData *ntup)
{
	int m = c->header.m;
	int level = ntup->count / m - 2;

	if (node->list_count != ntup->count ||
	    node->list_item_version != ntup->version)
		return "another list";
	for (int lc = level; lc >= 0; lc--)
	{
		const uint32 *list = lc == 0 ? HnswCacheList0(c, node)
		                             : HnswCacheUpperList(c, node->upper, lc);

		for (int i = 0; i < HnswGetLayerM(m, lc); i++)
		{
			const ItemPointerData *tid =
				&ntup->indextids[HnswLayerStart(level, m, lc) + i];

			if (list[i] == HNSW_GRAPH_NONE
			        ? ItemPointerIsValid(tid)
			        : !HnswTidEquals(tid, &HnswCacheNodeAt(c, list[i])->tid))
				return "another neighbour";
		}
	}
	return NULL;
}

char *
HnswCacheCompare(Relation index, const VectorSupport *support, Buffer buf,
                 OffsetNumber off)
{
	Page page = BufferGetPage(buf);
	uint8 *item = (uint8 *) PageGetItem(page, PageGetItemId(page, off));
	const char *difference = NULL;
	ItemPointerData tid;
	HnswCache c;

	if (IndexCache == NULL || RelationUsesLocalBuffers(index))
		return NULL;
	ItemPointerSet(&tid, BufferGetBlockNumber(buf), off);
	LWLockAcquire(IndexCacheLock, LW_SHARED);
	if (FindEntry(&c, index) &&
	    (c.version & INDEX_CACHE_STATE_MASK) == INDEX_CACHE_VALID)
	{
		uint32 id = HnswCacheLookup(&c, &tid);
		HnswCacheNode *node =
			id == HNSW_GRAPH_NONE ? NULL : HnswCacheNodeAt(&c, id);

		if (node == NULL)
			difference = "nothing";
		else if (*item == HNSW_ELEMENT_TUPLE_TYPE)
			difference =
				CompareElement(&c, support, node, (HnswElementTuple) item);
		else if (pg_atomic_read_u32(&node->list_version) != 0)
			difference = CompareList(&c, node, (HnswNeighborTuple) item);
	}
	LWLockRelease(IndexCacheLock);
	return difference ? pstrdup(difference) : NULL;
}
