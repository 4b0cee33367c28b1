/*
 * optimizer/optimizer.h
 *		What other folders ask of the planner.
 */
#ifndef OPTIMIZER_H
#define OPTIMIZER_H

#include "nodes/bitmapset.h"
#include "optimizer/cost.h"
#include "utils/relcache.h"

/* What keeps a build from having more workers than it has. */
typedef enum IndexWorkersLimit
{
	INDEX_WORKERS_UNKNOWN,
	INDEX_WORKERS_MAINTENANCE, /* max_parallel_maintenance_workers */
	INDEX_WORKERS_TABLE_OPTION,
	INDEX_WORKERS_TABLE_SIZE,
	INDEX_WORKERS_MEMORY,
	INDEX_WORKERS_TEMPORARY,
	INDEX_WORKERS_UNSAFE,
	INDEX_WORKERS_STANDALONE,
	/* from here on: fewer came than were planned */
	INDEX_WORKERS_NO_SEGMENT,
	INDEX_WORKERS_NO_PROCESS
} IndexWorkersLimit;

/*
 * Workers a parallel build of an index may ask for: from the table's
 * parallel_workers or its size, bounded by max_parallel_maintenance_workers and
 * by 32 MB of maintenance_work_mem per participant.
 */
extern int plan_create_index_workers(Oid tableOid, Oid indexOid);
/* The same of an index with these expressions and clauses, and why no more. */
extern int plan_index_workers(Relation heap, List *expressions, List *predicate,
                              IndexWorkersLimit *limit);
/* In words: "table is smaller than min_parallel_table_scan_size". */
extern const char *index_workers_limit_name(IndexWorkersLimit limit);

/* clauses.c: computed as far as it can be without running the query */
extern Node *eval_const_expressions(PlannerInfo *root, Node *node);
extern Node *estimate_expression_value(PlannerInfo *root, Node *node);
extern bool contain_volatile_functions(Node *clause);
extern bool contain_mutable_functions(Node *clause);
extern bool contain_agg_clause(Node *clause);
extern bool contain_var_clause(Node *node);
extern bool contain_subplans(Node *clause);
/* is there a function that workers must not call */
extern bool contain_parallel_unsafe(Node *clause);

/* relids: a bit per range table index; planner.c sees to it that 64 will do */
typedef uint64 RelidMask;
#define RELID_BIT(rti) (UINT64CONST(1) << (((rti) -1) % 64))

/* var.c */
extern RelidMask pull_varnos(Node *node);
/* columns of varno, each as attnum - FirstLowInvalidHeapAttributeNumber */
extern void pull_varattnos(Node *node, Index varno, Bitmapset **varattnos);

/* prepqual.c: a condition that must be true, folded; NULL gives NULL */
extern Node *canonicalize_qual(Node *qual);

/*
 * predtest.c: does the predicate follow from the conditions?  Both are lists of
 * clauses of the same range table; the predicate has no mutable functions.
 */
extern bool predicate_implied_by(List *predicate_list, List *clause_list);

#endif /* OPTIMIZER_H */
