/*
 * lockcmds.c
 *		LOCK TABLE.
 *
 * Tables are locked one after the other, in the order in which they are named;
 * the locks are the transaction's.  It runs before the transaction has taken a
 * snapshot: what is read later is no older than the lock.
 *
 * Corresponds to PostgreSQL's commands/lockcmds.c.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/tablecmds.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

static void
CheckIsTable(Oid relid, const RangeVar *rv)
{
	char relkind = get_rel_relkind(relid);

	/* one that is being dropped is looked for again */
	if (relkind != RELKIND_RELATION && relkind != '\0')
		ereport(ERROR,
		        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		         errmsg("cannot lock relation \"%s\"", rv->relname),
		         errdetail("This operation is not supported for %s.",
		                   relkind == RELKIND_INDEX  ? "indexes"
		                   : relkind == RELKIND_VIEW ? "views of the system"
		                                             : "TOAST tables")));
}

/* The table that has the name once it is locked. */
static void
LockTable(const RangeVar *rv, LOCKMODE mode, bool nowait)
{
	Oid relid = RangeVarGetRelid(rv, NoLock, false);
	Oid now;

	for (;;)
	{
		CheckIsTable(relid, rv);
		INJECTION_POINT("lock-table");
		if (!nowait)
			LockRelationOid(relid, mode);
		else if (!ConditionalLockRelationOid(relid, mode))
			ereport(ERROR, (errcode(ERRCODE_LOCK_NOT_AVAILABLE),
			                errmsg("could not obtain lock on relation \"%s\"",
			                       rv->relname)));
		/* what was read may be out of date after the wait */
		InvalidateCatalogSnapshot();
		now = RangeVarGetRelid(rv, NoLock, true);
		if (now == relid)
			return;
		/* it was dropped, or the name went to another one */
		UnlockRelationOid(relid, mode);
		relid = RangeVarGetRelid(rv, NoLock, false);
	}
}

void
LockTableCommand(PgQuery__LockStmt *stmt)
{
	for (size_t i = 0; i < stmt->n_relations; i++)
		LockTable(pgq_range_var(stmt->relations[i]->range_var),
		          (LOCKMODE) stmt->mode, stmt->nowait);
}
