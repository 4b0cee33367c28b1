/*
 * storage/freespace.h
 *		Where a table has room: the fork _fsm, in PostgreSQL 15's format.
 *
 * A hint: whoever takes a page from it looks at the page and tells the map the
 * truth.  Nothing here is logged.
 */
#ifndef FREESPACE_H
#define FREESPACE_H

#include "storage/block.h"
#include "storage/relfilenode.h"
#include "utils/relcache.h"

extern Size GetRecordedFreeSpace(Relation rel, BlockNumber heapBlk);
/* A page with that many bytes, or InvalidBlockNumber. */
extern BlockNumber GetPageWithFreeSpace(Relation rel, Size spaceNeeded);
/* oldPage has only oldSpaceAvail: note that, and get another. */
extern BlockNumber
RecordAndGetPageWithFreeSpace(Relation rel, BlockNumber oldPage,
                              Size oldSpaceAvail, Size spaceNeeded);
extern void
RecordPageWithFreeSpace(Relation rel, BlockNumber heapBlk, Size spaceAvail);
/* in redo, which has no relation */
extern void XLogRecordPageWithFreeSpace(RelFileNode rnode, BlockNumber heapBlk,
                                        Size spaceAvail);
/* The map's new length in blocks; InvalidBlockNumber: it stays as it is. */
extern BlockNumber
FreeSpaceMapPrepareTruncateRel(Relation rel, BlockNumber nblocks);
/* Makes the upper pages tell what the lower ones know; for [start, end). */
extern void FreeSpaceMapVacuum(Relation rel);
extern void
FreeSpaceMapVacuumRange(Relation rel, BlockNumber start, BlockNumber end);

#endif /* FREESPACE_H */
