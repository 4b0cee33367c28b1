/*
 * interrupt.c
 *		Signal handlers of the processes that serve no client.
 */
#include "postgres.h"

#include <unistd.h>

#include "miscadmin.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/guc.h"

volatile sig_atomic_t ConfigReloadPending = false;
volatile sig_atomic_t ShutdownRequestPending = false;

void
HandleMainLoopInterrupts(void)
{
	if (ConfigReloadPending)
	{
		ConfigReloadPending = false;
		(void) ProcessConfigFile(PGC_SIGHUP);
	}
	if (ShutdownRequestPending)
		proc_exit(0);
}

void
SignalHandlerForConfigReload(int signo)
{
	ConfigReloadPending = true;
	SetLatch(MyLatch);
}

/*
 * SIGQUIT: shared memory may be damaged, so nothing of it may be touched on the
 * way out, not even to tidy up.
 */
void
SignalHandlerForCrashExit(int signo)
{
	_exit(EXIT_STATUS_CRASH);
}

void
SignalHandlerForShutdownRequest(int signo)
{
	ShutdownRequestPending = true;
	SetLatch(MyLatch);
}
