/*
 * shm_mq.c
 *		A queue of messages in shared memory, for one writer and one reader.
 *
 * A ring of bytes with two counters that only grow: the reader writes one, the
 * writer the other, so no lock is needed to move data.  A message is its length
 * and its bytes, each padded to MAXALIGN, so a length never wraps round.  A
 * message that lies in one piece is handed out where it is.
 *
 * Invariants
 * 1.	Bytes are written before bytes_written, and read before bytes_read, is
 *		moved on; the barriers are named below.
 * 2.	mq_detached goes from false to true, once.  What was written before it
 *		can still be read: the reader looks at bytes_written again after seeing
 *		it.
 * 3.	sender and receiver are set once and never cleared.
 *
 * Waits: for room and for data (MessageQueueSend, MessageQueueReceive), ended
 * by the other side's latch set, its detaching, or, if it never came, by the
 * end of its background worker; interrupts are checked.
 *
 * A SIGKILL of either side leaves the other waiting until the postmaster stops
 * it; an orderly exit detaches (through the segment's detach callback).
 *
 * Corresponds to PostgreSQL's shm_mq.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "port/atomics.h"
#include "postmaster/bgworker.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/shm_mq.h"
#include "storage/spin.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

struct shm_mq
{
	slock_t mq_mutex;
	PGPROC *mq_receiver;               /* [L:mq_mutex], then [C] */
	PGPROC *mq_sender;                 /* [L:mq_mutex], then [C] */
	pg_atomic_uint64 mq_bytes_read;    /* [A] written by the receiver */
	pg_atomic_uint64 mq_bytes_written; /* [A] written by the sender */
	Size mq_ring_size;                 /* [C] */
	bool mq_detached;                  /* [A] */
	char mq_ring[FLEXIBLE_ARRAY_MEMBER] pg_attribute_aligned(8);
};

struct shm_mq_handle
{
	shm_mq *mqh_queue;
	dsm_segment *mqh_segment;
	BackgroundWorkerHandle *mqh_handle;
	char *mqh_buffer; /* for messages that are not in one piece */
	Size mqh_buflen;
	Size mqh_consume_pending; /* read, not yet given back */
	Size mqh_send_pending;    /* written, not yet shown */
	Size mqh_partial_bytes;   /* of the length or the message */
	Size mqh_expected_bytes;
	bool mqh_length_word_complete;
	bool mqh_counterparty_attached;
	MemoryContext mqh_context;
};

#define MQH_INITIAL_BUFSIZE 8192

const Size shm_mq_minimum_size =
	MAXALIGN(offsetof(shm_mq, mq_ring)) + MAXIMUM_ALIGNOF;

static void shm_mq_detach_internal(shm_mq *mq);
static void shm_mq_detach_callback(dsm_segment *seg, Datum arg);

shm_mq *
shm_mq_create(void *address, Size size)
{
	shm_mq *mq = (shm_mq *) address;

	Assert(size >= shm_mq_minimum_size);
	Assert((uintptr_t) address % MAXIMUM_ALIGNOF == 0);
	INJECTION_POINT("shm-mq-create");
	SpinLockInit(&mq->mq_mutex);
	mq->mq_receiver = NULL;
	mq->mq_sender = NULL;
	pg_atomic_init_u64(&mq->mq_bytes_read, 0);
	pg_atomic_init_u64(&mq->mq_bytes_written, 0);
	mq->mq_ring_size = MAXALIGN_DOWN(size - offsetof(shm_mq, mq_ring));
	mq->mq_detached = false;
	return mq;
}

/* Set one side; the other, if it is there, may be waiting for it. */
static void
SetSide(shm_mq *mq, PGPROC **side, PGPROC **other, PGPROC *proc)
{
	PGPROC *counterparty;

	INJECTION_POINT("shm-mq-set-side");
	SpinLockAcquire(&mq->mq_mutex);
	Assert(*side == NULL);
	*side = proc;
	counterparty = *other;
	SpinLockRelease(&mq->mq_mutex);
	if (counterparty != NULL)
		SetLatch(&counterparty->procLatch);
}

static PGPROC *
GetSide(shm_mq *mq, PGPROC **side)
{
	PGPROC *proc;

	SpinLockAcquire(&mq->mq_mutex);
	proc = *side;
	SpinLockRelease(&mq->mq_mutex);
	return proc;
}

void
shm_mq_set_receiver(shm_mq *mq, PGPROC *proc)
{
	SetSide(mq, &mq->mq_receiver, &mq->mq_sender, proc);
}

void
shm_mq_set_sender(shm_mq *mq, PGPROC *proc)
{
	SetSide(mq, &mq->mq_sender, &mq->mq_receiver, proc);
}

PGPROC *
shm_mq_get_receiver(shm_mq *mq)
{
	return GetSide(mq, &mq->mq_receiver);
}

PGPROC *
shm_mq_get_sender(shm_mq *mq)
{
	return GetSide(mq, &mq->mq_sender);
}

static shm_mq_handle *
MakeHandle(shm_mq *mq, dsm_segment *seg, BackgroundWorkerHandle *handle)
{
	shm_mq_handle *mqh = (shm_mq_handle *) palloc0(sizeof(shm_mq_handle));

	INJECTION_POINT("shm-mq-attach");
	mqh->mqh_queue = mq;
	mqh->mqh_segment = seg;
	mqh->mqh_handle = handle;
	mqh->mqh_context = CurrentMemoryContext;
	if (seg != NULL)
		on_dsm_detach(seg, shm_mq_detach_callback, PointerGetDatum(mq));
	return mqh;
}

/* Also at FATAL, before the segment goes. */
static void
detach_at_error(int code, Datum arg)
{
	shm_mq_detach_internal((shm_mq *) DatumGetPointer(arg));
}

/*
 * We are one side already, and the other may count on it: if no callback can be
 * registered that says that we have gone, we say so now.
 */
shm_mq_handle *
shm_mq_attach(shm_mq *mq, dsm_segment *seg, BackgroundWorkerHandle *handle)
{
	shm_mq_handle *mqh;

	Assert(mq->mq_receiver == MyProc || mq->mq_sender == MyProc);
	PG_ENSURE_ERROR_CLEANUP(detach_at_error, PointerGetDatum(mq));
	{
		mqh = MakeHandle(mq, seg, handle);
	}
	PG_END_ENSURE_ERROR_CLEANUP(detach_at_error, PointerGetDatum(mq));
	return mqh;
}

void
shm_mq_set_handle(shm_mq_handle *mqh, BackgroundWorkerHandle *handle)
{
	Assert(mqh->mqh_handle == NULL);
	mqh->mqh_handle = handle;
}

shm_mq *
shm_mq_get_queue(shm_mq_handle *mqh)
{
	return mqh->mqh_queue;
}

static inline bool
IsDetached(shm_mq *mq)
{
	return *(volatile bool *) &mq->mq_detached;
}

/* Show what was written.  Pairs with the reader's barrier in ReceiveBytes. */
static void
ShowWritten(shm_mq *mq, Size n)
{
	pg_write_barrier();
	pg_atomic_write_u64(&mq->mq_bytes_written,
	                    pg_atomic_read_u64(&mq->mq_bytes_written) + n);
}

/* Give room back.  Pairs with the sender's barrier before it overwrites. */
static void
GiveBack(shm_mq *mq, Size n)
{
	PGPROC *sender;

	INJECTION_POINT_NOTHROW("shm-mq-give-back");
	pg_memory_barrier();
	pg_atomic_write_u64(&mq->mq_bytes_read,
	                    pg_atomic_read_u64(&mq->mq_bytes_read) + n);
	sender = mq->mq_sender;
	Assert(sender != NULL);
	SetLatch(&sender->procLatch);
}

/* Will the other side never come, or has it gone? */
static bool
CounterpartyGone(shm_mq *mq, BackgroundWorkerHandle *handle)
{
	pid_t pid;

	if (IsDetached(mq))
		return true;
	if (handle != NULL)
	{
		BgwHandleStatus status = GetBackgroundWorkerPid(handle, &pid);

		if (status != BGWH_STARTED && status != BGWH_NOT_YET_STARTED)
		{
			mq->mq_detached = true;
			return true;
		}
	}
	return false;
}

/* Wait until the other side has come; false if it will not. */
static bool
WaitForSide(shm_mq *mq, PGPROC **side, BackgroundWorkerHandle *handle)
{
	for (;;)
	{
		if (GetSide(mq, side) != NULL)
			return true;
		if (CounterpartyGone(mq, handle))
			return false;
		INJECTION_POINT("shm-mq-wait-attach");
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
		                 WAIT_EVENT_MESSAGE_QUEUE_INTERNAL);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

shm_mq_result
shm_mq_wait_for_attach(shm_mq_handle *mqh)
{
	shm_mq *mq = mqh->mqh_queue;
	PGPROC **side =
		shm_mq_get_receiver(mq) == MyProc ? &mq->mq_sender : &mq->mq_receiver;

	return WaitForSide(mq, side, mqh->mqh_handle) ? SHM_MQ_SUCCESS
	                                              : SHM_MQ_DETACHED;
}

/*
 * Put bytes into the ring; *written of them, padded to MAXALIGN at the end.
 */
static shm_mq_result
SendBytes(shm_mq_handle *mqh, Size nbytes, const char *data, bool nowait,
          Size *written)
{
	shm_mq *mq = mqh->mqh_queue;
	Size sent = 0;

	while (sent < nbytes)
	{
		uint64 rb = pg_atomic_read_u64(&mq->mq_bytes_read);
		uint64 wb =
			pg_atomic_read_u64(&mq->mq_bytes_written) + mqh->mqh_send_pending;
		Size used = (Size) (wb - rb);
		Size available = Min(mq->mq_ring_size - used, nbytes - sent);

		Assert(used <= mq->mq_ring_size);
		if (IsDetached(mq))
		{
			*written = sent;
			return SHM_MQ_DETACHED;
		}

		if (available == 0 && !mqh->mqh_counterparty_attached)
		{
			/* Full, and nobody has begun to read. */
			if (nowait)
			{
				*written = sent;
				if (CounterpartyGone(mq, mqh->mqh_handle))
					return SHM_MQ_DETACHED;
				if (shm_mq_get_receiver(mq) == NULL)
					return SHM_MQ_WOULD_BLOCK;
			}
			else if (!WaitForSide(mq, &mq->mq_receiver, mqh->mqh_handle))
			{
				mq->mq_detached = true;
				*written = sent;
				return SHM_MQ_DETACHED;
			}
			mqh->mqh_counterparty_attached = true;
		}
		else if (available == 0)
		{
			/* Show what we have, and wait for room. */
			if (mqh->mqh_send_pending > 0)
			{
				ShowWritten(mq, mqh->mqh_send_pending);
				mqh->mqh_send_pending = 0;
			}
			SetLatch(&mq->mq_receiver->procLatch);
			if (nowait)
			{
				*written = sent;
				return SHM_MQ_WOULD_BLOCK;
			}
			INJECTION_POINT("shm-mq-wait-room");
			(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
			                 WAIT_EVENT_MESSAGE_QUEUE_SEND);
			ResetLatch(MyLatch);
			CHECK_FOR_INTERRUPTS();
		}
		else
		{
			Size offset = wb % (uint64) mq->mq_ring_size;
			Size sendnow = Min(available, mq->mq_ring_size - offset);

			/* The room was given back before; pairs with GiveBack. */
			pg_memory_barrier();
			memcpy(&mq->mq_ring[offset], data + sent, sendnow);
			sent += sendnow;

			/* Only the last piece of a message is not a multiple. */
			Assert(sent == nbytes || sendnow == MAXALIGN(sendnow));
			mqh->mqh_send_pending += MAXALIGN(sendnow);
		}
	}
	*written = sent;
	return SHM_MQ_SUCCESS;
}

shm_mq_result
shm_mq_send(shm_mq_handle *mqh, Size nbytes, const void *data, bool nowait,
            bool force_flush)
{
	shm_mq_iovec iov;

	iov.data = (const char *) data;
	iov.len = nbytes;
	return shm_mq_sendv(mqh, &iov, 1, nowait, force_flush);
}

/* The length of a message, or what is left of it; SUCCESS: all of it went. */
static shm_mq_result
SendLength(shm_mq_handle *mqh, Size nbytes, bool nowait)
{
	while (!mqh->mqh_length_word_complete)
	{
		shm_mq_result res;
		Size written;

		Assert(mqh->mqh_partial_bytes < sizeof(Size));
		res = SendBytes(mqh, sizeof(Size) - mqh->mqh_partial_bytes,
		                (char *) &nbytes + mqh->mqh_partial_bytes, nowait,
		                &written);
		if (res == SHM_MQ_DETACHED)
		{
			mqh->mqh_partial_bytes = 0;
			return res;
		}
		mqh->mqh_partial_bytes += written;
		if (mqh->mqh_partial_bytes >= sizeof(Size))
		{
			mqh->mqh_partial_bytes = 0;
			mqh->mqh_length_word_complete = true;
		}
		if (res != SHM_MQ_SUCCESS)
			return res;
	}
	return SHM_MQ_SUCCESS;
}

/*
 * One buffer for all pieces: only the end of a message may be padded.  It is in
 * the current context, in which a PANIC of a worker can be reported from a
 * critical section.
 */
static char *
JoinPieces(const shm_mq_iovec *iov, int iovcnt, Size nbytes)
{
	char *flat = palloc(Max(nbytes, 1));
	Size pos = 0;

	for (int i = 0; i < iovcnt; i++)
	{
		if (iov[i].len > 0)
			memcpy(flat + pos, iov[i].data, iov[i].len);
		pos += iov[i].len;
	}
	return flat;
}

/* What is left of a message behind its length. */
static shm_mq_result
SendPayload(shm_mq_handle *mqh, const shm_mq_iovec *iov, int iovcnt,
            Size nbytes, bool nowait)
{
	shm_mq_result res;
	char *flat = NULL;
	const char *payload = iov[0].data;
	Size written;

	if (mqh->mqh_partial_bytes >= nbytes)
		return SHM_MQ_SUCCESS;
	if (iovcnt > 1)
		payload = flat = JoinPieces(iov, iovcnt, nbytes);
	res = SendBytes(mqh, nbytes - mqh->mqh_partial_bytes,
	                payload + mqh->mqh_partial_bytes, nowait, &written);
	mqh->mqh_partial_bytes += written;
	if (flat != NULL)
		pfree(flat);
	return res;
}

/* The receiver, if there is one, sees all that was written. */
static void
FlushWritten(shm_mq_handle *mqh)
{
	shm_mq *mq = mqh->mqh_queue;
	PGPROC *receiver;

	/* An ERROR here would hide that the message is on its way. */
	INJECTION_POINT_NOTHROW("shm-mq-show-written");
	ShowWritten(mq, mqh->mqh_send_pending);
	mqh->mqh_send_pending = 0;
	receiver = mqh->mqh_counterparty_attached ? mq->mq_receiver
	                                          : shm_mq_get_receiver(mq);
	if (receiver != NULL)
	{
		mqh->mqh_counterparty_attached = true;
		SetLatch(&receiver->procLatch);
	}
}

/*
 * Send one message made of several pieces.  After WOULD_BLOCK the caller must
 * come back with the same message.
 */
shm_mq_result
shm_mq_sendv(shm_mq_handle *mqh, shm_mq_iovec *iov, int iovcnt, bool nowait,
             bool force_flush)
{
	shm_mq *mq = mqh->mqh_queue;
	shm_mq_result res;
	Size nbytes = 0;

	Assert(mq->mq_sender == MyProc);
	Assert(iovcnt > 0);
	INJECTION_POINT("shm-mq-send");
	for (int i = 0; i < iovcnt; i++)
		nbytes += iov[i].len;
	if (nbytes > MaxAllocSize)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		     errmsg("cannot send a message of size %zu via shared memory queue",
		            nbytes)));

	res = SendLength(mqh, nbytes, nowait);
	if (res != SHM_MQ_SUCCESS)
		return res;
	res = SendPayload(mqh, iov, iovcnt, nbytes, nowait);
	if (res == SHM_MQ_WOULD_BLOCK)
		return res;

	mqh->mqh_partial_bytes = 0;
	mqh->mqh_length_word_complete = false;
	if (res == SHM_MQ_DETACHED || IsDetached(mq))
		return SHM_MQ_DETACHED;
	if (force_flush || mqh->mqh_send_pending > mq->mq_ring_size >> 2)
		FlushWritten(mqh);
	return SHM_MQ_SUCCESS;
}

/*
 * Wait until needed bytes are there, or the ring's end comes first: *datap,
 * *nbytesp.
 */
static shm_mq_result
ReceiveBytes(shm_mq_handle *mqh, Size needed, bool nowait, Size *nbytesp,
             void **datap)
{
	shm_mq *mq = mqh->mqh_queue;

	for (;;)
	{
		uint64 written = pg_atomic_read_u64(&mq->mq_bytes_written);
		uint64 read =
			pg_atomic_read_u64(&mq->mq_bytes_read) + mqh->mqh_consume_pending;
		Size used = (Size) (written - read);
		Size offset = read % (uint64) mq->mq_ring_size;

		Assert(used <= mq->mq_ring_size);
		if (used >= needed || offset + used >= mq->mq_ring_size)
		{
			*nbytesp = Min(used, mq->mq_ring_size - offset);
			*datap = &mq->mq_ring[offset];
			pg_read_barrier(); /* pairs with ShowWritten */
			return SHM_MQ_SUCCESS;
		}

		if (IsDetached(mq))
		{
			/* Invariant 2. */
			pg_read_barrier();
			if (written != pg_atomic_read_u64(&mq->mq_bytes_written))
				continue;
			return SHM_MQ_DETACHED;
		}

		/* The sender may wait for what we have read. */
		if (mqh->mqh_consume_pending > 0)
		{
			GiveBack(mq, mqh->mqh_consume_pending);
			mqh->mqh_consume_pending = 0;
		}
		if (nowait)
			return SHM_MQ_WOULD_BLOCK;
		INJECTION_POINT("shm-mq-wait-message");
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_EXIT_ON_PM_DEATH, 0,
		                 WAIT_EVENT_MESSAGE_QUEUE_RECEIVE);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

/* The sender has come.  WOULD_BLOCK: not yet; DETACHED: it never will. */
static shm_mq_result
MeetSender(shm_mq_handle *mqh, bool nowait)
{
	shm_mq *mq = mqh->mqh_queue;

	if (nowait)
	{
		/*
		 * Gone first, then there: one that came, sent and went in between is
		 * found to have come, and its messages are read.
		 */
		bool gone = CounterpartyGone(mq, mqh->mqh_handle);

		if (shm_mq_get_sender(mq) == NULL)
			return gone ? SHM_MQ_DETACHED : SHM_MQ_WOULD_BLOCK;
	}
	else if (!WaitForSide(mq, &mq->mq_sender, mqh->mqh_handle) &&
	         shm_mq_get_sender(mq) == NULL)
	{
		mq->mq_detached = true;
		return SHM_MQ_DETACHED;
	}
	mqh->mqh_counterparty_attached = true;
	return SHM_MQ_SUCCESS;
}

/* Counters are aligned, so a length is in one piece. */
static shm_mq_result
ReceiveLength(shm_mq_handle *mqh, bool nowait)
{
	shm_mq_result res;
	Size rb = 0;
	Size nbytes;
	void *rawdata;

	res = ReceiveBytes(mqh, sizeof(Size), nowait, &rb, &rawdata);
	if (res != SHM_MQ_SUCCESS)
		return res;
	Assert(rb >= sizeof(Size));
	nbytes = *(Size *) rawdata;
	if (nbytes > MaxAllocSize)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("invalid message size %zu in shared memory queue",
		                nbytes)));
	mqh->mqh_expected_bytes = nbytes;
	mqh->mqh_length_word_complete = true;
	mqh->mqh_partial_bytes = 0;
	mqh->mqh_consume_pending += MAXALIGN(sizeof(Size));
	return SHM_MQ_SUCCESS;
}

/* The buffer in which a message of nbytes is put together. */
static void
GrowMessageBuffer(shm_mq_handle *mqh, Size nbytes)
{
	Size newbuflen = Max(mqh->mqh_buflen, MQH_INITIAL_BUFSIZE);

	if (mqh->mqh_buflen >= nbytes)
		return;
	INJECTION_POINT("shm-mq-grow-buffer");
	while (newbuflen < nbytes)
		newbuflen *= 2;
	newbuflen = Min(newbuflen, MaxAllocSize);
	if (mqh->mqh_buffer != NULL)
		pfree(mqh->mqh_buffer);
	mqh->mqh_buffer = NULL;
	mqh->mqh_buflen = 0;
	mqh->mqh_buffer = (char *) MemoryContextAlloc(mqh->mqh_context, newbuflen);
	mqh->mqh_buflen = newbuflen;
}

/* Copies pieces of the message into the buffer, as they come, to its end. */
static shm_mq_result
AssembleMessage(shm_mq_handle *mqh, Size nbytes, bool nowait)
{
	while (mqh->mqh_partial_bytes < nbytes)
	{
		shm_mq_result res;
		Size rb = 0;
		void *rawdata;

		res = ReceiveBytes(mqh, 1, nowait, &rb, &rawdata);
		if (res != SHM_MQ_SUCCESS)
			return res;
		rb = Min(rb, nbytes - mqh->mqh_partial_bytes);
		memcpy(&mqh->mqh_buffer[mqh->mqh_partial_bytes], rawdata, rb);
		mqh->mqh_partial_bytes += rb;
		mqh->mqh_consume_pending += MAXALIGN(rb);
	}
	return SHM_MQ_SUCCESS;
}

shm_mq_result
shm_mq_receive(shm_mq_handle *mqh, Size *nbytesp, void **datap, bool nowait)
{
	shm_mq *mq = mqh->mqh_queue;
	shm_mq_result res;
	Size rb = 0;
	Size nbytes;
	void *rawdata;

	Assert(mq->mq_receiver == MyProc);
	INJECTION_POINT("shm-mq-receive");

	if (!mqh->mqh_counterparty_attached)
	{
		res = MeetSender(mqh, nowait);
		if (res != SHM_MQ_SUCCESS)
			return res;
	}

	/* What the last call handed out is read now. */
	if (mqh->mqh_consume_pending > mq->mq_ring_size / 4)
	{
		GiveBack(mq, mqh->mqh_consume_pending);
		mqh->mqh_consume_pending = 0;
	}

	if (!mqh->mqh_length_word_complete)
	{
		res = ReceiveLength(mqh, nowait);
		if (res != SHM_MQ_SUCCESS)
			return res;
	}
	nbytes = mqh->mqh_expected_bytes;

	if (mqh->mqh_partial_bytes == 0)
	{
		res = ReceiveBytes(mqh, nbytes, nowait, &rb, &rawdata);
		if (res != SHM_MQ_SUCCESS)
			return res;
		if (rb >= nbytes)
		{
			mqh->mqh_length_word_complete = false;
			mqh->mqh_consume_pending += MAXALIGN(nbytes);
			*nbytesp = nbytes;
			*datap = rawdata;
			return SHM_MQ_SUCCESS;
		}
		GrowMessageBuffer(mqh, nbytes);
	}

	res = AssembleMessage(mqh, nbytes, nowait);
	if (res != SHM_MQ_SUCCESS)
		return res;
	*nbytesp = nbytes;
	*datap = mqh->mqh_buffer;
	mqh->mqh_length_word_complete = false;
	mqh->mqh_partial_bytes = 0;
	return SHM_MQ_SUCCESS;
}

void
shm_mq_detach(shm_mq_handle *mqh)
{
	if (mqh->mqh_send_pending > 0)
	{
		ShowWritten(mqh->mqh_queue, mqh->mqh_send_pending);
		mqh->mqh_send_pending = 0;
	}
	shm_mq_detach_internal(mqh->mqh_queue);
	if (mqh->mqh_segment)
		cancel_on_dsm_detach(mqh->mqh_segment, shm_mq_detach_callback,
		                     PointerGetDatum(mqh->mqh_queue));
	if (mqh->mqh_buffer != NULL)
		pfree(mqh->mqh_buffer);
	pfree(mqh);
}

static void
shm_mq_detach_internal(shm_mq *mq)
{
	PGPROC *victim;

	INJECTION_POINT_NOTHROW("shm-mq-detach");
	SpinLockAcquire(&mq->mq_mutex);
	victim = mq->mq_sender == MyProc ? mq->mq_receiver : mq->mq_sender;
	mq->mq_detached = true;
	SpinLockRelease(&mq->mq_mutex);
	INJECTION_POINT_NOTHROW("shm-mq-detached");
	if (victim != NULL)
		SetLatch(&victim->procLatch);
}

static void
shm_mq_detach_callback(dsm_segment *seg, Datum arg)
{
	shm_mq_detach_internal((shm_mq *) DatumGetPointer(arg));
}
