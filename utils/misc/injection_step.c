/*
 * injection_step.c
 *		The stepper: one participant runs at a time, from point to point.
 *
 * There is no scheduler process.  Who comes to a point takes the lock of the
 * control area, makes the choice, wakes the chosen one (a futex word per
 * participant) and sleeps until it is chosen itself; if it is chosen to go on
 * nobody else wakes at all.  A scheduler of its own would cost two switches of
 * process per step.
 *
 * A participant is in one of the states
 *		RUNNING		at most one; ctl->running says which
 *		STOPPED		at a point; can be chosen
 *		SLEEPING	where the primitive would sleep; can be chosen when it was
 *					signalled (a latch) or when its test says so (a semaphore)
 *		YIELDED		in a spinning loop; can be chosen when another one has made
 *					a step, or if nobody else can
 *		GONE		has left
 *
 * Invariants
 * 1.	What decides who can be chosen is changed only by the one that runs, or
 *		comes from outside and is waited for (workers that start and end), so
 *		the same choices give the same run.  A signal counts as soon as it was
 *		sent (InjectionStepSignalled), not when its handler runs: the handler
 *		has run when the participant goes on, as it returns from a system call.
 * 2.	The state words change under the lock; a participant reads its own
 *		without.
 * 3.	A point inside the stepper itself (a signal handler that sets a latch)
 *		is passed.
 *
 * The area is a shared anonymous mapping of its own, as that of the injection
 * points is: a reset after a crash does not clear it, it ends the run.  A
 * process that is killed leaves the others stopped; the reset ends them, or the
 * watchdog lets them go.
 *
 * PostgreSQL has nothing like it.  Choices by preemption bound follow Musuvathi
 * and Qadeer (CHESS, 2007), priorities Burckhardt et al. (PCT, 2010).
 */
#include "postgres.h"

#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "access/parallel.h"
#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "utils/injection_point.h"
#include "utils/injection_step.h"
#include "utils/wait_event.h"

#define STEP_MAGIC 0x53544550

/* The one that runs has come to no point for so long. */
#define STEP_STALL_MS 30000

/* Who waits looks so often whether it is to decide, or the watchdog's time. */
#define STEP_RECHECK_MS 50

/* So many turns of spinning loops, with nothing else in between. */
#define STEP_MAX_IDLE_YIELDS 200

/* How often a spinning loop sleeps in a server before that is a point. */
#define STEP_SPIN_SLEEPS 4

/* So often only a time-out goes on before that counts as a deadlock. */
#define STEP_MAX_IDLE_TIMEOUTS 20

/* A loop that has yielded looks at its lock in so many steps. */
#define STEP_SPIN_STOPS 2

/* A point where a worker of a parallel context becomes a participant. */
#define STEP_WORKER_FROM "parallel-worker-started"

typedef enum StepState
{
	STEP_FREE,
	STEP_RUNNING,
	STEP_STOPPED,
	STEP_SLEEPING,
	STEP_YIELDED,
	STEP_GONE
} StepState;

typedef struct StepSlot
{
	pg_atomic_uint32 state;   /* [A] StepState; changed under the lock */
	pg_atomic_uint32 kick;    /* [A] the futex word: look again */
	pg_atomic_uint32 pid;     /* [A] */
	pg_atomic_uint32 ping;    /* [A] handlers are to be run */
	pg_atomic_uint32 pong;    /* [A] the last ping whose have */
	pg_atomic_uint32 signals; /* [A] not 0: signalled since it slept last */
	const char *point;        /* [L] where it is */
	const void *place;        /* [L] */
	bool (*ready)(void *arg); /* [L] SLEEPING: NULL: when signalled */
	void *ready_arg;          /* [L] */
	bool timed;               /* [L] SLEEPING: with a time-out */
	bool poll_timeout;        /* [L] its time-out is a way of looking again */
	bool timed_out;           /* [L] chosen because of it */
	int spinning;             /* [L] stops until its steps count again */
	uint32 priority;          /* [L] of STEP_PCT: highest first */
} StepSlot;

typedef struct StepCtl
{
	uint32 magic;             /* [C] */
	pg_atomic_uint32 on;      /* [A] there is a run */
	pg_atomic_uint32 lock;    /* [A] */
	pg_atomic_uint32 verdict; /* [A] StepVerdict; a futex word */
	pg_atomic_uint32 started; /* [A] workers whose start the leader was told */
	pg_atomic_uint32 ended;   /* [A] workers whose end it was told */
	int running;              /* [L] -1: nobody: to be decided */
	int previous;             /* [L] the one that ran last */
	bool progress;            /* [L] the last step was not of a spinning loop */
	int expected;             /* [L] participants that must have come */
	int joined;               /* [L] that have come */
	int left;                 /* [L] that have gone, but for the leader */
	int idle_timeouts;        /* [L] that fired with nothing in between */
	int idle_yields;          /* [L] */
	int64 last_ms;            /* [L] time of the last choice or change */
	const char *timeout;      /* [L] see InjectionStepTimeout */
	pg_prng_state prng;       /* [L] */
	int ndrops;               /* [L] of STEP_PCT: */
	int drops[16];            /* [L] steps at which a priority is lowered */
	StepOptions options;      /* [L] with texts and choices below */
	char from[STEP_NAME_LEN];
	char to[STEP_NAME_LEN];
	char patterns[STEP_MAX_PATTERNS][STEP_NAME_LEN];
	int npatterns;
	int nsteps; /* [L] choices made */
	StepSlot slot[STEP_MAX_PARTICIPANTS];
	uint8 given[STEP_MAX_CHOICES];
	StepChoice step[STEP_MAX_CHOICES];
} StepCtl;

static pg_atomic_uint32 never_on = {0};
pg_atomic_uint32 *injection_step_on = &never_on;
bool injection_step_active = false;

static StepCtl *ctl = NULL;
static StepSlot *MyStep = NULL;

/* Invariant 3. */
static volatile bool in_step = false;

/* Spinlocks that this process holds: its section is one step. */
static int held_spinlocks = 0;

/* ---------------------------------------------------------------------------
 * Helpers
 * ---------------------------------------------------------------------------
 */

void
InjectionStepShmemInit(void)
{
	if (ctl == NULL)
	{
		ctl = mmap(NULL, sizeof(StepCtl), PROT_READ | PROT_WRITE,
		           MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (ctl == MAP_FAILED)
		{
			ctl = NULL;
			ereport(FATAL,
			        (errcode(ERRCODE_OUT_OF_MEMORY),
			         errmsg("could not map %zu bytes for the stepper: %m",
			                sizeof(StepCtl))));
		}
		ctl->magic = STEP_MAGIC;
		injection_step_on = &ctl->on;
	}
	Assert(ctl->magic == STEP_MAGIC);
	/* Whoever took part before a reset is gone. */
	if (pg_atomic_exchange_u32(&ctl->on, 0) != 0)
		pg_atomic_fetch_sub_u32(&injection_gate.active, 1);
	pg_atomic_write_u32(&ctl->lock, 0);
}

static int64
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
futex_wait(pg_atomic_uint32 *word, uint32 value, int timeout_ms)
{
	struct timespec ts;

	ts.tv_sec = timeout_ms / 1000;
	ts.tv_nsec = (timeout_ms % 1000) * 1000000L;
	(void) syscall(SYS_futex, &word->value, FUTEX_WAIT, value, &ts, NULL, 0);
}

static void
futex_wake(pg_atomic_uint32 *word)
{
	(void) syscall(SYS_futex, &word->value, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

/* Held for a few microseconds, by processes that are never stopped in it. */
static void
lock_ctl(void)
{
	uint32 expected = 0;

	while (!pg_atomic_compare_exchange_u32(&ctl->lock, &expected, 1))
	{
		sched_yield();
		expected = 0;
	}
}

static void
unlock_ctl(void)
{
	pg_memory_barrier();
	pg_atomic_write_u32(&ctl->lock, 0);
}

static StepState
state_of(int i)
{
	return (StepState) pg_atomic_read_u32(&ctl->slot[i].state);
}

static void
kick(StepSlot *slot)
{
	pg_atomic_fetch_add_u32(&slot->kick, 1);
	futex_wake(&slot->kick);
}

static bool
matches(const char *pattern, const char *name)
{
	size_t len = strlen(pattern);

	if (len > 0 && pattern[len - 1] == '*')
		return strncmp(pattern, name, len - 1) == 0;
	return strcmp(pattern, name) == 0;
}

/* Does the point count? */
static bool
selected(const char *name)
{
	if (ctl->npatterns == 0)
		return true;
	for (int i = 0; i < ctl->npatterns; i++)
	{
		const char *pattern = ctl->patterns[i];

		if (pattern[0] == '!')
		{
			if (matches(pattern + 1, name))
				return false;
		}
		else if (matches(pattern, name))
			return true;
	}
	return false;
}

/* ---------------------------------------------------------------------------
 * Choosing; with the lock held
 * ---------------------------------------------------------------------------
 */

static void
give_verdict(StepVerdict verdict)
{
	if (pg_atomic_read_u32(&ctl->verdict) != STEP_NOT_DONE)
		return;
	pg_atomic_write_u32(&ctl->verdict, verdict);
	futex_wake(&ctl->verdict);
}

/* What is on its way from outside: starts and ends that the leader is told. */
static bool
outside_pending(void)
{
	if (ctl->joined < ctl->expected)
		return true;
	if (ctl->options.leader_pid == 0)
		return false;
	if (state_of(0) != STEP_GONE && pg_atomic_read_u32(&ctl->slot[0].pong) !=
	                                    pg_atomic_read_u32(&ctl->slot[0].ping))
		return true;
	return pg_atomic_read_u32(&ctl->started) < (uint32) (ctl->expected - 1) ||
	       pg_atomic_read_u32(&ctl->ended) < (uint32) ctl->left;
}

/* Who can be chosen, a bit each; of those that sleep with a time-out, *timed. */
static uint8
find_enabled(uint8 *timed)
{
	uint8 enabled = 0;
	uint8 yielded = 0;

	*timed = 0;
	for (int i = 0; i < STEP_MAX_PARTICIPANTS && i < ctl->expected; i++)
	{
		StepSlot *slot = &ctl->slot[i];

		switch (state_of(i))
		{
			case STEP_STOPPED:
				enabled |= 1 << i;
				break;
			case STEP_YIELDED:
				if (i != ctl->previous && ctl->progress)
				{
					pg_atomic_write_u32(&slot->state, STEP_STOPPED);
					enabled |= 1 << i;
				}
				else
					yielded |= 1 << i;
				break;
			case STEP_SLEEPING:
				if (slot->ready ? slot->ready(slot->ready_arg)
				                : pg_atomic_read_u32(&slot->signals) != 0)
					enabled |= 1 << i;
				else if (slot->timed)
					*timed |= 1 << i;
				break;
			default:
				break;
		}
	}
	if (enabled == 0 && yielded != 0)
	{
		ctl->idle_yields++;
		/* Those that did not spin last first. */
		if (yielded & ~(1 << ctl->previous))
			yielded &= ~(1 << ctl->previous);
		return yielded;
	}
	ctl->idle_yields = 0;
	return enabled;
}

static int
nth_bit(uint8 mask, uint64 n)
{
	for (int i = 0;; i++)
		if ((mask & (1 << i)) && n-- == 0)
			return i;
}

static int
choose_priority(uint8 enabled)
{
	int best = -1;

	for (int i = 0; i < ctl->ndrops; i++)
		if (ctl->drops[i] == ctl->nsteps && ctl->previous >= 0)
			ctl->slot[ctl->previous].priority = (uint32) (ctl->ndrops - i);
	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
		if ((enabled & (1 << i)) &&
		    (best < 0 || ctl->slot[i].priority > ctl->slot[best].priority))
			best = i;
	return best;
}

/* -1: the choice that is given cannot be made. */
static int
choose(uint8 enabled)
{
	switch (ctl->options.policy)
	{
		case STEP_RANDOM:
			return nth_bit(
				enabled,
				pg_prng_uint64_range(&ctl->prng, 0,
			                         (uint64) __builtin_popcount(enabled) - 1));
		case STEP_PCT:
			return choose_priority(enabled);
		case STEP_CHOICES:
			break;
	}
	if (ctl->nsteps < ctl->options.nchoices)
	{
		int given = ctl->given[ctl->nsteps];

		return enabled & (1 << given) ? given : -1;
	}
	if (ctl->previous >= 0 && (enabled & (1 << ctl->previous)))
		return ctl->previous;
	return nth_bit(enabled, 0);
}

static void
record(int chosen, uint8 enabled)
{
	StepChoice *step = &ctl->step[ctl->nsteps++];
	StepSlot *slot = &ctl->slot[chosen];

	step->point = slot->point;
	step->place = slot->place;
	step->participant = (uint8) chosen;
	step->enabled = enabled;
	step->previous = ctl->previous >= 0 && (enabled & (1 << ctl->previous)) &&
	                         state_of(ctl->previous) == STEP_STOPPED
	                     ? (int8) ctl->previous
	                     : -1;
	step->timed_out = slot->timed_out;
}

/* All sleep, or nobody is left. */
static void
nobody_can(void)
{
	bool all_gone = true;

	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
		if (state_of(i) != STEP_FREE && state_of(i) != STEP_GONE)
			all_gone = false;
	if (all_gone)
		give_verdict(STEP_DONE);
	else if (now_ms() - ctl->last_ms >= ctl->options.grace_ms)
		give_verdict(STEP_DEADLOCK);
}

/* Nobody runs: say who does. */
static void
decide(void)
{
	uint8 enabled;
	uint8 timed;
	int chosen;
	StepSlot *slot;

	if (ctl->running >= 0 || outside_pending() ||
	    pg_atomic_read_u32(&ctl->verdict) != STEP_NOT_DONE)
		return;
	enabled = find_enabled(&timed);
	if (ctl->options.free_timeouts)
		enabled |= timed;
	if (enabled != 0)
		ctl->idle_timeouts = 0;
	else if (timed != 0)
	{
		if (++ctl->idle_timeouts > STEP_MAX_IDLE_TIMEOUTS)
		{
			give_verdict(STEP_DEADLOCK);
			return;
		}
		for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
			if ((timed & (1 << i)) && !ctl->slot[i].poll_timeout)
				ctl->timeout = ctl->slot[i].point;
		enabled = timed;
	}
	if (enabled == 0)
	{
		nobody_can();
		return;
	}
	if (ctl->idle_yields > STEP_MAX_IDLE_YIELDS)
	{
		give_verdict(STEP_LIVELOCK);
		return;
	}
	if (ctl->nsteps >= ctl->options.max_steps)
	{
		give_verdict(STEP_TOO_LONG);
		return;
	}
	chosen = choose(enabled);
	if (chosen < 0)
	{
		give_verdict(STEP_DIVERGED);
		return;
	}
	slot = &ctl->slot[chosen];
	slot->timed_out = (timed & (1 << chosen)) != 0;
	record(chosen, enabled);
	ctl->previous = chosen;
	ctl->running = chosen;
	ctl->last_ms = now_ms();
	pg_atomic_write_u32(&slot->state, STEP_RUNNING);
	if (slot != MyStep)
		kick(slot);
}

/* ---------------------------------------------------------------------------
 * Stopping
 * ---------------------------------------------------------------------------
 */

static void answer(void);

/*
 * Begin or cease to take part.  Timers do not fire meanwhile, as when they do is
 * a matter of time; what they are for (deadlocks) the stepper finds itself.
 */
static void
take_part(bool on)
{
	sigset_t alarms;

	if (injection_step_active == on)
		return;
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	(void) sigprocmask(on ? SIG_BLOCK : SIG_UNBLOCK, &alarms, NULL);
	injection_step_active = on;
}

/* The one that runs has come to no point, or there is no run any more. */
static bool
watchdog(void)
{
	if (pg_atomic_read_u32(&ctl->on) == 0)
		return true;
	if (ctl->running >= 0 && now_ms() - ctl->last_ms > STEP_STALL_MS)
		give_verdict(STEP_STALLED);
	return false;
}

/* False: there is no run any more. */
static bool
wait_until_chosen(void)
{
	for (;;)
	{
		uint32 kicks = pg_atomic_read_u32(&MyStep->kick);

		pg_read_barrier(); /* what comes after the kick's change ends the sleep */
		if (pg_atomic_read_u32(&MyStep->state) == STEP_RUNNING)
			return true;
		if (watchdog())
			return false;
		answer();
		lock_ctl();
		decide();
		unlock_ctl();
		if (pg_atomic_read_u32(&MyStep->state) == STEP_RUNNING)
			return true;
		futex_wait(&MyStep->kick, kicks, STEP_RECHECK_MS);
	}
}

/* Until chosen; as what is already said in the slot. */
static void
stop_here(StepState state)
{
	int me = (int) (MyStep - ctl->slot);
	int save_errno = errno;

	in_step = true;
	lock_ctl();
	Assert(ctl->running == me || ctl->running == -1);
	pg_atomic_write_u32(&MyStep->state, state);
	ctl->progress = state != STEP_YIELDED && MyStep->spinning == 0;
	if (state == STEP_YIELDED)
		MyStep->spinning = STEP_SPIN_STOPS;
	else if (MyStep->spinning > 0)
		MyStep->spinning--;
	ctl->running = -1;
	ctl->last_ms = now_ms();
	decide();
	unlock_ctl();
	if (!wait_until_chosen())
	{
		take_part(false);
		MyStep->timed_out = false;
	}
	in_step = false;
	errno = save_errno;
}

static void
stop_at(const char *point, const void *place)
{
	if (in_step || held_spinlocks > 0)
		return;
	MyStep->point = point;
	MyStep->place = place;
	stop_here(STEP_STOPPED);
}

void
InjectionStepAccess(void)
{
	if (injection_step_active)
		stop_at("access", __builtin_return_address(0));
}

/* Called before the lock is taken, and after it was released. */
void
InjectionStepSpinLock(bool acquire)
{
	if (!injection_step_active || in_step)
		return;
	if (acquire)
	{
		stop_at("spinlock", __builtin_return_address(0));
		held_spinlocks++;
		return;
	}
	held_spinlocks--;
	stop_at("spinlock-released", __builtin_return_address(0));
}

bool
InjectionStepYield(int sleeps)
{
	/* A process that is no participant may hold it: it soon lets go. */
	if (in_step || (ctl->options.leader_pid != 0 && sleeps < STEP_SPIN_SLEEPS))
		return false;
	MyStep->point = "spin";
	MyStep->place = __builtin_return_address(0);
	stop_here(STEP_YIELDED);
	return true;
}

void
InjectionStepSleep(const char *name, bool (*ready)(void *arg), void *arg)
{
	if (in_step)
		return;
	MyStep->point = name;
	MyStep->place = NULL;
	MyStep->ready = ready;
	MyStep->ready_arg = arg;
	MyStep->timed = false;
	stop_here(STEP_SLEEPING);
}

bool
InjectionStepLatchSleep(long *timeout, uint32 wait_event_info)
{
	if (in_step || *timeout == 0)
		return false;
	MyStep->point = pgstat_get_wait_event(wait_event_info);
	if (MyStep->point == NULL)
		MyStep->point = "latch";
	MyStep->place = NULL;
	MyStep->ready = NULL;
	MyStep->timed = *timeout > 0;
	/* Nobody tells when a worker attaches: its leader looks again. */
	MyStep->poll_timeout = wait_event_info == WAIT_EVENT_BGWORKER_STARTUP;
	stop_here(STEP_SLEEPING);
	if (!injection_step_active)
		return true; /* look again, then sleep */
	pg_atomic_write_u32(&MyStep->signals, 0);
	if (MyStep->timed_out)
	{
		struct timespec ts = {*timeout / 1000, (*timeout % 1000) * 1000000L};

		/* Whoever looks at a clock must find that the time has passed. */
		(void) nanosleep(&ts, NULL);
	}
	*timeout = 0;
	return !MyStep->timed_out;
}

/*
 * Invariant 1: what the handler of a signal does must be done before anybody
 * goes on, or it would be a matter of time whether a latch is found set.  Who
 * is stopped answers after its handlers have run.
 */
static void
await_handlers(StepSlot *slot)
{
	uint32 ping = pg_atomic_add_fetch_u32(&slot->ping, 1);

	kick(slot);
	while (pg_atomic_read_u32(&slot->pong) != ping &&
	       pg_atomic_read_u32(&ctl->on) != 0 &&
	       pg_atomic_read_u32(&slot->pid) != 0)
	{
		uint32 pong = pg_atomic_read_u32(&slot->pong);

		if (pong != ping)
			futex_wait(&slot->pong, pong, STEP_RECHECK_MS);
	}
}

/* The other half, of one that is stopped. */
static void
answer(void)
{
	uint32 ping = pg_atomic_read_u32(&MyStep->ping);

	if (pg_atomic_read_u32(&MyStep->pong) == ping)
		return;
	/* Pending signals are delivered at the end of any system call. */
	sched_yield();
	pg_atomic_write_u32(&MyStep->pong, ping);
	futex_wake(&MyStep->pong);
}

static void
signalled(int pid, bool by_handler)
{
	bool found = false;

	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
	{
		StepSlot *slot = &ctl->slot[i];

		if (pg_atomic_read_u32(&slot->pid) != (uint32) pid)
			continue;
		found = true;
		pg_atomic_write_u32(&slot->signals, 1);
		if (!injection_step_active) /* from outside: nobody else would look */
			kick(slot);
		else if (by_handler && slot != MyStep && !in_step)
			await_handlers(slot);
	}
	/* What is done too late after a wake-up is seen here. */
	if (found && injection_step_active)
		stop_at("signalled", NULL);
}

void
InjectionStepLatchSet(int pid)
{
	signalled(pid, false);
}

void
InjectionStepSignalled(int pid)
{
	signalled(pid, true);
}

/* ---------------------------------------------------------------------------
 * Coming and going
 * ---------------------------------------------------------------------------
 */

void
InjectionStepJoin(int participant)
{
	Assert(ctl != NULL && participant < STEP_MAX_PARTICIPANTS);
	MyStep = &ctl->slot[participant];
	MyStep->point = "start";
	MyStep->place = NULL;
	pg_atomic_write_u32(&MyStep->signals, 0);
	pg_atomic_write_u32(&MyStep->pid, (uint32) getpid());
	held_spinlocks = 0;
	/* What is drawn by lot is drawn the same way in each run. */
	pg_prng_seed(&pg_global_prng_state, (uint64) participant);
	take_part(true);

	in_step = true;
	lock_ctl();
	pg_atomic_write_u32(&MyStep->state, STEP_STOPPED);
	MyStep->spinning = 0;
	ctl->joined++;
	ctl->last_ms = now_ms();
	decide();
	unlock_ctl();
	if (!wait_until_chosen())
		take_part(false);
	in_step = false;
}

void
InjectionStepLeave(void)
{
	if (!injection_step_active)
		return;
	take_part(false);
	in_step = true;
	lock_ctl();
	pg_atomic_write_u32(&MyStep->state, STEP_GONE);
	ctl->progress = true;
	pg_atomic_write_u32(&MyStep->pid, 0);
	if (MyStep != &ctl->slot[0])
		ctl->left++;
	if (ctl->running == MyStep - ctl->slot)
		ctl->running = -1;
	ctl->last_ms = now_ms();
	decide();
	unlock_ctl();
	in_step = false;
	MyStep = NULL;
}

static void
leave_at_exit(int code, Datum arg)
{
	InjectionStepLeave();
}

/* Every point of every process comes here while there is a run. */
void
InjectionStepAt(const char *name)
{
	if (in_step)
		return;
	if (injection_step_active)
	{
		if (pg_atomic_read_u32(&ctl->on) == 0)
			take_part(false);
		else if (ctl->to[0] && MyStep == &ctl->slot[0] &&
		         strcmp(name, ctl->to) == 0)
			InjectionStepLeave();
		else if (selected(name))
			stop_at(name, NULL);
		return;
	}
	if (ctl == NULL || ctl->options.leader_pid == 0 ||
	    pg_atomic_read_u32(&ctl->verdict) != STEP_NOT_DONE)
		return;
	if ((int) getpid() == ctl->options.leader_pid)
	{
		if (state_of(0) == STEP_FREE && strcmp(name, ctl->from) == 0)
			InjectionStepJoin(0);
	}
	else if (ParallelWorkerNumber >= 0 &&
	         ParallelWorkerNumber + 1 < STEP_MAX_PARTICIPANTS &&
	         strcmp(name, STEP_WORKER_FROM) == 0 && state_of(0) != STEP_FREE)
	{
		on_proc_exit(leave_at_exit, 0);
		InjectionStepJoin(ParallelWorkerNumber + 1);
	}
}

void
InjectionStepExpect(int nworkers)
{
	if (!injection_step_active || MyStep != &ctl->slot[0])
		return;
	lock_ctl();
	ctl->expected += nworkers;
	unlock_ctl();
}

void
InjectionStepNotified(int leader_pid, bool started)
{
	if (leader_pid != ctl->options.leader_pid)
		return;
	(void) pg_atomic_add_fetch_u32(&ctl->slot[0].ping, 1);
	pg_atomic_write_u32(&ctl->slot[0].signals, 1);
	pg_atomic_fetch_add_u32(started ? &ctl->started : &ctl->ended, 1);
	kick(&ctl->slot[0]);
}

/* ---------------------------------------------------------------------------
 * Driving
 * ---------------------------------------------------------------------------
 */

/* Change points and priorities of a run by STEP_PCT. */
static void
draw_priorities(void)
{
	int length = Max(ctl->options.length, 1);

	ctl->ndrops =
		Min(Max(ctl->options.depth - 1, 0), (int) lengthof(ctl->drops));
	for (int i = 0; i < ctl->ndrops; i++)
		ctl->drops[i] =
			(int) pg_prng_uint64_range(&ctl->prng, 0, (uint64) length - 1);
	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
		ctl->slot[i].priority = 1000 + (pg_prng_uint32(&ctl->prng) & 0xffffff);
}

static void
copy_patterns(const char *points)
{
	ctl->npatterns = 0;
	while (points && *points)
	{
		size_t len = strcspn(points, "|");

		if (ctl->npatterns == STEP_MAX_PATTERNS || len >= STEP_NAME_LEN)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("too many or too long patterns of points"),
			         errdetail("At most %d patterns of %d characters can be "
			                   "given.",
			                   STEP_MAX_PATTERNS, STEP_NAME_LEN - 1)));
		memcpy(ctl->patterns[ctl->npatterns], points, len);
		ctl->patterns[ctl->npatterns++][len] = '\0';
		points += len + (points[len] == '|');
	}
}

void
InjectionStepBegin(const StepOptions *options)
{
	Assert(ctl != NULL);
	Assert(pg_atomic_read_u32(&ctl->on) == 0);
	copy_patterns(options->points);
	ctl->options = *options;
	strlcpy(ctl->from, options->from ? options->from : "", STEP_NAME_LEN);
	strlcpy(ctl->to, options->to ? options->to : "", STEP_NAME_LEN);
	if (options->max_steps <= 0 || options->max_steps > STEP_MAX_CHOICES)
		ctl->options.max_steps = STEP_MAX_CHOICES;
	ctl->options.nchoices = Min(options->nchoices, STEP_MAX_CHOICES);
	if (options->choices)
		memcpy(ctl->given, options->choices, ctl->options.nchoices);
	ctl->running = -1;
	ctl->previous = -1;
	ctl->progress = false;
	ctl->expected = options->participants;
	ctl->joined = 0;
	ctl->left = 0;
	ctl->idle_yields = 0;
	ctl->idle_timeouts = 0;
	ctl->nsteps = 0;
	ctl->timeout = NULL;
	ctl->last_ms = now_ms();
	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
	{
		pg_atomic_write_u32(&ctl->slot[i].state, STEP_FREE);
		pg_atomic_write_u32(&ctl->slot[i].pid, 0);
		pg_atomic_write_u32(&ctl->slot[i].ping, 0);
		pg_atomic_write_u32(&ctl->slot[i].pong, 0);
	}
	pg_prng_seed(&ctl->prng, options->seed);
	draw_priorities();
	pg_atomic_write_u32(&ctl->started, 0);
	pg_atomic_write_u32(&ctl->ended, 0);
	pg_atomic_write_u32(&ctl->verdict, STEP_NOT_DONE);
	pg_memory_barrier();
	pg_atomic_write_u32(&ctl->on, 1);
	pg_atomic_fetch_add_u32(&injection_gate.active, 1);
}

void
InjectionStepEnd(void)
{
	if (ctl == NULL || pg_atomic_exchange_u32(&ctl->on, 0) == 0)
		return;
	pg_atomic_fetch_sub_u32(&injection_gate.active, 1);
	for (int i = 0; i < STEP_MAX_PARTICIPANTS; i++)
		kick(&ctl->slot[i]);
}

StepVerdict
InjectionStepVerdict(void)
{
	return (StepVerdict) pg_atomic_read_u32(&ctl->verdict);
}

StepVerdict
InjectionStepAwait(int timeout_ms)
{
	StepVerdict verdict = InjectionStepVerdict();

	if (verdict == STEP_NOT_DONE)
		futex_wait(&ctl->verdict, STEP_NOT_DONE, timeout_ms);
	return InjectionStepVerdict();
}

const char *
InjectionStepVerdictName(StepVerdict verdict)
{
	static const char *const names[] = {"not done", "done",     "deadlock",
	                                    "livelock", "diverged", "too long",
	                                    "stalled"};

	return verdict < lengthof(names) ? names[verdict] : "unknown";
}

int
InjectionStepCount(void)
{
	return ctl ? ctl->nsteps : 0;
}

const StepChoice *
InjectionStepChoiceAt(int i)
{
	Assert(i >= 0 && i < ctl->nsteps);
	return &ctl->step[i];
}

const char *
InjectionStepWhere(int participant, const char **state)
{
	static const char *const states[] = {"free",     "running",  "stopped",
	                                     "sleeping", "spinning", "gone"};
	StepState s = state_of(participant);

	*state = states[s];
	return s == STEP_FREE ? NULL : ctl->slot[participant].point;
}

const char *
InjectionStepTimeout(void)
{
	return ctl->timeout;
}
