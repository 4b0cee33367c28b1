/*
 * unit_memory.c
 *		The part of the server's shared memory that locks need (unit.h).
 */
#include "postgres.h"

#include <unistd.h>

#include "miscadmin.h"
#include "storage/lock.h"
#include "storage/lwlock.h"
#include "storage/pg_sema.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "unit.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

void
unit_make_lock_memory(Size (*more)(void))
{
	Size size = 1024 * 1024;

	MyProcPid = (int) getpid();
	MemoryContextInit();
	MaxConnections = 20;
	max_worker_processes = 4;
	InitializeMaxBackends();
	size = add_size(size, LWLockShmemSize());
	size = add_size(size, PGSemaphoreShmemSize(ProcGlobalSemas()));
	size = add_size(size, ProcGlobalShmemSize());
	size = add_size(size, LockShmemSize());
	if (more)
		size = add_size(size, more());
	PGSharedMemoryCreate(size, 8192);
	InitShmemAllocation();
	CreateLWLocks();
	PGReserveSemaphores(ProcGlobalSemas());
	InitProcGlobal();
	InitLocks();
}

/* Free chunks are kept by size, so each size has to be used up. */
void
unit_exhaust(MemoryContext context)
{
	char action[64];

	snprintf(action, sizeof(action), "errno:ENOMEM,pid=%d", MyProcPid);
	InjectionPointAttach("sys-malloc", action);
	for (Size size = ALLOCSET_DEFAULT_MAXSIZE; size >= 8; size /= 2)
		while (MemoryContextAllocExtended(context, size, MCXT_ALLOC_NO_OOM))
			;
}

void
unit_replenish(void)
{
	(void) InjectionPointDetach("sys-malloc");
}
