/*
 * libpq/pqsignal.h
 *		Signal handlers with the semantics of sigaction and SA_RESTART.
 */
#ifndef PQSIGNAL_H
#define PQSIGNAL_H

#include <signal.h>

typedef void (*pqsigfunc)(int signo);

extern sigset_t UnBlockSig; /* nothing blocked */
extern sigset_t BlockSig;   /* all that a process handles */

extern void pqinitmask(void);
extern pqsigfunc pqsignal(int signo, pqsigfunc func);
#define PG_SETMASK(mask) sigprocmask(SIG_SETMASK, mask, NULL)

#endif /* PQSIGNAL_H */
