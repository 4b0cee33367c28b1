/*
 * access/tableam.h
 *		Tables as the executor and index builds see them.
 */
#ifndef TABLEAM_H
#define TABLEAM_H

#include "access/relscan.h"
#include "executor/tuptable.h"
#include "nodes/execnodes.h"

/* One row for the index; values are of the index's columns. */
typedef void (*IndexBuildCallback)(Relation index, ItemPointer tid,
                                   Datum *values, bool *isnull,
                                   bool tupleIsAlive, void *state);

extern TableScanDesc table_beginscan(Relation rel, Snapshot snapshot, int nkeys,
                                     ScanKey key);
extern void table_endscan(TableScanDesc scan);
extern void table_rescan(TableScanDesc scan, ScanKey key);
extern bool table_scan_getnextslot(TableScanDesc scan, ScanDirection direction,
                                   TupleTableSlot *slot);

extern Size table_parallelscan_estimate(Relation rel, Snapshot snapshot);
extern void table_parallelscan_initialize(Relation rel,
                                          ParallelTableScanDesc pscan,
                                          Snapshot snapshot);
/* A share of the shared scan; ends like any other. */
extern TableScanDesc table_beginscan_parallel(Relation rel,
                                              ParallelTableScanDesc pscan);

/*
 * Calls callback for every row the index needs and ends scan, if given;
 * returns the number of live rows.
 */
extern double table_index_build_scan(Relation table_rel, Relation index_rel,
                                     IndexInfo *index_info, bool allow_sync,
                                     bool progress, IndexBuildCallback callback,
                                     void *callback_state, TableScanDesc scan);

#endif /* TABLEAM_H */
