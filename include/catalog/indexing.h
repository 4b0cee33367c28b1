/*
 * catalog/indexing.h
 *		Changing rows of catalogs: the heap, and word to all caches.
 */
#ifndef INDEXING_H
#define INDEXING_H

#include "access/htup.h"
#include "storage/buf.h"
#include "storage/itemptr.h"
#include "utils/relcache.h"

/* Visible to later commands of this transaction (CommandCounterIncrement). */
extern void CatalogTupleInsert(Relation heapRel, HeapTuple tup);
extern void
CatalogTupleUpdate(Relation heapRel, ItemPointer otid, HeapTuple tup);
extern void CatalogTupleDelete(Relation heapRel, HeapTuple tup);
/*
 * To overwrite a row where it is (access/heapam.h): a copy of its newest
 * version, whose page is locked until CatalogInplaceEnd; NULL: no such row.
 * Waits for who changes it.
 */
extern HeapTuple
CatalogInplaceBegin(Relation heapRel, int cacheId, Oid oid, Buffer *buffer);
/* Writes the copy back if it was changed, and frees it. */
extern void CatalogInplaceEnd(Relation heapRel, HeapTuple tuple, Buffer buffer,
                              bool changed);

#endif /* INDEXING_H */
