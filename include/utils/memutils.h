/*
 * utils/memutils.h
 *		Memory contexts: trees of arenas that are freed as a whole.
 */
#ifndef MEMUTILS_H
#define MEMUTILS_H

#define MaxAllocSize ((Size) 0x3fffffff)
#define MaxAllocHugeSize (SIZE_MAX / 2)
#define AllocSizeIsValid(size) ((Size) (size) <= MaxAllocSize)
#define AllocHugeSizeIsValid(size) ((Size) (size) <= MaxAllocHugeSize)

extern PG_PER_THREAD MemoryContext TopMemoryContext;
extern PG_PER_THREAD MemoryContext ErrorContext;
extern PG_PER_THREAD MemoryContext PostmasterContext;
extern PG_PER_THREAD MemoryContext CacheMemoryContext;
extern PG_PER_THREAD MemoryContext MessageContext;
extern PG_PER_THREAD MemoryContext TopTransactionContext;
extern PG_PER_THREAD MemoryContext CurTransactionContext;
extern PG_PER_THREAD MemoryContext PortalContext;

extern void MemoryContextInit(void);
extern void MemoryContextReset(MemoryContext context);
extern void MemoryContextDelete(MemoryContext context);
extern void MemoryContextResetOnly(MemoryContext context);
extern void MemoryContextDeleteChildren(MemoryContext context);
#define MemoryContextResetAndDeleteChildren(ctx) MemoryContextReset(ctx)
extern void
MemoryContextSetParent(MemoryContext context, MemoryContext new_parent);
extern MemoryContext MemoryContextGetParent(MemoryContext context);
extern bool MemoryContextIsEmpty(MemoryContext context);
extern Size GetMemoryChunkSpace(void *pointer);
extern MemoryContext GetMemoryChunkContext(void *pointer);
/* Bytes obtained from malloc, with or without the children. */
extern Size MemoryContextMemAllocated(MemoryContext context, bool recurse);
extern void
MemoryContextAllowInCriticalSection(MemoryContext context, bool allow);

/* name is not copied: it must be a constant. */
extern MemoryContext
AllocSetContextCreateInternal(MemoryContext parent, const char *name,
                              Size minContextSize, Size initBlockSize,
                              Size maxBlockSize);
#define AllocSetContextCreate AllocSetContextCreateInternal
#define GenerationContextCreate AllocSetContextCreateInternal

#define ALLOCSET_DEFAULT_MINSIZE 0
#define ALLOCSET_DEFAULT_INITSIZE (8 * 1024)
#define ALLOCSET_DEFAULT_MAXSIZE (8 * 1024 * 1024)
#define ALLOCSET_DEFAULT_SIZES                           \
	ALLOCSET_DEFAULT_MINSIZE, ALLOCSET_DEFAULT_INITSIZE, \
		ALLOCSET_DEFAULT_MAXSIZE
#define ALLOCSET_SMALL_SIZES 0, 1024, 8 * 1024
#define ALLOCSET_START_SMALL_SIZES 0, 1024, ALLOCSET_DEFAULT_MAXSIZE

#endif /* MEMUTILS_H */
