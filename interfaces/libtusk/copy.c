/*
 * copy.c: COPY ... FROM STDIN and TO STDOUT.
 *
 * In: bytes are gathered and sent in large messages.  The server reports an error
 * as soon as it meets it; it is noticed at the next flush, or at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define COPY_CHUNK (256 * 1024)

struct tusk_copy
{
	tusk_session *session;
	unsigned number; /* of those of the session */
	size_t used;
	bool incomplete; /* some of the data is lost: it must not be finished */
	tusk_error_store error; /* by which the server has ended it */
	bool failed;            /* there is one */
	char data[COPY_CHUNK];
};

tusk_status
tusk_copy_begin(tusk_session *s, const char *sql, tusk_copy **copy)
{
	tusk_status status = tusk_check_statement(s, sql);
	bool copy_in = false;

	*copy = NULL;
	if (status != TUSK_OK)
		return status;
	status = tusk_send_text(s, 'Q', sql);
	if (status == TUSK_OK)
		status = tusk_collect(s, NULL, NULL, &copy_in);
	if (status != TUSK_OK)
		return status;
	if (!copy_in)
		return tusk_fail(s, TUSK_MISUSE, "42601",
		                 "the statement is no COPY ... FROM STDIN");
	*copy = malloc(sizeof(tusk_copy));
	if (*copy == NULL)
		return tusk_lose(s, "53200", "out of memory");
	(*copy)->session = s;
	(*copy)->number = ++s->copies;
	s->references++;
	(*copy)->used = 0;
	(*copy)->incomplete = false;
	(*copy)->error.strings = NULL;
	(*copy)->failed = false;
	s->copying = true;
	return TUSK_OK;
}

/* The session may have gone on with another COPY, or attached anew. */
static bool
is_last(const tusk_copy *copy)
{
	return copy->number == copy->session->copies;
}

static bool
is_open(const tusk_copy *copy)
{
	return copy->session->fd >= 0 && copy->session->copying && is_last(copy);
}

/* Of a copy that is not open: its error, each time it is asked for. */
static tusk_status
why_not_open(const tusk_copy *copy)
{
	if (copy->failed)
	{
		tusk_copy_error(&copy->session->error, &copy->error.error);
		return TUSK_ERROR;
	}
	if (copy->session->fd < 0)
		return TUSK_CONNECTION_LOST;
	return tusk_fail(copy->session, TUSK_MISUSE, "55000",
	                 "the COPY of this handle has ended");
}

/* Ends the copy mode with what the server has to say. */
static tusk_status
end_copy(tusk_copy *copy, int64_t *rows)
{
	tusk_session *s = copy->session;
	tusk_result *result;
	tusk_status status = tusk_collect(s, &result, NULL, NULL);

	s->copying = false;
	if (rows != NULL)
		*rows = status == TUSK_OK ? tusk_result_affected(result) : 0;
	tusk_result_free(result);
	return status;
}

static tusk_status
flush_copy(tusk_copy *copy)
{
	tusk_session *s = copy->session;
	tusk_status status;

	if (copy->used == 0)
		return TUSK_OK;
	tusk_begin(s, 'd');
	tusk_put(s, copy->data, copy->used);
	copy->used = 0;
	status = tusk_end(s);
	if (status == TUSK_OK)
		status = tusk_send(s);
	if (status != TUSK_OK)
		copy->incomplete = true;
	return status;
}

/*
 * Deals with what came in while we were sending: an error ends the COPY, and
 * the session leaves copy mode; a notice is only that.
 */
static tusk_status
look_for_error(tusk_copy *copy)
{
	tusk_session *s = copy->session;

	while (s->copying && tusk_readable(s))
	{
		tusk_message m;
		tusk_status status = tusk_receive(s, &m, -1);

		if (status != TUSK_OK)
			return status;
		if (m.type == 'E')
		{
			(void) tusk_take_error(s, &m);
			tusk_copy_error(&copy->error, &s->error.error);
			status = end_copy(copy, NULL);
			copy->failed = status != TUSK_CONNECTION_LOST;
			tusk_copy_error(&s->error, &copy->error.error);
			return status == TUSK_CONNECTION_LOST ? status : TUSK_ERROR;
		}
		if (!tusk_async_message(s, &m))
			return tusk_lose(s, "08P01",
			                 "unexpected message type \"%c\" during COPY",
			                 m.type);
	}
	return TUSK_OK;
}

tusk_status
tusk_copy_write(tusk_copy *copy, const void *data, size_t length)
{
	tusk_session *s = copy->session;

	if (!tusk_is_own(s))
		return TUSK_MISUSE;
	if (!is_open(copy))
		return why_not_open(copy);
	tusk_clear_error(s);
	while (length > 0)
	{
		size_t room = COPY_CHUNK - copy->used;
		size_t part = length < room ? length : room;

		memcpy(copy->data + copy->used, data, part);
		copy->used += part;
		data = (const char *) data + part;
		length -= part;
		if (copy->used == COPY_CHUNK)
		{
			tusk_status status = flush_copy(copy);

			if (status == TUSK_OK)
				status = look_for_error(copy);
			if (status != TUSK_OK)
				return status;
		}
	}
	return TUSK_OK;
}

/* A statement turned out to be a COPY FROM STDIN, and there are no data. */
tusk_status
tusk_refuse_copy_in(tusk_session *s)
{
	return tusk_send_text(s, 'f', "COPY FROM STDIN needs tusk_copy_begin");
}

/* Sends the last message of the COPY and waits for the outcome. */
static tusk_status
conclude(tusk_copy *copy, const char *failure, int64_t *rows)
{
	tusk_session *s = copy->session;
	tusk_status status = TUSK_OK;

	if (rows != NULL)
		*rows = 0;
	if (!tusk_is_own(s))
		status = TUSK_MISUSE; /* the COPY is the parent's, and goes on */
	else if (!is_open(copy))
		status = why_not_open(copy);
	else
	{
		status = tusk_send_text(s, failure != NULL ? 'f' : 'c', failure);
		if (status == TUSK_OK)
			status = end_copy(copy, rows);
		s->copying = false;
	}
	tusk_unreference(s);
	free(copy->error.strings);
	free(copy);
	return status;
}

tusk_status
tusk_copy_finish(tusk_copy *copy, int64_t *rows)
{
	tusk_session *s = copy->session;

	if (!tusk_is_own(s))
		return conclude(copy, NULL, rows);
	if (is_open(copy))
		(void) flush_copy(copy);
	if (copy->incomplete && is_open(copy))
	{
		tusk_status status;

		s->references++; /* it is asked after the end of the copy */
		status = conclude(copy, "the client has lost some of the data", rows);
		if (status != TUSK_CONNECTION_LOST)
			status = tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
		tusk_unreference(s);
		return status;
	}
	return conclude(copy, NULL, rows);
}

tusk_status
tusk_copy_abort(tusk_copy *copy, const char *reason)
{
	return conclude(copy, reason != NULL ? reason : "aborted by the client",
	                NULL);
}

/* ---- out ---- */

tusk_status
tusk_copy_out(tusk_session *s, const char *sql, tusk_copy_fn take, void *arg,
              int64_t *rows)
{
	tusk_status status = tusk_check_statement(s, sql);
	tusk_status outcome = TUSK_OK;
	bool copied = false;
	bool stopped = false;

	if (rows != NULL)
		*rows = 0;
	if (status != TUSK_OK)
		return status;
	status = tusk_send_text(s, 'Q', sql);
	while (status == TUSK_OK)
	{
		tusk_message m;

		status = tusk_receive(s, &m, -1);
		if (status != TUSK_OK)
			break;
		if (m.type == 'H')
			copied = true;
		else if (m.type == 'd')
		{
			if (!stopped && take(arg, m.body, m.length) != 0)
			{
				stopped = true;
				tusk_cancel_own(s);
			}
		}
		else if (m.type == 'C')
		{
			if (rows != NULL)
				*rows = tusk_tag_count(tusk_get_string(&m));
		}
		else if (m.type == 'E')
			outcome = tusk_take_error(s, &m);
		else if (m.type == 'Z')
		{
			s->transaction_state = (char) tusk_get_int8(&m);
			break;
		}
		else if (m.type == 'G')
			status = tusk_refuse_copy_in(s);
		else if (strchr("cITD", m.type) == NULL && !tusk_async_message(s, &m))
			status =
				tusk_lose(s, "08P01",
			              "unexpected message type \"%c\" during COPY", m.type);
	}
	if (status != TUSK_OK || outcome != TUSK_OK)
		return status != TUSK_OK ? status : outcome;
	if (stopped) /* all had been sent before the cancel request came */
		return tusk_fail(s, TUSK_ERROR, "57014",
		                 "COPY stopped as its receiver asked for it");
	return copied ? TUSK_OK
	              : tusk_fail(s, TUSK_MISUSE, "42601",
	                          "the statement is no COPY ... TO STDOUT");
}
