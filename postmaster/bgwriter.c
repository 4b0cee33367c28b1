/*
 * bgwriter.c
 *		The background writer: keeps ahead of the clock hand with clean buffers,
 *		so that backends seldom have to write one to get it.
 *
 * When nothing is allocated for two rounds it sleeps longer, and whoever takes
 * a buffer then sets its latch.
 *
 * SIGTERM ends it in order; it holds nothing that must be written.
 *
 * Corresponds to PostgreSQL's bgwriter.c.
 */
#include "postgres.h"

#include <signal.h>

#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "postmaster/auxprocess.h"
#include "postmaster/bgwriter.h"
#include "postmaster/interrupt.h"
#include "storage/buf_internals.h"
#include "storage/bufmgr.h"
#include "storage/condition_variable.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "storage/smgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/wait_event.h"

#define HIBERNATE_FACTOR 50
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
	AbortBufferIO();
	UnlockBuffers();
	ReleaseAuxProcessResources(false);
	AtEOXact_Buffers(false);
	AtEOXact_SMgr();
	AtEOXact_Files(false);
	MemoryContextSwitchTo(context);
	FlushErrorState();
	MemoryContextReset(context);
	smgrcloseall();
	RESUME_INTERRUPTS();
	/* What fails will likely fail again: not in a busy loop. */
	(void) WaitLatch(NULL, WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, ERROR_PAUSE_MS,
	                 WAIT_EVENT_BGWRITER_MAIN);
}

void
BackgroundWriterMain(void)
{
	sigjmp_buf local_sigjmp_buf;
	MemoryContext bgwriter_context;
	bool prev_hibernate = false;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGINT, SIG_IGN);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	pqsignal(SIGALRM, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);

	AuxiliaryProcessMainCommon();
	bgwriter_context = AllocSetContextCreate(
		TopMemoryContext, "Background Writer", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(bgwriter_context);

	if (sigsetjmp(local_sigjmp_buf, 1) != 0)
		RecoverFromError(bgwriter_context);
	PG_exception_stack = &local_sigjmp_buf;
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);

	for (;;)
	{
		bool can_hibernate;
		int rc;

		ResetLatch(MyLatch);
		HandleMainLoopInterrupts();
		INJECTION_POINT("bgwriter-round");
		can_hibernate = BgBufferSync();

		rc = WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
		               BgWriterDelay, WAIT_EVENT_BGWRITER_MAIN);
		if (rc == WL_TIMEOUT && can_hibernate && prev_hibernate)
		{
			StrategyNotifyBgWriter(MyProcNumber);
			(void) WaitLatch(MyLatch,
			                 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
			                 BgWriterDelay * HIBERNATE_FACTOR,
			                 WAIT_EVENT_BGWRITER_HIBERNATE);
			StrategyNotifyBgWriter(-1);
		}
		prev_hibernate = can_hibernate;
	}
}
