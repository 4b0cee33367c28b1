/*
 * xloginsert.c
 *		Putting a record of the log together.
 *
 * A caller registers what its record consists of: main data, and for each page
 * that it changed a reference with the data from which replay makes the same
 * change.  Nothing is copied then; XLogInsert builds the headers, decides page
 * by page whether the whole page goes along, and hands a chain of chunks to
 * XLogInsertRecord (xlog.c), which copies them into the log's buffers once.
 *
 * A page whose LSN is not beyond the redo pointer has not been logged since the
 * last checkpoint: an image of it goes into the record (full_page_writes),
 * because a write of it that a crash cuts in two could not be repaired
 * otherwise.  Bytes between pd_lower and pd_upper are left out.  The decision
 * rests on a copy of the redo pointer; XLogInsertRecord, which holds an
 * insertion lock, refuses the record if the pointer has moved past a page that
 * was judged not to need an image, and it is built anew.
 *
 * Rules
 * 1.	Nothing allocates between XLogBeginInsert and XLogInsert: it is used in
 *		critical sections.  The arrays are static, or grown beforehand by
 *		XLogEnsureRecordSpace.
 * 2.	The caller holds the content lock of every registered buffer exclusively
 *		and has marked it dirty before XLogInsert: a checkpoint that begins
 *		after the record must find the page in its list.
 *
 * Corresponds to PostgreSQL's xloginsert.c; without zstd and logical origins.
 */
#include "postgres.h"

#include <lz4.h>

#include "access/xact.h"
#include "access/xlog.h"
#include "access/xlog_internal.h"
#include "access/xloginsert.h"
#include "access/xlogrecord.h"
#include "catalog/pg_control.h"
#include "common/pg_lzcompress.h"
#include "executor/instrument.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/bufpage.h"
#include "storage/proc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#define COMPRESS_BUFSIZE Max(LZ4_COMPRESSBOUND(BLCKSZ), PGLZ_MAX_OUTPUT(BLCKSZ))

/* A page that the record being made refers to. */
typedef struct registered_buffer
{
	bool in_use;
	uint8 flags; /* REGBUF_* */
	RelFileNode rnode;
	ForkNumber forkno;
	BlockNumber block;
	Page page;
	uint32 rdata_len; /* of the chain from rdata_head */
	XLogRecData *rdata_head;
	XLogRecData *rdata_tail;
	XLogRecData bkp_rdatas[2]; /* the image's two halves around the hole */
	char compressed_page[COMPRESS_BUFSIZE];
} registered_buffer;

/* Room for every header that a record can have. */
#define HEADER_SCRATCH_SIZE                                    \
	(SizeOfXLogRecord +                                        \
	 MaxSizeOfXLogRecordBlockHeader * (XLR_MAX_BLOCK_ID + 1) + \
	 SizeOfXLogRecordDataHeaderLong)

/* All of this is about the one record that this process is making. */
static registered_buffer registered_buffers[XLR_MAX_BLOCK_ID + 1];
static int max_registered_buffers = XLR_NORMAL_MAX_BLOCK_ID + 1;
static int max_registered_block_id = 0; /* highest in use, plus one */

static XLogRecData *mainrdata_head;
static XLogRecData **mainrdata_tail = &mainrdata_head;
static uint64 mainrdata_len;

static XLogRecData normal_rdatas[XLR_NORMAL_RDATAS];
static XLogRecData *rdatas = normal_rdatas;
static int num_rdatas = 0;
static int max_rdatas = XLR_NORMAL_RDATAS;

static XLogRecData hdr_rdt;
static char hdr_scratch[HEADER_SCRATCH_SIZE] pg_attribute_aligned(8);

static uint8 curinsert_flags = 0;
static bool begininsert_called = false;

static XLogRecData *
XLogRecordAssemble(RmgrId rmid, uint8 info, XLogRecPtr redo, bool page_writes,
                   XLogRecPtr *fpw_lsn, int *num_fpi);

/* ---------------------------------------------------------------------------
 * Registration
 * ---------------------------------------------------------------------------
 */

void
XLogBeginInsert(void)
{
	Assert(max_registered_block_id == 0);
	Assert(mainrdata_len == 0);

	if (!XLogInsertAllowed())
		elog(ERROR, "cannot make new WAL entries during recovery");
	if (begininsert_called)
		elog(ERROR, "XLogBeginInsert was already called");
	begininsert_called = true;
}

/* Outside of a critical section: the arrays may have to grow. */
void
XLogEnsureRecordSpace(int max_block_id, int ndatas)
{
	Assert(CritSectionCount == 0 || max_rdatas >= ndatas);

	if (max_block_id > XLR_MAX_BLOCK_ID)
		elog(ERROR, "maximum number of WAL record block references exceeded");
	if (max_block_id + 1 > max_registered_buffers)
		max_registered_buffers = max_block_id + 1;
	if (ndatas > max_rdatas)
	{
		XLogRecData *bigger = MemoryContextAllocZero(
			TopMemoryContext, sizeof(XLogRecData) * ndatas);

		Assert(num_rdatas == 0);
		if (rdatas != normal_rdatas)
			pfree(rdatas);
		rdatas = bigger;
		max_rdatas = ndatas;
	}
}

/* Also at abort: an ERROR may have come between the registration's steps. */
void
XLogResetInsertion(void)
{
	for (int i = 0; i < max_registered_block_id; i++)
		registered_buffers[i].in_use = false;
	num_rdatas = 0;
	max_registered_block_id = 0;
	mainrdata_len = 0;
	mainrdata_head = NULL;
	mainrdata_tail = &mainrdata_head;
	curinsert_flags = 0;
	begininsert_called = false;
}

void
XLogSetRecordFlags(uint8 flags)
{
	Assert(begininsert_called);
	curinsert_flags |= flags;
}

static XLogRecData *
NewRecData(char *data, uint32 len)
{
	XLogRecData *rdata;

	if (num_rdatas >= max_rdatas)
		ereport(ERROR, (errmsg_internal("too much WAL data"),
		                errdetail_internal("%d out of %d data segments are "
		                                   "already in use.",
		                                   num_rdatas, max_rdatas)));
	rdata = &rdatas[num_rdatas++];
	rdata->data = data;
	rdata->len = len;
	rdata->next = NULL;
	return rdata;
}

void
XLogRegisterData(char *data, int len)
{
	XLogRecData *rdata;

	Assert(begininsert_called);
	rdata = NewRecData(data, len);
	*mainrdata_tail = rdata;
	mainrdata_tail = &rdata->next;
	mainrdata_len += len;
}

static registered_buffer *
RegisterReference(uint8 block_id)
{
	registered_buffer *regbuf;

	Assert(begininsert_called);
	if (block_id >= max_registered_buffers)
		elog(ERROR, "too many registered buffers");
	if (block_id >= max_registered_block_id)
	{
		for (int i = max_registered_block_id; i < block_id; i++)
			registered_buffers[i].in_use = false;
		max_registered_block_id = block_id + 1;
	}
	regbuf = &registered_buffers[block_id];
	regbuf->rdata_head = NULL;
	regbuf->rdata_tail = NULL;
	regbuf->rdata_len = 0;
	regbuf->in_use = true;
	return regbuf;
}

static void
CheckNotRegisteredTwice(uint8 block_id)
{
	registered_buffer *regbuf = &registered_buffers[block_id];

	for (int i = 0; i < max_registered_block_id; i++)
	{
		registered_buffer *other = &registered_buffers[i];

		if (i == block_id || !other->in_use)
			continue;
		Assert(!RelFileNodeEquals(other->rnode, regbuf->rnode) ||
		       other->forkno != regbuf->forkno ||
		       other->block != regbuf->block);
	}
}

void
XLogRegisterBuffer(uint8 block_id, Buffer buffer, uint8 flags)
{
	registered_buffer *regbuf = RegisterReference(block_id);

	/* an image that replay ignores would be odd */
	Assert(!((flags & REGBUF_FORCE_IMAGE) && (flags & REGBUF_NO_IMAGE)));
	BufferGetTag(buffer, &regbuf->rnode, &regbuf->forkno, &regbuf->block);
	regbuf->page = BufferGetPage(buffer);
	regbuf->flags = flags;
	CheckNotRegisteredTwice(block_id);
}

/* For a page that is not in the buffer pool. */
void
XLogRegisterBlock(uint8 block_id, RelFileNode *rnode, ForkNumber forknum,
                  BlockNumber blknum, char *page, uint8 flags)
{
	registered_buffer *regbuf = RegisterReference(block_id);

	regbuf->rnode = *rnode;
	regbuf->forkno = forknum;
	regbuf->block = blknum;
	regbuf->page = page;
	regbuf->flags = flags;
	CheckNotRegisteredTwice(block_id);
}

/* Left out of the record if an image goes in, but with REGBUF_KEEP_DATA. */
void
XLogRegisterBufData(uint8 block_id, char *data, int len)
{
	registered_buffer *regbuf = &registered_buffers[block_id];
	XLogRecData *rdata;

	Assert(begininsert_called);
	if (block_id >= max_registered_block_id || !regbuf->in_use)
		elog(ERROR, "no block with id %d registered with WAL insertion",
		     block_id);
	if (regbuf->rdata_len + len > UINT16_MAX || len > UINT16_MAX)
		ereport(ERROR, (errmsg_internal("too much WAL data"),
		                errdetail_internal("Registering more than maximum %u "
		                                   "bytes allowed to block %u: "
		                                   "current %u bytes, adding %u bytes.",
		                                   UINT16_MAX, block_id,
		                                   regbuf->rdata_len, (uint32) len)));
	rdata = NewRecData(data, len);
	if (regbuf->rdata_tail)
		regbuf->rdata_tail->next = rdata;
	else
		regbuf->rdata_head = rdata;
	regbuf->rdata_tail = rdata;
	regbuf->rdata_len += len;
}

XLogRecPtr
XLogInsert(RmgrId rmid, uint8 info)
{
	XLogRecPtr EndPos;

	if (!begininsert_called)
		elog(ERROR, "XLogBeginInsert was not called");
	if ((info & ~(XLR_RMGR_INFO_MASK | XLR_SPECIAL_REL_UPDATE |
	              XLR_CHECK_CONSISTENCY)) != 0)
		elog(PANIC, "invalid xlog info mask %02X", info);
	INJECTION_POINT_CRITICAL("wal-insert");

	do
	{
		XLogRecPtr redo;
		bool page_writes;
		XLogRecPtr fpw_lsn;
		int num_fpi = 0;
		XLogRecData *rdt;

		GetFullPageWriteInfo(&redo, &page_writes);
		rdt = XLogRecordAssemble(rmid, info, redo, page_writes, &fpw_lsn,
		                         &num_fpi);
		EndPos =
			XLogInsertRecord(rdt, fpw_lsn, curinsert_flags, num_fpi, false);
		if (!XLogRecPtrIsInvalid(EndPos))
		{
			pgWalUsage.wal_records++;
			pgWalUsage.wal_fpi += num_fpi;
			pgWalUsage.wal_bytes += ((XLogRecord *) rdt->data)->xl_tot_len;
		}
	} while (XLogRecPtrIsInvalid(EndPos));

	XLogResetInsertion();
	return EndPos;
}

/* ---------------------------------------------------------------------------
 * Assembly
 * ---------------------------------------------------------------------------
 */

/* The image without its hole, compressed; false: it does not get smaller. */
static bool
XLogCompressBackupBlock(registered_buffer *regbuf, uint16 hole_offset,
                        uint16 hole_length, uint16 *dlen)
{
	PGAlignedBlock tmp;
	int32 orig_len = BLCKSZ - hole_length;
	const char *source = regbuf->page;
	int32 extra_bytes = 0;
	int32 len = -1;

	if (hole_length != 0)
	{
		memcpy(tmp.data, regbuf->page, hole_offset);
		memcpy(tmp.data + hole_offset, regbuf->page + hole_offset + hole_length,
		       BLCKSZ - (hole_length + hole_offset));
		source = tmp.data;
		extra_bytes = SizeOfXLogRecordBlockCompressHeader;
	}
	switch ((WalCompression) wal_compression)
	{
		case WAL_COMPRESSION_LZ4:
			len = LZ4_compress_default(source, regbuf->compressed_page,
			                           orig_len, COMPRESS_BUFSIZE);
			if (len <= 0)
				len = -1;
			break;
		case WAL_COMPRESSION_PGLZ:
			len = pglz_compress(source, orig_len, regbuf->compressed_page,
			                    PGLZ_strategy_default);
			break;
		case WAL_COMPRESSION_NONE:
			break;
	}
	if (len < 0 || len + extra_bytes >= orig_len)
		return false;
	*dlen = (uint16) len;
	return true;
}

typedef struct AssembleState
{
	char *scratch; /* where the next header goes */
	XLogRecData *rdt_datas_last;
	uint32 total_len; /* of the payload */
	registered_buffer *prev_regbuf;
} AssembleState;

#define APPEND_HEADER(state, src, len)          \
	do                                          \
	{                                           \
		memcpy((state)->scratch, (src), (len)); \
		(state)->scratch += (len);              \
	} while (0)

/* Chunks of the image; its headers into *bimg, *cbimg. */
static void
AppendImage(AssembleState *state, registered_buffer *regbuf, uint8 info,
            bool needs_backup, XLogRecordBlockImageHeader *bimg,
            XLogRecordBlockCompressHeader *cbimg)
{
	Page page = regbuf->page;
	bool is_compressed = false;
	uint16 compressed_len = 0;

	bimg->hole_offset = 0;
	cbimg->hole_length = 0;
	if (regbuf->flags & REGBUF_STANDARD)
	{
		uint16 lower = ((PageHeader) page)->pd_lower;
		uint16 upper = ((PageHeader) page)->pd_upper;

		if (lower >= SizeOfPageHeaderData && upper > lower && upper <= BLCKSZ)
		{
			bimg->hole_offset = lower;
			cbimg->hole_length = upper - lower;
		}
	}
	if (wal_compression != WAL_COMPRESSION_NONE)
		is_compressed = XLogCompressBackupBlock(
			regbuf, bimg->hole_offset, cbimg->hole_length, &compressed_len);

	bimg->bimg_info = cbimg->hole_length == 0 ? 0 : BKPIMAGE_HAS_HOLE;
	if (needs_backup)
		bimg->bimg_info |= BKPIMAGE_APPLY;

	state->rdt_datas_last->next = &regbuf->bkp_rdatas[0];
	state->rdt_datas_last = &regbuf->bkp_rdatas[0];
	if (is_compressed)
	{
		bimg->length = compressed_len;
		bimg->bimg_info |= wal_compression == WAL_COMPRESSION_LZ4
		                       ? BKPIMAGE_COMPRESS_LZ4
		                       : BKPIMAGE_COMPRESS_PGLZ;
		state->rdt_datas_last->data = regbuf->compressed_page;
		state->rdt_datas_last->len = compressed_len;
	}
	else
	{
		bimg->length = BLCKSZ - cbimg->hole_length;
		state->rdt_datas_last->data = page;
		if (cbimg->hole_length == 0)
			state->rdt_datas_last->len = BLCKSZ;
		else
		{
			state->rdt_datas_last->len = bimg->hole_offset;
			state->rdt_datas_last->next = &regbuf->bkp_rdatas[1];
			state->rdt_datas_last = &regbuf->bkp_rdatas[1];
			state->rdt_datas_last->data =
				page + bimg->hole_offset + cbimg->hole_length;
			state->rdt_datas_last->len =
				BLCKSZ - (bimg->hole_offset + cbimg->hole_length);
		}
	}
	state->total_len += bimg->length;
}

/* One block reference: its headers, and its payload into the chain. */
static void
AppendBlock(AssembleState *state, int block_id, uint8 info, XLogRecPtr redo,
            bool page_writes, XLogRecPtr *fpw_lsn, int *num_fpi)
{
	registered_buffer *regbuf = &registered_buffers[block_id];
	XLogRecordBlockHeader bkpb = {.id = block_id, .fork_flags = regbuf->forkno};
	XLogRecordBlockImageHeader bimg;
	XLogRecordBlockCompressHeader cbimg;
	bool needs_backup;
	bool needs_data;
	bool samerel;

	if (regbuf->flags & REGBUF_FORCE_IMAGE)
		needs_backup = true;
	else if (regbuf->flags & REGBUF_NO_IMAGE)
		needs_backup = false;
	else if (!page_writes)
		needs_backup = false;
	else
	{
		XLogRecPtr page_lsn = PageGetLSN(regbuf->page);

		needs_backup = page_lsn <= redo;
		if (!needs_backup &&
		    (XLogRecPtrIsInvalid(*fpw_lsn) || page_lsn < *fpw_lsn))
			*fpw_lsn = page_lsn;
	}
	needs_data = regbuf->rdata_len != 0 &&
	             ((regbuf->flags & REGBUF_KEEP_DATA) || !needs_backup);

	if ((regbuf->flags & REGBUF_WILL_INIT) == REGBUF_WILL_INIT)
		bkpb.fork_flags |= BKPBLOCK_WILL_INIT;
	if (needs_backup)
	{
		AppendImage(state, regbuf, info, needs_backup, &bimg, &cbimg);
		bkpb.fork_flags |= BKPBLOCK_HAS_IMAGE;
		(*num_fpi)++;
	}
	if (needs_data)
	{
		bkpb.fork_flags |= BKPBLOCK_HAS_DATA;
		bkpb.data_length = (uint16) regbuf->rdata_len;
		state->total_len += regbuf->rdata_len;
		state->rdt_datas_last->next = regbuf->rdata_head;
		state->rdt_datas_last = regbuf->rdata_tail;
	}
	samerel = state->prev_regbuf != NULL &&
	          RelFileNodeEquals(regbuf->rnode, state->prev_regbuf->rnode);
	if (samerel)
		bkpb.fork_flags |= BKPBLOCK_SAME_REL;
	state->prev_regbuf = regbuf;

	APPEND_HEADER(state, &bkpb, SizeOfXLogRecordBlockHeader);
	if (needs_backup)
	{
		APPEND_HEADER(state, &bimg, SizeOfXLogRecordBlockImageHeader);
		if (cbimg.hole_length != 0 && BKPIMAGE_COMPRESSED(bimg.bimg_info))
			APPEND_HEADER(state, &cbimg, SizeOfXLogRecordBlockCompressHeader);
	}
	if (!samerel)
		APPEND_HEADER(state, &regbuf->rnode, sizeof(RelFileNode));
	APPEND_HEADER(state, &regbuf->block, sizeof(BlockNumber));
}

static void
AppendMainData(AssembleState *state)
{
	if (mainrdata_len == 0)
		return;
	if (mainrdata_len > UINT8_MAX)
	{
		uint32 len = (uint32) mainrdata_len;

		if (mainrdata_len > XLogRecordMaxSize)
			ereport(ERROR,
			        (errmsg_internal("too much WAL data"),
			         errdetail_internal("Main data length is %llu bytes for a "
			                            "maximum of %u bytes.",
			                            (unsigned long long) mainrdata_len,
			                            (uint32) XLogRecordMaxSize)));
		*(state->scratch++) = (char) XLR_BLOCK_ID_DATA_LONG;
		APPEND_HEADER(state, &len, sizeof(uint32));
	}
	else
	{
		*(state->scratch++) = (char) XLR_BLOCK_ID_DATA_SHORT;
		*(state->scratch++) = (char) (uint8) mainrdata_len;
	}
	state->rdt_datas_last->next = mainrdata_head;
	while (state->rdt_datas_last->next != NULL)
		state->rdt_datas_last = state->rdt_datas_last->next;
	state->total_len += mainrdata_len;
}

/*
 * The chain of chunks; the first one is the headers.  xl_prev and the last part
 * of the CRC are still missing, as they need the record's place.
 *
 * *fpw_lsn: the oldest LSN of a page that goes without an image for being
 * newer than redo; InvalidXLogRecPtr: there is none.
 */
static XLogRecData *
XLogRecordAssemble(RmgrId rmid, uint8 info, XLogRecPtr redo, bool page_writes,
                   XLogRecPtr *fpw_lsn, int *num_fpi)
{
	AssembleState state = {.scratch = hdr_scratch + SizeOfXLogRecord,
	                       .rdt_datas_last = &hdr_rdt};
	XLogRecord *rechdr = (XLogRecord *) hdr_scratch;
	pg_crc32c rdata_crc;

	hdr_rdt.next = NULL;
	hdr_rdt.data = hdr_scratch;
	*fpw_lsn = InvalidXLogRecPtr;
	for (int block_id = 0; block_id < max_registered_block_id; block_id++)
		if (registered_buffers[block_id].in_use)
			AppendBlock(&state, block_id, info, redo, page_writes, fpw_lsn,
			            num_fpi);
	AppendMainData(&state);
	state.rdt_datas_last->next = NULL;

	hdr_rdt.len = state.scratch - hdr_scratch;
	Assert(hdr_rdt.len <= HEADER_SCRATCH_SIZE);
	if ((uint64) state.total_len + hdr_rdt.len > XLogRecordMaxSize)
		ereport(ERROR, (errmsg_internal("oversized WAL record"),
		                errdetail_internal(
							"WAL record would be %llu bytes (of "
							"maximum %u bytes).",
							(unsigned long long) state.total_len + hdr_rdt.len,
							(uint32) XLogRecordMaxSize)));

	INIT_CRC32C(rdata_crc);
	COMP_CRC32C(rdata_crc, hdr_scratch + SizeOfXLogRecord,
	            hdr_rdt.len - SizeOfXLogRecord);
	for (XLogRecData *rdt = hdr_rdt.next; rdt != NULL; rdt = rdt->next)
		COMP_CRC32C(rdata_crc, rdt->data, rdt->len);

	memset(rechdr, 0, SizeOfXLogRecord);
	rechdr->xl_xid = GetCurrentTransactionIdIfAny();
	rechdr->xl_tot_len = state.total_len + hdr_rdt.len;
	rechdr->xl_info = info;
	rechdr->xl_rmid = rmid;
	rechdr->xl_crc = rdata_crc;
	return &hdr_rdt;
}

/* ---------------------------------------------------------------------------
 * Records of whole pages
 * ---------------------------------------------------------------------------
 */

bool
XLogCheckBufferNeedsBackup(Buffer buffer)
{
	XLogRecPtr redo;
	bool page_writes;

	GetFullPageWriteInfo(&redo, &page_writes);
	return page_writes && PageGetLSN(BufferGetPage(buffer)) <= redo;
}

/*
 * The caller has the content lock shared only, so others may set hint bits
 * while the image is made: it is made of a copy, whose checksum is its own.
 */
XLogRecPtr
XLogSaveBufferForHint(Buffer buffer, bool buffer_std)
{
	XLogRecPtr recptr = InvalidXLogRecPtr;
	XLogRecPtr redo;

	/* The redo pointer may not move until the page is marked dirty. */
	Assert((MyProc->delayChkptFlags & DELAY_CHKPT_START) != 0);
	redo = GetRedoRecPtr();
	if (BufferGetLSNAtomic(buffer) <= redo)
	{
		PGAlignedBlock copied_buffer;
		char *origdata = (char *) BufferGetBlock(buffer);
		RelFileNode rnode;
		ForkNumber forkno;
		BlockNumber blkno;
		uint8 flags = REGBUF_FORCE_IMAGE;

		if (buffer_std)
		{
			Page page = BufferGetPage(buffer);
			uint16 lower = ((PageHeader) page)->pd_lower;
			uint16 upper = ((PageHeader) page)->pd_upper;

			memcpy(copied_buffer.data, origdata, lower);
			memcpy(copied_buffer.data + upper, origdata + upper,
			       BLCKSZ - upper);
			flags |= REGBUF_STANDARD;
		}
		else
			memcpy(copied_buffer.data, origdata, BLCKSZ);

		XLogBeginInsert();
		BufferGetTag(buffer, &rnode, &forkno, &blkno);
		XLogRegisterBlock(0, &rnode, forkno, blkno, copied_buffer.data, flags);
		recptr = XLogInsert(RM_XLOG_ID, XLOG_FPI_FOR_HINT);
	}
	return recptr;
}

XLogRecPtr
log_newpage(RelFileNode *rnode, ForkNumber forkNum, BlockNumber blkno,
            char *page, bool page_std)
{
	uint8 flags = REGBUF_FORCE_IMAGE | (page_std ? REGBUF_STANDARD : 0);
	XLogRecPtr recptr;

	XLogBeginInsert();
	XLogRegisterBlock(0, rnode, forkNum, blkno, page, flags);
	recptr = XLogInsert(RM_XLOG_ID, XLOG_FPI);
	/* The page may be of zeros only: its LSN stays zero then. */
	if (!PageIsNew(page))
		PageSetLSN(page, recptr);
	return recptr;
}

void
log_newpages(RelFileNode *rnode, ForkNumber forkNum, int num_pages,
             BlockNumber *blknos, char **pages, bool page_std)
{
	uint8 flags = REGBUF_FORCE_IMAGE | (page_std ? REGBUF_STANDARD : 0);
	int i = 0;

	XLogEnsureRecordSpace(XLR_MAX_BLOCK_ID - 1, 0);
	while (i < num_pages)
	{
		int batch_start = i;
		XLogRecPtr recptr;

		XLogBeginInsert();
		for (int nbatch = 0; nbatch < XLR_MAX_BLOCK_ID && i < num_pages;
		     nbatch++, i++)
			XLogRegisterBlock(nbatch, rnode, forkNum, blknos[i], pages[i],
			                  flags);
		recptr = XLogInsert(RM_XLOG_ID, XLOG_FPI);
		for (int j = batch_start; j < i; j++)
			if (!PageIsNew(pages[j]))
				PageSetLSN(pages[j], recptr);
	}
}

/* The caller has marked the buffer dirty, in a critical section. */
XLogRecPtr
log_newpage_buffer(Buffer buffer, bool page_std)
{
	RelFileNode rnode;
	ForkNumber forkNum;
	BlockNumber blkno;

	Assert(CritSectionCount > 0);
	BufferGetTag(buffer, &rnode, &forkNum, &blkno);
	return log_newpage(&rnode, forkNum, blkno, BufferGetPage(buffer), page_std);
}

/*
 * For what was built without log: images of the blocks from startblk up to
 * endblk - 1, as many in a record as fit.  Pages of zeros are left out.
 */
void
log_newpage_range(Relation rel, ForkNumber forkNum, BlockNumber startblk,
                  BlockNumber endblk, bool page_std)
{
	uint8 flags = REGBUF_FORCE_IMAGE | (page_std ? REGBUF_STANDARD : 0);
	BlockNumber blkno = startblk;

	XLogEnsureRecordSpace(XLR_MAX_BLOCK_ID - 1, 0);
	while (blkno < endblk)
	{
		Buffer bufpack[XLR_MAX_BLOCK_ID];
		XLogRecPtr recptr;
		int nbufs = 0;

		CHECK_FOR_INTERRUPTS();
		while (nbufs < XLR_MAX_BLOCK_ID && blkno < endblk)
		{
			Buffer buf =
				ReadBufferExtended(rel, forkNum, blkno, RBM_NORMAL, NULL);

			LockBuffer(buf, BUFFER_LOCK_EXCLUSIVE);
			if (!PageIsNew(BufferGetPage(buf)))
				bufpack[nbufs++] = buf;
			else
				UnlockReleaseBuffer(buf);
			blkno++;
		}
		if (nbufs == 0)
			break;

		INJECTION_POINT("wal-log-newpage-range");
		START_CRIT_SECTION();
		XLogBeginInsert();
		for (int i = 0; i < nbufs; i++)
		{
			MarkBufferDirty(bufpack[i]);
			XLogRegisterBuffer(i, bufpack[i], flags);
		}
		recptr = XLogInsert(RM_XLOG_ID, XLOG_FPI);
		for (int i = 0; i < nbufs; i++)
		{
			PageSetLSN(BufferGetPage(bufpack[i]), recptr);
			UnlockReleaseBuffer(bufpack[i]);
		}
		END_CRIT_SECTION();
	}
}
