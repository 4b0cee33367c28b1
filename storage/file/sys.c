/*
 * sys.c
 *		System calls and allocations, each with a point where it can be failed.
 *
 * The functions are not inline: beside a system call a function call is nothing,
 * and each point exists once.
 *
 * What a fault says is read in two places only: sys_fails, and transfer_fails
 * for what can go half-way.
 */
#include "postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port/sys.h"

/* ---- what an armed action asks for ---- */

bool
sys_fails(int error)
{
	static bool interrupted = false;

	if (likely(error == 0))
		return false;
	if (error == EINTR)
	{
		interrupted = !interrupted;
		if (!interrupted)
			return false;
	}
	errno = error;
	return true;
}

/*
 * True: the transfer fails.  Else *count is what is to be transferred, at least
 * a byte, so that who goes on with the rest comes to an end.
 */
static bool
transfer_fails(const InjectionSysFault *fault, size_t *count)
{
	size_t bytes = fault->bytes < 0 ? (*count + 1) / 2 : (size_t) fault->bytes;

	if (fault->kind == INJ_SYS_ERRNO)
		return sys_fails(fault->error);
	if (*count > 0)
		*count = Min(*count, Max(bytes, 1));
	return false;
}

static ssize_t
torn(const InjectionSysFault *fault, ssize_t done, size_t count)
{
	return fault->kind == INJ_SYS_TORN && done >= 0 ? (ssize_t) count : done;
}

bool
sys_pwrite_fails(const InjectionSysFault *fault, int fd, const void *buf,
                 size_t count, off_t offset, ssize_t *result)
{
	size_t part = count;

	if (fault->kind == INJ_SYS_ERRNO && !sys_fails(fault->error))
		return false;
	*result = -1;
	if (fault->kind == INJ_SYS_ERRNO)
		return true;
	(void) transfer_fails(fault, &part);
	*result = torn(fault, pwrite(fd, buf, part, offset), count);
	return true;
}

/* ---- files ---- */

int
sys_open(const char *path, int flags, mode_t mode)
{
	return SYS_SITE("sys-open", open(path, flags, mode));
}

int
sys_mkdir(const char *path, mode_t mode)
{
	return SYS_SITE("sys-mkdir", mkdir(path, mode));
}

int
sys_rename(const char *from, const char *to)
{
	return SYS_SITE("sys-rename", rename(from, to));
}

int
sys_unlink(const char *path)
{
	return SYS_SITE("sys-unlink", unlink(path));
}

int
sys_truncate(const char *path, off_t length)
{
	return SYS_SITE("sys-truncate", truncate(path, length));
}

int
sys_ftruncate(int fd, off_t length)
{
	return SYS_SITE("sys-ftruncate", ftruncate(fd, length));
}

int
sys_fallocate(int fd, int mode, off_t offset, off_t length)
{
	return SYS_SITE("sys-fallocate", fallocate(fd, mode, offset, length));
}

int
sys_fsync(int fd)
{
	return SYS_SITE("sys-fsync", fsync(fd));
}

int
sys_fdatasync(int fd)
{
	return SYS_SITE("sys-fdatasync", fdatasync(fd));
}

ssize_t
sys_read(int fd, void *buf, size_t count)
{
	InjectionSysFault fault;

	if (INJECTION_POINT_SYS("sys-read", &fault) &&
	    transfer_fails(&fault, &count))
		return -1;
	return read(fd, buf, count);
}

ssize_t
sys_write(int fd, const void *buf, size_t count)
{
	InjectionSysFault fault;
	size_t part = count;

	if (!INJECTION_POINT_SYS("sys-write", &fault))
		return write(fd, buf, count);
	if (transfer_fails(&fault, &part))
		return -1;
	return torn(&fault, write(fd, buf, part), count);
}

ssize_t
sys_pread(int fd, void *buf, size_t count, off_t offset)
{
	InjectionSysFault fault;

	if (INJECTION_POINT_SYS("sys-pread", &fault) &&
	    transfer_fails(&fault, &count))
		return -1;
	return pread(fd, buf, count, offset);
}

ssize_t
sys_pwrite(int fd, const void *buf, size_t count, off_t offset)
{
	InjectionSysFault fault;
	ssize_t result;

	if (INJECTION_POINT_SYS("sys-pwrite", &fault) &&
	    sys_pwrite_fails(&fault, fd, buf, count, offset, &result))
		return result;
	return pwrite(fd, buf, count, offset);
}

/* ---- shared memory ---- */

int
sys_shm_open(const char *name, int flags, mode_t mode)
{
	return SYS_SITE("sys-shm-open", shm_open(name, flags, mode));
}

int
sys_shm_unlink(const char *name)
{
	return SYS_SITE("sys-shm-unlink", shm_unlink(name));
}

int
sys_memfd_create(const char *name, unsigned flags)
{
	return SYS_SITE("sys-memfd-create", memfd_create(name, flags));
}

int
sys_posix_fallocate(int fd, off_t offset, off_t length)
{
	return SYS_SITE_RC("sys-posix-fallocate",
	                   posix_fallocate(fd, offset, length));
}

void *
sys_mmap(size_t length, int prot, int flags, int fd)
{
	return SYS_SITE_MAP("sys-mmap", mmap(NULL, length, prot, flags, fd, 0));
}

int
sys_munmap(void *address, size_t length)
{
	return SYS_SITE("sys-munmap", munmap(address, length));
}

/* ---- processes and waiting ---- */

pid_t
sys_fork(void)
{
	return SYS_SITE("sys-fork", fork());
}

int
sys_pipe2(int *fds, int flags)
{
	return SYS_SITE("sys-pipe", pipe2(fds, flags));
}

int
sys_sem_init(sem_t *sem, int pshared, unsigned value)
{
	return SYS_SITE("sys-sem-init", sem_init(sem, pshared, value));
}

int
sys_sem_wait(sem_t *sem)
{
	return SYS_SITE("sys-sem-wait", sem_wait(sem));
}

int
sys_sem_trywait(sem_t *sem)
{
	return SYS_SITE("sys-sem-trywait", sem_trywait(sem));
}

int
sys_sem_post(sem_t *sem)
{
	return SYS_SITE("sys-sem-post", sem_post(sem));
}

int
sys_signalfd(int fd, const sigset_t *mask, int flags)
{
	return SYS_SITE("sys-signalfd", signalfd(fd, mask, flags));
}

int
sys_epoll_create1(int flags)
{
	return SYS_SITE("sys-epoll-create", epoll_create1(flags));
}

int
sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
{
	return SYS_SITE("sys-epoll-ctl", epoll_ctl(epfd, op, fd, event));
}

int
sys_epoll_wait(int epfd, struct epoll_event *events, int nevents, int timeout)
{
	return SYS_SITE("sys-epoll-wait",
	                epoll_wait(epfd, events, nevents, timeout));
}

/* ---- memory of the process ---- */

static inline bool
malloc_fails(void)
{
	return sys_fails(INJECTION_POINT_ERRNO("sys-malloc"));
}

void *
sys_malloc(size_t size)
{
	return malloc_fails() ? NULL : malloc(size);
}

void *
sys_calloc(size_t n, size_t size)
{
	return malloc_fails() ? NULL : calloc(n, size);
}

void *
sys_realloc(void *pointer, size_t size)
{
	return malloc_fails() ? NULL : realloc(pointer, size);
}

char *
sys_strdup(const char *string)
{
	return malloc_fails() ? NULL : strdup(string);
}
