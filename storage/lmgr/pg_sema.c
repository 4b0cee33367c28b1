/*
 * pg_sema.c
 *		Semaphores for sleeping on LWLocks: unnamed POSIX semaphores in the main
 *		shared segment.
 *
 * sem_wait is a futex in the same memory: it costs no system call when the
 * count is positive, and there is nothing to remove after a crash, as there
 * would be with System V semaphores.
 *
 * Only this file calls sem_wait.  The wait is not interruptible; handlers of
 * signals run, and the wait goes on.  A killed postmaster takes its children
 * along (PR_SET_PDEATHSIG), so no death watch is needed here.
 *
 * A semaphore that fails is damaged memory, and who waits or wakes is in the
 * middle of a wait list: that is PANIC, as an orderly exit would take locks.
 *
 * Corresponds to PostgreSQL's port/posix_sema.c, where it is FATAL.
 */
#include "postgres.h"

#include <errno.h>
#include <semaphore.h>

#include "miscadmin.h"
#include "port/sys.h"
#include "storage/pg_sema.h"
#include "storage/shmem.h"
#include "utils/injection_step.h"

/* One per cache line pair: neighbours are posted by different processes. */
struct PGSemaphoreData
{
	union
	{
		sem_t sem; /* [A] */
		char pad[128];
	} u;
};

/* The array (the same address everywhere) and how far it is used. */
static PGSemaphore sharedSemas = NULL;
static int numSems = 0;
static int maxSems = 0;

/* Size of the array in shared memory. */
Size
PGSemaphoreShmemSize(int maxSemas)
{
	return add_size(mul_size(maxSemas, sizeof(struct PGSemaphoreData)), 128);
}

/*
 * Reserve the array.  Runs again at a reset after a crash: what was there is
 * simply overwritten.
 */
void
PGReserveSemaphores(int maxSemas)
{
	Assert(!IsUnderPostmaster);

	sharedSemas = (PGSemaphore) TYPEALIGN(
		128, ShmemAlloc(PGSemaphoreShmemSize(maxSemas)));
	numSems = 0;
	maxSems = maxSemas;
}

PGSemaphore
PGSemaphoreCreate(void)
{
	PGSemaphore sema;

	Assert(!IsUnderPostmaster);
	if (numSems >= maxSems)
		elog(PANIC, "too many semaphores created");

	sema = &sharedSemas[numSems++];
	if (sys_sem_init(&sema->u.sem, 1, 1) < 0)
		elog(FATAL, "sem_init failed: %m");
	return sema;
}

/* Set the count to 0.  Nobody waits. */
void
PGSemaphoreReset(PGSemaphore sema)
{
	while (sys_sem_trywait(&sema->u.sem) == 0 || errno == EINTR)
		;
	if (errno != EAGAIN)
		elog(FATAL, "sem_trywait failed: %m");
}

static bool
can_be_locked(void *arg)
{
	int value = 0;

	return sem_getvalue(&((PGSemaphore) arg)->u.sem, &value) == 0 && value > 0;
}

void
PGSemaphoreLock(PGSemaphore sema)
{
	if (unlikely(injection_step_active))
		InjectionStepSleep("sem-wait", can_be_locked, sema);
	while (sys_sem_wait(&sema->u.sem) < 0)
	{
		if (errno != EINTR)
			elog(PANIC, "sem_wait failed: %m");
	}
}

void
PGSemaphoreUnlock(PGSemaphore sema)
{
	while (sys_sem_post(&sema->u.sem) < 0)
	{
		if (errno != EINTR)
			elog(PANIC, "sem_post failed: %m");
	}
}

bool
PGSemaphoreTryLock(PGSemaphore sema)
{
	while (sys_sem_trywait(&sema->u.sem) < 0)
	{
		if (errno == EAGAIN)
			return false;
		if (errno != EINTR)
			elog(FATAL, "sem_trywait failed: %m");
	}
	return true;
}
