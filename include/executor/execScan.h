/*
 * executor/execScan.h
 *		The loop of every scan: fetch a row, test it, project it.
 *
 * Inlined into each scan node, so that its access method is a direct call.
 *
 * Corresponds to PostgreSQL's executor/execScan.c.
 */
#ifndef EXEC_SCAN_H
#define EXEC_SCAN_H

#include "executor/executor.h"
#include "miscadmin.h"

/* the next row in node->ss_ScanTupleSlot, or an empty slot or NULL */
typedef TupleTableSlot *(*ExecScanAccessMtd)(ScanState *node);

/* execEPQ.c: the given row of the table, or else what accessMtd returns */
extern TupleTableSlot *
EvalPlanQualScanNext(ScanState *node, ExecScanAccessMtd accessMtd);

static pg_attribute_always_inline TupleTableSlot *
ExecScan(ScanState *node, ExecScanAccessMtd accessMtd)
{
	ExprContext *econtext = node->ps.ps_ExprContext;
	ExprState *qual = node->ps.qual;
	ProjectionInfo *projInfo = node->ps.ps_ProjInfo;

	ResetExprContext(econtext);
	for (;;)
	{
		TupleTableSlot *slot;

		CHECK_FOR_INTERRUPTS();
		if (unlikely(node->ps.state->es_epq_active != NULL))
			slot = EvalPlanQualScanNext(node, accessMtd);
		else
			slot = accessMtd(node);
		if (TupIsNull(slot))
			return projInfo ? ExecClearTuple(projInfo->pi_state.resultslot)
			                : slot;
		econtext->ecxt_scantuple = slot;
		if (qual == NULL || ExecQual(qual, econtext))
			return projInfo ? ExecProject(projInfo) : slot;
		InstrCountFiltered1(node, 1);
		ResetExprContext(econtext);
	}
}

#endif /* EXEC_SCAN_H */
