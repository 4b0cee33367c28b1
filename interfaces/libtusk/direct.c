/*
 * direct.c: direct search: what client and backend say to each other about it.
 *
 * A search of n queries is BEGIN, the queries, a look whether all of it counts,
 * END.  END's answer is not waited for: it is taken when the next message is
 * read (D2).  direct/search.c does the queries.
 *
 * A round trip takes longer than a query.  So a call that is expected to be
 * through in a moment asks for a short search, and keeps it (D5): the next call
 * goes on with it, without a message, as long as a search that began now would
 * see the same.
 *
 * D1.	What was found is given out only if the search was valid after it, and
 *		the socket showed no end.
 * D2.	answers_due counts the answers to END that were not read yet; they come
 *		before any other answer.
 * D3.	A search lasts no longer than SEARCH_MS, or others' vacuums would wait
 *		for it and end it: then what was found by then is looked at, and the
 *		next search goes on.
 *		A query that takes longer than the session's statement_timeout is ended
 *		by us, with the error that the backend would give.
 * D4.	Of the numbers in an answer none is believed before its length was
 *		checked.
 * D5.	A kept search has no END yet: that is sent ahead of the next message of
 *		the session, whatever it is, in the same write.  Another call goes on with
 *		it only for the same query and limit, within keep_ms of its BEGIN, and if
 *		no transaction has ended since its snapshot was taken.  Its backend ends
 *		it after DIRECT_SHORT_MS: what was interrupted by that is done again by a
 *		search that is not short.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "direct.h"
#include "direct/reader.h"
#include "libpq/client_step.h"

#define SEARCH_MS 250

/* Calls that are expected to take no longer begin short searches. */
#define SHORT_CALL_US 5000

/* A search that was disturbed is done again so often. */
#define SEARCH_TRIES 3

#define FLOAT8_TYPE 701
#define INT2_TYPE 21
#define INT4_TYPE 23
#define INT8_TYPE 20

struct tusk_direct
{
	tusk_mapping *mapping;
	tusk_reader *search;
	uint64_t running;      /* number of the search; 0: none */
	int answers_due;       /* D2 */
	uint32_t last_outcome; /* of the last of them */
	uint32_t db_node;      /* 0: not known yet */
	bool cancelled;        /* by the progress function */
	int64_t due;           /* of the query by statement_timeout; 0: none */
	bool timed_out;        /* that was over */
	bool failed;           /* a question met an error: the session has it */

	/* D5; the rest is that of the last search that was begun */
	bool kept;
	const tusk_direct_query *begun_for; /* NULL: it is gone */
	int64_t begun_limit;                /* of the request */
	int64_t keep_until;                 /* 0: it is not short */
	DirectBeginReply begun;

	int64_t next_progress;
	int64_t ndirect;
	int64_t nbackend;
	char reason[512];
};

struct tusk_direct_query
{
	tusk_session *session;
	uint32_t index;
	char *statement;
	char *name; /* of its shape: database, index, text */
	size_t name_length;
	tusk_shape *shape;
	int64_t last_us; /* what one took the last time; -1: not known */
};

struct tusk_direct_result
{
	int done;
	int nqueries;
	size_t *first; /* rows of each query, in found; one more than done */
	tusk_found found;
	uint32_t *types;
};

static int64_t
now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void
set_reason(struct tusk_direct *d, const char *reason)
{
	size_t n = strlen(reason);

	if (n >= sizeof(d->reason))
		n = sizeof(d->reason) - 1;
	memmove(d->reason, reason, n);
	d->reason[n] = '\0';
}

/* ---- messages ---- */

static void
begin_request(tusk_session *s, uint32_t code, const void *data, size_t length)
{
	tusk_begin(s, PqMsg_Attach);
	tusk_put_int32(s, (int32_t) code);
	tusk_put(s, data, length);
}

/* Subcode of an answer; 0: it is none. */
static uint32_t
answer_code(tusk_message *m)
{
	return m->type == PqMsg_Attach ? (uint32_t) tusk_get_int32(m) : 0;
}

static bool
get_struct(tusk_message *m, void *to, size_t size)
{
	const char *p = tusk_get_bytes(m, size);

	if (p == NULL)
		return false;
	memcpy(to, p, size);
	return true;
}

static tusk_status
lost_synchronization(tusk_session *s)
{
	return tusk_lose(s, "08P01",
	                 "lost synchronization with server: an answer about "
	                 "direct search is malformed");
}

static void
take_end(struct tusk_direct *d, tusk_message *m)
{
	DirectEndReply reply;

	if (!get_struct(m, &reply, sizeof(reply)))
		return;
	d->last_outcome = reply.outcome;
	d->answers_due--;
}

bool
tusk_direct_message(tusk_session *s, tusk_message *m)
{
	struct tusk_direct *d = s->direct;

	if (d == NULL || d->answers_due == 0 || answer_code(m) != ATTACH_CODE_END)
		return false;
	take_end(d, m);
	return !m->bad;
}

/*
 * The answer with that code; those to END before it are taken.  An error loses
 * no session, but is returned.
 */
static tusk_status
receive_answer(tusk_session *s, uint32_t code, tusk_message *m)
{
	struct tusk_direct *d = s->direct;
	tusk_status failed = TUSK_OK;

	for (;;)
	{
		tusk_status status = tusk_receive(s, m, -1);
		uint32_t got;

		if (status != TUSK_OK)
			return status;
		switch (m->type)
		{
			case PqMsg_Attach:
				got = answer_code(m);
				if (got == ATTACH_CODE_END && d->answers_due > 0)
				{
					take_end(d, m);
					if (m->bad)
						return lost_synchronization(s);
					if (code == ATTACH_CODE_END && d->answers_due == 0)
						return TUSK_OK;
					break;
				}
				if (got != code || m->bad)
					return lost_synchronization(s);
				return TUSK_OK;
			case 'E':
				failed = tusk_take_error(s, m);
				d->running = 0;
				break;
			case 'Z':
				s->transaction_state = (char) tusk_get_int8(m);
				if (failed == TUSK_OK)
					return lost_synchronization(s);
				return failed;
			default:
				if (!tusk_async_message(s, m))
					return lost_synchronization(s);
		}
	}
}

static tusk_status
send_request(tusk_session *s)
{
	tusk_status status = tusk_end(s);

	return status == TUSK_OK ? tusk_send(s) : status;
}

/* ---- what the search asks (reader.h) ---- */

/* Sends and receives; false: the search is over. */
static bool
ask(tusk_session *s, tusk_message *m, DirectAskReply *reply)
{
	struct tusk_direct *d = s->direct;
	tusk_status status = send_request(s);

	CLIENT_STEP("direct-asked");
	if (status == TUSK_OK)
		status = receive_answer(s, ATTACH_CODE_ASK, m);
	if (status != TUSK_OK)
	{
		d->failed = true;
		return false;
	}
	if (!get_struct(m, reply, sizeof(*reply)))
	{
		(void) lost_synchronization(s);
		d->failed = true;
		return false;
	}
	return reply->outcome == DIRECT_ENDED && reply->nitems > 0;
}

static bool
ask_blocks(void *session, uint32_t part, const uint32_t *blocks, int n)
{
	tusk_session *s = session;
	DirectAskRequest request = {.search = s->direct->running,
	                            .kind = DIRECT_ASK_BLOCKS,
	                            .nitems = (uint32_t) n};
	DirectAskReply reply;
	tusk_message m;

	begin_request(s, ATTACH_CODE_ASK, &request, sizeof(request));
	for (int i = 0; i < n; i++)
	{
		DirectAskBlock block = {part, blocks[i]};

		tusk_put(s, &block, sizeof(block));
	}
	return ask(s, &m, &reply);
}

/* The answer about one row; false: it is malformed. */
static bool
take_row(tusk_message *m, tusk_asked_row *row, int ncolumns)
{
	DirectAnswerRow answer;

	if (!get_struct(m, &answer, sizeof(answer)))
		return false;
	row->visible = answer.visible != 0;
	row->columns = NULL;
	if (!row->visible)
		return true;
	row->block = answer.block;
	row->offset = answer.offset;
	row->columns = m->body + m->at;
	for (int i = 0; i < ncolumns && !m->bad; i++)
	{
		int32_t length = -1;

		if (!get_struct(m, &length, sizeof(length)) || length < -1)
			m->bad = true;
		else if (length > 0)
			(void) tusk_get_bytes(m, (size_t) length);
	}
	return !m->bad;
}

static bool
ask_rows(void *session, tusk_asked_row *rows, int n, const int16_t *attnums,
         int ncolumns)
{
	tusk_session *s = session;
	DirectAskRequest request = {.search = s->direct->running,
	                            .kind = DIRECT_ASK_ROWS,
	                            .nitems = (uint32_t) n,
	                            .ncolumns = (uint32_t) ncolumns};
	DirectAskReply reply;
	tusk_message m;

	begin_request(s, ATTACH_CODE_ASK, &request, sizeof(request));
	for (int i = 0; i < ncolumns; i++)
	{
		DirectAskColumn column = {attnums[i], TUSK_BINARY};

		tusk_put(s, &column, sizeof(column));
	}
	for (int i = 0; i < n; i++)
	{
		DirectAskRow row = {rows[i].block, rows[i].offset, 0};

		tusk_put(s, &row, sizeof(row));
	}
	if (!ask(s, &m, &reply))
		return false;
	/* an answer that was too long for all of them: rather the backend */
	if (reply.nitems != (uint32_t) n)
		return false;
	for (int i = 0; i < n; i++)
	{
		if (!take_row(&m, &rows[i], ncolumns))
		{
			(void) lost_synchronization(s);
			s->direct->failed = true;
			return false;
		}
	}
	return true;
}

/* Does the socket show no end?  What comes over it may be left there. */
static bool
socket_is_open(const tusk_session *s)
{
	struct pollfd p = {s->fd, POLLRDHUP, 0};

	return s->fd >= 0 && poll(&p, 1, 0) == 0;
}

/* Has the query taken longer than statement_timeout? */
static bool
is_overdue(struct tusk_direct *d)
{
	if (d->due != 0 && now_us() >= d->due)
		d->timed_out = true;
	return d->timed_out;
}

static bool
is_alive(void *session)
{
	tusk_session *s = session;
	struct tusk_direct *d = s->direct;

	if (s->options.progress != NULL && now_us() >= d->next_progress)
	{
		d->next_progress =
			now_us() + (int64_t) tusk_progress_interval_ms(s) * 1000;
		if (s->options.progress(s->options.progress_arg) != 0)
			d->cancelled = true;
	}
	return !d->cancelled && !is_overdue(d) && tusk_reader_is_valid(d->search) &&
	       socket_is_open(s);
}

static void
send_touched(void *session, const uint32_t *buffers, int n)
{
	tusk_session *s = session;
	DirectTouched touched = {(uint32_t) n, 0};

	begin_request(s, ATTACH_CODE_TOUCHED, &touched, sizeof(touched));
	tusk_put(s, buffers, (size_t) n * sizeof(*buffers));
	(void) send_request(s);
}

static void
give_notice(void *session, const char *message, const char *detail,
            const char *hint)
{
	tusk_session *s = session;
	tusk_error notice = {.severity = "NOTICE",
	                     .sqlstate = "00000",
	                     .message = message,
	                     .detail = detail[0] != '\0' ? detail : NULL,
	                     .hint = hint[0] != '\0' ? hint : NULL};

	if (s->options.notice != NULL)
		s->options.notice(s->options.notice_arg, &notice);
}

/* ---- open and close ---- */

bool
tusk_direct_open(tusk_session *s)
{
	const tusk_backend backend = {s,        ask_blocks,   ask_rows,
	                              is_alive, send_touched, give_notice};
	struct tusk_direct *d = s->direct;

	if (d != NULL)
		return d->mapping != NULL;
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return false;
	s->direct = d;
	if (s->public_fd < 0)
	{
		set_reason(d, "the server gave the session no public segment");
		return false;
	}
	d->mapping = tusk_mapping_open(s->public_fd, s->public_size, d->reason,
	                               sizeof(d->reason));
	if (d->mapping == NULL)
		return false;
	d->search = tusk_reader_create(d->mapping, &backend);
	if (d->search == NULL)
	{
		tusk_mapping_close(d->mapping);
		d->mapping = NULL;
		set_reason(d, "out of memory");
		return false;
	}
	return true;
}

void
tusk_direct_close(tusk_session *s)
{
	struct tusk_direct *d = s->direct;

	if (d == NULL)
		return;
	tusk_reader_free(d->search);
	tusk_mapping_close(d->mapping);
	free(d);
	s->direct = NULL;
}

bool
tusk_direct_is_open(const tusk_session *s)
{
	return s->direct != NULL && s->direct->mapping != NULL;
}

const char *
tusk_direct_reason(const tusk_session *s)
{
	if (s->direct == NULL)
		return "the session has no public segment";
	return s->direct->reason;
}

void
tusk_direct_counts(const tusk_session *s, int64_t *direct, int64_t *backend)
{
	*direct = s->direct == NULL ? 0 : s->direct->ndirect;
	*backend = s->direct == NULL ? 0 : s->direct->nbackend;
}

/* ---- queries ---- */

tusk_status
tusk_direct_query_create(tusk_session *s, uint32_t index, const char *statement,
                         const char *text, tusk_direct_query **query)
{
	tusk_direct_query *q = calloc(1, sizeof(*q));
	size_t text_length = text == NULL ? 0 : strlen(text);
	size_t length = 2 * sizeof(uint32_t) + text_length;

	*query = NULL;
	if (q != NULL && statement != NULL)
		q->statement = strdup(statement);
	if (q != NULL)
		q->name = malloc(length);
	if (q == NULL || q->name == NULL ||
	    (statement != NULL && q->statement == NULL))
	{
		tusk_direct_query_free(q);
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	}
	q->session = s;
	q->last_us = -1;
	s->references++;
	q->index = index;
	q->name_length = length;
	memset(q->name, 0, sizeof(uint32_t));
	memcpy(q->name + sizeof(uint32_t), &index, sizeof(uint32_t));
	if (text_length > 0)
		memcpy(q->name + 2 * sizeof(uint32_t), text, text_length);
	*query = q;
	return TUSK_OK;
}

void
tusk_direct_query_free(tusk_direct_query *q)
{
	if (q == NULL)
		return;
	tusk_shape_release(q->shape);
	free(q->statement);
	free(q->name);
	if (q->session != NULL)
	{
		struct tusk_direct *d = q->session->direct;

		if (d != NULL && d->begun_for == q)
			d->begun_for = NULL;
		tusk_unreference(q->session);
	}
	free(q);
}

/* ---- BEGIN and END ---- */

/* The message, of the search that runs; its answer comes later. */
static void
form_end(struct tusk_direct *d, char message[TUSK_DIRECT_END_SIZE])
{
	uint32_t header[2] = {htonl(TUSK_DIRECT_END_SIZE - 1),
	                      htonl(ATTACH_CODE_END)};
	DirectEndRequest request;

	tusk_reader_counts(d->search, &request);
	tusk_reader_end(d->search);
	request.search = d->running;
	d->running = 0;
	d->kept = false;
	d->answers_due++;
	message[0] = PqMsg_Attach;
	memcpy(message + 1, header, sizeof(header));
	memcpy(message + 1 + sizeof(header), &request, sizeof(request));
}

static tusk_status
send_end(tusk_session *s)
{
	char message[TUSK_DIRECT_END_SIZE];
	tusk_status status;

	if (!tusk_reserve(&s->out, sizeof(message)))
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	form_end(s->direct, message);
	tusk_put(s, message, sizeof(message));
	status = tusk_send(s);
	CLIENT_STEP("direct-end-sent");
	return status;
}

size_t
tusk_direct_take_end(tusk_session *s, char message[TUSK_DIRECT_END_SIZE])
{
	if (s->direct == NULL || !s->direct->kept)
		return 0;
	CLIENT_STEP("direct-kept-ends");
	form_end(s->direct, message);
	return TUSK_DIRECT_END_SIZE;
}

/* With END's answer: how it ended. */
static tusk_status
end_and_wait(tusk_session *s, uint32_t *outcome)
{
	struct tusk_direct *d = s->direct;
	tusk_message m;
	tusk_status status = TUSK_OK;

	*outcome = DIRECT_NOT_RUNNING;
	if (d->running == 0)
		return TUSK_OK;
	status = send_end(s);
	if (status == TUSK_OK)
		status = receive_answer(s, ATTACH_CODE_END, &m);
	if (status == TUSK_OK)
		*outcome = d->last_outcome;
	return status;
}

/*
 * The arrays behind the answer, if they are there; false: they are not, or are
 * malformed.  If memory is short the query has no shape then.
 */
static bool
take_shape(tusk_direct_query *q, const DirectBeginReply *reply, tusk_message *m)
{
	struct tusk_direct *d = q->session->direct;
	size_t pad = (8 - (m->at - 4) % 8) % 8;
	size_t columns_size = (size_t) reply->ncolumns * sizeof(DirectColumn);
	size_t outputs_size = (size_t) reply->noutputs * sizeof(DirectOutput);
	DirectColumn *columns = NULL;
	DirectOutput *outputs = NULL;
	bool ok = true;

	if (tusk_get_bytes(m, pad) == NULL ||
	    m->length - m->at < columns_size + outputs_size)
		return false;
	columns = malloc(columns_size + 1);
	outputs = malloc(outputs_size + 1);
	tusk_shape_release(q->shape);
	q->shape = NULL;
	if (columns != NULL && outputs != NULL)
	{
		(void) get_struct(m, columns, columns_size);
		(void) get_struct(m, outputs, outputs_size);
		ok = tusk_shape_columns_are_possible(columns, reply->ncolumns);
		d->db_node = reply->table.db_node;
		memcpy(q->name, &d->db_node, sizeof(uint32_t));
		if (ok)
			q->shape = tusk_shape_learn(d->mapping, q->name, q->name_length,
			                            reply, columns, outputs);
	}
	free(columns);
	free(outputs);
	return ok;
}

/* What other sessions know of it, if this one does not. */
static void
find_shape(tusk_direct_query *q)
{
	struct tusk_direct *d = q->session->direct;

	if (q->shape != NULL || d->db_node == 0)
		return;
	memcpy(q->name, &d->db_node, sizeof(uint32_t));
	q->shape = tusk_shape_find(d->mapping, q->name, q->name_length);
}

static const char *
obstacle_reason(uint32_t obstacle)
{
	static const char *const reasons[] = {
		"none",
		"the role may not read everything",
		"there is no such index, or it is not valid",
		"the index is neither hnsw nor ivfflat",
		"the table is temporary",
		"the index is partial, on an expression, or of another class",
		"there is no such prepared statement",
		"the statement's plan is another",
		"the server is starting",
		"an extended query is not finished",
	};

	return obstacle < sizeof(reasons) / sizeof(reasons[0])
	           ? reasons[obstacle]
	           : "the server says so";
}

/*
 * *possible false: for the backend, with the reason.  Else d->begun is the
 * answer; *xip the snapshot's, in the message, until the next one is read.
 */
static tusk_status
begin_search(tusk_direct_query *q, int64_t limit_hint, bool is_short,
             const void **xip, bool *possible)
{
	tusk_session *s = q->session;
	struct tusk_direct *d = s->direct;
	DirectBeginReply *reply = &d->begun;
	DirectBeginRequest request = {.index = q->index, .limit = limit_hint};
	int64_t asked = now_us();
	tusk_status status;
	tusk_message m;

	*possible = false;
	find_shape(q);
	request.shape = tusk_shape_number(q->shape);
	if (is_short)
		request.flags |= DIRECT_SHORT;
	if (q->index == 0 && q->statement != NULL)
		request.name_length = (uint16_t) strlen(q->statement);
	begin_request(s, ATTACH_CODE_BEGIN, &request, sizeof(request));
	tusk_put(s, q->statement, request.name_length);
	status = send_request(s);
	if (status == TUSK_OK)
		status = receive_answer(s, ATTACH_CODE_BEGIN, &m);
	if (status != TUSK_OK)
		return status;
	if (!get_struct(&m, reply, sizeof(*reply)))
		return lost_synchronization(s);
	if (reply->obstacle != DIRECT_POSSIBLE)
	{
		set_reason(d, obstacle_reason(reply->obstacle));
		return TUSK_OK;
	}
	d->running = reply->search;
	d->begun_for = q;
	d->begun_limit = limit_hint;
	d->keep_until =
		reply->keep_ms == 0 ? 0 : asked + (int64_t) reply->keep_ms * 1000;
	CLIENT_STEP("direct-begun");
	*xip = tusk_get_bytes(&m, reply->nxip * sizeof(uint32_t));
	if (*xip == NULL)
		return lost_synchronization(s);
	if (reply->ncolumns > 0 && !take_shape(q, reply, &m))
		return lost_synchronization(s);
	if (q->shape == NULL || !tusk_shape_fits(q->shape, reply))
	{
		/* another shape than was asked for: the next time all of it comes */
		tusk_shape_release(q->shape);
		q->shape = NULL;
		set_reason(d, reply->ncolumns > 0 ? "out of memory"
		                                  : "the index has changed");
		return TUSK_OK;
	}
	*possible = true;
	return TUSK_OK;
}

/* ---- results ---- */

void
tusk_direct_result_free(tusk_direct_result *r)
{
	if (r == NULL)
		return;
	tusk_found_free(&r->found);
	free(r->first);
	free(r->types);
	free(r);
}

int
tusk_direct_result_done(const tusk_direct_result *r)
{
	return r->done;
}

int
tusk_direct_result_columns(const tusk_direct_result *r)
{
	return r->found.ncolumns;
}

uint32_t
tusk_direct_result_type(const tusk_direct_result *r, int column)
{
	return r->types[column];
}

int
tusk_direct_result_rows(const tusk_direct_result *r, int query)
{
	return (int) (r->first[query + 1] - r->first[query]);
}

void
tusk_direct_result_tid(const tusk_direct_result *r, int query, int row,
                       uint32_t *block, uint16_t *offset)
{
	const tusk_found_row *found =
		&r->found.rows[r->first[query] + (size_t) row];

	*block = found->block;
	*offset = found->offset;
}

const char *
tusk_direct_result_value(const tusk_direct_result *r, int query, int row,
                         int column, int *length)
{
	const tusk_found_value *v =
		&r->found.values[(r->first[query] + (size_t) row) *
	                         (size_t) r->found.ncolumns +
	                     (size_t) column];

	*length = v->length;
	return v->length < 0 ? NULL : r->found.bytes + v->at;
}

/* ---- searching ---- */

/* A call of tusk_direct_search. */
typedef struct job
{
	tusk_direct_query *query;
	const tusk_direct_request *request;
	tusk_direct_result *result;
	tusk_wanted *wanted;
	int nwanted;
	int64_t limit;
	int64_t offset;
	int query_param; /* from 1; 0: the request has it apart */
	int64_t started; /* when the query to be done was */
	int next;        /* query to be done */
	bool disturbed;  /* what was found since the last look is not to be used */
	bool stopped;    /* the backend is to go on */
} job;

/* A whole number in a parameter; false: it is none. */
static bool
whole_param(const job *j, int number, int64_t *value)
{
	const tusk_param *p;
	const unsigned char *bytes;
	int64_t n;

	if (number < 1 || number > j->request->nparams ||
	    j->request->params == NULL)
		return false;
	p = &j->request->params[number - 1];
	if (p->value == NULL)
		return false;
	if (p->format == TUSK_TEXT)
	{
		char *end;

		errno = 0;
		*value = strtoll(p->value, &end, 10);
		return errno == 0 && end != p->value && *end == '\0';
	}
	if (p->length != 2 && p->length != 4 && p->length != 8)
		return false;
	bytes = p->value;
	n = (signed char) bytes[0];
	for (int i = 1; i < p->length; i++)
		n = (int64_t) ((uint64_t) n << 8 | bytes[i]);
	*value = n;
	return true;
}

/*
 * Columns, LIMIT and OFFSET: the request's, or the statement's.  NULL, or why it
 * is for the backend.
 */
static const char *
plan_job(job *j, const DirectBeginReply *reply)
{
	static const char changed[] = "the table has changed between two searches";
	tusk_direct_query *q = j->query;
	int n = q->index != 0 ? j->request->ncolumns : tusk_shape_outputs(q->shape);
	tusk_wanted *wanted =
		realloc(j->wanted, ((size_t) n + 1) * sizeof(*wanted));
	uint32_t *types =
		realloc(j->result->types, ((size_t) n + 1) * sizeof(*types));

	if (wanted != NULL)
		j->wanted = wanted;
	if (types != NULL)
		j->result->types = types;
	if (wanted == NULL || types == NULL)
		return "out of memory";
	if (j->next > 0 && n != j->nwanted)
		return changed;
	j->nwanted = n;
	for (int i = 0; i < n; i++)
	{
		int attnum = q->index != 0 ? j->request->columns[i]
		                           : tusk_shape_output(q->shape, i)->attnum;
		uint32_t type = attnum == 0 ? FLOAT8_TYPE
		                            : tusk_shape_column_type(q->shape, attnum);

		if (j->next > 0 && types[i] != type)
			return changed;
		wanted[i].attnum = (int16_t) attnum;
		types[i] = type;
	}
	j->limit = j->request->limit;
	j->offset = j->request->offset;
	j->query_param = 0;
	if (q->index != 0)
		return NULL;
	j->limit = reply->limit;
	j->offset = reply->offset;
	j->query_param = reply->query_param;
	if (reply->limit_param > 0 &&
	    !whole_param(j, reply->limit_param, &j->limit))
		return "the number of rows wanted is no whole number";
	if (j->limit < 0)
		return "the number of rows wanted is negative";
	return j->query_param > 0 ? NULL : "what is searched for is no parameter";
}

/* The query's value; false: it is not one for us. */
static bool
query_value(const job *j, tusk_query_form *form, const void **value,
            size_t *length)
{
	const tusk_direct_request *r = j->request;
	const tusk_param *p;

	if (r->vectors != NULL)
	{
		*form = TUSK_QUERY_FLOATS;
		*value = r->vectors + (size_t) j->next * (size_t) r->dimensions;
		*length = (size_t) r->dimensions * sizeof(float);
		return r->dimensions > 0;
	}
	if (r->values != NULL)
		p = &r->values[j->next];
	else if (r->params != NULL && j->query_param > 0 &&
	         j->query_param <= r->nparams)
		p = &r->params[j->query_param - 1];
	else
		return false;
	*form = TUSK_QUERY_BINARY;
	*value = p->value;
	*length = (size_t) p->length;
	return p->value != NULL && p->format == TUSK_BINARY && p->length >= 0;
}

/*
 * Queries from j->next on, within one search.  Those before result->done are to
 * be used when it was looked at.
 */
static void
run_queries(job *j)
{
	tusk_session *s = j->query->session;
	struct tusk_direct *d = s->direct;
	tusk_direct_result *r = j->result;
	int64_t timeout = (int64_t) d->begun.statement_timeout * 1000;
	int64_t first = now_us();
	int64_t now = first;
	int done = j->next;
	size_t nbytes = r->found.nbytes;

	while (done < j->request->nqueries && now - first < SEARCH_MS * 1000)
	{
		tusk_query_form form;
		const void *value;
		size_t length;

		j->next = done;
		d->due = timeout > 0 ? j->started + timeout : 0;
		if (!query_value(j, &form, &value, &length))
		{
			set_reason(d, "a parameter is not in binary");
			j->stopped = true;
			break;
		}
		if (!tusk_reader_run(d->search, form, value, length, j->offset,
		                     j->limit, &r->found))
		{
			set_reason(d, tusk_reader_reason(d->search));
			j->stopped = true;
			break;
		}
		now = now_us();
		if (d->timed_out || (d->due != 0 && now >= d->due))
		{
			d->timed_out = true;
			j->stopped = true;
			break;
		}
		done++;
		j->started = now;
		r->first[done] = r->found.nrows;
	}
	CLIENT_STEP("direct-found");
	/* D1 */
	if (tusk_reader_is_valid(d->search) && socket_is_open(s))
	{
		CLIENT_STEP("direct-counts");
		if (done > r->done)
			j->query->last_us = (now - first) / (done - r->done);
		j->next = done;
		r->done = done;
		return;
	}
	set_reason(d, "the search was ended by its backend");
	j->query->last_us = -1;
	j->disturbed = true;
	j->stopped = false;
	j->next = r->done;
	r->found.nrows = r->first[r->done];
	r->found.nbytes = nbytes;
}

static tusk_status
cancelled(tusk_session *s)
{
	return tusk_fail(s, TUSK_ERROR, "57014", "canceling statement due to %s",
	                 s->direct->timed_out ? "statement timeout"
	                                      : "user request");
}

/* Will what is left to do be done in a moment? */
static bool
is_short(const job *j)
{
	int64_t n = j->request->nqueries - j->next;

	return j->query->last_us >= 0 && j->query->last_us * n <= SHORT_CALL_US;
}

/* Does the kept search do as well as one that begins now? */
static bool
may_go_on(const job *j)
{
	const struct tusk_direct *d = j->query->session->direct;

	return d->kept && d->begun_for == j->query &&
	       d->begun_limit == j->request->limit && j->started < d->keep_until &&
	       is_short(j) && tusk_reader_is_current(d->search) &&
	       tusk_reader_is_valid(d->search);
}

/* *possible false: for the backend, with the reason. */
static tusk_status
get_search(job *j, bool *possible)
{
	struct tusk_direct *d = j->query->session->direct;
	bool goes_on = may_go_on(j);
	const void *xip = NULL;
	const char *why;
	tusk_status status = TUSK_OK;

	*possible = true;
	if (goes_on)
	{
		d->kept = false;
		CLIENT_STEP("direct-goes-on");
	}
	else
		status = begin_search(j->query, j->request->limit, is_short(j), &xip,
		                      possible);
	if (status != TUSK_OK || !*possible)
		return status;
	why = plan_job(j, &d->begun);
	if (why == NULL &&
	    !(goes_on ? tusk_reader_go_on(d->search, j->wanted, j->nwanted)
	              : tusk_reader_begin(d->search, j->query->shape, &d->begun,
	                                  xip, j->wanted, j->nwanted)))
		why = tusk_reader_reason(d->search);
	*possible = why == NULL;
	if (!*possible)
		set_reason(d, why);
	return TUSK_OK;
}

/* One search, of as many queries as there is time for. */
static tusk_status
run_search(job *j)
{
	tusk_session *s = j->query->session;
	struct tusk_direct *d = s->direct;
	uint32_t outcome = DIRECT_ENDED;
	bool possible = false;
	tusk_status status = get_search(j, &possible);

	j->disturbed = false;
	if (status != TUSK_OK)
		return status;
	if (possible)
		run_queries(j);
	else
		j->stopped = true;
	if (d->failed)
		return s->fd < 0 ? TUSK_CONNECTION_LOST : TUSK_ERROR;
	if (!j->disturbed && !j->stopped && d->keep_until != 0)
	{
		d->kept = true;
		CLIENT_STEP("direct-kept");
		return TUSK_OK;
	}
	if (!j->disturbed && !j->stopped)
		return d->running != 0 ? send_end(s) : TUSK_OK;
	status = end_and_wait(s, &outcome);
	if (status == TUSK_OK &&
	    (d->cancelled || d->timed_out || outcome == DIRECT_CANCELED))
		return cancelled(s);
	return status;
}

static tusk_status
check_request(tusk_session *s, const tusk_direct_request *request)
{
	if (request->nqueries < 0 || request->ncolumns < 0 || request->nparams < 0)
		return tusk_fail(s, TUSK_MISUSE, "22023",
		                 "a number of queries, columns or parameters is "
		                 "negative");
	if (s->direct->mapping != NULL &&
	    tusk_mapping_is_foreign(s->direct->mapping))
		return tusk_fail(s, TUSK_MISUSE, "55000",
		                 "the session belongs to the process that this one "
		                 "was forked from: attach anew");
	return TUSK_OK;
}

tusk_status
tusk_direct_search(tusk_direct_query *q, const tusk_direct_request *request,
                   tusk_direct_result **result)
{
	tusk_session *s = q->session;
	struct tusk_direct *d;
	job j = {.query = q, .request = request};
	int tries = 0;
	tusk_status status;

	*result = NULL;
	status = tusk_check_usable(s);
	if (status == TUSK_OK)
		(void) tusk_direct_open(s);
	d = s->direct;
	if (status == TUSK_OK && d != NULL)
		status = check_request(s, request);
	if (status != TUSK_OK)
		return status;
	j.result = calloc(1, sizeof(*j.result));
	if (j.result != NULL)
		j.result->first =
			calloc((size_t) request->nqueries + 1, sizeof(size_t));
	if (j.result == NULL || j.result->first == NULL)
	{
		tusk_direct_result_free(j.result);
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	}
	j.result->nqueries = request->nqueries;
	if (d == NULL || d->mapping == NULL)
	{
		*result = j.result;
		return TUSK_OK;
	}
	d->cancelled = false;
	d->timed_out = false;
	d->failed = false;
	d->next_progress = 0;
	j.started = now_us();
	while (status == TUSK_OK && !j.stopped && j.next < request->nqueries &&
	       tries < SEARCH_TRIES)
	{
		status = run_search(&j);
		tries = j.disturbed ? tries + 1 : 0;
	}
	free(j.wanted);
	if (status != TUSK_OK)
	{
		tusk_direct_result_free(j.result);
		return status;
	}
	d->ndirect += j.result->done;
	d->nbackend += request->nqueries - j.result->done;
	*result = j.result;
	return TUSK_OK;
}
