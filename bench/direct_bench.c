/*
 * direct_bench.c: searches in turns, directly and through the backend.
 *
 *	direct_bench HOST LIMITS
 *
 * Sessions of libtusk, one for each way that a search can go, the ten nearest of
 * items to each vector of queries.  LIMITS is a file with the distance of the
 * tenth exact neighbour of each query.  The program says "ready"; then, for each
 * line "WAY EF PASSES" that it reads, it searches so many times for all queries
 * and prints recall; microseconds a query of the fastest pass, on the clock and
 * of processor time (its own and the backend's); and of all passes, on the clock.
 *
 * Ways: direct (a call for each query), batch (one for all), and rings, socket
 * (the statement in the backend, a call for each query, by that transport).
 */
#include <stdbool.h>
#include <string.h>

#include "timing.h"
#include "tusk.h"

#define NEAREST 10
#define SQL                                                             \
	"SELECT id, embedding <-> $1 FROM items ORDER BY embedding <-> $1 " \
	"LIMIT $2"

typedef struct Way
{
	const char *name;
	const char *options; /* of the connection string */
	int path;
	bool batch;
	tusk_session *session;
	tusk_search *search;
} Way;

static Way ways[] = {
	{"direct", "attach=direct", TUSK_PATH_DIRECT, false},
	{"batch", "attach=direct", TUSK_PATH_DIRECT, true},
	{"rings", "attach=rings", TUSK_PATH_BACKEND, false},
	{"socket", "attach=off", TUSK_PATH_BACKEND, false},
};

#define NWAYS ((int) (sizeof(ways) / sizeof(ways[0])))

static float *vectors;
static size_t nqueries;
static int dim;
static double *limits; /* distance of the last neighbour of each query */
static int64_t *ids;   /* found, NEAREST for each query */
static double *distances;

static void
check(const Way *way, tusk_status status)
{
	if (status == TUSK_OK)
		return;
	fprintf(stderr, "direct_bench: %s: %s\n", way->name,
	        tusk_error_of(way->session)->message);
	exit(1);
}

static void
open_way(Way *way, const char *host)
{
	tusk_search_options options = {.size = sizeof(options), .path = way->path};
	char conninfo[1024];

	snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=postgres %s", host,
	         way->options);
	check(way, tusk_attach(conninfo, NULL, &way->session));
	check(way, tusk_exec(way->session, "SET enable_seqscan = off", NULL));
	check(way, tusk_search_prepare(way->session, SQL, &options, &way->search));
}

static void
load_queries(const Way *way)
{
	static float x[16000];
	tusk_result *r;

	check(way, tusk_exec_params(way->session,
	                            "SELECT embedding FROM queries ORDER BY id", 0,
	                            NULL, TUSK_BINARY, &r));
	nqueries = (size_t) tusk_result_rows(r);
	for (size_t i = 0; i < nqueries; i++)
	{
		dim = tusk_vector_decode(tusk_result_value(r, (int) i, 0),
		                         tusk_result_length(r, (int) i, 0), x, 16000);
		if (i == 0)
			vectors = calloc(nqueries * (size_t) dim, sizeof(float));
		memcpy(vectors + i * (size_t) dim, x, (size_t) dim * sizeof(float));
	}
	ids = calloc(nqueries * NEAREST, sizeof(*ids));
	distances = calloc(nqueries * NEAREST, sizeof(*distances));
	limits = calloc(nqueries, sizeof(*limits));
	tusk_result_free(r);
}

static void
load_limits(const char *name)
{
	FILE *f = fopen(name, "r");

	for (size_t i = 0; i < nqueries; i++)
		if (f == NULL || fscanf(f, "%lf", &limits[i]) != 1)
		{
			fprintf(stderr,
			        "direct_bench: \"%s\" has no distance of each "
			        "query\n",
			        name);
			exit(1);
		}
	fclose(f);
}

static void
search_all(const Way *way)
{
	size_t together = way->batch ? nqueries : 1;

	for (size_t i = 0; i < nqueries; i += together)
		check(way, tusk_search_batch(way->search, vectors + i * (size_t) dim,
		                             together, dim, NEAREST, ids + i * NEAREST,
		                             distances + i * NEAREST, NULL));
}

static double
recall(void)
{
	size_t hits = 0;

	for (size_t i = 0; i < nqueries * NEAREST; i++)
		if (distances[i] <= limits[i / NEAREST] * (1 + 1e-6))
			hits++;
	return (double) hits / (double) (nqueries * NEAREST);
}

static double
processor_us(const Way *way)
{
	return time_us(CLOCK_PROCESS_CPUTIME_ID) +
	       processor_us_of(tusk_backend_pid(way->session));
}

static void
measure(const Way *way, int ef, int passes)
{
	double best = 1e18, best_processor = 1e18;
	double start, n = (double) nqueries;
	char sql[64];

	snprintf(sql, sizeof(sql), "SET hnsw.ef_search = %d", ef);
	check(way, tusk_exec(way->session, sql, NULL));
	start = time_us(CLOCK_MONOTONIC);
	for (int i = 0; i < passes; i++)
	{
		double processor = processor_us(way);
		double clock = time_us(CLOCK_MONOTONIC);

		search_all(way);
		clock = time_us(CLOCK_MONOTONIC) - clock;
		processor = processor_us(way) - processor;
		best = clock < best ? clock : best;
		best_processor =
			processor < best_processor ? processor : best_processor;
	}
	start = time_us(CLOCK_MONOTONIC) - start;
	printf("%.4f\t%.1f\t%.1f\t%.1f\n", recall(), best / n, best_processor / n,
	       start / passes / n);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	char name[16];
	int ef, passes;

	if (argc != 3)
	{
		fprintf(stderr, "usage: direct_bench HOST LIMITS\n");
		return 2;
	}
	for (int i = 0; i < NWAYS; i++)
		open_way(&ways[i], argv[1]);
	load_queries(&ways[0]);
	load_limits(argv[2]);
	printf("ready\n");
	fflush(stdout);
	while (scanf("%15s %d %d", name, &ef, &passes) == 3)
		for (int i = 0; i < NWAYS; i++)
			if (strcmp(name, ways[i].name) == 0)
				measure(&ways[i], ef, passes);
	for (int i = 0; i < NWAYS; i++)
	{
		tusk_search_free(ways[i].search);
		tusk_detach(ways[i].session);
	}
	return 0;
}
