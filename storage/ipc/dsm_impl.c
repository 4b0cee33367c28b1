/*
 * dsm_impl.c
 *		Dynamic segments as the operating system has them.
 *
 * All space is reserved when a segment is made: a /dev/shm that is too small
 * (64 MB in containers) is an error that can be reported here, and not a SIGBUS
 * in whoever touches the wrong page first.  That may take long, so it is done in
 * pieces; an interrupt between them is an ERROR that leaves the object to the
 * caller, who has written down its name (dsm.c, invariant 1).
 *
 * Corresponds to PostgreSQL's dsm_impl.c, posix and mmap.
 */
#include "postgres.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port/sys.h"
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
	return file ? sys_open(name, flags | O_CLOEXEC, 0600)
	            : sys_shm_open(name, flags, 0600);
}

static int
UnlinkObject(bool file, const char *name)
{
	return file ? sys_unlink(name) : sys_shm_unlink(name);
}

/*
 * So much is reserved at once, in a few milliseconds: who cancels a statement
 * waits no longer.
 */
#define RESERVE_PIECE ((Size) 8 * 1024 * 1024)

/*
 * Space for a piece of fd, which grows to its end.  Signals wait meanwhile:
 * posix_fallocate starts anew after each.
 */
static int
ReservePiece(int fd, Size begin, Size size)
{
	sigset_t block;
	sigset_t save;
	int rc;

	sigfillset(&block);
	sigdelset(&block, SIGQUIT);
	sigprocmask(SIG_SETMASK, &block, &save);
	pgstat_report_wait_start(WAIT_EVENT_DSM_ALLOCATE);
	do
		rc = SYS_SITE_RC("dsm-reserve",
		                 sys_posix_fallocate(fd, (off_t) begin, (off_t) size));
	while (rc == EINTR);
	pgstat_report_wait_end();
	sigprocmask(SIG_SETMASK, &save, NULL);
	return rc;
}

/* Whoever asks for segments removes what an ERROR leaves, but for the fd. */
static void
CheckForInterrupts(int fd)
{
	PG_TRY();
	{
		INJECTION_POINT("dsm-reserve-next");
		CHECK_FOR_INTERRUPTS();
	}
	PG_CATCH();
	{
		close(fd);
		PG_RE_THROW();
	}
	PG_END_TRY();
}

/* Or all there is would be taken before it is found to be too little. */
static bool
EnoughSpace(int fd, Size size)
{
	struct statvfs st;

	if (fstatvfs(fd, &st) != 0 || st.f_blocks == 0 ||
	    size / st.f_frsize <= st.f_bavail)
		return true;
	errno = ENOSPC;
	return false;
}

/* Give fd its size, with the space behind it. */
static int
Reserve(int fd, Size size)
{
#ifdef TUSK_DEFECT_SHM_NOT_RESERVED
	return ftruncate(fd, (off_t) size);
#endif
	if (!EnoughSpace(fd, size))
		return -1;
	for (Size done = 0; done < size; done += RESERVE_PIECE)
	{
		if (done > 0)
			CheckForInterrupts(fd);
		errno = ReservePiece(fd, done, Min(RESERVE_PIECE, size - done));
		if (errno != 0)
			return -1;
	}
	return 0;
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

static bool
Unmap(const char *name, void **address, Size *size, int elevel)
{
	if (*address != NULL &&
	    SYS_SITE("dsm-unmap", sys_munmap(*address, *size)) != 0)
	{
		ereport(
			elevel,
			(errcode_for_dynamic_shared_memory(),
		     errmsg("could not unmap shared memory segment \"%s\": %m", name)));
		return false;
	}
	*address = NULL;
	*size = 0;
	return true;
}

/* It may have been written down, but not made. */
static bool
Remove(bool file, const char *name, int elevel)
{
	if (SYS_SITE("dsm-unlink", UnlinkObject(file, name)) == 0 ||
	    errno == ENOENT)
		return true;
	ereport(elevel, (errcode_for_dynamic_shared_memory(),
	                 errmsg("could not remove shared memory segment \"%s\": %m",
	                        name)));
	return false;
}

/* What cannot be used goes: closed, and removed if it was just made. */
static void
GiveUp(bool file, const char *name, int fd, bool created)
{
	int save_errno = errno;

	close(fd);
	if (created)
		UnlinkObject(file, name);
	errno = save_errno;
}

/* -1: failed, reported at elevel, or, for a creation, the name is taken. */
static int
OpenSegment(bool file, const char *name, bool create, int elevel)
{
	int flags = O_RDWR | (create ? O_CREAT | O_EXCL : 0);
	int fd;

	/* Before there is anything that an ERROR would leave behind. */
	if (create)
		INJECTION_POINT("dsm-allocate");

	fd = SYS_SITE("dsm-open", OpenObject(file, name, flags));
	if (fd < 0 && (!create || errno != EEXIST))
		ereport(
			elevel,
			(errcode_for_dynamic_shared_memory(),
		     errmsg("could not open shared memory segment \"%s\": %m", name)));
	return fd;
}

/* A new one gets its size, of another it is found out. */
static bool
SizeSegment(bool file, const char *name, int fd, bool create, Size *size,
            int elevel)
{
	struct stat st;

	if (create)
	{
		if ((file || EnoughMemory(*size)) && Reserve(fd, *size) == 0)
			return true;
		GiveUp(file, name, fd, true);
		ereport(elevel, (errcode_for_dynamic_shared_memory(),
		                 errmsg("could not resize shared memory segment "
		                        "\"%s\" to %zu bytes: %m",
		                        name, *size)));
		return false;
	}
	if (SYS_SITE("dsm-stat", fstat(fd, &st)) != 0)
	{
		GiveUp(file, name, fd, false);
		ereport(
			elevel,
			(errcode_for_dynamic_shared_memory(),
		     errmsg("could not stat shared memory segment \"%s\": %m", name)));
		return false;
	}
	*size = (Size) st.st_size;
	return true;
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
	bool create = op == DSM_OP_CREATE;
	char name[64];
	char *address;
	int fd;

	if (file)
		snprintf(name, sizeof(name),
		         PG_DYNSHMEM_DIR "/" PG_DYNSHMEM_MMAP_FILE_PREFIX "%u", handle);
	else
		snprintf(name, sizeof(name), "/PostgreSQL.%u", handle);

	if (op == DSM_OP_DETACH || op == DSM_OP_DESTROY)
		return Unmap(name, mapped_address, mapped_size, elevel) &&
		       (op == DSM_OP_DETACH || Remove(file, name, elevel));

	fd = OpenSegment(file, name, create, elevel);
	if (fd < 0 || !SizeSegment(file, name, fd, create, &request_size, elevel))
		return false;
	address =
		SYS_SITE_MAP("dsm-map", sys_mmap(request_size, PROT_READ | PROT_WRITE,
	                                     MAP_SHARED, fd));
	if (address == MAP_FAILED)
	{
		GiveUp(file, name, fd, create);
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
