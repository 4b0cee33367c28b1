/*
 * storage/bufpage.h: the layout of a page, PostgreSQL 15's bit for bit.
 *
 *	header (24 bytes) | line pointers -> | free | <- tuples | special space
 *
 * A page of zeros is "new": it is what a relation's file holds between its
 * extension and its first use, and every reader must accept it.
 *
 * Locks: reading needs a pin and a share lock on the buffer's content,
 * changing an exclusive one; hint bits alone may be set under share lock.  An
 * optimistic reader (storage/bufoptimistic.h) holds neither and must not use
 * the Page functions here, which trust what they read.
 */
#ifndef BUFPAGE_H
#define BUFPAGE_H

#include "access/xlogdefs.h"
#include "storage/block.h"
#include "storage/item.h"
#include "storage/itemid.h"
#include "storage/off.h"

typedef Pointer Page;

typedef uint16 LocationIndex;

/* An LSN on a page is stored high word first, unlike everywhere else. */
typedef struct
{
	uint32 xlogid;
	uint32 xrecoff;
} PageXLogRecPtr;

static inline XLogRecPtr
PageXLogRecPtrGet(PageXLogRecPtr val)
{
	return ((uint64) val.xlogid << 32) | val.xrecoff;
}

#define PageXLogRecPtrSet(ptr, lsn) \
	((ptr).xlogid = (uint32) ((lsn) >> 32), (ptr).xrecoff = (uint32) (lsn))

typedef struct PageHeaderData
{
	PageXLogRecPtr pd_lsn;      /* end of the record of the last change */
	uint16 pd_checksum;         /* true only in the copy that is written */
	uint16 pd_flags;            /* PD_xxx */
	LocationIndex pd_lower;     /* end of the line pointers */
	LocationIndex pd_upper;     /* start of the tuples; 0: new page */
	LocationIndex pd_special;   /* start of the special space */
	uint16 pd_pagesize_version; /* page size | layout version */
	TransactionId pd_prune_xid; /* oldest prunable xid of a heap page, or 0 */
	ItemIdData pd_linp[FLEXIBLE_ARRAY_MEMBER]; /* line pointers */
} PageHeaderData;

typedef PageHeaderData *PageHeader;

#define SizeOfPageHeaderData (offsetof(PageHeaderData, pd_linp))

StaticAssertDecl(offsetof(PageHeaderData, pd_linp) == 24,
                 "a page header is 24 bytes on disk");

#define PD_HAS_FREE_LINES 0x0001 /* perhaps unused line pointers */
#define PD_PAGE_FULL 0x0002      /* an update found no room here */
#define PD_ALL_VISIBLE 0x0004    /* every tuple is visible to everyone */
#define PD_VALID_FLAG_BITS 0x0007

#define PG_PAGE_LAYOUT_VERSION 4
#define PG_DATA_CHECKSUM_VERSION 1

/* flags of PageAddItemExtended */
#define PAI_OVERWRITE (1 << 0)
#define PAI_IS_HEAP (1 << 1)

/* flags of PageIsVerifiedExtended */
#define PIV_LOG_WARNING (1 << 0)
#define PIV_REPORT_STAT (1 << 1)

static inline bool
PageIsEmpty(Page page)
{
	return ((PageHeader) page)->pd_lower <= SizeOfPageHeaderData;
}

static inline bool
PageIsNew(Page page)
{
	return ((PageHeader) page)->pd_upper == 0;
}

static inline ItemId
PageGetItemId(Page page, OffsetNumber offsetNumber)
{
	return &((PageHeader) page)->pd_linp[offsetNumber - 1];
}

static inline char *
PageGetContents(Page page)
{
	return (char *) page + MAXALIGN(SizeOfPageHeaderData);
}

static inline Size
PageGetPageSize(Page page)
{
	return (Size) (((PageHeader) page)->pd_pagesize_version & 0xFF00);
}

static inline uint8
PageGetPageLayoutVersion(Page page)
{
	return ((PageHeader) page)->pd_pagesize_version & 0x00FF;
}

static inline uint16
PageGetSpecialSize(Page page)
{
	return (uint16) (PageGetPageSize(page) - ((PageHeader) page)->pd_special);
}

static inline char *
PageGetSpecialPointer(Page page)
{
	AssertHot(((PageHeader) page)->pd_special <= BLCKSZ &&
	          ((PageHeader) page)->pd_special >= SizeOfPageHeaderData);
	return (char *) page + ((PageHeader) page)->pd_special;
}

static inline Item
PageGetItem(Page page, ItemId itemId)
{
	AssertHot(ItemIdHasStorage(itemId));
	return (Item) ((char *) page + ItemIdGetOffset(itemId));
}

/* number of the last line pointer, 0 when there is none */
static inline OffsetNumber
PageGetMaxOffsetNumber(Page page)
{
	PageHeader pageheader = (PageHeader) page;

	if (pageheader->pd_lower <= SizeOfPageHeaderData)
		return 0;
	return (pageheader->pd_lower - SizeOfPageHeaderData) / sizeof(ItemIdData);
}

static inline XLogRecPtr
PageGetLSN(Page page)
{
	return PageXLogRecPtrGet(((PageHeader) page)->pd_lsn);
}

static inline void
PageSetLSN(Page page, XLogRecPtr lsn)
{
	PageXLogRecPtrSet(((PageHeader) page)->pd_lsn, lsn);
}

static inline bool
PageHasFreeLinePointers(Page page)
{
	return (((PageHeader) page)->pd_flags & PD_HAS_FREE_LINES) != 0;
}

static inline void
PageSetHasFreeLinePointers(Page page)
{
	((PageHeader) page)->pd_flags |= PD_HAS_FREE_LINES;
}

static inline void
PageClearHasFreeLinePointers(Page page)
{
	((PageHeader) page)->pd_flags &= ~PD_HAS_FREE_LINES;
}

static inline bool
PageIsFull(Page page)
{
	return (((PageHeader) page)->pd_flags & PD_PAGE_FULL) != 0;
}

static inline void
PageSetFull(Page page)
{
	((PageHeader) page)->pd_flags |= PD_PAGE_FULL;
}

static inline void
PageClearFull(Page page)
{
	((PageHeader) page)->pd_flags &= ~PD_PAGE_FULL;
}

static inline bool
PageIsAllVisible(Page page)
{
	return (((PageHeader) page)->pd_flags & PD_ALL_VISIBLE) != 0;
}

static inline void
PageSetAllVisible(Page page)
{
	((PageHeader) page)->pd_flags |= PD_ALL_VISIBLE;
}

static inline void
PageClearAllVisible(Page page)
{
	((PageHeader) page)->pd_flags &= ~PD_ALL_VISIBLE;
}

/* remembers xid as a hint that pruning may pay once it is old enough */
#define PageSetPrunable(page, xid)                                           \
	do                                                                       \
	{                                                                        \
		Assert(TransactionIdIsNormal(xid));                                  \
		if (!TransactionIdIsValid(((PageHeader) (page))->pd_prune_xid) ||    \
		    TransactionIdPrecedes(xid, ((PageHeader) (page))->pd_prune_xid)) \
			((PageHeader) (page))->pd_prune_xid = (xid);                     \
	} while (0)
#define PageClearPrunable(page) \
	(((PageHeader) (page))->pd_prune_xid = InvalidTransactionId)

/* Zeroes the page and writes its header; specialSize is rounded up to 8. */
extern void PageInit(Page page, Size pageSize, Size specialSize);

/*
 * Is this page, just read from blkno of its fork, what was once written: a
 * sane header with the right checksum (when checksums are on), or all zeros?
 * With PIV_LOG_WARNING a wrong checksum is reported as a WARNING (XX001).
 */
extern bool PageIsVerifiedExtended(Page page, BlockNumber blkno, int flags);

/*
 * Puts a copy of item on the page: at offsetNumber, or at the first free
 * place if that is invalid.  Returns the place, InvalidOffsetNumber when it
 * does not fit (the page is unchanged).  A corrupted header is a PANIC.
 */
extern OffsetNumber PageAddItemExtended(Page page, Item item, Size size,
                                        OffsetNumber offsetNumber, int flags);
#define PageAddItem(page, item, size, offsetNumber, overwrite, is_heap) \
	PageAddItemExtended(page, item, size, offsetNumber,                 \
	                    ((overwrite) ? PAI_OVERWRITE : 0) |             \
	                        ((is_heap) ? PAI_IS_HEAP : 0))

/*
 * Working copies: a page that is filled privately and then put in the place
 * of the original at once.  Allocated in CurrentMemoryContext.
 */
extern Page PageGetTempPage(Page page);
extern Page PageGetTempPageCopy(Page page);
extern Page PageGetTempPageCopySpecial(Page page);
extern void PageRestoreTempPage(Page tempPage, Page oldPage);

/* Packs the tuples towards the special space; needs a cleanup lock. */
extern void PageRepairFragmentation(Page page);
/* Gives back unused line pointers at the end of the array (keeps one). */
extern void PageTruncateLinePointerArray(Page page);

/* Room for one more item with its line pointer; "exact": without. */
extern Size PageGetFreeSpace(Page page);
extern Size PageGetFreeSpaceForMultipleTuples(Page page, int ntups);
extern Size PageGetExactFreeSpace(Page page);
extern Size PageGetHeapFreeSpace(Page page);

/* Removal of index tuples together with their line pointers. */
extern void PageIndexTupleDelete(Page page, OffsetNumber offnum);
extern void PageIndexMultiDelete(Page page, OffsetNumber *itemnos, int nitems);
extern void PageIndexTupleDeleteNoCompact(Page page, OffsetNumber offnum);
/* Replaces a tuple in its place; false if it does not fit. */
extern bool PageIndexTupleOverwrite(Page page, OffsetNumber offnum, Item newtup,
                                    Size newsize);

/*
 * The page with its checksum for blkno, in a private copy that stays true
 * until the next call in this process; the page itself when checksums are off
 * or it is new.
 */
extern char *PageSetChecksumCopy(Page page, BlockNumber blkno);
/* Sets the checksum in a page that nobody else can see. */
extern void PageSetChecksumInplace(Page page, BlockNumber blkno);

#endif /* BUFPAGE_H */
