/*
 * copyto.c
 *		COPY TO: the rows of a table or of a query, to the client or a file.
 *
 * One row is one CopyData message.  A binary COPY's header goes with the first
 * row and its trailer alone, as PostgreSQL sends them.
 *
 * Catalogs whose rows are compiled in have no file to scan: their rows are put
 * into a tuplestore first.
 *
 * Corresponds to PostgreSQL's commands/copyto.c.
 */
#include "postgres.h"

#include <endian.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/tableam.h"
#include "catalog/system_views.h"
#include "commands/copy.h"
#include "commands/copy_scan.h"
#include "commands/progress.h"
#include "executor/executor.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "optimizer/planner.h"
#include "parser/analyze.h"
#include "storage/fd.h"
#include "utils/backend_progress.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

static const char BinarySignature[11] = "PGCOPY\n\377\r\n\0";

typedef struct CopyToStateData
{
	FILE *copy_file; /* NULL: to the client */
	char *filename;
	StringInfo fe_msgbuf; /* the row being composed */

	Relation rel;         /* a table, or */
	QueryDesc *queryDesc; /* a query */
	TupleDesc tupDesc;
	List *attnumlist;
	CopyFormatOptions opts;

	FmgrInfo *out_functions; /* by attribute number - 1 */
	MemoryContext copycontext;
	MemoryContext rowcontext; /* reset for every row */
	uint64 processed;
	uint64 bytes_processed;
} CopyToStateData;

typedef struct DR_copy
{
	DestReceiver pub;
	CopyToState cstate;
} DR_copy;

/* ---- bytes ---- */

static void
SendCopyBegin(CopyToState cstate)
{
	StringInfoData buf;
	int natts = list_length(cstate->attnumlist);
	int16 format = cstate->opts.binary ? 1 : 0;

	pq_beginmessage(&buf, 'H');
	pq_sendbyte(&buf, (uint8) format);
	pq_sendint16(&buf, (uint16) natts);
	for (int i = 0; i < natts; i++)
		pq_sendint16(&buf, (uint16) format);
	pq_endmessage(&buf);
}

static void
CopySendString(CopyToState cstate, const char *str)
{
	appendBinaryStringInfo(cstate->fe_msgbuf, str, (int) strlen(str));
}

static void
CopySendChar(CopyToState cstate, char c)
{
	appendStringInfoCharMacro(cstate->fe_msgbuf, c);
}

static void
CopySendInt32(CopyToState cstate, int32 val)
{
	uint32 word = htobe32((uint32) val);

	appendBinaryStringInfo(cstate->fe_msgbuf, &word, sizeof(word));
}

static void
CopySendInt16(CopyToState cstate, int16 val)
{
	uint16 word = htobe16((uint16) val);

	appendBinaryStringInfo(cstate->fe_msgbuf, &word, sizeof(word));
}

/* The row composed is complete. */
static void
CopySendEndOfRow(CopyToState cstate)
{
	StringInfo buf = cstate->fe_msgbuf;

	if (!cstate->opts.binary)
		CopySendChar(cstate, '\n');
	if (cstate->copy_file == NULL)
		(void) pq_putmessage('d', buf->data, (size_t) buf->len);
	else if (fwrite(buf->data, 1, (size_t) buf->len, cstate->copy_file) !=
	         (size_t) buf->len)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not write to COPY file: %m")));
	cstate->bytes_processed += (uint64) buf->len;
	pgstat_progress_update_param(PROGRESS_COPY_BYTES_PROCESSED,
	                             (int64) cstate->bytes_processed);
	resetStringInfo(buf);
}

/* ---- fields ---- */

static void
CopyAttributeOutText(CopyToState cstate, const char *string)
{
	char delim = cstate->opts.delim[0];
	const char *end = string + strlen(string);

	for (;;)
	{
		const char *stop = copy_find_escapable(string, end, delim);
		char c;

		if (stop > string)
			appendBinaryStringInfo(cstate->fe_msgbuf, string,
			                       (int) (stop - string));
		if (stop == end)
			return;
		c = *stop;
		string = stop + 1;
		switch (c)
		{
			case '\b':
				c = 'b';
				break;
			case '\f':
				c = 'f';
				break;
			case '\n':
				c = 'n';
				break;
			case '\r':
				c = 'r';
				break;
			case '\t':
				c = 't';
				break;
			case '\v':
				c = 'v';
				break;
			case '\\':
				break;
			default:
				if (c == delim)
					break;
				/* other control characters are themselves */
				CopySendChar(cstate, c);
				continue;
		}
		CopySendChar(cstate, '\\');
		CopySendChar(cstate, c);
	}
}

/* single: the row has no other field, so "\." would end the data. */
static void
CopyAttributeOutCSV(CopyToState cstate, const char *string, bool use_quote,
                    bool single)
{
	char delim = cstate->opts.delim[0];
	char quote = cstate->opts.quote[0];
	char escape = cstate->opts.escape[0];
	const char *end = string + strlen(string);

	use_quote = use_quote || strcmp(string, cstate->opts.null_print) == 0 ||
	            (single && strcmp(string, "\\.") == 0) ||
	            copy_find(string, end, delim, quote, '\n', '\r') != end;
	if (!use_quote)
	{
		CopySendString(cstate, string);
		return;
	}
	CopySendChar(cstate, quote);
	for (;;)
	{
		const char *stop = copy_find(string, end, quote, escape, quote, escape);

		appendBinaryStringInfo(cstate->fe_msgbuf, string,
		                       (int) (stop - string));
		if (stop == end)
			break;
		CopySendChar(cstate, escape);
		CopySendChar(cstate, *stop);
		string = stop + 1;
	}
	CopySendChar(cstate, quote);
}

static void
send_binary_field(CopyToState cstate, FmgrInfo *function, Datum value)
{
	bytea *bytes = SendFunctionCall(function, value);
	int len = (int) (VARSIZE(bytes) - VARHDRSZ);

	CopySendInt32(cstate, len);
	appendBinaryStringInfo(cstate->fe_msgbuf, VARDATA(bytes), len);
}

static void
send_text_field(CopyToState cstate, int attnum, Datum value)
{
	char *string =
		OutputFunctionCall(&cstate->out_functions[attnum - 1], value);

	if (cstate->opts.csv_mode)
		CopyAttributeOutCSV(cstate, string,
		                    cstate->opts.force_quote_flags[attnum - 1],
		                    list_length(cstate->attnumlist) == 1);
	else
		CopyAttributeOutText(cstate, string);
}

static void
CopyOneRowTo(CopyToState cstate, TupleTableSlot *slot)
{
	MemoryContext oldcontext;
	bool first = true;
	ListCell *lc;

	slot_getallattrs(slot);
	MemoryContextReset(cstate->rowcontext);
	oldcontext = MemoryContextSwitchTo(cstate->rowcontext);
	if (cstate->opts.binary)
		CopySendInt16(cstate, (int16) list_length(cstate->attnumlist));
	foreach (lc, cstate->attnumlist)
	{
		int attnum = lfirst_int(lc);
		Datum value = slot->tts_values[attnum - 1];
		bool isnull = slot->tts_isnull[attnum - 1];

		if (!cstate->opts.binary && !first)
			CopySendChar(cstate, cstate->opts.delim[0]);
		first = false;
		if (isnull && cstate->opts.binary)
			CopySendInt32(cstate, -1);
		else if (isnull)
			CopySendString(cstate, cstate->opts.null_print);
		else if (cstate->opts.binary)
			send_binary_field(cstate, &cstate->out_functions[attnum - 1],
			                  value);
		else
			send_text_field(cstate, attnum, value);
	}
	CopySendEndOfRow(cstate);
	MemoryContextSwitchTo(oldcontext);
	pgstat_progress_update_param(PROGRESS_COPY_TUPLES_PROCESSED,
	                             (int64) ++cstate->processed);
}

/* ---- beginning ---- */

static void
check_source(Relation rel)
{
	char relkind = rel->rd_rel->relkind;

	if (relkind == RELKIND_VIEW)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("cannot copy from view \"%s\"",
		                       RelationGetRelationName(rel)),
		                errhint("Try the COPY (SELECT ...) TO variant.")));
	if (relkind != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("cannot copy from non-table relation \"%s\"",
		                       RelationGetRelationName(rel))));
}

/* Analyses, plans and starts the query; its rows go to a DestCopyOut. */
static void
start_query(CopyToState cstate, ParseState *pstate, RawStmt *raw_query)
{
	const char *source = pstate->p_sourcetext;
	Query *query;
	PlannedStmt *plan;
	DestReceiver *dest;

	if (raw_query->stmt->node_case == PG_QUERY__NODE__NODE_SELECT_STMT &&
	    raw_query->stmt->select_stmt->into_clause != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("COPY (SELECT INTO) is not supported")));
	query = parse_analyze_fixedparams(raw_query, source, NULL, 0);
	if (query->commandType != CMD_SELECT && query->returningList == NIL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("COPY query must have a RETURNING clause")));
	plan = pg_plan_query(query, source, CURSOR_OPT_PARALLEL_OK, NULL);

	/* It sees what this transaction has done so far. */
	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
	dest = CreateDestReceiver(DestCopyOut);
	((DR_copy *) dest)->cstate = cstate;
	cstate->queryDesc =
		CreateQueryDesc(plan, source, GetActiveSnapshot(), NULL, dest, NULL, 0);
	ExecutorStart(cstate->queryDesc, 0);
	cstate->tupDesc = cstate->queryDesc->tupDesc;
}

static void
set_force_quote(CopyToState cstate)
{
	int natts = cstate->tupDesc->natts;
	CopyFormatOptions *opts = &cstate->opts;
	ListCell *lc;

	opts->force_quote_flags = palloc0_array(bool, Max(natts, 1));
	memset(opts->force_quote_flags, opts->force_quote_all, (size_t) natts);
	if (opts->force_quote == NIL)
		return;
	foreach (lc,
	         CopyGetAttnums(cstate->tupDesc, cstate->rel, opts->force_quote))
	{
		int attnum = lfirst_int(lc);

		if (!list_member_int(cstate->attnumlist, attnum))
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
			         errmsg("FORCE_QUOTE column \"%s\" not referenced by COPY",
			                NameStr(TupleDescAttr(cstate->tupDesc, attnum - 1)
			                            ->attname))));
		opts->force_quote_flags[attnum - 1] = true;
	}
}

static void
look_up_functions(CopyToState cstate)
{
	ListCell *lc;

	cstate->out_functions =
		palloc0_array(FmgrInfo, Max(cstate->tupDesc->natts, 1));
	foreach (lc, cstate->attnumlist)
	{
		int attnum = lfirst_int(lc);
		Oid type = TupleDescAttr(cstate->tupDesc, attnum - 1)->atttypid;
		Oid func;
		bool is_varlena;

		if (cstate->opts.binary)
			getTypeBinaryOutputInfo(type, &func, &is_varlena);
		else
			getTypeOutputInfo(type, &func, &is_varlena);
		fmgr_info(func, &cstate->out_functions[attnum - 1]);
	}
}

static void
open_file(CopyToState cstate, const char *filename)
{
	mode_t oumask;
	struct stat st;

	/* It would be relative to the data directory, among its files. */
	if (filename[0] != '/')
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
		                errmsg("relative path not allowed for COPY to file")));
	cstate->filename = pstrdup(filename);
	oumask = umask(S_IWGRP | S_IWOTH);
	PG_TRY();
	{
		cstate->copy_file = AllocateFile(filename, "w");
	}
	PG_FINALLY();
	{
		umask(oumask);
	}
	PG_END_TRY();
	if (cstate->copy_file == NULL)
	{
		int save_errno = errno;

		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("could not open file \"%s\" for writing: %m", filename),
		         (save_errno == ENOENT || save_errno == EACCES)
		             ? errhint("COPY TO instructs the PostgreSQL server "
		                       "process to write a file. You may want a "
		                       "client-side facility such as psql's \\copy.")
		             : 0));
	}
	if (fstat(fileno(cstate->copy_file), &st) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not stat file \"%s\": %m", filename)));
	if (S_ISDIR(st.st_mode))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is a directory", filename)));
}

CopyToState
BeginCopyTo(ParseState *pstate, Relation rel, RawStmt *raw_query,
            const char *filename, List *attnamelist, List *options)
{
	CopyToState cstate = palloc0_object(CopyToStateData);
	MemoryContext oldcontext;

	if (rel != NULL)
		check_source(rel);
	cstate->copycontext = AllocSetContextCreate(CurrentMemoryContext, "COPY",
	                                            ALLOCSET_DEFAULT_SIZES);
	oldcontext = MemoryContextSwitchTo(cstate->copycontext);
	ProcessCopyOptions(pstate, &cstate->opts, false, options);
	cstate->rel = rel;
	if (rel != NULL)
		cstate->tupDesc = RelationGetDescr(rel);
	else
		start_query(cstate, pstate, raw_query);
	cstate->attnumlist = CopyGetAttnums(cstate->tupDesc, rel, attnamelist);
	set_force_quote(cstate);
	look_up_functions(cstate);
	cstate->rowcontext = AllocSetContextCreate(cstate->copycontext, "COPY TO",
	                                           ALLOCSET_DEFAULT_SIZES);
	cstate->fe_msgbuf = makeStringInfo();

	pgstat_progress_start_command(PROGRESS_COMMAND_COPY,
	                              rel ? RelationGetRelid(rel) : InvalidOid);
	pgstat_progress_update_param(PROGRESS_COPY_COMMAND,
	                             PROGRESS_COPY_COMMAND_TO);
	pgstat_progress_update_param(PROGRESS_COPY_TYPE,
	                             filename ? PROGRESS_COPY_TYPE_FILE
	                                      : PROGRESS_COPY_TYPE_PIPE);
	if (filename != NULL)
		open_file(cstate, filename);
	MemoryContextSwitchTo(oldcontext);
	return cstate;
}

void
EndCopyTo(CopyToState cstate)
{
	if (cstate->queryDesc != NULL)
	{
		ExecutorFinish(cstate->queryDesc);
		ExecutorEnd(cstate->queryDesc);
		FreeQueryDesc(cstate->queryDesc);
		PopActiveSnapshot();
	}
	if (cstate->copy_file != NULL && FreeFile(cstate->copy_file) != 0)
		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("could not close file \"%s\": %m", cstate->filename)));
	pgstat_progress_end_command();
	MemoryContextDelete(cstate->copycontext);
	pfree(cstate);
}

/* ---- rows ---- */

static void
send_header_line(CopyToState cstate)
{
	bool first = true;
	ListCell *lc;

	foreach (lc, cstate->attnumlist)
	{
		Form_pg_attribute att =
			TupleDescAttr(cstate->tupDesc, lfirst_int(lc) - 1);

		if (!first)
			CopySendChar(cstate, cstate->opts.delim[0]);
		first = false;
		if (cstate->opts.csv_mode)
			CopyAttributeOutCSV(cstate, NameStr(att->attname), false,
			                    list_length(cstate->attnumlist) == 1);
		else
			CopyAttributeOutText(cstate, NameStr(att->attname));
	}
	CopySendEndOfRow(cstate);
}

static void
copy_table(CopyToState cstate)
{
	TableScanDesc scan =
		table_beginscan(cstate->rel, GetActiveSnapshot(), 0, NULL);
	TupleTableSlot *slot = table_slot_create(cstate->rel, NULL);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		CHECK_FOR_INTERRUPTS();
		CopyOneRowTo(cstate, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
}

static void
copy_compiled_catalog(CopyToState cstate, const SystemView *view)
{
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);
	TupleTableSlot *slot = MakeSingleTupleTableSlot(cstate->tupDesc);

	view->fill(store, cstate->tupDesc);
	while (tuplestore_gettupleslot(store, true, false, slot))
	{
		CHECK_FOR_INTERRUPTS();
		CopyOneRowTo(cstate, slot);
	}
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(store);
}

uint64
DoCopyTo(CopyToState cstate)
{
	MemoryContext oldcontext = MemoryContextSwitchTo(cstate->copycontext);
	const SystemView *view =
		cstate->rel ? GetSystemView(RelationGetRelid(cstate->rel)) : NULL;

	if (cstate->copy_file == NULL)
		SendCopyBegin(cstate);
	if (cstate->opts.binary)
	{
		appendBinaryStringInfo(cstate->fe_msgbuf, BinarySignature,
		                       sizeof(BinarySignature));
		CopySendInt32(cstate, 0); /* flags */
		CopySendInt32(cstate, 0); /* length of the header's extension */
	}
	else if (cstate->opts.header_line != COPY_HEADER_FALSE)
		send_header_line(cstate);

	if (view != NULL)
		copy_compiled_catalog(cstate, view);
	else if (cstate->rel != NULL)
		copy_table(cstate);
	else
		ExecutorRun(cstate->queryDesc, ForwardScanDirection, 0, true);

	if (cstate->opts.binary)
	{
		CopySendInt16(cstate, -1);
		CopySendEndOfRow(cstate);
	}
	if (cstate->copy_file == NULL)
		pq_putemptymessage('c');
	MemoryContextSwitchTo(oldcontext);
	return cstate->processed;
}

/* ---- the receiver ---- */

static void
copy_dest_startup(DestReceiver *self, int operation, TupleDesc typeinfo)
{
}

static bool
copy_dest_receive(TupleTableSlot *slot, DestReceiver *self)
{
	CopyOneRowTo(((DR_copy *) self)->cstate, slot);
	return true;
}

static void
copy_dest_shutdown(DestReceiver *self)
{
}

static void
copy_dest_destroy(DestReceiver *self)
{
	pfree(self);
}

DestReceiver *
CreateCopyDestReceiver(void)
{
	DR_copy *self = palloc0_object(DR_copy);

	self->pub.receiveSlot = copy_dest_receive;
	self->pub.rStartup = copy_dest_startup;
	self->pub.rShutdown = copy_dest_shutdown;
	self->pub.rDestroy = copy_dest_destroy;
	self->pub.mydest = DestCopyOut;
	return (DestReceiver *) self;
}
