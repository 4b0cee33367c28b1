/*
 * access/visibilitymap.h
 *		Two bits for each page of a table: all its rows are visible to
 *		everybody; all its rows are frozen.  PostgreSQL 15's fork.
 *
 * A bit that is set is always true.  The page's own flag PD_ALL_VISIBLE is set
 * whenever the bit is: who finds the flag clear need not look here.
 */
#ifndef VISIBILITYMAP_H
#define VISIBILITYMAP_H

#include "access/xlogdefs.h"
#include "storage/block.h"
#include "storage/buf.h"
#include "utils/relcache.h"

#define BITS_PER_HEAPBLOCK 2

#define VISIBILITYMAP_ALL_VISIBLE 0x01
#define VISIBILITYMAP_ALL_FROZEN 0x02
#define VISIBILITYMAP_VALID_BITS 0x03

#define VM_ALL_VISIBLE(r, b, v) \
	((visibilitymap_get_status((r), (b), (v)) & VISIBILITYMAP_ALL_VISIBLE) != 0)
#define VM_ALL_FROZEN(r, b, v) \
	((visibilitymap_get_status((r), (b), (v)) & VISIBILITYMAP_ALL_FROZEN) != 0)

/* Pins the page of the map, which may read or make it: no page lock held. */
extern void visibilitymap_pin(Relation rel, BlockNumber heapBlk, Buffer *vmbuf);
extern bool visibilitymap_pin_ok(BlockNumber heapBlk, Buffer vmbuf);
/*
 * The heap page is locked exclusively, the map's is pinned.  In a critical
 * section or in redo; the caller's record tells it.  Whether a bit was set.
 */
extern bool visibilitymap_clear(Relation rel, BlockNumber heapBlk, Buffer vmbuf,
                                uint8 flags);
/* Logs it unless recptr says that this is redo of such a record. */
extern void visibilitymap_set(Relation rel, BlockNumber heapBlk, Buffer heapBuf,
                              XLogRecPtr recptr, Buffer vmBuf,
                              TransactionId cutoff_xid, uint8 flags);
/* May be out of date at once unless the heap page is locked. */
extern uint8
visibilitymap_get_status(Relation rel, BlockNumber heapBlk, Buffer *vmbuf);
extern void visibilitymap_count(Relation rel, BlockNumber *all_visible,
                                BlockNumber *all_frozen);
/* New size of the map in blocks; InvalidBlockNumber: it stays. */
extern BlockNumber
visibilitymap_prepare_truncate(Relation rel, BlockNumber nheapblocks);

#endif /* VISIBILITYMAP_H */
