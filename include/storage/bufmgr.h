/*
 * storage/bufmgr.h: the buffer pool.
 *
 * A Buffer that ReadBuffer and its kin return is pinned: it stays where it is
 * until ReleaseBuffer, or until the current resource owner goes.  The page
 * may be read under LockBuffer(SHARE) and changed under LockBuffer(EXCLUSIVE)
 * with MarkBufferDirty.  See storage/buffer/README.md.
 */
#ifndef BUFMGR_H
#define BUFMGR_H

#include "storage/block.h"
#include "storage/buf.h"
#include "storage/bufpage.h"
#include "storage/relfilenode.h"
#include "storage/smgr.h"
#include "utils/relcache.h"

typedef void *Block;

typedef enum BufferAccessStrategyType
{
	BAS_NORMAL,    /* the whole pool */
	BAS_BULKREAD,  /* a large read-only scan */
	BAS_BULKWRITE, /* COPY and the like */
	BAS_VACUUM
} BufferAccessStrategyType;

typedef enum
{
	RBM_NORMAL,                /* read it */
	RBM_ZERO_AND_LOCK,         /* do not read: zeros, exclusively locked */
	RBM_ZERO_AND_CLEANUP_LOCK, /* the same, cleanup lock */
	RBM_ZERO_ON_ERROR,         /* zeros if what was read is damaged */
	RBM_NORMAL_NO_LOG          /* as RBM_NORMAL */
} ReadBufferMode;

/* P_NEW for ReadBuffer: extend the relation by one block */
#define P_NEW InvalidBlockNumber

#define BUFFER_LOCK_UNLOCK 0
#define BUFFER_LOCK_SHARE 1
#define BUFFER_LOCK_EXCLUSIVE 2

/* flags of ExtendBufferedRelBy */
#define EB_SKIP_EXTENSION_LOCK (1 << 0)   /* nobody else can see the relation */
#define EB_CREATE_FORK_IF_NEEDED (1 << 2) /* make the fork's file first */
#define EB_LOCK_FIRST (1 << 3)            /* return the first one locked (X) */
#define EB_CLEAR_SIZE_CACHE (1 << 4)      /* ask the file for its size */

/* most blocks that one ExtendBufferedRelBy adds */
#define MAX_EXTEND_BLOCKS 64

/* What to extend: a relation, or files alone (BMR_SMGR). */
typedef struct BufferManagerRelation
{
	Relation rel;
	SMgrRelation smgr;
	char relpersistence;
} BufferManagerRelation;

#define BMR_REL(p_rel) ((BufferManagerRelation){.rel = p_rel})
#define BMR_SMGR(p_smgr, p_relpersistence)   \
	((BufferManagerRelation){.smgr = p_smgr, \
	                         .relpersistence = p_relpersistence})

typedef struct PrefetchBufferResult
{
	Buffer recent_buffer; /* where it was found, a hint; or InvalidBuffer */
	bool initiated_io;    /* the kernel was asked to read it */
} PrefetchBufferResult;

/* settings */
extern PG_PER_THREAD int NBuffers;
extern bool zero_damaged_pages;
extern bool ignore_checksum_failure;
extern int bgwriter_lru_maxpages;
extern double bgwriter_lru_multiplier;
extern int effective_io_concurrency;
extern int maintenance_io_concurrency;
extern int checkpoint_flush_after;
extern int backend_flush_after;
extern int bgwriter_flush_after;
extern int num_temp_buffers;
/* of temp_buffers: false, and why, once local buffers are in use */
extern bool check_temp_buffers(int newval, const char **detail);

/* Buffers of this process alone, of temporary relations: below 0. */
#define BufferIsLocal(buffer) ((buffer) < 0)
#define BufferIsValid(bufnum)                                \
	((bufnum) != InvalidBuffer && (bufnum) >= -NLocBuffer && \
	 (bufnum) <= NBuffers)

extern PG_PER_THREAD char *BufferBlocks;
extern PG_PER_THREAD int NLocBuffer; /* 0 before the first use */
extern PG_PER_THREAD Block *LocalBufferBlockPointers;

static inline Block
BufferGetBlock(Buffer buffer)
{
	AssertHot(BufferIsValid(buffer));
	if (unlikely(BufferIsLocal(buffer)))
		return LocalBufferBlockPointers[-buffer - 1];
	return (Block) (BufferBlocks + (Size) (buffer - 1) * BLCKSZ);
}

static inline Page
BufferGetPage(Buffer buffer)
{
	return (Page) BufferGetBlock(buffer);
}

#define BufferGetPageSize(buffer) ((Size) BLCKSZ)

/* reading */
extern PrefetchBufferResult
PrefetchSharedBuffer(SMgrRelation smgr_reln, ForkNumber forkNum,
                     BlockNumber blockNum);
extern PrefetchBufferResult
PrefetchBuffer(Relation reln, ForkNumber forkNum, BlockNumber blockNum);
/* pins recent_buffer if it still holds the block; else false */
extern bool ReadRecentBuffer(RelFileNode rnode, ForkNumber forkNum,
                             BlockNumber blockNum, Buffer recent_buffer);
extern Buffer ReadBuffer(Relation reln, BlockNumber blockNum);
extern Buffer
ReadBufferExtended(Relation reln, ForkNumber forkNum, BlockNumber blockNum,
                   ReadBufferMode mode, BufferAccessStrategy strategy);
/* needs no relcache entry: recovery, bootstrap, tests */
extern Buffer
ReadBufferWithoutRelcache(RelFileNode rnode, ForkNumber forkNum,
                          BlockNumber blockNum, ReadBufferMode mode,
                          BufferAccessStrategy strategy, bool permanent);
extern void ReleaseBuffer(Buffer buffer);
extern void UnlockReleaseBuffer(Buffer buffer);
extern void IncrBufferRefCount(Buffer buffer);
/* keeps buffer if it holds blockNum of relation, else swaps it */
extern Buffer
ReleaseAndReadBuffer(Buffer buffer, Relation relation, BlockNumber blockNum);

/*
 * Adds up to extend_by (at most MAX_EXTEND_BLOCKS) zero blocks at the end of
 * the fork; fewer if pins are scarce, at least one.  Returns the first new
 * block's number; buffers[] are pinned, *extended_by tells how many.  Takes
 * the relation extension lock itself, after the victims were found.
 */
extern BlockNumber
ExtendBufferedRelBy(BufferManagerRelation bmr, ForkNumber fork,
                    BufferAccessStrategy strategy, uint32 flags,
                    uint32 extend_by, Buffer *buffers, uint32 *extended_by);
extern Buffer ExtendBufferedRel(BufferManagerRelation bmr, ForkNumber forkNum,
                                BufferAccessStrategy strategy, uint32 flags);

/* changing */
extern void MarkBufferDirty(Buffer buffer);
/* for hint bits, under share lock: may be lost */
extern void MarkBufferDirtyHint(Buffer buffer, bool buffer_std);
extern void LockBuffer(Buffer buffer, int mode);
extern bool ConditionalLockBuffer(Buffer buffer);
/* exclusive, and nobody else has it pinned */
extern void LockBufferForCleanup(Buffer buffer);
extern bool ConditionalLockBufferForCleanup(Buffer buffer);
extern bool IsBufferCleanupOK(Buffer buffer);

/* asking */
extern BlockNumber BufferGetBlockNumber(Buffer buffer);
extern void BufferGetTag(Buffer buffer, RelFileNode *rnode, ForkNumber *forknum,
                         BlockNumber *blknum);
extern BlockNumber
RelationGetNumberOfBlocksInFork(Relation relation, ForkNumber forkNum);
#define RelationGetNumberOfBlocks(reln) \
	RelationGetNumberOfBlocksInFork(reln, MAIN_FORKNUM)
extern bool BufferIsPermanent(Buffer buffer);
extern XLogRecPtr BufferGetLSNAtomic(Buffer buffer);
/* this process holds the content lock (exclusively) */
extern bool BufferIsLockedByMe(Buffer buffer);
extern bool BufferIsExclusiveLocked(Buffer buffer);
extern void PrintBufferLeakWarning(Buffer buffer);

/* writing out, dropping */
extern void CheckPointBuffers(int flags);
extern bool BgBufferSync(void);
extern void FlushOneBuffer(Buffer buffer);
extern void FlushRelationBuffers(Relation rel);
extern void FlushRelationsAllBuffers(SMgrRelation *smgrs, int nrels);
extern void FlushDatabaseBuffers(Oid dbid);
extern void
DropRelFileNodeBuffers(SMgrRelation smgr_reln, ForkNumber *forkNum, int nforks,
                       BlockNumber *firstDelBlock, BlockNumber *oldBlocks);
extern void DropRelFileNodesAllBuffers(SMgrRelation *smgr_reln, int nnodes);
extern void DropDatabaseBuffers(Oid dbid);

/* life cycle */
/* shares of the private and of the public main segment */
extern Size BufferShmemSize(void);
extern Size BufferPublicShmemSize(void);
extern void InitBufferPool(void);
extern void InitBufferPoolAccess(void);
extern void AtEOXact_Buffers(bool isCommit);
/* after an ERROR: gives up the wait for a lone pin, ends I/O begun */
extern void UnlockBuffers(void);
extern void AbortBufferIO(void);

/* rings (freelist.c) */
extern BufferAccessStrategy GetAccessStrategy(BufferAccessStrategyType btype);
extern void FreeAccessStrategy(BufferAccessStrategy strategy);

#endif /* BUFMGR_H */
