/*
 * faultio.c
 *		A layer below the server's file accesses, preloaded by LD_PRELOAD:
 *		counts them, stops everything at the n-th, fails one, and remembers what
 *		a power failure at that moment would take away.
 *
 * A SIGKILL alone keeps what the kernel has, written or not.  So every write to
 * a file of the data directory is preceded by an entry of a journal with what
 * it overwrites, and an fsync by an entry that says so (and is not carried out,
 * to save time).  After the end, faultio.py walks the journal backwards and
 * takes back, sector by sector, what had not been synced: all of it, nothing,
 * or at random, which tears pages.
 *
 * What is in FAULTIO_STATE (a file of one page, mapped) is shared with the
 * test.  One lock orders all operations of all processes: the journal's order
 * is that of the writes.  Not durable before an fsync are what was written, the
 * length that a write, fallocate or ftruncate gave a file, a new file, and the
 * removal of one (but of large ones); the last two an fsync of the directory
 * keeps.  Renames are durable at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* kinds, also bits of fail_kinds */
#define OP_WRITE 1
#define OP_FSYNC 2
#define OP_TRUNCATE 4
#define OP_RENAME 8
#define OP_UNLINK 16
#define OP_READ 32
#define OP_CREATE 64
#define OP_ALLOCATE 128
#define OP_DIRSYNC 256 /* counted as OP_FSYNC */

/* What is counted apart: a kind's bit number, and syncs of the log. */
#define TALLY_FLUSH 8
#define TALLIES 9

#define LARGE (1024 * 1024)

/* Offsets are known to faultio.py. */
struct state
{
	volatile uint64_t ops;       /*  0: counted so far */
	volatile uint64_t crash_at;  /*  8: the end is before this one; 0: never */
	volatile int32_t lock;       /* 16 */
	volatile int32_t dead;       /* 20: nobody does anything any more */
	volatile int32_t pm_pid;     /* 24 */
	volatile int32_t recording;  /* 28: journal and count */
	volatile int32_t fail_errno; /* 32: 0: no failures */
	volatile int32_t fail_kinds; /* 36 */
	volatile int64_t fail_skip;  /* 40: matches to let pass */
	volatile int64_t fail_times; /* 48: then as many fail */
	char fail_path[256];         /* 56: part of the path */
	uint64_t tally[TALLIES];     /* 312: of ops */
	volatile int32_t end_tally;  /* 384: which the end was before */
};

static struct state *state;
static int journal = -1;
static char datadir[4096];
static size_t datadir_len;

static void __attribute__((constructor)) begin(void)
{
	const char *path = getenv("FAULTIO_STATE");
	const char *dir = getenv("FAULTIO_DATADIR");
	const char *jpath = getenv("FAULTIO_JOURNAL");
	int fd;

	if (!path || !dir || !jpath)
		return;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	state = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (state == MAP_FAILED)
		state = NULL;
	journal = open(jpath, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	/* out of the way of programs that count or close descriptors */
	fd = fcntl(journal, F_DUPFD_CLOEXEC, 900);
	if (fd >= 0)
	{
		close(journal);
		journal = fd;
	}
	/* the postmaster: its children are forked and do not come here */
	if (state)
		state->pm_pid = getpid();
	snprintf(datadir, sizeof(datadir), "%s/", dir);
	datadir_len = strlen(datadir);
}

static void
stop_here(void)
{
	for (;;)
		pause();
}

static void
enter(void)
{
	while (__atomic_exchange_n(&state->lock, 1, __ATOMIC_ACQUIRE))
	{
		if (state->dead)
			stop_here();
		sched_yield();
	}
	if (state->dead)
		stop_here();
}

static void
leave(void)
{
	__atomic_store_n(&state->lock, 0, __ATOMIC_RELEASE);
}

/* The part below the data directory if the file counts; else NULL. */
static const char *
counts(const char *path)
{
	static const char *const dirs[] = {"base",    "global",       "pg_wal",
	                                   "pg_xact", "pg_multixact", NULL};
	int found = 0;

	if (strncmp(path, datadir, datadir_len) != 0)
		return NULL;
	path += datadir_len;
	for (int i = 0; dirs[i] != NULL; i++)
	{
		size_t len = strlen(dirs[i]);

		found |= strncmp(path, dirs[i], len) == 0 &&
		         (path[len] == '/' || path[len] == '\0');
	}
	if (!found)
		return NULL;
	if (strstr(path, "pgsql_tmp"))
		return NULL;
	return path;
}

static const char *
path_of_fd(int fd, char *buf, size_t size)
{
	char link[64];
	ssize_t n;

	if (state == NULL)
		return NULL;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, buf, size - 1);
	if (n <= 0)
		return NULL;
	buf[n] = '\0';
	return counts(buf);
}

static const char *
path_of_name(const char *name, char *buf, size_t size)
{
	if (state == NULL)
		return NULL;
	if (name[0] == '/')
		snprintf(buf, size, "%s", name);
	else
	{
		char cwd[2048];

		if (getcwd(cwd, sizeof(cwd)) == NULL)
			return NULL;
		while (strncmp(name, "./", 2) == 0)
			name += 2;
		snprintf(buf, size, "%s/%s", cwd, name);
	}
	return counts(buf);
}

/*
 * Under the lock: is this the end, does it fail?  0, or the errno to fail with.
 */
static int
tick(int kind, const char *path)
{
	if (state->recording && kind != OP_READ)
	{
		uint64_t n = ++state->ops;
		int which =
			__builtin_ctz(kind == OP_DIRSYNC ? OP_FSYNC : (unsigned) kind);

		if (kind == OP_FSYNC && strncmp(path, "pg_wal/", 7) == 0)
			which = TALLY_FLUSH;
		state->tally[which]++;
		if (state->crash_at != 0 && n >= state->crash_at)
		{
			state->end_tally = which;
			state->dead = 1;
			if (state->pm_pid > 1)
				kill(state->pm_pid, SIGKILL);
			raise(SIGKILL);
			stop_here();
		}
	}
	if (state->fail_errno != 0 && (state->fail_kinds & kind) &&
	    strstr(path, state->fail_path))
	{
		if (state->fail_skip > 0)
			state->fail_skip--;
		else if (state->fail_times > 0)
		{
			state->fail_times--;
			return state->fail_errno;
		}
	}
	return 0;
}

/* kind, length of the path, offset, length of the data, size before */
static void
note(int kind, const char *path, int64_t offset, const void *data,
     int64_t length, int64_t asked, int64_t size)
{
	int64_t head[6] = {kind, (int64_t) strlen(path), offset, length, asked,
	                   size};
	struct iovec iov[3] = {{head, sizeof(head)},
	                       {(void *) path, strlen(path)},
	                       {(void *) data, (size_t) length}};

	if (!state->recording)
		return;
	if (syscall(SYS_writev, journal, iov, 3) < 0)
		abort();
}

/* What the write will overwrite. */
static void
note_write(int fd, const char *path, off_t offset, size_t length)
{
	struct stat st;
	char stack[65536];
	char *old = length <= sizeof(stack) ? stack : malloc(length);
	char link[64];
	int rfd;
	int64_t have = 0;

	if (!state->recording)
		return;
	if (fstat(fd, &st) != 0)
		st.st_size = 0;
	/* the descriptor may be for writing only */
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	rfd = (int) syscall(SYS_openat, AT_FDCWD, link, O_RDONLY | O_CLOEXEC);
	if (rfd >= 0)
	{
		have = syscall(SYS_pread64, rfd, old, length, offset);
		close(rfd);
	}
	if (have < 0)
		have = 0;
	/* what is missing in the entry is zeros, as most of the log was */
	while (have > 0 && old[have - 1] == 0)
		have--;
	note(OP_WRITE, path, offset, old, have, (int64_t) length, st.st_size);
	if (old != stack)
		free(old);
	if (fcntl(fd, F_GETFL) & O_DSYNC)
		note(OP_FSYNC, path, 0, "", 0, 0, 0);
}

/* What a truncation takes away. */
static void
note_truncation(const char *name, const char *path, off_t length)
{
	struct stat st;
	int fd;
	char *old;
	int64_t have = 0;

	if (!state->recording)
		return;
	fd = (int) syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (fstat(fd, &st) != 0 || st.st_size < length)
		st.st_size = length;
	old = malloc((size_t) (st.st_size - length) + 1);
	if (st.st_size > length)
		have = syscall(SYS_pread64, fd, old, st.st_size - length, length);
	note(OP_TRUNCATE, path, length, old, have < 0 ? 0 : have,
	     st.st_size - length, st.st_size);
	free(old);
	close(fd);
}

ssize_t
pwrite(int fd, const void *data, size_t length, off_t offset)
{
	char buf[4096];
	const char *path = path_of_fd(fd, buf, sizeof(buf));
	ssize_t rc;
	int err;

	if (path == NULL)
		return syscall(SYS_pwrite64, fd, data, length, offset);
	enter();
	err = tick(OP_WRITE, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	note_write(fd, path, offset, length);
	rc = syscall(SYS_pwrite64, fd, data, length, offset);
	err = errno;
	leave();
	errno = err;
	return rc;
}

ssize_t
pwrite64(int fd, const void *data, size_t length, off_t offset)
{
	return pwrite(fd, data, length, offset);
}

ssize_t
write(int fd, const void *data, size_t length)
{
	char buf[4096];
	const char *path = path_of_fd(fd, buf, sizeof(buf));
	ssize_t rc;
	off_t offset;

	if (path == NULL)
		return syscall(SYS_write, fd, data, length);
	offset = lseek(fd, 0, SEEK_CUR);
	rc = pwrite(fd, data, length, offset);
	if (rc > 0)
		lseek(fd, offset + rc, SEEK_SET);
	return rc;
}

ssize_t
pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	ssize_t total = 0;

	for (int i = 0; i < count; i++)
	{
		ssize_t rc =
			pwrite(fd, iov[i].iov_base, iov[i].iov_len, offset + total);

		if (rc < 0)
			return total > 0 ? total : rc;
		total += rc;
		if ((size_t) rc < iov[i].iov_len)
			break;
	}
	return total;
}

ssize_t
pread(int fd, void *data, size_t length, off_t offset)
{
	if (state != NULL && state->fail_errno != 0 &&
	    (state->fail_kinds & OP_READ))
	{
		char buf[4096];
		const char *path = path_of_fd(fd, buf, sizeof(buf));
		int err = 0;

		if (path != NULL)
		{
			enter();
			err = tick(OP_READ, path);
			leave();
		}
		if (err != 0)
		{
			errno = err;
			return -1;
		}
	}
	return syscall(SYS_pread64, fd, data, length, offset);
}

static int
sync_fd(int fd)
{
	char buf[4096];
	const char *path = path_of_fd(fd, buf, sizeof(buf));
	struct stat st;
	int kind;
	int err;

	if (path == NULL)
		return 0;
	kind = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? OP_DIRSYNC : OP_FSYNC;
	enter();
	err = tick(kind, path);
	if (err == 0)
		note(kind, path, 0, "", 0, 0, 0);
	leave();
	if (err != 0)
	{
		errno = err;
		return -1;
	}
	return 0;
}

int
fsync(int fd)
{
	if (state == NULL)
		return (int) syscall(SYS_fsync, fd);
	return sync_fd(fd);
}

int
fdatasync(int fd)
{
	if (state == NULL)
		return (int) syscall(SYS_fdatasync, fd);
	return sync_fd(fd);
}

int
ftruncate(int fd, off_t length)
{
	char buf[4096];
	char link[64];
	const char *path = path_of_fd(fd, buf, sizeof(buf));
	int rc;
	int err;

	if (path == NULL)
		return (int) syscall(SYS_ftruncate, fd, length);
	enter();
	err = tick(OP_TRUNCATE, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	note_truncation(link, path, length);
	rc = (int) syscall(SYS_ftruncate, fd, length);
	err = errno;
	leave();
	errno = err;
	return rc;
}

int
truncate(const char *name, off_t length)
{
	char buf[8192];
	const char *path = path_of_name(name, buf, sizeof(buf));
	int rc;
	int err;

	if (path == NULL)
		return (int) syscall(SYS_truncate, name, length);
	enter();
	err = tick(OP_TRUNCATE, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	note_truncation(name, path, length);
	rc = (int) syscall(SYS_truncate, name, length);
	err = errno;
	leave();
	errno = err;
	return rc;
}

int
rename(const char *from, const char *to)
{
	char buf[8192];
	char buf2[8192];
	const char *path = path_of_name(from, buf, sizeof(buf));
	const char *path2 = path_of_name(to, buf2, sizeof(buf2));
	int rc;
	int err;

	if (path == NULL || path2 == NULL)
		return (int) syscall(SYS_rename, from, to);
	enter();
	err = tick(OP_RENAME, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	note(OP_RENAME, path, 0, path2, (int64_t) strlen(path2), 0, 0);
	rc = (int) syscall(SYS_rename, from, to);
	err = errno;
	leave();
	errno = err;
	return rc;
}

/* All of a file that is not large, else NULL. */
static char *
contents(const char *name, int64_t *size)
{
	struct stat st;
	char *data = NULL;
	int fd = (int) syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= LARGE)
	{
		data = malloc((size_t) st.st_size + 1);
		*size = st.st_size;
		if (syscall(SYS_pread64, fd, data, st.st_size, 0) != st.st_size)
		{
			free(data);
			data = NULL;
		}
	}
	close(fd);
	return data;
}

int
unlink(const char *name)
{
	char buf[8192];
	const char *path = path_of_name(name, buf, sizeof(buf));
	int64_t size = 0;
	char *old;
	int rc;
	int err;

	if (path == NULL)
		return (int) syscall(SYS_unlink, name);
	enter();
	err = tick(OP_UNLINK, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	old = state->recording ? contents(name, &size) : NULL;
	rc = (int) syscall(SYS_unlink, name);
	err = errno;
	/* asked is -1 if there is no way back */
	if (rc == 0)
		note(OP_UNLINK, path, 0, old, old ? size : 0, old ? size : -1, 0);
	leave();
	free(old);
	errno = err;
	return rc;
}

/* The end may also come before a new file, which is then empty. */
int
open(const char *name, int flags, ...)
{
	char buf[8192];
	const char *path;
	mode_t mode = 0;
	int err;
	int rc;

	if (flags & (O_CREAT | O_TMPFILE))
	{
		va_list ap;

		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	path = (flags & O_CREAT) ? path_of_name(name, buf, sizeof(buf)) : NULL;
	if (path == NULL || access(name, F_OK) == 0)
		return (int) syscall(SYS_openat, AT_FDCWD, name, flags, mode);
	enter();
	err = tick(OP_CREATE, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	rc = (int) syscall(SYS_openat, AT_FDCWD, name, flags, mode);
	err = errno;
	if (rc >= 0)
		note(OP_CREATE, path, 0, "", 0, 0, 0);
	leave();
	errno = err;
	return rc;
}

int
fallocate(int fd, int mode, off_t offset, off_t length)
{
	char buf[4096];
	const char *path = path_of_fd(fd, buf, sizeof(buf));
	struct stat st;
	int err;
	int rc;

	if (path == NULL)
		return (int) syscall(SYS_fallocate, fd, mode, offset, length);
	enter();
	err = tick(OP_ALLOCATE, path);
	if (err != 0)
	{
		leave();
		errno = err;
		return -1;
	}
	if (fstat(fd, &st) != 0)
		st.st_size = 0;
	note(OP_WRITE, path, offset, "", 0, length, st.st_size);
	rc = (int) syscall(SYS_fallocate, fd, mode, offset, length);
	err = errno;
	leave();
	errno = err;
	return rc;
}
