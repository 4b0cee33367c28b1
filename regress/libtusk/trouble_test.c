/*
 * trouble_test.c HOST: what tusk.h says of calls that cannot do what they are
 * asked for: waits end, errors tell why, and a session that can go on does.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

/* A lock that holds back whoever builds an index on this table. */
static tusk_session *
hold_table(void)
{
	tusk_session *holder = attach(NULL);

	run(holder, "DROP TABLE IF EXISTS held");
	run(holder, "CREATE TABLE held (id integer, embedding vector(3))");
	run(holder, "BEGIN");
	run(holder, "INSERT INTO held VALUES (1, '[1,2,3]')");
	return holder;
}

static const char *const build_held =
	"CREATE INDEX held_v ON held USING hnsw (embedding vector_l2_ops)";

typedef struct Watcher
{
	int calls;
	int cancel_at; /* 0: never */
} Watcher;

static int
watch(void *arg)
{
	Watcher *w = arg;

	return ++w->calls == w->cancel_at;
}

/*
 * A wait with a time limit calls the progress function like one without, and is
 * cancelled by it.  The build waits for a lock until the test lets it go.
 */
static void
test_build_progress(void)
{
	Watcher w = {0};
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = watch,
	                               .progress_arg = &w,
	                               .progress_interval_ms = 1};
	tusk_session *s = attach(&options);
	tusk_session *holder = hold_table();
	tusk_build *b;
	int running;

	CHECK(tusk_build_start(s, build_held, &b) == TUSK_OK);
	w.calls = 0;
	CHECK(tusk_build_wait(b, 0, &running) == TUSK_OK && running);
	CHECK(w.calls == 0); /* it did not wait */
	CHECK(tusk_build_wait(b, 200, &running) == TUSK_OK && running);
	CHECK(w.calls > 0);
	/* a request that comes before the statement has begun is lost */
	do
	{
		w.cancel_at = w.calls + 1;
		running = 0;
	} while (tusk_build_wait(b, 200, &running) == TUSK_OK && running);
	CHECK_STATE(s, "57014");
	tusk_build_free(b);
	run(holder, "ROLLBACK");
	CHECK(number(s, "SELECT 5") == 5);
	tusk_detach(s);
	tusk_detach(holder);
}

/* The postmaster, which has no backend for us; 0: over TCP we don't know it. */
static pid_t
postmaster_pid(void)
{
	char name[1024];
	int pid = 0;
	FILE *f;

	snprintf(name, sizeof(name), "%s/postmaster.pid", host);
	f = host[0] == '/' ? fopen(name, "r") : NULL;
	if (f == NULL)
		return 0;
	CHECK(fscanf(f, "%d", &pid) == 1);
	fclose(f);
	return pid;
}

/*
 * Stops it; it goes on when *hold is closed, by us or by the end of this
 * program, however that comes.
 */
static pid_t
stop_postmaster(pid_t postmaster, int *hold)
{
	int ends[2];
	pid_t waker;

	CHECK(pipe(ends) == 0);
	fflush(stdout);
	waker = fork();
	if (waker == 0)
	{
		char c;

		close(ends[1]);
		(void) !read(ends[0], &c, 1);
		_exit(kill(postmaster, SIGCONT) != 0);
	}
	close(ends[0]);
	*hold = ends[1];
	CHECK(kill(postmaster, SIGSTOP) == 0);
	return waker;
}

static void
let_it_go_on(pid_t waker, int hold)
{
	int status;

	close(hold);
	CHECK(waitpid(waker, &status, 0) == waker && status == 0);
}

/* A build of that name, which waits for the lock. */
static tusk_build *
start_held(tusk_session *s, const char *name)
{
	tusk_session *other = attach(NULL);
	char sql[200];
	tusk_build *b;

	snprintf(sql, sizeof(sql),
	         "CREATE INDEX %s ON held USING hnsw (embedding vector_l2_ops)",
	         name);
	CHECK(tusk_build_start(s, sql, &b) == TUSK_OK);
	snprintf(sql, sizeof(sql),
	         "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = %d",
	         tusk_backend_pid(s));
	while (number(other, sql) == 0)
		;
	tusk_detach(other);
	return b;
}

static void *
free_build(void *build)
{
	tusk_build_free(build);
	return NULL;
}

/*
 * A postmaster that is stopped lets clients in and answers nobody.  Requests to
 * cancel end all the same and reach it when it goes on; the progress of a build
 * cannot be had then, but the build goes on; and freeing it ends, with its
 * session.  Without the limits this test would hang.  It takes some ten seconds,
 * so it is not done over every transport.
 */
static void
test_unanswered(void)
{
	pid_t postmaster = postmaster_pid();
	const char *way = getenv("TUSK_ATTACH");
	tusk_session *s;
	tusk_session *freed;
	tusk_session *holder;
	tusk_canceller *canceller;
	tusk_build_progress p = {.size = sizeof(p)};
	tusk_build *b;
	tusk_build *b2;
	pthread_t thread;
	pid_t waker;
	int hold;

	if (postmaster == 0 || (way != NULL && strcmp(way, "best") != 0))
		return;
	s = attach(NULL);
	freed = attach(NULL);
	holder = hold_table();
	canceller = tusk_canceller_create(s);
	b = start_held(s, "held_v");
	b2 = start_held(freed, "held_w");
	waker = stop_postmaster(postmaster, &hold);
	CHECK(pthread_create(&thread, NULL, free_build, b2) == 0);
	CHECK(tusk_build_poll(b, &p) == TUSK_CONNECTION_LOST && p.running);
	CHECK_STATE(s, "08001");
	CHECK(tusk_cancel(canceller) == TUSK_OK);
	CHECK(pthread_join(thread, NULL) == 0);
	CHECK_STATE(freed, "08006");
	CHECK(strcmp(tusk_transport(freed), "none") == 0);
	let_it_go_on(waker, hold);
	CHECK(tusk_build_wait(b, -1, NULL) == TUSK_ERROR);
	CHECK_STATE(s, "57014");
	tusk_build_free(b);
	CHECK(number(s, "SELECT 5") == 5);
	CHECK(tusk_reattach(freed, 0) == TUSK_OK);
	CHECK(number(freed, "SELECT 5") == 5);
	tusk_canceller_free(canceller);
	run(holder, "ROLLBACK");
	tusk_detach(s);
	tusk_detach(freed);
	tusk_detach(holder);
}

/*
 * Attaching anew, and the second session of a build, go to where the first one
 * went, whatever has become of the environment.
 */
static void
test_same_server(void)
{
	tusk_session *holder = hold_table();
	tusk_session *s;
	tusk_build *b;
	tusk_build_progress p = {.size = sizeof(p)};
	char *port = getenv("PGPORT") != NULL ? strdup(getenv("PGPORT")) : NULL;

	setenv("PGHOST", host, 1);
	setenv("PGDATABASE", "postgres", 1);
	CHECK(tusk_attach(NULL, NULL, &s) == TUSK_OK);
	setenv("PGHOST", "/nonexistent", 1);
	setenv("PGPORT", "1", 1);
	setenv("PGUSER", "nobody of that name", 1);
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	CHECK(tusk_build_start(s, build_held, &b) == TUSK_OK);
	CHECK(tusk_build_poll(b, &p) == TUSK_OK && p.running);
	tusk_build_free(b);
	CHECK(number(s, "SELECT 5") == 5);
	unsetenv("PGHOST");
	unsetenv("PGDATABASE");
	unsetenv("PGUSER");
	if (port != NULL)
		setenv("PGPORT", port, 1);
	else
		unsetenv("PGPORT");
	free(port);
	tusk_detach(s);
	run(holder, "ROLLBACK");
	tusk_detach(holder);
}

/*
 * Another statement, started as a build: it is told that it is none, in the same
 * way however it is asked for, and the session goes on.
 */
static void
test_no_build(void)
{
	static const struct
	{
		const char *sql;
		tusk_status status;
		const char *sqlstate;
	} cases[] = {{"SELECT 1", TUSK_MISUSE, "42809"},
	             {"COPY held TO STDOUT", TUSK_MISUSE, "42809"},
	             {"COPY held FROM STDIN", TUSK_ERROR, "57014"},
	             {"SELECT 1 / 0", TUSK_ERROR, "22012"},
	             {"CREATE TABLE others (id integer)", TUSK_OK, "00000"},
	             {"DROP TABLE IF EXISTS others", TUSK_OK, "00000"}};
	tusk_session *s = attach(NULL);
	tusk_build *b;

	run(s, "DROP TABLE IF EXISTS held");
	run(s, "CREATE TABLE held (id integer, embedding vector(3))");
	for (int polled = 0; polled < 2; polled++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		{
			tusk_build_progress p = {.size = sizeof(p)};

			CHECK(tusk_build_start(s, cases[i].sql, &b) == TUSK_OK);
			do
				CHECK(tusk_build_poll(b, &p) == TUSK_OK);
			while (polled && p.running);
			CHECK(tusk_build_wait(b, -1, NULL) == cases[i].status);
			CHECK_STATE(s, cases[i].sqlstate);
			CHECK(number(s, "SELECT 5") == 5);
			CHECK(tusk_build_wait(b, 0, NULL) == cases[i].status);
			CHECK_STATE(s, cases[i].sqlstate);
			tusk_build_free(b);
		}
	tusk_detach(s);
}

/* What cannot be is named, and refused without harm. */
static void
test_arguments(void)
{
	static const char *const timeouts[] = {"abc", "5x", "2147484",
	                                       "99999999999999999999"};
	tusk_session *s = attach(NULL);
	const char *value = "";
	char option[100];
	struct rlimit limit, low;
	int first;

	CHECK(tusk_get(s, NULL, &value) == TUSK_MISUSE && value == NULL);
	CHECK_STATE(s, "22004");
	CHECK(number(s, "SELECT 5") == 5);
	tusk_detach(s);
	for (size_t i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++)
	{
		snprintf(option, sizeof(option), "connect_timeout=%s", timeouts[i]);
		CHECK(attach_with(option, NULL, &s) == TUSK_MISUSE);
		CHECK_STATE(s, "08001");
		CHECK(strstr(tusk_error_of(s)->message, "connect_timeout") != NULL);
		tusk_detach(s);
	}
	CHECK(attach_with("connect_timeout=-1", NULL, &s) == TUSK_OK);
	tusk_detach(s);
	/* out of descriptors, when the user's name is looked up */
	unsetenv("PGUSER");
	first = dup(STDIN_FILENO);
	close(first);
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	low = limit;
	low.rlim_cur = (rlim_t) first;
	CHECK(setrlimit(RLIMIT_NOFILE, &low) == 0);
	CHECK(attach_with("", NULL, &s) == TUSK_CONNECTION_LOST);
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK_STATE(s, "53000");
	CHECK(strstr(tusk_error_of(s)->message, "user ID") != NULL);
	CHECK(tusk_reattach(s, 0) == TUSK_OK);
	tusk_detach(s);
}

int
main(int argc, char **argv)
{
	static const Test tests[] = {TEST(build_progress), TEST(unanswered),
	                             TEST(same_server), TEST(no_build),
	                             TEST(arguments)};

	return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
