/*
 * utils/palloc.h
 *		Allocation in memory contexts; the operations on contexts themselves are
 *		in utils/memutils.h.
 *
 * All raise ERROR 53200 when memory is out, unless MCXT_ALLOC_NO_OOM is given.
 * A request over MaxAllocSize (1 GB - 1) needs a Huge variant.
 */
#ifndef PALLOC_H
#define PALLOC_H

typedef struct MemoryContextData *MemoryContext;

extern PG_PER_THREAD MemoryContext CurrentMemoryContext;

#define MCXT_ALLOC_HUGE 0x01
#define MCXT_ALLOC_NO_OOM 0x02
#define MCXT_ALLOC_ZERO 0x04

typedef void (*MemoryContextCallbackFunction)(void *arg);

/* Called when the context is reset or deleted, last registered first. */
typedef struct MemoryContextCallback
{
	MemoryContextCallbackFunction func;
	void *arg;
	struct MemoryContextCallback *next;
} MemoryContextCallback;

extern void *MemoryContextAlloc(MemoryContext context, Size size);
extern void *MemoryContextAllocZero(MemoryContext context, Size size);
extern void *
MemoryContextAllocExtended(MemoryContext context, Size size, int flags);
extern void *MemoryContextAllocHuge(MemoryContext context, Size size);
#define MemoryContextAllocZeroAligned MemoryContextAllocZero
extern void *palloc(Size size);
extern void *palloc0(Size size);
extern void *palloc_extended(Size size, int flags);
extern void *repalloc(void *pointer, Size size);
extern void *repalloc_huge(void *pointer, Size size);
extern void pfree(void *pointer);
/* Memory at a multiple of alignto (a power of two); freed by pfree. */
extern void *palloc_aligned(Size size, Size alignto, int flags);

#define palloc_object(type) ((type *) palloc(sizeof(type)))
#define palloc0_object(type) ((type *) palloc0(sizeof(type)))
#define palloc_array(type, count) ((type *) palloc(sizeof(type) * (count)))
#define palloc0_array(type, count) ((type *) palloc0(sizeof(type) * (count)))
#define palloc0fast palloc0

extern void MemoryContextRegisterResetCallback(MemoryContext context,
                                               MemoryContextCallback *cb);

static inline MemoryContext
MemoryContextSwitchTo(MemoryContext context)
{
	MemoryContext old = CurrentMemoryContext;

	CurrentMemoryContext = context;
	return old;
}

extern char *MemoryContextStrdup(MemoryContext context, const char *string);
extern char *pstrdup(const char *in);
extern char *pnstrdup(const char *in, Size len);
extern char *psprintf(const char *fmt, ...) pg_attribute_printf(1, 2);

#endif /* PALLOC_H */
