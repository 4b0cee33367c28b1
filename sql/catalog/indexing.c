/*
 * indexing.c
 *		Changes of catalog rows.
 *
 * A change is a change of a heap row plus messages: that rows of this catalog
 * changed, and which relation's descriptor is out of date by it.  Messages are
 * made before the change is done, from the old and the new row alike.  Counts
 * and frozen xids are overwritten where they are (heapam_inplace.c), in the
 * newest version of the row.
 *
 * Corresponds to PostgreSQL's indexing.c (there are no indexes on catalogs
 * here) and CacheInvalidateHeapTuple.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "miscadmin.h"
#include "utils/injection_point.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/syscache.h"

static void
InvalidateTuple(Relation rel, HeapTuple tup)
{
	CacheInvalidateCatalog(RelationGetRelid(rel));
	switch (RelationGetRelid(rel))
	{
		case RelationRelationId:
			CacheInvalidateRelcacheByRelid(
				((Form_pg_class) GETSTRUCT(tup))->oid);
			break;
		case AttributeRelationId:
			CacheInvalidateRelcacheByRelid(
				((Form_pg_attribute) GETSTRUCT(tup))->attrelid);
			break;
		case IndexRelationId:
			CacheInvalidateRelcacheByRelid(
				((Form_pg_index) GETSTRUCT(tup))->indexrelid);
			CacheInvalidateRelcacheByRelid(
				((Form_pg_index) GETSTRUCT(tup))->indrelid);
			break;
		default:
			break;
	}
}

void
CatalogTupleInsert(Relation heapRel, HeapTuple tup)
{
	InvalidateTuple(heapRel, tup);
	simple_heap_insert(heapRel, tup);
}

void
CatalogTupleUpdate(Relation heapRel, ItemPointer otid, HeapTuple tup)
{
	InvalidateTuple(heapRel, tup);
	simple_heap_update(heapRel, otid, tup);
}

void
CatalogTupleDelete(Relation heapRel, HeapTuple tup)
{
	InvalidateTuple(heapRel, tup);
	simple_heap_delete(heapRel, &tup->t_self);
}

HeapTuple
CatalogInplaceBegin(Relation heapRel, int cacheId, Oid oid, Buffer *buffer)
{
	for (;;)
	{
		HeapTuple tuple = SearchSysCacheCopy1(cacheId, ObjectIdGetDatum(oid));

		if (tuple == NULL)
			return NULL;
		INJECTION_POINT("catalog-inplace");
		if (heap_inplace_lock(heapRel, tuple, buffer))
			return tuple;
		heap_freetuple(tuple);
		CHECK_FOR_INTERRUPTS();
		AcceptInvalidationMessages();
	}
}

void
CatalogInplaceEnd(Relation heapRel, HeapTuple tuple, Buffer buffer,
                  bool changed)
{
	if (changed)
	{
		heap_inplace_update_and_unlock(heapRel, tuple, buffer);
		InvalidateTuple(heapRel, tuple);
	}
	else
		heap_inplace_unlock(buffer);
	heap_freetuple(tuple);
}
