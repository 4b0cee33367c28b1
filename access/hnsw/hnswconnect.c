/*
 * hnswconnect.c
 *	  Every element of a graph reaches every other on layer 0: the last step
 *	  before it goes to pages.
 *
 * A full list drops a neighbour for a better one, and nobody asks whether that
 * was the last link to it.  Mostly there are others.  But rows in clumps that
 * several participants insert at once, in places far apart, can lose the one
 * bridge between them, and what is inserted behind it then finds only this
 * side.  A search would never return such rows; and one that the layers above
 * have led into a clump without a way out would return no others.
 *
 * The flusher, who is alone with the graph, does two steps.  The first gives
 * each element a way to the entry point: it finds in rounds those that have one,
 * and by which link; one that has none gets the nearest that has in place of
 * its furthest neighbour.
 *
 * The second walks from the entry point and remembers by which link each element
 * was reached: a tree.  For an element that was not, it searches the nearest
 * that was, and links that to it; all that hangs on the new one is then walked
 * too.  A full list gives up its furthest link that is none of the tree nor the
 * one that its way back begins with, so nothing is lost by it.
 *
 * There is always a place: the element that was reached last is a leaf of the
 * tree, and so every link that it has but one may go.
 *
 * A link goes for one to a nearer element, but for a few elements that are
 * linked at any price.  By inner products most rows are the nearest of none, and
 * the nearest of each are the same few: these would give up all their links to
 * each other, by which searches find them.  So elements that nobody wants hang
 * on one another.
 *
 * Memory: 12 bytes for each element, in the current context.  pgvector leaves
 * such elements where they are.
 */
#include "postgres.h"

#include "access/hnsw_graph.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

typedef struct Walk
{
	HnswBuilder *builder;
	HnswGraph *graph;
	uint32 entry;
	uint32 *parent; /* by number; HNSW_GRAPH_NONE: not reached */
	uint32 *queue;  /* in the order in which they were reached */
	uint32 head;    /* the next to follow */
	uint32 tail;
	uint32 *back;   /* by number: the next to the entry point, or NONE */
	uint32 favours; /* links that may still go for one to a further element */
} Walk;

/* Of so many elements one is linked at any price. */
#define FAVOUR_SHARE 512

static void
Reach(Walk *w, uint32 id, uint32 parent)
{
	w->parent[id] = parent;
	w->queue[w->tail++] = id;
}

/* Follow all links of what was reached. */
static void
Follow(Walk *w)
{
	while (w->head < w->tail)
	{
		uint32 id = w->queue[w->head++];
		HnswList *list =
			HnswElementList(w->graph, HnswGraphElement(w->graph, id), 0);

		if (w->head % 1024 == 0)
			CHECK_FOR_INTERRUPTS();
		if (w->head + 4 < w->tail)
			__builtin_prefetch(HnswElementList(
				w->graph, HnswGraphElement(w->graph, w->queue[w->head + 4]),
				0));
		for (int i = 0; i < list->length; i++)
		{
			if (w->parent[list->ids[i]] == HNSW_GRAPH_NONE)
				Reach(w, list->ids[i], id);
		}
	}
}

/*
 * Link from to id, if its list has room or a link that can be spared; at any
 * price: also one to a nearer element.
 */
static bool
Link(Walk *w, uint32 from, uint32 id, float distance, bool any_price)
{
	HnswGraph *g = w->graph;
	HnswList *list = HnswElementList(g, HnswGraphElement(g, from), 0);
	float *dist = HnswGraphListDistances(w->builder, from, 0, false);
	int at = list->length;

	if (list->length == HnswGraphLayerM(g, 0))
	{
		for (at = list->length - 1; at >= 0; at--)
		{
			if (w->parent[list->ids[at]] != from &&
			    w->back[from] != list->ids[at])
				break;
		}
		if (at < 0 || (!any_price && !(dist[at] > distance)))
			return false;
	}
	else
		list->length++;

	/* the place at is free: move it to where the new one belongs */
	for (; at > 0 && dist[at - 1] > distance; at--)
	{
		dist[at] = dist[at - 1];
		list->ids[at] = list->ids[at - 1];
	}
	for (; at + 1 < list->length && dist[at + 1] < distance; at++)
	{
		dist[at] = dist[at + 1];
		list->ids[at] = list->ids[at + 1];
	}
	dist[at] = distance;
	list->ids[at] = id;
	list->closer_set = false;
	return true;
}

static float
Distance(const Walk *w, const void *q, uint32 id)
{
	const VectorSupport *support = &w->builder->support;

	return support->distance(q, HnswBuilderPoint(w->builder, id), support->dim);
}

static void
Connect(Walk *w, uint32 id)
{
	HnswGraph *g = w->graph;
	HnswCandidate found[HNSW_MAX_CANDIDATES];
	const void *q = HnswBuilderPoint(w->builder, id);
	uint32 start = HnswGraphDescend(w->builder, q);
	uint32 last = w->queue[w->tail - 1];
	uint32 from;
	int n;

	/* the layers above may lead to where layer 0 does not */
	if (w->parent[start] == HNSW_GRAPH_NONE)
		start = w->entry;
	n = HnswGraphSearchLayer0(w->builder, q, start, g->ef_construction,
	                          g->ef_construction, found);
	for (int price = 0; price <= 1; price++)
	{
		for (int i = 0; i < n; i++)
		{
			from = found[i].id;
			Assert(w->parent[from] != HNSW_GRAPH_NONE);
			if (Link(w, from, id, found[i].distance, price == 1))
			{
				Reach(w, id, from);
				return;
			}
		}
		if (w->favours == 0)
			break;
		w->favours--;
	}
	if (!Link(w, last, id, Distance(w, q, last), true))
		elog(ERROR, "hnsw element %u has no link to spare", last);
	Reach(w, id, last);
}

/* Find what has a way back through what is known to have one. */
static void
FollowBack(Walk *w, uint32 used)
{
	bool again = true;

	while (again)
	{
		again = false;
		for (uint32 id = 0; id < used; id++)
		{
			HnswElement e;
			HnswList *list;

			if (id % 1024 == 0)
				CHECK_FOR_INTERRUPTS();
			if (w->back[id] != HNSW_GRAPH_NONE)
				continue;
			e = HnswGraphElement(w->graph, id);
			if (e->ntids == 0)
				continue;
			list = HnswElementList(w->graph, e, 0);
			for (int i = 0; i < list->length; i++)
			{
				if (w->back[list->ids[i]] != HNSW_GRAPH_NONE)
				{
					w->back[id] = list->ids[i];
					again = true;
					break;
				}
			}
		}
	}
}

/* Give the element a link to the nearest that has a way back. */
static void
ConnectBack(Walk *w, uint32 id)
{
	HnswGraph *g = w->graph;
	HnswCandidate found[HNSW_MAX_CANDIDATES];
	const void *q = HnswBuilderPoint(w->builder, id);
	uint32 start = HnswGraphDescend(w->builder, q);
	HnswCandidate to = {.id = w->entry};
	int n;

	if (w->back[start] == HNSW_GRAPH_NONE)
		start = w->entry;
	n = HnswGraphSearchLayer0(w->builder, q, start, g->ef_construction,
	                          g->ef_construction, found);
	to.distance = Distance(w, q, to.id);
	for (int i = 0; i < n; i++)
	{
		if (w->back[found[i].id] != HNSW_GRAPH_NONE)
		{
			to = found[i];
			break;
		}
	}
	(void) Link(w, id, to.id, to.distance, true);
	w->back[id] = to.id;
}

static uint32
ConnectAllBack(Walk *w, uint32 used)
{
	uint32 links = 0;

	w->back[w->entry] = w->entry;
	FollowBack(w, used);
	for (uint32 id = 0; id < used; id++)
	{
		if (w->back[id] != HNSW_GRAPH_NONE ||
		    HnswGraphElement(w->graph, id)->ntids == 0)
			continue;
		ConnectBack(w, id);
		links++;
		FollowBack(w, used);
	}
	return links;
}

uint32
HnswGraphConnect(HnswBuilder *b)
{
	HnswGraph *g = b->graph;
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	uint64 entry = pg_atomic_read_u64(&g->entry);
	uint32 links;
	Size size = mul_size(used, sizeof(uint32));
	Walk w = {.builder = b,
	          .graph = g,
	          .entry = (uint32) entry,
	          .favours = used / FAVOUR_SHARE + 1};

	if (entry == 0)
		return 0;
	w.parent =
		MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE);
	w.queue =
		MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE);
	w.back =
		MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE);
	memset(w.parent, 0xFF, size);
	memset(w.back, 0xFF, size);

	links = ConnectAllBack(&w, used);
	Reach(&w, w.entry, w.entry);
	Follow(&w);
	for (uint32 id = 0; id < used; id++)
	{
		if (w.parent[id] != HNSW_GRAPH_NONE ||
		    HnswGraphElement(g, id)->ntids == 0)
			continue;
		CHECK_FOR_INTERRUPTS();
		Connect(&w, id);
		links++;
		Follow(&w);
	}
	pfree(w.back);
	pfree(w.queue);
	pfree(w.parent);
	return links;
}
