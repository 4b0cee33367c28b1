/*
 * signalfuncs.c
 *		Functions that signal other processes, and pg_sleep.
 *
 * A signal goes only to a process id that the table of backends shows: ids are
 * reused, and the caller may name any.  Between the look and the signal the
 * process may end; whoever has its id then is a process that was started in
 * that instant, a risk that PostgreSQL takes too.
 *
 * Corresponds to PostgreSQL's storage/ipc/signalfuncs.c.
 */
#include "postgres.h"

#include <errno.h>
#include <signal.h>
#include <sys/types.h>

#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/acl.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

/* A wait is at most this long before its reason is looked at again. */
#define TERMINATION_RECHECK_MS 100

Datum
pg_backend_pid(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(MyProcPid);
}

/*
 * A session or a background worker, not one of the server's own processes; whose
 * it is.
 */
static bool
is_backend_pid(int pid, Oid *userid)
{
	PgBackendStatus *status = palloc(sizeof(PgBackendStatus));
	bool found = false;

	for (int i = 0; pid > 0 && !found && i < MaxBackends; i++)
		found = pgstat_read_backend(i, status) && status->st_procpid == pid &&
		        (status->st_backendType == B_BACKEND ||
		         status->st_backendType == B_BG_WORKER);
	*userid = found ? status->st_userid : InvalidOid;
	pfree(status);
	return found;
}

/* A process of nobody's, as an autovacuum worker is, is a superuser's. */
static void
check_may_signal(Oid userid, const char *what)
{
	if (!superuser() && (!OidIsValid(userid) || superuser_arg(userid)))
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		         errmsg("must be a superuser to %s superuser %s", what,
		                strcmp(what, "cancel") == 0 ? "query" : "process")));
	if (!has_privs_of_role(GetUserId(), userid) &&
	    !has_privs_of_role(GetUserId(), ROLE_PG_SIGNAL_BACKEND))
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		         errmsg("must be a member of the role whose %s or member of "
		                "pg_signal_backend",
		                strcmp(what, "cancel") == 0
		                    ? "query is being canceled"
		                    : "process is being terminated")));
}

static bool
signal_backend(int pid, int sig)
{
	Oid userid;

	if (!is_backend_pid(pid, &userid))
	{
		ereport(WARNING,
		        (errmsg("PID %d is not a PostgreSQL backend process", pid)));
		return false;
	}
	check_may_signal(userid, sig == SIGINT ? "cancel" : "terminate");
	if (kill(pid, sig) != 0)
	{
		ereport(WARNING,
		        (errmsg("could not send signal to process %d: %m", pid)));
		return false;
	}
	return true;
}

Datum
pg_cancel_backend(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(signal_backend(PG_GETARG_INT32(0), SIGINT));
}

static void
wait_interruptibly(long timeout_ms, uint32 wait_event)
{
	(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
	                 timeout_ms, wait_event);
	ResetLatch(MyLatch);
	CHECK_FOR_INTERRUPTS();
}

static bool
wait_for_exit(int pid, int64 timeout_ms)
{
	TimestampTz end = GetCurrentTimestamp() + timeout_ms * 1000;

	for (;;)
	{
		int64 left = (end - GetCurrentTimestamp()) / 1000;

		if (kill(pid, 0) != 0)
		{
			if (errno == ESRCH)
				return true;
			ereport(ERROR,
			        (errcode(ERRCODE_INTERNAL_ERROR),
			         errmsg("could not check the existence of the backend "
			                "with PID %d: %m",
			                pid)));
		}
		if (left <= 0)
			break;
		wait_interruptibly((long) Min(left, TERMINATION_RECHECK_MS),
		                   WAIT_EVENT_BACKEND_TERMINATION);
	}
	ereport(
		WARNING,
		(errmsg_plural(
			"backend with PID %d did not terminate within %lld millisecond",
			"backend with PID %d did not terminate within %lld milliseconds",
			(unsigned long) timeout_ms, pid, (long long) timeout_ms)));
	return false;
}

/* (pid, timeout in ms; 0: do not wait) */
Datum
pg_terminate_backend(PG_FUNCTION_ARGS)
{
	int pid = PG_GETARG_INT32(0);
	int64 timeout_ms = PG_GETARG_INT64(1);

	if (timeout_ms < 0)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
		                errmsg("\"timeout\" must not be negative")));
	if (!signal_backend(pid, SIGTERM))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(timeout_ms == 0 || wait_for_exit(pid, timeout_ms));
}

/* (pid) */
Datum
pg_terminate_backend_nowait(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(signal_backend(PG_GETARG_INT32(0), SIGTERM));
}

Datum
pg_reload_conf(PG_FUNCTION_ARGS)
{
	if (kill(PostmasterPid, SIGHUP) != 0)
	{
		ereport(WARNING, (errmsg("failed to send signal to postmaster: %m")));
		PG_RETURN_BOOL(false);
	}
	PG_RETURN_BOOL(true);
}

/* Seconds; a negative number is none. */
Datum
pg_sleep(PG_FUNCTION_ARGS)
{
	float8 secs = PG_GETARG_FLOAT8(0);
	TimestampTz end;

	/* NaN too; an endless sleep is one that only an interrupt ends */
	if (!(secs > 0))
		PG_RETURN_VOID();
	end = secs > 1e9 ? DT_NOEND
	                 : GetCurrentTimestamp() + (int64) (secs * 1000000.0);
	for (;;)
	{
		int64 left = end - GetCurrentTimestamp();

		if (left <= 0)
			break;
		/* rounded up, so that it is not called again for the last part */
		wait_interruptibly((long) Min((left + 999) / 1000, 600000),
		                   WAIT_EVENT_PG_SLEEP);
	}
	PG_RETURN_VOID();
}
