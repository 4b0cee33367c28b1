/*
 * hnswrepair.c
 *	  Pass 2 of hnsw's vacuum: no live element leads to one that is to go.
 *
 * When this begins, every live element reaches every other without those that
 * go (hnswreach.c): so links to them can simply be taken out, and nothing is
 * lost by it.  A list that gets short is filled with what the lost neighbours
 * were linked to, the nearest and most diverse of them, and keeps what it has.
 * That is read from the pages around; no search is needed.  (pgvector searches
 * the whole graph anew for every element that has lost a neighbour, which takes
 * several times as long as the build.)  Short is less than 0.7 to 0.9 of what
 * fits, for each element another share: else all lists of a graph of one age
 * would be due at the same vacuum.
 *
 * A search there is where a neighbourhood is gone as a whole: when a list loses
 * more than it keeps, keeps less than a quarter on layer 0, or nothing on
 * another.  And for the entry point, with its successor; and for every element
 * with a link to take out if more than half of all go, because what is
 * around is then gone too: with one quarter left and m = 4, filled lists have a
 * recall of 0.75 where searched ones have 0.88.
 *
 * The lists of one page are changed in one record, under its content lock: what
 * inserts have changed since the list was read is kept.
 */
#include "postgres.h"

#include "access/hnsw_cache.h"
#include "miscadmin.h"
#include "commands/vacuum.h"
#include "storage/lmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#include "hnswvacuum.h"

/* Lists of less than so many parts are short; see the header. */
#define SHORT_PARTS 64
#define SHORT_AT_LEAST 48
#define SHORT_AT_MOST 58

/* A live element, copied from its page. */
typedef struct LiveElement
{
	ItemPointerData tid;
	ItemPointerData neighbortid;
	int level;
	/* what of its neighbour tuple is on the same page; NULL: elsewhere */
	ItemPointerData *slots;
} LiveElement;

/* The list of an element on one layer: what stays, what goes. */
typedef struct LayerList
{
	ItemPointerData live[HNSW_GRAPH_MAX_LM];
	ItemPointerData dead[HNSW_GRAPH_MAX_LM];
	int nlive;
	int ndead;
} LayerList;

/* What is to be put into an element's lists in place of what goes. */
typedef struct ListPlan
{
	const LiveElement *e;
	ItemPointerData *add; /* by layer, nadd[lc] of HNSW_GRAPH_MAX_LM, or NULL */
	int *nadd;
	bool done;
} ListPlan;

typedef enum ListFate
{
	LISTS_STAY,    /* nothing of them goes */
	LISTS_CHANGE,  /* as planned */
	LISTS_SEARCHED /* one would be left with too little */
} ListFate;

static int
SlotsOf(const HnswVacuumState *vs, int level)
{
	return (level + 2) * vs->m;
}

/* A copy of the element's neighbour tuple, in the current context. */
static ItemPointerData *
CopySlots(HnswVacuumState *vs, Page page, const LiveElement *e)
{
	OffsetNumber off = ItemPointerGetOffsetNumber(&e->neighbortid);
	HnswNeighborTuple ntup =
		(HnswNeighborTuple) PageGetItem(page, PageGetItemId(page, off));
	int count = SlotsOf(vs, e->level);
	ItemPointerData *slots;

	if (ntup->type != HNSW_NEIGHBOR_TUPLE_TYPE || ntup->count != count)
		elog(ERROR, "hnsw index is not valid");
	slots = palloc(count * sizeof(ItemPointerData));
	memcpy(slots, ntup->indextids, count * sizeof(ItemPointerData));
	return slots;
}

static const ItemPointerData *
SlotsOfElement(HnswVacuumState *vs, LiveElement *e)
{
	Buffer buf;

	if (e->slots)
		return e->slots;
	buf = HnswReadVacuumBuffer(vs, ItemPointerGetBlockNumber(&e->neighbortid));
	LockBuffer(buf, BUFFER_LOCK_SHARE);
	e->slots = CopySlots(vs, BufferGetPage(buf), e);
	UnlockReleaseBuffer(buf);
	return e->slots;
}

/* Does one of its neighbours go? */
static bool
NeedsRepair(HnswVacuumState *vs, LiveElement *e)
{
	const ItemPointerData *tids = SlotsOfElement(vs, e);

	for (int i = 0; i < SlotsOf(vs, e->level); i++)
	{
		if (ItemPointerIsValid(&tids[i]) && HnswIsDeleting(vs, &tids[i]))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * By search
 * ---------------------------------------------------------------------------
 */

/* Its value is read when a search needs it: only vacuum removes elements. */
static void *
CopyLiveValue(HnswVacuumState *vs, const LiveElement *e)
{
	Buffer buf = HnswReadVacuumBuffer(vs, ItemPointerGetBlockNumber(&e->tid));
	void *value;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	value = HnswCopyValue(vs->index, &vs->support, BufferGetPage(buf),
	                      ItemPointerGetOffsetNumber(&e->tid));
	UnlockReleaseBuffer(buf);
	return value;
}

/* New neighbours for e, found from entry.  UPDATE is held, shared at least. */
static void
RepairElement(HnswVacuumState *vs, const LiveElement *e,
              const HnswEntryPoint *entry)
{
	OffsetNumber offno = ItemPointerGetOffsetNumber(&e->neighbortid);
	int ef = vs->ef_construction + 1; /* one of them may be e itself */
	MemoryContext old;
	HnswSearch *s;
	HnswCandidate *selected;
	int *nselected;
	HnswLinks links;
	ItemPointerData before[HNSW_GRAPH_MAX_LM]; /* layer 0 */
	const ItemPointerData *tids;
	int nbefore = 0;
	GenericXLogState *state;
	HnswNeighborTuple ntup;
	Buffer buf;
	Page page;
	uint32 id;

	/* From itself nothing is found: its links are all there are. */
	if (entry->level >= 0 &&
	    ItemPointerEquals((ItemPointer) &e->tid, (ItemPointer) &entry->tid))
		return;

	old = MemoryContextSwitchTo(vs->repair_context);
	selected =
		palloc(sizeof(HnswCandidate) * HNSW_GRAPH_MAX_LM * (e->level + 1));
	nselected = palloc(sizeof(int) * (e->level + 1));
	s = HnswSearchCreate(vs->index, &vs->support, CopyLiveValue(vs, e), vs->m,
	                     ef, false);
	HnswFindNeighbors(s, entry, e->level, ef, &e->tid, selected, nselected);
	id = HnswSearchElement(s, &e->tid);
	HnswPlanLinks(s, id, e->level, selected, nselected, NULL, &links);

	INJECTION_POINT("hnsw-vacuum-search");
	buf = ReadBuffer(vs->index, ItemPointerGetBlockNumber(&e->neighbortid));
	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	state = GenericXLogStart(vs->index);
	page = GenericXLogRegisterBuffer(state, buf, 0);
	ntup = (HnswNeighborTuple) PageGetItem(page, PageGetItemId(page, offno));
	if (ntup->type != HNSW_NEIGHBOR_TUPLE_TYPE ||
	    ntup->count != (e->level + 2) * vs->m)
		elog(ERROR, "hnsw index is not valid");
	tids = &ntup->indextids[HnswLayerStart(e->level, vs->m, 0)];
	for (; nbefore < HnswGetLayerM(vs->m, 0); nbefore++)
	{
		if (!ItemPointerIsValid(&tids[nbefore]))
			break;
		before[nbefore] = tids[nbefore];
	}
	HnswSetNeighborTuple(s, ntup, e->level, selected, nselected);
	GenericXLogFinish(state);
	HnswCacheChanged(vs->index, &vs->support, buf, offno);
	UnlockReleaseBuffer(buf);

	(void) HnswWriteLinks(s, &links, &e->tid, false);
	/* what inserts have put there since, too */
	HnswLinkLost(s, id, before, nbefore);
	MemoryContextSwitchTo(old);
	MemoryContextReset(vs->repair_context);
}

static void
CopyElement(HnswVacuumState *vs, Page page, const ItemPointerData *tid,
            LiveElement *e)
{
	OffsetNumber off = ItemPointerGetOffsetNumber(tid);
	HnswElementTuple etup =
		(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));

	e->tid = *tid;
	e->neighbortid = etup->neighbortid;
	e->level = etup->level;
	e->slots = NULL;
	if (ItemPointerGetBlockNumber(&e->neighbortid) ==
	    ItemPointerGetBlockNumber(tid))
		e->slots = CopySlots(vs, page, e);
}

static void
LoadLiveElement(HnswVacuumState *vs, const ItemPointerData *tid, LiveElement *e)
{
	Buffer buf = HnswReadVacuumBuffer(vs, ItemPointerGetBlockNumber(tid));

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	CopyElement(vs, BufferGetPage(buf), tid, e);
	UnlockReleaseBuffer(buf);
}

/*
 * First the element that shall lead into the graph, then, with inserts shut
 * out, the entry point: if it goes the highest live one takes its place.
 */
static void
RepairEntryPoint(HnswVacuumState *vs)
{
	HnswEntryPoint highest = vs->highest;
	HnswEntryPoint entry;
	LiveElement e;

	if (highest.level >= 0)
	{
		LockPage(vs->index, HNSW_UPDATE_LOCK, ShareLock);
		HnswGetMetaPageInfo(vs->index, &vs->m, NULL, &entry, NULL);
		/* The entry point is repaired from another one. */
		if (entry.level >= 0 && ItemPointerEquals(&entry.tid, &highest.tid))
			highest = vs->fallback;
		if (highest.level >= 0)
		{
			LoadLiveElement(vs, &highest.tid, &e);
			if (NeedsRepair(vs, &e))
				RepairElement(vs, &e, &entry);
		}
		UnlockPage(vs->index, HNSW_UPDATE_LOCK, ShareLock);
	}

	LockPage(vs->index, HNSW_UPDATE_LOCK, ExclusiveLock);
	HnswGetMetaPageInfo(vs->index, &vs->m, NULL, &entry, NULL);
	INJECTION_POINT("hnsw-vacuum-entry");
	/* none: a vacuum ended before the highest took its place */
	if (entry.level < 0 || HnswIsDeleting(vs, &entry.tid))
		HnswUpdateMetaPage(vs->index, &highest, true, InvalidBlockNumber,
		                   false);
	else
	{
		LoadLiveElement(vs, &entry.tid, &e);
#ifndef TUSK_DEFECT_ENTRY_POINT_NOT_REPAIRED
		if (NeedsRepair(vs, &e))
			RepairElement(vs, &e, &highest);
#endif
	}
	UnlockPage(vs->index, HNSW_UPDATE_LOCK, ExclusiveLock);
}

static void
RepairBySearch(HnswVacuumState *vs, const LiveElement *e)
{
	LOCKMODE lockmode = ShareLock;
	HnswEntryPoint entry;

	LockPage(vs->index, HNSW_UPDATE_LOCK, lockmode);
	HnswGetMetaPageInfo(vs->index, &vs->m, NULL, &entry, NULL);
	if (e->level > entry.level)
	{
		UnlockPage(vs->index, HNSW_UPDATE_LOCK, lockmode);
		lockmode = ExclusiveLock;
		LockPage(vs->index, HNSW_UPDATE_LOCK, lockmode);
		HnswGetMetaPageInfo(vs->index, &vs->m, NULL, &entry, NULL);
	}
	RepairElement(vs, e, &entry);
	if (e->level > entry.level)
	{
		HnswEntryPoint mine = {e->tid, e->level};

		HnswUpdateMetaPage(vs->index, &mine, false, InvalidBlockNumber, false);
	}
	UnlockPage(vs->index, HNSW_UPDATE_LOCK, lockmode);
}

/* ---------------------------------------------------------------------------
 * Lists without what goes
 * ---------------------------------------------------------------------------
 */

/* Has the layer's list anything that goes? */
static bool
SplitLayer(HnswVacuumState *vs, const ItemPointerData *tids, int lm,
           LayerList *list)
{
	list->nlive = 0;
	list->ndead = 0;
	for (int i = 0; i < lm && ItemPointerIsValid(&tids[i]); i++)
	{
		if (HnswIsDeleting(vs, &tids[i]))
			list->dead[list->ndead++] = tids[i];
		else
			list->live[list->nlive++] = tids[i];
	}
	return list->ndead > 0;
}

/* The live neighbours of those that go, nearest first; returns how many. */
static int
FindCandidates(HnswVacuumState *vs, HnswSearch *s, const LiveElement *e, int lc,
               const LayerList *list, HnswCandidate *found)
{
	uint32 dead[HNSW_GRAPH_MAX_LM];
	int n = 0;

	s->epoch++;
	HnswSearchElements(s, list->dead, list->ndead, dead);
	for (int i = 0; i < list->ndead; i++)
	{
		ItemPointerData tids[HNSW_GRAPH_MAX_LM];
		uint32 ids[HNSW_GRAPH_MAX_LM];
		int count = HnswReadNeighbors(s, &s->elements[dead[i]], lc, tids);
		int live = 0;

		for (int j = 0; j < count; j++)
		{
			if (!HnswIsDeleting(vs, &tids[j]) &&
			    !HnswHasTid(&e->tid, 1, &tids[j]) &&
			    !HnswHasTid(list->live, list->nlive, &tids[j]))
				tids[live++] = tids[j];
		}
		HnswSearchElements(s, tids, live, ids);
		for (int j = 0; j < live && n < HNSW_MAX_CANDIDATES; j++)
		{
			HnswPageElement *c = &s->elements[ids[j]];
			int at = n;

			if (c->epoch == s->epoch || c->ntids == 0 || c->level < lc)
				continue;
			c->epoch = s->epoch;
			for (; at > 0 && found[at - 1].distance > c->distance; at--)
				found[at] = found[at - 1];
			found[at].distance = c->distance;
			found[at].id = ids[j];
			n++;
		}
	}
	return n;
}

/* Choose what fills the layer's list; returns how many. */
static int
FillLayer(HnswVacuumState *vs, HnswSearch *s, const LiveElement *e, int lc,
          const LayerList *list, ItemPointerData *add)
{
	HnswCandidate found[HNSW_MAX_CANDIDATES];
	HnswCandidate chosen[HNSW_GRAPH_MAX_LM];
	const void *points[HNSW_MAX_CANDIDATES];
	int room = HnswGetLayerM(vs->m, lc) - list->nlive;
	int n = FindCandidates(vs, s, e, lc, list, found);

	/* the far ones of many have no chance */
	n = Min(n, 4 * room);
	for (int i = 0; i < n; i++)
		points[i] = VectorPoint(&s->support, HnswSearchValue(s, found[i].id));
	n = HnswSelectNeighbors(&s->support, found, points, n, room, chosen);
	for (int i = 0; i < n; i++)
		add[i] = s->elements[chosen[i].id].tid;
	return n;
}

/* See the header.  Which share is the element's own, for ever. */
static bool
IsShort(const LiveElement *e, const LayerList *list, int lm)
{
	uint32 hash = ItemPointerGetBlockNumber(&e->tid) * 2654435769U +
	              ItemPointerGetOffsetNumber(&e->tid) * 2246822519U;
	int share = SHORT_AT_LEAST +
	            (int) (hash >> 24) * (SHORT_AT_MOST - SHORT_AT_LEAST) / 256;

	return list->nlive * SHORT_PARTS < lm * share;
}

/* Choose what fills the list; false: that leaves it with too little. */
static bool
PlanLayer(HnswVacuumState *vs, HnswFill *fill, HnswSearch **s, int lc,
          const LayerList *list, ListPlan *plan)
{
	const LiveElement *e = plan->e;
	int lm = HnswGetLayerM(vs->m, lc);
	ItemPointerData *add;

	if (plan->add == NULL)
	{
		plan->nadd = palloc0((e->level + 1) * sizeof(int));
		plan->add = palloc((e->level + 1) * HNSW_GRAPH_MAX_LM *
		                   sizeof(ItemPointerData));
	}
	add = plan->add + lc * HNSW_GRAPH_MAX_LM;
	if (lc > 0)
	{
		MemoryContext old = MemoryContextSwitchTo(vs->repair_context);

		if (*s == NULL)
			*s = HnswSearchCreate(vs->index, &vs->support, CopyLiveValue(vs, e),
			                      vs->m, 1, false);
		plan->nadd[lc] = FillLayer(vs, *s, e, lc, list, add);
		MemoryContextSwitchTo(old);
	}
	else
		plan->nadd[lc] = HnswFillTake(fill, &e->tid, add);
	return list->nlive + plan->nadd[lc] >= (lc == 0 ? Max(lm / 4, 1) : 1);
}

static ListFate
PlanLists(HnswVacuumState *vs, HnswFill *fill, LiveElement *e, ListPlan *plan)
{
	const ItemPointerData *slots = SlotsOfElement(vs, e);
	ListFate fate = LISTS_STAY;
	HnswSearch *s = NULL;

	plan->e = e;
	plan->done = false;
	plan->nadd = NULL;
	plan->add = NULL;
	for (int lc = e->level; lc >= 0 && fate != LISTS_SEARCHED; lc--)
	{
		int lm = HnswGetLayerM(vs->m, lc);
		LayerList list;

		if (!SplitLayer(vs, slots + HnswLayerStart(e->level, vs->m, lc), lm,
		                &list))
			continue;
		fate = LISTS_CHANGE;
		if (vs->many_go || list.ndead > list.nlive ||
		    (IsShort(e, &list, lm) &&
		     !PlanLayer(vs, fill, &s, lc, &list, plan)))
			fate = LISTS_SEARCHED;
	}
	if (s)
		MemoryContextReset(vs->repair_context);
	return fate;
}

static void
ApplyPlan(HnswVacuumState *vs, Page page, const ListPlan *plan)
{
	const LiveElement *e = plan->e;
	HnswNeighborTuple ntup = (HnswNeighborTuple) PageGetItem(
		page, PageGetItemId(page, ItemPointerGetOffsetNumber(&e->neighbortid)));

	if (ntup->type != HNSW_NEIGHBOR_TUPLE_TYPE ||
	    ntup->count != (e->level + 2) * vs->m)
		elog(ERROR, "hnsw index is not valid");
	for (int lc = e->level; lc >= 0; lc--)
	{
		ItemPointerData *tids =
			&ntup->indextids[HnswLayerStart(e->level, vs->m, lc)];
		const ItemPointerData *add = plan->add + lc * HNSW_GRAPH_MAX_LM;
		int nadd = plan->add ? plan->nadd[lc] : 0;
		int lm = HnswGetLayerM(vs->m, lc);
		int n = 0;

		while (n < lm && ItemPointerIsValid(&tids[n]))
			n++;
		for (int i = 0; i < n;)
		{
			if (!HnswIsDeleting(vs, &tids[i]))
			{
				i++;
				continue;
			}
			/* the last takes the place, so that few bytes change */
			n--;
			tids[i] = tids[n];
			ItemPointerSetInvalid(&tids[n]);
		}
		for (int i = 0; i < nadd && n < lm; i++)
		{
			if (!HnswHasTid(tids, n, &add[i]))
				tids[n++] = add[i];
		}
	}
}

/* One record for each page that has lists of these elements. */
static void
ApplyPlans(HnswVacuumState *vs, ListPlan *plans, int n)
{
	for (int i = 0; i < n; i++)
	{
		BlockNumber blkno;
		GenericXLogState *state;
		PGAlignedBlock before;
		Buffer buf;
		Page page;

		if (plans[i].done)
			continue;
		INJECTION_POINT("hnsw-vacuum-repair");
		blkno = ItemPointerGetBlockNumber(&plans[i].e->neighbortid);
		buf = HnswReadVacuumBuffer(vs, blkno);
		LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
		memcpy(before.data, BufferGetPage(buf), BLCKSZ);
		state = GenericXLogStart(vs->index);
		page = GenericXLogRegisterBuffer(state, buf, 0);
		for (int j = i; j < n; j++)
		{
			if (ItemPointerGetBlockNumber(&plans[j].e->neighbortid) != blkno)
				continue;
			ApplyPlan(vs, page, &plans[j]);
			plans[j].done = true;
		}
		GenericXLogFinish(state);
		HnswCacheChangedPage(vs->index, &vs->support, buf, before.data);
		UnlockReleaseBuffer(buf);
	}
}

/* ---------------------------------------------------------------------------
 * The whole graph
 * ---------------------------------------------------------------------------
 */

/* Copy the live elements of the page; returns the block after it. */
static BlockNumber
CopyPage(HnswVacuumState *vs, BlockNumber blkno, LiveElement **live, int *nlive)
{
	Buffer buf = HnswReadVacuumBuffer(vs, blkno);
	OffsetNumber max;
	BlockNumber next;
	Page page;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buf);
	HnswPrefetchItems(page);
	max = PageGetMaxOffsetNumber(page);
	*live = palloc(sizeof(LiveElement) * (max + 1));
	*nlive = 0;
	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		HnswElementTuple etup =
			(HnswElementTuple) PageGetItem(page, PageGetItemId(page, off));
		ItemPointerData tid;

		if (etup->type != HNSW_ELEMENT_TUPLE_TYPE || etup->deleted ||
		    !ItemPointerIsValid(&etup->heaptids[0]))
			continue;
		ItemPointerSet(&tid, blkno, off);
		CopyElement(vs, page, &tid, &(*live)[(*nlive)++]);
	}
	next = HnswPageGetOpaque(page)->nextblkno;
	UnlockReleaseBuffer(buf);
	return next;
}

/* The lists of layer 0 that are to be filled. */
static void
NotePage(HnswVacuumState *vs, HnswFill *fill, LiveElement *live, int nlive)
{
	int lm = HnswGetLayerM(vs->m, 0);

	for (int i = 0; i < nlive; i++)
	{
		const ItemPointerData *slots = SlotsOfElement(vs, &live[i]);
		LayerList list;

		if (!SplitLayer(vs, slots + HnswLayerStart(live[i].level, vs->m, 0), lm,
		                &list))
			continue;
		if (list.ndead <= list.nlive && IsShort(&live[i], &list, lm))
			HnswFillAdd(fill, &live[i].tid, list.live, list.nlive, list.dead,
			            list.ndead);
	}
}

static void
RepairPage(HnswVacuumState *vs, HnswFill *fill, LiveElement *live, int nlive)
{
	ListPlan *plans = palloc(sizeof(ListPlan) * nlive);
	int n = 0;

	for (int i = 0; i < nlive; i++)
	{
		ListFate fate = PlanLists(vs, fill, &live[i], &plans[n]);

		CHECK_FOR_INTERRUPTS();
		if (fate == LISTS_CHANGE)
			n++;
		else if (fate == LISTS_SEARCHED)
			RepairBySearch(vs, &live[i]);
	}
	ApplyPlans(vs, plans, n);
}

/*
 * From blkno on, what half of maintenance_work_mem is enough for, one block at
 * least; returns the block after it.
 */
static BlockNumber
NoteBlocks(HnswVacuumState *vs, HnswFill *fill, BlockNumber blkno)
{
	HnswFillReset(fill);
	while (BlockNumberIsValid(blkno) && !HnswFillIsFull(fill))
	{
		LiveElement *live;
		int nlive;

		vacuum_delay_point();
		blkno = CopyPage(vs, blkno, &live, &nlive);
		NotePage(vs, fill, live, nlive);
		MemoryContextReset(CurrentMemoryContext);
	}
	return blkno;
}

static void
RepairBlocks(HnswVacuumState *vs, HnswFill *fill, BlockNumber blkno,
             BlockNumber end)
{
	while (blkno != end && BlockNumberIsValid(blkno))
	{
		LiveElement *live;
		int nlive;

		vacuum_delay_point();
		HnswFillGoTo(fill, blkno);
		blkno = CopyPage(vs, blkno, &live, &nlive);
		RepairPage(vs, fill, live, nlive);
		MemoryContextReset(CurrentMemoryContext);
	}
}

void
HnswRepairGraph(HnswVacuumState *vs)
{
	BlockNumber blkno = HNSW_HEAD_BLKNO;
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw vacuum fill lists", ALLOCSET_DEFAULT_SIZES);
	MemoryContext page_context = AllocSetContextCreate(
		CurrentMemoryContext, "Hnsw vacuum page", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	HnswFill *fill = HnswFillCreate(vs);

	vs->many_go = vs->deleting.count > vs->stats->num_index_tuples;
	MemoryContextSwitchTo(page_context);
	RepairEntryPoint(vs);
	while (BlockNumberIsValid(blkno))
	{
		BlockNumber end = InvalidBlockNumber;

		if (!vs->many_go)
		{
			end = NoteBlocks(vs, fill, blkno);
			HnswFillOffer(fill);
		}
		RepairBlocks(vs, fill, blkno, end);
		blkno = end;
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(page_context);
	MemoryContextDelete(context);
}
