/*
 * condition_variable.c
 *		Condition variables.
 *
 * A sleeper is in the variable's list (by its one cvWaitLink, so a process
 * sleeps on one variable at a time) and waits for its latch.  A waker takes it
 * off the list and sets the latch.  "Not in the list" is how a sleeper knows
 * that it was meant, as its latch is set for many reasons.
 *
 * Invariants
 * 1.	A sleeper is in the list before it tests the predicate, and goes back
 *		into it before it tests it again: a change between test and sleep cannot
 *		be missed.
 * 2.	Interrupts are served before a woken sleeper goes back into the list: an
 *		ERROR finds it outside, which tells ConditionVariableCancelSleep that
 *		there was a signal.  It passes that on; else a waker's one signal would
 *		end with a process that does not act upon it.
 * 3.	Spinlocks protect the lists and are held for a few instructions; latches
 *		are set outside.
 *
 * A SIGKILL of a sleeper leaves it in a list; the reset of shared memory (or
 * the end of the DSM segment that holds the variable) removes the list.
 *
 * Corresponds to PostgreSQL's condition_variable.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "portability/instr_time.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "storage/proclist.h"
#include "storage/spin.h"
#include "utils/injection_point.h"

StaticAssertDecl(sizeof(ConditionVariable) <= CV_MINIMAL_SIZE,
                 "CV_MINIMAL_SIZE too small");

/* The variable that this process is prepared to sleep on. */
static ConditionVariable *cv_sleep_target = NULL;

void
ConditionVariableInit(ConditionVariable *cv)
{
	SpinLockInit(&cv->mutex);
	proclist_init(&cv->wakeup);
}

/*
 * Enter the list before the first test of the predicate.  Without this call the
 * first sleep returns at once, so that the predicate is tested again.
 */
void
ConditionVariablePrepareToSleep(ConditionVariable *cv)
{
	/*
	 * Still prepared for another one: its loop lost its place, as it calls
	 * code that sleeps too.  Its next sleep will re-enter the list.
	 */
	if (cv_sleep_target != NULL)
		ConditionVariableCancelSleep();

	INJECTION_POINT("cv-prepare");
	cv_sleep_target = cv;

	SpinLockAcquire(&cv->mutex);
	proclist_push_tail(&cv->wakeup, MyProcNumber, cvWaitLink);
	SpinLockRelease(&cv->mutex);
	INJECTION_POINT("cv-prepared");
}

void
ConditionVariableSleep(ConditionVariable *cv, uint32 wait_event_info)
{
	(void) ConditionVariableTimedSleep(cv, -1, wait_event_info);
}

/*
 * Sleep until signalled; timeout_ms -1 is for ever.  True after a timeout.
 */
bool
ConditionVariableTimedSleep(ConditionVariable *cv, long timeout_ms,
                            uint32 wait_event_info)
{
	long cur_timeout = -1;
	instr_time start_time;
	instr_time cur_time;
	int wait_events;

	if (cv_sleep_target != cv)
	{
		ConditionVariablePrepareToSleep(cv);
		return false;
	}

	if (timeout_ms >= 0)
	{
		INSTR_TIME_SET_CURRENT(start_time);
		cur_timeout = timeout_ms;
		wait_events = WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH;
	}
	else
	{
		INSTR_TIME_SET_ZERO(start_time);
		wait_events = WL_LATCH_SET | WL_EXIT_ON_PM_DEATH;
	}

	for (;;)
	{
		bool done;

		INJECTION_POINT("cv-sleep");
		(void) WaitLatch(MyLatch, wait_events, cur_timeout, wait_event_info);
		ResetLatch(MyLatch);

		/* Signalled if somebody took us off the list. */
		SpinLockAcquire(&cv->mutex);
		done = !proclist_contains(&cv->wakeup, MyProcNumber, cvWaitLink);
		SpinLockRelease(&cv->mutex);
		INJECTION_POINT("cv-woken");

		/* Invariant 2. */
		CHECK_FOR_INTERRUPTS();

		/* A handler may have slept on another variable: then test again. */
		if (cv_sleep_target != cv)
			return false;

		/*
		 * Invariant 1: go back in before the caller tests, at the tail, which
		 * is fair to the others.
		 */
		if (done)
		{
			SpinLockAcquire(&cv->mutex);
			Assert(!proclist_contains(&cv->wakeup, MyProcNumber, cvWaitLink));
			proclist_push_tail(&cv->wakeup, MyProcNumber, cvWaitLink);
			SpinLockRelease(&cv->mutex);
			return false;
		}

		if (timeout_ms >= 0)
		{
			INSTR_TIME_SET_CURRENT(cur_time);
			INSTR_TIME_SUBTRACT(cur_time, start_time);
			cur_timeout = timeout_ms - (long) INSTR_TIME_GET_MILLISEC(cur_time);
			if (cur_timeout <= 0)
				return true;
		}
	}
}

/*
 * Leave the list; does nothing if not prepared.  Also called by abort
 * processing.  True if a signal was received since the last sleep; as it may not
 * be acted upon, the next sleeper gets it too.
 */
bool
ConditionVariableCancelSleep(void)
{
	ConditionVariable *cv = cv_sleep_target;
	bool signaled = false;

	if (cv == NULL)
		return false;

	INJECTION_POINT_NOTHROW("cv-cancel");
	SpinLockAcquire(&cv->mutex);
	if (proclist_contains(&cv->wakeup, MyProcNumber, cvWaitLink))
		proclist_delete(&cv->wakeup, MyProcNumber, cvWaitLink);
	else
		signaled = true;
	SpinLockRelease(&cv->mutex);

	cv_sleep_target = NULL;
	if (signaled)
		ConditionVariableSignal(cv);
	return signaled;
}

/*
 * Wake the one that has slept longest, if there is one.
 */
void
ConditionVariableSignal(ConditionVariable *cv)
{
	PGPROC *proc = NULL;

	INJECTION_POINT_NOTHROW("cv-signal");
	SpinLockAcquire(&cv->mutex);
	if (!proclist_is_empty(&cv->wakeup))
		proc = proclist_pop_head_node(&cv->wakeup, cvWaitLink);
	SpinLockRelease(&cv->mutex);

	INJECTION_POINT_NOTHROW("cv-signal-latch");
	if (proc != NULL)
		SetLatch(&proc->procLatch);
}

/*
 * Wake all that sleep now.
 *
 * The ones woken go back into the list at its tail, so "until it is empty" may
 * never come.  We put ourselves at the tail as a marker and wake until it is
 * gone (somebody else's Signal may take it, which is as good).  The spinlock is
 * held for one removal at a time.
 */
void
ConditionVariableBroadcast(ConditionVariable *cv)
{
	PGPROC *proc = NULL;
	bool have_sentinel = false;

	/* Our link is needed: a sleep of our own is given up. */
	if (cv_sleep_target != NULL)
		ConditionVariableCancelSleep();

	INJECTION_POINT_NOTHROW("cv-broadcast");
	SpinLockAcquire(&cv->mutex);
	if (!proclist_is_empty(&cv->wakeup))
	{
		proc = proclist_pop_head_node(&cv->wakeup, cvWaitLink);
		if (!proclist_is_empty(&cv->wakeup))
		{
			proclist_push_tail(&cv->wakeup, MyProcNumber, cvWaitLink);
			have_sentinel = true;
		}
	}
	SpinLockRelease(&cv->mutex);

	if (proc != NULL)
		SetLatch(&proc->procLatch);

	while (have_sentinel)
	{
		proc = NULL;
		INJECTION_POINT_NOTHROW("cv-broadcast-next");
		SpinLockAcquire(&cv->mutex);
		if (!proclist_is_empty(&cv->wakeup))
			proc = proclist_pop_head_node(&cv->wakeup, cvWaitLink);
		have_sentinel =
			proclist_contains(&cv->wakeup, MyProcNumber, cvWaitLink);
		SpinLockRelease(&cv->mutex);

		if (proc != NULL && proc != MyProc)
			SetLatch(&proc->procLatch);
	}
}
