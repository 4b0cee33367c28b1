/*
 * globals.c
 *		State of this process that every folder reads: miscadmin.h says what
 *		each variable is.
 */
#include "postgres.h"

#include <time.h>
#include <unistd.h>

#include "common/pg_prng.h"
#include "miscadmin.h"
#include "storage/latch.h"
#include "storage/proc.h"
#include "utils/timestamp.h"

volatile sig_atomic_t InterruptPending = false;
volatile sig_atomic_t QueryCancelPending = false;
volatile sig_atomic_t ProcDiePending = false;
volatile sig_atomic_t IdleInTransactionSessionTimeoutPending = false;
volatile sig_atomic_t ProcSignalBarrierPending = false;
volatile sig_atomic_t ClientConnectionLost = false;
volatile uint32 InterruptHoldoffCount = 0;
volatile uint32 QueryCancelHoldoffCount = 0;
volatile uint32 CritSectionCount = 0;

pid_t PostmasterPid = 0;
bool IsPostmasterEnvironment = false;
bool IsUnderPostmaster = false;
bool IsBackgroundWorker = false;
bool ExitOnAnyError = false;
char *DataDir = NULL;
int data_directory_mode = 0700;

int MaxBackends = 0;
int MaxConnections = 100;
int max_worker_processes = 8;
int max_parallel_workers = 8;
int max_parallel_maintenance_workers = 2;
int work_mem = 4096;
int maintenance_work_mem = 65536;

int MyProcPid = 0;
int64 MyStartTime = 0;
TimestampTz MyStartTimestamp = 0;
struct Port *MyProcPort = NULL;
struct Latch *MyLatch = NULL;
int MyPMChildSlot = 0;
int32 MyCancelKey = 0;
ProcNumber MyProcNumber = INVALID_PROC_NUMBER;
ProcNumber ParallelLeaderProcNumber = INVALID_PROC_NUMBER;
Oid MyDatabaseId = InvalidOid;
Oid MyDatabaseTableSpace = InvalidOid;
BackendType MyBackendType = B_INVALID;

/* The latch before and after the process has a PGPROC. */
static Latch LocalLatchData;

/* After each fork, and at the start of a process that stands alone. */
void
InitProcessGlobals(void)
{
	struct timespec ts;

	MyProcPid = (int) getpid();
	MyStartTimestamp = GetCurrentTimestamp();
	MyStartTime = (int64) time(NULL);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	pg_prng_seed(&pg_global_prng_state,
	             (uint64) MyProcPid ^ ((uint64) MyStartTimestamp << 12) ^
	                 ((uint64) ts.tv_nsec << 32));
}

void
InitProcessLocalLatch(void)
{
	MyLatch = &LocalLatchData;
	InitLatch(MyLatch);
}

/* From the private latch to the one others can set; and back, at exit. */
void
SwitchToSharedLatch(void)
{
	Assert(MyLatch == &LocalLatchData && MyProc != NULL);
	MyLatch = &MyProc->procLatch;
	/* whatever was set on the old one must not be lost */
	SetLatch(MyLatch);
}

void
SwitchBackToLocalLatch(void)
{
	Assert(MyLatch != &LocalLatchData);
	MyLatch = &LocalLatchData;
	SetLatch(MyLatch);
}

void
InitializeMaxBackends(void)
{
	Assert(MaxBackends == 0);
	MaxBackends = MaxConnections + max_worker_processes;
}

const char *
GetBackendTypeDesc(BackendType backendType)
{
	switch (backendType)
	{
		case B_INVALID:
			return "not initialized";
		case B_BACKEND:
			return "client backend";
		case B_BG_WORKER:
			return "background worker";
		case B_BG_WRITER:
			return "background writer";
		case B_CHECKPOINTER:
			return "checkpointer";
		case B_STARTUP:
			return "startup";
		case B_WAL_WRITER:
			return "walwriter";
		case B_LOGGER:
			return "logger";
		case B_POSTMASTER:
			return "postmaster";
	}
	return "unknown process type";
}
