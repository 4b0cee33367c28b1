/*
 * execEPQ.c
 *		Is the newest version of a row still what the query wants?
 *
 * Under READ COMMITTED a command that finds a row changed since its snapshot
 * goes on with the row's newest version, if that still meets its conditions.
 * To find out, a fresh copy of the plan runs with that version in the place of
 * the scan of its table.  All other tables are read under the snapshot; of
 * what they join to the row, the first counts, which is one of the results the
 * command may choose from anyway.
 *
 * The copy is made anew each time: conflicts are rare, and no node's memory of
 * an earlier row can be in the way.  It shares the parameters of the query: a
 * nested loop in it overwrites those of the loop it is a copy of, so they are
 * put back.
 *
 * Corresponds to the EvalPlanQual part of PostgreSQL's execMain.c, which has
 * the rows of the other tables handed up in junk columns instead.
 */
#include "postgres.h"

#include "executor/execScan.h"
#include "executor/executor.h"
#include "utils/rel.h"

void
EvalPlanQualInit(EPQState *epqstate, EState *estate, Plan *plan, int eflags,
                 int nrels, Index *rtis)
{
	epqstate->estate = estate;
	epqstate->plan = plan;
	epqstate->planstate = NULL;
	epqstate->eflags = eflags;
	epqstate->nrels = nrels;
	epqstate->rtis = rtis;
	epqstate->slots = palloc_array(TupleTableSlot *, Max(nrels, 1));
	for (int i = 0; i < nrels; i++)
		epqstate->slots[i] = ExecInitExtraTupleSlot(
			estate,
			RelationGetDescr(ExecGetRangeTableRelation(estate, rtis[i])));
}

/*
 * A parameter that was computed before has its value back; one that was not
 * may have been computed meanwhile, and stays so.
 */
static void
restore_params(EState *estate, const ParamExecData *saved, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (saved[i].execPlan == NULL)
			estate->es_param_exec_vals[i] = saved[i];
	}
}

TupleTableSlot *
EvalPlanQual(EPQState *epqstate)
{
	EState *estate = epqstate->estate;
	struct EPQState *outer = estate->es_epq_active;
	int nparams = estate->es_plannedstmt->nParamExec;
	ParamExecData *saved = NULL;
	MemoryContext old;
	TupleTableSlot *slot;

	EvalPlanQualEnd(epqstate);
	old = MemoryContextSwitchTo(estate->es_query_cxt);
	if (nparams > 0)
	{
		saved = palloc_array(ParamExecData, nparams);
		memcpy(saved, estate->es_param_exec_vals,
		       nparams * sizeof(ParamExecData));
	}
	epqstate->planstate =
		ExecInitNode(epqstate->plan, estate, epqstate->eflags);
	estate->es_epq_active = epqstate;
	slot = ExecProcNode(epqstate->planstate);
	estate->es_epq_active = outer;
	if (!TupIsNull(slot))
		ExecMaterializeSlot(slot);
	if (saved != NULL)
	{
		restore_params(estate, saved, nparams);
		pfree(saved);
	}
	MemoryContextSwitchTo(old);
	return TupIsNull(slot) ? NULL : slot;
}

void
EvalPlanQualEnd(EPQState *epqstate)
{
	if (epqstate->planstate != NULL)
		ExecEndNode(epqstate->planstate);
	epqstate->planstate = NULL;
}

TupleTableSlot *
EvalPlanQualScanNext(ScanState *node, ExecScanAccessMtd accessMtd)
{
	EPQState *epqstate = node->ps.state->es_epq_active;
	Index rti = ((Scan *) node->ps.plan)->scanrelid;

	for (int i = 0; i < epqstate->nrels; i++)
	{
		if (epqstate->rtis[i] != rti)
			continue;
		if (node->ss_epqDone)
			return NULL;
		node->ss_epqDone = true;
		return epqstate->slots[i];
	}
	return accessMtd(node);
}
