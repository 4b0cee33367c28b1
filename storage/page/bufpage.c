/*
 * bufpage.c: operations on a page.
 *
 * All work on memory that the caller has locked (or owns): none blocks, none
 * touches shared state.  A header that cannot be true is a PANIC in the
 * functions that change the page inside critical sections (adding), an ERROR
 * in those that run before one (compaction); what an index page says about
 * its own tuples is checked before anything is moved.
 *
 * Corresponds to PostgreSQL's storage/page/bufpage.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_control.h"
#include "pgstat.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "storage/checksum.h"
#include "utils/memutils.h"

/* a tuple that is to be moved */
typedef struct PageMove
{
	uint16 index; /* of its line pointer, from 0 */
	uint16 offset;
	uint16 length; /* aligned */
} PageMove;

#define MAX_PAGE_ITEMS ((BLCKSZ - SizeOfPageHeaderData) / sizeof(ItemIdData))

static bool page_header_sane(PageHeader p);
static void page_check_or(int elevel, PageHeader p);

void
PageInit(Page page, Size pageSize, Size specialSize)
{
	PageHeader p = (PageHeader) page;

	Assert(pageSize == BLCKSZ);
	specialSize = MAXALIGN(specialSize);
	Assert(pageSize > specialSize + SizeOfPageHeaderData);

	memset(page, 0, pageSize);
	p->pd_lower = SizeOfPageHeaderData;
	p->pd_upper = pageSize - specialSize;
	p->pd_special = pageSize - specialSize;
	p->pd_pagesize_version = (uint16) pageSize | PG_PAGE_LAYOUT_VERSION;
}

bool
PageIsVerifiedExtended(Page page, BlockNumber blkno, int flags)
{
	PageHeader p = (PageHeader) page;
	const uint64 *words = (const uint64 *) page;
	bool checksum_failure = false;
	uint16 checksum = 0;

	if (!PageIsNew(page))
	{
		if (DataChecksumsEnabled())
		{
			checksum = pg_checksum_page((char *) page, blkno);
			checksum_failure = checksum != p->pd_checksum;
		}
		if (page_header_sane(p) && !checksum_failure)
			return true;
	}

	/* a page that was added to the file and never written */
	for (size_t i = 0;; i++)
	{
		if (i == BLCKSZ / sizeof(uint64))
			return true;
		if (words[i] != 0)
			break;
	}

	if (checksum_failure)
	{
		if (flags & PIV_REPORT_STAT)
			pgstat_report_checksum_failure();
		if (flags & PIV_LOG_WARNING)
			ereport(WARNING,
			        (errcode(ERRCODE_DATA_CORRUPTED),
			         errmsg("page verification failed, calculated checksum %u "
			                "but expected %u",
			                checksum, p->pd_checksum)));
		if (ignore_checksum_failure && page_header_sane(p))
			return true;
	}
	return false;
}

OffsetNumber
PageAddItemExtended(Page page, Item item, Size size, OffsetNumber offsetNumber,
                    int flags)
{
	PageHeader p = (PageHeader) page;
	OffsetNumber limit;
	bool shift = false;
	int lower;
	int upper;
	ItemId itemId;

	page_check_or(PANIC, p);
	limit = OffsetNumberNext(PageGetMaxOffsetNumber(page));

	if (OffsetNumberIsValid(offsetNumber))
	{
		if (flags & PAI_OVERWRITE)
		{
			if (offsetNumber < limit)
			{
				itemId = PageGetItemId(page, offsetNumber);
				if (ItemIdIsUsed(itemId) || ItemIdHasStorage(itemId))
				{
					elog(WARNING, "will not overwrite a used ItemId");
					return InvalidOffsetNumber;
				}
			}
		}
		else
			shift = offsetNumber < limit;
	}
	else
	{
		/* the lowest free line pointer, if the page says there is one */
		offsetNumber = limit;
		if (PageHasFreeLinePointers(page))
		{
			for (offsetNumber = FirstOffsetNumber; offsetNumber < limit;
			     offsetNumber++)
			{
				itemId = PageGetItemId(page, offsetNumber);
				if (!ItemIdIsUsed(itemId) && !ItemIdHasStorage(itemId))
					break;
			}
			if (offsetNumber >= limit)
				PageClearHasFreeLinePointers(page);
		}
	}

	if (offsetNumber > limit)
	{
		elog(WARNING, "specified item offset is too large");
		return InvalidOffsetNumber;
	}
	if ((flags & PAI_IS_HEAP) && offsetNumber > MaxHeapTuplesPerPage)
	{
		elog(WARNING, "can't put more than MaxHeapTuplesPerPage items in a "
		              "heap page");
		return InvalidOffsetNumber;
	}

	lower = p->pd_lower;
	if (offsetNumber == limit || shift)
		lower += sizeof(ItemIdData);
	upper = (int) p->pd_upper - (int) MAXALIGN(size);
	if (lower > upper)
		return InvalidOffsetNumber;

	itemId = PageGetItemId(page, offsetNumber);
	if (shift)
		memmove(itemId + 1, itemId,
		        (limit - offsetNumber) * sizeof(ItemIdData));
	ItemIdSetNormal(itemId, upper, size);
	memcpy((char *) page + upper, item, size);
	p->pd_lower = (LocationIndex) lower;
	p->pd_upper = (LocationIndex) upper;
	return offsetNumber;
}

Page
PageGetTempPage(Page page)
{
	return (Page) palloc(PageGetPageSize(page));
}

Page
PageGetTempPageCopy(Page page)
{
	Page copy = PageGetTempPage(page);

	memcpy(copy, page, PageGetPageSize(page));
	return copy;
}

Page
PageGetTempPageCopySpecial(Page page)
{
	Page copy = PageGetTempPage(page);

	PageInit(copy, PageGetPageSize(page), PageGetSpecialSize(page));
	memcpy(PageGetSpecialPointer(copy), PageGetSpecialPointer(page),
	       PageGetSpecialSize(page));
	return copy;
}

void
PageRestoreTempPage(Page tempPage, Page oldPage)
{
	memcpy(oldPage, tempPage, PageGetPageSize(tempPage));
	pfree(tempPage);
}

/*
 * Lays the tuples out anew from the special space downwards, in the order of
 * their line pointers; reads from a copy, so that order does not matter.
 */
static void
page_compact(Page page, const PageMove *moves, int nmoves)
{
	PageHeader p = (PageHeader) page;
	PGAlignedBlock copy;
	int upper = p->pd_special;

	memcpy(copy.data, page, BLCKSZ);
	for (int i = 0; i < nmoves; i++)
	{
		upper -= moves[i].length;
		memcpy((char *) page + upper, copy.data + moves[i].offset,
		       moves[i].length);
		p->pd_linp[moves[i].index].lp_off = upper;
	}
	p->pd_upper = upper;
}

void
PageRepairFragmentation(Page page)
{
	PageHeader p = (PageHeader) page;
	PageMove moves[MAX_PAGE_ITEMS] = {{0}};
	int nmoves = 0;
	int nunused = 0;
	Size total = 0;
	OffsetNumber nline;
	OffsetNumber lastused = 0;

	page_check_or(ERROR, p);
	nline = PageGetMaxOffsetNumber(page);
	for (OffsetNumber i = FirstOffsetNumber; i <= nline; i++)
	{
		ItemId lp = PageGetItemId(page, i);

		if (!ItemIdIsUsed(lp))
		{
			ItemIdSetUnused(lp);
			nunused++;
			continue;
		}
		lastused = i;
		if (!ItemIdHasStorage(lp))
			continue;
		if (ItemIdGetOffset(lp) < p->pd_upper ||
		    ItemIdGetOffset(lp) + ItemIdGetLength(lp) > p->pd_special)
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
			                errmsg("corrupted line pointer: %u",
			                       ItemIdGetOffset(lp))));
		moves[nmoves].index = i - 1;
		moves[nmoves].offset = ItemIdGetOffset(lp);
		moves[nmoves].length = MAXALIGN(ItemIdGetLength(lp));
		total += moves[nmoves].length;
		nmoves++;
	}
	if (total > (Size) (p->pd_special - p->pd_lower))
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("corrupted item lengths: total %u, available space %u",
		                (unsigned) total, p->pd_special - p->pd_lower)));

	page_compact(page, moves, nmoves);
	if (lastused < nline)
	{
		nunused -= nline - lastused;
		p->pd_lower -= (nline - lastused) * sizeof(ItemIdData);
	}
	if (nunused > 0)
		PageSetHasFreeLinePointers(page);
	else
		PageClearHasFreeLinePointers(page);
}

void
PageTruncateLinePointerArray(Page page)
{
	PageHeader p = (PageHeader) page;
	OffsetNumber nline = PageGetMaxOffsetNumber(page);
	OffsetNumber keep = nline;
	bool unused = false;

	while (keep > FirstOffsetNumber && !ItemIdIsUsed(PageGetItemId(page, keep)))
		keep--;
	for (OffsetNumber i = FirstOffsetNumber; i <= keep; i++)
		unused = unused || !ItemIdIsUsed(PageGetItemId(page, i));
	p->pd_lower -= (nline - keep) * sizeof(ItemIdData);
	if (unused)
		PageSetHasFreeLinePointers(page);
	else
		PageClearHasFreeLinePointers(page);
}

Size
PageGetExactFreeSpace(Page page)
{
	int space = (int) ((PageHeader) page)->pd_upper -
	            (int) ((PageHeader) page)->pd_lower;

	return space < 0 ? 0 : (Size) space;
}

Size
PageGetFreeSpace(Page page)
{
	return PageGetFreeSpaceForMultipleTuples(page, 1);
}

Size
PageGetFreeSpaceForMultipleTuples(Page page, int ntups)
{
	Size space = PageGetExactFreeSpace(page);
	Size pointers = ntups * sizeof(ItemIdData);

	return space < pointers ? 0 : space - pointers;
}

Size
PageGetHeapFreeSpace(Page page)
{
	Size space = PageGetFreeSpace(page);
	OffsetNumber nline = PageGetMaxOffsetNumber(page);

	if (space == 0 || nline < MaxHeapTuplesPerPage)
		return space;
	if (PageHasFreeLinePointers(page))
		for (OffsetNumber i = FirstOffsetNumber; i <= nline; i++)
			if (!ItemIdIsUsed(PageGetItemId(page, i)))
				return space;
	return 0;
}

/*
 * Takes the storage of an index tuple away: what lies between pd_upper and it
 * moves up, line pointers below it follow.
 */
static void
page_remove_storage(PageHeader p, unsigned offset, Size size)
{
	char *addr = (char *) p + p->pd_upper;

	memmove(addr + size, addr, offset - p->pd_upper);
	p->pd_upper += size;
	for (int i = PageGetMaxOffsetNumber((Page) p) - 1; i >= 0; i--)
	{
		ItemId lp = &p->pd_linp[i];

		if (ItemIdHasStorage(lp) && ItemIdGetOffset(lp) <= offset)
			lp->lp_off += size;
	}
}

/* The line pointer of an index tuple, checked; ERROR when it cannot be. */
static ItemId
page_checked_item(Page page, OffsetNumber offnum)
{
	PageHeader p = (PageHeader) page;
	ItemId lp;

	page_check_or(ERROR, p);
	if (offnum == 0 || offnum > PageGetMaxOffsetNumber(page))
		elog(ERROR, "invalid index offnum: %u", offnum);
	lp = PageGetItemId(page, offnum);
	Assert(ItemIdHasStorage(lp));
	if (ItemIdGetOffset(lp) < p->pd_upper ||
	    ItemIdGetOffset(lp) + ItemIdGetLength(lp) > p->pd_special ||
	    ItemIdGetOffset(lp) != MAXALIGN(ItemIdGetOffset(lp)))
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg("corrupted line pointer: offset = %u, size = %u",
		                       ItemIdGetOffset(lp), ItemIdGetLength(lp))));
	return lp;
}

void
PageIndexTupleDelete(Page page, OffsetNumber offnum)
{
	PageHeader p = (PageHeader) page;
	ItemId lp = page_checked_item(page, offnum);
	unsigned offset = ItemIdGetOffset(lp);
	Size size = MAXALIGN(ItemIdGetLength(lp));
	int after = PageGetMaxOffsetNumber(page) - offnum;

	memmove(lp, lp + 1, after * sizeof(ItemIdData));
	p->pd_lower -= sizeof(ItemIdData);
	page_remove_storage(p, offset, size);
}

void
PageIndexTupleDeleteNoCompact(Page page, OffsetNumber offnum)
{
	PageHeader p = (PageHeader) page;
	ItemId lp = page_checked_item(page, offnum);
	unsigned offset = ItemIdGetOffset(lp);
	Size size = MAXALIGN(ItemIdGetLength(lp));

	/* other items keep their numbers, so only the last pointer can go */
	if (offnum < PageGetMaxOffsetNumber(page))
		ItemIdSetUnused(lp);
	else
		p->pd_lower -= sizeof(ItemIdData);
	page_remove_storage(p, offset, size);
}

void
PageIndexMultiDelete(Page page, OffsetNumber *itemnos, int nitems)
{
	PageHeader p = (PageHeader) page;
	PageMove moves[MAX_PAGE_ITEMS] = {{0}};
	ItemIdData kept[MAX_PAGE_ITEMS];
	int nkept = 0;
	int next = 0;
	OffsetNumber nline;

	if (nitems <= 2)
	{
		while (--nitems >= 0)
			PageIndexTupleDelete(page, itemnos[nitems]);
		return;
	}

	page_check_or(ERROR, p);
	nline = PageGetMaxOffsetNumber(page);
	for (OffsetNumber i = FirstOffsetNumber; i <= nline; i++)
	{
		ItemId lp = page_checked_item(page, i);

		if (next < nitems && itemnos[next] == i)
		{
			next++;
			continue;
		}
		kept[nkept] = *lp;
		moves[nkept].index = nkept;
		moves[nkept].offset = ItemIdGetOffset(lp);
		moves[nkept].length = MAXALIGN(ItemIdGetLength(lp));
		nkept++;
	}
	if (next != nitems)
		elog(ERROR, "incorrect index offsets supplied");

	memcpy(p->pd_linp, kept, nkept * sizeof(ItemIdData));
	p->pd_lower = SizeOfPageHeaderData + nkept * sizeof(ItemIdData);
	page_compact(page, moves, nkept);
}

bool
PageIndexTupleOverwrite(Page page, OffsetNumber offnum, Item newtup,
                        Size newsize)
{
	PageHeader p = (PageHeader) page;
	ItemId lp = page_checked_item(page, offnum);
	unsigned offset = ItemIdGetOffset(lp);
	int difference =
		(int) MAXALIGN(ItemIdGetLength(lp)) - (int) MAXALIGN(newsize);

	if (-difference > (int) p->pd_upper - (int) p->pd_lower)
		return false;

	if (difference != 0)
	{
		char *addr = (char *) page + p->pd_upper;

		memmove(addr + difference, addr, offset - p->pd_upper);
		p->pd_upper += difference;
		for (int i = PageGetMaxOffsetNumber(page) - 1; i >= 0; i--)
		{
			ItemId other = &p->pd_linp[i];

			if (ItemIdHasStorage(other) && ItemIdGetOffset(other) <= offset)
				other->lp_off += difference;
		}
	}
	lp->lp_off = offset + difference;
	lp->lp_len = newsize;
	memcpy((char *) page + lp->lp_off, newtup, newsize);
	return true;
}

char *
PageSetChecksumCopy(Page page, BlockNumber blkno)
{
	static PGAlignedBlock copy;

	if (PageIsNew(page) || !DataChecksumsEnabled())
		return (char *) page;

	/* hint bits may change meanwhile: the checksum must fit what is written */
	memcpy(copy.data, page, BLCKSZ);
	((PageHeader) copy.data)->pd_checksum = pg_checksum_page(copy.data, blkno);
	return copy.data;
}

void
PageSetChecksumInplace(Page page, BlockNumber blkno)
{
	if (PageIsNew(page) || !DataChecksumsEnabled())
		return;
	((PageHeader) page)->pd_checksum = pg_checksum_page((char *) page, blkno);
}

static bool
page_header_sane(PageHeader p)
{
	return (p->pd_flags & ~PD_VALID_FLAG_BITS) == 0 &&
	       p->pd_lower <= p->pd_upper && p->pd_upper <= p->pd_special &&
	       p->pd_special <= BLCKSZ && p->pd_special == MAXALIGN(p->pd_special);
}

static void
page_check_or(int elevel, PageHeader p)
{
	if (p->pd_lower < SizeOfPageHeaderData || p->pd_lower > p->pd_upper ||
	    p->pd_upper > p->pd_special || p->pd_special > BLCKSZ ||
	    p->pd_special != MAXALIGN(p->pd_special))
		ereport(elevel,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("corrupted page pointers: lower = %u, upper = %u, "
		                "special = %u",
		                p->pd_lower, p->pd_upper, p->pd_special)));
}
