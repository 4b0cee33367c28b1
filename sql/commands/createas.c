/*
 * createas.c
 *		CREATE TABLE ... AS and SELECT INTO: a table made of a query's rows.
 *
 * The parser brings both into one form.  The query runs with a receiver that
 * makes the table when it learns the shape of the rows and then inserts them,
 * one at a time; so EXPLAIN ANALYZE and EXECUTE need nothing of their own.
 * The table is this transaction's: what fails, is cancelled or killed on the
 * way goes with it.
 *
 * Corresponds to PostgreSQL's commands/createas.c, without materialized views.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "commands/createas.h"
#include "commands/prepare.h"
#include "commands/tablecmds.h"
#include "executor/executor.h"
#include "nodes/plannodes.h"
#include "tcop/tcopprot.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

typedef struct DR_intorel
{
	DestReceiver pub;
	PgQuery__IntoClause *into;
	const char *queryString;
	Relation rel; /* from its start on */
	CommandId output_cid;
	BulkInsertState bistate; /* NULL: WITH NO DATA */
} DR_intorel;

/* ---- the table ---- */

/* The query's columns, under the names that the clause gives. */
static TupleDesc
describe_table(PgQuery__IntoClause *into, TupleDesc rows)
{
	TupleDesc desc = CreateTemplateTupleDesc(rows->natts);

	for (int i = 0; i < rows->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(rows, i);
		const char *name = (size_t) i < into->n_col_names
		                       ? into->col_names[i]->string->sval
		                       : NameStr(att->attname);

		TupleDescInitEntry(desc, (AttrNumber) (i + 1), name, att->atttypid,
		                   att->atttypmod, att->attndims);
	}
	if (into->n_col_names > (size_t) rows->natts)
		ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
		                errmsg("too many column names were specified")));
	return desc;
}

static Oid
create_ctas_table(PgQuery__IntoClause *into, TupleDesc rows,
                  const char *queryString)
{
	PgQuery__CreateStmt create;
	Oid relid;

	pg_query__create_stmt__init(&create);
	create.relation = into->rel;
	create.options = into->options;
	create.n_options = into->n_options;
	create.oncommit = into->on_commit;
	create.tablespacename = into->table_space_name;
	create.access_method = into->access_method;
	relid =
		DefineRelationOfDesc(&create, describe_table(into, rows), queryString);
	CommandCounterIncrement();
	return relid;
}

/* ---- the receiver ---- */

static void
intorel_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
	DR_intorel *state = (DR_intorel *) self;
	Oid relid = create_ctas_table(state->into, typeinfo, state->queryString);

	INJECTION_POINT("create-table-as-made");
	state->rel = table_open(relid, AccessExclusiveLock);
	state->output_cid = GetCurrentCommandId(true);
	if (!state->into->skip_data)
		state->bistate = GetBulkInsertState();
}

static bool
intorel_receive(TupleTableSlot *slot, DestReceiver *self)
{
	DR_intorel *state = (DR_intorel *) self;

	if (state->bistate != NULL)
		table_tuple_insert(state->rel, slot, state->output_cid,
		                   TABLE_INSERT_SKIP_FSM, state->bistate);
	return true;
}

static void
intorel_shutdown(DestReceiver *self)
{
	DR_intorel *state = (DR_intorel *) self;

	INJECTION_POINT("create-table-as-filled");
	if (state->bistate != NULL)
		FreeBulkInsertState(state->bistate);
	/* the lock stays to the end of the transaction */
	table_close(state->rel, NoLock);
	state->rel = NULL;
}

static void
intorel_destroy(DestReceiver *self)
{
	pfree(self);
}

DestReceiver *
CreateIntoRelDestReceiver(PgQuery__IntoClause *intoClause,
                          const char *queryString)
{
	DR_intorel *state = palloc0_object(DR_intorel);

	state->pub.receiveSlot = intorel_receive;
	state->pub.rStartup = intorel_startup;
	state->pub.rShutdown = intorel_shutdown;
	state->pub.rDestroy = intorel_destroy;
	state->pub.mydest = DestIntoRel;
	state->into = intoClause;
	state->queryString = queryString;
	return &state->pub;
}

/* ---- the statement ---- */

bool
CreateTableAsRelExists(PgQuery__CreateTableAsStmt *stmt)
{
	RangeVar *rv = pgq_range_var(stmt->into->rel);
	Oid nspid = RangeVarGetCreationNamespace(rv);

	if (!OidIsValid(get_relname_relid(rv->relname, nspid)))
		return false;
	if (!stmt->if_not_exists)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
		                errmsg("relation \"%s\" already exists", rv->relname)));
	ereport(NOTICE,
	        (errcode(ERRCODE_DUPLICATE_TABLE),
	         errmsg("relation \"%s\" already exists, skipping", rv->relname)));
	return true;
}

/* The query to its end; the number of its rows. */
static uint64
run_query(Query *query, const char *queryString, ParamListInfo params,
          DestReceiver *dest)
{
	PlannedStmt *plan =
		pg_plan_query(query, queryString, CURSOR_OPT_PARALLEL_OK, params);
	QueryDesc *queryDesc;
	uint64 processed;

	/* It sees what this transaction has done so far. */
	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
	queryDesc = CreateQueryDesc(plan, queryString, GetActiveSnapshot(),
	                            InvalidSnapshot, dest, params, 0);
	ExecutorStart(queryDesc, 0);
	ExecutorRun(queryDesc, ForwardScanDirection, 0, true);
	processed = queryDesc->estate->es_processed;
	ExecutorFinish(queryDesc);
	ExecutorEnd(queryDesc);
	FreeQueryDesc(queryDesc);
	PopActiveSnapshot();
	return processed;
}

void
ExecCreateTableAs(PgQuery__CreateTableAsStmt *stmt, Query *query,
                  const char *queryString, ParamListInfo params,
                  QueryCompletion *qc)
{
	PgQuery__IntoClause *into = stmt->into;
	DestReceiver *dest;

	if (CreateTableAsRelExists(stmt))
		return;
	if (query->commandType != CMD_UTILITY && into->skip_data)
	{
		(void) create_ctas_table(into, ExecCleanTypeFromTL(query->targetList),
		                         queryString);
		return;
	}
	dest = CreateIntoRelDestReceiver(into, queryString);
	if (query->commandType == CMD_UTILITY)
	{
		Assert(query->utilityStmt->node_case ==
		       PG_QUERY__NODE__NODE_EXECUTE_STMT);
		ExecuteQuery(query->utilityStmt->execute_stmt, into, queryString,
		             params, dest, qc);
	}
	else
	{
		uint64 processed = run_query(query, queryString, params, dest);

		if (qc)
			SetQueryCompletion(qc, CMDTAG_SELECT, processed);
	}
	dest->rDestroy(dest);
}
