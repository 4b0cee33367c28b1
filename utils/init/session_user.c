/*
 * session_user.c
 *		Whose session it is, and as whom it acts.
 *
 * Three roles: who logged in (never changes), the session's user (SET SESSION
 * AUTHORIZATION, for superusers) and the current user, whose privileges count
 * (SET ROLE, to roles that the session's user is a member of).
 *
 * Rules
 * 1.	What SET changes ends with its transaction as other settings do: a
 *		rollback goes back to what was before, a commit to what SET (without
 *		LOCAL) left.  What is gone back to is kept here with OID and name: the
 *		end of a transaction reads no catalog.
 * 2.	The settings role, session_authorization and is_superuser only show it;
 *		they are PGC_INTERNAL, and SET of the first two comes here.
 * 3.	A session goes on when its role is dropped: it then has no privileges.
 *
 * Corresponds to a part of PostgreSQL's miscinit.c, superuser.c and variable.c,
 * which keep it in settings with hooks.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_authid.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/acl.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/syscache.h"

typedef struct NamedRole
{
	Oid oid;
	bool is_super;
	char name[NAMEDATALEN];
} NamedRole;

typedef struct UserState
{
	NamedRole session;
	NamedRole role; /* SET ROLE; InvalidOid: none */
} UserState;

static Oid AuthenticatedUserId = InvalidOid;
static bool AuthenticatedUserIsSuperuser = false;

/* Now, and what the end of the transaction makes of it (rule 1). */
static UserState now;
static UserState at_commit;
static UserState at_abort;
static bool changed = false;

static Oid CurrentUserId = InvalidOid;
static int SecurityRestrictionContext = 0;

Oid
GetAuthenticatedUserId(void)
{
	return OidIsValid(AuthenticatedUserId) ? AuthenticatedUserId
	                                       : BOOTSTRAP_SUPERUSERID;
}

Oid
GetSessionUserId(void)
{
	return OidIsValid(now.session.oid) ? now.session.oid
	                                   : BOOTSTRAP_SUPERUSERID;
}

Oid
GetUserId(void)
{
	return OidIsValid(CurrentUserId) ? CurrentUserId : BOOTSTRAP_SUPERUSERID;
}

void
GetUserIdAndSecContext(Oid *userid, int *sec_context)
{
	*userid = GetUserId();
	*sec_context = SecurityRestrictionContext;
}

void
SetUserIdAndSecContext(Oid userid, int sec_context)
{
	CurrentUserId = userid;
	SecurityRestrictionContext = sec_context;
}

/* ---- superusers ---- */

bool
superuser(void)
{
	return superuser_arg(GetUserId());
}

/* The last answer is kept as long as no role changes. */
bool
superuser_arg(Oid roleid)
{
	static Oid last_roleid = InvalidOid;
	static uint64 last_generation = 0;
	static bool last_is_super = false;
	uint64 generation;
	HeapTuple tuple;

	/* there is no way to take it from him */
	if (roleid == BOOTSTRAP_SUPERUSERID)
		return true;
	generation = SysCacheGeneration(AUTHOID);
	if (roleid == last_roleid && generation == last_generation)
		return last_is_super;
	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(roleid));
	/* an answer of before a change that came meanwhile is not kept long */
	last_is_super =
		tuple != NULL && ((Form_pg_authid) GETSTRUCT(tuple))->rolsuper;
	if (tuple != NULL)
		ReleaseSysCache(tuple);
	last_roleid = roleid;
	last_generation = generation;
	return last_is_super;
}

/* ---- the state ---- */

/* Makes *state the present one.  Nothing in here reads a catalog. */
static void
TakeEffect(const UserState *state)
{
	const NamedRole *acting =
		OidIsValid(state->role.oid) ? &state->role : &state->session;

	now = *state;
	CurrentUserId = acting->oid;
	SetConfigOption("session_authorization", state->session.name, PGC_INTERNAL,
	                PGC_S_OVERRIDE);
	SetConfigOption("role",
	                OidIsValid(state->role.oid) ? state->role.name : "none",
	                PGC_INTERNAL, PGC_S_OVERRIDE);
	SetConfigOption("is_superuser", acting->is_super ? "on" : "off",
	                PGC_INTERNAL, PGC_S_OVERRIDE);
}

void
AtEOXact_SessionUser(bool isCommit)
{
	if (!changed)
		return;
	changed = false;
	TakeEffect(isCommit ? &at_commit : &at_abort);
}

static void
FillNamedRole(NamedRole *role, HeapTuple tuple)
{
	Form_pg_authid form = (Form_pg_authid) GETSTRUCT(tuple);

	role->oid = form->oid;
	role->is_super = form->rolsuper;
	strlcpy(role->name, NameStr(form->rolname), NAMEDATALEN);
}

/* ---- the start ---- */

static void
CheckMayLogIn(HeapTuple tuple)
{
	Form_pg_authid form = (Form_pg_authid) GETSTRUCT(tuple);

	if (!form->rolcanlogin)
		ereport(FATAL, (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
		                errmsg("role \"%s\" is not permitted to log in",
		                       NameStr(form->rolname))));
	INJECTION_POINT("session-user-counted");
	/* this one counts already, so of two that come at once one may come in */
	if (form->rolconnlimit >= 0 && !form->rolsuper &&
	    CountUserBackends(form->oid) > form->rolconnlimit)
		ereport(FATAL, (errcode(ERRCODE_TOO_MANY_CONNECTIONS),
		                errmsg("too many connections for role \"%s\"",
		                       NameStr(form->rolname))));
}

void
InitializeSessionUserId(const char *rolename, Oid roleid)
{
	HeapTuple tuple;
	UserState state = {{0}, {0}};

	Assert(!OidIsValid(AuthenticatedUserId));
	tuple = rolename != NULL
	            ? SearchSysCache1(AUTHNAME, CStringGetDatum(rolename))
	            : SearchSysCache1(AUTHOID, ObjectIdGetDatum(roleid));
	if (tuple == NULL)
		ereport(FATAL,
		        (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
		         rolename != NULL
		             ? errmsg("role \"%s\" does not exist", rolename)
		             : errmsg("role with OID %u does not exist", roleid)));
	FillNamedRole(&state.session, tuple);
	MyProc->roleId = state.session.oid;
	if (rolename != NULL)
		CheckMayLogIn(tuple);
	ReleaseSysCache(tuple);
	AuthenticatedUserId = state.session.oid;
	AuthenticatedUserIsSuperuser = state.session.is_super;
	TakeEffect(&state);
}

/* ---- SET ---- */

static void
LookUpRole(const char *name, NamedRole *role)
{
	HeapTuple tuple = SearchSysCache1(AUTHNAME, CStringGetDatum(name));

	if (tuple == NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		                errmsg("role \"%s\" does not exist", name)));
	FillNamedRole(role, tuple);
	ReleaseSysCache(tuple);
}

/* SET ROLE: the new state. */
static void
SetRole(UserState *state, const char *value)
{
	NamedRole role = {0};

	if (value != NULL && strcmp(value, "none") != 0)
	{
		LookUpRole(value, &role);
		if (!is_member_of_role(GetSessionUserId(), role.oid))
			ereport(ERROR,
			        (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			         errmsg("permission denied to set role \"%s\"", value)));
	}
	state->role = role;
}

static void
SetSessionAuthorization(UserState *state, const char *value)
{
	NamedRole role;

	if (value != NULL)
		LookUpRole(value, &role);
	else
	{
		HeapTuple tuple =
			SearchSysCache1(AUTHOID, ObjectIdGetDatum(AuthenticatedUserId));

		if (tuple == NULL)
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
			                errmsg("role with OID %u does not exist",
			                       AuthenticatedUserId)));
		FillNamedRole(&role, tuple);
		ReleaseSysCache(tuple);
	}
	if (role.oid != AuthenticatedUserId && !AuthenticatedUserIsSuperuser)
		ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
		                errmsg("permission denied to set session "
		                       "authorization \"%s\"",
		                       role.name)));
	state->session = role;
	memset(&state->role, 0, sizeof(state->role));
}

bool
SetUserSetting(const char *name, const char *value, bool is_local)
{
	UserState state = now;
	bool is_role = strcasecmp(name, "role") == 0;

	if (!is_role && strcasecmp(name, "session_authorization") != 0)
		return false;
	if (is_role)
		SetRole(&state, value);
	else
		SetSessionAuthorization(&state, value);
	if (!changed)
		at_commit = at_abort = now;
	changed = true;
	if (!is_local && is_role)
		at_commit.role = state.role;
	else if (!is_local)
		at_commit = state;
	TakeEffect(&state);
	return true;
}
