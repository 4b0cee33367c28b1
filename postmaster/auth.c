/*
 * auth.c
 *		Who may come in: the rule that fits is found (hba.c), and what it asks
 *		for is checked.
 *
 * Whom a Unix socket's other end belonged to when it connected is known from
 * the kernel (SO_PEERCRED): nothing that a client sends goes into it.
 *
 * What a client is told of a refusal is what PostgreSQL tells: which rule it
 * was is in the log only.
 *
 * A client that is killed here, or gives up, was nobody yet: its backend has a
 * PGPROC and a transaction without an xid, and ends as any other does.
 *
 * Corresponds to PostgreSQL's libpq/auth.c.
 */
#include "postgres.h"

#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catalog/pg_authid.h"
#include "libpq/auth.h"
#include "libpq/crypt.h"
#include "libpq/hba.h"
#include "libpq/libpq.h"
#include "libpq/pqformat.h"
#include "libpq/scram.h"
#include "port/sys.h"
#include "postmaster/postmaster.h"
#include "storage/ipc.h"
#include "utils/syscache.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"

/* Names of users of the system and what goes with them. */
#define PASSWD_BUFFER_SIZE 16384

static void
auth_failed(const Port *port, UserAuth method, const HbaLine *line)
{
	bool by_password = method == uaSCRAM;

	INJECTION_POINT("auth-failed");
	ereport(FATAL,
	        (errcode(by_password ? ERRCODE_INVALID_PASSWORD
	                             : ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
	         by_password
	             ? errmsg("password authentication failed for user \"%s\"",
	                      port->user_name)
	             : errmsg("Peer authentication failed for user \"%s\"",
	                      port->user_name),
	         line ? errdetail_log("Connection matched pg_hba.conf line %d: "
	                              "\"%s\"",
	                              line->linenumber, line->rawline)
	              : 0));
}

/* Whose process the other end is; false, with a line in the log: unknown. */
static bool
peer_uid(const Port *port, uid_t *uid)
{
	struct ucred peer;
	socklen_t length = sizeof(peer);

	if (SYS_SITE("auth-peercred", getsockopt(port->sock, SOL_SOCKET,
	                                         SO_PEERCRED, &peer, &length)) <
	        0 ||
	    length != sizeof(peer))
	{
		ereport(LOG, (errcode_for_socket_access(),
		              errmsg("could not get peer credentials: %m")));
		return false;
	}
	*uid = peer.uid;
	return true;
}

/* The role has the name of the user of the system, or a map says that it may. */
static bool
check_peer(const Port *port, const HbaLine *line)
{
	char *buf = palloc(PASSWD_BUFFER_SIZE);
	struct passwd pw;
	struct passwd *found = NULL;
	uid_t uid;
	int rc;

	if (!peer_uid(port, &uid))
		return false;
	rc = SYS_SITE_RC("auth-user-name",
	                 getpwuid_r(uid, &pw, buf, PASSWD_BUFFER_SIZE, &found));
	if (rc != 0 || found == NULL)
	{
		errno = rc;
		ereport(LOG,
		        (errmsg("could not look up local user ID %ld: %s", (long) uid,
		                rc ? strerror(rc) : "user does not exist")));
		return false;
	}
	return check_usermap(line->usermap, port->user_name, pw.pw_name);
}

/* There are no rules: whose the server is, may use it, as whom he likes. */
static bool
check_owner(const Port *port)
{
	uid_t uid;

	if (!peer_uid(port, &uid))
		return false;
	if (uid == geteuid() || uid == 0)
		return true;
	ereport(LOG, (errmsg("user ID %ld of the client is not the server's, %ld",
	                     (long) uid, (long) geteuid()),
	              errhint("A rule in pg_hba.conf can let other users in.")));
	return false;
}

/* VALID UNTIL is of the password: other ways in go on. */
static bool
is_expired(Oid roleid)
{
	HeapTuple tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(roleid));
	bool isnull;
	Datum until;

	if (tuple == NULL)
		return true;
	until =
		SysCacheGetAttr(AUTHOID, tuple, Anum_pg_authid_rolvaliduntil, &isnull);
	ReleaseSysCache(tuple);
	return !isnull && DatumGetInt64(until) < GetCurrentTimestamp();
}

/* The verifier of the role that the client names; NULL: it has none. */
static char *
verifier_of_user(const Port *port)
{
	Oid roleid = GetSysCacheOid1(AUTHNAME, CStringGetDatum(port->user_name));
	char *secret;

	if (!OidIsValid(roleid))
	{
		ereport(LOG, (errmsg("role \"%s\" does not exist", port->user_name)));
		return NULL;
	}
	if (is_expired(roleid))
	{
		ereport(LOG, (errmsg("User \"%s\" has an expired password.",
		                     port->user_name)));
		return NULL;
	}
	secret = get_role_password(roleid);
	if (secret == NULL)
		ereport(LOG, (errmsg("user \"%s\" has no password assigned",
		                     port->user_name)));
	return secret;
}

/* The client has authentication_timeout for it, and any time to leave. */
static bool
check_password(const Port *port)
{
	bool gone;
	bool ok;

	enable_timeout_after(STATEMENT_TIMEOUT, AuthenticationTimeout * 1000);
	ok = CheckSCRAMAuth(port, verifier_of_user(port), &gone);
	disable_timeout(STATEMENT_TIMEOUT, false);
	if (gone)
		proc_exit(0);
	return ok;
}

static void
send_auth_request(int code)
{
	StringInfoData buf;

	pq_beginmessage(&buf, 'R');
	pq_sendint32(&buf, code);
	pq_endmessage(&buf);
}

void
ClientAuthentication(Port *port)
{
	const HbaLine *line;
	UserAuth method = hba_getauthmethod(port, &line);
	bool ok = false;

	INJECTION_POINT("auth-rule");
	switch (method)
	{
		case uaReject:
			ereport(
				FATAL,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			     errmsg("pg_hba.conf rejects connection for host \"%s\", user "
			            "\"%s\", database \"%s\", %s",
			            port->remote_host, port->user_name, port->database_name,
			            "no encryption")));
			break;
		case uaImplicitReject:
			ereport(FATAL,
			        (errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
			         errmsg("no pg_hba.conf entry for host \"%s\", user "
			                "\"%s\", database \"%s\", %s",
			                port->remote_host, port->user_name,
			                port->database_name, "no encryption")));
			break;
		case uaTrust:
			ok = true;
			break;
		case uaPeer:
			ok = check_peer(port, line);
			break;
		case uaSCRAM:
			ok = check_password(port);
			break;
		case uaOwner:
			ok = check_owner(port);
			break;
	}
	if (!ok)
		auth_failed(port, method, line);
	INJECTION_POINT("auth-passed");
	send_auth_request(AUTH_REQ_OK);

	if (log_connections)
		ereport(LOG,
		        (errmsg("connection authorized: user=%s database=%s%s%s",
		                port->user_name, port->database_name,
		                port->application_name ? " application_name=" : "",
		                port->application_name ? port->application_name : "")));
	ClientAuthInProgress = false;
}
