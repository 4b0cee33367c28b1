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
 *
 * The flush of a build does not tell: nobody searches the index before it is
 * over, and a relfilenode that is built anew was truncated, which drops the
 * entry.  What a build inserts on pages after that goes by the cache, as any
 * insert.  Nor does replay tell, which comes before all searches.
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

/* Searches that codes may fail to serve before nobody tries any more. */
#define MAX_UNFIT 64

/* Indexes that did not fit; the next searches of this process do not try. */
#define REFUSED 8
#define REFUSED_SEARCHES 200
#define NO_ROOM_SEARCHES 10 /* others may have gone by then */

StaticAssertDecl(sizeof(HnswCacheNode) <= CODE_OFFSET, "a node's first line");

typedef struct Refusal
{
	RelFileNode rnode;
	int left;
} Refusal;

static Refusal refused[REFUSED];
static int next_refused;

/* ---------------------------------------------------------------------------
 * Layout
 * ---------------------------------------------------------------------------
 */

/* False: nothing of this index can be in the cache. */
static bool
InitHeader(HnswCacheHeader *h, const HnswSupport *support, int m)
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
ChunksNeeded(const HnswCacheHeader *h, const HnswSupport *support,
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

/* Where the number + 1 of the item's node is; NULL: no chunk there. */
static inline pg_atomic_uint32 *
ItemPlace(const HnswCache *c, const ItemPointerData *tid)
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
	pg_atomic_uint32 *place = ItemPlace(c, tid);

	/* 0 becomes HNSW_GRAPH_NONE */
	return place ? pg_atomic_read_u32(place) - 1 : HNSW_GRAPH_NONE;
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
	place = ItemPlace(c, tid);
	if (place == NULL)
	{
		uint32 at =
			ItemPointerGetBlockNumberNoCheck(tid) / c->header.blocks_per_chunk;

		if (IndexCacheChunk(c->entry, HNSW_CACHE_ITEMS, at) == NULL)
			(void) IndexCacheAddChunk(c->entry, HNSW_CACHE_ITEMS, at);
		place = ItemPlace(c, tid);
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
FormPoint(const HnswCache *c, const HnswSupport *support,
          const HnswElementTupleData *etup, void *point)
{
	const void *from = HnswPoint(support, &etup->data);

	if (c->header.exact)
		memcpy(point, from, support->value_size - support->point_offset);
	else
		support->encode(from, support->dim, point);
}

static bool
IsElement(const HnswSupport *support, const HnswElementTupleData *etup,
          Size len)
{
	Size room = len - offsetof(HnswElementTupleData, data);

	if (len < offsetof(HnswElementTupleData, data) + support->value_size)
		return false;
	return etup->deleted ||
	       support->type->fits(&etup->data, room, support->dim);
}

static bool
SetElement(HnswCache *c, const HnswSupport *support, const ItemPointerData *tid,
           const HnswElementTupleData *etup, Size len)
{
	HnswCacheNode *node;
	uint32 id;

	if (!IsElement(support, etup, len))
		return false;
	id = NumberOf(c, tid);
	if (id == HNSW_GRAPH_NONE)
		return false;
	if (HnswCacheLookup(c, &etup->neighbortid) != id &&
	    EnterItem(c, &etup->neighbortid, id) != id)
		return false;
	node = HnswCacheNodeAt(c, id);
	BeginWrite(&node->version);
	node->neighbortid = etup->neighbortid;
	node->level = etup->level;
	node->item_version = etup->version;
	node->ntids = (uint8) CountTids(etup);
	node->deleted = etup->deleted;
	if (!etup->deleted)
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

/* A layer above 0; NULL: there is none, or the place was read too late. */
static uint32 *
UpperList(const HnswCache *c, uint32 upper, int lc)
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

/* The numbers of lm slots; false: no room. */
static bool
SetNumbers(HnswCache *c, uint32 *list, const ItemPointerData *tids, int lm)
{
	for (int i = 0; i < lm; i++)
	{
		list[i] = HNSW_GRAPH_NONE;
		if (!ItemPointerIsValid(&tids[i]))
			continue;
		list[i] = NumberOf(c, &tids[i]);
		if (list[i] == HNSW_GRAPH_NONE)
			return false;
	}
	return true;
}

static bool
SetList(HnswCache *c, const ItemPointerData *tid,
        const HnswNeighborTupleData *ntup, Size len)
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
	BeginWrite(&node->list_version);
	node->list_item_version = ntup->version;
	node->list_count = ntup->count;
	set = SetNumbers(c, HnswCacheList0(c, node),
	                 ntup->indextids + HnswLayerStart(level, m, 0),
	                 HnswGetLayerM(m, 0)) &&
	      MakeUpper(c, node, (uint32) (level * m));
	for (int lc = 1; lc <= level && set; lc++)
		set = SetNumbers(c, UpperList(c, node->upper, lc),
		                 ntup->indextids + HnswLayerStart(level, m, lc), m);
	if (set)
		EndWrite(&node->list_version);
	return set;
}

static bool
SetItem(HnswCache *c, const HnswSupport *support, Page page, BlockNumber blkno,
        OffsetNumber off)
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
		return SetList(c, &tid, (HnswNeighborTuple) item, ItemIdGetLength(iid));
	return false;
}

static bool
SetPage(HnswCache *c, const HnswSupport *support, Page page, BlockNumber blkno)
{
	OffsetNumber max = PageGetMaxOffsetNumber(page);

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		if (!SetItem(c, support, page, blkno, off))
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

void
HnswCacheChanged(Relation index, const HnswSupport *support, Buffer buf,
                 OffsetNumber off)
{
	HnswCache c;
	bool set = true;

	if (IndexCache == NULL || RelationUsesLocalBuffers(index) ||
	    IndexCacheFind(&index->rd_node) == NULL)
		return;
	Assert(BufferIsExclusiveLocked(buf));
	START_CRIT_SECTION();
	INJECTION_POINT("hnsw-cache-change");
	LWLockAcquire(IndexCacheLock, LW_SHARED);
	if (FindEntry(&c, index))
	{
		Page page = BufferGetPage(buf);
		BlockNumber blkno = BufferGetBlockNumber(buf);

		if (off == InvalidOffsetNumber)
			set = SetPage(&c, support, page, blkno);
		else
			set = SetItem(&c, support, page, blkno, off);
	}
	LWLockRelease(IndexCacheLock);
	if (!set)
		IndexCacheDrop(&index->rd_node);
	END_CRIT_SECTION();
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
LoadPages(HnswCache *c, Relation index, const HnswSupport *support)
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

static bool
IsRefused(const RelFileNode *rnode)
{
	for (int i = 0; i < REFUSED; i++)
	{
		if (RelFileNodeEquals(refused[i].rnode, *rnode) && refused[i].left > 0)
			return refused[i].left-- > 0;
	}
	return false;
}

static void
Refuse(const RelFileNode *rnode, int searches)
{
	refused[next_refused].rnode = *rnode;
	refused[next_refused].left = searches;
	next_refused = (next_refused + 1) % REFUSED;
}

void
HnswCacheLoad(Relation index, const HnswSupport *support)
{
	HnswCache c;
	bool loaded = false;
	int m;

	if (IndexCache == NULL || !enable_index_cache || support->value_size == 0 ||
	    RelationUsesLocalBuffers(index) ||
	    IndexCacheFind(&index->rd_node) != NULL || IsRefused(&index->rd_node))
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
		Refuse(&index->rd_node, NO_ROOM_SEARCHES);
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
		Refuse(&index->rd_node, REFUSED_SEARCHES);
	}
}

/* ---------------------------------------------------------------------------
 * Reading
 * ---------------------------------------------------------------------------
 */

bool
HnswCacheOpen(HnswCache *c, Relation index, const HnswSupport *support)
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
		pg_read_barrier(); /* pairs with EndWrite */
		/* the element was deleted, and perhaps its place used again */
		if (node->list_item_version != e->version ||
		    node->list_count != (e->level + 2) * m || lc > e->level)
			return -1;
		if (lc > 0)
			list = UpperList(c, node->upper, lc);
		for (; list != NULL && n < lm; n++)
		{
			ids[n] = *(const volatile uint32 *) &list[n];
			if (ids[n] == HNSW_GRAPH_NONE)
				break;
		}
		pg_read_barrier(); /* pairs with BeginWrite */
		if (pg_atomic_read_u32((pg_atomic_uint32 *) &node->list_version) ==
		    version)
			return n;
	}
	return -1;
}

/* ---------------------------------------------------------------------------
 * Comparing with a page, which is locked: for tusk_check
 * ---------------------------------------------------------------------------
 */

static const char *
CompareElement(const HnswCache *c, const HnswSupport *support,
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
		const uint32 *list =
			lc == 0 ? HnswCacheList0(c, node) : UpperList(c, node->upper, lc);

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
HnswCacheCompare(Relation index, const HnswSupport *support, Buffer buf,
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
