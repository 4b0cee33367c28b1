/*
 * storage/fd.h: files, with more of them "open" than descriptors there are.
 *
 * A File is a virtual file descriptor: the kernel's is closed when too many
 * are open and opened again on use.  The transient kinds (AllocateFile,
 * AllocateDir, OpenTransientFile) are closed at the end of the transaction
 * if the caller does not.
 */
#ifndef FD_H
#define FD_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/types.h>

typedef int File;

/* descriptors that one process may use */
extern int max_files_per_process;
/* kB that the temporary files of a process may have together; -1: no limit */
extern int temp_file_limit;
extern int log_temp_files; /* kB; -1: none */
/* report a failed fsync as ERROR instead of PANIC */
extern bool data_sync_retry;
/* what is left of max_files_per_process after what was open at start */
extern int max_safe_fds;

#define NUM_RESERVED_FDS 10
#define FD_MINFREE 32

#define PG_DIR_MODE_OWNER 0700
#define PG_FILE_MODE_OWNER 0600
extern int pg_file_create_mode;
extern int pg_dir_create_mode;

#define PG_TEMP_FILES_DIR "pgsql_tmp"
#define PG_TEMP_FILE_PREFIX "pgsql_tmp"

/* virtual files; each returns -1 with errno on failure unless said otherwise */
extern File PathNameOpenFile(const char *fileName, int fileFlags);
extern File
PathNameOpenFilePerm(const char *fileName, int fileFlags, mode_t fileMode);
extern File OpenTemporaryFile(bool interXact);
/*
 * Temporary files by name (storage/fileset.h): closed, but not removed, at the
 * end of the transaction.  Delete says in the log what it could not remove.
 */
extern void
PathNameCreateTemporaryDir(const char *basedir, const char *directory);
extern void PathNameDeleteTemporaryDir(const char *dirname);
extern File
PathNameCreateTemporaryFile(const char *path, bool error_on_failure);
extern File PathNameOpenTemporaryFile(const char *path, int mode);
extern void FileClose(File file);
extern int
FilePrefetch(File file, off_t offset, off_t amount, uint32 wait_event_info);
extern int FileRead(File file, char *buffer, size_t amount, off_t offset,
                    uint32 wait_event_info);
extern int FileWrite(File file, char *buffer, size_t amount, off_t offset,
                     uint32 wait_event_info);
extern int
FileZero(File file, off_t offset, off_t amount, uint32 wait_event_info);
extern int
FileFallocate(File file, off_t offset, off_t amount, uint32 wait_event_info);
extern int FileSync(File file, uint32 wait_event_info);
extern off_t FileSize(File file);
extern int FileTruncate(File file, off_t offset, uint32 wait_event_info);
extern void
FileWriteback(File file, off_t offset, off_t nbytes, uint32 wait_event_info);
extern char *FilePathName(File file);
extern int FileGetRawDesc(File file);

/* stdio, directories and plain descriptors under the same care */
extern FILE *AllocateFile(const char *name, const char *mode);
extern int FreeFile(FILE *file);
extern DIR *AllocateDir(const char *dirname);
extern struct dirent *ReadDir(DIR *dir, const char *dirname);
extern struct dirent *
ReadDirExtended(DIR *dir, const char *dirname, int elevel);
extern int FreeDir(DIR *dir);
extern int OpenTransientFile(const char *fileName, int fileFlags);
extern int
OpenTransientFilePerm(const char *fileName, int fileFlags, mode_t fileMode);
extern int CloseTransientFile(int fd);

/* for whoever opens descriptors by other means and keeps them */
extern bool AcquireExternalFD(void);
extern void ReserveExternalFD(void);
extern void ReleaseExternalFD(void);
extern int BasicOpenFile(const char *fileName, int fileFlags);
extern int
BasicOpenFilePerm(const char *fileName, int fileFlags, mode_t fileMode);

extern int MakePGDirectory(const char *directoryName);

extern void InitFileAccess(void);
extern void InitTemporaryFileAccess(void);
extern void set_max_safe_fds(void);
extern void closeAllVfds(void);
extern void AtEOXact_Files(bool isCommit);
/*
 * At start, and after a crash: what an earlier life left, temporary relations'
 * files included.
 */
extern void RemovePgTempFiles(void);
/* t<N>_<M>: the file of a temporary relation */
extern bool looks_like_temp_rel_name(const char *name);

/* these return -1 with errno; with fsync = off they do nothing */
extern int pg_fsync(int fd);
extern int pg_fdatasync(int fd);
extern void pg_flush_data(int fd, off_t offset, off_t amount);
extern int pg_truncate(const char *path, off_t length);
extern void fsync_fname(const char *fname, bool isdir);
extern int
fsync_fname_ext(const char *fname, bool isdir, bool ignore_perm, int elevel);
extern int durable_rename(const char *oldfile, const char *newfile, int elevel);
extern int durable_unlink(const char *fname, int elevel);
/* After a crash: the whole data directory (syncdatadir.c). */
extern void SyncDataDirectory(void);
/* PANIC, unless data_sync_retry: then elevel */
extern int data_sync_elevel(int elevel);

#endif /* FD_H */
