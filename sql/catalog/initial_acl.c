/*
 * initial_acl.c
 *		The privileges that a cluster is made with: of catalogs, views, schemas
 *		and functions.
 *
 * Everybody may read the catalogs and views, but for those listed here.  The
 * lists of relations and schemas are written into their rows when these are
 * made, and can be changed by GRANT and REVOKE; pg_init_privs shows what they
 * were, so that a dump holds the changes only.  Functions have no row that
 * could be changed: who may call which is said here.
 *
 * Corresponds to what PostgreSQL's initdb grants, and system_functions.sql and
 * system_views.sql revoke.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "catalog/system_views.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

/* Relations that not everybody reads: the one role that does, or 0. */
static const struct
{
	const char *name;
	Oid reader;
} restricted_views[] = {
	{"pg_shmem_allocations", ROLE_PG_READ_ALL_STATS},
	{"pg_buffercache", ROLE_PG_MONITOR},
	{"pg_hba_file_rules", InvalidOid},
	{"pg_ident_file_mappings", InvalidOid},
};

static Acl *
MakeAcl(const AclItem *items, int n)
{
	Datum elements[3];

	Assert(n <= (int) lengthof(elements));
	for (int i = 0; i < n; i++)
		elements[i] = PointerGetDatum(&items[i]);
	return construct_array(elements, n, ACLITEMOID, sizeof(AclItem), false,
	                       TYPALIGN_INT);
}

static bool
IsRestrictedView(Oid relid, Oid *reader)
{
	const SystemView *view = GetSystemView(relid);

	for (Size i = 0; view != NULL && i < lengthof(restricted_views); i++)
	{
		if (strcmp(view->name, restricted_views[i].name) != 0)
			continue;
		*reader = restricted_views[i].reader;
		return true;
	}
	return false;
}

Acl *
InitialRelationAcl(Oid relid)
{
	const Oid owner = BOOTSTRAP_SUPERUSERID;
	AclItem mine = {owner, owner, ACL_ALL_RIGHTS_RELATION};
	Oid reader;

	if (relid == AuthIdRelationId)
		return MakeAcl(&mine, 1);
	if (IsRestrictedView(relid, &reader))
		return MakeAcl((AclItem[]){mine, {reader, owner, ACL_SELECT}},
		               OidIsValid(reader) ? 2 : 1);
	return MakeAcl((AclItem[]){{ACL_ID_PUBLIC, owner, ACL_SELECT}, mine}, 2);
}

Acl *
InitialNamespaceAcl(Oid nspid)
{
	Oid owner = nspid == PG_PUBLIC_NAMESPACE ? ROLE_PG_DATABASE_OWNER
	                                         : BOOTSTRAP_SUPERUSERID;

	if (nspid != PG_PUBLIC_NAMESPACE && nspid != PG_CATALOG_NAMESPACE)
		return NULL;
	return MakeAcl((AclItem[]){{owner, owner, ACL_ALL_RIGHTS_SCHEMA},
	                           {ACL_ID_PUBLIC, owner, ACL_USAGE}},
	               2);
}

/* Functions that not everybody may call. */
bool
FunctionIsRestricted(Oid funcid)
{
	static const Oid restricted[] = {
		2274,                   /* pg_stat_reset */
		2621,                   /* pg_reload_conf */
		2848,                   /* pg_switch_wal */
		3776,                   /* pg_stat_reset_single_table_counters */
		9610, 9611, 9612, 9613, /* pg_stat_statements_reset */
	};

	for (Size i = 0; i < lengthof(restricted); i++)
		if (restricted[i] == funcid)
			return true;
	return false;
}

void
CheckFunctionPrivilege(Oid funcid)
{
	if (!superuser() && FunctionIsRestricted(funcid))
		aclcheck_error(ACLCHECK_NO_PRIV, ACL_OBJECT_FUNCTION,
		               get_func_name(funcid));
}
