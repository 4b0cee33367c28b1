/*
 * ivfexact.c
 *	  The order of distances of rows of which codes have told only bounds.
 *
 * Rows come in the order of their bounds (ivforder.c).  The distance of the next
 * ones is computed, from their pages, and they wait in a heap; the first of it is
 * handed out when no bound is before it.  A bound is no more than the distance
 * that the same kernel computes of the row, and keys have positions, so the
 * order is that of all distances, equal ones included.
 *
 * Rules
 * 1. A position is in the order of bounds, in the heap, or was handed out.
 * 2. A page is what its codes said as long as its buffer has their version.  If
 *	  it is not, the row is looked for by its TID, under the page's lock.  A row
 *	  that the scan's snapshot sees is still there: vacuum leaves it, and items
 *	  do not move to other pages.  One that is gone, or whose TID is another
 *	  row's by now, nobody sees: where it comes in the order does not matter.
 * 3. Pages were counted when their codes were read; only a lock counts again.
 * 4. If bounds tell too little, or nearly all rows are asked for, the rest is
 *	  computed at once, page by page: single rows out of order cost more.
 */
#include "postgres.h"

#include "access/ivfflat_codes.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/*
 * Computed together, so that their cache misses overlap: if nothing is known of
 * what comes next, and if it is only to be seen whether something is before it.
 */
#define AT_FIRST 10
#define AT_ONCE 4

/* That part of a batch is computed row by row at most, or these if more. */
#define PART_BY_ROW 8
#define ALWAYS_BY_ROW 128

/* Codes that let so many be computed for each that is handed out do not serve. */
#define MOST_PER_ROW 16

void
IvfflatExactBegin(IvfflatExact *x)
{
	x->npages = 0;
	x->nkeys = 0;
	x->nread = 0;
	x->ngiven = 0;
	x->unfit = false;
}

/* Room for need of an array whose members have that size. */
static void *
Grow(IvfflatExact *x, void *array, int *room, int need, Size size)
{
	Size n = Max((Size) need, Max((Size) *room * 2, 64));

	if (need <= *room)
		return array;
	array = array == NULL ? MemoryContextAllocHuge(x->context, n * size)
	                      : repalloc_huge(array, n * size);
	*room = (int) Min(n, PG_INT32_MAX);
	return array;
}

void
IvfflatExactNotePage(IvfflatExact *x, const OptimisticRead *read, int first,
                     int n)
{
	x->pages = Grow(x, x->pages, &x->pages_room, x->npages + 1,
	                sizeof(IvfflatCodedRows));
	x->pages[x->npages++] = (IvfflatCodedRows){
		.buf_version = read->version,
		.buf_id = read->buf_id,
		.blkno = read->tag.blockNum,
		.first = first,
		.n = n,
	};
}

/* ---------------------------------------------------------------------------
 * One row
 * ---------------------------------------------------------------------------
 */

/* The page that has the row; NULL: its distance is known. */
static const IvfflatCodedRows *
FindPage(const IvfflatExact *x, int position)
{
	int low = 0;
	int high = x->npages;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (x->pages[middle].first <= position)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || position >= x->pages[low - 1].first + x->pages[low - 1].n)
		return NULL;
	return &x->pages[low - 1];
}

static OffsetNumber
ItemOf(const IvfflatCodedRows *page, int position)
{
	return (OffsetNumber) (position - page->first + FirstOffsetNumber);
}

/* The item is probably where a page that was only added to has it. */
static void
PrefetchRow(const IvfflatExact *x, const IvfflatCodedRows *page, int position)
{
	Size size = IvfflatTupleSize(x->support);
	OffsetNumber off = ItemOf(page, position);
	const char *at = BufferBlocks + (Size) page->buf_id * BLCKSZ;
	const char *item = at + SizeOfPageHeaderData + IVFFLAT_PAGE_ROOM -
	                   Min(size * off, IVFFLAT_PAGE_ROOM);

	__builtin_prefetch(GetBufferDescriptor(page->buf_id));
	__builtin_prefetch(at + SizeOfPageHeaderData + sizeof(ItemIdData) * off);
	for (Size i = 0; i < size + 63; i += 64)
		__builtin_prefetch(item + i);
}

/* By its TID, under the page's lock; bound: it is not there any more. */
static float
ReadLocked(const IvfflatExact *x, BlockNumber blkno, const ItemPointerData *tid,
           float bound)
{
	const VectorSupport *value = &x->support->value;
	Buffer buf = ReadBuffer(x->index, blkno);
	float distance = bound;
	Page page;
	int n;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buf);
	n = Min(PageGetMaxOffsetNumber(page), IVFFLAT_MAX_ITEMS);
	for (int i = 0; i < n; i++)
	{
		ItemId iid = PageGetItemId(page, (OffsetNumber) (i + 1));
		IndexTuple itup = (IndexTuple) PageGetItem(page, iid);
		const char *point;

		if (!ItemPointerEquals(&itup->t_tid, tid))
			continue;
		point = IvfflatTuplePoint(x->support, itup, ItemIdGetLength(iid),
		                          x->scratch);
		if (point != NULL)
			IvfflatDistances(value, x->query, &point, 1, &distance);
	}
	UnlockReleaseBuffer(buf);
	return distance;
}

static float
ReadRow(const IvfflatExact *x, const IvfflatCodedRows *page, int position)
{
	const VectorSupport *value = &x->support->value;
	Size size = IvfflatTupleSize(x->support);
	float distance = 0;
	OptimisticRead read;

	INIT_BUFFERTAG(read.tag, x->index->rd_node, MAIN_FORKNUM, page->blkno);
	if (OptimisticReadBeginAt(&read, page->buf_id) &&
	    read.version == page->buf_version)
	{
		Size length;
		const char *item =
			OptimisticItem(&read, ItemOf(page, position), &length);

		if (item != NULL && length >= size)
		{
			const char *point = item + IvfflatTuplePointOffset(x->support);

			INJECTION_POINT("ivfflat-exact-row");
			IvfflatDistances(value, x->query, &point, 1, &distance);
			if (OptimisticReadIsUnchanged(&read))
				return distance;
		}
	}
	INJECTION_POINT("ivfflat-exact-again");
	return ReadLocked(x, page->blkno, &x->tids[position],
	                  x->distances[position]);
}

void
IvfflatExactAll(IvfflatExact *x)
{
	for (int p = 0; p < x->npages; p++)
	{
		const IvfflatCodedRows *page = &x->pages[p];

		CHECK_FOR_INTERRUPTS();
		for (int i = page->first; i < page->first + page->n; i++)
			x->distances[i] = ReadRow(x, page, i);
	}
	x->npages = 0;
}

/* ---------------------------------------------------------------------------
 * In order
 * ---------------------------------------------------------------------------
 */

static void
Push(IvfflatExact *x, uint64 key)
{
	int i = x->nkeys++;

	for (; i > 0 && key < x->keys[(i - 1) / 2]; i = (i - 1) / 2)
		x->keys[i] = x->keys[(i - 1) / 2];
	x->keys[i] = key;
}

static int
Pop(IvfflatExact *x)
{
	uint64 key = x->keys[0];

	x->keys[0] = x->keys[--x->nkeys];
	if (x->nkeys > 0)
		IvfflatSiftDown(x->keys, x->nkeys, 0);
	x->ngiven++;
	return (int) (uint32) key;
}

/* The next ones by their bounds come to those whose distances are known. */
static void
ReadNext(IvfflatExact *x, IvfflatOrder *order)
{
	const IvfflatCodedRows *pages[AT_FIRST];
	int positions[AT_FIRST];
	int most = x->nkeys == 0 ? AT_FIRST : AT_ONCE;
	int n = 0;
	int position;

	while (n < most && (position = IvfflatOrderNext(order)) >= 0)
	{
		pages[n] = FindPage(x, position);
		if (pages[n] != NULL)
			PrefetchRow(x, pages[n], position);
		positions[n++] = position;
	}
	x->keys = Grow(x, x->keys, &x->keys_room, x->nkeys + n, sizeof(uint64));
	for (int i = 0; i < n; i++)
	{
		float distance = x->distances[positions[i]];

		if (pages[i] != NULL)
			distance = ReadRow(x, pages[i], positions[i]);
		Push(x, IvfflatOrderKey(distance, (uint32) positions[i]));
	}
	x->nread += n;
}

/* All that are left do. */
static void
ReadRest(IvfflatExact *x, IvfflatOrder *order)
{
	uint64 next = IvfflatOrderPeek(order);
	int p = 0;

	INJECTION_POINT("ivfflat-exact-rest");
	x->keys =
		Grow(x, x->keys, &x->keys_room, x->nkeys + order->left, sizeof(uint64));
	for (int i = 0; i < order->n; i++)
	{
		float distance = x->distances[i];

		/* what was taken from the order is before what is next */
		if (IvfflatOrderKey(distance, (uint32) i) < next)
			continue;
		for (; p < x->npages && x->pages[p].first + x->pages[p].n <= i; p++)
			CHECK_FOR_INTERRUPTS();
		if (p < x->npages && x->pages[p].first <= i)
			distance = ReadRow(x, &x->pages[p], i);
		x->keys[x->nkeys++] = IvfflatOrderKey(distance, (uint32) i);
	}
	for (int i = x->nkeys / 2 - 1; i >= 0; i--)
		IvfflatSiftDown(x->keys, x->nkeys, i);
	order->left = 0;
	order->nkeys = 0;
}

int
IvfflatExactNext(IvfflatExact *x, IvfflatOrder *order)
{
	for (;;)
	{
		uint64 next = IvfflatOrderPeek(order);

		if (x->nkeys > 0 && x->keys[0] < next)
			return Pop(x);
		if (next == PG_UINT64_MAX)
			return -1;
		if (x->nread < Max(ALWAYS_BY_ROW, order->n / PART_BY_ROW))
			ReadNext(x, order);
		else
		{
			x->unfit = x->nread > (x->ngiven + 1) * MOST_PER_ROW;
			ReadRest(x, order);
		}
	}
}

void
IvfflatExactEnd(IvfflatExact *x)
{
	if (x->pages != NULL)
		pfree(x->pages);
	if (x->keys != NULL)
		pfree(x->keys);
	x->pages = NULL;
	x->keys = NULL;
}
