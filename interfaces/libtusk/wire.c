/*
 * wire.c: messages of the protocol, version 3, over a socket.
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

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void
cancel_own_statement(tusk_session *s)
{
	tusk_canceller c = {s->address, s->backend_pid, s->cancel_key};

	(void) tusk_cancel(&c);
}

/*
 * Waits for one of the events; calls the progress function meanwhile.
 * timeout_ms -1: no limit.  TUSK_ERROR with 08001 after it.
 */
static tusk_status
wait_socket(tusk_session *s, short events, short *revents, int timeout_ms)
{
	int64_t deadline = timeout_ms >= 0 ? now_ms() + timeout_ms : -1;
	int interval = s->options.progress_interval_ms > 0
	                   ? s->options.progress_interval_ms
	                   : DEFAULT_PROGRESS_INTERVAL_MS;

	for (;;)
	{
		struct pollfd p = {s->fd, events, 0};
		int wait = s->options.progress != NULL ? interval : -1;
		int rc;

		if (deadline >= 0)
		{
			int64_t left = deadline - now_ms();

			if (left <= 0)
				return tusk_lose(s, "08001",
				                 "no answer from the server within %d ms",
				                 timeout_ms);
			if (wait < 0 || left < wait)
				wait = (int) left;
		}
		rc = poll(&p, 1, wait);
		if (rc > 0)
		{
			*revents = p.revents;
			return TUSK_OK;
		}
		if (rc < 0 && errno != EINTR)
			return tusk_lose(s, "08006", "could not wait for the server: %s",
			                 strerror(errno));
		if (s->options.progress != NULL && s->backend_pid != 0 &&
		    s->options.progress(s->options.progress_arg) != 0)
			cancel_own_statement(s);
	}
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
	do
		n = recv(s->fd, s->in.data + s->in.used, s->in.size - s->in.used,
		         MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n > 0)
	{
		s->in.used += (size_t) n;
		return TUSK_OK;
	}
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return TUSK_OK;
	if (closed != NULL)
	{
		*closed = true;
		return TUSK_OK;
	}
	if (n == 0)
		return tusk_lose(s, "08006",
		                 "server closed the connection unexpectedly");
	return tusk_lose(s, "08006", "could not receive data from server: %s",
	                 strerror(errno));
}

tusk_status
tusk_send(tusk_session *s)
{
	size_t sent = 0;

	while (sent < s->out.used)
	{
		ssize_t n = send(s->fd, s->out.data + sent, s->out.used - sent,
		                 MSG_DONTWAIT | MSG_NOSIGNAL);
		short revents = 0;
		bool closed = false;
		tusk_status status;

		if (n > 0)
		{
			sent += (size_t) n;
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			break; /* the reason may be waiting to be read */
		if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		{
			s->out.used = 0;
			return tusk_lose(s, "08006", "could not send data to server: %s",
			                 strerror(errno));
		}
		status = wait_socket(s, POLLIN | POLLOUT, &revents, -1);
		if (status == TUSK_OK && (revents & (POLLHUP | POLLERR)))
			break; /* likewise, or it has been read already */
		if (status == TUSK_OK && (revents & POLLIN))
			status = read_some(s, &closed);
		if (status != TUSK_OK)
		{
			s->out.used = 0;
			return status;
		}
		if (closed)
			break; /* the reason may have been read before */
	}
	s->out.used = 0;
	return TUSK_OK;
}

/* Has anything come in?  Does not wait. */
bool
tusk_readable(tusk_session *s)
{
	struct pollfd p = {s->fd, POLLIN, 0};

	return s->in.used > s->in_start || poll(&p, 1, 0) > 0;
}

/* The next message; its body is valid until the next call. */
tusk_status
tusk_receive(tusk_session *s, tusk_message *m, int timeout_ms)
{
	for (;;)
	{
		size_t have = s->in.used - s->in_start;
		short revents = 0;
		tusk_status status;

		if (have >= 5)
		{
			const char *p = s->in.data + s->in_start;
			uint32_t n;
			size_t length;

			memcpy(&n, p + 1, sizeof(n));
			length = ntohl(n);
			if (length < 4 || length > TUSK_MAX_MESSAGE)
				return tusk_lose(s, "08P01",
				                 "lost synchronization with server: got "
				                 "message type \"%c\", length %zu",
				                 p[0], length);
			if (have >= length + 1)
			{
				m->type = p[0];
				m->body = p + 5;
				m->length = length - 4;
				m->at = 0;
				m->bad = false;
				s->in_start += length + 1;
				return TUSK_OK;
			}
			if (!tusk_reserve(&s->in, length + 1))
				return tusk_lose(s, "53200", "out of memory");
		}
		status = wait_socket(s, POLLIN, &revents, timeout_ms);
		if (status == TUSK_OK)
			status = read_some(s, NULL);
		if (status != TUSK_OK)
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
