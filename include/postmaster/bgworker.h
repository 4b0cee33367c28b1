/*
 * bgworker.h
 *		Background workers: processes that a backend asks the postmaster for.
 */
#ifndef BGWORKER_H
#define BGWORKER_H

#include "postmaster/autovacuum.h"

#define BGWORKER_SHMEM_ACCESS 0x0001
#define BGWORKER_BACKEND_DATABASE_CONNECTION 0x0002
#define BGWORKER_CLASS_PARALLEL 0x0010
#define BGWORKER_AUTOVACUUM 0x0020 /* in the slots kept for it */

#define BGWORKER_BYPASS_ALLOWCONN 0x0001

#define BGW_DEFAULT_RESTART_INTERVAL 60
#define BGW_NEVER_RESTART (-1)
#define BGW_MAXLEN 96
#define BGW_EXTRALEN 128

typedef void (*bgworker_main_type)(Datum main_arg);

typedef enum
{
	BgWorkerStart_PostmasterStart,
	BgWorkerStart_ConsistentState,
	BgWorkerStart_RecoveryFinished
} BgWorkerStartTime;

/* Slots of workers that backends ask for, then autovacuum's. */
#define BGWORKER_SLOTS (max_worker_processes + AUTOVACUUM_SLOTS)

typedef struct BackgroundWorker
{
	char bgw_name[BGW_MAXLEN];
	char bgw_type[BGW_MAXLEN];
	int bgw_flags;
	BgWorkerStartTime bgw_start_time;
	int bgw_restart_time; /* seconds, or BGW_NEVER_RESTART */
	char bgw_library_name[BGW_MAXLEN];
	char bgw_function_name[BGW_MAXLEN];
	Datum bgw_main_arg;
	char bgw_extra[BGW_EXTRALEN];
	pid_t bgw_notify_pid; /* SIGUSR1 to it at start and stop; 0: nobody */
} BackgroundWorker;

typedef enum BgwHandleStatus
{
	BGWH_STARTED,
	BGWH_NOT_YET_STARTED,
	BGWH_STOPPED,
	BGWH_POSTMASTER_DIED
} BgwHandleStatus;

typedef struct BackgroundWorkerHandle BackgroundWorkerHandle;

extern Size BackgroundWorkerShmemSize(void);
extern void BackgroundWorkerShmemInit(void);

/* False if there is no slot. */
extern bool RegisterDynamicBackgroundWorker(BackgroundWorker *worker,
                                            BackgroundWorkerHandle **handle);
extern BgwHandleStatus
GetBackgroundWorkerPid(BackgroundWorkerHandle *handle, pid_t *pidp);
extern BgwHandleStatus
WaitForBackgroundWorkerStartup(BackgroundWorkerHandle *handle, pid_t *pid);
extern BgwHandleStatus
WaitForBackgroundWorkerShutdown(BackgroundWorkerHandle *handle);
/* of a running worker, in the current context; NULL: there is none */
extern const char *GetBackgroundWorkerTypeByPid(pid_t pid);
/* Whose the slot is; *name, a copy: NULL if it is free.  False: no such slot. */
extern bool GetBackgroundWorkerSlot(int slot, char **name, pid_t *pid);
extern void TerminateBackgroundWorker(BackgroundWorkerHandle *handle);

/* In a worker */
extern BackgroundWorker *MyBgworkerEntry;
extern void
BackgroundWorkerInitializeConnectionByOid(Oid dboid, Oid useroid, uint32 flags);
extern void BackgroundWorkerBlockSignals(void);
extern void BackgroundWorkerUnblockSignals(void);

#endif /* BGWORKER_H */
