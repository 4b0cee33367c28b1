/*
 * namespace_temp.c
 *		Schemas of temporary relations: pg_temp_N and pg_toast_temp_N.
 *
 * N is the number of the session's PGPROC, which is also in the names of the
 * relations' files.  The pair is made with the session's first temporary
 * relation; its rows stay in pg_namespace when the session ends, and the next
 * session of the number has it.  What is in it does not stay:
 *
 *	- A session drops what is there at its end, FATAL or not
 *	  (RemoveTempRelationsCallback).
 *	- A session that a crash ended could not: its rows of pg_class are dropped
 *	  by the next one that takes the number for temporary relations, or by
 *	  autovacuum.  Its files went with the restart (RemovePgTempFiles).
 *
 * PGPROC.tempNamespaceId tells autovacuum that a schema is in use.  It is set
 * while the rows are not committed, when nobody can see them, and cleared by an
 * abort; the lock on the schema's relations decides the rest.
 *
 * Corresponds to part of PostgreSQL's catalog/namespace.c, and to
 * catalog/pg_namespace.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/parallel.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog_schema.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "commands/tablecmds.h"
#include "miscadmin.h"
#include "storage/ipc.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define TEMP_PREFIX "pg_temp_"
#define TEMP_TOAST_PREFIX "pg_toast_temp_"

/* Both or none; of this session. */
static Oid myTempNamespace = InvalidOid;
static Oid myTempToastNamespace = InvalidOid;
/* They were set up in the transaction that runs. */
static bool myTempNamespaceNew = false;

/* ---- asking ---- */

Oid
GetMyTempNamespace(void)
{
	return myTempNamespace;
}

Oid
GetTempToastNamespace(void)
{
	Assert(OidIsValid(myTempToastNamespace));
	return myTempToastNamespace;
}

bool
isTempNamespace(Oid namespaceId)
{
	return OidIsValid(myTempNamespace) && myTempNamespace == namespaceId;
}

bool
isTempToastNamespace(Oid namespaceId)
{
	return OidIsValid(myTempToastNamespace) &&
	       myTempToastNamespace == namespaceId;
}

bool
isTempOrTempToastNamespace(Oid namespaceId)
{
	return isTempNamespace(namespaceId) || isTempToastNamespace(namespaceId);
}

ProcNumber
GetTempNamespaceProcNumber(Oid namespaceId)
{
	char *name = get_namespace_name(namespaceId);
	ProcNumber result = INVALID_PROC_NUMBER;

	if (name == NULL)
		return INVALID_PROC_NUMBER;
	if (strncmp(name, TEMP_PREFIX, strlen(TEMP_PREFIX)) == 0)
		result = atoi(name + strlen(TEMP_PREFIX));
	else if (strncmp(name, TEMP_TOAST_PREFIX, strlen(TEMP_TOAST_PREFIX)) == 0)
		result = atoi(name + strlen(TEMP_TOAST_PREFIX));
	pfree(name);
	return result;
}

bool
isAnyTempNamespace(Oid namespaceId)
{
	return GetTempNamespaceProcNumber(namespaceId) != INVALID_PROC_NUMBER;
}

bool
isOtherTempNamespace(Oid namespaceId)
{
	return !isTempOrTempToastNamespace(namespaceId) &&
	       isAnyTempNamespace(namespaceId);
}

char *
get_namespace_name_or_temp(Oid nspid)
{
	return isTempNamespace(nspid) ? pstrdup("pg_temp")
	                              : get_namespace_name(nspid);
}

ProcNumber
ProcNumberForTempRelations(void)
{
	/* a worker names its leader's files; it never opens them */
	return ParallelLeaderProcNumber == INVALID_PROC_NUMBER
	           ? MyProcNumber
	           : ParallelLeaderProcNumber;
}

TempNamespaceStatus
checkTempNamespaceStatus(Oid namespaceId)
{
	ProcNumber number = GetTempNamespaceProcNumber(namespaceId);
	PGPROC *proc;

	if (number == INVALID_PROC_NUMBER)
		return TEMP_NAMESPACE_NOT_TEMP;
	proc = ProcNumberGetProc(number);
	if (proc == NULL || proc->databaseId != MyDatabaseId ||
	    proc->tempNamespaceId != namespaceId)
		return TEMP_NAMESPACE_IDLE;
	return TEMP_NAMESPACE_IN_USE;
}

/* ---- dropping what is in it ---- */

static List *
TablesOfNamespace(Oid namespaceId)
{
	Relation pg_class = table_open(RelationRelationId, AccessShareLock);
	TableScanDesc scan = table_beginscan(
		pg_class, GetCatalogSnapshot(RelationRelationId), 0, NULL);
	List *relids = NIL;
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		/* indexes and TOAST relations go with their tables */
		if (form->relnamespace == namespaceId &&
		    form->relkind == RELKIND_RELATION)
			relids = lappend_oid(relids, form->oid);
	}
	table_endscan(scan);
	table_close(pg_class, AccessShareLock);
	return relids;
}

static void
RemoveTempRelations(Oid namespaceId)
{
	List *relids = TablesOfNamespace(namespaceId);
	ListCell *lc;

	foreach (lc, relids)
	{
		Oid relid = lfirst_oid(lc);

		/* autovacuum may have been faster, with what a crash left */
		LockRelationOid(relid, AccessExclusiveLock);
		if (get_rel_name(relid) == NULL)
		{
			UnlockRelationOid(relid, AccessExclusiveLock);
			continue;
		}
		INJECTION_POINT("temp-relation-remove");
		DropTable(relid);
	}
	list_free(relids);
}

/* At the end of the process, if the schema was committed. */
static void
RemoveTempRelationsCallback(int code, Datum arg)
{
	if (!OidIsValid(myTempNamespace))
		return;
	AbortOutOfAnyTransaction();
	INJECTION_POINT("temp-relations-remove-at-exit");
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	RemoveTempRelations(myTempNamespace);
	PopActiveSnapshot();
	CommitTransactionCommand();
}

void
ResetTempTableNamespace(void)
{
	if (OidIsValid(myTempNamespace))
		RemoveTempRelations(myTempNamespace);
}

/* ---- making it ---- */

static Oid
NamespaceCreate(const char *nspName, Oid ownerId)
{
	Relation rel = table_open(NamespaceRelationId, RowExclusiveLock);
	Datum values[Natts_pg_namespace] = {0};
	bool nulls[Natts_pg_namespace] = {false};
	NameData name = {0};
	Oid oid;

	do
		oid = GetNewObjectId();
	while (SearchSysCacheExists1(NAMESPACEOID, ObjectIdGetDatum(oid)));
	strlcpy(NameStr(name), nspName, NAMEDATALEN);
	values[Anum_pg_namespace_oid - 1] = ObjectIdGetDatum(oid);
	values[Anum_pg_namespace_nspname - 1] = NameGetDatum(&name);
	values[Anum_pg_namespace_nspowner - 1] = ObjectIdGetDatum(ownerId);
	nulls[Anum_pg_namespace_nspacl - 1] = true;
	INJECTION_POINT("temp-namespace-create");
	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
	table_close(rel, RowExclusiveLock);
	CommandCounterIncrement();
	return oid;
}

/* Nobody else makes it: the number is ours. */
static Oid
FindOrCreate(const char *prefix, bool *found)
{
	char name[NAMEDATALEN];
	Oid oid;

	snprintf(name, sizeof(name), "%s%d", prefix, MyProcNumber);
	oid = get_namespace_oid(name, true);
	*found = OidIsValid(oid);
	return *found ? oid : NamespaceCreate(name, BOOTSTRAP_SUPERUSERID);
}

static void
InitTempTableNamespace(void)
{
	Oid namespaceId;
	Oid toastspaceId;
	bool found;

	Assert(!OidIsValid(myTempNamespace));
	if (RecoveryInProgress())
		ereport(ERROR, (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
		                errmsg("cannot create temporary tables during "
		                       "recovery")));
	if (IsParallelWorker())
		ereport(ERROR, (errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
		                errmsg("cannot create temporary tables during a "
		                       "parallel operation")));
	namespaceId = FindOrCreate(TEMP_PREFIX, &found);
	if (found)
	{
		/* what a session left that a crash ended */
		INJECTION_POINT("temp-namespace-clean");
		RemoveTempRelations(namespaceId);
	}
	toastspaceId = FindOrCreate(TEMP_TOAST_PREFIX, &found);

	myTempNamespace = namespaceId;
	myTempToastNamespace = toastspaceId;
	myTempNamespaceNew = true;
	MyProc->tempNamespaceId = namespaceId;
}

Oid
AccessTempTableNamespace(void)
{
	MyXactFlags |= XACT_FLAGS_ACCESSEDTEMPNAMESPACE;
	if (!OidIsValid(myTempNamespace))
		InitTempTableNamespace();
	return myTempNamespace;
}

void
AtEOXact_Namespace(bool isCommit, bool parallel)
{
	if (!myTempNamespaceNew || parallel)
		return;
	myTempNamespaceNew = false;
	if (isCommit)
		before_shmem_exit(RemoveTempRelationsCallback, 0);
	else
	{
		myTempNamespace = InvalidOid;
		myTempToastNamespace = InvalidOid;
		MyProc->tempNamespaceId = InvalidOid;
	}
}
