/*
 * pg_sema.h
 *		Counting semaphores: unnamed POSIX semaphores in shared memory, one for
 *		each PGPROC.
 *
 * Only LWLocks sleep on them.  Nothing is left behind by a process that dies:
 * an unnamed semaphore is memory and nothing else.
 */
#ifndef PG_SEMA_H
#define PG_SEMA_H

typedef struct PGSemaphoreData *PGSemaphore;

extern Size PGSemaphoreShmemSize(int maxSemas);
extern void PGReserveSemaphores(int maxSemas);

/* One of the reserved semaphores, with count 1.  Postmaster only. */
extern PGSemaphore PGSemaphoreCreate(void);
extern void PGSemaphoreReset(PGSemaphore sema);
extern void PGSemaphoreLock(PGSemaphore sema);
extern void PGSemaphoreUnlock(PGSemaphore sema);
extern bool PGSemaphoreTryLock(PGSemaphore sema);

#endif /* PG_SEMA_H */
