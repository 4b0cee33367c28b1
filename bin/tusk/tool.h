/*
 * tool.h: what the subcommands of tusk share.
 *
 * What talks to a running server uses libtusk and nothing else; init and
 * start run the postmaster program that lies beside this one.
 *
 * Exit codes: 0 done, 1 failed, 2 wrong usage; status: 3 not running, 4 no
 * data directory.
 */
#ifndef TUSK_TOOL_H
#define TUSK_TOOL_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "tusk.h"

#define EXIT_DONE 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define EXIT_NOT_RUNNING 3
#define EXIT_NO_DIRECTORY 4

/* ---- subcommands ---- */

extern int cmd_init(int argc, char **argv);
extern int cmd_start(int argc, char **argv);
extern int cmd_stop(int argc, char **argv);
extern int cmd_status(int argc, char **argv);
extern int cmd_load(int argc, char **argv);
extern int cmd_check(int argc, char **argv);
extern int cmd_fault(int argc, char **argv);
extern int cmd_bench(int argc, char **argv);
extern int cmd_demo(int argc, char **argv);

/* ---- server.c ---- */

typedef struct server_info
{
	pid_t pid;
	int port;
	char socket_dir[512];
	char status[16];
} server_info;

/* Beside this program; for the postmaster TUSK_POSTMASTER comes first. */
extern bool find_program(const char *name, char *path, size_t size);
/* From DIR/postmaster.pid; false: there is none, or the process is gone. */
extern bool server_lookup(const char *dir, server_info *info);
/* Says so, or that this user cannot look. */
extern void complain_not_running(const char *dir);
extern int server_init(const char *dir, bool quiet);
/* settings: "name=value" each */
extern int server_start(const char *dir, const char *log, int nsettings,
                        char **settings, int timeout_s, bool quiet);
/* processes whose working directory is below dir */
extern int server_processes(const char *dir);
/*
 * Files in /dev/shm named PostgreSQL.*, ours, that no process has mapped: what
 * a server has left there.
 */
extern int orphaned_segments(void);
extern int
server_stop(const char *dir, int signal_number, int timeout_s, bool quiet);

/* ---- common.c ---- */

/* where to connect: -D, or -h, -p; -U, -d */
typedef struct connection_options
{
	const char *dir;
	const char *host;
	const char *port;
	const char *user;
	const char *dbname;
} connection_options;

/* Takes the option c of getopt; false: it is none of these. */
extern bool set_connection_option(connection_options *o, int c);
extern void
complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern void complain_session(const char *what, const tusk_session *s);
extern tusk_session *connect_or_complain(const connection_options *o,
                                         const tusk_attach_options *options);
/* Runs SQL, complains if it fails. */
extern bool run_sql(tusk_session *s, tusk_result **r, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Sets *exists: an ordinary table of that name can be seen. */
extern bool table_exists(tusk_session *s, const char *table, bool *exists);
extern double now_seconds(void);
/* SIGINT and SIGTERM set this; long calls look at it */
extern volatile sig_atomic_t interrupted;
extern void catch_interrupts(void);
/* for tusk_attach_options.progress */
extern int stop_if_interrupted(void *arg);
/* a bar on a terminal, a line per tenth elsewhere; done = total ends it */
extern void
show_progress(const char *what, uint64_t done, uint64_t total, double since);
extern bool
parse_int(const char *text, const char *what, int min, int max, int *value);
/* "40,80,..." into list; number of values, -1: wrong */
extern int parse_int_list(const char *text, int *list, int max);

/* ---- vectors.c ---- */

typedef struct vector_file
{
	FILE *file;
	char path[512];
	int dim;
	int bytes_per_value;
	char kind; /* 'f', 'b' or 'i' */
	uint64_t rows;
	unsigned char *record;
} vector_file;

/* Complains and returns false if it is no sound vector file. */
extern bool vector_file_open(vector_file *v, const char *path);
extern bool vector_file_read(vector_file *v, float *values);
extern void vector_file_close(vector_file *v);
/* All of it, rows x dim, malloc'd. */
extern float *vector_file_load(const char *path, int *dim, uint64_t *rows);
extern bool vector_file_write(const char *path, const float *values, int dim,
                              uint64_t rows);
extern bool
int_file_write(const char *path, const int32_t *values, int k, uint64_t rows);

typedef enum
{
	METRIC_L2,
	METRIC_IP,
	METRIC_COSINE
} vector_metric;

extern double
vector_distance(vector_metric metric, const float *a, const float *b, int dim);
/*
 * Exact k nearest rows of base for each query, by a scan with all processors:
 * rows in ids, the distance of the k-th in limit; either may be NULL.  False:
 * interrupted or out of memory.
 */
extern bool
exact_neighbours(vector_metric metric, const float *base, uint64_t rows,
                 const float *queries, uint64_t nqueries, int dim, int k,
                 int32_t *ids, double *limit);
/* A distance up to this counts as not above limit (rounding). */
extern double distance_allowance(double limit);

/* ---- load.c, bench.c for demo.c ---- */

typedef struct copy_writer
{
	tusk_copy *copy;
	unsigned char *buf;
	size_t used;
	size_t size;
	bool failed; /* set by the caller: finish aborts */
} copy_writer;

extern bool writer_begin(copy_writer *w, tusk_session *s, const char *sql);
extern bool writer_row(copy_writer *w, int fields);
extern bool writer_int64(copy_writer *w, int64_t value);
extern bool writer_int32(copy_writer *w, int32_t value);
extern bool writer_text(copy_writer *w, const char *value);
extern bool writer_vector(copy_writer *w, const float *values, int dim);
extern bool writer_flush(copy_writer *w);
extern bool writer_finish(copy_writer *w, tusk_session *s, int64_t *rows);

/*
 * CREATE INDEX with progress, read on a session of its own (may be NULL);
 * -1: failed.  rows: for the percentage.  cpu (or NULL): processor time of all
 * participants; -1: not known.
 */
extern double timed_build(tusk_session *s, tusk_session *monitor,
                          const char *sql, uint64_t rows, double *cpu);

typedef struct search_outcome
{
	double recall;
	double queries_per_second;
} search_outcome;

/* The progress function of sessions that build. */
extern int progress_of_current(void *arg);

/* sql: SELECT id ... $1 ..., id is the row number in base. */
extern bool
measure_search(tusk_session *s, const char *sql, vector_metric metric,
               const float *base, uint64_t rows, const float *queries,
               uint64_t nqueries, int dim, int k, const double *limit,
               search_outcome *out);

#endif /* TUSK_TOOL_H */
