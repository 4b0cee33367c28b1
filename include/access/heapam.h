/*
 * access/heapam.h
 *		The heap: tables with versions of rows.
 */
#ifndef HEAPAM_H
#define HEAPAM_H

#include "access/htup_details.h"
#include "access/relscan.h"
#include "access/tableam.h"
#include "storage/bufmgr.h"

typedef enum
{
	HEAPTUPLE_DEAD,
	HEAPTUPLE_LIVE,
	HEAPTUPLE_RECENTLY_DEAD,
	HEAPTUPLE_INSERT_IN_PROGRESS,
	HEAPTUPLE_DELETE_IN_PROGRESS
} HTSV_Result;

/* State of a scan; page at a time: the visible tuples of the current page. */
typedef struct HeapScanDescData
{
	TableScanDescData rs_base;
	BlockNumber rs_startblock;
	BlockNumber rs_nblocks; /* at the start; where a range ends */
	BlockNumber rs_cblock;  /* InvalidBlockNumber: not begun, or over */
	Buffer rs_cbuf;         /* pinned page */
	bool rs_inited;
	BufferAccessStrategy rs_strategy;
	HeapTupleData rs_ctup;
	uint64 phsw_nallocated; /* next block of this participant's chunk */
	uint32 phsw_chunk_remaining;
	uint32 phsw_chunk_size;
	int rs_cindex;
	int rs_ntuples;
	OffsetNumber rs_vistuples[MaxHeapTuplesPerPage];
} HeapScanDescData;

typedef HeapScanDescData *HeapScanDesc;

extern bool
HeapTupleSatisfiesVisibility(HeapTuple tup, Snapshot snapshot, Buffer buffer);
extern TM_Result
HeapTupleSatisfiesUpdate(HeapTuple tup, CommandId curcid, Buffer buffer);
extern HTSV_Result
HeapTupleSatisfiesVacuum(HeapTuple tup, TransactionId OldestXmin,
                         Buffer buffer);

extern bool HeapTupleIsSurelyDead(HeapTuple tup, TransactionId OldestXmin);

extern HeapTuple heap_getnext(TableScanDesc sscan, ScanDirection direction);
/*
 * tuple->t_self says which; on success the buffer stays pinned.  keep_buf: also
 * if the snapshot does not see it; t_data is NULL if there is none.
 */
extern bool heap_fetch(Relation relation, Snapshot snapshot, HeapTuple tuple,
                       Buffer *userbuf, bool keep_buf);
/* Under the page's share lock; *tid becomes the one found. */
extern bool
heap_hot_search_buffer(ItemPointer tid, Relation relation, Buffer buffer,
                       Snapshot snapshot, HeapTuple heapTuple, bool *all_dead,
                       TransactionId *oldest_xmin, bool first_call);
extern void
heap_get_latest_tid(Relation relation, Snapshot snapshot, ItemPointer tid);

/* options: TABLE_INSERT_* */
extern void heap_insert(Relation relation, HeapTuple tup, CommandId cid,
                        int options, BulkInsertState bistate);
extern void
heap_multi_insert(Relation relation, TupleTableSlot **slots, int ntuples,
                  CommandId cid, int options, BulkInsertState bistate);
extern TM_Result heap_delete(Relation relation, ItemPointer tid, CommandId cid,
                             bool wait, TM_FailureData *tmfd);
extern TM_Result
heap_update(Relation relation, ItemPointer otid, HeapTuple newtup,
            CommandId cid, bool wait, TM_FailureData *tmfd,
            LockTupleMode *lockmode, TU_UpdateIndexes *update_indexes);
/* tuple->t_self says which; *buffer: its page, pinned whatever the result */
extern TM_Result
heap_lock_tuple(Relation relation, HeapTuple tuple, CommandId cid,
                LockTupleMode mode, LockWaitPolicy wait_policy, Buffer *buffer,
                TM_FailureData *tmfd);

/* heapam_inplace.c */
/*
 * Locks the page of the row that tuple is a copy of, and makes the copy what
 * the row is now.  false: there is a newer version, or none; nothing is locked,
 * who made it is over, the caller looks for it.
 */
extern bool
heap_inplace_lock(Relation relation, HeapTuple tuple, Buffer *buffer);
/* Overwrites the row with the changed copy, for all to see at once. */
extern void heap_inplace_update_and_unlock(Relation relation, HeapTuple tuple,
                                           Buffer buffer);
extern void heap_inplace_unlock(Buffer buffer);

/* heapam.c */
extern void simple_heap_insert(Relation relation, HeapTuple tup);
extern void simple_heap_delete(Relation relation, ItemPointer tid);
extern void
simple_heap_update(Relation relation, ItemPointer otid, HeapTuple tup);

/* pruneheap.c */
struct xl_heap_freeze_tuple;

/* Prunes the pinned, unlocked page if that pays and nobody is in the way. */
extern void heap_page_prune_opt(Relation relation, Buffer buffer);
/*
 * Under a cleanup lock; returns how many tuples went.  *nnewlpdead: line
 * pointers that became dead; off_loc, if not NULL: the tuple in hand.
 */
extern int
heap_page_prune(Relation relation, Buffer buffer, TransactionId OldestXmin,
                int *nnewlpdead, OffsetNumber *off_loc);
/* Under a cleanup lock, in a critical section or in redo. */
extern void
heap_page_prune_execute(Buffer buffer, OffsetNumber *redirected,
                        int nredirected, OffsetNumber *nowdead, int ndead,
                        OffsetNumber *nowunused, int nunused);
/* root_offsets[MaxHeapTuplesPerPage], by offset - 1; 0: no root */
extern void heap_get_root_tuples(Page page, OffsetNumber *root_offsets);
extern void
HeapTupleHeaderAdvanceLatestRemovedXid(HeapTupleHeader tuple,
                                       TransactionId *latestRemovedXid);

/* heapam_freeze.c */
/*
 * What freezing the tuple would do; false: nothing.  relfrozenxid_out goes back
 * to the oldest xid that stays.  ERROR XX001 for an xid that cannot be there.
 */
extern bool
heap_prepare_freeze_tuple(HeapTupleHeader tuple, TransactionId relfrozenxid,
                          TransactionId cutoff_xid,
                          struct xl_heap_freeze_tuple *frz,
                          bool *totally_frozen,
                          TransactionId *relfrozenxid_out);
extern void heap_execute_freeze_tuple(HeapTupleHeader tuple,
                                      struct xl_heap_freeze_tuple *frz);
extern bool heap_freeze_tuple(HeapTupleHeader tuple, TransactionId relfrozenxid,
                              TransactionId cutoff_xid);
/* Must it be frozen at cutoff_xid; relfrozenxid_out as above. */
extern bool
heap_tuple_would_freeze(HeapTupleHeader tuple, TransactionId cutoff_xid,
                        TransactionId *relfrozenxid_out);
/* Is there still an xid in it. */
extern bool heap_tuple_needs_eventual_freeze(HeapTupleHeader tuple);

#endif /* HEAPAM_H */
