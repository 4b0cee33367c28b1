/*
 * nodes/execnodes.h
 *		State of the executor: compiled expressions, the state of a query and
 *		of each node of its plan; and what an index is made of.
 *
 * A row travels as a TupleTableSlot.  A node's ExecProcNode returns the slot
 * of the next row, valid until the next call, or an empty one at the end.
 *
 * Corresponds to PostgreSQL's nodes/execnodes.h.
 */
#ifndef EXECNODES_H
#define EXECNODES_H

#include "access/attnum.h"
#include "access/sdir.h"
#include "executor/instrument.h"
#include "executor/tuptable.h"
#include "fmgr.h"
#include "nodes/params.h"
#include "nodes/pg_list.h"
#include "nodes/plannodes.h"
#include "utils/relcache.h"
#include "utils/snapshot.h"

struct EState;
struct ExprContext;
struct ExprEvalStep;
struct ExprState;
struct PlanState;
struct Tuplestorestate;
struct Tuplesortstate;

typedef struct IndexInfo
{
	int ii_NumIndexAttrs;
	int ii_NumIndexKeyAttrs;
	AttrNumber
		ii_IndexAttrNumbers[INDEX_MAX_KEYS]; /* of the table; 0: expression */
	List *ii_Expressions;      /* of the columns whose number is 0 */
	List *ii_ExpressionsState; /* ExprStates, or NIL: not yet compiled */
	List *ii_Predicate;        /* clauses; NIL: all rows are in it */
	struct ExprState *ii_PredicateState;
	bool ii_Unique;
	bool ii_ReadyForInserts;
	bool ii_Concurrent;
	bool ii_BrokenHotChain; /* the build left out versions some may see */
	int ii_ParallelWorkers; /* asked for */
	Oid ii_Am;
	void *ii_AmCache;
	struct IndexBuildResult *ii_BuildResult; /* of index_build; or NULL */
	MemoryContext ii_Context;
} IndexInfo;

/* Computes the value of a compiled expression. */
typedef Datum (*ExprStateEvalFunc)(struct ExprState *expression,
                                   struct ExprContext *econtext, bool *isNull);

/* An expression compiled to a flat array of steps (executor/execExpr.h). */
typedef struct ExprState
{
	NodeTag type;
	bool resnull;
	Datum resvalue;
	TupleTableSlot *resultslot; /* of a projection */
	struct ExprEvalStep *steps;
	ExprStateEvalFunc evalfunc;
	Expr *expr; /* what it was compiled from */
	int steps_len;
	int steps_alloc;
	struct PlanState *parent; /* node it belongs to, or NULL */
	ParamListInfo ext_params; /* if it has no parent */
	Datum *innermost_caseval;
	bool *innermost_casenull;
} ExprState;

/*
 * What an expression is evaluated against.  ecxt_per_tuple_memory is reset
 * for every row.
 */
typedef struct ExprContext
{
	NodeTag type;
	TupleTableSlot *ecxt_scantuple;
	TupleTableSlot *ecxt_innertuple;
	TupleTableSlot *ecxt_outertuple;
	MemoryContext ecxt_per_query_memory;
	MemoryContext ecxt_per_tuple_memory;
	ParamExecData *ecxt_param_exec_vals;
	ParamListInfo ecxt_param_list_info;
	Datum *ecxt_aggvalues; /* of Aggrefs, by aggno */
	bool *ecxt_aggnulls;
	Datum caseValue_datum;
	bool caseValue_isNull;
	struct EState *ecxt_estate; /* NULL if standalone */
} ExprContext;

/* A target list compiled into one expression that fills a slot. */
typedef struct ProjectionInfo
{
	NodeTag type;
	ExprState pi_state;
	ExprContext *pi_exprContext;
} ProjectionInfo;

/* Drops the resjunk columns of the top node's rows. */
typedef struct JunkFilter
{
	int jf_natts;
	AttrNumber *jf_cleanMap; /* column of the input, from 1 */
	TupleTableSlot *jf_resultSlot;
} JunkFilter;

/* how a set-returning function was called and how it answered */
typedef enum ExprDoneCond
{
	ExprSingleResult,
	ExprMultipleResult,
	ExprEndResult
} ExprDoneCond;

typedef enum SetFunctionReturnMode
{
	SFRM_ValuePerCall = 0x01,
	SFRM_Materialize = 0x02,
	SFRM_Materialize_Random = 0x04,
	SFRM_Materialize_Preferred = 0x08
} SetFunctionReturnMode;

/* fcinfo->resultinfo of a function that returns a set */
typedef struct ReturnSetInfo
{
	NodeTag type;
	ExprContext *econtext;
	TupleDesc expectedDesc;
	int allowedModes;
	SetFunctionReturnMode returnMode;  /* set by the function */
	ExprDoneCond isDone;               /* value per call: set by the function */
	struct Tuplestorestate *setResult; /* materialize: set by the function */
	TupleDesc setDesc;
} ReturnSetInfo;

/* The target of INSERT, DELETE or COPY, with its indexes. */
typedef struct ResultRelInfo
{
	NodeTag type;
	Index ri_RangeTableIndex;
	Relation ri_RelationDesc;
	int ri_NumIndices;
	RelationPtr ri_IndexRelationDescs;
	IndexInfo **ri_IndexRelationInfo;
	ProjectionInfo *ri_projectReturning;
} ResultRelInfo;

/* State of one query. */
typedef struct EState
{
	NodeTag type;
	ScanDirection es_direction;
	Snapshot es_snapshot;
	Snapshot es_crosscheck_snapshot;
	List *es_range_table;
	Index es_range_table_size;
	Relation *es_relations; /* opened so far, by rt index - 1 */
	PlannedStmt *es_plannedstmt;
	const char *es_sourceText;
	CommandId es_output_cid;
	ParamListInfo es_param_list_info;
	ParamExecData *es_param_exec_vals;
	MemoryContext es_query_cxt;
	List *es_tupleTable; /* slots, emptied at the end */
	uint64 es_processed;
	int es_top_eflags;
	int es_instrument;
	bool es_finished;
	struct JunkFilter *es_junkFilter; /* NULL: every column is wanted */
	List *es_exprcontexts;
	List *es_subplanstates; /* PlanStates, by plan_id - 1 */
	ExprContext *es_per_tuple_exprcontext;
	struct EPQState *es_epq_active; /* NULL, or what scans are to return */
} EState;

typedef TupleTableSlot *(*ExecProcNodeMtd)(struct PlanState *pstate);

typedef struct PlanState
{
	NodeTag type;
	Plan *plan;
	EState *state;
	ExecProcNodeMtd ExecProcNode;
	ExecProcNodeMtd ExecProcNodeReal; /* under the instrumentation */
	Instrumentation *instrument;      /* NULL: not measured */
	ExprState *qual;
	struct PlanState *lefttree;
	struct PlanState *righttree;
	List *initPlan; /* SubPlanStates */
	List *subPlan;  /* SubPlanStates of this node's expressions */
	bool chgParam;  /* rows kept from before the next rescan are out of date */
	TupleDesc ps_ResultTupleDesc;
	TupleTableSlot *ps_ResultTupleSlot;
	ExprContext *ps_ExprContext;
	ProjectionInfo *ps_ProjInfo; /* NULL: the input row is the result */
} PlanState;

#define innerPlanState(node) (((PlanState *) (node))->righttree)
#define outerPlanState(node) (((PlanState *) (node))->lefttree)

#define InstrCountTuples2(node, delta)                               \
	do                                                               \
	{                                                                \
		if (((PlanState *) (node))->instrument)                      \
			((PlanState *) (node))->instrument->ntuples2 += (delta); \
	} while (0)
#define InstrCountFiltered1(node, delta)                               \
	do                                                                 \
	{                                                                  \
		if (((PlanState *) (node))->instrument)                        \
			((PlanState *) (node))->instrument->nfiltered1 += (delta); \
	} while (0)
#define InstrCountFiltered2(node, delta)                               \
	do                                                                 \
	{                                                                  \
		if (((PlanState *) (node))->instrument)                        \
			((PlanState *) (node))->instrument->nfiltered2 += (delta); \
	} while (0)

/*
 * An init plan, which runs when one of its Params is first read; or a
 * sub-select of an expression, which runs for each row.  The rows that are
 * compared with something are fetched first, and kept if they are the same for
 * all rows.
 */
typedef struct SubPlanState
{
	SubPlan *subplan;
	PlanState *planstate;
	EState *estate;
	List *args; /* ExprStates */
	ExprState *testexpr;
	MemoryContext rowcontext; /* holds values */
	bool rows_fetched;        /* and they are still good */
	Datum *values;            /* of the first column */
	bool *nulls;
	int nvalues;
} SubPlanState;

typedef struct ResultState
{
	PlanState ps;
	ExprState *resconstantqual;
	bool rs_done;
	bool rs_checkqual;
} ResultState;

/*
 * A row that another transaction changed since the snapshot: is its newest
 * version still wanted?  A second copy of the plan runs with that version in
 * the place of the table's scan (execEPQ.c).
 */
typedef struct EPQState
{
	EState *estate;
	Plan *plan;
	PlanState *planstate; /* of the last run, or NULL */
	int eflags;
	int nrels;
	Index *rtis;            /* [nrels] tables whose row is given */
	TupleTableSlot **slots; /* [nrels] the row; empty: there is none */
} EPQState;

typedef struct LockRowsState
{
	PlanState ps;
	EPQState lr_epqstate; /* a row for each of the plan's row marks */
} LockRowsState;

typedef struct ModifyTableState
{
	PlanState ps;
	CmdType operation;
	bool canSetTag;
	bool mt_done;
	ResultRelInfo *resultRelInfo;
	TupleTableSlot *mt_newTuple;  /* INSERT, UPDATE: of the table's shape */
	TupleTableSlot *mt_oldTuple;  /* DELETE with RETURNING */
	struct InsertBatch *mt_batch; /* INSERT in batches, else NULL */
	EPQState mt_epqstate;         /* UPDATE, DELETE */
} ModifyTableState;

typedef struct AppendState
{
	PlanState ps;
	PlanState **appendplans;
	int as_nplans;
	int as_whichplan;
} AppendState;

typedef struct ScanState
{
	PlanState ps;
	Relation ss_currentRelation;
	struct TableScanDescData *ss_currentScanDesc;
	TupleTableSlot *ss_ScanTupleSlot;
	bool ss_epqDone; /* the row of es_epq_active was given */
} ScanState;

typedef struct SeqScanState
{
	ScanState ss;
} SeqScanState;

typedef struct IndexScanState
{
	ScanState ss;
	Relation iss_RelationDesc;
	struct IndexScanDescData *iss_ScanDesc;
	struct ScanKeyData *iss_OrderByKeys;
	int iss_NumOrderByKeys;
	ExprState **iss_OrderByValues;   /* the right-hand sides, by key */
	ExprContext *iss_RuntimeContext; /* the keys' values live here */
	bool iss_KeysReady;
	/* rows whose place in the order the index knew only roughly */
	ExprState **iss_OrderByExprs; /* the exact distances */
	struct SortSupportData *iss_SortSupport;
	int16 *iss_OrderByTypLens;
	bool *iss_OrderByTypByVals;
	struct ReorderTuple **iss_ReorderQueue; /* heap, nearest on top */
	int iss_ReorderCount;
	int iss_ReorderSize;
	bool iss_ReachedEnd; /* the index has no more */
} IndexScanState;

typedef struct SubqueryScanState
{
	ScanState ss;
	PlanState *subplan;
} SubqueryScanState;

/*
 * All scans of a WITH query in a query read one store.  Its owner, the leader,
 * is the one that was made first; whoever needs a row that is not there yet
 * fetches it.
 */
typedef struct CteScanState
{
	ScanState ss;
	int readptr;             /* this scan's position in the store */
	PlanState *cteplanstate; /* the WITH query */
	struct CteScanState *leader;
	/* the leader's */
	struct Tuplestorestate *cte_table;
	bool eof_cte; /* the WITH query has no more rows */
} CteScanState;

/* A set-returning function and how far its present call has come. */
typedef struct SetExprState
{
	FuncExpr *expr;
	List *args; /* ExprStates */
	FmgrInfo func;
	FunctionCallInfo fcinfo;
	bool setArgsValid; /* value per call: the arguments are of a call begun */
	struct Tuplestorestate *funcResultStore; /* materialized, or NULL */
	TupleTableSlot *funcResultSlot;
} SetExprState;

typedef struct FunctionScanState
{
	ScanState ss;
	ExprState *funcexpr;   /* of a function that returns no set */
	SetExprState *setexpr; /* of one that does */
	TupleDesc tupdesc;
	struct Tuplestorestate *tuplestorestate;
	MemoryContext argcontext;
} FunctionScanState;

typedef struct ValuesScanState
{
	ScanState ss;
	List **exprlists;      /* of expressions, one per row */
	List **exprstatelists; /* ExprStates, of rows with sub-selects only */
	int array_len;
	int curr_idx; /* -1: before the first */
	ExprContext *rowcontext;
} ValuesScanState;

typedef struct SystemViewScanState
{
	ScanState ss;
	struct Tuplestorestate *tuplestorestate;
} SystemViewScanState;

typedef struct NestLoopState
{
	PlanState ps;
	JoinType jointype;
	ExprState *joinqual;
	bool nl_NeedNewOuter;
	bool nl_MatchedOuter;
	TupleTableSlot *nl_NullInnerTupleSlot;
} NestLoopState;

typedef struct MaterialState
{
	ScanState ss;
	bool eof_underlying; /* the child has no more rows */
	struct Tuplestorestate *tuplestorestate;
} MaterialState;

typedef struct SortState
{
	ScanState ss;
	bool randomAccess; /* it will be read again */
	bool bounded;      /* only the first "bound" rows are wanted */
	int64 bound;
	bool sort_Done;
	bool bounded_Done;
	int64 bound_Done;
	struct Tuplesortstate *tuplesortstate;
} SortState;

typedef struct AggStatePerAggData *AggStatePerAgg;

typedef struct AggState
{
	ScanState ss;
	List *aggs; /* Aggrefs in order of aggno */
	int numaggs;
	AggStatePerAgg peragg;
	ExprContext *tmpcontext;   /* for input rows */
	MemoryContext aggcontext;  /* transition values, reset per group */
	ExprState *eqfunction;     /* AGG_SORTED: is it the same group? */
	TupleTableSlot *firstSlot; /* first row of the group */
	HeapTuple grp_firstTuple;  /* first row of the next group */
	bool agg_done;
} AggState;

typedef struct UniqueState
{
	PlanState ps;
	ExprState *eqfunction;
} UniqueState;

typedef struct SetOpState
{
	PlanState ps;
	ExprState *eqfunction;
	TupleTableSlot *groupSlot; /* first row of the group */
	HeapTuple nextTuple;       /* first row of the next one, or NULL */
	int64 numOutput;           /* how often the row is still to be returned */
	bool setop_done;
} SetOpState;

typedef enum LimitStateCond
{
	LIMIT_INITIAL,
	LIMIT_RESCAN,
	LIMIT_EMPTY,
	LIMIT_INWINDOW,
	LIMIT_SUBPLANEOF,
	LIMIT_WINDOWEND
} LimitStateCond;

typedef struct LimitState
{
	PlanState ps;
	ExprState *limitOffset;
	ExprState *limitCount;
	int64 offset;
	int64 count;
	bool noCount;
	LimitStateCond lstate;
	int64 position; /* 1-based, of the last row the child returned */
	TupleTableSlot *subSlot;
} LimitState;

typedef struct ProjectSetState
{
	PlanState ps;
	SetExprState **elems; /* per target; NULL: an ordinary expression */
	ExprState **exprs;
	ExprDoneCond *elemdone;
	int nelems;
	bool pending_srf_tuples;
	MemoryContext argcontext;
} ProjectSetState;

#endif /* EXECNODES_H */
