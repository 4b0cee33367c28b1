/*
 * executor/execdesc.h
 *		A plan on its way through the executor.
 *
 * Corresponds to PostgreSQL's executor/execdesc.h.
 */
#ifndef EXECDESC_H
#define EXECDESC_H

#include "nodes/execnodes.h"
#include "tcop/dest.h"

typedef struct QueryDesc
{
	/* from CreateQueryDesc */
	CmdType operation;
	PlannedStmt *plannedstmt;
	const char *sourceText;
	Snapshot snapshot; /* registered */
	Snapshot crosscheck_snapshot;
	DestReceiver *dest;
	ParamListInfo params;
	int instrument_options; /* of InstrumentOption */

	/* from ExecutorStart */
	TupleDesc tupDesc; /* of the result rows */
	EState *estate;
	PlanState *planstate;

	bool already_executed;
	Instrumentation *totaltime; /* of the whole, or NULL */
} QueryDesc;

extern QueryDesc *
CreateQueryDesc(PlannedStmt *plannedstmt, const char *sourceText,
                Snapshot snapshot, Snapshot crosscheck_snapshot,
                DestReceiver *dest, ParamListInfo params,
                int instrument_options);
extern void FreeQueryDesc(QueryDesc *qdesc);

#endif /* EXECDESC_H */
