/*
 * oncommit.c
 *		ON COMMIT DELETE ROWS and ON COMMIT DROP of temporary tables.
 *
 * What a table's transactions end with is kept in this process only: nobody
 * else has the table.  An entry is made with the table and goes with it; both
 * may be undone, so an entry knows that it was made, or is to go, in the
 * transaction that runs:
 *
 *					commit				abort
 *		created		stays				goes
 *		deleted		goes				stays
 *
 * The actions are the last step of a transaction that may fail: they run before
 * the commit is recorded.  DELETE ROWS cuts the files in place.  Nothing is
 * lost by that if the commit fails: the table was empty when the transaction
 * began.
 *
 * Corresponds to the on-commit part of PostgreSQL's commands/tablecmds.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/heap.h"
#include "commands/tablecmds.h"
#include "nodes/pg_list.h"
#include "storage/lmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

typedef struct OnCommitItem
{
	Oid relid;
	OnCommitAction oncommit;
	bool created; /* in the transaction that runs */
	bool deleted; /* in the transaction that runs */
} OnCommitItem;

static List *on_commits = NIL; /* in TopMemoryContext, the newest first */

void
register_on_commit_action(Oid relid, OnCommitAction action)
{
	MemoryContext old;
	OnCommitItem *oc;

	/* what there is nothing to do for */
	if (action == ONCOMMIT_NOOP || action == ONCOMMIT_PRESERVE_ROWS)
		return;
	old = MemoryContextSwitchTo(TopMemoryContext);
	oc = palloc0_object(OnCommitItem);
	oc->relid = relid;
	oc->oncommit = action;
	oc->created = true;
	on_commits = lcons(oc, on_commits);
	MemoryContextSwitchTo(old);
}

void
remove_on_commit_action(Oid relid)
{
	ListCell *lc;

	foreach (lc, on_commits)
	{
		OnCommitItem *oc = lfirst(lc);

		if (oc->relid == relid)
			oc->deleted = true;
	}
}

void
PreCommit_on_commit_actions(void)
{
	List *to_truncate = NIL;
	List *to_drop = NIL;
	ListCell *lc;

	foreach (lc, on_commits)
	{
		OnCommitItem *oc = lfirst(lc);

		if (oc->deleted)
			continue;
		if (oc->oncommit == ONCOMMIT_DROP)
			to_drop = lappend_oid(to_drop, oc->relid);
		/* no temporary table was used: they are as empty as they were */
		else if (MyXactFlags & XACT_FLAGS_ACCESSEDTEMPNAMESPACE)
			to_truncate = lappend_oid(to_truncate, oc->relid);
	}
	if (to_truncate == NIL && to_drop == NIL)
		return;
	INJECTION_POINT("on-commit-actions");
	PushActiveSnapshot(GetTransactionSnapshot());
	if (to_truncate != NIL)
	{
		heap_truncate(to_truncate);
		CommandCounterIncrement();
	}
	foreach (lc, to_drop)
	{
		LockRelationOid(lfirst_oid(lc), AccessExclusiveLock);
		DropTable(lfirst_oid(lc)); /* takes its entry away, too */
	}
	PopActiveSnapshot();
}

void
AtEOXact_on_commit_actions(bool isCommit)
{
	ListCell *lc;

	foreach (lc, on_commits)
	{
		OnCommitItem *oc = lfirst(lc);

		if (isCommit ? oc->deleted : oc->created)
		{
			on_commits = foreach_delete_current(on_commits, lc);
			pfree(oc);
		}
		else
		{
			oc->created = false;
			oc->deleted = false;
		}
	}
}
