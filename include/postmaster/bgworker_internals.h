/*
 * postmaster/bgworker_internals.h
 *		Background workers, between bgworker.c and the postmaster.
 */
#ifndef BGWORKER_INTERNALS_H
#define BGWORKER_INTERNALS_H

#include "lib/ilist.h"
#include "postmaster/bgworker.h"
#include "utils/timestamp.h"

/* A worker as the postmaster knows it; private memory of the postmaster. */
typedef struct RegisteredBgWorker
{
	BackgroundWorker rw_worker;
	pid_t rw_pid;              /* 0: does not run */
	TimestampTz rw_crashed_at; /* 0: it has not crashed */
	int rw_shmem_slot;
	bool rw_terminate; /* it is to end, and not to start again */
	dlist_node rw_lnode;
} RegisteredBgWorker;

extern dlist_head BackgroundWorkerList;

/* All in the postmaster: they take no lock. */
extern void BackgroundWorkerStateChange(bool allow_new_workers);
extern void ForgetBackgroundWorker(RegisteredBgWorker *rw);
extern void ReportBackgroundWorkerPID(RegisteredBgWorker *rw);
extern void ReportBackgroundWorkerExit(RegisteredBgWorker *rw);
extern void BackgroundWorkerStopNotifications(pid_t pid);
extern void ForgetUnstartedBackgroundWorkers(void);
extern void ResetBackgroundWorkerCrashTimes(void);

/* In the worker. */
extern void
BackgroundWorkerMain(BackgroundWorker *worker) pg_attribute_noreturn();

#endif /* BGWORKER_INTERNALS_H */
