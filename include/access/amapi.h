/*
 * access/amapi.h
 *		What an index access method offers: PostgreSQL 15's flags and callbacks.
 */
#ifndef AMAPI_H
#define AMAPI_H

#include "access/relscan.h"
#include "access/tableam.h"
#include "nodes/nodes.h"
#include "optimizer/optimizer.h"

struct IndexPath;
struct PlannerInfo;

typedef struct IndexBuildResult
{
	double heap_tuples;
	double index_tuples;
	/* what it took; PostgreSQL's has none of these */
	int workers_planned;
	int workers_launched;
	IndexWorkersLimit workers_limit; /* why there were no more */
	Size memory_used;
	bool memory_packed;      /* something was put aside, to have room */
	Size memory_limit;       /* 0: there is none, and the rest means nothing */
	double tuples_in_memory; /* before the limit was met; -1: all */
	const char *steps;       /* how long each took; NULL: there is but one */
} IndexBuildResult;

/*
 * What the build of an index that is not there yet would take.  The first
 * group is the caller's, but for what take_sample fills in: the access method
 * calls it once it has found nothing wrong with the definition.
 */
typedef struct IndexBuildEstimate
{
	void (*take_sample)(struct IndexBuildEstimate *estimate, Relation index);
	void *sampler; /* take_sample's */
	double tuples; /* rows for the index whose first column is not NULL */
	int nsample;   /* of these, from all over the table */
	Datum *sample; /* the first column's values, whole */
	BlockNumber *sample_block; /* ascending: equal ones have one block */
	bool measure_time;         /* seconds is wanted */

	double index_tuples;
	int workers;
	IndexWorkersLimit workers_limit; /* why no more */
	double memory_needed;            /* bytes in use if all stays in memory */
	double memory_packed;  /* the same, what can be put aside; 0: nothing can */
	double memory_setting; /* maintenance_work_mem with which all stays there */
	double packed_setting; /* the same, if packing is taken for granted */
	double tuples_unpacked;  /* all, or how many until something is put aside */
	double tuples_in_memory; /* all, or how many until the limit is met */
	double temp_bytes;       /* of the file that is put aside */
	double index_bytes;
	double index_holes; /* of these: free space inside of pages */
	double seconds;     /* -1: unknown */
} IndexBuildEstimate;

/* What a vacuum tells each index of the table. */
typedef struct IndexVacuumInfo
{
	Relation index;
	bool analyze_only; /* ANALYZE, without a vacuum */
	bool report_progress;
	bool estimated_count; /* num_heap_tuples is one */
	int message_level;
	double num_heap_tuples; /* live rows, -1: unknown */
	BufferAccessStrategy strategy;
} IndexVacuumInfo;

/* What the index answers. */
typedef struct IndexBulkDeleteResult
{
	BlockNumber num_pages;
	bool estimated_count;
	double num_index_tuples;
	double tuples_removed;
	BlockNumber pages_newly_deleted;
	BlockNumber pages_deleted;
	BlockNumber pages_free;
} IndexBulkDeleteResult;

/* Is the row at itemptr dead: its index entry goes. */
typedef bool (*IndexBulkDeleteCallback)(ItemPointer itemptr, void *state);

typedef enum IndexUniqueCheck
{
	UNIQUE_CHECK_NO,
	UNIQUE_CHECK_YES,
	UNIQUE_CHECK_PARTIAL,
	UNIQUE_CHECK_EXISTING
} IndexUniqueCheck;

typedef struct IndexAmRoutine
{
	NodeTag type;
	uint16 amstrategies;
	uint16 amsupport;
	uint16 amoptsprocnum;
	bool amcanorder;
	bool amcanorderbyop;
	bool amcanbackward;
	bool amcanunique;
	bool amcanmulticol;
	bool amoptionalkey;
	bool amsearcharray;
	bool amsearchnulls;
	bool amstorage;
	bool amclusterable;
	bool ampredlocks;
	bool amcanparallel;
	bool amcaninclude;
	bool amusemaintenanceworkmem;
	uint8 amparallelvacuumoptions;
	Oid amkeytype;

	IndexBuildResult *(*ambuild)(Relation heap, Relation index,
	                             IndexInfo *indexInfo);
	/*
	 * What a build would take; PostgreSQL has no such callback.  index: a
	 * descriptor without a file.  Raises what the build would raise about the
	 * definition and the values of the sample.  NULL: the method cannot tell.
	 */
	void (*amestimatebuild)(Relation heap, Relation index, IndexInfo *indexInfo,
	                        IndexBuildEstimate *estimate);
	void (*ambuildempty)(Relation index);
	bool (*aminsert)(Relation index, Datum *values, bool *isnull,
	                 ItemPointer heap_tid, Relation heap,
	                 IndexUniqueCheck checkUnique, bool indexUnchanged,
	                 IndexInfo *indexInfo);
	/* every entry whose row the callback calls dead; stats NULL at first */
	IndexBulkDeleteResult *(*ambulkdelete)(IndexVacuumInfo *info,
	                                       IndexBulkDeleteResult *stats,
	                                       IndexBulkDeleteCallback callback,
	                                       void *callback_state);
	IndexBulkDeleteResult *(*amvacuumcleanup)(IndexVacuumInfo *info,
	                                          IndexBulkDeleteResult *stats);
	void (*amcostestimate)(struct PlannerInfo *root, struct IndexPath *path,
	                       double loop_count, Cost *startup_cost,
	                       Cost *total_cost, Selectivity *selectivity,
	                       double *correlation, double *index_pages);
	bytea *(*amoptions)(Datum reloptions, bool validate);
	char *(*ambuildphasename)(int64 phasenum);
	bool (*amvalidate)(Oid opclassoid);
	IndexScanDesc (*ambeginscan)(Relation index, int nkeys, int norderbys);
	void (*amrescan)(IndexScanDesc scan, ScanKey keys, int nkeys,
	                 ScanKey orderbys, int norderbys);
	bool (*amgettuple)(IndexScanDesc scan, ScanDirection direction);
	void (*amendscan)(IndexScanDesc scan);
} IndexAmRoutine;

/*
 * The routine that the access method's handler function makes, in the current
 * memory context; NULL or ERROR 42704 if amoid is no index access method.
 */
extern IndexAmRoutine *GetIndexAmRoutineByAmId(Oid amoid, bool noerror);

#endif /* AMAPI_H */
