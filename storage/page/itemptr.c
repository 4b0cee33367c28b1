/*
 * itemptr.c: comparison of item pointers.
 */
#include "postgres.h"

#include "storage/itemptr.h"

bool
ItemPointerEquals(const ItemPointerData *pointer1,
                  const ItemPointerData *pointer2)
{
	return BlockIdEquals(&pointer1->ip_blkid, &pointer2->ip_blkid) &&
	       pointer1->ip_posid == pointer2->ip_posid;
}

int32
ItemPointerCompare(const ItemPointerData *arg1, const ItemPointerData *arg2)
{
	uint64 a = ((uint64) BlockIdGetBlockNumber(&arg1->ip_blkid) << 16) |
	           arg1->ip_posid;
	uint64 b = ((uint64) BlockIdGetBlockNumber(&arg2->ip_blkid) << 16) |
	           arg2->ip_posid;

	return (a > b) - (a < b);
}
