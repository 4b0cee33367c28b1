/*
 * postmaster/interrupt.h
 *		Signal handlers and the check of the main loop that most of the
 *		postmaster's children share.
 */
#ifndef POSTMASTER_INTERRUPT_H
#define POSTMASTER_INTERRUPT_H

#include <signal.h>

extern volatile sig_atomic_t ConfigReloadPending;
extern volatile sig_atomic_t ShutdownRequestPending;

/* Act on the flags above; exits with 0 when asked to end. */
extern void HandleMainLoopInterrupts(void);

extern void SignalHandlerForConfigReload(int signo);
extern void SignalHandlerForCrashExit(int signo);
extern void SignalHandlerForShutdownRequest(int signo);

#endif /* POSTMASTER_INTERRUPT_H */
