/*
 * user.c
 *		ALTER ROLE ... PASSWORD.
 *
 * A password is kept as a verifier (libpq/scram.h), in a file and not in
 * pg_authid (postmaster/crypt.c, which also says why a transaction block cannot
 * hold the statement).
 *
 * Corresponds to a part of PostgreSQL's commands/user.c.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/catalog_schema.h"
#include "commands/user.h"
#include "libpq/crypt.h"
#include "libpq/scram.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

/* Passwords are hashed before anything else; longer ones only cost time. */
#define MAX_PASSWORD_LENGTH 1024

static Oid
role_of(const PgQuery__RoleSpec *role)
{
	Oid oid;

	if (role->roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING)
		return GetUserId();
	oid = GetSysCacheOid1(AUTHNAME, CStringGetDatum(role->rolename));
	if (!OidIsValid(oid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("role \"%s\" does not exist", role->rolename)));
	return oid;
}

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

void
AlterRole(const PgQuery__AlterRoleStmt *stmt, bool isTopLevel)
{
	const char *password = NULL;
	bool found = false;
	Oid roleid;

	for (size_t i = 0; i < stmt->n_options; i++)
	{
		PgQuery__DefElem *option = stmt->options[i]->def_elem;

		if (strcmp(option->defname, "password") != 0)
			ereport(ERROR,
			        (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			         errmsg("ALTER ROLE with options other than PASSWORD is "
			                "not supported")));
		if (found)
			ereport(ERROR, (errcode(ERRCODE_SYNTAX_ERROR),
			                errmsg("conflicting or redundant options")));
		found = true;
		if (option->arg != NULL)
			password = option->arg->string->sval;
	}
	if (!found)
		return;
	PreventInTransactionBlock(isTopLevel, "ALTER ROLE ... PASSWORD");
	LockDatabaseObject(AuthIdRelationId, InvalidOid, 0, AccessExclusiveLock);
	roleid = role_of(stmt->role);
	set_role_password(roleid, verifier_of(password));
}
