/*
 * c.h
 *		What every file may rely on: fixed-width types, limits, alignment,
 *		assertions and the small macros of PostgreSQL's code.
 *
 * Never included directly: postgres.h includes it first.
 */
#ifndef C_H
#define C_H

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

typedef int8_t int8;
typedef int16_t int16;
typedef int32_t int32;
typedef int64_t int64;
typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef uint64_t uint64;
typedef float float4;
typedef double float8;
typedef uint8 bits8;
typedef uint32 bits32;
typedef size_t Size;
typedef char *Pointer;

typedef unsigned int Oid;
typedef unsigned int Index; /* number of a list entry, from 1 */
typedef Oid RegProcedure;
typedef Oid regproc;
typedef uint32 TransactionId;
typedef uint32 LocalTransactionId;
typedef uint32 SubTransactionId;
typedef uint32 MultiXactId;
typedef uint32 CommandId;
typedef int64 TimestampTz; /* microseconds since 2000-01-01 00:00 UTC */
typedef int64 Timestamp;

#define InvalidOid ((Oid) 0)
#define OidIsValid(oid) ((bool) ((oid) != InvalidOid))
#define OID_MAX UINT_MAX
#define InvalidSubTransactionId ((SubTransactionId) 0)
#define TopSubTransactionId ((SubTransactionId) 1)
#define FirstCommandId ((CommandId) 0)
#define InvalidCommandId (~(CommandId) 0)

/* The build-time constants of PostgreSQL 15 as Debian builds it. */
#define BLCKSZ 8192
#define RELSEG_SIZE 131072 /* blocks in a segment file: 1 GB */
#define NAMEDATALEN 64
#define FUNC_MAX_ARGS 100
#define INDEX_MAX_KEYS 32
#define MAXPGPATH 1024
#define MAXIMUM_ALIGNOF 8
#define PG_CACHE_LINE_SIZE 128 /* two lines: the prefetcher takes pairs */
#define FLOAT8PASSBYVAL 1

#define INT64CONST(x) (x##L)
#define UINT64CONST(x) (x##UL)
#define INT64_FORMAT "%" PRId64
#define UINT64_FORMAT "%" PRIu64
#define PG_INT16_MIN INT16_MIN
#define PG_INT16_MAX INT16_MAX
#define PG_INT32_MIN INT32_MIN
#define PG_INT32_MAX INT32_MAX
#define PG_UINT32_MAX UINT32_MAX
#define PG_INT64_MIN INT64_MIN
#define PG_INT64_MAX INT64_MAX
#define PG_UINT64_MAX UINT64_MAX

typedef struct nameData
{
	char data[NAMEDATALEN];
} NameData;
typedef NameData *Name;
#define NameStr(name) ((name).data)

/*
 * Some files are compiled a second time into libtusk (-DTUSK_CLIENT, see
 * interfaces/libtusk/README.md).  There a process has many threads and may be
 * attached to several services: what the server keeps for its process is kept
 * for the thread, and set when it enters the library.
 */
#ifdef TUSK_CLIENT
#define PG_PER_THREAD __thread
#else
#define PG_PER_THREAD
#endif

#define FLEXIBLE_ARRAY_MEMBER /* empty */
#define PGDLLIMPORT
#define pg_attribute_noreturn() __attribute__((noreturn))
#define pg_noreturn __attribute__((noreturn))
#define pg_attribute_printf(f, a) __attribute__((format(printf, f, a)))
#define pg_attribute_aligned(a) __attribute__((aligned(a)))
#define pg_attribute_packed() __attribute__((packed))
#define pg_attribute_unused() __attribute__((unused))
#define pg_attribute_always_inline __attribute__((always_inline)) inline
#define pg_noinline __attribute__((noinline))
#define PG_USED_FOR_ASSERTS_ONLY pg_attribute_unused()
#define pg_unreachable() __builtin_unreachable()
#define likely(x) __builtin_expect((x) != 0, 1)
#define unlikely(x) __builtin_expect((x) != 0, 0)
#define pg_fallthrough __attribute__((fallthrough))
#define CppAsString(identifier) #identifier
#define CppAsString2(x) CppAsString(x)
#define StaticAssertDecl(condition, message) _Static_assert(condition, message)
#define StaticAssertStmt(condition, message) _Static_assert(condition, message)
#define unvolatize(type, expr) ((type) (expr))

#define Max(x, y) ((x) > (y) ? (x) : (y))
#define Min(x, y) ((x) < (y) ? (x) : (y))
#define Abs(x) ((x) >= 0 ? (x) : -(x))
#define lengthof(array) (sizeof(array) / sizeof((array)[0]))
#define TYPEALIGN(ALIGNVAL, LEN) \
	(((uintptr_t) (LEN) + ((ALIGNVAL) -1)) & ~((uintptr_t) ((ALIGNVAL) -1)))
#define TYPEALIGN_DOWN(ALIGNVAL, LEN) \
	(((uintptr_t) (LEN)) & ~((uintptr_t) ((ALIGNVAL) -1)))
#define SHORTALIGN(LEN) TYPEALIGN(2, (LEN))
#define INTALIGN(LEN) TYPEALIGN(4, (LEN))
#define LONGALIGN(LEN) TYPEALIGN(8, (LEN))
#define DOUBLEALIGN(LEN) TYPEALIGN(8, (LEN))
#define MAXALIGN(LEN) TYPEALIGN(MAXIMUM_ALIGNOF, (LEN))
#define BUFFERALIGN(LEN) TYPEALIGN(32, (LEN))
#define CACHELINEALIGN(LEN) TYPEALIGN(PG_CACHE_LINE_SIZE, (LEN))
#define MAXALIGN_DOWN(LEN) TYPEALIGN_DOWN(MAXIMUM_ALIGNOF, (LEN))

#define MemSet(start, val, len) memset((start), (val), (len))
#define MemSetAligned(start, val, len) memset((start), (val), (len))
#define OffsetToPointer(base, offset) ((void *) ((char *) (base) + (offset)))
#define PointerIsValid(pointer) ((const void *) (pointer) != NULL)
#define PointerIsAligned(pointer, type) \
	(((uintptr_t) (pointer) % sizeof(type)) == 0)

/* Buffers for I/O, aligned as the kernel likes them. */
typedef union PGAlignedBlock
{
	char data[BLCKSZ];
	double force_align_d;
	int64 force_align_i64;
} PGAlignedBlock;

/*
 * Assert is on in every build: what it states must hold whatever the input.
 * AssertHot is for innermost loops and only there with TUSK_DEBUG.
 */
extern void
ExceptionalCondition(const char *conditionName, const char *fileName,
                     int lineNumber) pg_attribute_noreturn();

#define Assert(condition)                                         \
	do                                                            \
	{                                                             \
		if (unlikely(!(condition)))                               \
			ExceptionalCondition(#condition, __FILE__, __LINE__); \
	} while (0)
#define AssertMacro(condition)    \
	((void) (likely(condition) || \
	         (ExceptionalCondition(#condition, __FILE__, __LINE__), 0)))
#ifdef TUSK_DEBUG
#define AssertHot(condition) Assert(condition)
#else
#define AssertHot(condition) ((void) 0)
#endif
#define AssertArg(condition) Assert(condition)

/* glibc before 2.38 has none. */
extern size_t tusk_strlcpy(char *dst, const char *src, size_t siz);
#define strlcpy tusk_strlcpy

static inline bool
pg_add_s32_overflow(int32 a, int32 b, int32 *result)
{
	return __builtin_add_overflow(a, b, result);
}

static inline bool
pg_sub_s32_overflow(int32 a, int32 b, int32 *result)
{
	return __builtin_sub_overflow(a, b, result);
}

static inline bool
pg_mul_s32_overflow(int32 a, int32 b, int32 *result)
{
	return __builtin_mul_overflow(a, b, result);
}

static inline bool
pg_add_s64_overflow(int64 a, int64 b, int64 *result)
{
	return __builtin_add_overflow(a, b, result);
}

static inline bool
pg_sub_s64_overflow(int64 a, int64 b, int64 *result)
{
	return __builtin_sub_overflow(a, b, result);
}

static inline bool
pg_mul_s64_overflow(int64 a, int64 b, int64 *result)
{
	return __builtin_mul_overflow(a, b, result);
}

#endif /* C_H */
