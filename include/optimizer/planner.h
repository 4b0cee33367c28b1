/*
 * optimizer/planner.h
 *		From a Query to a plan.
 *
 * Corresponds to PostgreSQL's optimizer/planner.h.
 */
#ifndef PLANNER_H
#define PLANNER_H

#include "nodes/params.h"
#include "nodes/plannodes.h"
#include "optimizer/optimizer.h"

/* Takes the place of standard_planner, which it calls itself. */
typedef PlannedStmt *(*planner_hook_type)(Query *parse,
                                          const char *query_string,
                                          int cursorOptions,
                                          ParamListInfo boundParams);
extern planner_hook_type planner_hook;

/*
 * The plan of a statement.  boundParams gives values of $n with
 * PARAM_FLAG_CONST, which become constants of the plan; NULL or without the
 * flag the plan serves any values.  CMD_UTILITY is passed through.
 */
extern PlannedStmt *pg_plan_query(Query *querytree, const char *query_string,
                                  int cursorOptions, ParamListInfo boundParams);
/* of each Query of a list */
extern List *pg_plan_queries(List *querytrees, const char *query_string,
                             int cursorOptions, ParamListInfo boundParams);
/* the same as pg_plan_query without the wrapping of utility statements */
extern PlannedStmt *planner(Query *parse, const char *query_string,
                            int cursorOptions, ParamListInfo boundParams);
extern PlannedStmt *
standard_planner(Query *parse, const char *query_string, int cursorOptions,
                 ParamListInfo boundParams);
/* an expression outside a query: function calls folded, ready to compile */
extern Expr *expression_planner(Expr *expr);

#endif /* PLANNER_H */
