/*
 * access/heaptoast.h
 *		Rows that are too wide for their page.
 */
#ifndef HEAPTOAST_H
#define HEAPTOAST_H

#include "access/htup_details.h"
#include "utils/relcache.h"

struct BulkInsertStateData; /* access/hio.h */

#define MaximumBytesPerTuple(tuplesPerPage)                                   \
	MAXALIGN_DOWN((BLCKSZ - MAXALIGN(SizeOfPageHeaderData +                   \
	                                 (tuplesPerPage) * sizeof(ItemIdData))) / \
	              (tuplesPerPage))
#define TOAST_TUPLES_PER_PAGE 4
#define TOAST_TUPLE_THRESHOLD MaximumBytesPerTuple(TOAST_TUPLES_PER_PAGE)
#define TOAST_TUPLE_TARGET TOAST_TUPLE_THRESHOLD
#define TOAST_TUPLE_TARGET_MAIN MaximumBytesPerTuple(1)
#define TOAST_MAX_CHUNK_SIZE                       \
	(MaximumBytesPerTuple(TOAST_TUPLES_PER_PAGE) - \
	 MAXALIGN(SizeofHeapTupleHeader) - sizeof(Oid) - sizeof(int32) - VARHDRSZ)

/* Must the tuple go through heap_toast_insert_or_update. */
extern bool heap_tuple_needs_toast(Relation rel, HeapTuple tup);
/*
 * newtup, or a tuple with smaller values in its place.  oldtup: the version
 * that it replaces, or NULL; chunks that only that one needs are deleted.  No
 * page may be locked.  bistate: that of the table, or NULL.
 */
extern HeapTuple
heap_toast_insert_or_update(Relation rel, HeapTuple newtup, HeapTuple oldtup,
                            int options, struct BulkInsertStateData *bistate);
extern void heap_toast_delete(Relation rel, HeapTuple oldtup);
/*
 * Bytes sliceoffset .. + slicelength of the attrsize bytes of a value, into
 * VARDATA(result).  ERROR XX001 if chunks are not as they must be.
 */
extern void heap_fetch_toast_slice(Relation toastrel, Oid valueid,
                                   int32 attrsize, int32 sliceoffset,
                                   int32 slicelength, struct varlena *result);

#endif /* HEAPTOAST_H */
