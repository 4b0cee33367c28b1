/*
 * localbuf.c: buffers of one process, for its temporary relations.
 *
 * Nobody else may look at a temporary relation's pages, so they need nothing
 * of what the shared pool does: no content lock, no header lock, no mapping
 * lock, no I/O flag, no log, no checkpoint.  A local buffer has a descriptor of
 * the same kind; its state word is changed by plain reads and writes.
 *
 *	- Numbers are negative: Buffer -1 is descriptor 0.  buf_id is -2 - index, so
 *	  that BufferDescriptorGetBuffer serves both kinds.
 *	- The pages are allocated as they are first used, temp_buffers of them at
 *	  most.  Their number is fixed with the first use.
 *	- A pin is counted in LocalRefCount only; the resource owner has it as it
 *	  has one of a shared buffer.
 *
 * Rules
 * L1.	A buffer is in the hash table exactly if it has a tag (BM_TAG_VALID).
 * L2.	BM_VALID says that the page was read, or is a new one that is in the
 *		file.  What an ERROR leaves is a tag without it: who looks next reads.
 * L3.	The one who may write a page out is the one who changes it, so a page is
 *		written in place, its checksum set in it.
 * L4.	A relation's buffers are thrown away before its file is cut or removed,
 *		dirty or not.
 *
 * What a SIGKILL leaves: nothing here; the files t<N>_<M> go with the start
 * that follows (RemovePgTempFiles).
 *
 * Corresponds to PostgreSQL's storage/buffer/localbuf.c; the shared count of
 * pins is not kept in the state word.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/smgr.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner_private.h"

/* pages of the first allocation; each one after it is twice as large */
#define FIRST_STORAGE_PAGES 16

typedef struct LocalBufferLookupEnt
{
	BufferTag key;
	int id; /* index of the descriptor */
} LocalBufferLookupEnt;

int num_temp_buffers = 1024;

PG_PER_THREAD int NLocBuffer = 0; /* 0: none was used yet */
PG_PER_THREAD Block *LocalBufferBlockPointers = NULL;
BufferDesc *LocalBufferDescriptors = NULL;

static int32 *LocalRefCount = NULL;
static HTAB *LocalBufHash = NULL;
static int nextFreeLocalBufId = 0; /* the clock's hand */
static int NLocalPinnedBuffers = 0;

static inline int
LocalIndex(Buffer buffer)
{
	AssertHot(BufferIsLocal(buffer) && -buffer <= NLocBuffer);
	return -buffer - 1;
}

static inline uint32
state_of(BufferDesc *buf)
{
	return pg_atomic_read_u32(&buf->state);
}

static inline void
set_state(BufferDesc *buf, uint32 state)
{
	pg_atomic_write_u32(&buf->state, state);
}

static inline Block
page_of(BufferDesc *buf)
{
	return LocalBufferBlockPointers[LocalIndex(BufferDescriptorGetBuffer(buf))];
}

/* ---- life cycle ---- */

bool
check_temp_buffers(int newval, const char **detail)
{
	if (NLocBuffer == 0 || NLocBuffer == newval)
		return true;
	*detail = "\"temp_buffers\" cannot be changed after any temporary tables "
			  "have been accessed in the session.";
	return false;
}

static void
InitLocalBuffers(void)
{
	int nbufs = num_temp_buffers;
	HASHCTL info = {.keysize = sizeof(BufferTag),
	                .entrysize = sizeof(LocalBufferLookupEnt)};

	/* A worker has not what its leader has changed in its buffers. */
	if (IsParallelWorker())
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
		                errmsg("cannot access temporary tables during a "
		                       "parallel operation")));

	INJECTION_POINT("local-buffers-init");
	LocalBufferDescriptors = sys_calloc(nbufs, sizeof(BufferDesc));
	LocalBufferBlockPointers = sys_calloc(nbufs, sizeof(Block));
	LocalRefCount = sys_calloc(nbufs, sizeof(int32));
	if (!LocalBufferDescriptors || !LocalBufferBlockPointers || !LocalRefCount)
		ereport(FATAL, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
		                errdetail("%d local buffers (\"temp_buffers\") could "
		                          "not be set up.",
		                          nbufs)));
	for (int i = 0; i < nbufs; i++)
	{
		BufferDesc *buf = GetLocalBufferDescriptor(i);

		buf->buf_id = -2 - i;
		CLEAR_BUFFERTAG(buf->tag);
		pg_atomic_init_u32(&buf->state, 0);
	}
	LocalBufHash = hash_create("Local Buffer Lookup Table", nbufs, &info,
	                           HASH_ELEM | HASH_BLOBS);
	nextFreeLocalBufId = 0;
	/* the last step: who finds it 0 begins anew */
	NLocBuffer = nbufs;
}

/* A page for a buffer that has none yet. */
static Block
GetLocalBufferStorage(void)
{
	static char *cur_block = NULL;
	static int next_buf_in_block = 0;
	static int num_bufs_in_block = 0;
	static int total_bufs_allocated = 0;
	static MemoryContext LocalBufferContext = NULL;

	if (next_buf_in_block >= num_bufs_in_block)
	{
		int pages = Max(num_bufs_in_block * 2, FIRST_STORAGE_PAGES);

		if (LocalBufferContext == NULL)
			LocalBufferContext = AllocSetContextCreate(
				TopMemoryContext, "LocalBufferContext", ALLOCSET_DEFAULT_SIZES);
		pages = Min(pages, NLocBuffer - total_bufs_allocated);
		pages = Min(pages, (int) (MaxAllocSize / BLCKSZ));
		INJECTION_POINT("local-buffer-storage");
		cur_block =
			MemoryContextAlloc(LocalBufferContext, mul_size(pages, BLCKSZ));
		next_buf_in_block = 0;
		num_bufs_in_block = pages;
	}
	total_bufs_allocated++;
	Assert(total_bufs_allocated <= NLocBuffer);
	return (Block) (cur_block + (Size) next_buf_in_block++ * BLCKSZ);
}

void
AtEOXact_LocalBuffers(bool isCommit)
{
	if (NLocalPinnedBuffers == 0)
		return;
	for (int i = 0; i < NLocBuffer; i++)
		if (LocalRefCount[i] > 0)
			PrintBufferLeakWarning(-i - 1);
	Assert(NLocalPinnedBuffers == 0);
}

/* ---- pins ---- */

/* The caller has called ResourceOwnerEnlargeBuffers.  True: the page is valid. */
static bool
PinLocalBuffer(BufferDesc *buf)
{
	Buffer buffer = BufferDescriptorGetBuffer(buf);
	int i = LocalIndex(buffer);
	uint32 state = state_of(buf);

	if (LocalRefCount[i]++ == 0)
	{
		NLocalPinnedBuffers++;
		if (BUF_STATE_GET_USAGECOUNT(state) < BM_MAX_USAGE_COUNT)
			set_state(buf, state + BUF_USAGECOUNT_ONE);
	}
	ResourceOwnerRememberBuffer(CurrentResourceOwner, buffer);
	return (state & BM_VALID) != 0;
}

void
IncrLocalBufferRefCount(Buffer buffer)
{
	Assert(LocalRefCount[LocalIndex(buffer)] > 0);
	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	LocalRefCount[LocalIndex(buffer)]++;
	ResourceOwnerRememberBuffer(CurrentResourceOwner, buffer);
}

void
UnpinLocalBuffer(Buffer buffer)
{
	int i = LocalIndex(buffer);

	ResourceOwnerForgetBuffer(CurrentResourceOwner, buffer);
	Assert(LocalRefCount[i] > 0);
	if (--LocalRefCount[i] == 0)
		NLocalPinnedBuffers--;
}

int
GetLocalRefCount(Buffer buffer)
{
	return LocalRefCount[LocalIndex(buffer)];
}

/* ---- what is thrown out ---- */

/* Takes the tag away; the buffer is not pinned, or by the caller alone. */
static void
ForgetLocalBlock(BufferDesc *buf)
{
	if (hash_search(LocalBufHash, &buf->tag, HASH_REMOVE, NULL) == NULL)
		elog(ERROR, "local buffer hash table corrupted");
	CLEAR_BUFFERTAG(buf->tag);
	set_state(buf, 0);
}

/*
 * Another session may drop a table that it cannot read.  What we keep of it is
 * wanted by nobody then.
 */
static bool
FileWasRemoved(SMgrRelation reln, ForkNumber fork)
{
	return reln->md_num_open_segs[fork] == 0 && !smgrexists(reln, fork);
}

static void
WriteLocalBuffer(BufferDesc *buf)
{
	SMgrRelation reln = smgropen(buf->tag.rnode, MyProcNumber);

	if (FileWasRemoved(reln, buf->tag.forkNum))
	{
		set_state(buf, state_of(buf) & ~BM_DIRTY);
		return;
	}
	INJECTION_POINT("local-buffer-write");
	PageSetChecksumInplace((Page) page_of(buf), buf->tag.blockNum);
	smgrwrite(reln, buf->tag.forkNum, buf->tag.blockNum, page_of(buf), false);
	set_state(buf, state_of(buf) & ~BM_DIRTY);
	pgBufferUsage.local_blks_written++;
}

/* A buffer without tag, pinned, with a page. */
static BufferDesc *
GetLocalVictimBuffer(void)
{
	BufferDesc *buf;
	int trycounter = NLocBuffer;

	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	for (;;)
	{
		int i = nextFreeLocalBufId;
		uint32 state;

		if (++nextFreeLocalBufId >= NLocBuffer)
			nextFreeLocalBufId = 0;
		buf = GetLocalBufferDescriptor(i);
		state = state_of(buf);
		if (LocalRefCount[i] == 0)
		{
			if (BUF_STATE_GET_USAGECOUNT(state) == 0)
				break;
			set_state(buf, state - BUF_USAGECOUNT_ONE);
			trycounter = NLocBuffer;
		}
		else if (--trycounter == 0)
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
			                errmsg("no empty local buffer available"),
			                errdetail("All %d of them are in use.", NLocBuffer),
			                errhint("Raise \"temp_buffers\".")));
	}
	PinLocalBuffer(buf);
	if (page_of(buf) == NULL)
		LocalBufferBlockPointers[LocalIndex(BufferDescriptorGetBuffer(buf))] =
			GetLocalBufferStorage();
	if (state_of(buf) & BM_DIRTY)
		WriteLocalBuffer(buf);
	if (state_of(buf) & BM_TAG_VALID)
		ForgetLocalBlock(buf);
	return buf;
}

/* Makes the pinned victim the buffer of the block, or finds one that is. */
static BufferDesc *
MapLocalBlock(BufferDesc *victim, BufferTag *tag)
{
	LocalBufferLookupEnt *ent;
	bool found;

	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	ent = hash_search(LocalBufHash, tag, HASH_ENTER, &found);
	if (found)
	{
		BufferDesc *existing = GetLocalBufferDescriptor(ent->id);

		UnpinLocalBuffer(BufferDescriptorGetBuffer(victim));
		PinLocalBuffer(existing);
		return existing;
	}
	ent->id = LocalIndex(BufferDescriptorGetBuffer(victim));
	victim->tag = *tag;
	set_state(victim, BM_TAG_VALID | BUF_USAGECOUNT_ONE);
	return victim;
}

/* ---- how a block gets in ---- */

PrefetchBufferResult
PrefetchLocalBuffer(SMgrRelation smgr, ForkNumber forkNum, BlockNumber blockNum)
{
	PrefetchBufferResult result = {InvalidBuffer, false};
	LocalBufferLookupEnt *ent = NULL;
	BufferTag tag;

	INIT_BUFFERTAG(tag, smgr->smgr_rnode.node, forkNum, blockNum);
	if (LocalBufHash != NULL)
		ent = hash_search(LocalBufHash, &tag, HASH_FIND, NULL);
	if (ent != NULL)
		result.recent_buffer = -ent->id - 1;
	else
		result.initiated_io = smgrprefetch(smgr, forkNum, blockNum);
	return result;
}

BufferDesc *
LocalBufferAlloc(SMgrRelation smgr, ForkNumber forkNum, BlockNumber blockNum,
                 bool *foundPtr)
{
	LocalBufferLookupEnt *ent;
	BufferDesc *buf;
	BufferTag tag;

	if (NLocBuffer == 0)
		InitLocalBuffers();
	INIT_BUFFERTAG(tag, smgr->smgr_rnode.node, forkNum, blockNum);
	ResourceOwnerEnlargeBuffers(CurrentResourceOwner);
	ent = hash_search(LocalBufHash, &tag, HASH_FIND, NULL);
	if (ent != NULL)
	{
		buf = GetLocalBufferDescriptor(ent->id);
		*foundPtr = PinLocalBuffer(buf);
		return buf;
	}
	buf = MapLocalBlock(GetLocalVictimBuffer(), &tag);
	*foundPtr = false;
	return buf;
}

/* The page of a buffer from LocalBufferAlloc is filled now. */
void
LocalBufferFilled(BufferDesc *buf)
{
	set_state(buf, state_of(buf) | BM_VALID);
}

/*
 * As ExtendBufferedRelBy, of whose flags the caller has seen to those of forks
 * and sizes.
 */
BlockNumber
ExtendBufferedRelLocal(SMgrRelation smgr, ForkNumber fork, uint32 extend_by,
                       Buffer *buffers, uint32 *extended_by)
{
	BlockNumber first_block;

	if (NLocBuffer == 0)
		InitLocalBuffers();
	/* a quarter of them, and of those that are left: others are needed, too */
	extend_by =
		Min(extend_by, (uint32) Max((NLocBuffer - NLocalPinnedBuffers) / 4, 1));
	for (uint32 i = 0; i < extend_by; i++)
		buffers[i] = BufferDescriptorGetBuffer(GetLocalVictimBuffer());

	first_block = smgrnblocks(smgr, fork);
	if ((uint64) first_block + extend_by >= MaxBlockNumber)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("cannot extend relation %s beyond %u blocks",
		                relpath(smgr->smgr_rnode, fork), MaxBlockNumber)));
	for (uint32 i = 0; i < extend_by; i++)
	{
		BufferDesc *buf = GetLocalBufferDescriptor(LocalIndex(buffers[i]));
		BufferTag tag;

		INIT_BUFFERTAG(tag, smgr->smgr_rnode.node, fork, first_block + i);
		/* one is there already if an extension failed before (L2) */
		buf = MapLocalBlock(buf, &tag);
		set_state(buf, state_of(buf) & ~(BM_VALID | BM_DIRTY));
		memset(page_of(buf), 0, BLCKSZ);
		buffers[i] = BufferDescriptorGetBuffer(buf);
	}

	INJECTION_POINT("local-buffer-extend");
	smgrzeroextend(smgr, fork, first_block, (int) extend_by, false);
	for (uint32 i = 0; i < extend_by; i++)
		LocalBufferFilled(GetLocalBufferDescriptor(LocalIndex(buffers[i])));
	pgBufferUsage.local_blks_written += extend_by;
	*extended_by = extend_by;
	return first_block;
}

void
MarkLocalBufferDirty(Buffer buffer)
{
	BufferDesc *buf = GetLocalBufferDescriptor(LocalIndex(buffer));

	Assert(LocalRefCount[LocalIndex(buffer)] > 0);
	if (!(state_of(buf) & BM_DIRTY))
		pgBufferUsage.local_blks_dirtied++;
	set_state(buf, state_of(buf) | BM_DIRTY);
}

/* ---- all of a relation's ---- */

void
FlushLocalBuffers(RelFileNode rnode)
{
	for (int i = 0; i < NLocBuffer; i++)
	{
		BufferDesc *buf = GetLocalBufferDescriptor(i);

		if ((state_of(buf) & BM_DIRTY) &&
		    RelFileNodeEquals(buf->tag.rnode, rnode))
			WriteLocalBuffer(buf);
	}
}

static void
DropLocalBuffer(BufferDesc *buf)
{
	int i = LocalIndex(BufferDescriptorGetBuffer(buf));

	if (LocalRefCount[i] != 0)
		elog(ERROR, "block %u of %s is still referenced (local %d)",
		     buf->tag.blockNum,
		     relpathbackend(buf->tag.rnode, MyProcNumber, buf->tag.forkNum),
		     LocalRefCount[i]);
	ForgetLocalBlock(buf);
}

void
DropRelFileNodeLocalBuffers(RelFileNode rnode, ForkNumber forkNum,
                            BlockNumber firstDelBlock)
{
	for (int i = 0; i < NLocBuffer; i++)
	{
		BufferDesc *buf = GetLocalBufferDescriptor(i);

		if ((state_of(buf) & BM_TAG_VALID) &&
		    RelFileNodeEquals(buf->tag.rnode, rnode) &&
		    buf->tag.forkNum == forkNum && buf->tag.blockNum >= firstDelBlock)
			DropLocalBuffer(buf);
	}
}

void
DropRelFileNodeAllLocalBuffers(RelFileNode rnode)
{
	for (int i = 0; i < NLocBuffer; i++)
	{
		BufferDesc *buf = GetLocalBufferDescriptor(i);

		if ((state_of(buf) & BM_TAG_VALID) &&
		    RelFileNodeEquals(buf->tag.rnode, rnode))
			DropLocalBuffer(buf);
	}
}
