/*
 * fileset.c
 *		Sets of temporary files by name.
 *
 * A set is a directory base/pgsql_tmp/pgsql_tmp<pid>.<n>.fileset, made with its
 * first file.  A SIGKILL leaves it; the reset after the crash, or the next
 * start, removes it with all that has the name of a temporary file
 * (RemovePgTempFiles).
 *
 * Corresponds to PostgreSQL's storage/file/fileset.c.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "storage/fileset.h"
#include "utils/injection_point.h"

static uint32 filesets_made = 0;

static void
directory_of(char *path, const FileSet *fileset)
{
	snprintf(path, MAXPGPATH, "base/%s/%s%lu.%u.fileset", PG_TEMP_FILES_DIR,
	         PG_TEMP_FILE_PREFIX, (unsigned long) fileset->creator_pid,
	         fileset->number);
}

static void
path_of(char *path, const FileSet *fileset, const char *name)
{
	char directory[MAXPGPATH];

	directory_of(directory, fileset);
	snprintf(path, MAXPGPATH, "%.*s/%s", MAXPGPATH / 2, directory, name);
}

void
FileSetInit(FileSet *fileset)
{
	fileset->creator_pid = MyProcPid;
	fileset->number = filesets_made++;
}

File
FileSetCreate(FileSet *fileset, const char *name)
{
	char path[MAXPGPATH];
	File file;

	INJECTION_POINT("fileset-create");
	path_of(path, fileset, name);
	file = PathNameCreateTemporaryFile(path, false);
	if (file <= 0)
	{
		char directory[MAXPGPATH];

		directory_of(directory, fileset);
		PathNameCreateTemporaryDir("base/" PG_TEMP_FILES_DIR, directory);
		file = PathNameCreateTemporaryFile(path, true);
	}
	return file;
}

File
FileSetOpen(FileSet *fileset, const char *name, int mode)
{
	char path[MAXPGPATH];
	File file;

	INJECTION_POINT("fileset-open");
	path_of(path, fileset, name);
	file = PathNameOpenTemporaryFile(path, mode);
	if (file <= 0)
		ereport(ERROR,
		        (errcode_for_file_access(),
		         errmsg("could not open temporary file \"%s\": %m", path)));
	return file;
}

void
FileSetDeleteAll(FileSet *fileset)
{
	char directory[MAXPGPATH];

	directory_of(directory, fileset);
	PathNameDeleteTemporaryDir(directory);
}
