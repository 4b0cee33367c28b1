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

#endif /* OPTIMIZER_H */
