/*
 * heaptoast.c
 *		Rows that are too wide for their page.
 *
 * A row of more than a quarter of a page is made narrower until it is not, or
 * nothing is left to do, in this order: its widest extended values are
 * compressed and moved out if one alone is too wide; its widest extended and
 * external values are moved out; main values are compressed; main values are
 * moved out, but only if the row does not fit on a page.  Plain values stay.
 *
 * 1.	A value that the old version has out of line and the new one has too, by
 *		the same pointer, is not touched: both share the chunks.
 * 2.	A pointer that comes from elsewhere is never stored: the value is
 *		fetched and becomes this row's own.
 * 3.	Rows of catalogs stay as they are: their readers take values as they
 *		stand.  In pg_index the trees of expressions and predicates, which are
 *		read as text, are compressed; it has no TOAST relation.
 *
 * Corresponds to PostgreSQL's heaptoast.c and toast_helper.c.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/heapam.h"
#include "access/heaptoast.h"
#include "access/toast_index.h"
#include "access/toast_internals.h"
#include "access/transam.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_index.h"
#include "heap_internal.h"
#include "utils/rel.h"

StaticAssertDecl(TOAST_TUPLE_THRESHOLD == 2032, "format of PostgreSQL");
StaticAssertDecl(TOAST_MAX_CHUNK_SIZE == 1996, "format of PostgreSQL");
StaticAssertDecl(TOAST_TUPLE_TARGET_MAIN == 8160, "format of PostgreSQL");

/* What is known of one column while the row is being made narrower. */
typedef struct ToastColumn
{
	bool candidate;      /* may still be compressed or moved */
	bool incompressible; /* tried in vain, or not to be */
	Size size;
} ToastColumn;

typedef struct ToastState
{
	Relation rel;
	TupleDesc desc;
	Datum *values;
	bool *isnull;
	ToastColumn *columns;
	bool changed;
	int options;
	BulkInsertState bistate;
} ToastState;

bool
heap_tuple_needs_toast(Relation rel, HeapTuple tup)
{
	if (rel->rd_rel->relkind != RELKIND_RELATION ||
	    (RelationGetRelid(rel) < FirstNormalObjectId &&
	     RelationGetRelid(rel) != IndexRelationId))
		return false;
	return (tup->t_data->t_infomask & HEAP_HASEXTERNAL) != 0 ||
	       tup->t_len > TOAST_TUPLE_THRESHOLD;
}

static void
SetValue(ToastState *ts, int i, Datum value)
{
	ts->values[i] = value;
	ts->columns[i].size = VARSIZE_ANY(DatumGetPointer(value));
	ts->changed = true;
}

static bool
SamePointer(Datum a, Datum b)
{
	return memcmp(DatumGetPointer(a), DatumGetPointer(b), TOAST_POINTER_SIZE) ==
	       0;
}

/* Rules 1 and 2; returns whether the old value's chunks are to be deleted. */
static bool
PrepareColumn(ToastState *ts, int i, Datum oldvalue, bool oldexternal)
{
	Form_pg_attribute att = TupleDescAttr(ts->desc, i);
	ToastColumn *column = &ts->columns[i];
	struct varlena *value = (struct varlena *) DatumGetPointer(ts->values[i]);

	if (att->attlen != -1)
		return false;
	if (ts->isnull[i])
		return oldexternal;
	if (VARATT_IS_EXTERNAL(value))
	{
		if (oldexternal && SamePointer(oldvalue, ts->values[i]))
			return false;
		value = att->attstorage == TYPSTORAGE_PLAIN
		            ? detoast_attr(value)
		            : detoast_external_attr(value);
		SetValue(ts, i, PointerGetDatum(value));
	}
	column->size = VARSIZE_ANY(value);
	column->candidate = att->attstorage != TYPSTORAGE_PLAIN;
	column->incompressible =
		VARATT_IS_COMPRESSED(value) || att->attstorage == TYPSTORAGE_EXTERNAL;
	return oldexternal;
}

/* -1: none is left that is wider than a pointer. */
static int
FindBiggest(ToastState *ts, bool for_compression, bool main)
{
	Size biggest = MAXALIGN(TOAST_POINTER_SIZE);
	int found = -1;

	for (int i = 0; i < ts->desc->natts; i++)
	{
		ToastColumn *column = &ts->columns[i];

		if (!column->candidate || column->size <= biggest)
			continue;
		if ((TupleDescAttr(ts->desc, i)->attstorage == TYPSTORAGE_MAIN) != main)
			continue;
		/* an external one is looked at once, to move it out if it is wide */
		if (for_compression && column->incompressible)
			continue;
		biggest = column->size;
		found = i;
	}
	return found;
}

static void
Compress(ToastState *ts, int i)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(ts->values[i]);
	struct varlena *small =
		toast_compress(value, TupleDescAttr(ts->desc, i)->attcompression);

	ts->columns[i].incompressible = true;
	if (small != NULL)
		SetValue(ts, i, PointerGetDatum(small));
}

static void
MoveOut(ToastState *ts, int i)
{
	SetValue(
		ts, i,
		toast_save_datum(ts->rel, ts->values[i], ts->options, ts->bistate));
	ts->columns[i].candidate = false;
}

static bool
TooWide(const ToastState *ts, Size target)
{
	return heap_compute_data_size(ts->desc, ts->values, ts->isnull) > target;
}

static void
MakeNarrower(ToastState *ts, Size hoff)
{
	bool has_toast = OidIsValid(ts->rel->rd_rel->reltoastrelid);
	Size target =
		RelationGetToastTupleTarget(ts->rel, TOAST_TUPLE_TARGET) - hoff;
	int i;

	/* External values that are too wide alone go first, like extended ones. */
	for (i = 0; has_toast && i < ts->desc->natts; i++)
	{
		if (TupleDescAttr(ts->desc, i)->attstorage == TYPSTORAGE_EXTERNAL &&
		    ts->columns[i].candidate && ts->columns[i].size > target &&
		    TooWide(ts, target))
			MoveOut(ts, i);
	}
	while (TooWide(ts, target) && (i = FindBiggest(ts, true, false)) >= 0)
	{
		Compress(ts, i);
		if (has_toast && ts->columns[i].size > target)
			MoveOut(ts, i);
	}
	while (has_toast && TooWide(ts, target) &&
	       (i = FindBiggest(ts, false, false)) >= 0)
		MoveOut(ts, i);
	while (TooWide(ts, target) && (i = FindBiggest(ts, true, true)) >= 0)
		Compress(ts, i);
	target = TOAST_TUPLE_TARGET_MAIN - hoff;
	while (has_toast && TooWide(ts, target) &&
	       (i = FindBiggest(ts, false, true)) >= 0)
		MoveOut(ts, i);
}

HeapTuple
heap_toast_insert_or_update(Relation rel, HeapTuple newtup, HeapTuple oldtup,
                            int options, BulkInsertState bistate)
{
	TupleDesc desc = RelationGetDescr(rel);
	int natts = desc->natts;
	ToastState ts = {
		.rel = rel, .desc = desc, .options = options, .bistate = bistate};
	Datum *oldvalues = palloc0_array(Datum, natts);
	bool *oldnull = palloc_array(bool, natts);
	bool *delete_old = palloc0_array(bool, natts);
	bool hasnull = false;
	HeapTuple result = newtup;
	int i;

	ts.values = palloc_array(Datum, natts);
	ts.isnull = palloc_array(bool, natts);
	ts.columns = palloc0_array(ToastColumn, natts);
	heap_deform_tuple(newtup, desc, ts.values, ts.isnull);
	if (oldtup != NULL)
		heap_deform_tuple(oldtup, desc, oldvalues, oldnull);
	for (i = 0; i < natts; i++)
	{
		bool oldexternal = oldtup != NULL && !oldnull[i] &&
		                   TupleDescAttr(desc, i)->attlen == -1 &&
		                   VARATT_IS_EXTERNAL(DatumGetPointer(oldvalues[i]));

		delete_old[i] = PrepareColumn(&ts, i, oldvalues[i], oldexternal);
		hasnull = hasnull || ts.isnull[i];
	}
	MakeNarrower(&ts, MAXALIGN(SizeofHeapTupleHeader +
	                           (hasnull ? BITMAPLEN(natts) : 0)));
	if (ts.changed)
	{
		result = heap_form_tuple(desc, ts.values, ts.isnull);
		result->t_self = newtup->t_self;
		result->t_tableOid = newtup->t_tableOid;
	}
	for (i = 0; i < natts; i++)
		if (delete_old[i])
			toast_delete_datum(rel, oldvalues[i]);
	pfree(oldvalues);
	pfree(oldnull);
	pfree(delete_old);
	pfree(ts.values);
	pfree(ts.isnull);
	pfree(ts.columns);
	return result;
}

void
heap_toast_delete(Relation rel, HeapTuple oldtup)
{
	TupleDesc desc = RelationGetDescr(rel);
	Datum *values = palloc_array(Datum, desc->natts);
	bool *isnull = palloc_array(bool, desc->natts);

	heap_deform_tuple(oldtup, desc, values, isnull);
	for (int i = 0; i < desc->natts; i++)
		if (TupleDescAttr(desc, i)->attlen == -1 && !isnull[i] &&
		    VARATT_IS_EXTERNAL(DatumGetPointer(values[i])))
			toast_delete_datum(rel, values[i]);
	pfree(values);
	pfree(isnull);
}

/* The data of one chunk, from byte from on, to the place where it belongs. */
static void
CopyChunk(Relation toastrel, Buffer buffer, const ToastIndexEntry *entry,
          int32 attrsize, int32 from, int32 to, char *dest)
{
	int32 totalchunks = (attrsize - 1) / TOAST_MAX_CHUNK_SIZE + 1;
	int32 seq = entry->chunk_seq;
	int32 start = seq * TOAST_MAX_CHUNK_SIZE;
	int32 expected = Min((int32) TOAST_MAX_CHUNK_SIZE, attrsize - start);
	HeapTupleData tup;
	ItemPointerData tid;
	Datum values[3];
	bool isnull[3];
	int32 size;
	char *data;

	ItemPointerSet(&tid, entry->block, entry->offset);
	LockBuffer(buffer, BUFFER_LOCK_SHARE);
	heap_get_tuple(toastrel, buffer, &tid, &tup);
	heap_deform_tuple(&tup, RelationGetDescr(toastrel), values, isnull);
	if (isnull[0] || isnull[1] || isnull[2] ||
	    DatumGetObjectId(values[0]) != entry->chunk_id ||
	    DatumGetInt32(values[1]) != seq)
		ereport(ERROR,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg_internal(
					 "missing chunk number %d for toast value %u in %s", seq,
					 entry->chunk_id, RelationGetRelationName(toastrel))));
	data = VARDATA_ANY(DatumGetPointer(values[2]));
	size = VARSIZE_ANY_EXHDR(DatumGetPointer(values[2]));
	if (size != expected)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg_internal(
							"unexpected chunk size %d (expected %d) in "
							"chunk %d of %d for toast value %u in %s",
							size, expected, seq, totalchunks, entry->chunk_id,
							RelationGetRelationName(toastrel))));
	from = Max(from, start);
	to = Min(to, start + size);
	memcpy(dest, data + (from - start), to - from);
	LockBuffer(buffer, BUFFER_LOCK_UNLOCK);
}

void
heap_fetch_toast_slice(Relation toastrel, Oid valueid, int32 attrsize,
                       int32 sliceoffset, int32 slicelength,
                       struct varlena *result)
{
	uint32 first = sliceoffset / TOAST_MAX_CHUNK_SIZE;
	uint32 last = (sliceoffset + slicelength - 1) / TOAST_MAX_CHUNK_SIZE;
	ToastIndexEntry *entries = palloc_array(ToastIndexEntry, last - first + 1);
	Relation *toastidxs;
	int num_indexes;
	int valid =
		toast_open_indexes(toastrel, AccessShareLock, &toastidxs, &num_indexes);
	Buffer buffer = InvalidBuffer;
	int found;

	Assert(slicelength > 0 && sliceoffset + slicelength <= attrsize);
	found = ToastIndexLookup(toastidxs[valid], valueid, first, last, entries);
	toast_close_indexes(toastidxs, num_indexes, AccessShareLock);
	for (uint32 seq = first; seq <= last; seq++)
	{
		int n = seq - first;
		int32 start = Max(sliceoffset, (int32) (seq * TOAST_MAX_CHUNK_SIZE));

		if (n >= found || entries[n].chunk_seq != seq)
			ereport(ERROR,
			        (errcode(ERRCODE_DATA_CORRUPTED),
			         errmsg_internal(
						 "missing chunk number %u for toast value %u in %s",
						 seq, valueid, RelationGetRelationName(toastrel))));
		buffer = ReleaseAndReadBuffer(buffer, toastrel, entries[n].block);
		CopyChunk(toastrel, buffer, &entries[n], attrsize, sliceoffset,
		          sliceoffset + slicelength,
		          VARDATA(result) + (start - sliceoffset));
	}
	ReleaseBuffer(buffer);
	pfree(entries);
}
