/*
 * access/toast_index.h
 *		The index of TOAST relations: from (chunk_id, chunk_seq) to the chunk.
 *
 * Entries begin at TOAST_INDEX_ENTRIES_OFFSET and end at pd_lower.
 */
#ifndef TOAST_INDEX_H
#define TOAST_INDEX_H

#include "access/genam.h"
#include "fmgr.h"
#include "storage/bufpage.h"

#define TOAST_INDEX_MAGIC 0x54435849
#define TOAST_INDEX_VERSION 2
#define TOAST_INDEX_PAGE_ID 0xFFA0
#define TOAST_INDEX_METAPAGE 0
#define TOAST_INDEX_MAX_LEVELS 8
#define TOAST_INDEX_FREE_LEVEL 0xFFFF /* of a page that is not in the tree */

/* On a leaf the place of a chunk, above it the block of a page below. */
typedef struct ToastIndexEntry
{
	Oid chunk_id;
	uint32 chunk_seq;
	BlockNumber block;
	OffsetNumber offset; /* leaves only */
	uint16 unused;
} ToastIndexEntry;

StaticAssertDecl(sizeof(ToastIndexEntry) == 16, "stored on disk");

typedef struct ToastIndexMeta
{
	uint32 magic;
	uint32 version;
	BlockNumber root;
	uint32 level;     /* of the root; leaves: 0 */
	BlockNumber free; /* the first free page; they are a chain by next */
} ToastIndexMeta;

/* The special space of every page. */
typedef struct ToastIndexOpaque
{
	uint64 low;       /* the key of the entry above that leads here */
	BlockNumber next; /* to the right on the same level, or the next free one */
	uint16 level;
	uint16 page_id;
} ToastIndexOpaque;

StaticAssertDecl(sizeof(ToastIndexOpaque) == 16, "stored on disk");

#define TOAST_INDEX_ENTRIES_OFFSET MAXALIGN(SizeOfPageHeaderData)
#define TOAST_INDEX_ENTRIES_PER_PAGE                                           \
	((int) ((BLCKSZ - TOAST_INDEX_ENTRIES_OFFSET - sizeof(ToastIndexOpaque)) / \
	        sizeof(ToastIndexEntry)))
#define ToastIndexPageOpaque(page) \
	((ToastIndexOpaque *) PageGetSpecialPointer(page))
#define ToastIndexPageEntries(page) ((ToastIndexEntry *) PageGetContents(page))
#define ToastIndexPageMeta(page) ((ToastIndexMeta *) PageGetContents(page))

static inline uint64
ToastIndexEntryKey(const ToastIndexEntry *entry)
{
	return ((uint64) entry->chunk_id << 32) | entry->chunk_seq;
}

/* May be nonsense on a damaged page. */
static inline int
ToastIndexPageCount(Page page)
{
	return (((PageHeader) page)->pd_lower - (int) TOAST_INDEX_ENTRIES_OFFSET) /
	       (int) sizeof(ToastIndexEntry);
}

/*
 * The entries of a value from chunk first to chunk last, in order; found has
 * room for last - first + 1.  Returns how many there are.
 */
extern int ToastIndexLookup(Relation index, Oid chunk_id, uint32 first,
                            uint32 last, ToastIndexEntry *found);
/*
 * The places of n chunks of a value, from chunk first on.  ERROR 23505 if the
 * index has one of the keys with another place.
 */
extern void ToastIndexInsert(Relation index, Oid chunk_id, uint32 first,
                             const ItemPointerData *places, int n);
extern Datum toast_index_handler(PG_FUNCTION_ARGS);

#endif /* TOAST_INDEX_H */
