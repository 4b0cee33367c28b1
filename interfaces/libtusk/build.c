/*
 * build.c: an index is built: estimate, start, progress, wait, cancel.
 *
 * The session that runs the statement is busy until its end.  What the build has
 * done is read by a second session, from pg_stat_progress_build.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

/* tusk_build_free asks again after so long. */
#define CANCEL_AGAIN_MS 100
/* It gives up the session of who has dealt with no request for so long. */
#define CANCEL_GIVE_UP_MS 10000
/* The second session is not waited for longer than that. */
#define WATCH_MS 10000

struct tusk_build
{
	tusk_session *session;
	tusk_session *watch; /* NULL: not made yet */
	tusk_canceller *canceller;
	unsigned life; /* of the session */
	bool running;
	struct timespec started;
	bool other;             /* it has returned rows: it is no build */
	tusk_status outcome;    /* once it has ended */
	tusk_error_store error; /* that of the statement */
	tusk_build_progress last;
};

/* ---- estimate ---- */

/* The number behind "key": in the JSON that EXPLAIN gives; no nesting there. */
static double
number_of(const char *json, const char *key, double otherwise)
{
	char text[80];
	const char *at;

	snprintf(text, sizeof(text), "\"%s\": ", key);
	at = strstr(json, text);
	return at == NULL ? otherwise : strtod(at + strlen(text), NULL);
}

static int64_t
kilobytes_of(const char *json, const char *key)
{
	return (int64_t) number_of(json, key, 0) * 1024;
}

tusk_status
tusk_build_estimate(tusk_session *s, const char *sql, tusk_estimate *estimate)
{
	tusk_estimate e = {0};
	tusk_status status = tusk_check_statement(s, sql);
	char *text;
	tusk_result *result;
	const char *json;

	if (status != TUSK_OK)
		return status;
	if (asprintf(&text, "EXPLAIN (FORMAT JSON) %s", sql) < 0)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	status = tusk_exec(s, text, &result);
	free(text);
	if (status != TUSK_OK)
		return status;
	json = tusk_result_value(result, 0, 0);
	if (json == NULL || strstr(json, "\"Memory Needed\": ") == NULL)
	{
		tusk_result_free(result);
		return tusk_fail(s, TUSK_MISUSE, "42809",
		                 "the statement is no CREATE INDEX of a vector index");
	}
	e.size = estimate->size;
	e.rows = number_of(json, "Rows", 0);
	e.rows_in_memory = number_of(json, "Rows In Memory", 0);
	e.memory_needed = kilobytes_of(json, "Memory Needed");
	e.memory_setting = kilobytes_of(json, "maintenance_work_mem");
	e.setting_needed = kilobytes_of(json, "maintenance_work_mem Needed");
	e.index_size = kilobytes_of(json, "Index Size");
	e.wal_size = kilobytes_of(json, "WAL Size");
	e.workers = (int) number_of(json, "Workers Planned", 0);
	e.seconds = number_of(json, "Build Time", -1);
	tusk_result_free(result);
	memcpy(estimate, &e, e.size < sizeof(e) ? e.size : sizeof(e));
	return TUSK_OK;
}

/* ---- a build ---- */

/* The statement's outcome, as if it had ended just now. */
static tusk_status
outcome_of(tusk_build *b)
{
	tusk_copy_error(&b->session->error, &b->error.error);
	return b->outcome;
}

/* The statement has failed; the session's error says why. */
static void
set_outcome(tusk_build *b, tusk_status outcome)
{
	b->outcome = outcome;
	tusk_copy_error(&b->error, &b->session->error.error);
}

/* status: TUSK_OK, the outcome is known; else the session is lost. */
static tusk_status
end_build(tusk_build *b, tusk_status status)
{
	b->running = false;
	if (b->life == b->session->life)
		b->session->building = false;
	b->last.running = 0;
	if (status != TUSK_OK)
		set_outcome(b, status);
	return outcome_of(b);
}

tusk_status
tusk_build_start(tusk_session *s, const char *sql, tusk_build **build)
{
	tusk_status status = tusk_check_statement(s, sql);
	tusk_build *b;

	*build = NULL;
	if (status != TUSK_OK)
		return status;
	b = calloc(1, sizeof(*b));
	if (b == NULL)
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	b->canceller = tusk_canceller_create(s);
	if (b->canceller == NULL)
	{
		free(b);
		return tusk_fail(s, TUSK_NO_MEMORY, "53200", "out of memory");
	}
	b->session = s;
	b->life = s->life;
	tusk_copy_error(&b->error, &s->error.error);
	b->last.remaining = -1;
	(void) clock_gettime(CLOCK_MONOTONIC, &b->started);
	status = tusk_send_text(s, 'Q', sql);
	if (status != TUSK_OK)
	{
		tusk_canceller_free(b->canceller);
		free(b);
		return status;
	}
	s->references++;
	s->building = true;
	b->running = true;
	b->last.running = 1;
	*build = b;
	return TUSK_OK;
}

/* The statement's last message. */
static void
take_end(tusk_build *b, tusk_message *m)
{
	tusk_session *s = b->session;

	s->transaction_state = (char) tusk_get_int8(m);
	if (!b->other || b->outcome != TUSK_OK)
		return;
	(void) tusk_fail(s, TUSK_MISUSE, "42809",
	                 "the statement is no CREATE INDEX or REINDEX");
	tusk_add_detail(s, "It was executed; what it returned is lost.");
	set_outcome(b, TUSK_MISUSE);
}

/* A message that is not the last. */
static tusk_status
take_message(tusk_build *b, tusk_message *m)
{
	tusk_session *s = b->session;

	if (strchr("CI", m->type) != NULL)
		return TUSK_OK;
	if (m->type == 'E')
	{
		set_outcome(b, tusk_take_error(s, m));
		return TUSK_OK;
	}
	if (m->type == 'G')
		return tusk_refuse_copy_in(s);
	if (strchr("TDHdc", m->type) != NULL)
	{
		b->other = true;
		return TUSK_OK;
	}
	if (tusk_async_message(s, m))
		return TUSK_OK;
	return tusk_lose(s, "08P01",
	                 "unexpected message type \"%c\" during a build", m->type);
}

/*
 * Messages that have come, until that time (-1: no limit); true: the last one
 * was there, or there will be none.
 */
static bool
take_messages(tusk_build *b, int timeout_ms, tusk_status *status)
{
	int64_t deadline = tusk_now_ms() + timeout_ms;

	for (;;)
	{
		int64_t left = timeout_ms < 0 ? -1 : deadline - tusk_now_ms();
		tusk_message m;
		bool got;

		if (timeout_ms >= 0 && left < 0)
			left = 0;
		*status = tusk_receive_within(b->session, &m, (int) left, &got);
		if (*status != TUSK_OK)
			return true;
		if (!got)
			return false;
		if (m.type == 'Z')
		{
			take_end(b, &m);
			return true;
		}
		*status = take_message(b, &m);
		if (*status != TUSK_OK)
			return true;
	}
}

tusk_status
tusk_build_wait(tusk_build *b, int timeout_ms, int *running)
{
	tusk_session *s = b->session;
	tusk_status status;

	if (running != NULL)
		*running = 0;
	if (!tusk_is_own(s))
		return TUSK_MISUSE;
	if (!b->running)
		return outcome_of(b);
	if (s->fd < 0 || b->life != s->life) /* detached, or attached anew */
		return end_build(b, tusk_fail(s, TUSK_CONNECTION_LOST, "08003",
		                              "the session has ended"));
	if (take_messages(b, timeout_ms, &status))
		return end_build(b, status);
	if (running != NULL)
		*running = 1;
	return TUSK_OK;
}

/*
 * The second session, and the one row that it finds.  Its messages go over the
 * socket: rings would be taken from the sessions that need them.
 */
static tusk_status
watch_row(tusk_build *b, tusk_result **result)
{
	tusk_session *s = b->session;
	char text[16];
	tusk_param param = {text, 0, TUSK_TEXT, 0};
	tusk_status status = TUSK_OK;

	*result = NULL;
	if (b->watch == NULL)
		status = tusk_attach_beside(s, WATCH_MS, &b->watch);
	snprintf(text, sizeof(text), "%d", s->backend_pid);
	if (status == TUSK_OK)
		status = tusk_exec_params(
			b->watch,
			"SELECT c.phase, b.workers_planned, b.workers_launched, "
			"b.workers_limited_by, b.memory_used, b.memory_limit, "
			"b.tuples_done, b.tuples_total, "
			"extract(epoch FROM b.remaining)::double precision "
			"FROM pg_stat_progress_build b, pg_stat_progress_create_index c "
			"WHERE b.pid = $1::integer AND c.pid = b.pid",
			1, &param, TUSK_TEXT, result);
	if (status != TUSK_OK)
	{
		tusk_copy_error(&s->error, tusk_error_of(b->watch));
		tusk_detach(b->watch);
		b->watch = NULL;
	}
	return status;
}

static void
take_progress(tusk_build_progress *p, const tusk_result *r)
{
	const char *limited = tusk_result_value(r, 0, 3);

	snprintf(p->phase, sizeof(p->phase), "%s", tusk_result_value(r, 0, 0));
	p->workers_planned = (int) tusk_result_int64(r, 0, 1);
	p->workers_launched = (int) tusk_result_int64(r, 0, 2);
	snprintf(p->workers_limited_by, sizeof(p->workers_limited_by), "%s",
	         limited != NULL ? limited : "");
	p->memory_used = tusk_result_int64(r, 0, 4);
	p->memory_limit = tusk_result_int64(r, 0, 5);
	p->tuples_done = tusk_result_int64(r, 0, 6);
	p->tuples_total = tusk_result_int64(r, 0, 7);
	p->remaining =
		tusk_result_value(r, 0, 8) != NULL ? tusk_result_double(r, 0, 8) : -1;
}

tusk_status
tusk_build_poll(tusk_build *b, tusk_build_progress *progress)
{
	size_t size = progress->size;
	tusk_result *result = NULL;
	tusk_status status = TUSK_OK;
	struct timespec now;
	int running;

	if (!tusk_is_own(b->session))
		return TUSK_MISUSE;
	(void) tusk_build_wait(b, 0, &running);
	if (running)
		status = watch_row(b, &result);
	if (tusk_result_rows(result) > 0)
		take_progress(&b->last, result);
	tusk_result_free(result);
	if (running)
	{
		(void) clock_gettime(CLOCK_MONOTONIC, &now);
		b->last.elapsed = (double) (now.tv_sec - b->started.tv_sec) +
		                  (double) (now.tv_nsec - b->started.tv_nsec) * 1e-9;
	}
	b->last.size = size;
	memcpy(progress, &b->last, size < sizeof(b->last) ? size : sizeof(b->last));
	return status;
}

tusk_status
tusk_build_cancel(tusk_build *b)
{
	if (!tusk_is_own(b->session))
		return TUSK_MISUSE;
	return b->running ? tusk_cancel(b->canceller) : TUSK_OK;
}

/*
 * Asks more than once: a request that comes before the statement has begun is
 * lost.  A server that answers none is stopped: the session ends, with which the
 * backend sees that nobody wants the index.
 */
static void
stop_build(tusk_build *b)
{
	int64_t last_answer = tusk_now_ms();

	while (b->running)
	{
		bool answered;

		(void) tusk_request_cancel(b->canceller, &answered);
		if (answered)
			last_answer = tusk_now_ms();
		(void) tusk_build_wait(b, CANCEL_AGAIN_MS, NULL);
		if (b->running && tusk_now_ms() - last_answer >= CANCEL_GIVE_UP_MS)
			(void) end_build(b, tusk_lose(b->session, "08006",
			                              "the server does not answer the "
			                              "requests to cancel the build"));
	}
}

void
tusk_build_free(tusk_build *b)
{
	if (b == NULL)
		return;
	/* in a child the build is the parent's */
	if (b->running && tusk_is_own(b->session))
		stop_build(b);
	tusk_detach(b->watch);
	tusk_canceller_free(b->canceller);
	tusk_unreference(b->session);
	free(b->error.strings);
	free(b);
}
