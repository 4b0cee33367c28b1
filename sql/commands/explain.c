/*
 * explain.c
 *		EXPLAIN: the plan of a statement, with what it took if it is run.
 *
 * The output is PostgreSQL 15's to the letter: people and programs read it.
 * As text es->indent counts levels of two blanks; a node's own line stands at
 * its level, its properties one level deeper, its children as well, behind an
 * arrow that takes two levels.  JSON has the same properties under names, and
 * also those that text leaves out because they say nothing.
 *
 * Corresponds to PostgreSQL's commands/explain.c, FORMAT TEXT and JSON.
 */
#include "postgres.h"

#include "access/relscan.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "catalog/namespace.h"
#include "commands/createas.h"
#include "commands/explain.h"
#include "commands/explain_format.h"
#include "commands/prepare.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/planner.h"
#include "parser/parse_node.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

static void ExplainNode(PlanState *planstate, const char *relationship,
                        const char *plan_name, ExplainState *es);

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
 *		Pieces of text
 * ------------------------------------------------------------------------
 */

/* Columns with their table's name if there could be a doubt. */
static bool
upper_prefix(ExplainState *es)
{
	return list_length(es->rtable) > 1 || es->verbose;
}

static char *
deparse_in_plan(Node *node, Plan *plan, bool useprefix, bool showimplicit,
                ExplainState *es)
{
	List *context = set_deparse_context_plan(es->deparse_cxt, plan);

	return deparse_expression(node, context, useprefix, showimplicit);
}

static void
show_expression(Node *node, const char *qlabel, Plan *plan, bool useprefix,
                ExplainState *es)
{
	ExplainPropertyText(qlabel,
	                    deparse_in_plan(node, plan, useprefix, false, es), es);
}

static void
show_qual(List *qual, const char *qlabel, Plan *plan, bool useprefix,
          ExplainState *es)
{
	if (qual != NIL)
		show_expression((Node *) make_ands_explicit(qual), qlabel, plan,
		                useprefix, es);
}

static void
show_scan_qual(List *qual, const char *qlabel, Plan *plan, ExplainState *es)
{
	show_qual(qual, qlabel, plan, IsA(plan, SubqueryScan) || es->verbose, es);
}

static void
show_upper_qual(List *qual, const char *qlabel, Plan *plan, ExplainState *es)
{
	show_qual(qual, qlabel, plan, upper_prefix(es), es);
}

static void
show_plan_tlist(Plan *plan, ExplainState *es)
{
	bool useprefix = list_length(es->rtable) > 1;
	List *items = NIL;
	ListCell *lc;

	if (plan->targetlist == NIL)
		return;
	foreach (lc, plan->targetlist)
		items = lappend(
			items, deparse_in_plan((Node *) lfirst_node(TargetEntry, lc)->expr,
		                           plan, useprefix, false, es));
	ExplainPropertyList("Output", items, es);
}

/* Rows that a condition dropped, per loop. */
static void
show_instrumentation_count(const char *qlabel, int which, PlanState *planstate,
                           ExplainState *es)
{
	Instrumentation *instr = planstate->instrument;
	double nfiltered;

	if (!es->analyze || instr == NULL)
		return;
	nfiltered = which == 2 ? instr->nfiltered2 : instr->nfiltered1;
	if (nfiltered > 0 || es->format != EXPLAIN_FORMAT_TEXT)
		ExplainPropertyFloat(qlabel, NULL,
		                     instr->nloops > 0 ? nfiltered / instr->nloops : 0,
		                     0, es);
}

/* ------------------------------------------------------------------------
 *		Sorting and grouping
 * ------------------------------------------------------------------------
 */

/* COLLATE, DESC, USING, NULLS: what differs from the default. */
static void
show_sortorder_options(StringInfo buf, Node *sortexpr, Oid sortOperator,
                       Oid collation, bool nullsFirst)
{
	Oid type = exprType(sortexpr);
	TypeCacheEntry *typentry =
		lookup_type_cache(type, TYPECACHE_LT_OPR | TYPECACHE_GT_OPR);
	bool reverse = false;

	if (OidIsValid(collation) && collation != DEFAULT_COLLATION_OID &&
	    collation != get_typcollation(type))
	{
		char *collname = get_collation_name(collation);

		if (collname == NULL)
			elog(ERROR, "cache lookup failed for collation %u", collation);
		appendStringInfo(buf, " COLLATE %s", quote_identifier(collname));
	}
	if (sortOperator == typentry->gt_opr)
	{
		appendStringInfoString(buf, " DESC");
		reverse = true;
	}
	else if (sortOperator != typentry->lt_opr)
	{
		char *opname = get_opname(sortOperator);

		if (opname == NULL)
			elog(ERROR, "cache lookup failed for operator %u", sortOperator);
		appendStringInfo(buf, " USING %s", opname);
		(void) get_equality_op_for_ordering_op(sortOperator, &reverse);
	}
	if (nullsFirst && !reverse)
		appendStringInfoString(buf, " NULLS FIRST");
	else if (!nullsFirst && reverse)
		appendStringInfoString(buf, " NULLS LAST");
}

/* Columns of plan's target list; sort: NULL for groups. */
static void
show_sort_group_keys(Plan *plan, const char *qlabel, int nkeys,
                     const AttrNumber *keycols, const Sort *sort,
                     ExplainState *es)
{
	List *items = NIL;

	if (nkeys <= 0)
		return;
	for (int i = 0; i < nkeys; i++)
	{
		TargetEntry *target = get_tle_by_resno(plan->targetlist, keycols[i]);
		StringInfoData buf;

		if (target == NULL)
			elog(ERROR, "no tlist entry for key %d", keycols[i]);
		initStringInfo(&buf);
		appendStringInfoString(&buf,
		                       deparse_in_plan((Node *) target->expr, plan,
		                                       upper_prefix(es), true, es));
		if (sort != NULL)
			show_sortorder_options(&buf, (Node *) target->expr,
			                       sort->sortOperators[i], sort->collations[i],
			                       sort->nullsFirst[i]);
		items = lappend(items, buf.data);
	}
	ExplainPropertyList(qlabel, items, es);
}

static void
show_sort_info(SortState *sortstate, ExplainState *es)
{
	TuplesortInstrumentation stats;

	if (!es->analyze || sortstate->tuplesortstate == NULL ||
	    !sortstate->sort_Done)
		return;
	tuplesort_get_stats(sortstate->tuplesortstate, &stats);
	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyText("Sort Method",
		                    tuplesort_method_name(stats.sortMethod), es);
		ExplainPropertyInteger("Sort Space Used", stats.spaceUsed, es);
		ExplainPropertyText("Sort Space Type",
		                    tuplesort_space_type_name(stats.spaceType), es);
		return;
	}
	ExplainIndentText(es);
	appendStringInfo(es->str, "Sort Method: %s  %s: " INT64_FORMAT "kB\n",
	                 tuplesort_method_name(stats.sortMethod),
	                 tuplesort_space_type_name(stats.spaceType),
	                 stats.spaceUsed);
}

/* ------------------------------------------------------------------------
 *		Nodes
 * ------------------------------------------------------------------------
 */

static const char *
agg_name(Agg *agg)
{
	if (agg->aggstrategy == AGG_PLAIN)
		return "Aggregate";
	/* groups without a function computed over them */
	if (!contain_agg_clause((Node *) agg->plan.targetlist) &&
	    !contain_agg_clause((Node *) agg->plan.qual))
		return "Group";
	return "GroupAggregate";
}

static const char *
setop_command(SetOp *setop)
{
	if (setop->op == SETOP_INTERSECT)
		return setop->all ? "Intersect All" : "Intersect";
	return setop->all ? "Except All" : "Except";
}

static const char *
node_name(Plan *plan)
{
	switch (nodeTag(plan))
	{
		case T_Result:
			return "Result";
		case T_ProjectSet:
			return "ProjectSet";
		case T_ModifyTable:
			switch (((ModifyTable *) plan)->operation)
			{
				case CMD_INSERT:
					return "Insert";
				case CMD_UPDATE:
					return "Update";
				default:
					return "Delete";
			}
		case T_LockRows:
			return "LockRows";
		case T_Append:
			return "Append";
		case T_SetOp:
			return "SetOp";
		case T_SeqScan:
			return "Seq Scan";
		case T_IndexScan:
			return "Index Scan";
		case T_SubqueryScan:
			return "Subquery Scan";
		case T_FunctionScan:
			return "Function Scan";
		case T_ValuesScan:
			return "Values Scan";
		case T_SystemViewScan:
			return "System View Scan";
		case T_NestLoop:
			return "Nested Loop";
		case T_Material:
			return "Materialize";
		case T_Sort:
			return "Sort";
		case T_Agg:
			return agg_name((Agg *) plan);
		case T_Unique:
			return "Unique";
		case T_Limit:
			return "Limit";
		default:
			return "???";
	}
}

/* " on table alias" */
static void
ExplainTargetRel(Plan *plan, Index rti, ExplainState *es)
{
	RangeTblEntry *rte =
		list_nth_node(RangeTblEntry, es->rtable, (int) rti - 1);
	char *refname = list_nth(es->rtable_names, (int) rti - 1);
	char *objectname = NULL;
	char *namespace = NULL;

	if (refname == NULL)
		refname = rte->eref->aliasname;
	if (rte->rtekind == RTE_RELATION)
	{
		objectname = get_rel_name(rte->relid);
		if (es->verbose)
		namespace = get_namespace_name_or_temp(get_rel_namespace(rte->relid));
	}
	else if (IsA(plan, FunctionScan))
	{
		Oid funcid = ((FunctionScan *) plan)->funcexpr->funcid;

		objectname = get_func_name(funcid);
		if (es->verbose)
		namespace = get_namespace_name(get_func_namespace(funcid));
	}
	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		if (objectname != NULL)
			ExplainPropertyText(rte->rtekind == RTE_RELATION ? "Relation Name"
			                                                 : "Function Name",
			                    objectname, es);
		if (namespace != NULL)
			ExplainPropertyText("Schema", namespace, es);
		ExplainPropertyText("Alias", refname, es);
		return;
	}
	appendStringInfoString(es->str, " on");
	if (namespace != NULL)
		appendStringInfo(es->str, " %s.%s", quote_identifier(namespace),
		                 quote_identifier(objectname));
	else if (objectname != NULL)
		appendStringInfo(es->str, " %s", quote_identifier(objectname));
	if (objectname == NULL || strcmp(refname, objectname) != 0)
		appendStringInfo(es->str, " %s", quote_identifier(refname));
}

static void
show_index(IndexScan *scan, const char *indexname, ExplainState *es)
{
	bool backward = ScanDirectionIsBackward(scan->indexorderdir);

	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyText("Scan Direction", backward ? "Backward" : "Forward",
		                    es);
		ExplainPropertyText("Index Name", indexname, es);
		return;
	}
	appendStringInfo(es->str, "%s using %s", backward ? " Backward" : "",
	                 quote_identifier(indexname));
}

/* Table, index, or what else belongs to the node's name. */
static void
show_target(Plan *plan, ExplainState *es)
{
	bool text = es->format == EXPLAIN_FORMAT_TEXT;

	switch (nodeTag(plan))
	{
		case T_IndexScan:
		{
			IndexScan *scan = (IndexScan *) plan;
			char *indexname = get_rel_name(scan->indexid);

			if (indexname == NULL)
				elog(ERROR, "cache lookup failed for index %u", scan->indexid);
			show_index(scan, indexname, es);
			ExplainTargetRel(plan, scan->scan.scanrelid, es);
			break;
		}
		case T_SeqScan:
		case T_SubqueryScan:
		case T_FunctionScan:
		case T_ValuesScan:
		case T_SystemViewScan:
			ExplainTargetRel(plan, ((Scan *) plan)->scanrelid, es);
			break;
		case T_ModifyTable:
			ExplainTargetRel(plan, ((ModifyTable *) plan)->nominalRelation, es);
			break;
		case T_NestLoop:
		{
			bool left = ((NestLoop *) plan)->jointype == JOIN_LEFT;

			if (!text)
				ExplainPropertyText("Join Type", left ? "Left" : "Inner", es);
			else if (left)
				appendStringInfoString(es->str, " Left Join");
			break;
		}
		case T_SetOp:
			if (text)
				appendStringInfo(es->str, " %s", setop_command((SetOp *) plan));
			else
				ExplainPropertyText("Command", setop_command((SetOp *) plan),
				                    es);
			break;
		default:
			break;
	}
}

static void
show_actual_properties(double startup_ms, double total_ms, double rows,
                       double nloops, ExplainState *es)
{
	if (es->timing)
	{
		ExplainPropertyFloat("Actual Startup Time", NULL, startup_ms, 3, es);
		ExplainPropertyFloat("Actual Total Time", NULL, total_ms, 3, es);
	}
	ExplainPropertyFloat("Actual Rows", NULL, rows, 0, es);
	ExplainPropertyFloat("Actual Loops", NULL, nloops, 0, es);
}

static void
show_actual(PlanState *planstate, ExplainState *es)
{
	Instrumentation *instr = planstate->instrument;
	double nloops;
	double rows;

	if (!es->analyze)
		return;
	if (instr == NULL || instr->nloops <= 0)
	{
		if (es->format == EXPLAIN_FORMAT_TEXT)
			appendStringInfoString(es->str, " (never executed)");
		else
			show_actual_properties(0, 0, 0, 0, es);
		return;
	}
	nloops = instr->nloops;
	rows = instr->ntuples / nloops;
	if (es->format != EXPLAIN_FORMAT_TEXT)
		show_actual_properties(1000.0 * instr->startup / nloops,
		                       1000.0 * instr->total / nloops, rows, nloops,
		                       es);
	else if (es->timing)
		appendStringInfo(es->str,
		                 " (actual time=%.3f..%.3f rows=%.0f loops=%.0f)",
		                 1000.0 * instr->startup / nloops,
		                 1000.0 * instr->total / nloops, rows, nloops);
	else
		appendStringInfo(es->str, " (actual rows=%.0f loops=%.0f)", rows,
		                 nloops);
}

static void
show_filter(PlanState *planstate, ExplainState *es)
{
	Plan *plan = planstate->plan;

	if (plan->qual == NIL)
		return;
	show_scan_qual(plan->qual, "Filter", plan, es);
	show_instrumentation_count("Rows Removed by Filter", 1, planstate, es);
}

/* Of a search that a budget ended before it had found everything. */
static void
show_cut_short(IndexScanState *state, ExplainState *es)
{
	if (es->analyze && state->iss_ScanDesc != NULL &&
	    state->iss_ScanDesc->xs_cut_short != NULL)
		ExplainPropertyText("Search Cut Short By",
		                    state->iss_ScanDesc->xs_cut_short, es);
}

/* What only this kind of node has. */
static void
show_node_details(PlanState *planstate, ExplainState *es)
{
	Plan *plan = planstate->plan;

	switch (nodeTag(plan))
	{
		case T_IndexScan:
		{
			IndexScan *scan = (IndexScan *) plan;

			show_scan_qual(scan->indexqual, "Index Cond", plan, es);
			show_scan_qual(scan->indexorderby, "Order By", plan, es);
			show_filter(planstate, es);
			show_cut_short((IndexScanState *) planstate, es);
			break;
		}
		case T_FunctionScan:
			if (es->verbose)
				show_expression((Node *) ((FunctionScan *) plan)->funcexpr,
				                "Function Call", plan, true, es);
			show_filter(planstate, es);
			break;
		case T_SeqScan:
		case T_ValuesScan:
		case T_SubqueryScan:
		case T_SystemViewScan:
			show_filter(planstate, es);
			break;
		case T_NestLoop:
			if (es->format != EXPLAIN_FORMAT_TEXT)
				ExplainPropertyBool("Inner Unique",
				                    ((NestLoop *) plan)->inner_unique, es);
			show_upper_qual(((NestLoop *) plan)->joinqual, "Join Filter", plan,
			                es);
			if (((NestLoop *) plan)->joinqual)
				show_instrumentation_count("Rows Removed by Join Filter", 1,
				                           planstate, es);
			show_upper_qual(plan->qual, "Filter", plan, es);
			if (plan->qual)
				show_instrumentation_count("Rows Removed by Filter", 2,
				                           planstate, es);
			break;
		case T_Agg:
			show_sort_group_keys(outerPlan(plan), "Group Key",
			                     ((Agg *) plan)->numCols,
			                     ((Agg *) plan)->grpColIdx, NULL, es);
			show_upper_qual(plan->qual, "Filter", plan, es);
			if (plan->qual)
				show_instrumentation_count("Rows Removed by Filter", 1,
				                           planstate, es);
			break;
		case T_Sort:
			show_sort_group_keys(plan, "Sort Key", ((Sort *) plan)->numCols,
			                     ((Sort *) plan)->sortColIdx, (Sort *) plan,
			                     es);
			show_sort_info((SortState *) planstate, es);
			break;
		case T_Result:
			show_upper_qual((List *) ((Result *) plan)->resconstantqual,
			                "One-Time Filter", plan, es);
			show_upper_qual(plan->qual, "Filter", plan, es);
			if (plan->qual)
				show_instrumentation_count("Rows Removed by Filter", 1,
				                           planstate, es);
			break;
		default:
			break;
	}
}

/* Text: the node's line up to its costs. */
static void
begin_node_text(Plan *plan, const char *plan_name, ExplainState *es)
{
	if (plan_name)
	{
		ExplainIndentText(es);
		appendStringInfo(es->str, "%s\n", plan_name);
		es->indent++;
	}
	if (es->indent)
	{
		ExplainIndentText(es);
		appendStringInfoString(es->str, "->  ");
		es->indent += 2;
	}
	appendStringInfoString(es->str, node_name(plan));
	es->indent++;
}

static void
begin_node_properties(Plan *plan, const char *relationship,
                      const char *plan_name, ExplainState *es)
{
	const char *name = node_name(plan);
	const char *strategy = NULL;

	if (IsA(plan, Agg) && strcmp(name, "Group") != 0)
	{
		name = "Aggregate";
		strategy =
			((Agg *) plan)->aggstrategy == AGG_PLAIN ? "Plain" : "Sorted";
	}
	else if (IsA(plan, SetOp))
		strategy = "Sorted";
	ExplainPropertyText("Node Type",
	                    IsA(plan, ModifyTable) ? "ModifyTable" : name, es);
	if (strategy)
		ExplainPropertyText("Strategy", strategy, es);
	if (strategy && IsA(plan, Agg))
		ExplainPropertyText("Partial Mode", "Simple", es);
	if (IsA(plan, ModifyTable))
		ExplainPropertyText("Operation", name, es);
	if (relationship)
		ExplainPropertyText("Parent Relationship", relationship, es);
	if (plan_name)
		ExplainPropertyText("Subplan Name", plan_name, es);
	ExplainPropertyBool("Parallel Aware", false, es);
	ExplainPropertyBool("Async Capable", false, es);
}

static void
show_costs(Plan *plan, ExplainState *es)
{
	if (!es->costs)
		return;
	if (es->format == EXPLAIN_FORMAT_TEXT)
	{
		appendStringInfo(es->str, "  (cost=%.2f..%.2f rows=%.0f width=%d)",
		                 plan->startup_cost, plan->total_cost, plan->plan_rows,
		                 plan->plan_width);
		return;
	}
	ExplainPropertyFloat("Startup Cost", NULL, plan->startup_cost, 2, es);
	ExplainPropertyFloat("Total Cost", NULL, plan->total_cost, 2, es);
	ExplainPropertyFloat("Plan Rows", NULL, plan->plan_rows, 0, es);
	ExplainPropertyInteger("Plan Width", plan->plan_width, es);
}

static void
show_subplans(List *plans, const char *relationship, ExplainState *es)
{
	ListCell *lc;

	foreach (lc, plans)
	{
		SubPlanState *sps = lfirst(lc);

		ExplainNode(sps->planstate, relationship, sps->subplan->plan_name, es);
	}
}

static void
show_children(PlanState *planstate, ExplainState *es)
{
	bool subquery = IsA(planstate, SubqueryScanState);
	bool append = IsA(planstate, AppendState);

	if (planstate->initPlan == NIL && planstate->subPlan == NIL &&
	    !outerPlanState(planstate) && !subquery && !append)
		return;
	ExplainOpenGroup("Plans", false, es);
	show_subplans(planstate->initPlan, "InitPlan", es);
	if (outerPlanState(planstate))
		ExplainNode(outerPlanState(planstate), "Outer", NULL, es);
	if (innerPlanState(planstate))
		ExplainNode(innerPlanState(planstate), "Inner", NULL, es);
	if (subquery)
		ExplainNode(((SubqueryScanState *) planstate)->subplan, "Subquery",
		            NULL, es);
	if (append)
	{
		AppendState *state = (AppendState *) planstate;

		for (int i = 0; i < state->as_nplans; i++)
			ExplainNode(state->appendplans[i], "Member", NULL, es);
	}
	show_subplans(planstate->subPlan, "SubPlan", es);
	ExplainCloseGroup(false, es);
}

/* relationship: to the parent, NULL at the top; plan_name: of a sub-select */
static void
ExplainNode(PlanState *planstate, const char *relationship,
            const char *plan_name, ExplainState *es)
{
	Plan *plan = planstate->plan;
	bool text = es->format == EXPLAIN_FORMAT_TEXT;
	int save_indent = es->indent;

	ExplainOpenGroup(relationship ? NULL : "Plan", true, es);
	if (text)
		begin_node_text(plan, plan_name, es);
	else
		begin_node_properties(plan, relationship, plan_name, es);
	show_target(plan, es);
	show_costs(plan, es);
	if (planstate->instrument)
		InstrEndLoop(planstate->instrument);
	show_actual(planstate, es);
	if (text)
		appendStringInfoChar(es->str, '\n');

	if (es->verbose)
		show_plan_tlist(plan, es);
	show_node_details(planstate, es);
	if (es->buffers && planstate->instrument)
		show_buffer_usage(es, &planstate->instrument->bufusage);
	if (!text && IsA(plan, Append))
		ExplainPropertyInteger("Subplans Removed", 0, es);
	show_children(planstate, es);
	if (text)
		es->indent = save_indent;
	ExplainCloseGroup(true, es);
}

/* ------------------------------------------------------------------------
 *		Statements
 * ------------------------------------------------------------------------
 */

void
ExplainPrintPlan(ExplainState *es, QueryDesc *queryDesc)
{
	es->pstmt = queryDesc->plannedstmt;
	es->rtable = es->pstmt->rtable;
	es->rtable_names = select_rtable_names_for_explain(es->rtable);
	es->deparse_cxt =
		deparse_context_for_plan_tree(es->pstmt, es->rtable_names);
	ExplainNode(queryDesc->planstate, NULL, NULL, es);
}

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
