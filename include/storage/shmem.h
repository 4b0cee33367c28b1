/*
 * shmem.h
 *		The two main segments: allocation, and the index of what lies in them.
 *
 * Private: mapped by server processes by inheritance, at one address.  Public:
 * also mapped (read-only, anywhere) by attached clients, so what lies in it
 * uses offsets and indexes only.  Memory is handed out from the front and never
 * given back; a reset after a crash starts from the front again.
 */
#ifndef SHMEM_H
#define SHMEM_H

#include "utils/hsearch.h"

#define SHMEM_INDEX_KEYSIZE 48
#define SHMEM_INDEX_SIZE 128

#define PG_SHMEM_MAGIC 679834894

/* A named structure. */
typedef struct ShmemIndexEnt
{
	char key[SHMEM_INDEX_KEYSIZE]; /* [C] once counted */
	Size offset;                   /* [C] from the start of its segment */
	Size size;                     /* [C] as asked for */
	Size allocated_size;           /* [C] with what alignment costs */
	bool is_public;                /* [C] */
} ShmemIndexEnt;

/* Sizes are computed with these: ERROR 54000 instead of wrapping round. */
extern Size add_size(Size s1, Size s2);
extern Size mul_size(Size s1, Size s2);

/* GUC */
typedef enum
{
	HUGE_PAGES_OFF,
	HUGE_PAGES_ON,
	HUGE_PAGES_TRY
} HugePagesType;

extern int huge_pages;

/* Make and map both segments; postmaster, once. */
extern void PGSharedMemoryCreate(Size private_size, Size public_size);

/* Bytes that can be had now. */
extern Size AvailableMemory(void);

/* Zero them, or find them zeroed, and start handing out. */
extern void InitShmemAllocation(void);

/* Whether both exist in this process. */
extern bool PGSharedMemoryIsAttached(void);

/* Descriptor, for reading only (-1: none), and size of the public one. */
extern int PublicShmemFd(void);
extern Size PublicShmemSize(void);
/* Bytes of it in huge pages of the kernel's pool. */
extern Size PublicShmemHugeSize(void);
extern void *PublicShmemBase(void);
/*
 * The postmaster: clients are not to believe the segment from now on, or may
 * again.  The generation, odd or even (storage/direct.h); any process.
 */
extern void PublicShmemInvalidate(void);
extern void PublicShmemValidate(void);
extern uint64 PublicShmemGeneration(void);

/* Aligned to cache lines.  ERROR 53200 when there is no more. */
extern void *ShmemAlloc(Size size);
extern void *ShmemAllocNoError(Size size);
extern bool ShmemAddrIsValid(const void *addr);

/* Find or make a named structure; zeroed when it is new. */
extern void *ShmemInitStruct(const char *name, Size size, bool *foundPtr);
extern void *PublicShmemInitStruct(const char *name, Size size, bool *foundPtr);
extern HTAB *ShmemInitHash(const char *name, long init_size, long max_size,
                           HASHCTL *infoP, int hash_flags);

/* For pg_shmem_allocations: entry i, or NULL past the last one. */
extern const ShmemIndexEnt *ShmemIndexGet(int i);
extern void ShmemGetUsage(Size *total, Size *used);

#endif /* SHMEM_H */
