/*
 * controlfile.c: global/pg_control.
 *
 * The file says who the cluster is, how it was built and in which state it
 * was left; PostgreSQL 15's tools read it.  It is rewritten in place with one
 * write of 8192 bytes: the 296 bytes that matter are in the first sector,
 * which is taken to be written whole, and the CRC says if it was not.
 *
 * Writers: the start-up sequence, then the checkpointer; never two at once.
 * Everybody else has the copy that the postmaster read before it forked.
 */
#include "postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "catalog/catversion.h"
#include "catalog/pg_control.h"
#include "miscadmin.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "utils/injection_point.h"

/* a new cluster's first checkpoint: after the first segment's long header */
#define BOOTSTRAP_REDO ((XLogRecPtr) (16 * 1024 * 1024 + 40))
#define BOOTSTRAP_NEXT_XID 3
#define BOOTSTRAP_NEXT_OID 10000
#define BOOTSTRAP_DATABASE_OID 5 /* there is no template to be older */

ControlFileData *ControlFile = NULL;

static ControlFileData control_file_copy; /* what ControlFile points to */

static void write_control_file(int extra_flags);

static pg_crc32c
control_file_crc(const ControlFileData *file)
{
	pg_crc32c crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, file, offsetof(ControlFileData, crc));
	FIN_CRC32C(crc);
	return crc;
}

void
BootStrapControlFile(bool data_checksums)
{
	ControlFileData *file = &control_file_copy;
	struct timeval tv;

	memset(file, 0, sizeof(*file));
	gettimeofday(&tv, NULL);
	file->system_identifier = ((uint64) tv.tv_sec << 32) |
	                          ((uint64) tv.tv_usec << 12) | (getpid() & 0xFFF);
	file->pg_control_version = PG_CONTROL_VERSION;
	file->catalog_version_no = CatalogVersion();
	file->state = DB_SHUTDOWNED;
	file->checkPoint = BOOTSTRAP_REDO;
	file->checkPointCopy.redo = BOOTSTRAP_REDO;
	file->checkPointCopy.ThisTimeLineID = 1;
	file->checkPointCopy.PrevTimeLineID = 1;
	file->checkPointCopy.fullPageWrites = true;
	file->checkPointCopy.nextXid = BOOTSTRAP_NEXT_XID;
	file->checkPointCopy.nextOid = BOOTSTRAP_NEXT_OID;
	file->checkPointCopy.nextMulti = 1;
	file->checkPointCopy.oldestXid = BOOTSTRAP_NEXT_XID;
	file->checkPointCopy.oldestXidDB = BOOTSTRAP_DATABASE_OID;
	file->checkPointCopy.oldestMulti = 1;
	file->checkPointCopy.oldestMultiDB = BOOTSTRAP_DATABASE_OID;
	file->checkPointCopy.time = (int64) time(NULL);
	file->unloggedLSN = FirstNormalUnloggedLSN;
	file->wal_level = 0;
	file->MaxConnections = 100;
	file->max_worker_processes = 8;
	file->max_wal_senders = 10;
	file->max_prepared_xacts = 0;
	file->max_locks_per_xact = 64;
	file->maxAlign = MAXIMUM_ALIGNOF;
	file->floatFormat = FLOATFORMAT_VALUE;
	file->blcksz = BLCKSZ;
	file->relseg_size = RELSEG_SIZE;
	file->xlog_blcksz = 8192;
	file->xlog_seg_size = 16 * 1024 * 1024;
	file->nameDataLen = NAMEDATALEN;
	file->indexMaxKeys = 32;
	file->toast_max_chunk_size = 1996;
	file->loblksize = 2048;
	file->float8ByVal = true;
	file->data_checksum_version = data_checksums ? 1 : 0;
	if (getrandom(file->mock_authentication_nonce, MOCK_AUTH_NONCE_LEN, 0) !=
	    MOCK_AUTH_NONCE_LEN)
		ereport(FATAL, (errcode(ERRCODE_INTERNAL_ERROR),
		                errmsg("could not generate secret authorization "
		                       "token")));
	ControlFile = file;
	write_control_file(O_CREAT);
}

bool
PeekControlFile(const char *datadir, ControlFileData *out)
{
	char path[MAXPGPATH];
	int fd;
	ssize_t nread;

	snprintf(path, sizeof(path), "%s/%s", datadir, XLOG_CONTROL_FILE);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	nread = read(fd, out, sizeof(*out));
	close(fd);
	errno = 0;
	return nread == (ssize_t) sizeof(*out) &&
	       EQ_CRC32C(out->crc, control_file_crc(out));
}

/* A number in its upper half is one of the other byte order. */
static void
CheckControlVersion(uint32 version)
{
	if (version == PG_CONTROL_VERSION)
		return;
	if (version % 65536 == 0 && version / 65536 != 0)
		ereport(FATAL,
		        (errmsg("database files are incompatible with server"),
		         errdetail("The database cluster was initialized with "
		                   "PG_CONTROL_VERSION %u (0x%08x), but the server "
		                   "was compiled with PG_CONTROL_VERSION %d "
		                   "(0x%08x).",
		                   version, version, PG_CONTROL_VERSION,
		                   PG_CONTROL_VERSION),
		         errhint("This could be a problem of mismatched byte "
		                 "ordering.  Start it with the build that made it, "
		                 "or make another one with \"tusk init\" and load the "
		                 "data again.")));
	ereport(FATAL,
	        (errmsg("database files are incompatible with server"),
	         errdetail("The database cluster was initialized with "
	                   "PG_CONTROL_VERSION %u, but the server was compiled "
	                   "with PG_CONTROL_VERSION %d.",
	                   version, PG_CONTROL_VERSION),
	         errhint("Start it with the build that made it, or make another "
	                 "one with \"tusk init\" and load the data again.")));
}

void
ReadControlFile(void)
{
	ControlFileData *file = &control_file_copy;
	int fd = BasicOpenFile(XLOG_CONTROL_FILE, O_RDWR);
	ssize_t nread;

	if (fd < 0)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not open file \"%s\": %m", XLOG_CONTROL_FILE),
		         errhint("Without its control file the cluster cannot be "
		                 "started.  If it was moved, put it back.")));
	nread = sys_read(fd, file, sizeof(*file));
	if (nread < 0)
		ereport(FATAL,
		        (errcode_for_file_access(),
		         errmsg("could not read file \"%s\": %m", XLOG_CONTROL_FILE)));
	close(fd);
	if (nread != (ssize_t) sizeof(*file))
		ereport(FATAL, (errcode(ERRCODE_DATA_CORRUPTED),
		                errmsg("could not read file \"%s\": read %d of %zu",
		                       XLOG_CONTROL_FILE, (int) nread, sizeof(*file))));
	CheckControlVersion(file->pg_control_version);
	if (!EQ_CRC32C(file->crc, control_file_crc(file)))
		ereport(FATAL,
		        (errcode(ERRCODE_DATA_CORRUPTED),
		         errmsg("incorrect checksum in control file"),
		         errdetail("\"%s\" is damaged: what it says cannot be "
		                   "trusted.",
		                   XLOG_CONTROL_FILE),
		         errhint("Restore it from a backup; the other files of the "
		                 "data directory were left as they are.")));
	if (file->catalog_version_no != CatalogVersion())
		ereport(
			FATAL,
			(errmsg("database files are incompatible with server"),
		     errdetail("The database cluster was initialized with "
		               "CATALOG_VERSION_NO %u, but the server was compiled "
		               "with CATALOG_VERSION_NO %u.",
		               file->catalog_version_no, CatalogVersion()),
		     errhint("Start it with the build that made it, or make another "
		             "one with \"tusk init\" and load the data again.")));
	if (file->blcksz != BLCKSZ)
		ereport(FATAL,
		        (errmsg("database files are incompatible with server"),
		         errdetail("The database cluster was initialized with BLCKSZ "
		                   "%d, but the server was compiled with BLCKSZ %d.",
		                   (int) file->blcksz, BLCKSZ)));
	if (file->xlog_blcksz != 8192 || file->xlog_seg_size != 16 * 1024 * 1024)
		ereport(FATAL,
		        (errmsg("database files are incompatible with server"),
		         errdetail("The database cluster was initialized with WAL "
		                   "pages of %d and segments of %d bytes, but the "
		                   "server was compiled with %d and %d.",
		                   (int) file->xlog_blcksz, (int) file->xlog_seg_size,
		                   8192, 16 * 1024 * 1024)));
	if (file->relseg_size != RELSEG_SIZE || file->maxAlign != MAXIMUM_ALIGNOF ||
	    file->floatFormat != FLOATFORMAT_VALUE ||
	    file->nameDataLen != NAMEDATALEN)
		ereport(FATAL,
		        (errmsg("database files are incompatible with server"),
		         errdetail("Segment size, alignment, floating-point format or "
		                   "length of names differ.")));
	ControlFile = file;
}

void
UpdateControlFile(void)
{
	Assert(ControlFile != NULL);
	write_control_file(0);
}

uint64
GetSystemIdentifier(void)
{
	Assert(ControlFile != NULL);
	return ControlFile->system_identifier;
}

bool
DataChecksumsEnabled(void)
{
	return ControlFile != NULL && ControlFile->data_checksum_version > 0;
}

const char *
DBStateName(DBState state)
{
	switch (state)
	{
		case DB_STARTUP:
			return "starting up";
		case DB_SHUTDOWNED:
			return "shut down";
		case DB_SHUTDOWNED_IN_RECOVERY:
			return "shut down in recovery";
		case DB_SHUTDOWNING:
			return "shutting down";
		case DB_IN_CRASH_RECOVERY:
			return "in crash recovery";
		case DB_IN_ARCHIVE_RECOVERY:
			return "in archive recovery";
		case DB_IN_PRODUCTION:
			return "in production";
	}
	return "unrecognized status code";
}

/* A failure is PANIC: the state on disk is then unknown. */
static void
write_control_file(int extra_flags)
{
	char buffer[PG_CONTROL_FILE_SIZE] = {0};
	int fd;

	ControlFile->time = (int64) time(NULL);
	ControlFile->crc = control_file_crc(ControlFile);
	memcpy(buffer, ControlFile, sizeof(ControlFileData));

	INJECTION_POINT_CRITICAL("control-file-write");
	fd = BasicOpenFile(XLOG_CONTROL_FILE, O_RDWR | extra_flags);
	if (fd < 0)
		ereport(PANIC,
		        (errcode_for_file_access(),
		         errmsg("could not open file \"%s\": %m", XLOG_CONTROL_FILE)));
	errno = 0;
	if (SYS_SITE_PWRITE("control-file-pwrite", fd, buffer, sizeof(buffer), 0) !=
	    (ssize_t) sizeof(buffer))
	{
		if (errno == 0)
			errno = ENOSPC;
		ereport(PANIC,
		        (errcode_for_file_access(),
		         errmsg("could not write file \"%s\": %m", XLOG_CONTROL_FILE)));
	}
	if (pg_fsync(fd) != 0)
		ereport(PANIC,
		        (errcode_for_file_access(),
		         errmsg("could not fsync file \"%s\": %m", XLOG_CONTROL_FILE)));
	close(fd);
}
