/*
 * buf_table.c: the mapping table, from block to buffer.
 *
 * One entry per buffer, at the buffer's own index: {tag, next}.  A bucket is
 * the index of its first entry; chains go by index.  So the table needs no
 * allocator, holds no pointer, and can be walked by a process that maps it
 * read-only somewhere else.  A buffer has at most one entry, because a victim
 * loses its old one before it gets a new one (bufmgr.c).
 *
 * Locks: all but the optimistic lookup are called under the partition's
 * mapping lock: shared to look up, exclusive to insert and delete.  Buckets
 * are a multiple of the partitions, so that a bucket belongs to one.
 *
 * Optimistic lookup: walks without lock while chains change.  An entry may be
 * moved to another chain under the reader, which then sees the rest of that
 * one: it never leaves the array, it stops after a bounded number of steps,
 * and what it finds is checked against the descriptor.  A miss proves nothing.
 */
#include "postgres.h"

/* Twenty bytes: a call would cost as much as the hash. */
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/buf_internals.h"
#include "storage/shmem.h"

#define BUFTABLE_MAGIC 0x42544231
#define BUFTABLE_END (-1)
/* steps of an optimistic walk; chains are about one long */
#define BUFTABLE_MAX_WALK 64

typedef struct BufTableHeader
{
	uint32 magic;   /* [C] */
	int32 nbuckets; /* [C] power of two, a multiple of the partitions */
	int32 nentries; /* [C] NBuffers */
	int32 pad;
} BufTableHeader;

typedef struct BufTableEntry
{
	BufferTag tag; /* [L:BufferMapping] written; [V] read */
	int32 next;    /* [L:BufferMapping] written; [V] read */
} BufTableEntry;

/* the three parts of the table in the public segment, as mapped here */
static PG_PER_THREAD BufTableHeader *BufTable = NULL;
static PG_PER_THREAD pg_atomic_uint32 *BufTableBuckets = NULL;
static PG_PER_THREAD BufTableEntry *BufTableEntries = NULL;
/*
 * Its sizes, from NBuffers: an attached client may walk while the segment is
 * initialised again, and its header is zero.
 */
static PG_PER_THREAD uint32 BufTableMask = 0;
static PG_PER_THREAD int BufTableSize = 0;

static int
buckets_for(int size)
{
	int nbuckets = NUM_BUFFER_PARTITIONS;

	while (nbuckets < size)
		nbuckets *= 2;
	return nbuckets;
}

Size
BufTableShmemSize(int size)
{
	return add_size(
		sizeof(BufTableHeader),
		add_size(mul_size(buckets_for(size), sizeof(pg_atomic_uint32)),
	             mul_size(size, sizeof(BufTableEntry))));
}

static void
SetParts(void *table, int size)
{
	StaticAssertStmt(sizeof(BufTableHeader) % 8 == 0 &&
	                     sizeof(BufTableEntry) % 8 == 0,
	                 "parts of the mapping table are aligned");
	BufTable = table;
	BufTableMask = (uint32) buckets_for(size) - 1;
	BufTableSize = size;
	BufTableBuckets = (pg_atomic_uint32 *) (BufTable + 1);
	BufTableEntries = (BufTableEntry *) (BufTableBuckets + buckets_for(size));
}

bool
UseBufTable(void *table, int size)
{
	SetParts(table, size);
	return BufTable->magic == BUFTABLE_MAGIC &&
	       BufTable->nbuckets == buckets_for(size) &&
	       BufTable->nentries == size;
}

void
InitBufTable(int size)
{
	bool found;
	int nbuckets = buckets_for(size);

	SetParts(PublicShmemInitStruct("Shared Buffer Lookup Table",
	                               BufTableShmemSize(size), &found),
	         size);
	if (found)
	{
		Assert(UseBufTable(BufTable, size));
		return;
	}
	BufTable->magic = BUFTABLE_MAGIC;
	BufTable->nbuckets = nbuckets;
	BufTable->nentries = size;
	for (int i = 0; i < nbuckets; i++)
		pg_atomic_init_u32(&BufTableBuckets[i], (uint32) BUFTABLE_END);
	for (int i = 0; i < size; i++)
	{
		CLEAR_BUFFERTAG(BufTableEntries[i].tag);
		BufTableEntries[i].next = BUFTABLE_END;
	}
}

uint32
BufTableHashCode(const BufferTag *tagPtr)
{
	return (uint32) XXH3_64bits(tagPtr, sizeof(BufferTag));
}

static inline pg_atomic_uint32 *
bucket_of(uint32 hashcode)
{
	return &BufTableBuckets[hashcode & BufTableMask];
}

/* The buffer with that tag, -1 if there is none. */
int
BufTableLookup(const BufferTag *tagPtr, uint32 hashcode)
{
	int i = (int) pg_atomic_read_u32(bucket_of(hashcode));

	while (i != BUFTABLE_END)
	{
		if (BUFFERTAGS_EQUAL(BufTableEntries[i].tag, *tagPtr))
			return i;
		i = BufTableEntries[i].next;
	}
	return -1;
}

/* -1 when inserted; else the buffer that has the tag already. */
int
BufTableInsert(const BufferTag *tagPtr, uint32 hashcode, int buf_id)
{
	pg_atomic_uint32 *bucket = bucket_of(hashcode);
	BufTableEntry *entry = &BufTableEntries[buf_id];
	int existing = BufTableLookup(tagPtr, hashcode);

	Assert(buf_id >= 0 && buf_id < BufTable->nentries);
	Assert(tagPtr->blockNum != P_NEW);
	if (existing >= 0)
		return existing;
	Assert(entry->tag.blockNum == InvalidBlockNumber);
	entry->tag = *tagPtr;
	entry->next = (int32) pg_atomic_read_u32(bucket);
	pg_write_barrier(); /* pairs with the walk in BufTableLookupOptimistic */
	pg_atomic_write_u32(bucket, (uint32) buf_id);
	return -1;
}

void
BufTableDelete(const BufferTag *tagPtr, uint32 hashcode)
{
	pg_atomic_uint32 *bucket = bucket_of(hashcode);
	int i = (int) pg_atomic_read_u32(bucket);
	int previous = BUFTABLE_END;

	while (i != BUFTABLE_END &&
	       !BUFFERTAGS_EQUAL(BufTableEntries[i].tag, *tagPtr))
	{
		previous = i;
		i = BufTableEntries[i].next;
	}
	if (i == BUFTABLE_END)
		elog(ERROR, "shared buffer hash table corrupted");
	if (previous == BUFTABLE_END)
		pg_atomic_write_u32(bucket, (uint32) BufTableEntries[i].next);
	else
		BufTableEntries[previous].next = BufTableEntries[i].next;
	/* its next stays, so that a reader standing here goes on */
	CLEAR_BUFFERTAG(BufTableEntries[i].tag);
}

void
BufTablePrefetchBucket(uint32 hashcode)
{
	__builtin_prefetch(bucket_of(hashcode));
}

/* The bucket's first entry, and the buffer that it is of: a guess. */
void
BufTablePrefetchEntry(uint32 hashcode)
{
	int i = (int) pg_atomic_read_u32(bucket_of(hashcode));

	if (i < 0 || i >= BufTableSize)
		return;
	__builtin_prefetch(&BufTableEntries[i]);
	__builtin_prefetch(GetBufferDescriptor(i));
}

int
BufTableLookupOptimistic(const BufferTag *tagPtr, uint32 hashcode)
{
	int i = (int) pg_atomic_read_u32(bucket_of(hashcode));

	for (int steps = 0; steps < BUFTABLE_MAX_WALK; steps++)
	{
		const volatile BufTableEntry *entry;

		if (i < 0 || i >= BufTableSize)
			return -1;
		entry = &BufTableEntries[i];
		if (entry->tag.blockNum == tagPtr->blockNum &&
		    entry->tag.rnode.relNode == tagPtr->rnode.relNode &&
		    entry->tag.forkNum == tagPtr->forkNum &&
		    entry->tag.rnode.dbNode == tagPtr->rnode.dbNode &&
		    entry->tag.rnode.spcNode == tagPtr->rnode.spcNode)
			return i;
		i = entry->next;
	}
	return -1;
}
