/*
 * check_hnsw.c
 *		Structure of an hnsw index, and its agreement with the table.
 *
 * The pages are read twice: first all items are entered in a table by TID, then
 * each element's neighbours are looked up there.  At last every visible row is
 * looked up among the rows that the elements name.
 *
 * An element without rows that no path reaches may lead to what is no element
 * any more: a vacuum that was cut off while it marked elements leaves some
 * unmarked.
 *
 * Elements that no path on layer 0 reaches from the entry point, or from which
 * none leads there, are a defect only if there are many (more than 0.3 %, and
 * more than ten): inserts that are under way, or have failed, leave a few.  At
 * DEBUG1 any number that is not reached is told.
 */
#include "postgres.h"

#include <math.h>

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "check_internal.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#define UNREACHED_MIN 10
#define UNREACHED_SHARE 0.003

/* what rounding to half does to the length of a vector, and more */
#define NORM_TOLERANCE 0.01

typedef struct CheckItem
{
	ItemPointerData tid; /* key */
	uint8 type;
	uint8 level;
	uint8 deleted;
	uint8 version;
	bool live;    /* an element with rows */
	bool owned;   /* neighbours of an element */
	bool reached; /* on layer 0 */
	bool back;    /* a way on layer 0 leads to the entry point */
	uint16 count; /* of neighbours */
	ItemPointerData neighbortid;
} CheckItem;

typedef struct HnswCheck
{
	CheckState *cs;
	Relation index;
	HnswMetaPageData meta;
	VectorSupport support;
	HTAB *items;
	HTAB *rows;
	CheckItem **elements;
	uint64 nelements;
	uint64 room;
} HnswCheck;

/* Is any slot after an empty one, and does a row occur twice. */
static void
CheckHeapTids(HnswCheck *hc, HnswElementTuple etup, BlockNumber block,
              OffsetNumber off, CheckItem *item)
{
	bool ended = false;

	for (int i = 0; i < HNSW_HEAPTIDS; i++)
	{
		ItemPointerData *tid = &etup->heaptids[i];
		bool found;

		if (!ItemPointerIsValid(tid))
		{
			ended = true;
			continue;
		}
		if (ended)
			check_report(hc->cs, hc->index, block, off,
			             "row %d stands after an empty place", i);
		item->live = true;
		(void) hash_search(hc->rows, tid, HASH_ENTER, &found);
		if (found)
			check_report(hc->cs, hc->index, block, off,
			             "row (%u,%u) occurs more than once",
			             ItemPointerGetBlockNumber(tid),
			             ItemPointerGetOffsetNumber(tid));
	}
}

static void
CheckValue(HnswCheck *hc, HnswElementTuple etup, Size size, BlockNumber block,
           OffsetNumber off)
{
	const VectorTypeInfo *type = hc->support.type;
	Size room = size - offsetof(HnswElementTupleData, data);

	if (type->value_dim(&etup->data) != (int) hc->meta.dimensions)
		check_report(hc->cs, hc->index, block, off,
		             "%d dimensions, the index has %u",
		             type->value_dim(&etup->data), hc->meta.dimensions);
	else if (!type->is_valid(&etup->data, room, (int) hc->meta.dimensions))
		check_report(hc->cs, hc->index, block, off,
		             "the value is not one of the index's type");
	else if (hc->support.norm &&
	         !(fabs(DatumGetFloat8(FunctionCall1(
						hc->support.norm, PointerGetDatum(&etup->data))) -
	                1) < NORM_TOLERANCE))
		check_report(hc->cs, hc->index, block, off,
		             "the value is not normalised");
}

static void
EnterElement(HnswCheck *hc, HnswElementTuple etup, Size size, BlockNumber block,
             OffsetNumber off, CheckItem *item)
{
	if (size < offsetof(HnswElementTupleData, data) + VECTOR_MIN_VALUE_SIZE)
	{
		check_report(hc->cs, hc->index, block, off,
		             "%zu bytes are too few for an element", size);
		item->type = 0;
		return;
	}
	item->level = etup->level;
	item->deleted = etup->deleted;
	item->version = etup->version;
	item->neighbortid = etup->neighbortid;
	if (etup->level > HnswGetMaxLevel(hc->meta.m))
		check_report(hc->cs, hc->index, block, off, "level %u is too high",
		             etup->level);
	if (etup->version < 1 || etup->version > 15)
		check_report(hc->cs, hc->index, block, off, "version %u is not 1 to 15",
		             etup->version);
	if (!etup->deleted)
	{
		CheckHeapTids(hc, etup, block, off, item);
		CheckValue(hc, etup, size, block, off);
	}
	if (hc->nelements == hc->room)
	{
		hc->room *= 2;
		hc->elements =
			repalloc_huge(hc->elements, hc->room * sizeof(CheckItem *));
	}
	hc->elements[hc->nelements++] = item;
}

static void
EnterPage(HnswCheck *hc, Page page, BlockNumber block)
{
	OffsetNumber max = PageGetMaxOffsetNumber(page);

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		ItemId lp = PageGetItemId(page, off);
		ItemPointerData tid;
		CheckItem *item;
		uint8 *data;
		bool found;

		if (!ItemIdIsNormal(lp))
		{
			check_report(hc->cs, hc->index, block, off, "no item is there");
			continue;
		}
		ItemPointerSet(&tid, block, off);
		item = hash_search(hc->items, &tid, HASH_ENTER, &found);
		memset((char *) item + sizeof(ItemPointerData), 0,
		       sizeof(CheckItem) - sizeof(ItemPointerData));
		data = (uint8 *) PageGetItem(page, lp);
		item->type = *data;
		if (item->type == HNSW_ELEMENT_TUPLE_TYPE)
			EnterElement(hc, (HnswElementTuple) data, ItemIdGetLength(lp),
			             block, off, item);
		else if (item->type == HNSW_NEIGHBOR_TUPLE_TYPE)
		{
			item->version = ((HnswNeighborTuple) data)->version;
			item->count = ((HnswNeighborTuple) data)->count;
			if (offsetof(HnswNeighborTupleData, indextids) +
			        item->count * sizeof(ItemPointerData) >
			    ItemIdGetLength(lp))
				check_report(hc->cs, hc->index, block, off,
				             "%u neighbours are more than fit", item->count);
		}
		else
			check_report(hc->cs, hc->index, block, off, "item of type %u",
			             item->type);
	}
}

/* Is the page in the index cache as it is here? */
static void
CompareCache(HnswCheck *hc, Buffer buffer)
{
	OffsetNumber max = PageGetMaxOffsetNumber(BufferGetPage(buffer));

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		char *difference =
			HnswCacheCompare(hc->index, &hc->support, buffer, off);

		if (difference)
			check_report(hc->cs, hc->index, BufferGetBlockNumber(buffer), off,
			             "the index cache has %s", difference);
	}
}

/* The chain of pages; false: it is broken. */
static bool
EnterPages(HnswCheck *hc)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(hc->index);
	BlockNumber block = HNSW_HEAD_BLKNO;
	bool insert_page_seen = false;

	while (BlockNumberIsValid(block))
	{
		Buffer buffer;
		Page page;
		BlockNumber next;

		CHECK_FOR_INTERRUPTS();
		if (block >= nblocks)
		{
			check_report(hc->cs, hc->index, block, 0,
			             "the chain of pages leads beyond the end");
			return false;
		}
		buffer = ReadBuffer(hc->index, block);
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		page = BufferGetPage(buffer);
		if (PageIsNew(page) || HnswPageGetOpaque(page)->page_id != HNSW_PAGE_ID)
		{
			UnlockReleaseBuffer(buffer);
			check_report(hc->cs, hc->index, block, 0, "not a page of hnsw");
			return false;
		}
		EnterPage(hc, page, block);
		CompareCache(hc, buffer);
		insert_page_seen = insert_page_seen || block == hc->meta.insertPage;
		next = HnswPageGetOpaque(page)->nextblkno;
		UnlockReleaseBuffer(buffer);
		if (BlockNumberIsValid(next) && next <= block)
		{
			check_report(hc->cs, hc->index, block, 0,
			             "the chain of pages goes back to block %u", next);
			return false;
		}
		block = next;
	}
	if (!insert_page_seen)
		check_report(hc->cs, hc->index, HNSW_METAPAGE_BLKNO, 0,
		             "insert page %u is not in the chain", hc->meta.insertPage);
	return true;
}

static bool
CheckMeta(HnswCheck *hc)
{
	Buffer buffer = ReadBuffer(hc->index, HNSW_METAPAGE_BLKNO);
	Page page;
	bool sound;

	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	hc->meta = *HnswPageGetMeta(page);
	sound = !PageIsNew(page) && hc->meta.magicNumber == HNSW_MAGIC_NUMBER &&
	        hc->meta.version == HNSW_VERSION && hc->meta.m >= HNSW_MIN_M &&
	        hc->meta.m <= HNSW_MAX_M;
	UnlockReleaseBuffer(buffer);
	if (!sound)
		check_report(hc->cs, hc->index, HNSW_METAPAGE_BLKNO, 0,
		             "not the meta page of an hnsw index");
	else
		HnswInitSupport(&hc->support, hc->index);
	return sound;
}

static void
CheckEntry(HnswCheck *hc)
{
	ItemPointerData tid;
	CheckItem *item;

	if (!BlockNumberIsValid(hc->meta.entryBlkno))
	{
		if (hc->meta.entryLevel != -1)
			check_report(hc->cs, hc->index, HNSW_METAPAGE_BLKNO, 0,
			             "no entry point, but level %d", hc->meta.entryLevel);
		return;
	}
	ItemPointerSet(&tid, hc->meta.entryBlkno, hc->meta.entryOffno);
	item = hash_search(hc->items, &tid, HASH_FIND, NULL);
	if (item == NULL || item->type != HNSW_ELEMENT_TUPLE_TYPE ||
	    item->deleted || item->level != hc->meta.entryLevel)
		check_report(
			hc->cs, hc->index, hc->meta.entryBlkno, hc->meta.entryOffno,
			"the entry point is no element of level %d", hc->meta.entryLevel);
}

/* The slots of one layer: a prefix of valid ones, each once, to elements. */
static void
CheckLayer(HnswCheck *hc, CheckItem *item, const ItemPointerData *tids, int n,
           int lc)
{
	BlockNumber block = ItemPointerGetBlockNumber(&item->tid);
	OffsetNumber off = ItemPointerGetOffsetNumber(&item->tid);
	bool ended = false;

	for (int i = 0; i < n; i++)
	{
		ItemPointerData tid = tids[i];
		CheckItem *other;

		if (!ItemPointerIsValid(&tid))
		{
			ended = true;
			continue;
		}
		if (ended)
			check_report(hc->cs, hc->index, block, off,
			             "layer %d: a neighbour after an empty place", lc);
		if (ItemPointerEquals(&tid, &item->tid))
			check_report(hc->cs, hc->index, block, off,
			             "layer %d: its own neighbour", lc);
		for (int j = 0; j < i; j++)
		{
			ItemPointerData before = tids[j];

			if (ItemPointerEquals(&tid, &before))
				check_report(hc->cs, hc->index, block, off,
				             "layer %d: neighbour (%u,%u) twice", lc,
				             ItemPointerGetBlockNumber(&tid),
				             ItemPointerGetOffsetNumber(&tid));
		}
		other = hash_search(hc->items, &tid, HASH_FIND, NULL);
		if (item->live &&
		    (other == NULL || other->type != HNSW_ELEMENT_TUPLE_TYPE ||
		     other->deleted || other->level < lc))
			check_report(hc->cs, hc->index, block, off,
			             "layer %d: neighbour (%u,%u) is no element there", lc,
			             ItemPointerGetBlockNumber(&tid),
			             ItemPointerGetOffsetNumber(&tid));
	}
}

/* A copy of an element's neighbours; NULL: they are not as they must be. */
static HnswNeighborTuple
ReadNeighbors(HnswCheck *hc, CheckItem *item)
{
	CheckItem *nitem =
		hash_search(hc->items, &item->neighbortid, HASH_FIND, NULL);
	HnswNeighborTuple copy;
	Buffer buffer;
	Page page;
	ItemId lp;

	if (nitem == NULL || nitem->type != HNSW_NEIGHBOR_TUPLE_TYPE ||
	    nitem->version != item->version ||
	    nitem->count != (item->level + 2) * hc->meta.m)
		return NULL;
	buffer =
		ReadBuffer(hc->index, ItemPointerGetBlockNumber(&item->neighbortid));
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buffer);
	lp = PageGetItemId(page, ItemPointerGetOffsetNumber(&item->neighbortid));
	copy = palloc(ItemIdGetLength(lp));
	memcpy(copy, PageGetItem(page, lp), ItemIdGetLength(lp));
	UnlockReleaseBuffer(buffer);
	return copy;
}

static void
CheckElement(HnswCheck *hc, CheckItem *item)
{
	BlockNumber block = ItemPointerGetBlockNumber(&item->tid);
	OffsetNumber off = ItemPointerGetOffsetNumber(&item->tid);
	CheckItem *nitem =
		hash_search(hc->items, &item->neighbortid, HASH_FIND, NULL);
	HnswNeighborTuple ntup = ReadNeighbors(hc, item);

	if (ntup == NULL)
	{
		check_report(hc->cs, hc->index, block, off,
		             "its neighbours are not at (%u,%u)",
		             ItemPointerGetBlockNumberNoCheck(&item->neighbortid),
		             ItemPointerGetOffsetNumberNoCheck(&item->neighbortid));
		return;
	}
	if (nitem->owned)
		check_report(hc->cs, hc->index, block, off,
		             "its neighbours belong to another element too");
	nitem->owned = true;
	for (int lc = item->level; lc >= 0; lc--)
	{
		const ItemPointerData *tids =
			&ntup->indextids[HnswLayerStart(item->level, hc->meta.m, lc)];
		int n = HnswGetLayerM(hc->meta.m, lc);

		if (!item->deleted)
			CheckLayer(hc, item, tids, n, lc);
		for (int i = 0; item->deleted && i < n; i++)
		{
			ItemPointerData tid = tids[i];

			if (ItemPointerIsValid(&tid))
				check_report(hc->cs, hc->index, block, off,
				             "deleted, but has a neighbour on layer %d", lc);
		}
	}
	pfree(ntup);
}

/* Does a neighbour of the element on layer 0 lead to the entry point? */
static bool
LeadsBack(HnswCheck *hc, CheckItem *item)
{
	HnswNeighborTuple ntup = ReadNeighbors(hc, item);
	bool back = false;

	for (int i = 0; ntup != NULL && i < 2 * hc->meta.m && !back; i++)
	{
		ItemPointerData tid =
			ntup->indextids[HnswLayerStart(item->level, hc->meta.m, 0) + i];
		CheckItem *other;

		if (!ItemPointerIsValid(&tid))
			break;
		other = hash_search(hc->items, &tid, HASH_FIND, NULL);
		back = other != NULL && other->back;
	}
	if (ntup != NULL)
		pfree(ntup);
	return back;
}

static void
FindWaysBack(HnswCheck *hc, CheckItem *entry)
{
	bool again = true;

	entry->back = true;
	while (again)
	{
		again = false;
		for (uint64 i = 0; i < hc->nelements; i++)
		{
			CheckItem *item = hc->elements[i];

			CHECK_FOR_INTERRUPTS();
			if (item->back || item->deleted)
				continue;
			item->back = LeadsBack(hc, item);
			again |= item->back;
		}
	}
}

/* From the entry point along layer 0, and back. */
static void
CheckReached(HnswCheck *hc)
{
	CheckItem **queue = palloc_array(CheckItem *, hc->nelements + 1);
	uint64 head = 0;
	uint64 tail = 0;
	uint64 live = 0;
	uint64 unreached = 0;
	uint64 lost = 0;
	ItemPointerData tid;

	if (!BlockNumberIsValid(hc->meta.entryBlkno))
		return;
	ItemPointerSet(&tid, hc->meta.entryBlkno, hc->meta.entryOffno);
	queue[tail] = hash_search(hc->items, &tid, HASH_FIND, NULL);
	FindWaysBack(hc, queue[tail]);
	queue[tail++]->reached = true;
	while (head < tail)
	{
		CheckItem *item = queue[head++];
		HnswNeighborTuple ntup = ReadNeighbors(hc, item);

		CHECK_FOR_INTERRUPTS();
		for (int i = 0; ntup != NULL && i < 2 * hc->meta.m; i++)
		{
			CheckItem *other;

			tid =
				ntup->indextids[HnswLayerStart(item->level, hc->meta.m, 0) + i];
			if (!ItemPointerIsValid(&tid))
				break;
			other = hash_search(hc->items, &tid, HASH_FIND, NULL);
			if (!item->live &&
			    (other == NULL || other->type != HNSW_ELEMENT_TUPLE_TYPE ||
			     other->deleted))
				check_report(hc->cs, hc->index,
				             ItemPointerGetBlockNumber(&item->tid),
				             ItemPointerGetOffsetNumber(&item->tid),
				             "without rows, but reached, and neighbour (%u,%u) "
				             "is no element",
				             ItemPointerGetBlockNumber(&tid),
				             ItemPointerGetOffsetNumber(&tid));
			if (other == NULL || other->reached ||
			    other->type != HNSW_ELEMENT_TUPLE_TYPE)
				continue;
			other->reached = true;
			queue[tail++] = other;
		}
		if (ntup != NULL)
			pfree(ntup);
	}
	for (uint64 i = 0; i < hc->nelements; i++)
	{
		live += hc->elements[i]->live;
		unreached += hc->elements[i]->live && !hc->elements[i]->reached;
		lost += hc->elements[i]->live && !hc->elements[i]->back;
	}
	if (unreached > UNREACHED_MIN && unreached > live * UNREACHED_SHARE)
		check_report(hc->cs, hc->index, hc->meta.entryBlkno,
		             hc->meta.entryOffno,
		             "%llu of %llu elements are not reached from here",
		             (unsigned long long) unreached, (unsigned long long) live);
	else if (unreached > 0)
		ereport(DEBUG1,
		        (errmsg_internal("index \"%s\": %llu of %llu elements are not "
		                         "reached",
		                         RelationGetRelationName(hc->index),
		                         (unsigned long long) unreached,
		                         (unsigned long long) live)));
	if (lost > UNREACHED_MIN && lost > live * UNREACHED_SHARE)
		check_report(hc->cs, hc->index, hc->meta.entryBlkno,
		             hc->meta.entryOffno,
		             "from %llu of %llu elements no way leads here",
		             (unsigned long long) lost, (unsigned long long) live);
}

void
check_hnsw(CheckState *cs, Relation heap, Relation index)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "check of hnsw", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	HnswCheck hc = {.cs = cs, .index = index, .room = 1024};
	int before = list_length(cs->messages);

	hc.items = check_tid_table("items of hnsw", sizeof(CheckItem));
	hc.rows = check_tid_table("rows of hnsw", sizeof(ItemPointerData));
	hc.elements = palloc_array(CheckItem *, hc.room);
	if (CheckMeta(&hc) && EnterPages(&hc))
	{
		CheckEntry(&hc);
		for (uint64 i = 0; i < hc.nelements; i++)
			CheckElement(&hc, hc.elements[i]);
		if (list_length(cs->messages) == before)
			CheckReached(&hc);
		if (cs->rows_readable)
			check_index_rows(cs, heap, index, &hc.support, hc.rows);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
