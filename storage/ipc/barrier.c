/*
 * barrier.c
 *		Points where processes that work in phases wait for one another.
 *
 * Who arrives last moves the barrier to the next phase and wakes the rest.  A
 * process that leaves may be the one that the rest waited for: then it does the
 * same, and one of those that wake is chosen in its place.
 *
 * Rules
 * 1.	The phase changes only when all that are attached have arrived, so one
 *		that waits cannot miss a phase: the next needs its arrival.
 * 2.	In each phase BarrierArriveAndWait is true in one process at most, and
 *		in one exactly if any waited or arrived last.
 * 3.	Leaving is never a wait; it may be done in exit callbacks and at abort.
 *
 * A SIGKILL of a participant is crash-restart of the server; the barrier goes
 * with the segment that it lies in.  One that raises ERROR while it waits is
 * counted as arrived for ever: parties whose members may fail are those of a
 * ParallelContext, where one failure ends all.
 *
 * Corresponds to PostgreSQL's storage/ipc/barrier.c.
 */
#include "postgres.h"

#include "storage/barrier.h"
#include "utils/injection_point.h"

StaticAssertDecl(sizeof(Barrier) == 36, "Barrier has changed");

void
BarrierInit(Barrier *barrier, int participants)
{
	Assert(participants >= 0);
	SpinLockInit(&barrier->mutex);
	barrier->phase = 0;
	barrier->participants = participants;
	barrier->arrived = 0;
	barrier->elected = 0;
	barrier->static_party = participants > 0;
	ConditionVariableInit(&barrier->condition_variable);
}

/* All have arrived, or those that had not have left.  Under the mutex. */
static inline void
next_phase(Barrier *barrier)
{
	barrier->arrived = 0;
	barrier->phase++;
}

bool
BarrierArriveAndWait(Barrier *barrier, uint32 wait_event_info)
{
	bool last;
	bool elected = false;
	bool moved;
	int start_phase;

	INJECTION_POINT("barrier-arrive");
	SpinLockAcquire(&barrier->mutex);
	Assert(barrier->arrived < barrier->participants);
	start_phase = barrier->phase;
	last = ++barrier->arrived == barrier->participants;
	if (last)
	{
		next_phase(barrier);
		barrier->elected = barrier->phase;
	}
	SpinLockRelease(&barrier->mutex);
	if (last)
	{
		INJECTION_POINT("barrier-release");
		ConditionVariableBroadcast(&barrier->condition_variable);
		return true;
	}

	ConditionVariablePrepareToSleep(&barrier->condition_variable);
	for (;;)
	{
		SpinLockAcquire(&barrier->mutex);
		Assert(barrier->phase == start_phase ||
		       barrier->phase == start_phase + 1);
		moved = barrier->phase != start_phase;
		/* moved by one that left: the first to see it is chosen */
		if (moved && barrier->elected != barrier->phase)
		{
			barrier->elected = barrier->phase;
			elected = true;
		}
		SpinLockRelease(&barrier->mutex);
		if (moved)
			break;
		INJECTION_POINT("barrier-wait");
		ConditionVariableSleep(&barrier->condition_variable, wait_event_info);
	}
	ConditionVariableCancelSleep();
	return elected;
}

/* arrive: the phase is over for this one, even if nobody else is left. */
static bool
leave(Barrier *barrier, bool arrive)
{
	bool release;
	bool last;

	Assert(!barrier->static_party || arrive);
	SpinLockAcquire(&barrier->mutex);
	Assert(barrier->participants > 0);
	barrier->participants--;
	last = barrier->participants == 0;
	release = (arrive || !last) && barrier->arrived == barrier->participants;
	if (release)
		next_phase(barrier);
	SpinLockRelease(&barrier->mutex);
	if (release)
		ConditionVariableBroadcast(&barrier->condition_variable);
	return last;
}

bool
BarrierArriveAndDetach(Barrier *barrier)
{
	return leave(barrier, true);
}

bool
BarrierDetach(Barrier *barrier)
{
	return leave(barrier, false);
}

int
BarrierAttach(Barrier *barrier)
{
	int phase;

	INJECTION_POINT("barrier-attach");
	Assert(!barrier->static_party);
	SpinLockAcquire(&barrier->mutex);
	barrier->participants++;
	phase = barrier->phase;
	SpinLockRelease(&barrier->mutex);
	return phase;
}

/* It cannot change while the caller is attached and has not arrived. */
int
BarrierPhase(Barrier *barrier)
{
	return *(volatile int *) &barrier->phase;
}

int
BarrierParticipants(Barrier *barrier)
{
	int participants;

	SpinLockAcquire(&barrier->mutex);
	participants = barrier->participants;
	SpinLockRelease(&barrier->mutex);
	return participants;
}
