/*
 * ivfread.c
 *	  Reading of chains of pages without pin or lock.
 *
 * A search touches thousands of items for a few nanoseconds each: what it costs
 * is how fast memory is read.  Hence
 *	- pages are read optimistically (storage/bufoptimistic.h), each looked for
 *	  in the buffer behind that of the page before it first, where a build has
 *	  put it;
 *	- of an item only its line pointer is read before its distance is computed:
 *	  as the items of a chain have one size and form, that says where the point
 *	  is.  What else is in the item is in the cache afterwards, and is looked at
 *	  then;
 *	- items are taken in the order of their addresses, the last of a page first,
 *	  one after the other: a page is read from its beginning to its end, as the
 *	  CPU foresees it.  Several items side by side would take twice the time;
 *	- while a page is computed, header, line pointers and link of the next are
 *	  on their way;
 *	- where there are codes of a page (ivfcodes.c), they are read in place of it,
 *	  a quarter of the bytes.
 *
 * Rules
 * 1. Nothing of a page counts before its version was found unchanged: take()
 *	  copies, keep() makes it count.  That goes for the link to the next page
 *	  too: where a page had changed, that one is forgotten.
 * 2. What is not read that way, because it is not in memory, is being changed,
 *	  belongs to this session alone or is not what it should be, is read under
 *	  the page's lock, by read_locked(), after what was taken before it counts.
 *	  So pages come in the order of their chains, and errors are raised only of
 *	  what is really there.
 */
#include "postgres.h"

#include "access/ivfflat.h"
#include "access/ivfflat_codes.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/bufoptimistic.h"
#include "utils/injection_point.h"

#define OPAQUE_OFFSET (BLCKSZ - MAXALIGN(sizeof(IvfflatPageOpaqueData)))

/* A page on its way. */
typedef struct PageRead
{
	OptimisticRead read;
	BlockNumber blkno;
	BlockNumber next; /* in its chain, if the page is whole */
	int chain;
	bool begun;
	bool coded; /* its codes are read, not the page */
	IvfflatCodesRead codes;
	int n;
	const char *points[IVFFLAT_MAX_ITEMS];
} PageRead;

typedef struct ReaderState
{
	const IvfflatReader *reader;
	const BlockNumber *starts; /* of the chains */
	int nchains;
	bool optimistic;
	int last_buffer; /* of the last page that was found */
	float distances[IVFFLAT_MAX_ITEMS];
} ReaderState;

void
IvfflatDistances(const VectorSupport *value, const void *query,
                 const char *const *points, int n, float *distances)
{
	const void *q;

	if (query == NULL)
	{
		memset(distances, 0, sizeof(float) * (Size) n);
		return;
	}
	q = VectorPoint(value, query);
	for (int i = 0; i < n; i++)
		distances[i] = value->distance(q, points[i], value->dim);
}

/*
 * A page comes into view: blkno of a chain or, if that is none, the first of the
 * next chain.  False: there is none.
 */
static bool
BeginPage(ReaderState *rs, PageRead *page, int chain, BlockNumber blkno)
{
	OptimisticRead *read = &page->read;
	RelFileNode rnode = rs->reader->index->rd_node;

	while (!BlockNumberIsValid(blkno))
	{
		if (++chain >= rs->nchains)
			return false;
		blkno = rs->starts[chain];
	}
	page->chain = chain;
	page->blkno = blkno;
	page->begun = false;
	page->coded = false;
	if (!rs->optimistic)
		return true;
	INIT_BUFFERTAG(read->tag, rnode, MAIN_FORKNUM, blkno);
	if (rs->reader->codes != NULL &&
	    IvfflatCodesBegin(rs->reader->codes, blkno, &page->codes, read))
	{
		rs->last_buffer = read->buf_id;
		page->next = page->codes.next;
		page->coded = page->begun = true;
		return true;
	}
	if (!OptimisticReadBeginAt(read, rs->last_buffer + 1) &&
	    !OptimisticReadBegin(read, rnode, MAIN_FORKNUM, blkno))
		return true;
	rs->last_buffer = read->buf_id;
	page->begun = true;
	__builtin_prefetch(read->page);
	__builtin_prefetch(read->page + 64);
	__builtin_prefetch(read->page + OPAQUE_OFFSET);
	return true;
}

/* Where the points of a page are; false: it is none of items of that size. */
static bool
NotePoints(ReaderState *rs, PageRead *page)
{
	const IvfflatReader *reader = rs->reader;
	const char *at = page->read.page;
	const volatile uint32 *line_pointers =
		(const volatile uint32 *) (at + SizeOfPageHeaderData);
	Size lower = ((const volatile PageHeaderData *) at)->pd_lower;
	Size most = BLCKSZ - reader->item_size;
	const char **point = page->points;
	Size n = 0;

	page->next = ((const volatile IvfflatPageOpaqueData *) (at + OPAQUE_OFFSET))
	                 ->nextblkno;
	if (lower > SizeOfPageHeaderData)
		n = (lower - SizeOfPageHeaderData) / sizeof(ItemIdData);
	if (n > IVFFLAT_MAX_ITEMS)
		return false;
	for (Size i = n; i-- > 0;)
	{
		union
		{
			uint32 word;
			ItemIdData lp;
		} item = {.word = line_pointers[i]};

		if (item.lp.lp_flags != LP_NORMAL ||
		    item.lp.lp_len < reader->item_size || item.lp.lp_off > most)
			return false;
		*point++ = at + item.lp.lp_off + reader->point_offset;
	}
	page->n = (int) n;
	return true;
}

/* The page's items to who reads; false: it was not whole. */
static bool
FinishPage(ReaderState *rs, PageRead *page)
{
	const IvfflatReader *reader = rs->reader;
	IvfflatItems items = {.blkno = page->blkno,
	                      .n = page->n,
	                      .points = page->points,
	                      .distances = rs->distances};
	bool taken;

	IvfflatDistances(reader->value, reader->query, page->points, page->n,
	                 rs->distances);
	taken = reader->take(&items, reader->arg);
	INJECTION_POINT("ivfflat-read-page");
	if (!taken || !OptimisticReadEnd(&page->read))
		return false;
	reader->keep(&items, reader->arg);
#ifndef TUSK_CLIENT /* which only reads there */
	if (reader->codes != NULL)
		IvfflatCodesPublish(reader->codes, &page->read, page->next,
		                    page->points, page->n);
#endif
	return true;
}

/* The same from its codes. */
static bool
FinishCodes(ReaderState *rs, PageRead *page)
{
	const IvfflatReader *reader = rs->reader;
	bool taken;

	INJECTION_POINT("ivfflat-read-codes");
	taken = reader->take_codes(&page->codes, reader->arg);
	/* none, if the first rows were too many for codes (ivfscan.c) */
	if (!taken || reader->codes == NULL ||
	    !IvfflatCodesEnd(reader->codes, &page->codes) ||
	    !OptimisticReadEnd(&page->read))
		return false;
	reader->keep_codes(&page->codes, &page->read, reader->arg);
	return true;
}

void
IvfflatReadChains(const IvfflatReader *reader, const BlockNumber *starts, int n)
{
	ReaderState rs;
	PageRead pages[2];
	PageRead *page = &pages[0];
	PageRead *ahead = &pages[1];
	bool more;

	rs.reader = reader;
	rs.starts = starts;
	rs.nchains = n;
	rs.optimistic =
		reader->item_size > 0 && !RelationUsesLocalBuffers(reader->index);
	rs.last_buffer = -1;
	more = BeginPage(&rs, page, -1, InvalidBlockNumber);
	while (more)
	{
		CHECK_FOR_INTERRUPTS();
		if (page->begun && (page->coded || NotePoints(&rs, page)))
		{
			more = BeginPage(&rs, ahead, page->chain, page->next);
			if (page->coded ? FinishCodes(&rs, page) : FinishPage(&rs, page))
			{
				PageRead *next = ahead;

				ahead = page;
				page = next;
				continue;
			}
			INJECTION_POINT("ivfflat-read-again");
		}
		page->next = reader->read_locked(page->blkno, reader->arg);
		more = BeginPage(&rs, page, page->chain, page->next);
	}
}
