/*
 * pqsignal.c
 *		Handlers of signals.
 *
 * All handlers run inside one wrapper: it keeps errno, which a handler between
 * a failed system call and its report would change, and it sends the signals of
 * a forked child that is about to exec back to their defaults: shared memory
 * that such a child inherited is not its own to signal about.
 */
#include "postgres.h"

#include <unistd.h>

#include "libpq/pqsignal.h"
#include "miscadmin.h"

#define NUM_SIGNALS 65

sigset_t UnBlockSig; /* but for SIGURG, which is read through a signalfd */
sigset_t BlockSig;

/* By signal number; SIG_DFL and SIG_IGN are not kept here. */
static volatile pqsigfunc handlers[NUM_SIGNALS];

static void
wrapper_handler(int signo)
{
	int save_errno = errno;

	if (unlikely(MyProcPid != (int) getpid()))
	{
		pqsignal(signo, SIG_DFL);
		raise(signo);
		return;
	}
	handlers[signo](signo);
	errno = save_errno;
}

void
pqinitmask(void)
{
	static const int never[] = {SIGTRAP, SIGABRT, SIGILL, SIGFPE,
	                            SIGSEGV, SIGBUS,  SIGSYS, SIGCONT};
	int i;

	sigemptyset(&UnBlockSig);
	sigaddset(&UnBlockSig, SIGURG);

	/* What says that the process is broken is never blocked. */
	sigfillset(&BlockSig);
	for (i = 0; i < (int) lengthof(never); i++)
		sigdelset(&BlockSig, never[i]);
}

pqsigfunc
pqsignal(int signo, pqsigfunc func)
{
	struct sigaction act;
	struct sigaction oact;
	pqsigfunc old;
	bool wrap = func != SIG_IGN && func != SIG_DFL;

	Assert(signo > 0 && signo < NUM_SIGNALS);
	old = handlers[signo];
	if (wrap)
		handlers[signo] = func;

	memset(&act, 0, sizeof(act));
	act.sa_handler = wrap ? wrapper_handler : func;
	sigemptyset(&act.sa_mask);
	act.sa_flags = SA_RESTART;
	if (signo == SIGCHLD)
		act.sa_flags |= SA_NOCLDSTOP;
	if (sigaction(signo, &act, &oact) < 0)
		return SIG_ERR;
	return oact.sa_handler == wrapper_handler ? old : oact.sa_handler;
}
