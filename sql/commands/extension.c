/*
 * extension.c
 *		CREATE and DROP EXTENSION.
 *
 * The functions, types, operators and access methods of the known extensions
 * are compiled in.  A row of pg_extension is what makes them visible, as the
 * script of an extension does in PostgreSQL.
 *
 * Corresponds to PostgreSQL's commands/extension.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog_schema.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/opclasscmds.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_index.h"
#include "catalog/pg_opclass.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "commands/extension.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

typedef struct KnownExtension
{
	const char *name;
	const char *version;
	const char *comment;
} KnownExtension;

static const KnownExtension known[] = {
	{"vector", "0.8.1", "vector data type and hnsw access method"},
	{"pg_stat_statements", "1.10",
     "track planning and execution statistics of all SQL statements executed"},
	{"parallel_sum", "1.0",
     "add up numbers in parallel, an example of coordination code"},
};

Oid
get_extension_oid(const char *extname, bool missing_ok)
{
	Oid oid = GetSysCacheOid1(EXTENSIONNAME, CStringGetDatum(extname));

	if (!OidIsValid(oid) && !missing_ok)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("extension \"%s\" does not exist", extname)));
	return oid;
}

bool
GetKnownExtension(int n, const char **name, const char **version,
                  const char **comment)
{
	if (n < 0 || n >= (int) lengthof(known))
		return false;
	*name = known[n].name;
	*version = known[n].version;
	*comment = known[n].comment;
	return true;
}

static bool
BelongsTo(const char *extension, const char *extname)
{
	return extension != NULL && strcmp(extension, extname) == 0;
}

static const KnownExtension *
FindKnown(const char *name)
{
	for (Size i = 0; i < lengthof(known); i++)
	{
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
	}
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("extension \"%s\" is not available", name),
	                errdetail("Extensions are compiled into the server; it has "
	                          "\"vector\", \"pg_stat_statements\" and "
	                          "\"parallel_sum\".")));
}

static void
CheckOptions(PgQuery__CreateExtensionStmt *stmt, const KnownExtension *ext)
{
	List *options = pgq_def_elems(stmt->options, stmt->n_options);
	ListCell *lc;

	foreach (lc, options)
	{
		DefElem *def = lfirst_node(DefElem, lc);

		if (strcmp(def->defname, "cascade") == 0)
			continue;
		if (strcmp(def->defname, "schema") == 0)
		{
			if (get_namespace_oid(strVal(def->arg), false) ==
			    PG_PUBLIC_NAMESPACE)
				continue;
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("an extension in a schema other than "
			                       "\"public\" is not supported")));
		}
		if (strcmp(def->defname, "new_version") == 0 &&
		    strcmp(strVal(def->arg), ext->version) == 0)
			continue;
		ereport(ERROR,
		        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		         errmsg("extension \"%s\" has no installation script nor "
		                "update path for version \"%s\"",
		                ext->name, strVal(def->arg))));
	}
}

/* Its relations; those that are in the way are the user's. */
static void
CreateViews(const char *extname)
{
	const SystemView *view;

	for (int n = 0; (view = SystemViewByNumber(n)) != NULL; n++)
	{
		if (!BelongsTo(view->extension, extname))
			continue;
		LockRelationName(view->name, PG_PUBLIC_NAMESPACE);
		if (OidIsValid(get_relname_relid(view->name, PG_PUBLIC_NAMESPACE)))
			ereport(ERROR,
			        (errcode(ERRCODE_DUPLICATE_TABLE),
			         errmsg("relation \"%s\" already exists", view->name)));
		CreateSystemView(view);
	}
}

static void
DropViews(const char *extname)
{
	const SystemView *view;

	for (int n = 0; (view = SystemViewByNumber(n)) != NULL; n++)
	{
		if (!BelongsTo(view->extension, extname))
			continue;
		LockRelationOid(view->oid, AccessExclusiveLock);
		heap_drop_with_catalog(view->oid);
	}
}

Oid
CreateExtension(PgQuery__CreateExtensionStmt *stmt)
{
	const KnownExtension *ext;
	Relation rel;
	Datum values[Natts_pg_extension] = {0};
	bool nulls[Natts_pg_extension] = {false};
	NameData name = {0};
	Oid oid;

	/* Two at once: the second one sees what the first did. */
	LockDatabaseObject(ExtensionRelationId, InvalidOid, 0, AccessExclusiveLock);
	if (OidIsValid(get_extension_oid(stmt->extname, true)))
	{
		if (!stmt->if_not_exists)
			ereport(ERROR,
			        (errcode(ERRCODE_DUPLICATE_OBJECT),
			         errmsg("extension \"%s\" already exists", stmt->extname)));
		ereport(NOTICE, (errcode(ERRCODE_DUPLICATE_OBJECT),
		                 errmsg("extension \"%s\" already exists, skipping",
		                        stmt->extname)));
		return InvalidOid;
	}
	ext = FindKnown(stmt->extname);
	if ((pg_database_aclmask(MyDatabaseId, GetUserId(), ACL_CREATE,
	                         ACLMASK_ANY)) == 0)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied to create extension \"%s\"",
		                       stmt->extname),
		                errhint("Must have CREATE privilege on current "
		                        "database to create this extension.")));
	CheckOptions(stmt, ext);

	rel = table_open(ExtensionRelationId, RowExclusiveLock);
	strlcpy(NameStr(name), ext->name, NAMEDATALEN);
	oid = GetNewObjectId();
	values[Anum_pg_extension_oid - 1] = ObjectIdGetDatum(oid);
	values[Anum_pg_extension_extname - 1] = NameGetDatum(&name);
	values[Anum_pg_extension_extowner - 1] = ObjectIdGetDatum(GetUserId());
	values[Anum_pg_extension_extnamespace - 1] =
		ObjectIdGetDatum(PG_PUBLIC_NAMESPACE);
	values[Anum_pg_extension_extrelocatable - 1] = BoolGetDatum(true);
	values[Anum_pg_extension_extversion - 1] =
		CStringGetTextDatum(ext->version);
	nulls[Natts_pg_extension - 2] = true;
	nulls[Natts_pg_extension - 1] = true;
	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
	table_close(rel, NoLock);
	CreateViews(ext->name);
	CommandCounterIncrement();
	return oid;
}

static void
HasDependent(const char *extname, const char *detail)
{
	ereport(ERROR,
	        (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
	         errmsg("cannot drop extension %s because other objects depend "
	                "on it",
	                extname),
	         errdetail("%s", detail),
	         errhint("Drop the dependent objects first.")));
}

/* A table's column of one of the extension's types. */
static void
CheckColumn(const char *extname, HeapTuple tuple)
{
	Form_pg_attribute att = (Form_pg_attribute) GETSTRUCT(tuple);
	FormData_pg_class form;
	Form_pg_type type;

	if (att->attrelid < FirstNormalObjectId || att->attnum <= 0)
		return;
	type = GetTypeForm(att->atttypid);
	if (type == NULL || !BelongsTo(type->extension, extname))
		return;
	INJECTION_POINT("drop-extension-dependent");
	/* one that was dropped meanwhile depends on nothing any more */
	if (get_rel_form(att->attrelid, &form) && form.relkind != RELKIND_INDEX)
		HasDependent(extname,
		             psprintf("column %s of table %s depends on type %s",
		                      NameStr(att->attname), NameStr(form.relname),
		                      format_type_be(att->atttypid)));
}

/* An index by one of its operator classes, whatever it is made of. */
static void
CheckIndex(const char *extname, HeapTuple tuple)
{
	Form_pg_index index = (Form_pg_index) GETSTRUCT(tuple);
	bool isnull;
	oidvector *classes = (oidvector *) DatumGetPointer(
		SysCacheGetAttr(INDEXRELID, tuple, Anum_pg_index_indclass, &isnull));

	Assert(!isnull);
	for (int i = 0; i < classes->dim1; i++)
	{
		Form_pg_opclass opclass = GetOpclassForm(classes->values[i]);

		char *name;

		if (opclass == NULL || !BelongsTo(opclass->extension, extname))
			continue;
		name = get_rel_name(index->indexrelid);
		if (name != NULL)
			HasDependent(extname,
			             psprintf("index %s depends on operator class %s for "
			                      "access method %s",
			                      name, NameStr(opclass->opcname),
			                      get_am_name(opclass->opcmethod)));
	}
}

/* What uses the extension keeps it from being dropped. */
static void
CheckNoDependents(const char *extname, Oid catalog,
                  void (*check)(const char *extname, HeapTuple tuple))
{
	Relation rel = table_open(catalog, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(catalog), 0, NULL);
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
		check(extname, tuple);
	table_endscan(scan);
	table_close(rel, NoLock);
}

static void
DropExtension(const char *extname)
{
	Relation rel = table_open(ExtensionRelationId, RowExclusiveLock);
	HeapTuple tuple =
		SearchSysCacheCopy1(EXTENSIONNAME, CStringGetDatum(extname));

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for extension \"%s\"", extname);
	CheckNoDependents(extname, AttributeRelationId, CheckColumn);
	CheckNoDependents(extname, IndexRelationId, CheckIndex);
	DropViews(extname);
	CatalogTupleDelete(rel, tuple);
	table_close(rel, NoLock);
	CommandCounterIncrement();
}

void
RemoveExtension(PgQuery__DropStmt *stmt)
{
	LockDatabaseObject(ExtensionRelationId, InvalidOid, 0, AccessExclusiveLock);
	for (size_t i = 0; i < stmt->n_objects; i++)
	{
		const char *extname = pgq_string(stmt->objects[i]);

		Oid extid = get_extension_oid(extname, true);

		if (OidIsValid(extid))
		{
			if (!pg_extension_ownercheck(extid, GetUserId()))
				aclcheck_error(ACLCHECK_NOT_OWNER, ACL_OBJECT_EXTENSION,
				               extname);
			DropExtension(extname);
		}
		else if (stmt->missing_ok)
			ereport(NOTICE, (errmsg("extension \"%s\" does not exist, skipping",
			                        extname)));
		else
			(void) get_extension_oid(extname, false);
	}
}
