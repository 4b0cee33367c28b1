/*
 * storage/fileset.h
 *		Sets of temporary files by name, in a directory of their own, so that
 *		other processes can open them.
 *
 * Whoever makes a set removes it (FileSetDeleteAll).  For several processes see
 * sharedfileset.h.  Each function raises ERROR 58030 and the like.
 *
 * Corresponds to PostgreSQL's storage/fileset.h, without tablespaces.
 */
#ifndef FILESET_H
#define FILESET_H

#include "storage/fd.h"

typedef struct FileSet
{
	pid_t creator_pid; /* [C] with the number: the name of the directory */
	uint32 number;     /* [C] */
} FileSet;

extern void FileSetInit(FileSet *fileset);
/* A new file, for writing. */
extern File FileSetCreate(FileSet *fileset, const char *name);
/* mode: O_RDONLY or O_RDWR. */
extern File FileSetOpen(FileSet *fileset, const char *name, int mode);
/* All files, and the directory.  Never raises an error: LOG. */
extern void FileSetDeleteAll(FileSet *fileset);

#endif /* FILESET_H */
