/*
 * dynahash.c
 *		Hash tables by chaining, in private or in shared memory.
 *
 * Everything shared is in HASHHDR: the directory of buckets (an array made at
 * creation; a private table doubles it as it grows, a shared one cannot, as
 * readers of one partition would not notice) and free lists.  A partitioned
 * table has a free list per partition under a spinlock of its own, because
 * holders of different partition locks may allocate at the same time.
 *
 * Invariants:
 * 1. An element's hash value modulo num_partitions is its partition; the
 *    number of buckets is a multiple of num_partitions, so that a bucket
 *    belongs to one partition and is protected by its lock.
 * 2. Elements never move: pointers to them stay good until HASH_REMOVE.
 *
 * A process killed inside a shared table leaves it broken; the crash reset of
 * the postmaster makes it anew.  Hash values are XXH3, folded to 32 bits: no
 * format on disk depends on them.
 */
#include "postgres.h"

#include <xxhash.h>

#include "port/atomics.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#define NUM_FREELISTS 32
#define HASH_MAGIC 0x48415348

/* Free elements of one partition group. */
typedef struct FreeListData
{
	slock_t mutex;         /* protects the rest */
	long nentries;         /* [L:mutex] entries in use */
	HASHELEMENT *freeList; /* [L:mutex] */
	char pad[PG_CACHE_LINE_SIZE - 24];
} FreeListData;

struct HASHHDR
{
	uint32 magic;            /* [C] HASH_MAGIC */
	uint32 num_buckets;      /* [C] in shared memory; a power of two */
	long num_partitions;     /* [C] 0: not partitioned */
	Size keysize;            /* [C] */
	Size entrysize;          /* [C] */
	HASHELEMENT **directory; /* [C] address; buckets by partition lock */
	FreeListData freeList[NUM_FREELISTS];
};

struct HTAB
{
	HASHHDR *hctl;
	HashValueFunc hash;
	HashCompareFunc match;
	Size keysize;
	Size entrysize;
	bool isshared;
	bool keyisstring;
	int frozen_scans; /* scans in progress: the directory stays */
	MemoryContext hcxt;
	char *tabname;
};

#define ELEMENTKEY(el) ((char *) (el) + MAXALIGN(sizeof(HASHELEMENT)))

static inline uint32
fold_hash(uint64 h)
{
	return (uint32) (h ^ (h >> 32));
}

uint32
tag_hash(const void *key, Size keysize)
{
	return fold_hash(XXH3_64bits(key, keysize));
}

uint32
uint32_hash(const void *key, Size keysize pg_attribute_unused())
{
	return fold_hash(XXH3_64bits(key, sizeof(uint32)));
}

uint32
string_hash(const void *key, Size keysize)
{
	return fold_hash(XXH3_64bits(key, strnlen(key, keysize - 1)));
}

static int
string_compare(const void *a, const void *b, Size keysize)
{
	return strncmp(a, b, keysize - 1);
}

static int
blob_compare(const void *a, const void *b, Size keysize)
{
	return memcmp(a, b, keysize);
}

static uint32
choose_buckets(long nelem, long num_partitions)
{
	uint32 n = 16;

	while (n < nelem || n < num_partitions)
		n *= 2;
	return n;
}

static Size
element_size(Size entrysize)
{
	return MAXALIGN(sizeof(HASHELEMENT)) + MAXALIGN(entrysize);
}

Size
hash_get_shared_size(const HASHCTL *info, int flags, long nelem)
{
	long partitions = (flags & HASH_PARTITION) ? info->num_partitions : 0;

	return add_size(
		CACHELINEALIGN(sizeof(HASHHDR)),
		mul_size(choose_buckets(nelem, partitions), sizeof(HASHELEMENT *)));
}

Size
hash_estimate_size(long num_entries, Size entrysize)
{
	Size size;

	size = CACHELINEALIGN(sizeof(HASHHDR));
	size = add_size(size, mul_size(choose_buckets(num_entries, NUM_FREELISTS),
	                               sizeof(HASHELEMENT *)));
	size = add_size(size, mul_size(num_entries, element_size(entrysize)));
	/* elements come in groups per free list */
	return add_size(size, mul_size(NUM_FREELISTS * 2, element_size(entrysize)));
}

/* Memory for a group of elements; false if there is none. */
static bool
element_alloc(HTAB *hashp, int freelist_idx, long nelem)
{
	FreeListData *fl = &hashp->hctl->freeList[freelist_idx];
	Size size = element_size(hashp->entrysize);
	char *memory;
	HASHELEMENT *first = NULL;

	if (hashp->isshared)
		memory = ShmemAllocNoError(mul_size(nelem, size));
	else
		memory = MemoryContextAllocExtended(
			hashp->hcxt, nelem * size, MCXT_ALLOC_NO_OOM | MCXT_ALLOC_HUGE);
	if (memory == NULL)
		return false;
	for (long i = nelem - 1; i >= 0; i--)
	{
		HASHELEMENT *el = (HASHELEMENT *) (memory + i * size);

		el->link = first;
		first = el;
	}
	if (hashp->isshared)
		SpinLockAcquire(&fl->mutex);
	((HASHELEMENT *) (memory + (nelem - 1) * size))->link = fl->freeList;
	fl->freeList = first;
	if (hashp->isshared)
		SpinLockRelease(&fl->mutex);
	return true;
}

static inline int
freelist_of(HTAB *hashp, uint32 hashvalue)
{
	return hashp->hctl->num_partitions ? (int) (hashvalue % NUM_FREELISTS) : 0;
}

static void
choose_functions(HTAB *hashp, const HASHCTL *info, int flags)
{
	hashp->keyisstring = (flags & HASH_STRINGS) != 0;
	if (flags & HASH_FUNCTION)
		hashp->hash = info->hash;
	else if (hashp->keyisstring)
		hashp->hash = string_hash;
	else
		hashp->hash = tag_hash;
	if (flags & HASH_COMPARE)
		hashp->match = info->match;
	else
		hashp->match = hashp->keyisstring ? string_compare : blob_compare;
}

static void
init_header(HTAB *hashp, const HASHCTL *info, int flags, long nelem)
{
	HASHHDR *hctl = hashp->hctl;

	memset(hctl, 0, sizeof(HASHHDR));
	hctl->num_partitions = (flags & HASH_PARTITION) ? info->num_partitions : 0;
	hctl->num_buckets = choose_buckets(nelem, hctl->num_partitions);
	hctl->keysize = info->keysize;
	hctl->entrysize = info->entrysize;
	for (int i = 0; i < NUM_FREELISTS; i++)
		SpinLockInit(&hctl->freeList[i].mutex);
	if (hashp->isshared)
		hctl->directory =
			(HASHELEMENT **) ((char *) hctl + CACHELINEALIGN(sizeof(HASHHDR)));
	else
		hctl->directory = MemoryContextAllocExtended(
			hashp->hcxt, hctl->num_buckets * sizeof(HASHELEMENT *),
			MCXT_ALLOC_HUGE);
	memset(hctl->directory, 0, hctl->num_buckets * sizeof(HASHELEMENT *));
	hctl->magic = HASH_MAGIC;
}

HTAB *
hash_create(const char *tabname, long nelem, const HASHCTL *info, int flags)
{
	HTAB *hashp;
	MemoryContext cxt = TopMemoryContext;

	Assert(flags & HASH_ELEM);
	Assert(info->keysize > 0 && info->entrysize >= info->keysize);
	if (!(flags & HASH_SHARED_MEM))
		cxt = AllocSetContextCreate((flags & HASH_CONTEXT) ? info->hcxt
		                                                   : TopMemoryContext,
		                            "dynahash", ALLOCSET_DEFAULT_SIZES);
	hashp = MemoryContextAllocZero(cxt, sizeof(HTAB));
	hashp->hcxt = cxt;
	hashp->tabname = MemoryContextStrdup(cxt, tabname);
	hashp->keysize = info->keysize;
	hashp->entrysize = info->entrysize;
	hashp->isshared = (flags & HASH_SHARED_MEM) != 0;
	choose_functions(hashp, info, flags);
	if (hashp->isshared)
		hashp->hctl = info->hctl;
	else
		hashp->hctl = MemoryContextAllocZero(cxt, sizeof(HASHHDR));
	if (flags & HASH_ATTACH)
	{
		Assert(hashp->hctl->magic == HASH_MAGIC);
		return hashp;
	}
	init_header(hashp, info, flags, nelem);
	if (hashp->isshared)
	{
		int nlists = hashp->hctl->num_partitions ? NUM_FREELISTS : 1;

		for (int i = 0; i < nlists; i++)
			if (!element_alloc(hashp, i, nelem / nlists + 1))
				ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
				                errmsg("out of shared memory")));
	}
	return hashp;
}

void
hash_destroy(HTAB *hashp)
{
	Assert(hashp == NULL || !hashp->isshared);
	if (hashp != NULL)
		MemoryContextDelete(hashp->hcxt);
}

uint32
get_hash_value(HTAB *hashp, const void *keyPtr)
{
	return hashp->hash(keyPtr, hashp->keysize);
}

void *
hash_search(HTAB *hashp, const void *keyPtr, HASHACTION action, bool *foundPtr)
{
	return hash_search_with_hash_value(
		hashp, keyPtr, hashp->hash(keyPtr, hashp->keysize), action, foundPtr);
}

/* Double the directory of a private table. */
static void
expand_table(HTAB *hashp)
{
	HASHHDR *hctl = hashp->hctl;
	uint32 n = hctl->num_buckets * 2;
	HASHELEMENT **directory;

	directory = MemoryContextAllocExtended(
		hashp->hcxt, n * sizeof(HASHELEMENT *),
		MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM | MCXT_ALLOC_ZERO);
	if (directory == NULL)
		return; /* longer chains, no harm */
	for (uint32 b = 0; b < hctl->num_buckets; b++)
	{
		HASHELEMENT *el, *next;

		for (el = hctl->directory[b]; el != NULL; el = next)
		{
			uint32 nb = el->hashvalue & (n - 1);

			next = el->link;
			el->link = directory[nb];
			directory[nb] = el;
		}
	}
	pfree(hctl->directory);
	hctl->directory = directory;
	hctl->num_buckets = n;
}

/* A free element: own list, new memory, or another partition's list. */
static HASHELEMENT *
get_element(HTAB *hashp, int idx)
{
	HASHHDR *hctl = hashp->hctl;
	int nlists = hctl->num_partitions ? NUM_FREELISTS : 1;

	for (int attempt = 0;; attempt++)
	{
		for (int i = 0; i < (attempt < 2 ? 1 : nlists); i++)
		{
			FreeListData *fl = &hctl->freeList[(idx + i) % nlists];
			HASHELEMENT *el;

			if (hashp->isshared)
				SpinLockAcquire(&fl->mutex);
			el = fl->freeList;
			if (el != NULL)
				fl->freeList = el->link;
			if (hashp->isshared)
				SpinLockRelease(&fl->mutex);
			if (el != NULL)
				return el;
		}
		if (attempt >= 2)
			return NULL;
		if (attempt == 0 &&
		    !element_alloc(hashp, idx, hashp->isshared ? 8 : 32))
			attempt++;
	}
}

static void
count_entries(HTAB *hashp, int idx, long add, HASHELEMENT *freed)
{
	FreeListData *fl = &hashp->hctl->freeList[idx];

	if (hashp->isshared)
		SpinLockAcquire(&fl->mutex);
	fl->nentries += add;
	if (freed != NULL)
	{
		freed->link = fl->freeList;
		fl->freeList = freed;
	}
	if (hashp->isshared)
		SpinLockRelease(&fl->mutex);
}

static void *
insert_element(HTAB *hashp, const void *keyPtr, uint32 hashvalue,
               HASHACTION action)
{
	HASHHDR *hctl = hashp->hctl;
	int idx = freelist_of(hashp, hashvalue);
	HASHELEMENT *el;
	uint32 bucket;

	if (!hashp->isshared && hashp->frozen_scans == 0 &&
	    hctl->freeList[0].nentries >= hctl->num_buckets)
		expand_table(hashp);
	el = get_element(hashp, idx);
	if (el == NULL)
	{
		if (action == HASH_ENTER_NULL)
			return NULL;
		ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY),
		                hashp->isshared ? errmsg("out of shared memory")
		                                : errmsg("out of memory")));
	}
	bucket = hashvalue & (hctl->num_buckets - 1);
	el->hashvalue = hashvalue;
	if (hashp->keyisstring)
		strlcpy(ELEMENTKEY(el), keyPtr, hashp->keysize);
	else
		memcpy(ELEMENTKEY(el), keyPtr, hashp->keysize);
	el->link = hctl->directory[bucket];
	hctl->directory[bucket] = el;
	count_entries(hashp, idx, 1, NULL);
	return ELEMENTKEY(el);
}

void *
hash_search_with_hash_value(HTAB *hashp, const void *keyPtr, uint32 hashvalue,
                            HASHACTION action, bool *foundPtr)
{
	HASHHDR *hctl = hashp->hctl;
	HASHELEMENT **link = &hctl->directory[hashvalue & (hctl->num_buckets - 1)];
	HASHELEMENT *el;

	for (; (el = *link) != NULL; link = &el->link)
		if (el->hashvalue == hashvalue &&
		    hashp->match(ELEMENTKEY(el), keyPtr, hashp->keysize) == 0)
			break;
	if (foundPtr)
		*foundPtr = el != NULL;
	switch (action)
	{
		case HASH_FIND:
			return el ? ELEMENTKEY(el) : NULL;
		case HASH_REMOVE:
			if (el == NULL)
				return NULL;
			*link = el->link;
			count_entries(hashp, freelist_of(hashp, hashvalue), -1, el);
			/* good until the next call only */
			return ELEMENTKEY(el);
		case HASH_ENTER:
		case HASH_ENTER_NULL:
			if (el != NULL)
				return ELEMENTKEY(el);
			return insert_element(hashp, keyPtr, hashvalue, action);
	}
	pg_unreachable();
}

long
hash_get_num_entries(HTAB *hashp)
{
	long sum = 0;

	for (int i = 0; i < NUM_FREELISTS; i++)
		sum += hashp->hctl->freeList[i].nentries;
	return sum;
}

void
hash_seq_init(HASH_SEQ_STATUS *status, HTAB *hashp)
{
	status->hashp = hashp;
	status->curBucket = 0;
	status->curEntry = NULL;
	hashp->frozen_scans++;
}

void *
hash_seq_search(HASH_SEQ_STATUS *status)
{
	HASHHDR *hctl = status->hashp->hctl;
	HASHELEMENT *el = status->curEntry;

	while (el == NULL)
	{
		if (status->curBucket >= hctl->num_buckets)
		{
			hash_seq_term(status);
			return NULL;
		}
		el = hctl->directory[status->curBucket++];
	}
	status->curEntry = el->link;
	return ELEMENTKEY(el);
}

/* Needed only where a scan is left before its end. */
void
hash_seq_term(HASH_SEQ_STATUS *status)
{
	if (status->hashp->frozen_scans > 0)
		status->hashp->frozen_scans--;
}
