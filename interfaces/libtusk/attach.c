/*
 * attach.c: sessions: connection strings, start-up, errors, cancel, end.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "direct.h"
#include "internal.h"

#define PROTOCOL_3_0 196608
#define CANCEL_REQUEST_CODE 80877102
/* libpq/attach_be.h */
#define ATTACH_OPTION "_pq_.tusk_attach"
#define DEFAULT_PORT "5432"
#define DEFAULT_SOCKET_DIRECTORY "/tmp"
#define DEFAULT_DATABASE "postgres"

/* tusk_reattach tries again after so long. */
#define RETRY_MS 50
/* So often a server is started that is gone before we come. */
#define AUTOSTART_TRIES 100

static const tusk_error no_error = {"", "00000", "", NULL, NULL, NULL, 0};
static const tusk_error no_memory = {
	"ERROR", "53200", "out of memory", NULL, NULL, NULL, 0};

/* ---- connection strings ---- */

enum
{
	OPT_HOST,
	OPT_PORT,
	OPT_USER,
	OPT_DBNAME,
	OPT_APPLICATION_NAME,
	OPT_OPTIONS,
	OPT_CONNECT_TIMEOUT,
	OPT_ATTACH,
	OPT_RING_SPIN,
	OPT_DIR,
	OPT_AUTOSTART,
	N_OPTS
};

static const struct
{
	const char *name;
	const char *environment;
} opts[N_OPTS] = {
	{"host", "PGHOST"},
	{"port", "PGPORT"},
	{"user", "PGUSER"},
	{"dbname", "PGDATABASE"},
	{"application_name", "PGAPPNAME"},
	{"options", "PGOPTIONS"},
	{"connect_timeout", "PGCONNECT_TIMEOUT"},
	{"attach", "TUSK_ATTACH"},
	{"ring_spin", "TUSK_RING_SPIN"},
	{"dir", "TUSK_DIR"},
	{"autostart", "TUSK_AUTOSTART"},
};

static void terminate_session(tusk_session *s);

static void
free_values(char **values)
{
	for (int i = 0; i < N_OPTS; i++)
		free(values[i]);
}

/* One value, quoted or not; returns where it ends, NULL if it does not. */
static const char *
parse_value(const char *p, char *out)
{
	bool quoted = *p == '\'';

	if (quoted)
		p++;
	while (*p != '\0' &&
	       (quoted ? *p != '\'' : *p != ' ' && *p != '\t' && *p != '\n'))
	{
		if (*p == '\\' && p[1] != '\0')
			p++;
		*out++ = *p++;
	}
	*out = '\0';
	if (!quoted)
		return p;
	return *p == '\'' ? p + 1 : NULL;
}

static tusk_status
parse_conninfo(tusk_session *s, const char *conninfo, char **values)
{
	const char *p = conninfo;
	char *value = malloc(strlen(conninfo) + 1);

	if (value == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	for (;;)
	{
		size_t length;
		int i;

		p += strspn(p, " \t\n");
		if (*p == '\0')
			break;
		length = strcspn(p, "= \t\n");
		for (i = 0; i < N_OPTS; i++)
			if (strlen(opts[i].name) == length &&
			    strncmp(opts[i].name, p, length) == 0)
				break;
		if (i == N_OPTS)
		{
			free(value);
			tusk_fail(s, TUSK_MISUSE, "08001",
			          "invalid connection option \"%.*s\"", (int) length, p);
			s->error.error.hint =
				"Give the directory of the server's socket, or options as in "
				"\"host=/directory dbname=postgres\".";
			return TUSK_MISUSE;
		}
		p += length;
		p += strspn(p, " \t\n");
		if (*p != '=')
		{
			free(value);
			return tusk_fail(s, TUSK_MISUSE, "08001",
			                 "missing \"=\" after \"%s\" in connection info "
			                 "string",
			                 opts[i].name);
		}
		p++;
		p += strspn(p, " \t\n");
		p = parse_value(p, value);
		if (p == NULL)
		{
			free(value);
			return tusk_fail(s, TUSK_MISUSE, "08001",
			                 "unterminated quoted string in connection info "
			                 "string");
		}
		free(values[i]);
		values[i] = strdup(value);
		if (values[i] == NULL)
		{
			free(value);
			return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
		}
	}
	free(value);
	return TUSK_OK;
}

/* Sets what is missing; false: out of memory. */
static bool
fill_default(char **values, int i, const char *value)
{
	if (values[i] == NULL && value != NULL)
		values[i] = strdup(value);
	return values[i] != NULL || value == NULL;
}

static tusk_status
resolve_conninfo(tusk_session *s, const char *conninfo, char **values)
{
	bool ok = true;

	if (conninfo != NULL && conninfo[0] == '/' && strchr(conninfo, '=') == NULL)
	{
		ok = fill_default(values, OPT_HOST, conninfo) &&
		     fill_default(values, OPT_DBNAME, DEFAULT_DATABASE);
	}
	else if (conninfo != NULL)
	{
		tusk_status status = parse_conninfo(s, conninfo, values);

		if (status != TUSK_OK)
			return status;
	}
	for (int i = 0; i < N_OPTS; i++)
	{
		const char *env = getenv(opts[i].environment);

		if (env != NULL && env[0] != '\0')
			ok = ok && fill_default(values, i, env);
	}
	if (values[OPT_DIR] != NULL)
		ok = ok && fill_default(values, OPT_HOST, values[OPT_DIR]) &&
		     fill_default(values, OPT_DBNAME, DEFAULT_DATABASE);
	ok = ok && fill_default(values, OPT_HOST, DEFAULT_SOCKET_DIRECTORY) &&
	     fill_default(values, OPT_PORT, DEFAULT_PORT) &&
	     fill_default(values, OPT_APPLICATION_NAME, "libtusk");
	if (values[OPT_USER] == NULL)
	{
		struct passwd pw;
		struct passwd *found = NULL;
		char buf[1024];

		(void) getpwuid_r(geteuid(), &pw, buf, sizeof(buf), &found);
		if (found == NULL && ok)
			return tusk_fail(s, TUSK_MISUSE, "28000",
			                 "could not look up the name of user ID %u",
			                 (unsigned) geteuid());
		ok = ok && fill_default(values, OPT_USER, pw.pw_name);
	}
	ok = ok && fill_default(values, OPT_DBNAME, values[OPT_USER]);
	if (!ok)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	return TUSK_OK;
}

/* attach= and ring_spin= */
static tusk_status
take_attach_options(tusk_session *s, char **values)
{
	static const char *const kinds[] = {"best", "off", "rings", "direct"};
	const char *wanted = values[OPT_ATTACH];
	const char *spin = values[OPT_RING_SPIN];
	char *end;
	long us;

	for (int i = 0; wanted != NULL && i < 4; i++)
		if (strcmp(wanted, kinds[i]) == 0)
		{
			s->attach_wanted = (tusk_attach_kind) i;
			wanted = NULL;
		}
	if (wanted != NULL)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid value \"%s\" for connection option "
		                 "\"attach\": best, off, rings or direct",
		                 wanted);
	s->ring_spin_us = TUSK_RING_SPIN_US;
	if (spin == NULL)
		return TUSK_OK;
	us = strtol(spin, &end, 10);
	if (end == spin || *end != '\0' || us < 0 || us > TUSK_RING_SPIN_MAX_US)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid value \"%s\" for connection option "
		                 "\"ring_spin\": microseconds from 0 to %d",
		                 spin, TUSK_RING_SPIN_MAX_US);
	s->ring_spin_us = (int) us;
	return TUSK_OK;
}

/* ---- start-up ---- */

static tusk_status
open_socket(tusk_session *s, const char *host, const char *port)
{
	int n;

	if (host[0] != '/')
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "host \"%s\" is not a directory: only Unix sockets "
		                 "are supported, give an absolute path",
		                 host);
	s->address.sun_family = AF_UNIX;
	n = snprintf(s->address.sun_path, sizeof(s->address.sun_path),
	             "%s/.s.PGSQL.%s", host, port);
	if (n < 0 || (size_t) n >= sizeof(s->address.sun_path))
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "Unix-domain socket path \"%s/.s.PGSQL.%s\" is too "
		                 "long (maximum %zu bytes)",
		                 host, port, sizeof(s->address.sun_path) - 1);
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return tusk_lose(s, "08001", "could not create socket: %s",
		                 strerror(errno));
	while (connect(s->fd, (struct sockaddr *) &s->address, sizeof(s->address)) <
	       0)
	{
		if (errno == EINTR)
			continue;
		return tusk_lose(s, "08001",
		                 "connection to server on socket \"%s\" failed: %s\n"
		                 "\tIs the server running locally and accepting "
		                 "connections on that socket?",
		                 s->address.sun_path, strerror(errno));
	}
	return TUSK_OK;
}

static void
put_pair(tusk_session *s, const char *name, const char *value)
{
	if (value == NULL)
		return;
	tusk_put_string(s, name);
	tusk_put_string(s, value);
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

/* From the start-up packet to the first ReadyForQuery. */
static tusk_status
start_up(tusk_session *s, char **values, int timeout_ms)
{
	tusk_status status;
	tusk_message m;

	tusk_begin(s, '\0');
	tusk_put_int32(s, PROTOCOL_3_0);
	put_pair(s, "user", values[OPT_USER]);
	put_pair(s, "database", values[OPT_DBNAME]);
	put_pair(s, "application_name", values[OPT_APPLICATION_NAME]);
	put_pair(s, "client_encoding", "UTF8");
	put_pair(s, "options", values[OPT_OPTIONS]);
	if (s->attach_wanted != TUSK_ATTACH_OFF)
	{
		put_pair(s, ATTACH_OPTION, "1");
		s->attach_offered = true; /* unless the server says otherwise */
	}
	tusk_put(s, "", 1);
	status = tusk_end(s);
	if (status == TUSK_OK)
		status = tusk_send(s);
	if (status != TUSK_OK)
		return status;

	for (;;)
	{
		status = tusk_receive(s, &m, timeout_ms);
		if (status != TUSK_OK)
			return status;
		switch (m.type)
		{
			case 'R':
			{
				int32_t method = tusk_get_int32(&m);

				if (method != 0)
					return tusk_lose(s, "08004",
					                 "authentication method %d is not "
					                 "supported by this client",
					                 method);
				break;
			}
			case 'K':
				s->backend_pid = tusk_get_int32(&m);
				s->cancel_key = tusk_get_int32(&m);
				break;
			case 'v':
				take_negotiation(s, &m);
				break;
			case 'E':
				(void) tusk_take_error(s, &m);
				tusk_disconnect(s);
				return TUSK_CONNECTION_LOST;
			case 'Z':
				s->transaction_state = (char) tusk_get_int8(&m);
				return m.bad ? tusk_lose(s, "08P01", "malformed message")
				             : TUSK_OK;
			default:
				if (!tusk_async_message(s, &m))
					return tusk_lose(s, "08P01",
					                 "unexpected message type \"%c\" during "
					                 "startup",
					                 m.type);
		}
	}
}

/* What a session is before it is connected, and between two connections. */
static void
reset_session(tusk_session *s)
{
	s->fd = -1;
	s->public_fd = -1;
	free(s->last_words.strings);
	s->last_words.strings = NULL;
	s->backend_pid = 0;
	s->transaction_state = 'I';
	s->copying = false;
	s->building = false;
	s->out.used = 0;
	s->in.used = 0;
	s->in_start = 0;
}

/* Nobody listens, or nobody is admitted yet: it may be so in a moment. */
static bool
may_come_back(const tusk_session *s)
{
	return strncmp(s->error.error.sqlstate, "57P0", 4) == 0 ||
	       strcmp(s->error.error.sqlstate, "08001") == 0 ||
	       strcmp(s->error.error.sqlstate, "08006") == 0;
}

/* Does anybody listen where the session was sent? */
static bool
somebody_listens(tusk_session *s)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool listens = fd >= 0 && connect(fd, (struct sockaddr *) &s->address,
	                                  sizeof(s->address)) == 0;

	if (fd >= 0)
		close(fd);
	return listens;
}

/* "on", "off" as the server has them; *on: as it says. */
static tusk_status
take_autostart(tusk_session *s, char **values, bool *on)
{
	const char *text = values[OPT_AUTOSTART];

	*on = false;
	if (text == NULL || strcmp(text, "off") == 0)
		return TUSK_OK;
	if (strcmp(text, "on") != 0)
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "invalid value \"%s\" for connection option "
		                 "\"autostart\": on or off",
		                 text);
	if (values[OPT_DIR] == NULL || values[OPT_DIR][0] != '/')
		return tusk_fail(s, TUSK_MISUSE, "08001",
		                 "connection option \"autostart\" needs \"dir\", the "
		                 "whole path of a data directory");
	*on = true;
	return TUSK_OK;
}

static tusk_status
connect_once(tusk_session *s, char **values, int timeout_ms)
{
	tusk_status status = open_socket(s, values[OPT_HOST], values[OPT_PORT]);

	if (status == TUSK_OK)
		status = start_up(s, values, timeout_ms);
	if (status == TUSK_OK)
		status = tusk_attach_rings(s, timeout_ms);
	return status;
}

/*
 * A server that nobody needs any more may end between its start and our coming:
 * then another one is started.
 */
static tusk_status
connect_or_start(tusk_session *s, char **values, int timeout_ms)
{
	struct timespec pause = {0, RETRY_MS * 1000000L};
	tusk_status status;

	for (int i = 0;; i++)
	{
		tusk_clear_error(s);
		status = connect_once(s, values, timeout_ms);
		if (status != TUSK_CONNECTION_LOST || !may_come_back(s) ||
		    i == AUTOSTART_TRIES)
			return status;
		if (strcmp(s->error.error.sqlstate, "57P03") == 0)
			(void) nanosleep(&pause, NULL); /* it starts, or ends */
		else
		{
			status = tusk_autostart(s, values[OPT_DIR], somebody_listens);
			if (status != TUSK_OK)
				return status;
		}
		reset_session(s);
	}
}

/* By what the session was told. */
static tusk_status
connect_session(tusk_session *s)
{
	bool autostart;
	char *values[N_OPTS] = {NULL};
	int timeout_ms = -1;
	tusk_status status = resolve_conninfo(s, s->conninfo, values);

	reset_session(s);
	if (status == TUSK_OK)
		status = take_attach_options(s, values);
	if (status == TUSK_OK)
		status = take_autostart(s, values, &autostart);
	if (status == TUSK_OK)
	{
		if (s->options.connect_timeout_ms > 0)
			timeout_ms = s->options.connect_timeout_ms;
		else if (values[OPT_CONNECT_TIMEOUT] != NULL &&
		         atoi(values[OPT_CONNECT_TIMEOUT]) > 0)
			timeout_ms = atoi(values[OPT_CONNECT_TIMEOUT]) * 1000;
		status = autostart ? connect_or_start(s, values, timeout_ms)
		                   : connect_once(s, values, timeout_ms);
	}
	free_values(values);
	return status;
}

tusk_status
tusk_attach(const char *conninfo, const tusk_attach_options *options,
            tusk_session **session)
{
	tusk_session *s = calloc(1, sizeof(*s));

	*session = s;
	if (s == NULL)
		return TUSK_NO_MEMORY;
	reset_session(s);
	s->references = 1;
	s->owner = getpid();
	s->error.error = no_error;
	if (options != NULL)
		memcpy(&s->options, options,
		       options->size < sizeof(s->options) ? options->size
		                                          : sizeof(s->options));
	if (conninfo != NULL)
	{
		s->conninfo = strdup(conninfo);
		if (s->conninfo == NULL)
			return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	}
	return connect_session(s);
}

tusk_status
tusk_reattach(tusk_session *s, int timeout_ms)
{
	struct timespec pause = {0, RETRY_MS * 1000000L};
	tusk_status status;

	if (s->owner != getpid())
		return tusk_check_usable(s);
	terminate_session(s);
	s->life++;
	for (int waited = 0;; waited += RETRY_MS)
	{
		tusk_clear_error(s);
		status = connect_session(s);
		if (status == TUSK_OK || !may_come_back(s) || waited >= timeout_ms)
			return status;
		(void) nanosleep(&pause, NULL);
	}
}

void
tusk_unreference(tusk_session *s)
{
	if (--s->references > 0)
		return;
	while (s->settings != NULL)
	{
		tusk_setting *next = s->settings->next;

		free(s->settings->name);
		free(s->settings->value);
		free(s->settings);
		s->settings = next;
	}
	free(s->error.strings);
	free(s->last_words.strings);
	free(s->conninfo);
	free(s->shown);
	free(s->out.data);
	free(s->in.data);
	free(s);
}

/* Nothing of the session is left but its memory. */
void
tusk_disconnect(tusk_session *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	tusk_free_rings(s);
}

/* Says goodbye, if the session is ours. */
static void
terminate_session(tusk_session *s)
{
	static const char terminate[5] = {'X', 0, 0, 0, 4};

	tusk_direct_close(s);
	if (s->fd >= 0 && s->owner == getpid())
	{
		if (s->rings != NULL)
			(void) tusk_ring_write(s, terminate, sizeof(terminate));
		else
			(void) send(s->fd, terminate, sizeof(terminate),
			            MSG_DONTWAIT | MSG_NOSIGNAL);
	}
	tusk_disconnect(s);
}

void
tusk_detach(tusk_session *s)
{
	if (s == NULL)
		return;
	terminate_session(s);
	tusk_unreference(s);
}

const char *
tusk_server_setting(const tusk_session *session, const char *name)
{
	for (const tusk_setting *p = session->settings; p != NULL; p = p->next)
		if (strcmp(p->name, name) == 0)
			return p->value;
	return NULL;
}

char
tusk_transaction_state(const tusk_session *session)
{
	return session->transaction_state;
}

int
tusk_backend_pid(const tusk_session *session)
{
	return session->backend_pid;
}

/* ---- errors and notices ---- */

const tusk_error *
tusk_error_of(const tusk_session *session)
{
	return session == NULL ? &no_memory : &session->error.error;
}

void
tusk_error_format(const tusk_error *error, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s:  %s", error->severity, error->message);
	const struct
	{
		const char *label;
		const char *text;
	} rest[] = {{"DETAIL", error->detail},
	            {"HINT", error->hint},
	            {"CONTEXT", error->context}};

	for (int i = 0; i < 3 && n >= 0 && (size_t) n < size; i++)
		if (rest[i].text != NULL)
			n += snprintf(buf + n, size - (size_t) n, "\n%s:  %s",
			              rest[i].label, rest[i].text);
}

void
tusk_clear_error(tusk_session *s)
{
	free(s->error.strings);
	s->error.strings = NULL;
	s->error.error = no_error;
}

static void
set_error(tusk_session *s, const char *severity, const char *sqlstate,
          const char *format, va_list args)
{
	char *message = NULL;

	tusk_clear_error(s);
	s->error.error = no_memory;
	if (vasprintf(&message, format, args) < 0)
		return;
	s->error.strings = message;
	s->error.error.severity = severity;
	s->error.error.sqlstate = sqlstate;
	s->error.error.message = message;
}

tusk_status
tusk_fail(tusk_session *s, tusk_status status, const char *sqlstate,
          const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(s, "ERROR", sqlstate, format, args);
	va_end(args);
	return status;
}

/* The session is over. */
tusk_status
tusk_lose(tusk_session *s, const char *sqlstate, const char *format, ...)
{
	va_list args;

	/* what the server said last tells more than that it hung up */
	if (s->last_words.strings != NULL)
	{
		tusk_copy_error(&s->error, &s->last_words.error);
		s->error.error.severity = "FATAL";
	}
	else if (strcmp(s->error.error.severity, "FATAL") != 0 &&
	         strcmp(s->error.error.severity, "PANIC") != 0)
	{
		va_start(args, format);
		set_error(s, "FATAL", sqlstate, format, args);
		va_end(args);
	}
	tusk_disconnect(s);
	return TUSK_CONNECTION_LOST;
}

/* Unpacks ErrorResponse or NoticeResponse. */
static bool
unpack_error(tusk_message *m, tusk_error_store *store)
{
	char *strings = malloc(m->length + 1);
	tusk_error *e = &store->error;

	store->strings = strings;
	*e = no_error;
	e->severity = "ERROR";
	e->sqlstate = "XX000";
	if (strings == NULL)
	{
		*e = no_memory;
		return false;
	}
	memcpy(strings, m->body, m->length);
	strings[m->length] = '\0';
	for (size_t at = 0; at < m->length && strings[at] != '\0';)
	{
		const char *value = strings + at + 1;

		switch (strings[at])
		{
			case 'S':
				if (strcmp(e->severity, "ERROR") == 0)
					e->severity = value;
				break;
			case 'V':
				e->severity = value;
				break;
			case 'C':
				e->sqlstate = value;
				break;
			case 'M':
				e->message = value;
				break;
			case 'D':
				e->detail = value;
				break;
			case 'H':
				e->hint = value;
				break;
			case 'W':
				e->context = value;
				break;
			case 'P':
				e->position = atoi(value);
				break;
			default:
				break;
		}
		at += strlen(value) + 2;
	}
	return true;
}

/* Keeps the error as the session's. */
/* A copy that lives by itself; short of memory, it says only that. */
void
tusk_copy_error(tusk_error_store *to, const tusk_error *from)
{
	const char *const texts[] = {from->severity, from->sqlstate, from->message,
	                             from->detail,   from->hint,     from->context};
	const char **const places[] = {&to->error.severity, &to->error.sqlstate,
	                               &to->error.message,  &to->error.detail,
	                               &to->error.hint,     &to->error.context};
	size_t size = 0;
	char *strings;
	char *p;

	if (&to->error == from)
		return;
	for (int i = 0; i < 6; i++)
		size += texts[i] != NULL ? strlen(texts[i]) + 1 : 0;
	strings = malloc(size + 1);
	free(to->strings);
	to->strings = strings;
	to->error = strings != NULL ? *from : no_memory;
	for (int i = 0; i < 6 && strings != NULL; i++)
		if (texts[i] != NULL)
		{
			*places[i] = strings;
			p = stpcpy(strings, texts[i]);
			strings = p + 1;
		}
}

tusk_status
tusk_take_error(tusk_session *s, tusk_message *m)
{
	tusk_clear_error(s);
	(void) unpack_error(m, &s->error);
	return TUSK_ERROR;
}

/* Messages that may come at any time; false: this is none. */
bool
tusk_async_message(tusk_session *s, tusk_message *m)
{
	if (m->type == 'N')
	{
		tusk_error_store notice;
		bool whole = unpack_error(m, &notice);

		/* 57P01, 57P02: why the connection will be closed next */
		if (whole && strncmp(notice.error.sqlstate, "57P0", 4) == 0)
			tusk_copy_error(&s->last_words, &notice.error);
		if (whole && s->options.notice != NULL)
			s->options.notice(s->options.notice_arg, &notice.error);
		free(notice.strings);
		return true;
	}
	if (m->type == 'S')
	{
		const char *name = tusk_get_string(m);
		const char *value = tusk_get_string(m);
		tusk_setting *p = s->settings;
		char *copy = strdup(value);

		while (p != NULL && strcmp(p->name, name) != 0)
			p = p->next;
		if (copy == NULL)
			return true;
		if (p == NULL)
		{
			p = calloc(1, sizeof(*p));
			if (p == NULL || (p->name = strdup(name)) == NULL)
			{
				free(p);
				free(copy);
				return true;
			}
			p->next = s->settings;
			s->settings = p;
		}
		free(p->value);
		p->value = copy;
		return true;
	}
	if (m->type == 'a')
		return tusk_direct_message(s, m);
	return m->type == 'A'; /* nobody listens here */
}

bool
tusk_is_usable(const tusk_session *s)
{
	return s->fd >= 0 && s->owner == getpid() && !s->copying && !s->building;
}

tusk_status
tusk_check_usable(tusk_session *s)
{
	if (s->owner != getpid())
		return tusk_fail(s, TUSK_MISUSE, "55000",
		                 "the session belongs to process %d, which has forked "
		                 "this one: attach anew",
		                 (int) s->owner);
	if (s->fd < 0)
	{
		if (strcmp(s->error.error.sqlstate, "00000") == 0)
			return tusk_lose(s, "08003", "the session has ended");
		return TUSK_CONNECTION_LOST;
	}
	tusk_clear_error(s);
	if (s->copying)
		return tusk_fail(s, TUSK_MISUSE, "08P01",
		                 "the session is in the middle of a COPY");
	if (s->building)
		return tusk_fail(s, TUSK_MISUSE, "08P01",
		                 "the session is building an index");
	return TUSK_OK;
}

/* The same for a call that is given the text of a statement. */
tusk_status
tusk_check_statement(tusk_session *s, const char *sql)
{
	tusk_status status = tusk_check_usable(s);

	if (status == TUSK_OK && sql == NULL)
		status = tusk_fail(s, TUSK_MISUSE, "08P01", "the statement is NULL");
	return status;
}

/* ---- cancel ---- */

tusk_canceller *
tusk_canceller_create(const tusk_session *session)
{
	tusk_canceller *c;

	if (session == NULL || session->fd < 0)
		return NULL;
	c = malloc(sizeof(*c));
	if (c == NULL)
		return NULL;
	c->address = session->address;
	c->backend_pid = session->backend_pid;
	c->cancel_key = session->cancel_key;
	return c;
}

void
tusk_canceller_free(tusk_canceller *canceller)
{
	free(canceller);
}

/* Only calls that are safe in signal handlers; errno is kept. */
tusk_status
tusk_cancel(const tusk_canceller *canceller)
{
	int save_errno = errno;
	uint32_t packet[4] = {htonl(16), htonl(CANCEL_REQUEST_CODE),
	                      htonl((uint32_t) canceller->backend_pid),
	                      htonl((uint32_t) canceller->cancel_key)};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	tusk_status status = TUSK_CONNECTION_LOST;

	if (fd >= 0)
	{
		char end;

		if (connect(fd, (const struct sockaddr *) &canceller->address,
		            sizeof(canceller->address)) == 0 &&
		    send(fd, packet, sizeof(packet), MSG_NOSIGNAL) ==
		        (ssize_t) sizeof(packet))
		{
			/* the server closes when it has dealt with it */
			(void) recv(fd, &end, 1, 0);
			status = TUSK_OK;
		}
		close(fd);
	}
	errno = save_errno;
	return status;
}
