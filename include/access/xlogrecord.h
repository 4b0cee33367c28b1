/*
 * access/xlogrecord.h
 *		The bytes of a record of the write-ahead log, PostgreSQL 15's.
 *
 * A record is XLogRecord, then the headers of its block references in the
 * order of their ids, optional origin and top-level xid, the header of the main
 * data, then the payloads in the same order, main data last.  All headers but
 * the first are unaligned.
 */
#ifndef XLOGRECORD_H
#define XLOGRECORD_H

#include "access/rmgr.h"
#include "access/xlogdefs.h"
#include "port/pg_crc32c.h"
#include "storage/block.h"
#include "storage/relfilenode.h"

typedef struct XLogRecord
{
	uint32 xl_tot_len; /* of the whole record, alignment excluded */
	TransactionId xl_xid;
	XLogRecPtr xl_prev; /* start of the record before */
	uint8 xl_info;      /* high half: the resource manager's */
	RmgrId xl_rmid;
	/* two bytes of zero */
	pg_crc32c xl_crc; /* of the body, then of the bytes before this one */
} XLogRecord;

#define SizeOfXLogRecord (offsetof(XLogRecord, xl_crc) + sizeof(pg_crc32c))
StaticAssertDecl(SizeOfXLogRecord == 24, "format of PostgreSQL");

/* Longest record: readers must be able to allocate it in one piece. */
#define XLogRecordMaxSize (1020 * 1024 * 1024)

#define XLR_INFO_MASK 0x0F
#define XLR_RMGR_INFO_MASK 0xF0
/* changes relation files in a way that its block references do not show */
#define XLR_SPECIAL_REL_UPDATE 0x01
#define XLR_CHECK_CONSISTENCY 0x02

typedef struct XLogRecordBlockHeader
{
	uint8 id;
	uint8 fork_flags;   /* fork in the low half, BKPBLOCK_* in the high one */
	uint16 data_length; /* of the block's data, image excluded */
						/* if BKPBLOCK_HAS_IMAGE: XLogRecordBlockImageHeader */
						/* if not BKPBLOCK_SAME_REL: RelFileNode */
						/* BlockNumber */
} XLogRecordBlockHeader;

#define SizeOfXLogRecordBlockHeader \
	(offsetof(XLogRecordBlockHeader, data_length) + sizeof(uint16))

typedef struct XLogRecordBlockImageHeader
{
	uint16 length; /* bytes of the image as stored */
	uint16 hole_offset;
	uint8 bimg_info; /* BKPIMAGE_* */
	/* if compressed and with a hole: XLogRecordBlockCompressHeader */
} XLogRecordBlockImageHeader;

#define SizeOfXLogRecordBlockImageHeader \
	(offsetof(XLogRecordBlockImageHeader, bimg_info) + sizeof(uint8))

#define BKPIMAGE_HAS_HOLE 0x01
#define BKPIMAGE_APPLY 0x02 /* restored at replay, not only compared */
#define BKPIMAGE_COMPRESS_PGLZ 0x04
#define BKPIMAGE_COMPRESS_LZ4 0x08
#define BKPIMAGE_COMPRESS_ZSTD 0x10
#define BKPIMAGE_COMPRESSED(info)                                \
	(((info) & (BKPIMAGE_COMPRESS_PGLZ | BKPIMAGE_COMPRESS_LZ4 | \
	            BKPIMAGE_COMPRESS_ZSTD)) != 0)

typedef struct XLogRecordBlockCompressHeader
{
	uint16 hole_length;
} XLogRecordBlockCompressHeader;

#define SizeOfXLogRecordBlockCompressHeader \
	sizeof(XLogRecordBlockCompressHeader)

#define MaxSizeOfXLogRecordBlockHeader                                \
	(SizeOfXLogRecordBlockHeader + SizeOfXLogRecordBlockImageHeader + \
	 SizeOfXLogRecordBlockCompressHeader + sizeof(RelFileNode) +      \
	 sizeof(BlockNumber))

#define BKPBLOCK_FORK_MASK 0x0F
#define BKPBLOCK_FLAG_MASK 0xF0
#define BKPBLOCK_HAS_IMAGE 0x10
#define BKPBLOCK_HAS_DATA 0x20
#define BKPBLOCK_WILL_INIT 0x40 /* replay makes the page anew */
#define BKPBLOCK_SAME_REL 0x80  /* RelFileNode as in the reference before */

typedef struct XLogRecordDataHeaderShort
{
	uint8 id; /* XLR_BLOCK_ID_DATA_SHORT */
	uint8 data_length;
} XLogRecordDataHeaderShort;

#define SizeOfXLogRecordDataHeaderShort (sizeof(uint8) * 2)

typedef struct XLogRecordDataHeaderLong
{
	uint8 id; /* XLR_BLOCK_ID_DATA_LONG */
			  /* followed by an unaligned uint32 length */
} XLogRecordDataHeaderLong;

#define SizeOfXLogRecordDataHeaderLong (sizeof(uint8) + sizeof(uint32))

/* ids of block references; what is above names other parts of the record */
#define XLR_MAX_BLOCK_ID 32
#define XLR_BLOCK_ID_DATA_SHORT 255
#define XLR_BLOCK_ID_DATA_LONG 254
#define XLR_BLOCK_ID_ORIGIN 253
#define XLR_BLOCK_ID_TOPLEVEL_XID 252

#endif /* XLOGRECORD_H */
