/*
 * api_test.c HOST: searches, inserts of many vectors, builds, settings,
 * COPY out, attaching anew and fork, by tusk.h.
 */
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

#define DIM 8
#define ROWS 2000

static float *
matrix(size_t n)
{
	float *rows = malloc(sizeof(float) * n * DIM);
	uint32_t x = 1;

	for (size_t i = 0; i < n * DIM; i++)
	{
		x = x * 1664525u + 1013904223u;
		rows[i] = (float) (x >> 8) / 16777216.0f;
	}
	return rows;
}

static void
make_table(tusk_session *s, const char *vector, const char *id)
{
	char sql[200];

	run(s, "DROP TABLE IF EXISTS items");
	snprintf(sql, sizeof(sql), "CREATE TABLE items (id %s, embedding %s(%d))",
	         id, vector, DIM);
	run(s, sql);
}

static void
test_insert(void)
{
	tusk_session *s = attach(NULL);
	tusk_insert_options o = {sizeof(o), "key \"x\"", "v"};
	float *rows = matrix(ROWS);
	int64_t ids[ROWS];
	int64_t inserted = -1;
	static const char *const ints[] = {"smallint", "integer", "bigint"};

	for (int i = 0; i < ROWS; i++)
		ids[i] = i;
	for (int i = 0; i < 3; i++)
	{
		make_table(s, "vector", ints[i]);
		CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, ROWS, DIM,
		                         &inserted) == TUSK_OK);
		CHECK(inserted == ROWS);
		CHECK(number(s, "SELECT count(DISTINCT id) FROM items") == ROWS);
		CHECK(number(s, "SELECT count(*) FROM items WHERE vector_dims("
		                "embedding) = 8") == ROWS);
	}
	CHECK(tusk_insert_matrix(s, "items", NULL, NULL, rows, 3, DIM, NULL) ==
	      TUSK_OK);
	CHECK(number(s, "SELECT count(*) FROM items WHERE id IS NULL") == 3);
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, 0, DIM, &inserted) ==
	      TUSK_OK);
	CHECK(inserted == 0);

	/* names that need quotes */
	run(s, "CREATE TABLE \"My T\" (\"key \"\"x\"\"\" integer, "
	       "v halfvec(8))");
	CHECK(tusk_insert_matrix(s, "public.\"My T\"", &o, ids, rows, 10, DIM,
	                         &inserted) == TUSK_OK);
	CHECK(inserted == 10);
	run(s, "DROP TABLE \"My T\"");

	/* what cannot be */
	CHECK(tusk_insert_matrix(s, "nosuch", NULL, ids, rows, 1, DIM, &inserted) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "42P01");
	CHECK(inserted == 0);
	CHECK(tusk_insert_matrix(s, "items", &o, ids, rows, 1, DIM, NULL) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "42703");
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, 1, 0, NULL) ==
	      TUSK_MISUSE);
	CHECK_STATE(s, "22023");
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, NULL, 1, DIM, NULL) ==
	      TUSK_MISUSE);
	CHECK_STATE(s, "22004");
	CHECK(tusk_insert_matrix(s, NULL, NULL, ids, rows, 1, DIM, NULL) ==
	      TUSK_MISUSE);
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, 2, DIM - 1, NULL) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "22000");
	make_table(s, "vector", "smallint");
	ids[1] = 40000;
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, 2, DIM, NULL) ==
	      TUSK_MISUSE);
	CHECK_STATE(s, "22003");
	rows[DIM + 1] = NAN; /* of the second row: the first is not there either */
	ids[1] = 1;
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, 2, DIM, &inserted) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "22000");
	CHECK(inserted == 0 && number(s, "SELECT count(*) FROM items") == 0);
	run(s, "DROP TABLE items");
	run(s, "CREATE TABLE items (id text, embedding text)");
	CHECK(tusk_insert_matrix(s, "items", NULL, NULL, rows, 1, DIM, NULL) ==
	      TUSK_MISUSE);
	CHECK_STATE(s, "42804");
	free(rows);
	tusk_detach(s);
}

/* Against what the server reads from text, over the whole range. */
static void
test_halfvec(void)
{
	tusk_session *s = attach(NULL);
	static const float values[] = {0.0f,
	                               -0.0f,
	                               1.0f,
	                               -2.5f,
	                               65504.0f,
	                               65519.0f,
	                               6.1e-5f,
	                               6.0976e-5f,
	                               5.97e-8f,
	                               2.98e-8f,
	                               2.99e-8f,
	                               1e-9f,
	                               0.1f,
	                               1.00048828125f,
	                               1.000488f,
	                               1.00146484375f,
	                               2049.0f,
	                               2051.0f,
	                               3.0517578125e-5f,
	                               1.52587890625e-5f,
	                               8.9e-8f,
	                               1.4901161e-7f,
	                               0.33333f,
	                               1e-5f};
	int n = (int) (sizeof(values) / sizeof(values[0]));
	char buf[TUSK_HALFVEC_SIZE(64)];
	char text[2000] = "[";
	tusk_param params[2] = {{buf, 0, TUSK_BINARY, 0}, {text, 0, TUSK_TEXT, 0}};
	tusk_result *r;
	size_t at = 1;

	for (int i = 0; i < n; i++)
		at += (size_t) snprintf(text + at, sizeof(text) - at, "%s%.9g",
		                        i > 0 ? "," : "", values[i]);
	snprintf(text + at, sizeof(text) - at, "]");
	tusk_halfvec_encode(values, n, buf);
	params[0].length = (int) TUSK_HALFVEC_SIZE(n);
	CHECK(tusk_exec_params(s, "SELECT $1::halfvec = $2::halfvec, $1::halfvec",
	                       2, params, TUSK_TEXT, &r) == TUSK_OK);
	CHECK(tusk_result_value(r, 0, 0) != NULL &&
	      strcmp(tusk_result_value(r, 0, 0), "t") == 0);
	tusk_result_free(r);
	tusk_detach(s);
}

static void
test_search(void)
{
	tusk_session *s = attach(NULL);
	float *rows = matrix(ROWS);
	int64_t ids[ROWS];
	int64_t found[200 * 5];
	double distances[200 * 5];
	int64_t counts[200];
	tusk_search *search;
	tusk_result *r;
	tusk_search_options o = {sizeof(o), TUSK_PATH_BACKEND};
	tusk_param text = {"[0,0,0,0,0,0,0,0]", 0, TUSK_TEXT, 0};

	for (int i = 0; i < ROWS; i++)
		ids[i] = i;
	for (int half = 0; half < 2; half++)
	{
		make_table(s, half ? "halfvec" : "vector", "integer");
		CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, ROWS, DIM,
		                         NULL) == TUSK_OK);
		CHECK(tusk_search_prepare(s,
		                          "SELECT id, embedding <-> $1 FROM items "
		                          "ORDER BY embedding <-> $1 LIMIT $2",
		                          &o, &search) == TUSK_OK);
		CHECK(tusk_search_run(search, rows + 17 * DIM, DIM, 5, TUSK_TEXT, &r) ==
		      TUSK_OK);
		CHECK(tusk_result_rows(r) == 5 && tusk_result_int64(r, 0, 0) == 17);
		tusk_result_free(r);
		CHECK(tusk_search_path(search) == TUSK_PATH_BACKEND);
		CHECK(tusk_search_value(search, &text, 3, TUSK_BINARY, &r) == TUSK_OK);
		CHECK(tusk_result_rows(r) == 3);
		tusk_result_free(r);
		CHECK(tusk_search_batch(search, rows, 200, DIM, 5, found, distances,
		                        counts) == TUSK_OK);
		for (int i = 0; i < 200; i++)
		{
			CHECK(counts[i] == 5 && found[i * 5] == i);
			CHECK(fabs(distances[i * 5]) < 1e-6);
			CHECK(distances[i * 5 + 1] <= distances[i * 5 + 2]);
		}
		/* fewer rows than asked for; and as NULLs */
		run(s, "DELETE FROM items WHERE id > 1");
		run(s, "UPDATE items SET id = NULL WHERE id = 1");
		CHECK(tusk_search_batch(search, rows, 2, DIM, 5, found, NULL, NULL) ==
		      TUSK_OK);
		CHECK(found[0] == 0 && found[1] == -1 && found[4] == -1);
		CHECK(tusk_search_batch(search, rows, 2, DIM, 5, found, distances,
		                        counts) == TUSK_OK);
		CHECK(counts[1] == 2 && isnan(distances[9]) && found[9] == -1);
		/* errors: of one query of several, and of the caller */
		CHECK(tusk_search_batch(search, rows, 2, DIM - 1, 5, found, NULL,
		                        NULL) == TUSK_ERROR);
		CHECK_STATE(s, "22000");
		CHECK(tusk_search_batch(search, rows, 2, DIM, 0, found, NULL, NULL) ==
		      TUSK_MISUSE);
		CHECK(tusk_search_batch(search, NULL, 2, DIM, 1, found, NULL, NULL) ==
		      TUSK_MISUSE);
		CHECK(tusk_search_run(search, rows, 17000, 1, TUSK_TEXT, &r) ==
		          TUSK_MISUSE &&
		      r == NULL);
		tusk_search_free(search);
	}
	CHECK(tusk_search_prepare(s, "SELECT 1", NULL, &search) == TUSK_MISUSE);
	CHECK_STATE(s, "42P02");
	CHECK(search == NULL);
	CHECK(tusk_search_prepare(s, "SELECT $1::integer, $2::text", NULL,
	                          &search) == TUSK_MISUSE);
	CHECK_STATE(s, "42804");
	CHECK(tusk_search_prepare(s, "SELECT nonsense", NULL, &search) ==
	      TUSK_ERROR);
	o.path = 9;
	CHECK(tusk_search_prepare(s, "SELECT $1::vector", &o, &search) ==
	      TUSK_MISUSE);
	/* rows that do not fit the arrays; the session goes on */
	CHECK(tusk_search_prepare(s,
	                          "SELECT embedding FROM items ORDER BY "
	                          "embedding <-> $1",
	                          NULL, &search) == TUSK_OK);
	CHECK(tusk_search_batch(search, rows, 2, DIM, 5, found, NULL, NULL) ==
	      TUSK_MISUSE);
	CHECK_STATE(s, "42804");
	CHECK(number(s, "SELECT 5") == 5);
	tusk_search_free(search);
	/* a value of another type */
	CHECK(tusk_search_prepare(s, "SELECT $1::bit(3) <~> '101'", NULL,
	                          &search) == TUSK_OK);
	CHECK(tusk_search_run(search, rows, DIM, 1, TUSK_TEXT, &r) == TUSK_MISUSE);
	CHECK_STATE(s, "42804");
	text.value = "100";
	CHECK(tusk_search_value(search, &text, 1, TUSK_TEXT, &r) == TUSK_OK);
	CHECK(tusk_result_int64(r, 0, 0) == 1);
	tusk_result_free(r);
	tusk_detach(s);
	tusk_search_free(search);
	free(rows);
}

/* Why a search is not done directly is told of itself, not of the one before. */
static void
check_reasons(tusk_session *s, tusk_search *search, const float *rows)
{
	static const struct
	{
		int64_t k;
		const char *why;
	} cases[] = {
		{-1, "the number of rows wanted is negative"},
		{(int64_t) INT32_MAX + 1, "rows beyond number 2147483647 are wanted"},
		{INT64_MIN, "the number of rows wanted is negative"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		tusk_result *r;

		CHECK(tusk_search_run(search, rows, DIM, cases[i].k, TUSK_BINARY, &r) ==
		      TUSK_ERROR);
		CHECK_STATE(s, "0A000");
		CHECK(strstr(tusk_error_of(s)->message, cases[i].why) != NULL);
		CHECK(tusk_search_run(search, rows, DIM, 1, TUSK_BINARY, &r) ==
		      TUSK_OK);
		CHECK(tusk_search_path(search) == TUSK_PATH_DIRECT);
		tusk_result_free(r);
	}
}

/* Directly and by the backend: the same rows. */
static void
test_paths(void)
{
	tusk_session *s = attach(NULL);
	float *rows = matrix(ROWS);
	int64_t ids[ROWS];
	int64_t found[2][300 * 5];
	double distances[2][300 * 5];
	tusk_search *search[3];
	tusk_result *r;
	tusk_result *q;
	tusk_search_options o = {.size = sizeof(o)};
	bool direct = strcmp(tusk_transport(s), "direct") == 0;

	for (int i = 0; i < ROWS; i++)
		ids[i] = i;
	make_table(s, "vector", "integer");
	CHECK(tusk_insert_matrix(s, "items", NULL, ids, rows, ROWS, DIM, NULL) ==
	      TUSK_OK);
	run(s, "CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)");
	run(s, "SET enable_seqscan = off");
	for (o.path = TUSK_PATH_BEST; o.path <= TUSK_PATH_DIRECT; o.path++)
		CHECK(
			tusk_search_prepare(s,
		                        "SELECT id, embedding <-> $1 AS far FROM items "
		                        "ORDER BY embedding <-> $1 LIMIT $2",
		                        &o, &search[o.path]) == TUSK_OK);
	CHECK(tusk_search_batch(search[1], rows, 300, DIM, 5, found[0],
	                        distances[0], NULL) == TUSK_OK);
	CHECK(tusk_search_path(search[1]) == TUSK_PATH_BACKEND);
	CHECK(tusk_search_batch(search[0], rows, 300, DIM, 5, found[1],
	                        distances[1], NULL) == TUSK_OK);
	CHECK(tusk_search_path(search[0]) ==
	      (direct ? TUSK_PATH_DIRECT : TUSK_PATH_BACKEND));
	CHECK(memcmp(found[0], found[1], sizeof(found[0])) == 0);
	CHECK(memcmp(distances[0], distances[1], sizeof(distances[0])) == 0);
	CHECK(tusk_search_batch(search[2], rows, 300, DIM, 5, found[1],
	                        distances[1],
	                        NULL) == (direct ? TUSK_OK : TUSK_ERROR));
	if (!direct)
		CHECK_STATE(s, "0A000");

	/* one by one, within a transaction that has changed something */
	run(s, "BEGIN");
	run(s, "DELETE FROM items WHERE id = 17");
	CHECK(tusk_search_run(search[0], rows + 17 * DIM, DIM, 4, TUSK_BINARY,
	                      &r) == TUSK_OK);
	CHECK(tusk_search_run(search[1], rows + 17 * DIM, DIM, 4, TUSK_BINARY,
	                      &q) == TUSK_OK);
	CHECK(tusk_result_rows(r) == 4 && tusk_result_rows(q) == 4);
	CHECK(strcmp(tusk_result_column_name(r, 1), "far") == 0);
	CHECK(strcmp(tusk_result_tag(r), "SELECT 4") == 0);
	for (int i = 0; i < 4; i++)
	{
		CHECK(tusk_result_int64(r, i, 0) == tusk_result_int64(q, i, 0));
		CHECK(tusk_result_int64(r, i, 0) != 17);
		CHECK(tusk_result_double(r, i, 1) == tusk_result_double(q, i, 1));
	}
	tusk_result_free(r);
	tusk_result_free(q);
	run(s, "ROLLBACK");
	CHECK(tusk_search_run(search[0], rows + 17 * DIM, DIM, 4, TUSK_BINARY,
	                      &r) == TUSK_OK);
	CHECK(tusk_result_int64(r, 0, 0) == 17);
	tusk_result_free(r);
	CHECK(tusk_search_run(search[2], rows, DIM, 4, TUSK_TEXT, &r) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "0A000");
	CHECK(tusk_search_run(search[0], rows, DIM, 4, TUSK_TEXT, &r) == TUSK_OK);
	CHECK(tusk_search_path(search[0]) == TUSK_PATH_BACKEND);
	tusk_result_free(r);
	if (direct)
		check_reasons(s, search[2], rows);
	/* a batch of none is no search: the last one was the backend's */
	CHECK(tusk_search_batch(search[0], NULL, 0, DIM, 4, NULL, NULL, NULL) ==
	      TUSK_OK);
	CHECK(tusk_search_path(search[0]) == TUSK_PATH_BACKEND);
	CHECK(tusk_search_batch(search[0], NULL, 1, DIM, 4, ids, NULL, NULL) ==
	      TUSK_MISUSE);
	CHECK_STATE(s, "22004");
	/* after attaching anew */
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	run(s, "SET enable_seqscan = off");
	CHECK(tusk_search_run(search[0], rows + 18 * DIM, DIM, 4, TUSK_BINARY,
	                      &r) == TUSK_OK);
	CHECK(tusk_result_int64(r, 0, 0) == 18);
	CHECK(tusk_search_path(search[0]) ==
	      (direct ? TUSK_PATH_DIRECT : TUSK_PATH_BACKEND));
	tusk_result_free(r);
	for (int i = 0; i < 3; i++)
		tusk_search_free(search[i]);
	tusk_detach(s);
	free(rows);
}

/* How many of n searches of one row went directly. */
static int
count_direct(tusk_search *search, const float *query, int n)
{
	int direct = 0;

	for (int i = 0; i < n; i++)
	{
		tusk_result *r;

		CHECK(tusk_search_run(search, query, DIM, 1, TUSK_BINARY, &r) ==
		      TUSK_OK);
		CHECK(tusk_result_rows(r) == 1);
		direct += tusk_search_path(search) == TUSK_PATH_DIRECT;
		tusk_result_free(r);
	}
	return direct;
}

/*
 * What direct search cannot do it is not asked each time, which would cost more
 * than the search; when it can, that is found out.
 */
static void
test_in_vain(void)
{
	static const char *const begun =
		"SELECT coalesce(max(searches), 0) FROM tusk_direct_searches "
		"WHERE pid = pg_backend_pid()";
	tusk_session *s = attach(NULL);
	bool direct = strcmp(tusk_transport(s), "direct") == 0;
	float *rows = matrix(ROWS);
	tusk_search_options o = {.size = sizeof(o)};
	tusk_search *search;
	tusk_result *r;
	int64_t n;

	make_table(s, "vector", "integer");
	CHECK(tusk_insert_matrix(s, "items", NULL, NULL, rows, ROWS, DIM, NULL) ==
	      TUSK_OK);
	run(s, "CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)");
	run(s, "SET enable_seqscan = off");
	/* a vector is sent by the backend only: known when the search has begun */
	CHECK(tusk_search_prepare(s,
	                          "SELECT embedding FROM items "
	                          "ORDER BY embedding <-> $1 LIMIT $2",
	                          &o, &search) == TUSK_OK);
	n = number(s, begun);
	CHECK(count_direct(search, rows, 300) == 0);
	n = number(s, begun) - n;
	CHECK(direct ? n >= 8 && n < 60 : n == 0);
	tusk_search_free(search);
	/* another plan, and then again the one that it can do */
	CHECK(tusk_search_prepare(s,
	                          "SELECT id FROM items "
	                          "ORDER BY embedding <-> $1 LIMIT $2",
	                          &o, &search) == TUSK_OK);
	run(s, "SET enable_seqscan = on; SET enable_indexscan = off");
	CHECK(count_direct(search, rows, 300) == 0);
	run(s, "SET enable_seqscan = off; RESET enable_indexscan");
	(void) count_direct(search, rows, 65);
	CHECK(count_direct(search, rows, 20) == (direct ? 20 : 0));
	tusk_search_free(search);
	/* who insists is told each time */
	o.path = TUSK_PATH_DIRECT;
	CHECK(tusk_search_prepare(s,
	                          "SELECT embedding FROM items "
	                          "ORDER BY embedding <-> $1 LIMIT $2",
	                          &o, &search) == TUSK_OK);
	for (int i = 0; i < 30; i++)
	{
		CHECK(tusk_search_run(search, rows, DIM, 1, TUSK_BINARY, &r) ==
		      TUSK_ERROR);
		CHECK_STATE(s, "0A000");
	}
	CHECK(tusk_search_value(search, NULL, 1, TUSK_BINARY, &r) == TUSK_MISUSE);
	CHECK_STATE(s, "22004");
	tusk_search_free(search);
	tusk_detach(s);
	free(rows);
}

/* One row, nearest to anything: n of it, by a search. */
static int64_t
found_n(tusk_search *search)
{
	static const float query[DIM] = {0};
	tusk_result *r;
	int64_t n = -1;

	CHECK(tusk_search_run(search, query, DIM, 1, TUSK_BINARY, &r) == TUSK_OK);
	CHECK(tusk_result_rows(r) == 1);
	if (tusk_result_rows(r) == 1)
		n = tusk_result_int64(r, 0, 0);
	tusk_result_free(r);
	return n;
}

static void
set_n(tusk_session *s, int64_t n)
{
	char sql[80];

	snprintf(sql, sizeof(sql), "UPDATE items SET id = %ld", (long) n);
	run(s, sql);
}

/*
 * Searches that follow one another may share a snapshot, as long as it is one
 * that each of them could take itself.  The danger: a search that does not see
 * what was done before it, by this session or another, or that keeps from others
 * what it does not need any more.
 */
static void
test_one_after_another(void)
{
	static const char *const scans =
		"SELECT idx_scan FROM pg_stat_user_indexes "
		"WHERE indexrelname = 'items_v'";
	tusk_session *s = attach(NULL);
	tusk_session *other = attach(NULL);
	float zeros[DIM] = {0};
	int64_t id = 0;
	int64_t before;
	tusk_search *search;
	tusk_search *same;
	tusk_result *r;

	make_table(s, "vector", "integer");
	CHECK(tusk_insert_matrix(s, "items", NULL, &id, zeros, 1, DIM, NULL) ==
	      TUSK_OK);
	run(s, "CREATE INDEX items_v ON items USING hnsw "
	       "(embedding vector_l2_ops)");
	run(s, "SET enable_seqscan = off");
	CHECK(tusk_search_prepare(s,
	                          "SELECT id FROM items ORDER BY embedding <-> $1 "
	                          "LIMIT $2",
	                          NULL, &search) == TUSK_OK);
	CHECK(tusk_search_prepare(s,
	                          "SELECT id + 0 FROM items ORDER BY embedding "
	                          "<-> $1 LIMIT $2",
	                          NULL, &same) == TUSK_OK);
	/* own changes and others', each between two searches */
	for (int i = 1; i <= 100; i++)
	{
		set_n(s, i);
		CHECK(found_n(search) == i);
		CHECK(found_n(search) == i);
		set_n(other, -i);
		CHECK(found_n(search) == -i);
		CHECK(found_n(search) == -i);
	}
	/* in a block, and after it */
	run(s, "BEGIN");
	CHECK(found_n(search) == -100);
	set_n(s, 7);
	CHECK(found_n(search) == 7);
	run(s, "ROLLBACK");
	CHECK(found_n(search) == -100);
	run(s, "BEGIN ISOLATION LEVEL REPEATABLE READ");
	CHECK(found_n(search) == -100);
	set_n(other, 8);
	CHECK(found_n(search) == -100);
	run(s, "COMMIT");
	CHECK(found_n(search) == 8);
	/* by turns with one that the backend runs; the counts come with it */
	CHECK(found_n(same) == 8);
	before = number(s, scans);
	for (int i = 0; i < 100; i++)
		CHECK(found_n(search) == 8);
	CHECK(number(s, scans) >= before + 100);
	for (int i = 0; i < 100; i++)
		CHECK(found_n(i % 2 ? same : search) == 8);
	CHECK(number(s, scans) >= before + 200);
	/* settings count for the next one */
	for (int i = 0; i < 2; i++)
	{
		run(s, i == 0 ? "SET max_parallel_maintenance_workers = 0"
		              : "SET hnsw.iterative_scan = off");
		CHECK(found_n(search) == 8);
	}
	/* what others want to change they can, at once */
	run(other, "SET statement_timeout = '60s'");
	for (int i = 0; i < 6; i++)
	{
		CHECK(found_n(search) == 8);
		CHECK(found_n(search) == 8);
		run(other, i % 2 ? "REINDEX INDEX items_v"
		                 : "ALTER TABLE items ALTER embedding SET STORAGE "
		                   "external");
		CHECK(found_n(search) == 8);
		run(other, i % 2 ? "DROP INDEX items_v"
		                 : "ALTER TABLE items ALTER embedding SET STORAGE "
		                   "extended");
		if (i % 2)
			run(other, "CREATE INDEX items_v ON items USING hnsw "
			           "(embedding vector_l2_ops)");
		CHECK(found_n(search) == 8);
	}
	for (int i = 0; i < 6; i++)
	{
		CHECK(found_n(search) == 8);
		set_n(other, 8);
		run(other, "VACUUM items");
		CHECK(found_n(search) == 8);
	}
	/* the right to it goes */
	run(other, "CREATE ROLE seer");
	run(other, "GRANT SELECT ON items TO seer");
	run(other, "GRANT pg_read_all_data TO seer");
	run(s, "SET ROLE seer");
	CHECK(found_n(search) == 8);
	CHECK(found_n(search) == 8);
	run(other, "REVOKE pg_read_all_data FROM seer");
	CHECK(found_n(search) == 8);
	CHECK(tusk_search_path(search) == TUSK_PATH_BACKEND);
	run(other, "REVOKE SELECT ON items FROM seer");
	CHECK(tusk_search_run(search, zeros, DIM, 1, TUSK_BINARY, &r) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "42501");
	run(s, "RESET ROLE");
	run(other, "DROP ROLE seer");
	/* the statement is another's now */
	CHECK(found_n(search) == 8);
	run(s, "DEALLOCATE ALL");
	CHECK(tusk_search_run(search, zeros, DIM, 1, TUSK_BINARY, &r) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "26000");
	tusk_search_free(search);
	tusk_search_free(same);
	/* one that is freed while it is kept; counts that come with the end */
	before = number(other, scans);
	for (int i = 0; i < 10; i++)
	{
		CHECK(tusk_search_prepare(s,
		                          "SELECT id FROM items ORDER BY embedding "
		                          "<-> $1 LIMIT $2",
		                          NULL, &search) == TUSK_OK);
		CHECK(found_n(search) == 8);
		CHECK(found_n(search) == 8);
		if (i < 9)
			tusk_search_free(search);
	}
	tusk_detach(s);
	tusk_search_free(search);
	while (number(other, "SELECT count(*) FROM pg_stat_activity WHERE "
	                     "backend_type = 'client backend'") > 1)
		;
	CHECK(number(other, scans) >= before + 20);
	tusk_detach(other);
}

static void
test_build(void)
{
	tusk_session *s = attach(NULL);
	tusk_session *other = attach(NULL);
	float *rows = matrix(ROWS * 10);
	tusk_estimate e = {.size = sizeof(e)};
	tusk_build_progress p = {.size = sizeof(p)};
	tusk_build *b;
	const char *sql = "CREATE INDEX items_v ON items USING hnsw "
					  "(embedding vector_l2_ops)";
	int running;
	int polls = 0;

	make_table(s, "vector", "integer");
	CHECK(tusk_insert_matrix(s, "items", NULL, NULL, rows, ROWS * 10, DIM,
	                         NULL) == TUSK_OK);
	CHECK(tusk_build_estimate(s, sql, &e) == TUSK_OK);
	CHECK(e.rows > ROWS * 9 && e.rows < ROWS * 11);
	CHECK(e.memory_needed > 1000000 && e.memory_setting > 1000000);
	CHECK(e.index_size > 1000000 && e.wal_size > 1000000);
	CHECK(e.seconds > 0 && e.seconds < 600);
	CHECK(tusk_build_estimate(s, "SELECT 1", &e) == TUSK_MISUSE);
	CHECK_STATE(s, "42809");
	CHECK(tusk_build_estimate(s, "nonsense", &e) == TUSK_ERROR);
	CHECK_STATE(s, "42601");

	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_MISUSE);
	do
	{
		CHECK(tusk_build_poll(b, &p) == TUSK_OK);
		polls++;
		CHECK(tusk_build_wait(b, 10, &running) == TUSK_OK);
	} while (running);
	CHECK(polls > 1 && p.phase[0] != '\0' && p.tuples_total > 0);
	CHECK(tusk_build_poll(b, &p) == TUSK_OK && !p.running && p.elapsed > 0);
	CHECK(tusk_build_wait(b, -1, NULL) == TUSK_OK);
	tusk_build_free(b);
	CHECK(number(s, "SELECT 5") == 5);

	/* one that fails; its error is told as often as it is asked for */
	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	CHECK(tusk_build_wait(b, -1, &running) == TUSK_ERROR && !running);
	CHECK_STATE(s, "42P07");
	run(s, "SELECT 1");
	CHECK(tusk_build_wait(b, 0, NULL) == TUSK_ERROR);
	CHECK_STATE(s, "42P07");
	tusk_build_free(b);

	/* one that waits for a lock, with a time limit, then cancelled */
	run(s, "DROP INDEX items_v");
	run(other, "BEGIN");
	run(other, "INSERT INTO items VALUES (1, NULL)");
	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	CHECK(tusk_build_wait(b, 50, &running) == TUSK_OK && running);
	CHECK(tusk_build_cancel(b) == TUSK_OK);
	CHECK(tusk_build_wait(b, -1, NULL) == TUSK_ERROR);
	CHECK_STATE(s, "57014");
	tusk_build_free(b);
	/* freed while it runs */
	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	tusk_build_free(b);
	CHECK(number(s, "SELECT count(*) FROM pg_class WHERE relname = "
	                "'items_v'") == 0);
	run(other, "ROLLBACK");
	/* detached while it runs: the handle can still be freed */
	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	tusk_detach(s);
	CHECK(tusk_build_wait(b, -1, NULL) == TUSK_CONNECTION_LOST);
	tusk_build_free(b);
	tusk_detach(other);
	free(rows);
}

static int
cancel_in_build(void *arg)
{
	/* only when it is in the midst of its rows */
	return number(arg, "SELECT count(*) FROM injection_points WHERE name = "
	                   "'hnsw-graph-insert' AND waiting <> '{}'") > 0;
}

/* Held at a row of its own: its progress is seen, then it is cancelled. */
static void
test_build_cancel(void)
{
	tusk_session *admin = attach(NULL);
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = cancel_in_build,
	                               .progress_arg = admin,
	                               .progress_interval_ms = 5};
	tusk_session *s = attach(&options);
	float *rows = matrix(ROWS);
	tusk_build_progress p = {.size = sizeof(p)};
	tusk_build *b;
	const char *sql = "CREATE INDEX items_v ON items USING hnsw "
					  "(embedding vector_l2_ops)";

	make_table(s, "vector", "integer");
	CHECK(tusk_insert_matrix(s, "items", NULL, NULL, rows, ROWS, DIM, NULL) ==
	      TUSK_OK);
	for (int by_progress = 0; by_progress < 2; by_progress++)
	{
		run(admin, "SELECT injection_points_attach('hnsw-graph-insert', "
		           "'wait,nth=100,times=1')");
		CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
		if (!by_progress)
		{
			do
				CHECK(tusk_build_poll(b, &p) == TUSK_OK && p.running);
			while (!cancel_in_build(admin));
			CHECK(tusk_build_poll(b, &p) == TUSK_OK && p.running);
			CHECK(strcmp(p.phase, "building index: loading tuples") == 0 ||
			      strcmp(p.phase, "loading tuples") == 0);
			CHECK(p.tuples_done > 0 && p.tuples_done < ROWS);
			CHECK(p.tuples_total >= ROWS && p.memory_used > 0);
			CHECK(tusk_build_cancel(b) == TUSK_OK);
		}
		CHECK(tusk_build_wait(b, -1, NULL) == TUSK_ERROR);
		CHECK_STATE(s, "57014");
		tusk_build_free(b);
		run(admin, "SELECT injection_points_detach('hnsw-graph-insert')");
		CHECK(number(s, "SELECT count(*) FROM pg_class WHERE relname = "
		                "'items_v'") == 0);
	}
	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	CHECK(tusk_build_wait(b, -1, NULL) == TUSK_OK);
	tusk_build_free(b);
	tusk_detach(s);
	tusk_detach(admin);
	free(rows);
}

static void
test_settings(void)
{
	tusk_session *s = attach(NULL);
	const char *value;

	CHECK(tusk_set(s, "hnsw.ef_search", "77", 0) == TUSK_OK);
	CHECK(tusk_get(s, "hnsw.ef_search", &value) == TUSK_OK);
	CHECK(value != NULL && strcmp(value, "77") == 0);
	run(s, "BEGIN");
	CHECK(tusk_set(s, "hnsw.ef_search", "78", 1) == TUSK_OK);
	CHECK(number(s, "SHOW hnsw.ef_search") == 78);
	run(s, "COMMIT");
	CHECK(number(s, "SHOW hnsw.ef_search") == 77);
	CHECK(tusk_set(s, "nonsense", "1", 0) == TUSK_ERROR);
	CHECK_STATE(s, "42704");
	CHECK(tusk_set(s, "hnsw.ef_search", "0", 0) == TUSK_ERROR);
	CHECK_STATE(s, "22023");
	CHECK(tusk_get(s, "nonsense", &value) == TUSK_ERROR && value == NULL);
	tusk_detach(s);
}

typedef struct lines
{
	int n;
	size_t bytes;
	int stop_at;
} lines;

static int
take_line(void *arg, const void *data, size_t length)
{
	lines *l = arg;

	(void) data;
	l->bytes += length;
	return ++l->n == l->stop_at;
}

static void
test_copy_out(void)
{
	tusk_session *s = attach(NULL);
	lines l = {0, 0, 0};
	int64_t rows = -1;

	run(s, "DROP TABLE IF EXISTS numbers");
	run(s,
	    "CREATE TABLE numbers AS SELECT i FROM generate_series(1, 100000) i");
	CHECK(tusk_copy_out(s, "COPY numbers TO STDOUT", take_line, &l, &rows) ==
	      TUSK_OK);
	CHECK(rows == 100000 && l.n == 100000 && l.bytes == 588895);
	memset(&l, 0, sizeof(l));
	l.stop_at = 10;
	CHECK(tusk_copy_out(s, "COPY numbers TO STDOUT", take_line, &l, NULL) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "57014");
	CHECK(l.n == 10);
	CHECK(tusk_copy_out(s, "SELECT 1", take_line, &l, NULL) == TUSK_MISUSE);
	CHECK_STATE(s, "42601");
	CHECK(tusk_copy_out(s, "COPY numbers FROM STDIN", take_line, &l, NULL) ==
	      TUSK_ERROR);
	CHECK(tusk_copy_out(s, "COPY nosuch TO STDOUT", take_line, &l, NULL) ==
	      TUSK_ERROR);
	CHECK_STATE(s, "42P01");
	CHECK(number(s, "SELECT 5") == 5);
	tusk_detach(s);
}

static void
test_reattach(void)
{
	tusk_session *s = attach(NULL);
	tusk_session *killer = attach(NULL);
	tusk_statement *st;
	tusk_result *r;
	char sql[100];
	int pid = tusk_backend_pid(s);

	CHECK(tusk_prepare(s, "SELECT 6 * 7", 0, NULL, &st) == TUSK_OK);
	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d)", pid);
	run(killer, sql);
	while (tusk_exec(s, "SELECT 1", NULL) == TUSK_OK)
		;
	CHECK_STATE(s, "57P01");
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_CONNECTION_LOST);
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	CHECK(tusk_backend_pid(s) != pid);
	CHECK(tusk_statement_execute(st, 0, NULL, TUSK_TEXT, &r) == TUSK_OK);
	CHECK(tusk_result_int64(r, 0, 0) == 42);
	tusk_result_free(r);
	/* one that is not lost begins anew too */
	run(s, "BEGIN");
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	CHECK(tusk_transaction_state(s) == 'I');
	tusk_statement_free(st);
	tusk_detach(s);
	tusk_detach(killer);
	CHECK(tusk_attach("/nonexistent", NULL, &s) == TUSK_CONNECTION_LOST);
	CHECK(tusk_reattach(s, 100) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "08001");
	tusk_detach(s);
}

/* It lets clients in, and does not answer, as a server that is stopped. */
static void
test_reattach_unanswered(void)
{
	char dir[] = "/tmp/tusk-unanswered-XXXXXX";
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int silent = socket(AF_UNIX, SOCK_STREAM, 0);
	tusk_session *s;

	CHECK(mkdtemp(dir) != NULL && silent >= 0);
	CHECK(tusk_attach(dir, NULL, &s) == TUSK_CONNECTION_LOST);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/.s.PGSQL.%s", dir,
	         getenv("PGPORT") != NULL ? getenv("PGPORT") : "5432");
	CHECK(bind(silent, (struct sockaddr *) &address, sizeof(address)) == 0 &&
	      listen(silent, 5) == 0);
	CHECK(tusk_reattach(s, 100) == TUSK_CONNECTION_LOST);
	CHECK(strstr(tusk_error_of(s)->message, "no answer") != NULL);
	tusk_detach(s);
	close(silent);
	CHECK(unlink(address.sun_path) == 0 && rmdir(dir) == 0);
}

/*
 * A handle of a COPY that is over takes no part in the one that came after, and
 * tells its own error as often as it is asked.
 */
static void
test_stale_copy(void)
{
	tusk_session *s = attach(NULL);
	tusk_copy *over, *now;
	tusk_status status = TUSK_OK;
	int64_t rows;

	run(s, "CREATE TABLE copied (n int)");
	CHECK(tusk_copy_begin(s, "COPY copied FROM STDIN", &over) == TUSK_OK);
	for (int i = 0; i < 1000000 && status == TUSK_OK; i++)
		status = tusk_copy_write(over, "no number\n", 10);
	CHECK(status == TUSK_ERROR);
	CHECK_STATE(s, "22P02");
	run(s, "SELECT 1");
	CHECK(tusk_copy_write(over, "1\n", 2) == TUSK_ERROR);
	CHECK_STATE(s, "22P02");
	CHECK(tusk_copy_begin(s, "COPY copied FROM STDIN", &now) == TUSK_OK);
	CHECK(tusk_copy_write(over, "1\n", 2) == TUSK_ERROR);
	CHECK_STATE(s, "22P02");
	CHECK(tusk_copy_write(now, "2\n", 2) == TUSK_OK);
	CHECK(tusk_copy_finish(over, &rows) == TUSK_ERROR && rows == 0);
	CHECK_STATE(s, "22P02");
	CHECK(strstr(tusk_error_of(s)->message, "no number") != NULL);
	CHECK(tusk_copy_finish(now, &rows) == TUSK_OK && rows == 1);
	/* likewise one of before the session attached anew */
	CHECK(tusk_copy_begin(s, "COPY copied FROM STDIN", &over) == TUSK_OK);
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	CHECK(tusk_copy_write(over, "3\n", 2) == TUSK_MISUSE);
	CHECK_STATE(s, "55000");
	CHECK(tusk_copy_begin(s, "COPY copied FROM STDIN", &now) == TUSK_OK);
	CHECK(tusk_copy_abort(over, NULL) == TUSK_MISUSE);
	CHECK(tusk_copy_finish(now, &rows) == TUSK_OK && rows == 0);
	CHECK(number(s, "SELECT sum(n) FROM copied") == 2);
	run(s, "DROP TABLE copied");
	tusk_detach(s);
}

/* What of a parent can be used at a fork: in the middle of everything. */
typedef struct Inherited
{
	tusk_session *s;
	tusk_statement *st;
	tusk_search *search;
	tusk_session *copying;
	tusk_copy *copy;
	tusk_session *building;
	tusk_build *build;
	tusk_canceller *canceller;
} Inherited;

#define CHECK_FOREIGN(session, call)     \
	do                                   \
	{                                    \
		CHECK((call) == TUSK_MISUSE);    \
		CHECK_STATE((session), "55000"); \
	} while (0)

static void
use_in_child(Inherited *i)
{
	tusk_session *s = i->s;
	float zero[DIM] = {0};
	int64_t id;
	int running = 1;
	const char *value;
	tusk_result *r;
	tusk_statement *st;
	tusk_copy *copy;
	tusk_build *b;
	tusk_estimate e = {.size = sizeof(e)};
	tusk_build_progress p = {.size = sizeof(p)};
	tusk_session *own;
	const char *sql = "CREATE INDEX ON items USING hnsw (embedding "
					  "vector_l2_ops)";

	/* what only reads a handle tells what was so */
	CHECK(strcmp(tusk_transport(s), "none") != 0 && tusk_backend_pid(s) > 0);
	CHECK(tusk_transaction_state(s) == 'I');
	CHECK(tusk_server_setting(s, "server_version") != NULL);
	CHECK(tusk_statement_params(i->st) == 0);
	CHECK_FOREIGN(s, tusk_exec(s, "SELECT 1", NULL));
	CHECK_FOREIGN(s, tusk_exec_params(s, "SELECT 1", 0, NULL, 0, &r));
	CHECK_FOREIGN(s, tusk_prepare(s, "SELECT 1", 0, NULL, &st));
	CHECK_FOREIGN(s, tusk_statement_execute(i->st, 0, NULL, 0, &r));
	CHECK_FOREIGN(s, tusk_search_run(i->search, zero, DIM, 1, 0, &r));
	CHECK_FOREIGN(
		s, tusk_search_batch(i->search, zero, 1, DIM, 1, &id, NULL, NULL));
	CHECK_FOREIGN(s, tusk_set(s, "work_mem", "1MB", 0));
	CHECK_FOREIGN(s, tusk_get(s, "work_mem", &value));
	CHECK_FOREIGN(
		s, tusk_insert_matrix(s, "items", NULL, &id, zero, 1, DIM, NULL));
	CHECK_FOREIGN(s, tusk_copy_begin(s, "COPY items FROM STDIN", &copy));
	CHECK_FOREIGN(s, tusk_build_start(s, sql, &b));
	CHECK_FOREIGN(s, tusk_build_estimate(s, sql, &e));
	CHECK_FOREIGN(s, tusk_reattach(s, 0));
	CHECK_FOREIGN(i->copying, tusk_copy_write(i->copy, "9\n", 2));
	CHECK_FOREIGN(i->building, tusk_build_wait(i->build, -1, &running));
	CHECK(running == 0);
	CHECK_FOREIGN(i->building, tusk_build_poll(i->build, &p));
	CHECK_FOREIGN(i->building, tusk_build_cancel(i->build));
	tusk_build_free(i->build);
	tusk_detach(i->building);
	CHECK_FOREIGN(i->copying, tusk_copy_finish(i->copy, NULL));
	tusk_detach(i->copying);
	tusk_statement_free(i->st);
	tusk_search_free(i->search);
	tusk_canceller_free(i->canceller);
	tusk_detach(s);
	own = attach(NULL);
	CHECK(number(own, "SELECT 5") == 5);
	tusk_detach(own);
}

/* A child can use nothing of it, and harms nothing by trying. */
static void
test_fork(void)
{
	Inherited i = {attach(NULL), .copying = attach(NULL),
	               .building = attach(NULL)};
	tusk_session *other = attach(NULL);
	tusk_result *r;
	int64_t rows = 0;
	int running = 0;
	pid_t child;
	int status;

	make_table(i.s, "vector", "integer");
	run(i.s, "DROP TABLE IF EXISTS numbers");
	run(i.s, "CREATE TABLE numbers (i integer)");
	i.canceller = tusk_canceller_create(i.s);
	CHECK(tusk_prepare(i.s, "SELECT 42", 0, NULL, &i.st) == TUSK_OK);
	CHECK(tusk_search_prepare(i.s,
	                          "SELECT id FROM items ORDER BY embedding <-> $1 "
	                          "LIMIT $2",
	                          NULL, &i.search) == TUSK_OK);
	CHECK(tusk_copy_begin(i.copying, "COPY numbers FROM STDIN", &i.copy) ==
	      TUSK_OK);
	CHECK(tusk_copy_write(i.copy, "1\n2\n", 4) == TUSK_OK);
	/* a build that waits */
	run(other, "BEGIN");
	run(other, "INSERT INTO items VALUES (1, NULL)");
	CHECK(tusk_build_start(i.building,
	                       "CREATE INDEX items_v ON items USING hnsw "
	                       "(embedding vector_l2_ops)",
	                       &i.build) == TUSK_OK);
	fflush(stdout);
	child = fork();
	if (child == 0)
	{
		use_in_child(&i);
		fflush(stdout);
		_exit(wrong != 0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK(tusk_build_wait(i.build, 0, &running) == TUSK_OK && running);
	run(other, "COMMIT");
	CHECK(tusk_build_wait(i.build, -1, NULL) == TUSK_OK);
	tusk_build_free(i.build);
	CHECK(tusk_copy_write(i.copy, "3\n", 2) == TUSK_OK);
	CHECK(tusk_copy_finish(i.copy, &rows) == TUSK_OK && rows == 3);
	CHECK(number(i.s, "SELECT sum(i) FROM numbers") == 6);
	CHECK(tusk_statement_execute(i.st, 0, NULL, TUSK_TEXT, &r) == TUSK_OK);
	CHECK(tusk_result_int64(r, 0, 0) == 42);
	tusk_result_free(r);
	tusk_search_free(i.search);
	tusk_statement_free(i.st);
	tusk_canceller_free(i.canceller);
	tusk_detach(i.building);
	tusk_detach(i.copying);
	tusk_detach(i.s);
	tusk_detach(other);
}

/* Is it there still, in a transaction? */
static bool
backend_lives(tusk_session *watch, int backend)
{
	char sql[100];

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM pg_stat_activity WHERE pid = %d", backend);
	return number(watch, sql) == 1;
}

static bool
backend_ends(tusk_session *watch, int backend)
{
	struct timespec pause = {0, 20000000};

	for (int i = 0; i < 3000 && backend_lives(watch, backend); i++)
		(void) nanosleep(&pause, NULL);
	return !backend_lives(watch, backend);
}

/* What a child does that has a copy of s: told to go on, it gives it back. */
static void
keep_a_copy(tusk_session *s, const int go[2], bool exec)
{
	char c;

	close(go[1]);
	if (read(go[0], &c, 1) == 1 && exec)
	{
		(void) dup2(go[0], STDIN_FILENO);
		(void) execlp("cat", "cat", (char *) NULL);
	}
	tusk_detach(s);
	/* until the test ends it */
	(void) !read(go[0], &c, 1);
	_exit(0);
}

/*
 * A program is killed in a transaction, and a child of it goes on: the session
 * stays as long as the child has its copy, and ends when that is given back, by
 * tusk_detach or by exec, though the child lives.
 */
static void
test_copies(void)
{
	tusk_session *watch = attach(NULL);
	tusk_session *s;
	int backend = 0;
	pid_t parent;
	int status;
	int tell[2];
	int go[2];

	for (int exec = 0; exec <= 1; exec++)
	{
		CHECK(pipe(tell) == 0 && pipe(go) == 0);
		fflush(stdout);
		parent = fork();
		if (parent == 0)
		{
			s = attach(NULL);
			run(s, "BEGIN");
			backend = tusk_backend_pid(s);
			if (fork() == 0)
				keep_a_copy(s, go, exec == 1);
			(void) !write(tell[1], &backend, sizeof(backend));
			(void) raise(SIGKILL);
		}
		CHECK(read(tell[0], &backend, sizeof(backend)) == sizeof(backend));
		CHECK(waitpid(parent, &status, 0) == parent);
		CHECK(backend_lives(watch, backend));
		CHECK(write(go[1], "x", 1) == 1);
		CHECK(backend_ends(watch, backend));
		CHECK(close(tell[0]) == 0 && close(tell[1]) == 0);
		CHECK(close(go[0]) == 0 && close(go[1]) == 0);
	}
	/* the parent's own end of it is the session's */
	CHECK(pipe(go) == 0);
	s = attach(NULL);
	backend = tusk_backend_pid(s);
	fflush(stdout);
	parent = fork();
	if (parent == 0)
		keep_a_copy(s, go, false);
	tusk_detach(s);
	CHECK(backend_ends(watch, backend));
	CHECK(close(go[1]) == 0);
	CHECK(waitpid(parent, &status, 0) == parent && status == 0);
	CHECK(close(go[0]) == 0);
	tusk_detach(watch);
}

static int
open_descriptors(void)
{
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

/*
 * A process that has room for the socket but not for what the server sends with
 * its answer is told so, keeps none of it, and attaches when there is room.
 */
static void
test_descriptors(void)
{
	tusk_session *s = attach(NULL);
	bool attached = strcmp(tusk_transport(s), "socket") != 0;
	struct rlimit limit, low;
	int before;
	int first;
	int failures = 0;

	tusk_detach(s);
	before = open_descriptors();
	first = dup(STDIN_FILENO);
	close(first);
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	low = limit;
	for (int room = 1; room <= 3 && attached; room++)
	{
		low.rlim_cur = (rlim_t) (first + room);
		CHECK(setrlimit(RLIMIT_NOFILE, &low) == 0);
		if (attach_with("", NULL, &s) != TUSK_OK)
		{
			CHECK_STATE(s, "53000");
			CHECK(tusk_error_of(s)->hint != NULL);
			CHECK(open_descriptors() == before);
			failures++;
			CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
			CHECK(tusk_reattach(s, 0) == TUSK_OK);
			CHECK(number(s, "SELECT 5") == 5);
		}
		tusk_detach(s);
	}
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK(!attached || (failures >= 1 && failures <= 2));
	CHECK(open_descriptors() == before);
}

/* One search by the session's role; what path it took, 0: the status is wrong. */
static int
path_of_search(tusk_session *s, tusk_search *search, const float *vector)
{
	tusk_result *r = NULL;
	int path = 0;

	if (tusk_search_run(search, vector, DIM, 5, TUSK_BINARY, &r) != TUSK_OK)
		printf("%s\n", tusk_error_of(s)->message);
	else if (tusk_result_rows(r) == 5 && tusk_result_int64(r, 0, 0) == 17)
		path = tusk_search_path(search);
	tusk_result_free(r);
	return path;
}

static void
prepare_search(tusk_session *s, int path, tusk_search **search)
{
	tusk_search_options o = {.size = sizeof(o), .path = path};

	run(s, "SET enable_seqscan = off");
	CHECK(tusk_search_prepare(s,
	                          "SELECT id FROM items ORDER BY embedding <-> $1 "
	                          "LIMIT $2",
	                          &o, search) == TUSK_OK);
}

/*
 * A role that may read one table only: it has the rings, its searches are the
 * backend's, and who insists on the server's memory is told who may have it.
 * With the right it has it, and searches no more by itself when it is taken away.
 */
static void
test_rights(void)
{
	tusk_session *boss = attach(NULL);
	tusk_session *s;
	tusk_search *search;
	tusk_result *r;
	float *rows = matrix(ROWS);
	int64_t ids[ROWS];
	int before;

	for (int i = 0; i < ROWS; i++)
		ids[i] = i;
	if (host[0] != '/' || strcmp(tusk_transport(boss), "direct") != 0)
	{
		/* what is not offered nobody may have */
		tusk_detach(boss);
		free(rows);
		return;
	}
	make_table(boss, "vector", "integer");
	CHECK(tusk_insert_matrix(boss, "items", NULL, ids, rows, ROWS, DIM, NULL) ==
	      TUSK_OK);
	run(boss, "CREATE INDEX ON items USING hnsw (embedding vector_l2_ops)");
	run(boss, "CREATE TABLE IF NOT EXISTS secret (id integer)");
	run(boss, "CREATE ROLE plain LOGIN");
	run(boss, "GRANT SELECT ON items TO plain");
	before = open_descriptors();
	CHECK(attach_with("user=plain attach=direct", NULL, &s) ==
	      TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "42501");
	CHECK(strcmp(tusk_error_of(s)->message,
	             "direct search is not allowed: only superusers and members of "
	             "pg_read_all_data may read all of shared memory") == 0);
	CHECK(tusk_error_of(s)->hint != NULL &&
	      strstr(tusk_error_of(s)->hint, "GRANT pg_read_all_data") != NULL);
	CHECK(strcmp(tusk_transport(s), "none") == 0);
	CHECK(open_descriptors() == before);
	/* when it has been given the right the same session has it */
	run(boss, "GRANT pg_read_all_data TO plain");
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	CHECK(strcmp(tusk_transport(s), "direct") == 0);
	prepare_search(s, TUSK_PATH_BEST, &search);
	CHECK(path_of_search(s, search, rows + 17 * DIM) == TUSK_PATH_DIRECT);
	run(boss, "REVOKE pg_read_all_data FROM plain");
	CHECK(path_of_search(s, search, rows + 17 * DIM) == TUSK_PATH_BACKEND);
	tusk_search_free(search);
	prepare_search(s, TUSK_PATH_DIRECT, &search);
	CHECK(tusk_search_run(search, rows, DIM, 5, TUSK_BINARY, &r) == TUSK_ERROR);
	CHECK_STATE(s, "0A000");
	tusk_search_free(search);
	tusk_detach(s);

	CHECK(attach_with("user=plain attach=best", NULL, &s) == TUSK_OK);
	CHECK(strcmp(tusk_transport(s), "rings") == 0);
	prepare_search(s, TUSK_PATH_BEST, &search);
	CHECK(path_of_search(s, search, rows + 17 * DIM) == TUSK_PATH_BACKEND);
	CHECK(tusk_exec(s, "SELECT id FROM secret", NULL) == TUSK_ERROR);
	CHECK_STATE(s, "42501");
	run(boss, "REVOKE SELECT ON items FROM plain");
	CHECK(tusk_search_run(search, rows, DIM, 5, TUSK_BINARY, &r) == TUSK_ERROR);
	CHECK_STATE(s, "42501");
	tusk_search_free(search);
	tusk_detach(s);
	CHECK(attach_with("user=plain attach=rings", NULL, &s) == TUSK_OK);
	CHECK(strcmp(tusk_transport(s), "rings") == 0);
	tusk_detach(s);
	CHECK(open_descriptors() == before);
	run(boss, "DROP TABLE secret");
	run(boss, "DROP ROLE plain");
	tusk_detach(boss);
	free(rows);
}

static void
on_alarm(int signo)
{
	(void) signo;
}

/* Several clients at once find no server; what one has written is kept. */
static void
test_autostart(void)
{
	char dir[] = "/tmp/tusk-own.XXXXXX";
	char conninfo[100];
	char file[100];
	char sql[200];
	tusk_session *s;
	tusk_session *other;
	tusk_session *third;
	pid_t children[3];
	struct timespec pause = {0, 20000000};
	struct sigaction alarm = {.sa_handler = on_alarm};
	struct itimerval timer = {{0, 10000}, {0, 10000}};
	struct pollfd end = {.events = POLLIN};
	int ends[2];
	int status;

	CHECK(mkdtemp(dir) != NULL && rmdir(dir) == 0);
	snprintf(conninfo, sizeof(conninfo), "dir=%s autostart=on", dir);
	snprintf(file, sizeof(file), "%s/postmaster.pid", dir);
	CHECK(tusk_attach("autostart=on", NULL, &s) == TUSK_MISUSE);
	tusk_detach(s);
	CHECK(tusk_attach("dir=/tmp autostart=perhaps", NULL, &s) == TUSK_MISUSE);
	tusk_detach(s);
	CHECK(tusk_attach("dir=/nonexistent/x autostart=on", NULL, &s) ==
	      TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "08001");
	tusk_detach(s);
	CHECK(tusk_attach("postgresql:///postgres", NULL, &s) == TUSK_MISUSE);
	CHECK(tusk_error_of(s)->hint != NULL);
	tusk_detach(s);
	fflush(stdout);
	for (int i = 0; i < 3; i++)
	{
		children[i] = fork();
		if (children[i] == 0)
		{
			/* signals of the program's own do not end its waits */
			CHECK(sigaction(SIGALRM, &alarm, NULL) == 0 &&
			      setitimer(ITIMER_REAL, &timer, NULL) == 0);
			CHECK(tusk_attach(conninfo, NULL, &s) == TUSK_OK);
			CHECK_STATE(s, "00000");
			run(s, "SELECT 1");
			tusk_detach(s);
			fflush(stdout);
			_exit(wrong != 0);
		}
	}
	for (int i = 0; i < 3; i++)
		CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
	CHECK(tusk_attach(conninfo, NULL, &s) == TUSK_OK);
	run(s, "CREATE TABLE kept AS SELECT 5 AS n");
	tusk_detach(s);
	/* it stops by itself, and is started again */
	for (int i = 0; i < 3000 && access(file, F_OK) == 0; i++)
		(void) nanosleep(&pause, NULL);
	CHECK(access(file, F_OK) != 0);
	CHECK(pipe(ends) == 0);
	CHECK(tusk_attach(conninfo, NULL, &s) == TUSK_OK);
	CHECK(number(s, "SELECT n FROM kept") == 5);
	/* a crash: who was not to blame is told what happened, and goes on */
	CHECK(tusk_attach(conninfo, NULL, &other) == TUSK_OK);
	CHECK(tusk_attach(conninfo, NULL, &third) == TUSK_OK);
	/* one that still sends its last answer could not say why it ends */
	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM pg_stat_activity WHERE pid = %d AND "
	         "wait_event IN ('ClientRead', 'ClientRingRead')",
	         tusk_backend_pid(s));
	while (number(third, sql) == 0)
		;
	CHECK(tusk_backend_pid(other) > 0 &&
	      kill(tusk_backend_pid(other), SIGKILL) == 0);
	while (tusk_exec(other, "SELECT 1", NULL) == TUSK_OK)
		;
	/* until the postmaster knows of it, it admits who then ends, too */
	while (tusk_exec(third, "SELECT 1", NULL) == TUSK_OK)
		;
	tusk_detach(third);
	CHECK(tusk_reattach(other, 30000) == TUSK_OK);
	CHECK(number(other, "SELECT n FROM kept") == 5);
	CHECK(tusk_exec(s, "SELECT 1", NULL) == TUSK_CONNECTION_LOST);
	CHECK_STATE(s, "57P02");
	CHECK(tusk_error_of(s)->hint != NULL);
	tusk_detach(other);
	CHECK(tusk_reattach(s, 30000) == TUSK_OK);
	CHECK(number(s, "SELECT n FROM kept") == 5);
	/* what the program has open is not kept open by the server */
	CHECK(close(ends[1]) == 0);
	end.fd = ends[0];
	CHECK(poll(&end, 1, 0) == 1 && (end.revents & POLLHUP) != 0);
	CHECK(close(ends[0]) == 0);
	tusk_detach(s);
	for (int i = 0; i < 3000 && access(file, F_OK) == 0; i++)
		(void) nanosleep(&pause, NULL);
	CHECK(access(file, F_OK) != 0);
	snprintf(file, sizeof(file), "rm -rf %s", dir);
	CHECK(system(file) == 0);
}

int
main(int argc, char **argv)
{
	static const Test tests[] = {
		TEST(insert),      TEST(halfvec),      TEST(search),
		TEST(paths),       TEST(in_vain),      TEST(one_after_another),
		TEST(build),       TEST(build_cancel), TEST(settings),
		TEST(copy_out),    TEST(reattach),     TEST(reattach_unanswered),
		TEST(stale_copy),  TEST(fork),         TEST(copies),
		TEST(descriptors), TEST(rights),       TEST(autostart)};

	return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
