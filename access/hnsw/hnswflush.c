/*
 * hnswflush.c
 *	  A graph in memory goes to pages: at the end of a build, or when its memory
 *	  is full.
 *
 * Where every element goes is computed before the first page is written, so
 * each page is written once, with the TIDs of all neighbours; and each range of
 * pages can be written by another process.  Who begins is alone with the graph
 * (HnswFlushPrepare): it sees to it that every element reaches every other, makes
 * the metapage, and extends the index by all blocks.  Then whoever comes takes
 * ranges of blocks until there are none (HnswFlushShare).  Where elements go is
 * computed by each for itself: it takes milliseconds, and nothing is shared but
 * the number of the next block.
 *
 * At the end of a build each range is logged by who wrote it.  If the memory was
 * full before, the pages have changed since, and the ranges are only logged
 * (HnswFlushPrepareLog).
 *
 * pgvector writes each page twice, by one process.
 */
#include "postgres.h"

#include "access/xloginsert.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/shmem.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/trace.h"

#include "access/hnsw.h"
#include "hnswflush.h"

/*
 * Blocks that are taken at once: a log record has room for so many.  Fewer if
 * there are few buffers, as all of a record are pinned together.
 */
#define FLUSH_BLOCKS 32
#define FLUSH_SHARE 64 /* of the buffers */

/* Where an element and its neighbour tuple go. */
typedef struct TuplePlaces
{
	BlockNumber blkno;
	BlockNumber nblkno;
	OffsetNumber offno;
	OffsetNumber noffno;
} TuplePlaces;

/* The share of one process. */
typedef struct Flush
{
	Relation index;
	HnswBuilder *builder;
	HnswGraph *graph;
	uint32 used;         /* numbers */
	TuplePlaces *places; /* by number; the highest comes first */
	BlockNumber last;
	Buffer buf; /* the page in work */
	BlockNumber blkno;
} Flush;

/* ---------------------------------------------------------------------------
 * Places
 * ---------------------------------------------------------------------------
 */

static inline bool
ElementInUse(HnswElement e)
{
	return e->ntids > 0;
}

/*
 * Give every element and neighbour tuple its place.  A number that is not in use
 * gets the block of the one before it, so that blocks rise as numbers fall.
 */
static void
PlaceElements(Flush *f)
{
	HnswGraph *g = f->graph;
	HnswPlace place;

	f->places = MemoryContextAllocExtended(
		f->builder->context, mul_size(f->used + 1, sizeof(TuplePlaces)),
		MCXT_ALLOC_HUGE);
	HnswFirstPlace(&place);
	/* the newest first, as the reference's list has them */
	for (uint32 id = f->used; id-- > 0;)
	{
		HnswElement e = HnswGraphElement(g, id);
		TuplePlaces *p = &f->places[id];
		Size esize;
		Size nsize;

		if (!ElementInUse(e))
		{
			p->blkno = p->nblkno = place.blkno;
			p->offno = p->noffno = InvalidOffsetNumber;
			continue;
		}
		CHECK_FOR_INTERRUPTS();
		esize = HNSW_ELEMENT_TUPLE_SIZE(HnswBuilderValueSize(f->builder, id));
		nsize = HNSW_NEIGHBOR_TUPLE_SIZE(e->level, g->m);
		if (esize > HNSW_MAX_SIZE || nsize > HNSW_MAX_SIZE)
			ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			                errmsg("index tuple too large")));
		HnswPlaceElement(&place, esize, nsize);
		p->blkno = place.blkno;
		p->offno = place.offno;
		HnswPlaceNeighbors(&place, nsize);
		p->nblkno = place.blkno;
		p->noffno = place.offno;
	}
	f->last = place.blkno;
}

static void
BeginFlush(Flush *f, Relation index, HnswBuilder *b)
{
	INJECTION_POINT("hnsw-flush-place");
	HnswBuilderCatchUp(b);
	f->index = index;
	f->builder = b;
	f->graph = b->graph;
	f->used = (uint32) pg_atomic_read_u64(&b->graph->cursor);
	PlaceElements(f);
}

/* ---------------------------------------------------------------------------
 * Pages
 * ---------------------------------------------------------------------------
 */

static void
StartPage(Flush *f, BlockNumber blkno)
{
	Page page;

	CHECK_FOR_INTERRUPTS();
	INJECTION_POINT("hnsw-flush-page");
	f->blkno = blkno;
	f->buf = ReadBufferExtended(f->index, MAIN_FORKNUM, blkno,
	                            RBM_ZERO_AND_LOCK, NULL);
	page = BufferGetPage(f->buf);
	HnswInitPage(page);
	if (blkno < f->last)
		HnswPageGetOpaque(page)->nextblkno = blkno + 1;
}

static void
FinishPage(Flush *f)
{
	INJECTION_POINT("hnsw-flush-page-filled");
	MarkBufferDirty(f->buf);
	UnlockReleaseBuffer(f->buf);
}

static void
AddItem(Flush *f, BlockNumber blkno, OffsetNumber offno, void *tuple, Size size)
{
	if (blkno != f->blkno)
	{
		Assert(blkno == f->blkno + 1);
		FinishPage(f);
		StartPage(f, blkno);
	}
	if (PageAddItem(BufferGetPage(f->buf), (Item) tuple, size,
	                InvalidOffsetNumber, false, false) != offno)
		elog(ERROR, "failed to add index item to \"%s\"",
		     RelationGetRelationName(f->index));
}

static void
AddElement(Flush *f, uint32 id)
{
	HnswElement e = HnswGraphElement(f->graph, id);
	const TuplePlaces *place = &f->places[id];
	PGAlignedBlock scratch;
	HnswElementTuple etup = (HnswElementTuple) scratch.data;
	ItemPointerData tids[HNSW_HEAPTIDS];
	Size size = HNSW_ELEMENT_TUPLE_SIZE(HnswBuilderValueSize(f->builder, id));

	for (int i = 0; i < e->ntids; i++)
		tids[i] = *HnswElementTid(f->graph, e, i);
	memset(scratch.data, 0, size);
	HnswFormElementTuple(etup, e->level, tids, e->ntids,
	                     HnswBuilderValue(f->builder, id));
	ItemPointerSet(&etup->neighbortid, place->nblkno, place->noffno);
	AddItem(f, place->blkno, place->offno, etup, size);
}

static void
AddNeighbors(Flush *f, uint32 id)
{
	HnswGraph *g = f->graph;
	HnswElement e = HnswGraphElement(g, id);
	PGAlignedBlock scratch;
	HnswNeighborTuple ntup = (HnswNeighborTuple) scratch.data;
	Size size = HNSW_NEIGHBOR_TUPLE_SIZE(e->level, g->m);
	int slot = 0;

	memset(scratch.data, 0, size);
	ntup->type = HNSW_NEIGHBOR_TUPLE_TYPE;
	ntup->version = 1;
	ntup->count = (uint16) ((e->level + 2) * g->m);
	for (int lc = e->level; lc >= 0; lc--)
	{
		HnswList *list = HnswElementList(g, e, lc);

		for (int i = 0; i < list->length; i++)
			__builtin_prefetch(&f->places[list->ids[i]]);
		for (int i = 0; i < HnswGraphLayerM(g, lc); i++, slot++)
		{
			const TuplePlaces *n;

			if (i >= list->length)
			{
				ItemPointerSetInvalid(&ntup->indextids[slot]);
				continue;
			}
			n = &f->places[list->ids[i]];
			Assert(n->offno != InvalidOffsetNumber);
			ItemPointerSet(&ntup->indextids[slot], n->blkno, n->offno);
		}
	}
	AddItem(f, f->places[id].nblkno, f->places[id].noffno, ntup, size);
}

/* The highest number of which something is on the block or behind it, + 1. */
static uint32
FirstOnBlock(const Flush *f, BlockNumber blkno)
{
	uint32 low = 0;
	uint32 high = f->used;

	while (low < high)
	{
		uint32 mid = low + (high - low + 1) / 2;

		if (f->places[mid - 1].nblkno >= blkno)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

/* Fill the blocks from first to before end. */
static void
FillBlocks(Flush *f, BlockNumber first, BlockNumber end)
{
	StartPage(f, first);
	for (uint32 id = FirstOnBlock(f, first); id-- > 0;)
	{
		const TuplePlaces *place = &f->places[id];

		if (place->blkno >= end)
			break;
		if (place->offno == InvalidOffsetNumber)
			continue;
		if (place->blkno >= first)
			AddElement(f, id);
		if (place->nblkno >= first && place->nblkno < end)
			AddNeighbors(f, id);
	}
	Assert(f->blkno == end - 1);
	FinishPage(f);
}

/* ---------------------------------------------------------------------------
 * The whole
 * ---------------------------------------------------------------------------
 */

static void
WriteMetaPage(Flush *f)
{
	HnswGraph *g = f->graph;
	uint64 top = pg_atomic_read_u64(&g->entry);
	HnswEntryPoint entry = {.level = -1};
	Buffer buf;

	ItemPointerSetInvalid(&entry.tid);
	if (top != 0)
	{
		uint32 id = (uint32) top;

		entry.level = HnswGraphElement(g, id)->level;
		ItemPointerSet(&entry.tid, f->places[id].blkno, f->places[id].offno);
	}
	buf = ReadBufferExtended(f->index, MAIN_FORKNUM, HNSW_METAPAGE_BLKNO,
	                         RBM_ZERO_AND_LOCK, NULL);
	HnswInitMetaPage(BufferGetPage(buf), f->builder->support.dim, g->m,
	                 g->ef_construction, &entry, f->last);
	MarkBufferDirty(buf);
	UnlockReleaseBuffer(buf);
}

void
HnswFlushPrepare(Relation index, HnswBuilder *b)
{
	HnswGraph *g = b->graph;
	Flush f;
	uint32 links;

	BUILD_STEP("hnsw-flush-start", (uint32) pg_atomic_read_u64(&g->cursor));
	links = HnswGraphConnect(b);
	BUILD_STEP("hnsw-flush-connect", links);
	BeginFlush(&f, index, b);
	/* nobody else can extend it: the caller is alone */
	if (RelationGetNumberOfBlocks(index) != 0)
		elog(ERROR, "index \"%s\" is not empty",
		     RelationGetRelationName(index));
	BUILD_STEP("hnsw-flush-extend", f.last);
	smgrzeroextend(RelationGetSmgr(index), MAIN_FORKNUM, 0, (int) f.last + 1,
	               RelationUsesLocalBuffers(index));
	BUILD_STEP("hnsw-flush-metapage", f.last);
	WriteMetaPage(&f);
	pfree(f.places);

	g->flush_pages = true;
	g->flush_last = f.last;
	pg_atomic_write_u32(&g->flush_next, HNSW_METAPAGE_BLKNO);
}

void
HnswFlushPrepareLog(Relation index, HnswGraph *g)
{
	g->flush_pages = false;
	g->flush_last = RelationGetNumberOfBlocks(index) - 1;
	pg_atomic_write_u32(&g->flush_next, HNSW_METAPAGE_BLKNO);
}

void
HnswFlushShare(Relation index, HnswBuilder *b, bool log)
{
	HnswGraph *g = b->graph;
	Flush f = {.places = NULL};
	uint32 blocks = (uint32) Min(FLUSH_BLOCKS, NBuffers / FLUSH_SHARE);

	INJECTION_POINT("hnsw-flush-share");
	blocks = Max(blocks, 1);
	log = log && RelationNeedsWAL(index);
	if (g->flush_pages)
		BeginFlush(&f, index, b);
	else if (!log)
		return;
	for (;;)
	{
		BlockNumber first = pg_atomic_fetch_add_u32(&g->flush_next, blocks);
		BlockNumber end = Min(first + blocks, g->flush_last + 1);

		if (first > g->flush_last)
			break;
		/* the metapage is there */
		if (g->flush_pages && end > HNSW_HEAD_BLKNO)
			FillBlocks(&f, Max(first, HNSW_HEAD_BLKNO), end);
		INJECTION_POINT("hnsw-flush-range");
		if (log)
			log_newpage_range(index, MAIN_FORKNUM, first, end, true);
	}
	if (f.places)
		pfree(f.places);
}

void
HnswFlushGraph(Relation index, HnswBuilder *b)
{
	HnswFlushPrepare(index, b);
	HnswFlushShare(index, b, false);
	BUILD_STEP("hnsw-flush-end", b->graph->flush_last);
}
