/*
 * nodeSeqscan.c
 *		All rows of a table, in the order of its pages.
 *
 * Corresponds to PostgreSQL's executor/nodeSeqscan.c.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "executor/execScan.h"
#include "executor/nodes.h"
#include "utils/rel.h"

static TupleTableSlot *
SeqNext(ScanState *node)
{
	EState *estate = node->ps.state;
	TupleTableSlot *slot = node->ss_ScanTupleSlot;

	if (node->ss_currentScanDesc == NULL)
		node->ss_currentScanDesc = table_beginscan(
			node->ss_currentRelation, estate->es_snapshot, 0, NULL);
	if (table_scan_getnextslot(node->ss_currentScanDesc, estate->es_direction,
	                           slot))
		return slot;
	return NULL;
}

static TupleTableSlot *
ExecSeqScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, SeqNext);
}

PlanState *
ExecInitSeqScan(SeqScan *node, EState *estate, int eflags)
{
	SeqScanState *state = makeNode(SeqScanState);
	ScanState *ss = &state->ss;

	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecSeqScan;
	ExecAssignExprContext(estate, &ss->ps);
	ss->ss_currentRelation =
		ExecOpenScanRelation(estate, node->scan.scanrelid, eflags);
	ExecInitScanTupleSlot(estate, ss, RelationGetDescr(ss->ss_currentRelation));
	ss->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->scan.plan.targetlist);
	ExecConditionalAssignProjectionInfo(
		&ss->ps, ss->ss_ScanTupleSlot->tts_tupleDescriptor,
		(int) node->scan.scanrelid);
	ss->ps.qual = ExecInitQual(node->scan.plan.qual, &ss->ps);
	return &ss->ps;
}

void
ExecEndSeqScan(SeqScanState *node)
{
	if (node->ss.ss_currentScanDesc != NULL)
		table_endscan(node->ss.ss_currentScanDesc);
}

void
ExecReScanSeqScan(SeqScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->ss.ss_currentScanDesc != NULL)
		table_rescan(node->ss.ss_currentScanDesc, NULL);
}
