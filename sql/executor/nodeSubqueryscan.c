/*
 * nodeSubqueryscan.c
 *		The rows of a sub-select in FROM.
 *
 * Corresponds to PostgreSQL's executor/nodeSubqueryscan.c.
 */
#include "postgres.h"

#include "executor/execScan.h"
#include "executor/nodes.h"

static TupleTableSlot *
SubqueryNext(ScanState *node)
{
	return ExecProcNode(((SubqueryScanState *) node)->subplan);
}

static TupleTableSlot *
ExecSubqueryScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, SubqueryNext);
}

PlanState *
ExecInitSubqueryScan(SubqueryScan *node, EState *estate, int eflags)
{
	SubqueryScanState *state = makeNode(SubqueryScanState);
	ScanState *ss = &state->ss;

	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecSubqueryScan;
	ExecAssignExprContext(estate, &ss->ps);
	state->subplan = ExecInitNode(node->subplan, estate, eflags);
	ExecInitScanTupleSlot(estate, ss, state->subplan->ps_ResultTupleDesc);
	ss->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->scan.plan.targetlist);
	ExecConditionalAssignProjectionInfo(&ss->ps,
	                                    state->subplan->ps_ResultTupleDesc,
	                                    (int) node->scan.scanrelid);
	ss->ps.qual = ExecInitQual(node->scan.plan.qual, &ss->ps);
	return &ss->ps;
}
