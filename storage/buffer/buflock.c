/*
 * buflock.c: locks on the content of buffers, the wait for the only pin, and
 * dirty marks.
 *
 * A local buffer's content needs no lock: the functions here do nothing with
 * it, and say that it is theirs.  A lock is held by a process that has the
 * buffer pinned.  The rules B1-B9 and the order of locks are in README.md.
 *
 * Corresponds to those parts of PostgreSQL's storage/buffer/bufmgr.c.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "access/xloginsert.h"
#include "catalog/pg_control.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/proc.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

/* the buffer whose lone pin this process waits for */
static BufferDesc *PinCountWaitBuf = NULL;

void
InitBufferLocks(void)
{
	PinCountWaitBuf = NULL;
}

/* ---- content ---- */

/* Every exclusive acquisition raises the version at once (B7). */
void
LockContentExclusive(BufferDesc *buf)
{
	LWLockAcquire(BufferDescriptorGetContentLock(buf), LW_EXCLUSIVE);
	BufferRaiseVersion(buf);
}

void
LockBuffer(Buffer buffer, int mode)
{
	BufferDesc *buf;

	Assert(BufferIsPinned(buffer));
	if (BufferIsLocal(buffer))
		return;
	buf = GetBufferDescriptor(buffer - 1);
	if (mode == BUFFER_LOCK_UNLOCK)
		LWLockRelease(BufferDescriptorGetContentLock(buf));
	else if (mode == BUFFER_LOCK_SHARE)
		LWLockAcquire(BufferDescriptorGetContentLock(buf), LW_SHARED);
	else if (mode == BUFFER_LOCK_EXCLUSIVE)
		LockContentExclusive(buf);
	else
		elog(ERROR, "unrecognized buffer lock mode: %d", mode);
}

bool
ConditionalLockBuffer(Buffer buffer)
{
	BufferDesc *buf;

	Assert(BufferIsPinned(buffer));
	if (BufferIsLocal(buffer))
		return true;
	buf = GetBufferDescriptor(buffer - 1);
	if (!LWLockConditionalAcquire(BufferDescriptorGetContentLock(buf),
	                              LW_EXCLUSIVE))
		return false;
	BufferRaiseVersion(buf);
	return true;
}

bool
BufferIsLockedByMe(Buffer buffer)
{
	return BufferIsLocal(buffer) ||
	       LWLockHeldByMe(
			   BufferDescriptorGetContentLock(GetBufferDescriptor(buffer - 1)));
}

bool
BufferIsExclusiveLocked(Buffer buffer)
{
	return BufferIsLocal(buffer) ||
	       LWLockHeldByMeInMode(
			   BufferDescriptorGetContentLock(GetBufferDescriptor(buffer - 1)),
			   LW_EXCLUSIVE);
}

/* ---- the only pin ---- */

/* Gives up the wait for a lone pin, after an ERROR out of it. */
void
UnlockBuffers(void)
{
	BufferDesc *buf = PinCountWaitBuf;
	uint32 state;

	if (buf == NULL)
		return;
	state = LockBufHdr(buf);
	/* the flag may have been cleared, and set again by somebody else */
	if ((state & BM_PIN_COUNT_WAITER) &&
	    buf->wait_backend_pgprocno == MyProcNumber)
		state &= ~BM_PIN_COUNT_WAITER;
	UnlockBufHdr(buf, state);
	PinCountWaitBuf = NULL;
}

void
LockBufferForCleanup(Buffer buffer)
{
	BufferDesc *buf;

	Assert(BufferIsValid(buffer));
	Assert(PinCountWaitBuf == NULL);
	/* two pins of our own would be waited for until the end of days */
	if (GetPrivateRefCount(buffer) != 1)
		elog(ERROR, "incorrect local pin count: %d",
		     GetPrivateRefCount(buffer));
	if (BufferIsLocal(buffer))
		return;

	buf = GetBufferDescriptor(buffer - 1);
	for (;;)
	{
		uint32 state;

		LockBuffer(buffer, BUFFER_LOCK_EXCLUSIVE);
		state = LockBufHdr(buf);
		Assert(BUF_STATE_GET_REFCOUNT(state) > 0);
		if (BUF_STATE_GET_REFCOUNT(state) == 1)
		{
			UnlockBufHdr(buf, state);
			return;
		}
		if (state & BM_PIN_COUNT_WAITER)
		{
			UnlockBufHdr(buf, state);
			LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
			elog(ERROR, "multiple backends attempting to wait for pincount 1");
		}
		buf->wait_backend_pgprocno = MyProcNumber;
		PinCountWaitBuf = buf;
		state |= BM_PIN_COUNT_WAITER;
		UnlockBufHdr(buf, state);
		LockBuffer(buffer, BUFFER_LOCK_UNLOCK);

		INJECTION_POINT("buffer-wait-pin");
		ProcWaitForSignal(WAIT_EVENT_BUFFER_PIN);
		/* another signal may have woken us: take the flag back if ours */
		UnlockBuffers();
	}
}

/* Given an exclusive lock: is ours the only pin?  Else the lock is given up. */
static bool
keep_if_lone_pin(Buffer buffer, bool give_up)
{
	BufferDesc *buf = GetBufferDescriptor(buffer - 1);
	uint32 state = LockBufHdr(buf);

	UnlockBufHdr(buf, state);
	if (BUF_STATE_GET_REFCOUNT(state) == 1)
		return true;
	if (give_up)
		LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
	return false;
}

bool
ConditionalLockBufferForCleanup(Buffer buffer)
{
	Assert(BufferIsPinned(buffer));
	if (GetPrivateRefCount(buffer) != 1 || !ConditionalLockBuffer(buffer))
		return false;
	if (BufferIsLocal(buffer))
		return true;
	return keep_if_lone_pin(buffer, true);
}

bool
IsBufferCleanupOK(Buffer buffer)
{
	Assert(BufferIsExclusiveLocked(buffer));
	return GetPrivateRefCount(buffer) == 1 &&
	       (BufferIsLocal(buffer) || keep_if_lone_pin(buffer, false));
}

/* ---- dirty marks ---- */

void
MarkBufferDirty(Buffer buffer)
{
	BufferDesc *buf;
	uint32 old;

	if (!BufferIsValid(buffer))
		elog(ERROR, "bad buffer ID: %d", buffer);
	if (BufferIsLocal(buffer))
	{
		MarkLocalBufferDirty(buffer);
		return;
	}
	buf = GetBufferDescriptor(buffer - 1);
	Assert(GetPrivateRefCount(buffer) > 0);
	Assert(BufferIsExclusiveLocked(buffer));

	old = pg_atomic_read_u32(&buf->state);
	for (;;)
	{
		if (old & BM_LOCKED)
			old = WaitBufHdrUnlocked(buf);
		Assert(BUF_STATE_GET_REFCOUNT(old) > 0);
		if (pg_atomic_compare_exchange_u32(&buf->state, &old,
		                                   old | BM_DIRTY | BM_JUST_DIRTIED))
			break;
	}
	if (!(old & BM_DIRTY))
		pgBufferUsage.shared_blks_dirtied++;
}

/*
 * For changes that may be lost; a share lock is enough.
 *
 * With checksums even a lost change must not be torn: half a page written
 * would not match.  So the first hint on a page since the last checkpoint logs
 * an image of it.  A checkpoint that begins between that record and the dirty
 * mark would neither write the page nor replay the image: it waits
 * (DELAY_CHKPT_START).
 */
void
MarkBufferDirtyHint(Buffer buffer, bool buffer_std)
{
	BufferDesc *buf;
	XLogRecPtr lsn = InvalidXLogRecPtr;
	bool delayed = false;
	uint32 old;

	if (!BufferIsValid(buffer))
		elog(ERROR, "bad buffer ID: %d", buffer);
	if (BufferIsLocal(buffer))
	{
		MarkLocalBufferDirty(buffer);
		return;
	}
	buf = GetBufferDescriptor(buffer - 1);
	Assert(GetPrivateRefCount(buffer) > 0);
	AssertHot(LWLockHeldByMe(BufferDescriptorGetContentLock(buf)));

	old = pg_atomic_read_u32(&buf->state);
	if ((old & (BM_DIRTY | BM_JUST_DIRTIED)) == (BM_DIRTY | BM_JUST_DIRTIED))
		return;

	if ((old & BM_PERMANENT) && XLogHintBitIsNeeded())
	{
		/* Nothing can be logged then, and no page may go unlogged. */
		if (RecoveryInProgress())
			return;
		Assert((MyProc->delayChkptFlags & DELAY_CHKPT_START) == 0);
		MyProc->delayChkptFlags |= DELAY_CHKPT_START;
		delayed = true;
		lsn = XLogSaveBufferForHint(buffer, buffer_std);
	}

	old = LockBufHdr(buf);
	if (!(old & BM_DIRTY))
	{
		/* The lock: others with a share lock may set it too. */
		if (!XLogRecPtrIsInvalid(lsn))
			PageSetLSN(BufferGetPage(buffer), lsn);
		pgBufferUsage.shared_blks_dirtied++;
	}
	UnlockBufHdr(buf, old | BM_DIRTY | BM_JUST_DIRTIED);
	if (delayed)
		MyProc->delayChkptFlags &= ~DELAY_CHKPT_START;
}
