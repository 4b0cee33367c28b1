/*
 * load.c: loading vector files by COPY in binary.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

#define WRITER_FLUSH_BYTES 65536
#define REPORT_EVERY_ROWS 1000

/* ---- rows of COPY's binary format ---- */

static void *
writer_reserve(copy_writer *w, size_t length)
{
	void *p;

	if (w->size - w->used < length)
	{
		size_t size = (w->used + length) * 2;
		unsigned char *buf = realloc(w->buf, size);

		if (buf == NULL)
			return NULL;
		w->buf = buf;
		w->size = size;
	}
	p = w->buf + w->used;
	w->used += length;
	return p;
}

static bool
writer_put(copy_writer *w, const void *data, size_t length)
{
	void *p = writer_reserve(w, length);

	if (p == NULL)
		return false;
	memcpy(p, data, length);
	return true;
}

static bool
writer_put32(copy_writer *w, uint32_t value)
{
	value = htonl(value);
	return writer_put(w, &value, sizeof(value));
}

bool
writer_flush(copy_writer *w)
{
	tusk_status status = tusk_copy_write(w->copy, w->buf, w->used);

	w->used = 0;
	return status == TUSK_OK;
}

bool
writer_begin(copy_writer *w, tusk_session *s, const char *sql)
{
	static const char header[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0";

	memset(w, 0, sizeof(*w));
	if (tusk_copy_begin(s, sql, &w->copy) != TUSK_OK)
	{
		complain_session(sql, s);
		return false;
	}
	return writer_put(w, header, sizeof(header));
}

bool
writer_row(copy_writer *w, int fields)
{
	uint16_t n = htons((uint16_t) fields);

	if (w->used >= WRITER_FLUSH_BYTES && !writer_flush(w))
		return false;
	return writer_put(w, &n, sizeof(n));
}

bool
writer_int32(copy_writer *w, int32_t value)
{
	return writer_put32(w, 4) && writer_put32(w, (uint32_t) value);
}

bool
writer_int64(copy_writer *w, int64_t value)
{
	return writer_put32(w, 8) &&
	       writer_put32(w, (uint32_t) ((uint64_t) value >> 32)) &&
	       writer_put32(w, (uint32_t) value);
}

bool
writer_text(copy_writer *w, const char *value)
{
	size_t length = strlen(value);

	return writer_put32(w, (uint32_t) length) && writer_put(w, value, length);
}

bool
writer_vector(copy_writer *w, const float *values, int dim)
{
	void *p;

	if (!writer_put32(w, (uint32_t) TUSK_VECTOR_SIZE(dim)))
		return false;
	p = writer_reserve(w, TUSK_VECTOR_SIZE(dim));
	if (p == NULL)
		return false;
	tusk_vector_encode(values, dim, p);
	return true;
}

/* Ends the COPY; frees everything whatever happens. */
bool
writer_finish(copy_writer *w, tusk_session *s, int64_t *rows)
{
	uint16_t trailer = 0xFFFF;
	bool ok = !w->failed && !interrupted &&
	          writer_put(w, &trailer, sizeof(trailer)) && writer_flush(w);
	tusk_status status = ok ? tusk_copy_finish(w->copy, rows)
	                        : tusk_copy_abort(w->copy, "interrupted");

	free(w->buf);
	w->buf = NULL;
	if (status != TUSK_OK)
		complain_session("could not load", s);
	return ok && status == TUSK_OK;
}

/* ---- the subcommand ---- */

static void
usage(FILE *out)
{
	fprintf(out,
	        "Usage: tusk load [-D DIR | -h HOST] [-t TABLE] FILE\n\n"
	        "Loads a .fvecs, .bvecs or .ivecs file by COPY.  A table that does "
	        "not exist\nis made: (id bigint, embedding vector(n)), id is the "
	        "row's number in the file.\n\n"
	        "  -D DIR         the server of this data directory\n"
	        "  -h HOST        directory of its socket\n"
	        "  -p PORT        its port (default 5432)\n"
	        "  -U USER        default: your name\n"
	        "  -d DATABASE    default postgres\n"
	        "  -t TABLE       default items\n"
	        "  --first-id N   number of the first row (default 0)\n"
	        "  --limit N      load N rows at most\n");
}

/*
 * What COPY would say of other columns is about bytes; here it is said of
 * types.
 */
static bool
columns_fit(tusk_session *s, const char *table)
{
	tusk_result *r;
	tusk_param param = {table, 0, TUSK_TEXT, 25};
	char columns[512] = "";
	size_t n = 0;
	bool fit;

	if (tusk_exec_params(
			s,
			"SELECT a.attname, pg_catalog.format_type(a.atttypid, NULL) FROM "
			"pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = "
			"a.attrelid WHERE c.relname = $1 AND c.relkind = 'r' AND a.attnum "
			"> 0 AND NOT a.attisdropped ORDER BY a.attnum",
			1, &param, TUSK_TEXT, &r) != TUSK_OK)
	{
		complain_session("could not look at the table's columns", s);
		return false;
	}
	fit = tusk_result_rows(r) == 2 &&
	      strcmp(tusk_result_value(r, 0, 1), "bigint") == 0 &&
	      strcmp(tusk_result_value(r, 1, 1), "vector") == 0;
	for (int i = 0; i < tusk_result_rows(r) && n < sizeof(columns); i++)
		n += (size_t) snprintf(columns + n, sizeof(columns) - n, "%s%s %s",
		                       i > 0 ? ", " : "", tusk_result_value(r, i, 0),
		                       tusk_result_value(r, i, 1));
	tusk_result_free(r);
	if (!fit)
		complain("table \"%s\" has the columns (%s), must have (bigint, "
		         "vector)\nHINT:  Name another table by -t; one that does not "
		         "exist is made.",
		         table, columns);
	return fit;
}

static bool
make_table(tusk_session *s, const char *table, int dim)
{
	bool exists;

	if (!run_sql(s, NULL, "CREATE EXTENSION IF NOT EXISTS vector") ||
	    !table_exists(s, table, &exists))
		return false;
	if (exists)
		return columns_fit(s, table);
	return run_sql(s, NULL,
	               "CREATE TABLE \"%s\" (id bigint, embedding vector(%d))",
	               table, dim);
}

static bool
copy_file(tusk_session *s, vector_file *v, const char *table, int64_t first_id,
          uint64_t limit)
{
	char sql[256];
	copy_writer w;
	float *values = malloc(sizeof(float) * (size_t) v->dim);
	uint64_t total = limit > 0 && limit < v->rows ? limit : v->rows;
	double since = now_seconds();
	int64_t rows = 0;
	bool ok = values != NULL;

	snprintf(sql, sizeof(sql), "COPY \"%s\" FROM STDIN (FORMAT binary)", table);
	if (!ok || !writer_begin(&w, s, sql))
	{
		free(values);
		return false;
	}
	for (uint64_t i = 0; ok && i < total && !interrupted; i++)
	{
		ok = vector_file_read(v, values) && writer_row(&w, 2) &&
		     writer_int64(&w, first_id + (int64_t) i) &&
		     writer_vector(&w, values, v->dim);
		if (i % REPORT_EVERY_ROWS == 0)
			show_progress("Loading", i, total, since);
	}
	free(values);
	w.failed = !ok;
	if (!writer_finish(&w, s, &rows))
		return false;
	show_progress("Loading", total, total, since);
	printf("%lld rows of dimension %d loaded into \"%s\" in %.1f s.\n",
	       (long long) rows, v->dim, table, now_seconds() - since);
	return ok;
}

int
cmd_load(int argc, char **argv)
{
	static const struct option longopts[] = {
		{"help", no_argument, NULL, 'H'},
		{"first-id", required_argument, NULL, 'F'},
		{"limit", required_argument, NULL, 'L'},
		{NULL, 0, NULL, 0}};
	connection_options conn = {0};
	tusk_attach_options options = {.size = sizeof(options),
	                               .progress = stop_if_interrupted};
	const char *table = "items";
	int first_id = 0;
	int limit = 0;
	vector_file v;
	tusk_session *s;
	bool ok;
	int c;

	while ((c = getopt_long(argc, argv, "D:h:p:U:d:t:", longopts, NULL)) != -1)
	{
		switch (c)
		{
			case 't':
				table = optarg;
				break;
			case 'F':
				if (!parse_int(optarg, "--first-id", 0, INT32_MAX, &first_id))
					return EXIT_USAGE;
				break;
			case 'L':
				if (!parse_int(optarg, "--limit", 1, INT32_MAX, &limit))
					return EXIT_USAGE;
				break;
			case 'H':
				usage(stdout);
				return EXIT_DONE;
			default:
				if (set_connection_option(&conn, c))
					break;
				usage(stderr);
				return EXIT_USAGE;
		}
	}
	if (optind != argc - 1)
	{
		complain(optind < argc ? "too many arguments" : "FILE is missing");
		usage(stderr);
		return EXIT_USAGE;
	}
	if (strchr(table, '"') != NULL || strlen(table) > 63)
	{
		complain("invalid table name \"%s\"", table);
		return EXIT_USAGE;
	}
	catch_interrupts();
	if (!vector_file_open(&v, argv[optind]))
		return EXIT_FAILED;
	s = connect_or_complain(&conn, &options);
	ok = s != NULL && make_table(s, table, v.dim) &&
	     copy_file(s, &v, table, first_id, (uint64_t) limit);
	tusk_detach(s);
	vector_file_close(&v);
	return ok ? EXIT_DONE : EXIT_FAILED;
}
