/*
 * miscadmin.h
 *		State of this process: who it is, its interrupts, its directory.
 *
 * Interrupts.  Signal handlers only set flags; the work is done at
 * CHECK_FOR_INTERRUPTS(), which does nothing while interrupts are held off or a
 * critical section is open.
 */
#ifndef MISCADMIN_H
#define MISCADMIN_H

#include <signal.h>

#include "storage/procnumber.h"

extern volatile sig_atomic_t InterruptPending;
extern volatile sig_atomic_t QueryCancelPending;
extern volatile sig_atomic_t ProcDiePending;
extern volatile sig_atomic_t IdleInTransactionSessionTimeoutPending;
extern volatile sig_atomic_t IdleSessionTimeoutPending;
extern volatile sig_atomic_t CheckClientConnectionPending;
extern volatile sig_atomic_t ClientConnectionLost;
extern volatile uint32 InterruptHoldoffCount;
extern volatile uint32 QueryCancelHoldoffCount;
extern volatile uint32 CritSectionCount;

extern void ProcessInterrupts(void);

#ifdef TUSK_CLIENT
/* A thread of a client: cancelled, or cut off?  It looks now and then. */
extern PG_PER_THREAD int InterruptCountdown;
#define INTERRUPTS_PENDING_CONDITION() (unlikely(--InterruptCountdown < 0))
#else
#define INTERRUPTS_PENDING_CONDITION() (unlikely(InterruptPending))
#endif
#define CHECK_FOR_INTERRUPTS()              \
	do                                      \
	{                                       \
		if (INTERRUPTS_PENDING_CONDITION()) \
			ProcessInterrupts();            \
	} while (0)
#define INTERRUPTS_CAN_BE_PROCESSED()                       \
	(InterruptHoldoffCount == 0 && CritSectionCount == 0 && \
	 QueryCancelHoldoffCount == 0)
#define HOLD_INTERRUPTS() (InterruptHoldoffCount++)
#define RESUME_INTERRUPTS()                \
	do                                     \
	{                                      \
		Assert(InterruptHoldoffCount > 0); \
		InterruptHoldoffCount--;           \
	} while (0)
#define HOLD_CANCEL_INTERRUPTS() (QueryCancelHoldoffCount++)
#define RESUME_CANCEL_INTERRUPTS()           \
	do                                       \
	{                                        \
		Assert(QueryCancelHoldoffCount > 0); \
		QueryCancelHoldoffCount--;           \
	} while (0)
/* Between these an ERROR is a PANIC. */
#define START_CRIT_SECTION() (CritSectionCount++)
#define END_CRIT_SECTION()            \
	do                                \
	{                                 \
		Assert(CritSectionCount > 0); \
		CritSectionCount--;           \
	} while (0)

extern pid_t PostmasterPid;
extern bool IsPostmasterEnvironment;
extern bool IsUnderPostmaster;
extern bool IsBackgroundWorker;
extern bool ExitOnAnyError;
extern char *DataDir;
extern int data_directory_mode;

extern PG_PER_THREAD int NBuffers;
extern int MaxBackends;
extern int MaxConnections;
extern int max_worker_processes;
extern int max_parallel_workers;

extern int MyProcPid;
extern int64 MyStartTime; /* seconds since 1970 */
extern TimestampTz MyStartTimestamp;
extern struct Port *MyProcPort;
extern struct Latch *MyLatch;
extern int MyPMChildSlot;
extern int32 MyCancelKey;
extern Oid MyDatabaseId;
extern Oid MyDatabaseTableSpace;

extern PG_PER_THREAD int work_mem; /* kB */
extern int maintenance_work_mem;   /* kB */
extern int max_parallel_maintenance_workers;

typedef enum BackendType
{
	B_INVALID = 0,
	B_BACKEND,
	B_BG_WORKER,
	B_BG_WRITER,
	B_CHECKPOINTER,
	B_STARTUP,
	B_WAL_WRITER,
	B_LOGGER,
	B_POSTMASTER
} BackendType;

extern BackendType MyBackendType;
extern const char *GetBackendTypeDesc(BackendType backendType);
#define AmCheckpointerProcess() (MyBackendType == B_CHECKPOINTER)
#define AmBackgroundWriterProcess() (MyBackendType == B_BG_WRITER)
#define AmStartupProcess() (MyBackendType == B_STARTUP)

/* At the start of every process, the postmaster's children after the fork. */
extern void InitProcessGlobals(void);
extern void InitProcessLocalLatch(void);
extern void InitPostmasterChild(void);
extern void SwitchToSharedLatch(void);
extern void SwitchBackToLocalLatch(void);
extern void InitializeMaxBackends(void);
extern void BaseInit(void);
extern void InitPostgres(const char *in_dbname, Oid dboid, const char *username,
                         Oid useroid, char *out_dbname);

/*
 * Who logged in; whom SET SESSION AUTHORIZATION made of him; and whose
 * privileges count, which SET ROLE changes.
 */
extern Oid GetAuthenticatedUserId(void);
extern Oid GetSessionUserId(void);
extern Oid GetUserId(void);
extern void GetUserIdAndSecContext(Oid *userid, int *sec_context);
extern void SetUserIdAndSecContext(Oid userid, int sec_context);
/* By name: a client's, who must be allowed to log in; FATAL if he is not. */
extern void InitializeSessionUserId(const char *rolename, Oid roleid);
/*
 * SET of "role" or "session_authorization"; false: it is another setting's name.
 * A NULL value is RESET.
 */
extern bool SetUserSetting(const char *name, const char *value, bool is_local);
extern void AtEOXact_SessionUser(bool isCommit);
/* palloc'd; NULL and noerr, or ERROR 42704 if there is none */
extern char *GetUserNameFromId(Oid roleid, bool noerr);
extern bool superuser(void);
extern bool superuser_arg(Oid roleid);
extern void SetDataDir(const char *dir);
extern void ChangeToDataDir(void);
/* Setting; and what it names, which is compiled in, is put to work. */
extern char *shared_preload_libraries_string;
extern void process_shared_preload_libraries(void);

extern void pg_usleep(long microsec);
extern void check_stack_depth(void);
extern bool stack_is_too_deep(void);
/* is more of the stack in use than that? */
extern bool stack_is_deeper_than(long bytes);
extern void set_stack_base(void);

#endif /* MISCADMIN_H */
