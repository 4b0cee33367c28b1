/*
 * hnswlink.c
 *	  Links to an element, on pages: which neighbours take it into their lists,
 *	  and what they give up for it.
 *
 * A neighbour whose list is full runs the heuristic over its entries and the
 * new element, and drops one of them.  What it drops may have been reached by
 * no other link: so a row, or all rows of a clump behind it, would be lost to
 * every search.  pgvector takes that risk.  Here every change of layer 0 by an
 * insert keeps reached what was reached before it:
 *
 * 1. A link from -> dropped is given up only if there is a way of two links
 *	  from -> other -> dropped, and other has rows; else the new element takes
 *	  dropped into its own list, and the way is from -> new -> dropped.
 * 2. What the new element's own list has for that reason stays in it; other
 *	  entries of it, which nobody relies on yet, give way.
 * 3. If no neighbour wants the new element, the nearest has to take it.
 * 4. An element that becomes the entry point has the old one in its list.
 * 5. An element that vacuum gives a new list keeps what it had by rule 1.
 *
 * All is decided before the element is placed, so its list is written once; a
 * way counts by what is planned so far (planned drops are no way any more).
 * Then: the element, complete, and after it the links to it (hnswinsert.c,
 * rule 5): a crash in between leaves an element that is not reached, but drops
 * nothing.
 *
 * Of two inserts at once, one may give up the way that the other relies on:
 * so it is looked at again just before a link is given up, and once more after
 * it: the later of two that give up each other's way sees that it is gone, and
 * links what it dropped again (LinkBack).  What the new element has taken over is
 * looked at after the link to it as well: once it has one link others find it,
 * and may put something else there because the list of the next link, which is
 * not written yet, leads there too (StillHas).  Since each looks after it has
 * written, a way that was seen is given up only later, by one who then has seen
 * another: so in the end there is one.  A slot
 * that no longer has what was to be dropped is left alone: one link less; an
 * element that gets none at all tries again (HnswLinkFrom).
 * To link again may give up a link in its turn.  What is to be looked at is
 * therefore a list (GivenUp), not a recursion, and it comes to an end: each of
 * these plans sees the lists as they are, so what it gives up has a way at that
 * time, and has none after the write only if another insert has changed a list
 * between the two.  So what is linked again for that reason is no more than the
 * changes of others meanwhile, and alone it is nothing.  For that, plan and look
 * must agree on who has rows: both go by what the search has first seen of an
 * element (a vacuum may take its rows meanwhile, and will then wait for us before
 * it relies on what leads where), else one would give up for ever what the other
 * links again.  Who ends before that, by an ERROR or a kill, leaves it to the next
 * vacuum (hnswreach.c).
 * An element without rows, which a vacuum that was cut off may have left, leads
 * to others as any does, but cannot be taken over: it goes only by the first
 * half of rule 1, or when vacuum has seen to it that nothing depends on it.
 *
 * Cost of rule 1: of most dropped entries the way is found with two lists
 * read, those of dropped and of other, which are neighbours both ways.
 */
#include "postgres.h"

#include "access/hnsw.h"
#include "access/hnsw_cache.h"
#include "miscadmin.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#define SLOT_NONE (-1)

/* So often a link is tried that others are faster at. */
#define LINK_TRIES 20

/* Of so many elements one is to link what was given up. */
#define LINK_REACH 64

/* The list of one element on the layer in work. */
typedef struct Neighbors
{
	uint32 from;  /* whose list it is */
	bool by_node; /* nodes of the index cache instead of TIDs */
	union
	{
		ItemPointerData tids[HNSW_GRAPH_MAX_LM];
		uint32 nodes[HNSW_GRAPH_MAX_LM];
	};
	int n;
} Neighbors;

/*
 * Links that were given up, each to be looked at once more: is there still a way
 * from its list?
 */
typedef struct GivenUp
{
	struct
	{
		uint32 from;
		uint32 dropped;
	} * links;
	int n;
	int size;
} GivenUp;

typedef enum ConnectResult
{
	CONNECT_DONE,
	CONNECT_LOST_RACE, /* a list has changed meanwhile: worth another try */
	CONNECT_NO_ROOM    /* none of the list can be given up */
} ConnectResult;

static bool LinkFrom(HnswSearch *s, uint32 id, uint32 from, bool reached,
                     GivenUp *given_up, bool building);

/* A plan in the making; own: the list of the new element on layer 0. */
typedef struct LinkPlan
{
	HnswSearch *s;
	uint32 id;
	int lm; /* of layer 0 */
	HnswCandidate *own;
	int *nown;
	bool relied[HNSW_GRAPH_MAX_LM]; /* on this entry of own */
	bool sure; /* what MayDrop was asked last needs no way from its list */
	HnswLinks *links;
} LinkPlan;

static void
ReadTids(HnswSearch *s, uint32 from, int lc, Neighbors *list)
{
	list->from = from;
	list->by_node = false;
	list->n = HnswReadNeighbors(s, &s->elements[from], lc, list->tids);
}

/* The list on layer 0, from the cache if it is there: for HasTid and ways. */
static void
ReadList(HnswSearch *s, uint32 from, Neighbors *list)
{
	if (s->cache)
	{
		list->from = from;
		list->by_node = true;
		list->n = HnswCachedReadList(s, from, list->nodes);
		if (list->n >= 0)
			return;
	}
	ReadTids(s, from, 0, list);
}

/* The search goes on by pages if what the list was read from is gone. */
static void
CheckList(HnswSearch *s, Neighbors *list)
{
	if (!list->by_node || (s->cache && HnswCacheIsCurrent(s->cache)))
		return;
	if (s->cache)
		HnswSearchLeaveCache(s);
	ReadTids(s, list->from, 0, list);
}

static bool
HasNode(const Neighbors *list, uint32 node)
{
	bool has = false;

	for (int i = 0; i < list->n; i++)
		has |= list->nodes[i] == node;
	return has;
}

static bool
HasTid(HnswSearch *s, Neighbors *list, const ItemPointerData *tid)
{
	CheckList(s, list);
	if (list->by_node)
	{
		bool has = HasNode(list, HnswCacheLookup(s->cache, tid));

		CheckList(s, list);
		if (list->by_node)
			return has;
	}
	for (int i = 0; i < list->n; i++)
	{
		if (HnswTidEquals(&list->tids[i], tid))
			return true;
	}
	return false;
}

/* By the cache; false: the pages know. */
static bool
ChooseCachedSlot(HnswSearch *s, uint32 from, int lc, Neighbors *list, int *slot,
                 uint32 *dropped)
{
	int lm = HnswGetLayerM(s->m, lc);
	ItemPointerData tid;

	list->from = from;
	list->by_node = true;
	list->n = HnswCachedChoose(s, from, lc, list->nodes, slot, &tid);
	if (!HnswCacheIsCurrent(s->cache))
	{
		HnswSearchLeaveCache(s);
		return false;
	}
	if (list->n < 0)
		return false;
	*dropped = HNSW_GRAPH_NONE;
	if (list->n < lm)
		*slot = HNSW_SLOT_FREE;
	else if (*slot == lm)
		*slot = SLOT_NONE;
	else
		*dropped = HnswSearchElement(s, &tid);
	return true;
}

/*
 * Which slot of from's list the element id should take; no locks.  list gets
 * what is there, *dropped the element that is in the slot.
 */
static int
ChooseSlot(HnswSearch *s, uint32 from, int lc, uint32 id, float distance,
           Neighbors *list, uint32 *dropped)
{
	HnswCandidate candidates[HNSW_GRAPH_MAX_LM + 1];
	HnswCandidate chosen[HNSW_GRAPH_MAX_LM];
	const void *points[HNSW_GRAPH_MAX_LM + 1];
	float distances[HNSW_GRAPH_MAX_LM];
	int lm = HnswGetLayerM(s->m, lc);
	uint32 slots[HNSW_GRAPH_MAX_LM];
	int count;

	if (s->cache && id == HNSW_GRAPH_NONE &&
	    ChooseCachedSlot(s, from, lc, list, &count, dropped))
		return count;
	*dropped = HNSW_GRAPH_NONE;
	ReadTids(s, from, lc, list);
	if (list->n < lm)
		return HNSW_SLOT_FREE;

	HnswSearchElements(s, list->tids, lm, slots);
	for (int i = 0; i < lm; i++)
	{
		if (s->elements[slots[i]].ntids == 0)
		{
			*dropped = slots[i];
			return i;
		}
		points[i] = VectorPoint(&s->support, HnswSearchValue(s, slots[i]));
	}
	s->support.distances(VectorPoint(&s->support, HnswSearchValue(s, from)),
	                     points, lm, s->support.dim, distances);

	for (int i = 0; i <= lm; i++)
	{
		HnswCandidate cand = {distance, id};
		int j = i;

		if (i < lm)
		{
			cand.id = slots[i];
			cand.distance = distances[i];
		}
		for (; j > 0 && candidates[j - 1].distance > cand.distance; j--)
			candidates[j] = candidates[j - 1];
		candidates[j] = cand;
	}
	for (int i = 0; i <= lm; i++)
		points[i] = candidates[i].id == id
		                ? s->query_point
		                : VectorPoint(&s->support,
		                              HnswSearchValue(s, candidates[i].id));
	count = HnswSelectNeighbors(&s->support, candidates, points, lm + 1, lm,
	                            chosen);
	Assert(count == lm);

	/* the one left out */
	for (int i = 0; i < lm; i++)
	{
		bool kept = false;

		for (int j = 0; j < count && !kept; j++)
			kept = chosen[j].id == slots[i];
		if (!kept)
		{
			*dropped = slots[i];
			return i;
		}
	}
	return SLOT_NONE;
}

/* ---------------------------------------------------------------------------
 * Keeping what is dropped reached
 * ---------------------------------------------------------------------------
 */

/* Is the link from -> to one that the plan drops? */
static bool
IsDropped(const LinkPlan *p, uint32 from, const ItemPointerData *to)
{
	for (int i = 0; i < p->links->n; i++)
	{
		const HnswLink *l = &p->links->links[i];

		if (l->lc == 0 && l->from == from && l->dropped != HNSW_GRAPH_NONE &&
		    ItemPointerEquals(&p->s->elements[l->dropped].tid,
		                      (ItemPointer) to))
			return true;
	}
	return false;
}

/* The same by nodes; *known: false, the pages know. */
static bool
HasOtherNode(LinkPlan *p, const Neighbors *list, uint32 dropped, bool *known)
{
	HnswSearch *s = p->s;
	uint32 node = s->nodes[dropped];
	Neighbors back;

	back.n = HnswCachedReadList(s, dropped, back.nodes);
	*known = back.n >= 0;
	for (int i = 0; i < back.n && *known; i++)
	{
		bool rows;
		uint32 other;

		if (!HasNode(list, back.nodes[i]) ||
		    !HnswCachedLeadsTo(s, back.nodes[i], node, &rows, known))
			continue;
		/* one that the search does not know gives up nothing */
		other = HnswCachedNumber(s, back.nodes[i]);
		if (other == HNSW_GRAPH_NONE
		        ? rows
		        : s->elements[other].ntids > 0 &&
		              !IsDropped(p, other, &s->elements[dropped].tid))
			return true;
	}
	return false;
}

/* A way from -> other -> dropped, where list is from's. */
static bool
HasOtherWay(LinkPlan *p, Neighbors *list, uint32 dropped)
{
	HnswSearch *s = p->s;
	ItemPointerData tid = s->elements[dropped].tid;
	Neighbors back;
	Neighbors others;

	CheckList(s, list);
	if (list->by_node)
	{
		bool known;
		bool has = HasOtherNode(p, list, dropped, &known);

		CheckList(s, list);
		if (list->by_node && known)
			return has;
		if (list->by_node)
			ReadTids(s, list->from, 0, list);
	}
	ReadTids(s, dropped, 0, &back);
	for (int i = 0; i < back.n; i++)
	{
		uint32 other;

		if (!HasTid(s, list, &back.tids[i]))
			continue;
		other = HnswSearchElement(s, &back.tids[i]);
		ReadTids(s, other, 0, &others);
		if (s->elements[other].ntids > 0 && HasTid(s, &others, &tid) &&
		    !IsDropped(p, other, &tid))
			return true;
	}
	return false;
}

/* Have the element in the own list, for good; false: no place is left. */
static bool
TakeOver(LinkPlan *p, uint32 id)
{
	int free = -1;

	for (int i = 0; i < *p->nown; i++)
	{
		if (p->own[i].id == id)
		{
			p->relied[i] = true;
			return true;
		}
		if (!p->relied[i])
			free = i;
	}
	if (*p->nown < p->lm)
		free = (*p->nown)++;
	if (free < 0)
		return false;
	p->own[free].id = id;
	p->own[free].distance = p->s->elements[id].distance;
	p->relied[free] = true;
	return true;
}

/* May from, whose list this is, drop the element for the new one? */
static bool
MayDrop(LinkPlan *p, Neighbors *list, uint32 dropped)
{
	p->sure = false;
	if (HasOtherWay(p, list, dropped))
		return true;
	if (p->s->elements[dropped].ntids == 0)
		p->sure = p->id != HNSW_GRAPH_NONE;
	else
		p->sure = TakeOver(p, dropped);
	return p->sure;
}

/* ---------------------------------------------------------------------------
 * The plan
 * ---------------------------------------------------------------------------
 */

static void
AddLink(LinkPlan *p, uint32 from, int lc, int slot, uint32 dropped)
{
	HnswLink *l = &p->links->links[p->links->n++];

	l->from = from;
	l->lc = lc;
	l->slot = slot;
	l->dropped = dropped;
	l->sure = p->sure;
	p->sure = false;
}

/* The slots of from's list, as ids in order, furthest first. */
static void
OrderSlots(HnswSearch *s, uint32 from, const Neighbors *list,
           HnswCandidate *order)
{
	for (int i = 0; i < list->n; i++)
	{
		uint32 id = HnswSearchElement(s, &list->tids[i]);
		float distance = HnswValueDistance(s, HnswSearchValue(s, from),
		                                   HnswSearchValue(s, id));
		int j = i;

		for (; j > 0 && order[j - 1].distance < distance; j--)
			order[j] = order[j - 1];
		order[j].distance = distance;
		order[j].id = (uint32) i;
	}
}

/* Rule 3: whatever of the list of from is furthest and may go. */
static void
ForceLink(LinkPlan *p, uint32 from)
{
	HnswSearch *s = p->s;
	HnswCandidate order[HNSW_GRAPH_MAX_LM];
	Neighbors list;

	ReadTids(s, from, 0, &list);
	OrderSlots(s, from, &list, order);
	for (int i = 0; i < list.n; i++)
	{
		int slot = (int) order[i].id;
		uint32 dropped = HnswSearchElement(s, &list.tids[slot]);

		if (MayDrop(p, &list, dropped))
		{
			AddLink(p, from, 0, slot, dropped);
			return;
		}
	}
}

/* Rule 5: the list that the element id has so far. */
static void
KeepOldList(LinkPlan *p)
{
	HnswSearch *s = p->s;
	Neighbors old;
	Neighbors own;

	ReadTids(s, p->id, 0, &old);
	own.by_node = false;
	own.n = *p->nown;
	for (int i = 0; i < own.n; i++)
		own.tids[i] = s->elements[p->own[i].id].tid;
	for (int i = 0; i < old.n; i++)
	{
		uint32 id;

		if (HasTid(s, &own, &old.tids[i]))
			continue;
		id = HnswSearchElement(s, &old.tids[i]);
		if (s->elements[id].ntids > 0)
			(void) MayDrop(p, &own, id);
	}
}

static void
PlanLayer(LinkPlan *p, int lc, const HnswCandidate *selected, int nselected)
{
	HnswSearch *s = p->s;

	for (int i = 0; i < nselected; i++)
	{
		uint32 from = selected[i].id;
		Neighbors list;
		uint32 dropped;
		int slot = ChooseSlot(s, from, lc, p->id, selected[i].distance, &list,
		                      &dropped);

		if (slot == SLOT_NONE || (p->id != HNSW_GRAPH_NONE &&
		                          HasTid(s, &list, &s->elements[p->id].tid)))
			continue;
		if (lc > 0 || dropped == HNSW_GRAPH_NONE || MayDrop(p, &list, dropped))
			AddLink(p, from, lc, slot, dropped);
	}
}

/*
 * Plan the links to an element on layers 0..level from those selected for it
 * (as HnswFindNeighbors leaves them).  id: HNSW_GRAPH_NONE, or the number of an
 * element that exists and gets a new list.  entry: the entry point that it
 * replaces, or NULL.  selected becomes what its own list is to be.
 */
void
HnswPlanLinks(HnswSearch *s, uint32 id, int level, HnswCandidate *selected,
              int *nselected, const HnswEntryPoint *entry, HnswLinks *plan)
{
	HnswCandidate found[HNSW_GRAPH_MAX_LM];
	int nfound = nselected[0];
	int total = 0;
	int nearest = 0;
	int upper;
	LinkPlan p = {.s = s,
	              .id = id,
	              .lm = HnswGetLayerM(s->m, 0),
	              .own = selected,
	              .nown = nselected,
	              .links = plan};

	memcpy(found, selected, nfound * sizeof(HnswCandidate));
	for (int lc = 0; lc <= level; lc++)
		total += nselected[lc];
	plan->links = palloc((total + 1) * sizeof(HnswLink));
	plan->n = 0;

	if (entry && entry->level >= 0)
	{
		uint32 old = HnswSearchElement(s, &entry->tid);

		if (s->elements[old].ntids > 0)
			(void) TakeOver(&p, old);
	}
	if (id != HNSW_GRAPH_NONE)
		KeepOldList(&p);

	for (int lc = level; lc > 0; lc--)
		PlanLayer(&p, lc, selected + lc * HNSW_GRAPH_MAX_LM, nselected[lc]);
	upper = plan->n;
	PlanLayer(&p, 0, found, nfound);
	if (plan->n == upper && nfound > 0 && id == HNSW_GRAPH_NONE)
	{
		for (int i = 1; i < nfound; i++)
		{
			if (found[i].distance < found[nearest].distance)
				nearest = i;
		}
		ForceLink(&p, found[nearest].id);
	}
}

/* ---------------------------------------------------------------------------
 * Writing
 * ---------------------------------------------------------------------------
 */

/* The slot for tid, by what the list is now; SLOT_NONE: leave it. */
static int
CheckSlot(const HnswSearch *s, const HnswLink *l, const ItemPointerData *tids,
          int lm, const ItemPointerData *tid)
{
	int free = SLOT_NONE;

	for (int i = lm - 1; i >= 0; i--)
	{
		if (!ItemPointerIsValid(&tids[i]))
			free = i;
		else if (ItemPointerEquals((ItemPointer) &tids[i], (ItemPointer) tid))
			return SLOT_NONE;
	}
	if (l->slot == HNSW_SLOT_FREE)
		return free;
	if (l->dropped != HNSW_GRAPH_NONE &&
	    !ItemPointerEquals((ItemPointer) &tids[l->slot],
	                       &s->elements[l->dropped].tid))
		return SLOT_NONE;
	return l->slot;
}

/* False: the list has changed, the link was not made. */
static bool
WriteLink(HnswSearch *s, const HnswLink *l, const ItemPointerData *tid,
          bool building)
{
	const HnswPageElement *from = &s->elements[l->from];
	OffsetNumber offno = ItemPointerGetOffsetNumber(&from->neighbortid);
	Buffer buf =
		HnswReadLocked(s->index, ItemPointerGetBlockNumber(&from->neighbortid));
	int lm = HnswGetLayerM(s->m, l->lc);
	int start = HnswLayerStart(from->level, s->m, l->lc);
	int slot = SLOT_NONE;
	HnswNeighborTuple ntup;
	HnswPageChange c;
	Page page;

	HnswBeginChange(&c, s->index, building);
	page = HnswChangePage(&c, buf, false);
	ntup = (HnswNeighborTuple) PageGetItem(page, PageGetItemId(page, offno));
	if (ntup->count >= start + lm)
		slot = CheckSlot(s, l, ntup->indextids + start, lm, tid);
	if (slot != SLOT_NONE)
	{
		ntup->indextids[start + slot] = *tid;
		HnswEndChange(&c, buf, InvalidBuffer);
		HnswCacheChanged(s->index, &s->support, buf, offno);
	}
	else
		HnswAbortChange(&c);
	UnlockReleaseBuffer(buf);
	return slot != SLOT_NONE;
}

/*
 * Has the link's list still another way to what it drops?  Looked at just
 * before the drop, because others may have dropped that way meanwhile.
 */
static bool
StillMayDrop(HnswSearch *s, const HnswLink *l)
{
	HnswLinks none = {NULL, 0};
	LinkPlan now = {.s = s, .links = &none};
	Neighbors list;

	if (l->lc > 0 || l->sure || l->dropped == HNSW_GRAPH_NONE)
		return true;
	ReadList(s, l->from, &list);
	return HasOtherWay(&now, &list, l->dropped);
}

static void
NoteGivenUp(GivenUp *g, uint32 from, uint32 dropped)
{
	if (g->n == g->size)
	{
		g->size = Max(8, 2 * g->size);
		g->links = g->links ? repalloc(g->links, g->size * sizeof(*g->links))
		                    : palloc(g->size * sizeof(*g->links));
	}
	g->links[g->n].from = from;
	g->links[g->n++].dropped = dropped;
}

/*
 * from has given up the element, which others may have relied on: if no way of
 * two links is left, it is linked again.  One without rows needs none.  That all
 * of LINK_REACH elements have no room is next to impossible, as no two neighbours
 * of any may be neighbours of each other; what it leaves, the next vacuum links.
 */
static void
LinkBack(HnswSearch *s, uint32 from, uint32 dropped, GivenUp *given_up,
         bool building)
{
	HnswLinks none = {NULL, 0};
	LinkPlan now = {.s = s, .links = &none};
	Neighbors list;
	uint32 reached[LINK_REACH];
	int n = 0;

	if (s->elements[dropped].ntids == 0)
		return;
	ReadList(s, from, &list);
	if (HasTid(s, &list, &s->elements[dropped].tid) ||
	    HasOtherWay(&now, &list, dropped))
		return;
	INJECTION_POINT("hnsw-link-back");
	/* from it, or from what it leads to, in as few steps as may be */
	reached[n++] = from;
	for (int i = 0; i < n; i++)
	{
		/* armed with an errno: as if it had no room */
		if (INJECTION_POINT_ERRNO("hnsw-link-room") == 0 &&
		    LinkFrom(s, dropped, reached[i], true, given_up, building))
			return;
		ReadTids(s, reached[i], 0, &list);
		for (int j = 0; j < list.n && n < LINK_REACH; j++)
		{
			uint32 id = HnswSearchElement(s, &list.tids[j]);
			bool known = id == dropped || s->elements[id].ntids == 0;

			for (int k = 0; k < n && !known; k++)
				known = reached[k] == id;
			if (!known)
				reached[n++] = id;
		}
	}
}

/* Until nothing is left to be looked at; see above why that will be. */
static void
LinkAllBack(HnswSearch *s, GivenUp *g, bool building)
{
	while (g->n > 0)
	{
		CHECK_FOR_INTERRUPTS();
		g->n--;
		LinkBack(s, g->links[g->n].from, g->links[g->n].dropped, g, building);
	}
	if (g->links)
		pfree(g->links);
	g->links = NULL;
	g->size = 0;
}

/*
 * Does the element at tid still have what it took over for this link?  Others
 * may have put something else there since the first link to it was made, even
 * because the list of this link had it.
 */
static bool
StillHas(HnswSearch *s, const ItemPointerData *tid, uint32 dropped)
{
	Neighbors list;

	if (s->elements[dropped].ntids == 0)
		return true;
	ReadList(s, HnswSearchElement(s, tid), &list);
	return HasTid(s, &list, &s->elements[dropped].tid);
}

/* Make one link to the element at tid; false: it was not made. */
static bool
MakeLink(HnswSearch *s, const HnswLink *l, const ItemPointerData *tid,
         GivenUp *given_up, bool building)
{
	if (!StillMayDrop(s, l))
		return false;
	INJECTION_POINT("hnsw-link");
	if (!WriteLink(s, l, tid, building))
		return false;
	if (l->lc > 0 || l->dropped == HNSW_GRAPH_NONE)
		return true;
	if (l->sure && StillHas(s, tid, l->dropped))
		return true;
	if (l->sure)
		INJECTION_POINT("hnsw-link-unsure");
	NoteGivenUp(given_up, l->from, l->dropped);
	return true;
}

/*
 * The element is at tid now, complete.  Returns how many of the links on layer
 * 0 were made.
 */
int
HnswWriteLinks(HnswSearch *s, const HnswLinks *plan, const ItemPointerData *tid,
               bool building)
{
	GivenUp given_up = {NULL};
	int made = 0;

	for (int i = 0; i < plan->n; i++)
	{
		const HnswLink *l = &plan->links[i];

		if (MakeLink(s, l, tid, &given_up, building) && l->lc == 0)
			made++;
		/* before the next one, which may give up the way of this one */
		LinkAllBack(s, &given_up, building);
	}
	return made;
}

/*
 * The element id has a new list on layer 0 in place of the n TIDs: what no way
 * leads to any more, because inserts relied on the old list, is linked again.
 */
void
HnswLinkLost(HnswSearch *s, uint32 id, const ItemPointerData *tids, int n)
{
	GivenUp given_up = {NULL};

	for (int i = 0; i < n; i++)
	{
		NoteGivenUp(&given_up, id, HnswSearchElement(s, &tids[i]));
		LinkAllBack(s, &given_up, false);
	}
}

/*
 * Link the element id to the element from, which is reached.  What from gives up
 * for it, id takes into its own list, where what it had stays in its slot or
 * goes: only what has another way, if the element is reached.  If it is not, there
 * is always room.
 * Whoever sees the element before its insert has linked it may do it as well.
 */
static ConnectResult
Connect(HnswSearch *s, uint32 id, uint32 from, bool reached, GivenUp *given_up,
        bool building)
{
	HnswCandidate own[HNSW_GRAPH_MAX_LM];
	Neighbors old;
	Neighbors list;
	int nown;
	HnswLink links[1];
	HnswLinks plan = {links, 0};
	LinkPlan p = {.s = s,
	              .id = id,
	              .lm = HnswGetLayerM(s->m, 0),
	              .own = own,
	              .nown = &nown,
	              .links = &plan};

	ReadTids(s, id, 0, &old);
	for (int i = 0; i < old.n; i++)
		own[i].id = HnswSearchElement(s, &old.tids[i]);
	nown = old.n;

	ReadTids(s, from, 0, &list);
	/* or it would be given up, and taken into its own list */
	if (HasTid(s, &list, &s->elements[id].tid))
		return CONNECT_DONE;
	if (list.n < p.lm)
		AddLink(&p, from, 0, HNSW_SLOT_FREE, HNSW_GRAPH_NONE);
	else
	{
		for (int i = 0; i < nown && nown == p.lm; i++)
			p.relied[i] = s->elements[own[i].id].ntids > 0 &&
			              !HasOtherWay(&p, &old, own[i].id);
		ForceLink(&p, from);
		if (plan.n == 0 && !reached)
		{
			memset(p.relied, 0, sizeof(p.relied));
			ForceLink(&p, from);
		}
		Assert(plan.n == 1 || reached);
		if (plan.n == 0)
			return CONNECT_NO_ROOM;
	}

	for (int i = 0; i < nown; i++)
	{
		HnswLink change = {
			.from = id, .slot = HNSW_SLOT_FREE, .dropped = HNSW_GRAPH_NONE};

		if (i < old.n)
		{
			change.slot = i;
			change.dropped = HnswSearchElement(s, &old.tids[i]);
			if (change.dropped == own[i].id)
				continue;
		}
		if (WriteLink(s, &change, &s->elements[own[i].id].tid, building) &&
		    change.dropped != HNSW_GRAPH_NONE)
			NoteGivenUp(given_up, id, change.dropped);
	}
	if (MakeLink(s, &links[0], &s->elements[id].tid, given_up, building))
		return CONNECT_DONE;
	return CONNECT_LOST_RACE;
}

/* The same, again while others are faster. */
static bool
LinkFrom(HnswSearch *s, uint32 id, uint32 from, bool reached, GivenUp *given_up,
         bool building)
{
	for (int i = 0; i < LINK_TRIES; i++)
	{
		ConnectResult result;

		CHECK_FOR_INTERRUPTS();
		result = Connect(s, id, from, reached, given_up, building);
		if (result != CONNECT_LOST_RACE)
			return result == CONNECT_DONE;
	}
	return false;
}

/*
 * Link the element id, which nothing that is reached leads to, to the element
 * from, which is.  False: others were faster each time.
 */
bool
HnswLinkFrom(HnswSearch *s, uint32 id, uint32 from, bool building)
{
	GivenUp given_up = {NULL};
	bool linked = LinkFrom(s, id, from, false, &given_up, building);

	LinkAllBack(s, &given_up, building);
	return linked;
}

/* False: the list of id has changed meanwhile. */
static bool
TryLinkOut(HnswSearch *s, uint32 id, uint32 to)
{
	HnswLinks none = {NULL, 0};
	LinkPlan p = {.s = s, .links = &none};
	GivenUp given_up = {NULL};
	HnswCandidate order[HNSW_GRAPH_MAX_LM];
	HnswLink link = {
		.from = id, .slot = HNSW_SLOT_FREE, .dropped = HNSW_GRAPH_NONE};
	Neighbors list;
	int at = 0;

	ReadTids(s, id, 0, &list);
	if (HasTid(s, &list, &s->elements[to].tid))
		return true;
	if (list.n == HnswGetLayerM(s->m, 0))
	{
		OrderSlots(s, id, &list, order);
		for (int i = 0; i < list.n; i++)
		{
			if (HasOtherWay(&p, &list,
			                HnswSearchElement(s, &list.tids[order[i].id])))
			{
				at = i;
				break;
			}
		}
		link.slot = (int) order[at].id;
		link.dropped = HnswSearchElement(s, &list.tids[link.slot]);
	}
	INJECTION_POINT("hnsw-link-out");
	if (!WriteLink(s, &link, &s->elements[to].tid, false))
		return false;
	if (link.dropped != HNSW_GRAPH_NONE)
		NoteGivenUp(&given_up, id, link.dropped);
	LinkAllBack(s, &given_up, false);
	return true;
}

/*
 * Have the element to in the list of id, from which no way leads on: in place
 * of the furthest that can be spared, or of the furthest.
 */
void
HnswLinkOut(HnswSearch *s, uint32 id, uint32 to)
{
	for (int i = 0; i < LINK_TRIES && !TryLinkOut(s, id, to); i++)
		CHECK_FOR_INTERRUPTS();
}
