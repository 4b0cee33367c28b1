/*
 * vector_index.h
 *	  What the access methods hnsw and ivfflat have in common beside the values
 *	  themselves (access/vector_support.h): their routine, definition, costs.
 */
#ifndef ACCESS_VECTOR_INDEX_H
#define ACCESS_VECTOR_INDEX_H

#include "access/amapi.h"
#include "access/vector_support.h"
#include "utils/rel.h"

struct IndexInfo;

/* support functions that both have under one number */
#define VECTOR_INDEX_DISTANCE_PROC 1
#define VECTOR_INDEX_NORM_PROC 2

/* A routine with the flags set; callbacks are the caller's. */
extern IndexAmRoutine *VectorIndexRoutine(int nsupport);

/* NULL: the opclass does not have it. */
extern FmgrInfo *VectorOptionalProc(Relation index, uint16 procnum);
/* What the support function says; without it the type is vector. */
extern const VectorTypeInfo *VectorGetTypeInfo(Relation index, uint16 procnum);
/*
 * ERROR, as an access method of that name words it, for a column that cannot be
 * indexed: 0A000, 22023, 54000.
 */
extern void VectorCheckColumn(Relation index, const char *amname,
                              const VectorTypeInfo *type);
/* ERROR 0A000 for an opclass whose distance is not one of ours. */
extern void
VectorIndexInitSupport(VectorSupport *support, Relation index,
                       const char *amname, const VectorTypeInfo *type, int dim);
/*
 * Like VectorFormValue, for a row of the table: ERROR 22000 if it does not have
 * the index's dimensions.
 */
extern bool
VectorFormRow(const VectorSupport *support, Datum datum, void **value);

/*
 * More rows with a value than that the table's blocks, and its TOAST's, have no
 * room for.
 */
extern double VectorRowsLimit(Relation heap, struct IndexInfo *indexInfo,
                              const VectorSupport *support);
/* Blocks of the TOAST relation; 0 without one. */
extern BlockNumber VectorToastBlocks(Relation heap);

/* How a scan's cost comes from the generic one. */
typedef struct VectorCostModel
{
	/* the part of the index that is read before the first row comes */
	double (*startup_share)(Relation index, double tuples);
	/* the part of the pages that follow one another, of all and of those */
	double sequential;
	double startup_sequential;
} VectorCostModel;

/* Without an order a scan costs infinitely much. */
extern void VectorCostEstimate(const VectorCostModel *model,
                               struct PlannerInfo *root, struct IndexPath *path,
                               double loop_count, Cost *startup_cost,
                               Cost *total_cost, Selectivity *selectivity,
                               double *correlation, double *index_pages);

#endif /* ACCESS_VECTOR_INDEX_H */
