/*
 * tusk_check.c
 *		SQL function tusk_check(regclass): is a table, with all that belongs to
 *		it, what it must be.
 *
 * Returns a line per defect, with block and offset; no line: nothing is wrong.
 * What the heap's pages hold is checked here, indexes in check_hnsw.c and check_ivfflat.c.  The
 * table is locked against changes meanwhile (ShareLock).
 *
 * A concurrent build of an index of the table has a lock that this one waits for,
 * and waits itself for the ends of older snapshots, such as that of the statement
 * that calls us.  If that reads no relation, its snapshot is given up meanwhile
 * and is a new one afterwards; else, or in a transaction with a snapshot of its
 * own, there may be a deadlock, of which one of the two is told.
 *
 * A page that cannot be read, because its checksum does not hold or the file
 * is cut off, is a line too.  What relies on such a page is not looked at any
 * more: the structure of that index, or what leads to rows of that table.
 *
 * Corresponds in part to PostgreSQL's contrib/amcheck.
 */
#include "postgres.h"

#include "access/detoast.h"
#include "access/genam.h"
#include "access/heapam.h"
#include "access/heaptoast.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/toast_index.h"
#include "access/toast_internals.h"
#include "access/transam.h"
#include "access/tupmacs.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "check_internal.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

void
check_report(CheckState *cs, Relation rel, BlockNumber block, int offset,
             const char *format, ...)
{
	MemoryContext old = MemoryContextSwitchTo(cs->context);
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	cs->messages =
		lappend(cs->messages,
	            makeString(psprintf(
					"%s \"%s\", block %u, offset %d: %s",
					rel->rd_rel->relkind == RELKIND_INDEX ? "index" : "table",
					RelationGetRelationName(rel), block, offset, text)));
	MemoryContextSwitchTo(old);
}

/* The error of a read is told, any other is raised again. */
static void
ReportReadError(CheckState *cs, Relation rel, BlockNumber block)
{
	int code = geterrcode();
	ErrorData *error;

	if (code != ERRCODE_DATA_CORRUPTED && code != ERRCODE_IO_ERROR)
		PG_RE_THROW();
	AbortBufferIO();
	error = CopyErrorData();
	FlushErrorState();
	check_report(cs, rel, block, 0, "%s", error->message);
}

bool
check_readable(CheckState *cs, Relation rel, BlockNumber block)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner old = CurrentResourceOwner;
	ResourceOwner mine = ResourceOwnerCreate(old, "page that is checked");
	volatile bool readable = true;

	CurrentResourceOwner = mine;
	PG_TRY();
	{
		INJECTION_POINT("check-page");
		ReleaseBuffer(ReadBuffer(rel, block));
	}
	PG_CATCH();
	{
		CurrentResourceOwner = old;
		MemoryContextSwitchTo(context);
		ReportReadError(cs, rel, block);
		readable = false;
	}
	PG_END_TRY();
	/* the pin that an error has left */
	ResourceOwnerRelease(mine, RESOURCE_RELEASE_BEFORE_LOCKS, readable, false);
	ResourceOwnerRelease(mine, RESOURCE_RELEASE_LOCKS, readable, false);
	ResourceOwnerRelease(mine, RESOURCE_RELEASE_AFTER_LOCKS, readable, false);
	CurrentResourceOwner = old;
	ResourceOwnerDelete(mine);
	return readable;
}

bool
check_all_readable(CheckState *cs, Relation rel)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(rel);
	bool readable = true;

	for (BlockNumber block = 0; block < nblocks; block++)
	{
		CHECK_FOR_INTERRUPTS();
		readable &= check_readable(cs, rel, block);
	}
	return readable;
}

/* Do the columns end where the tuple does. */
static bool
ColumnsFit(TupleDesc desc, HeapTuple tup)
{
	HeapTupleHeader td = tup->t_data;
	char *tp = (char *) td + td->t_hoff;
	Size room = tup->t_len - td->t_hoff;
	int natts = Min(HeapTupleHeaderGetNatts(td), desc->natts);
	Size off = 0;

	for (int i = 0; i < natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (HeapTupleHasNulls(tup) && att_isnull(i, td->t_bits))
			continue;
		if (off >= room)
			return false;
		off = att_align_pointer(off, att->attalign, att->attlen, tp + off);
		if (off >= room)
			return false;
		if (att->attlen == -1 && VARATT_IS_4B(tp + off) && off + 4 > room)
			return false;
		if (att->attlen == -2 && memchr(tp + off, '\0', room - off) == NULL)
			return false;
		off = att_addlength_pointer(off, att->attlen, tp + off);
		if (off > room)
			return false;
	}
	return true;
}

static void
CheckTuple(CheckState *cs, Relation rel, Page page, BlockNumber block,
           OffsetNumber off, HeapTuple tup)
{
	HeapTupleHeader td = tup->t_data;
	int natts = HeapTupleHeaderGetNatts(td);
	Size hoff;

	if (tup->t_len < SizeofHeapTupleHeader)
	{
		check_report(cs, rel, block, off, "the tuple is %u bytes long",
		             tup->t_len);
		return;
	}
	hoff = MAXALIGN(SizeofHeapTupleHeader +
	                (HeapTupleHasNulls(tup) ? BITMAPLEN(natts) : 0));
	if (td->t_hoff != hoff || td->t_hoff > tup->t_len)
		check_report(cs, rel, block, off,
		             "the data begins at %u, should at %zu of %u", td->t_hoff,
		             hoff, tup->t_len);
	else if (natts > RelationGetDescr(rel)->natts)
		check_report(cs, rel, block, off, "%d columns, the table has %d", natts,
		             RelationGetDescr(rel)->natts);
	else if (!ColumnsFit(RelationGetDescr(rel), tup))
		check_report(cs, rel, block, off,
		             "the columns go beyond the end of the tuple");
	if (!TransactionIdIsNormal(HeapTupleHeaderGetXmin(td)) &&
	    !HeapTupleHeaderXminFrozen(td) &&
	    HeapTupleHeaderGetRawXmin(td) != FrozenTransactionId)
		check_report(cs, rel, block, off, "xmin %u is not normal",
		             HeapTupleHeaderGetRawXmin(td));
	if (HeapTupleHeaderIsHotUpdated(td))
	{
		OffsetNumber next = ItemPointerGetOffsetNumber(&td->t_ctid);

		/*
		 * One that did not commit may be pruned, and its line pointer cut off;
		 * that the xmax is void may be in a hint bit that a crash lost.
		 */
		if (ItemPointerGetBlockNumber(&td->t_ctid) != block ||
		    next < FirstOffsetNumber ||
		    (next > PageGetMaxOffsetNumber(page) &&
		     TransactionIdDidCommit(HeapTupleHeaderGetUpdateXid(td))))
			check_report(cs, rel, block, off,
			             "the next version (%u,%u) is not on the page",
			             ItemPointerGetBlockNumber(&td->t_ctid), next);
	}
}

static void
CheckHeapPage(CheckState *cs, Relation rel, BlockNumber block, Page page)
{
	OffsetNumber max = PageGetMaxOffsetNumber(page);
	Size upper = ((PageHeader) page)->pd_upper;

	for (OffsetNumber off = FirstOffsetNumber; off <= max; off++)
	{
		ItemId lp = PageGetItemId(page, off);
		HeapTupleData tup;

		if (ItemIdIsRedirected(lp))
		{
			OffsetNumber to = ItemIdGetRedirect(lp);

			if (to < FirstOffsetNumber || to > max ||
			    !ItemIdIsNormal(PageGetItemId(page, to)))
				check_report(cs, rel, block, off,
				             "the redirection to %u leads to no tuple", to);
			else if (!HeapTupleHeaderIsHeapOnly((HeapTupleHeader) PageGetItem(
						 page, PageGetItemId(page, to))))
				check_report(cs, rel, block, off,
				             "the redirection to %u leads to no heap-only "
				             "tuple",
				             to);
		}
		if (!ItemIdIsNormal(lp))
			continue;
		if (ItemIdGetOffset(lp) < upper ||
		    ItemIdGetOffset(lp) + ItemIdGetLength(lp) > BLCKSZ ||
		    ItemIdGetOffset(lp) != MAXALIGN(ItemIdGetOffset(lp)))
		{
			check_report(
				cs, rel, block, off, "the line pointer says bytes %u to %u",
				ItemIdGetOffset(lp), ItemIdGetOffset(lp) + ItemIdGetLength(lp));
			continue;
		}
		tup.t_data = (HeapTupleHeader) PageGetItem(page, lp);
		tup.t_len = ItemIdGetLength(lp);
		ItemPointerSet(&tup.t_self, block, off);
		CheckTuple(cs, rel, page, block, off, &tup);
	}
}

static void
CheckHeap(CheckState *cs, Relation rel)
{
	BlockNumber nblocks = RelationGetNumberOfBlocks(rel);

	for (BlockNumber block = 0; block < nblocks; block++)
	{
		Buffer buffer;

		CHECK_FOR_INTERRUPTS();
		if (!check_readable(cs, rel, block))
		{
			cs->rows_readable = false;
			continue;
		}
		buffer = ReadBuffer(rel, block);
		LockBuffer(buffer, BUFFER_LOCK_SHARE);
		if (!PageIsNew(BufferGetPage(buffer)))
			CheckHeapPage(cs, rel, block, BufferGetPage(buffer));
		UnlockReleaseBuffer(buffer);
	}
}

/* Are all chunks of the row's values there. */
static void
CheckToasted(CheckState *cs, Relation rel, Relation index, HeapTuple tup)
{
	TupleDesc desc = RelationGetDescr(rel);

	for (int i = 0; i < desc->natts; i++)
	{
		varatt_external pointer;
		ToastIndexEntry *entries;
		bool isnull;
		Datum value;
		uint32 nchunks;
		int found;

		if (TupleDescAttr(desc, i)->attlen != -1)
			continue;
		value = heap_getattr(tup, i + 1, desc, &isnull);
		if (isnull || !VARATT_IS_EXTERNAL(DatumGetPointer(value)))
			continue;
		VARATT_EXTERNAL_GET_POINTER(pointer, DatumGetPointer(value));
		nchunks =
			(VARATT_EXTERNAL_GET_EXTSIZE(pointer) + TOAST_MAX_CHUNK_SIZE - 1) /
			TOAST_MAX_CHUNK_SIZE;
		entries = palloc_array(ToastIndexEntry, Max(nchunks, 1));
		found = nchunks == 0 ? 0
		                     : ToastIndexLookup(index, pointer.va_valueid, 0,
		                                        nchunks - 1, entries);
		if (found != (int) nchunks)
			check_report(cs, rel, ItemPointerGetBlockNumber(&tup->t_self),
			             ItemPointerGetOffsetNumber(&tup->t_self),
			             "column %d: %d of %u chunks of value %u are there",
			             i + 1, found, nchunks, pointer.va_valueid);
		else
			(void) detoast_external_attr(
				(struct varlena *) DatumGetPointer(value));
		pfree(entries);
	}
}

/* Values of rows that a snapshot sees. */
static void
CheckAllToasted(CheckState *cs, Relation rel, Relation index)
{
	MemoryContext rowcxt = AllocSetContextCreate(
		CurrentMemoryContext, "check of a row", ALLOCSET_DEFAULT_SIZES);
	TableScanDesc scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	MemoryContext old = MemoryContextSwitchTo(rowcxt);
	HeapTuple tup;

	while ((tup = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		if (HeapTupleHasExternal(tup))
			CheckToasted(cs, rel, index, tup);
		MemoryContextReset(rowcxt);
	}
	MemoryContextSwitchTo(old);
	table_endscan(scan);
	MemoryContextDelete(rowcxt);
}

/* Does the statement that calls us read only what functions return. */
static bool
ReadsNoRelation(EState *estate)
{
	ListCell *lc;

	foreach (lc, estate->es_plannedstmt->rtable)
		if (lfirst_node(RangeTblEntry, lc)->rtekind == RTE_RELATION)
			return false;
	return true;
}

/* See the head of the file. */
static void
LockToCheck(CheckState *cs, Oid relid)
{
	Snapshot snapshot = cs->estate->es_snapshot;
	bool suspended;

	if (ConditionalLockRelationOid(relid, ShareLock))
		return;
	suspended = ReadsNoRelation(cs->estate) && SuspendSnapshot(snapshot);
	LockRelationOid(relid, ShareLock);
	if (suspended)
		RenewSnapshot(snapshot);
}

static void
CheckToastRelation(CheckState *cs, Relation rel)
{
	Relation toastrel;
	Relation *toastidxs;
	int num_indexes;
	int valid;

	LockToCheck(cs, rel->rd_rel->reltoastrelid);
	toastrel = table_open(rel->rd_rel->reltoastrelid, NoLock);
	valid =
		toast_open_indexes(toastrel, AccessShareLock, &toastidxs, &num_indexes);
	CheckHeap(cs, toastrel);
	if (check_all_readable(cs, toastidxs[valid]) && cs->rows_readable)
		check_toast_index(cs, toastrel, toastidxs[valid]);
	/* what is damaged cannot be relied on to lead anywhere */
	if (cs->messages == NIL)
		CheckAllToasted(cs, rel, toastidxs[valid]);
	toast_close_indexes(toastidxs, num_indexes, NoLock);
	table_close(toastrel, NoLock);
}

static void
CheckTable(CheckState *cs, Oid relid)
{
	Relation rel;
	List *indexes;
	ListCell *lc;

	LockToCheck(cs, relid);
	rel = relation_open(relid, NoLock);
	if (rel->rd_rel->relkind != RELKIND_RELATION &&
	    rel->rd_rel->relkind != RELKIND_TOASTVALUE)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not a table",
		                       RelationGetRelationName(rel))));
	cs->rows_readable = true;
	CheckHeap(cs, rel);
	if (OidIsValid(rel->rd_rel->reltoastrelid))
		CheckToastRelation(cs, rel);
	indexes = RelationGetIndexList(rel);
	foreach (lc, indexes)
	{
		Relation index = index_open(lfirst_oid(lc), AccessShareLock);

		if (index->rd_index->indisvalid && check_all_readable(cs, index))
		{
			if (index->rd_rel->relam == HNSW_AM_OID)
				check_hnsw(cs, rel, index);
			else if (index->rd_rel->relam == IVFFLAT_AM_OID)
				check_ivfflat(cs, rel, index);
		}
		index_close(index, NoLock);
	}
	list_free(indexes);
	relation_close(rel, NoLock);
}

Datum
tusk_check(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	CheckState *cs;
	String *message;

	if (SRF_IS_FIRSTCALL())
	{
		context = SRF_FIRSTCALL_INIT();
		cs = MemoryContextAlloc(context->multi_call_memory_ctx,
		                        sizeof(CheckState));
		cs->context = context->multi_call_memory_ctx;
		cs->messages = NIL;
		cs->estate =
			castNode(ReturnSetInfo, fcinfo->resultinfo)->econtext->ecxt_estate;
		context->user_fctx = cs;
		CheckTable(cs, PG_GETARG_OID(0));
	}
	context = SRF_PERCALL_SETUP();
	cs = context->user_fctx;
	if (context->call_cntr >= (uint64) list_length(cs->messages))
		SRF_RETURN_DONE(context);
	message = list_nth(cs->messages, (int) context->call_cntr);
	SRF_RETURN_NEXT(context, PointerGetDatum(cstring_to_text(strVal(message))));
}
