/*
 * access/htup.h
 *		A heap tuple in memory.
 */
#ifndef HTUP_H
#define HTUP_H

#include "storage/itemptr.h"

typedef struct HeapTupleHeaderData HeapTupleHeaderData;
typedef HeapTupleHeaderData *HeapTupleHeader;
typedef struct MinimalTupleData MinimalTupleData;
typedef MinimalTupleData *MinimalTuple;

typedef struct HeapTupleData
{
	uint32 t_len;           /* bytes at t_data */
	ItemPointerData t_self; /* where it is, or invalid */
	Oid t_tableOid;
	HeapTupleHeader t_data; /* on a pinned page, or behind this struct */
} HeapTupleData;

typedef HeapTupleData *HeapTuple;

#define HEAPTUPLESIZE MAXALIGN(sizeof(HeapTupleData))
#define HeapTupleIsValid(tuple) PointerIsValid(tuple)

#endif /* HTUP_H */
