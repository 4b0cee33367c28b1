/*
 * startup.c
 *		The start-up process: from what the last life left to a running cluster.
 *
 * After a clean stop the files are the cluster.  After anything else the log is
 * replayed from the last checkpoint: StartupXLOG in access/transam/xlogstart.c.
 *
 * The process runs alone: no backend, no checkpointer, no background writer.
 * What it writes it syncs itself, in the checkpoint that ends recovery.
 *
 * Once the control file says "in production" it exits with 0, whatever signal
 * came: the postmaster then knows that the cluster is open and needs a clean
 * stop.  SIGTERM before that is an exit with 1; the next start begins again.
 *
 * Corresponds to PostgreSQL's startup.c.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "access/xlog.h"
#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "postmaster/startup.h"
#include "storage/ipc.h"
#include "storage/proc.h"
#include "storage/procsignal.h"
#include "tcop/tcopprot.h"
#include "utils/resowner.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

int log_startup_progress_interval = 10000;

static TimestampTz progress_phase_start = 0;
static TimestampTz next_progress_report = 0;

void
begin_startup_progress_phase(void)
{
	progress_phase_start = GetCurrentTimestamp();
	next_progress_report =
		progress_phase_start + (int64) log_startup_progress_interval * 1000;
}

bool
has_startup_progress_timeout_expired(long *secs, int *usecs)
{
	TimestampTz now;

	if (log_startup_progress_interval == 0)
		return false;
	now = GetCurrentTimestamp();
	if (now < next_progress_report)
		return false;
	*secs = (long) ((now - progress_phase_start) / 1000000);
	*usecs = (int) ((now - progress_phase_start) % 1000000);
	next_progress_report = now + (int64) log_startup_progress_interval * 1000;
	return true;
}

void
StartupProcessMain(void)
{
	pqsignal(SIGHUP, SIG_IGN);
	pqsignal(SIGINT, SIG_IGN);
	pqsignal(SIGTERM, die);
	pqsignal(SIGALRM, SIG_IGN);
	pqsignal(SIGPIPE, SIG_IGN);
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	pqsignal(SIGUSR2, SIG_IGN);
	pqsignal(SIGCHLD, SIG_DFL);

	/* replay takes locks and pins buffers as a backend does */
	InitializeTimeouts();
	InitProcess();
	BaseInit();
	InitProcessPhase2();
	CreateAuxProcessResourceOwner();
	CurrentResourceOwner = AuxProcessResourceOwner;
	sigprocmask(SIG_SETMASK, &UnBlockSig, NULL);

	StartupXLOG();
	proc_exit(0);
}
