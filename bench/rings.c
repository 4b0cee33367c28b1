/*
 * rings.c
 *		Round trips of a prepared SELECT 1: rings against the Unix socket.
 *
 * rings DIRECTORY [ROUNDS]
 *
 * Sessions of libtusk, which differ in how their messages travel, take turns:
 * ROUNDS times some thousand executions each.  Printed are the medians of the
 * rounds: of one execution on the clock (the round's median), and its processor
 * time in the backend and in this process.
 */
#include "timing.h"
#include "tusk.h"

#define QUERIES 4000
#define MAX_ROUNDS 1000

typedef struct Way
{
	const char *label;
	const char *options; /* of the connection string */
	tusk_session *session;
	tusk_statement *statement;
	double clock[MAX_ROUNDS];
	double backend[MAX_ROUNDS];
	double client[MAX_ROUNDS];
} Way;

static Way ways[] = {
	{"SELECT 1 over the socket", "attach=off"},
	{"SELECT 1 over rings, spinning", "attach=rings"},
	{"SELECT 1 over rings, only the client spins",
     "attach=rings options='-c ring_spin=0'"},
	{"SELECT 1 over rings, without spinning",
     "attach=rings ring_spin=0 options='-c ring_spin=0'"},
};

#define NWAYS ((int) (sizeof(ways) / sizeof(ways[0])))

static void
check(const Way *way, tusk_status status)
{
	if (status == TUSK_OK)
		return;
	fprintf(stderr, "rings: %s: %s\n", way->label,
	        tusk_error_of(way->session)->message);
	exit(1);
}

static void
open_way(Way *way, const char *directory)
{
	char conninfo[1024];

	snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=postgres %s",
	         directory, way->options);
	check(way, tusk_attach(conninfo, NULL, &way->session));
	check(way,
	      tusk_prepare(way->session, "SELECT 1", 0, NULL, &way->statement));
}

static void
run_round(Way *way, int round)
{
	static double times[QUERIES];
	double backend = processor_us_of(tusk_backend_pid(way->session));
	double client = time_us(CLOCK_THREAD_CPUTIME_ID);

	for (int i = 0; i < QUERIES; i++)
	{
		double start = time_us(CLOCK_MONOTONIC);
		tusk_result *r;

		check(way,
		      tusk_statement_execute(way->statement, 0, NULL, TUSK_BINARY, &r));
		tusk_result_free(r);
		times[i] = time_us(CLOCK_MONOTONIC) - start;
	}
	way->client[round] = (time_us(CLOCK_THREAD_CPUTIME_ID) - client) / QUERIES;
	way->backend[round] =
		(processor_us_of(tusk_backend_pid(way->session)) - backend) / QUERIES;
	way->clock[round] = median(times, QUERIES);
}

int
main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[2]) : 9;

	if (argc < 2 || rounds < 1 || rounds >= MAX_ROUNDS)
	{
		fprintf(stderr, "usage: rings DIRECTORY [ROUNDS]\n");
		return 2;
	}
	for (int i = 0; i < NWAYS; i++)
		open_way(&ways[i], argv[1]);
	/* the first round is not counted: it is written over */
	for (int round = -1; round < rounds; round++)
		for (int i = 0; i < NWAYS; i++)
			run_round(&ways[i], round < 0 ? 0 : round);
	for (int i = 0; i < NWAYS; i++)
		printf("%s\t%.1f\t%.1f\t%.1f\n", ways[i].label,
		       median(ways[i].clock, rounds), median(ways[i].backend, rounds),
		       median(ways[i].client, rounds));
	for (int i = 0; i < NWAYS; i++)
	{
		tusk_statement_free(ways[i].statement);
		tusk_detach(ways[i].session);
	}
	return 0;
}
