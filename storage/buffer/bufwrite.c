/*
 * bufwrite.c: writing buffers out and dropping them.
 *
 * A page is written under a share lock on its content: readers go on, hint
 * bits may change, so the checksum goes into a private copy.  BM_JUST_DIRTIED
 * is cleared before the write and looked at after it: who dirtied the page in
 * between keeps it dirty.
 *
 * The checkpoint marks what is dirty at its start, sorts that by file and
 * block, and writes it in this order.  What is dirtied later is the next
 * checkpoint's.  The background writer cleans what the clock hand will reach
 * next.
 *
 * Log before data: a page of a logged relation goes to its file only when the
 * log is on disk up to the page's LSN.
 *
 * Dropping: the caller has made sure that nobody can want the relation's
 * blocks any more (AccessExclusiveLock, or its creation was aborted); only
 * the checkpointer and the background writer may have one pinned, for a write.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "postmaster/bgwriter.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/indexcache.h"
#include "storage/smgr.h"
#include "utils/elog.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner_private.h"

int bgwriter_lru_maxpages = 100;
double bgwriter_lru_multiplier = 2.0;
int checkpoint_flush_after = 32;
int backend_flush_after = 0;
int bgwriter_flush_after = 64;

/* results of SyncOneBuffer */
#define BUF_WRITTEN 0x01
#define BUF_REUSABLE 0x02

/* a drop of fewer blocks than NBuffers / this looks each one up */
#define DROP_SCAN_FRACTION 32

static void
write_error_callback(void *arg)
{
	BufferDesc *buf = (BufferDesc *) arg;
	char *path;

	/* the tag is safe to read: we have it pinned */
	if (buf == NULL)
		return;
	path = relpathperm(buf->tag.rnode, buf->tag.forkNum);
	errcontext("writing block %u of relation %s", buf->tag.blockNum, path);
	pfree(path);
}

/*
 * Writes the buffer to the kernel if it is dirty.  The caller has it pinned
 * and its content locked.  reln may be NULL.
 */
void
FlushBuffer(BufferDesc *buf, SMgrRelation reln)
{
	ErrorContextCallback errcallback;
	XLogRecPtr recptr;
	uint32 state;

	if (!StartBufferIO(buf, false))
		return;

	errcallback.callback = write_error_callback;
	errcallback.arg = buf;
	errcallback.previous = error_context_stack;
	error_context_stack = &errcallback;

	if (reln == NULL)
		reln = smgropen(buf->tag.rnode, INVALID_PROC_NUMBER);

	/* who sets a hint bit may change the LSN, under the header lock */
	state = LockBufHdr(buf);
	recptr = PageGetLSN((Page) BufHdrGetBlock(buf));
	state &= ~BM_JUST_DIRTIED;
	UnlockBufHdr(buf, state);

	if (state & BM_PERMANENT)
		XLogFlush(recptr);

	INJECTION_POINT("buffer-write");
	smgrwrite(
		reln, buf->tag.forkNum, buf->tag.blockNum,
		PageSetChecksumCopy((Page) BufHdrGetBlock(buf), buf->tag.blockNum),
		false);
	pgBufferUsage.shared_blks_written++;
	TerminateBufferIO(buf, true, 0);
	error_context_stack = errcallback.previous;
}

/* Pins and share-locks a buffer whose header is locked, writes, lets go. */
static void
flush_locked_header(BufferDesc *buf, SMgrRelation reln)
{
	PinLockedBuffer(buf);
	LWLockAcquire(BufferDescriptorGetContentLock(buf), LW_SHARED);
	FlushBuffer(buf, reln);
	LWLockRelease(BufferDescriptorGetContentLock(buf));
	UnpinBuffer(buf);
}

static int
SyncOneBuffer(int buf_id, bool skip_recently_used, WritebackContext *context)
{
	BufferDesc *buf = GetBufferDescriptor(buf_id);
	BufferTag tag;
	int result = 0;
	uint32 state;

	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	state = LockBufHdr(buf);
	if (BUF_STATE_GET_REFCOUNT(state) == 0 &&
	    BUF_STATE_GET_USAGECOUNT(state) == 0)
		result |= BUF_REUSABLE;
	else if (skip_recently_used)
	{
		UnlockBufHdr(buf, state);
		return result;
	}
	if (!(state & BM_VALID) || !(state & BM_DIRTY))
	{
		UnlockBufHdr(buf, state);
		return result;
	}
	tag = buf->tag;
	flush_locked_header(buf, NULL);
	ScheduleBufferTagForWriteback(context, &tag);
	return result | BUF_WRITTEN;
}

/* ---- checkpoint and background writer ---- */

static int
ckpt_order(const void *a, const void *b)
{
	const CkptSortItem *x = a;
	const CkptSortItem *y = b;

	if (x->tsId != y->tsId)
		return x->tsId < y->tsId ? -1 : 1;
	if (x->relNode != y->relNode)
		return x->relNode < y->relNode ? -1 : 1;
	if (x->forkNum != y->forkNum)
		return x->forkNum < y->forkNum ? -1 : 1;
	return (x->blockNum > y->blockNum) - (x->blockNum < y->blockNum);
}

/*
 * Marks what is dirty now; returns how many entries CkptBufferIds has.  Pages
 * of unlogged relations need not be on disk before a clean stop.
 */
static int
collect_dirty(int flags)
{
	uint32 mask = BM_DIRTY;
	int num_to_scan = 0;

	if ((flags & (CHECKPOINT_IS_SHUTDOWN | CHECKPOINT_END_OF_RECOVERY |
	              CHECKPOINT_FLUSH_ALL)) == 0)
		mask |= BM_PERMANENT;

	for (int buf_id = 0; buf_id < NBuffers; buf_id++)
	{
		BufferDesc *buf = GetBufferDescriptor(buf_id);
		uint32 state = LockBufHdr(buf);

		if ((state & mask) == mask)
		{
			CkptSortItem *item = &CkptBufferIds[num_to_scan++];

			state |= BM_CHECKPOINT_NEEDED;
			item->buf_id = buf_id;
			item->tsId = buf->tag.rnode.spcNode;
			item->relNode = buf->tag.rnode.relNode;
			item->forkNum = buf->tag.forkNum;
			item->blockNum = buf->tag.blockNum;
		}
		UnlockBufHdr(buf, state);
	}
	return num_to_scan;
}

void
CheckPointBuffers(int flags)
{
	int num_to_scan = collect_dirty(flags);
	WritebackContext context;

	WritebackContextInit(&context, &checkpoint_flush_after);
	INJECTION_POINT("checkpoint-buffers");
	qsort(CkptBufferIds, num_to_scan, sizeof(CkptSortItem), ckpt_order);
	for (int i = 0; i < num_to_scan; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(CkptBufferIds[i].buf_id);

		/* without the flag somebody has written it meanwhile */
		if ((pg_atomic_read_u32(&buf->state) & BM_CHECKPOINT_NEEDED) &&
		    (SyncOneBuffer(buf->buf_id, false, &context) & BUF_WRITTEN))
			CheckpointStats.ckpt_bufs_written++;
		CheckpointWriteDelay(flags, (double) (i + 1) / num_to_scan);
	}
	IssuePendingWritebacks(&context);
}

/*
 * One round of the background writer: cleans what the clock hand reaches next,
 * as far as the allocations of the last round times the multiplier say.
 * True: nothing was allocated, so it may sleep until somebody does.
 */
bool
BgBufferSync(void)
{
	static double smoothed_alloc = 0;
	static WritebackContext context = {.max_pending = &bgwriter_flush_after};
	uint32 passes;
	uint32 recent_alloc;
	int next = StrategySyncStart(&passes, &recent_alloc);
	int wanted;
	int reusable = 0;
	int written = 0;

	if (bgwriter_lru_maxpages <= 0)
		return true;
	/* rises at once, falls slowly */
	if (recent_alloc > smoothed_alloc)
		smoothed_alloc = recent_alloc;
	else
		smoothed_alloc += (recent_alloc - smoothed_alloc) / 16;
	wanted = (int) (smoothed_alloc * bgwriter_lru_multiplier);

	for (int i = 0;
	     i < NBuffers && reusable < wanted && written < bgwriter_lru_maxpages;
	     i++)
	{
		int result = SyncOneBuffer((next + i) % NBuffers, true, &context);

		if (result & BUF_WRITTEN)
			written++;
		if (result & BUF_REUSABLE)
			reusable++;
	}
	return recent_alloc == 0 && written == 0;
}

/* ---- on demand ---- */

void
FlushOneBuffer(Buffer buffer)
{
	BufferDesc *buf = GetBufferDescriptor(buffer - 1);

	Assert(BufferIsValid(buffer) && !BufferIsLocal(buffer) &&
	       BufferIsLockedByMe(buffer));
	FlushBuffer(buf, NULL);
}

static bool
node_is_dirty_here(uint32 state)
{
	return (state & (BM_VALID | BM_DIRTY)) == (BM_VALID | BM_DIRTY);
}

void
FlushRelationsAllBuffers(SMgrRelation *smgrs, int nrels)
{
	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);

		for (int j = 0; j < nrels; j++)
		{
			uint32 state;

			/* a look without lock: nobody else dirties these relations */
			if (!RelFileNodeEquals(buf->tag.rnode, smgrs[j]->smgr_rnode.node))
				continue;
			ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
			state = LockBufHdr(buf);
			if (RelFileNodeEquals(buf->tag.rnode, smgrs[j]->smgr_rnode.node) &&
			    node_is_dirty_here(state))
				flush_locked_header(buf, smgrs[j]);
			else
				UnlockBufHdr(buf, state);
			break;
		}
	}
}

void
FlushRelationBuffers(Relation rel)
{
	SMgrRelation smgr = RelationGetSmgr(rel);

	if (RelationUsesLocalBuffers(rel))
		FlushLocalBuffers(rel->rd_node);
	else
		FlushRelationsAllBuffers(&smgr, 1);
}

void
FlushDatabaseBuffers(Oid dbid)
{
	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);
		uint32 state;

		if (buf->tag.rnode.dbNode != dbid)
			continue;
		ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
		state = LockBufHdr(buf);
		if (buf->tag.rnode.dbNode == dbid && node_is_dirty_here(state))
			flush_locked_header(buf, NULL);
		else
			UnlockBufHdr(buf, state);
	}
}

/* ---- dropping ---- */

/*
 * Empties a buffer, dirty or not.  The header is locked on entry; somebody's
 * I/O is waited for.
 */
static void
InvalidateBuffer(BufferDesc *buf)
{
	BufferTag oldTag = buf->tag; /* under the header lock */
	uint32 oldHash = BufTableHashCode(&oldTag);
	LWLock *oldPartitionLock = BufMappingPartitionLock(oldHash);
	uint32 state = pg_atomic_read_u32(&buf->state);

	Assert(state & BM_LOCKED);
	UnlockBufHdr(buf, state);
	for (;;)
	{
		/* the partition before the header: the order of locks */
		LWLockAcquire(oldPartitionLock, LW_EXCLUSIVE);
		state = LockBufHdr(buf);
		if (!BUFFERTAGS_EQUAL(buf->tag, oldTag))
		{
			UnlockBufHdr(buf, state);
			LWLockRelease(oldPartitionLock);
			return;
		}
		if (BUF_STATE_GET_REFCOUNT(state) == 0)
			break;
		UnlockBufHdr(buf, state);
		LWLockRelease(oldPartitionLock);
		/* ours: a bug; another's: the end of a write, or about to unpin */
		if (GetPrivateRefCount(BufferDescriptorGetBuffer(buf)) > 0)
			elog(ERROR, "buffer is pinned in InvalidateBuffer");
		WaitIO(buf);
		CHECK_FOR_INTERRUPTS();
	}
	ClearBufferTagLocked(buf, &state);
	UnlockBufHdr(buf, state);
	BufTableDelete(&oldTag, oldHash);
	LWLockRelease(oldPartitionLock);
	StrategyFreeBuffer(buf);
}

/* One block of a relation that is being truncated. */
static void
drop_one_block(RelFileNode rnode, ForkNumber forkNum, BlockNumber blkno)
{
	BufferTag tag;
	uint32 hash;
	LWLock *lock;
	int buf_id;
	BufferDesc *buf;
	uint32 state;

	INIT_BUFFERTAG(tag, rnode, forkNum, blkno);
	hash = BufTableHashCode(&tag);
	lock = BufMappingPartitionLock(hash);
	LWLockAcquire(lock, LW_SHARED);
	buf_id = BufTableLookup(&tag, hash);
	LWLockRelease(lock);
	if (buf_id < 0)
		return;
	buf = GetBufferDescriptor(buf_id);
	state = LockBufHdr(buf);
	if (BUFFERTAGS_EQUAL(buf->tag, tag))
		InvalidateBuffer(buf);
	else
		UnlockBufHdr(buf, state);
}

/* oldBlocks: the forks' lengths. */
void
DropRelFileNodeBuffers(SMgrRelation smgr_reln, ForkNumber *forkNum, int nforks,
                       BlockNumber *firstDelBlock, BlockNumber *oldBlocks)
{
	RelFileNode rnode = smgr_reln->smgr_rnode.node;
	uint64 blocks = 0;

	if (SmgrIsTemp(smgr_reln))
	{
		/* another session's are in its memory */
		for (int j = 0;
		     smgr_reln->smgr_rnode.backend == MyProcNumber && j < nforks; j++)
			DropRelFileNodeLocalBuffers(rnode, forkNum[j], firstDelBlock[j]);
		return;
	}
	IndexCacheDrop(&rnode);
	for (int j = 0; j < nforks; j++)
		if (oldBlocks[j] > firstDelBlock[j])
			blocks += oldBlocks[j] - firstDelBlock[j];
	if (blocks < (uint64) NBuffers / DROP_SCAN_FRACTION)
	{
		for (int j = 0; j < nforks; j++)
			for (BlockNumber b = firstDelBlock[j]; b < oldBlocks[j]; b++)
				drop_one_block(rnode, forkNum[j], b);
		return;
	}

	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);
		uint32 state;
		bool drop = false;

		if (!RelFileNodeEquals(buf->tag.rnode, rnode))
			continue;
		state = LockBufHdr(buf);
		for (int j = 0; j < nforks; j++)
			if (RelFileNodeEquals(buf->tag.rnode, rnode) &&
			    buf->tag.forkNum == forkNum[j] &&
			    buf->tag.blockNum >= firstDelBlock[j])
				drop = true;
		if (drop)
			InvalidateBuffer(buf); /* unlocks */
		else
			UnlockBufHdr(buf, state);
	}
}

static void
DropSharedBuffers(SMgrRelation *smgr_reln, int nnodes)
{
	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);

		for (int j = 0; j < nnodes; j++)
		{
			RelFileNode rnode = smgr_reln[j]->smgr_rnode.node;
			uint32 state;

			if (!RelFileNodeEquals(buf->tag.rnode, rnode))
				continue;
			state = LockBufHdr(buf);
			if (RelFileNodeEquals(buf->tag.rnode, rnode))
				InvalidateBuffer(buf); /* unlocks */
			else
				UnlockBufHdr(buf, state);
			break;
		}
	}
}

void
DropRelFileNodesAllBuffers(SMgrRelation *smgr_reln, int nnodes)
{
	SMgrRelation *shared = palloc(sizeof(SMgrRelation) * Max(nnodes, 1));
	int nshared = 0;

	for (int j = 0; j < nnodes; j++)
	{
		if (!SmgrIsTemp(smgr_reln[j]))
		{
			IndexCacheDrop(&smgr_reln[j]->smgr_rnode.node);
			shared[nshared++] = smgr_reln[j];
		}
		else if (smgr_reln[j]->smgr_rnode.backend == MyProcNumber)
			DropRelFileNodeAllLocalBuffers(smgr_reln[j]->smgr_rnode.node);
	}
	if (nshared > 0)
		DropSharedBuffers(shared, nshared);
	pfree(shared);
}

void
DropDatabaseBuffers(Oid dbid)
{
	IndexCacheDropDatabase(dbid);
	for (int i = 0; i < NBuffers; i++)
	{
		BufferDesc *buf = GetBufferDescriptor(i);
		uint32 state;

		if (buf->tag.rnode.dbNode != dbid)
			continue;
		state = LockBufHdr(buf);
		if (buf->tag.rnode.dbNode == dbid)
			InvalidateBuffer(buf); /* unlocks */
		else
			UnlockBufHdr(buf, state);
	}
}
