/*
 * hnsw.h
 *	  The hnsw index: pages, tuples, options, and what its files share.
 *
 * Pages are pgvector's, bit for bit: block 0 is the metapage, block 1 the head
 * of a chain of pages with two kinds of items, elements and their neighbours.
 */
#ifndef ACCESS_HNSW_H
#define ACCESS_HNSW_H

#include <float.h>
#include <math.h>

#include "access/amapi.h"
#include "access/generic_xlog.h"
#include "access/genam.h"
#include "access/hnsw_graph.h"
#include "access/relscan.h"
#include "access/vector_support.h"
#include "nodes/execnodes.h"
#include "storage/bufmgr.h"
#include "utils/hsearch.h"
#include "utils/rel.h"

/* support functions of an opclass */
#define HNSW_DISTANCE_PROC 1
#define HNSW_NORM_PROC 2
#define HNSW_TYPE_INFO_PROC 3

#define HNSW_VERSION 1
#define HNSW_MAGIC_NUMBER 0xA953A953
#define HNSW_PAGE_ID 0xFF90

#define HNSW_METAPAGE_BLKNO 0
#define HNSW_HEAD_BLKNO 1

/*
 * Page locks, by block number.  UPDATE: an insert in flight holds it shared,
 * one that may move the entry point exclusively.  SCAN: a search in flight
 * holds it shared; vacuum waits for it before it marks elements deleted.
 */
#define HNSW_UPDATE_LOCK 0
#define HNSW_SCAN_LOCK 1

#define HNSW_DEFAULT_M 16
#define HNSW_MIN_M 2
#define HNSW_MAX_M 100
#define HNSW_DEFAULT_EF_CONSTRUCTION 64
#define HNSW_MIN_EF_CONSTRUCTION 4
#define HNSW_MAX_EF_CONSTRUCTION 1000
#define HNSW_DEFAULT_EF_SEARCH 40
#define HNSW_MIN_EF_SEARCH 1
#define HNSW_MAX_EF_SEARCH 1000

#define HNSW_HEAPTIDS 10

#define HNSW_ELEMENT_TUPLE_TYPE 1
#define HNSW_NEIGHBOR_TUPLE_TYPE 2

/* phases of pg_stat_progress_create_index; 1 is PostgreSQL's "initializing" */
#define PROGRESS_HNSW_PHASE_LOAD 2

/* the largest item that a page takes */
#define HNSW_MAX_SIZE                          \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData) - \
	 MAXALIGN(sizeof(HnswPageOpaqueData)) - sizeof(ItemIdData))

typedef struct HnswPageOpaqueData
{
	BlockNumber nextblkno; /* InvalidBlockNumber: the last of the chain */
	uint16 unused;
	uint16 page_id; /* HNSW_PAGE_ID */
} HnswPageOpaqueData;

typedef HnswPageOpaqueData *HnswPageOpaque;

#define HnswPageGetOpaque(page) ((HnswPageOpaque) PageGetSpecialPointer(page))

typedef struct HnswMetaPageData
{
	uint32 magicNumber;
	uint32 version;
	uint32 dimensions;
	uint16 m;
	uint16 efConstruction;
	BlockNumber entryBlkno;
	OffsetNumber entryOffno;
	int16 entryLevel;       /* -1: empty */
	BlockNumber insertPage; /* first page worth trying */
} HnswMetaPageData;

typedef HnswMetaPageData *HnswMetaPage;

#define HnswPageGetMeta(page) ((HnswMetaPage) PageGetContents(page))

typedef struct HnswElementTupleData
{
	uint8 type;
	uint8 level;
	uint8 deleted;
	uint8 version; /* 1..15, raised when the element is deleted */
	ItemPointerData heaptids[HNSW_HEAPTIDS]; /* packed to the front */
	ItemPointerData neighbortid;
	uint16 unused;
	struct varlena data; /* always with a 4-byte header */
} HnswElementTupleData;

typedef HnswElementTupleData *HnswElementTuple;

typedef struct HnswNeighborTupleData
{
	uint8 type;
	uint8 version; /* equal to the element's */
	uint16 count;  /* (level + 2) * m */
	ItemPointerData indextids[FLEXIBLE_ARRAY_MEMBER]; /* top layer first */
} HnswNeighborTupleData;

typedef HnswNeighborTupleData *HnswNeighborTuple;

#define HNSW_ELEMENT_TUPLE_SIZE(datasize) \
	MAXALIGN(offsetof(HnswElementTupleData, data) + (datasize))
#define HNSW_NEIGHBOR_TUPLE_SIZE(level, m)                \
	MAXALIGN(offsetof(HnswNeighborTupleData, indextids) + \
	         ((level) + 2) * (m) * sizeof(ItemPointerData))

#define HnswGetLayerM(m, lc) ((lc) == 0 ? 2 * (m) : (m))
/* slot of the first neighbour on a layer */
#define HnswLayerStart(level, m, lc) (((level) - (lc)) * (m))

static inline int
HnswGetMaxLevel(int m)
{
	int fit = (int) ((BLCKSZ - MAXALIGN(SizeOfPageHeaderData) -
	                  MAXALIGN(sizeof(HnswPageOpaqueData)) -
	                  offsetof(HnswNeighborTupleData, indextids) -
	                  sizeof(ItemIdData)) /
	                 sizeof(ItemPointerData) / m) -
	          2;

	return Min(fit, 63);
}

typedef struct HnswOptions
{
	int32 vl_len_;
	int m;
	int efConstruction;
} HnswOptions;

/* settings */
extern PG_PER_THREAD int hnsw_ef_search;
extern int hnsw_build_spill;
extern PG_PER_THREAD int hnsw_iterative_scan;
extern PG_PER_THREAD int hnsw_max_scan_tuples;
extern PG_PER_THREAD double hnsw_scan_mem_multiplier;

/* What a build does when its memory is full. */
typedef enum HnswBuildSpill
{
	HNSW_BUILD_SPILL_PACK,        /* pack the graph; then as the other */
	HNSW_BUILD_SPILL_PAGE_INSERTS /* write it, and insert the rest on pages */
} HnswBuildSpill;

/* What a scan does when all that its search has found is handed out. */
typedef enum HnswIterativeScanMode
{
	HNSW_ITERATIVE_SCAN_OFF,     /* it ends */
	HNSW_ITERATIVE_SCAN_RELAXED, /* it searches on */
	HNSW_ITERATIVE_SCAN_STRICT   /* the same, and drops what comes too late */
} HnswIterativeScanMode;

/* An element on a page, as a search knows it. */
typedef struct HnswPageElement
{
	ItemPointerData tid;
	ItemPointerData neighbortid;
	ItemPointerData heaptid; /* the first, if ntids is not 0 */
	uint8 level;
	uint8 version;
	uint8 ntids;
	bool gone;    /* vacuum has taken it; nothing else is known */
	bool out;     /* its rows were handed out, or are being so */
	bool loaded;  /* its item was read; else heaptid is not known */
	uint32 epoch; /* of the last visit */
	float distance;
	union
	{
		void *value;               /* NULL: not asked for; HnswSearchValue */
		ItemPointerData *heaptids; /* of a search that keeps TIDs; over 1 */
	};
} HnswPageElement;

/* An iterative scan pays for every element that it has met. */
StaticAssertDecl(sizeof(HnswPageElement) <= 40, "an element of a search");

/*
 * A search on pages: every element that it has met, found by TID, and the pool
 * of the nearest ones.  Lives in one memory context and is never freed alone.
 *
 * One that can be continued keeps what layer 0 has shown and the pool had no
 * room for: a binary heap, nearest on top, and behind it what came since the
 * heap was last asked.
 */
typedef struct HnswSearch
{
	MemoryContext context;
	Relation index;
	VectorSupport support;
	const void *query; /* NULL: every distance is 0 */
	const void *query_point;
	bool keep_tids;   /* all TIDs of elements, and no values */
	bool keep_values; /* they are copied when elements are met on pages */
	int m;
	Size min_item; /* bytes of an element that can be right */
	char *scratch; /* a page; values that differ in size are read into it */
	HnswPageElement *elements;
	uint32 nelements;
	uint32 capacity;
	uint32 *table; /* element number + 1 by hash of the TID */
	uint32 table_size;
	uint32 epoch;
	HnswCandidate *pool;
	int npool;
	uint32 *ties; /* as in hnsw_graph.h */
	int width;    /* pool and ties have room for one more */
	int nties;
	bool keep_discarded; /* the search can be continued */
	bool continued;      /* and was */
	bool cut_off;        /* vacuum has taken what it stood on */
	bool doubtful;       /* it passed by what vacuum may be taking */
	HTAB *out;           /* elements with out set in searches before this */
	bool draining;       /* what was kept comes out without a search */
	bool in_order;       /* a batch has nothing that is nearer than the last */
	HnswCandidate *discarded;
	int ndiscarded;
	int nheap; /* of those: in the heap */
	int discarded_size;
	int64 nvisited; /* elements met on layer 0 */

	/* through the index cache (hnsw_cache.h) */
	struct HnswCache *cache; /* NULL: on pages */
	struct HnswMarks *marks; /* which nodes the search knows */
	uint32 *nodes;           /* of the elements, by number */
	const void *cache_query; /* the query's point or code */
	PointDistances cache_distances;
} HnswSearch;

typedef struct HnswEntryPoint
{
	ItemPointerData tid;
	int level; /* -1: the index is empty */
} HnswEntryPoint;

/* Where a build puts its tuples: the place of the last one. */
typedef struct HnswPlace
{
	BlockNumber blkno;
	OffsetNumber offno;
	Size left;    /* on the page, for items and their line pointers */
	double holes; /* bytes that stay free on the pages before */
} HnswPlace;

/* A page or two that are being changed: one generic record, or none. */
typedef struct HnswPageChange
{
	Relation index;
	bool building; /* not logged: the build logs its pages at its end */
	GenericXLogState *state;
} HnswPageChange;

/* Element from is to have the new one in its list on layer lc. */
typedef struct HnswLink
{
	uint32 from;
	int lc;
	int slot;       /* of the layer; HNSW_SLOT_FREE: any that is free */
	uint32 dropped; /* what is in the slot; HNSW_GRAPH_NONE: nothing */
	bool sure;      /* dropped needs no other way from this list */
} HnswLink;

/* Bit of a candidate's id: its neighbours were met. */
#define HNSW_EXPANDED 0x80000000u

#define HNSW_SLOT_FREE (-2)

/* So many elements are read together. */
#define HNSW_LOAD_BATCH 16

typedef struct HnswLinks
{
	HnswLink *links;
	int n;
} HnswLinks;

/* hnsw.c */
extern void hnsw_init(void);
extern Datum hnswhandler(PG_FUNCTION_ARGS);
extern int HnswGetM(Relation index);
extern int HnswGetEfConstruction(Relation index);
/* The type of an index's values. */
/* Filled from the index's support functions, whose results live with it. */
extern void HnswInitSupport(VectorSupport *support, Relation index);

/* hnswpage.c */
extern void HnswInitPage(Page page);
extern void
HnswInitMetaPage(Page page, int dim, int m, int ef_construction,
                 const HnswEntryPoint *entry, BlockNumber insertPage);
extern void
HnswFormElementTuple(HnswElementTuple etup, int level,
                     const ItemPointerData *tids, int ntids, const void *value);
/*
 * The value of an element on a page that is locked, in the current context; an
 * error if it is none of the index.
 */
extern void *HnswCopyValue(Relation index, const VectorSupport *support,
                           Page page, OffsetNumber offno);
/* Raises an error if the metapage is not one. */
extern void HnswGetMetaPageInfo(Relation index, int *m, int *dim,
                                HnswEntryPoint *entry, BlockNumber *insertPage);
/* Locked exclusively. */
extern Buffer HnswReadLocked(Relation index, BlockNumber blkno);
extern void HnswBeginChange(HnswPageChange *c, Relation index, bool building);
/* The page to change of a buffer that is locked exclusively. */
extern Page HnswChangePage(HnswPageChange *c, Buffer buf, bool is_new);
/* buf2: InvalidBuffer, or the second page. */
extern void HnswEndChange(HnswPageChange *c, Buffer buf, Buffer buf2);
extern void HnswAbortChange(HnswPageChange *c);

/* The tuples of one element after the other: first its own, then its neighbours'. */
extern void HnswFirstPlace(HnswPlace *place);
extern void HnswPlaceElement(HnswPlace *place, Size esize, Size nsize);
extern void HnswPlaceNeighbors(HnswPlace *place, Size nsize);

/* hnswsearch.c */
/* use_cache: through the index cache, if the index is there. */
extern HnswSearch *
HnswSearchCreate(Relation index, const VectorSupport *support,
                 const void *query, int m, int ef, bool use_cache);
/* Room for one more; returns its number. */
extern uint32 HnswSearchAdd(HnswSearch *s, const ItemPointerData *tid);
/* Read the items of elements from their pages; at most HNSW_LOAD_BATCH. */
extern void HnswSearchLoad(HnswSearch *s, const uint32 *ids, int n);
/* For a search that has left the cache: elements are found by TID again. */
extern void HnswSearchRehash(HnswSearch *s);
/*
 * The pool's elements, which were searched for on layer lc with width ef, are
 * loaded and in the order of their distances: what a search ends with.
 */
extern void HnswSearchSettle(HnswSearch *s, int ef, int lc);
/* The same for all that was kept for later. */
extern void HnswSearchSettleDiscarded(HnswSearch *s);
/* Keep for later. */
extern void HnswSearchDiscard(HnswSearch *s, HnswCandidate c);
extern uint32 HnswSearchElement(HnswSearch *s, const ItemPointerData *tid);
extern void HnswSearchElements(HnswSearch *s, const ItemPointerData *tids,
                               int n, uint32 *ids);
/* The element's value, copied when it is first asked for. */
extern const void *HnswSearchValue(HnswSearch *s, uint32 id);
extern bool HnswSearchStart(HnswSearch *s, const HnswEntryPoint *entry);
extern void HnswSearchLayer(HnswSearch *s, int ef, int lc);
extern void HnswSearchWider(HnswSearch *s, int ef, int lc);
extern void HnswSearchKeepDiscarded(HnswSearch *s);
extern void HnswSearchDrain(HnswSearch *s);
extern void HnswSearchContinue(HnswSearch *s, int ef);
extern void HnswSearchForget(HnswSearch *s);
extern bool HnswSearchIsOpen(HnswSearch *s);
extern int HnswReadNeighbors(HnswSearch *s, const HnswPageElement *e, int lc,
                             ItemPointerData *tids);
extern float HnswValueDistance(HnswSearch *s, const void *a, const void *b);

/*
 * A distance as searches compare it: infinity less infinity, which is not a
 * number, comes after infinity, as ORDER BY has it.
 */
static inline float
HnswOrderDistance(float distance)
{
	if (likely(distance < INFINITY))
		return distance;
	return isnan(distance) ? INFINITY : FLT_MAX;
}

/* hnswinsert.c */
extern void
HnswUpdateMetaPage(Relation index, const HnswEntryPoint *entry, bool always,
                   BlockNumber insertPage, bool building);
extern void HnswFindNeighbors(HnswSearch *s, const HnswEntryPoint *entry,
                              int level, int ef, const ItemPointerData *skip,
                              HnswCandidate *selected, int *nselected);
extern void
HnswSetNeighborTuple(HnswSearch *s, HnswNeighborTuple ntup, int level,
                     const HnswCandidate *selected, const int *nselected);
extern void
HnswInsertOnPages(Relation index, const VectorSupport *support,
                  const void *value, ItemPointer heaptid, bool building);
extern bool
hnswinsert(Relation index, Datum *values, bool *isnull, ItemPointer heap_tid,
           Relation heap, IndexUniqueCheck checkUnique, bool indexUnchanged,
           struct IndexInfo *indexInfo);

/* hnswlink.c */
extern void
HnswPlanLinks(HnswSearch *s, uint32 id, int level, HnswCandidate *selected,
              int *nselected, const HnswEntryPoint *entry, HnswLinks *plan);
extern int HnswWriteLinks(HnswSearch *s, const HnswLinks *plan,
                          const ItemPointerData *tid, bool building);
extern bool HnswLinkFrom(HnswSearch *s, uint32 id, uint32 from, bool building);
extern void
HnswLinkLost(HnswSearch *s, uint32 id, const ItemPointerData *tids, int n);
extern void HnswLinkOut(HnswSearch *s, uint32 id, uint32 to);

/* hnswestimate.c */
/* How many workers a build asks for, and why no more. */
extern int HnswPlanWorkers(Relation heap, struct IndexInfo *indexInfo,
                           IndexWorkersLimit *limit);
extern void
hnswestimatebuild(Relation heap, Relation index, struct IndexInfo *indexInfo,
                  IndexBuildEstimate *estimate);

/* hnswbuild.c */
/* Raises what is wrong with column and options. */
extern void HnswCheckDefinition(Relation index);
/*
 * Bytes of the arena of a build that begins now, and how much larger than that
 * maintenance_work_mem is to be.
 */
extern Size HnswArenaSize(Relation heap, struct IndexInfo *indexInfo,
                          const VectorSupport *support, int m, bool parallel,
                          Size *overhead);
extern IndexBuildResult *
hnswbuild(Relation heap, Relation index, struct IndexInfo *indexInfo);
extern void hnswbuildempty(Relation index);

/* hnswvacuum.c */
extern IndexBulkDeleteResult *
hnswbulkdelete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
               IndexBulkDeleteCallback callback, void *callback_state);
extern IndexBulkDeleteResult *
hnswvacuumcleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats);

/* hnswscan.c */
extern IndexScanDesc hnswbeginscan(Relation index, int nkeys, int norderbys);
extern void hnswrescan(IndexScanDesc scan, ScanKey keys, int nkeys,
                       ScanKey orderbys, int norderbys);
extern bool hnswgettuple(IndexScanDesc scan, ScanDirection dir);
extern void hnswendscan(IndexScanDesc scan);
/* Of the last TID, as the index computes it. */
extern float HnswScanDistance(IndexScanDesc scan);

static inline bool
HnswTidEquals(const ItemPointerData *a, const ItemPointerData *b)
{
	return memcmp(a, b, sizeof(ItemPointerData)) == 0;
}

#endif /* ACCESS_HNSW_H */
