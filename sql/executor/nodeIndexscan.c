/*
 * nodeIndexscan.c
 *		Rows of a table in the order of an index: ORDER BY key operator value.
 *
 * The value is computed when the scan begins.  An index that knows a distance
 * only roughly says so (xs_recheckorderby) and gives a lower bound of it: the
 * exact distance is then computed from the row, and a row that may not be next
 * waits in a queue until the index's bounds have passed it.
 *
 * Corresponds to PostgreSQL's executor/nodeIndexscan.c, for ordering
 * operators.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "executor/execScan.h"
#include "executor/nodes.h"
#include "nodes/nodeFuncs.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/sortsupport.h"

/* A row that waits for its turn. */
typedef struct ReorderTuple
{
	HeapTuple htup;
	Datum *orderbyvals;
	bool *orderbynulls;
} ReorderTuple;

/* NULLs are last. */
static int
cmp_orderbyvals(const Datum *adist, const bool *anulls, const Datum *bdist,
                const bool *bnulls, IndexScanState *node)
{
	for (int i = 0; i < node->iss_NumOrderByKeys; i++)
	{
		SortSupport ssup = &node->iss_SortSupport[i];
		int result;

		if (anulls[i] != bnulls[i])
			return anulls[i] ? 1 : -1;
		if (anulls[i])
			continue;
		result = ssup->comparator(adist[i], bdist[i], ssup);
		if (result != 0)
			return result;
	}
	return 0;
}

/* ------------------------------------------------------------------------
 *		The queue: a binary heap, nearest on top
 * ------------------------------------------------------------------------
 */

static int
reorder_cmp(IndexScanState *node, const ReorderTuple *a, const ReorderTuple *b)
{
	return cmp_orderbyvals(a->orderbyvals, a->orderbynulls, b->orderbyvals,
	                       b->orderbynulls, node);
}

static void
reorderqueue_push(IndexScanState *node, TupleTableSlot *slot,
                  const Datum *values, const bool *nulls)
{
	MemoryContext old = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
	ReorderTuple *rt = palloc_object(ReorderTuple);
	int n = node->iss_NumOrderByKeys;
	int i;

	rt->htup = ExecCopySlotHeapTuple(slot);
	rt->orderbyvals = palloc_array(Datum, n);
	rt->orderbynulls = palloc_array(bool, n);
	for (i = 0; i < n; i++)
	{
		rt->orderbynulls[i] = nulls[i];
		rt->orderbyvals[i] =
			nulls[i] ? (Datum) 0
					 : datumCopy(values[i], node->iss_OrderByTypByVals[i],
		                         node->iss_OrderByTypLens[i]);
	}
	if (node->iss_ReorderCount >= node->iss_ReorderSize)
	{
		node->iss_ReorderSize = Max(node->iss_ReorderSize * 2, 64);
		node->iss_ReorderQueue =
			node->iss_ReorderQueue == NULL
				? palloc_array(ReorderTuple *, node->iss_ReorderSize)
				: repalloc(node->iss_ReorderQueue,
		                   node->iss_ReorderSize * sizeof(ReorderTuple *));
	}
	MemoryContextSwitchTo(old);

	for (i = node->iss_ReorderCount++; i > 0; i = (i - 1) / 2)
	{
		ReorderTuple *parent = node->iss_ReorderQueue[(i - 1) / 2];

		if (reorder_cmp(node, rt, parent) >= 0)
			break;
		node->iss_ReorderQueue[i] = parent;
	}
	node->iss_ReorderQueue[i] = rt;
}

/* The caller's now; the values of its distances are freed. */
static HeapTuple
reorderqueue_pop(IndexScanState *node)
{
	ReorderTuple **q = node->iss_ReorderQueue;
	ReorderTuple *top = q[0];
	HeapTuple result = top->htup;
	int n = --node->iss_ReorderCount;
	ReorderTuple *last = q[n];
	int i = 0;

	for (;;)
	{
		int j = 2 * i + 1;

		if (j >= n)
			break;
		if (j + 1 < n && reorder_cmp(node, q[j], q[j + 1]) > 0)
			j++;
		if (reorder_cmp(node, last, q[j]) <= 0)
			break;
		q[i] = q[j];
		i = j;
	}
	q[i] = last;
	for (i = 0; i < node->iss_NumOrderByKeys; i++)
	{
		if (!node->iss_OrderByTypByVals[i] && !top->orderbynulls[i])
			pfree(DatumGetPointer(top->orderbyvals[i]));
	}
	pfree(top->orderbyvals);
	pfree(top->orderbynulls);
	pfree(top);
	return result;
}

/* ------------------------------------------------------------------------
 *		Fetching
 * ------------------------------------------------------------------------
 */

/* The values that the index orders by, into its keys. */
static void
eval_orderby_keys(IndexScanState *node)
{
	ExprContext *econtext = node->iss_RuntimeContext;

	ResetExprContext(econtext);
	for (int i = 0; i < node->iss_NumOrderByKeys; i++)
	{
		ScanKey key = &node->iss_OrderByKeys[i];
		bool isnull;

		key->sk_argument = ExecEvalExprSwitchContext(node->iss_OrderByValues[i],
		                                             econtext, &isnull);
		if (isnull)
			key->sk_flags |= SK_ISNULL;
		else
			key->sk_flags &= ~SK_ISNULL;
	}
	node->iss_KeysReady = true;
}

static void
begin_scan(IndexScanState *node)
{
	eval_orderby_keys(node);
	node->iss_ScanDesc = index_beginscan(
		node->ss.ss_currentRelation, node->iss_RelationDesc,
		node->ss.ps.state->es_snapshot, 0, node->iss_NumOrderByKeys);
	index_rescan(node->iss_ScanDesc, NULL, 0, node->iss_OrderByKeys,
	             node->iss_NumOrderByKeys);
}

/* The exact distances of the row in the scan slot. */
static void
eval_exact(IndexScanState *node, TupleTableSlot *slot, Datum *values,
           bool *nulls)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;

	econtext->ecxt_scantuple = slot;
	ResetExprContext(econtext);
	for (int i = 0; i < node->iss_NumOrderByKeys; i++)
		values[i] = ExecEvalExprSwitchContext(node->iss_OrderByExprs[i],
		                                      econtext, &nulls[i]);
}

/* May the first of the queue be shown before what the index has left? */
static bool
queue_is_due(IndexScanState *node)
{
	IndexScanDesc scan = node->iss_ScanDesc;
	ReorderTuple *top;

	if (node->iss_ReorderCount == 0)
		return false;
	if (node->iss_ReachedEnd)
		return true;
	top = node->iss_ReorderQueue[0];
	return cmp_orderbyvals(top->orderbyvals, top->orderbynulls,
	                       scan->xs_orderbyvals, scan->xs_orderbynulls,
	                       node) <= 0;
}

/* Whether the row that the index just gave is next; if not, it is queued. */
static bool
is_next(IndexScanState *node, TupleTableSlot *slot)
{
	IndexScanDesc scan = node->iss_ScanDesc;
	Datum exact[INDEX_MAX_KEYS] = {0};
	bool exactnulls[INDEX_MAX_KEYS] = {0};
	const Datum *values = scan->xs_orderbyvals;
	const bool *nulls = scan->xs_orderbynulls;
	bool was_exact = true;

	if (scan->xs_recheckorderby)
	{
		int cmp;

		eval_exact(node, slot, exact, exactnulls);
		cmp = cmp_orderbyvals(exact, exactnulls, values, nulls, node);
		if (cmp < 0)
			elog(ERROR, "index returned tuples in wrong order");
		was_exact = cmp == 0;
		values = exact;
		nulls = exactnulls;
	}
	if (was_exact &&
	    (node->iss_ReorderCount == 0 ||
	     cmp_orderbyvals(values, nulls, node->iss_ReorderQueue[0]->orderbyvals,
	                     node->iss_ReorderQueue[0]->orderbynulls, node) <= 0))
		return true;
	reorderqueue_push(node, slot, values, nulls);
	return false;
}

static TupleTableSlot *
IndexNext(ScanState *ss)
{
	IndexScanState *node = (IndexScanState *) ss;
	IndexScan *plan = (IndexScan *) ss->ps.plan;
	TupleTableSlot *slot = ss->ss_ScanTupleSlot;

	if (node->iss_ScanDesc == NULL)
		begin_scan(node);
	else if (!node->iss_KeysReady)
		ExecReScan(&ss->ps);
	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (queue_is_due(node))
			return ExecStoreHeapTuple(reorderqueue_pop(node), slot, true);
		if (node->iss_ReachedEnd)
			return ExecClearTuple(slot);
		if (!index_getnext_slot(node->iss_ScanDesc, plan->indexorderdir, slot))
		{
			node->iss_ReachedEnd = true;
			continue;
		}
		if (!node->iss_ScanDesc->xs_recheckorderby &&
		    node->iss_ReorderCount == 0)
			return slot;
		if (is_next(node, slot))
			return slot;
	}
}

static TupleTableSlot *
ExecIndexScan(PlanState *pstate)
{
	return ExecScan((ScanState *) pstate, IndexNext);
}

/* ------------------------------------------------------------------------
 *		Setting up
 * ------------------------------------------------------------------------
 */

static void
init_orderby_key(IndexScanState *node, int i, OpExpr *op, int indexcol,
                 Oid sortop)
{
	Relation index = node->iss_RelationDesc;
	ScanKey key = &node->iss_OrderByKeys[i];
	SortSupport ssup = &node->iss_SortSupport[i];
	int strategy;
	Oid lefttype;
	Oid righttype;

	if (!IsA(op, OpExpr) ||
	    indexcol >= IndexRelationGetNumberOfKeyAttributes(index))
		elog(ERROR, "an index's order is not by its key");
	memset(key, 0, sizeof(*key));
	key->sk_flags = SK_ORDER_BY;
	key->sk_attno = (AttrNumber) (indexcol + 1);
	get_op_opfamily_properties(op->opno, index->rd_opfamily[indexcol], true,
	                           &strategy, &lefttype, &righttype);
	key->sk_strategy = (StrategyNumber) strategy;
	key->sk_subtype = righttype;
	key->sk_collation = op->inputcollid;
	fmgr_info(get_opcode(op->opno), &key->sk_func);
	node->iss_OrderByValues[i] = ExecInitExpr(lsecond(op->args), &node->ss.ps);
	node->iss_OrderByExprs[i] = ExecInitExpr((Expr *) op, &node->ss.ps);

	ssup->ssup_cxt = CurrentMemoryContext;
	ssup->ssup_collation = op->inputcollid;
	PrepareSortSupportFromOrderingOp(sortop, ssup);
	get_typlenbyval(op->opresulttype, &node->iss_OrderByTypLens[i],
	                &node->iss_OrderByTypByVals[i]);
}

static void
init_orderby_keys(IndexScanState *node, IndexScan *plan)
{
	int n = list_length(plan->indexorderby);

	node->iss_NumOrderByKeys = n;
	node->iss_OrderByKeys = palloc0_array(ScanKeyData, n);
	node->iss_OrderByValues = palloc0_array(ExprState *, n);
	node->iss_OrderByExprs = palloc0_array(ExprState *, n);
	node->iss_SortSupport = palloc0_array(SortSupportData, n);
	node->iss_OrderByTypLens = palloc0_array(int16, n);
	node->iss_OrderByTypByVals = palloc0_array(bool, n);
	for (int i = 0; i < n; i++)
		init_orderby_key(node, i, list_nth(plan->indexorderby, i),
		                 list_nth_int(plan->indexorderbycols, i),
		                 list_nth_oid(plan->indexorderbyops, i));
}

PlanState *
ExecInitIndexScan(IndexScan *node, EState *estate, int eflags)
{
	IndexScanState *state = makeNode(IndexScanState);
	ScanState *ss = &state->ss;

	if (node->indexqual != NIL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("conditions on the keys of an index are not "
		                       "supported")));
	ss->ps.plan = (Plan *) node;
	ss->ps.state = estate;
	ss->ps.ExecProcNode = ExecIndexScan;
	ExecAssignExprContext(estate, &ss->ps);
	ss->ss_currentRelation =
		ExecOpenScanRelation(estate, node->scan.scanrelid, eflags);
	ExecInitScanTupleSlot(estate, ss, RelationGetDescr(ss->ss_currentRelation));
	ss->ps.ps_ResultTupleDesc = ExecTypeFromTL(node->scan.plan.targetlist);
	ExecConditionalAssignProjectionInfo(
		&ss->ps, ss->ss_ScanTupleSlot->tts_tupleDescriptor,
		(int) node->scan.scanrelid);
	ss->ps.qual = ExecInitQual(node->scan.plan.qual, &ss->ps);
	/* EXPLAIN alone must not need the index */
	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return &ss->ps;

	state->iss_RelationDesc = index_open(node->indexid, AccessShareLock);
	state->iss_RuntimeContext = CreateExprContext(estate);
	init_orderby_keys(state, node);
	return &ss->ps;
}

void
ExecEndIndexScan(IndexScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	if (node->iss_ScanDesc != NULL)
		index_endscan(node->iss_ScanDesc);
	if (node->iss_RelationDesc != NULL)
		index_close(node->iss_RelationDesc, NoLock);
}

void
ExecReScanIndexScan(IndexScanState *node)
{
	ExecClearTuple(node->ss.ss_ScanTupleSlot);
	while (node->iss_ReorderCount > 0)
		heap_freetuple(reorderqueue_pop(node));
	node->iss_ReachedEnd = false;
	if (node->iss_ScanDesc == NULL)
		return;
	eval_orderby_keys(node);
	index_rescan(node->iss_ScanDesc, NULL, 0, node->iss_OrderByKeys,
	             node->iss_NumOrderByKeys);
}
