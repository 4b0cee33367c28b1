/*
 * storage/off.h: offset numbers, the 1-based index of a line pointer.
 */
#ifndef OFF_H
#define OFF_H

#include "storage/itemid.h"

typedef uint16 OffsetNumber;

#define InvalidOffsetNumber ((OffsetNumber) 0)
#define FirstOffsetNumber ((OffsetNumber) 1)
/* no page can hold more line pointers than this */
#define MaxOffsetNumber ((OffsetNumber) (BLCKSZ / sizeof(ItemIdData)))

#define OffsetNumberIsValid(offsetNumber)             \
	((bool) ((offsetNumber) != InvalidOffsetNumber && \
	         (offsetNumber) <= MaxOffsetNumber))

#define OffsetNumberNext(offsetNumber) ((OffsetNumber) (1 + (offsetNumber)))
#define OffsetNumberPrev(offsetNumber) ((OffsetNumber) (-1 + (offsetNumber)))

#endif /* OFF_H */
