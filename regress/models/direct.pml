/*
 * direct.pml
 *	  What a client that searches by itself needs of the memory
 *	  (storage/direct.h): that a result is never given out which was read, in
 *	  part, after what vouched for it was gone.
 *
 * One of two parts is compiled in:
 *
 *		SLOT	a backend clears its client's slot and gives up what it holds: a
 *				word (as its xmin is) that another process looks at before it
 *				changes what the client reads.  Twice: the second search begins
 *				when the change is done, under another number.
 *		WORD	a process raises a word (the generation, an index's version) and
 *				changes what the client reads; it does so twice.
 *
 * The barriers, each left out by -DNO_...:
 *		CLEAR_SLOT	SLOT: DirectClearSlot, behind the slot's clearing
 *		RAISE		WORD: SetGeneration, DirectRaiseVersion, behind the word
 *		VALID_READ	both: DirectSearchIsValid, before the words are read
 * And a rule: EARLY gives up first and clears then.
 */
#define NPROC 3

#if defined(SLOT)

#define NLOC 3
#include "memory.pml"

#define SEARCH 0				/* the slot: number of the search, 0: none */
#define HELD 1					/* what the backend holds: 0 is nothing */
#define DATA 2					/* what is read: raised by each change */

#define BACKEND 0
#define CHANGER 1
#define CLIENT 2

#ifdef NO_CLEAR_SLOT
#define CLEAR_SLOT skip
#else
#define CLEAR_SLOT FULL_BARRIER(BACKEND)
#endif

byte begun;						/* searches that the client was told of */
byte changes;					/* that were asked for and are through */

proctype Backend()
{
	byte _q, n;

	n = 1;
	do
	:: n <= 2 ->
		/* BEGIN: held before the number is there; the answer is a message */
		STORE(BACKEND, HELD, 1);
		FULL_BARRIER(BACKEND);
		STORE(BACKEND, SEARCH, n);
		FULL_BARRIER(BACKEND);
		begun = n;
		/* somebody waits, or time is up */
#ifdef EARLY
		STORE(BACKEND, HELD, 0);
		FULL_BARRIER(BACKEND);
		STORE(BACKEND, SEARCH, 0);
#else
		STORE(BACKEND, SEARCH, 0);
		CLEAR_SLOT;
		STORE(BACKEND, HELD, 0);
#endif
		FULL_BARRIER(BACKEND);
		changes >= n;
		n++
	:: else -> break
	od
}

proctype Changer()
{
	byte _q, held;

	do
	:: changes < 2 ->
		begun > changes;
		/* each look takes a lock */
		held = 1;
		do
		:: held == 0 -> break
		:: else -> FULL_BARRIER(CHANGER); LOAD(CHANGER, HELD, held)
		od;
		FULL_BARRIER(CHANGER);
		STORE(CHANGER, DATA, changes + 1);
		FULL_BARRIER(CHANGER);
		changes++
	:: else -> break
	od
}

proctype Client()
{
	byte _q, search, found, slot;

	if
	:: begun >= 1 -> search = begun
	fi;
	FULL_BARRIER(CLIENT);		/* the message */
	LOAD(CLIENT, DATA, found);
#ifndef NO_VALID_READ
	READ_BARRIER(CLIENT);
#endif
	LOAD(CLIENT, SEARCH, slot);
	/* search n stands on the data after n - 1 changes */
	assert(slot != search || found == search - 1)
}

init
{
	atomic {
		run Backend();
		run Changer();
		run Client()
	}
}

#elif defined(WORD)

#define NLOC 2
#include "memory.pml"

#define VERSION 0
#define DATA 1

#define RAISER 0
#define CLIENT 2

#ifdef NO_RAISE
#define RAISE skip
#else
#define RAISE FULL_BARRIER(RAISER)
#endif

proctype Raiser()
{
	byte _q, n;

	n = 1;
	do
	:: n <= 2 ->
		STORE(RAISER, VERSION, n);
		RAISE;
		STORE(RAISER, DATA, n);
		n++
	:: else -> break
	od
}

/* One whose version is n may have read changes up to the n-th. */
proctype Client()
{
	byte _q, version, found, now;

	LOAD(CLIENT, VERSION, version);
	FULL_BARRIER(CLIENT);		/* the message, or BEGIN itself */
	LOAD(CLIENT, DATA, found);
#ifndef NO_VALID_READ
	READ_BARRIER(CLIENT);
#endif
	LOAD(CLIENT, VERSION, now);
	assert(now != version || found <= version)
}

init
{
	atomic {
		run Raiser();
		run Client()
	}
}

#endif
