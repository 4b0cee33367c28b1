/*
 * user.c
 *		CREATE, ALTER and DROP ROLE.
 *
 * Who changes a role or a membership holds the lock on the roles to the end of
 * its transaction: names stay unique (catalogs have no index that would see to
 * it), rows are not updated by two, and the file of the passwords has one
 * writer.
 *
 * A password is kept as a verifier (libpq/scram.h), in a file and not in
 * pg_authid (postmaster/crypt.c, which also says why a transaction block cannot
 * hold the statement).  It is written when all else of the statement has been
 * done.  That of a dropped role goes with the commit; a verifier without a role
 * all the same, of one that was never committed, or dropped a moment before a
 * crash, goes with the next change of any password, and at the latest when its
 * OID is given to a new role.
 *
 * A role is in use by what it owns and by the privileges that it was given:
 * role_depend.c looks for that under an exclusive lock on the role itself, of
 * which makers of such things hold a share (LockRoleForUse).
 *
 * Corresponds to a part of PostgreSQL's commands/user.c.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_authid.h"
#include "catalog/role_depend.h"
#include "commands/user.h"
#include "fmgr.h"
#include "libpq/crypt.h"
#include "libpq/scram.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/injection_point.h"
#include "utils/rel.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

/* Passwords are hashed before anything else; longer ones only cost time. */
#define MAX_PASSWORD_LENGTH 1024

extern Datum timestamptz_in(PG_FUNCTION_ARGS);

void
LockRoles(void)
{
	LockDatabaseObject(AuthIdRelationId, InvalidOid, 0, AccessExclusiveLock);
}

/* ---- options ---- */

typedef enum RoleOption
{
	OPT_SUPERUSER,
	OPT_INHERIT,
	OPT_CREATEROLE,
	OPT_CREATEDB,
	OPT_CANLOGIN,
	OPT_REPLICATION,
	OPT_BYPASSRLS,
	OPT_CONNLIMIT,
	OPT_VALIDUNTIL,
	OPT_PASSWORD,
	OPT_ADDROLETO,
	OPT_ROLEMEMBERS,
	OPT_ADMINMEMBERS,
	OPT_SYSID,
	OPT_LAST
} RoleOption;

/* As the grammar names them, and the column that each sets (0: none). */
static const struct
{
	const char *name;
	int attnum;
} option_names[] = {
	[OPT_SUPERUSER] = {"superuser", Anum_pg_authid_rolsuper},
	[OPT_INHERIT] = {"inherit", Anum_pg_authid_rolinherit},
	[OPT_CREATEROLE] = {"createrole", Anum_pg_authid_rolcreaterole},
	[OPT_CREATEDB] = {"createdb", Anum_pg_authid_rolcreatedb},
	[OPT_CANLOGIN] = {"canlogin", Anum_pg_authid_rolcanlogin},
	[OPT_REPLICATION] = {"isreplication", Anum_pg_authid_rolreplication},
	[OPT_BYPASSRLS] = {"bypassrls", Anum_pg_authid_rolbypassrls},
	[OPT_CONNLIMIT] = {"connectionlimit", Anum_pg_authid_rolconnlimit},
	[OPT_VALIDUNTIL] = {"validUntil", Anum_pg_authid_rolvaliduntil},
	[OPT_PASSWORD] = {"password", 0},
	[OPT_ADDROLETO] = {"addroleto", 0},
	[OPT_ROLEMEMBERS] = {"rolemembers", 0},
	[OPT_ADMINMEMBERS] = {"adminmembers", 0},
	[OPT_SYSID] = {"sysid", 0},
};

StaticAssertDecl(lengthof(option_names) == OPT_LAST, "a name for each option");

/* The options that were given; NULL: not given. */
typedef struct RoleOptions
{
	PgQuery__DefElem *given[OPT_LAST];
} RoleOptions;

static RoleOptions
ReadOptions(PgQuery__Node **nodes, size_t n)
{
	RoleOptions options = {{0}};

	for (size_t i = 0; i < n; i++)
	{
		PgQuery__DefElem *def = nodes[i]->def_elem;
		int option;

		for (option = 0; option < OPT_LAST; option++)
			if (strcmp(def->defname, option_names[option].name) == 0)
				break;
		if (option == OPT_LAST)
			elog(ERROR, "option \"%s\" not recognized", def->defname);
		if (options.given[option] != NULL)
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("conflicting or redundant options")));
		options.given[option] = def;
	}
	return options;
}

static bool
Given(const RoleOptions *options, RoleOption option)
{
	return options->given[option] != NULL;
}

static bool
IsTrue(const RoleOptions *options, RoleOption option)
{
	return Given(options, option) &&
	       options->given[option]->arg->boolean->boolval;
}

static int
ConnectionLimit(const RoleOptions *options)
{
	int limit = options->given[OPT_CONNLIMIT]->arg->integer->ival;

	if (limit < -1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("invalid connection limit: %d", limit)));
	return limit;
}

static Datum
ValidUntil(const RoleOptions *options)
{
	return DirectFunctionCall3(
		timestamptz_in,
		CStringGetDatum(pgq_string(options->given[OPT_VALIDUNTIL]->arg)),
		ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/*
 * What a role would be allowed that nobody can do here, and that only a
 * superuser, who may do everything, can be said to be allowed.
 */
static void
CheckSupported(const RoleOptions *options, bool super)
{
	static const struct
	{
		RoleOption option;
		const char *name;
		const char *lacking;
	} unsupported[] = {
		{OPT_CREATEDB, "CREATEDB", "There is one database."},
		{OPT_REPLICATION, "REPLICATION", "There is no replication."},
		{OPT_BYPASSRLS, "BYPASSRLS", "There is no row security."},
	};

	for (Size i = 0; !super && i < lengthof(unsupported); i++)
		if (IsTrue(options, unsupported[i].option))
			ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			                errmsg("%s is not supported for roles that are no "
			                       "superusers",
			                       unsupported[i].name),
			                errdetail("%s", unsupported[i].lacking)));
}

/* ---- passwords ---- */

/* The verifier to keep; NULL: none. */
static char *
verifier_of(const char *password)
{
	if (password == NULL)
		return NULL;
	if (password[0] == '\0')
	{
		ereport(NOTICE, (errmsg("empty string is not a valid password, "
		                        "clearing password")));
		return NULL;
	}
	if (is_scram_secret(password))
		return pstrdup(password);
	if (strlen(password) > MAX_PASSWORD_LENGTH)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("password is too long"),
		                errdetail("It has %zu bytes, the limit is %d.",
		                          strlen(password), MAX_PASSWORD_LENGTH)));
	return pg_be_scram_build_secret(password);
}

static char *
GivenVerifier(const RoleOptions *options)
{
	const PgQuery__Node *arg = options->given[OPT_PASSWORD]->arg;

	return verifier_of(arg != NULL ? pgq_string(arg) : NULL);
}

/* ---- who may ---- */

bool
have_createrole_privilege(void)
{
	HeapTuple tuple;
	bool result;

	if (superuser())
		return true;
	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetUserId()));
	result =
		tuple != NULL && ((Form_pg_authid) GETSTRUCT(tuple))->rolcreaterole;
	if (tuple != NULL)
		ReleaseSysCache(tuple);
	return result;
}

static void
Refuse(const char *message)
{
	ereport(ERROR,
	        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("%s", message)));
}

static void
CheckNotReserved(const char *name, const char *detail)
{
	if (strncmp(name, "pg_", 3) == 0)
		ereport(ERROR, (errcode(ERRCODE_RESERVED_NAME),
		                errmsg("role name \"%s\" is reserved", name),
		                errdetail("%s", detail)));
}

#define RESERVED_NAMES "Role names starting with \"pg_\" are reserved."

static void
CheckNameIsFree(const char *name)
{
	if (OidIsValid(get_role_oid(name, true)))
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
		                errmsg("role \"%s\" already exists", name)));
}

/* ---- CREATE ---- */

static void
CheckMayCreate(const RoleOptions *options)
{
	if (IsTrue(options, OPT_SUPERUSER))
	{
		if (!superuser())
			Refuse("must be superuser to create superusers");
	}
	else if (IsTrue(options, OPT_REPLICATION))
	{
		if (!superuser())
			Refuse("must be superuser to create replication users");
	}
	else if (IsTrue(options, OPT_BYPASSRLS))
	{
		if (!superuser())
			Refuse("must be superuser to create bypassrls users");
	}
	else if (!have_createrole_privilege())
		Refuse("permission denied to create role");
}

static Oid
NewRoleOid(void)
{
	Oid oid;

	do
		oid = GetNewObjectId();
	while (SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(oid)));
	return oid;
}

static Oid
InsertRole(const char *rolename, const RoleOptions *options, bool canlogin)
{
	Relation rel = table_open(AuthIdRelationId, RowExclusiveLock);
	Datum values[Natts_pg_authid] = {0};
	bool nulls[Natts_pg_authid] = {false};
	NameData name = {0};
	Oid oid = NewRoleOid();

	strlcpy(NameStr(name), rolename, NAMEDATALEN);
	values[Anum_pg_authid_oid - 1] = ObjectIdGetDatum(oid);
	values[Anum_pg_authid_rolname - 1] = NameGetDatum(&name);
	for (RoleOption i = OPT_SUPERUSER; i <= OPT_BYPASSRLS; i++)
		values[option_names[i].attnum - 1] = BoolGetDatum(IsTrue(options, i));
	if (!Given(options, OPT_INHERIT))
		values[Anum_pg_authid_rolinherit - 1] = BoolGetDatum(true);
	if (!Given(options, OPT_CANLOGIN))
		values[Anum_pg_authid_rolcanlogin - 1] = BoolGetDatum(canlogin);
	values[Anum_pg_authid_rolconnlimit - 1] = Int32GetDatum(
		Given(options, OPT_CONNLIMIT) ? ConnectionLimit(options) : -1);
	nulls[Anum_pg_authid_rolpassword - 1] = true;
	nulls[Anum_pg_authid_rolvaliduntil - 1] = !Given(options, OPT_VALIDUNTIL);
	if (Given(options, OPT_VALIDUNTIL))
		values[Anum_pg_authid_rolvaliduntil - 1] = ValidUntil(options);
	INJECTION_POINT("role-insert");
	CatalogTupleInsert(rel,
	                   heap_form_tuple(RelationGetDescr(rel), values, nulls));
	table_close(rel, NoLock);
	CommandCounterIncrement();
	return oid;
}

static List *
OptionRoles(const RoleOptions *options, RoleOption option)
{
	PgQuery__List *list;

	if (!Given(options, option))
		return NIL;
	list = options->given[option]->arg->list;
	return roleSpecsToIds(list->items, list->n_items);
}

static void
AddMembershipsOf(Oid roleid, const RoleOptions *options)
{
	ListCell *lc;

	foreach (lc, OptionRoles(options, OPT_ADDROLETO))
		AddRoleMems(lfirst_oid(lc), list_make1_oid(roleid), GetUserId(), false);
	AddRoleMems(roleid, OptionRoles(options, OPT_ADMINMEMBERS), GetUserId(),
	            true);
	AddRoleMems(roleid, OptionRoles(options, OPT_ROLEMEMBERS), GetUserId(),
	            false);
}

Oid
CreateRole(const PgQuery__CreateRoleStmt *stmt, bool isTopLevel)
{
	RoleOptions options = ReadOptions(stmt->options, stmt->n_options);
	Oid roleid;

	if (Given(&options, OPT_SYSID))
		ereport(NOTICE, (errmsg("SYSID can no longer be specified")));
	if (Given(&options, OPT_PASSWORD))
		PreventInTransactionBlock(isTopLevel, "CREATE ROLE ... PASSWORD");
	CheckMayCreate(&options);
	CheckNotReserved(stmt->role, RESERVED_NAMES);
	CheckSupported(&options, IsTrue(&options, OPT_SUPERUSER));
	LockRoles();
	CheckNameIsFree(stmt->role);
	roleid =
		InsertRole(stmt->role, &options,
	               stmt->stmt_type == PG_QUERY__ROLE_STMT_TYPE__ROLESTMT_USER);
	AddMembershipsOf(roleid, &options);
	/* a role of this OID may have been dropped, and left one */
	if (Given(&options, OPT_PASSWORD) || get_role_password(roleid) != NULL)
		set_role_password(roleid, Given(&options, OPT_PASSWORD)
		                              ? GivenVerifier(&options)
		                              : NULL);
	return roleid;
}

/* ---- ALTER ---- */

/* Anything but the password? */
static bool
ChangesRow(const RoleOptions *options)
{
	for (int i = 0; i < OPT_LAST; i++)
		if (option_names[i].attnum != 0 && Given(options, i))
			return true;
	return false;
}

static void
CheckKept(const RoleOptions *options, RoleOption option, const char *name)
{
	if (Given(options, option) && !IsTrue(options, option))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("permission denied to alter role"),
		                errdetail("The bootstrap superuser must have the %s "
		                          "attribute.",
		                          name)));
}

static void
CheckMayAlter(const RoleOptions *options, Form_pg_authid form)
{
	if (Given(options, OPT_SUPERUSER) || form->rolsuper)
	{
		if (!superuser())
			Refuse("must be superuser to alter superuser roles or change "
			       "superuser attribute");
	}
	else if (Given(options, OPT_REPLICATION) || form->rolreplication)
	{
		if (!superuser())
			Refuse("must be superuser to alter replication roles or change "
			       "replication attribute");
	}
	else if (Given(options, OPT_BYPASSRLS))
	{
		if (!superuser())
			Refuse("must be superuser to change bypassrls attribute");
	}
	else if (!have_createrole_privilege() &&
	         (ChangesRow(options) || Given(options, OPT_ROLEMEMBERS) ||
	          !Given(options, OPT_PASSWORD) || form->oid != GetUserId()))
		Refuse("permission denied");
	if (form->oid == BOOTSTRAP_SUPERUSERID)
	{
		/* without a single-user mode nobody could give it back */
		CheckKept(options, OPT_SUPERUSER, "SUPERUSER");
		CheckKept(options, OPT_CANLOGIN, "LOGIN");
	}
}

static void
UpdateRole(HeapTuple old, const RoleOptions *options)
{
	Relation rel = table_open(AuthIdRelationId, RowExclusiveLock);
	Datum values[Natts_pg_authid] = {0};
	bool nulls[Natts_pg_authid] = {false};
	bool replaces[Natts_pg_authid] = {false};
	HeapTuple tuple;

	for (int i = 0; i < OPT_LAST; i++)
	{
		int column = option_names[i].attnum - 1;

		if (column < 0 || !Given(options, i))
			continue;
		replaces[column] = true;
		values[column] =
			i == OPT_CONNLIMIT    ? Int32GetDatum(ConnectionLimit(options))
			: i == OPT_VALIDUNTIL ? ValidUntil(options)
								  : BoolGetDatum(IsTrue(options, i));
	}
	tuple =
		heap_modify_tuple(old, RelationGetDescr(rel), values, nulls, replaces);
	INJECTION_POINT("role-update");
	CatalogTupleUpdate(rel, &old->t_self, tuple);
	table_close(rel, NoLock);
	CommandCounterIncrement();
}

/* The role's row, to be released. */
static HeapTuple
RoleTuple(Oid roleid)
{
	HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(roleid));

	if (tuple == NULL)
		elog(ERROR, "cache lookup failed for role %u", roleid);
	return tuple;
}

void
AlterRole(const PgQuery__AlterRoleStmt *stmt, bool isTopLevel)
{
	RoleOptions options = ReadOptions(stmt->options, stmt->n_options);
	List *members = OptionRoles(&options, OPT_ROLEMEMBERS);
	HeapTuple tuple;
	Form_pg_authid form;

	if (Given(&options, OPT_PASSWORD))
		PreventInTransactionBlock(isTopLevel, "ALTER ROLE ... PASSWORD");
	LockRoles();
	tuple = RoleTuple(get_rolespec_oid(stmt->role, false));
	form = (Form_pg_authid) GETSTRUCT(tuple);
	CheckNotReserved(NameStr(form->rolname), "Cannot alter reserved roles.");
	CheckMayAlter(&options, form);
	CheckSupported(&options, Given(&options, OPT_SUPERUSER)
	                             ? IsTrue(&options, OPT_SUPERUSER)
	                             : form->rolsuper);
	if (ChangesRow(&options))
		UpdateRole(tuple, &options);
	if (stmt->action > 0)
		AddRoleMems(form->oid, members, GetUserId(), false);
	else
		DelRoleMems(form->oid, members, false);
	if (Given(&options, OPT_PASSWORD))
		set_role_password(form->oid, GivenVerifier(&options));
	ReleaseSysCache(tuple);
}

void
RenameRole(const char *oldname, const char *newname)
{
	Relation rel;
	NameData name = {0};
	Datum values[Natts_pg_authid] = {0};
	bool nulls[Natts_pg_authid] = {false};
	bool replaces[Natts_pg_authid] = {false};
	HeapTuple old;
	Form_pg_authid form;

	LockRoles();
	old = RoleTuple(get_role_oid(oldname, false));
	form = (Form_pg_authid) GETSTRUCT(old);
	if (form->oid == GetSessionUserId())
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("session user cannot be renamed")));
	if (form->oid == GetUserId())
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("current user cannot be renamed")));
	CheckNotReserved(oldname, RESERVED_NAMES);
	CheckNotReserved(newname, RESERVED_NAMES);
	CheckNameIsFree(newname);
	if (form->rolsuper && !superuser())
		Refuse("must be superuser to rename superusers");
	if (!have_createrole_privilege())
		Refuse("permission denied to rename role");
	rel = table_open(AuthIdRelationId, RowExclusiveLock);
	strlcpy(NameStr(name), newname, NAMEDATALEN);
	values[Anum_pg_authid_rolname - 1] = NameGetDatum(&name);
	replaces[Anum_pg_authid_rolname - 1] = true;
	INJECTION_POINT("role-update");
	CatalogTupleUpdate(
		rel, &old->t_self,
		heap_modify_tuple(old, RelationGetDescr(rel), values, nulls, replaces));
	table_close(rel, NoLock);
	ReleaseSysCache(old);
}

/* ---- DROP ---- */

static void
CheckMayDrop(Form_pg_authid form)
{
	if (form->oid == GetUserId())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
		                errmsg("current user cannot be dropped")));
	if (form->oid == GetSessionUserId())
		ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
		                errmsg("session user cannot be dropped")));
	if (form->rolsuper && !superuser())
		Refuse("must be superuser to drop superusers");
	if (form->oid < FirstNormalObjectId)
		ereport(ERROR,
		        (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
		         errmsg("cannot drop role %s because it is required by the "
		                "database system",
		                NameStr(form->rolname))));
}

static void
DropOne(Oid roleid)
{
	HeapTuple tuple = RoleTuple(roleid);
	Relation rel;

	CheckMayDrop((Form_pg_authid) GETSTRUCT(tuple));
	LockSharedObject(AuthIdRelationId, roleid, 0, AccessExclusiveLock);
	INJECTION_POINT("role-drop");
	CheckRoleNotInUse(roleid);
	rel = table_open(AuthIdRelationId, RowExclusiveLock);
	CatalogTupleDelete(rel, tuple);
	ReleaseSysCache(tuple);
	table_close(rel, NoLock);
	DropRoleMemberships(roleid);
	forget_role_password(roleid);
	CommandCounterIncrement();
}

void
DropRole(const PgQuery__DropRoleStmt *stmt)
{
	if (!have_createrole_privilege())
		Refuse("permission denied to drop role");
	LockRoles();
	for (size_t i = 0; i < stmt->n_roles; i++)
	{
		PgQuery__RoleSpec *role = stmt->roles[i]->role_spec;
		Oid roleid;

		if (role->roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING)
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			                errmsg("cannot use special role specifier in DROP "
			                       "ROLE")));
		roleid = get_role_oid(role->rolename, stmt->missing_ok);
		if (OidIsValid(roleid))
			DropOne(roleid);
		else
			ereport(NOTICE, (errmsg("role \"%s\" does not exist, skipping",
			                        role->rolename)));
	}
}
