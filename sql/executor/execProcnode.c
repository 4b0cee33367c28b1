/*
 * execProcnode.c
 *		Dispatch on the kind of plan node: begin, end, start over; and the
 *		measurement of nodes.
 *
 * Corresponds to PostgreSQL's executor/execProcnode.c and execAmi.c.
 */
#include "postgres.h"

#include "executor/execExpr.h"
#include "executor/executor.h"
#include "executor/nodes.h"
#include "miscadmin.h"

static TupleTableSlot *
ExecProcNodeInstr(PlanState *node)
{
	TupleTableSlot *result;

	InstrStartNode(node->instrument);
	result = node->ExecProcNodeReal(node);
	InstrStopNode(node->instrument, TupIsNull(result) ? 0.0 : 1.0);
	return result;
}

PlanState *
ExecInitNode(Plan *node, EState *estate, int eflags)
{
	PlanState *result;
	List *subps = NIL;
	ListCell *lc;

	if (node == NULL)
		return NULL;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_Result:
			result = ExecInitResult((Result *) node, estate, eflags);
			break;
		case T_ProjectSet:
			result = ExecInitProjectSet((ProjectSet *) node, estate, eflags);
			break;
		case T_ModifyTable:
			result = ExecInitModifyTable((ModifyTable *) node, estate, eflags);
			break;
		case T_LockRows:
			result = ExecInitLockRows((LockRows *) node, estate, eflags);
			break;
		case T_Append:
			result = ExecInitAppend((Append *) node, estate, eflags);
			break;
		case T_SetOp:
			result = ExecInitSetOp((SetOp *) node, estate, eflags);
			break;
		case T_SeqScan:
			result = ExecInitSeqScan((SeqScan *) node, estate, eflags);
			break;
		case T_IndexScan:
			result = ExecInitIndexScan((IndexScan *) node, estate, eflags);
			break;
		case T_SubqueryScan:
			result =
				ExecInitSubqueryScan((SubqueryScan *) node, estate, eflags);
			break;
		case T_FunctionScan:
			result =
				ExecInitFunctionScan((FunctionScan *) node, estate, eflags);
			break;
		case T_ValuesScan:
			result = ExecInitValuesScan((ValuesScan *) node, estate, eflags);
			break;
		case T_CteScan:
			result = ExecInitCteScan((CteScan *) node, estate, eflags);
			break;
		case T_SystemViewScan:
			result =
				ExecInitSystemViewScan((SystemViewScan *) node, estate, eflags);
			break;
		case T_NestLoop:
			result = ExecInitNestLoop((NestLoop *) node, estate, eflags);
			break;
		case T_Material:
			result = ExecInitMaterial((Material *) node, estate, eflags);
			break;
		case T_Sort:
			result = ExecInitSort((Sort *) node, estate, eflags);
			break;
		case T_Agg:
			result = ExecInitAgg((Agg *) node, estate, eflags);
			break;
		case T_Unique:
			result = ExecInitUnique((Unique *) node, estate, eflags);
			break;
		case T_Limit:
			result = ExecInitLimit((Limit *) node, estate, eflags);
			break;
		default:
			elog(ERROR, "unrecognized node type: %d", (int) nodeTag(node));
	}

	foreach (lc, node->initPlan)
		subps = lappend(subps, ExecInitSubPlan(lfirst(lc), result));
	result->initPlan = subps;

	result->ExecProcNodeReal = result->ExecProcNode;
	if (estate->es_instrument)
	{
		result->instrument = InstrAlloc(1, estate->es_instrument);
		result->ExecProcNode = ExecProcNodeInstr;
	}
	return result;
}

void
ExecEndNode(PlanState *node)
{
	if (node == NULL)
		return;
	check_stack_depth();
	switch (nodeTag(node))
	{
		case T_ModifyTableState:
			ExecEndModifyTable((ModifyTableState *) node);
			break;
		case T_LockRowsState:
			ExecEndLockRows((LockRowsState *) node);
			break;
		case T_AppendState:
			ExecEndAppend((AppendState *) node);
			break;
		case T_SeqScanState:
			ExecEndSeqScan((SeqScanState *) node);
			break;
		case T_IndexScanState:
			ExecEndIndexScan((IndexScanState *) node);
			break;
		case T_SubqueryScanState:
			ExecEndNode(((SubqueryScanState *) node)->subplan);
			break;
		case T_FunctionScanState:
			ExecEndFunctionScan((FunctionScanState *) node);
			break;
		case T_CteScanState:
			ExecEndCteScan((CteScanState *) node);
			break;
		case T_SystemViewScanState:
			ExecEndSystemViewScan((SystemViewScanState *) node);
			break;
		case T_MaterialState:
			ExecEndMaterial((MaterialState *) node);
			break;
		case T_SortState:
			ExecEndSort((SortState *) node);
			break;
		case T_AggState:
			ExecEndAgg((AggState *) node);
			break;
		default:
			/* nothing but memory and slots, which the query gives back */
			break;
	}
	ExecEndNode(node->lefttree);
	ExecEndNode(node->righttree);
}

/* Begin again from the first row. */
void
ExecReScan(PlanState *node)
{
	if (node->instrument)
		InstrEndLoop(node->instrument);
	if (node->ps_ExprContext)
		ResetExprContext(node->ps_ExprContext);
	if (node->chgParam)
	{
		ListCell *lc;

		foreach (lc, node->initPlan)
			ExecReScanSetParamPlan(lfirst(lc));
	}
	switch (nodeTag(node))
	{
		case T_ResultState:
			ExecReScanResult((ResultState *) node);
			break;
		case T_ProjectSetState:
			ExecReScanProjectSet((ProjectSetState *) node);
			break;
		case T_LockRowsState:
			ExecReScan(outerPlanState(node));
			break;
		case T_AppendState:
			ExecReScanAppend((AppendState *) node);
			break;
		case T_SetOpState:
			ExecReScanSetOp((SetOpState *) node);
			break;
		case T_SeqScanState:
			((ScanState *) node)->ss_epqDone = false;
			ExecReScanSeqScan((SeqScanState *) node);
			break;
		case T_IndexScanState:
			((ScanState *) node)->ss_epqDone = false;
			ExecReScanIndexScan((IndexScanState *) node);
			break;
		case T_SubqueryScanState:
			ExecReScan(((SubqueryScanState *) node)->subplan);
			break;
		case T_FunctionScanState:
			ExecReScanFunctionScan((FunctionScanState *) node);
			break;
		case T_ValuesScanState:
			ExecReScanValuesScan((ValuesScanState *) node);
			break;
		case T_CteScanState:
			ExecReScanCteScan((CteScanState *) node);
			break;
		case T_SystemViewScanState:
			ExecReScanSystemViewScan((SystemViewScanState *) node);
			break;
		case T_NestLoopState:
			ExecReScanNestLoop((NestLoopState *) node);
			break;
		case T_MaterialState:
			ExecReScanMaterial((MaterialState *) node);
			break;
		case T_SortState:
			ExecReScanSort((SortState *) node);
			break;
		case T_AggState:
			ExecReScanAgg((AggState *) node);
			break;
		case T_UniqueState:
			ExecReScanUnique((UniqueState *) node);
			break;
		case T_LimitState:
			ExecReScanLimit((LimitState *) node);
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("a modifying statement cannot be run again")));
	}
	node->chgParam = false;
}

/*
 * A sort below that gets the bound keeps only so many rows.  A node that may
 * drop rows hides its input from the bound.
 */
void
ExecSetTupleBound(int64 tuples_needed, PlanState *child_node)
{
	if (IsA(child_node, SortState))
	{
		SortState *sort = (SortState *) child_node;

		sort->bounded = tuples_needed >= 0;
		sort->bound = tuples_needed;
	}
	else if (IsA(child_node, ResultState))
	{
		if (outerPlanState(child_node))
			ExecSetTupleBound(tuples_needed, outerPlanState(child_node));
	}
	else if (IsA(child_node, SubqueryScanState))
	{
		if (child_node->qual == NULL)
			ExecSetTupleBound(tuples_needed,
			                  ((SubqueryScanState *) child_node)->subplan);
	}
}

/* Can the plan be run towards its first row? */
bool
ExecSupportsBackwardScan(Plan *node)
{
	if (node == NULL)
		return false;
	switch (nodeTag(node))
	{
		case T_FunctionScan:
		case T_ValuesScan:
		case T_SystemViewScan:
		case T_Sort:
			return true;
		default:
			return false;
	}
}
