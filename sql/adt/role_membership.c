/*
 * role_membership.c
 *		Which roles a role is a member of.
 *
 * A question is answered from the list of all roles that a role belongs to,
 * directly or through others, which is kept until a row of pg_authid or
 * pg_auth_members changes.  There are two kinds of lists: in that of privileges
 * what a role with NOINHERIT belongs to is left out.
 *
 * Memberships have no cycles (commands/user.c), and the walk would end all the
 * same: a role is in the list once.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/acl.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

typedef enum RoleRecurseType
{
	ROLERECURSE_MEMBERS, /* all of them */
	ROLERECURSE_PRIVS    /* those whose privileges it inherits */
} RoleRecurseType;

/* The last list of each kind. */
static struct
{
	Oid roleid;
	uint64 authid_generation;
	uint64 members_generation;
	List *roles; /* in CacheMemoryContext */
} cached[2];

/* ---- the list ---- */

static bool
Inherits(Oid roleid)
{
	HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(roleid));
	bool result =
		tuple != NULL && ((Form_pg_authid) GETSTRUCT(tuple))->rolinherit;

	if (tuple != NULL)
		ReleaseSysCache(tuple);
	return result;
}

/* All rows of pg_auth_members. */
static FormData_pg_auth_members *
ReadMembers(int *n)
{
	Relation rel = table_open(AuthMemRelationId, AccessShareLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(AuthMemRelationId), 0, NULL);
	int allocated = 16;
	FormData_pg_auth_members *rows =
		palloc_array(FormData_pg_auth_members, allocated);
	HeapTuple tuple;

	*n = 0;
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		if (*n == allocated)
		{
			allocated *= 2;
			rows = repalloc(rows, sizeof(*rows) * (Size) allocated);
		}
		memcpy(&rows[(*n)++], GETSTRUCT(tuple), sizeof(*rows));
	}
	table_endscan(scan);
	table_close(rel, AccessShareLock);
	return rows;
}

static List *
CollectRoles(Oid roleid, RoleRecurseType type)
{
	List *roles = list_make1_oid(roleid);
	int nrows;
	FormData_pg_auth_members *rows = ReadMembers(&nrows);

	/* the list grows while it is walked */
	for (int i = 0; i < list_length(roles); i++)
	{
		Oid member = list_nth_oid(roles, i);

		if (type == ROLERECURSE_PRIVS && !Inherits(member))
			continue;
		for (int j = 0; j < nrows; j++)
			if (rows[j].member == member)
				roles = list_append_unique_oid(roles, rows[j].roleid);
		/* the database is the bootstrap superuser's */
		if (member == BOOTSTRAP_SUPERUSERID)
			roles = list_append_unique_oid(roles, ROLE_PG_DATABASE_OWNER);
	}
	pfree(rows);
	return roles;
}

static List *
roles_is_member_of(Oid roleid, RoleRecurseType type)
{
	uint64 authid = SysCacheGeneration(AUTHOID);
	uint64 members = SysCacheGeneration(AUTHMEMROLEMEM);
	List *collected;
	MemoryContext old;

	if (cached[type].roleid == roleid &&
	    cached[type].authid_generation == authid &&
	    cached[type].members_generation == members)
		return cached[type].roles;
	collected = CollectRoles(roleid, type);
	/* What came while it was read makes the generations differ: next time. */
	old = MemoryContextSwitchTo(CacheMemoryContext);
	cached[type].roleid = InvalidOid;
	list_free(cached[type].roles);
	cached[type].roles = NIL;
	cached[type].roles = list_copy(collected);
	MemoryContextSwitchTo(old);
	list_free(collected);
	cached[type].authid_generation = authid;
	cached[type].members_generation = members;
	cached[type].roleid = roleid;
	return cached[type].roles;
}

/* ---- questions ---- */

bool
has_privs_of_role(Oid member, Oid role)
{
	return member == role || superuser_arg(member) ||
	       list_member_oid(roles_is_member_of(member, ROLERECURSE_PRIVS), role);
}

bool
is_member_of_role(Oid member, Oid role)
{
	return superuser_arg(member) || is_member_of_role_nosuper(member, role);
}

bool
is_member_of_role_nosuper(Oid member, Oid role)
{
	return member == role ||
	       list_member_oid(roles_is_member_of(member, ROLERECURSE_MEMBERS),
	                       role);
}

void
check_is_member_of_role(Oid member, Oid role)
{
	if (!is_member_of_role(member, role))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("must be member of role \"%s\"",
		                       GetUserNameFromId(role, false))));
}

bool
is_admin_of_role(Oid member, Oid role)
{
	List *roles;
	FormData_pg_auth_members *rows;
	int nrows;
	bool result = false;

	if (superuser_arg(member))
		return true;
	/* a role gives itself away, but only in a session of its own */
	if (member == role)
		return member == GetSessionUserId();
	roles = roles_is_member_of(member, ROLERECURSE_MEMBERS);
	rows = ReadMembers(&nrows);
	for (int i = 0; i < nrows && !result; i++)
		result = rows[i].roleid == role && rows[i].admin_option &&
		         list_member_oid(roles, rows[i].member);
	pfree(rows);
	return result;
}

/* ---- names ---- */

Oid
get_role_oid(const char *rolname, bool missing_ok)
{
	Oid oid = GetSysCacheOid1(AUTHNAME, CStringGetDatum(rolname));

	if (!OidIsValid(oid) && !missing_ok)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("role \"%s\" does not exist", rolname)));
	return oid;
}

Oid
get_rolespec_oid(const PgQuery__RoleSpec *role, bool missing_ok)
{
	switch (role->roletype)
	{
		case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE:
		case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER:
			return GetUserId();
		case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER:
			return GetSessionUserId();
		case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC:
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
			                errmsg("role \"%s\" does not exist", "public")));
			break;
		default:
			break;
	}
	return get_role_oid(role->rolename, missing_ok);
}
