/*
 * pgstat.c
 *		Statistics over a clean stop: pg_stat/pgstat.stat.
 *
 * The checkpointer, last of a clean stop, writes the file beside its name and
 * renames it.  The start-up process of the next start reads it and removes it:
 * from then on memory is what is true, and a crash leaves no statistics rather
 * than old ones.
 *
 * The file has a header, the entries, and the CRC of both.  One that is not
 * whole, or of another version, is told in the log and taken for none: counts
 * are worth no refusal to start.
 *
 * Corresponds to the same part of PostgreSQL's pgstat.c.
 */
#include "postgres.h"

#include <fcntl.h>
#include <unistd.h>

#include "pgstat.h"
#include "port/pg_crc32c.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "utils/injection_point.h"

#define PGSTAT_FILE_FORMAT_ID 0x54534B02

typedef struct StatsFileHeader
{
	uint32 format;     /* PGSTAT_FILE_FORMAT_ID */
	uint32 entry_size; /* of PgStat_StatTabEntry */
	uint32 nentries;
	uint32 unused;
	PgStat_StatDBEntry database;
	TimestampTz database_reset;
} StatsFileHeader;

static pg_crc32c
FileCRC(const StatsFileHeader *header, const PgStat_StatTabEntry *entries)
{
	pg_crc32c crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, header, sizeof(*header));
	COMP_CRC32C(crc, entries, sizeof(*entries) * header->nentries);
	FIN_CRC32C(crc);
	return crc;
}

static bool
Transfer(int fd, void *data, Size size, bool is_write)
{
	ssize_t n = is_write ? sys_write(fd, data, size) : sys_read(fd, data, size);

	if (is_write && n >= 0 && n != (ssize_t) size)
		errno = ENOSPC;
	return n == (ssize_t) size;
}

/* ---- writing ---- */

static bool
WriteFile(int fd)
{
	StatsFileHeader header = {.format = PGSTAT_FILE_FORMAT_ID,
	                          .entry_size = sizeof(PgStat_StatTabEntry)};
	int n;
	PgStat_StatTabEntry *entries = pgstat_copy_entries(&n);
	pg_crc32c crc;
	bool ok;

	header.nentries = (uint32) n;
	pgstat_fetch_stat_dbentry(&header.database, &header.database_reset);
	crc = FileCRC(&header, entries);
	ok = Transfer(fd, &header, sizeof(header), true) &&
	     Transfer(fd, entries, sizeof(*entries) * n, true);
	INJECTION_POINT("stats-file-write");
	ok = ok && Transfer(fd, &crc, sizeof(crc), true);
	pfree(entries);
	return ok;
}

void
pgstat_write_stats(void)
{
	const char *tmp = PGSTAT_STAT_PERMANENT_TMPFILE;
	int fd = OpenTransientFile(tmp, O_WRONLY | O_CREAT | O_TRUNC);
	bool ok;

	if (fd < 0)
	{
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not open temporary statistics file \"%s\": %m",
		                tmp)));
		return;
	}
	ok = WriteFile(fd);
	if (!ok)
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not write temporary statistics file \"%s\": %m",
		                tmp)));
	if (CloseTransientFile(fd) != 0 && ok)
	{
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not close temporary statistics file \"%s\": %m",
		                tmp)));
		ok = false;
	}
	INJECTION_POINT("stats-file-rename");
	if (!ok)
		(void) sys_unlink(tmp);
	else
		(void) durable_rename(tmp, PGSTAT_STAT_PERMANENT_FILENAME, LOG);
}

/* ---- reading ---- */

/* False: it is not whole, or not ours. */
static bool
ReadFile(int fd)
{
	StatsFileHeader header;
	PgStat_StatTabEntry *entries;
	off_t size = lseek(fd, 0, SEEK_END);
	pg_crc32c crc;
	bool ok;

	if (lseek(fd, 0, SEEK_SET) != 0 ||
	    !Transfer(fd, &header, sizeof(header), false) ||
	    header.format != PGSTAT_FILE_FORMAT_ID ||
	    header.entry_size != sizeof(PgStat_StatTabEntry) ||
	    size != (off_t) (sizeof(header) + sizeof(crc) +
	                     (uint64) header.nentries * sizeof(*entries)))
		return false;
	entries = palloc(sizeof(*entries) * Max(header.nentries, 1));
	ok = Transfer(fd, entries, sizeof(*entries) * header.nentries, false) &&
	     Transfer(fd, &crc, sizeof(crc), false) &&
	     EQ_CRC32C(crc, FileCRC(&header, entries));
	if (ok)
		pgstat_enter_dbentry(&header.database, header.database_reset);
	for (uint32 i = 0; ok && i < header.nentries; i++)
		if (!pgstat_enter_entry(&entries[i]))
			break;
	pfree(entries);
	return ok;
}

void
pgstat_restore_stats(void)
{
	const char *name = PGSTAT_STAT_PERMANENT_FILENAME;
	int fd = OpenTransientFile(name, O_RDONLY);

	if (fd < 0)
	{
		if (errno != ENOENT)
			ereport(LOG, (errcode_for_file_access(),
			              errmsg("could not open statistics file \"%s\": %m",
			                     name)));
		return;
	}
	if (!ReadFile(fd))
		ereport(LOG, (errmsg("corrupted statistics file \"%s\"", name)));
	(void) CloseTransientFile(fd);
	INJECTION_POINT("stats-file-read");
	pgstat_discard_stats();
}

void
pgstat_discard_stats(void)
{
	if (sys_unlink(PGSTAT_STAT_PERMANENT_FILENAME) != 0 && errno != ENOENT)
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not unlink permanent statistics file \"%s\": %m",
		                PGSTAT_STAT_PERMANENT_FILENAME)));
}
