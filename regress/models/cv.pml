/*
 * cv.pml
 *	  Condition variables for the models that use them: the functions of
 *	  storage/lmgr/condition_variable.c, each spinlocked section one step; with
 *	  COARSE each function one step, for models that are large without this.
 *
 * The user defines NCV and NPROC and, in each process type, the variables me,
 * target (NO_CV at first), done, woken, marker.  CHECK_FOR_INTERRUPTS stands
 * where the C code has it; what it does is the user's.
 *
 * Latches are those that latch.pml proves: WaitLatch goes on once the latch is
 * set, whatever set it.
 *
 * Rules, each broken by -DNO_...:
 *		PREPARE			a sleep that was not prepared returns at once, for the
 *						predicate to be tested again
 *		REENTER			a woken sleeper is in the list before it tests again
 *		MARKER			a broadcast ends with those that slept when it began
 *		BROADCAST_ALL	a broadcast wakes more than the first
 *		LATCH_AFTER		the latch is set after the sleeper was taken off
 *		PASS_ON			who leaves with a signal passes it on
 *		INTERRUPT_FIRST	interrupts are served before the list is entered again
 */
#define NO_CV 255

chan cv_list[NCV] = [NPROC] of { byte };
bool latch[NPROC];

#define IN_LIST(c, p) (cv_list[c] ?? [eval(p)])

#ifndef CHECK_FOR_INTERRUPTS
#define CHECK_FOR_INTERRUPTS skip
#endif

inline ConditionVariableSignal(c)
{
#ifdef COARSE
	atomic {
		if
		:: nempty(cv_list[c]) -> cv_list[c] ? woken; latch[woken] = true
		:: empty(cv_list[c])
		fi;
		woken = 0
	}
#else
	woken = NO_CV;
#ifdef NO_LATCH_AFTER
	if
	:: cv_list[c] ? <woken> -> latch[woken] = true
	:: empty(cv_list[c])
	fi;
#endif
	atomic {
		if
		:: nempty(cv_list[c]) -> cv_list[c] ? woken
		:: empty(cv_list[c]) -> woken = NO_CV
		fi
	};
#ifndef NO_LATCH_AFTER
	if
	:: woken != NO_CV -> latch[woken] = true
	:: else
	fi;
#endif
	woken = 0
#endif
}

inline ConditionVariableCancelSleep()
{
#ifdef COARSE
	atomic {
		if
		:: target != NO_CV && IN_LIST(target, me) ->
			cv_list[target] ?? eval(me)
		:: target != NO_CV && !IN_LIST(target, me) ->
			ConditionVariableSignal(target)
		:: target == NO_CV
		fi;
		target = NO_CV
	}
#else
	if
	:: target != NO_CV ->
		atomic {
			if
			:: IN_LIST(target, me) -> cv_list[target] ?? eval(me); target = NO_CV
			:: else
			fi
		};
		if
		:: target != NO_CV ->
#ifndef NO_PASS_ON
			ConditionVariableSignal(target);
#endif
			target = NO_CV
		:: else
		fi
	:: else
	fi
#endif
}

inline ConditionVariablePrepareToSleep(c)
{
	ConditionVariableCancelSleep();
	atomic { cv_list[c] ! me; target = c }
}

inline ConditionVariableSleep(c)
{
	if
	:: target != c -> ConditionVariablePrepareToSleep(c)
#ifndef NO_PREPARE
	:: else ->
#else
	:: true ->
		if
		:: target != c -> ConditionVariablePrepareToSleep(c)
		:: else
		fi;
#endif
		do
		::
#ifndef COARSE
			latch[me];			/* WaitLatch */
			latch[me] = false;	/* ResetLatch */
			atomic {
#else
			atomic {
				latch[me];
				latch[me] = false;
#endif
				if
				:: !IN_LIST(c, me) -> done = true
				:: else -> done = false
				fi
#ifdef NO_INTERRUPT_FIRST
				;
				if
				:: done -> cv_list[c] ! me
				:: else
				fi
#endif
			};
			CHECK_FOR_INTERRUPTS;
#if !defined(NO_REENTER) && !defined(NO_INTERRUPT_FIRST)
			if
			:: done -> cv_list[c] ! me
			:: else
			fi;
#endif
			if
			:: done -> done = false; break
			:: else
			fi
		od
	fi
}

inline ConditionVariableBroadcast(c)
{
	ConditionVariableCancelSleep();
#ifdef COARSE
	atomic {
		do
		:: nempty(cv_list[c]) -> cv_list[c] ? woken; latch[woken] = true
		:: empty(cv_list[c]) -> break
		od;
		woken = 0
	}
#else
	woken = NO_CV;
	atomic {
		if
		:: nempty(cv_list[c]) ->
			cv_list[c] ? woken;
			if
			:: nempty(cv_list[c]) -> cv_list[c] ! me; marker = true
			:: empty(cv_list[c])
			fi
		:: empty(cv_list[c])
		fi
	};
	if
	:: woken != NO_CV -> latch[woken] = true
	:: else
	fi;
#ifndef NO_BROADCAST_ALL
	do
	:: marker ->
		woken = NO_CV;
		atomic {
			if
			:: nempty(cv_list[c]) -> cv_list[c] ? woken
			:: empty(cv_list[c])
			fi;
#ifndef NO_MARKER
			if
			:: IN_LIST(c, me) -> marker = true
			:: else -> marker = false
			fi
#else
			/* until the list is empty */
			marker = nempty(cv_list[c])
#endif
		};
		if
		:: woken != NO_CV && woken != me -> latch[woken] = true
		:: else
		fi
	:: else -> break
	od;
#else
	if
	:: marker -> cv_list[c] ?? eval(me)
	:: else
	fi;
#endif
	marker = false;
	woken = 0
#endif
}
