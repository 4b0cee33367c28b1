/*
 * nodeFunctionscan.c
 *		The rows of a function in FROM.
 *
 * All are put into a store at the first fetch.
 *
 * Corresponds to PostgreSQL's executor/nodeFunctionscan.c, for one function.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/execScan.h"
#include "executor/nodes.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

static void
run_function(FunctionScanState *node)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	if (node->setexpr != NULL)
	{
		node->tuplestorestate = ExecMakeTableFunctionResult(
			node->setexpr, econtext, node->argcontext, node->tupdesc, true);
		return;
	}
	else
	{
		MemoryContext old =
			MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
		Datum value;
		bool isnull;

		node->tuplestorestate = tuplestore_begin_heap(true, false, work_mem);
		MemoryContextSwitchTo(old);
		value = ExecEvalExprSwitchContext(node->funcexpr, econtext, &isnull);
		tuplestore_putvalues(node->tuplestorestate, node->tupdesc, &value,
		                     &isnull);
	}
}

static TupleTableSlot *
FunctionNext(ScanState *ss)
{
	FunctionScanState *node = (FunctionScanState *) ss;

	if (node->tuplestorestate == NULL)
		run_function(node);
	(void) tuplestore_gettupleslot(
		node->tuplestorestate,
		ScanDirectionIsForward(ss->ps.state->es_direction), false,
		ss->ss_ScanTupleSlot);
	return ss->ss_ScanTupleSlot;
}

static TupleTableSlot *
ExecFunctionScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, FunctionNext);
}

static TupleDesc
function_tupdesc(FunctionScan *node, RangeTblEntry *rte)
{
	int n = list_length(node->coltypes);
	TupleDesc desc = CreateTemplateTupleDesc(n);

	for (int i = 0; i < n; i++)
	{
		TupleDescInitEntry(
			desc, i + 1, strVal(list_nth(rte->eref->colnames, i)),
			list_nth_oid(node->coltypes, i),
			node->coltypmods ? list_nth_int(node->coltypmods, i) : -1, 0);
		if (node->colcollations != NIL)
			TupleDescAttr(desc, i)->attcollation =
				list_nth_oid(node->colcollations, i);
	}
	return desc;
}

PlanState *
ExecInitFunctionScan(FunctionScan *node, EState *estate, int eflags)
{
	FunctionScanState *state = makeNode(FunctionScanState);
	ScanState *ss = &state->ss;

	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecFunctionScan;
	ExecAssignExprContext(estate, &ss->ps);
	if (node->funcexpr->funcretset ||
	    node->funcexpr->funcresulttype == RECORDOID)
		state->setexpr = ExecInitFunctionResultSet(node->funcexpr, &ss->ps);
	else
		state->funcexpr = ExecInitExpr((Expr *) node->funcexpr, &ss->ps);
	state->tupdesc =
		function_tupdesc(node, exec_rt_fetch(node->scan.scanrelid, estate));
	state->argcontext =
		AllocSetContextCreate(CurrentMemoryContext, "Table function arguments",
	                          ALLOCSET_DEFAULT_SIZES);
	ExecInitScanTupleSlot(estate, ss, state->tupdesc);
	ss->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->scan.plan.targetlist);
	ExecConditionalAssignProjectionInfo(&ss->ps, state->tupdesc,
	                                    (int) node->scan.scanrelid);
	ss->ps.qual = ExecInitQual(node->scan.plan.qual, &ss->ps);
	return &ss->ps;
}

void
ExecEndFunctionScan(FunctionScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->tuplestorestate != NULL)
		tuplestore_end(node->tuplestorestate);
}

void
ExecReScanFunctionScan(FunctionScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->tuplestorestate == NULL)
		return;
	if (!node->ss.ps.chgParam)
	{
		tuplestore_rescan(node->tuplestorestate);
		return;
	}
	/* other arguments: other rows */
	tuplestore_end(node->tuplestorestate);
	node->tuplestorestate = NULL;
}
