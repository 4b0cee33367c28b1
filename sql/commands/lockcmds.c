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
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

/* Who may do with the table what the lock is for may lock it. */
static void
CheckMayLock(Oid relid, LOCKMODE mode)
{
	if (mode == AccessShareLock)
		CheckRelationPrivilege(relid, ACL_SELECT);
	else if (mode == RowExclusiveLock)
		CheckRelationPrivilege(relid, ACL_INSERT | ACL_UPDATE | ACL_DELETE |
		                                  ACL_TRUNCATE);
	else
		CheckRelationPrivilege(relid, ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE);
}

/* arg: the mode */
static void
CheckIsTable(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	char relkind = get_rel_relkind(relid);

	if (relkind != RELKIND_RELATION && relkind != '\0')
		ereport(ERROR,
		        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		         errmsg("cannot lock relation \"%s\"", rv->relname),
		         errdetail("This operation is not supported for %s.",
		                   relkind == RELKIND_INDEX  ? "indexes"
		                   : relkind == RELKIND_VIEW ? "views of the system"
		                                             : "TOAST tables")));
	CheckMayLock(relid, *(const LOCKMODE *) arg);
}

void
LockTableCommand(PgQuery__LockStmt *stmt)
{
	LOCKMODE mode = (LOCKMODE) stmt->mode;

	for (size_t i = 0; i < stmt->n_relations; i++)
		(void) RangeVarGetRelidExtended(
			pgq_range_var(stmt->relations[i]->range_var), mode,
			stmt->nowait ? RVR_NOWAIT : 0, CheckIsTable, &mode);
}
