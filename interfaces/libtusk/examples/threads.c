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

static void *
search(void *arg)
{
	float *queries = malloc(sizeof(float) * QUERIES * DIM);
	int64_t *ids = malloc(sizeof(int64_t) * QUERIES * K);
	tusk_search *search;
	tusk_session *s;
	struct timespec from;
	struct timespec to;
	char text[1000];
	int failed = 1;

	for (int i = 0; i < QUERIES * DIM; i++)
		queries[i] = (float) rand() / (float) RAND_MAX;
	if (tusk_attach(conninfo, NULL, &s) == TUSK_OK &&
	    tusk_search_prepare(
			s, "SELECT id FROM points ORDER BY embedding <-> $1 LIMIT $2", NULL,
			&search) == TUSK_OK)
	{
		clock_gettime(CLOCK_MONOTONIC, &from);
		failed = tusk_search_batch(search, queries, QUERIES, DIM, K, ids, NULL,
		                           NULL) != TUSK_OK;
		clock_gettime(CLOCK_MONOTONIC, &to);
	}
	if (failed)
	{
		tusk_error_format(tusk_error_of(s), text, sizeof(text));
		fprintf(stderr, "%s\n", text);
	}
	else
	{
		printf("thread %d: %.0f searches a second, %s\n", *(int *) arg,
		       QUERIES / ((double) (to.tv_sec - from.tv_sec) +
		                  (double) (to.tv_nsec - from.tv_nsec) * 1e-9),
		       tusk_search_path(search) == TUSK_PATH_DIRECT ? "directly"
		                                                    : "by the backend");
		tusk_search_free(search);
	}
	tusk_detach(s);
	free(queries);
	free(ids);
	return failed ? arg : NULL;
}

int
main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	int numbers[THREADS];
	int failed = 0;

	conninfo = argc > 1 ? argv[1] : NULL;
	for (int i = 0; i < THREADS; i++)
	{
		numbers[i] = i;
		if (pthread_create(&threads[i], NULL, search, &numbers[i]) != 0)
			return 1;
	}
	for (int i = 0; i < THREADS; i++)
	{
		void *result;

		pthread_join(threads[i], &result);
		failed |= result != NULL;
	}
	return failed;
}
