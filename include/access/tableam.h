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

extern TableScanDesc
table_beginscan(Relation rel, Snapshot snapshot, int nkeys, ScanKey key);
extern void table_endscan(TableScanDesc scan);
extern void table_rescan(TableScanDesc scan, ScanKey key);
extern bool table_scan_getnextslot(TableScanDesc scan, ScanDirection direction,
                                   TupleTableSlot *slot);

extern Size table_parallelscan_estimate(Relation rel, Snapshot snapshot);
extern void
table_parallelscan_initialize(Relation rel, ParallelTableScanDesc pscan,
                              Snapshot snapshot);
/* A share of the shared scan; ends like any other. */
extern TableScanDesc
table_beginscan_parallel(Relation rel, ParallelTableScanDesc pscan);

/*
 * Calls callback for every row the index needs and ends scan, if given;
 * returns the number of live rows.
 */
extern double table_index_build_scan(Relation table_rel, Relation index_rel,
                                     IndexInfo *index_info, bool allow_sync,
                                     bool progress, IndexBuildCallback callback,
                                     void *callback_state, TableScanDesc scan);

typedef enum TM_Result
{
	TM_Ok,
	TM_Invisible,
	TM_SelfModified,
	TM_Updated,
	TM_Deleted,
	TM_BeingModified
} TM_Result;

/* Why not TM_Ok. */
typedef struct TM_FailureData
{
	ItemPointerData ctid; /* the newer version, or the row itself */
	TransactionId xmax;
	CommandId cmax; /* TM_SelfModified */
} TM_FailureData;

typedef struct BulkInsertStateData *BulkInsertState;

extern BulkInsertState GetBulkInsertState(void);
extern void FreeBulkInsertState(BulkInsertState bistate);
extern void ReleaseBulkInsertStatePin(BulkInsertState bistate);

extern TupleTableSlot *table_slot_create(Relation relation, List **reglist);

/* slot->tts_tid says where it went */
extern void
table_tuple_insert(Relation rel, TupleTableSlot *slot, CommandId cid,
                   int options, BulkInsertState bistate);
extern void
table_multi_insert(Relation rel, TupleTableSlot **slots, int nslots,
                   CommandId cid, int options, BulkInsertState bistate);
/* wait: for a transaction that is changing the row; never TM_BeingModified */
extern TM_Result
table_tuple_delete(Relation rel, ItemPointer tid, CommandId cid,
                   Snapshot snapshot, Snapshot crosscheck, bool wait,
                   TM_FailureData *tmfd, bool changingPart);
extern bool
table_tuple_fetch_row_version(Relation rel, ItemPointer tid, Snapshot snapshot,
                              TupleTableSlot *slot);

/* Rows by the TIDs of an index; keeps the last page pinned. */
typedef struct IndexFetchTableData
{
	Relation rel;
	Buffer xs_cbuf;
} IndexFetchTableData;

extern IndexFetchTableData *table_index_fetch_begin(Relation rel);
extern void table_index_fetch_reset(IndexFetchTableData *scan);
extern void table_index_fetch_end(IndexFetchTableData *scan);
extern bool table_index_fetch_tuple(IndexFetchTableData *scan, ItemPointer tid,
                                    Snapshot snapshot, TupleTableSlot *slot,
                                    bool *call_again, bool *all_dead);

#endif /* TABLEAM_H */
