/*
 * build_phase.h
 *		BuildPhase: "inserts run in memory" -> "one process writes the result to
 *		pages" -> "inserts run on pages", for any number of processes.
 *
 * Phase and number of inserts in flight are one 64-bit atomic word, so entering
 * is one fetch-add, and nobody can enter between "the last one left" and "the
 * flush begins".
 *
 *		if (BuildPhaseEnter(phase))
 *			... insert in memory; found it full: nothing is linked yet:
 *			BuildPhaseLeave(phase);
 *			if (full && BuildPhaseBeginFlush(phase))	-- the one that flushes
 *			{
 *				... write pages ...
 *				BuildPhaseEndFlush(phase);
 *			}
 *		else
 *			... insert on pages ...
 *
 * A loser of BuildPhaseBeginFlush calls BuildPhaseEnter again, which waits for
 * the end of the flush and returns false.  An ERROR while inside leaves the
 * count raised: the flusher's wait ends by interrupt, as the error stops the
 * whole build.
 *
 * The winner may make room instead: then it calls BuildPhaseResume, and all go
 * on in memory.  One that had found it full before may win after that: so the
 * winner looks whether it still is.
 */
#ifndef BUILD_PHASE_H
#define BUILD_PHASE_H

#include "port/atomics.h"
#include "storage/condition_variable.h"

typedef enum BuildPhaseKind
{
	BUILD_PHASE_MEMORY = 0,
	BUILD_PHASE_FLUSHING = 1,
	BUILD_PHASE_PAGES = 2
} BuildPhaseKind;

/* Inserts in flight are counted in the low half, the phase is above it. */
#define BUILD_PHASE_SHIFT 32
#define BUILD_PHASE_COUNT_MASK ((UINT64CONST(1) << BUILD_PHASE_SHIFT) - 1)

#define BUILD_PHASE_MAGIC 0x42504831

typedef struct BuildPhase
{
	uint32 magic;         /* [C] BUILD_PHASE_MAGIC */
	ConditionVariable cv; /* [A] drained, or flushed */

	/* A line of its own: every insert writes it. */
	char pad[PG_CACHE_LINE_SIZE];
	pg_atomic_uint64 word; /* [A] phase << 32 | inserts in flight */
	char pad2[PG_CACHE_LINE_SIZE - sizeof(pg_atomic_uint64)];
} BuildPhase;

extern void BuildPhaseInit(BuildPhase *phase);

/* True: inside, in phase memory.  False: phase pages, not inside.  May wait. */
extern bool BuildPhaseEnter(BuildPhase *phase);
extern void BuildPhaseLeave(BuildPhase *phase);

/*
 * Not inside.  True: the caller is the only one that flushes, and nobody is
 * inside.  False: somebody else does or did.  May wait.
 */
extern bool BuildPhaseBeginFlush(BuildPhase *phase);
extern void BuildPhaseEndFlush(BuildPhase *phase);
/* Instead of it: nothing was flushed, back to phase memory. */
extern void BuildPhaseResume(BuildPhase *phase);
extern BuildPhaseKind BuildPhaseGet(BuildPhase *phase);

#endif /* BUILD_PHASE_H */
