/*
 * ivfflat.h
 *	  The ivfflat index: pages, options, and what its files share.
 *
 * Pages are pgvector's, bit for bit: block 0 is the metapage; from block 1 on
 * a chain of pages with the lists, each an item with its center; each list has
 * a chain of pages with ordinary index tuples.
 */
#ifndef ACCESS_IVFFLAT_H
#define ACCESS_IVFFLAT_H

#include "access/amapi.h"
#include "access/itup.h"
#include "access/kmeans.h"
#include "access/relscan.h"
#include "access/vector_support.h"
#include "nodes/execnodes.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

/* support functions of an opclass */
#define IVFFLAT_DISTANCE_PROC 1
#define IVFFLAT_NORM_PROC 2
#define IVFFLAT_KMEANS_DISTANCE_PROC 3
#define IVFFLAT_KMEANS_NORM_PROC 4
#define IVFFLAT_TYPE_INFO_PROC 5

#define IVFFLAT_VERSION 1
#define IVFFLAT_MAGIC_NUMBER 0x14FF1A7
#define IVFFLAT_PAGE_ID 0xFF84

#define IVFFLAT_METAPAGE_BLKNO 0
#define IVFFLAT_HEAD_BLKNO 1

#define IVFFLAT_DEFAULT_LISTS 100
#define IVFFLAT_MIN_LISTS 1
#define IVFFLAT_MAX_LISTS 32768
#define IVFFLAT_DEFAULT_PROBES 1

/* phases of pg_stat_progress_create_index; 1 is PostgreSQL's "initializing" */
#define PROGRESS_IVFFLAT_PHASE_KMEANS 2
#define PROGRESS_IVFFLAT_PHASE_ASSIGN 3
#define PROGRESS_IVFFLAT_PHASE_LOAD 4

/* what items and their line pointers have of a page */
#define IVFFLAT_PAGE_ROOM                      \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData) - \
	 MAXALIGN(sizeof(IvfflatPageOpaqueData)))

typedef struct IvfflatPageOpaqueData
{
	BlockNumber nextblkno; /* InvalidBlockNumber: the last of the chain */
	uint16 unused;
	uint16 page_id; /* IVFFLAT_PAGE_ID */
} IvfflatPageOpaqueData;

typedef IvfflatPageOpaqueData *IvfflatPageOpaque;

#define IvfflatPageGetOpaque(page) \
	((IvfflatPageOpaque) PageGetSpecialPointer(page))

typedef struct IvfflatMetaPageData
{
	uint32 magicNumber;
	uint32 version;
	uint16 dimensions;
	uint16 lists;
} IvfflatMetaPageData;

typedef IvfflatMetaPageData *IvfflatMetaPage;

#define IvfflatPageGetMeta(page) ((IvfflatMetaPage) PageGetContents(page))

typedef struct IvfflatListData
{
	BlockNumber startPage;
	BlockNumber insertPage; /* the first that is worth trying */
	struct varlena center;  /* always with a 4-byte header */
} IvfflatListData;

typedef IvfflatListData *IvfflatList;

#define IVFFLAT_LIST_SIZE(itemsize) \
	MAXALIGN(offsetof(IvfflatListData, center) + MAXALIGN(itemsize))

typedef struct IvfflatOptions
{
	int32 vl_len_; /* varlena header (do not touch directly!) */
	int lists;
} IvfflatOptions;

typedef enum IvfflatIterativeScanMode
{
	IVFFLAT_ITERATIVE_SCAN_OFF,
	IVFFLAT_ITERATIVE_SCAN_RELAXED
} IvfflatIterativeScanMode;

extern PG_PER_THREAD int ivfflat_probes;
extern PG_PER_THREAD int ivfflat_iterative_scan;
extern PG_PER_THREAD int ivfflat_max_probes;
extern int ivfflat_build_seed;

/* What an opclass means. */
typedef struct IvfflatSupport
{
	VectorSupport value;   /* type, distance of proc 1, norm of proc 2 */
	FmgrInfo *kmeans_norm; /* samples and centers are normalised; or NULL */
	KMeansElement element;
	KMeansMetric metric;
	char compression; /* of the column; bit strings may be compressed */
} IvfflatSupport;

/* ---- ivfflat.c ---- */

/* Once, before any fork, after hnsw_init. */
extern void ivfflat_init(void);
extern int IvfflatGetLists(Relation index);
/* ERROR for an operator class that is none of ivfflat's. */
extern void IvfflatInitSupport(IvfflatSupport *support, Relation index);

/* ---- ivfpage.c ---- */

extern void IvfflatInitPage(Page page);
extern void IvfflatInitMetaPage(Page page, int dimensions, int lists);
/* ERROR XX000 if it is none of ours. */
extern void IvfflatGetMetaPageInfo(Relation index, int *lists, int *dimensions);
/*
 * The tuple to put on a page, in the current memory context: short values get a
 * short header, long bit strings are compressed.  ERROR 54000 if no page has
 * room for it.
 */
extern IndexTuple IvfflatFormTuple(const IvfflatSupport *support,
                                   const void *value, ItemPointer tid);
/* Bytes of a tuple of any value; 0: they differ. */
extern Size IvfflatTupleSize(const IvfflatSupport *support);
/*
 * What the distance of a tuple is computed from; scratch has room for a value.
 * Not aligned.  NULL: it is none of the index's values.
 */
extern const void *
IvfflatTuplePoint(const IvfflatSupport *support, IndexTuple itup, Size length,
                  void *scratch);
/*
 * The same for tuples that all have IvfflatTupleSize: where the point is in a
 * tuple; and whether that is so of one, of which room bytes may be read.
 */
extern Size IvfflatTuplePointOffset(const IvfflatSupport *support);
extern bool IvfflatTupleIsPlain(const IvfflatSupport *support, IndexTuple itup);

/* Where a list's item is. */
typedef struct IvfflatListPlace
{
	BlockNumber blkno;
	OffsetNumber offno;
} IvfflatListPlace;

/* One list, as a search sees it. */
typedef struct IvfflatNearList
{
	float distance;
	BlockNumber startPage;
	BlockNumber insertPage;
	IvfflatListPlace place;
} IvfflatNearList;

/*
 * Calls back for each list with the distance of its center to the query (0 if
 * that is NULL), in the order of lists; its page may be locked meanwhile.
 */
typedef void (*IvfflatListCallback)(const IvfflatNearList *list, void *arg);
extern void
IvfflatScanLists(Relation index, const IvfflatSupport *support,
                 const void *query, IvfflatListCallback callback, void *arg);

/* ---- ivfread.c ---- */

/* A page has no more items than that. */
#define IVFFLAT_MAX_ITEMS 512

/*
 * From the query to n points, which follow one another in memory; 0 without a
 * query.
 */
extern void
IvfflatDistances(const VectorSupport *value, const void *query,
                 const char *const *points, int n, float *distances);

/* The items of a page. */
typedef struct IvfflatItems
{
	BlockNumber blkno;
	int n;
	const char *const *points; /* the last item's first */
	const float *distances;    /* to the query; 0 without one */
} IvfflatItems;

/* Of a page of which codes were read: access/ivfflat_codes.h. */
struct IvfflatCodes;
struct IvfflatCodesRead;
struct OptimisticRead;

/*
 * Who reads chains of pages, whose items have one form.  take and keep are
 * called for a page that is read without a lock, take under the rules of
 * storage/bufoptimistic.h: it copies what it needs, and returns false for items
 * that are none.  When keep follows, what was taken last is what the page held.
 * read_locked reads another page by itself; the block after it in the chain.
 */
typedef struct IvfflatReader
{
	Relation index;
	const VectorSupport *value;
	const void *query; /* a value, or NULL */
	/* bytes of an item, or less; 0: all pages are for read_locked */
	Size item_size;
	Size point_offset; /* in an item */
	bool (*take)(const IvfflatItems *items, void *arg);
	void (*keep)(const IvfflatItems *items, void *arg);
	BlockNumber (*read_locked)(BlockNumber blkno, void *arg);
	void *arg;
	/*
	 * Pages whose codes are there are for these, as for take and keep; those of
	 * the others are put there.  NULL: no codes.
	 */
	struct IvfflatCodes *codes;
	bool (*take_codes)(const struct IvfflatCodesRead *read, void *arg);
	void (*keep_codes)(const struct IvfflatCodesRead *read,
	                   const struct OptimisticRead *page, void *arg);
} IvfflatReader;

/* All pages of the chains that begin at n blocks, in order. */
extern void IvfflatReadChains(const IvfflatReader *reader,
                              const BlockNumber *starts, int n);

/* ---- ivforder.c ---- */

/*
 * Positions in the order of their distances, as many as are asked for.  The
 * distances are the caller's and stay as they are.
 */
typedef struct IvfflatOrder
{
	const float *distances;
	int n;
	int left; /* not handed out */
	int want; /* of the next selection */
	/* of what comes after those in keys */
	uint64 floor;
	float floor_distance;
	uint64 *keys; /* a heap, the smallest on top */
	int nkeys;
	int room;
	MemoryContext context; /* keys is in it, from one use to the next */
} IvfflatOrder;

/* A number that orders distances, NaN last, and equal ones by position. */
static inline uint64
IvfflatOrderKey(float distance, uint32 position)
{
	uint32 bits;

	distance += 0.0f; /* one zero */
	memcpy(&bits, &distance, sizeof(bits));
	bits = bits & 0x80000000 ? ~bits : bits | 0x80000000;
	if (unlikely(distance != distance))
		bits = 0xFFFFFFFF; /* of either sign */
	return (uint64) bits << 32 | position;
}

/* want: how many are probably asked for; order is zeros before the first use. */
extern void IvfflatOrderBegin(IvfflatOrder *order, const float *distances,
                              int n, int want, MemoryContext context);
/* The next position; -1: there are no more. */
extern int IvfflatOrderNext(IvfflatOrder *order);
/* Its key; PG_UINT64_MAX, which none has: there are no more. */
extern uint64 IvfflatOrderPeek(IvfflatOrder *order);
/* The i-th of n keys, which are a heap but for it, goes to its place below. */
extern void IvfflatSiftDown(uint64 *keys, int n, int i);
extern void IvfflatOrderEnd(IvfflatOrder *order);

/* ---- ivfbuild.c ---- */

extern IndexBuildResult *
ivfflatbuild(Relation heap, Relation index, struct IndexInfo *indexInfo);
extern void ivfflatbuildempty(Relation index);

/* ---- ivfestimate.c ---- */

extern void
ivfflatestimatebuild(Relation heap, Relation index, struct IndexInfo *indexInfo,
                     IndexBuildEstimate *estimate);

/* ---- ivfinsert.c ---- */

extern bool
ivfflatinsert(Relation index, Datum *values, bool *isnull, ItemPointer heap_tid,
              Relation heap, IndexUniqueCheck checkUnique, bool indexUnchanged,
              struct IndexInfo *indexInfo);
/* The list's next insert begins at a page; see ivfinsert.c for original. */
extern void IvfflatUpdateList(Relation index, const IvfflatListPlace *place,
                              BlockNumber insertPage, BlockNumber original);

/* ---- ivfscan.c ---- */

extern IndexScanDesc ivfflatbeginscan(Relation index, int nkeys, int norderbys);
extern void ivfflatrescan(IndexScanDesc scan, ScanKey keys, int nkeys,
                          ScanKey orderbys, int norderbys);
extern bool ivfflatgettuple(IndexScanDesc scan, ScanDirection dir);
extern void ivfflatendscan(IndexScanDesc scan);

/* ---- ivfvacuum.c ---- */

extern IndexBulkDeleteResult *
ivfflatbulkdelete(IndexVacuumInfo *info, IndexBulkDeleteResult *stats,
                  IndexBulkDeleteCallback callback, void *callback_state);
extern IndexBulkDeleteResult *
ivfflatvacuumcleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *stats);

extern Datum ivfflathandler(PG_FUNCTION_ARGS);

#endif /* ACCESS_IVFFLAT_H */
