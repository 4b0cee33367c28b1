/*
 * condition_variable.h
 *		Condition variables: wait until a predicate becomes true that other
 *		processes change.
 *
 *		ConditionVariablePrepareToSleep(cv);		-- optional
 *		while (!predicate)
 *			ConditionVariableSleep(cv, WAIT_EVENT_X);
 *		ConditionVariableCancelSleep();
 *
 * The sleep is interruptible (CHECK_FOR_INTERRUPTS) and ends with the
 * postmaster's death.  Wake-ups may be spurious.  The predicate is changed
 * before Signal or Broadcast.  A variable may lie in a DSM segment; cancel the
 * sleep before that is detached.
 */
#ifndef CONDITION_VARIABLE_H
#define CONDITION_VARIABLE_H

#include "storage/proclist_types.h"
#include "storage/spin.h"

typedef struct ConditionVariable
{
	slock_t mutex;        /* [A] protects the list */
	proclist_head wakeup; /* [L:mutex] sleepers, in order of arrival */
} ConditionVariable;

/* Padded, for arrays of them. */
#define CV_MINIMAL_SIZE 16
typedef union ConditionVariableMinimallyPadded
{
	ConditionVariable cv;
	char pad[CV_MINIMAL_SIZE];
} ConditionVariableMinimallyPadded;

extern void ConditionVariableInit(ConditionVariable *cv);
extern void ConditionVariablePrepareToSleep(ConditionVariable *cv);
extern void
ConditionVariableSleep(ConditionVariable *cv, uint32 wait_event_info);

/* As Sleep; true if timeout_ms passed first. */
extern bool ConditionVariableTimedSleep(ConditionVariable *cv, long timeout_ms,
                                        uint32 wait_event_info);

/* True if a signal had been received since the last sleep: it is passed on. */
extern bool ConditionVariableCancelSleep(void);
extern void ConditionVariableSignal(ConditionVariable *cv);
extern void ConditionVariableBroadcast(ConditionVariable *cv);

#endif /* CONDITION_VARIABLE_H */
