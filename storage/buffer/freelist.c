/*
 * freelist.c: which buffer to use next.
 *
 * First the buffers that hold nothing (a list), then the clock sweep: the
 * hand goes round, takes a buffer that nobody pins and whose usage count is 0,
 * and lowers the count of the others.  Large scans and bulk loads go round in
 * a small ring of their own instead, so that they do not flush the pool.  A
 * bulk load takes what is on the list first: nobody loses a page by that, its
 * pages need not be written at once, and who reads them next, often the build
 * of an index, finds them.
 *
 * Locks: buffer_strategy_lock (a spinlock) guards the list and the wrap of
 * the hand; a header lock may be taken while it is not held only.
 *
 * Corresponds to PostgreSQL's storage/buffer/freelist.c.
 */
#include "postgres.h"

#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "storage/spin.h"

#define INT_ACCESS_ONCE(var) ((int) (*((volatile int *) &(var))))

#define STRATEGY_MAGIC 0x42535452
#define RING_BULKREAD_BYTES (256 * 1024)
#define RING_BULKWRITE_BYTES (16 * 1024 * 1024)
#define RING_VACUUM_BYTES (2 * 1024 * 1024)

typedef struct
{
	uint32 magic; /* [C] */
	slock_t buffer_strategy_lock;
	pg_atomic_uint32 nextVictimBuffer; /* [A] the hand; may exceed NBuffers */
	int firstFreeBuffer;               /* [L:buffer_strategy_lock] */
	int lastFreeBuffer;                /* [L:buffer_strategy_lock] */
	uint32 completePasses;             /* [L:buffer_strategy_lock] */
	pg_atomic_uint32 numBufferAllocs;  /* [A] since the last look at it */
	int bgwprocno; /* [L:buffer_strategy_lock] to be woken */
} BufferStrategyControl;

static BufferStrategyControl *StrategyControl = NULL;

/* A ring; private to the process that uses it. */
typedef struct BufferAccessStrategyData
{
	BufferAccessStrategyType btype;
	int nbuffers; /* slots */
	int current;  /* slot used last */
	Buffer buffers[FLEXIBLE_ARRAY_MEMBER];
} BufferAccessStrategyData;

static BufferDesc *
GetBufferFromRing(BufferAccessStrategy strategy, uint32 *buf_state);

/* Moves the hand by one buffer and returns where it was. */
static inline uint32
ClockSweepTick(void)
{
	uint32 victim =
		pg_atomic_fetch_add_u32(&StrategyControl->nextVictimBuffer, 1);

	if (victim >= (uint32) NBuffers)
	{
		uint32 originalVictim = victim;

		victim = victim % NBuffers;
		/* who lands on 0 takes the hand back below NBuffers */
		if (victim == 0)
		{
			uint32 expected = originalVictim + 1;
			bool success = false;

			while (!success)
			{
				uint32 wrapped = expected % NBuffers;

				SpinLockAcquire(&StrategyControl->buffer_strategy_lock);
				success = pg_atomic_compare_exchange_u32(
					&StrategyControl->nextVictimBuffer, &expected, wrapped);
				if (success)
					StrategyControl->completePasses++;
				SpinLockRelease(&StrategyControl->buffer_strategy_lock);
			}
		}
	}
	return victim;
}

/*
 * A buffer to reuse: unpinned, its header locked, its state in *buf_state.
 * ERROR when all are pinned.
 */
BufferDesc *
StrategyGetBuffer(BufferAccessStrategy strategy, uint32 *buf_state,
                  bool *from_ring)
{
	BufferDesc *buf;
	int bgwprocno;
	int trycounter;
	uint32 local_buf_state;

	*from_ring = false;
	if (strategy != NULL)
	{
		buf = GetBufferFromRing(strategy, buf_state);
		if (buf != NULL)
		{
			*from_ring = true;
			return buf;
		}
	}

	bgwprocno = INT_ACCESS_ONCE(StrategyControl->bgwprocno);
	if (bgwprocno != -1)
	{
		StrategyControl->bgwprocno = -1;
		SetLatch(&GetPGProcByNumber(bgwprocno)->procLatch);
	}
	pg_atomic_fetch_add_u32(&StrategyControl->numBufferAllocs, 1);

	while (INT_ACCESS_ONCE(StrategyControl->firstFreeBuffer) >= 0)
	{
		SpinLockAcquire(&StrategyControl->buffer_strategy_lock);
		if (StrategyControl->firstFreeBuffer < 0)
		{
			SpinLockRelease(&StrategyControl->buffer_strategy_lock);
			break;
		}
		buf = GetBufferDescriptor(StrategyControl->firstFreeBuffer);
		Assert(buf->freeNext != FREENEXT_NOT_IN_LIST);
		StrategyControl->firstFreeBuffer = buf->freeNext;
		buf->freeNext = FREENEXT_NOT_IN_LIST;
		SpinLockRelease(&StrategyControl->buffer_strategy_lock);

		/* somebody may have found another use for it meanwhile */
		local_buf_state = LockBufHdr(buf);
		if (BUF_STATE_GET_REFCOUNT(local_buf_state) == 0 &&
		    BUF_STATE_GET_USAGECOUNT(local_buf_state) == 0)
			goto found;
		UnlockBufHdr(buf, local_buf_state);
	}

	trycounter = NBuffers;
	for (;;)
	{
		buf = GetBufferDescriptor(ClockSweepTick());
		local_buf_state = LockBufHdr(buf);
		if (BUF_STATE_GET_REFCOUNT(local_buf_state) == 0)
		{
			if (BUF_STATE_GET_USAGECOUNT(local_buf_state) == 0)
				goto found;
			local_buf_state -= BUF_USAGECOUNT_ONE;
			trycounter = NBuffers;
		}
		else if (--trycounter == 0)
		{
			UnlockBufHdr(buf, local_buf_state);
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
			                errmsg("no unpinned buffers available"),
			                errdetail("All %d buffers are in use.", NBuffers),
			                errhint("Raise shared_buffers.")));
		}
		UnlockBufHdr(buf, local_buf_state);
	}

found:
	if (strategy != NULL)
		strategy->buffers[strategy->current] = BufferDescriptorGetBuffer(buf);
	*buf_state = local_buf_state;
	return buf;
}

/* Puts a buffer that holds nothing on the list. */
void
StrategyFreeBuffer(BufferDesc *buf)
{
	SpinLockAcquire(&StrategyControl->buffer_strategy_lock);
	if (buf->freeNext == FREENEXT_NOT_IN_LIST)
	{
		buf->freeNext = StrategyControl->firstFreeBuffer;
		if (buf->freeNext < 0)
			StrategyControl->lastFreeBuffer = buf->buf_id;
		StrategyControl->firstFreeBuffer = buf->buf_id;
	}
	SpinLockRelease(&StrategyControl->buffer_strategy_lock);
}

/* Where the hand is, how often it went round, allocations since last asked. */
int
StrategySyncStart(uint32 *complete_passes, uint32 *num_buf_alloc)
{
	uint32 nextVictimBuffer;
	int result;

	SpinLockAcquire(&StrategyControl->buffer_strategy_lock);
	nextVictimBuffer = pg_atomic_read_u32(&StrategyControl->nextVictimBuffer);
	result = nextVictimBuffer % NBuffers;
	if (complete_passes)
		*complete_passes =
			StrategyControl->completePasses + nextVictimBuffer / NBuffers;
	if (num_buf_alloc)
		*num_buf_alloc =
			pg_atomic_exchange_u32(&StrategyControl->numBufferAllocs, 0);
	SpinLockRelease(&StrategyControl->buffer_strategy_lock);
	return result;
}

void
StrategyNotifyBgWriter(int bgwprocno)
{
	SpinLockAcquire(&StrategyControl->buffer_strategy_lock);
	StrategyControl->bgwprocno = bgwprocno;
	SpinLockRelease(&StrategyControl->buffer_strategy_lock);
}

Size
StrategyShmemSize(void)
{
	return MAXALIGN(sizeof(BufferStrategyControl));
}

void
StrategyInitialize(bool init)
{
	bool found;

	StrategyControl = ShmemInitStruct("Buffer Strategy Status",
	                                  sizeof(BufferStrategyControl), &found);
	if (found)
	{
		Assert(StrategyControl->magic == STRATEGY_MAGIC);
		return;
	}
	Assert(init);
	StrategyControl->magic = STRATEGY_MAGIC;
	SpinLockInit(&StrategyControl->buffer_strategy_lock);
	StrategyControl->firstFreeBuffer = 0;
	StrategyControl->lastFreeBuffer = NBuffers - 1;
	pg_atomic_init_u32(&StrategyControl->nextVictimBuffer, 0);
	StrategyControl->completePasses = 0;
	pg_atomic_init_u32(&StrategyControl->numBufferAllocs, 0);
	StrategyControl->bgwprocno = -1;
}

/* NULL for BAS_NORMAL. */
BufferAccessStrategy
GetAccessStrategy(BufferAccessStrategyType btype)
{
	BufferAccessStrategy strategy;
	int nbuffers;

	switch (btype)
	{
		case BAS_NORMAL:
			return NULL;
		case BAS_BULKREAD:
			nbuffers = RING_BULKREAD_BYTES / BLCKSZ;
			break;
		case BAS_BULKWRITE:
			nbuffers = RING_BULKWRITE_BYTES / BLCKSZ;
			break;
		case BAS_VACUUM:
			nbuffers = RING_VACUUM_BYTES / BLCKSZ;
			break;
		default:
			elog(ERROR, "unrecognized buffer access strategy: %d", (int) btype);
			return NULL;
	}
	nbuffers = Min(NBuffers / 8, nbuffers);
	nbuffers = Max(nbuffers, 1);
	strategy = palloc0(offsetof(BufferAccessStrategyData, buffers) +
	                   nbuffers * sizeof(Buffer));
	strategy->btype = btype;
	strategy->nbuffers = nbuffers;
	return strategy;
}

void
FreeAccessStrategy(BufferAccessStrategy strategy)
{
	if (strategy != NULL)
		pfree(strategy);
}

bool
StrategyRejectBuffer(BufferAccessStrategy strategy, BufferDesc *buf,
                     bool from_ring)
{
	/* who only reads dirtied it by hint bits; others must write anyway */
	if (strategy->btype != BAS_BULKREAD || !from_ring ||
	    strategy->buffers[strategy->current] != BufferDescriptorGetBuffer(buf))
		return false;
	/* its slot is filled anew, so that the loop ends */
	strategy->buffers[strategy->current] = InvalidBuffer;
	return true;
}

/*
 * The ring's next buffer, if only the ring used it since; else NULL and the
 * caller's buffer takes its slot.  So it does while there are buffers that hold
 * nothing and this one would have to be written by a bulk load.
 */
static BufferDesc *
GetBufferFromRing(BufferAccessStrategy strategy, uint32 *buf_state)
{
	BufferDesc *buf;
	Buffer bufnum;
	uint32 local_buf_state;

	if (++strategy->current >= strategy->nbuffers)
		strategy->current = 0;
	bufnum = strategy->buffers[strategy->current];
	if (bufnum == InvalidBuffer)
		return NULL;
	buf = GetBufferDescriptor(bufnum - 1);
	local_buf_state = LockBufHdr(buf);
	if (BUF_STATE_GET_REFCOUNT(local_buf_state) == 0 &&
	    BUF_STATE_GET_USAGECOUNT(local_buf_state) <= 1 &&
	    !(strategy->btype == BAS_BULKWRITE && (local_buf_state & BM_DIRTY) &&
	      INT_ACCESS_ONCE(StrategyControl->firstFreeBuffer) >= 0))
	{
		*buf_state = local_buf_state;
		return buf;
	}
	UnlockBufHdr(buf, local_buf_state);
	return NULL;
}
