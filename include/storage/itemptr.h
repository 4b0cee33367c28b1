/*
 * storage/itemptr.h: item pointers (TIDs): block number and offset number.
 *
 * Three uint16 on disk: block high, block low, offset.  Not a 32-bit and a
 * 16-bit number.
 */
#ifndef ITEMPTR_H
#define ITEMPTR_H

#include "storage/block.h"
#include "storage/off.h"

typedef struct ItemPointerData
{
	BlockIdData ip_blkid;
	OffsetNumber ip_posid;
} __attribute__((packed, aligned(2))) ItemPointerData;

typedef ItemPointerData *ItemPointer;

StaticAssertDecl(sizeof(ItemPointerData) == 6,
                 "an item pointer is 6 bytes on disk");

static inline bool
ItemPointerIsValid(const ItemPointerData *pointer)
{
	return pointer != NULL && pointer->ip_posid != 0;
}

static inline BlockNumber
ItemPointerGetBlockNumberNoCheck(const ItemPointerData *pointer)
{
	return BlockIdGetBlockNumber(&pointer->ip_blkid);
}

static inline BlockNumber
ItemPointerGetBlockNumber(const ItemPointerData *pointer)
{
	Assert(ItemPointerIsValid(pointer));
	return ItemPointerGetBlockNumberNoCheck(pointer);
}

static inline OffsetNumber
ItemPointerGetOffsetNumberNoCheck(const ItemPointerData *pointer)
{
	return pointer->ip_posid;
}

static inline OffsetNumber
ItemPointerGetOffsetNumber(const ItemPointerData *pointer)
{
	Assert(ItemPointerIsValid(pointer));
	return ItemPointerGetOffsetNumberNoCheck(pointer);
}

static inline void
ItemPointerSet(ItemPointerData *pointer, BlockNumber blockNumber,
               OffsetNumber offNum)
{
	BlockIdSet(&pointer->ip_blkid, blockNumber);
	pointer->ip_posid = offNum;
}

static inline void
ItemPointerSetBlockNumber(ItemPointerData *pointer, BlockNumber blockNumber)
{
	BlockIdSet(&pointer->ip_blkid, blockNumber);
}

static inline void
ItemPointerSetOffsetNumber(ItemPointerData *pointer, OffsetNumber offsetNumber)
{
	pointer->ip_posid = offsetNumber;
}

static inline void
ItemPointerCopy(const ItemPointerData *from, ItemPointerData *to)
{
	*to = *from;
}

static inline void
ItemPointerSetInvalid(ItemPointerData *pointer)
{
	BlockIdSet(&pointer->ip_blkid, InvalidBlockNumber);
	pointer->ip_posid = InvalidOffsetNumber;
}

/* -1, 0, 1: by block, then by offset */
extern int32
ItemPointerCompare(const ItemPointerData *arg1, const ItemPointerData *arg2);
extern bool ItemPointerEquals(const ItemPointerData *pointer1,
                              const ItemPointerData *pointer2);

#endif /* ITEMPTR_H */
