/*
 * hnswsearch.c
 *	  Search of an hnsw index on its pages.
 *
 * Items are read optimistically (storage/bufoptimistic.h): no pin, no content
 * lock, and the distance is computed on the page itself.  What is taken from
 * an item is checked against the item's length before it is used, and counts
 * only once the read is validated.  After a few lost races, and when the block
 * is not resident, the buffer is pinned and share-locked, with the same code
 * looking at the item.
 *
 * Nothing is held between two items, so writers never wait for a search.  What
 * a search knows of an element may be outdated by then; the version in element
 * and neighbour tuple tells a reused one.
 *
 * A search that is to be continued keeps what its pool has no room for.  It
 * goes on from the nearest of that, and meets no element twice.  Between two
 * parts of it vacuum waits for nobody: what is to go, and was met before, may
 * still lead to what is gone.  What was behind that is not met then.  So:
 *
 * cut_off: an element that is marked, or was marked and used again, gave no
 * neighbours.  The search must begin anew.
 * doubtful: an element without rows gave neighbours, of which some may have
 * been marked and used again by then.  Before the search ends it must begin
 * anew, once.
 *
 * A search that begins anew (HnswSearchForget) knows only which elements its
 * owner has handed out.  No live element leads to one that is marked, so it is
 * cut off only if another vacuum comes.
 */
#include "postgres.h"

#include <math.h>

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "miscadmin.h"
#include "storage/bufoptimistic.h"
#include "utils/memutils.h"

/* What a reader of items does; item is NULL if there is no such item. */
typedef void (*ItemFunction)(const char *item, Size len, void *arg);

static void
ReadItem(Relation index, const ItemPointerData *tid, ItemFunction fn, void *arg)
{
	BlockNumber blkno = ItemPointerGetBlockNumberNoCheck(tid);
	OffsetNumber offno = ItemPointerGetOffsetNumberNoCheck(tid);
	Buffer buf;
	Page page;

	for (int i = 0;
	     i < OPTIMISTIC_READ_TRIES && !RelationUsesLocalBuffers(index); i++)
	{
		OptimisticRead r;
		const char *item;
		Size len = 0;

		if (!OptimisticReadBegin(&r, index->rd_node, MAIN_FORKNUM, blkno))
			break;
		item = OptimisticItem(&r, offno, &len);
		fn(item, len, arg);
		if (OptimisticReadEnd(&r))
			return;
	}

	buf = ReadBuffer(index, blkno);
	LockBuffer(buf, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buf);
	if (offno >= FirstOffsetNumber && offno <= PageGetMaxOffsetNumber(page) &&
	    ItemIdIsNormal(PageGetItemId(page, offno)))
	{
		ItemId iid = PageGetItemId(page, offno);

		fn((const char *) PageGetItem(page, iid), ItemIdGetLength(iid), arg);
	}
	else
		fn(NULL, 0, arg);
	UnlockReleaseBuffer(buf);
}

/* ---------------------------------------------------------------------------
 * Elements by TID
 * ---------------------------------------------------------------------------
 */

static inline uint32
HashTid(const ItemPointerData *tid)
{
	uint64 h = ((uint64) ItemPointerGetBlockNumberNoCheck(tid) << 16) |
	           ItemPointerGetOffsetNumberNoCheck(tid);

	h ^= h >> 33;
	h *= UINT64CONST(0xff51afd7ed558ccd);
	h ^= h >> 33;
	h *= UINT64CONST(0xc4ceb9fe1a85ec53);
	return (uint32) (h >> 32);
}

void
HnswSearchRehash(HnswSearch *s)
{
	s->table_size = s->capacity * 2;
	s->table =
		MemoryContextAllocExtended(s->context, s->table_size * sizeof(uint32),
	                               MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint32 i = 0; i < s->nelements; i++)
	{
		uint32 at = HashTid(&s->elements[i].tid) & (s->table_size - 1);

		while (s->table[at] != 0)
			at = (at + 1) & (s->table_size - 1);
		s->table[at] = i + 1;
	}
}

/* The place in the table with the element's number, or for it. */
static inline uint32
FindPlace(const HnswSearch *s, const ItemPointerData *tid)
{
	uint32 at = HashTid(tid) & (s->table_size - 1);

	while (s->table[at] != 0 &&
	       !HnswTidEquals(tid, &s->elements[s->table[at] - 1].tid))
		at = (at + 1) & (s->table_size - 1);
	return at;
}

uint32
HnswSearchAdd(HnswSearch *s, const ItemPointerData *tid)
{
	if (s->nelements == s->capacity)
	{
		s->capacity *= 2;
		s->elements =
			repalloc_huge(s->elements, s->capacity * sizeof(HnswPageElement));
		if (s->cache)
			s->nodes = repalloc_huge(s->nodes, s->capacity * sizeof(uint32));
		else
		{
			pfree(s->table);
			HnswSearchRehash(s);
		}
	}
	s->elements[s->nelements].tid = *tid;
	s->elements[s->nelements].epoch = 0;
	return s->nelements++;
}

/* The element's number; *found tells whether it was known. */
static uint32
LookupElement(HnswSearch *s, const ItemPointerData *tid, bool *found)
{
	uint32 at = FindPlace(s, tid);
	uint32 id;

	*found = s->table[at] != 0;
	if (*found)
		return s->table[at] - 1;
	id = HnswSearchAdd(s, tid);
	s->table[FindPlace(s, tid)] = id + 1;
	return id;
}

/* Copied from an element tuple, to be judged when the read is valid. */
typedef struct ReadElementState
{
	HnswSearch *s;
	bool ok; /* the item is an element of the index's dimension */
	uint8 type;
	uint8 deleted;
	float distance;
	ItemPointerData heaptids[HNSW_HEAPTIDS];
	HnswPageElement *e;
} ReadElementState;

/*
 * A value of a type whose values differ in size: it may change while it is
 * looked at, and its parts say where others are.  So a copy is made first.
 */
static bool
ReadOutlyingValue(HnswSearch *s, const void *value, Size room, float *distance)
{
	memcpy(s->scratch, value, room);
	if (!s->support.type->fits(s->scratch, room, s->support.dim))
		return false;
	*distance = 0;
	if (s->query)
		*distance = s->support.distance(s->query_point,
		                                VectorPoint(&s->support, s->scratch),
		                                s->support.dim);
	return true;
}

static void
ReadElementItem(const char *item, Size len, void *arg)
{
	ReadElementState *st = arg;
	HnswSearch *s = st->s;
	const HnswElementTupleData *etup = (const HnswElementTupleData *) item;

	st->ok = false;
	if (item == NULL || len < s->min_item)
		return;
	st->type = etup->type;
	st->deleted = etup->deleted;
	st->e->level = etup->level;
	st->e->version = etup->version;
	st->e->neighbortid = etup->neighbortid;
	memcpy(st->heaptids, etup->heaptids, sizeof(st->heaptids));
	st->ok = true;
	if (s->scratch)
	{
		st->ok = st->deleted ||
		         ReadOutlyingValue(s, &etup->data,
		                           len - offsetof(HnswElementTupleData, data),
		                           &st->distance);
		return;
	}
	st->distance = 0;
	if (st->e->value)
		memcpy(st->e->value, &etup->data, s->support.value_size);
	if (s->query)
		st->distance = s->support.distance(
			s->query_point, VectorPoint(&s->support, &etup->data),
			s->support.dim);
}

static void
PrepareElement(HnswSearch *s, HnswPageElement *e, ReadElementState *st)
{
	st->s = s;
	st->e = e;
	e->value = NULL;
	if (s->keep_values && !s->scratch)
		e->value = MemoryContextAlloc(s->context, s->support.value_size);
	e->gone = false;
	e->loaded = true;
	e->out = false;
}

/* An element as it was handed out; another version is another element. */
typedef struct OutElement
{
	ItemPointerData tid;
	uint8 version;
	uint8 unused;
} OutElement;

StaticAssertDecl(sizeof(OutElement) == 8, "a key without padding");

static bool
WasOut(HnswSearch *s, const HnswPageElement *e)
{
	OutElement key = {.tid = e->tid, .version = e->version};

	return s->out && hash_search(s->out, &key, HASH_FIND, NULL) != NULL;
}

/* The read is valid: what does it say? */
static void
AcceptElement(HnswSearch *s, HnswPageElement *e, const ReadElementState *st)
{
	if (st->ok && st->deleted)
	{
		if (!s->continued)
			elog(ERROR, "cannot load deleted element");
		e->gone = true;
		s->cut_off = true;
		return;
	}
	if (!st->ok || st->type != HNSW_ELEMENT_TUPLE_TYPE ||
	    (s->keep_values && e->value &&
	     !s->support.type->fits(e->value, s->support.value_size,
	                            s->support.dim)))
		ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
		                errmsg("index \"%s\" has no element at (%u,%u)",
		                       RelationGetRelationName(s->index),
		                       ItemPointerGetBlockNumberNoCheck(&e->tid),
		                       ItemPointerGetOffsetNumberNoCheck(&e->tid))));
	e->distance = HnswOrderDistance(st->distance);
	e->out = WasOut(s, e);
	e->ntids = 0;
	while (e->ntids < HNSW_HEAPTIDS &&
	       ItemPointerIsValid(&st->heaptids[e->ntids]))
		e->ntids++;
	e->heaptid = st->heaptids[0];
	if (e->ntids > 1 && s->keep_tids)
	{
		Size size = e->ntids * sizeof(ItemPointerData);

		e->heaptids = MemoryContextAlloc(s->context, size);
		memcpy(e->heaptids, st->heaptids, size);
	}
}

static void
LoadElement(HnswSearch *s, HnswPageElement *e)
{
	ReadElementState st;

	PrepareElement(s, e, &st);
	ReadItem(s->index, &e->tid, ReadElementItem, &st);
	AcceptElement(s, e, &st);
}

/*
 * Load several at once: the pages are found first, then the line pointers and
 * the items are prefetched, so that their cache misses overlap.  What does not
 * go this way (not resident, being changed) is loaded alone.
 */
void
HnswSearchLoad(HnswSearch *s, const uint32 *ids, int n)
{
	OptimisticRead reads[HNSW_LOAD_BATCH];
	const char *items[HNSW_LOAD_BATCH];
	Size lens[HNSW_LOAD_BATCH];
	bool begun[HNSW_LOAD_BATCH];

	Assert(n <= HNSW_LOAD_BATCH);
	/* what is in this process alone has nothing to be optimistic about */
	if (RelationUsesLocalBuffers(s->index))
	{
		for (int i = 0; i < n; i++)
			LoadElement(s, &s->elements[ids[i]]);
		return;
	}
	for (int i = 0; i < n; i++)
		OptimisticReadAnnounce(
			&reads[i], s->index->rd_node, MAIN_FORKNUM,
			ItemPointerGetBlockNumberNoCheck(&s->elements[ids[i]].tid));
	for (int i = 0; i < n; i++)
		OptimisticReadApproach(&reads[i]);
	for (int i = 0; i < n; i++)
	{
		ItemPointerData *tid = &s->elements[ids[i]].tid;
		Size lp = SizeOfPageHeaderData +
		          sizeof(ItemIdData) * ItemPointerGetOffsetNumberNoCheck(tid);

		begun[i] = OptimisticReadBeginAnnounced(&reads[i]);
		if (begun[i])
		{
			__builtin_prefetch(reads[i].page);
			__builtin_prefetch(reads[i].page + Min(lp, BLCKSZ - 1));
		}
	}
	for (int i = 0; i < n; i++)
	{
		lens[i] = 0;
		if (!begun[i])
			continue;
		items[i] = OptimisticItem(
			&reads[i],
			ItemPointerGetOffsetNumberNoCheck(&s->elements[ids[i]].tid),
			&lens[i]);
		if (items[i] == NULL)
			continue;
		for (Size at = 0; at < lens[i]; at += PG_CACHE_LINE_SIZE)
			__builtin_prefetch(items[i] + at);
	}
	for (int i = 0; i < n; i++)
	{
		HnswPageElement *e = &s->elements[ids[i]];
		ReadElementState st;

		if (begun[i])
		{
			PrepareElement(s, e, &st);
			ReadElementItem(items[i], lens[i], &st);
			if (OptimisticReadEnd(&reads[i]))
			{
				AcceptElement(s, e, &st);
				continue;
			}
		}
		LoadElement(s, e);
	}
}

/* The number of the element at tid, loaded. */
uint32
HnswSearchElement(HnswSearch *s, const ItemPointerData *tid)
{
	bool found;
	uint32 id;

	if (s->cache)
	{
		id = HnswCachedElement(s, tid);
		if (id != HNSW_GRAPH_NONE)
			return id;
	}
	id = LookupElement(s, tid, &found);
	if (!found)
		LoadElement(s, &s->elements[id]);
	return id;
}

/* The same for n TIDs, whose cache misses overlap. */
void
HnswSearchElements(HnswSearch *s, const ItemPointerData *tids, int n,
                   uint32 *ids)
{
	uint32 missing[HNSW_LOAD_BATCH];
	int nmissing = 0;

	if (s->cache)
	{
		for (int i = 0; i < n; i++)
			ids[i] = HnswSearchElement(s, &tids[i]);
		return;
	}
	for (int i = 0; i < n; i++)
	{
		bool found;

		ids[i] = LookupElement(s, &tids[i], &found);
		/* or met through the cache, which the search has left */
		if (!found || (!s->elements[ids[i]].loaded &&
		               s->elements[ids[i]].epoch != s->epoch))
			missing[nmissing++] = ids[i];
		if (nmissing == HNSW_LOAD_BATCH)
		{
			HnswSearchLoad(s, missing, nmissing);
			nmissing = 0;
		}
	}
	HnswSearchLoad(s, missing, nmissing);
}

/* The value of an element tuple, to be judged when the read is valid. */
typedef struct ReadValueState
{
	HnswSearch *s;
	bool ok;
	void *value; /* room for one */
} ReadValueState;

static void
ReadValueItem(const char *item, Size len, void *arg)
{
	ReadValueState *st = arg;
	const HnswElementTupleData *etup = (const HnswElementTupleData *) item;
	Size room = len - offsetof(HnswElementTupleData, data);

	st->ok = false;
	if (item == NULL || len < st->s->min_item)
		return;
	if (!st->s->scratch)
		room = st->s->support.value_size;
	memcpy(st->value, &etup->data, room);
	st->ok = st->s->support.type->fits(st->value, room, st->s->support.dim);
}

/*
 * Most elements are only passed by: their distance is all that is needed, and a
 * copy of each would cost more than to read some again.  The caller sees to it
 * that the element cannot be removed: it holds UPDATE, or is vacuum.
 */
const void *
HnswSearchValue(HnswSearch *s, uint32 id)
{
	HnswPageElement *e = &s->elements[id];
	ReadValueState st = {.s = s, .value = s->scratch};

	Assert(!s->keep_tids);
	if (e->value)
		return e->value;
	if (!s->scratch)
		st.value = MemoryContextAlloc(s->context, s->support.value_size);
	ReadItem(s->index, &e->tid, ReadValueItem, &st);
	if (!st.ok)
		ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
		                errmsg("index \"%s\" has no element at (%u,%u)",
		                       RelationGetRelationName(s->index),
		                       ItemPointerGetBlockNumberNoCheck(&e->tid),
		                       ItemPointerGetOffsetNumberNoCheck(&e->tid))));
	e->value = st.value;
	if (s->scratch)
	{
		e->value = MemoryContextAlloc(s->context, VARSIZE(st.value));
		memcpy(e->value, st.value, VARSIZE(st.value));
	}
	return e->value;
}

typedef struct ReadNeighborsState
{
	int m;
	int lc;
	int n;
	bool gone;
	const HnswPageElement *e;
	ItemPointerData *tids;
} ReadNeighborsState;

static void
ReadNeighborsItem(const char *item, Size len, void *arg)
{
	ReadNeighborsState *st = arg;
	const HnswNeighborTupleData *ntup = (const HnswNeighborTupleData *) item;
	int start = HnswLayerStart(st->e->level, st->m, st->lc);
	int lm = HnswGetLayerM(st->m, st->lc);

	st->n = 0;
	st->gone = true;
	if (item == NULL || len < offsetof(HnswNeighborTupleData, indextids) +
	                              (start + lm) * sizeof(ItemPointerData))
		return;
	/* another version: the element was deleted and its place used again */
	if (ntup->type != HNSW_NEIGHBOR_TUPLE_TYPE ||
	    ntup->version != st->e->version ||
	    ntup->count != (st->e->level + 2) * st->m)
		return;
	st->gone = false;
	memcpy(st->tids, &ntup->indextids[start], lm * sizeof(ItemPointerData));
	while (st->n < lm && ItemPointerIsValid(&st->tids[st->n]))
		st->n++;
}

/* e's neighbours on a layer, at most HNSW_GRAPH_MAX_LM. */
int
HnswReadNeighbors(HnswSearch *s, const HnswPageElement *e, int lc,
                  ItemPointerData *tids)
{
	ReadNeighborsState st = {.m = s->m, .lc = lc, .e = e, .tids = tids};

	if (lc > e->level)
		return 0;
	ReadItem(s->index, &e->neighbortid, ReadNeighborsItem, &st);
	if (st.gone && s->continued)
		s->cut_off = true;
	return st.n;
}

static void
ReadEmptyItem(const char *item, Size len, void *arg)
{
	const HnswElementTupleData *etup = (const HnswElementTupleData *) item;

	*(bool *) arg = item == NULL ||
	                len < offsetof(HnswElementTupleData, data) ||
	                !ItemPointerIsValid(&etup->heaptids[0]);
}

/* Has the element no rows now? */
static bool
IsEmptied(HnswSearch *s, const HnswPageElement *e)
{
	bool empty;

	if (e->ntids == 0)
		return true;
	ReadItem(s->index, &e->tid, ReadEmptyItem, &empty);
	return empty;
}

/* ---------------------------------------------------------------------------
 * Search
 * ---------------------------------------------------------------------------
 */

HnswSearch *
HnswSearchCreate(Relation index, const VectorSupport *support,
                 const void *query, int m, int ef, bool use_cache)
{
	HnswSearch *s = palloc0(sizeof(HnswSearch));

	s->context = CurrentMemoryContext;
	s->index = index;
	s->support = *support;
	s->query = query;
	if (query)
		s->query_point = VectorPoint(support, query);
	s->min_item = offsetof(HnswElementTupleData, data) +
	              Max(support->value_size, VECTOR_MIN_VALUE_SIZE);
	if (support->value_size == 0)
		s->scratch = palloc(BLCKSZ);
	s->m = m;
	s->capacity = 256;
	while (s->capacity < (uint32) (ef * m))
		s->capacity *= 2;
	s->elements = MemoryContextAllocExtended(
		CurrentMemoryContext, s->capacity * sizeof(HnswPageElement),
		MCXT_ALLOC_HUGE);
	if (use_cache)
		HnswSearchUseCache(s);
	if (s->cache == NULL)
		HnswSearchRehash(s);
	s->pool = palloc(sizeof(HnswCandidate) * (ef + 1));
	s->ties = palloc(sizeof(uint32) * (ef + 1));
	s->width = ef;
	return s;
}

float
HnswValueDistance(HnswSearch *s, const void *a, const void *b)
{
	return s->support.distance(VectorPoint(&s->support, a),
	                           VectorPoint(&s->support, b), s->support.dim);
}

/* The entry point becomes the pool; false: the index is empty. */
bool
HnswSearchStart(HnswSearch *s, const HnswEntryPoint *entry)
{
	s->npool = 0;
	if (entry->level < 0)
		return false;
	s->pool[0].id = HnswSearchElement(s, &entry->tid);
	s->pool[0].distance = s->elements[s->pool[0].id].distance;
	s->npool = 1;
	return true;
}

/* ---------------------------------------------------------------------------
 * What the pool has no room for
 * ---------------------------------------------------------------------------
 */

/* From now on, so that the search can be continued; before it has layer 0. */
void
HnswSearchKeepDiscarded(HnswSearch *s)
{
	s->keep_discarded = true;
	s->discarded_size = 1024;
	s->discarded = MemoryContextAlloc(s->context, s->discarded_size *
	                                                  sizeof(*s->discarded));
}

void
HnswSearchDiscard(HnswSearch *s, HnswCandidate c)
{
	if (s->ndiscarded == s->discarded_size)
	{
		s->discarded_size *= 2;
		s->discarded = repalloc_huge(s->discarded,
		                             s->discarded_size * sizeof(*s->discarded));
	}
	s->discarded[s->ndiscarded++] = c;
}

/* What came since the last time goes into the heap. */
static void
OrderDiscarded(HnswSearch *s)
{
	HnswCandidate *h = s->discarded;

	for (; s->nheap < s->ndiscarded; s->nheap++)
	{
		HnswCandidate c = h[s->nheap];
		int i = s->nheap;

		for (; i > 0 && c.distance < h[(i - 1) / 2].distance; i = (i - 1) / 2)
			h[i] = h[(i - 1) / 2];
		h[i] = c;
	}
}

/* The nearest one; they must be in order, and one there. */
static HnswCandidate
PopDiscarded(HnswSearch *s)
{
	HnswCandidate *h = s->discarded;
	HnswCandidate top = h[0];
	int n = --s->nheap;
	HnswCandidate last = h[n];
	int i = 0;

	Assert(s->nheap + 1 == s->ndiscarded);
	s->ndiscarded = n;
	for (;;)
	{
		int j = 2 * i + 1;

		if (j >= n)
			break;
		if (j + 1 < n && h[j + 1].distance < h[j].distance)
			j++;
		if (last.distance <= h[j].distance)
			break;
		h[i] = h[j];
		i = j;
	}
	h[i] = last;
	return top;
}

static inline bool
IsVisited(HnswSearch *s, const ItemPointerData *tid)
{
	uint32 id;

	if (s->cache)
		id = HnswCachedKnown(s, tid);
	else
		id = s->table[FindPlace(s, tid)] - 1; /* 0: HNSW_GRAPH_NONE */
	return id != HNSW_GRAPH_NONE && s->elements[id].epoch == s->epoch;
}

/* Would the search, continued, find an element that it has not met? */
bool
HnswSearchIsOpen(HnswSearch *s)
{
	ItemPointerData tids[HNSW_GRAPH_MAX_LM];

	if (s->cache && !HnswCacheIsCurrent(s->cache))
		HnswSearchLeaveCache(s);
	for (int i = 0; i < s->ndiscarded; i++)
	{
		int n;

		CHECK_FOR_INTERRUPTS();
		if (s->discarded[i].id & HNSW_EXPANDED)
			continue;
		n = HnswReadNeighbors(s, &s->elements[s->discarded[i].id], 0, tids);
		for (int j = 0; j < n; j++)
			if (!IsVisited(s, &tids[j]))
				return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * Layers
 * ---------------------------------------------------------------------------
 */

/* As in hnswgraph.c. */
static inline void
NoteDropped(HnswSearch *s, int ef, HnswCandidate dropped)
{
	if (s->pool[ef - 1].distance < dropped.distance)
		s->nties = 0;
	else if (!(dropped.id & HNSW_EXPANDED) && s->nties < ef)
		s->ties[s->nties++] = dropped.id;
}

static int
PoolInsert(HnswSearch *s, int ef, float distance, uint32 id)
{
	int lo = 0;
	int hi = s->npool;
	HnswCandidate last;
	bool full;

	while (lo < hi)
	{
		int mid = (lo + hi) / 2;

		if (s->pool[mid].distance <= distance)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo >= ef)
		return lo;
	last = s->pool[ef - 1];
	full = s->npool == ef;
	if (!full)
		s->npool++;
	memmove(&s->pool[lo + 1], &s->pool[lo],
	        (s->npool - lo - 1) * sizeof(HnswCandidate));
	s->pool[lo].distance = distance;
	s->pool[lo].id = id;
	if (full)
	{
		NoteDropped(s, ef, last);
		if (s->keep_discarded)
			HnswSearchDiscard(s, last);
	}
	return lo;
}

/* The number of the next to expand, or HNSW_GRAPH_NONE. */
static inline uint32
NextToExpand(HnswSearch *s, int *next)
{
	for (; *next < s->npool; (*next)++)
	{
		uint32 id = s->pool[*next].id;

		if (id & HNSW_EXPANDED)
			continue;
		s->pool[(*next)++].id |= HNSW_EXPANDED;
		return id;
	}
	return s->nties > 0 ? s->ties[--s->nties] : HNSW_GRAPH_NONE;
}

static void
Widen(HnswSearch *s, int width)
{
	s->pool = repalloc_huge(s->pool, sizeof(HnswCandidate) * (width + 1));
	s->ties = repalloc_huge(s->ties, sizeof(uint32) * (width + 1));
	s->width = width;
}

/* Numbers of from's neighbours that the search has not visited, or of all. */
static int
FindNeighbors(HnswSearch *s, uint32 from, int lc, uint32 *ids)
{
	ItemPointerData tids[HNSW_GRAPH_MAX_LM];
	int n;

	if (s->cache)
	{
		n = HnswCachedNeighbors(s, from, lc, ids);
		if (n >= 0)
			return n;
	}
	n = HnswReadNeighbors(s, &s->elements[from], lc, tids);
	HnswSearchElements(s, tids, n, ids);
	return n;
}

/* From the pool, whose elements count as visited, to the ef nearest. */
static void
Expand(HnswSearch *s, int ef, int lc)
{
	uint32 ids[HNSW_GRAPH_MAX_LM];
	int next = 0;
	uint32 from;

	s->nties = 0;
	while ((from = NextToExpand(s, &next)) != HNSW_GRAPH_NONE)
	{
		int n;

		CHECK_FOR_INTERRUPTS();
		if (s->cache && next < s->npool)
			HnswCachePrefetchList(s, s->pool[next].id & ~HNSW_EXPANDED, lc);
		n = FindNeighbors(s, from, lc, ids);
		/* after the list was read: what it leads to may be used again only then */
		if (s->continued && !s->doubtful)
			s->doubtful = IsEmptied(s, &s->elements[from]);
		for (int i = 0; i < n; i++)
		{
			HnswPageElement *e = &s->elements[ids[i]];
			int at;

			if (e->epoch == s->epoch)
				continue;
			e->epoch = s->epoch;
			s->nvisited++;
			/* or its place was used again since the link was made */
			if (e->gone || e->level < lc)
				continue;
			if (s->npool == ef && !(e->distance < s->pool[ef - 1].distance))
			{
				if (s->keep_discarded)
					HnswSearchDiscard(s, (HnswCandidate){e->distance, ids[i]});
				continue;
			}
			at = PoolInsert(s, ef, e->distance, ids[i]);
			next = Min(next, at);
		}
	}
	for (int i = 0; i < s->npool; i++)
		s->pool[i].id &= ~HNSW_EXPANDED;
}

/* As in hnswgraph.c: from the pool to the ef nearest, nearest first. */
void
HnswSearchLayer(HnswSearch *s, int ef, int lc)
{
	if (ef > s->width)
		Widen(s, ef);
	s->epoch++;
	s->npool = Min(s->npool, ef);
	for (int i = 0; i < s->npool; i++)
		s->elements[s->pool[i].id].epoch = s->epoch;
	s->nvisited = s->npool;
	Expand(s, ef, lc);
}

/*
 * The search of layer 0 goes on from the nearest elements that it discarded:
 * the pool becomes the ef nearest of those that were never in a result.
 */
void
HnswSearchContinue(HnswSearch *s, int ef)
{
	if (ef > s->width)
		Widen(s, ef);
	s->continued = true;
	OrderDiscarded(s);
	s->npool = 0;
	while (s->npool < ef && s->ndiscarded > 0)
		s->pool[s->npool++] = PopDiscarded(s);
	Expand(s, ef, 0);
}

/*
 * All that the search knows goes, but for which elements are out.  It is to
 * begin again with HnswSearchStart, under a lock that keeps vacuum away from
 * what it meets.
 */
void
HnswSearchForget(HnswSearch *s)
{
	if (s->cache)
		HnswSearchLeaveCache(s);
	if (s->out == NULL)
	{
		HASHCTL ctl = {0};

		ctl.keysize = sizeof(OutElement);
		ctl.entrysize = sizeof(OutElement);
		ctl.hcxt = s->context;
		s->out = hash_create("hnsw elements handed out", 256, &ctl,
		                     HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	for (uint32 i = 0; i < s->nelements; i++)
	{
		const HnswPageElement *e = &s->elements[i];
		OutElement key = {.tid = e->tid, .version = e->version};

		if (!e->gone && e->out)
			(void) hash_search(s->out, &key, HASH_ENTER, NULL);
	}
	memset(s->table, 0, s->table_size * sizeof(uint32));
	s->nelements = 0;
	s->npool = 0;
	s->ndiscarded = 0;
	s->nheap = 0;
	s->keep_discarded = false;
	s->continued = false;
	s->cut_off = false;
	s->doubtful = false;
}

/* Without a search the pool becomes the nearest discarded one, if any. */
void
HnswSearchDrain(HnswSearch *s)
{
	s->npool = 0;
	if (!s->draining)
	{
		/* vacuum need not wait any more */
		s->continued = true;
		s->draining = true;
		HnswSearchSettleDiscarded(s);
	}
	if (s->ndiscarded == 0)
		return;
	OrderDiscarded(s);
	s->pool[0] = PopDiscarded(s);
	s->pool[0].id &= ~HNSW_EXPANDED;
	s->npool = 1;
}

/*
 * From the pool to the ef nearest, or to more: as long as the pool is full and
 * has less than 3/4 ef elements with rows, it is searched again for twice as
 * many.  For those who look for elements to link to, which must have rows.
 */
void
HnswSearchWider(HnswSearch *s, int ef, int lc)
{
	int width = ef;

	for (;;)
	{
		int live = 0;

		HnswSearchLayer(s, width, lc);
		for (int i = 0; i < s->npool; i++)
			live += s->elements[s->pool[i].id].ntids > 0;
		if (s->npool < width || live * 4 >= ef * 3)
			return;
		width *= 2;
	}
}
