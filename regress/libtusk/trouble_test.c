/*
 * trouble_test.c HOST: what tusk.h says of calls that cannot do what they are
 * asked for: waits end, errors tell why, and a session that can go on does.
 */
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

int
main(int argc, char **argv)
{
	static const Test tests[] = {TEST(build_progress)};

	return run_tests(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
