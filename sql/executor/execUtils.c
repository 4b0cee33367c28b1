/*
 * execUtils.c
 *		State of a query: its memory, expression contexts, relations.
 *
 * Everything of a query is in es_query_cxt and goes with it; what is not
 * memory (pins, relation references, registered snapshots) is given back by
 * ExecutorEnd, or after an error by the resource owner.
 *
 * Corresponds to PostgreSQL's executor/execUtils.c.
 */
#include "postgres.h"

#include "access/table.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "utils/memutils.h"
#include "utils/rel.h"

EState *
CreateExecutorState(void)
{
	MemoryContext qcontext = AllocSetContextCreate(
		CurrentMemoryContext, "ExecutorState", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(qcontext);
	EState *estate = makeNode(EState);

	estate->es_direction = ForwardScanDirection;
	estate->es_query_cxt = qcontext;
	MemoryContextSwitchTo(old);
	return estate;
}

void
FreeExecutorState(EState *estate)
{
	/* the contexts of expressions are below the query's */
	MemoryContextDelete(estate->es_query_cxt);
}

static ExprContext *
create_expr_context(MemoryContext query_cxt, EState *estate)
{
	MemoryContext old = MemoryContextSwitchTo(query_cxt);
	ExprContext *econtext = makeNode(ExprContext);

	econtext->ecxt_per_query_memory = query_cxt;
	econtext->ecxt_per_tuple_memory =
		AllocSetContextCreate(query_cxt, "ExprContext", ALLOCSET_DEFAULT_SIZES);
	if (estate != NULL)
	{
		econtext->ecxt_param_exec_vals = estate->es_param_exec_vals;
		econtext->ecxt_param_list_info = estate->es_param_list_info;
		econtext->ecxt_estate = estate;
		estate->es_exprcontexts = lcons(econtext, estate->es_exprcontexts);
	}
	MemoryContextSwitchTo(old);
	return econtext;
}

ExprContext *
CreateExprContext(EState *estate)
{
	return create_expr_context(estate->es_query_cxt, estate);
}

ExprContext *
CreateStandaloneExprContext(void)
{
	return create_expr_context(CurrentMemoryContext, NULL);
}

void
FreeExprContext(ExprContext *econtext, bool isCommit)
{
	MemoryContextDelete(econtext->ecxt_per_tuple_memory);
	if (econtext->ecxt_estate != NULL)
		econtext->ecxt_estate->es_exprcontexts =
			list_delete_ptr(econtext->ecxt_estate->es_exprcontexts, econtext);
	pfree(econtext);
}

ExprContext *
MakePerTupleExprContext(EState *estate)
{
	if (estate->es_per_tuple_exprcontext == NULL)
		estate->es_per_tuple_exprcontext = CreateExprContext(estate);
	return estate->es_per_tuple_exprcontext;
}

void
ExecAssignExprContext(EState *estate, PlanState *planstate)
{
	planstate->ps_ExprContext = CreateExprContext(estate);
}

void
ExecAssignProjectionInfo(PlanState *planstate, TupleDesc inputDesc)
{
	planstate->ps_ProjInfo = ExecBuildProjectionInfo(
		planstate->plan->targetlist, planstate->ps_ExprContext,
		planstate->ps_ResultTupleSlot, planstate, inputDesc);
}

/* Is the target list just the columns of the input, in order? */
static bool
tlist_matches_tupdesc(List *tlist, int varno, TupleDesc tupdesc)
{
	ListCell *lc;
	int attrno = 0;

	if (list_length(tlist) != tupdesc->natts)
		return false;
	foreach (lc, tlist)
	{
		Var *var = (Var *) lfirst_node(TargetEntry, lc)->expr;
		Form_pg_attribute att = TupleDescAttr(tupdesc, attrno);

		attrno++;
		if (var == NULL || !IsA(var, Var) || var->varno != varno ||
		    var->varattno != attrno || att->atttypid != var->vartype)
			return false;
	}
	return true;
}

void
ExecConditionalAssignProjectionInfo(PlanState *planstate, TupleDesc inputDesc,
                                    int varno)
{
	if (tlist_matches_tupdesc(planstate->plan->targetlist, varno, inputDesc))
		planstate->ps_ProjInfo = NULL;
	else
	{
		if (planstate->ps_ResultTupleSlot == NULL)
			planstate->ps_ResultTupleSlot = ExecInitExtraTupleSlot(
				planstate->state, planstate->ps_ResultTupleDesc);
		ExecAssignProjectionInfo(planstate, inputDesc);
	}
}

void
ExecInitRangeTable(EState *estate, List *rangeTable)
{
	estate->es_range_table = rangeTable;
	estate->es_range_table_size = list_length(rangeTable);
	estate->es_relations =
		palloc0_array(Relation, Max(estate->es_range_table_size, 1));
}

/* Locked when the statement was analyzed or its plan revalidated. */
Relation
ExecGetRangeTableRelation(EState *estate, Index rti)
{
	Assert(rti > 0 && rti <= estate->es_range_table_size);
	if (estate->es_relations[rti - 1] == NULL)
	{
		RangeTblEntry *rte = exec_rt_fetch(rti, estate);

		Assert(rte->rtekind == RTE_RELATION);
		estate->es_relations[rti - 1] =
			table_open(rte->relid, rte->rellockmode);
	}
	return estate->es_relations[rti - 1];
}

Relation
ExecOpenScanRelation(EState *estate, Index scanrelid, int eflags)
{
	return ExecGetRangeTableRelation(estate, scanrelid);
}

/* The locks stay until the transaction ends. */
void
ExecCloseRangeTableRelations(EState *estate)
{
	for (Index i = 0; i < estate->es_range_table_size; i++)
	{
		if (estate->es_relations[i] != NULL)
			table_close(estate->es_relations[i], NoLock);
	}
}
