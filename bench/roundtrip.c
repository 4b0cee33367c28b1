/*
 * roundtrip.c
 *		What a prepared statement costs over a Unix socket.
 *
 * roundtrip HOST USER trivial|search [ROUNDS]
 *
 * trivial: SELECT $1 with an int4, over and over.  search: the ten nearest of
 * "items" to each vector of "queries" (id, embedding), by a prepared statement
 * with a binary parameter and binary results; and the same searches by one
 * statement, which runs them inside the backend.  By turns, ROUNDS times.
 * Printed are microseconds for one of them: the median of the rounds' medians
 * (over the socket) or means (inside), and the backend's processor time.
 */
#include <libpq-fe.h>
#include <string.h>

#include "timing.h"

#define TRIVIAL_QUERIES 2000
#define MAX_ROUNDS 1000

typedef struct Numbers
{
	int n;
	double value[MAX_ROUNDS];
} Numbers;

static PGresult *
checked(PGconn *conn, PGresult *result)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK &&
	    PQresultStatus(result) != PGRES_COMMAND_OK)
	{
		fprintf(stderr, "roundtrip: %s", PQerrorMessage(conn));
		exit(1);
	}
	return result;
}

typedef struct Parameter
{
	const char *value;
	int length;
} Parameter;

/* The median of n executions; *cpu: the backend's mean. */
static double
over_the_socket(PGconn *conn, const Parameter *params, int n, double *cpu)
{
	double *times = malloc(sizeof(double) * n);
	double before = processor_us_of(PQbackendPID(conn));
	double result;

	for (int i = 0; i < n; i++)
	{
		int format = 1;
		double start = time_us(CLOCK_MONOTONIC);
		PGresult *res = PQexecPrepared(conn, "q", 1, &params[i].value,
		                               &params[i].length, &format, 1);

		times[i] = time_us(CLOCK_MONOTONIC) - start;
		PQclear(checked(conn, res));
	}
	*cpu = (processor_us_of(PQbackendPID(conn)) - before) / n;
	result = median(times, n);
	free(times);
	return result;
}

static double
inside(PGconn *conn, int n, double *cpu)
{
	static const char text[] =
		"SELECT count(ARRAY(SELECT id FROM items ORDER BY embedding <-> "
		"q.embedding LIMIT 10)) FROM queries q";
	double before = processor_us_of(PQbackendPID(conn));
	double start = time_us(CLOCK_MONOTONIC);

	PQclear(checked(conn, PQexec(conn, text)));
	start = (time_us(CLOCK_MONOTONIC) - start) / n;
	*cpu = (processor_us_of(PQbackendPID(conn)) - before) / n;
	return start;
}

static void
show(const char *label, Numbers *clock, Numbers *cpu)
{
	printf("%s\t%.1f\t%.1f\n", label, median(clock->value, clock->n),
	       median(cpu->value, cpu->n));
}

int
main(int argc, char **argv)
{
	static Numbers socket_clock, socket_cpu, inside_clock, inside_cpu;
	int rounds = argc > 4 ? atoi(argv[4]) : 9;
	int search = argc > 3 && strcmp(argv[3], "search") == 0;
	const char *keys[] = {"host", "user", "dbname", NULL};
	const char *values[] = {argv[1], argv[2], "postgres", NULL};
	PGresult *queries = NULL;
	Parameter *params;
	int n = TRIVIAL_QUERIES;
	PGconn *conn;

	if (argc < 4 || rounds < 1 || rounds > MAX_ROUNDS)
	{
		fprintf(stderr, "usage: roundtrip HOST USER trivial|search [ROUNDS]\n");
		return 2;
	}
	conn = PQconnectdbParams(keys, values, 0);
	if (PQstatus(conn) != CONNECTION_OK)
	{
		fprintf(stderr, "roundtrip: %s", PQerrorMessage(conn));
		return 1;
	}
	if (search)
	{
		queries =
			checked(conn, PQexecParams(conn, "SELECT embedding FROM queries", 0,
		                               NULL, NULL, NULL, NULL, 1));
		n = PQntuples(queries);
	}
	params = calloc(n, sizeof(Parameter));
	for (int i = 0; i < n; i++)
		params[i] = search ? (Parameter){PQgetvalue(queries, i, 0),
		                                 PQgetlength(queries, i, 0)}
		                   : (Parameter){"\0\0\0\1", 4};
	PQclear(checked(conn, PQprepare(conn, "q",
	                                search ? "SELECT id FROM items ORDER BY "
	                                         "embedding <-> $1 LIMIT 10"
	                                       : "SELECT $1::int4",
	                                0, NULL)));
	/* the first round is not counted */
	for (int i = 0; i <= rounds; i++)
	{
		Numbers *at[] = {&socket_clock, &socket_cpu, &inside_clock,
		                 &inside_cpu};
		double got[4] = {0};

		got[0] = over_the_socket(conn, params, n, &got[1]);
		if (search)
			got[2] = inside(conn, n, &got[3]);
		for (int j = 0; i > 0 && j < 4; j++)
			at[j]->value[at[j]->n++] = got[j];
	}
	show(search ? "search over the socket" : "trivial over the socket",
	     &socket_clock, &socket_cpu);
	if (search)
		show("search inside the backend", &inside_clock, &inside_cpu);
	PQfinish(conn);
	return 0;
}
