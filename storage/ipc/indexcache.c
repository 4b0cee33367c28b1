/*
 * indexcache.c
 *	  The region of the public segment for copies of indexes: chunks, entries.
 *
 * 1. Entries come and go under IndexCacheLock, held exclusively.  A version is
 *	  raised before anything of the entry is changed by that, and its chunks are
 *	  handed out again only after it.
 * 2. Chunks are added to an entry under its own lock, by who holds IndexCacheLock
 *	  in share mode; the free ones are a stack under a spinlock.
 * 3. A number of a chunk once in an entry's list stays in it as long as the
 *	  version.  Readers without locks may see another entry's chunk, never
 *	  memory outside of the region.
 *
 * Lock order: content lock of a page -> IndexCacheLock -> the entry's lock ->
 * the spinlock.  Nothing is read, written or waited for under them.
 *
 * Room is found by a clock: every look for it takes one off the usage of the
 * entries that are complete, and those that have none left go.
 *
 * What readers need is in indexcacheread.c.
 *
 * A SIGKILL anywhere in here is a reset of shared memory: the region is empty
 * then.  PostgreSQL has no counterpart.
 */
#include "postgres.h"

#include "storage/indexcache.h"
#include "storage/ipc.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/injection_point.h"

StaticAssertDecl(INDEX_CACHE_MAX_CHUNKS < 65535,
                 "numbers of chunks are of 16 bits");

/* In the private segment. */
typedef struct IndexCacheControl
{
	slock_t mutex;
	uint32 nfree;                        /* [L:mutex] */
	uint16 free[INDEX_CACHE_MAX_CHUNKS]; /* [L:mutex] */
	LWLockPadded locks[INDEX_CACHE_ENTRIES];
} IndexCacheControl;

/* Indexes that did not fit, of this process; its next searches do not try. */
#define REFUSED 8

typedef struct Refusal
{
	RelFileNode rnode;
	int left;
} Refusal;

int index_cache_size = 65536;

static IndexCacheControl *Control = NULL;

static Refusal refused[REFUSED];
static int next_refused;

/* ---------------------------------------------------------------------------
 * Start
 * ---------------------------------------------------------------------------
 */

static Size
RegionSize(void)
{
	return mul_size((Size) index_cache_size, 1024);
}

static Size
ChunkSize(void)
{
	Size size = RegionSize() / INDEX_CACHE_MAX_CHUNKS;

	return Max(size - size % INDEX_CACHE_CHUNKS_ALIGN, INDEX_CACHE_MIN_CHUNK);
}

static uint32
ChunkCount(void)
{
	return (uint32) Min(RegionSize() / ChunkSize(), INDEX_CACHE_MAX_CHUNKS);
}

Size
IndexCacheShmemSize(void)
{
	return ChunkCount() == 0 ? 0 : sizeof(IndexCacheControl);
}

Size
IndexCachePublicShmemSize(void)
{
	Size size;

	if (ChunkCount() == 0)
		return 0;
	size =
		add_size(sizeof(IndexCacheHeader), mul_size(ChunkCount(), ChunkSize()));
	return add_size(size, INDEX_CACHE_CHUNKS_ALIGN +
	                          1024); /* alignment of the parts */
}

void
IndexCacheShmemInit(void)
{
	bool found;
	char *chunks;

	if (ChunkCount() == 0)
		return;
	Control =
		ShmemInitStruct("Index Cache Control", IndexCacheShmemSize(), &found);
	IndexCache = PublicShmemInitStruct("Index Cache Entries",
	                                   sizeof(IndexCacheHeader), &found);
	chunks = PublicShmemInitStruct(
		"Index Cache",
		add_size(mul_size(ChunkCount(), ChunkSize()), INDEX_CACHE_CHUNKS_ALIGN),
		&found);
	UseIndexCache(IndexCache, chunks);
	if (found)
		return;
	SpinLockInit(&Control->mutex);
	Control->nfree = ChunkCount();
	for (uint32 i = 0; i < Control->nfree; i++)
		Control->free[i] = (uint16) (Control->nfree - i - 1);
	for (int i = 0; i < INDEX_CACHE_ENTRIES; i++)
		LWLockInitialize(&Control->locks[i].lock, LWTRANCHE_INDEX_CACHE);
	LWLockNoteGroup(&Control->locks[0].lock, INDEX_CACHE_ENTRIES,
	                sizeof(Control->locks[0]));
	IndexCache->magic = INDEX_CACHE_MAGIC;
	IndexCache->nchunks = ChunkCount();
	IndexCache->chunk_size = ChunkSize();
}

/* ---------------------------------------------------------------------------
 * Entries; IndexCacheLock is held, exclusively but for Find
 * ---------------------------------------------------------------------------
 */

/* To another state, before (and after) which the rest may be changed. */
static uint64
SetVersion(IndexCacheEntry *entry, int state)
{
	uint64 version = pg_atomic_read_u64(&entry->version);

	version = (version & ~INDEX_CACHE_STATE_MASK) +
	          (INDEX_CACHE_STATE_MASK + 1) + (uint64) state;
	pg_write_barrier();
	pg_atomic_write_u64(&entry->version, version);
	pg_write_barrier(); /* pairs with IndexCacheIsCurrent */
	return version;
}

static void
FreeEntry(IndexCacheEntry *entry)
{
	Assert(LWLockHeldByMeInMode(IndexCacheLock, LW_EXCLUSIVE));
	(void) SetVersion(entry, INDEX_CACHE_FREE);
	for (int part = 0; part < INDEX_CACHE_PARTS; part++)
	{
		for (int i = 0; i < INDEX_CACHE_MAX_CHUNKS; i++)
		{
			uint16 n = entry->chunks[part][i];

			if (n == 0)
				continue;
			entry->chunks[part][i] = 0;
			SpinLockAcquire(&Control->mutex);
			Control->free[Control->nfree++] = n - 1;
			SpinLockRelease(&Control->mutex);
		}
	}
	pg_atomic_write_u32(&entry->nchunks, 0);
	memset(&entry->rnode, 0, sizeof(entry->rnode));
}

static IndexCacheEntry *
UnusedEntry(void)
{
	for (int i = 0; i < INDEX_CACHE_ENTRIES; i++)
	{
		IndexCacheEntry *entry = &IndexCache->entries[i];

		if (IndexCacheState(entry) != INDEX_CACHE_FREE)
			continue;
		if ((uint32) i >= pg_atomic_read_u32(&IndexCache->used))
			pg_atomic_write_u32(&IndexCache->used, (uint32) i + 1);
		return entry;
	}
	return NULL;
}

/* One turn of the clock; false: nobody went. */
static bool
MakeRoom(void)
{
	bool freed = false;

	for (int i = 0; i < INDEX_CACHE_ENTRIES; i++)
	{
		IndexCacheEntry *entry = &IndexCache->entries[i];
		uint32 usage = pg_atomic_read_u32(&entry->usage);

		if (IndexCacheState(entry) != INDEX_CACHE_VALID)
			continue;
		if (usage > 0)
			pg_atomic_write_u32(&entry->usage, usage - 1);
		else if (!freed)
		{
			FreeEntry(entry);
			freed = true;
		}
	}
	return freed;
}

IndexCacheEntry *
IndexCacheBeginLoad(const RelFileNode *rnode, Size nchunks, const void *am,
                    Size amsize, uint64 *version)
{
	IndexCacheEntry *entry = NULL;

	Assert(amsize <= INDEX_CACHE_AM_SIZE);
	if (IndexCache == NULL || nchunks > IndexCache->nchunks)
		return NULL;
	LWLockAcquire(IndexCacheLock, LW_EXCLUSIVE);
	if (IndexCacheFind(rnode) == NULL)
	{
		bool room;

		do
		{
			entry = UnusedEntry();
			room = entry != NULL && IndexCacheFreeChunks() >= nchunks;
		} while (!room && MakeRoom());
		if (!room)
			entry = NULL;
	}
	if (entry)
	{
		/* what it says is not read before it is LOADING */
		entry->rnode = *rnode;
		memcpy(entry->am, am, amsize);
		pg_atomic_write_u32(&entry->usage, 1);
		*version = SetVersion(entry, INDEX_CACHE_LOADING);
	}
	LWLockRelease(IndexCacheLock);
	return entry;
}

bool
IndexCacheEndLoad(IndexCacheEntry *entry, uint64 version)
{
	bool current;

	LWLockAcquire(IndexCacheLock, LW_EXCLUSIVE);
	current = pg_atomic_read_u64(&entry->version) == version;
	if (current)
		(void) SetVersion(entry, INDEX_CACHE_VALID);
	LWLockRelease(IndexCacheLock);
	return current;
}

void
IndexCacheDropEntry(IndexCacheEntry *entry, uint64 version)
{
	LWLockAcquire(IndexCacheLock, LW_EXCLUSIVE);
	if (pg_atomic_read_u64(&entry->version) == version)
		FreeEntry(entry);
	LWLockRelease(IndexCacheLock);
}

void
IndexCacheDrop(const RelFileNode *rnode)
{
	IndexCacheEntry *entry;

	/* nobody loads it any more: whoever drops has the relation for himself */
	if (IndexCacheFind(rnode) == NULL)
		return;
	LWLockAcquire(IndexCacheLock, LW_EXCLUSIVE);
	entry = IndexCacheFind(rnode);
	if (entry)
		FreeEntry(entry);
	LWLockRelease(IndexCacheLock);
}

void
IndexCacheDropDatabase(Oid dbid)
{
	if (IndexCache == NULL)
		return;
	LWLockAcquire(IndexCacheLock, LW_EXCLUSIVE);
	for (int i = 0; i < INDEX_CACHE_ENTRIES; i++)
	{
		IndexCacheEntry *entry = &IndexCache->entries[i];

		if (IndexCacheState(entry) != INDEX_CACHE_FREE &&
		    entry->rnode.dbNode == dbid)
			FreeEntry(entry);
	}
	LWLockRelease(IndexCacheLock);
}

bool
IndexCacheIsRefused(const RelFileNode *rnode)
{
	for (int i = 0; i < REFUSED; i++)
	{
		if (RelFileNodeEquals(refused[i].rnode, *rnode) && refused[i].left > 0)
			return refused[i].left-- > 0;
	}
	return false;
}

void
IndexCacheRefuse(const RelFileNode *rnode, int searches)
{
	refused[next_refused].rnode = *rnode;
	refused[next_refused].left = searches;
	next_refused = (next_refused + 1) % REFUSED;
}

/* ---------------------------------------------------------------------------
 * Chunks
 * ---------------------------------------------------------------------------
 */

LWLock *
IndexCacheEntryLock(const IndexCacheEntry *entry)
{
	return &Control->locks[entry - IndexCache->entries].lock;
}

uint32
IndexCacheFreeChunks(void)
{
	uint32 n;

	SpinLockAcquire(&Control->mutex);
	n = Control->nfree;
	SpinLockRelease(&Control->mutex);
	return n;
}

char *
IndexCacheAddChunk(IndexCacheEntry *entry, int part, uint32 place)
{
	int n = -1;
	char *chunk;

	Assert(LWLockHeldByMeInMode(IndexCacheEntryLock(entry), LW_EXCLUSIVE));
	if (place >= INDEX_CACHE_MAX_CHUNKS)
		return NULL;
	Assert(entry->chunks[part][place] == 0);
	SpinLockAcquire(&Control->mutex);
	if (Control->nfree > 0)
		n = Control->free[--Control->nfree];
	SpinLockRelease(&Control->mutex);
	if (n < 0)
		return NULL;
	chunk = IndexCacheChunks + n * IndexCache->chunk_size;
	memset(chunk, 0, IndexCache->chunk_size);
	pg_write_barrier(); /* pairs with the dependent read in IndexCacheChunk */
	*(volatile uint16 *) &entry->chunks[part][place] = (uint16) (n + 1);
	pg_atomic_fetch_add_u32(&entry->nchunks, 1);
	return chunk;
}
