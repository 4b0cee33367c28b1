/*
 * storage/block.h: block numbers, and the 6-byte-friendly form of them that
 * item pointers store on disk.
 */
#ifndef BLOCK_H
#define BLOCK_H

/* A page of a relation's fork, counted from 0 across its segment files. */
typedef uint32 BlockNumber;

#define InvalidBlockNumber ((BlockNumber) 0xFFFFFFFF)
#define MaxBlockNumber ((BlockNumber) 0xFFFFFFFE)

/* On disk: two halves, so that the containing struct aligns to 2 bytes. */
typedef struct BlockIdData
{
	uint16 bi_hi;
	uint16 bi_lo;
} BlockIdData;

typedef BlockIdData *BlockId;

static inline bool
BlockNumberIsValid(BlockNumber blockNumber)
{
	return blockNumber != InvalidBlockNumber;
}

static inline void
BlockIdSet(BlockIdData *blockId, BlockNumber blockNumber)
{
	blockId->bi_hi = blockNumber >> 16;
	blockId->bi_lo = blockNumber & 0xFFFF;
}

static inline bool
BlockIdEquals(const BlockIdData *a, const BlockIdData *b)
{
	return a->bi_hi == b->bi_hi && a->bi_lo == b->bi_lo;
}

static inline BlockNumber
BlockIdGetBlockNumber(const BlockIdData *blockId)
{
	return ((BlockNumber) blockId->bi_hi << 16) | (BlockNumber) blockId->bi_lo;
}

#endif /* BLOCK_H */
