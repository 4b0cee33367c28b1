/*
 * reindex.c
 *		REINDEX INDEX and REINDEX TABLE.
 *
 * One transaction: ShareLock on the table (it is read, not changed),
 * AccessExclusiveLock on the index, a new file, a build.  The old file goes
 * after the commit; an error, a cancel or a crash leave the old index as it
 * was.  With VERBOSE it says which index is done.
 *
 * The table is locked before its index, as everywhere.
 *
 * Corresponds to PostgreSQL's ExecReindex (commands/indexcmds.c).
 */
#include "postgres.h"

#include <strings.h>

#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/defrem.h"
#include "commands/progress.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#define NotSupported(what) \
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), \
	                errmsg("%s is not supported", what)))

typedef struct ReindexParams
{
	bool verbose;
	bool concurrently;
} ReindexParams;

static bool
OptionTruth(const DefElem *def)
{
	if (def->arg == NULL)
		return true;
	if (IsA(def->arg, Boolean))
		return boolVal(def->arg);
	if (IsA(def->arg, Integer))
		return intVal(def->arg) != 0;
	if (IsA(def->arg, String))
	{
		if (strcasecmp(strVal(def->arg), "true") == 0 ||
		    strcasecmp(strVal(def->arg), "on") == 0)
			return true;
		if (strcasecmp(strVal(def->arg), "false") == 0 ||
		    strcasecmp(strVal(def->arg), "off") == 0)
			return false;
	}
	ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
	                errmsg("%s requires a Boolean value", def->defname)));
}

static ReindexParams
ParseParams(PgQuery__ReindexStmt *stmt)
{
	ReindexParams params = {0};
	ListCell *lc;

	foreach (lc, pgq_def_elems(stmt->params, stmt->n_params))
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (strcmp(def->defname, "verbose") == 0)
			params.verbose = OptionTruth(def);
		else if (strcmp(def->defname, "concurrently") == 0)
			params.concurrently = OptionTruth(def);
		else if (strcmp(def->defname, "tablespace") == 0)
			NotSupported("TABLESPACE");
		else
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("unrecognized REINDEX option \"%s\"",
			                       def->defname)));
	}
	return params;
}

static void
ReindexOne(Oid heapid, Oid indexid, const ReindexParams *params)
{
	pgstat_progress_start_command(PROGRESS_COMMAND_CREATE_INDEX, heapid);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_COMMAND, 3);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_INDEX_OID, indexid);
	reindex_index(indexid);
	pgstat_progress_end_command();
	if (params->verbose)
		ereport(INFO, (errmsg("index \"%s\" was reindexed",
		                      get_rel_name(indexid))));
}

static void
ReindexIndex(const RangeVar *rv, const ReindexParams *params)
{
	for (;;)
	{
		Oid indexid = RangeVarGetRelid(rv, NoLock, false);
		Oid heapid;

		if (get_rel_relkind(indexid) != RELKIND_INDEX)
			ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
			                errmsg("\"%s\" is not an index", rv->relname)));
		heapid = IndexGetRelation(indexid, true);
		if (!OidIsValid(heapid))
			continue; /* dropped since: the name is looked up again */
		LockRelationOid(heapid, ShareLock);
		LockRelationOid(indexid, AccessExclusiveLock);
		if (RangeVarGetRelid(rv, NoLock, true) == indexid)
		{
			ReindexOne(heapid, indexid, params);
			return;
		}
		UnlockRelationOid(indexid, AccessExclusiveLock);
		UnlockRelationOid(heapid, ShareLock);
	}
}

static void
ReindexTable(const RangeVar *rv, const ReindexParams *params)
{
	Oid relid = RangeVarGetRelid(rv, ShareLock, false);
	Relation rel;
	List *indexes;
	ListCell *lc;

	if (get_rel_relkind(relid) != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not a table", rv->relname)));
	rel = table_open(relid, NoLock);
	indexes = RelationGetIndexList(rel);
	table_close(rel, NoLock);
	if (indexes == NIL)
		ereport(NOTICE, (errmsg("table \"%s\" has no indexes to reindex",
		                        rv->relname)));
	foreach (lc, indexes)
	{
		LockRelationOid(lfirst_oid(lc), AccessExclusiveLock);
		ReindexOne(relid, lfirst_oid(lc), params);
	}
}

void
ExecReindex(PgQuery__ReindexStmt *stmt, bool isTopLevel)
{
	ReindexParams params = ParseParams(stmt);

	if (params.concurrently)
	{
		PreventInTransactionBlock(isTopLevel, "REINDEX CONCURRENTLY");
		NotSupported("REINDEX CONCURRENTLY");
	}
	switch (stmt->kind)
	{
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX:
			ReindexIndex(pgq_range_var(stmt->relation), &params);
			break;
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE:
			ReindexTable(pgq_range_var(stmt->relation), &params);
			break;
		default:
			NotSupported("REINDEX of other than tables and indexes");
	}
}
