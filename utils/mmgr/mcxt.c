/*
 * mcxt.c
 *		Memory contexts: a tree of arenas, each freed as a whole.
 *
 * A chunk is preceded by a header of 16 bytes: its size and its context.  Small
 * chunks (up to ALLOC_CHUNK_LIMIT) have a size that is a power of two; they are
 * carved from blocks and go to the context's free list of that size when
 * freed.  Larger chunks get a block of their own, which goes back to malloc.
 *
 * The first block is kept by a reset, so that the usual per-tuple context
 * costs no malloc at all.
 *
 * A chunk of palloc_aligned has a second header just before the pointer handed
 * out: its context field is the address of the real chunk, with the lowest bit
 * set.
 *
 * Under AddressSanitizer what is free, and what lies behind a chunk's end, is
 * poisoned.
 *
 * Corresponds to PostgreSQL's mcxt.c, aset.c and alignedalloc.c.
 */
#include "postgres.h"

#include <malloc.h>

#include "miscadmin.h"
#include "port/atomics.h"
#include "port/sys.h"
#include "utils/injection_point.h"
#include "utils/memutils.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define POISON(start, size) ASAN_POISON_MEMORY_REGION(start, size)
#define UNPOISON(start, size) ASAN_UNPOISON_MEMORY_REGION(start, size)
#else
#define POISON(start, size) ((void) 0)
#define UNPOISON(start, size) ((void) 0)
#endif

#define ALLOC_MINBITS 4 /* smallest chunk: 16 bytes */
#define ALLOCSET_NUM_FREELISTS 10
#define ALLOC_CHUNK_LIMIT \
	((Size) 1 << (ALLOC_MINBITS + ALLOCSET_NUM_FREELISTS - 1))
#define MCXT_MAGIC 0x4d435854

typedef struct AllocChunk
{
	Size size;             /* bytes usable */
	MemoryContext context; /* or the real chunk | 1 */
} AllocChunk;

StaticAssertDecl(sizeof(AllocChunk) == MAXALIGN(sizeof(AllocChunk)) &&
                     sizeof(AllocChunk) == 16,
                 "chunks keep the alignment of malloc");

typedef struct AllocBlock
{
	struct AllocBlock *prev, *next;
	char *freeptr;
	char *endptr;
} AllocBlock;

StaticAssertDecl(sizeof(AllocBlock) % 16 == 0, "chunks stay aligned to 16");

/* A freed chunk's first word links the free list. */
typedef struct AllocFreeChunk
{
	struct AllocFreeChunk *next;
} AllocFreeChunk;

typedef struct MemoryContextData
{
	uint32 magic;
	bool allow_in_crit_section;
	bool is_reset;
	const char *name;
	MemoryContext parent, firstchild, prevchild, nextchild;
	MemoryContextCallback *reset_cbs;
	AllocBlock *blocks; /* the first is the one chunks are carved from */
	AllocBlock *keeper; /* survives a reset */
	Size initBlockSize, maxBlockSize, nextBlockSize;
	Size mem_allocated;
	AllocFreeChunk *freelist[ALLOCSET_NUM_FREELISTS];
} MemoryContextData;

PG_PER_THREAD MemoryContext CurrentMemoryContext = NULL;
PG_PER_THREAD MemoryContext TopMemoryContext = NULL;
PG_PER_THREAD MemoryContext ErrorContext = NULL;
PG_PER_THREAD MemoryContext PostmasterContext = NULL;
PG_PER_THREAD MemoryContext CacheMemoryContext = NULL;
PG_PER_THREAD MemoryContext MessageContext = NULL;
PG_PER_THREAD MemoryContext TopTransactionContext = NULL;
PG_PER_THREAD MemoryContext CurTransactionContext = NULL;
PG_PER_THREAD MemoryContext PortalContext = NULL;

#define PointerGetChunk(ptr) \
	((AllocChunk *) ((char *) (ptr) - sizeof(AllocChunk)))
#define ChunkGetPointer(chunk) \
	((void *) ((char *) (chunk) + sizeof(AllocChunk)))

static inline bool
ContextIsValid(MemoryContext context)
{
	return context != NULL && context->magic == MCXT_MAGIC;
}

/* The chunk behind a pointer, through palloc_aligned's redirection. */
static AllocChunk *
pointer_get_real_chunk(void *pointer)
{
	AllocChunk *chunk = PointerGetChunk(pointer);
	uintptr_t context = (uintptr_t) chunk->context;

	if (context & 1)
		chunk = (AllocChunk *) (context & ~(uintptr_t) 1);
	Assert(ContextIsValid(chunk->context));
	return chunk;
}

static inline int
freelist_index(Size size)
{
	if (size <= ((Size) 1 << ALLOC_MINBITS))
		return 0;
	return 64 - __builtin_clzll((unsigned long long) size - 1) - ALLOC_MINBITS;
}

static AllocBlock *
block_create(MemoryContext context, Size size)
{
	AllocBlock *block = sys_malloc(size);

	if (block == NULL)
		return NULL;
	context->mem_allocated += size;
	block->freeptr = (char *) block + sizeof(AllocBlock);
	block->endptr = (char *) block + size;
	POISON(block->freeptr, block->endptr - block->freeptr);
	return block;
}

static void
block_link_first(MemoryContext context, AllocBlock *block)
{
	block->prev = NULL;
	block->next = context->blocks;
	if (block->next)
		block->next->prev = block;
	context->blocks = block;
}

static void
block_free(MemoryContext context, AllocBlock *block)
{
	if (block->prev)
		block->prev->next = block->next;
	else
		context->blocks = block->next;
	if (block->next)
		block->next->prev = block->prev;
	context->mem_allocated -= block->endptr - (char *) block;
	free(block);
}

void
MemoryContextInit(void)
{
	if (TopMemoryContext != NULL)
		return;

	/*
	 * The contexts of a statement come and go with it.  Blocks of usual size
	 * stay with the process in between: else every statement would get its
	 * memory from the kernel anew, page by page.
	 */
	mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
	mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
	mallopt(M_TOP_PAD, 1024 * 1024);

	TopMemoryContext =
		AllocSetContextCreate(NULL, "TopMemoryContext", ALLOCSET_DEFAULT_SIZES);
	CurrentMemoryContext = TopMemoryContext;
	/* 8 kB are there at once, for the report of an out-of-memory error. */
	ErrorContext = AllocSetContextCreate(TopMemoryContext, "ErrorContext",
	                                     8 * 1024, 8 * 1024, 8 * 1024);
	MemoryContextAllowInCriticalSection(ErrorContext, true);
}

static void
context_link(MemoryContext context, MemoryContext parent)
{
	context->parent = parent;
	context->prevchild = NULL;
	context->nextchild = NULL;
	if (parent != NULL)
	{
		context->nextchild = parent->firstchild;
		if (context->nextchild)
			context->nextchild->prevchild = context;
		parent->firstchild = context;
		context->allow_in_crit_section = parent->allow_in_crit_section;
	}
}

static void
context_unlink(MemoryContext context)
{
	if (context->parent == NULL)
		return;
	if (context->prevchild)
		context->prevchild->nextchild = context->nextchild;
	else
		context->parent->firstchild = context->nextchild;
	if (context->nextchild)
		context->nextchild->prevchild = context->prevchild;
}

MemoryContext
AllocSetContextCreateInternal(MemoryContext parent, const char *name,
                              Size minContextSize, Size initBlockSize,
                              Size maxBlockSize)
{
	MemoryContext context = sys_calloc(1, sizeof(MemoryContextData));

	if (context == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
		     errdetail("Failed while creating memory context \"%s\".", name)));
	context->magic = MCXT_MAGIC;
	context->name = name;
	context->is_reset = true;
	context->initBlockSize = context->nextBlockSize = initBlockSize;
	context->maxBlockSize = maxBlockSize;
	if (minContextSize > 0)
	{
		AllocBlock *block = block_create(context, minContextSize);

		if (block != NULL)
		{
			block_link_first(context, block);
			context->keeper = block;
		}
	}
	context_link(context, parent);
	return context;
}

void
MemoryContextRegisterResetCallback(MemoryContext context,
                                   MemoryContextCallback *cb)
{
	Assert(ContextIsValid(context));
	cb->next = context->reset_cbs;
	context->reset_cbs = cb;
	context->is_reset = false;
}

static void
call_reset_callbacks(MemoryContext context)
{
	MemoryContextCallback *cb;

	while ((cb = context->reset_cbs) != NULL)
	{
		context->reset_cbs = cb->next;
		cb->func(cb->arg);
	}
}

void
MemoryContextResetOnly(MemoryContext context)
{
	AllocBlock *block, *next;

	Assert(ContextIsValid(context));
	if (context->is_reset)
		return;
	call_reset_callbacks(context);
	memset(context->freelist, 0, sizeof(context->freelist));
	if (context->keeper == NULL)
	{
		/* The oldest block of the first size is the one worth keeping. */
		for (block = context->blocks; block != NULL; block = block->next)
			if ((Size) (block->endptr - (char *) block) ==
			    context->initBlockSize)
				context->keeper = block;
	}
	for (block = context->blocks; block != NULL; block = next)
	{
		next = block->next;
		if (block == context->keeper)
			continue;
		block_free(context, block);
	}
	if (context->keeper)
	{
		context->keeper->freeptr =
			(char *) context->keeper + sizeof(AllocBlock);
		POISON(context->keeper->freeptr,
		       context->keeper->endptr - context->keeper->freeptr);
	}
	context->nextBlockSize = context->initBlockSize;
	context->is_reset = true;
}

void
MemoryContextDeleteChildren(MemoryContext context)
{
	while (context->firstchild != NULL)
		MemoryContextDelete(context->firstchild);
}

void
MemoryContextReset(MemoryContext context)
{
	MemoryContextDeleteChildren(context);
	MemoryContextResetOnly(context);
}

void
MemoryContextDelete(MemoryContext context)
{
	Assert(ContextIsValid(context));
	Assert(context != TopMemoryContext && context != CurrentMemoryContext);
	MemoryContextDeleteChildren(context);
	call_reset_callbacks(context);
	context_unlink(context);
	while (context->blocks != NULL)
		block_free(context, context->blocks);
	context->magic = 0;
	free(context);
}

void
MemoryContextSetParent(MemoryContext context, MemoryContext new_parent)
{
	Assert(ContextIsValid(context) && context != new_parent);
	context_unlink(context);
	context_link(context, new_parent);
}

MemoryContext
MemoryContextGetParent(MemoryContext context)
{
	return context->parent;
}

bool
MemoryContextIsEmpty(MemoryContext context)
{
	return context->firstchild == NULL && context->is_reset;
}

Size
MemoryContextMemAllocated(MemoryContext context, bool recurse)
{
	Size total = context->mem_allocated;

	if (recurse)
		for (MemoryContext c = context->firstchild; c != NULL; c = c->nextchild)
			total += MemoryContextMemAllocated(c, true);
	return total;
}

void
MemoryContextAllowInCriticalSection(MemoryContext context, bool allow)
{
	context->allow_in_crit_section = allow;
}

/* A block for one chunk too large for the free lists. */
static void *
alloc_large(MemoryContext context, Size size)
{
	Size chunk_size = MAXALIGN(size);
	AllocBlock *block;
	AllocChunk *chunk;

	block = block_create(context,
	                     sizeof(AllocBlock) + sizeof(AllocChunk) + chunk_size);
	if (block == NULL)
		return NULL;
	chunk = (AllocChunk *) block->freeptr;
	UNPOISON(chunk, sizeof(AllocChunk) + size);
	block->freeptr = block->endptr;
	/* Behind the first block, which may still have room. */
	if (context->blocks)
	{
		block->prev = context->blocks;
		block->next = context->blocks->next;
		if (block->next)
			block->next->prev = block;
		context->blocks->next = block;
	}
	else
		block_link_first(context, block);
	chunk->size = chunk_size;
	chunk->context = context;
	return ChunkGetPointer(chunk);
}

static void *
alloc_from_new_block(MemoryContext context, Size chunk_size, Size size)
{
	Size need = sizeof(AllocBlock) + sizeof(AllocChunk) + chunk_size;
	Size block_size = context->nextBlockSize;
	AllocBlock *block;
	AllocChunk *chunk;

	context->nextBlockSize =
		Min(context->nextBlockSize * 2, context->maxBlockSize);
	while (block_size < need)
		block_size *= 2;
	block = block_create(context, block_size);
	if (block == NULL)
		return NULL;
	block_link_first(context, block);
	chunk = (AllocChunk *) block->freeptr;
	UNPOISON(chunk, sizeof(AllocChunk) + size);
	block->freeptr += sizeof(AllocChunk) + chunk_size;
	chunk->size = chunk_size;
	chunk->context = context;
	return ChunkGetPointer(chunk);
}

static void *
alloc_chunk(MemoryContext context, Size size)
{
	AllocBlock *block;
	AllocChunk *chunk;
	Size chunk_size;
	int fidx;

	Assert(ContextIsValid(context));
	Assert(CritSectionCount == 0 || context->allow_in_crit_section);
	context->is_reset = false;
	if (unlikely(size > ALLOC_CHUNK_LIMIT))
		return alloc_large(context, size);
	fidx = freelist_index(size);
	if (context->freelist[fidx] != NULL)
	{
		AllocFreeChunk *free_chunk = context->freelist[fidx];

		context->freelist[fidx] = free_chunk->next;
		UNPOISON(free_chunk, size);
		return free_chunk;
	}
	chunk_size = (Size) 1 << (fidx + ALLOC_MINBITS);
	block = context->blocks;
	if (unlikely(block == NULL || (Size) (block->endptr - block->freeptr) <
	                                  sizeof(AllocChunk) + chunk_size))
		return alloc_from_new_block(context, chunk_size, size);
	chunk = (AllocChunk *) block->freeptr;
	UNPOISON(chunk, sizeof(AllocChunk) + size);
	block->freeptr += sizeof(AllocChunk) + chunk_size;
	chunk->size = chunk_size;
	chunk->context = context;
	return ChunkGetPointer(chunk);
}

static void
report_out_of_memory(MemoryContext context, Size size)
{
	ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"),
	                errdetail("Failed on request of size %zu in memory context "
	                          "\"%s\".",
	                          size, context->name)));
}

void *
MemoryContextAllocExtended(MemoryContext context, Size size, int flags)
{
	void *ret;

	if (!((flags & MCXT_ALLOC_HUGE) ? AllocHugeSizeIsValid(size)
	                                : AllocSizeIsValid(size)))
		elog(ERROR, "invalid memory alloc request size %zu", size);
	ret = alloc_chunk(context, size);
	if (unlikely(ret == NULL))
	{
		if (flags & MCXT_ALLOC_NO_OOM)
			return NULL;
		report_out_of_memory(context, size);
	}
	if (flags & MCXT_ALLOC_ZERO)
		memset(ret, 0, size);
	return ret;
}

void *
MemoryContextAlloc(MemoryContext context, Size size)
{
	return MemoryContextAllocExtended(context, size, 0);
}

void *
MemoryContextAllocZero(MemoryContext context, Size size)
{
	return MemoryContextAllocExtended(context, size, MCXT_ALLOC_ZERO);
}

void *
MemoryContextAllocHuge(MemoryContext context, Size size)
{
	return MemoryContextAllocExtended(context, size, MCXT_ALLOC_HUGE);
}

void *
palloc(Size size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, size, 0);
}

void *
palloc0(Size size)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, size,
	                                  MCXT_ALLOC_ZERO);
}

void *
palloc_extended(Size size, int flags)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, size, flags);
}

void *
palloc_aligned(Size size, Size alignto, int flags)
{
	char *raw, *aligned;

	Assert(alignto >= 1 && (alignto & (alignto - 1)) == 0);
	if (alignto <= MAXIMUM_ALIGNOF)
		return palloc_extended(size, flags);
	raw = palloc_extended(size + alignto + sizeof(AllocChunk), flags);
	if (raw == NULL)
		return NULL;
	aligned = (char *) TYPEALIGN(alignto, raw + sizeof(AllocChunk));
	PointerGetChunk(aligned)->size = size;
	PointerGetChunk(aligned)->context =
		(MemoryContext) ((uintptr_t) PointerGetChunk(raw) | 1);
	return aligned;
}

void
pfree(void *pointer)
{
	AllocChunk *chunk = pointer_get_real_chunk(pointer);
	MemoryContext context = chunk->context;

	if (unlikely(chunk->size > ALLOC_CHUNK_LIMIT))
	{
		AllocBlock *block =
			(AllocBlock *) ((char *) chunk - sizeof(AllocBlock));

		if (block == context->keeper)
			context->keeper = NULL;
		block_free(context, block);
	}
	else
	{
		AllocFreeChunk *free_chunk = ChunkGetPointer(chunk);
		int fidx = freelist_index(chunk->size);

		UNPOISON(free_chunk, sizeof(AllocFreeChunk));
		free_chunk->next = context->freelist[fidx];
		context->freelist[fidx] = free_chunk;
		POISON(free_chunk + 1, chunk->size - sizeof(AllocFreeChunk));
	}
}

static void *
repalloc_internal(void *pointer, Size size, int flags)
{
	AllocChunk *chunk = PointerGetChunk(pointer);
	void *ret;

	Assert(((uintptr_t) chunk->context & 1) == 0);
	UNPOISON(pointer, chunk->size);
	if (size <= chunk->size)
	{
		POISON((char *) pointer + size, chunk->size - size);
		return pointer;
	}
	ret = MemoryContextAllocExtended(chunk->context, size, flags);
	memcpy(ret, pointer, chunk->size);
	pfree(pointer);
	return ret;
}

void *
repalloc(void *pointer, Size size)
{
	return repalloc_internal(pointer, size, 0);
}

void *
repalloc_huge(void *pointer, Size size)
{
	return repalloc_internal(pointer, size, MCXT_ALLOC_HUGE);
}

Size
GetMemoryChunkSpace(void *pointer)
{
	return pointer_get_real_chunk(pointer)->size + sizeof(AllocChunk);
}

MemoryContext
GetMemoryChunkContext(void *pointer)
{
	return pointer_get_real_chunk(pointer)->context;
}

char *
MemoryContextStrdup(MemoryContext context, const char *string)
{
	Size len = strlen(string) + 1;
	char *copy = MemoryContextAlloc(context, len);

	memcpy(copy, string, len);
	return copy;
}

char *
pstrdup(const char *in)
{
	return MemoryContextStrdup(CurrentMemoryContext, in);
}

char *
pnstrdup(const char *in, Size len)
{
	char *out;

	len = strnlen(in, len);
	out = palloc(len + 1);
	memcpy(out, in, len);
	out[len] = '\0';
	return out;
}

char *
psprintf(const char *fmt, ...)
{
	int save_errno = errno;
	va_list args;
	int len;
	char *result;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (len < 0)
		elog(ERROR, "invalid format string: %s", fmt);
	result = palloc((Size) len + 1);
	errno = save_errno;
	va_start(args, fmt);
	vsnprintf(result, (Size) len + 1, fmt, args);
	va_end(args);
	return result;
}

size_t
tusk_strlcpy(char *dst, const char *src, size_t siz)
{
	size_t len = strlen(src);

	if (siz > 0)
	{
		size_t n = Min(len, siz - 1);

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}
