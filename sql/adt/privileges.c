/*
 * privileges.c
 *		has_table_privilege and its like, pg_has_role.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/acl.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <string.h>

#include "catalog/namespace.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

extern Datum text_regclass(PG_FUNCTION_ARGS);

typedef struct PrivilegeName
{
	const char *name; /* NULL: the last one */
	AclMode mode;
} PrivilegeName;

static const PrivilegeName table_privileges[] = {{"SELECT", ACL_SELECT},
                                                 {"INSERT", ACL_INSERT},
                                                 {"UPDATE", ACL_UPDATE},
                                                 {"DELETE", ACL_DELETE},
                                                 {"TRUNCATE", ACL_TRUNCATE},
                                                 {"REFERENCES", ACL_REFERENCES},
                                                 {"TRIGGER", ACL_TRIGGER},
                                                 {"RULE", 0},
                                                 {NULL, 0}};
static const PrivilegeName schema_privileges[] = {
	{"CREATE", ACL_CREATE}, {"USAGE", ACL_USAGE}, {NULL, 0}};
static const PrivilegeName database_privileges[] = {
	{"CREATE", ACL_CREATE},
	{"TEMPORARY", ACL_CREATE_TEMP},
	{"TEMP", ACL_CREATE_TEMP},
	{"CONNECT", ACL_CONNECT},
	{NULL, 0}};

/* ---- the three parts of the question ---- */

static Oid
role_by_name(Name role)
{
	return get_role_oid(NameStr(*role), false);
}

/* PostgreSQL asks for PUBLIC by that name. */
static Oid
role_or_public(Name role)
{
	return strcmp(NameStr(*role), "public") == 0 ? ACL_ID_PUBLIC
	                                             : role_by_name(role);
}

/* A list with commas; each may go on with "WITH GRANT OPTION". */
static AclMode
parse_privileges(text *list, const PrivilegeName *known)
{
	char *s = text_to_cstring(list);
	AclMode mode = 0;

	while (s != NULL)
	{
		char *word = strsep(&s, ",");
		int len;
		bool found = false;

		while (isspace((unsigned char) *word))
			word++;
		len = strlen(word);
		while (len > 0 && isspace((unsigned char) word[len - 1]))
			word[--len] = '\0';
		for (const PrivilegeName *p = known; p->name != NULL && !found; p++)
		{
			int n = strlen(p->name);

			found = strncasecmp(word, p->name, n) == 0 &&
			        (word[n] == '\0' ||
			         strcasecmp(word + n, " WITH GRANT OPTION") == 0);
			if (found)
				mode |=
					word[n] == '\0' ? p->mode : ACL_GRANT_OPTION_FOR(p->mode);
		}
		if (!found)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("unrecognized privilege type: \"%s\"", word)));
	}
	return mode;
}

static bool
table_exists(Oid oid)
{
	return SearchSysCacheExists1(RELOID, ObjectIdGetDatum(oid));
}

static bool
schema_exists(Oid oid)
{
	return SearchSysCacheExists1(NAMESPACEOID, ObjectIdGetDatum(oid));
}

static bool
database_exists(Oid oid)
{
	return get_database_name(oid) != NULL;
}

static Oid
table_oid(text *name)
{
	return DatumGetObjectId(
		DirectFunctionCall1(text_regclass, PointerGetDatum(name)));
}

static Oid
schema_oid(text *name)
{
	return get_namespace_oid(text_to_cstring(name), false);
}

/* This database is the only one. */
static Oid
database_oid(text *name)
{
	char *s = text_to_cstring(name);
	char *mine = get_database_name(MyDatabaseId);

	if (mine == NULL || strcmp(s, mine) != 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_DATABASE),
		                errmsg("database \"%s\" does not exist", s)));
	return MyDatabaseId;
}

/* ---- the functions: the role and the object by name or by OID ---- */

static bool
table_allows(Oid oid, Oid role, AclMode mode)
{
	return pg_class_aclmask(oid, role, mode, ACLMASK_ANY) != 0;
}

static bool
schema_allows(Oid oid, Oid role, AclMode mode)
{
	return pg_namespace_aclmask(oid, role, mode, ACLMASK_ANY) != 0;
}

static bool
database_allows(Oid oid, Oid role, AclMode mode)
{
	return pg_database_aclmask(oid, role, mode, ACLMASK_ANY) != 0;
}

#define ANSWER(kind, role, object, privileges)                          \
	do                                                                  \
	{                                                                   \
		Oid role_ = (role);                                             \
		Oid object_ = (object);                                         \
		AclMode mode_ = parse_privileges(PG_GETARG_TEXT_PP(privileges), \
		                                 kind##_privileges);            \
                                                                        \
		if (!kind##_exists(object_))                                    \
			PG_RETURN_NULL();                                           \
		PG_RETURN_BOOL(kind##_allows(object_, role_, mode_));           \
	} while (0)

#define PRIVILEGE_FUNCTIONS(kind)                                             \
	Datum has_##kind##_privilege_name_name(PG_FUNCTION_ARGS)                  \
	{                                                                         \
		ANSWER(kind, role_or_public(PG_GETARG_NAME(0)),                       \
		       kind##_oid(PG_GETARG_TEXT_PP(1)), 2);                          \
	}                                                                         \
	Datum has_##kind##_privilege_name_id(PG_FUNCTION_ARGS)                    \
	{                                                                         \
		ANSWER(kind, role_or_public(PG_GETARG_NAME(0)), PG_GETARG_OID(1), 2); \
	}                                                                         \
	Datum has_##kind##_privilege_id_name(PG_FUNCTION_ARGS)                    \
	{                                                                         \
		ANSWER(kind, PG_GETARG_OID(0), kind##_oid(PG_GETARG_TEXT_PP(1)), 2);  \
	}                                                                         \
	Datum has_##kind##_privilege_id_id(PG_FUNCTION_ARGS)                      \
	{                                                                         \
		ANSWER(kind, PG_GETARG_OID(0), PG_GETARG_OID(1), 2);                  \
	}                                                                         \
	Datum has_##kind##_privilege_name(PG_FUNCTION_ARGS)                       \
	{                                                                         \
		ANSWER(kind, GetUserId(), kind##_oid(PG_GETARG_TEXT_PP(0)), 1);       \
	}                                                                         \
	Datum has_##kind##_privilege_id(PG_FUNCTION_ARGS)                         \
	{                                                                         \
		ANSWER(kind, GetUserId(), PG_GETARG_OID(0), 1);                       \
	}

PRIVILEGE_FUNCTIONS(table)
PRIVILEGE_FUNCTIONS(schema)
PRIVILEGE_FUNCTIONS(database)

/* ---- membership ---- */

/* USAGE: its privileges count; MEMBER: SET ROLE may go there. */
static Datum
answer_role(Oid member, Oid role, text *privileges)
{
	static const PrivilegeName role_privileges[] = {
		{"USAGE", ACL_USAGE},
		{"MEMBER", ACL_CREATE},
		{"USAGE WITH ADMIN OPTION", ACL_GRANT_OPTION_FOR(ACL_CREATE)},
		{"MEMBER WITH ADMIN OPTION", ACL_GRANT_OPTION_FOR(ACL_CREATE)},
		{NULL, 0}};
	AclMode mode = parse_privileges(privileges, role_privileges);

	PG_RETURN_BOOL(
		((mode & ACL_GRANT_OPTION_FOR(ACL_CREATE | ACL_USAGE)) != 0 &&
	     is_admin_of_role(member, role)) ||
		((mode & ACL_CREATE) != 0 && is_member_of_role(member, role)) ||
		((mode & ACL_USAGE) != 0 && has_privs_of_role(member, role)));
}

Datum
pg_has_role_name_name(PG_FUNCTION_ARGS)
{
	Oid member = role_by_name(PG_GETARG_NAME(0));

	return answer_role(member, role_by_name(PG_GETARG_NAME(1)),
	                   PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_name(PG_FUNCTION_ARGS)
{
	return answer_role(GetUserId(), role_by_name(PG_GETARG_NAME(0)),
	                   PG_GETARG_TEXT_PP(1));
}

Datum
pg_has_role_name_id(PG_FUNCTION_ARGS)
{
	return answer_role(role_by_name(PG_GETARG_NAME(0)), PG_GETARG_OID(1),
	                   PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_id_name(PG_FUNCTION_ARGS)
{
	return answer_role(PG_GETARG_OID(0), role_by_name(PG_GETARG_NAME(1)),
	                   PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_id_id(PG_FUNCTION_ARGS)
{
	return answer_role(PG_GETARG_OID(0), PG_GETARG_OID(1),
	                   PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_id(PG_FUNCTION_ARGS)
{
	return answer_role(GetUserId(), PG_GETARG_OID(0), PG_GETARG_TEXT_PP(1));
}
