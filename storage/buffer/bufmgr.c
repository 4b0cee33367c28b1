/*
 * bufmgr.c: the buffer pool: pinning, reading, extending.
 *
 * Writing out and dropping are in bufwrite.c, who does an I/O and who waits for
 * it in bufio.c, content locks and dirty marks in buflock.c.  The rules B1-B9 and the order
 * of locks are in README.md; each step that upholds one cites it.
 *
 * How a block gets into the pool (read_buffer_common):
 *	1. look it up under its mapping partition, shared; a hit is pinned there
 *	2. miss: find a victim without any mapping lock; write it out if dirty;
 *	   take its tag away.  Now it is ours, pinned and in no table
 *	3. insert it under the new partition, exclusive; if somebody was faster,
 *	   give ours back and use theirs
 *	4. whoever sets BM_IO_IN_PROGRESS reads; the others wait for that
 *
 * An ERROR leaves no lock, pin or I/O behind: LWLockReleaseAll, resource
 * owners and AbortBufferIO see to it.  A SIGKILL may leave anything: the
 * crash reset makes the whole pool anew.
 *
 * Corresponds to PostgreSQL's storage/buffer/bufmgr.c; reference counts of
 * this process are a plain array instead of a small cache and a hash table.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner_private.h"
#include "utils/wait_event.h"

PG_PER_THREAD int NBuffers = 16384;
bool zero_damaged_pages = false;
bool ignore_checksum_failure = false;
int effective_io_concurrency = 1;
int maintenance_io_concurrency = 10;

/* how often this process has each buffer pinned; [buffer - 1] */
static int32 *PrivateRefCount = NULL;
/* buffers that this process has pinned */
static int PinnedBuffers = 0;

static Buffer
read_buffer_common(SMgrRelation smgr, char relpersistence, ForkNumber forkNum,
                   BlockNumber blockNum, ReadBufferMode mode,
                   BufferAccessStrategy strategy);
static BufferDesc *BufferAlloc(SMgrRelation smgr, char relpersistence,
                               ForkNumber forkNum, BlockNumber blockNum,
                               BufferAccessStrategy strategy, bool *foundPtr);
static BufferDesc *GetVictimBuffer(BufferAccessStrategy strategy);
static bool InvalidateVictimBuffer(BufferDesc *buf);
static bool PinBuffer(BufferDesc *buf, BufferAccessStrategy strategy);
static void PinBuffer_Locked(BufferDesc *buf);

/* Of either kind. */
static inline BufferDesc *
descriptor_of(Buffer buffer)
{
	return BufferIsLocal(buffer) ? GetLocalBufferDescriptor(-buffer - 1)
	                             : GetBufferDescriptor(buffer - 1);
}

/* ---- life cycle ---- */

/* In every process that uses buffers, once, before the first use. */
void
InitBufferPoolAccess(void)
{
	free(PrivateRefCount);
	PrivateRefCount = sys_calloc(NBuffers, sizeof(int32));
	if (PrivateRefCount == NULL)
		ereport(FATAL,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
		         errdetail("%zu bytes are needed to count the pins of %d "
		                   "buffers.",
		                   NBuffers * sizeof(int32), NBuffers)));
	PinnedBuffers = 0;
	InitBufferIO();
	InitBufferLocks();
}

/* At the end of a transaction no buffer is pinned. */
void
AtEOXact_Buffers(bool isCommit)
{
	AtEOXact_LocalBuffers(isCommit);
	if (PinnedBuffers == 0)
		return;
	for (Buffer b = 1; b <= NBuffers && PinnedBuffers > 0; b++)
		if (PrivateRefCount[b - 1] > 0)
			PrintBufferLeakWarning(b);
	Assert(PinnedBuffers == 0);
}

void
PrintBufferLeakWarning(Buffer buffer)
{
	BufferDesc *buf = descriptor_of(buffer);
	char *path = relpathbackend(buf->tag.rnode,
	                            BufferIsLocal(buffer) ? MyProcNumber
	                                                  : INVALID_PROC_NUMBER,
	                            buf->tag.forkNum);
	uint32 state = pg_atomic_read_u32(&buf->state);

	elog(WARNING,
	     "buffer refcount leak: [%03d] (rel=%s, blockNum=%u, flags=0x%x, "
	     "refcount=%u %d)",
	     buffer, path, buf->tag.blockNum, state & BUF_FLAG_MASK,
	     BUF_STATE_GET_REFCOUNT(state), GetPrivateRefCount(buffer));
	pfree(path);
}

/* ---- pins ---- */

static inline void
count_pin(Buffer b)
{
	if (PrivateRefCount[b - 1]++ == 0)
		PinnedBuffers++;
	ResourceOwnerRememberBuffer(CurrentResourceOwner, b);
}

/*
 * Pins; true if the buffer is valid.  The caller holds the mapping lock, or
 * has it pinned already, so that it cannot go (B3), and has called
 * ResourceOwnerEnlargeBuffers.
 */
static bool
PinBuffer(BufferDesc *buf, BufferAccessStrategy strategy)
{
	Buffer b = BufferDescriptorGetBuffer(buf);
	bool result;

	if (PrivateRefCount[b - 1] == 0)
	{
		uint32 old = pg_atomic_read_u32(&buf->state);

		for (;;)
		{
			uint32 new;

			if (old & BM_LOCKED)
				old = WaitBufHdrUnlocked(buf);
			new = old + BUF_REFCOUNT_ONE;
			/* a ring keeps its buffers at 1, so that it can reuse them */
			if (BUF_STATE_GET_USAGECOUNT(old) <
			    (strategy == NULL ? BM_MAX_USAGE_COUNT : 1))
				new += BUF_USAGECOUNT_ONE;
			if (pg_atomic_compare_exchange_u32(&buf->state, &old, new))
			{
				result = (new &BM_VALID) != 0;
				break;
			}
		}
	}
	else
		result = (pg_atomic_read_u32(&buf->state) & BM_VALID) != 0;
	count_pin(b);
	return result;
}

/* Pins a buffer that we had not pinned, and unlocks its header. */
static void
PinBuffer_Locked(BufferDesc *buf)
{
	Buffer b = BufferDescriptorGetBuffer(buf);
	uint32 state = pg_atomic_read_u32(&buf->state);

	Assert(PrivateRefCount[b - 1] == 0);
	Assert(state & BM_LOCKED);
	state += BUF_REFCOUNT_ONE;
	UnlockBufHdr(buf, state);
	count_pin(b);
}

static void
wake_pin_count_waiter(BufferDesc *buf)
{
	uint32 state = LockBufHdr(buf);

	if ((state & BM_PIN_COUNT_WAITER) && BUF_STATE_GET_REFCOUNT(state) == 1)
	{
		int procno = buf->wait_backend_pgprocno;

		state &= ~BM_PIN_COUNT_WAITER;
		UnlockBufHdr(buf, state);
		ProcSendSignal(procno);
	}
	else
		UnlockBufHdr(buf, state);
}

void
UnpinBuffer(BufferDesc *buf)
{
	Buffer b = BufferDescriptorGetBuffer(buf);
	uint32 old;

	ResourceOwnerForgetBuffer(CurrentResourceOwner, b);
	Assert(PrivateRefCount[b - 1] > 0);
	if (--PrivateRefCount[b - 1] > 0)
		return;
	PinnedBuffers--;
	/* the content lock is not held without a pin */
	AssertHot(!LWLockHeldByMe(BufferDescriptorGetContentLock(buf)));

	old = pg_atomic_read_u32(&buf->state);
	for (;;)
	{
		uint32 new;

		if (old & BM_LOCKED)
			old = WaitBufHdrUnlocked(buf);
		new = old - BUF_REFCOUNT_ONE;
		if (pg_atomic_compare_exchange_u32(&buf->state, &old, new))
		{
			if (new &BM_PIN_COUNT_WAITER)
				wake_pin_count_waiter(buf);
			return;
		}
	}
}

/* Pins the buffer whose header the caller has locked; bufwrite.c's door. */
void
PinLockedBuffer(BufferDesc *buf)
{
	Buffer b = BufferDescriptorGetBuffer(buf);

	if (PrivateRefCount[b - 1] == 0)
	{
		PinBuffer_Locked(buf);
		return;
	}
	UnlockBufHdr(buf, pg_atomic_read_u32(&buf->state));
	count_pin(b);
}

int
GetPrivateRefCount(Buffer buffer)
{
	if (BufferIsLocal(buffer))
		return GetLocalRefCount(buffer);
	return PrivateRefCount[buffer - 1];
}

void
ReleaseBuffer(Buffer buffer)
{
	if (!BufferIsValid(buffer))
		elog(ERROR, "bad buffer ID: %d", buffer);
	if (BufferIsLocal(buffer))
		UnpinLocalBuffer(buffer);
	else
		UnpinBuffer(GetBufferDescriptor(buffer - 1));
}

void
UnlockReleaseBuffer(Buffer buffer)
{
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	ReleaseBuffer(buffer);
}

void
IncrBufferRefCount(Buffer buffer)
{
	Assert(BufferIsPinned(buffer));
	if (BufferIsLocal(buffer))
	{
		IncrLocalBufferRefCount(buffer);
		return;
	}
	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	count_pin(buffer);
}

/* ---- reading ---- */

/* What another session changed is in its buffers, not in the file. */
static void
check_not_other_temp(Relation reln)
{
	if (RELATION_IS_OTHER_TEMP(reln))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot access temporary tables of other "
		                       "sessions")));
}

PrefetchBufferResult
PrefetchSharedBuffer(SMgrRelation smgr_reln, ForkNumber forkNum,
                     BlockNumber blockNum)
{
	PrefetchBufferResult result = {InvalidBuffer, false};
	BufferTag tag;
	int buf_id;

	INIT_BUFFERTAG(tag, smgr_reln->smgr_rnode.node, forkNum, blockNum);
	buf_id = BufTableLookupOptimistic(&tag, BufTableHashCode(&tag));
	if (buf_id >= 0)
		result.recent_buffer = buf_id + 1;
	else
		result.initiated_io = smgrprefetch(smgr_reln, forkNum, blockNum);
	return result;
}

PrefetchBufferResult
PrefetchBuffer(Relation reln, ForkNumber forkNum, BlockNumber blockNum)
{
	Assert(BlockNumberIsValid(blockNum));
	if (RelationUsesLocalBuffers(reln))
	{
		check_not_other_temp(reln);
		return PrefetchLocalBuffer(RelationGetSmgr(reln), forkNum, blockNum);
	}
	return PrefetchSharedBuffer(RelationGetSmgr(reln), forkNum, blockNum);
}

bool
ReadRecentBuffer(RelFileNode rnode, ForkNumber forkNum, BlockNumber blockNum,
                 Buffer recent_buffer)
{
	BufferDesc *buf;
	BufferTag tag;
	uint32 state;

	Assert(BufferIsValid(recent_buffer) && !BufferIsLocal(recent_buffer));
	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	INIT_BUFFERTAG(tag, rnode, forkNum, blockNum);
	buf = GetBufferDescriptor(recent_buffer - 1);
	state = LockBufHdr(buf);
	if (!(state & BM_VALID) || !BUFFERTAGS_EQUAL(tag, buf->tag))
	{
		UnlockBufHdr(buf, state);
		return false;
	}
	if (PrivateRefCount[recent_buffer - 1] == 0)
	{
		if (BUF_STATE_GET_USAGECOUNT(state) < BM_MAX_USAGE_COUNT)
			state += BUF_USAGECOUNT_ONE;
		state += BUF_REFCOUNT_ONE;
	}
	UnlockBufHdr(buf, state);
	count_pin(recent_buffer);
	pgBufferUsage.shared_blks_hit++;
	return true;
}

Buffer
ReadBuffer(Relation reln, BlockNumber blockNum)
{
	return ReadBufferExtended(reln, MAIN_FORKNUM, blockNum, RBM_NORMAL, NULL);
}

Buffer
ReadBufferExtended(Relation reln, ForkNumber forkNum, BlockNumber blockNum,
                   ReadBufferMode mode, BufferAccessStrategy strategy)
{
	check_not_other_temp(reln);
	return read_buffer_common(RelationGetSmgr(reln),
	                          reln->rd_rel->relpersistence, forkNum, blockNum,
	                          mode, strategy);
}

Buffer
ReadBufferWithoutRelcache(RelFileNode rnode, ForkNumber forkNum,
                          BlockNumber blockNum, ReadBufferMode mode,
                          BufferAccessStrategy strategy, bool permanent)
{
	return read_buffer_common(smgropen(rnode, INVALID_PROC_NUMBER),
	                          permanent ? 'p' : 'u', forkNum, blockNum, mode,
	                          strategy);
}

Buffer
ReleaseAndReadBuffer(Buffer buffer, Relation relation, BlockNumber blockNum)
{
	if (BufferIsValid(buffer))
	{
		BufferDesc *buf = descriptor_of(buffer);

		/* our pin keeps the tag from changing */
		if (buf->tag.blockNum == blockNum &&
		    RelFileNodeEquals(buf->tag.rnode, relation->rd_node) &&
		    buf->tag.forkNum == MAIN_FORKNUM)
			return buffer;
		ReleaseBuffer(buffer);
	}
	return ReadBuffer(relation, blockNum);
}

/* The page as it is in the file. */
static void
read_page(Block block, SMgrRelation smgr, ForkNumber forkNum,
          BlockNumber blockNum, ReadBufferMode mode)
{
	char *path;

	smgrread(smgr, forkNum, blockNum, (char *) block);
	if (PageIsVerifiedExtended((Page) block, blockNum,
	                           PIV_LOG_WARNING | PIV_REPORT_STAT))
		return;
	path = relpath(smgr->smgr_rnode, forkNum);
	if (mode != RBM_ZERO_ON_ERROR && !zero_damaged_pages)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg("invalid page in block %u of relation %s",
		                       blockNum, path)));
	ereport(WARNING, (errcode(ERRCODE_DATA_CORRUPTED),
	                  errmsg("invalid page in block %u of relation %s; "
	                         "zeroing out page",
	                         blockNum, path)));
	memset(block, 0, BLCKSZ);
	pfree(path);
}

/* Brings the block in by I/O that is ours alone; on return it is valid. */
static void
read_block(BufferDesc *buf, SMgrRelation smgr, ForkNumber forkNum,
           BlockNumber blockNum, ReadBufferMode mode)
{
	Block block = BufHdrGetBlock(buf);

	if (mode == RBM_ZERO_AND_LOCK || mode == RBM_ZERO_AND_CLEANUP_LOCK)
	{
		memset(block, 0, BLCKSZ);
		/* locked before anybody can find it valid; ours is the only pin */
		LockContentExclusive(buf);
		TerminateBufferIO(buf, false, BM_VALID);
		return;
	}

	INJECTION_POINT("buffer-read");
	read_page(block, smgr, forkNum, blockNum, mode);
	TerminateBufferIO(buf, false, BM_VALID);
}

/* A block of a temporary relation: nobody reads it but us. */
static Buffer
read_local_buffer(SMgrRelation smgr, ForkNumber forkNum, BlockNumber blockNum,
                  ReadBufferMode mode)
{
	bool found;
	BufferDesc *buf = LocalBufferAlloc(smgr, forkNum, blockNum, &found);
	Buffer buffer = BufferDescriptorGetBuffer(buf);

	if (found)
	{
		pgBufferUsage.local_blks_hit++;
		return buffer;
	}
	if (mode == RBM_ZERO_AND_LOCK || mode == RBM_ZERO_AND_CLEANUP_LOCK)
		memset(BufferGetBlock(buffer), 0, BLCKSZ);
	else
	{
		INJECTION_POINT("local-buffer-read");
		pgBufferUsage.local_blks_read++;
		read_page(BufferGetBlock(buffer), smgr, forkNum, blockNum, mode);
	}
	LocalBufferFilled(buf);
	return buffer;
}

static Buffer
read_buffer_common(SMgrRelation smgr, char relpersistence, ForkNumber forkNum,
                   BlockNumber blockNum, ReadBufferMode mode,
                   BufferAccessStrategy strategy)
{
	BufferDesc *buf;
	Buffer buffer;
	bool found;

	/* the caller holds the extension lock, if there can be others */
	if (blockNum == P_NEW)
	{
		uint32 flags = EB_SKIP_EXTENSION_LOCK;

		if (mode == RBM_ZERO_AND_LOCK || mode == RBM_ZERO_AND_CLEANUP_LOCK)
			flags |= EB_LOCK_FIRST;
		return ExtendBufferedRel(BMR_SMGR(smgr, relpersistence), forkNum,
		                         strategy, flags);
	}

	if (SmgrIsTemp(smgr))
		return read_local_buffer(smgr, forkNum, blockNum, mode);

	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	buf =
		BufferAlloc(smgr, relpersistence, forkNum, blockNum, strategy, &found);
	buffer = BufferDescriptorGetBuffer(buf);
	if (!found && StartBufferIO(buf, true))
	{
		pgBufferUsage.shared_blks_read++;
		read_block(buf, smgr, forkNum, blockNum, mode);
		return buffer;
	}
	pgBufferUsage.shared_blks_hit++;
	if (mode == RBM_ZERO_AND_LOCK)
		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
	else if (mode == RBM_ZERO_AND_CLEANUP_LOCK)
		LockBufferForCleanup(buffer);
	return buffer;
}

/*
 * The block's buffer, pinned.  *foundPtr: it is valid; else the caller (or
 * somebody else who got here) has to read it.
 */
static BufferDesc *
BufferAlloc(SMgrRelation smgr, char relpersistence, ForkNumber forkNum,
            BlockNumber blockNum, BufferAccessStrategy strategy, bool *foundPtr)
{
	BufferTag newTag;
	uint32 newHash;
	LWLock *newPartitionLock;
	int existing;
	BufferDesc *victim;
	BufferDesc *buf;
	uint32 state;

	INIT_BUFFERTAG(newTag, smgr->smgr_rnode.node, forkNum, blockNum);
	newHash = BufTableHashCode(&newTag);
	newPartitionLock = BufMappingPartitionLock(newHash);

	LWLockAcquire(newPartitionLock, LW_SHARED);
	existing = BufTableLookup(&newTag, newHash);
	if (existing >= 0)
	{
		buf = GetBufferDescriptor(existing);
		*foundPtr = PinBuffer(buf, strategy);
		LWLockRelease(newPartitionLock);
		return buf;
	}
	LWLockRelease(newPartitionLock);

	/* I/O may happen here: no mapping lock is held (B4) */
	victim = GetVictimBuffer(strategy);

	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	LWLockAcquire(newPartitionLock, LW_EXCLUSIVE);
	existing = BufTableInsert(&newTag, newHash, victim->buf_id);
	if (existing >= 0)
	{
		/* somebody was faster: ours goes back, unused */
		UnpinBuffer(victim);
		StrategyFreeBuffer(victim);
		buf = GetBufferDescriptor(existing);
		*foundPtr = PinBuffer(buf, strategy);
		LWLockRelease(newPartitionLock);
		return buf;
	}

	state = LockBufHdr(victim);
	Assert(BUF_STATE_GET_REFCOUNT(state) == 1);
	Assert(!(state & (BM_TAG_VALID | BM_VALID | BM_DIRTY | BM_IO_IN_PROGRESS)));
	BufferRaiseVersion(victim); /* B7: the tag changes */
	victim->tag = newTag;
	state |= BM_TAG_VALID | BUF_USAGECOUNT_ONE;
	if (relpersistence == 'p' || forkNum == INIT_FORKNUM)
		state |= BM_PERMANENT;
	UnlockBufHdr(victim, state);
	LWLockRelease(newPartitionLock);
	*foundPtr = false;
	return victim;
}

/* A buffer that holds nothing, pinned by us alone and in no table. */
static BufferDesc *
GetVictimBuffer(BufferAccessStrategy strategy)
{
	for (;;)
	{
		BufferDesc *buf;
		uint32 state;
		bool from_ring;

		ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
		buf = StrategyGetBuffer(strategy, &state, &from_ring);
		Assert(BUF_STATE_GET_REFCOUNT(state) == 0);
		PinBuffer_Locked(buf);

		if (state & BM_DIRTY)
		{
			LWLock *content_lock = BufferDescriptorGetContentLock(buf);

			/* never wait here: we may hold other content locks */
			if (!LWLockConditionalAcquire(content_lock, LW_SHARED))
			{
				UnpinBuffer(buf);
				continue;
			}
			if (strategy != NULL && from_ring &&
			    XLogNeedsFlush(
					BufferGetLSNAtomic(BufferDescriptorGetBuffer(buf))) &&
			    StrategyRejectBuffer(strategy, buf, from_ring))
			{
				LWLockRelease(content_lock);
				UnpinBuffer(buf);
				continue;
			}
			INJECTION_POINT("buffer-evict");
			FlushBuffer(buf, NULL);
			LWLockRelease(content_lock);
			ScheduleBufferTagForWriteback(&BackendWritebackContext, &buf->tag);
		}
		if (!(state & BM_TAG_VALID) || InvalidateVictimBuffer(buf))
			return buf;
		/* somebody took an interest in it */
		UnpinBuffer(buf);
	}
}

/*
 * Takes the tag off a buffer that only we have pinned.  False if it was
 * pinned or dirtied meanwhile.
 */
static bool
InvalidateVictimBuffer(BufferDesc *buf)
{
	BufferTag tag = buf->tag; /* cannot change while we have it pinned */
	uint32 hash = BufTableHashCode(&tag);
	LWLock *partition_lock = BufMappingPartitionLock(hash);
	uint32 state;

	LWLockAcquire(partition_lock, LW_EXCLUSIVE);
	state = LockBufHdr(buf);
	Assert(BUFFERTAGS_EQUAL(buf->tag, tag));
	Assert(BUF_STATE_GET_REFCOUNT(state) > 0);
	if (BUF_STATE_GET_REFCOUNT(state) != 1 || (state & BM_DIRTY))
	{
		UnlockBufHdr(buf, state);
		LWLockRelease(partition_lock);
		return false;
	}
	ClearBufferTagLocked(buf, &state);
	UnlockBufHdr(buf, state);
	BufTableDelete(&tag, hash);
	LWLockRelease(partition_lock);
	return true;
}

/*
 * The one way in which a buffer loses its tag (B8).  The header is locked and
 * nobody else has it pinned.
 */
void
ClearBufferTagLocked(BufferDesc *buf, uint32 *state)
{
	Assert(*state & BM_LOCKED);
	Assert(BUF_STATE_GET_REFCOUNT(*state) <= 1);
	BufferRaiseVersion(buf);
	*state &= ~(BUF_USAGECOUNT_MASK | (BUF_FLAG_MASK & ~BM_LOCKED));
	pg_atomic_write_u32(&buf->state, *state);
	pg_write_barrier();
	CLEAR_BUFFERTAG(buf->tag);
}

/* ---- extension ---- */

/* How many of wanted pins this process may take, 1 at least. */
static uint32
limit_additional_pins(uint32 wanted)
{
	int share = NBuffers / Max(MaxBackends + NUM_AUXILIARY_PROCS, 1);
	int allowed = share - PinnedBuffers;

	return (uint32) Max(1, Min((int) wanted, allowed));
}

/*
 * Makes victim (or what an earlier failed extension left in the table) the
 * buffer of blockNum, with the I/O begun.
 */
static Buffer
map_new_block(SMgrRelation smgr, char relpersistence, ForkNumber fork,
              BlockNumber blockNum, BufferAccessStrategy strategy,
              BufferDesc *victim)
{
	BufferTag tag;
	uint32 hash;
	LWLock *partition_lock;
	int existing_id;
	uint32 state;

	INIT_BUFFERTAG(tag, smgr->smgr_rnode.node, fork, blockNum);
	hash = BufTableHashCode(&tag);
	partition_lock = BufMappingPartitionLock(hash);

	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	LWLockAcquire(partition_lock, LW_EXCLUSIVE);
	existing_id = BufTableInsert(&tag, hash, victim->buf_id);
	if (existing_id >= 0)
	{
		BufferDesc *existing = GetBufferDescriptor(existing_id);
		bool valid = PinBuffer(existing, strategy);

		LWLockRelease(partition_lock);
		UnpinBuffer(victim);
		StrategyFreeBuffer(victim);
		if (valid && !PageIsNew((Page) BufHdrGetBlock(existing)))
			ereport(ERROR,
			        (errcode(ERRCODE_DATA_CORRUPTED),
			         errmsg("unexpected data beyond EOF in block %u of "
			                "relation %s",
			                blockNum, relpath(smgr->smgr_rnode, fork)),
			         errhint("This has been seen to occur with buggy kernels; "
			                 "consider updating your system.")));
		/* somebody may read it at this very moment and find zeros */
		for (;;)
		{
			state = LockBufHdr(existing);
			state &= ~BM_VALID;
			UnlockBufHdr(existing, state);
			if (StartBufferIO(existing, true))
				break;
		}
		memset(BufHdrGetBlock(existing), 0, BLCKSZ);
		return BufferDescriptorGetBuffer(existing);
	}

	state = LockBufHdr(victim);
	Assert(!(state & (BM_VALID | BM_TAG_VALID | BM_DIRTY)));
	Assert(BUF_STATE_GET_REFCOUNT(state) == 1);
	BufferRaiseVersion(victim); /* B7: the tag changes */
	victim->tag = tag;
	state |= BM_TAG_VALID | BUF_USAGECOUNT_ONE;
	if (relpersistence == 'p' || fork == INIT_FORKNUM)
		state |= BM_PERMANENT;
	UnlockBufHdr(victim, state);
	LWLockRelease(partition_lock);
	if (!StartBufferIO(victim, true))
		elog(PANIC, "buffer of a new block is valid");
	return BufferDescriptorGetBuffer(victim);
}

BlockNumber
ExtendBufferedRelBy(BufferManagerRelation bmr, ForkNumber fork,
                    BufferAccessStrategy strategy, uint32 flags,
                    uint32 extend_by, Buffer *buffers, uint32 *extended_by)
{
	BlockNumber first_block;
	SMgrRelation smgr;
	char relpersistence;
	bool take_lock = !(flags & EB_SKIP_EXTENSION_LOCK) && bmr.rel != NULL;

	Assert((bmr.rel != NULL) != (bmr.smgr != NULL));
	Assert(extend_by > 0);
	extend_by = Min(extend_by, MAX_EXTEND_BLOCKS);
	smgr = bmr.rel != NULL ? RelationGetSmgr(bmr.rel) : bmr.smgr;
	relpersistence =
		bmr.rel != NULL ? bmr.rel->rd_rel->relpersistence : bmr.relpersistence;

	if (SmgrIsTemp(smgr))
	{
		if (bmr.rel != NULL)
			check_not_other_temp(bmr.rel);
		if ((flags & EB_CREATE_FORK_IF_NEEDED) && !smgrexists(smgr, fork))
			smgrcreate(smgr, fork, false);
		return ExtendBufferedRelLocal(smgr, fork, extend_by, buffers,
		                              extended_by);
	}

	extend_by = limit_additional_pins(extend_by);
	/* victims first: finding them may write, and others wait for the lock */
	for (uint32 i = 0; i < extend_by; i++)
	{
		BufferDesc *buf = GetVictimBuffer(strategy);

		memset(BufHdrGetBlock(buf), 0, BLCKSZ);
		buffers[i] = BufferDescriptorGetBuffer(buf);
	}

	if (take_lock)
	{
		LockRelationForExtension(bmr.rel, ExclusiveLock);
		smgr = RelationGetSmgr(bmr.rel);
	}
	if ((flags & EB_CREATE_FORK_IF_NEEDED) && !smgrexists(smgr, fork))
		smgrcreate(smgr, fork, false);
	if (flags & EB_CLEAR_SIZE_CACHE)
		smgr->smgr_cached_nblocks[fork] = InvalidBlockNumber;

	first_block = smgrnblocks(smgr, fork);
	if ((uint64) first_block + extend_by >= (uint64) MaxBlockNumber)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("cannot extend relation %s beyond %u blocks",
		                relpath(smgr->smgr_rnode, fork), MaxBlockNumber)));

	for (uint32 i = 0; i < extend_by; i++)
		buffers[i] =
			map_new_block(smgr, relpersistence, fork, first_block + i, strategy,
		                  GetBufferDescriptor(buffers[i] - 1));

	INJECTION_POINT("buffer-extend");
	smgrzeroextend(smgr, fork, first_block, (int) extend_by, false);
	if (take_lock)
		UnlockRelationForExtension(bmr.rel, ExclusiveLock);

	for (uint32 i = 0; i < extend_by; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(buffers[i] - 1);

		/* locked before anybody can find it valid */
		if (i == 0 && (flags & EB_LOCK_FIRST))
			LockContentExclusive(buf);
		TerminateBufferIO(buf, false, BM_VALID);
	}
	pgBufferUsage.shared_blks_written += extend_by;
	*extended_by = extend_by;
	return first_block;
}

Buffer
ExtendBufferedRel(BufferManagerRelation bmr, ForkNumber forkNum,
                  BufferAccessStrategy strategy, uint32 flags)
{
	Buffer buffer;
	uint32 extended_by;

	ExtendBufferedRelBy(bmr, forkNum, strategy, flags, 1, &buffer,
	                    &extended_by);
	Assert(extended_by == 1);
	return buffer;
}

/* ---- questions ---- */

BlockNumber
BufferGetBlockNumber(Buffer buffer)
{
	Assert(BufferIsPinned(buffer));
	return descriptor_of(buffer)->tag.blockNum;
}

void
BufferGetTag(Buffer buffer, RelFileNode *rnode, ForkNumber *forknum,
             BlockNumber *blknum)
{
	BufferDesc *buf;

	Assert(BufferIsPinned(buffer));
	buf = descriptor_of(buffer);
	*rnode = buf->tag.rnode;
	*forknum = buf->tag.forkNum;
	*blknum = buf->tag.blockNum;
}

BlockNumber
RelationGetNumberOfBlocksInFork(Relation relation, ForkNumber forkNum)
{
	return smgrnblocks(RelationGetSmgr(relation), forkNum);
}

bool
BufferIsPermanent(Buffer buffer)
{
	Assert(BufferIsPinned(buffer));
	return (pg_atomic_read_u32(&descriptor_of(buffer)->state) & BM_PERMANENT) !=
	       0;
}

/* Under share lock another one may set the LSN with a hint bit. */
XLogRecPtr
BufferGetLSNAtomic(Buffer buffer)
{
	BufferDesc *buf;
	uint32 state;
	XLogRecPtr lsn;

	Assert(BufferIsPinned(buffer));
	if (BufferIsLocal(buffer))
		return PageGetLSN(BufferGetPage(buffer));
	buf = GetBufferDescriptor(buffer - 1);
	state = LockBufHdr(buf);
	lsn = PageGetLSN(BufferGetPage(buffer));
	UnlockBufHdr(buf, state);
	return lsn;
}
