/*
 * executor/tuptable.h
 *		A slot: one row, as values and nulls, with the tuple it came from.
 */
#ifndef TUPTABLE_H
#define TUPTABLE_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "storage/buf.h"

typedef struct TupleTableSlot
{
	TupleDesc tts_tupleDescriptor;
	Datum *tts_values;
	bool *tts_isnull;
	AttrNumber tts_nvalid; /* columns deformed so far */
	bool tts_empty;
	bool tts_shouldfree; /* tuple is ours */
	uint32 off;          /* where deforming goes on */
	HeapTuple tuple;     /* NULL: virtual */
	HeapTupleData tupdata;
	Buffer buffer; /* pinned page of tuple, or InvalidBuffer */
	ItemPointerData tts_tid;
	Oid tts_tableOid;
	MemoryContext tts_mcxt;
} TupleTableSlot;

#define TupIsNull(slot) ((slot) == NULL || (slot)->tts_empty)

/* Slots are palloc'd in the current context and pin no descriptor. */
extern TupleTableSlot *MakeSingleTupleTableSlot(TupleDesc tupdesc);
extern void ExecDropSingleTupleTableSlot(TupleTableSlot *slot);
extern TupleTableSlot *ExecClearTuple(TupleTableSlot *slot);
/* tts_values and tts_isnull have been filled */
extern TupleTableSlot *ExecStoreVirtualTuple(TupleTableSlot *slot);
extern TupleTableSlot *ExecStoreAllNullTuple(TupleTableSlot *slot);
extern TupleTableSlot *
ExecStoreHeapTuple(HeapTuple tuple, TupleTableSlot *slot, bool shouldFree);
/* the tuple lies on buffer's page; the slot takes a pin of its own */
extern TupleTableSlot *
ExecStoreBufferHeapTuple(HeapTuple tuple, TupleTableSlot *slot, Buffer buffer);
/* *shouldFree: the caller must free it */
extern HeapTuple ExecFetchSlotHeapTuple(TupleTableSlot *slot, bool materialize,
                                        bool *shouldFree);
extern HeapTuple ExecCopySlotHeapTuple(TupleTableSlot *slot);
extern TupleTableSlot *ExecCopySlot(TupleTableSlot *dst, TupleTableSlot *src);
/* make the slot independent of buffers and of others' memory */
extern void ExecMaterializeSlot(TupleTableSlot *slot);
extern void slot_getsomeattrs(TupleTableSlot *slot, int attnum);
#define slot_getallattrs(slot) \
	slot_getsomeattrs(slot, (slot)->tts_tupleDescriptor->natts)
/* system columns too */
extern Datum slot_getattr(TupleTableSlot *slot, int attnum, bool *isnull);

#endif /* TUPTABLE_H */
