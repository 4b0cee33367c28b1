/*
 * lockdefs.h
 *		Modes of heavyweight locks.
 */
#ifndef LOCKDEFS_H_
#define LOCKDEFS_H_

/* A set of modes: bit (1 << mode). */
typedef int LOCKMASK;
typedef int LOCKMODE;

#define NoLock 0                   /* not a mode: "do not lock" */
#define AccessShareLock 1          /* SELECT */
#define RowShareLock 2             /* SELECT FOR UPDATE/SHARE */
#define RowExclusiveLock 3         /* INSERT, UPDATE, DELETE */
#define ShareUpdateExclusiveLock 4 /* VACUUM, CREATE INDEX CONCURRENTLY */
#define ShareLock 5                /* CREATE INDEX */
#define ShareRowExclusiveLock 6    /* as EXCLUSIVE, but lets ROW SHARE in */
#define ExclusiveLock 7            /* blocks ROW SHARE and all above */
#define AccessExclusiveLock 8      /* DROP, CREATE of the thing itself */

#define MaxLockMode 8

#endif /* LOCKDEFS_H_ */
