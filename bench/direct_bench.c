/*
 * direct_bench.c: searches of one session, for direct.py.
 *
 *	direct_bench CONNINFO INDEX MODE EF ROUNDS OUT
 *
 * MODE: batch (direct search, all queries in one call), single (a call for each
 * query), or statement (a prepared statement for each query, over the transport
 * that CONNINFO asks for).  The queries are the table queries.  Of ROUNDS passes
 * over all of them the fastest counts: printed are microseconds a query on the
 * clock and of this process's processor time, and how many queries were direct.
 * OUT gets the distances found, a line for each query.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "direct.h"

#define LIMIT 10

static tusk_session *s;
static float *vectors;
static int nqueries;
static int dim;
static double *found; /* LIMIT distances a query */

static void
die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, tusk_error_of(s)->message);
	exit(1);
}

static double
seconds(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

static double
float8_of(const char *bytes)
{
	uint64_t n;
	double d;

	memcpy(&n, bytes, sizeof(n));
	n = be64toh(n);
	memcpy(&d, &n, sizeof(d));
	return d;
}

static void
load_queries(void)
{
	static float x[16000];
	tusk_result *r;

	if (tusk_exec_params(s, "SELECT embedding FROM queries ORDER BY id", 0,
	                     NULL, TUSK_BINARY, &r) != TUSK_OK)
		die("queries");
	nqueries = tusk_result_rows(r);
	for (int i = 0; i < nqueries; i++)
	{
		dim = tusk_vector_decode(tusk_result_value(r, i, 0),
		                         tusk_result_length(r, i, 0), x, 16000);
		if (i == 0)
			vectors = calloc((size_t) nqueries * (size_t) dim, sizeof(float));
		memcpy(vectors + (size_t) i * (size_t) dim, x,
		       (size_t) dim * sizeof(float));
	}
	found = calloc((size_t) nqueries * LIMIT, sizeof(double));
	tusk_result_free(r);
}

/* Queries from first on, n of them in one call; how many were direct. */
static int
search_directly(tusk_direct_query *q, int first, int n)
{
	static const int16_t columns[2] = {1, 0};
	tusk_direct_request request = {.nqueries = n,
	                               .vectors =
	                                   vectors + (size_t) first * (size_t) dim,
	                               .dimensions = dim,
	                               .limit = LIMIT,
	                               .ncolumns = 2,
	                               .columns = columns};
	tusk_direct_result *r;
	int done;

	if (tusk_direct_search(q, &request, &r) != TUSK_OK)
		die("search");
	done = tusk_direct_result_done(r);
	for (int i = 0; i < done; i++)
		for (int j = 0; j < tusk_direct_result_rows(r, i); j++)
		{
			int length;

			found[(first + i) * LIMIT + j] =
				float8_of(tusk_direct_result_value(r, i, j, 1, &length));
		}
	tusk_direct_result_free(r);
	return done;
}

static void
run_statement(tusk_statement *statement, int query)
{
	static char value[65536];
	tusk_param p = {value, (int) TUSK_VECTOR_SIZE(dim), TUSK_BINARY, 0};
	tusk_result *r;

	tusk_vector_encode(vectors + (size_t) query * (size_t) dim, dim, value);
	if (tusk_statement_execute(statement, 1, &p, TUSK_BINARY, &r) != TUSK_OK)
		die("statement");
	for (int j = 0; j < tusk_result_rows(r); j++)
		found[query * LIMIT + j] = float8_of(tusk_result_value(r, j, 1));
	tusk_result_free(r);
}

int
main(int argc, char **argv)
{
	const char *mode = argv[3];
	int rounds = atoi(argv[5]);
	double best = 1e9, best_cpu = 1e9;
	int direct = 0;
	tusk_direct_query *q = NULL;
	tusk_statement *statement = NULL;
	char sql[128];
	FILE *out;

	if (argc != 7)
		return 2;
	if (tusk_attach(argv[1], NULL, &s) != TUSK_OK)
		die("attach");
	load_queries();
	snprintf(sql, sizeof(sql),
	         "SET hnsw.ef_search = %s; SET enable_seqscan = off", argv[4]);
	if (tusk_exec(s, sql, NULL) != TUSK_OK)
		die("settings");
	if (strcmp(mode, "statement") == 0)
	{
		if (tusk_prepare(s,
		                 "SELECT id, embedding <-> $1 FROM items "
		                 "ORDER BY embedding <-> $1 LIMIT 10",
		                 0, NULL, &statement) != TUSK_OK)
			die("prepare");
	}
	else if (tusk_direct_query_create(s, (uint32_t) atoi(argv[2]), NULL, NULL,
	                                  &q) != TUSK_OK)
		die("query");
	for (int i = 0; i < rounds; i++)
	{
		double clock = seconds(CLOCK_MONOTONIC);
		double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);

		direct = 0;
		if (strcmp(mode, "batch") == 0)
			direct = search_directly(q, 0, nqueries);
		else
			for (int j = 0; j < nqueries; j++)
			{
				if (statement != NULL)
					run_statement(statement, j);
				else
					direct += search_directly(q, j, 1);
			}
		clock = seconds(CLOCK_MONOTONIC) - clock;
		cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
		best = clock < best ? clock : best;
		best_cpu = cpu < best_cpu ? cpu : best_cpu;
	}
	printf("%.1f %.1f %d %d\n", best / nqueries * 1e6,
	       best_cpu / nqueries * 1e6, direct, nqueries);
	if (q != NULL && direct < nqueries)
		fprintf(stderr, "%s\n", tusk_direct_reason(s));
	out = fopen(argv[6], "w");
	for (int i = 0; out != NULL && i < nqueries; i++)
	{
		for (int j = 0; j < LIMIT; j++)
			fprintf(out, "%s%.17g", j == 0 ? "" : " ", found[i * LIMIT + j]);
		fprintf(out, "\n");
	}
	if (out != NULL)
		fclose(out);
	tusk_direct_query_free(q);
	tusk_statement_free(statement);
	tusk_detach(s);
	return 0;
}
