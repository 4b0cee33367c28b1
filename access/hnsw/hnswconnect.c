/*
 * hnswconnect.c
 *	  Every element of a graph is reached on layer 0: the last step before it
 *	  goes to pages.
 *
 * A full list drops a neighbour for a better one, and nobody asks whether that
 * was the last link to it.  Mostly there are others.  But rows in clumps that
 * several participants insert at once, in places far apart, can lose the one
 * bridge between them, and what is inserted behind it then finds only this
 * side.  A search would never return such rows.
 *
 * The flusher, who is alone with the graph, walks it from the entry point and
 * remembers by which link each element was reached: a tree.  For an element
 * that was not, it searches the nearest that was, and links that to it; all
 * that hangs on the new one is then walked too.  A full list gives up its
 * furthest link that is none of the tree, so nothing is lost by it.
 *
 * There is always a place: the element that was reached last is a leaf of the
 * tree, and so every link that it has may go.
 *
 * Memory: 8 bytes for each element, in the current context.  pgvector leaves
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
} Walk;

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

/* Link from to id, if its list has room or a link that can be spared. */
static bool
Link(Walk *w, uint32 from, uint32 id, float distance)
{
	HnswGraph *g = w->graph;
	HnswList *list = HnswElementList(g, HnswGraphElement(g, from), 0);
	float *dist = HnswListDistances(g, list, 0);
	int at = list->length;

	if (list->length == HnswGraphLayerM(g, 0))
	{
		for (at = list->length - 1; at >= 0; at--)
		{
			if (w->parent[list->ids[at]] != from)
				break;
		}
		if (at < 0)
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

static void
Connect(Walk *w, uint32 id)
{
	HnswGraph *g = w->graph;
	HnswCandidate found[HNSW_MAX_CANDIDATES];
	const float *q = HnswElementValue(g, HnswGraphElement(g, id))->x;
	uint32 start = HnswGraphDescend(w->builder, q);
	uint32 last = w->queue[w->tail - 1];
	uint32 from;
	int n;

	/* the layers above may lead to where layer 0 does not */
	if (w->parent[start] == HNSW_GRAPH_NONE)
		start = w->entry;
	n = HnswGraphSearchLayer0(w->builder, q, start, g->ef_construction,
	                          g->ef_construction, found);
	for (int i = 0; i < n; i++)
	{
		from = found[i].id;
		Assert(w->parent[from] != HNSW_GRAPH_NONE);
		if (Link(w, from, id, found[i].distance))
		{
			Reach(w, id, from);
			return;
		}
	}
	if (!Link(
			w, last, id,
			w->builder->distance(
				q, HnswElementValue(g, HnswGraphElement(g, last))->x, g->dim)))
		elog(ERROR, "hnsw element %u has no link to spare", last);
	Reach(w, id, last);
}

uint32
HnswGraphConnect(HnswBuilder *b)
{
	HnswGraph *g = b->graph;
	uint32 used = (uint32) pg_atomic_read_u64(&g->cursor);
	uint64 entry = pg_atomic_read_u64(&g->entry);
	uint32 links = 0;
	Size size = mul_size(used, sizeof(uint32));
	Walk w = {.builder = b, .graph = g, .entry = (uint32) entry};

	if (entry == 0)
		return 0;
	w.parent =
		MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE);
	w.queue =
		MemoryContextAllocExtended(CurrentMemoryContext, size, MCXT_ALLOC_HUGE);
	memset(w.parent, 0xFF, size);

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
	pfree(w.queue);
	pfree(w.parent);
	return links;
}
