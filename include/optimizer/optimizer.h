/*
 * optimizer/optimizer.h
 *		What other folders ask of the planner.
 */
#ifndef OPTIMIZER_H
#define OPTIMIZER_H

#include "optimizer/cost.h"

/*
 * Workers a parallel build of an index may ask for: from the table's
 * parallel_workers or its size, bounded by max_parallel_maintenance_workers and
 * by 32 MB of maintenance_work_mem per participant.
 */
extern int plan_create_index_workers(Oid tableOid, Oid indexOid);

/* clauses.c: computed as far as it can be without running the query */
extern Node *eval_const_expressions(PlannerInfo *root, Node *node);
extern Node *estimate_expression_value(PlannerInfo *root, Node *node);
extern bool contain_volatile_functions(Node *clause);
extern bool contain_mutable_functions(Node *clause);
extern bool contain_agg_clause(Node *clause);
extern bool contain_var_clause(Node *node);
extern bool contain_subplans(Node *clause);

#endif /* OPTIMIZER_H */
