/*
 * access/tableam.h
 *		Tables as the executor and index builds see them.
 */
#ifndef TABLEAM_H
#define TABLEAM_H

#include "access/relscan.h"
#include "executor/tuptable.h"
#include "nodes/execnodes.h"
#include "nodes/lockoptions.h"

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

/* The same of some blocks only, under the snapshot of the scan. */
extern double
table_index_build_range_scan(Relation table_rel, Relation index_rel,
                             IndexInfo *index_info, BlockNumber start_blockno,
                             BlockNumber numblocks, IndexBuildCallback callback,
                             void *callback_state, TableScanDesc scan);

/* What the second phase of CREATE INDEX CONCURRENTLY knows and counts. */
typedef struct ValidateIndexState
{
	ItemPointerData *tids; /* in the index already; ascending */
	int64 ntids;
	double htups;         /* rows that the snapshot sees */
	double itups;         /* the caller's */
	double tups_inserted; /* of them, not in the index before */
} ValidateIndexState;

/*
 * Inserts the rows that the snapshot sees and the index lacks; of a TOAST
 * relation all that are not dead.
 */
extern void table_index_validate_scan(Relation table_rel, Relation index_rel,
                                      IndexInfo *index_info, Snapshot snapshot,
                                      ValidateIndexState *state);

typedef enum TM_Result
{
	TM_Ok,
	TM_Invisible,
	TM_SelfModified,
	TM_Updated,
	TM_Deleted,
	TM_BeingModified,
	TM_WouldBlock /* locked, and the caller does not want to wait */
} TM_Result;

/* Why not TM_Ok. */
typedef struct TM_FailureData
{
	ItemPointerData ctid; /* the newer version, or the row itself */
	TransactionId xmax;
	CommandId cmax; /* TM_SelfModified */
	bool traversed; /* table_tuple_lock went on to a newer version */
} TM_FailureData;

/* Which indexes need an entry for the new version of a row. */
typedef enum TU_UpdateIndexes
{
	TU_None,
	TU_All,
	TU_Summarizing /* never: there are no such indexes */
} TU_UpdateIndexes;

/* options of inserts */
#define TABLE_INSERT_SKIP_FSM 0x0002
#define TABLE_INSERT_FROZEN 0x0004 /* the table is ours alone */

/* flags of table_tuple_lock */
#define TUPLE_LOCK_FLAG_LOCK_UPDATE_IN_PROGRESS (1 << 0)
#define TUPLE_LOCK_FLAG_FIND_LAST_VERSION (1 << 1)

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
/*
 * slot: the new version, whose tts_tid is set; update_indexes: what is to be
 * inserted with it.  Results as of table_tuple_delete.
 */
extern TM_Result
table_tuple_update(Relation rel, ItemPointer otid, TupleTableSlot *slot,
                   CommandId cid, Snapshot snapshot, Snapshot crosscheck,
                   bool wait, TM_FailureData *tmfd, LockTupleMode *lockmode,
                   TU_UpdateIndexes *update_indexes);
/*
 * Locks the row until the end of the transaction.  With FIND_LAST_VERSION an
 * updated row's newest version, whose tid is returned; slot holds the row
 * unless it is gone.  LockWaitError: ERROR 55P03.
 */
extern TM_Result
table_tuple_lock(Relation rel, ItemPointer tid, Snapshot snapshot,
                 TupleTableSlot *slot, CommandId cid, LockTupleMode mode,
                 LockWaitPolicy wait_policy, uint8 flags, TM_FailureData *tmfd);
/* tid: to the newest version that the snapshot sees, or unchanged */
extern void
table_tuple_get_latest_tid(Relation rel, Snapshot snapshot, ItemPointer tid);
extern bool
table_tuple_fetch_row_version(Relation rel, ItemPointer tid, Snapshot snapshot,
                              TupleTableSlot *slot);

/* Rows by the TIDs of an index; keeps the last page pinned. */
typedef struct IndexFetchTableData
{
	Relation rel;
	Buffer xs_cbuf;
	TransactionId oldest_xmin; /* for all_dead; taken when first needed */
} IndexFetchTableData;

extern IndexFetchTableData *table_index_fetch_begin(Relation rel);
extern void table_index_fetch_reset(IndexFetchTableData *scan);
extern void table_index_fetch_end(IndexFetchTableData *scan);
/*
 * Follows the HOT chain that begins at tid; tid becomes the version that was
 * found.  *call_again: there may be more of it (snapshots that are not MVCC);
 * the next call goes on from tid.  *all_dead, if not NULL: nobody sees any.
 */
extern bool table_index_fetch_tuple(IndexFetchTableData *scan, ItemPointer tid,
                                    Snapshot snapshot, TupleTableSlot *slot,
                                    bool *call_again, bool *all_dead);

#endif /* TABLEAM_H */
