/*
 * access/toast_index.h
 *		The index of TOAST relations: from (chunk_id, chunk_seq) to the chunk.
 */
#ifndef TOAST_INDEX_H
#define TOAST_INDEX_H

#include "access/genam.h"
#include "fmgr.h"

#define TOAST_INDEX_MAGIC 0x54435849
#define TOAST_INDEX_VERSION 1
#define TOAST_INDEX_PAGE_ID 0xFFA0
#define TOAST_INDEX_METAPAGE 0

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
	uint32 level; /* of the root; leaves: 0 */
} ToastIndexMeta;

typedef struct ToastIndexOpaque
{
	BlockNumber next; /* to the right on the same level */
	uint16 level;
	uint16 page_id;
} ToastIndexOpaque;

/*
 * The entries of a value from chunk first to chunk last, in order; found has
 * room for last - first + 1.  Returns how many there are.
 */
extern int ToastIndexLookup(Relation index, Oid chunk_id, uint32 first,
                            uint32 last, ToastIndexEntry *found);
extern void ToastIndexInsert(Relation index, Oid chunk_id, uint32 chunk_seq,
                             ItemPointer tid);
extern Datum toast_index_handler(PG_FUNCTION_ARGS);

#endif /* TOAST_INDEX_H */
