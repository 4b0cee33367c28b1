/*
 * ivfcodes.c
 *	  Codes of the rows of an ivfflat index, in the index cache.
 *
 * A scan reads whole lists, and what that costs is how fast memory is read.  So
 * what it reads is not the pages but codes of their rows (8 bits a dimension),
 * each with a bound of its error (access/vector/code_bounds.c); the distances
 * that decide are computed from the pages, of the few rows that may be among
 * those asked for (ivfexact.c).  The result is the same as without.
 *
 * A page has a coded page, at its block number.  It says of which buffer, and
 * of which version of it, it has the codes.  Versions rise as long as there is
 * shared memory (storage/bufoptimistic.h), and a page without a lock on it at a
 * version is what it was whenever it had that version and no lock: so codes are
 * those of the page as long as its buffer has their version, and not locked.
 * Whoever changes a page, lets it go, or brings it in again elsewhere has
 * nothing to tell: the version is another one, or the buffer.  A scan that reads
 * a page by itself, for want of codes, writes them.
 *
 * Rules
 * 1. Codes are made from a page that is read without a lock, into memory of the
 *	  process's own, and count if the page is unchanged after it.
 * 2. They are written into the coded page with its own version odd, which one
 *	  makes it by compare and exchange; who comes second lets it be.  Nothing is
 *	  called, allocated or raised meanwhile.
 * 3. Who writes holds IndexCacheLock in share mode, and has found the entry to
 *	  be the one that it knows: its chunks are its own meanwhile.
 * 4. A reader takes a coded page for what it seems when its version, the entry's,
 *	  and then the buffer's were the same after it.
 * 5. No room for a page: it has no codes, and is read as ever.
 *
 * A SIGKILL anywhere in here is a reset of shared memory: buffers, with their
 * versions, and the cache begin anew together.
 *
 * Readers need ivfcodesread.c alone.
 *
 * Lock order: IndexCacheLock -> the entry's lock.  No page is locked.
 */
#include "postgres.h"

#include "access/ivfflat_codes.h"
#include "miscadmin.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/* Of a page, or codes are not worth it. */
#define MOST_CODES (BLCKSZ / 8 * 5)

#define ALIGN 64

/* ---------------------------------------------------------------------------
 * Layout
 * ---------------------------------------------------------------------------
 */

/* False: nothing of this index can be in the cache. */
static bool
InitHeader(IvfflatCodesHeader *h, const IvfflatSupport *support)
{
	Size item = IvfflatTupleSize(support);
	Size items;
	Size size;

	memset(h, 0, sizeof(*h));
	if (support->value.encode == NULL || item == 0)
		return false;
	items = IVFFLAT_PAGE_ROOM / (item + sizeof(ItemIdData));
	h->magic = IVFFLAT_CODES_MAGIC;
	h->dim = support->value.dim;
	h->items_per_page = (uint32) Min(items, IVFFLAT_MAX_ITEMS);
	h->code_size = (uint32) TYPEALIGN(sizeof(float), support->value.code_size);
	size = offsetof(IvfflatCodedPage, errors) + items * 3 * sizeof(float);
	h->tids_offset = (uint32) size;
	size = TYPEALIGN(16, size + items * sizeof(ItemPointerData));
	h->codes_offset = (uint32) size;
	size = TYPEALIGN(ALIGN, size + items * h->code_size);
	h->page_size = (uint32) size;
	h->pages_per_chunk = (uint32) (IndexCache->chunk_size / size);
	return size <= MOST_CODES;
}

static Size
ChunksNeeded(const IvfflatCodesHeader *h, BlockNumber nblocks)
{
	return (Size) nblocks / h->pages_per_chunk + 1;
}

/* ---------------------------------------------------------------------------
 * Entries
 * ---------------------------------------------------------------------------
 */

void
IvfflatCodesEnter(Relation index, const IvfflatSupport *support)
{
	IvfflatCodesHeader header;
	IndexCacheEntry *entry;
	uint64 version;

	if (IndexCache == NULL || !enable_index_cache ||
	    RelationUsesLocalBuffers(index) ||
	    IndexCacheFind(&index->rd_node) != NULL ||
	    !InitHeader(&header, support) || IndexCacheIsRefused(&index->rd_node))
		return;
	INJECTION_POINT("ivfflat-codes-enter");
	entry = IndexCacheBeginLoad(
		&index->rd_node,
		ChunksNeeded(&header, RelationGetNumberOfBlocks(index)), &header,
		sizeof(header), &version);
	/* pages come one by one, by who reads them */
	if (entry != NULL)
		(void) IndexCacheEndLoad(entry, version);
	else if (IndexCacheFind(&index->rd_node) == NULL)
		IndexCacheRefuse(&index->rd_node, INDEX_CACHE_NO_ROOM_SEARCHES);
}

void
IvfflatCodesCountUnfit(const IvfflatCodes *c, bool unfit)
{
	pg_atomic_uint32 *count = &((IvfflatCodesHeader *) c->entry->am)->unfit;

	if (!unfit && pg_atomic_read_u32(count) == 0)
		return;
	LWLockAcquire(IndexCacheLock, LW_SHARED);
	if (!IndexCacheIsCurrent(c->entry, c->version))
		; /* it is another index's by now */
	else if (unfit)
		pg_atomic_fetch_add_u32(count, 1);
	else if ((int32) pg_atomic_read_u32(count) > 0)
		pg_atomic_fetch_sub_u32(count, 1);
	LWLockRelease(IndexCacheLock);
}

/* ---------------------------------------------------------------------------
 * Pages
 * ---------------------------------------------------------------------------
 */

/* The block's coded page, which may have to be made; NULL: no room for it. */
static IvfflatCodedPage *
MakePage(const IvfflatCodes *c, BlockNumber blkno)
{
	IvfflatCodedPage *page = IvfflatCodedPageAt(c, blkno);
	uint32 place = blkno / c->header.pages_per_chunk;
	LWLock *lock = IndexCacheEntryLock(c->entry);

	if (page != NULL)
		return page;
	LWLockAcquire(IndexCacheLock, LW_SHARED);
	LWLockAcquire(lock, LW_EXCLUSIVE);
	if (IndexCacheIsCurrent(c->entry, c->version))
	{
		if (IndexCacheChunk(c->entry, IVFFLAT_CODES_PAGES, place) == NULL)
			(void) IndexCacheAddChunk(c->entry, IVFFLAT_CODES_PAGES, place);
		page = IvfflatCodedPageAt(c, blkno);
	}
	LWLockRelease(lock);
	LWLockRelease(IndexCacheLock);
	return page;
}

/* What is at points, not aligned, into a coded page of one's own. */
static void
Encode(const IvfflatCodes *c, const char *const *points, int n,
       IvfflatCodedPage *page)
{
	const IvfflatCodesHeader *h = &c->header;
	const VectorSupport *value = &c->support->value;
	Size point_offset = IvfflatTuplePointOffset(c->support);
	float *errors = page->errors;
	char *at = (char *) page;
	ItemPointerData *tids = (ItemPointerData *) (at + h->tids_offset);
	char *code = at + h->codes_offset;
	PGAlignedBlock point;

	for (int i = 0; i < n; i++, code += h->code_size)
	{
		const char *from = points[n - 1 - i];
		VectorCodeError error;

		tids[i] = ((IndexTuple) (from - point_offset))->t_tid;
		memcpy(point.data, from, value->value_size - value->point_offset);
		value->encode(point.data, value->dim, code);
		value->code_error(point.data, value->dim, code, &error);
		errors[i] = error.error;
		errors[h->items_per_page + i] = error.reach;
		errors[2 * h->items_per_page + i] = error.length;
	}
	page->n = (uint32) n;
}

/* The entry is ours to write. */
static void
WritePage(const IvfflatCodes *c, IvfflatCodedPage *page,
          const IvfflatCodedPage *from)
{
	Size head = offsetof(IvfflatCodedPage, buf_id);
	uint32 version = pg_atomic_read_u32(&page->version);

	if ((version & 1) != 0 ||
	    !pg_atomic_compare_exchange_u32(&page->version, &version, version + 1))
		return;
	pg_write_barrier(); /* pairs with IvfflatCodesEnd */
	INJECTION_POINT_CRITICAL("ivfflat-codes-write");
	memcpy((char *) page + head, (const char *) from + head,
	       c->header.page_size - head);
	pg_write_barrier(); /* pairs with IvfflatCodesBegin */
	version += 2;
	pg_atomic_write_u32(&page->version, version == 0 ? 2 : version);
}

void
IvfflatCodesPublish(IvfflatCodes *c, const OptimisticRead *read,
                    BlockNumber next, const char *const *points, int n)
{
	pg_attribute_aligned(ALIGN) char own[MOST_CODES];
	IvfflatCodedPage *from = (IvfflatCodedPage *) own;
	IvfflatCodedPage *page;

	if (c->full || (uint32) n > c->header.items_per_page)
		return;
	page = MakePage(c, read->tag.blockNum);
	c->full = page == NULL;
	if (page == NULL)
		return;
	memset(own, 0, c->header.page_size);
	from->buf_id = read->buf_id;
	from->buf_version = read->version;
	from->next = next;
	Encode(c, points, n, from);
	INJECTION_POINT("ivfflat-codes-publish");
	if (!OptimisticReadIsUnchanged(read))
		return;
	START_CRIT_SECTION();
	LWLockAcquire(IndexCacheLock, LW_SHARED);
	c->full = !IndexCacheIsCurrent(c->entry, c->version);
	if (!c->full)
		WritePage(c, page, from);
	LWLockRelease(IndexCacheLock);
	END_CRIT_SECTION();
}

/* ---------------------------------------------------------------------------
 * Comparing with a page, which is locked: for tusk_check
 * ---------------------------------------------------------------------------
 */

/* The page's codes anew; false: it has items that have none. */
static bool
EncodeLocked(const IvfflatCodes *c, Page page, IvfflatCodedPage *coded)
{
	const char *points[IVFFLAT_MAX_ITEMS];
	Size size = IvfflatTupleSize(c->support);
	int n = PageGetMaxOffsetNumber(page);

	if ((uint32) n > c->header.items_per_page)
		return false;
	for (int i = 0; i < n; i++)
	{
		ItemId iid = PageGetItemId(page, (OffsetNumber) (i + 1));
		IndexTuple itup = (IndexTuple) PageGetItem(page, iid);

		if (ItemIdGetLength(iid) < size || IndexTupleSize(itup) != size ||
		    !IvfflatTupleIsPlain(c->support, itup))
			return false;
		points[n - 1 - i] =
			(const char *) itup + IvfflatTuplePointOffset(c->support);
	}
	coded->next = IvfflatPageGetOpaque(page)->nextblkno;
	Encode(c, points, n, coded);
	return true;
}

const char *
IvfflatCodesCompare(Relation index, const IvfflatSupport *support, Buffer buf)
{
	pg_attribute_aligned(ALIGN) char own[MOST_CODES];
	IvfflatCodedPage *coded = (IvfflatCodedPage *) own;
	Size head = offsetof(IvfflatCodedPage, next);
	const IvfflatCodedPage *page;
	const char *difference = NULL;
	IvfflatCodes c = {.index = index, .support = support};
	BufferDesc *desc;

	if (IndexCache == NULL || RelationUsesLocalBuffers(index))
		return NULL;
	desc = GetBufferDescriptor(buf - 1);
	/* exclusively: nobody writes a coded page */
	LWLockAcquire(IndexCacheLock, LW_EXCLUSIVE);
	c.entry = IndexCacheFind(&index->rd_node);
	page = NULL;
	if (c.entry != NULL)
	{
		memcpy(&c.header, c.entry->am, sizeof(c.header));
		page = IvfflatCodedPageAt(&c, BufferGetBlockNumber(buf));
	}
	if (page != NULL && page->buf_id == buf - 1 &&
	    page->buf_version == pg_atomic_read_u64(&desc->version) &&
	    pg_atomic_read_u32((pg_atomic_uint32 *) &page->version) != 0)
	{
		memset(own, 0, c.header.page_size);
		if (!EncodeLocked(&c, BufferGetPage(buf), coded) ||
		    memcmp(own + head, (const char *) page + head,
		           c.header.page_size - head) != 0)
			difference = "other codes";
	}
	LWLockRelease(IndexCacheLock);
	return difference;
}
