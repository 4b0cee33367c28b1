/*
 * parallel_interrupt.c
 *		The signal that says that a parallel worker has sent something.
 *
 * Apart from parallel.c, as every process with a signal handler needs it.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "miscadmin.h"
#include "storage/latch.h"

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
