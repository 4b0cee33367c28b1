/*
 * common.c: messages, connections, progress, numbers on the command line.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tool.h"

#define BAR_WIDTH 40
#define BAR_INTERVAL_S 0.1

volatile sig_atomic_t interrupted = 0;

void
complain(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	fputs("tusk: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void
complain_session(const char *what, const tusk_session *s)
{
	char text[4096];

	tusk_error_format(tusk_error_of(s), text, sizeof(text));
	complain("%s\n%s", what, text);
}

static void
on_interrupt(int signo)
{
	interrupted = signo;
}

void
catch_interrupts(void)
{
	struct sigaction sa = {.sa_handler = on_interrupt};

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int
stop_if_interrupted(void *arg)
{
	(void) arg;
	return interrupted;
}

double
now_seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}

bool
set_connection_option(connection_options *o, int c)
{
	switch (c)
	{
		case 'D':
			o->dir = optarg;
			return true;
		case 'h':
			o->host = optarg;
			return true;
		case 'p':
			o->port = optarg;
			return true;
		case 'U':
			o->user = optarg;
			return true;
		case 'd':
			o->dbname = optarg;
			return true;
		default:
			return false;
	}
}

tusk_session *
connect_or_complain(const connection_options *o,
                    const tusk_attach_options *options)
{
	char conninfo[1200];
	char port[16];
	server_info info;
	const char *host = o->host;
	const char *portname = o->port;
	tusk_session *s;
	int n;

	if (host == NULL && o->dir != NULL)
	{
		if (!server_lookup(o->dir, &info))
		{
			complain_not_running(o->dir);
			return NULL;
		}
		host = info.socket_dir;
		snprintf(port, sizeof(port), "%d", info.port);
		if (portname == NULL)
			portname = port;
	}
	n = snprintf(conninfo, sizeof(conninfo),
	             "dbname='%s' application_name=tusk",
	             o->dbname != NULL ? o->dbname : "postgres");
	if (o->user != NULL)
		n += snprintf(conninfo + n, sizeof(conninfo) - (size_t) n, " user='%s'",
		              o->user);
	if (host != NULL)
		n += snprintf(conninfo + n, sizeof(conninfo) - (size_t) n, " host='%s'",
		              host);
	if (portname != NULL)
		snprintf(conninfo + n, sizeof(conninfo) - (size_t) n, " port='%s'",
		         portname);
	if (tusk_attach(conninfo, options, &s) != TUSK_OK)
	{
		complain_session("could not connect", s);
		tusk_detach(s);
		return NULL;
	}
	return s;
}

bool
run_sql(tusk_session *s, tusk_result **r, const char *format, ...)
{
	char sql[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(sql, sizeof(sql), format, args);
	va_end(args);
	if (tusk_exec(s, sql, r) == TUSK_OK)
		return true;
	complain_session(sql, s);
	return false;
}

bool
table_exists(tusk_session *s, const char *table, bool *exists)
{
	tusk_result *r;
	tusk_param param = {table, 0, TUSK_TEXT, 25};

	if (tusk_exec_params(s,
	                     "SELECT relname FROM pg_catalog.pg_class WHERE "
	                     "relname = $1 AND relkind = 'r'",
	                     1, &param, TUSK_TEXT, &r) != TUSK_OK)
	{
		complain_session("could not look for the table", s);
		return false;
	}
	*exists = tusk_result_rows(r) > 0;
	tusk_result_free(r);
	return true;
}

void
show_progress(const char *what, uint64_t done, uint64_t total, double since)
{
	static double last_shown = 0;
	static int last_tenth = -1;
	double now = now_seconds();
	int percent = total > 0 ? (int) (done * 100 / total) : 100;
	bool end = done >= total;
	char bar[BAR_WIDTH + 1];
	int filled;

	if (percent > 100)
		percent = 100;
	if (!isatty(STDERR_FILENO))
	{
		if (percent / 10 != last_tenth || end)
			fprintf(stderr, "%s: %3d%% (%.1f s)\n", what, percent, now - since);
		last_tenth = end ? -1 : percent / 10;
		return;
	}
	if (!end && now - last_shown < BAR_INTERVAL_S)
		return;
	last_shown = now;
	filled = percent * BAR_WIDTH / 100;
	memset(bar, '#', (size_t) filled);
	memset(bar + filled, '.', (size_t) (BAR_WIDTH - filled));
	bar[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3d%%  %llu  %.1f s ", what, bar, percent,
	        (unsigned long long) done, now - since);
	if (end)
		fputc('\n', stderr);
	fflush(stderr);
}

bool
parse_int(const char *text, const char *what, int min, int max, int *value)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || n < min || n > max)
	{
		complain("invalid value \"%s\" for %s: must be between %d and %d", text,
		         what, min, max);
		return false;
	}
	*value = (int) n;
	return true;
}

int
parse_int_list(const char *text, int *list, int max)
{
	int count = 0;

	for (const char *p = text;; p++)
	{
		char *end;
		long n = strtol(p, &end, 10);

		if (end == p || (*end != ',' && *end != '\0') || n < 0 || n > 1000000 ||
		    count == max)
		{
			complain("invalid list \"%s\"", text);
			return -1;
		}
		list[count++] = (int) n;
		p = end;
		if (*p == '\0')
			return count;
	}
}
