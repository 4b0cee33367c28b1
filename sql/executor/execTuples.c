/*
 * execTuples.c
 *		Slots: rows on their way through the executor.
 *
 * One kind of slot serves all: with a tuple (on a pinned page, or in memory)
 * whose columns are taken apart only as far as they are asked for, or virtual,
 * with values alone.
 *
 * Corresponds to PostgreSQL's executor/execTuples.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tupmacs.h"
#include "executor/executor.h"
#include "nodes/nodeFuncs.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"

TupleTableSlot *
MakeSingleTupleTableSlot(TupleDesc tupdesc)
{
	TupleTableSlot *slot = palloc0_object(TupleTableSlot);
	int n = Max(tupdesc->natts, 1);

	slot->tts_tupleDescriptor = tupdesc;
	slot->tts_values = palloc0_array(Datum, n);
	slot->tts_isnull = palloc0_array(bool, n);
	slot->tts_empty = true;
	slot->buffer = InvalidBuffer;
	ItemPointerSetInvalid(&slot->tts_tid);
	slot->tts_mcxt = CurrentMemoryContext;
	return slot;
}

void
ExecDropSingleTupleTableSlot(TupleTableSlot *slot)
{
	ExecClearTuple(slot);
	pfree(slot->tts_values);
	pfree(slot->tts_isnull);
	pfree(slot);
}

TupleTableSlot *
ExecClearTuple(TupleTableSlot *slot)
{
	if (slot->tts_shouldfree)
		heap_freetuple(slot->tuple);
	if (slot->buffer != InvalidBuffer)
		ReleaseBuffer(slot->buffer);
	slot->tts_shouldfree = false;
	slot->buffer = InvalidBuffer;
	slot->tuple = NULL;
	slot->tts_nvalid = 0;
	slot->off = 0;
	slot->tts_empty = true;
	ItemPointerSetInvalid(&slot->tts_tid);
	return slot;
}

TupleTableSlot *
ExecStoreVirtualTuple(TupleTableSlot *slot)
{
	Assert(slot->tuple == NULL);
	slot->tts_empty = false;
	slot->tts_nvalid = slot->tts_tupleDescriptor->natts;
	return slot;
}

TupleTableSlot *
ExecStoreAllNullTuple(TupleTableSlot *slot)
{
	int natts = slot->tts_tupleDescriptor->natts;

	ExecClearTuple(slot);
	memset(slot->tts_values, 0, natts * sizeof(Datum));
	memset(slot->tts_isnull, true, natts * sizeof(bool));
	return ExecStoreVirtualTuple(slot);
}

TupleTableSlot *
ExecStoreHeapTuple(HeapTuple tuple, TupleTableSlot *slot, bool shouldFree)
{
	ExecClearTuple(slot);
	slot->tuple = tuple;
	slot->tts_shouldfree = shouldFree;
	slot->tts_empty = false;
	slot->tts_tid = tuple->t_self;
	slot->tts_tableOid = tuple->t_tableOid;
	return slot;
}

/* Neighbouring rows of one page keep the pin: the common case of a scan. */
TupleTableSlot *
ExecStoreBufferHeapTuple(HeapTuple tuple, TupleTableSlot *slot, Buffer buffer)
{
	AssertHot(BufferIsValid(buffer));
	if (slot->tts_shouldfree)
		heap_freetuple(slot->tuple);
	if (slot->buffer != buffer)
	{
		if (slot->buffer != InvalidBuffer)
			ReleaseBuffer(slot->buffer);
		slot->buffer = buffer;
		IncrBufferRefCount(buffer);
	}
	slot->tupdata = *tuple;
	slot->tuple = &slot->tupdata;
	slot->tts_shouldfree = false;
	slot->tts_nvalid = 0;
	slot->off = 0;
	slot->tts_empty = false;
	slot->tts_tid = tuple->t_self;
	slot->tts_tableOid = tuple->t_tableOid;
	return slot;
}

void
slot_getsomeattrs(TupleTableSlot *slot, int attnum)
{
	HeapTupleHeader td;
	TupleDesc desc = slot->tts_tupleDescriptor;
	bool hasnulls;
	char *tp;
	Size off;
	int i = slot->tts_nvalid;
	int have;

	if (i >= attnum)
		return;
	Assert(!slot->tts_empty && slot->tuple != NULL && attnum <= desc->natts);
	td = slot->tuple->t_data;
	hasnulls = HeapTupleHasNulls(slot->tuple);
	tp = (char *) td + td->t_hoff;
	off = slot->off;
	have = Min(attnum, (int) HeapTupleHeaderGetNatts(td));
	for (; i < have; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		slot->tts_isnull[i] = hasnulls && att_isnull(i, td->t_bits);
		if (slot->tts_isnull[i])
		{
			slot->tts_values[i] = (Datum) 0;
			continue;
		}
		off = att_align_pointer(off, att->attalign, att->attlen, tp + off);
		slot->tts_values[i] = fetch_att(tp + off, att->attbyval, att->attlen);
		off = att_addlength_pointer(off, att->attlen, tp + off);
	}
	for (; i < attnum; i++)
	{
		slot->tts_values[i] = (Datum) 0;
		slot->tts_isnull[i] = true;
	}
	slot->off = off;
	slot->tts_nvalid = attnum;
}

Datum
slot_getattr(TupleTableSlot *slot, int attnum, bool *isnull)
{
	if (attnum <= 0)
	{
		if (attnum == TableOidAttributeNumber)
		{
			*isnull = false;
			return ObjectIdGetDatum(slot->tts_tableOid);
		}
		if (attnum == SelfItemPointerAttributeNumber)
		{
			*isnull = false;
			return PointerGetDatum(&slot->tts_tid);
		}
		if (slot->tuple == NULL)
			ereport(
				ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			     errmsg("cannot retrieve a system column in this context")));
		return heap_getsysattr(slot->tuple, attnum, isnull);
	}
	slot_getsomeattrs(slot, attnum);
	*isnull = slot->tts_isnull[attnum - 1];
	return slot->tts_values[attnum - 1];
}

HeapTuple
ExecCopySlotHeapTuple(TupleTableSlot *slot)
{
	HeapTuple tuple;

	Assert(!TupIsNull(slot));
	if (slot->tuple != NULL)
		return heap_copytuple(slot->tuple);
	tuple = heap_form_tuple(slot->tts_tupleDescriptor, slot->tts_values,
	                        slot->tts_isnull);
	tuple->t_self = slot->tts_tid;
	tuple->t_tableOid = slot->tts_tableOid;
	return tuple;
}

HeapTuple
ExecFetchSlotHeapTuple(TupleTableSlot *slot, bool materialize, bool *shouldFree)
{
	if (shouldFree != NULL)
		*shouldFree = false;
	if (materialize)
		ExecMaterializeSlot(slot);
	if (slot->tuple != NULL)
		return slot->tuple;
	if (shouldFree != NULL)
	{
		*shouldFree = true;
		return ExecCopySlotHeapTuple(slot);
	}
	ExecMaterializeSlot(slot);
	return slot->tuple;
}

void
ExecMaterializeSlot(TupleTableSlot *slot)
{
	MemoryContext old;
	HeapTuple tuple;

	if (slot->tts_shouldfree)
		return;
	old = MemoryContextSwitchTo(slot->tts_mcxt);
	tuple = ExecCopySlotHeapTuple(slot);
	MemoryContextSwitchTo(old);
	ExecStoreHeapTuple(tuple, slot, true);
}

TupleTableSlot *
ExecCopySlot(TupleTableSlot *dst, TupleTableSlot *src)
{
	MemoryContext old = MemoryContextSwitchTo(dst->tts_mcxt);
	HeapTuple tuple = ExecCopySlotHeapTuple(src);

	MemoryContextSwitchTo(old);
	return ExecStoreHeapTuple(tuple, dst, true);
}

/* ------------------------------------------------------------------------
 *		Slots and descriptors of plan nodes
 * ------------------------------------------------------------------------
 */

/* A slot that is emptied when the query ends. */
TupleTableSlot *
ExecInitExtraTupleSlot(EState *estate, TupleDesc tupledesc)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(tupledesc);

	estate->es_tupleTable = lappend(estate->es_tupleTable, slot);
	return slot;
}

void
ExecInitScanTupleSlot(EState *estate, ScanState *scanstate, TupleDesc tupledesc)
{
	scanstate->ss_ScanTupleSlot = ExecInitExtraTupleSlot(estate, tupledesc);
}

void
ExecInitResultTupleSlotTL(PlanState *planstate)
{
	planstate->ps_ResultTupleDesc = ExecTypeFromTL(planstate->plan->targetlist);
	planstate->ps_ResultTupleSlot =
		ExecInitExtraTupleSlot(planstate->state, planstate->ps_ResultTupleDesc);
}

int
ExecTargetListLength(List *targetlist)
{
	return list_length(targetlist);
}

int
ExecCleanTargetListLength(List *targetlist)
{
	int len = 0;
	ListCell *lc;

	foreach (lc, targetlist)
	{
		if (!lfirst_node(TargetEntry, lc)->resjunk)
			len++;
	}
	return len;
}

static TupleDesc
ExecTypeFromTLInternal(List *targetList, bool skipjunk)
{
	TupleDesc desc =
		CreateTemplateTupleDesc(skipjunk ? ExecCleanTargetListLength(targetList)
	                                     : list_length(targetList));
	AttrNumber resno = 1;
	ListCell *lc;

	foreach (lc, targetList)
	{
		TargetEntry *tle = lfirst_node(TargetEntry, lc);
		Oid type;

		if (skipjunk && tle->resjunk)
			continue;
		type = exprType((Node *) tle->expr);
		TupleDescInitEntry(desc, resno, tle->resname, type,
		                   exprTypmod((Node *) tle->expr), 0);
		TupleDescAttr(desc, resno - 1)->attcollation =
			exprCollation((Node *) tle->expr);
		resno++;
	}
	return desc;
}

TupleDesc
ExecTypeFromTL(List *targetList)
{
	return ExecTypeFromTLInternal(targetList, false);
}

TupleDesc
ExecCleanTypeFromTL(List *targetList)
{
	return ExecTypeFromTLInternal(targetList, true);
}

/* ------------------------------------------------------------------------
 *		Rows of text
 * ------------------------------------------------------------------------
 */

TupOutputState *
begin_tup_output_tupdesc(DestReceiver *dest, TupleDesc tupdesc)
{
	TupOutputState *tstate = palloc_object(TupOutputState);

	tstate->slot = MakeSingleTupleTableSlot(tupdesc);
	tstate->dest = dest;
	dest->rStartup(dest, (int) CMD_SELECT, tupdesc);
	return tstate;
}

void
do_tup_output(TupOutputState *tstate, Datum *values, bool *isnull)
{
	TupleTableSlot *slot = tstate->slot;
	int natts = slot->tts_tupleDescriptor->natts;

	ExecClearTuple(slot);
	memcpy(slot->tts_values, values, natts * sizeof(Datum));
	memcpy(slot->tts_isnull, isnull, natts * sizeof(bool));
	ExecStoreVirtualTuple(slot);
	(void) tstate->dest->receiveSlot(slot, tstate->dest);
	ExecClearTuple(slot);
}

void
do_text_output_oneline(TupOutputState *tstate, const char *txt)
{
	Datum value = CStringGetTextDatum(txt);
	bool isnull = false;

	do_tup_output(tstate, &value, &isnull);
	pfree(DatumGetPointer(value));
}

void
do_text_output_multiline(TupOutputState *tstate, const char *txt)
{
	while (*txt)
	{
		const char *eol = strchrnul(txt, '\n');
		Datum value =
			PointerGetDatum(cstring_to_text_with_len(txt, (int) (eol - txt)));
		bool isnull = false;

		do_tup_output(tstate, &value, &isnull);
		pfree(DatumGetPointer(value));
		txt = *eol ? eol + 1 : eol;
	}
}

void
end_tup_output(TupOutputState *tstate)
{
	tstate->dest->rShutdown(tstate->dest);
	ExecDropSingleTupleTableSlot(tstate->slot);
	pfree(tstate);
}
