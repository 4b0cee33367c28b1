/*
 * dsm_impl.c
 *		Dynamic segments as the operating system has them.
 *
 * All space is reserved when a segment is made: a /dev/shm that is too small
 * (64 MB in containers) is an error that can be reported here, and not a SIGBUS
 * in whoever touches the wrong page first.
 *
 * Corresponds to PostgreSQL's dsm_impl.c, posix and mmap.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "miscadmin.h"
#include "storage/dsm_impl.h"
#include "storage/shmem.h"
#include "utils/injection_point.h"
#include "utils/wait_event.h"

/* GUC */
int dynamic_shared_memory_type = DSM_IMPL_POSIX;

/* Out of memory has errnos of its own here. */
static int
errcode_for_dynamic_shared_memory(void)
{
	if (errno == EFBIG || errno == ENOMEM)
		return errcode(ERRCODE_OUT_OF_MEMORY);
	return errcode_for_file_access();
}

static int
OpenObject(bool file, const char *name, int flags)
{
	return file ? open(name, flags | O_CLOEXEC, 0600)
	            : shm_open(name, flags, 0600);
}

static int
UnlinkObject(bool file, const char *name)
{
	return file ? unlink(name) : shm_unlink(name);
}

/*
 * Give fd its size, with the space behind it.  Signals wait meanwhile:
 * posix_fallocate starts anew after each.
 */
static int
Reserve(int fd, Size size)
{
	sigset_t block;
	sigset_t save;
	int rc;

	sigfillset(&block);
	sigdelset(&block, SIGQUIT);
	sigprocmask(SIG_SETMASK, &block, &save);
	pgstat_report_wait_start(WAIT_EVENT_DSM_ALLOCATE);
	do
		rc = posix_fallocate(fd, 0, (off_t) size);
	while (rc == EINTR);
	pgstat_report_wait_end();
	sigprocmask(SIG_SETMASK, &save, NULL);
	errno = rc;
	return rc == 0 ? 0 : -1;
}

/* A file's pages can be written out; those of shared memory cannot. */
static bool
EnoughMemory(Size size)
{
	if (size <= AvailableMemory())
		return true;
	errno = ENOMEM;
	return false;
}

/*
 * Create, map, unmap or remove a segment.  False if that failed (reported at
 * elevel), or, for a creation, if the name is taken.
 */
bool
dsm_impl_op(dsm_op op, dsm_handle handle, Size request_size,
            void **mapped_address, Size *mapped_size, int elevel)
{
	bool file = (handle & 1) != 0;
	char name[64];
	struct stat st;
	char *address;
	int flags;
	int fd;

	if (file)
		snprintf(name, sizeof(name),
		         PG_DYNSHMEM_DIR "/" PG_DYNSHMEM_MMAP_FILE_PREFIX "%u", handle);
	else
		snprintf(name, sizeof(name), "/PostgreSQL.%u", handle);

	if (op == DSM_OP_DETACH || op == DSM_OP_DESTROY)
	{
		if (*mapped_address != NULL &&
		    munmap(*mapped_address, *mapped_size) != 0)
		{
			ereport(elevel,
			        (errcode_for_dynamic_shared_memory(),
			         errmsg("could not unmap shared memory segment \"%s\": %m",
			                name)));
			return false;
		}
		*mapped_address = NULL;
		*mapped_size = 0;
		/* It may have been written down, but not made. */
		if (op == DSM_OP_DESTROY && UnlinkObject(file, name) != 0 &&
		    errno != ENOENT)
		{
			ereport(elevel,
			        (errcode_for_dynamic_shared_memory(),
			         errmsg("could not remove shared memory segment \"%s\": %m",
			                name)));
			return false;
		}
		return true;
	}

	/* Before there is anything that an ERROR would leave behind. */
	if (op == DSM_OP_CREATE)
		INJECTION_POINT("dsm-allocate");

	flags = O_RDWR | (op == DSM_OP_CREATE ? O_CREAT | O_EXCL : 0);
	fd = OpenObject(file, name, flags);
	if (fd < 0)
	{
		if (op == DSM_OP_ATTACH || errno != EEXIST)
			ereport(elevel,
			        (errcode_for_dynamic_shared_memory(),
			         errmsg("could not open shared memory segment \"%s\": %m",
			                name)));
		return false;
	}

	if (op == DSM_OP_CREATE)
	{
		if ((!file && !EnoughMemory(request_size)) ||
		    Reserve(fd, request_size) != 0)
		{
			int save_errno = errno;

			close(fd);
			UnlinkObject(file, name);
			errno = save_errno;
			ereport(elevel, (errcode_for_dynamic_shared_memory(),
			                 errmsg("could not resize shared memory segment "
			                        "\"%s\" to %zu bytes: %m",
			                        name, request_size)));
			return false;
		}
	}
	else
	{
		if (fstat(fd, &st) != 0)
		{
			int save_errno = errno;

			close(fd);
			errno = save_errno;
			ereport(elevel,
			        (errcode_for_dynamic_shared_memory(),
			         errmsg("could not stat shared memory segment \"%s\": %m",
			                name)));
			return false;
		}
		request_size = (Size) st.st_size;
	}

	address =
		mmap(NULL, request_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (address == MAP_FAILED)
	{
		int save_errno = errno;

		close(fd);
		if (op == DSM_OP_CREATE)
			UnlinkObject(file, name);
		errno = save_errno;
		ereport(
			elevel,
			(errcode_for_dynamic_shared_memory(),
		     errmsg("could not map shared memory segment \"%s\": %m", name)));
		return false;
	}
	close(fd);
	*mapped_address = address;
	*mapped_size = request_size;
	return true;
}
