/*
 * access/htup_details.h
 *		Heap tuples on the page, PostgreSQL 15's, bit for bit
 *		(header of 23 bytes, null bitmap, data from t_hoff on).
 */
#ifndef HTUP_DETAILS_H
#define HTUP_DETAILS_H

#include "access/htup.h"
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

#define MaxHeapTupleSize                                                       \
	(BLCKSZ - MAXALIGN(SizeOfPageHeaderData + sizeof(ItemIdData)))
#define MinHeapTupleSize MAXALIGN(SizeofHeapTupleHeader)
#define MaxHeapTuplesPerPage                                                   \
	((int) ((BLCKSZ - SizeOfPageHeaderData) /                                  \
	        (MAXALIGN(SizeofHeapTupleHeader) + sizeof(ItemIdData))))

#endif /* HTUP_DETAILS_H */
