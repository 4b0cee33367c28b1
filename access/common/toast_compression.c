/*
 * toast_compression.c
 *		Compressing single values.
 *
 * A value is kept compressed only if that saves more than two bytes; a value
 * that does not shrink is not an error.  Damaged compressed data is: ERROR
 * XX001, never a read past its end.
 *
 * Corresponds to PostgreSQL's toast_compression.c.
 */
#include "postgres.h"

#include <lz4.h>

#include "access/toast_compression.h"
#include "common/pg_lzcompress.h"

int default_toast_compression = TOAST_PGLZ_COMPRESSION;

/* Bytes at dest, or -1 if they would not be fewer. */
static int32
CompressInto(const char *source, int32 len, char *dest, int32 room,
             char cmethod)
{
	int32 n;

	if (cmethod == TOAST_PGLZ_COMPRESSION)
	{
		if (len < PGLZ_strategy_default->min_input_size ||
		    len > PGLZ_strategy_default->max_input_size)
			return -1;
		return pglz_compress(source, len, dest, PGLZ_strategy_default);
	}
	n = LZ4_compress_default(source, dest, len, room);
	if (n <= 0)
		elog(ERROR, "lz4 compression failed");
	return n > len ? -1 : n;
}

struct varlena *
toast_compress(struct varlena *value, char cmethod)
{
	int32 len = VARSIZE_ANY_EXHDR(value);
	int32 room = Max(PGLZ_MAX_OUTPUT(len), LZ4_compressBound(len));
	struct varlena *result;
	uint32 method;
	int32 n;

	Assert(!VARATT_IS_EXTERNAL(value) && !VARATT_IS_COMPRESSED(value));
	if (!CompressionMethodIsValid(cmethod))
		cmethod = (char) default_toast_compression;
	result = palloc(room + VARHDRSZ_COMPRESSED);
	n = CompressInto(VARDATA_ANY(value), len,
	                 (char *) result + VARHDRSZ_COMPRESSED, room, cmethod);
	if (n < 0 || n + VARHDRSZ_COMPRESSED >= len - 2)
	{
		pfree(result);
		return NULL;
	}
	method = cmethod == TOAST_LZ4_COMPRESSION ? TOAST_LZ4_COMPRESSION_ID
	                                          : TOAST_PGLZ_COMPRESSION_ID;
	SET_VARSIZE_COMPRESSED(result, n + VARHDRSZ_COMPRESSED);
	varlena_set_header((char *) result + VARHDRSZ,
	                   (uint32) len | (method << VARLENA_EXTSIZE_BITS));
	return result;
}

struct varlena *
toast_decompress_slice(const struct varlena *value, int32 slicelength)
{
	int32 rawsize = VARDATA_COMPRESSED_GET_EXTSIZE(value);
	uint32 method = VARDATA_COMPRESSED_GET_COMPRESS_METHOD(value);
	const char *data = (const char *) value + VARHDRSZ_COMPRESSED;
	int32 len = (int32) VARSIZE(value) - VARHDRSZ_COMPRESSED;
	bool all = slicelength < 0 || slicelength >= rawsize;
	int32 wanted = all ? rawsize : slicelength;
	struct varlena *result = palloc((Size) wanted + VARHDRSZ);
	int32 n;

	switch (method)
	{
		case TOAST_PGLZ_COMPRESSION_ID:
			n = pglz_decompress(data, len, VARDATA(result), wanted, all);
			if (n < 0)
				ereport(ERROR,
				        (errcode(ERRCODE_DATA_CORRUPTED),
				         errmsg_internal("compressed pglz data is corrupt")));
			break;
		case TOAST_LZ4_COMPRESSION_ID:
			n = all ? LZ4_decompress_safe(data, VARDATA(result), len, wanted)
			        : LZ4_decompress_safe_partial(data, VARDATA(result), len,
			                                      wanted, wanted);
			if (n < 0 || (all && n != rawsize))
				ereport(ERROR,
				        (errcode(ERRCODE_DATA_CORRUPTED),
				         errmsg_internal("compressed lz4 data is corrupt")));
			break;
		default:
			elog(ERROR, "invalid compression method id %u", method);
	}
	SET_VARSIZE(result, n + VARHDRSZ);
	return result;
}
