/*
 * direct_client.c: a client that is told line by line what to do, for
 * direct_client.py.  It is linked with all of libtusk, hidden functions too.
 *
 * Commands, arguments separated by one blank, answers on one line each:
 *
 *	attach N CONNINFO				session N: 0..
 *	detach N
 *	sql N STATEMENT					values of the last row, by "|"
 *	find N OID K OFFSET COLUMNS FORM VALUE...
 *		Direct search for each value of the index's table: columns "1,0,3".
 *		FORM: floats (numbers separated by ","), or binary (hex).
 *		Answer: done D of N; rows of each query, by "/", columns by ",", the TID
 *		first; "none: REASON" if nothing was done.
 *	run N NAME K VALUE...			the same of a prepared statement
 *	texts N FROM TO NAME K VALUE	the same, each time as of another text; answer:
 *		how many were done directly, and bytes in use afterwards
 *	nomemory NTH					that allocation from now on fails, once; 0: none
 *	refused							how many have failed
 *	fork N OID						what the child of a fork is told, if it has one thread
 *	room KB							the address space may grow by so much; -1: at will
 *	transport N
 *	segments N						what is said of segments that are none; N: a session
 *	counts N						queries done directly, and by the backend
 *	threads N SECONDS OID CONNINFO	N threads with a session each search the table
 *		"moving" (id, v vector(16)), in transactions of one snapshot; what direct
 *		search returns must be rows that the backend sees, each once
 *	told N OID CONNINFO	N rounds: another process commits, says so by a pipe, and
 *		a search that begins then must see it; the table "told" (n int, v
 *		vector(2)) has one row
 *	pairs N SECONDS OID CONNINFO	N threads search the table "pairs" (id int, n int,
 *		v vector(16)) one search after the other, in no transaction: rows 2i and
 *		2i + 1, which change together, must be of one moment, and no search may go
 *		back behind the one before
 */
#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "direct.h"
#include "direct/reader.h"

#define SESSIONS 64
#define VALUES 256

static tusk_session *sessions[SESSIONS];
static char *text_of_prepared = "prepared";

/* ---- allocations that fail ---- */

static __thread int until_failure; /* 0: none does */
static int refused;

extern void *__real_malloc(size_t size);
extern void *__real_calloc(size_t n, size_t size);
extern void *__real_realloc(void *p, size_t size);
extern char *__real_strdup(const char *text);
extern void *__wrap_malloc(size_t size);
extern void *__wrap_calloc(size_t n, size_t size);
extern void *__wrap_realloc(void *p, size_t size);
extern char *__wrap_strdup(const char *text);

static int
is_refused(void)
{
	if (until_failure == 0 || --until_failure > 0)
		return 0;
	refused++;
	errno = ENOMEM;
	return 1;
}

void *
__wrap_malloc(size_t size)
{
	return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
	return is_refused() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *p, size_t size)
{
	return is_refused() ? NULL : __real_realloc(p, size);
}

char *
__wrap_strdup(const char *text)
{
	return is_refused() ? NULL : __real_strdup(text);
}

/* ---- commands ---- */

static void
error_line(tusk_session *s)
{
	const tusk_error *e = tusk_error_of(s);

	printf("error %s %s\n", e->sqlstate, e->message);
}

static void
attach(int n, const char *conninfo)
{
	if (tusk_attach(conninfo, NULL, &sessions[n]) != TUSK_OK)
	{
		error_line(sessions[n]);
		return;
	}
	printf("ok %s\n", tusk_direct_open(sessions[n])
	                      ? "direct"
	                      : tusk_direct_reason(sessions[n]));
}

static void
sql(int n, const char *statement)
{
	tusk_result *r = NULL;

	if (tusk_exec(sessions[n], statement, &r) != TUSK_OK)
	{
		error_line(sessions[n]);
		return;
	}
	printf("ok");
	for (int row = 0; row < tusk_result_rows(r); row++)
		for (int c = 0; c < tusk_result_columns(r); c++)
		{
			const char *v = tusk_result_value(r, row, c);

			printf("%c%s", c == 0 ? (row == 0 ? ' ' : '/') : ',',
			       v == NULL ? "null" : v);
		}
	printf("\n");
	tusk_result_free(r);
}

static void
print_value(uint32_t type, const char *v, int length)
{
	uint16_t u16 = 0;
	uint32_t u32 = 0;
	uint64_t u64 = 0;
	float f;
	double d;

	if (v == NULL)
	{
		printf(",null");
		return;
	}
	memcpy(&u16, v, length >= 2 ? 2 : 0);
	memcpy(&u32, v, length >= 4 ? 4 : 0);
	memcpy(&u64, v, length >= 8 ? 8 : 0);
	switch (type)
	{
		case 16:
			printf(",%s", *v ? "t" : "f");
			break;
		case 21:
			printf(",%d", (int16_t) be16toh(u16));
			break;
		case 23:
			printf(",%d", (int32_t) be32toh(u32));
			break;
		case 26:
			printf(",%u", be32toh(u32));
			break;
		case 20:
			printf(",%" PRId64, (int64_t) be64toh(u64));
			break;
		case 700:
			u32 = be32toh(u32);
			memcpy(&f, &u32, sizeof(f));
			printf(",%.9g", (double) f);
			break;
		case 701:
			u64 = be64toh(u64);
			memcpy(&d, &u64, sizeof(d));
			printf(",%.17g", d);
			break;
		default:
			printf(",%.*s", length, v);
			break;
	}
}

static void
print_result(tusk_session *s, const tusk_direct_result *r, int nqueries)
{
	int done = tusk_direct_result_done(r);

	if (done == 0 && nqueries > 0)
	{
		printf("none: %s\n", tusk_direct_reason(s));
		return;
	}
	printf("done %d of %d;", done, nqueries);
	for (int q = 0; q < done; q++)
	{
		printf("%s", q == 0 ? " " : ";");
		for (int i = 0; i < tusk_direct_result_rows(r, q); i++)
		{
			uint32_t block;
			uint16_t offset;

			tusk_direct_result_tid(r, q, i, &block, &offset);
			printf("%s(%u:%u)", i == 0 ? "" : "/", block, offset);
			for (int c = 0; c < tusk_direct_result_columns(r); c++)
			{
				int length;
				const char *v = tusk_direct_result_value(r, q, i, c, &length);

				print_value(tusk_direct_result_type(r, c), v, length);
			}
		}
	}
	printf("\n");
}

/* Numbers separated by commas; returns how many. */
static int
parse_numbers(char *text, double *to, int room)
{
	int n = 0;

	for (char *p = strtok(text, ","); p != NULL && n < room;
	     p = strtok(NULL, ","))
		to[n++] = strtod(p, NULL);
	return n;
}

static int
parse_hex(const char *text, unsigned char *to)
{
	int n = 0;

	for (; text[0] != '\0' && text[1] != '\0'; text += 2)
	{
		unsigned byte;

		if (sscanf(text, "%2x", &byte) != 1)
			break;
		to[n++] = (unsigned char) byte;
	}
	return n;
}

static void
search(int n, uint32_t index, const char *name, tusk_direct_request *request)
{
	tusk_direct_query *q;
	tusk_direct_result *r;

	if (tusk_direct_query_create(sessions[n], index, name,
	                             name == NULL ? NULL : text_of_prepared,
	                             &q) != TUSK_OK)
	{
		error_line(sessions[n]);
		return;
	}
	if (tusk_direct_search(q, request, &r) != TUSK_OK)
		error_line(sessions[n]);
	else
	{
		print_result(sessions[n], r, request->nqueries);
		tusk_direct_result_free(r);
	}
	tusk_direct_query_free(q);
}

static void
find(char *args)
{
	char *save;
	int n = atoi(strtok_r(args, " ", &save));
	uint32_t index = (uint32_t) strtoul(strtok_r(NULL, " ", &save), NULL, 10);
	int64_t k = atoll(strtok_r(NULL, " ", &save));
	int64_t offset = atoll(strtok_r(NULL, " ", &save));
	char *columns_text = strtok_r(NULL, " ", &save);
	char *form = strtok_r(NULL, " ", &save);
	static double numbers[65536];
	static float floats[VALUES * 4096];
	static unsigned char bytes[VALUES * 16384];
	int16_t columns[64];
	tusk_param params[VALUES] = {0};
	tusk_direct_request request = {.limit = k, .offset = offset};
	int ncolumns;
	size_t used = 0;
	char *value;

	ncolumns = parse_numbers(columns_text, numbers, 64);
	for (int i = 0; i < ncolumns; i++)
		columns[i] = (int16_t) numbers[i];
	request.ncolumns = ncolumns;
	request.columns = columns;
	while ((value = strtok_r(NULL, " ", &save)) != NULL &&
	       request.nqueries < VALUES)
	{
		if (strcmp(form, "floats") == 0)
		{
			int dim = parse_numbers(value, numbers, 4096);

			for (int i = 0; i < dim; i++)
				floats[used++] = (float) numbers[i];
			request.dimensions = dim;
			request.vectors = floats;
		}
		else
		{
			tusk_param *p = &params[request.nqueries];

			p->value = bytes + used;
			p->length = parse_hex(value, bytes + used);
			p->format = TUSK_BINARY;
			used += (size_t) p->length;
			request.values = params;
		}
		request.nqueries++;
	}
	search(n, index, NULL, &request);
}

/* run N NAME K VALUE: parameters are the value in hex, and K as int8 if any */
static void
run(char *args)
{
	char *save;
	int n = atoi(strtok_r(args, " ", &save));
	char *name = strtok_r(NULL, " ", &save);
	char *k = strtok_r(NULL, " ", &save);
	char *value = strtok_r(NULL, " ", &save);
	static unsigned char bytes[65536];
	tusk_param params[2] = {0};
	tusk_direct_request request = {.nqueries = 1, .nparams = 2};

	params[0].value = bytes;
	params[0].length = parse_hex(value, bytes);
	params[0].format = TUSK_BINARY;
	params[1].value = k;
	params[1].format = TUSK_TEXT;
	request.params = params;
	request.limit = atoll(k);
	search(n, 0, name, &request);
}

/* texts N FROM TO NAME K VALUE */
static void
texts(char *args)
{
	char *save;
	int n = atoi(strtok_r(args, " ", &save));
	int from = atoi(strtok_r(NULL, " ", &save));
	int to = atoi(strtok_r(NULL, " ", &save));
	char *name = strtok_r(NULL, " ", &save);
	char *k = strtok_r(NULL, " ", &save);
	unsigned char bytes[4096];
	tusk_param params[2] = {
		{.value = bytes, .format = TUSK_BINARY},
		{.value = k, .format = TUSK_TEXT},
	};
	tusk_direct_request request = {
		.nqueries = 1, .nparams = 2, .params = params, .limit = atoll(k)};
	int done = 0;

	params[0].length = parse_hex(strtok_r(NULL, " ", &save), bytes);
	for (int i = from; i < to; i++)
	{
		char text[64];
		tusk_direct_query *q;
		tusk_direct_result *r = NULL;

		snprintf(text, sizeof(text), "text number %d", i);
		if (tusk_direct_query_create(sessions[n], 0, name, text, &q) == TUSK_OK)
		{
			if (tusk_direct_search(q, &request, &r) == TUSK_OK)
				done += tusk_direct_result_done(r);
			tusk_direct_result_free(r);
			tusk_direct_query_free(q);
		}
	}
	printf("ok %d %zu\n", done, mallinfo2().uordblks);
}

static void
limit_room(long kb)
{
	struct rlimit limit;
	FILE *f = fopen("/proc/self/statm", "r");
	unsigned long pages;

	if (getrlimit(RLIMIT_AS, &limit) != 0 || f == NULL ||
	    fscanf(f, "%lu", &pages) != 1)
		exit(1);
	fclose(f);
	limit.rlim_cur = limit.rlim_max;
	if (kb >= 0)
		limit.rlim_cur = pages * (rlim_t) getpagesize() + (rlim_t) kb * 1024;
	printf("%s\n", setrlimit(RLIMIT_AS, &limit) == 0 ? "ok" : "error");
}

/* Of this process. */
static int
count_threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int n = 0;

	while (dir != NULL && readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 2; /* . and .. */
}

static void
fork_and_search(int n, uint32_t index)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
	{
		float zero[2] = {0, 0};
		tusk_direct_request request = {
			.nqueries = 1, .vectors = zero, .dimensions = 2, .limit = 1};

		if (count_threads() == 1)
			search(n, index, NULL, &request);
		else
			printf("error: it has %d threads\n", count_threads());
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
}

/* ---- segments that are none ---- */

#define ALL_SEALS \
	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

/* A memfd with the first bytes of a real segment, one of them changed. */
static int
make_segment(const char *bytes, size_t size, long change, int seals)
{
	int fd = memfd_create("not-tusk", MFD_ALLOW_SEALING | MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t) size) != 0 ||
	    write(fd, bytes, size) != (ssize_t) size)
		exit(1);
	if (change >= 0)
	{
		char byte = (char) (bytes[change] + 1);

		if (pwrite(fd, &byte, 1, change) != 1)
			exit(1);
	}
	if (fcntl(fd, F_ADD_SEALS, seals) != 0)
		exit(1);
	return fd;
}

static void
say_segment(int fd, size_t size)
{
	char reason[256] = "taken";
	tusk_mapping *m = tusk_mapping_open(fd, size, reason, sizeof(reason));

	printf("%s/", m == NULL ? reason : "taken");
	tusk_mapping_close(m);
	close(fd);
}

static void
segments(tusk_session *s)
{
	size_t size = 65536; /* more than the header */
	char *bytes =
		mmap(NULL, s->public_size, PROT_READ, MAP_SHARED, s->public_fd, 0);
	void *writable = mmap(NULL, s->public_size, PROT_READ | PROT_WRITE,
	                      MAP_SHARED, s->public_fd, 0);
	char path[64];
	int again;

	/* unsealed, each seal missing, another size, other bytes */
	say_segment(make_segment(bytes, size, -1, 0), size);
	for (int seal = 1; seal <= F_SEAL_FUTURE_WRITE; seal *= 2)
		if (ALL_SEALS & seal)
			say_segment(make_segment(bytes, size, -1, ALL_SEALS & ~seal), size);
	say_segment(make_segment(bytes, size, -1, ALL_SEALS), size + 4096);
	say_segment(make_segment(bytes, size, 0, ALL_SEALS), size);
	say_segment(make_segment(bytes, size, 44, ALL_SEALS), size);
	say_segment(make_segment(bytes, size, -1, ALL_SEALS), size);
	say_segment(open("/dev/null", O_RDONLY), size);
	/* what a client has of the real one cannot be written */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", s->public_fd);
	again = open(path, O_RDWR);
	printf("%s/%s/%s\n", writable == MAP_FAILED ? "read-only" : "writable",
	       mprotect(bytes, 4096, PROT_READ | PROT_WRITE) != 0 ? "read-only"
	                                                          : "writable",
	       (again < 0 || pwrite(again, "x", 1, 0) < 0) &&
	               ftruncate(s->public_fd, 4096) != 0
	           ? "read-only"
	           : "writable");
	if (again >= 0)
		close(again);
	munmap(bytes, s->public_size);
}

/* ---- threads ---- */

#define MAX_IDS 100000
#define MOVING_DIMS 16

typedef struct searcher
{
	pthread_t thread;
	const char *conninfo;
	uint32_t index;
	time_t until;
	unsigned seed;
	long searches;
	long rows;
	int64_t direct;
	int64_t backend;
	long begun;
	char wrong[512];
} searcher;

/* Where the backend sees each id in this snapshot: block << 16 | offset. */
static bool
see_rows(searcher *t, tusk_session *s, uint64_t *places)
{
	tusk_result *r;

	memset(places, 0, MAX_IDS * sizeof(*places));
	if (tusk_exec(s, "SELECT id, ctid FROM moving", &r) != TUSK_OK)
		return false;
	for (int i = 0; i < tusk_result_rows(r); i++)
	{
		unsigned block, offset;
		int64_t id = tusk_result_int64(r, i, 0);

		if (sscanf(tusk_result_value(r, i, 1), "(%u,%u)", &block, &offset) ==
		        2 &&
		    id >= 0 && id < MAX_IDS)
			places[id] = (uint64_t) block << 16 | offset;
	}
	tusk_result_free(r);
	return true;
}

static void
check_rows(searcher *t, const tusk_direct_result *r, const uint64_t *places,
           int64_t *last, int64_t round)
{
	for (int q = 0; q < tusk_direct_result_done(r); q++, round++)
		for (int i = 0; i < tusk_direct_result_rows(r, q); i++)
		{
			uint32_t block, raw;
			uint16_t offset;
			int length;
			const char *v = tusk_direct_result_value(r, q, i, 0, &length);
			int64_t id;

			memcpy(&raw, v, 4);
			id = (int32_t) be32toh(raw);
			tusk_direct_result_tid(r, q, i, &block, &offset);
			t->rows++;
			if (id < 0 || id >= MAX_IDS ||
			    places[id] != ((uint64_t) block << 16 | offset))
				snprintf(t->wrong, sizeof(t->wrong),
				         "id %" PRId64 " at (%u,%u) is not visible", id, block,
				         offset);
			else if (last[id] == round)
				snprintf(t->wrong, sizeof(t->wrong),
				         "id %" PRId64 " came twice", id);
			else
				last[id] = round;
		}
}

static bool
search_once(searcher *t, tusk_session *s, tusk_direct_query *q,
            uint64_t *places, int64_t *last)
{
	float vectors[4 * MOVING_DIMS];
	int16_t columns[1] = {1};
	tusk_direct_request request = {.nqueries = 4,
	                               .vectors = vectors,
	                               .dimensions = MOVING_DIMS,
	                               .limit = 20,
	                               .ncolumns = 1,
	                               .columns = columns};
	tusk_direct_result *r;

	for (int i = 0; i < 4 * MOVING_DIMS; i++)
		vectors[i] = (float) (rand_r(&t->seed) % 1000) / 1000;
	if (tusk_exec(s, "BEGIN ISOLATION LEVEL REPEATABLE READ", NULL) != TUSK_OK)
		return false;
	/* what is seen later is the same snapshot */
	if (tusk_direct_search(q, &request, &r) != TUSK_OK)
		return false;
	if (!see_rows(t, s, places))
		return false;
	check_rows(t, r, places, last, t->searches * 4 + 1);
	tusk_direct_result_free(r);
	t->searches++;
	return tusk_exec(s, "COMMIT", NULL) == TUSK_OK;
}

static void *
searcher_main(void *arg)
{
	searcher *t = arg;
	uint64_t *places = malloc(MAX_IDS * sizeof(*places));
	int64_t *last = calloc(MAX_IDS, sizeof(*last));
	tusk_direct_query *q = NULL;
	tusk_session *s;

	if (tusk_attach(t->conninfo, NULL, &s) == TUSK_OK &&
	    tusk_direct_query_create(s, t->index, NULL, NULL, &q) == TUSK_OK)
		while (time(NULL) < t->until && t->wrong[0] == '\0' &&
		       search_once(t, s, q, places, last))
			;
	if (strcmp(tusk_error_of(s)->sqlstate, "00000") != 0)
		snprintf(t->wrong, sizeof(t->wrong), "%s %s",
		         tusk_error_of(s)->sqlstate, tusk_error_of(s)->message);
	tusk_direct_counts(s, &t->direct, &t->backend);
	tusk_direct_query_free(q);
	tusk_detach(s);
	free(places);
	free(last);
	return NULL;
}

static void
threads(int n, char *args, void *(*main_function)(void *) )
{
	char *save;
	long seconds = atol(strtok_r(args, " ", &save));
	uint32_t index = (uint32_t) strtoul(strtok_r(NULL, " ", &save), NULL, 10);
	searcher searchers[64] = {0};
	long searches = 0, rows = 0, direct = 0, backend = 0, begun = 0;
	const char *wrong = "";

	for (int i = 0; i < n; i++)
	{
		searchers[i].conninfo = save;
		searchers[i].index = index;
		searchers[i].until = time(NULL) + seconds;
		searchers[i].seed = (unsigned) i + 1;
		pthread_create(&searchers[i].thread, NULL, main_function,
		               &searchers[i]);
	}
	for (int i = 0; i < n; i++)
	{
		pthread_join(searchers[i].thread, NULL);
		searches += searchers[i].searches;
		rows += searchers[i].rows;
		direct += searchers[i].direct;
		backend += searchers[i].backend;
		begun += searchers[i].begun;
		if (searchers[i].wrong[0] != '\0')
			wrong = searchers[i].wrong;
	}
	if (wrong[0] != '\0')
		printf("wrong: %s\n", wrong);
	else
		printf("ok %ld searches, %ld rows, %ld direct, %ld backend, "
		       "%ld begun\n",
		       searches, rows, direct, backend, begun);
}

/* ---- searches one after the other ---- */

/* An int4 in binary. */
static int
int_value(const tusk_direct_result *r, int row, int column)
{
	int length;
	const char *v = tusk_direct_result_value(r, 0, row, column, &length);
	uint32_t raw = 0;

	if (v != NULL && length == 4)
		memcpy(&raw, v, 4);
	return (int) be32toh(raw);
}

/* Commits a round for each byte that comes, and answers with one. */
static void
commit_rounds(const char *conninfo, int from, int to)
{
	tusk_session *s;
	char byte;
	char text[80];

	if (tusk_attach(conninfo, NULL, &s) != TUSK_OK ||
	    tusk_exec(s, "SET synchronous_commit = off", NULL) != TUSK_OK)
		_exit(1);
	for (int round = 1; read(from, &byte, 1) == 1; round++)
	{
		snprintf(text, sizeof(text), "UPDATE told SET n = %d", round);
		if (tusk_exec(s, text, NULL) != TUSK_OK || write(to, &byte, 1) != 1)
			_exit(1);
	}
	_exit(0);
}

/* What one search finds in told; -1: it was the backend's, or failed. */
static int
search_told(tusk_direct_query *q)
{
	float zero[2] = {0, 0};
	int16_t columns[1] = {1};
	tusk_direct_request request = {.nqueries = 1,
	                               .vectors = zero,
	                               .dimensions = 2,
	                               .limit = 1,
	                               .ncolumns = 1,
	                               .columns = columns};
	tusk_direct_result *r;
	int n = -1;

	if (tusk_direct_search(q, &request, &r) != TUSK_OK)
		return -1;
	if (tusk_direct_result_done(r) == 1 && tusk_direct_result_rows(r, 0) == 1)
		n = int_value(r, 0, 0);
	tusk_direct_result_free(r);
	return n;
}

/* Searches that the session's backend has begun. */
static long
searches_begun(tusk_session *s)
{
	tusk_result *r;
	long n = -1;

	if (tusk_exec(s,
	              "SELECT searches FROM tusk_direct_searches WHERE pid = "
	              "pg_backend_pid()",
	              &r) == TUSK_OK)
		n = (long) tusk_result_int64(r, 0, 0);
	tusk_result_free(r);
	return n;
}

static void
told(int rounds, char *args)
{
	char *save;
	uint32_t index = (uint32_t) strtoul(strtok_r(args, " ", &save), NULL, 10);
	int go[2];
	int done[2];
	tusk_direct_query *q;
	tusk_session *s;
	long calls = 0;
	int round = 0;
	int found = 0;
	int status;
	pid_t pid;

	if (pipe(go) != 0 || pipe(done) != 0)
		exit(1);
	fflush(stdout);
	pid = fork();
	if (pid == 0)
	{
		close(go[1]);
		close(done[0]);
		commit_rounds(save, go[0], done[1]);
	}
	close(go[0]);
	close(done[1]);
	if (tusk_attach(save, NULL, &s) != TUSK_OK ||
	    tusk_direct_query_create(s, index, NULL, NULL, &q) != TUSK_OK)
		exit(1);
	while (round < rounds && found == round)
	{
		char byte = 'c';

		/* the searches before it: so that one is kept */
		for (int i = 0; i < 3 && found == round; i++, calls++)
			found = search_told(q);
		if (found != round)
			break;
		if (write(go[1], &byte, 1) != 1 || read(done[0], &byte, 1) != 1)
			break;
		round++;
		found = search_told(q);
		calls++;
	}
	if (found != round || round != rounds)
		printf("wrong: %d after round %d: %s\n", found, round,
		       tusk_direct_reason(s));
	else
		printf("ok %ld calls, %ld begun\n", calls, searches_begun(s));
	close(go[1]);
	close(done[0]);
	waitpid(pid, &status, 0);
	tusk_direct_query_free(q);
	tusk_detach(s);
}

#define MAX_PAIRS 1000

/* Each id once, both of a pair equal, none older than it was. */
static void
check_pairs(searcher *t, const tusk_direct_result *r, int *last)
{
	static const int unseen = -1;
	int now[2 * MAX_PAIRS];

	for (int i = 0; i < 2 * MAX_PAIRS; i++)
		now[i] = unseen;
	for (int i = 0; i < tusk_direct_result_rows(r, 0); i++)
	{
		int id = int_value(r, i, 0);

		t->rows++;
		if (id < 0 || id >= 2 * MAX_PAIRS || now[id] != unseen)
			snprintf(t->wrong, sizeof(t->wrong), "id %d came twice", id);
		else
			now[id] = int_value(r, i, 1);
	}
	for (int id = 0; id < 2 * MAX_PAIRS; id++)
	{
		int other = now[id ^ 1];

		if (now[id] == unseen)
			continue;
		if (other != unseen && other != now[id])
			snprintf(t->wrong, sizeof(t->wrong), "id %d has %d, %d has %d", id,
			         now[id], id ^ 1, other);
		if (now[id] < last[id / 2])
			snprintf(t->wrong, sizeof(t->wrong), "id %d has %d after %d", id,
			         now[id], last[id / 2]);
		else
			last[id / 2] = now[id];
	}
}

static void *
pairs_main(void *arg)
{
	searcher *t = arg;
	int *last = calloc(MAX_PAIRS, sizeof(*last));
	float vector[MOVING_DIMS];
	int16_t columns[2] = {1, 2};
	tusk_direct_request request = {.nqueries = 1,
	                               .vectors = vector,
	                               .dimensions = MOVING_DIMS,
	                               .limit = 40,
	                               .ncolumns = 2,
	                               .columns = columns};
	tusk_direct_query *q = NULL;
	tusk_direct_result *r;
	tusk_session *s;

	if (tusk_attach(t->conninfo, NULL, &s) == TUSK_OK &&
	    tusk_direct_query_create(s, t->index, NULL, NULL, &q) == TUSK_OK)
		while (time(NULL) < t->until && t->wrong[0] == '\0')
		{
			for (int i = 0; i < MOVING_DIMS; i++)
				vector[i] = (float) (rand_r(&t->seed) % 1000) / 1000;
			if (tusk_direct_search(q, &request, &r) != TUSK_OK)
				break;
			/* none: it was disturbed too often */
			if (tusk_direct_result_done(r) == 1)
				check_pairs(t, r, last);
			tusk_direct_result_free(r);
			t->searches++;
		}
	if (strcmp(tusk_error_of(s)->sqlstate, "00000") != 0)
		snprintf(t->wrong, sizeof(t->wrong), "%s %s",
		         tusk_error_of(s)->sqlstate, tusk_error_of(s)->message);
	tusk_direct_counts(s, &t->direct, &t->backend);
	if (t->wrong[0] == '\0')
		t->begun = searches_begun(s);
	tusk_direct_query_free(q);
	tusk_detach(s);
	free(last);
	return NULL;
}

static void
obey(char *line)
{
	char *args = strchr(line, ' ');
	int n = 0;
	char *rest;

	if (args == NULL)
		args = line + strlen(line);
	else
		*args++ = '\0';
	n = (int) strtol(args, &rest, 10);
	rest += *rest == ' ';
	if (strcmp(line, "attach") == 0)
		attach(n, rest);
	else if (strcmp(line, "detach") == 0)
	{
		tusk_detach(sessions[n]);
		sessions[n] = NULL;
		printf("ok\n");
	}
	else if (strcmp(line, "sql") == 0)
		sql(n, rest);
	else if (strcmp(line, "find") == 0)
		find(args);
	else if (strcmp(line, "run") == 0)
		run(args);
	else if (strcmp(line, "texts") == 0)
		texts(args);
	else if (strcmp(line, "nomemory") == 0)
	{
		printf("ok\n");
		fflush(stdout);
		until_failure = n;
		return;
	}
	else if (strcmp(line, "refused") == 0)
	{
		until_failure = 0;
		printf("ok %d\n", refused);
	}
	else if (strcmp(line, "fork") == 0)
		fork_and_search(n, (uint32_t) strtoul(rest, NULL, 10));
	else if (strcmp(line, "threads") == 0)
		threads(n, rest, searcher_main);
	else if (strcmp(line, "pairs") == 0)
		threads(n, rest, pairs_main);
	else if (strcmp(line, "told") == 0)
		told(n, rest);
	else if (strcmp(line, "room") == 0)
		limit_room(n);
	else if (strcmp(line, "transport") == 0)
		printf("%s\n", tusk_transport(sessions[n]));
	else if (strcmp(line, "segments") == 0)
		segments(sessions[n]);
	else if (strcmp(line, "counts") == 0)
	{
		int64_t direct, backend;

		tusk_direct_counts(sessions[n], &direct, &backend);
		printf("ok %" PRId64 " %" PRId64 "\n", direct, backend);
	}
	else
		printf("error 00000 what?\n");
	fflush(stdout);
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0)
	{
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		obey(line);
	}
	free(line);
	return 0;
}
