/*
 * hnswinsert.c
 *	  Insert into an hnsw index on its pages: aminsert, and a build whose graph
 *	  no longer fits into memory.
 *
 * Protocol
 * 1. The UPDATE page lock is held shared for the whole insert; exclusively if
 *	  the entry point may change.  Participants of one build conflict on it too.
 *	  It changes if the new element's level is higher, and if nothing that can
 *	  be reached has rows: vacuum will take all that away.
 * 2. Neighbours are found without any lock on pages (hnswsearch.c).
 * 3. Changes of one page are one generic WAL record; during a build, which
 *	  logs its pages at its end, the page is changed and marked dirty.
 * 4. Content locks: element page, then its neighbour page, or the page that is
 *	  being appended; the metapage alone.
 * 5. An element is on its page, complete, before another one points to it
 *	  (hnswlink.c).
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/*
 * So many pages are looked at for a place; then the last one is tried.  The
 * next insert goes on where this one stopped.
 */
#ifndef TUSK_DEFECT_INSERT_PAGE_REWINDS
#define PLACE_WALK 32
#else
#define PLACE_WALK INT_MAX
#endif

/* One zero page at the end, exclusively locked. */
static Buffer
AppendBuffer(Relation index)
{
	Buffer buf;
	uint32 n;

	ExtendBufferedRelBy(BMR_REL(index), MAIN_FORKNUM, NULL, EB_LOCK_FIRST, 1,
	                    &buf, &n);
	return buf;
}

static void
AddItemChecked(Relation index, Page page, void *tuple, Size size,
               OffsetNumber offno)
{
	if (PageAddItem(page, (Item) tuple, size, InvalidOffsetNumber, false,
	                false) != offno)
		elog(ERROR, "failed to add index item to \"%s\"",
		     RelationGetRelationName(index));
}

static void
OverwriteChecked(Relation index, Page page, OffsetNumber offno, void *tuple,
                 Size size)
{
	if (!PageIndexTupleOverwrite(page, offno, (Item) tuple, size))
		elog(ERROR, "failed to add index item to \"%s\"",
		     RelationGetRelationName(index));
}

/* ---------------------------------------------------------------------------
 * Metapage
 * ---------------------------------------------------------------------------
 */

/*
 * entry: becomes the entry point if its level is higher, or always (NULL:
 * unchanged; level -1: the index is empty).
 * insertPage: InvalidBlockNumber: unchanged.
 */
void
HnswUpdateMetaPage(Relation index, const HnswEntryPoint *entry, bool always,
                   BlockNumber insertPage, bool building)
{
	Buffer buf = HnswReadLocked(index, HNSW_METAPAGE_BLKNO);
	HnswPageChange c;
	HnswMetaPage meta;

	HnswBeginChange(&c, index, building);
	meta = HnswPageGetMeta(HnswChangePage(&c, buf, false));
	if (entry && entry->level < 0 && always)
	{
		meta->entryBlkno = InvalidBlockNumber;
		meta->entryOffno = InvalidOffsetNumber;
		meta->entryLevel = -1;
	}
	else if (entry && (always || entry->level > meta->entryLevel))
	{
		meta->entryBlkno = ItemPointerGetBlockNumber(&entry->tid);
		meta->entryOffno = ItemPointerGetOffsetNumber(&entry->tid);
		meta->entryLevel = (int16) entry->level;
	}
	if (BlockNumberIsValid(insertPage))
		meta->insertPage = insertPage;
	HnswEndChange(&c, buf, InvalidBuffer);
	UnlockReleaseBuffer(buf);
}

/* ---------------------------------------------------------------------------
 * Duplicates
 * ---------------------------------------------------------------------------
 */

/* Add a TID to the element, if it is alive and has room. */
static bool
AppendHeapTid(HnswSearch *s, const ItemPointerData *tid, ItemPointer heaptid,
              bool building)
{
	Relation index = s->index;
	OffsetNumber offno = ItemPointerGetOffsetNumber(tid);
	Buffer buf = HnswReadLocked(index, ItemPointerGetBlockNumber(tid));
	HnswPageChange c;
	Page page;
	HnswElementTuple etup;
	int i;

	HnswBeginChange(&c, index, building);
	page = HnswChangePage(&c, buf, false);
	etup = (HnswElementTuple) PageGetItem(page, PageGetItemId(page, offno));
	for (i = 0; i < HNSW_HEAPTIDS; i++)
	{
		if (!ItemPointerIsValid(&etup->heaptids[i]))
			break;
	}
	/* none: it is being deleted */
	if (i == 0 || i == HNSW_HEAPTIDS)
	{
		HnswAbortChange(&c);
		UnlockReleaseBuffer(buf);
		return false;
	}
	etup->heaptids[i] = *heaptid;
	HnswEndChange(&c, buf, InvalidBuffer);
	HnswCacheChanged(index, &s->support, buf, offno);
	UnlockReleaseBuffer(buf);
	return true;
}

static bool
MergeDuplicate(HnswSearch *s, const HnswCandidate *selected, int n,
               ItemPointer heaptid, bool building)
{
	for (int i = 0; i < n; i++)
	{
		HnswPageElement *e = &s->elements[selected[i].id];

		if (!VectorValuesEqual(HnswSearchValue(s, selected[i].id), s->query))
			return false;
		INJECTION_POINT("hnsw-insert-merge");
		if (AppendHeapTid(s, &e->tid, heaptid, building))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * Placing the element
 * ---------------------------------------------------------------------------
 */

/* Where the tuples of a deleted element can be used again. */
typedef struct FreeElement
{
	OffsetNumber offno;
	OffsetNumber neighbor_offno;
	Buffer nbuf; /* locked exclusively; may be the element's own */
	uint8 version;
} FreeElement;

/*
 * A deleted element on the page whose place is large enough.  *some: one is
 * that would be, were the new element on layer 0 alone.
 */
static bool
FindFreeElement(Relation index, Buffer buf, Size esize, Size nsize, int m,
                FreeElement *f, bool *some)
{
	Page page = BufferGetPage(buf);
	OffsetNumber max = PageGetMaxOffsetNumber(page);

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		ItemId eid = PageGetItemId(page, off);
		HnswElementTuple etup = (HnswElementTuple) PageGetItem(page, eid);
		BlockNumber nblkno;
		ItemId nid;
		Size pagefree;
		Size nfree;

		if (etup->type != HNSW_ELEMENT_TUPLE_TYPE || !etup->deleted)
			continue;
#ifdef TUSK_DEFECT_INSERT_PAGE_REWINDS
		*some = true;
#endif
		nblkno = ItemPointerGetBlockNumber(&etup->neighbortid);
		f->offno = off;
		f->neighbor_offno = ItemPointerGetOffsetNumber(&etup->neighbortid);
		f->version = etup->version;
		f->nbuf = buf;
		if (nblkno != BufferGetBlockNumber(buf))
			f->nbuf = HnswReadLocked(index, nblkno);

		nid = PageGetItemId(BufferGetPage(f->nbuf), f->neighbor_offno);
		pagefree = ItemIdGetLength(eid) + PageGetExactFreeSpace(page);
		nfree = ItemIdGetLength(nid);
		if (f->nbuf != buf)
			nfree += PageGetExactFreeSpace(BufferGetPage(f->nbuf));
		else if (pagefree >= esize)
			nfree += pagefree - esize;
		if (pagefree >= esize && nfree >= nsize)
			return true;
		if (pagefree >= esize && nfree >= HNSW_NEIGHBOR_TUPLE_SIZE(0, m))
			*some = true;
		if (f->nbuf != buf)
			UnlockReleaseBuffer(f->nbuf);
	}
	return false;
}

/*
 * Link a new page behind buf, the last of the chain, in a record of its own;
 * returns it locked, buf is released.
 */
static Buffer
AppendToChain(Relation index, Buffer buf, bool building)
{
	Buffer newbuf = AppendBuffer(index);
	HnswPageChange c;
	Page page;

	HnswBeginChange(&c, index, building);
	page = HnswChangePage(&c, buf, false);
	HnswInitPage(HnswChangePage(&c, newbuf, true));
	HnswPageGetOpaque(page)->nextblkno = BufferGetBlockNumber(newbuf);
	HnswEndChange(&c, buf, newbuf);
	UnlockReleaseBuffer(buf);
	return newbuf;
}

/*
 * The last page of the chain, or one near it, locked; blkno is one of them.
 * Pages at the end that a crash left before they were linked are empty.
 */
static Buffer
ReadLastPage(Relation index, BlockNumber blkno)
{
	BlockNumber last = RelationGetNumberOfBlocks(index) - 1;

	for (; last > blkno; last--)
	{
		Buffer buf = HnswReadLocked(index, last);

		if (!PageIsNew(BufferGetPage(buf)))
			return buf;
		UnlockReleaseBuffer(buf);
	}
	return HnswReadLocked(index, blkno);
}

/* Where the tuples of a new element go. */
typedef struct ElementPlace
{
	Buffer buf; /* locked exclusively, as nbuf */
	Buffer nbuf;
	bool reuse;  /* of what is in free */
	bool append; /* nbuf is a new page, to be linked behind buf */
	FreeElement free;
	BlockNumber insertPage; /* where the next insert is to begin */
} ElementPlace;

/* Find a place, from insertPage on. */
static void
FindPlace(Relation index, Size esize, Size nsize, int m, BlockNumber insertPage,
          ElementPlace *place, bool building)
{
	Size combined = esize + nsize + sizeof(ItemIdData);
	Size minimum = esize + HNSW_NEIGHBOR_TUPLE_SIZE(0, m) + sizeof(ItemIdData);
	Buffer buf = HnswReadLocked(index, insertPage);
	int walked = 0;

	memset(place, 0, sizeof(ElementPlace));
	place->insertPage = InvalidBlockNumber;
	for (;;)
	{
		Page page = BufferGetPage(buf);
		BlockNumber blkno = BufferGetBlockNumber(buf);
		BlockNumber next = HnswPageGetOpaque(page)->nextblkno;
		bool some = PageGetFreeSpace(page) >= minimum;

		place->buf = buf;
		place->nbuf = buf;
		if (PageGetFreeSpace(page) < combined)
			place->reuse = FindFreeElement(index, buf, esize, nsize, m,
			                               &place->free, &some);
		if ((some || place->reuse) && !BlockNumberIsValid(place->insertPage))
			place->insertPage = blkno;
		if (place->reuse)
			place->nbuf = place->free.nbuf;
		if (place->reuse || PageGetFreeSpace(page) >= combined)
			return;
		if (combined > HNSW_MAX_SIZE && PageGetFreeSpace(page) >= esize &&
		    !BlockNumberIsValid(next))
		{
			place->nbuf = AppendBuffer(index);
			place->append = true;
			return;
		}

		if (!BlockNumberIsValid(next))
		{
			buf = AppendToChain(index, buf, building);
			continue;
		}
		UnlockReleaseBuffer(buf);
		CHECK_FOR_INTERRUPTS();
		if (++walked == PLACE_WALK)
		{
			if (!BlockNumberIsValid(place->insertPage))
				place->insertPage = next;
			buf = ReadLastPage(index, next);
		}
		else
			buf = HnswReadLocked(index, next);
	}
}

/*
 * Put both tuples on pages, from insertPage on; etup->neighbortid and the
 * versions are set here.  *tid is where the element is.
 */
static void
PlaceElement(HnswSearch *s, HnswElementTuple etup, Size esize,
             HnswNeighborTuple ntup, Size nsize, BlockNumber insertPage,
             ItemPointerData *tid, bool building)
{
	Relation index = s->index;
	ElementPlace place;
	OffsetNumber eoffno;
	OffsetNumber noffno;
	HnswPageChange c;
	Page page;
	Page npage;

	FindPlace(index, esize, nsize, s->m, insertPage, &place, building);
	HnswBeginChange(&c, index, building);
	page = HnswChangePage(&c, place.buf, false);
	npage = page;
	if (place.nbuf != place.buf)
		npage = HnswChangePage(&c, place.nbuf, place.append);
	if (place.append)
	{
		HnswInitPage(npage);
		HnswPageGetOpaque(page)->nextblkno = BufferGetBlockNumber(place.nbuf);
	}
	if (place.reuse)
	{
		eoffno = place.free.offno;
		noffno = place.free.neighbor_offno;
		/* a search that knows the deleted element must not follow it here */
		etup->version = place.free.version;
		ntup->version = place.free.version;
	}
	else
	{
		eoffno = OffsetNumberNext(PageGetMaxOffsetNumber(page));
		noffno = place.nbuf == place.buf ? OffsetNumberNext(eoffno)
		                                 : FirstOffsetNumber;
	}
	ItemPointerSet(&etup->neighbortid, BufferGetBlockNumber(place.nbuf),
	               noffno);

	if (place.reuse)
	{
		OverwriteChecked(index, page, eoffno, etup, esize);
		OverwriteChecked(index, npage, noffno, ntup, nsize);
	}
	else
	{
		AddItemChecked(index, page, etup, esize, eoffno);
		AddItemChecked(index, npage, ntup, nsize, noffno);
	}
	ItemPointerSet(tid, BufferGetBlockNumber(place.buf), eoffno);
	if (!BlockNumberIsValid(place.insertPage))
		place.insertPage = BufferGetBlockNumber(place.nbuf);
	HnswEndChange(&c, place.buf, place.nbuf);
	HnswCacheChanged(index, &s->support, place.buf, eoffno);
	HnswCacheChanged(index, &s->support, place.nbuf, noffno);
	UnlockReleaseBuffer(place.buf);
	if (place.nbuf != place.buf)
		UnlockReleaseBuffer(place.nbuf);
	if (place.insertPage != insertPage)
		HnswUpdateMetaPage(index, NULL, false, place.insertPage, building);
}

/* ---------------------------------------------------------------------------
 * Insert
 * ---------------------------------------------------------------------------
 */

/*
 * Neighbours of the query on layers 0..level into selected, HNSW_GRAPH_MAX_LM
 * places a layer; never the element at skip (or NULL), nor one without TIDs.
 */
void
HnswFindNeighbors(HnswSearch *s, const HnswEntryPoint *entry, int level, int ef,
                  const ItemPointerData *skip, HnswCandidate *selected,
                  int *nselected)
{
	for (int lc = 0; lc <= level; lc++)
		nselected[lc] = 0;
	if (!HnswSearchStart(s, entry))
		return;

	for (int lc = entry->level; lc > level; lc--)
		HnswSearchLayer(s, 1, lc);
	for (int lc = Min(level, entry->level); lc >= 0; lc--)
	{
		HnswCandidate alive[HNSW_MAX_CANDIDATES];
		HnswCandidate *out = selected + lc * HNSW_GRAPH_MAX_LM;
		const void *points[HNSW_MAX_CANDIDATES];
		int n = 0;

		HnswSearchWider(s, ef, lc);
		HnswSearchSettle(s, ef, lc);
		for (int i = 0; i < s->npool && n < HNSW_MAX_CANDIDATES; i++)
		{
			HnswPageElement *e = &s->elements[s->pool[i].id];

			if (e->ntids == 0 ||
			    (skip && ItemPointerEquals(&e->tid, (ItemPointer) skip)))
				continue;
			alive[n++] = s->pool[i];
		}
		if (s->cache && HnswCachedSelect(s, alive, n, HnswGetLayerM(s->m, lc),
		                                 out, &nselected[lc]))
			continue;
		for (int i = 0; i < n; i++)
			points[i] =
				VectorPoint(&s->support, HnswSearchValue(s, alive[i].id));
		nselected[lc] = HnswSelectNeighbors(&s->support, alive, points, n,
		                                    HnswGetLayerM(s->m, lc), out);
	}
}

/* The slots of a neighbour tuple, top layer first. */
void
HnswSetNeighborTuple(HnswSearch *s, HnswNeighborTuple ntup, int level,
                     const HnswCandidate *selected, const int *nselected)
{
	int slot = 0;

	for (int lc = level; lc >= 0; lc--)
	{
		for (int i = 0; i < HnswGetLayerM(s->m, lc); i++)
		{
			if (i < nselected[lc])
				ntup->indextids[slot++] =
					s->elements[selected[lc * HNSW_GRAPH_MAX_LM + i].id].tid;
			else
				ItemPointerSetInvalid(&ntup->indextids[slot++]);
		}
	}
	Assert(slot == ntup->count);
}

/* Others were faster at every list: what is nearest has to take the element. */
static void
LinkAgain(HnswSearch *s, const HnswLinks *links, const ItemPointerData *tid,
          bool building)
{
	uint32 id = HnswSearchElement(s, tid);

	INJECTION_POINT("hnsw-link-again");
	/* layer 0 is planned last, its nearest first */
	for (int i = 0; i < links->n; i++)
	{
		if (links->links[i].lc == 0 &&
		    HnswLinkFrom(s, id, links->links[i].from, building))
			return;
	}
}

/*
 * The tuples of a new element, placed, and its neighbours told.  entry is the
 * entry point if the element will take its place.
 */
static void
AddElement(HnswSearch *s, int level, ItemPointer heaptid,
           HnswCandidate *selected, int *nselected, const HnswEntryPoint *entry,
           BlockNumber insertPage, ItemPointerData *tid, bool building)
{
	Size esize = HNSW_ELEMENT_TUPLE_SIZE(VARSIZE(s->query));
	Size nsize = HNSW_NEIGHBOR_TUPLE_SIZE(level, s->m);
	HnswElementTuple etup = palloc0(esize);
	HnswNeighborTuple ntup = palloc0(nsize);
	HnswLinks links;

	/* also decides what goes into the own list for what others give up */
	HnswPlanLinks(s, HNSW_GRAPH_NONE, level, selected, nselected, entry,
	              &links);

	INJECTION_POINT("hnsw-insert-planned");

	HnswFormElementTuple(etup, level, heaptid, 1, s->query);
	ntup->type = HNSW_NEIGHBOR_TUPLE_TYPE;
	ntup->version = etup->version;
	ntup->count = (uint16) ((level + 2) * s->m);
	HnswSetNeighborTuple(s, ntup, level, selected, nselected);
	PlaceElement(s, etup, esize, ntup, nsize, insertPage, tid, building);
	INJECTION_POINT("hnsw-insert-placed");
	if (HnswWriteLinks(s, &links, tid, building) == 0 && links.n > 0)
		LinkAgain(s, &links, tid, building);
}

void
HnswInsertOnPages(Relation index, const VectorSupport *support,
                  const void *value, ItemPointer heaptid, bool building)
{
	LOCKMODE lockmode = ShareLock;
	HnswEntryPoint entry;
	HnswCandidate *selected;
	int *nselected;
	HnswSearch *s;
	BlockNumber insertPage;
	ItemPointerData tid;
	int m;
	int dim;
	int ef = HnswGetEfConstruction(index);
	int level;

	HnswCacheLoad(index, support);

	/* held to the end: an insert in flight */
	LockPage(index, HNSW_UPDATE_LOCK, lockmode);
	HnswGetMetaPageInfo(index, &m, &dim, &entry, &insertPage);
	if (support->type->value_dim(value) != dim)
		ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
		                errmsg("expected %d dimensions, not %d", dim,
		                       support->type->value_dim(value))));
	level = HnswRandomLevel(m, HnswGetMaxLevel(m));
	selected = palloc(sizeof(HnswCandidate) * HNSW_GRAPH_MAX_LM * (level + 1));
	nselected = palloc(sizeof(int) * (level + 1));

	for (;;)
	{
		if (level <= entry.level || lockmode == ExclusiveLock)
		{
			s = HnswSearchCreate(index, support, value, m, ef, true);
			HnswFindNeighbors(s, &entry, level, ef, NULL, selected, nselected);
			if (nselected[0] > 0 || lockmode == ExclusiveLock)
				break;
		}
		UnlockPage(index, HNSW_UPDATE_LOCK, lockmode);
		lockmode = ExclusiveLock;
		LockPage(index, HNSW_UPDATE_LOCK, lockmode);
		HnswGetMetaPageInfo(index, &m, &dim, &entry, &insertPage);
	}
	INJECTION_POINT("hnsw-insert-found");

	if (!MergeDuplicate(s, selected, nselected[0], heaptid, building))
	{
		bool alone = nselected[0] == 0;

		AddElement(s, level, heaptid, selected, nselected,
		           level > entry.level ? &entry : NULL, insertPage, &tid,
		           building);
		if (level > entry.level || alone)
		{
			HnswEntryPoint mine = {tid, level};

			INJECTION_POINT("hnsw-insert-entry");
			HnswUpdateMetaPage(index, &mine, alone, InvalidBlockNumber,
			                   building);
		}
	}
	UnlockPage(index, HNSW_UPDATE_LOCK, lockmode);
}

bool
hnswinsert(Relation index, Datum *values, bool *isnull, ItemPointer heap_tid,
           Relation heap, IndexUniqueCheck checkUnique, bool indexUnchanged,
           struct IndexInfo *indexInfo)
{
	MemoryContext context;
	MemoryContext old;
	VectorSupport support;
	void *value;

	if (isnull[0])
		return false;
	context = AllocSetContextCreate(CurrentMemoryContext, "Hnsw insert",
	                                ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	HnswInitSupport(&support, index);
	if (VectorFormValue(&support, values[0], &value))
		HnswInsertOnPages(index, &support, value, heap_tid, false);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return false;
}
