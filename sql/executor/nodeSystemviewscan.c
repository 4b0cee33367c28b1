/*
 * nodeSystemviewscan.c
 *		Rows of a relation whose rows are made when it is read
 *		(catalog/system_views.h).
 *
 * They are made at the first fetch and stay the same until the scan ends, also
 * when it is begun again.
 */
#include "postgres.h"

#include "catalog/system_views.h"
#include "executor/execScan.h"
#include "executor/nodes.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplestore.h"

static void
fill_store(SystemViewScanState *node)
{
	ScanState *ss = &node->ss;
	TupleDesc desc = ss->ss_ScanTupleSlot->tts_tupleDescriptor;
	const SystemView *view =
		GetSystemView(RelationGetRelid(ss->ss_currentRelation));
	MemoryContext work;
	MemoryContext old;

	Assert(view != NULL);
	old = MemoryContextSwitchTo(ss->ps.state->es_query_cxt);
	node->tuplestorestate = tuplestore_begin_heap(true, false, work_mem);
	work = AllocSetContextCreate(CurrentMemoryContext, "system view",
	                             ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(work);
	view->fill(node->tuplestorestate, desc);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
}

static TupleTableSlot *
SystemViewNext(ScanState *ss)
{
	SystemViewScanState *node = (SystemViewScanState *) ss;
	TupleTableSlot *slot = ss->ss_ScanTupleSlot;

	if (node->tuplestorestate == NULL)
		fill_store(node);
	(void) tuplestore_gettupleslot(
		node->tuplestorestate,
		ScanDirectionIsForward(ss->ps.state->es_direction), false, slot);
	slot->tts_tableOid = RelationGetRelid(ss->ss_currentRelation);
	return slot;
}

static TupleTableSlot *
ExecSystemViewScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, SystemViewNext);
}

PlanState *
ExecInitSystemViewScan(SystemViewScan *node, EState *estate, int eflags)
{
	SystemViewScanState *state = makeNode(SystemViewScanState);
	ScanState *ss = &state->ss;

	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecSystemViewScan;
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
ExecEndSystemViewScan(SystemViewScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->tuplestorestate != NULL)
		tuplestore_end(node->tuplestorestate);
}

void
ExecReScanSystemViewScan(SystemViewScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->tuplestorestate != NULL)
		tuplestore_rescan(node->tuplestorestate);
}
