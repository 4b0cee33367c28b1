/*
 * aclchk.c
 *		May a role do that with this object?  GRANT and REVOKE.
 *
 * A superuser may do everything, and is asked first: it costs him nothing.  For
 * others the row of the object is looked up in its cache, so a privilege that
 * is taken away is gone at the next check in any session that has heard of it:
 * the executor checks at the start of every execution, also of a plan that was
 * kept.
 *
 * There are access lists of relations and of schemas.  Privileges of columns,
 * and of other kinds of objects, are not granted: each has what
 * acldefault() says.
 *
 * Corresponds to PostgreSQL's catalog/aclchk.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/catalog.h"
#include "catalog/catalog_schema.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_namespace.h"
#include "catalog/role_depend.h"
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

/* ---- messages ---- */

static const char *const object_names[] = {
	[ACL_OBJECT_TABLE] = "table",       [ACL_OBJECT_INDEX] = "index",
	[ACL_OBJECT_VIEW] = "view",         [ACL_OBJECT_SCHEMA] = "schema",
	[ACL_OBJECT_DATABASE] = "database", [ACL_OBJECT_EXTENSION] = "extension",
	[ACL_OBJECT_FUNCTION] = "function",
};

void
aclcheck_error(AclResult result, AclObject object, const char *name)
{
	switch (result)
	{
		case ACLCHECK_OK:
			break;
		case ACLCHECK_NO_PRIV:
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			                errmsg("permission denied for %s %s",
			                       object_names[object], name)));
			break;
		case ACLCHECK_NOT_OWNER:
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			                errmsg("must be owner of %s %s",
			                       object_names[object], name)));
			break;
	}
}

static AclObject
ObjectOfRelkind(char relkind)
{
	return relkind == RELKIND_INDEX  ? ACL_OBJECT_INDEX
	       : relkind == RELKIND_VIEW ? ACL_OBJECT_VIEW
	                                 : ACL_OBJECT_TABLE;
}

/* ---- checks ---- */

/* The list that counts: the row's, or what stands for none. */
static Acl *
EffectiveAcl(int cacheId, HeapTuple tuple, int attnum, char kind, Oid owner)
{
	bool isnull;
	Datum acl = SysCacheGetAttr(cacheId, tuple, attnum, &isnull);

	Acl *stored;
	Acl *copy;

	if (isnull)
		return acldefault(kind, owner);
	/* the row may go, its list stays */
	stored = DatumGetArrayTypeP(acl);
	copy = palloc(VARSIZE(stored));
	memcpy(copy, stored, VARSIZE(stored));
	return copy;
}

/* Nobody but a superuser changes the rows of a catalog. */
static AclMode
WithoutCatalogChanges(Oid relid, char relkind, AclMode mask)
{
	if (relkind != RELKIND_VIEW && IsCatalogRelationOid(relid))
		mask &=
			~(AclMode) (ACL_INSERT | ACL_UPDATE | ACL_DELETE | ACL_TRUNCATE);
	return mask;
}

AclMode
pg_class_aclmask(Oid relid, Oid roleid, AclMode mask, AclMaskHow how)
{
	HeapTuple tuple;
	Form_pg_class form;
	Acl *acl;
	AclMode result;

	if (superuser_arg(roleid))
		return mask;
	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	if (tuple == NULL)
		return 0;
	form = (Form_pg_class) GETSTRUCT(tuple);
	mask = WithoutCatalogChanges(relid, form->relkind, mask);
	acl =
		EffectiveAcl(RELOID, tuple, Anum_pg_class_relacl, 'r', form->relowner);
	result = aclmask(acl, roleid, form->relowner, mask, how);
	pfree(acl);
	ReleaseSysCache(tuple);
	if ((mask & ACL_SELECT & ~result) != 0 &&
	    has_privs_of_role(roleid, ROLE_PG_READ_ALL_DATA))
		result |= ACL_SELECT;
	if ((mask & (ACL_INSERT | ACL_UPDATE | ACL_DELETE) & ~result) != 0 &&
	    has_privs_of_role(roleid, ROLE_PG_WRITE_ALL_DATA))
		result |= mask & (ACL_INSERT | ACL_UPDATE | ACL_DELETE);
	return result;
}

AclResult
pg_class_aclcheck(Oid relid, Oid roleid, AclMode mode)
{
	return pg_class_aclmask(relid, roleid, mode, ACLMASK_ANY) != 0
	           ? ACLCHECK_OK
	           : ACLCHECK_NO_PRIV;
}

AclMode
pg_namespace_aclmask(Oid nspid, Oid roleid, AclMode mask, AclMaskHow how)
{
	HeapTuple tuple;
	Oid owner;
	Acl *acl;
	AclMode result;

	/* everybody may make temporary relations */
	if (superuser_arg(roleid) || isTempOrTempToastNamespace(nspid))
		return mask;
	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(nspid));
	if (tuple == NULL)
		return 0;
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	acl =
		EffectiveAcl(NAMESPACEOID, tuple, Anum_pg_namespace_nspacl, 'n', owner);
	result = aclmask(acl, roleid, owner, mask, how);
	pfree(acl);
	ReleaseSysCache(tuple);
	if ((mask & ACL_USAGE & ~result) != 0 &&
	    (has_privs_of_role(roleid, ROLE_PG_READ_ALL_DATA) ||
	     has_privs_of_role(roleid, ROLE_PG_WRITE_ALL_DATA)))
		result |= ACL_USAGE;
	return result;
}

AclResult
pg_namespace_aclcheck(Oid nspid, Oid roleid, AclMode mode)
{
	return pg_namespace_aclmask(nspid, roleid, mode, ACLMASK_ANY) != 0
	           ? ACLCHECK_OK
	           : ACLCHECK_NO_PRIV;
}

AclMode
pg_database_aclmask(Oid dbid, Oid roleid, AclMode mask, AclMaskHow how)
{
	Acl *acl;
	AclMode result;

	if (superuser_arg(roleid))
		return mask;
	acl = acldefault('d', BOOTSTRAP_SUPERUSERID);
	result = aclmask(acl, roleid, BOOTSTRAP_SUPERUSERID, mask, how);
	pfree(acl);
	return result;
}

static bool
OwnerCheck(int cacheId, Oid oid, int ownerattnum, Oid roleid)
{
	HeapTuple tuple;
	bool isnull;
	Oid owner;

	if (superuser_arg(roleid))
		return true;
	tuple = SearchSysCache1(cacheId, ObjectIdGetDatum(oid));
	if (tuple == NULL)
		return false;
	owner =
		DatumGetObjectId(SysCacheGetAttr(cacheId, tuple, ownerattnum, &isnull));
	ReleaseSysCache(tuple);
	return has_privs_of_role(roleid, owner);
}

bool
pg_class_ownercheck(Oid relid, Oid roleid)
{
	return OwnerCheck(RELOID, relid, Anum_pg_class_relowner, roleid);
}

bool
pg_namespace_ownercheck(Oid nspid, Oid roleid)
{
	return OwnerCheck(NAMESPACEOID, nspid, Anum_pg_namespace_nspowner, roleid);
}

bool
pg_extension_ownercheck(Oid extid, Oid roleid)
{
	return OwnerCheck(EXTENSIONOID, extid, Anum_pg_extension_extowner, roleid);
}

bool
pg_database_ownercheck(Oid dbid, Oid roleid)
{
	return has_privs_of_role(roleid, BOOTSTRAP_SUPERUSERID);
}

void
CheckRelationOwner(Oid relid)
{
	if (!pg_class_ownercheck(relid, GetUserId()) && get_rel_name(relid) != NULL)
		aclcheck_error(ACLCHECK_NOT_OWNER,
		               ObjectOfRelkind(get_rel_relkind(relid)),
		               get_rel_name(relid));
}

void
CheckCreateInNamespace(Oid nspid)
{
	aclcheck_error(pg_namespace_aclcheck(nspid, GetUserId(), ACL_CREATE),
	               ACL_OBJECT_SCHEMA, get_namespace_name(nspid));
}

void
CheckRelationPrivilege(Oid relid, AclMode mode)
{
	AclResult result = pg_class_aclcheck(relid, GetUserId(), mode);

	if (result != ACLCHECK_OK && get_rel_name(relid) != NULL)
		aclcheck_error(result, ObjectOfRelkind(get_rel_relkind(relid)),
		               get_rel_name(relid));
}

/* ---- GRANT and REVOKE ---- */

/* A kind of objects that have lists of their own. */
typedef struct GrantKind
{
	char kind; /* of acldefault() */
	AclMode all_privileges;
	const char *noun; /* in "invalid privilege type X for NOUN" */
	Oid catalog;
	int cacheId;
	int ownerattnum;
	int aclattnum;
	int natts;
} GrantKind;

static const GrantKind relation_kind = {
	'r',    ACL_ALL_RIGHTS_RELATION, "relation",           RelationRelationId,
	RELOID, Anum_pg_class_relowner,  Anum_pg_class_relacl, Natts_pg_class};
static const GrantKind schema_kind = {'n',
                                      ACL_ALL_RIGHTS_SCHEMA,
                                      "schema",
                                      NamespaceRelationId,
                                      NAMESPACEOID,
                                      Anum_pg_namespace_nspowner,
                                      Anum_pg_namespace_nspacl,
                                      Natts_pg_namespace};

/* The statement, as far as it is the same for each object. */
typedef struct GrantWork
{
	const PgQuery__GrantStmt *stmt;
	const GrantKind *kind;
	AclMode privileges; /* without grant options */
	List *grantees;     /* OIDs */
} GrantWork;

static const struct
{
	const char *name;
	AclMode privilege;
} privilege_names[] = {
	{"insert", ACL_INSERT},         {"select", ACL_SELECT},
	{"update", ACL_UPDATE},         {"delete", ACL_DELETE},
	{"truncate", ACL_TRUNCATE},     {"references", ACL_REFERENCES},
	{"trigger", ACL_TRIGGER},       {"execute", ACL_EXECUTE},
	{"usage", ACL_USAGE},           {"create", ACL_CREATE},
	{"temporary", ACL_CREATE_TEMP}, {"temp", ACL_CREATE_TEMP},
	{"connect", ACL_CONNECT},
};

static void
NotSupported(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
	                errmsg("%s is not supported", what)));
}

static char *
UpperCase(const char *name)
{
	char *upper = pstrdup(name);

	for (char *c = upper; *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c -= 32;
	return upper;
}

static AclMode
PrivilegeOf(const PgQuery__AccessPriv *priv, const GrantKind *kind)
{
	if (priv->n_cols > 0)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("privileges on columns are not supported"),
		                errhint("Grant the privilege on the table.")));
	if (priv->priv_name[0] == '\0') /* ALL (columns) */
		return kind->all_privileges;
	for (Size i = 0; i < lengthof(privilege_names); i++)
	{
		if (strcmp(priv->priv_name, privilege_names[i].name) != 0)
			continue;
		if ((privilege_names[i].privilege & kind->all_privileges) == 0)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_GRANT_OPERATION),
			         errmsg("invalid privilege type %s for %s",
			                UpperCase(privilege_names[i].name), kind->noun)));
		return privilege_names[i].privilege;
	}
	ereport(ERROR,
	        (errcode(ERRCODE_SYNTAX_ERROR),
	         errmsg("unrecognized privilege type \"%s\"", priv->priv_name)));
}

static AclMode
PrivilegesOf(const PgQuery__GrantStmt *stmt, const GrantKind *kind)
{
	AclMode privileges = 0;

	if (stmt->n_privileges == 0) /* ALL */
		return kind->all_privileges;
	for (size_t i = 0; i < stmt->n_privileges; i++)
		privileges |= PrivilegeOf(stmt->privileges[i]->access_priv, kind);
	return privileges;
}

static List *
GranteesOf(const PgQuery__GrantStmt *stmt)
{
	List *grantees = NIL;

	for (size_t i = 0; i < stmt->n_grantees; i++)
	{
		PgQuery__RoleSpec *role = stmt->grantees[i]->role_spec;
		bool all = role->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC;

		if (all && stmt->is_grant && stmt->grant_option)
			ereport(ERROR, (errcode(ERRCODE_INVALID_GRANT_OPERATION),
			                errmsg("grant options can only be granted to "
			                       "roles")));
		grantees = lappend_oid(grantees, all ? ACL_ID_PUBLIC
		                                     : get_rolespec_oid(role, false));
	}
	return grantees;
}

/*
 * Of what is to be granted or revoked that which the grantor has the option
 * for; the rest is a warning, and nothing at all is an error unless he has at
 * least some privilege on the object.
 */
static AclMode
RestrictGrant(const GrantWork *work, AclMode options, AclMode has,
              AclObject object, const char *name)
{
	bool grant = work->stmt->is_grant;
	AclMode possible;

	if (options == 0 && has == 0)
		aclcheck_error(ACLCHECK_NO_PRIV, object, name);
	possible = work->privileges & ACL_OPTION_TO_PRIVS(options);
	if (possible == work->privileges)
		return possible;
	/* who says ALL takes what there is */
	if (possible != 0 && work->stmt->n_privileges == 0)
		return possible;
	ereport(
		WARNING,
		(errcode(grant ? ERRCODE_WARNING_PRIVILEGE_NOT_GRANTED
	                   : ERRCODE_WARNING_PRIVILEGE_NOT_REVOKED),
	     grant
	         ? (possible == 0
	                ? errmsg("no privileges were granted for \"%s\"", name)
	                : errmsg("not all privileges were granted for \"%s\"",
	                         name))
	         : (possible == 0
	                ? errmsg("no privileges could be revoked for \"%s\"", name)
	                : errmsg("not all privileges could be revoked for "
	                         "\"%s\"",
	                         name))));
	return possible;
}

/* The list after the statement. */
static Acl *
ChangeAcl(const GrantWork *work, Acl *acl, Oid owner, Oid grantor,
          AclMode privileges)
{
	const PgQuery__GrantStmt *stmt = work->stmt;
	ListCell *lc;

	foreach (lc, work->grantees)
	{
		AclItem item = {lfirst_oid(lc), grantor, privileges};

		if (stmt->grant_option)
			item.ai_privs = stmt->is_grant
			                    ? privileges | ACL_GRANT_OPTION_FOR(privileges)
			                    : ACL_GRANT_OPTION_FOR(privileges);
		else if (!stmt->is_grant)
			item.ai_privs |= ACL_GRANT_OPTION_FOR(privileges);
		acl = aclupdate(acl, &item, stmt->is_grant, owner, stmt->behavior);
	}
	return acl;
}

static void
StoreAcl(const GrantKind *kind, HeapTuple old, Acl *acl)
{
	Relation rel = table_open(kind->catalog, RowExclusiveLock);
	Datum *values = palloc0_array(Datum, kind->natts);
	bool *nulls = palloc0_array(bool, kind->natts);
	bool *replaces = palloc0_array(bool, kind->natts);

	values[kind->aclattnum - 1] = PointerGetDatum(acl);
	replaces[kind->aclattnum - 1] = true;
	INJECTION_POINT("acl-store");
	CatalogTupleUpdate(
		rel, &old->t_self,
		heap_modify_tuple(old, RelationGetDescr(rel), values, nulls, replaces));
	table_close(rel, NoLock);
	CommandCounterIncrement();
}

static void
GrantOn(const GrantWork *work, Oid oid, AclObject object, const char *name)
{
	const GrantKind *kind = work->kind;
	HeapTuple tuple = SearchSysCache1(kind->cacheId, ObjectIdGetDatum(oid));
	bool isnull;
	Oid owner;
	Oid grantor;
	AclMode options;
	Acl *acl;
	ListCell *lc;

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for %s %u", kind->noun, oid);
	owner = DatumGetObjectId(
		SysCacheGetAttr(kind->cacheId, tuple, kind->ownerattnum, &isnull));
	acl =
		EffectiveAcl(kind->cacheId, tuple, kind->aclattnum, kind->kind, owner);
	select_best_grantor(GetUserId(), work->privileges, acl, owner, &grantor,
	                    &options);
	options =
		RestrictGrant(work, options,
	                  aclmask(acl, grantor, owner,
	                          kind->all_privileges |
	                              ACL_GRANT_OPTION_FOR(kind->all_privileges),
	                          ACLMASK_ANY),
	                  object, name);
	foreach (lc, work->grantees)
		if (lfirst_oid(lc) != ACL_ID_PUBLIC)
			LockRoleForUse(lfirst_oid(lc));
	LockRoleForUse(grantor);
	StoreAcl(kind, tuple, ChangeAcl(work, acl, owner, grantor, options));
	ReleaseSysCache(tuple);
}

static void
GrantOnRelation(const GrantWork *work, Oid relid)
{
	char relkind = get_rel_relkind(relid);
	const char *name = get_rel_name(relid);

	if (relkind == RELKIND_INDEX)
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
		                errmsg("\"%s\" is an index", name)));
	/* one change of the row at a time, and no vacuum that writes into it */
	LockRelationOid(relid, ShareUpdateExclusiveLock);
	InvalidateCatalogSnapshot();
	if (!SearchSysCacheExists1(RELOID, ObjectIdGetDatum(relid)))
		return; /* dropped meanwhile */
	GrantOn(work, relid, ObjectOfRelkind(relkind), name);
}

static void
GrantOnSchema(const GrantWork *work, const char *name)
{
	Oid nspid = get_namespace_oid(name, false);

	LockDatabaseObject(NamespaceRelationId, nspid, 0, ShareUpdateExclusiveLock);
	InvalidateCatalogSnapshot();
	GrantOn(work, nspid, ACL_OBJECT_SCHEMA, name);
}

static List *
RelationsOfSchema(const char *name)
{
	Oid nspid = get_namespace_oid(name, false);
	Relation rel = table_open(RelationRelationId, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(RelationRelationId), 0, NULL);
	HeapTuple tuple;
	List *relids = NIL;

	aclcheck_error(pg_namespace_aclcheck(nspid, GetUserId(), ACL_USAGE),
	               ACL_OBJECT_SCHEMA, name);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_class form = (Form_pg_class) GETSTRUCT(tuple);

		if (form->relnamespace == nspid && (form->relkind == RELKIND_RELATION ||
		                                    form->relkind == RELKIND_VIEW))
			relids = lappend_oid(relids, form->oid);
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	return relids;
}

static const GrantKind *
KindOf(const PgQuery__GrantStmt *stmt)
{
	switch (stmt->objtype)
	{
		case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
			return &relation_kind;
		case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
			return &schema_kind;
		case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
			NotSupported(stmt->is_grant ? "GRANT ON DATABASE"
			                            : "REVOKE ON DATABASE");
			break;
		case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
		case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
		case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
			NotSupported(stmt->is_grant ? "GRANT ON FUNCTION"
			                            : "REVOKE ON FUNCTION");
			break;
		default:
			break;
	}
	NotSupported(stmt->is_grant ? "GRANT on other than tables and schemas"
	                            : "REVOKE on other than tables and schemas");
	return NULL;
}

static void
CheckGrantor(const PgQuery__RoleSpec *grantor)
{
	if (grantor != NULL && get_rolespec_oid(grantor, false) != GetUserId())
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("grantor must be current user")));
}

void
ExecuteGrantStmt(const PgQuery__GrantStmt *stmt)
{
	GrantWork work = {.stmt = stmt, .kind = KindOf(stmt)};
	List *relids = NIL;
	ListCell *lc;

	CheckGrantor(stmt->grantor);
	work.grantees = GranteesOf(stmt);
	work.privileges = PrivilegesOf(stmt, work.kind);
	for (size_t i = 0; i < stmt->n_objects; i++)
	{
		if (stmt->targtype ==
		    PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA)
			relids = list_concat(
				relids, RelationsOfSchema(pgq_string(stmt->objects[i])));
		else if (work.kind == &schema_kind)
			GrantOnSchema(&work, pgq_string(stmt->objects[i]));
		else
			relids = lappend_oid(
				relids,
				RangeVarGetRelid(pgq_range_var(stmt->objects[i]->range_var),
			                     NoLock, false));
	}
	foreach (lc, relids)
		GrantOnRelation(&work, lfirst_oid(lc));
}
