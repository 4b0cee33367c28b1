/*
 * hnsw_graph.h
 *	  The graph of an hnsw build while it is in memory.
 *
 * One arena holds all: private memory of a serial build, a DSM chunk of a
 * parallel one.  There are no pointers in it: elements have numbers, upper
 * lists have offsets, so every process may map it where it likes.
 *
 *	 | HnswGraph | element 0 | element 1 | ... ->     <- ... | upper lists |
 *
 * Elements are of one size (the graph's stride): fixed part, layer-0 list,
 * value (its point on a 64-byte boundary).  If the points have codes, those
 * stand together before each group of elements, so that what a search reads is
 * on few pages.  Numbers are handed out in chunks to
 * participants, so the ones at a chunk's end may stay unused.  The lists of
 * layers 1..level are in one piece from the other end; behind them is the value
 * if values differ in size.
 */
#ifndef ACCESS_HNSW_GRAPH_H
#define ACCESS_HNSW_GRAPH_H

#include "access/hnsw_value.h"
#include "parallel/build_phase.h"
#include "port/atomics.h"
#include "storage/itemptr.h"
#include "storage/lwlock.h"

#define HNSW_GRAPH_MAGIC 0x484e5347
#define HNSW_GRAPH_NONE 0xFFFFFFFFu
#define HNSW_GRAPH_HEAPTIDS 10
#define HNSW_GRAPH_MAX_LM 200 /* neighbours on layer 0 with m = 100 */

/* Neighbours on one layer, nearest first; lm ids and then lm distances follow. */
typedef struct HnswList
{
	uint16 length;    /* [V][L:element lock] */
	bool closer_set;  /* [L:element lock] are the bits below known? */
	uint64 closer[4]; /* [L:element lock] which the heuristic accepted */
	uint32 ids[FLEXIBLE_ARRAY_MEMBER]; /* [V][L:element lock] */
} HnswList;

typedef struct HnswElementData
{
	LWLock lock;              /* for changes of the lists and heap TIDs */
	pg_atomic_uint32 version; /* [A] odd while a list is being changed */
	uint32 upper;             /* [C] offset / 64 of the upper lists */
	uint8 level;              /* [C] */
	uint8 ntids;              /* [L:lock] 0: this number is not in use */
	uint16 neighbor_offno;    /* [O] the flusher: where it is on pages */
	uint32 blkno;             /* [O] the flusher */
	uint32 neighbor_blkno;    /* [O] the flusher */
	uint16 offno;             /* [O] the flusher */
	ItemPointerData tids[HNSW_GRAPH_HEAPTIDS]; /* [L:lock] */
} HnswElementData;

typedef HnswElementData *HnswElement;

typedef struct HnswGraph
{
	uint32 magic;         /* [C] HNSW_GRAPH_MAGIC */
	int m;                /* [C] */
	int ef_construction;  /* [C] */
	int max_level;        /* [C] */
	bool shared;          /* [C] several participants: locks are taken */
	Size stride;          /* [C] bytes from element to element */
	Size list0_offset;    /* [C] in an element */
	Size value_offset;    /* [C] in an element; 0: behind the upper lists */
	Size point_offset;    /* [C] the same for the point */
	Size value_size;      /* [C] 0: values differ in size */
	Size code_size;       /* [C] bytes from code to code; 0: there are none */
	int group_shift;      /* [C] logarithm of the elements of a group */
	Size group_codes;     /* [C] bytes of a group's codes */
	Size group_size;      /* [C] bytes from group to group */
	Size upper_size;      /* [C] bytes of one upper list */
	Size elements_offset; /* [C] of element 0, from the graph */
	Size limit;           /* [C] bytes of the arena in use at most */
	uint32 chunk;         /* [C] element numbers taken at once */
	uint32 max_elements;  /* [C] no number reaches this */
	BuildPhase phase;     /* in memory, being flushed, on pages */

	char pad0[PG_CACHE_LINE_SIZE];
	pg_atomic_uint64 cursor; /* [A] upper lists, in 64 bytes, << 32 | numbers */
	char pad1[PG_CACHE_LINE_SIZE];
	pg_atomic_uint64 entry; /* [A] (level + 1) << 32 | number; 0: empty */
	char pad2[PG_CACHE_LINE_SIZE];
	LWLock entry_lock; /* held by who may change entry */
	char pad3[PG_CACHE_LINE_SIZE];
} HnswGraph;

/* One candidate of a search; the top bit of id says that it was expanded. */
typedef struct HnswCandidate
{
	float distance;
	uint32 id;
} HnswCandidate;

/* As many as the largest ef_construction, and one. */
#define HNSW_MAX_CANDIDATES 1001

/* What one participant needs to insert; private to it. */
typedef struct HnswBuilder
{
	HnswGraph *graph;
	HnswSupport support;
	HnswSupport code_support; /* the same, with the distances of codes */
	const void *query;        /* what is searched for: a point, and its code */
	const void *query_code;
	void *code;      /* scratch for that */
	uint16 *visited; /* epoch of the last visit, by element number */
	uint16 epoch;
	uint32 chunk_next; /* numbers taken and not used yet */
	uint32 chunk_end;
	uint32 spare; /* offset / 64 of space that a merged row did not need */
	uint32 spare_units;
	HnswCandidate *pool; /* ef_construction + 1, nearest first */
	int npool;
	uint32 *ties; /* not expanded, fell off, but as near as the pool's last */
	int nties;
	HnswCandidate *selected; /* lm of each layer of the element in work */
	int *nselected;
	bool *by_code;       /* by layer: codes tell the selected ones apart */
	const void **points; /* scratch for the kernels */
	float *dist;
} HnswBuilder;

typedef enum HnswInsertResult
{
	HNSW_INSERTED,
	HNSW_MERGED, /* the TID went to an element with the same value */
	HNSW_FULL    /* nothing was linked: the arena has no room */
} HnswInsertResult;

/*
 * The heuristic: choose at most lm of the candidates, which come nearest first
 * with their points.  lm or fewer are all taken, furthest first, as the walk
 * over duplicates expects.  Returns how many were chosen.
 */
extern int
HnswSelectNeighbors(const HnswSupport *support, const HnswCandidate *candidates,
                    const void *const *points, int ncandidates, int lm,
                    HnswCandidate *out);

/*
 * Bytes that rows rows of this kind need, never less than what they take; where
 * values differ in size, they have value_bytes bytes in all.
 */
extern Size HnswGraphEstimate(double rows, int m, const HnswSupport *support,
                              double value_bytes, int participants);

/*
 * Bytes that so many elements take on an average in an arena of usable bytes,
 * of values of value_size bytes if they differ in size.  More than usable: they
 * do not fit.
 */
extern double
HnswGraphExpected(double elements, int m, const HnswSupport *support,
                  double value_size, Size usable, int participants);

/* Bytes of the arena that are in use. */
extern Size HnswGraphUsed(HnswGraph *g);

/* usable bytes of size are used; none at all is legal. */
extern HnswGraph *
HnswGraphInit(void *arena, Size usable, int m, int ef_construction,
              int max_level, const HnswSupport *support, bool shared,
              int tranche_id);

/* The level of a new element: P(level >= k) is m^-k. */
extern int HnswRandomLevel(int m, int max_level);

/* In the current memory context.  support: as of HnswGraphInit. */
extern HnswBuilder *
HnswBuilderCreate(HnswGraph *graph, const HnswSupport *support);

/*
 * Insert one value (with a 4-byte header, normalised if the opclass wants it).
 * In a parallel build the caller is inside graph->phase.
 */
extern HnswInsertResult
HnswGraphInsert(HnswBuilder *b, const void *value, ItemPointer tid);

/*
 * The k nearest elements of a graph that is at rest, nearest first; returns
 * how many were found.  q: a point.  For tests and measurements.
 */
extern int HnswGraphSearch(HnswBuilder *b, const void *q, int ef, int k,
                           HnswCandidate *out);

/* Its two steps, for a graph that is not empty: where to begin on layer 0 ... */
extern uint32 HnswGraphDescend(HnswBuilder *b, const void *q);

/* ... and the search there, from that element. */
extern int HnswGraphSearchLayer0(HnswBuilder *b, const void *q, uint32 start,
                                 int ef, int k, HnswCandidate *out);

/*
 * Add links until every element reaches every other on layer 0.  The caller is
 * alone with the graph, and nothing is inserted into it any more.  Returns how
 * many links were made.
 */
extern uint32 HnswGraphConnect(HnswBuilder *b);

static inline HnswElement
HnswGraphElement(const HnswGraph *g, uint32 id)
{
	uint32 inside = id & ((1u << g->group_shift) - 1);

	return (HnswElement) ((char *) g + g->elements_offset +
	                      (id >> g->group_shift) * g->group_size +
	                      g->group_codes + inside * g->stride);
}

static inline void *
HnswGraphCode(const HnswGraph *g, uint32 id)
{
	uint32 inside = id & ((1u << g->group_shift) - 1);

	return (char *) g + g->elements_offset +
	       (id >> g->group_shift) * g->group_size + inside * g->code_size;
}

/* Of values that differ in size, in one piece with the upper lists. */
static inline char *
HnswOutlyingValue(const HnswGraph *g, HnswElement e)
{
	return (char *) g + (Size) e->upper * 64 + e->level * g->upper_size;
}

static inline void *
HnswElementValue(const HnswGraph *g, HnswElement e)
{
	if (g->value_offset == 0)
		return HnswOutlyingValue(g, e);
	return (char *) e + g->value_offset;
}

/* What the distances are computed from. */
static inline const void *
HnswElementPoint(const HnswGraph *g, HnswElement e)
{
	if (g->value_offset == 0)
		return HnswOutlyingValue(g, e) + g->point_offset;
	return (char *) e + g->point_offset;
}

static inline Size
HnswElementValueSize(const HnswGraph *g, HnswElement e)
{
	return g->value_size ? g->value_size : VARSIZE(HnswElementValue(g, e));
}

static inline int
HnswGraphLayerM(const HnswGraph *g, int lc)
{
	return lc == 0 ? 2 * g->m : g->m;
}

static inline HnswList *
HnswElementList(const HnswGraph *g, HnswElement e, int lc)
{
	if (lc == 0)
		return (HnswList *) ((char *) e + g->list0_offset);
	return (HnswList *) ((char *) g + (Size) e->upper * 64 +
	                     (lc - 1) * g->upper_size);
}

static inline float *
HnswListDistances(const HnswGraph *g, HnswList *list, int lc)
{
	return (float *) (list->ids + HnswGraphLayerM(g, lc));
}

#endif /* ACCESS_HNSW_GRAPH_H */
