/*
 * spin.h
 *		Spinlocks: for a few dozen instructions that cannot fail.
 *
 * Between SpinLockAcquire and SpinLockRelease there is no function call that
 * may raise an error, allocate, wait, or take another spinlock: nothing
 * releases a spinlock on error, and a process that dies with one held can only
 * be recovered from by a reset of shared memory.
 */
#ifndef SPIN_H
#define SPIN_H

#include "storage/s_lock.h"

#define SpinLockInit(lock) S_INIT_LOCK(lock)
#define SpinLockAcquire(lock) ((void) S_LOCK(lock))
#define SpinLockRelease(lock) S_UNLOCK(lock)
#define SpinLockFree(lock) S_LOCK_FREE(lock)

#endif /* SPIN_H */
