/*
 * xlogdecode.c
 *		Taking a record of the log apart, and what redo functions ask of it.
 *
 * The record has been found and its CRC fits, so what is in it is what was
 * written; the checks here are against a writer that was wrong.
 *
 * Corresponds to parts of PostgreSQL's xlogreader.c.
 */
#include "postgres.h"

#include <lz4.h>

#include "access/transam.h"
#include "access/xlog_internal.h"
#include "access/xlogreader.h"
#include "access/xlogrecord.h"
#include "common/pg_lzcompress.h"

/* Decoded in place: the struct, then the parts, each aligned. */
size_t
DecodeXLogRecordRequiredSpace(size_t xl_tot_len)
{
	return MAXALIGN(sizeof(DecodedXLogRecord)) + xl_tot_len +
	       (MAXIMUM_ALIGNOF - 1) * (XLR_MAX_BLOCK_ID + 2) + MAXIMUM_ALIGNOF;
}

/* What is being taken apart. */
typedef struct DecodeState
{
	XLogReaderState *reader;
	XLogRecPtr lsn;
	char *ptr;          /* next header byte */
	uint32 remaining;   /* bytes from ptr to the end of the record */
	uint32 datatotal;   /* payload announced so far */
	RelFileNode *rnode; /* of the reference before */
	DecodedXLogRecord *decoded;
} DecodeState;

static bool
Complain(DecodeState *ds, const char *fmt, ...) pg_attribute_printf(2, 3);

static bool
Complain(DecodeState *ds, const char *fmt, ...)
{
	char *buf = ds->reader->errormsg_buf;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, MAX_ERRORMSG_LEN, fmt, args);
	va_end(args);
	if (len >= 0 && len < MAX_ERRORMSG_LEN)
		snprintf(buf + len, MAX_ERRORMSG_LEN - len, " at %X/%X",
		         LSN_FORMAT_ARGS(ds->lsn));
	return false;
}

static bool
Take(DecodeState *ds, void *dst, uint32 size)
{
	if (ds->remaining < size)
	{
		(void) Complain(ds, "record with invalid length");
		return false;
	}
	memcpy(dst, ds->ptr, size);
	ds->ptr += size;
	ds->remaining -= size;
	return true;
}

static bool
DecodeImageHeader(DecodeState *ds, DecodedBkpBlock *blk)
{
	uint8 compressed;

	if (!Take(ds, &blk->bimg_len, sizeof(uint16)) ||
	    !Take(ds, &blk->hole_offset, sizeof(uint16)) ||
	    !Take(ds, &blk->bimg_info, sizeof(uint8)))
		return false;
	blk->apply_image = (blk->bimg_info & BKPIMAGE_APPLY) != 0;
	compressed = BKPIMAGE_COMPRESSED(blk->bimg_info);
	if (!compressed)
		blk->hole_length = BLCKSZ - blk->bimg_len;
	else if (blk->bimg_info & BKPIMAGE_HAS_HOLE)
	{
		if (!Take(ds, &blk->hole_length, sizeof(uint16)))
			return false;
	}
	else
		blk->hole_length = 0;
	ds->datatotal += blk->bimg_len;

	if ((blk->bimg_info & BKPIMAGE_HAS_HOLE) &&
	    (blk->hole_offset == 0 || blk->hole_length == 0 ||
	     blk->bimg_len == BLCKSZ))
		return Complain(ds,
		                "BKPIMAGE_HAS_HOLE set, but hole offset %u length %u "
		                "block image length %u",
		                blk->hole_offset, blk->hole_length, blk->bimg_len);
	if (!(blk->bimg_info & BKPIMAGE_HAS_HOLE) &&
	    (blk->hole_offset != 0 || blk->hole_length != 0))
		return Complain(
			ds, "BKPIMAGE_HAS_HOLE not set, but hole offset %u length %u",
			blk->hole_offset, blk->hole_length);
	if (compressed && blk->bimg_len == BLCKSZ)
		return Complain(ds,
		                "BKPIMAGE_COMPRESSED set, but block image length %u",
		                blk->bimg_len);
	if (!(blk->bimg_info & BKPIMAGE_HAS_HOLE) && !compressed &&
	    blk->bimg_len != BLCKSZ)
		return Complain(ds,
		                "neither BKPIMAGE_HAS_HOLE nor BKPIMAGE_COMPRESSED "
		                "set, but block image length is %u",
		                blk->bimg_len);
	/* What would be restored must be a page. */
	if ((uint32) blk->hole_offset + blk->hole_length > BLCKSZ)
		return Complain(ds, "hole offset %u length %u is beyond the page",
		                blk->hole_offset, blk->hole_length);
	return true;
}

static bool
DecodeBlockHeader(DecodeState *ds, uint8 block_id)
{
	DecodedXLogRecord *decoded = ds->decoded;
	DecodedBkpBlock *blk;
	uint8 fork_flags;

	if (block_id > XLR_MAX_BLOCK_ID)
		return Complain(ds, "invalid block_id %u", block_id);
	if ((int) block_id <= decoded->max_block_id)
		return Complain(ds, "out-of-order block_id %u", block_id);
	for (int i = decoded->max_block_id + 1; i < block_id; i++)
		decoded->blocks[i].in_use = false;
	decoded->max_block_id = block_id;

	blk = &decoded->blocks[block_id];
	memset(blk, 0, sizeof(*blk));
	blk->in_use = true;
	blk->prefetch_buffer = InvalidBuffer;
	if (!Take(ds, &fork_flags, sizeof(uint8)))
		return false;
	blk->forknum = fork_flags & BKPBLOCK_FORK_MASK;
	blk->flags = fork_flags;
	blk->has_image = (fork_flags & BKPBLOCK_HAS_IMAGE) != 0;
	blk->has_data = (fork_flags & BKPBLOCK_HAS_DATA) != 0;
	if (!Take(ds, &blk->data_len, sizeof(uint16)))
		return false;
	if (blk->has_data && blk->data_len == 0)
		return Complain(ds, "BKPBLOCK_HAS_DATA set, but no data included");
	if (!blk->has_data && blk->data_len != 0)
		return Complain(ds, "BKPBLOCK_HAS_DATA not set, but data length is %u",
		                blk->data_len);
	ds->datatotal += blk->data_len;

	if (blk->has_image && !DecodeImageHeader(ds, blk))
		return false;
	if (!(fork_flags & BKPBLOCK_SAME_REL))
	{
		if (!Take(ds, &blk->rnode, sizeof(RelFileNode)))
			return false;
		ds->rnode = &blk->rnode;
	}
	else
	{
		if (ds->rnode == NULL)
			return Complain(ds, "BKPBLOCK_SAME_REL set but no previous rel");
		blk->rnode = *ds->rnode;
	}
	return Take(ds, &blk->blkno, sizeof(BlockNumber));
}

/* All headers; what remains is the payload. */
static bool
DecodeHeaders(DecodeState *ds)
{
	DecodedXLogRecord *decoded = ds->decoded;

	while (ds->remaining > ds->datatotal)
	{
		uint8 block_id;
		uint8 short_len;
		uint16 origin;

		if (!Take(ds, &block_id, sizeof(uint8)))
			return false;
		switch (block_id)
		{
			case XLR_BLOCK_ID_DATA_SHORT:
				if (!Take(ds, &short_len, sizeof(uint8)))
					return false;
				decoded->main_data_len = short_len;
				ds->datatotal += short_len;
				return true; /* always the last one */
			case XLR_BLOCK_ID_DATA_LONG:
				if (!Take(ds, &decoded->main_data_len, sizeof(uint32)))
					return false;
				if (decoded->main_data_len > ds->remaining)
					return Complain(ds, "record with invalid length");
				ds->datatotal += decoded->main_data_len;
				return true;
			case XLR_BLOCK_ID_ORIGIN:
				if (!Take(ds, &origin, sizeof(uint16)))
					return false;
				break;
			case XLR_BLOCK_ID_TOPLEVEL_XID:
				if (!Take(ds, &decoded->toplevel_xid, sizeof(TransactionId)))
					return false;
				break;
			default:
				if (!DecodeBlockHeader(ds, block_id))
					return false;
		}
	}
	return true;
}

bool
DecodeXLogRecord(XLogReaderState *state, DecodedXLogRecord *decoded,
                 XLogRecord *record, XLogRecPtr lsn, char **errormsg)
{
	DecodeState ds = {.reader = state,
	                  .lsn = lsn,
	                  .ptr = (char *) record + SizeOfXLogRecord,
	                  .remaining = record->xl_tot_len - SizeOfXLogRecord,
	                  .decoded = decoded};
	char *out;

	decoded->header = *record;
	decoded->lsn = lsn;
	decoded->toplevel_xid = InvalidTransactionId;
	decoded->main_data = NULL;
	decoded->main_data_len = 0;
	decoded->max_block_id = -1;
	if (!DecodeHeaders(&ds) || (ds.remaining != ds.datatotal &&
	                            !Complain(&ds, "record with invalid length")))
	{
		*errormsg = state->errormsg_buf;
		return false;
	}

	out = (char *) decoded + MAXALIGN(sizeof(DecodedXLogRecord));
	for (int i = 0; i <= decoded->max_block_id; i++)
	{
		DecodedBkpBlock *blk = &decoded->blocks[i];

		if (!blk->in_use)
			continue;
		if (blk->has_image)
		{
			/* images are copied as a whole: no need to be aligned */
			blk->bkp_image = out;
			memcpy(out, ds.ptr, blk->bimg_len);
			ds.ptr += blk->bimg_len;
			out += blk->bimg_len;
		}
		if (blk->has_data)
		{
			out = (char *) MAXALIGN(out);
			blk->data = out;
			memcpy(out, ds.ptr, blk->data_len);
			ds.ptr += blk->data_len;
			out += blk->data_len;
		}
	}
	if (decoded->main_data_len > 0)
	{
		out = (char *) MAXALIGN(out);
		decoded->main_data = out;
		memcpy(out, ds.ptr, decoded->main_data_len);
		out += decoded->main_data_len;
	}
	decoded->size = MAXALIGN(out - (char *) decoded);
	Assert(decoded->size <= DecodeXLogRecordRequiredSpace(record->xl_tot_len));
	return true;
}

/* ---------------------------------------------------------------------------
 * Questions
 * ---------------------------------------------------------------------------
 */

bool
XLogRecGetBlockTagExtended(XLogReaderState *record, uint8 block_id,
                           RelFileNode *rnode, ForkNumber *forknum,
                           BlockNumber *blknum, Buffer *prefetch_buffer)
{
	DecodedBkpBlock *blk;

	if (!XLogRecHasBlockRef(record, block_id))
		return false;
	blk = &record->record->blocks[block_id];
	if (rnode)
		*rnode = blk->rnode;
	if (forknum)
		*forknum = blk->forknum;
	if (blknum)
		*blknum = blk->blkno;
	if (prefetch_buffer)
		*prefetch_buffer = blk->prefetch_buffer;
	return true;
}

void
XLogRecGetBlockTag(XLogReaderState *record, uint8 block_id, RelFileNode *rnode,
                   ForkNumber *forknum, BlockNumber *blknum)
{
	if (!XLogRecGetBlockTagExtended(record, block_id, rnode, forknum, blknum,
	                                NULL))
		elog(PANIC, "could not locate backup block with ID %d in WAL record",
		     block_id);
}

/* NULL if the block has no data (an image was taken). */
char *
XLogRecGetBlockData(XLogReaderState *record, uint8 block_id, Size *len)
{
	DecodedBkpBlock *blk;

	if (!XLogRecHasBlockRef(record, block_id))
		return NULL;
	blk = &record->record->blocks[block_id];
	if (!blk->has_data)
	{
		if (len)
			*len = 0;
		return NULL;
	}
	if (len)
		*len = blk->data_len;
	return blk->data;
}

bool
RestoreBlockImage(XLogReaderState *record, uint8 block_id, char *page)
{
	DecodeState ds = {.reader = record, .lsn = record->ReadRecPtr};
	DecodedBkpBlock *blk;
	PGAlignedBlock tmp;
	char *ptr;

	if (!XLogRecHasBlockRef(record, block_id))
		return Complain(&ds,
		                "could not restore image with invalid block %d "
		                "specified",
		                block_id);
	blk = &record->record->blocks[block_id];
	if (!blk->has_image || !blk->apply_image)
		return Complain(&ds,
		                "could not restore image with invalid state, block %d",
		                block_id);
	ptr = blk->bkp_image;
	if (BKPIMAGE_COMPRESSED(blk->bimg_info))
	{
		int rawsize = BLCKSZ - blk->hole_length;

		int len;

		if (blk->bimg_info & BKPIMAGE_COMPRESS_LZ4)
			len = LZ4_decompress_safe(ptr, tmp.data, blk->bimg_len, rawsize);
		else if (blk->bimg_info & BKPIMAGE_COMPRESS_PGLZ)
			len = pglz_decompress(ptr, blk->bimg_len, tmp.data, rawsize, true);
		else
			return Complain(&ds,
			                "could not restore image compressed with a method "
			                "that is not supported, block %d",
			                block_id);
		if (len != rawsize)
			return Complain(&ds, "could not decompress image, block %d",
			                block_id);
		ptr = tmp.data;
	}
	if (blk->hole_length == 0)
	{
		memcpy(page, ptr, BLCKSZ);
		return true;
	}
	memcpy(page, ptr, blk->hole_offset);
	memset(page + blk->hole_offset, 0, blk->hole_length);
	memcpy(page + blk->hole_offset + blk->hole_length, ptr + blk->hole_offset,
	       BLCKSZ - (blk->hole_offset + blk->hole_length));
	return true;
}

/* The record's xid with its epoch, told by the counter that replay keeps. */
FullTransactionId
XLogRecGetFullXid(XLogReaderState *record)
{
	FullTransactionId next = ShmemVariableCache->nextXid;
	TransactionId xid = XLogRecGetXid(record);
	uint32 epoch = EpochFromFullTransactionId(next);

	if (xid > XidFromFullTransactionId(next))
		epoch--;
	return FullTransactionIdFromEpochAndXid(epoch, xid);
}
