/*
 * lock_internal.h
 *		The heavyweight lock manager's tables, for its own files.
 */
#ifndef LOCK_INTERNAL_H
#define LOCK_INTERNAL_H

#include "storage/lock.h"
#include "storage/proc.h"
#include "utils/hsearch.h"

/* LOCK by tag and PROCLOCK by (LOCK, PGPROC), both [L:partition] */
extern HTAB *LockMethodLockHash;
extern HTAB *LockMethodProcLockHash;

/* LOCALLOCK by tag and mode, of this process alone */
extern HTAB *LockMethodLocalHash;

extern uint32 ProcLockHashCode(const PROCLOCKTAG *proclocktag, uint32 hashcode);

/* With the partition locked exclusively; NULL: out of shared memory. */
extern PROCLOCK *SetupLockInTable(PGPROC *proc, const LOCKTAG *locktag,
                                  uint32 hashcode, LOCKMODE lockmode);
extern bool UnGrantLock(LOCK *lock, LOCKMODE lockmode, PROCLOCK *proclock,
                        LockMethod lockMethodTable);
extern void
CleanUpLock(LOCK *lock, PROCLOCK *proclock, LockMethod lockMethodTable,
            uint32 hashcode, bool wakeupNeeded);

#endif
