/*
 * bench.c: build time, recall and queries per second.
 *
 * Recall is counted by distance, not by row number: a row that the index
 * returned is right if it is not farther than the k-th exact neighbour, so
 * ties do not count against the index.  Distances are computed here from the
 * vectors themselves, never taken from the server.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

#define DEFAULT_TABLE "tusk_bench"
#define MAX_LIST 16
#define MAX_PARTICIPANTS 16
#define MAX_EF_SEARCH 1000

/* ---- a build with progress ---- */

typedef struct build_watch
{
	tusk_session *monitor;
	int pid; /* backend that builds */
	double since;
	uint64_t rows;
	double last_look;
	int last_tenth; /* off a terminal: what was printed last */
	bool shown;
	bool broken;
} build_watch;

#define LOOK_INTERVAL_S 0.2

/* One line, over the last one on a terminal; else one per tenth. */
static void
show_build(build_watch *w, int percent, const char *line)
{
	if (isatty(STDERR_FILENO))
	{
		fprintf(stderr, "\r%-100s", line);
		w->shown = true;
	}
	else if (percent / 10 != w->last_tenth)
		fprintf(stderr, "%s\n", line);
	w->last_tenth = percent / 10;
	fflush(stderr);
}

/* How long it will take, in whole seconds, if the server knows. */
static int
append_remaining(build_watch *w, char *to, size_t room)
{
	tusk_result *r;
	char sql[128];
	int n = 0;

	snprintf(sql, sizeof(sql),
	         "SELECT remaining FROM pg_stat_progress_build WHERE pid = %d",
	         w->pid);
	if (tusk_exec(w->monitor, sql, &r) != TUSK_OK)
	{
		w->broken = true;
		return 0;
	}
	if (tusk_result_rows(r) > 0 && tusk_result_value(r, 0, 0) != NULL)
	{
		const char *remaining = tusk_result_value(r, 0, 0);

		n = snprintf(to, room, ", %.*s left", (int) strcspn(remaining, "."),
		             remaining);
	}
	tusk_result_free(r);
	return n;
}

/* Called while CREATE INDEX runs on the other session. */
static int
watch_build(void *arg)
{
	build_watch *w = arg;
	double now = now_seconds();
	tusk_result *r;
	char sql[256];
	char line[512];
	int n;
	int percent;
	int64_t done;
	int64_t total;

	if (interrupted)
		return 1;
	if (w->monitor == NULL || w->broken || now - w->last_look < LOOK_INTERVAL_S)
		return 0;
	w->last_look = now;
	snprintf(sql, sizeof(sql),
	         "SELECT phase, tuples_done, tuples_total FROM "
	         "pg_stat_progress_create_index WHERE pid = %d",
	         w->pid);
	if (tusk_exec(w->monitor, sql, &r) != TUSK_OK)
	{
		w->broken = true;
		return 0;
	}
	if (tusk_result_rows(r) == 0)
	{
		tusk_result_free(r);
		return 0;
	}
	done = tusk_result_int64(r, 0, 1);
	total = tusk_result_int64(r, 0, 2);
	/* an estimate until the end */
	if (total < (int64_t) w->rows)
		total = (int64_t) w->rows;
	percent = total > 0 ? (int) (done * 100 / total) : 0;
	n = snprintf(line, sizeof(line), "  %5.1f s  %3d%%  %s", now - w->since,
	             percent,
	             tusk_result_value(r, 0, 0) ? tusk_result_value(r, 0, 0) : "");
	tusk_result_free(r);
	n += append_remaining(w, line + n, sizeof(line) - (size_t) n);
	snprintf(sql, sizeof(sql),
	         "SELECT participant, tuples_done FROM "
	         "pg_stat_progress_build_participants WHERE pid = %d OR "
	         "leader_pid = %d ORDER BY participant",
	         w->pid, w->pid);
	if (w->broken || tusk_exec(w->monitor, sql, &r) != TUSK_OK)
	{
		w->broken = true;
		return 0;
	}
	for (int i = 0; i < tusk_result_rows(r) && i < MAX_PARTICIPANTS &&
	                n < (int) sizeof(line);
	     i++)
		n += snprintf(line + n, sizeof(line) - (size_t) n,
		              "  [participant %s: %lld]", tusk_result_value(r, i, 0),
		              (long long) tusk_result_int64(r, i, 1));
	tusk_result_free(r);
	show_build(w, percent, line);
	return 0;
}

/*
 * The progress function of a session is set when it is attached; what it does
 * is decided here, while a build runs.
 */
static build_watch *current_watch = NULL;

int
progress_of_current(void *arg)
{
	(void) arg;
	if (current_watch != NULL)
		return watch_build(current_watch);
	return interrupted != 0;
}

/* One number of /proc/PID/stat, counted from 1 as proc(5) does, after 2. */
static bool
read_stat(int pid, const int *fields, long *values, int n)
{
	char path[64];
	char line[1024];
	FILE *file;
	char *at = NULL;
	char *save = NULL;
	int field = 3;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (file == NULL)
		return false;
	if (fgets(line, sizeof(line), file) != NULL)
		at = strrchr(line, ')');
	fclose(file);
	if (at == NULL)
		return false;
	at = strtok_r(at + 1, " ", &save);
	for (int i = 0; i < n; field++)
	{
		if (at == NULL)
			return false;
		if (field == fields[i])
			values[i++] = atol(at);
		at = strtok_r(NULL, " ", &save);
	}
	return true;
}

/*
 * Seconds of processor time of a backend and of the children that its server
 * has seen end, which is where the workers of its builds are counted.  -1: the
 * server is not on this machine, or /proc is not there.
 */
static double
processor_seconds(int pid)
{
	static const int own[] = {4, 14, 15};   /* ppid, utime, stime */
	static const int children[] = {16, 17}; /* cutime, cstime */
	long backend[3];
	long server[2];

	if (!read_stat(pid, own, backend, 3) ||
	    !read_stat((int) backend[0], children, server, 2))
		return -1;
	return (double) (backend[1] + backend[2] + server[0] + server[1]) /
	       (double) sysconf(_SC_CLK_TCK);
}

double
timed_build(tusk_session *s, tusk_session *monitor, const char *sql,
            uint64_t rows, double *cpu)
{
	build_watch w = {.monitor = monitor,
	                 .pid = tusk_backend_pid(s),
	                 .since = now_seconds(),
	                 .rows = rows,
	                 .last_tenth = -1};
	double before = processor_seconds(w.pid);
	bool ok;
	double spent;

	current_watch = &w;
	ok = tusk_exec(s, sql, NULL) == TUSK_OK;
	current_watch = NULL;
	spent = now_seconds() - w.since;
	if (cpu)
		*cpu = before < 0 ? -1 : processor_seconds(w.pid) - before;
	if (w.shown)
		fprintf(stderr, "\r%-100s\r", "");
	if (!ok)
	{
		complain_session(sql, s);
		return -1;
	}
	return spent;
}

/* ---- searches ---- */

/* Runs one query; counts the rows that are near enough. */
static bool
search_one(tusk_statement *st, const unsigned char *encoded, size_t length,
           vector_metric metric, const float *base, uint64_t rows,
           const float *query, int dim, int k, double limit, uint64_t *hits,
           double *spent)
{
	tusk_param param = {encoded, (int) length, TUSK_BINARY, 0};
	tusk_result *r;
	double since = now_seconds();

	if (tusk_statement_execute(st, 1, &param, TUSK_BINARY, &r) != TUSK_OK)
		return false;
	*spent += now_seconds() - since;
	for (int i = 0; i < tusk_result_rows(r) && i < k; i++)
	{
		int64_t id = tusk_result_int64(r, i, 0);

		if (id >= 0 && (uint64_t) id < rows &&
		    vector_distance(metric, query,
		                    base + (uint64_t) id * (unsigned) dim,
		                    dim) <= distance_allowance(limit))
			(*hits)++;
	}
	tusk_result_free(r);
	return true;
}

bool
measure_search(tusk_session *s, const char *sql, vector_metric metric,
               const float *base, uint64_t rows, const float *queries,
               uint64_t nqueries, int dim, int k, const double *limit,
               search_outcome *out)
{
	tusk_statement *st;
	unsigned char *encoded = malloc(TUSK_VECTOR_SIZE(dim));
	uint64_t hits = 0;
	double spent = 0;
	bool ok = encoded != NULL;

	if (!ok || tusk_prepare(s, sql, 0, NULL, &st) != TUSK_OK)
	{
		complain_session(sql, s);
		free(encoded);
		return false;
	}
	for (uint64_t q = 0; ok && q < nqueries; q++)
	{
		const float *query = queries + q * (unsigned) dim;

		tusk_vector_encode(query, dim, encoded);
		ok = search_one(st, encoded, TUSK_VECTOR_SIZE(dim), metric, base, rows,
		                query, dim, k, limit[q], &hits, &spent);
		/* The first one plans, and fills the caches of the index. */
		if (q == 0 && nqueries > 1)
			spent = 0;
	}
	if (!ok)
		complain_session(sql, s);
	tusk_statement_free(st);
	free(encoded);
	out->recall = (double) hits / ((double) k * (double) nqueries);
	if (nqueries > 1)
		nqueries--;
	out->queries_per_second = spent > 0 ? (double) nqueries / spent : 0;
	return ok;
}

/* ---- the subcommand ---- */

typedef struct bench_plan
{
	const char *base_path;
	const char *query_path;
	const char *gt_path;
	const char *table;
	const char *memory;
	vector_metric metric;
	int m;
	int ef_construction;
	int k;
	int efs[MAX_LIST];
	int nefs;
	int workers[MAX_LIST];
	int nworkers;
	int nqueries;
	bool keep;
	bool header;

	float *base;
	float *queries;
	double *limit;
	uint64_t rows;
	uint64_t query_rows;
	int dim;
} bench_plan;

static const struct
{
	const char *name;
	const char *operator;
	const char *opclass;
} metrics[] = {
	{"l2", "<->", "vector_l2_ops"},
	{"ip", "<#>", "vector_ip_ops"},
	{"cosine", "<=>", "vector_cosine_ops"},
};

static void
usage(FILE *out)
{
	fprintf(
		out,
		"Usage: tusk bench [-D DIR | -h HOST] --base FILE --query FILE "
		"[OPTION]...\n\n"
		"Loads BASE into a table, builds an HNSW index on it with each number "
		"of workers,\nand searches with each ef_search.  Prints one line per "
		"measurement, separated by\ntabs: tusk, participants, build seconds, "
		"seconds of processor time of all\nparticipants (-1: not known), "
		"ef_search, recall, queries per second.\n\n"
		"  -D DIR | -h HOST -p PORT   where the server is\n"
		"  --base FILE, --query FILE  .fvecs or .bvecs\n"
		"  --gt FILE.ivecs   exact neighbours (default: found by a scan)\n"
		"  --metric NAME     l2 (default), ip, cosine\n"
		"  --workers LIST    parallel workers (default 0,1)\n"
		"  --ef LIST         ef_search (default 40,80,160,200)\n"
		"  -m N              (default 16)   --efc N  ef_construction (default "
		"64)\n"
		"  -k N              neighbours (default 10)\n"
		"  --queries N       use the first N queries only\n"
		"  --memory SIZE     maintenance_work_mem (default 512MB)\n"
		"  --table NAME      to be made (default tusk_bench); --keep leaves "
		"it\n"
		"  --header          print a line of titles first\n");
}

static bool
read_input(bench_plan *p)
{
	int qdim;

	p->base = vector_file_load(p->base_path, &p->dim, &p->rows);
	p->queries = p->base == NULL
	                 ? NULL
	                 : vector_file_load(p->query_path, &qdim, &p->query_rows);
	if (p->queries == NULL)
		return false;
	if (qdim != p->dim)
	{
		complain("dimensions differ: \"%s\" has %d, \"%s\" has %d",
		         p->base_path, p->dim, p->query_path, qdim);
		return false;
	}
	if (p->nqueries > 0 && (uint64_t) p->nqueries < p->query_rows)
		p->query_rows = (uint64_t) p->nqueries;
	p->limit = malloc(sizeof(double) * p->query_rows);
	return p->limit != NULL;
}

/* Distances of the k-th exact neighbours. */
static bool
find_limits(bench_plan *p)
{
	float *gt;
	int gtk;
	uint64_t gtrows;

	size_t length = p->gt_path == NULL ? 0 : strlen(p->gt_path);

	if (p->gt_path == NULL)
		return exact_neighbours(p->metric, p->base, p->rows, p->queries,
		                        p->query_rows, p->dim, p->k, NULL, p->limit);
	if (length < 6 || strcmp(p->gt_path + length - 6, ".ivecs") != 0)
	{
		complain("file \"%s\" does not hold row numbers: --gt takes .ivecs",
		         p->gt_path);
		return false;
	}
	gt = vector_file_load(p->gt_path, &gtk, &gtrows);
	if (gt == NULL)
		return false;
	if (gtk < p->k || gtrows < p->query_rows)
	{
		complain("\"%s\" has %d neighbours of %llu queries; needed are %d of "
		         "%llu",
		         p->gt_path, gtk, (unsigned long long) gtrows, p->k,
		         (unsigned long long) p->query_rows);
		free(gt);
		return false;
	}
	for (uint64_t q = 0; q < p->query_rows; q++)
	{
		uint64_t id = (uint64_t) gt[q * (unsigned) gtk + (unsigned) p->k - 1];

		if (id >= p->rows)
		{
			complain("\"%s\" names row %llu, but there are %llu", p->gt_path,
			         (unsigned long long) id, (unsigned long long) p->rows);
			free(gt);
			return false;
		}
		p->limit[q] =
			vector_distance(p->metric, p->queries + q * (unsigned) p->dim,
		                    p->base + id * (unsigned) p->dim, p->dim);
	}
	free(gt);
	return true;
}

static bool
load_base(tusk_session *s, bench_plan *p)
{
	char sql[256];
	copy_writer w;
	double since = now_seconds();
	bool ok = true;

	if (!run_sql(s, NULL, "CREATE EXTENSION IF NOT EXISTS vector") ||
	    !run_sql(s, NULL, "DROP TABLE IF EXISTS \"%s\"", p->table) ||
	    !run_sql(s, NULL, "CREATE TABLE \"%s\" (id int, embedding vector(%d))",
	             p->table, p->dim))
		return false;
	snprintf(sql, sizeof(sql), "COPY \"%s\" FROM STDIN (FORMAT binary)",
	         p->table);
	if (!writer_begin(&w, s, sql))
		return false;
	for (uint64_t i = 0; ok && i < p->rows && !interrupted; i++)
	{
		ok = writer_row(&w, 2) && writer_int32(&w, (int32_t) i) &&
		     writer_vector(&w, p->base + i * (unsigned) p->dim, p->dim);
		if (i % 1000 == 0)
			show_progress("Loading", i, p->rows, since);
	}
	w.failed = !ok;
	if (!writer_finish(&w, s, NULL))
		return false;
	show_progress("Loading", p->rows, p->rows, since);
	return ok;
}

/* One build, and the searches on it. */
static bool
measure(tusk_session *s, tusk_session *monitor, bench_plan *p, int workers)
{
	char sql[512];
	double build;
	double cpu;

	if (!run_sql(s, NULL, "SET maintenance_work_mem = '%s'", p->memory) ||
	    !run_sql(s, NULL, "SET max_parallel_maintenance_workers = %d",
	             workers) ||
	    !run_sql(s, NULL, "DROP INDEX IF EXISTS \"%s_idx\"", p->table) ||
	    !run_sql(s, NULL, "CHECKPOINT")) /* what was before is not its work */
		return false;
	snprintf(sql, sizeof(sql),
	         "CREATE INDEX \"%s_idx\" ON \"%s\" USING hnsw (embedding %s) WITH "
	         "(m = %d, ef_construction = %d)",
	         p->table, p->table, metrics[p->metric].opclass, p->m,
	         p->ef_construction);
	build = timed_build(s, monitor, sql, p->rows, &cpu);
	if (build < 0)
		return false;
	snprintf(sql, sizeof(sql),
	         "SELECT id FROM \"%s\" ORDER BY embedding %s $1 LIMIT %d",
	         p->table, metrics[p->metric].operator, p->k);
	for (int i = 0; i < p->nefs; i++)
	{
		search_outcome out;

		if (!run_sql(s, NULL, "SET hnsw.ef_search = %d", p->efs[i]) ||
		    !measure_search(s, sql, p->metric, p->base, p->rows, p->queries,
		                    p->query_rows, p->dim, p->k, p->limit, &out))
			return false;
		printf("tusk\t%d\t%.3f\t%.2f\t%d\t%.4f\t%.0f\n", workers + 1, build,
		       cpu, p->efs[i], out.recall, out.queries_per_second);
		fflush(stdout);
	}
	return true;
}

/*
 * The table is made and dropped here, so it must be nobody's; the one of the
 * default name is what a run before has left.
 */
static bool
table_is_free(tusk_session *s, const char *table)
{
	bool exists;

	if (!table_exists(s, table, &exists))
		return false;
	if (exists && strcmp(table, DEFAULT_TABLE) != 0)
	{
		complain("table \"%s\" exists\nHINT:  The table of a measurement is "
		         "made for it: name another by --table, or drop this one.",
		         table);
		return false;
	}
	return true;
}

static bool
run_bench(tusk_session *s, tusk_session *monitor, bench_plan *p)
{
	bool ok;

	if (!table_is_free(s, p->table))
		return false;
	ok = load_base(s, p);
	if (ok && p->header)
		printf("system\tthreads\tbuild_s\tcpu_s\tef\trecall\tqps\n");
	for (int i = 0; ok && i < p->nworkers; i++)
		ok = measure(s, monitor, p, p->workers[i]);
	if (!p->keep)
		(void) run_sql(s, NULL, "DROP TABLE IF EXISTS \"%s\"", p->table);
	return ok;
}

static int
bench(const connection_options *conn, bench_plan *p)
{
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = progress_of_current};
	tusk_session *s = NULL;
	tusk_session *monitor = NULL;
	bool ok;

	catch_interrupts();
	ok = read_input(p) && find_limits(p);
	if (ok)
	{
		s = connect_or_complain(conn, &options);
		monitor = s == NULL ? NULL : connect_or_complain(conn, NULL);
		ok = monitor != NULL && run_bench(s, monitor, p);
	}
	tusk_detach(monitor);
	tusk_detach(s);
	free(p->base);
	free(p->queries);
	free(p->limit);
	return ok ? EXIT_DONE : EXIT_FAILED;
}

enum
{
	O_BASE = 256,
	O_QUERY,
	O_GT,
	O_METRIC,
	O_WORKERS,
	O_EF,
	O_EFC,
	O_QUERIES,
	O_MEMORY,
	O_TABLE,
	O_KEEP,
	O_HEADER,
	O_HELP
};

static const struct option longopts[] = {
	{"base", required_argument, NULL, O_BASE},
	{"query", required_argument, NULL, O_QUERY},
	{"gt", required_argument, NULL, O_GT},
	{"metric", required_argument, NULL, O_METRIC},
	{"workers", required_argument, NULL, O_WORKERS},
	{"ef", required_argument, NULL, O_EF},
	{"efc", required_argument, NULL, O_EFC},
	{"queries", required_argument, NULL, O_QUERIES},
	{"memory", required_argument, NULL, O_MEMORY},
	{"table", required_argument, NULL, O_TABLE},
	{"keep", no_argument, NULL, O_KEEP},
	{"header", no_argument, NULL, O_HEADER},
	{"help", no_argument, NULL, O_HELP},
	{NULL, 0, NULL, 0}};

static bool
parse_metric(const char *name, vector_metric *metric)
{
	for (*metric = METRIC_L2; *metric <= METRIC_COSINE; (*metric)++)
		if (strcmp(metrics[*metric].name, name) == 0)
			return true;
	complain("unknown metric \"%s\": must be l2, ip or cosine", name);
	return false;
}

static bool
parse_efs(const char *text, bench_plan *p)
{
	p->nefs = parse_int_list(text, p->efs, MAX_LIST);
	for (int i = 0; i < p->nefs; i++)
		if (p->efs[i] < 1 || p->efs[i] > MAX_EF_SEARCH)
		{
			complain("invalid value %d for --ef: must be between 1 and %d",
			         p->efs[i], MAX_EF_SEARCH);
			return false;
		}
	return p->nefs > 0;
}

/* One option but --help; its value is optarg. */
static bool
set_option(bench_plan *p, connection_options *conn, int c)
{
	switch (c)
	{
		case 'm':
			return parse_int(optarg, "-m", 2, 100, &p->m);
		case 'k':
			return parse_int(optarg, "-k", 1, 1000, &p->k);
		case O_BASE:
			p->base_path = optarg;
			return true;
		case O_QUERY:
			p->query_path = optarg;
			return true;
		case O_GT:
			p->gt_path = optarg;
			return true;
		case O_METRIC:
			return parse_metric(optarg, &p->metric);
		case O_WORKERS:
			p->nworkers = parse_int_list(optarg, p->workers, MAX_LIST);
			return p->nworkers > 0;
		case O_EF:
			return parse_efs(optarg, p);
		case O_EFC:
			return parse_int(optarg, "--efc", 4, 1000, &p->ef_construction);
		case O_QUERIES:
			return parse_int(optarg, "--queries", 1, INT32_MAX, &p->nqueries);
		case O_MEMORY:
			p->memory = optarg;
			return true;
		case O_TABLE:
			p->table = optarg;
			return true;
		case O_KEEP:
			p->keep = true;
			return true;
		case O_HEADER:
			p->header = true;
			return true;
		default:
			return set_connection_option(conn, c);
	}
}

/* Do the options make a whole? */
static bool
check_plan(const bench_plan *p, int argc, char **argv)
{
	if (optind < argc)
		complain("too many arguments, the first is \"%s\"", argv[optind]);
	else if (p->base_path == NULL || p->query_path == NULL)
		complain("%s is missing",
		         p->base_path == NULL ? "--base FILE" : "--query FILE");
	else if (strchr(p->table, '"') != NULL || strlen(p->table) > 50)
		complain("invalid table name \"%s\"", p->table);
	else
		return true;
	return false;
}

int
cmd_bench(int argc, char **argv)
{
	connection_options conn = {0};
	bench_plan p = {.table = DEFAULT_TABLE,
	                .memory = "512MB",
	                .m = 16,
	                .ef_construction = 64,
	                .k = 10,
	                .efs = {40, 80, 160, 200},
	                .nefs = 4,
	                .workers = {0, 1},
	                .nworkers = 2};
	bool ok = true;
	int c;

	while (ok &&
	       (c = getopt_long(argc, argv, "D:h:p:m:k:", longopts, NULL)) != -1)
	{
		if (c == O_HELP)
		{
			usage(stdout);
			return EXIT_DONE;
		}
		ok = set_option(&p, &conn, c);
	}
	if (ok && check_plan(&p, argc, argv))
		return bench(&conn, &p);
	usage(stderr);
	return EXIT_USAGE;
}
