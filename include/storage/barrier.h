/*
 * storage/barrier.h
 *		Points where processes that work in phases wait for one another.
 *
 * A party is static (BarrierInit with its number: all take part from first to
 * last) or dynamic (0: each attaches when it comes and detaches when it goes;
 * who attaches is told the phase that the others are in and joins there).
 * Whoever is attached and does not arrive holds up all others: detach before
 * doing anything else that waits for them.
 *
 * Corresponds to PostgreSQL's storage/barrier.h.
 */
#ifndef BARRIER_H
#define BARRIER_H

#include "storage/condition_variable.h"
#include "storage/spin.h"

typedef struct Barrier
{
	slock_t mutex;    /* [A] protects what follows */
	int phase;        /* [L:mutex] counts up; only compared for equality */
	int participants; /* [L:mutex] attached */
	int arrived;      /* [L:mutex] of them, waiting for the next phase */
	int elected;      /* [L:mutex] the last phase that somebody was chosen in */
	bool static_party;                    /* [C] nobody attaches or detaches */
	ConditionVariable condition_variable; /* [A] those that wait */
} Barrier;

extern void BarrierInit(Barrier *barrier, int participants);
/*
 * Wait until all have arrived.  True in exactly one of them, for what is to be
 * done once.  Interruptible; an ERROR leaves the process attached and counted
 * as arrived, so the party is over then: it must be told otherwise.
 */
extern bool BarrierArriveAndWait(Barrier *barrier, uint32 wait_event_info);
/* Leave, and let the others go on; true in the last one to leave. */
extern bool BarrierArriveAndDetach(Barrier *barrier);
/* The phase to join in. */
extern int BarrierAttach(Barrier *barrier);
/* Leave without waiting; true in the last one to leave. */
extern bool BarrierDetach(Barrier *barrier);
/* Of a barrier that the caller is attached to. */
extern int BarrierPhase(Barrier *barrier);
extern int BarrierParticipants(Barrier *barrier);

#endif /* BARRIER_H */
