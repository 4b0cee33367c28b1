/*
 * copyfrom.c
 *		COPY FROM: rows into a table, many at a time.
 *
 * Rows are gathered until there are MAX_BUFFERED_TUPLES of them or
 * MAX_BUFFERED_BYTES of input, then go into the table page by page and, one by
 * one, into its indexes.  What the input functions allocate stays in a context
 * that is reset with each batch: nothing is freed row by row, and no row is
 * copied but into its page.
 *
 * An error anywhere aborts the transaction, and with it every row.  Its context
 * names the line; while a batch is flushed that is the row's own, which may be
 * far behind the line last read.
 *
 * Corresponds to PostgreSQL's commands/copyfrom.c.
 */
#include "postgres.h"

#include <sys/stat.h>

#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/storage.h"
#include "catalog/system_views.h"
#include "commands/copyfrom_internal.h"
#include "commands/progress.h"
#include "executor/executor.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "storage/fd.h"
#include "storage/lockdefs.h"
#include "utils/backend_progress.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#define MAX_BUFFERED_TUPLES 1000
#define MAX_BUFFERED_BYTES 65535

/* bytes of input shown in an error's context */
#define MAX_COPY_DATA_DISPLAY 100

/* Rows read and not yet in the table. */
typedef struct CopyBatch
{
	Relation rel;
	EState *estate;
	ResultRelInfo *resultRelInfo;
	BulkInsertState bistate;
	CommandId cid;
	MemoryContext context;                      /* of the values */
	TupleTableSlot *slots[MAX_BUFFERED_TUPLES]; /* made when first used */
	uint64 linenos[MAX_BUFFERED_TUPLES];
	int nused;
	uint64 bytes;
} CopyBatch;

/* ---- errors ---- */

/* Not too long, and no character cut through. */
static char *
limit_printout_length(const char *str)
{
	int len = (int) strlen(str);

	if (len <= MAX_COPY_DATA_DISPLAY)
		return pstrdup(str);
	len = pg_mbcliplen(str, len, MAX_COPY_DATA_DISPLAY);
	return psprintf("%.*s...", len, str);
}

void
CopyFromErrorCallback(void *arg)
{
	CopyFromState cstate = arg;
	const char *rel = cstate->cur_relname;
	unsigned long long line = cstate->cur_lineno;

	if (cstate->cur_attname != NULL && cstate->opts.binary)
		errcontext("COPY %s, line %llu, column %s", rel, line,
		           cstate->cur_attname);
	else if (cstate->cur_attname != NULL && cstate->cur_attval != NULL)
		errcontext("COPY %s, line %llu, column %s: \"%s\"", rel, line,
		           cstate->cur_attname,
		           limit_printout_length(cstate->cur_attval));
	else if (cstate->cur_attname != NULL)
		errcontext("COPY %s, line %llu, column %s: null input", rel, line,
		           cstate->cur_attname);
	else if (cstate->line_buf_valid && !cstate->opts.binary)
		errcontext("COPY %s, line %llu: \"%s\"", rel, line,
		           limit_printout_length(cstate->line_buf.data));
	else
		errcontext("COPY %s, line %llu", rel, line);
}

/* ---- beginning ---- */

/* A flag per column of the table for those that the option names. */
static bool *
column_flags(CopyFromState cstate, List *names, const char *option)
{
	TupleDesc desc = RelationGetDescr(cstate->rel);
	bool *flags = palloc0_array(bool, Max(desc->natts, 1));
	List *attnums = names ? CopyGetAttnums(desc, cstate->rel, names) : NIL;
	ListCell *lc;

	foreach (lc, attnums)
	{
		int attnum = lfirst_int(lc);

		if (!list_member_int(cstate->attnumlist, attnum))
			ereport(
				ERROR,
				(errcode(ERRCODE_INVALID_COLUMN_REFERENCE),
			     errmsg("%s column \"%s\" not referenced by COPY", option,
			            NameStr(TupleDescAttr(desc, attnum - 1)->attname))));
		flags[attnum - 1] = true;
	}
	return flags;
}

static void
look_up_functions(CopyFromState cstate)
{
	TupleDesc desc = RelationGetDescr(cstate->rel);

	cstate->in_functions = palloc0_array(FmgrInfo, Max(desc->natts, 1));
	cstate->typioparams = palloc0_array(Oid, Max(desc->natts, 1));
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		Oid func;

		if (att->attisdropped || !list_member_int(cstate->attnumlist, i + 1))
			continue;
		if (cstate->opts.binary)
			getTypeBinaryInputInfo(att->atttypid, &func,
			                       &cstate->typioparams[i]);
		else
			getTypeInputInfo(att->atttypid, &func, &cstate->typioparams[i]);
		fmgr_info(func, &cstate->in_functions[i]);
	}
}

static void
open_file(CopyFromState cstate, const char *filename)
{
	struct stat st;

	cstate->copy_src = COPY_FILE;
	cstate->filename = pstrdup(filename);
	cstate->copy_file = AllocateFile(filename, "r");
	if (cstate->copy_file == NULL)
	{
		int save_errno = errno;

		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("could not open file \"%s\" for reading: %m", filename),
		         (save_errno == ENOENT || save_errno == EACCES)
		             ? errhint("COPY FROM instructs the PostgreSQL server "
		                       "process to read a file. You may want a "
		                       "client-side facility such as psql's \\copy.")
		             : 0));
	}
	if (fstat(fileno(cstate->copy_file), &st) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not stat file \"%s\": %m", filename)));
	if (S_ISDIR(st.st_mode))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is a directory", filename)));
	pgstat_progress_update_param(PROGRESS_COPY_BYTES_TOTAL, (int64) st.st_size);
}

CopyFromState
BeginCopyFrom(ParseState *pstate, Relation rel, const char *filename,
              copy_data_source_cb data_source_cb, List *attnamelist,
              List *options)
{
	CopyFromState cstate = palloc0_object(CopyFromStateData);
	MemoryContext oldcontext;

	cstate->copycontext = AllocSetContextCreate(CurrentMemoryContext, "COPY",
	                                            ALLOCSET_DEFAULT_SIZES);
	oldcontext = MemoryContextSwitchTo(cstate->copycontext);
	ProcessCopyOptions(pstate, &cstate->opts, true, options);
	cstate->rel = rel;
	cstate->cur_relname = RelationGetRelationName(rel);
	cstate->attnumlist =
		CopyGetAttnums(RelationGetDescr(rel), rel, attnamelist);
	cstate->opts.force_notnull_flags =
		column_flags(cstate, cstate->opts.force_notnull, "FORCE_NOT_NULL");
	cstate->opts.force_null_flags =
		column_flags(cstate, cstate->opts.force_null, "FORCE_NULL");
	look_up_functions(cstate);
	CopyFromInitBuffers(cstate, list_length(cstate->attnumlist));

	pgstat_progress_start_command(PROGRESS_COMMAND_COPY, RelationGetRelid(rel));
	pgstat_progress_update_param(PROGRESS_COPY_COMMAND,
	                             PROGRESS_COPY_COMMAND_FROM);
	pgstat_progress_update_param(PROGRESS_COPY_TYPE,
	                             filename ? PROGRESS_COPY_TYPE_FILE
	                                      : PROGRESS_COPY_TYPE_PIPE);
	if (data_source_cb != NULL)
	{
		cstate->copy_src = COPY_CALLBACK;
		cstate->data_source_cb = data_source_cb;
	}
	else if (filename != NULL)
		open_file(cstate, filename);
	else
		ReceiveCopyBegin(cstate);
	if (cstate->opts.binary)
		ReceiveCopyBinaryHeader(cstate);
	MemoryContextSwitchTo(oldcontext);
	return cstate;
}

void
EndCopyFrom(CopyFromState cstate)
{
	if (cstate->copy_file != NULL && FreeFile(cstate->copy_file) != 0)
		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("could not close file \"%s\": %m", cstate->filename)));
	pgstat_progress_end_command();
	MemoryContextDelete(cstate->copycontext);
	pfree(cstate);
}

/* ---- into the table ---- */

static void
check_target(Relation rel)
{
	char relkind = rel->rd_rel->relkind;

	if (relkind == RELKIND_VIEW)
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
		     errmsg("cannot copy to view \"%s\"", RelationGetRelationName(rel)),
		     errhint("To enable copying to a view, provide an INSTEAD OF "
		             "INSERT trigger.")));
	if (relkind != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("cannot copy to non-table relation \"%s\"",
		                       RelationGetRelationName(rel))));
	if (GetSystemView(RelationGetRelid(rel)) != NULL)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("COPY to system catalog \"%s\" is not supported",
		                       RelationGetRelationName(rel))));
	CheckValidResultRel(rel, CMD_INSERT);
}

/*
 * Frozen rows are visible to all who look, whatever their snapshots: so the
 * file must be one that an abort removes, and no cursor of the session may be
 * open that must not see them.
 */
static void
check_freeze(Relation rel)
{
	/* one is that of a REPEATABLE READ transaction */
	InvalidateCatalogSnapshot();
	if (!ThereAreNoPriorRegisteredSnapshots() || !ThereAreNoReadyPortals())
		ereport(ERROR, (errcode(ERRCODE_INVALID_TRANSACTION_STATE),
		                errmsg("cannot perform COPY FREEZE because of prior "
		                       "transaction activity")));
	if (!RelationFileIsNew(rel))
		ereport(ERROR,
		        (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
		         errmsg("cannot perform COPY FREEZE because the table was not "
		                "created or truncated in the current subtransaction")));
}

static EState *
make_estate(Relation rel, ResultRelInfo **resultRelInfo)
{
	EState *estate = CreateExecutorState();
	MemoryContext oldcontext = MemoryContextSwitchTo(estate->es_query_cxt);
	RangeTblEntry *rte = makeNode(RangeTblEntry);

	rte->rtekind = RTE_RELATION;
	rte->relid = RelationGetRelid(rel);
	rte->relkind = rel->rd_rel->relkind;
	rte->rellockmode = RowExclusiveLock;
	ExecInitRangeTable(estate, list_make1(rte));
	*resultRelInfo = makeNode(ResultRelInfo);
	InitResultRelInfo(*resultRelInfo, rel, 1);
	ExecOpenIndices(*resultRelInfo, false);
	MemoryContextSwitchTo(oldcontext);
	return estate;
}

/* The rows gathered into the table and its indexes. */
static void
flush_batch(CopyFromState cstate, CopyBatch *batch)
{
	EState *estate = batch->estate;
	uint64 save_lineno = cstate->cur_lineno;
	bool save_valid = cstate->line_buf_valid;
	MemoryContext oldcontext;

	if (batch->nused == 0)
		return;
	cstate->line_buf_valid = false;
	oldcontext = MemoryContextSwitchTo(batch->context);
	table_multi_insert(batch->rel, batch->slots, batch->nused, batch->cid,
	                   cstate->opts.freeze ? TABLE_INSERT_FROZEN : 0,
	                   batch->bistate);
	for (int i = 0; i < batch->nused; i++)
	{
		if (batch->resultRelInfo->ri_NumIndices > 0)
		{
			cstate->cur_lineno = batch->linenos[i];
			MemoryContextSwitchTo(GetPerTupleMemoryContext(estate));
			(void) ExecInsertIndexTuples(batch->resultRelInfo, batch->slots[i],
			                             estate, false, false, NULL, NIL);
			MemoryContextSwitchTo(batch->context);
			ResetPerTupleExprContext(estate);
		}
		ExecClearTuple(batch->slots[i]);
	}
	MemoryContextSwitchTo(oldcontext);
	MemoryContextReset(batch->context);
	batch->nused = 0;
	batch->bytes = 0;
	cstate->cur_lineno = save_lineno;
	cstate->line_buf_valid = save_valid;
}

static bool
has_not_null(TupleDesc desc)
{
	for (int i = 0; i < desc->natts; i++)
		if (TupleDescAttr(desc, i)->attnotnull)
			return true;
	return false;
}

/* One row into the batch; false: there are no more. */
static bool
read_row(CopyFromState cstate, CopyBatch *batch, bool check_constraints)
{
	MemoryContext oldcontext = CurrentMemoryContext;
	TupleTableSlot *slot = batch->slots[batch->nused];

	if (slot == NULL)
		slot = batch->slots[batch->nused] = table_slot_create(batch->rel, NULL);
	ExecClearTuple(slot);
	MemoryContextSwitchTo(batch->context);
	if (!NextCopyFrom(cstate, slot->tts_values, slot->tts_isnull))
	{
		MemoryContextSwitchTo(oldcontext);
		return false;
	}
	ExecStoreVirtualTuple(slot);
	slot->tts_tableOid = RelationGetRelid(batch->rel);
	if (check_constraints)
		ExecConstraints(batch->resultRelInfo, slot, batch->estate);
	MemoryContextSwitchTo(oldcontext);
	batch->linenos[batch->nused++] = cstate->cur_lineno;
	batch->bytes += cstate->row_bytes;
	return true;
}

uint64
CopyFrom(CopyFromState cstate)
{
	Relation rel = cstate->rel;
	MemoryContext oldcontext = MemoryContextSwitchTo(cstate->copycontext);
	CopyBatch *batch = palloc0_object(CopyBatch);
	bool check_constraints = has_not_null(RelationGetDescr(rel));
	ErrorContextCallback errcallback;
	uint64 processed = 0;

	check_target(rel);
	if (cstate->opts.freeze)
		check_freeze(rel);
	batch->rel = rel;
	batch->estate = make_estate(rel, &batch->resultRelInfo);
	batch->bistate = GetBulkInsertState();
	batch->cid = GetCurrentCommandId(true);
	batch->context = AllocSetContextCreate(cstate->copycontext, "COPY batch",
	                                       ALLOCSET_DEFAULT_SIZES);
	errcallback.callback = CopyFromErrorCallback;
	errcallback.arg = cstate;
	errcallback.previous = error_context_stack;
	error_context_stack = &errcallback;

	for (;;)
	{
		CHECK_FOR_INTERRUPTS();
		if (!read_row(cstate, batch, check_constraints))
			break;
		processed++;
		if (batch->nused == MAX_BUFFERED_TUPLES ||
		    batch->bytes > MAX_BUFFERED_BYTES)
		{
			flush_batch(cstate, batch);
			pgstat_progress_update_param(PROGRESS_COPY_TUPLES_PROCESSED,
			                             (int64) processed);
		}
	}
	flush_batch(cstate, batch);

	error_context_stack = errcallback.previous;
	FreeBulkInsertState(batch->bistate);
	for (int i = 0; i < MAX_BUFFERED_TUPLES && batch->slots[i] != NULL; i++)
		ExecDropSingleTupleTableSlot(batch->slots[i]);
	ExecCloseIndices(batch->resultRelInfo);
	FreeExecutorState(batch->estate);
	MemoryContextSwitchTo(oldcontext);
	return processed;
}
