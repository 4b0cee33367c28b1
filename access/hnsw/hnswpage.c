/*
 * hnswpage.c
 *	  Forming pages and tuples of an hnsw index, in pgvector's layout.
 */
#include "postgres.h"

#include "access/hnsw.h"

StaticAssertDecl(sizeof(HnswPageOpaqueData) == 8, "on-disk format");
StaticAssertDecl(sizeof(HnswMetaPageData) == 28, "on-disk format");
StaticAssertDecl(offsetof(HnswElementTupleData, data) == 72, "on-disk format");
StaticAssertDecl(offsetof(HnswElementTupleData, neighbortid) == 64,
                 "on-disk format");
StaticAssertDecl(offsetof(HnswNeighborTupleData, indextids) == 4,
                 "on-disk format");

void
HnswInitPage(Page page)
{
	HnswPageOpaque opaque;

	PageInit(page, BLCKSZ, sizeof(HnswPageOpaqueData));
	opaque = HnswPageGetOpaque(page);
	opaque->nextblkno = InvalidBlockNumber;
	opaque->unused = 0;
	opaque->page_id = HNSW_PAGE_ID;
}

void
HnswInitMetaPage(Page page, int dim, int m, int ef_construction,
                 const HnswEntryPoint *entry, BlockNumber insertPage)
{
	HnswMetaPage meta;

	HnswInitPage(page);
	meta = HnswPageGetMeta(page);
	meta->magicNumber = HNSW_MAGIC_NUMBER;
	meta->version = HNSW_VERSION;
	meta->dimensions = dim;
	meta->m = m;
	meta->efConstruction = ef_construction;
	meta->entryBlkno = ItemPointerGetBlockNumberNoCheck(&entry->tid);
	meta->entryOffno = ItemPointerGetOffsetNumberNoCheck(&entry->tid);
	meta->entryLevel = (int16) entry->level;
	meta->insertPage = insertPage;

	/* a full-page image cuts the hole out: the contents must be before it */
	((PageHeader) page)->pd_lower =
		((char *) meta + sizeof(HnswMetaPageData)) - (char *) page;
}

/* etup has room for the value and is zeroed. */
void
HnswFormElementTuple(HnswElementTuple etup, int level,
                     const ItemPointerData *tids, int ntids, const void *value)
{
	etup->type = HNSW_ELEMENT_TUPLE_TYPE;
	etup->level = (uint8) level;
	etup->deleted = 0;
	etup->version = 1;
	for (int i = 0; i < HNSW_HEAPTIDS; i++)
	{
		if (i < ntids)
			etup->heaptids[i] = tids[i];
		else
			ItemPointerSetInvalid(&etup->heaptids[i]);
	}
	ItemPointerSetInvalid(&etup->neighbortid);
	memcpy(&etup->data, value, VARSIZE(value));
}

void *
HnswCopyValue(Relation index, const VectorSupport *support, Page page,
              OffsetNumber offno)
{
	ItemId iid = PageGetItemId(page, offno);
	HnswElementTuple etup = (HnswElementTuple) PageGetItem(page, iid);
	Size least = offsetof(HnswElementTupleData, data) + VECTOR_MIN_VALUE_SIZE;
	void *value;

	if (ItemIdGetLength(iid) < least ||
	    !support->type->fits(&etup->data,
	                         ItemIdGetLength(iid) -
	                             offsetof(HnswElementTupleData, data),
	                         support->dim))
		ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
		                errmsg("index \"%s\" has an element that is none of "
		                       "its values",
		                       RelationGetRelationName(index))));
	value = palloc(VARSIZE(&etup->data));
	memcpy(value, &etup->data, VARSIZE(&etup->data));
	return value;
}

void
HnswGetMetaPageInfo(Relation index, int *m, int *dim, HnswEntryPoint *entry,
                    BlockNumber *insertPage)
{
	Buffer buf = ReadBuffer(index, HNSW_METAPAGE_BLKNO);
	HnswMetaPage meta;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	meta = HnswPageGetMeta(BufferGetPage(buf));
	if (PageIsNew(BufferGetPage(buf)) || meta->magicNumber != HNSW_MAGIC_NUMBER)
		elog(ERROR, "hnsw index is not valid");
	if (meta->m < HNSW_MIN_M || meta->m > HNSW_MAX_M ||
	    meta->dimensions > PG_INT32_MAX)
		elog(ERROR, "hnsw index is not valid");
	*m = meta->m;
	if (dim)
		*dim = (int) meta->dimensions;
	if (insertPage)
		*insertPage = meta->insertPage;
	if (entry)
	{
		entry->level = -1;
		ItemPointerSetInvalid(&entry->tid);
		if (BlockNumberIsValid(meta->entryBlkno))
		{
			entry->level = meta->entryLevel;
			ItemPointerSet(&entry->tid, meta->entryBlkno, meta->entryOffno);
		}
	}
	UnlockReleaseBuffer(buf);
}

/* ---------------------------------------------------------------------------
 * Changes of pages, logged or not
 * ---------------------------------------------------------------------------
 */

Buffer
HnswReadLocked(Relation index, BlockNumber blkno)
{
	Buffer buf = ReadBuffer(index, blkno);

	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	return buf;
}

void
HnswBeginChange(HnswPageChange *c, Relation index, bool building)
{
	c->index = index;
	c->building = building;
	c->state = building ? NULL : GenericXLogStart(index);
}

Page
HnswChangePage(HnswPageChange *c, Buffer buf, bool is_new)
{
	if (c->building)
		return BufferGetPage(buf);
	return GenericXLogRegisterBuffer(c->state, buf,
	                                 is_new ? GENERIC_XLOG_FULL_IMAGE : 0);
}

void
HnswEndChange(HnswPageChange *c, Buffer buf, Buffer buf2)
{
	if (c->building)
	{
		MarkBufferDirty(buf);
		if (BufferIsValid(buf2) && buf2 != buf)
			MarkBufferDirty(buf2);
	}
	else
		GenericXLogFinish(c->state);
}

void
HnswAbortChange(HnswPageChange *c)
{
	if (!c->building)
		GenericXLogAbort(c->state);
}

/* ---------------------------------------------------------------------------
 * Where a build puts its tuples
 * ---------------------------------------------------------------------------
 */

void
HnswFirstPlace(HnswPlace *place)
{
	place->blkno = HNSW_HEAD_BLKNO;
	place->offno = InvalidOffsetNumber;
	place->left = HNSW_MAX_SIZE + sizeof(ItemIdData);
	place->holes = 0;
}

static void
NextPage(HnswPlace *place)
{
	place->holes += place->left;
	place->blkno++;
	place->offno = InvalidOffsetNumber;
	place->left = HNSW_MAX_SIZE + sizeof(ItemIdData);
}

void
HnswPlaceElement(HnswPlace *place, Size esize, Size nsize)
{
	Size combined = esize + nsize + sizeof(ItemIdData);

	/* both on one page, if a page has room for both */
	if (place->left < esize + sizeof(ItemIdData) ||
	    (combined <= HNSW_MAX_SIZE &&
	     place->left < combined + sizeof(ItemIdData)))
		NextPage(place);
	place->offno++;
	place->left -= esize + sizeof(ItemIdData);
}

void
HnswPlaceNeighbors(HnswPlace *place, Size nsize)
{
	if (place->left < nsize + sizeof(ItemIdData))
		NextPage(place);
	place->offno++;
	place->left -= nsize + sizeof(ItemIdData);
}
