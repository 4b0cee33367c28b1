/*
 * bufoptimistic.c: reading pages without pin or lock.
 *
 * The reader's half of the version protocol (README.md, B7-B9).
 *
 * Why it is right.  Whoever changes a page holds the content lock exclusively
 * and raised the version, with a write barrier, before its first change.
 *	- It got the lock after our look at the lock: it raised the version after
 *	  that, so after our look at the version.  If we saw any of its changes,
 *	  the read barrier in End makes us see the new version too.
 *	- It had the lock at our look: Begin fails.
 *	- It released the lock before our look (acquire): we see all it did.
 * The same holds for a change of the tag, or of the content by a read, with
 * the header lock and BM_VALID in place of the content lock.  There is no
 * parity: an ERROR between acquisition and release just leaves a version that
 * was raised for nothing.
 */
#include "postgres.h"

#include "executor/instrument.h"
#include "libpq/client_step.h"
#include "storage/bufoptimistic.h"

bool
OptimisticReadBegin(OptimisticRead *r, RelFileNode rnode, ForkNumber forkNum,
                    BlockNumber blockNum)
{
	OptimisticReadAnnounce(r, rnode, forkNum, blockNum);
	return OptimisticReadBeginAnnounced(r);
}

void
OptimisticReadAnnounce(OptimisticRead *r, RelFileNode rnode, ForkNumber forkNum,
                       BlockNumber blockNum)
{
	INIT_BUFFERTAG(r->tag, rnode, forkNum, blockNum);
	r->hashcode = BufTableHashCode(&r->tag);
	BufTablePrefetchBucket(r->hashcode);
}

void
OptimisticReadApproach(const OptimisticRead *r)
{
	BufTablePrefetchEntry(r->hashcode);
}

bool
OptimisticReadBeginAnnounced(OptimisticRead *r)
{
	int buf_id = BufTableLookupOptimistic(&r->tag, r->hashcode);

	if (buf_id < 0)
		return false;
	return OptimisticReadBeginAt(r, buf_id);
}

/* r->tag is set already. */
bool
OptimisticReadBeginAt(OptimisticRead *r, int buf_id)
{
	BufferDesc *buf;
	uint32 state;
	uint32 lockstate;

	if (buf_id < 0 || buf_id >= NBuffers)
		return false;
	buf = GetBufferDescriptor(buf_id);
	r->buf_id = buf_id;
	r->page = (const char *) BufHdrGetBlock(buf);
	r->version = pg_atomic_read_u64(&buf->version);
	pg_read_barrier(); /* pairs with BufferRaiseVersion */
	state = pg_atomic_read_u32(&buf->state);
	lockstate = pg_atomic_read_u32(&buf->content_lock.state);
	pg_read_barrier(); /* acquire: pairs with the releases of both */
	if ((state & (BM_VALID | BM_LOCKED)) != BM_VALID)
		return false;
	if (lockstate & LW_VAL_EXCLUSIVE)
		return false;
	CLIENT_STEP("direct-page-version");
	return BUFFERTAGS_EQUAL(buf->tag, r->tag);
}

/* Keep what searches use in the pool; one try, it is only a hint. */
static inline void
RaiseUsage(BufferDesc *buf, uint32 state)
{
	if (BUF_STATE_GET_USAGECOUNT(state) != 0 || (state & BM_LOCKED))
		return;
#ifdef TUSK_CLIENT
	/* a client only reads here: its backend is told, now and then */
	OptimisticReadTouched(buf->buf_id);
#else
	(void) pg_atomic_compare_exchange_u32(&buf->state, &state,
	                                      state + BUF_USAGECOUNT_ONE);
#endif
}

static inline bool
IsUnchanged(const OptimisticRead *r, uint32 *state)
{
	BufferDesc *buf = GetBufferDescriptor(r->buf_id);

	CLIENT_STEP("direct-page-copied");
	pg_read_barrier(); /* pairs with BufferRaiseVersion */
	if (pg_atomic_read_u64(&buf->version) != r->version)
		return false;
	*state = pg_atomic_read_u32(&buf->state);
	return (*state & BM_VALID) && BUFFERTAGS_EQUAL(buf->tag, r->tag);
}

bool
OptimisticReadIsUnchanged(const OptimisticRead *r)
{
	uint32 state;

	return IsUnchanged(r, &state);
}

bool
OptimisticReadEnd(const OptimisticRead *r)
{
	uint32 state;

	if (!IsUnchanged(r, &state))
		return false;
#ifndef TUSK_CLIENT
	pgBufferUsage.shared_blks_hit++;
#endif
	RaiseUsage(GetBufferDescriptor(r->buf_id), state);
	return true;
}

void
BufferNoteTouched(int buf_id)
{
	BufferDesc *buf;
	uint32 state;

	if (buf_id < 0 || buf_id >= NBuffers)
		return;
	buf = GetBufferDescriptor(buf_id);
	state = pg_atomic_read_u32(&buf->state);
	if (state & BM_VALID)
		RaiseUsage(buf, state);
}

const char *
OptimisticItem(const OptimisticRead *r, OffsetNumber offnum, Size *len)
{
	const volatile PageHeaderData *p =
		(const volatile PageHeaderData *) r->page;
	uint32 lower = p->pd_lower;
	union
	{
		uint32 word;
		ItemIdData lp;
	} item;

	if (offnum == InvalidOffsetNumber || offnum > MaxOffsetNumber ||
	    lower > BLCKSZ ||
	    SizeOfPageHeaderData + (Size) offnum * sizeof(ItemIdData) > lower)
		return NULL;
	item.word =
		*(const volatile uint32 *) (r->page + SizeOfPageHeaderData +
	                                (Size) (offnum - 1) * sizeof(ItemIdData));
	if (item.lp.lp_flags != LP_NORMAL || item.lp.lp_len == 0 ||
	    item.lp.lp_off < SizeOfPageHeaderData ||
	    (Size) item.lp.lp_off + item.lp.lp_len > BLCKSZ)
		return NULL;
	*len = item.lp.lp_len;
	return r->page + item.lp.lp_off;
}

Size
OptimisticReadItem(const OptimisticRead *r, OffsetNumber offnum, void *dst,
                   Size size)
{
	Size len;
	const char *src = OptimisticItem(r, offnum, &len);

	if (src == NULL)
		return 0;
	memcpy(dst, src, Min(len, size));
	return len;
}

bool
OptimisticReadBytes(const OptimisticRead *r, Size offset, void *dst, Size size)
{
	if (offset > BLCKSZ || size > BLCKSZ - offset)
		return false;
	memcpy(dst, r->page + offset, size);
	return true;
}
