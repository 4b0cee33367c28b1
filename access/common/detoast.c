/*
 * detoast.c
 *		From stored forms of a value back to the value.
 *
 * A TOAST pointer is followed without a snapshot: who holds it has read a row
 * that is visible to some snapshot of his, and the row's chunks live as long as
 * the row does.  The chunks' own visibility is therefore not looked at.
 *
 * Corresponds to PostgreSQL's detoast.c.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/heaptoast.h"
#include "access/table.h"
#include "storage/lockdefs.h"
#include "utils/rel.h"

/* bytes: how many of the stored ones, from the first; < 0: all. */
static struct varlena *
FetchExternal(const struct varlena *attr, int32 offset, int32 bytes)
{
	varatt_external pointer;
	struct varlena *result;
	Relation toastrel;
	int32 size;

	if (!VARATT_IS_EXTERNAL_ONDISK(attr))
		elog(ERROR, "unrecognized TOAST pointer with tag %d",
		     VARTAG_EXTERNAL(attr));
	VARATT_EXTERNAL_GET_POINTER(pointer, attr);
	size = VARATT_EXTERNAL_GET_EXTSIZE(pointer);
	if (offset > size)
		offset = size;
	if (bytes < 0 || bytes > size - offset)
		bytes = size - offset;
	result = palloc((Size) bytes + VARHDRSZ);
	if (VARATT_EXTERNAL_IS_COMPRESSED(pointer))
		SET_VARSIZE_COMPRESSED(result, bytes + VARHDRSZ);
	else
		SET_VARSIZE(result, bytes + VARHDRSZ);
	if (bytes == 0)
		return result;
	toastrel = table_open(pointer.va_toastrelid, AccessShareLock);
	heap_fetch_toast_slice(toastrel, pointer.va_valueid, size, offset, bytes,
	                       result);
	table_close(toastrel, AccessShareLock);
	return result;
}

static struct varlena *
ExpandShort(const struct varlena *attr)
{
	Size size = VARSIZE_SHORT(attr) - VARHDRSZ_SHORT;
	struct varlena *result = palloc(size + VARHDRSZ);

	SET_VARSIZE(result, size + VARHDRSZ);
	memcpy(VARDATA(result), VARDATA_SHORT(attr), size);
	return result;
}

struct varlena *
detoast_external_attr(struct varlena *attr)
{
	return VARATT_IS_EXTERNAL(attr) ? FetchExternal(attr, 0, -1) : attr;
}

struct varlena *
detoast_attr(struct varlena *attr)
{
	struct varlena *fetched = detoast_external_attr(attr);
	struct varlena *result = fetched;

	if (VARATT_IS_COMPRESSED(fetched))
	{
		result = toast_decompress_slice(fetched, -1);
		if (fetched != attr)
			pfree(fetched);
	}
	else if (VARATT_IS_SHORT(fetched))
		result = ExpandShort(fetched);
	return result;
}

struct varlena *
detoast_attr_slice(struct varlena *attr, int32 sliceoffset, int32 slicelength)
{
	struct varlena *whole = attr;
	struct varlena *result;
	char *data;
	int32 size;
	int32 limit;

	if (sliceoffset < 0)
		elog(ERROR, "invalid sliceoffset: %d", sliceoffset);
	if (slicelength < 0 || slicelength > PG_INT32_MAX - sliceoffset)
	{
		slicelength = -1;
		limit = -1;
	}
	else
		limit = sliceoffset + slicelength;

	if (VARATT_IS_EXTERNAL(attr))
	{
		varatt_external pointer;

		VARATT_EXTERNAL_GET_POINTER(pointer, attr);
		if (!VARATT_EXTERNAL_IS_COMPRESSED(pointer))
			return FetchExternal(attr, sliceoffset, slicelength);
		whole = FetchExternal(attr, 0, -1);
	}
	if (VARATT_IS_COMPRESSED(whole))
		whole = toast_decompress_slice(whole, limit);
	data = VARDATA_ANY(whole);
	size = VARSIZE_ANY_EXHDR(whole);
	if (sliceoffset > size)
		sliceoffset = size;
	if (slicelength < 0 || slicelength > size - sliceoffset)
		slicelength = size - sliceoffset;
	result = palloc((Size) slicelength + VARHDRSZ);
	SET_VARSIZE(result, slicelength + VARHDRSZ);
	memcpy(VARDATA(result), data + sliceoffset, slicelength);
	return result;
}

Size
toast_raw_datum_size(Datum value)
{
	struct varlena *attr = (struct varlena *) DatumGetPointer(value);

	if (VARATT_IS_EXTERNAL(attr))
	{
		varatt_external pointer;

		VARATT_EXTERNAL_GET_POINTER(pointer, attr);
		return pointer.va_rawsize;
	}
	if (VARATT_IS_COMPRESSED(attr))
		return VARDATA_COMPRESSED_GET_EXTSIZE(attr) + VARHDRSZ;
	return VARSIZE_ANY_EXHDR(attr) + VARHDRSZ;
}

Size
toast_datum_size(Datum value)
{
	struct varlena *attr = (struct varlena *) DatumGetPointer(value);

	if (VARATT_IS_EXTERNAL(attr))
	{
		varatt_external pointer;

		VARATT_EXTERNAL_GET_POINTER(pointer, attr);
		return VARATT_EXTERNAL_GET_EXTSIZE(pointer);
	}
	return VARSIZE_ANY(attr);
}
