/*
 * lives.c: threads that search while servers crash and come back.
 *
 *	lives THREADS CONNINFO...
 *
 * THREADS for each service, all in this process.  Each searches "kept", whose
 * rows never change, and "fleeting", which is unlogged: a crash empties it, and
 * whoever made the crash fills it again, all ids in the next thousand.  So what
 * a session finds tells which life of the server it is from: a session that has
 * seen one life's rows must not see none or another's, for it must have ended.
 * One more thread for each service attaches anew all the time.
 *
 * Ends with stdin.  Prints a line "service N: searches, direct, reattached", one
 * for each way in which sessions were lost ("lost N SQLSTATE message"), and
 * "wrong ..." for what must not be.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tusk.h"

#define DIM 8
#define QUERIES 4
#define K 10
#define MAX_THREADS 32
#define MAX_LOST 16

typedef struct Searcher
{
	pthread_t thread;
	int service;
	const char *conninfo;
	bool restless; /* attaches anew without need */
	unsigned seed;
	long searches, direct, reattached;
	tusk_session *s;
	tusk_search *kept, *fleeting;
	float queries[QUERIES * DIM];
	int64_t wanted[QUERIES * K];
	double far[QUERIES * K];
} Searcher;

typedef struct Lost
{
	int service;
	char text[200];
} Lost;

static atomic_bool stop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Lost lost[MAX_LOST];
static int nlost;

static void
say_wrong(const Searcher *t, const char *what)
{
	const tusk_error *e = tusk_error_of(t->s);

	printf("wrong, service %d: %s: %s %s\n", t->service, what, e->sqlstate,
	       e->message != NULL ? e->message : "");
	atomic_store(&stop, true);
}

static void
note_loss(const Searcher *t)
{
	const tusk_error *e = tusk_error_of(t->s);
	Lost l = {.service = t->service};
	int i = 0;

	snprintf(l.text, sizeof(l.text), "%s %s", e->sqlstate,
	         e->message != NULL ? e->message : "");
	pthread_mutex_lock(&lock);
	while (i < nlost &&
	       (lost[i].service != l.service || strcmp(lost[i].text, l.text) != 0))
		i++;
	if (i == nlost && nlost < MAX_LOST)
		lost[nlost++] = l;
	pthread_mutex_unlock(&lock);
}

static tusk_status
prepare(Searcher *t)
{
	tusk_status status = tusk_exec(t->s, "SET enable_seqscan = off", NULL);

	if (status == TUSK_OK && t->kept == NULL)
		status = tusk_search_prepare(
			t->s, "SELECT id, v <-> $1 FROM kept ORDER BY v <-> $1 LIMIT $2",
			NULL, &t->kept);
	if (status == TUSK_OK && t->fleeting == NULL)
		status = tusk_search_prepare(
			t->s,
			"SELECT id, v <-> $1 FROM fleeting ORDER BY v <-> $1 LIMIT $2",
			NULL, &t->fleeting);
	return status;
}

/* *life: 0: it has seen no rows yet; raised once, then it stays. */
static tusk_status
search(Searcher *t, int64_t *life)
{
	int64_t ids[QUERIES * K];
	double distances[QUERIES * K];
	tusk_status status = tusk_search_batch(t->kept, t->queries, QUERIES, DIM, K,
	                                       ids, distances, NULL);

	if (status != TUSK_OK)
		return status;
	if (t->searches == 0)
	{
		memcpy(t->wanted, ids, sizeof(ids));
		memcpy(t->far, distances, sizeof(distances));
	}
	else if (memcmp(ids, t->wanted, sizeof(ids)) != 0 ||
	         memcmp(distances, t->far, sizeof(distances)) != 0)
		say_wrong(t, "other rows of kept");
	t->searches++;
	t->direct += tusk_search_path(t->kept) == TUSK_PATH_DIRECT;

	status = tusk_search_batch(t->fleeting, t->queries, QUERIES, DIM, K, ids,
	                           distances, NULL);
	if (status != TUSK_OK)
		return status;
	for (int i = 0; i < QUERIES * K; i++)
	{
		int64_t seen = ids[i] < 0 ? 0 : ids[i] / 1000;

		if (*life == 0)
			*life = seen;
		else if (seen != *life)
		{
			printf("# row %d: id %lld, life %lld\n", i, (long long) ids[i],
			       (long long) *life);
			say_wrong(t, "rows of another life");
			break;
		}
	}
	t->direct += tusk_search_path(t->fleeting) == TUSK_PATH_DIRECT;
	return status;
}

static void *
searcher_main(void *arg)
{
	Searcher *t = arg;
	tusk_status status = tusk_attach(t->conninfo, NULL, &t->s);
	int64_t life = 0;

	for (int i = 0; i < QUERIES * DIM; i++)
		t->queries[i] = (float) (rand_r(&t->seed) % 1000) / 1000;
	if (status == TUSK_OK)
		status = prepare(t);
	while (!atomic_load(&stop))
	{
		if (status == TUSK_OK)
			status = search(t, &life);
		if (status == TUSK_OK && !t->restless)
			continue;
		if (status == TUSK_CONNECTION_LOST)
			note_loss(t);
		else if (status != TUSK_OK)
			say_wrong(t, "a call failed");
		life = 0;
		t->reattached++;
		status = tusk_reattach(t->s, 30000);
		if (status == TUSK_OK)
			status = prepare(t);
		else
			say_wrong(t, "reattach");
	}
	tusk_search_free(t->kept);
	tusk_search_free(t->fleeting);
	tusk_detach(t->s);
	return NULL;
}

int
main(int argc, char **argv)
{
	static Searcher searchers[MAX_THREADS];
	int each = argc > 2 ? atoi(argv[1]) + 1 : 0;
	int n = each * (argc - 2);

	if (each == 0 || n > MAX_THREADS)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; i < n; i++)
	{
		Searcher *t = &searchers[i];

		t->service = i / each;
		t->conninfo = argv[2 + t->service];
		t->restless = i % each == each - 1;
		t->seed = (unsigned) i + 1;
		pthread_create(&t->thread, NULL, searcher_main, t);
	}
	while (!atomic_load(&stop))
	{
		struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};

		if (poll(&in, 1, 20) != 0)
			atomic_store(&stop, true);
	}
	for (int i = 0; i < n; i++)
		pthread_join(searchers[i].thread, NULL);
	for (int service = 0; service < argc - 2; service++)
	{
		long searches = 0, direct = 0, reattached = 0;

		for (int i = service * each; i < (service + 1) * each; i++)
		{
			searches += searchers[i].searches;
			direct += searchers[i].direct;
			if (!searchers[i].restless)
				reattached += searchers[i].reattached;
		}
		printf("service %d: %ld %ld %ld\n", service, searches, direct,
		       reattached);
	}
	for (int i = 0; i < nlost; i++)
		printf("lost %d %s\n", lost[i].service, lost[i].text);
	return 0;
}
