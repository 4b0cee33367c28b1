/*
 * attach_bench.c: from nothing to the first result and back.
 *
 *	attach_bench HOST USER [ROUNDS]
 *
 * Attach, the first search, detach, with libtusk by each of its ways; and with
 * libpq connect, the same query, close.  They take turns ROUNDS (200) times.
 * The search is for the ten nearest of items to the first vector of queries.
 * Printed are medians, microseconds on the clock: of all three steps, and of
 * each.
 */
#include <libpq-fe.h>
#include <string.h>

#include "timing.h"
#include "tusk.h"

#define NEAREST 10
#define MAX_ROUNDS 10000
#define SETTINGS "-c enable_seqscan=off"
#define SQL                                                             \
	"SELECT id, embedding <-> $1 FROM items ORDER BY embedding <-> $1 " \
	"LIMIT 10"

enum
{
	ATTACH,
	SEARCH,
	DETACH,
	ALL,
	NTIMES
};

typedef struct Way
{
	const char *name;
	const char *options; /* of libtusk's connection string; NULL: libpq */
	int path;
	double times[NTIMES][MAX_ROUNDS];
} Way;

static Way ways[] = {
	{"libtusk, direct", "attach=direct", TUSK_PATH_DIRECT},
	{"libtusk, rings", "attach=rings", TUSK_PATH_BACKEND},
	{"libtusk, socket", "attach=off", TUSK_PATH_BACKEND},
	{"libpq, socket", NULL, 0},
};

#define NWAYS ((int) (sizeof(ways) / sizeof(ways[0])))

static float vector[16000];
static int dim;

static void
die(const char *way, const char *message)
{
	fprintf(stderr, "attach_bench: %s: %s\n", way, message);
	exit(1);
}

static void
check(const Way *way, tusk_session *s, tusk_status status)
{
	if (status != TUSK_OK)
		die(way->name, tusk_error_of(s)->message);
}

static tusk_session *
attach(const Way *way, const char *conninfo)
{
	tusk_session *s;
	tusk_status status = tusk_attach(conninfo, NULL, &s);

	check(way, s, status);
	return s;
}

static void
keep_times(Way *way, int round, const double *at)
{
	for (int i = 0; i < ALL; i++)
		way->times[i][round] = at[i + 1] - at[i];
	way->times[ALL][round] = at[ALL] - at[0];
}

static void
run_libtusk(Way *way, int round, const char *host)
{
	tusk_search_options options = {.size = sizeof(options), .path = way->path};
	double at[ALL + 1];
	char conninfo[1024];
	tusk_session *s;
	tusk_search *search;
	tusk_result *r;

	snprintf(conninfo, sizeof(conninfo),
	         "host='%s' dbname=postgres options='%s' %s", host, SETTINGS,
	         way->options);
	at[ATTACH] = time_us(CLOCK_MONOTONIC);
	s = attach(way, conninfo);
	at[SEARCH] = time_us(CLOCK_MONOTONIC);
	check(way, s, tusk_search_prepare(s, SQL, &options, &search));
	check(way, s,
	      tusk_search_run(search, vector, dim, NEAREST, TUSK_BINARY, &r));
	if (tusk_result_rows(r) != NEAREST)
		die(way->name, "it does not find ten rows");
	at[DETACH] = time_us(CLOCK_MONOTONIC);
	tusk_result_free(r);
	tusk_detach(s);
	at[ALL] = time_us(CLOCK_MONOTONIC);
	tusk_search_free(search); /* in the server it went with the session */
	keep_times(way, round, at);
}

static void
run_libpq(Way *way, int round, const char *host, const char *user)
{
	const char *keys[] = {"host", "user", "dbname", "options", NULL};
	const char *values[] = {host, user, "postgres", SETTINGS, NULL};
	static char text[16000 * 4 + 4];
	const char *param = text;
	int length = (int) TUSK_VECTOR_SIZE(dim);
	int format = 1;
	double at[ALL + 1];
	PGconn *conn;
	PGresult *r;

	tusk_vector_encode(vector, dim, text);
	at[ATTACH] = time_us(CLOCK_MONOTONIC);
	conn = PQconnectdbParams(keys, values, 0);
	if (PQstatus(conn) != CONNECTION_OK)
		die(way->name, PQerrorMessage(conn));
	at[SEARCH] = time_us(CLOCK_MONOTONIC);
	r = PQexecParams(conn, SQL, 1, NULL, &param, &length, &format, 1);
	if (PQntuples(r) != NEAREST)
		die(way->name, PQerrorMessage(conn));
	at[DETACH] = time_us(CLOCK_MONOTONIC);
	PQclear(r);
	PQfinish(conn);
	at[ALL] = time_us(CLOCK_MONOTONIC);
	keep_times(way, round, at);
}

/* The vector that is searched for. */
static void
load_query(const char *host)
{
	Way *way = &ways[0];
	char conninfo[1024];
	tusk_session *s;
	tusk_result *r;

	snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=postgres", host);
	s = attach(way, conninfo);
	check(way, s,
	      tusk_exec_params(s,
	                       "SELECT embedding FROM queries ORDER BY id LIMIT 1",
	                       0, NULL, TUSK_BINARY, &r));
	if (tusk_result_rows(r) != 1)
		die(way->name, "there is no query");
	dim = tusk_vector_decode(tusk_result_value(r, 0, 0),
	                         tusk_result_length(r, 0, 0), vector, 16000);
	tusk_result_free(r);
	tusk_detach(s);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 3 ? atoi(argv[3]) : 200;

	if (argc < 3 || rounds < 1 || rounds > MAX_ROUNDS)
	{
		fprintf(stderr, "usage: attach_bench HOST USER [ROUNDS]\n");
		return 2;
	}
	load_query(argv[1]);
	/* the first round is not counted: it is written over */
	for (int round = -1; round < rounds; round++)
		for (int i = 0; i < NWAYS; i++)
			if (ways[i].options != NULL)
				run_libtusk(&ways[i], round < 0 ? 0 : round, argv[1]);
			else
				run_libpq(&ways[i], round < 0 ? 0 : round, argv[1], argv[2]);
	for (int i = 0; i < NWAYS; i++)
	{
		printf("%s\t%.1f", ways[i].name, median(ways[i].times[ALL], rounds));
		for (int j = 0; j < ALL; j++)
			printf("\t%.1f", median(ways[i].times[j], rounds));
		printf("\n");
	}
	return 0;
}
