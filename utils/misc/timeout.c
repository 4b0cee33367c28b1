/*
 * timeout.c
 *		Timeouts of this process, multiplexed on one interval timer.
 *
 * Active timeouts are an array ordered by their finish time.  The signal
 * handler fires those that are due and sets the timer for the next.  Changes of
 * the array from the main flow clear alarm_enabled first, so that the handler
 * leaves it alone; the timer is set anew at the end of the change.
 */
#include "postgres.h"

#include <sys/time.h>

#include "miscadmin.h"
#include "storage/latch.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

typedef struct timeout_params
{
	timeout_handler_proc handler;
	bool active;
	volatile bool indicator; /* it has fired */
	TimestampTz start_time;
	TimestampTz fin_time;
} timeout_params;

static timeout_params all_timeouts[MAX_TIMEOUTS];
static bool initialized = false;
static TimeoutId active_timeouts[MAX_TIMEOUTS];
static volatile int num_active_timeouts = 0;
static volatile sig_atomic_t alarm_enabled = false;

static void
set_timer(int64 usecs)
{
	struct itimerval timeval;

	memset(&timeval, 0, sizeof(timeval));
	timeval.it_value.tv_sec = usecs / USECS_PER_SEC;
	timeval.it_value.tv_usec = usecs % USECS_PER_SEC;
	if (setitimer(ITIMER_REAL, &timeval, NULL) != 0)
		elog(FATAL, "could not enable SIGALRM timer: %m");
}

static void
schedule_alarm(TimestampTz now)
{
	int64 wait;

	if (num_active_timeouts == 0)
		return;
	/* A time already past fires at once: zero would switch the timer off. */
	wait = Max(all_timeouts[active_timeouts[0]].fin_time - now, 1);
	alarm_enabled = true;
	set_timer(wait);
}

static void
remove_active(TimeoutId id)
{
	int i;

	if (!all_timeouts[id].active)
		return;
	for (i = 0; active_timeouts[i] != id; i++)
		;
	num_active_timeouts--;
	for (; i < num_active_timeouts; i++)
		active_timeouts[i] = active_timeouts[i + 1];
	all_timeouts[id].active = false;
}

static void
insert_active(TimeoutId id, TimestampTz now, TimestampTz fin_time)
{
	int i;

	Assert(initialized && all_timeouts[id].handler != NULL);
	remove_active(id);
	for (i = num_active_timeouts;
	     i > 0 && all_timeouts[active_timeouts[i - 1]].fin_time > fin_time; i--)
		active_timeouts[i] = active_timeouts[i - 1];
	active_timeouts[i] = id;
	num_active_timeouts++;
	all_timeouts[id].active = true;
	all_timeouts[id].indicator = false;
	all_timeouts[id].start_time = now;
	all_timeouts[id].fin_time = fin_time;
}

static void
handle_sig_alarm(int signo pg_attribute_unused())
{
	int save_errno = errno;
	TimestampTz now;

	HOLD_INTERRUPTS();
	if (MyLatch)
		SetLatch(MyLatch);
	if (alarm_enabled)
	{
		alarm_enabled = false;
		now = GetCurrentTimestamp();
		while (num_active_timeouts > 0 &&
		       all_timeouts[active_timeouts[0]].fin_time <= now)
		{
			TimeoutId id = active_timeouts[0];

			remove_active(id);
			all_timeouts[id].indicator = true;
			all_timeouts[id].handler();
			now = GetCurrentTimestamp();
		}
		schedule_alarm(now);
	}
	RESUME_INTERRUPTS();
	errno = save_errno;
}

/* Once per process; a child of fork starts without timeouts. */
void
InitializeTimeouts(void)
{
	struct sigaction act;

	alarm_enabled = false;
	num_active_timeouts = 0;
	memset(all_timeouts, 0, sizeof(all_timeouts));
	initialized = true;
	memset(&act, 0, sizeof(act));
	act.sa_handler = handle_sig_alarm;
	sigemptyset(&act.sa_mask);
	act.sa_flags = SA_RESTART;
	sigaction(SIGALRM, &act, NULL);
}

TimeoutId
RegisterTimeout(TimeoutId id, timeout_handler_proc handler)
{
	Assert(initialized);
	if (id >= USER_TIMEOUT)
	{
		for (id = USER_TIMEOUT; id < MAX_TIMEOUTS; id++)
			if (all_timeouts[id].handler == NULL)
				break;
		if (id >= MAX_TIMEOUTS)
			ereport(FATAL, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			                errmsg("cannot add more timeout reasons")));
	}
	all_timeouts[id].handler = handler;
	return id;
}

void
reschedule_timeouts(void)
{
	if (initialized && num_active_timeouts > 0)
	{
		alarm_enabled = false;
		schedule_alarm(GetCurrentTimestamp());
	}
}

void
enable_timeout_after(TimeoutId id, int delay_ms)
{
	EnableTimeoutParams params = {id, TMPARAM_AFTER, delay_ms, 0};

	enable_timeouts(&params, 1);
}

void
enable_timeout_at(TimeoutId id, TimestampTz fin_time)
{
	EnableTimeoutParams params = {id, TMPARAM_AT, 0, fin_time};

	enable_timeouts(&params, 1);
}

void
enable_timeouts(const EnableTimeoutParams *timeouts, int count)
{
	TimestampTz now = GetCurrentTimestamp();

	alarm_enabled = false;
	for (int i = 0; i < count; i++)
		insert_active(
			timeouts[i].id, now,
			timeouts[i].type == TMPARAM_AFTER
				? TimestampTzPlusMilliseconds(now, timeouts[i].delay_ms)
				: timeouts[i].fin_time);
	schedule_alarm(now);
}

void
disable_timeout(TimeoutId id, bool keep_indicator)
{
	DisableTimeoutParams params = {id, keep_indicator};

	disable_timeouts(&params, 1);
}

void
disable_timeouts(const DisableTimeoutParams *timeouts, int count)
{
	alarm_enabled = false;
	for (int i = 0; i < count; i++)
	{
		remove_active(timeouts[i].id);
		if (!timeouts[i].keep_indicator)
			all_timeouts[timeouts[i].id].indicator = false;
	}
	if (num_active_timeouts > 0)
		schedule_alarm(GetCurrentTimestamp());
}

void
disable_all_timeouts(bool keep_indicators)
{
	alarm_enabled = false;
	for (int id = 0; id < MAX_TIMEOUTS; id++)
	{
		all_timeouts[id].active = false;
		if (!keep_indicators)
			all_timeouts[id].indicator = false;
	}
	num_active_timeouts = 0;
}

bool
get_timeout_active(TimeoutId id)
{
	return all_timeouts[id].active;
}

bool
get_timeout_indicator(TimeoutId id, bool reset_indicator)
{
	bool fired = all_timeouts[id].indicator;

	if (fired && reset_indicator)
		all_timeouts[id].indicator = false;
	return fired;
}

TimestampTz
get_timeout_start_time(TimeoutId id)
{
	return all_timeouts[id].start_time;
}

TimestampTz
get_timeout_finish_time(TimeoutId id)
{
	return all_timeouts[id].fin_time;
}
