/*
 * port/atomics.h
 *		PostgreSQL's pg_atomic_* operations on liburcu's uatomic.
 *
 * Ordering, as in PostgreSQL: read, write and init are plain relaxed accesses;
 * every read-modify-write operation is a full barrier, whether or not it
 * changes anything.  The barriers order accesses to different variables.
 */
#ifndef PORT_ATOMICS_H
#define PORT_ATOMICS_H

#include <urcu/arch.h>
#include <urcu/uatomic.h>

typedef struct pg_atomic_flag
{
	unsigned int value;
} pg_atomic_flag;

typedef struct pg_atomic_uint32
{
	uint32 value;
} pg_atomic_uint32;

typedef struct pg_atomic_uint64
{
	uint64 value pg_attribute_aligned(8);
} pg_atomic_uint64;

/*
 * In litmus programs (regress/litmus) each access is a point of the stepper,
 * before it happens; elsewhere it is nothing.
 */
#ifdef STEP_ACCESSES
extern void InjectionStepAccess(void);
#define STEP_ACCESS() InjectionStepAccess()
#else
#define STEP_ACCESS() ((void) 0)
#endif

#define pg_memory_barrier() \
	do                      \
	{                       \
		STEP_ACCESS();      \
		cmm_smp_mb();       \
	} while (0)
#define pg_read_barrier() \
	do                    \
	{                     \
		STEP_ACCESS();    \
		cmm_smp_rmb();    \
	} while (0)
#define pg_write_barrier() \
	do                     \
	{                      \
		STEP_ACCESS();     \
		cmm_smp_wmb();     \
	} while (0)
#define pg_compiler_barrier() cmm_barrier()
#define pg_spin_delay() caa_cpu_relax()

static inline void
pg_atomic_init_flag(pg_atomic_flag *ptr)
{
	uatomic_set(&ptr->value, 0);
}

/* True if the flag was clear and is now ours.  A full barrier. */
static inline bool
pg_atomic_test_set_flag(pg_atomic_flag *ptr)
{
	STEP_ACCESS();
	return uatomic_xchg(&ptr->value, 1) == 0;
}

static inline bool
pg_atomic_unlocked_test_flag(pg_atomic_flag *ptr)
{
	return uatomic_read(&ptr->value) == 0;
}

/* What was written before is seen by who sets the flag next. */
static inline void
pg_atomic_clear_flag(pg_atomic_flag *ptr)
{
	STEP_ACCESS();
	cmm_smp_mb();
	uatomic_set(&ptr->value, 0);
}

#define PG_ATOMIC_OPERATIONS(bits)                                          \
	static inline void pg_atomic_init_u##bits(pg_atomic_uint##bits *ptr,    \
	                                          uint##bits val)               \
	{                                                                       \
		uatomic_set(&ptr->value, val);                                      \
	}                                                                       \
	static inline uint##bits pg_atomic_read_u##bits(                        \
		const pg_atomic_uint##bits *ptr)                                    \
	{                                                                       \
		STEP_ACCESS();                                                      \
		return CMM_LOAD_SHARED(ptr->value);                                 \
	}                                                                       \
	static inline void pg_atomic_write_u##bits(pg_atomic_uint##bits *ptr,   \
	                                           uint##bits val)              \
	{                                                                       \
		STEP_ACCESS();                                                      \
		uatomic_set(&ptr->value, val);                                      \
	}                                                                       \
	static inline void pg_atomic_unlocked_write_u##bits(                    \
		pg_atomic_uint##bits *ptr, uint##bits val)                          \
	{                                                                       \
		ptr->value = val;                                                   \
	}                                                                       \
	static inline uint##bits pg_atomic_exchange_u##bits(                    \
		pg_atomic_uint##bits *ptr, uint##bits newval)                       \
	{                                                                       \
		STEP_ACCESS();                                                      \
		return uatomic_xchg(&ptr->value, newval);                           \
	}                                                                       \
	/* On failure *expected becomes the value found. */                     \
	static inline bool pg_atomic_compare_exchange_u##bits(                  \
		pg_atomic_uint##bits *ptr, uint##bits *expected, uint##bits newval) \
	{                                                                       \
		STEP_ACCESS();                                                      \
		uint##bits found = uatomic_cmpxchg(&ptr->value, *expected, newval); \
                                                                            \
		if (found == *expected)                                             \
			return true;                                                    \
		*expected = found;                                                  \
		return false;                                                       \
	}                                                                       \
	/* add_fetch returns the new value, fetch_add the old one. */           \
	static inline uint##bits pg_atomic_add_fetch_u##bits(                   \
		pg_atomic_uint##bits *ptr, int##bits add)                           \
	{                                                                       \
		STEP_ACCESS();                                                      \
		return uatomic_add_return(&ptr->value, (uint##bits) add);           \
	}                                                                       \
	static inline uint##bits pg_atomic_fetch_add_u##bits(                   \
		pg_atomic_uint##bits *ptr, int##bits add)                           \
	{                                                                       \
		STEP_ACCESS();                                                      \
		return (uint##bits)(                                                \
			uatomic_add_return(&ptr->value, (uint##bits) add) -             \
			(uint##bits) add);                                              \
	}                                                                       \
	static inline uint##bits pg_atomic_sub_fetch_u##bits(                   \
		pg_atomic_uint##bits *ptr, int##bits sub)                           \
	{                                                                       \
		STEP_ACCESS();                                                      \
		return uatomic_sub_return(&ptr->value, (uint##bits) sub);           \
	}                                                                       \
	static inline uint##bits pg_atomic_fetch_sub_u##bits(                   \
		pg_atomic_uint##bits *ptr, int##bits sub)                           \
	{                                                                       \
		STEP_ACCESS();                                                      \
		return (uint##bits)(                                                \
			uatomic_sub_return(&ptr->value, (uint##bits) sub) +             \
			(uint##bits) sub);                                              \
	}                                                                       \
	static inline uint##bits pg_atomic_fetch_and_u##bits(                   \
		pg_atomic_uint##bits *ptr, uint##bits and_)                         \
	{                                                                       \
		uint##bits old = pg_atomic_read_u##bits(ptr);                       \
                                                                            \
		while (!pg_atomic_compare_exchange_u##bits(ptr, &old, old & and_))  \
			;                                                               \
		return old;                                                         \
	}                                                                       \
	static inline uint##bits pg_atomic_fetch_or_u##bits(                    \
		pg_atomic_uint##bits *ptr, uint##bits or_)                          \
	{                                                                       \
		uint##bits old = pg_atomic_read_u##bits(ptr);                       \
                                                                            \
		while (!pg_atomic_compare_exchange_u##bits(ptr, &old, old | or_))   \
			;                                                               \
		return old;                                                         \
	}

PG_ATOMIC_OPERATIONS(32)
PG_ATOMIC_OPERATIONS(64)

#undef PG_ATOMIC_OPERATIONS

#endif /* PORT_ATOMICS_H */
