/*
 * reindex.c
 *		REINDEX INDEX, TABLE, SCHEMA, DATABASE and SYSTEM.
 *
 * An index, or the indexes of a table and of its TOAST relation: one
 * transaction with ShareLock on the table (it is read, not changed) and
 * AccessExclusiveLock on the index, a new file, a build.  The old file goes
 * after the commit; an error, a cancel or a crash leave the old index as it
 * was.  With VERBOSE it says which index is done.
 *
 * Many tables: a transaction for each, so that locks do not pile up.  A table
 * that was dropped meanwhile is passed over.
 *
 * A table is locked before its index, as everywhere.
 *
 * Corresponds to PostgreSQL's ExecReindex (commands/indexcmds.c).
 */
#include "postgres.h"

#include <strings.h>

#include "access/genam.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/dbcommands.h"
#include "commands/defrem.h"
#include "commands/indexconcurrent.h"
#include "commands/progress.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/backend_progress.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/pg_rusage.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#define NotSupported(what)                                  \
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

/*
 * A temporary table is its session's own: nobody else is in the way.  The
 * relation is locked.
 */
static bool
Concurrently(const ReindexParams *params, Oid relid)
{
	return params->concurrently &&
	       get_rel_persistence(relid) != RELPERSISTENCE_TEMP;
}

/* The lock on a table, with which it can be told whether it is temporary. */
static LOCKMODE
TableLockMode(const ReindexParams *params)
{
	return params->concurrently ? ShareUpdateExclusiveLock : ShareLock;
}

static void
ReindexOne(Oid heapid, Oid indexid, const ReindexParams *params)
{
	PGRUsage ru0;

	pg_rusage_init(&ru0);
	pgstat_progress_start_command(PROGRESS_COMMAND_CREATE_INDEX, heapid);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_COMMAND, 3);
	pgstat_progress_update_param(PROGRESS_CREATEIDX_INDEX_OID, indexid);
	reindex_index(indexid);
	pgstat_progress_end_command();
	if (params->verbose)
		ereport(INFO,
		        (errmsg("index \"%s\" was reindexed", get_rel_name(indexid)),
		         errdetail("%s", pg_rusage_show(&ru0))));
}

/* arg: the lock on the table of the index */
static void
CheckIsIndex(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	char relkind = get_rel_relkind(relid);

	if (relkind != RELKIND_INDEX && relkind != '\0')
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not an index", rv->relname)));
	CheckRelationOwner(relid);
	LockTableOfIndex(arg, relid, oldrelid);
}

static void
CheckIsTable(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	char relkind = get_rel_relkind(relid);

	if (relkind != RELKIND_RELATION && relkind != RELKIND_TOASTVALUE &&
	    relkind != '\0')
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not a table or materialized view",
		                       rv->relname)));
	CheckRelationOwner(relid);
}

static bool
IndexIsInvalid(Oid indexid)
{
	Relation index = index_open(indexid, NoLock);
	bool invalid = !index->rd_index->indisvalid;

	index_close(index, NoLock);
	return invalid;
}

static void
ReindexIndex(const RangeVar *rv, const ReindexParams *params)
{
	IndexTableLock table = {.lockmode = TableLockMode(params)};
	Oid indexid = RangeVarGetRelidExtended(
		rv,
		params->concurrently ? ShareUpdateExclusiveLock : AccessExclusiveLock,
		0, CheckIsIndex, &table);

	if (Concurrently(params, indexid))
	{
		(void) ReindexRelationConcurrently(indexid, params->verbose);
		return;
	}
	if (get_rel_relkind(table.tableId) == RELKIND_TOASTVALUE &&
	    IndexIsInvalid(indexid))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot reindex invalid index on TOAST table")));
	ReindexOne(table.tableId, indexid, params);
}

/*
 * Its indexes, and those of its TOAST relation; the table is locked.  Returns
 * whether there were any.
 */
static bool
ReindexIndexesOf(Oid relid, const ReindexParams *params)
{
	Relation rel = table_open(relid, ShareLock);
	Oid toastrelid = rel->rd_rel->reltoastrelid;
	bool toast = rel->rd_rel->relkind == RELKIND_TOASTVALUE;
	List *indexes = RelationGetIndexList(rel);
	bool any = indexes != NIL;
	ListCell *lc;

	table_close(rel, NoLock);
	foreach (lc, indexes)
	{
		Oid indexid = lfirst_oid(lc);

		LockRelationOid(indexid, AccessExclusiveLock);
		/* what REINDEX CONCURRENTLY left: a second one with the same keys */
		if (toast && IndexIsInvalid(indexid))
			ereport(WARNING,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("cannot reindex invalid index \"%s.%s\" on TOAST "
			                "table, skipping",
			                get_namespace_name(get_rel_namespace(indexid)),
			                get_rel_name(indexid))));
		else
			ReindexOne(relid, indexid, params);
	}
	if (OidIsValid(toastrelid))
		any |= ReindexIndexesOf(toastrelid, params);
	return any;
}

static void
ReindexTable(const RangeVar *rv, const ReindexParams *params)
{
	Oid relid = RangeVarGetRelidExtended(rv, TableLockMode(params), 0,
	                                     CheckIsTable, NULL);

	if (Concurrently(params, relid))
	{
		if (!ReindexRelationConcurrently(relid, params->verbose))
			ereport(NOTICE, (errmsg("table \"%s\" has no indexes that can be "
			                        "reindexed concurrently",
			                        rv->relname)));
	}
	else if (!ReindexIndexesOf(relid, params))
		ereport(NOTICE, (errmsg("table \"%s\" has no indexes to reindex",
		                        rv->relname)));
}

/* ---- many tables ---- */

/* Is it one of those that were asked for? */
static bool
IsWanted(Form_pg_class form, PgQuery__ReindexObjectType kind, Oid schema,
         bool concurrently, bool *warned)
{
	bool catalog = IsCatalogRelationOid(form->oid);

	if (form->relkind != RELKIND_RELATION ||
	    (OidIsValid(schema) && form->relnamespace != schema) ||
	    (kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM &&
	     !catalog))
		return false;
	/* what another session keeps to itself cannot even be read here */
	if (form->relpersistence == RELPERSISTENCE_TEMP &&
	    !isTempNamespace(form->relnamespace))
		return false;
	if (!catalog || !concurrently)
		return true;
	if (!*warned)
		ereport(WARNING, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                  errmsg("cannot reindex system catalogs concurrently, "
		                         "skipping all")));
	*warned = true;
	return false;
}

static List *
TablesOf(PgQuery__ReindexStmt *stmt, const ReindexParams *params,
         MemoryContext context)
{
	bool of_schema =
		stmt->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA;
	Oid schema = of_schema ? get_namespace_oid(stmt->name, false) : InvalidOid;
	Relation pg_class;
	TableScanDesc scan;
	HeapTuple tuple;
	List *found = NIL;
	bool warned = false;

	if (of_schema && !pg_namespace_ownercheck(schema, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, ACL_OBJECT_SCHEMA, stmt->name);
	if (!of_schema && !pg_database_ownercheck(MyDatabaseId, GetUserId()))
		aclcheck_error(ACLCHECK_NOT_OWNER, ACL_OBJECT_DATABASE,
		               get_database_name(MyDatabaseId));
	if (!of_schema && strcmp(stmt->name, get_database_name(MyDatabaseId)) != 0)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("can only reindex the currently open database")));
	pg_class = table_open(RelationRelationId, AccessShareLock);
	scan = table_beginscan(pg_class, GetCatalogSnapshot(RelationRelationId), 0,
	                       NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		MemoryContext old;

		if (!IsWanted(form, stmt->kind, schema, params->concurrently, &warned))
			continue;
		old = MemoryContextSwitchTo(context);
		found = lappend_oid(found, form->oid);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
	return found;
}

/* The table is locked. */
static void
ReindexLockedTable(Oid relid, const ReindexParams *params)
{
	if (Concurrently(params, relid))
		(void) ReindexRelationConcurrently(relid, params->verbose);
	else if (ReindexIndexesOf(relid, params) && params->verbose)
		ereport(INFO, (errmsg("table \"%s.%s\" was reindexed",
		                      get_namespace_name(get_rel_namespace(relid)),
		                      get_rel_name(relid))));
}

/* A transaction of its own, unless it has several. */
static void
ReindexTableById(Oid relid, const ReindexParams *params)
{
	Relation rel;

	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	INJECTION_POINT("reindex-next-table");
	if (params->concurrently)
		ConcurrentIndexReleaseSnapshot();
	rel = try_relation_open(relid, TableLockMode(params));
	if (rel != NULL)
	{
		relation_close(rel, NoLock);
		ReindexLockedTable(relid, params);
	}
	if (ActiveSnapshotSet())
		PopActiveSnapshot();
	CommitTransactionCommand();
}

static void
ReindexMultipleTables(PgQuery__ReindexStmt *stmt, const ReindexParams *params)
{
	MemoryContext context = AllocSetContextCreate(
		PortalContext, "ReindexMultipleTables", ALLOCSET_SMALL_SIZES);
	List *relids;
	ListCell *lc;

	if (params->concurrently &&
	    stmt->kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot reindex system catalogs concurrently")));
	relids = TablesOf(stmt, params, context);
	if (ActiveSnapshotSet())
		PopActiveSnapshot();
	CommitTransactionCommand();
	foreach (lc, relids)
		ReindexTableById(lfirst_oid(lc), params);
	StartTransactionCommand();
	MemoryContextDelete(context);
}

void
ExecReindex(PgQuery__ReindexStmt *stmt, bool isTopLevel)
{
	ReindexParams params = ParseParams(stmt);

	if (params.concurrently)
	{
		PreventInTransactionBlock(isTopLevel, "REINDEX CONCURRENTLY");
		ConcurrentIndexReleaseSnapshot();
	}
	switch (stmt->kind)
	{
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX:
			ReindexIndex(pgq_range_var(stmt->relation), &params);
			break;
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE:
			ReindexTable(pgq_range_var(stmt->relation), &params);
			break;
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA:
			PreventInTransactionBlock(isTopLevel, "REINDEX SCHEMA");
			ReindexMultipleTables(stmt, &params);
			break;
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM:
			PreventInTransactionBlock(isTopLevel, "REINDEX SYSTEM");
			ReindexMultipleTables(stmt, &params);
			break;
		case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE:
			PreventInTransactionBlock(isTopLevel, "REINDEX DATABASE");
			ReindexMultipleTables(stmt, &params);
			break;
		default:
			NotSupported("REINDEX of other than tables, indexes, schemas and "
			             "the database");
	}
}
