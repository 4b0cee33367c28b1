/*
 * access/genam.h
 *		Opening and scanning indexes.
 */
#ifndef GENAM_H
#define GENAM_H

#include "access/amapi.h"
#include "storage/lockdefs.h"

extern Relation index_open(Oid relationId, LOCKMODE lockmode);
extern void index_close(Relation relation, LOCKMODE lockmode);
extern bool index_insert(Relation indexRelation, Datum *values, bool *isnull,
                         ItemPointer heap_t_ctid, Relation heapRelation,
                         IndexUniqueCheck checkUnique, bool indexUnchanged,
                         IndexInfo *indexInfo);
extern IndexScanDesc
index_beginscan(Relation heapRelation, Relation indexRelation,
                Snapshot snapshot, int nkeys, int norderbys);
extern void index_rescan(IndexScanDesc scan, ScanKey keys, int nkeys,
                         ScanKey orderbys, int norderbys);
extern void index_endscan(IndexScanDesc scan);
extern ItemPointer
index_getnext_tid(IndexScanDesc scan, ScanDirection direction);
extern bool index_fetch_heap(IndexScanDesc scan, TupleTableSlot *slot);
extern bool index_getnext_slot(IndexScanDesc scan, ScanDirection direction,
                               TupleTableSlot *slot);
extern IndexBulkDeleteResult *
index_bulk_delete(IndexVacuumInfo *info, IndexBulkDeleteResult *istat,
                  IndexBulkDeleteCallback callback, void *callback_state);
extern IndexBulkDeleteResult *
index_vacuum_cleanup(IndexVacuumInfo *info, IndexBulkDeleteResult *istat);
extern RegProcedure
index_getprocid(Relation irel, AttrNumber attnum, uint16 procnum);
extern FmgrInfo *
index_getprocinfo(Relation irel, AttrNumber attnum, uint16 procnum);
extern IndexScanDesc
RelationGetIndexScan(Relation indexRelation, int nkeys, int norderbys);

#endif /* GENAM_H */
