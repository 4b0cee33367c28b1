/*
 * libtusk_test.c HOST: every function of tusk.h.
 *
 * The header is the manual: what it promises about output pointers, errors,
 * lifetimes and lost sessions is what is tested.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static void
test_attach(void)
{
	tusk_session *s;
	char text[256];

	CHECK(tusk_attach("/nonexistent", NULL, &s) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "08001");
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_CONNECTION_LOST);
	CHECK(tusk_canceller_create(s) == NULL);
	tusk_detach(s);
	/* what is said last counts */
	CHECK(attach_with("dbname=nosuch application_name = 'it\\'s'", NULL, &s) ==
	      TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "3D000");
	tusk_error_format(tusk_error_of(s), text, sizeof(text));
	CHECK(strcmp(text, "FATAL:  database \"nosuch\" does not exist\n"
	                   "HINT:  The only database is \"postgres\".") == 0);
	tusk_error_format(tusk_error_of(s), text, 8);
	CHECK(strcmp(text, "FATAL: ") == 0);
	tusk_detach(s);
	CHECK(attach_with("user=nosuch", NULL, &s) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, host[0] == '/' ? "28000" : "28P01");
	tusk_detach(s);
	CHECK(tusk_attach("host=x nonsense=1", NULL, &s) != TUSK_OK);
	tusk_detach(s);
	CHECK(tusk_attach("host='open", NULL, &s) != TUSK_OK);
	tusk_detach(s);
	tusk_detach(NULL);
	CHECK(tusk_error_of(NULL) != NULL);

	CHECK(attach_with("application_name='it\\'s me' "
	                  "options='-c work_mem=5MB'",
	                  NULL, &s) == TUSK_OK);
	CHECK_STATE(s, "00000");
	CHECK(strcmp(tusk_server_setting(s, "application_name"), "it's me") == 0);
	CHECK(strcmp(tusk_server_setting(s, "client_encoding"), "UTF8") == 0);
	CHECK(strncmp(tusk_server_setting(s, "server_version"), "15.", 3) == 0);
	CHECK(tusk_server_setting(s, "nosuch") == NULL);
	CHECK(tusk_backend_pid(s) == number(s, "SELECT pg_backend_pid()"));
	run(s, "SET application_name = changed");
	CHECK(strcmp(tusk_server_setting(s, "application_name"), "changed") == 0);
	tusk_detach(s);
	if (host[0] != '/')
		return;
	CHECK(tusk_attach(host, NULL, &s) == TUSK_OK);
	CHECK(number(s, "SELECT 5") == 5);
	tusk_detach(s);
}

static void
test_statements(void)
{
	tusk_session *s = attach(NULL);
	tusk_result *r = (tusk_result *) 1;

	CHECK(tusk_exec(s,
	                "SELECT 1 AS one, NULL AS nothing, 'drei'::text; "
	                "SELECT 2 AS two, 2.5::float8 AS half",
	                &r) == TUSK_OK);
	CHECK(tusk_result_rows(r) == 1 && tusk_result_columns(r) == 2);
	CHECK(strcmp(tusk_result_column_name(r, 0), "two") == 0);
	CHECK(tusk_result_column_number(r, "half") == 1);
	CHECK(tusk_result_column_number(r, "none") == -1);
	CHECK(tusk_result_column_type(r, 0) == 23);
	CHECK(tusk_result_column_format(r, 0) == TUSK_TEXT);
	CHECK(tusk_result_column_name(r, 2) == NULL);
	CHECK(tusk_result_int64(r, 0, 0) == 2 &&
	      tusk_result_double(r, 0, 1) == 2.5);
	CHECK(tusk_result_value(r, 1, 0) == NULL);
	CHECK(tusk_result_value(r, 0, -1) == NULL);
	CHECK(strcmp(tusk_result_tag(r), "SELECT 1") == 0);
	tusk_result_free(r);
	CHECK(tusk_exec(s, "", &r) == TUSK_OK && tusk_result_rows(r) == 0);
	tusk_result_free(r);
	tusk_result_free(NULL);

	CHECK(tusk_exec(s, "SELECT 1; SELECT x FROM nowhere", &r) == TUSK_ERROR);
	CHECK(r == NULL);
	CHECK_STATE(s, "42P01");
	CHECK(tusk_error_of(s)->position == 25);
	CHECK(strcmp(tusk_error_of(s)->severity, "ERROR") == 0);
	CHECK(tusk_transaction_state(s) == 'I');

	run(s, "BEGIN");
	CHECK_STATE(s, "00000");
	CHECK(tusk_transaction_state(s) == 'T');
	CHECK(tusk_exec(s, "SELECT 1/0", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "22012");
	CHECK(tusk_transaction_state(s) == 'E');
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "25P02");
	run(s, "ROLLBACK");

	run(s, "CREATE TABLE lib (i int)");
	CHECK(tusk_exec(s, "INSERT INTO lib VALUES (1), (2), (3)", &r) == TUSK_OK);
	CHECK(tusk_result_affected(r) == 3);
	tusk_result_free(r);
	CHECK(tusk_exec(s, "COPY lib FROM STDIN", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "57014");
	CHECK(tusk_exec(s, "COPY lib TO STDOUT", &r) == TUSK_OK);
	CHECK(tusk_result_affected(r) == 3);
	tusk_result_free(r);
	run(s, "DROP TABLE lib");
	tusk_detach(s);
}

static void
test_parameters(void)
{
	tusk_session *s = attach(NULL);
	const unsigned char seven[4] = {0, 0, 0, 7};
	tusk_param params[3] = {{"41", 0, TUSK_TEXT, 23},
	                        {seven, 4, TUSK_BINARY, 23},
	                        {NULL, 0, TUSK_TEXT, 25}};
	tusk_result *r;

	for (int format = TUSK_TEXT; format <= TUSK_BINARY; format++)
	{
		CHECK(tusk_exec_params(s,
		                       "SELECT $1 + 1, $2 * 2::bigint, $3::text, "
		                       "1.5::float4, -2.5::float8, true, (-3)::int8",
		                       3, params, format, &r) == TUSK_OK);
		CHECK(tusk_result_column_format(r, 0) == format);
		CHECK(tusk_result_int64(r, 0, 0) == 42);
		CHECK(tusk_result_int64(r, 0, 1) == 14);
		CHECK(tusk_result_value(r, 0, 2) == NULL);
		CHECK(tusk_result_int64(r, 0, 2) == 0);
		CHECK(tusk_result_double(r, 0, 3) == 1.5);
		CHECK(tusk_result_double(r, 0, 4) == -2.5);
		CHECK(tusk_result_length(r, 0, 5) == 1);
		CHECK(tusk_result_int64(r, 0, 6) == -3);
		tusk_result_free(r);
	}
	params[1].length = -1;
	CHECK(tusk_exec_params(s, "SELECT $1, $2", 2, params, TUSK_TEXT, &r) ==
	      TUSK_MISUSE);
	CHECK(r == NULL);
	params[1].length = 3;
	CHECK(tusk_exec_params(s, "SELECT $1, $2", 2, params, TUSK_TEXT, &r) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "08P01");
	CHECK(tusk_exec_params(s, "SELECT $1", 70000, params, TUSK_TEXT, &r) ==
	      TUSK_MISUSE);
	CHECK(tusk_exec_params(s, "SELECT", 1, NULL, TUSK_TEXT, &r) == TUSK_MISUSE);
	CHECK(tusk_exec_params(s, NULL, 0, NULL, TUSK_TEXT, &r) == TUSK_MISUSE);
	CHECK(tusk_exec(s, NULL, &r) == TUSK_MISUSE);
	CHECK(tusk_exec_params(s, "SELECT 1; SELECT 2", 0, NULL, TUSK_TEXT, &r) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "42601");
	CHECK(number(s, "SELECT 5") == 5);
	tusk_detach(s);
}

static void
test_prepared(void)
{
	tusk_session *s = attach(NULL);
	tusk_statement *st;
	tusk_statement *other;
	tusk_param param = {"3", 0, TUSK_TEXT, 0};
	tusk_result *r;

	CHECK(tusk_prepare(s, "SELECT $1 + 1", 0, NULL, &st) == TUSK_OK);
	CHECK(tusk_statement_params(st) == 1);
	CHECK(tusk_statement_param_type(st, 0) == 23);
	CHECK(tusk_statement_param_type(st, 1) == 0);
	for (int i = 0; i < 10; i++)
	{
		CHECK(tusk_statement_execute(st, 1, &param, TUSK_BINARY, &r) ==
		      TUSK_OK);
		CHECK(tusk_result_int64(r, 0, 0) == 4);
		tusk_result_free(r);
	}
	param.value = "x";
	CHECK(tusk_statement_execute(st, 1, &param, TUSK_TEXT, &r) == TUSK_ERROR);
	CHECK_STATE(s, "22P02");
	CHECK(tusk_statement_execute(st, 0, NULL, TUSK_TEXT, &r) == TUSK_ERROR);
	CHECK_STATE(s, "08P01");
	other = (tusk_statement *) 1;
	CHECK(tusk_prepare(s, "SELECT nosuch", 0, NULL, &other) == TUSK_ERROR);
	CHECK(other == NULL);
	CHECK(tusk_prepare(s, "SELECT 1", -1, NULL, &other) == TUSK_MISUSE);
	CHECK(tusk_prepare(s, "SELECT 'kept'", 0, NULL, &other) == TUSK_OK);
	CHECK(tusk_statement_params(other) == 0);
	CHECK(tusk_statement_execute(other, 0, NULL, TUSK_TEXT, &r) == TUSK_OK);
	CHECK(strcmp(tusk_result_value(r, 0, 0), "kept") == 0);
	tusk_result_free(r);
	/* freed here, freed there: the third one's name, as they are counted */
	run(s, "EXECUTE tusk_3");
	tusk_statement_free(other);
	tusk_statement_free(NULL);
	CHECK(tusk_exec(s, "EXECUTE tusk_3", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "26000");

	/* a result and a statement outlive their session */
	CHECK(tusk_exec(s, "SELECT 'still here'", &r) == TUSK_OK);
	tusk_detach(s);
	CHECK(strcmp(tusk_result_value(r, 0, 0), "still here") == 0);
	tusk_result_free(r);
	CHECK(tusk_statement_execute(st, 1, &param, TUSK_TEXT, &r) ==
	      TUSK_CONNECTION_LOST);
	tusk_statement_free(st);
}

static void
count_notice(void *arg, const tusk_error *notice)
{
	CHECK(strcmp(notice->severity, "NOTICE") == 0);
	CHECK(strstr(notice->message, "does not exist, skipping") != NULL);
	(*(int *) arg)++;
}

static void
test_notices(void)
{
	int notices = 0;
	tusk_attach_options options = {.size = sizeof(options),
	                               .notice = count_notice,
	                               .notice_arg = &notices};
	tusk_session *s = attach(&options);

	run(s, "DROP TABLE IF EXISTS a, b");
	CHECK(notices == 2);
	CHECK_STATE(s, "00000");
	tusk_detach(s);

	/* an older program's options end before the notice function */
	options.size = offsetof(tusk_attach_options, notice);
	s = attach(&options);
	run(s, "DROP TABLE IF EXISTS a");
	CHECK(notices == 2);
	tusk_detach(s);
}

/* Over TCP: no memory is shared, and who insists on it is told so. */
static void
only_a_socket(tusk_session *s)
{
	CHECK(strcmp(tusk_transport(s), "socket") == 0);
	tusk_detach(s);
	for (int i = 0; i < 2; i++)
	{
		CHECK(attach_with(i == 0 ? "attach=rings" : "attach=direct", NULL,
		                  &s) == TUSK_CONNECTION_LOST);
		CHECK_STATE(s, "0A000");
		CHECK(strcmp(tusk_transport(s), "none") == 0);
		tusk_detach(s);
	}
}

/*
 * How messages travel: what is asked for is given or refused, what is not asked
 * for is left out when it cannot be had.
 */
static void
test_transports(void)
{
	static const char *const ways[] = {"off", "rings", "direct", "best"};
	static const char *const names[] = {"socket", "rings", "direct", "direct"};
	static const char *const points[][2] = {
		{"sys-memfd-create", "errno:EMFILE"},
		{"ring-area-reserve", "errno:ENOSPC"},
		{"ring-area-map", "errno:ENOMEM"},
		{"ring-send-descriptors", "errno:ETOOMANYREFS"}};
	char text[256];
	tusk_session *admin = attach(NULL);
	tusk_session *s;
	tusk_result *r;

	if (host[0] != '/')
	{
		only_a_socket(admin);
		return;
	}
	for (int i = 0; i < 4; i++)
	{
		snprintf(text, sizeof(text), "attach=%s", ways[i]);
		CHECK(attach_with(text, NULL, &s) == TUSK_OK);
		CHECK(strcmp(tusk_transport(s), names[i]) == 0);
		/* larger than any ring, in both directions */
		CHECK(tusk_exec(s, "SELECT repeat('x', 1000000)", &r) == TUSK_OK);
		CHECK(tusk_result_length(r, 0, 0) == 1000000);
		tusk_result_free(r);
		tusk_detach(s);
	}
	CHECK(attach_with("attach=sometimes", NULL, &s) == TUSK_MISUSE);
	CHECK_STATE(s, "08001");
	CHECK(strcmp(tusk_transport(s), "none") == 0);
	tusk_detach(s);
	CHECK(attach_with("ring_spin=1001", NULL, &s) == TUSK_MISUSE);
	tusk_detach(s);
	CHECK(attach_with("ring_spin=0", NULL, &s) == TUSK_OK);
	CHECK(number(s, "SELECT 7") == 7);
	tusk_detach(s);
	CHECK(strcmp(tusk_transport(NULL), "none") == 0);

	/* what the server cannot give */
	for (int i = 0; i < 4; i++)
	{
		snprintf(text, sizeof(text),
		         "SELECT injection_points_attach('%s', '%s')", points[i][0],
		         points[i][1]);
		run(admin, text);
		CHECK(attach_with("attach=best", NULL, &s) == TUSK_OK);
		CHECK_STATE(s, "00000");
		CHECK(strcmp(tusk_transport(s), "socket") == 0);
		CHECK(number(s, "SELECT 8") == 8);
		tusk_detach(s);
		CHECK(attach_with("attach=rings", NULL, &s) == TUSK_CONNECTION_LOST);
		CHECK(strcmp(tusk_error_of(s)->sqlstate, "00000") != 0);
		CHECK(strstr(tusk_error_of(s)->message, "could not") != NULL);
		tusk_detach(s);
		snprintf(text, sizeof(text), "SELECT injection_points_detach('%s')",
		         points[i][0]);
		run(admin, text);
	}
	tusk_detach(admin);
}

static int
cancel_third(void *arg)
{
	return ++*(int *) arg >= 3;
}

static void *
cancel_it(void *arg)
{
	tusk_session *other = attach(NULL);

	/* when it runs, not after a guessed time */
	while (number(other, "SELECT count(*) FROM pg_stat_activity WHERE state = "
	                     "'active' AND query = 'SELECT pg_sleep(60)'") == 0)
		;
	CHECK(tusk_cancel(arg) == TUSK_OK);
	tusk_detach(other);
	return NULL;
}

static void
test_cancel(void)
{
	int calls = 0;
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = cancel_third,
	                               .progress_arg = &calls,
	                               .progress_interval_ms = 5};
	tusk_session *s = attach(&options);
	tusk_canceller *canceller;
	pthread_t thread;

	CHECK(tusk_exec(s, "SELECT pg_sleep(60)", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "57014");
	CHECK(calls >= 3);
	tusk_detach(s);

	s = attach(NULL);
	canceller = tusk_canceller_create(s);
	CHECK(tusk_cancel(canceller) == TUSK_OK); /* nothing runs */
	CHECK(number(s, "SELECT 1") == 1);
	CHECK(pthread_create(&thread, NULL, cancel_it, canceller) == 0);
	CHECK(tusk_exec(s, "SELECT pg_sleep(60)", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "57014");
	pthread_join(thread, NULL);
	CHECK(number(s, "SELECT 1") == 1);
	tusk_canceller_free(canceller);
	tusk_canceller_free(NULL);
	tusk_detach(s);
}

static void
test_copy(void)
{
	tusk_session *s = attach(NULL);
	tusk_copy *copy;
	int64_t rows = -1;
	char line[64];
	tusk_status status = TUSK_OK;

	run(s, "CREATE TABLE lib (i int, t text)");
	CHECK(tusk_copy_begin(s, "COPY lib FROM STDIN", &copy) == TUSK_OK);
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_MISUSE);
	for (int i = 0; i < 100000; i++)
	{
		int n = snprintf(line, sizeof(line), "%d\tvalue %d\n", i, i);

		/* rows may be cut anywhere */
		CHECK(tusk_copy_write(copy, line, (size_t) n / 2) == TUSK_OK);
		CHECK(tusk_copy_write(copy, line + n / 2, (size_t) (n - n / 2)) ==
		      TUSK_OK);
	}
	CHECK(tusk_copy_finish(copy, &rows) == TUSK_OK);
	CHECK(rows == 100000);
	CHECK(number(s, "SELECT sum(i) FROM lib") == INT64_C(4999950000));

	/* an error in the middle is told by write or by finish */
	CHECK(tusk_copy_begin(s, "COPY lib FROM STDIN", &copy) == TUSK_OK);
	CHECK(tusk_copy_write(copy, "1\ta\nx\tb\n", 8) == TUSK_OK);
	for (int i = 0; i < 500000 && status == TUSK_OK; i++)
		status = tusk_copy_write(copy, "1\tvalue\n", 8);
	CHECK(tusk_copy_finish(copy, &rows) == TUSK_ERROR);
	CHECK_STATE(s, "22P02");
	CHECK(strcmp(tusk_error_of(s)->context,
	             "COPY lib, line 2, column i: \"x\"") == 0);
	CHECK(rows == 0);
	CHECK(tusk_copy_begin(s, "COPY lib FROM STDIN", &copy) == TUSK_OK);
	CHECK(tusk_copy_write(copy, "1\ta\n", 4) == TUSK_OK);
	CHECK(tusk_copy_abort(copy, "no more") == TUSK_ERROR);
	CHECK_STATE(s, "57014");
	CHECK(number(s, "SELECT count(*) FROM lib") == 100000);
	copy = (tusk_copy *) 1;
	CHECK(tusk_copy_begin(s, "COPY nowhere FROM STDIN", &copy) == TUSK_ERROR);
	CHECK(copy == NULL);
	CHECK(tusk_copy_begin(s, "SELECT 1", &copy) == TUSK_MISUSE);
	CHECK(tusk_copy_begin(s, "COPY lib TO STDOUT", &copy) == TUSK_MISUSE);
	run(s, "DROP TABLE lib");

	/* a session that is detached in the middle of a COPY */
	run(s, "CREATE TABLE lib (i int)");
	CHECK(tusk_copy_begin(s, "COPY lib FROM STDIN", &copy) == TUSK_OK);
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_MISUSE);
	CHECK(tusk_copy_write(copy, "1\n", 2) == TUSK_OK);
	CHECK_STATE(s, "00000");
	tusk_detach(s);
	CHECK(tusk_copy_write(copy, "2\n", 2) == TUSK_CONNECTION_LOST);
	CHECK(tusk_copy_abort(copy, NULL) == TUSK_CONNECTION_LOST);
	s = attach(NULL);
	CHECK(number(s, "SELECT count(*) FROM lib") == 0);
	run(s, "DROP TABLE lib");
	tusk_detach(s);
}

static void
test_vectors(void)
{
	tusk_session *s = attach(NULL);
	const float values[3] = {1.5f, -0.0f, 3e38f};
	unsigned char encoded[TUSK_VECTOR_SIZE(3)];
	float back[3] = {0};
	tusk_param param = {encoded, sizeof(encoded), TUSK_BINARY, 0};
	tusk_result *r;

	run(s, "CREATE EXTENSION IF NOT EXISTS vector");
	tusk_vector_encode(values, 3, encoded);
	CHECK(tusk_exec_params(s, "SELECT $1::vector", 1, &param, TUSK_BINARY,
	                       &r) == TUSK_OK);
	CHECK(tusk_vector_decode(tusk_result_value(r, 0, 0),
	                         tusk_result_length(r, 0, 0), back, 3) == 3);
	CHECK(memcmp(values, back, sizeof(values)) == 0);
	CHECK(tusk_vector_decode(tusk_result_value(r, 0, 0),
	                         tusk_result_length(r, 0, 0), back, 2) == -1);
	CHECK(tusk_vector_decode(tusk_result_value(r, 0, 0), 7, back, 3) == -1);
	CHECK(tusk_vector_decode(NULL, 0, back, 3) == -1);
	tusk_result_free(r);
	CHECK(tusk_exec_params(s, "SELECT $1::vector(2)", 1, &param, TUSK_TEXT,
	                       &r) == TUSK_ERROR);
	CHECK(strcmp(tusk_error_of(s)->message, "expected 2 dimensions, not 3") ==
	      0);
	tusk_detach(s);
}

static void
test_lost_session(void)
{
	tusk_session *s = attach(NULL);
	tusk_session *other = attach(NULL);
	tusk_statement *st;
	tusk_copy *copy;
	char sql[128];
	tusk_status status = TUSK_OK;

	CHECK(tusk_prepare(s, "SELECT 1", 0, NULL, &st) == TUSK_OK);
	run(s, "BEGIN");
	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d)",
	         tusk_backend_pid(s));
	run(other, sql);
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "57P01");
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "57P01");
	tusk_statement_free(st);
	tusk_detach(s);

	/* in the middle of a COPY */
	s = attach(NULL);
	run(s, "CREATE TABLE lib (t text)");
	CHECK(tusk_copy_begin(s, "COPY lib FROM STDIN", &copy) == TUSK_OK);
	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d)",
	         tusk_backend_pid(s));
	run(other, sql);
	for (int i = 0; i < 10000000 && status == TUSK_OK; i++)
		status = tusk_copy_write(copy, "some text\n", 10);
	CHECK(status == TUSK_CONNECTION_LOST);
	CHECK(tusk_copy_finish(copy, NULL) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "57P01");
	tusk_detach(s);
	CHECK(number(other, "SELECT count(*) FROM lib") == 0);
	run(other, "DROP TABLE lib");
	tusk_detach(other);
}

int
main(int argc, char **argv)
{
	static const Test tests[] = {
		TEST(attach),     TEST(statements),  TEST(parameters), TEST(prepared),
		TEST(transports), TEST(notices),     TEST(cancel),     TEST(copy),
		TEST(vectors),    TEST(lost_session)};

	return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
