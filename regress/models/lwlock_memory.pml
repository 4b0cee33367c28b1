/*
 * lwlock_memory.pml
 *	  What LWLocks (storage/lmgr/lwlock.c) need of the memory: that what a holder
 *	  changed is seen by the next one, that a woken process may use its link again
 *	  and sees what the holder did, that a variable is not older than the state.
 *
 * The protocol of the state word is lwlock.pml's; here the word has no waiters
 * but the one that is modelled.  One of three parts is compiled in:
 *
 *		HOLDERS		two processes, each as holder, add 1 to two cells
 *		WAKEUP		LWLockWakeup or LWLockUpdateVar wakes a process in LWLockSleep,
 *					which did not want the lock (LWLockAcquireOrWait), reads what
 *					the holder did, and then queues itself elsewhere.  Its
 *					semaphore may have a post that was for something else.
 *		VARIABLE	LWLockWaitForVar beside two holders, one after the other
 *
 * The barriers, each left out by -DNO_...:
 *		ATTEMPT_LOCK	HOLDERS: the compare-and-swap in LWLockAttemptLock
 *		DROP			HOLDERS: the subtraction in LWLockDrop
 *		WAKEUP_WRITE	WAKEUP: LWLockWakeup, between link and lwWaiting
 *		UPDATE_WRITE	WAKEUP: LWLockUpdateVar, between link and lwWaiting
 *		SLEEP_READ		WAKEUP: LWLockSleep, after lwWaiting
 *		CONFLICTS_READ	VARIABLE: LWLockConflictsWithVar, between state and value
 *		WAIT_READ		VARIABLE: LWLockWaitForVar, at its end: what the holder did
 *						before is seen
 * An operation without its barrier still is one step on its own word.
 */
#define NPROC 2

#if defined(HOLDERS)

#define NLOC 3
#include "memory.pml"

#define STATE 0
#define DATA 1					/* and 2 */

inline Acquire(p)
{
#ifdef NO_ATTEMPT_LOCK
	d_step {
		mem[STATE] == 0;
		ARRIVE(p, STATE, 1);
		_q = 0
	}
#else
	d_step {
		mem[STATE] == 0 && buffer[p].n == 0;
		DROP_STALE(p);
		ARRIVE(p, STATE, 1);
		_q = 0
	}
#endif
}

inline Release(p)
{
#ifdef NO_DROP
	d_step {
		ARRIVE(p, STATE, 0);
		_q = 0
	}
#else
	d_step {
		buffer[p].n == 0;
		DROP_STALE(p);
		ARRIVE(p, STATE, 0);
		_q = 0
	}
#endif
}

byte done;

active [2] proctype Holder()
{
	byte _q, a, b, me, round;

	me = _pid - 1;				/* process 0 is Memory */
	do
	:: round < 2 ->
		Acquire(me);
		LOAD(me, DATA, a);
		LOAD(me, DATA + 1, b);
		assert(a == b);
		STORE(me, DATA, a + 1);
		STORE(me, DATA + 1, b + 1);
		Release(me);
		round++
	:: else -> break
	od;
	FULL_BARRIER(me);
	done++;
	if
	:: done == 2 -> assert(mem[DATA] == 4 && mem[DATA + 1] == 4)
	:: else
	fi
}

#elif defined(WAKEUP)

#define NLOC 3
#include "memory.pml"

#define LINK 0
#define LW_WAITING 1
#define DATA 2

#define UNLINKED 0
#define LINKED 1
#define LINKED_TO_WAKE 2
#define LINKED_ELSEWHERE 3

#define NOT_WAITING 0
#define WAITING 1
#define PENDING_WAKEUP 2

#define HOLDER 0
#define WAITER 1

byte sem;

#ifdef NO_WAKEUP_WRITE
#define WAKEUP_WRITE skip
#else
#define WAKEUP_WRITE WRITE_BARRIER(HOLDER)
#endif
#ifdef NO_UPDATE_WRITE
#define UPDATE_WRITE skip
#else
#define UPDATE_WRITE WRITE_BARRIER(HOLDER)
#endif
#ifdef NO_SLEEP_READ
#define SLEEP_READ skip
#else
#define SLEEP_READ READ_BARRIER(WAITER)
#endif

/* LWLockWakeup and LWLockUpdateVar; the waiter is in the queue. */
proctype Holder()
{
	byte _q;
	bool update;

	STORE(HOLDER, DATA, 1);
	if
	:: update = true
	:: update = false
	fi;
	FULL_BARRIER(HOLDER);		/* LWLockDrop, or the exchange */
	FULL_BARRIER(HOLDER);		/* LWLockWaitListLock */
	STORE(HOLDER, LINK, LINKED_TO_WAKE);
	STORE(HOLDER, LW_WAITING, PENDING_WAKEUP);
	FULL_BARRIER(HOLDER);		/* the flags, LWLockWaitListUnlock */
	STORE(HOLDER, LINK, UNLINKED);
	if
	:: update -> UPDATE_WRITE
	:: else -> WAKEUP_WRITE
	fi;
	STORE(HOLDER, LW_WAITING, NOT_WAITING);
	FULL_BARRIER(HOLDER);		/* PGSemaphoreUnlock */
	sem++
}

proctype Waiter()
{
	byte _q, extra, found;

	/* LWLockSleep */
	do
	::	d_step {
			sem > 0 && buffer[WAITER].n == 0 -> sem--;
			DROP_STALE(WAITER)
		};
		LOAD(WAITER, LW_WAITING, found);
		if
		:: found == NOT_WAITING -> break
		:: else -> extra++
		fi
	od;
	SLEEP_READ;
	LOAD(WAITER, DATA, found);
	assert(found == 1);
	/* LWLockQueueSelf on another lock */
	FULL_BARRIER(WAITER);
	LOAD(WAITER, LINK, found);
	assert(found == UNLINKED);
	STORE(WAITER, LINK, LINKED_ELSEWHERE);
	STORE(WAITER, LW_WAITING, WAITING);
	FULL_BARRIER(WAITER);
	/* Nobody has a business with it until that lock is released. */
	buffer[HOLDER].n == 0;
	assert(mem[LINK] == LINKED_ELSEWHERE);
	assert(mem[LW_WAITING] == WAITING)
}

/* A post for something that this process waited for before. */
active proctype Other()
{
	if
	:: sem++
	:: skip
	fi
}

init
{
	atomic {
		mem[LINK] = LINKED;
		mem[LW_WAITING] = WAITING;
		run Holder();
		run Waiter()
	}
}

#elif defined(VARIABLE)

#define NLOC 3
#include "memory.pml"

#define STATE 0					/* 2n - 1 held by the n-th, 2n free after it */
#define VALUE 1					/* 0 cleared, else what DATA was: progress */
#define DATA 2					/* 10n + 1 and 10n + 2: what the n-th does */

#define HOLDER 0
#define WAITER 1

#ifdef NO_CONFLICTS_READ
#define CONFLICTS_READ skip
#else
#define CONFLICTS_READ FULL_BARRIER(WAITER)
#endif
#ifdef NO_WAIT_READ
#define WAIT_READ skip
#else
#define WAIT_READ READ_BARRIER(WAITER)
#endif

bool queued;
byte sem;

#define RMW(p, l, v) \
	d_step { \
		buffer[p].n == 0; \
		DROP_STALE(p); \
		ARRIVE(p, l, v); \
		_q = 0 \
	}

inline WakeWaiter()
{
	FULL_BARRIER(HOLDER);		/* LWLockWaitListLock */
	d_step {
		if
		:: queued -> queued = false; wake = true
		:: else
		fi
	};
	if
	:: wake -> wake = false; sem++
	:: else
	fi
}

proctype Holder()
{
	byte _q, n;
	bool wake;

	n = 1;
	do
	:: n <= 2 ->
		RMW(HOLDER, STATE, 2 * n - 1);
		if
		::	/* LWLockUpdateVar */
			STORE(HOLDER, DATA, 10 * n + 1);
			RMW(HOLDER, VALUE, 10 * n + 1);
			WakeWaiter()
		:: skip
		fi;
		STORE(HOLDER, DATA, 10 * n + 2);
		RMW(HOLDER, VALUE, 0);	/* LWLockReleaseClearVar */
		RMW(HOLDER, STATE, 2 * n);
		WakeWaiter();
		n++
	:: else -> break
	od
}

/* LWLockConflictsWithVar; the value is of the holder seen, or of a later one. */
inline ConflictsWithVar()
{
	LOAD(WAITER, STATE, state);
	if
	:: state % 2 == 0 ->
		must_see = (state > 0 -> 5 * state + 2 : 0);
		conflicts = false
	:: else ->
		CONFLICTS_READ;
		LOAD(WAITER, VALUE, value);
		if
		:: value != oldval ->
			assert(value == 0 || value > 5 * (state + 1));
			must_see = value;
			conflicts = false
		:: else -> conflicts = true
		fi
	fi
}

proctype Waiter()
{
	byte _q, oldval, must_see, state, value;
	bool conflicts;

	/* The value from an earlier call, or none yet. */
	if
	:: oldval = 0
	:: oldval = 11
	fi;
	do
	::	ConflictsWithVar();
		if
		:: !conflicts -> break
		:: else
		fi;
		/* LWLockQueueSelf, and the flag: full barriers */
		d_step {
			buffer[WAITER].n == 0;
			DROP_STALE(WAITER);
			queued = true
		};
		ConflictsWithVar();
		if
		:: !conflicts ->
			/* LWLockDequeueSelf */
			if
			:: atomic { queued -> queued = false }
			:: !queued -> sem > 0; sem--
			fi;
			break
		:: else
		fi;
		sem > 0;
		sem--
	od;
	WAIT_READ;
	LOAD(WAITER, DATA, value);
	assert(value >= must_see)
}

init
{
	atomic {
		run Holder();
		run Waiter()
	}
}

#endif
