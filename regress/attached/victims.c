/*
 * victims.c: clients that are killed at any instruction, and one that looks on.
 *
 *	victims sweep CONNINFO MILLISECONDS LEAST PARALLEL SEED
 *		Processes that attach and do all that a client can do, each killed by a
 *		timer of its own after a random time (a quarter by a timer of
 *		processor time), until that time is over and as many have died, of them
 *		one in a search.  Printed is in which calls they died.
 *	victims loop CONNINFO SEED		one such, without a timer
 *	victims watch CONNINFO			searches of "kept" until stdin ends: each must
 *									find what the first, by the backend, found
 *
 * Seven rows with the same id come into "poured" together, or none of them.
 * The library is used as an application has it: the public header only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tusk.h"

#define DIM 8
#define QUERIES 4
#define K 10
#define MAX_PARALLEL 16

enum
{
	ATTACH,
	PREPARE,
	SEARCH,
	BLOCK,
	OWN_ROWS,
	INSERT,
	COPY,
	LONG_RESULT,
	BUILD,
	REATTACH,
	DETACH,
	NCALLS
};

static const char *const calls[NCALLS] = {
	"attach", "prepare", "search", "block",    "own",   "insert",
	"copy",   "result",  "build",  "reattach", "detach"};

typedef struct Victim
{
	pid_t pid;
	volatile int call;
	char error[256]; /* why it ended by itself */
} Victim;

static Victim *me;
static unsigned seed;
static tusk_session *s;

static int
roll(int n)
{
	return (int) (rand_r(&seed) % (unsigned) n);
}

static void
fail(const char *what)
{
	const tusk_error *e = tusk_error_of(s);

	snprintf(me->error, sizeof(me->error), "%s: %s %s", what, e->sqlstate,
	         e->message != NULL ? e->message : "");
	_exit(3);
}

static void
must(tusk_status status, const char *what)
{
	if (status != TUSK_OK)
		fail(what);
}

static void
make_vectors(float *to, int n)
{
	for (int i = 0; i < n * DIM; i++)
		to[i] = (float) roll(1000) / 1000;
}

static const char *const search_sql =
	"SELECT id, v <-> $1 FROM kept ORDER BY v <-> $1 LIMIT $2";

static tusk_search *
prepare(int path)
{
	tusk_search_options options = {sizeof(options), path};
	tusk_search *search;

	must(tusk_exec(s, "SET enable_seqscan = off", NULL), "SET");
	must(tusk_search_prepare(s, search_sql, &options, &search), "prepare");
	return search;
}

static void
find(tusk_search *search)
{
	float queries[QUERIES * DIM];
	int64_t ids[QUERIES * K];

	make_vectors(queries, QUERIES);
	must(tusk_search_batch(search, queries, QUERIES, DIM, K, ids, NULL, NULL),
	     "search");
}

static void
insert(void)
{
	float rows[7 * DIM];
	int64_t ids[7];
	tusk_insert_options options = {.size = sizeof(options),
	                               .vector_column = "v"};

	make_vectors(rows, 7);
	for (int i = 0; i < 7; i++)
		ids[i] = ((int64_t) getpid() << 32) + (int64_t) rand_r(&seed);
	for (int i = 1; i < 7; i++)
		ids[i] = ids[0];
	must(tusk_insert_matrix(s, "poured", &options, ids, rows, 7, DIM, NULL),
	     "insert");
}

static void
copy(void)
{
	static const char line[] = "1\t[1,2,3,4,5,6,7,8]\n";
	tusk_copy *c;

	must(tusk_copy_begin(s, "COPY poured (id, v) FROM STDIN", &c), "copy");
	for (int i = roll(300); i > 0; i--)
		must(tusk_copy_write(c, line, sizeof(line) - 1), "copy");
	if (tusk_copy_abort(c, "never mind") == TUSK_CONNECTION_LOST)
		fail("abort");
}

static void
build(void)
{
	tusk_build *b;
	tusk_build_progress progress = {.size = sizeof(progress)};
	int running;

	if (tusk_build_start(s, "REINDEX INDEX built_v", &b) != TUSK_OK)
		fail("build");
	must(tusk_build_wait(b, roll(30), &running), "wait");
	if (roll(2) && running)
	{
		must(tusk_build_poll(b, &progress), "poll");
		must(tusk_build_cancel(b), "cancel");
	}
	tusk_build_free(b);
}

static void
own_rows(tusk_search *search)
{
	must(tusk_exec(s, "BEGIN", NULL), "BEGIN");
	must(tusk_exec(s,
	               "UPDATE kept SET id = id WHERE id = pg_backend_pid() % 500",
	               NULL),
	     "UPDATE");
	find(search);
	must(tusk_exec(s, "ROLLBACK", NULL), "ROLLBACK");
}

static void
do_something(tusk_search *search)
{
	me->call = SEARCH + roll(REATTACH - SEARCH);
	switch (me->call)
	{
		case SEARCH:
			for (int i = roll(30); i >= 0; i--)
				find(search);
			break;
		case BLOCK:
			must(tusk_exec(s, "BEGIN ISOLATION LEVEL REPEATABLE READ", NULL),
			     "BEGIN");
			for (int i = roll(10); i >= 0; i--)
				find(search);
			must(tusk_exec(s, "COMMIT", NULL), "COMMIT");
			break;
		case OWN_ROWS:
			own_rows(search);
			break;
		case INSERT:
			insert();
			break;
		case COPY:
			copy();
			break;
		case LONG_RESULT:
			must(tusk_exec(s, "SELECT repeat('x', 500000)", NULL), "SELECT");
			break;
		case BUILD:
			build();
			break;
	}
}

static void
live(const char *conninfo)
{
	for (;;)
	{
		tusk_search *search;

		me->call = ATTACH;
		must(tusk_attach(conninfo, NULL, &s), "attach");
		me->call = PREPARE;
		search = prepare(TUSK_PATH_BEST);
		for (int i = roll(6); i > 0; i--)
			do_something(search);
		if (roll(4) == 0)
		{
			me->call = REATTACH;
			must(tusk_reattach(s, 0), "reattach");
			do_something(search);
		}
		me->call = DETACH;
		tusk_search_free(search);
		tusk_detach(s);
	}
}

/* ---- sweep ---- */

static void
arm(void)
{
	bool processor = roll(4) == 0;
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
	                         .sigev_signo = SIGKILL};
	struct itimerspec when = {0};
	timer_t timer;

	/* short lives often: attaching is where most is taken */
	when.it_value.tv_nsec = 1 + (rand_r(&seed) & 0xffff) * 16;
	when.it_value.tv_nsec *= 1 + roll(processor ? 3 : 30);
	if (timer_create(processor ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC,
	                 &event, &timer) != 0 ||
	    timer_settime(timer, 0, &when, NULL) != 0)
	{
		snprintf(me->error, sizeof(me->error), "timer: %s", strerror(errno));
		_exit(3);
	}
}

static void
start(Victim *v, const char *conninfo)
{
	static const char *const ways[] = {"best", "best", "best", "rings", "off"};
	pid_t pid;

	seed++;
	v->call = ATTACH;
	v->error[0] = '\0';
	pid = fork();
	if (pid != 0)
	{
		v->pid = pid; /* by the parent alone: the child may be dead already */
		return;
	}
	me = v;
	seed *= 2654435761U;
	setenv("TUSK_ATTACH", ways[roll(5)], 1);
	arm();
	live(conninfo);
}

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

static int
sweep(Victim *victims, const char *conninfo, double until, int least,
      int parallel)
{
	int died[NCALLS] = {0}, total = 0, failed = 0, running = 0;

	for (int i = 0; i < parallel; i++, running++)
		start(&victims[i], conninfo);
	while (running > 0)
	{
		int status;
		pid_t pid = wait(&status);
		Victim *v = victims;

		while (v->pid != pid)
			v++;
		running--;
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		{
			died[v->call]++;
			total++;
		}
		else
		{
			printf("%s: status %d: %s\n", calls[v->call], status, v->error);
			failed = 1;
		}
		if (!failed && (now() < until || total < least || died[SEARCH] == 0))
		{
			start(v, conninfo);
			running++;
		}
	}
	printf("%d killed:", total);
	for (int i = 0; i < NCALLS; i++)
		printf(" %s=%d", calls[i], died[i]);
	printf("\n");
	return failed;
}

/* ---- watch ---- */

#define WATCHED 20

static int
watch(const char *conninfo)
{
	static float queries[WATCHED * DIM];
	static int64_t wanted[WATCHED * K], got[WATCHED * K];
	static double far[WATCHED * K], found[WATCHED * K];
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	struct timespec pause = {0, 2000000};
	long searches = 0, direct = 0;
	tusk_search *search;

	make_vectors(queries, WATCHED);
	must(tusk_attach(conninfo, NULL, &s), "attach");
	search = prepare(TUSK_PATH_BACKEND);
	must(tusk_search_batch(search, queries, WATCHED, DIM, K, wanted, far, NULL),
	     "search");
	tusk_search_free(search);
	search = prepare(TUSK_PATH_BEST);
	while (poll(&in, 1, 0) == 0)
	{
		must(tusk_search_batch(search, queries, WATCHED, DIM, K, got, found,
		                       NULL),
		     "search");
		if (memcmp(wanted, got, sizeof(got)) != 0 ||
		    memcmp(far, found, sizeof(far)) != 0)
		{
			printf("wrong after %ld searches\n", searches);
			return 1;
		}
		nanosleep(&pause, NULL); /* for the victims, too */
		searches++;
		direct += tusk_search_path(search) == TUSK_PATH_DIRECT;
	}
	printf("ok %ld %ld\n", searches, direct);
	tusk_search_free(search);
	tusk_detach(s);
	return 0;
}

static void
say_error(void)
{
	if (me->error[0] != '\0')
		printf("%s\n", me->error);
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	Victim *victims =
		mmap(NULL, sizeof(Victim) * MAX_PARALLEL, PROT_READ | PROT_WRITE,
	         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	if (argc < 3 || victims == MAP_FAILED)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	me = &victims[0];
	if (strcmp(argv[1], "sweep") == 0 && argc == 7 &&
	    atoi(argv[5]) <= MAX_PARALLEL)
	{
		seed = (unsigned) atoi(argv[6]);
		return sweep(victims, argv[2], now() + atof(argv[3]) / 1000,
		             atoi(argv[4]), atoi(argv[5]));
	}
	seed = argc > 3 ? (unsigned) atoi(argv[3]) : 1;
	/* a child, so that what it says before _exit is not lost */
	if (strcmp(argv[1], "loop") == 0)
		live(argv[2]);
	pid = fork();
	if (pid == 0)
	{
		status = watch(argv[2]);
		fflush(stdout);
		_exit(status);
	}
	waitpid(pid, &status, 0);
	say_error();
	return status != 0;
}
