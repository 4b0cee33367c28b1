/*
 * lwlock.pml
 *	  The state word, the wait list and the semaphores of storage/lmgr/lwlock.c.
 *
 * PROCS processes do ROUNDS rounds each: LWLockAcquire in either mode,
 * LWLockAcquireOrWait, LWLockWaitForVar; a holder may call LWLockUpdateVar.  A
 * process Other posts a semaphore for something else, once or not at all.
 *
 * Each operation on the word is one step, whole: a compare-and-swap that fails
 * is repeated with what was found.  What only the owner of the wait list does
 * is one step too.  The memory in between is lwlock_memory.pml's.
 *
 * Shown: an exclusive holder is alone; no process sleeps for ever (an invalid
 * end state); at the end nobody is in the queue, no flag is left but RELEASE_OK,
 * and each semaphore has the posts that were for something else, no more.
 *
 * Rules, each broken by -DNO_...:
 *		RECHECK			LWLockAcquire tries once more after queueing
 *		RECHECK_OR_WAIT	LWLockAcquireOrWait does
 *		RECHECK_VAR		LWLockWaitForVar does
 *		RELEASE_OK		LWLockAcquire sets RELEASE_OK when it was woken
 *		RELEASE_OK_DEQUEUE	LWLockDequeueSelf does when it was chosen
 *		RELEASE_OK_VAR	LWLockWaitForVar sets it after queueing
 *		ABSORB			LWLockDequeueSelf waits for the post that is on its way
 *		REPOST			posts for something else are given back
 *		TEST_WAITING	a woken process looks whether it was meant
 *		HAS_WAITERS		LWLockQueueSelf sets HAS_WAITERS
 *		CLEAR_WAITERS	LWLockWakeup clears it when the list is empty
 *		LIST_LOCK		LWLockWakeup takes the wait list's lock
 */
#ifndef PROCS
#define PROCS 3
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

#define EXCLUSIVE 0
#define SHARED 1
#define UNTIL_FREE 2

#define NOT_WAITING 0
#define WAITING 1
#define PENDING_WAKEUP 2

/* The state word. */
bool exclusive;
byte shared;
bool has_waiters;
bool release_ok = true;
bool list_locked;

/* The queue, first in front. */
byte queue[PROCS];
byte queued;

/* PGPROCs. */
byte lwWaiting[PROCS];
byte lwWaitMode[PROCS];
byte sem[PROCS];

/* Of the variable: progress of the holder. */
byte var;

/* Ghosts. */
byte holders_exclusive;
byte holders_shared;
byte posted[PROCS];
byte ended;

#define FREE(mode) \
	(!exclusive && (mode == SHARED || shared == 0))

/* LWLockAttemptLock; mustwait says that it was not free. */
inline AttemptLock(mode)
{
	d_step {
		if
		:: FREE(mode) && mode == SHARED -> shared++; mustwait = false
		:: FREE(mode) && mode == EXCLUSIVE -> exclusive = true; mustwait = false
		:: else -> mustwait = true
		fi
	}
}

inline WaitListLock()
{
	d_step { !list_locked -> list_locked = true }
}

inline WaitListUnlock()
{
	list_locked = false
}

/* LWLockQueueSelf: the lock, HAS_WAITERS, the entry. */
inline QueueSelf(wait_mode)
{
	WaitListLock();
#ifndef NO_HAS_WAITERS
	has_waiters = true;
#endif
	d_step {
		lwWaiting[me] = WAITING;
		lwWaitMode[me] = wait_mode;
		if
		:: wait_mode == UNTIL_FREE ->
			i = queued;
			do
			:: i > 0 -> queue[i] = queue[i - 1]; i--
			:: else -> break
			od;
			queue[0] = me
		:: else -> queue[queued] = me
		fi;
		queued++;
		i = 0
	};
	WaitListUnlock()
}

/* Takes the one at place i out of the queue; in a d_step. */
inline Unqueue()
{
	j = i;
	do
	:: j + 1 < queued -> queue[j] = queue[j + 1]; j++
	:: else -> break
	od;
	queued--;
	queue[queued] = 0;
	j = 0
}

/* Those that were put on the wakeup list, one by one. */
inline WakeThem()
{
	do
	:: nwake > 0 ->
		d_step {
			lwWaiting[wake[0]] = NOT_WAITING;
			/* may run now, if its semaphore has a post: two steps */
			i = wake[0];
			wake[0] = wake[1];
			wake[1] = wake[2];
			wake[2] = 0;
			nwake--
		};
		d_step { sem[i]++; i = 0 }
	:: else -> break
	od
}

/* LWLockWakeup */
inline Wakeup()
{
#ifndef NO_LIST_LOCK
	WaitListLock();
#endif
	d_step {
		i = 0;
		new_release_ok = true;
		do
		:: i < queued ->
			if
			:: !new_release_ok && lwWaitMode[queue[i]] == EXCLUSIVE -> i++
			:: else ->
				wake[nwake] = queue[i];
				nwake++;
				lwWaiting[queue[i]] = PENDING_WAKEUP;
				if
				:: lwWaitMode[queue[i]] != UNTIL_FREE -> new_release_ok = false
				:: else
				fi;
				if
				:: lwWaitMode[queue[i]] == EXCLUSIVE -> Unqueue(); break
				:: else -> Unqueue()
				fi
			fi
		:: else -> break
		od;
		i = 0
	};
	assert(nwake == 0 || has_waiters);
	d_step {
		release_ok = new_release_ok;
#ifndef NO_CLEAR_WAITERS
		if
		:: queued == 0 -> has_waiters = false
		:: else
		fi;
#endif
#ifndef NO_LIST_LOCK
		list_locked = false;
#endif
		new_release_ok = false
	};
	WakeThem()
}

/* LWLockUpdateVar */
inline UpdateVar()
{
	var++;
	WaitListLock();
	d_step {
		do
		:: queued > 0 && lwWaitMode[queue[0]] == UNTIL_FREE ->
			wake[nwake] = queue[0];
			nwake++;
			lwWaiting[queue[0]] = PENDING_WAKEUP;
			i = 0;
			Unqueue()
		:: else -> break
		od;
		if
		:: queued == 0 -> has_waiters = false
		:: else
		fi
	};
	WaitListUnlock();
	WakeThem()
}

/* PGSemaphoreLock until it was meant. */
inline SleepUntilWoken()
{
	do
	::	d_step { sem[me] > 0 -> sem[me]-- };
		if
#ifndef NO_TEST_WAITING
		:: lwWaiting[me] != NOT_WAITING -> extra++
		:: else -> break
#else
		:: break
#endif
		fi
	od
}

/* LWLockDequeueSelf */
inline DequeueSelf()
{
	WaitListLock();
	d_step {
		on_waitlist = (lwWaiting[me] == WAITING);
		if
		:: on_waitlist ->
			i = 0;
			do
			:: queue[i] == me -> break
			:: else -> i++
			od;
			Unqueue();
			i = 0
		:: else
		fi
	};
	d_step {
		if
		:: queued == 0 -> has_waiters = false
		:: else
		fi
	};
	WaitListUnlock();
	if
	:: on_waitlist -> on_waitlist = false; lwWaiting[me] = NOT_WAITING
	:: else ->
#ifndef NO_RELEASE_OK_DEQUEUE
		release_ok = true;
#endif
#ifndef NO_ABSORB
		SleepUntilWoken()
#endif
	fi
}

/* LWLockRepostExtra */
inline RepostExtra()
{
#ifndef NO_REPOST
	d_step { sem[me] = sem[me] + extra; extra = 0 }
#else
	extra = 0
#endif
}

/* LWLockDrop: the subtraction returns the flags. */
inline Drop(mode)
{
	d_step {
		if
		:: mode == EXCLUSIVE -> exclusive = false
		:: else -> shared--
		fi;
		must_wake = has_waiters && release_ok && !exclusive && shared == 0
	};
	if
	:: must_wake -> must_wake = false; Wakeup()
	:: else
	fi
}

/* LWLockConflictsWithVar */
inline ConflictsWithVar()
{
	if
	:: !exclusive -> mustwait = false
	:: else -> mustwait = (var == oldval)
	fi
}

inline Hold(mode)
{
	if
	:: mode == EXCLUSIVE ->
		holders_exclusive++;
		assert(holders_exclusive == 1 && holders_shared == 0);
		if
		:: UpdateVar()
		:: skip
		fi;
		holders_exclusive--
	:: else ->
		holders_shared++;
		assert(holders_exclusive == 0);
		holders_shared--
	fi;
	Drop(mode)
}

inline Acquire(mode)
{
	do
	::	AttemptLock(mode);
		if
		:: !mustwait -> break
		:: else
		fi;
		QueueSelf(mode);
#ifndef NO_RECHECK
		AttemptLock(mode);
		if
		:: !mustwait -> DequeueSelf(); break
		:: else
		fi;
#endif
		SleepUntilWoken();
#ifndef NO_RELEASE_OK
		release_ok = true
#endif
	od;
	RepostExtra();
	Hold(mode)
}

inline AcquireOrWait(mode)
{
	AttemptLock(mode);
	if
	:: mustwait ->
		QueueSelf(UNTIL_FREE);
#ifndef NO_RECHECK_OR_WAIT
		AttemptLock(mode);
#endif
		if
		:: mustwait -> SleepUntilWoken()
		:: else -> DequeueSelf()
		fi
	:: else
	fi;
	RepostExtra();
	if
	:: !mustwait -> Hold(mode)
	:: else -> mustwait = false
	fi
}

inline WaitForVar()
{
	oldval = var;
	do
	::	ConflictsWithVar();
		if
		:: !mustwait -> break
		:: else
		fi;
		QueueSelf(UNTIL_FREE);
#ifndef NO_RELEASE_OK_VAR
		release_ok = true;
#endif
#ifndef NO_RECHECK_VAR
		ConflictsWithVar();
		if
		:: !mustwait -> DequeueSelf(); break
		:: else
		fi;
#endif
		SleepUntilWoken()
	od;
	RepostExtra();
	oldval = 0
}

proctype Process(byte me)
{
	byte i, j, round, extra, nwake, oldval, wake[4];
	bool mustwait, must_wake, new_release_ok, on_waitlist;

	do
	:: round < ROUNDS ->
		round++;
		if
		:: Acquire(EXCLUSIVE)
		:: Acquire(SHARED)
#ifndef PLAIN
		:: AcquireOrWait(EXCLUSIVE)
		:: WaitForVar()
#endif
		fi
	:: else -> break
	od;
	/* Quiet: what must be so then. */
	atomic {
		ended++;
		if
		:: ended == PROCS ->
			assert(!exclusive && shared == 0 && !has_waiters && release_ok);
			assert(queued == 0 && !list_locked);
			i = 0;
			do
			:: i < PROCS ->
				assert(sem[i] == posted[i] && lwWaiting[i] == NOT_WAITING);
				i++
			:: else -> break
			od
		:: else
		fi
	}
}

/* Something else that a process waited for, long ago. */
active proctype Other()
{
	if
	:: atomic { ended == 0 -> sem[0]++; posted[0]++ }
	:: skip
	fi
}

init
{
	byte p;

	atomic {
		p = 0;
		do
		:: p < PROCS -> run Process(p); p++
		:: else -> break
		od;
		p = 0
	}
}
