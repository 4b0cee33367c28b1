/*
 * explain_node.c
 *		EXPLAIN: the nodes of a plan, with what each of them took.
 *
 * As text es->indent counts levels of two blanks; a node's own line stands at
 * its level, its properties one level deeper, its children as well, behind an
 * arrow that takes two levels.  JSON has the same properties under names, and
 * also those that text leaves out because they say nothing.
 *
 * Corresponds to ExplainNode and what it calls in PostgreSQL's
 * commands/explain.c.
 */
#include "postgres.h"

#include "access/relscan.h"
#include "catalog/pg_collation.h"
#include "catalog/namespace.h"
#include "commands/explain.h"
#include "commands/explain_format.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/queryjumble.h"
#include "utils/ruleutils.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

static void ExplainNode(PlanState *planstate, const char *relationship,
                        const char *plan_name, ExplainState *es);

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
		case T_CteScan:
			return "CTE Scan";
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
	const char *objecttag = "Relation Name";
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

		objecttag = "Function Name";
		objectname = get_func_name(funcid);
		if (es->verbose)
		namespace = get_namespace_name(get_func_namespace(funcid));
	}
	else if (rte->rtekind == RTE_CTE)
	{
		objecttag = "CTE Name";
		objectname = rte->ctename;
	}
	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		if (objectname != NULL)
			ExplainPropertyText(objecttag, objectname, es);
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
		case T_CteScan:
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

/* What an iterative search did not give out, in all its loops together. */
static void
show_search(IndexScanState *state, ExplainState *es)
{
	IndexScanDesc scan = state->iss_ScanDesc;

	if (!es->analyze || scan == NULL)
		return;
	if (scan->xs_out_of_order > 0)
		ExplainPropertyInteger("Rows Removed by Strict Order",
		                       scan->xs_out_of_order, es);
	if (scan->xs_cut_short != NULL)
		ExplainPropertyText("Search Cut Short By", scan->xs_cut_short, es);
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
			show_search((IndexScanState *) planstate, es);
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
		case T_CteScan:
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

void
ExplainPrintPlan(ExplainState *es, QueryDesc *queryDesc)
{
	es->pstmt = queryDesc->plannedstmt;
	es->rtable = es->pstmt->rtable;
	es->rtable_names = select_rtable_names_for_explain(es->rtable);
	es->deparse_cxt =
		deparse_context_for_plan_tree(es->pstmt, es->rtable_names);
	ExplainNode(queryDesc->planstate, NULL, NULL, es);
	/* with "auto" it is there for statistics, whose views show it */
	if (es->verbose && es->pstmt->queryId != 0 &&
	    compute_query_id == COMPUTE_QUERY_ID_ON)
		ExplainPropertyInteger("Query Identifier", (int64) es->pstmt->queryId,
		                       es);
}
