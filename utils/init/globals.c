/*
 * globals.c
 *		Variables that say who this process is and what it was asked to stop.
 *
 * Corresponds to PostgreSQL's globals.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "tcop/tcopprot.h"

/* Set by signal handlers, acted upon by ProcessInterrupts. */
volatile sig_atomic_t InterruptPending = false;
volatile sig_atomic_t QueryCancelPending = false;
volatile sig_atomic_t ProcDiePending = false;
volatile sig_atomic_t IdleInTransactionSessionTimeoutPending = false;
volatile sig_atomic_t IdleSessionTimeoutPending = false;
volatile sig_atomic_t CheckClientConnectionPending = false;
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

int MyProcPid = 0;
int64 MyStartTime = 0;
TimestampTz MyStartTimestamp = 0;
struct Port *MyProcPort = NULL;
struct Latch *MyLatch = NULL;
int MyPMChildSlot = 0;
int32 MyCancelKey = 0;
Oid MyDatabaseId = InvalidOid;
Oid MyDatabaseTableSpace = InvalidOid;
BackendType MyBackendType = B_INVALID;

/* The client's statement that is being run. */
const char *debug_query_string = NULL;

PG_PER_THREAD int work_mem = 4096;
int maintenance_work_mem = 65536;
int max_parallel_maintenance_workers = 2;

ProcNumber MyProcNumber = INVALID_PROC_NUMBER;
/* of a parallel worker: its leader */
ProcNumber ParallelLeaderProcNumber = INVALID_PROC_NUMBER;
