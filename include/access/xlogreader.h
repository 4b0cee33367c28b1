/*
 * access/xlogreader.h
 *		Reading records of the log back.
 *
 * Used by recovery and by tests; needs no shared memory.  The caller says how
 * a page is read; the reader checks page headers, puts records together across
 * pages, checks their CRC and takes them apart.  Whatever is wrong with a
 * record is "the log ends here": XLogReadRecord returns NULL with a message.
 */
#ifndef XLOGREADER_H
#define XLOGREADER_H

#include "access/xlogrecord.h"
#include "access/xlog_internal.h"
#include "access/transam.h"
#include "storage/buf.h"

typedef struct XLogReaderState XLogReaderState;

/* The segment that is open. */
typedef struct WALOpenSegment
{
	int ws_file; /* -1: none */
	XLogSegNo ws_segno;
	TimeLineID ws_tli;
} WALOpenSegment;

typedef struct WALSegmentContext
{
	char ws_dir[MAXPGPATH];
	int ws_segsize;
} WALSegmentContext;

/*
 * Reads at least reqLen bytes of the page at targetPagePtr into readBuf
 * (XLOG_BLCKSZ bytes) and returns how many are valid, or -1.  targetRecPtr:
 * the record that is wanted.
 */
typedef int (*XLogPageReadCB)(XLogReaderState *xlogreader,
                              XLogRecPtr targetPagePtr, int reqLen,
                              XLogRecPtr targetRecPtr, char *readBuf);
/* WALRead's: set state->seg.ws_file, or ERROR */
typedef void (*WALSegmentOpenCB)(XLogReaderState *xlogreader,
                                 XLogSegNo nextSegNo, TimeLineID *tli_p);
typedef void (*WALSegmentCloseCB)(XLogReaderState *xlogreader);

typedef struct XLogReaderRoutine
{
	XLogPageReadCB page_read;
	WALSegmentOpenCB segment_open;
	WALSegmentCloseCB segment_close;
} XLogReaderRoutine;

#define XL_ROUTINE(...)  \
	&(XLogReaderRoutine) \
	{                    \
		__VA_ARGS__      \
	}

/* One block reference, taken apart. */
typedef struct DecodedBkpBlock
{
	bool in_use;
	RelFileNode rnode;
	ForkNumber forknum;
	BlockNumber blkno;
	Buffer prefetch_buffer;
	uint8 flags; /* fork_flags */

	bool has_image;
	bool apply_image;
	char *bkp_image;
	uint16 hole_offset;
	uint16 hole_length;
	uint16 bimg_len;
	uint8 bimg_info;

	bool has_data;
	char *data; /* MAXALIGNed */
	uint16 data_len;
	uint16 data_bufsz;
} DecodedBkpBlock;

typedef struct DecodedXLogRecord
{
	size_t size;
	XLogRecPtr lsn;      /* start */
	XLogRecPtr next_lsn; /* end */
	XLogRecord header;
	TransactionId toplevel_xid;
	char *main_data; /* MAXALIGNed */
	uint32 main_data_len;
	int max_block_id; /* -1: none */
	DecodedBkpBlock blocks[XLR_MAX_BLOCK_ID + 1];
} DecodedXLogRecord;

struct XLogReaderState
{
	XLogReaderRoutine routine;
	uint64 system_identifier; /* 0: not checked */
	void *private_data;       /* the callbacks' */

	XLogRecPtr ReadRecPtr; /* start of the record last read */
	XLogRecPtr EndRecPtr;  /* its end */

	/*
	 * Set when reading ended within a record: its start, and where the page
	 * that should continue it begins.
	 */
	XLogRecPtr abortedRecPtr;
	XLogRecPtr missingContrecPtr;
	/* set when XLP_FIRST_IS_OVERWRITE_CONTRECORD was met: that record's start */
	XLogRecPtr overwrittenRecPtr;

	DecodedXLogRecord *record; /* the record last read, or NULL */

	/* where decoding stands */
	XLogRecPtr DecodeRecPtr;
	XLogRecPtr NextRecPtr;
	XLogRecPtr PrevRecPtr;

	/* the page in readBuf */
	char *readBuf;
	uint32 readLen; /* valid bytes of it */
	WALSegmentContext segcxt;
	WALOpenSegment seg;
	uint32 segoff; /* of the page in its segment */

	XLogRecPtr latestPagePtr; /* last page whose header was good */
	TimeLineID latestPageTLI;
	XLogRecPtr currRecPtr; /* record being sought */
	TimeLineID currTLI;

	char *readRecordBuf; /* records that cross pages */
	uint32 readRecordBufSize;
	char *decode_buffer;
	size_t decode_buffer_size;
	char *errormsg_buf; /* MAX_ERRORMSG_LEN bytes */
};

#define MAX_ERRORMSG_LEN 1000

/* NULL: out of memory */
extern XLogReaderState *
XLogReaderAllocate(int wal_segment_size, const char *waldir,
                   XLogReaderRoutine *routine, void *private_data);
extern void XLogReaderFree(XLogReaderState *state);
/* The next record read is the one that starts exactly at RecPtr. */
extern void XLogBeginRead(XLogReaderState *state, XLogRecPtr RecPtr);
/* The first record at or after RecPtr; InvalidXLogRecPtr: none. */
extern XLogRecPtr XLogFindNextRecord(XLogReaderState *state, XLogRecPtr RecPtr);
/*
 * The record is valid until the next call.  NULL: none, or none valid;
 * *errormsg says why, NULL if the callback gave up.
 */
extern XLogRecord *XLogReadRecord(XLogReaderState *state, char **errormsg);
extern bool XLogReaderValidatePageHeader(XLogReaderState *state,
                                         XLogRecPtr recptr, char *phdr);
/* Forget the page in readBuf. */
extern void XLogReaderInvalReadState(XLogReaderState *state);

typedef struct WALReadError
{
	int wre_errno;
	int wre_off;
	int wre_req;
	int wre_read;
	WALOpenSegment wre_seg;
} WALReadError;

extern bool WALRead(XLogReaderState *state, char *buf, XLogRecPtr startptr,
                    Size count, TimeLineID tli, WALReadError *errinfo);

extern size_t DecodeXLogRecordRequiredSpace(size_t xl_tot_len);
extern bool
DecodeXLogRecord(XLogReaderState *state, DecodedXLogRecord *decoded,
                 XLogRecord *record, XLogRecPtr lsn, char **errormsg);

#define XLogRecGetTotalLen(decoder) ((decoder)->record->header.xl_tot_len)
#define XLogRecGetPrev(decoder) ((decoder)->record->header.xl_prev)
#define XLogRecGetInfo(decoder) ((decoder)->record->header.xl_info)
#define XLogRecGetRmid(decoder) ((decoder)->record->header.xl_rmid)
#define XLogRecGetXid(decoder) ((decoder)->record->header.xl_xid)
#define XLogRecGetTopXid(decoder) ((decoder)->record->toplevel_xid)
#define XLogRecGetData(decoder) ((decoder)->record->main_data)
#define XLogRecGetDataLen(decoder) ((decoder)->record->main_data_len)
#define XLogRecHasAnyBlockRefs(decoder) ((decoder)->record->max_block_id >= 0)
#define XLogRecMaxBlockId(decoder) ((decoder)->record->max_block_id)
#define XLogRecGetBlock(decoder, i) (&(decoder)->record->blocks[(i)])
#define XLogRecHasBlockRef(decoder, block_id)           \
	(((decoder)->record->max_block_id >= (block_id)) && \
	 ((decoder)->record->blocks[block_id].in_use))
#define XLogRecHasBlockImage(decoder, block_id) \
	((decoder)->record->blocks[block_id].has_image)
#define XLogRecBlockImageApply(decoder, block_id) \
	((decoder)->record->blocks[block_id].apply_image)

/* The page of an image; false, with errormsg_buf set, if it is damaged. */
extern bool
RestoreBlockImage(XLogReaderState *record, uint8 block_id, char *page);
extern char *
XLogRecGetBlockData(XLogReaderState *record, uint8 block_id, Size *len);
/* PANIC if the record has no such block */
extern void
XLogRecGetBlockTag(XLogReaderState *record, uint8 block_id, RelFileNode *rnode,
                   ForkNumber *forknum, BlockNumber *blknum);
extern bool
XLogRecGetBlockTagExtended(XLogReaderState *record, uint8 block_id,
                           RelFileNode *rnode, ForkNumber *forknum,
                           BlockNumber *blknum, Buffer *prefetch_buffer);
extern FullTransactionId XLogRecGetFullXid(XLogReaderState *record);

#endif /* XLOGREADER_H */
