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
extern int min_parallel_table_scan_size;

/* What a plan node that is switched off pays. */
#define disable_cost 1.0e10

extern bool enable_seqscan;
extern bool enable_nestloop;
extern bool enable_indexscan;
extern bool enable_sort;
extern bool enable_material;

struct IndexPath;
struct Plan;
struct PlannerGlobal;
struct PlannerInfo;
struct SubPlan;
struct Query;

typedef struct QualCost
{
	Cost startup;   /* once */
	Cost per_tuple; /* per evaluation */
} QualCost;

/* An entry of the range table that is scanned. */
typedef struct RelOptInfo
{
	Oid reloid;  /* InvalidOid unless it is a table */
	Index relid; /* number in the query's range table */
	BlockNumber pages;
	double tuples;
	double rows;          /* after the WHERE clause */
	List *indexlist;      /* of IndexOptInfo */
	struct Plan *subplan; /* of a subquery or a WITH query */
	struct SubPlan *cte;  /* the WITH query */
	struct PlannerInfo *subroot;
	List *lateral_params; /* PlannerParamItems that neighbours must set */
} RelOptInfo;

typedef void (*amcostestimate_function)(
	struct PlannerInfo *root, struct IndexPath *path, double loop_count,
	Cost *startup_cost, Cost *total_cost, Selectivity *selectivity,
	double *correlation, double *index_pages);

/* One of its indexes. */
typedef struct IndexOptInfo
{
	Oid indexoid;
	RelOptInfo *rel;
	BlockNumber pages;
	double tuples;
	int nkeycolumns;
	AttrNumber *indexkeys; /* 0: an expression */
	List *indexprs;        /* expressions of the columns that are one */
	List *indpred;         /* clauses all of its rows satisfy; NIL: all rows */
	Oid *opfamily;
	Oid *indexcollations;
	bool amcanorderbyop;
	amcostestimate_function amcostestimate;
} IndexOptInfo;

typedef struct IndexPath
{
	IndexOptInfo *indexinfo;
	List *indexclauses;
	List *indexorderbys; /* distance expressions, NIL: none */
} IndexPath;

/* Planning of one query level. */
typedef struct PlannerInfo
{
	struct Query *parse;
	double limit_tuples;        /* -1: no LIMIT */
	double tuple_fraction;      /* of the result that is wanted; 0: all */
	struct PlannerGlobal *glob; /* NULL: an expression outside a query */
	struct PlannerInfo *parent_root;
	int rtoffset; /* entries before this level's in the flat range table */
	RelOptInfo **simple_rel_array; /* by range table index */
	int simple_rel_array_size;
	double total_table_pages;
	List *init_plans;  /* SubPlans of this level */
	List *cte_plans;   /* those of WITH queries, in the order of cteList */
	List *plan_params; /* of the sub-select being planned: see subselect.c */
	struct Plan *plan; /* the result */
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
