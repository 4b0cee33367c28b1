/*
 * wire.c: messages of the protocol, version 3, over a socket or over rings.
 *
 * Sending never blocks without reading: a server that reports an error in the
 * middle of a COPY may stop reading until we have read that, so both
 * directions are polled together.
 *
 * Nothing that comes in is believed: lengths are checked before memory is
 * taken, fields before they are read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "direct.h"
#include "internal.h"

#define READ_CHUNK 65536
#define DEFAULT_PROGRESS_INTERVAL_MS 100

bool
tusk_reserve(tusk_buffer *b, size_t more)
{
	size_t size = b->size > 0 ? b->size : 4096;
	char *data;

	if (b->size - b->used >= more)
		return true;
	while (size - b->used < more)
		size *= 2;
	data = realloc(b->data, size);
	if (data == NULL)
		return false;
	b->data = data;
	b->size = size;
	return true;
}

void
tusk_begin(tusk_session *s, char type)
{
	if (type != '\0')
		tusk_put(s, &type, 1);
	s->message_start = s->out.used;
	tusk_put_int32(s, 0);
}

void
tusk_put(tusk_session *s, const void *data, size_t length)
{
	if (!tusk_reserve(&s->out, length))
	{
		s->out_of_memory = true;
		return;
	}
	if (length > 0)
		memcpy(s->out.data + s->out.used, data, length);
	s->out.used += length;
}

void
tusk_put_int16(tusk_session *s, int value)
{
	uint16_t n = htons((uint16_t) value);

	tusk_put(s, &n, sizeof(n));
}

void
tusk_put_int32(tusk_session *s, int32_t value)
{
	uint32_t n = htonl((uint32_t) value);

	tusk_put(s, &n, sizeof(n));
}

void
tusk_put_string(tusk_session *s, const char *value)
{
	tusk_put(s, value, strlen(value) + 1);
}

/* Completes the message begun; on failure nothing of this batch is sent. */
tusk_status
tusk_end(tusk_session *s)
{
	size_t length = s->out.used - s->message_start;
	uint32_t n = htonl((uint32_t) length);

	if (s->out_of_memory || length > TUSK_MAX_MESSAGE)
	{
		bool memory = s->out_of_memory;

		s->out.used = 0;
		s->out_of_memory = false;
		if (memory)
			return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
		return tusk_fail(s, TUSK_MISUSE, "54000",
		                 "message of %zu bytes is too long", length);
	}
	memcpy(s->out.data + s->message_start, &n, sizeof(n));
	return TUSK_OK;
}

int64_t
tusk_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
tusk_cancel_own(tusk_session *s)
{
	tusk_canceller c = {s->address, s->backend_pid, s->cancel_key};

	(void) tusk_cancel(&c);
}

/* Is there something to read, or the end, within that time? */
bool
tusk_poll(int fd, int timeout_ms)
{
	struct pollfd p = {fd, POLLIN, 0};

	return poll(&p, 1, timeout_ms) > 0;
}

/*
 * Waits that long for something to read or, if asked, for room to write: > 0,
 * 0 after the time or a signal, < 0 with errno.  *hung_up: nobody reads.
 */
static int
wait_once(tusk_session *s, bool to_write, int timeout_ms, bool *hung_up)
{
	struct pollfd p = {s->fd, (short) (to_write ? POLLIN | POLLOUT : POLLIN),
	                   0};
	int rc;

	if (s->rings != NULL)
		return tusk_ring_wait(s, to_write, timeout_ms);
	rc = poll(&p, 1, timeout_ms);
	if (rc < 0 && errno == EINTR)
		return 0;
	*hung_up = rc > 0 && (p.revents & (POLLHUP | POLLERR)) != 0;
	return rc;
}

int
tusk_progress_interval_ms(const tusk_session *s)
{
	return s->options.progress_interval_ms > 0 ? s->options.progress_interval_ms
	                                           : DEFAULT_PROGRESS_INTERVAL_MS;
}

/*
 * Waits for bytes or, if asked, for room; calls the progress function
 * meanwhile.  *ready: there is something; else timeout_ms (-1: no limit) have
 * passed.
 */
static tusk_status
wait_until_ready(tusk_session *s, bool to_write, int timeout_ms, bool *hung_up,
                 bool *ready)
{
	int64_t deadline = timeout_ms >= 0 ? tusk_now_ms() + timeout_ms : -1;
	int64_t left = -1;

	for (;;)
	{
		int wait =
			s->options.progress != NULL ? tusk_progress_interval_ms(s) : -1;
		int rc;

		if (deadline >= 0)
		{
			left = deadline - tusk_now_ms();
			if (left < 0)
				left = 0;
			if (wait < 0 || left < wait)
				wait = (int) left;
		}
		rc = wait_once(s, to_write, wait, hung_up);
		*ready = rc > 0;
		if (rc < 0)
			return tusk_lose(s, "08006", "could not wait for the server: %s",
			                 strerror(errno));
		if (*ready || left == 0)
			return TUSK_OK;
		if (s->options.progress != NULL && s->backend_pid != 0 &&
		    s->options.progress(s->options.progress_arg) != 0)
			tusk_cancel_own(s);
	}
}

/* The same; the session is lost, 08001, after that time. */
static tusk_status
wait_for_server(tusk_session *s, bool to_write, bool *hung_up, int timeout_ms)
{
	bool ready;
	tusk_status status =
		wait_until_ready(s, to_write, timeout_ms, hung_up, &ready);

	if (status == TUSK_OK && !ready)
		status = tusk_lose(s, "08001", "no answer from the server within %d ms",
		                   timeout_ms);
	return status;
}

/*
 * There is nothing more to be read, and error 0 or what errno said.  What the
 * server has said before counts most (tusk_lose).
 */
static void
lose_at_end(tusk_session *s, int error)
{
	bool said = tusk_has_last_words(s);

	if (!said && s->rings != NULL && tusk_ring_farewell(s))
		return;
	if (s->backend_pid != 0 && (error == 0 || error == ECONNRESET))
	{
		bool over_socket = s->rings == NULL;

		(void) tusk_lose(s, "57P02",
		                 "server closed the connection unexpectedly: its "
		                 "process crashed or was killed");
		if (!said && over_socket)
			tusk_add_detail(s, "Or it was ended while it sent, when it cannot "
			                   "say why.");
	}
	else if (error == 0)
		(void) tusk_lose(s, "08006",
		                 "server closed the connection unexpectedly");
	else
		(void) tusk_lose(s, "08006", "could not receive data from server: %s",
		                 strerror(error));
}

/* Bytes that came; 0: none now; -1: the session is lost, or *closed is set. */
static ssize_t
receive_bytes(tusk_session *s, void *buf, size_t size, bool *closed)
{
	ssize_t n;

	if (s->rings != NULL)
	{
		/* in this order: what was written before the end is read */
		bool end = tusk_ring_closed(s);

		n = tusk_ring_read(s, buf, size);
		if (n < 0)
			(void) tusk_lose(s, "08P01",
			                 "the rings of the client area are damaged");
		if (n != 0 || !end)
			return n;
	}
	else
	{
		do
			n = s->wants_descriptors ? tusk_receive_descriptors(s, buf, size)
			                         : recv(s->fd, buf, size, MSG_DONTWAIT);
		while (n < 0 && errno == EINTR);
		if (n > 0)
			return n;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
	}
	if (closed != NULL)
		*closed = true;
	else
		lose_at_end(s, n == 0 ? 0 : errno);
	return -1;
}

/*
 * Reads what is there.  The end of the connection loses the session, or sets
 * *closed, if that is given, and nothing else.
 */
static tusk_status
read_some(tusk_session *s, bool *closed)
{
	ssize_t n;

	if (s->in_start > 0)
	{
		memmove(s->in.data, s->in.data + s->in_start, s->in.used - s->in_start);
		s->in.used -= s->in_start;
		s->in_start = 0;
	}
	if (!tusk_reserve(&s->in, READ_CHUNK))
		return tusk_lose(s, "53200", "out of memory");
	n = receive_bytes(s, s->in.data + s->in.used, s->in.size - s->in.used,
	                  closed);
	if (n < 0)
		return closed != NULL && *closed ? TUSK_OK : TUSK_CONNECTION_LOST;
	s->in.used += (size_t) n;
	return TUSK_OK;
}

/* Bytes that went; 0: no room; -1: nobody reads, or *status says more. */
static ssize_t
send_bytes(tusk_session *s, const void *data, size_t length,
           tusk_status *status)
{
	ssize_t n;

	if (s->rings != NULL)
	{
		if (tusk_ring_closed(s))
			return -1;
		n = tusk_ring_write(s, data, length);
		if (n < 0)
			*status = tusk_lose(s, "08P01",
			                    "the rings of the client area are damaged");
		return n;
	}
	do
		n = send(s->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return n;
	if (errno == EAGAIN || errno == EWOULDBLOCK)
		return 0;
	if (errno != EPIPE && errno != ECONNRESET)
		*status = tusk_lose(s, "08006", "could not send data to server: %s",
		                    strerror(errno));
	return -1;
}

/* What ends a kept search goes ahead; without memory the backend ends it. */
static void
put_end_of_search(tusk_session *s)
{
	char end[TUSK_DIRECT_END_SIZE];
	size_t n;

	if (s->out.used == 0 || !tusk_reserve(&s->out, sizeof(end)))
		return;
	n = tusk_direct_take_end(s, end);
	if (n == 0)
		return;
	memmove(s->out.data + n, s->out.data, s->out.used);
	memcpy(s->out.data, end, n);
	s->out.used += n;
}

/*
 * If the server has gone we are silent about it: the reason may be waiting to
 * be read, or has been read already.
 */
tusk_status
tusk_send(tusk_session *s)
{
	size_t sent = 0;
	tusk_status status = TUSK_OK;

	put_end_of_search(s);

	while (sent < s->out.used && status == TUSK_OK)
	{
		bool hung_up = false;
		bool closed = false;
		ssize_t n =
			send_bytes(s, s->out.data + sent, s->out.used - sent, &status);

		if (n < 0)
			break;
		if (n > 0)
		{
			sent += (size_t) n;
			continue;
		}
		status = wait_for_server(s, true, &hung_up, -1);
		if (status == TUSK_OK && hung_up)
			break;
		if (status == TUSK_OK)
			status = read_some(s, &closed);
		if (closed)
			break;
	}
	s->out.used = 0;
	return status;
}

tusk_status
tusk_send_text(tusk_session *s, char type, const char *text)
{
	tusk_status status;

	tusk_begin(s, type);
	if (text != NULL)
		tusk_put_string(s, text);
	status = tusk_end(s);
	return status == TUSK_OK ? tusk_send(s) : status;
}

/* Has anything come in?  Does not wait. */
bool
tusk_readable(tusk_session *s)
{
	if (s->in.used > s->in_start)
		return true;
	return s->rings != NULL ? tusk_ring_ready(s, false) : tusk_poll(s->fd, 0);
}

/* A message that is there whole; *got: false, more has to come. */
static tusk_status
next_message(tusk_session *s, tusk_message *m, bool *got)
{
	size_t have = s->in.used - s->in_start;
	const char *p = s->in.data + s->in_start;
	size_t length;
	uint32_t n;

	*got = false;
	if (have < 5)
		return TUSK_OK;
	memcpy(&n, p + 1, sizeof(n));
	length = ntohl(n);
	if (length < 4 || length > TUSK_MAX_MESSAGE)
		return tusk_lose(s, "08P01",
		                 "lost synchronization with server: got message type "
		                 "\"%c\", length %zu",
		                 p[0], length);
	if (have < length + 1)
	{
		if (!tusk_reserve(&s->in, length + 1))
			return tusk_lose(s, "53200", "out of memory");
		return TUSK_OK;
	}
	m->type = p[0];
	m->body = p + 5;
	m->length = length - 4;
	m->at = 0;
	m->bad = false;
	s->in_start += length + 1;
	*got = true;
	return TUSK_OK;
}

/* The next message; its body is valid until the next call. */
tusk_status
tusk_receive(tusk_session *s, tusk_message *m, int timeout_ms)
{
	for (;;)
	{
		bool hung_up = false;
		bool got;
		tusk_status status = next_message(s, m, &got);

		if (status != TUSK_OK || got)
			return status;
		status = s->rings != NULL && tusk_ring_ready(s, false)
		             ? TUSK_OK
		             : wait_for_server(s, false, &hung_up, timeout_ms);
		if (status == TUSK_OK)
			status = read_some(s, NULL);
		if (status != TUSK_OK)
			return status;
	}
}

tusk_status
tusk_receive_within(tusk_session *s, tusk_message *m, int timeout_ms, bool *got)
{
	int64_t deadline = tusk_now_ms() + timeout_ms;

	for (;;)
	{
		int64_t left = deadline - tusk_now_ms();
		bool hung_up = false;
		bool ready = true;
		tusk_status status = next_message(s, m, got);

		if (status != TUSK_OK || *got)
			return status;
		if (s->rings == NULL || !tusk_ring_ready(s, false))
			status = wait_until_ready(s, false,
			                          timeout_ms < 0 ? -1
			                          : left > 0     ? (int) left
			                                         : 0,
			                          &hung_up, &ready);
		if (status == TUSK_OK && ready)
			status = read_some(s, NULL);
		if (status != TUSK_OK || !ready)
			return status;
	}
}

const char *
tusk_get_bytes(tusk_message *m, size_t length)
{
	const char *p = m->body + m->at;

	if (length > m->length - m->at)
	{
		m->bad = true;
		return NULL;
	}
	m->at += length;
	return p;
}

int
tusk_get_int8(tusk_message *m)
{
	const char *p = tusk_get_bytes(m, 1);

	return p == NULL ? 0 : (unsigned char) *p;
}

int
tusk_get_int16(tusk_message *m)
{
	const char *p = tusk_get_bytes(m, 2);
	uint16_t n;

	if (p == NULL)
		return 0;
	memcpy(&n, p, sizeof(n));
	return (int16_t) ntohs(n);
}

int32_t
tusk_get_int32(tusk_message *m)
{
	const char *p = tusk_get_bytes(m, 4);
	uint32_t n;

	if (p == NULL)
		return 0;
	memcpy(&n, p, sizeof(n));
	return (int32_t) ntohl(n);
}

const char *
tusk_get_string(tusk_message *m)
{
	const char *p = m->body + m->at;
	const char *end = memchr(p, '\0', m->length - m->at);

	if (end == NULL)
	{
		m->bad = true;
		return "";
	}
	m->at += (size_t) (end - p) + 1;
	return p;
}
