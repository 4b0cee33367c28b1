/*
 * mapping.c
 *	  The public segment of a service, mapped by this process.
 *
 * One mapping for a service, shared by its sessions and their threads, counted
 * by references.  Which service it is, the memfd's identity says: after a start
 * of the service anew it is another, and those of the old one keep theirs until
 * they leave.  A crash-restart initialises the segment in place: its mapping
 * stays, its generation changes.
 *
 * M1.	A descriptor is believed only with its seals: it cannot shrink, so that
 *		no access is a SIGBUS, nor grow, and its size is what the server said.
 * M2.	Mapped read-only.  The kernel refuses more: F_SEAL_FUTURE_WRITE.
 * M3.	The header's numbers are compared with those of this library: sizes of
 *		structs, blocks, versions.  Any difference: the segment is not read, and
 *		statements go through the backend.
 * M4.	After fork() the child's mappings are foreign: its sessions are the
 *		parent's, whose searches it must not end.
 */
#include "postgres.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <urcu-bp.h>
#include <urcu/rculfhash.h>

#include "libpq/client_step.h"
#include "runtime.h"
#include "storage/indexcache.h"

#define NEEDED_SEALS \
	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

/* Of the table of shapes: as it is from the beginning (shape.c). */
#define SHAPE_BUCKETS 128

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static tusk_mapping *mappings; /* under mutex */
static unsigned int forks;     /* how often this process is a child */

static void
BeforeFork(void)
{
	pthread_mutex_lock(&mutex);
	urcu_bp_before_fork();
}

static void
AfterForkParent(void)
{
	urcu_bp_after_fork_parent();
	pthread_mutex_unlock(&mutex);
}

static void
AfterForkChild(void)
{
	forks++;
	mappings = NULL; /* they belong to the parent's sessions */
	urcu_bp_after_fork_child();
	pthread_mutex_unlock(&mutex);
}

static void
Init(void)
{
	RuntimeInit();
	(void) pthread_atfork(BeforeFork, AfterForkParent, AfterForkChild);
}

void
tusk_reader_init(void)
{
	pthread_once(&once, Init);
}

bool
tusk_mapping_is_foreign(const tusk_mapping *mapping)
{
	return mapping->forks != forks;
}

uint64_t
tusk_mapping_generation(const tusk_mapping *mapping)
{
	return pg_atomic_read_u64(&mapping->header->generation);
}

/* A structure of the segment; NULL: it is not there, or too small. */
static void *
FindStruct(const tusk_mapping *m, const char *name, uint64 least)
{
	uint64 size = 0;
	void *found = PublicShmemFind(m->base, m->size, name, &size);

	return size >= least ? found : NULL;
}

/* NULL, or why the header is not one for us (M3). */
static const char *
CheckHeader(const tusk_mapping *m)
{
	const PublicShmemHeader *header = (const PublicShmemHeader *) m->base;
	PublicShmemAbi abi;

	if (m->size < sizeof(PublicShmemHeader) ||
	    header->magic != PUBLIC_SHMEM_MAGIC)
		return "it has not the header of a Tusk server";
	PublicShmemFillAbi(&abi);
	if (memcmp(&abi, &header->abi, sizeof(abi)) != 0)
		return "server and library were compiled from different versions";
	if (header->total_size > m->size || header->nbuffers <= 0 ||
	    header->nslots <= 0)
		return "its header is damaged";
	return NULL;
}

static const char *
FindStructs(tusk_mapping *m)
{
	uint64 pool = (uint64) m->header->nbuffers * BLCKSZ;
	uint64 least;
	char *blocks;

	m->nbuffers = m->header->nbuffers;
	m->nslots = m->header->nslots;
	m->descriptors =
		FindStruct(m, "Buffer Descriptors",
	               (uint64) m->nbuffers * sizeof(BufferDescPadded));
	blocks = FindStruct(m, "Buffer Blocks", pool);
	m->buf_table = FindStruct(m, "Shared Buffer Lookup Table",
	                          BufTableShmemSize(m->nbuffers));
	m->clog = FindStruct(m, "Xact", sizeof(ClogShared));
	m->slots = FindStruct(m, DIRECT_SLOTS_NAME,
	                      (uint64) m->nslots * sizeof(DirectSlot));
	m->versions = FindStruct(m, DIRECT_VERSIONS_NAME, sizeof(DirectVersions));
	m->completions =
		FindStruct(m, XACT_COMPLETIONS_NAME, sizeof(XactCompletions));
	if (m->descriptors == NULL || blocks == NULL || m->buf_table == NULL ||
	    m->clog == NULL || m->slots == NULL || m->versions == NULL ||
	    m->completions == NULL)
		return "a structure is missing in it";
	m->blocks = (char *) TYPEALIGN(BUFFER_BLOCKS_ALIGN, blocks);
	least = (uint64) (m->blocks - m->base) + pool;
	if (least > m->size || !UseBufTable(m->buf_table, m->nbuffers))
		return "a structure in it is damaged";
	m->cache_entries =
		FindStruct(m, "Index Cache Entries", sizeof(IndexCacheHeader));
	m->cache_chunks = FindStruct(m, "Index Cache", 0);
	if (m->cache_entries != NULL)
	{
		const IndexCacheHeader *cache = m->cache_entries;
		char *chunks =
			(char *) TYPEALIGN(INDEX_CACHE_CHUNKS_ALIGN, m->cache_chunks);

		if (m->cache_chunks == NULL || cache->magic != INDEX_CACHE_MAGIC ||
		    cache->nchunks > INDEX_CACHE_MAX_CHUNKS ||
		    cache->chunk_size > m->size ||
		    (uint64) (chunks - m->base) + cache->nchunks * cache->chunk_size >
		        m->size)
			m->cache_entries = m->cache_chunks = NULL;
	}
	return NULL;
}

/* NULL, or what is wrong with the descriptor (M1). */
static const char *
CheckDescriptor(int fd, uint64 size, struct stat *st)
{
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & NEEDED_SEALS) != NEEDED_SEALS)
		return "it is not sealed";
	if (fstat(fd, st) != 0 || (uint64) st->st_size != size)
		return "its size is not what the server said";
	return NULL;
}

/* Why mmap failed, with what may help. */
static void
ExplainNotMapped(uint64 size, char *text, size_t text_size)
{
	int n = snprintf(text, text_size, "its %llu kB could not be mapped: %m",
	                 (unsigned long long) (size / 1024));

	if (errno == ENOMEM && n > 0 && (size_t) n < text_size)
		snprintf(text + n, text_size - (size_t) n,
		         "; the limit of this process's address space (RLIMIT_AS, "
		         "\"ulimit -v\") must have room for them");
}

static tusk_mapping *
MakeMapping(int fd, uint64 size, const struct stat *st, const char **wrong,
            char *text, size_t text_size)
{
	tusk_mapping *m = calloc(1, sizeof(*m));
	void *base;

	if (m == NULL)
	{
		*wrong = "out of memory";
		return NULL;
	}
	base = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
	{
		ExplainNotMapped(size, text, text_size);
		*wrong = text;
		free(m);
		return NULL;
	}
	CLIENT_STEP("attach-segment-mapped");
	m->base = base;
	m->size = size;
	m->device = st->st_dev;
	m->inode = st->st_ino;
	m->references = 1;
	m->forks = forks;
	m->header = base;
	*wrong = CheckHeader(m);
	if (*wrong == NULL)
		*wrong = FindStructs(m);
	if (*wrong == NULL)
	{
		m->shapes = cds_lfht_new(SHAPE_BUCKETS, SHAPE_BUCKETS, 0, 0, NULL);
		if (m->shapes == NULL)
			*wrong = "out of memory";
	}
	if (*wrong != NULL)
	{
		munmap(base, size);
		free(m);
		return NULL;
	}
	return m;
}

tusk_mapping *
tusk_mapping_open(int fd, uint64_t size, char *reason, size_t reason_size)
{
	struct stat st;
	char text[256];
	const char *wrong = CheckDescriptor(fd, size, &st);
	tusk_mapping *m = NULL;

	tusk_reader_init();
	if (wrong == NULL)
	{
		pthread_mutex_lock(&mutex);
		for (m = mappings; m != NULL; m = m->next)
			if (m->device == st.st_dev && m->inode == st.st_ino &&
			    m->size == size)
				break;
		if (m != NULL)
			m->references++;
		else
		{
			m = MakeMapping(fd, size, &st, &wrong, text, sizeof(text));
			if (m != NULL)
			{
				m->next = mappings;
				mappings = m;
			}
		}
		pthread_mutex_unlock(&mutex);
	}
	if (wrong != NULL)
		snprintf(reason, reason_size, "the public segment cannot be used: %s",
		         wrong);
	return m;
}

void
tusk_mapping_close(tusk_mapping *m)
{
	tusk_mapping **p;

	if (m == NULL || tusk_mapping_is_foreign(m))
		return;
	pthread_mutex_lock(&mutex);
	if (--m->references > 0)
		m = NULL;
	else
	{
		for (p = &mappings; *p != m; p = &(*p)->next)
			;
		*p = m->next;
	}
	pthread_mutex_unlock(&mutex);
	if (m == NULL)
		return;
	ShapesForget(m);
	munmap(m->base, m->size);
	CLIENT_STEP("detach-segment-unmapped");
	free(m);
}
