/*
 * ivfcodesread.c
 *	  The reader's part of codes of an ivfflat index.
 *
 * ivfcodes.c says what is there.  Nothing is locked or written here: whatever
 * was read counts after IvfflatCodesEnd, and every number is clamped before
 * something is looked up by it.  libtusk has this file too.
 */
#include "postgres.h"

#include "access/ivfflat_codes.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

/* Scans that codes may fail to serve before nobody tries any more. */
#define MAX_UNFIT 64

static bool
PrepareQuery(IvfflatCodes *c, const void *query)
{
	const VectorSupport *value = &c->support->value;
	const void *point = VectorPoint(value, query);
	VectorCodeError own;

	c->query = palloc(value->code_size);
	value->encode(point, value->dim, c->query);
	value->code_error(point, value->dim, c->query, &own);
	return vector_code_query(&c->bounds, value->code_metric, value->dim, &own);
}

bool
IvfflatCodesOpen(IvfflatCodes *c, Relation index, const IvfflatSupport *support,
                 const void *query)
{
	if (IndexCache == NULL || !enable_index_cache ||
	    support->value.encode == NULL || RelationUsesLocalBuffers(index))
		return false;
	c->entry = IndexCacheFind(&index->rd_node);
	if (c->entry == NULL)
		return false;
	c->version = pg_atomic_read_u64(&c->entry->version);
	if ((c->version & INDEX_CACHE_STATE_MASK) != INDEX_CACHE_VALID)
		return false;
	pg_read_barrier(); /* pairs with SetVersion in indexcache.c */
	memcpy(&c->header, c->entry->am, sizeof(c->header));
	if (!RelFileNodeEquals(c->entry->rnode, index->rd_node) ||
	    !IndexCacheIsCurrent(c->entry, c->version))
		return false;
	IndexCacheTouch(c->entry);
	c->index = index;
	c->support = support;
	c->full = false;
	return c->header.magic == IVFFLAT_CODES_MAGIC &&
	       c->header.dim == support->value.dim &&
	       (int32) pg_atomic_read_u32(&c->header.unfit) < MAX_UNFIT &&
	       PrepareQuery(c, query);
}

IvfflatCodedPage *
IvfflatCodedPageAt(const IvfflatCodes *c, BlockNumber blkno)
{
	uint32 per_chunk = c->header.pages_per_chunk;
	uint32 place = blkno / per_chunk;
	char *chunk = IndexCacheChunk(c->entry, IVFFLAT_CODES_PAGES, place);

	if (chunk == NULL)
		return NULL;
	return (IvfflatCodedPage *) (chunk + (Size) (blkno - place * per_chunk) *
	                                         c->header.page_size);
}

bool
IvfflatCodesBegin(const IvfflatCodes *c, BlockNumber blkno, IvfflatCodesRead *r,
                  OptimisticRead *read)
{
	const IvfflatCodedPage *page = IvfflatCodedPageAt(c, blkno);
	const volatile IvfflatCodedPage *now = page;
	uint32 n;

	if (page == NULL)
		return false;
	r->page = page;
	r->version = pg_atomic_read_u32((pg_atomic_uint32 *) &page->version);
	if (r->version == 0 || (r->version & 1) != 0)
		return false;
	pg_read_barrier(); /* pairs with the end of Publish in ivfcodes.c */
	/* all of it, and the head of the one after it, which is probably next */
	for (Size i = 64; i <= c->header.page_size; i += 64)
		__builtin_prefetch((const char *) page + i);
	n = now->n; /* once: what is clamped is what is used */
	r->n = (int) Min(n, c->header.items_per_page);
	r->next = now->next;
	return OptimisticReadBeginAt(read, now->buf_id) &&
	       read->version == now->buf_version;
}

void
IvfflatCodesTake(const IvfflatCodes *c, const IvfflatCodesRead *r,
                 float *distances, ItemPointerData *tids)
{
	const IvfflatCodesHeader *h = &c->header;
	const VectorSupport *value = &c->support->value;
	const char *at = (const char *) r->page;
	const float *errors = r->page->errors;
	const char *code = at + h->codes_offset;
	const void *codes[IVFFLAT_MAX_ITEMS];

	if (r->n == 0)
		return;
	for (int i = 0; i < r->n; i++, code += h->code_size)
		codes[i] = code;
	value->code_distances(c->query, codes, r->n, value->dim, distances);
	vector_code_lower_bounds(&c->bounds, errors, errors + h->items_per_page,
	                         errors + 2 * h->items_per_page, r->n, distances);
	memcpy(tids, at + h->tids_offset, sizeof(ItemPointerData) * (Size) r->n);
}

bool
IvfflatCodesEnd(const IvfflatCodes *c, const IvfflatCodesRead *r)
{
	pg_read_barrier(); /* pairs with the beginning of Publish in ivfcodes.c */
	return pg_atomic_read_u32((pg_atomic_uint32 *) &r->page->version) ==
	           r->version &&
	       IndexCacheIsCurrent(c->entry, c->version);
}
