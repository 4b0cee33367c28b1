/*
 * procsignal.h
 *		SIGUSR1 between server processes, with reasons.
 */
#ifndef PROCSIGNAL_H
#define PROCSIGNAL_H

#include "storage/procnumber.h"

typedef enum
{
	PROCSIG_CATCHUP_INTERRUPT, /* read shared invalidation messages */
	PROCSIG_PARALLEL_MESSAGE,  /* a parallel worker sent something */
	PROCSIG_DIRECT_CONFLICT,   /* somebody waits for a direct search's locks */
	NUM_PROCSIGNALS
} ProcSignalReason;

extern Size ProcSignalShmemSize(void);
extern void ProcSignalShmemInit(void);

/* The slot is that of MyProcNumber; freed at exit. */
extern void ProcSignalInit(int32 cancel_key);

/* 0, or -1 with errno ESRCH if there is no such process. */
extern int
SendProcSignal(pid_t pid, ProcSignalReason reason, ProcNumber procNumber);

/* SIGINT to the process if pid and key match. */
extern void SendCancelRequest(int backendPID, int32 cancelAuthCode);

extern void procsignal_sigusr1_handler(int postgres_signal_arg);

#endif /* PROCSIGNAL_H */
