/*
 * rolegrant.c
 *		GRANT role TO role, REVOKE role FROM role.
 *
 * Under the lock on the roles, so that two transactions cannot make a cycle of
 * two memberships that are right each by itself.
 *
 * Corresponds to a part of PostgreSQL's commands/user.c.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/indexing.h"
#include "catalog/pg_authid.h"
#include "commands/user.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/injection_point.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

List *
roleSpecsToIds(PgQuery__Node **nodes, size_t n)
{
	List *ids = NIL;

	for (size_t i = 0; i < n; i++)
		ids = lappend_oid(ids, get_rolespec_oid(nodes[i]->role_spec, false));
	return ids;
}

static void
CheckMayChangeMembers(Oid roleid)
{
	Oid user = GetUserId();

	if (superuser_arg(roleid))
	{
		if (!superuser())
			ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			                errmsg("must be superuser to alter superusers")));
	}
	else if (!have_createrole_privilege() && !is_admin_of_role(user, roleid))
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("must have admin option on role \"%s\"",
		                       GetUserNameFromId(roleid, false))));
}

static void
CheckMembership(Oid roleid, Oid member)
{
	if (member == ROLE_PG_DATABASE_OWNER)
		ereport(ERROR, (errmsg("role \"%s\" cannot be a member of any role",
		                       GetUserNameFromId(member, false))));
	if (is_member_of_role_nosuper(roleid, member))
		ereport(ERROR, (errcode(ERRCODE_INVALID_GRANT_OPERATION),
		                errmsg("role \"%s\" is a member of role \"%s\"",
		                       GetUserNameFromId(roleid, false),
		                       GetUserNameFromId(member, false))));
}

/* The row of a membership as it is to be; old: as it was, or NULL. */
static void
PutMembership(Relation rel, HeapTuple old, Oid roleid, Oid member, Oid grantor,
              bool admin)
{
	Datum values[Natts_pg_auth_members] = {
		ObjectIdGetDatum(roleid), ObjectIdGetDatum(member),
		ObjectIdGetDatum(grantor), BoolGetDatum(admin)};
	bool nulls[Natts_pg_auth_members] = {false};
	HeapTuple tuple = heap_form_tuple(RelationGetDescr(rel), values, nulls);

	INJECTION_POINT("role-membership-write");
	if (old == NULL)
		CatalogTupleInsert(rel, tuple);
	else
		CatalogTupleUpdate(rel, &old->t_self, tuple);
	CommandCounterIncrement();
}

static HeapTuple
FindMembership(Oid roleid, Oid member)
{
	return SearchSysCache2(AUTHMEMROLEMEM, ObjectIdGetDatum(roleid),
	                       ObjectIdGetDatum(member));
}

void
AddRoleMems(Oid roleid, List *members, Oid grantor, bool admin)
{
	Relation rel;
	ListCell *lc;

	if (members == NIL)
		return;
	CheckMayChangeMembers(roleid);
	if (roleid == ROLE_PG_DATABASE_OWNER)
		ereport(ERROR, (errmsg("role \"%s\" cannot have explicit members",
		                       GetUserNameFromId(roleid, false))));
	rel = table_open(AuthMemRelationId, RowExclusiveLock);
	foreach (lc, members)
	{
		Oid member = lfirst_oid(lc);
		HeapTuple old;

		CheckMembership(roleid, member);
		old = FindMembership(roleid, member);
		if (old != NULL &&
		    (!admin || ((Form_pg_auth_members) GETSTRUCT(old))->admin_option))
			ereport(NOTICE,
			        (errmsg("role \"%s\" is already a member of role \"%s\"",
			                GetUserNameFromId(member, false),
			                GetUserNameFromId(roleid, false))));
		else
			PutMembership(rel, old, roleid, member, grantor, admin);
		if (old != NULL)
			ReleaseSysCache(old);
	}
	table_close(rel, NoLock);
}

void
DelRoleMems(Oid roleid, List *members, bool admin_only)
{
	Relation rel;
	ListCell *lc;

	if (members == NIL)
		return;
	CheckMayChangeMembers(roleid);
	rel = table_open(AuthMemRelationId, RowExclusiveLock);
	foreach (lc, members)
	{
		Oid member = lfirst_oid(lc);
		HeapTuple old = FindMembership(roleid, member);

		if (old == NULL)
		{
			ereport(WARNING,
			        (errmsg("role \"%s\" is not a member of role \"%s\"",
			                GetUserNameFromId(member, false),
			                GetUserNameFromId(roleid, false))));
			continue;
		}
		if (admin_only)
			PutMembership(rel, old, roleid, member,
			              ((Form_pg_auth_members) GETSTRUCT(old))->grantor,
			              false);
		else
		{
			INJECTION_POINT("role-membership-write");
			CatalogTupleDelete(rel, old);
			CommandCounterIncrement();
		}
		ReleaseSysCache(old);
	}
	table_close(rel, NoLock);
}

void
DropRoleMemberships(Oid roleid)
{
	Relation rel = table_open(AuthMemRelationId, RowExclusiveLock);
	TableScanDesc scan =
		table_beginscan(rel, GetCatalogSnapshot(AuthMemRelationId), 0, NULL);
	HeapTuple tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		Form_pg_auth_members form = (Form_pg_auth_members) GETSTRUCT(tuple);

		if (form->roleid != roleid && form->member != roleid)
			continue;
		INJECTION_POINT("role-membership-write");
		CatalogTupleDelete(rel, tuple);
	}
	table_endscan(scan);
	table_close(rel, NoLock);
}

static Oid
GrantorOf(const PgQuery__RoleSpec *grantor)
{
	Oid oid;

	if (grantor == NULL)
		return GetUserId();
	oid = get_rolespec_oid(grantor, false);
	if (oid != GetUserId() && !superuser())
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("must be superuser to set grantor")));
	return oid;
}

void
GrantRole(const PgQuery__GrantRoleStmt *stmt)
{
	Oid grantor;
	List *grantees;

	LockRoles();
	grantor = GrantorOf(stmt->grantor);
	grantees = roleSpecsToIds(stmt->grantee_roles, stmt->n_grantee_roles);
	for (size_t i = 0; i < stmt->n_granted_roles; i++)
	{
		PgQuery__AccessPriv *priv = stmt->granted_roles[i]->access_priv;
		Oid roleid;

		if (priv->n_cols > 0 || priv->priv_name[0] == '\0')
			ereport(ERROR, (errcode(ERRCODE_INVALID_GRANT_OPERATION),
			                errmsg("column names cannot be included in "
			                       "GRANT/REVOKE ROLE")));
		roleid = get_role_oid(priv->priv_name, false);
		if (stmt->is_grant)
			AddRoleMems(roleid, grantees, grantor, stmt->admin_opt);
		else
			DelRoleMems(roleid, grantees, stmt->admin_opt);
	}
}
