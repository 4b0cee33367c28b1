/*
 * port/sys.h
 *		The system calls and allocations of the server that a test can fail.
 *
 * Each function is the system call of its name, and has an injection point
 * "sys-NAME" (dashes for underscores) whose armed action can make it fail with
 * an errno, before the kernel is asked; sys_posix_fallocate returns it, as its
 * model does.  Nothing else is added: who repeats a call after EINTR, reports
 * an error or counts a wait does that around it.
 *
 * Two call sites of one function are told apart by a point of their own:
 *
 *		fd = SYS_SITE("dsm-open", sys_shm_open(name, flags, 0600));
 *		n = SYS_SITE_PWRITE("wal-pwrite", fd, buf, len, offset);
 *
 * The points are of the class no-throw: they are in critical sections, in the
 * primitives that errors are reported with, and in the postmaster.
 *
 * Of a transfer, "short" lets half of the bytes through and returns their
 * number.  Of a write, "torn" lets the first half through, 4096 bytes of a page,
 * and says that it wrote all: what a power failure leaves.
 *
 * An errno of EINTR fails every second passage only: a signal interrupts a call
 * once, and whoever repeats it comes through.
 */
#ifndef PORT_SYS_H
#define PORT_SYS_H

#include <semaphore.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/types.h>

#include "utils/injection_point.h"

/* files */
extern int sys_open(const char *path, int flags, mode_t mode);
extern int sys_mkdir(const char *path, mode_t mode);
extern int sys_rename(const char *from, const char *to);
extern int sys_unlink(const char *path);
extern int sys_truncate(const char *path, off_t length);
extern int sys_ftruncate(int fd, off_t length);
extern int sys_fallocate(int fd, int mode, off_t offset, off_t length);
extern int sys_fsync(int fd);
extern int sys_fdatasync(int fd);
extern ssize_t sys_read(int fd, void *buf, size_t count);
extern ssize_t sys_write(int fd, const void *buf, size_t count);
extern ssize_t sys_pread(int fd, void *buf, size_t count, off_t offset);
extern ssize_t sys_pwrite(int fd, const void *buf, size_t count, off_t offset);

/* shared memory */
extern int sys_shm_open(const char *name, int flags, mode_t mode);
extern int sys_shm_unlink(const char *name);
extern int sys_memfd_create(const char *name, unsigned flags);
extern int sys_posix_fallocate(int fd, off_t offset, off_t length);
extern void *sys_mmap(size_t length, int prot, int flags, int fd);
extern int sys_munmap(void *address, size_t length);

/* processes and waiting */
extern pid_t sys_fork(void);
extern int sys_pipe2(int *fds, int flags);
extern int sys_sem_init(sem_t *sem, int pshared, unsigned value);
extern int sys_sem_wait(sem_t *sem);
extern int sys_sem_trywait(sem_t *sem);
extern int sys_sem_post(sem_t *sem);
extern int sys_signalfd(int fd, const sigset_t *mask, int flags);
extern int sys_epoll_create1(int flags);
extern int sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event *event);
extern int
sys_epoll_wait(int epfd, struct epoll_event *events, int nevents, int timeout);

/* memory of the process; NULL with ENOMEM.  All have the point sys-malloc. */
extern void *sys_malloc(size_t size);
extern void *sys_calloc(size_t n, size_t size);
extern void *sys_realloc(void *pointer, size_t size);
extern char *sys_strdup(const char *string);

/* True, with errno: the call before which a point returned it is to fail. */
extern bool sys_fails(int error);
/* True: this is what the pwrite returns, with errno. */
extern bool
sys_pwrite_fails(const InjectionSysFault *fault, int fd, const void *buf,
                 size_t count, off_t offset, ssize_t *result);

/* A call that returns -1 when it fails, with a point for this site of it. */
#define SYS_SITE(name, call) \
	(sys_fails(INJECTION_POINT_ERRNO(name)) ? -1 : (call))

/* Likewise one that returns the errno itself. */
#define SYS_SITE_RC(name, call) \
	(sys_fails(INJECTION_POINT_ERRNO(name)) ? errno : (call))

/* Likewise sys_mmap. */
#define SYS_SITE_MAP(name, call) \
	(sys_fails(INJECTION_POINT_ERRNO(name)) ? MAP_FAILED : (call))

/* Likewise sys_pwrite. */
#define SYS_SITE_PWRITE(name, fd, buf, count, offset)             \
	__extension__({                                               \
		InjectionSysFault sys_fault;                              \
		ssize_t sys_result;                                       \
                                                                  \
		if (!INJECTION_POINT_SYS(name, &sys_fault) ||             \
		    !sys_pwrite_fails(&sys_fault, fd, buf, count, offset, \
		                      &sys_result))                       \
			sys_result = sys_pwrite(fd, buf, count, offset);      \
		sys_result;                                               \
	})

#endif /* PORT_SYS_H */
