/*
 * access/itup.h
 *		Index tuples as PostgreSQL's general index pages hold them.
 */
#ifndef ITUP_H
#define ITUP_H

#include "storage/itemptr.h"

typedef struct IndexTupleData
{
	ItemPointerData t_tid;
	unsigned short t_info; /* 13 bits of size, flags above */
} IndexTupleData;

typedef IndexTupleData *IndexTuple;

#define INDEX_SIZE_MASK 0x1FFF
#define INDEX_NULL_MASK 0x8000
#define INDEX_VAR_MASK 0x4000
#define IndexTupleSize(itup) ((Size) ((itup)->t_info & INDEX_SIZE_MASK))

#endif /* ITUP_H */
