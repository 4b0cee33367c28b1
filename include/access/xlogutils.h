/*
 * access/xlogutils.h
 *		What redo functions use: blocks of the record, relations without a
 *		relation cache.
 */
#ifndef XLOG_UTILS_H
#define XLOG_UTILS_H

#include "access/xlogreader.h"
#include "storage/bufmgr.h"

/* GUC: go on although replay did not find pages that it should have */
extern PGDLLIMPORT bool ignore_invalid_pages;

/* This process replays the log. */
extern PGDLLIMPORT bool InRecovery;

extern bool XLogHaveInvalidPages(void);
extern void XLogCheckInvalidPages(void);
extern void XLogDropRelation(RelFileNode rnode, ForkNumber forknum);
extern void XLogTruncateRelation(RelFileNode rnode, ForkNumber forkNum,
                                 BlockNumber nblocks);

typedef enum
{
	BLK_NEEDS_REDO, /* locked: change it, PageSetLSN, MarkBufferDirty */
	BLK_DONE,       /* locked; has the change already */
	BLK_RESTORED,   /* locked; restored from its image */
	BLK_NOTFOUND    /* no buffer: the block is gone */
} XLogRedoAction;

extern XLogRedoAction
XLogReadBufferForRedo(XLogReaderState *record, uint8 block_id, Buffer *buf);
/* For a block with WILL_INIT: a zeroed page, locked. */
extern Buffer XLogInitBufferForRedo(XLogReaderState *record, uint8 block_id);
extern XLogRedoAction
XLogReadBufferForRedoExtended(XLogReaderState *record, uint8 block_id,
                              ReadBufferMode mode, bool get_cleanup_lock,
                              Buffer *buf);
extern Buffer
XLogReadBufferExtended(RelFileNode rnode, ForkNumber forknum, BlockNumber blkno,
                       ReadBufferMode mode, Buffer recent_buffer);

/* A relation with files and nothing else. */
extern Relation CreateFakeRelcacheEntry(RelFileNode rnode);
extern void FreeFakeRelcacheEntry(Relation fakerel);

#endif /* XLOG_UTILS_H */
