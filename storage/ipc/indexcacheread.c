/*
 * indexcacheread.c
 *	  The reader's part of the index cache: where it is, and finding an entry.
 *
 * Nothing is locked or written here (indexcache.h has the rules), so libtusk
 * has it too.
 */
#include "postgres.h"

#include "storage/indexcache.h"

PG_PER_THREAD bool enable_index_cache = true;

PG_PER_THREAD IndexCacheHeader *IndexCache = NULL;
PG_PER_THREAD char *IndexCacheChunks = NULL;

void
UseIndexCache(void *entries, void *chunks)
{
	IndexCache = entries;
	IndexCacheChunks = (char *) TYPEALIGN(INDEX_CACHE_CHUNKS_ALIGN, chunks);
}

IndexCacheEntry *
IndexCacheFind(const RelFileNode *rnode)
{
	uint32 used = IndexCache ? pg_atomic_read_u32(&IndexCache->used) : 0;

	used = Min(used, INDEX_CACHE_ENTRIES);
	for (uint32 i = 0; i < used; i++)
	{
		IndexCacheEntry *entry = &IndexCache->entries[i];

		if (RelFileNodeEquals(entry->rnode, *rnode) &&
		    IndexCacheState(entry) != INDEX_CACHE_FREE)
			return entry;
	}
	return NULL;
}
