/*
 * stepped.c: a client with the library's own steps (libpq/client_step.h): it
 * does all that there are steps for, and stands still where it is told to.
 *
 *	stepped list CONNINFO			says how often each step is passed
 *	stepped stop CONNINFO STEP PART	stops itself (SIGSTOP) when it first passes the
 *									step in that part: "attach", "built", "moving",
 *									"kept", "bytes", "detach"; goes on when it is told to
 *	stepped cancel CONNINFO STEP	there another thread cancels the search
 *	stepped late CONNINFO STEP		there statement_timeout runs out
 *
 * It searches "built", whose index others may build anew meanwhile, and "moving",
 * whose rows others change.  Printed is what direct search has found, and which
 * rows its snapshot sees: "built IDS", "found IDS", "seen IDS"; "kept IDS" of
 * searches that follow one another, and of one after them.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "libpq/client_step.h"
#include "tusk.h"

#define DIM 8
#define K 10
#define MAX_STEPS 100

typedef struct Step
{
	const char *name;
	const char *part; /* where it was passed first */
	long passed;
} Step;

static Step steps[MAX_STEPS];
static const char *conninfo;
static const char *wanted; /* the step, or NULL */
static const char *wanted_part;
static const char *part = "";
static void (*at_step)(void);
static tusk_session *s;
static tusk_canceller *canceller;
static const float query[DIM] = {0.5f, 0.5f, 0.5f, 0.5f,
                                 0.5f, 0.5f, 0.5f, 0.5f};

void
tusk_client_step(const char *name)
{
	Step *step = steps;

	while (step->name != NULL && strcmp(step->name, name) != 0)
		step++;
	if (step >= steps + MAX_STEPS - 1)
		abort();
	if (step->name == NULL)
		*step = (Step){name, part, 0};
	step->passed++;
	if (wanted == NULL || strcmp(wanted, name) != 0 ||
	    strcmp(wanted_part, part) != 0)
		return;
	wanted = NULL; /* once */
	at_step();
}

static void
must(tusk_status status, const char *what)
{
	const tusk_error *e = tusk_error_of(s);

	if (status == TUSK_OK)
		return;
	printf("%s: %s %s\n", what, e->sqlstate, e->message);
	exit(1);
}

static void
run(const char *sql)
{
	must(tusk_exec(s, sql, NULL), sql);
}

static void
attach(void)
{
	must(tusk_attach(conninfo, NULL, &s), "attach");
	run("SET enable_seqscan = off");
}

static tusk_search *
prepare(const char *sql)
{
	tusk_search *search;

	must(tusk_search_prepare(s, sql, NULL, &search), "prepare");
	return search;
}

static void
print_ids(const char *what, tusk_search *search)
{
	int64_t ids[K];
	double far[K];

	must(tusk_search_batch(search, query, 1, DIM, K, ids, far, NULL), what);
	printf("%s", what);
	for (int i = 0; i < K; i++)
	{
		printf(" %ld", (long) ids[i]);
		if (i > 0 && !(far[i] >= far[i - 1]))
			printf(" (out of order)");
	}
	printf("\n");
}

/* From its memory, page by page, and with rows that the backend is asked for. */
static void
search_built(void)
{
	tusk_search *search =
		prepare("SELECT id, v <-> $1 FROM built ORDER BY v <-> $1 LIMIT $2");
	tusk_search *ids =
		prepare("SELECT id FROM built ORDER BY v <-> $1 LIMIT $2");
	int64_t found[K];

	print_ids("built", search);
	run("SET enable_index_cache = off");
	print_ids("built", search);
	run("RESET enable_index_cache");
	run("BEGIN");
	run("UPDATE built SET id = id WHERE id % 2 = 0");
	must(tusk_search_batch(ids, query, 1, DIM, K, found, NULL, NULL), "own");
	run("ROLLBACK");
	tusk_search_free(search);
	tusk_search_free(ids);
}

/* In one snapshot: what is found, and what there is. */
static void
search_moving(void)
{
	tusk_search *search =
		prepare("SELECT id, v <-> $1 FROM moving ORDER BY v <-> $1 LIMIT $2");
	tusk_result *r;

	/* a row that nobody has looked at: its xid is looked up in the commit log */
	run("INSERT INTO moving VALUES (30000, '[.5,.5,.5,.5,.5,.5,.5,.5]')");
	run("BEGIN ISOLATION LEVEL REPEATABLE READ");
	print_ids("found", search);
	must(tusk_exec(s, "SELECT id FROM moving", &r), "seen");
	printf("seen");
	for (int i = 0; i < tusk_result_rows(r); i++)
		printf(" %s", tusk_result_value(r, i, 0));
	printf("\n");
	tusk_result_free(r);
	run("COMMIT");
	run("DELETE FROM moving WHERE id = 30000");
	tusk_search_free(search);
}

static bool
passed(const char *name)
{
	for (Step *step = steps; step->name != NULL; step++)
		if (strcmp(step->name, name) == 0 && step->passed > 0)
			return true;
	return false;
}

/*
 * Until one has gone on with the search of another: they have to come soon
 * enough for that.
 */
static void
search_again(void)
{
	tusk_search *search =
		prepare("SELECT id, v <-> $1 FROM built ORDER BY v <-> $1 LIMIT $2");
	int64_t ids[K];

	for (int i = 0; i < 10000 && !passed("direct-goes-on"); i++)
		must(tusk_search_batch(search, query, 1, DIM, K, ids, NULL, NULL),
		     "again");
	print_ids("kept", search);
	run("SELECT 1");
	print_ids("kept", search);
	tusk_search_free(search);
}

/* More than the rings hold, both ways. */
static void
move_bytes(void)
{
	char *text = malloc(400001);
	tusk_param param = {text, 0, TUSK_TEXT, 0};
	tusk_result *r;

	memset(text, 'x', 400000);
	text[400000] = '\0';
	must(tusk_exec_params(s, "SELECT $1::text", 1, &param, TUSK_TEXT, &r),
	     "text");
	if (tusk_result_length(r, 0, 0) != 400000)
		abort();
	tusk_result_free(r);
	run("SELECT pg_sleep(0.01)"); /* so that it sleeps */
	free(text);
}

static void
do_all(void)
{
	part = "attach";
	attach();
	part = "built";
	search_built();
	part = "moving";
	search_moving();
	part = "kept";
	search_again();
	part = "bytes";
	move_bytes();
	part = "detach";
	must(tusk_reattach(s, 0), "reattach");
	run("SELECT 1");
	tusk_detach(s);
}

/* ---- what is done at a step ---- */

static void
stop(void)
{
	fflush(stdout);
	raise(SIGSTOP);
}

/* Until the backend has heard of it: a request may also come too late. */
static void *
cancel_main(void *arg)
{
	tusk_session *other;
	tusk_result *r;
	char sql[100];
	int running = 1;

	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM pg_stat_activity WHERE pid = %d AND "
	         "state = 'active'",
	         tusk_backend_pid(s));
	if (tusk_cancel(canceller) != TUSK_OK ||
	    tusk_attach(conninfo, NULL, &other) != TUSK_OK)
		abort();
	while (running)
	{
		if (tusk_exec(other, sql, &r) != TUSK_OK)
			abort();
		running = (int) tusk_result_int64(r, 0, 0);
		tusk_result_free(r);
	}
	tusk_detach(other);
	return arg;
}

/* By another thread, while this one is in the search. */
static void
cancel(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, cancel_main, NULL) != 0)
		abort();
	pthread_join(thread, NULL);
}

static void
be_late(void)
{
	struct timespec pause = {0, 60000000};

	while (nanosleep(&pause, &pause) != 0)
		;
}

/* A search, disturbed at the step; then another. */
static void
disturbed_search(void)
{
	tusk_search *search;
	int64_t ids[K];
	tusk_status status;

	attach();
	canceller = tusk_canceller_create(s);
	search =
		prepare("SELECT id, v <-> $1 FROM built ORDER BY v <-> $1 LIMIT $2");
	must(tusk_search_batch(search, query, 1, DIM, K, ids, NULL, NULL), "once");
	if (at_step == be_late)
		run("SET statement_timeout = 50");
	part = wanted_part;
	status = tusk_search_batch(search, query, 1, DIM, K, ids, NULL, NULL);
	printf("%s: %s %s\n", status == TUSK_OK ? "ok" : "ended",
	       tusk_error_of(s)->sqlstate, tusk_error_of(s)->message);
	if (at_step == be_late)
	{
		/* without the setting, under which any statement could fail */
		must(tusk_reattach(s, 0), "reattach");
		run("SET enable_seqscan = off");
	}
	must(tusk_search_batch(search, query, 1, DIM, K, ids, NULL, NULL),
	     "afterwards");
	printf("then %s\n", tusk_search_path(search) == TUSK_PATH_DIRECT
	                        ? "direct"
	                        : "by the backend");
	tusk_search_free(search);
	tusk_canceller_free(canceller);
	tusk_detach(s);
}

int
main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	conninfo = argv[2];
	wanted = argc > 3 ? argv[3] : NULL;
	wanted_part = argc > 4 ? argv[4] : "disturbed";
	if (strcmp(argv[1], "list") == 0)
	{
		do_all();
		for (Step *step = steps; step->name != NULL; step++)
			printf("step %s %s %ld\n", step->name, step->part, step->passed);
	}
	else if (strcmp(argv[1], "stop") == 0)
	{
		at_step = stop;
		do_all();
	}
	else if (strcmp(argv[1], "cancel") == 0 || strcmp(argv[1], "late") == 0)
	{
		at_step = strcmp(argv[1], "late") == 0 ? be_late : cancel;
		disturbed_search();
	}
	else
		return 2;
	return 0;
}
