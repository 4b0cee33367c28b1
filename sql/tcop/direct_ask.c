/*
 * direct_ask.c
 *		What a client that searches by itself asks its backend: rows that it
 *		cannot judge or read, pages that are not in the pool.
 *
 * Rows are judged by the search's snapshot, in the search's transaction, by the
 * code that judges those of queries; pages are read by the buffer manager.  Both
 * only of the search's own table and index.
 */
#include "postgres.h"

#include "access/clog.h"
#include "access/detoast.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "executor/tuptable.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "storage/bufoptimistic.h"
#include "tcop/direct.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

/* An answer is not made longer than that, but for its first row. */
#define ANSWER_SIZE (1024 * 1024)

#define FORMAT_TEXT 0
#define FORMAT_BINARY 1
#define FORMAT_STORED 2

typedef struct AskedColumn
{
	int attnum;
	int format;
	Form_pg_attribute att;
	FmgrInfo function; /* output or send */
} AskedColumn;

bool
DirectAskIsWellFormed(const DirectAskRequest *r, StringInfo msg)
{
	Size item = r->kind == DIRECT_ASK_ROWS ? sizeof(DirectAskRow)
	                                       : sizeof(DirectAskBlock);

	if (r->kind != DIRECT_ASK_ROWS && r->kind != DIRECT_ASK_BLOCKS)
		return false;
	if (r->nitems > DIRECT_ASK_MAX_ITEMS ||
	    r->ncolumns > DIRECT_ASK_MAX_COLUMNS ||
	    (r->kind == DIRECT_ASK_BLOCKS && r->ncolumns != 0))
		return false;
	return (Size) (msg->len - msg->cursor) ==
	       r->ncolumns * sizeof(DirectAskColumn) + r->nitems * item;
}

/* ---------------------------------------------------------------------------
 * Pages
 * ---------------------------------------------------------------------------
 */

/* Where the block is now; -1: the relation has no such one. */
static int32
BringInBlock(Relation rel, BlockNumber block, BlockNumber nblocks)
{
	Buffer buf;

	if (block >= nblocks)
		return -1;
	INJECTION_POINT("direct-ask-block");
	buf = ReadBuffer(rel, block);
	ReleaseBuffer(buf);
	return buf - 1;
}

static void
AnswerBlocks(const DirectAskRequest *request, const DirectAskBlock *blocks,
             StringInfo answer)
{
	Relation table = relation_open(MyDirectSearch.table, NoLock);
	Relation index = relation_open(MyDirectSearch.index, NoLock);
	BlockNumber table_blocks = RelationGetNumberOfBlocks(table);
	BlockNumber index_blocks = RelationGetNumberOfBlocks(index);

	for (uint32 i = 0; i < request->nitems; i++)
	{
		int32 place = -1;

		CHECK_FOR_INTERRUPTS();
		if (blocks[i].part == DIRECT_PART_TABLE)
			place = BringInBlock(table, blocks[i].block, table_blocks);
		else if (blocks[i].part == DIRECT_PART_INDEX)
			place = BringInBlock(index, blocks[i].block, index_blocks);
		else if (blocks[i].part == DIRECT_PART_XACT)
			place = CLOGBringInPage(blocks[i].block);
		appendBinaryStringInfo(answer, (char *) &place, sizeof(place));
	}
	relation_close(index, NoLock);
	relation_close(table, NoLock);
}

/* ---------------------------------------------------------------------------
 * Rows
 * ---------------------------------------------------------------------------
 */

static void
LookUpColumn(Relation table, const DirectAskColumn *asked, AskedColumn *column)
{
	TupleDesc desc = RelationGetDescr(table);
	bool is_varlena;
	Oid function;

	if (asked->attnum < 1 || asked->attnum > desc->natts ||
	    TupleDescAttr(desc, asked->attnum - 1)->attisdropped)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
		                errmsg("column number %d of relation \"%s\" does not "
		                       "exist",
		                       asked->attnum, RelationGetRelationName(table))));
	column->attnum = asked->attnum;
	column->format = asked->format;
	column->att = TupleDescAttr(desc, asked->attnum - 1);
	switch (asked->format)
	{
		case FORMAT_TEXT:
			getTypeOutputInfo(column->att->atttypid, &function, &is_varlena);
			fmgr_info(function, &column->function);
			break;
		case FORMAT_BINARY:
			getTypeBinaryOutputInfo(column->att->atttypid, &function,
			                        &is_varlena);
			fmgr_info(function, &column->function);
			break;
		case FORMAT_STORED:
			break;
		default:
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("unsupported format code: %d", asked->format)));
	}
}

static void
AppendValue(StringInfo answer, const void *bytes, Size size)
{
	int32 length = (int32) size;

	appendBinaryStringInfo(answer, (char *) &length, sizeof(length));
	appendBinaryStringInfo(answer, bytes, length);
}

/* As it is in a row, but never out of line or compressed. */
static void
AppendStored(StringInfo answer, Form_pg_attribute att, Datum value)
{
	if (att->attlen == -1)
	{
		struct varlena *v = PG_DETOAST_DATUM(value);

		AppendValue(answer, v, VARSIZE(v));
	}
	else if (att->attlen == -2)
		AppendValue(answer, DatumGetCString(value),
		            strlen(DatumGetCString(value)) + 1);
	else if (att->attbyval)
		AppendValue(answer, &value, (Size) att->attlen); /* little-endian */
	else
		AppendValue(answer, DatumGetPointer(value), (Size) att->attlen);
}

static void
AppendColumn(StringInfo answer, AskedColumn *column, TupleTableSlot *slot)
{
	Datum value = slot->tts_values[column->attnum - 1];
	int32 null = -1;

	if (slot->tts_isnull[column->attnum - 1])
		appendBinaryStringInfo(answer, (char *) &null, sizeof(null));
	else if (column->format == FORMAT_TEXT)
	{
		char *text = OutputFunctionCall(&column->function, value);

		AppendValue(answer, text, strlen(text));
	}
	else if (column->format == FORMAT_BINARY)
	{
		bytea *bytes = SendFunctionCall(&column->function, value);

		AppendValue(answer, VARDATA(bytes), VARSIZE(bytes) - VARHDRSZ);
	}
	else
		AppendStored(answer, column->att, value);
}

/* The version of the row that the snapshot sees, in slot. */
static bool
FetchRow(IndexFetchTableData *fetch, const DirectAskRow *row,
         BlockNumber nblocks, TupleTableSlot *slot, DirectAnswerRow *out)
{
	ItemPointerData tid;
	bool call_again = false;

	if (row->block >= nblocks || row->offset < FirstOffsetNumber ||
	    row->offset > MaxOffsetNumber)
		return false;
	ItemPointerSet(&tid, row->block, row->offset);
	if (!table_index_fetch_tuple(fetch, &tid, MyDirectSearch.snapshot, slot,
	                             &call_again, NULL))
		return false;
	out->visible = 1;
	out->block = ItemPointerGetBlockNumber(&tid);
	out->offset = ItemPointerGetOffsetNumber(&tid);
	return true;
}

/* How many were answered. */
static uint32
AnswerRows(const DirectAskRequest *request, const DirectAskColumn *asked,
           const DirectAskRow *rows, StringInfo answer)
{
	Relation table = relation_open(MyDirectSearch.table, NoLock);
	BlockNumber nblocks = RelationGetNumberOfBlocks(table);
	AskedColumn *columns = palloc_array(AskedColumn, request->ncolumns + 1);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(table));
	IndexFetchTableData *fetch = table_index_fetch_begin(table);
	MemoryContext context = AllocSetContextCreate(
		CurrentMemoryContext, "Direct rows", ALLOCSET_DEFAULT_SIZES);
	uint32 i;

	for (i = 0; i < request->ncolumns; i++)
		LookUpColumn(table, &asked[i], &columns[i]);
	/* values out of line are read by it */
	PushActiveSnapshot(MyDirectSearch.snapshot);
	for (i = 0; i < request->nitems; i++)
	{
		DirectAnswerRow out = {0};
		MemoryContext old;
		bool found;

		CHECK_FOR_INTERRUPTS();
		if (i > 0 && answer->len > ANSWER_SIZE)
			break;
		found = FetchRow(fetch, &rows[i], nblocks, slot, &out);
		appendBinaryStringInfo(answer, (char *) &out, sizeof(out));
		if (!found)
			continue;
		slot_getallattrs(slot);
		old = MemoryContextSwitchTo(context);
		for (uint32 j = 0; j < request->ncolumns; j++)
			AppendColumn(answer, &columns[j], slot);
		MemoryContextSwitchTo(old);
		MemoryContextReset(context);
	}
	PopActiveSnapshot();
	ExecDropSingleTupleTableSlot(slot);
	table_index_fetch_end(fetch);
	relation_close(table, NoLock);
	return i;
}

void
DirectAnswerAsk(const DirectAskRequest *request, StringInfo msg,
                StringInfo answer)
{
	DirectAskReply reply = {.search = request->search,
	                        .kind = request->kind,
	                        .nitems = request->nitems,
	                        .outcome = DIRECT_ENDED};
	Size columns_size = request->ncolumns * sizeof(DirectAskColumn);
	char *body = palloc((Size) (msg->len - msg->cursor) + 1);
	int place = answer->len;

	/* aligned, as the message is not */
	memcpy(body, msg->data + msg->cursor, (Size) (msg->len - msg->cursor));
	appendBinaryStringInfo(answer, (char *) &reply, sizeof(reply));
	if (request->kind == DIRECT_ASK_BLOCKS)
		AnswerBlocks(request, (DirectAskBlock *) body, answer);
	else
		reply.nitems =
			AnswerRows(request, (DirectAskColumn *) body,
		               (DirectAskRow *) (body + columns_size), answer);
	memcpy(answer->data + place, &reply, sizeof(reply));
}

/* ---------------------------------------------------------------------------
 * Buffers that were read
 * ---------------------------------------------------------------------------
 */

bool
DirectNoteTouched(StringInfo msg)
{
	DirectTouched touched;
	Size left = (Size) (msg->len - msg->cursor);

	if (left < sizeof(touched))
		return false;
	memcpy(&touched, msg->data + msg->cursor, sizeof(touched));
	if (touched.n > DIRECT_TOUCHED_MAX ||
	    left - sizeof(touched) != touched.n * sizeof(int32))
		return false;
	INJECTION_POINT("direct-touched");
	/* who may not read the pages has nothing to say of them */
	if (!DirectRight)
		return true;
	for (uint32 i = 0; i < touched.n; i++)
	{
		int32 id;

		memcpy(&id,
		       msg->data + msg->cursor + sizeof(touched) + i * sizeof(int32),
		       sizeof(id));
		BufferNoteTouched(id);
	}
	return true;
}
