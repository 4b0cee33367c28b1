/*
 * plancache.c
 *		Statements that were parsed to be planned and run later.
 *
 * Raw trees cannot be copied, so a statement that shall stay is parsed once
 * more into the context that is to keep it.  Positions in error messages stay
 * right: they are in the text that is kept with it.
 *
 * Corresponds to PostgreSQL's plancache.c, with custom plans only.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "nodes/params.h"
#include "parser/analyze.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"

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
	if (--plansource->refcount == 0 && plansource->dropped)
		MemoryContextDelete(plansource->context);
}

List *
GetCachedPlan(CachedPlanSource *plansource, ParamListInfo boundParams)
{
	Query *query;
	TupleDesc desc;
	List *targets;

	if (plansource->raw_parse_tree == NULL)
		return NIL;
	plansource->num_plans++;
	query = parse_analyze_fixedparams(
		plansource->raw_parse_tree, plansource->query_string,
		plansource->param_types, plansource->num_params);
	result_of_query(query, &desc, &targets);
	if ((desc == NULL) != (plansource->resultDesc == NULL) ||
	    (desc != NULL && !equalTupleDescs(desc, plansource->resultDesc)))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cached plan must not change result type")));
	return list_make1(pg_plan_query(query, plansource->query_string,
	                                plansource->cursor_options, boundParams));
}
