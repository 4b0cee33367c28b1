/*
 * plancache.c
 *		Statements that were parsed to be planned and run later.
 *
 * Raw trees cannot be copied, so a statement that shall stay is parsed once
 * more into the context that is to keep it.  Positions in error messages stay
 * right: they are in the text that is kept with it.
 *
 * Which plan a use gets is decided as PostgreSQL does: five times a custom one,
 * then the generic one as long as it is estimated to cost no more than the
 * custom ones did, their planning included.
 *
 * A generic plan is made only of a SELECT from ordinary tables without
 * sub-selects and locks on rows: what is asked again and again.  It is valid as
 * long as no catalog and no setting has changed: whoever takes it locks its
 * tables first, which brings in what others have changed, and looks then.
 *
 * Corresponds to PostgreSQL's plancache.c, whose generic plans know which
 * objects they depend on, and not of settings.
 */
#include "postgres.h"

#include "access/transam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "nodes/params.h"
#include "nodes/plannodes.h"
#include "optimizer/cost.h"
#include "parser/analyze.h"
#include "storage/lmgr.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/guc.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"

/* A custom plan is made so many times before the generic one. */
#define CUSTOM_PLANS_FIRST 5

int plan_cache_mode = PLAN_CACHE_MODE_AUTO;

/* Raised whenever a catalog's row or a table's description may be another. */
static uint64 catalog_version = 1;

static RawStmt *
single_statement(const char *query_string)
{
	List *parsetrees = pg_parse_query(query_string);

	if (list_length(parsetrees) > 1)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("cannot insert multiple commands into a "
		                       "prepared statement")));
	return parsetrees ? linitial_node(RawStmt, parsetrees) : NULL;
}

RawStmt *
ReparseStatement(const char *query_string, int stmt_location)
{
	List *parsetrees = pg_parse_query(query_string);
	ListCell *lc;

	foreach (lc, parsetrees)
	{
		RawStmt *raw = lfirst_node(RawStmt, lc);

		if (Max(raw->stmt_location, 0) != Max(stmt_location, 0) &&
		    list_length(parsetrees) > 1)
			continue;
		switch (raw->stmt->node_case)
		{
			case PG_QUERY__NODE__NODE_PREPARE_STMT:
				raw->stmt = raw->stmt->prepare_stmt->query;
				break;
			case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT:
				raw->stmt = raw->stmt->declare_cursor_stmt->query;
				break;
			case PG_QUERY__NODE__NODE_EXPLAIN_STMT:
				raw->stmt = raw->stmt->explain_stmt->query;
				break;
			default:
				break;
		}
		return raw;
	}
	elog(ERROR, "statement not found in its text");
}

/* The shape of the rows of an analysed statement. */
static void
result_of_query(Query *query, TupleDesc *desc, List **targets)
{
	*desc = NULL;
	*targets = NIL;
	if (query->commandType == CMD_UTILITY)
	{
		if (UtilityReturnsTuples(query->utilityStmt))
			*desc = UtilityTupleDescriptor(query->utilityStmt);
		return;
	}
	if (query->commandType == CMD_SELECT)
		*targets = query->targetList;
	else if (query->returningList)
		*targets = query->returningList;
	else
		return;
	*desc = ExecCleanTypeFromTL(*targets);
}

/* Types of parameters and result; tree and text are in plansource's context. */
static void
analyze_source(CachedPlanSource *plansource, const Oid *param_types,
               int numParams)
{
	MemoryContext oldcxt;
	Query *query;
	TupleDesc desc;
	List *targets;
	Oid *types = NULL;
	int ntypes = numParams;
	bool snapshot_set = false;

	if (numParams > 0)
	{
		types = palloc_array(Oid, numParams);
		memcpy(types, param_types, numParams * sizeof(Oid));
	}
	if (plansource->raw_parse_tree)
	{
		if (analyze_requires_snapshot(plansource->raw_parse_tree))
		{
			PushActiveSnapshot(GetTransactionSnapshot());
			snapshot_set = true;
		}
		query =
			parse_analyze_varparams(plansource->raw_parse_tree,
		                            plansource->query_string, &types, &ntypes);
		if (snapshot_set)
			PopActiveSnapshot();
		/* All that are used must have got a type. */
		for (int i = 0; i < ntypes; i++)
			if (types[i] == InvalidOid)
				ereport(ERROR, (errcode(ERRCODE_INDETERMINATE_DATATYPE),
				                errmsg("could not determine data type of "
				                       "parameter $%d",
				                       i + 1)));
		result_of_query(query, &desc, &targets);
		oldcxt = MemoryContextSwitchTo(plansource->context);
		if (desc)
			plansource->resultDesc = CreateTupleDescCopy(desc);
		plansource->resultTargets = copyObject(targets);
		MemoryContextSwitchTo(oldcxt);
	}
	plansource->num_params = ntypes;
	if (ntypes > 0)
	{
		plansource->param_types =
			MemoryContextAlloc(plansource->context, ntypes * sizeof(Oid));
		memcpy(plansource->param_types, types, ntypes * sizeof(Oid));
	}
}

static CachedPlanSource *
create_source(const char *query_string, int stmt_location, bool of_prepare,
              const Oid *param_types, int numParams)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "CachedPlanSource", ALLOCSET_START_SMALL_SIZES);
	MemoryContext oldcxt = MemoryContextSwitchTo(context);
	CachedPlanSource *plansource = palloc0_object(CachedPlanSource);

	plansource->context = context;
	plansource->query_string = pstrdup(query_string);
	plansource->cursor_options = CURSOR_OPT_PARALLEL_OK;
	plansource->generic_cost = -1;
	plansource->raw_parse_tree =
		of_prepare ? ReparseStatement(plansource->query_string, stmt_location)
				   : single_statement(plansource->query_string);
	plansource->commandTag =
		plansource->raw_parse_tree
			? CreateCommandTag(plansource->raw_parse_tree->stmt)
			: CMDTAG_UNKNOWN;
	MemoryContextSwitchTo(oldcxt);
	return plansource;
}

CachedPlanSource *
CreateCachedPlan(const char *query_string, const Oid *param_types,
                 int numParams)
{
	CachedPlanSource *plansource =
		create_source(query_string, 0, false, param_types, numParams);

	/* In a failed transaction nothing can be looked up. */
	RejectInAbortedTransaction(plansource->raw_parse_tree);
	analyze_source(plansource, param_types, numParams);
	return plansource;
}

CachedPlanSource *
CreateCachedPlanOfPrepare(const char *query_string, int stmt_location,
                          const Oid *param_types, int numParams)
{
	CachedPlanSource *plansource = create_source(query_string, stmt_location,
	                                             true, param_types, numParams);

	switch (plansource->commandTag)
	{
		case CMDTAG_SELECT:
		case CMDTAG_SELECT_INTO:
		case CMDTAG_INSERT:
		case CMDTAG_UPDATE:
		case CMDTAG_DELETE:
			break;
		default:
			ereport(ERROR, (errcode(ERRCODE_INVALID_PSTATEMENT_DEFINITION),
			                errmsg("utility statements cannot be prepared")));
	}
	analyze_source(plansource, param_types, numParams);
	return plansource;
}

void
SaveCachedPlan(CachedPlanSource *plansource)
{
	MemoryContextSetParent(plansource->context, CacheMemoryContext);
}

void
DropCachedPlan(CachedPlanSource *plansource)
{
	Assert(!plansource->dropped);
	plansource->dropped = true;
	if (plansource->refcount == 0)
		MemoryContextDelete(plansource->context);
}

void
HoldCachedPlan(CachedPlanSource *plansource)
{
	plansource->refcount++;
}

void
ReleaseCachedPlan(CachedPlanSource *plansource)
{
	Assert(plansource->refcount > 0);
	if (--plansource->refcount > 0)
		return;
	if (plansource->dropped)
		MemoryContextDelete(plansource->context);
	else if (plansource->outdated != NULL)
	{
		MemoryContextDelete(plansource->outdated);
		plansource->outdated = NULL;
	}
}

/* ---- generic plans ---- */

static void
catalog_has_changed(Datum arg, Oid relid)
{
	catalog_version++;
}

/* Others' portals may run it: it goes with the last of them. */
static void
forget_generic_plan(CachedPlanSource *plansource)
{
	if (plansource->generic_plan == NULL)
		return;
	plansource->generic_plan = NULL;
	if (plansource->outdated == NULL)
		plansource->outdated = AllocSetContextCreate(
			plansource->context, "CachedPlan, outdated", ALLOCSET_SMALL_SIZES);
	MemoryContextSetParent(plansource->generic_context, plansource->outdated);
	plansource->generic_context = NULL;
}

static void
lock_tables(const PlannedStmt *plan)
{
	ListCell *lc;

	foreach (lc, plan->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_RELATION)
			LockRelationOid(rte->relid, rte->rellockmode);
	}
	AcceptInvalidationMessages();
}

/* The tables are locked, and it is as good as when it was made. */
static bool
generic_plan_is_valid(CachedPlanSource *plansource)
{
	if (plansource->generic_plan == NULL)
		return false;
	lock_tables(plansource->generic_plan);
	return plansource->catalog_version == catalog_version &&
	       plansource->guc_version == GetGUCVersion();
}

static bool
may_be_generic(const PlannedStmt *plan)
{
	ListCell *lc;

	if (plan->commandType != CMD_SELECT || plan->subplans != NIL ||
	    plan->lockedRelids != NIL || plan->nParamExec > 0)
		return false;
	foreach (lc, plan->rtable)
	{
		RangeTblEntry *rte = lfirst_node(RangeTblEntry, lc);

		if (rte->rtekind == RTE_RESULT)
			continue;
		if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION ||
		    rte->relid < FirstNormalObjectId)
			return false;
	}
	return true;
}

/* As PostgreSQL estimates it. */
static double
cost_with_planning(const PlannedStmt *plan)
{
	return plan->planTree->total_cost +
	       1000.0 * cpu_operator_cost * (list_length(plan->rtable) + 1);
}

/* Analysed and planned; boundParams NULL: for all values. */
static PlannedStmt *
make_plan(CachedPlanSource *plansource, ParamListInfo boundParams)
{
	Query *query;
	TupleDesc desc;
	List *targets;

	query = parse_analyze_fixedparams(
		plansource->raw_parse_tree, plansource->query_string,
		plansource->param_types, plansource->num_params);
	result_of_query(query, &desc, &targets);
	if ((desc == NULL) != (plansource->resultDesc == NULL) ||
	    (desc != NULL && !equalTupleDescs(desc, plansource->resultDesc)))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cached plan must not change result type")));
	return pg_plan_query(query, plansource->query_string,
	                     plansource->cursor_options, boundParams);
}

/* From now on it is noted when catalogs change. */
static void
watch_catalogs(void)
{
	static bool registered = false;

	if (!registered)
		CacheRegisterRelcacheCallback(catalog_has_changed, (Datum) 0);
	registered = true;
}

/* In a context of its own, with all that planning has left there. */
static void
make_generic_plan(CachedPlanSource *plansource)
{
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "CachedPlan", ALLOCSET_START_SMALL_SIZES);
	MemoryContext oldcxt = MemoryContextSwitchTo(context);
	PlannedStmt *plan;

	watch_catalogs();
	/* before it looks at anything: what changes meanwhile counts as later */
	plansource->guc_version = GetGUCVersion();
	plansource->catalog_version = catalog_version;
	plan = make_plan(plansource, NULL);
	MemoryContextSwitchTo(oldcxt);
	if (!may_be_generic(plan))
	{
		plansource->never_generic = true;
		MemoryContextDelete(context);
		return;
	}
	plansource->generic_cost = plan->planTree->total_cost;
	plansource->generic_plan = plan;
	plansource->generic_context = context;
	MemoryContextSetParent(context, plansource->context);
}

static bool
wants_generic_plan(const CachedPlanSource *plansource)
{
	if (plansource->never_generic ||
	    plan_cache_mode == PLAN_CACHE_MODE_FORCE_CUSTOM_PLAN)
		return false;
	if (plan_cache_mode == PLAN_CACHE_MODE_FORCE_GENERIC_PLAN)
		return true;
	if (plansource->num_params == 0)
		return true; /* any plan is good for all values */
	if (plansource->num_custom_plans < CUSTOM_PLANS_FIRST)
		return false;
	return plansource->generic_cost < 0 ||
	       plansource->generic_cost <
	           plansource->total_custom_cost / plansource->num_custom_plans;
}

/* ---- plans to look at ---- */

/*
 * Parameters that are integers, with a value that the planner estimates by, and
 * does not put into the plan.
 */
static ParamListInfo
estimated_parameters(const CachedPlanSource *plansource, int64 limit)
{
	ParamListInfo params;

	if (limit <= 0 || plansource->num_params == 0)
		return NULL;
	params = makeParamList(plansource->num_params);
	for (int i = 0; i < plansource->num_params; i++)
	{
		ParamExternData *prm = &params->params[i];
		Oid type = plansource->param_types[i];

		if (type == INT8OID)
			prm->value = Int64GetDatum(limit);
		else if (type == INT4OID)
			prm->value = Int32GetDatum((int32) Min(limit, INT_MAX));
		else
			continue;
		prm->ptype = type;
		prm->pflags = 0;
	}
	return params;
}

/* Would it be chosen for that limit too? */
static bool
is_near(int64 limit, int64 other)
{
	return limit == other ||
	       (limit > 0 && other > 0 && limit / 4 <= other && other / 4 <= limit);
}

static bool
shown_plan_is_valid(CachedPlanSource *plansource, int64 limit)
{
	if (plansource->shown_plan == NULL ||
	    !is_near(limit, plansource->shown_limit))
		return false;
	lock_tables(plansource->shown_plan);
	return plansource->shown_catalog_version == catalog_version &&
	       plansource->shown_guc_version == GetGUCVersion();
}

PlannedStmt *
GetPlanForAnyValues(CachedPlanSource *plansource, int64 limit)
{
	MemoryContext context;
	MemoryContext oldcxt;
	PlannedStmt *plan;

	if (shown_plan_is_valid(plansource, limit))
		return plansource->shown_plan;
	if (plansource->shown_context != NULL)
		MemoryContextDelete(plansource->shown_context);
	plansource->shown_context = NULL;
	plansource->shown_plan = NULL;

	context = AllocSetContextCreate(CurrentMemoryContext, "CachedPlan, shown",
	                                ALLOCSET_START_SMALL_SIZES);
	oldcxt = MemoryContextSwitchTo(context);
	watch_catalogs();
	plansource->shown_guc_version = GetGUCVersion();
	plansource->shown_catalog_version = catalog_version;
	plansource->shown_limit = limit;
	PushActiveSnapshot(GetTransactionSnapshot());
	plan = make_plan(plansource, estimated_parameters(plansource, limit));
	PopActiveSnapshot();
	MemoryContextSwitchTo(oldcxt);
	if (!may_be_generic(plan))
	{
		MemoryContextDelete(context);
		return NULL;
	}
	MemoryContextSetParent(context, plansource->context);
	plansource->shown_context = context;
	plansource->shown_plan = plan;
	return plan;
}

List *
GetCachedPlan(CachedPlanSource *plansource, ParamListInfo boundParams,
              bool held)
{
	PlannedStmt *plan;

	if (plansource->raw_parse_tree == NULL)
		return NIL;
	if (held && plansource->commandTag == CMDTAG_SELECT &&
	    wants_generic_plan(plansource))
	{
		if (!generic_plan_is_valid(plansource))
		{
			forget_generic_plan(plansource);
			make_generic_plan(plansource);
		}
		/* made, it may turn out to be the dearer one */
		if (plansource->generic_plan != NULL && wants_generic_plan(plansource))
		{
			plansource->num_generic_plans++;
			return list_make1(plansource->generic_plan);
		}
	}
	plan = make_plan(plansource, boundParams);
	if (plan->planTree != NULL)
		plansource->total_custom_cost += cost_with_planning(plan);
	plansource->num_custom_plans++;
	return list_make1(plan);
}
