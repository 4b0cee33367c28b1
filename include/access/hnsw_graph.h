/*
 * hnsw_graph.h
 *	  The graph of an hnsw build while it is in memory.
 *
 * One arena holds all: private memory of a serial build, a DSM chunk of a
 * parallel one.  There are no pointers in it: elements have numbers, upper
 * lists have offsets, so every process may map it where it likes.
 *
 *	 | HnswGraph, locks | element 0 | element 1 | ... ->   <- ... | upper lists |
 *
 * Elements are of one size (the graph's stride): fixed part, layer-0 list,
 * value (its point on a 64-byte boundary).  If the points have codes, those
 * stand together before each group of elements, so that what a search reads is
 * on few pages.  Numbers are handed out in chunks to
 * participants, so the ones at a chunk's end may stay unused.  From the other
 * end come the lists of layers 1..level, in one piece, behind them the value
 * if values differ in size, and the TIDs of equal rows after the first.
 *
 * A graph that finds its arena full can be packed, once (hnswarena.c): values
 * that have codes move to a temporary file, layer 0 gives up its distances,
 * which are computed when they are asked for, and nothing is padded.  Numbers
 * and upper lists stay.
 */
#ifndef ACCESS_HNSW_GRAPH_H
#define ACCESS_HNSW_GRAPH_H

#include "access/vector_support.h"
#include "parallel/build_phase.h"
#include "port/atomics.h"
#include "storage/itemptr.h"
#include "storage/lwlock.h"

#define HNSW_GRAPH_MAGIC 0x484e5347
#define HNSW_GRAPH_NONE 0xFFFFFFFFu
#define HNSW_GRAPH_HEAPTIDS 10
#define HNSW_GRAPH_MAX_LM 200 /* neighbours on layer 0 with m = 100 */

/*
 * Neighbours on one layer, nearest first.  Behind the lm ids: a bit for each,
 * which says that the heuristic accepted it, and, where the graph keeps them, lm
 * distances.
 */
typedef struct HnswList
{
	uint8 length;    /* [V][L:element lock] */
	bool closer_set; /* [L:element lock] are the bits known? */
	uint16 unused;
	uint32 ids[FLEXIBLE_ARRAY_MEMBER]; /* [V][L:element lock] */
} HnswList;

typedef struct HnswElementData
{
	pg_atomic_uint32 version; /* [A] odd while a list is being changed */
	uint32 upper;             /* [C] offset / 64 of the upper lists */
	uint32 more_tids;    /* [L:lock] offset / 64 of the TIDs but one, or 0 */
	uint8 level;         /* [C] */
	uint8 ntids;         /* [L:lock] 0: this number is not in use */
	ItemPointerData tid; /* [C] the first */
} HnswElementData;

typedef HnswElementData *HnswElement;

#define HNSW_VALUES_PATH_LEN 64

/* [P]: changed once, by the one that packs, who is alone in the phase. */
typedef struct HnswGraph
{
	uint32 magic;         /* [C] HNSW_GRAPH_MAGIC */
	int m;                /* [C] */
	int ef_construction;  /* [C] */
	int max_level;        /* [C] */
	bool shared;          /* [C] several participants: locks are taken */
	bool may_pack;        /* [C] when it is full */
	bool packed;          /* [P] */
	bool values_out;      /* [P] values are in the file */
	Size stride;          /* [P] bytes from element to element */
	Size list0_offset;    /* [C] in an element */
	Size value_offset;    /* [P] in an element; 0: behind the upper lists */
	Size value_size;      /* [C] 0: values differ in size */
	Size code_size;       /* [P] bytes from code to code; 0: there are none */
	int group_shift;      /* [C] logarithm of the elements of a group */
	Size group_codes;     /* [P] bytes of a group's codes */
	Size group_size;      /* [P] bytes from group to group */
	Size upper_size;      /* [C] bytes of one upper list */
	Size locks_offset;    /* [C] of the element locks, from the graph */
	uint32 lock_mask;     /* [C] number of locks - 1 */
	Size elements_offset; /* [C] of element 0, from the graph */
	Size limit;           /* [C] bytes of the arena in use at most */
	uint32 chunk;         /* [C] element numbers taken at once */
	uint32 max_elements;  /* [P] no number reaches this */
	BuildPhase phase;     /* in memory, being flushed, on pages */
	char values_path[HNSW_VALUES_PATH_LEN]; /* [C] of the file */
	/* [O] the flusher: rows when the arena was full, and one; 0: it was not */
	uint64 full_after;

	bool flush_pages;       /* [P] pages are to be filled, not only logged */
	BlockNumber flush_last; /* [P] the last of the index */
	pg_atomic_uint32 flush_next; /* [A] the next that nobody has taken */

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
	MemoryContext context;
	HnswGraph *graph;
	VectorSupport support;
	VectorSupport code_support; /* the same, with the distances of codes */
	const void *query; /* what is searched for: a point, and its code */
	const void *query_code;
	void *code;         /* scratch for that */
	bool packed;        /* knows that the graph is */
	int values_file;    /* of a graph whose values are out */
	char *values;       /* that file, mapped */
	Size values_mapped; /* bytes */
	uint16 *visited;    /* epoch of the last visit, by element number */
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
	float *list_dist; /* scratch for a list without distances */
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
HnswSelectNeighbors(const VectorSupport *support,
                    const HnswCandidate *candidates, const void *const *points,
                    int ncandidates, int lm, HnswCandidate *out);

/*
 * Bytes that rows rows of this kind need, never less than what they take; where
 * values differ in size, they have value_bytes bytes in all.
 */
extern Size HnswGraphEstimate(double rows, int m, const VectorSupport *support,
                              double value_bytes, int participants);

/*
 * Bytes that so many elements take on an average in an arena of usable bytes,
 * of values of value_size bytes if they differ in size.  More than usable: they
 * do not fit.
 */
extern double
HnswGraphExpected(double elements, int m, const VectorSupport *support,
                  double value_size, Size usable, int participants);

/* The same for a graph that is packed. */
extern double
HnswGraphExpectedPacked(double elements, int m, const VectorSupport *support,
                        double value_size, Size usable, int participants);

/* Is packing worth it. */
extern bool HnswGraphWouldPack(int m, const VectorSupport *support);

/* Bytes of the arena that are in use. */
extern Size HnswGraphUsed(HnswGraph *g);

/* The first usable bytes are used; none at all is legal. */
extern HnswGraph *
HnswGraphInit(void *arena, Size usable, int m, int ef_construction,
              int max_level, const VectorSupport *support, bool shared,
              int tranche_id);

/* The level of a new element: P(level >= k) is m^-k. */
extern int HnswRandomLevel(int m, int max_level);

/* In the current memory context.  support: as of HnswGraphInit. */
extern HnswBuilder *
HnswBuilderCreate(HnswGraph *graph, const VectorSupport *support);

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

/*
 * The distances of an element's list: of codes or exact ones.  What the list
 * does not keep is computed, and good until the next call.
 */
extern float *
HnswGraphListDistances(HnswBuilder *b, uint32 id, int lc, bool by_code);

/* hnswarena.c: room for elements, and what a search must know of it. */

/*
 * A number, the upper lists and the place of a value for a new element;
 * HNSW_GRAPH_NONE: full.
 */
extern uint32 HnswArenaTakeElement(HnswBuilder *b, Size value_size);

/* The element was not needed: nobody has seen its number. */
extern void HnswArenaReturnElement(HnswBuilder *b, uint32 id, Size value_size);

/* One more TID for an element that is locked; false: no room. */
extern bool HnswArenaAddTid(HnswBuilder *b, HnswElement e, ItemPointer tid);

/* Store the value of an element, and its code. */
extern void HnswArenaPutValue(HnswBuilder *b, uint32 id, const void *value);

/*
 * The temporary file for values; to be closed when the build is over.  Before
 * anybody inserts.
 */
extern int HnswArenaCreateFile(HnswGraph *g);

/*
 * Make room: false if that cannot be, or was done.  The caller is alone in the
 * phase, and so are those that call HnswBuilderCatchUp before anything else
 * when they come back to it.
 */
extern bool HnswGraphPack(HnswBuilder *b);
extern void HnswBuilderCatchUp(HnswBuilder *b);
extern void HnswBuilderClose(HnswBuilder *b);

static inline HnswElement
HnswGraphElement(const HnswGraph *g, uint32 id)
{
	uint32 inside = id & ((1u << g->group_shift) - 1);

	return (HnswElement) ((char *) g + g->elements_offset +
	                      (id >> g->group_shift) * g->group_size +
	                      g->group_codes + inside * g->stride);
}

/* Of an element's lists and TIDs; several elements share one. */
static inline LWLock *
HnswElementLock(const HnswGraph *g, uint32 id)
{
	return (LWLock *) ((char *) g + g->locks_offset) + (id & g->lock_mask);
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

/* Of a graph whose values are not out. */
static inline void *
HnswElementValue(const HnswGraph *g, HnswElement e)
{
	Assert(!g->values_out);
	if (g->value_offset == 0)
		return HnswOutlyingValue(g, e);
	return (char *) e + g->value_offset;
}

/* Bytes from value to value in the file. */
static inline Size
HnswFileStride(const HnswGraph *g)
{
	return TYPEALIGN(64, g->value_size);
}

/* An element's value, wherever it is. */
static inline const void *
HnswBuilderValue(const HnswBuilder *b, uint32 id)
{
	const HnswGraph *g = b->graph;

	if (b->values)
		return b->values + id * HnswFileStride(g);
	return HnswElementValue(g, HnswGraphElement(g, id));
}

/* What the distances are computed from. */
static inline const void *
HnswBuilderPoint(const HnswBuilder *b, uint32 id)
{
	return VectorPoint(&b->support, HnswBuilderValue(b, id));
}

static inline Size
HnswBuilderValueSize(const HnswBuilder *b, uint32 id)
{
	Size size = b->graph->value_size;

	return size ? size : VARSIZE(HnswBuilderValue(b, id));
}

/* The element's i-th TID. */
static inline ItemPointerData *
HnswElementTid(const HnswGraph *g, HnswElement e, int i)
{
	if (i == 0)
		return &e->tid;
	return (ItemPointerData *) ((char *) g + (Size) e->more_tids * 64) + i - 1;
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

static inline uint32 *
HnswListCloser(const HnswGraph *g, HnswList *list, int lc)
{
	return list->ids + HnswGraphLayerM(g, lc);
}

/* 32-bit words of the bits of a list. */
static inline int
HnswListWords(int lm)
{
	return (lm + 31) / 32;
}

/* NULL: the graph does not keep them. */
static inline float *
HnswListDistances(const HnswGraph *g, HnswList *list, int lc)
{
	int lm = HnswGraphLayerM(g, lc);

	if (lc == 0 && g->packed)
		return NULL;
	return (float *) (list->ids + lm + HnswListWords(lm));
}

#endif /* ACCESS_HNSW_GRAPH_H */
