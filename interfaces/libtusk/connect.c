/*
 * connect.c: from an address to a session that has said Ready: socket, start-up,
 * client area.
 *
 * Over TCP only on this machine, as nothing that goes over it is encrypted; the
 * password is proved, not sent (auth.c).
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "conninfo.h"
#include "libpq/client_step.h"

#define PROTOCOL_3_0 196608
/* libpq/attach_be.h */
#define ATTACH_OPTION "_pq_.tusk_attach"

/* ---- sockets ---- */

int
tusk_connect_socket(int fd, const tusk_address *address, int timeout_ms)
{
	int64_t deadline = tusk_now_ms() + timeout_ms;

	for (;;)
	{
		int64_t left = deadline - tusk_now_ms();
		struct timeval limit = {left / 1000, left % 1000 * 1000};

		if (timeout_ms >= 0 && left <= 0)
			return ETIMEDOUT;
		if (timeout_ms >= 0)
			(void) setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
			                  sizeof(limit));
		if (connect(fd, (const struct sockaddr *) &address->storage,
		            address->length) == 0 ||
		    errno == EISCONN) /* after a signal */
			return 0;
		/* these are what a time limit ends in, of TCP and of Unix */
		if (errno == EINPROGRESS || errno == EALREADY || errno == EAGAIN)
			return ETIMEDOUT;
		if (errno != EINTR)
			return errno;
	}
}

/* To s->address: 0, or errno; ETIMEDOUT after that time (-1: none). */
static int
connect_address(tusk_session *s, int timeout_ms)
{
	int family = s->address.storage.ss_family;
	int on = 1;
	int error;

	s->fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return errno;
	if (family != AF_UNIX)
	{
		(void) setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		(void) setsockopt(s->fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	}
	error = tusk_connect_socket(s->fd, &s->address, timeout_ms);
	if (error != 0)
	{
		close(s->fd);
		s->fd = -1;
	}
	return error;
}

/* What may help whom no socket answers. */
static void
hint_about_socket(tusk_session *s, const tusk_conninfo *c)
{
	const char *dir = c->values[OPT_DIR];
	char version[PATH_MAX];

	if (dir == NULL)
	{
		/* the socket of most servers is in the directory of their data */
		dir = c->values[OPT_HOST];
		if (snprintf(version, sizeof(version), "%s/PG_VERSION", dir) >=
		        (int) sizeof(version) ||
		    access(version, F_OK) != 0)
			dir = NULL;
	}
	else if (strcmp(dir, c->values[OPT_HOST]) != 0)
		dir = NULL;
	if (s->connect_errno == EACCES)
		tusk_add_hint(s,
		              "The socket is for the user who runs the server, unless "
		              "its settings unix_socket_directories, unix_socket_group "
		              "and unix_socket_permissions make it another's too; whom "
		              "the server then lets in is said by the rules in "
		              "\"%s%spg_hba.conf\"%s.",
		              dir != NULL ? dir : "", dir != NULL ? "/" : "",
		              dir != NULL ? "" : " in its data directory");
	else if (dir != NULL &&
	         (s->connect_errno == ENOENT || s->connect_errno == ECONNREFUSED))
		tusk_add_hint(s,
		              "Start it with \"tusk start -D %s\", or attach with "
		              "\"dir=%s autostart=on\", which starts one if none runs.",
		              dir, dir);
}

static tusk_status
connect_unix(tusk_session *s, const tusk_conninfo *c, int timeout_ms)
{
	const char *host = c->values[OPT_HOST];
	const char *port = c->values[OPT_PORT];
	struct sockaddr_un *address = (struct sockaddr_un *) &s->address.storage;
	bool absent;
	int n;

	address->sun_family = AF_UNIX;
	s->address.length = sizeof(*address);
	n = snprintf(address->sun_path, sizeof(address->sun_path), "%s/.s.PGSQL.%s",
	             host, port);
	if (n < 0 || (size_t) n >= sizeof(address->sun_path))
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "Unix-domain socket path \"%s/.s.PGSQL.%s\" is too "
		                 "long (maximum %zu bytes)",
		                 host, port, sizeof(address->sun_path) - 1);
	s->connect_errno = connect_address(s, timeout_ms);
	if (s->connect_errno == 0)
		return TUSK_OK;
	absent = s->connect_errno == ENOENT || s->connect_errno == ECONNREFUSED;
	(void) tusk_lose(s, "08001",
	                 "connection to server on socket \"%s\" failed: %s%s",
	                 address->sun_path, strerror(s->connect_errno),
	                 absent ? "\n\tIs the server running locally and accepting "
	                          "connections on that socket?"
	                        : "");
	hint_about_socket(s, c);
	return TUSK_CONNECTION_LOST;
}

static bool
is_this_machine(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET)
	{
		const struct sockaddr_in *v4 = (const struct sockaddr_in *) address;

		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	return address->sa_family == AF_INET6 &&
	       IN6_IS_ADDR_LOOPBACK(
			   &((const struct sockaddr_in6 *) address)->sin6_addr);
}

/* One more line of what went wrong; *text may be NULL. */
static void
add_failure(char **text, const tusk_conninfo *c, const char *where, int error)
{
	char *before = *text;
	bool shown = strcmp(where, c->values[OPT_HOST]) != 0;

	if (asprintf(text,
	             "%s%sconnection to server at \"%s\"%s%s%s, port %s failed: "
	             "%s%s",
	             before != NULL ? before : "", before != NULL ? "\n" : "",
	             c->values[OPT_HOST], shown ? " (" : "", shown ? where : "",
	             shown ? ")" : "", c->values[OPT_PORT], strerror(error),
	             error == ECONNREFUSED
	                 ? "\n\tIs the server running on that host and accepting "
	                   "TCP/IP connections?"
	                 : "") < 0)
		*text = NULL;
	free(before);
}

/* The first of the host's addresses that answers. */
static tusk_status
connect_list(tusk_session *s, const tusk_conninfo *c,
             const struct addrinfo *list, int timeout_ms)
{
	char where[NI_MAXHOST] = "?";
	char *failures = NULL;
	int tried = 0;

	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
	{
		(void) getnameinfo(a->ai_addr, a->ai_addrlen, where, sizeof(where),
		                   NULL, 0, NI_NUMERICHOST);
		if (!is_this_machine(a->ai_addr))
			continue;
		tried++;
		memcpy(&s->address.storage, a->ai_addr, a->ai_addrlen);
		s->address.length = a->ai_addrlen;
		s->connect_errno = connect_address(s, timeout_ms);
		if (s->connect_errno == 0)
		{
			free(failures);
			return TUSK_OK;
		}
		add_failure(&failures, c, where, s->connect_errno);
	}
	if (tried > 0)
		(void) tusk_lose(s, "08001", "%s",
		                 failures != NULL ? failures : "out of memory");
	else
	{
		(void) tusk_lose(s, "08001",
		                 "host \"%s\" is at %s, which is not this machine",
		                 c->values[OPT_HOST], where);
		tusk_add_hint(s,
		              "What goes over TCP is not encrypted, so it is for "
		              "127.0.0.1 and ::1 only. Another machine can be reached "
		              "through a tunnel that ends here, as of \"ssh -L\".");
	}
	free(failures);
	return tried > 0 ? TUSK_CONNECTION_LOST : TUSK_MISUSE;
}

static tusk_status
connect_tcp(tusk_session *s, const tusk_conninfo *c, int timeout_ms)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	int rc =
		getaddrinfo(c->values[OPT_HOST], c->values[OPT_PORT], &hints, &list);
	tusk_status status;

	if (rc != 0)
		return tusk_lose(s, "08001",
		                 "could not translate host name \"%s\" to address: %s",
		                 c->values[OPT_HOST], gai_strerror(rc));
	status = connect_list(s, c, list, timeout_ms);
	freeaddrinfo(list);
	return status;
}

/*
 * requirepeer: who has made the socket, says the kernel.  Over TCP it says
 * nothing, and nothing is asked.
 */
static tusk_status
check_peer(tusk_session *s, const tusk_conninfo *c)
{
	const char *wanted = c->values[OPT_REQUIREPEER];
	struct ucred peer;
	socklen_t length = sizeof(peer);
	struct passwd pw;
	struct passwd *found = NULL;
	char buf[1024];

	if (wanted == NULL || wanted[0] == '\0' ||
	    s->address.storage.ss_family != AF_UNIX)
		return TUSK_OK;
	if (getsockopt(s->fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0)
		return tusk_lose(s, "28000", "could not get peer credentials: %s",
		                 strerror(errno));
	(void) getpwuid_r(peer.uid, &pw, buf, sizeof(buf), &found);
	if (found == NULL)
		return tusk_lose(s, "28000", "local user with ID %u does not exist",
		                 (unsigned) peer.uid);
	if (strcmp(pw.pw_name, wanted) == 0)
		return TUSK_OK;
	(void) tusk_lose(s, "28000",
	                 "requirepeer specifies \"%s\", but actual peer user name "
	                 "is \"%s\"",
	                 wanted, pw.pw_name);
	tusk_add_hint(s, "That user, not the one who was to, runs what listens on "
	                 "the socket. Nothing was sent to it.");
	return TUSK_CONNECTION_LOST;
}

bool
tusk_somebody_listens(tusk_session *s)
{
	int fd =
		socket(s->address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool listens =
		fd >= 0 && connect(fd, (const struct sockaddr *) &s->address.storage,
	                       s->address.length) == 0;

	if (fd >= 0)
		close(fd);
	return listens;
}

/* ---- start-up ---- */

static void
put_pair(tusk_session *s, const char *name, const char *value)
{
	if (value == NULL)
		return;
	tusk_put_string(s, name);
	tusk_put_string(s, value);
}

static tusk_status
send_startup_packet(tusk_session *s, const tusk_conninfo *c)
{
	tusk_status status;

	tusk_begin(s, '\0');
	tusk_put_int32(s, PROTOCOL_3_0);
	put_pair(s, "user", c->values[OPT_USER]);
	put_pair(s, "database", c->values[OPT_DBNAME]);
	put_pair(s, "application_name", c->values[OPT_APPLICATION_NAME]);
	put_pair(s, "client_encoding", "UTF8");
	put_pair(s, "options", c->values[OPT_OPTIONS]);
	/* memory is shared over Unix sockets only */
	s->attach_offered = s->attach_wanted != TUSK_ATTACH_OFF &&
	                    s->address.storage.ss_family == AF_UNIX;
	if (s->attach_offered) /* unless the server says otherwise */
		put_pair(s, ATTACH_OPTION, "1");
	tusk_put(s, "", 1);
	status = tusk_end(s);
	return status == TUSK_OK ? tusk_send(s) : status;
}

/* What of our protocol options the server does not know. */
static void
take_negotiation(tusk_session *s, tusk_message *m)
{
	int32_t n;

	(void) tusk_get_int32(m); /* its version of the protocol */
	n = tusk_get_int32(m);
	for (int32_t i = 0; i < n && !m->bad; i++)
		if (strcmp(tusk_get_string(m), ATTACH_OPTION) == 0)
			s->attach_offered = false;
}

static tusk_status
take_refusal(tusk_session *s, const tusk_conninfo *c, tusk_message *m)
{
	(void) tusk_take_error(s, m);
	if (c->password_from_file &&
	    strcmp(s->error.error.sqlstate, "28P01") == 0 &&
	    s->error.error.detail == NULL)
		tusk_add_detail(s, "The password was retrieved from file \"%s\".",
		                c->values[OPT_PASSFILE]);
	tusk_disconnect(s);
	return TUSK_CONNECTION_LOST;
}

/* The server's next message of the start-up; *ready: it was the last one. */
static tusk_status
take_startup_message(tusk_session *s, tusk_conninfo *c, tusk_auth **auth,
                     tusk_message *m, bool *ready)
{
	switch (m->type)
	{
		case 'R':
			return tusk_auth_step(s, c, auth, m);
		case 'K':
			s->backend_pid = tusk_get_int32(m);
			s->cancel_key = tusk_get_int32(m);
			return TUSK_OK;
		case 'v':
			take_negotiation(s, m);
			return TUSK_OK;
		case 'E':
			return take_refusal(s, c, m);
		case 'Z':
			*ready = true;
			s->transaction_state = (char) tusk_get_int8(m);
			return m->bad ? tusk_lose(s, "08P01", "malformed message")
			              : TUSK_OK;
		default:
			if (tusk_async_message(s, m))
				return TUSK_OK;
			return tusk_lose(s, "08P01",
			                 "unexpected message type \"%c\" during startup",
			                 m->type);
	}
}

/* From the start-up packet to the first ReadyForQuery. */
static tusk_status
start_up(tusk_session *s, tusk_conninfo *c, int timeout_ms)
{
	tusk_auth *auth = NULL;
	bool ready = false;
	tusk_status status = send_startup_packet(s, c);

	CLIENT_STEP("attach-named");
	while (status == TUSK_OK && !ready)
	{
		tusk_message m;

		status = tusk_receive(s, &m, timeout_ms);
		if (status == TUSK_OK)
			status = take_startup_message(s, c, &auth, &m, &ready);
	}
	tusk_auth_free(auth);
	return status;
}

tusk_status
tusk_connect(tusk_session *s, tusk_conninfo *c, int timeout_ms)
{
	const char *host = c->values[OPT_HOST];
	tusk_status status = tusk_auth_require(s, c);

	if (status == TUSK_OK)
		status = host[0] == '/' ? connect_unix(s, c, timeout_ms)
		                        : connect_tcp(s, c, timeout_ms);
	CLIENT_STEP("attach-connected");
	if (status == TUSK_OK)
		status = check_peer(s, c);
	if (status == TUSK_OK)
		status = start_up(s, c, timeout_ms);
	CLIENT_STEP("attach-admitted");
	if (status == TUSK_OK)
		status = tusk_attach_rings(s, timeout_ms);
	return status;
}
