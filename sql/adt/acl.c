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

#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"

/* The letters of the privileges, by their bit. */
static const char all_rights[] = "arwdDxtXUCTcsA";

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

static AclMode
rights_of(const char *letters)
{
	AclMode rights = 0;

	for (; *letters != '\0'; letters++)
		rights |= 1u << (strchr(all_rights, *letters) - all_rights);
	return rights;
}

/* ---- lists ---- */

static Acl *
make_acl(const AclItem *items, int n)
{
	Datum *elements = palloc_array(Datum, n + 1);
	Acl *acl;

	for (int i = 0; i < n; i++)
		elements[i] = PointerGetDatum(&items[i]);
	acl = construct_array(elements, n, ACLITEMOID, sizeof(AclItem), false,
	                      TYPALIGN_INT);
	pfree(elements);
	return acl;
}

/* A copy with room for one more. */
static AclItem *
copy_items(const Acl *acl, int *n)
{
	AclItem *items = palloc_array(AclItem, ACL_NUM(acl) + 1);

	*n = ACL_NUM(acl);
	memcpy(items, ACL_DAT(acl), sizeof(AclItem) * (Size) *n);
	return items;
}

Acl *
acldefault(char kind, Oid owner)
{
	AclItem items[2];
	int n = 0;

	for (int i = 0; i < (int) lengthof(defaults); i++)
	{
		if (defaults[i].objtype != kind)
			continue;
		if (kind == 'p')
			owner = BOOTSTRAP_SUPERUSERID;
		if (defaults[i].world[0] != '\0')
			items[n++] =
				(AclItem){ACL_ID_PUBLIC, owner, rights_of(defaults[i].world)};
		if (defaults[i].owner[0] != '\0')
			items[n++] = (AclItem){owner, owner, rights_of(defaults[i].owner)};
		return make_acl(items, n);
	}
	elog(ERROR, "unrecognized objtype abbreviation: %c", kind);
}

Datum
acldefault_sql(PG_FUNCTION_ARGS)
{
	PG_RETURN_ARRAYTYPE_P(acldefault(PG_GETARG_CHAR(0), PG_GETARG_OID(1)));
}

bool
aclmentions(const Acl *acl, Oid roleid)
{
	for (int i = 0; i < ACL_NUM(acl); i++)
		if (ACL_DAT(acl)[i].ai_grantee == roleid ||
		    ACL_DAT(acl)[i].ai_grantor == roleid)
			return true;
	return false;
}

/* ---- what is granted ---- */

static bool
is_enough(AclMode result, AclMode mask, AclMaskHow how)
{
	return how == ACLMASK_ALL ? result == mask : result != 0;
}

AclMode
aclmask(const Acl *acl, Oid roleid, Oid owner, AclMode mask, AclMaskHow how)
{
	const AclItem *items = ACL_DAT(acl);
	AclMode result = 0;

	if (mask == 0)
		return 0;
	/* the owner can give what he himself may lack */
	if ((mask & ACLITEM_ALL_GOPTION_BITS) != 0 &&
	    has_privs_of_role(roleid, owner))
	{
		result = mask & ACLITEM_ALL_GOPTION_BITS;
		if (is_enough(result, mask, how))
			return result;
	}
	/* memberships, which cost more, only as far as they still matter */
	for (int i = 0; i < ACL_NUM(acl); i++)
	{
		if (items[i].ai_grantee != ACL_ID_PUBLIC &&
		    items[i].ai_grantee != roleid)
			continue;
		result |= items[i].ai_privs & mask;
		if (is_enough(result, mask, how))
			return result;
	}
	for (int i = 0; i < ACL_NUM(acl); i++)
	{
		if ((items[i].ai_privs & mask & ~result) == 0 ||
		    items[i].ai_grantee == ACL_ID_PUBLIC ||
		    !has_privs_of_role(roleid, items[i].ai_grantee))
			continue;
		result |= items[i].ai_privs & mask;
		if (is_enough(result, mask, how))
			return result;
	}
	return result;
}

/* What exactly this role was granted, and everybody. */
static AclMode
aclmask_direct(const Acl *acl, Oid roleid, Oid owner, AclMode mask)
{
	AclMode result = roleid == owner ? mask & ACLITEM_ALL_GOPTION_BITS : 0;

	for (int i = 0; i < ACL_NUM(acl); i++)
		if (ACL_DAT(acl)[i].ai_grantee == roleid)
			result |= ACL_DAT(acl)[i].ai_privs & mask;
	return result;
}

static int
count_bits(AclMode mask)
{
	return __builtin_popcount(mask);
}

/*
 * The owner where the role has his privileges; else the role that it has the
 * privileges of with the most of the grant options that are needed.
 */
void
select_best_grantor(Oid roleid, AclMode privileges, const Acl *acl, Oid owner,
                    Oid *grantor, AclMode *grant_options)
{
	AclMode needed = ACL_GRANT_OPTION_FOR(privileges);

	*grantor = owner;
	*grant_options = needed;
	if (roleid == owner || has_privs_of_role(roleid, owner))
		return;
	*grantor = roleid;
	*grant_options = aclmask_direct(acl, roleid, owner, needed);
	for (int i = 0; i < ACL_NUM(acl); i++)
	{
		Oid other = ACL_DAT(acl)[i].ai_grantee;
		AclMode options;

		if (other == ACL_ID_PUBLIC || other == roleid ||
		    !has_privs_of_role(roleid, other))
			continue;
		options = aclmask_direct(acl, other, owner, needed);
		if (count_bits(options) > count_bits(*grant_options))
		{
			*grantor = other;
			*grant_options = options;
		}
	}
}

/* ---- changes ---- */

/*
 * What the grantee got with grant option must not lead back to the grantor: if
 * all that the grantee has is taken away, the grantor must still have it.
 */
static void
check_circularity(const Acl *old_acl, const AclItem *item, Oid owner)
{
	Acl *acl;
	AclMode own;

	if (item->ai_grantor == owner)
		return;
	acl = make_acl(ACL_DAT(old_acl), ACL_NUM(old_acl));
	for (int i = 0; i < ACL_NUM(acl);)
	{
		AclItem one = ACL_DAT(acl)[i];

		if (one.ai_grantee != item->ai_grantee ||
		    (one.ai_privs & ACLITEM_ALL_GOPTION_BITS) == 0)
		{
			i++;
			continue;
		}
		acl = aclupdate(acl, &one, false, owner,
		                PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE);
		i = 0;
	}
	own = ACL_OPTION_TO_PRIVS(aclmask(acl, item->ai_grantor, owner,
	                                  item->ai_privs & ACLITEM_ALL_GOPTION_BITS,
	                                  ACLMASK_ALL));
	if ((ACL_OPTION_TO_PRIVS(item->ai_privs) & ~own) != 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_GRANT_OPERATION),
		                errmsg("grant options cannot be granted back to your "
		                       "own grantor")));
}

/* The grantee has lost these grant options: so do those whom he granted. */
static Acl *
recursive_revoke(Acl *acl, Oid grantee, AclMode revoked, Oid owner,
                 PgQuery__DropBehavior behavior)
{
	AclMode still;

	if (grantee == owner)
		return acl;
	/* he may have them of another grantor, too */
	still = aclmask(acl, grantee, owner, ACL_GRANT_OPTION_FOR(revoked),
	                ACLMASK_ALL);
	revoked &= ~ACL_OPTION_TO_PRIVS(still);
	for (int i = 0; revoked != 0 && i < ACL_NUM(acl);)
	{
		AclItem one = ACL_DAT(acl)[i];
		AclMode shared = one.ai_privs & revoked;

		if (one.ai_grantor != grantee || shared == 0)
		{
			i++;
			continue;
		}
		if (behavior != PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE)
			ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
			                errmsg("dependent privileges exist"),
			                errhint("Use CASCADE to revoke them too.")));
		one.ai_privs = shared | ACL_GRANT_OPTION_FOR(shared);
		acl = aclupdate(acl, &one, false, owner, behavior);
		i = 0; /* the list is another one */
	}
	return acl;
}

Acl *
aclupdate(const Acl *old_acl, const AclItem *item, bool is_grant, Oid owner,
          PgQuery__DropBehavior behavior)
{
	int n;
	AclItem *items = copy_items(old_acl, &n);
	AclMode lost;
	AclMode before;
	Acl *acl;
	int i;

	if (is_grant && (item->ai_privs & ACLITEM_ALL_GOPTION_BITS) != 0 &&
	    item->ai_grantee != ACL_ID_PUBLIC)
		check_circularity(old_acl, item, owner);
	for (i = 0; i < n; i++)
		if (items[i].ai_grantee == item->ai_grantee &&
		    items[i].ai_grantor == item->ai_grantor)
			break;
	if (i == n)
		items[n++] = (AclItem){item->ai_grantee, item->ai_grantor, 0};
	before = items[i].ai_privs;
	if (is_grant)
		items[i].ai_privs |= item->ai_privs;
	else
		items[i].ai_privs &= ~item->ai_privs;
	lost = ACL_OPTION_TO_PRIVS(before & ~items[i].ai_privs);
	if (items[i].ai_privs == 0)
	{
		memmove(&items[i], &items[i + 1], sizeof(AclItem) * (Size) (n - i - 1));
		n--;
	}
	acl = make_acl(items, n);
	pfree(items);
	if (lost != 0)
		acl = recursive_revoke(acl, item->ai_grantee, lost, owner, behavior);
	return acl;
}

Acl *
aclnewowner(const Acl *old_acl, Oid old_owner, Oid new_owner)
{
	int n;
	AclItem *items = copy_items(old_acl, &n);
	int kept = 0;

	for (int i = 0; i < n; i++)
	{
		AclItem one = items[i];
		int j;

		if (one.ai_grantor == old_owner)
			one.ai_grantor = new_owner;
		if (one.ai_grantee == old_owner)
			one.ai_grantee = new_owner;
		/* what the new owner had of the old one is now of himself */
		for (j = 0; j < kept; j++)
			if (items[j].ai_grantee == one.ai_grantee &&
			    items[j].ai_grantor == one.ai_grantor)
				break;
		if (j < kept)
			items[j].ai_privs |= one.ai_privs;
		else
			items[kept++] = one;
	}
	return make_acl(items, kept);
}

/* ---- the type ---- */

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
	if (item->ai_grantee != ACL_ID_PUBLIC)
		append_role(&text, item->ai_grantee);
	appendStringInfoChar(&text, '=');
	for (int i = 0; all_rights[i] != '\0'; i++)
	{
		if (item->ai_privs & (1u << i))
			appendStringInfoChar(&text, all_rights[i]);
		if (item->ai_privs & ACL_GRANT_OPTION_FOR(1u << i))
			appendStringInfoChar(&text, '*');
	}
	appendStringInfoChar(&text, '/');
	append_role(&text, item->ai_grantor);
	PG_RETURN_CSTRING(text.data);
}
