/*
 * privileges.c
 *		has_table_privilege and its like.
 *
 * The one kind of role there is is the superuser, who has every privilege: what
 * is left of the question is whether role, object and privilege exist.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/acl.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <string.h>

#include "catalog/namespace.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

extern Datum text_regclass(PG_FUNCTION_ARGS);

static const char *const table_privileges[] = {
	"SELECT",     "INSERT",  "UPDATE", "DELETE", "TRUNCATE",
	"REFERENCES", "TRIGGER", "RULE",   NULL};
static const char *const schema_privileges[] = {"CREATE", "USAGE", NULL};
static const char *const database_privileges[] = {"CREATE", "TEMPORARY", "TEMP",
                                                  "CONNECT", NULL};

/* ---- the three parts of the question ---- */

static void
check_role_name(Name role)
{
	if (!OidIsValid(GetSysCacheOid1(AUTHNAME, NameGetDatum(role))))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
		                errmsg("role \"%s\" does not exist", NameStr(*role))));
}

static void
check_role_oid(Oid role)
{
	if (!SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(role)))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
		                errmsg("privileges of other roles than the superuser "
		                       "are not supported")));
}

/* A list with commas; each may go on with "WITH GRANT OPTION". */
static void
check_privileges(text *list, const char *const *known)
{
	char *s = text_to_cstring(list);

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
		for (int i = 0; known[i] != NULL && !found; i++)
		{
			int n = strlen(known[i]);

			found = strncasecmp(word, known[i], n) == 0 &&
			        (word[n] == '\0' ||
			         strcasecmp(word + n, " WITH GRANT OPTION") == 0);
		}
		if (!found)
			ereport(ERROR,
			        (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			         errmsg("unrecognized privilege type: \"%s\"", word)));
	}
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

#define ANSWER(kind, object, privileges)                                    \
	do                                                                      \
	{                                                                       \
		Oid object_ = (object);                                             \
                                                                            \
		check_privileges(PG_GETARG_TEXT_PP(privileges), kind##_privileges); \
		if (!kind##_exists(object_))                                        \
			PG_RETURN_NULL();                                               \
		PG_RETURN_BOOL(true);                                               \
	} while (0)

#define PRIVILEGE_FUNCTIONS(kind)                            \
	Datum has_##kind##_privilege_name_name(PG_FUNCTION_ARGS) \
	{                                                        \
		check_role_name(PG_GETARG_NAME(0));                  \
		ANSWER(kind, kind##_oid(PG_GETARG_TEXT_PP(1)), 2);   \
	}                                                        \
	Datum has_##kind##_privilege_name_id(PG_FUNCTION_ARGS)   \
	{                                                        \
		check_role_name(PG_GETARG_NAME(0));                  \
		ANSWER(kind, PG_GETARG_OID(1), 2);                   \
	}                                                        \
	Datum has_##kind##_privilege_id_name(PG_FUNCTION_ARGS)   \
	{                                                        \
		check_role_oid(PG_GETARG_OID(0));                    \
		ANSWER(kind, kind##_oid(PG_GETARG_TEXT_PP(1)), 2);   \
	}                                                        \
	Datum has_##kind##_privilege_id_id(PG_FUNCTION_ARGS)     \
	{                                                        \
		check_role_oid(PG_GETARG_OID(0));                    \
		ANSWER(kind, PG_GETARG_OID(1), 2);                   \
	}                                                        \
	Datum has_##kind##_privilege_name(PG_FUNCTION_ARGS)      \
	{                                                        \
		ANSWER(kind, kind##_oid(PG_GETARG_TEXT_PP(0)), 1);   \
	}                                                        \
	Datum has_##kind##_privilege_id(PG_FUNCTION_ARGS)        \
	{                                                        \
		ANSWER(kind, PG_GETARG_OID(0), 1);                   \
	}

PRIVILEGE_FUNCTIONS(table)
PRIVILEGE_FUNCTIONS(schema)
PRIVILEGE_FUNCTIONS(database)

/* ---- membership: the superuser is a member of every role ---- */

/* PostgreSQL's predefined roles are known by name. */
static const char *const predefined_roles[] = {
	"pg_checkpoint",       "pg_database_owner",    "pg_execute_server_program",
	"pg_monitor",          "pg_read_all_data",     "pg_read_all_settings",
	"pg_read_all_stats",   "pg_read_server_files", "pg_signal_backend",
	"pg_stat_scan_tables", "pg_write_all_data",    "pg_write_server_files",
};

static void
check_member_of(Name role)
{
	for (Size i = 0; i < lengthof(predefined_roles); i++)
	{
		if (strcmp(NameStr(*role), predefined_roles[i]) == 0)
			return;
	}
	check_role_name(role);
}

static Datum
answer_role(text *privileges)
{
	static const char *const role_privileges[] = {
		"USAGE", "MEMBER", "USAGE WITH ADMIN OPTION",
		"MEMBER WITH ADMIN OPTION", NULL};

	check_privileges(privileges, role_privileges);
	PG_RETURN_BOOL(true);
}

Datum
pg_has_role_name_name(PG_FUNCTION_ARGS)
{
	check_role_name(PG_GETARG_NAME(0));
	check_member_of(PG_GETARG_NAME(1));
	return answer_role(PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_name(PG_FUNCTION_ARGS)
{
	check_member_of(PG_GETARG_NAME(0));
	return answer_role(PG_GETARG_TEXT_PP(1));
}

Datum
pg_has_role_name_id(PG_FUNCTION_ARGS)
{
	check_role_name(PG_GETARG_NAME(0));
	return answer_role(PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_id_name(PG_FUNCTION_ARGS)
{
	check_role_oid(PG_GETARG_OID(0));
	check_member_of(PG_GETARG_NAME(1));
	return answer_role(PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_id_id(PG_FUNCTION_ARGS)
{
	check_role_oid(PG_GETARG_OID(0));
	return answer_role(PG_GETARG_TEXT_PP(2));
}

Datum
pg_has_role_id(PG_FUNCTION_ARGS)
{
	return answer_role(PG_GETARG_TEXT_PP(1));
}
