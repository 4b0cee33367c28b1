/*
 * check.h: what the programs of this folder share: a session, a statement, a
 * number, and main.  They are run as PROGRAM HOST: the directory of the server's
 * socket, or an address; port and password are in the environment.
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tusk.h"

static const char *host;
static int wrong; /* in the test that runs */
static int failed;

#define CHECK(condition)                                           \
	do                                                             \
	{                                                              \
		if (!(condition))                                          \
		{                                                          \
			printf("%s:%d: %s\n", __func__, __LINE__, #condition); \
			wrong++;                                               \
		}                                                          \
	} while (0)

#define CHECK_STATE(session, code)                                      \
	do                                                                  \
	{                                                                   \
		const tusk_error *e_ = tusk_error_of(session);                  \
		if (strcmp(e_->sqlstate, code) != 0)                            \
		{                                                               \
			printf("%s:%d: %s instead of %s: %s\n", __func__, __LINE__, \
			       e_->sqlstate, code, e_->message);                    \
			wrong++;                                                    \
		}                                                               \
	} while (0)

/* A session with options behind the connection string; the status it gives. */
static inline tusk_status
attach_with(const char *more, const tusk_attach_options *options,
            tusk_session **s)
{
	char conninfo[1024];

	snprintf(conninfo, sizeof(conninfo), "host='%s' dbname=postgres %s", host,
	         more);
	return tusk_attach(conninfo, options, s);
}

static inline tusk_session *
attach(const tusk_attach_options *options)
{
	tusk_session *s;

	if (attach_with("", options, &s) != TUSK_OK)
	{
		printf("could not attach: %s\n", tusk_error_of(s)->message);
		exit(1);
	}
	return s;
}

static inline void
run(tusk_session *s, const char *sql)
{
	if (tusk_exec(s, sql, NULL) != TUSK_OK)
	{
		printf("%s: %s\n", sql, tusk_error_of(s)->message);
		wrong++;
	}
}

static inline int64_t
number(tusk_session *s, const char *sql)
{
	tusk_result *r;
	int64_t n;

	if (tusk_exec(s, sql, &r) != TUSK_OK)
	{
		printf("%s: %s\n", sql, tusk_error_of(s)->message);
		wrong++;
	}
	n = tusk_result_int64(r, 0, 0);
	tusk_result_free(r);
	return n;
}

typedef struct Test
{
	const char *name;
	void (*run)(void);
} Test;

#define TEST(name)         \
	{                      \
#name, test_##name \
	}

static inline int
run_tests(int argc, char **argv, const Test *tests, size_t n)
{
	tusk_session *s;

	if (argc != 2)
		return 2;
	host = argv[1];
	s = attach(NULL);
	run(s, "CREATE EXTENSION IF NOT EXISTS vector");
	tusk_detach(s);
	for (size_t i = 0; i < n; i++)
	{
		wrong = 0;
		tests[i].run();
		printf("%s %s\n", wrong ? "not ok" : "ok", tests[i].name);
		fflush(stdout);
		failed += wrong != 0;
	}
	return failed != 0;
}

#endif /* CHECK_H */
