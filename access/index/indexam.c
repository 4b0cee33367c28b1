/*
 * indexam.c
 *		Indexes as the rest of the server uses them: opened, inserted into and
 *		scanned through the callbacks of their access method.
 *
 * An index scan returns TIDs; the row versions are fetched from the heap under
 * the scan's snapshot, page after page, the last one kept pinned.
 *
 * Corresponds to PostgreSQL's indexam.c.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "pgstat.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#define CheckAmHas(rel, callback)                                          \
	do                                                                     \
	{                                                                      \
		if ((rel)->rd_indam->callback == NULL)                             \
			elog(ERROR, "function \"%s\" is not defined for index \"%s\"", \
			     #callback, RelationGetRelationName(rel));                 \
	} while (0)

Relation
index_open(Oid relationId, LOCKMODE lockmode)
{
	Relation rel = relation_open(relationId, lockmode);

	if (rel->rd_rel->relkind != RELKIND_INDEX)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not an index",
		                       RelationGetRelationName(rel))));
	return rel;
}

void
index_close(Relation relation, LOCKMODE lockmode)
{
	relation_close(relation, lockmode);
}

bool
index_insert(Relation indexRelation, Datum *values, bool *isnull,
             ItemPointer heap_t_ctid, Relation heapRelation,
             IndexUniqueCheck checkUnique, bool indexUnchanged,
             IndexInfo *indexInfo)
{
	CheckAmHas(indexRelation, aminsert);
	return indexRelation->rd_indam->aminsert(
		indexRelation, values, isnull, heap_t_ctid, heapRelation, checkUnique,
		indexUnchanged, indexInfo);
}

/* The snapshot must stay registered or active until index_endscan. */
IndexScanDesc
index_beginscan(Relation heapRelation, Relation indexRelation,
                Snapshot snapshot, int nkeys, int norderbys)
{
	IndexScanDesc scan;

	CheckAmHas(indexRelation, ambeginscan);
	RelationIncrementReferenceCount(indexRelation);
	scan =
		indexRelation->rd_indam->ambeginscan(indexRelation, nkeys, norderbys);
	scan->heapRelation = heapRelation;
	scan->xs_snapshot = snapshot;
	scan->xs_heapfetch = table_index_fetch_begin(heapRelation);
	return scan;
}

void
index_rescan(IndexScanDesc scan, ScanKey keys, int nkeys, ScanKey orderbys,
             int norderbys)
{
	CheckAmHas(scan->indexRelation, amrescan);
	Assert(nkeys == scan->numberOfKeys);
	Assert(norderbys == scan->numberOfOrderBys);

	if (scan->xs_heapfetch != NULL)
		table_index_fetch_reset(scan->xs_heapfetch);
	scan->kill_prior_tuple = false;
	scan->xs_heap_continue = false;
	scan->indexRelation->rd_indam->amrescan(scan, keys, nkeys, orderbys,
	                                        norderbys);
}

void
index_endscan(IndexScanDesc scan)
{
	CheckAmHas(scan->indexRelation, amendscan);
	if (scan->xs_heapfetch != NULL)
		table_index_fetch_end(scan->xs_heapfetch);
	scan->indexRelation->rd_indam->amendscan(scan);
	RelationDecrementReferenceCount(scan->indexRelation);
	if (scan->keyData != NULL)
		pfree(scan->keyData);
	if (scan->orderByData != NULL)
		pfree(scan->orderByData);
	pfree(scan);
}

/* The TID lies in the scan descriptor, until the next call. */
ItemPointer
index_getnext_tid(IndexScanDesc scan, ScanDirection direction)
{
	Assert(TransactionIdIsValid(TransactionXmin));
	scan->kill_prior_tuple = false;
	scan->xs_heap_continue = false;
	if (!scan->indexRelation->rd_indam->amgettuple(scan, direction))
	{
		if (scan->xs_heapfetch != NULL)
			table_index_fetch_reset(scan->xs_heapfetch);
		return NULL;
	}
	Assert(ItemPointerIsValid(&scan->xs_heaptid));
	pgstat_count_index_tuples(scan->indexRelation, 1);
	return &scan->xs_heaptid;
}

/*
 * The row of the last TID, if the snapshot sees a version of it; the TID
 * becomes that version's.
 */
bool
index_fetch_heap(IndexScanDesc scan, TupleTableSlot *slot)
{
	bool all_dead = false;
	bool found;

	found = table_index_fetch_tuple(scan->xs_heapfetch, &scan->xs_heaptid,
	                                scan->xs_snapshot, slot,
	                                &scan->xs_heap_continue, &all_dead);
	scan->kill_prior_tuple = all_dead;
	if (found)
		pgstat_count_heap_fetch(scan->indexRelation);
	return found;
}

bool
index_getnext_slot(IndexScanDesc scan, ScanDirection direction,
                   TupleTableSlot *slot)
{
	for (;;)
	{
		if (!scan->xs_heap_continue &&
		    index_getnext_tid(scan, direction) == NULL)
			return false;
		if (index_fetch_heap(scan, slot))
			return true;
		CHECK_FOR_INTERRUPTS();
	}
}

IndexBulkDeleteResult *
index_bulk_delete(IndexVacuumInfo *info, IndexBulkDeleteResult *istat,
                  IndexBulkDeleteCallback callback, void *callback_state)
{
	return info->index->rd_indam->ambulkdelete(info, istat, callback,
	                                           callback_state);
}

IndexBulkDeleteResult *
index_vacuum_cleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *istat)
{
	return info->index->rd_indam->amvacuumcleanup(info, istat);
}

RegProcedure
index_getprocid(Relation irel, AttrNumber attnum, uint16 procnum)
{
	int nproc = irel->rd_indam->amsupport;

	Assert(procnum > 0 && procnum <= nproc);
	return irel->rd_support[nproc * (attnum - 1) + procnum - 1];
}

/* Valid as long as the index is open. */
FmgrInfo *
index_getprocinfo(Relation irel, AttrNumber attnum, uint16 procnum)
{
	int nproc = irel->rd_indam->amsupport;
	FmgrInfo *locinfo;

	Assert(procnum > 0 && procnum <= nproc);
	locinfo = &irel->rd_supportinfo[nproc * (attnum - 1) + procnum - 1];
	if (locinfo->fn_oid == InvalidOid)
	{
		RegProcedure procId = index_getprocid(irel, attnum, procnum);

		if (!OidIsValid(procId))
			elog(ERROR,
			     "missing support function %d for attribute %d of index "
			     "\"%s\"",
			     procnum, attnum, RelationGetRelationName(irel));
		fmgr_info_cxt(procId, locinfo, irel->rd_indexcxt);
	}
	return locinfo;
}
