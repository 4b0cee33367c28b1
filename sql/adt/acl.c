/*
 * acl.c
 *		The type aclitem, as far as clients read it: the privileges that an
 *		object has when none were granted.
 *
 * The one kind of role there is is the superuser and nothing is granted, so no
 * object has a list of its own: what is asked for are the lists that stand for
 * it.
 *
 * Corresponds to a part of PostgreSQL's utils/adt/acl.c.
 */
#include "postgres.h"

#include <ctype.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#define BOOTSTRAP_SUPERUSERID 10

/* The letters of the privileges, by their bit. */
static const char all_rights[] = "arwdDxtXUCTcsA";

/* As it stands in an array. */
typedef struct AclItem
{
	Oid ai_grantee; /* 0: all */
	Oid ai_grantor;
	uint32 ai_privs;
} AclItem;

StaticAssertDecl(sizeof(AclItem) == 12, "as pg_type has it");

/* Who has what of an object of a kind: all, and its owner. */
static const struct
{
	char objtype;
	const char *world;
	const char *owner;
} defaults[] = {
	{'c', "", ""},   {'r', "", "arwdDxt"}, {'s', "", "rwU"}, {'d', "Tc", "CTc"},
	{'f', "X", "X"}, {'l', "U", "U"},      {'L', "", "rw"},  {'n', "", "UC"},
	{'t', "", "C"},  {'F', "", "U"},       {'S', "", "U"},   {'T', "U", "U"},
	{'p', "", "sA"},
};

static uint32
rights_of(const char *letters)
{
	uint32 rights = 0;

	for (; *letters != '\0'; letters++)
		rights |= 1u << (strchr(all_rights, *letters) - all_rights);
	return rights;
}

Datum
acldefault_sql(PG_FUNCTION_ARGS)
{
	char objtype = PG_GETARG_CHAR(0);
	Oid owner = PG_GETARG_OID(1);
	AclItem items[2];
	Datum elements[2];
	int n = 0;

	for (int i = 0; i < (int) lengthof(defaults); i++)
	{
		if (defaults[i].objtype != objtype)
			continue;
		if (objtype == 'p')
			owner = BOOTSTRAP_SUPERUSERID;
		if (defaults[i].world[0] != '\0')
			items[n++] =
				(AclItem){InvalidOid, owner, rights_of(defaults[i].world)};
		if (defaults[i].owner[0] != '\0')
			items[n++] = (AclItem){owner, owner, rights_of(defaults[i].owner)};
		for (int j = 0; j < n; j++)
			elements[j] = PointerGetDatum(&items[j]);
		PG_RETURN_ARRAYTYPE_P(construct_array(
			elements, n, ACLITEMOID, sizeof(AclItem), false, TYPALIGN_INT));
	}
	elog(ERROR, "unrecognized objtype abbreviation: %c", objtype);
	PG_RETURN_NULL();
}

/* Quoted where it is not plain. */
static void
append_role(StringInfo text, Oid role)
{
	char *name = GetUserNameFromId(role, true);
	bool plain = true;

	/* a role that is no more */
	if (name == NULL)
		name = psprintf("%u", role);
	for (const char *c = name; *c != '\0'; c++)
		plain &= isalnum((unsigned char) *c) || *c == '_';
	if (!plain)
		appendStringInfoChar(text, '"');
	for (const char *c = name; *c != '\0'; c++)
	{
		if (*c == '"')
			appendStringInfoChar(text, '"');
		appendStringInfoChar(text, *c);
	}
	if (!plain)
		appendStringInfoChar(text, '"');
}

/* "grantee=rights/grantor" */
Datum
aclitemout(PG_FUNCTION_ARGS)
{
	const AclItem *item = (const AclItem *) PG_GETARG_POINTER(0);
	StringInfoData text;

	initStringInfo(&text);
	if (OidIsValid(item->ai_grantee))
		append_role(&text, item->ai_grantee);
	appendStringInfoChar(&text, '=');
	for (int i = 0; all_rights[i] != '\0'; i++)
		if (item->ai_privs & (1u << i))
			appendStringInfoChar(&text, all_rights[i]);
	appendStringInfoChar(&text, '/');
	append_role(&text, item->ai_grantor);
	PG_RETURN_CSTRING(text.data);
}
