/*
 * latch.pml
 *	  SetLatch, ResetLatch and WaitLatch of storage/ipc/latch.c.
 *
 * A waiter wants all conditions true; each setter makes one true and sets the
 * latch.  A waiter that sleeps on with all of them true is an invalid end state.
 *
 * The barriers, each left out by -DNO_...:
 *		SET_LATCH_FIRST		SetLatch, before it looks whether it is set already
 *		SET_LATCH_SECOND	SetLatch, between is_set and maybe_sleeping
 *		RESET_LATCH			ResetLatch, after is_set = false
 *		WAIT_LATCH			WaitEventSetWait, between maybe_sleeping and is_set
 */
#define NPROC 3
#define NLOC 4

#include "memory.pml"

#define IS_SET 0
#define MAYBE_SLEEPING 1
#define CONDITION 2				/* and 3: of the second setter */

#define WAITER 0

#ifdef NO_SET_LATCH_FIRST
#define SET_LATCH_FIRST(p) skip
#else
#define SET_LATCH_FIRST(p) FULL_BARRIER(p)
#endif
#ifdef NO_SET_LATCH_SECOND
#define SET_LATCH_SECOND(p) skip
#else
#define SET_LATCH_SECOND(p) FULL_BARRIER(p)
#endif
#ifdef NO_RESET_LATCH
#define RESET_LATCH(p) skip
#else
#define RESET_LATCH(p) FULL_BARRIER(p)
#endif
#ifdef NO_WAIT_LATCH
#define WAIT_LATCH(p) skip
#else
#define WAIT_LATCH(p) FULL_BARRIER(p)
#endif

bool sigurg;					/* pending for the signalfd of the waiter */

inline SetLatch(p)
{
	SET_LATCH_FIRST(p);
	LOAD(p, IS_SET, r);
	if
	:: r
	:: else ->
		STORE(p, IS_SET, 1);
		SET_LATCH_SECOND(p);
		LOAD(p, MAYBE_SLEEPING, r);
		if
		:: r -> sigurg = true	/* kill(owner_pid, SIGURG) */
		:: else
		fi
	fi;
	r = 0
}

inline ResetLatch(p)
{
	STORE(p, IS_SET, 0);
	RESET_LATCH(p)
}

/* WaitEventSetWait with nothing but the latch in the set. */
inline WaitLatch(p)
{
	do
	:: LOAD(p, IS_SET, r);
		if
		:: !r ->
			STORE(p, MAYBE_SLEEPING, 1);
			WAIT_LATCH(p)
		:: else
		fi;
		LOAD(p, IS_SET, r);
		if
		:: r ->
			STORE(p, MAYBE_SLEEPING, 0);
			break
		:: else
		fi;
sleeping:
		sigurg;					/* epoll_wait */
		sigurg = false;			/* drain */
		LOAD(p, IS_SET, r);		/* TakeEvents */
		STORE(p, MAYBE_SLEEPING, 0);
		if
		:: r -> break
		:: else
		fi
	od;
	r = 0
}

proctype Waiter()
{
	byte _q, a, b, r;

	do
	:: 	ResetLatch(WAITER);
		LOAD(WAITER, CONDITION, a);
		LOAD(WAITER, CONDITION + 1, b);
		if
		:: a && b -> break
		:: else
		fi;
		WaitLatch(WAITER)
	od
}

proctype Setter(byte p)
{
	byte _q, r;

	STORE(p, CONDITION + p - 1, 1);
	SetLatch(p)
}

init
{
	atomic {
		/* Set long ago, or not. */
		if
		:: mem[IS_SET] = 0
		:: mem[IS_SET] = 1
		fi;
		run Waiter();
		run Setter(1);
		run Setter(2)
	}
}
