/*
 * interrupts.c
 *		What a process does when it is asked to stop, and the handlers that ask.
 *
 * A handler sets a flag and the latch; the work is done at the next
 * CHECK_FOR_INTERRUPTS, in this order: end of the process, lost client, cancel
 * (the earliest of the timeouts that fired gives the text), idle transaction,
 * shared invalidations, messages of parallel workers.  While interrupts are
 * held off or a critical section is open all flags stay for later.
 *
 * SIGQUIT is different: the postmaster sends it when shared memory may be
 * damaged or no time is left, so its handler ends the process itself, touching
 * nothing shared.
 *
 * Corresponds to the part of PostgreSQL's postgres.c with the same functions.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "access/parallel.h"
#include "libpq/attach_be.h"
#include "libpq/libpq-be.h"
#include "libpq/ring.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/autovacuum.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/sinval.h"
#include "tcop/direct.h"
#include "tcop/interrupts.h"
#include "tcop/tcopprot.h"
#include "utils/timeout.h"

bool DoingCommandRead = false;

static void ask(volatile sig_atomic_t *flag);

static void
process_die(void)
{
	ProcDiePending = false;
	QueryCancelPending = false; /* the end is more than a cancel */
	LockErrorCleanup();
	pgStatSessionEndCause = DISCONNECT_KILLED;
	if (ClientAuthInProgress && get_timeout_indicator(STATEMENT_TIMEOUT, true))
		ereport(FATAL, (errcode(ERRCODE_QUERY_CANCELED),
		                errmsg("canceling authentication due to timeout")));
	if (AmAutoVacuumWorkerProcess())
		ereport(FATAL, (errcode(ERRCODE_ADMIN_SHUTDOWN),
		                errmsg("terminating autovacuum process due to "
		                       "administrator command")));
	if (IsBackgroundWorker)
		ereport(FATAL, (errcode(ERRCODE_ADMIN_SHUTDOWN),
		                errmsg("terminating background worker \"%s\" due to "
		                       "administrator command",
		                       IsParallelWorker() ? "parallel worker"
		                                          : "background worker")));
	ereport(FATAL, (errcode(ERRCODE_ADMIN_SHUTDOWN),
	                errmsg("terminating connection due to administrator "
	                       "command")));
}

static void
process_cancel(void)
{
	bool lock_timeout;
	bool statement_timeout;

	QueryCancelPending = false;
	lock_timeout = get_timeout_indicator(LOCK_TIMEOUT, true);
	statement_timeout = get_timeout_indicator(STATEMENT_TIMEOUT, true);
	/* Both fired: the one that was due first is the reason. */
	if (lock_timeout && statement_timeout &&
	    get_timeout_finish_time(STATEMENT_TIMEOUT) <
	        get_timeout_finish_time(LOCK_TIMEOUT))
		lock_timeout = false;
	if (lock_timeout)
	{
		LockErrorCleanup();
		ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
		                errmsg("canceling statement due to lock timeout")));
	}
	if (statement_timeout)
	{
		LockErrorCleanup();
		ereport(ERROR,
		        (errcode(ERRCODE_QUERY_CANCELED),
		         errmsg("canceling statement due to statement timeout")));
	}
	if (AmAutoVacuumWorkerProcess())
	{
		LockErrorCleanup();
		ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED),
		                errmsg("canceling autovacuum task")));
	}
	/* Between statements there is nothing to cancel. */
	if (!DoingCommandRead)
	{
		LockErrorCleanup();
		ereport(ERROR, (errcode(ERRCODE_QUERY_CANCELED),
		                errmsg("canceling statement due to user request")));
	}
	DirectSearchNoteCancel();
}

void
ProcessInterrupts(void)
{
	if (InterruptHoldoffCount != 0 || CritSectionCount != 0)
		return;
	InterruptPending = false;
	if (ProcDiePending)
		process_die();
	if (CheckClientConnectionPending)
	{
		CheckClientConnectionPending = false;
		/* Reading the next message notices by itself. */
		if (!DoingCommandRead && client_connection_check_interval > 0)
		{
			if (!pq_check_connection())
				ClientConnectionLost = true;
			else
				enable_timeout_after(CLIENT_CONNECTION_CHECK_TIMEOUT,
				                     client_connection_check_interval);
		}
	}
	if (ClientConnectionLost)
	{
		QueryCancelPending = false;
		LockErrorCleanup();
		/* Nobody is there to be told. */
		send_message_to_frontend_hook = NULL;
		ereport(FATAL, (errcode(ERRCODE_CONNECTION_FAILURE),
		                errmsg("connection to client lost")));
	}
	if (QueryCancelPending && QueryCancelHoldoffCount != 0)
		InterruptPending = true; /* later */
	else if (QueryCancelPending)
		process_cancel();
	if (IdleInTransactionSessionTimeoutPending)
	{
		IdleInTransactionSessionTimeoutPending = false;
		if (IdleInTransactionSessionTimeout > 0)
			ereport(FATAL,
			        (errcode(ERRCODE_IDLE_IN_TRANSACTION_SESSION_TIMEOUT),
			         errmsg("terminating connection due to "
			                "idle-in-transaction timeout")));
	}
	if (IdleSessionTimeoutPending)
	{
		IdleSessionTimeoutPending = false;
		if (IdleSessionTimeout > 0)
			ereport(FATAL, (errcode(ERRCODE_IDLE_SESSION_TIMEOUT),
			                errmsg("terminating connection due to idle-session "
			                       "timeout")));
	}
	if (ParallelMessagePending)
		ProcessParallelMessages();
}

/*
 * Only here is it sure that nobody holds on to a cached descriptor: messages
 * of the invalidation queue are read, so that an idle session does not hold up
 * the queue.
 */
void
ProcessClientReadInterrupt(void)
{
	int save_errno = errno;

	CHECK_FOR_INTERRUPTS();
	if (DoingCommandRead)
	{
		/* between statements it is meant for what the client does itself */
		if (QueryCancelPending && MyDirectSearch.search != 0)
		{
			QueryCancelPending = false;
			DirectCancelPending = true;
		}
		ProcessDirectInterrupts();
	}
	if (DoingCommandRead && catchupInterruptPending)
		ProcessCatchupInterrupt();
	errno = save_errno;
}

/* ---- timeouts ---- */

static void
StatementTimeoutHandler(void)
{
	/* no statement before the client is in: it has taken too long */
	ask(ClientAuthInProgress ? &ProcDiePending : &QueryCancelPending);
}

static void
IdleInTransactionSessionTimeoutHandler(void)
{
	ask(&IdleInTransactionSessionTimeoutPending);
}

static void
IdleSessionTimeoutHandler(void)
{
	ask(&IdleSessionTimeoutPending);
}

static void
ClientCheckTimeoutHandler(void)
{
	ask(&CheckClientConnectionPending);
}

void
RegisterSessionTimeouts(void)
{
	RegisterTimeout(DEADLOCK_TIMEOUT, CheckDeadLockAlert);
	RegisterTimeout(STATEMENT_TIMEOUT, StatementTimeoutHandler);
	RegisterTimeout(LOCK_TIMEOUT, StatementTimeoutHandler);
	RegisterTimeout(IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
	                IdleInTransactionSessionTimeoutHandler);
	RegisterTimeout(IDLE_SESSION_TIMEOUT, IdleSessionTimeoutHandler);
	RegisterTimeout(CLIENT_CONNECTION_CHECK_TIMEOUT, ClientCheckTimeoutHandler);
	RegisterTimeout(DIRECT_READER_TIMEOUT, DirectTimeoutHandler);
}

/* ---- handlers ---- */

static void
ask(volatile sig_atomic_t *flag)
{
	int save_errno = errno;

	if (!proc_exit_inprogress)
	{
		InterruptPending = true;
		*flag = true;
	}
	SetLatch(MyLatch);
	errno = save_errno;
}

void
die(int signo)
{
	ask(&ProcDiePending);
}

void
StatementCancelHandler(int signo)
{
	ask(&QueryCancelPending);
}

void
quickdie(int signo)
{
	sigset_t all;

	/* No second one, and no other handler either. */
	sigfillset(&all);
	sigdelset(&all, SIGBUS); /* the client may have taken its rings away */
	(void) sigprocmask(SIG_SETMASK, &all, NULL);
	HOLD_INTERRUPTS();
	error_context_stack = NULL;
	switch (GetQuitSignalReason())
	{
		case PMQUIT_NOT_SENT:
			ereport(WARNING,
			        (errcode(ERRCODE_ADMIN_SHUTDOWN),
			         errmsg("terminating connection because of unexpected "
			                "SIGQUIT signal")));
			break;
		case PMQUIT_FOR_CRASH:
			PqRingFarewell(RING_FAREWELL_CRASH);
			ereport(WARNING_CLIENT_ONLY,
			        (errcode(ERRCODE_CRASH_SHUTDOWN),
			         errmsg("terminating connection because of crash of "
			                "another server process"),
			         errdetail("The postmaster has commanded this server "
			                   "process to roll back the current transaction "
			                   "and exit, because another server process "
			                   "exited abnormally and possibly corrupted "
			                   "shared memory."),
			         errhint("In a moment you should be able to reconnect to "
			                 "the database and repeat your command.")));
			break;
		case PMQUIT_FOR_STOP:
			PqRingFarewell(RING_FAREWELL_STOP);
			ereport(WARNING_CLIENT_ONLY,
			        (errcode(ERRCODE_ADMIN_SHUTDOWN),
			         errmsg("terminating connection due to immediate shutdown "
			                "command")));
			break;
	}
	/* No exit callback may run: they touch shared memory. */
	_exit(2);
}
