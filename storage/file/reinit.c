/*
 * reinit.c
 *		Unlogged relations after a crash.
 *
 * The pages of an unlogged relation are not in the log, so after a crash they
 * are worth nothing.  Its init fork is logged, and holds what the relation is
 * when it is empty.  Recovery works in two steps:
 *
 *	1. UNLOGGED_RELATION_CLEANUP, before replay: wherever NNN_init is found, all
 *	   other forks of NNN are removed.
 *	2. UNLOGGED_RELATION_INIT, after replay (which may have brought back init
 *	   forks that were not on disk): NNN_init is copied to NNN.
 *
 * Both may be repeated: a crash in between starts them again.
 *
 * Files made during replay and thrown away before its end (NNN_init dropped
 * later) are gone with their records.
 *
 * Corresponds to PostgreSQL's storage/file/reinit.c.
 */
#include "postgres.h"

#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>

#include "common/relpath.h"
#include "port/sys.h"
#include "storage/fd.h"
#include "storage/reinit.h"
#include "storage/smgr.h"
#include "utils/hsearch.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

/* A relation that has an init fork. */
typedef struct
{
	Oid reloid; /* hash key: the number in the file's name */
} unlogged_relation_entry;

/*
 * Takes a file's name apart: NNN[_fork][.segment].  False: it is none of a
 * relation's.
 */
bool
parse_filename_for_nontemp_relation(const char *name, int *oidchars,
                                    ForkNumber *fork)
{
	int pos = 0;

	while (isdigit((unsigned char) name[pos]))
		pos++;
	if (pos == 0 || pos > 10)
		return false;
	*oidchars = pos;
	*fork = MAIN_FORKNUM;
	if (name[pos] == '_')
	{
		int forkchars = 0;

		for (ForkNumber f = MAIN_FORKNUM + 1; f <= MAX_FORKNUM; f++)
		{
			size_t len = strlen(forkNames[f]);

			if (strncmp(name + pos + 1, forkNames[f], len) == 0)
			{
				*fork = f;
				forkchars = (int) len;
			}
		}
		if (forkchars == 0)
			return false;
		pos += forkchars + 1;
	}
	if (name[pos] == '.')
	{
		int digits = 0;

		while (isdigit((unsigned char) name[pos + 1 + digits]))
			digits++;
		if (digits == 0)
			return false;
		pos += digits + 1;
	}
	return name[pos] == '\0';
}

/* Calls fn for each file of a relation in the directory. */
static void
for_each_file(const char *dirname,
              void (*fn)(const char *path, const char *name, Oid relnode,
                         ForkNumber fork, void *arg),
              void *arg)
{
	DIR *dir = AllocateDir(dirname);
	struct dirent *de;

	while ((de = ReadDir(dir, dirname)) != NULL)
	{
		char path[MAXPGPATH];
		int oidchars;
		ForkNumber fork;

		if (!parse_filename_for_nontemp_relation(de->d_name, &oidchars, &fork))
			continue;
		snprintf(path, sizeof(path), "%s/%s", dirname, de->d_name);
		fn(path, de->d_name, (Oid) strtoul(de->d_name, NULL, 10), fork, arg);
	}
	FreeDir(dir);
}

static void
note_init_fork(const char *path, const char *name, Oid relnode, ForkNumber fork,
               void *arg)
{
	if (fork == INIT_FORKNUM)
		(void) hash_search((HTAB *) arg, &relnode, HASH_ENTER, NULL);
}

static void
remove_other_fork(const char *path, const char *name, Oid relnode,
                  ForkNumber fork, void *arg)
{
	if (fork == INIT_FORKNUM ||
	    hash_search((HTAB *) arg, &relnode, HASH_FIND, NULL) == NULL)
		return;
	INJECTION_POINT("reinit-unlink");
	if (sys_unlink(path) < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not remove file \"%s\": %m", path)));
	elog(DEBUG2, "unlinked file \"%s\"", path);
}

static void
copy_file(const char *from, const char *to)
{
	char *buffer = palloc(8 * BLCKSZ);
	int src = OpenTransientFile(from, O_RDONLY);
	int dst;

	if (src < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not open file \"%s\": %m", from)));
	dst = OpenTransientFile(to, O_RDWR | O_CREAT | O_TRUNC);
	if (dst < 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not create file \"%s\": %m", to)));
	for (;;)
	{
		ssize_t nbytes;

		INJECTION_POINT("reinit-copy");
		nbytes = sys_read(src, buffer, 8 * BLCKSZ);
		if (nbytes < 0)
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not read file \"%s\": %m", from)));
		if (nbytes == 0)
			break;
		errno = 0;
		if (sys_write(dst, buffer, nbytes) != nbytes)
		{
			if (errno == 0)
				errno = ENOSPC;
			ereport(ERROR, (errcode_for_file_access(),
			                errmsg("could not write to file \"%s\": %m", to)));
		}
	}
	if (CloseTransientFile(dst) != 0 || CloseTransientFile(src) != 0)
		ereport(ERROR, (errcode_for_file_access(),
		                errmsg("could not close file \"%s\": %m", to)));
	pfree(buffer);
}

/* "NNN_init" to "NNN", the segment's number kept. */
static void
copy_init_fork(const char *path, const char *name, Oid relnode, ForkNumber fork,
               void *arg)
{
	char target[MAXPGPATH];
	const char *segment;

	if (fork != INIT_FORKNUM)
		return;
	segment = strchr(name, '.');
	snprintf(target, sizeof(target), "%s/%u%s", (const char *) arg, relnode,
	         segment != NULL ? segment : "");
	elog(DEBUG2, "copying %s to %s", path, target);
	copy_file(path, target);
}

/* After all copies, so that the kernel may write them together. */
static void
sync_main_fork(const char *path, const char *name, Oid relnode, ForkNumber fork,
               void *arg)
{
	char target[MAXPGPATH];
	const char *segment;

	if (fork != INIT_FORKNUM)
		return;
	segment = strchr(name, '.');
	snprintf(target, sizeof(target), "%s/%u%s", (const char *) arg, relnode,
	         segment != NULL ? segment : "");
	fsync_fname(target, false);
}

static void
reset_directory(const char *dirname, int op)
{
	if (op & UNLOGGED_RELATION_CLEANUP)
	{
		HASHCTL ctl = {0};
		HTAB *hash;

		ctl.keysize = sizeof(Oid);
		ctl.entrysize = sizeof(unlogged_relation_entry);
		ctl.hcxt = CurrentMemoryContext;
		hash = hash_create("unlogged relation OIDs", 32, &ctl,
		                   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
		for_each_file(dirname, note_init_fork, hash);
		if (hash_get_num_entries(hash) > 0)
			for_each_file(dirname, remove_other_fork, hash);
		hash_destroy(hash);
	}
	if (op & UNLOGGED_RELATION_INIT)
	{
		for_each_file(dirname, copy_init_fork, (void *) dirname);
		for_each_file(dirname, sync_main_fork, (void *) dirname);
		fsync_fname(dirname, true);
	}
}

void
ResetUnloggedRelations(int op)
{
	DIR *dir;
	struct dirent *de;

	elog(DEBUG1, "resetting unlogged relations: cleanup %d init %d",
	     (op & UNLOGGED_RELATION_CLEANUP) != 0,
	     (op & UNLOGGED_RELATION_INIT) != 0);
	/* handles of files that go, or are written behind their back */
	smgrcloseall();

	dir = AllocateDir("base");
	while ((de = ReadDir(dir, "base")) != NULL)
	{
		char path[MAXPGPATH];

		if (strspn(de->d_name, "0123456789") != strlen(de->d_name))
			continue;
		snprintf(path, sizeof(path), "base/%s", de->d_name);
		reset_directory(path, op);
	}
	FreeDir(dir);
}
