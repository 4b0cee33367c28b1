/*
 * shm_mq.pml
 *	  The counters of storage/ipc/shm_mq.c: bytes pass from a sender to a
 *	  receiver through a ring, and one of them leaves.
 *
 * A cell of the ring stands for a piece that is sent at once; the pieces are
 * numbered, so one that is read too early, too late or never shows (a torn
 * message).  A sender or receiver that sleeps for ever is an invalid end state.
 *
 * Latches are those that latch.pml proves: what was stored before SetLatch is
 * seen after the ResetLatch that follows it.  SetLatch begins with a full
 * barrier, ResetLatch ends with one.
 *
 * Loads from the ring may end late: after stores that follow them (LateLoad).
 * No processor makes a store visible before a branch that it depends on is
 * decided; the C language allows it, so without SEND_BYTES the sender may write
 * into the ring before it has looked for room, if it guesses that there is some.
 * A wrong guess never happened (squashed).
 *
 * The barriers, each left out by -DNO_...:
 *		SHOW_WRITTEN	ShowWritten, between the ring and bytes_written
 *		GIVE_BACK		GiveBack, between reading the ring and bytes_read
 *		SEND_BYTES		SendBytes, between bytes_read and the ring
 *		RECEIVE_BYTES	ReceiveBytes, between bytes_written and the ring
 *		RECEIVE_DETACHED	ReceiveBytes, between mq_detached and bytes_written
 *		DETACH_LOCK		the barrier in taking mq_mutex, in shm_mq_detach_internal
 * Other rules:
 *		DETACH_LATCH	shm_mq_detach_internal sets the other's latch
 *		LOOK_AGAIN		a receiver that sees mq_detached reads the counter again
 *		GIVE_BACK_FIRST	a receiver gives back what it has read before it sleeps
 *		SHOW_FIRST		a sender shows what it has written before it sleeps
 */
#define NPROC 2
#define NLOC 5

#include "memory.pml"

#define RING_SIZE 2
#ifndef PIECES
#define PIECES 4
#endif

#define BYTES_WRITTEN 2
#define BYTES_READ 3
#define DETACHED 4

#define SENDER 0
#define RECEIVER 1

#ifdef NO_SHOW_WRITTEN
#define SHOW_WRITTEN skip
#else
#define SHOW_WRITTEN WRITE_BARRIER(SENDER)
#endif
#ifdef NO_GIVE_BACK
#define GIVE_BACK skip
#else
#define GIVE_BACK late == 0; FULL_BARRIER(RECEIVER)
#endif
#ifdef NO_SEND_BYTES
#define SEND_BYTES skip
#else
#define SEND_BYTES FULL_BARRIER(SENDER)
#endif
#ifdef NO_RECEIVE_BYTES
#define RECEIVE_BYTES skip
#else
#define RECEIVE_BYTES READ_BARRIER(RECEIVER)
#endif
#ifdef NO_RECEIVE_DETACHED
#define RECEIVE_DETACHED skip
#else
#define RECEIVE_DETACHED READ_BARRIER(RECEIVER)
#endif
#ifdef NO_DETACH_LOCK
#define DETACH_LOCK(p) skip
#else
#define DETACH_LOCK(p) FULL_BARRIER(p)
#endif

bool latch[NPROC];
byte shown;						/* pieces that the sender has shown */
bool receiver_left;
bool squashed;

/* A load from the ring that has not ended: its cell + 1, what it must find. */
byte late;
byte late_piece;

inline SetLatch(p, other)
{
	FULL_BARRIER(p);
	latch[other] = true
}

inline WaitAndResetLatch(p)
{
	latch[p] || squashed;
	latch[p] = false;
	FULL_BARRIER(p)
}

inline ShowWritten()
{
	SHOW_WRITTEN;
	LOAD(SENDER, BYTES_WRITTEN, wb);
	STORE(SENDER, BYTES_WRITTEN, wb + pending);
	shown = wb + pending;
	pending = 0
}

inline Detach(p)
{
	DETACH_LOCK(p);
	STORE(p, DETACHED, 1);
#ifndef NO_DETACH_LATCH
	SetLatch(p, 1 - p)
#endif
}

proctype Sender()
{
	byte _q, detached, pending, piece, rb, wb;

	piece = 1;
	do
	:: piece > PIECES -> break
	:: piece <= PIECES && piece > 1 -> break	/* an error: it ends early */
	:: piece <= PIECES ->
		/* SendBytes, until this piece is in the ring */
		do
		::	LOAD(SENDER, BYTES_WRITTEN, wb);
			wb = wb + pending;
#ifdef NO_SEND_BYTES
			if
			:: STORE(SENDER, wb % RING_SIZE, piece);
				LOAD(SENDER, BYTES_READ, rb);
				if
				:: wb - rb == RING_SIZE -> squashed = true; goto ended
				:: else
				fi;
				LOAD(SENDER, DETACHED, detached);
				if
				:: detached -> squashed = true; goto ended
				:: else
				fi;
				break
			:: skip
			fi;
#endif
			LOAD(SENDER, BYTES_READ, rb);
			assert(squashed || wb - rb <= RING_SIZE);
			LOAD(SENDER, DETACHED, detached);
			if
			:: detached -> goto ended
			:: !detached && wb - rb == RING_SIZE ->
#ifndef NO_SHOW_FIRST
				if
				:: pending > 0 -> ShowWritten()
				:: else
				fi;
#endif
				SetLatch(SENDER, RECEIVER);
				WaitAndResetLatch(SENDER)
			:: else ->
				SEND_BYTES;
				STORE(SENDER, wb % RING_SIZE, piece);
				break
			fi
		od;
		pending++;
		piece++;
		/* force_flush, or the queue holds enough; else later */
		if
		::	ShowWritten();
			SetLatch(SENDER, RECEIVER)
		:: skip
		fi
	od;
	/* shm_mq_detach */
	if
	:: pending > 0 -> ShowWritten()
	:: else
	fi;
	Detach(SENDER);
ended:
	skip
}

proctype Receiver()
{
	byte _q, consumed, detached, read, written, again;

	do
	::	/* shm_mq_receive, ReceiveBytes */
		LOAD(RECEIVER, BYTES_WRITTEN, written);
		LOAD(RECEIVER, BYTES_READ, again);
		read = again + consumed;
		assert(squashed || written - read <= RING_SIZE);
		if
		:: written > read ->
			RECEIVE_BYTES;
			d_step {
				late == 0;		/* one such load at a time will do */
				late = read % RING_SIZE + 1;
				late_piece = read + 1
			};
			consumed++;
			if
			::	GIVE_BACK;
				STORE(RECEIVER, BYTES_READ, again + consumed);
				consumed = 0;
				SetLatch(RECEIVER, SENDER)
			:: skip
			fi
		:: else ->
			LOAD(RECEIVER, DETACHED, detached);
			if
			:: detached ->
#ifndef NO_LOOK_AGAIN
				RECEIVE_DETACHED;
				LOAD(RECEIVER, BYTES_WRITTEN, again);
				if
				:: again == written ->
					assert(squashed || written == shown);
					break
				:: else
				fi
#else
				assert(squashed || written == shown);
				break
#endif
			:: else ->
#ifndef NO_GIVE_BACK_FIRST
				if
				:: consumed > 0 ->
					GIVE_BACK;
					STORE(RECEIVER, BYTES_READ, again + consumed);
					consumed = 0;
					SetLatch(RECEIVER, SENDER)
				:: else
				fi;
#endif
				WaitAndResetLatch(RECEIVER);
				if
				:: squashed -> break
				:: else
				fi
			fi
		fi
	/* It wants no more: shm_mq_detach. */
	::	read > 0 ->
		receiver_left = true;
		Detach(RECEIVER);
		break
	od
}

/* A load from the ring ends. */
active proctype LateLoad()
{
	byte found;

end:
	do
	:: atomic {
			late != 0 ->
			LOAD(RECEIVER, late - 1, found);
			assert(squashed || found == late_piece);
			late = 0;
			late_piece = 0;
			found = 0
		}
	od
}

init
{
	atomic {
		run Sender();
		run Receiver()
	}
}
