/*
 * ivfinsert.c
 *	  Insert into an ivfflat index.
 *
 * The row goes to the list whose center is nearest, the first of equal ones, to
 * the first page with room from the list's insertPage on; if none has room, to
 * a new page at the end of the chain.
 *
 * Protocol
 * 1. One page is locked at a time, but for the last of a chain and the page that
 *	  is appended to it.  Nothing else is locked: lists never go.
 * 2. Each change is one generic WAL record: a new page empty, with the link to
 *	  it; then the tuple.
 * 3. insertPage only goes forward by inserts, and back by vacuum.  An insert
 *	  that set out from a page does not move it behind that: what stands there
 *	  before it vacuum has put there meanwhile.
 */
#include "postgres.h"

#include "access/generic_xlog.h"
#include "access/ivfflat.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

static void
KeepNearest(const IvfflatNearList *list, void *arg)
{
	IvfflatNearList *nearest = arg;

	if (!BlockNumberIsValid(nearest->place.blkno) ||
	    list->distance < nearest->distance)
		*nearest = *list;
}

/* The last page of a chain is locked and full: one more, locked in its place. */
static Buffer
AppendPage(Relation index, Buffer last)
{
	GenericXLogState *state;
	Buffer buf;
	Page page;
	uint32 n;

	INJECTION_POINT("ivfflat-insert-append");
	ExtendBufferedRelBy(BMR_REL(index), MAIN_FORKNUM, NULL, EB_LOCK_FIRST, 1,
	                    &buf, &n);
	state = GenericXLogStart(index);
	page = GenericXLogRegisterBuffer(state, last, 0);
	IvfflatPageGetOpaque(page)->nextblkno = BufferGetBlockNumber(buf);
	page = GenericXLogRegisterBuffer(state, buf, GENERIC_XLOG_FULL_IMAGE);
	IvfflatInitPage(page);
	GenericXLogFinish(state);
	UnlockReleaseBuffer(last);
	return buf;
}

/* The page that has room, from blkno on; exclusively locked. */
static Buffer
FindRoom(Relation index, BlockNumber blkno, Size size)
{
	for (;;)
	{
		Buffer buf = ReadBuffer(index, blkno);
		Page page;

		LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
		page = BufferGetPage(buf);
		if (PageGetFreeSpace(page) >= size)
			return buf;
		blkno = IvfflatPageGetOpaque(page)->nextblkno;
		if (!BlockNumberIsValid(blkno))
			return AppendPage(index, buf);
		UnlockReleaseBuffer(buf);
		CHECK_FOR_INTERRUPTS();
	}
}

/* original: where the insert set out; InvalidBlockNumber for vacuum. */
void
IvfflatUpdateList(Relation index, const IvfflatListPlace *place,
                  BlockNumber insertPage, BlockNumber original)
{
	Buffer buf = ReadBuffer(index, place->blkno);
	GenericXLogState *state;
	IvfflatList list;
	Page page;

	LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
	state = GenericXLogStart(index);
	page = GenericXLogRegisterBuffer(state, buf, 0);
	list = (IvfflatList) PageGetItem(page, PageGetItemId(page, place->offno));
	if (list->insertPage != insertPage &&
	    (!BlockNumberIsValid(original) || insertPage >= original))
	{
		list->insertPage = insertPage;
		GenericXLogFinish(state);
	}
	else
		GenericXLogAbort(state);
	UnlockReleaseBuffer(buf);
}

static void
InsertTuple(Relation index, const IvfflatSupport *support, const void *value,
            ItemPointer tid)
{
	IvfflatNearList list = {.place.blkno = InvalidBlockNumber};
	IndexTuple itup = IvfflatFormTuple(support, value, tid);
	Size size = IndexTupleSize(itup);
	GenericXLogState *state;
	BlockNumber blkno;
	Buffer buf;
	Page page;

	IvfflatGetMetaPageInfo(index, NULL, NULL);
	IvfflatScanLists(index, support, value, KeepNearest, &list);
	if (!BlockNumberIsValid(list.place.blkno))
		elog(ERROR, "ivfflat index is not valid");
	INJECTION_POINT("ivfflat-insert-list");
	buf = FindRoom(index, list.insertPage, size);
	blkno = BufferGetBlockNumber(buf);
	state = GenericXLogStart(index);
	page = GenericXLogRegisterBuffer(state, buf, 0);
	if (PageAddItem(page, (Item) itup, size, InvalidOffsetNumber, false,
	                false) == InvalidOffsetNumber)
		elog(ERROR, "failed to add index item to \"%s\"",
		     RelationGetRelationName(index));
	GenericXLogFinish(state);
	UnlockReleaseBuffer(buf);
	INJECTION_POINT("ivfflat-insert-placed");
	if (blkno != list.insertPage)
		IvfflatUpdateList(index, &list.place, blkno, list.insertPage);
}

bool
ivfflatinsert(Relation index, Datum *values, bool *isnull, ItemPointer heap_tid,
              Relation heap, IndexUniqueCheck checkUnique, bool indexUnchanged,
              struct IndexInfo *indexInfo)
{
	IvfflatSupport support;
	MemoryContext context;
	MemoryContext old;
	void *value;
	int dim;

	if (isnull[0])
		return false;
	context = AllocSetContextCreate(CurrentMemoryContext,
	                                "Ivfflat insert temporary context",
	                                ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	IvfflatInitSupport(&support, index);
	if (VectorFormValue(&support.value, values[0], &value))
	{
		dim = support.value.type->value_dim(value);
		if (dim != support.value.dim)
			ereport(ERROR, (errcode(ERRCODE_DATA_EXCEPTION),
			                errmsg("different %s %d and %d",
			                       support.value.type->dimensions,
			                       support.value.dim, dim)));
		InsertTuple(index, &support, value, heap_tid);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return false;
}
