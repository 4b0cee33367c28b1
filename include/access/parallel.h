/*
 * parallel.h
 *		ParallelContext: start workers, give them this backend's state, hear of
 *		their errors, and be sure at the end that none of them runs any more.
 *
 *		EnterParallelMode();
 *		pcxt = CreateParallelContext("postgres", "my_worker_main", nworkers);
 *		shm_toc_estimate_chunk/keys(&pcxt->estimator, ...);
 *		InitializeParallelDSM(pcxt);				-- pcxt->seg NULL: none
 *		... shm_toc_allocate/insert ...
 *		LaunchParallelWorkers(pcxt);				-- see nworkers_launched
 *		... work ...
 *		WaitForParallelWorkersToFinish(pcxt);
 *		DestroyParallelContext(pcxt);
 *		ExitParallelMode();
 *
 * An error of a worker is raised in the leader, at whatever
 * CHECK_FOR_INTERRUPTS it comes to next.  Abort destroys what is left.
 */
#ifndef PARALLEL_H
#define PARALLEL_H

#include "access/xlogdefs.h"
#include "lib/ilist.h"
#include "postmaster/bgworker.h"
#include "storage/shm_mq.h"
#include "storage/shm_toc.h"

/* An entry point of a worker; found by name in a table in parallel.c. */
typedef void (*parallel_worker_main_type)(dsm_segment *seg, shm_toc *toc);

typedef struct ParallelWorkerInfo
{
	BackgroundWorkerHandle *bgwhandle; /* NULL: not launched, or gone */
	shm_mq_handle *error_mqh;          /* NULL: not launched, or finished */
} ParallelWorkerInfo;

typedef struct ParallelContext
{
	dlist_node node; /* in the backend's list of contexts */
	int nworkers;    /* the segment has room for so many */
	int nworkers_to_launch;
	int nworkers_launched;
	char *library_name;
	char *function_name;
	ErrorContextCallback *error_context_stack; /* at creation */
	shm_toc_estimator estimator;
	dsm_segment *seg;     /* NULL: no workers are possible */
	void *private_memory; /* the toc, if there is no segment */
	shm_toc *toc;
	ParallelWorkerInfo *worker; /* [nworkers] */
	int nknown_attached_workers;
	bool *known_attached_workers; /* [nworkers] */
} ParallelContext;

typedef struct ParallelWorkerContext
{
	dsm_segment *seg;
	shm_toc *toc;
} ParallelWorkerContext;

/* Set by the signal handler; ProcessInterrupts calls the processing. */
extern PGDLLIMPORT volatile sig_atomic_t ParallelMessagePending;

/* -1 unless this is a worker: then 0, 1, ... in order of launch. */
extern PGDLLIMPORT int ParallelWorkerNumber;
extern PGDLLIMPORT bool InitializingParallelWorker;

#define IsParallelWorker() (ParallelWorkerNumber >= 0)

extern ParallelContext *
CreateParallelContext(const char *library_name, const char *function_name,
                      int nworkers);
extern void InitializeParallelDSM(ParallelContext *pcxt);
extern void ReinitializeParallelDSM(ParallelContext *pcxt);
extern void
ReinitializeParallelWorkers(ParallelContext *pcxt, int nworkers_to_launch);
extern void LaunchParallelWorkers(ParallelContext *pcxt);

/* Needed before any wait for workers other than the next one. */
extern void WaitForParallelWorkersToAttach(ParallelContext *pcxt);
extern void WaitForParallelWorkersToFinish(ParallelContext *pcxt);
extern void DestroyParallelContext(ParallelContext *pcxt);
extern bool ParallelContextActive(void);

extern void HandleParallelMessageInterrupt(void);
extern void ProcessParallelMessages(void);
extern void AtEOXact_Parallel(bool isCommit);
extern void ParallelWorkerReportLastRecEnd(XLogRecPtr last_xlog_end);

/* Main function of the background worker. */
extern void ParallelWorkerMain(Datum main_arg);

/* In a worker: send an increment of a progress counter to the leader. */
extern void ParallelWorkerReportProgress(int index, int64 increment);

#endif /* PARALLEL_H */
