/*
 * truncate.c
 *		TRUNCATE.
 *
 * Every table gets a new empty file, and so do its TOAST relation and the
 * indexes, which are built empty: nothing is written to the old files, so that
 * a rollback has nothing to undo.  All tables are locked before the first one
 * is emptied.  A snapshot taken before sees the table empty too, as in
 * PostgreSQL.
 *
 * Corresponds to ExecuteTruncate of PostgreSQL's commands/tablecmds.c, and to
 * reindex_relation of catalog/index.c for its indexes.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/catalog.h"
#include "catalog/index.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "pgstat.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

void
CheckTableNotInUse(Relation rel, const char *stmt)
{
	if (rel->rd_refcnt != 1)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
		                errmsg("cannot %s \"%s\" because it is being used by "
		                       "active queries in this session",
		                       stmt, RelationGetRelationName(rel))));
}

static void
CheckTruncatable(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	char relkind = get_rel_relkind(relid);

	CheckRelationPrivilege(relid, ACL_TRUNCATE);
	if (IsCatalogRelationOid(relid))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied: \"%s\" is a system catalog",
		                       rv->relname)));
	if (relkind != RELKIND_RELATION && relkind != '\0')
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not a table", rv->relname)));
}

static void
TruncateTable(Oid relid)
{
	Relation rel = table_open(relid, NoLock);
	char persistence = rel->rd_rel->relpersistence;
	Oid toastrelid = rel->rd_rel->reltoastrelid;
	List *indexes;
	ListCell *lc;

	CheckNotOtherTemp(rel, "truncate");
	CheckTableNotInUse(rel, "TRUNCATE");
	INJECTION_POINT("truncate-table");
	RelationSetNewRelfilenode(rel, persistence);
	pgstat_count_truncate(rel);
	indexes = RelationGetIndexList(rel);
	foreach (lc, indexes)
	{
		Relation index = index_open(lfirst_oid(lc), AccessExclusiveLock);

		CheckTableNotInUse(index, "TRUNCATE");
		INJECTION_POINT("truncate-index");
		RelationSetNewRelfilenode(index, persistence);
		index_build(rel, index, BuildIndexInfo(index), true, false);
		index_close(index, NoLock);
	}
	table_close(rel, NoLock);
	if (OidIsValid(toastrelid))
	{
		LockRelationOid(toastrelid, AccessExclusiveLock);
		TruncateTable(toastrelid);
	}
}

void
ExecuteTruncate(PgQuery__TruncateStmt *stmt)
{
	List *relids = NIL;
	ListCell *lc;

	/* No sequences and no foreign keys: RESTART IDENTITY and CASCADE add
	 * nothing. */
	for (size_t i = 0; i < stmt->n_relations; i++)
	{
		RangeVar *rv = pgq_range_var(stmt->relations[i]->range_var);

		relids = list_append_unique_oid(
			relids, RangeVarGetRelidExtended(rv, AccessExclusiveLock, 0,
		                                     CheckTruncatable, NULL));
	}
	foreach (lc, relids)
		TruncateTable(lfirst_oid(lc));
}
