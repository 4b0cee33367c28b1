/*
 * attach.c: sessions: their beginning and end, errors, cancel.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conninfo.h"
#include "direct.h"
#include "libpq/client_step.h"

#define CANCEL_REQUEST_CODE 80877102

/* tusk_reattach tries again after so long. */
#define RETRY_MS 50
/* A try is given so long at least, however little is left. */
#define TRY_MS 2000
/* tusk_cancel waits so long for the server. */
#define CANCEL_MS 3000
/* So often a server is started that is gone before we come. */
#define AUTOSTART_TRIES 100

static const tusk_error no_error = {"", "00000", "", NULL, NULL, NULL, 0};
static const tusk_error no_memory = {
	"ERROR", "53200", "out of memory", NULL, NULL, NULL, 0};

static void forget_conninfo(tusk_session *s);
static void terminate_session(tusk_session *s);

/* ---- beginning ---- */

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
	s->copies++; /* handles of earlier ones are of no use */
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

/*
 * A server that nobody needs any more may end between its start and our coming:
 * then another one is started.
 */
static tusk_status
connect_or_start(tusk_session *s, tusk_conninfo *c, int timeout_ms)
{
	struct timespec pause = {0, RETRY_MS * 1000000L};
	tusk_status status;

	for (int i = 0;; i++)
	{
		tusk_clear_error(s);
		status = tusk_connect(s, c, timeout_ms);
		if (status != TUSK_CONNECTION_LOST || !may_come_back(s) ||
		    s->connect_errno == EACCES || i == AUTOSTART_TRIES)
			return status;
		if (strcmp(s->error.error.sqlstate, "57P03") == 0)
			(void) nanosleep(&pause, NULL); /* it starts, or ends */
		else
		{
			status = tusk_autostart(s, c->values[OPT_DIR], c->values[OPT_PORT],
			                        tusk_somebody_listens);
			if (status != TUSK_OK)
				return status;
		}
		reset_session(s);
	}
}

/*
 * Where the session goes and as whom is found out once: the environment may
 * be another one when it attaches anew.
 */
static tusk_status
resolve_conninfo(tusk_session *s)
{
	tusk_status status;

	if (s->resolved != NULL)
		return TUSK_OK;
	s->resolved = calloc(1, sizeof(*s->resolved));
	if (s->resolved == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	status = tusk_conninfo_resolve(s, s->conninfo, s->resolved);
	if (status != TUSK_OK)
		forget_conninfo(s);
	return status;
}

static void
forget_conninfo(tusk_session *s)
{
	if (s->resolved != NULL)
		tusk_conninfo_free(s->resolved);
	free(s->resolved);
	s->resolved = NULL;
}

/* By what the session was told; a try takes limit_ms at most, -1: no limit. */
static tusk_status
connect_session(tusk_session *s, int limit_ms)
{
	bool autostart;
	int timeout_ms;
	tusk_status status = resolve_conninfo(s);

	reset_session(s);
	if (status == TUSK_OK)
		status = tusk_conninfo_take_attach(s, s->resolved);
	if (status == TUSK_OK)
		status = tusk_conninfo_take_autostart(s, s->resolved, &autostart);
	if (status != TUSK_OK)
		return status;
	timeout_ms = s->options.connect_timeout_ms > 0
	                 ? s->options.connect_timeout_ms
	                 : s->resolved->connect_timeout_ms;
	if (timeout_ms < 0 || (limit_ms >= 0 && limit_ms < timeout_ms))
		timeout_ms = limit_ms;
	status = autostart ? connect_or_start(s, s->resolved, timeout_ms)
	                   : tusk_connect(s, s->resolved, timeout_ms);
	tusk_conninfo_forget_file(s->resolved);
	return status;
}

/* With nothing but its memory; NULL: there is none. */
static tusk_session *
create_session(void)
{
	tusk_session *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	reset_session(s);
	s->references = 1;
	s->owner = getpid();
	s->error.error = no_error;
	return s;
}

tusk_status
tusk_attach(const char *conninfo, const tusk_attach_options *options,
            tusk_session **session)
{
	tusk_session *s = create_session();

	*session = s;
	if (s == NULL)
		return TUSK_NO_MEMORY;
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
	return connect_session(s, -1);
}

tusk_status
tusk_attach_beside(const tusk_session *s, int timeout_ms, tusk_session **beside)
{
	tusk_session *b = create_session();

	*beside = b;
	if (b == NULL)
		return TUSK_NO_MEMORY;
	b->options.connect_timeout_ms = s->options.connect_timeout_ms;
	b->resolved = tusk_conninfo_copy_for_socket(s->resolved);
	if (b->resolved == NULL)
		return tusk_fail(b, TUSK_NO_MEMORY, "53200", "out of memory");
	return connect_session(b, timeout_ms);
}

tusk_status
tusk_reattach(tusk_session *s, int timeout_ms)
{
	struct timespec pause = {0, RETRY_MS * 1000000L};
	int64_t end = tusk_now_ms() + timeout_ms;

	if (!tusk_is_own(s))
		return TUSK_MISUSE;
	terminate_session(s);
	s->life++;
	for (;;)
	{
		int64_t left = end - tusk_now_ms();
		tusk_status status;

		tusk_clear_error(s);
		/* a server that is stopped lets us in, and does not answer */
		status = connect_session(
			s, timeout_ms > 0 ? (int) (left > TRY_MS ? left : TRY_MS) : -1);
		if (status == TUSK_OK || !may_come_back(s) || tusk_now_ms() >= end)
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
	forget_conninfo(s);
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
	CLIENT_STEP("detach-closed");
	s->fd = -1;
	tusk_free_rings(s);
}

/* Says goodbye, if the session is ours. */
static void
terminate_session(tusk_session *s)
{
	static const char terminate[5] = {'X', 0, 0, 0, 4};
	char words[TUSK_DIRECT_END_SIZE + sizeof(terminate)];

	CLIENT_STEP("detach");
	if (s->fd >= 0 && s->owner == getpid())
	{
		size_t n = tusk_direct_take_end(s, words);

		memcpy(words + n, terminate, sizeof(terminate));
		n += sizeof(terminate);
		if (s->rings != NULL)
			(void) tusk_ring_write(s, words, n);
		else
			(void) send(s->fd, words, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		CLIENT_STEP("detach-told");
	}
	tusk_direct_close(s);
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

/* Has the server said why the session ends? */
bool
tusk_has_last_words(const tusk_session *s)
{
	return s->last_words.strings != NULL ||
	       strcmp(s->error.error.severity, "FATAL") == 0 ||
	       strcmp(s->error.error.severity, "PANIC") == 0;
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
	else if (!tusk_has_last_words(s))
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

/* A copy that lives by itself; short of memory, it says only that. */
void
tusk_copy_error(tusk_error_store *to, const tusk_error *from)
{
	const char *const texts[] = {from->severity, from->sqlstate, from->message,
	                             from->detail,   from->hint,     from->context};
	const char **const places[] = {&to->error.severity, &to->error.sqlstate,
	                               &to->error.message,  &to->error.detail,
	                               &to->error.hint,     &to->error.context};
	char *before = to->strings; /* from may point into it */
	size_t size = 0;
	char *strings;
	char *p;

	if (&to->error == from)
		return;
	for (int i = 0; i < 6; i++)
		size += texts[i] != NULL ? strlen(texts[i]) + 1 : 0;
	strings = malloc(size + 1);
	to->strings = strings;
	to->error = strings != NULL ? *from : no_memory;
	for (int i = 0; i < 6 && strings != NULL; i++)
		if (texts[i] != NULL)
		{
			*places[i] = strings;
			p = stpcpy(strings, texts[i]);
			strings = p + 1;
		}
	free(before);
}

/* With that text as detail or hint; short of memory, without it. */
static void
add_text(tusk_session *s, bool is_hint, const char *format, va_list args)
{
	tusk_error_store more = {s->error.error, NULL};
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		return;
	*(is_hint ? &more.error.hint : &more.error.detail) = text;
	tusk_copy_error(&s->error, &more.error);
	free(text);
}

void
tusk_add_detail(tusk_session *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_text(s, false, format, args);
	va_end(args);
}

void
tusk_add_hint(tusk_session *s, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_text(s, true, format, args);
	va_end(args);
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

bool
tusk_is_own(tusk_session *s)
{
	if (s->owner == getpid())
		return true;
	(void) tusk_fail(s, TUSK_MISUSE, "55000",
	                 "the session belongs to process %d, which has forked this "
	                 "one: attach anew",
	                 (int) s->owner);
	return false;
}

tusk_status
tusk_check_usable(tusk_session *s)
{
	if (!tusk_is_own(s))
		return TUSK_MISUSE;
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

/* Does the server close, as it does when it has dealt with a request? */
static bool
wait_for_close(int fd, int64_t deadline)
{
	for (;;)
	{
		int64_t left = deadline - tusk_now_ms();
		struct pollfd p = {fd, POLLIN, 0};

		if (left <= 0)
			return false;
		if (poll(&p, 1, (int) left) > 0)
			return true;
	}
}

/*
 * Only calls that are safe in signal handlers; errno is kept.  A server that is
 * stopped lets us in, and does not answer.
 */
tusk_status
tusk_request_cancel(const tusk_canceller *canceller, bool *answered)
{
	int save_errno = errno;
	int64_t deadline = tusk_now_ms() + CANCEL_MS;
	uint32_t packet[4] = {htonl(16), htonl(CANCEL_REQUEST_CODE),
	                      htonl((uint32_t) canceller->backend_pid),
	                      htonl((uint32_t) canceller->cancel_key)};
	const tusk_address *address = &canceller->address;
	int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	tusk_status status = TUSK_CONNECTION_LOST;

	*answered = false;
	if (fd >= 0)
	{
		if (tusk_connect_socket(fd, address, CANCEL_MS) == 0 &&
		    send(fd, packet, sizeof(packet), MSG_DONTWAIT | MSG_NOSIGNAL) ==
		        (ssize_t) sizeof(packet))
		{
			*answered = wait_for_close(fd, deadline);
			status = TUSK_OK;
		}
		close(fd);
	}
	errno = save_errno;
	return status;
}

tusk_status
tusk_cancel(const tusk_canceller *canceller)
{
	bool answered;

	return tusk_request_cancel(canceller, &answered);
}
