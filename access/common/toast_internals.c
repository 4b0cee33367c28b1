/*
 * toast_internals.c
 *		Values to and from the chunks of a TOAST relation.
 *
 * A value's chunks are rows of an ordinary heap, inserted one after the other
 * before the row that points to them; then their places go to the relation's
 * index, many at a time.
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
#include "access/hio.h"
#include "access/table.h"
#include "access/toast_index.h"
#include "access/toast_internals.h"
#include "access/transam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "utils/injection_point.h"
#include "utils/rel.h"

/* chunks whose places go to the index together */
#define PLACES_AT_ONCE 64

int
toast_open_indexes(Relation toastrel, LOCKMODE lock, Relation **toastidxs,
                   int *num_indexes)
{
	List *oids = RelationGetIndexList(toastrel);
	int valid = -1;

	*num_indexes = list_length(oids);
	*toastidxs = palloc_array(Relation, Max(*num_indexes, 1));
	for (int i = 0; i < *num_indexes; i++)
	{
		(*toastidxs)[i] = index_open(list_nth_oid(oids, i), lock);
		if ((*toastidxs)[i]->rd_index->indisvalid && valid < 0)
			valid = i;
	}
	list_free(oids);
	if (valid < 0)
		elog(ERROR, "no valid index found for toast relation with Oid %u",
		     RelationGetRelid(toastrel));
	return valid;
}

void
toast_close_indexes(Relation *toastidxs, int num_indexes, LOCKMODE lock)
{
	for (int i = 0; i < num_indexes; i++)
		index_close(toastidxs[i], lock);
	pfree(toastidxs);
}

/*
 * In every index that will get the value's entries: one that is being built
 * knows chunks that another one, rebuilt before, has lost with their rows.
 */
static bool
ValueIdExists(Relation *toastidxs, int num_indexes, Oid id)
{
	ToastIndexEntry entry;

	for (int i = 0; i < num_indexes; i++)
		if (toastidxs[i]->rd_index->indisready &&
		    ToastIndexLookup(toastidxs[i], id, 0, 0, &entry) > 0)
			return true;
	return false;
}

static Oid
NewValueId(Relation *toastidxs, int num_indexes)
{
	Oid id;

	do
	{
		CHECK_FOR_INTERRUPTS();
		id = GetNewObjectId();
	} while (ValueIdExists(toastidxs, num_indexes, id));
	return id;
}

static void
SaveChunks(Relation toastrel, Relation *toastidxs, int num_indexes, Oid valueid,
           const char *data, int32 todo, int options, BulkInsertState bistate)
{
	TupleDesc desc = RelationGetDescr(toastrel);
	struct varlena *chunk = palloc(TOAST_MAX_CHUNK_SIZE + VARHDRSZ);
	CommandId cid = GetCurrentCommandId(true);
	Datum values[3] = {ObjectIdGetDatum(valueid)};
	bool isnull[3] = {false};
	ItemPointerData places[PLACES_AT_ONCE];
	uint32 first = 0; /* the chunk that places begins with */
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
		heap_insert(toastrel, tuple, cid, options, bistate);
		places[seq - first] = tuple->t_self;
		heap_freetuple(tuple);
		seq++;
		data += size;
		todo -= size;
		if (todo > 0 && seq - first < PLACES_AT_ONCE)
			continue;
		for (int i = 0; i < num_indexes; i++)
			if (toastidxs[i]->rd_index->indisready)
				ToastIndexInsert(toastidxs[i], valueid, first, places,
				                 (int) (seq - first));
		first = seq;
	}
	pfree(chunk);
}

Datum
toast_save_datum(Relation rel, Datum value, int options,
                 BulkInsertState bistate)
{
	struct varlena *attr = (struct varlena *) DatumGetPointer(value);
	Relation toastrel =
		table_open(rel->rd_rel->reltoastrelid, RowExclusiveLock);
	Relation *toastidxs;
	int num_indexes;
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
	(void) toast_open_indexes(toastrel, RowExclusiveLock, &toastidxs,
	                          &num_indexes);
	pointer.va_valueid = NewValueId(toastidxs, num_indexes);
	SaveChunks(toastrel, toastidxs, num_indexes, pointer.va_valueid, data, size,
	           options, GetToastBulkInsertState(bistate));

	/* locks stay until the end of the transaction, as on the table */
	toast_close_indexes(toastidxs, num_indexes, NoLock);
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
	Relation *toastidxs;
	int num_indexes;
	int valid;
	uint32 nchunks;
	int found;

	if (!VARATT_IS_EXTERNAL_ONDISK(attr))
		return;
	VARATT_EXTERNAL_GET_POINTER(pointer, attr);
	if (VARATT_EXTERNAL_GET_EXTSIZE(pointer) == 0)
		return;
	nchunks =
		(VARATT_EXTERNAL_GET_EXTSIZE(pointer) - 1) / TOAST_MAX_CHUNK_SIZE + 1;
	chunks = palloc_array(ToastIndexEntry, nchunks);
	toastrel = table_open(pointer.va_toastrelid, RowExclusiveLock);
	valid = toast_open_indexes(toastrel, RowExclusiveLock, &toastidxs,
	                           &num_indexes);
	found = ToastIndexLookup(toastidxs[valid], pointer.va_valueid, 0,
	                         nchunks - 1, chunks);
	for (int i = 0; i < found; i++)
	{
		ItemPointerData tid;

		CHECK_FOR_INTERRUPTS();
		ItemPointerSet(&tid, chunks[i].block, chunks[i].offset);
		INJECTION_POINT("toast-delete-chunk");
		simple_heap_delete(toastrel, &tid);
	}
	toast_close_indexes(toastidxs, num_indexes, NoLock);
	table_close(toastrel, NoLock);
	pfree(chunks);
}
