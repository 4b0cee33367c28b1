/*
 * pgss_save.c
 *		Counts over a clean stop: pg_stat/pg_stat_statements.stat.
 *
 * As the other statistics (utils/activity/pgstat.c): the checkpointer writes
 * the file, last of a clean stop, beside its name and renames it; the next
 * start reads it and removes it.  One that is not whole is told in the log and
 * taken for none.
 *
 * The file has a header, entries each with its text behind it, and the CRC of
 * all that.
 *
 * Corresponds to pgss_shmem_startup and pgss_shmem_shutdown of PostgreSQL's
 * pg_stat_statements.c.
 */
#include "postgres.h"

#include <unistd.h>

#include "pgss.h"
#include "port/pg_crc32c.h"
#include "storage/fd.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#define PGSS_FILE_FORMAT_ID 0x54535001

typedef struct DumpHeader
{
	uint32 format;     /* PGSS_FILE_FORMAT_ID */
	uint32 entry_size; /* of DumpEntry */
	int32 nentries;
	int64 dealloc;
	TimestampTz stats_reset;
} DumpHeader;

typedef struct DumpEntry
{
	pgssHashKey key;
	Counters counters;
	int query_len; /* its bytes follow, without a zero byte */
} DumpEntry;

/* A stream of bytes that counts its CRC. */
typedef struct DumpFile
{
	FILE *file;
	pg_crc32c crc;
	bool ok;
} DumpFile;

static void
put(DumpFile *f, const void *data, Size size)
{
	COMP_CRC32C(f->crc, data, size);
	f->ok = f->ok && fwrite(data, 1, size, f->file) == size;
}

static bool
get(DumpFile *f, void *data, Size size)
{
	f->ok = f->ok && fread(data, 1, size, f->file) == size;
	if (f->ok)
		COMP_CRC32C(f->crc, data, size);
	return f->ok;
}

/* ---- writing ---- */

static void
write_entries(DumpFile *f)
{
	Size buffer_size;
	char *buffer = pgss_text_load(&buffer_size);
	DumpHeader header;
	HASH_SEQ_STATUS scan;
	pgssEntry *entry;

	/* what is between fields goes into the file as well */
	memset(&header, 0, sizeof(header));
	header.format = PGSS_FILE_FORMAT_ID;
	header.entry_size = sizeof(DumpEntry);
	header.nentries = (int32) hash_get_num_entries(pgss_hash);
	header.dealloc = pgss->dealloc;
	header.stats_reset = pgss->stats_reset;
	put(f, &header, sizeof(header));

	hash_seq_init(&scan, pgss_hash);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		char *text = pgss_text_fetch(entry->query_offset, entry->query_len,
		                             buffer, buffer_size);
		DumpEntry dump;

		memset(&dump, 0, sizeof(dump));
		dump.key = entry->key;
		dump.counters = entry->counters;
		dump.query_len = text != NULL ? entry->query_len : -1;
		put(f, &dump, sizeof(dump));
		if (text != NULL)
			put(f, text, (Size) dump.query_len);
	}
	if (buffer != NULL)
		pfree(buffer);
}

void
pgss_write_stats(void)
{
	DumpFile f = {.ok = true};

	if (pgss == NULL)
		return;
	if (!pgss_save)
	{
		pgss_text_forget();
		return;
	}
	f.file = AllocateFile(PGSS_DUMP_TMPFILE, "w");
	if (f.file != NULL)
	{
		INIT_CRC32C(f.crc);
		write_entries(&f);
		FIN_CRC32C(f.crc);
		INJECTION_POINT("pgss-dump-write");
		f.ok =
			f.ok && fwrite(&f.crc, 1, sizeof(f.crc), f.file) == sizeof(f.crc);
		f.ok = FreeFile(f.file) == 0 && f.ok;
	}
	if (f.file == NULL || !f.ok)
	{
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not write file \"%s\": %m", PGSS_DUMP_TMPFILE)));
		unlink(PGSS_DUMP_TMPFILE);
	}
	else
	{
		INJECTION_POINT("pgss-dump-rename");
		(void) durable_rename(PGSS_DUMP_TMPFILE, PGSS_DUMP_FILE, LOG);
	}
	pgss_text_forget();
}

/* ---- reading ---- */

/* One entry, with its text; it counts when the CRC is right. */
static bool
read_entry(DumpFile *f, DumpEntry *dump, char **text)
{
	*text = NULL;
	if (!get(f, dump, sizeof(*dump)))
		return false;
	if (dump->query_len < 0)
		return true;
	if (!AllocSizeIsValid((Size) dump->query_len + 1))
		return false;
	*text = palloc((Size) dump->query_len + 1);
	return get(f, *text, (Size) dump->query_len);
}

static void
enter(const DumpEntry *dump, const char *text)
{
	Size offset = 0;
	int gc_count;
	int len = dump->query_len;
	pgssEntry *entry;

	/* what nobody has run yet is not worth its place */
	if (IS_STICKY(dump->counters))
		return;
	if (text != NULL && !pgss_text_store(text, len, &offset, &gc_count))
		text = NULL;
	entry =
		pgss_entry_alloc(&dump->key, offset, text != NULL ? len : -1, false);
	entry->counters = dump->counters;
}

/* Twice over the file: the CRC at its end first. */
static bool
read_entries(DumpFile *f, bool keep)
{
	DumpHeader header;
	pg_crc32c crc;

	rewind(f->file);
	f->ok = true;
	INIT_CRC32C(f->crc);
	if (!get(f, &header, sizeof(header)) ||
	    header.format != PGSS_FILE_FORMAT_ID ||
	    header.entry_size != sizeof(DumpEntry))
		return false;
	for (int i = 0; i < header.nentries; i++)
	{
		DumpEntry dump;
		char *text;

		if (!read_entry(f, &dump, &text))
			return false;
		if (keep)
			enter(&dump, text);
		if (text != NULL)
			pfree(text);
	}
	FIN_CRC32C(f->crc);
	if (fread(&crc, 1, sizeof(crc), f->file) != sizeof(crc) ||
	    !EQ_CRC32C(crc, f->crc))
		return false;
	if (keep)
	{
		pgss->dealloc = header.dealloc;
		pgss->stats_reset = header.stats_reset;
	}
	return true;
}

void
pgss_restore_stats(void)
{
	DumpFile f = {.ok = true};

	if (pgss == NULL || !pgss_save)
		return;
	f.file = AllocateFile(PGSS_DUMP_FILE, "r");
	if (f.file == NULL)
	{
		if (errno != ENOENT)
			ereport(LOG,
			        (errcode_for_file_access(),
			         errmsg("could not read file \"%s\": %m", PGSS_DUMP_FILE)));
		return;
	}
	LWLockAcquire(&pgss->lock, LW_EXCLUSIVE);
	if (!read_entries(&f, false))
		ereport(LOG, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
		              errmsg("ignoring invalid data in file \"%s\"",
		                     PGSS_DUMP_FILE)));
	else
		(void) read_entries(&f, true);
	LWLockRelease(&pgss->lock);
	FreeFile(f.file);
	INJECTION_POINT("pgss-dump-read");
	pgss_discard_stats();
}

void
pgss_discard_stats(void)
{
	if (pgss == NULL)
		return;
	if (unlink(PGSS_DUMP_FILE) != 0 && errno != ENOENT)
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not remove file \"%s\": %m", PGSS_DUMP_FILE)));
}
