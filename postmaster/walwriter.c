/*
 * walwriter.c
 *		The WAL writer: writes the log out as it fills, so that backends find
 *		little left to write at commit and free pages to insert into; and sees
 *		that asynchronous commits get to disk, within three rounds.
 *
 * When it has found nothing to do for a while it sleeps longer, and whoever
 * commits asynchronously then sets its latch.
 *
 * SIGTERM ends it in order.  It is not needed for what is in the log to be
 * flushed: a process that needs that does it itself.
 *
 * Corresponds to PostgreSQL's walwriter.c.
 */
#include "postgres.h"

#include <signal.h>

#include "access/xlog.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "postmaster/auxprocess.h"
#include "postmaster/interrupt.h"
#include "postmaster/walwriter.h"
#include "storage/bufmgr.h"
#include "storage/condition_variable.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/wait_event.h"

int WalWriterDelay = 200;
int WalWriterFlushAfter = 128;

/* idle rounds before the long sleep, and how much longer that is */
#define LOOPS_UNTIL_HIBERNATE 50
#define HIBERNATE_FACTOR 25
#define ERROR_PAUSE_MS 1000L

/* After an ERROR: as the end of a transaction would do. */
static void
RecoverFromError(MemoryContext context)
{
	error_context_stack = NULL;
	HOLD_INTERRUPTS();
	EmitErrorReport();
	LWLockReleaseAll();
	ConditionVariableCancelSleep();
	pgstat_report_wait_end();
	UnlockBuffers();
	ReleaseAuxProcessResources(false);
	AtEOXact_Files(false);
	MemoryContextSwitchTo(context);
	FlushErrorState();
	MemoryContextReset(context);
	RESUME_INTERRUPTS();
	/* What fails will likely fail again: not in a busy loop. */
	(void) WaitLatch(NULL, WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, ERROR_PAUSE_MS,
	                 WAIT_EVENT_WAL_WRITER_MAIN);
}

static void
ForgetWalWriter(int code, Datum arg)
{
	ProcGlobal->walwriterProc = INVALID_PROC_NUMBER;
}

void
WalWriterMain(void)
{
	sigjmp_buf local_sigjmp_buf;
	MemoryContext walwriter_context;
	volatile int left_till_hibernate = LOOPS_UNTIL_HIBERNATE;
	volatile bool hibernating = false;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGINT, SIG_IGN);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	pqsignal(SIGALRM, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);

	AuxiliaryProcessMainCommon();
	walwriter_context = AllocSetContextCreate(TopMemoryContext, "Wal Writer",
	                                          ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(walwriter_context);
	/* Once: every ERROR leads to the next lines. */
	before_shmem_exit(ForgetWalWriter, 0);
	ProcGlobal->walwriterProc = MyProcNumber;

	if (sigsetjmp(local_sigjmp_buf, 1) != 0)
		RecoverFromError(walwriter_context);
	PG_exception_stack = &local_sigjmp_buf;
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);

	/* An ERROR may have come while it was said to sleep. */
	SetWalWriterSleeping(false);

	for (;;)
	{
		long cur_timeout;

		/*
		 * Said before the latch is reset: whoever commits after that either is
		 * seen by this round or sets the latch.
		 */
		if (hibernating != (left_till_hibernate <= 1))
		{
			hibernating = left_till_hibernate <= 1;
			SetWalWriterSleeping(hibernating);
		}
		ResetLatch(MyLatch);
		HandleMainLoopInterrupts();

		INJECTION_POINT("walwriter-round");
		if (XLogBackgroundFlush())
			left_till_hibernate = LOOPS_UNTIL_HIBERNATE;
		else if (left_till_hibernate > 0)
			left_till_hibernate--;

		cur_timeout = left_till_hibernate > 0
		                  ? WalWriterDelay
		                  : (long) WalWriterDelay * HIBERNATE_FACTOR;
		(void) WaitLatch(MyLatch,
		                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		                 cur_timeout, WAIT_EVENT_WAL_WRITER_MAIN);
	}
}
