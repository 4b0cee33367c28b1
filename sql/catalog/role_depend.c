/*
 * role_depend.c
 *		What a role owns, and what it was given privileges for.
 *
 * There is no catalog of dependencies: who drops a role reads those in which it
 * may be named, which are small.  Who makes something that names a role holds a
 * share of the lock on that role, so nothing is overlooked: it is committed, and
 * seen, before the lock is had, or the role is gone when its maker looks.
 *
 * Corresponds to what PostgreSQL's catalog/pg_shdepend.c does for DROP ROLE.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/catalog_schema.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/role_depend.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* Of more of them only the number is told. */
#define MAX_REPORTED_DEPS 100

void
LockRoleForUse(Oid roleid)
{
	/* nobody can drop him */
	if (roleid == BOOTSTRAP_SUPERUSERID)
		return;
	LockSharedObject(AuthIdRelationId, roleid, 0, AccessShareLock);
	if (!SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(roleid)))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("role %u was concurrently dropped", roleid)));
}

typedef struct Dep
{
	Oid oid;
	char *text;
} Dep;

typedef struct FoundDeps
{
	Oid roleid;
	List *found; /* of Dep */
} FoundDeps;

/* Every catalog's rows begin with their OID. */
static void
AddDep(FoundDeps *deps, HeapTuple tuple, const char *how, const char *what)
{
	Dep *dep = palloc_object(Dep);

	dep->oid = *(Oid *) GETSTRUCT(tuple);
	dep->text = psprintf("%s %s", how, what);
	deps->found = lappend(deps->found, dep);
}

static int
ByOid(const ListCell *a, const ListCell *b)
{
	Oid x = ((Dep *) lfirst(a))->oid;
	Oid y = ((Dep *) lfirst(b))->oid;

	return x < y ? -1 : x > y;
}

/* The oldest first, a line for each. */
static char *
DescribeDeps(FoundDeps *deps)
{
	StringInfoData text;
	ListCell *lc;
	int left = list_length(deps->found) - MAX_REPORTED_DEPS;
	int n = 0;

	initStringInfo(&text);
	list_sort(deps->found, ByOid);
	foreach (lc, deps->found)
	{
		if (n == MAX_REPORTED_DEPS)
			break;
		appendStringInfo(&text, "%s%s", n++ > 0 ? "\n" : "",
		                 ((Dep *) lfirst(lc))->text);
	}
	if (left > 0)
		appendStringInfo(&text, "\nand %d other objects", left);
	return text.data;
}

static char *
DescribeRelation(HeapTuple tuple)
{
	Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);
	const char *kind = form->relkind == RELKIND_VIEW ? "view" : "table";

	if (RelationIsVisible(form->oid))
		return psprintf("%s %s", kind,
		                quote_identifier(NameStr(form->relname)));
	return psprintf(
		"%s %s", kind,
		quote_qualified_identifier(get_namespace_name(form->relnamespace),
	                               NameStr(form->relname)));
}

static char *
DescribeRow(Oid catalog, HeapTuple tuple)
{
	switch (catalog)
	{
		case RelationRelationId:
			return DescribeRelation(tuple);
		case NamespaceRelationId:
			return psprintf(
				"schema %s",
				NameStr(((Form_pg_namespace) GETSTRUCT(tuple))->nspname));
		default:
			Assert(catalog == ExtensionRelationId);
			/* oid, extname */
			return psprintf(
				"extension %s",
				NameStr(*(Name) ((char *) GETSTRUCT(tuple) + sizeof(Oid))));
	}
}

/* An index and a TOAST table are their table's. */
static bool
IsPartOfTable(Oid catalog, HeapTuple tuple)
{
	Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

	return catalog == RelationRelationId &&
	       (form->relkind == RELKIND_INDEX ||
	        form->relkind == RELKIND_TOASTVALUE);
}

/* aclattnum 0: its rows have no access list */
static void
ScanCatalog(FoundDeps *deps, Oid catalog, int ownerattnum, int aclattnum)
{
	Relation rel = table_open(catalog, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(catalog), 0, NULL);
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		bool isnull;
		Oid owner = DatumGetObjectId(
			heap_getattr(tuple, ownerattnum, RelationGetDescr(rel), &isnull));
		Datum acl;

		if (IsPartOfTable(catalog, tuple))
			continue;
		if (owner == deps->roleid)
		{
			AddDep(deps, tuple, "owner of", DescribeRow(catalog, tuple));
			continue;
		}
		if (aclattnum == 0)
			continue;
		acl = heap_getattr(tuple, aclattnum, RelationGetDescr(rel), &isnull);
		if (!isnull && aclmentions(DatumGetArrayTypeP(acl), deps->roleid))
			AddDep(deps, tuple, "privileges for", DescribeRow(catalog, tuple));
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
}

void
CheckRoleNotInUse(Oid roleid)
{
	FoundDeps deps = {.roleid = roleid};

	ScanCatalog(&deps, RelationRelationId, Anum_pg_class_relowner,
	            Anum_pg_class_relacl);
	ScanCatalog(&deps, NamespaceRelationId, Anum_pg_namespace_nspowner,
	            Anum_pg_namespace_nspacl);
	ScanCatalog(&deps, ExtensionRelationId, Anum_pg_extension_extowner, 0);
	if (deps.found == NIL)
		return;
	ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
	                errmsg("role \"%s\" cannot be dropped because some objects "
	                       "depend on it",
	                       GetUserNameFromId(roleid, false)),
	                errdetail("%s", DescribeDeps(&deps))));
}
