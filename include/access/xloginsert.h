/*
 * access/xloginsert.h
 *		Making a record of the log.
 *
 *		START_CRIT_SECTION();
 *		... change the page, MarkBufferDirty(buffer) ...
 *		XLogBeginInsert();
 *		XLogRegisterData((char *) &xlrec, sizeof(xlrec));
 *		XLogRegisterBuffer(0, buffer, REGBUF_STANDARD);
 *		XLogRegisterBufData(0, data, len);
 *		recptr = XLogInsert(RM_..._ID, XLOG_...);
 *		PageSetLSN(page, recptr);
 *		END_CRIT_SECTION();
 *
 * The data is not copied when registered: it stays valid until XLogInsert.
 * More than XLR_NORMAL_MAX_BLOCK_ID blocks or XLR_NORMAL_RDATAS chunks are
 * announced by XLogEnsureRecordSpace before the critical section.
 */
#ifndef XLOGINSERT_H
#define XLOGINSERT_H

#include "access/rmgr.h"
#include "access/xlogdefs.h"
#include "storage/block.h"
#include "storage/buf.h"
#include "storage/bufpage.h"
#include "storage/relfilenode.h"
#include "utils/relcache.h"

#define XLR_NORMAL_MAX_BLOCK_ID 4
#define XLR_NORMAL_RDATAS 20

/* flags of XLogRegisterBuffer */
#define REGBUF_FORCE_IMAGE 0x01
#define REGBUF_NO_IMAGE 0x02
#define REGBUF_WILL_INIT (0x04 | 0x02) /* replay makes the page anew */
#define REGBUF_STANDARD 0x08  /* between pd_lower and pd_upper is nothing */
#define REGBUF_KEEP_DATA 0x10 /* block data stays beside an image */

/* A chunk of a record while it is made. */
typedef struct XLogRecData
{
	struct XLogRecData *next;
	char *data;
	uint32 len;
} XLogRecData;

extern void XLogBeginInsert(void);
extern void XLogSetRecordFlags(uint8 flags);
/* The end position of the record, for PageSetLSN. */
extern XLogRecPtr XLogInsert(RmgrId rmid, uint8 info);
extern void XLogEnsureRecordSpace(int max_block_id, int ndatas);
extern void XLogRegisterData(char *data, int len);
extern void XLogRegisterBuffer(uint8 block_id, Buffer buffer, uint8 flags);
extern void
XLogRegisterBlock(uint8 block_id, RelFileNode *rnode, ForkNumber forknum,
                  BlockNumber blknum, char *page, uint8 flags);
extern void XLogRegisterBufData(uint8 block_id, char *data, int len);
extern void XLogResetInsertion(void);
/* Would a record now need an image of the page; only a guess. */
extern bool XLogCheckBufferNeedsBackup(Buffer buffer);

/* Log images of pages; set their LSN. */
extern XLogRecPtr log_newpage(RelFileNode *rnode, ForkNumber forkNum,
                              BlockNumber blkno, char *page, bool page_std);
extern void log_newpages(RelFileNode *rnode, ForkNumber forkNum, int num_pages,
                         BlockNumber *blknos, char **pages, bool page_std);
extern XLogRecPtr log_newpage_buffer(Buffer buffer, bool page_std);
extern void
log_newpage_range(Relation rel, ForkNumber forkNum, BlockNumber startblk,
                  BlockNumber endblk, bool page_std);
/*
 * Before a hint bit dirties a page of a cluster with checksums: an image if
 * none was logged since the last checkpoint.  InvalidXLogRecPtr: none needed.
 */
extern XLogRecPtr XLogSaveBufferForHint(Buffer buffer, bool buffer_std);

#endif /* XLOGINSERT_H */
