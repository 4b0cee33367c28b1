/*
 * indexcache.h
 *	  A region of the public segment for copies of indexes in another form.
 *
 * The region, index_cache_size of memory, is cut into chunks.  An entry is one
 * index, known by its relfilenode, with the chunks that its access method has
 * put into it; what is in them the access method says
 * (access/hnsw/hnswcache.c, access/ivfflat/ivfcodes.c).  Pages stay the truth: an entry can be dropped at
 * any moment, and is, when another index needs the room and when the relation's
 * blocks are dropped.
 *
 * Readers take no lock and keep nothing pinned.  They remember the entry's
 * version, read, and ask IndexCacheIsCurrent before they use what they read;
 * every number read must be checked before it is used as an index.  Who changes
 * a chunk's contents holds IndexCacheLock, shared at least, so that it is not
 * dropped meanwhile; the version does not change by that.
 */
#ifndef STORAGE_INDEXCACHE_H
#define STORAGE_INDEXCACHE_H

#include "port/atomics.h"
#include "storage/lwlock.h"
#include "storage/relfilenode.h"

#define INDEX_CACHE_MAGIC 0x49434143

/* Indexes in the region at most. */
#define INDEX_CACHE_ENTRIES 64
/* A chunk is at least so large, and larger in a region with more of them. */
#define INDEX_CACHE_MIN_CHUNK (64 * 1024)
#define INDEX_CACHE_MAX_CHUNKS 1024
/* The first one's place; an address is that of any mapping of the segment. */
#define INDEX_CACHE_CHUNKS_ALIGN 4096
/* Sequences of chunks that an entry has. */
#define INDEX_CACHE_PARTS 3
#define INDEX_CACHE_AM_SIZE 128

/* The lowest bits of an entry's version. */
#define INDEX_CACHE_FREE 0
#define INDEX_CACHE_LOADING 1 /* kept true by changes, but not complete */
#define INDEX_CACHE_VALID 2
#define INDEX_CACHE_STATE_MASK UINT64CONST(3)

typedef struct IndexCacheEntry
{
	pg_atomic_uint64 version; /* [A] raised by who holds IndexCacheLock
	                           * exclusively, before it changes the rest */
	RelFileNode rnode;        /* [V:version][L:IndexCacheLock] */
	pg_atomic_uint32 usage;   /* [A] counts down when room is looked for */
	pg_atomic_uint32 nchunks; /* [A] in all parts */
	/* [V:version][L:the entry's lock] what the access method keeps here */
	uint64 am[INDEX_CACHE_AM_SIZE / sizeof(uint64)];
	/* [V:version][L:the entry's lock] number + 1 by part and place; 0: none */
	uint16 chunks[INDEX_CACHE_PARTS][INDEX_CACHE_MAX_CHUNKS];
} IndexCacheEntry;

typedef struct IndexCacheHeader
{
	uint32 magic;          /* [C] */
	uint32 nchunks;        /* [C] */
	Size chunk_size;       /* [C] */
	pg_atomic_uint32 used; /* [A] no entry from this one on was ever used */
	IndexCacheEntry entries[INDEX_CACHE_ENTRIES];
} IndexCacheHeader;

/* settings: in kilobytes, 0: none; and may this session use what is there */
extern int index_cache_size;
extern PG_PER_THREAD bool enable_index_cache;

/* The same in all processes of the server; NULL: there is no region. */
extern PG_PER_THREAD IndexCacheHeader *IndexCache;
extern PG_PER_THREAD char *IndexCacheChunks;

extern Size IndexCacheShmemSize(void);
extern Size IndexCachePublicShmemSize(void);
extern void IndexCacheShmemInit(void);
/* The two structures of the public segment, in this mapping of it. */
extern void UseIndexCache(void *entries, void *chunks);

/*
 * The entry of a relation in any state but free, or NULL.  Without the lock it
 * is a hint: of an entry that comes after a change of a page that the caller
 * has locked exclusively, the loader has yet to read that page.
 */
extern IndexCacheEntry *IndexCacheFind(const RelFileNode *rnode);

/*
 * A new entry, LOADING, with nchunks chunks to be had at least; am is what its
 * am begins with.  NULL: there is one, or no room now (what is little used made
 * room, or will soon).  The caller ends the load, or drops it.
 */
extern IndexCacheEntry *
IndexCacheBeginLoad(const RelFileNode *rnode, Size nchunks, const void *am,
                    Size amsize, uint64 *version);
/* False: it was dropped meanwhile. */
extern bool IndexCacheEndLoad(IndexCacheEntry *entry, uint64 version);
/* If it still is what it was at that version. */
extern void IndexCacheDropEntry(IndexCacheEntry *entry, uint64 version);
/*
 * The next searches of this process do not try to have an index here: there was
 * no room, or it was none that can be.  Each question counts as one.
 */
#define INDEX_CACHE_REFUSED_SEARCHES 200
#define INDEX_CACHE_NO_ROOM_SEARCHES 10 /* others may have gone by then */
extern void IndexCacheRefuse(const RelFileNode *rnode, int searches);
extern bool IndexCacheIsRefused(const RelFileNode *rnode);
/* What is there of a relation, or of a database. */
extern void IndexCacheDrop(const RelFileNode *rnode);
extern void IndexCacheDropDatabase(Oid dbid);

/* For the entry's own allocations; a leaf but for the region's spinlock. */
extern LWLock *IndexCacheEntryLock(const IndexCacheEntry *entry);
/* A zeroed chunk, NULL: no room.  The caller holds the entry's lock. */
extern char *IndexCacheAddChunk(IndexCacheEntry *entry, int part, uint32 place);
extern uint32 IndexCacheFreeChunks(void);

static inline int
IndexCacheState(const IndexCacheEntry *entry)
{
	return (int) (pg_atomic_read_u64((pg_atomic_uint64 *) &entry->version) &
	              INDEX_CACHE_STATE_MASK);
}

static inline char *
IndexCacheChunk(const IndexCacheEntry *entry, int part, uint32 place)
{
	uint32 n;

	if (unlikely(place >= INDEX_CACHE_MAX_CHUNKS))
		return NULL;
	n = *(const volatile uint16 *) &entry->chunks[part][place];
	return n == 0 ? NULL : IndexCacheChunks + (n - 1) * IndexCache->chunk_size;
}

/* Was all that was read so far the entry's of that version? */
static inline bool
IndexCacheIsCurrent(const IndexCacheEntry *entry, uint64 version)
{
	pg_read_barrier(); /* pairs with SetVersion in indexcache.c */
	return pg_atomic_read_u64((pg_atomic_uint64 *) &entry->version) == version;
}

static inline void
IndexCacheTouch(IndexCacheEntry *entry)
{
#ifndef TUSK_CLIENT /* its backend does that */
	/* a line that all readers read is seldom written */
	if (pg_atomic_read_u32(&entry->usage) < 3)
		pg_atomic_write_u32(&entry->usage, 3);
#endif
}

#endif /* STORAGE_INDEXCACHE_H */
