/*
 * toast_internals.c
 *		Values to and from the chunks of a TOAST relation.
 *
 * A value's chunks are rows of an ordinary heap, inserted one after the other
 * before the row that points to them; their places go to the relation's index.
 * An abort leaves them as dead rows for vacuum, and a crash too.
 *
 * A value's id is an OID that the index does not know, dead chunks included.
 *
 * Corresponds to PostgreSQL's toast_internals.c.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/heapam.h"
#include "access/heaptoast.h"
#include "access/table.h"
#include "access/toast_index.h"
#include "access/toast_internals.h"
#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

Relation
toast_open_index(Relation toastrel, LOCKMODE lockmode)
{
	List *indexes = RelationGetIndexList(toastrel);
	Relation index;

	if (indexes == NIL)
		elog(ERROR, "no valid index found for toast relation with Oid %u",
		     RelationGetRelid(toastrel));
	index = index_open(linitial_oid(indexes), lockmode);
	list_free(indexes);
	return index;
}

static Oid
NewValueId(Relation index)
{
	ToastIndexEntry entry;
	Oid id;

	do
	{
		CHECK_FOR_INTERRUPTS();
		id = GetNewObjectId();
	} while (ToastIndexLookup(index, id, 0, 0, &entry) > 0);
	return id;
}

static void
SaveChunks(Relation toastrel, Relation index, Oid valueid, const char *data,
           int32 todo, int options)
{
	TupleDesc desc = RelationGetDescr(toastrel);
	struct varlena *chunk = palloc(TOAST_MAX_CHUNK_SIZE + VARHDRSZ);
	CommandId cid = GetCurrentCommandId(true);
	Datum values[3] = {ObjectIdGetDatum(valueid)};
	bool isnull[3] = {false};
	uint32 seq = 0;

	values[2] = PointerGetDatum(chunk);
	while (todo > 0)
	{
		int32 size = Min((int32) TOAST_MAX_CHUNK_SIZE, todo);
		HeapTuple tuple;

		CHECK_FOR_INTERRUPTS();
		SET_VARSIZE(chunk, size + VARHDRSZ);
		memcpy(VARDATA(chunk), data, size);
		values[1] = Int32GetDatum(seq);
		tuple = heap_form_tuple(desc, values, isnull);
		INJECTION_POINT("toast-chunk");
		heap_insert(toastrel, tuple, cid, options, NULL);
		ToastIndexInsert(index, valueid, seq, &tuple->t_self);
		heap_freetuple(tuple);
		seq++;
		data += size;
		todo -= size;
	}
	pfree(chunk);
}

Datum
toast_save_datum(Relation rel, Datum value, int options)
{
	struct varlena *attr = (struct varlena *) DatumGetPointer(value);
	Relation toastrel =
		table_open(rel->rd_rel->reltoastrelid, RowExclusiveLock);
	Relation index = toast_open_index(toastrel, RowExclusiveLock);
	varatt_external pointer;
	char *result;
	char *data;
	int32 size;

	Assert(!VARATT_IS_EXTERNAL(attr));
	size = VARSIZE_ANY_EXHDR(attr);
	data = VARDATA_ANY(attr);
	pointer.va_rawsize = size + VARHDRSZ;
	pointer.va_extinfo = size;
	if (VARATT_IS_COMPRESSED(attr))
	{
		/* the word of raw size and method goes with the data */
		pointer.va_rawsize = VARDATA_COMPRESSED_GET_EXTSIZE(attr) + VARHDRSZ;
		pointer.va_extinfo |= VARDATA_COMPRESSED_GET_COMPRESS_METHOD(attr)
		                      << VARLENA_EXTSIZE_BITS;
		Assert(VARATT_EXTERNAL_IS_COMPRESSED(pointer));
	}
	pointer.va_toastrelid = RelationGetRelid(toastrel);
	pointer.va_valueid = NewValueId(index);
	SaveChunks(toastrel, index, pointer.va_valueid, data, size, options);

	/* locks stay until the end of the transaction, as on the table */
	index_close(index, NoLock);
	table_close(toastrel, NoLock);
	result = palloc(TOAST_POINTER_SIZE);
	result[0] = 0x01;
	result[1] = VARTAG_ONDISK;
	memcpy(result + VARHDRSZ_EXTERNAL, &pointer, sizeof(pointer));
	return PointerGetDatum(result);
}

void
toast_delete_datum(Relation rel, Datum value)
{
	struct varlena *attr = (struct varlena *) DatumGetPointer(value);
	varatt_external pointer;
	ToastIndexEntry *chunks;
	Relation toastrel;
	Relation index;
	uint32 nchunks;
	int found;

	if (!VARATT_IS_EXTERNAL_ONDISK(attr))
		return;
	VARATT_EXTERNAL_GET_POINTER(pointer, attr);
	if (VARATT_EXTERNAL_GET_EXTSIZE(pointer) == 0)
		return;
	nchunks = (VARATT_EXTERNAL_GET_EXTSIZE(pointer) - 1) / TOAST_MAX_CHUNK_SIZE +
	          1;
	chunks = palloc_array(ToastIndexEntry, nchunks);
	toastrel = table_open(pointer.va_toastrelid, RowExclusiveLock);
	index = toast_open_index(toastrel, RowExclusiveLock);
	found =
		ToastIndexLookup(index, pointer.va_valueid, 0, nchunks - 1, chunks);
	for (int i = 0; i < found; i++)
	{
		ItemPointerData tid;

		CHECK_FOR_INTERRUPTS();
		ItemPointerSet(&tid, chunks[i].block, chunks[i].offset);
		INJECTION_POINT("toast-delete-chunk");
		simple_heap_delete(toastrel, &tid);
	}
	index_close(index, NoLock);
	table_close(toastrel, NoLock);
	pfree(chunks);
}
