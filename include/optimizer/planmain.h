/*
 * optimizer/planmain.h
 *		What the files of sql/planner share.
 *
 * A query level is planned bottom up.  There are no paths apart from plans: a
 * candidate is a Plan with its costs, and a level seldom has more than two.
 * Until set_plan_references the expressions of all nodes are in terms of the
 * level's range table; it makes them refer to the child's columns and to the
 * flat range table of the whole statement.
 */
#ifndef PLANMAIN_H
#define PLANMAIN_H

#include "nodes/params.h"
#include "nodes/plannodes.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "utils/relcache.h"

/* estimates where nothing is known of the values */
#define DEFAULT_EQ_SEL 0.005
#define DEFAULT_INEQ_SEL 0.3333333333333333
#define DEFAULT_RANGE_INEQ_SEL 0.005
#define DEFAULT_MATCH_SEL 0.005
#define DEFAULT_UNK_SEL 0.005
#define DEFAULT_NOT_UNK_SEL (1.0 - DEFAULT_UNK_SEL)
#define DEFAULT_NUM_DISTINCT 200
#define DEFAULT_CURSOR_TUPLE_FRACTION 0.1

/* Of the whole statement. */
typedef struct PlannerGlobal
{
	ParamListInfo boundParams;
	const char *query_string;
	List *subplans;
	List *finalrtable; /* the levels' range tables, one after the other */
	int nParamExec;
	bool transientPlan;
	List *lockedRelids; /* as in PlannedStmt */
} PlannerGlobal;

/* A Var of a level that what is planned below it gets by a Param. */
typedef struct PlannerParamItem
{
	Var *var;
	int paramid;
} PlannerParamItem;

/* A way to read a level's rows. */
typedef struct Candidate
{
	Plan *plan;
	bool ordered; /* rows come as the level's ORDER BY wants them */
} Candidate;

/* planner.c */
extern PlannerInfo *
subquery_planner(PlannerGlobal *glob, Query *parse, PlannerInfo *parent_root,
                 double tuple_fraction);

/* prepcte.c */
/*
 * WITH queries take the place of their names where they are not to be computed
 * once; cteList keeps the others that are used.
 */
extern void inline_ctes(Query *query);
/* Plans those of a level, as init plans. */
extern void SS_process_ctes(PlannerInfo *root);
/* That of an RTE_CTE. */
extern SubPlan *find_cte_subplan(PlannerInfo *root, RangeTblEntry *rte);
/*
 * References to levels from min_sublevels_up on, seen from the query or
 * expression, go delta levels higher.
 */
extern void IncrementVarSublevelsUp(Node *node, int delta_sublevels_up,
                                    int min_sublevels_up);

/* prepjointree.c */
extern void pull_up_subqueries(Query *query);
extern void convert_any_sublinks(Query *query);
/* a copy whose Vars of this level have numbers that are higher by offset */
extern Node *offset_var_nodes(Node *node, int offset);

/* subselect.c */
extern Node *SS_process_sublinks(PlannerInfo *root, Node *expr);
/* Vars of outer levels become Params, which the level above sets */
extern Node *SS_replace_correlation_vars(PlannerInfo *root, Node *expr);
/* Vars of the level's own tables too: arguments of a function in FROM */
extern Node *SS_replace_lateral_vars(PlannerInfo *root, Node *expr);
/* does the query refer to anything outside? */
extern bool SS_has_outer_references(Query *query);
extern void SS_attach_initplans(PlannerInfo *root, Plan *plan);

/* plancat.c */
extern RelOptInfo *build_simple_rel(PlannerInfo *root, Index relid);
extern void estimate_rel_size(Relation rel, BlockNumber *pages, double *tuples);
extern double function_rows(PlannerInfo *root, FuncExpr *func);

/* clausesel.c */
extern Selectivity clauselist_selectivity(PlannerInfo *root, List *clauses);
extern Selectivity clause_selectivity(PlannerInfo *root, Node *clause);
extern double
estimate_num_groups(PlannerInfo *root, List *groupExprs, double input_rows);

/* costsize.c */
extern double clamp_row_est(double nrows);
extern void cost_qual_eval(QualCost *cost, List *quals, PlannerInfo *root);
extern void cost_qual_eval_node(QualCost *cost, Node *qual, PlannerInfo *root);
/* of the target list: evaluation, and bytes of a row */
extern void cost_tlist(QualCost *cost, List *tlist, PlannerInfo *root);
extern int tlist_width(List *tlist);
extern double index_pages_fetched(double tuples_fetched, BlockNumber pages,
                                  double index_pages, PlannerInfo *root);
extern void cost_scan(PlannerInfo *root, Plan *plan, RelOptInfo *rel);
extern void cost_index(PlannerInfo *root, IndexScan *plan, IndexOptInfo *index);
extern void cost_nestloop(PlannerInfo *root, NestLoop *plan);
extern void cost_material(Plan *plan);
extern void cost_sort(Plan *plan, double limit_tuples);
extern void cost_agg(PlannerInfo *root, Agg *plan, double numGroups);
extern void cost_result(PlannerInfo *root, Result *plan);
extern void cost_limit(Plan *plan, int64 offset_est, int64 count_est);
/* room for rows of that width, as a sort keeps them */
extern double relation_byte_size(double tuples, int width);

/* indxpath.c */
/* the `column operator value` that the index orders by, or NULL */
extern Expr *
match_index_to_order(IndexOptInfo *index, Expr *expr, SortGroupClause *sortcl);

/* createplan.c: scans and joins of FROM and WHERE, as Candidates */
extern List *plan_from_clause(PlannerInfo *root, List *tlist, List *sortClause);
extern Plan *make_sort(PlannerInfo *root, Plan *child, List *sortClause,
                       double limit_tuples);
/* clausesel.c: elements that the array probably has */
extern int estimate_array_length(Node *array);
extern Plan *
make_result_plan(PlannerInfo *root, List *tlist, Node *constqual, Plan *child);
/* a target list that passes the child's columns on */
extern List *pass_through_tlist(Plan *child);

/* var.c */
/* the Vars (and Aggrefs, if wanted) of an expression, each once */
extern List *pull_vars(Node *node, List *sofar, bool aggrefs_too);

/* the scan of a sub-select without conditions */
extern Plan *plan_subquery_scan(PlannerInfo *root, Index rti, List *tlist);

/* prepunion.c */
extern Candidate *plan_set_operations(PlannerInfo *root);

/* upperplan.c: from there to the end of the level */
extern Plan *grouping_planner(PlannerInfo *root);
/* of rows sorted by these columns those that are different */
extern Plan *make_unique(PlannerInfo *root, Plan *child, List *distinctClause,
                         double numGroups);

/* setrefs.c */
extern Plan *set_plan_references(PlannerInfo *root, Plan *plan);
extern void number_plan_nodes(Plan *plan, List *subplans);

/* clauses.c */
extern bool contain_subplans_or_sublinks(Node *clause);
extern Node *negate_clause(Node *node);

#endif /* PLANMAIN_H */
