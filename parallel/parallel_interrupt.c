/*
 * parallel_interrupt.c
 *		What every process knows of parallel work: whether it is a worker, and
 *		the signal that says that a worker has sent something.
 *
 * Apart from parallel.c, so that who asks needs no more than this.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "miscadmin.h"
#include "parallel/index_build.h"
#include "storage/latch.h"

/* GUC: does the leader of an index build scan and insert too? */
bool parallel_leader_participation = true;

/* -1: not a parallel worker. */
int ParallelWorkerNumber = -1;

/* True while a worker restores its leader's state: some checks are off. */
bool InitializingParallelWorker = false;

/* Set here, read and cleared by ProcessInterrupts. */
volatile sig_atomic_t ParallelMessagePending = false;

/* From the handler of SIGUSR1. */
void
HandleParallelMessageInterrupt(void)
{
	InterruptPending = true;
	ParallelMessagePending = true;
	SetLatch(MyLatch);
}
