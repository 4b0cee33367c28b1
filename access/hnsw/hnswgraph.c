/*
 * hnswgraph.c
 *	  The hnsw graph in memory: search, insert, neighbour selection.
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
 * 1. Nothing of an element changes under an element of another number: list
 *	  and TIDs are changed under the element's lock, exclusive, by anyone.
 * 2. A list is read under the version: an odd or changed version means the
 *	  copy is worthless.  A reader that loses several times takes the lock.
 * 3. An element's own lists and value are complete before its number gets into
 *	  any list or into entry (write barrier in between); level and value never
 *	  change afterwards.
 * 4. A list never shrinks; it is sorted by distance, then by number.
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
#include "storage/shmem.h"
#include "utils/memutils.h"

/* A reader takes the lock after so many lost races. */
#define READ_TRIES 8

#define EXPANDED 0x80000000u

/*
 * The codes' error may be that much of the difference between the furthest and
 * the nearest that they found; so many are looked at.
 */
#define CODE_ERROR 0.5f
#define CODE_SAMPLES 8

/* 32 elements in a group: their codes take a page or two. */
#define GROUP_SHIFT 5
#define ALIGN64(len) TYPEALIGN(64, len)
#define CLOSER_GET(list, i) (((list)->closer[(i) >> 6] >> ((i) &63)) & 1)

StaticAssertDecl(offsetof(HnswList, ids) == 40, "HnswList has changed");
StaticAssertDecl(HNSW_GRAPH_MAX_LM < 256, "closer has 256 bits");

static Size
ListSize(int lm)
{
	return offsetof(HnswList, ids) + (sizeof(uint32) + sizeof(float)) * lm;
}

/* Where things are in an element; returns its bytes and those of its code. */
static Size
ElementLayout(int m, const HnswSupport *support, HnswGraph *g)
{
	Size end;

	g->list0_offset = MAXALIGN(sizeof(HnswElementData));
	end = g->list0_offset + ListSize(2 * m);
	g->value_size = support->value_size;
	g->value_offset = 0;
	g->point_offset = support->point_offset;
	if (g->value_size > 0)
	{
		g->point_offset = ALIGN64(end + support->point_offset);
		g->value_offset = g->point_offset - support->point_offset;
		end = g->value_offset + g->value_size;
	}
	g->stride = ALIGN64(end);
	g->code_size = support->encode ? ALIGN64(support->code_size) : 0;
	return g->stride + g->code_size;
}

/* Bytes of the groups that so many elements take. */
static inline Size
GroupBytes(const HnswGraph *g, uint64 elements)
{
	uint64 group = UINT64CONST(1) << g->group_shift;

	return ((elements + group - 1) >> g->group_shift) * g->group_size;
}

Size
HnswGraphEstimate(double rows, int m, const HnswSupport *support,
                  double value_bytes, int participants)
{
	HnswGraph layout;
	Size size = ElementLayout(m, support, &layout);
	double bytes;

	/* P(level >= k) is m^-k; the sum is exceeded only by chance: a tenth */
	bytes = rows * size +
	        (rows * 1.1 / (m - 1) + 1000) * (double) ALIGN64(ListSize(m));
	bytes += (double) (participants + 1) * 64 * size + 65536;
	if (support->value_size == 0)
		bytes += value_bytes + rows * 64;
	return bytes >= (double) (SIZE_MAX / 2) ? SIZE_MAX / 2 : (Size) bytes;
}

/* What goes where in an arena of usable bytes whose elements begin at first. */
static void
GraphLayout(HnswGraph *g, Size first, Size usable, int m,
            const HnswSupport *support)
{
	Size size;
	Size room;

	g->m = m;
	size = ElementLayout(m, support, g);
	g->upper_size = ALIGN64(ListSize(m));
	g->elements_offset = first;

	/* The other end is rounded down; below the first element there is none. */
	usable = usable / 64 * 64;
	g->limit = Max(usable, g->elements_offset);
	room = g->limit - g->elements_offset;
	/* small arenas: do not lose them to half-used chunks and groups */
	g->chunk = (uint32) Max(1, Min(64, room / size / 256));
	g->group_shift = g->chunk == 64 ? GROUP_SHIFT : 0;
	g->group_codes = g->code_size << g->group_shift;
	g->group_size = size << g->group_shift;
	g->max_elements =
		(uint32) Min((room / g->group_size) << g->group_shift, EXPANDED - 1);
}

HnswGraph *
HnswGraphInit(void *arena, Size usable, int m, int ef_construction,
              int max_level, const HnswSupport *support, bool shared,
              int tranche_id)
{
	HnswGraph *g = arena;
	uintptr_t first;

	memset(g, 0, sizeof(HnswGraph));
	g->magic = HNSW_GRAPH_MAGIC;
	g->ef_construction = ef_construction;
	g->max_level = max_level;
	g->shared = shared;

	/* Segments are page-aligned in every process: so is this, to 64. */
	first = ALIGN64((uintptr_t) arena + sizeof(HnswGraph));
	GraphLayout(g, first - (uintptr_t) arena, usable, m, support);
	BuildPhaseInit(&g->phase);
	pg_atomic_init_u64(&g->cursor, 0);
	pg_atomic_init_u64(&g->entry, 0);
	LWLockInitialize(&g->entry_lock, tranche_id);
	return g;
}

double
HnswGraphExpected(double elements, int m, const HnswSupport *support,
                  double value_size, Size usable, int participants)
{
	HnswGraph g;
	double group;
	double numbers;
	double upper;

	GraphLayout(&g, ALIGN64(sizeof(HnswGraph)), usable, m, support);
	group = (double) (1u << g.group_shift);
	/* each participant leaves half of its last chunk, and no group is split */
	numbers = elements > 0 ? elements + participants * (g.chunk - 1) / 2.0 : 0;
	/* P(level >= k) is m^-k */
	upper = (double) g.upper_size / (m - 1);
	/* a size that varies is rounded up by half a unit */
	if (g.value_offset == 0)
		upper += value_size + 32;
	return (double) g.elements_offset + ceil(numbers / group) * g.group_size +
	       elements * upper;
}

Size
HnswGraphUsed(HnswGraph *g)
{
	uint64 cursor = pg_atomic_read_u64(&g->cursor);

	return g->elements_offset + GroupBytes(g, (uint32) cursor) +
	       (Size) (cursor >> 32) * 64;
}

HnswBuilder *
HnswBuilderCreate(HnswGraph *g, const HnswSupport *support)
{
	HnswBuilder *b = palloc0(sizeof(HnswBuilder));
	int ef = Max(g->ef_construction, 1000);

	Assert(g->magic == HNSW_GRAPH_MAGIC);
	b->graph = g;
	b->support = *support;
	b->code_support = *support;
	if (g->code_size > 0)
	{
		b->code_support.distances = support->code_distances;
		b->code = palloc(g->code_size);
	}
	b->visited = MemoryContextAllocExtended(
		CurrentMemoryContext, mul_size(g->max_elements + 1, sizeof(uint16)),
		MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	b->pool = palloc(sizeof(HnswCandidate) * (ef + 1));
	b->ties = palloc(sizeof(uint32) * (ef + 1));
	b->selected =
		palloc(sizeof(HnswCandidate) * HNSW_GRAPH_MAX_LM * (g->max_level + 1));
	b->nselected = palloc(sizeof(int) * (g->max_level + 1));
	b->by_code = palloc0(sizeof(bool) * (g->max_level + 1));
	b->points = palloc(sizeof(void *) * (HNSW_GRAPH_MAX_LM + 1));
	b->dist = palloc(sizeof(float) * (HNSW_GRAPH_MAX_LM + 1));
	return b;
}

/* ---------------------------------------------------------------------------
 * Locks and versions; a private graph needs neither
 * ---------------------------------------------------------------------------
 */

static inline void
LockElement(HnswGraph *g, HnswElement e)
{
	if (g->shared)
		LWLockAcquire(&e->lock, LW_EXCLUSIVE);
}

static inline void
UnlockElement(HnswGraph *g, HnswElement e)
{
	if (g->shared)
		LWLockRelease(&e->lock);
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

/* A consistent copy of e's neighbours on layer lc; returns their number. */
static int
ReadList(HnswGraph *g, HnswElement e, int lc, uint32 *ids)
{
	int n;

	if (!g->shared)
		return CopyList(g, e, lc, ids);

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
	LWLockAcquire(&e->lock, LW_SHARED);
	n = CopyList(g, e, lc, ids);
	LWLockRelease(&e->lock);
	return n;
}

/* ---------------------------------------------------------------------------
 * Search
 * ---------------------------------------------------------------------------
 */

static inline const void *
ElementPoint(HnswGraph *g, uint32 id)
{
	return HnswElementPoint(g, HnswGraphElement(g, id));
}

static inline const void *
Point(HnswGraph *g, uint32 id, bool by_code)
{
	return by_code ? HnswGraphCode(g, id) : ElementPoint(g, id);
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
	int lo = 0;
	int hi = b->npool;
	HnswCandidate last;
	bool full;

	while (lo < hi)
	{
		int mid = (lo + hi) / 2;

		if (b->pool[mid].distance <= distance)
			lo = mid + 1;
		else
			hi = mid;
	}
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

/* The points of elements whose values differ in size. */
static void
FindPoints(HnswBuilder *b, const uint32 *ids, int n)
{
	for (int i = 0; i < n; i++)
	{
		b->points[i] = ElementPoint(b->graph, ids[i]);
		__builtin_prefetch(b->points[i]);
	}
}

/* The list that is most likely read next. */
static inline void
PrefetchList(HnswBuilder *b, int next, int lc)
{
	HnswGraph *g = b->graph;
	const char *list;

	if (next >= b->npool)
		return;
	list = (const char *) HnswElementList(
		g, HnswGraphElement(g, b->pool[next].id & ~EXPANDED), lc);
	__builtin_prefetch(list);
	__builtin_prefetch(list + 64);
	__builtin_prefetch(list + 128);
}

/* Distances from the query to n elements, b->dist. */
static void
FindDistances(HnswBuilder *b, const uint32 *ids, int n, bool by_code)
{
	HnswGraph *g = b->graph;

	if (by_code)
	{
		for (int i = 0; i < n; i++)
		{
			const char *code = HnswGraphCode(g, ids[i]);

			b->points[i] = code;
			for (Size at = 0; at < g->code_size; at += 64)
				__builtin_prefetch(code + at);
		}
		b->support.code_distances(b->query_code, b->points, n, b->support.dim,
		                          b->dist);
		return;
	}
	for (int i = 0; i < n; i++)
	{
		/* what is looked at first: the point, or what says where it is */
		b->points[i] = (char *) HnswGraphElement(g, ids[i]) +
		               (g->value_offset == 0 ? 0 : g->point_offset);
		__builtin_prefetch(b->points[i]);
	}
	if (g->value_offset == 0)
		FindPoints(b, ids, n);
	b->support.distances(b->query, b->points, n, b->support.dim, b->dist);
}

/*
 * Search layer lc from what is in the pool; leaves there the ef nearest found,
 * nearest first.
 */
static void
SearchLayer(HnswBuilder *b, int ef, int lc, bool by_code)
{
	HnswGraph *g = b->graph;
	uint32 ids[HNSW_GRAPH_MAX_LM];
	int next = 0;
	uint32 id;

	NewEpoch(b);
	b->nties = 0;
	b->npool = Min(b->npool, ef);
	for (int i = 0; i < b->npool; i++)
	{
		b->pool[i].id &= ~EXPANDED;
		b->visited[b->pool[i].id] = b->epoch;
	}

	while ((id = NextToExpand(b, &next)) != HNSW_GRAPH_NONE)
	{
		int n = ReadList(g, HnswGraphElement(g, id), lc, ids);
		int fresh = 0;

		for (int i = 0; i < n; i++)
		{
			Assert(ids[i] < g->max_elements);
			if (b->visited[ids[i]] == b->epoch)
				continue;
			b->visited[ids[i]] = b->epoch;
			ids[fresh++] = ids[i];
		}
		PrefetchList(b, next, lc);
		FindDistances(b, ids, fresh, by_code);

		for (int i = 0; i < fresh; i++)
		{
			int at;

			if (b->npool == ef && !(b->dist[i] < b->pool[ef - 1].distance))
				continue;
			at = PoolInsert(b, ef, b->dist[i], ids[i]);
			next = Min(next, at);
		}
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
IsCloser(HnswDistances distances, int dim, const void *point, float distance,
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
HnswSelectNeighbors(const HnswSupport *support, const HnswCandidate *candidates,
                    const void *const *points, int ncandidates, int lm,
                    HnswCandidate *out)
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
		points[i] = Point(b->graph, b->pool[i].id, by_code);
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
	HnswDistances distances =
		by_code ? b->code_support.distances : b->support.distances;
	int dim = b->support.dim;
	int lm = HnswGraphLayerM(g, lc);
	const void *accepted[HNSW_GRAPH_MAX_LM + 1];
	const void *added[HNSW_GRAPH_MAX_LM + 1];
	bool closer[HNSW_GRAPH_MAX_LM + 1];
	bool removed = false;
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
		const void *v = Point(g, this, by_code);
		bool was = list->closer_set && !is_new && CLOSER_GET(list, s);
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
	memset(list->closer, 0, sizeof(list->closer));
	for (int i = 0, s = 0; i <= lm; i++)
	{
		if (i == pruned)
			continue;
		list->closer[s >> 6] |= (uint64) closer[i] << (s & 63);
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
	float *dist = HnswListDistances(g, list, lc);
	int lm = HnswGraphLayerM(g, lc);
	int at;
	int pruned;

	Assert(lc <= e->level);
	LockElement(g, e);
	at = ListPosition(list, dist, id, distance);
	if (list->length < lm)
		pruned = list->length; /* the free place at the end */
	else
	{
		pruned = ChoosePruned(b, list, lc, dist, at, id, distance);
		if (pruned == at)
		{
			UnlockElement(g, e);
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
	EndChange(e);
	UnlockElement(g, e);
}

/* ---------------------------------------------------------------------------
 * Insert
 * ---------------------------------------------------------------------------
 */

/* What an element needs at the arena's other end. */
static uint32
UpperUnits(const HnswGraph *g, int level, Size value_size)
{
	Size size = level * g->upper_size;

	if (g->value_offset == 0)
		size += ALIGN64(value_size);
	return (uint32) (size / 64);
}

/* Take numbers and 64-byte units of upper lists; false: no room. */
static bool
TakeSpace(HnswGraph *g, uint32 numbers, uint32 units, uint32 *number,
          uint32 *upper)
{
	uint64 old = pg_atomic_read_u64(&g->cursor);

	for (;;)
	{
		uint64 n = (uint64) (uint32) old + numbers;
		uint64 u = (old >> 32) + units;

		/* each term fits by the test before it */
		if (n > g->max_elements ||
		    u > (g->limit - g->elements_offset - GroupBytes(g, n)) / 64)
			return false;
		if (pg_atomic_compare_exchange_u64(&g->cursor, &old, u << 32 | n))
		{
			*number = (uint32) old;
			*upper = (uint32) (g->limit / 64 - u);
			return true;
		}
	}
}

int
HnswRandomLevel(int m, int max_level)
{
	/* never the logarithm of 0 */
	double u = 1.0 - pg_prng_double(&pg_global_prng_state);
	double level = floor(-log(u) / log((double) m));

	return level < max_level ? (int) level : max_level;
}

/* Space for upper lists and an outlying value; false: no room. */
static bool
TakeUpper(HnswBuilder *b, uint32 units, uint32 *upper)
{
	uint32 ignored;

	if (units > b->spare_units)
		return TakeSpace(b->graph, 0, units, &ignored, upper);
	*upper = b->spare;
	b->spare += units;
	b->spare_units -= units;
	return true;
}

/*
 * A number, the upper lists and the place of a value for a new element;
 * HNSW_GRAPH_NONE: full.
 */
static uint32
AllocateElement(HnswBuilder *b, Size value_size)
{
	HnswGraph *g = b->graph;
	int level = HnswRandomLevel(g->m, g->max_level);
	uint32 units = UpperUnits(g, level, value_size);
	uint32 upper = 0;
	uint32 ignored;
	uint32 id;
	HnswElement e;

	if (b->chunk_next == b->chunk_end)
	{
		uint32 want = g->chunk;

		if (!TakeSpace(g, want, 0, &id, &ignored))
		{
			want = 1;
			if (!TakeSpace(g, want, 0, &id, &ignored))
				return HNSW_GRAPH_NONE;
		}
		/* the flusher looks at all numbers that were taken */
		for (uint32 i = id; i < id + want; i++)
			HnswGraphElement(g, i)->ntids = 0;
		b->chunk_next = id;
		b->chunk_end = id + want;
	}
	if (units > 0 && !TakeUpper(b, units, &upper))
		return HNSW_GRAPH_NONE;

	id = b->chunk_next++;
	e = HnswGraphElement(g, id);
	memset(e, 0, sizeof(HnswElementData));
	LWLockInitialize(&e->lock, g->entry_lock.tranche);
	pg_atomic_init_u32(&e->version, 0);
	e->level = (uint8) level;
	e->upper = upper;
	for (int lc = 0; lc <= level; lc++)
		memset(HnswElementList(g, e, lc), 0, offsetof(HnswList, ids));
	return id;
}

/* Fill selected[] for all layers that the new element and the graph share. */
static void
FindNeighbors(HnswBuilder *b, uint32 id, int level, uint64 entry)
{
	HnswGraph *g = b->graph;
	int top = (int) (entry >> 32) - 1;

	for (int lc = 0; lc <= level; lc++)
		b->nselected[lc] = 0;
	if (top < 0)
		return;

	StartSearch(b, ElementPoint(g, id), HnswGraphCode(g, id), (uint32) entry);
	Descend(b, top, level);
	for (int lc = Min(level, top); lc >= 0; lc--)
	{
		b->by_code[lc] = SearchNearest(b, g->ef_construction, lc);
		b->nselected[lc] =
			SelectNeighbors(b, HnswGraphLayerM(g, lc), b->by_code[lc],
		                    b->selected + lc * HNSW_GRAPH_MAX_LM);
	}
}

/*
 * Give the TID to an element with the very same bytes, if one is at the head
 * of the selected neighbours and has room.
 */
static bool
MergeDuplicate(HnswBuilder *b, const void *value, ItemPointer tid)
{
	HnswGraph *g = b->graph;

	for (int i = 0; i < b->nselected[0]; i++)
	{
		HnswElement e = HnswGraphElement(g, b->selected[i].id);
		bool merged = false;

		if (!HnswValuesEqual(HnswElementValue(g, e), value))
			return false;
		LockElement(g, e);
		if (e->ntids < HNSW_GRAPH_HEAPTIDS)
		{
			e->tids[e->ntids++] = *tid;
			merged = true;
		}
		UnlockElement(g, e);
		if (merged)
			return true;
	}
	return false;
}

/* What the element had at the other end may be used by one of the next. */
static void
KeepSpare(HnswBuilder *b, HnswElement e, Size value_size)
{
	uint32 units = UpperUnits(b->graph, e->level, value_size);

	if (units <= b->spare_units)
		return;
	b->spare = e->upper;
	b->spare_units = units;
}

static void
LinkElement(HnswBuilder *b, HnswElement e, uint32 id)
{
	HnswGraph *g = b->graph;

	/* nobody knows the element yet: its own lists need no lock */
	for (int lc = 0; lc <= e->level; lc++)
	{
		HnswList *list = HnswElementList(g, e, lc);
		float *dist = HnswListDistances(g, list, lc);
		HnswCandidate *s = b->selected + lc * HNSW_GRAPH_MAX_LM;

		for (int i = 0; i < b->nselected[lc]; i++)
		{
			int at = ListPosition(list, dist, s[i].id, s[i].distance);

			memmove(&list->ids[at + 1], &list->ids[at],
			        (list->length - at) * sizeof(uint32));
			memmove(&dist[at + 1], &dist[at],
			        (list->length - at) * sizeof(float));
			list->ids[at] = s[i].id;
			dist[at] = s[i].distance;
			list->length++;
		}
	}
	pg_write_barrier(); /* invariant 3 */

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
	uint32 id = AllocateElement(b, VARSIZE(value));
	HnswElement e;
	uint64 entry;
	bool raise;

	Assert(b->support.type->value_dim(value) == b->support.dim);
	if (id == HNSW_GRAPH_NONE)
		return HNSW_FULL;
	e = HnswGraphElement(g, id);
	memcpy(HnswElementValue(g, e), value, VARSIZE(value));
	if (g->code_size > 0)
		b->support.encode(HnswPoint(&b->support, value), b->support.dim,
		                  HnswGraphCode(g, id));

	/* pairs with the write of entry below, by the barrier before it */
	entry = pg_atomic_read_u64(&g->entry);
	pg_read_barrier();
	raise = (int) e->level > (int) (entry >> 32) - 1;
	if (raise && g->shared)
	{
		LWLockAcquire(&g->entry_lock, LW_EXCLUSIVE);
		entry = pg_atomic_read_u64(&g->entry);
	}

	FindNeighbors(b, id, e->level, entry);
	if (MergeDuplicate(b, value, tid))
	{
		/* nobody has seen the number: the next insert takes it again */
		b->chunk_next = id;
		KeepSpare(b, e, VARSIZE(value));
	}
	else
	{
		e->tids[0] = *tid;
		e->ntids = 1;
		LinkElement(b, e, id);
		if ((int) e->level > (int) (entry >> 32) - 1)
		{
			Assert(raise);
			pg_write_barrier();
			pg_atomic_write_u64(&g->entry, ((uint64) e->level + 1) << 32 | id);
		}
	}
	if (raise && g->shared)
		LWLockRelease(&g->entry_lock);
	return e->ntids > 0 ? HNSW_INSERTED : HNSW_MERGED;
}
