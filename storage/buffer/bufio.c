/*
 * bufio.c: the header lock, and who reads or writes a buffer.
 *
 * One process at a time has a buffer's I/O: it sets BM_IO_IN_PROGRESS under the
 * header lock (StartBufferIO), does it, and ends it (TerminateBufferIO), which
 * wakes those who wait on the buffer's condition variable.  They look again:
 * the first of them does what is still to be done.  What an ERROR cuts off,
 * AbortBufferIO ends.  The rules B1-B9 are in README.md.
 *
 * Corresponds to those parts of PostgreSQL's storage/buffer/bufmgr.c.
 */
#include "postgres.h"

#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/proc.h"
#include "storage/s_lock.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

/* I/O begun by this process; more than one while it extends a relation */
typedef struct InProgressIO
{
	BufferDesc *buf;
	bool forInput;
} InProgressIO;

static InProgressIO InProgress[MAX_EXTEND_BLOCKS + 1];
static int NInProgress = 0;

/* ---- the header lock ---- */

/*
 * A few instructions are executed under it, none that can fail.  Held through
 * nothing: no wait, no other lock (B4).
 */
uint32
LockBufHdr(BufferDesc *desc)
{
	SpinDelayStatus delayStatus;
	uint32 old = pg_atomic_fetch_or_u32(&desc->state, BM_LOCKED);

	if (!(old & BM_LOCKED))
		return old | BM_LOCKED;
	init_local_spin_delay(&delayStatus);
	do
	{
		perform_spin_delay(&delayStatus);
		old = pg_atomic_fetch_or_u32(&desc->state, BM_LOCKED);
	} while (old & BM_LOCKED);
	finish_spin_delay(&delayStatus);
	return old | BM_LOCKED;
}

/* The state word, once nobody has the header locked. */
uint32
WaitBufHdrUnlocked(BufferDesc *buf)
{
	SpinDelayStatus delayStatus;
	uint32 state;

	init_local_spin_delay(&delayStatus);
	state = pg_atomic_read_u32(&buf->state);
	while (state & BM_LOCKED)
	{
		perform_spin_delay(&delayStatus);
		state = pg_atomic_read_u32(&buf->state);
	}
	finish_spin_delay(&delayStatus);
	return state;
}

/* ---- I/O ---- */

void
InitBufferIO(void)
{
	NInProgress = 0;
}

/* Waits until nobody reads or writes the buffer. */
void
WaitIO(BufferDesc *buf)
{
	ConditionVariable *cv = BufferDescriptorGetIOCV(buf);

	ConditionVariablePrepareToSleep(cv);
	for (;;)
	{
		uint32 state = LockBufHdr(buf);

		UnlockBufHdr(buf, state);
		if (!(state & BM_IO_IN_PROGRESS))
			break;
		INJECTION_POINT("buffer-io-wait");
		ConditionVariableSleep(cv, WAIT_EVENT_BUFFER_IO);
	}
	ConditionVariableCancelSleep();
}

/*
 * True: the caller must do the I/O and end it with TerminateBufferIO.  False:
 * somebody else has done it.
 */
bool
StartBufferIO(BufferDesc *buf, bool forInput)
{
	uint32 state;

	Assert(NInProgress < (int) lengthof(InProgress));
	for (;;)
	{
		state = LockBufHdr(buf);
		if (!(state & BM_IO_IN_PROGRESS))
			break;
		UnlockBufHdr(buf, state);
		WaitIO(buf);
	}
	Assert(BUF_STATE_GET_REFCOUNT(state) > 0);
	if (forInput ? (state & BM_VALID) : !(state & BM_DIRTY))
	{
		UnlockBufHdr(buf, state);
		return false;
	}
	/* B7: new content is announced; nobody can have the content locked */
	if (forInput)
		BufferRaiseVersion(buf);
	state |= BM_IO_IN_PROGRESS;
	UnlockBufHdr(buf, state);
	InProgress[NInProgress].buf = buf;
	InProgress[NInProgress].forInput = forInput;
	NInProgress++;
	INJECTION_POINT_NOTHROW("buffer-io-started");
	return true;
}

void
TerminateBufferIO(BufferDesc *buf, bool clear_dirty, uint32 set_flag_bits)
{
	uint32 state;
	int i;

	for (i = NInProgress - 1; i >= 0 && InProgress[i].buf != buf; i--)
		;
	Assert(i >= 0);

	INJECTION_POINT_NOTHROW("buffer-io-end");
	state = LockBufHdr(buf);
	Assert(state & BM_IO_IN_PROGRESS);
	state &= ~(BM_IO_IN_PROGRESS | BM_IO_ERROR);
	/* dirtied again while it was written: must be written again */
	if (clear_dirty && !(state & BM_JUST_DIRTIED))
		state &= ~(BM_DIRTY | BM_CHECKPOINT_NEEDED);
	state |= set_flag_bits;
	UnlockBufHdr(buf, state);

	InProgress[i] = InProgress[--NInProgress];
	ConditionVariableBroadcast(BufferDescriptorGetIOCV(buf));
}

/* Ends the I/O that an ERROR cut off: a read leaves it invalid, a write dirty. */
void
AbortBufferIO(void)
{
	while (NInProgress > 0)
	{
		InProgressIO *io = &InProgress[NInProgress - 1];
		BufferDesc *buf = io->buf;
		uint32 state = LockBufHdr(buf);
		uint32 set = BM_IO_ERROR;

		UnlockBufHdr(buf, state);
		INJECTION_POINT_NOTHROW("buffer-io-abort");
		Assert(state & BM_IO_IN_PROGRESS);
		if (io->forInput)
		{
			Assert(!(state & (BM_DIRTY | BM_VALID)));
			set = 0;
		}
		else if (state & BM_IO_ERROR)
		{
			char *path = relpathperm(buf->tag.rnode, buf->tag.forkNum);

			ereport(WARNING,
			        (errcode(ERRCODE_IO_ERROR),
			         errmsg("could not write block %u of %s", buf->tag.blockNum,
			                path),
			         errdetail("Multiple failures --- write error might be "
			                   "permanent.")));
			pfree(path);
		}
		TerminateBufferIO(buf, false, set);
	}
}
