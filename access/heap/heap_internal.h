/*
 * heap_internal.h
 *		What the files of this folder share.
 */
#ifndef HEAP_INTERNAL_H
#define HEAP_INTERNAL_H

#include "access/heapam.h"
#include "storage/lmgr.h"

/* A row that is about to be changed; see heap_begin_change. */
typedef struct HeapChange
{
	Buffer buffer;   /* its page: pinned, exclusively locked */
	Buffer vmbuffer; /* pinned if the page is all visible */
	bool have_tuple_lock;
	HeapTupleData tup;
} HeapChange;

/* heapam.c */
/*
 * The tuple to be stored, tup itself or a narrower one, with its header set.
 * oldtup: the version it replaces, or NULL.  No page may be locked if either is
 * wide.
 */
extern HeapTuple
heap_prepare_insert(Relation relation, HeapTuple tup, HeapTuple oldtup,
                    TransactionId xid, CommandId cid, int options,
                    BulkInsertState bistate);
/* The locked page's tuple at tid; gives the page back and ERRORs if none. */
extern void heap_get_tuple(Relation relation, Buffer buffer, ItemPointer tid,
                           HeapTuple tup);
/*
 * Locks the row's page and waits until the row can be changed, or cannot any
 * more.  The page is locked whatever the result.
 */
extern TM_Result
heap_begin_change(Relation relation, ItemPointer tid, CommandId cid, bool wait,
                  LockTupleMode mode, XLTW_Oper oper, HeapChange *change);
/* Says why a row cannot be changed. */
extern void
heap_fill_failure(HeapTuple tup, TM_Result result, TM_FailureData *tmfd);
/* Gives everything back. */
extern void
heap_end_change(Relation relation, HeapChange *change, LockTupleMode mode);
extern uint8 heap_infobits(HeapTupleHeader tuple);
/* Clears the page's flag and its bits in the map; whether there were any. */
extern bool
heap_clear_all_visible(Relation relation, Buffer buffer, Buffer vmbuffer);

/* heapam_lock.c */
/* The right to be the next to change the row; false: not without waiting. */
extern bool
heap_acquire_tuplock(Relation relation, ItemPointer tid, LockTupleMode mode,
                     LockWaitPolicy wait_policy, bool *have_tuple_lock);
extern void
heap_release_tuplock(Relation relation, ItemPointer tid, LockTupleMode mode);
/* In a critical section; the page is locked.  Logs it and marks it dirty. */
extern void
heap_mark_locked(Relation relation, Buffer buffer, Buffer vmbuffer,
                 HeapTuple tup, TransactionId xid, LockTupleMode mode);

#endif /* HEAP_INTERNAL_H */
