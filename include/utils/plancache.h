/*
 * utils/plancache.h
 *		Statements that were parsed to be planned and run later.
 *
 * The raw tree is kept; every use analyses and plans it anew with the
 * parameters' values.  So no change of a table can make a kept plan wrong, at
 * the price of the planning; only a change of the columns returned is an
 * error, since the client may have been told of them.
 *
 * Corresponds to PostgreSQL's utils/plancache.h with custom plans only.
 */
#ifndef PLANCACHE_H
#define PLANCACHE_H

#include "access/tupdesc.h"
#include "nodes/parsenodes.h"
#include "tcop/cmdtag.h"

struct ParamListInfoData;

typedef struct CachedPlanSource
{
	RawStmt *raw_parse_tree; /* NULL: an empty statement */
	const char *query_string;
	CommandTag commandTag;
	Oid *param_types;
	int num_params;
	int cursor_options;
	TupleDesc resultDesc;  /* NULL: no rows */
	List *resultTargets;   /* TargetEntries of the result, NIL if a utility's */
	int64 num_plans;       /* times planned */
	int refcount;          /* portals that run it */
	bool dropped;          /* goes with the last of them */
	MemoryContext context; /* holds all of this */
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
/* PlannedStmts (one or none) in CurrentMemoryContext. */
extern List *GetCachedPlan(CachedPlanSource *plansource,
                           struct ParamListInfoData *boundParams);

/*
 * The statement inside the PREPARE, DECLARE or EXPLAIN at stmt_location, parsed
 * once more into CurrentMemoryContext.
 */
extern RawStmt *ReparseStatement(const char *query_string, int stmt_location);

#endif /* PLANCACHE_H */
