/*
 * ivfscan.c
 *	  Index scan: the rows of the nearest lists, ivfflat.probes at a time.
 *
 * The first call reads all centers, then all rows of the nearest ivfflat.probes
 * lists with their distances; the others hand out TIDs, nearest first.  When
 * there are no more, a scan that is iterative goes on with the next
 * ivfflat.probes lists, up to ivfflat.max_probes.  Order holds within a batch.
 * If it is asked for more than those have, a NOTICE says so, and EXPLAIN
 * ANALYZE: what the other lists have may be missing in the result.
 *
 * What a batch found is an array of distances and one of TIDs, of which as much
 * is put into order as is asked for (ivforder.c).  When they would exceed
 * work_mem they go through tuplesort.  Rows of one distance come in the order of
 * lists, pages and items.
 *
 * Of pages whose codes are in the index cache (ivfcodes.c) the codes are read:
 * what stands for the distances are bounds, and those of the rows that may be
 * next are computed before they are handed out (ivfexact.c).  The first scan of
 * a page reads it itself, and makes them.
 *
 * Nothing is pinned or locked between calls, and nothing while distances are
 * computed, but where that fails (ivfread.c).  The three settings are those of
 * the beginning of the scan, as in pgvector.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/ivfflat.h"
#include "access/ivfflat_codes.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/bufoptimistic.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplesort.h"

/* of a batch; a page's fit in any case */
#define FIRST_ROWS 1024
StaticAssertDecl(FIRST_ROWS >= IVFFLAT_MAX_ITEMS, "a page has more rows");

/* what is put into order at first, of distances and of bounds */
#define FIRST_IN_ORDER 16
#define FIRST_BOUNDS 24

/* handed out without a look at others */
#define ROWS_AHEAD 10

/* cache lines of a table's row that are fetched ahead */
#define LINES_AHEAD 8

/* Bytes of a row: distance, TID, and what putting all into order takes. */
#define ROW_SIZE (sizeof(float) + sizeof(ItemPointerData) + sizeof(uint64))

typedef struct IvfflatScanOpaqueData
{
	Relation index;
	IvfflatSupport support;
	IvfflatReader reader;
	int probes;
	int max_probes;
	int lists_total; /* as the metapage counts them */
	int dim;         /* of the index */
	bool iterative;
	bool noticed;    /* that it was cut short, in any run */
	Size tuple_size; /* 0: they differ; one distance at a time */
	void *scratch;
	MemoryContext context; /* what is used again by the next run */
	MemoryContext run;     /* of one run of the scan */

	bool first;
	const void *query; /* NULL: a null, all distances are 0 */

	/* lists */
	int nlists;
	float *list_distances;
	BlockNumber *list_starts;
	IvfflatOrder list_order;
	int nprobed;
	BlockNumber *starts; /* of a batch's lists */

	/* the batch */
	int nrows;
	int room;
	float *distances;
	ItemPointerData *tids;
	IvfflatOrder order;
	bool coded; /* codes are there to be read, and to be added to */
	IvfflatCodes codes;
	IvfflatExact exact;
	/* the next ones to be handed out */
	ItemPointerData ahead[ROWS_AHEAD];
	int nahead;
	int next_ahead;
	Tuplesortstate *sort; /* instead, if they are too many */
	uint32 nsorted;       /* rows in it */
} IvfflatScanOpaqueData;

typedef IvfflatScanOpaqueData *IvfflatScanOpaque;

static bool TakeRows(const IvfflatItems *items, void *arg);
static void KeepRows(const IvfflatItems *items, void *arg);
static BlockNumber ReadRowsLocked(BlockNumber blkno, void *arg);
static bool TakeCodes(const IvfflatCodesRead *read, void *arg);
static void
KeepCodes(const IvfflatCodesRead *read, const OptimisticRead *page, void *arg);

static void
InitReader(IvfflatScanOpaque so)
{
	so->tuple_size = IvfflatTupleSize(&so->support);
	so->reader.index = so->index;
	so->reader.value = &so->support.value;
	so->reader.item_size = so->tuple_size;
	so->reader.point_offset = IvfflatTuplePointOffset(&so->support);
	so->reader.take = TakeRows;
	so->reader.keep = KeepRows;
	so->reader.read_locked = ReadRowsLocked;
	so->reader.take_codes = TakeCodes;
	so->reader.keep_codes = KeepCodes;
	so->reader.arg = so;
}

IndexScanDesc
ivfflatbeginscan(Relation index, int nkeys, int norderbys)
{
	IndexScanDesc scan = RelationGetIndexScan(index, nkeys, norderbys);
	IvfflatScanOpaque so = palloc0(sizeof(IvfflatScanOpaqueData));
	int lists;

	IvfflatGetMetaPageInfo(index, &lists, &so->dim);
	so->index = index;
	IvfflatInitSupport(&so->support, index);
	so->lists_total = lists;
	so->probes = Min(ivfflat_probes, lists);
	so->max_probes = so->probes;
	so->iterative = ivfflat_iterative_scan != IVFFLAT_ITERATIVE_SCAN_OFF;
	if (so->iterative)
		so->max_probes = Min(Max(ivfflat_max_probes, ivfflat_probes), lists);
	so->scratch = palloc(so->support.value.value_size);
	so->exact.index = index;
	so->exact.support = &so->support;
	so->exact.scratch = so->scratch;
	so->exact.context = CurrentMemoryContext;
	so->list_distances = palloc_array(float, lists);
	so->list_starts = palloc_array(BlockNumber, lists);
	so->starts = palloc_array(BlockNumber, so->probes);
	so->first = true;
	so->context = CurrentMemoryContext;
	so->run = AllocSetContextCreate(CurrentMemoryContext, "Ivfflat scan",
	                                ALLOCSET_DEFAULT_SIZES);
	InitReader(so);
	scan->opaque = so;
	return scan;
}

static void
DropBatch(IvfflatScanOpaque so)
{
	if (so->sort != NULL)
		tuplesort_end(so->sort);
	so->sort = NULL;
#ifndef TUSK_CLIENT /* which only reads there */
	if (so->exact.ngiven > 0 && so->exact.npages > 0)
		IvfflatCodesCountUnfit(&so->codes, so->exact.unfit);
#endif
	IvfflatExactBegin(&so->exact);
	so->nrows = 0;
	so->nsorted = 0;
	so->order.left = 0;
	so->nahead = 0;
	so->next_ahead = 0;
}

void
ivfflatrescan(IndexScanDesc scan, ScanKey keys, int nkeys, ScanKey orderbys,
              int norderbys)
{
	IvfflatScanOpaque so = scan->opaque;

	DropBatch(so);
	MemoryContextReset(so->run);
	so->first = true;
	so->coded = false;
	so->nlists = 0;
	so->nprobed = 0;
	if (keys && scan->numberOfKeys > 0)
		memmove(scan->keyData, keys, scan->numberOfKeys * sizeof(ScanKeyData));
	if (orderbys && scan->numberOfOrderBys > 0)
		memmove(scan->orderByData, orderbys,
		        scan->numberOfOrderBys * sizeof(ScanKeyData));
}

/* ---------------------------------------------------------------------------
 * Rows of a batch
 * ---------------------------------------------------------------------------
 */

static void
SortRow(IvfflatScanOpaque so, int i)
{
	uint64 key = IvfflatOrderKey(so->distances[i], so->nsorted++);

	/* its order as a number with a sign */
	tuplesort_putint8tid(so->sort, (int64) (key ^ (UINT64CONST(1) << 63)),
	                     &so->tids[i]);
}

/* They are where they stay until all is handed out. */
static void
LetExactKnow(IvfflatScanOpaque so)
{
	so->exact.query = so->query;
	so->exact.distances = so->distances;
	so->exact.tids = so->tids;
}

/*
 * They no longer fit into memory: from here on by tuplesort, which has no use
 * for bounds.
 */
static void
SpillRows(IvfflatScanOpaque so)
{
	MemoryContext old = MemoryContextSwitchTo(so->run);

	INJECTION_POINT("ivfflat-scan-spill");
	so->reader.codes = NULL;
	LetExactKnow(so);
	IvfflatExactAll(&so->exact);
	so->sort = tuplesort_begin_int8_tid(work_mem, NULL);
	for (int i = 0; i < so->nrows; i++)
		SortRow(so, i);
	so->nrows = 0;
	MemoryContextSwitchTo(old);
}

static void
GrowRows(IvfflatScanOpaque so, Size room)
{
	float *distances =
		MemoryContextAllocHuge(so->context, room * sizeof(float));
	ItemPointerData *tids =
		MemoryContextAllocHuge(so->context, room * sizeof(ItemPointerData));

	if (so->room > 0)
	{
		memcpy(distances, so->distances, sizeof(float) * (Size) so->nrows);
		memcpy(tids, so->tids, sizeof(ItemPointerData) * (Size) so->nrows);
		pfree(so->distances);
		pfree(so->tids);
	}
	so->distances = distances;
	so->tids = tids;
	so->room = (int) room;
}

/* What a batch takes for each row. */
static Size
RowSize(const IvfflatScanOpaqueData *so)
{
	Size size = ROW_SIZE;

	if (so->coded)
		size += sizeof(IvfflatCodedRows) / so->codes.header.items_per_page;
	return size;
}

/* Room for n more behind the rows that there are. */
static void
MakeRoom(IvfflatScanOpaque so, int n)
{
	Size limit = Max((Size) work_mem * 1024 / RowSize(so), FIRST_ROWS);
	Size need = (Size) so->nrows + (Size) n;

	limit = Min(limit, PG_INT32_MAX);
	if (need <= (Size) so->room)
		return;
	if (need > limit)
		SpillRows(so);
	else
		GrowRows(so, Min(Max((Size) so->room * 2, FIRST_ROWS), limit));
}

/* The n rows behind those that there are count, too. */
static void
AddRows(IvfflatScanOpaque so, int n)
{
	if (so->sort == NULL)
	{
		so->nrows += n;
		return;
	}
	for (int i = 0; i < n; i++)
		SortRow(so, i);
}

static bool
TakeRows(const IvfflatItems *items, void *arg)
{
	IvfflatScanOpaque so = arg;
	Size offset = so->reader.point_offset;
	float *distances;
	ItemPointerData *tids;

	MakeRoom(so, items->n);
	distances = so->distances + so->nrows;
	tids = so->tids + so->nrows;
	for (int i = 0, from = items->n - 1; from >= 0; i++, from--)
	{
		IndexTuple itup = (IndexTuple) (items->points[from] - offset);

		if (IndexTupleSize(itup) != so->tuple_size ||
		    !IvfflatTupleIsPlain(&so->support, itup))
			return false;
		distances[i] = items->distances[from];
		tids[i] = itup->t_tid;
	}
	return true;
}

static void
KeepRows(const IvfflatItems *items, void *arg)
{
	AddRows(arg, items->n);
}

static bool
TakeCodes(const IvfflatCodesRead *read, void *arg)
{
	IvfflatScanOpaque so = arg;

	MakeRoom(so, read->n);
	if (so->sort != NULL)
		return false;
	IvfflatCodesTake(&so->codes, read, so->distances + so->nrows,
	                 so->tids + so->nrows);
	return true;
}

static void
KeepCodes(const IvfflatCodesRead *read, const OptimisticRead *page, void *arg)
{
	IvfflatScanOpaque so = arg;

	IvfflatExactNotePage(&so->exact, page, so->nrows, read->n);
	so->nrows += read->n;
}

/* ---------------------------------------------------------------------------
 * Pages under their locks
 * ---------------------------------------------------------------------------
 */

/* The rows of a page behind those that there are. */
static void
ReadTuples(IvfflatScanOpaque so, Page page, int n)
{
	const VectorSupport *value = &so->support.value;
	const char *points[IVFFLAT_MAX_ITEMS];
	float distances[IVFFLAT_MAX_ITEMS];
	bool one_by_one = so->tuple_size == 0 && so->query != NULL;

	for (int i = 0; i < n; i++)
	{
		ItemId iid = PageGetItemId(page, (OffsetNumber) (i + 1));
		IndexTuple itup = (IndexTuple) PageGetItem(page, iid);

		points[i] = IvfflatTuplePoint(&so->support, itup, ItemIdGetLength(iid),
		                              so->scratch);
		if (points[i] == NULL)
			ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
			                errmsg("index \"%s\" has a tuple that is none of "
			                       "its values",
			                       RelationGetRelationName(so->index))));
		/* the next may use scratch */
		if (one_by_one)
			distances[i] = value->distance(VectorPoint(value, so->query),
			                               points[i], value->dim);
		so->tids[so->nrows + i] = itup->t_tid;
	}
	if (!one_by_one)
		IvfflatDistances(value, so->query, points, n, distances);
	memcpy(so->distances + so->nrows, distances, sizeof(float) * (Size) n);
}

static BlockNumber
ReadRowsLocked(BlockNumber blkno, void *arg)
{
	IvfflatScanOpaque so = arg;
	int64 read_before = pgBufferUsage.shared_blks_read;
	Buffer buf = ReadBuffer(so->index, blkno);
	BlockNumber next;
	Page page;
	int n;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buf);
	n = Min(PageGetMaxOffsetNumber(page), IVFFLAT_MAX_ITEMS);
	next = IvfflatPageGetOpaque(page)->nextblkno;
	/* where one was not in memory the next is not either */
	if (pgBufferUsage.shared_blks_read != read_before &&
	    BlockNumberIsValid(next))
		(void) PrefetchBuffer(so->index, MAIN_FORKNUM, next);
	MakeRoom(so, n);
	ReadTuples(so, page, n);
	UnlockReleaseBuffer(buf);
	AddRows(so, n);
	return next;
}

/* ---------------------------------------------------------------------------
 * Lists
 * ---------------------------------------------------------------------------
 */

static void
NoteList(const IvfflatNearList *list, void *arg)
{
	IvfflatScanOpaque so = arg;

	if (so->nlists == so->lists_total)
		ereport(ERROR,
		        (errcode(ERRCODE_INDEX_CORRUPTED),
		         errmsg("index \"%s\" has more lists than the %d of "
		                "its metapage",
		                RelationGetRelationName(so->index), so->lists_total)));
	so->list_distances[so->nlists] = list->distance;
	so->list_starts[so->nlists++] = list->startPage;
}

static void
FindLists(IvfflatScanOpaque so)
{
	so->nlists = 0;
	so->nprobed = 0;
	IvfflatScanLists(so->index, &so->support, so->query, NoteList, so);
	IvfflatOrderBegin(&so->list_order, so->list_distances, so->nlists,
	                  so->probes, so->context);
}

/* The result may lack rows of the lists that are not looked at. */
static void
ReportCutShort(IndexScanDesc scan)
{
	IvfflatScanOpaque so = scan->opaque;

	scan->xs_cut_short = "ivfflat.max_probes";
	if (so->noticed)
		return;
	so->noticed = true;
	ereport(
		NOTICE,
		(errmsg("search of index \"%s\" was cut short by \"%s\"",
	            RelationGetRelationName(so->index), scan->xs_cut_short),
	     errdetail("%d of %d lists were searched.", so->nprobed, so->nlists),
	     errhint("Rows may be missing. Increase \"%s\", or create a "
	             "partial index for the condition.",
	             scan->xs_cut_short)));
}

/* The rows of the next lists; false: there are no more lists. */
static bool
NextBatch(IndexScanDesc scan)
{
	IvfflatScanOpaque so = scan->opaque;
	int most = Min(so->max_probes, so->nlists);
	int n = Min(so->probes, most - so->nprobed);

	if (n <= 0)
	{
		if (so->iterative && so->nprobed < so->nlists)
			ReportCutShort(scan);
		return false;
	}
	INJECTION_POINT("ivfflat-scan-batch");
	DropBatch(so);
	for (int i = 0; i < n; i++)
		so->starts[i] = so->list_starts[IvfflatOrderNext(&so->list_order)];
	so->nprobed += n;
	so->reader.query = so->query;
	so->reader.codes = so->coded ? &so->codes : NULL;
	IvfflatReadChains(&so->reader, so->starts, n);
	LetExactKnow(so);
	if (so->sort != NULL)
		tuplesort_performsort(so->sort);
	else
		IvfflatOrderBegin(&so->order, so->distances, so->nrows,
		                  so->exact.npages > 0 ? FIRST_BOUNDS : FIRST_IN_ORDER,
		                  so->context);
	return true;
}

/*
 * What the executor will read of the table, on its way into the cache: the
 * pages' buffers are found first, then the line pointers, then the rows, so that
 * the cache misses of all rows overlap.  Nothing of it is used.
 */
static void
PrefetchTableRows(Relation table, const ItemPointerData *tids, int n)
{
	OptimisticRead reads[ROWS_AHEAD];
	bool begun[ROWS_AHEAD];

	if (RelationUsesLocalBuffers(table))
		return;
	for (int i = 0; i < n; i++)
		OptimisticReadAnnounce(&reads[i], table->rd_node, MAIN_FORKNUM,
		                       ItemPointerGetBlockNumberNoCheck(&tids[i]));
	for (int i = 0; i < n; i++)
		OptimisticReadApproach(&reads[i]);
	for (int i = 0; i < n; i++)
	{
		begun[i] = OptimisticReadBeginAnnounced(&reads[i]);
		if (!begun[i])
			continue;
		__builtin_prefetch(reads[i].page);
		__builtin_prefetch(reads[i].page + SizeOfPageHeaderData +
		                   sizeof(ItemIdData) *
		                       ItemPointerGetOffsetNumberNoCheck(&tids[i]));
	}
	for (int i = 0; i < n; i++)
	{
		Size length = 0;
		const char *row = NULL;

		if (begun[i])
			row = OptimisticItem(&reads[i],
			                     ItemPointerGetOffsetNumberNoCheck(&tids[i]),
			                     &length);
		for (Size at = 0; row != NULL && at < Min(length, 64 * LINES_AHEAD);
		     at += 64)
			__builtin_prefetch(row + at);
	}
}

/* The next position of the batch; -1: there are no more. */
static int
NextPosition(IvfflatScanOpaque so)
{
	if (so->exact.npages == 0)
		return IvfflatOrderNext(&so->order);
	return IvfflatExactNext(&so->exact, &so->order);
}

/* The next rows, in order; false: the batch has no more. */
static bool
LookAhead(IndexScanDesc scan)
{
	IvfflatScanOpaque so = scan->opaque;
	int n = 0;
	int i;

	while (n < ROWS_AHEAD && (i = NextPosition(so)) >= 0)
		so->ahead[n++] = so->tids[i];
	so->nahead = n;
	so->next_ahead = 0;
	if (n > 0 && scan->heapRelation != NULL)
		PrefetchTableRows(scan->heapRelation, so->ahead, n);
	return n > 0;
}

static bool
NextRow(IndexScanDesc scan)
{
	IvfflatScanOpaque so = scan->opaque;
	int64 key;

	if (so->sort != NULL)
		return tuplesort_getint8tid(so->sort, &key, &scan->xs_heaptid);
	if (so->next_ahead == so->nahead && !LookAhead(scan))
		return false;
	scan->xs_heaptid = so->ahead[so->next_ahead++];
	return true;
}

/* ---------------------------------------------------------------------------
 * The scan
 * ---------------------------------------------------------------------------
 */

/* Are there codes for this run, or could there be? */
static void
OpenCodes(IvfflatScanOpaque so)
{
	so->coded = false;
	if (so->query == NULL)
		return;
#ifndef TUSK_CLIENT /* which only reads there */
	IvfflatCodesEnter(so->index, &so->support);
#endif
	so->coded =
		IvfflatCodesOpen(&so->codes, so->index, &so->support, so->query);
}

static void
FirstCall(IndexScanDesc scan)
{
	IvfflatScanOpaque so = scan->opaque;
	const VectorSupport *value = &so->support.value;
	ScanKey key = &scan->orderByData[0];
	MemoryContext old;
	int dim;

	if (scan->numberOfOrderBys == 0 || scan->orderByData == NULL)
		elog(ERROR, "cannot scan ivfflat index without order");
	if (!IsMVCCSnapshot(scan->xs_snapshot))
		elog(ERROR, "non-MVCC snapshots are not supported with ivfflat");
	pgstat_count_index_scan(scan->indexRelation);
	old = MemoryContextSwitchTo(so->run);
	so->query = NULL;
	if (!(key->sk_flags & SK_ISNULL))
	{
		so->query = VectorFormQuery(value, key->sk_argument);
		dim = value->type->value_dim(so->query);
		if (dim != so->dim)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
			                errmsg("different %s %d and %d",
			                       value->type->dimensions, so->dim, dim)));
	}
	FindLists(so);
	OpenCodes(so);
	MemoryContextSwitchTo(old);
	so->first = false;
}

bool
ivfflatgettuple(IndexScanDesc scan, ScanDirection dir)
{
	IvfflatScanOpaque so = scan->opaque;

	Assert(ScanDirectionIsForward(dir));
	if (so->first)
		FirstCall(scan);
	scan->xs_recheck = false;
	scan->xs_recheckorderby = false;
	while (!NextRow(scan))
	{
		CHECK_FOR_INTERRUPTS();
		if (!NextBatch(scan))
			return false;
	}
	return true;
}

void
ivfflatendscan(IndexScanDesc scan)
{
	IvfflatScanOpaque so = scan->opaque;

	DropBatch(so);
	MemoryContextDelete(so->run);
	if (so->room > 0)
	{
		pfree(so->distances);
		pfree(so->tids);
	}
	IvfflatOrderEnd(&so->order);
	IvfflatOrderEnd(&so->list_order);
	IvfflatExactEnd(&so->exact);
	pfree(so->list_distances);
	pfree(so->list_starts);
	pfree(so->starts);
	pfree(so->scratch);
	pfree(so);
	scan->opaque = NULL;
}
