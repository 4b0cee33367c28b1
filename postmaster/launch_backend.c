/*
 * launch_backend.c
 *		fork, and the first steps of every child.
 *
 * A child is born with all signals blocked, so that no handler of the
 * postmaster's runs in it.  It first lets go of the write end of the
 * death-watch pipe (as long as any child holds it nobody would notice the
 * postmaster's death), then ties its life to the postmaster's, then opens
 * SIGQUIT: a crash reset must reach it even before its main function has set
 * its handlers.
 *
 * Corresponds to PostgreSQL's launch_backend.c and fork_process.c.
 */
#include "postgres.h"

#include <signal.h>
#include <unistd.h>

#include "libpq/pqsignal.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "postmaster/bgwriter.h"
#include "postmaster/interrupt.h"
#include "postmaster/postmaster.h"
#include "postmaster/postmaster_internal.h"
#include "postmaster/startup.h"
#include "postmaster/walwriter.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/* Forks of each kind can be failed by themselves. */
static pid_t
fork_child(BackendType btype)
{
	switch (btype)
	{
		case B_BACKEND:
			return SYS_SITE("fork-backend", sys_fork());
		case B_BG_WORKER:
			return SYS_SITE("fork-worker", sys_fork());
		case B_STARTUP:
			return SYS_SITE("fork-startup", sys_fork());
		default:
			return SYS_SITE("fork-auxiliary", sys_fork());
	}
}

/* -1 with errno, 0 in the child, the child's number in the parent. */
static pid_t
fork_process(BackendType btype)
{
	sigset_t save_mask;
	pid_t result;
	int save_errno;

	/* What is buffered would else be written twice. */
	fflush(NULL);
	sigprocmask(SIG_SETMASK, &BlockSig, &save_mask);
	result = fork_child(btype);
	if (result == 0)
		return 0;
	save_errno = errno;
	sigprocmask(SIG_SETMASK, &save_mask, NULL);
	errno = save_errno;
	return result;
}

const char *
PostmasterChildName(BackendType btype)
{
	switch (btype)
	{
		case B_BACKEND:
			return "server process";
		case B_BG_WORKER:
			return "background worker";
		case B_BG_WRITER:
			return "background writer process";
		case B_CHECKPOINTER:
			return "checkpointer process";
		case B_STARTUP:
			return "startup process";
		case B_WAL_WRITER:
			return "WAL writer process";
		default:
			return "server process";
	}
}

static void
ChildMain(BackendType btype, int child_slot, const ChildStartupData *data)
{
	ClosePostmasterPorts();
	MyBackendType = btype;
	InitPostmasterChild();
	MyPMChildSlot = child_slot;

	pqsignal(SIGQUIT, SignalHandlerForCrashExit);
	sigdelset(&BlockSig, SIGQUIT);
	sigprocmask(SIG_SETMASK, &BlockSig, NULL);

	CurrentMemoryContext = TopMemoryContext;
	if (child_slot != 0)
		INJECTION_POINT("child-started");
	switch (btype)
	{
		case B_BACKEND:
			BackendMain(data->client_sock, data->cac);
		case B_BG_WORKER:
			BackgroundWorkerMain(&data->rw->rw_worker);
		case B_BG_WRITER:
			BackgroundWriterMain();
		case B_CHECKPOINTER:
			CheckpointerMain();
		case B_STARTUP:
			StartupProcessMain();
		case B_WAL_WRITER:
			WalWriterMain();
		default:
			elog(FATAL, "no main function for a process of type %d", btype);
	}
	pg_unreachable();
}

/* The new process's number, or -1 with errno. */
pid_t
PostmasterChildLaunch(PMChild *pmchild, const ChildStartupData *data)
{
	BackendType btype = pmchild->bkend_type;
	int child_slot = pmchild->child_slot;
	pid_t pid;

	INJECTION_POINT_POSTMASTER("child-fork");
	pid = fork_process(btype);
	if (pid == 0)
		ChildMain(btype, child_slot, data);
	INJECTION_POINT_POSTMASTER("child-forked");
	return pid;
}
