/*
 * ipci.c
 *		All of the main segments: how large, and made in which order.
 *
 * The sizes are computed from the settings alone, so they are the same at a
 * reset after a crash, when the same functions run again on zeroed memory.
 *
 * Corresponds to PostgreSQL's ipci.c.
 */
#include "postgres.h"

#include "access/clog.h"
#include "access/transam.h"
#include "access/xlog.h"
#include "miscadmin.h"
#include "pg_stat_statements.h"
#include "pgstat.h"
#include "postmaster/autovacuum.h"
#include "postmaster/bgworker.h"
#include "postmaster/bgwriter.h"
#include "storage/bufmgr.h"
#include "storage/direct.h"
#include "storage/dsm.h"
#include "storage/indexcache.h"
#include "storage/ipc.h"
#include "storage/lock.h"
#include "storage/lwlock.h"
#include "storage/pg_sema.h"
#include "storage/pmsignal.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "storage/procsignal.h"
#include "storage/shmem.h"
#include "storage/sinvaladt.h"
#include "utils/backend_status.h"
#include "utils/injection_point.h"
#include "utils/trace.h"

/* What allocation rounds up, and what small things take. */
#define SHMEM_SLACK 100000

static Size
CalculatePrivateSize(void)
{
	Size size = SHMEM_SLACK;

	size = add_size(size, LWLockShmemSize());
	size = add_size(size, PGSemaphoreShmemSize(ProcGlobalSemas()));
	size = add_size(size, ProcGlobalShmemSize());
	size = add_size(size, VarsupShmemSize());
	size = add_size(size, XLOGShmemSize());
	size = add_size(size, CLOGShmemSize());
	size = add_size(size, ProcArrayShmemSize());
	size = add_size(size, LockShmemSize());
	size = add_size(size, BackendStatusShmemSize());
	size = add_size(size, PMSignalShmemSize());
	size = add_size(size, ProcSignalShmemSize());
	size = add_size(size, SInvalShmemSize());
	size = add_size(size, BackgroundWorkerShmemSize());
	size = add_size(size, CheckpointerShmemSize());
	size = add_size(size, StatsShmemSize());
	size = add_size(size, DatabaseStatsShmemSize());
	size = add_size(size, AutoVacuumShmemSize());
	size = add_size(size, PgssShmemSize());
	size = add_size(size, BufferShmemSize());
	size = add_size(size, IndexCacheShmemSize());
	return add_size(size, TraceShmemSize());
}

static Size
CalculatePublicSize(void)
{
	Size size = add_size(SHMEM_SLACK, BufferPublicShmemSize());

	size = add_size(size, sizeof(PublicShmemHeader));
	size = add_size(size, IndexCachePublicShmemSize());
	size = add_size(size, ProcArrayPublicShmemSize());
	size = add_size(size, DirectPublicShmemSize());
	return add_size(size, CLOGPublicShmemSize());
}

/*
 * Make the segments (once), then everything in them.  At a reset the segments
 * are there, and are zeroed.
 */
void
CreateSharedMemoryAndSemaphores(void)
{
	Assert(!IsUnderPostmaster);

	if (!PGSharedMemoryIsAttached())
		PGSharedMemoryCreate(CalculatePrivateSize(), CalculatePublicSize());
	InitShmemAllocation();

	/* Locks first: everything else takes some. */
	CreateLWLocks();
	InjectionPointShmemInit();
	PGReserveSemaphores(ProcGlobalSemas());
	VarsupShmemInit();
	XLOGShmemInit();
	CLOGShmemInit();
	InitProcGlobal();
	CreateSharedProcArray();
	InitLocks();
	CreateSharedBackendStatus();
	PMSignalShmemInit();
	ProcSignalShmemInit();
	CreateSharedInvalidationState();
	BackgroundWorkerShmemInit();
	CheckpointerShmemInit();
	StatsShmemInit();
	DatabaseStatsShmemInit();
	AutoVacuumShmemInit();
	PgssShmemInit();
	InitBufferPool();
	IndexCacheShmemInit();
	DirectShmemInit();
	TraceShmemInit();
}
