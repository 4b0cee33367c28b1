/*
 * autovac_orphans.c
 *		Temporary tables of sessions that a crash ended.
 *
 * Their files went with the restart, their rows of pg_class stay.  The next
 * session of the same number drops them when it makes a temporary table of its
 * own (namespace_temp.c); if none comes, they hold the oldest frozen xid back
 * for ever.  So a worker of autovacuum drops them before it looks at other
 * tables, each in a transaction of its own.  An ERROR ends the work on one
 * table only; the next worker tries again.
 *
 * Who takes over the schema meanwhile does the same: the lock on the table
 * decides who is first, and whoever comes second finds no row.
 *
 * Corresponds to the part of PostgreSQL's do_autovacuum that does this.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "commands/dbcommands.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "postmaster/autovacuum.h"
#include "storage/lmgr.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

static bool
is_orphan(Form_pg_class form)
{
	/* indexes and TOAST relations go with their tables */
	return form->relkind == RELKIND_RELATION &&
	       form->relpersistence == RELPERSISTENCE_TEMP &&
	       checkTempNamespaceStatus(form->relnamespace) == TEMP_NAMESPACE_IDLE;
}

static List *
orphaned_tables(MemoryContext context)
{
	Relation pg_class;
	TableScanDesc scan;
	List *result = NIL;
	HeapTuple tuple;

	StartTransactionCommand();
	pg_class = table_open(RelationRelationId, AccessShareLock);
	scan = table_beginscan(pg_class, GetCatalogSnapshot(RelationRelationId), 0,
	                       NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
		MemoryContext old;

		if (!is_orphan(form))
			continue;
		old = MemoryContextSwitchTo(context);
		result = lappend_oid(result, form->oid);
		MemoryContextSwitchTo(old);
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
	CommitTransactionCommand();
	MemoryContextSwitchTo(context);
	return result;
}

static void
drop_orphan(Oid relid)
{
	HeapTuple tuple;
	Form_pg_class form;

	if (!ConditionalLockRelationOid(relid, AccessExclusiveLock))
		return;
	tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid));
	if (tuple == NULL)
		return;
	form = (Form_pg_class) GETSTRUCT(tuple);
	if (!is_orphan(form))
		return;
	ereport(LOG, (errmsg("autovacuum: dropping orphan temp table \"%s.%s.%s\"",
	                     get_database_name(MyDatabaseId),
	                     get_namespace_name(form->relnamespace),
	                     NameStr(form->relname))));
	INJECTION_POINT("autovacuum-drop-orphan");
	DropTable(relid);
}

/* In a transaction; an ERROR is reported and goes no further. */
static void
try_to_drop(Oid relid)
{
	MemoryContext context = CurrentMemoryContext;
	sigjmp_buf *save_stack = PG_exception_stack;
	sigjmp_buf local;

	if (sigsetjmp(local, 0) == 0)
	{
		PG_exception_stack = &local;
		StartTransactionCommand();
		PushActiveSnapshot(GetTransactionSnapshot());
		drop_orphan(relid);
		PopActiveSnapshot();
		CommitTransactionCommand();
	}
	else
	{
		HOLD_INTERRUPTS();
		MemoryContextSwitchTo(context);
		EmitErrorReport();
		AbortOutOfAnyTransaction();
		FlushErrorState();
		RESUME_INTERRUPTS();
	}
	PG_exception_stack = save_stack;
	MemoryContextSwitchTo(context);
}

void
AutoVacDropOrphans(void)
{
	List *relids = orphaned_tables(CurrentMemoryContext);
	ListCell *lc;

	foreach (lc, relids)
	{
		CHECK_FOR_INTERRUPTS();
		try_to_drop(lfirst_oid(lc));
	}
	list_free(relids);
}
