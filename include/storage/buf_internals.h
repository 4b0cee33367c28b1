/*
 * storage/buf_internals.h: the buffer manager's shared structures.
 *
 * Descriptors, mapping table and pool lie in the public segment, which
 * attached clients map read-only at any address: nothing in them is a
 * pointer.  storage/buffer/README.md states the rules that the comments here
 * cite as B1, B2, ...
 */
#ifndef BUFMGR_INTERNALS_H
#define BUFMGR_INTERNALS_H

#include "port/atomics.h"
#include "storage/buf.h"
#include "storage/bufmgr.h"
#include "storage/condition_variable.h"
#include "storage/lwlock.h"
#include "storage/relfilenode.h"
#include "storage/smgr.h"
#include "utils/relcache.h"

/*
 * The state word: reference count (18 bits: one per process that has the
 * buffer pinned), usage count (4), flags (10).  Changed by compare-and-swap
 * while BM_LOCKED is clear, by its holder only while it is set.
 */
#define BUF_REFCOUNT_ONE 1
#define BUF_REFCOUNT_MASK ((1U << 18) - 1)
#define BUF_USAGECOUNT_MASK 0x003C0000U
#define BUF_USAGECOUNT_ONE (1U << 18)
#define BUF_USAGECOUNT_SHIFT 18
#define BUF_FLAG_MASK 0xFFC00000U

#define BUF_STATE_GET_REFCOUNT(state) ((state) &BUF_REFCOUNT_MASK)
#define BUF_STATE_GET_USAGECOUNT(state) \
	(((state) &BUF_USAGECOUNT_MASK) >> BUF_USAGECOUNT_SHIFT)

#define BM_LOCKED (1U << 22)            /* the header lock */
#define BM_DIRTY (1U << 23)             /* must be written */
#define BM_VALID (1U << 24)             /* holds the block's data */
#define BM_TAG_VALID (1U << 25)         /* has a tag */
#define BM_IO_IN_PROGRESS (1U << 26)    /* being read or written */
#define BM_IO_ERROR (1U << 27)          /* the last I/O failed */
#define BM_JUST_DIRTIED (1U << 28)      /* dirtied since its write began */
#define BM_PIN_COUNT_WAITER (1U << 29)  /* someone waits for a lone pin */
#define BM_CHECKPOINT_NEEDED (1U << 30) /* belongs to this checkpoint */
#define BM_PERMANENT (1U << 31)         /* of a logged relation */

#define BM_MAX_USAGE_COUNT 5

/* What a buffer holds. */
typedef struct BufferTag
{
	RelFileNode rnode;
	ForkNumber forkNum;
	BlockNumber blockNum;
} BufferTag;

StaticAssertDecl(sizeof(BufferTag) == 20, "BufferTag is hashed as 20 bytes");

#define CLEAR_BUFFERTAG(a)                                            \
	((a).rnode.spcNode = InvalidOid, (a).rnode.dbNode = InvalidOid,   \
	 (a).rnode.relNode = InvalidOid, (a).forkNum = InvalidForkNumber, \
	 (a).blockNum = InvalidBlockNumber)

#define INIT_BUFFERTAG(a, xx_rnode, xx_forkNum, xx_blockNum) \
	((a).rnode = (xx_rnode), (a).forkNum = (xx_forkNum),     \
	 (a).blockNum = (xx_blockNum))

#define BUFFERTAGS_EQUAL(a, b)                  \
	(RelFileNodeEquals((a).rnode, (b).rnode) && \
	 (a).blockNum == (b).blockNum && (a).forkNum == (b).forkNum)

/*
 * One buffer.  64 bytes: a cache line of its own.
 *
 * version is the word of the optimistic readers (bufoptimistic.h): raised
 * only by the holder of the exclusive content lock, or of the header lock
 * while nobody else has the buffer pinned (B7), and followed by a write
 * barrier before the change that it announces.
 */
typedef struct BufferDesc
{
	BufferTag tag;               /* [L:header] written; [V] read */
	int32 buf_id;                /* [C] index, from 0 */
	pg_atomic_uint32 state;      /* [A] see above */
	int32 wait_backend_pgprocno; /* [L:header] waiter for a lone pin */
	int32 freeNext;              /* [L:buffer_strategy_lock] FREENEXT_xxx */
	LWLock content_lock;         /* guards the page */
	pg_atomic_uint64 version;    /* [V] see above */
} BufferDesc;

#define BUFFERDESC_PAD_TO_SIZE 64

typedef union BufferDescPadded
{
	BufferDesc bufferdesc;
	char pad[BUFFERDESC_PAD_TO_SIZE];
} BufferDescPadded;

StaticAssertDecl(sizeof(BufferDescPadded) == BUFFERDESC_PAD_TO_SIZE,
                 "a buffer descriptor is one cache line");

/* the pool begins at a multiple of it, in the segment and in memory */
#define BUFFER_BLOCKS_ALIGN 4096

#define FREENEXT_END_OF_LIST (-1)
#define FREENEXT_NOT_IN_LIST (-2)

/* this process's addresses of the shared arrays */
extern PG_PER_THREAD BufferDescPadded *BufferDescriptors;
extern PG_PER_THREAD char *BufferBlocks;
extern ConditionVariableMinimallyPadded *BufferIOCVArray;

#define GetBufferDescriptor(id) (&BufferDescriptors[(id)].bufferdesc)
#define BufferDescriptorGetBuffer(bdesc) ((bdesc)->buf_id + 1)
#define BufferDescriptorGetIOCV(bdesc) (&(BufferIOCVArray[(bdesc)->buf_id]).cv)
#define BufferDescriptorGetContentLock(bdesc) \
	((LWLock *) (&(bdesc)->content_lock))
#define BufHdrGetBlock(bufHdr) \
	((Block) (BufferBlocks + (Size) (bufHdr)->buf_id * BLCKSZ))

#define BufTableHashPartition(hashcode) ((hashcode) % NUM_BUFFER_PARTITIONS)
#define BufMappingPartitionLock(hashcode)              \
	(&MainLWLockArray[BUFFER_MAPPING_LWLOCK_OFFSET +   \
	                  BufTableHashPartition(hashcode)] \
	      .lock)

/* bufwriteback.c: blocks written whose way to the disk shall begin */
#define WRITEBACK_MAX_PENDING_FLUSHES 256

typedef struct WritebackContext
{
	int *max_pending; /* a setting, in blocks; 0: off */
	int nr_pending;
	BufferTag pending[WRITEBACK_MAX_PENDING_FLUSHES];
} WritebackContext;

extern WritebackContext BackendWritebackContext;

extern void WritebackContextInit(WritebackContext *context, int *max_pending);
extern void
ScheduleBufferTagForWriteback(WritebackContext *context, const BufferTag *tag);
extern void IssuePendingWritebacks(WritebackContext *context);

/* one buffer of a checkpoint, to be sorted */
typedef struct CkptSortItem
{
	Oid tsId;
	Oid relNode;
	ForkNumber forkNum;
	BlockNumber blockNum;
	int buf_id;
} CkptSortItem;

extern CkptSortItem *CkptBufferIds;

/* the header lock; interrupts nothing, held for a few instructions */
extern uint32 LockBufHdr(BufferDesc *desc);
#define UnlockBufHdr(desc, s)                                    \
	do                                                           \
	{                                                            \
		pg_write_barrier();                                      \
		pg_atomic_write_u32(&(desc)->state, (s) & (~BM_LOCKED)); \
	} while (0)

/*
 * Announces a change to the optimistic readers.  The caller may change the
 * buffer by B7; the change comes after this call.
 */
static inline void
BufferRaiseVersion(BufferDesc *desc)
{
	pg_atomic_write_u64(&desc->version, pg_atomic_read_u64(&desc->version) + 1);
	pg_write_barrier(); /* pairs with the read barrier in OptimisticReadEnd */
}

/* bufio.c for the others */
extern void InitBufferIO(void);
/* The state word, once nobody has the header locked. */
extern uint32 WaitBufHdrUnlocked(BufferDesc *buf);
extern bool StartBufferIO(BufferDesc *buf, bool forInput);
extern void
TerminateBufferIO(BufferDesc *buf, bool clear_dirty, uint32 set_flag_bits);
extern void WaitIO(BufferDesc *buf);
/* buflock.c for bufmgr.c */
extern void InitBufferLocks(void);
extern void LockContentExclusive(BufferDesc *buf);
/* bufmgr.c for the others */
extern void PinLockedBuffer(BufferDesc *buf);
extern void UnpinBuffer(BufferDesc *buf);
extern int GetPrivateRefCount(Buffer buffer);
extern void ClearBufferTagLocked(BufferDesc *buf, uint32 *state);
/* bufwrite.c for bufmgr.c */
extern void FlushBuffer(BufferDesc *buf, SMgrRelation reln);

/* localbuf.c: buffers of this process, changed without locks */
extern BufferDesc *LocalBufferDescriptors;

#define GetLocalBufferDescriptor(id) (&LocalBufferDescriptors[(id)])

extern PrefetchBufferResult
PrefetchLocalBuffer(SMgrRelation smgr, ForkNumber forkNum,
                    BlockNumber blockNum);
/* pinned; *foundPtr: valid, else the caller reads and calls LocalBufferFilled */
extern BufferDesc *LocalBufferAlloc(SMgrRelation smgr, ForkNumber forkNum,
                                    BlockNumber blockNum, bool *foundPtr);
extern void LocalBufferFilled(BufferDesc *buf);
extern BlockNumber
ExtendBufferedRelLocal(SMgrRelation smgr, ForkNumber fork, uint32 extend_by,
                       Buffer *buffers, uint32 *extended_by);
extern void MarkLocalBufferDirty(Buffer buffer);
extern void IncrLocalBufferRefCount(Buffer buffer);
extern void UnpinLocalBuffer(Buffer buffer);
extern int GetLocalRefCount(Buffer buffer);
extern void FlushLocalBuffers(RelFileNode rnode);
extern void DropRelFileNodeLocalBuffers(RelFileNode rnode, ForkNumber forkNum,
                                        BlockNumber firstDelBlock);
extern void DropRelFileNodeAllLocalBuffers(RelFileNode rnode);
extern void AtEOXact_LocalBuffers(bool isCommit);

/* buf_table.c: the mapping table; callers hold the partition's lock */
extern Size BufTableShmemSize(int size);
extern void InitBufTable(int size);
/* A table that is there already, in this mapping of it; false: it is none. */
extern bool UseBufTable(void *table, int size);
extern uint32 BufTableHashCode(const BufferTag *tagPtr);
extern int BufTableLookup(const BufferTag *tagPtr, uint32 hashcode);
extern int BufTableInsert(const BufferTag *tagPtr, uint32 hashcode, int buf_id);
extern void BufTableDelete(const BufferTag *tagPtr, uint32 hashcode);
/* without any lock: a hit must be validated, a miss proves nothing */
extern int BufTableLookupOptimistic(const BufferTag *tagPtr, uint32 hashcode);
/* to be called ahead of a lookup, the second some time after the first */
extern void BufTablePrefetchBucket(uint32 hashcode);
extern void BufTablePrefetchEntry(uint32 hashcode);

/* freelist.c */
extern BufferDesc *StrategyGetBuffer(BufferAccessStrategy strategy,
                                     uint32 *buf_state, bool *from_ring);
extern void StrategyFreeBuffer(BufferDesc *buf);
/* the dirty buffer of a scan's ring is not worth a flush of the log: another */
extern bool StrategyRejectBuffer(BufferAccessStrategy strategy, BufferDesc *buf,
                                 bool from_ring);
extern int StrategySyncStart(uint32 *complete_passes, uint32 *num_buf_alloc);
/* its latch is set at the next allocation; -1: no more */
extern void StrategyNotifyBgWriter(int bgwprocno);
extern Size StrategyShmemSize(void);
extern void StrategyInitialize(bool init);

/* By this process; of either kind. */
static inline bool
BufferIsPinned(Buffer buffer)
{
	return BufferIsValid(buffer) && GetPrivateRefCount(buffer) > 0;
}

#endif /* BUFMGR_INTERNALS_H */
