/*
 * lock.h
 *		The heavyweight lock manager: lockable objects, who holds them, who
 *		waits for them.
 *
 * Shared: a LOCK for each object that somebody holds or wants, a PROCLOCK for
 * each pair of object and process, both in hash tables of NUM_LOCK_PARTITIONS
 * partitions with an LWLock each.  Private: a LOCALLOCK for each object and
 * mode that this process has, counting how often and for which resource owner.
 */
#ifndef LOCK_H_
#define LOCK_H_

#include "lib/ilist.h"
#include "storage/lockdefs.h"
#include "storage/locktag.h"
#include "storage/lwlock.h"
#include "storage/procnumber.h"
#include "utils/hsearch.h"
#include "utils/timestamp.h"

typedef struct PGPROC PGPROC;
struct ResourceOwnerData;

#ifndef InvalidLocalTransactionId
#define InvalidLocalTransactionId 0
#endif
#define LocalTransactionIdIsValid(lxid) ((lxid) != InvalidLocalTransactionId)

/*
 * A transaction before (and after) it has an xid: the process and a counter of
 * its transactions.
 */
typedef struct
{
	ProcNumber procNumber;
	LocalTransactionId localTransactionId;
} VirtualTransactionId;

#define VirtualTransactionIdIsValid(vxid) \
	LocalTransactionIdIsValid((vxid).localTransactionId)
#define VirtualTransactionIdEquals(vxid1, vxid2) \
	((vxid1).procNumber == (vxid2).procNumber && \
	 (vxid1).localTransactionId == (vxid2).localTransactionId)
#define SetInvalidVirtualTransactionId(vxid)  \
	((vxid).procNumber = INVALID_PROC_NUMBER, \
	 (vxid).localTransactionId = InvalidLocalTransactionId)
#define GET_VXID_FROM_PGPROC(vxid_dst, proc)         \
	((vxid_dst).procNumber = (proc).vxid.procNumber, \
	 (vxid_dst).localTransactionId = (proc).vxid.lxid)

#define MAX_LOCKMODES 10
#define LOCKBIT_ON(lockmode) (1 << (lockmode))
#define LOCKBIT_OFF(lockmode) (~(1 << (lockmode)))

/* What a kind of locking allows; a table in lock.c. */
typedef struct LockMethodData
{
	int numLockModes;
	const LOCKMASK *conflictTab; /* [mode] -> modes it conflicts with */
	const char *const *lockModeNames;
} LockMethodData;

typedef const LockMethodData *LockMethod;
typedef uint16 LOCKMETHODID;

/* A lockable object that is held or waited for. */
typedef struct LOCK
{
	LOCKTAG tag;          /* [C] hash key */
	LOCKMASK grantMask;   /* [L:partition] modes held by anybody */
	LOCKMASK waitMask;    /* [L:partition] modes waited for */
	dlist_head procLocks; /* [L:partition] PROCLOCKs by lockLink */
	dlist_head waitProcs; /* [L:partition] PGPROCs by waitLink, in order */
	int requested[MAX_LOCKMODES]; /* [L:partition] held + awaited */
	int nRequested;               /* [L:partition] their sum */
	int granted[MAX_LOCKMODES];   /* [L:partition] held */
	int nGranted;                 /* [L:partition] their sum */
} LOCK;

#define LOCK_LOCKMETHOD(lock) ((LOCKMETHODID) (lock).tag.locktag_lockmethodid)
#define LOCK_LOCKTAG(lock) ((LockTagType) (lock).tag.locktag_type)

typedef struct PROCLOCKTAG
{
	LOCK *myLock;
	PGPROC *myProc;
} PROCLOCKTAG;

/* What one process has of one object. */
typedef struct PROCLOCK
{
	PROCLOCKTAG tag;      /* [C] hash key */
	PGPROC *groupLeader;  /* [L:partition] leader of myProc, or itself */
	LOCKMASK holdMask;    /* [L:partition] modes held */
	LOCKMASK releaseMask; /* [O] scratch of LockReleaseAll */
	dlist_node lockLink;  /* [L:partition] in LOCK.procLocks */
	dlist_node procLink;  /* [L:partition] in PGPROC.myProcLocks[] */
} PROCLOCK;

typedef struct LOCALLOCKTAG
{
	LOCKTAG lock;
	LOCKMODE mode;
} LOCALLOCKTAG;

typedef struct LOCALLOCKOWNER
{
	struct ResourceOwnerData *owner; /* NULL: a session lock */
	int64 nLocks;
} LOCALLOCKOWNER;

/* What this process has of one object in one mode; private memory. */
typedef struct LOCALLOCK
{
	LOCALLOCKTAG tag; /* hash key */
	uint32 hashcode;  /* of tag.lock */
	LOCK *lock;
	PROCLOCK *proclock;
	int64 nLocks; /* times held, over all owners */
	int numLockOwners;
	int maxLockOwners;
	LOCALLOCKOWNER *lockOwners;
	bool lockCleared; /* invalidation messages were read since */
} LOCALLOCK;

#define LOCALLOCK_LOCKMETHOD(llock) ((llock).tag.lock.locktag_lockmethodid)
#define LOCALLOCK_LOCKTAG(llock) ((LockTagType) (llock).tag.lock.locktag_type)

/* A row of pg_locks. */
typedef struct LockInstanceData
{
	LOCKTAG locktag;
	LOCKMASK holdMask;
	LOCKMODE waitLockMode; /* NoLock: does not wait */
	VirtualTransactionId vxid;
	TimestampTz waitStart; /* 0: does not wait, or only just */
	int pid;
	int leaderPid;
	bool fastpath;
} LockInstanceData;

typedef struct LockData
{
	int nelements;
	LockInstanceData *locks;
} LockData;

typedef enum
{
	LOCKACQUIRE_NOT_AVAIL, /* dontWait and it would have to */
	LOCKACQUIRE_OK,
	LOCKACQUIRE_ALREADY_HELD, /* count incremented */
	LOCKACQUIRE_ALREADY_CLEAR /* the same, and MarkLockClear was called */
} LockAcquireResult;

typedef enum
{
	DS_NOT_YET_CHECKED,
	DS_NO_DEADLOCK,
	DS_SOFT_DEADLOCK, /* solved by rearranging a wait queue */
	DS_HARD_DEADLOCK,
	DS_BLOCKED_BY_AUTOVACUUM
} DeadLockState;

/*
 * Partition of a hash code, and its LWLock.  Several are taken in ascending
 * order.
 */
#define LockHashPartition(hashcode) ((hashcode) % NUM_LOCK_PARTITIONS)
#define LockHashPartitionLockByIndex(i) \
	(&MainLWLockArray[LOCK_MANAGER_LWLOCK_OFFSET + (i)].lock)
#define LockHashPartitionLock(hashcode) \
	LockHashPartitionLockByIndex(LockHashPartition(hashcode))

/* The partition lock that protects a process's lock group fields. */
#define LockHashPartitionLockByProc(leader_pgproc) \
	LockHashPartitionLock(GetNumberFromPGProc(leader_pgproc))

/* GUCs */
extern int max_locks_per_xact;

extern void InitLocks(void);
extern Size LockShmemSize(void);
extern void InitLockManagerAccess(void);
extern LockMethod GetLocksMethodTable(const LOCK *lock);
extern LockMethod GetLockTagsMethodTable(const LOCKTAG *locktag);
extern uint32 LockTagHashCode(const LOCKTAG *locktag);
extern bool DoLockModesConflict(LOCKMODE mode1, LOCKMODE mode2);

/* ERRORs: 40P01, 55P03 (lock_timeout), 57014, 53200 (table full). */
extern LockAcquireResult LockAcquire(const LOCKTAG *locktag, LOCKMODE lockmode,
                                     bool sessionLock, bool dontWait);
extern LockAcquireResult
LockAcquireExtended(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock,
                    bool dontWait, bool reportMemoryError,
                    LOCALLOCK **locallockp);
extern void MarkLockClear(LOCALLOCK *locallock);
extern bool
LockRelease(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock);
extern void LockReleaseAll(LOCKMETHODID lockmethodid, bool allLocks);
extern void LockReleaseSession(LOCKMETHODID lockmethodid);
extern void LockReleaseConflictingInGroup(void);
extern void LockReleaseCurrentOwner(LOCALLOCK **locallocks, int nlocks);
extern void LockReassignCurrentOwner(LOCALLOCK **locallocks, int nlocks);
extern bool LockHeldByMe(const LOCKTAG *locktag, LOCKMODE lockmode);
extern bool LockOrStrongerHeldByMe(const LOCKTAG *locktag, LOCKMODE lockmode);
extern bool
LockHasWaiters(const LOCKTAG *locktag, LOCKMODE lockmode, bool sessionLock);
extern int LockWaiterCount(const LOCKTAG *locktag);
extern void AtAbort_Locks(void);

/* Who holds a conflicting lock now: array in the current context, ends with an
 * invalid entry. */
extern VirtualTransactionId *
GetLockConflicts(const LOCKTAG *locktag, LOCKMODE lockmode, int *countp);
extern LockData *GetLockStatusData(void);
extern const char *GetLockmodeName(LOCKMETHODID lockmethodid, LOCKMODE mode);

/* Between lock.c, proc.c and deadlock.c; partition lock held. */
extern bool LockCheckConflicts(LockMethod lockMethodTable, LOCKMODE lockmode,
                               LOCK *lock, PROCLOCK *proclock);
extern void GrantLock(LOCK *lock, PROCLOCK *proclock, LOCKMODE lockmode);
extern void GrantAwaitedLock(void);
extern void RemoveFromWaitQueue(PGPROC *proc, uint32 hashcode);
extern LOCALLOCK *GetAwaitedLock(void);
extern void ResetAwaitedLock(void);

/* May page and extension locks of this tag conflict inside a lock group? */
extern bool LockTagConflictsInGroup(const LOCKTAG *locktag);

/* The virtual transaction's lock on itself. */
extern void VirtualXactLockTableInsert(VirtualTransactionId vxid);
extern void VirtualXactLockTableCleanup(void);

/* Wait for it (true), or say whether it has ended. */
extern bool VirtualXactLock(VirtualTransactionId vxid, bool wait);
/*
 * The same, but no longer than the condition holds.  It is asked again when the
 * other begins to wait for a lock and has no snapshot then (its xmin is 0).
 */
typedef bool (*VirtualXactCondition)(VirtualTransactionId vxid, void *arg);
extern void VirtualXactLockWhile(VirtualTransactionId vxid,
                                 VirtualXactCondition condition, void *arg);
/* Who waits for mine looks again whether he has to. */
extern void VirtualXactLockHandOver(void);

/* Append what a tag is on, for messages: "relation 16384 of database 5". */
struct StringInfoData;
extern void DescribeLockTag(struct StringInfoData *buf, const LOCKTAG *tag);
extern const char *GetLockNameFromTagType(uint32 locktag_type);

/* deadlock.c */
extern DeadLockState DeadLockCheck(PGPROC *proc);
extern PGPROC *GetBlockingAutoVacuumPgproc(void);
extern void DeadLockReport(void) pg_attribute_noreturn();
extern void RememberSimpleDeadLock(PGPROC *proc1, LOCKMODE lockmode, LOCK *lock,
                                   PGPROC *proc2);
extern void InitDeadLockChecking(void);

#endif /* LOCK_H_ */
