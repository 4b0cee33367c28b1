/*
 * optimizer/cost.h
 *		Costs of plans, in units of one sequential page read, and what an access
 *		method's estimate gets to see.
 */
#ifndef COST_H
#define COST_H

#include "nodes/nodes.h"
#include "nodes/pg_list.h"
#include "storage/block.h"

extern double seq_page_cost;
extern double random_page_cost;
extern double cpu_tuple_cost;
extern double cpu_index_tuple_cost;
extern double cpu_operator_cost;
extern int effective_cache_size;

/* The table of a query. */
typedef struct RelOptInfo
{
	Oid reloid;
	BlockNumber pages;
	double tuples;
	double rows; /* after the WHERE clause */
	List *indexlist; /* of IndexOptInfo */
} RelOptInfo;

/* One of its indexes. */
typedef struct IndexOptInfo
{
	Oid indexoid;
	RelOptInfo *rel;
	BlockNumber pages;
	double tuples;
} IndexOptInfo;

typedef struct IndexPath
{
	IndexOptInfo *indexinfo;
	List *indexclauses;
	List *indexorderbys; /* distance expressions, NIL: none */
} IndexPath;

typedef struct PlannerInfo
{
	void *parse;         /* the Query */
	double limit_tuples; /* -1: no LIMIT */
} PlannerInfo;

/* What genericcostestimate fills in; inputs that are 0 get a default. */
typedef struct GenericCosts
{
	Cost indexStartupCost;
	Cost indexTotalCost;
	Selectivity indexSelectivity;
	double indexCorrelation;
	double numIndexPages;
	double numIndexTuples;
	double spc_random_page_cost;
	double num_sa_scans;
} GenericCosts;

extern void genericcostestimate(PlannerInfo *root, IndexPath *path,
                                double loop_count, GenericCosts *costs);

#endif /* COST_H */
