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

#endif /* TUPTABLE_H */
