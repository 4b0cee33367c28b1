/*
 * storage/checksum.h: the 16-bit checksum of a page.
 */
#ifndef CHECKSUM_H
#define CHECKSUM_H

#include "storage/block.h"

/*
 * Checksum of a page of BLCKSZ bytes, aligned to 4, as if its pd_checksum
 * were 0, for its block number in the fork.  1..65535, never 0.  The page
 * must not be new, and nobody may be changing it.
 */
extern uint16 pg_checksum_page(char *page, BlockNumber blkno);

#endif /* CHECKSUM_H */
