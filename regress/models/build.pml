/*
 * build.pml
 *	  The protocol of a parallel build: parallel/index_build.c on top of
 *	  parallel/parallel.c and parallel_worker.c, with what they need of shm_mq
 *	  and the postmaster.
 *
 * A leader asks for REQUESTED workers and gets some of them; it takes part or
 * does not.  A worker may end before it has attached to its error queue, fail
 * with an error at any check, or end without a word; a client may cancel the
 * leader (FAULTS of these in all).  What else a participant does is one step:
 * flush.pml has it.
 *
 * Shown: prepare runs when every launched participant has done its share, with
 * all sums; finish when all have completed; an error of a worker ends the build;
 * no worker is left when the leader goes on; no process waits for ever (an
 * invalid end state).  The wait for participants has no time-out here: it has one
 * in C for the progress report only.
 *
 * A SIGKILL is not here: the postmaster then ends all processes.
 *
 * Rules, each broken by -DNO_...:
 *		ATTACH_WAIT		before the leader waits for a count all have attached
 *		LAUNCHED		the count is compared with those launched
 *		COUNT_LOCKED	the count is added to under the lock
 *		SUMS_FIRST		sums and count in one locked step
 *		COUNT_FIRST		the count is raised before the signal
 *		SIGNAL			a participant signals
 *		PREPARED_FIRST	prepared is set before the broadcast
 *		PREPARED_ALL	the broadcast wakes all
 *		COMPLETE_COUNTED	the leader waits until all have completed
 *		DETACH_SIGNAL	a worker signals again after its queue has ended
 *		MESSAGES_FIRST	what a worker sent is read before its queue's end counts
 *		STOP_WAIT		a leader that fails waits until its workers have ended
 *		STOP			a leader that fails stops its workers
 */
#ifndef REQUESTED
#define REQUESTED 2
#endif
#ifndef FAULTS
#define FAULTS 1
#endif
#define WORKERS REQUESTED
#define NPROC (WORKERS + 1)
#define LEADER WORKERS

#define COARSE
#define NCV 2
#define workersdonecv 0
#define preparedcv 1

#define CHECK_FOR_INTERRUPTS ProcessInterrupts()

/* What the postmaster knows of a worker. */
#define NOT_LAUNCHED 0
#define NOT_YET_STARTED 1
#define STARTED 2
#define STOPPED 3
byte status[WORKERS];
bool terminate[WORKERS];

/* Its error queue. */
bool sender_set[WORKERS];
bool said_error[WORKERS];
bool said_done[WORKERS];
bool detached[WORKERS];

/* The leader. */
bool open_queue[WORKERS];		/* error_mqh is not NULL */
bool attached[WORKERS];			/* known_attached_workers */
bool message_pending;
bool cancelled;

/* IndexBuildShared. */
byte nparticipantsdone;
byte reltuples;
byte ncomplete;
bool prepared;

/* Ghosts. */
byte faults = FAULTS;
byte working;					/* in participate */
byte completing;
bool finished;
bool segment_gone;

#include "cv.pml"

/* ProcessParallelMessages, ProcessInterrupts: of the leader and of workers. */
inline ProcessInterrupts()
{
	if
	:: me == LEADER ->
		if
		:: cancelled -> goto error
		:: else
		fi;
		if
		:: message_pending ->
			message_pending = false;
			atomic {
			i = 0;
			do
			:: i < WORKERS ->
				if
				:: open_queue[i] ->
#ifndef NO_MESSAGES_FIRST
					/* detached, then the counter again: shm_mq.pml */
					ended = detached[i] ||
						(status[i] == STOPPED && !sender_set[i]);
					if
					:: said_error[i] -> goto error
					:: !said_error[i] && said_done[i] -> open_queue[i] = false
					:: else ->
						if
						:: ended && !said_error[i] && !said_done[i] -> goto error
						:: else
						fi
					fi
#else
					if
					:: detached[i] -> goto error
					:: else ->
						if
						:: said_error[i] -> goto error
						:: !said_error[i] && said_done[i] -> open_queue[i] = false
						:: else
						fi
					fi
#endif
				:: else
				fi;
				i++
			:: else -> break
			od;
			i = 0;
			ended = false
			}
		:: else
		fi
	:: else ->
		if
		:: terminate[me] -> goto error
		:: else
		fi;
		if
		:: atomic { faults > 0 -> faults-- }; goto error
		:: skip
		fi
	fi
}

/* SendProcSignal */
inline SignalLeader()
{
	atomic { message_pending = true; latch[LEADER] = true }
}

/* Participate */
inline Participate()
{
	working++;
	CHECK_FOR_INTERRUPTS;
#ifdef NO_COUNT_FIRST
	ConditionVariableSignal(workersdonecv);
#endif
#if !defined(NO_COUNT_LOCKED) && !defined(NO_SUMS_FIRST)
	d_step { working--; nparticipantsdone++; reltuples++ };
#elif defined(NO_SUMS_FIRST)
	d_step { working--; nparticipantsdone++ };
	reltuples++;
#else
	sum = nparticipantsdone;
	d_step { working--; nparticipantsdone = sum + 1; sum = 0 };
	reltuples++;
#endif
#if !defined(NO_COUNT_FIRST) && !defined(NO_SIGNAL)
	ConditionVariableSignal(workersdonecv)
#endif
}

/* Complete */
inline Complete()
{
	completing++;
	CHECK_FOR_INTERRUPTS;
	d_step { completing--; ncomplete++ };
	ConditionVariableSignal(workersdonecv)
}

/* ParallelWorkerMain */
proctype Worker(byte me)
{
	byte target = NO_CV;
	byte woken, i, sum;
	bool done, marker, ended;

	/* The postmaster forks it, and tells the leader. */
	d_step { status[me] = STARTED; latch[LEADER] = true };
	if
	:: terminate[me] -> goto gone
	:: !terminate[me]
	:: atomic { faults > 0 -> faults-- }; goto gone
	fi;
	/* shm_mq_set_sender, shm_mq_attach */
	d_step {
		assert(!segment_gone);
		sender_set[me] = true;
		latch[LEADER] = true
	};
	CHECK_FOR_INTERRUPTS;
	/* ParallelIndexBuildMain */
	Participate();
	/* AwaitPrepared */
	ConditionVariablePrepareToSleep(preparedcv);
	do
	:: prepared -> break
	:: !prepared -> ConditionVariableSleep(preparedcv)
	od;
	ConditionVariableCancelSleep();
	Complete();
	d_step { said_done[me] = true; message_pending = true; latch[LEADER] = true };
	goto shutdown;
error:
	/* It ends with an error, or without a word. */
	ConditionVariableCancelSleep();
	if
	:: d_step {
			said_error[me] = true;
			message_pending = true;
			latch[LEADER] = true
		}
	:: skip
	fi;
shutdown:
	/* ParallelWorkerShutdown */
	SignalLeader();
	/* shm_mq_detach_internal */
	d_step {
		assert(!segment_gone);
		detached[me] = true;
		latch[LEADER] = true
	};
#ifndef NO_DETACH_SIGNAL
	SignalLeader();
#endif
gone:
	/* The postmaster sees its end, and tells the leader. */
	atomic { status[me] = STOPPED; latch[LEADER] = true }
}

#define CAN_ATTACH(i) \
	(status[i] != NOT_LAUNCHED && !attached[i] && \
	 (sender_set[i] || status[i] == STOPPED))

/* WaitForParallelWorkersToAttach: looks again every 10 ms. */
inline WaitForWorkersToAttach()
{
	do
	::	CHECK_FOR_INTERRUPTS;
		atomic {
		n = 0;
		i = 0;
		do
		:: i < WORKERS && status[i] != NOT_LAUNCHED ->
			if
			:: attached[i]
			:: !attached[i] && !open_queue[i] -> attached[i] = true
			:: else ->
				if
				:: status[i] == STARTED && sender_set[i] -> attached[i] = true
				:: status[i] == STOPPED && !sender_set[i] -> i = 0; goto error
				:: status[i] == STOPPED && sender_set[i] -> attached[i] = true
				:: else
				fi
			fi;
			if
			:: attached[i] -> n++
			:: else
			fi;
			i++
		:: else -> break
		od;
		i = 0;
		if
		:: n == launched -> n = 0; break
		:: else -> n = 0
		fi
		};
		/* ten milliseconds later, or the latch: something has changed */
		CAN_ATTACH(0) || CAN_ATTACH(1) || latch[LEADER] || cancelled;
		latch[LEADER] = false
	od
}

inline WaitForCount(counter)
{
	ConditionVariablePrepareToSleep(workersdonecv);
	do
	:: counter == expected -> break
	:: counter != expected -> ConditionVariableSleep(workersdonecv)
	od;
	ConditionVariableCancelSleep()
}

/* WaitForParallelWorkersToFinish; all have attached. */
inline WaitForWorkersToFinish()
{
	do
	::	CHECK_FOR_INTERRUPTS;
		if
		:: open_queue[0] || open_queue[WORKERS - 1] ->
			d_step { latch[LEADER] -> latch[LEADER] = false }
		:: else -> break
		fi
	od
}

/* IndexBuildParallel */
proctype Leader()
{
	byte me = LEADER;
	byte target = NO_CV;
	byte woken, i, n, sum, launched, expected;
	bool done, marker, ended, takes_part;

	/* LaunchParallelWorkers: no slot for the second, or for any. */
	atomic {
		if
		:: launched = 0
		:: launched = 1
		:: launched = WORKERS
		fi;
		i = 0;
		do
		:: i < launched ->
			status[i] = NOT_YET_STARTED;
			open_queue[i] = true;
			run Worker(i);
			i++
		:: else -> break
		od;
		i = 0
	};
	if
	:: launched == 0 -> goto serial
	:: else
	fi;
	/* parallel_leader_participation */
	if
	:: takes_part = true
	:: takes_part = false
	fi;
#ifndef NO_LAUNCHED
	expected = launched + takes_part;
#else
	expected = REQUESTED + takes_part;
#endif
	if
	:: takes_part -> Participate()
	:: else
	fi;
#ifndef NO_ATTACH_WAIT
	WaitForWorkersToAttach();
#endif
	WaitForCount(nparticipantsdone);
	assert(working == 0 && reltuples == launched + takes_part);
	/* prepare; LetParticipantsComplete */
#ifdef NO_PREPARED_FIRST
	ConditionVariableBroadcast(preparedcv);
	prepared = true;
#elif defined(NO_PREPARED_ALL)
	prepared = true;
	ConditionVariableSignal(preparedcv);
#else
	prepared = true;
	ConditionVariableBroadcast(preparedcv);
#endif
	if
	:: takes_part -> Complete()
	:: else
	fi;
#ifndef NO_COMPLETE_COUNTED
	WaitForCount(ncomplete);
#endif
	/* finish */
	assert(completing == 0 && ncomplete == launched + takes_part);
	WaitForWorkersToFinish();
	finished = true;
	goto destroy;
error:
	/* AbortTransaction */
	ConditionVariableCancelSleep();
destroy:
	/* DestroyParallelContext */
	atomic {
	i = 0;
	do
	:: i < WORKERS ->
		if
		:: open_queue[i] ->
#ifndef NO_STOP
			terminate[i] = true;
			latch[i] = true;
#endif
			open_queue[i] = false
		:: else
		fi;
		i++
	:: else -> break
	od;
	i = 0
	};
#ifndef NO_STOP_WAIT
	do
	:: i < WORKERS ->
		status[i] == NOT_LAUNCHED || status[i] == STOPPED;
		i++
	:: else -> break
	od;
	i = 0;
#endif
	atomic {
	segment_gone = true;
	assert(finished || faults < FAULTS);
	do
	:: i < WORKERS ->
		assert(status[i] == NOT_LAUNCHED || status[i] == STOPPED);
		i++
	:: else -> break
	od
	};
serial:
	skip
}

/* Cancels the leader, at any time, or never. */
proctype Client()
{
	if
	:: atomic { faults > 0 -> faults--; cancelled = true; latch[LEADER] = true }
	:: skip
	fi
}

init
{
	atomic {
		run Leader();
		run Client()
	}
}
