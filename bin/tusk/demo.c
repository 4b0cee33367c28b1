/*
 * demo.c: the main job on real input.
 *
 * A private server in a temporary directory; a large list of words as vectors
 * (words.c); loading, building with and without a worker, answering misspelt
 * words, measuring recall; and at the end a look at what is left behind.
 * Everything the demo made is removed whatever happens, but for a SIGKILL of
 * the demo itself: then the temporary directory remains and the server runs
 * on; its directory is printed first.
 */
#include <errno.h>
#include <ftw.h>
#include <getopt.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool.h"
#include "words.h"

#define WORD_FILE "/usr/share/dict/american-english-large"
#define NQUERIES 1000
#define K 10
#define EXACT_SAMPLE 20

static const char *const misspelt[] = {
	"accomodate", "recieve",   "definately", "seperate", "occured",
	"goverment",  "neccesary", "embarass",   "rythm",    "publically"};

#define NMISSPELT (sizeof(misspelt) / sizeof(misspelt[0]))

static const int efs[] = {40, 200};

#define NEFS (sizeof(efs) / sizeof(efs[0]))

typedef struct demo
{
	char dir[64];  /* the temporary directory */
	char data[80]; /* the data directory in it */
	bool started;
	int segments_before;
	tusk_session *session;
	tusk_session *monitor;
	word_list words;
	float *vectors;
	float *queries;
	int32_t *neighbours;
	double *limit;
} demo;

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void) st;
	(void) type;
	(void) ftw;
	return remove(path);
}

static void
headline(const char *text)
{
	printf("\n== %s\n", text);
	fflush(stdout);
}

/* ---- steps ---- */

static bool
make_vectors(demo *d, const char *word_file)
{
	double since = now_seconds();

	if (word_list_read(word_file, &d->words) != 0)
	{
		complain("could not read the word list \"%s\": %s\nHINT:  The default "
		         "one is in Debian's package wamerican-large; tools/deps.sh "
		         "installs it.",
		         word_file, strerror(errno));
		return false;
	}
	if (d->words.count < NQUERIES)
	{
		complain("word list \"%s\" has %zu usable words, needed are %d",
		         word_file, d->words.count, NQUERIES);
		return false;
	}
	d->vectors = malloc(sizeof(float) * WORD_DIM * d->words.count);
	d->queries = malloc(sizeof(float) * WORD_DIM * NQUERIES);
	d->neighbours = malloc(sizeof(int32_t) * K * NQUERIES);
	d->limit = malloc(sizeof(double) * NQUERIES);
	if (d->vectors == NULL || d->queries == NULL || d->neighbours == NULL ||
	    d->limit == NULL)
	{
		complain("out of memory");
		return false;
	}
	for (size_t i = 0; i < d->words.count; i++)
		word_vector(d->words.words[i], d->vectors + i * WORD_DIM);
	for (size_t i = 0; i < NQUERIES; i++)
	{
		char word[WORD_MAX_LENGTH + 2];

		word_misspell(&d->words, i, word);
		word_vector(word, d->queries + i * WORD_DIM);
	}
	printf("%zu words as vectors of %d dimensions, %d misspelt ones as "
	       "queries (%.1f s)\n",
	       d->words.count, WORD_DIM, NQUERIES, now_seconds() - since);
	return true;
}

static bool
find_exact(demo *d)
{
	double since = now_seconds();

	if (!exact_neighbours(METRIC_L2, d->vectors, d->words.count, d->queries,
	                      NQUERIES, WORD_DIM, K, d->neighbours, d->limit))
		return false;
	printf("exact %d nearest words of each query by a scan in this program "
	       "(%.1f s)\n",
	       K, now_seconds() - since);
	return true;
}

static bool
write_vectors(demo *d, const char *dir)
{
	char path[1024];
	bool ok;

	snprintf(path, sizeof(path), "%s/words.fvecs", dir);
	ok = vector_file_write(path, d->vectors, WORD_DIM, d->words.count);
	snprintf(path, sizeof(path), "%s/queries.fvecs", dir);
	ok = ok && vector_file_write(path, d->queries, WORD_DIM, NQUERIES);
	snprintf(path, sizeof(path), "%s/queries.gt.ivecs", dir);
	ok = ok && int_file_write(path, d->neighbours, K, NQUERIES);
	if (ok)
		printf("words.fvecs, queries.fvecs, queries.gt.ivecs written to "
		       "\"%s\"\n",
		       dir);
	return ok;
}

static bool
start_private_server(demo *d)
{
	char *settings[] = {(char *) "shared_buffers=256MB",
	                    (char *) "max_parallel_maintenance_workers=2",
	                    (char *) "maintenance_work_mem=512MB"};
	connection_options conn = {.dir = d->data};
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = progress_of_current};

	if (server_init(d->data, true) != EXIT_DONE)
		return false;
	if (server_start(d->data, NULL,
	                 (int) (sizeof(settings) / sizeof(settings[0])), settings,
	                 60, true) != EXIT_DONE)
		return false;
	d->started = true;
	d->session = connect_or_complain(&conn, &options);
	d->monitor = d->session == NULL ? NULL : connect_or_complain(&conn, NULL);
	if (d->monitor == NULL)
		return false;
	printf("server %s in %s; look on with\n\n    psql -h %s postgres\n\n",
	       tusk_server_setting(d->session, "server_version"), d->data, d->data);
	return true;
}

static bool
load_words(demo *d)
{
	copy_writer w;
	double since;
	int64_t rows = 0;
	bool ok = true;

	if (!run_sql(d->session, NULL, "CREATE EXTENSION vector") ||
	    !run_sql(d->session, NULL,
	             "CREATE TABLE words (id int, word text, v vector(%d))",
	             WORD_DIM))
		return false;
	since = now_seconds();
	if (!writer_begin(&w, d->session, "COPY words FROM STDIN (FORMAT binary)"))
		return false;
	for (size_t i = 0; ok && i < d->words.count && !interrupted; i++)
	{
		ok = writer_row(&w, 3) && writer_int32(&w, (int32_t) i) &&
		     writer_text(&w, d->words.words[i]) &&
		     writer_vector(&w, d->vectors + i * WORD_DIM, WORD_DIM);
		if (i % 1000 == 0)
			show_progress("COPY", i, d->words.count, since);
	}
	w.failed = !ok;
	if (!writer_finish(&w, d->session, &rows))
		return false;
	show_progress("COPY", d->words.count, d->words.count, since);
	printf("%lld rows in %.1f s\n", (long long) rows, now_seconds() - since);
	return ok && rows == (int64_t) d->words.count;
}

static double
build_with(demo *d, int workers)
{
	double spent;

	if (!run_sql(d->session, NULL, "DROP INDEX IF EXISTS words_v_idx") ||
	    !run_sql(d->session, NULL, "SET max_parallel_maintenance_workers = %d",
	             workers))
		return -1;
	spent = timed_build(d->session, d->monitor,
	                    "CREATE INDEX words_v_idx ON words USING hnsw "
	                    "(v vector_l2_ops) WITH (m = 16, ef_construction = 64)",
	                    d->words.count, NULL);
	if (spent >= 0)
		printf("built with %d worker%s in %.1f s\n", workers,
		       workers == 1 ? "" : "s", spent);
	return spent;
}

static bool
answer_misspelt(demo *d)
{
	unsigned char encoded[TUSK_VECTOR_SIZE(WORD_DIM)];
	float values[WORD_DIM];
	tusk_param param = {encoded, sizeof(encoded), TUSK_BINARY, 0};

	for (size_t i = 0; i < NMISSPELT; i++)
	{
		tusk_result *r;

		word_vector(misspelt[i], values);
		tusk_vector_encode(values, WORD_DIM, encoded);
		if (tusk_exec_params(d->session,
		                     "SELECT word, v <-> $1 AS distance FROM words "
		                     "ORDER BY v <-> $1 LIMIT 3",
		                     1, &param, TUSK_TEXT, &r) != TUSK_OK)
		{
			complain_session("could not search", d->session);
			return false;
		}
		printf("  %-12s ->", misspelt[i]);
		for (int j = 0; j < tusk_result_rows(r); j++)
			printf("  %s (%.2f)", tusk_result_value(r, j, 0),
			       tusk_result_double(r, j, 1));
		printf("\n");
		tusk_result_free(r);
	}
	return true;
}

/* The server's own exact scan must agree with ours. */
static bool
check_exact_scan(demo *d)
{
	search_outcome out;

	if (!run_sql(d->session, NULL, "SET enable_indexscan = off") ||
	    !measure_search(d->session,
	                    "SELECT id FROM words ORDER BY v <-> $1 LIMIT 10",
	                    METRIC_L2, d->vectors, d->words.count, d->queries,
	                    EXACT_SAMPLE, WORD_DIM, K, d->limit, &out) ||
	    !run_sql(d->session, NULL, "RESET enable_indexscan"))
		return false;
	printf("  exact scan       recall@10 %.3f  %7.0f queries/s (%d queries)\n",
	       out.recall, out.queries_per_second, EXACT_SAMPLE);
	return true;
}

static bool
measure_recall(demo *d)
{
	if (!check_exact_scan(d))
		return false;
	for (size_t i = 0; i < NEFS; i++)
	{
		search_outcome out;

		if (!run_sql(d->session, NULL, "SET hnsw.ef_search = %d", efs[i]) ||
		    !measure_search(d->session,
		                    "SELECT id FROM words ORDER BY v <-> $1 LIMIT 10",
		                    METRIC_L2, d->vectors, d->words.count, d->queries,
		                    NQUERIES, WORD_DIM, K, d->limit, &out))
			return false;
		printf("  ef_search %-5d  recall@10 %.3f  %7.0f queries/s\n", efs[i],
		       out.recall, out.queries_per_second);
	}
	return true;
}

static void
print_sizes(demo *d)
{
	tusk_result *r;

	if (!run_sql(d->session, &r,
	             "SELECT relname, relpages, reltuples FROM "
	             "pg_catalog.pg_class WHERE relname = 'words' OR relname = "
	             "'words_v_idx' ORDER BY relname"))
		return;
	for (int i = 0; i < tusk_result_rows(r); i++)
		printf("  %-12s %8.1f MB  %.0f rows\n", tusk_result_value(r, i, 0),
		       tusk_result_double(r, i, 1) * 8192 / (1024 * 1024),
		       tusk_result_double(r, i, 2));
	tusk_result_free(r);
}

/* ---- the end ---- */

static bool
clean_up(demo *d)
{
	server_info info;
	bool ok = true;

	tusk_detach(d->monitor);
	tusk_detach(d->session);
	d->monitor = d->session = NULL;
	if (d->started)
	{
		ok = server_stop(d->data, SIGINT, 60, true) == EXIT_DONE;
		if (!ok)
			ok = server_stop(d->data, SIGQUIT, 10, true) == EXIT_DONE;
	}
	else if (server_lookup(d->data, &info))
		ok = server_stop(d->data, SIGQUIT, 10, true) == EXIT_DONE;
	if (ok && nftw(d->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
	{
		complain("could not remove \"%s\": %s", d->dir, strerror(errno));
		ok = false;
	}
	word_list_free(&d->words);
	free(d->vectors);
	free(d->queries);
	free(d->neighbours);
	free(d->limit);
	return ok;
}

static bool
report_left_overs(const demo *d)
{
	int segments = orphaned_segments() - d->segments_before;
	int processes = server_processes(d->dir);
	bool dir_there = access(d->dir, F_OK) == 0;

	headline("What is left behind");
	printf("  server processes: %d, temporary directory: %s, segments in "
	       "/dev/shm: %d\n",
	       processes, dir_there ? d->dir : "removed",
	       segments > 0 ? segments : 0);
	return segments <= 0 && processes == 0 && !dir_there;
}

static bool
run_demo(demo *d, const char *word_file, const char *vectors_dir,
         bool vectors_only)
{
	double serial;
	double parallel;

	headline("Words");
	if (!make_vectors(d, word_file) || !find_exact(d) ||
	    (vectors_dir != NULL && !write_vectors(d, vectors_dir)))
		return false;
	if (vectors_only)
		return true;
	headline("A private server");
	if (!start_private_server(d))
		return false;
	headline("Loading by COPY");
	if (!load_words(d))
		return false;
	headline("Building the index: one participant, then two");
	serial = build_with(d, 0);
	parallel = serial < 0 ? -1 : build_with(d, 1);
	if (parallel < 0)
		return false;
	printf("speed-up with two participants: %.2f\n",
	       parallel > 0 ? serial / parallel : 0);
	headline("Misspelt words and their nearest words");
	if (!answer_misspelt(d))
		return false;
	headline("Recall against the exact scan, 1,000 misspelt words");
	if (!measure_recall(d))
		return false;
	headline("Sizes");
	print_sizes(d);
	return true;
}

int
cmd_demo(int argc, char **argv)
{
	static const struct option longopts[] = {
		{"help", no_argument, NULL, 'H'},
		{"words", required_argument, NULL, 'w'},
		{"vectors", required_argument, NULL, 'v'},
		{"vectors-only", required_argument, NULL, 'o'},
		{NULL, 0, NULL, 0}};
	const char *word_file = WORD_FILE;
	const char *vectors_dir = NULL;
	bool vectors_only = false;
	const char *tmp = getenv("TMPDIR");
	char *real;
	demo d;
	bool ok;
	int c;

	while ((c = getopt_long(argc, argv, "", longopts, NULL)) != -1)
	{
		switch (c)
		{
			case 'w':
				word_file = optarg;
				break;
			case 'v':
			case 'o':
				vectors_dir = optarg;
				vectors_only = c == 'o';
				break;
			case 'H':
				printf("Usage: tusk demo [--words FILE] [--vectors DIR | "
				       "--vectors-only DIR]\n\n"
				       "Starts a private server in a temporary directory, "
				       "loads a list of words as\nvectors, builds an HNSW "
				       "index serially and in parallel, answers misspelt\n"
				       "words, measures recall, and removes everything.\n\n"
				       "  --words FILE   one word per line (default %s)\n"
				       "  --vectors DIR  write the vectors, queries and exact "
				       "neighbours there\n"
				       "  --vectors-only DIR\n                 the same, and "
				       "end then\n",
				       WORD_FILE);
				return EXIT_DONE;
			default:
				return EXIT_USAGE;
		}
	}
	if (optind < argc)
	{
		complain("too many arguments; see tusk demo --help");
		return EXIT_USAGE;
	}
	catch_interrupts();
	if (vectors_dir != NULL && mkdir(vectors_dir, 0777) != 0 && errno != EEXIST)
	{
		complain("could not create directory \"%s\": %s", vectors_dir,
		         strerror(errno));
		return EXIT_FAILED;
	}
	memset(&d, 0, sizeof(d));
	d.segments_before = orphaned_segments();
	snprintf(d.dir, sizeof(d.dir), "%.40s/tusk-demo-XXXXXX",
	         tmp != NULL && tmp[0] == '/' && strlen(tmp) <= 40 ? tmp : "/tmp");
	if (mkdtemp(d.dir) == NULL)
	{
		complain("could not make a temporary directory \"%s\": %s", d.dir,
		         strerror(errno));
		return EXIT_FAILED;
	}
	/* as the processes' working directory will be called */
	real = realpath(d.dir, NULL);
	if (real != NULL && strlen(real) < sizeof(d.dir))
		strcpy(d.dir, real);
	free(real);
	snprintf(d.data, sizeof(d.data), "%s/data", d.dir);
	ok = run_demo(&d, word_file, vectors_dir, vectors_only);
	if (interrupted)
		complain("interrupted");
	ok = clean_up(&d) && ok;
	ok = report_left_overs(&d) && ok;
	return ok ? EXIT_DONE : EXIT_FAILED;
}
