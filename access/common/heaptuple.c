/*
 * heaptuple.c
 *		Making heap tuples of values, and values of heap tuples.
 *
 * Invariants:
 * 1.	Padding is zero: a reader takes any other byte at a varlena's place for
 *		a short header.
 * 2.	A value that fits gets the 1-byte header and no alignment, unless its
 *		column is stored plain; a reader takes every form anywhere.
 * 3.	A column that the tuple has not (fewer columns than the table) is null.
 *
 * Corresponds to PostgreSQL's access/common/heaptuple.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "access/tupmacs.h"

#define ATT_MAKES_SHORT(att, val)                                    \
	((att)->attlen == -1 && (att)->attstorage != TYPSTORAGE_PLAIN && \
	 VARATT_CAN_MAKE_SHORT(DatumGetPointer(val)))

Size
heap_compute_data_size(TupleDesc tupleDesc, Datum *values, bool *isnull)
{
	Size len = 0;
	int i;

	for (i = 0; i < tupleDesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupleDesc, i);

		if (isnull[i])
			continue;
		if (ATT_MAKES_SHORT(att, values[i]))
		{
			len += VARATT_CONVERTED_SHORT_SIZE(DatumGetPointer(values[i]));
			continue;
		}
		if (att->attbyval)
			len = att_align_nominal(len, att->attalign) + att->attlen;
		else
		{
			char *p = (char *) DatumGetPointer(values[i]);

			if (!(att->attlen == -1 && VARATT_IS_1B(p)))
				len = att_align_nominal(len, att->attalign);
			len = att_addlength_pointer(len, att->attlen, p);
		}
	}
	return len;
}

/* Data into zeroed memory; sets HASVARWIDTH, HASEXTERNAL, HASNULL, bits. */
static void
heap_fill_tuple(TupleDesc tupleDesc, Datum *values, bool *isnull, char *data,
                HeapTupleHeader td)
{
	char *start = data;
	int i;

	for (i = 0; i < tupleDesc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupleDesc, i);
		char *p;
		Size len;

		if (isnull[i])
			continue;
		if (td->t_infomask & HEAP_HASNULL)
			td->t_bits[i >> 3] |= 1 << (i & 7);
		if (att->attbyval)
		{
			data = start + att_align_nominal(data - start, att->attalign);
			store_att_byval(data, values[i], att->attlen);
			data += att->attlen;
			continue;
		}
		p = (char *) DatumGetPointer(values[i]);
		if (att->attlen < 0)
			td->t_infomask |= HEAP_HASVARWIDTH;
		if (ATT_MAKES_SHORT(att, values[i]))
		{
			len = VARATT_CONVERTED_SHORT_SIZE(p);
			SET_VARSIZE_SHORT(data, len);
			memcpy(data + 1, VARDATA(p), len - 1);
			data += len;
			continue;
		}
		if (att->attlen == -1 && VARATT_IS_EXTERNAL(p))
			td->t_infomask |= HEAP_HASEXTERNAL;
		if (!(att->attlen == -1 && VARATT_IS_1B(p)))
			data = start + att_align_nominal(data - start, att->attalign);
		len = att_addlength_pointer(0, att->attlen, p);
		memcpy(data, p, len);
		data += len;
	}
}

HeapTuple
heap_form_tuple(TupleDesc tupleDescriptor, Datum *values, bool *isnull)
{
	int natts = tupleDescriptor->natts;
	bool hasnull = false;
	Size hoff;
	Size len;
	HeapTuple tuple;
	HeapTupleHeader td;
	int i;

	if (natts > MaxTupleAttributeNumber)
		ereport(ERROR, (errcode(ERRCODE_TOO_MANY_COLUMNS),
		                errmsg("number of columns (%d) exceeds limit (%d)",
		                       natts, MaxTupleAttributeNumber)));
	for (i = 0; i < natts && !hasnull; i++)
		hasnull = isnull[i];
	hoff = MAXALIGN(SizeofHeapTupleHeader + (hasnull ? BITMAPLEN(natts) : 0));
	len = hoff + heap_compute_data_size(tupleDescriptor, values, isnull);

	tuple = (HeapTuple) palloc0(HEAPTUPLESIZE + len);
	tuple->t_len = len;
	ItemPointerSetInvalid(&tuple->t_self);
	tuple->t_tableOid = InvalidOid;
	tuple->t_data = td = (HeapTupleHeader) ((char *) tuple + HEAPTUPLESIZE);
	td->t_choice.t_datum.datum_typeid = tupleDescriptor->tdtypeid;
	td->t_choice.t_datum.datum_typmod = tupleDescriptor->tdtypmod;
	SET_VARSIZE(td, len);
	ItemPointerSetInvalid(&td->t_ctid);
	td->t_infomask2 = natts;
	td->t_infomask = hasnull ? HEAP_HASNULL : 0;
	td->t_hoff = hoff;
	heap_fill_tuple(tupleDescriptor, values, isnull, (char *) td + hoff, td);
	return tuple;
}

HeapTuple
heap_modify_tuple(HeapTuple tuple, TupleDesc tupleDesc, Datum *replValues,
                  bool *replIsnull, bool *doReplace)
{
	Datum *values = palloc_array(Datum, tupleDesc->natts);
	bool *isnull = palloc_array(bool, tupleDesc->natts);
	HeapTuple newTuple;
	int i;

	heap_deform_tuple(tuple, tupleDesc, values, isnull);
	for (i = 0; i < tupleDesc->natts; i++)
		if (doReplace[i])
		{
			values[i] = replValues[i];
			isnull[i] = replIsnull[i];
		}
	newTuple = heap_form_tuple(tupleDesc, values, isnull);
	pfree(values);
	pfree(isnull);
	newTuple->t_data->t_ctid = tuple->t_data->t_ctid;
	newTuple->t_self = tuple->t_self;
	newTuple->t_tableOid = tuple->t_tableOid;
	return newTuple;
}

void
heap_deform_tuple(HeapTuple tuple, TupleDesc tupleDesc, Datum *values,
                  bool *isnull)
{
	HeapTupleHeader tup = tuple->t_data;
	bool hasnulls = HeapTupleHasNulls(tuple);
	int natts = Min(HeapTupleHeaderGetNatts(tup), tupleDesc->natts);
	char *tp = (char *) tup + tup->t_hoff;
	Size off = 0;
	int i;

	for (i = 0; i < natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupleDesc, i);

		isnull[i] = hasnulls && att_isnull(i, tup->t_bits);
		if (isnull[i])
		{
			values[i] = (Datum) 0;
			continue;
		}
		off = att_align_pointer(off, att->attalign, att->attlen, tp + off);
		values[i] = fetch_att(tp + off, att->attbyval, att->attlen);
		off = att_addlength_pointer(off, att->attlen, tp + off);
	}
	for (; i < tupleDesc->natts; i++)
	{
		values[i] = (Datum) 0;
		isnull[i] = true;
	}
}

HeapTuple
heap_copytuple(HeapTuple tuple)
{
	HeapTuple copy;

	if (!HeapTupleIsValid(tuple) || tuple->t_data == NULL)
		return NULL;
	copy = (HeapTuple) palloc(HEAPTUPLESIZE + tuple->t_len);
	*copy = *tuple;
	copy->t_data = (HeapTupleHeader) ((char *) copy + HEAPTUPLESIZE);
	memcpy(copy->t_data, tuple->t_data, tuple->t_len);
	return copy;
}

void
heap_freetuple(HeapTuple htup)
{
	pfree(htup);
}

Datum
heap_getsysattr(HeapTuple tup, int attnum, bool *isnull)
{
	*isnull = false;
	switch (attnum)
	{
		case SelfItemPointerAttributeNumber:
			return PointerGetDatum(&tup->t_self);
		case MinTransactionIdAttributeNumber:
			return UInt32GetDatum(HeapTupleHeaderGetRawXmin(tup->t_data));
		case MaxTransactionIdAttributeNumber:
			return UInt32GetDatum(HeapTupleHeaderGetRawXmax(tup->t_data));
		case MinCommandIdAttributeNumber:
		case MaxCommandIdAttributeNumber:
			return UInt32GetDatum(HeapTupleHeaderGetRawCommandId(tup->t_data));
		case TableOidAttributeNumber:
			return ObjectIdGetDatum(tup->t_tableOid);
		default:
			elog(ERROR, "invalid attnum: %d", attnum);
	}
	return (Datum) 0;
}

Datum
heap_getattr(HeapTuple tup, int attnum, TupleDesc tupleDesc, bool *isnull)
{
	HeapTupleHeader td = tup->t_data;
	bool hasnulls = HeapTupleHasNulls(tup);
	char *tp = (char *) td + td->t_hoff;
	Size off = 0;
	int i;

	if (attnum <= 0)
		return heap_getsysattr(tup, attnum, isnull);
	*isnull = heap_attisnull(tup, attnum, tupleDesc);
	if (*isnull)
		return (Datum) 0;
	for (i = 0;; i++)
	{
		Form_pg_attribute att = TupleDescAttr(tupleDesc, i);

		if (hasnulls && att_isnull(i, td->t_bits))
			continue;
		off = att_align_pointer(off, att->attalign, att->attlen, tp + off);
		if (i == attnum - 1)
			return fetch_att(tp + off, att->attbyval, att->attlen);
		off = att_addlength_pointer(off, att->attlen, tp + off);
	}
}

bool
heap_attisnull(HeapTuple tup, int attnum, TupleDesc tupleDesc)
{
	if (attnum <= 0)
		return false;
	if (attnum > (int) HeapTupleHeaderGetNatts(tup->t_data))
		return true;
	return HeapTupleHasNulls(tup) &&
	       att_isnull(attnum - 1, tup->t_data->t_bits);
}
