/*
 * ivfload.c
 *	  The pages of an ivfflat build.
 *
 * Tuples of one index have one size (but for bit strings that may have been
 * compressed), and how many each list has is known once all are sorted.  So the
 * place of each list's pages is known before the first is written: they follow
 * one another in the order of lists, each list can be written by another
 * process, and a page is written and logged once.
 *
 * Where tuples differ in size one process writes all, and finds out where a list
 * begins by coming there; the index grows as it goes.
 */
#include "postgres.h"

#include "access/xloginsert.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/backend_progress.h"
#include "utils/injection_point.h"

#include "ivfbuild.h"

/* Pages that one log record may have; fewer if there are few buffers. */
#define LOG_BLOCKS 32
#define LOG_SHARE 64 /* of the buffers */

/* Pages being filled one after another. */
typedef struct PageWriter
{
	Relation index;
	ForkNumber fork;
	bool log;
	bool extend; /* the blocks are not there yet */
	Buffer buf;
	BlockNumber blkno;    /* of buf */
	BlockNumber unlogged; /* the first that is not */
} PageWriter;

void
IvfflatLayOut(IvfflatLayout *layout, const IvfflatSupport *support, int lists,
              IvfflatCountOf count, void *arg)
{
	Size tuple = IvfflatTupleSize(support);
	BlockNumber blkno;

	layout->lists = lists;
	layout->list_size = IVFFLAT_LIST_SIZE(support->value.value_size);
	layout->lists_per_page =
		(int) (IVFFLAT_PAGE_ROOM / (layout->list_size + sizeof(ItemIdData)));
	layout->tuples_per_page =
		tuple > 0 ? (int) (IVFFLAT_PAGE_ROOM / (tuple + sizeof(ItemIdData)))
				  : 0;
	layout->start = palloc_array(BlockNumber, lists + 1);
	blkno = IVFFLAT_HEAD_BLKNO +
	        (BlockNumber) ((lists + layout->lists_per_page - 1) /
	                       layout->lists_per_page);
	for (int i = 0; i <= lists; i++)
	{
		int64 pages = 1;

		layout->start[i] = blkno;
		if (i == lists || layout->tuples_per_page == 0)
			continue;
		if (count != NULL)
			pages = (count(arg, i) + layout->tuples_per_page - 1) /
			        layout->tuples_per_page;
		/* an empty list has a page too */
		pages = Max(pages, 1);
		if (pages > (int64) (MaxBlockNumber - blkno))
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			                errmsg("index would have more than %u blocks",
			                       MaxBlockNumber)));
		blkno += (BlockNumber) pages;
	}
}

/* ---------------------------------------------------------------------------
 * Pages
 * ---------------------------------------------------------------------------
 */

static void
LogPages(PageWriter *w, BlockNumber end)
{
	if (w->log && end > w->unlogged)
		log_newpage_range(w->index, w->fork, w->unlogged, end, true);
	w->unlogged = end;
}

static Page
BeginPage(PageWriter *w, BlockNumber blkno)
{
	BlockNumber most = (BlockNumber) Min(LOG_BLOCKS, NBuffers / LOG_SHARE);

	CHECK_FOR_INTERRUPTS();
	INJECTION_POINT("ivfflat-load-page");
	if (blkno - w->unlogged >= Max(most, 1))
		LogPages(w, blkno);
	w->blkno = blkno;
	if (w->extend)
	{
		uint32 n;

		ExtendBufferedRelBy(BMR_REL(w->index), w->fork, NULL, EB_LOCK_FIRST, 1,
		                    &w->buf, &n);
		if (BufferGetBlockNumber(w->buf) != blkno)
			elog(ERROR, "unexpected new block %u of index \"%s\"",
			     BufferGetBlockNumber(w->buf),
			     RelationGetRelationName(w->index));
	}
	else
		w->buf = ReadBufferExtended(w->index, w->fork, blkno, RBM_ZERO_AND_LOCK,
		                            NULL);
	IvfflatInitPage(BufferGetPage(w->buf));
	return BufferGetPage(w->buf);
}

static void
EndPage(PageWriter *w)
{
	MarkBufferDirty(w->buf);
	UnlockReleaseBuffer(w->buf);
}

static void
AddItem(PageWriter *w, Page page, void *item, Size size)
{
	if (PageAddItem(page, (Item) item, size, InvalidOffsetNumber, false,
	                false) == InvalidOffsetNumber)
		elog(ERROR, "failed to add index item to \"%s\"",
		     RelationGetRelationName(w->index));
}

/* ---------------------------------------------------------------------------
 * The head
 * ---------------------------------------------------------------------------
 */

/* A list's item; where its pages are is set later if that is not known. */
static void
FormList(IvfflatList list, const IvfflatSupport *support,
         const IvfflatLayout *layout, KMeansShared *kmeans, int i)
{
	const VectorSupport *value = &support->value;
	char *center = (char *) &list->center;
	int16 dim = (int16) value->dim;
	int32 bits = value->dim;

	memset(list, 0, layout->list_size);
	list->startPage = layout->start[i];
	list->insertPage = layout->start[i + 1] - 1;
	SET_VARSIZE(center, value->value_size);
	/* a header, the number of dimensions, the elements */
	if (support->element == KMEANS_BIT)
		memcpy(center + VARHDRSZ, &bits, sizeof(bits));
	else
		memcpy(center + VARHDRSZ, &dim, sizeof(dim));
	memcpy(center + value->point_offset, KMeansCenter(kmeans, i),
	       value->value_size - value->point_offset);
}

static void
WriteListPage(PageWriter *w, const IvfflatSupport *support,
              const IvfflatLayout *layout, KMeansShared *kmeans, int first)
{
	PGAlignedBlock scratch;
	IvfflatList list = (IvfflatList) scratch.data;
	int end = Min(first + layout->lists_per_page, layout->lists);
	BlockNumber blkno =
		IVFFLAT_HEAD_BLKNO + (BlockNumber) (first / layout->lists_per_page);
	Page page = BeginPage(w, blkno);

	if (end < layout->lists)
		IvfflatPageGetOpaque(page)->nextblkno = blkno + 1;
	for (int i = first; i < end; i++)
	{
		FormList(list, support, layout, kmeans, i);
		AddItem(w, page, list, layout->list_size);
	}
	EndPage(w);
}

void
IvfflatWriteHead(Relation index, ForkNumber fork, const IvfflatSupport *support,
                 const IvfflatLayout *layout, KMeansShared *kmeans, bool log)
{
	PageWriter w = {.index = index, .fork = fork, .log = log};
	BlockNumber blocks = layout->start[layout->lists];

	/* nobody else can extend it: the relation is new */
	if (smgrnblocks(RelationGetSmgr(index), fork) != 0)
		elog(ERROR, "index \"%s\" is not empty",
		     RelationGetRelationName(index));
	if (layout->tuples_per_page == 0)
		blocks = layout->start[0];
	smgrzeroextend(RelationGetSmgr(index), fork, 0, (int) blocks,
	               RelationUsesLocalBuffers(index));
	IvfflatInitMetaPage(BeginPage(&w, IVFFLAT_METAPAGE_BLKNO),
	                    support->value.dim, layout->lists);
	EndPage(&w);
	for (int first = 0; first < layout->lists; first += layout->lists_per_page)
		WriteListPage(&w, support, layout, kmeans, first);
	LogPages(&w, layout->start[0]);
}

/* ---------------------------------------------------------------------------
 * The lists' pages
 * ---------------------------------------------------------------------------
 */

/* What a sort gives, with the next at hand. */
typedef struct TupleSource
{
	Tuplesortstate *sort;
	IndexTuple itup; /* NULL: there are no more */
	int32 list;
} TupleSource;

static void
NextTuple(TupleSource *source)
{
	source->itup = tuplesort_getindextuple(source->sort, &source->list);
}

/* The pages of one list from a block on; the last one. */
static BlockNumber
LoadList(PageWriter *w, TupleSource *source, int list, BlockNumber blkno,
         pg_atomic_uint64 *loaded)
{
	Page page = BeginPage(w, blkno);
	int64 done = 0;

	for (; source->itup != NULL && source->list == list; NextTuple(source))
	{
		Size size = IndexTupleSize(source->itup);

		if (PageGetFreeSpace(page) < size)
		{
			IvfflatPageGetOpaque(page)->nextblkno = ++blkno;
			EndPage(w);
			page = BeginPage(w, blkno);
		}
		AddItem(w, page, source->itup, size);
		done++;
	}
	EndPage(w);
	done += (int64) pg_atomic_fetch_add_u64(loaded, (uint64) done);
	/* the leader's is seen */
	pgstat_progress_update_param(PROGRESS_CREATEIDX_TUPLES_DONE, done);
	return blkno;
}

/* Where the pages of a list are, which its item did not know. */
static void
SetListPages(Relation index, ForkNumber fork, const IvfflatLayout *layout,
             int list, BlockNumber start, BlockNumber last)
{
	BlockNumber blkno =
		IVFFLAT_HEAD_BLKNO + (BlockNumber) (list / layout->lists_per_page);
	Buffer buf = ReadBufferExtended(index, fork, blkno, RBM_NORMAL, NULL);
	Page page = BufferGetPage(buf);
	IvfflatList item;

	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	item = (IvfflatList) PageGetItem(
		page, PageGetItemId(
				  page, (OffsetNumber) (list % layout->lists_per_page + 1)));
	item->startPage = start;
	item->insertPage = last;
	MarkBufferDirty(buf);
	UnlockReleaseBuffer(buf);
}

void
IvfflatLoadLists(Relation index, ForkNumber fork, const IvfflatLayout *layout,
                 Tuplesortstate *sort, int first, int end,
                 pg_atomic_uint64 *loaded, bool log)
{
	bool known = layout->tuples_per_page > 0;
	BlockNumber blkno = layout->start[first];
	PageWriter w = {.index = index,
	                .fork = fork,
	                .log = log,
	                .extend = !known,
	                .unlogged = blkno};
	TupleSource source = {.sort = sort};

	Assert(known || (first == 0 && end == layout->lists));
	NextTuple(&source);
	for (int i = first; i < end; i++)
	{
		BlockNumber last = LoadList(&w, &source, i, blkno, loaded);

		if (known)
			Assert(last + 1 == layout->start[i + 1]);
		else
			SetListPages(index, fork, layout, i, blkno, last);
		blkno = last + 1;
	}
	if (source.itup != NULL)
		elog(ERROR, "index \"%s\" was given a tuple of no list",
		     RelationGetRelationName(index));
	LogPages(&w, blkno);
	/* the lists' items have changed */
	if (!known && log)
		log_newpage_range(index, fork, IVFFLAT_HEAD_BLKNO, layout->start[0],
		                  true);
}
