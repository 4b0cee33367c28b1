/*
 * optimizer/planner.h
 *		From a Query to a plan.
 */
#ifndef PLANNER_H
#define PLANNER_H

#include "optimizer/optimizer.h"

#endif /* PLANNER_H */
