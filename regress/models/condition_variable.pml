/*
 * condition_variable.pml
 *	  Sleepers and wakers on a condition variable (cv.pml): nobody sleeps on what
 *	  is true.
 *
 * One of:
 *		BROADCAST	SLEEPERS processes wait for a flag; one sets it and broadcasts,
 *					while another signals the same variable for nothing, sets
 *					latches, and a third broadcasts too.  A sleeper that sleeps on
 *					is an invalid end state.
 *		SIGNAL		each sleeper wants one token; two processes each add one and
 *					signal.  A sleeper may be cancelled at any check.  One that
 *					sleeps beside a token is a failed assertion.
 *		ENDLESS		a broadcast beside sleepers for whom nothing comes true: it
 *					ends (ltl, weak fairness).
 *
 * Rules, each broken by -DNO_...: those of cv.pml, and
 *		TEST_AFTER	the predicate is tested after the list was entered
 *		FLAG_FIRST	the flag is set before the broadcast
 */
#ifndef SLEEPERS
#define SLEEPERS 2
#endif
#define NPROC (SLEEPERS + 3)
#define NCV 1

#if defined(SIGNAL)
/* Cancelled: leaves the loop by an error. */
#define CHECK_FOR_INTERRUPTS \
	if \
	:: atomic { cancels > 0 -> cancels-- }; goto error \
	:: skip \
	fi
byte cancels = 1;
#endif

#include "cv.pml"

bool flag;
byte tokens;

#define LOCALS \
	byte target = NO_CV; \
	byte woken; \
	bool done, marker

#if defined(BROADCAST) || defined(ENDLESS)

proctype Sleeper(byte me)
{
	LOCALS;
	bool seen;

#ifndef NO_TEST_AFTER
#ifndef NO_PREPARE
	if
	:: ConditionVariablePrepareToSleep(0)
	:: skip
	fi;
#endif
	do
	::	if
		:: flag -> break
		:: else
		fi;
		ConditionVariableSleep(0)
	od;
#else
	do
	::	seen = flag;
		if
		:: seen -> break
		:: else
		fi;
		ConditionVariablePrepareToSleep(0);
		ConditionVariableSleep(0)
	od;
#endif
	ConditionVariableCancelSleep()
}

proctype Waker(byte me)
{
	LOCALS;

#ifndef NO_FLAG_FIRST
	flag = true;
	ConditionVariableBroadcast(0)
#else
	ConditionVariableBroadcast(0);
	flag = true
#endif
}

#endif

#if defined(BROADCAST)

proctype Others(byte me)
{
	LOCALS;

	if
	:: ConditionVariableSignal(0)
	:: ConditionVariableBroadcast(0)
	fi;
	if
	:: latch[0] = true
	:: skip
	fi
}

init
{
	byte p;

	atomic {
		p = 0;
		do
		:: p < SLEEPERS -> run Sleeper(p); p++
		:: else -> break
		od;
		run Waker(SLEEPERS);
		run Others(SLEEPERS + 1)
	}
}

#elif defined(ENDLESS)

/* Wakes whom it finds, for nothing. */
bool ended;

proctype Broadcaster(byte me)
{
	LOCALS;

	ConditionVariableBroadcast(0);
	ended = true
}

init
{
	byte p;

	atomic {
		p = 0;
		do
		:: p < SLEEPERS -> run Sleeper(p); p++
		:: else -> break
		od;
		run Broadcaster(SLEEPERS)
	}
}

ltl ends { <> ended }

#elif defined(SIGNAL)

proctype Sleeper(byte me)
{
	LOCALS;
	bool got;

	ConditionVariablePrepareToSleep(0);
	do
	::	d_step {
			if
			:: tokens > 0 -> tokens--; got = true
			:: else
			fi
		};
		if
		:: got -> break
		:: else
		fi;
		ConditionVariableSleep(0)
	od;
error:
	ConditionVariableCancelSleep()
}

proctype Adder(byte me)
{
	LOCALS;

	tokens++;
	ConditionVariableSignal(0)
}

/* All that can run has run: who sleeps has no token before it. */
active proctype Judge()
{
end:
	timeout -> assert(tokens == 0 || empty(cv_list[0]))
}

init
{
	byte p;

	atomic {
		p = 0;
		do
		:: p < SLEEPERS -> run Sleeper(p); p++
		:: else -> break
		od;
		run Adder(SLEEPERS);
		run Adder(SLEEPERS + 1)
	}
}

#endif
