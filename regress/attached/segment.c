/*
 * segment.c: segment CONNINFO: what a client cannot do with the descriptors that
 * it holds.  Each attempt prints "ok NAME" or "not ok NAME: why".
 *
 * The public segment: every way that the kernel has to write a file, to map it
 * writable, to change its size, or to lift its seals, with the descriptor as it
 * came, opened again by /proc/self/fd, and with /proc/self/mem.  Another session
 * reads a row of the segment afterwards.  The client area may be written; its
 * size and seals are as fixed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tusk.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

#define PAGE 4096

static int wrong;
static char page[PAGE];

/* refused: the attempt failed, as it must */
static void
check(const char *name, bool refused)
{
	printf("%sok %s\n", refused ? "" : "not ", name);
	wrong += !refused;
}

/* Of this process, whose name begins with that; -1: none. */
static int
descriptor(const char *wanted)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int found = -1;

	while (dir != NULL && (entry = readdir(dir)) != NULL)
	{
		char target[256] = "";

		if (readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1) >
		        0 &&
		    strncmp(target, wanted, strlen(wanted)) == 0)
			found = atoi(entry->d_name);
	}
	closedir(dir);
	return found;
}

static int
reopen(int fd, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

static bool
no_map(int fd, int prot, int flags)
{
	void *p = mmap(NULL, PAGE, prot, flags, fd, 0);

	if (p != MAP_FAILED)
		munmap(p, PAGE);
	return p == MAP_FAILED;
}

/* With this descriptor the bytes cannot be changed. */
static void
not_written(const char *how, int fd)
{
	struct iovec iov = {page, sizeof(page)};
	char name[100];
	int in = memfd_create("source", MFD_CLOEXEC);
	int ends[2];
	loff_t zero = 0;

#define TRY(what, refused) \
	(snprintf(name, sizeof(name), "%s_%s", how, what), check(name, (refused)))

	if (in < 0 || ftruncate(in, PAGE) != 0 || pipe(ends) != 0 ||
	    write(ends[1], page, 100) != 100)
		exit(2);
	TRY("write", write(fd, page, 1) < 0);
	TRY("pwrite", pwrite(fd, page, 1, 0) < 0);
	TRY("pwritev", pwritev(fd, &iov, 1, 0) < 0);
	TRY("sendfile", sendfile(fd, in, &(off_t){0}, PAGE) < 0);
	TRY("copy_file_range",
	    copy_file_range(in, &(loff_t){0}, fd, &(loff_t){0}, PAGE, 0) < 0);
	TRY("splice", splice(ends[0], NULL, fd, &zero, 100, 0) < 0);
	TRY("map_shared", no_map(fd, PROT_READ | PROT_WRITE, MAP_SHARED));
	TRY("map_write_only", no_map(fd, PROT_WRITE, MAP_SHARED));
	TRY("map_shared_validate",
	    no_map(fd, PROT_READ | PROT_WRITE, MAP_SHARED_VALIDATE));
	close(in);
	close(ends[0]);
	close(ends[1]);
}

/* Nor its size, nor holes made, nor seals lifted. */
static void
not_resized(const char *how, int fd, off_t size, bool holes)
{
	char name[100];
	int seals = fcntl(fd, F_GET_SEALS);

	TRY("shrink", ftruncate(fd, size - PAGE) != 0);
	TRY("grow", ftruncate(fd, size + PAGE) != 0);
	TRY("empty", ftruncate(fd, 0) != 0);
	TRY("open_truncating", reopen(fd, O_RDWR | O_TRUNC) < 0);
	TRY("fallocate_beyond", fallocate(fd, 0, size, PAGE) != 0);
	if (!holes)
		TRY("punch_hole",
		    fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
		              PAGE) != 0);
	TRY("zero_range", fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, PAGE) != 0);
	TRY("collapse_range",
	    fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, PAGE) != 0);
	TRY("more_seals", fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) != 0 &&
	                      fcntl(fd, F_ADD_SEALS, 0x0020) != 0 &&
	                      fcntl(fd, F_GET_SEALS) == seals);
	TRY("size_is_kept",
	    lseek(fd, 0, SEEK_END) == size && lseek(fd, 0, SEEK_SET) == 0);
}

/* A mapping of it cannot become writable. */
static void
mapping_stays(int fd, off_t size)
{
	char *p = mmap(NULL, (size_t) size, PROT_READ, MAP_SHARED, fd, 0);
	char *moved, *twice;
	struct iovec from = {page, 8}, to;
	char copy = 1;
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	if (p == MAP_FAILED || mem < 0)
		exit(2);
	to = (struct iovec){p, 8};
	check("mapped_mprotect",
	      mprotect(p, PAGE, PROT_READ | PROT_WRITE) != 0 &&
	          mprotect(p, PAGE, PROT_WRITE) != 0 &&
	          mprotect(p, (size_t) size, PROT_READ | PROT_WRITE | PROT_EXEC) !=
	              0);
	moved = mremap(p, (size_t) size, (size_t) size + PAGE, MREMAP_MAYMOVE);
	if (moved != MAP_FAILED)
		p = moved; /* beyond the file is a SIGBUS, no memory */
	twice = mremap(p, 0, PAGE, MREMAP_MAYMOVE);
	check("mapped_mremap",
	      mprotect(p, PAGE, PROT_READ | PROT_WRITE) != 0 &&
	          (twice == MAP_FAILED ||
	           mprotect(twice, PAGE, PROT_READ | PROT_WRITE) != 0));
	check("mapped_madvise_remove", madvise(p, PAGE, MADV_REMOVE) != 0);
	copy = p[0];
	check("mapped_proc_mem", pwrite(mem, page, 8, (off_t) (intptr_t) p) < 0);
	to.iov_base = p;
	check("mapped_process_vm_writev",
	      process_vm_writev(getpid(), &from, 1, &to, 1, 0) < 0);
	check("mapped_read_into", read(open("/dev/zero", O_RDONLY), p, 8) < 0);
	check("mapped_is_as_it_was", p[0] == copy && copy != page[0]);
	close(mem);
	munmap(p, (size_t) size);
}

/* What is written into a private mapping is this process's own. */
static void
private_copy(int fd)
{
	char *mine = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char *real = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	char before = real[0];

	if (mine == MAP_FAILED || real == MAP_FAILED)
		exit(2);
	memset(mine, before + 1, PAGE);
	check("private_copy", real[0] == before &&
	                          msync(mine, PAGE, MS_SYNC) == 0 &&
	                          real[0] == before);
	munmap(mine, PAGE);
	munmap(real, PAGE);
}

int
main(int argc, char **argv)
{
	tusk_session *s, *other = NULL;
	struct stat st;
	int public_fd, area_fd, again;

	if (argc != 2 || tusk_attach(argv[1], NULL, &s) != TUSK_OK)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	memset(page, 0x5a, sizeof(page));
	public_fd = descriptor("/memfd:tusk-public");
	if (strcmp(tusk_transport(s), "direct") != 0 || public_fd < 0 ||
	    fstat(public_fd, &st) != 0)
		return 2;
	check("public_seals",
	      fcntl(public_fd, F_GET_SEALS) == (F_SEAL_SHRINK | F_SEAL_GROW |
	                                        F_SEAL_FUTURE_WRITE | F_SEAL_SEAL));
	check("public_read_only",
	      (fcntl(public_fd, F_GETFL) & O_ACCMODE) == O_RDONLY);
	not_written("public", public_fd);
	not_resized("public", public_fd, st.st_size, false);
	/* writing is refused to a descriptor opened for writing, too */
	again = reopen(public_fd, O_RDWR);
	if (again >= 0)
	{
		not_written("reopened", again);
		not_resized("reopened", again, st.st_size, false);
		close(again);
	}
	again = reopen(public_fd, O_WRONLY | O_APPEND);
	if (again >= 0)
	{
		not_written("reopened_append", again);
		close(again);
	}
	mapping_stays(public_fd, st.st_size);
	private_copy(public_fd);

	/* the library may have closed what it has mapped */
	area_fd = descriptor("/memfd:tusk-client");
	if (area_fd >= 0)
	{
		if (fstat(area_fd, &st) != 0)
			return 2;
		check("area_seals", fcntl(area_fd, F_GET_SEALS) ==
		                        (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL));
		not_resized("area", area_fd, st.st_size, true);
	}
	else
		printf("ok area # the library keeps no descriptor of it\n");
	/* the mode is its owner's to change, but nobody asks for it again */
	check("mode", fchmod(public_fd, 0) != 0 || fchmod(public_fd, 0777) == 0);
	again = reopen(public_fd, O_RDWR);
	if (again >= 0)
	{
		not_written("mode_changed", again);
		not_resized("mode_changed", again, st.st_size, false);
		close(again);
	}
	(void) fchmod(public_fd, 0);
	check("server_goes_on",
	      tusk_exec(s, "SELECT sum(id) FROM kept", NULL) == TUSK_OK &&
	          tusk_attach(argv[1], NULL, &other) == TUSK_OK &&
	          strcmp(tusk_transport(other), "direct") == 0 &&
	          tusk_exec(other, "SELECT sum(id) FROM kept", NULL) == TUSK_OK);
	(void) fchmod(public_fd, S_IRUSR);
	tusk_detach(other);
	tusk_detach(s);
	return wrong != 0;
}
