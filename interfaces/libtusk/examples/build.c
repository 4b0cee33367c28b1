/*
 * build.c: many vectors from a matrix, what an index would take, its build with
 * progress.
 *
 *	./build "dir=/tmp/vectors autostart=on"
 */
#include <stdio.h>
#include <stdlib.h>

#include "tusk.h"

#define ROWS 20000
#define DIM 64

static float rows[ROWS * DIM];
static int64_t ids[ROWS];

static void
check(tusk_session *s, tusk_status status)
{
	char text[1000];

	if (status == TUSK_OK)
		return;
	tusk_error_format(tusk_error_of(s), text, sizeof(text));
	fprintf(stderr, "%s\n", text);
	exit(1);
}

int
main(int argc, char **argv)
{
	const char *sql =
		"CREATE INDEX ON points USING hnsw (embedding vector_l2_ops)";
	tusk_estimate e = {.size = sizeof(e)};
	tusk_build_progress p = {.size = sizeof(p)};
	tusk_session *s;
	tusk_build *build;
	tusk_status status = tusk_attach(argc > 1 ? argv[1] : NULL, NULL, &s);
	int running = 1;

	check(s, status);
	for (int i = 0; i < ROWS * DIM; i++)
		rows[i] = (float) rand() / (float) RAND_MAX;
	for (int i = 0; i < ROWS; i++)
		ids[i] = i;
	check(s, tusk_exec(s,
	                   "CREATE EXTENSION IF NOT EXISTS vector;"
	                   "DROP TABLE IF EXISTS points;"
	                   "CREATE TABLE points (id bigint, embedding vector(64))",
	                   NULL));
	check(s, tusk_insert_matrix(s, "points", NULL, ids, rows, ROWS, DIM, NULL));
	check(s, tusk_build_estimate(s, sql, &e));
	printf("%.0f rows, %lld kB of memory, about %.1f s\n", e.rows,
	       (long long) e.memory_needed / 1024, e.seconds);
	check(s, tusk_build_start(s, sql, &build));
	while (running)
	{
		check(s, tusk_build_wait(build, 500, &running));
		check(s, tusk_build_poll(build, &p));
		if (running)
			printf("%s: %lld of about %lld rows after %.1f s\n", p.phase,
			       (long long) p.tuples_done, (long long) p.tuples_total,
			       p.elapsed);
	}
	printf("built in %.1f s\n", p.elapsed);
	tusk_build_free(build);
	tusk_detach(s);
	return 0;
}
