/*
 * explain.c
 *		EXPLAIN: its options, and the statements it takes.
 *
 * The output is PostgreSQL 15's to the letter: people and programs read it.
 * The tree of nodes is explain_node.c's, how a property looks as text or as
 * JSON explain_format.c's.
 *
 * Corresponds to PostgreSQL's commands/explain.c, FORMAT TEXT and JSON.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/createas.h"
#include "commands/explain.h"
#include "commands/explain_format.h"
#include "commands/explain_index.h"
#include "commands/prepare.h"
#include "executor/executor.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "utils/snapmgr.h"

/* ------------------------------------------------------------------------
 *		Options
 * ------------------------------------------------------------------------
 */

ExplainState *
NewExplainState(void)
{
	ExplainState *es = palloc0(sizeof(ExplainState));

	es->costs = true;
	es->str = makeStringInfo();
	return es;
}

/* The truth value of an option; without a value it is on. */
static bool
option_boolean(DefElem *def)
{
	bool result;

	if (def->arg == NULL)
		return true;
	switch (nodeTag(def->arg))
	{
		case T_Integer:
			if (intVal(def->arg) == 0 || intVal(def->arg) == 1)
				return intVal(def->arg) == 1;
			break;
		case T_Boolean:
			return boolVal(def->arg);
		case T_String:
			/* the words that a setting takes, but not their beginnings */
			if (strcasecmp(strVal(def->arg), "true") == 0 ||
			    strcasecmp(strVal(def->arg), "on") == 0)
				return true;
			result = strcasecmp(strVal(def->arg), "false") == 0 ||
			         strcasecmp(strVal(def->arg), "off") == 0;
			if (result)
				return false;
			break;
		default:
			break;
	}
	ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
	                errmsg("%s requires a Boolean value", def->defname)));
}

static void
set_format(ParseState *pstate, DefElem *def, ExplainState *es)
{
	const char *format =
		def->arg && IsA(def->arg, String) ? strVal(def->arg) : "";

	if (strcmp(format, "text") == 0)
	{
		es->format = EXPLAIN_FORMAT_TEXT;
		return;
	}
	if (strcmp(format, "json") == 0)
	{
		es->format = EXPLAIN_FORMAT_JSON;
		return;
	}
	if (strcmp(format, "xml") == 0 || strcmp(format, "yaml") == 0)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("EXPLAIN format \"%s\" is not supported", format),
		         errhint("FORMAT TEXT and JSON are supported.")));
	ereport(ERROR,
	        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	         errmsg("unrecognized value for EXPLAIN option \"%s\": \"%s\"",
	                def->defname, format),
	         parser_errposition(pstate, def->location)));
}

static void
refuse_option(DefElem *def)
{
	if (option_boolean(def))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("EXPLAIN option \"%s\" is not supported",
		                       def->defname)));
}

static void
parse_options(PgQuery__ExplainStmt *stmt, const char *queryString,
              ExplainState *es)
{
	ParseState *pstate = make_parsestate(NULL);
	bool timing_set = false;
	bool summary_set = false;
	ListCell *lc;

	pstate->p_sourcetext = queryString;
	foreach (lc, pgq_def_elems(stmt->options, stmt->n_options))
	{
		DefElem *opt = lfirst_node(DefElem, lc);

		if (strcmp(opt->defname, "analyze") == 0)
			es->analyze = option_boolean(opt);
		else if (strcmp(opt->defname, "verbose") == 0)
			es->verbose = option_boolean(opt);
		else if (strcmp(opt->defname, "costs") == 0)
			es->costs = option_boolean(opt);
		else if (strcmp(opt->defname, "buffers") == 0)
			es->buffers = option_boolean(opt);
		else if (strcmp(opt->defname, "timing") == 0)
		{
			timing_set = true;
			es->timing = option_boolean(opt);
		}
		else if (strcmp(opt->defname, "summary") == 0)
		{
			summary_set = true;
			es->summary = option_boolean(opt);
		}
		else if (strcmp(opt->defname, "format") == 0)
			set_format(pstate, opt, es);
		else if (strcmp(opt->defname, "wal") == 0 ||
		         strcmp(opt->defname, "settings") == 0)
			refuse_option(opt);
		else
			ereport(ERROR,
			        (errcode(ERRCODE_SYNTAX_ERROR),
			         errmsg("unrecognized EXPLAIN option \"%s\"", opt->defname),
			         parser_errposition(pstate, opt->location)));
	}
	free_parsestate(pstate);
	if (!timing_set)
		es->timing = es->analyze;
	if (es->timing && !es->analyze)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("EXPLAIN option TIMING requires ANALYZE")));
	if (!summary_set)
		es->summary = es->analyze;
}

/* ------------------------------------------------------------------------
 *		Statements
 * ------------------------------------------------------------------------
 */

static double
elapsed_since(const instr_time *starttime)
{
	instr_time now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, *starttime);
	return INSTR_TIME_GET_DOUBLE(now);
}

static void
show_planning(const BufferUsage *bufusage, ExplainState *es)
{
	ExplainOpenGroup("Planning", true, es);
	if (es->format != EXPLAIN_FORMAT_TEXT)
		show_buffer_usage(es, bufusage);
	else if (has_buffer_usage(bufusage))
	{
		ExplainIndentText(es);
		appendStringInfoString(es->str, "Planning:\n");
		es->indent++;
		show_buffer_usage(es, bufusage);
		es->indent--;
	}
	ExplainCloseGroup(true, es);
}

void
ExplainOnePlan(PlannedStmt *plannedstmt, PgQuery__IntoClause *into,
               ExplainState *es, const char *queryString, ParamListInfo params,
               const instr_time *planduration, const BufferUsage *bufusage)
{
	QueryDesc *queryDesc;
	DestReceiver *dest = None_Receiver;
	instr_time starttime;
	double totaltime;
	int instrument_option = 0;

	if (es->analyze && es->timing)
		instrument_option |= INSTRUMENT_TIMER;
	else if (es->analyze)
		instrument_option |= INSTRUMENT_ROWS;
	if (es->buffers)
		instrument_option |= INSTRUMENT_BUFFERS;

	INSTR_TIME_SET_CURRENT(starttime);
	/* a command id of its own: it may change rows */
	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
	if (into)
		dest = CreateIntoRelDestReceiver(into, queryString);
	queryDesc = CreateQueryDesc(plannedstmt, queryString, GetActiveSnapshot(),
	                            NULL, dest, params, instrument_option);
	ExecutorStart(queryDesc, es->analyze ? 0 : EXEC_FLAG_EXPLAIN_ONLY);
	if (es->analyze)
	{
		/* WITH NO DATA makes the table, but runs no query */
		ExecutorRun(queryDesc,
		            into && into->skip_data ? NoMovementScanDirection
		                                    : ForwardScanDirection,
		            0, true);
		ExecutorFinish(queryDesc);
	}
	totaltime = elapsed_since(&starttime);

	ExplainOpenGroup(NULL, true, es);
	ExplainPrintPlan(es, queryDesc);
	if (bufusage)
		show_planning(bufusage, es);
	if (es->summary && planduration)
		ExplainPropertyFloat("Planning Time", "ms",
		                     1000.0 * INSTR_TIME_GET_DOUBLE(*planduration), 3,
		                     es);
	if (es->analyze)
	{
		/* there are none */
		ExplainOpenGroup("Triggers", false, es);
		ExplainCloseGroup(false, es);
	}

	INSTR_TIME_SET_CURRENT(starttime);
	ExecutorEnd(queryDesc);
	FreeQueryDesc(queryDesc);
	dest->rDestroy(dest);
	PopActiveSnapshot();
	/* what the statement did becomes visible to the next one */
	if (es->analyze)
		CommandCounterIncrement();
	totaltime += elapsed_since(&starttime);
	if (es->summary && es->analyze)
		ExplainPropertyFloat("Execution Time", "ms", 1000.0 * totaltime, 3, es);
	ExplainCloseGroup(true, es);
}

static void
ExplainOneUtility(Query *query, int cursorOptions, PgQuery__IntoClause *into,
                  ExplainState *es, const char *queryString,
                  ParamListInfo params)
{
	PgQuery__Node *stmt = query->utilityStmt;

	if (stmt->node_case == PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT)
		cursorOptions = stmt->declare_cursor_stmt->options;
	if (stmt->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT)
	{
		into = stmt->create_table_as_stmt->into;
		if (CreateTableAsRelExists(stmt->create_table_as_stmt))
		{
			if (es->format != EXPLAIN_FORMAT_TEXT)
				ExplainPropertyText(NULL, "CREATE TABLE AS", es);
			return;
		}
	}
	if (query->utilityQuery != NULL)
		ExplainOneQuery(query->utilityQuery, cursorOptions, into, es,
		                queryString, params);
	else if (stmt->node_case == PG_QUERY__NODE__NODE_EXECUTE_STMT)
		ExplainExecuteQuery(stmt->execute_stmt, into, es, queryString, params);
	else if (stmt->node_case == PG_QUERY__NODE__NODE_INDEX_STMT)
		ExplainCreateIndex(stmt->index_stmt, es, queryString);
	else if (es->format == EXPLAIN_FORMAT_TEXT)
		appendStringInfoString(es->str,
		                       "Utility statements have no plan structure\n");
	else
		ExplainPropertyText(NULL, "Utility Statement", es);
}

void
ExplainOneQuery(Query *query, int cursorOptions, PgQuery__IntoClause *into,
                ExplainState *es, const char *queryString, ParamListInfo params)
{
	PlannedStmt *plan;
	instr_time planstart;
	instr_time planduration;
	BufferUsage bufusage_start = pgBufferUsage;
	BufferUsage bufusage = {0};

	if (query->commandType == CMD_UTILITY)
	{
		ExplainOneUtility(query, cursorOptions, into, es, queryString, params);
		return;
	}
	INSTR_TIME_SET_CURRENT(planstart);
	plan = pg_plan_query(query, queryString, cursorOptions, params);
	INSTR_TIME_SET_CURRENT(planduration);
	INSTR_TIME_SUBTRACT(planduration, planstart);
	if (es->buffers)
		BufferUsageAccumDiff(&bufusage, &pgBufferUsage, &bufusage_start);
	ExplainOnePlan(plan, into, es, queryString, params, &planduration,
	               es->buffers ? &bufusage : NULL);
}

void
ExplainQuery(PgQuery__ExplainStmt *stmt, Query *inner, const char *queryString,
             ParamListInfo params, DestReceiver *dest)
{
	ExplainState *es = NewExplainState();
	TupOutputState *tstate;

	parse_options(stmt, queryString, es);
	if (inner == NULL)
		elog(ERROR, "EXPLAIN without an analyzed statement");
	if (inner->commandType != CMD_UTILITY)
	{
		ParseState *pstate = make_parsestate(NULL);

		pstate->p_sourcetext = queryString;
		identify_query(pstate, inner);
		free_parsestate(pstate);
	}
	ExplainBeginOutput(es);
	ExplainOneQuery(inner, CURSOR_OPT_PARALLEL_OK, NULL, es, queryString,
	                params);
	ExplainEndOutput(es);
	Assert(es->indent == 0);

	tstate = begin_tup_output_tupdesc(dest, ExplainResultDesc(stmt));
	if (es->format == EXPLAIN_FORMAT_TEXT)
		do_text_output_multiline(tstate, es->str->data);
	else
		do_text_output_oneline(tstate, es->str->data);
	end_tup_output(tstate);
}

TupleDesc
ExplainResultDesc(PgQuery__ExplainStmt *stmt)
{
	TupleDesc tupdesc = CreateTemplateTupleDesc(1);
	Oid type = TEXTOID;
	ListCell *lc;

	/* the last one counts, as it does when the options are read */
	foreach (lc, pgq_def_elems(stmt->options, stmt->n_options))
	{
		DefElem *opt = lfirst_node(DefElem, lc);

		if (strcmp(opt->defname, "format") == 0 && opt->arg != NULL &&
		    IsA(opt->arg, String))
			type = strcmp(strVal(opt->arg), "json") == 0 ? JSONOID : TEXTOID;
	}
	TupleDescInitEntry(tupdesc, (AttrNumber) 1, "QUERY PLAN", type, -1, 0);
	return tupdesc;
}
