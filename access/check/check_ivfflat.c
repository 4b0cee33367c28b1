/*
 * check_ivfflat.c
 *		Structure of an ivfflat index, and its agreement with the table.
 *
 * Every block must be the metapage, a page of lists or a page of one list, each
 * once, but for pages that nobody came to link: an insert that was cut off
 * after it had made one.  A value must be one of the index's; that it is in the
 * list whose center is nearest is not asked for: centers are where they are,
 * and a value may be as near to another.
 */
#include "postgres.h"

#include <math.h>

#include "access/ivfflat.h"
#include "access/ivfflat_codes.h"
#include "check_internal.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/memutils.h"

/* what rounding to half does to the length of a vector, and more */
#define NORM_TOLERANCE 0.01

typedef struct IvfflatCheck
{
	CheckState *cs;
	Relation index;
	IvfflatSupport support;
	IvfflatMetaPageData meta;
	BlockNumber nblocks;
	bool *visited; /* by block */
	void *value;   /* of a tuple, with its header */
	HTAB *rows;
	int nlists;
	IvfflatNearList *lists;
} IvfflatCheck;

/* A page of the index, share locked; false: it is none, as a line says. */
static bool
OpenPage(IvfflatCheck *ic, BlockNumber from, BlockNumber block, Buffer *buffer)
{
	Page page;

	if (block >= ic->nblocks)
	{
		check_report(ic->cs, ic->index, from, 0, "block %u is beyond the end",
		             block);
		return false;
	}
	if (ic->visited[block])
	{
		check_report(ic->cs, ic->index, from, 0,
		             "block %u is met a second time", block);
		return false;
	}
	ic->visited[block] = true;
	*buffer = ReadBuffer(ic->index, block);
	LockBuffer(*buffer, BUFFER_LOCK_SHARE);
	page = BufferGetPage(*buffer);
	if (!PageIsNew(page) &&
	    IvfflatPageGetOpaque(page)->page_id == IVFFLAT_PAGE_ID)
		return true;
	UnlockReleaseBuffer(*buffer);
	check_report(ic->cs, ic->index, block, 0, "not a page of ivfflat");
	return false;
}

static bool
CheckMeta(IvfflatCheck *ic)
{
	Buffer buffer;
	bool sound;

	if (ic->nblocks == 0 ||
	    !OpenPage(ic, IVFFLAT_METAPAGE_BLKNO, IVFFLAT_METAPAGE_BLKNO, &buffer))
		return false;
	ic->meta = *IvfflatPageGetMeta(BufferGetPage(buffer));
	UnlockReleaseBuffer(buffer);
	sound = ic->meta.magicNumber == IVFFLAT_MAGIC_NUMBER &&
	        ic->meta.version == IVFFLAT_VERSION && ic->meta.lists > 0;
	if (!sound)
		check_report(ic->cs, ic->index, IVFFLAT_METAPAGE_BLKNO, 0,
		             "not the meta page of an ivfflat index");
	return sound;
}

static bool
ValueIsSound(IvfflatCheck *ic, const void *value)
{
	const VectorSupport *support = &ic->support.value;

	return support->type->is_valid(value, support->value_size, support->dim);
}

static void
CheckCenter(IvfflatCheck *ic, IvfflatList list, Size size, BlockNumber block,
            OffsetNumber off)
{
	if (size != IVFFLAT_LIST_SIZE(ic->support.value.value_size) ||
	    !ValueIsSound(ic, &list->center))
		check_report(ic->cs, ic->index, block, off,
		             "the center is not a value of the index");
}

/* All lists, noted. */
static bool
EnterLists(IvfflatCheck *ic)
{
	BlockNumber block = IVFFLAT_HEAD_BLKNO;
	BlockNumber from = IVFFLAT_METAPAGE_BLKNO;

	while (BlockNumberIsValid(block))
	{
		Buffer buffer;
		Page page;

		CHECK_FOR_INTERRUPTS();
		if (!OpenPage(ic, from, block, &buffer))
			return false;
		page = BufferGetPage(buffer);
		for (OffsetNumber off = 1; off <= PageGetMaxOffsetNumber(page); off++)
		{
			ItemId iid = PageGetItemId(page, off);
			IvfflatList list = (IvfflatList) PageGetItem(page, iid);

			if (ic->nlists == ic->meta.lists)
				break;
			CheckCenter(ic, list, ItemIdGetLength(iid), block, off);
			ic->lists[ic->nlists].startPage = list->startPage;
			ic->lists[ic->nlists].insertPage = list->insertPage;
			ic->lists[ic->nlists].place.blkno = block;
			ic->lists[ic->nlists++].place.offno = off;
		}
		from = block;
		block = IvfflatPageGetOpaque(page)->nextblkno;
		UnlockReleaseBuffer(buffer);
	}
	if (ic->nlists != ic->meta.lists)
		check_report(ic->cs, ic->index, IVFFLAT_METAPAGE_BLKNO, 0,
		             "%d lists, not %u", ic->nlists, ic->meta.lists);
	return true;
}

/* The value as it is in the table: with a plain header. */
static bool
TupleIsSound(IvfflatCheck *ic, IndexTuple itup, Size length)
{
	const VectorSupport *support = &ic->support.value;
	char *value = ic->value;
	const char *point;

	memset(value, 0, support->value_size);
	point = IvfflatTuplePoint(&ic->support, itup, length, value + VARHDRSZ);
	if (point == NULL)
		return false;
	/* what is before the point belongs to it */
	memmove(value + VARHDRSZ, point - (support->point_offset - VARHDRSZ),
	        support->value_size - VARHDRSZ);
	SET_VARSIZE(value, support->value_size);
	return ValueIsSound(ic, value);
}

static void
CheckTuple(IvfflatCheck *ic, Page page, BlockNumber block, OffsetNumber off)
{
	ItemId iid = PageGetItemId(page, off);
	IndexTuple itup = (IndexTuple) PageGetItem(page, iid);
	FmgrInfo *norm = ic->support.value.norm;
	bool found;

	if (!TupleIsSound(ic, itup, ItemIdGetLength(iid)))
		check_report(ic->cs, ic->index, block, off,
		             "the value is not one of the index's type");
	else if (norm && !(fabs(DatumGetFloat8(FunctionCall1(
								norm, PointerGetDatum(ic->value))) -
	                        1) < NORM_TOLERANCE))
		check_report(ic->cs, ic->index, block, off,
		             "the value is not normalised");
	(void) hash_search(ic->rows, &itup->t_tid, HASH_ENTER, &found);
	if (found)
		check_report(ic->cs, ic->index, block, off,
		             "row (%u,%u) occurs more than once",
		             ItemPointerGetBlockNumber(&itup->t_tid),
		             ItemPointerGetOffsetNumber(&itup->t_tid));
}

/* Are codes in the index cache those of the page? */
static void
CompareCodes(IvfflatCheck *ic, Buffer buffer)
{
	const char *difference =
		IvfflatCodesCompare(ic->index, &ic->support, buffer);

	if (difference)
		check_report(ic->cs, ic->index, BufferGetBlockNumber(buffer), 0,
		             "the index cache has %s", difference);
}

static void
CheckList(IvfflatCheck *ic, const IvfflatNearList *list)
{
	BlockNumber block = list->startPage;
	BlockNumber from = list->place.blkno;
	bool insert_page_seen = false;

	while (BlockNumberIsValid(block))
	{
		Buffer buffer;
		Page page;

		CHECK_FOR_INTERRUPTS();
		if (!OpenPage(ic, from, block, &buffer))
			return;
		page = BufferGetPage(buffer);
		for (OffsetNumber off = 1; off <= PageGetMaxOffsetNumber(page); off++)
			CheckTuple(ic, page, block, off);
		CompareCodes(ic, buffer);
		insert_page_seen = insert_page_seen || block == list->insertPage;
		from = block;
		block = IvfflatPageGetOpaque(page)->nextblkno;
		UnlockReleaseBuffer(buffer);
	}
	if (!insert_page_seen)
		check_report(ic->cs, ic->index, list->place.blkno, list->place.offno,
		             "insert page %u is not in the list's chain",
		             list->insertPage);
}

void
check_ivfflat(CheckState *cs, Relation heap, Relation index)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "check of ivfflat", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	IvfflatCheck ic = {
		.cs = cs, .index = index, .nblocks = RelationGetNumberOfBlocks(index)};

	ic.visited = palloc0_array(bool, ic.nblocks + 1);
	ic.rows = check_tid_table("rows of ivfflat", sizeof(ItemPointerData));
	if (CheckMeta(&ic))
	{
		IvfflatInitSupport(&ic.support, index);
		ic.value = palloc(ic.support.value.value_size + MAXIMUM_ALIGNOF);
		ic.lists = palloc0_array(IvfflatNearList, ic.meta.lists);
		if (EnterLists(&ic))
		{
			for (int i = 0; i < ic.nlists; i++)
				CheckList(&ic, &ic.lists[i]);
			if (cs->rows_readable)
				check_index_rows(cs, heap, index, &ic.support.value, ic.rows);
		}
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
