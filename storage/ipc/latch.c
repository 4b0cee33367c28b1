/*
 * latch.c
 *		Latches and sets of wait events.
 *
 * A latch is a flag in memory; setting it wakes its owner with SIGURG, if that
 * may be asleep.  SIGURG is blocked and read through a signalfd, which epoll
 * watches together with sockets and the postmaster's death pipe: the wake-up
 * cannot come "between the test and the wait", as a signal could.
 *
 * Invariants
 * 1.	Setter: is_set, full barrier, maybe_sleeping.  Waiter: maybe_sleeping,
 *		full barrier, is_set.  Each writes its own flag before it reads the
 *		other's, so at least one sees the other.
 * 2.	ResetLatch is followed by a full barrier: what is tested after it was
 *		written before the SetLatch that it forgets.
 * 3.	The owner's pid may be stale: a needless SIGURG does no harm.
 *
 * Corresponds to PostgreSQL's latch.c, on Linux only.
 */
#include "postgres.h"

#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port/atomics.h"
#include "port/sys.h"
#include "portability/instr_time.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "utils/injection_point.h"
#include "utils/injection_step.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

struct WaitEventSet
{
	int nevents;
	int nevents_space;
	WaitEvent *events;
	Latch *latch; /* at latch_pos; may be NULL for a while */
	int latch_pos;
	bool exit_on_postmaster_death;
	int epoll_fd;
	pid_t epoll_pid; /* the process that made it */
	struct epoll_event *epoll_ret_events;
};

/* SIGURGs of this process; made by InitializeLatchSupport. */
static int signal_fd = -1;
static pid_t signal_fd_pid = 0;

/* What WaitLatch uses, made once per process: latch, postmaster death. */
static WaitEventSet *LatchWaitSet = NULL;

#define LatchWaitSetLatchPos 0

void
InitializeLatchSupport(void)
{
	sigset_t mask;

	if (signal_fd >= 0 && signal_fd_pid == getpid())
		return;
	if (signal_fd >= 0)
		close(signal_fd); /* the parent's */

	sigemptyset(&mask);
	sigaddset(&mask, SIGURG);
	if (sigprocmask(SIG_BLOCK, &mask, NULL) < 0)
		elog(FATAL, "sigprocmask failed: %m");
	signal_fd = sys_signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
	if (signal_fd < 0)
		elog(FATAL, "signalfd() failed: %m");
	signal_fd_pid = getpid();

	/* A set inherited by fork shares the parent's epoll instance. */
	if (LatchWaitSet != NULL)
		FreeWaitEventSet(LatchWaitSet);
	LatchWaitSet = CreateWaitEventSet(TopMemoryContext, 2);
	AddWaitEventToSet(LatchWaitSet, WL_LATCH_SET, PGINVALID_SOCKET, NULL, NULL);
	if (IsUnderPostmaster)
		AddWaitEventToSet(LatchWaitSet, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET,
		                  NULL, NULL);
}

void
InitLatch(Latch *latch)
{
	latch->is_set = false;
	latch->maybe_sleeping = false;
	latch->owner_pid = (int) getpid();
	latch->is_shared = false;
}

void
InitSharedLatch(Latch *latch)
{
	latch->is_set = false;
	latch->maybe_sleeping = false;
	latch->owner_pid = 0;
	latch->is_shared = true;
}

void
OwnLatch(Latch *latch)
{
	Assert(latch->is_shared);
	INJECTION_POINT_NOTHROW("latch-own");
	if (latch->owner_pid != 0)
		elog(PANIC, "latch already owned by PID %d", latch->owner_pid);
	latch->owner_pid = (int) getpid();
}

void
DisownLatch(Latch *latch)
{
	Assert(latch->is_shared);
	Assert(latch->owner_pid == (int) getpid());
	INJECTION_POINT_NOTHROW("latch-disown");
	latch->owner_pid = 0;
}

void
SetLatch(Latch *latch)
{
	int owner_pid;

	/* What the waiter will test was written before. */
	pg_memory_barrier();
	if (*(volatile sig_atomic_t *) &latch->is_set)
		return;
	INJECTION_POINT_NOTHROW("latch-set");
	*(volatile sig_atomic_t *) &latch->is_set = true;
	INJECTION_POINT_NOTHROW("latch-is-set");

	pg_memory_barrier(); /* invariant 1; pairs with WaitEventSetWait */
	if (!*(volatile sig_atomic_t *) &latch->maybe_sleeping)
		return;
	owner_pid = *(volatile int *) &latch->owner_pid;
	if (owner_pid != 0)
	{
		kill(owner_pid, SIGURG);
		if (STEP_IS_ON())
			InjectionStepLatchSet(owner_pid);
	}
}

void
ResetLatch(Latch *latch)
{
	Assert(latch->owner_pid == (int) getpid());
	*(volatile sig_atomic_t *) &latch->is_set = false;
	pg_memory_barrier(); /* invariant 2 */
	INJECTION_POINT_NOTHROW("latch-reset");
}

static void
drain(void)
{
	struct signalfd_siginfo info[16];

	while (read(signal_fd, info, sizeof(info)) > 0)
		;
}

WaitEventSet *
CreateWaitEventSet(MemoryContext context, int nevents)
{
	WaitEventSet *set;

	set =
		(WaitEventSet *) MemoryContextAllocZero(context, sizeof(WaitEventSet));
	set->events = (WaitEvent *) MemoryContextAllocZero(
		context, nevents * sizeof(WaitEvent));
	set->epoll_ret_events = (struct epoll_event *) MemoryContextAllocZero(
		context, nevents * sizeof(struct epoll_event));
	set->nevents_space = nevents;
	set->latch_pos = -1;
	set->epoll_fd = sys_epoll_create1(EPOLL_CLOEXEC);
	if (set->epoll_fd < 0)
		elog(ERROR, "epoll_create1 failed: %m");
	set->epoll_pid = getpid();
	return set;
}

void
FreeWaitEventSet(WaitEventSet *set)
{
	close(set->epoll_fd);
	pfree(set->events);
	pfree(set->epoll_ret_events);
	pfree(set);
}

static void
AdjustEpoll(WaitEventSet *set, WaitEvent *event, int action)
{
	struct epoll_event epoll_ev;

	memset(&epoll_ev, 0, sizeof(epoll_ev));
	epoll_ev.data.u32 = (uint32) event->pos;
	if (event->events == WL_LATCH_SET || event->events == WL_POSTMASTER_DEATH)
		epoll_ev.events = EPOLLIN | EPOLLERR | EPOLLHUP;
	else
	{
		if (event->events & WL_SOCKET_READABLE)
			epoll_ev.events |= EPOLLIN;
		if (event->events & WL_SOCKET_WRITEABLE)
			epoll_ev.events |= EPOLLOUT;
		if (event->events & WL_SOCKET_CLOSED)
			epoll_ev.events |= EPOLLRDHUP;
	}
	if (sys_epoll_ctl(set->epoll_fd, action, event->fd, &epoll_ev) < 0)
		ereport(ERROR, (errcode_for_socket_access(),
		                errmsg("%s() failed: %m", "epoll_ctl")));
}

int
AddWaitEventToSet(WaitEventSet *set, uint32 events, pgsocket fd, Latch *latch,
                  void *user_data)
{
	WaitEvent *event;

	Assert(set->nevents < set->nevents_space);
	if (events == WL_EXIT_ON_PM_DEATH)
	{
		events = WL_POSTMASTER_DEATH;
		set->exit_on_postmaster_death = true;
	}
	if (latch && latch->owner_pid != (int) getpid())
		elog(ERROR, "cannot wait on a latch owned by another process");
	if ((events & WL_LATCH_SET) && set->latch_pos >= 0)
		elog(ERROR, "cannot wait on more than one latch");
	if (latch && events != WL_LATCH_SET)
		elog(ERROR, "latch events only support being set");
	if (fd == PGINVALID_SOCKET && (events & WL_SOCKET_MASK))
		elog(ERROR, "cannot wait on socket event without a socket");

	event = &set->events[set->nevents];
	event->pos = set->nevents++;
	event->fd = fd;
	event->events = events;
	event->user_data = user_data;
	if (events == WL_LATCH_SET)
	{
		set->latch = latch;
		set->latch_pos = event->pos;
		event->fd = signal_fd;
	}
	else if (events == WL_POSTMASTER_DEATH)
		event->fd = postmaster_alive_fds[POSTMASTER_FD_WATCH];
	AdjustEpoll(set, event, EPOLL_CTL_ADD);
	return event->pos;
}

void
ModifyWaitEvent(WaitEventSet *set, int pos, uint32 events, Latch *latch)
{
	WaitEvent *event = &set->events[pos];

	Assert(pos < set->nevents);
	if (pos == set->latch_pos)
	{
		/* The descriptor is the same whatever the latch. */
		if (latch && latch->owner_pid != (int) getpid())
			elog(ERROR, "cannot wait on a latch owned by another process");
		set->latch = latch;
		return;
	}
	if (event->events == events)
		return;
	event->events = events;
	AdjustEpoll(set, event, EPOLL_CTL_MOD);
}

int
GetNumRegisteredWaitEvents(WaitEventSet *set)
{
	return set->nevents;
}

/* Translate what epoll returned; the number of events that count. */
static int
TakeEvents(WaitEventSet *set, int nready, WaitEvent *occurred, int nevents)
{
	int n = 0;
	int i;

	for (i = 0; i < nready && n < nevents; i++)
	{
		struct epoll_event *ready = &set->epoll_ret_events[i];
		WaitEvent *event = &set->events[ready->data.u32];
		uint32 happened = 0;

		if (event->events == WL_LATCH_SET)
		{
			drain();
			if (set->latch && set->latch->maybe_sleeping && set->latch->is_set)
				happened = WL_LATCH_SET;
		}
		else if (event->events == WL_POSTMASTER_DEATH)
		{
			if (!PostmasterIsAliveInternal())
			{
				if (set->exit_on_postmaster_death)
					proc_exit(1);
				happened = WL_POSTMASTER_DEATH;
			}
		}
		else
		{
			if ((event->events & WL_SOCKET_READABLE) &&
			    (ready->events & (EPOLLIN | EPOLLERR | EPOLLHUP)))
				happened |= WL_SOCKET_READABLE;
			if ((event->events & WL_SOCKET_WRITEABLE) &&
			    (ready->events & (EPOLLOUT | EPOLLERR | EPOLLHUP)))
				happened |= WL_SOCKET_WRITEABLE;
			if ((event->events & WL_SOCKET_CLOSED) &&
			    (ready->events & (EPOLLRDHUP | EPOLLERR | EPOLLHUP)))
				happened |= WL_SOCKET_CLOSED;
		}
		if (happened)
		{
			occurred[n].pos = event->pos;
			occurred[n].fd =
				event->events & WL_SOCKET_MASK ? event->fd : PGINVALID_SOCKET;
			occurred[n].user_data = event->user_data;
			occurred[n].events = happened;
			n++;
		}
	}
	return n;
}

/*
 * Wait until something happens; the number of events, 0 after the timeout (ms,
 * -1: none).
 */
int
WaitEventSetWait(WaitEventSet *set, long timeout, WaitEvent *occurred_events,
                 int nevents, uint32 wait_event_info)
{
	int returned = 0;
	instr_time start;
	long cur_timeout = timeout;

	Assert(nevents > 0);
	Assert(set->epoll_pid == getpid());
	INSTR_TIME_SET_ZERO(start);
	if (timeout > 0)
		INSTR_TIME_SET_CURRENT(start);
	pgstat_report_wait_start(wait_event_info);

	while (returned == 0)
	{
		long sleep_ms = cur_timeout;
		bool woken = false;
		int rc;

		if (set->latch && !set->latch->is_set)
		{
			INJECTION_POINT_NOTHROW("latch-wait");
			*(volatile sig_atomic_t *) &set->latch->maybe_sleeping = true;
			pg_memory_barrier(); /* invariant 1; pairs with SetLatch */
			INJECTION_POINT_NOTHROW("latch-may-sleep");
		}
		if (set->latch && *(volatile sig_atomic_t *) &set->latch->is_set)
		{
			set->latch->maybe_sleeping = false;
			occurred_events[0].pos = set->latch_pos;
			occurred_events[0].fd = PGINVALID_SOCKET;
			occurred_events[0].user_data =
				set->events[set->latch_pos].user_data;
			occurred_events[0].events = WL_LATCH_SET;
			returned = 1;
			if (nevents == 1)
				break;
			/* What else is there, without waiting for it? */
			rc = sys_epoll_wait(set->epoll_fd, set->epoll_ret_events,
			                    Min(nevents - 1, set->nevents_space), 0);
			if (rc > 0)
				returned +=
					TakeEvents(set, rc, occurred_events + 1, nevents - 1);
			break;
		}

		/* A participant of the stepper has slept there, and only looks here. */
		if (unlikely(injection_step_active))
			woken = InjectionStepLatchSleep(&sleep_ms, wait_event_info);
		rc = sys_epoll_wait(set->epoll_fd, set->epoll_ret_events,
		                    Min(nevents, set->nevents_space), (int) sleep_ms);
		if (rc < 0 && errno != EINTR)
		{
			if (set->latch)
				set->latch->maybe_sleeping = false;
			pgstat_report_wait_end();
			ereport(ERROR, (errcode_for_socket_access(),
			                errmsg("%s() failed: %m", "epoll_wait")));
		}
		if (rc > 0)
			returned = TakeEvents(set, rc, occurred_events, nevents);
		if (set->latch)
			set->latch->maybe_sleeping = false;
		INJECTION_POINT_NOTHROW("latch-woken");
		if (rc == 0 && !woken)
			break; /* timeout */

		if (returned == 0 && timeout >= 0)
		{
			instr_time now;

			INSTR_TIME_SET_CURRENT(now);
			INSTR_TIME_SUBTRACT(now, start);
			cur_timeout =
				timeout > 0 ? timeout - (long) INSTR_TIME_GET_MILLISEC(now) : 0;
			if (cur_timeout <= 0)
				break;
		}
	}
	pgstat_report_wait_end();
	return returned;
}

int
WaitLatch(Latch *latch, int wakeEvents, long timeout, uint32 wait_event_info)
{
	WaitEvent event;

	/* Every wait in a child ends with the postmaster. */
	Assert(!IsUnderPostmaster || (wakeEvents & WL_EXIT_ON_PM_DEATH) ||
	       (wakeEvents & WL_POSTMASTER_DEATH));
	Assert(LatchWaitSet != NULL);

	if (!(wakeEvents & WL_LATCH_SET))
		latch = NULL;
	ModifyWaitEvent(LatchWaitSet, LatchWaitSetLatchPos, WL_LATCH_SET, latch);
	LatchWaitSet->exit_on_postmaster_death =
		(wakeEvents & WL_EXIT_ON_PM_DEATH) != 0;

	if (WaitEventSetWait(LatchWaitSet, (wakeEvents & WL_TIMEOUT) ? timeout : -1,
	                     &event, 1, wait_event_info) == 0)
		return WL_TIMEOUT;
	return (int) event.events;
}

int
WaitLatchOrSocket(Latch *latch, int wakeEvents, pgsocket sock, long timeout,
                  uint32 wait_event_info)
{
	WaitEventSet *set = CreateWaitEventSet(CurrentMemoryContext, 3);
	WaitEvent event;
	int ret = 0;

	if (wakeEvents & WL_LATCH_SET)
		AddWaitEventToSet(set, WL_LATCH_SET, PGINVALID_SOCKET, latch, NULL);
	if (IsUnderPostmaster && (wakeEvents & WL_EXIT_ON_PM_DEATH))
		AddWaitEventToSet(set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL,
		                  NULL);
	else if (IsUnderPostmaster && (wakeEvents & WL_POSTMASTER_DEATH))
		AddWaitEventToSet(set, WL_POSTMASTER_DEATH, PGINVALID_SOCKET, NULL,
		                  NULL);
	if (wakeEvents & WL_SOCKET_MASK)
		AddWaitEventToSet(set, wakeEvents & WL_SOCKET_MASK, sock, NULL, NULL);

	if (WaitEventSetWait(set, (wakeEvents & WL_TIMEOUT) ? timeout : -1, &event,
	                     1, wait_event_info) == 0)
		ret = WL_TIMEOUT;
	else
		ret = (int) event.events;
	FreeWaitEventSet(set);
	return ret;
}
