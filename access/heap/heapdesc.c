/*
 * heapdesc.c
 *		The heap's records in words, as pg_waldump 15 shows them.
 *
 * Corresponds to PostgreSQL's rmgrdesc/heapdesc.c.
 */
#include "postgres.h"

#include "access/heapam_xlog.h"

static void
DescribeInfobits(StringInfo buf, uint8 infobits)
{
	if (infobits & XLHL_XMAX_IS_MULTI)
		appendStringInfoString(buf, "IS_MULTI ");
	if (infobits & XLHL_XMAX_LOCK_ONLY)
		appendStringInfoString(buf, "LOCK_ONLY ");
	if (infobits & XLHL_XMAX_EXCL_LOCK)
		appendStringInfoString(buf, "EXCL_LOCK ");
	if (infobits & XLHL_XMAX_KEYSHR_LOCK)
		appendStringInfoString(buf, "KEYSHR_LOCK ");
	if (infobits & XLHL_KEYS_UPDATED)
		appendStringInfoString(buf, "KEYS_UPDATED ");
}

static void
DescribeUpdate(StringInfo buf, xl_heap_update *xlrec)
{
	appendStringInfo(buf, "off %u xmax %u flags 0x%02X ", xlrec->old_offnum,
	                 xlrec->old_xmax, xlrec->flags);
	DescribeInfobits(buf, xlrec->old_infobits_set);
	appendStringInfo(buf, "; new off %u xmax %u", xlrec->new_offnum,
	                 xlrec->new_xmax);
}

void
heap_desc(StringInfo buf, XLogReaderState *record)
{
	char *rec = XLogRecGetData(record);

	switch (XLogRecGetInfo(record) & ~XLR_INFO_MASK & XLOG_HEAP_OPMASK)
	{
		case XLOG_HEAP_INSERT:
			appendStringInfo(buf, "off %u flags 0x%02X",
			                 ((xl_heap_insert *) rec)->offnum,
			                 ((xl_heap_insert *) rec)->flags);
			break;
		case XLOG_HEAP_DELETE:
			appendStringInfo(buf, "off %u flags 0x%02X ",
			                 ((xl_heap_delete *) rec)->offnum,
			                 ((xl_heap_delete *) rec)->flags);
			DescribeInfobits(buf, ((xl_heap_delete *) rec)->infobits_set);
			break;
		case XLOG_HEAP_UPDATE:
		case XLOG_HEAP_HOT_UPDATE:
			DescribeUpdate(buf, (xl_heap_update *) rec);
			break;
		case XLOG_HEAP_LOCK:
			appendStringInfo(buf, "off %u: xid %u: flags 0x%02X ",
			                 ((xl_heap_lock *) rec)->offnum,
			                 ((xl_heap_lock *) rec)->locking_xid,
			                 ((xl_heap_lock *) rec)->flags);
			DescribeInfobits(buf, ((xl_heap_lock *) rec)->infobits_set);
			break;
		case XLOG_HEAP_INPLACE:
			appendStringInfo(buf, "off %u", ((xl_heap_inplace *) rec)->offnum);
			break;
		default:
			break;
	}
}

void
heap2_desc(StringInfo buf, XLogReaderState *record)
{
	char *rec = XLogRecGetData(record);

	switch (XLogRecGetInfo(record) & ~XLR_INFO_MASK & XLOG_HEAP_OPMASK)
	{
		case XLOG_HEAP2_PRUNE:
			appendStringInfo(buf, "latestRemovedXid %u nredirected %u ndead %u",
			                 ((xl_heap_prune *) rec)->latestRemovedXid,
			                 ((xl_heap_prune *) rec)->nredirected,
			                 ((xl_heap_prune *) rec)->ndead);
			break;
		case XLOG_HEAP2_VACUUM:
			appendStringInfo(buf, "nunused %u",
			                 ((xl_heap_vacuum *) rec)->nunused);
			break;
		case XLOG_HEAP2_FREEZE_PAGE:
			appendStringInfo(buf, "cutoff xid %u ntuples %u",
			                 ((xl_heap_freeze_page *) rec)->cutoff_xid,
			                 ((xl_heap_freeze_page *) rec)->ntuples);
			break;
		case XLOG_HEAP2_VISIBLE:
			appendStringInfo(buf, "cutoff xid %u flags 0x%02X",
			                 ((xl_heap_visible *) rec)->cutoff_xid,
			                 ((xl_heap_visible *) rec)->flags);
			break;
		case XLOG_HEAP2_MULTI_INSERT:
			appendStringInfo(buf, "%d tuples flags 0x%02X",
			                 ((xl_heap_multi_insert *) rec)->ntuples,
			                 ((xl_heap_multi_insert *) rec)->flags);
			break;
		default:
			break;
	}
}

const char *
heap_identify(uint8 info)
{
	switch (info & ~XLR_INFO_MASK)
	{
		case XLOG_HEAP_INSERT:
			return "INSERT";
		case XLOG_HEAP_INSERT | XLOG_HEAP_INIT_PAGE:
			return "INSERT+INIT";
		case XLOG_HEAP_DELETE:
			return "DELETE";
		case XLOG_HEAP_UPDATE:
			return "UPDATE";
		case XLOG_HEAP_UPDATE | XLOG_HEAP_INIT_PAGE:
			return "UPDATE+INIT";
		case XLOG_HEAP_HOT_UPDATE:
			return "HOT_UPDATE";
		case XLOG_HEAP_HOT_UPDATE | XLOG_HEAP_INIT_PAGE:
			return "HOT_UPDATE+INIT";
		case XLOG_HEAP_TRUNCATE:
			return "TRUNCATE";
		case XLOG_HEAP_CONFIRM:
			return "HEAP_CONFIRM";
		case XLOG_HEAP_LOCK:
			return "LOCK";
		case XLOG_HEAP_INPLACE:
			return "INPLACE";
		default:
			return NULL;
	}
}

const char *
heap2_identify(uint8 info)
{
	switch (info & ~XLR_INFO_MASK)
	{
		case XLOG_HEAP2_PRUNE:
			return "PRUNE";
		case XLOG_HEAP2_VACUUM:
			return "VACUUM";
		case XLOG_HEAP2_FREEZE_PAGE:
			return "FREEZE_PAGE";
		case XLOG_HEAP2_VISIBLE:
			return "VISIBLE";
		case XLOG_HEAP2_MULTI_INSERT:
			return "MULTI_INSERT";
		case XLOG_HEAP2_MULTI_INSERT | XLOG_HEAP_INIT_PAGE:
			return "MULTI_INSERT+INIT";
		case XLOG_HEAP2_LOCK_UPDATED:
			return "LOCK_UPDATED";
		case XLOG_HEAP2_NEW_CID:
			return "NEW_CID";
		case XLOG_HEAP2_REWRITE:
			return "REWRITE";
		default:
			return NULL;
	}
}
