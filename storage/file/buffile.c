/*
 * buffile.c
 *		Temporary files read and written through a buffer.
 *
 * The buffer holds the bytes from curOffset on, of which nbytes are valid and
 * pos is the next.  If it is dirty it differs from the file and is written
 * before anything else is read into it.
 *
 * Corresponds to PostgreSQL's storage/file/buffile.c.
 */
#include "postgres.h"

#include "executor/instrument.h"
#include "storage/buffile.h"
#include "storage/fd.h"
#include "utils/wait_event.h"

/* bytes that are written by one call at most */
#define MAX_WRITE (1024 * 1024)

struct BufFile
{
	File file;
	bool dirty;
	off_t curOffset;
	off_t size; /* of the file and what is still to be written */
	int pos;
	int nbytes;
	char buffer[BLCKSZ];
};

BufFile *
BufFileCreateTemp(bool interXact)
{
	BufFile *file = palloc0_object(BufFile);

	file->file = OpenTemporaryFile(interXact);
	return file;
}

BufFile *
BufFileCreateFileSet(FileSet *fileset, const char *name)
{
	BufFile *file = palloc0_object(BufFile);

	file->file = FileSetCreate(fileset, name);
	return file;
}

BufFile *
BufFileOpenFileSet(FileSet *fileset, const char *name, int mode)
{
	BufFile *file = palloc0_object(BufFile);

	file->file = FileSetOpen(fileset, name, mode);
	file->size = FileSize(file->file);
	if (file->size < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not determine size of temporary file "
		                       "\"%s\": %m",
		                       FilePathName(file->file))));
	return file;
}

void
BufFileClose(BufFile *file)
{
	FileClose(file->file);
	pfree(file);
}

static void
write_at(BufFile *file, const char *data, size_t size, off_t offset)
{
	int rc = FileWrite(file->file, (char *) data, size, offset,
	                   WAIT_EVENT_BUFFILE_WRITE);

	if (rc != (int) size)
	{
		if (rc >= 0)
			errno = ENOSPC;
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not write to file \"%s\": %m",
		                       FilePathName(file->file))));
	}
	pgBufferUsage.temp_blks_written += (int64) ((size + BLCKSZ - 1) / BLCKSZ);
}

static void
flush_buffer(BufFile *file)
{
	if (!file->dirty)
		return;
	write_at(file, file->buffer, (size_t) file->nbytes, file->curOffset);
	file->dirty = false;
}

void
BufFileExportFileSet(BufFile *file)
{
	flush_buffer(file);
}

void
BufFileReadAt(BufFile *file, void *ptr, size_t size, off_t offset)
{
	int rc;

	flush_buffer(file);
	rc = FileRead(file->file, ptr, size, offset, WAIT_EVENT_BUFFILE_READ);
	if (rc < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not read file \"%s\": %m",
		                       FilePathName(file->file))));
	if (rc != size)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not read from temporary file: read only "
		                       "%d of %zu bytes",
		                       rc, size)));
	pgBufferUsage.temp_blks_read += (size + BLCKSZ - 1) / BLCKSZ;
}

/* The block that the position is in; nothing at the end of the file. */
static void
load_buffer(BufFile *file)
{
	off_t left;

	flush_buffer(file);
	file->curOffset += file->pos;
	file->pos = file->nbytes = 0;
	left = file->size - file->curOffset;
	if (left <= 0)
		return;
	file->nbytes = (int) Min(left, BLCKSZ);
	BufFileReadAt(file, file->buffer, file->nbytes, file->curOffset);
}

size_t
BufFileRead(BufFile *file, void *ptr, size_t size)
{
	char *to = ptr;
	size_t done = 0;

	while (done < size)
	{
		size_t n;

		if (file->pos >= file->nbytes)
		{
			load_buffer(file);
			if (file->nbytes == 0)
				break;
		}
		n = Min(size - done, (size_t) (file->nbytes - file->pos));
		memcpy(to + done, file->buffer + file->pos, n);
		file->pos += (int) n;
		done += n;
	}
	return done;
}

void
BufFileReadExact(BufFile *file, void *ptr, size_t size)
{
	size_t n = BufFileRead(file, ptr, size);

	if (n != size)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not read from temporary file: read only "
		                       "%zu of %zu bytes",
		                       n, size)));
}

void
BufFileWrite(BufFile *file, const void *ptr, size_t size)
{
	const char *from = ptr;

	while (size > 0)
	{
		size_t n;

		if (file->pos >= BLCKSZ)
		{
			flush_buffer(file);
			file->curOffset += file->pos;
			file->pos = file->nbytes = 0;
		}
		if (size >= BLCKSZ && file->nbytes == 0)
		{
			/* whole blocks need no buffer */
			n = Min(size - size % BLCKSZ, MAX_WRITE);
			write_at(file, from, n, file->curOffset);
			file->curOffset += (off_t) n;
			file->size = Max(file->size, file->curOffset);
			from += n;
			size -= n;
			continue;
		}
		n = Min(size, (size_t) (BLCKSZ - file->pos));
		memcpy(file->buffer + file->pos, from, n);
		file->dirty = true;
		file->pos += (int) n;
		file->nbytes = Max(file->nbytes, file->pos);
		file->size = Max(file->size, file->curOffset + file->nbytes);
		from += n;
		size -= n;
	}
}

void
BufFileSeek(BufFile *file, off_t offset)
{
	Assert(offset >= 0 && offset <= file->size);
	if (offset >= file->curOffset && offset <= file->curOffset + file->nbytes)
	{
		file->pos = (int) (offset - file->curOffset);
		return;
	}
	flush_buffer(file);
	file->curOffset = offset;
	file->pos = file->nbytes = 0;
}

off_t
BufFileTell(BufFile *file)
{
	return file->curOffset + file->pos;
}

off_t
BufFileSize(BufFile *file)
{
	return file->size;
}
