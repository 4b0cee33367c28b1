/*
 * index_build.h
 *		The coordinator of parallel index builds: one for all access methods.
 *
 * The access method fills in a ParallelBuildRoutine (registered by name in the
 * table of index_build.c, as workers look it up) and calls IndexBuildParallel
 * with heap, index, indexInfo, routine and am_private set:
 *
 *		IndexBuild	build = {0};
 *
 *		build.routine = &hnsw_parallel_build;
 *		build.heap = heap; ...
 *		if (!IndexBuildParallel(&build, request))
 *			... build serially ...
 *
 * Order of the hooks:
 *		estimate		leader; chunks and keys on the estimator
 *		initialize		leader; allocate and insert them in build->toc
 *		participate		every participant, leader included if it takes part:
 *						look up the chunks, scan with IndexBuildScan, insert
 *		prepare			leader; all participants are done with it, and
 *						build->reltuples and indtuples are complete
 *		complete		every participant, after prepare: its share of what is
 *						left to do
 *		finish			leader; all are done with that, and none has failed
 *		report			leader, when it reports progress while others are in
 *						participate or complete, or NULL: what it has to say
 *						beside the rows scanned
 * If no worker could be had, false is returned after the hooks estimate and
 * possibly initialize ran, and none after them.
 *
 * An ERROR in any participant stops all and is raised in the leader.
 */
#ifndef INDEX_BUILD_H
#define INDEX_BUILD_H

#include "access/parallel.h"
#include "access/tableam.h"
#include "executor/instrument.h"
#include "nodes/execnodes.h"
#include "optimizer/optimizer.h"
#include "storage/condition_variable.h"
#include "storage/spin.h"
#include "utils/rel.h"

/* toc keys of the coordinator; access methods use 0xA000000000000001 on. */
#define PARALLEL_KEY_INDEX_BUILD UINT64CONST(0xB000000000000001)
#define PARALLEL_KEY_INDEX_BUILD_SCAN UINT64CONST(0xB000000000000002)
#define PARALLEL_KEY_INDEX_BUILD_QUERY UINT64CONST(0xB000000000000003)

#define INDEX_BUILD_NAME_LEN 32
#define INDEX_BUILD_MAGIC 0x49424c44

/* Counters of one participant, on a line of their own. */
typedef struct IndexBuildParticipant
{
	pg_atomic_uint64 tuples_done; /* [A] written by this participant only */
	char pad[PG_CACHE_LINE_SIZE - sizeof(pg_atomic_uint64)];
} IndexBuildParticipant;

typedef struct IndexBuildShared
{
	uint32 magic;                            /* [C] INDEX_BUILD_MAGIC */
	char routine_name[INDEX_BUILD_NAME_LEN]; /* [C] */
	Oid heaprelid;                           /* [C] */
	Oid indexrelid;                          /* [C] */
	bool isconcurrent;                       /* [C] */
	int nparticipants_max;                   /* [C] workers asked for, + 1 */

	pg_atomic_uint32 next_participant; /* [A] gapless, in order of arrival */

	ConditionVariable workersdonecv; /* a count of those done grew */
	ConditionVariable preparedcv;    /* prepared became true */
	slock_t mutex;                   /* protects the next seven */
	int nparticipantsdone;           /* [L:mutex] */
	double reltuples;                /* [L:mutex] */
	bool brokenhotchain;             /* [L:mutex] of any participant */
	double indtuples;                /* [L:mutex] */
	bool prepared;                   /* [L:mutex] the leader has prepared */
	int ncomplete;                   /* [L:mutex] have completed */
	WalUsage walusage;               /* [L:mutex] of the workers that have */

	IndexBuildParticipant participant[FLEXIBLE_ARRAY_MEMBER];
} IndexBuildShared;

typedef struct IndexBuild IndexBuild;

typedef struct ParallelBuildRoutine
{
	const char *name; /* shorter than INDEX_BUILD_NAME_LEN */
	void (*estimate)(IndexBuild *build, shm_toc_estimator *estimator);
	void (*initialize)(IndexBuild *build);
	void (*participate)(IndexBuild *build, double *reltuples,
	                    double *indtuples);
	void (*prepare)(IndexBuild *build);
	void (*complete)(IndexBuild *build);
	void (*finish)(IndexBuild *build);
	void (*report)(IndexBuild *build); /* NULL: see below */
} ParallelBuildRoutine;

/* One build, as one participant sees it. */
struct IndexBuild
{
	const ParallelBuildRoutine *routine;
	Relation heap;
	Relation index;
	struct IndexInfo *indexInfo;
	shm_toc *toc;
	dsm_segment *seg;
	IndexBuildShared *shared;
	ParallelTableScanDesc pscan; /* shared scan */
	TableScanDesc scan;    /* of this participant; once IndexBuildScan ran */
	ParallelContext *pcxt; /* leader only */
	int participant;       /* -1: none (a leader that does not take part) */
	bool is_leader;
	int nworkers_launched;           /* leader: once they are */
	IndexWorkersLimit workers_limit; /* why there are no more of them */
	int nparticipants; /* leader: launched workers, + 1 if it takes
								 * part; in workers an upper limit */
	double reltuples;  /* leader, from prepare on */
	double indtuples;
	void *am_private;     /* the access method's, in this process */
	void *am_participant; /* its, from participate to complete */
};

/* The routines, each defined in its access method's folder. */
extern const ParallelBuildRoutine hnsw_parallel_build;
extern const ParallelBuildRoutine ivfflat_parallel_build;

/* GUC: the leader takes part in the work; on unless testing. */
extern bool parallel_leader_participation;

/*
 * Build with up to request workers.  False: no segment or no worker could be
 * had, nothing has been built, the caller builds serially.  True: finish has
 * run, reltuples and indtuples are in *build.
 */
extern bool IndexBuildParallel(IndexBuild *build, int request);

/*
 * A whole build, with its progress: in parallel, or else by what is given.
 * Workers planned are in *result, it gets those launched.
 */
extern void IndexBuildRun(IndexBuild *build, void (*serial)(IndexBuild *build),
                          struct IndexBuildResult *result);

/*
 * This participant's share of the heap: calls back for each live tuple; returns
 * how many there were (its share of reltuples).
 */
extern double IndexBuildScan(IndexBuild *build, IndexBuildCallback callback,
                             void *callback_state);

/* Count one more tuple inserted; the leader reports the sum as progress. */
extern void IndexBuildReportTuple(IndexBuild *build);
/* The same in *indtuples too; build is NULL in a serial build. */
extern void IndexBuildCountTuple(IndexBuild *build, double *indtuples);

/*
 * Progress of a build, parallel or not, as its leader reports it.  Start: the
 * rows that are expected, the workers, the time.  Tuples: rows so far; those
 * that are expected are reckoned anew from the blocks that were read.  Pace:
 * from here on rows take another time than before.
 */
extern void IndexBuildReportStart(IndexBuild *build, int workers_planned);
extern void IndexBuildReportTuples(int64 done);
extern void IndexBuildReportPace(int64 done);
extern void IndexBuildReportEnd(int64 done);

/* Entry point of the workers. */
extern void ParallelIndexBuildMain(dsm_segment *seg, shm_toc *toc);

#endif /* INDEX_BUILD_H */
