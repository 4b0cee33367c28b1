/*
 * altertable.c
 *		ALTER TABLE and ALTER INDEX.
 *
 * What changes is rows of pg_class and pg_attribute, never a row of the table:
 *
 *	RENAME TO, RENAME COLUMN	the names
 *	SET (...), RESET (...)		pg_class.reloptions
 *	ALTER COLUMN SET STORAGE	attstorage, of rows stored from now on
 *	ADD COLUMN					one row of pg_attribute.  Stored rows have fewer
 *								columns than the table then; what they lack is
 *								NULL, so a column with a default is refused.
 *
 * The lock is the strongest that one of the commands needs, taken before the
 * first; renaming an index and setting options let reads and writes go on.
 *
 * Corresponds to PostgreSQL's commands/tablecmds.c.
 */
#include "postgres.h"

#include <strings.h>

#include "access/amapi.h"
#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/relation.h"
#include "access/reloptions.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/heap.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_class.h"
#include "catalog/role_depend.h"
#include "catalog/toasting.h"
#include "commands/tablecmds.h"
#include "commands/user.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "parser/parse_relation.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* the column of pg_class */
#define ATTNUM_RELOPTIONS 32

#define NotSupported(what)                                  \
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), \
	                errmsg("%s is not supported", what)))

/* ---- finding and locking ---- */

/* arg: whether it must be an index */
static void
CheckAlterable(const RangeVar *rv, Oid relid, Oid oldrelid, void *arg)
{
	const bool *index_only = arg;
	char relkind = get_rel_relkind(relid);

	CheckRelationOwner(relid);
	if (IsCatalogRelationOid(relid))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied: \"%s\" is a system catalog",
		                       rv->relname)));
	if (*index_only && relkind != RELKIND_INDEX && relkind != '\0')
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not an index", rv->relname)));
}

/* InvalidOid, and a notice, if missing_ok and there is none. */
static Oid
LockForAlter(const RangeVar *rv, bool index_only, LOCKMODE lockmode,
             bool missing_ok)
{
	Oid relid =
		RangeVarGetRelidExtended(rv, lockmode, missing_ok ? RVR_MISSING_OK : 0,
	                             CheckAlterable, &index_only);

	if (!OidIsValid(relid))
		ereport(NOTICE, (errmsg("relation \"%s\" does not exist, skipping",
		                        rv->relname)));
	return relid;
}

/*
 * The name of an index may change beside its readers and writers, that of a
 * table or column not.  What it is the lock tells: the word after ALTER only
 * says what to begin with.
 */
static Oid
LockForRename(const RangeVar *rv, bool is_index, bool missing_ok)
{
	for (;;)
	{
		LOCKMODE lockmode =
			is_index ? ShareUpdateExclusiveLock : AccessExclusiveLock;
		Oid relid = LockForAlter(rv, false, lockmode, missing_ok);

		if (OidIsValid(relid))
			CheckCreateInNamespace(get_rel_namespace(relid));
		if (!is_index || !OidIsValid(relid) ||
		    get_rel_relkind(relid) == RELKIND_INDEX)
			return relid;
		UnlockRelationOid(relid, lockmode);
		is_index = false;
	}
}

/* ---- names ---- */

static void
RenameRelationInternal(Oid relid, const char *newname)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid));
	Form_pg_class form;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for relation %u", relid);
	form = (Form_pg_class) GETSTRUCT(tuple);
	LockRelationName(newname, form->relnamespace);
	if (OidIsValid(get_relname_relid(newname, form->relnamespace)))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
		                errmsg("relation \"%s\" already exists", newname)));
	INJECTION_POINT("rename-relation");
	memset(&form->relname, 0, sizeof(NameData));
	strlcpy(NameStr(form->relname), newname, NAMEDATALEN);
	CatalogTupleUpdate(pg_class, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(pg_class, NoLock);
}

/* A copy of the row of pg_attribute; NULL if there is no such column. */
static HeapTuple
FindAttribute(Relation pg_attribute, Oid relid, const char *name, int attnum)
{
	TableScanDesc scan = table_beginscan(
		pg_attribute, GetCatalogSnapshot(AttributeRelationId), 0, NULL);
	HeapTuple result = NULL;
	HeapTuple tuple;

	while (result == NULL &&
	       (tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_attribute att = (Form_pg_attribute) GETSTRUCT(tuple);

		if (att->attrelid == relid &&
		    (name != NULL ? strcmp(NameStr(att->attname), name) == 0
		                  : att->attnum == attnum))
			result = heap_copytuple(tuple);
	}
	table_endscan(scan);
	return result;
}

static void
CheckNewColumnName(Oid relid, const char *name)
{
	if (SystemAttributeByName(name) != 0)
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
		                errmsg("column name \"%s\" conflicts with a system "
		                       "column name",
		                       name)));
	if (get_attnum(relid, name) != InvalidAttrNumber)
		ereport(ERROR,
		        (errcode(ERRCODE_DUPLICATE_COLUMN),
		         errmsg("column \"%s\" of relation \"%s\" already exists", name,
		                get_rel_name(relid))));
}

static void
RenameColumn(Oid relid, const char *oldname, const char *newname)
{
	Relation rel = relation_open(relid, NoLock);
	Relation pg_attribute;
	HeapTuple tuple;
	Form_pg_attribute att;

	CheckTableNotInUse(rel, "ALTER TABLE");
	pg_attribute = table_open(AttributeRelationId, RowExclusiveLock);
	tuple = FindAttribute(pg_attribute, relid, oldname, 0);
	if (tuple == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
		                errmsg("column \"%s\" does not exist", oldname)));
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	if (att->attnum <= 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot rename system column \"%s\"", oldname)));
	CheckNewColumnName(relid, newname);
	INJECTION_POINT("rename-column");
	memset(&att->attname, 0, sizeof(NameData));
	strlcpy(NameStr(att->attname), newname, NAMEDATALEN);
	CatalogTupleUpdate(pg_attribute, &tuple->t_self, tuple);
	heap_freetuple(tuple);
	table_close(pg_attribute, NoLock);
	relation_close(rel, NoLock);
}

void
RenameObject(PgQuery__RenameStmt *stmt)
{
	RangeVar *rv;
	Oid relid;

	switch (stmt->rename_type)
	{
		case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
		case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
			break;
		case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
			RenameRole(stmt->subname, stmt->newname);
			return;
		case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
			if (stmt->relation_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
				break;
			/* FALLTHROUGH */
		default:
			NotSupported("ALTER ... RENAME of other than tables, indexes and "
			             "columns of tables");
	}
	rv = pgq_range_var(stmt->relation);
	relid = LockForRename(
		rv, stmt->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX,
		stmt->missing_ok);
	if (OidIsValid(relid))
	{
		if (stmt->rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN)
			RenameColumn(relid, stmt->subname, stmt->newname);
		else
			RenameRelationInternal(relid, stmt->newname);
	}
}

/* ---- options ---- */

/* Those of changes that are in namspace, of the relation's own row. */
static void
SetOptionsOf(Relation rel, List *changes, const char *namspace, bool reset)
{
	static const char *const validnsps[] = HEAP_RELOPT_NAMESPACES;
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	Oid relid = RelationGetRelid(rel);
	HeapTuple tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid));
	Datum values[Natts_pg_class] = {0};
	bool nulls[Natts_pg_class] = {false};
	bool replace[Natts_pg_class] = {false};
	bool isnull;
	Datum options;
	HeapTuple changed;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for relation %u", relid);
	options = heap_getattr(tuple, ATTNUM_RELOPTIONS, RelationGetDescr(pg_class),
	                       &isnull);
	options = transformRelOptions(isnull ? (Datum) 0 : options, changes,
	                              namspace, validnsps, false, reset);
	if (rel->rd_rel->relkind == RELKIND_INDEX)
		(void) rel->rd_indam->amoptions(options, true);
	else
		(void) heap_reloptions(rel->rd_rel->relkind, options, true);
	values[ATTNUM_RELOPTIONS - 1] = options;
	nulls[ATTNUM_RELOPTIONS - 1] = options == (Datum) 0;
	replace[ATTNUM_RELOPTIONS - 1] = true;
	INJECTION_POINT("alter-reloptions");
	changed = heap_modify_tuple(tuple, RelationGetDescr(pg_class), values,
	                            nulls, replace);
	CatalogTupleUpdate(pg_class, &tuple->t_self, changed);
	table_close(pg_class, NoLock);
}

static void
SetRelOptions(Relation rel, PgQuery__List *defs, bool reset, LOCKMODE lockmode)
{
	List *changes = pgq_def_elems(defs->items, defs->n_items);

	SetOptionsOf(rel, changes, NULL, reset);
	if (OidIsValid(rel->rd_rel->reltoastrelid))
	{
		Relation toast = table_open(rel->rd_rel->reltoastrelid, lockmode);

		SetOptionsOf(toast, changes, "toast", reset);
		table_close(toast, NoLock);
	}
}

/* ---- columns ---- */

static char
StorageCode(const char *name)
{
	static const struct
	{
		const char *name;
		char code;
	} modes[] = {
		{"plain", 'p'}, {"external", 'e'}, {"extended", 'x'}, {"main", 'm'}};

	for (Size i = 0; i < lengthof(modes); i++)
	{
		if (strcasecmp(name, modes[i].name) == 0)
			return modes[i].code;
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
	                errmsg("invalid storage type \"%s\"", name)));
}

static void
UpdateStorage(Relation pg_attribute, HeapTuple tuple, char storage)
{
	((Form_pg_attribute) GETSTRUCT(tuple))->attstorage = storage;
	CatalogTupleUpdate(pg_attribute, &tuple->t_self, tuple);
}

/* The columns of indexes are copies of the table's. */
static void
SetIndexStorage(Relation rel, Relation pg_attribute, AttrNumber attnum,
                char storage)
{
	ListCell *lc;

	foreach (lc, RelationGetIndexList(rel))
	{
		Relation index = relation_open(lfirst_oid(lc), AccessExclusiveLock);

		for (int i = 0; i < index->rd_index->indnatts; i++)
		{
			if (index->rd_index->indkey.values[i] == attnum)
				UpdateStorage(pg_attribute,
				              FindAttribute(pg_attribute,
				                            RelationGetRelid(index), NULL,
				                            i + 1),
				              storage);
		}
		relation_close(index, NoLock);
	}
}

static void
SetStorage(Relation rel, const char *column, const char *mode)
{
	char storage = StorageCode(mode);
	Relation pg_attribute = table_open(AttributeRelationId, RowExclusiveLock);
	HeapTuple tuple =
		FindAttribute(pg_attribute, RelationGetRelid(rel), column, 0);
	Form_pg_attribute att;

	if (tuple == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_UNDEFINED_COLUMN),
		         errmsg("column \"%s\" of relation \"%s\" does not exist",
		                column, RelationGetRelationName(rel))));
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	if (att->attnum <= 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("cannot alter system column \"%s\"", column)));
	if (storage != 'p' && !TypeIsToastable(att->atttypid))
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("column data type %s can only have storage PLAIN",
		                format_type_be(att->atttypid))));
	UpdateStorage(pg_attribute, tuple, storage);
	CommandCounterIncrement();
	SetIndexStorage(rel, pg_attribute, att->attnum, storage);
	table_close(pg_attribute, NoLock);
}

static bool
TableHasRows(Relation rel)
{
	Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
	TableScanDesc scan = table_beginscan(rel, snapshot, 0, NULL);
	bool found = heap_getnext(scan, ForwardScanDirection) != NULL;

	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	return found;
}

static void
UpdateNatts(Relation rel, int natts)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple tuple =
		SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(RelationGetRelid(rel)));

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for relation %u",
		     RelationGetRelid(rel));
	((Form_pg_class) GETSTRUCT(tuple))->relnatts = natts;
	CatalogTupleUpdate(pg_class, &tuple->t_self, tuple);
	table_close(pg_class, NoLock);
}

static void
AddColumn(Relation rel, PgQuery__ColumnDef *column, bool if_not_exists,
          const char *queryString)
{
	int natts = RelationGetNumberOfAttributes(rel);
	Oid relid = RelationGetRelid(rel);
	const char *relname = RelationGetRelationName(rel);
	TupleDesc desc;

	if (if_not_exists &&
	    get_attnum(relid, column->colname) != InvalidAttrNumber)
	{
		ereport(NOTICE,
		        (errcode(ERRCODE_DUPLICATE_COLUMN),
		         errmsg("column \"%s\" of relation \"%s\" already exists, "
		                "skipping",
		                column->colname, relname)));
		return;
	}
	if (natts >= MaxHeapAttributeNumber)
		ereport(ERROR, (errcode(ERRCODE_TOO_MANY_COLUMNS),
		                errmsg("tables can have at most %d columns",
		                       MaxHeapAttributeNumber)));
	CheckNewColumnName(relid, column->colname);
	/* as the only column of a descriptor, then under its number */
	desc = BuildDescForColumn(column, relname, queryString);
	CheckAttributeNamesTypes(desc);
	if (TupleDescAttr(desc, 0)->attnotnull && TableHasRows(rel))
		ereport(ERROR,
		        (errcode(ERRCODE_NOT_NULL_VIOLATION),
		         errmsg("column \"%s\" of relation \"%s\" contains null values",
		                column->colname, relname)));
	INJECTION_POINT("alter-add-column");
	AddNewAttributeTuple(relid, TupleDescAttr(desc, 0), natts + 1);
	UpdateNatts(rel, natts + 1);
}

/* ---- the statement ---- */

static const char *
SubcommandName(PgQuery__AlterTableType subtype)
{
	switch (subtype)
	{
		case PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault:
			return "ALTER COLUMN ... SET/DROP DEFAULT";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull:
			return "ALTER COLUMN ... DROP NOT NULL";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull:
			return "ALTER COLUMN ... SET NOT NULL";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics:
			return "ALTER COLUMN ... SET STATISTICS";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetOptions:
			return "ALTER COLUMN ... SET (...)";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetOptions:
			return "ALTER COLUMN ... RESET (...)";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetCompression:
			return "ALTER COLUMN ... SET COMPRESSION";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn:
			return "DROP COLUMN";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType:
			return "ALTER COLUMN ... TYPE";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIndex:
		case PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint:
		case PG_QUERY__ALTER_TABLE_TYPE__AT_AddIndexConstraint:
			return "ADD CONSTRAINT";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint:
			return "DROP CONSTRAINT";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged:
			return "SET LOGGED";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged:
			return "SET UNLOGGED";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetTableSpace:
			return "SET TABLESPACE";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetAccessMethod:
			return "SET ACCESS METHOD";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_ClusterOn:
		case PG_QUERY__ALTER_TABLE_TYPE__AT_DropCluster:
			return "CLUSTER ON";
		case PG_QUERY__ALTER_TABLE_TYPE__AT_AddInherit:
		case PG_QUERY__ALTER_TABLE_TYPE__AT_DropInherit:
			return "INHERIT";
		default:
			return "this form of ALTER TABLE";
	}
}

static void
RefuseSubcommand(PgQuery__AlterTableCmd *cmd)
{
	PgQuery__Constraint *constraint =
		cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint
			? cmd->def->constraint
			: NULL;

	if (constraint == NULL)
		NotSupported(SubcommandName(cmd->subtype));
	if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY)
		ereport(ERROR,
		        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		         errmsg("ADD PRIMARY KEY is not supported"),
		         errdetail("There are no indexes on plain columns."),
		         errhint("pgbench makes its tables without primary keys by "
		                 "\"pgbench -i -I dtgv\".")));
	NotSupported(psprintf("ADD %s", ConstraintName(constraint->contype)));
}

/* ---- OWNER TO ---- */

/* Of one row of pg_class; what the old owner granted is of the new one. */
static void
SetOwnerOfRelation(Oid relid, Oid newowner)
{
	Relation pg_class = table_open(RelationRelationId, RowExclusiveLock);
	HeapTuple tuple = SearchSysCacheCopy1(RELOID, ObjectIdGetDatum(relid));
	Datum values[Natts_pg_class] = {0};
	bool nulls[Natts_pg_class] = {false};
	bool replaces[Natts_pg_class] = {false};
	bool isnull;
	Datum acl;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for relation %u", relid);
	values[Anum_pg_class_relowner - 1] = ObjectIdGetDatum(newowner);
	replaces[Anum_pg_class_relowner - 1] = true;
	acl = SysCacheGetAttr(RELOID, tuple, Anum_pg_class_relacl, &isnull);
	if (!isnull)
	{
		values[Anum_pg_class_relacl - 1] = PointerGetDatum(aclnewowner(
			DatumGetArrayTypeP(acl),
			((Form_pg_class) GETSTRUCT(tuple))->relowner, newowner));
		replaces[Anum_pg_class_relacl - 1] = true;
	}
	INJECTION_POINT("alter-owner");
	CatalogTupleUpdate(pg_class, &tuple->t_self,
	                   heap_modify_tuple(tuple, RelationGetDescr(pg_class),
	                                     values, nulls, replaces));
	heap_freetuple(tuple);
	table_close(pg_class, NoLock);
}

/* The table, its indexes, and its TOAST table with its index. */
static void
SetOwner(Relation rel, Oid newowner)
{
	ListCell *lc;

	SetOwnerOfRelation(RelationGetRelid(rel), newowner);
	foreach (lc, RelationGetIndexList(rel))
	{
		LockRelationOid(lfirst_oid(lc), AccessExclusiveLock);
		SetOwnerOfRelation(lfirst_oid(lc), newowner);
	}
	if (OidIsValid(rel->rd_rel->reltoastrelid))
	{
		Relation toast =
			table_open(rel->rd_rel->reltoastrelid, AccessExclusiveLock);

		SetOwner(toast, newowner);
		table_close(toast, NoLock);
	}
}

static void
ChangeOwner(Relation rel, const PgQuery__RoleSpec *role)
{
	Oid newowner = get_rolespec_oid(role, false);

	if (newowner == rel->rd_rel->relowner)
		return;
	if (rel->rd_rel->relkind == RELKIND_INDEX)
	{
		ereport(WARNING, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                  errmsg("cannot change owner of index \"%s\"",
		                         RelationGetRelationName(rel)),
		                  errhint("Change the ownership of the index's table, "
		                          "instead.")));
		return;
	}
	if (rel->rd_rel->relkind != RELKIND_RELATION)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is not a table",
		                       RelationGetRelationName(rel))));
	if (!superuser())
	{
		check_is_member_of_role(GetUserId(), newowner);
		aclcheck_error(pg_namespace_aclcheck(RelationGetNamespace(rel),
		                                     newowner, ACL_CREATE),
		               ACL_OBJECT_SCHEMA,
		               get_namespace_name(RelationGetNamespace(rel)));
	}
	LockRoleForUse(newowner);
	SetOwner(rel, newowner);
}

static LOCKMODE
AlterTableGetLockLevel(PgQuery__AlterTableStmt *stmt)
{
	LOCKMODE lockmode = ShareUpdateExclusiveLock;

	for (size_t i = 0; i < stmt->n_cmds; i++)
	{
		PgQuery__AlterTableCmd *cmd = stmt->cmds[i]->alter_table_cmd;

		switch (cmd->subtype)
		{
			case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
			case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
				break;
			case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
			case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
				lockmode = AccessExclusiveLock;
				break;
			case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
				lockmode = AccessExclusiveLock;
				break;
			default:
				RefuseSubcommand(cmd);
		}
	}
	return lockmode;
}

static void
RequireTable(Relation rel, const char *action)
{
	if (rel->rd_rel->relkind != RELKIND_RELATION)
		ereport(
			ERROR,
			(errcode(ERRCODE_WRONG_OBJECT_TYPE),
		     errmsg("ALTER action %s cannot be performed on relation \"%s\"",
		            action, RelationGetRelationName(rel)),
		     errdetail("This operation is not supported for indexes.")));
}

static void
ExecSubcommand(Oid relid, PgQuery__AlterTableCmd *cmd, LOCKMODE lockmode,
               const char *queryString)
{
	Relation rel = relation_open(relid, NoLock);

	switch (cmd->subtype)
	{
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetRelOptions:
			SetRelOptions(rel, cmd->def->list, false, lockmode);
			break;
		case PG_QUERY__ALTER_TABLE_TYPE__AT_ResetRelOptions:
			SetRelOptions(rel, cmd->def->list, true, lockmode);
			break;
		case PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage:
			RequireTable(rel, "ALTER COLUMN ... SET STORAGE");
			SetStorage(rel, cmd->name, pgq_string(cmd->def));
			break;
		case PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn:
			RequireTable(rel, "ADD COLUMN");
			AddColumn(rel, cmd->def->column_def, cmd->missing_ok, queryString);
			break;
		case PG_QUERY__ALTER_TABLE_TYPE__AT_ChangeOwner:
			ChangeOwner(rel, cmd->newowner);
			break;
		default:
			pg_unreachable();
	}
	relation_close(rel, NoLock);
	/* the next one sees what this one did */
	CommandCounterIncrement();
}

void
AlterTable(PgQuery__AlterTableStmt *stmt, const char *queryString)
{
	RangeVar *rv = pgq_range_var(stmt->relation);
	LOCKMODE lockmode;
	Relation rel;
	Oid relid;

	if (stmt->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE &&
	    stmt->objtype != PG_QUERY__OBJECT_TYPE__OBJECT_INDEX)
		NotSupported("ALTER of other than tables and indexes");
	lockmode = AlterTableGetLockLevel(stmt);
	relid =
		LockForAlter(rv, stmt->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX,
	                 lockmode, stmt->missing_ok);
	if (!OidIsValid(relid))
		return;
	rel = relation_open(relid, NoLock);
	CheckNotOtherTemp(rel, "alter");
	if (lockmode == AccessExclusiveLock)
		CheckTableNotInUse(rel, "ALTER TABLE");
	relation_close(rel, NoLock);
	for (size_t i = 0; i < stmt->n_cmds; i++)
		ExecSubcommand(relid, stmt->cmds[i]->alter_table_cmd, lockmode,
		               queryString);
	/* its rows may have become too wide for a page */
	if (lockmode == AccessExclusiveLock)
		AlterTableCreateToastTable(relid, (Datum) 0, lockmode);
}
