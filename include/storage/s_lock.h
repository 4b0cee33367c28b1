/*
 * s_lock.h
 *		The test-and-set lock below spin.h, and the delay loop that other
 *		spinning code (buffer header lock, LWLock wait list) shares with it.
 *
 * Both acquisition and release keep the compiler and the CPU from moving memory
 * accesses out of the locked section, so what it protects needs no volatile.
 */
#ifndef S_LOCK_H
#define S_LOCK_H

#include <urcu/arch.h>
#include <urcu/uatomic.h>

#ifdef UATOMIC_HAS_ATOMIC_BYTE
typedef unsigned char slock_t;
#else
typedef unsigned int slock_t;
#endif

/* In litmus programs: points before a lock is taken and after its release. */
#ifdef STEP_ACCESSES
extern void InjectionStepSpinLock(bool acquire);
#define STEP_SPINLOCK(acquire) InjectionStepSpinLock(acquire)
#else
#define STEP_SPINLOCK(acquire) ((void) 0)
#endif

/* Returns nonzero if the lock was taken already; a full barrier. */
#define TAS(lock) (uatomic_xchg((lock), (slock_t) 1) != 0)

/* While spinning: look before the bus-locking exchange. */
#define TAS_SPIN(lock) (CMM_LOAD_SHARED(*(lock)) != 0 ? 1 : TAS(lock))

#define SPIN_DELAY() caa_cpu_relax()

#define S_INIT_LOCK(lock) CMM_STORE_SHARED(*(lock), (slock_t) 0)
#define S_LOCK_FREE(lock) (CMM_LOAD_SHARED(*(lock)) == 0)
#define S_LOCK(lock)      \
	(STEP_SPINLOCK(true), \
	 TAS(lock) ? s_lock((lock), __FILE__, __LINE__, __func__) : 0)

/* x86 stores are not moved before earlier accesses: the compiler must not. */
static inline void
S_UNLOCK(slock_t *lock)
{
#if defined(__x86_64__)
	cmm_barrier();
#else
	cmm_smp_mb();
#endif
	CMM_STORE_SHARED(*lock, (slock_t) 0);
	STEP_SPINLOCK(false);
}

/* State of one wait; see perform_spin_delay. */
typedef struct SpinDelayStatus
{
	int spins;        /* since the last sleep */
	int delays;       /* sleeps so far */
	int cur_delay;    /* length of the next sleep, in us; 0: none yet */
	const char *file; /* where the wait is, for "stuck spinlock" */
	int line;
	const char *func;
} SpinDelayStatus;

static inline void
init_spin_delay(SpinDelayStatus *status, const char *file, int line,
                const char *func)
{
	status->spins = 0;
	status->delays = 0;
	status->cur_delay = 0;
	status->file = file;
	status->line = line;
	status->func = func;
}

#define init_local_spin_delay(status) \
	init_spin_delay(status, __FILE__, __LINE__, __func__)

extern int s_lock(slock_t *lock, const char *file, int line, const char *func);
extern void perform_spin_delay(SpinDelayStatus *status);
extern void finish_spin_delay(SpinDelayStatus *status);
extern void set_spins_per_delay(int shared_spins_per_delay);
extern int update_spins_per_delay(int shared_spins_per_delay);

#endif /* S_LOCK_H */
