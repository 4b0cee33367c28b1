/*
 * flush.pml
 *	  The phase word of a build (parallel/build_phase.c) and the loop around it
 *	  (InsertRow, PrepareFlush in access/hnsw/hnswbuild.c).
 *
 * PARTICIPANTS processes insert ROWS rows each into an arena that has room for
 * ROOM; several find it full at once.  One of them flushes, alone; or it makes
 * room, once, and all go on in memory.  With FAULTS one of them fails while it
 * is inside, which leaves the count raised: then all are interrupted, and every
 * wait ends.
 *
 * Shown: who writes pages is alone with the graph, one process does, nobody
 * links anything after it, no row is lost; nobody sleeps for ever (an invalid
 * end state).
 *
 * Rules, each broken by -DNO_...:
 *		ONE_WORD		the phase is that of the value which the addition returned
 *		LEAVE_FIRST		who found it full leaves before it begins a flush
 *		SWAP			memory -> flushing by compare-and-swap: one wins
 *		DRAIN			the winner waits until nobody is inside
 *		LEAVE_WAKES		the last one that leaves wakes the flusher
 *		LEAVE_WAKES_ALL	and all others who sleep on the same variable
 *		LEAVE_AGAIN		who enters in another phase subtracts its 1 again
 *		END_WAKES		the end of the flush wakes who waits for it
 *		RESUME_WAKES	so does the return to memory
 *		LOOK_AGAIN		who waited for the end enters again: the phase may be
 *						memory
 *		STILL_FULL		the winner looks whether it is full still
 */
#ifndef PARTICIPANTS
#define PARTICIPANTS 3
#endif
#ifndef ROWS
#define ROWS 2
#endif
#ifndef ROOM
#define ROOM 2
#endif
#define NPROC PARTICIPANTS
#define NCV 1

bool stopped;					/* the build has failed: all are interrupted */

#define CHECK_FOR_INTERRUPTS \
	if \
	:: stopped -> goto error \
	:: else \
	fi

#include "cv.pml"

#define MEMORY 0
#define FLUSHING 1
#define PAGES 2

/* The word. */
byte phase;
byte count;

/* The graph. */
byte room = ROOM;
byte grows = 1;
byte in_memory;
byte on_pages;
bool flushed;

/* Ghosts. */
byte linking;
byte flushers;
byte ended;
#ifdef FAULTS
byte faults = 1;
#else
byte faults = 0;
#endif

/* BuildPhaseLeave */
inline Leave()
{
	d_step { count--; last = (count == 0 && phase == FLUSHING) };
#ifndef NO_LEAVE_WAKES
	if
	:: last -> last = false;
#ifndef NO_LEAVE_WAKES_ALL
		ConditionVariableBroadcast(0)
#else
		ConditionVariableSignal(0)
#endif
	:: else
	fi
#else
	last = false
#endif
}

/* BuildPhaseEnter: inside says what it returns. */
inline Enter()
{
	do
	::
#ifndef NO_ONE_WORD
		d_step { seen = phase; count++ };
#else
		seen = phase;
		count++;
#endif
		if
		:: seen == MEMORY -> inside = true; break
		:: else
		fi;
#ifndef NO_LEAVE_AGAIN
		Leave();
#endif
		if
		:: seen == PAGES -> inside = false; break
		:: else
		fi;
		ConditionVariablePrepareToSleep(0);
		do
		:: phase == FLUSHING -> ConditionVariableSleep(0)
		:: else -> break
		od;
		ConditionVariableCancelSleep()
#ifdef NO_LOOK_AGAIN
		;
		inside = false;
		break
#endif
	od;
	seen = 0
}

/* BuildPhaseBeginFlush: won says what it returns. */
inline BeginFlush()
{
#ifndef NO_SWAP
	d_step {
		won = (phase == MEMORY);
		if
		:: won -> phase = FLUSHING
		:: else
		fi
	};
#else
	won = (phase == MEMORY);
	if
	:: won -> phase = FLUSHING
	:: else
	fi;
#endif
#ifndef NO_DRAIN
	if
	:: won ->
		ConditionVariablePrepareToSleep(0);
		do
		:: phase != FLUSHING || count != 0 -> ConditionVariableSleep(0)
		:: else -> break
		od;
		ConditionVariableCancelSleep()
	:: else
	fi
#endif
}

inline WritePages()
{
	flushers++;
	assert(flushers == 1 && linking == 0 && !flushed);
	flushed = true;
	flushers--
}

inline EndFlush()
{
	phase = PAGES;
#ifndef NO_END_WAKES
	ConditionVariableBroadcast(0)
#endif
}

/* HnswGraphInsert: room is taken before anything is linked. */
inline InsertIntoGraph()
{
	d_step {
		no_room = (room == 0);
		if
		:: !no_room -> room--; linking++
		:: else
		fi
	};
	if
	:: atomic { faults > 0 -> faults-- };
		/* an error inside: the leader stops all */
		stopped = true;
		d_step {
			if
			:: !no_room -> linking--
			:: else
			fi
		};
		/* SetLatch of all */
		d_step {
			latch[0] = true;
			latch[1] = true;
#if PARTICIPANTS > 2
			latch[2] = true
#endif
		};
		goto error
	:: skip
	fi;
	if
	:: !no_room ->
		assert(!flushed);
		d_step { in_memory++; linking--; stored = true }
	:: else
	fi
}

proctype Participant(byte me)
{
	byte target = NO_CV;
	byte woken, seen, row;
	bool done, marker, no_room, inside, won, last, stored;

	do
	:: row < ROWS ->
		/* InsertRow */
		do
		::	Enter();
			if
			:: !inside -> break
			:: else
			fi;
			inside = false;
			InsertIntoGraph();
#ifndef NO_LEAVE_FIRST
			Leave();
#endif
			if
			:: !no_room -> break
			:: else
			fi;
			BeginFlush();
#ifdef NO_LEAVE_FIRST
			Leave();
#endif
			if
			:: !won
			:: else ->
				won = false;
				/* MakeRoom */
#ifndef NO_STILL_FULL
				if
				:: room > 0 -> skip
				:: room == 0 && grows > 0 -> grows--; room++
				:: room == 0 && grows == 0 -> won = true
				fi;
#else
				if
				:: grows > 0 -> grows--; room++
				:: grows == 0 -> won = true
				fi;
				assert(!won || room == 0);
#endif
				if
				:: won -> won = false; WritePages(); EndFlush()
				:: else ->
					phase = MEMORY;		/* BuildPhaseResume */
#ifndef NO_RESUME_WAKES
					ConditionVariableBroadcast(0)
#endif
				fi
			fi
		od;
		if
		:: stored -> stored = false
		:: else -> assert(flushed); on_pages++
		fi;
		row++
	:: else -> break
	od;
	atomic {
		ended++;
		if
		:: ended == PARTICIPANTS ->
			assert(in_memory + on_pages == PARTICIPANTS * ROWS);
			assert(count == 0 && linking == 0)
		:: else
		fi
	};
	goto gone;
error:
	ConditionVariableCancelSleep();
gone:
	skip
}

init
{
	byte p;

	atomic {
		p = 0;
		do
		:: p < PARTICIPANTS -> run Participant(p); p++
		:: else -> break
		od;
		p = 0
	}
}
