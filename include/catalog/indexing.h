/*
 * catalog/indexing.h
 *		Changing rows of catalogs: the heap, and word to all caches.
 */
#ifndef INDEXING_H
#define INDEXING_H

#include "access/htup.h"
#include "storage/itemptr.h"
#include "utils/relcache.h"

/* Visible to later commands of this transaction (CommandCounterIncrement). */
extern void CatalogTupleInsert(Relation heapRel, HeapTuple tup);
extern void
CatalogTupleUpdate(Relation heapRel, ItemPointer otid, HeapTuple tup);
extern void CatalogTupleDelete(Relation heapRel, HeapTuple tup);

#endif /* INDEXING_H */
