/*
 * fd.c: virtual file descriptors.
 *
 * A server process opens more files than the kernel allows it: a segment file
 * of every fork of every relation it ever touched.  So File is an index into
 * a table of what was opened; the kernel's descriptors behind it form a least
 * recently used list and the oldest is closed when the limit is near.  Using
 * a File whose descriptor was closed opens it again, without O_CREAT and its
 * kin.
 *
 * Invariants
 * F1. VfdCache[0] is the head of the LRU ring and never a file.
 * F2. A vfd is in the ring if and only if its fd is open.
 * F3. nfile + numAllocatedDescs + numExternalFDs < max_safe_fds after every
 *	   open, as long as the ring has something to close.
 *
 * Everything is private to the process; SIGKILL leaves only temporary files,
 * which the next start removes by name (RemovePgTempFiles).
 *
 * Corresponds to PostgreSQL's storage/file/fd.c, but for what makes files
 * durable: that is in durable.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "miscadmin.h"
#include "pgstat.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "storage/ipc.h"
#include "storage/reinit.h"
#include "utils/guc.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"
#include "utils/wait_event.h"

#define VFD_CLOSED (-1)

#define FD_DELETE_AT_CLOSE (1 << 0)
#define FD_CLOSE_AT_EOXACT (1 << 1)
#define FD_TEMP_FILE_LIMIT (1 << 2) /* its size counts */

typedef struct vfd
{
	int fd;                 /* kernel's, or VFD_CLOSED */
	unsigned short fdstate; /* FD_xxx */
	File nextFree;          /* in the list of free slots */
	File lruMoreRecently;   /* towards the most recently used */
	File lruLessRecently;   /* towards the least recently used */
	char *fileName;         /* malloc'd; NULL: slot is free */
	int fileFlags;          /* to open it again */
	mode_t fileMode;
	off_t fileSize; /* with FD_TEMP_FILE_LIMIT: as we have written it */
} Vfd;

typedef enum
{
	AllocateDescFile,
	AllocateDescDir,
	AllocateDescRawFD
} AllocateDescKind;

typedef struct
{
	AllocateDescKind kind;
	union
	{
		FILE *file;
		DIR *dir;
		int fd;
	} desc;
} AllocateDesc;

int max_files_per_process = 1000;
int max_safe_fds = FD_MINFREE;
int temp_file_limit = -1;
int log_temp_files = -1;
int pg_file_create_mode = PG_FILE_MODE_OWNER;
int pg_dir_create_mode = PG_DIR_MODE_OWNER;

static Vfd *VfdCache = NULL;   /* the table; malloc'd */
static Size SizeVfdCache = 0;  /* slots in it */
static int nfile = 0;          /* descriptors open for vfds */
static int numExternalFDs = 0; /* descriptors that others told us of */
static bool have_xact_temporary_files = false;
static bool temporary_files_allowed = false;
static unsigned long tempFileCounter = 0;
static uint64 temporary_files_size = 0; /* of those with FD_TEMP_FILE_LIMIT */

static AllocateDesc *allocatedDescs = NULL; /* transient ones; malloc'd */
static int numAllocatedDescs = 0;
static int maxAllocatedDescs = 0;

#define VFD_VALID(file)                            \
	((file) > 0 && (Size) (file) < SizeVfdCache && \
	 VfdCache[file].fileName != NULL)

static File AllocateVfd(void);
static void FreeVfd(File file);
static void Delete(File file);
static void Insert(File file);
static int LruInsert(File file);
static bool ReleaseLruFile(void);
static void ReleaseLruFiles(void);
static int FileAccess(File file);
static void reserveAllocatedDesc(void);
static int FreeDesc(int index);
static void BeforeShmemExit_Files(int code, Datum arg);
static void CleanupTempFiles(bool isCommit, bool isProcExit);
static void RemoveTempDir(const char *dirname, bool ours);

/* ---- life cycle ---- */

void
InitFileAccess(void)
{
	if (VfdCache != NULL)
		return;
	VfdCache = sys_malloc(sizeof(Vfd));
	if (VfdCache == NULL)
		ereport(FATAL,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	memset(VfdCache, 0, sizeof(Vfd));
	VfdCache->fd = VFD_CLOSED;
	SizeVfdCache = 1;
}

void
InitTemporaryFileAccess(void)
{
	InitFileAccess();
	before_shmem_exit(BeforeShmemExit_Files, 0);
	temporary_files_allowed = true;
}

/* How many descriptors there are for us, from the kernel's limit. */
void
set_max_safe_fds(void)
{
	struct rlimit rlim;
	int usable = max_files_per_process;
	int already_open = 0;
	DIR *dir = opendir("/proc/self/fd");

	if (dir != NULL)
	{
		while (readdir(dir) != NULL)
			already_open++;
		closedir(dir);
	}
	if (getrlimit(RLIMIT_NOFILE, &rlim) == 0 &&
	    rlim.rlim_cur != RLIM_INFINITY && (int) rlim.rlim_cur < usable)
		usable = (int) rlim.rlim_cur;
	max_safe_fds = usable - NUM_RESERVED_FDS - already_open;
	if (max_safe_fds < FD_MINFREE)
		ereport(FATAL, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
		                errmsg("insufficient file descriptors available to "
		                       "start server process"),
		                errdetail("System allows %d, server needs at least "
		                          "%d, %d files are already open.",
		                          usable, FD_MINFREE + NUM_RESERVED_FDS,
		                          already_open)));
}

int
BasicOpenFile(const char *fileName, int fileFlags)
{
	return BasicOpenFilePerm(fileName, fileFlags, pg_file_create_mode);
}

int
BasicOpenFilePerm(const char *fileName, int fileFlags, mode_t fileMode)
{
	for (;;)
	{
		int fd = sys_open(fileName, fileFlags | O_CLOEXEC, fileMode);

		if (fd >= 0)
			return fd;
		if (errno == EINTR)
			continue;
		if (errno == EMFILE || errno == ENFILE)
		{
			int save_errno = errno;

			ereport(LOG, (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
			              errmsg("out of file descriptors: %m; release and "
			                     "retry")));
			if (ReleaseLruFile())
				continue;
			errno = save_errno;
		}
		return -1;
	}
}

bool
AcquireExternalFD(void)
{
	if (numExternalFDs < max_safe_fds / 3)
	{
		ReserveExternalFD();
		return true;
	}
	errno = EMFILE;
	return false;
}

void
ReserveExternalFD(void)
{
	ReleaseLruFiles();
	numExternalFDs++;
}

void
ReleaseExternalFD(void)
{
	Assert(numExternalFDs > 0);
	numExternalFDs--;
}

int
MakePGDirectory(const char *directoryName)
{
	return sys_mkdir(directoryName, pg_dir_create_mode);
}

/* ---- virtual files ---- */

File
PathNameOpenFile(const char *fileName, int fileFlags)
{
	return PathNameOpenFilePerm(fileName, fileFlags, pg_file_create_mode);
}

File
PathNameOpenFilePerm(const char *fileName, int fileFlags, mode_t fileMode)
{
	File file = AllocateVfd();
	char *fnamecopy = sys_strdup(fileName);
	Vfd *vfdP = &VfdCache[file];

	if (fnamecopy == NULL)
	{
		FreeVfd(file);
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
	ReleaseLruFiles();

	vfdP->fd = BasicOpenFilePerm(fileName, fileFlags, fileMode);
	if (vfdP->fd < 0)
	{
		int save_errno = errno;

		FreeVfd(file);
		free(fnamecopy);
		errno = save_errno;
		return -1;
	}
	++nfile;
	vfdP->fileName = fnamecopy;
	vfdP->fileFlags = fileFlags & ~(O_CREAT | O_TRUNC | O_EXCL);
	vfdP->fileMode = fileMode;
	vfdP->fdstate = 0;
	vfdP->fileSize = 0;
	Insert(file);
	return file;
}

/* It goes at the end of the transaction; what we write into it counts. */
static void
RegisterTemporaryFile(File file, bool interXact)
{
	VfdCache[file].fdstate |= FD_TEMP_FILE_LIMIT;
	if (!interXact)
		VfdCache[file].fdstate |= FD_CLOSE_AT_EOXACT;
	have_xact_temporary_files = true;
}

File
OpenTemporaryFile(bool interXact)
{
	const char *dir = "base/" PG_TEMP_FILES_DIR;
	char path[MAXPGPATH];
	File file;

	Assert(temporary_files_allowed);
	snprintf(path, sizeof(path), "%s/%s%d.%lu", dir, PG_TEMP_FILE_PREFIX,
	         MyProcPid, tempFileCounter++);
	file = PathNameOpenFile(path, O_RDWR | O_CREAT | O_TRUNC);
	if (file <= 0)
	{
		(void) MakePGDirectory(dir);
		file = PathNameOpenFile(path, O_RDWR | O_CREAT | O_TRUNC);
		if (file <= 0)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not create temporary file \"%s\": %m",
			                       path)));
	}
	VfdCache[file].fdstate |= FD_DELETE_AT_CLOSE;
	RegisterTemporaryFile(file, interXact);
	return file;
}

/* Directories may be there: made by another process of the same set. */
void
PathNameCreateTemporaryDir(const char *basedir, const char *directory)
{
	if (MakePGDirectory(basedir) < 0 && errno != EEXIST)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("cannot create temporary directory \"%s\": %m",
		                       basedir)));
	if (MakePGDirectory(directory) < 0 && errno != EEXIST)
		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("cannot create temporary subdirectory \"%s\": %m",
		                directory)));
}

void
PathNameDeleteTemporaryDir(const char *dirname)
{
	/* none of its files was ever made */
	if (access(dirname, F_OK) < 0 && errno == ENOENT)
		return;
	RemoveTempDir(dirname, true);
}

File
PathNameCreateTemporaryFile(const char *path, bool error_on_failure)
{
	File file;

	Assert(temporary_files_allowed);
	file = PathNameOpenFile(path, O_RDWR | O_CREAT | O_TRUNC);
	if (file <= 0)
	{
		if (error_on_failure)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not create temporary file \"%s\": %m",
			                       path)));
		return file;
	}
	RegisterTemporaryFile(file, false);
	return file;
}

/* Only read: its size counts where it was made. */
File
PathNameOpenTemporaryFile(const char *path, int mode)
{
	File file;

	Assert(temporary_files_allowed);
	file = PathNameOpenFile(path, mode);
	if (file > 0)
	{
		VfdCache[file].fdstate |= FD_CLOSE_AT_EOXACT;
		have_xact_temporary_files = true;
	}
	return file;
}

/* One that ends its life. */
static void
ReportTemporaryFileUsage(const char *path, off_t size)
{
	pgstat_report_tempfile((size_t) size);
	if (log_temp_files >= 0 && size / 1024 >= log_temp_files)
		ereport(LOG, (errmsg("temporary file: path \"%s\", size %lu", path,
		                     (unsigned long) size)));
}

void
FileClose(File file)
{
	Vfd *vfdP;

	Assert(VFD_VALID(file));
	vfdP = &VfdCache[file];
	if (vfdP->fd != VFD_CLOSED)
	{
		if (close(vfdP->fd) != 0)
			elog((vfdP->fdstate & FD_DELETE_AT_CLOSE) ? LOG
			                                          : data_sync_elevel(LOG),
			     "could not close file \"%s\": %m", vfdP->fileName);
		--nfile;
		vfdP->fd = VFD_CLOSED;
		Delete(file);
	}
	if (vfdP->fdstate & FD_TEMP_FILE_LIMIT)
		temporary_files_size -= (uint64) vfdP->fileSize;
	if (vfdP->fdstate & FD_DELETE_AT_CLOSE)
	{
		struct stat st;

		vfdP->fdstate &= ~FD_DELETE_AT_CLOSE;
		if (stat(vfdP->fileName, &st) == 0)
			ReportTemporaryFileUsage(vfdP->fileName, st.st_size);
		if (sys_unlink(vfdP->fileName) != 0)
			ereport(LOG, (errcode_for_file_access(),
			              errmsg("could not delete file \"%s\": %m",
			                     vfdP->fileName)));
	}
	FreeVfd(file);
}

int
FilePrefetch(File file, off_t offset, off_t amount, uint32 wait_event_info)
{
	int rc;

	rc = FileAccess(file);
	if (rc < 0)
		return rc;
	pgstat_report_wait_start(wait_event_info);
	rc = posix_fadvise(VfdCache[file].fd, offset, amount, POSIX_FADV_WILLNEED);
	pgstat_report_wait_end();
	return rc;
}

void
FileWriteback(File file, off_t offset, off_t nbytes, uint32 wait_event_info)
{
	if (nbytes <= 0 || FileAccess(file) < 0)
		return;
	pgstat_report_wait_start(wait_event_info);
	pg_flush_data(VfdCache[file].fd, offset, nbytes);
	pgstat_report_wait_end();
}

/* Reads amount bytes; fewer only at the end of the file. */
int
FileRead(File file, char *buffer, size_t amount, off_t offset,
         uint32 wait_event_info)
{
	size_t done = 0;

	if (FileAccess(file) < 0)
		return -1;
	while (done < amount)
	{
		ssize_t rc;

		pgstat_report_wait_start(wait_event_info);
		rc = SYS_SITE("file-read",
		              sys_pread(VfdCache[file].fd, buffer + done, amount - done,
		                        offset + (off_t) done));
		pgstat_report_wait_end();
		if (rc < 0 && errno == EINTR)
			continue;
		if (rc < 0)
			return -1;
		if (rc == 0)
			break;
		done += (size_t) rc;
	}
	return (int) done;
}

/* ERROR 53400 if a write would make the temporary files too large. */
static void
check_temp_file_limit(const Vfd *vfdP, off_t end)
{
	uint64 size;

	if (temp_file_limit < 0 || end <= vfdP->fileSize)
		return;
	size = temporary_files_size + (uint64) (end - vfdP->fileSize);
	if (size > (uint64) temp_file_limit * 1024)
		ereport(ERROR, (errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
		                errmsg("temporary file size exceeds temp_file_limit "
		                       "(%dkB)",
		                       temp_file_limit)));
}

static void
note_temp_file_size(Vfd *vfdP, off_t end)
{
	if (end <= vfdP->fileSize)
		return;
	temporary_files_size += (uint64) (end - vfdP->fileSize);
	vfdP->fileSize = end;
}

/* Writes amount bytes; a short count means the disk is full (errno is set). */
int
FileWrite(File file, char *buffer, size_t amount, off_t offset,
          uint32 wait_event_info)
{
	size_t done = 0;

	if (FileAccess(file) < 0)
		return -1;
	if (VfdCache[file].fdstate & FD_TEMP_FILE_LIMIT)
		check_temp_file_limit(&VfdCache[file], offset + (off_t) amount);
	while (done < amount)
	{
		ssize_t rc;

		errno = 0;
		pgstat_report_wait_start(wait_event_info);
		rc = SYS_SITE_PWRITE("file-write", VfdCache[file].fd, buffer + done,
		                     amount - done, offset + (off_t) done);
		pgstat_report_wait_end();
		if (rc < 0 && errno == EINTR)
			continue;
		if (rc < 0)
			return done > 0 ? (int) done : -1;
		if (rc == 0)
		{
			errno = ENOSPC;
			break;
		}
		done += (size_t) rc;
	}
	if (VfdCache[file].fdstate & FD_TEMP_FILE_LIMIT)
		note_temp_file_size(&VfdCache[file], offset + (off_t) done);
	return (int) done;
}

int
FileZero(File file, off_t offset, off_t amount, uint32 wait_event_info)
{
	static const PGAlignedBlock zeros;

	while (amount > 0)
	{
		size_t chunk = Min((size_t) amount, sizeof(zeros.data));

		if (FileWrite(file, (char *) zeros.data, chunk, offset,
		              wait_event_info) != (int) chunk)
			return -1;
		offset += (off_t) chunk;
		amount -= (off_t) chunk;
	}
	return 0;
}

/* Reserves space; where the file system cannot, writes zeros. */
int
FileFallocate(File file, off_t offset, off_t amount, uint32 wait_event_info)
{
	int rc;

	if (FileAccess(file) < 0)
		return -1;
	do
	{
		pgstat_report_wait_start(wait_event_info);
		rc = SYS_SITE("file-allocate",
		              sys_fallocate(VfdCache[file].fd, 0, offset, amount));
		pgstat_report_wait_end();
	} while (rc < 0 && errno == EINTR);
	if (rc == 0)
		return 0;
	if (errno != EINVAL && errno != EOPNOTSUPP && errno != ENOSYS)
		return -1;
	return FileZero(file, offset, amount, wait_event_info);
}

int
FileSync(File file, uint32 wait_event_info)
{
	int rc = FileAccess(file);

	if (rc < 0)
		return rc;
	pgstat_report_wait_start(wait_event_info);
	rc = pg_fsync(VfdCache[file].fd);
	pgstat_report_wait_end();
	return rc;
}

off_t
FileSize(File file)
{
	if (FileAccess(file) < 0)
		return (off_t) -1;
	return lseek(VfdCache[file].fd, 0, SEEK_END);
}

int
FileTruncate(File file, off_t offset, uint32 wait_event_info)
{
	int rc = FileAccess(file);

	if (rc < 0)
		return rc;
	do
	{
		pgstat_report_wait_start(wait_event_info);
		rc =
			SYS_SITE("file-truncate", sys_ftruncate(VfdCache[file].fd, offset));
		pgstat_report_wait_end();
	} while (rc < 0 && errno == EINTR);
	return rc;
}

char *
FilePathName(File file)
{
	Assert(VFD_VALID(file));
	return VfdCache[file].fileName;
}

/* the kernel's descriptor, good until the next call of this file */
int
FileGetRawDesc(File file)
{
	if (FileAccess(file) < 0)
		return -1;
	return VfdCache[file].fd;
}

/* ---- transient descriptors ---- */

FILE *
AllocateFile(const char *name, const char *mode)
{
	FILE *file;

	reserveAllocatedDesc();
	ReleaseLruFiles();
	while ((file = fopen(name, mode)) == NULL)
		if ((errno != EMFILE && errno != ENFILE) || !ReleaseLruFile())
			return NULL;
	allocatedDescs[numAllocatedDescs].kind = AllocateDescFile;
	allocatedDescs[numAllocatedDescs].desc.file = file;
	numAllocatedDescs++;
	return file;
}

int
FreeFile(FILE *file)
{
	for (int i = numAllocatedDescs; --i >= 0;)
		if (allocatedDescs[i].kind == AllocateDescFile &&
		    allocatedDescs[i].desc.file == file)
			return FreeDesc(i);
	elog(WARNING, "file passed to FreeFile was not obtained from "
	              "AllocateFile");
	return fclose(file);
}

int
OpenTransientFile(const char *fileName, int fileFlags)
{
	return OpenTransientFilePerm(fileName, fileFlags, pg_file_create_mode);
}

int
OpenTransientFilePerm(const char *fileName, int fileFlags, mode_t fileMode)
{
	int fd;

	reserveAllocatedDesc();
	ReleaseLruFiles();
	fd = BasicOpenFilePerm(fileName, fileFlags, fileMode);
	if (fd < 0)
		return -1;
	allocatedDescs[numAllocatedDescs].kind = AllocateDescRawFD;
	allocatedDescs[numAllocatedDescs].desc.fd = fd;
	numAllocatedDescs++;
	return fd;
}

int
CloseTransientFile(int fd)
{
	for (int i = numAllocatedDescs; --i >= 0;)
		if (allocatedDescs[i].kind == AllocateDescRawFD &&
		    allocatedDescs[i].desc.fd == fd)
			return FreeDesc(i);
	elog(WARNING, "fd passed to CloseTransientFile was not obtained from "
	              "OpenTransientFile");
	return close(fd);
}

DIR *
AllocateDir(const char *dirname)
{
	DIR *dir;

	reserveAllocatedDesc();
	ReleaseLruFiles();
	while ((dir = opendir(dirname)) == NULL)
		if ((errno != EMFILE && errno != ENFILE) || !ReleaseLruFile())
			return NULL;
	allocatedDescs[numAllocatedDescs].kind = AllocateDescDir;
	allocatedDescs[numAllocatedDescs].desc.dir = dir;
	numAllocatedDescs++;
	return dir;
}

struct dirent *
ReadDir(DIR *dir, const char *dirname)
{
	return ReadDirExtended(dir, dirname, ERROR);
}

/* A NULL dir is the failure of the AllocateDir before, still in errno. */
struct dirent *
ReadDirExtended(DIR *dir, const char *dirname, int elevel)
{
	struct dirent *dent;

	if (dir == NULL)
	{
		ereport(elevel,
		        (errcode_for_file_access(),
		         errmsg("could not open directory \"%s\": %m", dirname)));
		return NULL;
	}
	errno = 0;
	dent = readdir(dir);
	if (dent == NULL && errno != 0)
		ereport(elevel,
		        (errcode_for_file_access(),
		         errmsg("could not read directory \"%s\": %m", dirname)));
	return dent;
}

int
FreeDir(DIR *dir)
{
	if (dir == NULL)
		return 0;
	for (int i = numAllocatedDescs; --i >= 0;)
		if (allocatedDescs[i].kind == AllocateDescDir &&
		    allocatedDescs[i].desc.dir == dir)
			return FreeDesc(i);
	elog(WARNING, "dir passed to FreeDir was not obtained from AllocateDir");
	return closedir(dir);
}

/* ---- ends ---- */

void
closeAllVfds(void)
{
	while (ReleaseLruFile())
		;
}

void
AtEOXact_Files(bool isCommit)
{
	CleanupTempFiles(isCommit, false);
}

static void
BeforeShmemExit_Files(int code, Datum arg)
{
	CleanupTempFiles(false, true);
	temporary_files_allowed = false;
}

static void
CleanupTempFiles(bool isCommit, bool isProcExit)
{
	if (isProcExit || have_xact_temporary_files)
	{
		have_xact_temporary_files = false;
		for (Size i = 1; i < SizeVfdCache; i++)
		{
			unsigned short fdstate = VfdCache[i].fdstate;

			if (VfdCache[i].fileName == NULL ||
			    !(fdstate & (FD_DELETE_AT_CLOSE | FD_CLOSE_AT_EOXACT)))
				continue;
			if (isProcExit || (fdstate & FD_CLOSE_AT_EOXACT))
				FileClose((File) i);
			else
				have_xact_temporary_files = true;
		}
	}
	if (isCommit && numAllocatedDescs > 0)
		elog(WARNING,
		     "%d temporary files and directories not closed at "
		     "end-of-transaction",
		     numAllocatedDescs);
	while (numAllocatedDescs > 0)
		FreeDesc(0);
}

/* t<digits>_<digits>[_<fork>][.<segment>] */
bool
looks_like_temp_rel_name(const char *name)
{
	int oidchars;
	ForkNumber fork;

	if (*name++ != 't' || !isdigit((unsigned char) *name))
		return false;
	while (isdigit((unsigned char) *name))
		name++;
	return *name == '_' &&
	       parse_filename_for_nontemp_relation(name + 1, &oidchars, &fork);
}

static void
RemovePgTempRelationFilesInDbspace(const char *dbspacedirname)
{
	DIR *dir = AllocateDir(dbspacedirname);
	struct dirent *de;

	if (dir == NULL)
		return;
	while ((de = ReadDirExtended(dir, dbspacedirname, LOG)) != NULL)
	{
		char path[MAXPGPATH * 3];

		if (!looks_like_temp_rel_name(de->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dbspacedirname, de->d_name);
		INJECTION_POINT("remove-temp-relation-file");
		if (sys_unlink(path) < 0)
			ereport(LOG, (errcode_for_file_access(),
			              errmsg("could not remove file \"%s\": %m", path)));
	}
	FreeDir(dir);
}

static void
RemovePgTempRelationFiles(const char *tsdirname)
{
	DIR *dir = AllocateDir(tsdirname);
	struct dirent *de;

	if (dir == NULL)
		return;
	while ((de = ReadDirExtended(dir, tsdirname, LOG)) != NULL)
	{
		char path[MAXPGPATH * 2];

		if (strspn(de->d_name, "0123456789") != strlen(de->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", tsdirname, de->d_name);
		RemovePgTempRelationFilesInDbspace(path);
	}
	FreeDir(dir);
}

/*
 * What is in a directory of temporary files: unless all, only what has the name
 * of one.  Directories in it are file sets, which hold nothing else.
 */
static void
RemoveTempFilesIn(const char *dirname, bool all)
{
	DIR *dir = AllocateDir(dirname);
	struct dirent *de;

	while ((de = ReadDirExtended(dir, dirname, LOG)) != NULL)
	{
		char path[MAXPGPATH];
		struct stat st;

		if (strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0)
			continue;
		if (!all && strncmp(de->d_name, PG_TEMP_FILE_PREFIX,
		                    strlen(PG_TEMP_FILE_PREFIX)) != 0)
			continue;
		snprintf(path, sizeof(path), "%.*s/%.255s", MAXPGPATH / 2, dirname,
		         de->d_name);
		if (lstat(path, &st) < 0)
		{
			/* a process that stopped was faster */
			if (errno != ENOENT)
				ereport(LOG, (errcode_for_file_access(),
				              errmsg("could not stat file \"%s\": %m", path)));
		}
		else if (S_ISDIR(st.st_mode))
			RemoveTempDir(path, false);
		else if (sys_unlink(path) != 0)
			ereport(LOG, (errcode_for_file_access(),
			              errmsg("could not remove file \"%s\": %m", path)));
		else if (all && IsUnderPostmaster)
			ReportTemporaryFileUsage(path, st.st_size);
	}
	FreeDir(dir);
}

/* A file set.  ours: of a life that goes on. */
static void
RemoveTempDir(const char *dirname, bool ours)
{
	RemoveTempFilesIn(dirname, true);
	if (rmdir(dirname) != 0 && (ours || errno != ENOENT))
		ereport(LOG,
		        (errcode_for_file_access(),
		         errmsg("could not remove directory \"%s\": %m", dirname)));
}

void
RemovePgTempFiles(void)
{
	const char *dirname = "base/" PG_TEMP_FILES_DIR;

	RemovePgTempRelationFiles("base");
	if (access(dirname, F_OK) == 0) /* else there never was one */
		RemoveTempFilesIn(dirname, false);
}

/* ---- the ring and the table ---- */

static void
Delete(File file)
{
	Vfd *vfdP = &VfdCache[file];

	VfdCache[vfdP->lruLessRecently].lruMoreRecently = vfdP->lruMoreRecently;
	VfdCache[vfdP->lruMoreRecently].lruLessRecently = vfdP->lruLessRecently;
}

/* makes it the most recently used */
static void
Insert(File file)
{
	Vfd *vfdP = &VfdCache[file];

	vfdP->lruMoreRecently = 0;
	vfdP->lruLessRecently = VfdCache[0].lruLessRecently;
	VfdCache[0].lruLessRecently = file;
	VfdCache[vfdP->lruLessRecently].lruMoreRecently = file;
}

static int
LruInsert(File file)
{
	Vfd *vfdP = &VfdCache[file];

	if (vfdP->fd == VFD_CLOSED)
	{
		ReleaseLruFiles();
		vfdP->fd =
			BasicOpenFilePerm(vfdP->fileName, vfdP->fileFlags, vfdP->fileMode);
		if (vfdP->fd < 0)
			return -1;
		++nfile;
	}
	Insert(file);
	return 0;
}

/* Closes the least recently used descriptor; false: there is none. */
static bool
ReleaseLruFile(void)
{
	File file;

	if (nfile == 0)
		return false;
	file = VfdCache[0].lruMoreRecently;
	Assert(file != 0);
	Delete(file);
	if (close(VfdCache[file].fd) != 0)
		elog(data_sync_elevel(LOG), "could not close file \"%s\": %m",
		     VfdCache[file].fileName);
	VfdCache[file].fd = VFD_CLOSED;
	--nfile;
	return true;
}

static void
ReleaseLruFiles(void)
{
	while (nfile + numAllocatedDescs + numExternalFDs >= max_safe_fds)
		if (!ReleaseLruFile())
			break;
}

static int
FileAccess(File file)
{
	Assert(VFD_VALID(file));
	if (VfdCache[file].fd == VFD_CLOSED)
		return LruInsert(file);
	if (VfdCache[0].lruLessRecently != file)
	{
		Delete(file);
		Insert(file);
	}
	return 0;
}

static File
AllocateVfd(void)
{
	File file;

	Assert(SizeVfdCache > 0);
	if (VfdCache[0].nextFree == 0)
	{
		Size newCacheSize = Max(SizeVfdCache * 2, 32);
		Vfd *newVfdCache = sys_realloc(VfdCache, sizeof(Vfd) * newCacheSize);

		if (newVfdCache == NULL)
			ereport(ERROR,
			        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
		VfdCache = newVfdCache;
		for (Size i = SizeVfdCache; i < newCacheSize; i++)
		{
			memset(&VfdCache[i], 0, sizeof(Vfd));
			VfdCache[i].nextFree = (File) (i + 1);
			VfdCache[i].fd = VFD_CLOSED;
		}
		VfdCache[newCacheSize - 1].nextFree = 0;
		VfdCache[0].nextFree = (File) SizeVfdCache;
		SizeVfdCache = newCacheSize;
	}
	file = VfdCache[0].nextFree;
	VfdCache[0].nextFree = VfdCache[file].nextFree;
	return file;
}

static void
FreeVfd(File file)
{
	Vfd *vfdP = &VfdCache[file];

	free(vfdP->fileName);
	vfdP->fileName = NULL;
	vfdP->fdstate = 0;
	vfdP->nextFree = VfdCache[0].nextFree;
	VfdCache[0].nextFree = file;
}

static void
reserveAllocatedDesc(void)
{
	int newMax;
	AllocateDesc *newDescs;

	if (numAllocatedDescs < maxAllocatedDescs)
		return;
	newMax = maxAllocatedDescs == 0 ? FD_MINFREE / 3 : max_safe_fds / 3;
	if (newMax <= maxAllocatedDescs)
		ereport(ERROR,
		        (errcode(ERRCODE_INSUFFICIENT_RESOURCES),
		         errmsg("exceeded maxAllocatedDescs (%d) while trying to open "
		                "a file",
		                maxAllocatedDescs),
		         errhint("Raise max_files_per_process.")));
	newDescs = sys_realloc(allocatedDescs, newMax * sizeof(AllocateDesc));
	if (newDescs == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	allocatedDescs = newDescs;
	maxAllocatedDescs = newMax;
}

static int
FreeDesc(int index)
{
	AllocateDesc desc = allocatedDescs[index];

	allocatedDescs[index] = allocatedDescs[--numAllocatedDescs];
	switch (desc.kind)
	{
		case AllocateDescFile:
			return fclose(desc.desc.file);
		case AllocateDescDir:
			return closedir(desc.desc.dir);
		case AllocateDescRawFD:
			return close(desc.desc.fd);
	}
	return -1;
}
