/*
 * utils/hsearch.h
 *		Hash tables, in a memory context or in shared memory (ShmemInitHash),
 *		there possibly partitioned: the low bits of the hash value choose the
 *		partition, whose lock the caller holds.
 *
 * The entry begins with the key.  Entries never move.  A table in shared
 * memory has a fixed directory made at its creation: the number of entries may
 * pass max_size while shared memory lasts, chains then grow longer.
 */
#ifndef HSEARCH_H
#define HSEARCH_H

typedef uint32 (*HashValueFunc)(const void *key, Size keysize);
/* 0 if equal */
typedef int (*HashCompareFunc)(const void *key1, const void *key2,
                               Size keysize);

typedef struct HTAB HTAB;
typedef struct HASHHDR HASHHDR;

typedef struct HASHELEMENT
{
	struct HASHELEMENT *link;
	uint32 hashvalue;
} HASHELEMENT;

typedef struct HASHCTL
{
	long num_partitions;   /* HASH_PARTITION: a power of two */
	Size keysize;          /* HASH_ELEM */
	Size entrysize;        /* HASH_ELEM */
	HashValueFunc hash;    /* HASH_FUNCTION */
	HashCompareFunc match; /* HASH_COMPARE */
	MemoryContext hcxt;    /* HASH_CONTEXT: parent of the table's context */
	HASHHDR *hctl;         /* HASH_SHARED_MEM, HASH_ATTACH */
} HASHCTL;

#define HASH_PARTITION 0x0001
#define HASH_ELEM 0x0008
#define HASH_STRINGS 0x0010
#define HASH_BLOBS 0x0020
#define HASH_FUNCTION 0x0040
#define HASH_COMPARE 0x0080
#define HASH_CONTEXT 0x0200
#define HASH_SHARED_MEM 0x0800
#define HASH_ATTACH 0x1000
#define HASH_FIXED_SIZE 0x2000

typedef enum
{
	HASH_FIND,
	HASH_ENTER, /* ERROR 53200 when out of memory */
	HASH_REMOVE,
	HASH_ENTER_NULL /* NULL when out of memory */
} HASHACTION;

typedef struct HASH_SEQ_STATUS
{
	HTAB *hashp;
	uint32 curBucket;
	HASHELEMENT *curEntry; /* next one to return */
} HASH_SEQ_STATUS;

extern HTAB *
hash_create(const char *tabname, long nelem, const HASHCTL *info, int flags);
extern void hash_destroy(HTAB *hashp);
extern void *
hash_search(HTAB *hashp, const void *keyPtr, HASHACTION action, bool *foundPtr);
extern uint32 get_hash_value(HTAB *hashp, const void *keyPtr);
extern void *
hash_search_with_hash_value(HTAB *hashp, const void *keyPtr, uint32 hashvalue,
                            HASHACTION action, bool *foundPtr);
extern long hash_get_num_entries(HTAB *hashp);
/* The entry just returned may be removed during a sequential scan. */
extern void hash_seq_init(HASH_SEQ_STATUS *status, HTAB *hashp);
extern void *hash_seq_search(HASH_SEQ_STATUS *status);
extern void hash_seq_term(HASH_SEQ_STATUS *status);
extern Size hash_estimate_size(long num_entries, Size entrysize);
/* Bytes of the header and directory that ShmemInitHash allocates. */
extern Size hash_get_shared_size(const HASHCTL *info, int flags, long nelem);

extern uint32 tag_hash(const void *key, Size keysize);
extern uint32 string_hash(const void *key, Size keysize);
extern uint32 uint32_hash(const void *key, Size keysize);
#define oid_hash uint32_hash

#endif /* HSEARCH_H */
