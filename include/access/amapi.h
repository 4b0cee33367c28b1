/*
 * access/amapi.h
 *		What an index access method offers: PostgreSQL 15's flags and callbacks.
 */
#ifndef AMAPI_H
#define AMAPI_H

#include "access/relscan.h"
#include "access/tableam.h"
#include "nodes/nodes.h"

struct IndexPath;
struct PlannerInfo;

typedef struct IndexBuildResult
{
	double heap_tuples;
	double index_tuples;
} IndexBuildResult;

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
