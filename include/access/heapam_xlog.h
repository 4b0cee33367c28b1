/*
 * access/heapam_xlog.h
 *		Records of the heap, PostgreSQL 15's.
 */
#ifndef HEAPAM_XLOG_H
#define HEAPAM_XLOG_H

#include "access/htup.h"
#include "access/xlogreader.h"
#include "lib/stringinfo.h"
#include "storage/off.h"
#include "storage/relfilenode.h"
#include "utils/relcache.h"

/* RM_HEAP_ID */
#define XLOG_HEAP_INSERT 0x00
#define XLOG_HEAP_DELETE 0x10
#define XLOG_HEAP_UPDATE 0x20
#define XLOG_HEAP_TRUNCATE 0x30
#define XLOG_HEAP_HOT_UPDATE 0x40
#define XLOG_HEAP_CONFIRM 0x50
#define XLOG_HEAP_LOCK 0x60
#define XLOG_HEAP_INPLACE 0x70
#define XLOG_HEAP_OPMASK 0x70
#define XLOG_HEAP_INIT_PAGE 0x80 /* block 0 is made anew */

/* RM_HEAP2_ID */
#define XLOG_HEAP2_REWRITE 0x00
#define XLOG_HEAP2_PRUNE 0x10
#define XLOG_HEAP2_VACUUM 0x20
#define XLOG_HEAP2_FREEZE_PAGE 0x30
#define XLOG_HEAP2_VISIBLE 0x40
#define XLOG_HEAP2_MULTI_INSERT 0x50
#define XLOG_HEAP2_LOCK_UPDATED 0x60
#define XLOG_HEAP2_NEW_CID 0x70

/* xl_heap_insert, xl_heap_multi_insert: flags */
#define XLH_INSERT_ALL_VISIBLE_CLEARED (1 << 0)
#define XLH_INSERT_LAST_IN_MULTI (1 << 1)
#define XLH_INSERT_IS_SPECULATIVE (1 << 2)
#define XLH_INSERT_CONTAINS_NEW_TUPLE (1 << 3)
#define XLH_INSERT_ON_TOAST_RELATION (1 << 4)
#define XLH_INSERT_ALL_FROZEN_SET (1 << 5)

/* xl_heap_update: flags */
#define XLH_UPDATE_OLD_ALL_VISIBLE_CLEARED (1 << 0)
#define XLH_UPDATE_NEW_ALL_VISIBLE_CLEARED (1 << 1)
#define XLH_UPDATE_CONTAINS_OLD_TUPLE (1 << 2)
#define XLH_UPDATE_CONTAINS_OLD_KEY (1 << 3)
#define XLH_UPDATE_CONTAINS_NEW_TUPLE (1 << 4)
#define XLH_UPDATE_PREFIX_FROM_OLD (1 << 5)
#define XLH_UPDATE_SUFFIX_FROM_OLD (1 << 6)
#define XLH_UPDATE_CONTAINS_OLD \
	(XLH_UPDATE_CONTAINS_OLD_TUPLE | XLH_UPDATE_CONTAINS_OLD_KEY)

/* xl_heap_delete: flags */
#define XLH_DELETE_ALL_VISIBLE_CLEARED (1 << 0)
#define XLH_DELETE_CONTAINS_OLD_TUPLE (1 << 1)
#define XLH_DELETE_CONTAINS_OLD_KEY (1 << 2)
#define XLH_DELETE_IS_SUPER (1 << 3)
#define XLH_DELETE_IS_PARTITION_MOVE (1 << 4)
#define XLH_DELETE_CONTAINS_OLD \
	(XLH_DELETE_CONTAINS_OLD_TUPLE | XLH_DELETE_CONTAINS_OLD_KEY)

typedef struct xl_heap_delete
{
	TransactionId xmax;
	OffsetNumber offnum;
	uint8 infobits_set; /* XLHL_* */
	uint8 flags;
} xl_heap_delete;

#define SizeOfHeapDelete (offsetof(xl_heap_delete, flags) + sizeof(uint8))

/* What of a tuple's header is logged; the rest follows from the record. */
typedef struct xl_heap_header
{
	uint16 t_infomask2;
	uint16 t_infomask;
	uint8 t_hoff;
} xl_heap_header;

#define SizeOfHeapHeader (offsetof(xl_heap_header, t_hoff) + sizeof(uint8))

/* Block 0: xl_heap_header and the tuple from its byte 23 on. */
typedef struct xl_heap_insert
{
	OffsetNumber offnum;
	uint8 flags;
} xl_heap_insert;

#define SizeOfHeapInsert (offsetof(xl_heap_insert, flags) + sizeof(uint8))

/* Block 0: per tuple, at even addresses, xl_multi_insert_tuple and bytes. */
typedef struct xl_heap_multi_insert
{
	uint8 flags;
	uint16 ntuples;
	OffsetNumber offsets[FLEXIBLE_ARRAY_MEMBER]; /* absent with INIT_PAGE */
} xl_heap_multi_insert;

#define SizeOfHeapMultiInsert offsetof(xl_heap_multi_insert, offsets)

typedef struct xl_multi_insert_tuple
{
	uint16 datalen; /* of what follows */
	uint16 t_infomask2;
	uint16 t_infomask;
	uint8 t_hoff;
} xl_multi_insert_tuple;

#define SizeOfMultiInsertTuple \
	(offsetof(xl_multi_insert_tuple, t_hoff) + sizeof(uint8))

/*
 * Block 0: the new page, with [prefix length] [suffix length] xl_heap_header,
 * bitmap and padding, and the bytes that are not shared.  Block 1: the old
 * page, if another.
 */
typedef struct xl_heap_update
{
	TransactionId old_xmax;
	OffsetNumber old_offnum;
	uint8 old_infobits_set;
	uint8 flags;
	TransactionId new_xmax;
	OffsetNumber new_offnum;
} xl_heap_update;

#define SizeOfHeapUpdate \
	(offsetof(xl_heap_update, new_offnum) + sizeof(OffsetNumber))

/* Block 0: redirections (pairs), dead ones, unused ones. */
typedef struct xl_heap_prune
{
	TransactionId latestRemovedXid;
	uint16 nredirected;
	uint16 ndead;
} xl_heap_prune;

#define SizeOfHeapPrune (offsetof(xl_heap_prune, ndead) + sizeof(uint16))

/* Block 0: the offsets that become unused. */
typedef struct xl_heap_vacuum
{
	uint16 nunused;
} xl_heap_vacuum;

#define SizeOfHeapVacuum (offsetof(xl_heap_vacuum, nunused) + sizeof(uint16))

/* infobits_set */
#define XLHL_XMAX_IS_MULTI 0x01
#define XLHL_XMAX_LOCK_ONLY 0x02
#define XLHL_XMAX_EXCL_LOCK 0x04
#define XLHL_XMAX_KEYSHR_LOCK 0x08
#define XLHL_KEYS_UPDATED 0x10

/* xl_heap_lock: flags */
#define XLH_LOCK_ALL_FROZEN_CLEARED 0x01

typedef struct xl_heap_lock
{
	TransactionId locking_xid;
	OffsetNumber offnum;
	int8 infobits_set;
	uint8 flags;
} xl_heap_lock;

#define SizeOfHeapLock (offsetof(xl_heap_lock, flags) + sizeof(int8))

typedef struct xl_heap_lock_updated
{
	TransactionId xmax;
	OffsetNumber offnum;
	uint8 infobits_set;
	uint8 flags;
} xl_heap_lock_updated;

#define SizeOfHeapLockUpdated \
	(offsetof(xl_heap_lock_updated, flags) + sizeof(uint8))

/* Block 0: the tuple's data area. */
typedef struct xl_heap_inplace
{
	OffsetNumber offnum;
} xl_heap_inplace;

#define SizeOfHeapInplace \
	(offsetof(xl_heap_inplace, offnum) + sizeof(OffsetNumber))

/* xl_heap_freeze_tuple: frzflags */
#define XLH_FREEZE_XVAC 0x02
#define XLH_INVALID_XVAC 0x04

typedef struct xl_heap_freeze_tuple
{
	TransactionId xmax;
	OffsetNumber offset;
	uint16 t_infomask2;
	uint16 t_infomask;
	uint8 frzflags;
} xl_heap_freeze_tuple;

StaticAssertDecl(sizeof(xl_heap_freeze_tuple) == 12, "format of PostgreSQL");

/* Block 0: xl_heap_freeze_tuple[ntuples]. */
typedef struct xl_heap_freeze_page
{
	TransactionId cutoff_xid;
	uint16 ntuples;
} xl_heap_freeze_page;

#define SizeOfHeapFreezePage \
	(offsetof(xl_heap_freeze_page, ntuples) + sizeof(uint16))

/* Block 0: the page of the visibility map; block 1: the heap's. */
typedef struct xl_heap_visible
{
	TransactionId cutoff_xid;
	uint8 flags; /* VISIBILITYMAP_* */
} xl_heap_visible;

#define SizeOfHeapVisible (offsetof(xl_heap_visible, flags) + sizeof(uint8))

extern void heap_redo(XLogReaderState *record);
extern void heap_desc(StringInfo buf, XLogReaderState *record);
extern const char *heap_identify(uint8 info);
extern void heap2_redo(XLogReaderState *record);
extern void heap2_desc(StringInfo buf, XLogReaderState *record);
extern const char *heap2_identify(uint8 info);
extern XLogRecPtr
log_heap_freeze(Relation reln, Buffer buffer, TransactionId cutoff_xid,
                xl_heap_freeze_tuple *tuples, int ntuples);
extern XLogRecPtr
log_heap_visible(RelFileNode rnode, Buffer heap_buffer, Buffer vm_buffer,
                 TransactionId cutoff_xid, uint8 vmflags);

#endif /* HEAPAM_XLOG_H */
