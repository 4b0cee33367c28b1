/*
 * threads.c: a session for each thread, a batch of searches in each, where
 * possible from the server's memory, without its processes.
 *
 *	./build "dir=/tmp/vectors autostart=on"
 *	./threads "dir=/tmp/vectors autostart=on"
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tusk.h"

#define THREADS 2
#define QUERIES 1000
#define DIM 64 /* of the table that build.c makes */
#define K 10

static const char *conninfo;

static void
check(tusk_session *s, tusk_status status)
{
	if (status == TUSK_OK)
		return;
	fprintf(stderr, "%s\n", tusk_error_of(s)->message);
	exit(1);
}

static void *
search(void *arg)
{
	float *queries = malloc(sizeof(float) * QUERIES * DIM);
	int64_t *ids = malloc(sizeof(int64_t) * QUERIES * K);
	const char *sql =
		"SELECT id FROM points ORDER BY embedding <-> $1 LIMIT $2";
	struct timespec from, to;
	tusk_search *search;
	tusk_session *s;
	tusk_status status = tusk_attach(conninfo, NULL, &s);

	check(s, status);
	check(s, tusk_search_prepare(s, sql, NULL, &search));
	for (int i = 0; i < QUERIES * DIM; i++)
		queries[i] = (float) rand() / (float) RAND_MAX;
	clock_gettime(CLOCK_MONOTONIC, &from);
	check(s,
	      tusk_search_batch(search, queries, QUERIES, DIM, K, ids, NULL, NULL));
	clock_gettime(CLOCK_MONOTONIC, &to);
	printf("thread %d: %.0f searches a second, %s\n", *(int *) arg,
	       QUERIES / ((double) (to.tv_sec - from.tv_sec) +
	                  (double) (to.tv_nsec - from.tv_nsec) * 1e-9),
	       tusk_search_path(search) == TUSK_PATH_DIRECT ? "directly"
	                                                    : "by the backend");
	tusk_search_free(search);
	tusk_detach(s);
	free(queries);
	free(ids);
	return NULL;
}

int
main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	int numbers[THREADS];

	conninfo = argc > 1 ? argv[1] : NULL;
	for (int i = 0; i < THREADS; i++)
	{
		numbers[i] = i;
		if (pthread_create(&threads[i], NULL, search, &numbers[i]) != 0)
			return 1;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
