/*
 * executor/executor.h
 *		Running plans and evaluating expressions.
 *
 * ExecutorStart, Run (any number of times), Finish, End.  Expressions are
 * compiled by ExecInitExpr and friends and evaluated by ExecEvalExpr; the
 * result of a by-reference type lives in the expression context's per-tuple
 * memory if it was evaluated by the ...SwitchContext variants.
 *
 * Corresponds to PostgreSQL's executor/executor.h.
 */
#ifndef EXECUTOR_H
#define EXECUTOR_H

#include "executor/execdesc.h"
#include "nodes/execnodes.h"
#include "utils/memutils.h"

#define EXEC_FLAG_EXPLAIN_ONLY 0x0001
#define EXEC_FLAG_REWIND 0x0002
#define EXEC_FLAG_BACKWARD 0x0004
#define EXEC_FLAG_MARK 0x0008
#define EXEC_FLAG_SKIP_TRIGGERS 0x0010

/*
 * execMain.c.  A hook takes the place of the standard function, which it calls
 * itself, or of the hook that was there before.
 */
typedef void (*ExecutorStart_hook_type)(QueryDesc *queryDesc, int eflags);
typedef void (*ExecutorRun_hook_type)(QueryDesc *queryDesc,
                                      ScanDirection direction, uint64 count,
                                      bool execute_once);
typedef void (*ExecutorFinish_hook_type)(QueryDesc *queryDesc);
typedef void (*ExecutorEnd_hook_type)(QueryDesc *queryDesc);
extern ExecutorStart_hook_type ExecutorStart_hook;
extern ExecutorRun_hook_type ExecutorRun_hook;
extern ExecutorFinish_hook_type ExecutorFinish_hook;
extern ExecutorEnd_hook_type ExecutorEnd_hook;

extern void ExecutorStart(QueryDesc *queryDesc, int eflags);
extern void standard_ExecutorStart(QueryDesc *queryDesc, int eflags);
/* count 0: all rows */
extern void ExecutorRun(QueryDesc *queryDesc, ScanDirection direction,
                        uint64 count, bool execute_once);
extern void standard_ExecutorRun(QueryDesc *queryDesc, ScanDirection direction,
                                 uint64 count, bool execute_once);
extern void ExecutorFinish(QueryDesc *queryDesc);
extern void standard_ExecutorFinish(QueryDesc *queryDesc);
extern void ExecutorEnd(QueryDesc *queryDesc);
extern void standard_ExecutorEnd(QueryDesc *queryDesc);
extern void ExecutorRewind(QueryDesc *queryDesc);
extern void
InitResultRelInfo(ResultRelInfo *resultRelInfo, Relation resultRelationDesc,
                  Index resultRelationIndex);
/* 42809 or 0A000 unless rows of it can be changed */
extern void CheckValidResultRel(Relation resultRel, CmdType operation);
/* NOT NULL: 23502 */
extern void ExecConstraints(ResultRelInfo *resultRelInfo, TupleTableSlot *slot,
                            EState *estate);

/* execEPQ.c */
/* plan: whose copy is run; nrels rows of the tables rtis are given to it */
extern void EvalPlanQualInit(EPQState *epqstate, EState *estate, Plan *plan,
                             int eflags, int nrels, Index *rtis);
/* The first row of the plan with the rows of epqstate->slots, or NULL. */
extern TupleTableSlot *EvalPlanQual(EPQState *epqstate);
extern void EvalPlanQualEnd(EPQState *epqstate);

/* execAmi.c, execProcnode.c */
extern PlanState *ExecInitNode(Plan *node, EState *estate, int eflags);
extern void ExecEndNode(PlanState *node);
extern void ExecReScan(PlanState *node);
/* tell a node how many rows are wanted of it, if it can use that */
extern void ExecSetTupleBound(int64 tuples_needed, PlanState *child_node);
extern bool ExecSupportsBackwardScan(Plan *node);

static inline TupleTableSlot *
ExecProcNode(PlanState *node)
{
	return node->ExecProcNode(node);
}

/* execExpr.c */
extern ExprState *ExecInitExpr(Expr *node, PlanState *parent);
extern ExprState *ExecInitExprWithParams(Expr *node, ParamListInfo ext_params);
extern ExprState *ExecInitQual(List *qual, PlanState *parent);
extern List *ExecInitExprList(List *nodes, PlanState *parent);
extern ProjectionInfo *
ExecBuildProjectionInfo(List *targetList, ExprContext *econtext,
                        TupleTableSlot *slot, PlanState *parent,
                        TupleDesc inputDesc);
/* compiled in the query's memory, and planned first */
extern ExprState *ExecPrepareExpr(Expr *node, EState *estate);
extern List *ExecPrepareExprList(List *nodes, EState *estate);
extern ExprState *ExecPrepareQual(List *qual, EState *estate);
/* true if the columns are equal (or both NULL) in inner and outer tuple */
extern ExprState *
ExecBuildGroupingEqual(TupleDesc ldesc, TupleDesc rdesc, int numCols,
                       const AttrNumber *keyCols, const Oid *eqfunctions,
                       const Oid *collations, PlanState *parent);

static inline Datum
ExecEvalExpr(ExprState *state, ExprContext *econtext, bool *isNull)
{
	return state->evalfunc(state, econtext, isNull);
}

static inline Datum
ExecEvalExprSwitchContext(ExprState *state, ExprContext *econtext, bool *isNull)
{
	MemoryContext old = MemoryContextSwitchTo(econtext->ecxt_per_tuple_memory);
	Datum result = state->evalfunc(state, econtext, isNull);

	MemoryContextSwitchTo(old);
	return result;
}

/* A NULL condition is false; a missing one is true. */
static inline bool
ExecQual(ExprState *state, ExprContext *econtext)
{
	bool isnull;

	if (state == NULL)
		return true;
	return DatumGetBool(ExecEvalExprSwitchContext(state, econtext, &isnull)) &&
	       !isnull;
}

static inline TupleTableSlot *
ExecProject(ProjectionInfo *projInfo)
{
	TupleTableSlot *slot = projInfo->pi_state.resultslot;
	bool isnull;

	ExecClearTuple(slot);
	(void) ExecEvalExprSwitchContext(&projInfo->pi_state,
	                                 projInfo->pi_exprContext, &isnull);
	return ExecStoreVirtualTuple(slot);
}

/* execTuples.c */
extern TupleTableSlot *
ExecInitExtraTupleSlot(EState *estate, TupleDesc tupledesc);
extern void ExecInitScanTupleSlot(EState *estate, ScanState *scanstate,
                                  TupleDesc tupledesc);
extern void ExecInitResultTupleSlotTL(PlanState *planstate);
extern TupleDesc ExecTypeFromTL(List *targetList);
/* without the resjunk columns */
extern TupleDesc ExecCleanTypeFromTL(List *targetList);
extern int ExecTargetListLength(List *targetlist);
extern int ExecCleanTargetListLength(List *targetlist);

/* rows of text to a receiver: EXPLAIN, SHOW */
typedef struct TupOutputState
{
	TupleTableSlot *slot;
	DestReceiver *dest;
} TupOutputState;

extern TupOutputState *
begin_tup_output_tupdesc(DestReceiver *dest, TupleDesc tupdesc);
extern void do_tup_output(TupOutputState *tstate, Datum *values, bool *isnull);
/* one row per line */
extern void do_text_output_multiline(TupOutputState *tstate, const char *txt);
extern void do_text_output_oneline(TupOutputState *tstate, const char *txt);
extern void end_tup_output(TupOutputState *tstate);

/* execUtils.c */
extern EState *CreateExecutorState(void);
extern void FreeExecutorState(EState *estate);
extern ExprContext *CreateExprContext(EState *estate);
extern ExprContext *CreateStandaloneExprContext(void);
extern void FreeExprContext(ExprContext *econtext, bool isCommit);
#define ResetExprContext(econtext) \
	MemoryContextReset((econtext)->ecxt_per_tuple_memory)
extern ExprContext *MakePerTupleExprContext(EState *estate);
#define GetPerTupleExprContext(estate)                                       \
	((estate)->es_per_tuple_exprcontext ? (estate)->es_per_tuple_exprcontext \
	                                    : MakePerTupleExprContext(estate))
#define GetPerTupleMemoryContext(estate) \
	(GetPerTupleExprContext(estate)->ecxt_per_tuple_memory)
#define ResetPerTupleExprContext(estate)                          \
	do                                                            \
	{                                                             \
		if ((estate)->es_per_tuple_exprcontext)                   \
			ResetExprContext((estate)->es_per_tuple_exprcontext); \
	} while (0)
extern void ExecAssignExprContext(EState *estate, PlanState *planstate);
/* project to the node's target list, unless the input has just its columns */
extern void ExecAssignProjectionInfo(PlanState *planstate, TupleDesc inputDesc);
extern void ExecConditionalAssignProjectionInfo(PlanState *planstate,
                                                TupleDesc inputDesc, int varno);
extern void ExecInitRangeTable(EState *estate, List *rangeTable);
extern Relation ExecGetRangeTableRelation(EState *estate, Index rti);
extern Relation
ExecOpenScanRelation(EState *estate, Index scanrelid, int eflags);
extern void ExecCloseRangeTableRelations(EState *estate);

static inline RangeTblEntry *
exec_rt_fetch(Index rti, EState *estate)
{
	return (RangeTblEntry *) list_nth(estate->es_range_table, (int) rti - 1);
}

/* execSRF.c */
extern SetExprState *
ExecInitFunctionResultSet(FuncExpr *expr, PlanState *parent);
/* the next value of a set; *isDone tells whether there is one */
extern Datum
ExecMakeFunctionResultSet(SetExprState *fcache, ExprContext *econtext,
                          MemoryContext argContext, bool *isNull,
                          ExprDoneCond *isDone);
/* drop what an unfinished call has left */
extern void ExecResetFunctionResultSet(SetExprState *fcache);
/* all rows of a function in FROM; expectedDesc is their shape */
extern struct Tuplestorestate *
ExecMakeTableFunctionResult(SetExprState *setexpr, ExprContext *econtext,
                            MemoryContext argContext, TupleDesc expectedDesc,
                            bool randomAccess);

/* execIndexing.c */
extern void ExecOpenIndices(ResultRelInfo *resultRelInfo, bool speculative);
extern void ExecCloseIndices(ResultRelInfo *resultRelInfo);
/* after the row is in the table; slot->tts_tid is its place */
extern List *
ExecInsertIndexTuples(ResultRelInfo *resultRelInfo, TupleTableSlot *slot,
                      EState *estate, bool update, bool noDupErr,
                      bool *specConflict, List *arbiterIndexes);

#endif /* EXECUTOR_H */
