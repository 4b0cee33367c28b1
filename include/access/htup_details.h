/*
 * access/htup_details.h
 *		Heap tuples on the page, PostgreSQL 15's, bit for bit
 *		(header of 23 bytes, null bitmap, data from t_hoff on).
 */
#ifndef HTUP_DETAILS_H
#define HTUP_DETAILS_H

#include "access/htup.h"
#include "access/tupdesc.h"
#include "storage/bufpage.h"

#define MaxTupleAttributeNumber 1664
#define MaxHeapAttributeNumber 1600

typedef struct HeapTupleFields
{
	TransactionId t_xmin;
	TransactionId t_xmax;
	union
	{
		CommandId t_cid;
		TransactionId t_xvac;
	} t_field3;
} HeapTupleFields;

typedef struct DatumTupleFields
{
	int32 datum_len_;
	int32 datum_typmod;
	Oid datum_typeid;
} DatumTupleFields;

struct HeapTupleHeaderData
{
	union
	{
		HeapTupleFields t_heap;
		DatumTupleFields t_datum;
	} t_choice;
	ItemPointerData t_ctid;
	uint16 t_infomask2;
	uint16 t_infomask;
	uint8 t_hoff;
	bits8 t_bits[FLEXIBLE_ARRAY_MEMBER];
};

#define SizeofHeapTupleHeader offsetof(HeapTupleHeaderData, t_bits)
StaticAssertDecl(SizeofHeapTupleHeader == 23, "format of PostgreSQL");

/* t_infomask */
#define HEAP_HASNULL 0x0001
#define HEAP_HASVARWIDTH 0x0002
#define HEAP_HASEXTERNAL 0x0004
#define HEAP_HASOID_OLD 0x0008
#define HEAP_XMAX_KEYSHR_LOCK 0x0010
#define HEAP_COMBOCID 0x0020
#define HEAP_XMAX_EXCL_LOCK 0x0040
#define HEAP_XMAX_LOCK_ONLY 0x0080
#define HEAP_XMIN_COMMITTED 0x0100
#define HEAP_XMIN_INVALID 0x0200
#define HEAP_XMIN_FROZEN (HEAP_XMIN_COMMITTED | HEAP_XMIN_INVALID)
#define HEAP_XMAX_COMMITTED 0x0400
#define HEAP_XMAX_INVALID 0x0800
#define HEAP_XMAX_IS_MULTI 0x1000
#define HEAP_UPDATED 0x2000
#define HEAP_MOVED_OFF 0x4000
#define HEAP_MOVED_IN 0x8000
#define HEAP_XACT_MASK 0xFFF0

/* t_infomask2 */
#define HEAP_NATTS_MASK 0x07FF
#define HEAP_KEYS_UPDATED 0x2000
#define HEAP_HOT_UPDATED 0x4000
#define HEAP_ONLY_TUPLE 0x8000
#define HEAP2_XACT_MASK 0xE000

#define MaxHeapTupleSize \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData + sizeof(ItemIdData)))
#define MinHeapTupleSize MAXALIGN(SizeofHeapTupleHeader)
#define MaxHeapTuplesPerPage                  \
	((int) ((BLCKSZ - SizeOfPageHeaderData) / \
	        (MAXALIGN(SizeofHeapTupleHeader) + sizeof(ItemIdData))))

#define HEAP_XMAX_SHR_LOCK (HEAP_XMAX_EXCL_LOCK | HEAP_XMAX_KEYSHR_LOCK)
#define HEAP_LOCK_MASK HEAP_XMAX_SHR_LOCK
/* What a delete clears before it sets its own. */
#define HEAP_XMAX_BITS                                              \
	(HEAP_XMAX_COMMITTED | HEAP_XMAX_INVALID | HEAP_XMAX_IS_MULTI | \
	 HEAP_LOCK_MASK | HEAP_XMAX_LOCK_ONLY)
#define HEAP_MOVED (HEAP_MOVED_OFF | HEAP_MOVED_IN)
#define HEAP_XMAX_IS_EXCL_LOCKED(infomask) \
	(((infomask) &HEAP_LOCK_MASK) == HEAP_XMAX_EXCL_LOCK)
#define HEAP_XMAX_IS_LOCKED_ONLY(infomask)                   \
	(((infomask) &HEAP_XMAX_LOCK_ONLY) ||                    \
	 ((infomask) & (HEAP_XMAX_IS_MULTI | HEAP_LOCK_MASK)) == \
	     HEAP_XMAX_EXCL_LOCK)

#define HeapTupleHeaderGetRawXmin(tup) ((tup)->t_choice.t_heap.t_xmin)
#define HeapTupleHeaderXminCommitted(tup) \
	(((tup)->t_infomask & HEAP_XMIN_COMMITTED) != 0)
#define HeapTupleHeaderXminInvalid(tup)                                 \
	(((tup)->t_infomask & (HEAP_XMIN_COMMITTED | HEAP_XMIN_INVALID)) == \
	 HEAP_XMIN_INVALID)
#define HeapTupleHeaderXminFrozen(tup) \
	(((tup)->t_infomask & HEAP_XMIN_FROZEN) == HEAP_XMIN_FROZEN)
#define HeapTupleHeaderGetXmin(tup)                       \
	(HeapTupleHeaderXminFrozen(tup) ? FrozenTransactionId \
	                                : HeapTupleHeaderGetRawXmin(tup))
#define HeapTupleHeaderSetXmin(tup, xid) ((tup)->t_choice.t_heap.t_xmin = (xid))
#define HeapTupleHeaderGetRawXmax(tup) ((tup)->t_choice.t_heap.t_xmax)
#define HeapTupleHeaderSetXmax(tup, xid) ((tup)->t_choice.t_heap.t_xmax = (xid))
#define HeapTupleHeaderGetRawCommandId(tup) \
	((tup)->t_choice.t_heap.t_field3.t_cid)
#define HeapTupleHeaderSetCmin(tup, cid)            \
	((tup)->t_choice.t_heap.t_field3.t_cid = (cid), \
	 (tup)->t_infomask &= ~HEAP_COMBOCID)
#define HeapTupleHeaderSetCmax(tup, cid, iscombo)     \
	((tup)->t_choice.t_heap.t_field3.t_cid = (cid),   \
	 (iscombo) ? ((tup)->t_infomask |= HEAP_COMBOCID) \
	           : ((tup)->t_infomask &= ~HEAP_COMBOCID))
/* Without multixacts the updater is xmax. */
#define HeapTupleHeaderGetUpdateXid(tup) HeapTupleHeaderGetRawXmax(tup)
/* t_ctid leads to the next version, on this page and without index entries. */
#define HeapTupleHeaderIsHotUpdated(tup)             \
	(((tup)->t_infomask2 & HEAP_HOT_UPDATED) != 0 && \
	 ((tup)->t_infomask & HEAP_XMAX_INVALID) == 0 && \
	 !HeapTupleHeaderXminInvalid(tup))
#define HeapTupleHeaderSetHotUpdated(tup) \
	((tup)->t_infomask2 |= HEAP_HOT_UPDATED)
#define HeapTupleHeaderClearHotUpdated(tup) \
	((tup)->t_infomask2 &= ~HEAP_HOT_UPDATED)
/* No index entry leads here but through the version before. */
#define HeapTupleHeaderIsHeapOnly(tup) \
	(((tup)->t_infomask2 & HEAP_ONLY_TUPLE) != 0)
#define HeapTupleHeaderSetHeapOnly(tup) ((tup)->t_infomask2 |= HEAP_ONLY_TUPLE)
#define HeapTupleHeaderClearHeapOnly(tup) \
	((tup)->t_infomask2 &= ~HEAP_ONLY_TUPLE)
#define HeapTupleIsHotUpdated(tuple) \
	HeapTupleHeaderIsHotUpdated((tuple)->t_data)
#define HeapTupleIsHeapOnly(tuple) HeapTupleHeaderIsHeapOnly((tuple)->t_data)
#define HeapTupleHeaderGetNatts(tup) ((tup)->t_infomask2 & HEAP_NATTS_MASK)
#define HeapTupleHeaderSetNatts(tup, natts) \
	((tup)->t_infomask2 = ((tup)->t_infomask2 & ~HEAP_NATTS_MASK) | (natts))
#define HeapTupleHasNulls(tuple) ((tuple)->t_data->t_infomask & HEAP_HASNULL)
#define HeapTupleHasExternal(tuple) \
	(((tuple)->t_data->t_infomask & HEAP_HASEXTERNAL) != 0)
#define BITMAPLEN(NATTS) (((NATTS) + 7) / 8)
#define GETSTRUCT(TUP) ((char *) (TUP)->t_data + (TUP)->t_data->t_hoff)

/* combocid.c */
extern CommandId HeapTupleHeaderGetCmin(HeapTupleHeader tup);
extern CommandId HeapTupleHeaderGetCmax(HeapTupleHeader tup);
extern void
HeapTupleHeaderAdjustCmax(HeapTupleHeader tup, CommandId *cmax, bool *iscombo);

/* heaptuple.c; results are one palloc'd piece */
extern Size
heap_compute_data_size(TupleDesc tupleDesc, Datum *values, bool *isnull);
extern HeapTuple
heap_form_tuple(TupleDesc tupleDescriptor, Datum *values, bool *isnull);
extern HeapTuple
heap_modify_tuple(HeapTuple tuple, TupleDesc tupleDesc, Datum *replValues,
                  bool *replIsnull, bool *doReplace);
extern void heap_deform_tuple(HeapTuple tuple, TupleDesc tupleDesc,
                              Datum *values, bool *isnull);
extern HeapTuple heap_copytuple(HeapTuple tuple);
extern void heap_freetuple(HeapTuple htup);
/* attnum: from 1, or a system column's */
extern Datum
heap_getattr(HeapTuple tup, int attnum, TupleDesc tupleDesc, bool *isnull);
extern Datum heap_getsysattr(HeapTuple tup, int attnum, bool *isnull);
extern bool heap_attisnull(HeapTuple tup, int attnum, TupleDesc tupleDesc);

#endif /* HTUP_DETAILS_H */
