/*
 * shmem.c
 *		The main segments and what lies where in them.
 *
 * Private: POSIX shared memory whose name is removed as soon as it is mapped,
 * so nothing is left behind whatever happens; all of it is reserved at once, as
 * a full /dev/shm would otherwise show as SIGBUS in some unlucky process later.
 * Where it does not fit a memfd is taken instead, and the log says so.  Public:
 * a memfd, sealed once it is mapped: no size change, no further seals, no new
 * writable mapping, so whoever is given the descriptor can only read.  The one
 * that is kept, and given, is open for reading only.
 *
 * Invariants
 * 1.	Memory is handed out from the front, in cache lines, never given back.
 * 2.	Structures are made before the first child is forked, in one order; a
 *		reset after a crash runs the same code on zeroed memory and gets the
 *		same addresses.
 * 3.	The public segment begins with a header for clients (storage/direct.h).
 *		Its generation is odd whenever the segment is not to be believed: from
 *		before a reset, and from the moment when the postmaster sees that a
 *		child has crashed or ends its children at once, until recovery is over.
 *		The postmaster counts it in memory of its own.
 *
 * Locks: ShmemLock (spinlock, leaf) for the fronts, ShmemIndexLock for the
 * index, once LWLocks exist.
 *
 * Corresponds to PostgreSQL's shmem.c and sysv_shmem.c; the death of all that
 * were attached is watched by an flock instead of a System V segment.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "miscadmin.h"
#include "port/sys.h"
#include "storage/direct.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/injection_point.h"

typedef struct PGShmemHeader
{
	uint32 magic;                          /* [C] PG_SHMEM_MAGIC */
	slock_t mutex;                         /* ShmemLock */
	Size totalsize;                        /* [C] */
	Size freeoffset;                       /* [L:mutex] */
	Size public_totalsize;                 /* [C] */
	Size public_freeoffset;                /* [L:mutex] */
	int nentries;                          /* [L:ShmemIndexLock] */
	ShmemIndexEnt entry[SHMEM_INDEX_SIZE]; /* [L:ShmemIndexLock] */
} PGShmemHeader;

/* Start of the private segment; the same in all server processes. */
static PGShmemHeader *ShmemHdr = NULL;

/* Public segment. */
static char *PublicBase = NULL;
static Size PublicTotal = 0;
static int PublicFd = -1;

/* Of the postmaster: what the header's generation is; odd at first. */
static uint64 PublicGeneration = 1;

/* Bytes of it in pages that were asked for as huge and are. */
static Size PublicHuge = 0;

Size
add_size(Size s1, Size s2)
{
	Size result = s1 + s2;

	if (result < s1)
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("requested shared memory size overflows size_t")));
	return result;
}

Size
mul_size(Size s1, Size s2)
{
	Size result;

	if (__builtin_mul_overflow(s1, s2, &result))
		ereport(ERROR,
		        (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
		         errmsg("requested shared memory size overflows size_t")));
	return result;
}

/* One number of a file, in bytes; false if it does not say. */
static bool
ReadNumber(const char *path, const char *format, Size unit, Size *result)
{
	FILE *f = fopen(path, "r");
	char line[256];
	unsigned long long value;
	bool found = false;

	if (f == NULL)
		return false;
	while (!found && fgets(line, sizeof(line), f) != NULL)
		found = sscanf(line, format, &value) == 1;
	fclose(f);
	if (found)
		*result = (Size) value * unit;
	return found;
}

/*
 * Memory that the machine, and the container, can give now.  Shared memory is
 * not overcommitted politely: whoever reserves more than there is does not get
 * an error, but makes the kernel kill processes, any of them.
 */
Size
AvailableMemory(void)
{
	Size available = 0;
	Size swap = 0;
	Size limit;

	if (!ReadNumber("/proc/meminfo", "MemAvailable: %llu kB", 1024, &available))
		return ~(Size) 0;
	(void) ReadNumber("/proc/meminfo", "SwapFree: %llu kB", 1024, &swap);
	available += swap;
	if (ReadNumber("/sys/fs/cgroup/memory.max", "%llu", 1, &limit))
		available = Min(available, limit);
	if (ReadNumber("/sys/fs/cgroup/memory/memory.limit_in_bytes", "%llu", 1,
	               &limit))
		available = Min(available, limit);
	return available;
}

/* A descriptor with size bytes of available behind it, or -1 with errno. */
static int
ReserveSpace(int fd, Size size, Size available)
{
	int rc = 0;

	if (fd < 0)
		return -1;
	if (size > available)
		rc = ENOMEM;
	else
	{
		do
			rc = sys_posix_fallocate(fd, 0, (off_t) size);
		while (rc == EINTR);
	}
	if (rc != 0)
	{
		close(fd);
		errno = rc;
		return -1;
	}
	return fd;
}

static int
OpenPrivate(Size size)
{
	char name[64];
	int fd;

	snprintf(name, sizeof(name), "/Tusk.%d", (int) getpid());
	fd = sys_shm_open(name, O_CREAT | O_EXCL | O_RDWR, 0600);
	if (fd >= 0)
		(void) sys_shm_unlink(name);
	fd = ReserveSpace(fd, size, AvailableMemory());
	if (fd < 0)
	{
		int save_errno = errno;
		struct statvfs st;
		unsigned long long total = 0;

		if (statvfs("/dev/shm", &st) == 0)
			total = (unsigned long long) st.f_blocks * st.f_frsize;
		errno = save_errno;
		ereport(LOG,
		        (errmsg("main shared memory segment of %zu bytes does not fit "
		                "into /dev/shm: %m",
		                size),
		         errdetail("The size of /dev/shm is %llu bytes; anonymous "
		                   "shared memory is used instead.",
		                   total),
		         errhint("Enlarge /dev/shm (for a container: --shm-size), or "
		                 "reduce shared_buffers or max_connections.")));
		fd = ReserveSpace(sys_memfd_create("tusk-private", MFD_CLOEXEC), size,
		                  AvailableMemory());
	}
	return fd;
}

static void *
MapOrDie(int fd, Size size, const char *what)
{
	void *ptr = MAP_FAILED;

	if (fd >= 0)
		ptr = sys_mmap(size, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	if (ptr == MAP_FAILED)
		ereport(
			FATAL,
			(errcode(ERRCODE_OUT_OF_MEMORY),
		     errmsg(
				 "could not create %s shared memory segment of %zu bytes: %m",
				 what, size),
		     errdetail("%zu bytes of memory are available.", AvailableMemory()),
		     errhint("Reduce shared_buffers, index_cache_size or "
		             "max_connections, or give the "
		             "server more memory.")));
	return ptr;
}

/* The kernel's default size of a huge page; 0 if it has none. */
static Size
HugePageSize(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	unsigned long kb = 0;

	if (f == NULL)
		return 0;
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Hugepagesize: %lu kB", &kb) == 1)
			break;
	fclose(f);
	return (Size) kb * 1024;
}

/*
 * The public segment in huge pages of the kernel's pool, which are reserved
 * like any other space; true if they were there.  The buffer pool, which is
 * most of the segment, is what gains by them.
 */
static bool
CreatePublicHuge(Size size)
{
	Size page = HugePageSize();
	Size total;
	void *ptr = MAP_FAILED;
	int fd = -1;

	if (page == 0)
	{
		errno = ENOSYS;
		return false;
	}
	total = TYPEALIGN(page, size);
	fd = ReserveSpace(sys_memfd_create("tusk-public", MFD_CLOEXEC |
	                                                      MFD_ALLOW_SEALING |
	                                                      MFD_HUGETLB),
	                  total, ~(Size) 0); /* from a pool of its own */
	if (fd >= 0)
		ptr = sys_mmap(total, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	if (ptr == MAP_FAILED)
	{
		int save_errno = errno;

		if (fd >= 0)
			close(fd);
		errno = save_errno;
		return false;
	}
	PublicFd = fd;
	PublicBase = (char *) ptr;
	PublicTotal = PublicHuge = total;
	return true;
}

static void
CreatePublic(Size size)
{
	if (huge_pages != HUGE_PAGES_OFF && CreatePublicHuge(size))
		return;
	if (huge_pages == HUGE_PAGES_ON)
		ereport(
			FATAL,
			(errcode(ERRCODE_OUT_OF_MEMORY),
		     errmsg("could not create public shared memory segment of %zu "
		            "bytes in huge pages: %m",
		            size),
		     errdetail("The size of a huge page is %zu bytes.", HugePageSize()),
		     errhint("Enlarge the kernel's pool (vm.nr_hugepages), reduce "
		             "shared_buffers, or set huge_pages to \"try\".")));

	PublicFd = ReserveSpace(
		sys_memfd_create("tusk-public", MFD_CLOEXEC | MFD_ALLOW_SEALING), size,
		AvailableMemory());
	PublicBase = (char *) MapOrDie(PublicFd, size, "public");
	PublicTotal = size;
	/* The kernel may then use huge pages by itself; nothing depends on it. */
	if (huge_pages == HUGE_PAGES_TRY)
		(void) madvise(PublicBase, PublicTotal, MADV_HUGEPAGE);
}

/*
 * The mapping is made: from here on there is one descriptor, for reading only,
 * which all clients get.  To open another one for each of them would ask for
 * the segment's mode, which a client of the server's own uid can change
 * (fchmod).  -1: it could not be had, and no client gets any.
 */
static void
SealPublic(void)
{
	char path[64];
	int fd;

	/* F_SEAL_FUTURE_WRITE leaves our mapping, and those of our children. */
	if (fcntl(PublicFd, F_ADD_SEALS,
	          F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) <
	        0 ||
	    fchmod(PublicFd, S_IRUSR) < 0)
		ereport(FATAL,
		        (errcode(ERRCODE_SYSTEM_ERROR),
		         errmsg("could not seal public shared memory segment: %m")));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", PublicFd);
	fd = SYS_SITE("shmem-public-open", sys_open(path, O_RDONLY | O_CLOEXEC, 0));
	if (fd < 0)
		ereport(LOG, (errmsg("could not open public shared memory segment for "
		                     "reading: %m"),
		              errdetail("Clients cannot search in it by themselves."),
		              errhint("The directory /proc must be mounted.")));
	close(PublicFd);
	PublicFd = fd;
}

void
PGSharedMemoryCreate(Size private_size, Size public_size)
{
	Size pagesize = (Size) sysconf(_SC_PAGESIZE);
	int fd;

	Assert(ShmemHdr == NULL);
	INJECTION_POINT_POSTMASTER("shmem-create");
	private_size =
		TYPEALIGN(pagesize, private_size + sizeof(PGShmemHeader) + pagesize);

	/* The large one first: if it cannot be had nothing has been reserved. */
	CreatePublic(TYPEALIGN(pagesize, public_size + pagesize));
	fd = OpenPrivate(private_size);
	ShmemHdr = (PGShmemHeader *) MapOrDie(fd, private_size, "private");
	close(fd);

	SealPublic();

	ShmemHdr->totalsize = private_size;
}

/* ---------------------------------------------------------------------------
 * What clients see of the public segment
 * ---------------------------------------------------------------------------
 */

static void
SetGeneration(uint64 generation)
{
	PublicShmemHeader *header = (PublicShmemHeader *) PublicBase;

	/* pairs with the barrier in DirectSearchIsValid, both ways: what was made
	 * before is seen by who sees an even one, who sees what comes after an odd
	 * one sees that */
	pg_memory_barrier();
	pg_atomic_write_u64(&header->generation, generation);
	pg_memory_barrier();
	PublicGeneration = generation;
}

void
PublicShmemInvalidate(void)
{
	Assert(!IsUnderPostmaster);
	if (PublicBase == NULL || PublicGeneration % 2 != 0)
		return;
	INJECTION_POINT_POSTMASTER("shmem-invalidate");
	SetGeneration(PublicGeneration + 1);
}

void
PublicShmemValidate(void)
{
	Assert(!IsUnderPostmaster);
	if (PublicGeneration % 2 == 0)
		return;
	INJECTION_POINT_POSTMASTER("shmem-validate");
	SetGeneration(PublicGeneration + 1);
}

uint64
PublicShmemGeneration(void)
{
	PublicShmemHeader *header = (PublicShmemHeader *) PublicBase;

	return pg_atomic_read_u64(&header->generation);
}

/* All of the segment but the generation is zero; then the header is written. */
static void
ClearPublic(void)
{
	PublicShmemHeader *header = (PublicShmemHeader *) PublicBase;
	Size after =
		offsetof(PublicShmemHeader, generation) + sizeof(header->generation);

	PublicShmemInvalidate();
	SetGeneration(PublicGeneration);
	memset(PublicBase, 0, offsetof(PublicShmemHeader, generation));
	memset(PublicBase + after, 0, PublicTotal - after);
	header->total_size = PublicTotal;
	header->nbuffers = NBuffers;
	header->nslots = MaxBackends;
	PublicShmemFillAbi(&header->abi);
	header->magic = PUBLIC_SHMEM_MAGIC;
}

/* A structure of the public segment into the header. */
static void
AnnouncePublic(const char *name, Size offset, Size size)
{
	PublicShmemHeader *header = (PublicShmemHeader *) PublicBase;
	PublicShmemStruct *s = &header->structs[header->nstructs];

	if (header->nstructs >= PUBLIC_SHMEM_STRUCTS)
		elog(FATAL, "too many structures in public shared memory");
	strlcpy(s->name, name, sizeof(s->name));
	s->offset = offset;
	s->size = size;
	header->nstructs++;
}

void
InitShmemAllocation(void)
{
	Size total = ShmemHdr->totalsize;

	Assert(!IsUnderPostmaster);
	INJECTION_POINT_POSTMASTER("shmem-init");

	/* New pages of a segment are zero; at a reset the old content goes. */
	memset(ShmemHdr, 0, total);
	ClearPublic();
	SpinLockInit(&ShmemHdr->mutex);
	ShmemHdr->totalsize = total;
	ShmemHdr->freeoffset = CACHELINEALIGN(sizeof(PGShmemHeader));
	ShmemHdr->public_totalsize = PublicTotal;
	ShmemHdr->public_freeoffset = CACHELINEALIGN(sizeof(PublicShmemHeader));
	ShmemHdr->nentries = 0;
	ShmemHdr->magic = PG_SHMEM_MAGIC;
}

bool
PGSharedMemoryIsAttached(void)
{
	return ShmemHdr != NULL;
}

int
PublicShmemFd(void)
{
	return PublicFd;
}

Size
PublicShmemSize(void)
{
	return PublicTotal;
}

Size
PublicShmemHugeSize(void)
{
	return PublicHuge;
}

void *
PublicShmemBase(void)
{
	return PublicBase;
}

static void *
AllocFromFront(char *base, Size total, Size *front, Size size)
{
	void *result = NULL;
	Size need = CACHELINEALIGN(size);

	SpinLockAcquire(&ShmemHdr->mutex);
	if (need >= size && need <= total - *front)
	{
		result = base + *front;
		*front += need;
	}
	SpinLockRelease(&ShmemHdr->mutex);
	return result;
}

void *
ShmemAllocNoError(Size size)
{
	return AllocFromFront((char *) ShmemHdr, ShmemHdr->totalsize,
	                      &ShmemHdr->freeoffset, size);
}

void *
ShmemAlloc(Size size)
{
	void *result = ShmemAllocNoError(size);

	if (result == NULL)
		ereport(ERROR,
		        (errcode(ERRCODE_OUT_OF_MEMORY),
		         errmsg("out of shared memory (%zu bytes requested)", size)));
	return result;
}

bool
ShmemAddrIsValid(const void *addr)
{
	const char *p = (const char *) addr;

	return (p >= (char *) ShmemHdr &&
	        p < (char *) ShmemHdr + ShmemHdr->totalsize) ||
	       (p >= PublicBase && p < PublicBase + PublicTotal);
}

static ShmemIndexEnt *
FindEntry(const char *name)
{
	for (int i = 0; i < ShmemHdr->nentries; i++)
		if (strcmp(ShmemHdr->entry[i].key, name) == 0)
			return &ShmemHdr->entry[i];
	return NULL;
}

/* NULL if there is no room, in the segment or in the index. */
static ShmemIndexEnt *
AddEntry(const char *name, Size size, bool is_public)
{
	char *base = is_public ? PublicBase : (char *) ShmemHdr;
	ShmemIndexEnt *ent;
	void *ptr;

	if (ShmemHdr->nentries >= SHMEM_INDEX_SIZE)
		return NULL;
	ptr = is_public ? AllocFromFront(base, PublicTotal,
	                                 &ShmemHdr->public_freeoffset, size)
	                : ShmemAllocNoError(size);
	if (ptr == NULL)
		return NULL;
	ent = &ShmemHdr->entry[ShmemHdr->nentries++];
	strlcpy(ent->key, name, SHMEM_INDEX_KEYSIZE);
	ent->offset = (Size) ((char *) ptr - base);
	ent->size = size;
	ent->allocated_size = CACHELINEALIGN(size);
	ent->is_public = is_public;
	if (is_public)
		AnnouncePublic(name, ent->offset, size);
	return ent;
}

static void *
InitStruct(const char *name, Size size, bool *foundPtr, bool is_public)
{
	ShmemIndexEnt *ent;

	/* Without a PGPROC only the postmaster runs. */
	if (IsUnderPostmaster)
		LWLockAcquire(ShmemIndexLock, LW_EXCLUSIVE);
	ent = FindEntry(name);
	*foundPtr = ent != NULL;
	if (ent == NULL)
		ent = AddEntry(name, size, is_public);
	if (IsUnderPostmaster)
		LWLockRelease(ShmemIndexLock);

	if (ent == NULL && ShmemHdr->nentries >= SHMEM_INDEX_SIZE)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
		                errmsg("could not create ShmemIndex entry for data "
		                       "structure \"%s\"",
		                       name),
		                errdetail("The index has room for %d structures.",
		                          SHMEM_INDEX_SIZE)));
	if (ent == NULL)
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
		                errmsg("not enough shared memory for data structure "
		                       "\"%s\" (%zu bytes requested)",
		                       name, size)));
	if (ent->size != size || ent->is_public != is_public)
		ereport(ERROR, (errmsg("ShmemIndex entry size is wrong for data "
		                       "structure \"%s\": expected %zu, actual %zu",
		                       name, size, ent->size)));
	return (is_public ? PublicBase : (char *) ShmemHdr) + ent->offset;
}

void *
ShmemInitStruct(const char *name, Size size, bool *foundPtr)
{
	return InitStruct(name, size, foundPtr, false);
}

void *
PublicShmemInitStruct(const char *name, Size size, bool *foundPtr)
{
	return InitStruct(name, size, foundPtr, true);
}

/*
 * A shared hash table.  What the entries need beyond header and directory is
 * allocated as they are made.
 */
HTAB *
ShmemInitHash(const char *name, long init_size, long max_size, HASHCTL *infoP,
              int hash_flags)
{
	bool found;

	infoP->hctl = (HASHHDR *) ShmemInitStruct(
		name, hash_get_shared_size(infoP, hash_flags, max_size), &found);
	if (found)
		hash_flags |= HASH_ATTACH;
	return hash_create(name, max_size, infoP, hash_flags | HASH_SHARED_MEM);
}

const ShmemIndexEnt *
ShmemIndexGet(int i)
{
	return i < ShmemHdr->nentries ? &ShmemHdr->entry[i] : NULL;
}

void
ShmemGetUsage(Size *total, Size *used)
{
	*total = ShmemHdr->totalsize + ShmemHdr->public_totalsize;
	*used = ShmemHdr->freeoffset + ShmemHdr->public_freeoffset;
}
