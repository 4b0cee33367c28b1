/*
 * ivfpage.c
 *	  Pages and tuples of an ivfflat index, in pgvector's layout, and reading of
 *	  its lists.
 *
 * A value in an index tuple has the form that forming index tuples gives it in
 * PostgreSQL: a short header if the value is short enough, then its numbers are
 * not aligned; a bit string of more than TOAST_INDEX_TARGET bytes is compressed
 * if that makes it smaller.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/htup_details.h"
#include "access/ivfflat.h"
#include "access/toast_compression.h"
#include "miscadmin.h"

StaticAssertDecl(sizeof(IvfflatPageOpaqueData) == 8, "on-disk format");
StaticAssertDecl(sizeof(IvfflatMetaPageData) == 12, "on-disk format");
StaticAssertDecl(offsetof(IvfflatListData, center) == 8, "on-disk format");

/* values longer than that are worth compressing */
#define TOAST_INDEX_TARGET (MaxHeapTupleSize / 16)

void
IvfflatInitPage(Page page)
{
	IvfflatPageOpaque opaque;

	PageInit(page, BLCKSZ, sizeof(IvfflatPageOpaqueData));
	opaque = IvfflatPageGetOpaque(page);
	opaque->nextblkno = InvalidBlockNumber;
	opaque->unused = 0;
	opaque->page_id = IVFFLAT_PAGE_ID;
}

void
IvfflatInitMetaPage(Page page, int dimensions, int lists)
{
	IvfflatMetaPage meta;

	IvfflatInitPage(page);
	meta = IvfflatPageGetMeta(page);
	meta->magicNumber = IVFFLAT_MAGIC_NUMBER;
	meta->version = IVFFLAT_VERSION;
	meta->dimensions = (uint16) dimensions;
	meta->lists = (uint16) lists;
	/* a full-page image cuts the hole out: the contents must be before it */
	((PageHeader) page)->pd_lower =
		((char *) meta + sizeof(IvfflatMetaPageData)) - (char *) page;
}

void
IvfflatGetMetaPageInfo(Relation index, int *lists, int *dimensions)
{
	Buffer buf = ReadBuffer(index, IVFFLAT_METAPAGE_BLKNO);
	IvfflatMetaPage meta;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	meta = IvfflatPageGetMeta(BufferGetPage(buf));
	if (PageIsNew(BufferGetPage(buf)) ||
	    meta->magicNumber != IVFFLAT_MAGIC_NUMBER || meta->lists == 0)
		elog(ERROR, "ivfflat index is not valid");
	if (lists)
		*lists = meta->lists;
	if (dimensions)
		*dimensions = meta->dimensions;
	UnlockReleaseBuffer(buf);
}

/* ---------------------------------------------------------------------------
 * Tuples
 * ---------------------------------------------------------------------------
 */

#define TUPLE_HEADER MAXALIGN(sizeof(IndexTupleData))
/* the longest value with a header of one byte */
#define SHORT_MAX (VARATT_SHORT_MAX - VARHDRSZ_SHORT)

static bool
is_short(Size datalen)
{
	return datalen <= SHORT_MAX;
}

Size
IvfflatTupleSize(const IvfflatSupport *support)
{
	Size datalen = support->value.value_size - VARHDRSZ;

	if (support->element == KMEANS_BIT &&
	    support->value.value_size > TOAST_INDEX_TARGET)
		return 0;
	return MAXALIGN(TUPLE_HEADER +
	                (is_short(datalen) ? VARHDRSZ_SHORT : VARHDRSZ) + datalen);
}

IndexTuple
IvfflatFormTuple(const IvfflatSupport *support, const void *value,
                 ItemPointer tid)
{
	const struct varlena *stored = value;
	Size datalen;
	Size size;
	IndexTuple itup;
	char *at;

	if (support->element == KMEANS_BIT && VARSIZE(value) > TOAST_INDEX_TARGET)
	{
		struct varlena *compressed =
			toast_compress((struct varlena *) value, support->compression);

		if (compressed != NULL)
			stored = compressed;
	}
	datalen = VARSIZE(stored) - VARHDRSZ;
	size = MAXALIGN(TUPLE_HEADER + VARSIZE(stored));
	if (stored == value && is_short(datalen))
		size = MAXALIGN(TUPLE_HEADER + VARHDRSZ_SHORT + datalen);
	if (size + sizeof(ItemIdData) > IVFFLAT_PAGE_ROOM)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("index row requires %zu bytes, maximum size is "
		                "%zu",
		                size, (Size) IVFFLAT_PAGE_ROOM - sizeof(ItemIdData))));
	itup = palloc0(size);
	itup->t_tid = *tid;
	itup->t_info = (unsigned short) (size | INDEX_VAR_MASK);
	at = (char *) itup + TUPLE_HEADER;
	if (stored == value && is_short(datalen))
	{
		SET_VARSIZE_SHORT(at, VARHDRSZ_SHORT + datalen);
		memcpy(at + VARHDRSZ_SHORT, VARDATA(stored), datalen);
	}
	else
		memcpy(at, stored, VARSIZE(stored));
	return itup;
}

/* What is behind a value's header, whatever that is; NULL: not that long. */
static const char *
stored_data(const char *at, Size room, Size datalen, void *scratch)
{
	struct varlena *whole;

	if (room < VARHDRSZ_SHORT)
		return NULL;
	if (VARATT_IS_1B(at))
		return !VARATT_IS_1B_E(at) &&
		               VARSIZE_1B(at) == VARHDRSZ_SHORT + datalen &&
		               VARSIZE_1B(at) <= room
		           ? at + VARHDRSZ_SHORT
		           : NULL;
	if (room < VARHDRSZ_COMPRESSED || VARSIZE_4B(at) > room)
		return NULL;
	if (!VARATT_IS_4B_C(at))
		return VARSIZE_4B(at) == VARHDRSZ + datalen ? at + VARHDRSZ : NULL;
	if (VARDATA_COMPRESSED_GET_EXTSIZE(at) != datalen)
		return NULL;
	whole = toast_decompress_slice((const struct varlena *) at, -1);
	memcpy(scratch, VARDATA(whole), datalen);
	pfree(whole);
	return scratch;
}

const void *
IvfflatTuplePoint(const IvfflatSupport *support, IndexTuple itup, Size length,
                  void *scratch)
{
	Size datalen = support->value.value_size - VARHDRSZ;
	Size size = length < TUPLE_HEADER ? 0 : IndexTupleSize(itup);
	const char *data;

	if (size <= TUPLE_HEADER || size > length)
		return NULL;
	data = stored_data((char *) itup + TUPLE_HEADER, size - TUPLE_HEADER,
	                   datalen, scratch);
	return data ? data + support->value.point_offset - VARHDRSZ : NULL;
}

/* Of any tuple of that size; 4 bytes before it its header may begin. */
Size
IvfflatTuplePointOffset(const IvfflatSupport *support)
{
	Size datalen = support->value.value_size - VARHDRSZ;

	return TUPLE_HEADER + (is_short(datalen) ? VARHDRSZ_SHORT : VARHDRSZ) +
	       support->value.point_offset - VARHDRSZ;
}

bool
IvfflatTupleIsPlain(const IvfflatSupport *support, IndexTuple itup)
{
	Size datalen = support->value.value_size - VARHDRSZ;
	const char *at = (const char *) itup + TUPLE_HEADER;

	if (is_short(datalen))
		return VARATT_IS_1B(at) && VARSIZE_1B(at) == VARHDRSZ_SHORT + datalen;
	return VARATT_IS_4B_U(at) && VARSIZE_4B(at) == VARHDRSZ + datalen;
}

/* ---------------------------------------------------------------------------
 * Lists
 * ---------------------------------------------------------------------------
 */

/* The lists of a page on their way to who asked for them. */
typedef struct ListsRead
{
	Relation index;
	const IvfflatSupport *support;
	const void *query;
	IvfflatListCallback callback;
	void *arg;
	BlockNumber taken_start[IVFFLAT_MAX_ITEMS];
	BlockNumber taken_insert[IVFFLAT_MAX_ITEMS];
} ListsRead;

static void
GiveList(ListsRead *lr, BlockNumber blkno, int i, float distance,
         BlockNumber startPage, BlockNumber insertPage)
{
	IvfflatNearList list = {
		.distance = distance,
		.startPage = startPage,
		.insertPage = insertPage,
		.place = {blkno, (OffsetNumber) (i + FirstOffsetNumber)},
	};

	lr->callback(&list, lr->arg);
}

static IvfflatList
ListOfPoint(const ListsRead *lr, const char *point)
{
	return (IvfflatList) (point - lr->support->value.point_offset -
	                      offsetof(IvfflatListData, center));
}

static bool
TakeLists(const IvfflatItems *items, void *arg)
{
	ListsRead *lr = arg;

	for (int i = 0; i < items->n; i++)
	{
		IvfflatList list = ListOfPoint(lr, items->points[items->n - 1 - i]);

		if (VARSIZE(&list->center) != lr->support->value.value_size)
			return false;
		lr->taken_start[i] = list->startPage;
		lr->taken_insert[i] = list->insertPage;
	}
	return true;
}

static void
KeepLists(const IvfflatItems *items, void *arg)
{
	ListsRead *lr = arg;

	for (int i = 0; i < items->n; i++)
		GiveList(lr, items->blkno, i, items->distances[items->n - 1 - i],
		         lr->taken_start[i], lr->taken_insert[i]);
}

static BlockNumber
ReadListsLocked(BlockNumber blkno, void *arg)
{
	ListsRead *lr = arg;
	const VectorSupport *value = &lr->support->value;
	Size least = IVFFLAT_LIST_SIZE(value->value_size);
	Buffer buf = ReadBuffer(lr->index, blkno);
	BlockNumber next;
	Page page;
	int n;

	LockBuffer(buf, BUFFER_LOCK_SHARE);
	page = BufferGetPage(buf);
	n = PageGetMaxOffsetNumber(page);
	next = IvfflatPageGetOpaque(page)->nextblkno;
	for (int i = 0; i < n; i++)
	{
		ItemId iid = PageGetItemId(page, (OffsetNumber) (i + 1));
		IvfflatList list = (IvfflatList) PageGetItem(page, iid);
		const char *point = VectorPoint(value, &list->center);
		float distance;

		if (ItemIdGetLength(iid) < least ||
		    VARSIZE(&list->center) != value->value_size)
			ereport(ERROR, (errcode(ERRCODE_INDEX_CORRUPTED),
			                errmsg("index \"%s\" has a list without a center",
			                       RelationGetRelationName(lr->index))));
		IvfflatDistances(value, lr->query, &point, 1, &distance);
		GiveList(lr, blkno, i, distance, list->startPage, list->insertPage);
	}
	UnlockReleaseBuffer(buf);
	return next;
}

void
IvfflatScanLists(Relation index, const IvfflatSupport *support,
                 const void *query, IvfflatListCallback callback, void *arg)
{
	ListsRead lr = {index, support, query, callback, arg};
	IvfflatReader reader = {
		.index = index,
		.value = &support->value,
		.query = query,
		.item_size = IVFFLAT_LIST_SIZE(support->value.value_size),
		.point_offset =
			offsetof(IvfflatListData, center) + support->value.point_offset,
		.take = TakeLists,
		.keep = KeepLists,
		.read_locked = ReadListsLocked,
		.arg = &lr,
	};
	BlockNumber head = IVFFLAT_HEAD_BLKNO;

	IvfflatReadChains(&reader, &head, 1);
}
