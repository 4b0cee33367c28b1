/*
 * storage/buffile.h
 *		A temporary file read and written through a buffer of one block.
 *
 * The file goes with BufFileClose, or at the end of the transaction unless it
 * is interXact.  Use of it counts as temp blocks (executor/instrument.h).
 *
 * Corresponds to PostgreSQL's storage/buffile.h; one file, however large.
 */
#ifndef BUFFILE_H
#define BUFFILE_H

#include "storage/fileset.h"

typedef struct BufFile BufFile;

extern BufFile *BufFileCreateTemp(bool interXact);
extern void BufFileClose(BufFile *file);
/*
 * A file of a set, which stays when it is closed.  Export writes what is in the
 * buffer: what was exported may be opened by others.
 */
extern BufFile *BufFileCreateFileSet(FileSet *fileset, const char *name);
extern void BufFileExportFileSet(BufFile *file);
extern BufFile *
BufFileOpenFileSet(FileSet *fileset, const char *name, int mode);
/* fewer bytes than asked for only at the end of the file */
extern size_t BufFileRead(BufFile *file, void *ptr, size_t size);
/* ERROR if they are not there */
extern void BufFileReadExact(BufFile *file, void *ptr, size_t size);
extern void BufFileWrite(BufFile *file, const void *ptr, size_t size);
/* where the next read or write is, from the start */
extern void BufFileSeek(BufFile *file, off_t offset);
extern off_t BufFileTell(BufFile *file);
extern off_t BufFileSize(BufFile *file);
/* past the buffer: for a reader with a larger one; ERROR if fewer are there */
extern void BufFileReadAt(BufFile *file, void *ptr, size_t size, off_t offset);

#endif /* BUFFILE_H */
