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
