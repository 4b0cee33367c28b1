/*
 * pgss_text.c
 *		Texts of statements: $n for constants, and the file they are kept in.
 *
 * The file has one text behind the other, each with a zero byte at its end.
 * pgss->extent is how much of it is taken; to append, a process takes its bytes
 * under the spinlock and writes them at leisure, so several may write at once.
 * Texts of removed entries stay until the file is rewritten: when more than half
 * of it is out of use, as far as the mean length tells.
 *
 * 1.	Places of texts change only under the exclusive lock.
 * 2.	Under the shared lock all texts of entries are whole in the file.
 * 3.	gc_count tells a process that wrote without the exclusive lock whether
 *		the file is still the one that it wrote to.
 *
 * Trouble with the file costs texts, never a statement: a line in the log, and
 * NULL is shown.
 *
 * Corresponds to parts of PostgreSQL's pg_stat_statements.c.
 */
#include "postgres.h"

#include <pg_query.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parser/pg_query_tree.h"
#include "pgss.h"
#include "storage/fd.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/* Texts shorter than that on average are not worth a rewrite. */
#define GC_MIN_MEAN 512

/* ------------------------------------------------------------------------
 *		$n for constants
 * ------------------------------------------------------------------------
 */

static int
compare_locations(const void *a, const void *b)
{
	int left = ((const LocationLen *) a)->location;
	int right = ((const LocationLen *) b)->location;

	return left < right ? -1 : left > right;
}

/* The scanner gives no end of a string U&'...': behind its closing quote. */
static int
token_end(const PgQuery__ScanToken *token, const char *query)
{
	int at = token->start;

	if (token->end > token->start)
		return token->end;
	while (query[at] != '\0' && query[at] != '\'')
		at++;
	while (query[at] != '\0')
	{
		at++;
		if (query[at] == '\'' && query[at + 1] != '\'')
			return at + 1;
		if (query[at] == '\'')
			at++;
	}
	return at;
}

/*
 * Lengths of the constants, which are in order: each is a token, or a minus
 * and one.
 */
static void
measure_constants(LocationLen *locs, int count, const char *query,
                  int query_loc, const PgQuery__ScanResult *scan)
{
	size_t tok = 0;
	int last = -1;

	for (int i = 0; i < count; i++)
	{
		int start = locs[i].location - query_loc;

		/* an expression that stands twice in the tree */
		if (start <= last)
			continue;
		while (tok < scan->n_tokens && scan->tokens[tok]->start < start)
			tok++;
		if (tok == scan->n_tokens)
			break;
		if (query[start] == '-' && tok + 1 < scan->n_tokens)
			tok++;
		locs[i].length = token_end(scan->tokens[tok], query) - start;
		last = start;
	}
}

static void
find_constants(JumbleState *jstate, const char *query, int query_loc, int len)
{
	char *statement = pnstrdup(query, len);
	PgQueryScanResult result;
	PgQuery__ScanResult *scan = NULL;

	qsort(jstate->clocations, jstate->clocations_count, sizeof(LocationLen),
	      compare_locations);
	result = pg_query_scan(statement);
	if (result.error == NULL)
		scan = pg_query__scan_result__unpack(
			NULL, result.pbuf.len, (const uint8_t *) result.pbuf.data);
	if (scan != NULL)
	{
		measure_constants(jstate->clocations, jstate->clocations_count,
		                  statement, query_loc, scan);
		pg_query__scan_result__free_unpacked(scan, NULL);
	}
	pg_query_free_scan_result(result);
	pfree(statement);
}

char *
pgss_normalize(JumbleState *jstate, const char *query, int query_loc,
               int *query_len)
{
	int len = *query_len;
	char *norm;
	char *out;
	int copied = 0;
	int number = jstate->highest_extern_param_id;

	find_constants(jstate, query, query_loc, len);
	/* a number has at most 10 digits */
	norm = out = palloc((Size) len + jstate->clocations_count * 11 + 1);
	for (int i = 0; i < jstate->clocations_count; i++)
	{
		int start = jstate->clocations[i].location - query_loc;
		int length = jstate->clocations[i].length;

		if (length < 0 || start < copied || start + length > len)
			continue;
		memcpy(out, query + copied, start - copied);
		out += start - copied;
		out += sprintf(out, "$%d", ++number);
		copied = start + length;
	}
	memcpy(out, query + copied, len - copied);
	out += len - copied;
	*out = '\0';
	*query_len = (int) (out - norm);
	return norm;
}

/* ------------------------------------------------------------------------
 *		The file
 * ------------------------------------------------------------------------
 */

static void
log_failure(const char *what)
{
	ereport(LOG,
	        (errcode_for_file_access(),
	         errmsg("could not %s file \"%s\": %m", what, PGSS_TEXT_FILE)));
}

static bool
write_at(int fd, const char *data, Size size, off_t offset)
{
	ssize_t n = pwrite(fd, data, size, offset);

	if (n >= 0 && n != (ssize_t) size)
		errno = ENOSPC;
	return n == (ssize_t) size;
}

bool
pgss_text_store(const char *query, int query_len, Size *offset, int *gc_count)
{
	char *line = palloc((Size) query_len + 1);
	int fd;
	bool ok;

	memcpy(line, query, query_len);
	line[query_len] = '\0';

	SpinLockAcquire(&pgss->mutex);
	*offset = pgss->extent;
	pgss->extent += (Size) query_len + 1;
	*gc_count = pgss->gc_count;
	SpinLockRelease(&pgss->mutex);

	INJECTION_POINT("pgss-text-store");
	fd = OpenTransientFile(PGSS_TEXT_FILE, O_RDWR | O_CREAT);
	ok = fd >= 0 && write_at(fd, line, (Size) query_len + 1, (off_t) *offset);
	if (!ok)
		log_failure("write");
	if (fd >= 0)
		CloseTransientFile(fd);
	pfree(line);
	return ok;
}

char *
pgss_text_load(Size *size)
{
	int fd = OpenTransientFile(PGSS_TEXT_FILE, O_RDONLY);
	char *buffer = NULL;
	struct stat st;
	bool ok;

	*size = 0;
	if (fd < 0)
	{
		if (errno != ENOENT)
			log_failure("read");
		return NULL;
	}
	ok = fstat(fd, &st) == 0;
	if (ok)
		buffer = palloc_extended(Max((Size) st.st_size, 1),
		                         MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);
	if (ok && buffer == NULL)
		errno = ENOMEM;
	ok = ok && buffer != NULL;
	while (ok && *size < (Size) st.st_size)
	{
		ssize_t n = read(fd, buffer + *size, (Size) st.st_size - *size);

		if (n == 0)
			break;
		ok = n > 0;
		if (ok)
			*size += (Size) n;
	}
	if (!ok)
	{
		log_failure("read");
		if (buffer != NULL)
			pfree(buffer);
		buffer = NULL;
	}
	CloseTransientFile(fd);
	return buffer;
}

char *
pgss_text_fetch(Size offset, int len, char *buffer, Size buffer_size)
{
	if (buffer == NULL || len < 0 || offset >= buffer_size ||
	    (Size) len >= buffer_size - offset)
		return NULL;
	/* a file that somebody removed has zeros where its texts were */
	if (strnlen(buffer + offset, (Size) len + 1) != (Size) len)
		return NULL;
	return buffer + offset;
}

/* ------------------------------------------------------------------------
 *		Texts out of use
 * ------------------------------------------------------------------------
 */

bool
pgss_text_need_gc(void)
{
	Size extent;

	SpinLockAcquire(&pgss->mutex);
	extent = pgss->extent;
	SpinLockRelease(&pgss->mutex);
	/* pgss_max may be large: no overflow of a product */
	return extent / pgss_max >= GC_MIN_MEAN &&
	       extent / pgss_max / 2 >= pgss->mean_query_len;
}

static void
set_extent(Size extent)
{
	SpinLockAcquire(&pgss->mutex);
	pgss->extent = extent;
	pgss->gc_count++;
	SpinLockRelease(&pgss->mutex);
}

void
pgss_text_forget(void)
{
	if (unlink(PGSS_TEXT_FILE) != 0 && errno != ENOENT)
		log_failure("remove");
	set_extent(0);
}

/* The texts in use, one behind the other, into an emptied file. */
static bool
rewrite(char *buffer, Size buffer_size, Size *extent, int *ntexts)
{
	FILE *file = AllocateFile(PGSS_TEXT_FILE, "w");
	bool ok = file != NULL;
	HASH_SEQ_STATUS scan;
	pgssEntry *entry;

	*extent = 0;
	*ntexts = 0;
	if (!ok)
		return false;
	INJECTION_POINT("pgss-text-gc");
	hash_seq_init(&scan, pgss_hash);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		char *text = pgss_text_fetch(entry->query_offset, entry->query_len,
		                             buffer, buffer_size);

		if (text == NULL)
		{
			entry->query_offset = 0;
			entry->query_len = -1;
			continue;
		}
		ok = ok && fwrite(text, 1, (Size) entry->query_len + 1, file) ==
		               (Size) entry->query_len + 1;
		entry->query_offset = *extent;
		*extent += (Size) entry->query_len + 1;
		(*ntexts)++;
	}
	return FreeFile(file) == 0 && ok;
}

static void
lose_texts(void)
{
	HASH_SEQ_STATUS scan;
	pgssEntry *entry;

	hash_seq_init(&scan, pgss_hash);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		entry->query_offset = 0;
		entry->query_len = -1;
	}
	pgss_text_forget();
}

void
pgss_text_gc(void)
{
	Size buffer_size;
	char *buffer;
	Size extent;
	int ntexts;

	Assert(LWLockHeldByMeInMode(&pgss->lock, LW_EXCLUSIVE));
	/* somebody else may have done it */
	if (!pgss_text_need_gc())
		return;
	buffer = pgss_text_load(&buffer_size);
	if (buffer == NULL)
	{
		lose_texts();
		return;
	}
	if (rewrite(buffer, buffer_size, &extent, &ntexts))
	{
		set_extent(extent);
		if (ntexts > 0)
			pgss->mean_query_len = extent / ntexts;
	}
	else
	{
		log_failure("write");
		lose_texts();
	}
	pfree(buffer);
}
