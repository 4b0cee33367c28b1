/*
 * catalog/storage_xlog.h
 *		Records of relation files: resource manager Storage.
 */
#ifndef STORAGE_XLOG_H
#define STORAGE_XLOG_H

#include "access/xlogreader.h"
#include "lib/stringinfo.h"
#include "storage/block.h"
#include "storage/relfilenode.h"

/* Both are logged with XLR_SPECIAL_REL_UPDATE. */
#define XLOG_SMGR_CREATE 0x10
#define XLOG_SMGR_TRUNCATE 0x20

typedef struct xl_smgr_create
{
	RelFileNode rnode;
	ForkNumber forkNum;
} xl_smgr_create;

#define SMGR_TRUNCATE_HEAP 0x0001
#define SMGR_TRUNCATE_VM 0x0002
#define SMGR_TRUNCATE_FSM 0x0004
#define SMGR_TRUNCATE_ALL \
	(SMGR_TRUNCATE_HEAP | SMGR_TRUNCATE_VM | SMGR_TRUNCATE_FSM)

typedef struct xl_smgr_truncate
{
	BlockNumber blkno; /* blocks that stay */
	RelFileNode rnode;
	int flags;
} xl_smgr_truncate;

extern void log_smgrcreate(const RelFileNode *rnode, ForkNumber forkNum);
extern void smgr_redo(XLogReaderState *record);
extern void smgr_desc(StringInfo buf, XLogReaderState *record);
extern const char *smgr_identify(uint8 info);

#endif /* STORAGE_XLOG_H */
