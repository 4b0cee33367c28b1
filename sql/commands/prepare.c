/*
 * prepare.c
 *		Prepared statements of the session: PREPARE, EXECUTE, DEALLOCATE; the
 *		extended protocol keeps its named ones in the same table.
 *
 * They outlive transactions, also failed ones: what a PREPARE or Parse made
 * stays though its transaction is rolled back, as in PostgreSQL.
 *
 * Corresponds to PostgreSQL's prepare.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "commands/explain.h"
#include "commands/prepare.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "parser/parse_coerce.h"
#include "parser/parse_expr.h"
#include "parser/parse_type.h"
#include "tcop/pquery.h"
#include "tcop/tcopprot.h"
#include "tcop/utility.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

/* By name; made when there is the first. */
static HTAB *prepared_queries = NULL;

static void
InitQueryHashTable(void)
{
	HASHCTL hash_ctl = {0};

	hash_ctl.keysize = NAMEDATALEN;
	hash_ctl.entrysize = sizeof(PreparedStatement);
	prepared_queries = hash_create("Prepared Queries", 32, &hash_ctl,
	                               HASH_ELEM | HASH_STRINGS);
}

static PreparedStatement *
prepared_entry(const char *name, HASHACTION action, bool *found)
{
	char key[NAMEDATALEN];

	memset(key, 0, sizeof(key));
	strlcpy(key, name, sizeof(key));
	return (PreparedStatement *) hash_search(prepared_queries, key, action,
	                                         found);
}

void
StorePreparedStatement(const char *stmt_name, CachedPlanSource *plansource,
                       bool from_sql)
{
	PreparedStatement *entry;
	TimestampTz now = GetCurrentStatementStartTimestamp();
	bool found;

	if (prepared_queries == NULL)
		InitQueryHashTable();
	entry = prepared_entry(stmt_name, HASH_ENTER, &found);
	if (found)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_PSTATEMENT),
		                errmsg("prepared statement \"%s\" already exists",
		                       stmt_name)));
	entry->plansource = plansource;
	entry->from_sql = from_sql;
	entry->prepare_time = now;
	SaveCachedPlan(plansource);
}

PreparedStatement *
FetchPreparedStatement(const char *stmt_name, bool throwError)
{
	PreparedStatement *entry = NULL;

	if (prepared_queries)
		entry = prepared_entry(stmt_name, HASH_FIND, NULL);
	if (entry == NULL && throwError)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_PSTATEMENT),
		                errmsg("prepared statement \"%s\" does not exist",
		                       stmt_name)));
	return entry;
}

TupleDesc
FetchPreparedStatementResultDesc(PreparedStatement *stmt)
{
	return stmt->plansource->resultDesc
	           ? CreateTupleDescCopy(stmt->plansource->resultDesc)
	           : NULL;
}

List *
FetchPreparedStatementTargetList(PreparedStatement *stmt)
{
	return stmt->plansource->resultTargets;
}

void
DropPreparedStatement(const char *stmt_name, bool showError)
{
	PreparedStatement *entry = FetchPreparedStatement(stmt_name, showError);

	if (entry)
	{
		DropCachedPlan(entry->plansource);
		(void) prepared_entry(entry->stmt_name, HASH_REMOVE, NULL);
	}
}

void
DropAllPreparedStatements(void)
{
	HASH_SEQ_STATUS seq;
	PreparedStatement *entry;

	if (prepared_queries == NULL)
		return;
	hash_seq_init(&seq, prepared_queries);
	while ((entry = hash_seq_search(&seq)) != NULL)
	{
		DropCachedPlan(entry->plansource);
		(void) prepared_entry(entry->stmt_name, HASH_REMOVE, NULL);
	}
}

void
ForEachPreparedStatement(void (*action)(PreparedStatement *entry, void *arg),
                         void *arg)
{
	HASH_SEQ_STATUS seq;
	PreparedStatement *entry;

	if (prepared_queries == NULL)
		return;
	hash_seq_init(&seq, prepared_queries);
	while ((entry = hash_seq_search(&seq)) != NULL)
		action(entry, arg);
}

/* ---- PREPARE ---- */

void
PrepareQuery(PgQuery__PrepareStmt *stmt, const char *sourceText,
             int stmt_location, int stmt_len)
{
	CachedPlanSource *plansource;
	Oid *argtypes = NULL;
	int nargs = (int) stmt->n_argtypes;

	/* The empty name is that of the protocol's unnamed statement. */
	if (stmt->name[0] == '\0')
		ereport(ERROR, (errcode(ERRCODE_INVALID_PSTATEMENT_DEFINITION),
		                errmsg("invalid statement name: must not be empty")));
	if (FetchPreparedStatement(stmt->name, false))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_PSTATEMENT),
		                errmsg("prepared statement \"%s\" already exists",
		                       stmt->name)));
	if (nargs > 0)
	{
		ParseState *pstate = make_parsestate(NULL);

		pstate->p_sourcetext = sourceText;
		argtypes = palloc_array(Oid, nargs);
		for (int i = 0; i < nargs; i++)
			argtypes[i] = typenameTypeId(
				pstate, pgq_type_name(stmt->argtypes[i]->type_name));
		free_parsestate(pstate);
	}
	plansource =
		CreateCachedPlanOfPrepare(sourceText, stmt_location, argtypes, nargs);
	StorePreparedStatement(stmt->name, plansource, true);
}

/* ---- EXECUTE ---- */

/* The values of the arguments; params are of the EXECUTE itself. */
static ParamListInfo
EvaluateParams(PgQuery__ExecuteStmt *stmt, PreparedStatement *pstmt,
               const char *sourceText, ParamListInfo params)
{
	int num_params = pstmt->plansource->num_params;
	ParseState *pstate;
	ParamListInfo result;

	if ((int) stmt->n_params != num_params)
		ereport(ERROR,
		        (errcode(ERRCODE_SYNTAX_ERROR),
		         errmsg("wrong number of parameters for prepared statement "
		                "\"%s\"",
		                pstmt->stmt_name),
		         errdetail("Expected %d parameters but got %d.", num_params,
		                   (int) stmt->n_params)));
	if (num_params == 0)
		return NULL;

	pstate = make_parsestate(NULL);
	pstate->p_sourcetext = sourceText;
	result = makeParamList(num_params);
	for (int i = 0; i < num_params; i++)
	{
		Oid expected_type_id = pstmt->plansource->param_types[i];
		Node *expr =
			transformExpr(pstate, stmt->params[i], EXPR_KIND_EXECUTE_PARAMETER);
		Oid given_type_id = exprType(expr);
		ExprContext *econtext;
		ExprState *exprstate;
		ParamExternData *prm = &result->params[i];

		expr = coerce_to_target_type(pstate, expr, given_type_id,
		                             expected_type_id, -1, COERCION_ASSIGNMENT,
		                             COERCE_IMPLICIT_CAST, -1);
		if (expr == NULL)
			ereport(ERROR,
			        (errcode(ERRCODE_DATATYPE_MISMATCH),
			         errmsg("parameter $%d of type %s cannot be coerced to the "
			                "expected type %s",
			                i + 1, format_type_be(given_type_id),
			                format_type_be(expected_type_id)),
			         errhint("You will need to rewrite or cast the "
			                 "expression."),
			         parser_errposition(pstate,
			                            exprLocation(transformExpr(
											pstate, stmt->params[i],
											EXPR_KIND_EXECUTE_PARAMETER)))));
		/* In the caller's memory: the values must stay. */
		econtext = CreateStandaloneExprContext();
		exprstate = ExecInitExprWithParams((Expr *) expr, params);
		prm->ptype = expected_type_id;
		prm->pflags = PARAM_FLAG_CONST;
		prm->value = ExecEvalExpr(exprstate, econtext, &prm->isnull);
	}
	free_parsestate(pstate);
	return result;
}

PlannedStmt *
PlanExecuteStmt(PgQuery__ExecuteStmt *stmt, const char *sourceText,
                ParamListInfo params, const char **query_string,
                ParamListInfo *bound)
{
	PreparedStatement *entry = FetchPreparedStatement(stmt->name, true);

	*bound = EvaluateParams(stmt, entry, sourceText, params);
	*query_string = entry->plansource->query_string;
	return linitial_node(PlannedStmt,
	                     GetCachedPlan(entry->plansource, *bound, false));
}

void
ExecuteQuery(PgQuery__ExecuteStmt *stmt, PgQuery__IntoClause *intoClause,
             const char *sourceText, ParamListInfo params, DestReceiver *dest,
             QueryCompletion *qc)
{
	PreparedStatement *entry = FetchPreparedStatement(stmt->name, true);
	Portal portal = CreateNewPortal();
	MemoryContext oldcontext;
	ParamListInfo bound;
	const char *query_string;
	PlannedStmt *plan;
	long count = FETCH_ALL;

	portal->visible = false;
	PortalHoldCachedPlan(portal, entry->plansource);
	oldcontext = MemoryContextSwitchTo(portal->portalContext);
	plan = PlanExecuteStmt(stmt, sourceText, params, &query_string, &bound);
	query_string = pstrdup(query_string);
	MemoryContextSwitchTo(oldcontext);
	if (intoClause)
	{
		if (plan->commandType != CMD_SELECT)
			ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
			                errmsg("prepared statement is not a SELECT")));
		if (intoClause->skip_data)
			count = 0;
	}

	PortalDefineQuery(portal, NULL, query_string, entry->plansource->commandTag,
	                  list_make1(plan));
	PortalStart(portal, bound, 0, GetActiveSnapshot());
	(void) PortalRun(portal, count, false, true, dest, dest, qc);
	PortalDrop(portal, false);
}

void
DeallocateQuery(PgQuery__DeallocateStmt *stmt)
{
	if (stmt->name[0] != '\0')
		DropPreparedStatement(stmt->name, true);
	else
		DropAllPreparedStatements();
}

/* EXPLAIN EXECUTE */
void
ExplainExecuteQuery(PgQuery__ExecuteStmt *execstmt, PgQuery__IntoClause *into,
                    ExplainState *es, const char *queryString,
                    ParamListInfo params)
{
	instr_time planstart;
	instr_time planduration;
	ParamListInfo bound;
	const char *query_string;
	PlannedStmt *plan;

	INSTR_TIME_SET_CURRENT(planstart);
	plan =
		PlanExecuteStmt(execstmt, queryString, params, &query_string, &bound);
	INSTR_TIME_SET_CURRENT(planduration);
	INSTR_TIME_SUBTRACT(planduration, planstart);
	ExplainOnePlan(plan, into, es, query_string, bound, &planduration, NULL);
}
