/*
 * utils/plancache.h
 *		Statements that were parsed to be planned and run later.
 *
 * The raw tree is kept.  A use analyses and plans it anew with the parameters'
 * values (a custom plan), or takes a plan that is kept and good for all values
 * (the generic plan).  A change of the columns returned is an error, since the
 * client may have been told of them.
 *
 * Corresponds to PostgreSQL's utils/plancache.h.
 */
#ifndef PLANCACHE_H
#define PLANCACHE_H

#include "access/tupdesc.h"
#include "nodes/parsenodes.h"
#include "tcop/cmdtag.h"

struct ParamListInfoData;
struct PlannedStmt;

typedef enum PlanCacheMode
{
	PLAN_CACHE_MODE_AUTO,
	PLAN_CACHE_MODE_FORCE_GENERIC_PLAN,
	PLAN_CACHE_MODE_FORCE_CUSTOM_PLAN
} PlanCacheMode;

extern int plan_cache_mode; /* a PlanCacheMode */

typedef struct CachedPlanSource
{
	RawStmt *raw_parse_tree; /* NULL: an empty statement */
	const char *query_string;
	CommandTag commandTag;
	Oid *param_types;
	int num_params;
	int cursor_options;
	TupleDesc resultDesc; /* NULL: no rows */
	List *resultTargets;  /* TargetEntries of the result, NIL if a utility's */
	int64 num_custom_plans;
	int64 num_generic_plans;
	double total_custom_cost; /* of the custom plans, with their planning */
	/* the generic plan, if it was made and is valid */
	struct PlannedStmt *generic_plan;
	MemoryContext generic_context;
	double generic_cost;    /* of the last one; negative: none was made */
	bool never_generic;     /* of a kind that has none */
	uint64 catalog_version; /* of what it was made from */
	uint64 guc_version;
	/* the plan that is only looked at, see GetPlanForAnyValues */
	struct PlannedStmt *shown_plan;
	MemoryContext shown_context;
	int64 shown_limit;
	uint64 shown_catalog_version;
	uint64 shown_guc_version;
	MemoryContext outdated; /* holds plans that a portal may still run */
	int refcount;           /* portals that run it */
	bool dropped;           /* goes with the last of them */
	MemoryContext context;  /* holds all of this */
} CachedPlanSource;

/*
 * Parse one statement (ERROR 42601 if there are more) and analyse it for the
 * types of parameters and result.  param_types[numParams] are those that are
 * given; 0: to be found.  In a context of its own below CurrentMemoryContext;
 * SaveCachedPlan makes it permanent.
 */
extern CachedPlanSource *
CreateCachedPlan(const char *query_string, const Oid *param_types,
                 int numParams);
/* The same of the statement inside the PREPARE at stmt_location. */
extern CachedPlanSource *
CreateCachedPlanOfPrepare(const char *query_string, int stmt_location,
                          const Oid *param_types, int numParams);
extern void SaveCachedPlan(CachedPlanSource *plansource);
/* At once, or when the last portal that runs it is dropped. */
extern void DropCachedPlan(CachedPlanSource *plansource);
extern void HoldCachedPlan(CachedPlanSource *plansource);
extern void ReleaseCachedPlan(CachedPlanSource *plansource);
/*
 * PlannedStmts (one or none) in CurrentMemoryContext.  If held, which the
 * caller has done by HoldCachedPlan, it may be the generic plan, which is not to
 * be changed and lives until the caller lets go of plansource.
 */
extern List *GetCachedPlan(CachedPlanSource *plansource,
                           struct ParamListInfoData *boundParams, bool held);

/*
 * A plan that is good for all values of the parameters, to be looked at, not to
 * be run: it stays until this is called again.  limit: what parameters that are
 * integers are taken to be about; 0: not known.  NULL: the statement is none of
 * those that have such plans.  Its tables are locked.
 */
extern struct PlannedStmt *
GetPlanForAnyValues(CachedPlanSource *plansource, int64 limit);

/*
 * The statement inside the PREPARE, DECLARE or EXPLAIN at stmt_location, parsed
 * once more into CurrentMemoryContext.
 */
extern RawStmt *ReparseStatement(const char *query_string, int stmt_location);

#endif /* PLANCACHE_H */
