/*
 * hnswgraph.c
 *	  The hnsw graph in memory: search, insert, neighbour selection.  Where its
 *	  elements lie is the business of hnswarena.c.
 *
 * The algorithms are those of the paper by Malkov and Yashunin as pgvector
 * runs them: the heuristic rejects at "distance <=", keeps pruned candidates
 * to fill a list, and remembers in each full list which entries it accepted
 * (closer), so that one more candidate costs a few distances and not all pairs.
 * Where we differ, it is for speed, and the result is the same graph but for
 * races that the original has too, and as good a one where codes are used:
 *
 * - Candidates and results of a search are one array sorted by distance with a
 *   mark "expanded".  What falls off its end is not expanded any more, unless it
 *   is as near as what is last then: with distances that are counts, those of
 *   bits, that is much of a search.
 * - Visited marks are a flat array of epochs by element number.
 * - All distances of one expansion go to the kernel in one call.
 * - A search goes by codes of one byte per number where there are such
 *	  (vector_codes.h), as it waits for memory most of its time, and so does the
 *	  heuristic with what it found.  If the codes cannot tell that apart, the
 *	  search goes on from there without them.
 * - The entry point is one atomic word.  Only an insert that may raise it takes
 *   the entry lock; ordinary inserts take none.
 *
 * Invariants
 * 1. Lists and TIDs of an element are changed under its lock, exclusive, by
 *	  anyone.  Several elements share a lock.
 * 2. A list is read under the version: an odd or changed version means the
 *	  copy is worthless.  A reader that loses several times takes the lock.
 * 3. An element's own lists and value are complete before its number gets into
 *	  any list or into entry (write barrier in between); level and value never
 *	  change afterwards.
 * 4. A list never shrinks; it is sorted by distance, then by number.  If the
 *	  graph does not keep distances, they are those of codes where codes told
 *	  the candidates of the last insert apart.
 * 5. The arena is found full before anything is linked.
 *
 * Locks: entry_lock before one element lock; never two element locks.  No
 * error is raised while an element lock is held, nor while a version is odd.
 * A participant killed at any line takes the whole build with it: the arena
 * goes with its segment.
 */
#include "postgres.h"

#include <math.h>

#include "access/hnsw_graph.h"
#include "common/pg_prng.h"
#include "utils/injection_point.h"

/* A reader takes the lock after so many lost races. */
#define READ_TRIES 8

#define EXPANDED 0x80000000u

/* So many lists are fetched ahead. */
#define PREFETCH_LISTS 2

/*
 * The codes' error may be that much of the difference between the furthest and
 * the nearest that they found; so many are looked at.
 */
#define CODE_ERROR 0.5f
#define CODE_SAMPLES 8

/* ---------------------------------------------------------------------------
 * Locks and versions; a private graph needs neither
 * ---------------------------------------------------------------------------
 */

static inline void
LockElement(HnswGraph *g, uint32 id)
{
	if (g->shared)
		LWLockAcquire(HnswElementLock(g, id), LW_EXCLUSIVE);
}

static inline void
UnlockElement(HnswGraph *g, uint32 id)
{
	if (g->shared)
		LWLockRelease(HnswElementLock(g, id));
}

/* Announce a change of a list; pairs with the reads in ReadList. */
static inline void
BeginChange(HnswElement e)
{
	pg_atomic_write_u32(&e->version, pg_atomic_read_u32(&e->version) + 1);
	pg_write_barrier();
}

static inline void
EndChange(HnswElement e)
{
	pg_write_barrier();
	pg_atomic_write_u32(&e->version, pg_atomic_read_u32(&e->version) + 1);
}

static int
CopyList(HnswGraph *g, HnswElement e, int lc, uint32 *ids)
{
	HnswList *list = HnswElementList(g, e, lc);
	int n = Min(list->length, HnswGraphLayerM(g, lc));

	memcpy(ids, list->ids, n * sizeof(uint32));
	return n;
}

/* A consistent copy of id's neighbours on layer lc; returns their number. */
static int
ReadList(HnswGraph *g, uint32 id, int lc, uint32 *ids)
{
	HnswElement e = HnswGraphElement(g, id);
	int n;

	if (!g->shared)
		return CopyList(g, e, lc, ids);
#ifdef TUSK_DEFECT_UNLOCKED_NEIGHBOUR_READ
	return CopyList(g, e, lc, ids);
#endif

	for (int i = 0; i < READ_TRIES; i++)
	{
		uint32 version = pg_atomic_read_u32(&e->version);

		if (version & 1)
			continue;
		pg_read_barrier();
		n = CopyList(g, e, lc, ids);
		pg_read_barrier();
		if (pg_atomic_read_u32(&e->version) == version)
			return n;
	}
	LWLockAcquire(HnswElementLock(g, id), LW_SHARED);
	n = CopyList(g, e, lc, ids);
	LWLockRelease(HnswElementLock(g, id));
	return n;
}

/* ---------------------------------------------------------------------------
 * Search
 * ---------------------------------------------------------------------------
 */

static inline const void *
Point(const HnswBuilder *b, uint32 id, bool by_code)
{
	return by_code ? HnswGraphCode(b->graph, id) : HnswBuilderPoint(b, id);
}

static void
NewEpoch(HnswBuilder *b)
{
	if (++b->epoch == 0)
	{
		memset(b->visited, 0, b->graph->max_elements * sizeof(uint16));
		b->epoch = 1;
	}
}

/*
 * The pool's last one fell off.  If the one that is last now is no nearer, it
 * is still to be expanded, as long as that is so.
 */
static inline void
NoteDropped(HnswBuilder *b, int ef, HnswCandidate dropped)
{
	if (b->pool[ef - 1].distance < dropped.distance)
		b->nties = 0;
	else if (!(dropped.id & EXPANDED) && b->nties < ef)
		b->ties[b->nties++] = dropped.id;
}

/* Put a candidate in its place; the furthest falls off when ef are there. */
static int
PoolInsert(HnswBuilder *b, int ef, float distance, uint32 id)
{
	const HnswCandidate *base = b->pool;
	int n = b->npool;
	int lo;
	HnswCandidate last;
	bool full;

	/* halves without a branch: it could not be foretold */
	while (n > 1)
	{
		int half = n / 2;

		base += base[half - 1].distance <= distance ? half : 0;
		n -= half;
	}
	lo = (int) (base - b->pool) + (n == 1 && base->distance <= distance);
	if (lo >= ef)
		return lo;
	last = b->pool[ef - 1];
	full = b->npool == ef;
	if (!full)
		b->npool++;
	memmove(&b->pool[lo + 1], &b->pool[lo],
	        (b->npool - lo - 1) * sizeof(HnswCandidate));
	b->pool[lo].distance = distance;
	b->pool[lo].id = id;
	if (full)
		NoteDropped(b, ef, last);
	return lo;
}

/* The number of the next to expand, or HNSW_GRAPH_NONE. */
static inline uint32
NextToExpand(HnswBuilder *b, int *next)
{
	for (; *next < b->npool; (*next)++)
	{
		uint32 id = b->pool[*next].id;

		if (id & EXPANDED)
			continue;
		b->pool[(*next)++].id |= EXPANDED;
		return id;
	}
	return b->nties > 0 ? b->ties[--b->nties] : HNSW_GRAPH_NONE;
}

/* The lists that are most likely read next. */
static inline void
PrefetchLists(HnswBuilder *b, int next, int lc)
{
	HnswGraph *g = b->graph;
	int found = 0;

	for (int i = next; i < b->npool && found < PREFETCH_LISTS; i++)
	{
		HnswElement e;
		const char *list;

		if (b->pool[i].id & EXPANDED)
			continue;
		e = HnswGraphElement(g, b->pool[i].id);
		list = (const char *) HnswElementList(g, e, lc);
		__builtin_prefetch(list);
		__builtin_prefetch(list + 64);
		__builtin_prefetch(list + 128);
		found++;
	}
}

/* What the distances of n elements are computed from, on its way. */
static void
PrefetchPoints(HnswBuilder *b, const uint32 *ids, int n, bool by_code)
{
	HnswGraph *g = b->graph;

	for (int i = 0; i < n; i++)
	{
		const char *code = HnswGraphCode(g, ids[i]);
		const char *line = (const char *) TYPEALIGN_DOWN(64, code);

		if (!by_code)
		{
			/* that says where the value is, if values differ in size */
			__builtin_prefetch(g->value_size == 0
			                       ? (const void *) HnswGraphElement(g, ids[i])
			                       : HnswBuilderPoint(b, ids[i]));
			continue;
		}
		for (; line < code + g->code_size; line += 64)
			__builtin_prefetch(line);
	}
}

/* Distances from query, a point or a code, to n elements. */
static void
ComputeDistances(HnswBuilder *b, const void *query, const uint32 *ids, int n,
                 bool by_code, float *dist)
{
	for (int i = 0; i < n; i++)
		b->points[i] = Point(b, ids[i], by_code);
	if (by_code)
		b->support.code_distances(query, b->points, n, b->support.dim, dist);
	else
		b->support.distances(query, b->points, n, b->support.dim, dist);
}

/* From what is searched for, to b->dist. */
static void
FindDistances(HnswBuilder *b, const uint32 *ids, int n, bool by_code)
{
	ComputeDistances(b, by_code ? b->query_code : b->query, ids, n, by_code,
	                 b->dist);
}

float *
HnswGraphListDistances(HnswBuilder *b, uint32 id, int lc, bool by_code)
{
	HnswGraph *g = b->graph;
	HnswList *list = HnswElementList(g, HnswGraphElement(g, id), lc);
	float *kept = HnswListDistances(g, list, lc);

	if (kept != NULL)
		return kept;
	PrefetchPoints(b, list->ids, list->length, by_code);
	ComputeDistances(b, Point(b, id, by_code), list->ids, list->length, by_code,
	                 b->list_dist);
	return b->list_dist;
}

/* The neighbours of id that this search has not met; returns their number. */
static int
FreshNeighbors(HnswBuilder *b, uint32 id, int lc, uint32 *ids)
{
	int n = ReadList(b->graph, id, lc, ids);
	int fresh = 0;

	for (int i = 0; i < n; i++)
	{
		uint32 id = ids[i];

		Assert(id < b->graph->max_elements);
		/* no branch: it could not be foretold */
		ids[fresh] = id;
		fresh += b->visited[id] != b->epoch;
		b->visited[id] = b->epoch;
	}
	return fresh;
}

/*
 * Search layer lc from what is in the pool; leaves there the ef nearest found,
 * nearest first.
 *
 * While the neighbours of one candidate are on their way to the cache, those of
 * the one before are compared.  So a candidate is chosen without knowing what
 * the last one led to: rarely another than would be else, once the pool is full.
 */
static void
SearchLayer(HnswBuilder *b, int ef, int lc, bool by_code)
{
	uint32 lists[2][HNSW_GRAPH_MAX_LM];
	uint32 *coming = lists[0];
	uint32 *there = lists[1];
	int nthere = 0;
	int next = 0;

	NewEpoch(b);
	b->nties = 0;
	b->npool = Min(b->npool, ef);
	for (int i = 0; i < b->npool; i++)
	{
		b->pool[i].id &= ~EXPANDED;
		b->visited[b->pool[i].id] = b->epoch;
	}

	for (;;)
	{
		int ncoming = 0;
		uint32 *swap;
		uint32 id = HNSW_GRAPH_NONE;

		if (nthere == 0 || b->npool == ef)
			id = NextToExpand(b, &next);
		if (id != HNSW_GRAPH_NONE)
		{
			ncoming = FreshNeighbors(b, id, lc, coming);
			PrefetchPoints(b, coming, ncoming, by_code);
			PrefetchLists(b, next, lc);
		}
		else if (nthere == 0)
			break;

		FindDistances(b, there, nthere, by_code);
		for (int i = 0; i < nthere; i++)
		{
			int at;

			if (b->npool == ef && !(b->dist[i] < b->pool[ef - 1].distance))
				continue;
			at = PoolInsert(b, ef, b->dist[i], there[i]);
			next = Min(next, at);
		}
		swap = there;
		there = coming;
		coming = swap;
		nthere = ncoming;
	}
	for (int i = 0; i < b->npool; i++)
		b->pool[i].id &= ~EXPANDED;
}

/*
 * Do the codes tell what is in the pool apart?  Their error, as some of the
 * pool have it, must be small beside the differences.
 */
static bool
CodesTell(HnswBuilder *b)
{
	uint32 ids[CODE_SAMPLES] = {0};
	int step = Max(b->npool / CODE_SAMPLES, 1);
	int n = Min(b->npool, CODE_SAMPLES);
	float error = 0;

	for (int i = 0; i < n; i++)
		ids[i] = b->pool[i * step].id;
	FindDistances(b, ids, n, false);
	for (int i = 0; i < n; i++)
		error = Max(error, fabsf(b->pool[i * step].distance - b->dist[i]));
	return error <=
	       CODE_ERROR * (b->pool[b->npool - 1].distance - b->pool[0].distance);
}

/* Exact distances for the pool. */
static void
Reorder(HnswBuilder *b)
{
	int n = b->npool;

	b->npool = 0;
	for (int i = 0; i < n; i++)
	{
		uint32 id = b->pool[i].id;

		/* those before i have their places in front of it */
		FindDistances(b, &id, 1, false);
		(void) PoolInsert(b, n, b->dist[0], id);
	}
}

/*
 * Search layer lc from what is in the pool for the ef nearest.  True: by codes,
 * which tell them apart, and their distances are those of codes.
 */
static bool
SearchNearest(HnswBuilder *b, int ef, int lc)
{
	if (b->graph->code_size > 0)
	{
		SearchLayer(b, ef, lc, true);
		if (CodesTell(b))
			return true;
		Reorder(b);
	}
	SearchLayer(b, ef, lc, false);
	return false;
}

static void
StartSearch(HnswBuilder *b, const void *q, const void *code, uint32 entry)
{
	bool by_code = b->graph->code_size > 0;

	b->query = q;
	b->query_code = code;
	if (by_code && code == NULL)
	{
		b->support.encode(q, b->support.dim, b->code);
		b->query_code = b->code;
	}
	FindDistances(b, &entry, 1, by_code);
	b->pool[0].id = entry;
	b->pool[0].distance = b->dist[0];
	b->npool = 1;
}

/* To the nearest on the layers from top down to above lc, roughly. */
static void
Descend(HnswBuilder *b, int top, int lc)
{
	for (; top > lc; top--)
		SearchLayer(b, 1, top, b->graph->code_size > 0);
}

uint32
HnswGraphDescend(HnswBuilder *b, const void *q)
{
	uint64 entry = pg_atomic_read_u64(&b->graph->entry);

	Assert(entry != 0);
	StartSearch(b, q, NULL, (uint32) entry);
	Descend(b, (int) (entry >> 32) - 1, 0);
	return b->pool[0].id;
}

int
HnswGraphSearchLayer0(HnswBuilder *b, const void *q, uint32 start, int ef,
                      int k, HnswCandidate *out)
{
	Assert(ef <= Max(b->graph->ef_construction, 1000));
	StartSearch(b, q, NULL, start);
	if (SearchNearest(b, ef, 0))
		Reorder(b);
	k = Min(k, b->npool);
	memcpy(out, b->pool, k * sizeof(HnswCandidate));
	return k;
}

int
HnswGraphSearch(HnswBuilder *b, const void *q, int ef, int k,
                HnswCandidate *out)
{
	if (pg_atomic_read_u64(&b->graph->entry) == 0)
		return 0;
	return HnswGraphSearchLayer0(b, q, HnswGraphDescend(b, q), ef, k, out);
}

/* ---------------------------------------------------------------------------
 * Neighbour selection
 * ---------------------------------------------------------------------------
 */

/*
 * Is the candidate (its point, its distance to the base) further from all n
 * accepted ones than from the base?  Goes in groups, as most fail early.
 */
static bool
IsCloser(PointDistances distances, int dim, const void *point, float distance,
         const void *const *accepted, int n)
{
	float dist[8];

	for (int i = 0; i < n; i += 8)
	{
		int k = Min(8, n - i);

		distances(point, accepted + i, k, dim, dist);
		for (int j = 0; j < k; j++)
		{
			if (dist[j] <= distance)
				return false;
		}
	}
	return true;
}

int
HnswSelectNeighbors(const VectorSupport *support,
                    const HnswCandidate *candidates, const void *const *points,
                    int ncandidates, int lm, HnswCandidate *out)
{
	const void *accepted[HNSW_GRAPH_MAX_LM];
	HnswCandidate rejected[HNSW_MAX_CANDIDATES];
	int nrejected = 0;
	int n = 0;

	Assert(ncandidates <= HNSW_MAX_CANDIDATES && lm <= HNSW_GRAPH_MAX_LM);
	if (ncandidates <= lm)
	{
		for (int i = 0; i < ncandidates; i++)
			out[i] = candidates[ncandidates - 1 - i];
		return ncandidates;
	}

	for (int i = 0; i < ncandidates && n < lm; i++)
	{
		if (IsCloser(support->distances, support->dim, points[i],
		             candidates[i].distance, accepted, n))
		{
			accepted[n] = points[i];
			out[n++] = candidates[i];
		}
		else
			rejected[nrejected++] = candidates[i];
	}
	for (int i = 0; i < nrejected && n < lm; i++)
		out[n++] = rejected[i];
	return n;
}

/* Choose at most lm of the pool for a new element. */
static int
SelectNeighbors(HnswBuilder *b, int lm, bool by_code, HnswCandidate *out)
{
	const void *points[HNSW_MAX_CANDIDATES];

	for (int i = 0; i < b->npool; i++)
		points[i] = Point(b, b->pool[i].id, by_code);
	return HnswSelectNeighbors(by_code ? &b->code_support : &b->support,
	                           b->pool, points, b->npool, lm, out);
}

/* Where an entry belongs in a list, which is sorted by distance and number. */
static int
ListPosition(const HnswList *list, const float *dist, uint32 id, float distance)
{
	int at = list->length;

	while (at > 0 && (dist[at - 1] > distance ||
	                  (dist[at - 1] == distance && list->ids[at - 1] > id)))
		at--;
	return at;
}

static inline bool
IsSet(const uint32 *bits, int i)
{
	return (bits[i >> 5] >> (i & 31)) & 1;
}

/*
 * One more candidate for a full list, which would be at position at: run the
 * heuristic over the lm entries and the candidate, nearest first.  The one to
 * go is the furthest rejected, or the furthest of all if none was; its place
 * in the order with the candidate is returned (at: the candidate itself).
 *
 * When the list knows what the last run accepted, an entry's fate can only
 * change by what this run added or removed before it.
 */
static int
ChoosePruned(HnswBuilder *b, HnswList *list, int lc, const float *dist, int at,
             uint32 id, float distance)
{
	HnswGraph *g = b->graph;
	bool by_code = b->by_code[lc];
	PointDistances distances =
		by_code ? b->code_support.distances : b->support.distances;
	int dim = b->support.dim;
	int lm = HnswGraphLayerM(g, lc);
	const void *accepted[HNSW_GRAPH_MAX_LM + 1];
	const void *added[HNSW_GRAPH_MAX_LM + 1];
	bool closer[HNSW_GRAPH_MAX_LM + 1];
	bool removed = false;
	uint32 *bits = HnswListCloser(g, list, lc);
	int naccepted = 0;
	int nadded = 0;
	int pruned = -1;

	Assert(lm > 0 && lm <= HNSW_GRAPH_MAX_LM);
	for (int i = 0; i <= lm; i++)
	{
		bool is_new = i == at;
		int s = i < at ? i : i - 1;
		float d = is_new ? distance : dist[s];
		uint32 this = is_new ? id : list->ids[s];
		const void *v = Point(b, this, by_code);
		bool was = list->closer_set && !is_new && IsSet(bits, s);
		bool ok;

		if (naccepted == lm)
			ok = false;
		else if (!list->closer_set || is_new)
			ok = IsCloser(distances, dim, v, d, accepted, naccepted);
		else if (was)
			ok = nadded == 0 || IsCloser(distances, dim, v, d, added, nadded);
		else
			ok = removed && IsCloser(distances, dim, v, d, accepted, naccepted);

		closer[i] = ok;
		if (ok)
		{
			accepted[naccepted++] = v;
			if (!was)
				added[nadded++] = v;
		}
		else
		{
			pruned = i;
			removed |= was;
		}
		if (i == lm && pruned < 0)
			pruned = i;
	}

	/* the bits for the list as it will be */
	memset(bits, 0, HnswListWords(lm) * sizeof(uint32));
	for (int i = 0, s = 0; i <= lm; i++)
	{
		if (i == pruned)
			continue;
		bits[s >> 5] |= (uint32) closer[i] << (s & 31);
		s++;
	}
	list->closer_set = true;
	return pruned;
}

/* Tell neighbour n about the new element at that distance. */
static void
UpdateConnection(HnswBuilder *b, uint32 n, int lc, uint32 id, float distance)
{
	HnswGraph *g = b->graph;
	HnswElement e = HnswGraphElement(g, n);
	HnswList *list = HnswElementList(g, e, lc);
	int lm = HnswGraphLayerM(g, lc);
	float *dist;
	int at;
	int pruned;

	Assert(lc <= e->level);
	INJECTION_POINT("hnsw-graph-update-neighbor");
	LockElement(g, n);
	dist = HnswGraphListDistances(b, n, lc, b->by_code[lc]);
	at = ListPosition(list, dist, id, distance);
	if (list->length < lm)
		pruned = list->length; /* the free place at the end */
	else
	{
		pruned = ChoosePruned(b, list, lc, dist, at, id, distance);
		if (pruned == at)
		{
			UnlockElement(g, n);
			return;
		}
		/* from the order with the candidate to that of the list */
		if (pruned > at)
			pruned--;
		else
			at--;
	}

	BeginChange(e);
	if (pruned >= at)
	{
		memmove(&list->ids[at + 1], &list->ids[at],
		        (pruned - at) * sizeof(uint32));
		memmove(&dist[at + 1], &dist[at], (pruned - at) * sizeof(float));
	}
	else
	{
		memmove(&list->ids[pruned], &list->ids[pruned + 1],
		        (at - pruned) * sizeof(uint32));
		memmove(&dist[pruned], &dist[pruned + 1],
		        (at - pruned) * sizeof(float));
	}
	list->ids[at] = id;
	dist[at] = distance;
	if (list->length < lm)
		list->length++;
	INJECTION_POINT_NOTHROW("hnsw-graph-neighbor-changing");
	EndChange(e);
	UnlockElement(g, n);
}

/* ---------------------------------------------------------------------------
 * Insert
 * ---------------------------------------------------------------------------
 */

int
HnswRandomLevel(int m, int max_level)
{
	/* never the logarithm of 0 */
	double u = 1.0 - pg_prng_double(&pg_global_prng_state);
	double level = floor(-log(u) / log((double) m));

	return level < max_level ? (int) level : max_level;
}

/* Fill selected[] for all layers that the new element and the graph share. */
static void
FindNeighbors(HnswBuilder *b, uint32 id, const void *value, int level,
              uint64 entry)
{
	HnswGraph *g = b->graph;
	int top = (int) (entry >> 32) - 1;

	for (int lc = 0; lc <= level; lc++)
		b->nselected[lc] = 0;
	if (top < 0)
		return;

	StartSearch(b, VectorPoint(&b->support, value), HnswGraphCode(g, id),
	            (uint32) entry);
	Descend(b, top, level);
	for (int lc = Min(level, top); lc >= 0; lc--)
	{
		b->by_code[lc] = SearchNearest(b, g->ef_construction, lc);
		b->nselected[lc] =
			SelectNeighbors(b, HnswGraphLayerM(g, lc), b->by_code[lc],
		                    b->selected + lc * HNSW_GRAPH_MAX_LM);
	}
}

/* From what is searched for to the element, which may be the very same. */
static float
FindDistance(HnswBuilder *b, uint32 id, bool by_code)
{
	FindDistances(b, &id, 1, by_code);
	return b->dist[0];
}

/*
 * Give the TID of the new element id to one with the very same bytes, if one is
 * at the head of the selected neighbours and has room.  An equal rejects all
 * others, so that they were selected as they come in the pool; but by codes one
 * may be before it that is as near by its code, and is passed by, unless it is
 * truly nearer, as it may be by the inner product.
 */
static bool
MergeDuplicate(HnswBuilder *b, uint32 id, const void *value, ItemPointer tid)
{
	HnswGraph *g = b->graph;
	int n = b->nselected[0];
	bool by_code = n > 0 && b->by_code[0] && b->npool > n;
	const HnswCandidate *candidates = by_code ? b->pool : b->selected;
	float own = by_code ? FindDistance(b, id, true) : 0;

	for (int i = 0; i < n; i++)
	{
		uint32 other = candidates[i].id;
		bool merged;

		if (by_code && candidates[i].distance > own)
			return false;
		if (!VectorValuesEqual(HnswBuilderValue(b, other), value))
		{
			if (by_code &&
			    FindDistance(b, other, false) >= FindDistance(b, id, false))
				continue;
			return false;
		}
		INJECTION_POINT("hnsw-graph-merge");
		LockElement(g, other);
		merged = HnswArenaAddTid(b, HnswGraphElement(g, other), tid);
		UnlockElement(g, other);
		if (merged)
			return true;
	}
	return false;
}

/* The list of a new element; the candidates will be in its order. */
static void
FillList(HnswGraph *g, HnswList *list, int lc, HnswCandidate *s, int n)
{
	float *dist = HnswListDistances(g, list, lc);

	for (int i = 1; i < n; i++)
	{
		HnswCandidate c = s[i];
		int at = i;

		for (; at > 0 &&
		       (s[at - 1].distance > c.distance ||
		        (s[at - 1].distance == c.distance && s[at - 1].id > c.id));
		     at--)
			s[at] = s[at - 1];
		s[at] = c;
	}
	for (int i = 0; i < n; i++)
	{
		list->ids[i] = s[i].id;
		if (dist != NULL)
			dist[i] = s[i].distance;
	}
	list->length = (uint8) n;
}

static void
LinkElement(HnswBuilder *b, HnswElement e, uint32 id)
{
	HnswGraph *g = b->graph;

	/* nobody knows the element yet: its own lists need no lock */
	for (int lc = 0; lc <= e->level; lc++)
		FillList(g, HnswElementList(g, e, lc), lc,
		         b->selected + lc * HNSW_GRAPH_MAX_LM, b->nselected[lc]);
	pg_write_barrier(); /* invariant 3 */
	INJECTION_POINT("hnsw-graph-link");

	for (int lc = e->level; lc >= 0; lc--)
	{
		HnswCandidate *s = b->selected + lc * HNSW_GRAPH_MAX_LM;

		for (int i = 0; i < b->nselected[lc]; i++)
			UpdateConnection(b, s[i].id, lc, id, s[i].distance);
	}
}

HnswInsertResult
HnswGraphInsert(HnswBuilder *b, const void *value, ItemPointer tid)
{
	HnswGraph *g = b->graph;
	uint32 id = HnswArenaTakeElement(b, VARSIZE(value));
	HnswElement e;
	uint64 entry;
	bool raise;

	Assert(b->support.type->value_dim(value) == b->support.dim);
	if (id == HNSW_GRAPH_NONE)
		return HNSW_FULL;
	e = HnswGraphElement(g, id);
	INJECTION_POINT("hnsw-graph-insert");
	HnswArenaPutValue(b, id, value);

	/* pairs with the write of entry below, by the barrier before it */
	entry = pg_atomic_read_u64(&g->entry);
	pg_read_barrier();
	raise = (int) e->level > (int) (entry >> 32) - 1;
	if (raise && g->shared)
	{
		LWLockAcquire(&g->entry_lock, LW_EXCLUSIVE);
		INJECTION_POINT("hnsw-graph-entry-locked");
		entry = pg_atomic_read_u64(&g->entry);
	}

	FindNeighbors(b, id, value, e->level, entry);
	if (MergeDuplicate(b, id, value, tid))
		HnswArenaReturnElement(b, id, VARSIZE(value));
	else
	{
		e->tid = *tid;
		e->ntids = 1;
		LinkElement(b, e, id);
		if ((int) e->level > (int) (entry >> 32) - 1)
		{
			Assert(raise);
			INJECTION_POINT("hnsw-graph-entry-change");
			pg_write_barrier();
			pg_atomic_write_u64(&g->entry, ((uint64) e->level + 1) << 32 | id);
		}
	}
	if (raise && g->shared)
		LWLockRelease(&g->entry_lock);
	return e->ntids > 0 ? HNSW_INSERTED : HNSW_MERGED;
}
