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
	BlockNumber rs_nblocks; /* at the start */
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

extern HeapTuple heap_getnext(TableScanDesc sscan, ScanDirection direction);
/* tuple->t_self says which; on success the buffer stays pinned */
extern bool heap_fetch(Relation relation, Snapshot snapshot, HeapTuple tuple,
                       Buffer *userbuf);
extern void heap_insert(Relation relation, HeapTuple tup, CommandId cid,
                        int options, BulkInsertState bistate);
extern void
heap_multi_insert(Relation relation, TupleTableSlot **slots, int ntuples,
                  CommandId cid, int options, BulkInsertState bistate);
extern TM_Result heap_delete(Relation relation, ItemPointer tid, CommandId cid,
                             bool wait, TM_FailureData *tmfd);
extern TM_Result
heap_update(Relation relation, ItemPointer otid, HeapTuple newtup,
            CommandId cid, bool wait, TM_FailureData *tmfd);
/* Overwrites the tuple, of the same length, for all to see at once. */
extern void heap_inplace_update(Relation relation, HeapTuple tuple);
extern void simple_heap_insert(Relation relation, HeapTuple tup);
extern void simple_heap_delete(Relation relation, ItemPointer tid);
extern void
simple_heap_update(Relation relation, ItemPointer otid, HeapTuple tup);

#endif /* HEAPAM_H */
