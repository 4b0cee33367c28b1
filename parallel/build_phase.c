/*
 * build_phase.c
 *		The word that moves a parallel build from memory to pages.
 *
 * The idea: an insert must know the phase, and the flush must know that no
 * insert is under way, and neither may be decided on what was true a moment
 * ago.  A lock held in share mode by every insert would do, at the price of two
 * contended atomic operations and a queue that the flusher has to wait in
 * behind share lockers.  One 64-bit word that holds both costs one fetch-add to
 * enter and one to leave, and the value returned by the first is the answer.
 *
 * Invariants
 * 1.	The phase goes up: memory, flushing, pages; or from flushing back to
 *		memory, if the flusher made room.
 * 2.	The flusher begins when it has seen phase flushing and count 0 in one
 *		value.  Nobody links anything from then on: who enters sees the phase in
 *		the value that its own addition returned, and goes out again.
 * 3.	The count may rise for a moment in any phase, by those who look.  They
 *		touch nothing but the word.
 * 4.	Who brings the count to 0 in phase flushing wakes the flusher.
 *
 * An ERROR or exit of a process inside leaves the count raised.  The flusher
 * then waits until an interrupt ends it: the error reaches the leader, which
 * stops all participants.  Its own error (if it is the flusher) leaves the
 * phase at flushing, and the others wait until the same happens to them.
 */
#include "postgres.h"

#include "parallel/build_phase.h"
#include "utils/injection_point.h"
#include "utils/trace.h"
#include "utils/wait_event.h"

#define PHASE_OF(word) ((BuildPhaseKind) ((word) >> BUILD_PHASE_SHIFT))
#define COUNT_OF(word) ((word) &BUILD_PHASE_COUNT_MASK)
#define ONE_PHASE (UINT64CONST(1) << BUILD_PHASE_SHIFT)

void
BuildPhaseInit(BuildPhase *phase)
{
	phase->magic = BUILD_PHASE_MAGIC;
	ConditionVariableInit(&phase->cv);
	pg_atomic_init_u64(&phase->word, 0);
}

bool
BuildPhaseEnter(BuildPhase *phase)
{
	uint64 word;

	Assert(phase->magic == BUILD_PHASE_MAGIC);

	for (;;)
	{
		/* A full barrier; pairs with that of Leave, EndFlush and Resume. */
		word = pg_atomic_fetch_add_u64(&phase->word, 1);
		INJECTION_POINT("build-phase-entered");
		if (likely(PHASE_OF(word) == BUILD_PHASE_MEMORY))
			return true;

		BuildPhaseLeave(phase);
		if (PHASE_OF(word) == BUILD_PHASE_PAGES)
			return false;
		BUILD_STEP("build-wait-flush", 0);
		ConditionVariablePrepareToSleep(&phase->cv);
		while (BuildPhaseGet(phase) == BUILD_PHASE_FLUSHING)
			ConditionVariableSleep(&phase->cv, WAIT_EVENT_BUILD_FLUSH);
		ConditionVariableCancelSleep();
	}
}

void
BuildPhaseLeave(BuildPhase *phase)
{
	uint64 word;

	INJECTION_POINT("build-phase-leave");
	word = pg_atomic_sub_fetch_u64(&phase->word, 1);
	Assert(COUNT_OF(word) != BUILD_PHASE_COUNT_MASK);

	/*
	 * Invariant 4.  All are woken, as those who wait for the end of the flush
	 * sleep on the same variable and one of them might get the signal.
	 */
	if (unlikely(word == ONE_PHASE * BUILD_PHASE_FLUSHING))
	{
		INJECTION_POINT("build-phase-last-left");
		ConditionVariableBroadcast(&phase->cv);
	}
}

bool
BuildPhaseBeginFlush(BuildPhase *phase)
{
	uint64 word = pg_atomic_read_u64(&phase->word);

	Assert(phase->magic == BUILD_PHASE_MAGIC);
	BUILD_STEP("build-arena-full", 0);

	/* memory -> flushing, whatever the count is. */
	do
	{
		if (PHASE_OF(word) != BUILD_PHASE_MEMORY)
			return false;
	} while (
		!pg_atomic_compare_exchange_u64(&phase->word, &word, word + ONE_PHASE));

	BUILD_STEP("build-flush-won", (int64) COUNT_OF(word));

	/* Invariant 2. */
	ConditionVariablePrepareToSleep(&phase->cv);
	while (pg_atomic_read_u64(&phase->word) != ONE_PHASE * BUILD_PHASE_FLUSHING)
		ConditionVariableSleep(&phase->cv, WAIT_EVENT_BUILD_DRAIN);
	ConditionVariableCancelSleep();

	/* What the others linked is seen; pairs with their BuildPhaseLeave. */
	pg_memory_barrier();
	BUILD_STEP("build-flush-drained", 0);
	return true;
}

/* The flusher's last step: by is one phase up, or down. */
static void
LeaveFlushing(BuildPhase *phase, uint64 by)
{
	uint64 word = pg_atomic_fetch_add_u64(&phase->word, by);

	Assert(PHASE_OF(word) == BUILD_PHASE_FLUSHING);
	(void) word;
	INJECTION_POINT("build-phase-changed");
	ConditionVariableBroadcast(&phase->cv);
}

void
BuildPhaseEndFlush(BuildPhase *phase)
{
	BUILD_STEP("build-flush-written", 0);
	LeaveFlushing(phase, ONE_PHASE);
}

void
BuildPhaseResume(BuildPhase *phase)
{
	BUILD_STEP("build-flush-resume", 0);
	LeaveFlushing(phase, -ONE_PHASE);
}

BuildPhaseKind
BuildPhaseGet(BuildPhase *phase)
{
	return PHASE_OF(pg_atomic_read_u64(&phase->word));
}
